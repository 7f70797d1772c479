//! What takes long says how far it is, and is stopped by a key without leaving anything behind.

use std::time::Duration;

use serde_json::Value;
use skillcert::app::msg::{Effect, Msg, Progress, ReadEnd, StoreJob};
use skillcert::app::{App, Screen};
use skillcert::data;
use skillcert::domain::roster::{CellEdit, Change, Origin};
use skillcert::domain::sheet::{ColumnMap, Field};
use skillcert::failure::{Failure, FailureKind};
use skillcert::store::{NewBatch, SourceFile, StatePaths, Store};
use skillcert::words::Lang;

use crate::keys::{labels, new_app, opened, press, rows, three};
use crate::screens::screen;
use crate::support::harness::Harness;
use crate::support::{Desk, LABELS, goods};

/// A roster of which more rows are to come.
fn half_read(lang: Lang) -> App {
    let mut app = new_app(lang, (80, 24));
    app.start(Some("/data/名册.csv".into()), None);
    app.update(opened(&labels(), None));
    let msg = rows(&app, &three());
    app.update(msg);
    app
}

fn at(percent: Option<u8>, seconds: u64) -> Progress {
    Progress { rows: 1200, percent, rate: Some(400), left: Some(Duration::from_secs(seconds)) }
}

fn drops(effects: &[Effect]) -> bool {
    effects.iter().any(|e| matches!(e, Effect::Store { job: StoreJob::Discard { .. }, .. }))
}

#[test]
fn a_reading_tells_its_share_its_rate_and_the_time_left() {
    let cases = [
        (Lang::Zh, at(Some(40), 2), "读取中 40%  约剩 3 秒  Esc 停止"),
        (Lang::Zh, at(Some(4), 190), "读取中 4%  约剩 4 分钟  Esc 停止"),
        (Lang::En, at(Some(40), 2), "reading 40%  about 3 seconds left  Esc stops"),
        (Lang::Zh, Progress { left: None, ..at(None, 0) }, "读取中 1200 行  Esc 停止"),
    ];
    for (lang, progress, words) in cases {
        let mut app = half_read(lang);
        // That of another reading is nothing to this roster.
        app.update(Msg::Reading { job: 9, progress: at(Some(99), 1) });
        assert!(!screen(&app).contains("99%"));
        app.update(Msg::Reading { job: 1, progress });
        assert!(screen(&app).contains(words), "{}", screen(&app));
        app.update(Msg::Resize(200, 50));
        assert!(screen(&app).contains("400"), "{}", screen(&app));
        app.update(Msg::Resize(80, 24));
        app.update(Msg::ReadDone(ReadEnd { job: 1, ..ReadEnd::default() }));
        assert!(!screen(&app).contains("Esc 停止"), "{}", screen(&app));
    }
}

#[test]
fn a_file_that_is_refused_at_once_leaves_no_batch() {
    let refused = || Failure::new(FailureKind::File, "第 9 行又有一行表头", "");
    let mut app = new_app(Lang::Zh, (80, 24));
    app.start(Some("/data/名册.csv".into()), None);
    app.update(opened(&labels(), None));
    assert!(drops(&app.update(Msg::ReadFailed { job: 1, failure: refused() })));
    assert!(app.roster.batch().is_none() && app.screen == Screen::Import);
    assert!(screen(&app).contains("第 9 行又有一行表头"), "{}", screen(&app));
    // What has come of one that breaks off later stays.
    let mut app = half_read(Lang::Zh);
    assert!(!drops(&app.update(Msg::ReadFailed { job: 1, failure: refused() })));
    assert_eq!(app.roster.batch().map(|batch| batch.roster().len()), Some(3));
}

#[test]
fn a_stopped_reading_is_asked_about_and_leaves_nothing() {
    let mut app = half_read(Lang::Zh);
    assert!(!drops(&press(&mut app, "esc")));
    assert!(screen(&app).contains("停止读取"), "{}", screen(&app));
    // Enter alone is no yes, and Esc goes on reading.
    assert!(!drops(&press(&mut app, "enter esc")));
    assert!(app.roster.is_reading());
    press(&mut app, "enter ctrl-u 甲 enter");
    press(&mut app, "esc");
    assert!(screen(&app).contains("已做的 1 步修改留着"), "{}", screen(&app));
    assert!(drops(&press(&mut app, "y")));
    assert!(app.roster.batch().is_none() && app.screen == Screen::Import);
    // What was on its way belongs to nothing any more.
    app.update(Msg::Reading { job: 1, progress: at(Some(50), 1) });
    app.update(Msg::ReadDone(ReadEnd { job: 1, ..ReadEnd::default() }));
    assert!(app.roster.batch().is_none());
}

#[test]
fn what_was_read_while_the_question_stood_there_is_kept() {
    let mut app = half_read(Lang::Zh);
    press(&mut app, "esc");
    app.update(Msg::ReadDone(ReadEnd { job: 1, ..ReadEnd::default() }));
    assert!(!drops(&press(&mut app, "y")));
    assert!(app.roster.batch().is_some() && app.status.text.contains("已经读完"), "{}", app.status.text);
}

/// A question about one roster is none about the next, and one that is loaded from the store is never let go of.
#[test]
fn the_question_is_about_the_roster_that_is_being_read() {
    let mut app = half_read(Lang::Zh);
    press(&mut app, "esc");
    app.update(opened(&labels(), Some(String::new())));
    assert!(!app.overlays.is_open());
    assert!(!drops(&press(&mut app, "esc y")));
    assert!(app.roster.batch().is_some());
}

