//! `skillcert keys`: every command with its keys, those a user has changed marked, in a form that can be copied into
//! `config.toml`.

use std::fmt::Write as _;

use clap::{Args, ValueEnum};
use serde_json::{Value, json};
use unicode_width::UnicodeWidthStr;

use super::escape::Written;
use super::io::Io;
use super::json::{self, document};
use crate::app::command::{COMMANDS, Command, KeyChange, KeyFault, Keymap, Place, Row, shown_row, written};
use crate::failure::Failure;
use crate::office::{DataProblem, KeysFault, Office, Settings};
use crate::words::Locale;

#[derive(Debug, Args)]
pub struct KeysArgs {
    #[arg(long, value_enum, default_value_t)]
    format: KeysFormat,
}

#[derive(Debug, Clone, Copy, Default, ValueEnum)]
enum KeysFormat {
    #[default]
    Text,
    Toml,
    Json,
}

/// Gives the keys in force where a user has changed some; changes that are left out become problems of the settings. Most verbs
/// need no keys, and the table's own are not made for them.
pub fn changed(settings: &mut Settings) -> Option<Keymap> {
    let changes: Vec<KeyChange<'_>> = settings
        .keys
        .iter()
        .map(|k| KeyChange { place: k.place.as_deref(), command: &k.command, keys: &k.keys })
        .collect();
    let (keymap, faults) = (!changes.is_empty()).then(|| Keymap::new(&changes)).unzip();
    let problems = faults
        .into_iter()
        .flatten()
        .filter_map(|(nth, fault)| Some(settings.keys.get(nth)?.problem(keys_fault(fault))));
    settings.problems.extend(problems.collect::<Vec<_>>());
    // In the order of the files and their lines, whoever found them.
    let mut files: Vec<_> = settings.problems.iter().map(|problem| problem.file.clone()).collect();
    files.dedup();
    let file = |problem: &DataProblem| files.iter().position(|file| *file == problem.file);
    settings.problems.sort_by_key(|problem| (file(problem), problem.place));
    keymap
}

fn keys_fault(fault: KeyFault) -> KeysFault {
    match fault {
        KeyFault::UnknownCommand => KeysFault::UnknownCommand,
        KeyFault::UnknownPlace => KeysFault::UnknownPlace(Place::ALL.map(Place::name).to_vec()),
        KeyFault::NotThere => KeysFault::NotThere,
        KeyFault::UnknownKey(key) => KeysFault::UnknownKey(key),
        KeyFault::Unreachable(key) => KeysFault::Unreachable(key),
        KeyFault::Typed(key) => KeysFault::Typed(key),
        KeyFault::Enter => KeysFault::Enter,
        KeyFault::Taken(key, place, by) => KeysFault::Taken { key, place: place.name(), by: by.spec().name },
        KeyFault::Needed(place) => KeysFault::Needed(place.name()),
    }
}

/// Prints the keys in force.
pub fn run(args: &KeysArgs, io: &mut Io, office: &Office) -> Result<u8, Failure> {
    let (keymap, locale) = (changed(&mut office.settings().clone()).unwrap_or_default(), office.locale());
    let page = match args.format {
        KeysFormat::Json => as_json(&keymap, locale).to_string() + "\n",
        KeysFormat::Toml => toml(&keymap, locale),
        KeysFormat::Text => text(&keymap, locale),
    };
    let way = if matches!(args.format, KeysFormat::Json) { Written::Json } else { Written::Text };
    io.page(locale, way, &page).map(|()| 0)
}

/// Keys, and the places that share them; whether they are changed.
struct KeyGroup {
    keys: Vec<String>,
    shown: String,
    places: Vec<Place>,
    is_changed: bool,
}

/// Puts the places of a command that share their keys together.
fn groups(keymap: &Keymap, command: Command) -> Vec<KeyGroup> {
    let mut all: Vec<KeyGroup> = Vec::new();
    for (place, rows) in keymap.places(command) {
        let keys: Vec<String> = rows.iter().map(|row| written(row)).collect();
        let is_changed = keymap.is_changed(command, *place);
        match all.iter_mut().find(|g| g.keys == keys && g.is_changed == is_changed) {
            Some(group) => group.places.push(*place),
            None => {
                let shown = rows.iter().map(|row| shown_row(row)).collect::<Vec<_>>().join(" ");
                all.push(KeyGroup { keys, shown, places: vec![*place], is_changed });
            }
        }
    }
    all
}

