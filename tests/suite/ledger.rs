//! The ledger: its verbs one after the other, and many processes at once.

mod far_reaching;
mod left_out;
mod processes;

use std::path::{Path, PathBuf};

use serde_json::Value;
use skillcert::store::{StatePaths, Store};

use crate::support::{Desk, Ran, goods};

const PREFIX: &str = "S000062010001";
const SERIES: &str = "S000062010001242J*****";
const PROCESSES: usize = 8;
const ROUNDS: usize = 5;

/// A roster without codes; `from` makes its people others than those of another one.
fn roster(desk: &Desk, name: &str, from: usize, count: usize) -> PathBuf {
    let mut rows = goods(from + count).split_off(from);
    rows.iter_mut().for_each(|row| row[7].clear());
    desk.roster(name, &rows)
}

fn allocation(file: &Path) -> Vec<String> {
    let file = file.to_string_lossy().into_owned();
    [
        "ledger",
        "allocate",
        &file,
        "--prefix",
        PREFIX,
        "--profile",
        "gansu-competition",
        "--format",
        "json",
        "--lang",
        "en",
    ]
    .map(String::from)
    .to_vec()
}

fn json(ran: &Ran) -> Value {
    serde_json::from_str(&ran.out).unwrap_or_else(|e| panic!("{e}: {}{}", ran.out, ran.err))
}

fn store(desk: &Desk) -> Store {
    Store::open(&StatePaths::at(&desk.path("home/.local/share/skillcert")).unwrap(), "test", "test").unwrap()
}

/// Runs a verb and gives its JSON.
fn told(desk: &Desk, code: i32, arguments: &[&str]) -> Value {
    let ran = desk.verb(&[arguments, &["--format", "json"]].concat());
    assert_eq!(ran.code, code, "{arguments:?}: {}{}", ran.out, ran.err);
    json(&ran)
}

