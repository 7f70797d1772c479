//! A copy of a text file (文本表格的副本) with other texts in some of its cells: encoding, separator, line ends, quotation marks and
//! all other cells stay as they stand, to the byte. Only what a spreadsheet would run or a terminal obey is made safe, wherever it
//! stands: such a file is handed on.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::{self, BufRead, Write};

use encoding_rs::{Encoding, GB18030, UTF_16BE, UTF_16LE};

use super::idioms;
use super::sheet_xml::Place;
use crate::domain::upload::{TableFormat, neutral};

/// No cell is longer, as the reader has it.
const MAX_CELL: usize = 2 << 20;

/// How a text file is written.
#[derive(Debug, Clone, Copy)]
pub struct TextManner {
    pub encoding: &'static Encoding,
    /// An ASCII character.
    pub delimiter: u8,
    /// Whether lines end with a single CR.
    pub cr_ends: bool,
    /// How many bytes at the end are no text of the table, as the one with which DOS ended a file.
    pub tail: u64,
}

/// Copies a text file with the texts in their cells, by record and column from 0. A record that is shorter is filled up to where
/// its text stands. Counts the other cells that were made safe.
pub fn copy(
    mut source: impl BufRead,
    out: &mut impl Write,
    manner: TextManner,
    texts: &BTreeMap<Place, &str>,
) -> io::Result<usize> {
    let mut made_safe = 0;
    if let Some((_, mark)) = Encoding::for_bom(source.fill_buf()?) {
        out.write_all(&source.fill_buf()?[..mark])?;
        source.consume(mark);
    }
    let mut record = 0;
    let mut column = 0;
    let mut cell = Vec::new();
    let mut place = Cell::Begins;
    let mut was_quoted = false;
    // CRs that end the line if an LF follows, and belong to the cell otherwise.
    let mut held: Vec<u8> = Vec::new();
    let mut units = Units { source, encoding: manner.encoding, unit: Vec::with_capacity(4) };
    while let Some(byte) = units.next_unit()? {
        let is_open = place == Cell::Quoted;
        let is_end = !is_open && (byte == b'\n' || (manner.cr_ends && byte == b'\r'));
        if !is_end && !held.is_empty() && (byte != b'\r' || is_open) {
            cell.append(&mut held);
            place = Cell::Plain;
        }
        if !is_open && (is_end || byte == manner.delimiter) {
            made_safe += keep(out, manner, texts.get(&(record, column)).copied(), &cell, was_quoted)?;
            if is_end {
                fill(out, manner, texts.range((record, column + 1)..(record + 1, 0)), column)?;
                (record, column) = (record + 1, 0);
                out.write_all(&held)?;
                held.clear();
            } else {
                column += 1;
            }
            out.write_all(&units.unit)?;
            cell.clear();
            (place, was_quoted) = (Cell::Begins, false);
            continue;
        }
        if byte == b'\r' && !is_open {
            held.extend_from_slice(&units.unit);
            continue;
        }
        place = match (place, byte) {
            (Cell::Begins, b'"') => {
                was_quoted = true;
                Cell::Quoted
            }
            (Cell::Quoted, b'"') => Cell::Closed,
            (Cell::Closed, b'"') => Cell::Quoted,
            (Cell::Quoted, _) => Cell::Quoted,
            _ => Cell::Plain,
        };
        cell.extend_from_slice(&units.unit);
        if MAX_CELL < cell.len() {
            return Err(io::ErrorKind::InvalidData.into());
        }
    }
    // The last line may have no end.
    if column != 0 || !cell.is_empty() {
        made_safe += keep(out, manner, texts.get(&(record, column)).copied(), &cell, was_quoted)?;
        fill(out, manner, texts.range((record, column + 1)..(record + 1, 0)), column)?;
    }
    out.write_all(&held)?;
    Ok(made_safe)
}

/// Where in a cell the reading is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cell {
    Begins,
    Plain,
    Quoted,
    /// Behind a quotation mark that closes the cell, or is the first of two.
    Closed,
}

