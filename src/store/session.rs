//! Who has the store open, and the one session that may change a batch.

use std::collections::BTreeSet;
use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};
use rustix::process::{Pid, test_kill_process};

use super::error::{Result, StoreError};
use super::{NOW, Store, schema};
use crate::domain::ledger::BatchId;
use crate::domain::ledger::action::{Act, Action, HeldFrom, TakenBy};

/// A process, such that a later one with the same number on the same host is another.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Process {
    host: String,
    pid: u32,
    /// Clock ticks between the boot and the start, where the system tells.
    started: Option<i64>,
}

impl Process {
    fn current() -> Process {
        let pid = std::process::id();
        Process { host: host(), pid, started: started(pid) }
    }

    /// Tells whether the process may still run; of one on another host nobody can tell, so it may.
    fn may_live(&self) -> bool {
        if self.host != host() {
            return true;
        }
        // A process of another user answers with EPERM, and lives.
        let answers = Pid::from_raw(self.pid as i32)
            .is_some_and(|pid| test_kill_process(pid).map_or_else(|e| e == rustix::io::Errno::PERM, |()| true));
        answers
            && !has_ended(self.pid)
            && (self.started.is_none() || started(self.pid).is_none_or(|now| Some(now) == self.started))
    }
}

pub(super) fn host() -> String {
    let name = std::fs::read_to_string("/proc/sys/kernel/hostname")
        .or_else(|_| std::fs::read_to_string("/etc/hostname"))
        .unwrap_or_default();
    let name = name.trim();
    if name.is_empty() { "localhost" } else { name }.to_string()
}

fn started(pid: u32) -> Option<i64> {
    stat(pid, 19)?.parse().ok()
}

/// Tells whether a process has ended and only waits for its parent to take note: it answers to its number, and does nothing
/// any more.
fn has_ended(pid: u32) -> bool {
    stat(pid, 0).is_some_and(|state| matches!(state.as_str(), "Z" | "X" | "x"))
}

/// Gives a word of what the system tells of a process: the first is its state, the 20th its start.
fn stat(pid: u32, word: usize) -> Option<String> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The program's name stands before it in parentheses and may hold blanks.
    stat.rsplit_once(')')?.1.split_ascii_whitespace().nth(word).map(String::from)
}

/// Lists the processes of this host that hold a lock on a file, as far as the system tells.
fn lock_holders(path: &Path) -> BTreeSet<u32> {
    let Some((device, inode)) = super::places::identity(path) else { return BTreeSet::new() };
    let file = format!("{:02x}:{:02x}:{inode}", rustix::fs::major(device), rustix::fs::minor(device));
    let locks = std::fs::read_to_string("/proc/locks").unwrap_or_default();
    let holder = |line: &str| {
        // 1: POSIX ADVISORY WRITE 4711 08:01:123 0 EOF; whoever waits has an arrow behind the number.
        let words: Vec<&str> = line.split_ascii_whitespace().collect();
        (*words.get(5)? == file).then(|| words[4].parse().ok()).flatten()
    };
    locks.lines().filter_map(holder).collect()
}

/// A session as the table has it, from `user, host, pid, started, since, id`.
fn session_of(row: &Row) -> rusqlite::Result<(BatchHolder, Process, i64)> {
    let process = Process { host: row.get(1)?, pid: row.get(2)?, started: row.get(3)? };
    let by = BatchHolder { user: row.get(0)?, host: process.host.clone(), pid: process.pid, since: row.get(4)? };
    Ok((by, process, row.get(5)?))
}

/// Signs on, and signs off those who died on this host; their claims go with them.
pub(super) fn enter(tx: &Transaction, user: &str, what: &str) -> rusqlite::Result<i64> {
    let dead: Vec<i64> = {
        let mut all = tx.prepare("SELECT user, host, pid, started, since, id FROM session")?;
        let all = all.query_map([], session_of)?.collect::<rusqlite::Result<Vec<_>>>()?;
        all.into_iter().filter(|(_, process, _)| !process.may_live()).map(|(_, _, id)| id).collect()
    };
    for id in dead {
        tx.execute("DELETE FROM session WHERE id = ?1", [id])?;
    }
    let me = Process::current();
    tx.execute(
        &format!("INSERT INTO session (pid, started, user, host, since, what) VALUES (?1, ?2, ?3, ?4, {NOW}, ?5)"),
        params![me.pid, me.started, user, me.host, what],
    )?;
    Ok(tx.last_insert_rowid())
}

/// Tells whether a session is ours: after another store has taken the place of the one signed on to, its number may be another's.
pub(super) fn is_signed_on(db: &Connection, session: i64) -> rusqlite::Result<bool> {
    let me = Process::current();
    db.prepare_cached("SELECT EXISTS (SELECT 1 FROM session WHERE id = ?1 AND pid = ?2 AND started IS ?3)")?
        .query_row(params![session, me.pid, me.started], |r| r.get(0))
}

