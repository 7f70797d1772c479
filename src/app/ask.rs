//! Questions that are answered by a line of text or by `y`.

use super::msg::StoreJob;
use super::overlay::{Confirm, Overlay};
use super::prompt::Prompt;
use super::{App, Ask, AskKind, grid};

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
        }
    }

    /// Says yes to a preview or a question.
    pub(super) fn say_yes(&mut self) {
        match self.overlay.take() {
            Some(Overlay::Preview(preview)) => self.apply(preview.change),
            Some(Overlay::Confirm { then: Confirm::Quit, .. }) => self.leave(),
            Some(Overlay::Confirm { then: Confirm::Replace, .. }) => self.start_export(true),
            Some(Overlay::Confirm { then: Confirm::TakeOver, .. }) => self.store(StoreJob::TakeOver),
            other => self.overlay = other,
        }
    }
}
