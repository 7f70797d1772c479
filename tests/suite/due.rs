//! What is due, through the shell: listed, counted, noted, written for other programs, and the day from which nothing is accepted.

use std::fs;

use proptest::prelude::*;
use serde_json::Value;
use skillcert::domain::ledger::event::{DatedEvent, NotedEvent, Thing};
use skillcert::domain::ledger::verify::VerifyReport;
use skillcert::store::{StatePaths, Store, StoreReader};

use crate::support::{Desk, goods, root};

const BEIJING: &str = "Y000111020001";
const GUANGDONG: &str = "S000044012001";

/// Runs a verb that must end with a code.
#[track_caller]
pub fn said(desk: &Desk, code: i32, arguments: &[&str]) -> String {
    let ran = desk.verb(&[arguments, &["--lang", "en"]].concat());
    assert_eq!(ran.code, code, "{arguments:?}: {}{}", ran.out, ran.err);
    ran.out + &ran.err
}

#[track_caller]
pub fn told(desk: &Desk, code: i32, arguments: &[&str]) -> Value {
    let ran = desk.verb(&[arguments, &["--format", "json"]].concat());
    assert_eq!(ran.code, code, "{arguments:?}: {}{}", ran.out, ran.err);
    serde_json::from_str(&ran.out).unwrap_or_else(|e| panic!("{e}: {}", ran.out))
}

/// Tells of each item its clause, standing and day.
pub fn brief(list: &Value) -> Vec<String> {
    let of = |item: &Value| format!("{} {} {}", item["clause"], item["standing"], item["due"]).replace('"', "");
    list["items"].as_array().expect("items").iter().map(of).collect()
}

/// A batch in Beijing whose certificates are of a day; gives their codes.
fn batch(desk: &Desk, on: &str) -> Vec<String> {
    let mut rows = goods(2);
    for row in &mut rows {
        row[7].clear();
        row[8].clear();
        row[9] = "北京样例集团有限公司".into();
        row[10] = "北京样例集团有限公司".into();
    }
    desk.roster("beijing.csv", &rows);
    said(desk, 0, &["institution", "add", BEIJING, "--name", "北京样例集团有限公司", "--profile", "beijing"]);
    let call = ["ledger", "allocate", "beijing.csv", "--profile", "beijing", "--prefix", BEIJING, "--today", on];
    said(desk, 0, &[&call[..], &["--day-is-right", "--output", "up.csv"]].concat());
    let shown = told(desk, 0, &["ledger", "show", BEIJING]);
    shown["certificates"]
        .as_array()
        .expect("certificates")
        .iter()
        .map(|c| c["code"].as_str().expect("a code").into())
        .collect()
}

#[test]
fn a_batch_and_its_institution_are_listed_the_worst_first() {
    let desk = Desk::new();
    batch(&desk, "2026-01-30");
    // The receipt is what the specimen waits for.
    let list = told(&desk, 0, &["due", "--on", "2026-03-19"]);
    assert_eq!(brief(&list), ["BJ-16 due 2026-03-19", "BJ-22 due 2026-06-30", "BJ-11 waiting null"]);
    let first = &list["items"][0];
    assert_eq!(
        (&first["thing"], &first["start"], &first["days_left"]),
        (&"batch:1".into(), &"2026-01-30".into(), &0.into())
    );
    assert_eq!(
        (&first["certificates"], &first["source"], &first["provisional"]),
        (&2.into(), &"published".into(), &false.into())
    );
    assert_eq!(list["items"][2]["waits_for"], "receipt");
    let list = told(&desk, 1, &["due", "--on", "2026-03-20"]);
    assert_eq!(brief(&list)[0], "BJ-16 overdue 2026-03-19");
    assert_eq!(list["counts"], serde_json::json!({ "overdue": 1, "due": 1, "waiting": 1 }));
    let list = told(&desk, 1, &["due", "--on", "2026-07-01", "--within", "0", "--institution", "Y00011"]);
    assert_eq!(brief(&list), ["BJ-22 too-late 2026-06-30", "BJ-16 overdue 2026-03-19"]);
    assert_eq!(brief(&told(&desk, 0, &["due", "--on", "2026-07-01", "--institution", "S0000"])), [""; 0]);
    let text = said(&desk, 1, &["due", "--on", "2026-03-20", "--steps"]);
    assert!(text.contains("Overdue  1") && text.contains("1 day ago") && text.contains("beijing.csv"), "{text}");
    assert!(
        text.contains("2026-02-14 Saturday  day 11") && text.contains("not counted"),
        "a make-up day counts: {text}"
    );
    assert!(text.contains("BJ-21"), "it says what to write: {text}");
}

