//! Keys changed in `config.toml`: what counts, what is left out and why, and what then stands on the screen.

use std::fs;

use skillcert::app::command::{COMMANDS, Command, KeyChange, KeyFault, KeyMatch, Keymap, Place};
use skillcert::app::key::Chord;
use skillcert::app::overlay::Overlay;
use skillcert::words::{Lang, Locale};

use super::{app, listed, press};
use crate::support::Desk;

/// Makes a keymap of lines such as `grid.edit = i` or `fix = x, ctrl-f`.
fn keymap(lines: &[&str]) -> (Keymap, Vec<(usize, KeyFault)>) {
    let read = |line: &&str| {
        let (name, keys) = line.split_once(" =").expect("a line");
        let (place, command) = name.split_once('.').map_or((None, name), |(place, name)| (Some(place), name));
        let keys = keys.split(',').map(|key| key.trim().to_string()).filter(|key| !key.is_empty());
        (place.map(String::from), command.to_string(), keys.collect::<Vec<_>>())
    };
    let lines: Vec<_> = lines.iter().map(read).collect();
    let change = |(place, command, keys): &'static (Option<String>, String, Vec<String>)| KeyChange {
        place: place.as_deref(),
        command,
        keys,
    };
    // A test may keep what it reads for good.
    let changes: Vec<KeyChange<'_>> = Vec::leak(lines).iter().map(change).collect();
    Keymap::new(&changes)
}

fn means(keymap: &Keymap, place: Place, keys: &str) -> KeyMatch {
    keymap.look_up(place, &Chord::read_all(keys))
}

#[test]
fn the_table_alone_means_what_the_table_says() {
    let keymap = Keymap::default();
    for spec in COMMANDS {
        for place in Place::ALL {
            for keys in spec.keys_in(place) {
                assert_eq!(means(&keymap, place, keys), KeyMatch::Run(spec.id), "{place:?} {keys}");
            }
            assert!(!keymap.is_changed(spec.id, place));
        }
    }
    assert_eq!(means(&keymap, Place::Grid, "g"), KeyMatch::Wait);
    assert_eq!(means(&keymap, Place::Grid, "g x"), KeyMatch::Unknown);
    assert_eq!(means(&keymap, Place::Grid, "W"), KeyMatch::Unknown);
}

#[test]
fn places_have_names_of_their_own() {
    for place in Place::ALL {
        assert_eq!(Place::find(place.name()), Some(place));
        assert_eq!(Command::find(place.name()), None, "{place:?}");
    }
}

#[test]
fn a_change_counts_everywhere_or_in_one_place() {
    let (keymap, faults) = keymap(&["fix = z, ctrl-f", "first = W W", "grid.fix = ctrl-o f"]);
    assert_eq!(faults, []);
    assert_eq!(means(&keymap, Place::Record, "z"), KeyMatch::Run(Command::Fix));
    assert_eq!(means(&keymap, Place::Record, "ctrl-f"), KeyMatch::Run(Command::Fix));
    assert_eq!(means(&keymap, Place::Record, "x"), KeyMatch::Unknown);
    assert_eq!(means(&keymap, Place::Grid, "z"), KeyMatch::Unknown);
    assert_eq!(means(&keymap, Place::Grid, "ctrl-o"), KeyMatch::Wait);
    assert_eq!(means(&keymap, Place::Grid, "ctrl-o f"), KeyMatch::Run(Command::Fix));
    assert_eq!(means(&keymap, Place::History, "W W"), KeyMatch::Run(Command::First));
    assert!(keymap.is_changed(Command::Fix, Place::Grid) && !keymap.is_changed(Command::Edit, Place::Grid));
}

#[test]
fn two_commands_may_swap_their_keys() {
    let (keymap, faults) = keymap(&["fix = d", "fill-down = x"]);
    assert_eq!(faults, []);
    assert_eq!(means(&keymap, Place::Grid, "d"), KeyMatch::Run(Command::Fix));
    assert_eq!(means(&keymap, Place::Grid, "x"), KeyMatch::Run(Command::FillDown));
}

