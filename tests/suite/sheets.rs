//! Which sheet of a workbook is read, or which several: what is listed of each, and how one chooses.

use std::collections::BTreeMap;
use std::path::Path;

use rust_xlsxwriter::Workbook;
use skillcert::app::App;
use skillcert::app::command::Place;
use skillcert::app::import::ImportStep;
use skillcert::app::msg::{Effect, Msg, ReadJob};
use skillcert::domain::ledger::BatchId;
use skillcert::domain::sheet::{Field, SheetKind, SheetLine, TabState};
use skillcert::office::{InHand, Purpose, RosterReading};
use skillcert::words::Lang;

use crate::keys::{app_with, new_app, press, three};
use crate::screens::screen;
use crate::support::harness::Harness;
use crate::support::{Desk, goods, root, text};

/// Makes the message that lists sheets of these names: the first shows how a roster is filled in, the next two are rosters, and of
/// the others one is hidden, one very hidden, and one was not counted to its end.
pub fn listed(job: u64) -> Msg {
    let row = |cells: &[&str]| cells.iter().map(|cell| (*cell).to_string()).collect::<Vec<_>>();
    let line = |name: &str, kind, rows| SheetLine { name: name.into(), kind, rows, ..SheetLine::default() };
    let first_rows = vec![
        row(&["获奖选手名单"]),
        row(&["姓名", "证件类型", "证件号码", "所在单位"]),
        row(&["张*", "201", "110105********002X", "兰州陇原机械有限公司"]),
    ];
    let roster = |name: &str, rows| SheetLine { first_rows: first_rows.clone(), ..line(name, SheetKind::Roster, rows) };
    let said = vec![row(&["填表说明"]), row(&["一、姓名按身份证填写，日期写八位。"])];
    let sheets = vec![
        SheetLine { first_rows: said, ..line("填表说明", SheetKind::Instructions, 12) },
        roster("一组", 5),
        roster("二组", 100_000),
        SheetLine { tab: TabState::Hidden, ..roster("上年名单", 7) },
        SheetLine { tab: TabState::VeryHidden, ..line("代码\u{202e}表", SheetKind::Other, 40) },
        SheetLine { has_more: true, ..line("大表", SheetKind::Unknown, 0) },
        line("Sheet3", SheetKind::Blank, 0),
    ];
    Msg::Sheets { job, sheets, held: BTreeMap::new() }
}

/// The list of the sheets of a file.
pub fn choosing(lang: Lang, size: (u16, u16)) -> App {
    let mut app = new_app(lang, size);
    let effects = app.start(Some("/data/名册.xlsx".into()), None);
    app.update(listed(job(&effects).job));
    app
}

fn job(effects: &[Effect]) -> &ReadJob {
    let read = effects.iter().find_map(|effect| if let Effect::Read(job) = effect { Some(job) } else { None });
    read.unwrap_or_else(|| panic!("{effects:?}"))
}

#[test]
fn every_sheet_is_listed_with_what_is_known_of_it_and_its_first_rows() {
    let mut app = choosing(Lang::Zh, (80, 24));
    assert_eq!((app.place(), app.import.at()), (Place::Sheets, 1), "the first roster");
    let shown = screen(&app);
    for told in ["12 行  像填表说明", "5 行  像名册", "7 行  隐藏、像名册", "40 行  深度隐藏、没有认出表头", "空表"]
    {
        assert!(shown.contains(told), "{told}: {shown}");
    }
    assert!(shown.contains("“一组”的前几行") && shown.contains("张*  | 201      | 110105********002X"), "{shown}");
    assert!(!shown.contains('\u{202e}') && shown.contains("大表"), "{shown}");
    press(&mut app, "k");
    assert!(screen(&app).contains("一、姓名按身份证填写"), "{}", screen(&app));
    // What is counted is told before anything is read.
    press(&mut app, "a");
    assert!(screen(&app).contains("已勾 2 张，共 100005 行"), "{}", screen(&app));
    press(&mut app, "a");
    assert!(!screen(&app).contains("[x]"), "{}", screen(&app));
}

#[test]
fn one_sheet_is_read_by_enter_and_a_mark_goes_before_the_cursor() {
    let mut app = choosing(Lang::Zh, (80, 24));
    assert_eq!(job(&press(&mut app, "enter")).sheet.as_deref(), Some("一组"));
    let mut app = choosing(Lang::Zh, (80, 24));
    press(&mut app, "down down space up up");
    assert!(screen(&app).contains("已勾 1 张"), "{}", screen(&app));
    assert_eq!(job(&press(&mut app, "enter")).sheet.as_deref(), Some("上年名单"));
    // A mark that is taken back is none.
    let mut app = choosing(Lang::Zh, (80, 24));
    press(&mut app, "space space down");
    assert_eq!(job(&press(&mut app, "enter")).sheet.as_deref(), Some("二组"));
}

