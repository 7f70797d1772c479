//! The steps made so far: taken back and made again, also many at once and from the middle.

use super::RosterPane;
use super::making::Asked;
use crate::app::command::Keymap;
use crate::app::context::Context;
use crate::app::intent::{Intent, Preview};
use crate::app::msg::BesideAsk;
use crate::app::prompt::Prompt;
use crate::app::typed_line::Edit;
use crate::domain::batch::Making;
use crate::domain::replace::{TakenBack, taking_back};
use crate::domain::roster::{Change, Kept, StepMade};
use crate::words::Locale;

/// A change that waits for an answer.
#[derive(Debug)]
pub(super) struct Pending {
    pub change: Change,
    is_asked: bool,
}

impl Pending {
    pub fn new(change: Change) -> Pending {
        Pending { change, is_asked: false }
    }
}

impl RosterPane {
    /// Tells who made the steps and when, as far as the store has told it.
    pub fn steps_made(&self) -> &[StepMade] {
        &self.steps_made
    }

    /// Takes the last step back, or (`forward`) makes it again.
    pub(super) fn step(&mut self, forward: bool, to: &mut Context<'_>) {
        let Some(batch) = &self.batch else { return };
        let now = batch.history().applied().len();
        let wanted = if forward { Some(now + 1) } else { now.checked_sub(1) };
        if let Some(wanted) = wanted {
            self.begin_making(Making::Steps(wanted), if forward { Asked::Redo } else { Asked::Undo }, to);
        }
    }

    /// Has so many steps in force, as far as they can be taken back.
    pub(in crate::app) fn go_to_step(&mut self, wanted: usize, to: &mut Context<'_>) {
        if !self.is_editable() {
            return self.refuse_change(to);
        }
        let before = self.batch.as_ref().map_or(0, |batch| batch.history().applied().len());
        self.begin_making(Making::Steps(wanted), Asked::Steps { wanted, before }, to);
    }

    /// Shows what goes back with a step though others came after it, or with only the cell at the cursor.
    pub(in crate::app) fn revert(&mut self, step: usize, only_here: bool, to: &mut Context<'_>) -> Intent {
        if !self.is_editable() {
            self.refuse_change(to);
            return Intent::Nothing;
        }
        let Some(batch) = &self.batch else { return Intent::Nothing };
        let here = self.row().map(|row| (row, self.grid.field()));
        let steps = batch.history().applied().get(step..).unwrap_or_default();
        let place = || steps.first()?.edits.iter().position(|e| Some((e.row, e.field)) == here);
        let only = if only_here { place() } else { None };
        if only_here && only.is_none() {
            to.warn("status.not-of-step");
            return Intent::Nothing;
        }
        if Self::are_very_many(steps.iter().map(|step| step.edits.len() + step.rows.len()).sum()) {
            let title = back_title(step, steps.first().map_or("", |taken| &taken.title), to.locale);
            return Intent::Await(title, Box::new(BesideAsk::PlanBack { batch: batch.clone(), step, only }));
        }
        let back = taking_back(batch, step, only, &|| false);
        Intent::preview(back.and_then(|back| self.preview_back(step, back, to)))
    }

    /// Shows what goes back with a step, or says why nothing does.
    pub(in crate::app) fn preview_back(&self, step: usize, back: TakenBack, to: &mut Context<'_>) -> Option<Preview> {
        let number = |step: usize| (step + 1).to_string();
        match back {
            Ok((change, values)) => {
                let change = Change { title: back_title(step, &change.title, to.locale), ..change };
                // One cell stands there in full, and what is said of rows is told by these.
                let values = if change.edits.len() == 1 || !change.rows.is_empty() { Vec::new() } else { values };
                let preview = self.preview(change, Vec::new(), String::new(), to)?;
                return Some(Preview { values, ..preview });
            }
            Err(Kept::By(later)) => {
                let applied = self.batch.as_ref().map_or(&[][..], |batch| batch.history().applied());
                let title = to.locale.step_title(applied.get(later).map_or("", |step| step.title.as_str()));
                to.complain(to.locale.fill("status.kept-by", &[("n", &number(later)), ("title", &title)]));
            }
            Err(Kept::Lasting(later)) => {
                to.complain(to.locale.fill("status.kept-lasting", &[("n", &number(later))]));
            }
            Err(Kept::Nothing) => to.warn("status.no-step"),
        }
        None
    }

    /// Gives the question that is due before so many steps are in force where commands are typed; none where nothing comes of it.
    pub(in crate::app) fn question_before_steps(
        &self,
        wanted: usize,
        keymap: &Keymap,
        locale: &Locale,
    ) -> Option<String> {
        let history = self.batch.as_ref()?.history();
        let (now, undone) = (history.applied().len(), history.undone_steps().len());
        let wanted = wanted.min(now + undone);
        if !keymap.is_in_words() || !self.is_editable() || wanted == now {
            return None;
        }
        let key = if wanted < now { "ui.confirm.back-to-step" } else { "ui.confirm.on-to-step" };
        Some(locale.fill(key, &[("n", &wanted.to_string()), ("steps", &now.abs_diff(wanted).to_string())]))
    }

    /// Tells that a change drops undone steps, where there are any.
    pub(in crate::app) fn drops(&self, locale: &Locale) -> Option<String> {
        let undone = self.batch.as_ref()?.history().undone_steps().len();
        (undone != 0).then(|| locale.fill("ui.preview.drops", &[("n", &undone.to_string())]))
    }

    /// Gives the question that is due before undone steps are dropped; it is asked once.
    pub(in crate::app) fn question_before_dropping(&mut self, locale: &Locale) -> Option<String> {
        let undone = self.batch.as_ref().map_or(0, |batch| batch.history().undone_steps().len());
        let pending = self.pending.as_mut().filter(|pending| !pending.is_asked)?;
        pending.is_asked = true;
        Some(locale.fill("ui.confirm.drop-undone", &[("n", &undone.to_string())]))
    }

    /// Makes the change that has waited.
    pub(in crate::app) fn apply_pending(&mut self, to: &mut Context<'_>) {
        if let Some(Pending { change, .. }) = self.pending.take() {
            self.make(change, to);
        }
    }

    /// Lets go of a change that the user did not agree to; what was typed into a cell is there to go on with.
    pub(in crate::app) fn forget_pending(&mut self) {
        let Some(Pending { change, .. }) = self.pending.take() else { return };
        if let ([edit], true) = (change.edits.as_slice(), self.edit.is_none()) {
            self.go_to_cell(edit.row, edit.field);
            let prompt = Prompt::new(&*edit.after);
            self.edit = Some(Edit { row: edit.row, field: edit.field, prompt, is_masked: false });
        }
    }
}

/// Names the change that takes a step back.
fn back_title(step: usize, title: &str, locale: &Locale) -> String {
    let places = [("n", &*(step + 1).to_string()), ("title", &*locale.step_title(title))];
    locale.fill("ui.change.revert", &places)
}

/// Tells a change with how much it changes: cells, or where it changes none, rows.
pub(super) fn counted(locale: &Locale, [of_cells, of_rows]: [&str; 2], change: &Change) -> String {
    let (key, n) = match change.edits.len() {
        0 if !change.rows.is_empty() => (of_rows, change.rows.len()),
        cells => (of_cells, cells),
    };
    locale.fill(key, &[("title", &locale.step_title(&change.title)), ("n", &n.to_string())])
}
