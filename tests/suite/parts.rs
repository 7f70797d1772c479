//! Batches of several files: a file added in the workbench stands behind the rows that are there, and each row knows its file.

mod again;
mod known;

use std::ops::ControlFlow;
use std::sync::Arc;

use proptest::prelude::*;
use skillcert::app::msg::{Msg, ReadEnd};
use skillcert::domain::batch::Batch;
use skillcert::domain::ledger::BatchId;
use skillcert::domain::roster::{CellEdit, Change, Origin, Part, RowOrigin};
use skillcert::domain::rules::Finding;
use skillcert::domain::sheet::{Field, GivenReading};
use skillcert::failure::Failure;
use skillcert::office::{BatchNews, InHand, KeptRows, PartOpening, PartOrder, Purpose, RosterReading};
use skillcert::words::Lang;

use crate::keys::{labels, new_app, opened, press, rows, three};
use crate::plain::talk;
use crate::screens::screen;
use crate::support::{Desk, LABELS, good, goods, root, text};

const HOME: [&str; 2] = ["--home", "state"];

/// A home with one batch, which was opened in the workbench.
fn with_batch(rows: &[Vec<String>]) -> Desk {
    let desk = Desk::new();
    desk.roster("a.csv", rows);
    talk(&desk, &["open", "a.csv"], "quit\n");
    desk
}

fn order(desk: &Desk, name: &str, sheet: Option<&str>) -> PartOrder {
    let reading = RosterReading { sheet: sheet.map(String::from), ..RosterReading::default() };
    PartOrder { path: desk.path(name), reading, ..PartOrder::default() }
}

fn add(desk: &Desk, order: &PartOrder) -> Result<usize, Failure> {
    let session = desk.office_at("state").sign_on("test")?;
    session.add_to_batch(BatchId(1), order, &mut |_| ())
}

/// Reads the batch as it is stored.
fn reopened(desk: &Desk) -> Batch {
    let session = desk.office_at("state").sign_on("test").expect("a session");
    let stored = session.batch(BatchId(1)).expect("a batch");
    session.reopen(&stored, &RosterReading::default(), Purpose::Look, &mut |_| ()).expect("read")
}

fn origins(batch: &Batch) -> Vec<(String, String, u32)> {
    let of = |row| batch.roster().origin_of(row).map(|RowOrigin { file, sheet, line }| (file, sheet, line));
    (0..batch.roster().len()).filter_map(of).collect()
}

/// The same rows in another order of columns, with a title above and a column of its own.
fn turned(rows: &[Vec<String>]) -> String {
    let labels: Vec<&str> = LABELS.iter().rev().copied().chain(["备注"]).collect();
    let line = |row: &Vec<String>| row.iter().rev().map(String::as_str).chain(["优秀"]).collect::<Vec<_>>().join(",");
    let rows: Vec<String> = rows.iter().map(line).collect();
    format!("某县名册\n{}\n{}\n合计{}\n", labels.join(","), rows.join("\n"), ",".repeat(11))
}

