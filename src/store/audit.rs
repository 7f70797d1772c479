//! The audit chain (审计链) in the store: appended to in the transaction that changes the state, its end kept outside too.

mod entries;
mod head;

use chrono::{DateTime, NaiveDate};
use rusqlite::{OptionalExtension, Transaction, params};

pub(super) use entries::{COLUMNS as ENTRY_COLUMNS, entry_of};

use super::error::{Result, StoreError};
use super::places::StatePaths;
use super::{NOW, Store, StoreReader, clock, schema};
use crate::domain::ledger::action::{Act, Action, ChainAccepted, TheChain, UnmaskedObject};
use crate::domain::ledger::audit::{AuditEntry, Chain, ChainFault, EntryFilter, Head};
pub(super) use head::HeadFile;

/// How far the clock may stand before the last entry until numbers are refused.
const CLOCK_SLACK: &str = "+5 minutes";

/// How far the clock may go on from the last entry until it is asked whether it is right, where nothing else tells the time.
const CLOCK_JUMP: &str = "+31 days";

/// The setting that tells of which moment the backup is that was put back, while it is unknown which numbers were given since.
pub(super) const UNSURE: &str = "restored.unsure";

/// How many entries are read at once when the whole chain is followed.
const PAGE: usize = 2000;

impl Store {
    /// Appends what is done in a transaction, and why, to the chain; returns its place.
    pub(super) fn append(&self, tx: &Transaction, action: &Action, reason: &str) -> rusqlite::Result<u64> {
        let before = head(tx)?;
        // Times never run backwards along the chain, whatever the clock does, until somebody says that it was wrong.
        let sets_back = matches!(action, Action::AuditAccept(act) if act.after.clock.is_some());
        let last = if sets_back { 0 } else { before.count };
        let time: String = tx
            .prepare_cached(&format!("SELECT max({NOW}, coalesce((SELECT time FROM audit WHERE seq = ?1), ''))"))?
            .query_row([last as i64], |r| r.get(0))?;
        let [object, stood, stands] = action.written();
        let mut entry = AuditEntry {
            seq: before.count + 1,
            time,
            user: self.user.clone(),
            action: action.name().key().to_string(),
            object,
            before: stood,
            after: stands,
            reason: reason.to_string(),
            previous: before.hash.clone(),
            hash: String::new(),
        };
        entry.hash = entry.computed_hash();
        tx.prepare_cached("INSERT INTO audit VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)")?.execute(params![
            entry.seq as i64,
            entry.time,
            entry.user,
            entry.action,
            entry.object,
            entry.before,
            entry.after,
            entry.reason,
            entry.previous,
            entry.hash,
        ])?;
        let after = Head { count: entry.seq, hash: entry.hash };
        let mut moved = self.moved.borrow_mut();
        let from = moved.take().map_or(before, |(from, _)| from);
        *moved = Some((from, after));
        Ok(entry.seq)
    }

    /// Gives the place in the chain that the next entry of a transaction will have.
    pub(super) fn next_entry(tx: &Transaction) -> rusqlite::Result<u64> {
        head(tx).map(|head| head.count + 1)
    }

    /// Gives the end of the chain.
    pub fn audit_head(&self) -> Result<Head> {
        self.read(head)
    }

    /// Tells whether anything became of certificates since the chain ended there, or may have: an older copy was put back.
    pub fn ledger_moved_since(&self, then: &Head) -> Result<bool> {
        self.read(|db| {
            if head(db)?.count < then.count {
                return Ok(true);
            }
            db.prepare_cached(
                "SELECT EXISTS (SELECT 1 FROM audit WHERE ?1 < seq AND (action GLOB 'ledger.*' OR action GLOB 'case.*'))",
            )?
            .query_row([then.count as i64], |r| r.get(0))
        })
    }

    /// Gives the end of the chain of a state folder without signing on; none when there is no store yet.
    pub fn head_of(places: &StatePaths) -> Result<Option<Head>> {
        schema::must_not_be_lost(places)?;
        let path = places.database();
        if !path.exists() {
            return Ok(None);
        }
        let db = schema::connect(&path, super::PATIENCE)?;
        if schema::version(&db, &path, schema::MIGRATIONS.len() as i64)? < 2 {
            return Ok(None);
        }
        head(&db).map(Some).map_err(|e| StoreError::from_sql(&path, &e))
    }

    /// Makes the file that tells the end of the chain when there is nothing in the chain yet, and brings it up to a chain
    /// whose last writer was killed before it could.
    pub(super) fn settle_head(&self) -> Result<()> {
        let file = self.head_file();
        let noted = file.read();
        let found = self.audit_head()?;
        match noted {
            None if found.count == 0 => file.force(&found),
            None => Ok(()),
            Some(noted) => {
                if noted.count < found.count {
                    file.advance(&found, &found, |at| self.hash_at(at));
                }
                Ok(())
            }
        }
    }

