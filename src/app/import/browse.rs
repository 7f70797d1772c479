//! The file list: a folder, narrowed by what is typed.

use std::path::{Path, PathBuf};

use super::{Import, ImportStep};
use crate::app::context::Context;
use crate::app::intent::Intent;
use crate::app::key::{Chord, Key};
use crate::app::msg::{EarlierVersion, Effect, FolderEntry};
use crate::app::prompt::Prompt;
use crate::domain::ledger::BatchId;
use crate::domain::matching::FillKind;

const ENDINGS: [&str; 9] = [".xlsx", ".xls", ".xlsm", ".xlsb", ".et", ".ods", ".csv", ".tsv", ".txt"];

/// Tells whether a file's name looks like that of a spreadsheet.
pub fn looks_like_a_sheet(name: &str) -> bool {
    let lower = name.to_lowercase();
    ENDINGS.iter().any(|e| lower.ends_with(e)) && !lower.starts_with("~$") && !lower.starts_with('.')
}

/// What the file that is chosen is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum WantedFor {
    #[default]
    Opening,
    /// It is a list that came back with answers.
    Answers,
    /// Cells are filled from it.
    Filling,
    /// The roster is compared with it; it may be a batch.
    Comparing,
    /// It is the organiser's next version of the file of a batch, whose corrections come along.
    NextVersion(BatchId),
}

impl WantedFor {
    /// Gives the locale key of what stands above the list; none where the file is opened.
    pub fn heading_key(self) -> Option<&'static str> {
        match self {
            WantedFor::Opening => None,
            WantedFor::Answers => Some("ui.import.reads-answers"),
            WantedFor::Filling => Some("ui.import.reads-filling"),
            WantedFor::Comparing => Some("ui.import.reads-comparing"),
            WantedFor::NextVersion(_) => Some("ui.import.reads-next-version"),
        }
    }
}

impl Import {
    /// Lists what is shown: the way up, then folders and spreadsheets that hold the typed text.
    pub fn shown(&self) -> Vec<FolderEntry> {
        let typed = self.narrow.text().to_lowercase();
        let up = FolderEntry { name: "..".into(), is_folder: true, ..FolderEntry::default() };
        let up = (typed.is_empty() && self.folder.parent().is_some()).then_some(up);
        let wanted = |e: &&FolderEntry| {
            (if e.is_folder { !e.name.starts_with('.') } else { looks_like_a_sheet(&e.name) })
                && e.name.to_lowercase().contains(&typed)
        };
        let mut shown: Vec<FolderEntry> = self.entries.iter().filter(wanted).cloned().collect();
        // What this program wrote went out; only a list with answers comes back under its name.
        if self.wanted != WantedFor::Answers {
            shown.sort_by_key(|entry| entry.is_ours);
        }
        up.into_iter().chain(shown).collect()
    }

    /// Shows the file list, all of it: what narrowed it before has served its turn.
    pub(in crate::app) fn browse(&mut self, to: &mut Context<'_>) {
        self.narrow = Prompt::default();
        self.step = ImportStep::Browse;
        self.at = 0;
        self.opening = false;
        self.wanted = WantedFor::Opening;
        to.push(Effect::ListFolder(self.folder.clone()));
    }

    /// Shows the file list for something else than opening a file.
    pub(in crate::app) fn browse_for(&mut self, wanted: WantedFor, to: &mut Context<'_>) {
        self.stop_adding();
        self.browse(to);
        self.wanted = wanted;
    }

    /// Tells what the file that is chosen is for.
    pub fn wanted_for(&self) -> WantedFor {
        self.wanted
    }

    /// Opens the folder or file under the cursor, or the path that was typed; gives what is to be done with the file where that
    /// is something else.
    pub(super) fn open_entry(&mut self, to: &mut Context<'_>) -> Option<Intent> {
        let path = self.chosen(to)?;
        match self.wanted {
            WantedFor::Opening if self.adds_to().is_some() => Some(Intent::AskToAdd(path)),
            WantedFor::Opening => {
                self.open(path, None, to);
                None
            }
            WantedFor::NextVersion(from) => {
                self.open(path.clone(), None, to);
                self.carries = Some((path, from));
                None
            }
            WantedFor::Answers => Some(Intent::ReadAnswers(path)),
            WantedFor::Filling => Some(Intent::FillFrom(FillKind::File, path)),
            WantedFor::Comparing => Some(Intent::CompareWith(EarlierVersion::File(path))),
        }
    }

    /// Gives the file under the cursor, or the one that was typed; a folder is listed.
    fn chosen(&mut self, to: &mut Context<'_>) -> Option<PathBuf> {
        let typed = self.narrow.text().trim().to_string();
        if typed.contains('/') {
            let path = self.folder.join(&typed);
            let name = typed.rsplit('/').next().unwrap_or_default();
            if looks_like_a_sheet(name) {
                return Some(path);
            }
            to.push(Effect::ListFolder(path));
            return None;
        }
        let entry = self.shown().get(self.at).cloned()?;
        if entry.name == ".." && entry.is_folder {
            self.parent_folder(to);
        } else if entry.is_folder {
            to.push(Effect::ListFolder(self.folder.join(entry.name)));
        } else {
            return Some(self.folder.join(entry.name));
        }
        None
    }

    /// Gives the file under the cursor.
    pub(super) fn entry_path(&self) -> Option<PathBuf> {
        let entry = self.shown().into_iter().nth(self.at)?;
        (!entry.is_folder).then(|| self.folder.join(entry.name))
    }

    /// Takes the last typed letter back, or goes to the folder above.
    pub(super) fn parent_folder(&mut self, to: &mut Context<'_>) {
        if !self.narrow.text().is_empty() {
            self.key(Chord::of(Key::Backspace));
        } else if let Some(parent) = self.folder.parent().map(Path::to_path_buf) {
            to.push(Effect::ListFolder(parent));
        }
    }

    /// Takes a key that narrows the list.
    pub(in crate::app) fn key(&mut self, chord: Chord) {
        if self.narrow.key(chord) {
            self.at = 0;
        }
    }

    pub(in crate::app) fn paste(&mut self, text: &str) {
        self.narrow.insert(text);
        self.at = 0;
    }

    /// Puts a text in place of what narrows the list; the cursor stays.
    pub fn type_over(&mut self, text: &str) {
        self.narrow.set(text);
    }

    /// Takes a folder that is listed; of one that is on screen the cursor stays on its file.
    pub(super) fn take_folder(&mut self, path: PathBuf, entries: Vec<FolderEntry>) {
        let chosen = self.shown().get(self.at).map(|entry| entry.name.clone()).filter(|_| path == self.folder);
        if path != self.folder {
            self.narrow = Prompt::default();
            self.at = 0;
        }
        (self.folder, self.entries) = (path, entries);
        if let Some(at) = chosen.and_then(|name| self.shown().iter().position(|entry| entry.name == name)) {
            self.at = at;
        }
    }
}
