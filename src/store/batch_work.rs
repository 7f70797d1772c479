//! What became of batches (批次的进展): who worked on one last, what was changed, numbered and exported, whether it is archived.

use rusqlite::{OptionalExtension, Transaction, params};

use super::Store;
use super::batches::StoredBatch;
use super::error::Result;
use crate::domain::ledger::action::{Act, Action};
use crate::domain::ledger::two_people::{SecondAct, WaitsForSecond};
use crate::domain::ledger::{BatchId, Status};

/// What became of a batch, as lists of batches show it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BatchWork {
    /// Who worked on it last; empty where that is not known.
    pub user: String,
    /// When that was, UTC.
    pub at: String,
    /// How many cells stand otherwise than in the file, those that numbers were written into left out.
    pub edits: u32,
    /// How many rows are put aside.
    pub aside: u32,
    /// How many notes there are.
    pub notes: u32,
    /// How many errors it had when it was on a screen or was given numbers last; `None` where nobody has looked since.
    pub errors: Option<u32>,
    /// How much of what was found of the imported rows was mended by then, and how much was found.
    pub mended: Option<(u32, u32)>,
    /// How many of its rows had no certificate number then; `None` too where its form has no column for one.
    pub unnumbered: Option<u32>,
    /// How many numbers were given to its rows.
    pub numbers: u32,
    /// When an upload file of it was written last, UTC.
    pub exported_at: Option<String>,
    /// Whether the rows stand otherwise since.
    pub is_changed_since: bool,
    /// Whether the institution registry has changed since it was counted: the errors may be others by now.
    pub is_outdated: bool,
    /// How many facts it lacks without which it is not exported; the store does not know what is demanded, and says none.
    pub lacking: u32,
    /// How many of its certificates nobody has handed in, and how many came back.
    pub unsent: u32,
    pub returned: u32,
    /// Who is to check it; nothing where nobody is, or its upload file is written.
    pub second: Option<WaitsForSecond>,
}

/// What is counted of a batch while it is in hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct BatchCounts {
    pub errors: u32,
    /// How much of what was found is mended.
    pub mended: u32,
    pub found: u32,
    /// Rows without a certificate number, where the form has a column for one.
    pub unnumbered: Option<u32>,
}

/// A cell that was changed and changed back is as in the file: of its first change and its last the texts are compared.
const EDITS: &str = "SELECT count(*) FROM (
    SELECT 1 FROM change c JOIN edit e ON e.change = c.id WHERE c.batch = ?1 AND c.applied = 1 GROUP BY e.row, e.field
    HAVING substr(max(printf('%012d', c.seq) || e.after), 13) <> substr(min(printf('%012d', c.seq) || e.before), 13))";

/// The rows of the batch `?1` that are put aside: of each what was said last counts.
pub(super) const ROWS_ASIDE: &str = "SELECT row FROM (
    SELECT e.row AS row, e.after AS after, max(printf('%012d%012d', c.seq, e.number)) FROM change c JOIN row_edit e ON e.change = c.id
    WHERE c.batch = ?1 AND c.applied = 1 AND e.what = 'aside' GROUP BY e.row) WHERE after IS NOT NULL";

/// Whether a row of the batch `?1` became another one after it was exported last.
const CHANGED_SINCE: &str = "SELECT EXISTS (SELECT 1 FROM audit WHERE object = 'batch:' || ?1
    AND action IN ('batch.add', 'batch.change', 'batch.undo', 'batch.redo', 'batch.profile', 'ledger.allocate')
    AND seq > (SELECT max(seq) FROM audit WHERE object = 'batch:' || ?1 AND action = 'ledger.export'))";

/// What happened to institutions last; 0 for nothing.
const REGISTRY_AT: &str = "SELECT coalesce(max(seq), 0) FROM audit WHERE object >= 'institution:' AND object < 'institution;' AND action GLOB 'institution.*'";

/// Whoever shows personal data or tidies the list up has not worked on a batch.
const LATEST: &str = "SELECT user, time FROM audit WHERE object = 'batch:' || ?1
    AND action NOT IN ('audit.unmask', 'batch.close', 'batch.reopen') ORDER BY seq DESC LIMIT 1";

/// How many certificates of a batch stand so.
const OF_STATUS: &str = "SELECT coalesce(sum(certificates), 0) FROM batch_count WHERE batch = ?1 AND status = ?2";

/// Names the setting that says what had happened to institutions when a batch was counted.
fn counted_at(batch: BatchId) -> String {
    format!("counted-at:{batch}")
}

/// Names the setting that says which batch a user had in hand last.
fn last_of(user: &str) -> String {
    format!("last-batch:{user}")
}

