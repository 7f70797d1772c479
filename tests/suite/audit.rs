//! The audit chain through the built program: what it shows and hides, and how it tells that something is missing.

use std::fs;
use std::sync::Arc;

use calamine::{Reader, Xlsx, open_workbook};
use rusqlite::Connection;
use serde_json::Value;
use skillcert::domain::ledger::BatchId;
use skillcert::domain::ledger::action::UnmaskedObject;
use skillcert::domain::roster::{CellEdit, Change};
use skillcert::domain::sheet::Field;
use skillcert::store::{NewBatch, StatePaths, Store};

use crate::support::{Desk, Ran, goods};

const NAME: &str = "欧阳建国";
const ID: &str = "11010519491231002X";

fn store(desk: &Desk) -> Store {
    Store::open(&StatePaths::at(&desk.path("state")).expect("a place"), "wang", "test").expect("open")
}

/// A batch with a change of a name and an ID number.
fn with_a_change(desk: &Desk) -> BatchId {
    let store = store(desk);
    let batch = store.create_batch(&NewBatch::default()).expect("a batch");
    let edit =
        |field, before: &str, after: &str| CellEdit { row: 0, field, before: before.into(), after: after.into() };
    let edits = vec![edit(Field::Name, NAME, "李明"), edit(Field::IdNumber, "", ID)];
    store.record(batch, &Change { title: "改".into(), edits, ..Change::default() }).expect("recorded");
    batch
}

fn audit(desk: &Desk, arguments: &[&str]) -> Ran {
    desk.verb(&[&["--home", &desk.name("state"), "audit"], arguments].concat())
}

fn shown(desk: &Desk, arguments: &[&str]) -> Vec<Value> {
    let ran = audit(desk, &[&["show", "--format", "json"], arguments].concat());
    assert_eq!(ran.code, 0, "{}", ran.err);
    serde_json::from_slice::<Value>(&ran.bytes).expect("json")["entries"].as_array().expect("a list").clone()
}

#[test]
fn personal_values_are_shown_only_for_a_reason_which_is_an_entry() {
    let desk = Desk::new();
    with_a_change(&desk);
    let ran = audit(&desk, &["show"]);
    assert!(ran.out.contains("修改  批次 1") && ran.out.contains("欧**国"), "{}", ran.out);
    assert!(!ran.out.contains(NAME) && !ran.out.contains(ID), "{}", ran.out);
    let refused = audit(&desk, &["show", "--unmask"]);
    assert_eq!((refused.code, refused.out.as_str()), (2, ""), "a reason is asked for");
    assert_eq!(shown(&desk, &[]).len(), 2);
    let ran = audit(&desk, &["show", "--unmask", "--reason", "市中心来函核对"]);
    assert!(ran.out.contains(NAME) && ran.out.contains(ID), "{}", ran.out);
    assert!(ran.out.contains("查看个人信息") && ran.out.contains("市中心来函核对"), "{}", ran.out);
    let last = shown(&desk, &["--limit", "1"]).remove(0);
    assert_eq!((&last["action"], &last["reason"]), (&"audit.unmask".into(), &"市中心来函核对".into()));
}

#[test]
fn entries_are_narrowed_by_object_user_and_day() {
    let desk = Desk::new();
    let batch = with_a_change(&desk).0;
    with_a_change(&desk);
    let count = |arguments: &[&str]| shown(&desk, arguments).len();
    // The second import replaced the first, whose change it took over.
    assert_eq!(count(&[]), 5);
    assert_eq!(count(&["--object", &format!("batch:{batch}")]), 3);
    assert_eq!(count(&["--object", "batch", "--user", "wang", "--since", "2020-01-01"]), 5);
    assert_eq!((count(&["--user", "li"]), count(&["--since", "2999-01-01"]), count(&["--limit", "3"])), (0, 0, 3));
    assert_eq!(audit(&desk, &["show", "--since", "gestern"]).code, 2);
}

