//! What is one thing is told once: a range of merged cells, a fact about a whole column, blank rows and columns.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::plain::talk;
use crate::support::{Desk, root};

const TODAY: [&str; 2] = ["--today", "2026-11-29"];

fn checked(desk: &Desk, file: &str) -> (i32, Value) {
    desk.json(&root("tests/fixtures").join(file), &TODAY)
}

fn told(desk: &Desk, file: &str, lang: &str) -> String {
    let file = root("tests/fixtures").join(file);
    let arguments = ["--lang", lang, "check", file.to_str().expect("UTF-8"), TODAY[0], TODAY[1]];
    desk.verb(&arguments).out
}

/// Writes what is folded as `rule column by rows count/of`.
fn folded(json: &Value) -> Vec<String> {
    let text = |value: &Value| value.as_str().expect("text").to_string();
    let row = |run: &Value| format!("{}-{}", run["row"], run["to"]);
    let one = |f: &Value| {
        let rows: Vec<String> = f["rows"].as_array().expect("runs").iter().map(row).collect();
        let (rule, column, by) = (text(&f["rule"]), text(&f["column"]), text(&f["by"]));
        let of = f["of"].as_u64().map_or_else(String::new, |of| format!("/{of}"));
        format!("{rule} {column} {by} {} {}{of}", rows.join(","), f["count"])
    };
    json["folded"].as_array().expect("what is folded").iter().map(one).collect()
}

#[test]
fn a_merged_range_is_told_once_and_every_cell_keeps_its_finding() {
    let desk = Desk::new();
    let (code, json) = checked(&desk, "n04_tall_merge.xlsx");
    assert_eq!(code, 1);
    let expected = ["S05 所在单位 range 3-33 31", "S05 评价机构 range 3-33 31"];
    assert_eq!(folded(&json), expected);
    assert_eq!(json["findings"].as_array().expect("findings").len(), 62);
    assert_eq!(json["summary"]["rules"], json!({ "S05": 62 }));
    let text = told(&desk, "n04_tall_merge.xlsx", "zh-CN");
    assert_eq!(text.lines().filter(|line| line.starts_with("  ")).count(), 2, "{text}");
    assert!(text.contains("第 3 至 33 行 所在单位（31 格，同一处合并单元格）"), "{text}");
    // The list of the organiser has every row; only the first says it in full.
    let list = desk.path("list.xlsx");
    let file = root("tests/fixtures/n04_tall_merge.xlsx");
    let ran = desk.verb(&[
        "check".as_ref(),
        file.as_os_str(),
        "--format".as_ref(),
        "xlsx".as_ref(),
        "-o".as_ref(),
        list.as_os_str(),
    ]);
    assert_eq!(ran.code, 1, "{}", ran.err);
    let cells = crate::writers::grid(&list);
    let last = cells.iter().map(|row| row.last().map(ToString::to_string).unwrap_or_default()).collect::<Vec<_>>();
    assert_eq!(last.len(), 32);
    assert!(last[1].contains("第 3 至 33 行 所在单位（31 格"), "{}", last[1]);
    assert_eq!(last[31], "所在单位：同第 3 行；评价机构：同第 3 行");
}

#[test]
fn every_range_is_a_line_and_what_it_covers_another() {
    let desk = Desk::new();
    let (_, json) = checked(&desk, "w07_merged.xlsx");
    let ranges: Vec<String> = folded(&json).into_iter().filter(|f| f.contains("range")).collect();
    let expected = [
        "S05 所在单位 range 3-13 11",
        "S05 职业名称 range 3-4 2",
        "S05 发证日期 range 3-13 11",
        "S05 评价机构 range 3-5 3",
        "S05 发证机构 range 2-5 4",
    ];
    assert_eq!(ranges.iter().collect::<BTreeSet<_>>(), expected.map(String::from).iter().collect());
    // What is merged to the side names the column it went into, and nothing is put there.
    let aside = |f: &&Value| f["column"] == "发证机构" && f["rule"] == "S05";
    let aside: Vec<&Value> = json["findings"].as_array().expect("findings").iter().filter(aside).collect();
    assert_eq!(aside.len(), 4);
    assert!(aside.iter().all(|f| f["fix"].is_null()), "{aside:?}");
    assert!(aside[0]["message"].as_str().is_some_and(|told| told.contains("“评价机构”")), "{}", aside[0]);
}

#[test]
fn a_fact_about_a_column_is_told_once() {
    let desk = Desk::new();
    let (_, json) = checked(&desk, "n05_whole_columns.csv");
    let expected =
        ["D01 证件类型 column 2-13 12/12", "L03 职业技能等级 column 2-13 12/12", "A01 发证日期 column 2-13 12/12"];
    assert_eq!(folded(&json), expected);
    for (lang, words) in [
        ("zh-CN", "整列 发证日期（12 格中 12 格），如第 2 行“2024/10/21”"),
        ("en", "the whole column 发证日期 (12 of 12 cells), as in row 2"),
    ] {
        let text = told(&desk, "n05_whole_columns.csv", lang);
        assert!(text.contains(words), "{text}");
        assert_eq!(text.lines().filter(|line| line.starts_with("  ")).count(), 3, "{text}");
    }
    // A few cells are no column.
    let (_, json) = checked(&desk, "p29_label_in_cell.xlsx");
    assert_eq!(folded(&json), [""; 0]);
}

#[test]
fn numbers_that_a_spreadsheet_ate_are_counted_for_the_column() {
    let desk = Desk::new();
    let (_, json) = checked(&desk, "e01_eaten.xlsx");
    assert_eq!(folded(&json), ["D08 证件号码 column 2-9,11-13 11/12"]);
    let message = json["folded"][0]["message"].as_str().expect("a message");
    assert!(message.contains("11 个号码的后几位都无法还原") && message.contains("更早的文件"), "{message}");
    assert_eq!(json["summary"]["rules"]["D08"], 11);
    assert!(told(&desk, "e01_eaten.xlsx", "en").contains("none of these 11 numbers can be recovered"));
}

#[test]
fn blank_rows_and_columns_are_one_line_each() {
    let desk = Desk::new();
    let (code, json) = checked(&desk, "n01_blank_rows.csv");
    assert_eq!(code, 0);
    let skipped = json["skipped_rows"].as_array().expect("runs");
    assert_eq!(skipped.len(), 1);
    assert_eq!(
        (&skipped[0]["row"], &skipped[0]["to"], &skipped[0]["kind"]),
        (&json!(14), &json!(313), &json!("blank"))
    );
    let columns = json["columns"].as_array().expect("columns");
    assert_eq!((columns.len(), &columns[11]["index"], &columns[11]["to"]), (12, &json!(12), &json!(20)));
    let text = told(&desk, "n01_blank_rows.csv", "zh-CN");
    for line in ["没有列名的列（9 列）没有用：L 至 T", "跳过第 14 至 313 行：空行"] {
        assert!(text.lines().any(|told| told == line), "{text}");
    }
}

/// The list of all findings folds; that of one rule in one column has each.
#[test]
fn the_line_mode_tells_what_is_folded_once() {
    let desk = Desk::new();
    let file = root("tests/fixtures/n04_tall_merge.xlsx").to_string_lossy().into_owned();
    let said = talk(&desk, &["open", &file], "查看问题\n1\nquit\n").out;
    assert!(said.contains("第 3 至 33 行 所在单位（31 格，同一处合并单元格）"), "{said}");
    assert!(said.contains("全部问题：2 处。"), "{said}");
}
