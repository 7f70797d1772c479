//! The share register in the store: each word on an entry is one of the audit chain, and the latest counts.

use chrono::NaiveDate;
use rusqlite::{Connection, OptionalExtension, Transaction, params};

use super::error::{Result, StoreError};
use super::{Store, StoreReader};
use crate::domain::ledger::action::{Act, Action, ShareEnded};
use crate::domain::ledger::share::{Share, ShareField, ShareId, ShareRefusal, ShareTerms, SharedFile};
use crate::domain::ledger::verify::NotedRow;

/// The first version of the file that holds shares.
const WITH_SHARES: i64 = 10;

const COLUMNS: &str = "s.id, s.receiver, s.purpose, s.scene, s.scope, s.approver, s.expires, a.time, a.user, s.ended_on
    FROM share s JOIN audit a ON a.seq = s.made";

impl Store {
    /// Makes an entry of the register; gives its number and its place in the audit chain.
    pub fn add_share(&self, terms: &ShareTerms, file: Option<&SharedFile>, reason: &str) -> Result<(ShareId, u64)> {
        self.write_latest(|tx| {
            let add = || -> rusqlite::Result<(ShareId, u64)> {
                let next: i64 = tx.query_row("SELECT coalesce(max(id), 0) + 1 FROM share", [], |r| r.get(0))?;
                let id = ShareId(next);
                let action = Action::ShareAdd(Act { object: id, before: (), after: terms.clone() });
                let entry = self.append(tx, &action, reason.trim())?;
                let [receiver, purpose, scene, scope, approver, expires] = texts(terms);
                tx.execute(
                    "INSERT INTO share (id, receiver, purpose, scene, scope, approver, expires, made, entry)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?8)",
                    params![id.0, receiver, purpose, scene, scope, approver, expires, entry as i64],
                )?;
                if let Some(file) = file {
                    self.put_file(tx, id, file, reason)?;
                }
                Ok((id, entry))
            };
            add().map_err(|e| self.error(&e))
        })
    }

    /// Notes that a file was handed out under an entry; gives the place in the audit chain.
    ///
    /// # Errors
    /// There is no such entry, it has ended, or its time has passed.
    pub fn hand_out(&self, id: ShareId, file: &SharedFile, today: NaiveDate, reason: &str) -> Result<u64> {
        self.write_latest(|tx| {
            self.share_in(tx, id)?.may_be_used(today).map_err(StoreError::Share)?;
            self.put_file(tx, id, file, reason).map_err(|e| self.error(&e))
        })
    }

    fn put_file(&self, tx: &Transaction, id: ShareId, file: &SharedFile, reason: &str) -> rusqlite::Result<u64> {
        let action = Action::ShareHandOut(Act { object: id, before: (), after: file.clone() });
        let entry = self.append(tx, &action, reason.trim())?;
        tx.execute(
            "INSERT INTO share_file VALUES (?1, ?2, ?3, ?4, ?5)",
            params![id.0, entry as i64, file.file, file.sha256, file.holds],
        )?;
        Ok(entry)
    }

    /// Changes what an entry says; gives the place in the audit chain.
    ///
    /// # Errors
    /// There is no such entry, it has ended, or nothing would change.
    pub fn change_share(&self, id: ShareId, changed: &ShareTerms, reason: &str) -> Result<u64> {
        self.write_latest(|tx| {
            let Share { terms, ended_on, .. } = self.share_in(tx, id)?;
            if let Some(day) = ended_on {
                return Err(StoreError::Share(ShareRefusal::Ended(id, day)));
            }
            if terms == *changed {
                return Err(StoreError::Share(ShareRefusal::NothingChanges));
            }
            let write = || -> rusqlite::Result<u64> {
                let action = Action::ShareChange(Act { object: id, before: terms.clone(), after: changed.clone() });
                let entry = self.append(tx, &action, reason.trim())?;
                let [receiver, purpose, scene, scope, approver, expires] = texts(changed);
                tx.execute(
                    "UPDATE share SET receiver = ?2, purpose = ?3, scene = ?4, scope = ?5, approver = ?6, expires = ?7,
                                      entry = ?8 WHERE id = ?1",
                    params![id.0, receiver, purpose, scene, scope, approver, expires, entry as i64],
                )?;
                Ok(entry)
            };
            write().map_err(|e| self.error(&e))
        })
    }

    /// Ends an entry: the data are not used any more. Gives the place in the audit chain.
    ///
    /// # Errors
    /// There is no such entry, or it has ended.
    pub fn end_share(&self, id: ShareId, on: NaiveDate, reason: &str) -> Result<u64> {
        self.write_latest(|tx| {
            if let Some(day) = self.share_in(tx, id)?.ended_on {
                return Err(StoreError::Share(ShareRefusal::Ended(id, day)));
            }
            let write = || -> rusqlite::Result<u64> {
                let action = Action::ShareEnd(Act { object: id, before: (), after: ShareEnded { on } });
                let entry = self.append(tx, &action, reason.trim())?;
                tx.execute(
                    "UPDATE share SET ended_on = ?2, ended = ?3 WHERE id = ?1",
                    params![id.0, on.to_string(), entry as i64],
                )?;
                Ok(entry)
            };
            write().map_err(|e| self.error(&e))
        })
    }

