//! What cannot be taken back: told how far it reaches, and done only when agreed to.

use std::path::Path;
use std::time::Duration;

use serde_json::json;

use super::{PREFIX, SERIES, said, told};
use crate::support::harness::Harness;
use crate::support::shim::compiled;
use crate::support::{Desk, goods};

const CODE: &str = "S000062010001242J00001";

fn entries(desk: &Desk) -> usize {
    told(desk, 0, &["audit", "show", "--limit", "99"])["entries"].as_array().map_or(0, Vec::len)
}

#[test]
fn numbers_are_passed_over_only_when_agreed_to() {
    let desk = Desk::new();
    assert_eq!(desk.verb(&["init"]).code, 0);
    let of = ["ledger", "reserve", PREFIX, "--year", "24", "--level", "2", "--reason", "x"];
    let far = [&of[..], &["--from", "99998", "--to", "99999"]].concat();
    let asked = said(&desk, 2, &far);
    assert!(asked.contains("99997 numbers before them") && asked.contains("--yes"), "{asked}");
    let dry = said(&desk, 0, &[&far[..], &["--dry-run"]].concat());
    assert!(dry.contains("99997 numbers before them") && dry.contains(SERIES), "{dry}");
    let dry = told(&desk, 0, &[&far[..], &["--dry-run"]].concat());
    assert_eq!(
        dry,
        json!({ "schema": "skillcert-reach-1", "act": "reserve", "series": SERIES, "first": 99998, "last": 99999,
                "passed_over": 99997, "far": true })
    );
    assert_eq!(told(&desk, 0, &["ledger", "series"])["series"], json!([]));
    // Nothing is passed over: nothing is asked.
    told(&desk, 0, &[&of[..], &["--count", "2"]].concat());
    assert!(said(&desk, 0, &[&of[..], &["--count", "2", "--dry-run"]].concat()).contains("3 to 4"));
    told(&desk, 0, &[&far[..], &["--yes"]].concat());
}

#[test]
fn an_institution_goes_only_when_agreed_to() {
    let desk = Desk::new();
    said(&desk, 0, &["institution", "add", PREFIX, "--name", "样例学校", "--profile", "gansu-competition"]);
    let of = ["ledger", "reserve", PREFIX, "--year", "24", "--level", "2", "--reason", "x", "--count", "3"];
    told(&desk, 0, &of);
    let cancel = ["institution", "cancel", PREFIX, "--on", "2026-11-20", "--reason", "注销"];
    let asked = said(&desk, 2, &cancel);
    assert!(asked.contains("样例学校") && asked.contains("--yes"), "{asked}");
    assert!(said(&desk, 0, &[&cancel[..], &["--dry-run"]].concat()).contains(PREFIX));
    assert!(!said(&desk, 0, &["institution", "list"]).is_empty());
    said(&desk, 0, &[&cancel[..], &["--yes"]].concat());
    // What is refused anyway is not asked about.
    assert!(!said(&desk, 1, &cancel).contains("--yes"));
}

#[test]
fn what_the_authority_has_is_made_void_or_published_only_when_agreed_to() {
    let desk = Desk::new();
    let old = desk.roster("old.csv", &goods(3));
    told(&desk, 0, &["ledger", "import", old.to_str().unwrap(), "--status", "exported"]);
    let before = entries(&desk);
    let void = ["ledger", "void", CODE, "--reason", "x"];
    let asked = said(&desk, 2, &void);
    assert!(asked.contains("1 number void (exported 1)") && asked.contains("--yes"), "{asked}");
    let dry = told(&desk, 0, &[&void[..], &["--dry-run"]].concat());
    let numbers = json!([{ "status": "exported", "count": 1 }]);
    assert_eq!((&dry["numbers"], &dry["outside"], &dry["far"]), (&numbers, &1.into(), &true.into()));
    let publish = ["ledger", "mark", "published", CODE];
    // What would be refused is refused, not asked about, and also where it is only tried.
    for more in [&[][..], &["--dry-run"], &["--yes"]] {
        assert_eq!(told(&desk, 1, &[&publish[..], more].concat())["refused"][0]["status"], "exported", "{more:?}");
    }
    assert_eq!(entries(&desk), before, "nothing was done");
    told(&desk, 0, &["ledger", "mark", "submitted", CODE]);
    let asked = said(&desk, 2, &publish);
    assert!(asked.contains("submitted 1") && asked.contains("revoked") && asked.contains("--yes"), "{asked}");
    assert_eq!(told(&desk, 0, &[&publish[..], &["--dry-run"]].concat())["act"], "mark");
    assert_eq!(told(&desk, 0, &["ledger", "show", CODE])["certificate"]["status"], "submitted");
    told(&desk, 0, &[&publish[..], &["--yes"]].concat());
    // A number that has not left the house is not given again either.
    told(&desk, 0, &["ledger", "reserve", PREFIX, "--year", "24", "--level", "2", "--count", "1", "--reason", "x"]);
    let void = ["ledger", "void", "S000062010001242J00004", "--reason", "x"];
    let asked = said(&desk, 2, &void);
    assert!(asked.contains("1 number void (reserved 1); a void number is never given again"), "{asked}");
    told(&desk, 0, &[&void[..], &["--yes"]].concat());
    let unknown = said(&desk, 2, &["ledger", "void", "S000062010001242J00099", "--reason", "x"]);
    assert!(unknown.contains("not in the ledger: 1 number\n  S000062010001242J00099: "), "{unknown}");
}

