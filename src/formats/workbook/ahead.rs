//! A package whose large parts are inflated ahead of their parser, by a thread of their own.
//!
//! The parser is given the bytes of the package, but for a few of its directory: there each large part stands as one that was
//! stored as it is. Whoever goes to where such a part begins is given what the thread inflates of it, and never comes to the bytes
//! that are there. Small parts, and those that are kept in an unusual way, are left to the parser.

use super::meter::Metered;
use std::collections::HashSet;
use std::io::{self, Read, Seek, SeekFrom};
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use zip::ZipArchive;

/// A part is large when it inflates to more than this.
const LARGE: u64 = 1 << 20;
/// A workbook with more of them is not read ahead.
const MOST_PARTS: usize = 64;
/// What is handed over at once, and how many of these lie ready.
const BLOCK: usize = 64 << 10;
const BLOCKS: usize = 4;
/// A parser inflates so much at once. What is damaged is told at the same place as it would be told there.
const STEP: usize = 8 << 10;

/// What the directory's entry of a part begins with, and where in it stand the way the part is kept and its two sizes.
const SIGNATURE: &[u8] = b"PK\x01\x02";
const METHOD: usize = 10;
const PACKED_SIZE: usize = 20;
const SIZE: usize = 24;
const DEFLATED: [u8; 2] = [8, 0];
const STORED: [u8; 2] = [0, 0];

/// The package as it is read: its bytes, or what is inflated of a part.
pub struct Package {
    bytes: Metered<'static>,
    parts: Vec<Part>,
    orders: Option<Sender<Order>>,
    stream: Option<Stream>,
    is_inside: bool,
}

/// A large part.
struct Part {
    /// Its number in the directory, where that tells of it, and where it begins.
    nth: usize,
    entry: u64,
    begins: u64,
    size: u32,
}

/// Which part is to be inflated, and where it is wanted.
type Order = (usize, SyncSender<io::Result<Vec<u8>>>);

/// A part while it is read.
struct Stream {
    nth: usize,
    blocks: Receiver<io::Result<Vec<u8>>>,
    block: Vec<u8>,
    at: usize,
    /// Whether nothing was read beyond the first block, so that it can be read from its beginning again.
    is_first: bool,
}

impl Package {
    pub fn new(bytes: &'static [u8]) -> Package {
        let parts = large_parts(bytes).unwrap_or_default();
        let (orders, ordered) = channel();
        let inflate = move || inflate_all(bytes, &ordered);
        // Without the thread every part is left to the parser.
        let is_ahead = !parts.is_empty() && std::thread::Builder::new().spawn(inflate).is_ok();
        let (parts, orders) = if is_ahead { (parts, Some(orders)) } else { (Vec::new(), None) };
        Package { bytes: Metered::new(bytes), parts, orders, stream: None, is_inside: false }
    }

    /// Begins to read a part.
    fn open(&mut self, nth: usize) {
        if let Some(stream) = self.stream.as_mut().filter(|stream| stream.nth == nth && stream.is_first) {
            stream.at = 0;
            return;
        }
        let (wanted, blocks) = sync_channel(BLOCKS);
        if let Some(orders) = &self.orders {
            // Where the thread has ended there is nothing to read, and the sum that is kept of the part tells it.
            let _ = orders.send((nth, wanted));
        }
        self.stream = Some(Stream { nth, blocks, block: Vec::new(), at: 0, is_first: true });
    }
}

impl Read for Package {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if let Some(stream) = self.stream.as_mut().filter(|_| self.is_inside) {
            return stream.read(into);
        }
        let from = self.bytes.position();
        let count = self.bytes.read(into)?;
        for part in &self.parts {
            put_over(&mut into[..count], from, part.entry + METHOD as u64, &STORED);
            // One byte more: what comes after the last one tells whether all was whole.
            put_over(&mut into[..count], from, part.entry + PACKED_SIZE as u64, &(part.size + 1).to_le_bytes());
        }
        Ok(count)
    }
}

impl Seek for Package {
    /// Within a part nobody goes on from where he is: only its beginning is known.
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let at = self.bytes.seek(to)?;
        let part = self.parts.iter().find(|part| part.begins == at).map(|part| part.nth);
        self.is_inside = part.is_some();
        if let Some(nth) = part {
            self.open(nth);
        }
        Ok(at)
    }
}

