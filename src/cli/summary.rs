//! `skillcert summary FILE`: what a roster holds, for whoever answers for it, as text, JSON or xlsx.

use std::io::{self, Write};
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use serde_json::{Value, json};

use super::io::Io;
use super::json::{SUMMARY, document, parts};
use super::reading::{FoundRoster, RosterArgs};
use super::typed::ReportLangArgs;
use super::usage::usage;
use crate::domain::batch::Batch;
use crate::domain::summary::{Summary, SummaryBy, SummaryLine, SummaryTable};
use crate::domain::upload::TableFormat;
use crate::failure::Failure;
use crate::office::{ExportTarget, KeptRows, Office, Purpose, RosterRefused, Watch};
use crate::words::Locale;

/// How many signs the longest bar has.
const BAR: u32 = 30;

#[derive(Debug, Args)]
pub struct SummaryArgs {
    #[command(flatten)]
    roster: RosterArgs,
    #[arg(long, value_enum, default_value_t)]
    format: SummaryFormat,
    #[arg(long, short, value_name = "FILE", help = "output")]
    output: Option<PathBuf>,
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    report_lang: ReportLangArgs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
enum SummaryFormat {
    #[default]
    Text,
    Json,
    Xlsx,
}

/// Reads a roster and tells what it holds. What is wrong with it is counted, and no failure.
pub fn run(args: &SummaryArgs, io: &mut Io, office: &Office) -> Result<u8, Failure> {
    let locale = office.locale();
    if (args.format == SummaryFormat::Xlsx) != args.output.is_some() {
        let key = if args.output.is_some() { "cli.summary-output" } else { "cli.xlsx-needs-output" };
        return Err(usage(locale, key, &[]));
    }
    if args.roster.several(io, office)?.is_some() {
        return Err(usage(locale, "cli.summary-one", &[]));
    }
    let roster = args.roster.find(false, io, office)?;
    office.spare_source(&roster.file, args.output.as_deref())?;
    roster.tell_worked_on(io, office);
    let loaded = roster.load((KeptRows::All, Purpose::Look), io, office).map_err(RosterRefused::failure)?;
    io.tell_beside(&loaded.batch, locale);
    let summary = Summary::of(&loaded.batch);
    match (args.format, &args.output) {
        (SummaryFormat::Json, _) => io.json(locale, &to_json(&roster, &loaded.batch, &summary, locale))?,
        (SummaryFormat::Xlsx, Some(path)) => {
            let (format, overwrite, source) = (TableFormat::Xlsx, args.force, Some(&*roster.file));
            let target = ExportTarget { path, format, overwrite, source, watch: Watch::nobody() };
            office.export_summary(&summary, &loaded.batch, &target).map_err(|not| not.failure)?;
            io.note(&locale.fill("summary.written", &[("file", &path.to_string_lossy())]));
        }
        _ => io.answer(locale, |w| to_text(w, &roster, &loaded.batch, &summary, locale))?,
    }
    Ok(0)
}

fn to_text(
    w: &mut dyn Write,
    roster: &FoundRoster,
    batch: &Batch,
    summary: &Summary,
    locale: &Locale,
) -> io::Result<()> {
    let parts = batch.roster().parts();
    let files = match parts {
        [] => locale.file_place(&roster.file.to_string_lossy(), &batch.origin.sheet),
        [first, ..] => locale.files_place(&first.origin.file, &first.origin.sheet, parts.len()),
    };
    match &roster.stored {
        Some((_, stored)) => {
            let id = stored.id.to_string();
            writeln!(w, "{}", locale.fill("summary.batch", &[("batch", &id), ("files", &files)]))?;
        }
        None => writeln!(w, "{files}")?,
    }
    for told in locale.parts_told(parts, batch.roster().len()) {
        writeln!(w, "  {told}")?;
    }
    writeln!(w, "{}", locale.summary_told(summary))?;
    for table @ SummaryTable { by, lines } in &summary.tables {
        let longest = table.longest();
        writeln!(w, "\n{}", locale.summary_title(*by))?;
        for line in lines {
            let places = [
                ("rows", &*format!("{:>7}", line.rows)),
                ("errors", &*format!("{:>7}", line.errors)),
                ("name", &locale.summary_name(*by, line)),
                ("bar", &locale.summary_bar(line, longest, ('#', BAR))),
            ];
            let key = if *by == SummaryBy::Rule { "summary.line-of-rule" } else { "summary.line" };
            writeln!(w, "{}", locale.fill(key, &places).trim_end())?;
        }
    }
    Ok(())
}

fn to_json(roster: &FoundRoster, batch: &Batch, summary: &Summary, locale: &Locale) -> Value {
    let table = |table: &SummaryTable| {
        let line = |line: &SummaryLine| {
            json!({ "text": table.by.field().map_or_else(|| line.text.to_string(), |field| line.masked(field)), "name": locale.summary_name(table.by, line), "rows": line.rows,
                    "errors": line.errors })
        };
        json!({ "by": table.by.key(), "lines": table.lines.iter().map(line).collect::<Vec<Value>>() })
    };
    let body = json!({
        "file": roster.file.to_string_lossy(), "batch": roster.stored.as_ref().map(|(_, stored)| stored.id.0), "parts": parts(batch, &[], true, locale), "sheet": batch.origin.sheet, "profile": batch.context().profile().id,
        "row_count": summary.rows, "people": summary.people, "rows_with_errors": summary.wrong,
        "rows_without_code": summary.without_code,
        "tables": summary.tables.iter().map(table).collect::<Vec<Value>>(),
    });
    document(SUMMARY, body)
}
