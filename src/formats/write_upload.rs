//! The upload file (上报文件) and its manifest: written beside the target, read back, compared, then renamed.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufReader, Read, Write};
use std::path::{Path, PathBuf};

use calamine::{DataRef, Reader, Xlsx};
use chrono::{DateTime, FixedOffset, SecondsFormat};
use encoding_rs::GB18030;
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::atomic::{Staged, WriteError};
use super::write_table::{TableCell, TableFormat, TableHead, write_table};
use crate::domain::batch::Batch;
use crate::domain::rules::Severity;
use crate::domain::sheet::Field;
use crate::domain::upload::{self, Upload};

/// How the upload file is written.
#[derive(Debug, Clone, Copy)]
pub struct UploadOptions<'a> {
    /// The format.
    pub format: TableFormat,
    /// Whether files of the same name are replaced.
    pub overwrite: bool,
    /// The roster's own file, which is never replaced.
    pub source: Option<&'a Path>,
    /// The time the manifest names.
    pub created_at: DateTime<FixedOffset>,
    /// The user the manifest names.
    pub user: &'a str,
}

/// What was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UploadSummary {
    /// The upload file.
    pub path: PathBuf,
    /// The manifest beside it.
    pub manifest_path: PathBuf,
    /// What the manifest says.
    pub manifest: Manifest,
}

/// What an upload file was made from (清单), as JSON beside it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Manifest {
    /// Always [`MANIFEST_SCHEMA`].
    pub schema: &'static str,
    /// The file's name without its folder.
    pub file: String,
    /// The format, as [`TableFormat::key`] names it.
    pub format: &'static str,
    /// The text encoding.
    pub encoding: &'static str,
    /// How many people the file holds, the header apart.
    pub rows: u32,
    /// How many bytes the file holds.
    pub bytes: u64,
    /// SHA-256 of the file.
    pub sha256: String,
    /// The profile's id.
    pub profile: String,
    /// The notice's document number.
    pub document: String,
    /// The form's id.
    pub sheet: String,
    /// The name of the file the rows came from.
    pub source_file: String,
    /// How many cells are not as they were imported.
    pub edited_cells: usize,
    /// Warnings that were left, by the rule's code.
    pub warnings: BTreeMap<&'static str, usize>,
    /// Notices that were left, by the rule's code.
    pub notices: BTreeMap<&'static str, usize>,
    /// When the file was written.
    pub created_at: String,
    /// Who wrote it.
    pub user: String,
}

/// The manifest's schema; a change of its fields counts it up.
pub const MANIFEST_SCHEMA: &str = "skillcert-manifest-1";

/// Names the manifest of an upload file: `<file>.manifest.json`.
pub fn manifest_path(target: &Path) -> PathBuf {
    let mut name = target.as_os_str().to_owned();
    name.push(".manifest.json");
    PathBuf::from(name)
}

/// Writes the upload file and its manifest; refuses while findings block the export.
///
/// The file is read back and compared cell by cell before it gets its name: a file that differs is never seen, and one
/// that it was to replace stays.
pub fn write_upload(batch: &Batch, target: &Path, options: &UploadOptions<'_>) -> Result<UploadSummary, WriteError> {
    if !batch.complete {
        return Err(WriteError::Incomplete);
    }
    if batch.roster().is_empty() {
        return Err(WriteError::Empty);
    }
    if let Some(finding) = batch.first_blocking() {
        return Err(WriteError::Blocking(finding));
    }
    let upload = upload::of(batch);
    if let Some((row, field)) = upload.first_formula() {
        let column = batch.context().sheet.label(field).to_string();
        return Err(WriteError::Formula { row: batch.roster().line(row), column });
    }
    let manifest_path = manifest_path(target);
    let mut file = Staged::new(target, options.overwrite, options.source)?;
    let mut beside = Staged::new(&manifest_path, options.overwrite, options.source)?;

    let rows = upload.rows().map(|cells| Ok::<_, WriteError>(cells.into_iter().map(TableCell::from).collect()));
    file.write(|out| write_table(out, target, &head(upload, options), rows))?;
    verify(file.path(), options.format, upload)?;
    let (sha256, bytes) = digest(file.path()).map_err(WriteError::io(target))?;

    let manifest = manifest(batch, target, options, sha256, bytes);
    beside.write(|out| {
        serde_json::to_writer_pretty(&mut *out, &manifest)
            .map_err(io::Error::from)
            .and_then(|()| out.write_all(b"\n"))
            .map_err(WriteError::io(&manifest_path))
    })?;
    file.commit()?;
    beside.commit().inspect_err(|_| {
        // A new file without its manifest would look finished. One that replaced another stays: it is whole and right.
        if !options.overwrite {
            let _ = std::fs::remove_file(target);
        }
    })?;
    Ok(UploadSummary { path: target.to_path_buf(), manifest_path, manifest })
}

