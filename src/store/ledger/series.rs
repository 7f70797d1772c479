//! Series and their gaps.

use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};

use super::super::error::Result;
use super::super::{Store, StoreError};
use crate::cause::OwnFileFault;
use crate::domain::ledger::{Gap, Run, SeriesKey, SeriesState, TakeError, missing};

/// What stands in the tables of one series, from `id, key, profile, first, last, high, gaps, reserved, void`.
const SERIES: &str = "SELECT id, key, profile, first, last, high,
    (SELECT coalesce(sum(g.last - g.first + 1), 0) FROM gap g WHERE g.series = s.id),
    (SELECT count(*) FROM certificate c WHERE c.series = s.id AND c.status IN ('reserved', 'void') AND c.status = 'reserved'),
    (SELECT count(*) FROM certificate c WHERE c.series = s.id AND c.status IN ('reserved', 'void') AND c.status = 'void')
    FROM series s";

/// Reads a row of [`SERIES`]; the inner `None` means a key that is damaged.
fn state_of(row: &Row) -> rusqlite::Result<Option<(i64, SeriesState)>> {
    let Some(key) = SeriesKey::read(row.get_ref(1)?.as_str()?) else { return Ok(None) };
    let (first, high): (u32, i64) = (row.get(3)?, row.get(5)?);
    let (gaps, reserved, void): (u32, u32, u32) = (row.get(6)?, row.get(7)?, row.get(8)?);
    let taken = (high + 1 - i64::from(first)).max(0) as u32;
    let state = SeriesState {
        key,
        profile: row.get(2)?,
        first,
        last: row.get(4)?,
        high: high.max(0) as u32,
        used: taken.saturating_sub(gaps + reserved + void),
        reserved,
        void,
        gaps,
    };
    Ok(Some((row.get(0)?, state)))
}

impl Store {
    /// Lists the series by key, those of one prefix (机构备案号) or, for an empty text, all.
    pub fn series(&self, prefix: &str) -> Result<Vec<SeriesState>> {
        let found = self.read(|db| {
            db.prepare_cached(&format!("{SERIES} WHERE substr(key, 1, length(?1)) = ?1 ORDER BY key"))?
                .query_map([prefix], state_of)?
                .collect::<rusqlite::Result<Option<Vec<_>>>>()
        })?;
        Ok(found.ok_or_else(|| self.damaged_series())?.into_iter().map(|(_, state)| state).collect())
    }

    /// Gives a series; `None` while no number of it was taken.
    pub fn series_state(&self, key: SeriesKey) -> Result<Option<SeriesState>> {
        self.find_series(&self.db, key).map(|found| found.map(|(_, state)| state))
    }

    /// Lists the serials up to the largest one taken of which nothing is known but why.
    pub fn gaps(&self, key: SeriesKey) -> Result<Vec<Gap>> {
        match self.find_series(&self.db, key)? {
            Some((series, _)) => self.read(|db| gaps(db, series)),
            None => Ok(Vec::new()),
        }
    }

    pub(super) fn find_series(&self, db: &Connection, key: SeriesKey) -> Result<Option<(i64, SeriesState)>> {
        let found = db
            .prepare_cached(&format!("{SERIES} WHERE key = ?1"))
            .and_then(|mut s| s.query_row([key.as_str()], state_of).optional())
            .map_err(|e| self.error(&e))?;
        match found {
            Some(None) => Err(self.damaged_series()),
            found => Ok(found.flatten()),
        }
    }

    /// Gives a series, a new one where need be: its id and how it stands. One that was begun under another profile or with
    /// other numbers is refused.
    pub(super) fn series_to_take(
        &self,
        tx: &Transaction,
        key: SeriesKey,
        profile: &str,
        (first, last): Run,
    ) -> Result<(i64, SeriesState)> {
        if let Some((id, state)) = self.find_series(tx, key)? {
            // Two profiles that count differently would run through each other's numbers.
            if state.profile != profile || (state.first, state.last) != (first, last) {
                let other = TakeError::OtherProfile(state.profile, state.first, state.last);
                return Err(StoreError::Refused(other));
            }
            return Ok((id, state));
        }
        let high = first.saturating_sub(1);
        tx.execute(
            "INSERT INTO series (key, profile, first, last, high) VALUES (?1, ?2, ?3, ?4, ?5)",
            params![key.as_str(), profile, first, last, high],
        )
        .map_err(|e| self.error(&e))?;
        self.find_series(tx, key)?.ok_or_else(|| self.damaged_series())
    }

    pub(super) fn damaged_series(&self) -> StoreError {
        StoreError::damaged(&self.path, OwnFileFault::Series)
    }
}

/// Lists the gaps of a series in order.
pub(super) fn gaps(db: &Connection, series: i64) -> rusqlite::Result<Vec<Gap>> {
    db.prepare_cached("SELECT first, last, entry, reason FROM gap WHERE series = ?1 ORDER BY first")?
        .query_map([series], |r| {
            Ok(Gap { first: r.get(0)?, last: r.get(1)?, entry: r.get::<_, i64>(2)? as u64, reason: r.get(3)? })
        })?
        .collect()
}

/// Notes that serials of a series, sorted, are taken: the largest one grows, gaps that held them shrink, and what is skipped
/// becomes a gap with a reason. Returns how many numbers became gaps.
pub(super) fn take(
    tx: &Transaction,
    (series, state): (i64, &SeriesState),
    serials: &[u32],
    entry: u64,
    reason: &str,
) -> rusqlite::Result<u32> {
    let Some(last) = serials.last() else { return Ok(0) };
    let mut insert = tx.prepare_cached("INSERT INTO gap VALUES (?1, ?2, ?3, ?4, ?5)")?;
    let held = |gap: &Gap| {
        let from = serials.partition_point(|s| *s < gap.first);
        serials.get(from).is_some_and(|s| *s <= gap.last)
    };
    for gap in gaps(tx, series)?.iter().filter(|gap| held(gap)) {
        tx.prepare_cached("DELETE FROM gap WHERE series = ?1 AND first = ?2")?.execute(params![series, gap.first])?;
        for (first, last) in missing((gap.first, gap.last), serials) {
            insert.execute(params![series, first, last, gap.entry as i64, gap.reason])?;
        }
    }
    if *last <= state.high {
        return Ok(0);
    }
    let above = &serials[serials.partition_point(|s| *s <= state.high)..];
    let mut skipped = 0;
    for (first, last) in missing((state.high.max(state.first.saturating_sub(1)) + 1, *last), above) {
        insert.execute(params![series, first, last, entry as i64, reason])?;
        skipped += last - first + 1;
    }
    tx.prepare_cached("UPDATE series SET high = ?2 WHERE id = ?1")?.execute(params![series, last])?;
    Ok(skipped)
}