/// Signs off. Whoever cannot now is found dead by the next one who looks.
pub(super) fn leave(db: &Connection, session: i64) {
    let _ = db.execute("DELETE FROM session WHERE id = ?1 AND pid = ?2", params![session, std::process::id()]);
}

/// Names the other living sessions that hold the lock. Where the system does not tell who does, as for a process on another
/// host, any of them may be it, and all are named; a program that is none of ours is named as the system knows it.
///
/// Reads over a connection of its own, since the waiting one may be in the middle of something.
pub(super) fn others(path: &Path, me: i64) -> Option<String> {
    let holders = lock_holders(path);
    let (here, own) = (host(), std::process::id());
    let db = schema::connect(path, Duration::from_millis(300)).ok()?;
    let mut all = db.prepare("SELECT user, host, pid, started, since, id FROM session ORDER BY id").ok()?;
    let others: Vec<BatchHolder> = all
        .query_map([], session_of)
        .ok()?
        .flatten()
        .filter(|(_, process, id)| *id != me && process.may_live())
        .map(|(by, _, _)| by)
        .collect();
    let holds = |by: &&BatchHolder| by.host == here && holders.contains(&by.pid);
    let name = |by: &BatchHolder| format!("{}@{} (pid {})", by.user, by.host, by.pid);
    let mut names: Vec<String> = others.iter().filter(holds).map(name).collect();
    if names.is_empty() {
        let strangers = holders.iter().filter(|pid| **pid != own);
        names = strangers.map(|pid| format!("{} (pid {pid})", program(*pid))).collect();
    }
    if names.is_empty() {
        names = others.iter().map(name).collect();
    }
    (!names.is_empty()).then(|| names.join(", "))
}

/// Names the program of a process.
fn program(pid: u32) -> String {
    let name = std::fs::read_to_string(format!("/proc/{pid}/comm")).unwrap_or_default();
    if name.trim().is_empty() { "?" } else { name.trim() }.to_string()
}

/// Lists the sessions of others that may live: those on this host, and those elsewhere, of which nobody here can tell.
pub(super) fn living_sessions(db: &Connection) -> rusqlite::Result<(Vec<BatchHolder>, Vec<BatchHolder>)> {
    let mut all = db.prepare("SELECT user, host, pid, started, since, id FROM session ORDER BY id")?;
    let all = all.query_map([], session_of)?.collect::<rusqlite::Result<Vec<_>>>()?;
    let living = all.into_iter().filter(|(_, process, _)| process.may_live()).map(|(by, ..)| by);
    Ok(living.partition(|by| by.host == host()))
}

/// Who is editing a batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BatchHolder {
    pub user: String,
    pub host: String,
    /// The process on that host.
    pub pid: u32,
    /// Since when, UTC.
    pub since: String,
}

impl BatchHolder {
    /// Tells whether it is this program itself, over another connection.
    pub fn is_own(&self) -> bool {
        self.pid == std::process::id() && self.host == host()
    }
}

impl fmt::Display for BatchHolder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}@{} (pid {}) since {}", self.user, self.host, self.pid, self.since)
    }
}

/// The right to change a batch; given back when dropped.
#[derive(Debug)]
pub struct Claim {
    path: PathBuf,
    batch: BatchId,
    session: i64,
    released: bool,
}

impl Claim {
    /// Gives the claim back and tells whether that was stored.
    pub fn release(mut self) -> Result<()> {
        self.give_back(Duration::from_secs(5))
    }

    fn give_back(&mut self, patience: Duration) -> Result<()> {
        if std::mem::replace(&mut self.released, true) {
            return Ok(());
        }
        // A connection of its own, so that a claim need not borrow the store.
        let db = schema::connect(&self.path, patience)?;
        db.execute("DELETE FROM claim WHERE batch = ?1 AND session = ?2", params![self.batch.0, self.session])
            .map_err(|e| StoreError::from_sql(&self.path, &e))?;
        Ok(())
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        // A claim that cannot be given back ends with the store's session at the latest.
        let _ = self.give_back(Duration::from_millis(200));
    }
}

impl Store {
    /// Claims a batch for editing; refused with [`StoreError::Held`] while another living session has it.
    pub fn claim(&self, batch: BatchId) -> Result<Claim> {
        self.take(batch, false)
    }

    /// Claims a batch even from a session that may live: for one on another host, after asking the user.
    pub fn take_over(&self, batch: BatchId) -> Result<Claim> {
        self.take(batch, true)
    }

    /// Names the other living session that holds a batch.
    pub fn holder(&self, batch: BatchId) -> Result<Option<BatchHolder>> {
        let found = self.read(|db| holder(db, batch))?;
        Ok(found.and_then(|(by, process, session)| (session != self.session && process.may_live()).then_some(by)))
    }

    /// Tells whether this session still holds a batch: another may have taken it over.
    pub fn holds(&self, batch: BatchId) -> Result<bool> {
        Ok(self.read(|db| holder(db, batch))?.is_some_and(|(.., session)| session == self.session))
    }

