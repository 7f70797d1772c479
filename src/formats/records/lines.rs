//! Lines that records are cut from otherwise than the file's own signs say: a quotation mark that is never closed, or only rows
//! later, and a single CR that ends a line where the others end with LF.

use std::ops::Range;

/// The cells of one line.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Line {
    pub cells: Vec<Vec<u8>>,
    /// The cells whose quotation mark is not closed in the line; it stays in their text.
    pub open: Vec<u16>,
}

/// Cuts a line in which a quotation mark opens a cell and does not close it. Where the width is known, the way of cutting that
/// gives it is taken, and there is none if none does.
pub fn cut_open(line: &[u8], delimiter: u8, width: Option<usize>) -> Option<Line> {
    let line = trimmed(line);
    let ways = [true, false].into_iter().map(|spans| cut(line, delimiter, spans));
    let mut ways = ways.filter(|way| !way.open.is_empty() && width.is_none_or(|width| width == way.cells.len()));
    ways.next()
}

/// Cuts a line of which a cell begins with words in quotation marks and goes on behind them: the marks stay in its text. There is
/// none where that gives another number of cells.
pub fn cut_kept(line: &[u8], delimiter: u8, width: usize) -> Option<Line> {
    let line = trimmed(line);
    let is_end = |byte: Option<&u8>| byte.is_none_or(|byte| *byte == delimiter || *byte == b'"');
    let goes_on = |at: usize| {
        let behind = line[at + 1..].iter().find(|byte| **byte != b' ');
        !is_end(at.checked_sub(1).and_then(|before| line.get(before))) && !is_end(behind)
    };
    if !memchr::memchr_iter(b'"', line).any(goes_on) {
        return None;
    }
    let cut = cut(line, delimiter, true);
    (!cut.open.is_empty() && cut.cells.len() == width).then_some(cut)
}

/// Cuts a line at its separators. Those between two quotation marks count only where nothing may span them.
fn cut(line: &[u8], delimiter: u8, spans: bool) -> Line {
    let mut cut = Line::default();
    let mut at = 0;
    loop {
        let rest = &line[at..];
        let plain = memchr::memchr(delimiter, rest).unwrap_or(rest.len());
        let closed = rest.strip_prefix(b"\"").and_then(|inside| {
            let upto = if spans { inside.len() } else { plain.saturating_sub(1) };
            closed(&inside[..upto], delimiter)
        });
        let used = match closed {
            Some((cell, used)) => {
                cut.cells.push(cell);
                used + 1
            }
            None => {
                if rest.starts_with(b"\"") {
                    cut.open.push(cut.cells.len() as u16);
                }
                cut.cells.push(rest[..plain].to_vec());
                plain
            }
        };
        at += used;
        if line.len() <= at {
            return cut;
        }
        at += 1;
    }
}

/// Gives what stands before a closing quotation mark, and the bytes up to behind that; nothing where a cell does not end with it.
fn closed(inside: &[u8], delimiter: u8) -> Option<(Vec<u8>, usize)> {
    let mut cell = Vec::new();
    let mut at = 0;
    loop {
        let mark = at + memchr::memchr(b'"', &inside[at..])?;
        cell.extend_from_slice(&inside[at..mark]);
        match inside.get(mark + 1) {
            None => return Some((cell, mark + 1)),
            Some(byte) if *byte == delimiter => return Some((cell, mark + 1)),
            Some(b'"') => cell.push(b'"'),
            Some(_) => return None,
        }
        at = mark + 2;
    }
}

/// Tells whether a line is several rows that single CRs end: two at least of the table's width, or one and a part that cannot
/// be the end of a cell, for it has as many separators as only rows have.
pub fn is_glued(line: &[u8], delimiter: u8, width: usize) -> bool {
    let mut is_quoted = false;
    let rows = trimmed(line).split(|byte| ends_row(*byte, &mut is_quoted)).filter(|row| !row.is_empty());
    let widths = rows.map(|row| count_outside_quotes(row, delimiter) + 1);
    let (mut full, mut most, mut sum) = (0, 0, 0);
    for cells in widths {
        full += usize::from(cells == width);
        most += usize::from(width <= 2 * cells);
        sum += cells - 1;
    }
    1 < width && (1 < full || (full == 1 && 1 < most && width < sum + 1))
}

