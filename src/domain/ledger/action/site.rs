//! What is said of rules that hold for everybody who works in a ledger.

use serde::{Deserialize, Serialize};

use crate::domain::ledger::two_people::TwoPeople;

/// Whether two people are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct TwoPeopleSaid {
    pub state: TwoPeople,
}
