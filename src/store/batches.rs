//! Batches (批次): an imported file with its rows, the changes made to it, and where the user was.

use std::ffi::OsString;
use std::fs;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use rusqlite::{OptionalExtension, Row, Transaction, params};

use super::batch_work::note_counted;
use super::error::{Result, StoreError};
use super::{NOW, Store};
use super::{audit, remember_columns, remember_profile};
use crate::cause::OwnFileFault;
use crate::domain::ledger::BatchId;
use crate::domain::ledger::TakeError;
use crate::domain::ledger::action::{
    Act, Action, BatchCreated, BatchDeleted, BatchProfile, BatchRead, ColumnMatch, ColumnMatches, FileDigest,
    ReplacedBy,
};
use crate::domain::profile_choice::ChosenBy;
use crate::domain::roster::{Beside, Block, Origin};
use crate::domain::sheet::{ColumnMap, MatchedHeader, READING, SkipReason, SkippedRun};

/// A source file as it was when it was read; the file itself is never changed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SourceFile {
    /// The file with its whole path.
    pub path: PathBuf,
    /// The size in bytes.
    pub size: i64,
    /// The time of the last modification, in nanoseconds since 1970.
    pub modified: i64,
}

impl SourceFile {
    /// Looks at a file.
    pub fn of(path: &Path) -> std::io::Result<SourceFile> {
        let path = fs::canonicalize(path)?;
        let found = fs::metadata(&path)?;
        let modified = found.modified()?.duration_since(UNIX_EPOCH).map_or(0, |d| d.as_nanos() as i64);
        Ok(SourceFile { path, size: found.len() as i64, modified })
    }
}

/// What is known of a batch when its file is opened.
#[derive(Debug, Clone, Default)]
pub struct NewBatch {
    pub source: SourceFile,
    /// What was found in the file.
    pub origin: Origin,
    /// The profile's identifier (规则包).
    pub profile: String,
    pub profile_by: Option<ChosenBy>,
    /// What the profile is remembered under, where somebody picked it; else empty.
    pub fingerprint: String,
    /// Which column holds which field (栏目对应).
    pub columns: ColumnMap,
    /// How the columns of the header are matched from now on, where somebody has said so.
    pub matched: Option<MatchedHeader>,
}

/// Under what a batch is checked from now on.
#[derive(Debug)]
pub struct ChangedReading<'a> {
    /// The profile's identifier (规则包).
    pub profile: &'a str,
    pub by: ChosenBy,
    /// Which column holds which field, where that is otherwise than before.
    pub columns: Option<&'a ColumnMap>,
    /// What the choice is remembered under.
    pub fingerprint: &'a str,
    /// Whether it is remembered; else what was is forgotten.
    pub is_remembered: bool,
}

/// A batch as it stands in the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredBatch {
    pub id: BatchId,
    /// When it was made, UTC.
    pub created_at: String,
    pub source: SourceFile,
    /// What was found in the file.
    pub origin: Origin,
    /// The file's SHA-256 in hexadecimal, once it is known.
    pub sha256: Option<String>,
    /// The profile's identifier (规则包).
    pub profile: String,
    /// Which column holds which field (栏目对应).
    pub columns: ColumnMap,
    /// Whether all rows have been stored.
    pub complete: bool,
    /// Whether the user has closed it (归档).
    pub closed: bool,
    /// How many data rows it has; 0 until it is complete.
    pub rows: u32,
    /// How many files were added to it.
    pub parts: u32,
}

/// Rows under the header that are no data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skipped {
    /// The first row as the spreadsheet numbers it.
    pub line: u32,
    /// How many rows in a run, so that a million blank ones take one entry.
    pub count: u32,
    /// Why they are no data.
    pub reason: SkipReason,
    /// The first row's text; may be empty.
    pub text: String,
}

impl Skipped {
    pub fn of_runs(runs: &[SkippedRun]) -> Vec<Skipped> {
        let one = |run: &SkippedRun| {
            let SkippedRun { first: line, last, reason, text } = run.clone();
            Skipped { line, count: last - line + 1, reason, text }
        };
        runs.iter().map(one).collect()
    }

    pub fn run(self) -> SkippedRun {
        let Skipped { line, count, reason, text } = self;
        SkippedRun { first: line, last: line + count.max(1) - 1, reason, text }
    }
}

pub(super) fn columns_to_json(columns: &ColumnMap) -> String {
    serde_json::to_string(&ColumnMatches::of(columns).columns).unwrap_or_default()
}

