//! The bytes of a text file, and what encoding they are in.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;

use encoding_rs::{BIG5, EUC_KR, Encoding, GB18030, SHIFT_JIS, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use crate::domain::sheet::TextEncoding;
use crate::formats::{FileRefusal, RefusalKind};

#[derive(Debug)]
pub enum Bytes {
    File(File),
    /// The whole file in UTF-8, for encodings that cannot be cut at line ends.
    Memory(Vec<u8>),
}

impl Bytes {
    /// Reads up to `count` bytes from a place, into memory that is no longer needed if there is some.
    pub fn read_at(&self, mut buffer: Vec<u8>, from: u64, count: usize) -> io::Result<Vec<u8>> {
        match self {
            Bytes::File(file) => {
                // A fresh zeroed vector costs no pass over its memory, growing one would.
                if buffer.capacity() < count {
                    buffer = vec![0; count];
                }
                buffer.resize(count, 0);
                let mut done = 0;
                while done < count {
                    match file.read_at(&mut buffer[done..], from + done as u64) {
                        Ok(0) => break,
                        Ok(n) => done += n,
                        Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                        Err(e) => return Err(e),
                    }
                }
                buffer.truncate(done);
                Ok(buffer)
            }
            Bytes::Memory(all) => {
                let from = usize::try_from(from).unwrap_or(usize::MAX).min(all.len());
                Ok(all[from..(from + count).min(all.len())].to_vec())
            }
        }
    }
}

/// Gives what decodes an encoding that is named.
pub fn encoding_of(named: TextEncoding) -> &'static Encoding {
    match named {
        TextEncoding::Utf8 => UTF_8,
        TextEncoding::Gb18030 => GB18030,
        TextEncoding::Big5 => BIG5,
        TextEncoding::Utf16Le => UTF_16LE,
        TextEncoding::Utf16Be => UTF_16BE,
        TextEncoding::ShiftJis => SHIFT_JIS,
        TextEncoding::EucKr => EUC_KR,
        TextEncoding::Windows1252 => WINDOWS_1252,
    }
}

/// Tells UTF-8 from GB18030 by the first bytes. A file that is neither is refused.
pub fn guess(head: &[u8], whole: bool) -> Result<&'static Encoding, FileRefusal> {
    let beyond_ascii = head.iter().filter(|b| !b.is_ascii()).count();
    let mut rest = head;
    let mut bad = 0;
    while let Err(e) = std::str::from_utf8(rest) {
        let Some(length) = e.error_len() else { break };
        bad += 1;
        rest = &rest[e.valid_up_to() + length..];
    }
    // One bad byte in a UTF-8 file must not turn all its text into nonsense.
    if bad * 50 <= beyond_ascii {
        return Ok(UTF_8);
    }
    // The head may end inside a character; the last bytes do not count then.
    let usable = if whole { head.len() } else { memchr::memrchr(b'\n', head).map_or(head.len(), |i| i + 1) };
    let (text, damaged) = GB18030.decode_without_bom_handling(&head[..usable]);
    let lost = if damaged { text.matches('\u{FFFD}').count() } else { 0 };
    if lost * 50 <= beyond_ascii { Ok(GB18030) } else { Err(FileRefusal::new(RefusalKind::Encoding, "")) }
}
