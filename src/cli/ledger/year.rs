//! `skillcert ledger export --year YEAR --output F`: the yearly ledger (GZ-14), a line for every number.

use std::path::PathBuf;

use clap::Args;

use crate::cli::io::Io;
use crate::cli::share::{UnderShareArgs, tell_share};
use crate::cli::typed::{Encoding, ReportLangArgs, filled, number, table_format};
use crate::cli::usage::unknown_ending;
use crate::failure::Failure;
use crate::office::{Office, YearOrder};

#[derive(Debug, Args)]
pub struct LedgerExportArgs {
    #[arg(long, value_name = "YEAR", help = "export-year", value_parser = number(2000_i32, Some(2099)))]
    year: i32,
    #[arg(long, short, value_name = "FILE")]
    output: PathBuf,
    #[arg(long)]
    force: bool,
    #[arg(long, requires = "reason")]
    unmask: bool,
    #[arg(long, value_name = "TEXT", value_parser = filled("blank-reason"))]
    reason: Option<String>,
    #[command(flatten)]
    under: UnderShareArgs,
    #[command(flatten)]
    report_lang: ReportLangArgs,
}

/// Writes the yearly ledger and notes it in the audit chain. Exit code 1 when there is no number of the year.
pub fn run(args: &LedgerExportArgs, io: &mut Io, office: &Office) -> Result<u8, Failure> {
    let locale = office.locale();
    let format =
        table_format(None, &args.output, Encoding::Utf8).ok_or_else(|| unknown_ending(locale, &args.output))?;
    let order = YearOrder {
        year: args.year,
        path: &args.output,
        format,
        overwrite: args.force,
        unmask: args.unmask,
        reason: args.reason.as_deref().unwrap_or_default(),
        share: args.under.share,
    };
    let Some(written) = office.export_year(&order, &mut |words| io.message(words))? else {
        io.note(&locale.fill("year-export.no-numbers", &[("year", &args.year.to_string())]));
        return Ok(1);
    };
    let places = [
        ("file", args.output.display().to_string()),
        ("lines", written.lines.to_string()),
        ("sha256", written.sha256),
        ("entry", written.entry.to_string()),
        ("count", written.head.count.to_string()),
        ("hash", written.head.hash),
    ];
    io.note(&locale.fill("year-export.written", &places.each_ref().map(|(k, v)| (*k, v.as_str()))));
    if let Some(share) = &written.share {
        tell_share(share, io, locale);
    }
    Ok(0)
}
