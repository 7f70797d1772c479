//! The view (视图) as it is stored beside a batch: where the user was, and what was half typed. And the ways out of it.

use serde::{Deserialize, Serialize};

use super::layout::Focus;
use super::msg::{Effect, StoreJob};
use super::overlay::{Confirm, Overlay};
use super::prompt::Prompt;
use super::{App, Screen, StatusLine};
use crate::domain::roster::RowId;

/// Where the user was.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct View {
    pub row: RowId,
    /// The column, by its place in the form.
    pub column: usize,
    /// How many rows of the screen stand above the row.
    #[serde(skip_serializing_if = "is_zero")]
    pub above: usize,
    /// The first column after the frozen one, by its place among the columns shown.
    #[serde(skip_serializing_if = "is_zero")]
    pub left: usize,
    /// The pane: `grid`, `record` or `findings`.
    pub pane: String,
    /// The line in hand of the findings pane.
    #[serde(skip_serializing_if = "is_zero")]
    pub chosen: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub filter: Option<StoredFilter>,
    /// The cell that was being typed into.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub edit: Option<StoredEdit>,
    /// The text searched last.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub search: String,
    /// The file the rows came from.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub path: String,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands fields over by reference")]
fn is_zero(n: &usize) -> bool {
    *n == 0
}

/// A filter in stable names.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct StoredFilter {
    /// The text, for a filter by text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// The column, by its place in the form.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<usize>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct StoredEdit {
    pub row: RowId,
    /// The column, by its place in the form.
    pub column: usize,
    /// What stands in the line.
    pub text: String,
    /// The caret's place in bytes.
    pub caret: usize,
}

impl View {
    /// Writes the view as JSON.
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Reads a view; a damaged one gives the first cell.
    pub fn from_json(text: &str) -> View {
        serde_json::from_str(text).unwrap_or_default()
    }
}

impl App {
    /// Backs out by one step.
    ///
    /// `before` is what was said until now: asked twice to leave where nothing is to be left, the way out is listed.
    pub(super) fn back(&mut self, before: &StatusLine) {
        if self.ask_back() {
            return;
        }
        if self.overlay.take().is_some() || self.edit.take().is_some() || self.question.take().is_some() {
            return self.ask_what_was_covered();
        }
        match self.screen {
            Screen::Import => self.import_back(before),
            Screen::Export if self.export.is_busy() => self.stop_export(),
            Screen::Export => self.screen = Screen::Roster,
            Screen::Ledger => self.screen = self.ledger.back().unwrap_or(Screen::Ledger),
            Screen::Roster if self.grid.focus != Focus::Grid => self.grid.focus = Focus::Grid,
            Screen::Roster if self.grid.filter.is_some() => self.set_filter(None),
            Screen::Roster if self.is_incomplete() && !self.restoring => self.ask_to_discard(),
            Screen::Roster => self.at_the_bottom("status.how-to-quit", before),
        }
    }

    /// Says how to leave; said already, lists every command: that takes no key an input method keeps for itself.
    pub(super) fn at_the_bottom(&mut self, key: &str, before: &StatusLine) {
        let words = self.told(key, &[]);
        if before.text == words {
            self.overlay = Some(Overlay::Palette { prompt: Prompt::default(), at: 0 });
        } else {
            self.say(words);
        }
    }

    pub(super) fn quit(&mut self) {
        if self.saving.is_done() && !self.is_incomplete() {
            return self.leave();
        }
        let key = if self.saving.failed {
            "ui.confirm.quit-failed"
        } else if self.is_incomplete() && !self.restoring {
            "ui.confirm.quit-reading"
        } else {
            return self.leave();
        };
        let question = self.locale.text(key).to_string();
        self.overlay = Some(Overlay::Confirm { question, then: Confirm::Quit });
    }

    /// Asks whether a reading is to be stopped. Rows can be read again and are thrown away; changes are kept.
    fn ask_to_discard(&mut self) {
        let own = self.batch.as_ref().map_or(0, |b| b.history().applied().len() + b.history().undone_steps().len());
        let question = match own + self.recovered.as_ref().map_or(0, |(steps, _)| steps.len()) {
            0 => self.locale.text("ui.confirm.discard").to_string(),
            n => self.locale.fill("ui.confirm.discard-changes", &[("n", &n.to_string())]),
        };
        self.overlay = Some(Overlay::Confirm { question, then: Confirm::Discard });
    }

    /// Stops the reading and lets go of the batch, unless the last row came while the question was on screen.
    pub(super) fn discard(&mut self) {
        if !self.is_incomplete() || self.restoring {
            return self.warn("status.read-meanwhile");
        }
        self.store(StoreJob::Discard);
        // Rows that are still under way belong to nothing.
        self.batch_job = self.import.outdate();
        (self.batch, self.progress, self.recovered, self.resumed) = (None, None, None, None);
        (self.edit, self.question) = (None, None);
        self.browse();
        self.status = StatusLine::default();
    }

    /// Leaves: the view first, then the end.
    pub(super) fn leave(&mut self) {
        self.save_view();
        self.out.push(Effect::Quit);
    }

    /// Gives the view as it is stored.
    pub fn view(&self) -> View {
        let edit = self.edit.as_ref().map(|e| StoredEdit {
            row: e.row,
            column: e.field.index(),
            text: e.prompt.text().to_string(),
            caret: e.prompt.caret(),
        });
        View {
            row: self.row().unwrap_or(0),
            column: self.grid.column,
            above: self.grid.at.saturating_sub(self.grid.top),
            left: self.grid.left,
            chosen: self.grid.chosen,
            pane: match self.grid.focus {
                Focus::Grid => "grid",
                Focus::Record => "record",
                Focus::Findings => "findings",
            }
            .to_string(),
            filter: self.grid.filter.as_ref().map(|f| f.filter.stored()),
            edit,
            search: self.grid.search.clone(),
            path: self.source.as_ref().map(|p| p.to_string_lossy().into_owned()).unwrap_or_default(),
        }
    }

    /// Has the view stored where it differs from the stored one; not before a resumed view is in force.
    pub(super) fn save_view(&mut self) {
        if self.batch.is_none() || self.resumed.is_some() {
            return;
        }
        let view = self.view();
        if view != self.stored_view {
            self.out.push(Effect::SaveView(view.to_json()));
            self.stored_view = view;
        }
    }
}
