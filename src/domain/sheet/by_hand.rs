//! Columns that the user matches (手工对应), by their labels or their letters.

use super::label::FoundBy;
use super::{ColumnMap, Field, MapFault, SheetSpec, SourceColumn, column_letters};
use crate::domain::text;

impl ColumnMap {
    /// Gives columns to fields as the user named them. Nothing is changed where one of them is not known.
    ///
    /// # Errors
    /// What is not known, or given twice.
    pub fn give(&mut self, map: &[(String, String)], spec: &SheetSpec) -> Result<(), MapFault> {
        let mut given: Vec<(usize, Field)> = Vec::new();
        for (source, target) in map {
            let column = self.named_column(source)?;
            let field = spec.field_of(target).ok_or_else(|| MapFault::NoField(target.clone()))?;
            if given.iter().any(|(c, f)| *c == column || *f == field) {
                return Err(MapFault::Twice(field));
            }
            given.push((column, field));
        }
        for (column, field) in given {
            self.assign(column, Some(field));
            self.source[column].by = FoundBy::Hand;
        }
        Ok(())
    }

    /// Finds a column by its label, or by its letters where no column is called so.
    fn named_column(&self, name: &str) -> Result<usize, MapFault> {
        let name = name.trim();
        let is_called = |label: &str| text::trimmed(label) == name || text::compact(label) == text::compact(name);
        let called = |exactly: bool| {
            let is_it = move |label: &str| if exactly { text::trimmed(label) == name } else { is_called(label) };
            (0..self.source.len()).filter(|i| is_it(&self.source[*i].label)).collect::<Vec<usize>>()
        };
        let exact = called(true);
        match &(if exact.is_empty() { called(false) } else { exact })[..] {
            [only] => Ok(*only),
            [] => {
                let letters = name.to_ascii_uppercase();
                let at = (0..self.source.len()).find(|i| column_letters(*i) == letters);
                at.ok_or_else(|| MapFault::NoColumn(name.to_string()))
            }
            _ => Err(MapFault::SeveralColumns(name.to_string())),
        }
    }

    /// Finds a column that no field was matched to by its label, or by its letters.
    pub fn aside_named(&self, name: &str) -> Option<usize> {
        self.named_column(name).ok().filter(|at| self.source[*at].field.is_none())
    }

    /// Tells whether each column holds the same field as in another matching, whatever it came to that by, and as much is left to
    /// be looked at.
    pub fn holds_as(&self, other: &ColumnMap) -> bool {
        let told = |c: &SourceColumn| (c.field, c.lost, c.is_open());
        let held = |map: &ColumnMap| map.source.iter().map(told).collect::<Vec<_>>();
        held(self) == held(other)
    }

    /// Notes of every column that holds another field than before, or was looked at, that somebody said so.
    pub fn note_hand(&mut self, before: &ColumnMap) {
        for (own, before) in self.source.iter_mut().zip(&before.source) {
            let is_said = own.field != before.field || (before.is_open() && !own.is_open());
            own.by = if own.field.is_some() && is_said { FoundBy::Hand } else { before.by };
        }
    }
}
