//! Putting a copy in the place of the store (恢复), such that no number is given twice for it.
//!
//! The pages go into the file that is there, by one transaction under a lock that nobody else passes: whoever waits for the
//! file finds the restored one, and a process that dies leaves the one before. What the store knows of numbers that the copy
//! lacks becomes gaps with a reason, so that the next number is above all that were ever given; where that cannot be known,
//! numbers are refused until somebody has said so ([`Store::accept_audit`]).

use std::path::Path;
use std::time::Duration;

use chrono::NaiveDate;
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, OptionalExtension, ToSql, params};

use super::audit::{self, HeadFile, UNSURE};
use super::backup::{CopiedStore, copy, facts};
use super::error::{Result, StoreError};
use super::places::{self, StatePaths};
use super::session::{self, BatchHolder};
use super::{Store, schema};
use crate::cause::OwnFileFault;
use crate::domain::code::CertCode;
use crate::domain::ledger::action::{Act, Action, ActionName, BackupPutBack, SeriesRun, SeriesTerms, TheChain};
use crate::domain::ledger::audit::Head;
use crate::domain::ledger::{Marked, Run, Selection, SeriesKey, missing, runs};

/// How long the lock is waited for.
const PATIENCE: Duration = Duration::from_secs(5);

/// The numbers of a series that the store has given and the copy does not know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LackingNumbers {
    pub key: SeriesKey,
    profile: String,
    range: Run,
    high: u32,
    /// The serials, as runs.
    pub given: Vec<Run>,
}

/// What the store has that the copy lacks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lacking {
    /// Whether the store could be asked at all, and is the latest itself. Else only what `entries` says is known.
    pub is_sure: bool,
    /// How many entries of the audit chain, as far as that is known.
    pub entries: u64,
    /// What they did, and how often.
    pub actions: Vec<(String, u64)>,
    pub numbers: Vec<LackingNumbers>,
    /// Numbers that the copy still has as reserved and the store has used or made void.
    pub spent: Vec<CertCode>,
    /// The end of the store's chain as far as it is known.
    pub head: Option<Head>,
}

impl Lacking {
    /// Tells whether numbers may be given at once: all that were given are known, and the institutions are as they were. One
    /// that was cancelled since would issue again; and nobody here knows what an action of a later release does.
    pub fn may_go_on(&self) -> bool {
        let is_harmless = |action: &str| ActionName::read(action).is_some_and(|name| name.event().is_none());
        self.is_sure && self.actions.iter().all(|(action, _)| is_harmless(action))
    }
}

/// The store that is to be replaced, locked against everybody else.
#[derive(Debug)]
pub struct Swap {
    db: Connection,
    places: StatePaths,
    noted: Option<Head>,
    /// Whether there is anything to lose.
    pub is_empty: bool,
    /// Who has it open: on other hosts, of which nobody here can tell whether they live; on this one only where that was no
    /// reason to stop.
    pub sessions: Vec<BatchHolder>,
}

impl Swap {
    /// Locks the store of a state folder; an empty one is made where there is none.
    ///
    /// # Errors
    /// [`StoreError::InUse`] while somebody on this host has it open, unless `despite` that; [`StoreError::Busy`],
    /// [`StoreError::Newer`]; [`StoreError::Damaged`] for a file that must be put aside first.
    pub fn begin(places: &StatePaths, despite: bool) -> Result<Swap> {
        places.prepare()?;
        let path = places.database();
        let db = schema::connect(&path, PATIENCE)?;
        let version = schema::version(&db, &path, schema::MIGRATIONS.len() as i64)?;
        if version != 0 {
            in_use(&db, &path, despite)?;
        }
        // From here to the end of the connection the lock is kept, over every transaction.
        let lock = "PRAGMA main.locking_mode = EXCLUSIVE; PRAGMA journal_mode = DELETE; PRAGMA synchronous = EXTRA;
                    PRAGMA temp_store = MEMORY; PRAGMA secure_delete = ON; BEGIN EXCLUSIVE; COMMIT";
        db.execute_batch(lock).map_err(|e| match StoreError::from_sql(&path, &e) {
            StoreError::Busy { .. } => StoreError::Busy { holder: session::others(&path, 0) },
            other => other,
        })?;
        // Somebody may have come while the lock was waited for.
        let sessions = if version == 0 { Vec::new() } else { in_use(&db, &path, despite)? };
        let noted = HeadFile::new(places.head()).read();
        Ok(Swap { db, places: places.clone(), noted, is_empty: version == 0, sessions })
    }

