//! What is said of certificates that were printed.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::numbers::SeriesRun;
use crate::domain::ledger::printed::Medium;

/// Print data that was written (打印数据): the certificates in it, of which some had been printed before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CertificatesPrinted {
    /// Its name without its folder.
    pub file: String,
    pub sha256: String,
    /// How many rows it has; those whose codes the ledger does not know among them.
    pub rows: u32,
    pub on: NaiveDate,
    pub medium: Medium,
    pub count: u64,
    pub numbers: Vec<SeriesRun>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub again: Vec<SeriesRun>,
}
