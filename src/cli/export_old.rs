//! Writing the upload file for the verbs that do not go through the office yet.

use std::path::Path;

use chrono::{DateTime, FixedOffset, Local};

use super::note::note;
use super::out;
use crate::domain::batch::Batch;
use crate::domain::ledger::BatchId;
use crate::domain::ledger::audit::Head;
use crate::domain::rules::Severity;
use crate::domain::upload::TableFormat;
use crate::domain::upload::{self, Part};
use crate::failure::Failure;
use crate::formats::atomic::WriteError;
use crate::formats::watch::Watch;
use crate::formats::write_upload::{Manifest, UploadOptions, write_upload};
use crate::store::{Store, user};
use crate::words::Locale;

/// An upload file that is to be written.
pub struct Job<'a> {
    pub target: &'a Path,
    pub format: TableFormat,
    /// Whether an existing file is replaced.
    pub force: bool,
    /// The roster's own file, which is never replaced.
    pub source: Option<&'a Path>,
    /// Why, for the ledger; may be empty.
    pub reason: &'a str,
    /// Where the audit chain stands, when there is a store.
    pub audit: Option<&'a Head>,
    /// Which rows it holds.
    pub part: Part,
}

impl<'a> Job<'a> {
    /// Gives what the writers want to know; `user` is whom the manifest names.
    fn options(&self, user: &'a str) -> UploadOptions<'a> {
        let Job { format, force: overwrite, source, audit, part, .. } = *self;
        UploadOptions { format, overwrite, source, created_at: now(), user, audit, part, watch: Watch::nobody() }
    }
}

/// Tells whether all rows were written (0) or errors kept some or all of them back (1).
fn exit_code(written: Option<&Manifest>) -> u8 {
    u8::from(written.is_none_or(|manifest| manifest.rows_left_out != 0))
}

/// Writes the upload file of a batch of the store, and notes in the ledger which of its certificates are in it.
pub fn of_batch(batch: &Batch, id: BatchId, job: &Job<'_>, store: &Store, locale: &Locale) -> Result<u8, Failure> {
    let Some(manifest) = write(batch, job, locale)? else { return Ok(1) };
    let file = (manifest.file.as_str(), manifest.sha256.as_str(), manifest.rows);
    let exported = store
        .note_export(id, upload::part_of(batch, job.part), file, job.reason)
        .map_err(|e| locale.store_failure(&e))?;
    let places = [("marked", exported.marked.to_string()), ("changed", exported.changed.to_string())];
    note(&locale.fill("ledger.exported", &places.each_ref().map(|(k, v)| (*k, v.as_str()))));
    Ok(exit_code(Some(&manifest)))
}

/// Writes the upload file; gives its manifest, or nothing when findings block it, which is told.
fn write(batch: &Batch, job: &Job<'_>, locale: &Locale) -> Result<Option<Manifest>, Failure> {
    let user = user();
    match write_upload(batch, job.target, &job.options(&user)) {
        Ok(summary) => {
            let places = [
                ("file", summary.path.display().to_string()),
                ("rows", summary.manifest.rows.to_string()),
                ("manifest", summary.manifest_path.display().to_string()),
                ("sha256", summary.manifest.sha256.clone()),
            ];
            let places = places.each_ref().map(|(k, v)| (*k, v.as_str()));
            note(&locale.fill("cli.exported", &places));
            if let Some(head) = job.audit {
                note(&locale.audit_head(head));
            }
            if summary.manifest.rows_left_out != 0 {
                out::message(&locale.fill("cli.left-out", &[("n", &summary.manifest.rows_left_out.to_string())]));
            }
            Ok(Some(summary.manifest))
        }
        Err(WriteError::Blocking(finding)) => {
            let places = [
                ("number", batch.findings().count(Severity::Error).to_string()),
                ("row", batch.roster().line(finding.row).to_string()),
                ("column", batch.context().sheet().label(finding.field).to_string()),
                ("message", locale.finding(batch, &finding, true)),
            ];
            let places = places.each_ref().map(|(k, v)| (*k, v.as_str()));
            out::message(&locale.fill("cli.blocked", &places));
            Ok(None)
        }
        Err(error @ WriteError::Empty) => {
            out::message(&locale.write_failure(&error).to_string());
            Ok(None)
        }
        Err(error) => Err(locale.write_failure(&error)),
    }
}

/// Gives the table format for an option or a file name's ending.
pub fn format_of(given: Option<&str>, target: &Path, encoding: &str) -> Option<TableFormat> {
    let ending = target.extension().and_then(|e| e.to_str()).map(str::to_ascii_lowercase);
    match (given.or(ending.as_deref()), encoding) {
        (Some("xlsx"), _) => Some(TableFormat::Xlsx),
        (Some("csv"), "gb18030") => Some(TableFormat::CsvGb18030),
        (Some("csv"), _) => Some(TableFormat::CsvUtf8),
        _ => None,
    }
}

/// Gives the clock's time with its zone.
pub fn now() -> DateTime<FixedOffset> {
    Local::now().fixed_offset()
}
