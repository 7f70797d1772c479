//! Which rows a selection shows, and in which order.

use std::cmp::Ordering;
use std::sync::Arc;

use proptest::prelude::*;
use skillcert::domain::batch::Batch;
use skillcert::domain::roster::{KeyIndex, Origin, RowId, RowWhat};
use skillcert::domain::rules::{RuleId, Severity};
use skillcert::domain::selection::{Chosen, Condition, Marks, RowSelection, Shown, SortBy, SortKind, ValueTest};
use skillcert::domain::sheet::{ColumnMap, Field};

use crate::keys::{GOOD, block, context, labels};

const NAMES: [&str; 5] = ["张伟", "李小刚", "买买提·艾力", " 张伟", "黎明"];
const EMPLOYERS: [&str; 6] = ["天水麦积技工学校", "天水某厂", "", " ", "兰州陇原机械有限公司", "Ａ厂"];
const LEVELS: [&str; 5] = ["2", "技师 ", "三级", "怪", ""];
const DAYS: [&str; 5] = ["2024-11-08", "2024/11/8", "2023.1.2", "不详", ""];

/// One row: which of the texts above it has.
type Picks = (usize, usize, usize, usize);

fn batch(rows: &[Picks], edits: &[(usize, usize)]) -> Batch {
    let context = context();
    let columns = ColumnMap::matched(&labels(), context.sheet());
    let mut batch = Batch::new(Origin::default(), columns, 2, context);
    let made: Vec<[&str; 11]> = rows
        .iter()
        .map(|(name, employer, level, day)| {
            let mut row = GOOD;
            row[Field::Name.index()] = NAMES[*name];
            row[Field::Employer.index()] = EMPLOYERS[*employer];
            row[Field::Level.index()] = LEVELS[*level];
            row[Field::IssueDate.index()] = DAYS[*day];
            row
        })
        .collect();
    for piece in made.chunks(7) {
        let block = block(piece);
        let report = batch.checker().check_block(&block);
        batch.append(block, report);
    }
    batch.finish(|keys| keys.map(KeyIndex::build));
    let edits = edits.iter().filter(|(row, _)| *row < rows.len());
    let change = batch.change("x", edits.map(|(row, to)| (*row as RowId, Field::Employer, Arc::from(EMPLOYERS[*to]))));
    batch.apply(change);
    // Of every third row something is noted, and every seventh is put aside.
    let said = |what: RowWhat, nth: usize| {
        let rows = (0..rows.len()).step_by(nth).map(|row| row as RowId);
        (what, rows.collect::<Vec<RowId>>())
    };
    for (what, rows) in [said(RowWhat::Note, 3), said(RowWhat::Aside, 7)] {
        let change = batch.say("x", what, rows, Some(&Arc::from("y")));
        batch.apply(change);
    }
    batch
}

/// Says whether a condition holds for a row as one who looks at that row alone would.
fn holds(condition: &Condition, row: RowId, batch: &Batch, marks: &Marks) -> bool {
    let cell = |field: Field| batch.roster().cell(row, field);
    let half = |text: &str| text.replace('Ａ', "A");
    let has = |cell: &str, text: &str| cell.contains(text) || cell.contains(&half(text));
    let findings = batch.findings().of_row(row);
    match condition {
        Condition::Text { text, field: None } => Field::ALL.iter().take(11).any(|field| has(cell(*field), text)),
        Condition::Text { text, field: Some(field) } => has(cell(*field), text),
        Condition::Value { column, test, negated } => {
            let field = &column.field().expect("of the form");
            let passes = match test {
                ValueTest::Is(values) => values.iter().any(|value| **value == *cell(*field)),
                ValueTest::Contains(text) => has(cell(*field), text),
                ValueTest::Empty => cell(*field).trim().is_empty(),
            };
            passes != *negated
        }
        Condition::Findings { rule, field } => {
            findings.iter().any(|f| rule.is_none_or(|r| r == f.rule) && field.is_none_or(|c| c == f.field))
        }
        Condition::Errors => findings.iter().any(|f| f.severity() == Severity::Error),
        Condition::Edited => Field::ALL.iter().any(|field| batch.roster().is_edited(row, *field)),
        Condition::Marked => marks.has(row),
        Condition::Said(what) => batch.roster().all_said(*what).any(|(said, _)| said == row),
        Condition::Part(part) => *part == 0,
        Condition::Status(status) => status.is_none(),
    }
}

