//! Moving about: cursor, findings and search.

use super::RosterPane;
use crate::app::command::Command;
use crate::app::context::Context;
use crate::app::layout::Focus;
use crate::domain::roster::RowId;
use crate::domain::selection::Needle;
use crate::domain::sheet::Field;

impl RosterPane {
    /// Moves the cursor among cells; tells whether the command is one that moves it so. `number` was typed before it.
    pub(in crate::app) fn go(&mut self, command: Command, number: Option<u32>, to: &mut Context<'_>) -> bool {
        let times = number.map_or(1, |n| n as usize).max(1);
        match (self.grid.focus, command) {
            (_, Command::Last) if number.is_some() => self.go_to_line(number.unwrap_or(1), to),
            (Focus::Grid, Command::Left) => self.grid.column = self.grid.column.saturating_sub(times),
            (Focus::Grid, Command::Right) => self.grid.column += times,
            (_, Command::FirstColumn) => (self.grid.column, self.grid.left) = (0, 0),
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
        self.grid.column = self.grid.reveal(field);
    }

    /// Goes to the row the spreadsheet numbers so, or the next one below it.
    pub(in crate::app) fn go_to_line(&mut self, line: u32, to: &mut Context<'_>) {
        let Some(batch) = &self.batch else { return };
        let part = self.row().map_or(0, |row| batch.roster().part_of(row));
        if let Some(row) = batch.roster().row_at_line_in(part, line) {
            self.grid.at = self.grid.place_of(row);
        } else {
            self.grid.at = usize::MAX;
            to.miss_key("status.past-end");
        }
    }

    /// Goes to the next finding, or to the next place of the text that is being searched.
    pub(in crate::app) fn next_finding(&mut self, backwards: bool, to: &mut Context<'_>) {
        if self.grid.is_searching {
            return self.search_on(backwards, to);
        }
        let Some(batch) = &self.batch else { return };
        match self.grid.next_finding(batch, backwards) {
            None => to.remark("status.no-finding"),
            Some((finding, around)) => {
                if self.grid.focus == Focus::Findings {
                    self.grid.focus = Focus::Grid;
                }
                let passes_over = !self.grid.is_passing_told && self.grid.passes_over(batch);
                self.grid.is_passing_told |= passes_over;
                self.go_to_cell(finding.row, finding.field);
                if passes_over {
                    to.say_key("status.passed-over");
                } else if around {
                    let key = if backwards { "status.around-back" } else { "status.around" };
                    to.say_key(key);
                }
            }
        }
    }

    /// Goes to the next cell that holds a text, or whose first letters it is; an empty text repeats the last search.
    pub(in crate::app) fn search(&mut self, text: &str, to: &mut Context<'_>) {
        if !text.is_empty() {
            self.grid.search = text.to_string();
            self.grid.searched = self.grid.searches_column.then(|| self.grid.field());
        }
        self.search_on(false, to);
    }

    /// Has the next search look in the cursor's column alone, or in all again.
    pub(in crate::app) fn turn_search(&mut self) {
        self.grid.searches_column ^= true;
    }

    /// Ends the search, so that the next finding is gone to again; tells whether there was one.
    pub(in crate::app) fn stop_search(&mut self) -> bool {
        std::mem::take(&mut self.grid.is_searching)
    }

    fn search_on(&mut self, backwards: bool, to: &mut Context<'_>) {
        let Some(batch) = self.batch.as_ref().filter(|_| !self.grid.search.is_empty()) else {
            return self.not_found(to);
        };
        let needle = Needle::heard(&self.grid.search);
        let (grid, count, at) = (&self.grid, self.grid.count(batch), self.grid.at);
        let columns: Vec<usize> = match grid.searched {
            Some(field) => vec![grid.place_of_field(field)],
            None => (0..grid.fields.len()).collect(),
        };
        let cell = |at: usize, column: usize| {
            let row = grid.row_at(batch, at)?;
            grid.fields.get(column).map(|field| batch.roster().cell(row, *field))
        };
        let is_hit = |at: usize, column: usize| cell(at, column).is_some_and(|cell| needle.is_in(cell));
        let first = |at: usize| columns.iter().copied().find(|c| is_hit(at, *c)).map(|c| (at, c));
        let last = |at: usize| columns.iter().rev().copied().find(|c| is_hit(at, *c)).map(|c| (at, c));
        // The current cell comes last, so that repeating goes on.
        let found = if backwards {
            let here = columns.iter().rev().copied().filter(|c| *c < grid.column).find(|c| is_hit(at, *c));
            let before = here.map(|c| (at, c)).or_else(|| (0..at).rev().find_map(last));
            before.or_else(|| (at..count).rev().find_map(last))
        } else {
            let here = columns.iter().copied().filter(|c| grid.column < *c).find(|c| is_hit(at, *c));
            let after = here.map(|c| (at, c)).or_else(|| (at + 1..count).find_map(first));
            after.or_else(|| (0..(at + 1).min(count)).find_map(first))
        };
        let Some(found) = found else { return self.not_found(to) };
        let here = (at, grid.column);
        let key = match (backwards, found <= here, here <= found) {
            (false, true, _) => "status.around",
            (true, _, true) => "status.around-back",
            _ => "status.searching",
        };
        (self.grid.at, self.grid.column) = found;
        self.grid.is_searching = true;
        if self.grid.focus == Focus::Findings {
            self.grid.focus = Focus::Grid;
        }
        to.say(to.told(key, &[("text", &self.grid.search)]));
    }

    fn not_found(&mut self, to: &mut Context<'_>) {
        self.grid.is_searching = false;
        to.miss(to.locale.fill("status.not-found", &[("text", &self.grid.search)]));
    }

    pub(in crate::app) fn turn_pane(&mut self, backwards: bool) {
        self.grid.focus = match (self.grid.focus, backwards) {
            (Focus::Grid, false) | (Focus::Findings, true) => Focus::Record,
            (Focus::Record, false) | (Focus::Grid, true) => Focus::Findings,
            (Focus::Findings, false) | (Focus::Record, true) => Focus::Grid,
        };
    }
}
