//! The wording of steps (修改步骤).

use super::Locale;
use crate::domain::roster::{Change, RowWhat};

impl Locale {
    /// Tells what is said of a row, or that nothing is any more.
    pub fn said_of_row(&self, what: RowWhat, text: Option<&str>) -> String {
        let key = match (what, text) {
            (RowWhat::Aside, Some(_)) => "ui.row.aside",
            (RowWhat::Aside, None) => "ui.row.no-aside",
            (RowWhat::Note, Some(_)) => "ui.row.note",
            (RowWhat::Note, None) => "ui.row.no-note",
        };
        self.fill(key, &[("text", text.unwrap_or_default())])
    }

    /// Counts what a step changed: cells, and rows that were put aside, brought back or noted upon.
    pub fn step_counts(&self, step: &Change) -> String {
        let rows = step.row_counts();
        let counts = [
            ("status.cells", step.edits.len() as u64),
            ("status.rows-aside", rows.aside),
            ("status.rows-back", rows.back),
            ("status.rows-noted", rows.noted),
        ];
        let is_told = |(key, n): &(&str, u64)| *n != 0 || (*key == "status.cells" && step.rows.is_empty());
        let told: Vec<String> = counts
            .iter()
            .filter(|count| is_told(count))
            .map(|(key, n)| self.fill(key, &[("n", &n.to_string())]))
            .collect();
        told.join(self.text("finding.comma"))
    }
}
