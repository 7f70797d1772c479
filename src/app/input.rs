//! Keys that are pressed (按键), text that is pasted and where the mouse points: to which command, or into which text, it goes.

use std::time::Duration;

use super::command::{COMMANDS, Command, CommandSpec, KeyMatch, Keymap, Place};
use super::context::{Context, context};
use super::intent::Intent;
use super::key::{Chord, Key};
use super::layout::Focus;
use super::mouse::{MouseTarget, Pointed};
use super::msg::Effect;
use super::overlay::Overlay;
use super::roster::has_lines;
use super::{App, Screen};
use crate::domain::text;

/// How many lines a notch of the wheel goes.
const NOTCH: usize = 3;

/// So soon after something came up by itself nobody has read it.
const UNREAD: Duration = Duration::from_millis(500);

/// What comes up so soon after a key is what the key asked for.
const ASKED_FOR: Duration = Duration::from_secs(1);

/// What has been pressed of a command.
#[derive(Debug, Default)]
pub struct KeyInput {
    keys: Vec<Chord>,
    /// A number typed before a command.
    number: Option<u32>,
    /// How long the workbench has been running, where that is told.
    now: Option<Duration>,
    /// When a key was pressed last.
    pressed: Option<Duration>,
    /// When something came up last that nobody asked for.
    came_up: Option<Duration>,
}

impl KeyInput {
    /// Gives the number typed before a command.
    pub fn number(&self) -> Option<u32> {
        self.number
    }

    /// Takes the time.
    pub(super) fn pass(&mut self, now: Duration) {
        self.now = Some(now);
    }

    /// Notes that a key was pressed.
    fn press(&mut self) {
        self.pressed = self.now;
    }

    /// Tells whether what comes up now is what the last key asked for.
    fn is_awaited(&self) -> bool {
        self.pressed.zip(self.now).is_some_and(|(pressed, now)| now < pressed + ASKED_FOR)
    }

    /// Notes that something came up that nobody asked for.
    pub(super) fn has_come_up(&mut self) {
        self.came_up = self.now;
    }

    /// Tells whether nobody can have read yet what came up: a key that comes now was on its way before.
    pub(super) fn is_early(&self) -> bool {
        self.came_up.zip(self.now).is_some_and(|(came_up, now)| now < came_up + UNREAD)
    }

    /// Forgets what has been pressed of a command.
    fn forget(&mut self) {
        self.keys.clear();
        self.number = None;
    }

    /// Lists what may follow the keys that have been pressed and mean nothing yet: the next key and the command.
    pub fn next_keys(&self, keymap: &Keymap, place: Place) -> Vec<(Chord, Command)> {
        let follows = |row: &[Chord]| match row.strip_prefix(&self.keys[..]) {
            Some([next]) if !self.keys.is_empty() => Some(*next),
            _ => None,
        };
        let bound = keymap.bindings().iter().filter(|(at, ..)| *at == place);
        bound.filter_map(|(_, row, command)| Some((follows(row)?, *command))).collect()
    }

    /// Collects a number typed before a command, as in `120G`.
    fn take_digit(&mut self, place: Place, chord: Chord) -> bool {
        let digit = match chord {
            Chord { key: Key::Char(c), ctrl: false } => c.to_digit(10),
            _ => None,
        };
        let Some(digit) = digit.filter(|d| *d != 0 || self.number.is_some()) else { return false };
        if !matches!(place, Place::Grid | Place::Record) {
            return false;
        }
        self.keys.clear();
        self.number = Some(self.number.unwrap_or(0).saturating_mul(10).saturating_add(digit).min(9_999_999));
        true
    }
}

/// Whether the mouse is on (鼠标), and what was said of it.
#[derive(Debug, Default)]
pub struct Mouse {
    is_on: bool,
    /// It was on from the start, and what that means for selecting text has not been said beside a roster.
    is_news: bool,
    /// Whether the terminal was last told to send what the mouse does.
    is_sent: bool,
}

impl Mouse {
    pub fn new(is_on: bool) -> Mouse {
        Mouse { is_on, ..Mouse::default() }
    }

