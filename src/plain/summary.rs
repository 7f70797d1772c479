//! What the roster holds, counted.

use super::Talk;
use crate::app::overlay::{Overlay, SummaryPane};
use crate::domain::summary::SummaryBy;

impl Talk {
    pub(super) fn summary(&self) -> Option<&SummaryPane> {
        match self.app.overlays.open() {
            Some(Overlay::Summary(pane)) => Some(pane),
            _ => None,
        }
    }

    pub(super) fn tell_summary(&mut self) {
        if let Some(told) = self.summary().and_then(SummaryPane::summary).map(|s| self.app.locale.summary_told(s)) {
            self.say_filled("plain.said", &[("what", &told)]);
        }
    }

    pub(super) fn summary_lines(&self, from: usize, page: usize) -> Vec<String> {
        let Some(pane) = self.summary() else { return Vec::new() };
        let line = |at: usize| {
            let (table, line) = pane.line(at)?;
            let places = [
                ("by", self.app.locale.summary_title(table.by)),
                ("name", self.app.locale.summary_name(table.by, line)),
                ("rows", line.rows.to_string()),
                ("errors", line.errors.to_string()),
            ];
            let key = if table.by == SummaryBy::Rule { "plain.summary-rule" } else { "plain.summary-line" };
            Some(self.app.locale.fill(key, &places.each_ref().map(|(place, text)| (*place, text.as_str()))))
        };
        (from..pane.count()).take(page).filter_map(line).collect()
    }
}
