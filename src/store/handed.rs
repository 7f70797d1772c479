//! What was handed in of a batch, and what came back of it, as the entries of the audit chain say (上报和回执).

use rusqlite::params;

use super::Store;
use super::audit::{ENTRY_COLUMNS, entry_of};
use super::error::Result;
use crate::domain::ledger::action::{Act, Action, ActionName, StatusNoted};
use crate::domain::ledger::audit::AuditEntry;
use crate::domain::ledger::{BatchId, Status};

/// A step of a batch between its upload file and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HandIn {
    pub entry: u64,
    /// Who noted it.
    pub user: String,
    pub reason: String,
    pub noted: StatusNoted,
}

impl Store {
    /// Lists what was handed in of a batch as a whole, and what the replies said, the oldest first.
    pub fn handed_in(&self, batch: BatchId) -> Result<Vec<HandIn>> {
        let statement = format!("SELECT {ENTRY_COLUMNS} FROM audit WHERE object = ?1 AND action = ?2 ORDER BY seq");
        let object = format!("batch:{batch}");
        let entries: Vec<AuditEntry> = self.read(|db| {
            let mut statement = db.prepare_cached(&statement)?;
            statement.query_map(params![object, ActionName::LedgerMark.key()], entry_of)?.collect()
        })?;
        let of = |entry: AuditEntry| match Action::of_entry(&entry) {
            Some(Action::LedgerMark(Act { after, .. })) if after.status != Status::Exported => {
                Some(HandIn { entry: entry.seq, user: entry.user, reason: entry.reason, noted: after })
            }
            _ => None,
        };
        Ok(entries.into_iter().filter_map(of).collect())
    }
}
