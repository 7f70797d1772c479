//! Text files: encoding, separator, and records cut into blocks on several threads.
//!
//! A file is cut at line ends into pieces that are parsed independently. A line end inside quotes makes such a cut wrong;
//! the piece before then ends somewhere else than the next one began, which is noticed and the next one parsed again.

mod bytes;
mod head;

use std::collections::BTreeMap;
use std::fs::File;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc;

use encoding_rs::{Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE};

use self::bytes::{Bytes, encoding_of, guess};
use super::records::lines::{has_cr_ends, with_ends_apart};
use super::records::{Reach, split};
use super::sniff::wide_without_mark;
use super::text_copy::TextManner;
use super::{FileRefusal, Piece, RefusalKind, memory};
use crate::domain::roster::Block;
use crate::domain::rules::Memo;
use crate::domain::sheet::{EncodingBy, RowKinds, TextEncoding};

/// Bytes of a piece; the first one is small so that the first screen need not wait.
const PIECE: u64 = 1 << 20;
const FIRST_PIECE: u64 = 256 << 10;
/// Longest record: a row of 500 full cells is far beyond any roster, an open quotation mark is not.
const LONGEST_RECORD: u64 = 1 << 20;
/// Most lines of one record above the table.
const MOST_LINES: usize = 200;
/// The byte with which DOS ended a text.
const DOS_END: u8 = 0x1A;

/// A text file whose encoding and separator are known.
#[derive(Debug)]
pub struct TextFile {
    bytes: Bytes,
    size: u64,
    encoding: &'static Encoding,
    encoding_by: EncodingBy,
    delimiter: u8,
    start: u64,
    /// Whether lines end with a single CR.
    cr_ends: bool,
    /// Whether the records are not cut where the file's own bytes say: at other separators or line ends than it is copied by.
    is_rewritten: bool,
    /// Bytes behind the last record that are no text.
    tail: u64,
    /// Whether records met so far were cut otherwise than their own signs say.
    is_odd: AtomicBool,
}

/// What is done with a block on the thread that read it.
pub type Check<'a, T> = dyn Fn(Block, &mut BlockScratch) -> (Block, T) + Sync + 'a;

/// What a reading thread carries from block to block.
#[derive(Debug, Default)]
pub struct BlockScratch {
    /// Memory that a block no longer needs, to read the next one into.
    pub spare: Vec<u8>,
    /// What the rows so far have taught.
    pub memo: Memo,
}

/// A parsed piece with the place where it really ended.
struct Parsed {
    from: u64,
    to: u64,
    piece: Piece,
}

impl Parsed {
    fn checked<T>(self, check: &Check<'_, T>, scratch: &mut BlockScratch) -> (Parsed, T) {
        let (block, report) = check(self.piece.block, scratch);
        let piece = Piece { block, bytes: self.from..self.to, ..self.piece };
        (Parsed { from: self.from, to: self.to, piece }, report)
    }
}

impl TextFile {
    /// Looks at the first bytes of a file: byte order mark, UTF-16 without one, strict UTF-8, then GB18030. An encoding that is
    /// given goes before all but a mark.
    pub fn open(file: File, given: Option<TextEncoding>) -> Result<TextFile, FileRefusal> {
        let size = file.metadata().map_err(|e| FileRefusal::from_io(&e))?.len();
        let mut text = TextFile {
            bytes: Bytes::File(file),
            size,
            encoding: UTF_8,
            encoding_by: EncodingBy::Bytes,
            delimiter: b',',
            start: 0,
            cr_ends: false,
            is_rewritten: false,
            tail: 0,
            is_odd: AtomicBool::new(false),
        };
        let head = text.head()?;
        if let Some((encoding, mark)) = Encoding::for_bom(&head) {
            (text.encoding, text.encoding_by) = (encoding, EncodingBy::Mark);
            text.start = mark as u64;
        } else if let Some(given) = given {
            (text.encoding, text.encoding_by) = (encoding_of(given), EncodingBy::Given);
        } else if let Some(encoding) = wide_without_mark(&head) {
            text.encoding = encoding;
        } else {
            text.encoding = guess(&head, size <= head.len() as u64)?;
        }
        text.begin(&head)?;
        Ok(text)
    }

    /// Opens the same file in another encoding; nothing where its encoding is not a guess between those of the mainland and it.
    pub fn in_big5(&self) -> Result<Option<TextFile>, FileRefusal> {
        match &self.bytes {
            Bytes::File(file) if self.encoding == GB18030 && self.encoding_by == EncodingBy::Bytes => {
                let file = file.try_clone().map_err(|e| FileRefusal::from_io(&e))?;
                let text = TextFile::open(file, Some(TextEncoding::Big5))?;
                Ok(Some(TextFile { encoding_by: EncodingBy::Header, ..text }))
            }
            _ => Ok(None),
        }
    }