#[test]
fn a_batch_gets_its_numbers_and_goes_its_way() {
    let desk = Desk::new();
    let old = desk.roster("old.csv", &goods(3));
    let old = old.to_str().unwrap();
    let adopted = told(&desk, 0, &["ledger", "import", old]);
    assert_eq!((&adopted["files"][0]["new"], &adopted["files"][0]["same"]), (&3.into(), &0.into()));
    let file = roster(&desk, "new.csv", 10, 4);
    let file = file.to_str().unwrap();
    let options = ["--prefix", PREFIX, "--profile", "gansu-competition"];
    let dry = told(&desk, 0, &[&["ledger", "allocate", file, "--dry-run"], &options[..]].concat());
    assert_eq!((&dry["series"][0]["first"], &dry["series"][0]["last"]), (&4.into(), &7.into()));
    assert_eq!(told(&desk, 0, &["batch", "list"])["batches"].as_array().map(Vec::len), Some(0), "only a preview");

    let upload = desk.path("upload.csv");
    let reason = ["--reason", "第一批"];
    let given = told(&desk, 0, &[&["ledger", "allocate", file, "--sort", "id-number"], &options[..], &reason].concat());
    assert_eq!(desk.verb(&["export", "--batch", "1", "--output", upload.to_str().unwrap()]).code, 0);
    assert_eq!((&given["batch"], &given["rows"][0]["code"]), (&1.into(), &"S000062010001242J00004".into()));
    let written = std::fs::read_to_string(&upload).unwrap();
    assert_eq!(written.lines().filter(|l| l.contains("S000062010001242J0000")).count(), 4);
    let again = told(&desk, 0, &[&["ledger", "allocate", file], &options[..]].concat());
    let refusals = again["refused"].as_array().unwrap();
    assert!(refusals.len() == 4 && refusals.iter().all(|r| r["refusal"] == "has-code"), "{again}");

    let shown = told(&desk, 0, &["ledger", "show", "s000062010001 242J 00004"]);
    let shown = &shown["certificate"];
    assert_eq!((&shown["status"], &shown["batch"]), (&"exported".into(), &1.into()));
    assert!(shown["record"]["id_number"].as_str().unwrap().contains("********"));
    let one = "S000062010001242J00004";
    // No status comes before the one it follows, or before its day.
    let early = told(&desk, 1, &["ledger", "mark", "submitted", one, "--date", "2026-11-20"]);
    assert_eq!(early["refused"][0]["since"], "2026-11-21");
    assert_eq!(desk.verb(&["ledger", "mark", "submitted", one, "--date", "2026-11-22"]).code, 2);
    told(&desk, 0, &["ledger", "mark", "submitted", "--batch", "1", "--date", "2026-11-21"]);
    let refused = told(&desk, 1, &["ledger", "void", one, "--yes", "--reason", "写错"]);
    assert_eq!(refused["refused"][0]["status"], "submitted");
    told(&desk, 0, &["ledger", "mark", "returned", one, "--reason", " 姓名不符 "]);
    let audit = desk.verb(&["audit", "show", "--limit", "1", "--format", "json"]).out;
    assert!(audit.contains("\"姓名不符\""), "{audit}");
    assert_eq!(told(&desk, 0, &["batch", "show", "1"])["batch"]["numbers"]["returned"], 1);
    // The reason goes back with the row, for whoever mends it.
    let shown = told(&desk, 0, &["batch", "show", "1"]);
    let back = &shown["returned"][0];
    assert_eq!(
        (&back["code"], &back["reason"], &back["since"]),
        (&one.into(), &"姓名不符".into(), &"2026-11-21".into())
    );
    assert!(desk.verb(&["batch", "show", "1"]).out.contains("2026-11-21 被退回：姓名不符"));
    let checked = told(&desk, 0, &["check", "--batch", "1"]);
    let found: Vec<&Value> = checked["findings"].as_array().unwrap().iter().filter(|f| f["rule"] == "U09").collect();
    assert!(found.len() == 1 && found[0]["message"].as_str().unwrap().contains("姓名不符"), "{found:?}");
    let accepted = told(&desk, 0, &["ledger", "mark", "accepted", "--batch", "1"]);
    assert_eq!((&accepted["count"], &accepted["refused"][0]["code"]), (&3.into(), &one.into()));
    assert_eq!(told(&desk, 1, &["ledger", "mark", "accepted", "--batch", "1"])["refused"].as_array().unwrap().len(), 4);
    let upload = desk.path("again.csv");
    assert_eq!(desk.verb(&["export", "--batch", "1", "-o", upload.to_str().unwrap()]).code, 0);
    assert_eq!(told(&desk, 0, &["ledger", "show", one])["certificate"]["status"], "exported");
    assert!(!desk.verb(&["check", "--batch", "1"]).out.contains("U09"), "it is exported again");
    assert_eq!(told(&desk, 0, &["batch", "show", "1"])["returned"], Value::Array(Vec::new()));
    told(&desk, 0, &["ledger", "void", one, "--yes", "--reason", "写错"]);

    let reserve = ["ledger", "reserve", PREFIX, "--year", "2024", "--level", "2", "--reason", "纸质名册", "--yes"];
    assert_eq!(told(&desk, 0, &[&reserve[..], &["--count", "2"]].concat())["first"], 8);
    told(&desk, 0, &[&reserve[..], &["--from", "20", "--to", "21"]].concat());
    let taken = desk.verb(&[&reserve[..], &["--from", "21", "--to", "22", "--lang", "en"]].concat());
    assert_eq!((taken.code, taken.err.contains("21")), (1, true), "{}", taken.err);
    let gaps = told(&desk, 0, &["ledger", "gaps"]);
    assert_eq!((&gaps["gaps"][0]["first"], &gaps["gaps"][0]["last"]), (&10.into(), &19.into()));
    let series = told(&desk, 0, &["ledger", "series", "--prefix", "S0000"]);
    let state = &series["series"][0];
    assert_eq!((&state["used"], &state["void"], &state["reserved"]), (&6.into(), &1.into(), &4.into()));
    let next = told(&desk, 0, &["ledger", "next", PREFIX, "--year", "24", "--level", "技师"]);
    assert_eq!(next["code"], "S000062010001242J00022");
    // The row whose number was made void cannot be uploaded any more.
    let json = told(&desk, 1, &["check", "--batch", "1"]);
    assert_eq!((&json["row_count"], &json["summary"]["rules"]["U05"]), (&4.into(), &1.into()));
}

