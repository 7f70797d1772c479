//! The view (视图) as it is stored beside a batch: where the user was, and what was half typed.

use serde::{Deserialize, Serialize};

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
    /// How many errors there were: the list of batches shows them without reading any row. The store looks for it by this name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub errors: Option<usize>,
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
