//! Many rows at once: runs of a column, and which rows were edited.

use std::ops::Range;
use std::sync::Arc;

use super::{Block, Roster, RowId};
use crate::domain::sheet::Field;

impl Roster {
    /// Gives the cells of a column in a run of rows as they stand now.
    pub fn column_in(&self, field: Field, rows: Range<RowId>) -> impl Iterator<Item = (RowId, &str)> {
        let (column, edits) = (self.columns.of(field), &self.edits[field.index()]);
        self.blocks_in(rows).flat_map(move |(first, block, span)| {
            span.map(move |at| {
                let row = first + at as RowId;
                let edited = edits.get(&row);
                let imported = || column.map_or("", |column| block.cell(at, column));
                (row, edited.map_or_else(imported, |text| &**text))
            })
        })
    }

    /// Lists the blocks that a run of rows lies in: the first row of each, and which of its rows are of the run.
    pub(in crate::domain) fn blocks_in(
        &self,
        rows: Range<RowId>,
    ) -> impl Iterator<Item = (RowId, &Arc<Block>, Range<usize>)> {
        let before = self.first_rows.partition_point(|first| *first <= rows.start).saturating_sub(1);
        let met = self.blocks().skip(before).take_while(move |(first, _)| *first < rows.end);
        met.map(move |(first, block)| {
            let [from, to] = [rows.start, rows.end].map(|row| (row.saturating_sub(first) as usize).min(block.len()));
            (first, block, from..to)
        })
    }

    /// Lists the rows with an edited cell, in ascending order.
    pub fn edited_rows(&self) -> Vec<RowId> {
        let mut rows: Vec<RowId> = self.edits.iter().flat_map(|edits| edits.keys().copied()).collect();
        rows.sort_unstable();
        rows.dedup();
        rows
    }
}
