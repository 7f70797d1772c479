//! The store: one `SQLite` file under the state folder.
//!
//! Everything is plain and synchronous; a [`Store`] owns one connection and is meant for one worker thread. What a
//! function has stored is on the disk when it returns.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used))]

mod archive;
mod audit;
mod backup;
mod batch_counts;
mod batch_work;
mod batches;
mod begun;
mod cases;
mod changes;
mod choices;
mod clock;
mod due;
mod error;
mod events;
mod facts;
mod handed;
mod known;
mod ledger;
mod life;
mod locks;
mod packed;
mod parts;
mod places;
mod plain;
mod reader;
mod records;
mod registry;
mod restore;
mod returned;
mod schema;
mod screening;
mod search;
mod session;
mod shares;
mod staging;
mod statistics;
mod stock;
mod two_people;
mod verify;
mod who;
mod year_export;

use std::cell::{Cell, RefCell};
use std::path::PathBuf;
use std::time::Duration;

use rusqlite::{Connection, OptionalExtension, Transaction};

use crate::cause::OwnFileFault;
use crate::domain::ledger::audit::Head;
use crate::domain::sheet::MatchedHeader;

pub use backup::{CopiedStore, Counts, Unsaved, examine_backup};
pub use batch_work::{BatchCounts, BatchWork};
pub use batches::{ChangedReading, NewBatch, Skipped, SourceFile, StoredBatch};
pub use changes::Steps;
pub use choices::remember;
pub use due::OfDay;
pub use error::{Result, StoreError};
pub use facts::NewFact;
pub use handed::HandIn;
pub use ledger::{AdoptFile, Allocation, ExportFile, HolderOf, PrintOrder, PrintState, PrintedData, TriedFiles};
pub use locks::{VERB as PROBE_VERB, probe as try_locks, serve as serve_probe};
pub use parts::{NewPart, StoredPart};
pub use places::{ExposedPath, StatePaths};
pub use reader::StoreReader;
pub use registry::object_of;
pub use restore::{CopyOrigin, Lacking, LackingNumbers, Swap, noted_head, prepare_copy, put_aside, unknown};
pub use schema::VERSION as SCHEMA;
pub use search::{CertificatePage, Cursor};
pub use session::{BatchHolder, Claim};
pub use staging::StagingFolder;
pub use stock::{
    BlankAct, BlankFilter, BlankLife, BlankStep, BlanksDone, CountEnd, CountOrder, KeeperSpoilage, NotedDemand,
    Printed, Stocktake,
};
pub use who::{SystemUser, user};
pub use year_export::{YearFile, YearLines, YearSeries};

/// How long a writer waits for another one.
const PATIENCE: Duration = Duration::from_secs(5);

/// The time as the store writes it, UTC.
const NOW: &str = "strftime('%Y-%m-%dT%H:%M:%SZ', 'now')";

#[derive(Debug)]
pub struct Store {
    db: Connection,
    path: PathBuf,
    places: StatePaths,
    user: String,
    session: i64,
    /// The ends of the chain before and after what the transaction in hand appends.
    moved: RefCell<Option<(Head, Head)>>,
    /// The end of the chain as this store knows it for certain.
    last: RefCell<Head>,
    /// Which file was opened.
    file: Option<(u64, u64)>,
    /// The file's version, as it was asked for last, with regard to others' changes.
    seen: Cell<i64>,
    /// By how many seconds the disk's clock was ahead of ours at the signing on.
    disk_ahead: Cell<i64>,
    /// Whether locks were tried and found to work.
    locks_work: Cell<bool>,
    /// Whether what is done is only tried.
    is_trying: Cell<bool>,
    /// Where the store was made by this run, to be taken back if nothing comes of it: the folders that were made for it.
    begun: Option<Vec<PathBuf>>,
}

impl Store {
    /// Opens the store and creates or migrates it if need be. `user` and `what` tell others who has it open and why.
    pub fn open(places: &StatePaths, user: &str, what: &str) -> Result<Store> {
        Store::open_waiting(places, user, what, PATIENCE)
    }

    /// Tells whether there is a store; what is damaged or lost is an error and not none.
    pub fn is_there(places: &StatePaths) -> Result<bool> {
        schema::must_not_be_lost(places)?;
        // An empty file is none yet.
        Ok(places.database().symlink_metadata().is_ok_and(|found| !found.is_file() || found.len() != 0))
    }

