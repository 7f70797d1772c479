//! What is said of rows besides their cells: why they were put aside (移出名册), and what somebody noted (备注).

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Roster, RowId, RowWhat};

#[derive(Debug, Clone, Default)]
pub(super) struct Said {
    aside: BTreeMap<RowId, Arc<str>>,
    notes: BTreeMap<RowId, Arc<str>>,
}

impl Said {
    fn of(&self, what: RowWhat) -> &BTreeMap<RowId, Arc<str>> {
        match what {
            RowWhat::Aside => &self.aside,
            RowWhat::Note => &self.notes,
        }
    }
}

impl Roster {
    /// Gives what is said of a row.
    pub fn said(&self, row: RowId, what: RowWhat) -> Option<&Arc<str>> {
        self.said.of(what).get(&row)
    }

    /// Lists the rows of which something is said, in order, with what is.
    pub fn all_said(&self, what: RowWhat) -> impl ExactSizeIterator<Item = (RowId, &str)> {
        self.said.of(what).iter().map(|(row, text)| (*row, &**text))
    }

    /// Tells whether a row was put aside: then it is nobody's of the roster any more, though it stands there.
    pub fn is_aside(&self, row: RowId) -> bool {
        self.said.aside.contains_key(&row)
    }

    /// Counts the rows that were put aside.
    pub fn count_aside(&self) -> RowId {
        self.said.aside.len() as RowId
    }

    /// Counts the rows that were not put aside.
    pub fn count_left(&self) -> RowId {
        self.len() - self.count_aside()
    }

    /// Lists the rows that were not put aside.
    pub fn left(&self) -> impl Iterator<Item = RowId> {
        (0..self.len()).filter(|row| !self.is_aside(*row))
    }

    /// Says something of a row, or takes it back.
    pub fn say(&mut self, row: RowId, what: RowWhat, text: Option<&Arc<str>>) {
        let said = match what {
            RowWhat::Aside => &mut self.said.aside,
            RowWhat::Note => &mut self.said.notes,
        };
        match text {
            Some(text) => drop(said.insert(row, Arc::clone(text))),
            None => drop(said.remove(&row)),
        }
    }
}
