//! How well something with a code, a text and a remark fits what was typed: the one ranking, for entries of the tables and
//! for commands.

use memchr::memmem::Finder;

use super::LookupEntry;
use crate::domain::sound::{SoundFit, Sounds, Spellings};
use crate::domain::text;

/// More characters than this of what was typed are not looked at.
pub const LONGEST_QUERY: usize = 64;

/// How well something fits what was typed, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rank {
    /// It is the code.
    Code,
    /// The code begins with it.
    CodeStart,
    /// It is the text.
    Text,
    /// The text begins with it.
    TextStart,
    /// The text holds it.
    TextWithin,
    /// The code holds it, where it is no number.
    CodeWithin,
    /// It is the first letters of the text's characters.
    Initials,
    /// It spells the beginning of the text.
    Spelled,
    /// It spells some of the text.
    SpelledWithin,
    /// It is, begins or sounds like another way to write the whole.
    Placed,
    /// The remark holds it.
    Note,
    /// Its characters stand in the text, the code or the spelling in their order.
    Scattered,
}

impl Rank {
    /// Gives the rank in a short list whose own order means more than small differences: it begins so, holds it, sounds
    /// so, or less.
    pub fn broad(self) -> Rank {
        match self {
            Rank::Code | Rank::CodeStart | Rank::Text | Rank::TextStart => Rank::Code,
            Rank::TextWithin | Rank::CodeWithin => Rank::TextWithin,
            Rank::Initials | Rank::Spelled | Rank::SpelledWithin => Rank::Initials,
            Rank::Placed | Rank::Note | Rank::Scattered => self,
        }
    }
}

/// Something to be found, in the form it is compared in.
#[derive(Debug)]
pub struct SearchKey {
    code: Box<str>,
    text: Box<str>,
    note: Box<str>,
    sounds: Sounds,
    /// Other ways to write it, each with its sounds.
    also: Vec<(Box<str>, Sounds)>,
    /// The sounds of a code that is a word, such as 护照.
    code_sounds: Option<Sounds>,
    /// The characters of the text.
    length: usize,
}

impl SearchKey {
    /// Takes a code, a text and a remark; code and remark may be empty.
    pub fn new(code: &str, text: &str, note: &str, spellings: &mut Spellings) -> SearchKey {
        SearchKey {
            code: unjointed(&squeezed(code)).into(),
            text: squeezed(text).into(),
            note: squeezed(note).into(),
            sounds: spellings.sounds(text),
            also: Vec::new(),
            code_sounds: (!code.is_ascii()).then(|| spellings.sounds(code)),
            length: text.chars().count(),
        }
    }

    /// Takes an entry with the other ways to write it.
    pub(super) fn of_entry(entry: &LookupEntry, spellings: &mut Spellings) -> SearchKey {
        let mut key = SearchKey::new(&entry.code, &entry.text, &entry.note, spellings);
        key.also = entry.also.iter().map(|way| (squeezed(way).into(), spellings.sounds(way))).collect();
        key
    }

    /// Gives the length by which things of the same rank are told apart.
    pub(super) fn length_for(&self, rank: Rank) -> usize {
        if rank == Rank::CodeStart { self.code.len() } else { self.length }
    }
}

/// Brings a text to the form it is compared in.
pub(super) fn squeezed(text: &str) -> String {
    text::compact(text).to_lowercase()
}

/// Takes the signs out of a code that stand between its parts: nobody has to type them.
fn unjointed(code: &str) -> String {
    code.replace(['-', '.', '/'], "")
}

/// What was typed, in the form it is compared in.
#[derive(Debug)]
pub struct LookupQuery {
    text: String,
    /// The same without the signs between the parts of a code.
    code: String,
    finder: Finder<'static>,
    /// The letters and digits, when there is nothing else but the sign that divides syllables; empty otherwise.
    letters: Vec<u8>,
}