#[test]
fn the_sheets_are_listed_again_from_where_one_of_them_is_on_screen() {
    let mut app = app_with(Lang::Zh, (80, 24), &three());
    press(&mut app, "S");
    assert!(app.status.is_bad && app.status.text.contains("没有工作表"), "{}", app.status.text);
    // Where the columns are being matched, it leads back to them.
    let asked = press(&mut app, "C S");
    assert!(asked.iter().all(|effect| !matches!(effect, Effect::Read(_))), "a text file has none: {asked:?}");
    let mut app = choosing(Lang::Zh, (80, 24));
    press(&mut app, "enter");
    let first_rows = skillcert::app::import::FirstRows {
        rows: vec![vec!["甲".into()], vec!["乙".into()]],
        sheet: "一组".into(),
        encoding: "xlsx".into(),
    };
    app.update(Msg::HeaderRows { job: 2, rows: first_rows });
    let asked = press(&mut app, "S");
    assert!(job(&asked).lists_sheets && job(&asked).sheet.is_none(), "{asked:?}");
    app.update(listed(job(&asked).job));
    assert_eq!(app.import.step(), ImportStep::Sheets);
    press(&mut app, "esc");
    assert_eq!(app.import.step(), ImportStep::Header);
}

fn facts(desk: &Desk, path: &Path) -> Vec<SheetLine> {
    desk.office().sheets(path, "book").unwrap_or_else(|refused| panic!("{:?}", refused.failure()))
}

#[test]
fn what_is_told_of_a_sheet_is_what_stands_on_it() {
    let desk = Desk::new();
    let told: Vec<_> = facts(&desk, &root("tests/fixtures/f10_rosters.xlsx"))
        .into_iter()
        .map(|sheet| (sheet.name, sheet.tab, sheet.kind, sheet.rows, sheet.has_more))
        .collect();
    let is = |name: &str, tab, kind, rows| (name.to_string(), tab, kind, rows, false);
    assert_eq!(told[0], is("一组", TabState::Visible, SheetKind::Roster, 5), "{told:?}");
    assert_eq!(told[1], is("二组", TabState::Visible, SheetKind::Roster, 7), "{told:?}");
    assert!(told.contains(&is("上年名单", TabState::Hidden, SheetKind::Roster, 4)), "{told:?}");
    for name in ["f10_instructions_first.xlsx", "f10_instructions_first.ods"] {
        let sheets = facts(&desk, &root("tests/fixtures").join(name));
        let roster = sheets.iter().find(|sheet| sheet.kind == SheetKind::Roster).expect("a roster");
        assert_eq!((sheets[0].kind, roster.rows), (SheetKind::Instructions, 12), "{name} {sheets:?}");
        // Nobody's name and number are shown where the header says what they are.
        assert_eq!(roster.first_rows[1][..3], ["测*甲", "居民身份证", "620102********1010"], "{name}");
    }
    // A text file has no sheets.
    let text = desk.put("a.csv", text(",", &goods(2)));
    assert!(desk.office().sheets(&text, "a.csv").is_err());
}

#[test]
fn who_signs_below_the_people_is_masked_in_any_column() {
    let desk = Desk::new();
    let path = desk.path("signed.xlsx");
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name("一组").expect("a name");
    let people = text(",", &goods(2));
    let feet = "填表人：王建国,,,审核人：李建国\n,,,联系人：赵大伟 13912345678\n组长,张大明,,李建国\n";
    for (y, line) in people.trim_start_matches('\u{FEFF}').lines().chain(feet.lines()).enumerate() {
        for (x, cell) in line.split(',').enumerate().filter(|(_, cell)| !cell.is_empty()) {
            sheet.write_string(y as u32, x as u16, cell).expect("a cell");
        }
    }
    book.save(&path).expect("a book");
    let shown = &facts(&desk, &path)[0].first_rows;
    assert_eq!(shown.len(), 6, "{shown:?}");
    for told in ["王建国", "李建国", "赵大伟", "张大明", "13912345678"] {
        assert!(!shown.iter().flatten().any(|cell| cell.contains(told)), "{told} {shown:?}");
    }
}

#[test]
fn very_many_sheets_are_all_named_and_the_first_hundred_counted() {
    let desk = Desk::new();
    let path = desk.path("many.xlsx");
    let mut book = Workbook::new();
    for at in 0..500 {
        let sheet = book.add_worksheet().set_name(format!("表{at}")).expect("a name");
        sheet.write_string(0, 0, "内容").expect("a cell");
        sheet.set_very_hidden(at == 7);
    }
    book.save(&path).expect("a workbook");
    let sheets = facts(&desk, &path);
    assert_eq!(sheets.len(), 500);
    assert_eq!((sheets[7].tab, sheets[100].rows, sheets[100].has_more), (TabState::VeryHidden, 1, false));
    assert_eq!((sheets[499].kind, sheets[499].has_more), (SheetKind::Unknown, true));
}

#[test]
fn line_by_line_a_sheet_is_chosen_by_its_number() {
    let desk = Desk::new();
    desk.put("book.xlsx", std::fs::read(root("tests/fixtures/f10_rosters.xlsx")).expect("fixture"));
    let ran = crate::plain::talk(&desk, &["open", "book.xlsx"], "2\nlist-sheets\n1\nquit\n");
    for told in
        ["1. 一组：5 行，像名册；开头是：", "隐藏、像名册", "book.xlsx（工作表 二组）", "book.xlsx（工作表 一组）"]
    {
        assert!(ran.out.contains(told), "{told}: {}", ran.out);
    }
}

