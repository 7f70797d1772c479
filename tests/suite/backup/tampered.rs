//! Backups of stores that were tampered with, and restores under somebody's hands: nothing is called verified that is not, and
//! nobody's work is lost unseen.

use std::fs;
use std::path::Path;

use rusqlite::Connection;

use super::{DATABASE, back_up, json, names, on, repacked, reserve};
use crate::pty::edit_employer;
use crate::support::harness::Harness;
use crate::support::{Desk, root};

/// Ways to tamper with a store that has numbers: what it is, the statements, and what is told of it.
fn ways(store: &Path) -> [(&'static str, String, &'static str); 4] {
    let lowered = "DROP TRIGGER series_only_grows; UPDATE series SET high = 2";
    let trigger = "SELECT sql FROM sqlite_schema WHERE name = 'series_only_grows'";
    let db = Connection::open(store).expect("the store");
    let trigger: String = db.query_row(trigger, [], |r| r.get(0)).expect("sql");
    [
        (
            "a trigger",
            "CREATE TRIGGER helper AFTER INSERT ON batch BEGIN DELETE FROM gap; END".into(),
            "trigger helper",
        ),
        ("no trigger", "DROP TRIGGER certificate_no_delete".into(), "trigger certificate_no_delete"),
        (
            "a view",
            "ALTER TABLE skipped RENAME TO skipped_; CREATE VIEW skipped AS SELECT * FROM skipped_".into(),
            "table skipped",
        ),
        ("a lowered series", format!("{lowered}; {trigger}"), "序列号大于已用到的号"),
    ]
}

fn tamper(store: &Path, statements: &str) {
    Connection::open(store).and_then(|db| db.execute_batch(statements)).expect("tampered with");
}

#[test]
fn a_store_that_was_tampered_with_is_not_restored_as_verified() {
    let desk = Desk::new();
    assert_eq!(reserve(&desk, "state", 5).code, 0);
    let whole = back_up(&desk, "state", "whole.zip");
    for (number, (what, statements, told)) in ways(&desk.path("state").join(DATABASE)).iter().enumerate() {
        let bytes = repacked(&whole, &|folder, _| tamper(&folder.join(DATABASE), statements));
        let file = desk.put(&format!("{number}.zip"), bytes);
        let (file, to) = (file.to_str().expect("UTF-8"), format!("new-{number}"));
        let ran = desk.verb(&["restore", file, "--to", &desk.name(&to), "--yes"]);
        assert_eq!(ran.code, 3, "{what}: {}{}", ran.out, ran.err);
        assert!(ran.err.contains(told), "{what}: {}", ran.err);
        let there = fs::read(desk.path(&to).join(DATABASE)).unwrap_or_default();
        assert!(!String::from_utf8_lossy(&there).contains("CREATE TABLE"), "{what}: something was put back");
        let ran = desk.verb(&["restore", file, "--to", &desk.name(&to), "--yes", "--despite-problems"]);
        // What would act for us is never put back; a ledger with a fault may be the only one there is.
        if what.contains("series") {
            assert_eq!(ran.code, 0, "{what}: {}", ran.err);
            assert!(!ran.out.contains("核对无误") && ran.out.contains(told), "{what}: {}", ran.out);
        } else {
            assert_eq!(ran.code, 3, "{what}: {}", ran.out);
        }
    }
}