/// Writes a cell: its text where it has a new one, else as it stands if that is safe. Counts it where it is not.
fn keep(
    out: &mut impl Write,
    manner: TextManner,
    text: Option<&str>,
    cell: &[u8],
    was_quoted: bool,
) -> io::Result<usize> {
    if let Some(text) = text {
        return put(out, manner, text, was_quoted).map(|()| 0);
    }
    let (decoded, _) = manner.encoding.decode_without_bom_handling(cell);
    let value = if was_quoted { Cow::Owned(unquoted(&decoded)) } else { decoded };
    let safe = neutral(&value, TableFormat::CsvUtf8);
    // What keeps a text a text does no harm.
    let is_text = idioms::within(&value, false).is_some_and(|(text, _)| neutral(text, TableFormat::CsvUtf8) == text);
    if safe == value || is_text {
        return out.write_all(cell).map(|()| 0);
    }
    put(out, manner, &safe, was_quoted).map(|()| 1)
}

/// Gives what a cell between quotation marks holds.
fn unquoted(cell: &str) -> String {
    let mut value = String::with_capacity(cell.len());
    let mut rest = cell.strip_prefix('"').unwrap_or(cell);
    while let Some((inside, behind)) = rest.split_once('"') {
        value.push_str(inside);
        match behind.strip_prefix('"') {
            Some(further) => {
                value.push('"');
                rest = further;
            }
            None => return value + behind,
        }
    }
    value + rest
}

fn put(out: &mut impl Write, manner: TextManner, text: &str, was_quoted: bool) -> io::Result<()> {
    let special = ['"', '\n', '\r', char::from(manner.delimiter)];
    if was_quoted || text.contains(special) {
        out.write_all(&encoded(&format!("\"{}\"", text.replace('"', "\"\"")), manner.encoding)?)
    } else {
        out.write_all(&encoded(text, manner.encoding)?)
    }
}

/// Writes the cells that a record does not have.
fn fill<'t>(
    out: &mut impl Write,
    manner: TextManner,
    texts: impl Iterator<Item = (&'t Place, &'t &'t str)>,
    mut column: u32,
) -> io::Result<()> {
    let delimiter = encoded(&char::from(manner.delimiter).to_string(), manner.encoding)?;
    for ((_, at), text) in texts.filter(|(_, text)| !text.is_empty()) {
        while column < *at {
            out.write_all(&delimiter)?;
            column += 1;
        }
        put(out, manner, text, false)?;
    }
    Ok(())
}

/// Encodes a text. What the encoding does not have cannot be written.
fn encoded(text: &str, encoding: &'static Encoding) -> io::Result<Vec<u8>> {
    if encoding == UTF_16LE {
        return Ok(text.encode_utf16().flat_map(u16::to_le_bytes).collect());
    }
    if encoding == UTF_16BE {
        return Ok(text.encode_utf16().flat_map(u16::to_be_bytes).collect());
    }
    let (bytes, _, is_lossy) = encoding.encode(text);
    if is_lossy { Err(io::ErrorKind::InvalidData.into()) } else { Ok(bytes.into_owned()) }
}

/// A file cut into characters: a byte that looks like a separator may be the second half of one.
struct Units<R> {
    source: R,
    encoding: &'static Encoding,
    unit: Vec<u8>,
}

impl<R: BufRead> Units<R> {
    /// Takes the next character; gives it if it is ASCII, else 0. Of UTF-8 a byte counts as one.
    fn next_unit(&mut self) -> io::Result<Option<u8>> {
        self.unit.clear();
        let Some(first) = self.take()? else { return Ok(None) };
        if self.encoding == UTF_16LE || self.encoding == UTF_16BE {
            let second = self.take()?;
            let ascii = match (first, second) {
                (byte, Some(0)) if self.encoding == UTF_16LE => byte,
                (0, Some(byte)) if self.encoding == UTF_16BE => byte,
                _ => 0,
            };
            return Ok(Some(if ascii.is_ascii() { ascii } else { 0 }));
        }
        if first.is_ascii() {
            return Ok(Some(first));
        }
        if self.encoding == GB18030 && (0x81..=0xFE).contains(&first) {
            match self.source.fill_buf()?.first() {
                Some(0x30..=0x39) => (0..3).try_for_each(|_| self.take().map(|_| ()))?,
                Some(0x40..=0x7E | 0x80..=0xFE) => drop(self.take()?),
                _ => {}
            }
        }
        Ok(Some(0))
    }

