//! Where the header stands (表头), and in which encoding the text is read: the user points at it among the first rows.

use std::path::Path;

use unicode_width::UnicodeWidthStr;

use super::adding::ToRead;
use super::{Import, ImportStep};
use crate::app::command::Command;
use crate::app::context::Context;
use crate::app::intent::Intent;
use crate::app::msg::{Effect, ReadJob};
use crate::domain::batch::Batch;
use crate::domain::ledger::BatchId;
use crate::domain::roster::Origin;
use crate::domain::sheet::{GivenReading, TextEncoding};
use crate::domain::text;

/// The first rows of a file whose header is to be pointed at.
#[derive(Debug, Clone, Default)]
pub struct FirstRows {
    pub rows: Vec<Vec<String>>,
    /// Empty for a text file.
    pub sheet: String,
    pub encoding: String,
}

/// So many characters of a cell are shown.
const CELL: usize = 22;

impl Import {
    /// Lists the first rows of the file, the row number before each.
    pub fn row_lines(&self) -> Vec<String> {
        shown(&self.first_rows.rows)
    }

    /// Gives the file's encoding, where it is a text file.
    pub fn text_encoding(&self) -> Option<&str> {
        Some(self.first_rows.encoding.as_str()).filter(|_| self.first_rows.sheet.is_empty())
    }

    /// Takes the rows among which the header is to be pointed at.
    pub(in crate::app) fn take_first_rows(&mut self, rows: FirstRows) {
        self.first_rows = rows;
        let last = self.first_rows.rows.len().saturating_sub(1);
        let blank = self.first_rows.rows.iter().take_while(|row| row.iter().all(|c| c.trim().is_empty())).count();
        self.at = self.header_row.map_or(blank, |row| (row as usize).saturating_sub(1)).min(last);
        (self.step, self.opening) = (ImportStep::Header, false);
    }

    pub(super) fn header_command(&mut self, command: Command, to: &mut Context<'_>) -> Intent {
        match command {
            Command::PutHeader => self.put_header(self.at as u32 + 1, to),
            Command::NoHeader => self.put_header(0, to),
            _ => {
                self.point_at_header(to);
                Intent::Nothing
            }
        }
    }

    /// Has the file read with the header in a row; in none with 0.
    fn put_header(&mut self, row: u32, to: &mut Context<'_>) -> Intent {
        let Some(path) = self.path.clone() else { return Intent::Nothing };
        let blank = |row: &Vec<String>| row.iter().all(|cell| cell.trim().is_empty());
        if row != 0 && self.first_rows.rows.get(row as usize - 1).is_none_or(blank) {
            to.warn("status.blank-header");
            return Intent::Nothing;
        }
        let given = GivenReading { header_row: Some(row), ..self.given.clone() };
        self.read_otherwise(ToRead { path, sheet: self.sheet.clone(), given, columns: None })
    }

    /// Has the first rows of the file shown, to put the header elsewhere.
    fn point_at_header(&mut self, to: &mut Context<'_>) {
        let Some(path) = self.path.clone() else { return };
        let job = self.outdate();
        self.opening = true;
        self.returns = true;
        let sheet = self.sheet.clone();
        to.push(Effect::Read(ReadJob { sheet, points_at_header: true, ..self.order(job, path) }));
    }

    /// Has the file in hand, in the file list that under the cursor, read in an encoding; with none in the one it is taken for.
    pub(in crate::app) fn read_in(&mut self, encoding: Option<TextEncoding>) -> Intent {
        let path = if self.step == ImportStep::Browse { self.entry_path() } else { self.path.clone() };
        let Some(path) = path else { return Intent::Nothing };
        let sheet = if self.path.as_ref() == Some(&path) { self.sheet.clone() } else { None };
        let given = GivenReading { encoding, ..GivenReading::default() };
        self.header_row = None;
        self.read_otherwise(ToRead { path, sheet, given, columns: None })
    }

    /// Tells whether the encoding of the file in hand can be another one: a workbook says its own.
    pub(in crate::app) fn has_encoding(&self) -> bool {
        match self.step {
            ImportStep::Browse => self.entry_path().is_some(),
            ImportStep::Header => self.first_rows.sheet.is_empty(),
            _ => self.is_text,
        }
    }

    /// Gives the encoding that was chosen for the file in hand.
    pub(in crate::app) fn given_encoding(&self) -> Option<TextEncoding> {
        self.given.encoding
    }

    /// Takes note of how the file in hand was read.
    pub(super) fn note_origin(&mut self, origin: &Origin) {
        self.is_text = origin.sheet.is_empty();
        self.taken_by = (origin.beside.how.columns, origin.beside.how.header);
        self.header_row = Some(origin.header_row);
        self.first_rows.encoding.clone_from(&origin.encoding);
    }

    /// Has the batch on screen read again with a row of one of its parts as data that was skipped.
    pub(in crate::app) fn take_back(
        &mut self,
        (batch, id): (&Batch, Option<BatchId>),
        source: &Path,
        (part, row): (usize, u32),
        to: &mut Context<'_>,
    ) {
        self.stop_adding();
        let mut all = ToRead::of_batch(batch, source);
        if let Some(own) = all.get_mut(part) {
            own.given.keep_rows.insert(row);
            self.read_again(all, id, to);
        }
    }
}

/// Gives first rows as they are shown, the row number before each and the cells in columns; a title stands in none.
pub(super) fn shown(rows: &[Vec<String>]) -> Vec<String> {
    let rows: Vec<Vec<String>> = rows.iter().map(|row| row.iter().map(|cell| shown_cell(cell)).collect()).collect();
    let is_title = |row: &[String]| row.iter().filter(|cell| !cell.is_empty()).count() < 2;
    let columns = rows.iter().map(Vec::len).max().unwrap_or_default();
    let of_tables = || rows.iter().filter(|row| !is_title(row));
    let wide = |at| {
        of_tables()
            .filter_map(|row| row.get(at))
            .map(|cell: &String| UnicodeWidthStr::width(cell.as_str()))
            .max()
            .unwrap_or_default()
    };
    let widths: Vec<usize> = (0..columns).map(wide).collect();
    let line = |(i, row): (usize, &Vec<String>)| {
        let padded = |(cell, wide): (&String, &usize)| {
            let blanks = if is_title(row) { 0 } else { wide.saturating_sub(UnicodeWidthStr::width(cell.as_str())) };
            format!("{cell}{}", " ".repeat(blanks))
        };
        let cells: Vec<String> = row.iter().zip(&widths).map(padded).collect();
        format!("{:>3}  {}", i + 1, cells.join(" | ").trim_end())
    };
    rows.iter().enumerate().map(line).collect()
}

/// Shortens a cell; what was read of it is masked already.
fn shown_cell(cell: &str) -> String {
    let cell: Vec<&str> = cell.split_whitespace().collect();
    let cell = cell.join(" ");
    let mut short: String = cell.chars().take(CELL).collect();
    if short.len() < cell.len() {
        short.push('…');
    }
    text::visible(&short).into_owned()
}