#[test]
fn a_batch_and_a_certificate_name_what_is_due_of_them() {
    let desk = Desk::new();
    let codes = batch(&desk, "2026-01-30");
    let page = desk.verb(&["check", "--batch", "1", "--lang", "en"]).out;
    for word in ["Deadlines:", "too late", "2026-06-30", "BJ-22", "BJ-16"] {
        assert!(page.contains(word), "{word}: {page}");
    }
    assert!(!page.contains("BJ-11"), "that is the institution's: {page}");
    let ran = desk.verb(&["check", "--batch", "1", "--format", "json"]);
    let page: Value = serde_json::from_str(&ran.out).expect("JSON");
    let due = page["due"].as_array().expect("a list");
    assert_eq!((due.len(), &due[0]["clause"], &due[0]["due"]), (2, &"BJ-22".into(), &"2026-06-30".into()), "{page}");
    let ran = desk.verb(&["check", "beijing.csv", "--format", "json"]);
    let file: Value = serde_json::from_str(&ran.out).expect("JSON");
    assert_eq!(file.get("due"), None, "a file that is in no store has no deadlines");
    let life = said(&desk, 0, &["ledger", "show", &codes[0]]);
    assert!(life.contains("Deadlines:") && life.contains("BJ-22"), "{life}");
    let life = told(&desk, 0, &["ledger", "show", &codes[0]]);
    let due = life["due"].as_array().expect("a list");
    assert_eq!(
        due.iter().map(|item| item["clause"].as_str().expect("a clause")).collect::<Vec<_>>(),
        ["BJ-22", "BJ-16"]
    );
    // Once it is void nothing of it is due, though its batch has others.
    said(&desk, 0, &["ledger", "void", &codes[0], "--reason", "印坏", "--yes"]);
    assert_eq!(told(&desk, 0, &["ledger", "show", &codes[0]])["due"], serde_json::json!([]));
    assert_eq!(told(&desk, 1, &["due"])["items"][0]["certificates"], 1);
}

#[test]
fn a_deadline_is_counted_by_itself_without_a_store() {
    let desk = Desk::new();
    let call = ["due", "--rule", "bj-16", "--from", "2026-01-30"];
    let counted = told(&desk, 0, &call);
    assert_eq!((&counted["due"], &counted["clause"]), (&"2026-03-19".into(), &"BJ-16".into()));
    let steps = counted["steps"].as_array().expect("steps");
    assert_eq!(steps.iter().filter(|step| step["number"].is_u64()).count(), 30);
    let text = said(&desk, 0, &call);
    assert!(text.contains("2026-03-19 Thursday  day 30") && text.contains("2026-02-17"), "{text}");
    let second = told(&desk, 0, &["due", "--rule", "BJ-22", "--from", "2025-09-30"]);
    assert_eq!((&second["due"], &second["put_off"]), (&"2026-02-28".into(), &Value::Null));
    let other = &second["second"];
    assert_eq!((&other["start"], &other["due"]), (&"2025-11-18".into(), &"2026-04-18".into()));
    assert_eq!(told(&desk, 0, &["due", "--rule", "GD-05", "--from", "2025-06-01"])["safe"], "2025-01-24");
    let none = said(&desk, 2, &["due", "--rule", "BJ-61", "--from", "2026-01-30"]);
    assert!(none.contains("BJ-61") && none.contains("BJ-16"), "{none}");
    said(&desk, 2, &["due", "--rule", "BJ-16", "--from", "2026-01-30", "--format", "ics"]);
    said(&desk, 2, &["due", "--rule", "BJ-16"]);
}