pub(super) fn columns_from_json(json: &str) -> Option<ColumnMap> {
    let list: Vec<ColumnMatch> = serde_json::from_str(json).ok()?;
    Some(ColumnMap::new(list.into_iter().map(ColumnMatch::into_column).collect()))
}

const BATCH: &str = "SELECT id, created_at, path, size, modified, file, sheet, encoding, header_row, date_1904, sha256,
                     profile, columns, complete, closed, row_count,
                     (SELECT count(*) FROM part WHERE part.batch = batch.id) AS parts FROM batch";

/// Reads a row of [`BATCH`]; the inner `None` means a column map that is damaged.
fn batch_of(row: &Row) -> rusqlite::Result<Option<StoredBatch>> {
    let Some(columns) = columns_from_json(row.get_ref("columns")?.as_str()?) else {
        return Ok(None);
    };
    let path = PathBuf::from(OsString::from_vec(row.get("path")?));
    Ok(Some(StoredBatch {
        id: BatchId(row.get("id")?),
        created_at: row.get("created_at")?,
        source: SourceFile { path, size: row.get("size")?, modified: row.get("modified")? },
        origin: Origin {
            file: row.get("file")?,
            sheet: row.get("sheet")?,
            encoding: row.get("encoding")?,
            header_row: row.get("header_row")?,
            date_1904: row.get("date_1904")?,
            ..Origin::default()
        },
        sha256: row.get("sha256")?,
        profile: row.get("profile")?,
        columns,
        complete: row.get("complete")?,
        closed: row.get("closed")?,
        rows: row.get("row_count")?,
        parts: row.get("parts")?,
    }))
}