    /// Copies the store that is there into a folder.
    pub fn copy_to(&self, folder: &Path) -> Result<CopiedStore> {
        copy(&self.db, &self.places.database(), folder)
    }

    /// Compares the store that is there with the copy that is to take its place.
    pub fn lacking(&self, copied: &StatePaths) -> Result<Lacking> {
        let path = self.places.database();
        let sql = |e: rusqlite::Error| StoreError::from_sql(&path, &e);
        let attached = AttachedCopy::new(&self.db, &copied.database()).map_err(sql)?;
        let theirs = self.db.query_row("SELECT count(*) FROM copy.audit", [], |r| r.get::<_, i64>(0)).map_err(sql)?;
        let theirs = theirs as u64;
        if self.is_empty {
            return Ok(unknown(self.noted.clone(), theirs, &|at| attached.hash_at(at)));
        }
        // The first version gave no numbers.
        if facts(&self.db, &path)?.schema < 2 {
            return Ok(Lacking { is_sure: true, ..Lacking::default() });
        }
        let read = || -> rusqlite::Result<Lacking> {
            let head = audit::head(&self.db)?;
            let common = attached.common(theirs.min(head.count))?;
            let actions = self
                .db
                .prepare("SELECT action, count(*) FROM main.audit WHERE ?1 < seq GROUP BY action ORDER BY action")?
                .query_map([common as i64], |r| Ok((r.get(0)?, r.get::<_, i64>(1)? as u64)))?
                .collect::<rusqlite::Result<_>>()?;
            let is_sure = audit::head_fault(&self.db, &HeadFile::new(self.places.head()))?.is_none()
                && self
                    .db
                    .query_row("SELECT 1 FROM main.setting WHERE key = ?1", [UNSURE], |_| Ok(()))
                    .optional()?
                    .is_none();
            let latest = self.noted.as_ref().map_or(head.count, |noted| noted.count.max(head.count));
            let (numbers, spent) = (attached.unknown_numbers()?, attached.spent()?);
            Ok(Lacking { is_sure, entries: latest - common, actions, numbers, spent, head: Some(head) })
        };
        read().map_err(sql)
    }

    /// Puts a copy, prepared by [`prepare_copy`], in the place of the store, and notes its end outside.
    pub fn put(mut self, copied: &StatePaths) -> Result<CopiedStore> {
        let (path, from) = (self.places.database(), copied.database());
        let sql = |e: rusqlite::Error| StoreError::from_sql(&path, &e);
        {
            let from = schema::connect(&from, PATIENCE)?;
            schema::fill(&from, &mut self.db).map_err(sql)?;
        }
        let found: String = self.db.query_row("PRAGMA integrity_check(1)", [], |r| r.get(0)).map_err(sql)?;
        if found != "ok" {
            return Err(StoreError::damaged(&path, OwnFileFault::Content));
        }
        let put = facts(&self.db, &path)?;
        HeadFile::new(self.places.head()).force(&put.head)?;
        // The lock goes with the next reading, and the journal that it kept.
        self.db.execute_batch("PRAGMA main.locking_mode = NORMAL").map_err(sql)?;
        facts(&self.db, &path)
    }
}

/// Tells what is lacking where the store that was there cannot be asked: `theirs` is how many entries the copy has, `hash_at`
/// their hashes.
pub fn unknown(noted: Option<Head>, theirs: u64, hash_at: &dyn Fn(u64) -> Option<String>) -> Lacking {
    // The copy is the last there was when its end is the one that was noted outside.
    let is_sure = noted.as_ref().is_some_and(|noted| {
        noted.count == theirs && (theirs == 0 || hash_at(theirs).is_some_and(|hash| noted.means(&hash)))
    });
    let entries = noted.as_ref().map_or(0, |noted| noted.count.saturating_sub(theirs));
    Lacking { is_sure, entries, head: noted, ..Lacking::default() }
}

/// Refuses while somebody on this host has the store open, unless `despite` that; gives the sessions that may live.
fn in_use(db: &Connection, path: &Path, despite: bool) -> Result<Vec<BatchHolder>> {
    let (here, elsewhere) = session::living_sessions(db).map_err(|e| StoreError::from_sql(path, &e))?;
    let is_refused = !despite && !here.is_empty();
    let holders: Vec<BatchHolder> = here.into_iter().chain(elsewhere).collect();
    if is_refused { Err(StoreError::InUse { holders }) } else { Ok(holders) }
}

