//! Who masks and blanks when it is time.

use std::time::Duration;

use super::context::context;
use super::privacy::Shown;
use super::{App, Screen};

impl App {
    /// Takes the time; masks and blanks what is due.
    pub(super) fn pass(&mut self, now: Duration) {
        self.input.pass(now);
        let due = self.privacy.pass(now);
        // Whoever types is there; what is typed stays in sight as long as the keys go on.
        if due.typed {
            self.roster.mask_typed();
        }
        if due.shown {
            self.mask();
        }
        if due.blank {
            self.blank();
        }
    }

    /// Blanks the screen; what goes on below goes on, and what was half typed stays.
    pub(super) fn blank(&mut self) {
        self.mask();
        self.roster.mask_typed();
        self.privacy.blank();
    }

    /// Masks whatever is unmasked, the number that the decoder was lent from an unmasked row among it.
    fn mask(&mut self) {
        self.clipboard.hide(context!(self));
        self.roster.mask();
        self.ledger.mask();
        self.privacy.show(None, false);
        let intent = self.overlays.mask(&self.roster);
        self.fulfil(intent);
        if let Some(request) = self.overlays.mask_form() {
            self.ledger.request(request, context!(self));
        }
    }

    /// Masks what is not in hand any more, and starts the time of what has just been unmasked.
    pub(super) fn settle_privacy(&mut self) {
        if self.roster.unmasked().is_some()
            && (self.screen != Screen::Roster || self.roster.unmasked() != self.roster.row())
        {
            self.roster.mask();
            self.clipboard.hide(context!(self));
        }
        let row = self.roster.unmasked().map(Shown::Row);
        let form = self.overlays.shows_form_whole().then_some(Shown::Form);
        let shown = row.or(self.ledger.unmasked()).or(form);
        self.privacy.show(shown, self.roster.is_typed_shown());
    }
}
