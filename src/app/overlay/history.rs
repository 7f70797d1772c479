//! The steps so far (修改历史).

use crate::app::command::Command;
use crate::app::intent::Intent;
use crate::app::roster::RosterPane;

#[derive(Debug)]
pub struct HistoryPane {
    at: usize,
}

impl HistoryPane {
    /// Begins at the last step that is in force; there are none without a batch.
    pub(super) fn new(roster: &RosterPane) -> Option<HistoryPane> {
        let applied = roster.batch()?.history().applied().len();
        Some(HistoryPane { at: applied.saturating_sub(1) })
    }

    /// Stays at a step that could not be taken back.
    pub(in crate::app) fn at_step(at: usize) -> HistoryPane {
        HistoryPane { at }
    }

    pub fn at(&self) -> usize {
        self.at
    }

    pub(super) fn cursor(&mut self) -> &mut usize {
        &mut self.at
    }

    pub(super) fn update(&self, command: Command) -> Option<Intent> {
        match command {
            Command::GoToStep => Some(Intent::ToStep(self.at + 1)),
            Command::RevertStep => Some(Intent::Revert { step: self.at, only_here: false }),
            Command::RevertCell => Some(Intent::Revert { step: self.at, only_here: true }),
            _ => None,
        }
    }

    /// Counts the steps, undone ones among them.
    pub fn count(roster: &RosterPane) -> usize {
        roster.batch().map_or(0, |batch| batch.history().applied().len() + batch.history().undone_steps().len())
    }
}
