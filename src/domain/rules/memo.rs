//! What a check remembers from row to row: cells found clean are not looked at again.

use std::hash::{BuildHasher, Hasher};

use chrono::NaiveDate;
use foldhash::fast::FixedState;

use super::checker::{Sink, text};
use super::institutions::FiledMemo;
use super::scope::ScopeMemo;
use crate::domain::identity::IdReader;
use crate::domain::level::Level;
use crate::domain::sheet::Field;

const MEMO_SLOTS: usize = 4096;

/// Values found clean so far, per column, with what they mean. One goes with each thread from block to block.
#[derive(Debug)]
pub struct Memo {
    clean: Vec<CleanValue>,
    /// Per column, the slot of the value that was met last.
    last: [usize; Field::COUNT],
    pub(super) id_type: Recent<IdReader>,
    pub(super) level: Recent<Level>,
    pub(super) issued: Recent<NaiveDate>,
    /// The last occupation and its hash.
    pub(super) occupation: (Vec<u8>, u64),
    pub(super) filed: FiledMemo,
    pub(super) scope: ScopeMemo,
}

/// A value found clean. The same text may be clean in one column and wrong in another.
#[derive(Debug, Clone, Default)]
struct CleanValue {
    column: usize,
    text: Vec<u8>,
}

impl Default for Memo {
    fn default() -> Memo {
        Memo { clean: vec![CleanValue::default(); MEMO_SLOTS], ..Memo::none() }
    }
}

impl Memo {
    /// Makes one that remembers no words: for a single row, making room for them takes longer than reading it.
    pub(super) fn none() -> Memo {
        Memo {
            clean: Vec::new(),
            last: [0; Field::COUNT],
            id_type: Recent::default(),
            level: Recent::default(),
            issued: Recent::default(),
            occupation: Default::default(),
            filed: FiledMemo::default(),
            scope: ScopeMemo::default(),
        }
    }

    fn holds(&self, slot: usize, field: Field, value: &[u8]) -> bool {
        self.clean.get(slot).is_some_and(|known| known.text == value && known.column == field.index())
    }

    pub(super) fn is_last(&self, field: Field, value: &[u8]) -> bool {
        self.holds(self.last[field.index()], field, value)
    }

    /// Tells whether a non-empty value was found clean; the slot to remember it in otherwise.
    pub(super) fn known(&mut self, field: Field, value: &[u8]) -> Result<(), usize> {
        if self.is_last(field, value) {
            return Ok(());
        }
        let mut hasher = FixedState::default().build_hasher();
        hasher.write_u8(field as u8);
        hasher.write(value);
        let slot = hasher.finish() as usize % MEMO_SLOTS;
        if !self.holds(slot, field, value) {
            return Err(slot);
        }
        self.last[field.index()] = slot;
        Ok(())
    }

    pub(super) fn remember(&mut self, field: Field, slot: usize, value: &[u8]) {
        let Some(known) = self.clean.get_mut(slot) else { return };
        known.column = field.index();
        known.text.clear();
        known.text.extend_from_slice(value);
        self.last[field.index()] = slot;
    }
}

/// The last few values of a column that were found clean, with what they mean.
#[derive(Debug)]
pub(super) struct Recent<T> {
    values: [(Vec<u8>, Option<T>); 8],
    /// The place of the value met last.
    last: usize,
    /// The place the next new value takes.
    next: usize,
}

impl<T> Default for Recent<T> {
    fn default() -> Recent<T> {
        Recent { values: std::array::from_fn(|_| (Vec::new(), None)), last: 0, next: 0 }
    }
}

impl<T: Copy> Recent<T> {
    /// Gives what a value means: as remembered from when it was found clean, else as read now.
    pub(super) fn read_once(
        &mut self,
        value: &[u8],
        sink: &mut Sink<'_>,
        read: impl FnOnce(&str, &mut Sink<'_>) -> Option<T>,
    ) -> Option<T> {
        if !value.is_empty() {
            if self.values[self.last].0 == value {
                return self.values[self.last].1;
            }
            if let Some(i) = self.values.iter().position(|(known, _)| known == value) {
                self.last = i;
                return self.values[i].1;
            }
        }
        let before = sink.count();
        let meaning = read(text(value), sink);
        if before == sink.count() && !value.is_empty() {
            let (known, meant) = &mut self.values[self.next];
            known.clear();
            known.extend_from_slice(value);
            *meant = meaning;
            self.last = self.next;
            self.next = (self.next + 1) % self.values.len();
        }
        meaning
    }
}
