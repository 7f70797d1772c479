//! Reading files and stored batches: the order, what is found, and how far it has come.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use super::JobId;
use crate::domain::ledger::BatchId;
use crate::domain::profile_choice::{ChosenBy, FileStamp};
use crate::domain::roster::{Change, Origin, Part};
use crate::domain::rules::CheckContext;
use crate::domain::sheet::{ColumnMap, GivenReading, MatchedHeader, SkippedRun};

/// An order to read a file.
#[derive(Debug)]
pub struct ReadJob {
    pub job: JobId,
    pub path: PathBuf,
    /// The sheet, once chosen.
    pub sheet: Option<String>,
    /// The columns, once confirmed; without them they are matched by their labels.
    pub columns: Option<ColumnMap>,
    /// Whether these are for this file alone and not remembered.
    pub is_unremembered: bool,
    /// Whether it is opened anew although its path held something else that was worked on.
    pub anew: bool,
    /// The profile's id, where the user has chosen one.
    pub profile: Option<String>,
    /// Whether that was the answer to a question about this file.
    pub is_answered: bool,
    /// What was said of how it is read.
    pub given: GivenReading,
    /// Whether only its first rows are wanted, to point at the header: answered by [`Msg::HeaderRows`](super::Msg::HeaderRows).
    pub points_at_header: bool,
    /// Whether only its sheets are wanted: answered by [`Msg::Sheets`](super::Msg::Sheets).
    pub lists_sheets: bool,
    /// Whether its rows are added to the batch on screen: answered as a batch of the store that is loaded.
    pub adds: bool,
}

/// A source whose header has been found, or a stored batch that is being loaded again.
#[derive(Debug)]
pub struct RosterHead {
    pub job: JobId,
    pub path: PathBuf,
    /// Where the rows come from.
    pub origin: Origin,
    /// How the source columns were matched.
    pub columns: ColumnMap,
    /// The sheets of the workbook; empty for text files.
    pub sheets: Vec<String>,
    /// The spreadsheet row at which the blocks begin.
    pub first_line: u32,
    /// The profile, the form, the tables and today.
    pub context: CheckContext,
    /// What the profile was chosen by; nothing where that is not known any more.
    pub profile_by: Option<ChosenBy>,
    /// What a choice of the profile is remembered under; empty for a stored batch.
    pub fingerprint: String,
    /// How the columns of its header are matched from now on, where the user has said so.
    pub matched: Option<MatchedHeader>,
    /// How the file stood before it was opened.
    pub seen: Option<FileStamp>,
    /// The files that a stored batch holds the rows of, where there are several.
    pub parts: Vec<Part>,
    /// What else is to be settled before its rows are taken; may be empty.
    pub doubt: String,
    /// What is known of a stored batch; `None` for a file.
    pub stored: Option<Stored>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// Its number, for [`StoreJob::Continue`](super::StoreJob::Continue).
    pub batch: BatchId,
    /// What [`Effect::SaveView`](super::Effect::SaveView) stored with it; may be empty.
    pub view: String,
    /// What was done in it before, where a file was opened that turned out to be this batch.
    pub found: Option<WorkDone>,
    /// The part that has just been added to it.
    pub added: Option<usize>,
}

/// What was done in a batch before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkDone {
    /// When it was worked on last, in the user's time zone: `YYYY-MM-DD HH:MM`.
    pub when: String,
    /// How many cells stand otherwise than in the file.
    pub edits: u32,
    /// How many numbers were given to its rows.
    pub numbers: u32,
}

/// The end of a source.
#[derive(Debug, Default)]
pub struct ReadEnd {
    pub job: JobId,
    /// For a stored batch the rows not taken as data.
    pub skipped: Vec<SkippedRun>,
    /// For a stored batch its steps, oldest first.
    pub steps: Vec<Arc<Change>>,
    /// How many of the steps are in force.
    pub applied: usize,
}

/// How far a reading or an export has come (进度).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Rows that are done.
    pub rows: u64,
    /// Their share in percent, where the whole is known.
    pub percent: Option<u8>,
    /// Rows per second, once that can be told.
    pub rate: Option<u64>,
    /// How long it will still take, once that can be told.
    pub left: Option<Duration>,
}