fn head<'a>(upload: Upload<'a>, options: &UploadOptions<'_>) -> TableHead<'a> {
    TableHead {
        format: options.format,
        sheet: "Sheet1",
        labels: upload.header().collect(),
        widths: upload
            .number_label()
            .map(|_| 6.0)
            .into_iter()
            .chain(upload.columns().iter().map(|c| width(c.field)))
            .collect(),
        rows: upload.batch().roster().len(),
        created: options.created_at,
    }
}

/// Gives the width of a field's column in characters; a 汉字 takes two.
pub fn width(field: Field) -> f64 {
    match field {
        Field::Sex => 8.0,
        Field::Name | Field::OldName | Field::IdType | Field::IssueDate | Field::ContestClass => 12.0,
        Field::Level => 14.0,
        Field::IdNumber | Field::OldIdNumber => 22.0,
        Field::Occupation | Field::WorkType | Field::Award => 24.0,
        Field::Code | Field::OldCode => 26.0,
        Field::Employer => 36.0,
        Field::Institution | Field::IssuingBody => 48.0,
    }
}

/// Compares a written file with the rows it should hold, cell by cell.
pub fn verify(path: &Path, format: TableFormat, upload: Upload<'_>) -> Result<(), WriteError> {
    match format {
        TableFormat::Xlsx => verify_xlsx(path, upload),
        TableFormat::CsvUtf8 | TableFormat::CsvGb18030 => verify_csv(path, format, upload),
    }
}

/// Says where a file differs: `row` counts from 0, the header being 0.
fn differs(upload: Upload<'_>, row: u32, column: Option<usize>) -> WriteError {
    let label = column.and_then(|c| upload.header().nth(c));
    WriteError::ReadBack { row: row + 1, column: label.unwrap_or_default().into_owned() }
}

fn verify_csv(path: &Path, format: TableFormat, upload: Upload<'_>) -> Result<(), WriteError> {
    let io = WriteError::io(path);
    let mut file = BufReader::with_capacity(1 << 18, File::open(path).map_err(&io)?);
    if format == TableFormat::CsvUtf8 {
        let mut mark = [0; 3];
        file.read_exact(&mut mark).map_err(&io)?;
        if mark != *b"\xEF\xBB\xBF" {
            return Err(differs(upload, 0, None));
        }
    }
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(file);
    let mut record = csv::ByteRecord::new();
    let mut next = |record: &mut csv::ByteRecord, row| reader.read_byte_record(record).map_err(|_| (row, None));
    let mut compare = || -> Result<(), (u32, Option<usize>)> {
        let rows = std::iter::once(upload.header().collect()).chain(upload.rows());
        let mut count = 0;
        for (expected, row) in rows.zip(0u32..) {
            count = row + 1;
            if !next(&mut record, row)? || record.len() != expected.len() {
                return Err((row, None));
            }
            let same = |cell: &[u8], text: &str| match format {
                TableFormat::CsvGb18030 => {
                    GB18030.decode_without_bom_handling_and_without_replacement(cell).is_some_and(|c| c == text)
                }
                _ => cell == text.as_bytes(),
            };
            if let Some(column) = record.iter().zip(&expected).position(|(cell, text)| !same(cell, text)) {
                return Err((row, Some(column)));
            }
        }
        if next(&mut record, count)? { Err((count, None)) } else { Ok(()) }
    };
    compare().map_err(|(row, column)| differs(upload, row, column))
}

