//! Small tables of any columns, read whole: lists that users keep beside their rosters.

use std::fs::File;
use std::path::Path;

use super::csv_text::TextFile;
use super::limits::Limits;
use super::sniff::{FileKind, sniff};
use super::workbook::{SheetCell, WorkbookReader};
use super::{FileRefusal, RefusalKind};
use crate::domain::roster::MarkKind;

/// A row with cells, and its number as a spreadsheet program shows it, from 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableRow {
    pub line: u32,
    /// The cells, blanks around them removed.
    pub cells: Vec<String>,
    /// The columns in which a spreadsheet has made a number of digits, and lost the last of them.
    pub lost: Vec<usize>,
}

/// A table and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// The sheet's name; empty for a text file.
    pub sheet: String,
    pub rows: Vec<TableRow>,
    /// The workbook's other sheets that are shown.
    pub others: Vec<String>,
}

/// Reads a text file or the first visible sheet of a workbook; see [`read_sheet`].
pub fn read(path: &Path, program: &Path, most: u64) -> Result<Vec<TableRow>, FileRefusal> {
    read_sheet(path, program, most, None).map(|table| table.rows)
}

/// Reads a text file, or of a workbook the sheet of a name, else the first visible one. Blank rows and those that begin with `#` are left out; a cell
/// that is merged with the one above it has that one's text.
///
/// `program` is our own binary, which reads workbooks as a child process; `most` is the size in bytes from which on a file
/// is refused.
pub fn read_sheet(path: &Path, program: &Path, most: u64, sheet: Option<&str>) -> Result<Table, FileRefusal> {
    let mut file = super::plain_file::open(path).map_err(|e| FileRefusal::from_io(&e))?;
    if most < file.metadata().map_err(|e| FileRefusal::from_io(&e))?.len() {
        return Err(FileRefusal::new(RefusalKind::TooLarge, format!("{} MiB", most >> 20)));
    }
    let (sheet, rows, others) = match sniff(&mut file)? {
        FileKind::Text => (String::new(), text_rows(file)?, Vec::new()),
        kind => {
            let mut reader = WorkbookReader::open(program, path, kind, (sheet, Limits::default()))?;
            let mut rows: Vec<TableRow> = Vec::new();
            while let Some(row) = reader.next_row()? {
                let above = rows.last().map_or(&[][..], |r| &r.cells);
                let is_blank = row.cells.iter().all(|c| c.text().trim().is_empty());
                let cell = |(i, c): (usize, &SheetCell)| match c.text().trim() {
                    _ if c.mark == Some(MarkKind::Merged) && !is_blank => above.get(i).cloned().unwrap_or_default(),
                    own => own.to_string(),
                };
                let cells = row.cells.iter().enumerate().map(cell).collect();
                let is_lost = |(i, c): (usize, &SheetCell)| (c.mark == Some(MarkKind::LongNumber)).then_some(i);
                let lost = row.cells.iter().enumerate().filter_map(is_lost).collect();
                rows.push(TableRow { line: row.line, cells, lost });
            }
            let others = reader.sheets().iter().filter(|sheet| sheet.is_visible() && sheet.name != reader.sheet());
            let others = others.map(|sheet| sheet.name.clone()).collect();
            (reader.sheet().to_string(), rows, others)
        }
    };
    let counts = |row: &TableRow| {
        let first = row.cells.iter().find(|c| !c.is_empty());
        first.is_some_and(|c| !c.starts_with('#'))
    };
    Ok(Table { sheet, rows: rows.into_iter().filter(counts).collect(), others })
}

/// Reads a text with the separator that cuts its first row into most cells.
fn text_rows(file: File) -> Result<Vec<TableRow>, FileRefusal> {
    let mut text = TextFile::open(file, None)?;
    let width = |rows: &[Vec<String>]| {
        let is_head = |row: &&Vec<String>| row.first().is_some_and(|c| !c.trim_start().starts_with('#'));
        rows.iter().find(is_head).map_or(0, Vec::len)
    };
    let mut best = (b',', 0);
    for delimiter in [b',', b'\t', b';', b'|'] {
        let found = width(&text.first_rows(delimiter, 50)?);
        if best.1 < found {
            best = (delimiter, found);
        }
    }
    if best.1 < 2 {
        text.use_wide_commas()?;
        best.0 = b',';
    }
    let rows = text.all_rows(best.0)?.into_iter().zip(1..);
    Ok(rows
        .map(|(cells, line)| {
            let cells = cells.iter().map(|c| c.trim().to_string()).collect();
            TableRow { line, cells, lost: Vec::new() }
        })
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_text(bytes: &[u8]) -> Result<Vec<TableRow>, FileRefusal> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("t.csv");
        std::fs::write(&path, bytes).unwrap();
        read(&path, Path::new("no program"), 1 << 20)
    }

    #[test]
    fn separators_and_encodings_make_no_difference() {
        let row = |line, cells: [&str; 2]| TableRow { line, cells: cells.map(String::from).to_vec(), lost: Vec::new() };
        let expected = vec![row(3, ["代码", "名称"]), row(5, ["01", "海口市"])];
        for separator in [",", "\t", ";", "|", "，"] {
            let text = format!("# a list, of; many|things\n\n代码{separator}名称\r\n\n01 {separator} 海口市\n");
            assert_eq!(read_text(text.as_bytes()).unwrap(), expected, "{separator}");
            let gbk = encoding_rs::GB18030.encode(&text).0;
            assert_eq!(read_text(&gbk).unwrap(), expected, "{separator} GB18030");
            assert_eq!(read_text(format!("\u{FEFF}{text}").as_bytes()).unwrap(), expected, "{separator} BOM");
        }
    }

    #[test]
    fn what_is_no_table_is_refused() {
        let kind = |bytes: &[u8]| read_text(bytes).unwrap_err().kind;
        assert_eq!(kind(b""), RefusalKind::Empty);
        assert_eq!(kind(b"a,b\n\"never closed,x\n"), RefusalKind::OpenQuote);
        assert_eq!(kind(&vec![b'a'; (1 << 20) + 1]), RefusalKind::TooLarge);
        assert_eq!(kind(&[0; 64]), RefusalKind::Foreign);
        let folder = tempfile::tempdir().unwrap();
        assert!(read(folder.path(), Path::new("x"), 1).is_err());
    }
}
