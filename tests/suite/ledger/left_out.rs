//! Rows that get no number unless told: of people who hold the certificate, with errors; and what a number writes over.

use serde_json::{Value, json};

use super::{PREFIX, told};
use crate::plain::talk;
use crate::support::{Desk, goods, root};

const GANSU: [&str; 4] = ["--profile", "gansu-competition", "--prefix", PREFIX];

fn allocate(desk: &Desk, code: i32, more: &[&str]) -> Value {
    told(desk, code, &[&["ledger", "allocate"], more].concat())
}

/// A desk where something can be tried before anything is done.
fn with_store() -> Desk {
    let desk = Desk::new();
    assert_eq!(desk.verb(&["init"]).code, 0);
    desk
}

/// Lists which rows were refused and why.
fn refused(answer: &Value) -> Vec<(u64, String)> {
    let rows = answer["refused"].as_array().unwrap().iter();
    rows.map(|r| (r["row"].as_u64().unwrap(), r["refusal"].as_str().unwrap().to_string())).collect()
}

fn rows(answer: &Value) -> Vec<u64> {
    answer["rows"].as_array().unwrap().iter().map(|r| r["row"].as_u64().unwrap()).collect()
}

#[test]
fn people_who_hold_the_certificate_get_a_second_number_only_when_told() {
    let desk = Desk::new();
    let fixture = |name: &str| root("tests/fixtures").join(name).to_string_lossy().into_owned();
    told(&desk, 0, &["ledger", "import", &fixture("g01_office_a.csv"), "--profile", "gansu-competition", "--yes"]);
    let file = fixture("g04_twice_in_roster.csv");
    let ask = [&[&*file], &GANSU[..]].concat();
    let dry = allocate(&desk, 1, &[&ask[..], &["--dry-run"]].concat());
    // Two lines of one person who is on record, one more who is; the others hold another level.
    let held: Vec<_> = [2, 3, 7].map(|row| (row, "award-on-record".to_string())).into();
    assert_eq!((refused(&dry), rows(&dry)), (held.clone(), vec![4, 5, 6]));
    assert!(dry["refused"][0]["message"].as_str().unwrap().contains("S000062010001243J00001"), "{dry}");
    let words = desk.verb(&[&["ledger", "allocate"], &ask[..], &["--dry-run"]].concat());
    assert!(words.code == 1 && words.out.contains("S000062010001243J00002"), "{}", words.out);
    assert!(words.out.contains("--also-held") && !words.out.contains("刘洋"), "{}", words.out);

    let given = allocate(&desk, 1, &ask);
    assert_eq!((refused(&given), rows(&given)), (held, vec![4, 5, 6]));
    let all = allocate(&desk, 0, &["--batch", "1", "--prefix", PREFIX, "--also-held"]);
    assert_eq!(rows(&all), [2, 3, 7]);
}

/// Neither is issued yet; whoever sent the other one believes that his are.
#[test]
fn numbers_that_stand_in_another_open_batch_are_told_before_they_are_given() {
    let desk = with_store();
    let mut people = goods(7);
    people.iter_mut().skip(3).for_each(|row| row[7].clear());
    desk.roster("a.csv", &people[..3]);
    desk.roster("b.csv", &people[3..]);
    let open = ["open", "a.csv"];
    talk(&desk, &open, "quit\n");
    let ask = [&["b.csv", "--home", "state"], &GANSU[..], &["--dry-run"]].concat();
    let plan = allocate(&desk, 0, &ask);
    let first = &people[0][7];
    assert_eq!(
        plan["written_elsewhere"],
        json!([{ "batch": 1, "file": "a.csv", "count": 3, "first": first }]),
        "{plan}"
    );
    let words = desk.verb(&[&["ledger", "allocate"], &ask[..]].concat()).out;
    assert!(words.contains("第 1 批 a.csv 里已写着") && words.contains(first.as_str()), "{words}");
    // One that was corrected there stands there no more, and an archived batch hands nothing in.
    talk(&desk, &open, &format!("go-to-row\n2\nrecord\n8\nedit\n{}99\n0\n0\nquit\n", &first[..20]));
    let plan = allocate(&desk, 0, &ask);
    assert_eq!(plan["written_elsewhere"][0]["count"], 2, "{plan}");
    assert_eq!(desk.verb(&["batch", "archive", "1", "--home", "state"]).code, 0);
    assert_eq!(allocate(&desk, 0, &ask)["written_elsewhere"], json!([]));
}

