//! Several sheets that are chosen together: one is read after the other, and none is lost without a word.

use skillcert::app::App;
use skillcert::app::command::Place;
use skillcert::app::import::FirstRows;
use skillcert::app::msg::{Effect, Msg, ReadEnd, ReadJob, RosterHead, Stored, WorkDone};
use skillcert::domain::ledger::BatchId;
use skillcert::domain::roster::{Origin, Part};
use skillcert::failure::{Failure, FailureKind};
use skillcert::words::Lang;

use super::{labels, opened_by, press, rows_by, three};

/// The sheets that are marked, in the order in which they are read.
const SHEETS: [&str; 3] = ["一组", "二组", "上年名单"];

fn read(effects: &[Effect]) -> Option<&ReadJob> {
    effects.iter().find_map(|effect| if let Effect::Read(job) = effect { Some(job) } else { None })
}

/// Marks three sheets and has them read; gives the job of the first.
fn begun() -> (App, u64) {
    let mut app = crate::sheets::choosing(Lang::Zh, (80, 24));
    let asked = press(&mut app, "space down space down space enter");
    let job = read(&asked).expect("a job");
    assert_eq!((job.sheet.as_deref(), job.adds), (Some(SHEETS[0]), false));
    let job = job.job;
    (app, job)
}

fn origin(sheet: &str) -> Origin {
    Origin {
        file: "名册.xlsx".into(),
        sheet: sheet.into(),
        encoding: "xlsx".into(),
        header_row: 1,
        ..Origin::default()
    }
}

/// Has a sheet come; with those before it, it is a part of the batch.
fn comes(app: &mut App, job: u64, sheets: &[&str], found: Option<WorkDone>) -> Vec<Effect> {
    let Msg::Opened(head) = opened_by(job, &labels(), None) else { panic!("another message") };
    let part = |sheet: &&str| Part { origin: origin(sheet), ..Part::default() };
    let added = sheets.len() - 1;
    let is_stored = found.is_some() || added != 0;
    let stored = Stored {
        batch: BatchId(7),
        view: r#"{"path":"/data/名册.xlsx"}"#.into(),
        found,
        added: Some(added).filter(|at| *at != 0),
    };
    app.update(Msg::Opened(Box::new(RosterHead {
        path: "/data/名册.xlsx".into(),
        origin: origin(sheets[0]),
        parts: if added == 0 { Vec::new() } else { sheets.iter().map(part).collect() },
        stored: Some(stored).filter(|_| is_stored),
        ..*head
    })));
    let msg = rows_by(job, app, &three());
    app.update(msg);
    app.update(Msg::ReadDone(ReadEnd { job, ..ReadEnd::default() }))
}

/// Takes the job of the next sheet, which is to be this one.
fn next(effects: &[Effect], sheet: &str) -> u64 {
    let job = read(effects).unwrap_or_else(|| panic!("{sheet}: {effects:?}"));
    assert_eq!((job.sheet.as_deref(), job.adds), (Some(sheet), true));
    job.job
}

fn asks_for_the_header(app: &mut App, job: u64) {
    let row = |cell: &str| vec![cell.to_string()];
    let rows = FirstRows { rows: vec![row("甲"), row("乙")], sheet: "x".into(), encoding: "xlsx".into() };
    app.update(Msg::HeaderRows { job, rows });
    assert_eq!(app.place(), Place::Header);
}

fn broken(job: u64) -> Msg {
    Msg::ReadFailed { job, failure: Failure::new(FailureKind::File, "里面没有行。", "") }
}

#[test]
fn who_looks_at_the_list_meanwhile_stops_nothing() {
    let (mut app, job) = begun();
    let asked = comes(&mut app, job, &SHEETS[..1], None);
    let job = next(&asked, SHEETS[1]);
    let asked = press(&mut app, "S esc");
    assert!(asked.iter().all(|effect| !matches!(effect, Effect::Read(_) | Effect::StopReading)), "{asked:?}");
    let asked = press(&mut app, "S");
    assert!(asked.is_empty() && app.status.text.contains("还有 1 张"), "{}", app.status.text);
    let asked = comes(&mut app, job, &SHEETS[..2], None);
    let job = next(&asked, SHEETS[2]);
    comes(&mut app, job, &SHEETS, None);
    assert_eq!((app.place(), app.status.text.contains("没有读入")), (Place::Grid, false), "{}", app.status.text);
    let asked = press(&mut app, "S");
    assert!(read(&asked).is_some_and(|job| job.lists_sheets), "{asked:?}");
}

