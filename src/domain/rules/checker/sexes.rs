//! The column of the sex, which is compared as long as it is the person's.

use super::{BlockReport, Checker, text};
use crate::domain::rules::RuleId;
use crate::domain::rules::sex::SexWords;

impl BlockReport {
    /// Counts the row that was just checked, where a column says the sex; its findings are those from `before` on.
    pub(super) fn count_sex(&mut self, words: &SexWords, (said, number): (&[u8], &[u8]), before: usize) {
        if said.is_empty() || !words.are_both_said(text(said), number) {
            return;
        }
        self.sexes.0 += 1;
        let differs = self.findings[before..].iter().find(|found| found.rule == RuleId::IdSex);
        self.sexes.1.extend(differs.map(|found| found.row));
    }
}

impl Checker {
    /// Leaves the column of the sex alone from now on, and gives it.
    pub fn leave_sex(&mut self) -> Option<usize> {
        self.sex.take()
    }
}
