//! Cells filled from elsewhere: from another table, the ledger, the registry; nothing is filled that nobody can tell the row of.

use std::fs;

use serde_json::{Value, json};
use skillcert::domain::ledger::BatchId;
use skillcert::domain::sheet::Field;
use skillcert::office::{Purpose, RosterReading};

use crate::plain::talk;
use crate::support::{Desk, good, goods, resident};

const PREFIX: &str = "S000062010001";

/// A desk with r.csv, of five people: the first without employer, the second of another level, the third not in other.csv, the
/// fourth in it twice with two employers, the fifth without an ID number.
fn desk() -> Desk {
    let desk = Desk::new();
    let mut rows = goods(5);
    rows[0][3].clear();
    rows[1][6] = "4".into();
    rows[3][3].clear();
    rows[4][2].clear();
    desk.roster("r.csv", &rows);
    let mut other: Vec<Vec<String>> = [4, 3, 1, 0].map(good).to_vec();
    let mut again = good(3);
    again[3] = "兰州新区样例厂".into();
    again[7] = "S000062010001242J00099".into();
    other.push(again);
    other[1][7] = "S000062010001242J00098".into();
    desk.roster("other.csv", &other);
    desk
}

fn read(desk: &Desk) -> String {
    fs::read_to_string(desk.path("out.csv")).expect("written")
}

fn filled(desk: &Desk, more: &[&str]) -> (i32, Value) {
    let ran = desk.verb(&[&["fill", "r.csv", "--format", "json"], more].concat());
    (ran.code, serde_json::from_str(&ran.out).unwrap_or_else(|e| panic!("{e}: {}{}", ran.out, ran.err)))
}

#[test]
fn empty_cells_are_filled_by_key_and_what_stands_in_the_way_is_told() {
    let desk = desk();
    let (code, told) = filled(&desk, &["--from", "other.csv", "--dry-run"]);
    assert_eq!((code, &told["matched"], &told["changed_cells"]), (1, &json!(3), &json!(2)), "{told}");
    assert_eq!((&told["unmatched"], &told["ambiguous"], &told["repeated"]), (&json!([4]), &json!([5]), &json!([3, 6])));
    assert_eq!(told["differing"], json!([{ "row": 3, "column": "职业技能等级", "here": "4", "theirs": "2" }]));
    assert_eq!(told["columns"], json!([{ "column": "证件号码", "cells": 1 }, { "column": "所在单位", "cells": 1 }]));
    assert_eq!(told["keys"], json!([["证件号码"], ["证书编号"], ["姓名", "所在单位"]]));

    let ran = desk.verb(&["--lang", "zh", "fill", "r.csv", "--from", "other.csv", "--output", "out.csv"]);
    for words in [
        "来源：other.csv；按 证件号码，没有则 证书编号，没有则 姓名+所在单位 认行",
        "5 行：对上 3 行，对不上 1 行，分不清 1 行；来源里重复、说法不一的 2 行，没有用；与来源不同的 1 格，没有动",
        "补 2 格",
        "第 4 行 张*伟：来源里没有",
        "来源第 6 行：关键列重复，没有用",
        "第 3 行 张*伟：职业技能等级 这里是“4”，来源是“2”",
    ] {
        assert!(ran.out.contains(words), "{words}: {}", ran.out);
    }
    assert!((0..5).all(|i| !ran.out.contains(&resident(i)) && !ran.out.contains(&good(i)[0])), "{}", ran.out);
    let out = read(&desk);
    assert!(out.contains(&resident(4)) && out.matches("兰州陇原机械有限公司").count() == 4, "{out}");
    assert!(!out.contains("兰州新区样例厂"), "{out}");

    // What differs is written over where that is asked for; columns and keys are those that are named.
    let (_, told) = filled(&desk, &["--from", "other.csv", "--dry-run", "--also-filled", "--column", "职业技能等级"]);
    assert_eq!((&told["changed_cells"], &told["ambiguous"]), (&json!(1), &json!([])), "{told}");
    let (code, told) = filled(&desk, &["--from", "r.csv", "--dry-run", "--key", "姓名+证书编号"]);
    assert_eq!((code, &told["matched"], &told["changed_cells"]), (0, &json!(5), &json!(0)), "{told}");
}