    fn take(&mut self) -> io::Result<Option<u8>> {
        let next = self.source.fill_buf()?.first().copied();
        if let Some(byte) = next {
            self.source.consume(1);
            self.unit.push(byte);
        }
        Ok(next)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use encoding_rs::UTF_8;

    use super::*;

    fn copied(source: &[u8], manner: TextManner, texts: &[(u32, u32, &str)]) -> Vec<u8> {
        let texts = texts.iter().map(|(row, column, text)| ((*row, *column), *text)).collect();
        let mut out = Vec::new();
        copy(source, &mut out, manner, &texts).unwrap();
        out
    }

    const UTF8: TextManner = TextManner { encoding: UTF_8, delimiter: b',', cr_ends: false, tail: 0 };

    #[test]
    fn only_the_cells_with_a_text_are_others() {
        let source = "\u{FEFF}标题,,\r\n甲,\" 乙\"\"\n\",丙\n\n\"丁\"x,戊\r己,\"庚\"\r\nab\"c,\r";
        let all = [(1, 0, "A"), (1, 1, "b\"c"), (1, 2, "d,e"), (3, 0, "f"), (3, 2, "g"), (4, 1, "h"), (4, 3, "i")];
        let expected = "\u{FEFF}标题,,\r\nA,\"b\"\"c\",\"d,e\"\n\n\"f\",戊\r己,\"g\"\r\nab\"c,h,,i\r";
        assert_eq!(String::from_utf8(copied(source.as_bytes(), UTF8, &all)).unwrap(), expected);
        assert_eq!(copied(source.as_bytes(), UTF8, &[]), source.as_bytes());
    }

    #[test]
    fn all_the_carriage_returns_before_a_line_feed_end_the_line() {
        assert_eq!(copied(b"a,b\r\r\nc\r,d\r\r\n", UTF8, &[(0, 1, "x"), (1, 1, "y")]), b"a,x\r\r\nc\r,y\r\r\n");
    }

    #[test]
    fn every_encoding_keeps_its_own() {
        // The second byte of 亅 in GB18030 is a stroke, that of 㐀 a digit.
        let text = "姓名|亅|㐀|\u{E5E4}\r\n张亅|\"李|\"|\r\n";
        let expected = "姓名|亅|㐀|\u{E5E4}\r\n张亅|\"王\"|\r\n";
        let utf16 = |text: &str, be: bool| -> Vec<u8> {
            let text = format!("\u{FEFF}{text}");
            text.encode_utf16().flat_map(|u| if be { u.to_be_bytes() } else { u.to_le_bytes() }).collect()
        };
        let gb = |text: &str| GB18030.encode(text).0.into_owned();
        assert!(gb("亅").ends_with(b"|"));
        for (encoding, source, expected) in [
            (GB18030, gb(text), gb(expected)),
            (UTF_16LE, utf16(text, false), utf16(expected, false)),
            (UTF_16BE, utf16(text, true), utf16(expected, true)),
            (UTF_8, text.into(), expected.into()),
        ] {
            let manner = TextManner { encoding, delimiter: b'|', cr_ends: false, tail: 0 };
            assert_eq!(copied(&source, manner, &[(1, 1, "王")]), expected, "{}", encoding.name());
        }
    }

    #[test]
    fn what_is_dangerous_is_made_safe_wherever_it_stands() {
        let source = "=1+1,--\n甲,\"@x\"\"y\"z\n\u{1b}[2J,\"a\nb\"\n";
        let mut out = Vec::new();
        let count = copy(source.as_bytes(), &mut out, UTF8, &BTreeMap::new()).unwrap();
        let expected = "'=1+1,--\n甲,\"'@x\"\"yz\"\n^[[2J,\"a\nb\"\n";
        assert_eq!((count, String::from_utf8(out).unwrap().as_str()), (3, expected));
    }

    #[test]
    fn single_carriage_returns_end_lines_where_they_do() {
        let manner = TextManner { cr_ends: true, ..UTF8 };
        assert_eq!(copied(b"a,b\rc,d\re", manner, &[(1, 1, "x"), (2, 0, "y")]), b"a,b\rc,x\ry");
    }
}
