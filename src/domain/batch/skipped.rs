//! The rows under the header that were skipped (跳过的行), with what stands in the first of each run.

use super::Batch;
use crate::domain::roster::RowId;
use crate::domain::rules::{Finding, RuleId};
use crate::domain::sheet::{Field, SkipReason, SkippedRun, SkippedTexts};

impl Batch {
    /// Notes rows of the block that is appended next which are not data: row counted from the block's first, and reason; and
    /// what stands in them.
    pub fn skip(&mut self, skipped: &[(u32, SkipReason)], texts: &SkippedTexts) {
        let first = self.roster.next_line();
        self.skipped_texts.join(texts, first);
        self.skipped.extend(skipped.iter().map(|(line, reason)| (first + line, *reason)));
    }

    /// Takes the rows that were skipped, as they were stored.
    pub fn take_skipped(&mut self, runs: Vec<SkippedRun>) {
        self.skipped.extend(SkippedRun::rows(&runs));
        self.skipped_texts.take(runs);
    }

    /// Lists the rows that were skipped from one of them on, as runs with what stands in the first of each.
    pub fn skipped_runs(&self, from: usize) -> Vec<SkippedRun> {
        self.skipped_texts.runs(self.skipped.get(from..).unwrap_or_default())
    }

    /// Tells whether a row's cells stand beside where they belong.
    pub fn has_moved(&self, row: RowId) -> bool {
        let is_it = |finding: &Finding| finding.rule == RuleId::RowMoved;
        self.findings.count_of(RuleId::RowMoved) != 0 && self.findings.of_row(row).iter().any(is_it)
    }

    /// Masks what a cell holds. Those of a row that has moved hold what belongs to others: a name may stand in any.
    pub fn masked(&self, row: RowId, field: Option<Field>, value: &str) -> String {
        let tables = &self.context().tables();
        match field {
            _ if self.has_moved(row) && tables.id_types.knows(value.trim()) => value.to_string(),
            _ if self.has_moved(row) => tables.row_words.masked_aside(field, value),
            Some(field) => field.masked(value),
            None => value.to_string(),
        }
    }
}
