//! Opening a roster: what kind of file it is, where its table starts, and its rows block by block.

mod header;
mod pieces;
mod sheets;

use std::collections::HashMap;
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;

use self::header::{HeaderSought, rows_to_show, settle};
use self::pieces::Pieces;
use self::sheets::other_sheets;
pub use self::sheets::sheets_of;
use super::csv_text::{Check, TextFile};
use super::idioms;
use super::limits::Limits;
use super::memory::Budget;
use super::sniff::{FileKind, sniff};
use super::text_copy::TextManner;
use super::workbook::{SheetInfo, WorkbookReader};
use super::{FileRefusal, Piece, RefusalKind, plain_file};
use crate::domain::roster::{Beside, MarkKind, Origin};
use crate::domain::sheet::{
    ColumnMap, ColumnsBy, Field, GivenReading, GroupTitles, HeaderBy, HowRead, MapFault, MatchedHeader,
    RememberedColumns, RowKinds, RowWords, SheetSpec, SkipReason, find_header, header_fingerprint, mask_first_rows,
};

/// How many rows are looked at to find the header and to guess the profile.
pub const SAMPLE_ROWS: usize = 200;

/// How to open a file.
#[derive(Debug, Clone, Copy)]
pub struct ReadOptions<'a> {
    /// The sheet to read; the first visible one with cells when not given.
    pub sheet: Option<&'a str>,
    /// What the user has said of it.
    pub given: &'a GivenReading,
    /// The headers that somebody has matched before, by their fingerprints.
    pub remembered: &'a HashMap<String, RememberedColumns>,
    /// The form whose columns are looked for.
    pub spec: &'a SheetSpec,
    /// What the titles over columns say of them.
    pub titles: &'static GroupTitles,
    /// What tells rows from people.
    pub words: &'static RowWords,
    /// Our own program, which reads workbooks as a child process.
    pub program: &'a Path,
    /// How many threads parse text files.
    pub threads: usize,
    /// How many bytes of memory its rows may take; `None` where they are not kept.
    pub budget: Option<u64>,
    /// What it may have.
    pub limits: Limits,
}

/// A file whose table was found; its rows are still to be read.
#[derive(Debug)]
pub struct OpenedTable {
    /// Where the roster comes from.
    pub origin: Origin,
    /// The columns as matched.
    pub columns: ColumnMap,
    /// The sheets of a workbook; empty for a text file.
    pub sheets: Vec<SheetInfo>,
    /// The spreadsheet row at which the data begins, from 1.
    pub first_line: u32,
    /// The first rows of data.
    sample: Vec<Vec<String>>,
    /// The rows down to the header.
    above: Vec<Vec<String>>,
    spec: SheetSpec,
    source: OpenedSource,
    titles: &'static GroupTitles,
    words: &'static RowWords,
    given: GivenReading,
    remembered: HashMap<String, RememberedColumns>,
    /// Why the columns are not matched as was said.
    map_fault: Option<MapFault>,
    /// How somebody has matched them.
    by_hand: Option<RememberedColumns>,
    takes_all: bool,
    threads: usize,
    budget: Option<u64>,
    limits: Limits,
}

#[derive(Debug)]
enum OpenedSource {
    Text(TextFile),
    Workbook { reader: Box<WorkbookReader>, held: Vec<HeldRow> },
}

/// A row that was read while the header was looked for.
#[derive(Debug)]
struct HeldRow {
    line: u32,
    cells: Vec<HeldCell>,
}

/// A cell of it: the text, the mark, and whether a formula counted it over rows.
type HeldCell = (String, Option<MarkKind>, bool);

/// Opens a file and finds its table.
///
/// # Errors
/// A [`FileRefusal`] that says what the file is and why it cannot be read.
pub fn open(path: &Path, options: &ReadOptions<'_>) -> Result<OpenedTable, FileRefusal> {
    let mut table = begin(path, options)?;
    let found = table.find(options.spec);
    let is_elsewhere = match &found {
        Err(refusal) => refusal.kind == RefusalKind::NoHeader,
        // Which row it is was said, and not on which sheet.
        Ok(()) => options.given.header_row.is_some() && !table.has_header(options.spec),
    };
    if is_elsewhere
        && options.sheet.is_none()
        && let Some(sheet) = table.first_roster(options.spec)
    {
        return open(path, &ReadOptions { sheet: Some(&sheet), ..*options });
    }
    found.map(|()| table)
}

