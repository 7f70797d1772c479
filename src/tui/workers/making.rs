//! A very large change, made on a copy of the batch on a thread of its own.

use std::cell::RefCell;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Sender;

use super::columns::ColumnWork;
use super::meter::Meter;
use super::{LoopEvent, guarded};
use crate::app::msg::{JobId, Msg};
use crate::domain::batch::{Batch, Making};
use crate::words::Locale;

/// What is stopped by whoever asks for another or leaves: work on columns, and a very large change.
#[derive(Debug, Default)]
pub(super) struct Beside {
    pub columns: ColumnWork,
    pub making: ColumnWork,
}

/// Makes the change and tells how far it has come; nothing comes of it where it was stopped.
pub(super) fn make(
    (seq, mut batch, making): (JobId, Box<Batch>, Making),
    locale: &Locale,
    stop: &AtomicBool,
    to: &Sender<LoopEvent>,
) -> Msg {
    let meter = RefCell::new(Meter::new());
    let follow = |done: usize, all: usize| {
        // Cells are gone through twice: written, and checked.
        if let Some(progress) = meter.borrow_mut().at(done as u64 / 2, Some((done as u64, all as u64))) {
            let _ = to.send(LoopEvent::Msg(Msg::Making { seq, progress }));
        }
        stop.load(Ordering::Relaxed)
    };
    let made = guarded(locale, || Ok(batch.make(making, &follow))).unwrap_or_default();
    Msg::Made { seq, made: made.map(|made| Box::new((*batch, made))) }
}