#[test]
fn events_are_noted_where_they_belong_and_taken_back_by_a_later_word() {
    let desk = Desk::new();
    let codes = batch(&desk, "2026-01-30");
    said(&desk, 0, &["event", "note", "receipt", BEIJING, "2026-01-22"]);
    said(&desk, 0, &["event", "note", "收到备案回执", BEIJING, "2026-01-23", "--reason", "看错了"]);
    let items = told(&desk, 0, &["due", "--on", "2026-02-01"]);
    assert!(brief(&items).contains(&"BJ-11 due 2026-02-27".to_string()), "{items}");
    let again = said(&desk, 2, &["event", "note", "receipt", BEIJING, "2026-01-23"]);
    assert!(again.contains("stands already"), "{again}");
    said(&desk, 0, &["event", "take-back", "receipt", BEIJING, "--reason", "不是这家"]);
    said(&desk, 2, &["event", "take-back", "receipt", BEIJING, "--reason", "不是这家"]);
    assert_eq!(told(&desk, 0, &["event", "list"])["events"], serde_json::json!([]));
    // Who does not exist has no events, what is to come has not happened, what the ledger has is not noted apart.
    let unknown = said(&desk, 2, &["event", "note", "receipt", "Y000111020002", "2026-01-22"]);
    assert!(unknown.contains(BEIJING), "{unknown}");
    said(&desk, 2, &["event", "note", "uploaded", "9", "2026-01-22"]);
    said(&desk, 2, &["event", "note", "received", "9", "2026-01-22"]);
    said(&desk, 2, &["event", "note", "uploaded", "x", "2026-01-22"]);
    said(&desk, 2, &["event", "note", "uploaded", "1", "2026-11-22"]);
    said(&desk, 2, &["event", "note", "submitted", "1", "2026-01-22"]);
    said(&desk, 0, &["event", "note", "exam", "1", "2026-12-12"]);
    let noted = told(&desk, 0, &["event", "list"]);
    assert_eq!(noted["events"], serde_json::json!([{ "thing": "batch:1", "event": "exam", "day": "2026-12-12" }]));
    // The life of a certificate of the batch tells it, and so does the chain of the institution.
    let life = said(&desk, 0, &["ledger", "show", &codes[0]]);
    assert!(life.contains("event noted") && life.contains("2026-12-12"), "{life}");
    let chain = said(&desk, 0, &["audit", "show", "--object", &format!("institution:{BEIJING}")]);
    assert_eq!(chain.matches("event noted").count(), 3, "{chain}");
    said(&desk, 0, &["ledger", "verify"]);
}

#[test]
fn what_is_due_goes_into_a_table_and_a_calendar_without_names() {
    let desk = Desk::new();
    batch(&desk, "2026-11-02");
    let csv = said(&desk, 0, &["due", "--format", "csv", "--report-lang", "en"]);
    assert!(csv.starts_with('\u{FEFF}') && csv.contains("Standing,Of,Name,Clause"), "{csv}");
    assert_eq!(csv.lines().count(), 4, "{csv}");
    said(&desk, 0, &["due", "--format", "ics", "--output", "due.ics"]);
    said(&desk, 3, &["due", "--format", "ics", "--output", "due.ics"]);
    said(&desk, 0, &["due", "--format", "ics", "--output", "due.ics", "--force"]);
    said(&desk, 2, &["due", "--output", "due.txt"]);
    let file = fs::read_to_string(desk.path("due.ics")).expect("written");
    assert!(!file.contains("beijing.csv") && !file.contains('张'), "{file}");
    let events = parsed(&file);
    assert_eq!(events.len(), 2, "{file}");
    let of = |event: &[(String, String)], name: &str| {
        let found: Vec<&str> = event.iter().filter(|(n, _)| n == name).map(|(_, value)| value.as_str()).collect();
        assert_eq!(found.len(), 1, "{name}: {event:?}");
        found[0].to_string()
    };
    assert_eq!(of(&events[0], "UID"), "bj-16.batch-1@skillcert");
    assert_eq!(of(&events[0], "DTSTART;VALUE=DATE"), "20261214");
    assert_eq!(of(&events[0], "DTEND;VALUE=DATE"), "20261215");
    assert!(of(&events[0], "SUMMARY").contains("BJ-16"), "{events:?}");
    assert!(of(&events[0], "DTSTAMP").ends_with('Z'), "{events:?}");
}

