//! The ways out: back by one step, out of a reading, out of the program.

use super::context::context;
use super::export::Export;
use super::import::BackTo;
use super::intent::Confirm;
use super::layout::Focus;
use super::msg::Effect;
use super::overlay::{CommandList, Overlay};
use super::{App, Screen, StatusLine};

impl App {
    /// Backs out by one step.
    ///
    /// `before` is what was said until now: asked twice to leave where nothing is to be left, the way out is listed.
    pub(super) fn back(&mut self, before: &StatusLine) {
        if self.back_from_form() || self.back_to_plan() {
            return;
        }
        if self.overlays.close() || self.roster.stop_typing() || self.line_question.take().is_some() {
            return self.ask_what_was_covered();
        }
        match self.screen {
            Screen::Import => match self.import.back(self.roster.batch().is_some(), context!(self)) {
                BackTo::Here => {}
                BackTo::Files => self.browse(),
                BackTo::Roster => {
                    self.import.stop_adding();
                    self.screen = Screen::Roster;
                }
                BackTo::Next => {
                    self.screen = Screen::Roster;
                    // Nobody changes the batch until it is there again.
                    if self.import.is_opening() {
                        self.roster.recheck();
                    }
                }
                BackTo::Nowhere => {
                    let types = self.place().takes_text();
                    self.at_the_bottom(if types { "status.how-to-quit-typing" } else { "status.how-to-quit" }, before);
                }
            },
            Screen::Export if self.export.is_busy() => Export::stop(context!(self)),
            Screen::Export => {
                self.export.give_up();
                self.screen = Screen::Roster;
            }
            Screen::Ledger => self.screen = self.ledger.back().unwrap_or(Screen::Ledger),
            Screen::Roster if self.roster.stop_making(context!(self)) => {
                context!(self).say_key("status.making-stopped");
            }
            Screen::Roster if self.roster.stop_choosing() => context!(self).say_key("status.choosing-stopped"),
            Screen::Roster if self.roster.grid().focus != Focus::Grid => self.roster.focus(Focus::Grid),
            Screen::Roster if self.roster.stop_search() => context!(self).say_key("status.search-ended"),
            Screen::Roster if self.has_differences() => self.stop_comparing(),
            Screen::Roster if self.roster.grid().is_filtered() => self.roster.clear_filter(context!(self)),
            Screen::Roster if self.roster.is_incomplete() && !self.roster.is_restoring() => self.ask_to_discard(),
            Screen::Roster => self.at_the_bottom("status.how-to-quit", before),
        }
    }

    /// Says how to leave; said already, lists every command: that takes no key an input method keeps for itself.
    fn at_the_bottom(&mut self, key: &str, before: &StatusLine) {
        let mut words = self.told(key, &[]);
        // Who keeps one from changing anything stays in sight.
        if let Some(holder) = self.roster.holder().filter(|_| self.screen == Screen::Roster) {
            let held = self.locale.fill("status.held-by", &[("holder", holder)]);
            words = [held, words].join(self.locale.text("finding.semicolon"));
        }
        if before.text == words {
            self.overlays.lay(Overlay::Palette(CommandList::default()));
        } else {
            context!(self).say(words);
        }
    }

    pub(super) fn quit(&mut self) {
        if self.roster.saving().is_done() && !self.roster.is_incomplete() && !self.roster.is_making() {
            return self.leave();
        }
        let key = if self.roster.saving().failed {
            "ui.confirm.quit-failed"
        } else if self.roster.is_making() {
            "ui.confirm.quit-making"
        } else if self.roster.is_incomplete() && !self.roster.is_restoring() {
            "ui.confirm.quit-reading"
        } else {
            return self.leave();
        };
        self.overlays.confirm(self.locale.text(key).to_string(), Confirm::Quit);
    }

    /// Asks whether a reading is to be stopped. Rows can be read again and are thrown away; changes are kept.
    fn ask_to_discard(&mut self) {
        let question = match self.roster.count_steps() {
            0 => self.locale.text("ui.confirm.discard").to_string(),
            n => self.locale.fill("ui.confirm.discard-changes", &[("n", &n.to_string())]),
        };
        self.overlays.confirm(question, Confirm::Discard);
    }

    /// Stops the reading and lets go of the batch, unless the last row came while the question was on screen.
    pub(super) fn discard(&mut self) {
        if !self.roster.is_incomplete() || self.roster.is_restoring() {
            return context!(self).warn("status.read-meanwhile");
        }
        self.let_go(true);
        self.status = StatusLine::default();
    }

    /// Lets go of the batch that is being read, and shows the files; `is_told` where what became of it is not seen otherwise.
    pub(super) fn let_go(&mut self, is_told: bool) {
        self.import.stop_adding();
        self.roster.discard(self.import.outdate(), is_told, context!(self));
        self.line_question = None;
        self.browse();
    }

    /// Leaves: the view first, then the end.
    pub(super) fn leave(&mut self) {
        self.roster.save_view(context!(self));
        self.out.push(Effect::Quit);
    }
}