#[test]
fn a_number_that_somebody_wrote_into_the_roster_is_taken_in_before_more_are_given() {
    let desk = with_store();
    let mut people = goods(4);
    people.iter_mut().skip(2).for_each(|row| row[7].clear());
    desk.roster("r.csv", &people);
    let ask = [&["r.csv"], &GANSU[..]].concat();
    let dry = allocate(&desk, 1, &[&ask[..], &["--dry-run"]].concat());
    let written: Vec<(u64, String)> = refused(&dry);
    assert_eq!((written[2].clone(), written[3].clone()), ((4, "written".into()), (5, "written".into())));
    assert_eq!(rows(&dry), [0_u64; 0]);
    assert!(dry["refused"][2]["message"].as_str().unwrap().contains("S000062010001242J00001"), "{dry}");
    desk.roster("given.csv", &people[..2]);
    told(&desk, 0, &["ledger", "import", "given.csv", "--profile", "gansu-competition", "--yes"]);
    let given = allocate(&desk, 0, &ask);
    assert_eq!((rows(&given), &given["rows"][0]["code"]), (vec![4, 5], &json!("S000062010001242J00003")));
}

#[test]
fn both_rows_of_a_pair_in_the_roster_are_in_doubt() {
    let desk = with_store();
    let mut people = goods(5);
    people.iter_mut().for_each(|row| row[7].clear());
    people[2] = people[0].clone();
    people[4][2] = people[3][2].clone();
    people[4][6] = "3".into();
    let file = desk.roster("pairs.csv", &people);
    let ask = [&[file.to_str().unwrap()], &GANSU[..]].concat();
    let dry = allocate(&desk, 1, &[&ask[..], &["--dry-run"]].concat());
    let lines: Vec<u64> = refused(&dry).iter().map(|(row, _)| *row).collect();
    assert_eq!((lines, rows(&dry)), (vec![2, 4, 5, 6], vec![3]), "{dry}");
    assert_eq!(refused(&dry)[0].1, "award-twice");
    assert!(refused(&dry)[2..].iter().any(|(_, why)| why == "id-two-names"), "{dry}");
    assert_eq!(rows(&allocate(&desk, 0, &[&ask[..], &["--also-held"]].concat())).len(), 5);
}

#[test]
fn rows_with_errors_are_numbered_only_when_told() {
    let desk = with_store();
    let mut people = goods(3);
    people.iter_mut().for_each(|row| row[7].clear());
    people[1][3].clear();
    let file = desk.roster("errors.csv", &people);
    let ask = [&[file.to_str().unwrap()], &GANSU[..]].concat();
    let dry = allocate(&desk, 1, &[&ask[..], &["--dry-run"]].concat());
    assert_eq!((refused(&dry), rows(&dry)), (vec![(3, "has-error".to_string())], vec![2, 4]));

    // The file that is asked for could not be written: nothing is taken, and it is said so.
    let target = desk.path("up.csv");
    let output = [&ask[..], &["--output", target.to_str().unwrap()]].concat();
    let none = allocate(&desk, 1, &output);
    assert_eq!((&none["entry"], none["errors_left"].as_u64() > Some(0)), (&Value::Null, true), "{none}");
    assert_eq!(told(&desk, 0, &["ledger", "series"])["series"], json!([]));
    let words = desk.verb(&[&["ledger", "allocate"], &output[..]].concat());
    assert!(words.code == 1 && words.err.contains("--also-errors") && !target.exists(), "{}", words.err);
    let dry = desk.verb(&[&["ledger", "allocate"], &output[..], &["--dry-run"]].concat());
    assert!(dry.code == 1 && dry.err.contains("--also-errors"), "{}", dry.err);

    let given = allocate(&desk, 1, &ask);
    assert_eq!(rows(&given), [2, 4]);
    assert_eq!(rows(&allocate(&desk, 0, &["--batch", "1", "--prefix", PREFIX, "--also-errors"])), [3]);
}

