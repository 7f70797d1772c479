//! The column of the sex, which is compared as long as it is the person's.

use super::columns::RowRead;
use super::{BlockReport, Checker, text};
use crate::domain::rules::RuleId;
use crate::domain::rules::sex::SexWords;
use crate::domain::sheet::Field;

impl BlockReport {
    /// Counts a row that was just checked, where a column says the sex; its findings are among those from `before` on, in the order
    /// of the rows.
    pub(super) fn count_sex(&mut self, words: &SexWords, read: &RowRead<'_>, before: usize) {
        if read.sex.is_empty() || !words.are_both_said(text(read.sex), read.cells[Field::IdNumber.index()]) {
            return;
        }
        self.sexes.0 += 1;
        let found = &self.findings[before..];
        let of_row = found[found.partition_point(|f| f.row < read.row)..].iter().take_while(|f| f.row == read.row);
        let differs = of_row.into_iter().find(|found| found.rule == RuleId::IdSex);
        self.sexes.1.extend(differs.map(|found| found.row));
    }
}

impl Checker {
    /// Leaves the column of the sex alone from now on, and gives it.
    pub fn leave_sex(&mut self) -> Option<usize> {
        self.sex.take()
    }
}
