//! The guard of the terminal (终端看守): where the program is ended without a word, as when memory cannot be allocated, nothing in it
//! can give the terminal back any more. A child of our own waits for that, and does nothing else.

use std::ffi::OsString;
use std::io::{self, Read, Write};
use std::path::Path;
use std::process::{ChildStdin, Command, ExitCode, Stdio};
use std::sync::{Arc, Mutex, PoisonError};

use rustix::process::setsid;
use rustix::termios::{InputModes, LocalModes, OptionalActions, OutputModes, tcgetattr, tcsetattr};

use super::terminal;

/// The argument by which the program is called as the guard.
const VERB: &str = "__guard-terminal";

/// What the guard is told: that the terminal is taken, and that it is given back.
const TAKEN: u8 = b't';
const GIVEN_BACK: u8 = b'g';

/// The way to the guard; without one, where none could be started, nobody is told.
#[derive(Debug, Clone, Default)]
pub struct TerminalGuard(Arc<Mutex<Option<ChildStdin>>>);

impl TerminalGuard {
    /// Starts the guard, which takes note of the terminal as it is; `words` are said where it is needed.
    pub fn start(program: &Path, words: &str) -> TerminalGuard {
        let mut command = Command::new(program);
        command.arg(VERB).arg(words).stdin(Stdio::piped()).stderr(Stdio::null());
        TerminalGuard(Arc::new(Mutex::new(command.spawn().ok().and_then(|child| child.stdin))))
    }

    /// Tells whether the terminal is taken from now on.
    pub fn tell(&self, is_taken: bool) {
        if let Some(pipe) = self.0.lock().unwrap_or_else(PoisonError::into_inner).as_mut() {
            // Where the guard has been ended, there is none.
            let _ = pipe.write_all(&[if is_taken { TAKEN } else { GIVEN_BACK }]);
        }
    }
}

/// Serves as the guard, until the program has gone; nothing where it is the program itself that is called.
pub fn serve_as_guard(mut arguments: impl Iterator<Item = OsString>) -> Option<ExitCode> {
    if arguments.nth(1)? != VERB {
        return None;
    }
    let words = arguments.next().unwrap_or_default();
    let terminal = rustix::stdio::stdout();
    // What the terminal tells its group is not for this process; nor has it to be in front to set the terminal right.
    let _ = setsid();
    let Ok(mut found) = tcgetattr(terminal) else { return Some(ExitCode::FAILURE) };
    // The program may have taken the terminal by now: what a shell's always has is set in any case.
    found.local_modes |= LocalModes::ICANON | LocalModes::ECHO | LocalModes::ISIG | LocalModes::IEXTEN;
    found.input_modes |= InputModes::ICRNL | InputModes::IXON;
    found.output_modes |= OutputModes::OPOST;
    let mut last = GIVEN_BACK;
    let mut told = [0; 16];
    loop {
        match io::stdin().read(&mut told) {
            Ok(0) => break,
            Ok(count) => last = told[count - 1],
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(_) => break,
        }
    }
    if last == TAKEN {
        let _ = tcsetattr(terminal, OptionalActions::Now, &found);
        let farewell = [&terminal::farewell()[..], words.to_string_lossy().as_bytes(), b"\r\n"].concat();
        let _ = rustix::io::write(terminal, &farewell);
    }
    Some(ExitCode::SUCCESS)
}
