//! Lines of text that are typed in place: a cell, or the answer to a question.

use std::borrow::Cow;

use super::App;
use super::context::context;
use super::intent::Intent;
use super::ledger::FormQuestion;
use super::prompt::Prompt;
use super::roster::grid::Filter;
use crate::domain::roster::RowId;
use crate::domain::sheet::Field;
use crate::domain::text;

/// A cell that is being typed into.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    pub row: RowId,
    pub field: Field,
    pub prompt: Prompt,
    /// Whether its personal data is masked on screen: nobody has typed for a while.
    pub is_masked: bool,
}

/// A question answered with a line of text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineQuestion {
    /// What the answer is for.
    pub purpose: Purpose,
    pub prompt: Prompt,
}

/// What a line of text is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// A text to go to.
    Search,
    /// A text rows must hold.
    Filter,
    /// A row as the spreadsheet numbers it.
    GoTo,
    /// The value of a column for all rows.
    SetColumn(Field),
    /// What must be known before something is done to the ledger.
    Ledger(FormQuestion),
}

impl Edit {
    /// Tells whether what stands in the line would be masked in the grid.
    pub(super) fn hides_something(&self) -> bool {
        masked(self.field, self.prompt.text()) != self.prompt.text()
    }
}

/// Masks a text of a column where it is personal data.
pub(super) fn masked(field: Field, text: &str) -> Cow<'_, str> {
    if field.is_personal() || text::looks_like_id(text) { field.masked(text).into() } else { text.into() }
}

impl App {
    pub(super) fn ask_line(&mut self, purpose: Purpose, text: &str) {
        self.line_question = Some(LineQuestion { purpose, prompt: Prompt::new(text) });
    }

    /// Takes the line of text that was typed.
    pub(super) fn accept(&mut self) {
        if self.roster.edit().is_some() {
            return self.roster.finish_edit(context!(self));
        }
        let Some(question) = self.line_question.take() else { return };
        let typed = question.prompt.text();
        match question.purpose {
            Purpose::Search => self.roster.search(typed, context!(self)),
            Purpose::Filter if typed.is_empty() => self.roster.set_filter(None, context!(self)),
            Purpose::Filter => self.roster.set_filter(Some(Filter::Text(typed.to_string())), context!(self)),
            Purpose::GoTo => match typed.trim().parse() {
                Ok(line) => self.roster.go_to_line(line, context!(self)),
                Err(_) => context!(self).warn("status.no-number"),
            },
            Purpose::SetColumn(field) => {
                let preview = self.roster.preview_column(field, typed, context!(self));
                self.fulfil(Intent::preview(preview));
            }
            Purpose::Ledger(_) => self.answer_form(typed),
        }
    }
}
