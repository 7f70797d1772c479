//! Moving about: cursor, findings, search and filter.

use super::RosterPane;
use super::grid::{self, FindingLine};
use crate::app::command::Command;
use crate::app::context::Context;
use crate::app::layout::Focus;
use crate::domain::roster::RowId;
use crate::domain::rules::Severity;
use crate::domain::selection::{Condition, Needle, RowSelection};
use crate::domain::sheet::Field;

impl RosterPane {
    /// Moves the cursor among cells; tells whether the command is one that moves it so. `number` was typed before it.
    pub(in crate::app) fn go(&mut self, command: Command, number: Option<u32>, to: &mut Context<'_>) -> bool {
        let times = number.map_or(1, |n| n as usize).max(1);
        match (self.grid.focus, command) {
            (_, Command::Last) if number.is_some() => self.go_to_line(number.unwrap_or(1), to),
            (Focus::Grid, Command::Left) | (Focus::Record, Command::Up) => {
                self.grid.column = self.grid.column.saturating_sub(times);
            }
            (Focus::Grid, Command::Right) | (Focus::Record, Command::Down) => self.grid.column += times,
            (_, Command::FirstColumn) => self.grid.column = 0,
            (_, Command::LastColumn) => self.grid.column = self.grid.fields.len().saturating_sub(1),
            (Focus::Record, Command::PreviousRow) => self.grid.at = self.grid.at.saturating_sub(times),
            (Focus::Record, Command::NextRow) => self.grid.at += times,
            (Focus::Record, Command::PageUp | Command::HalfUp) => self.grid.at = self.grid.at.saturating_sub(1),
            (Focus::Record, Command::PageDown | Command::HalfDown) => self.grid.at += 1,
            _ => return false,
        }
        true
    }

    /// Goes to a cell; a filter that hides it is lifted.
    pub(in crate::app) fn go_to_cell(&mut self, row: RowId, field: Field) {
        if !self.grid.shows(row) {
            self.grid.shown = None;
        }
        self.grid.at = self.grid.place_of(row);
        self.grid.column = self.grid.place_of_field(field);
    }

    /// Goes to the row the spreadsheet numbers so, or the next one below it.
    pub(in crate::app) fn go_to_line(&mut self, line: u32, to: &mut Context<'_>) {
        let Some(batch) = &self.batch else { return };
        let part = self.row().map_or(0, |row| batch.roster().part_of(row));
        if let Some(row) = batch.roster().row_at_line_in(part, line) {
            self.grid.at = self.grid.place_of(row);
        } else {
            self.grid.at = usize::MAX;
            to.warn("status.past-end");
        }
    }

    pub(in crate::app) fn next_finding(&mut self, backwards: bool, to: &mut Context<'_>) {
        let Some(batch) = &self.batch else { return };
        match self.grid.next_finding(batch, backwards) {
            None => to.warn("status.no-finding"),
            Some((finding, around)) => {
                if self.grid.focus == Focus::Findings {
                    self.grid.focus = Focus::Grid;
                }
                self.go_to_cell(finding.row, finding.field);
                if around {
                    let key = if backwards { "status.around-back" } else { "status.around" };
                    to.say_key(key);
                }
            }
        }
    }

    /// Goes to the next cell that holds a text; an empty text repeats the last search.
    pub(in crate::app) fn search(&mut self, text: &str, to: &mut Context<'_>) {
        if !text.is_empty() {
            self.grid.search = text.to_string();
        }
        let Some(batch) = &self.batch else { return };
        let needle = Needle::new(&self.grid.search);
        let (count, at) = (self.grid.count(batch), self.grid.at);
        let hit = |at: usize, from: usize| {
            let field = needle.field_in(batch, self.grid.row_at(batch, at)?, from)?;
            Some((at, field))
        };
        // The current cell comes last, so that repeating goes on.
        let found = hit(at, self.grid.column + 1)
            .or_else(|| (at + 1..count).find_map(|at| hit(at, 0)))
            .or_else(|| (0..(at + 1).min(count)).find_map(|at| hit(at, 0)));
        match found.filter(|_| !self.grid.search.is_empty()) {
            None => {
                let text = to.locale.fill("status.not-found", &[("text", &self.grid.search)]);
                to.complain(text);
            }
            Some((found, field)) => {
                if (found, self.grid.place_of_field(field)) <= (at, self.grid.column) {
                    to.say_key("status.around");
                }
                self.grid.at = found;
                self.grid.column = self.grid.place_of_field(field);
            }
        }
    }

