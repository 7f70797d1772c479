//! What is said of data that was given to others.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// The data are not used any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShareEnded {
    pub on: NaiveDate,
}
