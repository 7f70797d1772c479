//! What is offered for single cells of files from outside.

use std::sync::Arc;

use skillcert::domain::batch::{Batch, Look};
use skillcert::domain::rules::{Finding, Safety, Severity};
use skillcert::domain::sheet::Field;
use skillcert::words::{Lang, Locale};

use super::safe::read;
use crate::support::{Desk, goods, root};

fn batch(file: &str) -> Batch {
    read(&Desk::new(), &root("tests/fixtures").join(file)).expect("a roster")
}

fn found(batch: &Batch, line: u32, field: Field) -> Vec<Finding> {
    let row = batch.roster().row_at_line(line).expect("a row");
    batch.findings().of_row(row).iter().filter(|f| f.field == field).copied().collect()
}

/// Gives the first text that is offered for a cell, and whether it is safe.
fn offered(batch: &Batch, line: u32, field: Field) -> Option<(String, bool)> {
    let fix = found(batch, line, field).iter().find_map(|finding| batch.fix(finding))?;
    Some((fix.to, fix.safety == Safety::Safe))
}

/// Compares what is offered line by line; a text with `?` before it is to be looked at, and none is offered where it is empty.
fn assert_offers(file: &str, field: Field, expected: &[(u32, &str)]) {
    let batch = batch(file);
    for (line, text) in expected {
        let told = offered(&batch, *line, field).map_or(
            String::new(),
            |(to, is_safe)| {
                if is_safe { to } else { format!("?{to}") }
            },
        );
        assert_eq!(told, *text, "{file} line {line}");
        let is_quiet = found(&batch, *line, field).is_empty();
        assert!(!text.is_empty() || !is_quiet, "{file} line {line}: nothing is found");
    }
}

#[test]
fn a_date_with_one_reading_is_offered_in_whatever_form_it_is_written() {
    let batch = batch("d01_date_texts.csv");
    for line in 3..=68 {
        let expected = match line {
            27 | 46 | 52..=68 => None,
            44 | 45 | 47..=51 => Some(("2024-10-21".to_string(), false)),
            _ => Some(("2024-10-21".to_string(), true)),
        };
        assert_eq!(offered(&batch, line, Field::IssueDate), expected, "line {line}");
        assert!(!found(&batch, line, Field::IssueDate).is_empty(), "line {line}");
    }
}

#[test]
fn days_are_counted_from_where_the_workbook_counts_them() {
    assert_offers("d05_serials_1904.xlsx", Field::IssueDate, &[(3, "?2024-10-21")]);
    let batch = batch("d05_serials_1904.xlsx");
    let finding = found(&batch, 3, Field::IssueDate)[0];
    let says = |lang| Locale::load(lang).finding(&batch, &finding, true);
    assert_eq!(
        says(Lang::Zh),
        "日期要写成 YYYY-MM-DD，应为 2024-10-21（这份工作簿从1904年起算天数；按1900年算是 2020-10-20）"
    );
    assert!(says(Lang::En).contains("2024-10-21") && says(Lang::En).contains("2020-10-20"));
    assert!(found(&batch, 3, Field::Code).is_empty(), "the code has the year of the day that is meant");
}

#[test]
fn numbers_that_a_spreadsheet_ate_are_known_by_their_column() {
    let mut batch = batch("e02_eaten_written_out.csv");
    let lost = |batch: &Batch| {
        let all: Vec<String> = batch.findings().iter().map(|f| f.rule.spec().code.to_string()).collect();
        assert!(all.iter().all(|code| code == "D08"), "{all:?}");
        all.len()
    };
    assert_eq!((lost(&batch), batch.count(Severity::Error)), (11, 11));
    assert!(batch.findings().iter().all(|finding| batch.fix(finding).is_none()));
    for (row, number) in [(0, "620102199101012006"), (1, "620102199102022011"), (2, "620102199103032027")] {
        let change = batch.change("fix", [(row, Field::IdNumber, Arc::from(number))]);
        batch.apply(change);
    }
    assert_eq!(lost(&batch), 8, "those that are left are no better for it");
    batch.undo();
    assert_eq!(lost(&batch), 9);
}