impl Stream {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.at == self.block.len() {
            let Ok(block) = self.blocks.recv() else { return Ok(0) };
            self.is_first = self.block.is_empty() && block.is_ok();
            (self.block, self.at) = (block?, 0);
        }
        let count = into.len().min(self.block.len() - self.at);
        into[..count].copy_from_slice(&self.block[self.at..self.at + count]);
        self.at += count;
        Ok(count)
    }
}

/// Puts bytes that stand at a place over those that were read from another.
fn put_over(read: &mut [u8], from: u64, place: u64, bytes: &[u8]) {
    for (byte, at) in bytes.iter().zip(place..) {
        if let Some(old) = at.checked_sub(from).and_then(|at| read.get_mut(at as usize)) {
            *old = *byte;
        }
    }
}

/// Lists the large parts that are kept in the usual way; none where two parts begin at one place.
fn large_parts(bytes: &'static [u8]) -> Option<Vec<Part>> {
    let mut zip = ZipArchive::new(Metered::new(bytes)).ok()?;
    let directory = zip.central_directory_start();
    let (mut parts, mut places) = (Vec::new(), HashSet::new());
    for nth in 0..zip.len() {
        let Ok(part) = zip.by_index(nth) else { continue };
        let (begins, entry) = (part.data_start()?, part.central_header_start());
        if !places.insert(begins) {
            return None;
        }
        let kept = bytes.get(entry as usize..)?;
        let has = |at: usize, wanted: &[u8]| kept.get(at..).is_some_and(|kept| kept.starts_with(wanted));
        // A size that stands elsewhere is one of four gigabytes, or somebody's joke.
        let has_size = |at, size| u32::try_from(size).is_ok_and(|size| size < u32::MAX && has(at, &size.to_le_bytes()));
        let is_usual = has(0, SIGNATURE)
            && has(METHOD, &DEFLATED)
            && has_size(PACKED_SIZE, part.compressed_size())
            && has_size(SIZE, part.size())
            && begins.saturating_add(part.compressed_size()) <= directory;
        let is_text = part.name().is_ok_and(|name| name.ends_with(".xml"));
        if is_text && LARGE < part.size() && is_usual {
            parts.push(Part { nth, entry, begins, size: part.size() as u32 });
        }
    }
    (parts.len() <= MOST_PARTS).then_some(parts)
}

/// Inflates the parts that are ordered, one after the other, each as long as somebody reads it.
fn inflate_all(bytes: &'static [u8], ordered: &Receiver<Order>) {
    let Ok(mut zip) = ZipArchive::new(Metered::new(bytes)) else { return };
    for (nth, wanted) in ordered {
        let _ = match zip.by_index(nth) {
            Ok(part) => inflate(part, &wanted),
            Err(error) => wanted.send(Err(io::Error::other(error))).map_err(drop),
        };
    }
}

