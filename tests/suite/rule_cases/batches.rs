//! Batches of random rows: what edits and fixes leave is what a check from scratch finds.

use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock};

use proptest::prelude::*;
use proptest::test_runner::TestCaseError;
use skillcert::data;
use skillcert::domain::batch::Batch;
use skillcert::domain::code::CertCode;
use skillcert::domain::ledger::{BatchId, Holder, KnownCertificate, KnownCertificates, Status};
use skillcert::domain::registry::Registry;
use skillcert::domain::roster::{Block, BlockBuilder, Change, KeyIndex, MarkKind, Origin, RowId, RowWhat};
use skillcert::domain::rules::{Detail, Finding, Memo, Safety, Tables};
use skillcert::domain::sheet::{ColumnMap, Field};

use super::{Filed, PEOPLE, context, labels};

/// A row's cells and what the importer noted about them.
pub(super) type Row = Vec<(String, Option<MarkKind>)>;

/// The columns of the upload form.
pub(super) const UPLOAD: &[Field] = Field::ALL.split_at(11).0;

/// Cells for random rosters: clean ones, and ones every rule has something to say about.
pub(super) fn pool(field: Field) -> &'static [&'static str] {
    match field {
        Field::Name => &[
            "张伟",
            "李娜",
            "张 伟",
            "欧阳 娜娜",
            "买买提•艾力",
            "张伟\u{200B}",
            "刘*",
            "",
            "同上",
            "\u{F9F4}伟",
            "=1+1",
        ],
        Field::IdType => &["201", "201", "居民身份证", "身份证", "201.0", "238", "227", "护照", "2O1", "", "同上"],
        Field::IdNumber => &[
            "62010219900307123X",
            "62010219900307123X",
            "62010219900307123x",
            "620102198805120027",
            "620102199003071234",
            "830000199003071230",
            "620102900307123",
            "6.20102E+17",
            "#VALUE!",
            "E12345678",
            "",
        ],
        Field::Employer => &["兰州陇原机械有限公司", "ＡＢＣ公司", " 甲公司", "陇原", "", "同上", "******"],
        Field::Occupation => &["汽车维修工", "汽车维修工", "电工", "汽车维修工 ", "电工/焊工", "同上", ""],
        Field::WorkType => {
            &["--", "汽车维修工", "汽车维修工\u{3000}", "——", "- -", "无", "", " ", "同上", "=1", "电工"]
        }
        Field::Level => {
            &["2", "2", "二级", "技师", "3", "三级/高级工", "高级", "国家职业资格二级", "特级技师", "", "6"]
        }
        Field::Code => &[
            "S000062010001242J00001",
            "S000062010001242J00001",
            "s000062010001242j00001",
            "S000062010001242J00002",
            "S000062010001242J0000I",
            "S0000O2010001242J00001",
            "S000062290001243J00003",
            "S00006201000124J00001",
            "",
            "同上",
        ],
        Field::IssueDate => {
            &["2024-11-08", "2024-11-08", "2024年11月8日", "45604", "2023-11-08", "19.5.11", "2062-01-01", ""]
        }
        Field::Institution => &["第一届技能大赛组委会", "第１届技能大赛组委会", "甲公司", ""],
        Field::IssuingBody => &["第一届技能大赛组委会(代章)", "甲公司", "同上"],
        _ => &[""],
    }
}

pub(super) fn any_cell(field: Field) -> impl Strategy<Value = String> {
    // Half of the cells are the field's first value, which is clean: rows then differ in a few cells, as real ones do.
    prop_oneof![Just(pool(field)[0].to_string()), prop::sample::select(pool(field)).prop_map(String::from)]
}

pub(super) fn any_row() -> impl Strategy<Value = Row> {
    const MARKS: [MarkKind; 5] =
        [MarkKind::Number, MarkKind::LongNumber, MarkKind::Error, MarkKind::Merged, MarkKind::BadBytes];
    UPLOAD
        .iter()
        .map(|f| {
            let mark = prop_oneof![20 => Just(None), 1 => prop::sample::select(&MARKS[..]).prop_map(Some)];
            (any_cell(*f), mark).prop_map(|(text, mark)| match mark {
                // The importer marks only empty cells as merged.
                Some(MarkKind::Merged) => (String::new(), mark),
                _ => (text, mark),
            })
        })
        .collect::<Vec<_>>()
}

