//! Records of a text file: cut into cells where they stand; only those with quotation marks are rewritten.

pub mod lines;

use std::cell::Cell;

use csv_core::ReadRecordResult;

use super::{Piece, idioms};
use crate::domain::roster::{BlockBuilder, Mark, MarkKind};
use crate::domain::sheet::{CellNote, RowKinds, SkipReason, SkippedTexts};

/// Most bytes that are read in vain behind quotation marks which close rows later.
const MOST_IN_VAIN: usize = 32 << 20;
/// So many separators between two quotation marks are no text: a row of the table stands there.
const MOST_SEPARATORS_IN_A_CELL: usize = 3;

/// A record that does not end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unended {
    /// Its number.
    pub record: u32,
    /// The byte where it begins.
    pub at: usize,
    /// Whether nothing is to be made of the text: neither more of it nor taking the quotation mark as text helps.
    pub is_hopeless: bool,
}

/// How far a text goes that is cut into records.
#[derive(Debug, Clone, Copy)]
pub struct Reach {
    /// Records that begin here or behind it are not cut; they are there to close the quotation marks of those before.
    pub stop: usize,
    /// Whether the text goes to the end of its file.
    pub is_last: bool,
    /// Whether more of the file may be asked for; where not, a quotation mark that nothing closes is text, and its record ends
    /// with its line.
    pub grows: bool,
}

impl Reach {
    /// All of a text is cut.
    pub fn whole(is_last: bool) -> Reach {
        Reach { stop: usize::MAX, is_last, grows: true }
    }
}

