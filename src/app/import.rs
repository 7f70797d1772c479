//! The import pane (导入): a file list, the list of batches, the choice of a sheet or of a version, the matching of columns.

mod batches;
mod columns;
mod profile;
mod versions;

use std::path::{Path, PathBuf};
use std::sync::Arc;

pub use batches::BatchLine;
use batches::BatchList;
use versions::Versions;

use super::command::Command;
use super::context::Context;
use super::intent::Intent;
use super::key::{Chord, Key};
use super::msg::{Effect, FolderEntry, JobId, Msg, ReadJob, RosterHead};
use super::place::Screen;
use super::prompt::Prompt;
use super::roster::RosterPane;
use crate::domain::batch::Batch;
use crate::domain::roster::Block;
use crate::domain::sheet::{ColumnMap, Field, SheetSpec};
use crate::domain::text;

/// The steps of an import.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ImportStep {
    #[default]
    Browse,
    Batches,
    Sheets,
    Versions,
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
    /// The batch of the path that had another content.
    versions: Option<Versions>,
    /// What narrows the list.
    narrow: Prompt,
    /// The cursor of the list in hand.
    at: usize,
    /// The file that is being opened.
    path: Option<PathBuf>,
    /// The sheets to choose from.
    sheets: Vec<String>,
    /// The sheet that was chosen.
    sheet: Option<String>,
    /// The matching in hand.
    columns: ColumnMap,
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
    job: JobId,
    /// The matching of the file that is being read was confirmed by the user.
    is_confirmed: bool,
    /// The matching is shown because required columns are missing; rows only serve as a sample.
    is_matching: bool,
}

const ENDINGS: [&str; 9] = [".xlsx", ".xls", ".xlsm", ".xlsb", ".et", ".ods", ".csv", ".tsv", ".txt"];