/// What the user wrote of a day goes before what was published, and is told as such.
#[test]
fn the_users_own_calendar_wins_and_is_named() {
    let desk = Desk::new();
    let counted = || told(&desk, 0, &["due", "--rule", "BJ-16", "--from", "2026-01-30"]);
    assert_eq!((&counted()["due"], &counted()["source"]), (&"2026-03-19".into(), &"published".into()));
    fs::create_dir_all(desk.path("home/.local/share/skillcert/tables")).expect("a folder");
    desk.put("home/.local/share/skillcert/tables/calendar.csv", "date,kind,name\n2026-03-19,holiday,样例停电\n");
    assert_eq!(counted()["due"], "2026-03-20");
    let steps = counted()["steps"].clone();
    let off = steps.as_array().expect("steps").iter().find(|step| step["day"] == "2026-03-19").expect("the day");
    assert_eq!((&off["number"], &off["off"]), (&Value::Null, &"样例停电".into()));
    assert_eq!((&counted()["source"], &counted()["provisional"]), (&"user".into(), &false.into()));
}

/// A day that the user knows of a computed year leaves the rest of it as it was, provisional too; a whole calendar replaces it.
#[test]
fn a_single_day_of_the_user_is_no_calendar_of_the_year() {
    let desk = Desk::new();
    let counted = || told(&desk, 0, &["due", "--rule", "GD-50", "--from", "2027-02-04"]);
    let before = counted();
    assert_eq!((&before["provisional"], &before["source"]), (&true.into(), &"computed".into()));
    fs::create_dir_all(desk.path("home/.local/share/skillcert/tables")).expect("a folder");
    let write = |text: &str| desk.put("home/.local/share/skillcert/tables/calendar.csv", text);
    write("date,kind,name\n2027-03-01,off,校庆\n");
    let beside = counted();
    assert_eq!((&beside["due"], &beside["provisional"]), (&before["due"], &true.into()));
    write("date,kind,name\n2027-02-08,off,春节\n2027-10-01,off,国庆节\n");
    let own = counted();
    assert_eq!(
        (&own["due"], &own["source"], &own["provisional"]),
        (&"2027-02-12".into(), &"user".into(), &false.into())
    );
}

/// A clause may set several days from one event: each is an entry of its own.
#[test]
fn two_deadlines_of_one_clause_are_two_entries_of_a_calendar() {
    let desk = Desk::new();
    let built_in = fs::read_to_string(root("data/profiles/beijing.toml")).expect("built in");
    let second = "[[deadline]]\nname = \"先交一份\"\nname_en = \"a first copy\"\nfrom = \"issued\"\nlength = 10\nuntil = \"submitted\"\nclause = \"BJ-16\"\n\n";
    let own = built_in.replacen(
        "[[deadline]]\nname = \"市中心备案并上传\"",
        &format!("{second}[[deadline]]\nname = \"市中心备案并上传\""),
        1,
    );
    assert_ne!(own, built_in);
    fs::create_dir_all(desk.path("home/.local/share/skillcert/profiles")).expect("a folder");
    desk.put("home/.local/share/skillcert/profiles/beijing.toml", own);
    batch(&desk, "2026-11-02");
    // The first copy is overdue.
    let file = said(&desk, 1, &["due", "--format", "ics"]);
    let uids: Vec<String> =
        parsed(&file).iter().flatten().filter(|(name, _)| name == "UID").map(|(_, uid)| uid.clone()).collect();
    let wanted = ["bj-16-2.batch-1@skillcert", "bj-16.batch-1@skillcert", "bj-22.batch-1@skillcert"];
    assert_eq!(uids, wanted, "{file}");
}

/// Reads a calendar as RFC 5545 has it; gives of each event its own lines, those of the reminder apart.
fn parsed(file: &str) -> Vec<Vec<(String, String)>> {
    assert!(file.ends_with("\r\n") && file.split("\r\n").all(|line| line.len() <= 75), "{file}");
    let whole = file.replace("\r\n ", "");
    let (mut open, mut events): (Vec<String>, Vec<Vec<(String, String)>>) = Default::default();
    for line in whole.split_terminator("\r\n") {
        let (name, value) = line.split_once(':').unwrap_or_else(|| panic!("{line}"));
        match name {
            "BEGIN" => {
                open.push(value.to_string());
                if value == "VEVENT" {
                    events.push(Vec::new());
                }
            }
            "END" => assert_eq!(open.pop().as_deref(), Some(value)),
            _ if open.last().map(String::as_str) == Some("VEVENT") => {
                events.last_mut().expect("an event").push((name.to_string(), value.to_string()));
            }
            _ => {}
        }
    }
    assert!(open.is_empty());
    events
}

