//! The page of bare text (纯文本页): no frame, no columns, no mouse, so that the terminal's own selection takes nothing but
//! text. Lines are broken where the screen is narrower. What is masked in the roster is masked here.

use crate::app::command::Command;
use crate::app::context::Context;
use crate::app::intent::Intent;
use crate::app::layout::Focus;
use crate::app::ring::ring;
use crate::app::roster::RosterPane;
use crate::domain::rules::Finding;
use crate::domain::sheet::Field;
use crate::domain::text;
use crate::domain::wrap::wrap;
use crate::words::Locale;

ring! {
    /// What the page tells of.
    enum TextOf {
        /// The cursor's row, cell by cell, with what was found in it.
        Record,
        /// The findings of the rows shown.
        Findings,
        /// The codes of the rows shown.
        Codes,
    }
}

#[derive(Debug)]
pub struct TextPage {
    of: TextOf,
    /// The first line shown.
    at: usize,
    /// The first row of it that is shown, where the terminal is narrower than the line.
    row: usize,
    /// What it tells where that is nothing of the roster.
    own: Vec<String>,
}

impl TextPage {
    /// Begins with the findings from their pane, else with the record.
    pub(super) fn new(roster: &RosterPane) -> TextPage {
        let of = if roster.grid().focus == Focus::Findings { TextOf::Findings } else { TextOf::Record };
        TextPage { of, at: 0, row: 0, own: Vec::new() }
    }

    /// Tells lines of their own.
    pub(in crate::app) fn of_lines(own: Vec<String>) -> TextPage {
        TextPage { of: TextOf::Record, at: 0, row: 0, own }
    }

    /// Turns to what the page can tell of next, or before.
    pub(super) fn update(&mut self, command: Command) -> Option<Intent> {
        let backwards = match command {
            Command::NextText => false,
            Command::PreviousText => true,
            _ => return None,
        };
        if self.own.is_empty() {
            *self = TextPage { of: self.of.turned(backwards), at: 0, row: 0, own: Vec::new() };
        }
        Some(Intent::Nothing)
    }

    /// Moves by rows as they stand on the screen, which has so many for the page.
    pub(super) fn go(&mut self, command: Command, times: usize, rows: usize, roster: &RosterPane, to: &Context<'_>) {
        let text = Text { of: self.of, own: &self.own, roster, locale: to.locale, columns: usize::from(to.size.0) };
        // One row stays in sight, so that the eye finds on.
        let page = rows.saturating_sub(1).max(1);
        let half = (page / 2).max(1);
        let here = (self.at, self.row);
        (self.at, self.row) = match command {
            Command::Up => text.above(here, times),
            Command::PageUp => text.above(here, page),
            Command::HalfUp => text.above(here, half),
            Command::Down => text.below(here, times),
            Command::PageDown => text.below(here, page),
            Command::HalfDown => text.below(here, half),
            Command::First => (0, 0),
            Command::Last => (text.count().saturating_sub(1), 0),
            _ => here,
        };
    }

    /// Gives the rows of the page that are on a screen of so many columns, which has so many rows for them.
    pub fn rows(&self, columns: usize, rows: usize, roster: &RosterPane, locale: &Locale) -> Vec<String> {
        let text = Text { of: self.of, own: &self.own, roster, locale, columns };
        let lines = text.lines(self.at, rows);
        // A line may have become shorter: the screen wider, or what it holds masked.
        let row = lines.first().map_or(0, |line| self.row.min(text.broken(line).len() - 1));
        lines.iter().flat_map(|line| text.broken(line)).skip(row).take(rows).collect()
    }
}

/// What the page tells, and how wide the screen is that breaks it.
struct Text<'a> {
    of: TextOf,
    own: &'a [String],
    roster: &'a RosterPane,
    locale: &'a Locale,
    columns: usize,
}

impl Text<'_> {
    /// Gives the row of the page so many rows below another, or the last one.
    fn below(&self, (mut at, row): (usize, usize), by: usize) -> (usize, usize) {
        let mut left = row + by;
        let lines = self.lines(at, left + 1);
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
    fn above(&self, (at, row): (usize, usize), by: usize) -> (usize, usize) {
        let Some(mut left) = by.checked_sub(row).filter(|left| *left != 0) else { return (at, row - by) };
        let from = at.saturating_sub(left);
        for (i, line) in self.lines(from, at - from).iter().enumerate().rev() {
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
        wrap(line, self.columns)
    }

    /// Counts the lines of the page.
    fn count(&self) -> usize {
        if !self.own.is_empty() {
            return self.own.len();
        }
        let Some(batch) = self.roster.batch() else { return 0 };
        match self.of {
            TextOf::Record => self.record().len(),
            TextOf::Findings => batch.findings().iter().filter(|f| self.roster.grid().shows_finding(f)).count(),
            TextOf::Codes => self.roster.grid().count(batch),
        }
    }

    /// Gives lines of the page from one on, at most so many.
    fn lines(&self, from: usize, most: usize) -> Vec<String> {
        if !self.own.is_empty() {
            return self.own.iter().skip(from).take(most).cloned().collect();
        }
        let Some(batch) = self.roster.batch() else { return Vec::new() };
        let grid = self.roster.grid();
        match self.of {
            TextOf::Record => self.record().into_iter().skip(from).take(most).collect(),
            TextOf::Findings => {
                let shown = batch.findings().iter().filter(|f| grid.shows_finding(f));
                shown.skip(from).take(most).map(|f| self.told(f)).collect()
            }
            TextOf::Codes => {
                let rows = (from..grid.count(batch)).filter_map(|at| grid.row_at(batch, at));
                rows.take(most)
                    .map(|row| text::visible(&self.roster.shown_cell(row, Field::Code)).into_owned())
                    .collect()
            }
        }
    }

    fn record(&self) -> Vec<String> {
        let (Some(batch), Some(row)) = (self.roster.batch(), self.roster.row()) else { return Vec::new() };
        let cell = |field: &Field| {
            let shown = self.roster.shown_cell(row, *field);
            self.locale.labelled(batch.context().sheet().label(*field), &text::visible(&shown))
        };
        let findings = batch.findings().of_row(row).iter();
        self.roster.grid().fields.iter().map(cell).chain(findings.map(|f| self.told(f))).collect()
    }

    fn told(&self, finding: &Finding) -> String {
        self.roster.finding_told(finding, self.locale).replace('\t', "  ")
    }
}
