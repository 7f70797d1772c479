//! Institutions that put things right (整改): nothing of them leaves until that is accepted (BJ-70).

use serde_json::Value;

use crate::support::{Desk, goods};

const BEIJING: &str = "Y000111020001";
const NAME: &str = "北京样例集团有限公司";

#[track_caller]
fn said(desk: &Desk, code: i32, arguments: &[&str]) -> String {
    let ran = desk.verb(&[arguments, &["--lang", "en"]].concat());
    assert_eq!(ran.code, code, "{arguments:?}: {}{}", ran.out, ran.err);
    ran.out + &ran.err
}

#[track_caller]
fn told(desk: &Desk, code: i32, arguments: &[&str]) -> Value {
    let ran = desk.verb(&[arguments, &["--format", "json"]].concat());
    assert_eq!(ran.code, code, "{arguments:?}: {}{}", ran.out, ran.err);
    serde_json::from_str(&ran.out).unwrap_or_else(|e| panic!("{e}: {}", ran.out))
}

/// The ledger holds, and what stands is what the chain says.
#[track_caller]
fn is_sound(desk: &Desk) {
    said(desk, 0, &["ledger", "verify"]);
}

/// A batch in Beijing with numbers that were not exported yet; gives the first code.
fn batch(desk: &Desk) -> String {
    let mut rows = goods(2);
    for row in &mut rows {
        row[7].clear();
        row[8].clear();
        row[9] = NAME.into();
        row[10] = NAME.into();
    }
    desk.roster("beijing.csv", &rows);
    said(desk, 0, &["institution", "add", BEIJING, "--name", NAME, "--profile", "beijing"]);
    said(
        desk,
        0,
        &["ledger", "allocate", "beijing.csv", "--profile", "beijing", "--prefix", BEIJING, "--day-is-right"],
    );
    told(desk, 0, &["ledger", "show", BEIJING])["certificates"][0]["code"].as_str().expect("a code").to_string()
}

fn rectify(desk: &Desk, code: i32, verb: &str, day: &str) -> String {
    said(desk, code, &["institution", verb, BEIJING, "--on", day, "--paper", "京整〔2026〕3号"])
}

#[test]
fn nothing_leaves_while_an_order_stands_and_all_does_once_it_is_accepted() {
    let desk = Desk::new();
    let code = batch(&desk);
    said(&desk, 0, &["ledger", "mark", "exported", &code]);
    rectify(&desk, 0, "rectify", "2026-11-10");
    let barred = said(&desk, 1, &["export", "--batch", "1", "--output", "up.csv"]);
    assert!(barred.contains("BJ-70") && barred.contains(BEIJING) && barred.contains("2026-11-10"), "{barred}");
    assert!(barred.contains("institution rectified"), "the hint says what helps: {barred}");
    assert!(!desk.path("up.csv").exists());
    let second = code.replace("000001", "000002");
    for call in [
        &["ledger", "mark", "submitted", &code][..],
        &["ledger", "mark", "exported", &second],
        &["batch", "submit", "1"],
    ] {
        let told = said(&desk, 1, call);
        assert!(told.contains("BJ-70"), "{call:?}: {told}");
    }
    // A file that is no batch is none of the ledger's, and is refused all the same.
    said(&desk, 1, &["export", "beijing.csv", "--as-is", "--profile", "beijing", "--output", "file.csv"]);
    // Numbers for a file that could not be written are not taken.
    let mut more = goods(4).split_off(2);
    more.iter_mut().for_each(|row| {
        row[7].clear();
        row[8].clear();
        row[9] = NAME.into();
        row[10] = NAME.into();
    });
    desk.roster("more.csv", &more);
    let call = ["ledger", "allocate", "more.csv", "--profile", "beijing", "--prefix", BEIJING, "--day-is-right"];
    let none = said(&desk, 1, &[&call[..], &["--output", "more-up.csv"]].concat());
    assert!(none.contains("BJ-70"), "{none}");
    let shown = said(&desk, 0, &["institution", "show", BEIJING]);
    assert!(shown.contains("since 2026-11-10") && shown.contains("京整〔2026〕3号"), "{shown}");
    let listed = told(&desk, 0, &["institution", "list"]);
    assert_eq!(listed["institutions"][0]["rectifying"]["since"], "2026-11-10", "{listed}");
    let found = said(&desk, 0, &["check", "--batch", "1"]);
    assert!(found.contains("I04"), "{found}");
    rectify(&desk, 0, "rectified", "2026-11-20");
    said(&desk, 0, &["export", "--batch", "1", "--output", "up.csv"]);
    said(&desk, 0, &["batch", "submit", "1"]);
    assert_eq!(told(&desk, 0, &["institution", "list"])["institutions"][0]["rectifying"], Value::Null);
    is_sound(&desk);
}

#[test]
fn a_word_that_cannot_be_is_refused_and_a_later_one_corrects() {
    let desk = Desk::new();
    batch(&desk);
    let early = rectify(&desk, 1, "rectified", "2026-11-10");
    assert!(early.contains("BJ-70"), "{early}");
    rectify(&desk, 2, "rectify", "2026-11-22");
    rectify(&desk, 0, "rectify", "2026-11-10");
    rectify(&desk, 1, "rectified", "2026-11-09");
    said(&desk, 1, &["event", "note", "rectified", BEIJING, "2026-11-11"]);
    said(&desk, 2, &["institution", "rectify", BEIJING, "--on", "2026-11-11", "--paper", " "]);
    said(&desk, 2, &["institution", "rectify", "Y000111029999", "--on", "2026-11-11", "--paper", "x"]);
    // It was another day; then it was another institution.
    rectify(&desk, 0, "rectify", "2026-11-12");
    assert!(said(&desk, 0, &["institution", "show", BEIJING]).contains("2026-11-12"));
    said(&desk, 0, &["event", "take-back", "rectifying", BEIJING, "--reason", "记错了机构"]);
    said(&desk, 0, &["export", "--batch", "1", "--output", "up.csv"]);
    // Ordered anew after it was accepted, it stands anew.
    rectify(&desk, 0, "rectify", "2026-11-12");
    rectify(&desk, 0, "rectified", "2026-11-13");
    rectify(&desk, 0, "rectify", "2026-11-14");
    said(&desk, 1, &["batch", "submit", "1"]);
    is_sound(&desk);
}

#[test]
fn employers_that_belong_to_an_institution_are_its_own() {
    let desk = Desk::new();
    let mut rows = goods(1);
    rows[0][3] = "贵阳某某物业有限公司".into();
    rows[0][7] = "Y000052002008202000001".into();
    rows[0][8] = "2020-11-06".into();
    rows[0][9] = "贵州样例机械有限公司".into();
    rows[0][10] = "贵州样例机械有限公司".into();
    desk.roster("g.csv", &rows);
    let check = ["check", "g.csv", "--profile", "guizhou"];
    assert!(desk.verb(&check).out.contains("O04"));
    let add = ["institution", "add", "Y000052002008", "--name", "贵州样例机械有限公司", "--profile", "guizhou"];
    said(&desk, 0, &add);
    assert!(desk.verb(&check).out.contains("O04"));
    said(&desk, 0, &["fact", "set", "Y000052002008", "affiliates=贵州样例置业有限公司；贵阳某某物业有限公司"]);
    let ran = desk.verb(&check);
    assert!(!ran.out.contains("O04"), "{}", ran.out);
    let shown = told(&desk, 0, &["institution", "show", "Y000052002008"]);
    assert_eq!(shown["affiliates"], serde_json::json!(["贵州样例置业有限公司", "贵阳某某物业有限公司"]));
}
