//! `skillcert export FILE --output F`: the upload file, refused while errors remain; of a batch of the store, with a note in the
//! ledger. Or the public list, masked, which nothing refuses.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::io::Io;
use super::reading::{FoundRoster, RosterArgs};
use super::values::{Encoding, TableKind, filled, table_format};
use crate::cli::usage::usage;
use crate::domain::batch::Batch;
use crate::domain::ledger::BatchId;
use crate::domain::upload::{self, TableFormat, UploadPart};
use crate::failure::Failure;
use crate::office::{
    ExportTarget, Exported, KeptRows, NotWritten, Office, PIPE, Purpose, RosterRefused, Session, UploadSummary, Watch,
    WhyNotWritten,
};
use crate::words::Locale;

#[derive(Debug, Args)]
pub struct ExportArgs {
    #[command(flatten)]
    roster: RosterArgs,
    #[arg(long, short, value_name = "FILE", help = "export-output")]
    output: Option<PathBuf>,
    #[arg(long, value_enum)]
    format: Option<TableKind>,
    #[arg(long, value_name = "NAME", value_enum)]
    output_encoding: Option<Encoding>,
    #[arg(long)]
    force: bool,
    #[arg(long)]
    masked: bool,
    #[arg(long, conflicts_with = "batch")]
    as_is: bool,
    #[arg(long, value_enum, default_value_t, conflicts_with = "masked", help = "export-rows")]
    rows: ExportRows,
    #[arg(long, conflicts_with_all = ["masked", "rows"])]
    without_errors: bool,
    #[arg(long, value_name = "TEXT", value_parser = filled("blank-reason"))]
    reason: Option<String>,
}

/// Which rows are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
enum ExportRows {
    #[default]
    All,
    WithoutErrors,
    Returned,
    Unexported,
}

impl ExportArgs {
    /// Gives the file to write: the one that is named, else the one that the workbench would propose, beside the roster.
    fn output(&self, roster: &FoundRoster, office: &Office) -> Result<PathBuf, Failure> {
        let locale = office.locale();
        match (&self.output, roster.file.file_name()) {
            (Some(output), _) => Ok(output.clone()),
            (None, Some(name)) if roster.file != Path::new(PIPE) => {
                let tail = if self.masked { "public.tail" } else { Locale::tail_of(&self.part()) };
                let ending = if self.format == Some(TableKind::Csv) { "csv" } else { "xlsx" };
                Ok(roster.file.with_file_name(locale.written_name(&name.to_string_lossy(), tail, ending)))
            }
            _ => Err(usage(locale, "cli.export-needs-output", &[])),
        }
    }

    fn part(&self) -> UploadPart {
        match self.rows {
            _ if self.without_errors => UploadPart::WithoutErrors,
            ExportRows::All => UploadPart::Whole,
            ExportRows::WithoutErrors => UploadPart::WithoutErrors,
            ExportRows::Returned => UploadPart::Returned,
            ExportRows::Unexported => UploadPart::Unexported,
        }
    }
}

/// Writes the upload file. Exit code 1 when findings block it.
pub fn run(mut args: ExportArgs, io: &mut Io, office: &Office) -> Result<u8, Failure> {
    let locale = office.locale();
    let is_csv = |path: &Path| table_format(args.format, path, Encoding::Utf8) == Some(TableFormat::CsvUtf8);
    let writes_text = args.output.as_deref().map_or(args.format == Some(TableKind::Csv), is_csv);
    let (given, is_batch) = ((args.output_encoding, writes_text), args.roster.is_batch());
    let encoding = args.roster.reading.output_encoding(given, is_batch, io, locale);
    let roster = args.roster.find(true, io, office)?;
    let roster = if args.as_is { roster } else { roster.or_worked_on(io, office)? };
    let output = args.output(&roster, office)?;
    office.spare_source(&roster.file, Some(&output))?;
    let format =
        table_format(args.format, &output, encoding).ok_or_else(|| usage(locale, "cli.unknown-format", &[]))?;
    let (path, overwrite, source) = (output.as_path(), args.force, Some(&*roster.file));
    let target = ExportTarget { path, format, overwrite, source, watch: Watch::nobody() };
    let part = args.part();
    // A list for everybody to see is handed in as well.
    let batch = roster.load((KeptRows::All, Purpose::Work), io, office).map_err(RosterRefused::failure)?.batch;
    io.tell_beside(&batch, locale);
    if args.masked {
        return public(&batch, &target, io, office);
    }
    if let Some(told) = locale.of_returned(upload::part_of(&batch, &part), &part) {
        io.message(&told);
    }
    if let Some((session, stored)) = &roster.stored {
        let reason = args.reason.as_deref().unwrap_or_default();
        return of_batch((stored.id, &batch), (&part, reason), &target, io, session);
    }
    match office.export_roster(&batch, &part, &target, &mut |words| io.message(&words)) {
        Ok(written) => {
            tell(&written, io, office);
            Ok(exit_code(&written.summary))
        }
        Err(not) => refuse(not, io),
    }
}

