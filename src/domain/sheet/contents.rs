//! What the cells of a column look like, whatever its label says.

use std::collections::HashSet;

use super::label::{HeaderWords, OtherKind};
use super::{Field, SheetSpec};
use crate::domain::identity::{IdTypes, check_character};
use crate::domain::vocabulary::vocabulary;
use crate::domain::{date, level, text};

/// Fewer cells say nothing, nor do they where fewer of a hundred look alike.
const CELLS: usize = 3;
const PERCENT: usize = 80;
/// Where employers stand under the occupations, a few may be called by what they do.
const PERCENT_OF_BODIES: usize = 60;

/// The name of an organisation is no shorter.
const ORGANISATION: usize = 3;
/// Names of people have so many 汉字.
pub(super) const PERSON: std::ops::RangeInclusive<usize> = 2..=4;

vocabulary! {
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum Looks {
        /// Eighteen places with the right check character.
        IdNumber = "id-number",
        Code = "code",
        Date = "date",
        /// A level in words; a digit from 1 to 5 may be anything.
        Level = "level",
        IdType = "id-type",
        /// A mobile number.
        Phone = "phone",
        /// The name of an organisation, by how it ends.
        Organisation = "organisation",
        /// An occupation, by how it ends.
        Occupation = "occupation",
        /// The name of a person: two to four 汉字, a surname first, mostly another one in each cell.
        Name = "name",
    }
}

impl Looks {
    /// Gives the field of whose cells this is the look.
    pub fn field(self) -> Option<Field> {
        match self {
            Looks::IdNumber => Some(Field::IdNumber),
            Looks::Code => Some(Field::Code),
            Looks::Date => Some(Field::IssueDate),
            Looks::Level => Some(Field::Level),
            Looks::IdType => Some(Field::IdType),
            Looks::Name => Some(Field::Name),
            // Several columns hold such names.
            Looks::Phone | Looks::Organisation | Looks::Occupation => None,
        }
    }

    /// Tells whether a column of a field cannot look so.
    pub fn contradicts(self, field: Field) -> bool {
        match field {
            _ if self == Looks::Organisation => matches!(field, Field::Name | Field::Occupation | Field::WorkType),
            _ if self == Looks::Occupation => {
                matches!(field, Field::Name | Field::Employer | Field::Institution | Field::IssuingBody)
            }
            Field::OldName | Field::ContestClass | Field::Award if self == Looks::Name => false,
            // A class of contests may be called 一级.
            Field::ContestClass | Field::Award if self == Looks::Level => false,
            Field::OldCode => self != Looks::Code,
            Field::OldIdNumber => self != Looks::IdNumber,
            _ => self.field() != Some(field),
        }
    }

    /// Gives what the cells of a column look like, where nearly all that are filled look alike.
    pub fn of<'a>(cells: impl Iterator<Item = &'a str>, words: &HeaderWords) -> Option<Looks> {
        let mut seen = [0usize; Looks::COUNT];
        let mut filled = 0;
        let mut names: HashSet<&str> = HashSet::new();
        for cell in cells.map(str::trim).filter(|cell| !cell.is_empty()) {
            filled += 1;
            let looks = Looks::of_cell(cell, &words.id_types).or_else(|| words.looks_of(cell));
            if let Some(looks) = looks {
                seen[looks as usize] += 1;
            }
            if looks == Some(Looks::Name) {
                names.insert(cell);
            }
        }
        let is_sure = |looks: &Looks| {
            let n = seen[*looks as usize];
            let percent = if *looks == Looks::Organisation { PERCENT_OF_BODIES } else { PERCENT };
            CELLS <= n && filled * percent <= n * 100 && (*looks != Looks::Name || n < 2 * names.len())
        };
        Looks::ALL.into_iter().find(is_sure)
    }

    /// Gives what a single cell looks like.
    pub(in crate::domain) fn of_cell(cell: &str, id_types: &IdTypes) -> Option<Looks> {
        let tidy = text::compact(cell);
        let (bytes, digits) = (tidy.as_bytes(), tidy.bytes().filter(u8::is_ascii_digit).count());
        if let [body @ .., last] = bytes
            && bytes.len() == 18
            && check_character(body) == Some(last.to_ascii_uppercase())
        {
            return Some(Looks::IdNumber);
        }
        if bytes.len() == 22
            && bytes[0].is_ascii_alphabetic()
            && 18 <= digits
            && tidy.bytes().all(|b| b.is_ascii_alphanumeric())
        {
            return Some(Looks::Code);
        }
        if bytes.len() == 11 && digits == 11 && bytes[0] == b'1' && b'3' <= bytes[1] {
            return Some(Looks::Phone);
        }
        if id_types.knows(cell) {
            return Some(Looks::IdType);
        }
        if digits == 0 && level::read(cell).level().is_some() {
            return Some(Looks::Level);
        }
        // A date has digits, be they 汉字, and those a year.
        if digits == 0 && !tidy.contains('年') {
            return None;
        }
        let is_date = matches!(date::read(cell), date::DateReading::Iso(_) | date::DateReading::Other(_));
        is_date.then_some(Looks::Date)
    }
}

