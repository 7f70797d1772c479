//! What the user says of rows: put aside with a reason, brought back, noted upon.

use std::borrow::Cow;
use std::sync::Arc;

use super::RosterPane;
use crate::app::context::Context;
use crate::app::intent::{Intent, Preview};
use crate::app::msg::{BesideAsk, StoreJob};
use crate::app::typed_line::LinePurpose;
use crate::domain::batch::{Batch, Saying};
use crate::domain::roster::{Change, RowEdit, RowId, RowWhat};
use crate::domain::rules::Finding;
use crate::domain::text;

impl RosterPane {
    /// Lists the rows that an act is about: all that are shown, or those that are marked, or the cursor's.
    fn meant_rows(&self, all: bool) -> Vec<RowId> {
        let Some(batch) = &self.batch else { return Vec::new() };
        if all {
            return (0..self.grid.count(batch)).filter_map(|at| self.grid.row_at(batch, at)).collect();
        }
        self.acted_rows()
    }

    /// Gives what is said of a row as it is shown: what may be personal data masked unless the row was unmasked.
    pub fn said(&self, row: RowId, what: RowWhat) -> Option<Cow<'_, str>> {
        let text = self.batch.as_ref()?.roster().said(row, what)?;
        Some(self.shown_said(row, text))
    }

    /// Gives a text about a row as it is shown.
    pub fn shown_said<'a>(&self, row: RowId, text: &'a str) -> Cow<'a, str> {
        match &self.batch {
            Some(batch) if self.grid.unmasked != Some(row) => batch.masked_said(row, text).into(),
            _ => text.into(),
        }
    }

    /// Asks why rows are put aside; brings them back where all of them are aside.
    pub(super) fn put_aside(&mut self, all: bool, to: &mut Context<'_>) -> Intent {
        let rows = self.meant_rows(all);
        let Some(batch) = self.batch.as_ref().filter(|_| !rows.is_empty()) else {
            to.warn("status.not-now");
            return Intent::Nothing;
        };
        if rows.iter().all(|row| batch.roster().is_aside(*row)) {
            return self.say_of_rows(RowWhat::Aside, all, "", to);
        }
        Intent::AskLine(LinePurpose::PutAside { all }, String::new())
    }

    /// Asks what is to be noted of the cursor's row.
    pub(super) fn ask_for_note(&mut self, to: &mut Context<'_>) -> Intent {
        let (Some(batch), Some(row)) = (&self.batch, self.row()) else { return Intent::Nothing };
        let note = batch.roster().said(row, RowWhat::Note).map_or_else(String::new, ToString::to_string);
        // As with a cell that is typed into: whoever changes it sees it.
        if *self.shown_said(row, &note) != *note {
            self.store(StoreJob::NoteUnmask { row }, to);
        }
        Intent::AskLine(LinePurpose::Note, note)
    }

    /// Takes what was typed about rows; an empty text takes back what was said.
    pub(in crate::app) fn say_of_rows(&mut self, what: RowWhat, all: bool, text: &str, to: &mut Context<'_>) -> Intent {
        if !self.is_editable() {
            self.refuse_change(to);
            return Intent::Nothing;
        }
        let Some(batch) = &self.batch else { return Intent::Nothing };
        let text: Option<Arc<str>> = Some(text.trim()).filter(|text| !text.is_empty()).map(Arc::from);
        let saying = Saying { what, text, rows: self.meant_rows(all) };
        let note = if all { self.filtered_words(to.locale) } else { self.acted_words(to.locale) };
        if Self::are_very_many(saying.rows.len()) {
            let title = said_title(&saying, &[], batch, to);
            let ask = BesideAsk::PlanSaid { batch: batch.clone(), saying, note };
            return Intent::Await(title, Box::new(ask));
        }
        let (rows, numbers) = batch.plan_said(&saying, &|| false).unwrap_or_default();
        if rows.is_empty() {
            to.say_key("status.unchanged");
        } else if all || 1 < rows.len() || to.keymap.is_in_words() {
            return self.preview_said(&saying, (rows, numbers), note, to);
        } else {
            let title = said_title(&saying, &rows, batch, to);
            self.apply(Change { title, rows, ..Change::default() }, to);
            if numbers != 0 && self.pending.is_none() {
                let numbers = numbers_told(numbers, to);
                let told = [text::unstopped(&to.status.text), &numbers].join(to.locale.text("finding.semicolon"));
                to.say(told);
            }
        }
        Intent::Nothing
    }

    /// Shows what is said of which rows, so many of which have numbers in the ledger.
    pub(in crate::app) fn preview_said(
        &self,
        saying: &Saying,
        (rows, numbers): (Vec<RowEdit>, usize),
        note: String,
        to: &mut Context<'_>,
    ) -> Intent {
        let Some(batch) = self.batch.as_ref().filter(|_| !rows.is_empty()) else {
            to.say_key("status.unchanged");
            return Intent::Nothing;
        };
        let told = [if numbers == 0 { String::new() } else { numbers_told(numbers, to) }, note];
        let told: Vec<String> = told.into_iter().filter(|words| !words.is_empty()).collect();
        let note = told.join(to.locale.text("filter.beside"));
        let change = Change { title: said_title(saying, &rows, batch, to), rows, ..Change::default() };
        Intent::Preview(Preview { change, note, ..Preview::default() })
    }

    /// Proposes to put a row aside that says the same as another in every column.
    pub(super) fn put_double_aside(&self, found: &[Finding], to: &Context<'_>) -> Option<Change> {
        let batch = self.batch.as_ref()?;
        let double = found.iter().find_map(|f| Some((f, batch.double_of(f)?, "aside.double")));
        let repeat = || found.iter().find_map(|f| Some((f, batch.repeat_of(f)?, "aside.repeat")));
        let (finding, double, why) = double.or_else(repeat)?;
        let why = to.locale.fill(why, &[("line", &batch.roster().line(double).to_string())]);
        Some(proposed_aside(batch, finding.row, &why, to))
    }

    /// Tells whether a row in force may be the foot of the table.
    pub(super) fn is_foot(&self, row: RowId) -> bool {
        self.batch.as_ref().is_some_and(|batch| !batch.roster().is_aside(row) && batch.may_be_foot(row))
    }

    /// Proposes to put a row aside that is the foot of the table sooner than a person's: nothing in it is worth mending.
    pub(super) fn put_foot_aside(&self, row: RowId, to: &Context<'_>) -> Option<Change> {
        let batch = self.batch.as_ref().filter(|_| self.is_foot(row))?;
        Some(proposed_aside(batch, row, to.locale.text("aside.foot"), to))
    }
}

fn proposed_aside(batch: &Batch, row: RowId, why: &str, to: &Context<'_>) -> Change {
    let title = to.locale.fill("ui.change.aside", &[("line", &batch.roster().line(row).to_string())]);
    batch.say(title, RowWhat::Aside, [row], Some(&Arc::from(why)))
}

/// Names the change that says something of rows.
fn said_title(saying: &Saying, rows: &[RowEdit], batch: &Batch, to: &Context<'_>) -> String {
    let [one, many] = match (saying.what, &saying.text) {
        (RowWhat::Aside, Some(_)) => ["ui.change.aside", "ui.change.aside-rows"],
        (RowWhat::Aside, None) => ["ui.change.back", "ui.change.back-rows"],
        (RowWhat::Note, _) => ["ui.change.note", "ui.change.note-rows"],
    };
    match rows {
        [edit] => to.locale.fill(one, &[("line", &batch.roster().line(edit.row).to_string())]),
        _ => to.locale.text(many).to_string(),
    }
}

/// Says that numbers of rows that are put aside stay in the ledger, and what to do with them.
fn numbers_told(n: usize, to: &Context<'_>) -> String {
    to.told("ui.preview.aside-numbers", &[("n", &n.to_string())])
}
