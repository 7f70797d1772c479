//! The look-up pane (查询): what is typed, what was found, and where the chosen entry goes.

use super::command::Command;
use super::context::context;
use super::key::{Chord, Key};
use super::msg::Effect;
use super::overlay::Overlay;
use super::prompt::Prompt;
use super::{App, Purpose};
use crate::domain::lookup::{Entry, EntryKind, Hit, LONGEST_QUERY};
use crate::domain::sheet::Field;
use crate::domain::text;

/// Nobody pages through more than this; typing one more letter is shorter.
pub const MOST_HITS: usize = 500;

/// The state of the look-up pane.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LookupPane {
    pub prompt: Prompt,
    /// The only kind that is looked among.
    pub kind: Option<EntryKind>,
    /// What was found, best first.
    pub hits: Vec<Hit>,
    /// The cursor, a place among the hits.
    pub at: usize,
    /// Whether Enter takes the code of the line, not what it is called.
    pub takes_code: bool,
    /// What the hits answer: text and kind.
    answered: Option<(String, Option<EntryKind>)>,
}

impl App {
    /// Runs a command of the pane, or the one that opens it.
    pub(super) fn run_lookup(&mut self, command: Command) {
        match command {
            Command::TakeEntry => self.take_entry(),
            Command::CopyCode => self.copy_code(),
            Command::NextKind => self.turn_kind(false),
            Command::PreviousKind => self.turn_kind(true),
            _ => self.open_lookup(),
        }
    }

    /// Opens the pane; the entries are prepared away from the keys, the first time it is opened.
    fn open_lookup(&mut self) {
        if self.lookup.is_none() {
            self.out.push(Effect::PrepareLookup);
        }
        self.overlay = Some(Overlay::Lookup(Box::default()));
    }

    /// Brings the hits in line with what is typed.
    pub(super) fn settle_lookup(&mut self) {
        let Some(Overlay::Lookup(pane)) = &mut self.overlay else { return };
        // What is not looked at need not be kept: a roster pasted by mistake would be drawn with every frame.
        if pane.prompt.text().chars().nth(LONGEST_QUERY).is_some() {
            pane.prompt.set(pane.prompt.text().chars().take(LONGEST_QUERY).collect::<String>());
        }
        let asked = (pane.prompt.text().to_string(), pane.kind);
        let Some(index) = &self.lookup else { return };
        if pane.answered.as_ref() != Some(&asked) {
            pane.hits = index.search(&asked.0, asked.1, MOST_HITS);
            (pane.at, pane.takes_code) = (0, false);
            pane.answered = Some(asked);
        }
    }

    /// Goes from what a line is called to its code behind the end of what is typed, and back; tells whether it did.
    pub(super) fn turn_to_code(&mut self, chord: Chord) -> bool {
        let Some(Overlay::Lookup(pane)) = &mut self.overlay else { return false };
        let is_at_end = pane.prompt.caret() == pane.prompt.text().len() && !pane.hits.is_empty();
        let turned = match chord.key {
            Key::Right if is_at_end => true,
            Key::Left if pane.takes_code => false,
            _ => return false,
        };
        pane.takes_code = turned;
        true
    }

    /// Turns to the next kind or the previous one; all kinds are one of them.
    fn turn_kind(&mut self, backwards: bool) {
        let Some(Overlay::Lookup(pane)) = &mut self.overlay else { return };
        let kinds: Vec<Option<EntryKind>> = std::iter::once(None).chain(EntryKind::ALL.map(Some)).collect();
        let at = kinds.iter().position(|k| *k == pane.kind).unwrap_or(0);
        pane.kind = kinds[(at + if backwards { kinds.len() - 1 } else { 1 }) % kinds.len()];
    }

    /// Gives the entry under the cursor.
    pub fn chosen_entry(&self) -> Option<&Entry> {
        let Some(Overlay::Lookup(pane)) = &self.overlay else { return None };
        self.lookup.as_ref()?.entry(pane.hits.get(pane.at)?.at)
    }

    /// Puts the chosen entry into the line that is being typed below the pane, or else copies it; the pane closes.
    fn take_entry(&mut self) {
        let Some(entry) = self.chosen_entry() else { return self.warn("status.nothing-chosen") };
        let field = match (self.roster.edit(), &self.question) {
            (Some(edit), _) => Some(edit.field),
            (None, Some(question)) => match question.purpose {
                Purpose::SetColumn(field) => Some(field),
                _ => None,
            },
            (None, None) => None,
        };
        let wants_code =
            matches!(&self.overlay, Some(Overlay::Lookup(pane)) if pane.takes_code) && !entry.code.is_empty();
        let called = || field.map_or(entry.text.as_str(), |field: Field| entry.fitting(field));
        let taken = if wants_code { entry.code.clone() } else { called().to_string() };
        let below = match (self.roster.edit_prompt(), &mut self.question) {
            (Some(prompt), _) => prompt,
            (None, Some(question)) => &mut question.prompt,
            (None, None) => {
                self.overlay = None;
                return self.copy(taken);
            }
        };
        below.insert(&taken);
        self.overlay = None;
        self.roster.show_typed(context!(self));
        self.say(self.locale.fill("status.inserted", &[("text", &text::visible(&taken))]));
    }

    /// Copies the code of the chosen entry, or its text when it has none; the pane closes.
    fn copy_code(&mut self) {
        let Some(entry) = self.chosen_entry() else { return self.warn("status.nothing-chosen") };
        let taken = if entry.code.is_empty() { entry.text.clone() } else { entry.code.clone() };
        self.overlay = None;
        self.copy(taken);
    }
}
