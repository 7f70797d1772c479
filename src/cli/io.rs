//! Where a verb reads and writes: stdin, stdout and stderr of the process, or those of a test.

use std::io::{self, BufRead, BufReader, BufWriter, IsTerminal, Read, Write};
use std::path::Path;

use rustix::termios::tcgetwinsize;
use serde_json::Value;

use super::escape::{Escaping, Written};
use super::telling::Telling;
use crate::domain::batch::Batch;
use crate::domain::ledger::audit::Head;
use crate::domain::text;
use crate::failure::Failure;
use crate::office::{Office, Session};
use crate::words::Locale;

/// What a verb reads, answers on, and tells beside the answer.
pub struct Io<'a> {
    input: Box<dyn Read + 'a>,
    out: Box<dyn Write + 'a>,
    err: Telling<'a>,
    /// Whether what is no fault is left untold on stderr.
    quiet: bool,
    /// Whether nothing may be asked.
    no_input: bool,
    /// Whether stdin and stdout are a person's terminal.
    terminal: (bool, bool),
}

impl<'a> Io<'a> {
    pub fn new(input: impl Read + 'a, out: impl Write + 'a, err: impl Write + 'a) -> Io<'a> {
        let (input, out, err) = (Box::new(input), Box::new(out), Telling::new(err));
        Io { input, out, err, quiet: false, no_input: false, terminal: (false, false) }
    }

    /// Takes the streams of the process.
    pub fn of_process() -> Io<'static> {
        let io = Io::new(io::stdin(), BufWriter::with_capacity(1 << 16, io::stdout()), io::stderr());
        let err = io.err.with_progress(io::stderr().is_terminal());
        Io { terminal: (io::stdin().is_terminal(), io::stdout().is_terminal()), err, ..io }
    }

    /// Leaves notes out from now on.
    pub fn be_quiet(&mut self) {
        self.quiet = true;
        self.err.tell_no_progress();
    }

    /// Has nothing asked from now on.
    pub fn ask_nothing(&mut self) {
        self.no_input = true;
    }

    /// Tells whether something may be asked at all.
    pub fn may_ask(&self) -> bool {
        !self.no_input
    }

    /// Tells whether a person answers on stdin.
    pub fn is_answered(&self) -> bool {
        self.terminal.0
    }

    /// Gives how many columns the terminal has that stdout is; nothing where it is none, or does not say.
    pub fn columns(&self) -> Option<usize> {
        let size = self.is_on_terminal().then(|| tcgetwinsize(io::stdout()).ok()).flatten()?;
        Some(usize::from(size.ws_col)).filter(|columns| *columns != 0)
    }

    /// Tells whether stdout is a terminal.
    pub fn is_on_terminal(&self) -> bool {
        self.terminal.1
    }

    /// Reads the answer to a question; only a `y` agrees.
    pub fn is_agreed(&mut self) -> bool {
        let mut answer = String::new();
        let read = BufReader::new(&mut *self.input).read_line(&mut answer);
        read.is_ok() && matches!(answer.trim(), "y" | "Y" | "ｙ" | "Ｙ")
    }

    pub fn input(&mut self) -> &mut dyn Read {
        &mut *self.input
    }