#[test]
fn a_case_is_closed_only_when_agreed_to() {
    let desk = Desk::new();
    let old = desk.roster("old.csv", &goods(3));
    told(&desk, 0, &["ledger", "import", old.to_str().unwrap()]);
    told(&desk, 0, &["case", "open", "reissue", CODE, "--cause", "lost", "--reason", "x"]);
    let before = entries(&desk);
    let asked = said(&desk, 2, &["case", "close", "1"]);
    assert!(asked.contains(CODE) && asked.contains("--yes"), "{asked}");
    let dry = told(&desk, 0, &["case", "close", "1", "--dry-run"]);
    assert_eq!((&dry["case"], &dry["kind"], &dry["code"]), (&1.into(), &"reissue".into(), &CODE.into()));
    assert_eq!(entries(&desk), before);
    told(&desk, 0, &["case", "close", "1", "--yes"]);
    // What is refused anyway is not asked about, nor told as if it could be done.
    for more in [&[][..], &["--dry-run"], &["--yes"]] {
        assert!(
            !said(&desk, 1, &[&["case", "close", "1"], more].concat()).contains("cannot be taken back"),
            "{more:?}"
        );
    }
}

#[test]
fn a_file_whose_numbers_begin_far_up_is_taken_only_when_agreed_to() {
    let desk = Desk::new();
    assert_eq!(desk.verb(&["init"]).code, 0);
    let mut rows = goods(2);
    rows[1][7] = "S000062010001242J00501".into();
    let file = desk.roster("late.csv", &rows);
    let import = ["ledger", "import", file.to_str().unwrap()];
    let asked = said(&desk, 2, &import);
    assert!(asked.contains("late.csv; 499 numbers before them") && asked.contains("--yes"), "{asked}");
    assert_eq!(told(&desk, 0, &["ledger", "series"])["series"], json!([]), "nothing was taken");
    let dry = told(&desk, 0, &[&import[..], &["--dry-run"]].concat());
    assert_eq!(dry["files"][0]["series"][0]["gaps"], 499);
    let taken = told(&desk, 0, &[&import[..], &["--yes"]].concat());
    assert_eq!(taken["files"][0]["new"], 2);
    // The file that fills the gap passes nothing over.
    let filling: Vec<_> = goods(500).split_off(2).into_iter().take(3).collect();
    told(&desk, 0, &["ledger", "import", desk.roster("early.csv", &filling).to_str().unwrap()]);
}

#[test]
fn a_terminal_is_asked_and_only_a_y_agrees() {
    let desk = Desk::new();
    let line = "ledger reserve S000062010001 --year 24 --level 2 --reason x --from 9 --to 9";
    let line: Vec<&Path> = line.split(' ').map(Path::new).collect();
    let home = desk.name("state");
    for (answer, code, told) in [("\r", 2, "什么都没做"), ("y\r", 0, "预留")] {
        let mut bench = Harness::start(&desk, &line);
        bench.sees(&["跳过 8 个号", "y 再回车"]);
        bench.press(answer);
        bench.sees(&[told]);
        assert_eq!(bench.ends_within(Duration::from_secs(20)), code);
        let series = desk.verb(&["--home", &home, "ledger", "series", "--format", "json"]);
        assert_eq!(series.out.contains(SERIES), code == 0, "{}{}", series.out, series.err);
    }
}

/// Seconds since 1970 of 2030-06-01.
const IN_2030: &str = "1906502400";