#[test]
fn nothing_is_called_submitted_after_its_last_day_unless_somebody_says_why() {
    let desk = Desk::new();
    let codes = batch(&desk, "2026-01-30");
    let mark = |code: i32, more: &[&str]| {
        said(&desk, code, &[&["ledger", "mark", "submitted", "--batch", "1"], more].concat())
    };
    // It is 21 November: five months are over, and so is the other reading.
    for more in [&["--dry-run"][..], &[], &["--reason", "交了"], &["--date", "2026-07-01"]] {
        let refused = mark(1, more);
        let tells = ["2026-06-30", "BJ-22", "2026-08-19", "--past-deadline"];
        assert!(tells.iter().all(|word| refused.contains(word)), "{more:?}: {refused}");
    }
    let one = said(&desk, 1, &["ledger", "mark", "submitted", &codes[0]]);
    assert!(one.contains("1 certificate issued on 2026-01-30"), "{one}");
    // The strict day itself is not late.
    let ran = desk.verb(&["ledger", "mark", "submitted", &codes[0], "--date", "2026-06-30"]);
    assert!(!ran.err.contains("BJ-22"), "{}", ran.err);
    mark(2, &["--past-deadline"]);
    mark(0, &["--past-deadline", "--reason", "市中心同意受理", "--yes"]);
    let chain = said(&desk, 0, &["audit", "show", "--limit", "1"]);
    assert!(chain.contains("市中心同意受理") && chain.contains("BJ-22 2026-06-30"), "{chain}");
    assert!(said(&desk, 0, &["ledger", "show", &codes[1]]).contains("BJ-22 2026-06-30"));
    said(&desk, 0, &["ledger", "verify"]);
}

/// Handed in in time, returned, exported anew: the return counts until it is handed in again, and the first time stays the first.
#[test]
fn what_came_back_is_due_until_it_is_handed_in_anew() {
    let desk = Desk::new();
    let codes = batch(&desk, "2026-01-30");
    let on = |day: &str, verb: &[&str]| said(&desk, 0, &[verb, &["--date", day, "--yes"]].concat());
    on("2026-03-02", &["ledger", "mark", "submitted", "--batch", "1"]);
    on("2026-03-10", &["ledger", "mark", "returned", "--batch", "1", "--reason", "照片不清"]);
    let due = |code, day: &str| brief(&told(&desk, code, &["due", "--batch", "1", "--on", day]));
    assert_eq!(due(0, "2026-03-20"), ["BJ-20 due 2026-03-31"]);
    said(&desk, 0, &["export", "--batch", "1", "--output", "again.csv"]);
    assert_eq!(due(0, "2026-03-20"), ["BJ-20 due 2026-03-31"], "an export meets nothing");
    assert_eq!(due(1, "2026-09-20"), ["BJ-20 overdue 2026-03-31"], "BJ-16 and BJ-22 were met in March");
    let life = told(&desk, 0, &["ledger", "show", &codes[0]]);
    assert_eq!(
        (life["due"].as_array().expect("a list").len(), &life["due"][0]["clause"]),
        (1, &"BJ-20".into()),
        "{life}"
    );
    // What is late is its own day, not the first one.
    said(&desk, 0, &["lateness", "--batch", "1", "--output", "late.txt"]);
    assert!(fs::read_to_string(desk.path("late.txt")).expect("written").contains("2026-03-31（BJ-20"));
    // Five months after the issue date it may still be handed in anew.
    on("2026-11-21", &["ledger", "mark", "submitted", "--batch", "1"]);
    assert_eq!(due(0, "2026-11-21"), ["BJ-18 expected 2027-01-04", "BJ-19 waiting null"]);
}

