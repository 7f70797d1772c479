//! What is wrong with a ledger (台账核验): every invariant that the program keeps, checked again on what stands in the file.
//!
//! [`Replay`] follows the audit chain and works out what must stand in the ledger; [`SeriesCheck`] holds each series against
//! it and against itself.

use crate::domain::vocabulary::vocabulary;

mod register;
mod replay;
mod series;
mod stock;

use std::collections::BTreeMap;

pub use register::{CaseRow, NotedRow, record_digest};
pub use replay::{EntryNumbers, Replay};
pub use series::{CertificateRow, GapFacts, SeriesCheck, SeriesFacts, TakenDigests};
pub use stock::{BlankMoveRow, BlankTables};

vocabulary! {
    /// What can be wrong, the gravest first.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
    pub enum ProblemKind {
        /// `SQLite` finds the file damaged.
        Damaged = "damaged",
        /// A table, index or trigger is missing.
        SchemaMissing = "schema-missing",
        /// A table, index or trigger is another than the program made.
        SchemaChanged = "schema-changed",
        /// A row names another that is not there.
        Reference = "reference",
        /// An entry of the chain is missing, altered, or out of place.
        Chain = "chain",
        /// An entry of an action that this release does not know: nobody here can vouch for what it did.
        Action = "action",
        /// An entry that cannot be read.
        Entry = "entry",
        /// A code stands twice.
        CodeTwice = "code-twice",
        /// A serial stands twice in its series, or was taken twice.
        SerialTwice = "serial-twice",
        /// A certificate belongs to no series, or a series that numbers were taken of is gone.
        NoSeries = "no-series",
        /// The code is not that of its series and serial.
        Shape = "shape",
        /// The serial is outside the numbers of its series.
        Outside = "outside",
        /// The serial is larger than the largest one taken.
        AboveHigh = "above-high",
        /// Numbers that the chain took are gone.
        Lost = "lost",
        /// Numbers up to the largest one taken of which nobody knows anything.
        Unexplained = "unexplained",
        /// A gap holds a certificate, reaches into another gap or beyond the largest number taken.
        Gap = "gap",
        /// The status is none there is.
        Status = "status",
        /// A reserved number has a holder.
        ReservedHeld = "reserved-held",
        /// No entry of the chain took the number, or another than it names.
        NoEntry = "no-entry",
        /// The status is not the one the chain leads to.
        StatusDiffers = "status-differs",
        /// The record is not the one the chain leads to.
        RecordDiffers = "record-differs",
        /// A series is not counted as the chain says, or no entry began it.
        SeriesDiffers = "series-differs",
        /// An institution is not on record as the chain leads to.
        InstitutionDiffers = "institution-differs",
        /// A case is not the one the chain leads to.
        CaseDiffers = "case-differs",
        /// An event is not noted as the chain leads to.
        EventDiffers = "event-differs",
        /// A fact is not noted as the chain leads to.
        FactDiffers = "fact-differs",
        /// The share register does not stand as the chain leads to.
        ShareDiffers = "share-differs",
        /// Blank certificates do not stand as the chain leads to, or an entry says of them what cannot be.
        StockDiffers = "stock-differs",
        /// What an entry says of its numbers is not what stands in the tables.
        Count = "count",
        /// A number of a retired prefix was given, or is dated, after the retirement.
        Retired = "retired",
    }
}

/// Something that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerProblem {
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
pub struct VerifyReport {
    problems: Vec<LedgerProblem>,
    counts: BTreeMap<ProblemKind, u64>,
}

impl VerifyReport {
    pub fn add(&mut self, kind: ProblemKind, object: impl Into<String>, detail: impl Into<String>) {
        let count = self.counts.entry(kind).or_insert(0);
        *count += 1;
        if *count <= KEPT {
            self.problems.push(LedgerProblem { kind, object: object.into(), detail: detail.into() });
        }
    }

    /// Lists the problems in the order they were found; of each kind at most a thousand.
    pub fn problems(&self) -> &[LedgerProblem] {
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
