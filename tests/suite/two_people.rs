//! Four eyes through the shell: who prepared cannot take numbers, export, approve, close or archive, on no path; the rule stands in
//! the ledger and is lifted by two people.

use std::fs;

use serde_json::Value;

use crate::support::{Desk, goods};

const PREFIX: &str = "S000062010001";

#[track_caller]
fn said(desk: &Desk, user: &str, code: i32, arguments: &[&str]) -> String {
    let ran = desk.verb_as(user, &[arguments, &["--lang", "en"]].concat());
    assert_eq!(ran.code, code, "{user} {arguments:?}: {}{}", ran.out, ran.err);
    ran.out + &ran.err
}

#[track_caller]
fn told(desk: &Desk, user: &str, code: i32, arguments: &[&str]) -> Value {
    let ran = desk.verb_as(user, &[arguments, &["--format", "json"]].concat());
    assert_eq!(ran.code, code, "{user} {arguments:?}: {}{}", ran.out, ran.err);
    serde_json::from_str(&ran.out).unwrap_or_else(|e| panic!("{e}: {}", ran.out))
}

/// A desk at which two people are asked for, and a roster without numbers.
fn desk() -> Desk {
    let desk = Desk::new();
    let mut rows = goods(3);
    rows.iter_mut().for_each(|row| row[7].clear());
    desk.roster("a.csv", &rows);
    said(&desk, "wang (1000)", 0, &["init"]);
    said(&desk, "wang (1000)", 0, &["two-people", "on", "--reason", "内控"]);
    desk
}

const NUMBERS: [&str; 7] =
    ["ledger", "allocate", "a.csv", "--profile", "gansu-competition", "--day-is-right", "--prefix"];

#[test]
fn who_prepared_a_batch_neither_numbers_nor_exports_nor_archives_it_and_another_does() {
    let desk = desk();
    let numbers = [&NUMBERS[..], &[PREFIX]].concat();
    let refused = said(&desk, "wang (1000)", 1, &numbers);
    assert!(refused.contains("wang cannot take numbers for batch 1") && refused.contains("imported it"), "{refused}");
    // A name that somebody only claims makes nobody another person.
    said(&desk, "li? (1000)", 1, &["ledger", "allocate", "--batch", "1", "--prefix", PREFIX, "--day-is-right"]);
    let waits = told(&desk, "li (1001)", 0, &["batch", "list"]);
    assert_eq!(waits["batches"][0]["second"]["yours"], true);
    assert_eq!(told(&desk, "wang (1000)", 0, &["batch", "list"])["batches"][0]["second"]["yours"], false);
    let list = said(&desk, "li (1001)", 0, &["batch", "list"]);
    assert!(list.contains("waits for you") && list.contains("wang"), "{list}");
    let page = desk.office_of("li (1001)").front_page().expect("a page").expect("something");
    assert!(page.batches[0].0.1.second.as_ref().is_some_and(|second| second.is_yours), "it waits on the front page");
    said(&desk, "li (1001)", 0, &["ledger", "allocate", "--batch", "1", "--prefix", PREFIX, "--day-is-right"]);
    for path in [&["export", "--batch", "1", "--output", "up.csv"][..], &["ledger", "mark", "exported", "--batch", "1"]]
    {
        let refused = said(&desk, "wang (1000)", 1, path);
        assert!(refused.contains("wang cannot export batch 1"), "{refused}");
    }
    let shown = told(&desk, "wang (1000)", 0, &["ledger", "show", PREFIX]);
    let code = shown["certificates"][0]["code"].as_str().expect("a code").to_string();
    said(&desk, "wang (1000)", 1, &["ledger", "mark", "exported", &code]);
    assert!(!desk.path("up.csv").exists(), "nothing was written");
    let file = said(&desk, "wang (1000)", 1, &["export", "a.csv", "--as-is", "--output", "up.csv"]);
    assert!(file.contains("no batch") || file.contains("cannot be exported") || file.contains("error"), "{file}");
    said(&desk, "li (1001)", 0, &["export", "--batch", "1", "--output", "up.csv"]);
    assert!(told(&desk, "li (1001)", 0, &["batch", "list"])["batches"][0]["second"].is_null());
    let refused = said(&desk, "wang (1000)", 1, &["batch", "archive", "1"]);
    assert!(refused.contains("archive batch 1"), "{refused}");
    said(&desk, "li (1001)", 0, &["batch", "archive", "1"]);
    let audit = said(&desk, "li (1001)", 0, &["audit", "show"]);
    assert!(audit.contains("wang") && audit.contains("li"), "the audit shows both: {audit}");
    said(&desk, "li (1001)", 0, &["ledger", "verify"]);
}