#[test]
fn what_stands_alone_is_offered_and_nothing_is_glued_or_dropped() {
    assert_offers(
        "t03_labels.csv",
        Field::Name,
        &[
            (2, "?王小明"),
            (3, "?李小红"),
            (4, "?赵强"),
            (5, "?孙丽"),
            (6, ""),
            (7, "?吴刚"),
            (20, ""),
            (21, ""),
            (22, ""),
            (23, ""),
            (24, ""),
            (25, ""),
        ],
    );
    assert_offers(
        "t03_labels.csv",
        Field::IdNumber,
        &[
            (8, "?620102199107072069"),
            (9, "?620102199108082074"),
            (10, "?62010219910909208X"),
            (11, "?620102199110102097"),
            (12, "?620102199111112107"),
            (13, ""),
            (14, ""),
            (15, ""),
            (18, "?620102199105172162"),
            (19, ""),
        ],
    );
    assert_offers("t03_labels.csv", Field::Code, &[(16, "?S000062010001243J00015"), (17, "?S000062010001243J00016")]);
}

#[test]
fn cells_of_the_catalogue_are_offered_what_they_mean() {
    assert_offers("c05_last_character.csv", Field::IdNumber, &[(3, "62010219910210237X"), (8, "")]);
    assert_offers("c06_width.csv", Field::Name, &[(7, "Anna")]);
    assert_offers("c06_width.csv", Field::IssueDate, &[(4, "2024-10-21")]);
    assert_offers("c07_strays.csv", Field::Name, &[(5, "孙丽"), (13, "张三")]);
    assert_offers("c10_rare.csv", Field::Name, &[(4, "?张䶮"), (5, ""), (6, ""), (7, ""), (8, ""), (9, ""), (10, "")]);
    let levels = [3, 5, 6, 8, 9, 10, 11, 12, 13, 20].map(|line| (line, "3"));
    assert_offers("c14_levels.csv", Field::Level, &levels);
    let dashes = [4, 5, 6, 9, 10, 11, 13].map(|line| (line, "--"));
    assert_offers("c15_work_types.csv", Field::WorkType, &dashes);
    assert_offers(
        "c17_codes.csv",
        Field::Code,
        &[
            (3, "S000062010001243J00021"),
            (4, "S000062010001243J00022"),
            (5, "S000062010001243J00023"),
            (6, "?S000062010001243J00001"),
            (7, "?S000062010001243J00001"),
            (8, "?S000062010001243J00001"),
            (9, "S000062010001243J00027"),
            (10, ""),
            (11, ""),
            (12, ""),
            (13, ""),
            (14, "S000062010001243J00013"),
        ],
    );
    assert_offers("c19_sex_age_type.csv", Field::IdType, &[(4, "?居民身份证")]);
    assert_offers(
        "e05_fifteen.xlsx",
        Field::IdNumber,
        &[
            (2, "?620102199101012006"),
            (3, "?620102199102022011"),
            (4, "?620102199103032027"),
            (5, "?620102199104042032"),
        ],
    );
    assert_offers("e06_type_and_level.xlsx", Field::IdType, &[(3, "居民身份证"), (5, "居民身份证")]);
    assert_offers("e06_type_and_level.xlsx", Field::Level, &[(3, "三级"), (5, "三级")]);
}

#[test]
fn days_that_are_not_plausible_are_found_and_working_weekends_are_not() {
    let batch = batch("d06_plausible.csv");
    let codes =
        |line| -> Vec<&str> { found(&batch, line, Field::IssueDate).iter().map(|f| f.rule.spec().code).collect() };
    assert_eq!(
        [2, 3, 4, 5, 6, 7].map(codes),
        [vec!["A03"], vec!["A04"], vec!["A07"], vec!["A07"], vec![], vec!["A04"]]
    );
}

