//! Answers of organisers: the list that is filled in comes back whatever a spreadsheet did to it, and nothing is taken that nobody meant.

use std::fs::{self, File};
use std::io::Read;

use calamine::{Data, Reader, Xlsx, open_workbook};
use serde_json::{Value, json};
use skillcert::domain::batch::Batch;
use skillcert::domain::ledger::BatchId;
use skillcert::domain::sheet::Field;
use skillcert::office::{InHand, Purpose, RosterReading};

use crate::plain::talk;
use crate::support::{Desk, Ran, goods, resident, root};

const HOME: [&str; 2] = ["--home", "state"];

/// An ID number whose check digit is wrong.
fn wrong(i: usize) -> String {
    let number = resident(i);
    format!("{}{}", &number[..17], if number.ends_with('0') { "1" } else { "0" })
}

/// A home with a batch of nine people, eight of them with an error: the roster that the fixture is a list of.
fn with_batch() -> Desk {
    let desk = Desk::new();
    let mut rows = goods(9);
    for i in [0, 1, 2, 3, 7, 8] {
        rows[i][2] = wrong(i);
    }
    rows[4][0].clear();
    rows[5][6] = "9".into();
    desk.roster("r.csv", &rows);
    talk(&desk, &["open", "r.csv"], "quit\n");
    desk
}

fn verb(desk: &Desk, arguments: &[&str]) -> Ran {
    desk.verb(&[&HOME[..], arguments].concat())
}

fn stored(desk: &Desk) -> Batch {
    let session = desk.office_at("state").sign_on("test").expect("a session");
    let stored = session.batch(BatchId(1)).expect("a batch");
    session.reopen(&stored, &RosterReading::default(), Purpose::Look, &mut |_| ()).expect("read")
}

fn cells(batch: &Batch, field: Field) -> Vec<&str> {
    (0..batch.roster().len()).map(|row| batch.roster().cell(row, field)).collect()
}

/// Takes answers and gives the exit code with the document.
fn taken(desk: &Desk, file: &str, more: &[&str]) -> (i32, Value) {
    let ran = verb(desk, &[&["answers", file, "--batch", "1", "--format", "json"], more].concat());
    (ran.code, serde_json::from_str(&ran.out).unwrap_or_else(|e| panic!("{e}: {}{}", ran.out, ran.err)))
}

fn open_states(document: &Value) -> Vec<(u64, &str)> {
    let open = document["open"].as_array().expect("a list");
    open.iter().map(|one| (one["line"].as_u64().expect("a row"), one["state"].as_str().expect("a state"))).collect()
}

/// A list as texts, to be filled in and put down as CSV.
struct List(Vec<Vec<String>>);

impl List {
    fn written(desk: &Desk, more: &[&str]) -> List {
        let list = ["check", "--format", "xlsx", "--for-answers", "--output", "list.xlsx", "--force"];
        let ran = verb(desk, &[&list, more].concat());
        assert!(ran.code <= 1, "{}", ran.err);
        let mut book: Xlsx<_> = open_workbook(desk.path("list.xlsx")).expect("a workbook");
        let range = book.worksheet_range("供填写").expect("the sheet");
        List(range.rows().map(|row| row.iter().map(Data::to_string).collect()).collect())
    }

    fn column(&self, label: &str) -> usize {
        self.0[1].iter().position(|cell| cell == label).unwrap_or_else(|| panic!("{label} {:?}", self.0[1]))
    }

    /// Writes into the row of a line of the roster.
    fn fill(&mut self, line: &str, label: &str, text: &str) {
        let at = self.column(label);
        let row = self.0.iter_mut().find(|row| row[0] == line).expect("a row");
        row[at] = text.to_string();
    }

    fn put(&self, desk: &Desk, name: &str) {
        let line =
            |row: &Vec<String>| row.iter().map(|cell| format!("\"{cell}\"")).collect::<Vec<_>>().join(",") + "\n";
        desk.put(name, self.0.iter().map(line).collect::<String>());
    }
}

