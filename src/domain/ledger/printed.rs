//! Certificates that were printed (印制): on what, when, and why once more.

use chrono::NaiveDate;

use crate::domain::vocabulary::vocabulary;

vocabulary! {
    /// What a certificate is issued on (介质); both are worth the same (GD-26, BJ-01).
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
    pub enum Medium {
        #[default]
        Paper = "paper",
        Electronic = "electronic",
    }
}

/// The last time that the data of a certificate went to be printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LastPrint {
    /// The entry of the audit chain.
    pub entry: u64,
    pub on: NaiveDate,
}
