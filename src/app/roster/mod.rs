//! The roster pane (名册): the batch on screen, where the cursor is, what is typed, and what goes on with it outside.

mod arrival;
mod changes;
mod columns;
mod comparison;
mod fill;
mod find;
pub mod grid;
mod kept;
mod making;
mod numbers;
mod paste;
pub mod record;
mod said;
mod select;
mod steps;
mod update;
pub mod view;

use std::borrow::Cow;
use std::path::{Path, PathBuf};
use std::sync::Arc;

pub use changes::Saving;
pub use numbers::Allocating;
pub(in crate::app) use paste::has_lines;

use comparison::Comparing;
use grid::Grid;
use making::UnderWay;
use steps::Pending;
use view::{StoredEdit, View};

use super::command::Command;
use super::context::Context;
use super::layout::{Focus, Layout};
use super::msg::{Effect, JobId, Progress, StoreJob, WorkDone};
use super::prompt::Prompt;
use super::typed_line::{Edit, masked};
use crate::domain::batch::Batch;
use crate::domain::ledger::BatchId;
use crate::domain::profile_choice::ChosenBy;
use crate::domain::roster::{Change, RowId, StepMade};
use crate::domain::rules::{Finding, Severity, Tables};
use crate::domain::selection::{Selecting, Shown};
use crate::domain::sheet::Field;
use crate::domain::text;
use crate::words::Locale;

/// The state of the pane.
#[derive(Debug, Default)]
pub struct RosterPane {
    batch: Option<Batch>,
    /// Its number in the store, once that is known.
    id: Option<BatchId>,
    /// The part that was added to it just now, until that has been told.
    added: Option<usize>,
    /// The file the rows came from, when it is known.
    source: Option<PathBuf>,
    grid: Grid,
    /// Which rows are shown, as long as that is being worked out.
    selecting: Option<Selecting>,
    /// A filter that was typed and is not in force: it may have a slip in it, and is proposed the next time.
    filter_typed: Option<String>,
    /// The cell that is being typed into.
    edit: Option<Edit>,
    /// How far the store is behind.
    saving: Saving,
    /// Who else holds the batch, which is then only read.
    held: Option<String>,
    /// The job that reads the batch; it goes on while another file is looked at.
    job: JobId,
    /// How far the reading has come.
    progress: Option<Progress>,
    /// The reading broke off: no more rows come.
    broke_off: bool,
    /// A stored batch is being loaded: its history is not in force yet.
    restoring: bool,
    /// The batch was stored before.
    continued: bool,
    /// Where the user was, until every row is there.
    resumed: Option<View>,
    /// What was done in the batch before its file was opened again, until that has been told.
    found: Option<WorkDone>,
    /// Steps of an import that was cut off, until every row is there.
    recovered: Option<(Vec<Arc<Change>>, usize)>,
    stored_view: View,
    /// A change that waits until the user has agreed to drop the undone steps.
    pending: Option<Pending>,
    /// Who made the steps, as the store told it last.
    steps_made: Vec<StepMade>,
    /// A very large change that is being made, and how many there have been.
    making: Option<UnderWay>,
    makings: JobId,
    /// Numbers that are being taken for the batch.
    allocating: Option<Allocating>,
    /// It is being loaded anew under another profile: what was changed meanwhile would not be in it.
    rechecking: bool,
    /// What its profile was chosen by; nothing where that is not known.
    profile_by: Option<ChosenBy>,
    /// What the ledger was asked about the batch.
    comparing: Comparing,
    /// The newest tables, where the registry in them has changed since the start.
    tables: Option<Arc<Tables>>,
}

impl RosterPane {
    /// Names the profile, and what it was chosen by.
    pub fn profile_told(&self, locale: &Locale) -> String {
        self.batch
            .as_ref()
            .map_or_else(String::new, |b| self.chosen(locale, locale.profile_name(b.context().profile())))
    }

    /// The same where there is little room.
    pub fn profile_told_in_short(&self, locale: &Locale) -> String {
        self.batch
            .as_ref()
            .map_or_else(String::new, |b| self.chosen(locale, locale.profile_short(b.context().profile())))
    }

    fn chosen(&self, locale: &Locale, name: &str) -> String {
        match self.profile_by {
            Some(by) => locale.fill("ui.profile.told", &[("profile", name), ("by", &locale.chosen_by_in_short(by))]),
            None => name.to_string(),
        }
    }

    /// Tells whether it is not settled which columns the batch is made of.
    pub(in crate::app) fn is_disputed(&self) -> bool {
        self.batch.as_ref().is_some_and(|batch| !batch.roster().columns.disputes().is_empty())
    }

    pub fn batch(&self) -> Option<&Batch> {
        self.batch.as_ref()
    }

