//! The ledger (台账) in the store: series, numbers and what became of them. Every change is one transaction with its entry in
//! the audit chain.

mod adopt;
mod allocate;
mod certificates;
mod fill;
mod make_ahead;
mod mark;
mod plan;
mod print;
mod reply;
mod reserve;
mod series;
mod sync;

use std::collections::BTreeMap;

use rusqlite::types::Type;
use rusqlite::{OptionalExtension, Transaction, params};

use super::error::Result;
use super::{Store, StoreError, clock};
use crate::domain::code::CertCode;
use crate::domain::ledger::action::{SeriesRun, Subject};
use crate::domain::ledger::{BatchId, Run, SeriesKey, TakeError, runs};

pub use adopt::{AdoptFile, HolderOf, TriedFiles};
pub use allocate::Allocation;
pub(super) use certificates::update_holder;
use make_ahead::make_ahead;
pub use print::{PrintOrder, PrintState, PrintedData};
pub use sync::ExportFile;

/// How many bits of a certificate's id hold its serial; the series' id stands above them.
const SERIAL_BITS: u32 = 30;

/// The memory a large transaction may fill before it spills to the disk, in KiB: a spill syncs the journal.
pub(super) const ROOMY_CACHE: i64 = 256 * 1024;

/// Gives the id of a number.
fn id_of(series: i64, serial: u32) -> i64 {
    series << SERIAL_BITS | i64::from(serial)
}

/// Gives the series' id and the serial of a number.
fn of_id(id: i64) -> (i64, u32) {
    (id >> SERIAL_BITS, (id & ((1 << SERIAL_BITS) - 1)) as u32)
}

/// Runs of numbers by series.
type Runs = BTreeMap<i64, Vec<Run>>;

/// Joins numbers, given by id in ascending order, into runs by series.
fn runs_of(ids: impl IntoIterator<Item = i64>) -> Runs {
    let mut serials: BTreeMap<i64, Vec<u32>> = BTreeMap::new();
    for (series, serial) in ids.into_iter().map(of_id) {
        serials.entry(series).or_default().push(serial);
    }
    serials.into_iter().map(|(series, serials)| (series, runs(&serials))).collect()
}

/// Counts the numbers of runs.
fn count_of(runs: &Runs) -> u64 {
    runs.values().flatten().map(|(first, last)| u64::from(last - first) + 1).sum()
}

/// Gives a series' key by its id.
fn key_of(tx: &Transaction, series: i64) -> rusqlite::Result<SeriesKey> {
    let read = |r: &rusqlite::Row| SeriesKey::read(r.get_ref(0)?.as_str()?).ok_or_else(|| not_ours("key"));
    tx.prepare_cached("SELECT key FROM series WHERE id = ?1")?.query_row([series], read)
}

/// Tells that a column holds what this program did not write.
fn not_ours(column: &str) -> rusqlite::Error {
    rusqlite::Error::InvalidColumnType(0, column.to_string(), Type::Text)
}

/// Tells runs as the audit chain does.
fn series_runs(tx: &Transaction, runs: &Runs) -> rusqlite::Result<Vec<SeriesRun>> {
    let mut list = Vec::new();
    for (series, runs) in runs {
        let key = key_of(tx, *series)?;
        list.extend(runs.iter().map(|run| SeriesRun::new(key, *run)));
    }
    Ok(list)
}

/// Names what an entry is about: its batch, its only certificate, its only series, or the ledger.
fn subject_of(tx: &Transaction, batch: Option<BatchId>, runs: &Runs) -> rusqlite::Result<Subject> {
    if let Some(batch) = batch {
        return Ok(Subject::Batch(batch));
    }
    let mut all = runs.iter();
    let (Some((series, runs)), None) = (all.next(), all.next()) else { return Ok(Subject::Ledger) };
    if let [(first, last)] = runs.as_slice()
        && first == last
    {
        let read = |r: &rusqlite::Row| CertCode::new(r.get_ref(0)?.as_str()?).ok_or_else(|| not_ours("code"));
        let code = "SELECT code FROM certificate WHERE id = ?1";
        return tx.prepare_cached(code)?.query_row([id_of(*series, *first)], read).map(Subject::Certificate);
    }
    key_of(tx, *series).map(Subject::Series)
}

/// Notes which numbers an entry is about.
fn touch(tx: &Transaction, runs: &Runs, entry: u64, batch: Option<BatchId>, gives: bool) -> rusqlite::Result<()> {
    let mut insert = tx.prepare_cached("INSERT INTO touched VALUES (?1, ?2, ?3, ?4, ?5, ?6)")?;
    for (series, runs) in runs {
        for (first, last) in runs {
            insert.execute(params![series, first, last, entry as i64, batch.map(|b| b.0), gives])?;
        }
    }
    Ok(())
}

/// Notes that an entry is about one certificate.
pub(super) fn touch_one(tx: &Transaction, code: CertCode, entry: u64) -> rusqlite::Result<()> {
    let statement = "INSERT INTO touched SELECT series, serial, serial, ?2, NULL, 0 FROM certificate WHERE code = ?1";
    tx.prepare_cached(statement)?.execute(params![code.as_str(), entry as i64])?;
    Ok(())
}

impl Store {
    /// Refuses a prefix that can never issue again (BJ-50).
    fn must_not_be_retired(&self, tx: &Transaction, prefix: &str) -> Result<()> {
        let retired = tx
            .prepare_cached("SELECT 1 FROM institution WHERE prefix = ?1 AND retired_on IS NOT NULL")
            .and_then(|mut s| s.query_row([prefix], |_| Ok(())).optional())
            .map_err(|e| self.error(&e))?;
        match retired {
            Some(()) => Err(StoreError::Refused(TakeError::Retired(prefix.to_string()))),
            None => Ok(()),
        }
    }

    /// Runs a transaction that writes many rows with room in memory for all of them.
    fn write_much<T>(&self, statements: impl FnOnce(&Transaction) -> Result<T>) -> Result<T> {
        self.must_be_latest()?;
        self.write_if(|_| true, statements)
    }

    /// The same for what takes numbers: refused where one that is taken now might be taken a second time, also where nothing
    /// is kept: whoever tries asks what the real call would do.
    fn take_numbers<T>(
        &self,
        keep: impl FnOnce(&T) -> bool,
        statements: impl FnOnce(&Transaction) -> Result<T>,
    ) -> Result<T> {
        self.may_take_numbers()?;
        self.write_if(keep, |tx| {
            // A clock that was doubted has been answered for by now.
            clock::note(tx, true).map_err(|e| self.error(&e))?;
            statements(tx)
        })
    }

    /// The same; what does not `keep` is not stored.
    fn write_if<T>(
        &self,
        keep: impl FnOnce(&T) -> bool,
        statements: impl FnOnce(&Transaction) -> Result<T>,
    ) -> Result<T> {
        let sql = |e: rusqlite::Error| self.error(&e);
        let usual: i64 = self.db.pragma_query_value(None, "cache_size", |r| r.get(0)).map_err(sql)?;
        self.db.pragma_update(None, "cache_size", -ROOMY_CACHE).map_err(sql)?;
        let result = self.transact(keep, statements);
        self.db.pragma_update(None, "cache_size", usual).map_err(sql)?;
        result
    }
}

#[cfg(test)]
#[path = "model_tests.rs"]
mod model_tests;
#[cfg(test)]
#[path = "ledger_tests.rs"]
mod tests;
