//! The tour of a first start (导览): five screens over the pane, skipped with one key, shown again by its command.

use crate::app::command::{Command, Keymap, Place};
use crate::app::context::Context;
use crate::app::intent::Intent;
use crate::words::Locale;

/// The screens: locale key of the title and of the text, and the place it is about, of which it names the keys; one without is
/// about every place.
pub const PAGES: [(&str, &str, Option<Place>); 5] = [
    ("ui.tour.screen.title", "ui.tour.screen.text", Some(Place::Grid)),
    ("ui.tour.open.title", "ui.tour.open.text", Some(Place::Browser)),
    ("ui.tour.fix.title", "ui.tour.fix.text", Some(Place::Grid)),
    ("ui.tour.numbers.title", "ui.tour.numbers.text", Some(Place::Grid)),
    ("ui.tour.help.title", "ui.tour.help.text", None),
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

    /// Gives the locale key of the screen's title.
    pub fn title(&self) -> &'static str {
        PAGES[self.page].0
    }

    /// Gives the screen's text; the keys of commands stand in it as they are now, seen from over which place it lies.
    pub fn text(&self, locale: &Locale, keymap: &Keymap, base: Place) -> String {
        let (_, text, about) = PAGES[self.page];
        keymap.told(locale, text, &[], &[about.unwrap_or(base), base])
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
        self.text(to.locale, to.keymap, to.places[1]).lines().count()
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
