//! Files of a batch that come again: opened by themselves, read otherwise, chosen once more, taken over meanwhile.

use std::path::Path;

use rust_xlsxwriter::Workbook;
use skillcert::app::App;
use skillcert::app::msg::{Effect, ReadJob};
use skillcert::office::Session;

use super::*;
use crate::support::harness::Harness;

/// A home with a batch of two files; the second has a row that is skipped.
pub(super) fn with_two() -> Desk {
    let desk = with_batch(&goods(2));
    desk.put("b.csv", text(",", &(2..4).map(good).collect::<Vec<_>>()) + "样例大赛电工名单,,,,,,,,,,\n");
    add(&desk, &order(&desk, "b.csv", None)).expect("added");
    desk
}

pub(super) fn session(desk: &Desk) -> Session {
    desk.office_at("state").sign_on("test").expect("a session")
}

/// Lists the batches: how many rows each has, and how many files were added to it.
pub(super) fn batches(desk: &Desk) -> Vec<(u32, u32)> {
    let session = session(desk);
    let mut listed: Vec<_> = session.list_batches(true).expect("listed").into_iter().map(|b| b.batch).collect();
    listed.sort_by_key(|batch| batch.id);
    listed.into_iter().map(|batch| (batch.rows, batch.parts)).collect()
}

#[test]
fn a_further_file_of_a_batch_is_known_like_the_first() {
    let desk = with_two();
    desk.put("c.csv", text(",", &[good(4)]));
    add(&desk, &order(&desk, "c.csv", None)).expect("added");
    let open = |script: &str| talk(&desk, &["--lang", "zh", "open", "b.csv"], script).out;
    // Wherever it lies and whatever it is called.
    std::fs::copy(desk.path("b.csv"), desk.path("d.csv")).expect("copied");
    let moved = talk(&desk, &["--lang", "en", "open", "d.csv"], "0\nquit\n").out;
    assert!(moved.contains("d.csv is in batch 1 already, as number 2 of 3"), "{moved}");
    let gone_on = open("1\nquit\n");
    assert!(gone_on.contains("b.csv 已在第 1 批里，是 3 份中的第 2 份"), "{gone_on}");
    assert!(gone_on.contains("5 行"), "{gone_on}");
    assert_eq!(batches(&desk), [(5, 2)]);
    // Numbers are given in the batch, as for its first file.
    let order = ["ledger", "allocate", "b.csv", "--dry-run"];
    let told = desk.verb(&[&HOME[..], &["--lang", "zh"], &order].concat()).err;
    assert!(told.contains("第 1 批") && told.contains("用的是整批"), "{told}");
    assert_eq!(batches(&desk), [(5, 2)]);
    open("2\nquit\n");
    assert_eq!(batches(&desk), [(5, 2), (2, 0)]);
    // It is a batch of its own as well from now on.
    let own = open("quit\n");
    assert!(own.contains("b.csv 已在 2 批里"), "{own}");
    // Its path holds something else.
    desk.put("c.csv", text(",", &[good(4), good(5)]));
    let changed = talk(&desk, &["--lang", "zh", "open", "c.csv"], "quit\n").out;
    assert!(changed.contains("c.csv 现在的内容，和第 1 批读入时不同"), "{changed}");
    assert!(changed.contains("当时 1 行，现在 2 行；多了 1 人，少了 0 人"), "{changed}");
    let told = desk.verb(&[&HOME[..], &["--lang", "zh", "check", "c.csv"]].concat()).err;
    assert!(told.contains("是第 1 批的第 3 份，现在内容不同"), "{told}");
}

