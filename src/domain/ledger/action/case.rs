//! What is said of cases.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::wire::day_or_empty;
use crate::domain::code::CertCode;
use crate::domain::ledger::case::{CaseKind, CaseRequest, CaseState};
use crate::domain::ledger::{Holder, Status};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct CaseOpened {
    pub state: CaseState,
    pub certificate: CertCode,
    pub kind: CaseKind,
    pub applied_on: NaiveDate,
    pub request: CaseRequest,
    /// The digest over the record as it was; earlier stores do not tell it.
    #[serde(default, rename = "snapshot-sha256", skip_serializing_if = "Option::is_none")]
    pub snapshot_sha256: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct InState {
    pub state: CaseState,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseApproved {
    pub state: CaseState,
    /// Number or name of the document.
    pub reference: String,
    pub on: NaiveDate,
}

/// A case and its certificate, before the case took effect or since.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct CaseEffect {
    pub state: CaseState,
    pub certificate: CertCode,
    pub status: Status,
    #[serde(with = "day_or_empty")]
    pub reissued_on: Option<NaiveDate>,
    pub record: Holder,
    /// The day a revoked certificate was taken back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub withdrawn_on: Option<NaiveDate>,
    /// The day on which it took effect; earlier stores do not tell it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on: Option<NaiveDate>,
}

/// The file that the row of a case was written to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowWritten {
    /// Its name without its folder.
    pub file: String,
    pub sha256: String,
}
