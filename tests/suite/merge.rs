//! One roster out of several files and sheets: no row is lost, and each keeps where it came from.

use std::fs;

use calamine::{Reader, Xlsx, open_workbook};
use serde_json::{Value, json};

use crate::plain::talk;
use crate::support::{Desk, LABELS, good, goods, root, text};

/// The cells of a merged csv, the header first.
fn table(desk: &Desk, name: &str) -> Vec<Vec<String>> {
    let text = fs::read_to_string(desk.path(name)).expect("a table");
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).from_reader(text.trim_start_matches('\u{FEFF}').as_bytes());
    reader.records().map(|record| record.expect("record").iter().map(String::from).collect()).collect()
}

/// A file with a title above, a remark and its columns turned round, whose last row is a total.
fn turned(desk: &Desk, name: &str, rows: &[Vec<String>]) {
    let mut lines = vec!["某县名册".to_string()];
    let labels: Vec<&str> = LABELS.iter().rev().copied().chain(["备注"]).collect();
    lines.push(labels.join(","));
    lines.extend(
        rows.iter().map(|row| row.iter().rev().map(String::as_str).chain(["优秀"]).collect::<Vec<_>>().join(",")),
    );
    lines.push(format!("合计{}", ",".repeat(11)));
    desk.put(name, lines.join("\n") + "\n");
}