#[test]
fn who_opened_a_case_neither_approves_nor_closes_it() {
    let desk = desk();
    let (wang, li) = ("wang (1000)", "li (1001)");
    said(&desk, wang, 1, &[&NUMBERS[..], &[PREFIX]].concat());
    said(&desk, li, 0, &["ledger", "allocate", "--batch", "1", "--prefix", PREFIX, "--day-is-right"]);
    said(&desk, li, 0, &["export", "--batch", "1", "--output", "up.csv"]);
    for status in ["submitted", "accepted"] {
        said(&desk, wang, 0, &["ledger", "mark", status, "--batch", "1"]);
    }
    let shown = told(&desk, wang, 0, &["ledger", "show", PREFIX]);
    let code = shown["certificates"][0]["code"].as_str().expect("a code").to_string();
    said(&desk, wang, 0, &["case", "open", "correct", &code, "--set", "姓名=王丽", "--reason", "笔误"]);
    let refused = said(&desk, wang, 1, &["case", "close", "1", "--yes"]);
    assert!(refused.contains("wang cannot close case 1") && refused.contains("opened it"), "{refused}");
    said(&desk, li, 0, &["case", "close", "1", "--yes"]);
}

/// Who has checked a batch says so themselves, and has not prepared it.
#[test]
fn the_checker_is_whoever_is_signed_in_and_has_not_prepared_it() {
    let desk = desk();
    let (wang, li) = ("wang (1000)", "li (1001)");
    said(&desk, wang, 1, &[&NUMBERS[..], &[PREFIX]].concat());
    let note = |user, code, checker: &str| {
        said(&desk, user, code, &["fact", "set", "batch:1", &format!("checked-by={checker}")])
    };
    let refused = note(wang, 1, "wang");
    assert!(refused.contains("checked batch 1") && refused.contains("imported it"), "{refused}");
    note(wang, 1, "li");
    let refused = note(li, 1, "赵静");
    assert!(refused.contains("li is signed in"), "{refused}");
    note(li, 0, "Li");
    // Where nobody asks for two people it is a name as any other.
    let other = Desk::new();
    other.roster("a.csv", &goods(3));
    said(&other, wang, 0, &["ledger", "import", "a.csv", "--profile", "gansu-competition"]);
    said(&desk, wang, 0, &["ledger", "verify"]);
}

#[test]
fn settings_switch_it_on_and_only_two_people_switch_it_off() {
    let desk = Desk::new();
    said(&desk, "wang (1000)", 0, &["init"]);
    let home = desk.path("home/.local/share/skillcert");
    fs::write(home.join("config.toml"), "two_people = true\n").expect("written");
    said(&desk, "wang (1000)", 0, &["institution", "add", PREFIX, "--profile", "gansu-competition", "--name", "校"]);
    let state = |user: &str| told(&desk, user, 0, &["two-people"])["state"].as_str().expect("a state").to_string();
    assert_eq!(state("wang (1000)"), "on");
    said(&desk, "wang (1000)", 2, &["two-people", "off", "--reason", "x"]);
    // Whoever takes the setting back has taken nothing back.
    fs::remove_file(home.join("config.toml")).expect("removed");
    assert_eq!(state("wang (1000)"), "on");
    said(&desk, "wang (1000)", 0, &["two-people", "off", "--reason", "x"]);
    said(&desk, "wang (1000)", 0, &["two-people", "off", "--reason", "x"]);
    assert_eq!(state("wang (1000)"), "asked", "the same person does not agree with themselves");
    said(&desk, "li (1001)", 0, &["two-people", "off", "--reason", "y"]);
    assert_eq!(state("li (1001)"), "off");
    let audit = said(&desk, "li (1001)", 0, &["audit", "show"]);
    assert!(audit.matches("four eyes").count() == 3, "{audit}");
    said(&desk, "li (1001)", 0, &["ledger", "verify"]);
}
