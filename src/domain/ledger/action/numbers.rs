//! What is said of numbers: taken, marked, brought up to the roster, written to a file.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::wire::{Pairs, printed_head};
use crate::domain::code::CertCode;
use crate::domain::ledger::audit::Head;
use crate::domain::ledger::{Run, SeriesKey, Status};
use crate::domain::sheet::Field;

/// Numbers of a series.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeriesRun {
    pub series: SeriesKey,
    pub first: u32,
    pub last: u32,
}

/// The same, and how many they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct CountedRun {
    #[serde(flatten)]
    pub run: SeriesRun,
    pub count: u32,
}

/// The largest number that a series had given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeriesHigh {
    pub series: SeriesKey,
    pub high: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Highs {
    pub series: Vec<SeriesHigh>,
}

/// How a series is counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeriesTerms {
    pub series: SeriesKey,
    /// The profile's id.
    pub profile: String,
    /// The smallest serial that may be given.
    pub first: u32,
    /// The largest one.
    pub last: u32,
}

/// Numbers that were given to the rows of a batch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct NumbersGiven {
    /// The name of the batch's file.
    pub file: String,
    /// The profile's id.
    pub profile: String,
    pub count: u64,
    pub series: Vec<CountedRun>,
    /// The digest over code and record of each; the first stores had none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub records_sha256: Option<String>,
    /// Whether they had been reserved.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub reserved: bool,
    /// The digest over code and row of each.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rows_sha256: Option<String>,
    /// The day from which they are given; like all below it, earlier stores do not tell it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on: Option<NaiveDate>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub terms: Vec<SeriesTerms>,
}

/// The largest number that the series of a reservation had given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct High {
    pub high: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NumbersReserved {
    pub first: u32,
    pub last: u32,
    pub count: u64,
    /// The day on which; like all below it, earlier stores do not tell it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on: Option<NaiveDate>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub terms: Vec<SeriesTerms>,
}

/// Numbers that were adopted from a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NumbersAdopted {
    /// Its name without its folder.
    pub file: String,
    pub sha256: String,
    /// The profile's id.
    pub profile: String,
    pub status: Status,
    pub count: u64,
    /// How many rows the ledger had already.
    pub same: u32,
    pub numbers: Vec<SeriesRun>,
    /// The digest over code and record of each; like all below it, earlier stores do not tell it.
    #[serde(default, rename = "records-sha256", skip_serializing_if = "Option::is_none")]
    pub records_sha256: Option<String>,
    /// The day from which they have their status.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on: Option<NaiveDate>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub terms: Vec<SeriesTerms>,
}

/// What numbers were before they were marked.
pub type StatusesBefore = BTreeMap<Status, Vec<SeriesRun>>;

/// What became of numbers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatusNoted {
    pub status: Status,
    pub on: NaiveDate,
    pub count: u64,
    pub numbers: Vec<SeriesRun>,
    /// Where they were handed in; like all below it, only said where somebody knows, and not by earlier stores.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub to: String,
    /// The number of the receipt.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub receipt: String,
    /// The clauses, with their days, after which nothing is accepted and in spite of which they were handed in.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub past: String,
    /// The reply that says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply: Option<ReplyFile>,
}

/// The file in which a site says what became of certificates that were handed in (回执).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReplyFile {
    /// Its name without its folder.
    pub file: String,
    pub sha256: String,
}

/// What records said of some columns.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordTexts {
    pub records: Pairs<CertCode, Pairs<Field, String>>,
}

/// What they say of them since.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordsSynced {
    pub records: Pairs<CertCode, Pairs<Field, String>>,
    pub numbers: Vec<SeriesRun>,
}

/// A file that was written of the ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum FileWritten {
    /// The upload file of a batch; its numbers are exported by it.
    Upload(UploadWritten),
    /// The ledger of a year, which changes no number; it has an action of its own by now.
    Year(YearWritten),
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UploadWritten {
    /// Its name without its folder.
    pub file: String,
    pub sha256: String,
    pub rows: u32,
    /// Where it was written, whole; like the line below it, earlier stores do not tell it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub path: String,
    /// The SHA-256 of the manifest beside it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub manifest_sha256: String,
    #[serde(flatten)]
    pub now: StatusNoted,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct YearWritten {
    /// Its name without its folder.
    pub file: String,
    pub sha256: String,
    pub year: i32,
    pub lines: u64,
    /// Whether personal data is masked in it.
    pub masked: bool,
    /// The end of the chain it was read at.
    #[serde(with = "printed_head")]
    pub head: Head,
}

impl SeriesTerms {
    pub fn new(series: SeriesKey, profile: &str, (first, last): Run) -> SeriesTerms {
        SeriesTerms { series, profile: profile.to_string(), first, last }
    }
}

impl SeriesRun {
    pub fn new(series: SeriesKey, (first, last): Run) -> SeriesRun {
        SeriesRun { series, first, last }
    }
}
