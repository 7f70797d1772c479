//! The mouse: what is drawn can be pointed at, and a double click opens but never says yes.

use skillcert::app::command::{Command, Place};
use skillcert::app::input::Mouse;
use skillcert::app::layout::Focus;
use skillcert::app::mouse::{MouseTarget, Pointed};
use skillcert::app::msg::{Effect, Msg, ReadEnd};
use skillcert::app::overlay::Overlay;

use super::{app, cell, labels, listed, new_app, opened, press, rows, three};
use skillcert::domain::sheet::Field;
use skillcert::words::Lang;

#[test]
fn a_click_goes_to_a_cell_and_a_double_click_edits_it() {
    let mut app = app();
    app.update(Msg::Mouse(Pointed::Click(MouseTarget::Cell(2, 6))));
    assert_eq!((app.roster.row(), app.roster.grid().field()), (Some(2), Field::Level));
    app.update(Msg::Mouse(Pointed::Double(MouseTarget::Cell(1, 3))));
    assert_eq!(app.roster.edit().map(|e| (e.row, e.field)), Some((1, Field::Employer)));
    // What is being typed is not lost to a click elsewhere.
    app.update(Msg::Mouse(Pointed::Double(MouseTarget::Cell(0, 0))));
    assert_eq!(app.roster.edit().map(|e| e.row), Some(1));
}

#[test]
fn lists_footer_and_wheel() {
    let mut app = app();
    app.update(Msg::Mouse(Pointed::Wheel { up: false }));
    assert_eq!(app.roster.row(), Some(2));
    app.update(Msg::Mouse(Pointed::Wheel { up: true }));
    assert_eq!(app.roster.row(), Some(0));
    app.update(Msg::Mouse(Pointed::Click(MouseTarget::Line(Place::Findings, 1))));
    assert_eq!((app.roster.grid().focus, app.roster.grid().chosen), (Focus::Findings, 1));
    app.update(Msg::Mouse(Pointed::Double(MouseTarget::Line(Place::Findings, 1))));
    assert!(app.roster.grid().is_filtered() && app.roster.grid().focus == Focus::Grid);
    app.update(Msg::Mouse(Pointed::Click(MouseTarget::Run(Command::Palette))));
    assert!(matches!(app.overlays.open(), Some(Overlay::Palette(_))));
    // A key of the pane below is not there.
    app.update(Msg::Mouse(Pointed::Click(MouseTarget::Run(Command::Undo))));
    app.update(Msg::Mouse(Pointed::Click(MouseTarget::Cell(2, 2))));
    assert_eq!(app.place(), Place::Palette);
    app.update(Msg::Mouse(Pointed::Click(MouseTarget::Line(Place::Palette, 9999))));
    assert!(matches!(app.overlays.open(), Some(Overlay::Palette(list)) if list.at() + 1 == listed(&app).len()));
}

#[test]
fn a_double_click_never_says_yes() {
    let mut app = app();
    press(&mut app, "X");
    let before = cell(&app, 1, Field::IssueDate);
    for target in [MouseTarget::Line(Place::Preview, 0), MouseTarget::Cell(0, 0), MouseTarget::Run(Command::TakeAnswer)]
    {
        app.update(Msg::Mouse(Pointed::Double(target)));
    }
    assert!(app.place() == Place::Preview && cell(&app, 1, Field::IssueDate) == before);
    app.update(Msg::Mouse(Pointed::Click(MouseTarget::Run(Command::Apply))));
    assert_ne!(cell(&app, 1, Field::IssueDate), before);
}

#[test]
fn lines_of_the_export_are_turned_and_never_written() {
    let mut app = app();
    press(&mut app, "e");
    let what = app.export.what();
    let effects = app.update(Msg::Mouse(Pointed::Click(MouseTarget::Line(Place::Export, 1))));
    assert_eq!((app.export.at(), app.export.what(), effects.len()), (1, what, 0));
    let format = app.export.format();
    let effects = app.update(Msg::Mouse(Pointed::Double(MouseTarget::Line(Place::Export, 1))));
    assert!(app.export.format() != format && !effects.iter().any(|e| matches!(e, Effect::Export(_))));
    app.update(Msg::Mouse(Pointed::Double(MouseTarget::Line(Place::Export, 3))));
    assert!(!app.export.is_busy());
}

#[test]
fn a_proposal_of_the_decoder_is_taken_by_a_double_click() {
    let mut app = app();
    press(&mut app, "= ctrl-u 'S00006201O001242J00001'");
    let read = |app: &skillcert::app::App| match app.overlays.open() {
        Some(Overlay::Decoder(pane)) => pane.prompt().text().to_string(),
        _ => panic!("closed"),
    };
    app.update(Msg::Mouse(Pointed::Double(MouseTarget::Line(Place::Decoder, 0))));
    assert_eq!(read(&app), "S000062010001242J00001");
}

#[test]
fn the_mouse_is_the_terminals_own_while_text_is_selected() {
    let mut app = app();
    press(&mut app, "M");
    assert!(press(&mut app, "V").iter().any(|e| matches!(e, Effect::Mouse(false))));
    assert!(press(&mut app, "esc").iter().any(|e| matches!(e, Effect::Mouse(true))));
    press(&mut app, "M");
    assert!(!press(&mut app, "V").iter().any(|e| matches!(e, Effect::Mouse(_))));
}

#[test]
fn a_mouse_that_is_on_from_the_start_says_how_to_select_text() {
    let mut app = new_app(Lang::Zh, (80, 24));
    app.mouse = Mouse::new(true);
    app.start(None, None);
    assert!(app.status.text.contains("Shift"), "{}", app.status.text);
    let mut app = new_app(Lang::Zh, (80, 24));
    app.mouse = Mouse::new(true);
    app.start(Some("/data/名册.csv".into()), None);
    app.update(opened(&labels(), None));
    let msg = rows(&app, &three());
    app.update(msg);
    app.update(Msg::ReadDone(ReadEnd { job: 1, ..ReadEnd::default() }));
    assert!(app.status.text.contains("3 行") && app.status.text.contains("Shift"), "{}", app.status.text);
}

#[test]
fn one_key_turns_it_on_and_says_how_to_select_text() {
    let mut app = app();
    let effects = press(&mut app, "M");
    assert!(effects.iter().any(|e| matches!(e, Effect::Mouse(true))) && app.status.text.contains("Shift"));
    assert!(press(&mut app, "M").iter().any(|e| matches!(e, Effect::Mouse(false))));
}
