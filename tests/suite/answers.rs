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
use crate::support::{Desk, Ran, good, goods, resident, root};

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

/// What is only written uncleanly is taken as the safe fixes make it, and told.
#[test]
fn nobody_is_asked_for_a_number_that_is_given_here() {
    let desk = Desk::new();
    let mut rows = goods(3);
    rows[0][7].clear();
    rows[0][6] = "9".into();
    rows[1][7].clear();
    desk.roster("r.csv", &rows);
    talk(&desk, &["open", "r.csv"], "quit\n");
    let mut list = List::written(&desk, &["--batch", "1"]);
    assert_eq!(list.0.len(), 3, "one row is asked about: {:?}", list.0);
    assert!(list.0.iter().flatten().all(|cell| !cell.contains("证书编号")), "{:?}", list.0);
    list.fill("2", "职业技能等级（请改为）", "二级");
    list.put(&desk, "list.csv");
    let (code, told) = taken(&desk, "list.csv", &["--dry-run"]);
    assert_eq!((code, &told["rows"]["answered"]), (0, &json!(1)), "{told}");
    // One that is written all the same is refused, whatever is accepted.
    list.0[1].push("证书编号（请改为）".into());
    list.0[2].push(good(0)[7].clone());
    list.put(&desk, "list.csv");
    let (code, told) = taken(&desk, "list.csv", &["--dry-run", "--accept", "all"]);
    assert_eq!((code, open_states(&told), &told["changed_cells"]), (1, vec![(3, "number")], &json!(1)), "{told}");
    let ran = verb(&desk, &["--lang", "zh", "answers", "list.csv", "--batch", "1", "--dry-run"]);
    assert!(ran.out.contains("编号由赋号给出"), "{}", ran.out);
}

