//! Written tables read back: what is on the disk is compared with what should be there, cell by cell.

use std::borrow::Cow;
use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::Path;

use calamine::{DataRef, Reader, Xlsx};
use encoding_rs::GB18030;
use sha2::{Digest, Sha256};

use super::atomic::WriteError;
use crate::domain::upload::TableFormat;

/// Compares a written table with the rows it should hold, the header first.
pub fn verify<'a>(
    path: &Path,
    format: TableFormat,
    rows: impl Iterator<Item = Vec<Cow<'a, str>>>,
) -> Result<(), WriteError> {
    let mut rows = rows;
    let header = rows.next().unwrap_or_default();
    let rows = std::iter::once(header.clone()).chain(rows);
    // `row` counts from 0, the header being 0.
    let differs = |(row, column): (u32, Option<usize>)| {
        let label = column.and_then(|c| header.get(c)).cloned();
        WriteError::ReadBack { row: row + 1, column: label.unwrap_or_default().into_owned() }
    };
    let file = BufReader::with_capacity(1 << 18, File::open(path).map_err(WriteError::io(path))?);
    match format {
        TableFormat::Xlsx => verify_xlsx(file, rows).map_err(differs),
        TableFormat::CsvUtf8 | TableFormat::CsvGb18030 => {
            verify_csv(file, format, rows).map_err(WriteError::io(path))?.map_err(differs)
        }
    }
}

/// Where a table differs: the row from 0, and the column where one can be named.
type Difference = (u32, Option<usize>);

fn verify_csv<'a>(
    mut file: impl Read,
    format: TableFormat,
    rows: impl Iterator<Item = Vec<Cow<'a, str>>>,
) -> io::Result<Result<(), Difference>> {
    if format == TableFormat::CsvUtf8 {
        let mut mark = [0; 3];
        file.read_exact(&mut mark)?;
        if mark != *b"\xEF\xBB\xBF" {
            return Ok(Err((0, None)));
        }
    }
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(file);
    let mut record = csv::ByteRecord::new();
    let mut next = |record: &mut csv::ByteRecord, row| reader.read_byte_record(record).map_err(|_| (row, None));
    let compare = || -> Result<(), Difference> {
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
    Ok(compare())
}

fn verify_xlsx<'a>(file: BufReader<File>, rows: impl Iterator<Item = Vec<Cow<'a, str>>>) -> Result<(), Difference> {
    let broken = |_| (0, None);
    let mut book: Xlsx<_> = Xlsx::new(file).map_err(broken)?;
    let sheet = book.sheet_names().first().cloned().unwrap_or_default();
    let mut cells = book.worksheet_cells_reader(&sheet).map_err(broken)?;
    let mut at = (0, 0);
    let mut next = |row: u32| loop {
        match cells.next_cell() {
            Ok(Some(cell)) if matches!(cell.get_value(), DataRef::Empty) => {}
            Ok(cell) => return Ok(cell),
            Err(_) => return Err((row, None)),
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
                return Err((row, Some(column as usize)));
            }
        }
    }
    match next(at.0)? {
        Some(cell) => Err((cell.get_position().0, Some(cell.get_position().1 as usize))),
        None => Ok(()),
    }
}

/// Gives the SHA-256 of a file in hexadecimal, and its size in bytes.
pub fn digest(path: &Path) -> io::Result<(String, u64)> {
    let mut file = super::plain_file::open(path)?;
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
