//! The look-up pane (查询): what is typed, what was found, and where the chosen entry goes.

use super::key::{Chord, Key};
use super::prompt::Prompt;
use crate::domain::lookup::{EntryKind, Index, LONGEST_QUERY, LookupHit};

/// Nobody pages through more than this; typing one more letter is shorter.
pub const MOST_HITS: usize = 500;

/// The state of the look-up pane.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LookupPane {
    pub prompt: Prompt,
    /// The only kind that is looked among.
    pub kind: Option<EntryKind>,
    /// What was found, best first.
    pub hits: Vec<LookupHit>,
    /// The cursor, a place among the hits.
    pub at: usize,
    /// Whether Enter takes the code of the line, not what it is called.
    pub takes_code: bool,
    /// What the hits answer: text and kind.
    answered: Option<(String, Option<EntryKind>)>,
}

impl LookupPane {
    /// Brings the hits in line with what is typed.
    pub(super) fn settle(&mut self, index: Option<&Index>) {
        // What is not looked at need not be kept: a roster pasted by mistake would be drawn with every frame.
        if self.prompt.text().chars().nth(LONGEST_QUERY).is_some() {
            self.prompt.set(self.prompt.text().chars().take(LONGEST_QUERY).collect::<String>());
        }
        let asked = (self.prompt.text().to_string(), self.kind);
        let Some(index) = index else { return };
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
    pub(super) fn turn_kind(&mut self, backwards: bool) {
        let kinds: Vec<Option<EntryKind>> = std::iter::once(None).chain(EntryKind::ALL.map(Some)).collect();
        let at = kinds.iter().position(|k| *k == self.kind).unwrap_or(0);
        self.kind = kinds[(at + if backwards { kinds.len() - 1 } else { 1 }) % kinds.len()];
    }
}
