//! What the chain says of itself: that it is taken as it is, that a backup was put back.

use serde::{Deserialize, Serialize};

use super::numbers::{SeriesRun, SeriesTerms};
use crate::domain::ledger::audit::Head;

/// The end of a chain that is not the latest and is gone on with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChainAccepted {
    #[serde(flatten)]
    pub end: Head,
    /// How many entries are known to be missing.
    pub missing: u64,
    /// Of which moment the backup is that was put back, UTC, where that was why nobody knew.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub restored: Option<String>,
    /// What the clock says, UTC, where it had been ahead and is set back: only here a time is before the one of the entry before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clock: Option<String>,
}

/// A backup that was put back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BackupPutBack {
    /// Its name without its folder.
    pub file: String,
    pub sha256: String,
    pub made: String,
    /// The end of its chain.
    pub backup: Head,
    /// How many entries the store had that it lacked.
    pub missing: u64,
    /// Whether everything that it lacked was known.
    pub known: bool,
    /// Numbers given since it was made.
    pub gaps: Vec<SeriesRun>,
    /// How many reserved numbers had been used since and are void now.
    pub void: u64,
    /// What the gaps say; like all below it, earlier stores do not tell it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
    /// The series that numbers had been given of since.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub terms: Vec<SeriesTerms>,
}
