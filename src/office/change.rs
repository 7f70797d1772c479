//! Changing a batch of the store (修改批次) from outside the workbench: one step, as the workbench makes them.

use std::cmp::Ordering;

use super::{Purpose, RosterReading, Session};
use crate::domain::batch::Batch;
use crate::domain::ledger::BatchId;
use crate::domain::roster::Change;
use crate::failure::Failure;

/// A change, and what was found out on the way to it.
pub type PlannedChange<T> = Result<(Change, T), Failure>;

/// A batch before a change and after it.
#[derive(Debug)]
pub struct ChangedBatch<T> {
    pub before: Batch,
    pub after: Batch,
    /// How many cells were changed, or would be.
    pub cells: usize,
    /// What was found out on the way.
    pub found: T,
}

impl Session {
    /// Has so many steps of a batch in force, as far as they can be taken back; gives the batch as it is then. With `is_tried`
    /// the store stays as it is.
    pub fn go_to_step(
        &self,
        (id, steps): (BatchId, usize),
        is_tried: bool,
        reading: &RosterReading,
        tell: &mut dyn FnMut(String),
    ) -> Result<Batch, Failure> {
        let batch = self.reopen(&self.batch(id)?, reading, Purpose::Work, tell)?;
        let (_claim, mut batch) = if is_tried {
            (None, batch)
        } else {
            self.claim_as_read(id, batch, reading, tell).map(|(claim, batch)| (Some(claim), batch))?
        };
        loop {
            let now = batch.history().applied().len();
            let is_back = steps < now;
            let moved = match now.cmp(&steps) {
                Ordering::Greater => batch.undo(),
                Ordering::Less => batch.redo(),
                Ordering::Equal => None,
            };
            if moved.is_none() {
                break;
            }
            if !is_tried {
                self.with(|store| if is_back { store.undo(id) } else { store.redo(id) })?;
            }
        }
        if !is_tried {
            self.note_counts(id, &batch);
        }
        Ok(batch)
    }

    /// Changes a batch, as one step; with `is_tried` it is only told what would be. `plan` looks at the batch as it stands when
    /// nobody else can change it any more. Steps that had been taken back and are dropped by it are told, whoever asks for it.
    ///
    /// # Errors
    /// Somebody else holds the batch, or it is not settled which columns it is made of.
    pub fn change_batch<T>(
        &self,
        id: BatchId,
        is_tried: bool,
        reading: &RosterReading,
        tell: &mut dyn FnMut(String),
        plan: impl FnOnce(&Batch) -> PlannedChange<T>,
    ) -> Result<ChangedBatch<T>, Failure> {
        let batch = self.reopen(&self.batch(id)?, reading, Purpose::Work, tell)?;
        self.office.is_settled(&batch)?;
        // Nobody else changes the rows between here and the end.
        let (_claim, before) = if is_tried {
            (None, batch)
        } else {
            self.claim_as_read(id, batch, reading, tell).map(|(claim, batch)| (Some(claim), batch))?
        };
        let (change, found) = plan(&before)?;
        let (cells, mut after) = (change.edits.len(), before.clone());
        if !change.is_empty() {
            if !is_tried {
                self.with(|store| store.record(id, &change))?;
            }
            let (_, dropped) = after.apply(change);
            if dropped != 0 {
                let key = if is_tried { "cli.changing-would-drop" } else { "cli.changing-dropped" };
                tell(self.office.locale().fill(key, &[("batch", &*id.to_string()), ("n", &dropped.to_string())]));
            }
            if !is_tried {
                self.note_counts(id, &after);
            }
        }
        Ok(ChangedBatch { before, after, cells, found })
    }
}