    fn take(&self, batch: BatchId, by_force: bool) -> Result<Claim> {
        self.write_checked(|tx| {
            let sql = |e: rusqlite::Error| self.error(&e);
            self.must_exist(tx, batch)?;
            if let Some((by, process, session)) = holder(tx, batch).map_err(sql)?
                && session != self.session
                && process.may_live()
            {
                if !by_force {
                    return Err(StoreError::Held(by));
                }
                let BatchHolder { user, host: from, since, .. } = by;
                let before = HeldFrom { user, host: from, since };
                let after = TakenBy { user: self.user.clone(), host: host() };
                let action = Action::BatchTakeOver(Act { object: batch, before, after });
                self.append(tx, &action, "").map_err(sql)?;
            }
            let statement = format!(
                "INSERT INTO claim VALUES (?1, ?2, {NOW})
                 ON CONFLICT (batch) DO UPDATE SET session = excluded.session, since = excluded.since"
            );
            tx.execute(&statement, params![batch.0, self.session]).map_err(sql)?;
            self.note_in_hand(tx, batch).map_err(sql)
        })?;
        Ok(Claim { path: self.path.clone(), batch, session: self.session, released: false })
    }

    /// Refuses a change while the batch is another process's: its own picture of the batch would be wrong afterwards.
    pub(super) fn must_not_be_held(&self, tx: &Transaction, batch: BatchId) -> Result<()> {
        match holder(tx, batch).map_err(|e| self.error(&e))? {
            Some((by, process, session))
                if session != self.session && process != Process::current() && process.may_live() =>
            {
                Err(StoreError::Held(by))
            }
            _ => Ok(()),
        }
    }
}

fn holder(db: &Connection, batch: BatchId) -> rusqlite::Result<Option<(BatchHolder, Process, i64)>> {
    let statement = "SELECT s.user, s.host, s.pid, s.started, c.since, s.id
                     FROM claim c JOIN session s ON s.id = c.session WHERE c.batch = ?1";
    db.prepare_cached(statement)?.query_row([batch.0], session_of).optional()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::batches::samples;

    #[test]
    fn one_session_at_a_time_may_edit_a_batch() {
        let dir = tempfile::tempdir().unwrap();
        let (first, second) = (samples::open(dir.path(), "wang"), samples::open(dir.path(), "li"));
        let batch = first.create_batch(&samples::new_batch("a.csv")).unwrap();
        let claim = first.claim(batch).unwrap();
        let StoreError::Held(by) = second.claim(batch).unwrap_err() else { panic!("not held") };
        assert_eq!((by.user.as_str(), by.pid), ("wang", std::process::id()));
        drop(claim);
        let claim = second.claim(batch).unwrap();
        assert_eq!(first.claim(batch).unwrap_err().key(), "held");
        claim.release().unwrap();
        let _claim = first.claim(batch).unwrap();
        drop(first);
        drop(second.claim(batch).unwrap());
        assert_eq!(second.claim(BatchId(99)).unwrap_err().key(), "no-batch");
    }

    #[test]
    fn a_dead_holder_loses_the_claim_and_a_far_one_keeps_it() {
        let dir = tempfile::tempdir().unwrap();
        let store = samples::open(dir.path(), "li");
        let batch = store.create_batch(&samples::new_batch("a.csv")).unwrap();
        let mut child = std::process::Command::new("true").spawn().unwrap();
        let dead = child.id();
        child.wait().unwrap();
        let hold = |pid: u32, started: Option<i64>, host: &str| {
            store
                .db
                .execute(
                    "INSERT INTO session (pid, started, user, host, since, what) VALUES (?1, ?2, 'wang', ?3, 't', '')",
                    params![pid, started, host],
                )
                .unwrap();
            let session = store.db.last_insert_rowid();
            store.db.execute("INSERT OR REPLACE INTO claim VALUES (?1, ?2, 't')", params![batch.0, session]).unwrap();
        };
        let change = samples::change(1, 1);
        hold(dead, None, &host());
        drop(store.claim(batch).unwrap());
        // One that has ended, of which its parent has not taken note yet.
        let mut ended = std::process::Command::new("true").spawn().unwrap();
        while !has_ended(ended.id()) {
            std::thread::sleep(Duration::from_millis(1));
        }
        hold(ended.id(), started(ended.id()), &host());
        drop(store.claim(batch).unwrap());
        ended.wait().unwrap();
        // Another process has the number of the one that died.
        hold(std::process::id(), Some(1), &host());
        drop(store.claim(batch).unwrap());
        hold(dead, None, "another host");
        assert_eq!(store.claim(batch).unwrap_err().key(), "held");
        assert_eq!(store.record(batch, &change).unwrap_err().key(), "held");
        let _claim = store.take_over(batch).unwrap();
        store.record(batch, &change).unwrap();
        let sessions = || store.db.query_row("SELECT count(*) FROM session", [], |r| r.get::<_, i64>(0)).unwrap();
        assert_eq!(sessions(), 5);
        let _next = samples::open(dir.path(), "zhao");
        assert_eq!(sessions(), 3, "the dead ones are signed off, the far one stays");
    }
}
