//! Stores that earlier versions left, under `tests/stores`: every entry is still read, still whole, still told the same.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use chrono::NaiveDate;
use serde_json::{Value, json};
use skillcert::backup::{self, RestoreConsent};
use skillcert::domain::code::CertCode;
use skillcert::domain::ledger::action::{Action, ActionName};
use skillcert::domain::ledger::audit::{AuditEntry, Chain, EntryFilter, Head};
use skillcert::domain::ledger::life::{CertificateEvent, Fact};
use skillcert::domain::ledger::verify::{ProblemKind, VerifyReport};
use skillcert::store::{StatePaths, Store, StoreReader};
use skillcert::words::{Lang, Locale};

use crate::support::raw_ledger::Ledger;
use crate::support::root;

/// As the README beside the backups names it.
const PASSPHRASE: &str = "correct horse battery staple";

fn kept(name: &str) -> PathBuf {
    root("tests/stores/0.1").join(name)
}

/// A copy of the store, which may be opened.
fn copied() -> (tempfile::TempDir, StatePaths) {
    let folder = tempfile::tempdir().expect("a folder");
    for name in ["skillcert.sqlite3", "skillcert.head"] {
        fs::copy(kept(name), folder.path().join(name)).expect(name);
    }
    let places = StatePaths::at(folder.path()).expect("a state folder");
    (folder, places)
}

#[track_caller]
fn is_sound(places: &StatePaths) -> Head {
    let (head, faults) = Store::open(places, "wang", "test").expect("a store").verify_audit(None).expect("read");
    assert_eq!(faults, []);
    let (end, report) = StoreReader::open(places).expect("opened").expect("a ledger").verify().expect("read");
    assert_eq!((&end, report), (&head, VerifyReport::default()));
    head
}

#[test]
fn a_store_of_an_earlier_version_is_whole() {
    let (_folder, places) = copied();
    assert_eq!(is_sound(&places).count, 75);
}

/// What no user of that version could cause: the store can write it, and no verb or key asks for it.
const BY_NOBODY: [ActionName; 28] = [
    // Nobody asked for four eyes.
    ActionName::SiteTwoPeople,
    // Every import knows its file's digest when its rows are all there.
    ActionName::BatchDigest,
    // Columns are matched, and the profile chosen, before a batch is made; another choice makes another batch.
    ActionName::BatchColumns,
    ActionName::BatchProfile,
    // The ledger of a year was a file like any other when the store was made.
    ActionName::LedgerYearExport,
    // There were no events.
    ActionName::EventNote,
    // There were no facts.
    ActionName::FactNote,
    // Nothing was printed.
    ActionName::LedgerPrint,
    // Nothing was shared.
    ActionName::ShareAdd,
    ActionName::ShareChange,
    ActionName::ShareHandOut,
    ActionName::ShareEnd,
    // There were no blank certificates.
    ActionName::StockReceive,
    ActionName::StockDraw,
    ActionName::StockHandOver,
    ActionName::StockReturn,
    ActionName::StockUse,
    ActionName::StockSpoil,
    ActionName::StockDestroy,
    ActionName::StockCount,
    ActionName::StockClose,
    ActionName::StockDemand,
    ActionName::StockTakeBack,
    ActionName::StockWithdraw,
    ActionName::StockCorrect,
    // A batch was one file.
    ActionName::BatchAdd,
    // Batches are left, never closed.
    ActionName::BatchClose,
    ActionName::BatchReopen,
];

#[test]
fn every_entry_is_read_and_written_the_same() {
    let (_folder, places) = copied();
    let store = Store::open(&places, "wang", "test").expect("a store");
    let entries = store.entries_after(0, &EntryFilter::default(), 1000).expect("read");
    let mut chain = Chain::default();
    let mut found = BTreeSet::new();
    for entry in &entries {
        let action = Action::of_entry(entry).unwrap_or_else(|| panic!("{} {}", entry.seq, entry.action));
        let [object, before, after] = action.written();
        let mut again = AuditEntry { action: action.name().key().into(), object, before, after, ..entry.clone() };
        again.hash = again.computed_hash();
        assert_eq!(again, *entry);
        assert_eq!(chain.take(&again), []);
        found.insert(action.name());
    }
    assert_eq!(*chain.head(), store.audit_head().expect("read"));
    let expected: BTreeSet<ActionName> = ActionName::ALL.into_iter().filter(|name| !BY_NOBODY.contains(name)).collect();
    assert_eq!(found, expected);
}

/// An entry of a later release is shown by its own name, and the ledger is not called sound on its word.
#[test]
fn an_action_of_a_later_release_is_a_problem() {
    let (folder, places) = copied();
    let later = Ledger::open(folder.path());
    for (number, name) in ["ledger.lend", "stock.take"].into_iter().enumerate() {
        later.append(name, "ledger", "", &json!({ "to": "x" }), "");
        let (_, report) = StoreReader::open(&places).expect("opened").expect("a ledger").verify().expect("read");
        assert_eq!(report.counts()[&ProblemKind::Action], number as u64 + 1);
        let problem = report.problems().iter().rfind(|p| p.kind == ProblemKind::Action).expect("a problem");
        assert_eq!((problem.object.as_str(), problem.detail.as_str()), (&*format!("entry:{}", 76 + number), name));
    }
    // What a known action says must be what that action says.
    later.append("batch.undo", "batch:1", "", &json!({ "title": 1 }), "");
    let (_, report) = StoreReader::open(&places).expect("opened").expect("a ledger").verify().expect("read");
    assert_eq!(report.counts()[&ProblemKind::Entry], 1);
    for locale in [Lang::Zh, Lang::En].map(Locale::load) {
        assert_eq!(locale.audit_action("ledger.lend"), "ledger.lend");
    }
}

#[test]
fn its_backups_are_put_back() {
    for (name, passphrase) in [("plain.skillcert-backup", None), ("locked.skillcert-backup", Some(PASSPHRASE))] {
        let folder = tempfile::tempdir().expect("a folder");
        let places = StatePaths::at(&folder.path().join("home")).expect("a state folder");
        let waiting = backup::open(&kept(name), passphrase, &places, false).expect(name);
        let now = (NaiveDate::default(), chrono::DateTime::default());
        let put = waiting.put(RestoreConsent::default(), "wang", "x", now).expect(name);
        assert!(put.problems.is_sound(), "{name}");
        // That it was put back is an entry of its own.
        assert_eq!(is_sound(&places).count, 76, "{name}");
    }
}

#[test]
fn every_life_is_told_as_it_was() {
    let (_folder, places) = copied();
    let reader = StoreReader::open(&places).expect("opened").expect("a ledger");
    let told: Value = serde_json::from_str(&fs::read_to_string(kept("lives.json")).expect("lives")).expect("json");
    let fact = |key: &str, before: &str, after: &str| json!({ "key": key.replace('-', "_"), "before": before, "after": after });
    let event = |event: &CertificateEvent| {
        let facts = event.facts.iter().map(Fact::masked);
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
