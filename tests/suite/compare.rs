//! Two versions of a roster: what was added, left out, changed and moved, and nobody unmasked for it.

use std::fs;

use crate::plain::talk;
use crate::support::{Desk, good, goods};

/// A desk with old.csv, of five people, and new.csv: the first left out, the second with a blank in the name, the third with
/// another employer and level, one added in the middle, the last two the other way round.
fn desk() -> Desk {
    let desk = Desk::new();
    desk.roster("old.csv", &goods(5));
    let mut rows: Vec<Vec<String>> = [1, 2, 5, 4, 3].map(good).to_vec();
    rows[0][0] = "张 三".into();
    rows[1][3] = "兰州新区样例厂".into();
    rows[1][6] = "一级".into();
    desk.roster("new.csv", &rows);
    desk
}

#[test]
fn what_differs_is_told_by_row_and_cell_without_unmasking() {
    let desk = desk();
    let ran = desk.verb(&["compare", "old.csv", "new.csv"]);
    let old = good(1);
    assert_eq!(ran.code, 1, "{}", ran.err);
    for told in ["新增 1 行，缺少 1 行，改动 2 行 3 格，移动 1 行", "\n新增\n  第 4 行 ", "\n缺少\n  原第 2 行 "]
    {
        assert!(ran.out.contains(told), "{told}: {}", ran.out);
    }
    assert!(ran.out.contains("第 2 行（原第 3 行）") && ran.out.contains("-> [张␣*]"), "{}", ran.out);
    assert!(ran.out.contains("-> [兰州新区样例厂]"), "{}", ran.out);
    assert!(!ran.out.contains(&old[2]) && !ran.out.contains("张 三"), "{}", ran.out);
    let unmasked = desk.verb(&["compare", "old.csv", "new.csv", "--unmask"]);
    assert!(unmasked.out.contains("-> [张 三]"), "{}", unmasked.out);
}

