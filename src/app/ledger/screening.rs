//! Screening (筛查): what in the ledger asks for a second look.

use super::content::{Content, stale};
use super::full_list::{FullList, one_piece};
use super::request::{LedgerAnswer, LedgerRequest, RequestKind};
use super::{Ledger, OpenPage};
use crate::app::App;
use crate::app::command::{Command, Place};
use crate::app::context::{Context, context};
use crate::app::intent::Intent;
use crate::app::place::Screen;
use crate::domain::ledger::BatchId;
use crate::domain::ledger::screening::ScreeningFinding;

pub const SHOWN_BY: Command = Command::ShowScreening;

#[derive(Debug, Default)]
pub struct List {
    pub lines: FullList<ScreeningFinding>,
    /// The batch that is screened; the ledger without.
    pub of: Option<BatchId>,
}

/// A finding in full.
#[derive(Debug)]
pub struct Page {
    pub finding: ScreeningFinding,
    pub at: usize,
}

impl Content for List {
    fn place(&self) -> Place {
        Place::Screening
    }

    fn above(&self) -> u16 {
        2
    }

    one_piece!();

    fn opens(&self) -> Option<OpenPage> {
        let finding = self.lines.current()?.clone();
        Some(OpenPage::Screening(Box::new(Page { finding, at: 0 })))
    }

    fn wants(&mut self, _height: usize, is_free: &dyn Fn(RequestKind) -> bool) -> Option<LedgerRequest> {
        stale(&self.lines, is_free, LedgerRequest::Screening(self.of))
    }

    fn take(&mut self, answer: &LedgerAnswer, _height: usize) {
        if let LedgerAnswer::Screening(of, found) = answer
            && *of == self.of
        {
            self.lines.take(found.clone(), |a, b| a == b);
        }
    }
}

impl Page {
    /// Lists what of the finding stands on lines of its own: codes and rows.
    pub fn parts(&self) -> Vec<String> {
        match &self.finding {
            ScreeningFinding::SameDay(one) => one.codes.iter().map(ToString::to_string).collect(),
            ScreeningFinding::Burst { .. } => Vec::new(),
            ScreeningFinding::Watched { lines, .. } => lines.iter().map(ToString::to_string).collect(),
        }
    }
}

impl Content for Page {
    fn place(&self) -> Place {
        Place::DetailPage
    }

    fn above(&self) -> u16 {
        5
    }

    fn count(&self) -> usize {
        self.parts().len()
    }

    fn at(&self) -> usize {
        self.at
    }

    fn cursor(&mut self) -> &mut usize {
        &mut self.at
    }
}

impl Ledger {
    /// Tells whether a batch is screened.
    pub(in crate::app) fn screens_batch(&self) -> bool {
        self.lists.screening.of.is_some()
    }

    /// Screens a batch, or the ledger.
    pub(in crate::app) fn screen(&mut self, of: Option<BatchId>) {
        self.lists.screening = List { of, ..List::default() };
        self.pending.remove(&RequestKind::Screening);
    }
}

impl App {
    /// Screens the batch that is open in the workbench; where one is screened already, the ledger again.
    pub(in crate::app) fn screen_batch(&mut self) {
        let is_there = self.screen == Screen::Ledger;
        if is_there && self.ledger.screens_batch() {
            return self.ledger.screen(None);
        }
        let Some(batch) = self.roster.id() else { return context!(self).warn("status.no-batch-to-screen") };
        self.ledger.screen(Some(batch));
        if !is_there {
            self.fulfil(Intent::ShowTab(SHOWN_BY));
        }
    }
}

/// Runs a command about a finding; there is none.
pub(super) fn run(_ledger: &mut Ledger, _command: Command, _to: &mut Context<'_>) -> Option<Intent> {
    None
}