#[test]
fn where_text_is_typed_a_letter_stays_a_letter() {
    let (keymap, faults) = keymap(&["quit = Q", "help = f2, ?"]);
    assert_eq!(faults, []);
    assert_eq!(means(&keymap, Place::Grid, "Q"), KeyMatch::Run(Command::Quit));
    assert_eq!(means(&keymap, Place::Prompt, "Q"), KeyMatch::Unknown);
    assert_eq!(means(&keymap, Place::Prompt, "ctrl-c"), KeyMatch::Run(Command::Quit));
    assert_eq!(means(&keymap, Place::Export, "f2"), KeyMatch::Run(Command::Help));
    assert_eq!(means(&keymap, Place::Export, "?"), KeyMatch::Unknown);
}

#[test]
fn what_is_wrong_is_left_out_alone() {
    let taken = |key: &str, place, by| KeyFault::Taken(key.into(), place, by);
    for (line, fault) in [
        ("fixx = x", KeyFault::UnknownCommand),
        ("gird.fix = x", KeyFault::UnknownPlace),
        ("history-pane.fix = z", KeyFault::NotThere),
        ("fix = alt-x", KeyFault::UnknownKey("alt-x".into())),
        ("fix = f13", KeyFault::UnknownKey("f13".into())),
        ("fix = g  bogus", KeyFault::UnknownKey("g  bogus".into())),
        ("fix = ctrl-i", KeyFault::Unreachable("ctrl-i".into())),
        ("fix = ctrl-enter", KeyFault::Unreachable("ctrl-enter".into())),
        ("fix = ctrl-s", KeyFault::Unreachable("ctrl-s".into())),
        ("fix = 张", KeyFault::Unreachable("张".into())),
        ("fix = 5", KeyFault::Typed("5".into())),
        ("prompt.accept = x", KeyFault::Typed("x".into())),
        ("accept = ctrl-u", KeyFault::Typed("ctrl-u".into())),
        ("apply = enter", KeyFault::Enter),
        ("apply = z enter", KeyFault::Enter),
        ("fix = d", taken("d", Place::Grid, Command::FillDown)),
        ("fix = d d", taken("d d", Place::Grid, Command::FillDown)),
        ("fix = g", taken("g", Place::Grid, Command::ShowColumns)),
        ("help =", KeyFault::Needed(Place::Browser)),
        ("grid.quit =", KeyFault::Needed(Place::Grid)),
        ("back =", KeyFault::Needed(Place::Browser)),
        ("apply =", KeyFault::Needed(Place::Preview)),
    ] {
        let (keymap, faults) = keymap(&["unmask = z", line, "undo = U"]);
        assert_eq!(faults, [(1, fault)], "{line}");
        let (expected, _) = self::keymap(&["unmask = z", "undo = U"]);
        assert_eq!(keymap, expected, "{line}");
    }
    // Of two changes that want the same key the later is left out; a full-width form is the key it stands for.
    assert_eq!(keymap(&["fix = z", "undo = ｚ"]).1, [(1, taken("z", Place::Grid, Command::Fix))]);
    assert_eq!(keymap(&["unmask ="]).1, []);
}

#[test]
fn footer_help_palette_and_sentences_follow() {
    let (keymap, faults) = keymap(&["apply = Y", "back = ctrl-b", "fix = f, z", "filter-finding = x", "help = f2"]);
    assert_eq!(faults, []);
    let mut app = app();
    app.keymap = keymap;
    let line = |app: &skillcert::app::App, command| {
        listed(app).into_iter().find(|l| l.command == command).expect("listed").keys
    };
    assert_eq!(line(&app, Command::Fix), "f z");
    let help = app.keymap.help(&app.locale, Command::Fix, &[app.place()]);
    assert!(help.contains("按 Y 执行"), "{help}");
    press(&mut app, "/ '2024/11/8' enter f");
    assert!(matches!(app.overlays.open(), Some(Overlay::Preview(_))));
    let keys = app.told("ui.preview.keys", &[]);
    assert!(keys.starts_with("Y 执行   Ctrl-B 不改"), "{keys}");
    press(&mut app, "y");
    assert!(app.overlays.is_open() && app.status.text.contains("F2"), "{}", app.status.text);
    press(&mut app, "Y");
    assert!(!app.overlays.is_open());
    press(&mut app, "c ctrl-b f2");
    assert!(matches!(app.overlays.open(), Some(Overlay::Help(_))));
}

