//! How much is mended (已改): the cells that were at fault in the rows as they were imported, against those that are now.

use super::Batch;
use crate::domain::sheet::Field;

/// How many cells of each column are at fault, see [`Findings::faulty`](super::Findings::faulty).
pub(super) type Faulty = [usize; Field::COUNT];

/// How much of what was at fault in the imported rows is so no more, in cells: what a change of ten cells mends is ten, however
/// much was found in each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Mended {
    /// How many of the cells are at fault no more.
    pub gone: usize,
    /// How many were when the rows were imported.
    pub found: usize,
}

/// How a column stands, in cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ColumnState {
    pub filled: usize,
    /// How many have findings, blank ones too.
    pub found: usize,
    /// How many were when the rows were imported, and are no more.
    pub mended: usize,
}

impl Batch {
    /// Tells how a column stands.
    pub fn column_state(&self, field: Field) -> ColumnState {
        let faulty = self.findings.faulty()[field.index()];
        let mended = self.imported[field.index()].saturating_sub(faulty);
        ColumnState { filled: self.count_filled(field), found: self.findings.found()[field.index()], mended }
    }

    /// Tells how many cells of the imported rows were at fault and how many of these are mended; a cell of the same column that is
    /// at fault since makes up for one of them. What the ledger and the registry say counts neither way, nor do codes that are still
    /// to be given: numbers that are given, and institutions that are registered, change nothing here. Nothing is known before every row is there.
    pub fn mended(&self) -> Mended {
        let columns = self.imported.iter().zip(self.findings.faulty());
        Mended { gone: columns.map(|(was, is)| was.saturating_sub(*is)).sum(), found: self.imported.iter().sum() }
    }

    /// Counts the rows that have no certificate number, rows put aside left out; nothing where the form has no column for one.
    pub fn unnumbered(&self) -> Option<usize> {
        self.context().sheet().column(Field::Code)?;
        let rows = (self.roster().len() - self.roster().count_aside()) as usize;
        Some(rows.saturating_sub(self.count_filled(Field::Code)))
    }

    /// Counts the cells of a column that hold something, rows put aside left out.
    pub fn count_filled(&self, field: Field) -> usize {
        usize::try_from(self.held[field.index()]).unwrap_or(usize::MAX)
    }
}
