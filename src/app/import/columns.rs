//! What becomes of each column of a source.

use std::path::Path;
use std::sync::Arc;

use super::adding::ToRead;
use super::{Import, ImportStep};
use crate::app::context::Context;
use crate::app::intent::Intent;
use crate::app::msg::{Effect, RosterHead};
use crate::app::place::Screen;
use crate::domain::batch::Batch;
use crate::domain::ledger::BatchId;
use crate::domain::roster::{Block, RowId};
use crate::domain::rules::{TableFault, TableFinding};
use crate::domain::sheet::{ColumnMap, ColumnsBy, Field, HeaderBy, SourceColumn, header_fingerprint};
use crate::domain::text;

/// What is remembered of a matching.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnMemory {
    AsLastTime,
    /// It was to be forgotten, and is used for the file in hand alone.
    Forgotten,
}

impl Import {
    /// Matches a column of the source; to nothing as well.
    pub fn assign(&mut self, at: usize, field: Option<Field>) {
        match field {
            Some(_) => self.columns.assign(at, field),
            None => self.put_out_at(at),
        }
    }

    fn put_out_at(&mut self, at: usize) {
        self.columns.put_out(at);
        if let Some(form) = &self.form {
            form.turn_aside(&mut self.columns, at);
        }
    }

    /// Takes a column out of the roster, and with it the whole table where two stand side by side.
    pub(super) fn put_out(&mut self, at: usize, to: &mut Context<'_>) {
        let is_table = self.columns.is_beside_another();
        self.put_out_at(at);
        let columns = self.columns.left_out();
        if is_table && !columns.is_empty() {
            to.say(to.locale.columns_left_out(&self.columns, &columns));
        }
    }

    /// Lists what is wrong with the matching in hand: what is in dispute.
    pub fn disputes(&self) -> Vec<TableFinding> {
        self.found(|fault| matches!(fault, TableFault::ClaimedTwice | TableFault::SideBySide))
    }

    /// Lists what is to be looked at: columns whose field was inferred, or whose cells are not what their label says.
    pub fn guesses(&self) -> Vec<TableFinding> {
        self.found(|fault| matches!(fault, TableFault::Guessed | TableFault::Contradicted))
    }

    fn found(&self, is_meant: impl Fn(TableFault) -> bool) -> Vec<TableFinding> {
        TableFinding::of(&self.columns).into_iter().filter(|finding| is_meant(finding.fault)).collect()
    }