/// What is told of a file is told of each of several.
#[test]
fn what_was_skipped_and_kept_in_each_of_several_is_told() {
    let desk = with_two();
    let json = |words: &[&str]| -> serde_json::Value {
        let ran = desk.verb(&[&HOME[..], &["check"], words, &["--format", "json"]].concat());
        serde_json::from_str(&ran.out).expect("JSON")
    };
    let of = |json: &serde_json::Value| {
        let part = |part: &serde_json::Value| {
            assert!(part["workbook"]["struck_rows"].is_array(), "{part}");
            let rows = part["skipped_rows"].as_array().expect("a list").iter().map(|run| run["row"].to_string());
            (rows.collect::<Vec<_>>().join(" "), part["kept_rows"].to_string())
        };
        json["parts"].as_array().expect("a list").iter().map(part).collect::<Vec<_>>()
    };
    let pair = |skipped: &str| vec![(String::new(), "[]".to_string()), (skipped.to_string(), "[]".to_string())];
    assert_eq!(of(&json(&["--batch", "1"])), pair("4"));
    let mut book = Workbook::new();
    for (name, foot) in [("一", ""), ("二", "小计")] {
        let sheet = book.add_worksheet().set_name(name).expect("a name");
        let lines = text(",", &goods(if name == "一" { 2 } else { 3 })) + foot + "\n";
        for (at, line) in lines.lines().enumerate() {
            for (column, cell) in line.split(',').enumerate().filter(|(_, cell)| !cell.is_empty()) {
                sheet.write(at as u32, column as u16, cell).expect("a cell");
            }
        }
        sheet.set_row_hidden(2).expect("hidden");
    }
    desk.put("two.xlsx", book.save_to_buffer().expect("a workbook"));
    let sheets = json(&["two.xlsx", "--sheet", "*"]);
    assert_eq!(of(&sheets), pair("5"));
    for told in [&sheets, &json(&["--batch", "1"])] {
        let columns =
            |part: &serde_json::Value| (part["columns"][0]["field"].clone(), part["columns"][0]["by"].clone());
        let parts = told["parts"].as_array().expect("a list").iter().map(columns).collect::<Vec<_>>();
        assert_eq!(parts, [("姓名".into(), "label".into()), ("姓名".into(), "label".into())], "{told}");
    }
    // The same in text.
    let text = |words: &[&str]| desk.verb(&[&HOME[..], &["--lang", "zh", "check"], words].concat());
    let ran = text(&["two.xlsx", "--sheet", "*"]);
    for told in ["two.xlsx [一]：", "two.xlsx [二]：跳过第 5 行"] {
        assert!(ran.out.contains(told), "{told} {}", ran.out);
    }
    assert_eq!((ran.out.matches("隐藏").count(), ran.err.contains("跳过")), (2, false), "{}{}", ran.out, ran.err);
    let ran = text(&["two.xlsx", "--sheet", "*", "--format", "csv"]);
    assert!(ran.err.contains("two.xlsx [二]：跳过第 5 行"), "{}", ran.err);
    let ran = text(&["--batch", "1"]);
    assert!(ran.out.contains("b.csv") && ran.out.contains("跳过第 4 行"), "{}", ran.out);
    let ran = text(&["a.csv", "b.csv"]);
    assert!(ran.out.contains("\n  跳过第 4 行"), "{}", ran.out);
    let ran = text(&["b.csv", "--keep-row", "4"]);
    assert!(ran.out.contains("收回当作数据的行：4"), "{}", ran.out);
}

#[test]
fn a_row_that_was_skipped_in_one_of_several_files_comes_back_with_all_of_them() {
    let desk = with_two();
    let line = |out: &str| {
        let at = out.lines().find(|line| line.contains("跳过第 4 行")).expect("the row");
        at.split('.').next().expect("a number").to_string()
    };
    let open = |script: &str| talk(&desk, &["--lang", "zh", "open", "--batch", "1"], script).out;
    let number = line(&open("import-page\nquit\n"));
    let ran = open(&format!("import-page\n{number}\nimport-page\nquit\n"));
    assert!(ran.contains("收回当作数据的行：4") && ran.contains("第 2 份，共 2 份：b.csv"), "{ran}");
    assert!(ran.contains("已添加 b.csv：3 行") && !ran.contains("那一批共"), "{ran}");
    assert_eq!(batches(&desk), [(4, 1), (5, 1)]);
    // With a change in the batch it is asked for.
    let session = session(&desk);
    let mut hand = InHand::default();
    hand.go_on(&session, BatchId(1)).expect("in hand");
    hand.record(&session, &reopened(&desk).change("t", [(0, Field::Name, "王小二".into())])).expect("recorded");
    drop(hand);
    let ran = open(&format!("import-page\n{number}\nn\nquit\n"));
    assert!(ran.contains("第 1 批已有 1 步修改、取号 0 个。把 b.csv 的第 4 行收回来"), "{ran}");
    // Which batch stays is told where all of them are read again.
    let ran = open(&format!("import-page\n{number}\ny\nquit\n"));
    assert!(ran.contains("第 1 批连同 1 步修改、0 个号还在批次列表里"), "{ran}");
    assert_eq!(batches(&desk).len(), 3);
    // A file that is gone is named; the others are there.
    std::fs::remove_file(desk.path("b.csv")).expect("removed");
    let ran = open(&format!("import-page\n{number}\ny\nquit\n"));
    assert!(ran.contains("有 1 份没有读入：“b.csv”（"), "{ran}");
    assert_eq!(batches(&desk)[3], (2, 0));
}

