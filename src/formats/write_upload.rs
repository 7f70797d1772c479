//! The upload file (上报文件) and its manifest: written beside the target, read back, compared, then renamed.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use chrono::{DateTime, FixedOffset, SecondsFormat};
use serde::Serialize;

use super::atomic::{StagedFile, WriteError};
use super::read_back;
use super::watch::Watch;
use super::write_rows::{WriteTarget, write_pair};
use super::write_table::TableHead;
use crate::domain::batch::Batch;
use crate::domain::ledger::audit::Head;
use crate::domain::roster::OtherSheet;
use crate::domain::rules::Severity;
use crate::domain::sheet::Field;
use crate::domain::upload::{self, TableFormat, Upload, UploadPart};

/// How the upload file is written.
#[derive(Clone, Copy)]
pub struct UploadOptions<'a> {
    pub format: TableFormat,
    /// Whether files of the same name are replaced.
    pub overwrite: bool,
    /// The roster's own file, which is never replaced.
    pub source: Option<&'a Path>,
    /// The time the manifest names.
    pub created_at: DateTime<FixedOffset>,
    /// The user the manifest names.
    pub user: &'a str,
    /// Where the audit chain stands, when there is a store.
    pub audit: Option<&'a Head>,
    /// Which rows it holds; the public list holds all.
    pub part: &'a UploadPart,
    /// Who is told how far it is.
    pub watch: Watch<'a>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UploadSummary {
    pub path: PathBuf,
    /// The manifest beside it.
    pub manifest_path: PathBuf,
    /// What the manifest says.
    pub manifest: UploadManifest,
}

/// What an upload file was made from (清单), as JSON beside it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UploadManifest {
    /// Always [`MANIFEST_SCHEMA`].
    pub schema: &'static str,
    /// The file's name without its folder.
    pub file: String,
    /// The format, as [`TableFormat::key`] names it.
    pub format: &'static str,
    pub encoding: &'static str,
    /// How many people the file holds, the header apart.
    pub rows: u32,
    /// Which rows were asked for, as [`UploadPart::key`] names them.
    pub part: &'static str,
    /// How many rows of the batch have errors and were left out.
    pub rows_left_out: u32,
    /// How many rows of the batch are none of those that were asked for.
    pub rows_not_chosen: u32,
    /// How many rows of the batch were put aside: they are none of the roster any more.
    #[serde(skip_serializing_if = "is_none")]
    pub rows_put_aside: u32,
    /// How many bytes the file holds.
    pub bytes: u64,
    /// SHA-256 of the file.
    pub sha256: String,
    pub profile: String,
    /// The notice's document number.
    pub document: String,
    pub sheet: String,
    /// The name of the file the rows came from.
    pub source_file: String,
    /// All files that the rows came from, where there are several.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub source_parts: Vec<SourcePart>,
    /// The sheets of that file that were not read.
    pub other_sheets: Vec<UnreadSheet>,
    /// The lines of people that the file does not show; they are in the batch like all others.
    pub hidden_rows: Vec<u32>,
    /// How many cells are filled in a table beside the roster that was put out.
    pub cells_put_out: u64,
    /// How many cells of the batch are not as they were imported.
    pub edited_cells: usize,
    /// Warnings that were left in the file, by the rule's code.
    pub warnings: BTreeMap<&'static str, usize>,
    /// Notices that were left in the file, by the rule's code.
    pub notices: BTreeMap<&'static str, usize>,
    /// When the file was written.
    pub created_at: String,
    pub user: String,
    /// Where the audit chain stood: how many entries, and the last one's hash; null without a store.
    pub audit: Option<Head>,
}

/// A file or a sheet whose rows are in a batch with those of others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SourcePart {
    pub file: String,
    pub sheet: String,
    /// The file's SHA-256; null where it is not known.
    pub sha256: Option<String>,
    /// How many people of the batch are of it.
    pub rows: u32,
    /// The lines of people that it does not show.
    pub hidden_rows: Vec<u32>,
    /// The sheets of its file that were not read.
    pub other_sheets: Vec<UnreadSheet>,
}

impl SourcePart {
    /// Lists the files of a batch; none for a batch of one.
    pub fn all(batch: &Batch) -> Vec<SourcePart> {
        let of = |number: usize| {
            let (alone, (first, end)) = (batch.part_alone(number), batch.roster().rows_of(number));
            let part = &batch.roster().parts()[number];
            SourcePart {
                file: part.origin.file.clone(),
                sheet: part.origin.sheet.clone(),
                sha256: part.sha256.clone(),
                rows: batch.roster().left().filter(|row| (first..end).contains(row)).count() as u32,
                hidden_rows: alone.hidden_lines(),
                other_sheets: alone.origin.beside.others.iter().map(UnreadSheet::of).collect(),
            }
        };
        (0..batch.roster().parts().len()).map(of).collect()
    }
}

/// A sheet that was not read, as every document has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UnreadSheet {
    pub sheet: String,
    pub visible: bool,
    pub row_count: u32,
    pub looks_like_a_roster: bool,
}

