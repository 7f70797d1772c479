//! Findings that are told as one (归并): a range of merged cells, and a fact about a whole column. Every cell keeps its own finding,
//! with its fix; what is folded is the lists.

use std::collections::{BTreeMap, HashMap};

use foldhash::fast::RandomState;

use super::Batch;
use crate::domain::roster::RowId;
use crate::domain::rules::{Detail, Finding, RULES, RuleId};
use crate::domain::sheet::Field;

/// So many rows make a fact about a column.
const ENOUGH: usize = 10;

/// So many numbers that lost their last digits are one, however many are whole: none of them comes back from this file.
const EATEN: usize = 5;

/// What the findings have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FoldedBy {
    /// One range of merged cells covers them.
    Range,
    /// Nearly every cell of the column has it, or so many have lost what they held.
    Column,
}

impl FoldedBy {
    /// Gives the stable name.
    pub fn key(self) -> &'static str {
        match self {
            FoldedBy::Range => "range",
            FoldedBy::Column => "column",
        }
    }
}

/// Findings that are told as one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folded {
    pub by: FoldedBy,
    /// The first of them, which speaks for all.
    pub first: Finding,
    /// The rows they stand in, as runs.
    pub rows: Vec<(RowId, RowId)>,
    pub count: usize,
    /// Of how many cells of the column; 0 for a range.
    pub of: usize,
}

/// A line of a list of findings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told<'a> {
    One(Finding),
    Folded(&'a Folded),
}

impl Told<'_> {
    /// Gives the finding that speaks for the line.
    pub fn first(&self) -> Finding {
        match self {
            Told::One(finding) => *finding,
            Told::Folded(folded) => folded.first,
        }
    }
}

/// What is folded of the findings of a batch.
#[derive(Debug, Clone, Default)]
pub struct Folds {
    all: Vec<Folded>,
    /// By rule, column and detail, facts about columns; and the rules and columns of these.
    columns: HashMap<(RuleId, Field, Detail), usize, RandomState>,
    wide: Vec<(RuleId, Field)>,
    /// By rule, whether any of its findings are folded: those of most rules are not.
    rules: Vec<bool>,
    /// By column and first row, ranges.
    ranges: BTreeMap<(Field, RowId), usize>,
}

impl Folds {
    /// Lists them in the order of their first rows.
    pub fn all(&self) -> &[Folded] {
        &self.all
    }

    /// Gives what a finding is told by, where it is not told alone.
    pub fn of(&self, finding: &Finding) -> Option<&Folded> {
        if !self.rules.get(finding.rule.index()).is_some_and(|are_some| *are_some) {
            return None;
        }
        let by_column = || {
            let is_wide = self.wide.contains(&(finding.rule, finding.field));
            is_wide.then(|| self.columns.get(&(finding.rule, finding.field, finding.detail)))?
        };
        let at = if finding.rule == RuleId::MergedCell {
            let before = self.ranges.range(..=(finding.field, finding.row)).next_back();
            let (_, at) = before.filter(|((field, _), _)| *field == finding.field)?;
            Some(at)
                .filter(|at| self.all[**at].rows.iter().any(|(first, last)| (*first..=*last).contains(&finding.row)))
        } else {
            by_column()
        };
        at.map(|at| &self.all[*at])
    }

    /// Gives what is told where a finding stands: nothing where an earlier one tells it.
    pub fn told(&self, finding: &Finding) -> Option<Told<'_>> {
        match self.of(finding) {
            None => Some(Told::One(*finding)),
            Some(folded) => (folded.first == *finding).then_some(Told::Folded(folded)),
        }
    }
}

