//! Files that are written: between the export pane, the roster and what came of it.

use std::path::Path;

use super::context::{context, told_failure};
use super::export::Exported;
use super::layout::Focus;
use super::msg::Effect;
use super::overlay::{Confirm, Overlay};
use super::{App, Screen, StatusLine};
use crate::domain::ledger::audit::Head;
use crate::failure::Failure;

/// Gives what is exported, borrowing only what it is made of.
macro_rules! exported {
    ($app:ident, $batch:ident) => {
        Exported { batch: $batch, source: $app.roster.source(), folder: $app.import.folder() }
    };
}

impl App {
    /// Opens the export pane.
    pub(super) fn open_export(&mut self) {
        self.screen = Screen::Export;
        self.propose_path();
    }

    pub(super) fn propose_path(&mut self) {
        let Some(batch) = self.roster.batch() else { return };
        let to = context!(self);
        self.export.propose_path(exported!(self, batch), to);
    }

    /// Takes the next (or previous) choice on the cursor's line.
    pub(super) fn turn_choice(&mut self, backwards: bool) {
        self.export.turn_choice(backwards);
        self.propose_path();
    }

    /// Writes the file, unless findings stand in the way: then goes to the first.
    pub(super) fn start_export(&mut self, replace: bool) {
        let Some(batch) = self.roster.batch() else { return };
        if self.export.is_busy() {
            return;
        }
        if !batch.complete {
            return self.warn_incomplete();
        }
        let blocking = self.export.start(exported!(self, batch), replace, context!(self));
        if let Some(first) = blocking {
            self.screen = Screen::Roster;
            self.roster.focus(Focus::Grid);
            self.roster.go_to_cell(first.row, first.field);
        }
    }

    /// Has the export that is under way stopped.
    pub(super) fn stop_export(&mut self) {
        self.say(self.locale.text("status.stopping-export").to_string());
        self.out.push(Effect::StopExport);
    }

    /// Asks before an existing file is replaced.
    pub(super) fn ask_to_replace(&mut self) {
        self.export.end();
        // Nothing is being written while the question stands.
        self.status = StatusLine::default();
        let question = self.locale.fill("ui.confirm.replace", &[("path", self.export.path().text())]);
        self.is_yes = false;
        self.overlay = Some(Overlay::Confirm { question, then: Confirm::Replace });
    }

    pub(super) fn export_stopped(&mut self, why: Option<&Failure>) {
        self.export.end();
        match why {
            None => self.say(self.locale.text("status.export-stopped").to_string()),
            Some(failure) => self.fail(failure),
        }
    }

    /// Tells of a written file: where, how many rows it holds and how many were left out, and what the ledger made of it.
    pub(super) fn exported(
        &mut self,
        path: &Path,
        (rows, left_out): (usize, u32),
        audit: Option<&Head>,
        noted: Result<u64, Failure>,
    ) {
        self.export.end();
        let (path, rows, left) = (path.to_string_lossy(), rows.to_string(), left_out.to_string());
        let key = if left_out == 0 { "status.exported" } else { "status.exported-part" };
        let mut text = self.locale.fill(key, &[("path", &path), ("n", &rows), ("left", &left)]);
        if let Some(head) = audit {
            let head = self.locale.audit_head(head);
            text = self.locale.fill("status.exported-audit", &[("text", &text), ("head", &head)]);
        }
        match noted {
            Ok(marked) => {
                if marked != 0 {
                    self.roster.compare(context!(self));
                    text += &self.locale.fill("status.export-noted", &[("n", &marked.to_string())]);
                }
                self.say(text);
            }
            Err(failure) => {
                let why = told_failure(&self.locale, &failure);
                self.complain(self.locale.fill("status.export-not-noted", &[("path", &path), ("why", &why)]));
            }
        }
        if self.screen == Screen::Export {
            self.screen = Screen::Roster;
        }
        self.ledger.renew();
    }
}