    /// Writes lines to stdout. A closed pipe ends it quietly; a full disk is a failure.
    pub fn answer(
        &mut self,
        locale: &Locale,
        write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> Result<(), Failure> {
        self.answer_as(Written::Text, locale, write)
    }

    /// Writes an answer of any kind to stdout.
    pub fn answer_as(
        &mut self,
        written: Written,
        locale: &Locale,
        write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> Result<(), Failure> {
        self.pass(written, locale, |_, out| write(out))
    }

    /// Writes to stdout what is made of stdin, while that is still being read; ends as an answer does.
    pub fn pass(
        &mut self,
        written: Written,
        locale: &Locale,
        work: impl FnOnce(&mut dyn Read, &mut dyn Write) -> io::Result<()>,
    ) -> Result<(), Failure> {
        self.err.clear();
        match work(&mut *self.input, &mut Escaping::new(&mut *self.out, written)).and_then(|()| self.out.flush()) {
            Err(e) if e.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            result => result.map_err(|e| locale.stdout_refused(&e)),
        }
    }

    /// Answers with a JSON document, indented.
    pub fn json(&mut self, locale: &Locale, document: &Value) -> Result<(), Failure> {
        self.answer_as(Written::Json, locale, |w| writeln!(w, "{document:#}"))
    }

    /// Answers with a JSON document on one line.
    pub fn json_line(&mut self, locale: &Locale, document: &Value) -> Result<(), Failure> {
        self.answer_as(Written::Json, locale, |w| writeln!(w, "{document}"))
    }

    /// Answers with a text as it is, but for what is hidden in it.
    pub fn text(&mut self, locale: &Locale, text: &str) -> Result<(), Failure> {
        self.page(locale, Written::Text, text)
    }

    /// Answers with a text or document that has been put together.
    pub fn page(&mut self, locale: &Locale, written: impl Into<Written>, page: &str) -> Result<(), Failure> {
        self.answer_as(written.into(), locale, |w| w.write_all(page.as_bytes()))
    }

    /// Writes lines to stdout; control characters in them become visible.
    pub fn print(&mut self, locale: &Locale, lines: &str) -> Result<(), Failure> {
        let shown: String = lines.lines().map(|line| text::visible(line).into_owned() + "\n").collect();
        self.answer(locale, |w| w.write_all(shown.as_bytes()))
    }

    /// Tells something on stderr; control characters become visible. A closed stderr is ignored.
    pub fn message(&mut self, words: &str) {
        self.err.tell(words);
    }

    /// Says which of several files the messages are about from now on; none where there is one.
    pub fn about(&mut self, file: Option<&Path>) {
        self.err.about(file.map(|file| file.to_string_lossy().into_owned()));
    }

    /// Tells on a terminal how far it is; in a pipe nothing.
    pub fn progress(&mut self, words: &str) {
        self.err.progress(words);
    }

    /// Tells something on stderr that is no fault: where a file went, how long it is. `--quiet` leaves it out.
    pub fn note(&mut self, words: &str) {
        if !self.quiet {
            self.message(words);
        }
    }

    /// Tells on stderr what of a roster's file is not in it, or is in it without being seen there.
    pub fn tell_beside(&mut self, batch: &Batch, locale: &Locale) {
        locale.notes_beside(batch).iter().for_each(|note| self.message(note));
    }

    /// The same, and which rows were skipped: whoever writes a file or gives numbers has to know whom it leaves out.
    pub fn tell_left_out(&mut self, batch: &Batch, locale: &Locale) {
        locale.skipped_notes(batch, false, true).iter().for_each(|note| self.message(note));
        self.tell_beside(batch, locale);
    }

    pub fn complain(&mut self, failure: &Failure) {
        self.message(&failure.to_string());
    }
}

/// Signs on to a store that is there; tells if others can see what is in it.
pub fn sign_on(io: &mut Io, office: &Office, what: &str) -> Result<Session, Failure> {
    Ok(telling_exposed(office.enter(what)?, io, office))
}

/// The same for a verb with which the work may begin: it makes the store where there is none, unless it is only tried.
pub fn begin(io: &mut Io, office: &Office, is_tried: bool, what: &str) -> Result<Session, Failure> {
    if is_tried { sign_on(io, office, what) } else { Ok(telling_exposed(office.begin(what)?, io, office)) }
}

/// The same for a verb that takes numbers: a folder that was named must be there, and where the store is begun in it, that is told.
pub fn begin_numbers(io: &mut Io, office: &Office, is_tried: bool, what: &str) -> Result<Session, Failure> {
    if is_tried {
        return sign_on(io, office, what);
    }
    let begun = office.home_without_store();
    let session = telling_exposed(office.begin_numbers(what)?, io, office);
    if let Some(home) = begun {
        io.message(&office.locale().fill("cli.new-home", &[("path", &text::visible(&home.to_string_lossy()))]));
    }
    Ok(session)
}

fn telling_exposed(session: Session, io: &mut Io, office: &Office) -> Session {
    if let Some(words) = office.exposed_warning() {
        io.message(&words);
    }
    session
}

/// Opens the store for a verb that only looks, or signs on where it shows personal data whole, which is an entry.
pub fn look(io: &mut Io, office: &Office, unmasks: bool, what: &str) -> Result<Session, Failure> {
    if unmasks {
        return sign_on(io, office, what);
    }
    Ok(telling_exposed(office.look()?, io, office))
}

/// Gives where the audit chain stands, for what is exported. A store that does not answer is told and stops nothing.
pub fn audit_head(io: &mut Io, office: &Office) -> Option<Head> {
    office.audit_head().unwrap_or_else(|failure| {
        io.complain(&failure);
        None
    })
}
