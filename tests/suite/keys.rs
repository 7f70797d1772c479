//! What keys do to a roster: roster, keys, expected cells.

mod acts;
pub mod batches;
mod columns;
mod fill;
mod known;
pub mod lookup;
mod mouse;
pub mod pane;
mod rebound;
mod select;
mod several;
mod switch;
mod table;
mod text_page;
pub mod today;
mod tour;
pub mod values;
mod ways;

use std::path::PathBuf;
use std::sync::{Arc, LazyLock};

use chrono::NaiveDate;
use skillcert::app::import::ImportStep;
use skillcert::app::key::Chord;
use skillcert::app::layout::Focus;
use skillcert::app::msg::{Effect, FolderEntry, Msg, ReadEnd, RosterHead, StoreJob, Stored};
use skillcert::app::overlay::{CommandList, ListedCommand, Overlay};
use skillcert::app::roster::view::View;
use skillcert::app::{App, Screen};
use skillcert::data;
use skillcert::domain::ledger::BatchId;
use skillcert::domain::profile_choice::ChosenBy;
use skillcert::domain::roster::{Block, BlockBuilder, Origin};
use skillcert::domain::rules::{CheckContext, Severity, Tables};
use skillcert::domain::sheet::{ColumnMap, Field};
use skillcert::words::{Lang, Locale};

/// A row without findings.
pub const GOOD: [&str; 11] = [
    "张伟",
    "201",
    "11010519491231002X",
    "兰州陇原机械有限公司",
    "汽车维修工",
    "汽车机械维修工",
    "2",
    "S000062010001242J00001",
    "2024-11-08",
    "甘肃省第三届机械制造行业职业技能大赛组委会(办公室)",
    "甘肃省第三届机械制造行业职业技能大赛组委会(办公室)(甘肃省职业技能鉴定指导中心代章)",
];

static TABLES: LazyLock<Arc<Tables>> = LazyLock::new(|| Arc::new(data::tables([])));

pub fn context() -> CheckContext {
    context_under("gansu-competition")
}

pub fn context_under(profile: &str) -> CheckContext {
    let profile = data::profile(profile).expect("profile");
    let form = data::sheet(profile.upload_sheet()).expect("form");
    CheckContext::new(profile, form, Arc::clone(&TABLES), NaiveDate::from_ymd_opt(2026, 3, 1).expect("date"))
}

pub fn block(rows: &[[&str; 11]]) -> Arc<Block> {
    let mut builder = BlockBuilder::new();
    for (i, row) in rows.iter().enumerate() {
        for cell in row {
            builder.cell(cell);
        }
        builder.end_row(i as u32);
    }
    Arc::new(builder.finish(rows.len() as u32))
}

pub fn labels() -> Vec<String> {
    context().sheet().columns.iter().map(|c| c.label.clone()).collect()
}

pub fn opened(labels: &[String], stored_view: Option<String>) -> Msg {
    opened_by(1, labels, stored_view)
}

pub fn opened_by(job: u64, labels: &[String], stored_view: Option<String>) -> Msg {
    let context = context();
    Msg::Opened(Box::new(RosterHead {
        job,
        path: "/data/名册.csv".into(),
        origin: Origin { file: "名册.csv".into(), encoding: "GB18030".into(), header_row: 1, ..Origin::default() },
        columns: ColumnMap::matched(labels, context.sheet()),
        sheets: Vec::new(),
        first_line: 2,
        context,
        profile_by: Some(ChosenBy::Codes),
        fingerprint: String::new(),
        matched: None,
        seen: None,
        parts: Vec::new(),
        doubt: String::new(),
        stored: stored_view.map(|view| Stored { batch: BatchId(7), view, found: None, added: None }),
    }))
}

pub fn rows(app: &App, rows: &[[&str; 11]]) -> Msg {
    rows_by(1, app, rows)
}

pub fn rows_by(job: u64, app: &App, rows: &[[&str; 11]]) -> Msg {
    let block = block(rows);
    let report = app.roster.batch().map(|b| b.checker().check_block(&block)).unwrap_or_default();
    Msg::Rows { job, block, report: Box::new(report), skipped: Vec::new() }
}

pub fn new_app(lang: Lang, size: (u16, u16)) -> App {
    let mut app = App::new(Locale::load(lang), size, PathBuf::from("/data"));
    app.profiles = data::profiles().to_vec();
    app
}