#[test]
fn json_counts_and_lists_the_same() {
    let ran = desk().verb(&["compare", "old.csv", "new.csv", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&ran.out).expect("JSON");
    let count = |key: &str| json[key].as_u64().expect(key);
    let counts = ["added", "missing", "changed_rows", "changed_cells", "moved", "ambiguous"].map(count);
    assert_eq!((ran.code, counts), (1, [1, 1, 2, 3, 1, 0]));
    let kinds: Vec<&str> =
        json["differences"].as_array().expect("lines").iter().filter_map(|l| l["kind"].as_str()).collect();
    assert_eq!(kinds, ["added", "missing", "changed", "changed", "changed", "moved"]);
    assert_eq!(json["differences"][2]["now"], "张␣*");
}

#[test]
fn the_same_in_another_order_ends_well_and_forms_that_differ_are_refused() {
    let desk = desk();
    let turned: Vec<Vec<String>> = (0..5).rev().map(good).collect();
    desk.roster("turned.csv", &turned);
    let ran = desk.verb(&["compare", "old.csv", "turned.csv"]);
    assert!(ran.code == 0 && ran.out.contains("移动 4 行"), "{}", ran.out);
    assert_eq!(desk.verb(&["compare", "old.csv", "old.csv"]).code, 0);
    for (call, says) in [
        (&["compare", "old.csv", "gone.csv"][..], "gone.csv"),
        (&["compare", "-", "-"], "-"),
        (&["compare", "old.csv", "new.csv", "--output", "x.xlsx"], "--format xlsx"),
        (&["compare", "old.csv", "new.csv", "--format", "xlsx"], "--output"),
        (&["compare", "old.csv", "new.csv", "--format", "xlsx", "--output", "old.csv"], "old.csv"),
    ] {
        let ran = desk.verb(call);
        assert!(2 <= ran.code && ran.err.contains(says), "{call:?} {}", ran.err);
    }
}

#[test]
fn a_table_of_the_differences_opens_in_a_spreadsheet() {
    let desk = desk();
    let ran = desk.verb(&["compare", "old.csv", "new.csv", "--format", "xlsx", "--output", "changes.xlsx"]);
    assert_eq!(ran.code, 1, "{}", ran.err);
    let mut book: calamine::Xlsx<_> = calamine::open_workbook(desk.path("changes.xlsx")).expect("a workbook");
    let sheet = calamine::Reader::worksheet_range(&mut book, "两版比对").expect("the sheet");
    let rows: Vec<Vec<String>> = sheet.rows().map(|row| row.iter().map(ToString::to_string).collect()).collect();
    assert_eq!(rows[0], ["情况", "原行号", "现行号", "姓名", "证书编号", "栏目", "原内容", "现内容"]);
    let [added, missing, name] = [1, 2, 3].map(|at| rows[at].iter().map(String::as_str).collect::<Vec<_>>());
    assert_eq!((added[0], added[2], missing[0], missing[1]), ("新增", "4", "缺少", "2"));
    assert_eq!((name[0], name[5], name[7]), ("改动", "姓名", "张␣*"));
    assert_eq!(rows.len(), 7);
    // The file is not written over unless that is said.
    let again = desk.verb(&["compare", "old.csv", "new.csv", "--format", "xlsx", "--output", "changes.xlsx"]);
    assert_eq!(again.code, 3, "{}", again.err);
    assert!(fs::metadata(desk.path("changes.xlsx")).is_ok());
}

#[test]
fn one_profile_is_chosen_for_both_whichever_of_them_tells_it() {
    let desk = Desk::new();
    let mut rows = goods(3);
    desk.roster("told.csv", &rows);
    rows.iter_mut().for_each(|row| [7, 9, 10].into_iter().for_each(|column| row[column].clear()));
    desk.roster("untold.csv", &rows);
    for pair in [["told.csv", "untold.csv"], ["untold.csv", "told.csv"]] {
        let ran = desk.verb(&["compare", pair[0], pair[1], "--format", "json"]);
        let json: serde_json::Value = serde_json::from_str(&ran.out).unwrap_or_else(|e| panic!("{e}: {}", ran.err));
        assert_eq!(
            (ran.code, &json["profile"], &json["changed_rows"]),
            (1, &"gansu-competition".into(), &3.into()),
            "{json}"
        );
    }
}

#[test]
fn the_workbench_goes_from_difference_to_difference() {
    let desk = desk();
    let script = "compare-with\n1\nold.csv\n3\nnext-finding\n0\n0\ncompare-with\n2\n1\n0\nquit\n";
    let said = talk(&desk, &["--lang", "zh", "open", "new.csv"], script).out;
    for told in [
        "和哪一版比",
        "新增 1 行，缺少 1 行，改动 2 行 3 格，移动 1 行",
        "1. 新增　第 4 行 ",
        "3. 改动　第 2 行（原第 3 行）",
        "-> [张␣*]",
        "-> [兰州新区样例厂]",
        "两版没有不同",
    ] {
        assert!(said.contains(told), "{told}: {said}");
    }
    assert!(!said.contains("张 三"), "{said}");
}

#[test]
fn columns_beside_the_form_are_compared_by_their_labels() {
    let desk = Desk::new();
    let write = |name: &str, labels: &[&str], cells: &dyn Fn(usize) -> Vec<String>| {
        desk.roster("bare.csv", &goods(3));
        let plain = fs::read_to_string(desk.path("bare.csv")).expect("written");
        let lines = plain.lines().enumerate().map(|(at, line)| match at.checked_sub(1) {
            None => format!("{line},{}", labels.join(",")),
            Some(row) => format!("{line},{}", cells(row).join(",")),
        });
        fs::write(desk.path(name), lines.map(|line| line + "\r\n").collect::<String>()).expect("written");
    };
    let phone = |row: usize| format!("1380000000{row}");
    write("old.csv", &["备注", "联系电话", "序号"], &|row| vec!["免考".into(), phone(row), row.to_string()]);
    write("turned.csv", &["序号", "联系电话", "备 注", "空栏"], &|row| {
        vec![(9 - row).to_string(), phone(row), "免考".into(), String::new()]
    });
    write("new.csv", &["备注", "班级"], &|row| vec![["免考", "补考", ""][row].into(), "一班".into()]);
    assert_eq!(desk.verb(&["compare", "old.csv", "turned.csv"]).code, 0);
    let ran = desk.verb(&["compare", "old.csv", "new.csv"]);
    for told in [
        "改动 2 行 2 格，移动 0 行；表样以外的栏目多出 1 个，少了 1 个",
        "备注 [免考] -> [补考]",
        "多出栏目\n  班级",
        "少了栏目\n  联系电话",
    ] {
        assert!(ran.code == 1 && ran.out.contains(told), "{told}: {} {}", ran.out, ran.err);
    }
    write("other.csv", &["备注", "联系电话"], &|row| vec!["免考".into(), phone(row + 1)]);
    let ran = desk.verb(&["compare", "old.csv", "other.csv", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&ran.out).expect("JSON");
    assert_eq!((ran.code, &json["differs"], &json["changed_cells"]), (1, &true.into(), &3.into()), "{json}");
    assert!(!ran.out.contains(&phone(1)), "{}", ran.out);
    let said = talk(&desk, &["--lang", "zh", "open", "new.csv"], "compare-with\n1\nold.csv\n0\nquit\n").out;
    assert!(said.contains("少了栏目") && said.contains("联系电话"), "{said}");
}
