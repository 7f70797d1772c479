//! The sheets that are not read: how much stands on them, and what their first rows say.

use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{DataRef, Sheet, SheetType};

use super::frames::OtherTab;

/// In so many rows a header would stand.
const HEAD_ROWS: u32 = 30;
const HEAD_COLUMNS: u32 = 64;
/// No label is longer.
const HEAD_TEXT: usize = 40;
/// More sheets than this are not told one by one.
const MAX_SHEETS: usize = 100;
/// More cells than this are not counted, of all sheets together: rows beyond are not worth the wait.
const MAX_CELLS: u32 = 4_000_000;

/// Counts the rows of one sheet.
pub struct Tally<'a> {
    tab: OtherTab,
    last: Option<u32>,
    left: &'a mut u32,
}

impl Tally<'_> {
    /// Takes a cell; rows come in order. Tells whether more are wanted.
    pub fn take(&mut self, (row, column): (u32, u32), value: &DataRef<'_>) -> bool {
        *self.left = self.left.saturating_sub(1);
        if *value != DataRef::Empty {
            if self.last != Some(row) {
                (self.tab.rows, self.last) = (self.tab.rows + 1, Some(row));
            }
            let text = match value {
                DataRef::String(text) => text.as_str(),
                DataRef::SharedString(text) => text,
                _ => "",
            };
            if row < HEAD_ROWS && column < HEAD_COLUMNS && !text.trim().is_empty() {
                self.put(row as usize, column as usize, text);
            }
        }
        0 < *self.left
    }

    fn put(&mut self, row: usize, column: usize, text: &str) {
        if self.tab.head.len() <= row {
            self.tab.head.resize(row + 1, Vec::new());
        }
        let cells = &mut self.tab.head[row];
        if cells.len() <= column {
            cells.resize(column + 1, String::new());
        }
        cells[column] = text.chars().take(HEAD_TEXT).collect();
    }
}

/// Counts what stands on every sheet but the one that is read. What is wrong with one of them is no reason to refuse the
/// file, so that also a parser that panics only ends the counting.
pub fn count(sheets: &[Sheet], chosen: usize, mut cells: impl FnMut(&str, &mut Tally<'_>)) -> Vec<OtherTab> {
    let mut left = MAX_CELLS;
    let others = sheets.iter().enumerate().filter(|(at, sheet)| *at != chosen && sheet.typ == SheetType::WorkSheet);
    let mut all = Vec::new();
    for (_, sheet) in others.take(MAX_SHEETS) {
        let tab = OtherTab { name: sheet.name.clone(), ..OtherTab::default() };
        let mut tally = Tally { tab, last: None, left: &mut left };
        let done = catch_unwind(AssertUnwindSafe(|| cells(&sheet.name, &mut tally)));
        all.push(tally.tab);
        if done.is_err() || left == 0 {
            break;
        }
    }
    all
}
