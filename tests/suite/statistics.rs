//! Statistics that are handed upward: counted, written, read by another home and added up once.

use serde_json::Value;

use crate::support::{Desk, goods, root};

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

/// Takes in so many certificates of an institution of Guangdong's that was issued in a year.
fn issued(desk: &Desk, count: usize) {
    desk.roster("old.csv", &goods(count));
    said(desk, 0, &["ledger", "import", "old.csv", "--profile", "gansu-competition", "--yes", "--day-is-right"]);
}

#[test]
fn certificates_are_counted_by_level_occupation_month_and_status_and_others_are_added_once() {
    let desk = Desk::new();
    said(&desk, 2, &["statistics"]);
    said(&desk, 0, &["init"]);
    assert!(said(&desk, 0, &["statistics"]).contains("no certificates"));
    issued(&desk, 5);
    let own = told(&desk, 0, &["statistics"]);
    assert_eq!(own["total"], 5);
    let lines = own["lines"].as_array().expect("lines");
    let count = |lines: &[Value]| lines.iter().map(|line| line["count"].as_u64().expect("a count")).sum::<u64>();
    assert_eq!(count(lines), 5);
    for by in ["institution", "level", "occupation", "month", "status"] {
        assert_eq!(count(own["sums"][by].as_array().expect(by)), 5, "{by}");
    }
    assert_eq!(own["sums"]["status"][0]["name"], "published");
    let month = own["lines"][0]["month"].as_str().expect("a month");
    let of_month = told(&desk, 0, &["statistics", &format!("--from={month}"), &format!("--to={month}")]);
    assert!((1..=5).contains(&of_month["total"].as_u64().expect("a total")));
    assert_eq!(told(&desk, 0, &["statistics", "--year", "1999"])["total"], 0);
    assert_eq!(told(&desk, 0, &["statistics", "--prefix", "X"])["total"], 0);
    let text = said(&desk, 0, &["statistics"]);
    assert!(text.contains("By level") && text.contains("Certificates: 5"), "{text}");
    // Every form of it is read back, and counted once.
    for name in ["own.json", "own.csv", "own.xlsx"] {
        said(&desk, 0, &["statistics", "--output", name]);
        let read = told(&desk, 0, &["statistics", name, "--files-only"]);
        assert_eq!((&read["lines"], &read["sums"]), (&own["lines"], &own["sums"]), "{name}");
        let twice = said(&desk, 1, &["statistics", name]);
        assert!(twice.contains("counted twice") && twice.contains(name), "{twice}");
    }
    let twice = said(&desk, 1, &["statistics", "own.json", "own.csv", "--files-only"]);
    assert!(twice.contains("own.json") && twice.contains("own.csv"), "{twice}");
    // What another institution counted is added.
    let other = std::fs::read_to_string(desk.path("own.csv")).expect("a table").replace("S0000", "Y0000");
    desk.put("other.csv", other);
    assert_eq!(told(&desk, 0, &["statistics", "other.csv"])["total"], 10);
}

#[test]
fn what_is_no_statistics_is_refused_with_its_row() {
    let desk = Desk::new();
    issued(&desk, 1);
    said(&desk, 0, &["statistics", "--output", "own.csv"]);
    let own = std::fs::read_to_string(desk.path("own.csv")).expect("a table");
    desk.put("bad.csv", own.replace("已公布", "也许"));
    let bad = said(&desk, 3, &["statistics", "bad.csv", "--files-only"]);
    assert!(bad.contains("line 2"), "{bad}");
    desk.put("bad.json", r#"{"schema":"skillcert-statistics-1","lines":[{"prefix":"S"}]}"#);
    assert!(said(&desk, 3, &["statistics", "bad.json", "--files-only"]).contains("line 1"));
    for (name, bytes) in [("no.json", "[]"), ("no.csv", "姓名,证书编号\n张伟,1\n")] {
        desk.put(name, bytes);
        said(&desk, 3, &["statistics", name, "--files-only"]);
    }
    let roster = root("data/samples/gansu-2024.xlsx").to_string_lossy().into_owned();
    said(&desk, 3, &["statistics", &roster, "--files-only"]);
    said(&desk, 2, &["statistics", "--output", "x.txt"]);
    said(&desk, 2, &["statistics", "--from=2026-13"]);
    said(&desk, 2, &["statistics", "--from=2026-03", "--to=2026-01"]);
}