/// Inflates a part until its end, or until nobody reads it any more.
fn inflate(mut part: impl Read, wanted: &SyncSender<io::Result<Vec<u8>>>) -> Result<(), ()> {
    loop {
        let (mut block, mut filled) = (vec![0; BLOCK + STEP], 0);
        let mut last = Ok(1);
        while filled < BLOCK && matches!(last, Ok(1..)) {
            last = part.read(&mut block[filled..filled + STEP]);
            filled += *last.as_ref().unwrap_or(&0);
        }
        block.truncate(filled);
        if 0 < filled {
            wanted.send(Ok(block)).map_err(drop)?;
        }
        match last {
            Ok(0) => return Ok(()),
            Ok(_) => {}
            Err(error) => return wanted.send(Err(error)).map_err(drop),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use std::io::{Cursor, Write};
    use zip::write::SimpleFileOptions;
    use zip::{CompressionMethod, ZipWriter};

    fn text(lines: u32) -> Vec<u8> {
        (0..lines)
            .flat_map(|n| format!("<c r=\"A{n}\"><v>{}</v></c>", n.wrapping_mul(2_654_435_761)).into_bytes())
            .collect()
    }

    fn packed(parts: &[(&str, &[u8], CompressionMethod)]) -> Vec<u8> {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes, method) in parts {
            zip.start_file(*name, SimpleFileOptions::default().compression_method(*method)).unwrap();
            zip.write_all(bytes).unwrap();
        }
        zip.finish().unwrap().into_inner()
    }

    /// Reads a part as a parser does, until its end or until something is wrong.
    fn read(source: impl Read + Seek, name: &str) -> (Vec<u8>, Option<String>) {
        let mut zip = ZipArchive::new(source).unwrap();
        let part = match zip.by_name(name) {
            Ok(part) => part,
            Err(error) => return (Vec::new(), Some(error.to_string())),
        };
        let (mut part, mut all) = (io::BufReader::new(part), Vec::new());
        let ended = io::copy(&mut part, &mut all);
        (all, ended.err().map(|error| error.to_string()))
    }

    #[test]
    fn large_parts_are_what_they_are_when_they_are_read_again_and_again() {
        let (small, large, other) = (text(9), text(60_000), text(80_000));
        let deflated = CompressionMethod::Deflated;
        let bytes: &'static [u8] =
            packed(&[("a.xml", &large, deflated), ("b.xml", &small, deflated), ("c.xml", &other, deflated)]).leak();
        let package = Package::new(bytes);
        assert_eq!(package.parts.len(), 2);
        let mut zip = ZipArchive::new(package).unwrap();
        // The beginning of one, as for its styles, then the other, then both from the beginning.
        for (name, whole, wanted) in [
            ("a.xml", &large, 9000),
            ("a.xml", &large, BLOCK),
            ("a.xml", &large, 2 * BLOCK),
            ("b.xml", &small, usize::MAX),
            ("c.xml", &other, 70_000),
            ("b.xml", &small, 10),
            ("c.xml", &other, usize::MAX),
            ("c.xml", &other, usize::MAX),
            ("a.xml", &large, usize::MAX),
        ] {
            let mut read = Vec::new();
            zip.by_name(name).unwrap().take(wanted as u64).read_to_end(&mut read).unwrap();
            assert!(read == whole[..wanted.min(whole.len())], "{name} {wanted}");
        }
    }

    #[test]
    fn damage_is_told_as_a_parser_would_come_to_it() {
        let large = text(40_000);
        let bytes = packed(&[("a.xml", &large, CompressionMethod::Deflated)]);
        let entry =
            ZipArchive::new(Cursor::new(&bytes)).unwrap().by_name("a.xml").unwrap().central_header_start() as usize;
        let size = large.len() as u32;
        let put = |at: usize, put: &[u8]| {
            let mut damaged = bytes.clone();
            damaged[at..at + put.len()].copy_from_slice(put);
            damaged
        };
        let sizes = [0, 1, size - 1, size + 1, size / 2, 2 * size, u32::MAX - 1, u32::MAX];
        let lies = sizes.into_iter().flat_map(|size| {
            let size = size.to_le_bytes();
            [put(entry + PACKED_SIZE, &size), put(entry + SIZE, &size), put(entry + 16, &size)]
        });
        let broken = (40..entry).step_by(entry / 25).flat_map(|at| [put(at, &[0xFF; 3]), put(at, &[0; 40])]);
        let mut ahead = 0;
        for damaged in lies.chain(broken) {
            let damaged: &'static [u8] = damaged.leak();
            let package = Package::new(damaged);
            ahead += package.parts.len();
            let (told, expected) = (read(package, "a.xml"), read(Cursor::new(damaged), "a.xml"));
            assert!(told == expected, "{:?} {:?}", told.1, expected.1);
        }
        assert!(50 < ahead);
    }

    #[test]
    fn parts_that_are_kept_in_another_way_are_left_to_the_parser() {
        let large = text(60_000);
        let stored =
            packed(&[("a.xml", &large, CompressionMethod::Stored), ("b.xml", &large, CompressionMethod::Deflated)]);
        let twice = {
            let mut bytes = packed(&[
                ("a.xml", &large, CompressionMethod::Deflated),
                ("b.xml", &large, CompressionMethod::Deflated),
            ]);
            let entry =
                ZipArchive::new(Cursor::new(&bytes)).unwrap().by_name("b.xml").unwrap().central_header_start() as usize;
            // Both names mean the bytes of the first part.
            bytes[entry + 42..entry + 46].fill(0);
            bytes
        };
        for (bytes, ahead) in [(stored, 1), (twice, 0), (b"PK\x03\x04 is no package".to_vec(), 0)] {
            let bytes: &'static [u8] = bytes.leak();
            let mut package = Package::new(bytes);
            assert_eq!(package.parts.len(), ahead);
            let mut whole = Vec::new();
            package.read_to_end(&mut whole).unwrap();
            assert_eq!(whole.iter().zip(bytes).filter(|(read, kept)| read != kept).count() > 0, 0 < ahead);
            for name in ["a.xml", "b.xml"].into_iter().filter(|_| bytes.len() > 100) {
                assert!(read(Package::new(bytes), name) == read(Cursor::new(bytes), name));
            }
        }
    }
}
