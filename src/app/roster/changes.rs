//! What the user does to cells: edits, fills, fixes, undo and redo.

use std::sync::Arc;

use super::RosterPane;
use super::making::Asked;
use super::steps::Pending;
use crate::app::command::{Command, When};
use crate::app::context::{Context, told_failure};
use crate::app::intent::{Intent, Preview};
use crate::app::msg::{BesideAsk, Effect, StoreJob};
use crate::app::prompt::Prompt;
use crate::app::typed_line::Edit;
use crate::domain::batch::{Batch, FixPlan, Making};
use crate::domain::roster::{Change, RowId};
use crate::domain::rules::{Finding, Safety};
use crate::domain::sheet::Field;
use crate::failure::Failure;
use crate::words::Locale;

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

impl RosterPane {
    /// Says why a command cannot be used.
    pub(in crate::app) fn refuse(&self, command: Command, to: &mut Context<'_>) {
        let when = command.spec().when;
        if !self.is_editable() && when.changes() {
            self.refuse_change(to);
        } else if command == Command::Undo && self.batch.as_ref().is_some_and(|b| b.history().is_lasting()) {
            to.warn("status.lasting");
        } else if when == When::Fix && !self.has_finding() {
            to.remark(When::Finding.why_not());
        } else if when == When::Fix {
            self.tell_no_fix(to);
        } else if when.is_mere_absence() {
            to.remark(when.why_not());
        } else {
            to.warn(when.why_not());
        }
    }

    /// Tells whether something was found in the cursor's row.
    pub fn has_finding(&self) -> bool {
        let found = self.batch.as_ref().zip(self.row()).map(|(batch, row)| batch.findings().of_row(row));
        found.is_some_and(|found| !found.is_empty())
    }

    /// Says why cells cannot be changed.
    pub(in crate::app) fn refuse_change(&self, to: &mut Context<'_>) {
        if let Some(holder) = &self.held {
            to.complain(to.locale.fill("status.held", &[("holder", holder)]));
        } else if self.saving.refused {
            to.warn("status.read-only");
        } else if self.restoring || self.rechecking {
            to.warn("status.restoring");
        } else if self.making.is_some() {
            to.warn("status.making-now");
        } else if self.allocating.is_some() {
            to.warn("status.allocating");
        } else {
            to.warn("status.not-now");
        }
    }

    /// Takes who else holds the batch on screen: as long as somebody does, it is only read.
    pub(super) fn take_holder(&mut self, holder: Option<String>, to: &mut Context<'_>) {
        let was_making = holder.is_some() && self.stop_making(to);
        match (&holder, &self.held) {
            (Some(name), _) => {
                let key = if was_making { "status.held-making" } else { "status.held" };
                to.complain(to.locale.fill(key, &[("holder", name)]));
            }
            (None, Some(_)) => to.say_key("status.ours-again"),
            (None, None) => {}
        }
        self.held = holder;
    }

    /// Begins to type into the current cell.
    pub(super) fn start_edit(&mut self, to: &mut Context<'_>) {
        let (Some(batch), Some(row)) = (&self.batch, self.row()) else { return };
        let field = self.grid.field();
        let cell = batch.roster().cell(row, field);
        let is_hidden = self.shown(row, field, cell) != cell;
        self.edit = Some(Edit { row, field, prompt: Prompt::new(cell), is_masked: false });
        if is_hidden {
            self.store(StoreJob::NoteUnmask { row }, to);
        }
    }

    /// Puts what was typed into the cell.
    pub(in crate::app) fn finish_edit(&mut self, to: &mut Context<'_>) {
        if !self.is_editable() {
            return self.refuse_change(to);
        }
        let (Some(batch), Some(edit)) = (&self.batch, self.edit.take()) else { return };
        let title = cell_title("ui.change.edit", batch, edit.row, edit.field, to.locale);
        let change = batch.change(title, [(edit.row, edit.field, Arc::from(edit.prompt.text()))]);
        self.apply_to_cell(change, to);
    }

    /// Applies a change to one cell, unless that has the text already.
    pub(super) fn apply_to_cell(&mut self, change: Change, to: &mut Context<'_>) {
        if change.edits.is_empty() {
            to.say_key("status.unchanged");
        } else {
            self.apply(change, to);
        }
    }

    /// Applies a change and has it stored; one that drops undone steps waits until the user has agreed.
    pub(in crate::app) fn apply(&mut self, change: Change, to: &mut Context<'_>) {
        if self.batch.as_ref().is_some_and(|batch| !batch.history().undone_steps().is_empty()) {
            self.pending = Some(Pending::new(change));
        } else {
            self.make(change, to);
        }
    }

