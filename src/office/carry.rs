//! Corrections carried over (带过去) from a batch to the organiser's next version of its file.

use super::merge::form;
use super::{Office, Purpose, RosterReading};
use crate::domain::batch::Batch;
use crate::domain::ledger::BatchId;
use crate::domain::matching::{CarryOver, carry_over};
use crate::failure::Failure;

impl Office {
    /// Reads a batch of the store as it stands, to be looked at beside another roster.
    pub fn stored_aside(&self, id: BatchId) -> Result<Batch, Failure> {
        let session = self.look()?;
        let stored = session.batch(id)?;
        session.reopen(&stored, &RosterReading::default(), Purpose::Look, &mut |_| ())
    }

    /// Finds what becomes of the corrections of a batch in a new version of its roster.
    ///
    /// # Errors
    /// They are of different profiles or forms, or it is not settled which columns one of them is made of.
    pub fn carry_over(&self, before: &Batch, now: &Batch) -> Result<CarryOver, Failure> {
        self.are_of_one_form(before, now)?;
        Ok(carry_over(before.roster(), (now.roster(), &now.lost_numbers()), &now.context().sheet().fields))
    }

    /// Refuses two rosters that cannot be held against each other.
    pub(super) fn are_of_one_form(&self, before: &Batch, now: &Batch) -> Result<(), Failure> {
        for batch in [before, now] {
            self.is_settled(batch)?;
        }
        if form(before) == form(now) {
            return Ok(());
        }
        let named = |batch: &Batch| std::path::PathBuf::from(&batch.origin.file);
        Err(self.other_form("versions", (&named(before), before), (&named(now), now)))
    }
}
