//! Stores that earlier versions left, under `tests/stores`: every entry is still read, still whole, still told the same.

use std::fs;
use std::path::PathBuf;

use chrono::NaiveDate;
use serde_json::{Value, json};
use skillcert::backup;
use skillcert::domain::code::CertCode;
use skillcert::domain::ledger::audit::Head;
use skillcert::domain::ledger::life::Event;
use skillcert::domain::ledger::verify::Report;
use skillcert::store::{Places, Reader, Store};

use crate::support::root;

/// As the README beside the backups names it.
const PASSPHRASE: &str = "correct horse battery staple";

fn kept(name: &str) -> PathBuf {
    root("tests/stores/0.1").join(name)
}

/// A copy of the store, which may be opened.
fn copied() -> (tempfile::TempDir, Places) {
    let folder = tempfile::tempdir().expect("a folder");
    for name in ["skillcert.sqlite3", "skillcert.head"] {
        fs::copy(kept(name), folder.path().join(name)).expect(name);
    }
    let places = Places::at(folder.path()).expect("a state folder");
    (folder, places)
}

#[track_caller]
fn is_sound(places: &Places) -> Head {
    let (head, faults) = Store::open(places, "wang", "test").expect("a store").verify_audit(None).expect("read");
    assert_eq!(faults, []);
    let (end, report) = Reader::open(places).expect("opened").expect("a ledger").verify().expect("read");
    assert_eq!((&end, report), (&head, Report::default()));
    head
}

#[test]
fn a_store_of_an_earlier_version_is_whole() {
    let (_folder, places) = copied();
    assert_eq!(is_sound(&places).count, 75);
}

#[test]
fn its_backups_are_put_back() {
    for (name, passphrase) in [("plain.skillcert-backup", None), ("locked.skillcert-backup", Some(PASSPHRASE))] {
        let folder = tempfile::tempdir().expect("a folder");
        let places = Places::at(&folder.path().join("home")).expect("a state folder");
        let waiting = backup::open(&kept(name), passphrase, &places).expect(name);
        waiting.put("wang", "x", NaiveDate::default()).expect(name);
        // That it was put back is an entry of its own.
        assert_eq!(is_sound(&places).count, 76, "{name}");
    }
}

#[test]
fn every_life_is_told_as_it_was() {
    let (_folder, places) = copied();
    let reader = Reader::open(&places).expect("opened").expect("a ledger");
    let told: Value = serde_json::from_str(&fs::read_to_string(kept("lives.json")).expect("lives")).expect("json");
    let fact = |key: &str, before: &str, after: &str| json!({ "key": key.replace('-', "_"), "before": before, "after": after });
    let event = |event: &Event| {
        let facts = event.facts.iter().map(skillcert::domain::ledger::life::Fact::masked);
        let facts: Vec<Value> = facts.map(|f| fact(&f.key, &f.before, &f.after)).collect();
        json!({
            "time": event.time, "user": event.user, "entry": event.entry, "action": event.action,
            "reason": event.reason, "facts": facts,
        })
    };
    let told = told.as_object().expect("an object");
    assert!(20 < told.len());
    for (code, events) in told {
        let life = reader.life(CertCode::new(code).expect("a code")).expect("read").expect("a life");
        assert_eq!(Value::from(life.events.iter().map(event).collect::<Vec<_>>()), *events, "{code}");
    }
}