impl Batch {
    /// Finds which findings are told as one.
    pub fn folds(&self) -> Folds {
        let mut folds = Folds::default();
        let counts = self.findings.counts();
        let covers = |rule: &RuleId| *rule == RuleId::MergedCell;
        let wide: Vec<(RuleId, Field)> = counts
            .iter()
            .filter(|((rule, field), n)| {
                !covers(rule) && (ENOUGH * 9 / 10 <= **n && self.is_wide(*field, **n) || is_eaten(*rule, **n))
            })
            .map(|((rule, field), _)| (*rule, *field))
            .collect();
        if wide.is_empty() && !counts.keys().any(|(rule, _)| covers(rule)) {
            return folds;
        }
        let mut columns: HashMap<(RuleId, Field, Detail), Folded, RandomState> = HashMap::default();
        let mut open: BTreeMap<Field, Folded> = BTreeMap::new();
        let mut last: BTreeMap<Field, RowId> = BTreeMap::new();
        let begin = |by, first: &Finding| Folded { by, first: *first, rows: Vec::new(), count: 0, of: 0 };
        let mut rules = vec![false; RULES.len()];
        let folding =
            wide.iter().map(|(rule, _)| rule).chain(counts.keys().map(|(rule, _)| rule).filter(|r| covers(r)));
        folding.for_each(|rule| rules[rule.index()] = true);
        for finding in self.findings.iter().filter(|finding| rules[finding.rule.index()]) {
            if covers(&finding.rule) {
                if last.insert(finding.field, finding.row).is_none_or(|last| last + 1 != finding.row) {
                    folds.all.extend(open.remove(&finding.field));
                }
                // What a range covers and was not empty is told by itself: it may be meant.
                if self.roster.cell(finding.row, finding.field).trim().is_empty() {
                    open.entry(finding.field).or_insert_with(|| begin(FoldedBy::Range, finding)).take(finding.row);
                }
            } else if wide.contains(&(finding.rule, finding.field)) {
                let key = (finding.rule, finding.field, finding.detail);
                columns.entry(key).or_insert_with(|| begin(FoldedBy::Column, finding)).take(finding.row);
            }
        }
        folds.all.extend(open.into_values());
        for mut folded in columns.into_values() {
            folded.of = self.cells_like(&folded.first, folded.count);
            let is_wide = ENOUGH <= folded.of && folded.of * 9 <= folded.count * 10;
            if is_wide || is_eaten(folded.first.rule, folded.count) {
                folds.all.push(folded);
            }
        }
        folds.all.retain(|folded| 1 < folded.count);
        folds.all.sort_by_key(|folded| folded.first);
        for (at, folded) in folds.all.iter().enumerate() {
            let Finding { row, field, rule, detail } = folded.first;
            match folded.by {
                FoldedBy::Range => drop(folds.ranges.insert((field, row), at)),
                FoldedBy::Column => {
                    folds.columns.insert((rule, field, detail), at);
                    folds.wide.push((rule, field));
                }
            }
        }
        folds.wide.dedup();
        folds.rules = vec![false; RULES.len()];
        folds.all.iter().for_each(|folded| folds.rules[folded.first.rule.index()] = true);
        folds
    }

    /// Tells whether so many findings may be about the whole column.
    fn is_wide(&self, field: Field, count: usize) -> bool {
        let filled = self.held[field.index()] as usize;
        filled * 9 <= count * 10 || self.roster.count_left() as usize * 9 <= count * 10
    }

    /// Counts the cells a finding could stand in: those that are filled, or where it stands in empty ones, all.
    fn cells_like(&self, finding: &Finding, count: usize) -> usize {
        let filled = self.held[finding.field.index()] as usize;
        let is_there = self.roster.source_width(finding.row) != 0;
        let is_empty = is_there && self.roster.cell(finding.row, finding.field).is_empty();
        if is_empty || filled < count { self.roster.count_left() as usize } else { filled }
    }
}

fn is_eaten(rule: RuleId, count: usize) -> bool {
    rule == RuleId::IdDigitsLost && EATEN <= count
}

impl Folded {
    fn take(&mut self, row: RowId) {
        self.count += 1;
        match self.rows.last_mut() {
            Some((_, last)) if *last + 1 == row => *last = row,
            // A row has a finding twice where two rows are named.
            Some((_, last)) if *last == row => self.count -= 1,
            _ => self.rows.push((row, row)),
        }
    }

    /// Gives the rows as the spreadsheet numbers them.
    pub fn lines(&self, batch: &Batch) -> Vec<(u32, u32)> {
        let mut lines: Vec<(u32, u32)> = Vec::new();
        for (first, last) in &self.rows {
            for line in (*first..=*last).map(|row| batch.roster().line(row)) {
                match lines.last_mut() {
                    Some((_, last)) if *last + 1 == line => *last = line,
                    _ => lines.push((line, line)),
                }
            }
        }
        lines
    }

    /// Gives them for each of the files that the rows are of.
    pub fn lines_by_part(&self, batch: &Batch) -> Vec<(usize, Vec<(u32, u32)>)> {
        let roster = batch.roster();
        let of_part = |part: usize| {
            let (begin, end) = roster.rows_of(part);
            let cut = |(first, last): &(RowId, RowId)| ((*first).max(begin), (*last).min(end.saturating_sub(1)));
            let rows = self.rows.iter().filter(|(first, last)| *first < end && begin <= *last).map(cut).collect();
            (part, Folded { rows, ..self.clone() }.lines(batch))
        };
        (0..roster.parts().len()).map(of_part).filter(|(_, lines)| !lines.is_empty()).collect()
    }
}
