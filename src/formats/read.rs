//! Opening a roster: what kind of file it is, where its table starts, and its rows block by block.

use std::fs::File;
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;

use super::csv_text::{BlockScratch, Check, TextFile};
use super::sniff::{FileKind, sniff};
use super::workbook::{OtherTab, SheetInfo, SheetRow, WorkbookReader};
use super::{FileRefusal, Piece, RefusalKind, plain_file};
use crate::domain::roster::{Beside, BlockBuilder, MarkKind, Origin, OtherSheet};
use crate::domain::sheet::{
    ColumnEvidence, ColumnMap, Field, HeaderMatch, SheetSpec, find_header, group_titles, skip_reason,
};

/// How many rows are looked at to find the header and to guess the profile.
const SAMPLE_ROWS: usize = 200;

/// How to open a file.
#[derive(Debug, Clone, Copy)]
pub struct ReadOptions<'a> {
    /// The sheet to read; the first visible one with cells when not given.
    pub sheet: Option<&'a str>,
    /// The form whose columns are looked for.
    pub spec: &'a SheetSpec,
    /// Our own program, which reads workbooks as a child process.
    pub program: &'a Path,
    /// How many threads parse text files.
    pub threads: usize,
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
    /// Certificate codes among the first rows, to guess the profile by.
    pub sample_codes: Vec<String>,
    source: OpenedSource,
    threads: usize,
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
    cells: Vec<(String, Option<MarkKind>)>,
}

/// Opens a file and finds its table.
///
/// # Errors
/// A [`FileRefusal`] that says what the file is and why it cannot be read.
pub fn open(path: &Path, options: &ReadOptions<'_>) -> Result<OpenedTable, FileRefusal> {
    let mut file = plain_file::open(path).map_err(|e| FileRefusal::from_io(&e))?;
    let name = path.file_name().map_or_else(|| path.to_string_lossy(), |n| n.to_string_lossy()).into_owned();
    match sniff(&mut file)? {
        FileKind::Text => open_text(file, name, options),
        kind => open_workbook(path, kind, name, options),
    }
}

fn open_workbook(
    path: &Path,
    kind: FileKind,
    name: String,
    options: &ReadOptions<'_>,
) -> Result<OpenedTable, FileRefusal> {
    let mut reader = WorkbookReader::open(options.program, path, kind, options.sheet)?;
    let mut held: Vec<HeldRow> = Vec::new();
    while held.len() < SAMPLE_ROWS {
        let Some(row) = reader.next_row()? else { break };
        let cells = row.cells.iter().map(|c| (c.text().to_string(), c.mark)).collect();
        held.push(HeldRow { line: row.line, cells });
    }
    // Rows the reader left out are blank; they keep their place so that the header's row number is right.
    let mut rows: Vec<Vec<String>> = Vec::new();
    for row in &held {
        while rows.len() + 1 < row.line as usize && rows.len() < SAMPLE_ROWS {
            rows.push(Vec::new());
        }
        let mut texts: Vec<String> = row.cells.iter().map(|(text, _)| text.clone()).collect();
        let filled = texts.iter().rposition(|t| !t.trim().is_empty()).map_or(0, |i| i + 1);
        texts.truncate(filled);
        rows.push(texts);
    }
    let Some(mut header) = find_header(&rows, options.spec) else {
        let blank = rows.iter().flatten().next().is_none();
        return Err(FileRefusal::new(if blank { RefusalKind::Empty } else { RefusalKind::NoHeader }, reader.sheet()));
    };
    let origin = Origin {
        file: name,
        sheet: reader.sheet().to_string(),
        encoding: reader.kind().to_string(),
        date_1904: reader.date_1904(),
        beside: Arc::new(Beside {
            hidden_rows: reader.hidden_rows().to_vec(),
            others: other_sheets(&reader, options.spec),
        }),
        ..Origin::default()
    };
    settle(&mut header, &rows, options.spec, |column| reader.hides_column(column));
    let height = (header.index + header.height) as u32;
    held.retain(|row| height < row.line);
    let sheets = reader.sheets().to_vec();
    Ok(opened(
        origin,
        header,
        &rows,
        sheets,
        OpenedSource::Workbook { reader: Box::new(reader), held },
        options.threads,
    ))
}

