//! From one roster to another: which batch the store is asked about, and in which order.

use std::sync::Arc;

use skillcert::app::App;
use skillcert::app::msg::{Effect, FolderEntry, Msg, ReadEnd, StoreJob};
use skillcert::domain::sheet::Field;
use skillcert::failure::{Failure, FailureKind};
use skillcert::words::Lang;

use super::{app, cell, labels, new_app, opened, opened_by, press, rows, rows_by, three};

/// Names the store jobs among effects, in order.
fn jobs(effects: &[Effect]) -> Vec<String> {
    let name = |e: &Effect| match e {
        Effect::Store { job: StoreJob::Continue { batch }, .. } => Some(format!("Continue {batch}")),
        Effect::Store { job, .. } => format!("{job:?}").split([' ', '{']).next().map(String::from),
        _ => None,
    };
    effects.iter().filter_map(name).collect()
}

/// Opens the first file of the list.
fn open_other(app: &mut App) {
    press(app, "o");
    let entries = vec![FolderEntry { name: "乙.csv".into(), is_folder: false, size: 1, ..FolderEntry::default() }];
    app.update(Msg::Folder { path: "/data".into(), entries });
    assert!(press(app, "down enter").iter().any(|e| matches!(e, Effect::Read(_))));
}

#[test]
fn only_what_comes_on_screen_becomes_the_batch_that_is_stored() {
    let mut app = app();
    open_other(&mut app);
    // The user turns back; what the store had found comes too late.
    let mut effects = press(&mut app, "esc");
    effects.extend(app.update(opened_by(2, &labels(), Some(String::new()))));
    effects.extend(press(&mut app, "enter ctrl-u 甲 enter"));
    assert_eq!(jobs(&effects), ["NoteUnmask", "Record"]);
    open_other(&mut app);
    let mut effects = app.update(opened_by(4, &labels(), Some(String::new())));
    let msg = rows_by(4, &app, &three());
    effects.extend(app.update(msg));
    effects.extend(app.update(Msg::ReadDone(ReadEnd { job: 4, ..ReadEnd::default() })));
    effects.extend(press(&mut app, "enter ctrl-u 乙 enter u"));
    assert_eq!(jobs(&effects), ["Continue 7", "NoteUnmask", "Record", "Undo"]);
}

#[test]
fn a_batch_that_another_process_holds_can_be_read_but_not_changed() {
    let mut app = new_app(Lang::Zh, (80, 24));
    app.start(None, None);
    app.update(opened(&labels(), Some(String::new())));
    let seq = app.roster.saving().sent;
    let msg = rows(&app, &three());
    app.update(msg);
    app.update(Msg::ReadDone(ReadEnd { job: 1, ..ReadEnd::default() }));
    let failure = Failure::new(FailureKind::Store, "x", "");
    app.update(Msg::StoreFailed { seq, failure });
    assert!(app.roster.saving().failed);
    assert!(jobs(&press(&mut app, "enter ctrl-u 甲 enter esc X y esc")).is_empty());
    assert_eq!(cell(&app, 0, Field::Name), "张伟");
    press(&mut app, "X");
    assert_eq!(app.status.text, app.locale.text("status.read-only"));
}

#[test]
fn what_was_not_stored_is_told_and_stays_to_be_typed_on() {
    let mut app = app();
    let effects = press(&mut app, "enter ctrl-u 甲 enter");
    let change = effects.iter().find_map(|effect| match effect {
        Effect::Store { job: StoreJob::Record { change }, .. } => Some(Arc::clone(change)),
        _ => None,
    });
    let (seq, failure) = (app.roster.saving().sent, Failure::new(FailureKind::Store, "别人接手了", ""));
    app.update(Msg::TakenBack { seq, change, failure });
    let told = &app.status.text;
    assert!(told.contains("没有存下") && told.contains("别人接手了"), "{told}");
    assert_eq!(app.roster.edit().map(|e| e.prompt.text().to_string()).as_deref(), Some("甲"));
}