#[test]
fn a_clock_that_is_ahead_is_asked_about_and_accepted_once_it_is_set_back() {
    let desk = Desk::new();
    let clock = compiled("clock", desk.folder.path());
    let run = |ahead: bool, code: i32, arguments: &[&str]| {
        let mut command = desk.command(&[arguments, &["--lang", "en"]].concat());
        command.env_remove("SKILLCERT_TODAY").env("TZ", "UTC");
        if ahead {
            command.env("LD_PRELOAD", &clock).env("SKILLCERT_CLOCK", IN_2030);
        }
        let ran = command.output().expect("started");
        let told = [ran.stdout, ran.stderr].map(|s| String::from_utf8_lossy(&s).into_owned()).concat();
        assert_eq!(ran.status.code(), Some(code), "{arguments:?}: {told}");
        told
    };
    let of = ["ledger", "reserve", PREFIX, "--year", "24", "--level", "2", "--count", "1", "--reason", "x"];
    run(false, 0, &of);
    let asked = run(true, 2, &of);
    assert!(asked.contains("today is 2030-06-01") && asked.contains("--day-is-right"), "{asked}");
    assert!(run(true, 0, &[&of[..], &["--dry-run"]].concat()).contains("2030-06-01"));
    run(true, 0, &[&of[..], &["--day-is-right"]].concat());
    // Set back: what the clock did is said once, and work goes on.
    let refused = run(false, 4, &of);
    assert!(refused.contains("audit accept"), "{refused}");
    let accepted = run(false, 0, &["audit", "accept", "--reason", "the battery was empty"]);
    assert!(accepted.contains("the clock was ahead: the last entry is of 2030-06-01"), "{accepted}");
    run(false, 0, &of);
    run(false, 0, &["ledger", "void", "S000062010001242J00002", "--yes", "--reason", "x"]);
    run(false, 0, &["audit", "verify"]);
    run(false, 0, &["ledger", "verify"]);
    assert!(run(false, 0, &["audit", "accept", "--reason", "x"]).contains("nothing"));
}

#[test]
fn a_clock_in_doubt_is_asked_about_and_accepted() {
    let desk = Desk::new();
    let run = |code: i32, arguments: &[&str]| {
        let mut command = desk.command(&[arguments, &["--lang", "en"]].concat());
        let ran = command.env_remove("SKILLCERT_TODAY").env("TZ", "UTC").output().expect("started");
        let told = [ran.stdout, ran.stderr].map(|s| String::from_utf8_lossy(&s).into_owned()).concat();
        assert_eq!(ran.status.code(), Some(code), "{arguments:?}: {told}");
        told
    };
    let of = ["ledger", "reserve", PREFIX, "--year", "24", "--level", "2", "--count", "1", "--reason", "x"];
    run(0, &of);
    // As if the clock had been put on by five days while the machine was up.
    let statement = "UPDATE setting SET value = json_set(value, '$.clock', json_extract(value, '$.clock') - 432000) \
                     WHERE key LIKE 'clock:%'";
    let db = rusqlite::Connection::open(desk.path("home/.local/share/skillcert/skillcert.sqlite3")).expect("the store");
    assert_eq!(db.execute(statement, []).expect("changed"), 1);
    drop(db);
    run(2, &of);
    let accepted = run(0, &["audit", "accept", "--reason", "the clock was wrong before"]);
    assert!(accepted.contains("the clock is in doubt"), "{accepted}");
    run(0, &of);
    assert!(run(0, &["audit", "accept", "--reason", "x"]).contains("nothing"));
}

#[test]
fn a_day_to_come_is_asked_about_and_stands_in_the_entry() {
    let desk = Desk::new();
    assert_eq!(desk.verb(&["init"]).code, 0);
    let of = ["ledger", "reserve", PREFIX, "--year", "24", "--level", "2", "--count", "1", "--reason", "x"];
    let ahead = [&of[..], &["--today", "2031-01-01"]].concat();
    let asked = said(&desk, 2, &ahead);
    assert!(asked.contains("2031-01-01 is 1502 days after today (2026-11-21)"), "{asked}");
    assert!(asked.contains("--day-is-right"), "{asked}");
    let mut rows = goods(2);
    rows.iter_mut().for_each(|row| row[7].clear());
    let file = desk.roster("new.csv", &rows);
    let allocate = ["ledger", "allocate", file.to_str().unwrap(), "--prefix", PREFIX, "--profile", "gansu-competition"];
    let allocate = [&allocate[..], &["--today", "2031-01-01"]].concat();
    said(&desk, 2, &allocate);
    let import = ["ledger", "import", desk.roster("old.csv", &goods(1)).to_str().unwrap()].map(String::from);
    let import = [import.iter().map(String::as_str).collect(), vec!["--today", "2031-01-01"]].concat();
    said(&desk, 2, &import);
    assert_eq!(told(&desk, 0, &["ledger", "series"])["series"], json!([]), "nothing was taken");
    assert!(said(&desk, 0, &[&import[..], &["--dry-run"]].concat()).contains("2031-01-01"));

    told(&desk, 0, &[&ahead[..], &["--day-is-right"]].concat());
    let entry = &told(&desk, 0, &["audit", "show", "--limit", "1"])["entries"][0];
    assert_eq!((&entry["action"], &entry["after"]["on"]), (&"ledger.reserve".into(), &"2031-01-01".into()));
    // Tomorrow is no jump, and no day that is past.
    for day in ["2026-11-22", "2026-10-01"] {
        told(&desk, 0, &[&of[..], &["--today", day]].concat());
    }
    assert_eq!(desk.verb(&["ledger", "verify"]).code, 0);
}