    /// Opens the store with another time to wait for a writer than five seconds.
    pub fn open_waiting(places: &StatePaths, user: &str, what: &str, patience: Duration) -> Result<Store> {
        schema::must_not_be_lost(places)?;
        places.prepare()?;
        let path = places.database();
        // Before it is opened: one that is taken back meanwhile must not be known by the name of the next.
        let file = places::identity(&path);
        let mut db = schema::connect(&path, patience)?;
        let prepared = schema::prepare(&mut db, places, &schema::MIGRATIONS);
        let mut store = Store::over(db, places, user);
        store.file = file;
        prepared.map_err(|e| store.with_holder(e))?;
        store.settle_head()?;
        store.session = store.write(|tx| {
            clock::note(tx, false)?;
            session::enter(tx, user, what)
        })?;
        store.disk_ahead.set(clock::disk_ahead(&store.path));
        store.last.replace(store.audit_head()?);
        store.changed()?;
        Ok(store)
    }

    /// Opens the store for looking into it: nothing is made, brought up to this version or signed on to, and what would change
    /// anything is refused. Nothing where there is no store yet.
    pub fn look(places: &StatePaths, user: &str) -> Result<Option<Store>> {
        let opened = schema::open_to_read(places, PATIENCE)?;
        Ok(opened.map(|db| Store::over(db, places, user)))
    }

    /// Takes a connection that nobody has signed on over yet.
    fn over(db: Connection, places: &StatePaths, user: &str) -> Store {
        Store {
            db,
            path: places.database(),
            places: places.clone(),
            user: user.to_string(),
            session: 0,
            moved: RefCell::default(),
            last: RefCell::default(),
            file: places::identity(&places.database()),
            seen: Cell::default(),
            disk_ahead: Cell::default(),
            locks_work: Cell::default(),
            is_trying: Cell::default(),
            begun: None,
        }
    }

    /// Gives the database file.
    pub fn path(&self) -> &std::path::Path {
        &self.path
    }

    pub fn setting(&self, key: &str) -> Result<Option<String>> {
        self.read(|db| db.query_row("SELECT value FROM setting WHERE key = ?1", [key], |r| r.get(0)).optional())
    }

    /// Forgets how the columns of a header were matched; tells whether that was known.
    pub fn forget_columns(&self, fingerprint: &str) -> Result<bool> {
        let key = format!("{COLUMNS_OF}{fingerprint}");
        self.write(|tx| tx.execute("DELETE FROM setting WHERE key = ?1", [key])).map(|gone| gone != 0)
    }

    pub fn set_setting(&self, key: &str, value: &str) -> Result<()> {
        self.write(|tx| tx.execute(PUT_SETTING, [key, value]))?;
        Ok(())
    }

    /// Tells whether another process has changed anything since this was asked last.
    pub fn changed(&self) -> Result<bool> {
        let now = self.read(|db| db.query_row("PRAGMA data_version", [], |r| r.get(0)))?;
        Ok(self.seen.replace(now) != now)
    }

    /// Reads the whole file and tells what is wrong with it; takes seconds on a large one.
    pub fn examine(&self) -> Result<()> {
        let found: String = self.read(|db| db.query_row("PRAGMA integrity_check(1)", [], |r| r.get(0)))?;
        if found == "ok" { Ok(()) } else { Err(StoreError::damaged(&self.path, OwnFileFault::Content)) }
    }