    /// Gives the file the rows came from, when it is known.
    pub fn source(&self) -> Option<&Path> {
        self.source.as_deref()
    }

    /// Gives the number of the batch in the store, once it is known.
    pub fn id(&self) -> Option<BatchId> {
        self.id
    }

    /// Gives cursor, filter, search and mask.
    pub fn grid(&self) -> &Grid {
        &self.grid
    }

    /// Gives the cell that is being typed into.
    pub fn edit(&self) -> Option<&Edit> {
        self.edit.as_ref()
    }

    /// Tells how far the store is behind.
    pub fn saving(&self) -> Saving {
        self.saving
    }

    /// Names who else holds the batch, which is then only read.
    pub fn holder(&self) -> Option<&str> {
        self.held.as_deref()
    }

    /// Tells how far the reading has come.
    pub fn progress(&self) -> Option<Progress> {
        self.progress
    }

    /// Tells whether a stored batch is being loaded.
    pub fn is_restoring(&self) -> bool {
        self.restoring
    }

    pub(super) fn is_allocating(&self) -> bool {
        self.allocating.is_some()
    }

    /// Gives the tables that what is typed is read with.
    pub(super) fn tables(&self) -> Option<&Arc<Tables>> {
        self.tables.as_ref().or(self.batch.as_ref().map(|batch| batch.context().tables()))
    }

    /// Tells whether a job is the one that reads the batch.
    pub(super) fn is_read_by(&self, job: JobId) -> bool {
        self.job == job
    }

    /// Gives the cursor's row.
    pub fn row(&self) -> Option<RowId> {
        self.grid.row_at(self.batch.as_ref()?, self.grid.at)
    }

    /// Tells whether rows are still arriving.
    pub fn is_reading(&self) -> bool {
        self.is_incomplete() && !self.broke_off
    }

    /// Tells whether rows are missing: they are still arriving, or their reading broke off.
    pub fn is_incomplete(&self) -> bool {
        self.batch.as_ref().is_some_and(|b| !b.complete)
    }

    /// Says why nothing that needs every row can be done.
    pub(in crate::app) fn warn_incomplete(&self, to: &mut Context<'_>) {
        to.warn(if self.broke_off { "status.broke-off-reading" } else { "status.still-reading" });
    }

