//! The file's versions: migrations only append, older files are copied first, newer ones are left alone.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;
use std::time::Duration;

use rusqlite::backup::Backup;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, Transaction, TransactionBehavior};

use super::audit::HeadFile;
use super::error::{Result, StoreError};
use super::places::{self, StatePaths};
use crate::cause::OwnFileFault;

/// The migrations; number `n` leads from version `n` to `n + 1`.
pub(super) const MIGRATIONS: [&str; 12] = [
    include_str!("schema/0001_batches.sql"),
    include_str!("schema/0002_ledger.sql"),
    include_str!("schema/0003_parts.sql"),
    include_str!("schema/0004_rows.sql"),
    include_str!("schema/0005_events.sql"),
    include_str!("schema/0006_stock.sql"),
    include_str!("schema/0007_facts.sql"),
    include_str!("schema/0008_stock_back.sql"),
    include_str!("schema/0009_outside.sql"),
    include_str!("schema/0010_shares.sql"),
    include_str!("schema/0011_stock_corrected.sql"),
    include_str!("schema/0012_counts.sql"),
];

/// The version of the file that this program writes.
pub const VERSION: usize = MIGRATIONS.len();

/// Marks the file as ours among `SQLite` files: `SkCe`.
const APPLICATION: i64 = 0x536B_4365;

/// Opens the file with the settings that every connection of ours has.
pub(super) fn connect(path: &Path, patience: Duration) -> Result<Connection> {
    let sql = |e: rusqlite::Error| StoreError::from_sql(path, &e);
    for suffix in ["", "-journal", "-wal"] {
        let mut file = path.as_os_str().to_owned();
        file.push(suffix);
        places::must_be_plain(Path::new(&file))?;
    }
    // The file exists by now; SQLite must not create one with its own idea of the mode.
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_NOFOLLOW;
    // SQLite follows no link at all then; those that lead to the folder are the user's own.
    let folder = path.parent().and_then(|folder| folder.canonicalize().ok());
    let real = folder.zip(path.file_name()).map(|(folder, name)| folder.join(name));
    let mut db = Connection::open_with_flags(real.as_deref().unwrap_or(path), flags).map_err(sql)?;
    db.busy_timeout(patience).map_err(sql)?;
    // Every transaction of ours writes; taking the lock at its start is the only order that cannot deadlock.
    db.set_transaction_behavior(TransactionBehavior::Immediate);
    // A plan that may depend on what is bound is made anew with each call wherever there are partial indices, which costs more than
    // the looking up; none of our statements needs that.
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true).map_err(sql)?;
    Ok(db)
}

/// The one gate before the store: refuses a state folder whose store is gone or empty, though entries of its audit chain are
/// noted. Whoever began a new one there would give numbers a second time.
///
/// The file is not opened, for closing it would drop the locks of this process's connections; its pages are looked at by
/// [`version`].
pub(super) fn must_not_be_lost(places: &StatePaths) -> Result<()> {
    places::must_be_plain(&places.head())?;
    // The note first: it is made after the store, so that a store that is being made is not taken for a lost one.
    let noted = HeadFile::new(places.head()).read();
    let path = places.database();
    let is_empty = match fs::metadata(&path) {
        Ok(found) => found.is_file() && found.len() == 0,
        Err(e) => matches!(e.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory),
    };
    match noted {
        Some(noted) if is_empty && noted.count != 0 => Err(StoreError::damaged(&path, OwnFileFault::Lost)),
        _ => Ok(()),
    }
}

/// Looks at the file's version without changing anything, and refuses what is not for this program, and what is no whole
/// number of pages. That there are fewer than the file says of itself, `SQLite` finds.
pub(super) fn version(db: &Connection, path: &Path, known: i64) -> Result<i64> {
    // One statement, hence one view of the file: another process may be making the tables right now.
    let (found, application, tables, is_whole) = db
        .query_row(
            "SELECT (SELECT user_version FROM pragma_user_version), (SELECT application_id FROM pragma_application_id),
                    count(*), (SELECT page_size FROM pragma_page_size) FROM sqlite_schema",
            [],
            |r| {
                // While the row is read nobody writes into the file.
                let (page, size) = (r.get::<_, i64>(3)? as u64, fs::metadata(path).map_or(0, |found| found.len()));
                Ok((r.get::<_, i64>(0)?, r.get::<_, i64>(1)?, r.get::<_, i64>(2)?, size % page.max(1) == 0))
            },
        )
        .map_err(|e| StoreError::from_sql(path, &e))?;
    if !is_whole {
        return Err(StoreError::damaged(path, OwnFileFault::Size));
    }
    if (found, application, tables) == (0, 0, 0) {
        return Ok(0);
    }
    if application != APPLICATION || found < 1 {
        return Err(StoreError::damaged(path, OwnFileFault::OtherProgram));
    }
    if known < found {
        return Err(StoreError::Newer { path: path.to_path_buf(), found, known });
    }
    Ok(found)
}

