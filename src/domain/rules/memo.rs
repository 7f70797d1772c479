//! What a check remembers from row to row: cells found clean are not looked at again.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher, Hasher};
use std::ops::Range;

use chrono::NaiveDate;
use foldhash::fast::FixedState;

use super::Finding;
use super::checker::{Sink, hash, text};
use super::institutions::FiledMemo;
use super::scope::ScopeMemo;
use super::usual::WATCHED;
use super::ways::WayMemo;
use crate::domain::identity::IdReader;
use crate::domain::level::Level;
use crate::domain::roster::RowId;
use crate::domain::sheet::Field;

const MEMO_SLOTS: usize = 4096;

/// A value may stand in so many slots; those of a large roster would push each other out of a single one.
const WAYS: usize = 4;

/// A column with more different texts has no usual one.
pub const MOST_TEXTS: usize = 2000;

/// So many rows are noted of each text.
pub const NOTED_ROWS: usize = 20;

/// Values found clean so far, per column, with what they mean. One goes with each thread from block to block.
#[derive(Debug)]
pub struct Memo {
    clean: Vec<CleanValue>,
    /// The keys of these, 0 for none: those of a few slots stand in one line of the cache.
    keys: Vec<u64>,
    /// Per column, the slot of the value that was met last.
    last: [usize; Field::COUNT],
    pub(super) id_type: ReadValues<IdReader>,
    pub(super) level: ReadValues<Level>,
    pub(super) issued: ReadValues<NaiveDate>,
    pub(super) filed: FiledMemo,
    pub(super) scope: ScopeMemo,
    pub(super) ways: WayMemo,
    /// The slots of values that were met since the last block.
    touched: Vec<usize>,
    /// What is counted beside the slots: values that are not clean, and those that lost their slot.
    others: HashMap<u64, TextCount, FixedState>,
    /// The keys of the texts that were given to whoever counts them.
    told: HashSet<u64, FixedState>,
    /// How many of these there are by watched column.
    told_of: [usize; WATCHED.len()],
    /// By column, the place among those that are watched, while it has not too many texts.
    watched: [Option<u8>; Field::COUNT],
    crowded: u8,
}

/// A text of a watched column, as it was met in a block.
#[derive(Debug, Clone)]
pub struct MetText {
    /// The place of its column among those that are watched.
    pub column: u8,
    pub key: u64,
    /// The text, the first time it is told.
    pub text: Option<Box<str>>,
    pub count: u32,
    /// The first rows that have it, counted from the block's first.
    pub rows: Vec<RowId>,
}

/// How often a text was met since the last block, and the first rows of all that had it.
#[derive(Debug, Clone, Default)]
struct TextCount {
    column: u8,
    text: Vec<u8>,
    count: u32,
    noted: usize,
    rows: Vec<RowId>,
}

impl TextCount {
    fn met(&mut self, row: RowId) {
        self.count += 1;
        if self.noted < NOTED_ROWS {
            self.noted += 1;
            self.rows.push(row);
        }
    }
}

/// Tells whether two cells are equal. Most are so short that calling what compares longer ones takes more time than comparing.
#[inline]
pub(super) fn is_same(a: &[u8], b: &[u8]) -> bool {
    match (a.split_first_chunk::<8>(), b.split_first_chunk::<8>()) {
        _ if a.len() != b.len() => false,
        (Some(_), Some(_)) if 16 < a.len() => a == b,
        (Some((a8, _)), Some((b8, _))) => a8 == b8 && a.last_chunk::<8>() == b.last_chunk::<8>(),
        _ => a.iter().zip(b).all(|(a, b)| a == b),
    }
}

/// Gives the key of a text in a column, never 0.
pub fn text_key(field: Field, value: &[u8]) -> u64 {
    let mut hasher = FixedState::default().build_hasher();
    hasher.write_u8(field as u8);
    hasher.write(value);
    hasher.finish().max(1)
}

/// A value found clean. The same text may be clean in one column and wrong in another.
#[derive(Debug, Clone, Default)]
struct CleanValue {
    column: u8,
    text: Vec<u8>,
    count: u32,
    noted: u8,
    /// Whether its text was given to whoever counts it.
    is_told: bool,
    rows: Vec<RowId>,
}

impl Default for Memo {
    fn default() -> Memo {
        let place = |field| WATCHED.iter().position(|watched| *watched == field).map(|place| place as u8);
        let clean = vec![CleanValue::default(); MEMO_SLOTS];
        Memo {
            clean,
            keys: vec![0; MEMO_SLOTS],
            id_type: ReadValues { values: FewValues::new() },
            level: ReadValues { values: FewValues::new() },
            issued: ReadValues { values: FewValues::new() },
            ways: WayMemo::new(),
            watched: Field::ALL.map(place),
            ..Memo::none()
        }
    }
}

impl Memo {
    /// Makes one that counts nothing, for rows whose texts have been counted before.
    pub fn uncounted() -> Memo {
        Memo { watched: [None; Field::COUNT], ..Memo::default() }
    }

