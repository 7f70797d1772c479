//! Screening (筛查): what in the ledger asks for a second look.

use super::content::{Content, stale};
use super::full_list::FullList;
use super::request::{LedgerAnswer, LedgerRequest, RequestKind};
use super::{Ledger, OpenPage};
use crate::app::command::{Command, Place};
use crate::app::context::Context;
use crate::app::intent::Intent;
use crate::domain::ledger::screening::ScreeningFinding;

pub const SHOWN_BY: Command = Command::ShowScreening;

#[derive(Debug, Default)]
pub struct List {
    pub lines: FullList<ScreeningFinding>,
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
        1
    }

    fn count(&self) -> usize {
        self.lines.lines().len()
    }

    fn at(&self) -> usize {
        self.lines.at
    }

    fn cursor(&mut self) -> &mut usize {
        &mut self.lines.at
    }

    fn opens(&self) -> Option<OpenPage> {
        let finding = self.lines.current()?.clone();
        Some(OpenPage::Screening(Box::new(Page { finding, at: 0 })))
    }

    fn renew(&mut self) {
        self.lines.is_stale = true;
    }

    fn wants(&mut self, _height: usize, is_free: &dyn Fn(RequestKind) -> bool) -> Option<LedgerRequest> {
        stale(&self.lines, is_free, LedgerRequest::Screening)
    }

    fn take(&mut self, answer: &LedgerAnswer, _height: usize) {
        if let LedgerAnswer::Screening(found) = answer {
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

/// Runs a command about a finding; there is none.
pub(super) fn run(_ledger: &mut Ledger, _command: Command, _to: &mut Context<'_>) -> Option<Intent> {
    None
}