/// One, some, or all: the rows of several are one batch, and each says which sheet it is from.
#[test]
fn several_sheets_are_chosen_together_and_become_one_batch() {
    for (typed, rows, sheets) in
        [("1,2", 12, vec!["一组", "二组"]), ("全部", 12, vec!["一组", "二组"]), ("3、1", 9, vec!["一组", "上年名单"])]
    {
        let desk = Desk::new();
        desk.put("book.xlsx", std::fs::read(root("tests/fixtures/f10_rosters.xlsx")).expect("fixture"));
        let ran = crate::plain::talk(&desk, &["open", "book.xlsx"], &format!("{typed}\nquit\n"));
        let checked = desk.verb(&["--home", "state", "check", "--batch", "1", "--with-rows", "--format", "json"]);
        let json: serde_json::Value =
            serde_json::from_str(&checked.out).unwrap_or_else(|e| panic!("{e} {} {}", checked.err, ran.out));
        let all = json["rows"].as_array().expect("rows");
        let mut from: Vec<&str> = all.iter().filter_map(|row| row["origin"]["sheet"].as_str()).collect();
        assert_eq!((all.len(), from.len()), (rows, rows), "{typed} {}", ran.out);
        from.dedup();
        assert_eq!(from, sheets, "{typed}");
    }
}

/// A sheet that was worked on as a batch of its own: that work is not in what is read here, and nobody's batch grows in silence.
#[test]
fn a_sheet_that_is_a_batch_with_work_in_it_is_told_and_stays_as_it_is() {
    for (sheet, told, not_there) in
        [("1", "“一组”原来就是第 1 批，有人做过", true), ("2", "这份名册是第 1 批，已改 1 格", false)]
    {
        let desk = Desk::new();
        desk.put("book.xlsx", std::fs::read(root("tests/fixtures/f10_rosters.xlsx")).expect("fixture"));
        crate::plain::talk(&desk, &["open", "book.xlsx"], &format!("{sheet}\nquit\n"));
        {
            let session = desk.office_at("state").sign_on("test").expect("a session");
            let stored = session.batch(BatchId(1)).expect("a batch");
            let batch = session.reopen(&stored, &RosterReading::default(), Purpose::Look, &mut |_| ()).expect("read");
            let change = batch.change("t", [(0, Field::Name, "张伟".into())]);
            let mut hand = InHand::default();
            hand.go_on(&session, BatchId(1)).expect("in hand");
            hand.record(&session, &change).expect("recorded");
        }
        let rows = |batch: i64| {
            let session = desk.office_at("state").sign_on("test").expect("a session");
            session.batch(BatchId(batch)).map(|stored| stored.rows).ok()
        };
        let before = rows(1);
        let ran = crate::plain::talk(&desk, &["--lang", "zh", "open", "book.xlsx"], "1,2\nquit\n");
        assert!(ran.out.contains(told), "{}", ran.out);
        assert_eq!(ran.out.contains("没有读入：“二组”"), not_there, "{}", ran.out);
        assert_eq!((rows(1), rows(2)), (before, Some(12).filter(|_| !not_there)), "{}", ran.out);
    }
}

#[test]
fn the_sheets_come_up_in_a_terminal_and_one_is_read() {
    let desk = Desk::new();
    let file = desk.put("book.xlsx", std::fs::read(root("tests/fixtures/f10_rosters.xlsx")).expect("fixture"));
    let mut bench = Harness::open(&desk, &file);
    bench.sees(&["一组", "5 行  像名册", "隐藏、像名册", "“一组”的前几行"]);
    // What came up by itself is answered by no key that was on its way.
    std::thread::sleep(std::time::Duration::from_millis(600));
    bench.press("j");
    bench.sees(&["“二组”的前几行"]);
    bench.press("\r");
    let screen = bench.until("what came of it", |screen| {
        screen.contains("[二组]") && screen.split_whitespace().collect::<String>().contains("另选工作表按S")
    });
    // What was not read is told in one, and covers no more of the roster than it must.
    let at = |words: &str| screen.lines().position(|line| line.contains(words)).unwrap_or_else(|| panic!("{screen}"));
    assert!(at("Enter 修改") <= at("没有读入的工作表 4 张：“一组”") + 3, "{screen}");
    bench.press("S");
    bench.sees(&["“一组”的前几行"]);
    bench.press("\x1b");
    bench.sees(&["[二组]", "姓名"]);
    // Several of them.
    bench.press("S");
    bench.sees(&["“一组”的前几行"]);
    std::thread::sleep(std::time::Duration::from_millis(600));
    bench.press("a");
    bench.sees(&["已勾 2 张，共 12 行"]);
    bench.press("\r");
    bench.sees(&["1/12", "共 12 行，错误 0 处", "已保存"]);
    bench.leaves();
}
