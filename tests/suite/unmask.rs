//! Personal data on the command line: masked, and whole by one rule in every verb.

use serde_json::Value;

use crate::support::{Desk, Ran, goods, has_option, verbs};

const NAME: &str = "司马相如";
/// The name that a case would give the same person.
const NEW_NAME: &str = "司马迁之";
const CODE: &str = "S000062010001242J00001";

/// What the store keeps, read by every verb that can show it whole.
const STORED: &[&[&str]] = &[
    &["check", "--batch", "1", "--format", "json", "--with-rows"],
    &["ledger", "show", CODE],
    &["ledger", "show", CODE, "--format", "json"],
    &["ledger", "show", "司马"],
    &["ledger", "export", "--year", "2024", "--output", "year.csv", "--force"],
    &["case", "list"],
    &["case", "list", "--format", "json"],
    &["case", "show", "1"],
    &["case", "show", "1", "--format", "json"],
    &["audit", "show", "--limit", "999"],
    &["audit", "show", "--limit", "999", "--format", "json"],
    &["audit", "export", "--output", "chain.csv", "--force"],
];

/// What the file at hand, or the line that was typed, holds already.
const OWN: &[&[&str]] = &[
    &["check", "spoiled.csv"],
    &["check", "spoiled.csv", "--format", "json", "--with-rows"],
    &["check", "spoiled.csv", "--format", "csv"],
    &["fix", "spoiled.csv", "--dry-run"],
    &["compare", "good.csv", "spoiled.csv"],
    &["compare", "good.csv", "spoiled.csv", "--format", "json"],
    &["fill", "good.csv", "--from", "spoiled.csv", "--dry-run", "--also-filled"],
    &["fill", "good.csv", "--from", "spoiled.csv", "--dry-run", "--format", "json"],
    &["carry-over", "spoiled.csv", "--batch", "1", "--dry-run"],
    &["values", "good.csv", "--column", "姓名"],
    &["values", "good.csv", "--column", "姓名", "--format", "json"],
    &["values", "good.csv", "--column", "姓名", "--format", "csv"],
    &["replace", "spoiled.csv", "\u{3000}", "", "--column", "姓名", "--dry-run"],
    &["decode", "--column", "姓名", "good.csv"],
    &["decode", "--column", "姓名", "--format", "json", "good.csv"],
    &["decode", "--column", "姓名", "--format", "csv", "good.csv"],
    &["decode", "--format", "json", "司马相如,620102197501010001"],
    &["decode", "司马相如"],
];

fn desk() -> Desk {
    let desk = Desk::new();
    let mut rows = goods(3);
    rows[0][0] = NAME.into();
    desk.roster("good.csv", &rows);
    let mut spoiled = rows.clone();
    spoiled[0][0] = format!("{NAME}\u{3000}");
    desk.roster("spoiled.csv", &spoiled);
    rows.iter_mut().for_each(|row| row[7].clear());
    desk.roster("open.csv", &rows);
    for call in [
        &["ledger", "allocate", "open.csv", "--prefix", "S000062010001", "--profile", "gansu-competition"][..],
        &["ledger", "mark", "exported", CODE],
        &["ledger", "mark", "submitted", CODE],
        &["case", "open", "correct", CODE, "--set", "name=司马迁之", "--reason", "错"],
    ] {
        let ran = desk.verb(call);
        assert_eq!(ran.code, 0, "{call:?}: {}{}", ran.out, ran.err);
    }
    desk
}

/// Runs a call and gives what it has told, the file it has written included.
fn told(desk: &Desk, call: &[&str]) -> (Ran, String) {
    let ran = desk.verb(call);
    let written = call.iter().position(|word| *word == "--output").map(|at| desk.path(call[at + 1]));
    let written = written.and_then(|path| std::fs::read_to_string(path).ok()).unwrap_or_default();
    let all = format!("{}{}{written}", ran.out, ran.err);
    (ran, all)
}

fn unmaskings(desk: &Desk) -> Vec<Value> {
    let ran = desk.verb(&["audit", "show", "--limit", "999", "--format", "json"]);
    let all: Value = serde_json::from_str(&ran.out).expect("JSON");
    let entries = all["entries"].as_array().expect("entries").clone();
    entries.into_iter().filter(|entry| entry["action"] == "audit.unmask").collect()
}

