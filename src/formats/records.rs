//! Records of a text file: cut into cells where they stand; only those with quotation marks are rewritten.

use csv_core::ReadRecordResult;

use super::Piece;
use crate::domain::roster::{BlockBuilder, MarkKind};
use crate::domain::sheet::{CellNote, RowKinds};

/// Cuts a text into records. `Err` gives the record's number and the byte where a record begins that does not end.
pub fn split(
    text: Vec<u8>,
    delimiter: u8,
    kinds: &RowKinds,
    is_last: bool,
    damaged: bool,
) -> Result<Piece, (u32, usize)> {
    let length = text.len();
    let guess = length / 200 + 1;
    let mut rows: Vec<(u32, u32)> = Vec::with_capacity(guess);
    let mut ends: Vec<u32> = Vec::with_capacity(guess * kinds.width().max(1));
    let mut counts: Vec<u16> = Vec::with_capacity(guess);
    let mut skipped = Vec::new();
    let mut side: Vec<u8> = Vec::new();
    let mut quoted = Quoted::new(delimiter);
    let mut at = 0;
    let mut line = 0u32;
    while at < length {
        let end = memchr::memchr2(b'\n', b'"', &text[at..]).map_or(length, |i| at + i);
        let first_end = ends.len();
        let start;
        if end == length || text[end] == b'\n' {
            let mut record = &text[at..end];
            if let [shorter @ .., b'\r'] = record {
                record = shorter;
            }
            start = at;
            ends.extend(memchr::memchr_iter(delimiter, record).map(|i| (at + i) as u32));
            ends.push((at + record.len()) as u32);
            at = end + 1;
        } else {
            start = length + side.len();
            match quoted.read(&text[at..], is_last, start, &mut side, &mut ends) {
                Some(consumed) => at += consumed,
                None => return Err((line, at)),
            }
        }
        let cells = RecordCells { text: &text, side: &side, start, ends: &ends[first_end..] };
        match kinds.kind(cells.ends.len(), |i| cells.cell(i), |_| CellNote::Nothing).filter(|_| !kinds.keeps(line)) {
            Some(reason) => {
                skipped.push((line, reason));
                ends.truncate(first_end);
            }
            None => {
                rows.push((line, start as u32));
                counts.push((ends.len() - first_end).min(usize::from(u16::MAX)) as u16);
                ends.truncate(first_end + usize::from(u16::MAX));
            }
        }
        line += 1;
    }
    let mut text = text;
    text.extend_from_slice(&side);
    let mut builder = BlockBuilder::from_rows(text, &rows, &counts, ends);
    if damaged {
        builder.mark_cells_with("\u{FFFD}".as_bytes(), MarkKind::BadBytes);
    }
    Ok(Piece { block: builder.finish(line), skipped, bytes: 0..0 })
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
    fn bytes(self, from: usize, to: usize) -> &'a [u8] {
        let length = self.text.len();
        if from < length { &self.text[from..to] } else { &self.side[from - length..to - length] }
    }

    fn cell(self, column: usize) -> &'a [u8] {
        let start = column.checked_sub(1).map_or(self.start, |before| self.ends[before] as usize + 1);
        self.bytes(start, self.ends[column] as usize)
    }
}

/// Reads records that hold quotation marks, by the csv library's own rules.
struct Quoted {
    reader: csv_core::Reader,
    text: Vec<u8>,
    ends: Vec<usize>,
}

impl Quoted {
    fn new(delimiter: u8) -> Quoted {
        Quoted {
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
        // The CR before the line end stands behind the last cell.
        let before_last = cells.checked_sub(2).map_or(0, |i| self.ends[i]);
        if let Some(last) = self.ends[..cells].last_mut()
            && before_last < *last
            && self.text[*last - 1] == b'\r'
        {
            *last -= 1;
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
