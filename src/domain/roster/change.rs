//! Changes (修改): every edit carries what it replaced, so that undo is the inverse through the same door.

use std::collections::HashSet;
use std::sync::Arc;

use super::RowId;
use crate::domain::sheet::Field;
use crate::domain::vocabulary::vocabulary;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CellEdit {
    pub row: RowId,
    pub field: Field,
    pub before: Arc<str>,
    pub after: Arc<str>,
}

vocabulary! {
    /// What is said of a row besides its cells.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum RowWhat {
        /// Why it was put aside (移出名册).
        Aside = "aside",
        /// What somebody noted (备注).
        Note = "note",
    }
}

/// Something said of a row, or no more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowEdit {
    pub row: RowId,
    pub what: RowWhat,
    pub before: Option<Arc<str>>,
    pub after: Option<Arc<str>>,
}

/// Edits that the user made in one go: one undo step.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Change {
    /// What was done, as shown in the history.
    pub title: String,
    /// The edits; no cell stands twice.
    pub edits: Vec<CellEdit>,
    /// What was said of rows; nothing is said twice of one.
    pub rows: Vec<RowEdit>,
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
        let turned = |e: &RowEdit| RowEdit { before: e.after.clone(), after: e.before.clone(), ..e.clone() };
        let rows = self.rows.iter().rev().map(turned).collect();
        Change { title: self.title.clone(), edits, rows, lasting: self.lasting }
    }

    pub fn is_empty(&self) -> bool {
        self.edits.is_empty() && self.rows.is_empty()
    }

    /// Counts the rows it puts aside, brings back, and says something of.
    pub fn row_counts(&self) -> RowCounts {
        let mut counts = RowCounts::default();
        for edit in &self.rows {
            *match (edit.what, &edit.after) {
                (RowWhat::Aside, Some(_)) => &mut counts.aside,
                (RowWhat::Aside, None) => &mut counts.back,
                (RowWhat::Note, _) => &mut counts.noted,
            } += 1;
        }
        counts
    }

    /// Counts the different rows that it is about.
    pub fn count_rows(&self) -> usize {
        let rows = self.edits.iter().map(|e| e.row).chain(self.rows.iter().map(|e| e.row));
        rows.collect::<HashSet<RowId>>().len()
    }

    /// Lists the places it touches: of each the row, and the column or what is said of the row.
    fn places(&self) -> impl Iterator<Item = (RowId, Result<Field, RowWhat>)> {
        let said = self.rows.iter().map(|e| (e.row, Err(e.what)));
        self.edits.iter().map(|e| (e.row, Ok(e.field))).chain(said)
    }
}

/// What became of rows by a change.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RowCounts {
    pub aside: u64,
    pub back: u64,
    pub noted: u64,
}

/// Who made a step, and when, UTC.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StepMade {
    pub user: String,
    pub at: String,
}

/// Why a step cannot be taken back by itself; steps count from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    /// There is no such step in force, or no such cell of it.
    Nothing,
    /// A step that stays for good came after it, or is it.
    Lasting(usize),
    /// A later step has touched the same cell, or the same row.
    By(usize),
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

    /// Counts the steps in force that somebody made, and the numbers that the ledger gave in others.
    pub fn work(&self) -> (usize, usize) {
        let (lasting, made): (Vec<_>, Vec<_>) = self.applied().iter().partition(|step| step.lasting);
        let edits = lasting.iter().flat_map(|step| &step.edits);
        (made.len(), edits.filter(|edit| edit.field == Field::Code).count())
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

    /// Makes the change that takes one step back though others have come after it, or only the one of its cells that stands
    /// at a place among them; the first of the steps is 0.
    pub fn taking_back(&self, step: usize, only: Option<usize>) -> Result<Change, Kept> {
        let applied = self.applied();
        let taken = applied.get(step).ok_or(Kept::Nothing)?;
        if let Some(lasting) = applied[step..].iter().rposition(|later| later.lasting) {
            return Err(Kept::Lasting(step + lasting));
        }
        let mut back = taken.inverse();
        if let Some(only) = only {
            let edit = taken.edits.get(only).ok_or(Kept::Nothing)?;
            back.edits.retain(|e| (e.row, e.field) == (edit.row, edit.field));
            back.rows.clear();
        }
        let places: HashSet<_> = back.places().collect();
        let touches = |later: &Arc<Change>| later.places().any(|place| places.contains(&place));
        match applied[step + 1..].iter().position(touches) {
            Some(later) => Err(Kept::By(step + 1 + later)),
            None if back.is_empty() => Err(Kept::Nothing),
            None => Ok(back),
        }
    }
}