    /// Makes one that remembers no words: for a single row, making room for them takes longer than reading it.
    pub(in crate::domain) fn none() -> Memo {
        Memo {
            clean: Vec::new(),
            keys: Vec::new(),
            last: [0; Field::COUNT],
            id_type: ReadValues::default(),
            level: ReadValues::default(),
            issued: ReadValues::default(),
            filed: FiledMemo::default(),
            scope: ScopeMemo::default(),
            ways: WayMemo::default(),
            touched: Vec::new(),
            others: HashMap::default(),
            told: HashSet::default(),
            told_of: [0; WATCHED.len()],
            watched: [None; Field::COUNT],
            crowded: 0,
        }
    }

    fn holds(&self, slot: usize, field: Field, value: &[u8]) -> bool {
        self.clean.get(slot).is_some_and(|known| is_same(&known.text, value) && known.column == field as u8)
    }

    pub(super) fn is_last(&self, field: Field, value: &[u8]) -> bool {
        self.holds(self.last[field.index()], field, value)
    }

    /// Tells whether a non-empty value was found clean; its key to remember it under otherwise.
    pub(super) fn known(&mut self, field: Field, value: &[u8]) -> Result<(), u64> {
        if self.is_last(field, value) {
            return Ok(());
        }
        let key = text_key(field, value);
        let may_hold = |slot: &usize| self.keys.get(*slot) == Some(&key);
        let slot = Memo::slots(key).filter(may_hold).find(|slot| self.holds(*slot, field, value)).ok_or(key)?;
        self.last[field.index()] = slot;
        Ok(())
    }

    fn slots(key: u64) -> Range<usize> {
        let first = key as usize % MEMO_SLOTS / WAYS * WAYS;
        first..first + WAYS
    }

    pub(super) fn remember(&mut self, field: Field, key: u64, value: &[u8]) {
        let is_free = |slot: &usize| self.keys.get(*slot) == Some(&0);
        let one_of_them = (key >> 32) as usize % WAYS;
        let slot = Memo::slots(key).find(is_free).or_else(|| Memo::slots(key).nth(one_of_them)).unwrap_or(0);
        self.let_go(slot);
        let Some(known) = self.clean.get_mut(slot) else { return };
        self.keys[slot] = key;
        (known.column, known.noted, known.is_told) = (field as u8, 0, false);
        known.text.clear();
        known.text.extend_from_slice(value);
        self.last[field.index()] = slot;
    }

    /// Counts the value that was met last in a column and is clean.
    pub(super) fn met_again(&mut self, field: Field, row: RowId) {
        if self.watched[field.index()].is_none() {
            return;
        }
        let slot = self.last[field.index()];
        let Some(known) = self.clean.get_mut(slot) else { return };
        if known.count == 0 {
            self.touched.push(slot);
        }
        known.count += 1;
        if usize::from(known.noted) < NOTED_ROWS {
            known.noted += 1;
            known.rows.push(row);
        }
    }

    /// Counts another value of a column.
    pub(super) fn met(&mut self, field: Field, value: &[u8], row: RowId) {
        let Some(column) = self.watched[field.index()] else { return };
        let key = text_key(field, value);
        let new = || TextCount { column, text: value.to_vec(), ..TextCount::default() };
        self.others.entry(key).or_insert_with(new).met(row);
    }

    /// Keeps what was counted of a value that loses its slot.
    fn let_go(&mut self, slot: usize) {
        let Some(known) = self.clean.get_mut(slot).filter(|known| known.count != 0) else { return };
        let (count, rows) = (std::mem::take(&mut known.count), std::mem::take(&mut known.rows));
        let Some(column) = Field::ALL.get(usize::from(known.column)).and_then(|field| self.watched[field.index()])
        else {
            return;
        };
        let new = || TextCount { column, text: known.text.clone(), ..TextCount::default() };
        let kept = self.others.entry(self.keys[slot]).or_insert_with(new);
        kept.count += count;
        kept.noted += rows.len();
        kept.rows.extend(rows);
    }

    /// Gives what was met of the watched columns since it was last asked for, and which of these have too many texts.
    pub(super) fn take_met(&mut self) -> (Vec<MetText>, u8) {
        let mut met = Vec::with_capacity(self.touched.len());
        for slot in std::mem::take(&mut self.touched) {
            let known = &mut self.clean[slot];
            let (count, rows) = (std::mem::take(&mut known.count), std::mem::take(&mut known.rows));
            let column = Field::ALL.get(usize::from(known.column)).and_then(|field| self.watched[field.index()]);
            let (Some(column), true) = (column, count != 0) else { continue };
            let key = self.keys[slot];
            let is_new = !known.is_told && self.told.insert(key);
            known.is_told = true;
            let text = is_new.then(|| Box::from(text(&known.text)));
            self.told_of[usize::from(column)] += usize::from(is_new);
            met.push(MetText { column, key, text, count, rows });
        }
        for (key, other) in self.others.iter_mut().filter(|(_, other)| other.count != 0) {
            let (count, rows) = (std::mem::take(&mut other.count), std::mem::take(&mut other.rows));
            let text = self.told.insert(*key).then(|| Box::from(text(&other.text)));
            self.told_of[usize::from(other.column)] += usize::from(text.is_some());
            met.push(MetText { column: other.column, key: *key, text, count, rows });
        }
        for (place, field) in WATCHED.iter().enumerate() {
            if MOST_TEXTS < self.told_of[place] && self.crowded & 1 << place == 0 {
                self.crowded |= 1 << place;
                self.watched[field.index()] = None;
                self.others.retain(|_, other| usize::from(other.column) != place);
            }
        }
        (met, self.crowded)
    }
}