    /// Begins as the terminal was set up; says what a mouse that is on means for selecting text.
    pub(super) fn start(&mut self, to: &mut Context<'_>) {
        self.is_sent = self.is_on;
        if self.is_on {
            to.say(to.told("status.mouse-on", &[]));
            self.is_news = true;
        }
    }

    /// Turns it on or off, and says what that means for selecting text.
    pub(super) fn turn(&mut self, to: &mut Context<'_>) {
        self.is_on = !self.is_on;
        to.say(to.told(if self.is_on { "status.mouse-on" } else { "status.mouse-off" }, &[]));
    }

    /// Leaves it to the terminal while there is text to be selected.
    pub(super) fn settle(&mut self, place: Place, to: &mut Context<'_>) {
        let wants = self.is_on && place != Place::Text;
        if wants != std::mem::replace(&mut self.is_sent, wants) {
            to.push(Effect::Mouse(wants));
        }
    }

    /// Tells once whether it has to be said beside a roster that it was on from the start.
    pub(super) fn take_news(&mut self) -> bool {
        std::mem::take(&mut self.is_news)
    }
}

impl App {
    /// Tells whether a list is open that the last key asked for: it is no surprise, and what is chosen from it can be left again.
    pub(super) fn is_awaited_list(&self) -> bool {
        matches!(self.overlays.open(), Some(Overlay::Choose(_))) && self.input.is_awaited()
    }

    /// Takes a key: one of a command, a digit before one, or what is typed.
    pub(super) fn key(&mut self, chord: Chord) {
        self.input.press();
        let place = self.place();
        let folded = chord.folded();
        // In the file list letters narrow, but the full-width forms of its two signs are commands as well.
        let chord = if place.takes_text() && !(place == Place::Browser && "?:".contains(char_of(folded))) {
            chord
        } else {
            folded
        };
        if self.input.take_digit(place, chord) {
            return;
        }
        self.input.keys.push(chord);
        match self.keymap.look_up(place, &self.input.keys) {
            KeyMatch::Run(command) => {
                self.input.keys.clear();
                self.run_if_possible(command);
                self.input.number = None;
            }
            KeyMatch::Wait => {}
            KeyMatch::Unknown => {
                self.input.forget();
                self.other_key(place, chord);
            }
        }
    }

    /// Takes a key that came right behind another, or behind what came up by itself: it answers nothing and sets nothing going,
    /// for nobody has read the question. `why` is the locale key of the words that say so.
    pub(super) fn hasty_key(&mut self, chord: Chord, why: &str) {
        if self.input.keys.is_empty()
            && let KeyMatch::Run(command) = self.keymap.look_up(self.place(), &[chord.folded()])
            && command.is_answer()
        {
            return context!(self).warn(why);
        }
        self.key(chord);
    }

    /// Takes keys that came at once: as text with its line ends where text is typed, and nowhere as commands.
    pub(super) fn burst(&mut self, keys: &[Chord]) {
        self.input.forget();
        for piece in keys.chunk_by(|a, b| a.is_text() && b.is_text()) {
            if !self.place().takes_text() {
                return context!(self).warn("status.burst-nowhere");
            }
            if piece[0].is_text() {
                self.type_in(&piece.iter().map(|chord| char_of(*chord)).collect::<String>());
            } else {
                piece.iter().for_each(|chord| self.key(*chord));
            }
        }
    }

    fn other_key(&mut self, place: Place, chord: Chord) {
        if self.overlays.is_open() {
            if let Some(intent) = self.overlays.key(chord, &self.roster) {
                self.fulfil(intent);
            }
        } else if let Some(prompt) = self.roster.edit_prompt() {
            prompt.key(chord);
            self.roster.show_typed(context!(self));
        } else if let Some(question) = &mut self.line_question {
            question.prompt.key(chord);
            self.recheck_answer();
        } else if matches!(place, Place::Browser | Place::Batches) {
            self.import.key(chord);
        } else if place == Place::Export {
            let to = context!(self);
            self.export.key(chord, &self.roster, self.import.folder(), to);
        } else if place == Place::Find {
            self.ledger.search_key(chord);
        }
        if !place.takes_text() {
            let han = text::is_han(char_of(chord));
            context!(self).warn(if han { "status.input-method" } else { "status.no-such-key" });
        }
    }

