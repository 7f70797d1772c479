//! The change log (修改记录): what can be undone and redone after a restart as before it.

use std::collections::HashSet;
use std::sync::Arc;

use rusqlite::{OptionalExtension, Transaction, params};

use super::error::{Result, StoreError};
use super::{NOW, Store, packed};
use crate::cause::OwnFileFault;
use crate::domain::ledger::BatchId;
use crate::domain::ledger::action::{Act, Action, CellsChanged, StepMoved};
use crate::domain::roster::{CellEdit, Change, RowEdit, RowWhat, StepMade};
use crate::domain::sheet::Field;

pub(super) fn field_key(field: Field) -> &'static str {
    field.key()
}

pub(super) fn field_of(key: &str) -> Option<Field> {
    Field::read(key)
}

const UNDO: &str = "UPDATE change SET applied = 0 WHERE batch = ?1
    AND seq = (SELECT max(seq) FROM change WHERE batch = ?1 AND applied = 1) RETURNING seq, title";

/// A change without its cells, and those that stand packed in it: id, title, whether it is in force, whether it lasts.
type Head = (i64, String, bool, bool, Option<Option<Vec<CellEdit>>>);

/// How a batch stands: equal marks mean equal rows and equal steps, of which the same ones are in force.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Steps {
    last: i64,
    all: i64,
    applied: i64,
    /// How many files were added to the batch.
    parts: i64,
}

impl Steps {
    /// Tells whether files were added between the two.
    pub fn has_more_rows(&self, before: &Steps) -> bool {
        self.parts != before.parts
    }
}

impl Store {
    /// Tells how a batch's change log stands.
    pub fn steps_of(&self, batch: BatchId) -> Result<Steps> {
        self.read(|db| {
            db.prepare_cached(
                "SELECT coalesce(max(id), 0), count(*), coalesce(sum(applied), 0),
                 (SELECT count(*) FROM part WHERE batch = ?1) FROM change WHERE batch = ?1 AND dropped = 0",
            )?
            .query_row([batch.0], |r| {
                Ok(Steps { last: r.get(0)?, all: r.get(1)?, applied: r.get(2)?, parts: r.get(3)? })
            })
        })
    }

    /// Records a change that has been applied, and drops the undone ones; durable when it returns. A lasting one is recorded
    /// by [`Store::allocate`] only.
    pub fn record(&self, batch: BatchId, change: &Change) -> Result<()> {
        self.write_checked(|tx| {
            self.must_exist(tx, batch)?;
            self.must_not_be_held(tx, batch)?;
            self.insert_change(tx, batch, change, None).map_err(|e| self.error(&e))
        })
    }

    /// Inserts a change; `allocation` is the entry that took the numbers it gives.
    pub(super) fn insert_change(
        &self,
        tx: &Transaction,
        batch: BatchId,
        change: &Change,
        allocation: Option<u64>,
    ) -> rusqlite::Result<()> {
        self.note_closed(tx, batch, false)?;
        tx.prepare_cached("UPDATE change SET dropped = 1 WHERE batch = ?1 AND applied = 0 AND dropped = 0")?
            .execute([batch.0])?;
        tx.prepare_cached(&format!(
            "INSERT INTO change (batch, seq, title, user, time, applied, allocation, packed)
             SELECT ?1, coalesce(max(seq), 0) + 1, ?2, ?3, {NOW}, 1, ?4, ?5 FROM change WHERE batch = ?1"
        ))?
        .execute(params![
            batch.0,
            change.title,
            self.user,
            allocation.map(|seq| seq as i64),
            allocation.map(|_| packed::pack(&change.edits)),
        ])?;
        if allocation.is_some() {
            // The entry that took the numbers tells of this change already.
            return Ok(());
        }
        let id = tx.last_insert_rowid();
        let mut edit = tx.prepare_cached("INSERT INTO edit VALUES (?1, ?2, ?3, ?4, ?5, ?6)")?;
        for (number, e) in change.edits.iter().enumerate() {
            edit.execute(params![id, number as i64, e.row, field_key(e.field), &*e.before, &*e.after])?;
        }
        let mut said = tx.prepare_cached("INSERT INTO row_edit VALUES (?1, ?2, ?3, ?4, ?5, ?6)")?;
        for (number, e) in change.rows.iter().enumerate() {
            let (before, after) = (e.before.as_deref(), e.after.as_deref());
            said.execute(params![id, number as i64, e.row, e.what.key(), before, after])?;
        }
        let action = Action::BatchChange(Act { object: batch, before: (), after: CellsChanged::of(change) });
        self.append(tx, &action, "")?;
        Ok(())
    }

