//! A very large change, made on a copy of the batch on a thread of its own.

use std::cell::RefCell;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Sender;

use super::LoopEvent;
use super::meter::Meter;
use crate::app::msg::{JobId, Msg};
use crate::domain::batch::{Batch, Made, Making};

/// Makes it and tells how far it has come; nothing where it was stopped.
pub(super) fn make(
    (seq, mut batch, making): (JobId, Box<Batch>, Making),
    stop: &Arc<AtomicBool>,
    to: &Sender<LoopEvent>,
) -> Option<Box<(Batch, Made)>> {
    let meter = RefCell::new(Meter::new());
    let follow = |done: usize, all: usize| {
        // Cells are gone through twice: written, and checked.
        if let Some(progress) = meter.borrow_mut().at(done as u64 / 2, Some((done as u64, all as u64))) {
            let _ = to.send(LoopEvent::Msg(Msg::Making { seq, progress }));
        }
        stop.load(Ordering::Relaxed)
    };
    let made = batch.make(making, &follow)?;
    Some(Box::new((*batch, made)))
}
