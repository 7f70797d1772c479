//! `skillcert export FILE --output F`: the upload file, refused while errors remain.

use chrono::{DateTime, FixedOffset, Local};

use super::args::ExportArgs;
use super::load::{Keep, LoadError, load};
use super::out;
use crate::domain::rules::Severity;
use crate::failure::Failure;
use crate::formats::atomic::WriteError;
use crate::formats::write_table::TableFormat;
use crate::formats::write_upload::{UploadOptions, write_upload};
use crate::locale::Locale;
use crate::store::user;

/// Writes the upload file. Exit code 1 when findings block it.
pub fn run(args: &ExportArgs, locale: &Locale) -> Result<u8, Failure> {
    super::spare_source(&args.source.file, Some(&args.output), locale)?;
    let batch = match load(&args.source, Keep::All, locale) {
        Ok(loaded) => loaded.batch,
        Err(LoadError::Failed(failure)) => return Err(failure),
        Err(LoadError::Refused(refusal)) => return Err(locale.refusal(&refusal, &args.source.file.to_string_lossy())),
    };
    let format = format_of(args.format.as_deref(), &args.output, &args.encoding)
        .ok_or_else(|| super::usage(locale, "cli.unknown-format", &[]))?;
    let user = user();
    let source = Some(args.source.file.as_path());
    let options = UploadOptions { format, overwrite: args.force, source, created_at: now(), user: &user };
    match write_upload(&batch, &args.output, &options) {
        Ok(summary) => {
            let places = [
                ("file", summary.path.display().to_string()),
                ("rows", summary.manifest.rows.to_string()),
                ("manifest", summary.manifest_path.display().to_string()),
                ("sha256", summary.manifest.sha256.clone()),
            ];
            let places = places.each_ref().map(|(k, v)| (*k, v.as_str()));
            out::message(&locale.fill("cli.exported", &places));
            Ok(0)
        }
        Err(WriteError::Blocking(finding)) => {
            let places = [
                ("number", batch.findings().count(Severity::Error).to_string()),
                ("row", batch.roster().line(finding.row).to_string()),
                ("column", batch.context().sheet.label(finding.field).to_string()),
                ("message", locale.finding(&batch, &finding, true)),
            ];
            let places = places.each_ref().map(|(k, v)| (*k, v.as_str()));
            out::message(&locale.fill("cli.blocked", &places));
            Ok(1)
        }
        Err(error @ WriteError::Empty) => {
            out::message(&locale.write_failure(&error).to_string());
            Ok(1)
        }
        Err(error) => Err(locale.write_failure(&error)),
    }
}

/// Gives the table format for an option or a file name's ending.
pub fn format_of(given: Option<&str>, target: &std::path::Path, encoding: &str) -> Option<TableFormat> {
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
