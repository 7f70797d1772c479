//! What is handed in, in the conversation: facts, a form, a checklist, a submission, statistics.

use super::talk;
use crate::support::{Desk, goods};

const PREFIX: &str = "S000062010001";

/// A batch whose certificates have their numbers.
fn desk() -> Desk {
    let desk = Desk::new();
    let mut rows = goods(3);
    let institution = rows[0][9].clone();
    rows.iter_mut().for_each(|row| row[7].clear());
    desk.roster("a.csv", &rows);
    desk.folder("state");
    let told = |words: &[&str]| {
        let ran = desk.verb(&[words, &["--home", &desk.name("state")]].concat());
        assert_eq!(ran.code, 0, "{words:?} {}{}", ran.out, ran.err);
    };
    told(&["institution", "add", PREFIX, "--profile", "gansu-competition", "--name", &institution]);
    let call = ["ledger", "allocate", "a.csv", "--profile", "gansu-competition", "--prefix", PREFIX];
    told(&[&call[..], &["--day-is-right"]].concat());
    told(&["ledger", "mark", "exported", "--batch", "1", "--yes"]);
    desk
}

#[track_caller]
fn holds(said: &str, words: &[&str]) {
    for word in words {
        assert!(said.contains(word), "no {word}: {said}");
    }
}

#[test]
fn a_form_is_listed_told_and_written() {
    let desk = desk();
    let script = "forms\n1\nwrite-page\nlist.xlsx\n\n0\n0\nquit\n";
    let said = talk(&desk, &["--lang", "en", "open", "a.csv"], script).out;
    holds(&said, &["BJ-68", "names and numbers are masked", "Write it to which file", "list.xlsx"]);
    assert!(desk.path("list.xlsx").is_file(), "{said}");
    // Once more it is asked before it is replaced.
    let said =
        talk(&desk, &["--lang", "en", "open", "a.csv"], "forms\n1\nwrite-page\nlist.xlsx\n\n0\n0\n0\nquit\n").out;
    holds(&said, &["The file exists"]);
}

#[test]
fn facts_are_noted_and_told_before_the_export() {
    let desk = desk();
    let said = talk(&desk, &["--lang", "en", "open", "a.csv"], "note-fact\n1\n甘肃省人社厅\ny\nexport\n0\nquit\n").out;
    holds(&said, &["GS-01", "GS-02"]);
    let export = said.rsplit("GS-02").next().unwrap_or_default();
    assert!(!export.contains("GS-01"), "what was noted is not missing any more: {said}");
}

#[test]
fn a_batch_is_handed_in_and_counted() {
    let desk = desk();
    let script = "hand-ins\nhand-in\n\nsite\nR-17\n\ny\nhand-ins\n0\nstatistics\n0\nchecklist\n0\nquit\n";
    let said = talk(&desk, &["--lang", "en", "open", "a.csv"], script).out;
    holds(&said, &["has not been handed in yet", "noted as handed in", "receipt R-17"]);
    holds(&said, &["3 certificates", "has no checklist"]);
}