/// How names of a kind end.
#[derive(Debug, Default)]
pub(super) struct Endings {
    all: Vec<String>,
    /// By the last bits of the last two bytes, whether one of them ends so: most texts end otherwise.
    lasts: Vec<bool>,
}

/// So many low bits of a byte tell 汉字 apart.
const LOW_BITS: usize = 6;

impl Endings {
    fn place(before: u8, last: u8) -> usize {
        let low = |byte: u8| usize::from(byte) & ((1 << LOW_BITS) - 1);
        low(before) << LOW_BITS | low(last)
    }

    pub fn add(&mut self, ending: String) {
        self.lasts.resize(1 << (2 * LOW_BITS), false);
        match ending.as_bytes() {
            // What stands before a letter of one byte may be anything.
            [.., last] if last.is_ascii() => {
                (0..1 << LOW_BITS).for_each(|b| self.lasts[Endings::place(b, *last)] = true);
            }
            [.., before, last] => self.lasts[Endings::place(*before, *last)] = true,
            _ => {}
        }
        self.all.push(ending);
    }

    /// Tells whether a text ends so.
    fn end(&self, tidy: &str) -> bool {
        self.all.iter().any(|ending| tidy.ends_with(ending.as_str()))
    }

    /// Tells by its last letter alone whether a text may end so.
    fn may_end(&self, cell: &[u8]) -> bool {
        match cell {
            [.., before, last] => self.lasts.get(Endings::place(*before, *last)).is_some_and(|may| *may),
            _ => false,
        }
    }
}

impl HeaderWords {
    /// Gives what a cell of 汉字 looks like: the name of an organisation (样例汽车修理厂), an occupation or a person's name.
    fn looks_of(&self, cell: &str) -> Option<Looks> {
        let tidy = text::compact(cell);
        let long = tidy.chars().count();
        if ORGANISATION <= long && self.organisations.end(&tidy) {
            return Some(Looks::Organisation);
        }
        if 1 < long && self.occupations.end(&tidy) {
            return Some(Looks::Occupation);
        }
        self.may_be_person(&tidy).then_some(Looks::Name)
    }

    /// Tells whether a text may be the name of a person, whatever else it may be: 李工.
    pub(super) fn may_be_person(&self, tidy: &str) -> bool {
        PERSON.contains(&tidy.chars().count()) && self.surnames.begin(tidy) && tidy.chars().all(text::is_han)
    }
}

impl SheetSpec {
    /// Gives what a cell of 汉字 looks like that can only be a body, an occupation or a person; nothing where it may be two of them.
    pub(in crate::domain) fn looks_of(&self, cell: &str) -> Option<Looks> {
        let words = self.words?;
        let looks = words.looks_of(cell)?;
        let is_one = looks == Looks::Name || !words.may_be_person(&text::compact(cell));
        is_one.then_some(looks)
    }

    /// Tells quickly whether a cell may end as the name of a body, or else of an occupation: by its bytes, for every row is asked.
    pub(in crate::domain) fn may_look(&self, looks: Looks, cell: &[u8]) -> bool {
        let Some(words) = self.words else { return false };
        let endings = if looks == Looks::Organisation { &words.organisations } else { &words.occupations };
        endings.may_end(cell)
    }

    /// Tells whether a cell ends as the name of an occupation.
    pub(in crate::domain) fn ends_as_occupation(&self, cell: &str) -> bool {
        self.words.is_some_and(|words| words.occupations.end(cell))
    }

    /// Tells whether a cell is the name of a body, by how it ends.
    pub(in crate::domain) fn is_body(&self, cell: &str) -> bool {
        self.words.is_some_and(|words| words.looks_of(cell) == Some(Looks::Organisation))
    }

    /// Tells whether a text is the name of an occupation by how it ends, and not a kind of work.
    pub(in crate::domain) fn is_occupation(&self, part: &str) -> bool {
        1 < part.chars().count() && self.ends_as_occupation(part) && !self.ends(part, OtherKind::Work)
    }

    /// Tells whether two bodies are named on both sides of a sign between them, and not one and its part.
    pub(in crate::domain) fn are_bodies(&self, first: &str, between: char, second: &str) -> bool {
        let is_place = || {
            let places = self.words.map_or(&[][..], |words| &words.joining);
            let goes_on = |place: &str| place.strip_prefix(between).is_some_and(|rest| second.starts_with(rest));
            places.iter().any(|(place, kind)| *kind == OtherKind::Place && goes_on(place))
        };
        let is_inner = || self.ends(second, OtherKind::Inner) || self.ends(first, OtherKind::Parent);
        self.is_body(first)
            && self.is_body(second)
            && !self.ends(second, OtherKind::Part)
            && !if text::is_blank(between) { is_inner() } else { is_place() }
    }

    fn ends(&self, name: &str, kind: OtherKind) -> bool {
        self.words
            .is_some_and(|words| words.joining.iter().any(|(end, of)| *of == kind && name.ends_with(end.as_str())))
    }

    /// Gives what the cells of a column look like; nothing where no words are known.
    pub fn looks<'a>(&self, cells: impl Iterator<Item = &'a str>) -> Option<Looks> {
        Looks::of(cells, self.words?)
    }
}
