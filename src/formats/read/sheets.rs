//! The sheets of a workbook: what stands on those that are not read, and what there is to choose among.

use super::{HeldRow, OpenedSource, OpenedTable, ReadOptions, begin, first_rows};
use crate::domain::roster::OtherSheet;
use crate::domain::sheet::{RowWords, SheetKind, SheetLine, SheetSpec, find_header, mask_first_rows};
use crate::formats::workbook::{OtherTab, SheetInfo, WorkbookReader};
use crate::formats::{FileRefusal, RefusalKind};
use std::path::Path;

/// So many rows of the sheet that is open are counted: those of a million would be waited for.
const COUNTED: u32 = 100_000;
/// So many first rows are shown.
const SHOWN: usize = 30;

/// Tells of the sheets that are not read how much stands on them, and whether they look like a roster.
pub(super) fn other_sheets(reader: &WorkbookReader, spec: &SheetSpec) -> Vec<OtherSheet> {
    let told = |tab: &OtherTab| {
        let header = find_header(&tab.head, spec);
        let above = header.as_ref().map_or(&[][..], |h| &tab.head[..tab.head.len().min(h.index + h.height)]);
        let above = above.iter().filter(|row| row.iter().any(|cell| !cell.is_empty())).count();
        OtherSheet {
            name: tab.name.clone(),
            is_visible: reader.sheets().iter().any(|sheet| sheet.name == tab.name && sheet.is_visible()),
            rows: tab.rows.saturating_sub(above as u32),
            looks_like_a_roster: header.is_some(),
        }
    };
    reader.others().iter().map(told).filter(|sheet| sheet.rows != 0).collect()
}

/// Lists the sheets of a workbook, in the order of their tabs.
///
/// # Errors
/// The file is none that can be read; a text file has no sheets.
pub fn sheets_of(path: &Path, options: &ReadOptions<'_>) -> Result<Vec<SheetLine>, FileRefusal> {
    begin(path, options)?.list_sheets(options.spec)
}

impl OpenedTable {
    /// Names the first sheet that is shown, was not read and looks like a roster: people put a sheet of instructions first.
    pub(super) fn first_roster(&self, spec: &SheetSpec) -> Option<String> {
        let OpenedSource::Workbook { reader, .. } = &self.source else { return None };
        let is_one = |sheet: &OtherSheet| sheet.is_visible && sheet.looks_like_a_roster;
        other_sheets(reader, spec).into_iter().find(is_one).map(|sheet| sheet.name)
    }

    /// Lists the sheets of a workbook in place of reading one: the rows of that one are counted as well.
    ///
    /// # Errors
    /// A text file has none.
    pub fn list_sheets(self, spec: &SheetSpec) -> Result<Vec<SheetLine>, FileRefusal> {
        let OpenedSource::Workbook { mut reader, held } = self.source else {
            return Err(FileRefusal::new(RefusalKind::NoSheet, ""));
        };
        let sheets = reader.sheets().to_vec();
        let here = count_rows(&mut reader, &held);
        let line = |sheet: &SheetInfo| {
            let line = SheetLine { name: sheet.name.clone(), tab: sheet.tab, ..SheetLine::default() };
            if sheet.name == reader.sheet() {
                return of_rows(line, first_rows(&held), here, (spec, self.words));
            }
            match reader.others().iter().find(|tab| tab.name == sheet.name) {
                Some(tab) => of_rows(line, tab.head.clone(), (tab.rows, tab.is_cut), (spec, self.words)),
                None => SheetLine { kind: SheetKind::Unknown, has_more: true, ..line },
            }
        };
        Ok(sheets.iter().map(line).collect())
    }
}

/// Counts the rows of the sheet that is open; tells whether there are more. What is wrong further down is told by whoever reads
/// it.
fn count_rows(reader: &mut WorkbookReader, held: &[HeldRow]) -> (u32, bool) {
    // A row without cells stands for blank ones at the end.
    let mut count = held.iter().filter(|row| !row.cells.is_empty()).count() as u32;
    while count < COUNTED {
        match reader.next_row() {
            Ok(Some(row)) => count += u32::from(!row.cells.is_empty()),
            Ok(None) => return (count, false),
            Err(_) => return (count, true),
        }
    }
    (count, true)
}

/// Tells what a sheet looks like by its first rows.
fn of_rows(
    line: SheetLine,
    mut rows: Vec<Vec<String>>,
    (count, has_more): (u32, bool),
    (spec, words): (&SheetSpec, &RowWords),
) -> SheetLine {
    let header = find_header(&rows, spec);
    let top = header.as_ref().map_or(0, |h| h.index + h.height).min(rows.len());
    let above = rows[..top].iter().filter(|row| row.iter().any(|cell| !cell.trim().is_empty())).count();
    let kind = match header {
        Some(_) => SheetKind::Roster,
        None if has_more && rows.is_empty() => SheetKind::Unknown,
        None => SheetKind::without_header(&line.name, &rows, words),
    };
    rows.truncate(SHOWN);
    mask_first_rows(&mut rows, header.as_ref(), (spec, words));
    SheetLine { kind, rows: count.saturating_sub(above as u32), has_more, first_rows: rows, ..line }
}
