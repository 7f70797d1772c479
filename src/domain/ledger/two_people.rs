//! Four eyes (双人复核): who prepared something does not approve it.

use serde::{Deserialize, Serialize};

use super::BatchId;
use super::case::CaseId;
use crate::domain::vocabulary::vocabulary;

vocabulary! {
    /// Whether two people are asked for.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
    #[serde(rename_all = "kebab-case")]
    pub enum TwoPeople {
        #[default]
        Off = "off",
        On = "on",
        /// It is on, and somebody has asked to be released from it: another one must agree.
        Asked = "asked",
    }
}

vocabulary! {
    /// What somebody else must do than who prepared it.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum SecondAct {
        TakeNumbers = "take-numbers",
        Export = "export",
        Archive = "archive",
        /// Say that they have checked it.
        Check = "check",
        Approve = "approve",
        Close = "close",
    }
}

vocabulary! {
    /// What somebody did to prepare it.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum FirstAct {
        Imported = "imported",
        Edited = "edited",
        Opened = "opened",
    }
}

/// The fact of a batch that says who has checked it.
pub const CHECKED_BY: &str = "checked-by";

/// What is prepared by one and approved by another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PreparedThing {
    Batch(BatchId),
    Case(CaseId),
}

/// Who would approve what they prepared themselves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SamePerson {
    pub act: SecondAct,
    pub thing: PreparedThing,
    /// What they did, under which name and when, UTC.
    pub did: FirstAct,
    pub user: String,
    pub at: String,
}

/// A batch that waits for a second person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaitsForSecond {
    /// Who prepared it.
    pub by: Vec<String>,
    /// Whether the user may be the second.
    pub is_yours: bool,
}

impl TwoPeople {
    pub fn is_on(self) -> bool {
        self != TwoPeople::Off
    }
}

/// Tells whether two signatures are one person's: the number that the system knows them by counts, not the name somebody claims.
pub fn is_same_person(a: &str, b: &str) -> bool {
    fn number(signature: &str) -> Option<&str> {
        let (_, number) = signature.rsplit_once('(')?;
        number.strip_suffix(')')
    }
    match (number(a), number(b)) {
        (Some(a), Some(b)) => a == b,
        _ => a == b,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_is_known_by_their_number_whatever_name_they_claim() {
        assert!(is_same_person("wang (1000)", "boss? (1000)") && is_same_person("wang", "wang"));
        assert!(!is_same_person("wang (1000)", "wang (1001)") && !is_same_person("wang", "li"));
    }
}
