//! The tour of a first start (导览): five screens over the pane, skipped with one key, shown again by its command.

use crate::app::command::Command;
use crate::app::context::Context;
use crate::app::intent::Intent;

/// The screens: locale key of the title and of the text.
pub const PAGES: [(&str, &str); 5] = [
    ("ui.tour.screen.title", "ui.tour.screen.text"),
    ("ui.tour.open.title", "ui.tour.open.text"),
    ("ui.tour.fix.title", "ui.tour.fix.text"),
    ("ui.tour.numbers.title", "ui.tour.numbers.text"),
    ("ui.tour.help.title", "ui.tour.help.text"),
];

#[derive(Debug, Default)]
pub struct TourPane {
    /// The screen, a place in [`PAGES`].
    page: usize,
    /// The first paragraph shown.
    at: usize,
}

impl TourPane {
    pub fn page(&self) -> usize {
        self.page
    }

    /// Gives the locale keys of the screen's title and text; the keys of commands stand in the text as they are now.
    pub fn title_and_text(&self) -> (&'static str, &'static str) {
        PAGES[self.page]
    }

    /// Gives the first paragraph shown.
    pub fn at(&self) -> usize {
        self.at
    }

    pub(super) fn cursor(&mut self) -> &mut usize {
        &mut self.at
    }

    /// Counts the paragraphs of the screen.
    pub(super) fn count(&self, to: &Context<'_>) -> usize {
        to.told(self.title_and_text().1, &[]).lines().count()
    }

    /// Turns to the next or previous screen; behind the last the tour is over.
    pub(super) fn update(&mut self, command: Command) -> Option<Intent> {
        match command {
            Command::NextPage if self.page + 1 == PAGES.len() => return Some(Intent::EndTour),
            Command::NextPage => self.page += 1,
            Command::PreviousPage => self.page = self.page.saturating_sub(1),
            Command::EndTour => return Some(Intent::EndTour),
            _ => return None,
        }
        self.at = 0;
        Some(Intent::Nothing)
    }
}
