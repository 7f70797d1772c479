//! The ledger (台账): every certificate number ever taken, what became of it, and why.
//!
//! Pure rules and plain records; [`crate::store`] keeps them.

pub mod action;
pub mod adopt;
pub mod audit;
pub mod case;
pub mod life;
pub mod plan;
pub mod search;
pub mod verify;
pub mod year_export;

mod certificate;
mod known;
mod mask;
mod request;
mod runs;
mod series;

pub use certificate::{Certificate, Holder, Part, RecordColumn, Status};
pub use known::{Known, KnownCertificate};
pub use mask::masked;
pub use request::{Barred, BatchId, Exported, Marked, Marking, Reservation, Selection};
pub use runs::{Gap, Run, TakeError, Wanted, missing, run_to_take, runs};
pub use series::{SeriesKey, SeriesState};
