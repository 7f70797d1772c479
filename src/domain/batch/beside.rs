//! What the workbook says of a batch's rows and cells besides their texts.

use super::Batch;
use crate::domain::roster::{MarkKind, RowId};
use crate::domain::rules::TableFinding;
use crate::domain::sheet::{Field, GaveWay};

/// A cell of the spreadsheet: its row as that numbers it, and its column from 0.
pub type Place = (u32, usize);

/// What the source shows of a row or a cell besides its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    Struck,
    Greyed,
    /// A comment stands at the cell.
    Remark,
}

/// What was cleaned of a column when it was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cleaned {
    /// The part it is of; 0 in a roster of one file.
    pub part: usize,
    /// The source column, from 0.
    pub column: usize,
    pub how: MarkKind,
    pub cells: u64,
    /// The first row that has it, as the spreadsheet numbers it.
    pub first_line: u32,
}

impl Batch {
    /// Lists what is found about the table as a whole; an error there is to be settled before anything goes out.
    pub fn table_findings(&self) -> Vec<TableFinding> {
        let mut found = TableFinding::of(&self.roster.columns);
        found.iter_mut().filter(|f| f.to == GaveWay::LeftOut).for_each(|f| f.cells = self.left_out);
        let numbered = self.checker.numbered().zip(self.row_numbers.broken());
        found.extend(numbered.map(|(column, broken)| TableFinding::of_row_numbers(column, broken)));
        found.extend(self.strange_sex());
        found
    }

    /// Counts the cells that are filled in columns that were put out of the roster.
    pub fn cells_put_out(&self) -> u64 {
        self.left_out
    }

    /// Lists what was cleaned of the columns when they were read, in the order of the parts and the columns.
    pub fn cleaned(&self) -> &[Cleaned] {
        &self.cleaned
    }

    /// Takes what was cleaned in a block of a part, whose rows begin at `first`.
    pub(super) fn note_cleaned(&mut self, (part, first): (usize, RowId), cleaned: &[(u16, MarkKind, u32, RowId)]) {
        let day = self.roster.columns.of(Field::IssueDate);
        for (column, how, cells, row) in cleaned {
            let column = usize::from(*column);
            // Elsewhere a time stays; and what a row has behind the table's last column is told as surplus.
            let is_surplus = self.roster.columns.source.len() <= column;
            if is_surplus || (*how == MarkKind::DateWithTime && day != Some(column)) {
                continue;
            }
            match self.cleaned.iter_mut().find(|known| (known.part, known.column, known.how) == (part, column, *how)) {
                Some(known) => known.cells += u64::from(*cells),
                None => {
                    let first_line = self.roster.line(first + row);
                    self.cleaned.push(Cleaned { part, column, how: *how, cells: (*cells).into(), first_line });
                }
            }
        }
        self.cleaned.sort_by_key(|known| (known.part, known.column, known.how));
    }

    /// Lists the lines of data rows that the source does not show.
    pub fn hidden_lines(&self) -> Vec<u32> {
        self.roster.lines_in(&self.origin.beside.hidden_rows)
    }

    /// Lists those of them that are in a group that is folded.
    pub fn folded_lines(&self) -> Vec<u32> {
        self.roster.lines_in(&self.origin.beside.folded_rows)
    }

    /// Lists the columns that the source does not show and that have a label; one that gave way for it is told by that.
    pub fn hidden_columns(&self) -> Vec<usize> {
        let runs = &self.origin.beside.hidden_columns;
        let is_hidden = |at: usize| runs.iter().any(|(from, to)| (*from as usize..=*to as usize).contains(&(at + 1)));
        let columns = self.roster.columns.source.iter().enumerate();
        let told = columns.filter(|(at, column)| {
            let gave_way = column.lost.is_some_and(|lost| lost.to == GaveWay::Hidden);
            is_hidden(*at) && !gave_way && (column.field.is_some() || !column.label.trim().is_empty())
        });
        told.map(|(at, _)| at).collect()
    }

