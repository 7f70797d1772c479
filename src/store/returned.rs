//! Why certificates came back (退回), as the entries of the audit chain that noted it say.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use rusqlite::Connection;

use super::Store;
use super::error::Result;
use crate::domain::ledger::action::ActionName;
use crate::domain::ledger::{BatchId, Certificate, ExportedAgain, Selection, SeriesKey, Status};

/// Gives the statement for the entries that noted a return of numbers of a series, the oldest first: first and last serial,
/// why, and the entry.
fn returns() -> String {
    let [mark, import] = [ActionName::LedgerMark, ActionName::LedgerImport].map(ActionName::key);
    format!(
        "SELECT t.first, t.last, a.reason, a.seq FROM touched t JOIN audit a ON a.seq = t.entry
         WHERE t.series = (SELECT id FROM series WHERE key = ?1) AND a.action IN ('{mark}', '{import}')
         AND json_extract(a.after, '$.status') = '{}' ORDER BY t.entry",
        Status::Returned.key()
    )
}

/// Gives the statement for the entries that noted an upload file with numbers of a series, the oldest first: first and last
/// serial, the file's name, and the entry.
fn exports() -> String {
    format!(
        "SELECT t.first, t.last, coalesce(json_extract(a.after, '$.file'), ''), a.seq
         FROM touched t JOIN audit a ON a.seq = t.entry
         WHERE t.series = (SELECT id FROM series WHERE key = ?1) AND a.action = '{}' ORDER BY t.entry",
        ActionName::LedgerExport.key()
    )
}

/// What an entry says of a run of serials: a reason, or a file's name.
type Noted = (u32, u32, String, u64);

/// The returns and the exports of each series that was asked about.
#[derive(Debug, Default)]
pub(super) struct Returns {
    returns: HashMap<SeriesKey, Vec<Noted>>,
    exports: HashMap<SeriesKey, Vec<Noted>>,
}

/// Gives what the last entry of a statement says of a number; each series is read once.
fn last_of<'a>(
    all: &'a mut HashMap<SeriesKey, Vec<Noted>>,
    statement: fn() -> String,
    db: &Connection,
    (series, serial): (SeriesKey, u32),
) -> rusqlite::Result<Option<&'a Noted>> {
    let all = match all.entry(series) {
        Entry::Occupied(read) => read.into_mut(),
        Entry::Vacant(new) => new.insert(
            db.prepare_cached(&statement())?
                .query_map([series.as_str()], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get::<_, i64>(3)? as u64)))?
                .collect::<rusqlite::Result<_>>()?,
        ),
    };
    Ok(all.iter().rev().find(|(first, last, ..)| (*first..=*last).contains(&serial)))
}

impl Returns {
    /// Gives why a number came back the last time; empty when nobody said.
    pub(super) fn reason_of(&mut self, db: &Connection, series: SeriesKey, serial: u32) -> rusqlite::Result<String> {
        let last = last_of(&mut self.returns, returns, db, (series, serial))?;
        Ok(last.map_or_else(String::new, |(_, _, why, _)| why.clone()))
    }

    /// Gives the last export of a number, where that came after its last return.
    pub(super) fn exported_since(
        &mut self,
        db: &Connection,
        series: SeriesKey,
        serial: u32,
    ) -> rusqlite::Result<Option<ExportedAgain>> {
        let Some((.., returned)) = last_of(&mut self.returns, returns, db, (series, serial))? else { return Ok(None) };
        let returned = *returned;
        let exported = last_of(&mut self.exports, exports, db, (series, serial))?;
        let since = exported.filter(|(.., entry)| returned < *entry);
        Ok(since.map(|(_, _, file, entry)| ExportedAgain { entry: *entry, file: file.clone() }))
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