/// Blocks of rows: what comes in together.
fn any_blocks() -> impl Strategy<Value = Vec<Vec<Row>>> {
    prop::collection::vec(prop::collection::vec(any_row(), 0..4), 1..4)
}

#[derive(Debug, Clone)]
enum Step {
    Edit(Vec<(u32, Field, String)>),
    Fix(bool),
    /// Rows are put aside or brought back, or noted upon.
    Say(RowWhat, Vec<u32>, bool),
    Undo,
    Redo,
    /// The next block arrives while the user is at work already.
    Append,
}

fn any_step() -> impl Strategy<Value = Step> {
    let edit = prop::sample::select(UPLOAD).prop_flat_map(|f| (0u32..9, Just(f), any_cell(f)));
    prop_oneof![
        4 => prop::collection::vec(edit, 1..4).prop_map(|mut edits| {
            let mut seen = BTreeSet::new();
            edits.retain(|(row, field, _)| seen.insert((*row, *field)));
            Step::Edit(edits)
        }),
        1 => any::<bool>().prop_map(Step::Fix),
        3 => (
            prop::sample::select(&[RowWhat::Aside, RowWhat::Aside, RowWhat::Note][..]),
            prop::collection::vec(0u32..9, 1..3),
            any::<bool>(),
        )
            .prop_map(|(what, mut rows, is_said)| {
                rows.sort_unstable();
                rows.dedup();
                Step::Say(what, rows, is_said)
            }),
        2 => Just(Step::Undo),
        1 => Just(Step::Redo),
        2 => Just(Step::Append),
    ]
}

/// Tables with an institution that took another name between two of the pool's days.
static WITH_REGISTRY: LazyLock<Arc<Tables>> = LazyLock::new(|| {
    let filed = Filed {
        prefix: "S000062010001".into(),
        profile: "gansu-competition".into(),
        names: vec!["第一届技能大赛组委会 - 2024-01-01".into(), "第一届技能大赛组委会办公室 2024-01-02 -".into()],
        ..Filed::default()
    };
    Arc::new(Tables { registry: Registry::new([filed.institution()]), ..data::tables([]) })
});
/// Certificates that random rosters run into: of several people, given to their own rows, on record, void.
fn ledger(first: RowId) -> Arc<KnownCertificates> {
    let of = |serial: u32, person: usize, status: Status, row: Option<u32>, level: &str| KnownCertificate {
        code: CertCode::new(&format!("S00006201000124{level}J{serial:05}")).expect("a code"),
        status,
        status_on: "2026-11-20".parse().ok(),
        why: String::new(),
        again: None,
        person: PEOPLE[person].1.to_string(),
        row: row.map(|row| (BatchId(1), row)),
        file: String::new(),
        holder: Holder {
            name: PEOPLE[person].0.to_string(),
            id_type: "201".to_string(),
            id_number: PEOPLE[person].1.to_string(),
            occupation: "汽车维修工".to_string(),
            level: level.to_string(),
            issue_date: "2024-11-08".to_string(),
            ..Holder::default()
        },
    };
    Arc::new(KnownCertificates::new(
        Some(BatchId(1)),
        [
            of(1, 0, Status::Published, Some(first), "2"),
            of(2, 1, Status::Returned, None, "2"),
            of(3, 1, Status::Void, None, "3"),
            of(4, 0, Status::Accepted, None, "3"),
        ],
    ))
}

pub(super) fn batch_of_blocks(blocks: &[Vec<Row>]) -> Batch {
    let context = context(Arc::clone(&WITH_REGISTRY));
    let columns = ColumnMap::matched(&labels(context.sheet()), context.sheet());
    let mut batch = Batch::new(Origin::default(), columns, 2, context);
    for rows in blocks {
        append(&mut batch, rows);
    }
    batch
}