/// Cuts a text into records. The bytes of the piece are those of the text up to where the next one begins.
pub fn split(text: Vec<u8>, delimiter: u8, kinds: &RowKinds, reach: Reach, damaged: bool) -> Result<Piece, Unended> {
    let Reach { stop, is_last, grows } = reach;
    let width = Some(kinds.width()).filter(|width| *width != 0);
    let length = text.len();
    let guess = length / 200 + 1;
    let mut rows: Vec<(u32, u32)> = Vec::with_capacity(guess);
    let mut ends: Vec<u32> = Vec::with_capacity(guess * kinds.width().max(1));
    let mut counts: Vec<u16> = Vec::with_capacity(guess);
    let mut skipped = Vec::new();
    let mut texts = SkippedTexts::default();
    let mut side: Vec<u8> = Vec::new();
    let mut quoted = None;
    let mut at = 0;
    let mut line = 0u32;
    let mut odd = Odd::default();
    let mut noted: Vec<(u16, MarkKind)> = Vec::new();
    let mut waiting: Vec<Waiting> = Vec::new();
    while at < length && (at < stop || at < odd.glued_upto) {
        let end = memchr::memchr2(b'\n', b'"', &text[at..]).map_or(length, |i| at + i);
        let first_end = ends.len();
        let start;
        let first_mark = odd.marks.len();
        noted.clear();
        if at < odd.glued_upto {
            // Up to the end of a line that is several rows, a single CR ends one.
            let glued = &text[at..odd.glued_upto];
            let row = lines::trimmed(&glued[..lines::first_row(glued)]);
            let is_quoted = memchr::memchr(b'"', row).is_some();
            let aside = length + side.len();
            let mut is_aside = is_quoted
                && quoted
                    .get_or_insert_with(|| Quoted::of(delimiter))
                    .read(row, true, aside, &mut side, &mut ends)
                    .is_some();
            if is_quoted && !is_aside {
                side.truncate(aside - length);
                ends.truncate(first_end);
                if let Some(cut) = odd.literal(row, delimiter, width) {
                    odd.put(&cut, rows.len() as u32, aside, &mut side, &mut ends);
                    is_aside = true;
                }
            }
            if !is_aside {
                ends.extend(memchr::memchr_iter(delimiter, row).map(|i| (at + i) as u32));
                ends.push((at + row.len()) as u32);
            }
            start = if is_aside { aside } else { at };
            at += lines::first_row(glued) + 1;
            if odd.glued_upto <= at {
                let rest = &text[odd.glued_upto..];
                at = odd.glued_upto + memchr::memchr(b'\n', rest).map_or(rest.len(), |i| i + 1);
            }
        } else if end == length || text[end] == b'\n' {
            let record = lines::trimmed(&text[at..end]);
            start = at;
            lines::ends_of_cells(&text, at..at + record.len(), delimiter, &mut ends);
            if width.is_some_and(|width| width < ends.len() - first_end && lines::is_glued(record, delimiter, width)) {
                odd.glued_upto = at + record.len();
                odd.is_met = true;
                ends.truncate(first_end);
                continue;
            }
            at = end + 1;
        } else {
            start = length + side.len();
            let (side_before, record) = (side.len(), &text[at..]);
            let consumed = quoted.get_or_insert_with(|| Quoted::of(delimiter));
            let consumed = consumed.read(record, is_last, start, &mut side, &mut ends);
            let line_end = memchr::memchr(b'\n', record).unwrap_or(record.len());
            if let (Some(consumed), Some(width)) = (consumed, width)
                && width < ends.len() - first_end
                && lines::is_glued(lines::trimmed(whole_line(&record[..consumed])), delimiter, width)
            {
                odd.glued_upto = at + lines::trimmed(whole_line(&record[..consumed])).len();
                odd.is_met = true;
                side.truncate(side_before);
                ends.truncate(first_end);
                continue;
            }
            let open = match consumed {
                None if grows => return Err(Unended { record: line, at, is_hopeless: false }),
                None => {
                    odd.in_vain += record.len();
                    odd.literal(&record[..line_end], delimiter, width)
                }
                // A cell of several lines is usual, rows of the table in a cell are none.
                Some(consumed) if line_end + 1 < consumed && width.is_some() => {
                    let first_line = &record[..line_end];
                    let taken = ends.len() - first_end;
                    let cells = RecordCells { text: &text, side: &side, start, ends: &ends[first_end..] };
                    let has_rows = (0..taken).any(|i| {
                        let cell = cells.cell(i);
                        memchr::memchr(b'\n', cell).is_some() && kinds.are_rows(cell, delimiter)
                    });
                    let cut = lines::cut_open(first_line, delimiter, width).filter(|cut| {
                        let first = cut.open.first().map_or(0, |column| usize::from(*column));
                        has_rows || taken != cut.cells.len() || first + MOST_SEPARATORS_IN_A_CELL < cut.cells.len() - 1
                    });
                    odd.in_vain += if cut.is_some() { consumed } else { 0 };
                    cut
                }
                Some(_) => None,
            };
            // What is quoted only in part says what stands there.
            let kept = consumed.filter(|consumed| open.is_none() && *consumed <= line_end + 1);
            let kept = kept.and_then(|_| lines::cut_kept(&record[..line_end], delimiter, ends.len() - first_end));
            if MOST_IN_VAIN < odd.in_vain {
                return Err(Unended { record: line, at, is_hopeless: true });
            }
            at += open.as_ref().map_or(consumed.unwrap_or(line_end + 1), |_| line_end + 1);
            if open.is_some() || kept.is_some() {
                side.truncate(side_before);
                ends.truncate(first_end);
            }
            if let Some(cut) = open {
                odd.put(&cut, rows.len() as u32, start, &mut side, &mut ends);
            } else if let Some(cut) = kept {
                put(&cut, start, &mut side, &mut ends);
                noted.extend(cut.open.iter().map(|column| (*column, MarkKind::WithQuotes)));
            }
        }
        let mut start = start;
        let cells = RecordCells { text: &text, side: &side, start, ends: &ends[first_end..] };
        if cells.any_begins(idioms::may_begin_one)
            && let Some(plain) = without_idioms(cells, kinds, &mut noted)
        {
            side.truncate(start.checked_sub(length).unwrap_or(side.len()));
            ends.truncate(first_end);
            start = length + side.len();
            put(&plain, start, &mut side, &mut ends);
        }
        let cells = RecordCells { text: &text, side: &side, start, ends: &ends[first_end..] };
        let reason =
            kinds.kind(cells.ends.len(), |i| cells.cell(i), |_| CellNote::Nothing).filter(|_| !kinds.keeps(line));
        // Nobody knows what stands above the first row of a piece.
        let is_below = || line == 0 || rows.last().is_some_and(|(last, _)| last + 1 == line);
        let waits = (!waiting.is_empty() || reason.is_some() && is_below())
            && waiting.len() < RowKinds::MOST_BETWEEN
            && first_mark == odd.marks.len()
            && kinds.may_stand_between(reason, cells.ends.len(), |i| cells.cell(i));
        if waits {
            let is_person = reason.is_none();
            waiting.push(Waiting { line, start, ends: ends.split_off(first_end), noted: noted.clone(), is_person });
            line += 1;
            continue;
        }
        let mut first_end = first_end;
        if !waiting.is_empty() {
            let are_people = reason.is_none() && kinds.is_person(cells.ends.len(), |i| cells.cell(i));
            let (own, mut marks) = (ends.split_off(first_end), odd.marks.split_off(first_mark));
            for row in waiting.drain(..) {
                if are_people || row.is_person {
                    row.put(&mut rows, &mut counts, &mut ends, &mut odd.marks);
                } else {
                    row.skip((&text, &side), &mut texts, &mut skipped);
                }
            }
            first_end = ends.len();
            ends.extend(own);
            marks.iter_mut().for_each(|mark| mark.row = rows.len() as u32);
            odd.marks.extend(marks);
        }
        let cells = RecordCells { text: &text, side: &side, start, ends: &ends[first_end..] };
        match reason {
            Some(reason) => {
                texts.keep((line, reason), skipped.last(), (0..cells.ends.len()).map(|i| cells.cell(i)));
                skipped.push((line, reason));
                ends.truncate(first_end);
            }
            None => {
                let row = rows.len() as u32;
                odd.marks.extend(noted.iter().map(|(column, kind)| Mark { row, column: *column, kind: *kind }));
                rows.push((line, start as u32));
                counts.push((ends.len() - first_end).min(usize::from(u16::MAX)) as u16);
                ends.truncate(first_end + usize::from(u16::MAX));
            }
        }
        line += 1;
    }
    for row in waiting {
        // Behind a piece that is not the last one people go on.
        if is_last && length <= at && !row.is_person {
            row.skip((&text, &side), &mut texts, &mut skipped);
        } else {
            row.put(&mut rows, &mut counts, &mut ends, &mut odd.marks);
        }
    }
    if rows.len() < odd.of_another_width * 2 {
        return Err(Unended { record: odd.first_line, at: 0, is_hopeless: true });
    }
    LAST.set(quoted);
    let mut text = text;
    text.extend_from_slice(&side);
    let mut builder = BlockBuilder::from_rows(text, &rows, &counts, ends);
    if damaged {
        builder.mark_cells_with("\u{FFFD}".as_bytes(), MarkKind::BadBytes);
    }
    builder.mark_all(odd.marks);
    builder.note_skipped(texts);
    Ok(Piece { block: builder.finish(line), skipped, bytes: 0..at as u64, is_odd: odd.is_met })
}

