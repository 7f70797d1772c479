//! What the rules look at: each kind of [`Check`] has its own view of a cell, a row or two rows.
//!
//! The readers in `cells` and `code_parts` make the views and hand them to the rules. Cells that were found clean before
//! and parts in which no rule can find anything are not handed over at all.

use std::borrow::Cow;

use chrono::NaiveDate;

use super::checker::moved::Moved;
use super::checker::{RowCells, Sink, text};
use super::code_parts::{CodePart, is_plain};
use super::institutions::RowFiling;
use super::ledger::LedgerComparison;
use super::persons::{DoubtCounts, DoubtLimits};
use super::usual::Unusual;
use super::{CheckContext, Detail, RULES, RuleId, clean};
use crate::domain::code::CertCode;
use crate::domain::date::DateReading;
use crate::domain::fact::CertificateKind;
use crate::domain::identity::{IdReport, IdTypeReading};
use crate::domain::ledger::KnownCertificates;
use crate::domain::level::{Level, LevelReading};
use crate::domain::roster::MarkKind;
use crate::domain::sheet::{Column, ColumnMap, Field};

/// What a check finds: nothing, or a detail for the message, in the cell it looked at.
pub(super) type Verdict = Option<Detail>;

/// As [`Verdict`], for a check that looks at more than one cell: with the cell the finding stands in.
pub(super) type Placed = Option<(Field, Detail)>;

/// Judges two rows that share a key; the answer to the question tells whether their names differ.
type SharedCheck = fn(&dyn Fn() -> bool) -> bool;

/// Gives a verdict without further detail.
pub(super) fn when(is_wrong: bool) -> Verdict {
    is_wrong.then_some(Detail::None)
}

/// Names a character by its place, counted from 0.
pub(super) fn position(at: usize) -> Detail {
    Detail::Position((at + 1).min(255) as u8)
}

