//! Giving reserved numbers to the rows of a batch.

use chrono::NaiveDate;
use rusqlite::{Transaction, params};

use super::super::error::Result;
use super::super::{Store, StoreError};
use super::certificates::update_holder;
use super::id_of;
use crate::domain::code::CertCode;
use crate::domain::ledger::plan::Planned;
use crate::domain::ledger::{BatchId, Holder, Run, SeriesKey, Status};

impl Store {
    /// Lists the codes that are reserved and stand for nobody yet, in the order of series and serial.
    pub(super) fn reserved_codes(&self) -> Result<Vec<CertCode>> {
        // The status twice: the first condition is the index's own.
        let statement = "SELECT code FROM certificate
            WHERE status IN ('reserved', 'void') AND status = 'reserved' ORDER BY series, id";
        let found: Option<Vec<CertCode>> = self.read(|db| {
            db.prepare_cached(statement)?.query_map([], |r| Ok(CertCode::new(r.get_ref(0)?.as_str()?)))?.collect()
        })?;
        found.ok_or_else(|| self.damaged_certificate())
    }

    /// Refuses numbers of a series of which one has been used or made void since they were planned.
    pub(super) fn must_be_reserved(&self, tx: &Transaction, (id, runs): (i64, &[Run]), key: SeriesKey) -> Result<()> {
        let reserved = |(first, last): &Run| {
            tx.prepare_cached("SELECT count(*) FROM certificate WHERE id BETWEEN ?1 AND ?2 AND status = 'reserved'")?
                .query_row([id_of(id, *first), id_of(id, *last)], |r| r.get::<_, u32>(0))
        };
        for run @ (first, last) in runs {
            if reserved(run).map_err(|e| self.error(&e))? != last - first + 1 {
                return Err(StoreError::LedgerMoved(key));
            }
        }
        Ok(())
    }
}

/// Makes a reserved number the certificate of a row.
pub(super) fn fill(
    tx: &Transaction,
    id: i64,
    (batch, planned): (BatchId, &Planned),
    holder: &Holder,
    on: NaiveDate,
) -> rusqlite::Result<()> {
    update_holder(tx, planned.code, holder)?;
    tx.prepare_cached("UPDATE certificate SET status = ?2, status_on = ?3, batch = ?4, row = ?5 WHERE id = ?1")?
        .execute(params![id, Status::Allocated.key(), on.to_string(), batch.0, planned.row])?;
    Ok(())
}
