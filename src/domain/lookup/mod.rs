//! Looking things up (查询): one search over all tables at once, by code, by text and by 拼音.

use memchr::memmem::Finder;

use super::sheet::Field;
use super::sound::{Heard, Sounds, Spellings};
use super::text;

/// What an entry is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum EntryKind {
    /// A region of a notice's printed table (地区).
    Region,
    /// An ID type (证件类型).
    IdType,
    /// A code or name of another table that is typed for an ID type (易混证件).
    Neighbour,
    /// A skill level (等级).
    Level,
    /// A range of numbers a notice sets (号段).
    Range,
    /// An administrative division, abolished ones included (行政区划).
    Division,
    /// An occupation of the user's table (职业).
    Occupation,
    /// A rule (规则).
    Rule,
    /// A term of the field (术语).
    Term,
    /// A clause of a notice (条款).
    Clause,
    /// A day of the working-day calendar (日历).
    Day,
}

impl EntryKind {
    /// Every kind; of two entries that fit equally well the one whose kind stands first here comes first.
    pub const ALL: [EntryKind; 11] = [
        EntryKind::Region,
        EntryKind::IdType,
        EntryKind::Neighbour,
        EntryKind::Level,
        EntryKind::Range,
        EntryKind::Division,
        EntryKind::Occupation,
        EntryKind::Rule,
        EntryKind::Term,
        EntryKind::Clause,
        EntryKind::Day,
    ];

    /// Gives the stable name, as in JSON and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            EntryKind::Region => "region",
            EntryKind::IdType => "id-type",
            EntryKind::Neighbour => "neighbour",
            EntryKind::Level => "level",
            EntryKind::Range => "range",
            EntryKind::Division => "division",
            EntryKind::Occupation => "occupation",
            EntryKind::Rule => "rule",
            EntryKind::Term => "term",
            EntryKind::Clause => "clause",
            EntryKind::Day => "day",
        }
    }
}

/// A line of some table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub kind: EntryKind,
    /// Its code; may be empty.
    pub code: String,
    pub text: String,
    /// A remark; may be empty.
    pub note: String,
    /// The table it stands in.
    pub table: String,
    /// Whether it is out of force, as an abolished division is.
    pub is_past: bool,
}

impl Entry {
    /// Gives what of the entry belongs into a cell of a column: the code where the column takes such codes, else the text.
    pub fn fitting(&self, field: Field) -> &str {
        let takes_code = matches!(
            (field, self.kind),
            (Field::IdType, EntryKind::IdType)
                | (Field::Level, EntryKind::Level)
                | (Field::Code, EntryKind::Region | EntryKind::Level)
                | (Field::IdNumber, EntryKind::Division)
                | (Field::IssueDate, EntryKind::Day)
        );
        if takes_code { &self.code } else { &self.text }
    }
}

/// How well an entry fits what was typed, best first.
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
    /// It is the first letters of the text's characters.
    Initials,
    /// It spells the beginning of the text.
    Spelled,
    /// It spells some of the text.
    SpelledWithin,
    /// The remark holds it.
    Note,
    /// Its characters stand in the text, the code or the spelling in their order.
    Scattered,
}

/// An entry that was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hit {
    /// Its place, for [`Index::entry`].
    pub at: usize,
    /// How well it fits.
    pub rank: Rank,
}

/// The entries of all tables, ready to be searched.
#[derive(Debug, Default)]
pub struct Index {
    entries: Vec<Entry>,
    keys: Vec<Key>,
    spellings: Spellings,
}

/// An entry in the form it is compared in.
#[derive(Debug)]
struct Key {
    code: Box<str>,
    text: Box<str>,
    note: Box<str>,
    sounds: Sounds,
    /// The sounds of a code that is a word, such as 护照.
    code_sounds: Option<Sounds>,
    /// The characters of the text.
    length: usize,
}

/// More characters than this of what was typed are not looked at.
pub const LONGEST_QUERY: usize = 64;

impl Index {
    /// Prepares entries; their order decides between entries that are alike in everything else.
    pub fn build(entries: impl IntoIterator<Item = Entry>) -> Index {
        let entries: Vec<Entry> = entries.into_iter().collect();
        let mut spellings = Spellings::default();
        let keys = entries
            .iter()
            .map(|entry| Key {
                code: squeezed(&entry.code).into(),
                text: squeezed(&entry.text).into(),
                note: squeezed(&entry.note).into(),
                sounds: spellings.sounds(&entry.text),
                code_sounds: (!entry.code.is_ascii()).then(|| spellings.sounds(&entry.code)),
                length: entry.text.chars().count(),
            })
            .collect();
        Index { entries, keys, spellings }
    }

