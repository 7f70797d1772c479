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
            self.add(row.line, row.cells.iter().map(|(text, mark)| (text.as_str(), *mark)));
        }
        while let Some(SheetRow { line, cells }) = reader.next_row()? {
            if self.is_full() {
                let (piece, report) = self.take(check);
                if deliver(piece, report).is_break() {
                    return Ok(());
                }
            }
            self.add(line, cells.iter().map(|c| (c.text(), c.mark)));
        }
        let (piece, report) = self.take(check);
        let _ = deliver(piece, report);
        Ok(())
    }

    fn is_full(&self) -> bool {
        self.wanted <= self.builder.len()
    }

    fn add<'b>(&mut self, line: u32, cells: impl Iterator<Item = (&'b str, Option<MarkKind>)>) {
        for (at, (text, mark)) in cells.enumerate() {
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
        // Rows that the sheet does not have are as blank as those it has and that hold nothing.
        if !self.kinds.takes_all() {
            self.piece.skipped.extend((self.next..line).map(|blank| (blank - self.first, SkipReason::Blank)));
        }
        self.next = line + 1;
        let row = &self.builder;
        match self
            .kinds
            .kind(row.open_width(), |i| row.open_cell(i), |i| note(row.open_mark(i)))
            .filter(|_| !self.kinds.keeps(line - self.start))
        {
            Some(reason) => {
                let (place, before) = ((line - self.first, reason), self.piece.skipped.last());
                self.texts.keep(place, before, (0..row.open_width()).map(|i| row.open_cell(i)));
                self.builder.drop_row();
                self.piece.skipped.push(place);
            }
            None => self.builder.end_row(line - self.first),
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