    /// Applies a change and has it stored. What was previewed may have become somebody else's to change meanwhile.
    pub(in crate::app) fn make(&mut self, change: Change, to: &mut Context<'_>) {
        if !self.is_editable() {
            return self.refuse_change(to);
        }
        self.begin_making(Making::Change(change), Asked::Change, to);
    }

    /// Asks the store for something; the status line says saved once it answers.
    pub(in crate::app) fn store(&mut self, job: StoreJob, to: &mut Context<'_>) {
        self.saving.sent += 1;
        if matches!(job, StoreJob::Create { .. } | StoreJob::Continue { .. }) {
            // Failures were about the batch before; another one starts with a clean slate.
            self.saving = Saving { failed: false, refused: false, switched: self.saving.sent, ..self.saving };
        }
        to.push(Effect::Store { seq: self.saving.sent, job });
    }

    /// Shows the fix of the finding under the cursor, before and after.
    pub(super) fn preview_fix(&mut self, to: &mut Context<'_>) -> Option<Preview> {
        // Whoever is refused stays where they are.
        if !self.is_editable() {
            self.refuse_change(to);
            return None;
        }
        let (Some(batch), Some(row)) = (&self.batch, self.row()) else { return None };
        let note = to.locale.text("ui.preview.look").to_string();
        if let Some(change) = self.put_foot_aside(row, to) {
            return self.preview(change, Vec::new(), note, to);
        }
        let meant = self.meant_findings();
        let Some((finding, fix)) = meant.iter().find_map(|f| batch.fix(f).map(|fix| (*f, fix))) else {
            let change = self.put_double_aside(&meant, to);
            if change.is_none() {
                self.tell_no_fix(to);
            }
            return change.and_then(|change| self.preview(change, Vec::new(), note, to));
        };
        let change = batch.change(
            cell_title("ui.change.fix", batch, row, finding.field, to.locale),
            [(row, fix.field, Arc::from(fix.to.as_str()))],
        );
        let safety = match fix.safety {
            Safety::Safe => "ui.preview.safe",
            Safety::Unsafe => "ui.preview.look",
        };
        let kinds = vec![(finding_title(&finding, to.locale), 1)];
        let note = to.locale.text(safety).to_string();
        self.grid.column = self.grid.reveal(finding.field);
        self.preview(change, kinds, note, to)
    }

    /// Lists the findings that a fix is asked for: those of the current cell, or of its row where nothing was found in the cell.
    fn meant_findings(&self) -> Vec<Finding> {
        let (Some(batch), Some(row)) = (&self.batch, self.row()) else { return Vec::new() };
        let of_row = batch.findings().of_row(row);
        let here: Vec<Finding> = of_row.iter().filter(|f| f.field == self.grid.field()).copied().collect();
        if here.is_empty() { of_row.to_vec() } else { here }
    }

    /// Tells whether a finding of the cursor's row is one that a fix is asked for.
    pub fn means(&self, finding: &Finding) -> bool {
        self.meant_findings().contains(finding)
    }

    /// Tells whether what a fix is asked for has a ready one.
    pub fn has_fix(&self) -> bool {
        let (Some(batch), Some(row)) = (&self.batch, self.row()) else { return false };
        self.is_foot(row) || self.meant_findings().iter().any(|f| is_ready(batch, f))
    }

    /// Says that there is no ready fix for what was found in the current cell, and where in the row there is one.
    fn tell_no_fix(&self, to: &mut Context<'_>) {
        let (Some(batch), Some(row)) = (&self.batch, self.row()) else { return };
        let ready = batch.findings().of_row(row).iter().find(|f| is_ready(batch, f));
        let wants_number = self.meant_findings().iter().any(Finding::wants_number);
        let told = match ready {
            _ if wants_number => to.told("status.no-fix-number", &[]),
            Some(finding) => to.told("status.no-fix-but", &[("other", batch.context().sheet().label(finding.field))]),
            None => to.told("status.no-fix", &[]),
        };
        to.complain(told);
    }

