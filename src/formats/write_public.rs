//! The public list (公示名单) as a file, with a manifest that tells what is masked and why.

use std::borrow::Cow;
use std::path::Path;

use serde_json::json;

use super::atomic::WriteError;
use super::write_rows::{WriteTarget, write_pair};
use super::write_table::TableHead;
use super::write_upload::{UploadOptions, width};
use crate::domain::batch::Batch;
use crate::domain::public_list::{self, PublicList, clause, left_out};
use crate::domain::roster::RowId;
use crate::domain::rules::Severity;
use crate::domain::upload::neutral;

/// The manifest's schema; a change of its fields counts it up.
pub const PUBLIC_SCHEMA: &str = "skillcert-public-1";

/// The sheet's name in a workbook.
const SHEET: &str = "公示名单";

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicSummary {
    /// How many people the list has.
    pub rows: usize,
    /// How many errors the roster has; they do not stop the list.
    pub errors: usize,
    /// SHA-256 of the file.
    pub sha256: String,
}

/// Writes the public list and its manifest.
pub fn write_public(batch: &Batch, target: &Path, options: &UploadOptions<'_>) -> Result<PublicSummary, WriteError> {
    if !batch.complete {
        return Err(WriteError::Incomplete);
    }
    let rows = batch.roster().count_left();
    if rows == 0 {
        return Err(WriteError::Empty);
    }
    let list = public_list::of(batch);
    let errors = batch.findings().count(Severity::Error);
    let number = list.header().count() - list.fields().count();
    let head = TableHead {
        format: options.format,
        sheet: SHEET,
        labels: list.header().collect(),
        widths: std::iter::repeat_n(6.0, number).chain(list.fields().map(width)).collect(),
        rows,
        created: options.created_at,
        is_filtered: false,
    };
    let cells = || batch.roster().left().zip(1..).map(|(row, number)| cells_of(list, (row, number), options));
    let to = WriteTarget { path: target, overwrite: options.overwrite, spared: options.source, watch: options.watch };
    let (sha256, _) = write_pair(to, &head, cells, |sha256, bytes| {
        let (profile, sheet) = (batch.context().profile(), batch.context().sheet());
        let masked = list.fields().filter_map(|field| {
            let clause = clause(profile, field)?;
            Some(json!({ "column": sheet.label(field), "clause": clause }))
        });
        let unknown = batch.roster().columns.source.iter().filter(|c| c.field.is_none());
        let unknown = unknown.map(|c| json!({ "column": c.shown_label(), "clause": left_out(profile) }));
        json!({
            "schema": PUBLIC_SCHEMA,
            "purpose": "public-list",
            "not_for_upload": true,
            "file": target.file_name().unwrap_or_default().to_string_lossy(),
            "format": options.format.key(),
            "encoding": options.format.encoding(),
            "rows": rows,
            "bytes": bytes,
            "sha256": sha256,
            "masked": masked.collect::<Vec<_>>(),
            "left_out": unknown.collect::<Vec<_>>(),
            "errors": errors,
            "profile": profile.id,
            "sheet": sheet.id,
            "source_file": batch.origin.file,
            "created_at": options.created_at.to_rfc3339_opts(chrono::SecondsFormat::Secs, false),
            "user": options.user,
            "audit": options.audit,
        })
    })?;
    Ok(PublicSummary { rows: rows as usize, errors, sha256 })
}

/// Lists a row's cells. What everybody may open must do no harm in a spreadsheet.
fn cells_of<'a>(list: PublicList<'a>, (row, number): (RowId, u32), options: &UploadOptions<'_>) -> Vec<Cow<'a, str>> {
    let safe = |cell: Cow<'a, str>| match cell {
        Cow::Borrowed(cell) => neutral(cell, options.format),
        Cow::Owned(cell) => Cow::Owned(neutral(&cell, options.format).into_owned()),
    };
    list.row(row, number).map(safe).collect()
}