    /// Gives the key of what is still to be said about the columns.
    pub fn unsettled_key(&self) -> &'static str {
        if self.columns.is_beside_another() { "status.columns-beside" } else { "status.columns-disputed" }
    }

    /// Gives the column under the cursor the next field that is free or its own; after the last comes none.
    pub(super) fn turn_field(&mut self, backwards: bool) {
        let at = self.at;
        let Some(own) = self.columns.source.get(at).map(|c| c.field) else { return };
        let form = self.form.as_ref().map_or(&[][..], |form| &form.fields);
        let free = form.iter().copied().filter(|f| self.columns.of(*f).is_none() || Some(*f) == own).map(Some);
        let ring: Vec<Option<Field>> = std::iter::once(None).chain(free).collect();
        let here = ring.iter().position(|f| *f == own).unwrap_or(0);
        let step = if backwards { ring.len() - 1 } else { 1 };
        self.columns.assign(at, ring[(here + step) % ring.len()]);
    }

    /// Has it forgotten how the columns of the header were matched. For the file in hand they stay as they are, and are only
    /// remembered anew where something is changed from here on.
    pub(super) fn forget_columns(&mut self, to: &mut Context<'_>) {
        let mut as_shown = self.columns.clone();
        as_shown.confirm();
        self.forgotten = Some(as_shown);
        // Without what is forgotten nobody would find it any more.
        if self.taken_by.1 == HeaderBy::Remembered {
            self.given.header_row = self.header_row;
        }
        to.push(Effect::ForgetColumns { fingerprint: header_fingerprint(&self.columns.labels()) });
    }

    /// Tells whether a matching is used for the file in hand alone.
    pub(super) fn is_forgotten(&self, columns: &ColumnMap) -> bool {
        self.forgotten.as_ref().is_some_and(|forgotten| forgotten.holds_as(columns))
    }

    /// Gives what is remembered of the matching, where that is to be told.
    pub fn memory(&self) -> Option<ColumnMemory> {
        let mut as_confirmed = self.columns.clone();
        as_confirmed.confirm();
        match self.taken_by {
            _ if self.is_forgotten(&as_confirmed) => Some(ColumnMemory::Forgotten),
            _ if self.forgotten.is_some() => None,
            (ColumnsBy::Remembered, _) | (_, HeaderBy::Remembered) => Some(ColumnMemory::AsLastTime),
            _ => None,
        }
    }

    /// Takes the matching as it stands: the file is read again with it, unless it is that of the batch on screen.
    pub(super) fn confirm_columns(&mut self, on_screen: Option<&ColumnMap>, to: &mut Context<'_>) -> Intent {
        let Some(path) = self.path.clone() else { return Intent::Nothing };
        if !self.columns.disputes().is_empty() {
            to.warn(self.unsettled_key());
            return Intent::Nothing;
        }
        if self.columns.matched_count() == 0 {
            to.warn("status.no-columns");
            return Intent::Nothing;
        }
        self.columns.confirm();
        let before = self.columns_of_part().or(on_screen);
        if !self.is_matching && before.is_some_and(|columns| columns.holds_as(&self.columns)) {
            return Intent::Show(Screen::Roster);
        }
        let (sheet, given) = (self.sheet.clone(), self.given.clone());
        self.read_otherwise(ToRead { path, sheet, given, columns: Some(self.columns.clone()) })
    }

    /// Shows how the columns of a batch were matched; of one of several files those of the part that holds the row.
    pub(super) fn show_columns(&mut self, (batch, id): (&Batch, Option<BatchId>), row: RowId, source: &Path) {
        let part = batch.roster().part_of(row);
        let all = ToRead::of_batch(batch, source);
        let Some(ToRead { path, sheet, given, columns }) = all.get(part).cloned() else { return };
        self.columns = columns.unwrap_or_default();
        self.columns.open_disputes();
        (self.forgotten, self.before) = (None, None);
        self.form = Some(Arc::clone(batch.context().sheet()));
        self.sample = batch.first_block_of(part);
        (self.path, self.sheet, self.given) = (Some(path), sheet, given);
        self.note_origin(batch.roster().parts().get(part).map_or(&batch.origin, |part| &part.origin));
        self.look_at_part(all, part, id);
        self.step = ImportStep::Columns;
        self.at = self.first_in_dispute();
    }

    /// Shows the matching for confirmation, as required columns are missing or a field is in dispute.
    pub(in crate::app) fn ask_for_columns(&mut self, opened: RosterHead) {
        self.is_matching = true;
        self.opening = false;
        self.note_origin(&opened.origin);
        self.columns = opened.columns;
        self.columns.open_disputes();
        self.forgotten = None;
        self.form = Some(Arc::clone(opened.context.sheet()));
        self.step = ImportStep::Columns;
        self.at = self.first_in_dispute();
    }

    /// Gives the first column about which somebody has to decide; the first of all where there is none.
    fn first_in_dispute(&self) -> usize {
        let is_open = |column: &SourceColumn| column.lost.is_some_and(|lost| lost.to.is_open());
        self.columns.source.iter().position(is_open).unwrap_or(0)
    }

    /// Takes the first rows of a file whose columns are to be matched; more are not needed.
    pub(super) fn take_sample(&mut self, block: Arc<Block>, to: &mut Context<'_>) {
        if self.sample.is_none() {
            self.sample = Some(block);
            to.push(Effect::StopReading);
        }
    }
}

/// Masks what stands in a column of one of the first rows; nobody knows yet whether that has moved.
pub fn shown_sample(import: &Import, (row, at): (usize, usize)) -> String {
    let Some((block, form)) = import.sample().zip(import.form()) else { return String::new() };
    let Some(column) = import.columns().source.get(at) else { return String::new() };
    let sample = block.cell(row, at);
    match column.field {
        Some(field) if form.is_name_for_type(field, sample) => text::masked_name(sample),
        Some(field) => import.columns().masked_as(field).masked(sample),
        None => form.masked_sample(&column.label, sample).into_owned(),
    }
}
