//! Changes (修改): every edit carries what it replaced, so that undo is the inverse through the same door.

use std::sync::Arc;

use super::RowId;
use crate::domain::sheet::Field;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CellEdit {
    pub row: RowId,
    pub field: Field,
    pub before: Arc<str>,
    pub after: Arc<str>,
}

/// Edits that the user made in one go: one undo step.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Change {
    /// What was done, as shown in the history.
    pub title: String,
    /// The edits; no cell stands twice.
    pub edits: Vec<CellEdit>,
    /// Whether it stays for good, because it gave numbers that the ledger holds: neither it nor what came before it can be
    /// undone.
    pub lasting: bool,
}

impl Change {
    /// Gives the change that takes this one back.
    pub fn inverse(&self) -> Change {
        let edits = self
            .edits
            .iter()
            .rev()
            .map(|e| CellEdit { before: e.after.clone(), after: e.before.clone(), ..e.clone() })
            .collect();
        Change { title: self.title.clone(), edits, lasting: self.lasting }
    }
}

/// The steps that can be undone and redone. A new change after an undo drops the undone ones.
#[derive(Debug, Clone, Default)]
pub struct History {
    steps: Vec<Arc<Change>>,
    applied: usize,
}

impl History {
    /// Restores a stored history: all steps in order, of which the first `applied` are in force.
    pub fn restored(steps: Vec<Arc<Change>>, applied: usize) -> History {
        let applied = applied.min(steps.len());
        History { steps, applied }
    }

    /// Records a change that has been applied; returns how many undone steps it dropped.
    pub fn push(&mut self, change: Arc<Change>) -> usize {
        let dropped = self.steps.len() - self.applied;
        self.steps.truncate(self.applied);
        self.steps.push(change);
        self.applied += 1;
        dropped
    }

    /// Gives the step to undo next; none behind a lasting one.
    pub fn undoable(&self) -> Option<&Arc<Change>> {
        self.applied().last().filter(|step| !step.lasting)
    }

    /// Tells whether the last step in force is one that stays for good.
    pub fn is_lasting(&self) -> bool {
        self.applied().last().is_some_and(|step| step.lasting)
    }

    /// Gives the step to redo next.
    pub fn redoable(&self) -> Option<&Arc<Change>> {
        self.steps.get(self.applied)
    }

    /// Moves the mark back by one step, where there is one to undo.
    pub fn undone(&mut self) {
        self.applied -= usize::from(self.undoable().is_some());
    }

    /// Moves the mark forward by one step.
    pub fn redone(&mut self) {
        self.applied = (self.applied + 1).min(self.steps.len());
    }

    /// Lists the steps in force, oldest first.
    pub fn applied(&self) -> &[Arc<Change>] {
        &self.steps[..self.applied]
    }

    /// Lists the undone steps, next to redo first.
    pub fn undone_steps(&self) -> &[Arc<Change>] {
        &self.steps[self.applied..]
    }
}