    /// Shows what all safe fixes of the rows shown would change.
    pub(super) fn preview_all_fixes(&mut self, to: &mut Context<'_>) -> Intent {
        if !self.is_editable() {
            self.refuse_change(to);
            return Intent::Nothing;
        }
        let grid = &self.grid;
        let Some(batch) = &mut self.batch else { return Intent::Nothing };
        if Self::are_very_many(batch.findings().counts().values().sum()) {
            let ask = BesideAsk::PlanFixes { batch: batch.clone(), shown: grid.shown.clone() };
            return Intent::Await(to.locale.text("command.fix-all.title").to_string(), Box::new(ask));
        }
        let plan = batch.plan_fixes(false, |f| grid.shows_finding(f));
        Intent::preview(self.preview_fixes(plan, to))
    }

    /// Shows what the fixes would change.
    pub(in crate::app) fn preview_fixes(&self, plan: FixPlan, to: &mut Context<'_>) -> Option<Preview> {
        if plan.edits.is_empty() {
            to.miss_key("status.no-safe-fix");
            return None;
        }
        let kinds = plan
            .cells_by_rule
            .iter()
            .map(|(rule, n)| (finding_title(&Finding::plain(0, Field::Name, *rule), to.locale), *n))
            .collect();
        let title = to.locale.text("ui.change.fix-all").to_string();
        let told = [to.locale.text("ui.preview.all-safe").to_string(), self.filtered_words(to.locale)];
        let told: Vec<String> = told.into_iter().filter(|words| !words.is_empty()).collect();
        let note = told.join(to.locale.text("filter.beside"));
        self.preview(Change { title, edits: plan.edits, ..Change::default() }, kinds, note, to)
    }

    pub(super) fn preview(
        &self,
        change: Change,
        kinds: Vec<(String, usize)>,
        note: String,
        to: &mut Context<'_>,
    ) -> Option<Preview> {
        if !self.is_editable() {
            self.refuse_change(to);
            return None;
        }
        if change.is_empty() {
            to.remark("status.unchanged");
            return None;
        }
        Some(Preview { change, kinds, note, ..Preview::default() })
    }

    /// Puts the imported text back into the current cell.
    pub(super) fn restore_cell(&mut self, to: &mut Context<'_>) {
        let (Some(batch), Some(row)) = (&self.batch, self.row()) else { return };
        let field = self.grid.field();
        let title = cell_title("ui.change.restore", batch, row, field, to.locale);
        let change = batch.change(title, [(row, field, Arc::from(batch.roster().imported(row, field)))]);
        self.apply(change, to);
    }

    /// Takes note of what the store has written.
    pub(super) fn saved(&mut self, seq: u64) {
        self.saving.saved = self.saving.saved.max(seq);
    }

    /// Takes note of what the store has failed at.
    pub(super) fn store_failed(&mut self, seq: u64) {
        self.saving.fail(seq, self.continued);
        self.allocating.take_if(|allocating| allocating.is(seq));
    }

    /// Takes note that a step was not stored and is not on the screen any more. What was typed into one cell is there to go on
    /// with.
    pub(super) fn taken_back(&mut self, seq: u64, change: Option<&Change>, failure: &Failure, to: &mut Context<'_>) {
        self.saved(seq);
        if let Some(Change { edits, .. }) = change
            && let [edit] = edits.as_slice()
            && self.edit.is_none()
        {
            self.go_to_cell(edit.row, edit.field);
            let prompt = Prompt::new(&*edit.after);
            self.edit = Some(Edit { row: edit.row, field: edit.field, prompt, is_masked: false });
        }
        let why = told_failure(to.locale, failure);
        let text = match change {
            Some(change) => to.locale.fill("status.taken-back", &[("title", &change.title), ("why", &why)]),
            None => why,
        };
        to.complain(text);
    }

    /// Gives the store job that brought the batch on screen.
    pub(in crate::app) fn switched(&self) -> u64 {
        self.saving.switched
    }

    /// Tells whether a store job is the one that brought the batch on screen.
    pub(in crate::app) fn was_switched_by(&self, seq: u64) -> bool {
        self.saving.switched == seq
    }
}

/// Tells whether a finding has something ready to be looked at and taken.
fn is_ready(batch: &Batch, finding: &Finding) -> bool {
    batch.fix(finding).is_some() || batch.may_go(finding)
}

pub(super) fn cell_title(key: &str, batch: &Batch, row: RowId, field: Field, locale: &Locale) -> String {
    let line = batch.roster().line(row).to_string();
    locale.fill(key, &[("column", batch.context().sheet().label(field)), ("line", &line)])
}

fn finding_title(finding: &Finding, locale: &Locale) -> String {
    let spec = finding.rule.spec();
    let title = locale.rule(spec.code).map_or(spec.name, |page| page.title.as_str());
    format!("{} {title}", spec.code)
}