fn jobs(effects: &[Effect]) -> Vec<&ReadJob> {
    effects.iter().filter_map(|effect| if let Effect::Read(job) = effect { Some(job) } else { None }).collect()
}

/// The columns of the part under the cursor are shown under its own labels, and all parts are read again with them.
#[test]
fn the_columns_of_the_part_under_the_cursor_are_matched_anew() {
    let mut app: App = new_app(Lang::Zh, (80, 24));
    app.start(Some("/data/a.csv".into()), None);
    let Msg::Opened(mut head) = opened(&labels(), Some(r#"{"path":"/data/a.csv"}"#.into())) else {
        panic!("none opened")
    };
    let mut own = head.columns.clone();
    own.source[1].label = "姓　名".into();
    let part = |file: &str, first, columns| Part {
        origin: Origin { file: file.into(), header_row: 1, ..Origin::default() },
        path: format!("/data/{file}").into(),
        columns,
        first,
        ..Part::default()
    };
    head.parts = vec![part("a.csv", 0, head.columns.clone()), part("b.csv", 1, own.clone())];
    app.update(Msg::Opened(head));
    let read = rows(&app, &three());
    app.update(read);
    app.update(Msg::ReadDone(ReadEnd { job: 1, ..ReadEnd::default() }));
    press(&mut app, "G C");
    assert_eq!((app.import.path(), app.import.columns()), (Some(Path::new("/data/b.csv")), &own));
    let second = &three()[1];
    let sample = app.import.sample().expect("a sample");
    assert_eq!([0, 1, 2].map(|at| sample.cell(0, at).to_string()), [0, 1, 2].map(|at| second[at].to_string()));
    // As it was nothing is read.
    assert!(jobs(&press(&mut app, "enter")).is_empty());
    press(&mut app, "C");
    app.import.assign(3, None);
    let asked = press(&mut app, "enter y");
    let [first] = jobs(&asked)[..] else { panic!("{asked:?}") };
    assert_eq!((first.path.as_path(), first.adds), (Path::new("/data/a.csv"), false));
    assert!(first.columns.is_some());
}

/// What is in the batch already is marked, and nobody stands in it twice.
#[test]
fn sheets_that_are_in_the_batch_are_marked_and_not_added_again() {
    let desk = Desk::new();
    desk.put("book.xlsx", std::fs::read(root("tests/fixtures/f10_rosters.xlsx")).expect("fixture"));
    let ran = talk(
        &desk,
        &["--lang", "zh", "open", "book.xlsx"],
        "1\nadd-file\nbook.xlsx\ny\n1-2\nadd-file\nbook.xlsx\ny\n*\n1\n0\n0\nquit\n",
    )
    .out;
    assert!(ran.contains("1. 一组：5 行，像名册、已在第 1 批"), "{ran}");
    assert!(ran.contains("2. 二组：7 行，像名册、已在第 1 批"), "{ran}");
    assert!(ran.contains("勾选的工作表有 1 张没有读入：“一组”（已在第 1 批）"), "{ran}");
    assert!(ran.contains("没有一张像名册的工作表"), "{ran}");
    assert_eq!(batches(&desk), [(12, 1)]);
}

/// What one sheet fails at is still told when the next has come.
#[test]
fn a_sheet_that_fails_between_others_is_told_in_the_end() {
    let desk = Desk::new();
    let mut book = Workbook::new();
    for (name, rows) in [("一组", goods(2)), ("空的", Vec::new()), ("三组", (2..5).map(good).collect())] {
        let sheet = book.add_worksheet().set_name(name).expect("a name");
        let labels: Vec<String> = LABELS.iter().map(|label| (*label).to_string()).collect();
        for (y, row) in std::iter::once(&labels).chain(&rows).enumerate() {
            for (x, cell) in row.iter().enumerate() {
                sheet.write_string(y as u32, x as u16, cell).expect("a cell");
            }
        }
    }
    book.save(desk.path("book.xlsx")).expect("a workbook");
    let ran = talk(&desk, &["--lang", "zh", "open", "book.xlsx"], "1-3\nquit\n").out;
    assert!(ran.contains("有 1 张没有读入：“空的”（book.xlsx [空的] 里没有数据行，没有添加）"), "{ran}");
    assert!(ran.contains("book.xlsx [三组]：共 5 行"), "{ran}");
    assert_eq!(batches(&desk), [(5, 1)]);
}

/// Whoever chose a file while another took the batch over adds nothing, and learns why.
#[test]
fn a_file_is_not_added_to_a_batch_that_was_taken_over_meanwhile() {
    let desk = with_batch(&goods(2));
    desk.roster("b.csv", &[good(2)]);
    let mut bench = Harness::open(&desk, &desk.path("a.csv"));
    bench.sees(&["1/2"]);
    bench.press("+");
    bench.sees(&["b.csv"]);
    let session = session(&desk);
    let mut theirs = InHand::default();
    theirs.go_on(&session, BatchId(1)).expect("watched");
    theirs.take_over(&session).expect("taken over");
    std::thread::sleep(std::time::Duration::from_millis(700));
    bench.press("b.csv");
    bench.press("\r");
    bench.sees(&["把 b.csv 加入"]);
    bench.press("y");
    bench.sees(&["这一批已由他人接手编辑，文件没有添加"]);
    drop(theirs);
    assert_eq!(batches(&desk), [(2, 0)]);
}

/// What would be an error in every row is asked about once, before the rows are there for good.
#[test]
fn codes_of_another_place_are_told_before_a_file_is_added() {
    let desk = with_batch(&goods(2));
    let mut others: Vec<Vec<String>> = (2..5).map(good).collect();
    others.iter_mut().enumerate().for_each(|(i, row)| row[7] = format!("S000051009999213J{i:05}"));
    desk.roster("sc.csv", &others);
    let told = "这份文件的证书编号多半是别处的（3 行是四川省省级职业技能竞赛），这一批按“甘肃省职业技能竞赛”检查";
    let open = |script: &str| talk(&desk, &["--lang", "zh", "open", "--batch", "1"], script).out;
    let left = open("add-file\nsc.csv\ny\n0\n0\nquit\n");
    assert!(left.contains(told), "{left}");
    assert_eq!(batches(&desk), [(2, 0)]);
    let added = open("add-file\nsc.csv\ny\nconfirm-columns\nquit\n");
    assert!(added.contains("已添加 sc.csv：3 行"), "{added}");
    assert_eq!(batches(&desk), [(5, 1)]);
    // Of one code among others nothing is asked.
    let desk = with_batch(&goods(2));
    others[1..].iter_mut().zip(6..).for_each(|(row, i)| row[7].clone_from(&good(i)[7]));
    desk.roster("mixed.csv", &others);
    let added = talk(&desk, &["--lang", "zh", "open", "--batch", "1"], "add-file\nmixed.csv\ny\nquit\n").out;
    assert!(added.contains("已添加 mixed.csv：3 行"), "{added}");
}

#[test]
fn a_state_folder_that_is_not_there_is_told_once_and_not_made() {
    let desk = Desk::new();
    desk.roster("a.csv", &goods(2));
    let check = |home: &[&str]| desk.verb(&[home, &["--lang", "zh", "check", "a.csv", "--format", "json"]].concat());
    let ran = check(&["--home", "stat"]);
    assert_eq!((ran.code, ran.err.matches("/stat 这个文件夹").count()), (0, 1), "{}", ran.err);
    assert!(serde_json::from_str::<serde_json::Value>(&ran.out).is_ok() && !desk.path("stat").exists());
    let ran = desk.verb(&["--home", "stat", "--lang", "en", "merge", "a.csv", "-o", "out.csv"]);
    assert!(ran.err.contains("There is no folder "), "{}", ran.err);
    assert_eq!(check(&[]).err, "");
    std::fs::create_dir(desk.path("stat")).expect("a folder");
    assert_eq!(check(&["--home", "stat"]).err, "");
}
