//! Parts of batches (多份文件): files and sheets whose rows were added to a batch that was there.

use std::ffi::OsString;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::PathBuf;

use rusqlite::{Row, Transaction, params};

use super::batches::{Skipped, SourceFile, columns_from_json, columns_to_json};
use super::error::{Result, StoreError};
use super::{NOW, Store, remember_columns};
use crate::cause::OwnFileFault;
use crate::domain::ledger::BatchId;
use crate::domain::ledger::action::{Act, Action, BatchAdded, ColumnMatches};
use crate::domain::roster::{Beside, Block, Origin, RowId};
use crate::domain::sheet::{ColumnMap, MatchedHeader, SkipReason};

/// A file or a sheet that is added to a batch; its rows are laid out in the columns of the batch already.
#[derive(Debug)]
pub struct NewPart {
    pub source: SourceFile,
    pub origin: Origin,
    /// The file's SHA-256 in hexadecimal; nothing where it was written over while it was read.
    pub sha256: Option<String>,
    /// The columns as the file has them.
    pub columns: ColumnMap,
    pub blocks: Vec<Block>,
    pub skipped: Vec<Skipped>,
    /// How the columns of its header are matched from now on, where somebody has said so.
    pub matched: Option<MatchedHeader>,
}

/// A part of a batch as it stands in the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredPart {
    pub number: u32,
    pub source: SourceFile,
    pub origin: Origin,
    pub sha256: Option<String>,
    pub columns: ColumnMap,
    /// How many columns the batch had before.
    pub batch_columns: usize,
    pub first_block: u32,
    pub first_row: RowId,
    pub rows: u32,
}

const PART: &str =
    "SELECT number, path, size, modified, file, sheet, encoding, header_row, date_1904, sha256, columns, beside,
                    batch_columns, first_block, first_row, row_count FROM part";

/// Reads a row of [`PART`]; the inner `None` means columns that are damaged.
fn part_of(row: &Row) -> rusqlite::Result<Option<StoredPart>> {
    let Some(columns) = columns_from_json(row.get_ref("columns")?.as_str()?) else { return Ok(None) };
    // What a later version says besides is told by that; the rows are there whatever stands beside them.
    let beside: Beside = serde_json::from_str(row.get_ref("beside")?.as_str()?).unwrap_or_default();
    let path = PathBuf::from(OsString::from_vec(row.get("path")?));
    Ok(Some(StoredPart {
        number: row.get("number")?,
        source: SourceFile { path, size: row.get("size")?, modified: row.get("modified")? },
        origin: Origin {
            file: row.get("file")?,
            sheet: row.get("sheet")?,
            encoding: row.get("encoding")?,
            header_row: row.get("header_row")?,
            date_1904: row.get("date_1904")?,
            beside: beside.into(),
        },
        sha256: row.get("sha256")?,
        columns,
        batch_columns: row.get::<_, u32>("batch_columns")? as usize,
        first_block: row.get("first_block")?,
        first_row: row.get("first_row")?,
        rows: row.get("row_count")?,
    }))
}

impl Store {
    /// Adds the rows of a file behind those of a batch, all of them or none. `before` is what the columns of the batch are by the
    /// caller's knowledge, `columns` what they are from now on. Gives the number of the part.
    ///
    /// # Errors
    /// The batch is not whole, or its columns are others by now.
    pub fn add_part(&self, batch: BatchId, new: &NewPart, before: &ColumnMap, columns: &ColumnMap) -> Result<u32> {
        let packed: Vec<Vec<u8>> = new.blocks.iter().map(Block::pack).collect();
        let rows: u32 = new.blocks.iter().map(|block| block.len() as u32).sum();
        let beside = new.origin.beside.kept().and_then(|beside| serde_json::to_string(&beside).ok());
        self.write_checked(|tx| {
            let sql = |e: rusqlite::Error| self.error(&e);
            self.must_exist(tx, batch)?;
            self.must_not_be_held(tx, batch)?;
            let (complete, json, first_row): (bool, String, u32) = tx
                .query_row("SELECT complete, columns, row_count FROM batch WHERE id = ?1", [batch.0], |r| {
                    Ok((r.get(0)?, r.get(1)?, r.get(2)?))
                })
                .map_err(sql)?;
            if !complete {
                return Err(StoreError::Unfinished(batch));
            }
            if columns_from_json(&json).is_none_or(|stored| stored != *before) {
                return Err(StoreError::BatchMoved(batch));
            }
            let add = || {
                let number: u32 =
                    tx.query_row("SELECT coalesce(max(number), 0) + 1 FROM part WHERE batch = ?1", [batch.0], |r| {
                        r.get(0)
                    })?;
                let first_block: u32 =
                    tx.query_row("SELECT coalesce(max(number) + 1, 0) FROM block WHERE batch = ?1", [batch.0], |r| {
                        r.get(0)
                    })?;
                insert_part(tx, batch, (number, first_block, first_row, rows), new, (&beside, before.source.len()))?;
                let mut insert = tx.prepare_cached("INSERT INTO block VALUES (?1, ?2, ?3)")?;
                for (at, block) in (first_block..).zip(&packed) {
                    insert.execute(params![batch.0, at, block])?;
                }
                let statement = "UPDATE batch SET row_count = row_count + ?2, columns = ?3 WHERE id = ?1";
                tx.execute(statement, params![batch.0, rows, columns_to_json(columns)])?;
                self.note_closed(tx, batch, false)?;
                if let Some(matched) = &new.matched {
                    remember_columns(tx, matched)?;
                }
                if columns != before {
                    let (before, after) = (ColumnMatches::of(before), ColumnMatches::of(columns));
                    self.append(tx, &Action::BatchColumns(Act { object: batch, before, after }), "")?;
                }
                let Origin { file, sheet, .. } = new.origin.clone();
                let after = BatchAdded { part: number, file, sheet, first_row, rows, sha256: new.sha256.clone() };
                self.append(tx, &Action::BatchAdd(Act { object: batch, before: (), after }), "")?;
                Ok(number)
            };
            add().map_err(sql)
        })
    }

