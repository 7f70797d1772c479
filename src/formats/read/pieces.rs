//! The rows of a workbook, collected into pieces.

use std::ops::ControlFlow;

use super::HeldRow;
use crate::domain::roster::{BlockBuilder, MarkKind};
use crate::domain::sheet::{CellNote, RowKinds, SkipReason, SkippedTexts};
use crate::formats::csv_text::{BlockScratch, Check};
use crate::formats::idioms;
use crate::formats::workbook::{SheetRow, WorkbookReader};
use crate::formats::{FileRefusal, Piece};

/// Gives what a mark says of the row it stands in.
fn note(mark: Option<MarkKind>) -> CellNote {
    match mark {
        None | Some(MarkKind::Number | MarkKind::Date | MarkKind::DateWithTime | MarkKind::MergedAside) => {
            CellNote::Nothing
        }
        Some(kind) if kind.cleaning().is_some() => CellNote::Nothing,
        Some(MarkKind::Merged) => CellNote::Merged,
        Some(MarkKind::FormulaWithoutValue) => CellNote::NoValue,
        Some(_) => CellNote::Told,
    }
}

/// The cells of a row, each with its mark.
type Cells = Vec<(String, Option<MarkKind>)>;

/// Collects the rows of a workbook into pieces.
pub(super) struct Pieces<'a> {
    kinds: &'a RowKinds,
    /// The spreadsheet row at which the data begins.
    start: u32,
    builder: BlockBuilder,
    piece: Piece,
    texts: SkippedTexts,
    /// The spreadsheet row at which the piece begins, and the one after its last.
    first: u32,
    next: u32,
    wanted: usize,
    /// Where the day of issue stands.
    day: Option<usize>,
    /// The spreadsheet row of the last person, and rows below that look as a signature does: the next one tells whether they
    /// stand between people. Those that are people anyway and say nothing of the others wait with them.
    last: Option<u32>,
    waiting: Vec<(u32, Cells, bool)>,
    /// The columns of the row that is being built whose values were counted over rows.
    counted: Vec<usize>,
    scratch: BlockScratch,
}

