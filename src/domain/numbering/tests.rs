use super::*;
use crate::domain::profile::Profile;
use crate::domain::registry::DatedName;
use crate::domain::roster::{BlockBuilder, Origin};
use crate::domain::rules::{CheckContext, Tables};
use crate::domain::sheet::{ColumnMap, SheetSpec};

const ORGANISER: &str = "甘肃省第三届机械制造行业职业技能大赛组委会";

fn batch(profile: &str, rows: &[[&str; 5]]) -> Batch {
    let sheet: SheetSpec = SheetSpec::parse(include_str!("../../../data/sheets/upload-11.toml")).unwrap();
    let fields = [Field::Name, Field::Level, Field::Code, Field::IssueDate, Field::Institution];
    let labels: Vec<String> = fields.iter().map(|f| sheet.label(*f).to_string()).collect();
    let columns = ColumnMap::matched(&labels, &sheet);
    let context = CheckContext {
        profile: Arc::new(Profile::parse(profile).unwrap()),
        sheet: Arc::new(sheet),
        tables: Arc::new(Tables::default()),
        today: chrono::NaiveDate::from_ymd_opt(2026, 11, 21).unwrap(),
        known: Arc::default(),
        usual: Arc::default(),
        ways: crate::domain::rules::ColumnWays::default(),
        elsewhere: Arc::default(),
        date_1904: false,
        ids_eaten: Arc::default(),
        side_by_side: |parts, work| (0..parts).for_each(work),
    };
    let mut block = BlockBuilder::new();
    for (line, row) in rows.iter().enumerate() {
        row.iter().for_each(|cell| block.cell(cell));
        block.end_row(line as u32);
    }
    let mut batch = Batch::new(Origin::default(), columns, 2, context);
    batch.check_and_append(Arc::new(block.finish(rows.len() as u32)));
    batch
}

/// The rows' ID numbers are missing on purpose: the prefix is looked at first only where nothing decisive is wrong.
fn prefixes(batch: &Batch, given: Option<&str>, known: &PrefixOf<'_>) -> Vec<Result<String, RowRefusal>> {
    requests(batch, PlanWish::default(), given, known).into_iter().map(|r| r.prefix.map(|p| p.to_string())).collect()
}

const GANSU: &str = include_str!("../../../data/profiles/gansu-competition.toml");

#[test]
fn an_error_in_a_decisive_column_or_a_code_keeps_a_row_out() {
    let batch = batch(
        GANSU,
        &[
            ["张伟", "3", "", "2024-11-08", ORGANISER],
            ["", "3", "", "2024-11-08", ORGANISER],
            ["李娜", "3", "S000062010001243J00001", "2024-11-08", ORGANISER],
        ],
    );
    let unknown: &PrefixOf<'_> = &|name, _| Err(RowRefusal::UnknownInstitution(name.into(), None));
    let found = prefixes(&batch, Some("S000062010001"), unknown);
    assert!(matches!(found[0], Err(RowRefusal::Faulty(Field::IdType | Field::IdNumber))), "{found:?}");
    assert_eq!(found[1], Err(RowRefusal::Faulty(Field::Name)));
    assert_eq!(found[2], Err(RowRefusal::HasCode));
}

#[test]
fn a_name_that_is_not_registered_is_named_with_the_one_it_may_be() {
    let day = |text: &str| text.parse::<chrono::NaiveDate>().unwrap();
    let named = |name: &str, from: Option<&str>, to: Option<&str>| DatedName {
        name: name.into(),
        from: from.map(day),
        to: to.map(day),
    };
    let names = vec![
        named("样例技能大赛组委会测试大赛组委会", None, Some("2026-11-20")),
        named("测试大赛组委会", Some("2026-11-21"), None),
    ];
    let one = Institution { prefix: "S000062010001".into(), names, ..Institution::default() };
    let registry = Registry::new([one]);
    let why = |name: &str| not_named(&registry, name, day("2026-11-08"));
    let later = RowRefusal::NamedLater(
        "测试大赛组委会".into(),
        "S000062010001".into(),
        day("2026-11-21"),
        "样例技能大赛组委会测试大赛组委会".into(),
    );
    assert_eq!(why("测试大赛组委会"), later);
    for (typed, like) in [
        ("测试大赛", Some("测试大赛组委会")),
        ("甲测试大赛组委会", Some("测试大赛组委会")),
        ("测式大赛组委会", Some("测试大赛组委会")),
        ("兰州陇原机械有限公司", None),
        ("", None),
    ] {
        assert_eq!(why(typed), RowRefusal::UnknownInstitution(typed.into(), like.map(String::from)), "{typed}");
    }
}

#[test]
fn only_a_prefix_that_all_codes_of_an_institution_share_is_taken_from_them() {
    let batch = batch(
        GANSU,
        &[
            ["张伟", "3", "S000062010001243J00001", "2024-11-08", "甲组委会"],
            ["李娜", "3", "S000062010001243J00002", "2024-11-08", "甲组委会"],
            ["王芳", "3", "S000062010002243J00001", "2024-11-08", "乙组委会"],
            ["赵静", "3", "S000062010003243J00001", "2024-11-08", "乙组委会"],
        ],
    );
    let found = prefixes_in(&batch);
    assert_eq!(found["甲组委会"].as_deref(), Some("S000062010001"));
    assert_eq!(found["乙组委会"], None);
}

#[test]
fn a_plan_becomes_a_lasting_change_of_codes_and_stamped_dates() {
    let beijing = include_str!("../../../data/profiles/beijing.toml");
    let batch = batch(beijing, &[["张伟", "5", "", "2024-11-08", "甲公司"], ["李娜", "5", "", "2026-11-21", "甲公司"]]);
    let day = batch.context().today;
    let code = |n: u32| CertCode::new(&format!("Y00011102000126500000{n}")).unwrap();
    let row = |row: RowId| Planned { row, code: code(row + 1), serial: row + 1, series: 0, issue_date: Some(day) };
    let plan = Plan { rows: vec![row(0), row(1)], ..Plan::default() };
    let change = change(&batch, &plan, "赋号");
    let edits: Vec<_> = change.edits.iter().map(|e| (e.row, e.field, &*e.after)).collect();
    let expected = [
        (0, Field::Code, "Y000111020001265000001"),
        (0, Field::IssueDate, "2026-11-21"),
        (1, Field::Code, "Y000111020001265000002"),
    ];
    assert_eq!(edits, expected);
    assert!(change.lasting);
    let holder = planned_holder(&batch, &plan.rows[0]);
    assert_eq!((holder.issue_date.as_str(), holder.level.as_str(), holder.name.as_str()), ("2026-11-21", "5", "张伟"));

    let mut batch = batch;
    batch.apply(change);
    assert!(batch.undo().is_none() && batch.history().is_lasting());
    assert_eq!(coded_rows(upload::of(&batch)).len(), 2);
}
