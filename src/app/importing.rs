//! Files that are read: between the import pane and the roster.

use std::path::PathBuf;

use super::context::context;
use super::import::BackTo;
use super::msg::{Msg, Opened};
use super::{App, Screen, StatusLine};

impl App {
    /// Opens the import pane at the file list.
    pub(super) fn browse(&mut self) {
        self.screen = Screen::Import;
        self.import.browse(context!(self));
    }

    pub(super) fn read(&mut self, path: PathBuf, sheet: Option<String>) {
        self.import.read(path, sheet, None, context!(self));
    }

    /// Takes the matching as it stands.
    pub(super) fn confirm_columns(&mut self) {
        let on_screen = self.roster.batch().map(|batch| &batch.roster().columns);
        if self.import.confirm_columns(on_screen, context!(self)) {
            self.screen = Screen::Roster;
        }
    }

    /// Shows how the columns of the open batch were matched.
    pub(super) fn match_columns(&mut self) {
        let Some(batch) = self.roster.batch() else { return };
        let Some(source) = self.roster.source() else { return self.warn("status.no-source") };
        self.import.show_columns(batch, source);
        self.screen = Screen::Import;
    }

    /// Shows the matching for confirmation, as required columns are missing.
    pub(super) fn ask_for_columns(&mut self, opened: Opened) {
        self.import.ask_for_columns(opened);
        self.show(Screen::Import);
        self.warn("status.columns-missing");
    }

    /// Backs out of the import pane by one step.
    pub(super) fn import_back(&mut self, before: &StatusLine) {
        match self.import.back(self.roster.batch().is_some(), context!(self)) {
            BackTo::Here => {}
            BackTo::Files => self.browse(),
            BackTo::Roster => self.screen = Screen::Roster,
            BackTo::Nowhere => self.at_the_bottom("status.how-to-quit-typing", before),
        }
    }

    /// Takes a report about folders and the choice of sheets.
    pub(super) fn import_report(&mut self, msg: Msg) {
        match msg {
            Msg::Folder { path, entries } => self.import.take_folder(path, entries),
            Msg::FolderFailed(failure) => self.fail(&failure),
            Msg::Sheets { job, sheets } if self.import.is_latest(job) => {
                self.import.take_sheets(sheets);
                self.show(Screen::Import);
                self.status = StatusLine::default();
            }
            _ => {}
        }
    }
}
