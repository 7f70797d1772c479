//! Whether a command can be used now.

use super::App;
use super::command::When;
use super::overlay::PlanPane;

impl App {
    /// Tells whether a command's condition is met now.
    pub fn holds(&self, when: When) -> bool {
        match when {
            When::Always => return true,
            When::Line => return self.ledger.content().count() != 0,
            When::Series => return self.ledger.content().series().is_some(),
            When::Certificate => return self.ledger.content().certificate().is_some(),
            When::Case => return self.ledger.content().case().is_some(),
            When::Thing => return self.ledger.content().thing().is_some(),
            When::Unfiled => return self.overlays.plan().is_none_or(PlanPane::lacks_institution),
            _ => {}
        }
        let Some(batch) = self.roster.batch() else { return false };
        let counts = batch.findings().counts();
        match when {
            _ if when.changes() && !self.roster.is_editable() => false,
            When::Editable => !batch.roster().is_empty(),
            When::Finding => self.roster.has_finding(),
            When::Fix => self.roster.has_fix(),
            When::Findings => !counts.is_empty(),
            When::Fixes => counts.keys().any(|(rule, _)| rule.may_be_safely_fixed()),
            When::Next => self.has_differences() || self.roster.grid().is_searching || !counts.is_empty(),
            When::Sorted => self.roster.grid().selection().order.is_some(),
            When::Marked => !self.roster.grid().marks.is_empty(),
            When::Filtered => self.roster.grid().is_filtered(),
            When::Undoable => batch.history().undoable().is_some(),
            When::Redoable => batch.history().redoable().is_some(),
            When::Held => self.roster.holder().is_some(),
            When::Edited => {
                self.roster.row().is_some_and(|row| batch.roster().is_edited(row, self.roster.grid().field()))
            }
            // A batch is open, and what is not about one was answered above.
            _ => true,
        }
    }
}
