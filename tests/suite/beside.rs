//! What a workbook says of its rows besides their texts: what it hides, who is struck out, what a cell shows; and what becomes of
//! times, of days counted from 1904, and of a roster behind a sheet of instructions.

use std::path::PathBuf;

use serde_json::{Value, json};

use crate::support::{Desk, root};

fn fixture(name: &str) -> PathBuf {
    root("tests/fixtures").join(name)
}

fn check(name: &str, more: &[&str]) -> (i32, Value) {
    Desk::new().json(&fixture(name), more)
}

/// What `check` says in sentences, in Chinese.
fn told(name: &str) -> String {
    let path = fixture(name);
    Desk::new().verb(&["--lang", "zh", "check", path.to_str().expect("a path")]).out
}

fn column(json: &Value, label: &str) -> Vec<String> {
    let rows = json["rows"].as_array().expect("rows");
    rows.iter().map(|row| row[label].as_str().unwrap_or_default().to_string()).collect()
}

fn found<'a>(json: &'a Value, rule: &str) -> Vec<&'a Value> {
    json["findings"].as_array().expect("findings").iter().filter(|f| f["rule"] == rule).collect()
}

#[test]
fn a_time_of_day_is_taken_off_and_told_once() {
    for (name, times) in [("d02_times.xlsx", 7), ("d03_times.xlsx", 6), ("d07_times.ods", 5)] {
        let (_, json) = check(name, &["--with-rows", "--unmask"]);
        let days = column(&json, "发证日期");
        assert!(days.iter().all(|day| day == "2024-10-21"), "{name}: {days:?}");
        assert_eq!((found(&json, "A01").len(), found(&json, "A06").len()), (0, 0), "{name}");
        let removed = json["workbook"]["times_removed"].as_u64().expect("a number");
        assert!(0 < removed && removed <= times, "{name}: {removed}");
        let told = told(name);
        assert_eq!(told.matches("带时间，读入时只留日期").count(), 1, "{name}: {told}");
    }
    let (_, json) = check("c09_times.xlsx", &["--with-rows", "--unmask"]);
    assert!(column(&json, "发证日期").iter().all(|day| day.len() == 10), "{json}");
    assert_eq!(column(&json, "发证日期").last().map(String::as_str), Some("2024-10-21"));
}

#[test]
fn a_bare_day_of_1904_names_both_readings() {
    let (_, json) = check("d05_serials_1904.xlsx", &["--with-rows", "--unmask"]);
    assert_eq!(column(&json, "发证日期")[0], "2024-10-21");
    let [finding] = found(&json, "A01")[..] else { panic!("{json}") };
    assert_eq!(finding["fix"], json!({ "to": "2024-10-21", "safety": "unsafe" }));
    assert_eq!(json["workbook"]["date_1904"], true);
    assert!(finding["message"].as_str().is_some_and(|told| told.contains("2020-10-20")), "{finding}");
}

#[test]
fn a_roster_behind_instructions_is_found() {
    for name in ["f10_instructions_first.xlsx", "f10_instructions_first.ods"] {
        let (code, json) = check(name, &[]);
        assert_eq!((code, &json["sheet"], &json["row_count"]), (0, &json!("获奖选手"), &json!(12)), "{name}: {json}");
        assert!(told(name).contains("没有读入"), "{name}");
    }
    let (code, json) = check("f10_no_roster.xlsx", &[]);
    assert_eq!((code, &json["rejected"]["kind"]), (3, &json!("no-header")), "{json}");
    // The sheet that is asked for is the one that is read.
    let path = fixture("f10_instructions_first.xlsx");
    let (code, _) = Desk::new().json(&path, &["--sheet", "填表说明"]);
    assert_eq!(code, 3);
}

#[test]
fn a_damaged_workbook_ends_with_three() {
    for name in [
        "w01_no_sheets.xlsx",
        "w01_no_sheets.ods",
        "w02_relation_gone.xlsx",
        "w03b_checksum.xlsx",
        "w03e_changed_bytes.xlsx",
    ] {
        let (code, json) = check(name, &[]);
        assert_eq!((code, &json["rejected"]["kind"]), (3, &json!("damaged")), "{name}: {json}");
    }
}

#[test]
fn every_kind_of_hiding_is_known() {
    for (name, rows, columns, folded, filtered) in [
        ("w04_hidden.xlsx", json!([3, 5, 8]), json!([4, 5]), json!([5]), true),
        ("w04_hidden_filtered.xlsx", json!([3, 5, 8, 9, 10]), json!([4]), json!([5]), true),
        ("w05_hidden.ods", json!([3, 5, 7, 8]), json!([4]), json!([7, 8]), true),
        ("w06_hidden.xls", json!([4, 6]), json!([]), json!([]), false),
    ] {
        let (_, json) = check(name, &[]);
        let book = &json["workbook"];
        assert_eq!(json["hidden_rows"], rows, "{name}");
        assert_eq!((&book["hidden_columns"], &book["folded_rows"]), (&columns, &folded), "{name}");
        assert_eq!(book["filtered"], filtered, "{name}");
        let told = told(name);
        assert!(told.contains("在源文件里是隐藏的，照样读入"), "{name}: {told}");
        assert_eq!(told.contains("开着筛选"), filtered, "{name}: {told}");
        assert_eq!(told.contains("是隐藏的列，照样读入"), columns != json!([]), "{name}: {told}");
    }
}