#[test]
fn what_means_the_same_is_not_told_as_different() {
    let desk = Desk::new();
    desk.roster("r.csv", &goods(1));
    let mut other = good(0);
    let [id_type, level, code, day] = [1, 6, 7, 8].map(|at: usize| other[at].clone());
    other[1] = if id_type == "201" { "居民身份证" } else { "201" }.into();
    other[6] = if level == "2" { "二级" } else { "2" }.into();
    other[7] = code.to_lowercase();
    other[8] = day.replace('-', "/");
    desk.roster("other.csv", &[other.clone()]);
    let (code, told) = filled(&desk, &["--from", "other.csv", "--dry-run", "--also-filled"]);
    assert_eq!((code, &told["changed_cells"], &told["differing"]), (0, &json!(0), &json!([])), "{told}");
    other[6] = "三级".into();
    desk.roster("other.csv", &[other]);
    let (_, told) = filled(&desk, &["--from", "other.csv", "--dry-run"]);
    assert_eq!(told["differing"].as_array().map(Vec::len), Some(1), "{told}");
}

#[test]
fn the_ledger_and_the_registry_fill_what_they_have() {
    let desk = Desk::new();
    let mut rows = goods(4);
    desk.roster("old.csv", &rows[..3]);
    rows[0][0].clear();
    rows[0][3].clear();
    rows[1][7] = "S000062010001242J00077".into();
    rows[1][3].clear();
    rows[1][4].clear();
    rows.iter_mut().for_each(|row| row[9].clear());
    desk.roster("r.csv", &rows);
    for (from, says) in [("--from-ledger", "台账"), ("--from-registry", "机构登记")] {
        let ran = desk.verb(&["--lang", "zh", "fill", "r.csv", from, "--dry-run"]);
        assert!(ran.code > 1 && ran.err.contains(says), "{} {}", ran.code, ran.err);
    }
    for call in [
        &["ledger", "import", "old.csv", "--profile", "gansu-competition", "--status", "published"][..],
        &["institution", "add", PREFIX, "--name", "样例学校", "--profile", "gansu-competition"],
    ] {
        let ran = desk.verb(call);
        assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    }
    // Another certificate of a person tells who the person is, and nothing of this one.
    let (code, told) = filled(
        &desk,
        &["--from-ledger", "--dry-run", "--column", "姓名", "--column", "所在单位", "--column", "职业名称"],
    );
    assert_eq!((code, &told["matched"], &told["unmatched"]), (1, &json!(3), &json!([5])), "{told}");
    assert_eq!(told["columns"], json!([{ "column": "姓名", "cells": 1 }, { "column": "所在单位", "cells": 2 }]));
    let (code, told) = filled(&desk, &["--from-registry", "--output", "out.csv"]);
    assert_eq!((code, &told["changed_cells"]), (0, &json!(4)), "{told}");
    assert_eq!(read(&desk).matches("样例学校").count(), 4);
}

#[test]
fn a_batch_is_filled_as_one_step() {
    let desk = desk();
    talk(&desk, &["open", "r.csv", "--home", "state"], "quit\n");
    let fill = ["fill", "--batch", "1", "--from", "other.csv", "--home", "state"];
    let tried = desk.verb(&[&fill[..], &["--dry-run", "--format", "json"]].concat());
    let told: Value = serde_json::from_str(&tried.out).expect("JSON");
    assert_eq!((&told["batch"], &told["file"], &told["changed_cells"]), (&json!(1), &Value::Null, &json!(2)));
    let ran = desk.verb(&fill);
    assert!(ran.code == 1 && ran.out.contains("补 2 格") && ran.err.contains("第 1 批"), "{}{}", ran.out, ran.err);
    let again = desk.verb(&fill);
    assert!(again.out.contains("补 0 格"), "{}", again.out);
    for refused in [&["-o", "x.csv"][..], &["--unmask"], &["r.csv"]] {
        assert_eq!(desk.verb(&[&fill[..], refused].concat()).code, 2, "{refused:?}");
    }
    let undone = talk(&desk, &["open", "--home", "state"], "undo\ny\nquit\n").out;
    assert!(undone.contains("补填") || undone.contains("other.csv"), "{undone}");
}