fn open_text(file: File, name: String, options: &ReadOptions<'_>) -> Result<OpenedTable, FileRefusal> {
    let mut text = TextFile::open(file)?;
    let mut best: Option<(HeaderMatch, u8, Vec<Vec<String>>)> = None;
    let mut try_delimiter = |text: &TextFile, delimiter: u8| -> Result<(), FileRefusal> {
        let rows = text.first_rows(delimiter, SAMPLE_ROWS)?;
        if let Some(found) = find_header(&rows, options.spec)
            && best.as_ref().is_none_or(|(b, ..)| b.columns.matched_count() < found.columns.matched_count())
        {
            best = Some((found, delimiter, rows));
        }
        Ok(())
    };
    for delimiter in [b',', b'\t', b';', b'|'] {
        try_delimiter(&text, delimiter)?;
    }
    if best.is_none() {
        text.use_wide_commas()?;
        let rows = text.first_rows(b',', SAMPLE_ROWS)?;
        best = find_header(&rows, options.spec).map(|found| (found, b',', rows));
    }
    let Some((mut header, delimiter, rows)) = best else {
        let blank = text.first_rows(b',', SAMPLE_ROWS)?.iter().flatten().all(|c| c.trim().is_empty());
        return Err(FileRefusal::new(if blank { RefusalKind::Empty } else { RefusalKind::NoHeader }, ""));
    };
    text.set_delimiter(delimiter);
    settle(&mut header, &rows, options.spec, |_| false);
    let origin = Origin { file: name, encoding: text.encoding().to_string(), ..Origin::default() };
    Ok(opened(origin, header, &rows, Vec::new(), OpenedSource::Text(text), options.threads))
}

/// Settles which column holds which field by what stands over, in and about the columns.
fn settle(header: &mut HeaderMatch, rows: &[Vec<String>], spec: &SheetSpec, hides: impl Fn(usize) -> bool) {
    let labels = header.columns.labels();
    let above = if header.height == 2 { Some(header.index) } else { header.index.checked_sub(1) };
    let titles = above.and_then(|i| rows.get(i)).map_or_else(Vec::new, |row| group_titles(row, labels.len()));
    let below = rows.iter().skip(header.index + header.height);
    let is_filled = |i: usize| below.clone().any(|row| row.get(i).is_some_and(|cell| !cell.trim().is_empty()));
    let evidence = |i: usize| ColumnEvidence {
        group: titles.get(i).cloned().unwrap_or_default(),
        is_hidden: hides(i),
        is_filled: is_filled(i),
    };
    let evidence: Vec<ColumnEvidence> = (0..labels.len()).map(evidence).collect();
    header.columns = ColumnMap::settled(&labels, spec, &evidence);
}

/// Tells of the sheets that are not read how much stands on them, and whether they look like a roster.
fn other_sheets(reader: &WorkbookReader, spec: &SheetSpec) -> Vec<OtherSheet> {
    let told = |tab: &OtherTab| {
        let header = find_header(&tab.head, spec);
        let above = header.as_ref().map_or(&[][..], |h| &tab.head[..tab.head.len().min(h.index + h.height)]);
        let above = above.iter().filter(|row| row.iter().any(|cell| !cell.is_empty())).count();
        OtherSheet {
            name: tab.name.clone(),
            is_visible: reader.sheets().iter().any(|sheet| sheet.name == tab.name && sheet.visible),
            rows: tab.rows.saturating_sub(above as u32),
            looks_like_a_roster: header.is_some(),
        }
    };
    reader.others().iter().map(told).filter(|sheet| sheet.rows != 0).collect()
}

