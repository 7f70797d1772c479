//! The list of batches: how it is narrowed, what its keys ask for, and where it leads back to.

use skillcert::app::App;
use skillcert::app::command::Place;
use skillcert::app::import::BatchLine;
use skillcert::app::msg::{Effect, Msg, ReadEnd, ReadJob, RosterHead, Stored, WorkDone};
use skillcert::domain::batch::versions::VersionDifference;
use skillcert::domain::ledger::BatchId;
use skillcert::words::Lang;

use super::{app, labels, new_app, opened_by, press, rows, three};
use crate::screens::screen;

pub fn line(batch: i64, file: &str, user: &str) -> BatchLine {
    BatchLine {
        batch: BatchId(batch),
        file: file.into(),
        sheet: String::new(),
        profile: "gansu-competition".into(),
        when: format!("2026-11-{:02} 15:16", 10 + batch),
        user: user.into(),
        rows: 580,
        is_complete: true,
        errors: Some(3),
        edits: 128,
        said: 0,
        numbers: 0,
        unnumbered: Some(0),
        exported: None,
        is_changed_since: false,
        is_outdated: false,
        lacking: 0,
        unsent: 0,
        returned: 0,
        is_late: false,
        is_archived: false,
        parts: 0,
        waits: Vec::new(),
    }
}

/// Batches as the workers list them, newest first.
pub fn lines() -> Vec<BatchLine> {
    let numbered = BatchLine {
        sheet: "Sheet1".into(),
        rows: 12_000,
        errors: Some(0),
        edits: 0,
        numbers: 12_000,
        exported: Some("2026-11-14 09:30".into()),
        ..line(4, "2026年第三届机械制造行业职业技能大赛获奖选手名册（终稿）.xlsx", "wangxiaoming")
    };
    let cut_off = BatchLine { rows: 0, is_complete: false, errors: None, edits: 0, ..line(2, "百万行.csv", "li") };
    let archived = BatchLine { is_archived: true, ..line(1, "去年.xls", "wang") };
    vec![numbered, line(3, "电工三级.xlsx", "li"), cut_off, archived]
}

fn listed(app: &App) -> Vec<i64> {
    app.import.batches().iter().map(|line| line.batch.0).collect()
}

fn list() -> App {
    let mut app = app();
    assert!(matches!(press(&mut app, "B").as_slice(), [.., Effect::ListBatches]));
    assert_eq!((app.place(), app.import.knows_batches()), (Place::Batches, false));
    app.update(Msg::Batches(Ok(lines())));
    app
}

#[test]
fn letters_narrow_it_by_file_day_name_and_number() {
    let mut app = list();
    assert_eq!(listed(&app), [4, 3, 2]);
    for (typed, found) in
        [("电工", vec![3]), ("li", vec![3, 2]), ("LI 电", vec![3]), ("11-14", vec![4]), ("去年", vec![])]
    {
        app.update(Msg::Paste(typed.to_string()));
        assert_eq!(listed(&app), found, "{typed}");
        press(&mut app, "ctrl-u");
    }
    // Esc takes what was typed first, then leads back to the roster.
    press(&mut app, "'电工' esc");
    assert_eq!((app.place(), listed(&app).len()), (Place::Batches, 3));
    press(&mut app, "esc");
    assert_eq!(app.place(), Place::Grid);
}

#[test]
fn enter_goes_on_with_the_batch_under_the_cursor() {
    let mut app = list();
    let asked = press(&mut app, "down enter");
    let [Effect::Resume { job, batch: Some(BatchId(3)), .. }] = asked[..] else { panic!("{asked:?}") };
    assert!(app.status.text.contains("电工三级.xlsx"), "{}", app.status.text);
    app.update(opened_by(job, &labels(), Some(String::new())));
    assert_eq!(app.place(), Place::Grid);
    // Without one there is nothing to open.
    let mut app = list();
    assert!(press(&mut app, "'qq' enter").is_empty());
    assert_eq!(app.status.text, app.locale.text("status.nothing-chosen"));
}

#[test]
fn a_batch_is_archived_and_brought_back_and_the_cursor_stays() {
    let mut app = list();
    let asked = press(&mut app, "down f8");
    assert!(matches!(asked[..], [Effect::PutAway { batch: BatchId(3), archives: true }]), "{asked:?}");
    let mut now = lines();
    now[1].is_archived = true;
    app.update(Msg::Batches(Ok(now.clone())));
    assert_eq!((listed(&app), app.import.batch_in_hand().map(|l| l.batch)), (vec![4, 2], Some(BatchId(2))));
    press(&mut app, "ctrl-o");
    assert_eq!((listed(&app), app.import.batch_in_hand().map(|l| l.batch)), (vec![4, 3, 2, 1], Some(BatchId(2))));
    let asked = press(&mut app, "up f8");
    assert!(matches!(asked[..], [Effect::PutAway { batch: BatchId(3), archives: false }]), "{asked:?}");
    app.update(Msg::Batches(Ok(lines())));
    assert_eq!(app.import.batch_in_hand().map(|l| l.batch), Some(BatchId(3)));
    press(&mut app, "ctrl-o");
    assert_eq!(listed(&app), [4, 3, 2]);
}

