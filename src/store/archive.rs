//! What the archive of a batch tells of it besides its rows: what the audit chain says of it and its certificates.

use rusqlite::params;

use super::audit::{ENTRY_COLUMNS, entry_of, hash_at};
use super::error::Result;
use super::{Store, StoreReader};
use crate::domain::ledger::BatchId;
use crate::domain::ledger::action::{Act, Action, ActionName, FileWritten, UploadWritten};
use crate::domain::ledger::audit::{AuditEntry, Head};

/// The entries about a batch: its own, those of its cases, and those by which something happened to a run of numbers that its
/// certificates lie in.
const ABOUT: &str = "seq IN (
    SELECT seq FROM audit WHERE object = 'batch:' || ?1
    UNION SELECT a.seq FROM certificate c JOIN case_file f ON f.certificate = c.id JOIN audit a ON a.object = 'case:' || f.id
        WHERE c.batch = ?1
    UNION SELECT t.entry FROM (SELECT series, min(id) & 1073741823 AS first, max(id) & 1073741823 AS last FROM certificate
        WHERE batch = ?1 GROUP BY series) s JOIN touched t ON t.series = s.series AND t.first <= s.last AND s.first <= t.last)";

impl Store {
    /// Lists what the audit chain says of a batch and its certificates, in the chain's order.
    pub fn entries_about_batch(&self, batch: BatchId) -> Result<Vec<AuditEntry>> {
        self.read(|db| {
            db.prepare(&format!("SELECT {ENTRY_COLUMNS} FROM audit WHERE {ABOUT} ORDER BY seq"))?
                .query_map(params![batch.0], entry_of)?
                .collect()
        })
    }
}

impl Store {
    /// Lists the upload files that were written of a batch, the oldest first, each with its entry.
    pub fn uploads_of_batch(&self, batch: BatchId) -> Result<Vec<(u64, UploadWritten)>> {
        let statement = format!("SELECT {ENTRY_COLUMNS} FROM audit WHERE object = ?1 AND action = ?2 ORDER BY seq");
        let (object, action) = (format!("batch:{batch}"), ActionName::LedgerExport.key());
        let entries: Vec<AuditEntry> =
            self.read(|db| db.prepare(&statement)?.query_map(params![object, action], entry_of)?.collect())?;
        let of = |entry: AuditEntry| match Action::of_entry(&entry) {
            Some(Action::LedgerExport(Act { after: FileWritten::Upload(file), .. })) => Some((entry.seq, file)),
            _ => None,
        };
        Ok(entries.into_iter().filter_map(of).collect())
    }
}

impl StoreReader {
    /// Tells whether the chain has a link where it was noted.
    pub fn has_link(&self, head: &Head) -> Result<bool> {
        self.read(|db| Ok(hash_at(db, head.count)? == head.hash))
    }
}
