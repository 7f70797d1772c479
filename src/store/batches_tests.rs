use super::*;
use crate::domain::ledger::BatchId;
use crate::domain::profile_choice::ChosenBy;
use crate::domain::sheet::Field;
use crate::domain::sheet::SourceColumn;
use samples::{block, change, new_batch, open};

/// What the store's tests put in.
pub(in crate::store) mod samples {
    use super::*;
    use crate::domain::roster::{BlockBuilder, CellEdit, Change, MarkKind};
    use crate::store::StatePaths;

    pub fn open(home: &Path, user: &str) -> Store {
        Store::open(&StatePaths::at(home).unwrap(), user, "test").unwrap()
    }

    pub fn new_batch(file: &str) -> NewBatch {
        let column = |label: &str, field| SourceColumn { label: label.to_string(), field, ..SourceColumn::default() };
        let columns =
            vec![column("姓名", Some(Field::Name)), column("备注", None), column("证书编号", Some(Field::Code))];
        NewBatch {
            source: SourceFile { path: Path::new("/in").join(file), size: 10, modified: 20 },
            origin: Origin {
                file: file.to_string(),
                sheet: "Sheet1".to_string(),
                encoding: "GB18030".to_string(),
                header_row: 2,
                date_1904: true,
                ..Origin::default()
            },
            profile_by: None,
            fingerprint: String::new(),
            matched: None,
            profile: "national".to_string(),
            columns: ColumnMap::new(columns),
        }
    }

    pub fn block(text: &str) -> Block {
        let mut b = BlockBuilder::new();
        b.cell(text);
        b.cell("12");
        b.mark(MarkKind::LongNumber);
        b.end_row(1);
        b.finish(3)
    }

    pub fn change(number: usize, cells: usize) -> Change {
        let edits = (0..cells).map(|i| CellEdit {
            row: (i / Field::COUNT) as u32,
            field: Field::ALL[i % Field::COUNT],
            before: format!("前{number}").into(),
            after: format!("后{i}").into(),
        });
        Change { title: format!("改 {number}"), edits: edits.collect(), ..Change::default() }
    }
}

#[test]
fn a_batch_comes_back_as_it_was_stored() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path(), "u");
    let new = new_batch("名册.csv");
    let id = store.create_batch(&new).unwrap();
    let skipped = vec![
        Skipped { line: 3, count: 1, reason: SkipReason::Note, text: "注：".to_string() },
        Skipped { line: 5, count: 900_000, reason: SkipReason::Blank, text: String::new() },
    ];
    store.add_block(id, 0, &block("张伟"), &skipped).unwrap();
    assert!(!store.batch(id).unwrap().complete);
    store.add_block(id, 1, &block("李娜"), &[]).unwrap();
    store.complete_batch(id, 2, None).unwrap();
    store.set_digest(id, "ab").unwrap();
    store.save_view(id, "{\"row\":1}").unwrap();
    store.save_view(id, "{\"row\":2}").unwrap();
    drop(store);
    let store = open(dir.path(), "u");
    let stored = store.latest_batch().unwrap().unwrap();
    assert_eq!((&stored.source, &stored.origin, &stored.columns), (&new.source, &new.origin, &new.columns));
    assert_eq!((stored.id, stored.complete, stored.closed, stored.rows), (id, true, false, 2));
    assert_eq!((stored.sha256.as_deref(), stored.profile.as_str()), (Some("ab"), "national"));
    let blocks = store.blocks(id).collect::<Result<Vec<_>>>().unwrap();
    assert_eq!(blocks, [block("张伟"), block("李娜")]);
    assert_eq!(store.skipped(id).unwrap(), skipped);
    assert_eq!(store.view(id).unwrap().as_deref(), Some("{\"row\":2}"));

    let mut columns = new.columns.clone();
    columns.assign(1, Some(Field::Name));
    let fingerprint = "0";
    let reading = ChangedReading {
        profile: "other",
        by: ChosenBy::Answered,
        columns: Some(&columns),
        fingerprint,
        is_remembered: true,
    };
    store.change_reading(id, &reading).unwrap();
    assert_eq!(store.provenance(id).unwrap().1, Some(ChosenBy::Answered));
    let stored = store.batch(id).unwrap();
    assert_eq!((&stored.columns, stored.profile.as_str()), (&columns, "other"));
    store.close_batch(id).unwrap();
    assert_eq!(store.latest_batch().unwrap(), None);
    assert!(store.batches().unwrap()[0].closed);
    store.reopen_batch(id).unwrap();
    assert!(store.latest_batch().unwrap().is_some());
    store.delete_batch(id).unwrap();
    assert_eq!((store.batch(id).unwrap_err().key(), store.blocks(id).count()), ("no-batch", 0));
    assert_eq!(store.add_block(id, 0, &block("张伟"), &[]).unwrap_err().key(), "no-batch");
}

