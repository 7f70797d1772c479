//! The command table and the texts it names: no key means two things, and every text exists.

use skillcert::app::command::{COMMANDS, Command, Keymap, Place};
use skillcert::app::key::{Chord, Key};
use skillcert::words::{Lang, Locale};

#[test]
fn no_key_means_two_things_in_one_place() {
    let keymap = Keymap::default();
    let all = keymap.bindings();
    for (i, (place, keys, command)) in all.iter().enumerate() {
        for (other_place, other_keys, other) in &all[..i] {
            let clash = place == other_place && (keys.starts_with(other_keys) || other_keys.starts_with(keys));
            assert!(!clash, "{place:?}: {keys:?} is {command:?} and {other:?}");
        }
    }
}

#[test]
fn every_key_reaches_us_over_ssh() {
    for command in COMMANDS {
        for text in command.keys.iter().flat_map(|(_, keys)| *keys) {
            let chords = Chord::read_all(text);
            assert_eq!(chords.len(), text.split(' ').count(), "{text} does not read");
            assert!(chords.iter().all(|c| c.reaches_over_ssh()), "{text} of {}", command.name);
        }
    }
}

#[test]
fn letters_are_no_commands_where_text_is_typed() {
    for (place, keys, command) in Keymap::default().bindings().iter().filter(|(p, ..)| p.takes_text()) {
        let Key::Char(c) = keys[0].key else { continue };
        assert!(keys[0].ctrl || (*place == Place::Browser && "?:".contains(c)), "{place:?} {c} {command:?}");
    }
}

#[test]
fn every_command_has_its_words_in_both_languages() {
    let (zh, en) = (Locale::load(Lang::Zh), Locale::load(Lang::En));
    for command in COMMANDS {
        for key in [command.id.title_key(), command.id.help_key()] {
            for locale in [&zh, &en] {
                assert_ne!(locale.text(&key), key, "{:?}", locale.lang);
            }
        }
        assert_eq!(Command::find(command.name), Some(command.id));
        assert!(command.id.spec().id == command.id);
    }
    for place in Place::ALL {
        assert_ne!(zh.text(place.key()), place.key());
    }
    let ours = |l: &Locale| -> Vec<String> {
        let mine = |k: &String| ["ui.", "status.", "command."].iter().any(|p| k.starts_with(p));
        l.keys().into_iter().filter(mine).collect()
    };
    assert_eq!(ours(&zh), ours(&en));
    assert!(
        ours(&zh)
            .iter()
            .all(|k| !k.starts_with("command.") || Command::find(k.split('.').nth(1).unwrap_or("")).is_some())
    );
}

/// Every locale key named in the sources exists.
#[test]
fn every_text_the_screens_name_exists() {
    fn walk(folder: &std::path::Path, out: &mut String) {
        for entry in std::fs::read_dir(folder).expect("folder").flatten() {
            if entry.path().is_dir() {
                walk(&entry.path(), out);
            } else {
                *out += &std::fs::read_to_string(entry.path()).expect("source");
            }
        }
    }
    let mut sources = String::new();
    let src = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    walk(&src.join("app"), &mut sources);
    walk(&src.join("tui"), &mut sources);
    walk(&src.join("office"), &mut sources);
    walk(&src.join("words"), &mut sources);
    let locale = Locale::load(Lang::Zh);
    let mut named = Vec::new();
    for part in sources.split('"').filter(|p| p.starts_with("ui.") || p.starts_with("status.")) {
        if part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-.".contains(&b))
            && !part.ends_with('.')
        {
            assert_ne!(locale.text(part), part, "{part}");
            named.push(part);
        }
    }
    for key in locale.keys().into_iter().filter(|k| k.starts_with("ui.") || k.starts_with("status.")) {
        assert!(named.contains(&key.as_str()) || key.starts_with("severity."), "{key} is never shown");
    }
}
