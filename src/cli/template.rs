//! `skillcert template ID -o FILE`: a workbook to send out before rosters come back.

use std::path::PathBuf;

use clap::Args;

use super::io::Io;
use super::typed::ReportLangArgs;
use super::usage::unknown_ending;
use crate::domain::upload::TableFormat;
use crate::failure::Failure;
use crate::office::{ExportTarget, Office, Watch};

#[derive(Debug, Args)]
pub struct TemplateArgs {
    #[arg(value_name = "ID", help = "template-profile")]
    profile: String,
    #[arg(long, short, value_name = "FILE", help = "output")]
    output: PathBuf,
    #[arg(long)]
    to_number: bool,
    #[command(flatten)]
    report_lang: ReportLangArgs,
    #[arg(long)]
    force: bool,
}

/// Writes the template.
pub fn run(args: &TemplateArgs, io: &mut Io, office: &Office) -> Result<u8, Failure> {
    let locale = office.locale();
    let path = &*args.output;
    if !path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("xlsx")) {
        return Err(unknown_ending(locale, path));
    }
    let target =
        ExportTarget { path, format: TableFormat::Xlsx, overwrite: args.force, source: None, watch: Watch::nobody() };
    let columns = office.write_template(&args.profile, args.to_number, &target)?;
    let places = [("file", &*path.to_string_lossy()), ("n", &columns.to_string())];
    io.answer(locale, |w| writeln!(w, "{}", locale.fill("template.written", &places)))?;
    Ok(0)
}