#[test]
fn rows_stand_under_one_header_and_know_where_they_came_from() {
    let desk = Desk::new();
    desk.roster("a.csv", &goods(2));
    turned(&desk, "b.csv", &(2..5).map(good).collect::<Vec<_>>());
    let ran = desk.verb(&["merge", "a.csv", "b.csv", "--output", "all.csv"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let lines: Vec<&str> = ran.out.lines().collect();
    assert!(lines[0].ends_with("a.csv：2 行，在合并后的第 2 至 3 行"), "{}", ran.out);
    assert!(lines[1].ends_with("b.csv：3 行，在合并后的第 4 至 6 行"), "{}", ran.out);
    assert!(lines[2].contains("跳过第 6 行："), "{}", ran.out);
    assert!(lines[3].contains("共 2 份，5 行"), "{}", ran.out);
    let all = table(&desk, "all.csv");
    assert_eq!(all[0], [&LABELS[..], &["备注", "来源文件", "来源工作表", "来源行"]].concat());
    for (at, row) in all[1..].iter().enumerate() {
        assert_eq!(row[..11], good(at), "{at}");
    }
    assert_eq!(all[1][11..], ["", "a.csv", "", "2"]);
    assert_eq!(all[5][11..], ["优秀", "b.csv", "", "5"]);
    // The columns aside are known as such, and what is read is what was there.
    let ran = desk.verb(&["check", "all.csv"]);
    assert!(ran.code == 0 && ran.out.contains("未对应的列：备注\n"), "{}", ran.out);
    // What was merged before keeps its first origin.
    desk.roster("c.csv", &(5..6).map(good).collect::<Vec<_>>());
    assert_eq!(desk.verb(&["merge", "all.csv", "c.csv", "--output", "more.csv"]).code, 0);
    let more = table(&desk, "more.csv");
    assert_eq!(
        (more[5][11..].to_vec(), more[6][12..].to_vec()),
        (all[5][11..].to_vec(), ["c.csv", "", "2"].map(String::from).to_vec())
    );
    assert_eq!(more[0], all[0]);
}

#[test]
fn findings_of_a_merged_roster_are_traced_to_their_files() {
    let desk = Desk::new();
    let mut rows: Vec<Vec<String>> = (2..5).map(good).collect();
    rows[1][8] = "2024.11.8".into();
    rows[2][7] = good(0)[7].clone();
    desk.roster("a.csv", &goods(2));
    turned(&desk, "b.csv", &rows);
    let ran = desk.verb(&["merge", "a.csv", "b.csv", "--output", "all.xlsx"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(ran.err.contains("1 处编号或人员重复"), "{}", ran.err);
    let (code, told) = desk.json(&desk.path("all.xlsx"), &["--with-rows"]);
    assert_eq!(code, 1);
    let of = |rule: &str| {
        told["findings"].as_array().expect("list").iter().filter(|f| f["rule"] == rule).collect::<Vec<_>>()[0].clone()
    };
    let date: Value = of("A01");
    assert_eq!((&date["row"], &date["origin"]), (&json!(5), &json!({ "file": "b.csv", "sheet": "", "row": 4 })));
    assert_eq!(told["rows"][0]["origin"], json!({ "file": "a.csv", "sheet": "", "row": 2 }));
    let twice = of("U01");
    assert!(twice["message"].as_str().expect("text").contains("第 6 行（b.csv 第 5 行）"), "{twice}");
    let words = desk.verb(&["check", "all.xlsx"]).out;
    assert!(words.contains("写为2024-11-08") || words.contains("（来自 b.csv 第 4 行）"), "{words}");
    assert!(words.contains("（来自 b.csv 第 4 行）"), "{words}");
    let csv = desk.verb(&["check", "all.xlsx", "--format", "csv"]).out;
    assert!(csv.contains("（来自 b.csv 第 4 行）"), "{csv}");
    desk.verb(&["check", "all.xlsx", "--format", "xlsx", "--output", "list.xlsx"]);
    let list = super::cli::workbook(&desk.path("list.xlsx"));
    assert!(list[0].iter().any(|cell| cell == "来源文件") && list[1].iter().any(|cell| cell == "a.csv"), "{list:?}");
    // A file of one roster tells no origin.
    let (_, alone) = desk.json(&desk.path("b.csv"), &["--with-rows"]);
    assert!(alone["findings"][0].get("origin").is_none() && alone["rows"][0].get("origin").is_none());
}

#[test]
fn sheets_of_a_workbook_are_put_together_in_the_order_that_is_asked_for() {
    let desk = Desk::new();
    fs::copy(root("tests/fixtures/f10_rosters.xlsx"), desk.path("book.xlsx")).expect("copied");
    let ran = desk.verb(&["merge", "book.xlsx", "--sheet", "二组", "--sheet", "一组", "--output", "two.csv"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let two = table(&desk, "two.csv");
    assert_eq!(two.len(), 13);
    let at = two[0].iter().position(|label| label == "来源工作表").expect("origin");
    assert_eq!((two[1][at].as_str(), two[12][at].as_str()), ("二组", "一组"));
    assert_eq!(desk.verb(&["check", "two.csv"]).code, 0);
    // All that are shown: the hidden ones are told, and stay out.
    let ran = desk.verb(&["merge", "book.xlsx", "--sheet", "*", "--output", "all.csv", "--format", "json"]);
    let told: Value = serde_json::from_str(&ran.out).expect("JSON");
    let sheets: Vec<&Value> = told["parts"].as_array().expect("parts").iter().map(|part| &part["sheet"]).collect();
    assert_eq!((sheets, &told["row_count"]), (vec![&json!("一组"), &json!("二组")], &json!(12)));
    assert_eq!((&told["parts"][1]["first_row"], &told["parts"][1]["row_count"]), (&json!(7), &json!(7)));
    assert!(ran.err.contains("隐藏的工作表“上年名单”没有读入") && !ran.err.contains("“一组”没有读入"), "{}", ran.err);
}

#[test]
fn what_makes_no_one_roster_is_refused_by_name_and_nothing_is_written() {
    let desk = Desk::new();
    desk.roster("a.csv", &goods(2));
    desk.put("broken.xlsx", "no workbook");
    let beijing = root("data/samples/beijing-2022.xlsx");
    let beijing = beijing.to_str().expect("a path");
    let ran = desk.verb(&["merge", "a.csv", beijing, "--output", "all.csv"]);
    assert_eq!(ran.code, 1, "{}", ran.err);
    assert!(ran.err.contains("a.csv 用的是 gansu-competition") && ran.err.contains("beijing-2022.xlsx"), "{}", ran.err);
    let ran = desk.verb(&["merge", "a.csv", "broken.xlsx", "--output", "all.csv"]);
    assert_eq!(ran.code, 3, "{}", ran.err);
    assert_eq!(desk.verb(&["merge", "a.csv", "-", "--output", "all.csv"]).code, 3, "an empty pipe is no roster");
    assert_eq!(desk.verb(&["merge", "a.csv", "--output", "all.doc"]).code, 2);
    assert!(!desk.path("all.csv").exists());
    assert_eq!(desk.verb(&["merge", "a.csv", "--output", "a.csv", "--force"]).code, 2);
    // Nothing over another file without a word.
    desk.put("all.csv", "x");
    assert_eq!(desk.verb(&["merge", "a.csv", "--output", "all.csv"]).code, 3);
    assert_eq!(fs::read_to_string(desk.path("all.csv")).expect("file"), "x");
}

#[test]
fn what_a_form_does_not_know_comes_along() {
    let desk = Desk::new();
    // A column that gave way, one without a label, cells beyond the header, and a formula.
    let mut rows = text(",", &goods(1));
    rows = rows.replace("发证机构\n", "发证机构,,证书编号,备注\n");
    rows = rows.replace("代章)\n", "代章),无名,,=1+1,多出\n");
    desk.put("a.csv", rows);
    let ran = desk.verb(&["merge", "a.csv", "--output", "all.csv"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let all = table(&desk, "all.csv");
    assert_eq!(all[0][11..], ["无列名L", "备注", "无列名O", "来源文件", "来源工作表", "来源行"]);
    assert_eq!(all[1][11..], ["无名", "'=1+1", "多出", "a.csv", "", "2"]);
    assert!(ran.err.contains("1 个单元格"), "{}", ran.err);
}

#[test]
fn several_sheets_are_checked_and_exported_as_one_roster() {
    let desk = Desk::new();
    fs::copy(root("tests/fixtures/f10_rosters.xlsx"), desk.path("book.xlsx")).expect("copied");
    let book = desk.path("book.xlsx");
    let both = ["--sheet", "一组", "--sheet", "二组"];
    let (code, told) = desk.json(&book, &[&both[..], &["--with-rows"]].concat());
    assert_eq!((code, &told["row_count"], &told["sheet"]), (0, &json!(12), &json!("一组、二组")), "{told}");
    assert_eq!(told["rows"][0]["origin"], json!({ "file": "book.xlsx", "sheet": "一组", "row": 2 }));
    assert_eq!(told["rows"][11]["origin"]["sheet"], "二组");
    let others: Vec<&Value> = told["other_sheets"].as_array().expect("list").iter().map(|one| &one["sheet"]).collect();
    assert!(others.contains(&&json!("上年名单")) && !others.contains(&&json!("二组")), "{others:?}");
    // Each row says what it says where its sheet is read alone.
    let (_, alone) = desk.json(&book, &["--sheet", "二组", "--with-rows"]);
    let without = |row: &Value| {
        let mut row = row.as_object().expect("row").clone();
        ["row", "origin"].iter().for_each(|key| drop(row.remove(*key)));
        row
    };
    assert_eq!(without(&told["rows"][5]), without(&alone["rows"][0]));
    assert_eq!(told["rows"][5]["origin"]["row"], alone["rows"][0]["row"]);
    let (_, all) = desk.json(&book, &["--sheet", "*"]);
    assert_eq!(all["row_count"], 12);
    let ran = desk.verb(&[&["export", "book.xlsx", "--output", "up.csv"], &both[..]].concat());
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert_eq!(table(&desk, "up.csv").len(), 13);
    assert_eq!(table(&desk, "up.csv")[0], LABELS);
}

/// What is done to columns goes through all sheets that are asked for, in one copy that keeps the others.
#[test]
fn several_sheets_are_changed_in_one_copy() {
    let desk = Desk::new();
    fs::copy(root("tests/fixtures/f10_rosters.xlsx"), desk.path("book.xlsx")).expect("copied");
    let sheets = |name: &str| {
        let mut book: Xlsx<_> = open_workbook(desk.path(name)).expect("a workbook");
        book.worksheets().into_iter().map(|(name, range)| (name, format!("{range:?}"))).collect::<Vec<_>>()
    };
    let before = sheets("book.xlsx");
    let call = ["replace", "book.xlsx", "兰州", "蘭州", "--column", "所在单位", "--sheet", "*"];
    let tried = desk.verb(&[&call[..], &["--dry-run"]].concat());
    assert!(tried.out.contains("一组") && tried.out.contains("二组"), "{}{}", tried.out, tried.err);
    assert!(tried.err.contains("“汇总”没有读入") && !tried.err.contains("组”没有读入"), "{}", tried.err);
    let ran = desk.verb(&[&call[..], &["-o", "all.xlsx"]].concat());
    assert!(ran.code <= 1 && ran.err.contains("与原文件相同"), "{}{}", ran.out, ran.err);
    for (was, is) in before.iter().zip(sheets("all.xlsx")) {
        let is_meant = ["一组", "二组"].contains(&was.0.as_str());
        assert_eq!((was.0.as_str(), was.1 != is.1, is.1.contains("蘭州")), (is.0.as_str(), is_meant, is_meant));
    }
    // The safe fixes the same way, each sheet as a roster of its own.
    let fix = desk.verb(&["fix", "book.xlsx", "--sheet", "*", "-o", "fixed.xlsx"]);
    assert!(fix.code <= 1 && fix.out.contains("一组") && fix.out.contains("二组"), "{}{}", fix.out, fix.err);
    assert_eq!(sheets("fixed.xlsx").len(), before.len());
    let reshaped = desk.verb(&[
        "reshape",
        "prefix",
        "book.xlsx",
        "--column",
        "所在单位",
        "--text",
        "省",
        "--sheet",
        "二组",
        "--sheet",
        "一组",
        "-o",
        "two.xlsx",
    ]);
    assert!(reshaped.code <= 1, "{}", reshaped.err);
    assert_eq!(sheets("two.xlsx").iter().filter(|(_, cells)| cells.contains("省兰州")).count(), 2);
    desk.roster("other.csv", &goods(2));
    let fill =
        ["fill", "book.xlsx", "--from", "other.csv", "--key", "姓名", "--sheet", "*", "--format", "json", "--dry-run"];
    let told = desk.verb(&fill).out;
    let of_sheets: Vec<Value> = told.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(of_sheets.iter().map(|of| &of["sheet"]).collect::<Vec<_>>(), [&json!("一组"), &json!("二组")]);
    // Another kind of file has no room for the other sheets.
    let csv = desk.verb(&[&call[..], &["-o", "all.csv"]].concat());
    assert!(csv.code == 2 && csv.err.contains("副本") && !desk.path("all.csv").exists(), "{}", csv.err);
}

#[test]
fn the_workbench_shows_where_a_row_of_a_merged_roster_came_from() {
    let desk = Desk::new();
    desk.roster("a.csv", &goods(1));
    turned(&desk, "b.csv", &(2..4).map(good).collect::<Vec<_>>());
    assert_eq!(desk.verb(&["merge", "a.csv", "b.csv", "--output", "all.xlsx"]).code, 0);
    let said = talk(&desk, &["open", "all.xlsx"], "rows\n2\nrecord\n").out;
    assert!(said.contains("来源文件") && said.contains("b.csv"), "{said}");
}
