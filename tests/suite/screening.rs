//! Screening (BJ-69): what asks for a second look, over the ledger and a batch.

use std::time::{Duration, Instant};

use serde_json::Value;

use crate::support::{Desk, good, goods, resident};

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

/// Rows of one person: eight certificates of one day, of four levels and five occupations.
fn eight() -> Vec<Vec<String>> {
    let occupations = ["电工", "焊工", "钳工", "车工", "铣工"];
    (0..8)
        .map(|n| {
            let mut row = good(0);
            row[4] = occupations[n % 5].into();
            row[5] = "--".into();
            row[6] = (n % 4 + 1).to_string();
            row[7] = format!("S00006201000124{}J{:05}", n % 4 + 1, n + 1);
            row
        })
        .collect()
}

fn kinds(found: &Value) -> Vec<&str> {
    found["findings"].as_array().expect("findings").iter().filter_map(|one| one["kind"].as_str()).collect()
}

#[test]
fn one_person_with_eight_certificates_of_one_day_is_found() {
    let desk = Desk::new();
    let mut rows = eight();
    rows.extend(goods(12).split_off(9));
    desk.roster("eight.csv", &rows);
    let import = ["ledger", "import", "eight.csv", "--profile", "gansu-competition", "--status", "exported", "--yes"];
    said(&desk, 0, &import);
    let found = told(&desk, 0, &["screen"]);
    let [one] = &found["findings"].as_array().expect("findings")[..] else { panic!("{found}") };
    assert_eq!(
        (&one["kind"], &one["certificates"], &one["day"]),
        (&"same-day".into(), &8.into(), &"2024-11-08".into())
    );
    let count = |key: &str| one[key].as_array().map(Vec::len);
    assert_eq!((count("levels"), count("occupations"), count("codes")), (Some(4), Some(5), Some(8)), "{one}");
    let text = said(&desk, 0, &["screen"]);
    assert!(text.contains("BJ-69") && text.contains("8 certificates") && !text.contains(&resident(0)), "{text}");
    assert!(!found.to_string().contains(&resident(0)), "{found}");
    // The limits are the settings', and those that are typed.
    assert!(kinds(&told(&desk, 0, &["screen", "--levels", "5", "--occupations", "6"])).is_empty());
    assert!(kinds(&told(&desk, 0, &["screen", "--levels", "0", "--occupations", "0"])).is_empty());
    let burst = told(&desk, 0, &["screen", "--levels", "0", "--occupations", "0", "--certificates", "11"]);
    assert_eq!(kinds(&burst), ["burst"], "{burst}");
    assert_eq!(
        (&burst["findings"][0]["certificates"], &burst["findings"][0]["prefix"]),
        (&11.into(), &"S000062010001".into())
    );
    // What became void is none.
    said(&desk, 0, &["ledger", "void", "S000062010001241J00001", "--reason", "错", "--yes"]);
    assert_eq!(told(&desk, 0, &["screen"])["findings"][0]["certificates"], 7);
}

#[test]
fn a_batch_is_screened_with_what_the_ledger_has_and_what_its_remarks_say() {
    let desk = Desk::new();
    desk.roster("old.csv", &[eight().remove(0)]);
    said(&desk, 0, &["ledger", "import", "old.csv", "--profile", "gansu-competition"]);
    let mut new = eight().split_off(1);
    new.truncate(1);
    new[0][7].clear();
    let lines: Vec<String> = crate::support::text(",", &new).lines().map(String::from).collect();
    let text = format!("{},备注\n{},破格申报\n", lines[0], lines[1]);
    desk.put("new.csv", text);
    said(&desk, 0, &["ledger", "allocate", "new.csv", "--profile", "gansu-competition", "--prefix", "S000062010001"]);
    let found = told(&desk, 0, &["screen", "--batch", "1"]);
    assert_eq!(kinds(&found), ["same-day", "exceptional-promotion"], "{found}");
    let one = &found["findings"][0];
    assert_eq!((&one["certificates"], &one["rows"]), (&2.into(), &serde_json::json!([2])), "{found}");
    assert_eq!(found["findings"][1]["rows"], serde_json::json!([2]), "{found}");
    // A fact of the batch says it for all of it, and is listed without the batch, too.
    said(&desk, 0, &["fact", "set", "1", "evaluation-method=direct", "exceptional-promotion=yes"]);
    let all = told(&desk, 0, &["screen", "--levels", "0", "--occupations", "0"]);
    assert_eq!(kinds(&all), ["exceptional-promotion", "direct-recognition"], "{all}");
    said(&desk, 2, &["screen", "--batch", "9"]);
}

#[test]
fn a_ledger_without_anything_is_screened() {
    let desk = Desk::new();
    said(&desk, 0, &["init"]);
    assert!(kinds(&told(&desk, 0, &["screen"])).is_empty());
}

/// A large ledger is screened while one waits.
#[test]
fn twenty_thousand_certificates_are_screened_at_once() {
    let desk = Desk::new();
    desk.roster("many.csv", &goods(20_000));
    said(&desk, 0, &["ledger", "import", "many.csv", "--profile", "gansu-competition"]);
    let begun = Instant::now();
    let found = told(&desk, 0, &["screen"]);
    assert_eq!(kinds(&found), ["burst"], "{found}");
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
}
