//! The import pane (导入): a file list, the choice of a sheet, the matching of columns.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::msg::{Effect, Entry, Msg, Opened, ReadJob};
use super::prompt::Prompt;
use super::{App, Screen};
use crate::domain::roster::Block;
use crate::domain::sheet::{ColumnMap, Field, SheetSpec};
use crate::domain::text;

/// The steps of an import.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Step {
    #[default]
    Browse,
    Sheets,
    Columns,
}

#[derive(Debug, Default)]
pub struct Import {
    pub step: Step,
    /// The folder that is listed.
    pub folder: PathBuf,
    /// What the folder holds, as it came.
    pub entries: Vec<Entry>,
    /// What narrows the list.
    pub narrow: Prompt,
    /// The cursor of the list in hand.
    pub at: usize,
    /// The file that is being opened.
    pub path: Option<PathBuf>,
    /// The sheets to choose from.
    pub sheets: Vec<String>,
    /// The sheet that was chosen.
    pub sheet: Option<String>,
    /// The matching in hand.
    pub columns: ColumnMap,
    /// The form whose columns are matched.
    pub form: Option<Arc<SheetSpec>>,
    /// The first rows of the source, shown beside its columns.
    pub sample: Option<Arc<Block>>,
    /// Whether a file is being opened.
    pub opening: bool,
}

const ENDINGS: [&str; 9] = [".xlsx", ".xls", ".xlsm", ".xlsb", ".et", ".ods", ".csv", ".tsv", ".txt"];

/// Tells whether a file's name looks like that of a spreadsheet.
pub fn looks_like_a_sheet(name: &str) -> bool {
    let lower = name.to_lowercase();
    ENDINGS.iter().any(|e| lower.ends_with(e)) && !lower.starts_with("~$") && !lower.starts_with('.')
}

impl Import {
    /// Lists what is shown: the way up, then folders and spreadsheets that hold the typed text.
    pub fn shown(&self) -> Vec<Entry> {
        let typed = self.narrow.text().to_lowercase();
        let up = Entry { name: "..".into(), is_folder: true, size: 0 };
        let up = (typed.is_empty() && self.folder.parent().is_some()).then_some(up);
        let wanted = |e: &&Entry| {
            (if e.is_folder { !e.name.starts_with('.') } else { looks_like_a_sheet(&e.name) })
                && e.name.to_lowercase().contains(&typed)
        };
        up.into_iter().chain(self.entries.iter().filter(wanted).cloned()).collect()
    }

    /// Counts the lines of the list in hand.
    pub fn count(&self) -> usize {
        match self.step {
            Step::Browse => self.shown().len(),
            Step::Sheets => self.sheets.len(),
            Step::Columns => self.columns.source.len(),
        }
    }

    /// Lists the required fields that no column was matched to.
    pub fn missing(&self) -> Vec<Field> {
        let Some(form) = &self.form else { return Vec::new() };
        missing(form, &self.columns)
    }
}

/// Masks a value of a column whose meaning nobody knows when it is as long as an ID number.
pub fn masked_sample(value: &str) -> String {
    let is_number = 12 <= value.len() && value.bytes().all(|b| b.is_ascii_alphanumeric());
    if is_number { text::masked_number(value) } else { value.to_string() }
}

/// Lists the required fields of a form that no column was matched to.
pub fn missing(form: &SheetSpec, columns: &ColumnMap) -> Vec<Field> {
    form.columns.iter().filter(|c| c.required && columns.of(c.field).is_none()).map(|c| c.field).collect()
}

impl App {
    /// Opens the import pane at the file list, all of it: what narrowed it before has served its turn.
    pub(super) fn browse(&mut self) {
        self.import.narrow = Prompt::default();
        self.screen = Screen::Import;
        self.import.step = Step::Browse;
        self.import.at = 0;
        self.import.opening = false;
        self.list_folder(self.import.folder.clone());
    }

    fn list_folder(&mut self, folder: PathBuf) {
        self.out.push(Effect::ListFolder(folder));
    }

    /// Opens the folder or file under the cursor, or the path that was typed.
    pub(super) fn open_entry(&mut self) {
        let typed = self.import.narrow.text().trim().to_string();
        if typed.contains('/') {
            let path = self.import.folder.join(&typed);
            let name = typed.rsplit('/').next().unwrap_or_default();
            return if looks_like_a_sheet(name) { self.read(path, None, None) } else { self.list_folder(path) };
        }
        let Some(entry) = self.import.shown().get(self.import.at).cloned() else { return };
        if entry.name == ".." && entry.is_folder {
            self.parent_folder();
        } else if entry.is_folder {
            self.list_folder(self.import.folder.join(entry.name));
        } else {
            self.read(self.import.folder.join(entry.name), None, None);
        }
    }

    /// Takes the last typed letter back, or goes to the folder above.
    pub(super) fn parent_folder(&mut self) {
        if !self.import.narrow.text().is_empty() {
            self.import.narrow.key(super::key::Chord::of(super::key::Key::Backspace));
            self.import.at = 0;
        } else if let Some(parent) = self.import.folder.parent().map(Path::to_path_buf) {
            self.list_folder(parent);
        }
    }

