//! Rows of a batch put aside, brought back and noted upon, from the command line.

use skillcert::domain::batch::Batch;
use skillcert::domain::ledger::BatchId;
use skillcert::domain::roster::RowWhat;
use skillcert::office::{Purpose, RosterReading};

use crate::plain::talk;
use crate::support::{Desk, Ran, goods};

fn desk() -> Desk {
    let desk = Desk::new();
    let mut rows = goods(4);
    let double = rows[1].clone();
    rows.push(double);
    rows.push(["陈建国", "审核人", "", "", "", "", "", "", "", "", ""].map(String::from).into());
    rows.push(goods(6)[5].clone());
    desk.roster("r.csv", &rows);
    talk(&desk, &["open", "r.csv"], "quit\n");
    desk
}

fn rows(desk: &Desk, arguments: &[&str]) -> Ran {
    desk.verb(&[&["--home", "state", "--lang", "zh", "rows"], arguments].concat())
}

fn said(desk: &Desk, what: RowWhat) -> Vec<(u32, String)> {
    let session = desk.office_at("state").sign_on("test").expect("a session");
    let stored = session.batch(BatchId(1)).expect("a batch");
    let read = session.reopen(&stored, &RosterReading::default(), Purpose::Look, &mut |_| ());
    let batch: Batch = read.expect("read");
    batch.roster().all_said(what).map(|(row, text)| (batch.roster().line(row), text.to_string())).collect()
}

#[test]
fn rows_are_put_aside_noted_and_brought_back_without_a_screen() {
    let desk = desk();
    let ran = rows(&desk, &["aside", "2", "3", "--text", "弃考", "--batch", "1", "--dry-run"]);
    assert!(ran.code == 0 && ran.out.contains("会改 2 行"), "{}{}", ran.out, ran.err);
    assert!(said(&desk, RowWhat::Aside).is_empty(), "it was only tried");
    let ran = rows(&desk, &["aside", "2", "--text", "弃考", "--batch", "1"]);
    assert!(ran.code == 0 && ran.out.contains("改了 1 行") && ran.out.contains("弃考"), "{}{}", ran.out, ran.err);
    let ran = rows(&desk, &["note", "4", "--text", "缺照片 13900000000", "--batch", "1"]);
    assert!(ran.code == 0 && !ran.out.contains("13900000000"), "{}{}", ran.out, ran.err);
    assert_eq!(said(&desk, RowWhat::Note), [(4, "缺照片 13900000000".to_string())]);
    let ran = rows(&desk, &["back", "--where", "aside", "--batch", "1"]);
    assert_eq!((ran.code, said(&desk, RowWhat::Aside)), (0, vec![]), "{}{}", ran.out, ran.err);
}

#[test]
fn feet_and_doubles_are_found_and_put_aside() {
    let desk = desk();
    let fix = desk.verb(&["--lang", "zh", "fix", "r.csv", "--dry-run"]);
    assert!(fix.out.contains("另有 1 行像是表尾签字、合计，被当成了人员：7"), "{}{}", fix.out, fix.err);
    let ran = rows(&desk, &["aside", "--feet", "--batch", "1"]);
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    assert_eq!(said(&desk, RowWhat::Aside), [(7, "是表尾签字、合计这类行，不是人员".to_string())]);
    let ran = rows(&desk, &["aside", "--doubles", "--batch", "1"]);
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    assert_eq!(said(&desk, RowWhat::Aside)[0], (6, "与第3行完全相同".to_string()));
}

#[test]
fn what_cannot_be_meant_is_refused() {
    let desk = desk();
    for (call, says) in [
        (&["aside", "--batch", "1", "--text", "x"][..], "--where"),
        (&["aside", "2", "--batch", "1"], "--text"),
        (&["back", "--feet", "--batch", "1"], "--feet"),
        (&["aside", "99", "--text", "x", "--batch", "1"], "99"),
        (&["aside", "--where", "姓名=没有这人", "--text", "x", "--batch", "1"], "--where"),
    ] {
        let ran = rows(&desk, call);
        assert!(ran.code == 2 && ran.err.contains(says), "{call:?} {}: {}", ran.code, ran.err);
    }
    assert!(said(&desk, RowWhat::Aside).is_empty());
}

#[test]
fn steps_are_listed_taken_back_and_made_again() {
    let desk = desk();
    let history = |more: &[&str]| {
        let call = [&["--home", "state", "--lang", "zh", "history", "--batch", "1"], more].concat();
        desk.verb(&call)
    };
    assert!(history(&[]).out.contains("还没有修改"));
    rows(&desk, &["aside", "2", "--text", "弃考", "--batch", "1"]);
    rows(&desk, &["note", "4", "--text", "缺照片", "--batch", "1"]);
    let listed = history(&[]).out;
    assert!(listed.contains("第 1 步：") && listed.contains("第 2 步："), "{listed}");
    let tried = history(&["--to", "0", "--dry-run"]).out;
    assert!(tried.contains("第 1 步（已撤销）") && !said(&desk, RowWhat::Aside).is_empty(), "{tried}");
    assert_eq!(history(&["--to", "0"]).code, 0);
    assert!(said(&desk, RowWhat::Aside).is_empty() && said(&desk, RowWhat::Note).is_empty());
    assert_eq!(history(&["--to", "2"]).code, 0);
    assert_eq!(said(&desk, RowWhat::Aside).len(), 1);
    let back = history(&["--revert", "1"]);
    assert_eq!(
        (back.code, said(&desk, RowWhat::Aside).len(), said(&desk, RowWhat::Note).len()),
        (0, 0, 1),
        "{}",
        back.err
    );
    let again = history(&["--revert", "9"]);
    assert!(again.code == 2 && again.err.contains("没有"), "{}", again.err);
}