/// Tells whether a file's name looks like that of a spreadsheet.
pub fn looks_like_a_sheet(name: &str) -> bool {
    let lower = name.to_lowercase();
    ENDINGS.iter().any(|e| lower.ends_with(e)) && !lower.starts_with("~$") && !lower.starts_with('.')
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

    /// Gives the sheets to choose from.
    pub fn sheets(&self) -> &[String] {
        &self.sheets
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

    /// Lists what is shown: the way up, then folders and spreadsheets that hold the typed text.
    pub fn shown(&self) -> Vec<FolderEntry> {
        let typed = self.narrow.text().to_lowercase();
        let up = FolderEntry { name: "..".into(), is_folder: true, size: 0 };
        let up = (typed.is_empty() && self.folder.parent().is_some()).then_some(up);
        let wanted = |e: &&FolderEntry| {
            (if e.is_folder { !e.name.starts_with('.') } else { looks_like_a_sheet(&e.name) })
                && e.name.to_lowercase().contains(&typed)
        };
        up.into_iter().chain(self.entries.iter().filter(wanted).cloned()).collect()
    }

    /// Counts the lines of the list in hand.
    pub fn count(&self) -> usize {
        match self.step {
            ImportStep::Browse => self.shown().len(),
            ImportStep::Batches => self.batches().len(),
            ImportStep::Sheets => self.sheets.len(),
            ImportStep::Versions => versions::CHOICES,
            ImportStep::Columns => self.columns.source.len(),
        }
    }

    /// Lists the required fields that no column was matched to.
    pub fn missing(&self) -> Vec<Field> {
        let Some(form) = &self.form else { return Vec::new() };
        missing(form, &self.columns)
    }

    /// Runs a command of the pane; `None` where it is about something else.
    pub(super) fn update(&mut self, command: Command, roster: &RosterPane, to: &mut Context<'_>) -> Option<Intent> {
        match command {
            Command::OpenEntry => self.open_entry(to),
            Command::ParentFolder => self.parent_folder(to),
            Command::ChooseSheet => self.choose_sheet(to),
            Command::ChooseVersion => self.choose_version(to),
            Command::NextField => self.turn_field(false),
            Command::PreviousField => self.turn_field(true),
            Command::NoField => self.put_out(self.at, to),
            Command::ConfirmColumns => {
                let on_screen = roster.batch().map(|batch| &batch.roster().columns);
                if self.confirm_columns(on_screen, to) {
                    return Some(Intent::Show(Screen::Roster));
                }
            }
            Command::Open => {
                self.browse(to);
                return Some(Intent::Show(Screen::Import));
            }
            Command::Batches => {
                self.list_batches(to);
                return Some(Intent::Show(Screen::Import));
            }
            Command::OpenBatch => self.open_listed(to),
            Command::AllBatches => self.turn_archived(),
            Command::PutAway => self.put_away(to),
            Command::MatchColumns => match (roster.batch(), roster.source()) {
                (Some(batch), Some(source)) => {
                    self.show_columns(batch, source);
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

    /// Shows the file list, all of it: what narrowed it before has served its turn.
    pub(super) fn browse(&mut self, to: &mut Context<'_>) {
        self.narrow = Prompt::default();
        self.step = ImportStep::Browse;
        self.at = 0;
        self.opening = false;
        to.push(Effect::ListFolder(self.folder.clone()));
    }

    /// Opens the folder or file under the cursor, or the path that was typed.
    fn open_entry(&mut self, to: &mut Context<'_>) {
        let typed = self.narrow.text().trim().to_string();
        if typed.contains('/') {
            let path = self.folder.join(&typed);
            let name = typed.rsplit('/').next().unwrap_or_default();
            return if looks_like_a_sheet(name) {
                self.answered = None;
                self.read(path, None, None, to);
            } else {
                to.push(Effect::ListFolder(path));
            };
        }
        let Some(entry) = self.shown().get(self.at).cloned() else { return };
        if entry.name == ".." && entry.is_folder {
            self.parent_folder(to);
        } else if entry.is_folder {
            to.push(Effect::ListFolder(self.folder.join(entry.name)));
        } else {
            self.answered = None;
            self.read(self.folder.join(entry.name), None, None, to);
        }
    }

    /// Takes the last typed letter back, or goes to the folder above.
    fn parent_folder(&mut self, to: &mut Context<'_>) {
        if !self.narrow.text().is_empty() {
            self.key(Chord::of(Key::Backspace));
        } else if let Some(parent) = self.folder.parent().map(Path::to_path_buf) {
            to.push(Effect::ListFolder(parent));
        }
    }

    /// Takes a key that narrows the list.
    pub(super) fn key(&mut self, chord: Chord) {
        if self.narrow.key(chord) {
            self.at = 0;
        }
    }

    pub(super) fn paste(&mut self, text: &str) {
        self.narrow.insert(text);
        self.at = 0;
    }

    /// Puts a text in place of what narrows the list; the cursor stays.
    pub fn type_over(&mut self, text: &str) {
        self.narrow.set(text);
    }

    /// Has a file read; of earlier jobs only that of the batch on screen still counts.
    pub(super) fn read(
        &mut self,
        path: PathBuf,
        sheet: Option<String>,
        columns: Option<ColumnMap>,
        to: &mut Context<'_>,
    ) {
        self.read_as((path, sheet), columns, false, to);
    }

    /// The same; `anew` also where the path held something else that was worked on.
    fn read_as(
        &mut self,
        (path, sheet): (PathBuf, Option<String>),
        columns: Option<ColumnMap>,
        anew: bool,
        to: &mut Context<'_>,
    ) {
        let job = self.outdate();
        if self.path.as_ref() != Some(&path) {
            self.answered = None;
        }
        self.path = Some(path.clone());
        self.sheet.clone_from(&sheet);
        self.opening = true;
        self.is_confirmed = columns.is_some();
        self.is_matching = false;
        self.sample = None;
        let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        to.say(to.locale.fill("status.opening", &[("file", &name)]));
        let is_answered = self.answered.is_some();
        let profile = self.answered.clone().or_else(|| self.profile.clone());
        to.push(Effect::Read(ReadJob { job, path, sheet, columns, anew, profile, is_answered }));
    }

    fn choose_sheet(&mut self, to: &mut Context<'_>) {
        if let (Some(path), Some(sheet)) = (self.path.clone(), self.sheets.get(self.at).cloned()) {
            self.read(path, Some(sheet), None, to);
        }
    }

    /// Gives the column under the cursor the next field that is free or its own; after the last comes none.
    fn turn_field(&mut self, backwards: bool) {
        let at = self.at;
        let Some(own) = self.columns.source.get(at).map(|c| c.field) else { return };
        let form = self.form.as_ref().map_or(&[][..], |form| &form.fields);
        let free = form.iter().copied().filter(|f| self.columns.of(*f).is_none() || Some(*f) == own).map(Some);
        let ring: Vec<Option<Field>> = std::iter::once(None).chain(free).collect();
        let here = ring.iter().position(|f| *f == own).unwrap_or(0);
        let step = if backwards { ring.len() - 1 } else { 1 };
        self.columns.assign(at, ring[(here + step) % ring.len()]);
    }

    /// Takes the matching as it stands: the file is read again with it. Tells whether it is that of the batch on screen,
    /// which then needs no reading.
    fn confirm_columns(&mut self, on_screen: Option<&ColumnMap>, to: &mut Context<'_>) -> bool {
        let Some(path) = self.path.clone() else { return false };
        if !self.columns.disputes().is_empty() {
            to.warn(self.unsettled_key());
            return false;
        }
        if self.columns.matched_count() == 0 {
            to.warn("status.no-columns");
            return false;
        }
        self.columns.confirm_guesses();
        if !self.is_matching && on_screen == Some(&self.columns) {
            return true;
        }
        self.read(path, self.sheet.clone(), Some(self.columns.clone()), to);
        false
    }

    /// Shows how the columns of a batch were matched.
    fn show_columns(&mut self, batch: &Batch, source: &Path) {
        self.columns = batch.roster().columns.clone();
        self.columns.open_disputes();
        self.form = Some(Arc::clone(batch.context().sheet()));
        self.sample = batch.roster().blocks().next().map(|(_, b)| Arc::clone(b));
        self.path = Some(source.to_path_buf());
        self.step = ImportStep::Columns;
        self.at = 0;
    }

    /// Shows the matching for confirmation, as required columns are missing or a field is in dispute.
    pub(super) fn ask_for_columns(&mut self, opened: RosterHead) {
        self.is_matching = true;
        self.opening = false;
        self.columns = opened.columns;
        self.columns.open_disputes();
        self.form = Some(Arc::clone(opened.context.sheet()));
        self.step = ImportStep::Columns;
        self.at = 0;
    }

    /// Backs out by one step.
    pub(super) fn back(&mut self, has_batch: bool, to: &mut Context<'_>) -> BackTo {
        if !self.narrow.text().is_empty() && matches!(self.step, ImportStep::Browse | ImportStep::Batches) {
            self.narrow = Prompt::default();
            return BackTo::Here;
        }
        if self.opening || self.is_matching {
            self.job += 1;
            self.opening = false;
            to.push(Effect::StopReading);
        }
        let was_matching = std::mem::take(&mut self.is_matching);
        match self.step {
            ImportStep::Browse if has_batch => BackTo::Roster,
            ImportStep::Browse => BackTo::Nowhere,
            ImportStep::Batches => Import::back_from_batches(has_batch),
            ImportStep::Columns if !was_matching => BackTo::Roster,
            ImportStep::Sheets | ImportStep::Versions | ImportStep::Columns => BackTo::Files,
        }
    }

    /// Takes a folder that is listed.
    fn take_folder(&mut self, path: PathBuf, entries: Vec<FolderEntry>) {
        if path != self.folder {
            self.narrow = Prompt::default();
            self.at = 0;
        }
        (self.folder, self.entries) = (path, entries);
    }

    /// Takes the sheets of which one is to be chosen.
    pub(super) fn take_sheets(&mut self, sheets: Vec<String>) {
        self.sheets = sheets;
        self.step = ImportStep::Sheets;
        self.at = 0;
        self.opening = false;
    }

    /// Takes the first rows of a file whose columns are to be matched; more are not needed.
    fn take_sample(&mut self, block: Arc<Block>, to: &mut Context<'_>) {
        if self.sample.is_none() {
            self.sample = Some(block);
            to.push(Effect::StopReading);
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
        (self.opening, self.is_matching) = (false, false);
    }
}

/// Masks a value of a column whose meaning nobody knows when it is as long as an ID number.
pub fn masked_sample(value: &str) -> String {
    let is_number = 12 <= value.len() && value.bytes().all(|b| b.is_ascii_alphanumeric());
    if is_number { text::masked_number(value) } else { value.to_string() }
}

/// Lists the required fields of a form that no column was matched to; the number not where it is still to be given.
pub fn missing(form: &SheetSpec, columns: &ColumnMap) -> Vec<Field> {
    let is_wanted = |field| field != Field::Code || !form.is_to_be_numbered(columns);
    let required = form.columns.iter().filter(|c| c.required && columns.of(c.field).is_none());
    required.map(|c| c.field).filter(|field| is_wanted(*field)).collect()
}
