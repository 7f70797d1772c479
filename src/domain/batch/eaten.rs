//! ID numbers of which a spreadsheet took the last digits before they were written out as texts. One that ends in 000 may be
//! right, and the check digit fits one in eleven by chance: only the column as a whole tells.

use super::Batch;
use crate::domain::roster::RowId;
use crate::domain::rules::{Finding, RuleId, cleaned_id_number, is_eaten_number};
use crate::domain::sheet::Field;

/// So many numbers tell what happened to the column.
const ENOUGH: usize = 5;

/// How many numbers of a file are 18 digits, and the rows of those that end in 000.
#[derive(Debug, Clone, Default)]
pub(super) struct Numbers {
    digits: u64,
    zeroed: Vec<RowId>,
}

impl Numbers {
    /// Takes what a block has; its rows begin at `first`.
    pub fn take(&mut self, first: RowId, (digits, zeroed): (u64, Vec<RowId>)) {
        self.digits += digits;
        self.zeroed.extend(zeroed.iter().map(|row| first + row));
    }

    /// Tells whether four of five end in 000; of sound ones it is one in a thousand.
    fn are_eaten(&self) -> bool {
        ENOUGH <= self.zeroed.len() && self.digits * 4 <= self.zeroed.len() as u64 * 5
    }
}

impl Batch {
    /// Lists the rows whose ID number lost its last digits to a spreadsheet.
    pub fn lost_numbers(&self) -> Vec<RowId> {
        let lost = self.findings.iter().filter(|f| f.rule == RuleId::IdDigitsLost && f.field == Field::IdNumber);
        let mut rows: Vec<RowId> = lost.map(|f| f.row).collect();
        rows.dedup();
        rows
    }

    /// Lists them, and of the others those that end in 000 and fail the check: where a file has few numbers its column tells
    /// nothing, and such a one is as little known.
    pub fn unsound_numbers(&self) -> Vec<RowId> {
        let is_eaten = |f: &&Finding| {
            f.field == Field::IdNumber
                && (f.rule == RuleId::IdDigitsLost
                    || f.rule == RuleId::IdCheckDigit
                        && is_eaten_number(cleaned_id_number(self.roster.cell(f.row, Field::IdNumber)).as_bytes()))
        };
        let mut rows: Vec<RowId> = self.findings.iter().filter(is_eaten).map(|f| f.row).collect();
        rows.dedup();
        rows
    }

    /// Finds the digits lost in every number that ends in 000 where nearly all do. It is told by the file as it was read: who
    /// corrects one number says nothing for the others. Each file is told by itself.
    pub(super) fn mark_eaten_numbers(&mut self) {
        let (mut eaten, mut zeroed) = (Vec::new(), Vec::new());
        for (part, numbers) in self.numbers.iter_mut().enumerate().filter(|(_, numbers)| numbers.are_eaten()) {
            eaten.push(if self.roster.parts().is_empty() { (0, RowId::MAX) } else { self.roster.rows_of(part) });
            zeroed.append(&mut numbers.zeroed);
        }
        if eaten.is_empty() {
            return;
        }
        self.checker.set_ids_eaten(eaten);
        for row in zeroed {
            if let Some(key) = self.keys[1].get_mut(row as usize) {
                *key = 0;
            }
            let reads = |f: &Finding| {
                f.rule != RuleId::IdDigitsLost
                    && f.rule.spec().reads.contains(&Field::IdNumber)
                    && (f.field == Field::IdNumber || f.rule.spec().reads.len() < Field::COUNT)
            };
            let mut findings: Vec<Finding> = self.findings.of_row(row).iter().filter(|f| !reads(f)).copied().collect();
            if findings.iter().all(|f| f.rule != RuleId::IdDigitsLost) {
                findings.push(Finding::plain(row, Field::IdNumber, RuleId::IdDigitsLost));
            }
            findings.sort_unstable();
            self.findings.replace(row, &findings);
        }
    }
}