#[test]
fn who_is_struck_out_is_read_and_asked_about() {
    let (_, json) = check("w13_struck.xlsx", &[]);
    let book = &json["workbook"];
    assert_eq!(
        (&json["row_count"], &book["struck_rows"], &book["greyed_rows"]),
        (&json!(12), &json!([3, 5]), &json!([9, 11]))
    );
    assert_eq!(book["struck_cells"], json!([{ "row": 7, "column": 1 }]));
    let said = told("w13_struck.xlsx");
    for sentence in
        ["2 人所在的行画了删除线", "第 3、5 行", "2 人所在的行是灰色的", "1 格画了删除线，文字照样读入，请核对：A7"]
    {
        assert!(said.contains(sentence), "{sentence}: {said}");
    }
    for file in ["w13_struck.xls", "w13_struck.ods"] {
        let book = check(file, &[]).1["workbook"].clone();
        let partly = if file.ends_with("ods") { json!([{ "row": 2, "column": 1 }]) } else { json!([]) };
        assert_eq!((&book["struck_rows"], &book["partly_struck_cells"]), (&json!([3, 5]), &partly), "{file}");
        assert_eq!(book["struck_cells"], json!([{ "row": 6, "column": 1 }]), "{file}");
    }
    // A part, a whole text and a row by the fonts within the texts; and by a style that a cell's own is made of.
    for (file, rows, cells, partly) in [
        ("w13_struck_parts.xls", json!([5]), json!([{ "row": 4, "column": 1 }]), json!([[2, 1], [7, 4]])),
        ("w13_struck_named.ods", json!([3, 5]), json!([{ "row": 7, "column": 1 }]), json!([])),
    ] {
        let book = check(file, &[]).1["workbook"].clone();
        let places = book["partly_struck_cells"].as_array().expect("a list");
        let places: Vec<_> = places.iter().map(|place| json!([place["row"], place["column"]])).collect();
        assert_eq!((&book["struck_rows"], &book["struck_cells"], json!(places)), (&rows, &cells, partly), "{file}");
    }
    let (_, json) = check("w13_struck_runs.xlsx", &[]);
    let partly = json!([{ "row": 2, "column": 1 }, { "row": 3, "column": 3 }]);
    assert_eq!((&json["row_count"], &json["workbook"]["partly_struck_cells"]), (&json!(12), &partly));
    let said = told("w13_struck_runs.xlsx");
    assert!(said.contains("2 格里有一部分划掉了，整格文字照样读入，请核对哪一部分算数：A2、C3"), "{said}");
    let (_, json) = check("p14_struck_out.xlsx", &[]);
    assert_eq!(json["workbook"]["struck_rows"].as_array().map(Vec::len), Some(2), "{json}");
    let (_, json) = check("w12_comments.xlsx", &[]);
    assert_eq!(json["workbook"]["remarks"], json!([{ "row": 4, "column": 1 }, { "row": 6, "column": 8 }]));
    let said = told("w12_comments.xlsx");
    assert!(said.contains("2 格有批注") && said.contains("A4、H6") && !said.contains("退赛"), "{said}");
    // Grey letters, grey ground, a struck row with a remark, by the older format and by OpenDocument.
    for file in ["n7_asides.xls", "n7_asides.ods"] {
        let (_, json) = check(file, &[]);
        let book = &json["workbook"];
        let (greyed, struck) = (&book["greyed_rows"], &book["struck_rows"]);
        assert_eq!((&json["row_count"], greyed, struck), (&json!(8), &json!([3, 5]), &json!([7])), "{file}");
        assert_eq!(book["remarks"], json!([{ "row": 2, "column": 3 }, { "row": 7, "column": 1 }]), "{file}");
        assert_eq!(book["partly_struck_cells"], json!([]), "{file}");
    }
    // An ordinary roster has nothing of the kind.
    let (_, json) = check("openpyxl.xlsx", &[]);
    assert_eq!((&json["workbook"]["struck_rows"], &json["workbook"]["greyed_rows"]), (&json!([]), &json!([])));
}

#[test]
fn a_cell_is_read_as_its_format_shows_it() {
    let (_, json) = check("w14_formats.xlsx", &["--with-rows", "--unmask"]);
    let cell = |line: usize, label: &str| column(&json, label)[line - 2].clone();
    for (line, label, expected) in [
        (2, "证书编号", "S000062010001243J00001"),
        (3, "证书编号", "S000062010001243J00002"),
        (4, "证件类型", "201"),
        (5, "职业技能等级", "3级"),
        (6, "职业技能等级", "三级"),
        (7, "证件号码", "E12345678"),
        (8, "证件号码", "01234567"),
        (9, "职业技能等级", "3"),
        (10, "职业技能等级", "三级"),
        (11, "所在单位", "兰州样例机电有限公司"),
        (12, "发证日期", "2024-10-21"),
    ] {
        assert_eq!(cell(line, label), expected, "row {line}");
    }
    let said = told("w14_formats.xlsx");
    assert_eq!(said.matches("来自单元格格式").count(), 5, "{said}");
    assert_eq!(said.matches("被单元格格式隐藏").count(), 1, "{said}");
    let (_, json) = check("f01_code_by_format.xlsx", &["--with-rows", "--unmask"]);
    assert!(column(&json, "证书编号").iter().all(|code| code.len() == 22), "{json}");
}
