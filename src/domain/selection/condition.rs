//! What a row is filtered by (筛选条件).

use std::collections::HashSet;
use std::ops::Range;
use std::sync::Arc;

use foldhash::fast::RandomState;

use super::{Chosen, Needle};
use crate::domain::batch::asked;
use crate::domain::code::CertCode;
use crate::domain::ledger::{KnownCertificates, Status};
use crate::domain::roster::{CellSource, RowId, RowWhat};
use crate::domain::rules::{Finding, RuleId, Severity};
use crate::domain::sheet::Field;
use crate::domain::text;

/// What a row is filtered by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Condition {
    /// A text stands in a column, or in any.
    Text { text: String, field: Option<Field> },
    /// What stands in a column passes a test, or (`negated`) does not.
    Value { column: CellSource, test: ValueTest, negated: bool },
    /// There are findings of a rule, in a column, or both; with neither any finding.
    Findings { rule: Option<RuleId>, field: Option<Field> },
    /// There is a finding that is an error.
    Errors,
    /// A cell was edited.
    Edited,
    /// Somebody has marked the row.
    Marked,
    /// Something is said of the row: it was put aside, or noted upon.
    Said(RowWhat),
    /// The row is of a part of the roster, by its number.
    Part(usize),
    /// The ledger has the certificate number of the row in a status; with none it does not have it.
    Status(Option<Status>),
}

/// What a cell is tested for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ValueTest {
    /// It is one of these texts.
    Is(Vec<Arc<str>>),
    Contains(String),
    /// There is nothing in it, or nothing that can be seen.
    Empty,
}

impl Condition {
    /// Makes the condition that a column holds one of some texts.
    pub fn is(column: impl Into<CellSource>, values: impl IntoIterator<Item = Arc<str>>) -> Condition {
        Condition::Value { column: column.into(), test: ValueTest::Is(values.into_iter().collect()), negated: false }
    }

    /// Tells whether it is about findings.
    pub fn is_of_findings(&self) -> bool {
        matches!(self, Condition::Findings { .. } | Condition::Errors)
    }

    /// Tells whether a finding is one of those filtered by; every one where it is not about findings.
    pub fn wants(&self, finding: &Finding) -> bool {
        match self {
            Condition::Findings { rule, field } => {
                rule.is_none_or(|r| r == finding.rule) && field.is_none_or(|f| f == finding.field)
            }
            Condition::Errors => finding.severity() == Severity::Error,
            _ => true,
        }
    }

    /// Tells whether it takes the place of another beside which it would leave nothing, or say nothing.
    pub(super) fn replaces(&self, other: &Condition) -> bool {
        match (self, other) {
            (
                Condition::Value { column, test: ValueTest::Is(_), negated: false },
                Condition::Value { column: old, test: ValueTest::Is(_), negated: false },
            ) => column == old,
            (Condition::Part(_), Condition::Part(_)) | (Condition::Status(_), Condition::Status(_)) => true,
            _ => self == other || self.is_of_findings() && other.is_of_findings(),
        }
    }
}

/// A condition ready to be held against many rows.
#[derive(Debug)]
pub(super) enum Test {
    Text(Needle, Option<Field>),
    Value(CellSource, CellTest, bool),
    Other(Condition),
}

#[derive(Debug)]
pub(super) enum CellTest {
    /// One text is compared sooner than looked up.
    IsOne(Arc<str>),
    Is(HashSet<Arc<str>, RandomState>),
    Contains(Needle),
    Empty,
}

impl CellTest {
    fn holds(&self, cell: &str) -> bool {
        match self {
            CellTest::IsOne(value) => **value == *cell,
            CellTest::Is(values) => values.contains(cell),
            CellTest::Contains(needle) => needle.is_in(cell),
            CellTest::Empty => cell.chars().all(|c| text::is_blank(c) || text::is_control(c)),
        }
    }
}