/// The first rows of a file whose header somebody has to point at, masked.
#[derive(Debug)]
pub struct FirstRows {
    pub rows: Vec<Vec<String>>,
    /// The sheets of a workbook; empty for a text file.
    pub sheets: Vec<SheetInfo>,
    /// The sheet they are of; empty for a text file.
    pub sheet: String,
    pub encoding: String,
}

/// Reads the first rows of a file, whether there is a header among them or not.
///
/// # Errors
/// A [`FileRefusal`] that says what the file is and why it cannot be read.
pub fn first_rows_of(path: &Path, options: &ReadOptions<'_>) -> Result<FirstRows, FileRefusal> {
    let table = begin(path, options)?;
    let mut rows = match &table.source {
        OpenedSource::Text(text) => rows_to_show(text)?,
        OpenedSource::Workbook { held, .. } => first_rows(held),
    };
    if rows.iter().flatten().all(|cell| cell.trim().is_empty()) {
        return Err(FileRefusal::new(RefusalKind::Empty, &*table.origin.sheet));
    }
    mask_first_rows(&mut rows, None, (options.spec, table.words));
    Ok(FirstRows { rows, sheets: table.sheets, sheet: table.origin.sheet, encoding: table.origin.encoding })
}

/// Opens a file whose table is still to be found.
fn begin(path: &Path, options: &ReadOptions<'_>) -> Result<OpenedTable, FileRefusal> {
    let mut file = plain_file::open(path).map_err(|e| FileRefusal::from_io(&e))?;
    let file_name = path.file_name().map_or_else(|| path.to_string_lossy(), |n| n.to_string_lossy()).into_owned();
    let size = file.metadata().map_err(|e| FileRefusal::from_io(&e))?.len();
    if options.limits.file_bytes() < size {
        return Err(FileRefusal::new(RefusalKind::TooLarge, format!("{} file", options.limits.file_mb)));
    }
    let (source, origin) = match sniff(&mut file)? {
        FileKind::Text => {
            let text = TextFile::open(file, options.given.encoding)?;
            let encoding = text.encoding().to_string();
            (OpenedSource::Text(text), Origin { encoding, ..Origin::default() })
        }
        kind => open_workbook(path, kind, options)?,
    };
    let sheets = match &source {
        OpenedSource::Text(_) => Vec::new(),
        OpenedSource::Workbook { reader, .. } => reader.sheets().to_vec(),
    };
    Ok(OpenedTable {
        origin: Origin { file: file_name, ..origin },
        columns: ColumnMap::default(),
        sheets,
        first_line: 1,
        sample: Vec::new(),
        above: Vec::new(),
        spec: options.spec.clone(),
        source,
        titles: options.titles,
        words: options.words,
        given: options.given.clone(),
        remembered: options.remembered.clone(),
        map_fault: None,
        by_hand: None,
        takes_all: false,
        threads: options.threads,
        budget: options.budget,
        limits: options.limits,
    })
}

fn open_workbook(
    path: &Path,
    kind: FileKind,
    options: &ReadOptions<'_>,
) -> Result<(OpenedSource, Origin), FileRefusal> {
    let mut reader = Box::new(WorkbookReader::open(options.program, path, kind, (options.sheet, options.limits))?);
    let mut held: Vec<HeldRow> = Vec::new();
    while held.len() < SAMPLE_ROWS {
        let Some(row) = reader.next_row()? else { break };
        let cells = row.cells.iter().map(|c| (c.text().to_string(), c.mark, c.is_counted)).collect();
        held.push(HeldRow { line: row.line, cells });
    }
    let origin = Origin {
        sheet: reader.sheet().to_string(),
        encoding: reader.kind().to_string(),
        date_1904: reader.date_1904(),
        ..Origin::default()
    };
    Ok((OpenedSource::Workbook { reader, held }, origin))
}

