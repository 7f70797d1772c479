//! Tables of texts as xlsx or CSV, row by row: what the upload file, the error list and the findings have in common.

use std::borrow::Cow;
use std::io::{self, Write};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, FixedOffset, Utc};
use encoding_rs::GB18030;
use rust_xlsxwriter::{
    Color, DocProperties, ExcelDateTime, Format, FormatAlign, IgnoreError, Note, Workbook, Worksheet, XlsxError,
};

use super::atomic::WriteError;
use crate::domain::upload::TableFormat;

/// The colour behind a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tint {
    /// Light red: an error.
    Red,
    /// Light yellow: a warning.
    Yellow,
}

/// A cell of a table. CSV keeps the text only.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TableCell<'a> {
    pub text: Cow<'a, str>,
    /// The colour behind it.
    pub tint: Option<Tint>,
    /// The comment on it; empty for none.
    pub note: String,
}

impl<'a, T: Into<Cow<'a, str>>> From<T> for TableCell<'a> {
    fn from(text: T) -> TableCell<'a> {
        TableCell { text: text.into(), ..TableCell::default() }
    }
}

/// What a table is besides its rows.
#[derive(Debug, Clone)]
pub struct TableHead<'a> {
    pub format: TableFormat,
    /// The sheet's name in a workbook.
    pub sheet: &'a str,
    pub labels: Vec<Cow<'a, str>>,
    /// Widths of the columns in characters; a missing one is set to 14.
    pub widths: Vec<f64>,
    /// About how many rows will come; decides whether the rows are spooled to the disk.
    pub rows: u32,
    /// The workbook's time of creation.
    pub created: DateTime<FixedOffset>,
    /// Whether it is a list that somebody works through: its header has arrows to filter by.
    pub is_filtered: bool,
}

/// Up to this many rows a workbook is built in memory, with the shared strings that Excel itself writes. Beyond, its
/// rows go to an unnamed temporary file with their strings in place, which takes little memory whatever the number.
pub(super) const SPOOL_FROM: u32 = 50_000;

/// So many cells at most carry a comment: Excel takes minutes to open more. The last column names every reason anyway.
const MAX_NOTES: usize = 20_000;

/// What a cell of a workbook can hold, in UTF-16 units; one is left for the sign that something was cut.
const MAX_CELL: usize = 32_766;

/// Writes a table. `target` is where it goes in the end: its folder takes the spool file, errors name it.
pub fn write_table<'r, E: Into<WriteError>>(
    out: &mut (dyn Write + Send),
    target: &Path,
    head: &TableHead<'_>,
    rows: impl Iterator<Item = Result<Vec<TableCell<'r>>, E>>,
) -> Result<(), WriteError> {
    let mut rows = rows.map(|row| row.map_err(Into::into));
    match head.format {
        TableFormat::Xlsx => xlsx(out, target, head, &mut rows),
        TableFormat::CsvUtf8 | TableFormat::CsvGb18030 => csv(out, target, head, &mut rows),
    }
}

/// The rows of a table, whatever they come from: what writes them is in the program once.
type Rows<'a, 'r> = &'a mut dyn Iterator<Item = Result<Vec<TableCell<'r>>, WriteError>>;

fn csv(out: &mut dyn Write, target: &Path, head: &TableHead<'_>, rows: Rows<'_, '_>) -> Result<(), WriteError> {
    let io = WriteError::io(target);
    let from_csv = |e: csv::Error| match e.into_kind() {
        csv::ErrorKind::Io(e) => io(e),
        other => io(io::Error::other(format!("{other:?}"))),
    };
    if head.format == TableFormat::CsvUtf8 {
        out.write_all(b"\xEF\xBB\xBF").map_err(&io)?;
    }
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .flexible(true)
        .buffer_capacity(1 << 16)
        .from_writer(out);
    let gb = head.format == TableFormat::CsvGb18030;
    // Looking a 汉字 up in GB18030 takes long, and most columns repeat themselves from row to row.
    let mut above: Vec<(String, Vec<u8>)> = Vec::new();
    let mut record = |cells: &mut dyn Iterator<Item = &str>| -> Result<(), csv::Error> {
        for (cell, column) in cells.zip(0..) {
            if !gb || cell.is_ascii() {
                writer.write_field(cell)?;
                continue;
            }
            if above.len() <= column {
                above.resize_with(column + 1, Default::default);
            }
            if above[column].0 != cell {
                above[column] = (cell.to_string(), GB18030.encode(cell).0.into_owned());
            }
            // A quotation mark, a comma or a line break never occurs inside a character of GB18030: quoting bytes works.
            writer.write_field(&above[column].1)?;
        }
        writer.write_record(None::<&[u8]>)
    };
    record(&mut head.labels.iter().map(|l| &**l)).map_err(from_csv)?;
    for row in rows {
        record(&mut row?.iter().map(|c| &*c.text)).map_err(from_csv)?;
    }
    writer.flush().map_err(&io)
}

