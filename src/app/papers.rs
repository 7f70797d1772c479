//! What is handed in of a thing (材料): which thing is meant, and what follows from what is done with it.

use std::path::Path;

use super::App;
use super::command::{Command, Place};
use super::context::context;
use super::ledger::paper::{PaperAsk, PaperDone, StatisticsAsk};
use super::overlay::{Overlay, PapersPane};
use super::place::Screen;
use crate::domain::ledger::event::Thing;

impl App {
    /// Opens the page that a command shows, of what is in hand.
    pub(super) fn open_papers(&mut self, command: Command) {
        let of = self.thing_in_hand();
        let ask = match (command, of) {
            (Command::Statistics, _) => Some(PaperAsk::Statistics(StatisticsAsk::default())),
            (Command::Forms, Some(Thing::Case(_))) if 1 < self.ledger.marked_cases().len() => {
                Some(PaperAsk::CaseForms(self.ledger.marked_cases()))
            }
            (Command::Forms, Some(of)) => Some(PaperAsk::Forms(Some(of))),
            (Command::Forms, None) if matches!(self.place(), Place::Stock | Place::BlankPage) => {
                Some(PaperAsk::Forms(None))
            }
            (Command::Checklist, Some(of)) => Some(PaperAsk::Checklists(of)),
            (Command::HandIns, Some(Thing::Batch(batch))) => Some(PaperAsk::HandIns(batch)),
            _ => None,
        };
        let Some(ask) = ask else { return context!(self).warn("status.nothing-chosen") };
        let of_roster = self.roster.source().and_then(Path::parent).filter(|_| self.screen == Screen::Roster);
        let folder = of_roster.unwrap_or(self.import.folder()).to_path_buf();
        let (pane, request) = PapersPane::open(ask, &folder);
        self.overlays.lay(Overlay::Papers(Box::new(pane)));
        self.ledger.request(request, context!(self));
    }

    /// Gives the thing in hand: the batch on screen or in the list, what the line of the ledger is of.
    fn thing_in_hand(&self) -> Option<Thing> {
        match self.screen {
            Screen::Ledger => self.ledger.content().thing().map(|subject| subject.thing),
            Screen::Import => self.import.batch_in_hand().map(|line| Thing::Batch(line.batch)),
            _ => self.roster.id().map(Thing::Batch),
        }
    }

    /// Takes what came of something that was done from a page: what else shows it is looked up anew.
    pub(super) fn take_paper_done(&mut self, done: PaperDone) {
        let is_done = matches!(done, PaperDone::Told(_));
        let again = self.overlays.take_paper_done(done, context!(self));
        if let Some(request) = again {
            self.ledger.request(request, context!(self));
        }
        if is_done {
            self.ledger.renew();
            self.renew_what_is_noted();
        }
    }

    /// Has what the lists and the roster tell of batches looked up anew.
    pub(super) fn renew_what_is_noted(&mut self) {
        self.import.renew_today(context!(self));
        self.import.renew_batches(self.screen, context!(self));
        self.roster.compare(context!(self));
    }
}