/// Gives the length of the first of the rows that single CRs end; within quotation marks they end none.
pub fn first_row(line: &[u8]) -> usize {
    let mut is_quoted = false;
    line.iter().position(|byte| ends_row(*byte, &mut is_quoted)).unwrap_or(line.len())
}

fn ends_row(byte: u8, is_quoted: &mut bool) -> bool {
    *is_quoted ^= byte == b'"';
    byte == b'\r' && !*is_quoted
}

/// Counts separators that stand in no quotation marks.
fn count_outside_quotes(row: &[u8], delimiter: u8) -> usize {
    let mut is_quoted = false;
    let outside = |byte: &&u8| {
        is_quoted ^= **byte == b'"';
        !is_quoted && **byte == delimiter
    };
    row.iter().filter(outside).count()
}

/// Writes the single CRs that end rows as LF; gives nothing where there are none. A CR within quotation marks stays.
pub fn with_ends_apart(text: &str, delimiter: u8, width: usize) -> Option<Vec<u8>> {
    let mut all = text.as_bytes().to_vec();
    let mut is_changed = false;
    let mut is_quoted = false;
    for line in all.split_mut(|byte| *byte == b'\n') {
        let marks = memchr::memchr_iter(b'"', line).count();
        if marks.is_multiple_of(2)
            && !is_quoted
            && memchr::memchr(b'\r', trimmed(line)).is_some()
            && is_glued(line, delimiter, width)
        {
            let end = trimmed(line).len();
            let mut is_inside = false;
            for byte in &mut line[..end] {
                is_inside ^= *byte == b'"';
                if *byte == b'\r' && !is_inside {
                    *byte = b'\n';
                    is_changed = true;
                }
            }
        }
        is_quoted ^= marks % 2 == 1;
    }
    is_changed.then_some(all)
}

/// Tells by the first bytes of a text whether its rows end with a single CR. Line breaks within quotation marks end none,
/// whatever they are, as long as the marks are in pairs.
pub fn has_cr_ends(head: &[u8], is_whole: bool) -> bool {
    if memchr::memchr(b'\n', head).is_none() {
        return memchr::memchr(b'\r', head).is_some();
    }
    // Most texts end their first row with an LF, and have no quotation mark before it.
    let (mut is_quoted, mut crs, mut inside) = (false, 0usize, 0usize);
    for at in memchr::memchr3_iter(b'\n', b'\r', b'"', head) {
        match head[at] {
            b'"' => is_quoted = !is_quoted,
            b'\n' if is_quoted => inside += 1,
            b'\n' => return false,
            _ if is_quoted => {}
            _ => crs += 1,
        }
    }
    // A mark that only seems to open a cell has nearly all rows of a text behind it.
    let are_pairs = !is_quoted || !is_whole;
    are_pairs && inside <= crs
}

/// Lists where the cells of a line without quotation marks end; the line is a part of the text. Sixty-four bytes are compared at
/// once, those behind the line with them: what is looked for cell by cell, the processor cannot foresee.
pub fn ends_of_cells(text: &[u8], line: Range<usize>, delimiter: u8, ends: &mut Vec<u32>) {
    let mut at = line.start;
    while at < line.end {
        let mut found = match text[at..].first_chunk() {
            Some(bytes) => places(bytes, delimiter),
            None => text[at..].iter().rev().fold(0, |found, byte| found << 1 | u64::from(*byte == delimiter)),
        };
        if line.end - at < 64 {
            found &= (1 << (line.end - at)) - 1;
        }
        while found != 0 {
            ends.push(at as u32 + found.trailing_zeros());
            found &= found - 1;
        }
        at += 64;
    }
    ends.push(line.end as u32);
}

