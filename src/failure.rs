//! What can go wrong outside the data: one type, whose kind decides the exit code.

use std::fmt;

/// Whose failure it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FailureKind {
    /// A rule refuses: the data or the ledger stands against it.
    Rule,
    /// The command line is wrong: it cannot be read, or what it names does not exist.
    Usage,
    /// A file cannot be read, or is not what it should be.
    File,
    /// The store is busy, damaged or not writable.
    Store,
    /// A bug of this program.
    Bug,
}

/// A failure as it is told to the user: what happened, and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// Whose failure it is.
    pub kind: FailureKind,
    /// What happened, in the user's language.
    pub message: String,
    /// What to do about it; may be empty.
    pub hint: String,
    /// What to do about it for whoever is at the workbench, where the hint is for the shell; else empty.
    pub here: String,
}

impl Failure {
    pub fn new(kind: FailureKind, message: impl Into<String>, hint: impl Into<String>) -> Failure {
        Failure { kind, message: message.into(), hint: hint.into(), here: String::new() }
    }

    /// Gives the exit code of the command-line contract: 1 refused by a rule, 2 usage, 3 file, 4 store, 5 bug.
    pub fn exit_code(&self) -> u8 {
        match self.kind {
            FailureKind::Rule => 1,
            FailureKind::Usage => 2,
            FailureKind::File => 3,
            FailureKind::Store => 4,
            FailureKind::Bug => 5,
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        if self.hint.is_empty() { Ok(()) } else { write!(f, "\n{}", self.hint) }
    }
}

impl std::error::Error for Failure {}