#[test]
fn a_file_added_in_the_workbench_stands_behind_the_rows_that_are_there() {
    let desk = with_batch(&goods(3));
    let mut rows: Vec<Vec<String>> = (2..5).map(good).collect();
    rows[1][8] = "2024.11.8".into();
    desk.put("b.csv", turned(&rows));
    let ran = talk(
        &desk,
        &["--lang", "zh", "open", "--batch", "1"],
        "add-file\nb.csv\ny\nimport-page\n0\nadd-file\nb.csv\ny\n0\nquit\n",
    );
    assert!(ran.out.contains("把哪个文件添加到第 1 批（a.csv）？"), "{}", ran.out);
    assert!(ran.out.contains("已添加 b.csv：3 行"), "{}", ran.out);
    assert!(ran.out.contains("1 行的证书编号与其他文件的相同"), "{}", ran.out);
    assert!(ran.out.contains("第 2 份，共 2 份：b.csv") && ran.out.contains("跳过第 6 行"), "{}", ran.out);
    assert!(ran.out.contains("b.csv 的行已经在第 1 批里"), "{}", ran.out);
    let batch = reopened(&desk);
    let at = |file: &str, line| (file.to_string(), String::new(), line);
    assert_eq!(
        origins(&batch),
        [at("a.csv", 2), at("a.csv", 3), at("a.csv", 4), at("b.csv", 3), at("b.csv", 4), at("b.csv", 5)]
    );
    for (row, whole) in (0..6).zip(goods(3).iter().chain(&rows)) {
        let cells: Vec<&str> = Field::ALL[..11].iter().map(|field| batch.roster().cell(row, *field)).collect();
        assert_eq!(cells, *whole, "{row}");
    }
    assert_eq!((batch.roster().source_cell(0, 11), batch.roster().source_cell(4, 11)), ("", "优秀"));
    // What names another row names its file.
    let checked = desk.verb(&[&HOME[..], &["--lang", "zh", "check", "--batch", "1"]].concat());
    assert!(checked.out.contains("b.csv 第 3 行") && checked.out.contains("（来自 b.csv 第 4 行）"), "{}", checked.out);
    // The first file leads to all of them, and the list says how many there are.
    let again = talk(&desk, &["--lang", "zh", "open", "a.csv"], "batches\n0\nquit\n").out;
    assert!(again.contains("6 行") && again.contains("a.csv 等 2 份"), "{again}");
    let entries = desk.verb(&[&HOME[..], &["audit", "show", "--format", "json"]].concat()).out;
    assert!(entries.contains("\"batch.add\""), "{entries}");
    assert_eq!(desk.verb(&[&HOME[..], &["ledger", "verify"]].concat()).code, 0);
}

#[test]
fn sheets_of_one_workbook_become_one_batch() {
    let desk = Desk::new();
    std::fs::copy(root("tests/fixtures/two-rosters.xlsx"), desk.path("two.xlsx")).expect("copied");
    talk(&desk, &["open", "two.xlsx"], "1\nquit\n");
    let first = reopened(&desk);
    assert_eq!(add(&desk, &order(&desk, "two.xlsx", Some("第二组"))).expect("added"), 1);
    let batch = reopened(&desk);
    assert_eq!(batch.roster().len(), first.roster().len() + 5);
    assert_eq!(batch.roster().part_of(first.roster().len()), 1);
    // It is none that was not read any more.
    let told = desk.verb(&[&HOME[..], &["--lang", "zh", "check", "--batch", "1"]].concat());
    assert_eq!(told.out.matches("没有读入").count(), 1, "{}", told.out);
    assert!(told.out.contains("“汇总”没有读入"), "{}", told.out);
    let known = add(&desk, &order(&desk, "two.xlsx", Some("第二组"))).expect_err("known");
    assert!(known.message.contains("第二组"), "{known}");
}

/// Row numbers begin anew with every sheet: what tells them apart is seen however narrow the screen is.
#[test]
fn the_title_names_the_sheet_and_the_file_before_the_profile() {
    for (lang, width) in [Lang::Zh, Lang::En].into_iter().flat_map(|lang| [80, 100, 120, 160].map(|w| (lang, w))) {
        let mut app = new_app(lang, (width, 24));
        app.start(Some("/data/three.xlsx".into()), None);
        let Msg::Opened(mut head) = opened(&labels(), Some(String::new())) else { panic!("none opened") };
        let part = |file: &str, sheet: &str, first| Part {
            origin: Origin { file: file.into(), sheet: sheet.into(), header_row: 1, ..Origin::default() },
            path: format!("/data/{file}").into(),
            columns: head.columns.clone(),
            first,
            ..Part::default()
        };
        head.parts = vec![
            part("three.xlsx", "一班", 0),
            part("three.xlsx", "二班", 1),
            part("第二批补报人员名册（终稿）.xlsx", "Sheet1", 2),
        ];
        app.update(Msg::Opened(head));
        let read = rows(&app, &three());
        app.update(read);
        app.update(Msg::ReadDone(ReadEnd { job: 1, ..ReadEnd::default() }));
        for (keys, told) in
            [("k", "three.xlsx [一班] (1/3)"), ("j", "three.xlsx [二班] (2/3)"), ("j", ".xlsx [Sheet1] (3/3)")]
        {
            press(&mut app, keys);
            let shown = screen(&app);
            let title = shown.lines().next().unwrap_or_default();
            let sheet = told.split_once(" [").map_or(told, |(_, sheet)| sheet);
            let is_told = title.contains(told) || (width < 120 && title.contains(sheet));
            assert!(is_told, "{width} {told}: {title}");
        }
    }
}

