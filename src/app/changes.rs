//! What the user does to cells: edits, fills, fixes, undo and redo.

use std::sync::Arc;

use super::command::Command;
use super::msg::{Effect, StoreJob};
use super::prompt::Prompt;
use super::{App, Confirm, Edit, Overlay, Preview};
use crate::domain::batch::Batch;
use crate::domain::roster::{Change, History, RowId};
use crate::domain::rules::{Finding, Safety};
use crate::domain::sheet::Field;

/// How far the store is behind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Saving {
    /// The number of the last job sent.
    pub sent: u64,
    /// The number up to which all is on disk.
    pub saved: u64,
    /// Whether a job failed.
    pub failed: bool,
    /// The number of the job that switched to the batch on screen.
    pub(super) switched: u64,
    /// A stored batch that cannot be continued, as when another process holds it: it is shown but not changed.
    pub(super) refused: bool,
}

impl Saving {
    /// Tells whether everything is on disk.
    pub fn is_done(&self) -> bool {
        self.saved == self.sent && !self.failed
    }

    /// Takes a failure; one of the batch before says nothing about the batch on screen.
    pub(super) fn fail(&mut self, seq: u64, is_stored: bool) {
        self.failed |= self.switched <= seq;
        self.refused |= self.switched == seq && is_stored;
    }
}

impl App {
    /// Tells whether cells can be changed: a stored batch takes no change before its history is in force, nor one that
    /// could not be claimed.
    pub fn is_editable(&self) -> bool {
        let is_ours = self.held.is_none() && !self.saving.refused && self.allocating.is_none();
        self.batch.as_ref().is_some_and(|b| b.complete || !self.restoring) && is_ours
    }

    /// Says why a command cannot be used.
    pub(super) fn refuse(&mut self, command: Command) {
        let when = command.spec().when;
        if !self.is_editable() && when.changes() {
            self.refuse_change();
        } else if command == Command::Undo && self.batch.as_ref().is_some_and(|b| b.history().is_lasting()) {
            self.warn("status.lasting");
        } else {
            self.warn(when.why_not());
        }
    }

    /// Says why cells cannot be changed.
    pub(super) fn refuse_change(&mut self) {
        if let Some(holder) = &self.held {
            self.complain(self.locale.fill("status.held", &[("holder", holder)]));
        } else if self.saving.refused {
            self.warn("status.read-only");
        } else if self.restoring {
            self.warn("status.restoring");
        } else if self.allocating.is_some() {
            self.warn("status.allocating");
        } else {
            self.warn("status.not-now");
        }
    }

    /// Takes who else holds the batch on screen: as long as somebody does, it is only read.
    pub(super) fn take_holder(&mut self, holder: Option<String>) {
        match (&holder, &self.held) {
            (Some(name), _) => self.complain(self.locale.fill("status.held", &[("holder", name)])),
            (None, Some(_)) => self.say(self.locale.text("status.ours-again").to_string()),
            (None, None) => {}
        }
        self.held = holder;
    }

    /// Puts the steps in force that another workbench has made of the batch on screen.
    pub(super) fn follow(&mut self, steps: Vec<Arc<Change>>, applied: usize) {
        let Some(batch) = self.batch.as_mut().filter(|b| b.complete) else { return };
        while batch.undo().is_some() {}
        batch.restore(History::restored(steps, applied));
        if let Some(filtered) = &self.grid.filter {
            let filter = filtered.filter.clone();
            self.grid.filter = Some(super::grid::Filtered::new(filter, batch)).filter(|f| !f.rows.is_empty());
        }
        if let Some(holder) = &self.held {
            self.say(self.locale.fill("status.followed", &[("holder", holder)]));
        }
    }

    /// Asks before the batch is taken over.
    pub(super) fn ask_to_take_over(&mut self) {
        let Some(holder) = &self.held else { return };
        let question = self.locale.fill("ui.confirm.take-over", &[("holder", holder)]);
        self.overlay = Some(Overlay::Confirm { question, then: Confirm::TakeOver });
    }

