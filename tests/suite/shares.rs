//! The share register (BJ-31), and every unmasked file that goes out beside the upload.

use serde_json::Value;

use crate::support::{Desk, goods};

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

const ADD: [&str; 12] = [
    "share",
    "add",
    "--receiver",
    "区人社局就业科",
    "--purpose",
    "就业帮扶",
    "--scene",
    "内部核对",
    "--approver",
    "李主任",
    "--expires",
    "2026-12-31",
];

/// A home with three certificates.
fn desk() -> Desk {
    let desk = Desk::new();
    desk.roster("good.csv", &goods(3));
    said(&desk, 0, &["ledger", "import", "good.csv", "--profile", "gansu-competition"]);
    desk
}

fn year(desk: &Desk, code: i32, more: &[&str]) -> String {
    let call = ["ledger", "export", "--year", "2024", "--output", "year.csv", "--force"];
    said(desk, code, &[&call[..], more].concat())
}

#[test]
fn an_entry_is_made_completed_corrected_and_ended() {
    let desk = desk();
    let added = said(&desk, 0, &ADD);
    assert!(added.contains("share 1") && !added.contains("still needs"), "{added}");
    let shown = told(&desk, 0, &["share", "show", "1"]);
    assert_eq!(
        (&shown["state"], &shown["receiver"], &shown["expires"]),
        (&"open".into(), &"区人社局就业科".into(), &"2026-12-31".into())
    );
    said(&desk, 0, &["share", "change", "1", "--expires", "2026-11-30", "--scope", "三人"]);
    said(&desk, 1, &["share", "change", "1", "--scope", "三人"]);
    said(&desk, 1, &["share", "change", "1", "--expires", "2026-11-20"]);
    said(&desk, 1, &["share", "end", "1", "--on", "2026-11-22", "--reason", "收回"]);
    // Nothing is over before it was noted: both days are named.
    let early = said(&desk, 1, &["share", "end", "1", "--on", "2026-11-20", "--reason", "收回"]);
    let made = shown["time"].as_str().expect("a time");
    let made = chrono::DateTime::parse_from_rfc3339(made).expect("a time").with_timezone(&chrono::Local).date_naive();
    assert!(early.contains("2026-11-20") && early.contains(&made.to_string()), "{early}");
    said(&desk, 0, &["share", "end", "1", "--reason", "收回"]);
    said(&desk, 1, &["share", "end", "1", "--reason", "收回"]);
    said(&desk, 1, &["share", "change", "1", "--scope", "四人"]);
    let all = told(&desk, 0, &["share", "list", "--all"]);
    assert_eq!((&all["shares"][0]["state"], &all["shares"][0]["scope"]), (&"ended".into(), &"三人".into()));
    assert_eq!(told(&desk, 0, &["share", "list"])["shares"], serde_json::json!([]));
    // The chain tells each step.
    let chain = said(&desk, 0, &["audit", "show", "--limit", "99"]);
    for step in ["sharing registered", "share changed", "sharing ended"] {
        assert!(chain.contains(step), "{step}: {chain}");
    }
    is_sound(&desk);
}

#[test]
fn an_unmasked_file_goes_out_under_an_entry_or_makes_one() {
    let desk = desk();
    let made = year(&desk, 0, &["--unmask", "--reason", "统计核对"]);
    assert!(made.contains("share 1") && made.contains("BJ-31") && made.contains("receiver"), "{made}");
    let entry = told(&desk, 0, &["share", "show", "1"]);
    assert_eq!((&entry["state"], &entry["purpose"]), (&"incomplete".into(), &"统计核对".into()), "{entry}");
    let file = &entry["files"][0];
    assert_eq!((&file["file"], file["sha256"].as_str().map(str::len)), (&"year.csv".into(), Some(64)), "{entry}");
    let incomplete = told(&desk, 1, &["share", "list", "--incomplete"]);
    assert_eq!(incomplete["shares"].as_array().map(Vec::len), Some(1));
    said(
        &desk,
        0,
        &[
            "share",
            "change",
            "1",
            "--receiver",
            "某局",
            "--scene",
            "核对",
            "--approver",
            "李主任",
            "--expires",
            "2026-12-31",
        ],
    );
    told(&desk, 0, &["share", "list", "--incomplete"]);
    year(&desk, 0, &["--unmask", "--reason", "再交一次", "--share", "1"]);
    let entry = told(&desk, 0, &["share", "show", "1"]);
    assert_eq!(entry["files"].as_array().map(Vec::len), Some(2), "{entry}");
    // What is masked goes out as it is.
    year(&desk, 0, &[]);
    assert_eq!(told(&desk, 0, &["share", "list"])["shares"].as_array().map(Vec::len), Some(1));
    said(&desk, 0, &["share", "change", "1", "--file", "good.csv"]);
    is_sound(&desk);
}