/// An app with a roster that was read from a file, all of it stored.
pub fn app_with(lang: Lang, size: (u16, u16), roster: &[[&str; 11]]) -> App {
    let mut app = new_app(lang, size);
    app.start(Some(PathBuf::from("/data/名册.csv")), None);
    app.update(opened(&labels(), None));
    let msg = rows(&app, roster);
    app.update(msg);
    app.update(Msg::ReadDone(ReadEnd { job: 1, ..ReadEnd::default() }));
    app.update(Msg::Saved(app.roster.saving().sent));
    app
}

/// Presses keys written as the command table writes them; `'text'` is pasted.
pub fn press(app: &mut App, keys: &str) -> Vec<Effect> {
    keys.split(' ')
        .flat_map(|key| match key.strip_prefix('\'').and_then(|k| k.strip_suffix('\'')) {
            Some(text) => app.update(Msg::Paste(text.to_string())),
            None => app.update(Msg::Key(Chord::read(key).unwrap_or_else(|| panic!("no key {key}")))),
        })
        .collect()
}

/// Every command that help and palette list.
fn listed(app: &App) -> Vec<ListedCommand> {
    CommandList::default().lines(&app.locale, &app.keymap, app.base_place())
}

pub fn cell(app: &App, row: u32, field: Field) -> String {
    app.roster.batch().expect("batch").roster().cell(row, field).to_string()
}

