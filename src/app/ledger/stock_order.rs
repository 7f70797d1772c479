//! What is done with blank certificates, as it was answered.

use std::path::PathBuf;

use chrono::NaiveDate;

use crate::domain::ledger::stock::{
    AfterSpoiling, BlankKind, BlankNumber, BlankRun, CountId, Passing, Printing, TakenBack,
};

/// What is done with blank certificates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StockOrder {
    pub kind: BlankKind,
    pub on: NaiveDate,
    /// Why; may be empty.
    pub reason: String,
    pub what: StockDeed,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StockDeed {
    Receive {
        run: BlankRun,
        keeper: String,
        place: String,
    },
    Pass {
        way: Passing,
        which: StockWhich,
        to: Option<String>,
        place: Option<String>,
    },
    Print {
        from: BlankNumber,
        whom: Printing,
        /// What was spoiled over it.
        spoiled: Vec<BlankRun>,
    },
    Spoil {
        runs: Vec<BlankRun>,
        after: AfterSpoiling,
    },
    Destroy {
        which: StockWhich,
        witness: String,
        record: String,
    },
    Count {
        /// Whose; nothing for everybody's.
        keeper: Option<String>,
        /// The prefix of the institution; the only one there is when not given.
        institution: Option<String>,
        found: StockFound,
    },
    /// Closes a stocktake.
    Close(CountId),
    /// Withdraws one.
    Withdraw(CountId),
    /// Takes back what was noted by mistake.
    TakeBack(TakenBack, Vec<BlankRun>),
    /// Notes what a year needs.
    Demand {
        year: i32,
        estimates: [u32; 5],
        /// As of a stocktake.
        institution: Option<String>,
        /// In per cent; that of the settings when not given.
        allowance: Option<u32>,
        /// The day whose stock counts.
        as_of: Option<NaiveDate>,
        /// The day it was ordered, where it was.
        ordered: Option<NaiveDate>,
    },
}

/// Which blanks something is done with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StockWhich {
    Runs(Vec<BlankRun>),
    /// All that a keeper has in stock.
    AllOf(String),
    /// All that are spoiled and not destroyed.
    Spoiled,
}

/// What was found at a stocktake.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StockFound {
    Typed(Vec<BlankRun>),
    /// In a file, such as one that was scanned.
    Listed(PathBuf),
}