/// BJ-17: the day is written over; that is told first, and stands in the history beside the number.
#[test]
fn days_that_numbers_write_over_are_told() {
    let desk = with_store();
    let mut people = goods(3);
    for row in &mut people {
        row[7].clear();
        row[8] = "2026-11-20".into();
        row[9] = "北京样例集团有限公司".into();
        row[10] = "北京样例集团有限公司".into();
    }
    people[2][8] = "2026-11-21".into();
    let file = desk.roster("beijing.csv", &people);
    let ask = ["ledger", "allocate", file.to_str().unwrap(), "--profile", "beijing", "--prefix", "Y000111020001"];
    let dry = told(&desk, 0, &[&ask[..], &["--dry-run"]].concat());
    assert_eq!(dry["issue_dates"], json!({ "rows": 2, "from": ["2026-11-20"], "to": "2026-11-21" }));
    let words = desk.verb(&[&ask[..], &["--dry-run"]].concat()).out;
    assert!(words.contains("BJ-17") && words.contains("2 行由 2026-11-20 改为 2026-11-21"), "{words}");
    let asked = desk.verb(&ask);
    assert!(asked.code == 2 && asked.err.contains("2 行由 2026-11-20 改为 2026-11-21。做了就不能收回"), "{asked:?}");
    assert_eq!(told(&desk, 0, &["batch", "list"])["batches"], json!([]), "nothing was kept");
    told(&desk, 0, &[&ask[..], &["--yes"]].concat());
    // 2026-11-21 is a Saturday: the program chose it, and does not remark on it.
    let found = told(&desk, 1, &["check", file.to_str().unwrap(), "--profile", "beijing"]);
    assert!(!found.to_string().contains("A07"), "{found}");
}

#[test]
fn a_row_put_aside_keeps_its_number_and_is_not_marked_with_its_batch() {
    let desk = Desk::new();
    desk.folder("state");
    let told = |code, arguments: &[&str]| told(&desk, code, &[&["--home", "state"], arguments].concat());
    let allocate = |more: &[&str]| told(0, &[&["ledger", "allocate"], more].concat());
    let mut people = goods(4);
    people.iter_mut().for_each(|row| row[7].clear());
    desk.roster("r.csv", &people);
    allocate(&[&["r.csv"], &GANSU[..]].concat());
    assert_eq!(told(0, &["ledger", "mark", "exported", "--batch", "1"])["count"], 4);
    let open = ["--lang", "zh", "open", "--batch", "1"];
    let said = talk(&desk, &open, "aside 3 弃考\ny\nquit\n").out;
    assert!(said.contains("1 行已赋号，号仍留在台账里"), "{said}");
    let marked = told(0, &["ledger", "mark", "submitted", "--batch", "1", "--dry-run"]);
    assert_eq!(marked["numbers"], json!([{ "status": "exported", "count": 3 }]), "{marked}");
    let marked = told(0, &["ledger", "mark", "submitted", "--batch", "1"]);
    let refused = marked["refused"].as_array().expect("a list");
    assert_eq!((&marked["count"], refused.len()), (&json!(3), 1), "{marked}");
    assert_eq!((&refused[0]["status"], &refused[0]["put_aside"]), (&json!("exported"), &json!(true)), "{marked}");
    let again = desk.verb(&["--home", "state", "--lang", "zh", "ledger", "mark", "accepted", "--batch", "1"]);
    assert!(again.out.contains("已移出名册；要改请按编号标记"), "{}{}", again.out, again.err);
    let code = refused[0]["code"].as_str().expect("a code");
    assert_eq!(told(0, &["ledger", "mark", "submitted", code])["count"], 1, "whoever names it means it");
    let listed = told(0, &["batch", "show", "1"]);
    assert_eq!(listed["batch"]["rows_put_aside"], 1, "{listed}");
    let plan = allocate(&["--batch", "1", "--dry-run"]);
    assert_eq!((&plan["rows_put_aside"], rows(&plan).len()), (&json!(1), 0), "{plan}");
    for (verb, words) in [
        (&["batch", "list"][..], "移出名册 1 行"),
        (&["ledger", "allocate", "--batch", "1", "--dry-run"], "移出名册的 1 行不排号"),
    ] {
        let ran = desk.verb(&[&["--home", "state", "--lang", "zh"], verb].concat());
        assert!(ran.out.contains(words), "{words}: {}{}", ran.out, ran.err);
    }
    talk(&desk, &open, "back 3\ny\nquit\n");
    assert_eq!(told(0, &["batch", "show", "1"])["batch"]["rows_put_aside"], 0);
    assert_eq!(told(0, &["ledger", "mark", "accepted", "--batch", "1"])["count"], 1);
}