/// Gives the first rows of a sheet. Those the reader left out are blank; they keep their place so that the header's row number
/// is right.
fn first_rows(held: &[HeldRow]) -> Vec<Vec<String>> {
    let mut rows: Vec<Vec<String>> = Vec::new();
    for row in held {
        while rows.len() + 1 < row.line as usize && rows.len() < SAMPLE_ROWS {
            rows.push(Vec::new());
        }
        let plain = |text: &String| idioms::within(text, false).map_or(text.as_str(), |(inner, _)| inner).to_string();
        let mut texts: Vec<String> = row.cells.iter().map(|(text, ..)| plain(text)).collect();
        let filled = texts.iter().rposition(|t| !t.trim().is_empty()).map_or(0, |i| i + 1);
        texts.truncate(filled);
        rows.push(texts);
    }
    rows
}

impl OpenedTable {
    /// Tells whether the rows that were looked at have a header.
    fn has_header(&self, spec: &SheetSpec) -> bool {
        let rows: Vec<Vec<String>> = self.above.iter().chain(&self.sample).cloned().collect();
        find_header(&rows, spec).is_some()
    }

    /// Finds the table in which a form's columns stand; that of another form may be found afterwards in the same opened file.
    ///
    /// # Errors
    /// There is none: the file is empty, or has no row like a header.
    pub fn find(&mut self, spec: &SheetSpec) -> Result<(), FileRefusal> {
        let sought = HeaderSought { spec, given: self.given.header_row, remembered: &self.remembered };
        let mut how = HowRead {
            header: if self.given.header_row.is_some() { HeaderBy::Given } else { HeaderBy::Found },
            columns: if self.given.map.is_empty() { ColumnsBy::Labels } else { ColumnsBy::Hand },
            kept: self.given.keep_rows.clone(),
            ..HowRead::default()
        };
        let (mut header, mut rows, beside) = match &mut self.source {
            OpenedSource::Text(text) => {
                let (header, rows) = sought.in_text(text)?;
                self.origin.encoding = text.encoding().to_string();
                how.encoding = text.encoding_by();
                (header, rows, Beside::default())
            }
            OpenedSource::Workbook { reader, held } => {
                let rows = first_rows(held);
                let found = sought.in_rows(&rows).ok_or_else(|| sought.refusal(&rows, reader.sheet()))?;
                let others = other_sheets(reader, spec);
                (found, rows, Beside { others, ..reader.beside().clone() })
            }
        };
        if let Some(row) = sought.given_person(&rows) {
            return Err(FileRefusal::new(RefusalKind::PersonHeader, row.to_string()));
        }
        if let Some(row) = header.person_above(&rows).filter(|_| self.given.header_row.is_none()) {
            return Err(FileRefusal::new(RefusalKind::PeopleAbove, (row + 1).to_string()));
        }
        if self.given.header_row.is_none() && sought.is_pointed_at(&header) {
            how.header = HeaderBy::Remembered;
        }
        match &self.source {
            OpenedSource::Text(_) => settle(&mut header, &rows, (spec, self.titles), |_| false),
            OpenedSource::Workbook { reader, .. } => {
                settle(&mut header, &rows, (spec, self.titles), |column| reader.hides_column(column));
            }
        }
        self.map_fault = header.columns.give(&self.given.map, spec).err();
        let known = self.remembered.get(&header_fingerprint(&header.columns.labels()));
        if let Some(known) = known.filter(|_| self.given.map.is_empty() && header.height != 0)
            && header.columns.match_as(known, spec)
        {
            how.columns = ColumnsBy::Remembered;
        }
        let head = spec.head.read(&rows[..header.index.min(rows.len())]);
        self.origin.beside = Arc::new(Beside { how, head, ..beside });
        let height = header.index + header.height;
        self.sample = rows.split_off(height.min(rows.len()));
        self.above = rows;
        self.spec = spec.clone();
        self.columns = header.columns;
        self.origin.header_row = height as u32;
        self.first_line = height as u32 + 1;
        Ok(())
    }

    /// Reads a text file to its end and tells how it is written; nothing for a workbook, and where a copy cannot be written
    /// likewise.
    pub fn manner(self) -> Result<Option<TextManner>, FileRefusal> {
        if matches!(&self.source, OpenedSource::Text(text) if text.manner().is_none()) {
            return Ok(None);
        }
        let text = match self.source {
            OpenedSource::Text(_) => self.read(&|block, _| (block, ()), &mut |_, ()| ControlFlow::Continue(()))?,
            OpenedSource::Workbook { .. } => None,
        };
        Ok(text.and_then(|text| text.manner()))
    }

