//! The child's outgoing side: cells in, frames out.

use super::merges::Merges;
use super::{frames, value};
use crate::domain::roster::MarkKind;
use crate::formats::formula::counts_rows;
use crate::formats::limits::Limits;
use crate::formats::{FileRefusal, RefusalKind};
use calamine::DataRef;
use std::collections::HashMap;
use std::io::{self, Write};

/// What may go out whatever the file's size.
const FREE_OUTPUT: u64 = 64 << 20;
/// What may go out for each byte of the file; a real roster deflates to a tenth, repeated text to a fiftieth.
const MAX_INFLATION: u64 = 100;

/// Why the child stops early.
#[derive(Debug)]
pub enum Stop {
    /// The file is refused.
    Refused(FileRefusal),
    /// The parent is gone; nobody reads.
    Gone,
}

impl From<FileRefusal> for Stop {
    fn from(refusal: FileRefusal) -> Stop {
        Stop::Refused(refusal)
    }
}

/// Makes the refusal of a file that is more than a roster can be.
pub fn too_large(detail: impl Into<String>) -> Stop {
    Stop::Refused(FileRefusal::new(RefusalKind::TooLarge, detail))
}

/// How a workbook's values are to be read.
#[derive(Debug, Clone, Copy, Default)]
pub struct WorkbookReading {
    /// Days are counted from 1904.
    pub date_1904: bool,
    /// Errors are stored as strings.
    pub errors_are_strings: bool,
}

struct PlacedCell {
    column: usize,
    mark: Option<MarkKind>,
    is_counted: bool,
    start: usize,
    end: usize,
}

/// How a cell came to its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    Typing,
    Formula,
    /// A formula that counts or computes over rows.
    Counting,
}

impl By {
    pub fn formula(formula: &str) -> By {
        if counts_rows(formula) { By::Counting } else { By::Formula }
    }
}

/// Collects cells to rows and sends each row when the next one begins.
pub struct RowCollector<W> {
    out: W,
    reading: WorkbookReading,
    limits: Limits,
    merges: Merges,
    /// Per column, the text of the first cell of its last merged range.
    tops: HashMap<usize, Box<[u8]>>,
    row: Option<u32>,
    /// The last row that was sent.
    sent: Option<u32>,
    cells: Vec<PlacedCell>,
    text: Vec<u8>,
    heads: Vec<u8>,
    left: u64,
}

impl<W: Write> RowCollector<W> {
    /// Makes the outgoing side for a file of a size.
    pub fn new(out: W, (size, limits): (u64, Limits), reading: WorkbookReading, merges: Merges) -> RowCollector<W> {
        let left = FREE_OUTPUT + size.saturating_mul(MAX_INFLATION);
        RowCollector {
            out,
            reading,
            limits,
            merges,
            tops: HashMap::new(),
            row: None,
            sent: None,
            cells: Vec::with_capacity(32),
            text: Vec::with_capacity(4096),
            heads: Vec::with_capacity(4096),
            left,
        }
    }

    /// Takes a cell; rows must come in order. An empty value with a formula is a formula without a stored value.
    pub fn cell(&mut self, row: u32, column: u32, value: &DataRef<'_>, by: By) -> Result<(), Stop> {
        if self.row != Some(row) {
            self.begin_row(row)?;
        }
        let column = column as usize;
        let start = self.text.len();
        let mark = match value {
            DataRef::Empty if by != By::Typing => Some(MarkKind::FormulaWithoutValue),
            DataRef::Empty => return Ok(()),
            _ => value::write(&mut self.text, value, self.reading.date_1904),
        };
        let end = self.text.len();
        let is_covered = self.merges.covers(column);
        // A text that a range covers is kept where it may be meant: straight below the first cell, and another than that.
        let is_lost = is_covered
            && (!self.merges.is_below_first(column)
                || self.tops.get(&column).is_some_and(|t| **t == self.text[start..]));
        if (start == end && mark.is_none()) || is_lost {
            self.text.truncate(start);
            return Ok(());
        }
        if !is_covered && self.merges.begins(column) {
            self.tops.insert(column, self.text[start..].into());
        }
        if column >= self.limits.columns as usize {
            return Err(too_large(format!("> {} columns", self.limits.columns)));
        }
        if end - start > (self.limits.cell_kb as usize) << 10 {
            return Err(too_large(format!("row {} cell", row + 1)));
        }
        if end > frames::MAX_ROW_TEXT {
            return Err(too_large(format!("row {}", row + 1)));
        }
        let mark = match mark {
            None if self.reading.errors_are_strings => {
                let text = std::str::from_utf8(&self.text[start..]).unwrap_or_default();
                value::is_error_text(text).then_some(MarkKind::Error)
            }
            mark => mark,
        };
        let mark = if is_covered { Some(MarkKind::Merged) } else { mark };
        self.cells.push(PlacedCell { column, mark, is_counted: by == By::Counting, start, end });
        Ok(())
    }