    /// Lists the source columns, each as the first and the last of a run: those without a label that hold no field stand
    /// together.
    pub fn column_runs(&self) -> Vec<(usize, usize)> {
        let source = &self.roster.columns.source;
        let is_nothing = |at: usize| {
            source.get(at).is_some_and(|c| c.field.is_none() && c.lost.is_none() && c.label.trim().is_empty())
        };
        let mut runs: Vec<(usize, usize)> = Vec::new();
        for at in 0..source.len() {
            match runs.last_mut() {
                Some((_, last)) if is_nothing(at) && is_nothing(*last) => *last = at,
                _ => runs.push((at, at)),
            }
        }
        runs
    }

    /// Lists the lines of people who are struck out in the source.
    pub fn struck_lines(&self) -> Vec<u32> {
        self.roster.lines_in(&self.origin.beside.struck_rows)
    }

    /// Lists the lines of people who are greyed in the source; none where so many are that it is a pattern.
    pub fn greyed_lines(&self) -> Vec<u32> {
        let lines = self.roster.lines_in(&self.origin.beside.greyed_rows);
        if lines.len() * 3 <= self.roster.rows_of(0).1 as usize { lines } else { Vec::new() }
    }

    /// Tells what the source shows of a cell besides its text, or of its whole row.
    pub fn look(&self, row: RowId, field: Option<Field>) -> Option<Look> {
        let number = self.roster.part_of(row);
        let part = self.roster.parts().get(number);
        let beside = part.map_or(&self.origin.beside, |part| &part.origin.beside);
        let line = self.roster.line(row);
        let lies_in = |runs: &[(u32, u32)]| {
            let at = runs.partition_point(|(_, last)| *last < line);
            runs.get(at).is_some_and(|(first, _)| *first <= line)
        };
        let columns = part.map_or(&self.roster.columns, |part| &part.columns);
        let column = field.and_then(|field| columns.of(field)).map(|at| at as u32 + 1);
        let is_among = |cells: &[(u32, u32)]| column.is_some_and(|at| cells.contains(&(line, at)));
        if lies_in(&beside.struck_rows) || is_among(&beside.struck_cells) || is_among(&beside.partly_struck) {
            return Some(Look::Struck);
        }
        if is_among(&beside.remarks) {
            return Some(Look::Remark);
        }
        let is_pattern = || match number {
            0 => self.greyed_lines().is_empty(),
            number => self.part_alone(number).greyed_lines().is_empty(),
        };
        (lies_in(&beside.greyed_rows) && !is_pattern()).then_some(Look::Greyed)
    }

    /// Lists the single cells of people that are struck out in the source.
    pub fn struck_cells(&self) -> Vec<Place> {
        self.of_people(&self.origin.beside.struck_cells)
    }

    /// Lists the cells of people of which a part is struck out in the source; they were read whole.
    pub fn partly_struck(&self) -> Vec<Place> {
        self.of_people(&self.origin.beside.partly_struck)
    }

    /// Lists the cells of people that have a remark.
    pub fn remarks(&self) -> Vec<Place> {
        self.of_people(&self.origin.beside.remarks)
    }

    fn of_people(&self, places: &[(u32, u32)]) -> Vec<Place> {
        let is_persons = |line: u32| self.roster.row_at_line(line).is_some_and(|row| self.roster.line(row) == line);
        let those = places.iter().filter(|(line, _)| is_persons(*line));
        those.map(|(line, column)| (*line, (*column as usize).saturating_sub(1))).collect()
    }

    /// Counts the days of issue from which the time was taken off.
    pub fn times_taken_off(&self) -> usize {
        let of_day = self.cleaned.iter().filter(|known| known.how == MarkKind::DateWithTime);
        of_day.map(|known| known.cells as usize).sum()
    }
}
