//! What is exported of a file that somebody works on: what came back, once more where the file was lost, and not without what was
//! changed.

use std::fs;

use serde_json::Value;
use skillcert::domain::sheet::Field;

use crate::plain::talk;
use crate::support::{Desk, Ran, goods, spoiled};

fn home(desk: &Desk, words: &[&str]) -> Ran {
    desk.folder("state");
    desk.verb(&[&["--home", "state", "--lang", "zh"], words].concat())
}

fn manifest(desk: &Desk, file: &str) -> Value {
    let text = fs::read_to_string(desk.path(&format!("{file}.manifest.json"))).expect("a manifest");
    serde_json::from_str(&text).expect("JSON")
}

#[test]
fn what_came_back_can_be_written_once_more_until_it_is_handed_in() {
    let desk = Desk::new();
    let mut rows = goods(6);
    desk.roster("known.csv", &rows);
    assert_eq!(home(&desk, &["ledger", "import", "known.csv", "--status", "submitted"]).code, 0);
    let codes = [1, 4].map(|i: usize| rows[i][Field::Code.index()].clone());
    for (i, code) in [1, 4].into_iter().zip(&codes) {
        assert_eq!(home(&desk, &["ledger", "mark", "returned", code, "--reason", "单位有误"]).code, 0);
        rows[i][Field::Employer.index()] = "兰州另一家机械有限公司".into();
    }
    desk.roster("mended.csv", &rows);
    talk(&desk, &["--lang", "zh", "open", "mended.csv"], "quit\n");

    // All of them go only with a word about those that came back.
    let ran = home(&desk, &["export", "--batch", "1", "-o", "whole.csv"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(ran.err.contains("其中 2 行是被退回的，这次 6 行全部写入"), "{}", ran.err);
    for (name, before) in [("again.csv", "whole.csv"), ("lost.csv", "again.csv")] {
        let ran = home(&desk, &["export", "--batch", "1", "--rows", "returned", "-o", name]);
        assert_eq!(ran.code, 0, "{}", ran.err);
        let told = format!("这 2 行退回后已导出过，还没有上报，再写一次；上次写进 {before}（第 ");
        assert!(ran.err.contains(&told), "{}", ran.err);
        let text = fs::read_to_string(desk.path(name)).expect("a file");
        assert!(text.lines().count() == 3 && codes.iter().all(|code| text.contains(code)), "{text}");
    }
    // What comes back anew goes alone.
    assert_eq!(home(&desk, &["ledger", "mark", "submitted", &codes[0], &codes[1]]).code, 0);
    assert_eq!(home(&desk, &["ledger", "mark", "returned", &codes[0], "--reason", "姓名有误"]).code, 0);
    let ran = home(&desk, &["export", "--batch", "1", "--rows", "returned", "-o", "new.csv"]);
    assert!(ran.code == 0 && !ran.err.contains("再写一次"), "{}", ran.err);
    assert_eq!(fs::read_to_string(desk.path("new.csv")).expect("a file").lines().count(), 2);
    // What was handed in is asked for in vain.
    assert_eq!(home(&desk, &["ledger", "mark", "submitted", &codes[0]]).code, 0);
    let ran = home(&desk, &["export", "--batch", "1", "--rows", "returned", "-o", "none.csv"]);
    assert!(ran.code == 1 && ran.err.contains("没有一行是被退回的"), "{}", ran.err);
    assert_eq!(home(&desk, &["ledger", "verify"]).code, 0);
}

#[test]
fn a_file_that_was_worked_on_goes_out_with_what_was_changed() {
    let desk = Desk::new();
    desk.roster("a.csv", &spoiled());
    talk(&desk, &["--lang", "zh", "open", "a.csv"], "fix-all\ny\nquit\n");
    let ran = home(&desk, &["export", "a.csv", "-o", "out.csv", "--rows", "without-errors"]);
    assert!(ran.err.contains("这份名册是第 1 批") && ran.err.contains("导出的是这一批"), "{}", ran.err);
    let cells = |file: &str| manifest(&desk, file)["edited_cells"].as_u64().expect("a number");
    assert_ne!(cells("out.csv"), 0);
    // Whoever means the file says so.
    let ran = home(&desk, &["export", "a.csv", "-o", "plain.csv", "--rows", "without-errors", "--as-is"]);
    assert!(!ran.err.contains("第 1 批"), "{}", ran.err);
    assert_eq!(cells("plain.csv"), 0);
    // A copy elsewhere is the same roster; another file is none.
    fs::copy(desk.path("a.csv"), desk.path("copy.csv")).expect("copied");
    let ran = home(&desk, &["export", "copy.csv", "-o", "copied.csv", "--rows", "without-errors"]);
    assert!(ran.err.contains("这份名册是第 1 批"), "{}", ran.err);
    desk.roster("other.csv", &goods(3));
    assert!(!home(&desk, &["export", "other.csv", "-o", "other-out.csv"]).err.contains("这份名册是第"));
}

#[test]
fn no_work_on_a_file_is_left_out_without_a_word() {
    let desk = Desk::new();
    let mut rows = goods(3);
    rows.iter_mut().for_each(|row| row[7].clear());
    rows[0][8] = "2024.11.8".into();
    desk.roster("a.csv", &rows);
    talk(&desk, &["--lang", "zh", "open", "a.csv", "--profile", "gansu-competition"], "fix-all\ny\nquit\n");
    // What only looks at the file, or writes it anew, says that the work is elsewhere.
    for verb in [&["check", "a.csv"][..], &["fix", "a.csv", "--dry-run"], &["fix", "a.csv", "-o", "fixed.csv"]] {
        let ran = home(&desk, verb);
        assert!(
            ran.err.contains("这份名册是第 1 批，已改 1 格") && ran.err.contains("--batch 1"),
            "{verb:?}: {}",
            ran.err
        );
    }
    // Numbers under another profile would go to rows without it.
    let allocate = ["ledger", "allocate", "a.csv", "--prefix", "S000062010001", "--also-errors", "--profile"];
    let ran = home(&desk, &[&allocate[..], &["national"]].concat());
    assert!(
        ran.code == 2 && ran.err.contains("已改 1 格") && ran.err.contains("--batch 1"),
        "{} {}",
        ran.code,
        ran.err
    );
    let ran = home(&desk, &[&allocate[..], &["gansu-competition"]].concat());
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(home(&desk, &["batch", "list"]).out.lines().count() == 1);
}

#[test]
fn columns_settled_by_hand_are_work_as_well() {
    let desk = Desk::new();
    let mut text = String::new();
    for (i, line) in crate::support::text(",", &goods(3)).lines().enumerate() {
        text += &format!("{line},{}\n", if i == 0 { "新单位" } else { "甘肃新单位有限公司" });
    }
    desk.put("a.csv", text);
    // The employer's column is put out, the new one takes its place.
    let said = talk(
        &desk,
        &["--lang", "zh", "open", "a.csv"],
        "match-columns\n4\nset-aside\n12\n所在单位\nconfirm-columns\nquit\n",
    );
    let ran = home(&desk, &["export", "a.csv", "-o", "out.csv"]);
    assert!(ran.err.contains("这份名册是第") && ran.err.contains("定过栏目"), "{}\n{}", ran.err, said.out);
    assert!(fs::read_to_string(desk.path("out.csv")).expect("a file").contains("甘肃新单位"));
    assert!(home(&desk, &["check", "a.csv"]).err.contains("定过栏目"));
}

#[test]
fn without_a_name_the_file_lies_beside_the_roster_as_in_the_workbench() {
    let desk = Desk::new();
    desk.roster("名册.csv", &goods(3));
    for (more, name) in [
        (&[][..], "名册-上报.xlsx"),
        (&["--format", "csv"], "名册-上报.csv"),
        (&["--without-errors"], "名册-上报-无错误.xlsx"),
        (&["--rows", "unexported"], "名册-上报-未导出.xlsx"),
    ] {
        let ran = home(&desk, &[&["export", "名册.csv"], more].concat());
        assert!(ran.code == 0 && desk.path(name).exists(), "{name}: {}", ran.err);
    }
    // Nothing is replaced that was not named.
    assert_ne!(home(&desk, &["export", "名册.csv"]).code, 0);
    assert_eq!(desk.verb_with_input(&["export", "-"], b"x").code, 2);
}
