//! The import pane (导入): a file list, the list of batches, the choice of a sheet or of a version, the matching of columns.

mod adding;
mod batches;
mod before;
mod browse;
mod columns;
mod header;
mod profile;
mod reading;
mod sheets;
mod today;
mod versions;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use adding::Adding;
use batches::BatchList;
pub use batches::{BatchLine, Waiting};
use before::Before;
pub use browse::{WantedFor, looks_like_a_sheet};
pub use columns::{ColumnMemory, shown_sample};
pub use header::FirstRows;
use sheets::{AskedFrom, SheetList};
pub use today::{NextStep, TodayBackup, TodayBatch, TodayDue, TodayFacts, TodayLine};
pub use versions::KnownAs;
use versions::Versions;

use super::command::Command;
use super::context::Context;
use super::intent::Intent;
use super::msg::{EarlierVersion, Effect, FolderEntry, JobId, Msg};
use super::place::Screen;
use super::prompt::Prompt;
use super::roster::RosterPane;
use crate::domain::ledger::BatchId;
use crate::domain::roster::Block;
use crate::domain::sheet::{ColumnMap, ColumnsBy, Field, GivenReading, HeaderBy, SheetSpec};

/// The steps of an import.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ImportStep {
    #[default]
    Browse,
    /// What there is to go on with.
    Today,
    Batches,
    Sheets,
    Versions,
    /// Where the header stands.
    Header,
    Columns,
}

#[derive(Debug, Default)]
pub struct Import {
    step: ImportStep,
    /// The folder that is listed.
    folder: PathBuf,
    /// What the folder holds, as it came.
    entries: Vec<FolderEntry>,
    batches: BatchList,
    /// What the front page tells.
    today: Option<TodayFacts>,
    /// It has been asked for and has not come.
    asked_today: bool,
    /// The batch that the file is in already, or was with another content.
    versions: Option<Versions>,
    /// The file that is opened as a batch of its own, and the batch whose corrections come along.
    carries: Option<(PathBuf, BatchId)>,
    /// What narrows the list.
    narrow: Prompt,
    /// The cursor of the list in hand.
    at: usize,
    /// The file that is being opened.
    path: Option<PathBuf>,
    /// The sheets to choose from.
    sheets: SheetList,
    /// The sheet that was chosen.
    sheet: Option<String>,
    /// What was said of how the file is read.
    given: GivenReading,
    /// The rows among which the header is pointed at.
    first_rows: FirstRows,
    /// The row in which it stands so far, where that is known.
    header_row: Option<u32>,
    /// Whether pointing at the header leads back to the columns.
    returns: bool,
    /// Whether the file in hand is text.
    is_text: bool,
    /// The matching in hand.
    columns: ColumnMap,
    /// What they and the header were taken by.
    taken_by: (ColumnsBy, HeaderBy),
    /// The matching as it was when it was to be forgotten.
    forgotten: Option<ColumnMap>,
    /// The form whose columns are matched.
    form: Option<Arc<SheetSpec>>,
    /// The first rows of the source, shown beside its columns.
    sample: Option<Arc<Block>>,
    /// Whether a file is being opened.
    opening: bool,
    /// The profile that files are read under; chosen for each file when there is none.
    profile: Option<String>,
    /// The profile that was picked for the file in hand.
    answered: Option<String>,
    /// The job that changes the profile of the batch on screen, and under which one it was before.
    changed: Option<(JobId, String)>,
    /// Where one was before the file in hand was read otherwise, until it is on screen.
    before: Option<Box<Before>>,
    /// What is added to the batch on screen.
    adding: Adding,
    /// What the file that is chosen is for.
    wanted: WantedFor,
    job: JobId,
    /// The matching of the file that is being read was confirmed by the user.
    is_confirmed: bool,
    /// The matching is shown because required columns are missing; rows only serve as a sample.
    is_matching: bool,
}

/// Where backing out of the pane leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum BackTo {
    /// It has led to something within the step.
    Here,
    Files,
    Roster,
    /// There is nothing to go back to.
    Nowhere,
    /// The sheet in hand is left out; the batch is there to which the next one is added, if there is one.
    Next,
}

impl Import {
    pub(super) fn new(folder: PathBuf) -> Import {
        Import { folder, ..Import::default() }
    }

