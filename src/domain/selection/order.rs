//! What rows are sorted by (排序).

use std::cmp::Ordering;
use std::collections::HashMap;
use std::sync::Arc;

use foldhash::fast::RandomState;

use crate::domain::batch::Batch;
use crate::domain::roster::{CellSource, RowId};
use crate::domain::sheet::Field;
use crate::domain::{date, level, sound, text};

/// The column that rows are sorted by, and which way. Equal cells stay in the order of the file, and blank ones come last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SortBy {
    pub column: CellSource,
    pub is_descending: bool,
}

/// As what the cells of a column are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SortKind {
    /// Days, however they are written.
    Day,
    /// Levels by their digit, however they are written.
    Level,
    /// Codes and numbers, sign by sign.
    Code,
    /// Numbers by what they count, 汉字 by their sounds, the rest sign by sign.
    Sound,
}

/// What cells are compared by first: numbers and days, then texts, then what is blank.
const NUMBER: u128 = 0;
const TEXT: u128 = 1;
const BLANK: u128 = 2;

/// Above this bit stands what kind of thing a key is of.
const KIND: u32 = 120;

/// How many letters of a text stand in its key, and how many bits each takes.
const SOUNDS: (usize, u32) = (7, 16);

/// How many signs of a code or a number stand in its key, as digits of a number to this base: the longest code finds room.
const SIGNS: (usize, u128) = (22, 41);

/// A number of more digits is not told exactly.
const DIGITS: usize = 15;

impl SortKind {
    /// Tells as what the cells of a column are compared.
    pub fn of(field: Field) -> SortKind {
        use Field::{Code, IdNumber, IssueDate, Level, OldCode, OldIdNumber};
        match field {
            IssueDate => SortKind::Day,
            Level => SortKind::Level,
            Code | OldCode | IdNumber | OldIdNumber => SortKind::Code,
            _ => SortKind::Sound,
        }
    }

    /// Compares two cells.
    pub fn compare(self, a: &str, b: &str) -> Ordering {
        self.key(a).cmp(&self.key(b)).then_with(|| self.compare_rest(self.key(a), a, b))
    }

    /// Compares two cells with the same key.
    fn compare_rest(self, key: u128, a: &str, b: &str) -> Ordering {
        if key >> KIND == TEXT { self.units(a).cmp(self.units(b)) } else { Ordering::Equal }
    }

    /// Gives a number that is smaller for what comes first; texts that begin alike may share one.
    fn key(self, cell: &str) -> u128 {
        let clean = text::trimmed(cell);
        if clean.is_empty() {
            return BLANK << KIND;
        }
        let number = match self {
            SortKind::Day => {
                date::read(cell).day().map(|day| day.signed_duration_since(chrono::NaiveDate::MIN).num_days() as u64)
            }
            SortKind::Level => level::read(cell).level().map(|level| u64::from(level.digit())),
            SortKind::Code => None,
            SortKind::Sound => number(&clean),
        };
        if let Some(number) = number {
            return NUMBER << KIND | u128::from(number);
        }
        if self == SortKind::Code {
            return TEXT << KIND | self.signs(cell);
        }
        let (most, bits) = SOUNDS;
        let units = self.units(cell).chain(std::iter::repeat(0)).take(most);
        let key = units.fold(0, |key, unit| key << bits | u128::from(unit));
        // What is cut off stands to the left, above what the letters take.
        TEXT << KIND | key << (KIND - bits * most as u32)
    }

    /// Packs the signs of a code or a number, of which those of a whole one find room. What several signs share a place with is the
    /// last: the rest is compared where keys are equal.
    fn signs(self, cell: &str) -> u128 {
        let (most, base) = SIGNS;
        let (mut key, mut count) = (0, 0);
        for unit in self.units(cell) {
            let (place, is_exact) = match unit {
                0x30..=0x39 => (unit - 0x30 + 2, true),
                0x41..=0x5A => (unit - 0x41 + 13, true),
                0..0x30 => (1, false),
                0x3A..=0x40 => (12, false),
                0x5B..=0x7F => (39, false),
                _ => (40, false),
            };
            key = key * base + u128::from(place);
            count += 1;
            if count == most || !is_exact {
                break;
            }
        }
        key * base.pow((most - count) as u32)
    }

    /// Lists what a text is compared by, letter by letter.
    fn units(self, cell: &str) -> impl Iterator<Item = u16> {
        let is_code = self == SortKind::Code;
        let kept = cell.chars().map(text::half_width).filter(|c| !text::is_blank(*c) && !text::is_control(*c));
        kept.map(move |c| unit(c, is_code))
    }
}

/// Gives the place of a letter among all: signs and letters of ASCII, then 汉字, then the rest.
fn unit(c: char, is_code: bool) -> u16 {
    /// Where the 汉字 begin, and where the rest lies.
    const HAN: u16 = 0x100;
    const REST: u16 = 0xF000;
    if c.is_ascii() {
        return c.to_ascii_uppercase() as u16;
    }
    if is_code {
        return 0xFF;
    }
    sound::dictionary_place(c).map_or_else(|| REST | (c as u32 & 0xFFF) as u16, |place| HAN + place)
}

/// Reads a whole text as a number, in bits that are sorted as the number is.
fn number(clean: &str) -> Option<u64> {
    let clean = text::compact(clean);
    let is_number = clean.starts_with(|c: char| c.is_ascii_digit() || c == '-') && clean.len() <= DIGITS;
    if !is_number || !clean.bytes().all(|b| b.is_ascii_digit() || b == b'.' || b == b'-') {
        return None;
    }
    let bits = (clean.parse::<f64>().ok()? + 0.0).to_bits();
    Some(if bits >> 63 == 1 { !bits } else { bits | 1 << 63 })
}