    /// Notes the end of the chain outside after a transaction that appended to it.
    ///
    /// The change itself is on the disk by now, so a failure here is none of the change: the file stays behind, which
    /// whoever writes next makes good.
    pub(super) fn note_head(&self) {
        if let Some((from, to)) = self.moved.take() {
            self.head_file().advance(&from, &to, |at| self.hash_at(at));
        }
    }

    /// Tells what the file outside knows that the database does not; nothing when all is well.
    fn head_fault(&self) -> Result<Option<ChainFault>> {
        self.head_file().must_open()?;
        self.read(|db| head_fault(db, &self.head_file()))
    }

    /// Compares the chain with its end as it was noted elsewhere.
    fn fault_of(&self, noted: Head, found: Head) -> Result<Option<ChainFault>> {
        self.read(|db| fault_of(db, noted, found))
    }

    fn hash_at(&self, seq: u64) -> Option<String> {
        self.read(|db| hash_at(db, seq)).ok()
    }

    fn head_file(&self) -> HeadFile {
        HeadFile::new(self.places.head())
    }

    /// Refuses when numbers that are taken now might be taken a second time: after an old copy of the database was put back,
    /// or a backup where nobody knows what was given since, with the clock far back, or where locks do not work.
    ///
    /// # Errors
    /// Those of [`Store::must_be_latest`], [`StoreError::Unsure`], [`StoreError::ClockBack`] and [`StoreError::NoLocks`].
    pub fn may_take_numbers(&self) -> Result<()> {
        self.must_be_latest()?;
        if let Some(since) = self.setting(UNSURE)? {
            return Err(StoreError::Unsure { since });
        }
        if let Some((last, now)) = self.clock_fault()? {
            return Err(StoreError::ClockBack { last, now });
        }
        self.must_have_locks()
    }

    /// Gives the time of the last entry and of now, where the clock stands far before that.
    pub(super) fn clock_fault(&self) -> Result<Option<(String, String)>> {
        self.times(&format!("strftime('%Y-%m-%dT%H:%M:%SZ', 'now', '{CLOCK_SLACK}') < time"))
    }

    /// Gives the day of the last entry and of now, where the clock has gone so far since that it may be wrong.
    pub fn clock_jump(&self) -> Result<Option<(String, String)>> {
        self.times(&format!("strftime('%Y-%m-%dT%H:%M:%SZ', time, '{CLOCK_JUMP}') < {NOW}"))
    }

    /// Gives the time of the last entry and of now under a condition.
    fn times(&self, condition: &str) -> Result<Option<(String, String)>> {
        let statement =
            format!("SELECT time, {NOW} FROM audit WHERE seq = (SELECT max(seq) FROM audit) AND {condition}");
        self.read(|db| db.query_row(&statement, [], |r| Ok((r.get(0)?, r.get(1)?))).optional())
    }

    /// Gives the day of the last entry where a clock had been ahead once: a later one that stands in the ledger is of that clock.
    pub(super) fn day_since_clock_was_ahead(tx: &Transaction) -> rusqlite::Result<Option<NaiveDate>> {
        let statement = "SELECT date(time, 'localtime') FROM audit WHERE seq = (SELECT max(seq) FROM audit) AND EXISTS
             (SELECT 1 FROM audit WHERE action = 'audit.accept' AND json_extract(after, '$.clock') IS NOT NULL)";
        let day: Option<String> = tx.query_row(statement, [], |r| r.get(0)).optional()?;
        Ok(day.and_then(|day| day.parse().ok()))
    }

    /// Tells whether the database is the one whose end was noted outside last.
    ///
    /// # Errors
    /// [`StoreError::OldCopy`], [`StoreError::NoNote`] and [`StoreError::NoteUnread`].
    pub fn must_be_latest(&self) -> Result<()> {
        let path = self.path.clone();
        match self.head_fault()? {
            None => Ok(()),
            Some(ChainFault::Missing { noted, found }) => Err(StoreError::OldCopy { path, noted, found }),
            Some(ChainFault::Other { noted, .. }) => {
                Err(StoreError::OldCopy { path, noted, found: self.audit_head()? })
            }
            Some(_) => Err(StoreError::NoNote { path: self.places.head(), found: self.audit_head()? }),
        }
    }

    /// Follows the whole chain and compares its end with the one noted outside, and with one that was printed. Gives the
    /// end and everything that is wrong.
    pub fn verify_audit(&self, printed: Option<&Head>) -> Result<(Head, Vec<ChainFault>)> {
        let mut chain = Chain::default();
        let mut faults = Vec::new();
        let outside = self.head_fault()?;
        loop {
            let page = self.entries_after(chain.head().count, &EntryFilter::default(), PAGE)?;
            if page.is_empty() {
                break;
            }
            page.iter().for_each(|entry| faults.extend(chain.take(entry)));
        }
        let head = chain.head().clone();
        faults.extend(outside);
        if let Some(printed) = printed {
            let fault = self.fault_of(printed.clone(), head.clone())?;
            faults.extend(fault.filter(|f| !faults.contains(f)));
        }
        Ok((head, faults))
    }