/// Gives a bit for each byte, the lowest for the first: whether it is the one that is looked for.
fn places(bytes: &[u8; 64], wanted: u8) -> u64 {
    const ONE_OF_EIGHT: u64 = u64::from_le_bytes([1, 2, 4, 8, 16, 32, 64, 128]);
    const ONES: u64 = u64::from_ne_bytes([1; 8]);
    let equal = bytes.map(|byte| if byte == wanted { 0xFF } else { 0 });
    let mut places = 0;
    for (eight, shift) in equal.as_chunks().0.iter().zip((0..).step_by(8)) {
        // Each byte leaves its own bit; multiplied, the highest byte is the sum of them.
        let bits = (u64::from_le_bytes(*eight) & ONE_OF_EIGHT).wrapping_mul(ONES) >> 56;
        places |= bits << shift;
    }
    places
}

/// Gives a line without the CRs before its end.
pub fn trimmed(mut line: &[u8]) -> &[u8] {
    while let [shorter @ .., b'\r'] = line {
        line = shorter;
    }
    line
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn told(line: &str, width: usize) -> Option<(Vec<String>, Vec<u16>)> {
        let line = cut_open(line.as_bytes(), b',', Some(width))?;
        let text = |cell: &Vec<u8>| String::from_utf8(cell.clone()).unwrap();
        Some((line.cells.iter().map(text).collect(), line.open))
    }

    #[test]
    fn an_open_quotation_mark_stays_in_its_cell() {
        let cells =
            |all: &[&str], open: &[u16]| Some((all.iter().map(ToString::to_string).collect::<Vec<_>>(), open.to_vec()));
        assert_eq!(told("\"张,1,2\r", 3), cells(&["\"张", "1", "2"], &[0]));
        assert_eq!(told("\"张,\"甲,乙\",", 3), cells(&["\"张", "甲,乙", ""], &[0]));
        assert_eq!(told("\"张,\"甲\",2", 3), cells(&["\"张", "甲", "2"], &[0]));
        assert_eq!(told("张,1,\"二\"\"", 3), cells(&["张", "1", "\"二\"\""], &[2]));
        assert_eq!(told("张,1,\"二", 2), None);
        assert_eq!(told("张,\"1\",2", 3), None);
    }

    #[test]
    fn cells_end_at_every_separator() {
        let text = "ab,,c,0123456789,汉字,,,\u{7F},\u{AC}\u{2C}-,,".repeat(4);
        for (from, to) in (0..text.len()).flat_map(|from| (from..=text.len()).map(move |to| (from, to))) {
            let line = &text.as_bytes()[from..to];
            let mut ends = Vec::new();
            ends_of_cells(text.as_bytes(), from..to, b',', &mut ends);
            let separators = line.iter().enumerate().filter(|(_, byte)| **byte == b',').map(|(i, _)| i);
            assert_eq!(ends, separators.chain([line.len()]).map(|i| (from + i) as u32).collect::<Vec<_>>(), "{line:?}");
        }
    }

    #[test]
    fn line_breaks_in_cells_end_no_rows() {
        for text in ["a,b\rc,d\r", "a,b\rc,\"d\ne\"\rf,g\r", "a,\"b\r\nc\"\rd,e", "\"a\nb\",c\rd,e\r"] {
            assert!(has_cr_ends(text.as_bytes(), true), "{text:?}");
        }
        for text in ["a,b\nc,d\n", "a,b\r\nc,\"d\re\"\r\n", "a\rb,c\nd,e\n", "a\rb,\"c\nd,e\nf,g\n", "a,\"b\nc\"\n", ""]
        {
            assert!(!has_cr_ends(text.as_bytes(), true), "{text:?}");
        }
    }

    #[test]
    fn rows_that_single_crs_end_are_known_by_their_width() {
        let apart = |text: &str| with_ends_apart(text, b',', 3).map(|all| String::from_utf8(all).unwrap());
        assert_eq!(apart("a,b,c\rd,e,f\ng,h,i\n").as_deref(), Some("a,b,c\nd,e,f\ng,h,i\n"));
        assert_eq!(apart("a,b,c\rd,e,f\r注\r\n").as_deref(), Some("a,b,c\nd,e,f\n注\r\n"));
        for kept in ["标题\r说明\na,b,c\n", "a,b\rx,c\n", "a,b,c\rx\n", "a,b,c\r\r\n", "\"x\na,b,c\rd,e,f\n\"\n"] {
            assert_eq!(apart(kept), None, "{kept:?}");
        }
    }
}