    /// Begins to type into the current cell.
    pub(super) fn start_edit(&mut self) {
        let (Some(batch), Some(row)) = (&self.batch, self.row()) else { return };
        let field = self.grid.field();
        let cell = batch.roster().cell(row, field);
        let is_hidden = self.shown(row, field, cell) != cell;
        self.edit = Some(Edit { row, field, prompt: Prompt::new(cell), is_masked: false });
        if is_hidden {
            self.store(StoreJob::NoteUnmask { row });
        }
    }

    /// Puts what was typed into the cell.
    pub(super) fn finish_edit(&mut self) {
        if !self.is_editable() {
            return self.refuse_change();
        }
        let (Some(batch), Some(edit)) = (&self.batch, self.edit.take()) else { return };
        let title = self.cell_title("ui.change.edit", batch, edit.row, edit.field);
        let change = batch.change(title, [(edit.row, edit.field, Arc::from(edit.prompt.text()))]);
        if change.edits.is_empty() {
            self.say(self.locale.text("status.unchanged").to_string());
        } else {
            self.apply(change);
        }
    }

    fn cell_title(&self, key: &str, batch: &Batch, row: RowId, field: Field) -> String {
        let line = batch.roster().line(row).to_string();
        self.locale.fill(key, &[("column", batch.context().sheet().label(field)), ("line", &line)])
    }

    /// Applies a change and has it stored.
    pub(super) fn apply(&mut self, change: Change) {
        let Some(batch) = &mut self.batch else { return };
        let (change, dropped) = batch.apply(change);
        let mut text = format!("{} ", change.title);
        text += &self.locale.fill("status.cells", &[("n", &change.edits.len().to_string())]);
        if dropped != 0 {
            text += &self.locale.fill("status.dropped", &[("n", &dropped.to_string())]);
        }
        self.say(text);
        self.ask_known_about(&change);
        self.store(StoreJob::Record { change });
    }

    /// Asks the store for something; the status line says saved once it answers.
    pub(super) fn store(&mut self, job: StoreJob) {
        self.saving.sent += 1;
        if matches!(job, StoreJob::Create { .. } | StoreJob::Continue { .. }) {
            // Failures were about the batch before; another one starts with a clean slate.
            self.saving = Saving { failed: false, refused: false, switched: self.saving.sent, ..self.saving };
        }
        self.out.push(Effect::Store { seq: self.saving.sent, job });
    }

    /// Shows the fix of the finding under the cursor, before and after.
    pub(super) fn preview_fix(&mut self) {
        // Whoever is refused stays where they are.
        if !self.is_editable() {
            return self.refuse_change();
        }
        let (Some(batch), Some(row)) = (&self.batch, self.row()) else { return };
        let field = self.grid.field();
        let of_row = batch.findings().of_row(row);
        let here = of_row.iter().filter(|f| f.field == field);
        let found = here.clone().chain(of_row).find_map(|f| batch.fix(f).map(|fix| (*f, fix)));
        let Some((finding, fix)) = found else {
            return self.warn("status.no-fix");
        };
        let change = batch.change(
            self.cell_title("ui.change.fix", batch, row, finding.field),
            [(row, fix.field, Arc::from(fix.to.as_str()))],
        );
        let safety = match fix.safety {
            Safety::Safe => "ui.preview.safe",
            Safety::Unsafe => "ui.preview.look",
        };
        let kinds = vec![(self.finding_title(&finding), 1)];
        let note = self.locale.text(safety).to_string();
        self.grid.column = self.grid.place_of_field(finding.field);
        self.preview(change, kinds, note);
    }