impl Store {
    /// Tells what became of a batch.
    pub fn work_of(&self, batch: &StoredBatch) -> Result<BatchWork> {
        let id = batch.id.0;
        self.read(|db| {
            let latest = db
                .prepare_cached(LATEST)?
                .query_row([id], |r| Ok((r.get(0)?, r.get(1)?)))
                .optional()?
                .unwrap_or_else(|| (String::new(), batch.created_at.clone()));
            let (edits, numbers) = (EDITS, "SELECT coalesce(sum(last - first + 1), 0) FROM touched WHERE batch = ?1 AND gives");
            let exported = "SELECT max(time) FROM audit WHERE object = 'batch:' || ?1 AND action = 'ledger.export'";
            let number = |name: &str| {
                format!("SELECT CAST(json_extract(state, '$.{name}') AS INTEGER) FROM view WHERE batch = ?1 AND json_valid(state)")
            };
            let (errors, gone, found) = (number("errors"), number("mended"), number("found"));
            let unnumbered = number("unnumbered");
            let aside = format!("SELECT count(*) FROM ({ROWS_ASIDE})");
            let notes = aside.replace("'aside'", "'note'");
            let outdated = format!("SELECT EXISTS (SELECT 1 FROM setting WHERE key = ?2 AND CAST(value AS INTEGER) < ({REGISTRY_AT}))");
            let all = format!("SELECT ({edits}), ({numbers}), ({exported}), ({errors}), ({aside}), ({notes}), ({gone}), ({found}), ({unnumbered}), ({CHANGED_SINCE}), ({outdated})");
            let work = db.prepare_cached(&all)?.query_row(params![id, counted_at(batch.id)], |r| {
                Ok(BatchWork {
                    user: latest.0.clone(),
                    at: latest.1.clone(),
                    edits: r.get(0)?,
                    numbers: r.get(1)?,
                    exported_at: r.get(2)?,
                    errors: r.get(3)?,
                    aside: r.get(4)?,
                    notes: r.get(5)?,
                    mended: r.get::<_, Option<u32>>(6)?.zip(r.get(7)?),
                    unnumbered: r.get(8)?,
                    is_changed_since: r.get(9)?,
                    is_outdated: r.get(10)?,
                    ..BatchWork::default()
                })
            })?;
            let of = |status: Status| -> rusqlite::Result<u32> {
                db.prepare_cached(OF_STATUS)?.query_row(params![id, status.key()], |r| r.get(0))
            };
            let unsent = of(Status::Allocated)? + of(Status::Exported)?;
            let is_ready = batch.complete && (work.exported_at.is_none() || work.is_changed_since);
            let second = if is_ready { self.waits_for_second(db, batch.id)? } else { None };
            Ok(BatchWork { unsent, returned: of(Status::Returned)?, second, ..work })
        })
    }

    /// Lists the batches that are not closed, the one that was worked on last first, and counts the others beyond so many.
    pub fn worked_last(&self, most: usize) -> Result<(Vec<StoredBatch>, usize)> {
        let latest = LATEST.replace("user, time", "time").replace("?1", "batch.id");
        let order = format!("ORDER BY coalesce(({latest}), created_at) DESC, id DESC");
        // Ids alone are sorted: whole rows of thousands of batches would be copied for it.
        let rest = format!("WHERE id IN (SELECT id FROM batch WHERE closed = 0 {order} LIMIT ?1) {order}");
        let listed = self.list(&rest, params![most as i64])?;
        let open: u32 =
            self.read(|db| db.query_row("SELECT count(*) FROM batch WHERE closed = 0", [], |r| r.get(0)))?;
        let others = (open as usize).saturating_sub(listed.len());
        Ok((listed, others))
    }

    /// Notes what is counted of a batch, beside where the user was in it.
    pub fn note_counts(&self, batch: BatchId, counts: BatchCounts) -> Result<()> {
        let BatchCounts { errors, mended, found, unnumbered } = counts;
        self.write_checked(|tx| {
            self.must_exist(tx, batch)?;
            let statement = "INSERT INTO view VALUES (?1, json_object('errors', ?2, 'mended', ?3, 'found', ?4, 'unnumbered', ?5)) ON CONFLICT DO UPDATE
                SET state = json_set(CASE WHEN json_valid(state) THEN state ELSE '{}' END,
                    '$.errors', ?2, '$.mended', ?3, '$.found', ?4, '$.unnumbered', ?5)";
            let noted = tx.execute(statement, params![batch.0, errors, mended, found, unnumbered]);
            noted.and_then(|_| note_counted(tx, batch)).map_err(|e| self.error(&e))
        })
    }