#[test]
fn a_damaged_or_missing_block_is_told_once() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path(), "u");
    let id = store.create_batch(&new_batch("a.csv")).unwrap();
    for number in 0..3 {
        store.add_block(id, number, &block("张伟"), &[]).unwrap();
    }
    let keys = || store.blocks(id).map(|b| b.map_or_else(|e| e.key(), |_| "ok")).collect::<Vec<_>>();
    assert_eq!(keys(), ["ok", "ok", "ok"]);
    store.db.execute("UPDATE block SET packed = x'00' WHERE number = 1", []).unwrap();
    assert_eq!(keys(), ["ok", "damaged"]);
    store.db.execute("DELETE FROM block WHERE number = 1", []).unwrap();
    assert_eq!(keys(), ["ok", "damaged"]);
}

#[test]
fn finds_the_batches_that_a_file_may_be() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path(), "u");
    let new = new_batch("a.csv");
    let find = |source: &SourceFile| store.batches_like(source).unwrap().iter().map(|b| b.id).collect::<Vec<_>>();
    let id = store.create_batch(&new).unwrap();
    assert_eq!(find(&new.source), [], "an unfinished batch cannot be resumed");
    store.complete_batch(id, 0, Some("aa")).unwrap();
    let moved = SourceFile { path: "/elsewhere".into(), modified: 21, ..new.source.clone() };
    let other = SourceFile { size: new.source.size + 1, ..new.source.clone() };
    let neither = SourceFile { path: "/elsewhere".into(), ..other.clone() };
    assert_eq!([&new.source, &moved, &other].map(find), [[id], [id], [id]]);
    assert_eq!(find(&neither), []);
    let file = dir.path().join("real.csv");
    fs::write(&file, "abc").unwrap();
    assert_eq!(SourceFile::of(&file).unwrap().size, 3);
}

#[test]
fn a_new_import_clears_an_unfinished_one_but_keeps_its_changes() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path(), "u");
    let new = new_batch("a.csv");
    let other = store.create_batch(&new_batch("b.csv")).unwrap();
    let bare = store.create_batch(&new).unwrap();
    store.add_block(bare, 0, &block("张伟"), &[]).unwrap();
    let cut_off = store.create_batch(&new).unwrap();
    assert_eq!(store.batch(bare).unwrap_err().key(), "no-batch");
    store.record(cut_off, &change(1, 2)).unwrap();
    store.record(cut_off, &change(2, 2)).unwrap();
    store.undo(cut_off).unwrap();
    store.save_view(cut_off, "{}").unwrap();

    let mut shifted = new.clone();
    shifted.origin.header_row = 1;
    let shifted = store.create_batch(&shifted).unwrap();
    assert_eq!(store.history(shifted).unwrap().0, []);
    let claim = store.claim(cut_off).unwrap();
    let beside = store.create_batch(&new).unwrap();
    assert_eq!(store.history(beside).unwrap().0, [], "someone is at work in it");
    drop(claim);

    let again = store.create_batch(&new).unwrap();
    assert_eq!(store.history(again).unwrap(), (vec![change(1, 2), change(2, 2)], 1));
    assert_eq!(store.view(again).unwrap().as_deref(), Some("{}"));
    let left: Vec<BatchId> = store.batches().unwrap().iter().map(|b| b.id).collect();
    assert_eq!(left, [again, other]);
}

#[test]
fn changes_stay_where_rows_were_told_from_people_in_another_way() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path(), "u");
    let new = new_batch("a.csv");
    let old = store.create_batch(&new).unwrap();
    store.record(old, &change(1, 2)).unwrap();
    // As an earlier version wrote it.
    store.db.execute_batch("DROP TRIGGER audit_no_update").unwrap();
    let forget = "UPDATE audit SET after = replace(after, ?1, '') WHERE action = 'batch.create'";
    assert_eq!(store.db.execute(forget, [format!(",\"reading\":{READING}")]).unwrap(), 1);
    let again = store.create_batch(&new).unwrap();
    assert_eq!(store.history(again).unwrap().0, []);
    assert_eq!(store.history(old).unwrap().0, [change(1, 2)]);
}
