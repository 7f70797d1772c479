//! From one roster to another: which batch the store is asked about, and in which order.

use skillcert::app::App;
use skillcert::app::msg::{Effect, Entry, Msg, ReadEnd, StoreJob};
use skillcert::domain::sheet::Field;
use skillcert::failure::{Failure, FailureKind};
use skillcert::locale::Lang;

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
    let entries = vec![Entry { name: "乙.csv".into(), is_folder: false, size: 1 }];
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
    assert_eq!(jobs(&effects), ["Record"]);
    open_other(&mut app);
    let mut effects = app.update(opened_by(4, &labels(), Some(String::new())));
    let msg = rows_by(4, &app, &three());
    effects.extend(app.update(msg));
    effects.extend(app.update(Msg::ReadDone(ReadEnd { job: 4, ..ReadEnd::default() })));
    effects.extend(press(&mut app, "enter ctrl-u 乙 enter u"));
    assert_eq!(jobs(&effects), ["Continue 7", "Record", "Undo"]);
}

#[test]
fn a_batch_that_another_process_holds_can_be_read_but_not_changed() {
    let mut app = new_app(Lang::Zh, (80, 24));
    app.start(None, None);
    app.update(opened(&labels(), Some(String::new())));
    let seq = app.saving.sent;
    let msg = rows(&app, &three());
    app.update(msg);
    app.update(Msg::ReadDone(ReadEnd { job: 1, ..ReadEnd::default() }));
    let failure = Failure::new(FailureKind::Store, "x", "");
    app.update(Msg::StoreFailed { seq, failure });
    assert!(app.saving.failed);
    assert!(jobs(&press(&mut app, "enter ctrl-u 甲 enter esc X y esc")).is_empty());
    assert_eq!(cell(&app, 0, Field::Name), "张伟");
    press(&mut app, "X");
    assert_eq!(app.status.text, app.locale.text("status.read-only"));
}