    /// Moves the mark back: the last change in force becomes undone. Tells whether there was one.
    ///
    /// # Errors
    /// [`StoreError::Lasting`] when it gave numbers.
    pub fn undo(&self, batch: BatchId) -> Result<bool> {
        self.move_mark(batch, Action::BatchUndo, UNDO)
    }

    /// Moves the mark forward: the first undone change is in force again. Tells whether there was one.
    pub fn redo(&self, batch: BatchId) -> Result<bool> {
        self.move_mark(
            batch,
            Action::BatchRedo,
            "UPDATE change SET applied = 1 WHERE batch = ?1
             AND seq = (SELECT min(seq) FROM change WHERE batch = ?1 AND applied = 0 AND dropped = 0)
             RETURNING seq, title",
        )
    }

    fn move_mark(
        &self,
        batch: BatchId,
        action: fn(Act<BatchId, (), StepMoved>) -> Action,
        statement: &str,
    ) -> Result<bool> {
        self.write_checked(|tx| {
            self.must_exist(tx, batch)?;
            self.must_not_be_held(tx, batch)?;
            if statement == UNDO {
                self.must_not_last(tx, batch)?;
            }
            let step = |r: &rusqlite::Row| Ok((r.get::<_, i64>(0)?, r.get::<_, String>(1)?));
            let move_it = || {
                let Some((seq, title)) = tx.prepare_cached(statement)?.query_row([batch.0], step).optional()? else {
                    return Ok(false);
                };
                self.note_closed(tx, batch, false)?;
                let after = StepMoved { title, step: seq };
                self.append(tx, &action(Act { object: batch, before: (), after }), "")?;
                Ok(true)
            };
            move_it().map_err(|e| self.error(&e))
        })
    }

    /// Gives all changes of a batch in order and how many of them are in force; the others are undone.
    pub fn history(&self, batch: BatchId) -> Result<(Vec<Change>, usize)> {
        // One read transaction, so that nobody's change slips in between the two statements.
        let (heads, rows) = self.read(|db| {
            let tx = Transaction::new_unchecked(db, rusqlite::TransactionBehavior::Deferred)?;
            let mut texts = SharedTexts::default();
            let mut heads = tx
                .prepare_cached(
                    "SELECT id, title, applied, allocation IS NOT NULL, packed FROM change
                     WHERE batch = ?1 AND dropped = 0 ORDER BY seq",
                )?
                .query_map([batch.0], |r| {
                    let mut share = |text: &str| texts.share(text);
                    let edits = r.get_ref(4)?.as_blob_or_null()?.map(|packed| packed::unpack(packed, &mut share));
                    Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?, edits))
                })?
                .collect::<rusqlite::Result<Vec<Head>>>()?;
            let mut statement =
                tx.prepare_cached("SELECT row, field, before, after FROM edit WHERE change = ?1 ORDER BY number")?;
            let mut rows = Vec::with_capacity(heads.len());
            let mut said = Vec::with_capacity(heads.len());
            for (id, .., packed) in &mut heads {
                said.push(row_edits(&tx, *id, &mut texts)?);
                if let Some(edits) = packed.take() {
                    rows.push(edits);
                    continue;
                }
                let edits = statement.query_map([&*id], |r| {
                    let field = field_of(r.get_ref(1)?.as_str()?);
                    let (before, after) = (texts.share(r.get_ref(2)?.as_str()?), texts.share(r.get_ref(3)?.as_str()?));
                    let row = r.get(0)?;
                    Ok(field.map(|field| CellEdit { row, field, before, after }))
                })?;
                rows.push(edits.collect::<rusqlite::Result<Option<Vec<CellEdit>>>>()?);
            }
            Ok((heads, rows.into_iter().zip(said)))
        })?;
        let applied = heads.iter().filter(|(_, _, applied, ..)| *applied).count();
        if heads.iter().skip(applied).any(|(_, _, applied, ..)| *applied) {
            return Err(StoreError::damaged(&self.path, OwnFileFault::Change));
        }
        let changes = heads
            .into_iter()
            .zip(rows)
            .map(|((_, title, _, lasting, _), (edits, rows))| Some(Change { title, edits: edits?, rows, lasting }))
            .collect::<Option<Vec<Change>>>()
            .ok_or_else(|| StoreError::damaged(&self.path, OwnFileFault::Change))?;
        Ok((changes, applied))
    }

    /// Tells of each step of a batch, in order and undone ones among them, who made it and when.
    pub fn steps_made(&self, batch: BatchId) -> Result<Vec<StepMade>> {
        self.read(|db| {
            db.prepare_cached("SELECT user, time FROM change WHERE batch = ?1 AND dropped = 0 ORDER BY seq")?
                .query_map([batch.0], |r| Ok(StepMade { user: r.get(0)?, at: r.get(1)? }))?
                .collect()
        })
    }

    /// Refuses to take back a change that gave numbers.
    fn must_not_last(&self, tx: &Transaction, batch: BatchId) -> Result<()> {
        let lasting: Option<bool> = tx
            .prepare_cached(
                "SELECT allocation IS NOT NULL FROM change WHERE batch = ?1 AND applied = 1 ORDER BY seq DESC LIMIT 1",
            )
            .and_then(|mut s| s.query_row([batch.0], |r| r.get(0)).optional())
            .map_err(|e| self.error(&e))?;
        if lasting == Some(true) { Err(StoreError::Lasting) } else { Ok(()) }
    }

    pub(super) fn must_exist(&self, tx: &Transaction, batch: BatchId) -> Result<()> {
        let found = tx
            .prepare_cached("SELECT 1 FROM batch WHERE id = ?1")
            .and_then(|mut s| s.query_row([batch.0], |_| Ok(())).optional())
            .map_err(|e| self.error(&e))?;
        found.ok_or(StoreError::NoBatch(batch))
    }
}