#[test]
fn a_list_that_went_through_a_spreadsheet_comes_back() {
    let desk = with_batch();
    fs::copy(root("tests/fixtures/answers_openpyxl.xlsx"), desk.path("list.xlsx")).expect("the fixture");
    let expected = json!({ "answered": 3, "unanswered": 1, "wrong": 1, "open": 2, "settled": 0 });
    let (code, tried) = taken(&desk, "list.xlsx", &["--dry-run"]);
    assert_eq!((code, &tried["rows"], &tried["changed_cells"]), (1, &expected, &json!(3)), "{tried}");
    assert_eq!(open_states(&tried), [(4, "masked"), (5, "lost"), (7, "wrong")]);
    let unknown =
        json!([{ "line": 10, "why": "other-batch", "batch": 9 }, { "line": 11, "why": "no-anchor", "batch": null }]);
    assert_eq!(tried["unknown"], unknown);
    assert!(stored(&desk).history().applied().is_empty(), "it was only tried");
    // Nobody is shown whole.
    assert!(![0, 1, 2, 7].iter().any(|i| tried.to_string().contains(&resident(*i))), "{tried}");

    let ran = verb(&desk, &["--lang", "zh", "answers", "list.xlsx", "--batch", "1"]);
    assert_eq!(ran.code, 1, "{}", ran.err);
    for told in ["7 行：3 已答，1 未答，1 仍有错，2 没有收；另有 2 行对不上", "批次 1 改了 3 格", "--accept L01"]
    {
        assert!(ran.out.contains(told), "{}", ran.out);
    }
    let batch = stored(&desk);
    let [step] = batch.history().applied() else { panic!("one step") };
    assert_eq!((step.edits.len(), step.title.as_str(), step.lasting), (3, "收回答复 list.xlsx", false));
    let ids = cells(&batch, Field::IdNumber);
    assert_eq!([ids[0], ids[7], ids[1]], [resident(0), resident(7), wrong(1)]);
    assert_eq!((cells(&batch, Field::Name)[4], cells(&batch, Field::Level)[5]), ("李新", "9"));
    // What is right by now is no more taken a second time.
    let (code, again) = taken(&desk, "list.xlsx", &[]);
    assert_eq!((code, &again["changed_cells"], &again["rows"]), (1, &json!(0), &expected));
    let audit = verb(&desk, &["audit", "show", "--format", "json"]).out;
    assert!(audit.contains("batch.") && verb(&desk, &["audit", "verify"]).code == 0, "{audit}");
}

#[test]
fn a_list_says_what_it_is_and_keeps_its_anchors_out_of_the_way() {
    let desk = with_batch();
    let masked = List::written(&desk, &["--batch", "1"]);
    let whole = List::written(&desk, &["--batch", "1", "--unmask", "--reason", "x"]);
    let mut book = zip::ZipArchive::new(File::open(desk.path("list.xlsx")).expect("there")).expect("a workbook");
    let mut part = |name: &str| {
        let mut text = String::new();
        book.by_name(name).expect("a part").read_to_string(&mut text).expect("text");
        text
    };
    let sheet = part("xl/worksheets/sheet1.xml");
    for told in ["<autoFilter ref=\"A2:I10\"", "state=\"frozen\"", "<dataValidation type=\"list\"", "hidden=\"1\""] {
        assert!(sheet.contains(told), "{told}: {sheet}");
    }
    assert!(part("docProps/core.xml").contains("完整的姓名和证件号码"));
    assert!(masked.0[0][0].contains("已打码") && whole.0[0][0].contains("完整的姓名和证件号码"));
    let (id, anchor) = (masked.column("证件号码"), masked.column("定位（请勿改动）"));
    assert_eq!(masked.0.len(), 10, "a row a person: {:?}", masked.0);
    assert_eq!((masked.0[2][id].as_str(), &whole.0[2][id]), ("620102********0001", &wrong(0)));
    assert_eq!(masked.0[2][anchor], whole.0[2][anchor]);
    assert!(masked.0[2][anchor].ends_with("r.csv 2"), "{}", masked.0[2][anchor]);
    // The findings as they were listed before stay as they are.
    let ran = verb(&desk, &["check", "--batch", "1", "--for-answers"]);
    assert!(ran.code == 2 && ran.err.contains("xlsx"), "{}", ran.err);
}