/// Where a copy comes from, for the entry that tells of its being put back.
#[derive(Debug, Clone, Copy)]
pub struct CopyOrigin<'a> {
    /// The file's name without its folder.
    pub file: &'a str,
    /// Its SHA-256 in hexadecimal.
    pub sha256: &'a str,
    /// When it was made, UTC.
    pub made: &'a str,
    /// What the reason of a gap says.
    pub reason: &'a str,
    /// The day on which it is put back.
    pub on: NaiveDate,
}

/// Writes into a copy that it is put back: an entry, and the numbers that it lacks as gaps. The store that it replaces is not
/// touched.
pub fn prepare_copy(copied: &StatePaths, user: &str, origin: CopyOrigin<'_>, lacking: &Lacking) -> Result<()> {
    let store = Store::open_waiting(copied, user, "restore", Duration::ZERO)?;
    let head = store.audit_head()?;
    let mut may_go_on = lacking.may_go_on();
    if !lacking.spent.is_empty() {
        // Reserved numbers that stand on somebody's certificate, or on none for good, are not given again.
        let spent = Selection::Codes(lacking.spent.clone());
        may_go_on &= matches!(store.void(&spent, origin.on, origin.reason)?, Marked::Done(..));
    }
    let gaps = lacking.numbers.iter().flat_map(|m| m.given.iter().map(|run| SeriesRun::new(m.key, *run)));
    let after = BackupPutBack {
        file: origin.file.to_string(),
        sha256: origin.sha256.to_string(),
        made: origin.made.to_string(),
        backup: head,
        missing: lacking.entries,
        known: lacking.is_sure,
        gaps: gaps.collect(),
        void: lacking.spent.len() as u64,
        reason: origin.reason.to_string(),
        terms: lacking.numbers.iter().map(|m| SeriesTerms::new(m.key, &m.profile, m.range)).collect(),
    };
    let action = Action::AuditRestore(Act { object: TheChain, before: lacking.head.clone(), after });
    store.write(|tx| {
        let entry = store.append(tx, &action, "")?;
        for lacked in &lacking.numbers {
            take(tx, lacked, entry, origin.reason)?;
        }
        tx.execute("DELETE FROM setting WHERE key = ?1", [UNSURE])?;
        if !may_go_on {
            tx.execute("INSERT INTO setting VALUES (?1, ?2)", [UNSURE, origin.made])?;
        }
        Ok(())
    })?;
    store.note_backup(origin.made)
}

/// Notes the numbers of a series that were given after the copy was made.
fn take(db: &Connection, lacked: &LackingNumbers, entry: u64, reason: &str) -> rusqlite::Result<()> {
    db.execute(
        "INSERT INTO series (key, profile, first, last, high) VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (key) DO NOTHING",
        params![lacked.key.as_str(), lacked.profile, lacked.range.0, lacked.range.1, lacked.range.0.saturating_sub(1)],
    )?;
    let (series, high): (i64, i64) =
        db.query_row("SELECT id, high FROM series WHERE key = ?1", [lacked.key.as_str()], |r| {
            Ok((r.get(0)?, r.get(1)?))
        })?;
    let serials: Vec<u32> = lacked.given.iter().flat_map(|(first, last)| *first..=*last).collect();
    let mut insert = db.prepare("INSERT INTO gap VALUES (?1, ?2, ?3, ?4, ?5)")?;
    // Those that filled a gap which the copy still has: what is left of the gap keeps its reason.
    let known: Vec<(u32, u32, i64, String)> = db
        .prepare("SELECT first, last, entry, reason FROM gap WHERE series = ?1 ORDER BY first")?
        .query_map([series], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?)))?
        .collect::<rusqlite::Result<_>>()?;
    for (first, last, old, why) in known {
        let within: Vec<u32> = serials.iter().copied().filter(|s| (first..=last).contains(s)).collect();
        if within.is_empty() {
            continue;
        }
        db.execute("DELETE FROM gap WHERE series = ?1 AND first = ?2", params![series, first])?;
        for (from, to) in missing((first, last), &within) {
            insert.execute(params![series, from, to, old, why])?;
        }
        for (from, to) in runs(&within) {
            insert.execute(params![series, from, to, entry as i64, reason])?;
        }
    }
    // All above the copy's largest number, gaps of the replaced store among them.
    if high < i64::from(lacked.high) {
        insert.execute(params![series, high + 1, lacked.high, entry as i64, reason])?;
        db.execute("UPDATE series SET high = ?2 WHERE id = ?1", params![series, lacked.high])?;
    }
    Ok(())
}

/// A path as `SQLite` takes it, whatever its bytes.
struct Name<'a>(&'a Path);

