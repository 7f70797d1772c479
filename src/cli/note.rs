//! What is told besides the answer: where a file went, how long it is. `--quiet` leaves it out; what went wrong is told by
//! `out::message` all the same.

use std::sync::atomic::{AtomicBool, Ordering};

use super::out;

/// Whether notes are left out; set once, before a verb begins.
static QUIET: AtomicBool = AtomicBool::new(false);

/// Leaves notes out from now on.
pub fn be_quiet() {
    QUIET.store(true, Ordering::Relaxed);
}

/// Tells something on stderr that is no fault.
pub fn note(words: &str) {
    if !QUIET.load(Ordering::Relaxed) {
        out::message(words);
    }
}