    /// Takes pasted text: into what is being typed, or as cells where it is several, or where none is typed into.
    pub(super) fn paste(&mut self, text: &str) {
        let is_bare = self.line_question.is_none() && !self.overlays.is_open();
        let is_cells = match self.roster.edit() {
            Some(_) => has_lines(text),
            None => matches!(self.base_place(), Place::Grid | Place::Record),
        };
        if is_bare && is_cells {
            let preview = self.roster.preview_pasted(text, context!(self));
            return self.fulfil(Intent::preview(preview));
        }
        self.type_in(text);
    }

    /// Takes text into what is being typed. What came as keys may come in pieces, so that its line ends tell nothing.
    fn type_in(&mut self, text: &str) {
        if self.overlays.is_open() {
            match self.overlays.type_in(|prompt| prompt.insert(text), &self.roster) {
                Some(intent) => self.fulfil(intent),
                None => context!(self).warn("status.paste-nowhere"),
            }
        } else if let Some(prompt) = self.roster.edit_prompt() {
            prompt.insert(text);
            self.roster.show_typed(context!(self));
        } else if let Some(question) = &mut self.line_question {
            question.prompt.insert(text);
            self.recheck_answer();
        } else if self.screen == Screen::Export {
            self.export.paste(text);
        } else if matches!(self.base_place(), Place::Browser | Place::Batches) {
            self.import.paste(text);
        } else if self.base_place() == Place::Find {
            self.ledger.paste_search(text);
        } else {
            context!(self).warn("status.paste-nowhere");
        }
    }

    /// Takes what the mouse did.
    pub(super) fn point(&mut self, pointed: Pointed) {
        match pointed {
            Pointed::Wheel { up } => {
                let command = if up { Command::Up } else { Command::Down };
                if self.place() != Place::Prompt && command.spec().is_in(self.place()) {
                    (0..NOTCH).for_each(|_| self.go(command));
                }
            }
            Pointed::Click(target) => drop(self.point_at(target)),
            Pointed::Double(target) => {
                if self.point_at(target)
                    && let Some(command) = opens(self.place())
                {
                    self.run_if_possible(command);
                }
            }
        }
        self.input.forget();
    }

    /// Goes where the mouse points, or runs the command there; tells whether something can be opened now.
    fn point_at(&mut self, target: MouseTarget) -> bool {
        match target {
            MouseTarget::Run(command) => {
                if command.spec().is_in(self.place()) {
                    self.run_if_possible(command);
                }
                false
            }
            MouseTarget::Cell(at, column) => {
                // A cell that is being typed into, or a question, comes first.
                if !self.is_bare() || self.screen != Screen::Roster {
                    return false;
                }
                self.roster.focus(Focus::Grid);
                self.roster.go_to_place(at);
                self.roster.go_to_column(column);
                true
            }
            MouseTarget::Line(place, at) => {
                let in_roster = [Place::Grid, Place::Record, Place::Findings];
                if place == Place::Findings && in_roster.contains(&self.place()) {
                    self.roster.focus(Focus::Findings);
                }
                if self.place() != place {
                    return false;
                }
                if place == Place::Export && self.export.at() == at {
                    let to = context!(self);
                    self.export.turn_choice(false, &self.roster, self.import.folder(), to);
                }
                self.set_cursor(at);
                true
            }
        }
    }
}

/// Gives the command that Enter is in a place as long as nobody changes it; never one that says yes or writes a file.
fn opens(place: Place) -> Option<Command> {
    let opens = |c: &&CommandSpec| c.keys_in(place).contains(&"enter");
    COMMANDS.iter().find(opens).map(|c| c.id).filter(|c| !matches!(c, Command::TakeAnswer | Command::StartExport))
}

fn char_of(chord: Chord) -> char {
    match chord.key {
        Key::Char(c) => c,
        Key::Enter => '\n',
        Key::Tab => '\t',
        _ => '\0',
    }
}
