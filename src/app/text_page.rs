//! A page of bare text (纯文本页): no frame, no columns, no mouse, so that the terminal's own selection takes whole lines of it.
//! What is masked in the roster is masked here.

use super::App;
use super::layout::Focus;
use super::overlay::Overlay;
use crate::domain::rules::Finding;
use crate::domain::sheet::Field;
use crate::domain::text;

/// What the page tells of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextOf {
    /// The cursor's row, cell by cell, with what was found in it.
    Record,
    /// The findings of the rows shown.
    Findings,
    /// The codes of the rows shown.
    Codes,
}

impl TextOf {
    const ALL: [TextOf; 3] = [TextOf::Record, TextOf::Findings, TextOf::Codes];
}

impl App {
    /// Opens the page: with the findings from their pane, else with the record.
    pub(super) fn open_text_page(&mut self) {
        let of = if self.grid.focus == Focus::Findings { TextOf::Findings } else { TextOf::Record };
        self.overlay = Some(Overlay::Text { of, at: 0 });
    }

    /// Turns to what the page can tell of next, or before.
    pub(super) fn turn_text_page(&mut self, backwards: bool) {
        let Some(Overlay::Text { of, at }) = &mut self.overlay else { return };
        let place = TextOf::ALL.iter().position(|one| one == of).unwrap_or(0);
        let by = if backwards { TextOf::ALL.len() - 1 } else { 1 };
        (*of, *at) = (TextOf::ALL[(place + by) % TextOf::ALL.len()], 0);
    }

    /// Counts the lines of the page.
    pub(super) fn text_count(&self, of: TextOf) -> usize {
        let Some(batch) = &self.batch else { return 0 };
        match of {
            TextOf::Record => self.record_text().len(),
            TextOf::Findings => batch.findings().iter().filter(|f| self.grid.shows_finding(f)).count(),
            TextOf::Codes => self.grid.count(batch),
        }
    }

    /// Gives lines of the page from one on, at most so many.
    pub fn text_lines(&self, of: TextOf, from: usize, most: usize) -> Vec<String> {
        let Some(batch) = &self.batch else { return Vec::new() };
        match of {
            TextOf::Record => self.record_text().into_iter().skip(from).take(most).collect(),
            TextOf::Findings => {
                let shown = batch.findings().iter().filter(|f| self.grid.shows_finding(f));
                shown.skip(from).take(most).map(|f| self.finding_told(f).replace('\t', "  ")).collect()
            }
            TextOf::Codes => {
                let rows = (from..self.grid.count(batch)).filter_map(|at| self.grid.row_at(batch, at));
                rows.take(most).map(|row| text::visible(&self.shown_cell(row, Field::Code)).into_owned()).collect()
            }
        }
    }

    fn record_text(&self) -> Vec<String> {
        let (Some(batch), Some(row)) = (&self.batch, self.row()) else { return Vec::new() };
        let cell = |field: &Field| {
            let shown = self.shown_cell(row, *field);
            format!("{}: {}", batch.context().sheet.label(*field), text::visible(&shown))
        };
        let findings = batch.findings().of_row(row).iter();
        let told = |f: &Finding| self.finding_told(f).replace('\t', "  ");
        self.grid.fields.iter().map(cell).chain(findings.map(told)).collect()
    }
}
