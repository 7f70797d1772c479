//! Four eyes (双人复核): whether they are asked for, and what that leaves to somebody else.

use super::{Office, Session};
use crate::domain::ledger::BatchId;
use crate::domain::ledger::two_people::TwoPeople;
use crate::failure::{Failure, FailureKind};
use crate::store::Store;

impl Office {
    /// Refuses an upload file to whoever has prepared its batch, where two people are asked for; and one of a file that is no batch,
    /// which nobody else has seen.
    pub(super) fn must_be_second_to_export(&self, batch: Option<BatchId>) -> Result<(), Failure> {
        let Some(reader) = self.reader().map_err(|e| self.told(&e))? else { return Ok(()) };
        match batch {
            Some(batch) => reader.may_export(self.signature(), batch).map_err(|e| self.told(&e)),
            None if reader.asks_two_people().map_err(|e| self.told(&e))? => {
                let (told, hint) = (self.locale().text("two-people.not-a-batch"), "two-people.not-a-batch-hint");
                Err(Failure::new(FailureKind::Rule, told, self.locale().text(hint)))
            }
            None => Ok(()),
        }
    }
}

impl Session {
    /// Tells whether two people are asked for, and who said so last.
    pub fn two_people(&self) -> Result<(TwoPeople, String), Failure> {
        self.with(Store::two_people)
    }

    /// Has two people asked for from now on; tells whether that was not so before.
    pub fn require_two_people(&self, reason: &str) -> Result<bool, Failure> {
        self.with(|store| store.require_two_people(reason))
    }

    /// Asks to be released from it, or agrees to what another person has asked.
    pub fn release_two_people(&self, reason: &str) -> Result<TwoPeople, Failure> {
        if self.office.settings().two_people {
            let told = self.office.locale().text("two-people.by-settings");
            return Err(Failure::new(FailureKind::Usage, told, ""));
        }
        self.with(|store| store.release_two_people(reason))
    }
}
