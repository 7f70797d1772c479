//! Comparing rosters with the ledger (与台账核对), without signing on: a check leaves no trace.

use std::sync::Arc;

use super::Office;
use crate::domain::batch::{Batch, all_asked};
use crate::domain::ledger::{BatchId, KnownCertificates};
use crate::failure::Failure;
use crate::store::{StoreError, StoreReader};

impl Office {
    /// Opens the ledger where there is one to compare with.
    pub(super) fn ledger_to_compare(&self) -> Result<Option<StoreReader>, StoreError> {
        match self.reader()? {
            Some(reader) => Ok(reader.has_certificates()?.then_some(reader)),
            None => Ok(None),
        }
    }

    /// Finds what the ledger knows of codes and ID numbers, which are made only where there is a ledger; `number` is that of
    /// the batch in the store that they are of, if it is one.
    pub fn known(
        &self,
        number: Option<BatchId>,
        asked: impl FnOnce() -> (Vec<String>, Vec<String>),
    ) -> Result<KnownCertificates, Failure> {
        let known = match self.ledger_to_compare() {
            Ok(None) => self.reader().and_then(|reader| {
                let Some(reader) = reader else { return Ok(KnownCertificates::new(number, [])) };
                let known = KnownCertificates::new(number, []);
                Ok(known
                    .issued_by(reader.route(number)?, reader.filed_body(number)?)
                    .of_kind(reader.kind(number)?)
                    .beside(reader.same_people(number)?))
            }),
            Ok(Some(ledger)) => {
                let (codes, id_numbers) = asked();
                ledger.known(number, codes, id_numbers)
            }
            Err(error) => Err(error),
        };
        known.map_err(|e| self.told(&e))
    }

    /// Compares the rows with what the ledger knows of them; `number` is that of the batch in the store, if it is one.
    pub(super) fn compare(
        &self,
        batch: &mut Batch,
        ledger: &StoreReader,
        number: Option<BatchId>,
    ) -> Result<(), Failure> {
        let (codes, id_numbers) = all_asked(batch.roster());
        let known = ledger.known(number, codes, id_numbers).map_err(|e| self.told(&e))?;
        batch.set_known(Arc::new(known));
        Ok(())
    }
}