    /// Gives an entry by the place a hit names.
    pub fn entry(&self, at: usize) -> Option<&Entry> {
        self.entries.get(at)
    }

    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Tells whether there is no entry.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Finds the entries that fit a typed text, best first, at most `limit` of them, all of one kind when one is given.
    /// Of entries that fit alike those in force come first, then those with usual readings, then the shorter ones.
    ///
    /// Width, case and blanks do not count. Nothing typed finds nothing, or with a kind all there is of it.
    pub fn search(&self, typed: &str, kind: Option<EntryKind>, limit: usize) -> Vec<Hit> {
        let query = Query::new(typed);
        if query.text.is_empty() {
            let listed = self.of_kind(kind).take(if kind.is_some() { limit } else { 0 });
            return listed.map(|at| Hit { at, rank: Rank::Note }).collect();
        }
        let found = self.of_kind(kind).filter_map(|at| {
            let (key, entry) = (&self.keys[at], &self.entries[at]);
            let (rank, is_usual) = query.rank(key, &self.spellings)?;
            let length = if rank == Rank::CodeStart { key.code.len() } else { key.length };
            Some((rank, entry.is_past, !is_usual, length, entry.kind, at))
        });
        let mut found: Vec<(Rank, bool, bool, usize, EntryKind, usize)> = found.collect();
        if limit < found.len() {
            found.select_nth_unstable(limit);
            found.truncate(limit);
        }
        found.sort_unstable();
        found.into_iter().map(|(rank, .., at)| Hit { at, rank }).collect()
    }

    fn of_kind(&self, kind: Option<EntryKind>) -> impl Iterator<Item = usize> {
        (0..self.entries.len()).filter(move |at| kind.is_none_or(|k| self.entries[*at].kind == k))
    }
}

/// Brings a text to the form it is compared in.
fn squeezed(text: &str) -> String {
    text::compact(text).to_lowercase()
}

struct Query {
    text: String,
    finder: Finder<'static>,
    /// The letters and digits, when there is nothing else but the sign that divides syllables; empty otherwise.
    letters: Vec<u8>,
}

impl Query {
    fn new(typed: &str) -> Query {
        let cut: String = typed.chars().take(LONGEST_QUERY).collect();
        let text = squeezed(&cut);
        let mut letters: Vec<u8> = text.bytes().filter(|b| *b != b'\'').collect();
        // Digits alone are a code: what sounds like them would only be in the way.
        if !letters.iter().all(u8::is_ascii_alphanumeric) || letters.iter().all(u8::is_ascii_digit) {
            letters.clear();
        }
        Query { finder: Finder::new(&text).into_owned(), text, letters }
    }

    /// Ranks an entry, and tells whether only usual readings of its characters were needed.
    fn rank(&self, key: &Key, spellings: &Spellings) -> Option<(Rank, bool)> {
        if let Some(rank) = self.written(key) {
            return Some((rank, true));
        }
        let sounds = std::iter::once(&key.sounds).chain(&key.code_sounds);
        let heard =
            sounds.filter_map(|sounds| spellings.heard(sounds, &self.letters)).min_by_key(|(h, usual)| (*h, !usual));
        match heard {
            Some((Heard::Initials, usual)) => Some((Rank::Initials, usual)),
            Some((Heard::Spelled, usual)) => Some((Rank::Spelled, usual)),
            Some((Heard::Within, usual)) => Some((Rank::SpelledWithin, usual)),
            _ if self.finder.find(key.note.as_bytes()).is_some() => Some((Rank::Note, true)),
            Some((Heard::Scattered, usual)) => Some((Rank::Scattered, usual)),
            None => self.is_scattered(key).then_some((Rank::Scattered, true)),
        }
    }

    /// Ranks an entry by what stands in its code and text.
    fn written(&self, key: &Key) -> Option<Rank> {
        if *key.code == *self.text {
            return Some(Rank::Code);
        }
        if key.code.starts_with(&self.text) {
            return Some(Rank::CodeStart);
        }
        match self.finder.find(key.text.as_bytes()) {
            Some(0) if key.text.len() == self.text.len() => Some(Rank::Text),
            Some(0) => Some(Rank::TextStart),
            Some(_) => Some(Rank::TextWithin),
            None => None,
        }
    }

    /// Tells whether the characters stand in the text or the code in their order; a long text would hold nearly any few.
    fn is_scattered(&self, key: &Key) -> bool {
        let count = self.text.chars().count();
        let holds = |text: &str| {
            let mut rest = text.chars();
            text.len() <= 4 * self.text.len() && self.text.chars().all(|c| rest.any(|r| r == c))
        };
        // Of a number only its beginning is left out or mistyped knowingly: scattered digits fit everywhere.
        2 <= count && !self.text.bytes().all(|b| b.is_ascii_digit()) && (holds(&key.text) || holds(&key.code))
    }
}

#[cfg(test)]
mod tests;