    /// Lists the files that were added to a batch, in the order of their rows; none for a batch of one file.
    pub fn parts(&self, batch: BatchId) -> Result<Vec<StoredPart>> {
        let found = self.read(|db| {
            db.prepare_cached(&format!("{PART} WHERE batch = ?1 ORDER BY number"))?
                .query_map([batch.0], part_of)?
                .collect::<rusqlite::Result<Option<Vec<_>>>>()
        })?;
        found.ok_or_else(|| StoreError::damaged(&self.path, OwnFileFault::Columns))
    }

    /// Lists the parts of whole batches that files of this size, or at this path, are; those of the newest batch first.
    pub fn parts_like(&self, source: &SourceFile) -> Result<Vec<(BatchId, StoredPart)>> {
        let batches: Vec<BatchId> = self.read(|db| {
            db.prepare_cached(
                "SELECT DISTINCT batch FROM part JOIN batch ON batch.id = part.batch AND batch.complete = 1
                 WHERE part.size = ?1 OR part.path = ?2 ORDER BY batch DESC",
            )?
            .query_map(params![source.size, source.path.as_os_str().as_bytes()], |r| r.get(0).map(BatchId))?
            .collect()
        })?;
        let mut found = Vec::new();
        for batch in batches {
            let is_like = |part: &StoredPart| part.source.size == source.size || part.source.path == source.path;
            found.extend(self.parts(batch)?.into_iter().filter(is_like).map(|part| (batch, part)));
        }
        Ok(found)
    }

    /// Counts the cells of the widest row of a batch.
    pub fn width_of(&self, batch: BatchId) -> Result<usize> {
        let width = |block: Block| (0..block.len()).map(|row| block.width(row)).max().unwrap_or(0);
        self.blocks(batch).try_fold(0, |most, block| Ok(most.max(width(block?))))
    }

    /// Lists the rows that were skipped in a part, in order.
    pub fn skipped_in_part(&self, batch: BatchId, part: u32) -> Result<Vec<Skipped>> {
        self.read(|db| {
            db.prepare_cached(
                "SELECT line, count, reason, text FROM part_skipped WHERE batch = ?1 AND part = ?2 ORDER BY line",
            )?
            .query_map(params![batch.0, part], |r| {
                // As in the first file: a word of a later version is a note.
                let reason = SkipReason::read(r.get_ref(2)?.as_str()?).unwrap_or(SkipReason::Note);
                Ok(Skipped { line: r.get(0)?, count: r.get(1)?, reason, text: r.get(3)? })
            })?
            .collect()
        })
    }
}