    pub fn step(&self) -> ImportStep {
        self.step
    }

    /// Gives the folder that is listed.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Gives what the folder holds, as it came.
    pub fn entries(&self) -> &[FolderEntry] {
        &self.entries
    }

    /// Gives what narrows the list.
    pub fn narrow(&self) -> &Prompt {
        &self.narrow
    }

    pub fn at(&self) -> usize {
        self.at
    }

    pub fn cursor(&mut self) -> &mut usize {
        &mut self.at
    }

    /// Gives the file that is being opened.
    pub fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }

    /// Gives the sheet that is being opened, once it was chosen.
    pub fn sheet(&self) -> Option<&str> {
        self.sheet.as_deref()
    }

    /// Gives the matching in hand.
    pub fn columns(&self) -> &ColumnMap {
        &self.columns
    }

    /// Gives the form whose columns are matched.
    pub fn form(&self) -> Option<&SheetSpec> {
        self.form.as_deref()
    }

    /// Gives the first rows of the source, shown beside its columns.
    pub fn sample(&self) -> Option<&Block> {
        self.sample.as_deref()
    }

    /// Tells whether a file is being opened.
    pub fn is_opening(&self) -> bool {
        self.opening
    }

    /// Tells whether a job is the latest.
    pub(super) fn is_latest(&self, job: JobId) -> bool {
        self.job == job
    }

    /// Tells whether a file whose required columns are missing is to be taken as it is.
    pub(super) fn is_confirmed(&self) -> bool {
        self.is_confirmed
    }

    /// Tells whether the rows of a job only serve as a sample.
    pub(super) fn is_sampling(&self, job: JobId) -> bool {
        self.job == job && self.is_matching
    }

    /// Has reports of all jobs so far be out of date; gives the number of a job that none has.
    pub(super) fn outdate(&mut self) -> JobId {
        self.job += 1;
        self.job
    }

    /// Counts the lines of the list in hand, on a screen of so many.
    pub fn count(&self, height: u16) -> usize {
        match self.step {
            ImportStep::Browse => self.shown().len(),
            ImportStep::Today => self.count_today(height),
            ImportStep::Batches => self.batches().len(),
            ImportStep::Sheets => self.sheets().len(),
            ImportStep::Versions => self.count_versions(),
            ImportStep::Header => self.first_rows.rows.len(),
            ImportStep::Columns => self.columns.source.len(),
        }
    }

    /// Lists the required fields that no column was matched to.
    pub fn missing(&self) -> Vec<Field> {
        let Some(form) = &self.form else { return Vec::new() };
        form.missing(&self.columns)
    }

    /// Runs a command of the pane; `None` where it is about something else.
    pub(super) fn update(&mut self, command: Command, roster: &RosterPane, to: &mut Context<'_>) -> Option<Intent> {
        match command {
            Command::OpenEntry => {
                if let Some(intent) = self.open_entry(to) {
                    return Some(intent);
                }
            }
            Command::ParentFolder => self.parent_folder(to),
            Command::ChooseSheet | Command::MarkSheet | Command::MarkRosters => self.sheet_command(command, to),
            Command::ChooseVersion => self.choose_version(to),
            Command::PutHeader | Command::NoHeader | Command::PointAtHeader => {
                return Some(self.header_command(command, to));
            }
            Command::ForgetColumns => self.forget_columns(to),
            Command::ListAgain => to.push(Effect::ListFolder(self.folder.clone())),
            Command::NextField => self.turn_field(false),
            Command::PreviousField => self.turn_field(true),
            Command::NoField => self.put_out(self.at, to),
            Command::ConfirmColumns => {
                let on_screen = roster.batch().map(|batch| &batch.roster().columns);
                return Some(self.confirm_columns(on_screen, to));
            }
            Command::Open => {
                self.stop_adding();
                self.browse(to);
                return Some(Intent::Show(Screen::Import));
            }
            Command::Batches => {
                self.stop_adding();
                self.list_batches(to);
                return Some(Intent::Show(Screen::Import));
            }
            Command::OpenBatch if self.wanted == WantedFor::Comparing && self.batch_in_hand().is_some() => {
                let batch = self.batch_in_hand().map(|line| EarlierVersion::Batch(line.batch));
                return batch.map(Intent::CompareWith);
            }
            Command::OpenBatch => self.open_listed(to),
            Command::GoThere => return Some(self.open_today(to)),
            Command::Today => {
                self.show_today(to);
                return Some(Intent::Show(Screen::Import));
            }
            Command::AllBatches => self.turn_archived(),
            Command::PutAway => self.put_away(to),
            Command::TurnWaiting => self.turn_waiting(),
            Command::AddFile => match roster.to_be_added_to(to.locale) {
                Ok(batch) => {
                    self.add_to(batch, to);
                    return Some(Intent::Show(Screen::Import));
                }
                Err(why) => to.warn(why),
            },
            Command::Answers => match roster.to_be_added_to(to.locale) {
                Ok(_) => {
                    self.browse_for(WantedFor::Answers, to);
                    return Some(Intent::Show(Screen::Import));
                }
                Err(why) => to.warn(why),
            },
            Command::MatchColumns => match (roster.batch(), roster.source()) {
                (Some(batch), Some(source)) => {
                    self.stop_adding();
                    self.show_columns((batch, roster.id()), roster.row().unwrap_or(0), source);
                    return Some(Intent::Show(Screen::Import));
                }
                (Some(_), None) => to.warn("status.no-source"),
                (None, _) => {}
            },
            _ => return None,
        }
        Some(Intent::Nothing)
    }

    /// Takes a report about the list of files or the sample of one.
    pub(super) fn report(&mut self, msg: Msg, to: &mut Context<'_>) {
        match msg {
            Msg::Rows { block, .. } => self.take_sample(block, to),
            Msg::Folder { path, entries } => self.take_folder(path, entries),
            Msg::FolderFailed(failure) => to.fail(&failure),
            Msg::Batches(listed) => self.take_batches(listed, to),
            _ => {}
        }
    }

    /// Backs out by one step.
    pub(super) fn back(&mut self, has_batch: bool, to: &mut Context<'_>) -> BackTo {
        if !self.narrow.text().is_empty() && matches!(self.step, ImportStep::Browse | ImportStep::Batches) {
            self.narrow = Prompt::default();
            return BackTo::Here;
        }
        if self.step == ImportStep::Header && std::mem::take(&mut self.returns) && !self.columns.source.is_empty() {
            self.outdate();
            (self.step, self.at, self.opening) = (ImportStep::Columns, 0, false);
            return BackTo::Here;
        }
        if self.back_to_before(to) {
            return BackTo::Here;
        }
        match self.leave_sheets() {
            Some(AskedFrom::Roster) if has_batch => {
                self.rest();
                return BackTo::Roster;
            }
            Some(AskedFrom::Step(step)) => {
                (self.step, self.at, self.opening) = (step, 0, false);
                return BackTo::Here;
            }
            _ => {}
        }
        if let Some(next) = self.skip_sheet(to) {
            return next;
        }
        self.stop_queue();
        if self.opening || self.is_matching {
            self.job += 1;
            self.opening = false;
            to.push(Effect::StopReading);
        }
        let was_matching = std::mem::take(&mut self.is_matching);
        match self.step {
            ImportStep::Browse | ImportStep::Today if has_batch => BackTo::Roster,
            ImportStep::Browse if self.today.is_some() => {
                (self.step, self.at) = (ImportStep::Today, 0);
                BackTo::Here
            }
            ImportStep::Browse | ImportStep::Today => BackTo::Nowhere,
            ImportStep::Batches => self.back_from_batches(has_batch),
            ImportStep::Columns if !was_matching => BackTo::Roster,
            ImportStep::Sheets | ImportStep::Versions | ImportStep::Header | ImportStep::Columns => BackTo::Files,
        }
    }

    /// Takes note that a job has come to nothing.
    pub(super) fn fail(&mut self, job: JobId) {
        self.opening &= job != self.job;
    }

    /// Takes note that there is nothing to be opened.
    pub(super) fn end_opening(&mut self) {
        self.opening = false;
    }

    /// Takes note that what was opened is on screen.
    pub(super) fn rest(&mut self) {
        self.step = ImportStep::Browse;
        (self.opening, self.is_matching, self.before) = (false, false, None);
        self.end_adding();
    }
}
