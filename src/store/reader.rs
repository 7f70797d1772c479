//! Reading the store without making, migrating or signing on to it: for checks, which must leave no trace.

use std::collections::HashMap;
use std::io::ErrorKind;
use std::path::PathBuf;

use rusqlite::{Connection, OptionalExtension, params};

use super::error::{Result, StoreError};
use super::places::StatePaths;
use super::{COLUMNS_OF, PATIENCE, audit, registry, remembered_as, schema};
use crate::domain::ledger::audit::AuditEntry;
use crate::domain::registry::Registry;
use crate::domain::sheet::RememberedColumns;

/// The first version of the file that holds a registry and a ledger.
const WITH_LEDGER: i64 = 2;

/// The version since which a batch may hold several files.
const WITH_PARTS: i64 = 3;

/// A look into the store; nothing can be changed through it.
#[derive(Debug)]
pub struct StoreReader {
    pub(super) db: Connection,
    pub(super) path: PathBuf,
    /// The file outside that tells the end of the audit chain.
    pub(super) head: PathBuf,
    /// Whether it knows of batches of several files.
    pub(super) has_parts: bool,
}

impl StoreReader {
    /// Opens the file for reading; `None` when there is none, or an older one without registry and ledger.
    ///
    /// # Errors
    /// [`StoreError::Newer`], [`StoreError::Damaged`], also for a file that is gone though its end is noted, and what the system refuses.
    pub fn open(places: &StatePaths) -> Result<Option<StoreReader>> {
        schema::must_not_be_lost(places)?;
        let path = places.database();
        match path.metadata() {
            Ok(_) => {}
            Err(e) if matches!(e.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => return Ok(None),
            Err(e) => return Err(StoreError::from_io(&path, &e)),
        }
        let db = schema::connect(&path, PATIENCE)?;
        // Not opened read-only by the system: what a killed writer left behind must be rolled back before it is read.
        db.pragma_update(None, "query_only", true).map_err(|e| StoreError::from_sql(&path, &e))?;
        let version = schema::version(&db, &path, schema::MIGRATIONS.len() as i64)?;
        let has_parts = WITH_PARTS <= version;
        Ok((WITH_LEDGER <= version).then_some(StoreReader { db, path, head: places.head(), has_parts }))
    }

    /// Reads the institution registry.
    pub fn registry(&self) -> Result<Registry> {
        self.read(registry::read)
    }

    /// Gives what is kept under a key.
    pub fn setting(&self, key: &str) -> Result<Option<String>> {
        self.read(|db| db.query_row("SELECT value FROM setting WHERE key = ?1", [key], |r| r.get(0)).optional())
    }

    /// Gives the id of the profile that was picked for rosters of this fingerprint.
    pub fn remembered_profile(&self, fingerprint: &str) -> Result<Option<String>> {
        let statement = "SELECT value FROM setting WHERE key = ?1";
        self.read(|db| db.query_row(statement, [remembered_as(fingerprint)], |r| r.get(0)).optional())
    }

    /// Gives how the columns of headers were matched, by their fingerprints. What a later version has written is not known.
    pub fn remembered_columns(&self) -> Result<HashMap<String, RememberedColumns>> {
        let statement = "SELECT substr(key, ?2), value FROM setting WHERE key LIKE ?1 || '%'";
        let read = |db: &Connection| -> rusqlite::Result<Vec<(String, String)>> {
            let mut rows = db.prepare(statement)?;
            let found =
                rows.query_map(params![COLUMNS_OF, COLUMNS_OF.len() as i64 + 1], |r| Ok((r.get(0)?, r.get(1)?)))?;
            found.collect()
        };
        let known = |(fingerprint, json): (String, String)| Some((fingerprint, serde_json::from_str(&json).ok()?));
        Ok(self.read(read)?.into_iter().filter_map(known).collect())
    }

    /// Lists what was done to an object, as the audit chain tells it, oldest first.
    pub fn entries_of(&self, object: &str) -> Result<Vec<AuditEntry>> {
        self.read(|db| audit::entries_of(db, object))
    }

    /// Tells whether the ledger holds any certificate.
    pub fn has_certificates(&self) -> Result<bool> {
        self.read(|db| db.query_row("SELECT EXISTS (SELECT 1 FROM certificate)", [], |r| r.get(0)))
    }

    pub(super) fn read<T>(&self, query: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<T> {
        query(&self.db).map_err(|e| StoreError::from_sql(&self.path, &e))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Store;
    use std::collections::BTreeSet;
    use std::fs;

    #[test]
    fn reads_what_there_is_and_leaves_no_trace() {
        let dir = tempfile::tempdir().unwrap();
        let places = StatePaths::at(&dir.path().join("home")).unwrap();
        assert!(StoreReader::open(&places).unwrap().is_none());
        assert!(!places.home().exists(), "nothing was made");
        drop(Store::open(&places, "u", "test").unwrap());
        let files = || fs::read_dir(places.home()).unwrap().map(|f| f.unwrap().file_name()).collect::<BTreeSet<_>>();
        let before = (fs::read(places.database()).unwrap(), files());
        let reader = StoreReader::open(&places).unwrap().unwrap();
        assert!(reader.registry().unwrap().is_empty());
        assert!(reader.entries_of("institution:x").unwrap().is_empty());
        assert!(reader.db.execute("DELETE FROM session", []).is_err(), "it cannot write");
        drop(reader);
        assert_eq!((fs::read(places.database()).unwrap(), files()), before);
    }

    #[test]
    fn an_older_file_has_no_registry_and_a_newer_or_damaged_one_is_an_error() {
        let dir = tempfile::tempdir().unwrap();
        let places = StatePaths::at(dir.path()).unwrap();
        fs::write(places.database(), "").unwrap();
        assert!(StoreReader::open(&places).unwrap().is_none());
        fs::remove_file(places.database()).unwrap();
        drop(Store::open(&places, "u", "test").unwrap());
        let set = |version: i64| {
            let db = Connection::open(places.database()).unwrap();
            db.pragma_update(None, "user_version", version).unwrap();
        };
        set(1);
        assert!(StoreReader::open(&places).unwrap().is_none());
        set(99);
        assert_eq!(StoreReader::open(&places).unwrap_err().key(), "newer");
        fs::write(places.database(), "no database at all, but a text that is long enough to be looked at").unwrap();
        assert_eq!(StoreReader::open(&places).unwrap_err().key(), "damaged");
    }
}
