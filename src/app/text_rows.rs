//! The rows of the page of bare text, and the cursor among them.

use super::App;
use super::command::Command;
use super::layout::Focus;
use super::overlay::Overlay;
use super::text_page::TextOf;
use super::wrap::wrap;
use crate::domain::rules::Finding;
use crate::domain::sheet::Field;
use crate::domain::text;

/// The most rows below the page.
const FOOT: usize = 5;

impl App {
    /// Opens the page: with the findings from their pane, else with the record.
    pub(super) fn open_text_page(&mut self) {
        let of = if self.roster.grid().focus == Focus::Findings { TextOf::Findings } else { TextOf::Record };
        self.overlay = Some(Overlay::Text { of, at: 0, row: 0 });
    }

    /// Turns to what the page can tell of next, or before.
    pub(super) fn turn_text_page(&mut self, backwards: bool) {
        let Some(Overlay::Text { of, at, row }) = &mut self.overlay else { return };
        let place = TextOf::ALL.iter().position(|one| one == of).unwrap_or(0);
        let by = if backwards { TextOf::ALL.len() - 1 } else { 1 };
        (*of, *at, *row) = (TextOf::ALL[(place + by) % TextOf::ALL.len()], 0, 0);
    }

    /// Moves the page by rows as they stand on the screen.
    pub(super) fn go_in_text(&mut self, command: Command, times: usize) {
        let Some(Overlay::Text { of, at, row }) = self.overlay else { return };
        // One row stays in sight, so that the eye finds on.
        let page = self.text_room().saturating_sub(1).max(1);
        let half = (page / 2).max(1);
        let (at, row) = match command {
            Command::Up => self.text_above(of, (at, row), times),
            Command::PageUp => self.text_above(of, (at, row), page),
            Command::HalfUp => self.text_above(of, (at, row), half),
            Command::Down => self.text_below(of, (at, row), times),
            Command::PageDown => self.text_below(of, (at, row), page),
            Command::HalfDown => self.text_below(of, (at, row), half),
            Command::First => (0, 0),
            Command::Last => (self.text_count(of).saturating_sub(1), 0),
            _ => (at, row),
        };
        self.overlay = Some(Overlay::Text { of, at, row });
    }

    /// Gives the row of the page so many rows below another, or the last one.
    fn text_below(&self, of: TextOf, (mut at, row): (usize, usize), by: usize) -> (usize, usize) {
        let mut left = row + by;
        let lines = self.text_lines(of, at, left + 1);
        let last = (at + lines.len()).saturating_sub(1);
        for rows in lines.iter().map(|line| self.broken(line).len()) {
            if left < rows || at == last {
                return (at, left.min(rows - 1));
            }
            left -= rows;
            at += 1;
        }
        (at, row)
    }

    /// Gives the row of the page so many rows above another, or the first one.
    fn text_above(&self, of: TextOf, (at, row): (usize, usize), by: usize) -> (usize, usize) {
        let Some(mut left) = by.checked_sub(row).filter(|left| *left != 0) else { return (at, row - by) };
        let from = at.saturating_sub(left);
        for (i, line) in self.text_lines(of, from, at - from).iter().enumerate().rev() {
            let rows = self.broken(line).len();
            if left <= rows {
                return (from + i, rows - left);
            }
            left -= rows;
        }
        (0, 0)
    }

    /// Gives a line as the width of the screen breaks it; at least one row.
    fn broken(&self, line: &str) -> Vec<String> {
        wrap(line, usize::from(self.size.0))
    }

    /// Counts the rows that the screen has for the page.
    fn text_room(&self) -> usize {
        usize::from(self.size.1).saturating_sub(self.text_foot().len())
    }

    /// Gives the rows of the page that are on the screen.
    pub fn text_rows(&self, of: TextOf, at: usize, row: usize) -> Vec<String> {
        let room = self.text_room();
        let lines = self.text_lines(of, at, room);
        // A line may have become shorter: the screen wider, or what it holds masked.
        let row = lines.first().map_or(0, |line| row.min(self.broken(line).len() - 1));
        lines.iter().flat_map(|line| self.broken(line)).skip(row).take(room).collect()
    }

    /// Tells whether the foot of the page has to say what must not be missed.
    pub fn text_warns(&self) -> bool {
        self.status.is_bad || self.roster.saving().failed || self.privacy.is_unmasked()
    }

    /// Gives the rows below the page: the keys, and what must not be missed even here.
    pub fn text_foot(&self) -> Vec<String> {
        let mut told = Vec::new();
        if self.roster.saving().failed {
            told.push(self.locale.text("status.not-saved").to_string());
        }
        if self.privacy.is_unmasked() {
            told.push(self.locale.text("ui.privacy.unmasked").to_string());
        }
        told.push(if self.status.is_bad { format!("! {}", self.status.text) } else { self.told("ui.text.keys", &[]) });
        let mut rows = self.broken(&told.join("  "));
        if 1 < rows.len() {
            rows = told.iter().flat_map(|one| self.broken(one)).collect();
        }
        rows.truncate(FOOT);
        rows
    }

    /// Counts the lines of the page.
    pub(super) fn text_count(&self, of: TextOf) -> usize {
        let Some(batch) = self.roster.batch() else { return 0 };
        match of {
            TextOf::Record => self.record_text().len(),
            TextOf::Findings => batch.findings().iter().filter(|f| self.roster.grid().shows_finding(f)).count(),
            TextOf::Codes => self.roster.grid().count(batch),
        }
    }

    /// Gives lines of the page from one on, at most so many.
    fn text_lines(&self, of: TextOf, from: usize, most: usize) -> Vec<String> {
        let Some(batch) = self.roster.batch() else { return Vec::new() };
        match of {
            TextOf::Record => self.record_text().into_iter().skip(from).take(most).collect(),
            TextOf::Findings => {
                let shown = batch.findings().iter().filter(|f| self.roster.grid().shows_finding(f));
                shown
                    .skip(from)
                    .take(most)
                    .map(|f| self.roster.finding_told(f, &self.locale).replace('\t', "  "))
                    .collect()
            }
            TextOf::Codes => {
                let rows =
                    (from..self.roster.grid().count(batch)).filter_map(|at| self.roster.grid().row_at(batch, at));
                rows.take(most)
                    .map(|row| text::visible(&self.roster.shown_cell(row, Field::Code)).into_owned())
                    .collect()
            }
        }
    }

    fn record_text(&self) -> Vec<String> {
        let (Some(batch), Some(row)) = (self.roster.batch(), self.roster.row()) else { return Vec::new() };
        let cell = |field: &Field| {
            let shown = self.roster.shown_cell(row, *field);
            format!("{}: {}", batch.context().sheet().label(*field), text::visible(&shown))
        };
        let findings = batch.findings().of_row(row).iter();
        let told = |f: &Finding| self.roster.finding_told(f, &self.locale).replace('\t', "  ");
        self.roster.grid().fields.iter().map(cell).chain(findings.map(told)).collect()
    }
}
