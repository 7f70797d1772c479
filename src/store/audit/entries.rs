//! Reading the chain.

use rusqlite::{Row, named_params};

use crate::domain::ledger::audit::{AuditEntry, EntryFilter};
use crate::store::Store;
use crate::store::error::Result;

/// The columns of an entry, for [`entry_of`].
pub(in crate::store) const COLUMNS: &str = "seq, time, user, action, object, before, after, reason, previous, hash";

/// Gives the statement for a filter: where an object is named, its index is read.
fn statement(filter: &EntryFilter, order: &str) -> String {
    let object = match &filter.object {
        None => ":object IS NULL",
        Some(object) if object.contains(':') => "object = :object",
        // A kind of object, or an object that is the only one of its kind.
        Some(_) => "(object = :object OR (:object || ':' <= object AND object < :object || ';'))",
    };
    // A plus keeps the bounds of the page from being taken for the better index.
    let seq = if filter.object.is_some() { "+seq" } else { "seq" };
    format!(
        "SELECT {COLUMNS} FROM audit WHERE :after < {seq} AND {seq} < :before AND {object} AND (:since IS NULL OR :since <= time)
           AND (:user IS NULL OR user = :user OR substr(user, 1, length(:user) + 2) IN (:user || ' (', :user || '? ')) ORDER BY seq {order} LIMIT :limit"
    )
}

impl Store {
    /// Lists the entries that come after one in the chain, at most so many, oldest first.
    pub fn entries_after(&self, seq: u64, filter: &EntryFilter, limit: usize) -> Result<Vec<AuditEntry>> {
        self.entries((seq, i64::MAX as u64), filter, limit, "ASC")
    }

    /// Lists the newest entries, at most so many, oldest first.
    pub fn latest_entries(&self, filter: &EntryFilter, limit: usize) -> Result<Vec<AuditEntry>> {
        let mut found = self.entries((0, i64::MAX as u64), filter, limit, "DESC")?;
        found.reverse();
        Ok(found)
    }

    /// Lists the entries that come before one in the chain, at most so many, newest first; without one the newest of all.
    pub fn entries_before(&self, seq: Option<u64>, limit: usize) -> Result<Vec<AuditEntry>> {
        self.entries((0, seq.unwrap_or(i64::MAX as u64)), &EntryFilter::default(), limit, "DESC")
    }

    fn entries(
        &self,
        (after, before): (u64, u64),
        filter: &EntryFilter,
        limit: usize,
        order: &str,
    ) -> Result<Vec<AuditEntry>> {
        self.read(|db| {
            db.prepare_cached(&statement(filter, order))?
                .query_map(
                    named_params! {
                        ":after": after as i64,
                        ":before": before as i64,
                        ":object": filter.object,
                        ":since": filter.since,
                        ":user": filter.user,
                        ":limit": limit as i64,
                    },
                    entry_of,
                )?
                .collect()
        })
    }
}

/// Reads an entry of the chain from its columns, `seq` to `hash`.
pub(in crate::store) fn entry_of(row: &Row) -> rusqlite::Result<AuditEntry> {
    Ok(AuditEntry {
        seq: row.get::<_, i64>(0)? as u64,
        time: row.get(1)?,
        user: row.get(2)?,
        action: row.get(3)?,
        object: row.get(4)?,
        before: row.get(5)?,
        after: row.get(6)?,
        reason: row.get(7)?,
        previous: row.get(8)?,
        hash: row.get(9)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::batches::samples::open;
    use crate::store::records::samples::plan;

    #[test]
    fn the_entries_of_an_object_are_found_by_the_index() {
        let dir = tempfile::tempdir().unwrap();
        let store = open(dir.path(), "u");
        for object in ["batch:3", "batch"] {
            let filter = EntryFilter { object: Some(object.into()), ..EntryFilter::default() };
            let plan = plan(&store, &statement(&filter, "DESC"));
            assert!(plan.contains("audit_by_object"), "{object}: {plan}");
        }
    }
}
