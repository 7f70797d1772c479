//! What a roster holds, for whoever answers for it (汇总): rows and people, by level, occupation, employer and month, what is
//! wrong by rule, and who owes answers.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use foldhash::fast::RandomState;

use super::batch::{Batch, Findings, StrayNames, asked};
use super::date;
use super::level::{self, LevelForm};
use super::roster::{Roster, RowId};
use super::rules::{RuleId, Severity};
use super::selection::Condition;
use super::sheet::{Field, SheetSpec};
use super::text;
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
    /// The texts of the cells that are counted here; none of a source or a rule.
    pub texts: Vec<Arc<str>>,
    /// Whether it is the name of a person, which belongs in another column.
    pub is_name: bool,
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

impl SummaryBy {
    /// Gives the column whose cells are counted.
    pub fn field(self) -> Option<Field> {
        match self {
            SummaryBy::Level => Some(Field::Level),
            SummaryBy::Occupation => Some(Field::Occupation),
            SummaryBy::Employer => Some(Field::Employer),
            SummaryBy::Institution => Some(Field::Institution),
            SummaryBy::Month => Some(Field::IssueDate),
            SummaryBy::Origin | SummaryBy::Rule => None,
        }
    }
}

impl SummaryTable {
    /// Gives how many rows the line has that counts most.
    pub fn longest(&self) -> u32 {
        self.lines.iter().map(|line| line.rows).max().unwrap_or(0)
    }
}

impl SummaryLine {
    /// Gives the text masked, as that of a column.
    pub fn masked(&self, field: Field) -> String {
        if self.is_name { text::masked_name(&self.text) } else { field.masked(&self.text) }
    }

    /// Gives the condition that the rows counted here fulfil; none where only the file itself says where its rows are from.
    pub fn condition(&self, by: SummaryBy, roster: &Roster) -> Option<Condition> {
        match by {
            SummaryBy::Origin => {
                let is_meant = |row: &RowId| origin(roster, *row).as_deref() == Some(&*self.text);
                let first = roster.parts().iter().map(|part| part.first).find(is_meant)?;
                Some(Condition::Part(roster.part_of(first)))
            }
            SummaryBy::Rule => Some(Condition::Findings { rule: Some(RuleId::find(&self.text)?), field: None }),
            by => Some(Condition::is(by.field()?, self.texts.iter().cloned())),
        }
    }
}

impl Summary {
    pub fn of(batch: &Batch) -> Summary {
        Summary::unless((batch.roster(), batch.findings()), batch.context().sheet(), &|| false).unwrap_or_default()
    }

    /// Gives nothing where it was stopped.
    pub fn unless(
        (roster, findings): (&Roster, &Findings),
        form: &SheetSpec,
        stop: &dyn Fn() -> bool,
    ) -> Option<Summary> {
        let mut is_wrong = vec![false; roster.len() as usize];
        let mut by_rule: HashMap<RuleId, (HashSet<RowId>, u32)> = HashMap::new();
        for finding in findings.iter() {
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
        for by in SummaryBy::ALL {
            let Some(field) = by.field() else { continue };
            if stop() {
                return None;
            }
            if form.column(field).is_some() && roster.columns.of(field).is_some() {
                let names = StrayNames::of(form, roster, field);
                let is_name = roster.columns.masked_as(field).is_personal();
                summary.take(by, left(field), &is_wrong, (names, is_name));
            }
        }
        if !roster.is_empty() && origin(roster, 0).is_some() {
            let mut counted: HashMap<String, (u32, u32), RandomState> = HashMap::default();
            for row in roster.left() {
                let (rows, errors) = counted.entry(origin(roster, row).unwrap_or_default()).or_default();
                *rows += 1;
                *errors += u32::from(is_wrong[row as usize]);
            }
            let line = |(text, (rows, errors)): (String, _)| SummaryLine {
                text: text.into(),
                rows,
                errors,
                texts: Vec::new(),
                is_name: false,
            };
            let mut lines: Vec<SummaryLine> = counted.into_iter().map(line).collect();
            lines.sort_by(|a, b| b.rows.cmp(&a.rows).then_with(|| a.text.cmp(&b.text)));
            summary.tables.push(SummaryTable { by: SummaryBy::Origin, lines });
        }
        let mut rules: Vec<(RuleId, u32, u32)> =
            by_rule.into_iter().map(|(rule, (rows, cells))| (rule, rows.len() as u32, cells)).collect();
        rules.sort_by_key(|(rule, _, cells)| (rule.spec().severity, std::cmp::Reverse(*cells), rule.spec().code));
        let line = |(rule, rows, errors): (RuleId, u32, u32)| {
            let text = rule.spec().code.into();
            SummaryLine { text, rows, errors, texts: Vec::new(), is_name: false }
        };
        if !rules.is_empty() {
            summary.tables.push(SummaryTable { by: SummaryBy::Rule, lines: rules.into_iter().map(line).collect() });
        }
        Some(summary)
    }

    fn take<'a>(
        &mut self,
        by: SummaryBy,
        cells: impl Iterator<Item = (RowId, &'a str)>,
        is_wrong: &[bool],
        (mut names, are_names): (StrayNames<'a>, bool),
    ) {
        let mut counted: HashMap<&str, (u32, u32, u32), RandomState> = HashMap::default();
        for (row, text) in cells {
            let (rows, errors, strays) = counted.entry(text).or_default();
            *strays = strays.saturating_add(if are_names { 1 } else { names.count(row, text) });
            *rows += 1;
            *errors += u32::from(is_wrong[row as usize]);
        }
        let mut named_alike: HashMap<Arc<str>, SummaryLine, RandomState> = HashMap::default();
        let mut counted: Vec<(&str, (u32, u32, u32))> = counted.into_iter().collect();
        counted.sort_unstable();
        for (cell, (rows, errors, strays)) in counted {
            let text = named(by, cell);
            let new = || SummaryLine { text: Arc::clone(&text), rows: 0, errors: 0, texts: Vec::new(), is_name: true };
            let line = named_alike.entry(Arc::clone(&text)).or_insert_with(new);
            line.rows += rows;
            line.errors += errors;
            line.is_name &= rows <= strays && !text.is_empty();
            line.texts.push(cell.into());
        }
        let mut lines: Vec<SummaryLine> = named_alike.into_values().collect();
        lines.iter_mut().for_each(|line| line.texts.sort_unstable());
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

/// Names the file and sheet that a row is of, where a roster was put together.
fn origin(roster: &Roster, row: RowId) -> Option<String> {
    roster.origin_of(row).map(|origin| match &*origin.sheet {
        "" => origin.file,
        sheet => format!("{} [{sheet}]", origin.file),
    })
}

/// Names what a cell counts for: a level in one form whatever way it is written, the month of a day.
fn named(by: SummaryBy, cell: &str) -> Arc<str> {
    let cell = cell.trim();
    match by {
        SummaryBy::Level => level::read(cell).level().map_or_else(
            || cell.into(),
            |level| [LevelForm::Grade, LevelForm::Title].map(|form| level.written(form)).join("/").into(),
        ),
        SummaryBy::Month => {
            date::read(cell).day().map_or_else(|| "".into(), |day| day.format("%Y-%m").to_string().into())
        }
        _ => cell.into(),
    }
}
