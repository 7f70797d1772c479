//! Ways for people whose input method keeps the letters: arrows, Enter, Tab, Esc, the space bar and Delete are enough. And what Tab always
//! does, and Enter never.

use proptest::prelude::*;
use skillcert::app::App;
use skillcert::app::command::{COMMANDS, Command, Keymap, Place};
use skillcert::app::intent::Confirm;
use skillcert::app::key::{Chord, Key};
use skillcert::app::msg::{Effect, ExportWhat, Msg};
use skillcert::app::overlay::Overlay;
use skillcert::domain::sheet::Field;
use skillcert::words::Lang;

use super::{app, app_with, cell, listed, press, three};
use crate::screens::screen;

/// What was chosen and given up is not what the next file is written as.
#[test]
fn an_export_that_is_given_up_is_as_ever_the_next_time() {
    let mut app = app_with(Lang::Zh, (80, 24), &three());
    press(&mut app, "e right");
    let chosen = app.export.what();
    assert_ne!(chosen, ExportWhat::default());
    press(&mut app, "esc e");
    assert_eq!((app.place(), app.export.what()), (Place::Export, ExportWhat::default()), "not {chosen:?}");
}

/// While a question waits a letter does not end the program.
#[test]
fn a_letter_does_not_leave_a_preview() {
    let mut app = app_with(Lang::Zh, (80, 24), &three());
    press(&mut app, "X");
    assert_eq!(app.place(), Place::Preview);
    assert!(!press(&mut app, "q").iter().any(|effect| matches!(effect, Effect::Quit)), "{}", app.status.text);
    assert_eq!(app.place(), Place::Preview);
}

/// Keys that every input method lets through while nothing is composed.
const PLAIN: [Key; 10] = [
    Key::Up,
    Key::Down,
    Key::Left,
    Key::Right,
    Key::Enter,
    Key::Tab,
    Key::BackTab,
    Key::Esc,
    Key::Delete,
    Key::Char(' '),
];

/// Where Esc has nothing to back out of: pressed again it lists every command.
const BOTTOMS: [Place; 2] = [Place::Grid, Place::Browser];

/// Commands of one place alone that have a letter or a control key only, and what else does the same there.
const BESIDES: [(Command, &str); 18] = [
    (Command::LeaveFormOut, "the values that are meant are marked and set; unify --without"),
    (Command::Apply, "left or right chooses yes, Enter takes it"),
    (Command::AlsoHeld, "ledger allocate --also-held; the rows left out keep their place"),
    (Command::PlanBlanks, "ledger allocate --blanks, or booking the use of blanks afterwards"),
    (Command::AlsoErrors, "ledger allocate --also-errors, or mending the errors first"),
    (Command::NextOrder, "ledger allocate --order"),
    (Command::AllBatches, "batch list --all, batch restore"),
    (Command::PutAway, "batch archive, batch restore"),
    (Command::RevertStep, "going back to the step before, and making again what is to stay"),
    (Command::RevertCell, "restore-cell, or typing into the cell"),
    (Command::NarrowValues, "the list is paged through, in any of its orders"),
    (Command::TypeForm, "the values are marked and set, which asks for a text"),
    (Command::TurnWaiting, "what a batch waits for is among the words that narrow the list"),
    (Command::UnmaskForm, "form show --unmask, or the file that is written"),
    (Command::PutMonths, "statistics --from and --to, --year"),
    (Command::PutPrefix, "statistics --prefix"),
    (Command::LeaveOwnOut, "statistics --files-only"),
    (Command::CopyCode, "right behind the end of what is typed goes to the code, which Enter takes"),
];

fn is_plain(row: &[Chord]) -> bool {
    row.iter().all(|chord| !chord.ctrl && PLAIN.contains(&chord.key))
}

#[test]
fn every_command_is_run_by_arrows_enter_tab_and_esc() {
    let keymap = Keymap::default();
    let lists =
        |place: Place| BOTTOMS.contains(&place) || keymap.keys(Command::Palette, place).iter().any(|r| is_plain(r));
    for place in [Place::Palette, Place::Choose, Place::Help] {
        for command in [Command::Up, Command::Down, Command::Back] {
            assert!(keymap.keys(command, place).iter().any(|r| is_plain(r)), "{place:?} {command:?}");
        }
    }
    for spec in COMMANDS {
        let is_run =
            keymap.places(spec.id).iter().any(|(place, rows)| rows.iter().any(|r| is_plain(r)) || lists(*place));
        let is_excused = BESIDES.iter().any(|(command, _)| *command == spec.id);
        assert!(is_run != is_excused, "{}", spec.name);
    }
}

