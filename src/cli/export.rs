//! `skillcert export FILE --output F`: the upload file, refused while errors remain; of a batch of the store, with a note in the
//! ledger. Or the public list, masked, which nothing refuses.

use std::path::PathBuf;

use clap::Args;

use super::io::Io;
use super::reading::RosterArgs;
use super::values::{Encoding, TableKind, filled, table_format};
use crate::cli::io::audit_head;
use crate::cli::usage::usage;
use crate::domain::batch::Batch;
use crate::domain::ledger::BatchId;
use crate::domain::rules::Severity;
use crate::domain::upload::UploadPart;
use crate::failure::Failure;
use crate::office::{ExportTarget, KeptRows, Office, RosterRefused, Session, UploadManifest, Watch, WhyNotWritten};

#[derive(Debug, Args)]
pub struct ExportArgs {
    #[command(flatten)]
    roster: RosterArgs,
    #[arg(long, short, value_name = "FILE")]
    output: PathBuf,
    #[arg(long, value_enum)]
    format: Option<TableKind>,
    #[arg(long, value_enum, default_value_t)]
    encoding: Encoding,
    #[arg(long)]
    force: bool,
    #[arg(long)]
    masked: bool,
    #[arg(long, conflicts_with = "masked")]
    without_errors: bool,
    #[arg(long, value_name = "TEXT", value_parser = filled("blank-reason"))]
    reason: Option<String>,
}

/// Writes the upload file. Exit code 1 when findings block it.
pub fn run(args: &ExportArgs, io: &mut Io, office: &Office) -> Result<u8, Failure> {
    let locale = office.locale();
    let roster = args.roster.find(io, office)?;
    office.spare_source(&roster.file, Some(&args.output))?;
    let format = table_format(args.format, &args.output, args.encoding)
        .ok_or_else(|| usage(locale, "cli.unknown-format", &[]))?;
    let audit = audit_head(io, office);
    let (path, overwrite, source) = (args.output.as_path(), args.force, Some(&*roster.file));
    let target = ExportTarget { path, format, overwrite, source, audit: audit.as_ref(), watch: Watch::nobody() };
    let part = if args.without_errors { UploadPart::WithoutErrors } else { UploadPart::Whole };
    let batch = roster.load(KeptRows::All, io, office).map_err(RosterRefused::failure)?.batch;
    if args.masked {
        return public(&batch, &target, io, office);
    }
    if let Some((session, stored)) = &roster.stored {
        let reason = args.reason.as_deref().unwrap_or_default();
        return of_batch(&batch, stored.id, (part, reason), &target, io, session);
    }
    write(&batch, part, &target, io, office).map(|written| exit_code(written.as_ref()))
}

/// Tells whether all rows were written (0) or errors kept some or all of them back (1).
fn exit_code(written: Option<&UploadManifest>) -> u8 {
    u8::from(written.is_none_or(|manifest| manifest.rows_left_out != 0))
}

fn public(batch: &Batch, target: &ExportTarget<'_>, io: &mut Io, office: &Office) -> Result<u8, Failure> {
    let locale = office.locale();
    let summary = match office.export_public(batch, target) {
        Ok(summary) => summary,
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

/// Writes the upload file of a batch of the store, and notes in the ledger which of its certificates are in it.
pub fn of_batch(
    batch: &Batch,
    id: BatchId,
    (part, reason): (UploadPart, &str),
    target: &ExportTarget<'_>,
    io: &mut Io,
    session: &Session,
) -> Result<u8, Failure> {
    let office = session.office();
    let Some(manifest) = write(batch, part, target, io, office)? else { return Ok(1) };
    let exported = session.note_export(id, batch, part, &manifest, reason)?;
    let places = [("marked", &*exported.marked.to_string()), ("changed", &exported.changed.to_string())];
    io.note(&office.locale().fill("ledger.exported", &places));
    Ok(exit_code(Some(&manifest)))
}

/// Writes the upload file; gives its manifest, or nothing when findings block it, which is told.
fn write(
    batch: &Batch,
    part: UploadPart,
    target: &ExportTarget<'_>,
    io: &mut Io,
    office: &Office,
) -> Result<Option<UploadManifest>, Failure> {
    let locale = office.locale();
    let summary = match office.export_upload(batch, part, target) {
        Ok(summary) => summary,
        Err(not) => {
            match not.why {
                WhyNotWritten::Blocked(finding) => {
                    let places = [
                        ("number", &*batch.findings().count(Severity::Error).to_string()),
                        ("row", &batch.roster().line(finding.row).to_string()),
                        ("column", batch.context().sheet().label(finding.field)),
                        ("message", &locale.finding(batch, &finding, true)),
                    ];
                    io.message(&locale.fill("cli.blocked", &places));
                }
                WhyNotWritten::Empty => io.complain(&not.failure),
                _ => return Err(not.failure),
            }
            return Ok(None);
        }
    };
    let places = [
        ("file", &*summary.path.display().to_string()),
        ("rows", &summary.manifest.rows.to_string()),
        ("manifest", &summary.manifest_path.display().to_string()),
        ("sha256", &summary.manifest.sha256),
    ];
    io.note(&locale.fill("cli.exported", &places));
    if let Some(head) = target.audit {
        io.note(&locale.audit_head(head));
    }
    if summary.manifest.rows_left_out != 0 {
        io.message(&locale.fill("cli.left-out", &[("n", &summary.manifest.rows_left_out.to_string())]));
    }
    Ok(Some(summary.manifest))
}
