//! The OLE container (compound file) of .xls, .doc, .msg and of workbooks with a password.

use super::FileKind;
use crate::formats::{FileRefusal, RefusalKind};
use std::io::{self, Read, Seek, SeekFrom};

/// The first bytes of every OLE file.
pub const MAGIC: [u8; 8] = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];

/// Sectors of the directory that are looked at; a workbook has one or two, one with macros a few dozen.
const MAX_DIRECTORY_SECTORS: usize = 4096;
/// Sector numbers from here on are marks, not places.
const FIRST_MARK: u32 = 0xFFFF_FFFA;
const END_OF_CHAIN: u32 = 0xFFFF_FFFE;
/// Streams below this size live in another stream; no real xls is that small.
const MINI_STREAM_LIMIT: u32 = 4096;

/// The record that says an xls has a password.
const FILEPASS: u16 = 0x002F;

/// Streams of other programs' files, with the name we give them.
const FOREIGN_STREAMS: [(&str, &str); 5] = [
    ("WordDocument", "Word"),
    ("PowerPoint Document", "PowerPoint"),
    ("__properties_version1.0", "Outlook"),
    ("VisioDocument", "Visio"),
    ("FileHeader", "HWP"),
];

/// Tells the kind of an OLE file by its streams.
pub fn kind(file: &mut (impl Read + Seek)) -> Result<FileKind, FileRefusal> {
    let mut ole = Ole::open(file).map_err(|error| refusal(&error))?;
    let entries = ole.entries().map_err(|error| refusal(&error))?;
    let find = |name: &str| entries.iter().find(|entry| entry.name == name);
    if find("EncryptedPackage").is_some() {
        return Err(FileRefusal::new(RefusalKind::Encrypted, ""));
    }
    if let Some(book) = find("Workbook").or_else(|| find("Book")) {
        if book.size >= MINI_STREAM_LIMIT && ole.has_password(book.start).map_err(|error| refusal(&error))? {
            return Err(FileRefusal::new(RefusalKind::Encrypted, ""));
        }
        return Ok(FileKind::Xls);
    }
    let name = FOREIGN_STREAMS.iter().find(|(stream, _)| find(stream).is_some()).map_or("OLE", |(_, name)| name);
    Err(FileRefusal::new(RefusalKind::Foreign, name))
}

/// A sector beyond the end means that the rest never arrived; anything else that does not fit is damage.
fn refusal(error: &io::Error) -> FileRefusal {
    match error.kind() {
        io::ErrorKind::UnexpectedEof => FileRefusal::new(RefusalKind::CutOff, ""),
        io::ErrorKind::InvalidData => FileRefusal::new(RefusalKind::Damaged, error.to_string()),
        _ => FileRefusal::from_io(error),
    }
}

fn damaged(what: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what)
}

struct OleEntry {
    name: String,
    start: u32,
    size: u32,
}

struct Ole<'a, F> {
    file: &'a mut F,
    header: [u8; 512],
    sector_size: u32,
}

impl<'a, F: Read + Seek> Ole<'a, F> {
    fn open(file: &'a mut F) -> io::Result<Ole<'a, F>> {
        let mut header = [0; 512];
        file.seek(SeekFrom::Start(0))?;
        file.read_exact(&mut header)?;
        let sector_size = match u16::from_le_bytes([header[30], header[31]]) {
            9 => 512,
            12 => 4096,
            _ => return Err(damaged("sector size")),
        };
        Ok(Ole { file, header, sector_size })
    }

    fn header_u32(&self, at: usize) -> u32 {
        u32::from_le_bytes([self.header[at], self.header[at + 1], self.header[at + 2], self.header[at + 3]])
    }

    /// Reads `into.len()` bytes of a sector, from `offset` on.
    fn read(&mut self, sector: u32, offset: u32, into: &mut [u8]) -> io::Result<()> {
        let at = (u64::from(sector) + 1) * u64::from(self.sector_size) + u64::from(offset);
        self.file.seek(SeekFrom::Start(at))?;
        self.file.read_exact(into)
    }

    fn read_u32(&mut self, sector: u32, index: u32) -> io::Result<u32> {
        let mut bytes = [0; 4];
        self.read(sector, index * 4, &mut bytes)?;
        Ok(u32::from_le_bytes(bytes))
    }

    /// Finds the sector that follows another in its chain.
    fn next(&mut self, sector: u32) -> io::Result<u32> {
        let per_sector = self.sector_size / 4;
        let table = self.table_sector(sector / per_sector)?;
        self.read_u32(table, sector % per_sector)
    }

    /// Finds the `n`-th sector of the allocation table: 109 stand in the header, the others in a chain of lists.
    fn table_sector(&mut self, n: u32) -> io::Result<u32> {
        let sector = if n < 109 {
            self.header_u32(76 + 4 * n as usize)
        } else {
            let per_list = self.sector_size / 4 - 1;
            let mut list = self.header_u32(68);
            for _ in 0..(n - 109) / per_list {
                if list >= FIRST_MARK {
                    return Err(damaged("allocation list"));
                }
                list = self.read_u32(list, per_list)?;
            }
            if list >= FIRST_MARK {
                return Err(damaged("allocation list"));
            }
            self.read_u32(list, (n - 109) % per_list)?
        };
        if sector >= FIRST_MARK { Err(damaged("allocation table")) } else { Ok(sector) }
    }

    fn entries(&mut self) -> io::Result<Vec<OleEntry>> {
        let mut entries = Vec::new();
        let mut sector = self.header_u32(48);
        let mut piece = vec![0; self.sector_size as usize];
        for _ in 0..MAX_DIRECTORY_SECTORS {
            if sector == END_OF_CHAIN {
                return Ok(entries);
            }
            if sector >= FIRST_MARK {
                return Err(damaged("directory"));
            }
            self.read(sector, 0, &mut piece)?;
            entries.extend(piece.chunks_exact(128).filter_map(entry));
            sector = self.next(sector)?;
        }
        Err(damaged("directory"))
    }

    /// Looks for the password record among the first records of an xls; it stands before everything it covers.
    fn has_password(&mut self, start: u32) -> io::Result<bool> {
        let mut piece = [0; 512];
        self.read(start, 0, &mut piece)?;
        let mut rest = &piece[..];
        while let [a, b, c, d, tail @ ..] = rest {
            if u16::from_le_bytes([*a, *b]) == FILEPASS {
                return Ok(true);
            }
            match tail.get(usize::from(u16::from_le_bytes([*c, *d]))..) {
                Some(after) => rest = after,
                None => break,
            }
        }
        Ok(false)
    }
}

fn entry(bytes: &[u8]) -> Option<OleEntry> {
    let length = usize::from(u16::from_le_bytes([bytes[64], bytes[65]]));
    // 0 is an unused place; the name ends with a zero character.
    let name = bytes.get(..length.checked_sub(2)?.min(62))?;
    let units: Vec<u16> = name.chunks_exact(2).map(|u| u16::from_le_bytes([u[0], u[1]])).collect();
    let number = |at: usize| u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]]);
    Some(OleEntry { name: String::from_utf16_lossy(&units), start: number(116), size: number(120) })
}