    /// Gives the batch that the user had in hand last, or else the newest; none that is closed.
    pub fn latest_batch(&self) -> Result<Option<StoredBatch>> {
        let last = self.setting(&last_of(&self.user))?;
        let rest = "WHERE closed = 0 ORDER BY id = CAST(?1 AS INTEGER) DESC, id DESC LIMIT 1";
        Ok(self.list(rest, params![last.unwrap_or_default()])?.pop())
    }

    /// Notes that the user has a batch in hand now.
    pub(super) fn note_in_hand(&self, tx: &Transaction, batch: BatchId) -> rusqlite::Result<()> {
        let statement = "INSERT INTO setting VALUES (?1, ?2) ON CONFLICT DO UPDATE SET value = excluded.value";
        tx.execute(statement, params![last_of(&self.user), batch.0.to_string()]).map(drop)
    }

    /// Notes that the user has done with the batch (归档); it stays in the store. Tells whether it was not so before.
    ///
    /// # Errors
    /// Somebody else has it in hand, or the user has prepared it and two people are asked for.
    pub fn close_batch(&self, batch: BatchId) -> Result<bool> {
        self.set_closed(batch, true)
    }

    /// Notes that the user works on a closed batch again. Tells whether it was closed.
    pub fn reopen_batch(&self, batch: BatchId) -> Result<bool> {
        self.set_closed(batch, false)
    }

    fn set_closed(&self, batch: BatchId, closed: bool) -> Result<bool> {
        self.write_checked(|tx| {
            self.must_exist(tx, batch)?;
            self.must_not_be_held(tx, batch)?;
            if closed {
                self.must_be_second_of(tx, SecondAct::Archive, batch)?;
            }
            self.note_closed(tx, batch, closed).map_err(|e| self.error(&e))
        })
    }

    /// Closes a batch or opens it again, with an entry where it was not so before.
    pub(super) fn note_closed(&self, tx: &Transaction, batch: BatchId, closed: bool) -> rusqlite::Result<bool> {
        let statement = "UPDATE batch SET closed = ?2 WHERE id = ?1 AND closed <> ?2";
        if tx.prepare_cached(statement)?.execute(params![batch.0, closed])? == 0 {
            return Ok(false);
        }
        let act = Act { object: batch, before: (), after: () };
        self.append(tx, &if closed { Action::BatchClose(act) } else { Action::BatchReopen(act) }, "")?;
        Ok(true)
    }
}

