//! Acts that change a roster, by keys: in any order, and of very many cells.

use proptest::prelude::*;
use proptest::test_runner::TestCaseError;
use skillcert::app::App;
use skillcert::app::command::Place;
use skillcert::app::msg::{Effect, Msg, Progress, StoreJob};
use skillcert::app::overlay::Overlay;
use skillcert::domain::batch::{Batch, Making};
use skillcert::domain::roster::{RowId, RowWhat};
use skillcert::domain::rules::{Detail, Finding};
use skillcert::domain::sheet::Field;
use skillcert::words::Lang;

use super::values::{answer, serve};
use super::{GOOD, app_with, press, three};

fn batch(app: &App) -> &Batch {
    app.roster.batch().expect("a batch")
}

/// What is pressed for an act, and where: acts of one key, those that ask for a line, blocks that are pasted, steps.
const ACTS: [&str; 22] = [
    "d y",
    "D y",
    "a",
    "x y",
    "X y",
    "r",
    "u",
    "u",
    "ctrl-r",
    "H g g x y",
    "H g g j c y",
    "H g g enter",
    "c ctrl-u '甲厂' enter y",
    "c ctrl-u '2' enter y",
    "enter ctrl-u '李娜' enter",
    "- '弃考' enter y",
    "i '核对过' enter y",
    "'甲\n乙\n丙' y",
    "'1\t2\n3\t4' y",
    "space",
    "* y",
    "g g",
];

const MOVES: [&str; 8] = ["j", "k", "l", "h", "G", "g g", "l l l", "j j"];

fn leave_overlays(app: &mut App) {
    for _ in 0..4 {
        if app.overlays.is_open() || app.line_question.is_some() || app.roster.edit().is_some() {
            press(app, "esc");
        }
    }
}

fn same_as_from_scratch(app: &App) -> Result<(), TestCaseError> {
    let batch = batch(app);
    let left: Vec<RowId> = batch.roster().left().collect();
    let cells = |row: &RowId| {
        let fields = &batch.context().sheet().fields;
        std::array::from_fn(|at| fields.get(at).map_or("", |field| batch.roster().cell(*row, *field)))
    };
    let rows: Vec<[&str; 11]> = left.iter().map(cells).collect();
    let fresh = app_with(Lang::Zh, (100, 24), &rows);
    let fresh = fresh.roster.batch().expect("a batch").findings().iter().map(|finding| {
        let detail = match finding.detail {
            Detail::Row(row) => Detail::Row(left[row as usize]),
            other => other,
        };
        Finding { row: left[finding.row as usize], detail, ..*finding }
    });
    prop_assert_eq!(batch.findings().iter().copied().collect::<Vec<_>>(), fresh.collect::<Vec<_>>());
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_keys_find_what_a_check_from_scratch_finds_and_undone_leave_the_import(
        keys in prop::collection::vec((prop::sample::select(&MOVES[..]), prop::sample::select(&ACTS[..])), 1..12),
    ) {
        let mut rows = three();
        rows.extend([GOOD, rows[0], rows[1]]);
        let mut app = app_with(Lang::Zh, (100, 24), &rows);
        let imported: Vec<Finding> = batch(&app).findings().iter().copied().collect();
        for (to, act) in keys {
            press(&mut app, to);
            press(&mut app, act);
            leave_overlays(&mut app);
            same_as_from_scratch(&app)?;
        }
        app.go_to_step(0);
        let roster = batch(&app).roster();
        prop_assert_eq!(batch(&app).history().applied().len(), 0);
        prop_assert_eq!((roster.edited_count(), roster.count_aside(), roster.all_said(RowWhat::Note).len()), (0, 0, 0));
        prop_assert_eq!(batch(&app).findings().iter().copied().collect::<Vec<_>>(), imported);
    }
}

/// Rows of nobody, so that none is like another.
fn many() -> App {
    let mut row = GOOD;
    (row[2], row[7]) = ("", "");
    app_with(Lang::Zh, (100, 24), &vec![row; 2_500])
}

fn made(effects: Vec<Effect>) -> Option<(u64, Box<Batch>, Making)> {
    effects.into_iter().find_map(|effect| match effect {
        Effect::Make { seq, batch, making } => Some((seq, batch, making)),
        _ => None,
    })
}