/// What `restore` refuses is no backup, and `doctor` tells of it before one is wanted.
#[test]
fn a_backup_vouches_for_nothing_that_a_restore_refuses() {
    let desk = Desk::new();
    assert_eq!(reserve(&desk, "state", 5).code, 0);
    let (store, backups) = (desk.path("state").join(DATABASE), desk.path("state").join("backups"));
    let whole = fs::read(&store).expect("read");
    let good = json(&desk, "state", &["backup"]);
    assert_eq!(good["problems"], serde_json::json!([]));
    let noted = || {
        let last = "SELECT value FROM setting WHERE key = 'backup.last'";
        Connection::open(&store).expect("the store").query_row(last, [], |r| r.get::<_, String>(0)).ok()
    };
    for (what, statements, told) in ways(&store) {
        fs::write(&store, &whole).expect("as it was");
        tamper(&store, &statements);
        let before = names(&backups);
        let ran = on(&desk, "state", &["backup"]);
        assert_eq!(ran.code, 4, "{what}: {}{}", ran.out, ran.err);
        assert!(!ran.out.contains("核对无误") && ran.err.contains(told), "{what}: {}{}", ran.out, ran.err);
        assert_eq!(noted(), None, "{what}: it counts as a backup");
        let after = names(&backups);
        assert!(before.iter().all(|name| after.contains(name)), "{what}: a good one went for it");
        if what.contains("series") {
            // It may be the only one there is: it is kept, and named for what it is.
            let copy = after.iter().find(|name| !before.contains(name)).expect("a copy");
            assert!(copy.contains("unsound-"), "{copy}");
            let copy = backups.join(copy);
            let restore = ["restore", copy.to_str().expect("UTF-8"), "--yes"];
            assert_eq!(on(&desk, "state", &restore).code, 3);
            let told = on(&desk, "state", &["backup", "--output", &desk.name("b.zip"), "--format", "json"]);
            let told: serde_json::Value = serde_json::from_slice(&told.bytes).expect("json");
            assert_eq!(told["problems"][0]["kind"], "above-high", "{told}");
        } else {
            assert_eq!(before, after, "{what}");
        }
        let ran = on(&desk, "state", &["doctor"]);
        assert!(ran.code == 1 && ran.out.contains("[有误] 台账"), "{what}: {} {}", ran.code, ran.out);
    }
}

#[test]
fn a_restore_is_refused_while_others_are_signed_on_unless_they_are_named_gone() {
    let desk = Desk::new();
    assert_eq!(reserve(&desk, "state", 5).code, 0);
    let file = back_up(&desk, "state", "a.zip");
    let file = file.to_str().expect("UTF-8");
    let db = Connection::open(desk.path("state").join(DATABASE)).expect("the store");
    db.execute(
        "INSERT INTO session (pid, started, user, host, since, what)
         VALUES (4711, NULL, 'li', 'office-2', '2026-11-20T08:00:00Z', 'tui')",
        [],
    )
    .expect("signed on");
    drop(db);
    let before = fs::read(desk.path("state").join(DATABASE)).expect("read");
    let ran = on(&desk, "state", &["restore", file, "--yes"]);
    assert_eq!(ran.code, 4, "{}", ran.out);
    for word in ["li", "office-2", "4711", "2026-11-20", "--despite-sessions"] {
        assert!(ran.err.contains(word), "{word}: {}", ran.err);
    }
    assert_eq!(fs::read(desk.path("state").join(DATABASE)).expect("read"), before);
    let ran = on(&desk, "state", &["restore", file, "--yes", "--despite-sessions"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
}

/// The store is replaced in place under a workbench: what is typed there is not said to be saved, and stays on the screen.
#[test]
fn an_edit_after_the_store_was_replaced_is_not_saved_and_stays_on_the_screen() {
    let desk = Desk::new();
    let sample = desk.put("gansu-2024.xlsx", fs::read(root("data/samples/gansu-2024.xlsx")).expect("sample"));
    let mut bench = Harness::open(&desk, &sample);
    bench.sees(&["共 120 行", "已保存"]);
    let file = back_up(&desk, "state", "a.zip");
    edit_employer(&mut bench, 7, "酒泉样例甲公司");
    let file = file.to_str().expect("UTF-8");
    let ran = on(&desk, "state", &["restore", file, "--yes"]);
    assert_eq!(ran.code, 4, "{}", ran.out);
    assert!(ran.err.contains("正有人开着") && ran.err.contains(&bench.id()), "{}", ran.err);
    let ran = on(&desk, "state", &["restore", file, "--yes", "--despite-sessions"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    // Told at once, before anything is typed.
    bench.sees(&["存储被换掉了"]);
    bench.press("#8\r\x1b[Hlll\r\x15");
    bench.press("酒泉样例乙公司\r");
    let screen = bench.sees(&["酒泉样例乙公司", "未保存"]);
    assert!(!screen.contains("已保存"), "{screen}");
    bench.press("#7\r");
    let screen = bench.sees(&["酒泉样例甲公司", "未保存"]);
    assert!(!screen.contains("已保存"), "{screen}");
    bench.killed();
    assert_eq!(on(&desk, "state", &["ledger", "verify"]).code, 0);
}
