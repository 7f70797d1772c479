//! The summary of a roster: what it holds and what is wrong with it, and no person in it.

use serde_json::{Value, json};

use crate::support::{Desk, good, goods};

fn desk() -> Desk {
    let desk = Desk::new();
    let mut rows = goods(6);
    rows[1] = good(0);
    (rows[1][4], rows[1][7]) = ("焊工".into(), String::new());
    rows[2][6] = "高级工".into();
    rows[3][8] = "2024-12-01".into();
    rows[4][2] = "620102199001011000".into();
    desk.roster("r.csv", &rows);
    desk
}

fn lines(json: &Value, by: &str) -> Value {
    let tables = json["tables"].as_array().expect("tables");
    let table = tables.iter().find(|table| table["by"] == by).expect(by);
    let lines = table["lines"].as_array().expect("lines").iter();
    lines.map(|line| json!([line["text"], line["rows"], line["errors"]])).collect()
}

#[test]
fn rows_people_and_what_is_wrong_are_counted() {
    let ran = desk().verb(&["summary", "r.csv", "--format", "json"]);
    let json: Value = serde_json::from_str(&ran.out).expect("JSON");
    assert_eq!(ran.code, 0, "{}", ran.err);
    // One person has two rows; one has no code.
    assert_eq!([&json["row_count"], &json["people"], &json["rows_without_code"]], [&json!(6), &json!(5), &json!(1)]);
    assert_eq!(lines(&json, "month"), json!([["2024-11", 5, json["rows_with_errors"]], ["2024-12", 1, 0]]));
    let occupations = lines(&json, "occupation");
    assert_eq!((&occupations[0][1], &occupations[1][0]), (&json!(5), &json!("焊工")));
    // A level counts as one, however it is written.
    let levels = lines(&json, "level");
    assert!(levels.as_array().expect("levels").iter().any(|line| line[0] == "三级/高级工"), "{levels}");
    assert!(lines(&json, "rule").as_array().expect("rules").iter().any(|line| line[0] == "R01"));
}

#[test]
fn the_text_has_bars_and_names_nobody() {
    let desk = desk();
    let ran = desk.verb(&["summary", "r.csv"]);
    assert!(ran.code == 0 && ran.out.contains("6 行，5 人；"), "{}", ran.out);
    assert!(ran.out.contains("按单位\n") && ran.out.contains("##############################\n"), "{}", ran.out);
    for row in goods(6) {
        assert!(!ran.out.contains(&row[0]) && !ran.out.contains(&row[2]), "{}", ran.out);
    }
    let several = desk.verb(&["summary", "r.csv", "r.csv"]);
    assert!(several.code == 2 && several.err.contains("skillcert merge"), "{}", several.err);
}

#[test]
fn the_table_opens_in_a_spreadsheet() {
    let desk = desk();
    let ran = desk.verb(&["summary", "r.csv", "--format", "xlsx", "--output", "s.xlsx"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let mut book: calamine::Xlsx<_> = calamine::open_workbook(desk.path("s.xlsx")).expect("a workbook");
    let sheet = calamine::Reader::worksheet_range(&mut book, "汇总").expect("the sheet");
    let rows: Vec<Vec<String>> = sheet.rows().map(|row| row.iter().map(ToString::to_string).collect()).collect();
    assert_eq!((rows[0].join(" "), rows[2].join(" ")), ("统计 名称 行数 有错误".into(), " 人数 5 ".into()));
    assert!(rows.iter().any(|row| row[0] == "按职业" && row[1] == "焊工" && row[2] == "1"));
}