/// Every unit calls its file the same.
#[test]
fn files_of_one_name_are_named_with_their_folders() {
    let desk = Desk::new();
    for (folder, rows) in [("a", goods(3)), ("b", (2..5).map(good).collect())] {
        std::fs::create_dir(desk.path(folder)).expect("a folder");
        desk.put(&format!("{folder}/名册.csv"), text(",", &rows));
    }
    talk(&desk, &["open", "a/名册.csv"], "quit\n");
    assert_eq!(add(&desk, &order(&desk, "b/名册.csv", None)).expect("added"), 1);
    let files: Vec<String> = origins(&reopened(&desk)).into_iter().map(|(file, ..)| file).collect();
    assert_eq!(files, ["a/名册.csv", "a/名册.csv", "a/名册.csv", "b/名册.csv", "b/名册.csv", "b/名册.csv"]);
    let checked = desk.verb(&[&HOME[..], &["--lang", "zh", "check", "--batch", "1"]].concat()).out;
    assert!(
        checked.contains("与a/名册.csv 第 4 行相同") && checked.contains("（来自 b/名册.csv 第 2 行）"),
        "{checked}"
    );
    let page = talk(&desk, &["--lang", "zh", "open", "--batch", "1"], "import-page\n0\nquit\n").out;
    assert!(page.contains("：a/名册.csv") && page.contains("：b/名册.csv"), "{page}");
    let merged = desk.verb(&["merge", "a/名册.csv", "b/名册.csv", "-o", "m.csv"]);
    let written = std::fs::read_to_string(desk.path("m.csv")).unwrap_or_else(|e| panic!("{e}: {}", merged.err));
    assert_eq!((written.matches("a/名册.csv").count(), written.matches("b/名册.csv").count()), (3, 3), "{written}");
}

#[test]
fn what_is_told_of_a_batch_names_all_its_files() {
    let desk = Desk::new();
    std::fs::copy(root("tests/fixtures/two-rosters.xlsx"), desk.path("two.xlsx")).expect("copied");
    talk(&desk, &["open", "two.xlsx"], "1\nquit\n");
    add(&desk, &order(&desk, "two.xlsx", Some("第二组"))).expect("added");
    desk.put("c.csv", turned(&goods(2)));
    add(&desk, &order(&desk, "c.csv", None)).expect("added");
    let verb = |line: &[&str]| desk.verb(&[&HOME[..], &["--lang", "zh"], line].concat()).out;
    let first = reopened(&desk).roster().parts()[0].origin.sheet.clone();
    let head = format!("two.xlsx [{first}] 等 3 份");
    let rows = reopened(&desk).roster().rows_of(0).1;
    let parts = [
        format!("第 1 份 two.xlsx [{first}]：{rows} 行"),
        "第 2 份 two.xlsx [第二组]：5 行，表头在第".into(),
        "第 3 份 c.csv：2 行，表头在第 2 行".into(),
    ];
    let (checked, listed, shown) =
        (verb(&["check", "--batch", "1"]), verb(&["batch", "list"]), verb(&["batch", "show", "1"]));
    for told in [&checked, &listed, &shown] {
        assert!(told.contains(&head), "{told}");
    }
    assert!(parts.iter().all(|part| checked.contains(part) && shown.contains(part)), "{checked}\n{shown}");
    let summed = verb(&["summary", "--batch", "1"]);
    assert!(summed.starts_with(&format!("第 1 批：{head}\n")), "{summed}");
    assert!(parts.iter().all(|part| summed.contains(part)), "{summed}");
    let values = verb(&["values", "--batch", "1", "--column", "所在单位"]);
    assert!(values.contains("个取值"), "{values}");
    let json = |line: &[&str]| serde_json::from_str::<serde_json::Value>(&verb(line)).expect("JSON");
    let other = json(&["check", "--batch", "1", "--format", "json"])["other_sheets"].to_string();
    assert!(!other.contains("第二组") && other.contains("汇总"), "{other}");
    let summed = json(&["summary", "--batch", "1", "--format", "json"]);
    assert_eq!((&summed["batch"], summed["parts"].as_array().map(Vec::len)), (&1.into(), Some(3)), "{summed}");
    let shown = json(&["batch", "show", "1", "--format", "json"]);
    let counts: Vec<_> = (0..3).map(|at| shown["parts"][at]["row_count"].clone()).collect();
    assert_eq!(counts, [rows.into(), 5.into(), serde_json::Value::from(2)], "{shown}");
}

