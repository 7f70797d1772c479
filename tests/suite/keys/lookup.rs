//! The look-up pane: keys, what they find, and where it goes.

use std::sync::{Arc, OnceLock};

use chrono::NaiveDate;
use skillcert::app::App;
use skillcert::app::command::Place;
use skillcert::app::msg::{Effect, Msg};
use skillcert::app::overlay::Overlay;
use skillcert::data::Catalogue;
use skillcert::domain::lookup::{EntryKind, Index, LONGEST_QUERY, LookupEntry};
use skillcert::domain::sheet::Field;
use skillcert::locale::lookup_entries;
use skillcert::words::Lang;

use super::{app, cell, press};

/// Gives the entries as a worker would; they are made once for each language.
pub fn prepared(app: &App) -> Msg {
    static MADE: [OnceLock<Arc<Index>>; 2] = [OnceLock::new(), OnceLock::new()];
    let made = &MADE[usize::from(app.locale.lang == Lang::En)];
    Msg::LookupReady(Arc::clone(made.get_or_init(|| {
        Arc::new(Index::build(lookup_entries(
            &app.locale,
            &Catalogue::built_in(),
            NaiveDate::from_ymd_opt(2026, 11, 21),
        )))
    })))
}

fn under_cursor(app: &App) -> Option<&LookupEntry> {
    let Some(Overlay::Lookup(pane)) = app.overlays.open() else { panic!("closed") };
    pane.chosen()
}

fn chosen(app: &App) -> (EntryKind, &str, &str) {
    let entry = under_cursor(app).expect("an entry");
    (entry.kind, entry.code.as_str(), entry.text.as_str())
}

fn copied(effects: &[Effect]) -> Vec<&str> {
    let mut texts = Vec::new();
    for effect in effects {
        if let Effect::Copy(text) = effect {
            texts.push(text.as_str());
        }
    }
    texts
}

#[test]
fn what_was_typed_before_the_entries_came_is_answered_when_they_do() {
    let mut app = app();
    assert_eq!(app.locale.lang, Lang::Zh);
    let effects = press(&mut app, "K l z s");
    assert_eq!(effects.iter().filter(|e| matches!(e, Effect::PrepareLookup)).count(), 1);
    assert!(app.place() == Place::Lookup && under_cursor(&app).is_none());
    press(&mut app, "enter");
    assert!(app.status.is_bad && app.place() == Place::Lookup);
    let msg = prepared(&app);
    app.update(msg);
    assert_eq!(chosen(&app), (EntryKind::Region, "01", "兰州市"));
    // They are prepared once.
    let effects = press(&mut app, "esc K");
    assert!(!effects.iter().any(|e| matches!(e, Effect::PrepareLookup)));
}

#[test]
fn enter_copies_the_text_and_ctrl_y_the_code() {
    let mut app = app();
    let msg = prepared(&app);
    app.update(msg);
    let effects = press(&mut app, "K '620102' enter");
    assert_eq!(copied(&effects), ["城关区"]);
    assert!(app.place() == Place::Grid && app.status.text.contains("城关区"));
    let effects = press(&mut app, "K '城关区' ctrl-y");
    assert_eq!(copied(&effects).len(), 1);
    let effects = press(&mut app, "K 'D05' ctrl-y");
    assert_eq!(copied(&effects), ["D05"]);
    let effects = app.update(Msg::NotCopied);
    assert!(effects.iter().any(|e| matches!(e, Effect::KeepCopy { .. })));
}

#[test]
fn the_code_is_reached_by_an_arrow_and_enter() {
    let mut app = app();
    let msg = prepared(&app);
    app.update(msg);
    let effects = press(&mut app, "K '620102' left right right enter");
    assert_eq!(copied(&effects), ["620102"]);
    // Back to what it is called; and typing on begins there.
    for keys in ["K '620102' right left enter", "K '62010' right 2 enter"] {
        assert_eq!(copied(&press(&mut app, keys)), ["城关区"], "{keys}");
    }
    // A caret that has room to go goes first.
    let effects = press(&mut app, "K '620102' left left right enter");
    assert_eq!(copied(&effects), ["城关区"]);
}