    fn read<T>(&self, query: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<T> {
        query(&self.db).map_err(|e| self.error(&e))
    }

    /// Runs statements as one durable transaction that holds the write lock from its start.
    fn write<T>(&self, statements: impl FnOnce(&Transaction) -> rusqlite::Result<T>) -> Result<T> {
        self.write_checked(|tx| statements(tx).map_err(|e| self.error(&e)))
    }

    /// The same for statements that may refuse for reasons of their own; nothing is stored then.
    fn write_checked<T>(&self, statements: impl FnOnce(&Transaction) -> Result<T>) -> Result<T> {
        self.transact(|_| true, statements)
    }

    /// The same for what stands in the ledger, a case or the registry.
    ///
    /// # Errors
    /// [`StoreError::OldCopy`] after an old copy of the database was put back: what was done since would be lost.
    fn write_latest<T>(&self, statements: impl FnOnce(&Transaction) -> Result<T>) -> Result<T> {
        self.must_be_latest()?;
        self.write_checked(statements)
    }

    /// Has something done that is only tried: it is refused as it would be, and nothing of it is stored.
    pub fn tried<T>(&self, act: impl FnOnce(&Store) -> T) -> T {
        self.is_trying.set(true);
        let done = act(self);
        self.is_trying.set(false);
        done
    }

    /// The same; what does not `keep` is tried only, and nothing of it is stored.
    fn transact<T>(
        &self,
        keep: impl FnOnce(&T) -> bool,
        statements: impl FnOnce(&Transaction) -> Result<T>,
    ) -> Result<T> {
        let sql = |e: rusqlite::Error| self.error(&e);
        let tx = self.db.unchecked_transaction().map_err(sql)?;
        // What a transaction that was given up had appended is not there.
        self.moved.take();
        self.must_be_known(&tx)?;
        self.must_have_its_name()?;
        let result = statements(&tx)?;
        if keep(&result) && !self.is_trying.get() {
            batch_counts::count_changed(&tx).map_err(sql)?;
            tx.commit().map_err(sql)?;
            if let Some((_, to)) = &*self.moved.borrow() {
                self.last.replace(to.clone());
            }
            self.note_head();
        } else {
            tx.rollback().map_err(sql)?;
        }
        Ok(result)
    }

    /// Refuses when the store is not the one that was opened any more; a change asks by itself.
    ///
    /// # Errors
    /// [`StoreError::Replaced`].
    pub fn must_be_the_same(&self) -> Result<()> {
        self.must_be_known(&self.db)?;
        if self.is_elsewhere() { self.transact(|()| false, |_| Ok(())) } else { Ok(()) }
    }

    /// Refuses content that does not know of this session, or whose chain lacks what was there before.
    fn must_be_known(&self, db: &Connection) -> Result<()> {
        if self.session == 0 {
            return Ok(());
        }
        let known = || -> rusqlite::Result<bool> {
            let last = self.last.borrow();
            let goes_on = last.count == 0 || audit::hash_at(db, last.count)? == last.hash;
            Ok(goes_on && session::is_signed_on(db, self.session)?)
        };
        if known().map_err(|e| self.error(&e))? { Ok(()) } else { Err(self.replaced()) }
    }

    /// Refuses, while the lock is held, when another file has taken the store's name: what is written would be gone.
    fn must_have_its_name(&self) -> Result<()> {
        if self.session == 0 || !self.is_elsewhere() {
            return Ok(());
        }
        // On some network disks a file changes its number by itself: the file under the name is this one if it is locked now.
        let there = schema::connect(&self.path, Duration::ZERO)
            .and_then(|db| db.execute_batch("BEGIN IMMEDIATE").map_err(|e| StoreError::from_sql(&self.path, &e)));
        if matches!(there, Err(StoreError::Busy { .. })) { Ok(()) } else { Err(self.replaced()) }
    }

    fn is_elsewhere(&self) -> bool {
        places::identity(&self.path) != self.file
    }

    fn replaced(&self) -> StoreError {
        StoreError::Replaced { path: self.path.clone() }
    }

    fn error(&self, error: &rusqlite::Error) -> StoreError {
        self.with_holder(StoreError::from_sql(&self.path, error))
    }

    fn with_holder(&self, error: StoreError) -> StoreError {
        match error {
            StoreError::Busy { .. } => StoreError::Busy { holder: session::others(&self.path, self.session) },
            other => other,
        }
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        // A file that was refused at the opening is not touched.
        if self.session != 0 {
            self.leave();
        }
    }
}

const PUT_SETTING: &str = "INSERT INTO setting VALUES (?1, ?2) ON CONFLICT DO UPDATE SET value = excluded.value";

/// Keeps which profile was picked for rosters of a fingerprint; with nothing it is forgotten.
fn remember_profile(tx: &Transaction<'_>, fingerprint: &str, profile: Option<&str>) -> rusqlite::Result<()> {
    let key = remembered_as(fingerprint);
    let done = match profile {
        Some(profile) => tx.execute(PUT_SETTING, [&key, profile]),
        None => tx.execute("DELETE FROM setting WHERE key = ?1", [&key]),
    };
    done.map(drop)
}

/// Names the setting that keeps which profile was picked for rosters of a fingerprint.
fn remembered_as(fingerprint: &str) -> String {
    format!("profile-of:{fingerprint}")
}

/// Keeps how the columns of a header were matched.
fn remember_columns(tx: &Transaction<'_>, matched: &MatchedHeader) -> rusqlite::Result<()> {
    let json = serde_json::to_string(&matched.columns).unwrap_or_default();
    tx.execute(PUT_SETTING, [format!("{COLUMNS_OF}{}", matched.fingerprint), json]).map(drop)
}

/// What the names of the settings begin with that keep how columns were matched.
const COLUMNS_OF: &str = "columns-of:";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_who_keeps_it_busy() {
        let dir = tempfile::tempdir().unwrap();
        let places = StatePaths::at(dir.path()).unwrap();
        let open = |user| Store::open_waiting(&places, user, "test", Duration::from_millis(20)).unwrap();
        let (writer, waiting) = (open("wang"), open("li"));
        let tx = writer.db.unchecked_transaction().unwrap();
        let error = waiting.set_setting("a", "b").unwrap_err();
        assert!(error.to_string().contains("wang@"), "{error}");
        assert!(!error.to_string().contains("li@"), "{error}");
        let late = Store::open_waiting(&places, "zhao", "test", Duration::from_millis(20)).unwrap_err();
        assert!(late.to_string().contains("wang@"), "{late}");
        drop(tx);
        waiting.set_setting("a", "b").unwrap();
        assert_eq!(writer.setting("a").unwrap().as_deref(), Some("b"));
    }

