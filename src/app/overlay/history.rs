//! The steps so far (修改历史).

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

    pub fn at(&self) -> usize {
        self.at
    }

    pub(super) fn cursor(&mut self) -> &mut usize {
        &mut self.at
    }

    /// Counts the steps, undone ones among them.
    pub(super) fn count(roster: &RosterPane) -> usize {
        roster.batch().map_or(0, |batch| batch.history().applied().len() + batch.history().undone_steps().len())
    }
}