impl Store {
    /// Makes a batch for a file that is being opened; its rows follow by [`Store::add_block`].
    ///
    /// Unfinished batches of the same unchanged file are removed, unless someone is at work in them. Changes made while
    /// such an import was cut off were acknowledged, so they move to the new batch: see [`Store::history`].
    pub fn create_batch(&self, new: &NewBatch) -> Result<BatchId> {
        self.write(|tx| {
            tx.execute(
                &format!(
                    "INSERT INTO batch (created_at, path, size, modified, file, sheet, encoding, header_row, date_1904,
                     profile, columns) VALUES ({NOW}, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)"
                ),
                params![
                    new.source.path.as_os_str().as_bytes(),
                    new.source.size,
                    new.source.modified,
                    new.origin.file,
                    new.origin.sheet,
                    new.origin.encoding,
                    new.origin.header_row,
                    new.origin.date_1904,
                    new.profile,
                    columns_to_json(&new.columns),
                ],
            )?;
            let batch = BatchId(tx.last_insert_rowid());
            let Origin { file, sheet, beside, .. } = new.origin.clone();
            let (profile, beside) = (new.profile.clone(), beside.kept());
            let after =
                BatchCreated { file, sheet, profile, profile_by: new.profile_by, beside, reading: Some(READING) };
            self.append(tx, &Action::BatchCreate(Act { object: batch, before: (), after }), "")?;
            if new.profile_by == Some(ChosenBy::Answered) {
                remember_profile(tx, &new.fingerprint, Some(&new.profile))?;
            }
            if let Some(matched) = &new.matched {
                remember_columns(tx, matched)?;
            }
            for (old, file) in clear_leftovers(tx, batch)? {
                let (before, after) = (BatchDeleted::Leftover { file }, Some(ReplacedBy { replaced_by: batch }));
                self.append(tx, &Action::BatchDelete(Act { object: old, before, after }), "")?;
            }
            Ok(batch)
        })
    }

    /// Adds a block of rows and the rows that were skipped in it; a transaction of its own, so that edits come between.
    pub fn add_block(&self, batch: BatchId, number: u32, block: &Block, skipped: &[Skipped]) -> Result<()> {
        let packed = block.pack();
        self.write_checked(|tx| {
            self.must_exist(tx, batch)?;
            let insert = || -> rusqlite::Result<()> {
                tx.prepare_cached("INSERT INTO block VALUES (?1, ?2, ?3)")?
                    .execute(params![batch.0, number, packed])?;
                let mut insert = tx.prepare_cached("INSERT INTO skipped VALUES (?1, ?2, ?3, ?4, ?5)")?;
                for s in skipped {
                    insert.execute(params![batch.0, s.line, s.count, s.reason.key(), s.text])?;
                }
                Ok(())
            };
            insert().map_err(|e| self.error(&e))
        })
    }

    /// Notes that all rows are stored.
    pub fn complete_batch(&self, batch: BatchId, rows: u32, sha256: Option<&str>) -> Result<()> {
        let statement = "UPDATE batch SET complete = 1, row_count = ?2, sha256 = coalesce(?3, sha256) WHERE id = ?1";
        self.update(batch, statement, params![batch.0, rows, sha256], |tx| {
            sha256.map_or(Ok(()), |sha256| self.link_bridge(tx, batch, sha256))?;
            let after = BatchRead { rows, sha256: sha256.map(String::from) };
            Ok(Action::BatchComplete(Act { object: batch, before: (), after }))
        })
    }

    /// Notes the file's digest, for a batch whose digest comes later than its rows.
    pub fn set_digest(&self, batch: BatchId, sha256: &str) -> Result<()> {
        self.update(batch, "UPDATE batch SET sha256 = ?2 WHERE id = ?1", params![batch.0, sha256], |tx| {
            self.link_bridge(tx, batch, sha256)?;
            let after = FileDigest { sha256: sha256.to_string() };
            Ok(Action::BatchDigest(Act { object: batch, before: (), after }))
        })
    }

    /// Tells what a batch's workbook had besides its rows, and what its profile was chosen by, where its entries in the audit
    /// chain say so.
    pub fn provenance(&self, batch: BatchId) -> Result<(Beside, Option<ChosenBy>)> {
        let entries = self.read(|db| audit::entries_of(db, &format!("batch:{}", batch.0)))?;
        let mut told = (Beside::default(), None);
        for action in entries.iter().filter_map(Action::of_entry) {
            match action {
                Action::BatchCreate(act) => told = (act.after.beside.unwrap_or_default(), act.after.profile_by),
                Action::BatchProfile(act) => told.1 = act.after.profile_by,
                _ => {}
            }
        }
        Ok(told)
    }

    /// Stores another profile (规则包) and how the columns fit its form, and remembers or forgets the choice. A batch with
    /// numbers stays under the profile that they were given under.
    pub fn change_reading(&self, batch: BatchId, reading: &ChangedReading<'_>) -> Result<()> {
        self.write_checked(|tx| {
            let sql = |e: rusqlite::Error| self.error(&e);
            self.must_exist(tx, batch)?;
            self.must_not_be_held(tx, batch)?;
            self.must_keep_profile(tx, batch, reading.profile)?;
            let json = self.batch_column(tx, batch, "columns")?;
            let columns_before = columns_from_json(&json).map(|columns| ColumnMatches::of(&columns));
            let profile = self.batch_column(tx, batch, "profile")?;
            let before = BatchProfile { profile, profile_by: None };
            let after = BatchProfile { profile: reading.profile.to_string(), profile_by: Some(reading.by) };
            let change = || {
                if let (Some(columns), Some(before)) = (reading.columns, columns_before) {
                    let update = "UPDATE batch SET columns = ?2 WHERE id = ?1";
                    tx.execute(update, params![batch.0, columns_to_json(columns)])?;
                    let after = ColumnMatches::of(columns);
                    self.append(tx, &Action::BatchColumns(Act { object: batch, before, after }), "")?;
                }
                tx.execute("UPDATE batch SET profile = ?2 WHERE id = ?1", params![batch.0, reading.profile])?;
                self.append(tx, &Action::BatchProfile(Act { object: batch, before, after }), "")?;
                remember_profile(tx, reading.fingerprint, reading.is_remembered.then_some(reading.profile))
            };
            change().map_err(sql)
        })
    }

    /// Refuses another profile than the one that numbers were given to a batch's rows under.
    pub(super) fn must_keep_profile(&self, tx: &Transaction, batch: BatchId, profile: &str) -> Result<()> {
        let statement =
            "SELECT b.profile, s.first, s.last FROM batch b JOIN touched t ON t.batch = b.id AND t.gives = 1
             JOIN series s ON s.id = t.series WHERE b.id = ?1 AND b.profile <> ?2 LIMIT 1";
        let numbered = tx
            .query_row(statement, params![batch.0, profile], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)))
            .optional()
            .map_err(|e| self.error(&e))?;
        let refused = |(under, first, last)| StoreError::Refused(TakeError::OtherProfile(under, first, last));
        numbered.map_or(Ok(()), |numbered| Err(refused(numbered)))
    }

    /// Removes a batch with its rows and changes for good.
    ///
    /// # Errors
    /// [`StoreError::HasNumbers`] when numbers were given to its rows: the ledger points to them.
    pub fn delete_batch(&self, batch: BatchId) -> Result<()> {
        self.update(batch, "DELETE FROM batch WHERE id = ?1", params![batch.0], |tx| {
            self.must_have_given_none(tx, batch)?;
            let statement = "SELECT file, row_count, sha256,
                             (SELECT count(*) FROM change WHERE batch = batch.id AND applied = 1) FROM batch WHERE id = ?1";
            let told = |r: &Row| {
                let (file, rows, sha256, changes) = (r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?);
                Ok(BatchDeleted::ByUser { file, rows, sha256, changes })
            };
            let before = tx.query_row(statement, [batch.0], told).map_err(|e| self.error(&e))?;
            Ok(Action::BatchDelete(Act { object: batch, before, after: None }))
        })
    }

    /// Changes a batch's own row; `action` is asked before, while the row is as it was.
    fn update(
        &self,
        batch: BatchId,
        statement: &str,
        values: &[&dyn rusqlite::ToSql],
        action: impl FnOnce(&Transaction) -> Result<Action>,
    ) -> Result<()> {
        self.write_checked(|tx| {
            self.must_exist(tx, batch)?;
            self.must_not_be_held(tx, batch)?;
            let action = action(tx)?;
            let change = || {
                tx.execute(statement, values)?;
                self.append(tx, &action, "")
            };
            change().map_err(|e| self.error(&e))?;
            Ok(())
        })
    }

    /// Gives what stands in a column of a batch's own row.
    fn batch_column(&self, tx: &Transaction, batch: BatchId, column: &str) -> Result<String> {
        tx.query_row(&format!("SELECT {column} FROM batch WHERE id = ?1"), [batch.0], |r| r.get(0))
            .map_err(|e| self.error(&e))
    }

    /// Refuses to remove a batch to whose rows numbers were given.
    fn must_have_given_none(&self, tx: &Transaction, batch: BatchId) -> Result<()> {
        let statement = "SELECT EXISTS (SELECT 1 FROM touched WHERE batch = ?1)";
        let gave = tx.query_row(statement, [batch.0], |r| r.get(0)).map_err(|e| self.error(&e))?;
        if gave { Err(StoreError::HasNumbers(batch)) } else { Ok(()) }
    }

    /// Stores where the user was, as the caller's own JSON.
    pub fn save_view(&self, batch: BatchId, state: &str) -> Result<()> {
        self.write_checked(|tx| {
            self.must_exist(tx, batch)?;
            tx.execute(
                "INSERT INTO view VALUES (?1, ?2) ON CONFLICT DO UPDATE SET state = excluded.state",
                params![batch.0, state],
            )
            .and_then(|_| note_counted(tx, batch))
            .map_err(|e| self.error(&e))
        })
    }

    /// Gives where the user was.
    pub fn view(&self, batch: BatchId) -> Result<Option<String>> {
        self.read(|db| db.query_row("SELECT state FROM view WHERE batch = ?1", [batch.0], |r| r.get(0)).optional())
    }

    pub fn batch(&self, batch: BatchId) -> Result<StoredBatch> {
        self.list("WHERE id = ?1", params![batch.0])?.pop().ok_or(StoreError::NoBatch(batch))
    }

    /// Lists all batches, newest first.
    pub fn batches(&self) -> Result<Vec<StoredBatch>> {
        self.list("ORDER BY id DESC", &[])
    }

    /// Lists batches; `rest` says which, and in which order.
    pub(super) fn list(&self, rest: &str, values: &[&dyn rusqlite::ToSql]) -> Result<Vec<StoredBatch>> {
        let found = self.read(|db| {
            db.prepare(&format!("{BATCH} {rest}"))?
                .query_map(values, batch_of)?
                .collect::<rusqlite::Result<Option<Vec<_>>>>()
        })?;
        found.ok_or_else(|| StoreError::damaged(&self.path, OwnFileFault::Columns))
    }

    /// Lists the complete batches, newest first, that a file may be: of files of the same size, or that were read from its path.
    pub fn batches_like(&self, source: &SourceFile) -> Result<Vec<StoredBatch>> {
        let rest = "WHERE complete = 1 AND (size = ?1 OR path = ?2) ORDER BY id DESC";
        self.list(rest, params![source.size, source.path.as_os_str().as_bytes()])
    }

    /// Gives a batch's blocks in order, each read when it is asked for.
    pub fn blocks(&self, batch: BatchId) -> impl Iterator<Item = Result<Block>> + '_ {
        let mut last = -1_i64;
        std::iter::from_fn(move || {
            let next = self.read(|db| {
                db.prepare_cached(
                    "SELECT number, packed FROM block WHERE batch = ?1 AND ?2 < number ORDER BY number LIMIT 1",
                )?
                .query_row([batch.0, last], |r| Ok((r.get(0)?, Block::unpack(r.get_ref(1)?.as_blob()?))))
                .optional()
            });
            let (number, block) = match next {
                Ok(found) => found?,
                Err(e) => {
                    // Nothing comes after an error.
                    last = i64::MAX;
                    return Some(Err(e));
                }
            };
            let in_order = number == last + 1;
            last = if in_order && block.is_some() { number } else { i64::MAX };
            let damaged = || StoreError::damaged(&self.path, OwnFileFault::Rows);
            Some(block.filter(|_| in_order).ok_or_else(damaged))
        })
    }

    /// Lists the rows that were skipped, in order.
    pub fn skipped(&self, batch: BatchId) -> Result<Vec<Skipped>> {
        self.read(|db| {
            db.prepare_cached("SELECT line, count, reason, text FROM skipped WHERE batch = ?1 ORDER BY line")?
                .query_map([batch.0], |r| {
                    // A word of a later version is a note: the rows were left out, whatever they are called.
                    let reason = SkipReason::read(r.get_ref(2)?.as_str()?).unwrap_or(SkipReason::Note);
                    Ok(Skipped { line: r.get(0)?, count: r.get(1)?, reason, text: r.get(3)? })
                })?
                .collect()
        })
    }
}