fn insert_part(
    tx: &Transaction,
    batch: BatchId,
    (number, first_block, first_row, rows): (u32, u32, u32, u32),
    new: &NewPart,
    (beside, batch_columns): (&Option<String>, usize),
) -> rusqlite::Result<()> {
    let NewPart { source, origin, sha256, columns, skipped, .. } = new;
    tx.execute(
        &format!(
            "INSERT INTO part (batch, number, added_at, path, file, size, modified, sha256, sheet, encoding, header_row,
             date_1904, columns, beside, batch_columns, first_block, first_row, row_count)
             VALUES (?1, ?2, {NOW}, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)"
        ),
        params![
            batch.0,
            number,
            source.path.as_os_str().as_bytes(),
            origin.file,
            source.size,
            source.modified,
            sha256,
            origin.sheet,
            origin.encoding,
            origin.header_row,
            origin.date_1904,
            columns_to_json(columns),
            beside.as_deref().unwrap_or("{}"),
            batch_columns as u32,
            first_block,
            first_row,
            rows,
        ],
    )?;
    let mut insert = tx.prepare_cached("INSERT INTO part_skipped VALUES (?1, ?2, ?3, ?4, ?5, ?6)")?;
    for s in skipped {
        insert.execute(params![batch.0, number, s.line, s.count, s.reason.key(), s.text])?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::roster::BlockBuilder;
    use crate::domain::sheet::SourceColumn;
    use crate::store::batches::samples;

    fn block(names: &[&str]) -> Block {
        let mut block = BlockBuilder::new();
        for (at, name) in names.iter().enumerate() {
            block.cell(name);
            block.end_row(at as u32);
        }
        block.finish(names.len() as u32)
    }

    fn part(names: &[&str]) -> NewPart {
        let origin = Origin { file: "b.csv".into(), header_row: 1, ..Origin::default() };
        let skipped = vec![Skipped { line: 9, count: 2, reason: SkipReason::Note, text: String::new() }];
        NewPart {
            source: SourceFile::default(),
            origin,
            sha256: Some("ab".into()),
            columns: ColumnMap::default(),
            blocks: vec![block(names)],
            skipped,
            matched: None,
        }
    }

    fn whole(store: &Store) -> BatchId {
        let id = store.create_batch(&samples::new_batch("a.csv")).unwrap();
        store.add_block(id, 0, &block(&["张伟", "李娜"]), &[]).unwrap();
        store.complete_batch(id, 2, None).unwrap();
        id
    }

    fn wider(columns: &ColumnMap) -> ColumnMap {
        let more = SourceColumn { label: "备注".into(), ..SourceColumn::default() };
        ColumnMap::new(columns.source.iter().cloned().chain([more]).collect())
    }

    #[test]
    fn a_part_comes_back_as_it_was_added() {
        let dir = tempfile::tempdir().unwrap();
        let store = samples::open(dir.path(), "u");
        let id = whole(&store);
        let before = store.batch(id).unwrap().columns;
        let mark = store.steps_of(id).unwrap();
        assert_eq!(store.add_part(id, &part(&["王芳"]), &before, &wider(&before)).unwrap(), 1);
        drop(store);
        let store = samples::open(dir.path(), "u");
        let batch = store.batch(id).unwrap();
        assert_eq!((batch.rows, batch.parts, batch.columns.source.len()), (3, 1, before.source.len() + 1));
        let parts = store.parts(id).unwrap();
        let [one] = &parts[..] else { panic!("{parts:?}") };
        assert_eq!((one.first_block, one.first_row, one.rows, one.batch_columns), (1, 2, 1, before.source.len()));
        assert_eq!((one.origin.file.as_str(), store.skipped_in_part(id, 1).unwrap().len()), ("b.csv", 1));
        assert_eq!(store.blocks(id).map(|block| block.unwrap().len()).collect::<Vec<_>>(), [2, 1]);
        assert!(store.steps_of(id).unwrap().has_more_rows(&mark));
        assert_eq!(store.width_of(id).unwrap(), 1);
        store.delete_batch(id).unwrap();
        assert_eq!((store.parts(id).unwrap(), store.skipped_in_part(id, 1).unwrap()), (Vec::new(), Vec::new()));
    }

    /// Whatever ends the writing of a part, the batch is as it was before: there is one transaction.
    #[test]
    fn a_part_that_cannot_be_written_to_its_end_leaves_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let store = samples::open(dir.path(), "u");
        let id = whole(&store);
        let before = store.batch(id).unwrap();
        let entries = store.audit_head().unwrap().count;
        let fail = |table: &str| {
            format!("CREATE TEMP TRIGGER t BEFORE INSERT ON main.{table} BEGIN SELECT RAISE(ABORT, 'cut'); END")
        };
        for table in ["part", "part_skipped", "block", "audit"] {
            store.db.execute_batch(&fail(table)).unwrap();
            assert!(store.add_part(id, &part(&["王芳"]), &before.columns, &wider(&before.columns)).is_err(), "{table}");
            store.db.execute_batch("DROP TRIGGER t").unwrap();
            assert_eq!((store.batch(id).unwrap(), store.parts(id).unwrap()), (before.clone(), Vec::new()), "{table}");
            assert_eq!((store.blocks(id).count(), store.audit_head().unwrap().count), (1, entries), "{table}");
        }
    }

    #[test]
    fn only_a_whole_batch_whose_columns_are_known_takes_a_part() {
        let dir = tempfile::tempdir().unwrap();
        let store = samples::open(dir.path(), "u");
        let open = store.create_batch(&samples::new_batch("c.csv")).unwrap();
        let columns = store.batch(open).unwrap().columns;
        assert_eq!(store.add_part(open, &part(&["王芳"]), &columns, &columns).unwrap_err().key(), "unfinished");
        let id = whole(&store);
        let stale = wider(&store.batch(id).unwrap().columns);
        assert_eq!(store.add_part(id, &part(&["王芳"]), &stale, &stale).unwrap_err().key(), "batch-moved");
        assert_eq!(store.add_part(BatchId(99), &part(&[]), &stale, &stale).unwrap_err().key(), "no-batch");
    }
}