    /// Sends what is left. Blank rows that the sheet has below the last filled one are told by the last of them.
    pub fn finish(mut self) -> Result<W, Stop> {
        self.end_row()?;
        if let (Some(row), Some(sent)) = (self.row, self.sent)
            && sent < row
        {
            self.begin_head(row, 0);
            self.out.write_all(&self.heads).map_err(gone)?;
        }
        Ok(self.out)
    }

    fn begin_row(&mut self, row: u32) -> Result<(), Stop> {
        self.end_row()?;
        if row >= self.limits.rows {
            return Err(too_large(format!("> {} rows", self.limits.rows)));
        }
        if self.row.is_some_and(|last| row < last) {
            return Err(FileRefusal::new(RefusalKind::Damaged, format!("row {} is out of order", row + 1)).into());
        }
        self.merges.enter(row);
        self.row = Some(row);
        Ok(())
    }

    fn end_row(&mut self) -> Result<(), Stop> {
        let (Some(row), Some(last)) = (self.row, self.cells.last()) else { return Ok(()) };
        if !self.cells.is_sorted_by(|a, b| a.column < b.column) {
            self.put_in_order();
            return self.end_row();
        }
        let width = (last.column + 1).max(self.merges.width());
        self.begin_head(row, width);
        let mut column = 0;
        for cell in &self.cells {
            while column < cell.column {
                put_cell(&mut self.heads, (gap(&self.merges, column), false), 0);
                column += 1;
            }
            put_cell(&mut self.heads, (cell.mark, cell.is_counted), cell.end - cell.start);
            column += 1;
        }
        while column < width {
            put_cell(&mut self.heads, (gap(&self.merges, column), false), 0);
            column += 1;
        }
        let length = (self.heads.len() + self.text.len()) as u64;
        self.left = self.left.checked_sub(length).ok_or_else(|| too_large("text"))?;
        self.out.write_all(&self.heads).and_then(|()| self.out.write_all(&self.text)).map_err(gone)?;
        self.cells.clear();
        self.text.clear();
        self.sent = Some(row);
        Ok(())
    }

    fn begin_head(&mut self, row: u32, width: usize) {
        self.heads.clear();
        self.heads.push(frames::ROW);
        self.heads.extend_from_slice(&(row + 1).to_le_bytes());
        self.heads.extend_from_slice(&(width as u16).to_le_bytes());
        self.heads.extend_from_slice(&(self.text.len() as u32).to_le_bytes());
    }

    /// Puts the row's cells, and their texts, in the order of the columns. Of a cell that is stored twice the later
    /// one is kept, as spreadsheet programs do.
    fn put_in_order(&mut self) {
        self.cells.reverse();
        self.cells.sort_by_key(|cell| cell.column);
        self.cells.dedup_by_key(|cell| cell.column);
        let mut text = Vec::with_capacity(self.text.len());
        for cell in &mut self.cells {
            let start = text.len();
            text.extend_from_slice(&self.text[cell.start..cell.end]);
            (cell.start, cell.end) = (start, text.len());
        }
        self.text = text;
    }
}

