//! What is said of blank certificates.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::numbers::SeriesRun;
use crate::domain::ledger::case::CaseId;
use crate::domain::ledger::stock::{BlankKind, BlankMove, BlankRun, SeriesNumber};

/// What happened to blanks of one kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BlanksMoved {
    pub on: NaiveDate,
    /// How many they are.
    pub count: u64,
    pub moves: Vec<BlankMove>,
    /// Who saw that they were destroyed.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub witness: String,
    /// The record of it, as it is filed.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub record: String,
    /// The case for which new paper was printed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case: Option<i64>,
}

/// What was found when blanks were counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BlanksCounted {
    pub on: NaiveDate,
    pub kind: BlankKind,
    /// Whose blanks; empty for everybody's.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub keeper: String,
    /// The institution whose stocktake it is; empty where that is not told.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub institution: String,
    pub counted: u64,
    pub held: u64,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<BlankRun>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub surplus: Vec<BlankRun>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub doubled: Vec<BlankRun>,
}

/// The end of a stocktake: what was missing is lost, what was lost and is found again is in stock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CountClosed {
    pub kind: BlankKind,
    pub lost: BlanksMoved,
}

/// A stocktake that was wrong: what its end had changed is as it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CountWithdrawn {
    pub kind: BlankKind,
    pub back: BlanksMoved,
}

/// What an institution needs in a year.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BlanksDemanded {
    pub kind: BlankKind,
    /// The institution; empty where that is not told.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub institution: String,
    /// The passes that are expected, from the lowest level to the highest.
    pub estimates: [u32; 5],
    /// What is in stock, and on which day.
    pub stock: u64,
    pub stock_on: NaiveDate,
    /// In per cent of the passes.
    #[serde(default)]
    pub allowance: u32,
    pub order: u64,
}

impl BlanksMoved {
    pub fn new(on: NaiveDate, moves: Vec<BlankMove>) -> BlanksMoved {
        let count = moves.iter().map(|told| told.run.count()).sum();
        BlanksMoved { on, count, moves, witness: String::new(), record: String::new(), case: None }
    }

    pub fn case(&self) -> Option<CaseId> {
        self.case.map(CaseId)
    }

    /// Lists the certificates that it is about, in runs.
    pub fn certificates(&self) -> Vec<SeriesRun> {
        let mut starts = BTreeSet::new();
        for told in &self.moves {
            let length = told.run.count() as u32;
            starts.extend([told.had, told.certificate].into_iter().flatten().map(|number| (number, length)));
        }
        let mut runs: Vec<SeriesRun> = Vec::new();
        for (SeriesNumber { series, serial }, length) in starts {
            let last = serial.saturating_add(length - 1);
            match runs.last_mut() {
                Some(run) if run.series == series && serial <= run.last.saturating_add(1) => {
                    run.last = run.last.max(last);
                }
                _ => runs.push(SeriesRun::new(series, (serial, last))),
            }
        }
        runs
    }
}