/// One of two came back: each has its own days.
#[test]
fn of_a_batch_only_what_came_back_is_handed_in_anew() {
    let desk = Desk::new();
    let codes = batch(&desk, "2026-01-30");
    let mark = |day: &str, more: &[&str]| {
        said(&desk, 0, &[&["ledger", "mark"], more, &["--date", day, "--yes"]].concat());
    };
    mark("2026-03-02", &["submitted", &codes[0]]);
    mark("2026-03-10", &["returned", &codes[0], "--reason", "照片不清"]);
    said(&desk, 0, &["export", "--batch", "1", "--output", "again.csv"]);
    let list = told(&desk, 0, &["due", "--batch", "1", "--on", "2026-03-12"]);
    assert_eq!(brief(&list), ["BJ-16 due 2026-03-19", "BJ-20 due 2026-03-31", "BJ-22 due 2026-06-30"]);
    let counts: Vec<&Value> =
        list["items"].as_array().expect("items").iter().map(|item| &item["certificates"]).collect();
    assert_eq!(counts, [1, 1, 1]);
}

#[test]
fn lateness_is_drafted_for_the_clerk_to_fill_in() {
    let desk = Desk::new();
    batch(&desk, "2026-09-01");
    said(&desk, 2, &["lateness", "--batch", "9", "--output", "late.txt"]);
    let draft = |code, more: &[&str]| {
        said(&desk, code, &[&["lateness", "--batch", "1", "--output", "late.txt"], more].concat())
    };
    draft(0, &[]);
    draft(3, &[]);
    let page = fs::read_to_string(desk.path("late.txt")).expect("written");
    for word in [
        "批次 1",
        "beijing.csv",
        "北京样例集团有限公司",
        "2026-09-01",
        "证书 2 份",
        "2026-10-19",
        "BJ-16",
        "BJ-21",
        "2026-11-21",
    ] {
        assert!(page.contains(word), "{word}: {page}");
    }
    let why = ["--force", "--reason", "印章送达较晚"];
    assert!(draft(0, &why).contains("sign and seal"));
    let page = fs::read_to_string(desk.path("late.txt")).expect("written");
    assert!(page.contains("四、逾期的原因：\n\n    印章送达较晚\n"), "{page}");
    let marked = said(&desk, 0, &["ledger", "mark", "submitted", "--batch", "1", "--date", "2026-11-20", "--yes"]);
    for word in ["2 certificates", "BJ-16", "BJ-21", "skillcert lateness"] {
        assert!(marked.contains(word), "{word}: {marked}");
    }
    draft(0, &["--force"]);
    let page = fs::read_to_string(desk.path("late.txt")).expect("written");
    assert!(page.contains("2026-11-20，逾期 32 天"), "{page}");
    // Whatever becomes of them, when they were handed in stays known: here and for what the authority is to do.
    said(&desk, 0, &["ledger", "mark", "accepted", "--batch", "1", "--date", "2026-11-21", "--yes"]);
    draft(0, &["--force"]);
    let page = fs::read_to_string(desk.path("late.txt")).expect("written");
    assert!(page.contains("2026-11-20，逾期 32 天"), "{page}");
    let list = told(&desk, 0, &["due", "--batch", "1"]);
    assert_eq!(brief(&list), ["BJ-18 expected 2027-01-04", "BJ-19 waiting null"]);
    assert_eq!((&list["items"][0]["start"], &list["items"][0]["certificates"]), (&"2026-11-20".into(), &2.into()));
    let desk = Desk::new();
    batch(&desk, "2026-11-20");
    said(&desk, 1, &["lateness", "--batch", "1", "--output", "late.txt"]);
}