    /// Filters rows, or lifts the filter; the cursor stays on its row where it can.
    pub(in crate::app) fn set_filter(&mut self, filter: Option<Condition>, to: &mut Context<'_>) {
        let row = self.row().unwrap_or(0);
        let Some(batch) = &self.batch else { return };
        let is_wanted = filter.is_some();
        let shown = self.grid.choose(RowSelection { conditions: filter.into_iter().collect(), order: None }, batch);
        if is_wanted && shown.is_none() {
            return to.warn("status.filter-empty");
        }
        let left = shown.as_ref().map(|shown| shown.rows().len());
        self.grid.shown = shown;
        self.grid.at = self.grid.place_of(row);
        match left {
            Some(n) => to.say(to.told("status.filtered", &[("n", &n.to_string())])),
            None => to.say_key("status.filter-off"),
        }
    }

    /// Filters by the finding under the cursor.
    pub(in crate::app) fn filter_finding(&mut self, to: &mut Context<'_>) {
        let (Some(batch), Some(row)) = (&self.batch, self.row()) else { return };
        let field = self.grid.field();
        let of_row = batch.findings().of_row(row);
        if let Some(finding) = of_row.iter().find(|f| f.field == field).or(of_row.first()).copied() {
            self.grid.column = self.grid.place_of_field(finding.field);
            self.set_filter(Some(Condition::Findings { rule: Some(finding.rule), field: Some(finding.field) }), to);
        }
    }

    /// Filters by the line under the cursor of the findings pane, and goes to the first finding of it.
    pub(in crate::app) fn filter_chosen(&mut self, to: &mut Context<'_>) {
        let Some(batch) = &self.batch else { return };
        let entries = grid::entries(batch);
        let filter = match entries.get(self.grid.chosen) {
            Some(FindingLine::Rule(rule, _)) => Condition::Findings { rule: Some(*rule), field: None },
            Some(FindingLine::Folded(rule, field, ..)) => {
                Condition::Findings { rule: Some(*rule), field: Some(*field) }
            }
            Some(FindingLine::Column(field, _)) => Condition::Findings { rule: None, field: Some(*field) },
            Some(FindingLine::Table(fault, _)) => {
                let found = batch.table_findings();
                let of_fault = found.iter().filter(|f| f.fault == *fault);
                let told =
                    of_fault.map(|f| to.locale.table_finding(batch.context().sheet(), &batch.roster().columns, f));
                let told = told.collect::<Vec<_>>().join(to.locale.text("finding.semicolon"));
                return if fault.severity() == Severity::Error { to.complain(told) } else { to.say(told) };
            }
            Some(FindingLine::All(_)) => Condition::Findings { rule: None, field: None },
            None => return,
        };
        self.set_filter(Some(filter), to);
        self.grid.focus = Focus::Grid;
        let (Some(batch), Some(row)) = (&self.batch, self.row()) else { return };
        let first = batch.findings().of_row(row).iter().find(|f| self.grid.shows_finding(f)).map(|f| f.field);
        if let Some(field) = first {
            self.grid.column = self.grid.place_of_field(field);
        }
    }

    pub(in crate::app) fn turn_pane(&mut self, backwards: bool) {
        self.grid.focus = match (self.grid.focus, backwards) {
            (Focus::Grid, false) | (Focus::Findings, true) => Focus::Record,
            (Focus::Record, false) | (Focus::Grid, true) => Focus::Findings,
            (Focus::Findings, false) | (Focus::Record, true) => Focus::Grid,
        };
    }
}
