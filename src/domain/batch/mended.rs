//! How much is mended (已改): what was found of the rows as they were imported, against what is found of them now.

use std::collections::BTreeMap;

use super::Batch;
use crate::domain::rules::RuleId;
use crate::domain::sheet::Field;

/// How many findings there were of each rule and column.
pub(super) type Counts = BTreeMap<(RuleId, Field), usize>;

/// How much of what the imported rows had is gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Mended {
    /// How many of the findings are no more.
    pub gone: usize,
    /// How many the rows had when they were imported.
    pub found: usize,
}

impl Batch {
    /// Tells how much of what was found of the imported rows is mended; what is found since of a rule in a column, the ledger's
    /// word among it, makes up for as much that has gone. Nothing is known before every row is there.
    pub fn mended(&self) -> Mended {
        let now = self.findings.counts();
        let gone = |(key, n): (&(RuleId, Field), &usize)| n.saturating_sub(now.get(key).copied().unwrap_or(0));
        Mended { gone: self.imported.iter().map(gone).sum(), found: self.imported.values().sum() }
    }

    /// Counts the cells of a column that hold something, rows put aside left out.
    pub fn count_filled(&self, field: Field) -> usize {
        usize::try_from(self.held[field.index()]).unwrap_or(usize::MAX)
    }
}
