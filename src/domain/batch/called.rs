//! Whose names stand in a roster (名册里的姓名): what somebody writes about a row may name anybody of it.

use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::domain::roster::{CellEdit, Roster, RowId};
use crate::domain::sheet::{CalledNames, Field, RowWords};

/// The columns in which names stand.
const NAMES: [Field; 2] = [Field::Name, Field::OldName];

/// The names, gathered when they are asked for first. One that was edited away is still somebody's.
#[derive(Debug, Default)]
pub(super) struct Called(Mutex<Gathered>);

#[derive(Debug, Clone, Default)]
struct Gathered {
    /// How many rows have been looked at.
    rows: RowId,
    names: CalledNames,
}

impl Clone for Called {
    fn clone(&self) -> Called {
        Called(Mutex::new(self.gathered().clone()))
    }
}

impl Called {
    fn gathered(&self) -> MutexGuard<'_, Gathered> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes what an edit writes into a cell, and what it takes away.
    pub fn note(&self, edit: &CellEdit, words: &RowWords) {
        if NAMES.contains(&edit.field) {
            let names = &mut self.gathered().names;
            [&edit.before, &edit.after].into_iter().for_each(|name| words.call(name, names));
        }
    }

    /// Does something with the names of all rows that are there.
    pub fn with<T>(&self, roster: &Roster, words: &RowWords, then: impl FnOnce(&CalledNames) -> T) -> T {
        let mut gathered = self.gathered();
        let Gathered { rows, names } = &mut *gathered;
        if *rows < roster.len() {
            for field in NAMES.into_iter().filter(|field| roster.columns.of(*field).is_some()) {
                roster.column(field).skip(*rows as usize).for_each(|(_, name)| words.call(name, names));
            }
            *rows = roster.len();
        }
        then(names)
    }
}
