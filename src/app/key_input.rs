//! Keys that are pressed (按键) and text that is pasted: to which command, or into which text, they go.

use super::command::{Command, Lookup, Place};
use super::context::context;
use super::key::{Chord, Key};
use super::overlay::Overlay;
use super::{App, Screen};
use crate::domain::text;

impl App {
    /// Lists what may follow the keys that have been pressed and mean nothing yet: the next key and the command.
    pub fn next_keys(&self) -> Vec<(Chord, Command)> {
        let place = self.place();
        let follows = |row: &[Chord]| match row.strip_prefix(&self.keys[..]) {
            Some([next]) if !self.keys.is_empty() => Some(*next),
            _ => None,
        };
        let bound = self.keymap.bindings().iter().filter(|(at, ..)| *at == place);
        bound.filter_map(|(_, row, command)| Some((follows(row)?, *command))).collect()
    }

    /// Takes a key: one of a command, a digit before one, or what is typed.
    pub(super) fn key(&mut self, chord: Chord) {
        let place = self.place();
        let folded = chord.folded();
        // In the file list letters narrow, but the full-width forms of its two signs are commands as well.
        let chord = if place.takes_text() && !(place == Place::Browser && "?:".contains(char_of(folded))) {
            chord
        } else {
            folded
        };
        if self.take_digit(place, chord) {
            return;
        }
        self.keys.push(chord);
        match self.keymap.look_up(place, &self.keys) {
            Lookup::Run(command) => {
                self.keys.clear();
                self.run_if_possible(command);
                self.number = None;
            }
            Lookup::Wait => {}
            Lookup::Unknown => {
                self.keys.clear();
                self.number = None;
                self.other_key(place, chord);
            }
        }
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

    fn other_key(&mut self, place: Place, chord: Chord) {
        if let Some(Overlay::Lookup(pane)) = &mut self.overlay
            && pane.turn_to_code(chord)
        {
        } else if let Some(overlay) = &mut self.overlay {
            if let Some(prompt) = overlay.prompt() {
                prompt.key(chord);
            }
            self.look_again();
        } else if let Some(prompt) = self.roster.edit_prompt() {
            prompt.key(chord);
            self.roster.show_typed(context!(self));
        } else if let Some(question) = &mut self.question {
            question.prompt.key(chord);
        } else if place == Place::Browser {
            self.import.key(chord);
        } else if place == Place::Export {
            if self.export.key(chord) {
                self.propose_path();
            }
        } else if place == Place::Find {
            self.ledger.search_key(chord);
        }
        if !place.takes_text() {
            let han = text::is_han(char_of(chord));
            self.warn(if han { "status.input-method" } else { "status.no-such-key" });
        }
    }

    /// Takes pasted text into what is being typed.
    pub(super) fn paste(&mut self, text: &str) {
        let prompt = if let Some(overlay) = &mut self.overlay {
            overlay.prompt()
        } else if let Some(prompt) = self.roster.edit_prompt() {
            Some(prompt)
        } else if let Some(question) = &mut self.question {
            Some(&mut question.prompt)
        } else if self.screen == Screen::Export {
            return self.export.paste(text);
        } else if self.base_place() == Place::Browser {
            return self.import.paste(text);
        } else if self.base_place() == Place::Find {
            return self.ledger.paste_search(text);
        } else {
            None
        };
        match prompt {
            Some(prompt) => prompt.insert(text),
            None => self.warn("status.paste-nowhere"),
        }
        if self.overlay.is_none() {
            self.roster.show_typed(context!(self));
        }
        self.look_again();
    }
}

fn char_of(chord: Chord) -> char {
    match chord.key {
        Key::Char(c) => c,
        _ => '\0',
    }
}
