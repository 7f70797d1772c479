//! Short tables that are handed in (更正表、重新上传的行), each with a manifest beside it: written beside the target, read back,
//! compared, then renamed.

use std::borrow::Cow;
use std::convert::Infallible;
use std::io::{self, Write};
use std::path::Path;

use chrono::{DateTime, FixedOffset};
use serde::Serialize;
use serde_json::Value;

use super::atomic::{StagedFile, WriteError};
use super::read_back::{digest, verify};
use super::watch::Watch;
use super::write_table::{TableCell, TableHead, write_table};
use super::write_upload::{manifest_path, width};
use crate::domain::sheet::{Column, Field};
use crate::domain::text;
use crate::domain::upload::TableFormat;

/// A table and how it is written.
#[derive(Debug, Clone)]
pub struct RowsFile<'a> {
    pub format: TableFormat,
    /// Whether files of the same name are replaced.
    pub overwrite: bool,
    /// The sheet's name in a workbook; tells what the rows are handed in for.
    pub sheet: &'a str,
    pub columns: &'a [Column],
    /// The rows, each with a cell for every column.
    pub rows: &'a [Vec<String>],
    /// What stands in 工种 when there is none: it may begin like a formula.
    pub empty_work_type: &'a str,
    /// The workbook's time of creation.
    pub created: DateTime<FixedOffset>,
}

/// Writes a table and its manifest, which `manifest` makes of the file's SHA-256 and size in bytes; returns the SHA-256.
pub fn write_rows(
    target: &Path,
    file: &RowsFile<'_>,
    manifest: impl FnOnce(&str, u64) -> Value,
) -> Result<String, WriteError> {
    if file.rows.is_empty() {
        return Err(WriteError::Empty);
    }
    let is_formula = |(field, cell): (Field, &str)| {
        text::starts_formula(cell) && !(field == Field::WorkType && cell == file.empty_work_type)
    };
    for (row, line) in file.rows.iter().zip(2..) {
        let mut cells = file.columns.iter().zip(row);
        if let Some((column, _)) = cells.find(|(column, cell)| is_formula((column.field, cell.as_str()))) {
            return Err(WriteError::Formula { row: line, column: column.label.clone() });
        }
    }
    let labels: Vec<Cow<'_, str>> = file.columns.iter().map(|c| Cow::Borrowed(c.label.as_str())).collect();
    let cells = || file.rows.iter().map(|row| row.iter().map(|cell| Cow::Borrowed(cell.as_str())).collect::<Vec<_>>());
    let head = TableHead {
        format: file.format,
        sheet: file.sheet,
        labels,
        widths: file.columns.iter().map(|c| width(c.field)).collect(),
        rows: file.rows.len() as u32,
        created: file.created,
        is_filtered: false,
    };
    let target = WriteTarget { path: target, overwrite: file.overwrite, spared: None, watch: Watch::nobody() };
    Ok(write_pair(target, &head, cells, manifest)?.0)
}

/// Where a table and its manifest go.
#[derive(Clone, Copy)]
pub struct WriteTarget<'a> {
    pub path: &'a Path,
    /// Whether files of the same name are replaced.
    pub overwrite: bool,
    /// The file that never is.
    pub spared: Option<&'a Path>,
    /// Who is told of the rows.
    pub watch: Watch<'a>,
}

/// Writes a table and its manifest, which `manifest` makes of the file's SHA-256 and size in bytes; returns the SHA-256 and the
/// manifest. `cells` lists the rows each time it is called: they are written, and compared with what was written.
pub fn write_pair<'r, R: Iterator<Item = Vec<Cow<'r, str>>>, M: Serialize>(
    target: WriteTarget<'_>,
    head: &TableHead<'r>,
    cells: impl Fn() -> R,
    manifest: impl FnOnce(&str, u64) -> M,
) -> Result<(String, M), WriteError> {
    let WriteTarget { path: target, overwrite, spared, watch } = target;
    // Nobody who has stopped it wants to be asked about the files that are there.
    watch.ended()?;
    let manifest_path = manifest_path(target);
    let mut staged = StagedFile::new(target, overwrite, spared)?;
    let mut beside = StagedFile::new(&manifest_path, overwrite, spared)?;

    let rows = watch.rows(cells()).map(|row| Ok::<_, Infallible>(row.into_iter().map(TableCell::from).collect()));
    staged.write(|out| {
        write_table(out, target, head, rows)?;
        watch.ended()
    })?;
    let again = std::iter::once(head.labels.clone()).chain(watch.rows(cells()));
    let verified = verify(staged.path(), head.format, again);
    watch.ended()?;
    verified?;
    let (sha256, bytes) = digest(staged.path()).map_err(WriteError::io(target))?;
    let manifest = manifest(&sha256, bytes);
    beside.write(|out| {
        serde_json::to_string_pretty(&manifest)
            .map_err(io::Error::from)
            .and_then(|json| writeln!(out, "{}", text::escaped_json(&json)))
            .map_err(WriteError::io(&manifest_path))
    })?;
    staged.commit()?;
    beside.commit().inspect_err(|_| {
        // A new file without its manifest would look finished. One that replaced another stays: it is whole and right.
        if !overwrite {
            let _ = std::fs::remove_file(target);
        }
    })?;
    Ok((sha256, manifest))
}