    /// Has a file read; of earlier jobs only that of the batch on screen still counts.
    pub(super) fn read(&mut self, path: PathBuf, sheet: Option<String>, columns: Option<ColumnMap>) {
        self.job += 1;
        self.import.path = Some(path.clone());
        self.import.sheet.clone_from(&sheet);
        self.import.opening = true;
        self.confirmed = columns.is_some();
        self.matching = false;
        self.import.sample = None;
        let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        self.say(self.locale.fill("status.opening", &[("file", &name)]));
        self.out.push(Effect::Read(ReadJob { job: self.job, path, sheet, columns, profile: self.profile.clone() }));
    }

    pub(super) fn choose_sheet(&mut self) {
        if let (Some(path), Some(sheet)) = (self.import.path.clone(), self.import.sheets.get(self.import.at).cloned()) {
            self.read(path, Some(sheet), None);
        }
    }

    /// Gives the column under the cursor the next field that is free or its own; after the last comes none.
    pub(super) fn turn_field(&mut self, backwards: bool) {
        let at = self.import.at;
        let Some(own) = self.import.columns.source.get(at).map(|c| c.field) else { return };
        let columns = &self.import.columns;
        let form = self.import.form.as_ref().map_or(&[][..], |form| &form.fields);
        let free = form.iter().copied().filter(|f| columns.of(*f).is_none() || Some(*f) == own).map(Some);
        let ring: Vec<Option<Field>> = std::iter::once(None).chain(free).collect();
        let here = ring.iter().position(|f| *f == own).unwrap_or(0);
        let step = if backwards { ring.len() - 1 } else { 1 };
        self.import.columns.assign(at, ring[(here + step) % ring.len()]);
    }

    pub(super) fn no_field(&mut self) {
        self.import.columns.assign(self.import.at, None);
    }

    /// Takes the matching as it stands: the file is read again with it.
    pub(super) fn confirm_columns(&mut self) {
        let Some(path) = self.import.path.clone() else { return };
        if self.import.columns.matched_count() == 0 {
            return self.warn("status.no-columns");
        }
        if !self.matching && self.batch.as_ref().is_some_and(|b| b.roster().columns == self.import.columns) {
            self.screen = Screen::Roster;
            return;
        }
        self.read(path, self.import.sheet.clone(), Some(self.import.columns.clone()));
    }

    /// Shows how the columns of the open batch were matched.
    pub(super) fn match_columns(&mut self) {
        let Some(batch) = &self.batch else { return };
        if self.source.is_none() {
            return self.warn("status.no-source");
        }
        self.import.columns = batch.roster().columns.clone();
        self.import.form = Some(Arc::clone(batch.context().sheet()));
        self.import.sample = batch.roster().blocks().next().map(|(_, b)| Arc::clone(b));
        self.import.path.clone_from(&self.source);
        self.import.step = Step::Columns;
        self.import.at = 0;
        self.screen = Screen::Import;
    }

    /// Leaves the import pane by one step.
    pub(super) fn import_back(&mut self, before: &super::Status) {
        if !self.import.narrow.text().is_empty() && self.import.step == Step::Browse {
            self.import.narrow = Prompt::default();
            return;
        }
        if self.import.opening || self.matching {
            self.job += 1;
            self.import.opening = false;
            self.out.push(Effect::StopReading);
        }
        let reopened = self.import.step == Step::Columns && !self.matching;
        self.matching = false;
        match self.import.step {
            Step::Browse if self.batch.is_some() => self.screen = Screen::Roster,
            Step::Browse => self.at_the_bottom("status.how-to-quit-typing", before),
            Step::Columns if reopened => self.screen = Screen::Roster,
            Step::Sheets | Step::Columns => self.browse(),
        }
    }

    /// Takes a report about folders and the choice of sheets.
    pub(super) fn import_report(&mut self, msg: Msg) {
        match msg {
            Msg::Folder { path, entries } => {
                if path != self.import.folder {
                    self.import.narrow = Prompt::default();
                    self.import.at = 0;
                }
                self.import.folder = path;
                self.import.entries = entries;
            }
            Msg::FolderFailed(failure) => self.fail(&failure),
            Msg::Sheets { job, sheets } if job == self.job => {
                self.import.sheets = sheets;
                self.import.step = Step::Sheets;
                self.import.at = 0;
                self.import.opening = false;
                self.show(Screen::Import);
                self.status = super::Status::default();
            }
            _ => {}
        }
    }

    /// Shows the matching for confirmation, as required columns are missing.
    pub(super) fn ask_for_columns(&mut self, opened: Opened) {
        self.matching = true;
        self.import.opening = false;
        self.import.columns = opened.columns;
        self.import.form = Some(Arc::clone(opened.context.sheet()));
        self.import.step = Step::Columns;
        self.import.at = 0;
        self.show(Screen::Import);
        self.warn("status.columns-missing");
    }
}