fn text(keymap: &Keymap, locale: &Locale) -> String {
    let mut page = String::new();
    for spec in COMMANDS {
        let title = locale.text(&spec.id.title_key()).to_string();
        for group in groups(keymap, spec.id) {
            let mark = if group.is_changed { '*' } else { ' ' };
            let places: Vec<&str> = group.places.iter().map(|place| locale.text(place.key())).collect();
            // A `-` would be a key.
            let keys = if group.keys.is_empty() { locale.text("keys.none") } else { group.shown.as_str() };
            let keys = format!("{keys}{}", " ".repeat(22_usize.saturating_sub(keys.width())));
            let places = places.join(locale.text("finding.comma"));
            let _ = writeln!(page, "{mark} {:<22}{keys}{title}  ({places})", spec.name);
        }
    }
    let names: Vec<String> =
        Place::ALL.iter().map(|place| format!("{} {}", locale.text(place.key()), place.name())).collect();
    let places = locale.fill("keys.places", &[("places", &names.join(locale.text("finding.comma")))]);
    page + "\n" + locale.text("keys.legend") + "\n" + &places + "\n"
}

/// Writes all keys as settings: what the same keys everywhere cannot say stands below its place.
fn toml(keymap: &Keymap, locale: &Locale) -> String {
    let list = |keys: &[String]| keys.iter().map(|key| quoted(key)).collect::<Vec<_>>().join(", ");
    let mut page = format!("# {}\n[keys]\n", locale.text("keys.toml-legend"));
    let mut below: Vec<(Place, String)> = Vec::new();
    for spec in COMMANDS {
        let title = locale.text(&spec.id.title_key()).to_string();
        let places = keymap.places(spec.id);
        let differs = |keys: &[Row], (place, rows): &(Place, Vec<Row>)| Keymap::after(spec.id, *place, keys) != *rows;
        // Of the keys it has somewhere those for every place that leave fewest places to say.
        let left = |keys: &&Vec<Row>| places.iter().filter(|here| differs(keys, here)).count();
        let Some(everywhere) = places.iter().map(|(_, rows)| rows).min_by_key(left) else { continue };
        let first: Vec<String> = everywhere.iter().map(|row| written(row)).collect();
        let is_changed = places.iter().any(|(place, _)| keymap.is_changed(spec.id, *place));
        let mark = |is_changed: bool| if is_changed { "* " } else { "" };
        let _ = writeln!(page, "{} = [{}]  # {}{title}", spec.name, list(&first), mark(is_changed));
        for (place, rows) in places {
            if !differs(everywhere, &(*place, rows.clone())) {
                continue;
            }
            let keys: Vec<String> = rows.iter().map(|row| written(row)).collect();
            let mark = mark(keymap.is_changed(spec.id, *place));
            below.push((*place, format!("{} = [{}]  # {mark}{title}\n", spec.name, list(&keys))));
        }
    }
    for place in Place::ALL {
        let lines: String = below.iter().filter(|(p, _)| *p == place).map(|(_, line)| line.as_str()).collect();
        if !lines.is_empty() {
            let _ = write!(page, "\n[keys.{}]  # {}\n{lines}", place.name(), locale.text(place.key()));
        }
    }
    page
}

fn quoted(key: &str) -> String {
    format!("\"{}\"", key.replace('\\', "\\\\").replace('"', "\\\""))
}

fn as_json(keymap: &Keymap, locale: &Locale) -> Value {
    let commands = COMMANDS.iter().map(|spec| {
        let title = locale.text(&spec.id.title_key()).to_string();
        let places = keymap.places(spec.id).iter().map(|(place, rows)| {
            let keys: Vec<String> = rows.iter().map(|row| written(row)).collect();
            json!({ "place": place.name(), "keys": keys, "changed": keymap.is_changed(spec.id, *place) })
        });
        json!({ "command": spec.name, "title": title, "places": places.collect::<Vec<_>>() })
    });
    document(json::KEYS, json!({ "commands": commands.collect::<Vec<_>>() }))
}