/// Brings a connection's file to the newest version and sets how it is written.
pub(super) fn prepare(db: &mut Connection, places: &StatePaths, migrations: &[&str]) -> Result<()> {
    let path = places.database();
    let sql = |e: rusqlite::Error| StoreError::from_sql(&path, &e);
    let known = migrations.len() as i64;
    let found = version(db, &path, known)?;
    if db.is_readonly("main").map_err(sql)? {
        return Err(StoreError::ReadOnly { path, cause: OwnFileFault::Unwritable.into() });
    }
    // The rollback journal works on network file systems; EXTRA also syncs the folder after a journal is removed, so
    // that a power cut cannot bring back a journal of a finished transaction. The journal's temporary kin stay in
    // memory and deleted rows are overwritten, because they hold personal data.
    db.execute_batch(
        "PRAGMA journal_mode = DELETE; PRAGMA synchronous = EXTRA; PRAGMA temp_store = MEMORY;
         PRAGMA secure_delete = ON; PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON;",
    )
    .map_err(sql)?;
    if found < known {
        // Tables that are rebuilt would otherwise take along the rows that point to them.
        db.pragma_update(None, "foreign_keys", false).map_err(sql)?;
        migrate(db, places, migrations)?;
    }
    db.pragma_update(None, "foreign_keys", true).map_err(sql)
}

/// Opens the store for looking into it: nothing is made, migrated or written. An older file is brought up in memory, as a copy.
/// Nothing where there is no store yet.
pub(super) fn open_to_read(places: &StatePaths, patience: Duration) -> Result<Option<Connection>> {
    must_not_be_lost(places)?;
    let path = places.database();
    let sql = |e: rusqlite::Error| StoreError::from_sql(&path, &e);
    match fs::symlink_metadata(&path) {
        Ok(_) => {}
        Err(e) if matches!(e.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => return Ok(None),
        Err(e) => return Err(StoreError::from_io(&path, &e)),
    }
    // Not opened read-only by the system: what a killed writer left behind must be rolled back before it is read.
    let mut db = connect(&path, patience)?;
    let found = version(&db, &path, MIGRATIONS.len() as i64)?;
    if found == 0 {
        return Ok(None);
    }
    if found < MIGRATIONS.len() as i64 {
        let mut copy = Connection::open_in_memory().map_err(sql)?;
        fill(&db, &mut copy).map_err(sql)?;
        copy.pragma_update(None, "foreign_keys", false).map_err(sql)?;
        let tx = copy.transaction().map_err(sql)?;
        bring_up(&tx, found, &MIGRATIONS).and_then(|()| tx.commit()).map_err(sql)?;
        db = copy;
    }
    db.pragma_update(None, "query_only", true).map_err(sql)?;
    Ok(Some(db))
}

fn bring_up(tx: &Transaction<'_>, found: i64, migrations: &[&str]) -> rusqlite::Result<()> {
    for (next, migration) in migrations.iter().enumerate().skip(found as usize) {
        tx.execute_batch(migration)?;
        tx.pragma_update(None, "user_version", next as i64 + 1)?;
    }
    Ok(())
}

fn migrate(db: &mut Connection, places: &StatePaths, migrations: &[&str]) -> Result<()> {
    let path = places.database();
    let sql = |e: rusqlite::Error| StoreError::from_sql(&path, &e);
    let tx = db.transaction().map_err(sql)?;
    // Another process may have migrated while this one waited for the lock.
    let found = version(&tx, &path, migrations.len() as i64)?;
    if 0 < found && found < migrations.len() as i64 {
        copy(&path, &places.backup(found))?;
    }
    bring_up(&tx, found, migrations).map_err(sql)?;
    tx.pragma_update(None, "application_id", APPLICATION).map_err(sql)?;
    tx.commit().map_err(sql)
}

/// Copies a whole database into another, at one moment of the first: writers wait meanwhile.
pub(super) fn fill(from: &Connection, to: &mut Connection) -> rusqlite::Result<()> {
    use rusqlite::backup::StepResult;
    let copy = Backup::new(from, to)?;
    match copy.step(-1)? {
        StepResult::Done => Ok(()),
        _ => Err(rusqlite::Error::SqliteFailure(rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_BUSY), None)),
    }
}