pub fn with(changes: &[(Field, &'static str)]) -> [&'static str; 11] {
    let mut row = GOOD;
    for (field, text) in changes {
        row[field.index()] = text;
    }
    row
}

fn errors(app: &App) -> usize {
    app.roster.batch().expect("batch").findings().count(Severity::Error)
}

/// Three people: the second writes the date another way, the third the level, with a blank at the end.
pub fn three() -> Vec<[&'static str; 11]> {
    vec![
        GOOD,
        with(&[
            (Field::Name, "李小刚"),
            (Field::IdNumber, "620102199003077731"),
            (Field::Code, "S000062010001242J00002"),
            (Field::IssueDate, "2024/11/8"),
        ]),
        with(&[
            (Field::Name, "买买提·艾力"),
            (Field::IdNumber, "65010219900307773X"),
            (Field::Code, "S000062010001242J00003"),
            (Field::Level, "技师 "),
        ]),
    ]
}

fn app() -> App {
    app_with(Lang::Zh, (80, 24), &three())
}

#[test]
fn enter_edits_a_cell_and_escape_leaves_it() {
    let mut app = app();
    let effects = press(&mut app, "enter ctrl-u '李四' backspace 五 enter");
    assert_eq!(cell(&app, 0, Field::Name), "李五");
    assert!(effects.iter().any(|e| matches!(e, Effect::Store { job: StoreJob::Record { .. }, .. })));
    assert!(!app.roster.saving().is_done(), "not saved before the store says so");
    app.update(Msg::Saved(app.roster.saving().sent));
    assert!(app.roster.saving().is_done());
    press(&mut app, "enter x esc");
    assert_eq!(cell(&app, 0, Field::Name), "李五");
}

#[test]
fn an_edit_of_a_masked_cell_begins_with_the_real_text() {
    let mut app = app();
    press(&mut app, "l l enter end backspace 1 enter");
    assert_eq!(cell(&app, 0, Field::IdNumber), "110105194912310021");
}

#[test]
fn undo_and_redo_walk_the_history() {
    let mut app = app();
    press(&mut app, "enter ctrl-u 甲 enter j enter ctrl-u 乙 enter");
    let effects = press(&mut app, "u u");
    assert_eq!((cell(&app, 0, Field::Name), cell(&app, 1, Field::Name)), ("张伟".into(), "李小刚".into()));
    assert_eq!(effects.iter().filter(|e| matches!(e, Effect::Store { job: StoreJob::Undo, .. })).count(), 2);
    press(&mut app, "ctrl-r");
    assert_eq!((cell(&app, 0, Field::Name), cell(&app, 1, Field::Name)), ("甲".into(), "李小刚".into()));
    assert_eq!(app.roster.row(), Some(0));
    // What would drop the undone step is asked about first; without a yes the typed text is there to go on with.
    press(&mut app, "enter ctrl-u 丙 enter");
    assert!(matches!(app.overlays.open(), Some(Overlay::Confirm(_))));
    press(&mut app, "esc");
    assert_eq!((cell(&app, 0, Field::Name), app.roster.edit().map(|e| e.prompt.text())), ("甲".into(), Some("丙")));
    press(&mut app, "enter y");
    assert!(app.status.text.contains("1 步"), "{}", app.status.text);
}

#[test]
fn n_visits_every_finding_and_goes_round() {
    let mut app = app();
    let mut seen = Vec::new();
    for _ in 0..20 {
        press(&mut app, "n");
        seen.push((app.roster.row(), app.roster.grid().field()));
        if app.status.text == app.locale.text("status.around") {
            break;
        }
    }
    let places: std::collections::BTreeSet<_> =
        app.roster.batch().expect("batch").findings().iter().map(|f| (f.row, f.field)).collect();
    assert_eq!(seen.len(), places.len() + 1);
    press(&mut app, "N");
    assert_eq!(app.roster.row(), Some(2));
    assert_eq!(app.status.text, app.locale.text("status.around-back"));
}

#[test]
fn n_goes_first_to_what_a_person_can_mend_and_only_that_counts_as_a_fault() {
    // A level that is none; a Saturday, which is remarked; no code, which is given later.
    let mut row = GOOD;
    (row[6], row[7], row[8]) = ("9", "", "2024-11-09");
    let mut app = app_with(Lang::Zh, (120, 40), &[row]);
    let found = |app: &App| {
        let batch = app.roster.batch().expect("batch");
        batch.findings().iter().map(|f| (f.rule.spec().code, f.field)).collect::<Vec<_>>()
    };
    let mended = |app: &App| app.roster.batch().map(|batch| (batch.mended().gone, batch.mended().found));
    let all = [("L01", Field::Level), ("R01", Field::Code), ("A07", Field::IssueDate)];
    assert_eq!((found(&app), mended(&app)), (all.to_vec(), Some((0, 1))));
    press(&mut app, "n");
    assert_eq!(app.roster.grid().field(), Field::Level);
    assert_eq!(app.status.text, app.locale.text("status.passed-over"));
    press(&mut app, "n");
    assert_eq!(app.roster.grid().field(), Field::Level);
    assert_eq!(app.status.text, app.locale.text("status.around"), "it is said once");
    press(&mut app, "enter ctrl-u '2' enter");
    assert_eq!((found(&app), mended(&app)), (all[1..].to_vec(), Some((1, 1))));
    let fields = ["n", "n"].map(|key| {
        press(&mut app, key);
        app.roster.grid().field()
    });
    assert!(fields.contains(&Field::Code) && fields.contains(&Field::IssueDate), "{fields:?}");
}

#[test]
fn what_cannot_be_done_now_says_why() {
    let mut app = app();
    for (keys, key) in [
        ("u", "nothing-to-undo"),
        ("ctrl-r", "nothing-to-redo"),
        ("T", "nobody-else"),
        ("F", "no-filter"),
        ("r", "not-edited"),
        ("x", "no-finding-here"),
    ] {
        press(&mut app, keys);
        assert_eq!(app.status.text, app.locale.text(&format!("status.{key}")), "{keys}");
        assert!(!app.status.is_bad, "{keys}: that there is nothing is no error");
    }
}

#[test]
fn a_fix_is_shown_first_and_enter_never_applies_it() {
    let mut app = app();
    press(&mut app, "/ '2024/11/8' enter x");
    assert!(matches!(app.overlays.open(), Some(Overlay::Preview(_))));
    press(&mut app, "enter");
    assert_eq!(cell(&app, 1, Field::IssueDate), "2024/11/8");
    press(&mut app, "y");
    assert_eq!(cell(&app, 1, Field::IssueDate), "2024-11-08");
    assert_eq!(app.roster.batch().expect("batch").roster().imported(1, Field::IssueDate), "2024/11/8");
}

#[test]
fn all_safe_fixes_are_one_undo_step() {
    let mut app = app();
    press(&mut app, "X y");
    assert_eq!((cell(&app, 1, Field::IssueDate), cell(&app, 2, Field::Level)), ("2024-11-08".into(), "2".into()));
    press(&mut app, "u");
    assert_eq!((cell(&app, 1, Field::IssueDate), cell(&app, 2, Field::Level)), ("2024/11/8".into(), "技师 ".into()));
}

#[test]
fn fills_only_the_rows_of_the_filter() {
    let mut app = app();
    press(&mut app, "& '0307773' enter");
    assert_eq!(
        (app.roster.grid().shown.as_ref().map(|shown| shown.rows().to_vec()), app.roster.row()),
        (Some(vec![1, 2]), Some(1))
    );
    press(&mut app, "l l l c ctrl-u 某 厂 enter y");
    let employers = [0, 1, 2].map(|r| cell(&app, r, Field::Employer));
    assert_eq!(employers, [GOOD[3].to_string(), "某厂".into(), "某厂".into()]);
    press(&mut app, "esc g g enter 甲 enter d y");
    let employers = [0, 1, 2].map(|r| cell(&app, r, Field::Employer));
    assert!(employers.iter().all(|e| e.ends_with('甲')), "{employers:?}");
}

#[test]
fn filters_by_the_finding_under_the_cursor_and_from_the_findings_pane() {
    let mut app = app();
    press(&mut app, "/ '2024/11/8' enter f");
    assert_eq!(app.roster.grid().shown.as_ref().map(|shown| shown.rows().to_vec()), Some(vec![1]));
    press(&mut app, "F tab tab j enter");
    assert_eq!(app.roster.grid().focus, Focus::Grid);
    assert!(app.roster.grid().is_filtered());
    // The search was still going on.
    press(&mut app, "esc esc");
    assert!(!app.roster.grid().is_filtered());
}

#[test]
fn a_number_and_g_go_to_the_row_as_the_spreadsheet_numbers_it() {
    let mut app = app();
    press(&mut app, "3 G");
    assert_eq!(app.roster.row(), Some(1));
    press(&mut app, "g g # 4 enter");
    assert_eq!(app.roster.row(), Some(2));
    press(&mut app, "g g");
    assert_eq!(app.roster.row(), Some(0));
}

#[test]
fn full_width_keys_work_and_a_han_character_gets_a_hint() {
    let mut app = app();
    press(&mut app, "ｊ");
    assert_eq!(app.roster.row(), Some(1));
    press(&mut app, "：");
    assert!(matches!(app.overlays.open(), Some(Overlay::Palette(_))));
    press(&mut app, "esc 你");
    assert_eq!(app.status.text, app.locale.text("status.input-method"));
}

#[test]
fn the_palette_runs_a_command_by_name() {
    let mut app = app();
    press(&mut app, ": 'go-to' enter");
    assert!(app.line_question.is_some());
    press(&mut app, "esc : 撤 销 enter");
    assert_eq!(app.status.text, app.locale.text("status.nothing-to-undo"));
}

#[test]
fn export_is_refused_while_errors_remain() {
    let mut app = app();
    assert_ne!(errors(&app), 0);
    let effects = press(&mut app, "e enter");
    assert!(!effects.iter().any(|e| matches!(e, Effect::Export(_))));
    let first = app.roster.batch().expect("batch").first_blocking().expect("error");
    assert_eq!(
        (app.screen, app.roster.row(), app.roster.grid().field()),
        (Screen::Roster, Some(first.row), first.field)
    );
    let mut app = app_with(Lang::Zh, (80, 24), &[GOOD]);
    let effects = press(&mut app, "e enter");
    let job = effects.iter().find_map(|e| if let Effect::Export(job) = e { Some(job) } else { None }).expect("job");
    assert_eq!((job.path.to_str(), job.replace), (Some("/data/名册-上报.xlsx"), false));
    app.update(Msg::ExportExists);
    assert!(!press(&mut app, "enter").iter().any(|e| matches!(e, Effect::Export(_))));
    assert!(press(&mut app, "y").iter().any(|e| matches!(e, Effect::Export(job) if job.replace)));
}

#[test]
fn typing_narrows_the_file_list() {
    let mut app = new_app(Lang::Zh, (80, 24));
    app.start(None, None);
    app.update(Msg::NothingStored);
    let entry =
        |name: &str, is_folder| FolderEntry { name: name.into(), is_folder, size: 2048, ..FolderEntry::default() };
    let entries =
        vec![entry("旧的", true), entry("一月.xlsx", false), entry("照片.jpg", false), entry("q月.csv", false)];
    app.update(Msg::Folder { path: "/data".into(), entries });
    assert_eq!(app.import.shown().len(), 4);
    let effects = press(&mut app, "q enter");
    let path = effects.iter().find_map(|e| if let Effect::Read(job) = e { Some(job.path.clone()) } else { None });
    assert_eq!(path, Some(PathBuf::from("/data/q月.csv")));
    app.update(crate::sheets::listed(2));
    let effects = press(&mut app, "enter");
    let sheet = effects.iter().find_map(|e| if let Effect::Read(job) = e { job.sheet.clone() } else { None });
    assert_eq!(sheet.as_deref(), Some("一组"));
}

#[test]
fn missing_columns_are_matched_by_hand() {
    let mut app = new_app(Lang::Zh, (80, 24));
    app.start(Some(PathBuf::from("/data/名册.csv")), None);
    let mut heads = labels();
    heads[0] = "谁".into();
    app.update(opened(&heads, None));
    assert_eq!((app.import.step(), app.roster.batch().is_none()), (ImportStep::Columns, true));
    let msg = rows(&app, &[GOOD]);
    assert!(app.update(msg).iter().any(|e| matches!(e, Effect::StopReading)));
    let effects = press(&mut app, "right enter");
    let job = effects.iter().find_map(|e| if let Effect::Read(job) = e { Some(job) } else { None }).expect("job");
    assert_eq!(job.columns.as_ref().and_then(|c| c.of(Field::Name)), Some(0));
}

#[test]
fn a_batch_comes_back_at_the_same_cell_with_the_half_typed_text() {
    let mut first = app();
    let effects = press(&mut first, "j l l l enter 厂");
    let json =
        effects.iter().rev().find_map(|e| if let Effect::SaveView(json) = e { Some(json.clone()) } else { None });
    let mut app = new_app(Lang::Zh, (80, 24));
    app.start(None, None);
    app.update(opened(&labels(), json));
    let msg = rows(&app, &three());
    app.update(msg);
    press(&mut app, "x");
    assert_eq!(app.status.text, app.locale.text("status.restoring"));
    app.update(Msg::ReadDone(ReadEnd { job: 1, ..ReadEnd::default() }));
    assert_eq!((app.roster.row(), app.roster.grid().field()), (Some(1), Field::Employer));
    assert_eq!(app.roster.edit().map(|e| e.prompt.text().to_string()), Some(format!("{}厂", GOOD[3])));
    assert_eq!(app.roster.view(), View { path: "/data/名册.csv".into(), ..first.roster.view() });
}

#[test]
fn quitting_asks_only_when_something_would_be_lost() {
    let mut app = app();
    assert!(press(&mut app, "q").iter().any(|e| matches!(e, Effect::Quit)));
    press(&mut app, "enter 甲 enter");
    let failure = skillcert::failure::Failure::new(skillcert::failure::FailureKind::Store, "x", "");
    app.update(Msg::StoreFailed { seq: app.roster.saving().sent, failure });
    assert!(!press(&mut app, "q enter").iter().any(|e| matches!(e, Effect::Quit)));
    assert!(press(&mut app, "y").iter().any(|e| matches!(e, Effect::Quit)));
    assert!(app.update(Msg::HangUp).iter().any(|e| matches!(e, Effect::Quit)));
}

#[test]
fn rows_that_arrive_extend_the_filter() {
    let mut app = new_app(Lang::Zh, (80, 24));
    app.start(Some(PathBuf::from("/data/名册.csv")), None);
    app.update(opened(&labels(), None));
    let msg = rows(&app, &three());
    app.update(msg);
    press(&mut app, "& 买 enter");
    let msg = rows(&app, &three());
    app.update(msg);
    assert_eq!(app.roster.grid().shown.as_ref().map(|shown| shown.rows().to_vec()), Some(vec![2, 5]));
}

#[test]
fn trouble_with_the_users_files_is_still_told_after_the_first_roster() {
    let mut app = new_app(Lang::Zh, (80, 24));
    app.start(Some(PathBuf::from("/data/名册.csv")), None);
    assert!(app.update(Msg::Trouble("规则有误".into())).is_empty());
    assert_eq!((app.status.text.as_str(), app.status.is_bad), ("规则有误", true));
    app.update(opened(&labels(), None));
    let msg = rows(&app, &three());
    app.update(msg);
    app.update(Msg::ReadDone(ReadEnd { job: 1, ..ReadEnd::default() }));
    assert_eq!((app.status.text.as_str(), app.status.is_bad), ("规则有误", true));
}