/// A row that looks as a signature does, until the next one tells whether it stands between people.
struct Waiting {
    line: u32,
    start: usize,
    ends: Vec<u32>,
    noted: Vec<(u16, MarkKind)>,
    /// It has a name and nothing that a signature has, and says nothing of those above.
    is_person: bool,
}

impl Waiting {
    fn put(self, rows: &mut Vec<(u32, u32)>, counts: &mut Vec<u16>, ends: &mut Vec<u32>, marks: &mut Vec<Mark>) {
        let row = rows.len() as u32;
        marks.extend(self.noted.iter().map(|(column, kind)| Mark { row, column: *column, kind: *kind }));
        rows.push((self.line, self.start as u32));
        counts.push(self.ends.len().min(usize::from(u16::MAX)) as u16);
        ends.extend(self.ends.iter().take(usize::from(u16::MAX)));
    }

    fn skip(self, (text, side): (&[u8], &[u8]), texts: &mut SkippedTexts, skipped: &mut Vec<(u32, SkipReason)>) {
        let cells = RecordCells { text, side, start: self.start, ends: &self.ends };
        texts.keep((self.line, SkipReason::Note), skipped.last(), cells.all());
        skipped.push((self.line, SkipReason::Note));
    }
}

/// Gives a record without the LF that ends it.
fn whole_line(record: &[u8]) -> &[u8] {
    record.strip_suffix(b"\n").unwrap_or(record)
}