/// Notes that a batch is counted as of now.
pub(super) fn note_counted(tx: &Transaction, batch: BatchId) -> rusqlite::Result<()> {
    let statement =
        format!("INSERT INTO setting VALUES (?1, ({REGISTRY_AT})) ON CONFLICT DO UPDATE SET value = excluded.value");
    tx.prepare_cached(&statement)?.execute([counted_at(batch)]).map(drop)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::domain::roster::{CellEdit, Change};
    use crate::domain::sheet::Field;
    use crate::store::NewBatch;
    use crate::store::batches::samples::open;

    fn change(before: &str, after: &str, rows: &[u32]) -> Change {
        let (before, after): (Arc<str>, Arc<str>) = (before.into(), after.into());
        let edit = |row: &u32| CellEdit { row: *row, field: Field::Name, before: before.clone(), after: after.clone() };
        Change { title: "t".into(), edits: rows.iter().map(edit).collect(), ..Change::default() }
    }

    #[test]
    fn cells_that_stand_otherwise_than_in_the_file_are_counted() {
        let dir = tempfile::tempdir().unwrap();
        let store = open(dir.path(), "u");
        let id = store.create_batch(&NewBatch::default()).unwrap();
        let edits = || store.work_of(&store.batch(id).unwrap()).unwrap().edits;
        assert_eq!(edits(), 0);
        store.record(id, &change("甲", "乙", &[0, 1, 2])).unwrap();
        store.record(id, &change("乙", "丙", &[2])).unwrap();
        assert_eq!(edits(), 3, "a cell changed twice is one cell");
        store.record(id, &change("乙", "甲", &[0])).unwrap();
        assert_eq!(edits(), 2, "one that is as in the file again is none");
        store.undo(id).unwrap();
        assert_eq!(edits(), 3);
    }

    #[test]
    fn what_was_worked_on_last_stands_first_and_the_others_are_counted() {
        let dir = tempfile::tempdir().unwrap();
        let store = open(dir.path(), "u");
        let whole = |_| {
            let id = store.create_batch(&NewBatch::default()).unwrap();
            store.complete_batch(id, 0, None).unwrap();
            id
        };
        let ids: Vec<BatchId> = (0..4).map(whole).collect();
        store.close_batch(ids[2]).unwrap();
        store.db.execute("UPDATE batch SET created_at = '2026-01-0' || id || 'T00:00:00Z'", []).unwrap();
        let told = |most| {
            let (listed, others) = store.worked_last(most).unwrap();
            (listed.iter().map(|batch| batch.id).collect::<Vec<_>>(), others)
        };
        // What was done to them was done at one moment, or a later one for the first.
        store.record(ids[0], &change("甲", "乙", &[0])).unwrap();
        let (first, others) = told(10);
        assert_eq!((first.len(), others), (3, 0));
        assert!(!first.contains(&ids[2]));
        let mut by_work: Vec<_> =
            first.iter().map(|id| store.work_of(&store.batch(*id).unwrap()).unwrap().at).collect();
        by_work.reverse();
        assert!(by_work.is_sorted(), "{by_work:?}");
        assert_eq!(told(1), (vec![first[0]], 2));
    }

    #[test]
    fn what_became_of_a_batch_is_told_with_who_did_it() {
        let dir = tempfile::tempdir().unwrap();
        let store = open(dir.path(), "wang");
        let id = store.create_batch(&NewBatch::default()).unwrap();
        let work = || store.work_of(&store.batch(id).unwrap()).unwrap();
        assert_eq!((work().user.as_str(), work().errors, work().numbers), ("wang", None, 0));
        let other = open(dir.path(), "li");
        other.record(id, &change("甲", "乙", &[0])).unwrap();
        assert!(store.close_batch(id).unwrap());
        assert_eq!(work().user, "li", "whoever archives it has not worked on it");
        let counts = BatchCounts { errors: 7, mended: 2, found: 9, unnumbered: Some(3) };
        store.note_counts(id, counts).unwrap();
        assert_eq!((work().errors, work().mended, work().unnumbered), (Some(7), Some((2, 9)), Some(3)));
        let noted = "{\"errors\":7,\"mended\":2,\"found\":9,\"unnumbered\":3}";
        assert_eq!(store.view(id).unwrap().as_deref(), Some(noted));
        store.save_view(id, "{\"row\":3,\"errors\":5}").unwrap();
        assert_eq!(work().errors, Some(5));
        assert_eq!((work().mended, work().unnumbered), (None, None), "a view of an earlier program says nothing of it");
        store.note_counts(id, BatchCounts { errors: 4, mended: 5, unnumbered: None, ..counts }).unwrap();
        let kept = "{\"row\":3,\"errors\":4,\"mended\":5,\"found\":9,\"unnumbered\":null}";
        assert_eq!(store.view(id).unwrap().as_deref(), Some(kept), "the place stays");
        store.save_view(id, "no JSON").unwrap();
        assert_eq!(work().errors, None);
    }

    #[test]
    fn a_closed_batch_is_open_again_with_the_first_change_and_closing_twice_is_one_entry() {
        let dir = tempfile::tempdir().unwrap();
        let store = open(dir.path(), "u");
        let id = store.create_batch(&NewBatch::default()).unwrap();
        let count = || store.audit_head().unwrap().count;
        let before = count();
        assert!(store.close_batch(id).unwrap() && !store.close_batch(id).unwrap());
        assert_eq!(count(), before + 1);
        store.record(id, &change("甲", "乙", &[0])).unwrap();
        assert!(!store.batch(id).unwrap().closed);
        assert_eq!(count(), before + 3, "the change, and that the batch is open again");
        for step in [Store::undo, Store::redo] {
            store.close_batch(id).unwrap();
            assert!(step(&store, id).unwrap());
            assert!(!store.batch(id).unwrap().closed);
        }
        assert!(!store.reopen_batch(id).unwrap());
    }

    #[test]
    fn the_batch_in_hand_last_is_gone_on_with_and_no_closed_one() {
        let dir = tempfile::tempdir().unwrap();
        let store = open(dir.path(), "u");
        let whole = |_| {
            let id = store.create_batch(&NewBatch::default()).unwrap();
            store.complete_batch(id, 0, None).unwrap();
            id
        };
        let ids: Vec<BatchId> = (0..3).map(whole).collect();
        let latest = |store: &Store| store.latest_batch().unwrap().map(|b| b.id);
        assert_eq!(latest(&store), Some(ids[2]), "the newest where none was in hand");
        drop(store.claim(ids[0]).unwrap());
        assert_eq!(latest(&store), Some(ids[0]));
        assert_eq!(latest(&open(dir.path(), "other")), Some(ids[2]), "everybody has their own");
        store.close_batch(ids[0]).unwrap();
        assert_eq!(latest(&store), Some(ids[2]));
        store.close_batch(ids[2]).unwrap();
        store.close_batch(ids[1]).unwrap();
        assert_eq!(latest(&store), None);
    }
}
