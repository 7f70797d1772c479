//! A name in the call that nothing has: the same exit code in every verb, and a word on how to find the right one.

use std::collections::BTreeSet;

use serde::Deserialize;

use crate::support::{Desk, goods, root, verbs};

const CASES: &str = include_str!("../cases/exit_codes.toml");
const SAMPLE: &str = "data/samples/gansu-2024.xlsx";

/// What a verb's help calls a name of something that must be there.
const WORDS: [&str; 13] = [
    "RECIPE",
    "--profile",
    "--sheet",
    "--batch",
    "--column",
    "--of",
    "--from",
    "--kind",
    "ID",
    "N",
    "PREFIX",
    "CODE",
    "TOPIC",
];

#[derive(Deserialize)]
struct Cases {
    wrong: Vec<Wrong>,
    free: Vec<Free>,
}

#[derive(Deserialize)]
struct Wrong {
    verb: String,
    word: String,
    call: Vec<String>,
    says: Vec<String>,
}

#[derive(Deserialize)]
struct Free {
    verb: String,
    word: String,
    why: String,
}

fn cases() -> Cases {
    toml::from_str(CASES).expect("a table of calls")
}

#[test]
fn a_name_that_nothing_has_is_a_wrong_call_in_every_verb() {
    let desk = Desk::new();
    let mut rows = goods(3);
    desk.roster("good.csv", &rows);
    rows.iter_mut().for_each(|row| row[7].clear());
    desk.roster("open.csv", &rows);
    desk.put("scope.csv", "职业名称,职业编码,工种名称,认定等级,标准\n汽车维修工,4-12-01-01,,三级,国家标准\n");
    std::fs::copy(root(SAMPLE), desk.path("book.xlsx")).expect("copied");
    for call in [
        &["ledger", "import", "good.csv", "--profile", "gansu-competition", "--status", "published"][..],
        &["institution", "add", "S000062010001", "--name", "样例学校", "--profile", "gansu-competition"],
        &["ledger", "allocate", "open.csv", "--prefix", "S000062010001", "--also-held"],
    ] {
        let ran = desk.verb(call);
        assert_eq!(ran.code, 0, "{call:?}: {}{}", ran.out, ran.err);
    }
    for Wrong { verb, call, says, .. } in cases().wrong {
        let call: Vec<&str> = call.iter().map(String::as_str).collect();
        assert!(call.join(" ").starts_with(&verb), "{verb}: {call:?}");
        for lang in ["zh", "en"] {
            let call = [&["--lang", lang], &call[..]].concat();
            // The workbench wants a terminal.
            let ran = if verb == "open" { desk.run(&call) } else { desk.verb(&call) };
            let told = format!("{}{}", ran.out, ran.err);
            assert_eq!(ran.code, 2, "{call:?}: {told}");
            assert!(says.iter().all(|word| told.contains(word)), "{call:?} should say {says:?}: {told}");
        }
    }
}

#[test]
fn searches_that_find_nothing_are_exit_code_one() {
    let desk = Desk::new();
    assert_eq!(desk.verb(&["init"]).code, 0);
    for call in [&["lookup", "qqqqqqqqqq"][..], &["ledger", "show", "S000062010001249"], &["decode", "zzzz"]] {
        assert_eq!(desk.verb(call).code, 1, "{call:?}");
    }
}

#[test]
fn every_verb_that_takes_a_name_is_in_the_table() {
    let desk = Desk::new();
    let Cases { wrong, free } = cases();
    assert!(free.iter().all(|free| !free.why.is_empty()));
    let listed = wrong.iter().map(|w| (w.verb.clone(), w.word.clone()));
    let listed: BTreeSet<_> = listed.chain(free.iter().map(|f| (f.verb.clone(), f.word.clone()))).collect();
    let mut asked = BTreeSet::new();
    for (verb, _) in verbs() {
        let call: Vec<&str> = verb.split(' ').collect();
        let help = desk.verb(&[&call[..], &["--help", "--lang", "en"]].concat()).out;
        for line in help.lines().filter(|line| line.starts_with("  ")) {
            let first = line.split_whitespace().find(|word| word.starts_with("--") || word.starts_with(['<', '[']));
            let word = first.unwrap_or_default().trim_end_matches("...").trim_matches(['<', '>', '[', ']', ',']);
            if WORDS.contains(&word) {
                asked.insert((verb.to_string(), word.to_string()));
            }
        }
    }
    assert!(30 < asked.len(), "{asked:?}");
    let missing: Vec<_> = asked.difference(&listed).collect();
    assert!(missing.is_empty(), "not in the table: {missing:?}");
    let gone: Vec<_> = listed.difference(&asked).collect();
    assert!(gone.is_empty(), "in the table, but in no help: {gone:?}");
}
