//! Facts of institutions, batches and cases, through the shell: noted, refused, taken back, listed with what is missing.

use serde_json::Value;
use skillcert::domain::ledger::verify::VerifyReport;
use skillcert::store::{StatePaths, StoreReader};

use crate::support::{Desk, goods};

const PREFIX: &str = "S000062010001";
const CODE: &str = "S000062010001242J00001";

#[track_caller]
fn said(desk: &Desk, code: i32, arguments: &[&str]) -> String {
    let ran = desk.verb(&[arguments, &["--lang", "en"]].concat());
    assert_eq!(ran.code, code, "{arguments:?}: {}{}", ran.out, ran.err);
    ran.out + &ran.err
}

#[track_caller]
fn told(desk: &Desk, arguments: &[&str]) -> Value {
    let ran = desk.verb(&[arguments, &["--format", "json"]].concat());
    assert_eq!(ran.code, 0, "{arguments:?}: {}{}", ran.out, ran.err);
    serde_json::from_str(&ran.out).unwrap_or_else(|e| panic!("{e}: {}", ran.out))
}

/// Gives the value of a fact as it is listed.
fn value(list: &Value, id: &str) -> Value {
    let facts = list["facts"].as_array().expect("facts");
    facts.iter().find(|fact| fact["id"] == id).map_or(Value::Null, |fact| fact["value"].clone())
}

/// A batch with numbers, a registered institution and a case.
fn desk() -> Desk {
    let desk = Desk::new();
    let mut rows = goods(3);
    rows.iter_mut().for_each(|row| row[7].clear());
    desk.roster("a.csv", &rows);
    let add = ["institution", "add", PREFIX, "--name", "样例大赛组委会", "--profile", "gansu-competition"];
    said(&desk, 0, &add);
    said(&desk, 0, &["ledger", "allocate", "a.csv", "--profile", "gansu-competition", "--prefix", PREFIX]);
    for status in ["exported", "submitted"] {
        said(&desk, 0, &["ledger", "mark", status, CODE]);
    }
    said(&desk, 0, &["case", "open", "correct", CODE, "--set", "name=张新", "--reason", "错"]);
    desk
}

#[test]
fn facts_are_noted_together_and_the_latest_word_counts() {
    let desk = desk();
    let set = [
        "fact",
        "set",
        "1",
        "award-number= 甘人社通〔2025〕1号 ",
        "奖励决定日期=2025年11月20日",
        "route=组委会名义、代章",
    ];
    let noted = told(&desk, &set);
    assert!(noted["entry"].is_u64() && noted["thing"] == "batch:1", "{noted}");
    assert_eq!(told(&desk, &set)["entry"], Value::Null, "it stands so already");
    let list = told(&desk, &["fact", "list", "batch:1"]);
    assert_eq!(value(&list, "award-number"), "甘人社通〔2025〕1号");
    assert_eq!((value(&list, "award-date"), value(&list, "route")), ("2025-11-20".into(), "committee".into()));
    said(&desk, 0, &["fact", "set", "#1", "award-date=2025-11-21", "award-number=", "--reason", "写错了"]);
    let list = told(&desk, &["fact", "list", "1", "--all"]);
    assert_eq!((value(&list, "award-date"), value(&list, "award-number")), ("2025-11-21".into(), "".into()));
    said(
        &desk,
        0,
        &["fact", "set", PREFIX, "credit-code=91350100m000100y43", "body-nature=院校", "联系电话=0931-8867002"],
    );
    said(&desk, 0, &["fact", "set", "case:1", "collection=EMS", "checked-online-on=2026-11-20"]);
    let list = told(&desk, &["fact", "list", PREFIX]);
    assert_eq!(
        (value(&list, "credit-code"), value(&list, "body-nature")),
        ("91350100M000100Y43".into(), "school".into())
    );
    assert_eq!(value(&told(&desk, &["fact", "list", "个案 1"]), "collection"), "ems");
    // The chain tells all of it, and what stands is what it says.
    let (_, report) = StoreReader::open(&StatePaths::at(&desk.path("home/.local/share/skillcert")).expect("a folder"))
        .expect("opened")
        .expect("a store")
        .verify()
        .expect("read");
    assert_eq!(report, VerifyReport::default());
    let life = said(&desk, 0, &["ledger", "show", CODE]);
    assert!(life.contains("facts noted"), "{life}");
}

#[test]
fn what_is_no_value_is_told_and_nothing_of_the_call_is_noted() {
    let desk = desk();
    let refused =
        said(&desk, 2, &["fact", "set", PREFIX, "address=样例路1号", "credit-code=91350100M000100Y44", "telephone=x"]);
    assert!(
        refused.contains("should be 3") && refused.contains("takes a telephone number"),
        "every one is told: {refused}"
    );
    assert_eq!(value(&told(&desk, &["fact", "list", PREFIX, "--all"]), "address"), "");
    for (call, word) in [
        (&["fact", "set", "1", "award-numbr=x"][..], "award-number"),
        (&["fact", "set", "1", "award-number"], "FACT=VALUE"),
        (&["fact", "set", "1", "award-number=a", "奖励决定文号=b"], "twice"),
        (&["fact", "set", "1", "plan-year=26"], "four digits"),
        (&["fact", "set", "1", "route=邮寄"], "one of"),
        (&["fact", "set", "1", "organiser=a\u{202E}b"], "U+202E"),
        (&["fact", "set", "9", "organiser=x"], "9"),
        (&["fact", "set", "case:9", "papers=x"], "9"),
        (&["fact", "set", "S000062010002", "address=x"], "institution list"),
        (&["fact", "list", "样例"], "case:3"),
        (&["fact", "list", "batch:0"], "case:3"),
    ] {
        let refused = said(&desk, 2, call);
        assert!(refused.contains(word), "{call:?}: {refused}");
    }
    let chain = told(&desk, &["audit", "show", "--limit", "99"]);
    assert!(chain["entries"].as_array().expect("entries").iter().all(|entry| entry["action"] != "fact.note"));
}

#[test]
fn what_is_somebodys_is_masked_until_a_reason_is_given() {
    let desk = desk();
    said(&desk, 0, &["fact", "set", PREFIX, "contact-name=欧阳建国", "mobile=13800138002", "address=样例路1号"]);
    for call in [&["fact", "list", PREFIX][..], &["fact", "list", PREFIX, "--format", "csv"], &["audit", "show"]] {
        let shown = said(&desk, 0, call);
        assert!(!shown.contains("欧阳建国") && !shown.contains("13800138002"), "{call:?}: {shown}");
    }
    let whole = said(&desk, 0, &["fact", "list", PREFIX, "--unmask", "--reason", "来函核对"]);
    assert!(whole.contains("欧阳建国") && whole.contains("13800138002"), "{whole}");
    let chain = told(&desk, &["audit", "show", "--limit", "1"]);
    assert_eq!(
        (&chain["entries"][0]["action"], &chain["entries"][0]["object"]),
        (&"audit.unmask".into(), &format!("institution:{PREFIX}").into())
    );
}

/// A backup carries the facts, and a copy that is put back has them as they stood then.
#[test]
fn a_backup_carries_the_facts() {
    let desk = desk();
    said(&desk, 0, &["fact", "set", "1", "organiser=样例省人社厅"]);
    said(&desk, 0, &["backup", "--output", "b.zip"]);
    said(&desk, 0, &["fact", "set", "1", "organiser=别处"]);
    said(&desk, 0, &["restore", "b.zip", "--yes"]);
    assert_eq!(value(&told(&desk, &["fact", "list", "1"]), "organiser"), "样例省人社厅");
}
