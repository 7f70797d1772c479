//! The sheets that are not read: how much stands on them, and what their first rows say.

use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{DataRef, Sheet, SheetType};

use super::frames::OtherTab;
use super::value;

/// In so many rows a header would stand.
const HEAD_ROWS: u32 = 30;
const HEAD_COLUMNS: u32 = 64;
/// No label is longer.
const HEAD_TEXT: usize = 40;
/// More sheets than this are not told one by one.
const MAX_SHEETS: usize = 100;
/// More cells than this are not counted, of all sheets together: rows beyond are not worth the wait.
const MAX_CELLS: u32 = 4_000_000;
/// More text of first rows than this, of all sheets together, would be as large as a roster.
const MAX_HEADS: usize = 1 << 20;

/// Counts the rows of one sheet.
pub struct Tally<'a> {
    tab: OtherTab,
    last: Option<u32>,
    left: &'a mut u32,
    text_left: &'a mut usize,
    date_1904: bool,
}

impl Tally<'_> {
    /// Takes a cell; rows come in order. Tells whether more are wanted.
    pub fn take(&mut self, (row, column): (u32, u32), value: &DataRef<'_>) -> bool {
        *self.left = self.left.saturating_sub(1);
        if *value != DataRef::Empty {
            if self.last != Some(row) {
                (self.tab.rows, self.last) = (self.tab.rows + 1, Some(row));
            }
            if row < HEAD_ROWS && column < HEAD_COLUMNS {
                let mut text = Vec::new();
                value::write(&mut text, value, self.date_1904);
                self.put(row as usize, column as usize, &String::from_utf8_lossy(&text));
            }
        }
        self.tab.is_cut = *self.left == 0;
        !self.tab.is_cut
    }

    fn put(&mut self, row: usize, column: usize, text: &str) {
        let text: String = text.chars().filter(|c| !c.is_control()).take(HEAD_TEXT).collect();
        if text.trim().is_empty() || *self.text_left < text.len() {
            return;
        }
        *self.text_left -= text.len();
        if self.tab.head.len() <= row {
            self.tab.head.resize(row + 1, Vec::new());
        }
        let cells = &mut self.tab.head[row];
        if cells.len() <= column {
            cells.resize(column + 1, String::new());
        }
        cells[column] = text;
    }
}

/// Counts what stands on every sheet but the one that is read. What is wrong with one of them is no reason to refuse the
/// file, so that also a parser that panics only ends the counting.
pub fn count(
    (sheets, chosen): (&[Sheet], usize),
    date_1904: bool,
    mut cells: impl FnMut(&str, &mut Tally<'_>),
) -> Vec<OtherTab> {
    let (mut left, mut text_left) = (MAX_CELLS, MAX_HEADS);
    let others = sheets.iter().enumerate().filter(|(at, sheet)| *at != chosen && sheet.typ == SheetType::WorkSheet);
    let mut all = Vec::new();
    for (_, sheet) in others.take(MAX_SHEETS) {
        let tab = OtherTab { name: sheet.name.clone(), ..OtherTab::default() };
        let mut tally = Tally { tab, last: None, left: &mut left, text_left: &mut text_left, date_1904 };
        let done = catch_unwind(AssertUnwindSafe(|| cells(&sheet.name, &mut tally)));
        all.push(tally.tab);
        if done.is_err() || left == 0 {
            break;
        }
    }
    all
}
