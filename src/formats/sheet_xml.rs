//! Texts put into the cells of a sheet's XML (工作表的单元格): all else in it stays as it stands, to the byte.
//!
//! A sheet is gone through twice and never held: [`SheetFacts`] are gathered first, then it is copied with the texts in it.

mod copy;
mod facts;
mod place;

use std::collections::BTreeMap;

pub use copy::copy;
pub use facts::SheetFacts;
pub use place::{CellRange, Place};

/// The texts that cells are to have, by row and column from 0. An empty one empties its cell.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CellTexts {
    pub at: BTreeMap<Place, String>,
    /// Texts of new columns, by row and by which of them it is: they stand right of all that the sheet has.
    pub beside: BTreeMap<Place, String>,
}

impl CellTexts {
    pub fn is_empty(&self) -> bool {
        self.at.is_empty() && self.beside.is_empty()
    }

    /// Gives the texts by their places, when it is known which is the first new column.
    #[must_use]
    pub fn placed(&self, first_new: u32) -> BTreeMap<Place, &str> {
        let at = self.at.iter().map(|(place, text)| (*place, text.as_str()));
        let beside = self.beside.iter().map(|((row, nth), text)| ((*row, first_new + nth), text.as_str()));
        at.chain(beside).collect()
    }
}

#[cfg(test)]
mod tests;