    /// Makes the file ready to be cut into records.
    fn begin(&mut self, head: &[u8]) -> Result<(), FileRefusal> {
        if self.encoding != UTF_16LE && self.encoding != UTF_16BE {
            self.leave_dos_end()?;
        }
        if self.encoding != UTF_8 && self.encoding != GB18030 {
            self.load(|all| {
                all.trim_start_matches('\u{FEFF}').trim_end_matches(char::from(DOS_END)).as_bytes().to_vec()
            })?;
        }
        // Line ends of a single CR, as old Macintosh programs wrote them and Excel there still does.
        let is_whole = self.size <= FIRST_PIECE;
        let has_cr_ends = match &self.bytes {
            Bytes::File(_) => has_cr_ends(head, is_whole),
            Bytes::Memory(_) => has_cr_ends(&self.head()?, is_whole),
        };
        if has_cr_ends {
            // A line break in a cell may be of any kind.
            let with_lf = |all: &str| all.replace("\r\n", "\n").replace('\r', "\n");
            self.load(|all| with_lf(all.trim_start_matches('\u{FEFF}')).into_bytes())?;
            self.cr_ends = true;
        }
        Ok(())
    }

    /// Leaves out the DOS end of the text, and NULs that fill up its last block.
    fn leave_dos_end(&mut self) -> Result<(), FileRefusal> {
        let from = self.size.saturating_sub(PIECE).max(self.start);
        let last = self.bytes_at(from, PIECE as usize)?;
        let text = last.iter().rposition(|byte| !matches!(*byte, DOS_END | 0)).map_or(0, |i| i + 1);
        let ends_a_line = matches!(last[..text].last(), None | Some(b'\n' | b'\r'));
        if last[text..].contains(&DOS_END) || ends_a_line {
            self.tail = (last.len() - text) as u64;
            self.size -= self.tail;
        }
        Ok(())
    }