fn block_of(rows: &[Row]) -> Block {
    let mut block = BlockBuilder::new();
    for (i, row) in rows.iter().enumerate() {
        for (text, mark) in row {
            block.cell(text);
            if let Some(kind) = mark {
                block.mark(*kind);
            }
        }
        block.end_row(i as u32);
    }
    block.finish(rows.len() as u32)
}

pub(super) fn append(batch: &mut Batch, rows: &[Row]) {
    let block = block_of(rows);
    let report = batch.checker().check_block(&block);
    batch.append(Arc::new(block), report);
}

pub(super) fn finish(batch: &mut Batch) {
    finish_knowing(batch, 0);
}

/// Ends the reading; `first` is the row that the ledger knows as the first.
fn finish_knowing(batch: &mut Batch, first: RowId) {
    batch.finish(|keys| keys.map(KeyIndex::build));
    batch.set_known(ledger(first));
}

/// Gives the batch's rows as they stand now, in one block; an edited cell has lost its note.
pub(super) fn current(batch: &Batch) -> Vec<Row> {
    let roster = batch.roster();
    let cell = |row, f: Field| {
        let mark = if roster.is_edited(row, f) { None } else { roster.mark(row, f.index()) };
        (roster.cell(row, f).to_string(), mark)
    };
    roster.left().map(|row| UPLOAD.iter().map(|f| cell(row, *f)).collect()).collect()
}

pub(super) fn same_as_from_scratch(batch: &Batch) -> Result<(), TestCaseError> {
    let mut fresh = batch_of_blocks(&[current(batch)]);
    // Rows are compared with each other once all are there.
    let left: Vec<RowId> = batch.roster().left().collect();
    if batch.complete {
        finish_knowing(&mut fresh, left.iter().position(|row| *row == 0).map_or(RowId::MAX, |at| at as RowId));
    }
    let at_its_row = |finding: &Finding| {
        let detail = match finding.detail {
            Detail::Row(row) => Detail::Row(left[row as usize]),
            other => other,
        };
        Finding { row: left[finding.row as usize], detail, ..*finding }
    };
    let expected: Vec<Finding> = fresh.findings().iter().map(at_its_row).collect();
    prop_assert_eq!(batch.findings().iter().copied().collect::<Vec<_>>(), expected);
    prop_assert_eq!(batch.findings().counts(), fresh.findings().counts());
    Ok(())
}