impl UnreadSheet {
    fn of(sheet: &OtherSheet) -> UnreadSheet {
        UnreadSheet {
            sheet: sheet.name.clone(),
            visible: sheet.is_visible,
            row_count: sheet.rows,
            looks_like_a_roster: sheet.looks_like_a_roster,
        }
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks so")]
fn is_none(count: &u32) -> bool {
    *count == 0
}

/// The manifest's schema; a change of its fields counts it up.
pub const MANIFEST_SCHEMA: &str = "skillcert-manifest-4";

/// Names the manifest of an upload file: `<file>.manifest.json`.
pub fn manifest_path(target: &Path) -> PathBuf {
    let mut name = target.as_os_str().to_owned();
    name.push(".manifest.json");
    PathBuf::from(name)
}

/// Writes the upload file and its manifest; refuses while findings block the export of a whole batch, and where no row is left
/// of a part.
///
/// The file is read back and compared cell by cell before it gets its name: a file that differs is never seen, and one
/// that it was to replace stays.
pub fn write_upload(batch: &Batch, target: &Path, options: &UploadOptions<'_>) -> Result<UploadSummary, WriteError> {
    if !batch.complete {
        return Err(WriteError::Incomplete);
    }
    if batch.roster().count_left() == 0 {
        return Err(WriteError::Empty);
    }
    let upload = upload::part_of(batch, options.part);
    if let Some(finding) = upload.first_blocking() {
        return Err(WriteError::Blocking(finding));
    }
    let rows = upload.count();
    if rows == 0 {
        return Err(match options.part {
            UploadPart::Returned => WriteError::NoneReturned,
            UploadPart::Unexported => WriteError::NoneUnexported,
            UploadPart::Whole | UploadPart::WithoutErrors | UploadPart::Shown(_) => WriteError::Empty,
        });
    }
    if let Some((row, field)) = upload.first_formula() {
        let column = batch.context().sheet().label(field).to_string();
        return Err(WriteError::Formula { row: batch.roster().line(row), column });
    }
    let head = head(upload, rows, options);
    let to = WriteTarget { path: target, overwrite: options.overwrite, spared: options.source, watch: options.watch };
    let (_, manifest) = write_pair(
        to,
        &head,
        || upload.rows(),
        |sha256, bytes| UploadManifest { sha256: sha256.to_string(), bytes, ..manifest(upload, rows, target, options) },
    )?;
    Ok(UploadSummary { path: target.to_path_buf(), manifest_path: manifest_path(target), manifest })
}

/// Tries whether an upload file and its manifest could be written, before anything happens that cannot be taken back.
///
/// # Errors
/// Those of [`write_upload`] that are about the target.
pub fn may_write(target: &Path, overwrite: bool, source: Option<&Path>) -> Result<(), WriteError> {
    StagedFile::new(target, overwrite, source)?;
    StagedFile::new(&manifest_path(target), overwrite, source).map(drop)
}

fn head<'a>(upload: Upload<'a>, rows: u32, options: &UploadOptions<'_>) -> TableHead<'a> {
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
        rows,
        created: options.created_at,
        is_filtered: false,
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
    let header: Vec<Cow<'_, str>> = upload.header().collect();
    read_back::verify(path, format, std::iter::once(header).chain(upload.rows()))
}

/// Says everything of a file but its size and digest.
fn manifest(upload: Upload<'_>, rows: u32, target: &Path, options: &UploadOptions<'_>) -> UploadManifest {
    let batch = upload.batch();
    let count = |severity: Severity| {
        let mut by_code = BTreeMap::new();
        for finding in batch.findings().iter().filter(|f| f.severity() == severity && upload.has(f.row)) {
            *by_code.entry(finding.rule.spec().code).or_insert(0) += 1;
        }
        by_code
    };
    let profile = &batch.context().profile();
    let missing = batch.roster().count_left() - rows;
    let (rows_left_out, rows_not_chosen) = match options.part {
        UploadPart::WithoutErrors => (missing, 0),
        _ => (0, missing),
    };
    UploadManifest {
        schema: MANIFEST_SCHEMA,
        file: target.file_name().unwrap_or_default().to_string_lossy().into_owned(),
        format: options.format.key(),
        encoding: options.format.encoding(),
        rows,
        part: options.part.key(),
        rows_left_out,
        rows_not_chosen,
        rows_put_aside: batch.roster().count_aside(),
        bytes: 0,
        sha256: String::new(),
        profile: profile.id.clone(),
        document: profile.document.clone(),
        sheet: batch.context().sheet().id.clone(),
        source_file: batch.origin.file.clone(),
        source_parts: SourcePart::all(batch),
        other_sheets: batch.other_sheets().iter().map(UnreadSheet::of).collect(),
        hidden_rows: batch.hidden_lines(),
        cells_put_out: batch.cells_put_out(),
        edited_cells: batch.roster().edited_count(),
        warnings: count(Severity::Warning),
        notices: count(Severity::Notice),
        created_at: options.created_at.to_rfc3339_opts(SecondsFormat::Secs, false),
        user: options.user.to_string(),
        audit: options.audit.cloned(),
    }
}
