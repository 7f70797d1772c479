//! The organiser's next version: what was corrected comes along, and what both changed is decided by somebody.

use std::fs;

use serde_json::{Value, json};
use skillcert::domain::batch::Batch;
use skillcert::domain::ledger::BatchId;
use skillcert::domain::roster::RowWhat;
use skillcert::domain::sheet::Field;
use skillcert::office::{Purpose, RosterReading};

use crate::plain::talk;
use crate::support::{Desk, good, goods, resident};

const OURS: &str = "兰州新区样例厂";

/// A home with a batch of four people whose employers were corrected; in the next version of its file the first is as it was, the
/// second has another employer, the third is corrected alike, the fourth is gone, and somebody came.
fn desk() -> Desk {
    let desk = Desk::new();
    desk.roster("r.csv", &goods(4));
    let script = format!("replace 所在单位\n{}\n{OURS}\ny\nquit\n", good(0)[3]);
    talk(&desk, &["open", "r.csv"], &script);
    let mut rows = [4, 2, 1, 0].map(good).to_vec();
    rows[2][3] = "天水样例厂".into();
    rows[1][3] = OURS.into();
    desk.roster("r.csv", &rows);
    desk
}

fn stored(desk: &Desk, id: i64) -> Batch {
    let session = desk.office_at("state").sign_on("test").expect("a session");
    let stored = session.batch(BatchId(id)).expect("a batch");
    session.reopen(&stored, &RosterReading::default(), Purpose::Look, &mut |_| ()).expect("read")
}

#[test]
fn corrections_come_along_and_conflicts_are_left_until_somebody_decides() {
    let desk = desk();
    let carried = |more: &[&str]| {
        let ran = desk
            .verb(&[&["--home", "state", "carry-over", "r.csv", "--batch", "1", "--format", "json"], more].concat());
        let told = serde_json::from_str(&ran.out).unwrap_or_else(|e| panic!("{e}: {}{}", ran.out, ran.err));
        (ran.code, told)
    };
    let (code, told): (i32, Value) = carried(&["--dry-run"]);
    assert_eq!(
        (code, &told["carried"], &told["done"], &told["changed_cells"]),
        (1, &json!(1), &json!(1), &json!(1)),
        "{told}"
    );
    let conflict = json!([{ "row_before": 3, "row_now": 4, "column": "所在单位", "imported": good(0)[3], "mine": OURS, "theirs": "天水样例厂" }]);
    assert_eq!((&told["conflicts"], &told["lost"]), (&conflict, &json!([{ "row_before": 5, "column": "所在单位" }])));
    for (decided, cells) in [("--theirs", 1), ("--mine", 2)] {
        let (code, told) = carried(&["--dry-run", decided]);
        assert_eq!((code, &told["changed_cells"]), (0, &json!(cells)), "{decided}: {told}");
    }
    let call =
        ["--home", "state", "--lang", "zh", "carry-over", "r.csv", "--batch", "1", "--mine", "--output", "out.csv"];
    let ran = desk.verb(&call);
    for words in [
        "带过来 1 格，新版已照样改好 1 格，两边都改了 1 格，找不到行的 1 格",
        "我改成“兰州新区样例厂”，新版“天水样例厂”",
        "原第 5 行 张*伟：所在单位 改成过“兰州新区样例厂”，新版没有这一行",
    ] {
        assert!(ran.code == 0 && ran.out.contains(words), "{words}: {}{}", ran.out, ran.err);
    }
    assert!(!ran.out.contains(&resident(1)) && !ran.out.contains(&good(1)[0]), "{}", ran.out);
    let out = fs::read_to_string(desk.path("out.csv")).expect("written");
    assert_eq!((out.matches(OURS).count(), out.matches("天水样例厂").count()), (3, 0), "{out}");
}