/// The looks of a workbook's cells; every one has the number format 49, which is "@", text.
struct CellFormats {
    header: Format,
    plain: Format,
    red: Format,
    yellow: Format,
}

impl CellFormats {
    fn new() -> CellFormats {
        let plain = Format::new().set_num_format_index(49);
        CellFormats {
            header: plain.clone().set_bold().set_text_wrap().set_align(FormatAlign::VerticalCenter),
            red: plain.clone().set_background_color(Color::RGB(0xFF_C7_CE)),
            yellow: plain.clone().set_background_color(Color::RGB(0xFF_F2_B3)),
            plain,
        }
    }
}

fn xlsx(
    out: &mut (dyn Write + Send),
    target: &Path,
    head: &TableHead<'_>,
    rows: Rows<'_, '_>,
) -> Result<(), WriteError> {
    // What the system refused may come back as an error of the archive, or as no more than its words.
    let unwritten = Mutex::new(None);
    let refused = |e: XlsxError| match (unwritten.lock().unwrap_or_else(PoisonError::into_inner).take(), e) {
        (Some(e), _) | (None, XlsxError::IoError(e) | XlsxError::TempFileError(_, e)) => WriteError::io(target)(e),
        (None, other) => WriteError::Xlsx(other.to_string()),
    };
    let mut out = Noting { to: out, refused: &unwritten };
    let mut book = Workbook::new();
    let created = ExcelDateTime::from_timestamp(head.created.with_timezone(&Utc).timestamp()).map_err(refused)?;
    book.set_properties(&DocProperties::new().set_author("skillcert").set_creation_datetime(&created));
    let sheet = if SPOOL_FROM < head.rows {
        room_for_spool(target, head)?;
        book.set_tempdir(super::atomic::folder(target)).map_err(refused)?;
        book.add_worksheet_with_constant_memory().map_err(refused)?
    } else {
        book.add_worksheet()
    };
    let looks = CellFormats::new();
    start(sheet, head, &looks).map_err(refused)?;
    let mut notes = 0;
    let mut last = 0;
    for (row, at) in rows.zip(1u32..) {
        last = at;
        for (cell, column) in row?.into_iter().zip(0u16..) {
            let look = match cell.tint {
                None => &looks.plain,
                Some(Tint::Red) => &looks.red,
                Some(Tint::Yellow) => &looks.yellow,
            };
            if !cell.note.is_empty() && notes < MAX_NOTES {
                notes += 1;
                let note = Note::new(fitting(cell.note.into())).set_author("skillcert").add_author_prefix(false);
                sheet.insert_note(at, column, &note.set_width(320).set_height(110)).map_err(refused)?;
            }
            if !cell.text.is_empty() || cell.tint.is_some() {
                sheet.write_string_with_format(at, column, fitting(cell.text), look).map_err(refused)?;
            }
        }
    }
    let width = head.labels.len().saturating_sub(1) as u16;
    if head.is_filtered {
        sheet.autofilter(0, 0, last.max(1), width).map_err(refused)?;
    }
    sheet.ignore_error_range(0, 0, last, width, IgnoreError::NumberStoredAsText).map_err(refused)?;
    let out: &mut (dyn Write + Send) = &mut out;
    book.save_to_writer(out).map_err(refused)
}

/// Writes on, and keeps what the system refused.
struct Noting<'a> {
    to: &'a mut (dyn Write + Send),
    refused: &'a Mutex<Option<io::Error>>,
}

impl Noting<'_> {
    fn note<T>(&self, done: io::Result<T>) -> io::Result<T> {
        done.map_err(|error| {
            let again = error.raw_os_error().map_or_else(|| error.kind().into(), io::Error::from_raw_os_error);
            // What is interrupted is tried again.
            if error.kind() != io::ErrorKind::Interrupted {
                *self.refused.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
            }
            again
        })
    }
}

impl Write for Noting<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let done = self.to.write(bytes);
        self.note(done)
    }

    fn flush(&mut self) -> io::Result<()> {
        let done = self.to.flush();
        self.note(done)
    }
}

/// Refuses when the disk is too full for the spool file: the library would end the program in the middle of it.
pub(super) fn room_for_spool(target: &Path, head: &TableHead<'_>) -> Result<(), WriteError> {
    const BYTES_PER_CELL: u64 = 110;
    let wanted = u64::from(head.rows) * head.labels.len() as u64 * BYTES_PER_CELL;
    let disk = rustix::fs::statvfs(super::atomic::folder(target)).map_err(|e| WriteError::io(target)(e.into()))?;
    if disk.f_bavail.saturating_mul(disk.f_frsize) < wanted {
        return Err(WriteError::io(target)(io::ErrorKind::StorageFull.into()));
    }
    Ok(())
}

