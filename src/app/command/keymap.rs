//! The keys in force (按键表): those of the command table with what a user has changed.

use super::{COMMANDS, Command, Place};
use crate::app::key::{Chord, Key};
use crate::app::prompt;
use crate::words::{Locale, filled_by};

/// A row of keys that are pressed one after the other.
pub type Row = Vec<Chord>;

/// A change of keys as a user writes it. Later ones go before earlier ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyChange<'a> {
    /// The name of the only place it is for; every place of the command when not given.
    pub place: Option<&'a str>,
    pub command: &'a str,
    /// All its keys from now on; none takes them away.
    pub keys: &'a [String],
}

/// Why a change is left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyFault {
    /// There is no such command.
    UnknownCommand,
    /// There is no such place.
    UnknownPlace,
    /// The command does not exist in the place.
    NotThere,
    /// There is no such key.
    UnknownKey(String),
    /// Terminals over SSH cannot send the key.
    Unreachable(String),
    /// The key types or edits text in the place.
    Typed(String),
    /// Enter alone must never say yes.
    Enter,
    /// The key, or the beginning of it, is that of another command in a place.
    Taken(String, Place, Command),
    /// Nobody could get out of a place without a key for this.
    Needed(Place),
}

/// Without these one is stuck.
const NEEDED: [Command; 4] = [Command::Help, Command::Back, Command::Quit, Command::Apply];

/// What a row of keys means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyMatch {
    Run(Command),
    /// The beginning of a longer row of keys.
    Wait,
    Unknown,
}

/// What keys mean in each place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keymap {
    /// Of each command, by its place in the table, where it is and with which keys.
    rows: Vec<Vec<(Place, Vec<Row>)>>,
    /// Every row of keys, in the order of places and keys.
    bound: Vec<(Place, Row, Command)>,
    /// What is typed for commands where no keys are pressed; a command that is not listed is typed by its name.
    words: Option<&'static [(Command, &'static str)]>,
}

/// A change that reads.
struct Rebinding {
    /// Its place among all changes.
    nth: usize,
    place: Option<Place>,
    command: Command,
    rows: Vec<Row>,
}

impl Default for Keymap {
    fn default() -> Keymap {
        Keymap::with(&[]).0
    }
}