/// How many values are sorted at once before keys are answered.
const CHUNK: usize = 0x8000;

/// Rows being sorted, by steps: the different texts are collected and sorted, then the rows are put where theirs belong.
#[derive(Debug)]
pub(super) struct Sorting {
    by: SortBy,
    kind: SortKind,
    places: HashMap<Arc<str>, u32, RandomState>,
    /// Whether each row is taken by itself, as where hardly two have the same: then no text is kept.
    is_by_row: bool,
    /// The keys of the different texts, each with the place at which its text was met.
    keys: Vec<(u128, u32)>,
    texts: Vec<Arc<str>>,
    /// The place of the text of each row, in the order of the rows.
    of_row: Vec<u32>,
    stage: Stage,
}

#[derive(Debug)]
enum Stage {
    Collect,
    /// Sorts pieces of the keys, each so long, from a place on.
    Sort(usize, usize),
    Place,
}

impl Sorting {
    pub fn new(by: SortBy) -> Sorting {
        Sorting {
            by,
            kind: by.column.field().map_or(SortKind::Sound, SortKind::of),
            is_by_row: by.column.field().is_some_and(|field| SortKind::of(field) == SortKind::Code),
            places: HashMap::default(),
            keys: Vec::new(),
            texts: Vec::new(),
            of_row: Vec::new(),
            stage: Stage::Collect,
        }
    }

    /// Goes on by one step; gives the rows once they are sorted.
    pub fn step(&mut self, batch: &Batch, rows: &[RowId]) -> Option<Vec<RowId>> {
        match self.stage {
            Stage::Collect => {
                let from = self.of_row.len();
                let upto = rows.len().min(from + 2 * CHUNK);
                self.collect(batch, &rows[from..upto]);
                if upto == rows.len() {
                    self.places = HashMap::default();
                    self.stage = Stage::Sort(CHUNK, 0);
                }
            }
            Stage::Sort(long, from) => {
                let upto = self.keys.len().min(from + long);
                let (kind, text) = (self.kind, text_of((self.by.column, self.is_by_row), &self.texts, batch, rows));
                // Two runs that are sorted already are merged by this, and cost no more than that.
                self.keys[from..upto]
                    .sort_by(|(a, x), (b, y)| a.cmp(b).then_with(|| kind.compare_rest(*a, text(*x), text(*y))));
                self.stage = match (upto < self.keys.len(), long < self.keys.len()) {
                    (true, _) => Stage::Sort(long, upto),
                    (false, true) => Stage::Sort(2 * long, 0),
                    (false, false) => Stage::Place,
                };
            }
            Stage::Place => return Some(self.place(batch, rows)),
        }
        None
    }

    fn collect(&mut self, batch: &Batch, rows: &[RowId]) {
        let roster = batch.roster();
        let mut take = |cell: &str| {
            if self.is_by_row {
                let place = self.of_row.len() as u32;
                self.keys.push((self.kind.key(cell), place));
                return self.of_row.push(place);
            }
            if let Some(place) = self.places.get(cell) {
                return self.of_row.push(*place);
            }
            let (place, text) = (self.texts.len() as u32, Arc::<str>::from(cell));
            self.keys.push((self.kind.key(cell), place));
            self.texts.push(Arc::clone(&text));
            self.places.insert(text, place);
            self.of_row.push(place);
        };
        match (rows.first(), rows.last()) {
            // A run of rows without gaps is gone through block by block.
            (Some(first), Some(last)) if (last - first) as usize == rows.len() - 1 => {
                self.by.column.texts_in(roster, *first..last + 1).for_each(|(_, cell)| take(cell));
            }
            _ => rows.iter().for_each(|row| take(self.by.column.text(roster, *row))),
        }
    }

    /// Puts the rows where their texts belong.
    fn place(&mut self, batch: &Batch, rows: &[RowId]) -> Vec<RowId> {
        let (kind, text) = (self.kind, text_of((self.by.column, self.is_by_row), &self.texts, batch, rows));
        let is_same = |(a, x): &(u128, u32), (b, y): &(u128, u32)| {
            a == b && kind.compare_rest(*a, text(*x), text(*y)) == Ordering::Equal
        };
        let filled = self.keys.partition_point(|(key, _)| *key >> KIND != BLANK);
        if self.by.is_descending {
            self.keys[..filled].reverse();
        }
        // What is equal has one rank, so that its rows stay as they stand in the file.
        let mut ranks = vec![0u32; self.keys.len()];
        let mut last = 0;
        for (rank, group) in self.keys.chunk_by(is_same).enumerate() {
            group.iter().for_each(|(_, place)| ranks[*place as usize] = rank as u32);
            last = rank;
        }
        let mut starts = vec![0u32; last + 2];
        self.of_row.iter().for_each(|place| starts[ranks[*place as usize] as usize + 1] += 1);
        (1..starts.len()).for_each(|rank| starts[rank] += starts[rank - 1]);
        let mut sorted = vec![0; rows.len()];
        for (row, place) in rows.iter().zip(&self.of_row) {
            let next = &mut starts[ranks[*place as usize] as usize];
            sorted[*next as usize] = *row;
            *next += 1;
        }
        sorted
    }
}

/// Gives what stands at a place of what is sorted: a text that is kept, or what the row there has.
fn text_of<'a>(
    (column, is_by_row): (CellSource, bool),
    texts: &'a [Arc<str>],
    batch: &'a Batch,
    rows: &'a [RowId],
) -> impl Fn(u32) -> &'a str {
    move |place| {
        if is_by_row {
            return rows.get(place as usize).map_or("", |row| column.text(batch.roster(), *row));
        }
        texts.get(place as usize).map_or("", |text| &**text)
    }
}