/// What came back has a day of its own (BJ-20), and missing it is told as missing the first one is.
#[test]
fn what_was_returned_and_is_handed_in_anew_too_late_is_told_and_explained() {
    let desk = Desk::new();
    batch(&desk, "2026-03-02");
    let mark = |code, status: &str, day: &str| {
        said(&desk, code, &["ledger", "mark", status, "--batch", "1", "--date", day, "--reason", "x", "--yes"])
    };
    mark(0, "submitted", "2026-03-16");
    mark(0, "returned", "2026-03-20");
    let draft = |code| said(&desk, code, &["lateness", "--batch", "1", "--output", "late.txt", "--force"]);
    let page = || fs::read_to_string(desk.path("late.txt")).expect("written");
    assert_eq!(brief(&told(&desk, 1, &["due", "--batch", "1", "--on", "2026-04-20"]))[0], "BJ-20 overdue 2026-04-13");
    draft(0);
    assert!(page().contains("2026-03-20 被退回") && page().contains("BJ-20"), "{}", page());
    said(&desk, 0, &["export", "--batch", "1", "--output", "again.csv"]);
    let told = mark(0, "submitted", "2026-11-21");
    for word in ["2 certificates", "BJ-20", "BJ-21"] {
        assert!(told.contains(word), "{word}: {told}");
    }
    draft(0);
    assert!(page().contains("2026-11-21，逾期 222 天"), "{}", page());
    // In time nobody asks why.
    let desk = Desk::new();
    batch(&desk, "2026-10-20");
    let mark = |status: &str, day: &str| {
        said(&desk, 0, &["ledger", "mark", status, "--batch", "1", "--date", day, "--reason", "x", "--yes"])
    };
    mark("submitted", "2026-11-02");
    mark("returned", "2026-11-09");
    said(&desk, 0, &["export", "--batch", "1", "--output", "again.csv"]);
    assert!(!mark("submitted", "2026-11-21").contains("BJ-20"));
    said(&desk, 1, &["lateness", "--batch", "1", "--output", "late.txt"]);
}

#[test]
fn a_reissue_is_due_five_working_days_after_it_was_received() {
    let desk = Desk::new();
    let mut rows = goods(1);
    (rows[0][7], rows[0][9], rows[0][10]) =
        (format!("{GUANGDONG}262000001"), "样例技师学院".into(), "样例技师学院".into());
    rows[0][8] = "2026-03-02".into();
    desk.roster("old.csv", &rows);
    said(&desk, 0, &["ledger", "import", "old.csv", "--profile", "guangdong-technical", "--status", "published"]);
    let code = &rows[0][7];
    let papers = ["--paper", "证书遗失、损坏补发证明申请表", "--paper", "申请人身份证原件"];
    let open = ["case", "open", "reissue", code, "--cause", "lost", "--reason", "丢失", "--on", "2026-11-16"];
    said(&desk, 0, &[&open[..], &papers].concat());
    let list = told(&desk, 0, &["due"]);
    assert_eq!(brief(&list), ["GD-50 due 2026-11-23"]);
    assert_eq!((&list["items"][0]["thing"], &list["items"][0]["title"]), (&"case:1".into(), &code.as_str().into()));
    said(&desk, 0, &["event", "note", "received", "1", "2026-11-17"]);
    assert_eq!(brief(&told(&desk, 0, &["due"])), ["GD-50 due 2026-11-24"]);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever is noted in whatever order, the latest word on each counts, and the chain leads to what stands in the table.
    #[test]
    fn the_latest_word_counts_and_the_chain_agrees(words in prop::collection::vec((0..4_usize, 0..4_usize, prop::option::of(1..28_u32)), 1..20)) {
        let desk = Desk::new();
        batch(&desk, "2026-01-30");
        let home = desk.path("home/.local/share/skillcert");
        let places = StatePaths::at(&home).expect("a folder");
        let store = Store::open(&places, "wang", "test").expect("a store");
        let things = [Thing::Institution(BEIJING.to_string()), Thing::Batch(skillcert::domain::ledger::BatchId(1))];
        let mut expected: Vec<NotedEvent> = Vec::new();
        for (thing, event, day) in words {
            let thing = &things[thing % 2];
            let events: Vec<DatedEvent> = DatedEvent::noted_of(thing.kind()).collect();
            let event = events[event % events.len()];
            let day = day.map(|day| chrono::NaiveDate::from_ymd_opt(2026, 2, day).expect("a day"));
            store.note_event(thing, event, day, "x").expect("noted");
            expected.retain(|noted| noted.thing != *thing || noted.event != event);
            expected.extend(day.map(|day| NotedEvent { thing: thing.clone(), event, day }));
        }
        let key = |noted: &NotedEvent| (noted.thing.to_string(), noted.event.key());
        let mut stands = store.events().expect("read");
        stands.sort_by_key(key);
        expected.sort_by_key(key);
        prop_assert_eq!(stands, expected);
        drop(store);
        let (_, report) = StoreReader::open(&places).expect("opened").expect("a ledger").verify().expect("read");
        prop_assert_eq!(report, VerifyReport::default());
    }
}