impl ToSql for Name<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        use std::os::unix::ffi::OsStrExt;
        Ok(ToSqlOutput::Borrowed(ValueRef::Text(self.0.as_os_str().as_bytes())))
    }
}

/// A copy beside the store, as `copy` in its statements; goes with this.
struct AttachedCopy<'a>(&'a Connection);

impl AttachedCopy<'_> {
    fn new<'a>(db: &'a Connection, path: &Path) -> rusqlite::Result<AttachedCopy<'a>> {
        db.execute("ATTACH DATABASE ?1 AS copy", params![Name(path)])?;
        Ok(AttachedCopy(db))
    }

    fn hash_at(&self, at: u64) -> Option<String> {
        self.0.query_row("SELECT hash FROM copy.audit WHERE seq = ?1", [at as i64], |r| r.get(0)).ok()
    }

    /// Finds how many entries the two chains have in common, `most` at most: where they differ once they differ to the end.
    fn common(&self, most: u64) -> rusqlite::Result<u64> {
        let mut same = self.0.prepare(
            "SELECT EXISTS (SELECT 1 FROM main.audit m JOIN copy.audit c ON c.seq = m.seq AND c.hash = m.hash
                            WHERE m.seq = ?1)",
        )?;
        let (mut low, mut high) = (0, most);
        while low < high {
            let middle = (low + high).div_ceil(2);
            if same.query_row([middle as i64], |r| r.get(0))? { low = middle } else { high = middle - 1 }
        }
        Ok(low)
    }

    /// Lists the numbers that are reserved in the copy and not in the store any more.
    fn spent(&self) -> rusqlite::Result<Vec<CertCode>> {
        // The status twice: the first condition is the index's own.
        let statement = "SELECT c.code FROM copy.certificate c JOIN main.certificate m ON m.code = c.code
            WHERE c.status IN ('reserved', 'void') AND c.status = 'reserved' AND m.status <> 'reserved' ORDER BY c.id";
        let codes: Vec<Option<CertCode>> = (self.0.prepare(statement)?)
            .query_map([], |r| Ok(CertCode::new(r.get_ref(0)?.as_str()?)))?
            .collect::<rusqlite::Result<_>>()?;
        Ok(codes.into_iter().flatten().collect())
    }

    /// Lists the numbers that the store has and the copy lacks.
    fn unknown_numbers(&self) -> rusqlite::Result<Vec<LackingNumbers>> {
        let mut given = self.0.prepare(
            "SELECT serial FROM main.certificate m WHERE m.id BETWEEN ?1 << 30 AND (?1 << 30 | 1073741823)
             AND NOT EXISTS (SELECT 1 FROM copy.certificate c WHERE c.code = m.code) ORDER BY m.id",
        )?;
        let mut all = self.0.prepare(
            "SELECT m.id, m.key, m.profile, m.first, m.last, m.high, coalesce(c.high, m.first - 1)
             FROM main.series m LEFT JOIN copy.series c ON c.key = m.key ORDER BY m.key",
        )?;
        let mut rows = all.query([])?;
        let mut numbers = Vec::new();
        while let Some(row) = rows.next()? {
            let Some(key) = SeriesKey::read(row.get_ref(1)?.as_str()?) else { continue };
            let id: i64 = row.get(0)?;
            let serials: Vec<u32> = given.query_map([id], |r| r.get(0))?.collect::<rusqlite::Result<_>>()?;
            let (high, known): (i64, i64) = (row.get(5)?, row.get(6)?);
            if !serials.is_empty() || known < high {
                numbers.push(LackingNumbers {
                    key,
                    profile: row.get(2)?,
                    range: (row.get(3)?, row.get(4)?),
                    high: high.max(0) as u32,
                    given: runs(&serials),
                });
            }
        }
        Ok(numbers)
    }
}

impl Drop for AttachedCopy<'_> {
    fn drop(&mut self) {
        let _ = self.0.execute_batch("DETACH DATABASE copy");
    }
}

/// Puts the files of a store that cannot be opened aside, into a folder.
pub fn put_aside(places: &StatePaths, folder: &Path) -> Result<()> {
    let mut journal = places.database().into_os_string();
    journal.push("-journal");
    for file in [places.database(), journal.into(), places.head()] {
        let Some(name) = file.file_name().filter(|_| file.symlink_metadata().is_ok()) else { continue };
        std::fs::rename(&file, folder.join(name)).map_err(|e| StoreError::from_io(&file, &e))?;
    }
    places::private_file(&places.database())
}

/// Gives the end of the chain that is noted outside the database.
pub fn noted_head(places: &StatePaths) -> Option<Head> {
    HeadFile::new(places.head()).read()
}