#[test]
fn the_chain_is_exported_as_a_table() {
    let desk = Desk::new();
    with_a_change(&desk);
    let ran = audit(&desk, &["export", "--output", &desk.name("chain.xlsx")]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let mut book: Xlsx<_> = open_workbook(desk.path("chain.xlsx")).expect("workbook");
    let range = book.worksheet_range("审计").expect("a sheet");
    let cells: Vec<String> = range.rows().flatten().map(ToString::to_string).collect();
    assert_eq!(range.rows().count(), 3);
    assert!(cells.iter().any(|c| c.contains("欧**国")) && !cells.iter().any(|c| c.contains(NAME)), "{cells:?}");
    assert_eq!(audit(&desk, &["export", "--output", &desk.name("chain.xlsx")]).code, 3, "it is not replaced");
    let ran = audit(&desk, &["export", "--output", &desk.name("chain.csv"), "--unmask", "--reason", "检查"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let text = fs::read_to_string(desk.path("chain.csv")).expect("csv");
    assert!(text.contains(NAME) && text.contains("audit.unmask"), "{text}");
    assert!(ran.err.contains("审计链：3 条"), "{}", ran.err);
}

#[test]
fn a_cut_tail_shows_here_and_on_what_was_exported() {
    let desk = Desk::new();
    with_a_change(&desk);
    let roster = desk.roster("clean.csv", &goods(2));
    let ran = desk.verb(&["--home", "state", "export", roster.to_str().expect("UTF-8"), "--output", "upload.xlsx"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let manifest = fs::read(desk.path("upload.xlsx.manifest.json")).expect("manifest");
    let manifest: Value = serde_json::from_slice(&manifest).expect("json");
    let hash = manifest["audit"]["hash"].as_str().expect("a hash");
    assert_eq!(manifest["audit"]["count"], 2);
    assert!(ran.err.contains(&format!("审计链：2 条，{hash}")), "{}", ran.err);
    let printed = format!("2:{}", &hash[..10]);
    let verify = |more: &[&str]| audit(&desk, &[&["verify"], more].concat());
    assert_eq!((verify(&[]).code, verify(&["--head", &printed]).code), (0, 0));
    assert_eq!(verify(&["--head", "2:0123456789"]).code, 1);
    assert_eq!(verify(&["--head", "garbage"]).code, 2);

    let db = Connection::open(desk.path("state/skillcert.sqlite3")).expect("open");
    db.execute_batch("DROP TRIGGER audit_no_delete; DELETE FROM audit WHERE seq = 2").expect("cut");
    drop(db);
    let ran = verify(&[]);
    assert_eq!(ran.code, 1, "{}", ran.out);
    assert!(ran.out.contains("另处记的是 2 条，现在只有 1 条"), "{}", ran.out);
    // Whoever takes the note away as well is told by what was printed.
    fs::remove_file(desk.path("state/skillcert.head")).expect("removed");
    let ran = audit(&desk, &["verify", "--head", &printed, "--format", "json"]);
    let told: Value = serde_json::from_slice(&ran.bytes).expect("json");
    let keys: Vec<&Value> = told["faults"].as_array().expect("faults").iter().map(|f| &f["key"]).collect();
    assert_eq!((ran.code, keys), (1, vec![&"unnoted".into(), &"missing".into()]));

    assert_eq!(audit(&desk, &["accept"]).code, 2, "a reason is asked for");
    let ran = audit(&desk, &["accept", "--reason", "从备份恢复"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert_eq!((verify(&[]).code, verify(&["--head", &printed]).code), (0, 1));
    assert!(audit(&desk, &["accept", "--reason", "x"]).out.contains("没有需要认可的"));
}

#[test]
fn an_export_without_a_store_makes_none() {
    let desk = Desk::new();
    let roster = desk.roster("clean.csv", &goods(2));
    let ran = desk.verb(&["--home", "state", "export", roster.to_str().expect("UTF-8"), "--output", "upload.xlsx"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let manifest = fs::read(desk.path("upload.xlsx.manifest.json")).expect("manifest");
    let manifest: Value = serde_json::from_slice(&manifest).expect("json");
    assert!(manifest["audit"].is_null() && !ran.err.contains("审计链"), "{}", ran.err);
    assert!(!desk.path("state").exists());
}

#[test]
fn a_clock_set_back_is_told() {
    let desk = Desk::new();
    let store = store(&desk);
    store.note_unmask(&UnmaskedObject::Batch(BatchId(1)), "x").expect("noted");
    drop(store);
    // An entry from tomorrow, with the hash it must have.
    let db = Connection::open(desk.path("state/skillcert.sqlite3")).expect("open");
    let previous: String = db.query_row("SELECT hash FROM audit", [], |r| r.get(0)).expect("a hash");
    let tomorrow: String =
        db.query_row("SELECT strftime('%Y-%m-%dT%H:%M:%SZ', 'now', '+1 day')", [], |r| r.get(0)).expect("a time");
    let mut entry = skillcert::domain::ledger::audit::AuditEntry {
        seq: 2,
        time: tomorrow,
        user: "li".into(),
        action: "audit.unmask".into(),
        object: "batch:1".into(),
        before: String::new(),
        after: String::new(),
        reason: String::new(),
        previous,
        hash: String::new(),
    };
    entry.hash = entry.computed_hash();
    let values = [&entry.time, &entry.user, &entry.action, &entry.object, &entry.previous, &entry.hash];
    db.execute("INSERT INTO audit VALUES (2, ?1, ?2, ?3, ?4, '', '', '', ?5, ?6)", values).expect("put in");
    drop(db);
    let ran = audit(&desk, &["verify"]);
    assert_eq!(ran.code, 4, "{}", ran.out);
    assert!(ran.err.contains("时钟不对"), "{}", ran.err);
}

/// Many writers at once: every change is one entry, and the end outside is the last.
#[test]
fn many_processes_make_one_chain() {
    let desk = Arc::new(Desk::new());
    drop(store(&desk));
    std::thread::scope(|threads| {
        for number in 0..6 {
            let desk = Arc::clone(&desk);
            threads.spawn(move || {
                for round in 0..4 {
                    let reason = format!("{number}/{round}");
                    let show = ["--home", "state", "audit", "show", "--limit", "1", "--unmask", "--reason", &reason];
                    let ran = desk.verb(&show);
                    assert_eq!(ran.code, 0, "{}", ran.err);
                }
            });
        }
    });
    let ran = audit(&desk, &["verify", "--format", "json"]);
    let told: Value = serde_json::from_slice(&ran.bytes).expect("json");
    assert_eq!((ran.code, &told["head"]["count"]), (0, &24.into()));
    let note = fs::read_to_string(desk.path("state/skillcert.head")).expect("note");
    assert!(note.contains(told["head"]["hash"].as_str().expect("a hash")), "{note}");
}