    /// Lists the register, the newest first.
    pub fn shares(&self) -> Result<Vec<Share>> {
        self.read(all)
    }

    /// Finds an entry.
    ///
    /// # Errors
    /// There is none of the number.
    pub fn share(&self, id: ShareId) -> Result<Share> {
        self.read(|db| find(db, id))?.ok_or(StoreError::Share(ShareRefusal::Unknown(id)))
    }

    fn share_in(&self, tx: &Transaction, id: ShareId) -> Result<Share> {
        let found = find(tx, id).map_err(|e| self.error(&e))?;
        found.ok_or(StoreError::Share(ShareRefusal::Unknown(id)))
    }
}

impl StoreReader {
    /// Lists the register, the newest first; nothing where the store is from before there was one.
    pub fn shares(&self) -> Result<Vec<Share>> {
        self.read(all)
    }
}

fn all(db: &Connection) -> rusqlite::Result<Vec<Share>> {
    if !has_shares(db)? {
        return Ok(Vec::new());
    }
    let mut statement = db.prepare(&format!("SELECT {COLUMNS} ORDER BY s.id DESC"))?;
    let all = statement.query_map([], share)?.collect::<rusqlite::Result<Vec<Share>>>()?;
    all.into_iter().map(|one| with_files(db, one)).collect()
}

fn texts(terms: &ShareTerms) -> [String; ShareField::COUNT] {
    ShareField::ALL.map(|field| terms.text(field))
}

fn has_shares(db: &Connection) -> rusqlite::Result<bool> {
    let version: i64 = db.pragma_query_value(None, "user_version", |r| r.get(0))?;
    Ok(WITH_SHARES <= version)
}

fn share(row: &rusqlite::Row) -> rusqlite::Result<Share> {
    let mut terms = ShareTerms::default();
    for (field, at) in ShareField::ALL.into_iter().zip(1..) {
        terms.put(field, row.get_ref(at)?.as_str()?);
    }
    let ended: String = row.get(9)?;
    Ok(Share {
        id: ShareId(row.get(0)?),
        terms,
        made: (row.get(7)?, row.get(8)?),
        ended_on: ended.parse().ok(),
        files: Vec::new(),
    })
}

fn find(db: &Connection, id: ShareId) -> rusqlite::Result<Option<Share>> {
    if !has_shares(db)? {
        return Ok(None);
    }
    let found = db.query_row(&format!("SELECT {COLUMNS} WHERE s.id = ?1"), [id.0], share).optional()?;
    found.map(|one| with_files(db, one)).transpose()
}

fn with_files(db: &Connection, one: Share) -> rusqlite::Result<Share> {
    let files = db
        .prepare_cached(
            "SELECT f.file, f.sha256, f.holds, a.time FROM share_file f JOIN audit a ON a.seq = f.entry
             WHERE f.share = ?1 ORDER BY f.entry",
        )?
        .query_map([one.id.0], |r| {
            Ok((SharedFile { file: r.get(0)?, sha256: r.get(1)?, holds: r.get(2)? }, r.get(3)?))
        })?
        .collect::<rusqlite::Result<_>>()?;
    Ok(Share { files, ..one })
}

/// Reads the tables as they stand, a row for each part.
pub(super) fn rows(db: &Connection) -> rusqlite::Result<Vec<NotedRow>> {
    let mut all = Vec::new();
    if !has_shares(db)? {
        return Ok(all);
    }
    let mut statement = db.prepare(
        "SELECT id, receiver, purpose, scene, scope, approver, expires, entry, ended_on, ended, made FROM share ORDER BY id",
    )?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let (id, entry): (i64, i64) = (row.get(0)?, row.get(7)?);
        let about = format!("share:{id}");
        for (field, at) in ShareField::ALL.into_iter().zip(1..) {
            let key = (about.clone(), field.key().to_string());
            all.push(NotedRow { key, value: row.get(at)?, entry: entry as u64 });
        }
        let made: i64 = row.get(10)?;
        all.push(NotedRow { key: (about.clone(), "made".to_string()), value: made.to_string(), entry: made as u64 });
        let (ended_on, ended): (String, Option<i64>) = (row.get(8)?, row.get(9)?);
        if ended.is_some() || !ended_on.is_empty() {
            let entry = ended.unwrap_or_default() as u64;
            all.push(NotedRow { key: (about, "ended-on".to_string()), value: ended_on, entry });
        }
    }
    let mut statement = db.prepare("SELECT share, entry, file, sha256, holds FROM share_file ORDER BY share, entry")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let (id, entry): (i64, i64) = (row.get(0)?, row.get(1)?);
        let [file, sha256, holds] = [2, 3, 4].map(|at| row.get::<_, String>(at));
        let key = (format!("share:{id}"), format!("file {entry}"));
        all.push(NotedRow { key, value: format!("{} {} {}", sha256?, file?, holds?), entry: entry as u64 });
    }
    Ok(all)
}
