//! The one binary.

use skillcert::formats::workbook;
use std::process::ExitCode;

fn main() -> ExitCode {
    let mut args = std::env::args_os().skip(1);
    if args.next().is_some_and(|verb| verb == workbook::VERB) {
        return workbook::serve(args);
    }
    ExitCode::SUCCESS
}