/// How a rule judges; the variant says what it looks at.
#[derive(Debug, Clone, Copy)]
pub(super) enum Check {
    /// What the importer noted about a cell.
    Noted(fn(ImportNote) -> Verdict),
    /// What stands in any cell in place of a value.
    Gap(fn(Field, Placeholder) -> Verdict),
    /// How a cell with words is written, whatever it says.
    Spelling(fn(&WordsCell<'_>) -> Verdict),
    /// A cell with words that say something. The rule sees the columns it reads, and no others.
    Words(fn(&WordsCell<'_>) -> Verdict),
    IdType(fn(&IdTypeReading) -> Verdict),
    /// A number in which something may be wrong.
    IdNumber(fn(&NumberCell<'_>) -> Placed),
    Level(fn(LevelReading) -> Verdict),
    Date(fn(&DateCell<'_>) -> Verdict),
    /// A code that is not written as 22 plain characters.
    Code(fn(&CodeCell<'_>) -> Verdict),
    /// A part of a code in which something may be wrong.
    CodePart(fn(&CodePart<'_>) -> Placed),
    /// A row as far as it could be read, where the context gives the rule something to compare with.
    Row(fn(&CheckContext) -> bool, fn(&RowFacts<'_>) -> Placed),
    /// The same, held against the institutions on record.
    Registry(fn(&CheckContext) -> bool, fn(&RowFacts<'_>) -> Placed),
    /// Two rows that share a key of this kind.
    Shared(usize, SharedCheck),
    /// What there is of one person.
    Doubt(fn(&DoubtCounts, &DoubtLimits) -> Verdict),
    /// How many certificates there are of one day.
    Day(fn(usize, &DoubtLimits) -> Verdict),
    /// A cell that is unlike the others of its column.
    Usual(Unusual),
    /// What the ledger has on a row.
    Ledger(fn(&LedgerComparison<'_>) -> bool),
    /// A complete code, under which the ledger may have nothing.
    NotInLedger(fn(&KnownCertificates, CertCode) -> bool),
}

/// What the importer noted.
#[derive(Debug, Clone, Copy)]
pub(super) enum ImportNote {
    Mark(MarkKind),
    /// The row has this many cells, more than there are columns.
    Surplus(usize),
    /// The row's cells stand beside where they belong.
    Moved(Moved),
}

/// What stands in a cell in place of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Placeholder {
    Empty,
    /// A sign for "no work type" other than the one the profile asks for.
    Dash,
    /// 同上 or the like.
    Ditto,
    /// `null` or the like.
    Nothing,
    Masked,
    /// Several values, each whole by itself.
    Several,
}

#[derive(Debug)]
pub(super) struct WordsCell<'a> {
    pub context: &'a CheckContext,
    pub column: &'a Column,
    pub raw: &'a str,
    /// The form the rules look at and the safe fix writes.
    pub tidy: &'a str,
    /// The row's cell 职业名称, tidy, where the column is 工种/职业方向.
    pub occupation: &'a str,
}

#[derive(Debug)]
pub(super) struct NumberCell<'a> {
    pub column: &'a Column,
    pub raw: &'a str,
    /// The number in its clean form.
    pub number: &'a str,
    /// Its characters.
    pub length: usize,
    /// Whether a spreadsheet made it a rounded number; nothing else is read of it then.
    pub is_rounded: bool,
    /// What the reader of its ID type says, where the type is known and the number is not too long.
    pub report: Option<IdReport>,
}

#[derive(Debug)]
pub(super) struct DateCell<'a> {
    pub context: &'a CheckContext,
    pub reading: DateReading,
}

impl DateCell<'_> {
    /// Gives the day unless it lies in the future.
    pub fn past_day(&self) -> Option<NaiveDate> {
        self.reading.day().filter(|day| *day <= self.context.today)
    }

    /// As [`DateCell::past_day`], where somebody chose the day: not where it is that of the number (BJ-17).
    pub fn chosen_day(&self) -> Option<NaiveDate> {
        self.past_day().filter(|_| self.context.profile.numbering.issue_date_clause.is_empty())
    }
}

#[derive(Debug)]
pub(super) struct CodeCell<'a> {
    pub raw: &'a str,
    /// The code in its clean form.
    pub code: &'a str,
    /// Its characters.
    pub length: usize,
    /// Whether it is a shorter form that the notice's own samples have.
    pub is_short_form: bool,
}

/// What could be read of a row.
#[derive(Debug)]
pub(super) struct RowFacts<'a> {
    pub context: &'a CheckContext,
    pub cells: &'a RowCells<'a>,
    /// The columns of the form, nothing where it has no such column.
    pub columns: &'a [Option<Column>; Field::COUNT],
    /// Whether the importer found no text in the cell.
    pub void: &'a [bool; Field::COUNT],
    pub level: Option<Level>,
    pub issued: Option<NaiveDate>,
    /// The birth date in a sound ID number.
    pub birth: Option<NaiveDate>,
    /// What a column that the form does not have says of the person's sex.
    pub sex: &'a str,
    /// Of which kind the certificate is, and whether what says so cannot be read.
    pub kind: (CertificateKind, bool),
    /// Whether the code is well formed.
    pub has_code: bool,
    /// What the registry says of the code and the institution's name.
    pub filed: RowFiling,
    /// Whether the row lies outside what the institution is on record for.
    pub is_outside_scope: bool,
}

impl<'a> RowFacts<'a> {
    pub fn cell(&self, field: Field) -> Option<&'a str> {
        self.bytes(field).map(text)
    }

    /// Gives a cell as it is read, for rules that look at every row.
    pub fn bytes(&self, field: Field) -> Option<&'a [u8]> {
        let is_there = self.columns[field.index()].is_some() && !self.void[field.index()];
        is_there.then_some(self.cells[field.index()])
    }

    /// Gives the code in its clean form, where it is well formed.
    pub fn code(&self) -> Option<Cow<'a, str>> {
        let code = self.bytes(Field::Code).filter(|_| self.has_code)?;
        Some(if is_plain(code) { Cow::Borrowed(text(code)) } else { clean::code(text(code)) })
    }
}

/// Checks of one kind, each with its rule.
pub(super) type RuleChecks<F> = Vec<(RuleId, F)>;

type WordChecks = RuleChecks<fn(&WordsCell<'_>) -> Verdict>;

/// The checks of all rules by what they look at, each list in the order of the rules.
#[derive(Debug, Clone)]
pub(super) struct AllChecks {
    pub noted: RuleChecks<fn(ImportNote) -> Verdict>,
    pub gap: RuleChecks<fn(Field, Placeholder) -> Verdict>,
    pub spelling: RuleChecks<fn(&WordsCell<'_>) -> Verdict>,
    /// By column.
    pub words: [WordChecks; Field::COUNT],
    pub id_type: RuleChecks<fn(&IdTypeReading) -> Verdict>,
    pub id_number: RuleChecks<fn(&NumberCell<'_>) -> Placed>,
    pub level: RuleChecks<fn(LevelReading) -> Verdict>,
    pub date: RuleChecks<fn(&DateCell<'_>) -> Verdict>,
    pub code: RuleChecks<fn(&CodeCell<'_>) -> Verdict>,
    pub code_part: RuleChecks<fn(&CodePart<'_>) -> Placed>,
    /// Those that have something to compare with.
    pub row: RuleChecks<fn(&RowFacts<'_>) -> Placed>,
    /// Each with the kind of key that two rows share.
    pub shared: RuleChecks<(usize, SharedCheck)>,
    pub doubt: RuleChecks<fn(&DoubtCounts, &DoubtLimits) -> Verdict>,
    pub day: RuleChecks<fn(usize, &DoubtLimits) -> Verdict>,
    pub usual: RuleChecks<Unusual>,
    pub ledger: RuleChecks<fn(&LedgerComparison<'_>) -> bool>,
    pub not_in_ledger: RuleChecks<fn(&KnownCertificates, CertCode) -> bool>,
}

impl AllChecks {
    /// Collects them for a context; what is told of a whole column is not told of its cells.
    pub fn new(context: &CheckContext, columns: &ColumnMap) -> AllChecks {
        let every_check = || RULES.iter().flat_map(|rule| rule.checks.iter().map(|check| (rule.id, check)));
        macro_rules! all {
            ($kind:ident) => {
                every_check()
                    .filter_map(|(id, check)| if let Check::$kind(judge) = check { Some((id, *judge)) } else { None })
                    .collect()
            };
        }
        let words: WordChecks = all!(Words);
        let reading = |field: Field| words.iter().filter(|(id, _)| id.spec().reads.contains(&field)).copied().collect();
        let mut all = AllChecks {
            noted: all!(Noted),
            gap: all!(Gap),
            spelling: all!(Spelling),
            words: Field::ALL.map(reading),
            id_type: all!(IdType),
            id_number: all!(IdNumber),
            level: all!(Level),
            date: all!(Date),
            code: all!(Code),
            code_part: all!(CodePart),
            row: every_check()
                .filter_map(|(id, check)| match check {
                    Check::Row(applies, judge) | Check::Registry(applies, judge) if applies(context) => {
                        Some((id, *judge))
                    }
                    _ => None,
                })
                .collect(),
            shared: every_check()
                .filter_map(|(id, check)| match check {
                    Check::Shared(kind, judge) => Some((id, (*kind, *judge))),
                    _ => None,
                })
                .collect(),
            doubt: all!(Doubt),
            day: all!(Day),
            usual: all!(Usual),
            ledger: all!(Ledger),
            not_in_ledger: all!(NotInLedger),
        };
        all.leave_told(columns);
        all
    }

    /// Leaves out what is told of a whole column: that its cells are something else.
    fn leave_told(&mut self, columns: &ColumnMap) {
        let is_told = |field: Field| columns.of(field).is_some_and(|at| columns.source[at].contradicted().is_some());
        if is_told(Field::Employer) {
            self.words[Field::Employer.index()].retain(|(id, _)| *id != RuleId::EmployerShort);
        }
        for field in [Field::Occupation, Field::WorkType].into_iter().filter(|field| is_told(*field)) {
            self.words[field.index()].retain(|(id, _)| *id != RuleId::OccupationIsBody);
        }
        if RuleId::CellsCrosswise.spec().reads.iter().any(|field| is_told(*field)) {
            self.row.retain(|(id, _)| *id != RuleId::CellsCrosswise);
        }
    }

    pub fn noted(&self, field: Field, noted: ImportNote, sink: &mut Sink<'_>) {
        sink.judge(&self.noted, field, |judge| judge(noted));
    }

    pub fn gap(&self, field: Field, gap: Placeholder, sink: &mut Sink<'_>) {
        sink.judge(&self.gap, field, |judge| judge(field, gap));
    }
}
