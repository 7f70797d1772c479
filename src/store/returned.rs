//! Why certificates came back (退回), as the entries of the audit chain that noted it say.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use rusqlite::Connection;

use super::Store;
use super::error::Result;
use crate::domain::ledger::action::ActionName;
use crate::domain::ledger::{BatchId, Certificate, Selection, SeriesKey, Status};

/// Gives the statement for the entries that noted a return of numbers of a series, the oldest first: first and last serial,
/// and why.
fn returns() -> String {
    let [mark, import] = [ActionName::LedgerMark, ActionName::LedgerImport].map(ActionName::key);
    format!(
        "SELECT t.first, t.last, a.reason FROM touched t JOIN audit a ON a.seq = t.entry
         WHERE t.series = (SELECT id FROM series WHERE key = ?1) AND a.action IN ('{mark}', '{import}')
         AND json_extract(a.after, '$.status') = '{}' ORDER BY t.entry",
        Status::Returned.key()
    )
}

/// The returns of each series that was asked about.
#[derive(Debug, Default)]
pub(super) struct Returns(HashMap<SeriesKey, Vec<(u32, u32, String)>>);

impl Returns {
    /// Gives why a number came back the last time; empty when nobody said.
    pub(super) fn reason_of(&mut self, db: &Connection, series: SeriesKey, serial: u32) -> rusqlite::Result<String> {
        let all = match self.0.entry(series) {
            Entry::Occupied(read) => read.into_mut(),
            Entry::Vacant(new) => new.insert(
                db.prepare_cached(&returns())?
                    .query_map([series.as_str()], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)))?
                    .collect::<rusqlite::Result<_>>()?,
            ),
        };
        let last = all.iter().rev().find(|(first, last, _)| (*first..=*last).contains(&serial));
        Ok(last.map_or_else(String::new, |(.., why)| why.clone()))
    }
}

impl Store {
    /// Lists the certificates of a batch that came back and were not exported since, each with why.
    pub fn returned_of_batch(&self, batch: BatchId) -> Result<Vec<(Certificate, String)>> {
        let mut returns = Returns::default();
        let mut all = self.list_certificates(&self.db, &Selection::Batch(batch), false)?;
        all.retain(|certificate| certificate.status == Status::Returned);
        let with_reason = |one: Certificate| {
            let why = self.read(|db| returns.reason_of(db, one.series, one.serial))?;
            Ok((one, why))
        };
        all.into_iter().map(with_reason).collect()
    }
}