/// Turns a failed write into the only reason it can have.
pub fn gone(_: io::Error) -> Stop {
    Stop::Gone
}

fn gap(merges: &Merges, column: usize) -> Option<MarkKind> {
    match (merges.is_below_first(column), merges.covers(column)) {
        (true, _) => Some(MarkKind::Merged),
        (false, true) => Some(MarkKind::MergedAside),
        (false, false) => None,
    }
}

fn put_cell(heads: &mut Vec<u8>, (mark, is_counted): (Option<MarkKind>, bool), length: usize) {
    heads.push(frames::mark_byte(mark) | if is_counted { frames::COUNTED } else { 0 });
    heads.extend_from_slice(&(length as u32).to_le_bytes());
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use calamine::Dimensions;

    fn text(s: &str) -> DataRef<'_> {
        DataRef::SharedString(s)
    }

    #[test]
    fn sends_rows_with_gaps_marks_and_merges() {
        let merges = Merges::new(vec![Dimensions::new((1, 1), (2, 2))], 500);
        let mut rows = RowCollector::new(Vec::new(), (0, Limits::default()), WorkbookReading::default(), merges);
        rows.cell(0, 2, &text("c"), By::Typing).unwrap();
        rows.cell(0, 0, &text("old"), By::Typing).unwrap();
        rows.cell(0, 0, &text("a"), By::Typing).unwrap();
        rows.cell(1, 1, &DataRef::Float(3.0), By::Typing).unwrap();
        rows.cell(1, 2, &text("hidden under the merge"), By::Typing).unwrap();
        rows.cell(2, 0, &DataRef::Empty, By::Formula).unwrap();
        rows.cell(3, 499, &DataRef::Empty, By::Typing).unwrap();
        let out = rows.finish().unwrap();
        let cell = |mark: u8, length: u8| vec![mark, length, 0, 0, 0];
        let row = |line: u8, cells: &[Vec<u8>], text: &str| {
            let head = vec![b'R', line, 0, 0, 0, cells.len() as u8, 0, text.len() as u8, 0, 0, 0];
            [head, cells.concat(), text.as_bytes().to_vec()].concat()
        };
        let expected = [
            row(1, &[cell(0, 1), cell(0, 0), cell(0, 1)], "ac"),
            // The cell straight below the range's first one is marked otherwise than those aside.
            row(2, &[cell(0, 0), cell(1, 1), cell(8, 0)], "3"),
            row(3, &[cell(5, 0), cell(6, 0), cell(8, 0)], ""),
            // The last of the blank rows at the end.
            row(4, &[], ""),
        ]
        .concat();
        assert_eq!(out, expected);
    }

    #[test]
    fn refuses_what_no_roster_is() {
        let rows =
            || RowCollector::new(io::sink(), (0, Limits::default()), WorkbookReading::default(), Merges::default());
        let kind = |stop: Result<(), Stop>| match stop {
            Err(Stop::Refused(refusal)) => Some(refusal.kind),
            _ => None,
        };
        assert_eq!(kind(rows().cell(0, 500, &text("x"), By::Typing)), Some(RefusalKind::TooLarge));
        assert_eq!(kind(rows().cell(0, 500, &DataRef::Empty, By::Typing)), None);
        assert_eq!(kind(rows().cell(1_048_576, 0, &text("x"), By::Typing)), Some(RefusalKind::TooLarge));
        assert_eq!(kind(rows().cell(0, 0, &text(&"x".repeat((1 << 20) + 1)), By::Typing)), Some(RefusalKind::TooLarge));
        let mut unordered = rows();
        unordered.cell(5, 0, &text("x"), By::Typing).unwrap();
        assert_eq!(kind(unordered.cell(4, 0, &text("x"), By::Typing)), Some(RefusalKind::Damaged));
        let (mut flood, long) = (rows(), "x".repeat(1 << 20));
        assert!((0..100).any(|row| kind(flood.cell(row, 0, &text(&long), By::Typing)) == Some(RefusalKind::TooLarge)));
    }
}
