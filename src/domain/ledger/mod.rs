//! The ledger (台账): every certificate number ever taken, what became of it, and why.
//!
//! Pure rules and plain records; [`crate::store`] keeps them.

pub mod audit;

mod certificate;
mod series;

pub use certificate::{Certificate, Holder, Status};
pub use series::{SeriesKey, SeriesState};
