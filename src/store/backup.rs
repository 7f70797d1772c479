//! Copies of the store (备份): made while others work in it, looked through before anybody relies on them.

use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, OptionalExtension};
use serde::{Deserialize, Serialize};

use super::audit::{self, HeadFile};
use super::error::{Result, StoreError};
use super::places::{self, StatePaths};
use super::{PATIENCE, Store, StoreReader, schema, verify};
use crate::cause::OwnFileFault;
use crate::domain::ledger::audit::Head;
use crate::domain::ledger::verify::VerifyReport;

/// The setting that tells when the store was backed up last, UTC.
const LAST: &str = "backup.last";

/// How much a store holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    pub batches: u64,
    /// Certificates of the ledger.
    pub certificates: u64,
    pub series: u64,
    pub cases: u64,
    pub institutions: u64,
}

/// What a copy is of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CopiedStore {
    /// The version of the file.
    pub schema: i64,
    /// The end of its audit chain.
    pub head: Head,
    /// How much it holds.
    pub counts: Counts,
}

/// Since when a store has not been backed up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unsaved {
    /// When the last backup was made, UTC; where there never was one, the first entry of the audit chain.
    pub at: String,
    /// Whether there was a backup.
    pub was_made: bool,
    /// Whole days since then.
    pub days: i64,
}

impl Store {
    /// Copies the store as it is at one moment into a folder that is there, with the file that tells its end. Others may
    /// work meanwhile; who has it open, and who edits what, stays behind.
    ///
    /// # Errors
    /// [`StoreError::OldCopy`] while the store is not the latest: whoever puts such a copy back could not work in it.
    pub fn copy_to(&self, folder: &Path) -> Result<CopiedStore> {
        self.must_be_latest()?;
        copy(&self.db, &self.path, folder)
    }

    /// Notes that the store was backed up at a moment, UTC.
    pub fn note_backup(&self, at: &str) -> Result<()> {
        self.set_setting(LAST, at)
    }

    /// As [`StoreReader::unsaved`].
    pub fn unsaved(&self) -> Result<Option<Unsaved>> {
        self.read(unsaved)
    }
}

impl StoreReader {
    /// Tells since when the store has not been backed up; `None` while there is nothing to lose.
    pub fn unsaved(&self) -> Result<Option<Unsaved>> {
        self.read(unsaved)
    }

    /// Gives the place and the time, UTC, of the last entry of the audit chain.
    pub fn last_entry(&self) -> Result<Option<(u64, String)>> {
        let statement = "SELECT seq, time FROM audit ORDER BY seq DESC LIMIT 1";
        self.read(|db| db.query_row(statement, [], |r| Ok((r.get::<_, i64>(0)? as u64, r.get(1)?))).optional())
    }
}

fn unsaved(db: &Connection) -> rusqlite::Result<Option<Unsaved>> {
    let age = "CAST(max(0, julianday('now') - julianday(at)) AS INTEGER)";
    let statement = format!(
        "SELECT at, made, coalesce({age}, 0) FROM (
             SELECT value AS at, 1 AS made FROM setting WHERE key = ?1
             UNION ALL SELECT time, 0 FROM audit WHERE seq = 1)
         ORDER BY made DESC LIMIT 1"
    );
    let read = |r: &rusqlite::Row| Ok(Unsaved { at: r.get(0)?, was_made: r.get(1)?, days: r.get(2)? });
    db.query_row(&statement, [LAST], read).optional()
}

/// Copies the database behind a connection into a folder, with the file that tells its end.
pub(super) fn copy(db: &Connection, path: &Path, folder: &Path) -> Result<CopiedStore> {
    let places = StatePaths::at(folder)?;
    let target = places.database();
    places::private_file(&target)?;
    let failed = |e: rusqlite::Error| StoreError::from_sql(&target, &e);
    let mut to = schema::connect(&target, PATIENCE)?;
    // The copy is thrown away when anything breaks off: there is nothing to roll back to, and nothing to sync twice.
    to.execute_batch("PRAGMA synchronous = OFF; PRAGMA temp_store = MEMORY; PRAGMA secure_delete = ON")
        .map_err(failed)?;
    schema::fill(db, &mut to).map_err(|e| match StoreError::from_sql(path, &e) {
        // Of the two it is the source that others may keep busy.
        StoreError::Busy { .. } => StoreError::Busy { holder: super::session::others(path, 0) },
        other => other,
    })?;
    to.execute_batch("DELETE FROM claim; DELETE FROM session").map_err(failed)?;
    let copied = facts(&to, &target)?;
    drop(to);
    std::fs::File::open(&target).and_then(|f| f.sync_all()).map_err(|e| StoreError::from_io(&target, &e))?;
    HeadFile::new(places.head()).force(&copied.head)?;
    Ok(copied)
}