#[test]
fn it_opens_from_the_file_list_and_the_ledger_too() {
    let mut app = new_app(Lang::Zh, (80, 24));
    app.start(None, None);
    app.update(Msg::NothingStored);
    assert!(matches!(press(&mut app, "ctrl-r").as_slice(), [Effect::ListBatches]));
    app.update(Msg::Batches(Ok(Vec::new())));
    assert_eq!(app.place(), Place::Batches);
    assert!(matches!(press(&mut app, "esc").as_slice(), [Effect::ListFolder(_)]));
    assert_eq!(app.place(), Place::Browser);
    let asked = press(&mut app, "ctrl-g B");
    assert!(asked.iter().any(|effect| matches!(effect, Effect::ListBatches)), "{asked:?}");
    assert_eq!(app.place(), Place::Batches);
}

/// A file whose path held something else when a batch was made of it.
pub fn other_content(lang: Lang, size: (u16, u16)) -> App {
    let mut app = new_app(lang, size);
    app.start(Some("/data/电工三级.xlsx".into()), None);
    let difference = VersionDifference { rows_before: 580, rows_now: 583, gone: 2, new: 5, changed: 12 };
    app.update(Msg::OtherContent { job: 1, older: Box::new(line(3, "电工三级.xlsx", "li")), difference });
    app
}

#[test]
fn other_content_is_chosen_by_enter_and_the_work_that_is_there_stands_first() {
    let mut app = other_content(Lang::Zh, (80, 24));
    assert_eq!(app.place(), Place::Versions);
    assert!(matches!(press(&mut app, "enter")[..], [Effect::Resume { batch: Some(BatchId(3)), .. }]));
    let mut app = other_content(Lang::Zh, (80, 24));
    let asked = press(&mut app, "down enter");
    let [Effect::Read(ReadJob { anew: true, columns: None, .. })] = &asked[..] else { panic!("{asked:?}") };
    let mut app = other_content(Lang::Zh, (80, 24));
    press(&mut app, "esc");
    assert_eq!(app.place(), Place::Browser);
}

#[test]
fn a_file_that_is_a_batch_says_what_was_done_in_it_and_lies_where_it_was_opened() {
    for (edits, words) in [(128, "这份名册 2026-11-28 15:16 动过 128 格，接着做"), (0, "接着上次的工作，共 3 行")]
    {
        let mut app = new_app(Lang::Zh, (80, 24));
        app.start(Some("/data/another/名册.csv".into()), None);
        let Msg::Opened(head) = opened_by(1, &labels(), None) else { panic!("another message") };
        let found = Some(WorkDone { when: "2026-11-28 15:16".into(), edits, numbers: 0 });
        let stored = Stored { batch: BatchId(7), view: r#"{"path":"/data/名册.csv"}"#.into(), found, added: None };
        let path = "/data/another/名册.csv".into();
        app.update(Msg::Opened(Box::new(RosterHead { path, stored: Some(stored), ..*head })));
        let msg = rows(&app, &three());
        app.update(msg);
        app.update(Msg::ReadDone(ReadEnd { job: 1, ..ReadEnd::default() }));
        assert!(app.status.text.contains(words), "{}", app.status.text);
        assert_eq!(app.roster.source(), Some(std::path::Path::new("/data/another/名册.csv")));
    }
}

#[test]
fn plus_adds_the_file_that_is_chosen_to_the_batch_on_screen() {
    let mut app = app();
    press(&mut app, "+");
    assert_eq!(app.place(), Place::Browser);
    let named = app.import.adds_to().expect("a batch").to_string();
    assert!(named.contains("名册"), "{named}");
    assert!(press(&mut app, "'./b.csv' enter").is_empty());
    assert!(screen(&app).contains("把 b.csv 加入"), "{}", screen(&app));
    let asked = press(&mut app, "y");
    let [.., Effect::Read(job)] = &asked[..] else { panic!("{asked:?}") };
    assert!(job.adds && job.sheet.is_none(), "{job:?}");
    // A sheet that is chosen for it is added as well.
    app.update(crate::sheets::listed(job.job));
    let asked = press(&mut app, "down enter");
    let [.., Effect::Read(job)] = &asked[..] else { panic!("{asked:?}") };
    assert!(job.adds && job.sheet.as_deref() == Some("二组"), "{job:?}");
    // Whoever turns back has nothing added, and opens the next file by itself.
    press(&mut app, "esc esc");
    assert_eq!((app.place(), app.import.adds_to()), (Place::Grid, None));
    let asked = press(&mut app, "o './b.csv' enter");
    let [.., Effect::Read(job)] = &asked[..] else { panic!("{asked:?}") };
    assert!(!job.adds, "{job:?}");
}

#[test]
fn the_list_is_narrowed_to_what_waits() {
    let mut app = app();
    press(&mut app, "B");
    let unsent = BatchLine { unsent: 3, ..line(4, "甲.csv", "li") };
    let late = BatchLine { is_late: true, lacking: 2, ..line(3, "乙.csv", "li") };
    let returned = BatchLine { returned: 1, unsent: 1, ..line(2, "丙.csv", "li") };
    app.update(Msg::Batches(Ok(vec![unsent, late, returned])));
    assert!(screen(&app).contains("缺料 乙.csv"), "{}", screen(&app));
    let steps: Vec<Vec<i64>> = (0..4)
        .map(|_| {
            press(&mut app, "f6");
            listed(&app)
        })
        .collect();
    assert_eq!(steps, [vec![4, 2], vec![3], vec![2], vec![4, 3, 2]]);
    press(&mut app, "f6 f6");
    assert!(screen(&app).contains("只看逾期的"), "{}", screen(&app));
}