/// Copies the file while the caller holds the write lock. An unfinished copy never gets the final name.
fn copy(path: &Path, backup: &Path) -> Result<()> {
    let mut unfinished = backup.as_os_str().to_owned();
    unfinished.push(".tmp");
    let unfinished = Path::new(&unfinished);
    let io = |e: std::io::Error| StoreError::from_io(backup, &e);
    if unfinished.exists() {
        fs::remove_file(unfinished).map_err(io)?;
    }
    places::private_file(unfinished)?;
    let sql = |e: rusqlite::Error| StoreError::from_sql(backup, &e);
    {
        let from = connect(path, Duration::from_secs(5))?;
        let mut to = connect(unfinished, Duration::from_secs(5))?;
        Backup::new(&from, &mut to).and_then(|b| b.run_to_completion(1000, Duration::ZERO, None)).map_err(sql)?;
    }
    fs::File::open(unfinished).and_then(|f| f.sync_all()).map_err(io)?;
    fs::rename(unfinished, backup).map_err(io)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Store;

    fn places(dir: &tempfile::TempDir) -> StatePaths {
        StatePaths::at(dir.path()).unwrap()
    }

    fn open(places: &StatePaths) -> Result<Store> {
        Store::open(places, "u", "test")
    }

    #[test]
    fn keeps_the_settings_that_make_changes_durable() {
        let dir = tempfile::tempdir().unwrap();
        let store = open(&places(&dir)).unwrap();
        let text =
            |name: &str| store.db.pragma_query_value(None, name, |r| r.get::<_, rusqlite::types::Value>(0)).unwrap();
        assert_eq!(text("journal_mode"), "delete".to_string().into());
        assert_eq!(text("synchronous"), 3.into());
        assert_eq!(text("foreign_keys"), 1.into());
        assert_eq!(text("busy_timeout"), 5000.into());
        assert_eq!(text("user_version"), (MIGRATIONS.len() as i64).into());
    }

    #[test]
    fn leaves_newer_damaged_and_foreign_files_untouched() {
        let dir = tempfile::tempdir().unwrap();
        let places = places(&dir);
        let file = places.database();
        drop(open(&places).unwrap());
        let ours = fs::read(&file).unwrap();

        let newer = Connection::open(&file).unwrap();
        newer.pragma_update(None, "user_version", 99).unwrap();
        drop(newer);
        let before = fs::read(&file).unwrap();
        let error = open(&places).unwrap_err();
        let newest = MIGRATIONS.len() as i64;
        assert!(matches!(error, StoreError::Newer { found: 99, known, .. } if known == newest), "{error}");
        assert_eq!(fs::read(&file).unwrap(), before);

        let mut bent = ours.clone();
        bent[..16].fill(b'x');
        for bytes in [bent, ours[..ours.len() / 2].to_vec(), "姓名,证书编号\n".repeat(100).into_bytes()] {
            fs::write(&file, &bytes).unwrap();
            assert_eq!(open(&places).unwrap_err().key(), "damaged");
            assert_eq!(fs::read(&file).unwrap(), bytes);
        }

        fs::remove_file(&file).unwrap();
        Connection::open(&file).unwrap().execute_batch("CREATE TABLE t (x)").unwrap();
        let before = fs::read(&file).unwrap();
        assert_eq!(open(&places).unwrap_err().key(), "damaged");
        assert_eq!(fs::read(&file).unwrap(), before);
    }

    #[test]
    fn copies_an_older_file_before_it_migrates() {
        let dir = tempfile::tempdir().unwrap();
        let places = places(&dir);
        open(&places).unwrap().set_setting("a", "old").unwrap();
        let next = [MIGRATIONS.as_slice(), &["CREATE TABLE more (x)"]].concat();
        let mut db = connect(&places.database(), Duration::from_secs(5)).unwrap();
        prepare(&mut db, &places, &next).unwrap();
        assert_eq!(db.query_row("PRAGMA user_version", [], |r| r.get::<_, i64>(0)).unwrap(), next.len() as i64);
        assert_eq!(db.query_row("SELECT count(*) FROM more", [], |r| r.get::<_, i64>(0)).unwrap(), 0);
        let backup = places.backup(MIGRATIONS.len() as i64);
        assert_eq!(std::os::unix::fs::MetadataExt::mode(&fs::metadata(&backup).unwrap()) & 0o777, 0o600);
        drop(db);
        assert_eq!(open(&places).unwrap_err().key(), "newer");
        fs::rename(&backup, places.database()).unwrap();
        assert_eq!(open(&places).unwrap().setting("a").unwrap().as_deref(), Some("old"));
    }

    #[test]
    fn an_older_file_is_looked_into_as_a_copy_and_stays_as_it_is() {
        let dir = tempfile::tempdir().unwrap();
        let places = places(&dir);
        assert!(Store::look(&places, "wang").unwrap().is_none());
        places.prepare().unwrap();
        assert!(Store::look(&places, "wang").unwrap().is_none(), "an empty file is none yet");
        let mut db = connect(&places.database(), Duration::ZERO).unwrap();
        prepare(&mut db, &places, &MIGRATIONS[..1]).unwrap();
        drop(db);
        let before = fs::read(places.database()).unwrap();
        let store = Store::look(&places, "wang").unwrap().unwrap();
        assert!(store.series("").unwrap().is_empty() && store.registry().unwrap().is_empty());
        assert!(
            store.batches().unwrap().is_empty() && store.parts(crate::domain::ledger::BatchId(1)).unwrap().is_empty()
        );
        assert!(store.set_setting("a", "b").is_err(), "it cannot write");
        drop(store);
        assert_eq!(fs::read(places.database()).unwrap(), before);
    }

    #[test]
    fn a_failed_migration_changes_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let places = places(&dir);
        drop(open(&places).unwrap());
        let next = [MIGRATIONS.as_slice(), &["CREATE TABLE more (x); CREATE nonsense"]].concat();
        let mut db = connect(&places.database(), Duration::from_secs(5)).unwrap();
        assert!(prepare(&mut db, &places, &next).is_err());
        drop(db);
        drop(open(&places).unwrap());
    }
}