#[test]
fn a_batch_is_filled_from_a_reservation() {
    let desk = Desk::new();
    let mut rows = goods(3);
    rows.iter_mut().for_each(|row| row[7].clear());
    let file = desk.roster("paper.csv", &rows);
    let options = ["--profile", "gansu-competition", "--prefix", PREFIX, "--reserved"];
    let fill = [&["ledger", "allocate", file.to_str().unwrap()], &options[..]].concat();
    let nothing = told(&desk, 1, &fill);
    assert_eq!((&nothing["refused"][0]["refusal"], &nothing["batch"]), (&"none-reserved".into(), &Value::Null));
    let reserve = ["ledger", "reserve", PREFIX, "--year", "2024", "--level", "2", "--reason", "纸质名册", "--yes"];
    told(&desk, 0, &[&reserve[..], &["--count", "1"]].concat());
    told(&desk, 0, &[&reserve[..], &["--from", "5", "--to", "7"]].concat());
    let dry = told(&desk, 0, &[&fill[..], &["--dry-run"]].concat());
    let runs: Value = serde_json::json!([{ "first": 1, "last": 1 }, { "first": 5, "last": 6 }]);
    assert_eq!((&dry["series"][0]["runs"], &dry["series"][0]["left"], &dry["entry"]), (&runs, &1.into(), &Value::Null));
    let words = desk.verb(&[&fill[..], &["--dry-run"]].concat()).out;
    assert!(words.contains("预留余") && words.matches("S000062010001242J*****").count() == 2, "{words}");
    let given = told(&desk, 0, &fill);
    let serials: Vec<&str> = given["rows"].as_array().unwrap().iter().map(|r| r["code"].as_str().unwrap()).collect();
    assert_eq!(serials, [1, 5, 6].map(|serial| format!("S000062010001242J{serial:05}")));
    assert_eq!((&given["reserved"], &given["entry"]), (&true.into(), &5.into()));
    assert_eq!(told(&desk, 0, &["ledger", "series"])["series"][0]["reserved"], 1);
    assert_eq!(told(&desk, 0, &["batch", "show", "1"])["batch"]["numbers"]["allocated"], 3);
    let shown = told(&desk, 0, &["ledger", "show", serials[2]]);
    assert_eq!((&shown["certificate"]["batch"], &shown["certificate"]["status"]), (&1.into(), &"allocated".into()));
    let verified = desk.verb(&["ledger", "verify"]);
    assert_eq!(verified.code, 0, "{}", verified.out);
}

