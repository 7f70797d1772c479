//! What becomes of each column of a source.

use super::Import;
use crate::app::context::Context;
use crate::domain::rules::{TableFault, TableFinding};
use crate::domain::sheet::Field;

impl Import {
    /// Matches a column of the source; to nothing as well.
    pub fn assign(&mut self, at: usize, field: Option<Field>) {
        match field {
            Some(_) => self.columns.assign(at, field),
            None => self.columns.put_out(at),
        }
    }

    /// Takes a column out of the roster, and with it the whole table where two stand side by side.
    pub(super) fn put_out(&mut self, at: usize, to: &mut Context<'_>) {
        let is_table = self.columns.is_beside_another();
        self.columns.put_out(at);
        let columns = self.columns.left_out();
        if is_table && !columns.is_empty() {
            to.say(to.locale.columns_left_out(&self.columns, &columns));
        }
    }

    /// Lists what is wrong with the matching in hand: what is in dispute.
    pub fn disputes(&self) -> Vec<TableFinding> {
        self.found(|fault| matches!(fault, TableFault::ClaimedTwice | TableFault::SideBySide))
    }

    /// Lists what is to be looked at: columns whose field was inferred, or whose cells are not what their label says.
    pub fn guesses(&self) -> Vec<TableFinding> {
        self.found(|fault| matches!(fault, TableFault::Guessed | TableFault::Contradicted))
    }

    fn found(&self, is_meant: impl Fn(TableFault) -> bool) -> Vec<TableFinding> {
        TableFinding::of(&self.columns).into_iter().filter(|finding| is_meant(finding.fault)).collect()
    }

    /// Gives the key of what is still to be said about the columns.
    pub fn unsettled_key(&self) -> &'static str {
        if self.columns.is_beside_another() { "status.columns-beside" } else { "status.columns-disputed" }
    }
}