/// Tab goes on to the next part, field or choice of where one is, and Shift-Tab back to the one before; neither does anything.
#[test]
fn tab_goes_on_and_shift_tab_back_in_every_place() {
    const ON: [(Command, Option<Command>); 12] = [
        (Command::NextPane, Some(Command::PreviousPane)),
        (Command::NextTab, Some(Command::PreviousTab)),
        (Command::NextText, Some(Command::PreviousText)),
        (Command::NextKind, Some(Command::PreviousKind)),
        (Command::NextChoice, Some(Command::PreviousChoice)),
        (Command::NextField, Some(Command::PreviousField)),
        (Command::NextForm, Some(Command::PreviousForm)),
        (Command::TurnLine, Some(Command::FieldBefore)),
        (Command::NextOption, Some(Command::FieldBefore)),
        (Command::NextLine, Some(Command::PreviousLine)),
        // Of so few that going on comes round at once.
        (Command::TurnValues, None),
        (Command::TurnFill, None),
    ];
    let keymap = Keymap::default();
    for place in Place::ALL {
        let bound = |key: &str| {
            let chord = Chord::read(key).expect("a key");
            COMMANDS.iter().find(|spec| keymap.keys(spec.id, place).contains(&vec![chord])).map(|spec| spec.id)
        };
        let (tab, back) = (bound("tab"), bound("shift-tab"));
        let known = tab.map(|tab| ON.iter().find(|(on, _)| *on == tab).unwrap_or_else(|| panic!("{place:?} {tab:?}")));
        assert_eq!(back, known.and_then(|(_, back)| *back), "{place:?}");
    }
}

#[test]
fn every_place_is_left_by_such_a_key() {
    let keymap = Keymap::default();
    for place in Place::ALL {
        let leaves = [Command::Back, Command::EndTour];
        assert!(
            leaves.iter().any(|c| keymap.keys(*c, place).iter().any(|r| is_plain(r))) || place == Place::Grid,
            "{place:?}"
        );
    }
}

#[test]
fn esc_twice_at_the_bottom_lists_every_command_and_enter_runs_the_chosen() {
    let mut app = app();
    press(&mut app, "esc");
    assert!(!app.overlays.is_open() && app.status.text.contains("Esc"), "{}", app.status.text);
    // Something else in between: the first Esc again only says so.
    press(&mut app, "down esc");
    assert!(!app.overlays.is_open());
    press(&mut app, "esc");
    assert_eq!(app.place(), Place::Palette);
    let at = listed(&app).iter().position(|l| l.command == Command::History).expect("listed");
    press(&mut app, &"down ".repeat(at + 1).trim_end().replacen("down", "right", 1));
    press(&mut app, "enter");
    assert_eq!(app.place(), Place::History);
    press(&mut app, "esc esc esc esc");
    assert!(!app.overlays.is_open(), "a third closes the list");
}

#[test]
fn full_width_forms_of_every_key_do_what_the_key_does() {
    for c in '!'..='~' {
        let wide = char::from_u32(c as u32 + 0xfee0).expect("a character");
        assert_eq!(Chord::char(wide).folded(), Chord::char(c));
    }
    for (typed, key) in [('　', ' '), ('、', '/'), ('。', '.')] {
        assert_eq!(Chord::char(typed).folded(), Chord::char(key));
    }
    let mut app = app();
    press(&mut app, "／ '2024/11/8' enter ｘ");
    assert_eq!(app.place(), Place::Preview);
    press(&mut app, "ｙ");
    assert_eq!(cell(&app, 1, Field::IssueDate), "2024-11-08");
    press(&mut app, "３ Ｇ");
    assert_eq!(app.roster.row(), Some(1));
    press(&mut app, "？");
    assert_eq!(app.place(), Place::Help);
}

#[test]
fn a_han_character_gets_a_hint_in_every_place_that_takes_commands() {
    for (keys, place) in [("", Place::Grid), ("tab", Place::Record), ("H", Place::History), ("X", Place::Preview)] {
        let mut app = app();
        if !keys.is_empty() {
            press(&mut app, keys);
        }
        assert_eq!(app.place(), place);
        press(&mut app, "你");
        assert_eq!(app.status.text, app.locale.text("status.input-method"), "{place:?}");
    }
}

/// Lays a question of every kind over the roster.
fn asked(app: &mut App, kind: usize) {
    match kind {
        0 => drop(press(app, "X")),
        1 => drop(press(app, "A")),
        n => {
            let then = [Confirm::Quit, Confirm::Replace, Confirm::TakeOver, Confirm::Ledger][n - 2];
            app.overlays.confirm("?".into(), then);
        }
    }
}

