//! The findings of a batch, kept so that a row's can be found and replaced.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use crate::domain::roster::RowId;
use crate::domain::rules::{Finding, RULES, RuleId, Severity};
use crate::domain::sheet::Field;

/// So few rows are put in one by one.
const FEW: usize = 16;

/// The findings of a batch, by block and in order of row.
#[derive(Debug, Clone, Default)]
pub struct Findings {
    first_rows: Vec<RowId>,
    blocks: Vec<Vec<Finding>>,
    counts: BTreeMap<(RuleId, Field), usize>,
    cells: CellCounts,
}

/// How many cells of each column have findings, however many each.
#[derive(Debug, Clone, Copy, Default)]
struct CellCounts {
    found: [usize; Field::COUNT],
    /// Those of them that are at fault, see [`is_fault`].
    faulty: [usize; Field::COUNT],
}

impl CellCounts {
    fn add(&mut self, findings: &[Finding]) {
        cells_of(findings, |_| true).for_each(|field| self.found[field.index()] += 1);
        cells_of(findings, is_fault).for_each(|field| self.faulty[field.index()] += 1);
    }

    fn take_off(&mut self, findings: &[Finding]) {
        cells_of(findings, |_| true).for_each(|field| self.found[field.index()] -= 1);
        cells_of(findings, is_fault).for_each(|field| self.faulty[field.index()] -= 1);
    }
}

/// Tells whether a finding is a fault of what was handed in: no notice, neither the word of the ledger or the registry, which comes
/// and goes with what is registered, nor a code that is still to be given.
fn is_fault(finding: &Finding) -> bool {
    static ASK_OTHERS: LazyLock<Vec<bool>> =
        LazyLock::new(|| RULES.iter().map(|rule| rule.id.asks_ledger() || rule.id.asks_registry()).collect());
    finding.severity() != Severity::Notice && !finding.wants_number() && !ASK_OTHERS[finding.rule.index()]
}

/// Lists the columns of the cells that have a wanted finding among those in order of row and column, one for each cell.
fn cells_of(findings: &[Finding], is_wanted: fn(&Finding) -> bool) -> impl Iterator<Item = Field> {
    let mut last = None;
    let wanted = findings.iter().filter(move |finding| is_wanted(finding));
    wanted.filter(move |f| last.replace((f.row, f.field)) != Some((f.row, f.field))).map(|f| f.field)
}

impl Findings {
    pub(super) fn append(&mut self, first: RowId, findings: Vec<Finding>) {
        // A block has thousands of findings of a few kinds: they are counted flat first.
        let mut flat = vec![0usize; RULES.len() * Field::COUNT];
        findings.iter().for_each(|f| flat[f.rule.index() * Field::COUNT + f.field.index()] += 1);
        for (i, n) in flat.into_iter().enumerate().filter(|(_, n)| *n != 0) {
            *self.counts.entry((RULES[i / Field::COUNT].id, Field::ALL[i % Field::COUNT])).or_insert(0) += n;
        }
        self.cells.add(&findings);
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

    /// Counts the cells of each column in which something is at fault, however many findings a cell has. Notices, what the ledger
    /// and the registry say and codes that are still to be given are no faults.
    pub fn faulty(&self) -> &[usize; Field::COUNT] {
        &self.cells.faulty
    }

    /// Counts the cells of each column that have findings, whatever these say.
    pub fn found(&self) -> &[usize; Field::COUNT] {
        &self.cells.found
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
        self.cells.take_off(&list[span.clone()]);
        self.cells.add(new);
        for gone in list.splice(span, new.iter().copied()) {
            if let Some(n) = self.counts.get_mut(&(gone.rule, gone.field)) {
                *n -= 1;
            }
        }
        new.iter().for_each(|f| *self.counts.entry((f.rule, f.field)).or_insert(0) += 1);
        self.counts.retain(|_, n| *n != 0);
    }

    /// Puts what is found of some rows, given in ascending order, in the place of what was: of each the row, and up to which of
    /// `new` it goes.
    pub(super) fn replace_rows(&mut self, rows: &[(RowId, usize)], new: &[Finding]) {
        let (mut rest, mut from) = (rows, 0);
        let mut more = vec![0i64; if FEW < rows.len() { RULES.len() * Field::COUNT } else { 0 }];
        let place = |f: &Finding| f.rule.index() * Field::COUNT + f.field.index();
        while let Some((first, _)) = rest.first() {
            let block = self.block_of(*first);
            let next = self.first_rows.get(block + 1).copied().unwrap_or(RowId::MAX);
            let (mine, others) = rest.split_at(rest.partition_point(|(row, _)| *row < next).max(1));
            rest = others;
            if rows.len() <= FEW || !self.blocks.get(block).is_some_and(|list| worth_merging(list.len(), mine.len())) {
                for (row, end) in mine {
                    self.replace(*row, &new[from..*end]);
                    from = *end;
                }
                continue;
            }
            let old = std::mem::take(&mut self.blocks[block]);
            let mut merged = Vec::with_capacity(old.len());
            let mut left = old.iter().peekable();
            for (row, end) in mine {
                while let Some(kept) = left.next_if(|f| f.row < *row) {
                    merged.push(*kept);
                }
                let gone_from = old.len() - left.len();
                while let Some(gone) = left.next_if(|f| f.row == *row) {
                    more[place(gone)] -= 1;
                }
                let gone = &old[gone_from..old.len() - left.len()];
                self.cells.take_off(gone);
                self.cells.add(&new[from..*end]);
                new[from..*end].iter().for_each(|f| more[place(f)] += 1);
                merged.extend_from_slice(&new[from..*end]);
                from = *end;
            }
            merged.extend(left);
            self.blocks[block] = merged;
        }
        for (i, n) in more.into_iter().enumerate().filter(|(_, n)| *n != 0) {
            let known = self.counts.entry((RULES[i / Field::COUNT].id, Field::ALL[i % Field::COUNT])).or_insert(0);
            *known = known.saturating_add_signed(n as isize);
        }
        self.counts.retain(|_, n| *n != 0);
    }
}

/// Tells whether the findings of a block are merged with those of so many of its rows, or these are put in one by one.
fn worth_merging(findings: usize, rows: usize) -> bool {
    findings / 64 <= rows
}