#[test]
fn an_entry_that_is_over_is_not_used_and_nothing_is_written() {
    let desk = desk();
    said(&desk, 0, &ADD);
    let mut late = ADD;
    late[11] = "2026-11-21";
    said(&desk, 0, &late);
    said(&desk, 0, &["share", "end", "1", "--reason", "收回"]);
    for (share, code) in [("1", 1), ("9", 2)] {
        let refused = year(&desk, code, &["--unmask", "--reason", "x", "--share", share]);
        assert!(!desk.path("year.csv").exists(), "{refused}");
    }
    // Its last day is today: tomorrow it has expired, and is listed until somebody ends it.
    year(&desk, 0, &["--unmask", "--reason", "x", "--share", "2"]);
    let mut command = desk.command(&["share", "list", "--expired", "--lang", "en"]);
    let ran = command.env("SKILLCERT_TODAY", "2026-11-22").output().expect("started");
    let out = String::from_utf8_lossy(&ran.stdout).into_owned();
    assert!(ran.status.code() == Some(1) && out.contains("expired"), "{out}");
    let mut command = desk.command(&[
        "ledger", "export", "--year", "2024", "--output", "late.csv", "--unmask", "--reason", "x", "--share", "2",
    ]);
    let ran = command.env("SKILLCERT_TODAY", "2026-11-22").output().expect("started");
    let err = String::from_utf8_lossy(&ran.stderr).into_owned();
    assert!(ran.status.code() == Some(1) && err.contains("BJ-31"), "{err}");
    assert!(!desk.path("late.csv").exists());
    let passed = said(&desk, 1, &{
        let mut add = ADD;
        add[11] = "2026-11-20";
        add
    });
    assert!(passed.contains("BJ-31"), "{passed}");
}

#[test]
fn forms_templates_and_archives_stand_in_the_register_too() {
    let desk = Desk::new();
    let mut rows = goods(2);
    rows.iter_mut().for_each(|row| row[7].clear());
    desk.roster("a.csv", &rows);
    said(&desk, 0, &["ledger", "allocate", "a.csv", "--profile", "gansu-competition", "--prefix", "S000062010001"]);
    // A list for the house is given to nobody, unless somebody says to whom.
    let form = said(&desk, 0, &["form", "write", "hand-out-list", "--batch", "1", "--output", "f.xlsx"]);
    assert!(!form.contains("share"), "{form}");
    let archive = said(&desk, 0, &["archive", "write", "--batch", "1", "--output", "a.zip", "--reason", "存档"]);
    assert!(archive.contains("share 1"), "{archive}");
    let under = ["form", "write", "hand-out-list", "--batch", "1", "--output", "g.xlsx", "--share", "1"];
    assert!(said(&desk, 0, &under).contains("share 1"));
    said(&desk, 0, &["share", "end", "1", "--reason", "本单位存档，没有交出"]);
    said(&desk, 1, &["archive", "write", "--batch", "1", "--output", "b.zip", "--reason", "x", "--share", "1"]);
    assert!(!desk.path("b.zip").exists());
    is_sound(&desk);
}

/// Whatever leaves the house with personal data in it whole stands in the register.
#[test]
fn print_data_proofs_findings_and_the_chain_stand_in_the_register_where_they_are_whole() {
    let desk = Desk::new();
    let codes = crate::stock::printed_batch(&desk, 2);
    let shares = |desk: &Desk| told(desk, 0, &["share", "list"])["shares"].as_array().map_or(0, Vec::len);
    said(&desk, 0, &["print", "data", "--batch", "1", "-o", "p.xlsx", "--reason", "交印刷厂"]);
    let entry = told(&desk, 0, &["share", "show", "1"]);
    assert_eq!((&entry["purpose"], &entry["files"][0]["file"]), (&"交印刷厂".into(), &"p.xlsx".into()), "{entry}");
    let proof = ["print", "proof", &codes[0], "-o"];
    said(&desk, 0, &[&proof[..], &["masked.xlsx"]].concat());
    assert_eq!(shares(&desk), 1, "what is masked goes out as it is");
    let whole = [&proof[..], &["proof.xlsx", "--unmask", "--reason", "送校"]].concat();
    assert!(said(&desk, 0, &whole).contains("share 2"));
    let audit = ["audit", "export", "--output"];
    said(&desk, 0, &[&audit[..], &["masked.csv"]].concat());
    said(&desk, 0, &[&audit[..], &["chain.csv", "--unmask", "--reason", "审计"]].concat());
    let check = ["check", "--batch", "1", "--format", "csv", "--output"];
    desk.verb(&[&check[..], &["masked-findings.csv"]].concat());
    desk.verb(&[&check[..], &["findings.csv", "--unmask", "--reason", "交填报单位"]].concat());
    let files = told(&desk, 0, &["share", "list"])["shares"].clone();
    let files: Vec<&Value> = files.as_array().expect("shares").iter().map(|one| &one["files"][0]["file"]).collect();
    assert_eq!(files, ["findings.csv", "chain.csv", "proof.xlsx", "p.xlsx"]);
    // Under an entry that is named, and not under one that is over.
    said(&desk, 0, &["share", "end", "1", "--reason", "收回"]);
    let again = ["print", "data", "--code", &codes[0], "-o", "q.xlsx", "--again", "--reason", "重印", "--share"];
    said(&desk, 1, &[&again[..], &["1"]].concat());
    assert!(!desk.path("q.xlsx").exists());
    said(&desk, 0, &[&again[..], &["2"]].concat());
    assert_eq!(told(&desk, 0, &["share", "show", "2"])["files"].as_array().map(Vec::len), Some(2));
    is_sound(&desk);
}

#[test]
fn a_sign_that_nobody_sees_is_refused_and_not_dropped() {
    let desk = desk();
    let mut add = ADD;
    add[3] = "区人社局\u{7}就业科";
    let refused = said(&desk, 2, &add);
    assert!(refused.contains("receiver") && refused.contains("U+0007"), "{refused}");
    add[3] = "区人社局\t就业科";
    said(&desk, 0, &add);
    assert_eq!(told(&desk, 0, &["share", "show", "1"])["receiver"], "区人社局 就业科");
    said(&desk, 2, &["share", "change", "1", "--scope", "三\u{200B}人"]);
    is_sound(&desk);
}
