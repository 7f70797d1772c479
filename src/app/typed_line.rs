//! Lines of text that are typed in place: a cell, or the answer to a question.

use std::borrow::Cow;

use super::ledger::form_question::FormQuestion;
use super::prompt::Prompt;
use crate::domain::ledger::plan::PlanWish;
use crate::domain::roster::RowId;
use crate::domain::sheet::Field;

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
    pub purpose: LinePurpose,
    pub prompt: Prompt,
}

/// What a line of text is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinePurpose {
    /// A text to go to.
    Search,
    /// A text rows must hold.
    Filter,
    /// A row as the spreadsheet numbers it.
    GoTo,
    /// The value of a column for all rows.
    SetColumn(Field),
    /// Why rows are put aside; all rows shown, or the cursor's.
    PutAside { all: bool },
    /// What is noted of the cursor's row.
    Note,
    /// What a recipe is to be called.
    RecipeName,
    /// What parts columns, joins them, or stands before or behind.
    ReshapeText,
    /// The blank from which on the certificates of a plan are printed.
    PlanBlanks(PlanWish),
    /// What the cases or the entries of the audit that are listed have to hold.
    FindInList,
    /// What must be known before something is done to the ledger.
    Ledger(FormQuestion),
}

/// Masks a text of a column where it is personal data.
pub(super) fn masked(field: Field, text: &str) -> Cow<'_, str> {
    if field.masks(text) { field.masked(text).into() } else { text.into() }
}
