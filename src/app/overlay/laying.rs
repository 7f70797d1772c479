//! Laying something over the pane and taking it off again: what it covers is come back to where that is wanted.

use super::command_list::CommandList;
use super::{Confirmation, Fact, Overlay, Overlays, PreviewPane};
use crate::app::context::Context;
use crate::app::intent::{Confirm, Preview};
use crate::app::roster::RosterPane;
use crate::words::Locale;

impl Overlays {
    /// Asks a question that only `y` says yes to.
    pub fn confirm(&mut self, question: String, then: Confirm) {
        self.lay(Overlay::Confirm(Confirmation::new(question, then)));
    }

    /// Asks whether something is to be done to the ledger; `awaits` is said until it is known how far that reaches.
    pub(in crate::app) fn confirm_act(&mut self, question: String, facts: Vec<Fact>, awaits: Option<String>) {
        let asked = Confirmation::new(question, Confirm::Ledger).with_facts(facts);
        self.lay(Overlay::Confirm(match awaits {
            Some(said) => asked.awaiting(said),
            None => asked,
        }));
    }

    /// Shows a change before it is made, and what else that costs: whoever says yes to it has been told, and is not asked twice.
    pub(in crate::app) fn preview(&mut self, mut preview: Preview, roster: &RosterPane, locale: &Locale) {
        if let Some(told) = roster.drops(locale) {
            let mut each = Some(&mut preview);
            while let Some(Preview { note, other, .. }) = each {
                let gap = if note.is_empty() { "" } else { "   " };
                *note = format!("{told}{gap}{note}");
                each = other.as_deref_mut();
            }
        }
        self.lay(Overlay::Preview(PreviewPane::new(preview)));
    }

    /// Lays something over the pane, in place of what lies there.
    pub(in crate::app) fn lay(&mut self, overlay: Overlay) {
        self.is_yes = false;
        self.laid += 1;
        self.open = Some(overlay);
        self.kept.clear();
    }

    /// Keeps what is come back to from what lies over the pane.
    pub(in crate::app) fn keep(&mut self, below: Overlay) {
        if self.open.is_some() {
            self.kept.push(below);
        }
    }

    /// Tells how often something was laid over the pane.
    pub(in crate::app) fn laid(&self) -> u64 {
        self.laid
    }

    /// Closes what lies over the pane; tells whether anything did.
    pub(in crate::app) fn close(&mut self) -> bool {
        let was_open = self.open.is_some();
        self.open = self.kept.pop();
        was_open
    }

    /// Closes what lies over the pane where it is such a one.
    pub fn close_if(&mut self, is_meant: impl Fn(&Overlay) -> bool) {
        self.kept.retain(|overlay| !is_meant(overlay));
        if self.open.take_if(|overlay| is_meant(overlay)).is_some() {
            self.open = self.kept.pop();
        }
    }

    /// Lists the keys of the place; what is open is come back to as it was.
    pub(super) fn help(&mut self, to: &mut Context<'_>) {
        let list = CommandList::about(self.place());
        self.lay_over(Overlay::Help(list), to);
    }

    /// Lists the commands by name; what is open is come back to where none of them is run.
    pub(super) fn palette(&mut self, to: &mut Context<'_>) {
        self.lay_over(Overlay::Palette(CommandList::default()), to);
    }

    fn lay_over(&mut self, overlay: Overlay, to: &mut Context<'_>) {
        // What is waited for comes to what is open.
        if self.is_waiting() {
            return to.warn("status.not-now");
        }
        let mut kept = std::mem::take(&mut self.kept);
        kept.extend(self.open.take());
        self.lay(overlay);
        self.kept = kept;
    }
}