    #[test]
    fn a_change_is_refused_once_the_store_is_another() {
        type Replace = fn(&std::path::Path, &std::path::Path);
        let ways: [(&str, Replace); 5] = [
            ("an older copy over the content", |old, file| assert_ne!(std::fs::copy(old, file).unwrap(), 0)),
            ("an older copy under the name", |old, file| std::fs::rename(old, file).unwrap()),
            ("a copy as it is under the name", |old, file| {
                std::fs::copy(file, old).unwrap();
                std::fs::rename(old, file).unwrap();
            }),
            ("gone", |_, file| std::fs::remove_file(file).unwrap()),
            ("the session signed off", |_, file| {
                assert_eq!(Connection::open(file).unwrap().execute("DELETE FROM session", []).unwrap(), 1);
            }),
        ];
        for (way, replace) in ways {
            let dir = tempfile::tempdir().unwrap();
            let store = batches::samples::open(&dir.path().join("home"), "wang");
            store.create_batch(&batches::samples::new_batch("a.csv")).unwrap();
            let old = dir.path().join("old");
            std::fs::copy(store.path(), &old).unwrap();
            let batch = store.create_batch(&batches::samples::new_batch("b.csv")).unwrap();
            store.record(batch, &batches::samples::change(1, 1)).unwrap();
            store.must_be_the_same().unwrap();
            replace(&old, store.path());
            assert_eq!(store.must_be_the_same().map_err(|e| e.key()), Err("replaced"), "{way}");
            assert_eq!(
                store.record(batch, &batches::samples::change(2, 1)).map_err(|e| e.key()),
                Err("replaced"),
                "{way}"
            );
        }
    }

    #[test]
    fn many_may_open_a_new_store_at_once() {
        let dir = tempfile::tempdir().unwrap();
        let places = StatePaths::at(&dir.path().join("home")).unwrap();
        std::thread::scope(|threads| {
            for t in 0..4 {
                let places = &places;
                threads.spawn(move || {
                    let store = Store::open(places, "u", "test").unwrap();
                    (0..10).for_each(|n| store.set_setting(&format!("{t} {n}"), "x").unwrap());
                });
            }
        });
        let store = Store::open(&places, "u", "test").unwrap();
        let count = |table| store.read(|db| db.query_row(&format!("SELECT count(*) FROM {table}"), [], |r| r.get(0)));
        let ours = count("setting WHERE key NOT GLOB 'clock:*'");
        assert_eq!((ours.unwrap(), count("session").unwrap()), (40_i64, 1_i64));
    }

    #[test]
    fn a_full_disk_loses_nothing_that_was_stored() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(&StatePaths::at(dir.path()).unwrap(), "u", "test").unwrap();
        store.set_setting("a", "b").unwrap();
        let pages: i64 = store.db.query_row("PRAGMA page_count", [], |r| r.get(0)).unwrap();
        store.db.query_row(&format!("PRAGMA max_page_count = {pages}"), [], |_| Ok(())).unwrap();
        assert_eq!(store.set_setting("a", &"x".repeat(100_000)).unwrap_err().key(), "full");
        assert_eq!(store.setting("a").unwrap().as_deref(), Some("b"));
        store.examine().unwrap();
    }
}