#[test]
fn what_the_store_keeps_is_whole_only_with_a_reason_that_is_noted() {
    let desk = desk();
    for (n, call) in STORED.iter().enumerate() {
        let (ran, masked) = told(&desk, call);
        assert!(ran.code <= 1 && !masked.contains(NAME) && !masked.contains(NEW_NAME), "{call:?}: {masked}");
        assert_eq!(unmaskings(&desk).len(), n, "{call:?}");
        let (ran, refused) = told(&desk, &[*call, &["--unmask"]].concat());
        assert!(ran.code == 2 && refused.contains("--reason"), "{call:?}: {refused}");
        let (ran, whole) = told(&desk, &[*call, &["--unmask", "--reason", "来函核对"]].concat());
        assert!(ran.code <= 1 && (whole.contains(NAME) || whole.contains(NEW_NAME)), "{call:?}: {whole}");
        let noted = unmaskings(&desk);
        assert_eq!(noted.len(), n + 1, "{call:?}");
        assert_eq!(noted.last().expect("an entry")["reason"], "来函核对", "{call:?}");
    }
}

#[test]
fn what_one_has_at_hand_is_whole_without_a_reason() {
    let desk = desk();
    for call in OWN {
        let (_, masked) = told(&desk, call);
        assert!(!masked.contains(NAME), "{call:?}: {masked}");
        assert!(masked.contains("司**如"), "{call:?}: {masked}");
        let (_, whole) = told(&desk, &[*call, &["--unmask"]].concat());
        assert!(whole.contains(NAME), "{call:?}: {whole}");
    }
    assert_eq!(unmaskings(&desk).len(), 0);
}

#[test]
fn what_the_ledger_recorded_of_a_person_stays_masked_beside_a_file_that_is_shown_whole() {
    let desk = desk();
    assert_eq!(desk.verb(&["ledger", "mark", "accepted", CODE]).code, 0);
    let mut rows = goods(1);
    rows[0][0] = NEW_NAME.into();
    desk.roster("other.csv", &rows);
    for format in ["text", "json", "csv"] {
        let (_, shown) = told(&desk, &["check", "other.csv", "--unmask", "--format", format]);
        assert!(shown.contains("台账：“司**如”"), "{format}: {shown}");
        assert!(!shown.contains(NAME), "{format}: {shown}");
    }
    assert_eq!(unmaskings(&desk).len(), 0);
}

#[test]
fn a_stream_of_names_and_numbers_tells_neither() {
    let desk = Desk::new();
    let input = "张伟,620102197501010001\nLi Xiaohong 620102197501010001\n王小明\nWANG\n";
    for format in ["text", "json", "csv"] {
        let shown = desk.verb_with_input(&["decode", "--format", format], input.as_bytes()).out;
        for part in ["张伟", "Xiaohong", "王小明", "WANG", "0101000"] {
            assert!(!shown.contains(part), "{part}: {shown}");
        }
    }
}

#[test]
fn every_verb_that_can_is_tried_here() {
    let calls: Vec<String> = STORED.iter().chain(OWN).map(|call| call.join(" ")).collect();
    let verbs: Vec<&str> = verbs().filter(|(_, command)| has_option(command, "unmask")).map(|(verb, _)| verb).collect();
    assert!(8 < verbs.len(), "{verbs:?}");
    for verb in verbs {
        assert!(calls.iter().any(|call| call.starts_with(verb)), "{verb}");
    }
}

#[test]
fn a_label_before_a_number_is_shown_and_what_it_labels_is_masked() {
    let desk = Desk::new();
    for (input, shown) in [
        ("证书编号：S000062010001243J00001", "证书编号：S000062010001243J00001"),
        ("身份证号：62010219770304999X", "身份证号：620102********999X"),
        ("姓名：司马相如", "姓名：司**如"),
        ("司马相如：S000062010001243J00001", "司**如：S000062010001243J00001"),
    ] {
        let told = desk.verb(&["decode", input]).out;
        assert_eq!(told.lines().next(), Some(shown), "{told}");
    }
}
