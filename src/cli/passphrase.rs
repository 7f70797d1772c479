//! Passphrases (口令): from a file, or typed without being shown. Never an argument, which everybody on the host could read.

use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::path::Path;

use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};

use crate::cli::usage::usage;
use crate::failure::Failure;
use crate::words::Locale;

/// The terminal, however stdin and stdout are redirected.
const TERMINAL: &str = "/dev/tty";

/// Reads the first line of a file.
pub fn of_file(path: &Path, locale: &Locale) -> Result<String, Failure> {
    let text = std::fs::read_to_string(path).map_err(|e| locale.unread(path, &e))?;
    match text.lines().next().unwrap_or_default() {
        "" => Err(usage(locale, "backup.empty-passphrase", &[])),
        line => Ok(line.to_string()),
    }
}

/// Asks for the passphrase of a file.
pub fn asked(locale: &Locale) -> Result<String, Failure> {
    let mut terminal = Quiet::take(locale)?;
    terminal.ask(locale.text("backup.ask"), locale)
}

/// Asks for a new passphrase, twice.
pub fn asked_twice(locale: &Locale) -> Result<String, Failure> {
    let mut terminal = Quiet::take(locale)?;
    let first = terminal.ask(locale.text("backup.ask-new"), locale)?;
    if first == terminal.ask(locale.text("backup.ask-again"), locale)? {
        Ok(first)
    } else {
        Err(usage(locale, "backup.not-the-same", &[]))
    }
}

/// A terminal that shows nothing of what is typed; as it was before when this is dropped.
struct Quiet {
    terminal: File,
    before: Termios,
}

impl Quiet {
    fn take(locale: &Locale) -> Result<Quiet, Failure> {
        let none = || usage(locale, "backup.no-terminal", &[]);
        let terminal = OpenOptions::new().read(true).write(true).open(TERMINAL).map_err(|_| none())?;
        let before = tcgetattr(&terminal).map_err(|_| none())?;
        let mut quiet = before.clone();
        // Keys come one by one, so that Ctrl-C leaves by way of the drop below and not with the terminal silent.
        quiet.local_modes &= !(LocalModes::ECHO | LocalModes::ICANON | LocalModes::ISIG);
        tcsetattr(&terminal, OptionalActions::Flush, &quiet).map_err(|_| none())?;
        Ok(Quiet { terminal, before })
    }

    fn ask(&mut self, words: &str, locale: &Locale) -> Result<String, Failure> {
        let given_up = || usage(locale, "backup.given-up", &[]);
        write!(self.terminal, "{words}").and_then(|()| self.terminal.flush()).map_err(|_| given_up())?;
        let mut typed = Vec::new();
        loop {
            let mut byte = [0];
            // The end of the terminal is the end of the question.
            if self.terminal.read(&mut byte).map_err(|_| given_up())? == 0 {
                return Err(given_up());
            }
            match byte[0] {
                b'\r' | b'\n' => break,
                0x03 | 0x04 | 0x1b => {
                    let _ = writeln!(self.terminal);
                    return Err(given_up());
                }
                0x15 => typed.clear(),
                0x08 | 0x7f => {
                    // A whole character, whatever its bytes.
                    while typed.pop().is_some_and(|b| b & 0xc0 == 0x80) {}
                }
                byte => typed.push(byte),
            }
        }
        let _ = writeln!(self.terminal);
        match String::from_utf8(typed) {
            Ok(typed) if !typed.is_empty() => Ok(typed),
            _ => Err(usage(locale, "backup.empty-passphrase", &[])),
        }
    }
}

impl Drop for Quiet {
    fn drop(&mut self) {
        let _ = tcsetattr(&self.terminal, OptionalActions::Flush, &self.before);
    }
}