#[test]
fn what_something_stands_against_is_taken_only_where_it_is_accepted() {
    let desk = with_batch();
    // It was written of the file, before anybody knew of a batch.
    let mut list = List::written(&desk, &["r.csv"]);
    list.fill("2", "证件号码（请改为）", &resident(0));
    list.fill("7", "职业技能等级（请改为）", "8");
    list.fill("6", "姓名", "李新");
    list.put(&desk, "first.csv");
    let (_, first) = taken(&desk, "first.csv", &[]);
    assert_eq!((&first["changed_cells"], open_states(&first)), (&json!(1), vec![(7, "in-place"), (8, "wrong")]));
    // The list went out before that: what it says of the cell is not what stands there now.
    list.fill("2", "证件号码（请改为）", &resident(40));
    list.put(&desk, "second.csv");
    let (code, second) = taken(&desk, "second.csv", &["--dry-run"]);
    assert_eq!((code, open_states(&second)), (1, vec![(3, "conflict"), (7, "in-place"), (8, "wrong")]));
    for (accept, cells) in [("conflict", 1), ("in-place", 1), ("7", 1), ("L01", 1), ("GS-33", 0), ("all", 3)] {
        let ran = verb(
            &desk,
            &["answers", "second.csv", "--batch", "1", "--dry-run", "--format", "json", "--accept", accept],
        );
        match serde_json::from_str::<Value>(&ran.out) {
            Ok(tried) => assert_eq!(tried["changed_cells"], cells, "{accept}: {tried}"),
            Err(_) => assert!(accept == "GS-33" && ran.code == 2 && ran.err.contains("GS-33"), "{accept}: {}", ran.err),
        }
    }
    let (_, all) = taken(&desk, "second.csv", &["--accept", "all"]);
    // What breaks a rule is told although it is taken.
    assert_eq!((&all["changed_cells"], open_states(&all)), (&json!(3), vec![(8, "wrong")]));
    let batch = stored(&desk);
    assert_eq!(cells(&batch, Field::IdNumber)[0], resident(40));
    assert_eq!((cells(&batch, Field::Name)[4], cells(&batch, Field::Level)[5]), ("李新", "8"));

    // An anchor that was changed, or stands twice, is of no row; what is no such list is refused.
    let anchor = list.column("定位（请勿改动）");
    list.0[2][anchor] = list.0[2][anchor].replacen("0/1 ", "0/2 ", 1);
    let twice = list.0[4].clone();
    list.0.push(twice);
    list.put(&desk, "third.csv");
    let (_, third) = taken(&desk, "third.csv", &["--dry-run"]);
    let why: Vec<_> = third["unknown"].as_array().expect("rows").iter().map(|one| one["why"].clone()).collect();
    assert_eq!(why, ["changed", "twice", "twice"], "{third}");
    let ran = verb(&desk, &["answers", "r.csv", "--batch", "1"]);
    assert!(ran.code == 3 && ran.err.contains("定位"), "{} {}", ran.code, ran.err);
}

#[test]
fn nothing_is_left_open_once_all_is_answered_and_nobody_else_has_the_batch() {
    let desk = with_batch();
    let mut list = List::written(&desk, &["--batch", "1"]);
    for (line, i) in [("2", 0), ("3", 1), ("4", 2), ("5", 3), ("9", 7), ("10", 8)] {
        list.fill(line, "证件号码（请改为）", &resident(i));
    }
    list.fill("6", "姓名（请改为）", "李新");
    list.fill("7", "职业技能等级（请改为）", "二级");
    list.put(&desk, "list.csv");
    let other = desk.office_at("state").sign_on("other").expect("a session");
    let mut hand = InHand::default();
    hand.go_on(&other, BatchId(1)).expect("in hand");
    let held = verb(&desk, &["answers", "list.csv", "--batch", "1"]);
    assert!(held.code == 4 && held.out.is_empty(), "{} {} {}", held.code, held.out, held.err);
    assert_eq!(taken(&desk, "list.csv", &["--dry-run"]).0, 0, "looking is free");
    drop(hand);
    let (code, document) = taken(&desk, "list.csv", &[]);
    assert_eq!((code, &document["changed_cells"], &document["rows"]["answered"]), (0, &json!(8), &json!(8)));
    assert_eq!(verb(&desk, &["check", "--batch", "1"]).code, 0);
}

#[test]
fn the_workbench_shows_what_is_taken_and_takes_it_back_in_one_step() {
    let desk = with_batch();
    fs::copy(root("tests/fixtures/answers_openpyxl.xlsx"), desk.path("list.xlsx")).expect("the fixture");
    let open = ["--lang", "zh", "open", "--batch", "1"];
    let said = talk(&desk, &open, "answers\nlist.xlsx\n1\ny\nundo\nanswers\nlist.xlsx\n2\ny\nquit\n").out;
    for told in [
        "哪个是填好的问题清单",
        "7 行：3 已答，1 未答，1 仍有错，2 没有收；另有 2 行对不上",
        "1. 只收没有问题的：3 格",
        "也收“L01 不是职业技能等级”的：1 格",
        "还带着打码的 *",
        "批次 9 的 1 行：第 10 行",
    ] {
        assert!(said.contains(told), "{told}: {said}");
    }
    let batch = stored(&desk);
    let [step] = batch.history().applied() else { panic!("{:?}", batch.history()) };
    assert_eq!((step.edits.len(), cells(&batch, Field::Level)[5]), (4, "8"));
    // What is no list of ours leaves everything as it is.
    let said = talk(&desk, &open, "answers\nr.csv\nexport\n7\n\n\nquit\n").out;
    assert!(said.contains("没有供填写的问题清单"), "{said}");
    assert!(desk.path("r-问题清单-供填写.xlsx").exists(), "{said}");
}