impl LookupQuery {
    pub fn new(typed: &str) -> LookupQuery {
        let cut: String = typed.chars().take(LONGEST_QUERY).collect();
        let text = squeezed(&cut);
        let mut letters: Vec<u8> = text.bytes().filter(|b| *b != b'\'').collect();
        // Digits alone are a code: what sounds like them would only be in the way.
        if !letters.iter().all(u8::is_ascii_alphanumeric) || letters.iter().all(u8::is_ascii_digit) {
            letters.clear();
        }
        LookupQuery { finder: Finder::new(&text).into_owned(), code: unjointed(&text), text, letters }
    }

    /// Tells whether nothing was typed, which is the beginning of every code.
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// Ranks what has a key, and tells whether only usual readings of its characters were needed.
    pub fn rank(&self, key: &SearchKey, spellings: &Spellings) -> Option<(Rank, bool)> {
        if let Some(rank) = self.written(key) {
            return Some((rank, true));
        }
        let sounds = std::iter::once(&key.sounds).chain(&key.code_sounds);
        let heard =
            sounds.filter_map(|sounds| spellings.heard(sounds, &self.letters)).min_by_key(|(h, usual)| (*h, !usual));
        match heard {
            Some((SoundFit::Initials, usual)) => Some((Rank::Initials, usual)),
            Some((SoundFit::Spelled, usual)) => Some((Rank::Spelled, usual)),
            Some((SoundFit::Within, usual)) => Some((Rank::SpelledWithin, usual)),
            _ if self.is_placed(key, spellings) => Some((Rank::Placed, true)),
            _ if self.finder.find(key.note.as_bytes()).is_some() => Some((Rank::Note, true)),
            Some((SoundFit::Scattered, usual)) => Some((Rank::Scattered, usual)),
            None => self.is_scattered(key).then_some((Rank::Scattered, true)),
        }
    }

    /// Ranks by what stands in code and text.
    fn written(&self, key: &SearchKey) -> Option<Rank> {
        if !self.code.is_empty() && *key.code == *self.code {
            return Some(Rank::Code);
        }
        if !self.code.is_empty() && key.code.starts_with(&self.code) {
            return Some(Rank::CodeStart);
        }
        match self.finder.find(key.text.as_bytes()) {
            Some(0) if key.text.len() == self.text.len() => Some(Rank::Text),
            Some(0) => Some(Rank::TextStart),
            Some(_) => Some(Rank::TextWithin),
            // A number is typed from its beginning: digits within another one mean nothing.
            None if self.is_number() => None,
            None if key.also.iter().any(|(way, _)| **way == *self.text) => Some(Rank::Text),
            None => key.code.contains(&self.code).then_some(Rank::CodeWithin).filter(|_| !self.code.is_empty()),
        }
    }

    /// Tells whether another way to write it begins so, or sounds so from its beginning.
    fn is_placed(&self, key: &SearchKey, spellings: &Spellings) -> bool {
        key.also.iter().any(|(way, sounds)| {
            let heard = || spellings.heard(sounds, &self.letters).map(|(fit, _)| fit);
            way.starts_with(&self.text) || matches!(heard(), Some(SoundFit::Initials | SoundFit::Spelled))
        })
    }

    fn is_number(&self) -> bool {
        self.text.bytes().all(|b| b.is_ascii_digit())
    }

    /// Tells whether the characters stand in the text or the code in their order; a long text would hold nearly any few.
    fn is_scattered(&self, key: &SearchKey) -> bool {
        let count = self.text.chars().count();
        let holds = |text: &str| {
            let mut rest = text.chars();
            text.len() <= 4 * self.text.len() && self.text.chars().all(|c| rest.any(|r| r == c))
        };
        // Of a number only its beginning is left out or mistyped knowingly: scattered digits fit everywhere.
        2 <= count && !self.is_number() && (holds(&key.text) || holds(&key.code))
    }
}