/// Reads what a change says of rows; what a later version says of them is left out.
fn row_edits(tx: &Transaction<'_>, change: i64, texts: &mut SharedTexts) -> rusqlite::Result<Vec<RowEdit>> {
    let mut statement =
        tx.prepare_cached("SELECT row, what, before, after FROM row_edit WHERE change = ?1 ORDER BY number")?;
    let edits = statement.query_map([change], |r| {
        let Some(what) = RowWhat::read(r.get_ref(1)?.as_str()?) else { return Ok(None) };
        let mut text = |at| Ok::<_, rusqlite::Error>(r.get_ref(at)?.as_str_or_null()?.map(|text| texts.share(text)));
        Ok(Some(RowEdit { row: r.get(0)?, what, before: text(2)?, after: text(3)? }))
    })?;
    edits.filter_map(rusqlite::Result::transpose).collect()
}

/// Texts of edits, each held once: a fix of a whole column writes few different ones.
#[derive(Default)]
struct SharedTexts(HashSet<Arc<str>>);

impl SharedTexts {
    fn share(&mut self, text: &str) -> Arc<str> {
        if let Some(same) = self.0.get(text) {
            return Arc::clone(same);
        }
        let new: Arc<str> = text.into();
        self.0.insert(Arc::clone(&new));
        new
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::roster::History;
    use crate::store::batches::samples;
    use proptest::prelude::*;

    #[test]
    fn field_names_are_those_of_the_forms() {
        #[derive(serde::Deserialize)]
        struct Holder {
            field: Field,
        }
        for field in Field::ALL {
            let read: Holder = toml::from_str(&format!("field = \"{}\"", field_key(field))).unwrap();
            assert_eq!((read.field, field_of(field_key(field))), (field, Some(field)));
        }
    }

    #[test]
    fn a_change_of_many_cells_comes_back_whole() {
        let dir = tempfile::tempdir().unwrap();
        let store = samples::open(dir.path(), "u");
        let batch = store.create_batch(&samples::new_batch("a.csv")).unwrap();
        let change = samples::change(1, 100_000);
        store.record(batch, &change).unwrap();
        drop(store);
        let store = samples::open(dir.path(), "u");
        assert_eq!(store.history(batch).unwrap(), (vec![change.clone()], 1));
        assert!(store.undo(batch).unwrap());
        assert_eq!(store.history(batch).unwrap(), (vec![change], 0));
        store.record(batch, &samples::change(2, 1)).unwrap();
        assert_eq!(store.history(batch).unwrap(), (vec![samples::change(2, 1)], 1));
        assert!(!store.redo(batch).unwrap(), "what was dropped cannot be redone");
        let dropped = "SELECT count(*) FROM edit JOIN change ON change.id = edit.change WHERE dropped = 1";
        let dropped: i64 = store.db.query_row(dropped, [], |r| r.get(0)).unwrap();
        assert_eq!(dropped, 100_000, "what was dropped is still there");
    }

    #[test]
    fn the_chain_counts_the_rows_and_words_of_a_later_version_are_left_out() {
        let dir = tempfile::tempdir().unwrap();
        let store = samples::open(dir.path(), "u");
        let batch = store.create_batch(&samples::new_batch("a.csv")).unwrap();
        let edit = |row, what, after: Option<&str>| RowEdit { row, what, before: None, after: after.map(Arc::from) };
        let rows = vec![
            edit(0, RowWhat::Aside, Some("重复")),
            edit(1, RowWhat::Aside, None),
            edit(1, RowWhat::Note, Some("张三电话")),
        ];
        store.record(batch, &Change { title: "t".into(), rows: rows.clone(), ..Change::default() }).unwrap();
        let entry = "SELECT after FROM audit ORDER BY seq DESC LIMIT 1";
        let entry: String = store.db.query_row(entry, [], |r| r.get(0)).unwrap();
        assert!(entry.contains("\"rows_aside\":1,\"rows_back\":1,\"rows_noted\":1"), "{entry}");
        assert!(!entry.contains("张三"), "what is said of people stays in the change log");
        store.db.execute("INSERT INTO row_edit VALUES (1, 9, 0, 'later', NULL, 'x')", []).unwrap();
        assert_eq!(store.history(batch).unwrap().0[0].rows, rows);
    }

    #[test]
    fn refuses_a_batch_that_is_not_there() {
        let dir = tempfile::tempdir().unwrap();
        let store = samples::open(dir.path(), "u");
        assert_eq!(store.record(BatchId(7), &samples::change(1, 1)).unwrap_err().key(), "no-batch");
        assert_eq!(store.undo(BatchId(7)).unwrap_err().key(), "no-batch");
    }

    #[derive(Debug, Clone, Copy)]
    enum Step {
        Record(u8),
        Undo,
        Redo,
        Reopen,
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn stored_history_is_the_one_in_memory(steps in prop::collection::vec(
            prop_oneof![
                3 => (0..4_u8).prop_map(Step::Record),
                3 => Just(Step::Undo),
                2 => Just(Step::Redo),
                1 => Just(Step::Reopen),
            ],
            0..24,
        )) {
            let dir = tempfile::tempdir().unwrap();
            let mut store = samples::open(dir.path(), "u");
            let batch = store.create_batch(&samples::new_batch("a.csv")).unwrap();
            let mut memory = History::default();
            for (number, step) in steps.into_iter().enumerate() {
                match step {
                    Step::Record(cells) => {
                        let mut change = samples::change(number, usize::from(cells));
                        if cells % 2 == 1 {
                            let edit = |(row, what)| RowEdit { row, what, before: None, after: Some("重复".into()) };
                            change.rows.extend([(1, RowWhat::Aside), (2, RowWhat::Note)].map(edit));
                        }
                        store.record(batch, &change).unwrap();
                        memory.push(Arc::new(change));
                    }
                    Step::Undo => {
                        prop_assert_eq!(store.undo(batch).unwrap(), memory.undoable().is_some());
                        memory.undone();
                    }
                    Step::Redo => {
                        prop_assert_eq!(store.redo(batch).unwrap(), memory.redoable().is_some());
                        memory.redone();
                    }
                    Step::Reopen => store = samples::open(dir.path(), "u"),
                }
                let (changes, applied) = store.history(batch).unwrap();
                let all = memory.applied().iter().chain(memory.undone_steps());
                prop_assert_eq!(changes, all.map(|c| (**c).clone()).collect::<Vec<_>>());
                prop_assert_eq!(applied, memory.applied().len());
                let made = store.steps_made(batch).unwrap();
                prop_assert_eq!(made.len(), memory.applied().len() + memory.undone_steps().len());
                prop_assert!(made.iter().all(|made| made.user == "u" && !made.at.is_empty()));
            }
        }
    }
}
