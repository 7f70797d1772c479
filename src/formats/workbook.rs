//! Workbooks, read in a child process of our own binary.
//!
//! The parser aborts on lying sizes and never ends on some hostile files. In a child with limits on memory and time
//! this is one refused file; here it would be the end of the program and of unsaved work.

mod ahead;
mod biff;
mod child;
mod frames;
mod hidden;
mod looks;
mod merges;
mod meter;
mod ods;
mod others;
mod parent;
mod rich;
mod rows;
mod shape;
mod value;
mod whole;
mod xlsx;

pub use child::serve;
pub use frames::OtherTab;
pub use parent::WorkbookReader;

use crate::domain::roster::MarkKind;
use crate::domain::sheet::TabState;

/// The hidden first argument that makes our binary the child.
pub const VERB: &str = "__read-workbook";

/// The environment variable that names the sheet to the child.
pub const SHEET: &str = "SKILLCERT_SHEET";

/// The environment variable that tells the child the limits.
pub const LIMITS: &str = "SKILLCERT_LIMITS";

/// Rows a spreadsheet program can show.
pub const MAX_ROWS: u32 = 1_048_576;
/// Columns it can show.
pub const MAX_COLUMNS: u32 = 16_384;

/// A sheet of a workbook (工作表).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SheetInfo {
    /// The name on its tab.
    pub name: String,
    /// Whether the tab is shown; a hidden sheet is read only when asked for by name.
    pub tab: TabState,
}

impl SheetInfo {
    pub fn is_visible(&self) -> bool {
        self.tab == TabState::Visible
    }
}

/// A row of the sheet that is being read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SheetRow<'a> {
    /// The row number as the spreadsheet program shows it, from 1.
    pub line: u32,
    /// The cells from column A on, gaps filled with empty ones.
    pub cells: &'a [SheetCell],
}

/// A cell (单元格): its text and what was noted about it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SheetCell {
    text: String,
    /// What the workbook says about the cell besides its text.
    pub mark: Option<MarkKind>,
    /// Whether a formula counted it over rows.
    pub is_counted: bool,
}

impl SheetCell {
    /// Gives the cell's text.
    pub fn text(&self) -> &str {
        &self.text
    }
}
