//! What forms are made of, on forms of the test's own.

use unicode_width::UnicodeWidthStr;

use super::*;

const SMALL: &str = r#"
id = "own"
name = "样例表"

[layout]
about = "batch"
widths = [6, 14, 20]

[[layout.field]]
id = "contest"
label = "大赛名称"

[[layout.field]]
id = "table-date"
label = "制表日期"
type = "date"
optional = true

[[layout.field]]
id = "route"
label = "途径"
type = "choice"
values = ["甲", "乙"]
optional = true

[[layout.row]]
cells = [{ text = "样例表", span = 3, look = "title" }]

[[layout.row]]
cells = [{ text = "大赛：{contest} {?route=甲}甲 {?route=乙}乙", span = 2, look = "line" }, { text = "{table-date}", look = "right" }]

[[layout.row]]
header = true
cells = [{ text = "序号", rows = 2, look = "head" }, { text = "人", span = 2, look = "head" }]

[[layout.row]]
header = true
cells = [{ text = "姓名", look = "head" }, { text = "单位", look = "head" }]

[[layout.row]]
each = "rows"
least = 2
cells = [{ text = "{n}" }, { text = "{name}" }, { text = "{employer}", look = "field" }]
"#;

fn one(name: &str, employer: &str) -> FormRecord {
    [("name", name.to_string()), ("employer", employer.to_string())].into_iter().collect()
}

fn filled(rows: Vec<FormRecord>) -> Filled {
    let form = Form::parse(SMALL).expect("a form");
    let mut values = FormValues::default();
    values.put("contest", "第三届");
    values.put("table-date", "2026-01-05");
    values.put("route", "乙");
    values.lists.insert("rows", rows);
    form.fill(&values).expect("it fits")
}

#[test]
fn a_form_is_cells_with_places() {
    let filled = filled(vec![one("张伟", "样例公司")]);
    let at = |row: usize, column: usize| {
        let cell = filled.cells.iter().find(|c| (c.row, c.column) == (row, column)).expect("a cell");
        (cell.text.as_str(), cell.rows, cell.columns)
    };
    assert_eq!(at(0, 0), ("样例表", 1, 3));
    assert_eq!(at(1, 0), ("大赛：第三届 □甲 ☑乙", 1, 2));
    assert_eq!(at(1, 2), ("2026年1月5日", 1, 1));
    assert_eq!((at(2, 0), at(2, 1), at(3, 1)), (("序号", 2, 1), ("人", 1, 2), ("姓名", 1, 1)));
    assert_eq!((at(4, 0), at(4, 1), at(4, 2)), (("1", 1, 1), ("张伟", 1, 1), ("样例公司", 1, 1)));
    assert_eq!((at(5, 0), at(5, 1)), (("2", 1, 1), ("", 1, 1)), "a row to be filled in by hand");
    assert_eq!((filled.headers(), filled.rows.len()), (Some((2, 3)), 6));
}

#[test]
fn a_form_is_drawn_as_wide_as_it_may_be() {
    let filled = filled(vec![one("张伟", "甘肃省样例机械制造有限公司")]);
    let drawn = filled.drawn(44);
    let expected = "\
                    样例表
 大赛：第三届 □甲 ☑乙          2026年1月5日
┌──────┬───────────────────────────────────┐
│      │                人                 │
│ 序号 ├──────────────┬────────────────────┤
│      │     姓名     │        单位        │
├──────┼──────────────┼────────────────────┤
│  1   │     张伟     │甘肃省样例机械制造有│
│      │              │限公司              │
├──────┼──────────────┼────────────────────┤
│  2   │              │                    │
└──────┴──────────────┴────────────────────┘";
    let looks =
        |text: &str| text.split('\n').map(|line| line.split_whitespace().collect::<String>()).collect::<Vec<_>>();
    assert_eq!(looks(&drawn.join("\n")), looks(expected), "{}", drawn.join("\n"));
    for columns in [80, 100, 200] {
        let lines = filled.drawn(columns);
        assert!(lines.iter().all(|line| line.width() <= columns), "{columns}");
        assert!(lines.iter().any(|line| columns - 4 <= line.width()), "{columns}");
    }
}

#[test]
fn what_does_not_fit_its_box_is_told_and_not_cut() {
    let form = Form::parse(SMALL).expect("a form");
    let mut values = FormValues::default();
    values.lists.insert("rows", vec![one("张伟", "样例"), one("李娜", &"很长的单位".repeat(20))]);
    let FormFault::TooLong { label, record, most, found } = form.fill(&values).expect_err("too long");
    assert_eq!((label.as_str(), record, found), ("employer", Some(2), 100));
    assert!((20..40).contains(&most), "{most}");
    values.lists.clear();
    values.put("contest", "届".repeat(90));
    let FormFault::TooLong { label, record, .. } = form.fill(&values).expect_err("too long");
    assert_eq!((label.as_str(), record), ("大赛名称", None));
}

#[test]
fn a_layout_that_cannot_be_printed_is_refused_by_its_row() {
    let wrong = |from: &str, to: &str| Form::parse(&SMALL.replace(from, to)).map(|form| form.id).expect_err("refused");
    assert!(matches!(
        wrong("样例表\", span = 3", "样例表\", span = 2"),
        FormError::Width { nth: 0, found: 2, wanted: 3 }
    ));
    assert!(
        matches!(wrong("{contest}", "{contets}"), FormError::UnknownPlace { nth: 1, name, .. } if name == "contets")
    );
    assert!(matches!(wrong("each = \"rows\"", "each = \"scope\""), FormError::UnknownList { nth: 4, .. }));
    assert!(matches!(wrong("{name}", "{seal}"), FormError::UnknownPlace { nth: 4, .. }));
    assert!(matches!(wrong("widths", "width"), FormError::Toml(_)));
}
