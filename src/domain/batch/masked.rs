//! How cells are shown masked (打码): by what their column holds, and those of a row that has moved by what they may be themselves.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use foldhash::fast::RandomState;

use super::Batch;
use crate::domain::masked_change::{masked_change, masked_change_by};
use crate::domain::roster::RowId;
use crate::domain::rules::{Finding, RuleId, Tables};
use crate::domain::sheet::Field;

/// How the texts of a column are masked where they are told without their rows: what only rows that have moved hold there is
/// masked as theirs.
#[derive(Debug, Clone)]
pub struct ColumnMask {
    field: Field,
    tables: Arc<Tables>,
    /// What rows that have moved hold, and how many of them.
    moved: HashMap<Box<str>, u32, RandomState>,
}

impl Batch {
    /// Tells whether cells of a row stand beside where they belong, or crosswise.
    pub fn has_moved(&self, row: RowId) -> bool {
        self.have_some_moved() && self.findings.of_row(row).iter().any(is_moved)
    }

    fn have_some_moved(&self) -> bool {
        MOVED.iter().any(|rule| self.findings.count_of(*rule) != 0)
    }

    /// Masks what a cell of a column of the form holds. Those of a row that has moved hold what belongs to others: a name may
    /// stand in any.
    pub fn masked<'a>(&self, row: RowId, field: Field, value: &'a str) -> Cow<'a, str> {
        if self.has_moved(row) {
            of_moved_row(self.context().tables(), Some(field), value)
        } else {
            in_place(field, value)
        }
    }

    /// Masks what a cell of a column that the form does not have holds, given by its place in the source.
    pub fn masked_aside<'a>(&self, row: RowId, column: usize, value: &'a str) -> Cow<'a, str> {
        if self.has_moved(row) {
            return of_moved_row(self.context().tables(), None, value);
        }
        let label = self.roster.columns.source.get(column).map_or("", |column| column.label.as_str());
        self.context().sheet().masked_sample(label, value)
    }

    /// Gives both texts of a change of a cell masked, as [`masked_change`] does.
    pub fn masked_change(&self, row: RowId, field: Field, [before, after]: [&str; 2]) -> [String; 2] {
        if !self.has_moved(row) {
            return masked_change(field, before, after);
        }
        let tables = self.context().tables();
        masked_change_by(|text| of_moved_row(tables, Some(field), text).into_owned(), before, after)
    }

    /// Gives how the texts of a column are masked where they are told without their rows.
    pub fn column_mask(&self, field: Field) -> ColumnMask {
        let mut moved: HashMap<Box<str>, u32, RandomState> = HashMap::default();
        if self.have_some_moved() {
            for finding in self.findings.iter().filter(|finding| is_moved(finding)) {
                *moved.entry(self.roster.cell(finding.row, field).into()).or_default() += 1;
            }
        }
        ColumnMask { field, tables: Arc::clone(self.context().tables()), moved }
    }
}

impl ColumnMask {
    pub fn field(&self) -> Field {
        self.field
    }

    /// Masks a text that so many rows have, of which all may have moved; 0 where nobody knows how many.
    pub fn shown<'a>(&self, text: &'a str, rows: u32) -> Cow<'a, str> {
        if self.is_of_moved(text, rows) {
            of_moved_row(&self.tables, Some(self.field), text)
        } else {
            in_place(self.field, text)
        }
    }

    /// Gives both texts of a change masked, as [`masked_change`] does; so many rows have the first.
    pub fn change(&self, before: &str, after: &str, rows: u32) -> [String; 2] {
        if !self.is_of_moved(before, rows) {
            return masked_change(self.field, before, after);
        }
        masked_change_by(|text| of_moved_row(&self.tables, Some(self.field), text).into_owned(), before, after)
    }

    fn is_of_moved(&self, text: &str, rows: u32) -> bool {
        self.moved.get(text).is_some_and(|moved| rows <= *moved)
    }
}

/// What is found of such rows.
const MOVED: [RuleId; 2] = [RuleId::RowMoved, RuleId::CellsCrosswise];

fn is_moved(finding: &Finding) -> bool {
    MOVED.contains(&finding.rule)
}

/// Masks what a cell of a row that has moved holds.
pub fn of_moved_row<'a>(tables: &Tables, field: Option<Field>, value: &'a str) -> Cow<'a, str> {
    if value.is_empty() || tables.id_types.knows(value.trim()) {
        return value.into();
    }
    tables.row_words.masked_aside(field, value).into()
}

fn in_place(field: Field, value: &str) -> Cow<'_, str> {
    if field.masks(value) { field.masked(value).into() } else { value.into() }
}
