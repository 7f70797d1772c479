//! Headless verbs: data on stdout, messages on stderr, no screen.
//!
//! Exit codes: 0 no errors, 1 the data has errors, 2 usage, 3 the file cannot be read, 4 the store is busy, damaged or not
//! writable, 5 a bug.

mod args;
mod check;
mod decode;
mod explain;
mod export;
mod fix;
mod load;
mod out;

use std::ffi::OsString;
use std::path::PathBuf;

pub use args::{Call, Verb};
pub use load::{Loaded, today};

use crate::failure::Failure;
use crate::locale::Locale;

/// What the command line asks for, when it is not something that is done here.
#[derive(Debug)]
pub enum Outcome {
    /// Done; the exit code.
    Done(u8),
    /// The workbench should open, with a file or with the last batch.
    Workbench {
        /// The words.
        locale: Locale,
        /// The state folder from `--home`.
        home: Option<PathBuf>,
        /// The file to open.
        file: Option<PathBuf>,
        /// The sheet to open.
        sheet: Option<String>,
        /// The profile to check with.
        profile: Option<String>,
    },
}

/// Runs a command line.
pub fn run(arguments: Vec<OsString>) -> Outcome {
    let locale = Locale::load(args::language(&arguments));
    let call = match args::parse(arguments, &locale) {
        Ok(call) => call,
        Err(code) => return Outcome::Done(code),
    };
    let result = match call.verb {
        Verb::Open(open) => {
            return Outcome::Workbench {
                locale,
                home: call.home,
                file: open.file,
                sheet: open.sheet,
                profile: open.profile,
            };
        }
        Verb::Check(args) => check::run(&args, &locale),
        Verb::Fix(args) => fix::run(&args, &locale),
        Verb::Export(args) => export::run(&args, &locale),
        Verb::Explain(rule) => explain::run(rule.as_deref(), &locale),
        Verb::Decode(args) => decode::run(&args, &locale),
    };
    Outcome::Done(result.unwrap_or_else(|failure| {
        out::message(&failure.to_string());
        failure.exit_code()
    }))
}

/// Makes a usage failure from a locale key.
fn usage(locale: &Locale, key: &str, places: &[(&str, &str)]) -> Failure {
    Failure::new(crate::failure::FailureKind::Usage, locale.fill(key, places), "")
}