fn opened(
    mut origin: Origin,
    header: HeaderMatch,
    rows: &[Vec<String>],
    sheets: Vec<SheetInfo>,
    source: OpenedSource,
    threads: usize,
) -> OpenedTable {
    let height = (header.index + header.height) as u32;
    origin.header_row = height;
    let code = header.columns.of(Field::Code);
    let sample_codes = rows.iter().skip(height as usize).filter_map(|row| row.get(code?).cloned()).collect();
    OpenedTable { origin, columns: header.columns, sheets, first_line: height + 1, sample_codes, source, threads }
}

impl OpenedTable {
    /// Gives the size of a text file in bytes; pieces say up to where they go. Of a workbook nobody knows before its end.
    pub fn size(&self) -> Option<u64> {
        match &self.source {
            OpenedSource::Text(text) => Some(text.size()),
            OpenedSource::Workbook { .. } => None,
        }
    }

    /// Reads the rows. `check` runs on the reading threads; `deliver` on this one, pieces in order, until it says to stop.
    /// A text file is given back, so that pieces whose blocks were thinned can be read again.
    pub fn read<T: Send>(
        self,
        columns: &ColumnMap,
        check: &Check<'_, T>,
        deliver: &mut dyn FnMut(Piece, T) -> ControlFlow<()>,
    ) -> Result<Option<TextFile>, FileRefusal> {
        match self.source {
            OpenedSource::Text(text) => {
                text.read(columns, self.origin.header_row, self.threads, check, deliver)?;
                Ok(Some(text))
            }
            OpenedSource::Workbook { mut reader, held } => {
                let mut pieces = Pieces::new(columns, self.first_line);
                for row in held {
                    pieces.add(row.line, row.cells.iter().map(|(text, mark)| (text.as_str(), *mark)));
                }
                while let Some(SheetRow { line, cells }) = reader.next_row()? {
                    if pieces.is_full() {
                        let (piece, report) = pieces.take(check);
                        if deliver(piece, report).is_break() {
                            return Ok(None);
                        }
                    }
                    pieces.add(line, cells.iter().map(|c| (c.text(), c.mark)));
                }
                let (piece, report) = pieces.take(check);
                let _ = deliver(piece, report);
                Ok(None)
            }
        }
    }
}

/// Collects the rows of a workbook into pieces.
struct Pieces<'a> {
    columns: &'a ColumnMap,
    builder: BlockBuilder,
    piece: Piece,
    /// The spreadsheet row at which the piece begins, and the one after its last.
    first: u32,
    next: u32,
    wanted: usize,
    scratch: BlockScratch,
}

impl<'a> Pieces<'a> {
    fn new(columns: &'a ColumnMap, first: u32) -> Pieces<'a> {
        Pieces {
            columns,
            builder: BlockBuilder::new(),
            piece: Piece::default(),
            first,
            next: first,
            wanted: 256,
            scratch: BlockScratch::default(),
        }
    }

    fn is_full(&self) -> bool {
        self.wanted <= self.builder.len()
    }

    fn add<'b>(&mut self, line: u32, cells: impl Iterator<Item = (&'b str, Option<MarkKind>)>) {
        for (text, mark) in cells {
            self.builder.cell(text);
            if let Some(mark) = mark {
                self.builder.mark(mark);
            }
        }
        self.next = line + 1;
        let noted = self.builder.open_is_marked();
        match skip_reason(self.builder.open_cells(), self.columns).filter(|_| !noted) {
            Some(reason) => {
                self.builder.drop_row();
                self.piece.skipped.push((line - self.first, reason));
            }
            None => self.builder.end_row(line - self.first),
        }
    }

    fn take<T>(&mut self, check: &Check<'_, T>) -> (Piece, T) {
        let block = std::mem::take(&mut self.builder).finish(self.next - self.first);
        let (block, report) = check(block, &mut self.scratch);
        self.first = self.next;
        self.wanted = 4096;
        (Piece { block, ..std::mem::take(&mut self.piece) }, report)
    }
}
