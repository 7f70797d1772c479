//! What is said of events that start and end deadlines.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::wire::day_or_empty;
use crate::domain::ledger::event::DatedEvent;

/// The day of an event; none where it was taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventDay {
    pub event: DatedEvent,
    #[serde(with = "day_or_empty")]
    pub day: Option<NaiveDate>,
}