#[test]
fn a_sheet_that_is_turned_back_from_is_left_out_alone_and_named() {
    let (mut app, job) = begun();
    let asked = comes(&mut app, job, &SHEETS[..1], None);
    asks_for_the_header(&mut app, next(&asked, SHEETS[1]));
    let asked = press(&mut app, "esc");
    let job = next(&asked, SHEETS[2]);
    assert_eq!((app.place(), app.roster.is_editable()), (Place::Grid, false));
    comes(&mut app, job, &[SHEETS[0], SHEETS[2]], None);
    let told = &app.status.text;
    assert!(told.contains("已添加") && told.contains("1 张没有读入：“二组”"), "{told}");
    assert_eq!((app.place(), app.import.adds_to(), app.roster.is_editable()), (Place::Grid, None, true));
    // The last one.
    let (mut app, job) = begun();
    let asked = comes(&mut app, job, &SHEETS[..1], None);
    let asked = comes(&mut app, next(&asked, SHEETS[1]), &SHEETS[..2], None);
    asks_for_the_header(&mut app, next(&asked, SHEETS[2]));
    press(&mut app, "esc");
    assert!(app.status.text.contains("没有读入：“上年名单”"), "{}", app.status.text);
    assert_eq!((app.place(), app.import.adds_to(), app.roster.is_editable()), (Place::Grid, None, true));
    // The first one: the next begins the batch.
    let (mut app, job) = begun();
    asks_for_the_header(&mut app, job);
    let asked = press(&mut app, "esc");
    let job = read(&asked).expect("the next");
    assert_eq!((job.sheet.as_deref(), job.adds), (Some(SHEETS[1]), false));
    let job = job.job;
    let asked = comes(&mut app, job, &SHEETS[1..2], None);
    comes(&mut app, next(&asked, SHEETS[2]), &SHEETS[1..], None);
    assert!(app.status.text.contains("没有读入：“一组”"), "{}", app.status.text);
}

#[test]
fn a_sheet_that_cannot_be_read_stops_none_of_the_others_and_is_named_with_its_reason() {
    let (mut app, job) = begun();
    let asked = app.update(broken(job));
    let job = read(&asked).expect("the next");
    assert_eq!((job.sheet.as_deref(), job.adds), (Some(SHEETS[1]), false));
    let job = job.job;
    let asked = comes(&mut app, job, &SHEETS[1..2], None);
    app.update(broken(next(&asked, SHEETS[2])));
    let told = &app.status.text;
    assert!(told.contains("2 张没有读入：“一组”（里面没有行）、“上年名单”（里面没有行）"), "{told}");
    assert_eq!((app.place(), app.status.is_bad, app.roster.is_editable()), (Place::Grid, true, true));
}

#[test]
fn whoever_turns_to_something_else_is_told_which_sheets_were_not_read() {
    let (mut app, job) = begun();
    let asked = comes(&mut app, job, &SHEETS[..1], None);
    let late = next(&asked, SHEETS[1]);
    let asked = press(&mut app, "o");
    assert!(matches!(asked[0], Effect::StopReading), "{asked:?}");
    assert!(app.status.text.contains("2 张没有读入：“二组”、“上年名单”"), "{}", app.status.text);
    assert_eq!(app.place(), Place::Browser);
    // What was told as not read does not come after all.
    comes(&mut app, late, &SHEETS[..2], None);
    assert_eq!(app.place(), Place::Browser);
    // None is added to what is opened next.
    let asked = press(&mut app, "'./b.csv' enter");
    let job = read(&asked).expect("a job").job;
    app.update(opened_by(job, &labels(), None));
    let msg = rows_by(job, &app, &three());
    app.update(msg);
    let asked = app.update(Msg::ReadDone(ReadEnd { job, ..ReadEnd::default() }));
    assert!(read(&asked).is_none(), "{asked:?}");
}

#[test]
fn nothing_is_joined_in_silence_to_a_batch_that_was_there() {
    let work = |edits, numbers| Some(WorkDone { when: "2026-11-28 15:16".into(), edits, numbers });
    for found in [work(3, 0), work(0, 2)] {
        let (mut app, job) = begun();
        let asked = comes(&mut app, job, &SHEETS[..1], found);
        assert!(read(&asked).is_none(), "{asked:?}");
        let told = &app.status.text;
        assert!(told.contains("“一组”原来就是第 7 批") && told.contains("没有读入：“二组”、“上年名单”"), "{told}");
    }
    // Where nobody has done anything it is the batch that they are to be in, and that is told.
    let (mut app, job) = begun();
    let asked = comes(&mut app, job, &SHEETS[..1], work(0, 0));
    let asked = comes(&mut app, next(&asked, SHEETS[1]), &SHEETS[..2], None);
    comes(&mut app, next(&asked, SHEETS[2]), &SHEETS, None);
    assert!(app.status.text.contains("“一组”原来就是第 7 批，没有改动"), "{}", app.status.text);
}
