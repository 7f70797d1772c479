//! The mouse: what is drawn can be pointed at, and a double click opens but never says yes.

use skillcert::app::command::{Command, Place};
use skillcert::app::layout::Focus;
use skillcert::app::mouse::{Pointed, Target};
use skillcert::app::msg::{Effect, Msg};
use skillcert::app::overlay::Overlay;

use super::{app, cell, press};
use skillcert::domain::sheet::Field;

#[test]
fn a_click_goes_to_a_cell_and_a_double_click_edits_it() {
    let mut app = app();
    app.update(Msg::Mouse(Pointed::Click(Target::Cell(2, 6))));
    assert_eq!((app.row(), app.grid.field()), (Some(2), Field::Level));
    app.update(Msg::Mouse(Pointed::Double(Target::Cell(1, 3))));
    assert_eq!(app.edit.as_ref().map(|e| (e.row, e.field)), Some((1, Field::Employer)));
    // What is being typed is not lost to a click elsewhere.
    app.update(Msg::Mouse(Pointed::Double(Target::Cell(0, 0))));
    assert_eq!(app.edit.as_ref().map(|e| e.row), Some(1));
}

#[test]
fn lists_footer_and_wheel() {
    let mut app = app();
    app.update(Msg::Mouse(Pointed::Wheel { up: false }));
    assert_eq!(app.row(), Some(2));
    app.update(Msg::Mouse(Pointed::Wheel { up: true }));
    assert_eq!(app.row(), Some(0));
    app.update(Msg::Mouse(Pointed::Click(Target::Line(Place::Findings, 1))));
    assert_eq!((app.grid.focus, app.grid.chosen), (Focus::Findings, 1));
    app.update(Msg::Mouse(Pointed::Double(Target::Line(Place::Findings, 1))));
    assert!(app.grid.filter.is_some() && app.grid.focus == Focus::Grid);
    app.update(Msg::Mouse(Pointed::Click(Target::Run(Command::Palette))));
    assert!(matches!(app.overlay, Some(Overlay::Palette { .. })));
    // A key of the pane below is not there.
    app.update(Msg::Mouse(Pointed::Click(Target::Run(Command::Undo))));
    app.update(Msg::Mouse(Pointed::Click(Target::Cell(2, 2))));
    assert_eq!(app.place(), Place::Palette);
    app.update(Msg::Mouse(Pointed::Click(Target::Line(Place::Palette, 9999))));
    assert!(matches!(&app.overlay, Some(Overlay::Palette { at, .. }) if *at + 1 == app.command_lines("").len()));
}

#[test]
fn a_double_click_never_says_yes() {
    let mut app = app();
    press(&mut app, "X");
    let before = cell(&app, 1, Field::IssueDate);
    for target in [Target::Line(Place::Preview, 0), Target::Cell(0, 0), Target::Run(Command::TakeAnswer)] {
        app.update(Msg::Mouse(Pointed::Double(target)));
    }
    assert!(app.place() == Place::Preview && cell(&app, 1, Field::IssueDate) == before);
    app.update(Msg::Mouse(Pointed::Click(Target::Run(Command::Apply))));
    assert_ne!(cell(&app, 1, Field::IssueDate), before);
}

#[test]
fn one_key_turns_it_on_and_says_how_to_select_text() {
    let mut app = app();
    let effects = press(&mut app, "M");
    assert!(effects.iter().any(|e| matches!(e, Effect::Mouse(true))) && app.status.text.contains("Shift"));
    assert!(press(&mut app, "M").iter().any(|e| matches!(e, Effect::Mouse(false))));
}