fn condition() -> impl Strategy<Value = Condition> {
    let field = || prop::sample::select(vec![Field::Name, Field::Employer, Field::Level, Field::IssueDate]);
    let texts: Vec<&str> = [&NAMES[..], &EMPLOYERS, &LEVELS, &DAYS, &["天水", "某", "1", "Ａ"]].concat();
    let text = || prop::sample::select(texts.clone()).prop_map(str::to_string);
    let one_of = prop::collection::vec(text(), 1..3);
    let test = prop_oneof![
        one_of.prop_map(|values| ValueTest::Is(values.into_iter().map(Arc::from).collect())),
        text().prop_map(ValueTest::Contains),
        Just(ValueTest::Empty),
    ];
    prop_oneof![
        (text(), prop::option::of(field())).prop_map(|(text, field)| Condition::Text { text, field }),
        (field(), test, any::<bool>()).prop_map(|(field, test, negated)| Condition::Value {
            column: field.into(),
            test,
            negated
        }),
        prop::option::of(field()).prop_map(|field| Condition::Findings { rule: None, field }),
        Just(Condition::Findings { rule: RuleId::find("V-D2"), field: None }),
        Just(Condition::Errors),
        Just(Condition::Edited),
        Just(Condition::Marked),
        Just(Condition::Said(RowWhat::Note)),
        Just(Condition::Said(RowWhat::Aside)),
        Just(Condition::Part(0)),
        Just(Condition::Status(None)),
    ]
}

fn order() -> impl Strategy<Value = Option<SortBy>> {
    let fields = prop::sample::select(vec![Field::Name, Field::Employer, Field::Level, Field::IssueDate, Field::Code]);
    prop::option::of(
        (fields, any::<bool>()).prop_map(|(field, is_descending)| SortBy { column: field.into(), is_descending }),
    )
}

/// Sorts as one would by hand: row by row, blank cells last whichever way.
fn sorted(mut rows: Vec<RowId>, order: Option<SortBy>, batch: &Batch) -> Vec<RowId> {
    let Some(SortBy { column, is_descending }) = order else { return rows };
    let field = column.field().expect("of the form");
    rows.sort_by(|a, b| {
        let (a, b) = (batch.roster().cell(*a, field), batch.roster().cell(*b, field));
        match (a.trim().is_empty(), b.trim().is_empty()) {
            (true, true) => Ordering::Equal,
            (false, true) => Ordering::Less,
            (true, false) => Ordering::Greater,
            _ if is_descending => SortKind::of(field).compare(b, a),
            _ => SortKind::of(field).compare(a, b),
        }
    });
    rows
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_selection_shows_the_rows_that_looking_at_each_alone_gives(
        rows in prop::collection::vec((0..5usize, 0..6usize, 0..5usize, 0..5usize), 1..24),
        edits in prop::collection::vec((0..24usize, 0..6usize), 0..4),
        marked in prop::collection::vec(0..24u32, 0..6),
        steps in prop::collection::vec((prop::option::of(condition()), order()), 1..6),
    ) {
        let batch = batch(&rows, &edits);
        let mut marks = Marks::default();
        marked.iter().filter(|row| (**row as usize) < rows.len()).for_each(|row| marks.set(*row, true));
        let of = Chosen { batch: &batch, marks: &marks };
        let mut selection = RowSelection::default();
        for (condition, order) in steps {
            match condition {
                Some(condition) => selection.add(condition),
                None => drop(selection.conditions.pop()),
            }
            selection.order = order;
            let shown = Shown::new(selection.clone(), of);
            let all = |row: &RowId| selection.conditions.iter().all(|c| holds(c, *row, &batch, &marks));
            let expected: Vec<RowId> = (0..batch.roster().len()).filter(all).collect();
            prop_assert_eq!(shown.left().last().copied().unwrap_or(rows.len()), expected.len());
            let expected = sorted(expected, order, &batch);
            prop_assert_eq!(shown.rows(), &expected[..]);
            for (place, row) in expected.iter().enumerate() {
                prop_assert_eq!((shown.place_of(*row), shown.has(*row)), (place, true));
            }
        }
    }
}

#[test]
fn cells_are_sorted_as_days_levels_numbers_and_sounds() {
    for (field, sorted) in [
        (Field::IssueDate, &["2023.1.2", "2024/11/8", "2024年12月1日", "不详", ""][..]),
        (Field::Level, &["高级技师", "2", "三级", "初级工", "怪", " "]),
        (Field::Name, &["9", "10", "A", "安", "李三", "李四", "黎明", "张三", "·", ""]),
        (Field::Code, &["S000062010001242J00001", "S000062010001242J00010", "S1", ""]),
    ] {
        for pair in sorted.windows(2) {
            assert_eq!(SortKind::of(field).compare(pair[0], pair[1]), Ordering::Less, "{pair:?}");
        }
    }
    assert_eq!(SortKind::Day.compare("2024-11-08", "2024/11/8"), Ordering::Equal);
    let long = ["甘肃省第三届机械制造行业职业技能大赛组委会", "甘肃省第三届机械制造行业职业技能大赛组委员"];
    assert_eq!(SortKind::Sound.compare(long[0], long[1]), Ordering::Less);
}