/// What is known of the few different values of a column. One that was made by default remembers nothing.
#[derive(Debug)]
pub(super) struct FewValues<V> {
    /// The keys of the values, 0 for none.
    keys: Vec<u64>,
    values: Vec<(Vec<u8>, V)>,
}

impl<V> Default for FewValues<V> {
    fn default() -> FewValues<V> {
        FewValues { keys: Vec::new(), values: Vec::new() }
    }
}

impl<V: Default> FewValues<V> {
    const SLOTS: usize = 64;

    pub fn new() -> FewValues<V> {
        let values = std::iter::repeat_with(Default::default).take(Self::SLOTS).collect();
        FewValues { keys: vec![0; Self::SLOTS], values }
    }

    /// Gives what is known of a value; the key to remember it under otherwise.
    pub fn known(&self, value: &[u8]) -> Result<&V, u64> {
        let key = hash(value);
        let mut slots = Self::slots(key).filter(|slot| self.keys.get(*slot) == Some(&key));
        let known = slots.find_map(|slot| self.values.get(slot).filter(|(text, _)| is_same(text, value)));
        known.map(|(_, known)| known).ok_or(key)
    }

    fn slots(key: u64) -> Range<usize> {
        let first = key as usize % Self::SLOTS / WAYS * WAYS;
        first..first + WAYS
    }

    pub fn remember(&mut self, key: u64, value: &[u8], known: V) {
        let is_free = |slot: &usize| self.keys.get(*slot) == Some(&0);
        let slot = Self::slots(key).find(is_free).unwrap_or(Self::slots(key).start + (key >> 32) as usize % WAYS);
        if let (Some(of), Some(place)) = (self.keys.get_mut(slot), self.values.get_mut(slot)) {
            (*of, *place) = (key, (value.to_vec(), known));
        }
    }
}

/// The values of a column that is read by itself: what each means, and what was found of it.
#[derive(Debug)]
pub(super) struct ReadValues<T> {
    values: FewValues<(Option<T>, Vec<Finding>)>,
}

impl<T> Default for ReadValues<T> {
    fn default() -> ReadValues<T> {
        ReadValues { values: FewValues::default() }
    }
}

impl<T: Copy> ReadValues<T> {
    /// Gives what a value means: as remembered, with what was found of it, else as read now.
    pub(super) fn read_once(
        &mut self,
        value: &[u8],
        sink: &mut Sink<'_>,
        read: impl FnOnce(&str, &mut Sink<'_>) -> Option<T>,
    ) -> Option<T> {
        if value.is_empty() {
            return read(text(value), sink);
        }
        match self.values.known(value) {
            Ok((meaning, found)) => {
                sink.find_again(found);
                *meaning
            }
            Err(key) => {
                let before = sink.count();
                let meaning = read(text(value), sink);
                self.values.remember(key, value, (meaning, sink.since(before).to_vec()));
                meaning
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OCCUPATION: &[u8] = "电工".as_bytes();

    fn meet(memo: &mut Memo) -> (usize, usize) {
        for row in 0..100 {
            memo.met(Field::Employer, format!(" 第{row}厂").as_bytes(), row);
            if let Err(key) = memo.known(Field::Occupation, OCCUPATION) {
                memo.remember(Field::Occupation, key, OCCUPATION);
            }
            memo.met_again(Field::Occupation, row);
        }
        (memo.others.len(), memo.touched.len())
    }

    #[test]
    fn cells_are_equal_by_all_their_bytes() {
        let cell: Vec<u8> = (1..=40).collect();
        let copy = cell.clone();
        for length in 0..=cell.len() {
            let one = &cell[..length];
            assert!(is_same(one, &copy[..length]));
            for at in 0..length {
                let mut other = one.to_vec();
                other[at] = 0;
                assert!(!is_same(one, &other), "{length} {at}");
                assert!(!is_same(one, &other[..at]));
            }
        }
    }

    #[test]
    fn what_has_been_counted_before_is_not_kept_again() {
        let mut memo = Memo::default();
        assert_eq!(meet(&mut memo), (100, 1));
        assert_eq!(memo.take_met().0.len(), 101);
        let mut memo = Memo::uncounted();
        assert_eq!(meet(&mut memo), (0, 0));
        assert!(memo.is_last(Field::Occupation, OCCUPATION), "it still knows what is clean");
        assert!(memo.take_met().0.is_empty());
    }
}