#[test]
fn rows_that_were_skipped_are_told_of_every_file_and_named_with_it() {
    let desk = with_batch(&goods(2));
    desk.put("b.csv", format!("{}\n{}\n合计,2,,,,,,,,,\n", LABELS.join(","), good(7).join(",")));
    add(&desk, &order(&desk, "b.csv", None)).expect("added");
    let check = |format: &str| {
        desk.verb(&[&HOME[..], &["--lang", "zh", "check", "--batch", "1", "--format", format]].concat()).out
    };
    let text = check("text");
    assert!(text.contains("b.csv：跳过第 3 行"), "{text}");
    let json: serde_json::Value = serde_json::from_str(&check("json")).expect("JSON");
    let skipped = &json["skipped_rows"][0];
    assert_eq!((&skipped["file"], &skipped["row"]), (&"b.csv".into(), &3.into()), "{json}");
    // The rows themselves name their file in a conversation, too.
    let said = talk(&desk, &["--lang", "zh", "open", "--batch", "1"], "rows\nquit\n");
    assert!(said.out.contains("b.csv") && said.out.contains("第 2 行"), "{}", said.out);
}

/// Whatever was changed anywhere in the batch, a file that is one of several is written as it is, and that is told.
#[test]
fn a_file_of_a_batch_of_several_is_exported_by_itself() {
    let desk = with_batch(&goods(3));
    desk.put("b.csv", text(",", &(3..5).map(good).collect::<Vec<_>>()));
    add(&desk, &order(&desk, "b.csv", None)).expect("added");
    let export = |file: &str| {
        let ran = desk.verb(&[&HOME[..], &["--lang", "zh", "export", file, "-o", "out.csv", "--force"]].concat());
        (ran.code, std::fs::read_to_string(desk.path("out.csv")).map_or(0, |t| t.lines().count() - 1), ran.err)
    };
    for is_changed in [false, true] {
        if is_changed {
            let session = desk.office_at("state").sign_on("test").expect("a session");
            let mut hand = InHand::default();
            hand.go_on(&session, BatchId(1)).expect("in hand");
            let before = Arc::from(good(4)[0].as_str());
            let edit = CellEdit { row: 4, field: Field::Name, before, after: "王小二".into() };
            let change = Change { title: "t".into(), edits: vec![edit], ..Change::default() };
            hand.record(&session, &change).expect("recorded");
        }
        for (file, rows, number) in [("a.csv", 3, 1), ("b.csv", 2, 2)] {
            let (code, written, told) = export(file);
            assert_eq!((code, written), (0, rows), "{told}");
            assert!(told.contains(&format!("第 1 批的第 {number} 份")) && told.contains("--batch 1"), "{told}");
        }
    }
    let checked = desk.verb(&[&HOME[..], &["--lang", "zh", "check", "b.csv"]].concat());
    assert!(checked.err.contains("第 1 批的第 2 份；那一批共 2 份 5 行，已改 1 格"), "{}", checked.err);
}