impl Test {
    pub fn new(condition: &Condition) -> Test {
        match condition {
            Condition::Text { text, field } => Test::Text(Needle::new(text), *field),
            Condition::Value { column, test, negated } => {
                let test = match test {
                    ValueTest::Is(values) => match values.as_slice() {
                        [one] => CellTest::IsOne(Arc::clone(one)),
                        values => CellTest::Is(values.iter().cloned().collect()),
                    },
                    ValueTest::Contains(text) => CellTest::Contains(Needle::new(text)),
                    ValueTest::Empty => CellTest::Empty,
                };
                Test::Value(*column, test, *negated)
            }
            other => Test::Other(other.clone()),
        }
    }

    /// Lists the rows of a run for which it holds, in ascending order. `edited` are the edited rows, in ascending order.
    pub fn list(&self, rows: Range<RowId>, of: Chosen<'_>, edited: &[RowId]) -> Vec<RowId> {
        let roster = of.batch.roster();
        let cells = |field: Field| roster.column_in(field, rows.clone());
        match self {
            Test::Text(needle, None) => needle.rows_in(of.batch, rows, edited),
            Test::Text(needle, Some(field)) => rows_of(cells(*field).filter(|(_, cell)| needle.is_in(cell))),
            Test::Value(CellSource::Field(field), test, negated) => {
                rows_of(cells(*field).filter(|(_, cell)| test.holds(cell) != *negated))
            }
            Test::Value(column, test, negated) => {
                rows_of(column.texts_in(roster, rows).filter(|(_, cell)| test.holds(cell) != *negated))
            }
            Test::Other(condition @ (Condition::Findings { .. } | Condition::Errors)) => {
                let found = of.batch.findings().from_row(rows.start).take_while(|f| f.row < rows.end);
                let mut list: Vec<RowId> = found.filter(|f| condition.wants(f)).map(|f| f.row).collect();
                list.dedup();
                list
            }
            Test::Other(Condition::Edited) => {
                let [from, to] = [rows.start, rows.end].map(|end| edited.partition_point(|row| *row < end));
                edited[from..to].to_vec()
            }
            Test::Other(Condition::Marked) => of.marks.within(rows).collect(),
            Test::Other(Condition::Said(what)) => {
                roster.all_said(*what).map(|(row, _)| row).filter(|row| rows.contains(row)).collect()
            }
            Test::Other(Condition::Part(part)) => {
                let (first, end) = roster.rows_of(*part);
                (first.max(rows.start)..end.min(rows.end)).collect()
            }
            Test::Other(Condition::Status(status)) => {
                let known = of.batch.context().known();
                rows_of(cells(Field::Code).filter(|(_, cell)| status_of(known, cell) == *status))
            }
            Test::Other(_) => rows.filter(|row| self.holds(*row, of, edited)).collect(),
        }
    }

    /// Tells whether it holds for a row.
    pub fn holds(&self, row: RowId, of: Chosen<'_>, edited: &[RowId]) -> bool {
        let roster = of.batch.roster();
        match self {
            Test::Text(needle, None) => needle.field_in(of.batch, row, 0).is_some(),
            Test::Text(needle, Some(field)) => needle.is_in(roster.cell(row, *field)),
            Test::Value(column, test, negated) => test.holds(column.text(roster, row)) != *negated,
            Test::Other(condition) => match condition {
                Condition::Edited => edited.binary_search(&row).is_ok(),
                Condition::Marked => of.marks.has(row),
                Condition::Said(what) => roster.said(row, *what).is_some(),
                Condition::Part(part) => roster.part_of(row) == *part,
                Condition::Status(status) => {
                    status_of(of.batch.context().known(), roster.cell(row, Field::Code)) == *status
                }
                _ => of.batch.findings().of_row(row).iter().any(|f| condition.wants(f)),
            },
        }
    }
}

/// Gives the status in which the ledger has the code of a cell.
fn status_of(known: &KnownCertificates, cell: &str) -> Option<Status> {
    // Most rosters come before there is anything in the ledger.
    if known.is_empty() {
        return None;
    }
    let code = CertCode::new(&asked(Field::Code, cell))?;
    known.of_code(code).map(|(_, certificate)| certificate.status)
}

fn rows_of<'a>(cells: impl Iterator<Item = (RowId, &'a str)>) -> Vec<RowId> {
    cells.map(|(row, _)| row).collect()
}
