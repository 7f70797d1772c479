//! Going through the tour, and its end.

use super::App;
use super::msg::Effect;
use super::overlay::Overlay;
use super::tour::PAGES;

impl App {
    pub(super) fn start_tour(&mut self) {
        self.overlay = Some(Overlay::Tour { page: 0, at: 0 });
    }

    /// Turns to the next or previous screen; behind the last the tour is over.
    pub(super) fn turn_tour(&mut self, backwards: bool) {
        let Some(Overlay::Tour { page, at }) = &mut self.overlay else { return };
        *at = 0;
        if backwards {
            *page = page.saturating_sub(1);
        } else if *page + 1 < PAGES.len() {
            *page += 1;
        } else {
            self.end_tour();
        }
    }

    /// Ends the tour; it does not come by itself again.
    pub(super) fn end_tour(&mut self) {
        self.overlay.take_if(|overlay| matches!(overlay, Overlay::Tour { .. }));
        // What is wrong with the settings was told when the tour began, and its keys took it away.
        if let Some(words) = self.trouble.clone() {
            self.complain(words);
        }
        self.has_met();
    }

    /// Takes note that the person has been told of the tour.
    pub(super) fn has_met(&mut self) {
        if std::mem::take(&mut self.is_new) {
            self.out.push(Effect::Remember { name: "tour", value: "true" });
        }
    }

    /// Gives the paragraphs of a screen of the tour, with the keys they name.
    pub fn tour_text(&self, page: usize) -> Vec<String> {
        let Some((_, text)) = PAGES.get(page) else { return Vec::new() };
        self.told(text, &[]).lines().map(String::from).collect()
    }
}