#[test]
fn a_reading_that_broke_off_goes_on_no_more() {
    let mut app = half_read(Lang::Zh);
    app.update(Msg::Reading { job: 1, progress: at(Some(40), 2) });
    let failure = Failure::new(FailureKind::File, "第 9 行的引号没有关上", "");
    app.update(Msg::ReadFailed { job: 1, failure });
    assert!(!app.roster.is_reading() && app.status.text.contains("第 9 行"), "{}", app.status.text);
    assert!(!screen(&app).contains("读取中"), "{}", screen(&app));
    press(&mut app, "A");
    assert!(app.status.text.contains("没有读完"), "{}", app.status.text);
    assert!(drops(&press(&mut app, "esc y")));
}

#[test]
fn an_export_tells_how_far_it_is_and_stops() {
    let mut app = half_read(Lang::Zh);
    app.update(Msg::ReadDone(ReadEnd { job: 1, ..ReadEnd::default() }));
    press(&mut app, "e right");
    let effects = press(&mut app, "down down down enter");
    assert!(effects.iter().any(|e| matches!(e, Effect::Export(_))), "{effects:?} {}", screen(&app));
    app.update(Msg::Exporting(at(Some(50), 5)));
    assert!(screen(&app).contains("导出中 50%  约剩 6 秒  Esc 停止"), "{}", screen(&app));
    assert!(matches!(press(&mut app, "esc")[..], [Effect::StopExport]));
    assert!(app.screen == Screen::Export);
    app.update(Msg::ExportStopped);
    assert!(app.status.text.contains("没有写出文件") && !app.export.is_busy(), "{}", app.status.text);
    press(&mut app, "esc");
    assert!(app.screen == Screen::Roster);
}

#[test]
fn a_large_roster_is_given_up_in_the_middle() {
    let desk = Desk::new();
    let file = desk.roster("large.csv", &goods(150_000));
    let mut bench = Harness::open(&desk, &file);
    bench.sees(&["读取中"]);
    bench.press("\x1b");
    bench.sees(&["停止读取"]);
    bench.press("y");
    bench.sees(&["已停止读取"]);
    bench.press("\x03");
    assert_eq!(bench.ends_within(Duration::from_secs(20)), 0);
    assert_eq!(batches(&desk), 0);
    let acts = desk.verb(&["--home", "state", "audit", "show", "--format", "json"]).out;
    assert!(acts.contains("batch.delete"), "{acts}");
}

/// Counts the batches of the store.
fn batches(desk: &Desk) -> usize {
    let list: Value =
        serde_json::from_str(&desk.verb(&["--home", "state", "batch", "list", "--format", "json"]).out).expect("JSON");
    list["batches"].as_array().expect("batches").len()
}

#[test]
fn changes_of_an_import_that_was_cut_off_outlive_it_and_a_stop() {
    let desk = Desk::new();
    let file = desk.roster("large.csv", &goods(150_000));
    {
        // What a kill in the middle of reading leaves.
        let store =
            Store::open(&StatePaths::at(&desk.path("state")).expect("a place"), "wang", "test").expect("a store");
        let sheet = data::sheet("upload-11").expect("the form");
        let columns = ColumnMap::matched(&LABELS.map(String::from), &sheet);
        let source = SourceFile::of(&file).expect("a source");
        let profile = "gansu-competition".to_string();
        let origin = Origin { file: "large.csv".into(), encoding: "UTF-8".into(), header_row: 1, ..Origin::default() };
        let batch =
            store.create_batch(&NewBatch { source, origin, columns, profile, ..NewBatch::default() }).expect("a batch");
        let (before, after) = ("兰州陇原机械有限公司".into(), "兰州甲厂".into());
        let edits = vec![CellEdit { row: 0, field: Field::Employer, before, after }];
        store.record(batch, &Change { title: "修改".into(), edits, ..Change::default() }).expect("recorded");
    }
    // Without being told which file, and stopped in the middle.
    let mut bench = Harness::resumed(&desk);
    bench.sees(&["large.csv", "读取中"]);
    bench.press("\x1b");
    bench.sees(&["停止读取"]);
    bench.press("y");
    bench.sees(&["已停止读取；1 步修改留着"]);
    bench.press("\x03");
    assert_eq!(bench.ends_within(Duration::from_secs(20)), 0);
    assert_eq!(batches(&desk), 1);
    let bench = Harness::open(&desk, &file);
    bench.sees(&["兰州甲厂", "已保存", "1/150000"]);
    bench.leaves();
    assert_eq!(batches(&desk), 1);
}

#[test]
fn line_mode_tells_of_a_file_that_breaks_off() {
    let desk = Desk::new();
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    sheet.write_row(0, 0, LABELS).expect("labels");
    for (row, cells) in (1..).zip(goods(2_000)) {
        sheet.write_row(row, 0, cells).expect("a row");
    }
    let mut bytes = book.save_to_buffer().expect("a workbook");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 0x55;
    desk.put("broken.xlsx", bytes);
    let ran = desk.run_with_input(&["--home", "state", "open", "--plain", "broken.xlsx"], b"quit\n");
    assert!(ran.out.contains("损坏") && !ran.out.contains("仍在读取"), "{}", ran.out);
}