    /// Names the encoding the file was read in.
    pub fn encoding(&self) -> &'static str {
        self.encoding.name()
    }

    /// Tells what it was taken by.
    pub fn encoding_by(&self) -> EncodingBy {
        self.encoding_by
    }

    /// Tells how the file is written, so that a copy is written likewise; nothing where its records are not those that its own
    /// separators, quotation marks and line ends say, as far as it was read.
    pub fn manner(&self) -> Option<TextManner> {
        let TextFile { encoding, delimiter, cr_ends, tail, .. } = *self;
        let is_copied = [UTF_8, GB18030, UTF_16LE, UTF_16BE].contains(&encoding);
        let is_plain = is_copied && !self.is_rewritten && !self.is_odd.load(Ordering::Relaxed);
        is_plain.then_some(TextManner { encoding, delimiter, cr_ends, tail })
    }

    pub fn set_delimiter(&mut self, delimiter: u8) {
        self.delimiter = delimiter;
    }

    /// Rewrites a file whose cells are separated by `，` with plain commas, in memory.
    pub fn use_wide_commas(&mut self) -> Result<(), FileRefusal> {
        self.is_rewritten = true;
        self.load(|text| {
            let mut out = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
            for line in text.trim_start_matches('\u{FEFF}').lines() {
                // Writing to memory cannot fail.
                let _ = out.write_record(line.split('，'));
            }
            out.into_inner().unwrap_or_default()
        })
    }

    /// Puts rows that single CRs end on lines of their own, in memory, where others end with LF. Tells whether there are any.
    pub fn set_apart(&mut self, delimiter: u8, width: usize) -> Result<bool, FileRefusal> {
        let all = self.bytes_at(self.start, usize::try_from(self.size - self.start).unwrap_or(usize::MAX))?;
        let (text, _) = self.decoded(all);
        if with_ends_apart(&String::from_utf8_lossy(&text), delimiter, width).is_none() {
            return Ok(false);
        }
        self.is_rewritten = true;
        self.load(|text| {
            let text = text.trim_start_matches('\u{FEFF}');
            with_ends_apart(text, delimiter, width).unwrap_or_else(|| text.as_bytes().to_vec())
        })?;
        Ok(true)
    }

    /// Gives the size in bytes, of the decoded text where the encoding cannot be cut at line ends.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Parses everything after the first `header_rows` records, pieces in order.
    ///
    /// `check` runs on the reading threads, while a piece is still in their caches: it may thin the block and give its memory
    /// back. `deliver` runs on this thread, in order.
    pub fn read<T: Send>(
        &self,
        kinds: &RowKinds,
        header_rows: u32,
        threads: usize,
        check: &Check<'_, T>,
        deliver: &mut dyn FnMut(Piece, T) -> ControlFlow<()>,
    ) -> Result<(), FileRefusal> {
        let body = self.after_records(header_rows)?;
        // Rows that are kept by their numbers are counted from the first one.
        let cuts = if kinds.keeps_some() { vec![body, self.size] } else { cuts(body, self.size) };
        let next = AtomicUsize::new(0);
        let stop = AtomicBool::new(false);
        let count = cuts.len() - 1;
        std::thread::scope(|scope| {
            // Whoever takes the pieces sets the pace: what waits for them is memory.
            let (sender, receiver) = mpsc::sync_channel(2 * threads);
            for _ in 0..threads.clamp(1, count.max(1)) {
                let (sender, cuts, next, stop) = (sender.clone(), &cuts, &next, &stop);
                scope.spawn(move || {
                    let mut scratch = BlockScratch::default();
                    while !stop.load(Ordering::Relaxed) {
                        let i = next.fetch_add(1, Ordering::Relaxed);
                        if count <= i {
                            break;
                        }
                        let checked = self.start_of(cuts[i], body).and_then(|from| {
                            let parsed = self.parse(kinds, from, cuts[i + 1], std::mem::take(&mut scratch.spare))?;
                            Ok(parsed.checked(check, &mut scratch))
                        });
                        if sender.send((i, checked)).is_err() {
                            break;
                        }
                    }
                });
            }
            drop(sender);
            let mut waiting = BTreeMap::new();
            let mut wanted = 0;
            let mut at = body;
            let mut lines = 0;
            let result = (|| {
                for (i, checked) in &receiver {
                    waiting.insert(i, checked);
                    while let Some(checked) = waiting.remove(&wanted) {
                        let (parsed, report) = match checked {
                            Ok((parsed, report)) if parsed.from == at => (parsed, report),
                            // The cut lay inside quotes.
                            _ => {
                                let parsed = self
                                    .parse(kinds, at, cuts[wanted + 1].max(at), Vec::new())
                                    .map_err(|refusal| refusal.below(header_rows + lines))?;
                                parsed.checked(check, &mut BlockScratch::default())
                            }
                        };
                        at = parsed.to;
                        lines += parsed.piece.block.line_count();
                        wanted += 1;
                        if deliver(parsed.piece, report).is_break() {
                            return Ok(());
                        }
                    }
                }
                Ok(())
            })();
            stop.store(true, Ordering::Relaxed);
            // Whoever waits to send a piece that nobody wants learns it.
            drop(receiver);
            result
        })
    }

    /// Parses a piece once more, for a block that was thinned.
    pub fn again(&self, kinds: &RowKinds, bytes: std::ops::Range<u64>) -> Result<Block, FileRefusal> {
        Ok(self.parse(kinds, bytes.start, bytes.end, Vec::new())?.piece.block)
    }

    /// Finds the first line start at or after a cut; only a guess when the cut lies inside quotes.
    fn start_of(&self, cut: u64, body: u64) -> Result<u64, FileRefusal> {
        if cut <= body {
            return Ok(body);
        }
        let mut from = cut - 1;
        while from < self.size {
            let window = self.bytes_at(from, 1 << 12)?;
            if let Some(i) = memchr::memchr(b'\n', &window) {
                return Ok(from + i as u64 + 1);
            }
            from += window.len().max(1) as u64;
        }
        Ok(self.size)
    }

    /// Parses the records from a record start up to the first record end at or after `upto`.
    /// `spare` is memory to read into.
    fn parse(&self, kinds: &RowKinds, from: u64, upto: u64, mut spare: Vec<u8>) -> Result<Parsed, FileRefusal> {
        let near = self.start_of(upto.min(self.size), from)?.max(from);
        // What is looked at behind the piece, for what closes a quotation mark of its last records.
        let mut further = 0;
        loop {
            let end = if further == 0 { near } else { self.start_of(near + further, from)? };
            let raw = self.bytes_into(std::mem::take(&mut spare), from, (near - from) as usize)?;
            let (mut text, mut damaged) = self.decoded(raw);
            let stop = text.len();
            if near < end {
                let (behind, is_damaged) = self.decoded(self.bytes_at(near, (end - near) as usize)?);
                text.extend_from_slice(&behind);
                damaged |= is_damaged;
            }
            let is_last = self.size <= end;
            let reach = Reach { stop, is_last, grows: !is_last && further < LONGEST_RECORD };
            match split(text, self.delimiter, kinds, reach, damaged) {
                Ok(piece) => {
                    self.is_odd.fetch_or(piece.is_odd, Ordering::Relaxed);
                    let to = match usize::try_from(piece.bytes.end) {
                        Ok(at) if at != stop => self.raw_place(from, (end - from) as usize, at)?,
                        _ => near,
                    };
                    return Ok(Parsed { from, to, piece });
                }
                Err(open) if open.is_hopeless => {
                    return Err(FileRefusal::new(RefusalKind::OpenQuote, (open.record + 1).to_string()));
                }
                // Twice as far each time: what is never closed must not cost a pass per line.
                Err(_) => further = (further * 2).max(1 << 12),
            }
        }
    }

    /// Gives the place in the file of a line start in the decoded text of a stretch: as many line ends stand before it.
    fn raw_place(&self, from: u64, count: usize, at: usize) -> Result<u64, FileRefusal> {
        let raw = self.bytes_at(from, count)?;
        let (text, _) = self.decoded(raw.clone());
        if text.len() <= at {
            return Ok(from + raw.len() as u64);
        }
        let lines = memchr::memchr_iter(b'\n', &text[..at]).count();
        let place = lines.checked_sub(1).and_then(|last| memchr::memchr_iter(b'\n', &raw).nth(last));
        Ok(from + place.map_or(0, |i| i as u64 + 1))
    }

    /// Finds where the record after a number of records begins. Blank lines count as records.
    fn after_records(&self, records: u32) -> Result<u64, FileRefusal> {
        let mut at = self.start;
        let none = RowKinds::default();
        for _ in 0..records {
            let line_end = self.start_of(at + 1, self.start)?;
            let mut end = line_end;
            for _ in 0..MOST_LINES {
                let (text, damaged) = self.decoded(self.bytes_at(at, (end - at) as usize)?);
                let complete = split(text, self.delimiter, &none, Reach::whole(self.size <= end), damaged).is_ok();
                if complete || LONGEST_RECORD < end - at {
                    break;
                }
                if self.size <= end {
                    // Nothing closes its quotation mark: it ends with its line.
                    end = line_end;
                    break;
                }
                end = self.start_of(end + 1, self.start)?;
            }
            at = end;
        }
        Ok(at)
    }

    fn head(&self) -> Result<Vec<u8>, FileRefusal> {
        self.bytes_at(0, FIRST_PIECE as usize)
    }

    fn bytes_at(&self, from: u64, count: usize) -> Result<Vec<u8>, FileRefusal> {
        self.bytes_into(Vec::new(), from, count)
    }

    fn bytes_into(&self, buffer: Vec<u8>, from: u64, count: usize) -> Result<Vec<u8>, FileRefusal> {
        self.bytes.read_at(buffer, from, count).map_err(|e| FileRefusal::from_io(&e))
    }

    /// Replaces the file by its whole content in UTF-8, converted.
    fn load(&mut self, convert: impl Fn(&str) -> Vec<u8>) -> Result<(), FileRefusal> {
        if 512 << 20 < self.size {
            return Err(FileRefusal::new(RefusalKind::TooLarge, ""));
        }
        // As it is, as text, and converted.
        memory::has_room(self.size * 4)?;
        let all = self.bytes_at(0, self.size as usize)?;
        let text = match self.bytes {
            Bytes::File(_) => self.encoding.decode(&all).0,
            Bytes::Memory(_) => String::from_utf8_lossy(&all),
        };
        let converted = convert(&text);
        self.size = converted.len() as u64;
        self.start = 0;
        self.bytes = Bytes::Memory(converted);
        Ok(())
    }

    /// Decodes a piece; bytes that are no text become U+FFFD, and the flag tells that there were some.
    fn decoded(&self, raw: Vec<u8>) -> (Vec<u8>, bool) {
        if self.encoding == GB18030 && matches!(self.bytes, Bytes::File(_)) {
            let (text, damaged) = GB18030.decode_without_bom_handling(&raw);
            return (text.into_owned().into_bytes(), damaged);
        }
        if simdutf8::basic::from_utf8(&raw).is_ok() {
            return (raw, false);
        }
        (String::from_utf8_lossy(&raw).into_owned().into_bytes(), true)
    }
}

/// Gives the first rows of a block as texts, those left out as empty ones.
fn cuts(body: u64, size: u64) -> Vec<u64> {
    let mut cuts = vec![body];
    let mut at = body + FIRST_PIECE;
    while at < size {
        cuts.push(at);
        at += PIECE;
    }
    cuts.push(size);
    cuts
}
