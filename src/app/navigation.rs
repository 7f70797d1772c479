//! Moving about: cursor, panes, findings, search and filter.

use super::command::{Command, Place};
use super::export::ExportLine;
use super::grid::{self, Entry, Filter, Filtered, Needle};
use super::layout::Focus;
use super::overlay::Overlay;
use super::{App, Screen};
use crate::domain::roster::RowId;
use crate::domain::rules::Finding;
use crate::domain::sheet::Field;

impl App {
    /// Moves the cursor of the list in hand.
    pub(super) fn go(&mut self, command: Command) {
        match (self.place(), command) {
            (Place::Grid | Place::Record, Command::Last) if self.number.is_some() => {
                let line = self.number.unwrap_or(1);
                self.go_to_line(line);
            }
            (Place::Grid, Command::Left) | (Place::Record, Command::Up) => {
                self.grid.column = self.grid.column.saturating_sub(self.times());
            }
            (Place::Grid, Command::Right) | (Place::Record, Command::Down) => self.grid.column += self.times(),
            (Place::Grid | Place::Record, Command::FirstColumn) => self.grid.column = 0,
            (Place::Grid | Place::Record, Command::LastColumn) => {
                self.grid.column = self.grid.fields.len().saturating_sub(1);
            }
            (Place::Record, Command::PreviousRow) => self.grid.at = self.grid.at.saturating_sub(self.times()),
            (Place::Record, Command::NextRow) => self.grid.at += self.times(),
            (Place::Record, Command::PageUp | Command::HalfUp) => self.grid.at = self.grid.at.saturating_sub(1),
            (Place::Record, Command::PageDown | Command::HalfDown) => self.grid.at += 1,
            _ => self.go_in_list(command),
        }
    }

    fn times(&self) -> usize {
        self.number.map_or(1, |n| n as usize).max(1)
    }

    fn go_in_list(&mut self, command: Command) {
        let times = self.times();
        if matches!(self.overlay, Some(Overlay::Text { .. })) {
            return self.go_in_text(command, times);
        }
        let page = self.page();
        let count = self.list_count();
        let Some(at) = self.list_cursor() else { return };
        *at = match command {
            Command::Up => at.saturating_sub(times),
            Command::Down => *at + times,
            Command::PageUp => at.saturating_sub(page),
            Command::PageDown => *at + page,
            Command::HalfUp => at.saturating_sub((page / 2).max(1)),
            Command::HalfDown => *at + (page / 2).max(1),
            Command::First => 0,
            Command::Last => usize::MAX,
            _ => *at,
        }
        .min(count.saturating_sub(1));
    }

    /// Puts the cursor of the list in hand on a line.
    pub(super) fn set_list_cursor(&mut self, line: usize) {
        let last = self.list_count().saturating_sub(1);
        if let Some(at) = self.list_cursor() {
            *at = line.min(last);
        }
    }

    fn page(&self) -> usize {
        if self.screen == Screen::Roster && self.grid.focus == Focus::Grid && self.overlay.is_none() {
            return self.layout().grid_rows().saturating_sub(1).max(1);
        }
        if self.screen == Screen::Ledger && self.overlay.is_none() {
            return self.ledger.height(self.size);
        }
        usize::from(self.size.1.saturating_sub(8)).max(1)
    }

    fn list_cursor(&mut self) -> Option<&mut usize> {
        match &mut self.overlay {
            Some(
                Overlay::Help { at, .. }
                | Overlay::Palette { at, .. }
                | Overlay::History { at }
                | Overlay::Tour { at, .. },
            ) => {
                return Some(at);
            }
            Some(Overlay::Preview(preview)) => return Some(&mut preview.at),
            Some(Overlay::Lookup(pane)) => return Some(&mut pane.at),
            Some(Overlay::Decoder(pane)) => return Some(&mut pane.at),
            Some(Overlay::Plan(pane)) => return Some(&mut pane.at),
            Some(Overlay::Choose(choose)) => return Some(&mut choose.at),
            Some(Overlay::Confirm { .. } | Overlay::Text { .. }) => return None,
            None if self.screen == Screen::Ledger => return Some(self.ledger.cursor()),
            None => {}
        }
        Some(match (self.screen, self.grid.focus) {
            (Screen::Import, _) => self.import.cursor(),
            (Screen::Export, _) => self.export.cursor(),
            (Screen::Roster, Focus::Findings) => &mut self.grid.chosen,
            (Screen::Roster | Screen::Ledger, _) => &mut self.grid.at,
        })
    }

    fn list_count(&self) -> usize {
        if let Some(Overlay::Lookup(pane)) = &self.overlay {
            return pane.hits.len();
        }
        match &self.overlay {
            Some(Overlay::Plan(pane)) => return pane.count(),
            Some(Overlay::Choose(choose)) => return choose.options.len(),
            Some(Overlay::Tour { page, .. }) => return self.tour_text(*page).len(),
            None if self.screen == Screen::Ledger => return self.ledger.content().count(),
            _ => {}
        }
        let Some(batch) = &self.batch else {
            return match &self.overlay {
                Some(Overlay::Help { prompt, .. } | Overlay::Palette { prompt, .. }) => {
                    self.command_lines(prompt.text()).len()
                }
                _ => self.import.count(),
            };
        };
        match &self.overlay {
            Some(Overlay::Help { prompt, .. } | Overlay::Palette { prompt, .. }) => {
                self.command_lines(prompt.text()).len()
            }
            Some(Overlay::History { .. }) => batch.history().applied().len() + batch.history().undone_steps().len(),
            Some(Overlay::Preview(preview)) => preview.change.edits.len(),
            Some(Overlay::Decoder(pane)) => pane.proposals().count(),
            Some(
                Overlay::Confirm { .. }
                | Overlay::Lookup(_)
                | Overlay::Plan(_)
                | Overlay::Choose(_)
                | Overlay::Text { .. }
                | Overlay::Tour { .. },
            ) => 0,
            None => match (self.screen, self.grid.focus) {
                (Screen::Import, _) => self.import.count(),
                (Screen::Export, _) => ExportLine::ALL.len(),
                (Screen::Roster, Focus::Findings) => grid::entries(batch).len(),
                (Screen::Roster | Screen::Ledger, _) => self.grid.count(batch),
            },
        }
    }

