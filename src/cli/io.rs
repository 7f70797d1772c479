//! Where a verb reads and writes: stdin, stdout and stderr of the process, or those of a test.

use std::io::{self, BufWriter, Read, Write};

use crate::domain::text;
use crate::failure::Failure;
use crate::words::Locale;

/// What a verb reads, answers on, and tells beside the answer.
pub struct Io<'a> {
    input: Box<dyn Read + 'a>,
    out: Box<dyn Write + 'a>,
    err: Box<dyn Write + 'a>,
    /// Whether what is no fault is left untold on stderr.
    quiet: bool,
}

impl<'a> Io<'a> {
    pub fn new(input: impl Read + 'a, out: impl Write + 'a, err: impl Write + 'a) -> Io<'a> {
        Io { input: Box::new(input), out: Box::new(out), err: Box::new(err), quiet: false }
    }

    /// Takes the streams of the process.
    pub fn of_process() -> Io<'static> {
        Io::new(io::stdin(), BufWriter::with_capacity(1 << 16, io::stdout()), io::stderr())
    }

    /// Leaves notes out from now on.
    pub fn be_quiet(&mut self) {
        self.quiet = true;
    }

    pub fn input(&mut self) -> &mut dyn Read {
        &mut *self.input
    }

    /// Gives stdin, and the way to tell something on stderr while it is read.
    pub fn input_and_telling(&mut self) -> (&mut dyn Read, impl FnMut(String)) {
        (&mut *self.input, |words: String| tell(&mut *self.err, &words))
    }

    /// Writes an answer to stdout. A closed pipe ends it quietly; a full disk is a failure.
    pub fn answer(
        &mut self,
        locale: &Locale,
        write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> Result<(), Failure> {
        match write(&mut *self.out).and_then(|()| self.out.flush()) {
            Err(e) if e.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            result => result.map_err(|e| locale.untold(&e)),
        }
    }

    /// Writes lines to stdout; control characters in them become visible.
    pub fn print(&mut self, locale: &Locale, lines: &str) -> Result<(), Failure> {
        let shown: String = lines.lines().map(|line| text::visible(line).into_owned() + "\n").collect();
        self.answer(locale, |w| w.write_all(shown.as_bytes()))
    }

    /// Tells something on stderr; control characters become visible. A closed stderr is ignored.
    pub fn message(&mut self, words: &str) {
        tell(&mut *self.err, words);
    }

    /// Tells something on stderr that is no fault: where a file went, how long it is. `--quiet` leaves it out.
    pub fn note(&mut self, words: &str) {
        if !self.quiet {
            self.message(words);
        }
    }

    pub fn complain(&mut self, failure: &Failure) {
        self.message(&failure.to_string());
    }
}

fn tell(err: &mut dyn Write, words: &str) {
    for line in words.lines() {
        let _ = writeln!(err, "{}", text::visible(line));
    }
}
