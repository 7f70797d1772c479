//! What is answered to the pane.

use super::PapersPane;
use crate::app::context::Context;
use crate::app::ledger::paper::{PaperDone, PaperPage};
use crate::app::ledger::request::LedgerRequest;
use crate::app::overlay::{Overlay, Overlays};

impl Overlays {
    /// Gives the pane of what is handed in, where it is open.
    pub fn papers(&self) -> Option<&PapersPane> {
        match &self.open {
            Some(Overlay::Papers(pane)) => Some(pane),
            _ => None,
        }
    }

    fn papers_mut(&mut self) -> Option<&mut PapersPane> {
        let kept = self.kept.iter_mut().rev();
        self.open.iter_mut().chain(kept).find_map(|overlay| match overlay {
            Overlay::Papers(pane) => Some(&mut **pane),
            _ => None,
        })
    }

    /// Tells whether a form is shown whole, be it below the help.
    pub(in crate::app) fn shows_form_whole(&self) -> bool {
        let mut all = self.open.iter().chain(&self.kept);
        all.any(|overlay| matches!(overlay, Overlay::Papers(pane) if pane.shows_form_whole()))
    }

    /// Masks a form that is shown whole; gives what is to be asked for again.
    pub(in crate::app) fn mask_form(&mut self) -> Option<LedgerRequest> {
        self.papers_mut()?.mask()
    }

    pub(in crate::app) fn take_paper(&mut self, page: PaperPage) {
        if let Some(pane) = self.papers_mut() {
            pane.take_page(page);
        }
    }

    /// Takes what came of something that was done; gives what is to be asked for again.
    pub(in crate::app) fn take_paper_done(&mut self, done: PaperDone, to: &mut Context<'_>) -> Option<LedgerRequest> {
        if let Some(pane) = self.papers_mut() {
            return pane.take_done(done, to);
        }
        // Whoever has left it is told all the same.
        if let PaperDone::Told(told) = done {
            to.say(told);
        }
        None
    }

    /// Something could not be looked up or done: what was there before is there again.
    pub(in crate::app) fn paper_failed(&mut self) {
        let is_shown = self.papers_mut().is_none_or(PapersPane::fail);
        if !is_shown {
            self.close_if(|overlay| matches!(overlay, Overlay::Papers(_)));
        }
    }
}
