//! Looking things up (查询): one search over all tables at once, by code, by text and by 拼音.

mod rank;

pub use rank::{LONGEST_QUERY, LookupQuery, Rank, SearchKey};

use super::sheet::Field;
use super::sound::Spellings;
use crate::domain::vocabulary::vocabulary;

vocabulary! {
    /// What an entry is; of two that fit equally well the one whose kind stands first here comes first.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
    pub enum EntryKind {
        /// A region of a notice's printed table (地区).
        Region = "region",
        /// An ID type (证件类型).
        IdType = "id-type",
        /// A code or name of another table that is typed for an ID type (易混证件).
        Neighbour = "neighbour",
        /// A skill level (等级).
        Level = "level",
        /// A range of numbers a notice sets (号段).
        Range = "range",
        /// An administrative division, abolished ones included (行政区划).
        Division = "division",
        /// An occupation of the user's table (职业).
        Occupation = "occupation",
        /// A rule (规则).
        Rule = "rule",
        /// A term of the field (术语).
        Term = "term",
        /// A clause of a notice (条款).
        Clause = "clause",
        /// An office that a notice names, with its telephone number (联系方式).
        Contact = "contact",
        /// A day of the working-day calendar (日历).
        Day = "day",
    }
}

impl EntryKind {
    /// Tells whether entries of the kind stand in an order of their own, as days do: what fits alike keeps it, however long its
    /// text is.
    fn is_ordered(self) -> bool {
        matches!(self, EntryKind::Day | EntryKind::Contact)
    }
}

/// A line of some table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LookupEntry {
    pub kind: EntryKind,
    /// Its code; may be empty.
    pub code: String,
    pub text: String,
    /// A remark; may be empty.
    pub note: String,
    /// Other ways to write it, such as the text behind the place it lies in.
    pub also: Vec<String>,
    /// The table it stands in.
    pub table: String,
    /// Whether it is out of force, as an abolished division is, or a day before this year.
    pub is_past: bool,
}

impl LookupEntry {
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

/// An entry that was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LookupHit {
    /// Its place, for [`Index::entry`].
    pub at: usize,
    /// How well it fits.
    pub rank: Rank,
}

/// The entries of all tables, ready to be searched.
#[derive(Debug, Default)]
pub struct Index {
    entries: Vec<LookupEntry>,
    keys: Vec<SearchKey>,
    spellings: Spellings,
}

impl Index {
    /// Prepares entries; their order decides between entries that are alike in everything else.
    pub fn build(entries: impl IntoIterator<Item = LookupEntry>) -> Index {
        let entries: Vec<LookupEntry> = entries.into_iter().collect();
        let mut spellings = Spellings::default();
        let keys = entries.iter().map(|entry| SearchKey::of_entry(entry, &mut spellings)).collect();
        Index { entries, keys, spellings }
    }

    /// Gives an entry by the place a hit names.
    pub fn entry(&self, at: usize) -> Option<&LookupEntry> {
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
    /// Of entries that fit alike those in force come first, then those with usual readings, then the shorter ones;
    /// days and contacts stay in their own order.
    ///
    /// Width, case and blanks do not count. Nothing typed finds nothing, or with a kind all there is of it.
    pub fn search(&self, typed: &str, kind: Option<EntryKind>, limit: usize) -> Vec<LookupHit> {
        let query = LookupQuery::new(typed);
        if query.is_empty() {
            let listed = self.of_kind(kind).take(if kind.is_some() { limit } else { 0 });
            return listed.map(|at| LookupHit { at, rank: Rank::Note }).collect();
        }
        let found = self.of_kind(kind).filter_map(|at| {
            let (key, entry) = (&self.keys[at], &self.entries[at]);
            let (rank, is_usual) = query.rank(key, &self.spellings)?;
            let is_by_text = rank != Rank::CodeStart;
            let length = if entry.kind.is_ordered() && is_by_text { 0 } else { key.length_for(rank) };
            Some((rank, entry.is_past, !is_usual, length, entry.kind, at))
        });
        let mut found: Vec<(Rank, bool, bool, usize, EntryKind, usize)> = found.collect();
        if limit < found.len() {
            found.select_nth_unstable(limit);
            found.truncate(limit);
        }
        found.sort_unstable();
        found.into_iter().map(|(rank, .., at)| LookupHit { at, rank }).collect()
    }

    fn of_kind(&self, kind: Option<EntryKind>) -> impl Iterator<Item = usize> {
        (0..self.entries.len()).filter(move |at| kind.is_none_or(|k| self.entries[*at].kind == k))
    }
}

#[cfg(test)]
mod tests;
