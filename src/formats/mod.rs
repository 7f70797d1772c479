//! Spreadsheets and text files, in and out. Untrusted on the way in, read back on the way out.

pub mod age;
pub mod atomic;
pub mod attachment;
pub mod bundle;
pub mod csv_text;
mod formula;
pub mod ics;
mod idioms;
pub mod image_head;
pub mod limits;
pub mod memory;
pub mod package;
pub mod plain_file;
pub mod read;
pub mod read_back;
pub mod records;
pub mod scope_table;
pub mod sheet_xml;
pub mod small_table;
pub mod sniff;
pub mod text_copy;
pub mod watch;
pub mod workbook;
pub mod write_answers;
pub mod write_form;
pub mod write_public;
pub mod write_report;
pub mod write_rows;
pub mod write_table;
pub mod write_template;
pub mod write_upload;
pub mod write_year_export;
mod xml_pieces;

use std::fmt;

use crate::cause::System;
use crate::domain::roster::Block;
use crate::domain::sheet::SkipReason;
use crate::domain::vocabulary::vocabulary;

/// Some rows of a file, with those that were not taken as data: row counted from the block's first, and reason.
#[derive(Debug, Clone, Default)]
pub struct Piece {
    pub block: Block,
    /// The rows left out.
    pub skipped: Vec<(u32, SkipReason)>,
    /// Where the piece stands in a text file.
    pub bytes: std::ops::Range<u64>,
    /// Whether some record of the text was cut otherwise than its own signs say.
    pub is_odd: bool,
}

/// Why a file is refused as a whole (exit code 3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileRefusal {
    pub kind: RefusalKind,
    /// What the message names besides the file: a sheet, a row, a [`System`] error as that writes itself. May be empty.
    pub detail: String,
}

vocabulary! {
    /// The reasons a file is refused. Each has a message and a hint in the locales under `refusal.<key>`.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
    pub enum RefusalKind {
        /// There is no such file.
        NotFound = "not-found",
        /// The operating system does not let us read it; the detail is a [`System`] error.
        Unreadable = "unreadable",
        /// No bytes, or no cell with text.
        Empty = "empty",
        /// A workbook that is not complete, as after a broken upload.
        CutOff = "cut-off",
        /// A workbook with a password.
        Encrypted = "encrypted",
        /// A web page, XML or mail archive saved under a spreadsheet's name.
        WebPage = "web-page",
        /// Another kind of file; the detail names it.
        Foreign = "foreign",
        /// A workbook whose inside contradicts itself.
        Damaged = "damaged",
        /// More memory, time or rows than a roster can need.
        TooLarge = "too-large",
        /// The text is in no encoding we read.
        Encoding = "encoding",
        /// A quotation mark that is never closed; the detail is the row.
        OpenQuote = "open-quote",
        /// A header whose columns stand in another order; the detail is its row.
        TurnedHeader = "turned-header",
        /// People above the header; the detail is the row of the first.
        PeopleAbove = "people-above",
        /// There is no sheet of that name; the detail lists the sheets.
        NoSheet = "no-sheet",
        /// None of the first rows names at least three columns of the form.
        NoHeader = "no-header",
        /// The row that was given for the header holds nothing; the detail is its number.
        BlankHeader = "blank-header",
        /// The row that was given for the header is a person; the detail is its number.
        PersonHeader = "person-header",
        /// The program itself, which reads workbooks in a process of its own, cannot be started or was replaced; nothing is
        /// known of the file. The detail is a [`System`] error or empty.
        Program = "program",
    }
}

impl FileRefusal {
    pub fn new(kind: RefusalKind, detail: impl Into<String>) -> FileRefusal {
        FileRefusal { kind, detail: detail.into() }
    }

    /// Moves the row that the refusal names down by a number of rows.
    #[must_use]
    pub fn below(self, rows: u32) -> FileRefusal {
        match (self.kind, self.detail.parse::<u32>()) {
            (RefusalKind::OpenQuote, Ok(row)) => FileRefusal::new(self.kind, (row + rows).to_string()),
            _ => self,
        }
    }

    /// Turns an operating system's error into a refusal.
    pub fn from_io(error: &std::io::Error) -> FileRefusal {
        match error.kind() {
            std::io::ErrorKind::NotFound => FileRefusal::new(RefusalKind::NotFound, ""),
            _ => FileRefusal::new(RefusalKind::Unreadable, System::of(error).to_string()),
        }
    }
}

impl fmt::Display for FileRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.kind.key(), self.detail)
    }
}

impl std::error::Error for FileRefusal {}