#[test]
fn a_file_with_a_conflict_is_not_adopted() {
    let desk = Desk::new();
    let old = desk.roster("old.csv", &goods(3));
    assert_eq!(desk.verb(&["ledger", "import", old.to_str().unwrap()]).code, 0);
    let mut rows = goods(5);
    rows[1][0] = "李四".into();
    rows[2][7] = rows[3][7].clone();
    rows[4][7] = "S000062010001242J0".into();
    let bad = desk.roster("bad.csv", &rows);
    let told = told(&desk, 1, &["ledger", "import", bad.to_str().unwrap()]);
    let conflicts: Vec<(u64, &str)> = told["files"][0]["conflicts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|c| (c["row"].as_u64().unwrap(), c["conflict"].as_str().unwrap()))
        .collect();
    assert_eq!(conflicts, [(3, "other-person"), (5, "twice"), (6, "wrong-code")]);
    let words = desk.verb(&["ledger", "import", bad.to_str().unwrap()]);
    assert!(words.code == 1 && words.out.contains("第 3 行") && !words.out.contains("李四"), "{}", words.out);
    assert_eq!(desk.verb(&["ledger", "show", "S000062010001242J00004"]).code, 2);
}

#[test]
fn rows_that_are_refused_for_the_same_are_told_together() {
    let desk = Desk::new();
    let mut rows = goods(40);
    rows.iter_mut().filter(|row| !row[7].ends_with('7')).for_each(|row| row[7] = "S000062010001242J0".into());
    let bad = desk.roster("bad.csv", &rows);
    let words = desk.verb(&["ledger", "import", bad.to_str().unwrap()]);
    let told: Vec<&str> = words.out.lines().filter(|line| line.starts_with("  ")).collect();
    let [only] = told[..] else { panic!("{}", words.out) };
    assert!(only.contains("2-7、9-17、19-27、29-37、39-41") && only.contains("36 行"), "{only}");
}

/// BJ-17: in Beijing the issue date is the day the number is made.
#[test]
fn beijing_rows_get_the_day_as_their_issue_date() {
    let desk = Desk::new();
    let mut rows = goods(2);
    for row in &mut rows {
        row[7].clear();
        row[8].clear();
        row[9] = "北京样例集团有限公司".into();
        row[10] = "北京样例集团有限公司".into();
    }
    let file = desk.roster("beijing.csv", &rows);
    let upload = desk.path("up.csv");
    let arguments = ["ledger", "allocate", file.to_str().unwrap(), "--profile", "beijing", "--prefix", "Y000111020001"];
    let given = told(&desk, 0, &[&arguments[..], &["--output", upload.to_str().unwrap()]].concat());
    assert_eq!(given["rows"][1]["code"], "Y000111020001262000002");
    let written = std::fs::read_to_string(&upload).unwrap();
    assert_eq!(written.matches("2026-11-21").count(), 2, "{written}");
}

/// Words of a verb that must end with a code.
fn said(desk: &Desk, code: i32, arguments: &[&str]) -> String {
    let ran = desk.verb(&[arguments, &["--lang", "en"]].concat());
    assert_eq!(ran.code, code, "{arguments:?}: {}{}", ran.out, ran.err);
    ran.out + &ran.err
}

const GUANGDONG: &str = "S000044012001";

/// A roster without codes of an institution in Guangdong.
fn guangdong(desk: &Desk, name: &str, count: usize) -> String {
    let mut rows = goods(count);
    for row in &mut rows {
        row[7].clear();
        row[9] = "样例技师学院".into();
        row[10] = "样例技师学院".into();
    }
    desk.roster(name, &rows).to_string_lossy().into_owned()
}

#[test]
fn a_roster_without_codes_takes_the_profile_of_its_institution() {
    let desk = Desk::new();
    assert_eq!(desk.verb(&["init"]).code, 0);
    let file = guangdong(&desk, "a.csv", 2);
    let batches = |desk: &Desk| told(desk, 0, &["batch", "list"])["batches"].as_array().unwrap().clone();
    let unknown = said(&desk, 2, &["ledger", "allocate", &file, "--prefix", GUANGDONG]);
    assert!(unknown.contains("--profile"), "{unknown}");
    told(&desk, 1, &["ledger", "allocate", &file, "--prefix", GUANGDONG, "--profile", "gansu-competition"]);
    assert_eq!(batches(&desk), [Value::Null; 0], "no row got a number");
    let institution = ["institution", "add", GUANGDONG, "--name", "样例技师学院", "--profile", "guangdong-technical"];
    said(&desk, 0, &institution);
    let given = told(&desk, 0, &["ledger", "allocate", &file]);
    assert_eq!((&given["profile"], given["rows"].as_array().unwrap().len()), (&"guangdong-technical".into(), 2));
    assert_eq!(batches(&desk)[0]["profile"], "guangdong-technical");
    let other = guangdong(&desk, "b.csv", 3);
    let refused = told(&desk, 1, &["ledger", "allocate", &other, "--prefix", "S000044012002"]);
    assert_eq!(refused["refused"][0]["refusal"], "other-prefix");
}

#[test]
fn a_retired_prefix_and_a_year_to_come_are_refused_wherever_they_are_named() {
    let desk = Desk::new();
    let file = roster(&desk, "a.csv", 0, 2);
    let file = file.to_str().unwrap();
    let year = ["--year", "24", "--level", "2"];
    said(&desk, 0, &["institution", "add", PREFIX, "--name", "甲", "--profile", "gansu-competition"]);
    let ahead = said(&desk, 1, &["institution", "cancel", PREFIX, "--on", "2099-01-01", "--reason", "注销"]);
    assert!(ahead.contains("2099-01-01"), "{ahead}");
    said(&desk, 0, &[&["ledger", "next", PREFIX], &year[..]].concat());
    let far = ["ledger", "reserve", PREFIX, "--year", "2077", "--level", "2", "--count", "1", "--reason", "x"];
    assert!(said(&desk, 1, &far).contains("2077"));
    said(&desk, 0, &["institution", "cancel", PREFIX, "--on", "2026-11-20", "--yes", "--reason", "注销"]);
    assert!(said(&desk, 1, &[&["ledger", "next", PREFIX], &year[..]].concat()).contains("retired"));
    let dry = ["ledger", "allocate", file, "--profile", "gansu-competition", "--prefix", PREFIX, "--dry-run"];
    assert_eq!(told(&desk, 1, &dry)["refused"][1]["refusal"], "retired");
}

#[test]
fn what_is_only_tried_is_refused_like_the_real_call() {
    let desk = Desk::new();
    let file = roster(&desk, "a.csv", 0, 2);
    let earlier = desk.roster("earlier.csv", &goods(5)[3..]);
    let calls = [
        vec!["ledger", "allocate", file.to_str().unwrap(), "--profile", "gansu-competition", "--prefix", PREFIX],
        vec!["ledger", "import", earlier.to_str().unwrap(), "--profile", "gansu-competition"],
    ];
    let reserve = ["ledger", "reserve", PREFIX, "--year", "24", "--level", "2", "--count", "1", "--reason", "x"];
    told(&desk, 0, &reserve);
    for call in &calls {
        assert_eq!(desk.verb(&[call, &["--dry-run"][..]].concat()).code, 0, "{call:?}");
    }
    // Another copy of the database: its end is not the one noted beside it.
    let head = desk.path("home/.local/share/skillcert/skillcert.head");
    let noted = std::fs::read_to_string(&head).expect("the noted end");
    std::fs::remove_file(&head).expect("removed");
    for call in &calls {
        let [tried, real] = [&["--dry-run"][..], &[]].map(|more| desk.verb(&[call, more].concat()));
        assert_eq!((tried.code, real.code), (4, 4), "{call:?}: {}{}", tried.out, real.out);
        assert_eq!(tried.err, real.err, "{call:?}");
        assert_eq!(tried.out, "", "{call:?}");
    }
    assert_eq!(
        desk.verb(&["batch", "list", "--format", "json"]).out.matches("\"file\"").count(),
        0,
        "nothing was begun"
    );
    std::fs::write(&head, noted).expect("put back");
    assert_eq!(desk.verb(&calls[0]).code, 0);
}

#[test]
fn a_paper_list_fills_the_numbers_that_were_reserved() {
    let desk = Desk::new();
    let reserve = ["ledger", "reserve", PREFIX, "--year", "24", "--level", "2", "--reason", "纸质名册", "--yes"];
    told(&desk, 0, &[&reserve[..], &["--from", "1", "--to", "3"]].concat());
    let list = desk.roster("list.csv", &goods(3));
    let list = list.to_str().unwrap();
    assert_eq!(told(&desk, 0, &["ledger", "import", list])["files"][0]["new"], 3);
    let mut rows = goods(3);
    (rows[0][0], rows[0][2]) = ("李四".into(), goods(9)[8][2].clone());
    let theirs = desk.roster("theirs.csv", &rows);
    let told = told(&desk, 1, &["ledger", "import", theirs.to_str().unwrap()]);
    assert_eq!(told["files"][0]["conflicts"][0]["conflict"], "other-person");
    // What was taken is told although a later file is missing.
    let more = desk.roster("more.csv", &goods(5));
    let words = said(&desk, 3, &["ledger", "import", more.to_str().unwrap(), "nothing.csv"]);
    assert!(words.contains("more.csv") && words.contains("nothing.csv"), "{words}");
}

#[test]
fn a_target_that_cannot_be_written_takes_no_numbers() {
    let desk = Desk::new();
    assert_eq!(desk.verb(&["init"]).code, 0);
    let file = roster(&desk, "a.csv", 0, 2);
    let there = desk.put("there.csv", "x");
    for target in [there.to_str().unwrap(), "/nowhere/at/all.csv"] {
        let options = ["--profile", "gansu-competition", "--prefix", PREFIX, "--output", target];
        said(&desk, 3, &[&["ledger", "allocate", file.to_str().unwrap()], &options[..]].concat());
    }
    assert_eq!(told(&desk, 0, &["ledger", "series"])["series"], Value::Array(Vec::new()));
}

/// The Beijing form names the institution in 发证机构名称 alone.
#[test]
fn a_form_without_the_institution_is_numbered_by_the_issuing_body() {
    let desk = Desk::new();
    let rows: Vec<String> = goods(2)
        .iter()
        .map(|r| format!("{},{},{},{},{},{},,,样例技能培训学校\n", r[0], r[1], r[2], r[4], r[5], r[6]))
        .collect();
    let head = "姓名,证件类型,证件号码,职业名称,工种/职业方向,职业技能等级,证书编号,发证日期,发证机构名称\n";
    let file = desk.put("beijing.csv", head.to_string() + &rows.concat());
    let prefix = "S000011084001";
    said(&desk, 0, &["institution", "add", prefix, "--name", "样例技能培训学校", "--profile", "beijing"]);
    let given = told(&desk, 0, &["ledger", "allocate", file.to_str().unwrap()]);
    assert_eq!((&given["profile"], given["rows"].as_array().unwrap().len()), (&"beijing".into(), 2), "{given}");
}

#[test]
fn what_is_typed_wrong_is_told() {
    let desk = Desk::new();
    assert_eq!(desk.verb(&["init"]).code, 0);
    for (code, arguments) in [
        (2, &["ledger"][..]),
        (2, &["ledger", "next", PREFIX, "--year", "1", "--level", "2"]),
        (2, &["ledger", "next", PREFIX, "--year", "24", "--level", "9"]),
        (2, &["ledger", "next", "X", "--year", "24", "--level", "2"]),
        (2, &["ledger", "next", "Y000111020001", "--year", "24", "--level", "2", "--profile", "gansu-competition"]),
        (1, &["ledger", "show", "S1"]),
        (2, &["ledger", "void", "S000062010001242J00001"]),
        (2, &["ledger", "mark", "void", "S000062010001242J00001"]),
        (2, &["ledger", "reserve", PREFIX, "--year", "24", "--level", "2", "--reason", "x"]),
        (2, &["ledger", "mark", "exported", "S000062010001242J00001"]),
        (2, &["ledger", "mark", "returned", "S000062010001242J00001"]),
        (2, &["ledger", "void", "S000062010001242J00001", "--reason", "  "]),
        (2, &["audit", "show", "--unmask", "--reason", " "]),
        (2, &["ledger", "mark", "exported", "--batch", "7"]),
        (2, &["check", "--batch", "7"]),
        (2, &["batch", "show", "7"]),
        (3, &["ledger", "allocate", "nothing.csv"]),
    ] {
        let ran = desk.verb(arguments);
        assert_eq!(ran.code, code, "{arguments:?}: {}{}", ran.out, ran.err);
        assert!(!ran.err.is_empty() || code == 1, "{arguments:?}");
    }
}

/// A message says what to do, in the command's own terms.
#[test]
fn messages_say_what_to_do() {
    let desk = Desk::new();
    let file = desk.roster("a.csv", &goods(1));
    let name = file.to_str().unwrap();
    let state = desk.folder("state");
    let state = state.to_str().unwrap();
    told(&desk, 0, &["ledger", "import", name, "--home", state]);
    let ran = desk.verb(&["ledger", "series", "--prefix", "ZZZ", "--home", state]);
    assert!(ran.code == 0 && ran.out.contains("ZZZ") && ran.out.contains("--prefix"), "{}", ran.out);
    let ran = desk.verb(&["ledger", "mark", "被退回", "S000062010001242J00001", "--home", state]);
    assert!(ran.code == 2 && ran.err.contains("--reason"), "{}", ran.err);
    let open = ["case", "open", "correct", "S000062010001242J00001", "--photo", " ", "--reason", "x"];
    let ran = desk.verb(&open);
    assert!(ran.code == 2 && ran.err.contains("新照片"), "{}", ran.err);
    let ran = desk.verb(&["export", name, "-o", "no/such/folder/up.csv"]);
    assert!(ran.code == 4 || ran.code == 3, "{}", ran.code);
    assert!(ran.err.contains("请先建好文件夹"), "{}", ran.err);
    // What the rows were not compared with stands in the report.
    assert_eq!(told(&desk, 0, &["check", name, "--home", state])["not_compared"], Value::Array(Vec::new()));
    let damaged = "no database at all, but a text that is long enough to be looked at";
    std::fs::write(desk.path("state/skillcert.sqlite3"), damaged).unwrap();
    let checked = told(&desk, 0, &["check", name, "--home", state]);
    assert_eq!(checked["not_compared"], serde_json::json!(["ledger", "registry"]));
}
