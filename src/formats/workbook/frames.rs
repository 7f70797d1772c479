//! What goes over the pipe from child to parent: one byte of tag, then the frame.

use crate::domain::roster::{Beside, MarkKind};
use crate::formats::{FileRefusal, RefusalKind};
use serde::{Deserialize, Serialize};

/// The child runs; from here on its silence is counted.
pub const STARTED: u8 = b'S';
/// The [`Header`], a length and JSON.
pub const HEADER: u8 = b'H';
/// A row: line, number of cells, length of the text; per cell a mark and a length; the text.
pub const ROW: u8 = b'R';
/// A [`RefusalFrame`], a length and JSON. The last frame.
pub const REFUSED: u8 = b'E';
/// All rows were sent. The last frame.
pub const DONE: u8 = b'Z';

/// Bytes of a row's frame before its cells, the tag left out.
pub const ROW_HEAD: usize = 10;
/// Bytes of each cell's mark and length.
pub const CELL_HEAD: usize = 5;
/// More text than this in one row is no roster.
pub const MAX_ROW_TEXT: usize = 8 << 20;
/// More JSON than this in one frame is no workbook.
pub const MAX_JSON: usize = 4 << 20;

/// What is known before the first row.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Header {
    pub kind: String,
    pub sheets: Vec<SheetTab>,
    pub sheet: String,
    pub date_1904: bool,
    /// What the sheet that is read has besides its rows; its other sheets are below.
    pub beside: Beside,
    /// What stands on the sheets that are not read.
    pub others: Vec<OtherTab>,
}

/// A sheet that is not read: how many rows have a cell, and the texts of the first ones.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct OtherTab {
    pub name: String,
    pub rows: u32,
    /// Whether it has more rows than were counted.
    pub is_cut: bool,
    pub head: Vec<Vec<String>>,
}

/// A sheet's name and whether it is `visible`, `hidden` or `very-hidden`.
#[derive(Debug, Serialize, Deserialize)]
pub struct SheetTab {
    pub name: String,
    pub visible: String,
}

/// A refusal on its way to the parent.
#[derive(Debug, Serialize, Deserialize)]
pub struct RefusalFrame {
    kind: String,
    detail: String,
}

impl From<&FileRefusal> for RefusalFrame {
    fn from(refusal: &FileRefusal) -> RefusalFrame {
        RefusalFrame { kind: refusal.kind.key().to_owned(), detail: refusal.detail.clone() }
    }
}

impl From<RefusalFrame> for FileRefusal {
    fn from(refused: RefusalFrame) -> FileRefusal {
        let kind = RefusalKind::ALL.into_iter().find(|kind| kind.key() == refused.kind);
        FileRefusal::new(kind.unwrap_or(RefusalKind::Damaged), refused.detail)
    }
}

/// The marks a workbook can give, at the place of their byte less one.
const MARKS: [MarkKind; 8] = [
    MarkKind::Number,
    MarkKind::LongNumber,
    MarkKind::Date,
    MarkKind::Error,
    MarkKind::FormulaWithoutValue,
    MarkKind::Merged,
    MarkKind::DateWithTime,
    MarkKind::MergedAside,
];

/// Set in the byte of a cell whose value a formula counted over rows.
pub const COUNTED: u8 = 0x80;

/// Gives the byte that stands for a mark; 0 is none.
pub fn mark_byte(mark: Option<MarkKind>) -> u8 {
    mark.and_then(|mark| MARKS.iter().position(|m| *m == mark)).map_or(0, |at| at as u8 + 1)
}

/// Gives the mark a byte stands for.
pub fn mark_of(byte: u8) -> Option<MarkKind> {
    MARKS.get(usize::from(byte & !COUNTED).wrapping_sub(1)).copied()
}
