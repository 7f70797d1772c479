//! What the floor plan forbids is seen where it is done, and forbidden nowhere in vain.

use super::*;

/// The checks see what they are meant to see.
#[test]
fn a_crossed_wall_is_seen() {
    let made = |path: &str, text: &str| Source::new(path.into(), text);
    let crossed = |path: &str, text: &str| rooms_crossed(&made(path, text)).len();
    assert_eq!(crossed("domain/text.rs", "use crate::store::Store;"), 1);
    assert_eq!(crossed("domain/rules/plain.rs", "use crate::{\n    app::App,\n    domain::text,\n};"), 1);
    assert_eq!(crossed("formats/read.rs", "use super::super::store::Store;\nuse super::Piece;"), 1);
    assert_eq!(crossed("cli/check.rs", "crate::app::command::COMMANDS"), 0);
    assert_eq!(crossed("cli/check.rs", "crate::app::App::new()"), 1);
    assert_eq!(crossed("attic/old.rs", ""), 1);
    let long = |lines: usize| too_long(&made("cli/check.rs", &"//\n".repeat(lines))).is_some();
    assert!(long(LONGEST + 1) && !long(LONGEST));
    assert_eq!(crossed("main.rs", "use skillcert::cli;\nuse skillcert::office::{Office, serve_as_child};"), 0);
    assert_eq!(crossed("main.rs", "use skillcert::store::Store;\nuse skillcert::{formats, tui};"), 2);
    assert_eq!(crossed("domain/text.rs", "// crate::store is not for us"), 0);
    assert_eq!(
        crossed("store/mod.rs", "#[cfg(test)]\nmod tests {\n    use super::*;\n    use super::super::tui::Theme;"),
        1
    );
    let house = [
        made("app/mod.rs", "use crate::words::Locale;"),
        made("words/mod.rs", "use crate::locale::told;"),
        made("locale/mod.rs", "use crate::store::Store;"),
        made("store/mod.rs", ""),
    ];
    let ways = ways_out(&house);
    assert!(ways.contains(&"locale/mod.rs named by words/mod.rs named by app/mod.rs".to_string()), "{ways:?}");
    assert!(ways_out(&house[2..]).is_empty());
    let broken = |path: &str, text: &str| order_broken(&made(path, text)).len();
    assert_eq!(broken("domain/identity.rs", "use super::{date, text};"), 0);
    assert_eq!(broken("domain/date.rs", "use super::{identity::{self, IdReader}, text};"), 2);
    assert_eq!(broken("domain/rules/plain.rs", "use crate::domain::batch::Batch;"), 1);
    assert_eq!(broken("domain/batch.rs", "use super::rules::{self, Finding};"), 0);
    let misplaced = |path: &str, text: &str| words_misplaced(&made(path, text)).len();
    assert_eq!(misplaced("domain/date.rs", "let now = chrono::Local::now();"), 1);
    assert_eq!(misplaced("app/mod.rs", "use ratatui::style::Style; use std::fs;"), 2);
    assert_eq!(misplaced("tui/draw/grid.rs", "std::fs::read(\"SELECT 1\")"), 3);
    assert_eq!(misplaced("cli/check.rs", "eprintln!(\"x\")"), 1);
    assert_eq!(misplaced("cli/check.rs", "std::env::var(\"HOME\"); std::process::exit(0)"), 2);
    assert_eq!(misplaced("cli/check.rs", "io::stdout().write_all(b); std::io::stdin()"), 2);
    assert_eq!(misplaced("cli/io.rs", "io::stdout().write_all(b); std::io::stdin()"), 0);
    assert_eq!(misplaced("cli/doctor/terminal.rs", "io::stdout(); std::env::args()"), 1);
    assert_eq!(misplaced("formats/read.rs", "rustix::stdio::stdout()"), 0);
}

/// Every word is seen in every room that it is kept from, and every exception is used.
#[test]
fn no_word_is_forbidden_in_vain() {
    let all = sources();
    let is_used = |words: &[&str], place: &str| {
        let here = all.iter().filter(|source| source.path.starts_with(place));
        here.flat_map(|source| &source.code).any(|(_, line)| words.iter().any(|word| line.contains(word)))
    };
    let is_seen = |path: &str, word: &str| !words_misplaced(&Source::new(path.into(), word)).is_empty();
    for (words, places) in ONLY_IN {
        assert!(words.iter().all(|word| is_seen("attic/old.rs", word)), "{words:?}");
        for place in *places {
            assert!(is_used(words, place), "src/{place} has none of {words:?}");
        }
    }
    for (room, words, but) in NOT_IN {
        let path = if *room == "main.rs" { (*room).to_string() } else { format!("{room}new.rs") };
        assert!(words.iter().all(|word| is_seen(&path, word)), "{room} {words:?}");
        for place in *but {
            assert!(is_used(words, place), "src/{place} has none of {words:?}");
        }
    }
}

/// Each room is closed but for the few that lead everywhere, and a way out of it is seen, through another room as well.
#[test]
fn every_closed_room_is_held_shut() {
    let made = |room: &str, names: &str| Source::new(format!("{room}/mod.rs"), &format!("use crate::{names}::X;"));
    for (room, may) in ROOMS.iter().filter(|(room, _)| !OPEN.contains(room)) {
        let (_, closed) = CLOSED.iter().find(|(name, _)| name == room).unwrap_or_else(|| panic!("{room} stands open"));
        let direct = may.iter().filter_map(|path| path.split("::").next());
        direct.for_each(|other| assert!(closed.contains(&other), "{room} may name {other} and not come to it"));
        for (other, _) in ROOMS.iter().filter(|(other, _)| !closed.contains(other)) {
            assert!(!ways_out(&[made(room, other), made(other, "x")]).is_empty(), "{room} comes to {other}");
            for between in closed.iter().filter(|between| *between != room) {
                let house = [made(room, between), made(between, other), made(other, "x")];
                assert!(!ways_out(&house).is_empty(), "{room} comes through {between} to {other}");
            }
        }
    }
}