#[test]
fn enter_alone_never_says_yes() {
    let keymap = Keymap::default();
    for place in [Place::Preview, Place::Confirm, Place::Plan] {
        assert!(!keymap.keys(Command::Apply, place).iter().any(|row| row.contains(&Chord::of(Key::Enter))));
    }
    for kind in 0..6 {
        let mut app = app();
        asked(&mut app, kind);
        let place = app.place();
        for keys in ["enter", "enter enter", "right left enter", "right right enter", "right up left down enter"] {
            let effects = press(&mut app, keys);
            assert_eq!(app.place(), place, "{kind} {keys}");
            assert!(effects.is_empty(), "{kind} {keys}: {effects:?}");
            assert!(app.roster.batch().expect("batch").history().applied().is_empty());
        }
        assert!(!app.status.text.is_empty() && !app.status.is_bad, "it says what would do");
    }
}

#[test]
fn yes_is_chosen_with_an_arrow_first_and_only_for_this_question() {
    let mut app = app();
    press(&mut app, "X right");
    assert!(app.overlays.is_yes());
    press(&mut app, "esc X enter");
    assert_eq!(app.place(), Place::Preview, "another question begins with no");
    press(&mut app, "right down enter");
    assert_eq!(cell(&app, 1, Field::IssueDate), "2024-11-08");
    app.overlays.confirm("?".into(), Confirm::Quit);
    press(&mut app, "right");
    app.update(Msg::ExportExists);
    assert!(!app.overlays.is_yes(), "a question that came in between is not answered");
    assert!(press(&mut app, "enter").is_empty());
}

#[test]
fn help_and_palette_are_searched_by_han_pinyin_and_name() {
    let mut app = app();
    for (typed, command) in [
        ("撤销", Command::Undo),
        ("cx", Command::Undo),
        ("chexiao", Command::Undo),
        ("chex", Command::Undo),
        ("undo", Command::Undo),
        ("台账", Command::Ledger),
        ("tz", Command::Ledger),
        ("fh", Command::Allocate),
        ("daochu", Command::Export),
        ("fix-all", Command::FixAll),
        ("fxal", Command::FixAll),
        ("ｕｎｄｏ", Command::Undo),
    ] {
        let found = found(&mut app, typed);
        assert!(found.iter().take(3).any(|c| *c == command), "{typed}: {found:?}");
    }
    assert!(found(&mut app, "zzzz").is_empty());
}

/// What the palette lists for a text.
fn found(app: &mut App, typed: &str) -> Vec<Command> {
    press(app, ":");
    app.update(Msg::Paste(typed.to_string()));
    let Some(Overlay::Palette(list)) = app.overlays.open() else { panic!("closed") };
    let lines = list.lines(&app.locale, &app.keymap, app.base_place());
    press(app, "esc");
    lines.into_iter().map(|line| line.command).collect()
}

fn keys() -> impl Strategy<Value = Chord> {
    let bound: Vec<Chord> = Keymap::default().bindings().iter().flat_map(|(_, row, _)| row.clone()).collect();
    prop_oneof![6 => prop::sample::select(bound), 1 => any::<char>().prop_map(Chord::char)]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 120, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever is pressed in a window of whatever size that changes all the time, there is a screen.
    #[test]
    fn no_key_in_any_window_breaks_the_screen(
        steps in prop::collection::vec((keys(), prop::option::of((1_u16..200, 1_u16..60))), 1..60),
    ) {
        let mut app = app();
        for (chord, size) in steps {
            if let Some((columns, rows)) = size {
                app.update(Msg::Resize(columns, rows));
            }
            let effects = app.update(Msg::Key(chord));
            if effects.iter().any(|e| matches!(e, Effect::Quit)) {
                break;
            }
            crate::screens::painted(&app);
        }
        for size in [(1, 1), (1, 60), (200, 1), (2, 2), (39, 9), (40, 10), (80, 24)] {
            app.update(Msg::Resize(size.0, size.1));
            crate::screens::painted(&app);
        }
    }
}

#[test]
fn the_first_of_two_keys_tells_which_may_follow() {
    let mut app = app_with(Lang::Zh, (80, 24), &three());
    press(&mut app, "Y");
    let footer = screen(&app).lines().last().map(String::from).unwrap_or_default();
    for command in [Command::CopyCell, Command::CopyRow] {
        assert!(footer.contains(app.locale.text(&command.title_key())), "{footer}");
    }
    assert!(!footer.contains(app.locale.text(&Command::Export.title_key())), "{footer}");
    press(&mut app, "z");
    let footer = screen(&app).lines().last().map(String::from).unwrap_or_default();
    assert!(footer.contains(app.locale.text(&Command::Export.title_key())), "{footer}");
}
