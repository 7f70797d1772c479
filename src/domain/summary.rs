//! What a roster holds, for whoever answers for it (汇总): rows and people, by level, occupation, employer and month, what is
//! wrong by rule, and who owes answers.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use foldhash::fast::RandomState;

use super::batch::{Batch, asked};
use super::date;
use super::level::{self, LevelForm};
use super::roster::RowId;
use super::rules::{RuleId, Severity};
use super::sheet::Field;
use super::vocabulary::vocabulary;

vocabulary! {
    /// What rows are counted by.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum SummaryBy {
        Level = "level",
        Occupation = "occupation",
        Employer = "employer",
        Institution = "institution",
        Month = "month",
        /// The file and sheet that a row is of, where a roster was put together.
        Origin = "origin",
        Rule = "rule",
    }
}

/// What a line of a summary counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SummaryLine {
    /// Empty for rows that say nothing there.
    pub text: Arc<str>,
    pub rows: u32,
    /// How many of the rows have an error; of a rule, how many cells have it.
    pub errors: u32,
}

/// Rows counted by one thing, most first; months in their order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SummaryTable {
    pub by: SummaryBy,
    pub lines: Vec<SummaryLine>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Summary {
    pub rows: u32,
    /// Different ID numbers; rows without one count as a person each.
    pub people: u32,
    /// Rows with an error, and those without a code.
    pub wrong: u32,
    pub without_code: u32,
    /// None where nothing is counted: a form without the column, a roster of one file.
    pub tables: Vec<SummaryTable>,
}

impl Summary {
    pub fn of(batch: &Batch) -> Summary {
        let roster = batch.roster();
        let mut is_wrong = vec![false; roster.len() as usize];
        let mut by_rule: HashMap<RuleId, (HashSet<RowId>, u32)> = HashMap::new();
        for finding in batch.findings().iter() {
            let (rows, cells) = by_rule.entry(finding.rule).or_default();
            rows.insert(finding.row);
            *cells += 1;
            if finding.severity() == Severity::Error {
                is_wrong[finding.row as usize] = true;
            }
        }
        let mut people: HashSet<String, RandomState> = HashSet::default();
        let mut nameless = 0;
        let left = |field: Field| roster.column(field).filter(|(row, _)| !roster.is_aside(*row));
        for (_, cell) in left(Field::IdNumber) {
            match &*asked(Field::IdNumber, cell) {
                "" => nameless += 1,
                number => drop(people.insert(number.to_string())),
            }
        }
        let mut summary = Summary {
            rows: roster.count_left(),
            people: people.len() as u32 + nameless,
            wrong: is_wrong.iter().filter(|wrong| **wrong).count() as u32,
            without_code: left(Field::Code).filter(|(_, cell)| cell.trim().is_empty()).count() as u32,
            tables: Vec::new(),
        };
        let form = batch.context().sheet();
        for (by, field) in [
            (SummaryBy::Level, Field::Level),
            (SummaryBy::Occupation, Field::Occupation),
            (SummaryBy::Employer, Field::Employer),
            (SummaryBy::Institution, Field::Institution),
            (SummaryBy::Month, Field::IssueDate),
        ] {
            if form.column(field).is_some() && roster.columns.of(field).is_some() {
                let cells =
                    left(field).map(|(row, cell)| (row, named(by, cell, |text| batch.masked(row, field, text))));
                summary.take(by, cells, &is_wrong);
            }
        }
        let origins = |row: RowId| {
            roster.origin_of(row).map(|origin| match &*origin.sheet {
                "" => origin.file,
                sheet => format!("{} [{sheet}]", origin.file),
            })
        };
        if !roster.is_empty() && origins(0).is_some() {
            let cells = roster.left().map(|row| (row, Arc::from(origins(row).unwrap_or_default())));
            summary.take(SummaryBy::Origin, cells, &is_wrong);
        }
        let mut rules: Vec<(RuleId, u32, u32)> =
            by_rule.into_iter().map(|(rule, (rows, cells))| (rule, rows.len() as u32, cells)).collect();
        rules.sort_by_key(|(rule, _, cells)| (rule.spec().severity, std::cmp::Reverse(*cells), rule.spec().code));
        let line =
            |(rule, rows, errors): (RuleId, u32, u32)| SummaryLine { text: rule.spec().code.into(), rows, errors };
        if !rules.is_empty() {
            summary.tables.push(SummaryTable { by: SummaryBy::Rule, lines: rules.into_iter().map(line).collect() });
        }
        summary
    }

    fn take(&mut self, by: SummaryBy, cells: impl Iterator<Item = (RowId, Arc<str>)>, is_wrong: &[bool]) {
        let mut counted: HashMap<Arc<str>, (u32, u32), RandomState> = HashMap::default();
        for (row, text) in cells {
            let (rows, errors) = counted.entry(text).or_default();
            *rows += 1;
            *errors += u32::from(is_wrong[row as usize]);
        }
        let line = |(text, (rows, errors))| SummaryLine { text, rows, errors };
        let mut lines: Vec<SummaryLine> = counted.into_iter().map(line).collect();
        lines.sort_by(|a, b| match by {
            SummaryBy::Month => a.text.cmp(&b.text),
            _ => b.rows.cmp(&a.rows).then_with(|| a.text.cmp(&b.text)),
        });
        self.tables.push(SummaryTable { by, lines });
    }

    pub fn table(&self, by: SummaryBy) -> Option<&SummaryTable> {
        self.tables.iter().find(|table| table.by == by)
    }
}

/// Names what a cell counts for: a level in one form whatever way it is written, the month of a day; anything else as it is shown
/// masked.
fn named<'a>(by: SummaryBy, cell: &'a str, masked: impl Fn(&'a str) -> Cow<'a, str>) -> Arc<str> {
    let cell = cell.trim();
    match by {
        SummaryBy::Level => level::read(cell).level().map_or_else(
            || masked(cell).into(),
            |level| [LevelForm::Grade, LevelForm::Title].map(|form| level.written(form)).join("/").into(),
        ),
        SummaryBy::Month => {
            date::read(cell).day().map_or_else(|| "".into(), |day| day.format("%Y-%m").to_string().into())
        }
        _ => masked(cell).into(),
    }
}
