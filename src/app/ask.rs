//! Questions that are answered by a line of text or by `y`.

use super::ledger::Question;
use super::msg::StoreJob;
use super::overlay::{Confirm, Overlay};
use super::prompt::Prompt;
use super::{App, grid};
use crate::domain::roster::RowId;
use crate::domain::sheet::Field;

/// A cell that is being typed into.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    pub row: RowId,
    pub field: Field,
    /// The text.
    pub prompt: Prompt,
    /// Whether its personal data is masked on screen: nobody has typed for a while.
    pub is_masked: bool,
}

/// A question answered with a line of text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ask {
    /// What the answer is for.
    pub kind: AskKind,
    pub prompt: Prompt,
}

/// What a line of text is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AskKind {
    /// A text to go to.
    Search,
    /// A text rows must hold.
    Filter,
    /// A row as the spreadsheet numbers it.
    GoTo,
    /// The value of a column for all rows.
    SetColumn(Field),
    /// What must be known before something is done to the ledger.
    Ledger(Question),
}

impl App {
    pub(super) fn ask(&mut self, kind: AskKind, text: &str) {
        self.ask = Some(Ask { kind, prompt: Prompt::new(text) });
    }

    pub(super) fn ask_for_column(&mut self) {
        let field = self.grid.field();
        let value = self.row().map(|row| self.shown_cell(row, field).into_owned()).unwrap_or_default();
        // A masked value must never be written into cells.
        self.ask(AskKind::SetColumn(field), if field.is_personal() { "" } else { &value });
    }

    /// Takes the line of text that was typed.
    pub(super) fn accept(&mut self) {
        if self.edit.is_some() {
            return self.finish_edit();
        }
        let Some(ask) = self.ask.take() else { return };
        let typed = ask.prompt.text();
        match ask.kind {
            AskKind::Search => self.search(typed),
            AskKind::Filter if typed.is_empty() => self.set_filter(None),
            AskKind::Filter => self.set_filter(Some(grid::Filter::Text(typed.to_string()))),
            AskKind::GoTo => match typed.trim().parse() {
                Ok(line) => self.go_to_line(line),
                Err(_) => self.warn("status.no-number"),
            },
            AskKind::SetColumn(field) => self.preview_column(field, typed),
            AskKind::Ledger(_) => self.answered(typed),
        }
    }

    /// Takes the answer that was chosen with the arrows. Enter alone never says yes.
    pub(super) fn take_answer(&mut self) {
        if std::mem::take(&mut self.is_yes) {
            self.say_yes();
        } else {
            self.warn("status.answer-is-no");
        }
    }

    /// Says yes to a preview or a question.
    pub(super) fn say_yes(&mut self) {
        match self.overlay.take() {
            Some(Overlay::Preview(preview)) => self.apply(preview.change),
            Some(Overlay::Confirm { then: Confirm::Quit, .. }) => self.leave(),
            Some(Overlay::Confirm { then: Confirm::Replace, .. }) => self.start_export(true),
            Some(Overlay::Confirm { then: Confirm::Discard, .. }) => self.discard(),
            Some(Overlay::Confirm { then: Confirm::TakeOver, .. }) => self.store(StoreJob::TakeOver),
            Some(Overlay::Confirm { then: Confirm::Ledger, .. }) => self.do_deed(),
            Some(Overlay::Plan(pane)) => self.confirm_plan(*pane),
            other => self.overlay = other,
        }
    }
}