/// Every sheet is told of, and nothing twice.
#[test]
fn what_came_of_each_of_several_sheets_is_told() {
    let desk = Desk::new();
    desk.put("book.xlsx", std::fs::read(root("tests/fixtures/f10_rosters.xlsx")).expect("fixture"));
    desk.put("c.csv", text(",", &goods(2)));
    let ran = talk(&desk, &["--lang", "zh", "open", "book.xlsx"], "全部\nadd-file\nc.csv\ny\nquit\n").out;
    let told: Vec<&str> = ran.lines().filter(|line| line.contains("已添加")).collect();
    let [.., sheets, file] = &told[..] else { panic!("{ran}") };
    assert!(["一组", "二组"].iter().all(|s| sheets.contains(&format!("book.xlsx [{s}]"))), "{sheets}");
    assert!(file.contains("已添加 c.csv：2 行") && !file.contains("没有读入") && !file.contains("book.xlsx"), "{file}");
    let entries = desk.verb(&[&HOME[..], &["audit", "show", "--format", "json"]].concat()).out;
    assert!(entries.contains("二组") && entries.contains("上年名单"), "sheets are nobody: {entries}");
}

#[test]
fn what_cannot_be_added_is_refused_and_leaves_the_batch_as_it_is() {
    let desk = with_batch(&goods(3));
    let known = add(&desk, &order(&desk, "a.csv", None)).expect_err("known");
    assert!(known.message.contains("a.csv"), "{known}");
    desk.put("empty.csv", text(",", &[]));
    desk.put("none.csv", "甲,乙\n1,2\n");
    desk.put("beijing.csv", "序号,姓名,身份证号,原证书编号,证书编号\n1,张三,110101199003077571,旧,新\n");
    for name in ["empty.csv", "none.csv", "gone.csv"] {
        let refused = add(&desk, &order(&desk, name, None)).expect_err(name);
        assert!(!refused.message.is_empty(), "{name}");
    }
    let entries = desk.verb(&[&HOME[..], &["audit", "show", "--format", "json"]].concat()).out;
    assert!(!entries.contains("batch.add"), "{entries}");
    assert_eq!((reopened(&desk).roster().len(), reopened(&desk).roster().parts().len()), (3, 0));
}

/// What rows have behind the last column of their file slips under no column that another file brings.
#[test]
fn surplus_cells_stay_surplus_whatever_columns_follow() {
    let desk = Desk::new();
    let rows = |from: usize| (from..from + 2).map(good).collect::<Vec<_>>();
    desk.put("a.csv", text(",", &rows(0)).trim_end().to_string() + ",多余\n");
    talk(&desk, &["open", "a.csv"], "quit\n");
    let more = text(",", &rows(2)).replace("发证机构\n", "发证机构,备注\n").replace("代章)\n", "代章),优秀\n");
    desk.put("b.csv", more.trim_end().to_string() + ",更多\n");
    add(&desk, &order(&desk, "b.csv", None)).expect("added");
    let batch = reopened(&desk);
    let wide = |row| batch.findings().of_row(row).iter().filter(|f| f.rule.spec().code == "S01").count();
    assert_eq!([0, 1, 2, 3].map(wide), [0, 1, 0, 1]);
    let label = |row: u32, text: &str| {
        let at = (0..batch.roster().source_width(row)).find(|at| batch.roster().source_cell(row, *at) == text);
        batch.roster().columns.source[at.expect(text)].label.clone()
    };
    assert_eq!(label(2, "优秀"), "备注");
    assert!(batch.roster().columns.source[11].is_beyond() && label(1, "多余") == label(3, "更多"));
}