    /// Names the batch to which a file can be added, or says why none can.
    pub(in crate::app) fn to_be_added_to(&self, locale: &Locale) -> Result<String, &'static str> {
        let batch = self.batch.as_ref().ok_or("status.not-now")?;
        if self.is_incomplete() {
            return Err(if self.broke_off { "status.broke-off-reading" } else { "status.still-reading" });
        }
        if !self.is_editable() || self.saving.failed {
            return Err("status.not-now");
        }
        if self.is_disputed() {
            return Err("status.columns-disputed");
        }
        let file = locale.file_place(&batch.origin.file, &batch.origin.sheet);
        Ok(match self.id {
            Some(id) => locale.fill("ui.import.batch-named", &[("batch", &id.to_string()), ("file", &file)]),
            None => file,
        })
    }

    /// Takes changes again that were barred while the batch was to be loaded anew.
    pub(in crate::app) fn end_recheck(&mut self) {
        self.rechecking = false;
    }

    /// Bars changes until the batch is there again.
    pub(in crate::app) fn recheck(&mut self) {
        self.rechecking = true;
    }

    /// Tells whether cells can be changed: a stored batch takes no change before its history is in force, nor one that
    /// could not be claimed.
    pub fn is_editable(&self) -> bool {
        let is_ours = self.held.is_none() && !self.saving.refused && self.allocating.is_none() && !self.rechecking;
        let is_ours = is_ours && self.making.is_none();
        self.batch.as_ref().is_some_and(|b| b.complete || !self.restoring) && is_ours
    }

    /// Puts the cursor on a line of those shown.
    pub fn go_to_place(&mut self, at: usize) {
        self.grid.at = at;
    }

    /// Puts the cursor on a column, by its place in the form.
    pub fn go_to_column(&mut self, column: usize) {
        self.grid.column = column;
    }

    /// Puts the cursor on a line of the findings.
    pub fn choose_finding(&mut self, at: usize) {
        self.grid.chosen = at;
    }

    /// Puts a filter in force that has been worked out before; the cursor stays on its row.
    pub fn put_shown(&mut self, shown: Option<Shown>) {
        let row = self.row().unwrap_or(0);
        self.grid.shown = shown;
        self.grid.at = self.grid.place_of(row);
    }

    /// Takes a text in place of the one in the cell that is being typed into.
    pub fn type_over(&mut self, text: &str) {
        if let Some(edit) = &mut self.edit {
            edit.prompt.set("");
            edit.prompt.insert(text);
        }
    }

    /// Leaves the cell that is being typed into; tells whether there was one.
    pub fn stop_typing(&mut self) -> bool {
        self.edit.take().is_some()
    }

    /// Gives the line of the cell that is being typed into.
    pub(super) fn edit_prompt(&mut self) -> Option<&mut Prompt> {
        self.edit.as_mut().map(|edit| &mut edit.prompt)
    }

    pub(super) fn focus(&mut self, focus: Focus) {
        self.grid.focus = focus;
    }

    /// Gives the cursor of the list in hand.
    pub(super) fn cursor(&mut self) -> &mut usize {
        if self.grid.focus == Focus::Findings { &mut self.grid.chosen } else { &mut self.grid.at }
    }

    /// Counts the lines of the list in hand.
    pub(super) fn count(&self) -> usize {
        let Some(batch) = &self.batch else { return 0 };
        if self.grid.focus == Focus::Findings { grid::entries(batch).len() } else { self.grid.count(batch) }
    }

    /// Gives the width of the grid's gutter: the cursor's mark, the row's mark, the user's where there are any, and the row number.
    pub fn gutter(&self) -> u16 {
        let last = self.batch.as_ref().map_or(1, |b| b.roster().last_line());
        2 + u16::from(!self.grid.marks.is_empty()) + (last.max(1).ilog10() as u16 + 1).max(4)
    }

    /// Brings cursor and scroll in line with what is shown.
    pub(super) fn settle(&mut self, layout: &Layout, columns: u16) {
        let gutter = self.gutter();
        if let Some(batch) = &self.batch {
            let count = self.grid.count(batch);
            let width = layout.grid.map_or(columns, |a| a.width).saturating_sub(gutter);
            self.grid.settle(count, layout.grid_rows(), width);
        }
    }

    /// Gives a cell as it is shown: personal data masked unless the row was unmasked.
    pub fn shown_cell(&self, row: RowId, field: Field) -> Cow<'_, str> {
        let cell = self.batch.as_ref().map_or("", |b| b.roster().cell(row, field));
        self.shown(row, field, cell)
    }

    /// Gives a text of a column as it is shown: personal data masked unless the row was unmasked.
    pub fn shown<'a>(&self, row: RowId, field: Field, text: &'a str) -> Cow<'a, str> {
        if self.grid.unmasked == Some(row) { text.into() } else { self.masked(row, field, text) }
    }

    /// Gives what stood in a cell when it was imported as it is shown, with which hidden characters are others now; nothing where the
    /// cell was not edited.
    pub fn shown_imported(&self, row: RowId, field: Field, locale: &Locale) -> Option<String> {
        let batch = self.batch.as_ref().filter(|batch| batch.roster().is_edited(row, field))?;
        let texts = [batch.roster().imported(row, field), batch.roster().cell(row, field)];
        let change = locale.edit_shown((batch, row), field, texts, self.is_masked(row));
        Some(self.shown(row, field, texts[0]).into_owned() + &locale.changed_unseen(&change))
    }

    /// Gives a cell of a column that the form does not have as it is shown; it may hold anything, ID numbers too.
    pub fn shown_aside(&self, row: RowId, column: usize) -> Cow<'_, str> {
        let Some(batch) = self.batch.as_ref() else { return Cow::Borrowed("") };
        let cell = batch.roster().source_cell(row, column);
        if self.grid.unmasked == Some(row) { cell.into() } else { batch.masked_aside(row, column, cell) }
    }

    /// Masks a text of a column, where the row has moved what may be anybody's name or number as well.
    fn masked<'a>(&self, row: RowId, field: Field, text: &'a str) -> Cow<'a, str> {
        match &self.batch {
            Some(batch) => batch.masked(row, field, text),
            None => masked(field, text),
        }
    }

    /// Tells whether what stands in the line that is typed into would be masked in the grid.
    fn hides_something(&self, edit: &Edit) -> bool {
        self.masked(edit.row, edit.field, edit.prompt.text()) != edit.prompt.text()
    }

    /// Tells whether personal data of a row is masked.
    pub fn is_masked(&self, row: RowId) -> bool {
        self.grid.unmasked != Some(row)
    }

    /// Gives the line of the cell that is being typed into as it is shown.
    pub fn typed(&self) -> Option<Cow<'_, Prompt>> {
        let edit = self.edit.as_ref()?;
        if !edit.is_masked {
            return Some(Cow::Borrowed(&edit.prompt));
        }
        Some(Cow::Owned(edit.prompt.masked(&self.masked(edit.row, edit.field, edit.prompt.text()))))
    }

    pub(in crate::app) fn mask_typed(&mut self) {
        if let Some(edit) = &mut self.edit {
            edit.is_masked = true;
        }
    }

    /// Shows the cell that is being typed into again, now that somebody types; that is an unmasking of its own.
    pub(in crate::app) fn show_typed(&mut self, to: &mut Context<'_>) {
        let Some(edit) = self.edit.as_mut().filter(|edit| edit.is_masked) else { return };
        edit.is_masked = false;
        let row = edit.row;
        if self.edit.as_ref().is_some_and(|edit| self.hides_something(edit)) {
            self.store(StoreJob::NoteUnmask { row }, to);
        }
    }

    /// Shows the personal data of the current row in full, or masks it again.
    fn unmask(&mut self, to: &mut Context<'_>) {
        let row = self.row().filter(|row| self.grid.unmasked != Some(*row));
        self.grid.unmasked = row;
        if let Some(row) = row {
            self.store(StoreJob::NoteUnmask { row }, to);
        }
    }

    /// Gives the row whose personal data is shown in full.
    pub(super) fn unmasked(&self) -> Option<RowId> {
        self.grid.unmasked
    }

    pub(super) fn mask(&mut self) {
        self.grid.unmasked = None;
    }

    /// Tells whether the cell that is being typed into shows what would be masked in the grid.
    pub(super) fn is_typed_shown(&self) -> bool {
        self.edit.as_ref().is_some_and(|edit| !edit.is_masked && self.hides_something(edit))
    }

    /// Gives what a command copies of the roster, or nothing where there is none.
    fn copied(&self, command: Command, locale: &Locale) -> Option<String> {
        let (batch, row) = (self.batch.as_ref()?, self.row()?);
        let cell = |field: Field| text::visible(&self.shown_cell(row, field)).into_owned();
        Some(match command {
            Command::CopyCell => cell(self.grid.field()),
            Command::CopyRow => self.grid.fields.iter().map(|field| cell(*field)).collect::<Vec<_>>().join("\t"),
            Command::CopyRowCode => cell(Field::Code),
            _ => {
                let shown = batch.findings().iter().filter(|f| self.grid.shows_finding(f));
                shown.map(|f| self.finding_told(f, locale) + "\n").collect()
            }
        })
    }

    /// Writes a finding as it stands in a list: row, column, rule, sentence.
    pub(in crate::app) fn finding_told(&self, finding: &Finding, locale: &Locale) -> String {
        let Some(batch) = &self.batch else { return String::new() };
        let line = batch.roster().line(finding.row).to_string();
        let column = batch.context().sheet().label(finding.field);
        let sentence = locale.finding(batch, finding, self.grid.unmasked != Some(finding.row));
        let told = [&*line, column, finding.rule.spec().code, &sentence];
        told.map(|part| text::visible(part).into_owned()).join("\t")
    }

    /// Gives the view as it is stored.
    pub fn view(&self) -> View {
        let edit = self.edit.as_ref().map(|e| StoredEdit {
            row: e.row,
            column: e.field.index(),
            text: e.prompt.text().to_string(),
            caret: e.prompt.caret(),
        });
        let whole = self.batch.as_ref().filter(|b| b.complete);
        let mut view = View {
            row: self.row().unwrap_or(0),
            column: self.grid.column,
            above: self.grid.at.saturating_sub(self.grid.top),
            left: self.grid.left,
            chosen: self.grid.chosen,
            pane: match self.grid.focus {
                Focus::Grid => "grid",
                Focus::Record => "record",
                Focus::Findings => "findings",
            }
            .to_string(),
            edit,
            search: self.grid.search.clone(),
            path: self.source.as_ref().map(|p| p.to_string_lossy().into_owned()).unwrap_or_default(),
            errors: whole.map(|b| b.count(Severity::Error)),
            mended: whole.map(|b| b.mended().gone),
            found: whole.map(|b| b.mended().found),
            unnumbered: whole.and_then(Batch::unnumbered),
            ..View::default()
        };
        let form = self.batch.as_ref().map_or(&[][..], |batch| &batch.context().sheet().fields);
        view.columns = self.grid.stored_columns(form);
        view.keep_filters(self.grid.conditions());
        view.keep_order(self.grid.selection().order);
        view.keep_marks(&self.grid.marked);
        view
    }

    /// Has the view stored where it differs from the stored one; not before a resumed view is in force.
    pub(in crate::app) fn save_view(&mut self, to: &mut Context<'_>) {
        if self.batch.is_none() || self.resumed.is_some() {
            return;
        }
        let view = self.view();
        if view != self.stored_view {
            to.push(Effect::SaveView(view.to_json()));
            self.stored_view = view;
        }
    }
}