/// Tells whether all rows were written (0) or errors kept some of them back (1).
fn exit_code(written: &UploadSummary) -> u8 {
    u8::from(written.manifest.rows_left_out != 0)
}

fn public(batch: &Batch, target: &ExportTarget<'_>, io: &mut Io, office: &Office) -> Result<u8, Failure> {
    let locale = office.locale();
    let summary = match office.export_public(batch, target, &mut |words| io.message(&words)) {
        Ok(written) => written.summary,
        Err(not) if matches!(not.why, WhyNotWritten::Empty) => {
            io.complain(&not.failure);
            return Ok(1);
        }
        Err(not) => return Err(not.failure),
    };
    let (file, rows) = (target.path.display().to_string(), summary.rows.to_string());
    io.note(&locale.fill("public.written", &[("file", &file), ("rows", &rows), ("sha256", &summary.sha256)]));
    if summary.errors != 0 {
        io.note(&locale.fill("public.errors", &[("number", &summary.errors.to_string())]));
    }
    Ok(0)
}

/// Writes the upload file of a batch of the store and tells what the ledger has noted. Exit code 1 when findings block it or
/// keep rows back.
pub fn of_batch(
    (id, batch): (BatchId, &Batch),
    (part, reason): (&UploadPart, &str),
    target: &ExportTarget<'_>,
    io: &mut Io,
    session: &Session,
) -> Result<u8, Failure> {
    let office = session.office();
    let done = match session.export_batch((id, batch), part, target, reason, &mut |words| io.message(&words)) {
        Ok(done) => done,
        Err(not) => return refuse(not, io),
    };
    tell(&done.written, io, office);
    let noted = done.noted?;
    let places = [("marked", &*noted.marked.to_string()), ("changed", &noted.changed.to_string())];
    io.note(&office.locale().fill("ledger.exported", &places));
    Ok(exit_code(&done.written.summary))
}

/// Tells that findings block the file, or that there is nothing to write, with exit code 1; anything else is a failure.
fn refuse(not: NotWritten, io: &mut Io) -> Result<u8, Failure> {
    match not.why {
        WhyNotWritten::Blocked | WhyNotWritten::Empty => io.complain(&not.failure),
        _ => return Err(not.failure),
    }
    Ok(1)
}

/// Tells what was written.
fn tell(written: &Exported<UploadSummary>, io: &mut Io, office: &Office) {
    let (locale, Exported { summary, audit }) = (office.locale(), written);
    let places = [
        ("file", &*summary.path.display().to_string()),
        ("rows", &summary.manifest.rows.to_string()),
        ("manifest", &summary.manifest_path.display().to_string()),
        ("sha256", &summary.manifest.sha256),
    ];
    io.note(&locale.fill("cli.exported", &places));
    if let Some(head) = audit {
        io.note(&locale.audit_head(head));
    }
    if summary.manifest.rows_not_chosen != 0 {
        io.note(&locale.fill("cli.not-chosen", &[("n", &summary.manifest.rows_not_chosen.to_string())]));
    }
    if summary.manifest.rows_left_out != 0 {
        io.message(&locale.fill("cli.left-out", &[("n", &summary.manifest.rows_left_out.to_string())]));
    }
}