#[test]
fn the_workbench_asks_what_is_filled_and_does_it_in_one_step() {
    let desk = desk();
    let said = talk(&desk, &["--lang", "zh", "open", "r.csv"], "fill-from\n1\nother.csv\n3\n3\n1\ny\nquit\n").out;
    for told in [
        "从哪里补填",
        "1. 另一份表",
        "从哪份表补",
        "1. 看会补什么",
        "2. 认行：证件号码，没有则 证书编号，没有则 姓名+所在单位",
        "3. [x] 已有内容的也改成来源的",
        "从 other.csv 补填",
        "5 行：对上 3 行，对不上 1 行，分不清 1 行",
        "第 4 行 张*伟：来源里没有",
    ] {
        assert!(said.contains(told), "{told}: {said}");
    }
    let session = desk.office_at("state").sign_on("test").expect("a session");
    let stored = session.batch(BatchId(1)).expect("a batch");
    let batch = session.reopen(&stored, &RosterReading::default(), Purpose::Look, &mut |_| ()).expect("read");
    let [step] = batch.history().applied() else { panic!("{:?}", batch.history()) };
    assert_eq!((step.edits.len(), &*step.title), (2, "从 other.csv 补填"));
    assert_eq!((batch.roster().cell(4, Field::IdNumber), batch.roster().cell(1, Field::Level)), (&*resident(4), "4"));
    let said =
        talk(&desk, &["--lang", "zh", "open", "--batch", "1"], "fill-from\n1\nother.csv\n1\nfill-from\n2\nquit\n").out;
    assert!(said.contains("没有可补的：5 行") && said.contains("还没有台账"), "{said}");
}

#[test]
fn a_key_that_stands_twice_in_the_roster_gives_nobody_the_number_of_another() {
    let desk = Desk::new();
    let mut rows = goods(4);
    for row in &mut rows[..2] {
        row[0] = "李伟".into();
        row[2].clear();
        row[3] = "天水某厂".into();
        row[9].clear();
    }
    rows[3][3].clear();
    desk.roster("r.csv", &rows);
    let mut other = goods(4);
    other.remove(1);
    other[0][0] = "李伟".into();
    other[0][3] = "天水某厂".into();
    other[0][7].clear();
    desk.roster("other.csv", &other);
    let (code, told) = filled(&desk, &["--from", "other.csv", "--dry-run"]);
    assert_eq!((code, &told["ambiguous"], &told["repeated"]), (1, &json!([2, 3]), &json!([])), "{told}");
    assert_eq!(told["columns"], json!([{ "column": "所在单位", "cells": 1 }]));
    let ran = desk.verb(&["--lang", "zh", "fill", "r.csv", "--from", "other.csv", "-o", "out.csv"]);
    assert!(ran.out.contains("第 2 行 李*：名册里还有别的行也对上来源的这一行"), "{}", ran.out);
    assert!(!read(&desk).contains(&resident(0)), "{}", ran.out);
    // What a list of employers says of one holds for all its people.
    let (code, told) =
        filled(&desk, &["--from", "other.csv", "--dry-run", "--key", "所在单位", "--column", "评价机构"]);
    assert_eq!((code, &told["matched"], &told["changed_cells"]), (1, &json!(3), &json!(2)), "{told}");
}

#[test]
fn a_number_that_a_spreadsheet_ate_is_filled_from_nowhere() {
    let desk = Desk::new();
    let mut rows = goods(8);
    for i in [0, 1, 2] {
        rows[i][2].clear();
    }
    rows[1][2] = "6.2E+17".into();
    desk.roster("r.csv", &rows);
    let mut other = goods(8);
    for (i, row) in other.iter_mut().enumerate() {
        // One of which the zeros do not happen to be right.
        row[2] = format!("{}000", &resident(1000 + i)[..15]);
    }
    // As many as tell what happened to the column, and so few that they do not.
    for (file, some) in [("all.csv", &other[..]), ("few.csv", &other[..3])] {
        desk.roster(file, some);
        let (code, told) = filled(&desk, &["--from", file, "--dry-run", "--also-filled", "--column", "证件号码"]);
        assert_eq!((code, &told["changed_cells"], &told["digits_lost"]), (1, &json!(0), &json!([2, 3, 4])), "{told}");
        assert_eq!(told["differing"], json!([]));
    }
    let ran = desk.verb(&["--lang", "zh", "fill", "r.csv", "--from", "all.csv", "--dry-run"]);
    for words in ["3 行在来源里只有这样的号码，没有补", "第 3 行 张*伟：来源的证件号码被表格软件吃掉末几位，没有补"]
    {
        assert!(ran.out.contains(words), "{words}: {}", ran.out);
    }
}