#[test]
fn a_change_of_very_many_cells_is_made_beside_the_keys_and_stopped_by_esc() {
    let mut app = many();
    let set = "l l l c ctrl-u '甲厂' enter y";
    let (seq, copy, making) = made(serve(&mut app, set)).expect("handed over");
    let employer = |app: &App, row| batch(app).roster().cell(row, Field::Employer).to_string();
    assert!(app.is_busy() && app.status.text.contains("2500"), "{}", app.status.text);
    // Keys go on being answered; nothing but the change touches the roster.
    press(&mut app, "j");
    assert_eq!(app.roster.row(), Some(1));
    for keys in ["a", "- 'x' enter", "u", "d"] {
        press(&mut app, keys);
        assert!(app.status.is_bad && app.status.text.contains("改完才能再动"), "{keys}: {}", app.status.text);
        leave_overlays(&mut app);
    }
    assert!(app.is_busy());
    app.update(Msg::Making { seq, progress: Progress { rows: 700, percent: Some(28), rate: None, left: None } });
    assert_eq!(app.progress_words().as_deref(), Some("正在修改 28%  Esc 停止"));
    let quits = press(&mut app, "q");
    assert!(!quits.iter().any(|e| matches!(e, Effect::Quit)) && app.overlays.is_open(), "it is asked about first");
    press(&mut app, "esc");
    let stopped = press(&mut app, "esc");
    assert!(stopped.iter().any(|e| matches!(e, Effect::StopMaking)));
    assert!(!app.is_busy() && app.status.text.contains("没有改动"), "{}", app.status.text);
    // What comes all the same belongs to nobody.
    let run = |mut copy: Box<Batch>, making| {
        let made = copy.make(making, &|_, _| false).expect("made");
        Some(Box::new((*copy, made)))
    };
    let late = app.update(Msg::Made { seq, made: run(copy, making) });
    assert!(!late.iter().any(|e| matches!(e, Effect::Store { .. })));
    assert_eq!((batch(&app).history().applied().len(), employer(&app, 7)), (0, GOOD[3].into()));

    let (seq, copy, making) = made(serve(&mut app, "c ctrl-u '甲厂' enter y")).expect("handed over");
    let effects = app.update(Msg::Made { seq, made: run(copy, making) });
    let stored = effects.iter().filter(|e| matches!(e, Effect::Store { job: StoreJob::Record { .. }, .. })).count();
    assert_eq!((stored, employer(&app, 2_499), app.is_busy()), (1, "甲厂".into(), true), "it is being saved");
    assert!(app.status.text.contains("2500"), "{}", app.status.text);
    app.update(Msg::Saved(app.roster.saving().sent));
    // The same of taking it back; where that breaks off it is said.
    let (seq, copy, making) = made(press(&mut app, "u")).expect("handed over");
    app.update(Msg::Made { seq, made: None });
    assert!(app.status.is_bad && !app.is_busy() && employer(&app, 0) == "甲厂");
    drop((copy, making));
    let (seq, copy, making) = made(press(&mut app, "u")).expect("handed over");
    let effects = app.update(Msg::Made { seq, made: run(copy, making) });
    assert!(effects.iter().any(|e| matches!(e, Effect::Store { job: StoreJob::Undo, .. })));
    assert_eq!((employer(&app, 0), batch(&app).history().undone_steps().len()), (GOOD[3].into(), 1));
    // Somebody who takes the batch over has it as it was.
    app.update(Msg::Saved(app.roster.saving().sent));
    made(press(&mut app, "ctrl-r")).expect("handed over");
    app.update(Msg::Held { switched: 1, holder: Some("李".into()) });
    assert!(!app.is_busy() && batch(&app).history().applied().is_empty());
    assert!(app.status.text.contains("已停止") && app.status.text.contains('李'), "{}", app.status.text);
}

#[test]
fn what_goes_back_with_a_step_is_shown_by_value_and_masked() {
    let mut app = app_with(Lang::Zh, (100, 24), &[GOOD; 4]);
    press(&mut app, "l l l c ctrl-u '甲厂' enter y home");
    press(&mut app, "enter ctrl-u '李小红' enter G enter ctrl-u '王明' enter H g g x");
    let values = |app: &App| {
        let Some(Overlay::Preview(pane)) = app.overlays.open() else { panic!("{}", app.status.text) };
        let values = pane.preview().values.iter().map(|value| (value.shown.clone(), value.cells));
        values.collect::<Vec<_>>()
    };
    assert_eq!(values(&app), [(["甲厂".to_string(), GOOD[3].to_string()].into(), 4)]);
    press(&mut app, "y");
    assert_eq!(batch(&app).roster().cell(3, Field::Employer), GOOD[3]);
    press(&mut app, "H g g j x");
    assert!(!crate::screens::screen(&app).contains("李小红"), "{}", crate::screens::screen(&app));
}

#[test]
fn many_fixes_and_a_large_step_are_worked_out_beside_the_keys() {
    let mut row = GOOD;
    (row[2], row[7], row[8]) = ("", "", "2024/11/8");
    let mut app = app_with(Lang::Zh, (100, 24), &vec![row; 2_500]);
    let work = |effects: Vec<Effect>| {
        let work = |effect| if let Effect::Work { seq, ask } = effect { Some((seq, ask)) } else { None };
        effects.into_iter().find_map(work)
    };
    let day = |app: &App| batch(app).roster().cell(2_499, Field::IssueDate).to_string();
    // Esc stops it; what comes all the same is dropped.
    let (seq, ask) = work(press(&mut app, "X")).expect("handed over");
    assert!(app.is_busy());
    assert!(press(&mut app, "esc").iter().any(|effect| matches!(effect, Effect::StopWork)));
    app.update(Msg::Worked { seq, answer: Some(answer(ask)) });
    assert!(!app.overlays.is_open() && !app.is_busy());
    serve(&mut app, "X");
    assert_eq!(app.place(), Place::Preview);
    let (seq, mut copy, making) = made(press(&mut app, "y")).expect("handed over");
    let made = copy.make(making, &|_, _| false).expect("made");
    app.update(Msg::Made { seq, made: Some(Box::new((*copy, made))) });
    assert_eq!(day(&app), "2024-11-08");
    // The same of what goes back with the step.
    app.update(Msg::Saved(app.roster.saving().sent));
    serve(&mut app, "H g g x");
    let Some(Overlay::Preview(pane)) = app.overlays.open() else { panic!("{}", app.status.text) };
    assert_eq!((pane.preview().change.edits.len(), pane.preview().values[0].cells), (2_500, 2_500));
    press(&mut app, "esc");
    assert_eq!(app.place(), Place::History);
}