    /// Goes to a cell; a filter that hides it is lifted.
    pub(super) fn go_to_cell(&mut self, row: RowId, field: Field) {
        if !self.grid.shows(row) {
            self.grid.filter = None;
        }
        self.grid.at = self.grid.place_of(row);
        self.grid.column = self.grid.place_of_field(field);
    }

    /// Goes to a finding's cell and says what was found.
    pub(super) fn go_to_finding(&mut self, finding: &Finding) {
        self.go_to_cell(finding.row, finding.field);
    }

    /// Goes to the row the spreadsheet numbers so, or the next one below it.
    pub(super) fn go_to_line(&mut self, line: u32) {
        let Some(batch) = &self.batch else { return };
        if let Some(row) = batch.roster().row_at_line(line) {
            self.grid.at = self.grid.place_of(row);
        } else {
            self.grid.at = usize::MAX;
            self.warn("status.past-end");
        }
    }

    pub(super) fn next_finding(&mut self, backwards: bool) {
        let Some(batch) = &self.batch else { return };
        match self.grid.next_finding(batch, backwards) {
            None => self.warn("status.no-finding"),
            Some((finding, around)) => {
                if self.grid.focus == Focus::Findings {
                    self.grid.focus = Focus::Grid;
                }
                self.go_to_finding(&finding);
                if around {
                    let key = if backwards { "status.around-back" } else { "status.around" };
                    self.say(self.locale.text(key).to_string());
                }
            }
        }
    }

    /// Goes to the next cell that holds a text; an empty text repeats the last search.
    pub(super) fn search(&mut self, text: &str) {
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
                let text = self.locale.fill("status.not-found", &[("text", &self.grid.search)]);
                self.complain(text);
            }
            Some((found, field)) => {
                if (found, self.grid.place_of_field(field)) <= (at, self.grid.column) {
                    self.say(self.locale.text("status.around").to_string());
                }
                self.grid.at = found;
                self.grid.column = self.grid.place_of_field(field);
            }
        }
    }

    /// Filters rows, or lifts the filter; the cursor stays on its row where it can.
    pub(super) fn set_filter(&mut self, filter: Option<Filter>) {
        let row = self.row().unwrap_or(0);
        let Some(batch) = &self.batch else { return };
        let filtered = filter.map(|f| Filtered::new(f, batch));
        if filtered.as_ref().is_some_and(|f| f.rows.is_empty()) {
            return self.warn("status.filter-empty");
        }
        let shown = filtered.as_ref().map(|f| f.rows.len());
        self.grid.filter = filtered;
        self.grid.at = self.grid.place_of(row);
        match shown {
            Some(n) => self.say(self.told("status.filtered", &[("n", &n.to_string())])),
            None => self.say(self.locale.text("status.filter-off").to_string()),
        }
    }

    /// Filters by the finding under the cursor.
    pub(super) fn filter_finding(&mut self) {
        let (Some(batch), Some(row)) = (&self.batch, self.row()) else { return };
        let field = self.grid.field();
        let of_row = batch.findings().of_row(row);
        if let Some(finding) = of_row.iter().find(|f| f.field == field).or(of_row.first()).copied() {
            self.grid.column = self.grid.place_of_field(finding.field);
            self.set_filter(Some(Filter::Findings { rule: Some(finding.rule), field: Some(finding.field) }));
        }
    }

    /// Filters by the line under the cursor of the findings pane, and goes to the first finding of it.
    pub(super) fn filter_chosen(&mut self) {
        let Some(batch) = &self.batch else { return };
        let entries = grid::entries(batch);
        let filter = match entries.get(self.grid.chosen) {
            Some(Entry::Rule(rule, _)) => Filter::Findings { rule: Some(*rule), field: None },
            Some(Entry::Column(field, _)) => Filter::Findings { rule: None, field: Some(*field) },
            Some(Entry::All(_)) => Filter::Findings { rule: None, field: None },
            None => return,
        };
        self.set_filter(Some(filter));
        self.grid.focus = Focus::Grid;
        let (Some(batch), Some(row)) = (&self.batch, self.row()) else { return };
        let first = batch.findings().of_row(row).iter().find(|f| self.grid.shows_finding(f)).map(|f| f.field);
        if let Some(field) = first {
            self.grid.column = self.grid.place_of_field(field);
        }
    }

    pub(super) fn turn_pane(&mut self, backwards: bool) {
        self.grid.focus = match (self.grid.focus, backwards) {
            (Focus::Grid, false) | (Focus::Findings, true) => Focus::Record,
            (Focus::Record, false) | (Focus::Grid, true) => Focus::Findings,
            (Focus::Findings, false) | (Focus::Record, true) => Focus::Grid,
        };
    }

    pub(super) fn open_history(&mut self) {
        let Some(batch) = &self.batch else { return };
        let at = batch.history().applied().len().saturating_sub(1);
        self.overlay = Some(Overlay::History { at });
    }

    /// Shows the roster once a batch is there.
    pub(super) fn show_roster(&mut self) {
        self.show(Screen::Roster);
        self.import.rest();
    }
}