fn verify_xlsx(path: &Path, upload: Upload<'_>) -> Result<(), WriteError> {
    let file = BufReader::with_capacity(1 << 18, File::open(path).map_err(WriteError::io(path))?);
    let broken = |_| differs(upload, 0, None);
    let mut book: Xlsx<_> = Xlsx::new(file).map_err(broken)?;
    let sheet = book.sheet_names().first().cloned().unwrap_or_default();
    let mut cells = book.worksheet_cells_reader(&sheet).map_err(broken)?;
    let rows = std::iter::once(upload.header().collect()).chain(upload.rows());
    let mut at = (0, 0);
    let mut next = |row: u32| loop {
        match cells.next_cell() {
            Ok(Some(cell)) if matches!(cell.get_value(), DataRef::Empty) => {}
            Ok(cell) => return Ok(cell),
            Err(_) => return Err(differs(upload, row, None)),
        }
    };
    for (expected, row) in rows.zip(0u32..) {
        for (text, column) in expected.iter().zip(0u32..).filter(|(text, _)| !text.is_empty()) {
            at = (row, column);
            let same = next(row)?.is_some_and(|cell| {
                // Only a text counts: a number of the same look would lose the digits of a long ID number.
                let held = match cell.get_value() {
                    DataRef::String(held) => held.as_str(),
                    DataRef::SharedString(held) => held,
                    _ => return false,
                };
                cell.get_position() == at && held == text
            });
            if !same {
                return Err(differs(upload, row, Some(column as usize)));
            }
        }
    }
    match next(at.0)? {
        Some(cell) => Err(differs(upload, cell.get_position().0, Some(cell.get_position().1 as usize))),
        None => Ok(()),
    }
}

fn digest(path: &Path) -> io::Result<(String, u64)> {
    let mut file = File::open(path)?;
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 1 << 18];
    let mut bytes = 0;
    loop {
        match file.read(&mut buffer)? {
            0 => break,
            n => {
                hasher.update(&buffer[..n]);
                bytes += n as u64;
            }
        }
    }
    let hex = |text: String, byte: &u8| text + &format!("{byte:02x}");
    Ok((hasher.finalize().iter().fold(String::new(), hex), bytes))
}

fn manifest(batch: &Batch, target: &Path, options: &UploadOptions<'_>, sha256: String, bytes: u64) -> Manifest {
    let count = |severity: Severity| {
        let mut by_code = BTreeMap::new();
        for ((rule, _), n) in batch.findings().counts().iter().filter(|((r, _), _)| r.spec().severity == severity) {
            *by_code.entry(rule.spec().code).or_insert(0) += n;
        }
        by_code
    };
    let profile = &batch.context().profile;
    Manifest {
        schema: MANIFEST_SCHEMA,
        file: target.file_name().unwrap_or_default().to_string_lossy().into_owned(),
        format: options.format.key(),
        encoding: options.format.encoding(),
        rows: batch.roster().len(),
        bytes,
        sha256,
        profile: profile.id.clone(),
        document: profile.document.clone(),
        sheet: batch.context().sheet.id.clone(),
        source_file: batch.origin.file.clone(),
        edited_cells: batch.roster().edited_count(),
        warnings: count(Severity::Warning),
        notices: count(Severity::Notice),
        created_at: options.created_at.to_rfc3339_opts(SecondsFormat::Secs, false),
        user: options.user.to_string(),
    }
}
