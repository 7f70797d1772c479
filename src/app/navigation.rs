//! The cursor of the list in hand, whichever that is.

use super::command::{Command, Place};
use super::context::context;
use super::export::ExportLine;
use super::layout::Focus;
use super::overlay::Overlay;
use super::{App, Screen};

impl App {
    /// Moves the cursor of the list in hand.
    pub(super) fn go(&mut self, command: Command) {
        let is_among_cells = matches!(self.place(), Place::Grid | Place::Record);
        if !is_among_cells || !self.roster.go(command, self.number, context!(self)) {
            self.go_in_list(command);
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
        if self.screen == Screen::Roster && self.roster.grid().focus == Focus::Grid && self.overlay.is_none() {
            return self.layout().grid_rows().saturating_sub(1).max(1);
        }
        if self.screen == Screen::Ledger && self.overlay.is_none() {
            return self.ledger.height(self.size);
        }
        usize::from(self.size.1.saturating_sub(8)).max(1)
    }

    fn list_cursor(&mut self) -> Option<&mut usize> {
        match &mut self.overlay {
            Some(overlay) => return overlay.cursor(),
            None if self.screen == Screen::Ledger => return Some(self.ledger.cursor()),
            None => {}
        }
        Some(match self.screen {
            Screen::Import => self.import.cursor(),
            Screen::Export => self.export.cursor(),
            Screen::Roster | Screen::Ledger => self.roster.cursor(),
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
        let Some(batch) = self.roster.batch() else {
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
            None => match self.screen {
                Screen::Import => self.import.count(),
                Screen::Export => ExportLine::ALL.len(),
                Screen::Roster | Screen::Ledger => self.roster.count(),
            },
        }
    }

    pub(super) fn open_history(&mut self) {
        let Some(batch) = self.roster.batch() else { return };
        let at = batch.history().applied().len().saturating_sub(1);
        self.overlay = Some(Overlay::History { at });
    }
}