#[test]
fn texts_name_keys_by_commands_that_there_are() {
    let keys = |locale: &Locale, key: &str| {
        let text = locale.text(key).to_string();
        let mut named: Vec<String> =
            text.split("{key:").skip(1).filter_map(|rest| Some(rest.split_once('}')?.0.to_string())).collect();
        named.sort();
        named
    };
    let (zh, en) = (Locale::load(Lang::Zh), Locale::load(Lang::En));
    for key in zh.keys() {
        let named = keys(&zh, &key);
        assert_eq!(named, keys(&en, &key), "{key}");
        for name in named {
            assert!(Command::find(&name).is_some(), "{key}: {name}");
            let told = Keymap::default().told(&zh, &key, &[], &[]);
            assert!(!told.contains("{key:"), "{told}");
        }
    }
}

#[test]
fn what_keys_prints_as_toml_can_be_read_again() {
    let desk = Desk::new();
    let home = desk.path("state");
    fs::create_dir(&home).expect("folder");
    let keys = |format: &str| {
        let ran = desk.verb(&["--home", home.to_str().expect("path"), "--lang", "zh", "keys", "--format", format]);
        assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{}", ran.out);
        ran.out
    };
    let built_in = keys("toml");
    fs::write(home.join("config.toml"), &built_in).expect("written");
    assert_eq!(keys("toml"), built_in);
    assert!(!built_in.contains("# *") && !keys("text").lines().any(|l| l.starts_with("* ") && !l.contains("[keys]")));

    fs::write(home.join("config.toml"), "[keys]\nfix = [\"z\", \"g x\"]\nunmask = []\n[keys.grid]\nundo = \"U\"\n")
        .expect("written");
    let text = keys("text");
    assert!(text.lines().any(|l| l.starts_with("* fix ") && l.contains("z gx")), "{text}");
    assert!(text.lines().any(|l| l.starts_with("* unmask ") && l.contains(" （无） ")), "{text}");
    let changed = keys("toml");
    assert!(changed.contains("\n[keys.grid]") && changed.contains("# * "), "{changed}");
    fs::write(home.join("config.toml"), &changed).expect("written");
    assert_eq!(keys("toml"), changed);
    let json: serde_json::Value = serde_json::from_str(&keys("json")).expect("json");
    let fix = json["commands"].as_array().expect("commands").iter().find(|c| c["command"] == "fix").expect("fix");
    assert_eq!(fix["places"][0], serde_json::json!({ "place": "grid", "keys": ["z", "g x"], "changed": true }));
}

#[test]
fn a_wrong_change_is_told_with_its_line_and_the_rest_counts() {
    let desk = Desk::new();
    let home = desk.path("state");
    fs::create_dir(&home).expect("folder");
    let text =
        "lang = \"zh\"\n[keys]\nfix = [\"z\"]\nfixx = \"y\"\nundo = 3\n\n[keys.grid]\nfill-down = [\"x\", \"u\"]\n";
    fs::write(home.join("config.toml"), text).expect("written");
    let ran = desk.verb(&["--home", home.to_str().expect("path"), "keys"]);
    let told: Vec<&str> = ran.err.lines().collect();
    let line = |n: usize, name: &str| told.iter().any(|l| l.contains(&format!("第 {n} 行")) && l.contains(name));
    assert_eq!((ran.code, told.len()), (0, 3), "{}", ran.err);
    assert!(line(4, "fixx") && line(5, "undo") && line(8, "grid.fill-down"), "{}", ran.err);
    assert!(ran.err.contains("“u”在名册（grid）里已是撤销（undo）的键"), "{}", ran.err);
    assert!(ran.out.lines().any(|l| l.starts_with("* fix ")), "{}", ran.out);
}
