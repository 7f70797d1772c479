//! The list of batches (批次列表): what is in the store, what became of it, and what is archived.

use super::{BatchWork, ListedBatch, Office, Session, StoredBatch, WantedDue};
use crate::domain::batch::Batch;
use crate::domain::due::{DueItem, Standing};
use crate::domain::ledger::event::Thing;
use crate::domain::ledger::{BatchId, Status};
use crate::domain::rules::Severity;
use crate::domain::vocabulary::vocabulary;
use crate::failure::Failure;
use crate::store::{BatchCounts, Store, StoreError};

/// A batch and what became of it.
pub type WorkedBatch = (StoredBatch, BatchWork);

/// Gives a batch with what became of it, and how many facts keep it from being exported.
pub(super) fn worked(office: &Office, store: &Store, batch: StoredBatch) -> Result<WorkedBatch, StoreError> {
    let work = store.work_of(&batch)?;
    let lacking = office.count_lacking(store, &batch)?;
    Ok((batch, BatchWork { lacking, ..work }))
}

/// Lists batches, newest first; with `all` the archived ones among them.
pub(super) fn list(office: &Office, store: &Store, all: bool) -> Result<Vec<WorkedBatch>, StoreError> {
    let worked = |batch: StoredBatch| worked(office, store, batch);
    store.batches()?.into_iter().filter(|batch| all || !batch.closed).map(worked).collect()
}

/// Lists those that are not archived, the one that was worked on last first, and counts the others beyond so many.
pub(super) fn worked_last(
    office: &Office,
    store: &Store,
    most: usize,
) -> Result<(Vec<WorkedBatch>, usize), StoreError> {
    let (batches, others) = store.worked_last(most)?;
    let worked = |batch: StoredBatch| worked(office, store, batch);
    Ok((batches.into_iter().map(worked).collect::<Result<_, _>>()?, others))
}

vocabulary! {
    /// What a batch waits for on its way to the authority.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum BatchWaits {
        /// It has certificates that nobody has handed in (未上报).
        Unsent = "unsent",
        /// A deadline of it has passed (逾期).
        Late = "late",
        /// Something of it came back, and was not exported since (被退回).
        Returned = "returned",
    }
}

impl Session {
    /// Lists the batches that wait for one of these; with none every one.
    pub fn batches_waiting(&self, all: bool, waits: &[BatchWaits]) -> Result<Vec<ListedBatch>, Failure> {
        let mut list = self.list_batches(all)?;
        if waits.is_empty() {
            return Ok(list);
        }
        let late: Vec<BatchId> =
            if waits.contains(&BatchWaits::Late) { self.office.late_batches()? } else { Vec::new() };
        list.retain(|one| {
            let has = |status| one.numbers.contains_key(&status);
            waits.iter().any(|waits| match waits {
                BatchWaits::Unsent => has(Status::Allocated) || has(Status::Exported),
                BatchWaits::Late => late.contains(&one.batch.id),
                BatchWaits::Returned => has(Status::Returned),
            })
        });
        Ok(list)
    }
}

impl Office {
    /// Lists the batches of which a deadline has passed.
    pub fn late_batches(&self) -> Result<Vec<BatchId>, Failure> {
        let due = self.due(&WantedDue::default())?;
        let late = due.items.iter().filter(|item| item.standing <= Standing::Overdue);
        let batch = |item: &DueItem| if let Thing::Batch(batch) = item.thing { Some(batch) } else { None };
        Ok(late.filter_map(batch).collect())
    }

    /// Lists every batch over a connection of its own, newest first; none where there is no store yet.
    pub fn batches(&self) -> Result<Vec<WorkedBatch>, Failure> {
        self.of_store(|store| list(self, store, true))
    }

    /// Lists every batch likewise, and does not ask what became of each: that takes a look at all its changes.
    pub fn batches_by_name(&self) -> Result<Vec<StoredBatch>, Failure> {
        self.of_store(Store::batches)
    }

    fn of_store<T>(&self, listed: impl Fn(&Store) -> Result<Vec<T>, StoreError>) -> Result<Vec<T>, Failure> {
        let found = self.places().and_then(|places| Store::look(&places, self.signature()));
        let all = found.and_then(|store| store.map_or_else(|| Ok(Vec::new()), |store| listed(&store)));
        all.map_err(|e| self.told(&e))
    }
}

impl Session {
    /// Gives a batch and what became of it.
    pub fn with_work(&self, batch: BatchId) -> Result<WorkedBatch, Failure> {
        self.once(|store| {
            let batch = store.batch(batch)?;
            worked(&self.office, store, batch)
        })
    }

    /// Takes a batch out of the list; it is kept as it is. Tells whether it stood there.
    ///
    /// # Errors
    /// Somebody else has it in hand.
    pub fn archive_batch(&self, batch: BatchId) -> Result<bool, Failure> {
        self.with(|store| store.close_batch(batch))
    }

    /// Brings an archived batch back. Tells whether it was archived. Whoever changes one brings it back as well.
    pub fn bring_batch_back(&self, batch: BatchId) -> Result<bool, Failure> {
        self.with(|store| store.reopen_batch(batch))
    }

    /// Notes for the list what is counted of a batch; that is a comfort, and nothing stops for it.
    pub(super) fn note_counts(&self, id: BatchId, batch: &Batch) {
        let mended = batch.mended();
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        let counts = BatchCounts {
            errors: count(batch.count(Severity::Error)),
            mended: count(mended.gone),
            found: count(mended.found),
            unnumbered: batch.unnumbered().map(count),
        };
        let _ = self.once(|store| store.note_counts(id, counts));
    }
}
