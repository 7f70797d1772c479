//! The cursor of the list in hand, whichever that is.

use super::command::{Command, Place};
use super::context::context;
use super::export::ExportLine;
use super::layout::Focus;
use super::{App, Screen};

impl App {
    /// Moves the cursor of the list in hand.
    pub(super) fn go(&mut self, command: Command) {
        let number = self.input.number();
        let times = number.map_or(1, |n| n as usize).max(1);
        let is_among_cells = matches!(self.place(), Place::Grid | Place::Record);
        if self.place() == Place::Record && self.go_in_record(command, times) {
            return;
        }
        if is_among_cells && self.roster.go(command, number, context!(self)) {
            return;
        }
        if self.overlays.is_open() {
            let text_rows = usize::from(self.size.1).saturating_sub(self.text_foot().len());
            let to = context!(self);
            return self.overlays.go(command, times, text_rows, &self.roster, to);
        }
        if self.screen == Screen::Ledger {
            self.ledger.seek_end(command == Command::Last);
        }
        let (at, count, page) = self.list();
        *at = command.moved(*at, times, page, count);
    }

    /// Puts the cursor of the list in hand on a line.
    pub(super) fn set_cursor(&mut self, line: usize) {
        if self.overlays.is_open() {
            let to = context!(self);
            return self.overlays.set_cursor(line, &self.roster, to);
        }
        self.ledger.seek_end(false);
        let (at, count, _) = self.list();
        *at = line.min(count.saturating_sub(1));
    }

    /// Gives the cursor of the pane's list, and how many lines it has and a page of it.
    fn list(&mut self) -> (&mut usize, usize, usize) {
        let page = usize::from(self.size.1.saturating_sub(8)).max(1);
        match self.screen {
            Screen::Import => {
                let count = self.import.count(self.size.1);
                (self.import.cursor(), count, page)
            }
            Screen::Export => (self.export.cursor(), ExportLine::ALL.len(), page),
            Screen::Roster => {
                let (count, is_grid) = (self.roster.count(), self.roster.grid().focus == Focus::Grid);
                let page = if is_grid { self.layout().grid_rows().saturating_sub(1).max(1) } else { page };
                (self.roster.cursor(), count, page)
            }
            Screen::Ledger => {
                let (count, page) = (self.ledger.content().count(), self.ledger.height(self.size));
                (self.ledger.cursor(), count, page)
            }
        }
    }
}