#[test]
fn a_duplicate_is_found_in_both_rows_and_goes_with_either() {
    let row = |name: &str, number: &str, code: &str| -> Row {
        let text = |field: &Field| match field {
            Field::Name => name,
            Field::IdNumber => number,
            Field::Code => code,
            other => pool(*other)[0],
        };
        UPLOAD.iter().map(|field| (text(field).to_string(), None)).collect()
    };
    let (one, two) = ("S000062010001242J00001", "S000062010001242J00002");
    let rows = [row("张伟", "62010219900307123X", one), row("李娜", "620102198805120027", one)];
    let mut batch = batch_of_blocks(&[rows.to_vec()]);
    batch.finish(|keys| keys.map(KeyIndex::build));
    let twice = |batch: &Batch| -> Vec<u32> {
        batch.findings().iter().filter(|f| f.rule.spec().code == "U01").map(|f| f.row).collect()
    };
    assert_eq!(twice(&batch), [0, 1]);
    let change = batch.change("edit", [(1, Field::Code, Arc::from(two))]);
    batch.apply(change);
    assert!(twice(&batch).is_empty());
    batch.undo();
    assert_eq!(twice(&batch), [0, 1]);
    // Once they say the same in every column the first stands for both, and no longer when one of them is changed.
    let (name, number) = (Arc::from("张伟"), Arc::from("62010219900307123X"));
    let change = batch.change("edit", [(1, Field::Name, name), (1, Field::IdNumber, number)]);
    batch.apply(change);
    assert_eq!(twice(&batch), [1]);
    let change = batch.change("edit", [(0, Field::Employer, Arc::from("甲公司"))]);
    batch.apply(change);
    assert_eq!(twice(&batch), [0, 1]);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn edits_find_what_a_check_from_scratch_finds(
        blocks in any_blocks(),
        steps in prop::collection::vec(any_step(), 0..10),
    ) {
        let mut arriving = blocks.iter();
        let mut batch = batch_of_blocks(arriving.next().map_or(&[], std::slice::from_ref));
        same_as_from_scratch(&batch)?;
        for step in steps {
            match step {
                Step::Edit(edits) => {
                    let change = batch.change("edit", edits.into_iter().map(|(r, f, text)| (r, f, Arc::from(text))));
                    prop_assert_eq!(&change.inverse().inverse(), &change);
                    batch.apply(change);
                }
                Step::Fix(also_unsafe) => {
                    let plan = batch.plan_fixes(also_unsafe, |_| true);
                    batch.apply(Change { title: "fix".to_string(), edits: plan.edits, ..Change::default() });
                }
                Step::Say(what, rows, is_said) => {
                    let change = batch.say("say", what, rows, is_said.then(|| Arc::from("重复")).as_ref());
                    prop_assert_eq!(&change.inverse().inverse(), &change);
                    batch.apply(change);
                }
                Step::Undo => drop(batch.undo()),
                Step::Redo => drop(batch.redo()),
                Step::Append => match arriving.next() {
                    Some(rows) => append(&mut batch, rows),
                    None if !batch.complete => finish(&mut batch),
                    None => {}
                },
            }
            same_as_from_scratch(&batch)?;
        }
        while batch.undo().is_some() {}
        if !batch.complete {
            arriving.for_each(|rows| append(&mut batch, rows));
            finish(&mut batch);
        }
        prop_assert_eq!(current(&batch), blocks.concat());
        same_as_from_scratch(&batch)?;
    }

    /// Columns are read for many rows together; a large block of them goes over the ends of such groups.
    #[test]
    fn in_a_large_block_each_row_has_what_it_has_alone(rows in prop::collection::vec(any_row(), 1..200)) {
        let batch = batch_of_blocks(&[]);
        let all = batch.checker().check_block(&block_of(&rows));
        prop_assert!(all.findings.is_sorted());
        let mut memo = Memo::default();
        for (at, row) in rows.iter().enumerate() {
            let alone = batch.checker().check_next(&block_of(std::slice::from_ref(row)), &mut memo);
            let moved = alone.findings.iter().map(|f| Finding { row: at as RowId, ..*f }).collect::<Vec<_>>();
            let found = all.findings.iter().filter(|f| f.row == at as RowId).copied().collect::<Vec<_>>();
            prop_assert_eq!(found, moved, "{:?}", row);
            prop_assert_eq!([0, 1, 2].map(|kind| all.keys[kind][at]), [0, 1, 2].map(|kind| alone.keys[kind][0]));
        }
    }

    #[test]
    fn fixes_converge(blocks in any_blocks(), also_unsafe in any::<bool>()) {
        let mut batch = batch_of_blocks(&blocks);
        finish(&mut batch);
        let before: Vec<Finding> = batch.findings().iter().copied().collect();
        let plan = batch.plan_fixes(also_unsafe, |_| true);
        prop_assert_eq!(batch.findings().iter().copied().collect::<Vec<_>>(), before, "planning changes nothing");
        prop_assert_eq!(current(&batch), blocks.concat());
        batch.apply(Change { title: "fix".to_string(), edits: plan.edits, ..Change::default() });
        // An unsafe fix may fill a cell that a 同上 below it points at; only safe ones must leave nothing to do.
        for finding in batch.findings().iter().filter(|_| !also_unsafe) {
            let left = batch.fix(finding).filter(|f| f.safety == Safety::Safe);
            prop_assert_eq!(left, None, "{} at row {}", finding.rule.spec().code, finding.row);
        }
        if !also_unsafe {
            prop_assert_eq!(batch.plan_fixes(false, |_| true).edits, Vec::new());
        }
        batch.undo();
        prop_assert_eq!(current(&batch), blocks.concat());
    }
}
