//! `skillcert case export ID…`: the rows of corrections, in the form the profile names, or in the upload form once more.

use std::path::PathBuf;

use clap::Args;
use clap::builder::TypedValueParser;

use super::refuse;
use crate::cli::io::{Io, sign_on};
use crate::cli::share::tell_share;
use crate::cli::typed::{Encoding, ReportLangArgs, TableKind, number, table_format};
use crate::cli::usage::usage;
use crate::domain::ledger::case::CaseId;
use crate::failure::Failure;
use crate::office::{CorrectionsFile, Office};

#[derive(Debug, Args)]
pub struct CaseExportArgs {
    #[arg(id = "id", value_name = "ID", help = "case-id", required = true, value_parser = number(1_i64, None).map(CaseId))]
    ids: Vec<CaseId>,
    #[arg(long, short, value_name = "FILE")]
    output: PathBuf,
    #[arg(long, value_enum)]
    format: Option<TableKind>,
    #[arg(long, value_enum, default_value_t)]
    encoding: Encoding,
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    report_lang: ReportLangArgs,
}

/// Writes the rows. Exit code 1 when a case has none to hand in.
pub fn run(args: &CaseExportArgs, io: &mut Io, office: &Office) -> Result<u8, Failure> {
    let locale = office.locale();
    let format = table_format(args.format, &args.output, args.encoding)
        .ok_or_else(|| usage(locale, "cli.unknown-format", &[]))?;
    let file = CorrectionsFile { path: &args.output, format, overwrite: args.force };
    let written = match sign_on(io, office, "case")?.export_cases(&args.ids, &file) {
        Ok(written) => written,
        Err(refused) => return refuse(refused, io, locale),
    };
    let (rows, file) = (written.rows.to_string(), args.output.display().to_string());
    io.note(&locale.fill("case.exported", &[("rows", &rows), ("file", &file), ("sha256", &written.sha256)]));
    if let Some(share) = &written.share {
        tell_share(share, io, locale);
    }
    io.note(&locale.audit_head(&written.audit));
    Ok(0)
}
