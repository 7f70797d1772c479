//! The ledger (台账): every certificate number ever taken, what became of it, and why.
//!
//! Pure rules and plain records; [`crate::store`] keeps them.

pub mod action;
pub mod adopt;
pub mod audit;
pub mod case;
pub mod event;
pub mod life;
pub mod plan;
pub mod printed;
pub mod reach;
pub mod reply;
pub mod screening;
pub mod search;
pub mod share;
pub mod statistics;
pub mod stock;
pub mod two_people;
pub mod verify;
pub mod year_export;

mod certificate;
mod digest;
mod known;
mod mask;
mod request;
mod runs;
mod series;

pub use certificate::{Certificate, Holder, RecordColumn, RecordPart, Status};
pub use digest::TextsDigest;
pub use known::{ExportedAgain, KnownCertificate, KnownCertificates};
pub use mask::masked;
pub use request::{Bar, BarredCertificate, BatchId, Handed, Marked, Marking, Reservation, Selection, UploadChanges};
pub use runs::{Gap, Run, TakeError, WantedNumbers, missing, run_to_take, runs};
pub use series::{SeriesKey, SeriesState};