fn start(sheet: &mut Worksheet, head: &TableHead<'_>, looks: &CellFormats) -> Result<(), XlsxError> {
    sheet.set_name(head.sheet)?.set_freeze_panes(1, 0)?;
    for (column, label) in (0u16..).zip(&head.labels) {
        // The format of the whole column, so that a row typed in below stays text too.
        sheet.set_column_format(column, &looks.plain)?;
        sheet.set_column_width(column, head.widths.get(usize::from(column)).copied().unwrap_or(14.0))?;
        sheet.write_string_with_format(0, column, fitting(Cow::Borrowed(label)), &looks.header)?;
    }
    Ok(())
}

/// Cuts a text to what a cell can hold, visibly.
pub(super) fn fitting(text: Cow<'_, str>) -> String {
    // A text has at most as many UTF-16 units as bytes.
    if text.len() <= MAX_CELL {
        return text.into_owned();
    }
    let mut units = 0;
    let mut cut = false;
    let kept: String = text
        .chars()
        .take_while(|c| {
            units += c.len_utf16();
            cut = MAX_CELL - 100 < units;
            !cut
        })
        .collect();
    if cut { kept + "…" } else { kept }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use calamine::{Data, Reader, Xlsx};

    use super::*;

    /// A spooled workbook keeps its strings in place; what it holds must be the same.
    #[test]
    fn a_spooled_workbook_holds_the_same_cells() {
        let folder = tempfile::tempdir().expect("a folder");
        let grid = |rows: u32| {
            let head = TableHead {
                format: TableFormat::Xlsx,
                sheet: "名册",
                labels: vec!["姓名".into(), "号码".into()],
                widths: vec![],
                rows,
                created: DateTime::UNIX_EPOCH.fixed_offset(),
                is_filtered: false,
            };
            let red = TableCell { text: "--".into(), tint: Some(Tint::Red), note: "不是号码".into() };
            let rows = vec![vec![" 李𠮷 <&".into(), "007".into()], vec!["".into(), red]];
            let mut out = Vec::new();
            write_table(&mut out, &folder.path().join("x"), &head, rows.into_iter().map(Ok::<_, Infallible>))
                .expect("a workbook");
            let mut book: Xlsx<_> = Xlsx::new(io::Cursor::new(out)).expect("a workbook");
            let range = book.worksheet_range("名册").expect("a sheet");
            range.rows().map(<[Data]>::to_vec).collect::<Vec<_>>()
        };
        let text = |text: &str| Data::String(text.into());
        let expected = [[text("姓名"), text("号码")], [text(" 李𠮷 <&"), text("007")], [Data::Empty, text("--")]];
        assert_eq!(grid(2), expected);
        assert_eq!(grid(SPOOL_FROM + 1), expected);
    }

    /// Takes so many bytes and then has no room left, as a full disk does.
    struct Full(usize);

    impl Write for Full {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            match self.0.min(bytes.len()) {
                0 => Err(io::ErrorKind::StorageFull.into()),
                room => {
                    self.0 -= room;
                    Ok(room)
                }
            }
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_full_disk_is_told_as_a_full_disk_wherever_it_is_full() {
        let folder = tempfile::tempdir().expect("a folder");
        for rows in [2, SPOOL_FROM + 1] {
            for room in [0, 1, 100, 1_000, 3_000] {
                let head = TableHead {
                    format: TableFormat::Xlsx,
                    sheet: "名册",
                    labels: vec!["姓名".into()],
                    widths: vec![],
                    rows,
                    created: DateTime::UNIX_EPOCH.fixed_offset(),
                    is_filtered: false,
                };
                let cells = [Ok::<_, Infallible>(vec!["张伟".into()])].into_iter();
                let failed = write_table(&mut Full(room), &folder.path().join("x"), &head, cells).expect_err("full");
                let is_full =
                    matches!(&failed, WriteError::Io { source, .. } if source.kind() == io::ErrorKind::StorageFull);
                assert!(is_full, "{rows} {room}: {failed:?}");
            }
        }
    }

    #[test]
    fn a_text_too_long_for_a_cell_is_cut_visibly() {
        let long = "𠮷".repeat(40_000);
        let cut = fitting(long.into());
        assert!(cut.ends_with('…') && cut.encode_utf16().count() <= MAX_CELL, "{}", cut.len());
        assert_eq!(fitting("汉".repeat(20_000).into()), "汉".repeat(20_000));
    }
}