impl Keymap {
    /// Makes the command table's keys with changes, and tells which changes are left out and why.
    pub fn new(changes: &[KeyChange<'_>]) -> (Keymap, Vec<(usize, KeyFault)>) {
        let mut faults = Vec::new();
        let mut good = Vec::new();
        for (nth, change) in changes.iter().enumerate() {
            match read(nth, change) {
                Ok(change) => good.push(change),
                Err(fault) => faults.push((nth, fault)),
            }
        }
        // Only all of them together tell whether two commands share a key: changes may swap keys.
        loop {
            let (map, of) = Keymap::with(&good);
            let Some((at, fault)) = map.clash(&of) else {
                faults.sort_by_key(|(nth, _)| *nth);
                return (map, faults);
            };
            faults.push((good.remove(at).nth, fault));
        }
    }

    /// Makes the keys with changes that read, and tells by which of them a command has its keys in a place.
    fn with(changes: &[Rebinding]) -> (Keymap, Vec<(Place, Command, usize)>) {
        let mut rows: Vec<Vec<(Place, Vec<Row>)>> = COMMANDS
            .iter()
            .map(|spec| {
                let places = Place::ALL.into_iter().filter(|place| spec.is_in(*place));
                places.map(|place| (place, spec.keys_in(place).into_iter().map(Chord::read_all).collect())).collect()
            })
            .collect();
        let mut of = Vec::new();
        for (nth, change) in changes.iter().enumerate() {
            for (place, rows) in &mut rows[change.command as usize] {
                if change.place.is_some_and(|only| only != *place) {
                    continue;
                }
                let Some(usable) = usable(*place, &change.rows) else { continue };
                *rows = usable;
                of.retain(|(p, c, _)| (p, c) != (place, &change.command));
                of.push((*place, change.command, nth));
            }
        }
        let mut bound: Vec<(Place, Row, Command)> = Vec::new();
        for (spec, places) in COMMANDS.iter().zip(&rows) {
            for (place, rows) in places {
                bound.extend(rows.iter().map(|row| (*place, row.clone(), spec.id)));
            }
        }
        bound.sort_by(|(a, x, _), (b, y, _)| (a, x).cmp(&(b, y)));
        (Keymap { rows, bound, words: None }, of)
    }

    /// Makes it name what is typed in place of keys: for the commands listed the words given, for others their names.
    pub fn in_words(self, words: &'static [(Command, &'static str)]) -> Keymap {
        Keymap { words: Some(words), ..self }
    }

    /// Tells whether commands are typed in words: then only a typed `y` makes a change.
    pub fn is_in_words(&self) -> bool {
        self.words.is_some()
    }

    /// Finds a change because of which a key would mean two things in a place, or the beginning of one another; of two
    /// the later.
    fn clash(&self, of: &[(Place, Command, usize)]) -> Option<(usize, KeyFault)> {
        let by = |place: Place, command: Command| {
            of.iter().find(|(p, c, _)| (*p, *c) == (place, command)).map(|(.., nth)| *nth)
        };
        // Rows with the same beginning stand behind it: the next one is among them when there is any.
        self.bound.windows(2).find_map(|pair| {
            let [(place, row, one), (other_place, longer, two)] = pair else { return None };
            if place != other_place || !longer.starts_with(row) {
                return None;
            }
            let (nth_one, nth_two) = (by(*place, *one), by(*place, *two));
            let (nth, row, other) = if nth_one < nth_two { (nth_two, longer, *one) } else { (nth_one, row, *two) };
            Some((nth?, KeyFault::Taken(written(row), *place, other)))
        })
    }

    /// Finds what a row of keys means in a place.
    pub fn look_up(&self, place: Place, keys: &[Chord]) -> KeyMatch {
        let at = self.bound.partition_point(|(p, row, _)| (*p, row.as_slice()) < (place, keys));
        match self.bound.get(at) {
            Some((p, row, command)) if *p == place && row == keys => KeyMatch::Run(*command),
            Some((p, row, _)) if *p == place && row.starts_with(keys) => KeyMatch::Wait,
            _ => KeyMatch::Unknown,
        }
    }

    /// Lists the keys of a command in a place, the foremost first.
    pub fn keys(&self, command: Command, place: Place) -> &[Row] {
        self.places(command).iter().find(|(p, _)| *p == place).map_or(&[], |(_, rows)| rows)
    }

    /// Lists where a command is, with its keys there.
    pub fn places(&self, command: Command) -> &[(Place, Vec<Row>)] {
        self.rows.get(command as usize).map_or(&[], Vec::as_slice)
    }

    /// Gives the keys a command would have in a place of its own after a change for every place, as far as others allow.
    pub fn after(command: Command, place: Place, rows: &[Row]) -> Vec<Row> {
        let built_in = || command.spec().keys_in(place).into_iter().map(Chord::read_all).collect();
        usable(place, rows).unwrap_or_else(built_in)
    }

    /// Lists every binding: place, keys, command.
    pub fn bindings(&self) -> &[(Place, Row, Command)] {
        &self.bound
    }

    /// Tells whether a command has other keys in a place than the command table gives it.
    pub fn is_changed(&self, command: Command, place: Place) -> bool {
        let built_in = command.spec().keys_in(place).into_iter().map(Chord::read_all);
        !self.keys(command, place).iter().cloned().eq(built_in)
    }

    /// Gives the foremost key of a command as people read it: in the first of the places where it has one, else in any,
    /// else the way through the palette; without keys what is typed for it.
    pub fn shown(&self, command: Command, at: &[Place]) -> String {
        if let Some(words) = self.words {
            let listed = words.iter().find(|(c, _)| *c == command);
            return listed.map_or(command.spec().name, |(_, words)| words).to_string();
        }
        let first = |place: &Place| self.keys(command, *place).first();
        let elsewhere = || self.places(command).iter().find_map(|(_, rows)| rows.first());
        match at.iter().find_map(first).or_else(elsewhere) {
            Some(row) => shown_row(row),
            None if command == Command::Palette => String::new(),
            None => format!("{} {}", self.shown(Command::Palette, at), command.spec().name),
        }
    }

    /// Gives a text with its places filled; `{key:NAME}` stands for the key of a command, seen from places.
    pub fn told(&self, locale: &Locale, key: &str, places: &[(&str, &str)], at: &[Place]) -> String {
        filled_by(locale.text(key), |name| match name.strip_prefix("key:") {
            Some(command) => Command::find(command).map(|command| self.shown(command, at)),
            None => places.iter().find(|(place, _)| *place == name).map(|(_, value)| (*value).to_string()),
        })
    }

    /// Gives the sentence that says what a command does, with the keys it names.
    pub fn help(&self, locale: &Locale, command: Command, at: &[Place]) -> String {
        let own = self.places(command).iter().map(|(place, _)| *place);
        let at: Vec<Place> = at.iter().copied().chain(own).collect();
        self.told(locale, &command.help_key(), &[], &at)
    }
}

