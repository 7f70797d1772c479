//! What is wrong with a ledger (台账核验): every invariant that the program keeps, checked again on what stands in the file.
//!
//! [`Replay`] follows the audit chain and works out what must stand in the ledger; [`SeriesCheck`] holds each series against
//! it and against itself.

mod replay;
mod series;

use std::collections::BTreeMap;

pub use replay::{Replay, Told};
pub use series::{GapFacts, RowFacts, SeriesCheck, SeriesFacts};

/// What can be wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ProblemKind {
    /// `SQLite` finds the file damaged.
    Damaged,
    /// A table, index or trigger is missing.
    SchemaMissing,
    /// A table, index or trigger is another than the program made.
    SchemaChanged,
    /// A row names another that is not there.
    Reference,
    /// An entry of the chain is missing, altered, or out of place.
    Chain,
    /// An entry of an action that this release does not know: nobody here can vouch for what it did.
    Action,
    /// An entry that cannot be read.
    Entry,
    /// A code stands twice.
    CodeTwice,
    /// A serial stands twice in its series, or was taken twice.
    SerialTwice,
    /// A certificate belongs to no series, or a series that numbers were taken of is gone.
    NoSeries,
    /// The code is not that of its series and serial.
    Shape,
    /// The serial is outside the numbers of its series.
    Outside,
    /// The serial is larger than the largest one taken.
    AboveHigh,
    /// Numbers that the chain took are gone.
    Lost,
    /// Numbers up to the largest one taken of which nobody knows anything.
    Unexplained,
    /// A gap holds a certificate, reaches into another gap or beyond the largest number taken.
    Gap,
    /// The status is none there is.
    Status,
    /// A reserved number has a holder.
    ReservedHeld,
    /// No entry of the chain took the number, or another than it names.
    NoEntry,
    /// The status is not the one the chain leads to.
    StatusDiffers,
    /// The record is not the one the chain leads to.
    RecordDiffers,
    /// What an entry says of its numbers is not what stands in the tables.
    Count,
    /// A number of a retired prefix was given, or is dated, after the retirement.
    Retired,
}

impl ProblemKind {
    /// Every kind, the gravest first.
    pub const ALL: [ProblemKind; 23] = [
        ProblemKind::Damaged,
        ProblemKind::SchemaMissing,
        ProblemKind::SchemaChanged,
        ProblemKind::Reference,
        ProblemKind::Chain,
        ProblemKind::Action,
        ProblemKind::Entry,
        ProblemKind::CodeTwice,
        ProblemKind::SerialTwice,
        ProblemKind::NoSeries,
        ProblemKind::Shape,
        ProblemKind::Outside,
        ProblemKind::AboveHigh,
        ProblemKind::Lost,
        ProblemKind::Unexplained,
        ProblemKind::Gap,
        ProblemKind::Status,
        ProblemKind::ReservedHeld,
        ProblemKind::NoEntry,
        ProblemKind::StatusDiffers,
        ProblemKind::RecordDiffers,
        ProblemKind::Count,
        ProblemKind::Retired,
    ];

    /// Gives the name used in JSON and in the locales.
    pub fn key(self) -> &'static str {
        match self {
            ProblemKind::Damaged => "damaged",
            ProblemKind::SchemaMissing => "schema-missing",
            ProblemKind::SchemaChanged => "schema-changed",
            ProblemKind::Reference => "reference",
            ProblemKind::Chain => "chain",
            ProblemKind::Action => "action",
            ProblemKind::Entry => "entry",
            ProblemKind::CodeTwice => "code-twice",
            ProblemKind::SerialTwice => "serial-twice",
            ProblemKind::NoSeries => "no-series",
            ProblemKind::Shape => "shape",
            ProblemKind::Outside => "outside",
            ProblemKind::AboveHigh => "above-high",
            ProblemKind::Lost => "lost",
            ProblemKind::Unexplained => "unexplained",
            ProblemKind::Gap => "gap",
            ProblemKind::Status => "status",
            ProblemKind::ReservedHeld => "reserved-held",
            ProblemKind::NoEntry => "no-entry",
            ProblemKind::StatusDiffers => "status-differs",
            ProblemKind::RecordDiffers => "record-differs",
            ProblemKind::Count => "count",
            ProblemKind::Retired => "retired",
        }
    }
}

/// Something that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    pub kind: ProblemKind,
    /// With what: `certificate:CODE`, `series:KEY`, `entry:SEQ`, or the name of a table, index or trigger.
    pub object: String,
    /// Serials, statuses, entries; never personal data.
    pub detail: String,
}

/// How many problems of one kind are kept; further ones are only counted.
const KEPT: u64 = 1000;

/// Everything that is wrong.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    problems: Vec<Problem>,
    counts: BTreeMap<ProblemKind, u64>,
}

impl Report {
    pub fn add(&mut self, kind: ProblemKind, object: impl Into<String>, detail: impl Into<String>) {
        let count = self.counts.entry(kind).or_insert(0);
        *count += 1;
        if *count <= KEPT {
            self.problems.push(Problem { kind, object: object.into(), detail: detail.into() });
        }
    }

    /// Lists the problems in the order they were found; of each kind at most a thousand.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// Counts the problems of each kind.
    pub fn counts(&self) -> &BTreeMap<ProblemKind, u64> {
        &self.counts
    }

    /// Tells whether nothing is wrong.
    pub fn is_sound(&self) -> bool {
        self.counts.is_empty()
    }
}

/// Tells a run of serials.
fn run(first: u32, last: u32) -> String {
    if first == last { first.to_string() } else { format!("{first}-{last}") }
}
