//! A column of the roster, whether the form has it or the file alone.

use std::ops::Range;

use super::{Roster, RowId};
use crate::domain::sheet::Field;

/// Where a text stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CellSource {
    Field(Field),
    /// A column of the file that the form does not have, by its place; what stands there stays.
    Aside(usize),
}

impl CellSource {
    /// Gives what stands there.
    pub fn text(self, roster: &Roster, row: RowId) -> &str {
        match self {
            CellSource::Field(field) => roster.cell(row, field),
            CellSource::Aside(column) => roster.source_cell(row, column),
        }
    }

    /// Lists what stands there in a run of rows.
    pub fn texts_in(self, roster: &Roster, rows: Range<RowId>) -> Box<dyn Iterator<Item = (RowId, &str)> + '_> {
        match self {
            CellSource::Field(field) => Box::new(roster.column_in(field, rows)),
            CellSource::Aside(column) => Box::new(roster.blocks_in(rows).flat_map(move |(first, block, span)| {
                span.map(move |at| (first + at as RowId, block.cell(at, column)))
            })),
        }
    }

    pub fn field(self) -> Option<Field> {
        match self {
            CellSource::Field(field) => Some(field),
            CellSource::Aside(_) => None,
        }
    }

    /// Gives a number that stands for it: the fields first, then the columns of the file.
    pub fn number(self) -> usize {
        match self {
            CellSource::Field(field) => field.index(),
            CellSource::Aside(column) => Field::COUNT + column,
        }
    }

    /// Finds what a number stands for.
    pub fn numbered(number: usize) -> CellSource {
        match Field::ALL.get(number) {
            Some(field) => CellSource::Field(*field),
            None => CellSource::Aside(number - Field::COUNT),
        }
    }
}

impl From<Field> for CellSource {
    fn from(field: Field) -> CellSource {
        CellSource::Field(field)
    }
}
