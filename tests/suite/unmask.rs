//! Personal data on the command line: masked, and whole by one rule in every verb.

use serde_json::Value;

use crate::support::{Desk, Ran, good, goods, has_option, verbs};

const NAME: &str = "司马相如";
/// The name that a case would give the same person.
const NEW_NAME: &str = "司马迁之";
const CODE: &str = "S000062010001242J00001";

/// What the store keeps, read by every verb that can show it whole.
const STORED: &[&[&str]] = &[
    &["check", "--batch", "1", "--format", "json", "--with-rows"],
    &["values", "--batch", "1", "--column", "姓名"],
    &["ledger", "show", CODE],
    &["ledger", "show", CODE, "--format", "json"],
    &["ledger", "show", "司马"],
    &["ledger", "export", "--year", "2024", "--output", "year.csv", "--force"],
    &["case", "list"],
    &["case", "list", "--format", "json"],
    &["case", "show", "1"],
    &["case", "show", "1", "--format", "json"],
    &["form", "show", "online-query-list", "--batch", "1"],
    &["print", "proof", CODE],
    &["print", "photos", ".", "--batch", "1", "--all"],
    &["fact", "list", "1"],
    &["fact", "list", "1", "--format", "json"],
    &["fact", "list", "1", "--format", "csv"],
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
    &["carry-over", "renumbered.csv", "--batch", "1", "--dry-run"],
    &["values", "good.csv", "--column", "姓名"],
    &["values", "good.csv", "--column", "姓名", "--format", "json"],
    &["values", "good.csv", "--column", "姓名", "--format", "csv"],
    &["replace", "spoiled.csv", "\u{3000}", "", "--column", "姓名", "--dry-run"],
    &["unify", "spelled.csv", "--column", "所在单位", "--dry-run"],
    &["reshape", "strip-suffix", "spoiled.csv", "--column", "姓名", "--text", "\u{3000}", "--dry-run"],
    &["reshape", "split", "two.csv", "--column", "姓名", "--into", "所在单位", "--also-filled", "--dry-run"],
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
    // A name that stands as an employer is masked there as well.
    let mut spelled = goods(6);
    spelled[0][0] = NAME.into();
    spelled[0][3] = NAME.into();
    spelled[5][3] = NAME.replacen('马', "马 ", 1);
    desk.roster("spelled.csv", &spelled);
    let mut two = rows.clone();
    two[0][0] = format!("张三/{NAME}");
    desk.roster("two.csv", &two);
    let mut renumbered = rows.clone();
    renumbered[0][7].clone_from(&good(8)[7]);
    desk.roster("renumbered.csv", &renumbered);
    rows.iter_mut().for_each(|row| row[7].clear());
    desk.roster("open.csv", &rows);
    for call in [
        &["ledger", "allocate", "open.csv", "--prefix", "S000062010001", "--profile", "gansu-competition"][..],
        &["ledger", "mark", "exported", CODE],
        &["ledger", "mark", "submitted", CODE],
        &["case", "open", "correct", CODE, "--set", "name=司马迁之", "--reason", "错"],
        &["fact", "set", "1", "handled-by=司马相如"],
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

/// In a row that has moved names and numbers stand in columns that hold none; before anybody knows the columns, in any.
#[test]
fn nobody_is_whole_where_a_row_has_moved_or_no_column_is_known() {
    let desk = Desk::new();
    let mut rows = goods(4);
    rows[3][0] = "孔明秀".into();
    let person = rows[3].clone();
    let mut moved = rows.clone();
    moved[3] = std::iter::once(String::new()).chain(person[..10].iter().cloned()).collect();
    desk.roster("in-place.csv", &rows);
    desk.roster("moved.csv", &moved);
    let whole: Vec<&str> = rows.iter().flat_map(|row| [&*row[0], &*row[2]]).collect();
    let assert_masked = |what: &str, told: &str| {
        assert!(whole.iter().all(|whole| !told.contains(whole)), "{what}: {told}");
    };
    let checked = desk.verb(&["check", "moved.csv"]).out;
    assert!(checked.contains("S07"), "{checked}");
    for call in [
        "check moved.csv",
        "check moved.csv --format json --with-rows",
        "check moved.csv --format csv",
        "values moved.csv --column 证件类型",
        "values moved.csv --column 证件类型 --format json",
        "values moved.csv --column 证件类型 --format csv",
        "values moved.csv --column 所在单位 --groups",
        "replace moved.csv 秀 X --dry-run",
        "reshape join moved.csv --column 证件类型 --column 姓名 --dry-run",
        "reshape suffix moved.csv --column 证件类型 --text X --dry-run",
        "summary moved.csv",
        "summary moved.csv --format json",
        "fix moved.csv --dry-run",
        "compare in-place.csv moved.csv",
        "compare in-place.csv moved.csv --format json",
    ] {
        let ran = desk.verb(&call.split(' ').collect::<Vec<_>>());
        assert!(ran.code < 2 && ran.out.len() + ran.err.len() > 20, "{call}: {} {}", ran.code, ran.err);
        assert_masked(call, &(ran.out + &ran.err));
    }
    let ran = desk.verb(&["export", "moved.csv", "--masked", "--output", "list.csv"]);
    let list = std::fs::read_to_string(desk.path("list.csv")).expect("a list");
    assert_masked("the public list", &format!("{list}{}{}", ran.out, ran.err));
    assert!(list.contains("孔*秀") && !list.contains(&*person[7]) && list.contains(&person[7][..17]), "{list}");
    let values = desk.verb(&["values", "moved.csv", "--column", "证件类型"]).out;
    assert!(values.contains("孔*秀") && values.contains("201"), "{values}");

    let script = "values 证件类型\nback\nrows\n1\nrecord\nquit\n";
    assert_masked("lines", &crate::plain::talk(&desk, &["open", "moved.csv"], script).out);
    // No header at all, and a column that nobody knows.
    let table = crate::support::text(",", &rows);
    let (head, body) = table.split_once('\n').expect("a header");
    desk.put("headless.csv", body);
    desk.put("unknown.csv", format!("{}\n{body}", head.replacen("姓名", "选手", 1)));
    for file in ["headless.csv", "unknown.csv"] {
        let said = crate::plain::talk(&desk, &["open", file], "match-columns\nquit\n").out;
        assert!(said.contains("张*"), "{file}: {said}");
        assert_masked(file, &said);
    }
}