impl<'a> Pieces<'a> {
    pub(super) fn new(kinds: &'a RowKinds, day: Option<usize>, first: u32) -> Pieces<'a> {
        Pieces {
            kinds,
            start: first,
            builder: BlockBuilder::new(),
            piece: Piece::default(),
            texts: SkippedTexts::default(),
            first,
            next: first,
            wanted: 256,
            day,
            last: None,
            waiting: Vec::new(),
            counted: Vec::new(),
            scratch: BlockScratch::default(),
        }
    }

    /// Reads the rows behind those that were read while the header was looked for.
    pub(super) fn read<T>(
        mut self,
        mut reader: WorkbookReader,
        held: &[HeldRow],
        check: &Check<'_, T>,
        deliver: &mut dyn FnMut(Piece, T) -> ControlFlow<()>,
    ) -> Result<(), FileRefusal> {
        let first = self.first;
        for row in held.iter().filter(|row| first <= row.line) {
            self.add(row.line, row.cells.iter().map(|(text, mark, is_counted)| (text.as_str(), *mark, *is_counted)));
        }
        while let Some(SheetRow { line, cells }) = reader.next_row()? {
            if self.is_full() {
                let (piece, report) = self.take(check);
                if deliver(piece, report).is_break() {
                    return Ok(());
                }
            }
            self.add(line, cells.iter().map(|c| (c.text(), c.mark, c.is_counted)));
        }
        self.settle(false);
        let (piece, report) = self.take(check);
        let _ = deliver(piece, report);
        Ok(())
    }

    fn is_full(&self) -> bool {
        self.wanted <= self.builder.len() && self.waiting.is_empty()
    }

    fn add<'b>(&mut self, line: u32, cells: impl Iterator<Item = (&'b str, Option<MarkKind>, bool)>) {
        self.counted.clear();
        for (at, (text, mark, is_counted)) in cells.enumerate() {
            if is_counted {
                self.counted.push(at);
            }
            let is_day = Some(at) == self.day;
            if mark.is_none()
                && let Some((inner, how)) = idioms::within(text, self.kinds.is_name(at))
            {
                self.builder.cell(inner);
                self.builder.mark(how);
                continue;
            }
            match mark {
                // The time at which somebody was entered is no part of the day of issue.
                Some(MarkKind::DateWithTime) if is_day => self.builder.cell(text.split(' ').next().unwrap_or(text)),
                _ => self.builder.cell(text),
            }
            if let Some(mark) = mark {
                self.builder.mark(mark);
            }
        }
        if self.next < line {
            self.settle(false);
        }
        // Rows that the sheet does not have are as blank as those it has and that hold nothing.
        if !self.kinds.takes_all() {
            self.piece.skipped.extend((self.next..line).map(|blank| (blank - self.first, SkipReason::Blank)));
        }
        self.next = line + 1;
        let row = &self.builder;
        let is_counted = || self.kinds.is_counted_foot(row.open_width(), |i| row.open_cell(i), &self.counted);
        let kind = || self.kinds.kind(row.open_width(), |i| row.open_cell(i), |i| note(row.open_mark(i)));
        let reason = if is_counted() { Some(SkipReason::Note) } else { kind() };
        let reason = reason.filter(|_| !self.kinds.keeps(line - self.start));
        let is_below = || self.last.is_some_and(|last| last + 1 == line);
        let waits = (!self.waiting.is_empty() || reason.is_some() && is_below())
            && self.waiting.len() < RowKinds::MOST_BETWEEN
            && self.kinds.may_stand_between(reason, row.open_width(), |i| row.open_cell(i));
        if waits {
            self.waiting.push((line, self.open_row(), reason.is_none()));
            self.builder.drop_row();
            return;
        }
        if !self.waiting.is_empty() {
            self.settle(reason.is_none() && self.kinds.is_person(row.open_width(), |i| row.open_cell(i)));
        }
        match reason {
            Some(reason) => self.skip(line, reason),
            None => {
                self.builder.end_row(line - self.first);
                self.last = Some(line);
            }
        }
    }

    fn skip(&mut self, line: u32, reason: SkipReason) {
        let (place, before) = ((line - self.first, reason), self.piece.skipped.last());
        self.texts.keep(place, before, (0..self.builder.open_width()).map(|i| self.builder.open_cell(i)));
        self.builder.drop_row();
        self.piece.skipped.push(place);
    }

    /// Puts the rows that wait before the one that is being built: as people, or as rows that are skipped.
    fn settle(&mut self, are_people: bool) {
        if self.waiting.is_empty() {
            return;
        }
        let open = self.open_row();
        self.builder.drop_row();
        for (line, cells, is_person) in std::mem::take(&mut self.waiting) {
            self.put(&cells);
            if are_people || is_person {
                self.builder.end_row(line - self.first);
            } else {
                self.skip(line, SkipReason::Note);
            }
        }
        self.put(&open);
    }

    fn open_row(&self) -> Cells {
        let row = &self.builder;
        (0..row.open_width())
            .map(|i| (String::from_utf8_lossy(row.open_cell(i)).into_owned(), row.open_mark(i)))
            .collect()
    }

    fn put(&mut self, cells: &Cells) {
        for (text, mark) in cells {
            self.builder.cell(text);
            if let Some(mark) = mark {
                self.builder.mark(*mark);
            }
        }
    }

    fn take<T>(&mut self, check: &Check<'_, T>) -> (Piece, T) {
        self.builder.note_skipped(std::mem::take(&mut self.texts));
        let block = std::mem::take(&mut self.builder).finish(self.next - self.first);
        let (block, report) = check(block, &mut self.scratch);
        self.first = self.next;
        self.wanted = 4096;
        (Piece { block, ..std::mem::take(&mut self.piece) }, report)
    }
}