/// What was cut otherwise than the text's own signs say.
#[derive(Debug, Default)]
struct Odd {
    is_met: bool,
    /// Up to where single CRs end rows.
    glued_upto: usize,
    /// Bytes read behind quotation marks that were then taken as text.
    in_vain: usize,
    /// Lines with an open quotation mark that have not as many cells as the table.
    of_another_width: usize,
    first_line: u32,
    marks: Vec<Mark>,
}

impl Odd {
    /// Cuts a line whose quotation mark nothing closes.
    fn literal(&mut self, line: &[u8], delimiter: u8, width: Option<usize>) -> Option<lines::Line> {
        let fitting = lines::cut_open(line, delimiter, width);
        self.of_another_width += usize::from(fitting.is_none());
        fitting.or_else(|| lines::cut_open(line, delimiter, None))
    }

    fn put(&mut self, line: &lines::Line, row: u32, start: usize, side: &mut Vec<u8>, ends: &mut Vec<u32>) {
        put(line, start, side, ends);
        let kind = MarkKind::OpenQuote;
        self.marks.extend(line.open.iter().map(|column| Mark { row, column: *column, kind }));
        self.is_met = true;
    }
}

/// Writes the cells of a record beside the text; they begin at `start` of the piece.
fn put(line: &lines::Line, start: usize, side: &mut Vec<u8>, ends: &mut Vec<u32>) {
    let mut place = start;
    for (i, cell) in line.cells.iter().enumerate() {
        if i != 0 {
            side.push(b'\t');
            place += 1;
        }
        side.extend_from_slice(cell);
        place += cell.len();
        ends.push(place as u32);
    }
    side.push(b'\n');
}

/// Gives a record without what programs put around its texts, and notes where that was; nothing where there is none.
fn without_idioms(cells: RecordCells<'_>, kinds: &RowKinds, noted: &mut Vec<(u16, MarkKind)>) -> Option<lines::Line> {
    let before = noted.len();
    let mut plain = lines::Line::default();
    for (at, cell) in cells.all().enumerate() {
        let text = std::str::from_utf8(cell).unwrap_or_default();
        match idioms::within(text, kinds.is_name(at)) {
            Some((inner, kind)) => {
                plain.cells.push(inner.as_bytes().to_vec());
                noted.push((at as u16, kind));
            }
            None => plain.cells.push(cell.to_vec()),
        }
    }
    (before < noted.len()).then_some(plain)
}

/// The cells of one record while the piece is being cut.
#[derive(Clone, Copy)]
struct RecordCells<'a> {
    text: &'a [u8],
    side: &'a [u8],
    start: usize,
    ends: &'a [u32],
}