/// Removes what an import of the same unchanged file left unfinished, and saves the changes made meanwhile. Lists what was
/// removed, with the files' names.
fn clear_leftovers(tx: &Transaction, batch: BatchId) -> rusqlite::Result<Vec<(BatchId, String)>> {
    // Only where rows have the same numbers do the changes fit; a leftover that does not fit but has changes stays.
    let leftovers = tx
        .prepare(
            "SELECT old.id, old.sheet = new.sheet AND old.encoding = new.encoding AND old.header_row = new.header_row,
                    EXISTS (SELECT 1 FROM change WHERE batch = old.id), old.file
             FROM batch old JOIN batch new USING (path, size, modified)
             WHERE new.id = ?1 AND old.id <> ?1 AND old.complete = 0
               AND NOT EXISTS (SELECT 1 FROM claim WHERE batch = old.id)
             ORDER BY old.id DESC",
        )?
        .query_map([batch.0], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?)))?
        .collect::<rusqlite::Result<Vec<(i64, bool, bool, String)>>>()?;
    let mut moved = false;
    let mut removed = Vec::new();
    for (old, fits, changed, file) in leftovers {
        if changed && (moved || !fits || reading_of(tx, BatchId(old))? != Some(READING)) {
            continue;
        }
        if changed {
            tx.execute("UPDATE change SET batch = ?1 WHERE batch = ?2", [batch.0, old])?;
            tx.execute("UPDATE OR IGNORE view SET batch = ?1 WHERE batch = ?2", [batch.0, old])?;
            // The fields of those changes are those of the map the user had set by then.
            tx.execute(
                "UPDATE batch SET (columns, profile) = (SELECT columns, profile FROM batch WHERE id = ?2) WHERE id = ?1",
                [batch.0, old],
            )?;
            moved = true;
        }
        tx.execute("DELETE FROM batch WHERE id = ?1", [old])?;
        removed.push((BatchId(old), file));
    }
    Ok(removed)
}

/// Tells how the rows of a batch were told from people: by another way they have other numbers.
fn reading_of(tx: &Transaction, batch: BatchId) -> rusqlite::Result<Option<u32>> {
    let entries = audit::entries_of(tx, &format!("batch:{}", batch.0))?;
    let created = entries.iter().filter_map(Action::of_entry).find_map(|action| match action {
        Action::BatchCreate(act) => Some(act.after.reading),
        _ => None,
    });
    Ok(created.flatten())
}

#[cfg(test)]
#[path = "batches_tests.rs"]
mod tests;

#[cfg(test)]
pub(super) use tests::samples;
