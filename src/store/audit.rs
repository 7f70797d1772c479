//! The audit chain (审计链) in the store: appended to in the transaction that changes the state.

use rusqlite::{OptionalExtension, Transaction, params};

use super::error::Result;
use super::{NOW, Store};
use crate::domain::ledger::audit::{Deed, Entry, Head};

impl Store {
    /// Appends what is done in a transaction to the chain; returns its place.
    pub(super) fn append(&self, tx: &Transaction, deed: &Deed) -> rusqlite::Result<u64> {
        let head = head(tx)?;
        // Times never run backwards along the chain, whatever the clock does.
        let time: String = tx
            .prepare_cached(&format!("SELECT max({NOW}, coalesce((SELECT time FROM audit WHERE seq = ?1), ''))"))?
            .query_row([head.count as i64], |r| r.get(0))?;
        let mut entry = Entry {
            seq: head.count + 1,
            time,
            user: self.user.clone(),
            action: deed.action.to_string(),
            object: deed.object.clone(),
            before: deed.before.clone(),
            after: deed.after.clone(),
            reason: deed.reason.clone(),
            previous: head.hash,
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
        Ok(entry.seq)
    }

    /// Gives the end of the chain.
    pub fn audit_head(&self) -> Result<Head> {
        self.read(head)
    }
}

/// Lists the entries about an object, oldest first.
pub(super) fn entries_of(db: &rusqlite::Connection, object: &str) -> rusqlite::Result<Vec<Entry>> {
    let columns = "seq, time, user, action, object, before, after, reason, previous, hash";
    db.prepare_cached(&format!("SELECT {columns} FROM audit WHERE object = ?1 ORDER BY seq"))?
        .query_map([object], entry)?
        .collect()
}

fn entry(r: &rusqlite::Row) -> rusqlite::Result<Entry> {
    Ok(Entry {
        seq: r.get::<_, i64>(0)? as u64,
        time: r.get(1)?,
        user: r.get(2)?,
        action: r.get(3)?,
        object: r.get(4)?,
        before: r.get(5)?,
        after: r.get(6)?,
        reason: r.get(7)?,
        previous: r.get(8)?,
        hash: r.get(9)?,
    })
}

/// Reads the end of the chain.
fn head(db: &rusqlite::Connection) -> rusqlite::Result<Head> {
    let last = db
        .prepare_cached("SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1")?
        .query_row([], |r| Ok(Head { count: r.get::<_, i64>(0)? as u64, hash: r.get(1)? }))
        .optional()?;
    Ok(last.unwrap_or_default())
}
