//! The one binary: the workbook-reading child, the headless verbs, or the workbench.

use std::process::ExitCode;

use skillcert::cli::{self, Outcome};
use skillcert::formats::workbook;

fn main() -> ExitCode {
    let mut arguments = std::env::args_os();
    if arguments.nth(1).is_some_and(|verb| verb == workbook::VERB) {
        return workbook::serve(arguments);
    }
    match cli::run(std::env::args_os().collect()) {
        // The process ends here: giving back the memory of a large roster piece by piece would only take time.
        Outcome::Done(code) => std::process::exit(i32::from(code)),
        Outcome::Workbench { .. } => ExitCode::SUCCESS,
    }
}
