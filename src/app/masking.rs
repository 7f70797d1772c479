//! Who masks and blanks when it is time, and what brings the screen back.

use std::time::Duration;

use super::msg::Msg;
use super::privacy::{Privacy, Shown};
use super::{App, Overlay, Screen};

impl App {
    /// Gives how long the workbench will have been running when the screen changes by itself: [`Msg::Time`] is due then.
    pub fn wakes_at(&self) -> Option<Duration> {
        let Privacy { unmask_for, idle_for, used, shown, is_typed, is_blank, .. } = self.privacy;
        let masks = shown.map(|(_, since)| since + unmask_for);
        let masks_typed = is_typed.then_some(used + unmask_for);
        let blanks = idle_for.filter(|_| !is_blank).map(|idle| used + idle);
        masks.into_iter().chain(masks_typed).chain(blanks).min()
    }

    /// Takes the time; masks and blanks what is due.
    pub(super) fn pass(&mut self, now: Duration) {
        let Privacy { unmask_for, idle_for, used, shown, is_typed, is_blank, .. } = self.privacy;
        self.privacy.now = now;
        // Whoever types is there; what is typed stays in sight as long as the keys go on.
        if is_typed && used + unmask_for <= now {
            self.roster.mask_typed();
        }
        if shown.is_some_and(|(_, since)| since + unmask_for <= now) {
            self.mask();
        }
        if !is_blank && idle_for.is_some_and(|idle| used + idle <= now) {
            self.blank();
        }
    }

    /// Blanks the screen; what goes on below goes on, and what was half typed stays.
    pub(super) fn blank(&mut self) {
        self.mask();
        self.roster.mask_typed();
        self.privacy.is_blank = true;
    }

    /// Notes that somebody is there. Tells whether that only brings the screen back.
    pub(super) fn wakes(&mut self, msg: &Msg) -> bool {
        if !matches!(msg, Msg::Key(_) | Msg::Paste(_) | Msg::Mouse(_)) {
            return false;
        }
        self.privacy.used = self.privacy.now;
        std::mem::take(&mut self.privacy.is_blank)
    }

    /// Masks whatever is unmasked, the number that the decoder was lent from an unmasked row among it.
    fn mask(&mut self) {
        self.hide_copied();
        self.roster.mask();
        self.ledger.mask();
        self.privacy.shown = None;
        if let Some(Overlay::Decoder(pane)) = &mut self.overlay
            && std::mem::take(&mut pane.is_lent)
        {
            pane.prompt.set("");
            self.look_again();
        }
    }

    /// Masks what is not in hand any more, and starts the time of what has just been unmasked.
    pub(super) fn settle_privacy(&mut self) {
        if self.roster.unmasked().is_some()
            && (self.screen != Screen::Roster || self.roster.unmasked() != self.roster.row())
        {
            self.roster.mask();
            self.hide_copied();
        }
        self.privacy.is_typed = self.roster.is_typed_shown();
        let row = self.roster.unmasked().map(Shown::Row);
        let shown = row.or(self.ledger.unmasked().map(Shown::Certificate));
        if self.privacy.shown.map(|(shown, _)| shown) != shown {
            self.privacy.shown = shown.map(|shown| (shown, self.privacy.now));
        }
    }
}