/// Reads a change by itself.
fn read(nth: usize, change: &KeyChange<'_>) -> Result<Rebinding, KeyFault> {
    let place = match change.place {
        Some(name) => Some(Place::find(name).ok_or(KeyFault::UnknownPlace)?),
        None => None,
    };
    let command = Command::find(change.command).ok_or(KeyFault::UnknownCommand)?;
    if place.is_some_and(|place| !command.spec().is_in(place)) {
        return Err(KeyFault::NotThere);
    }
    let mut rows: Vec<Row> = Vec::new();
    for text in change.keys {
        let row = read_row(text)?;
        if command == Command::Apply && row.last() == Some(&Chord::of(Key::Enter)) {
            return Err(KeyFault::Enter);
        }
        if !rows.contains(&row) {
            rows.push(row);
        }
    }
    let mut places = Place::ALL.into_iter().filter(|p| place.map_or(command.spec().is_in(*p), |only| only == *p));
    match rows.first() {
        // With a place named the key was meant for it; else those places keep theirs.
        Some(first) => {
            let typed = |row: &Row| places.clone().all(|place| is_typed(place, row));
            let all = if place.is_some() { rows.iter().find(|row| typed(row)) } else { None };
            match all.or(Some(first).filter(|_| rows.iter().all(typed))) {
                Some(row) => Err(KeyFault::Typed(written(row))),
                None => Ok(Rebinding { nth, place, command, rows }),
            }
        }
        None => match places.find(|p| NEEDED.contains(&command) && !command.spec().keys_in(*p).is_empty()) {
            Some(place) => Err(KeyFault::Needed(place)),
            None => Ok(Rebinding { nth, place, command, rows }),
        },
    }
}

fn read_row(text: &str) -> Result<Row, KeyFault> {
    let unknown = || KeyFault::UnknownKey(text.to_string());
    let row = text.split_whitespace().map(|key| Chord::read(key).map(Chord::folded));
    let row: Row = row.collect::<Option<_>>().ok_or_else(unknown)?;
    if row.is_empty() {
        return Err(unknown());
    }
    if !row.iter().all(|chord| chord.reaches_over_ssh()) {
        return Err(KeyFault::Unreachable(text.to_string()));
    }
    Ok(row)
}

/// Tells whether keys are taken for text in a place, or for a row number, before they are looked up.
fn is_typed(place: Place, row: &[Chord]) -> bool {
    let Some(first) = row.first() else { return false };
    match place {
        Place::Grid | Place::Record => row.iter().any(|chord| matches!(chord.key, Key::Char('0'..='9')) && !chord.ctrl),
        _ if place.takes_text() => {
            let is_command = COMMANDS.iter().any(|c| c.keys_in(place).iter().any(|k| Chord::read(k) == Some(*first)));
            prompt::edits(*first) && !is_command
        }
        _ => false,
    }
}

/// Lists the rows of keys that are no text in a place; `None` where that leaves none, and the place keeps what it has.
fn usable(place: Place, rows: &[Row]) -> Option<Vec<Row>> {
    let usable: Vec<Row> = rows.iter().filter(|row| !is_typed(place, row)).cloned().collect();
    (rows.is_empty() || !usable.is_empty()).then_some(usable)
}

/// Writes a row of keys as people read it: `Ctrl-R`, `gg`.
pub fn shown_row(row: &[Chord]) -> String {
    row.iter().map(ToString::to_string).collect()
}

/// Writes a row of keys as the settings do: `ctrl-r`, `g g`.
pub fn written(row: &[Chord]) -> String {
    row.iter().map(|chord| chord.written()).collect::<Vec<_>>().join(" ")
}