#[test]
fn what_the_source_shows_of_a_row_is_known() {
    let looks = |file: &str, line: u32, field: Option<Field>| {
        let batch = batch(file);
        let row = batch.roster().row_at_line(line).expect("a row");
        batch.look(row, field)
    };
    let struck = [3, 5, 4].map(|line| looks("w13_struck.xlsx", line, None));
    assert_eq!(struck, [Some(Look::Struck), Some(Look::Struck), None]);
    let remarks: Vec<bool> = [4, 5, 6]
        .into_iter()
        .map(|line| Field::ALL.iter().any(|field| looks("w12_comments.xlsx", line, Some(*field)) == Some(Look::Remark)))
        .collect();
    assert_eq!(remarks, [true, false, true]);
}

#[test]
fn an_empty_work_type_becomes_what_the_neighbours_of_its_occupation_agree_on() {
    let offered_for = |count: usize, other: &str| {
        let desk = Desk::new();
        let mut rows = goods(count);
        rows[1][Field::WorkType.index()].clear();
        if !other.is_empty() {
            rows[2][Field::WorkType.index()] = other.into();
        }
        let batch = read(&desk, &desk.roster("r.csv", &rows)).expect("a roster");
        offered(&batch, 3, Field::WorkType)
    };
    let own = goods(1)[0][Field::WorkType.index()].clone();
    assert_eq!(offered_for(6, ""), Some((own, false)), "to look at");
    let none = Some(("--".to_string(), false));
    assert_eq!(offered_for(6, "汽车电器维修工"), none, "they differ");
    assert_eq!(offered_for(3, ""), none, "two are too few to tell");
}

/// A fix writes as the column around it is written; that the upload file has codes is nothing a column of names has to mind.
#[test]
fn a_fix_keeps_the_way_its_column_is_written() {
    let fixed = |field: Field, cells: &[&str]| {
        let row = |cell: &&str| {
            let mut row = crate::keys::GOOD;
            row[field.index()] = cell;
            row.into_iter().map(|text| (text.to_string(), None)).collect::<Vec<_>>()
        };
        let rows: Vec<_> = cells.iter().map(row).collect();
        let mut batch = super::batches::batch_of_blocks(&[rows]);
        super::batches::finish(&mut batch);
        let edits = batch.plan_fixes(false, |finding| finding.field == field).edits;
        edits.into_iter().map(|edit| (edit.row, edit.after.to_string())).collect::<Vec<_>>()
    };
    let one = |row, text: &str| vec![(row, text.to_string())];
    for (cells, expected) in [
        (&["中级工", "高级工", "中级"][..], one(2, "中级工")),
        (&["四级", "三级", "4"], vec![]),
        (&["四级", "三级", "技师 "], one(2, "二级")),
        (&["4", "3", "中级"], one(2, "4")),
        // Two ways that are as common are none: the profile's then.
        (&["中级工", "3", "中级"], one(2, "4")),
        // Where none is right, the others tell.
        (&["中级", "初级"], vec![(0, "中级工".into()), (1, "初级工".into())]),
        (&["Ⅳ"], one(0, "4")),
    ] {
        assert_eq!(fixed(Field::Level, cells), expected, "{cells:?}");
    }
    for (cells, expected) in [
        (
            &["居民身份证", "居民身份证", "身份证", "201.0"][..],
            vec![(2, "居民身份证".into()), (3, "居民身份证".into())],
        ),
        (&["201", "201", "身份证"], one(2, "201")),
        (&["身份证", "身份证"], vec![(0, "居民身份证".into()), (1, "居民身份证".into())]),
        (&["２０１"], one(0, "201")),
    ] {
        assert_eq!(fixed(Field::IdType, cells), expected, "{cells:?}");
    }
}