#[test]
fn a_batch_that_somebody_else_edits_is_followed_until_it_is_free() {
    let mut app = new_app(Lang::Zh, (80, 24));
    app.start(None, None);
    app.update(opened(&labels(), Some(String::new())));
    let switched = app.roster.saving().sent;
    let msg = rows(&app, &three());
    app.update(msg);
    app.update(Msg::ReadDone(ReadEnd { job: 1, ..ReadEnd::default() }));
    app.update(Msg::Held { switched: switched + 1, holder: Some("nobody here".into()) });
    assert!(app.roster.holder().is_none(), "it was about another batch");
    // What is previewed is not ours to change any more.
    press(&mut app, "home l l l c ctrl-u 甲 厂 enter");
    assert!(app.overlays.is_open());
    app.update(Msg::Held { switched, holder: Some("王（s1）".into()) });
    assert!(jobs(&press(&mut app, "y")).is_empty());
    assert!(!app.overlays.is_open() && cell(&app, 0, Field::Employer) != "甲厂", "{}", app.status.text);
    press(&mut app, "home");
    assert!(jobs(&press(&mut app, "enter ctrl-u 甲 enter esc X y esc d u")).is_empty());
    assert_eq!(cell(&app, 0, Field::Name), "张伟");
    assert!(app.status.text.contains("王（s1）"), "{}", app.status.text);
    press(&mut app, "esc");
    assert!(app.status.text.contains("只能看：王（s1）"), "who has it stays in sight: {}", app.status.text);

    let edit = |after: &str| {
        let batch = app.roster.batch().expect("batch");
        Arc::new(batch.change("改", [(0, Field::Name, Arc::from(after))]))
    };
    let (first, second) = (edit("甲"), edit("乙"));
    app.update(Msg::Followed { switched, steps: vec![first.clone()], applied: 1 });
    assert_eq!(cell(&app, 0, Field::Name), "甲");
    app.update(Msg::Followed { switched, steps: vec![second], applied: 1 });
    assert_eq!(cell(&app, 0, Field::Name), "乙");
    app.update(Msg::Followed { switched, steps: vec![first], applied: 0 });
    assert_eq!(cell(&app, 0, Field::Name), "张伟");

    assert_eq!(jobs(&press(&mut app, "T esc T y")), ["TakeOver"]);
    app.update(Msg::Held { switched, holder: None });
    assert_eq!(app.status.text, app.locale.text("status.ours-again"));
    assert_eq!(jobs(&press(&mut app, "T esc ctrl-r")), ["Redo"]);
    assert_eq!(cell(&app, 0, Field::Name), "甲");
}

#[test]
fn a_roster_is_read_to_its_end_while_another_file_is_looked_at() {
    let mut app = new_app(Lang::Zh, (80, 24));
    app.start(Some("/data/名册.csv".into()), None);
    let mut effects = app.update(opened(&labels(), None));
    let part = |app: &mut App| {
        let msg = rows(app, &three());
        app.update(msg)
    };
    effects.extend(part(&mut app));
    open_other(&mut app);
    effects.extend(part(&mut app));
    let failure = Failure::new(FailureKind::File, "x", "");
    effects.extend(app.update(Msg::ReadFailed { job: 2, failure }));
    effects.extend(press(&mut app, "esc"));
    // The columns of yet another file do not match: its rows are a sample, nothing more.
    open_other(&mut app);
    let mut heads = labels();
    heads[0] = "谁".into();
    effects.extend(app.update(opened_by(3, &heads, None)));
    let msg = rows_by(3, &app, &three());
    effects.extend(app.update(msg));
    assert!(app.import.sample().is_some());
    effects.extend(part(&mut app));
    effects.extend(app.update(Msg::ReadDone(ReadEnd { job: 1, ..ReadEnd::default() })));
    assert_eq!(jobs(&effects), ["Create", "AddBlock", "AddBlock", "AddBlock", "Complete"]);
    assert!(app.roster.batch().is_some_and(|b| b.complete && b.roster().len() == 9));
    press(&mut app, "esc esc");
    // Once another roster is on screen, what comes of the one before counts no more.
    open_other(&mut app);
    let mut effects = app.update(opened_by(5, &labels(), None));
    effects.extend(part(&mut app));
    assert_eq!(jobs(&effects), ["Create"]);
}

#[test]
fn what_was_taken_back_since_an_import_was_cut_off_can_be_made_again() {
    let steps = |app: &App| app.roster.batch().map(|b| b.history().clone()).expect("batch");
    let mut first = app();
    press(&mut first, "enter ctrl-u 甲 enter enter ctrl-u 乙 enter u");
    let left = [steps(&first).applied(), steps(&first).undone_steps()].concat();
    let mut app = app();
    press(&mut app, "j enter ctrl-u 丙 enter u");
    app.update(Msg::Recovered { steps: left, applied: 1 });
    // The store dropped 乙 when 丙 was recorded.
    assert_eq!((steps(&app).applied().len(), steps(&app).undone_steps().len()), (1, 1));
    press(&mut app, "ctrl-r");
    assert_eq!((cell(&app, 0, Field::Name), cell(&app, 1, Field::Name)), ("甲".into(), "丙".into()));
}
