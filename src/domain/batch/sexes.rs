//! A column of the sex that is not the person's: where it differs from very many ID numbers, no row is to blame.

use super::Batch;
use crate::domain::roster::RowId;
use crate::domain::rules::{Finding, RuleId, TableFinding};

/// So many rows that differ tell of the column, where they are one of so many that can be compared. Somebody else's sex differs
/// in half of them by chance.
const ENOUGH: usize = 3;
const ONE_OF: u64 = 3;

/// In how many rows the sex is said twice, and those in which it differs.
#[derive(Debug, Clone, Default)]
pub(super) struct Sexes {
    compared: u64,
    differing: Vec<RowId>,
    /// The column that is left alone.
    left: Option<usize>,
}

impl Sexes {
    /// Takes what a block has; its rows begin at `first`.
    pub fn take(&mut self, first: RowId, (compared, differing): &(u64, Vec<RowId>)) {
        self.compared += compared;
        self.differing.extend(differing.iter().map(|row| first + row));
    }
}

impl Batch {
    /// Takes back what was found in the rows, where it is found of the column. It is told by the file as it was read.
    pub(super) fn leave_strange_sex(&mut self) {
        let Sexes { compared, differing, left } = &mut self.sexes;
        if differing.len() < ENOUGH || (differing.len() as u64) * ONE_OF < *compared {
            return;
        }
        *left = self.checker.leave_sex();
        for row in differing {
            let kept = |f: &&Finding| f.rule != RuleId::IdSex;
            let findings: Vec<Finding> = self.findings.of_row(*row).iter().filter(kept).copied().collect();
            self.findings.replace(*row, &findings);
        }
    }

    /// Tells of the column, where that was done.
    pub(super) fn strange_sex(&self) -> Option<TableFinding> {
        let Sexes { differing, left, .. } = &self.sexes;
        let (column, first) = left.zip(differing.first().copied())?;
        let place = (differing.len() as u64, self.roster.part_of(first), self.roster.line(first));
        Some(TableFinding::of_sex(column, place))
    }
}