    /// Gives the size of a text file in bytes; pieces say up to where they go. Of a workbook nobody knows before its end.
    pub fn size(&self) -> Option<u64> {
        match &self.source {
            OpenedSource::Text(text) => Some(text.size()),
            OpenedSource::Workbook { .. } => None,
        }
    }

    /// Tells how the rows are told from people, by the columns as they are matched now.
    pub fn row_kinds(&self) -> RowKinds {
        if self.takes_all {
            return RowKinds::every_row(&self.columns);
        }
        let kept = self.given.keep_rows.iter().filter_map(|row| row.checked_sub(self.first_line)).collect();
        let is_cut = SAMPLE_ROWS <= self.above.len() + self.sample.len();
        RowKinds::new(&self.columns, &self.spec, self.words, &self.above, (&self.sample, is_cut)).keep(kept)
    }

    /// Takes a matching that somebody has made of the one that was found.
    pub fn match_columns(&mut self, mut columns: ColumnMap) {
        if !columns.holds_as(&self.columns) {
            self.by_hand = columns.to_remember(&self.columns, false);
            columns.note_hand(&self.columns);
            Arc::make_mut(&mut self.origin.beside).how.columns = ColumnsBy::Hand;
            self.columns = columns;
        }
    }

    /// Gives how the columns of the header are to be matched from now on, where somebody has said so of this file.
    pub fn matched(&self) -> Option<MatchedHeader> {
        let is_pointed_at = self.origin.beside.how.header != HeaderBy::Found;
        let given = self.origin.beside.how.header == HeaderBy::Given;
        let mut columns = match &self.by_hand {
            Some(columns) => columns.clone(),
            None if given => self.columns.to_remember(&self.columns, true)?,
            None => return None,
        };
        columns.is_pointed_at = is_pointed_at;
        let fingerprint = header_fingerprint(&self.columns.labels());
        // What has no header is like everything else without one.
        (self.origin.header_row != 0).then_some(MatchedHeader { fingerprint, columns })
    }

    /// Tells why the columns are not matched as was said.
    pub fn map_fault(&self) -> Option<&MapFault> {
        self.map_fault.as_ref()
    }

    /// Has every row read as data.
    pub fn take_every_row(&mut self) {
        self.takes_all = true;
    }

    /// Gives what stands in a column of the first rows, from 0.
    pub fn sample(&self, column: usize) -> Vec<String> {
        self.sample.iter().filter_map(|row| row.get(column).cloned()).collect()
    }

    /// Reads the rows. `check` runs on the reading threads; `deliver` on this one, pieces in order, until it says to stop.
    /// A text file is given back, so that pieces whose blocks were thinned can be read again.
    pub fn read<T: Send>(
        self,
        check: &Check<'_, T>,
        deliver: &mut dyn FnMut(Piece, T) -> ControlFlow<()>,
    ) -> Result<Option<TextFile>, FileRefusal> {
        let mut budget = Budget::new(self.budget, (self.limits.rows, self.origin.header_row));
        let kinds = self.row_kinds();
        let mut refused = None;
        let mut first = self.first_line;
        let mut deliver = |piece: Piece, report: T| {
            // What follows such a header would be read crosswise.
            let turned = piece.skipped.iter().find(|(_, reason)| *reason == SkipReason::TurnedHeader);
            let turned = turned.map(|(row, _)| FileRefusal::new(RefusalKind::TurnedHeader, (first + row).to_string()));
            first += piece.block.line_count();
            match turned.map_or_else(|| budget.take(&piece.block), Err) {
                Ok(()) => deliver(piece, report),
                Err(refusal) => {
                    refused = Some(refusal);
                    ControlFlow::Break(())
                }
            }
        };
        let again = match self.source {
            OpenedSource::Text(text) => {
                text.read(&kinds, self.origin.header_row, self.threads, check, &mut deliver)?;
                Some(text)
            }
            OpenedSource::Workbook { reader, held } => {
                let pieces = Pieces::new(&kinds, self.columns.of(Field::IssueDate), self.first_line);
                pieces.read(*reader, &held, check, &mut deliver)?;
                None
            }
        };
        refused.map_or(Ok(again), Err)
    }
}
