//! The end where memory cannot be allocated (内存用尽): the process is ended by `SIGABRT` then, with a line of the language's own.
//! Nothing can be allocated any more, so that what is to be said and who says it stand ready from the start.
//!
//! The signal wakes a thread that waits for nothing else; whoever allocates is held at a pipe that is full until the words are
//! out, and the process ends with an exit code of ours.

use std::io::{self, Read, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use rustix::fs::{OFlags, fcntl_getfl, fcntl_setfl};
use signal_hook::consts::SIGABRT;
use signal_hook::flag::register_conditional_shutdown;
use signal_hook::low_level::pipe;

/// The exit code: that of a file which is refused because there is no memory for it.
const CODE: i32 = 3;

/// Enough for a thread that reads a byte and writes a line.
const STACK: usize = 64 << 10;

/// Whether somebody else says it: the workbench has a guard, which gives the terminal back first.
static IS_SAID_ELSEWHERE: AtomicBool = AtomicBool::new(false);

/// Has the words said on stderr when the process is aborted from now on. Where it cannot be arranged, the end is as it was.
pub fn watch(words: &str) {
    let _ = arrange(format!("{words}\n"));
}

/// Leaves the words to the guard of the terminal.
pub fn leave_to_the_guard() {
    IS_SAID_ELSEWHERE.store(true, Ordering::Relaxed);
}

fn arrange(words: String) -> io::Result<()> {
    let (mut woken, wake) = io::pipe()?;
    let (mut gate, shut) = io::pipe()?;
    let mut filling = shut.try_clone()?;
    // In this order they are done.
    pipe::register(SIGABRT, wake)?;
    pipe::register(SIGABRT, shut)?;
    register_conditional_shutdown(SIGABRT, CODE, Arc::new(AtomicBool::new(true)))?;
    // Full, and waited for: the handler's own byte has no room until the gate is read.
    for size in [4096, 1] {
        while filling.write(&[0; 4096][..size]).is_ok() {}
    }
    fcntl_setfl(&filling, fcntl_getfl(&filling)? - OFlags::NONBLOCK)?;
    // Whoever starts allocates: from here on the thread does not any more.
    let is_ready = Arc::new(AtomicBool::new(false));
    let (ready, starter) = (Arc::clone(&is_ready), thread::current());
    let say = move || {
        ready.store(true, Ordering::Release);
        starter.unpark();
        let mut byte = [0; 4096];
        if matches!(woken.read(&mut byte), Ok(1..)) && !IS_SAID_ELSEWHERE.load(Ordering::Relaxed) {
            let _ = io::stderr().write_all(words.as_bytes());
        }
        let _ = gate.read(&mut byte);
    };
    thread::Builder::new().name("last words".into()).stack_size(STACK).spawn(say)?;
    while !is_ready.load(Ordering::Acquire) {
        thread::park();
    }
    Ok(())
}