    /// Shows what all safe fixes of the rows shown would change.
    pub(super) fn preview_all_fixes(&mut self) {
        if !self.is_editable() {
            return self.refuse_change();
        }
        let grid = &self.grid;
        let Some(batch) = &mut self.batch else { return };
        let plan = batch.plan_fixes(false, |f| grid.shows_finding(f));
        if plan.edits.is_empty() {
            return self.warn("status.no-safe-fix");
        }
        let kinds = plan
            .cells_by_rule
            .iter()
            .map(|(rule, n)| (self.finding_title(&Finding::plain(0, Field::Name, *rule)), *n))
            .collect();
        let title = self.locale.text("ui.change.fix-all").to_string();
        let note = self.locale.text("ui.preview.all-safe").to_string();
        self.preview(Change { title, edits: plan.edits, lasting: false }, kinds, note);
    }

    fn finding_title(&self, finding: &Finding) -> String {
        let spec = finding.rule.spec();
        let title = self.locale.rule(spec.code).map_or(spec.name, |page| page.title.as_str());
        format!("{} {title}", spec.code)
    }

    /// Shows what filling the current value down, or into every row shown, would change.
    pub(super) fn preview_fill(&mut self, everywhere: bool) {
        let (Some(batch), Some(row)) = (&self.batch, self.row()) else { return };
        let field = self.grid.field();
        let value: Arc<str> = batch.roster().cell(row, field).into();
        let title = self.cell_title("ui.change.fill", batch, row, field);
        let from = if everywhere { 0 } else { self.grid.at + 1 };
        let rows = (from..self.grid.count(batch)).filter_map(|at| self.grid.row_at(batch, at));
        let change = batch.change(title, rows.map(|row| (row, field, Arc::clone(&value))));
        self.preview_one_column(change, field);
    }

    /// Shows what setting a column for all rows shown would change.
    pub(super) fn preview_column(&mut self, field: Field, text: &str) {
        let Some(batch) = &self.batch else { return };
        let value: Arc<str> = text.into();
        let label = batch.context().sheet().label(field);
        let title = self.locale.fill("ui.change.column", &[("column", label)]);
        let rows = (0..self.grid.count(batch)).filter_map(|at| self.grid.row_at(batch, at));
        let change = batch.change(title, rows.map(|row| (row, field, Arc::clone(&value))));
        self.preview_one_column(change, field);
    }

    fn preview_one_column(&mut self, change: Change, field: Field) {
        let Some(batch) = &self.batch else { return };
        let kinds = vec![(batch.context().sheet().label(field).to_string(), change.edits.len())];
        self.preview(change, kinds, String::new());
    }

    fn preview(&mut self, change: Change, kinds: Vec<(String, usize)>, note: String) {
        if !self.is_editable() {
            return self.refuse_change();
        }
        if change.edits.is_empty() {
            return self.warn("status.unchanged");
        }
        self.overlay = Some(Overlay::Preview(Box::new(Preview { change, kinds, note, at: 0 })));
    }

    /// Puts the imported text back into the current cell.
    pub(super) fn restore_cell(&mut self) {
        let (Some(batch), Some(row)) = (&self.batch, self.row()) else { return };
        let field = self.grid.field();
        let title = self.cell_title("ui.change.restore", batch, row, field);
        let change = batch.change(title, [(row, field, Arc::from(batch.roster().imported(row, field)))]);
        self.apply(change);
    }

    /// Takes the last step back, or (`forward`) makes it again.
    pub(super) fn step(&mut self, forward: bool) {
        let Some(batch) = &mut self.batch else { return };
        let Some(change) = (if forward { batch.redo() } else { batch.undo() }) else { return };
        let key = if forward { "status.redone" } else { "status.undone" };
        let text = self.locale.fill(key, &[("title", &change.title), ("n", &change.edits.len().to_string())]);
        if let Some(first) = change.edits.first() {
            self.go_to_cell(first.row, first.field);
        }
        self.say(text);
        self.ask_known_about(&change);
        self.store(if forward { StoreJob::Redo } else { StoreJob::Undo });
    }
}