    /// Takes the database as it is after a real restore, or after the clock was ahead and is set back: an entry says what is
    /// missing and what the clock says, then the file outside follows.
    /// Tells what was missing; nothing is written when nothing is.
    pub fn accept_audit(&self, reason: &str) -> Result<Option<ChainFault>> {
        let unsure = self.setting(UNSURE)?;
        let ahead = self.clock_fault()?;
        let doubted = self.clock_doubt()?;
        let clock = ahead.as_ref().map(|(_, now)| now.clone());
        let fault = self.head_fault()?.or_else(|| unsure.clone().map(ChainFault::Restored));
        let fault = fault.or_else(|| ahead.map(|(last, now)| ChainFault::Ahead { last, now }));
        let moment = |seconds| {
            DateTime::from_timestamp(seconds, 0).map_or(String::new(), |at| at.format("%Y-%m-%dT%H:%M:%SZ").to_string())
        };
        let fault =
            fault.or_else(|| doubted.map(|(told, now)| ChainFault::Doubted { told: moment(told), now: moment(now) }));
        let Some(fault) = fault else { return Ok(None) };
        let found = self.audit_head()?;
        let (noted, missing) = match &fault {
            ChainFault::Missing { noted, found } => (Some(noted.clone()), noted.count - found.count),
            ChainFault::Other { noted, .. } => (Some(noted.clone()), 0),
            _ => (None, 0),
        };
        let after = ChainAccepted { end: found, missing, restored: unsure, clock };
        let action = Action::AuditAccept(Act { object: TheChain, before: noted, after });
        self.write(|tx| {
            tx.execute("DELETE FROM setting WHERE key = ?1", [UNSURE])?;
            clock::note(tx, true)?;
            self.append(tx, &action, reason)
        })?;
        self.head_file().force(&self.audit_head()?)?;
        Ok(Some(fault))
    }

    /// Notes that personal values of an object are about to be shown whole, and why.
    pub fn note_unmask(&self, object: &UnmaskedObject, reason: &str) -> Result<u64> {
        let action = Action::AuditUnmask(Act { object: object.subject(), before: (), after: () });
        self.write(|tx| self.append(tx, &action, reason))
    }
}

impl StoreReader {
    /// Tells what the file outside knows of the chain that the database does not; nothing when all is well.
    pub fn head_fault(&self) -> Result<Option<ChainFault>> {
        let file = HeadFile::new(self.head.clone());
        file.must_open()?;
        self.read(|db| head_fault(db, &file))
    }

    /// Tells why no numbers are given: what [`StoreReader::head_fault`] finds, or that a backup was put back of which nobody has
    /// said yet what came after it.
    pub fn number_fault(&self) -> Result<Option<ChainFault>> {
        let statement = "SELECT value FROM setting WHERE key = ?1";
        match self.head_fault()? {
            None => {
                self.read(|db| db.query_row(statement, [UNSURE], |r| r.get(0).map(ChainFault::Restored)).optional())
            }
            found => Ok(found),
        }
    }
}

pub(super) fn head_fault(db: &rusqlite::Connection, file: &HeadFile) -> rusqlite::Result<Option<ChainFault>> {
    // The file first: entries that are added meanwhile only make the database longer.
    let noted = file.read();
    let found = head(db)?;
    match noted {
        None if found.count == 0 => Ok(None),
        None => Ok(Some(ChainFault::Unnoted(found))),
        Some(noted) => fault_of(db, noted, found),
    }
}

pub(super) fn fault_of(db: &rusqlite::Connection, noted: Head, found: Head) -> rusqlite::Result<Option<ChainFault>> {
    if found.count < noted.count {
        return Ok(Some(ChainFault::Missing { noted, found }));
    }
    let hash = if noted.count == 0 { Head::default().hash } else { hash_at(db, noted.count)? };
    Ok(if noted.means(&hash) { None } else { Some(ChainFault::Other { noted, hash }) })
}

/// Lists the entries about an object, oldest first.
pub(super) fn entries_of(db: &rusqlite::Connection, object: &str) -> rusqlite::Result<Vec<AuditEntry>> {
    db.prepare_cached(&format!("SELECT {ENTRY_COLUMNS} FROM audit WHERE object = ?1 ORDER BY seq"))?
        .query_map([object], entry_of)?
        .collect()
}

/// Reads the end of the chain.
pub(super) fn head(db: &rusqlite::Connection) -> rusqlite::Result<Head> {
    let last = db
        .prepare_cached("SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1")?
        .query_row([], |r| Ok(Head { count: r.get::<_, i64>(0)? as u64, hash: r.get(1)? }))
        .optional()?;
    Ok(last.unwrap_or_default())
}

/// Reads the hash of an entry; nothing when there is no such entry.
pub(super) fn hash_at(db: &rusqlite::Connection, seq: u64) -> rusqlite::Result<String> {
    let found =
        db.prepare_cached("SELECT hash FROM audit WHERE seq = ?1")?.query_row([seq as i64], |r| r.get(0)).optional()?;
    Ok(found.unwrap_or_default())
}

#[cfg(test)]
#[path = "audit/tests.rs"]
mod tests;
