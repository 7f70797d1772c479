//! The findings of a batch, kept so that a row's can be found and replaced.

use std::collections::BTreeMap;

use crate::domain::roster::RowId;
use crate::domain::rules::{Finding, RULES, RuleId, Severity};
use crate::domain::sheet::Field;

/// The findings of a batch, by block and in order of row.
#[derive(Debug, Clone, Default)]
pub struct Findings {
    first_rows: Vec<RowId>,
    blocks: Vec<Vec<Finding>>,
    counts: BTreeMap<(RuleId, Field), usize>,
}

impl Findings {
    pub(super) fn append(&mut self, first: RowId, findings: Vec<Finding>) {
        // A block has thousands of findings of a few kinds: they are counted flat first.
        let mut flat = vec![0usize; RULES.len() * Field::COUNT];
        findings.iter().for_each(|f| flat[f.rule.index() * Field::COUNT + f.field.index()] += 1);
        for (i, n) in flat.into_iter().enumerate().filter(|(_, n)| *n != 0) {
            *self.counts.entry((RULES[i / Field::COUNT].id, Field::ALL[i % Field::COUNT])).or_insert(0) += n;
        }
        self.first_rows.push(first);
        self.blocks.push(findings);
    }

    fn block_of(&self, row: RowId) -> usize {
        self.first_rows.partition_point(|first| *first <= row).saturating_sub(1)
    }

    fn span(&self, row: RowId) -> (usize, std::ops::Range<usize>) {
        let block = self.block_of(row);
        let list = self.blocks.get(block).map_or(&[][..], Vec::as_slice);
        (block, list.partition_point(|f| f.row < row)..list.partition_point(|f| f.row <= row))
    }

    /// Lists the findings of a row, in order of column.
    pub fn of_row(&self, row: RowId) -> &[Finding] {
        let (block, span) = self.span(row);
        self.blocks.get(block).map_or(&[], |list| &list[span])
    }

    /// Lists all findings in order of row and column.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Finding> {
        self.blocks.iter().flatten()
    }

    /// Lists the findings from a row on.
    pub fn from_row(&self, row: RowId) -> impl Iterator<Item = &Finding> {
        let (block, span) = self.span(row);
        self.blocks
            .iter()
            .skip(block)
            .enumerate()
            .flat_map(move |(i, list)| &list[if i == 0 { span.start } else { 0 }..])
    }

    /// Lists the findings before a row, nearest first.
    pub fn before_row(&self, row: RowId) -> impl Iterator<Item = &Finding> {
        let (block, span) = self.span(row);
        let upto = (block + 1).min(self.blocks.len());
        self.blocks[..upto]
            .iter()
            .enumerate()
            .rev()
            .flat_map(move |(i, list)| list[..if i == block { span.start } else { list.len() }].iter().rev())
    }

    /// Counts the findings of each rule and column.
    pub fn counts(&self) -> &BTreeMap<(RuleId, Field), usize> {
        &self.counts
    }

    /// Counts the findings of a severity.
    pub fn count(&self, severity: Severity) -> usize {
        self.counts.iter().filter(|((rule, _), _)| rule.spec().severity == severity).map(|(_, n)| n).sum()
    }

    /// Counts the findings of a rule.
    pub fn count_of(&self, rule: RuleId) -> usize {
        Field::ALL.iter().filter_map(|field| self.counts.get(&(rule, *field))).sum()
    }

    pub(super) fn replace(&mut self, row: RowId, new: &[Finding]) {
        let (block, span) = self.span(row);
        let Some(list) = self.blocks.get_mut(block) else { return };
        for gone in list.splice(span, new.iter().copied()) {
            if let Some(n) = self.counts.get_mut(&(gone.rule, gone.field)) {
                *n -= 1;
            }
        }
        new.iter().for_each(|f| *self.counts.entry((f.rule, f.field)).or_insert(0) += 1);
        self.counts.retain(|_, n| *n != 0);
    }
}
