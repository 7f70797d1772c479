//! The look-up pane (查询): what is typed, what was found, and where the chosen entry goes.

use std::sync::Arc;

use crate::app::command::Command;
use crate::app::context::Context;
use crate::app::intent::Intent;
use crate::app::key::{Chord, Key};
use crate::app::prompt::Prompt;
use crate::domain::lookup::{EntryKind, Index, LONGEST_QUERY, LookupEntry, LookupHit};
use crate::domain::sheet::Field;

/// Nobody pages through more than this; typing one more letter is shorter.
pub const MOST_HITS: usize = 500;

/// The state of the look-up pane.
#[derive(Debug, Default)]
pub struct LookupPane {
    /// What is looked among, once it is prepared.
    index: Option<Arc<Index>>,
    prompt: Prompt,
    /// The only kind that is looked among.
    kind: Option<EntryKind>,
    /// What was found, best first.
    hits: Vec<LookupHit>,
    /// The cursor, a place among the hits.
    at: usize,
    /// Whether Enter takes the code of the line, not what it is called.
    takes_code: bool,
    /// What the hits answer: text and kind.
    answered: Option<(String, Option<EntryKind>)>,
}

impl LookupPane {
    pub(super) fn new(index: Option<Arc<Index>>) -> LookupPane {
        LookupPane { index, ..LookupPane::default() }
    }

    /// Tells whether there is something to look among yet.
    pub fn is_prepared(&self) -> bool {
        self.index.is_some()
    }

    pub fn prompt(&self) -> &Prompt {
        &self.prompt
    }

    /// Gives the only kind that is looked among.
    pub fn kind(&self) -> Option<EntryKind> {
        self.kind
    }

    /// Counts what was found.
    pub fn count(&self) -> usize {
        self.hits.len()
    }

    /// Gives a line of what was found, best first.
    pub fn entry(&self, at: usize) -> Option<&LookupEntry> {
        self.index.as_ref()?.entry(self.hits.get(at)?.at)
    }

    /// Gives the cursor, a place among what was found.
    pub fn at(&self) -> usize {
        self.at
    }

    /// Gives the entry under the cursor.
    pub fn chosen(&self) -> Option<&LookupEntry> {
        self.entry(self.at)
    }

    /// Tells whether Enter takes the code of the line, not what it is called.
    pub fn takes_code(&self) -> bool {
        self.takes_code
    }

    pub(super) fn cursor(&mut self) -> &mut usize {
        &mut self.at
    }

    pub(super) fn take_index(&mut self, index: Arc<Index>) {
        self.index = Some(index);
    }

    pub(super) fn type_in(&mut self, change: impl FnOnce(&mut Prompt)) {
        change(&mut self.prompt);
    }

    /// Runs a command; what is taken fits the column that is typed below, if one is.
    pub(super) fn update(&mut self, command: Command, field: Option<Field>, to: &mut Context<'_>) -> Option<Intent> {
        match command {
            Command::NextKind | Command::PreviousKind => {
                self.turn_kind(command == Command::PreviousKind);
                return Some(Intent::Nothing);
            }
            Command::TakeEntry | Command::CopyCode => {}
            _ => return None,
        }
        let Some(entry) = self.chosen() else {
            to.warn("status.nothing-chosen");
            return Some(Intent::Nothing);
        };
        let has_code = !entry.code.is_empty();
        Some(match command {
            Command::TakeEntry if has_code && self.takes_code => Intent::Insert(entry.code.clone()),
            Command::TakeEntry => {
                Intent::Insert(field.map_or(entry.text.as_str(), |field| entry.fitting(field)).to_string())
            }
            _ => Intent::Copy(if has_code { entry.code.clone() } else { entry.text.clone() }),
        })
    }

    /// Brings the hits in line with what is typed.
    pub(super) fn settle(&mut self) {
        // What is not looked at need not be kept: a roster pasted by mistake would be drawn with every frame.
        if self.prompt.text().chars().nth(LONGEST_QUERY).is_some() {
            self.prompt.set(self.prompt.text().chars().take(LONGEST_QUERY).collect::<String>());
        }
        let asked = (self.prompt.text().to_string(), self.kind);
        let Some(index) = &self.index else { return };
        if self.answered.as_ref() != Some(&asked) {
            self.hits = index.search(&asked.0, asked.1, MOST_HITS);
            (self.at, self.takes_code) = (0, false);
            self.answered = Some(asked);
        }
    }

    /// Goes from what a line is called to its code behind the end of what is typed, and back; tells whether it did.
    pub(super) fn turn_to_code(&mut self, chord: Chord) -> bool {
        let is_at_end = self.prompt.caret() == self.prompt.text().len() && !self.hits.is_empty();
        let turned = match chord.key {
            Key::Right if is_at_end => true,
            Key::Left if self.takes_code => false,
            _ => return false,
        };
        self.takes_code = turned;
        true
    }

    /// Turns to the next kind or the previous one; all kinds are one of them.
    fn turn_kind(&mut self, backwards: bool) {
        let kinds: Vec<Option<EntryKind>> = std::iter::once(None).chain(EntryKind::ALL.map(Some)).collect();
        let at = kinds.iter().position(|k| *k == self.kind).unwrap_or(0);
        self.kind = kinds[(at + if backwards { kinds.len() - 1 } else { 1 }) % kinds.len()];
    }
}