#[test]
fn rows_that_were_put_aside_and_notes_come_along() {
    let desk = Desk::new();
    desk.roster("r.csv", &goods(4));
    talk(&desk, &["open", "r.csv"], "aside 3 不是本次\ny\nnote 4 缺照片\ny\nnote 5 问单位\ny\nquit\n");
    desk.roster("r.csv", &[2, 1, 0].map(good));
    let call = ["--home", "state", "--lang", "zh", "carry-over", "r.csv", "--batch", "1", "--dry-run"];
    let (alone, said) = (desk.verb(&call).out, talk(&desk, &["--lang", "zh", "open", "r.csv"], "3\ny\nquit\n").out);
    let summed = "另带过移出 1 行、备注 1 条，找不到行的 1 条";
    assert!(alone.contains(summed) && said.contains(summed), "{alone}{said}");
    for words in ["原第 5 行 张*", "问单位", "移出和备注留在原批"] {
        assert!(alone.contains(words), "{words}: {alone}");
    }
    // Line by line it is told as on the screen which notes are lost, though no cell changes.
    assert!(said.contains("原第 5 行 张*") && said.contains("问单位"), "{said}");
    let batch = stored(&desk, 2);
    let all = |what| batch.roster().all_said(what).map(|(row, text)| (row, text.to_string())).collect::<Vec<_>>();
    assert_eq!(all(RowWhat::Aside), [(1, "不是本次".to_string())]);
    assert_eq!(all(RowWhat::Note), [(0, "缺照片".to_string())]);
}

#[test]
fn the_workbench_carries_over_where_a_file_is_opened_that_was_changed() {
    let desk = desk();
    let said = talk(&desk, &["--lang", "zh", "open", "r.csv"], "3\n4\n1\ny\nquit\n").out;
    for told in [
        "3. 不管那一批，把现在的文件另开一批，并带过我在那一批的修改",
        "带过来 1 格，新版已照样改好 1 格，两边都改了 1 格，找不到行的 1 格",
        "4. [新版的] 第 4 行",
        "4. [我改的] 第 4 行",
        "带过第 1 批的修改，共 2 格",
        "新版没有这一行",
    ] {
        assert!(said.contains(told), "{told}: {said}");
    }
    let (before, now) = (stored(&desk, 1), stored(&desk, 2));
    let [step] = now.history().applied() else { panic!("{:?}", now.history()) };
    assert_eq!((step.edits.len(), &*step.title), (2, "带过第 1 批的修改"));
    let employers: Vec<&str> = (0..4).map(|row| now.roster().cell(row, Field::Employer)).collect();
    assert_eq!(employers, [&*good(0)[3], OURS, OURS, OURS]);
    assert_eq!(before.history().applied().len(), 1);
}

#[test]
fn the_workbench_carries_over_to_a_version_that_stands_at_another_path() {
    let desk = desk();
    // Both versions are known by their content; the old one stands where it stood.
    std::fs::rename(desk.path("r.csv"), desk.path("second.csv")).expect("renamed");
    let script = "compare-with\n3\nsecond.csv\n4\n1\ny\nquit\n";
    let said = talk(&desk, &["--lang", "zh", "open", "--batch", "1"], script).out;
    for told in ["哪份是单位交来的新版", "带过来 1 格，新版已照样改好 1 格", "带过第 1 批的修改，共 2 格"]
    {
        assert!(said.contains(told), "{told}: {said}");
    }
    assert_eq!(stored(&desk, 2).history().applied().len(), 1);
    // Again, now that it has been opened: the batch of the new version is gone on with.
    let again = talk(&desk, &["--lang", "zh", "open", "--batch", "1"], "compare-with\n3\nsecond.csv\n0\nquit\n").out;
    assert!(again.contains("新版已照样改好"), "{again}");
    let same = talk(&desk, &["--lang", "zh", "open", "--batch", "2"], "compare-with\n3\nsecond.csv\nquit\n").out;
    assert!(same.contains("选的就是第 2 批自己的文件"), "{same}");
}
