//! The rows under the header that were skipped (跳过的行), with what stands in the first of each run.

use super::Batch;
use crate::domain::sheet::{SkipReason, SkippedRun, SkippedTexts};

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
}