impl<'a> RecordCells<'a> {
    #[inline]
    fn bytes(self, from: usize, to: usize) -> &'a [u8] {
        let length = self.text.len();
        if from < length { &self.text[from..to] } else { &self.side[from - length..to - length] }
    }

    fn all(self) -> impl Iterator<Item = &'a [u8]> {
        (0..self.ends.len()).map(move |column| self.cell(column))
    }

    /// Asks about the first byte of each cell; all of a record stand in one buffer.
    fn any_begins(self, with: impl Fn(u8) -> bool) -> bool {
        let (bytes, base) = match self.text.len() {
            length if self.start < length => (self.text, 0),
            length => (self.side, length),
        };
        let mut at = self.start - base;
        self.ends.iter().any(|end| {
            let end = *end as usize - base;
            let is_met = at < end && with(bytes[at]);
            at = end + 1;
            is_met
        })
    }

    #[inline]
    fn cell(self, column: usize) -> &'a [u8] {
        let start = column.checked_sub(1).map_or(self.start, |before| self.ends[before] as usize + 1);
        self.bytes(start, self.ends[column] as usize)
    }
}

/// Reads records that hold quotation marks, by the csv library's own rules.
struct Quoted {
    delimiter: u8,
    reader: csv_core::Reader,
    text: Vec<u8>,
    ends: Vec<usize>,
}

thread_local! {
    /// The one that this thread used last: making one takes as long as reading hundreds of records, and there is a piece for
    /// each megabyte.
    static LAST: Cell<Option<Quoted>> = const { Cell::new(None) };
}

impl Quoted {
    fn of(delimiter: u8) -> Quoted {
        LAST.take().filter(|last| last.delimiter == delimiter).unwrap_or_else(|| Quoted::new(delimiter))
    }

    fn new(delimiter: u8) -> Quoted {
        Quoted {
            delimiter,
            // A lone CR ends no record here, as it ends none elsewhere.
            reader: csv_core::ReaderBuilder::new()
                .delimiter(delimiter)
                .terminator(csv_core::Terminator::Any(b'\n'))
                .build(),
            text: vec![0; 1 << 12],
            ends: vec![0; 64],
        }
    }

    /// Reads one record; appends its cells to `side` (which begins at `base` of the piece) and their ends to `ends`.
    /// Gives the bytes consumed, or nothing when the record does not end.
    fn read(
        &mut self,
        input: &[u8],
        is_last: bool,
        base: usize,
        side: &mut Vec<u8>,
        ends: &mut Vec<u32>,
    ) -> Option<usize> {
        self.reader.reset();
        let (mut used, mut written, mut cells) = (0, 0, 0);
        let mut closing = false;
        loop {
            // At the end of the file a line end is added; only a record whose quotes are open does not end with it.
            let rest = if closing { &b"\n"[..] } else { &input[used..] };
            let (result, nin, nout, nend) =
                self.reader.read_record(rest, &mut self.text[written..], &mut self.ends[cells..]);
            used += if closing { 0 } else { nin };
            written += nout;
            cells += nend;
            match result {
                ReadRecordResult::InputEmpty if is_last && !closing => closing = true,
                ReadRecordResult::InputEmpty | ReadRecordResult::End => return None,
                ReadRecordResult::OutputFull => self.text.resize(self.text.len() * 2, 0),
                ReadRecordResult::OutputEndsFull => self.ends.resize(self.ends.len() * 2, 0),
                ReadRecordResult::Record => break,
            }
        }
        // The CRs before the line end stand behind the last cell.
        let before_last = cells.checked_sub(2).map_or(0, |i| self.ends[i]);
        if let Some(last) = self.ends[..cells].last_mut() {
            while before_last < *last && self.text[*last - 1] == b'\r' {
                *last -= 1;
            }
        }
        let mut from = 0;
        let mut place = base;
        for (i, end) in self.ends[..cells].iter().enumerate() {
            if i != 0 {
                side.push(b'\t');
                place += 1;
            }
            side.extend_from_slice(&self.text[from..*end]);
            place += end - from;
            ends.push(place as u32);
            from = *end;
        }
        // Keeps the next quoted record apart from this one's last cell.
        side.push(b'\n');
        Some(used)
    }
}
