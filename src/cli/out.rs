//! Writing to stdout and stderr: a closed pipe ends the program quietly.

use std::io::{self, BufWriter, StdoutLock, Write};

use crate::domain::text;

/// Gives a buffered stdout.
pub fn stdout() -> BufWriter<StdoutLock<'static>> {
    BufWriter::with_capacity(1 << 16, io::stdout().lock())
}

/// Ends a run of writes: a closed pipe is no failure, a full disk is.
pub fn settled(result: io::Result<()>) -> Result<(), io::Error> {
    match result {
        Err(e) if e.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}

/// Writes a message to stderr; control characters become visible. A closed stderr is ignored.
pub fn message(words: &str) {
    let mut stderr = io::stderr().lock();
    for line in words.lines() {
        let _ = writeln!(stderr, "{}", text::visible(line));
    }
}