/// A number alone does not say which row is meant: row 2 stands in each of the files.
#[test]
fn the_error_list_says_of_which_file_and_sheet_each_row_is() {
    let bad = |from: usize| {
        let mut row = good(from);
        row[8] = "2024.13.8".into();
        row
    };
    let desk = with_batch(&[bad(0), good(1)]);
    let more = text(",", &[bad(2)]).replace("发证机构\n", "发证机构,来源文件,来源工作表,来源行\n");
    desk.put("b.csv", more.trim_end().to_string() + ",旧.xls,一组,17\n");
    add(&desk, &order(&desk, "b.csv", None)).expect("added");
    desk.roster("c.csv", &[bad(3)]);
    add(&desk, &order(&desk, "c.csv", None)).expect("added");
    let of_batch = [&HOME[..], &["check", "--batch", "1"]].concat();
    desk.verb(&[&of_batch[..], &["--format", "xlsx", "--output", "list.xlsx"]].concat());
    let list = crate::cli::workbook(&desk.path("list.xlsx"));
    assert_eq!(list[0][..4], ["来源文件", "来源工作表", "来源行", LABELS[0]], "{:?}", list[0]);
    // What was merged before keeps its first origin.
    let told: Vec<[&str; 3]> = list[1..].iter().map(|row| [0, 1, 2].map(|at| row[at].as_str())).collect();
    assert_eq!(told, [["a.csv", "", "2"], ["旧.xls", "一组", "17"], ["c.csv", "", "2"]]);
    assert_eq!(list[0].iter().filter(|label| label.as_str() == "来源文件").count(), 1, "{:?}", list[0]);
    let lines = desk.verb(&[&of_batch[..], &["--format", "csv"]].concat()).out;
    let mut reader = csv::Reader::from_reader(lines.trim_start_matches('\u{FEFF}').as_bytes());
    let rows: Vec<csv::StringRecord> = reader.records().map(|row| row.expect("a record")).collect();
    let of = |row: &csv::StringRecord| [9, 10, 11].map(|at| row[at].to_string());
    assert!(rows.iter().any(|row| of(row) == ["旧.xls", "一组", "17"]), "{lines}");
    assert!(rows.iter().any(|row| of(row) == ["c.csv", "", "2"]), "{lines}");
}

#[test]
fn a_backup_brings_all_files_of_a_batch_back() {
    let desk = with_batch(&goods(2));
    desk.roster("b.csv", &(2..4).map(good).collect::<Vec<_>>());
    add(&desk, &order(&desk, "b.csv", None)).expect("added");
    let whole = reopened(&desk);
    let backup = desk.verb(&[&HOME[..], &["backup", "--output", "kept.skillcert-backup"]].concat());
    assert_eq!(backup.code, 0, "{}", backup.err);
    std::fs::remove_dir_all(desk.path("state")).expect("removed");
    let restored = desk.verb(&[&HOME[..], &["restore", "kept.skillcert-backup", "--yes"]].concat());
    assert_eq!(restored.code, 0, "{}", restored.err);
    assert_eq!(origins(&reopened(&desk)), origins(&whole));
}

/// Whoever only watches a batch is told that it has more rows, and reads it again.
#[test]
fn who_watches_a_batch_learns_of_the_files_that_are_added() {
    let desk = with_batch(&goods(2));
    desk.roster("b.csv", &[good(2)]);
    let office = desk.office_at("state");
    let (first, second) = (office.sign_on("a").expect("a session"), office.sign_on("b").expect("a session"));
    let (mut ours, mut theirs) = (InHand::default(), InHand::default());
    ours.go_on(&first, BatchId(1)).expect("in hand");
    theirs.begin(&second).expect("begun");
    let checker = reopened(&desk).checker().clone();
    let end = second.read_stored(BatchId(1), &checker, &mut |_, _| ControlFlow::Continue(())).expect("read");
    end.expect("to its end").note(&mut theirs);
    let news = theirs.go_on(&second, BatchId(1)).expect("watched");
    assert!(matches!(news[..], [BatchNews::Held(Some(_))]), "{news:?}");
    let read = office.read_part(BatchId(1), &order(&desk, "b.csv", None), true, &mut |_| (), &|| true).expect("read");
    let Some(PartOpening::Read(part)) = read else { panic!("nothing was read") };
    assert_eq!(ours.add_part(&first, &part).expect("added"), (BatchId(1), 1));
    let news = theirs.look_around(&second, false).expect("seen");
    assert!(news.iter().any(|one| matches!(one, BatchNews::Rows(BatchId(1)))), "{news:?}");
    // It is in now.
    assert!(ours.add_part(&first, &part).is_err());
}