/// Looks a copy in a folder through: the file, the audit chain from its first entry, and the end noted beside it. A copy of an
/// older version is brought up to this one's.
///
/// # Errors
/// [`StoreError::Damaged`], [`StoreError::Newer`], and what the system refuses.
fn examine_copy(folder: &Path) -> Result<CopiedStore> {
    let places = StatePaths::at(folder)?;
    let store = Store::open_waiting(&places, "", "backup", Duration::ZERO)?;
    store.examine()?;
    let (head, faults) = store.verify_audit(None)?;
    if !faults.is_empty() {
        return Err(StoreError::damaged(&store.path, OwnFileFault::Chain));
    }
    let copied = facts(&store.db, &store.path)?;
    if copied.head == head { Ok(copied) } else { Err(StoreError::damaged(&store.path, OwnFileFault::Chain)) }
}

/// Looks a copy that is packed or put back through as a whole, before anything is written into it: first whether it is made as
/// this program makes a store, for a trigger or a view of somebody else's would act for us, then what [`StoreReader::verify`]
/// finds, then as `examine_copy`.
///
/// # Errors
/// Those of `examine_copy`; what it is not made as is one of them, what is wrong with the ledger is none.
pub fn examine_backup(folder: &Path) -> Result<(CopiedStore, VerifyReport)> {
    let places = StatePaths::at(folder)?;
    let (path, head) = (places.database(), places.head());
    let db = schema::connect(&path, Duration::ZERO)?;
    let sql = |e: rusqlite::Error| StoreError::from_sql(&path, &e);
    db.pragma_update(None, "query_only", true).map_err(sql)?;
    let version = schema::version(&db, &path, schema::MIGRATIONS.len() as i64)?;
    if let Some(name) = verify::foreign_object(&db, version).map_err(sql)? {
        return Err(StoreError::damaged(&path, OwnFileFault::Schema(name)));
    }
    // The first version gave no numbers.
    let report = if version < 2 {
        VerifyReport::default()
    } else {
        StoreReader { db, path: path.clone(), head, has_parts: 3 <= version }.verify()?.1
    };
    Ok((examine_copy(folder)?, report))
}

/// Tells what stands in a database.
pub(super) fn facts(db: &Connection, path: &Path) -> Result<CopiedStore> {
    let schema = schema::version(db, path, schema::MIGRATIONS.len() as i64)?;
    let sql = |e: rusqlite::Error| StoreError::from_sql(path, &e);
    let count = |table: &str| -> rusqlite::Result<u64> {
        db.query_row(&format!("SELECT count(*) FROM {table}"), [], |r| r.get::<_, i64>(0)).map(|n| n as u64)
    };
    let read = || -> rusqlite::Result<CopiedStore> {
        // The first version had batches alone.
        if schema < 2 {
            let counts = Counts { batches: count("batch")?, ..Counts::default() };
            return Ok(CopiedStore { schema, head: Head::default(), counts });
        }
        let counts = Counts {
            batches: count("batch")?,
            certificates: count("certificate")?,
            series: count("series")?,
            cases: count("case_file")?,
            institutions: count("institution")?,
        };
        Ok(CopiedStore { schema, head: audit::head(db)?, counts })
    };
    read().map_err(sql)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::batches::samples;

    #[test]
    fn a_copy_is_made_while_others_write_and_opens_whole() {
        let dir = tempfile::tempdir().unwrap();
        let store = samples::open(dir.path(), "wang");
        let batch = store.create_batch(&samples::new_batch("a.csv")).unwrap();
        let _claim = store.claim(batch).unwrap();
        std::thread::scope(|threads| {
            let places = StatePaths::at(dir.path()).unwrap();
            threads.spawn(move || {
                let other = Store::open(&places, "li", "test").unwrap();
                for _ in 0..30 {
                    other.create_batch(&samples::new_batch("b.csv")).unwrap();
                }
            });
            for number in 0..5 {
                let folder = dir.path().join(format!("copy {number}"));
                std::fs::create_dir(&folder).unwrap();
                let copied = store.copy_to(&folder).unwrap();
                assert_eq!(examine_copy(&folder).unwrap(), copied);
                assert!(0 < copied.counts.batches && copied.counts.batches <= copied.head.count);
                let copy = Store::open(&StatePaths::at(&folder).unwrap(), "zhao", "test").unwrap();
                drop(copy.claim(batch).unwrap());
            }
        });
    }

    #[test]
    fn a_bent_copy_is_seen() {
        let dir = tempfile::tempdir().unwrap();
        let store = samples::open(&dir.path().join("home"), "wang");
        for _ in 0..3 {
            store.create_batch(&samples::new_batch("a.csv")).unwrap();
        }
        let bent = |statement: &str| {
            let folder = tempfile::tempdir_in(dir.path()).unwrap();
            store.copy_to(folder.path()).unwrap();
            let db = Connection::open(StatePaths::at(folder.path()).unwrap().database()).unwrap();
            db.execute_batch("DROP TRIGGER audit_no_update; DROP TRIGGER audit_no_delete").unwrap();
            db.execute_batch(statement).unwrap();
            drop(db);
            examine_copy(folder.path()).map_err(|e| e.key())
        };
        assert!(bent("").is_ok());
        assert_eq!(bent("UPDATE audit SET user = 'li' WHERE seq = 2"), Err("damaged"));
        assert_eq!(bent("DELETE FROM audit WHERE seq = 3"), Err("damaged"));
        assert_eq!(bent("PRAGMA user_version = 99"), Err("newer"));
    }
}
