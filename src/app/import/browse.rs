//! The file list: a folder, narrowed by what is typed.

use std::path::{Path, PathBuf};

use super::{Import, ImportStep};
use crate::app::context::Context;
use crate::app::key::{Chord, Key};
use crate::app::msg::{Effect, FolderEntry};
use crate::app::prompt::Prompt;

const ENDINGS: [&str; 9] = [".xlsx", ".xls", ".xlsm", ".xlsb", ".et", ".ods", ".csv", ".tsv", ".txt"];

/// Tells whether a file's name looks like that of a spreadsheet.
pub fn looks_like_a_sheet(name: &str) -> bool {
    let lower = name.to_lowercase();
    ENDINGS.iter().any(|e| lower.ends_with(e)) && !lower.starts_with("~$") && !lower.starts_with('.')
}

impl Import {
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

    /// Shows the file list, all of it: what narrowed it before has served its turn.
    pub(in crate::app) fn browse(&mut self, to: &mut Context<'_>) {
        self.narrow = Prompt::default();
        self.step = ImportStep::Browse;
        self.at = 0;
        self.opening = false;
        self.for_answers = false;
        to.push(Effect::ListFolder(self.folder.clone()));
    }

    /// Tells whether the file that is chosen is a list that came back with answers.
    pub fn is_for_answers(&self) -> bool {
        self.for_answers
    }

    /// Opens the folder or file under the cursor, or the path that was typed; gives the file where it is to be read for its
    /// answers.
    pub(super) fn open_entry(&mut self, to: &mut Context<'_>) -> Option<PathBuf> {
        let path = self.chosen(to)?;
        if self.for_answers {
            return Some(path);
        }
        self.open(path, None, to);
        None
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

    /// Takes a folder that is listed.
    pub(super) fn take_folder(&mut self, path: PathBuf, entries: Vec<FolderEntry>) {
        if path != self.folder {
            self.narrow = Prompt::default();
            self.at = 0;
        }
        (self.folder, self.entries) = (path, entries);
    }
}