fn told(batch: &Batch) -> Vec<(Finding, String)> {
    let locale = skillcert::words::Locale::load(skillcert::words::Lang::Zh);
    let told = |finding: &Finding| {
        // Rows are numbered anew in each file.
        let named = matches!(finding.detail, skillcert::domain::rules::Detail::Row(_));
        (*finding, if named { String::new() } else { locale.finding(batch, finding, false) })
    };
    batch.findings().iter().map(told).collect()
}

fn spoil(row: &mut [String], how: u8) {
    match how {
        0 => row[8] = "2024.11.8".into(),
        1 => row[7].clone_from(&good(1)[7]),
        2 => row[2].clone_from(&good(0)[2]),
        3 => row[3] = " 兰炼".into(),
        4 => row[2].replace_range(15.., "000"),
        _ => {}
    }
}

/// Rows are named with their file where a plan leaves them out.
#[test]
fn rows_that_get_no_number_are_named_with_their_file() {
    let desk = with_batch(&goods(2));
    desk.roster("b.csv", &goods(5)[2..]);
    add(&desk, &order(&desk, "b.csv", None)).expect("added");
    let plan = ["ledger", "allocate", "--batch", "1", "--prefix", "S000062010001", "--dry-run"];
    let told = |lang: &str, more: &[&str]| desk.verb(&[&HOME[..], &["--lang", lang], &plan, more].concat()).out;
    let (zh, en) = (told("zh", &[]), told("en", &[]));
    assert!(zh.contains("第 2-3（a.csv）、2-4（b.csv） 行"), "{zh}");
    assert!(en.contains("row 2-3 (a.csv), 2-4 (b.csv)"), "{en}");
    let json: serde_json::Value = serde_json::from_str(&told("zh", &["--format", "json"])).expect("JSON");
    assert_eq!(json["refused"][2]["origin"], serde_json::json!({ "file": "b.csv", "sheet": "", "row": 2 }));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    /// Added to a batch, with changes made before and after, rows have the findings of a roster that has held them all along.
    #[test]
    fn findings_are_those_of_a_check_of_all_rows_from_scratch(
        spoiled in prop::collection::vec(0..9_u8, 2..8),
        cut in 1..7_usize,
        edited in 0..8_u32,
    ) {
        // Whether a spreadsheet ate the last digits is told by each file, from five such numbers on; the first row may have one as it is.
        prop_assume!(spoiled.iter().filter(|how| matches!(how, 2 | 4)).count() < 4);
        let mut rows = goods(spoiled.len());
        rows.iter_mut().zip(&spoiled).for_each(|(row, how)| spoil(row, *how));
        let cut = cut.min(rows.len() - 1);
        let desk = Desk::new();
        desk.roster("a.csv", &rows[..cut]);
        desk.put("b.csv", turned(&rows[cut..]));
        desk.roster("all.csv", &rows);
        let office = desk.office_at("state");
        let reading = RosterReading { given: GivenReading::default(), ..RosterReading::default() };
        talk(&desk, &["open", "a.csv"], "quit\n");
        let change = |row: u32, after: &str| Change {
            title: "t".into(),
            edits: vec![CellEdit {
                row,
                field: Field::Code,
                before: rows[row as usize][7].as_str().into(),
                after: Arc::from(after),
            }],
            ..Change::default()
        };
        let early = change(0, &good(40)[7]);
        {
            let session = office.sign_on("test").expect("a session");
            let mut hand = InHand::default();
            hand.go_on(&session, BatchId(1)).expect("in hand");
            hand.record(&session, &early).expect("recorded");
        }
        add(&desk, &order(&desk, "b.csv", None)).expect("added");
        let mut batch = reopened(&desk);
        let path = desk.path("all.csv");
        let loaded = office.load(&path, &reading, KeptRows::All, &mut |_| ());
        let mut scratch = loaded.expect("read").batch;
        scratch.apply(early);
        prop_assert_eq!(told(&batch), told(&scratch));
        let late = change(edited % rows.len() as u32, &good(2)[7]);
        batch.apply(late.clone());
        scratch.apply(late);
        prop_assert_eq!(told(&batch), told(&scratch));
        batch.undo();
        scratch.undo();
        prop_assert_eq!(told(&batch), told(&scratch));
    }
}