#[test]
fn enter_fills_the_cell_that_is_being_edited() {
    let mut app = app();
    let msg = prepared(&app);
    app.update(msg);
    for (field, typed, expected) in [
        (Field::IdType, "'211' enter", "台湾居民来往大陆通行证"),
        (Field::IdType, "j m s f z enter", "201"),
        (Field::Level, "g a o j i g o n g enter", "3"),
        (Field::Employer, "'兰州市' enter", "兰州市"),
    ] {
        app.roster.go_to_column(field.index());
        let effects = press(&mut app, &format!("enter ctrl-u ctrl-t {typed}"));
        assert!(copied(&effects).is_empty() && app.place() == Place::Prompt, "{typed}");
        press(&mut app, "enter");
        assert_eq!(cell(&app, 0, field), expected, "{typed}");
    }
    // What stands before and behind the caret stays; leaving the pane leaves the edit as it was.
    app.roster.go_to_column(Field::Employer.index());
    press(&mut app, "enter ctrl-t '天水市' esc end x left ctrl-t '天水市' enter enter");
    assert_eq!(cell(&app, 0, Field::Employer), "兰州市天水市x");
}

#[test]
fn a_question_is_filled_as_well() {
    let mut app = app();
    let msg = prepared(&app);
    app.update(msg);
    app.roster.go_to_column(Field::IdType.index());
    press(&mut app, "c ctrl-u ctrl-t '居民身份证' enter");
    assert_eq!(app.line_question.as_ref().expect("asked").prompt.text(), "201");
    press(&mut app, "esc / ctrl-t '居民身份证' enter");
    assert_eq!(app.line_question.as_ref().expect("asked").prompt.text(), "居民身份证");
}

#[test]
fn a_pasted_roster_is_cut_to_what_is_looked_at() {
    let mut app = app();
    press(&mut app, "K");
    app.update(Msg::Paste("兰".repeat(1 << 20)));
    let Some(Overlay::Lookup(pane)) = app.overlays.open() else { panic!("closed") };
    assert_eq!(pane.prompt().text().chars().count(), LONGEST_QUERY);
}

#[test]
fn tab_turns_through_the_kinds_and_arrows_through_the_hits() {
    let mut app = app();
    let msg = prepared(&app);
    app.update(msg);
    press(&mut app, "K '兰州' down");
    assert_eq!(chosen(&app), (EntryKind::Division, "620100", "兰州市"));
    press(&mut app, "tab");
    assert_eq!(chosen(&app), (EntryKind::Region, "01", "兰州市"));
    press(&mut app, "pgdn pgdn");
    assert_eq!(chosen(&app).0, EntryKind::Region);
    press(&mut app, "shift-tab shift-tab ctrl-u");
    // Of a kind all is listed before anything is typed.
    assert_eq!(chosen(&app), (EntryKind::Day, "2026-01-01", "星期四 放假，元旦"));
    press(&mut app, "tab");
    assert!(under_cursor(&app).is_none());
}

fn hits(app: &App) -> Vec<&LookupEntry> {
    let Some(Overlay::Lookup(pane)) = app.overlays.open() else { panic!("closed") };
    (0..pane.count()).filter_map(|at| pane.entry(at)).collect()
}

/// Days of a holiday are read as a calendar is: the day that is worked in its stead among them.
#[test]
fn days_come_in_their_order_and_a_word_for_telephones_finds_them_all() {
    let mut app = app();
    let msg = prepared(&app);
    app.update(msg);
    press(&mut app, "K '国庆'");
    let days: Vec<&str> =
        hits(&app).into_iter().filter(|e| e.kind == EntryKind::Day && !e.is_past).map(|e| e.code.as_str()).collect();
    assert!(6 < days.len() && days.is_sorted() && days[0].starts_with("2026-09-20"), "{days:?}");
    for typed in ["电话", "联系方式"] {
        press(&mut app, &format!("ctrl-u '{typed}'"));
        let found = hits(&app);
        let contacts = found.iter().take_while(|e| e.kind == EntryKind::Contact).count();
        assert_eq!(contacts, skillcert::data::Catalogue::built_in().contacts().len(), "{typed}");
        let shown = crate::screens::screen(&app);
        for contact in skillcert::data::Catalogue::built_in().contacts() {
            assert!(shown.contains(&contact.phone), "{}\n{shown}", contact.phone);
        }
    }
}