#[test]
fn an_unclean_answer_is_taken_clean_and_told() {
    let desk = with_batch();
    let mut list = List::written(&desk, &["--batch", "1"]);
    let wide =
        |text: &str| text.chars().map(|c| char::from_u32(u32::from(c) + 0xFEE0).expect("wide")).collect::<String>();
    list.fill("2", "证件号码（请改为）", &wide(&resident(0)));
    list.fill("7", "职业技能等级（请改为）", "２");
    list.put(&desk, "list.csv");
    let (_, tried) = taken(&desk, "list.csv", &["--dry-run"]);
    assert_eq!((&tried["changed_cells"], open_states(&tried)), (&json!(2), vec![]), "{tried}");
    let cleaned = tried["cleaned"].as_array().expect("a list");
    assert_eq!((cleaned.len(), &cleaned[1]["theirs"], &cleaned[1]["text"]), (2, &json!("２"), &json!("2")));
    assert!(!tried.to_string().contains(&resident(0)) && !tried.to_string().contains(&wide(&resident(0))), "{tried}");
    let ran = verb(&desk, &["--lang", "zh", "answers", "list.csv", "--batch", "1"]);
    assert!(ran.out.contains("“２”写法不规范，按“2”收下"), "{}{}", ran.out, ran.err);
    let batch = stored(&desk);
    assert_eq!((cells(&batch, Field::IdNumber)[0], cells(&batch, Field::Level)[5]), (&*resident(0), "2"));
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
    let said = talk(&desk, &open, "answers\nlist.xlsx\n1\ny\nundo\nanswers\nlist.xlsx\n2\n1\ny\nquit\n").out;
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

fn unknown(document: &Value) -> Vec<(u64, &str)> {
    let rows = document["unknown"].as_array().expect("rows");
    rows.iter().map(|one| (one["line"].as_u64().expect("a row"), one["why"].as_str().expect("why"))).collect()
}

#[test]
fn an_anchor_that_a_sort_left_behind_writes_nothing_to_anybody_else() {
    let desk = with_batch();
    let written = List::written(&desk, &["--batch", "1"]);
    let anchor = written.column("定位（请勿改动）");
    let mut list = List(written.0.clone());
    for (line, i) in [("2", 0), ("3", 1), ("4", 2)] {
        list.fill(line, "证件号码（请改为）", &resident(i));
    }
    let anchors: Vec<String> = list.0[2..].iter().map(|row| row[anchor].clone()).collect();
    for (i, row) in list.0[2..].iter_mut().enumerate() {
        row[anchor] = anchors[(i + 1) % anchors.len()].clone();
    }
    list.put(&desk, "rotated.csv");
    let (code, tried) = taken(&desk, "rotated.csv", &["--dry-run"]);
    assert_eq!((code, &tried["changed_cells"]), (1, &json!(0)), "{tried}");
    assert_eq!(open_states(&tried), [(3, "moved"), (4, "moved"), (5, "moved")]);
    let (_, moved) = taken(&desk, "rotated.csv", &["--accept", "moved"]);
    assert_eq!(moved["changed_cells"], 3, "{moved}");
    let batch = stored(&desk);
    assert_eq!(cells(&batch, Field::IdNumber)[..4], [resident(0), resident(1), resident(2), wrong(3)]);

    // Where nothing else finds the person, or nothing tells of one, the row is listed.
    let (line, name, id) = (0, written.column("姓名"), written.column("证件号码"));
    let mut list = List(written.0.clone());
    list.fill("5", "证件号码（请改为）", &resident(3));
    list.fill("9", "证件号码（请改为）", &resident(7));
    for row in &mut list.0 {
        match row[line].as_str() {
            "5" => row[line] = "77".into(),
            "9" => [line, name, id].into_iter().for_each(|at| row[at].clear()),
            _ => {}
        }
    }
    list.put(&desk, "unclear.csv");
    let (_, unclear) = taken(&desk, "unclear.csv", &["--dry-run"]);
    assert_eq!(unknown(&unclear), [(6, "other-person"), (9, "other-person")], "{unclear}");
    assert_eq!(unclear["changed_cells"], 0);
    let told = verb(&desk, &["--lang", "zh", "answers", "unclear.csv", "--batch", "1", "--dry-run"]).out;
    assert!(told.contains("定位与本行的人不符、都没有收的 2 行：第 6、9 行"), "{told}");
}

#[test]
fn a_number_that_somebody_else_has_is_told_and_a_row_put_aside_takes_nothing() {
    let desk = with_batch();
    let open = ["--lang", "zh", "open", "--batch", "1"];
    talk(&desk, &open, "aside 5 twice\ny\nquit\n");
    assert!(stored(&desk).roster().is_aside(3), "the row is aside");
    let mut list = List::written(&desk, &["r.csv"]);
    // Another row's, one twice among the answers, one of a row that was put aside.
    for (line, i) in [("2", 4), ("3", 40), ("4", 40), ("5", 3), ("9", 7)] {
        list.fill(line, "证件号码（请改为）", &resident(i));
    }
    list.put(&desk, "list.csv");
    let (code, tried) = taken(&desk, "list.csv", &["--dry-run"]);
    let open: Vec<_> = open_states(&tried);
    let aside = (6, "aside");
    assert!(open.contains(&(3, "wrong")) && open.contains(&aside), "{tried}");
    assert_eq!((code, &tried["open"][0]["rule"], &tried["open"][0]["taken"]), (1, &json!("U03"), &json!(false)));
    let (_, all) = taken(&desk, "list.csv", &["--accept", "all"]);
    assert!(open_states(&all).contains(&aside) && open_states(&all).contains(&(3, "wrong")), "{all}");
    assert_eq!(cells(&stored(&desk), Field::IdNumber)[3], wrong(3));
    // A row that the list does not have accepts nothing.
    let ran = verb(&desk, &["--lang", "zh", "answers", "list.csv", "--batch", "1", "--accept", "99"]);
    assert!(ran.code == 2 && ran.err.contains("没有第 99 行"), "{} {}", ran.code, ran.err);
}

#[test]
fn what_is_written_where_nothing_is_answered_is_told() {
    let desk = with_batch();
    let mut list = List::written(&desk, &["--batch", "1"]);
    // A column renamed, a name and reasons written over, a remark behind the last column.
    list.fill("7", "职业技能等级（请改为）", "二级");
    list.fill("2", "姓名", "李新");
    list.fill("3", "问题说明", "已核对，号码没错");
    let (level, who) = (list.column("职业技能等级（请改为）"), list.column("姓名（请改为）"));
    list.0[1][level] = "等级改为".into();
    list.0[1][who] = "姓名改为".into();
    let last = list.0[2].len();
    list.0.iter_mut().for_each(|row| row.push(String::new()));
    list.0[5][last] = "见附件".into();
    list.put(&desk, "list.csv");
    let (code, tried) = taken(&desk, "list.csv", &["--dry-run"]);
    assert_eq!((code, open_states(&tried)), (1, vec![(3, "in-place")]), "{tried}");
    let unread: Vec<_> = tried["unread"].as_array().expect("parts").iter().collect();
    let told: Vec<_> = unread.iter().map(|one| (one["why"].as_str(), one["lines"].to_string())).collect();
    for (why, lines) in [("no-answers", "[]"), ("column", "[8]"), ("column", "[6]"), ("overwritten", "[4]")] {
        assert!(told.contains(&(Some(why), lines.to_string())), "{why} {lines}: {tried}");
    }
    let said = verb(&desk, &["--lang", "zh", "answers", "list.csv", "--batch", "1", "--dry-run"]).out;
    for words in ["“等级改为”不是清单原有的栏", "没有“职业技能等级（请改为）”一栏", "“问题说明”一栏被改写"]
    {
        assert!(said.contains(words), "{words}: {said}");
    }
    // In the workbench nothing of it is missing either.
    let said = talk(&desk, &["--lang", "zh", "open", "--batch", "1"], "answers\nlist.csv\n2\n1\nn\nquit\n").out;
    assert!(said.contains("“等级改为”不是清单原有的栏"), "{said}");
}

#[test]
fn a_list_on_another_sheet_is_found() {
    let desk = with_batch();
    let mut list = List::written(&desk, &["--batch", "1"]);
    list.fill("2", "证件号码（请改为）", &resident(0));
    let mut book = rust_xlsxwriter::Workbook::new();
    book.add_worksheet().write(0, 0, "致：各单位").expect("a cell");
    for name in ["清单", "清单备份"] {
        let sheet = book.add_worksheet().set_name(name).expect("a name");
        for (y, row) in (0u32..).zip(&list.0) {
            for (x, cell) in (0u16..).zip(row) {
                sheet.write(y, x, cell).expect("a cell");
            }
        }
    }
    book.save(desk.path("book.xlsx")).expect("a workbook");
    let (code, tried) = taken(&desk, "book.xlsx", &["--dry-run"]);
    assert_eq!((code, &tried["changed_cells"], &tried["sheet"]), (1, &json!(1), &json!("清单")), "{tried}");
    assert_eq!(tried["unread"], json!([{ "why": "sheet", "name": "清单备份", "lines": [] }]));
    let said = talk(&desk, &["--lang", "zh", "open", "--batch", "1"], "answers\nbook.xlsx\ny\nquit\n").out;
    assert!(said.contains("工作表“清单备份”也是清单"), "{said}");
    assert_eq!(cells(&stored(&desk), Field::IdNumber)[0], resident(0));
}

#[test]
fn answers_that_drop_undone_steps_say_so_tried_or_made() {
    let desk = with_batch();
    talk(&desk, &["open"], "aside 3 重复报名\ny\nundo\ny\nquit\n");
    let mut list = List::written(&desk, &["--batch", "1"]);
    list.fill("2", "证件号码（请改为）", &resident(0));
    list.put(&desk, "back.csv");
    let tried = verb(&desk, &["--lang", "zh", "answers", "back.csv", "--batch", "1", "--dry-run"]);
    assert!(tried.err.contains("这样改会放弃第 1 批里已撤销的 1 步"), "{}{}", tried.out, tried.err);
    let made = verb(&desk, &["--lang", "zh", "answers", "back.csv", "--batch", "1"]);
    assert!(made.err.contains("第 1 批里已撤销的 1 步放弃了"), "{}{}", made.out, made.err);
    let again = verb(&desk, &["--lang", "zh", "answers", "back.csv", "--batch", "1"]);
    assert!(!again.err.contains("已撤销的"), "{}", again.err);
}

#[test]
fn what_was_put_aside_or_noted_goes_out_and_asks_nothing() {
    let desk = with_batch();
    let acts = "aside 8 twice in the list\ny\nnote 5 ask by telephone\ny\nnote 8 see row 2\ny\nquit\n";
    talk(&desk, &["open", "--batch", "1"], acts);
    assert!(stored(&desk).roster().is_aside(6), "the row is aside");
    let mut list = List::written(&desk, &["--batch", "1"]);
    let (reasons, notes) = (list.column("问题说明"), list.column("核对备注"));
    let row = |list: &List, line: &str| list.0.iter().find(|row| row[0] == line).cloned().expect("a row");
    let aside = row(&list, "8");
    assert!(aside[reasons].contains("twice in the list") && aside[notes] == "see row 2", "{aside:?}");
    assert_eq!(row(&list, "5")[notes], "ask by telephone");
    list.put(&desk, "list.csv");
    let (_, back) = taken(&desk, "list.csv", &["--dry-run"]);
    assert_eq!((&back["unread"], &back["rows"]["settled"]), (&json!([]), &json!(1)), "{back}");
    // What somebody writes over the note is told.
    list.fill("5", "核对备注", "done");
    list.put(&desk, "list.csv");
    let (_, back) = taken(&desk, "list.csv", &["--dry-run"]);
    assert!(back["unread"].to_string().contains("核对备注"), "{back}");
}

#[test]
fn the_plain_list_is_filtered_by_arrows_under_a_frozen_header() {
    let desk = with_batch();
    let ran = verb(&desk, &["check", "r.csv", "--format", "xlsx", "--output", "plain.xlsx"]);
    assert!(ran.code <= 1, "{}", ran.err);
    let mut archive = zip::ZipArchive::new(File::open(desk.path("plain.xlsx")).expect("a file")).expect("a workbook");
    let mut sheet = String::new();
    let read = archive.by_name("xl/worksheets/sheet1.xml").expect("a sheet").read_to_string(&mut sheet);
    read.expect("text");
    for told in ["<autoFilter ref=\"A1:", "state=\"frozen\""] {
        assert!(sheet.contains(told), "{told}");
    }
}
