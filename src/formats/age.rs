//! The `age` format with a passphrase (口令加密), version 1: what any `age` program can read, and what it writes.
//!
//! Only the passphrase kind is here. The primitives are crates; the format is a header of three lines and chunks of 64 KiB,
//! as its specification (C2SP, `age-encryption.org/v1`) lays down. Chunks can be read in any order, so that an archive needs
//! no decrypted copy on the disk.

use std::io::{self, BufRead, BufReader, ErrorKind, Read, Seek, SeekFrom, Write};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD as BASE64;
use chacha20poly1305::aead::{Aead, KeyInit};
use chacha20poly1305::{ChaCha20Poly1305, Nonce};
use hkdf::Hkdf;
use hmac::{Hmac, Mac};
use sha2::Sha256;
use thiserror::Error;

/// What a file begins with.
pub const INTRO: &str = "age-encryption.org/v1";

/// The bytes of a chunk of the text.
const CHUNK: usize = 64 * 1024;

/// The bytes that a chunk grows by when it is sealed.
const TAG: usize = 16;

/// The cost of a passphrase that is set, as a power of two: 128 MiB and about half a second. OWASP's password storage advice
/// asks for no less.
const COST: u8 = 17;

/// The highest cost that is borne for a file from elsewhere: 1 GiB.
const MOST: u8 = 20;

/// The longest line of a header.
const LINE: u64 = 4096;

/// Why a file cannot be read.
#[derive(Debug, Error)]
pub enum AgeError {
    /// The passphrase is another.
    #[error("the passphrase is wrong")]
    Passphrase,
    /// It is made for keys, not for a passphrase.
    #[error("the file is not locked with a passphrase")]
    OtherKind,
    /// Trying the passphrase would take more memory than is borne: as a power of two.
    #[error("the passphrase costs 2^{0}")]
    Costly(u8),
    /// It is not what the format says, or was altered.
    #[error("the file is damaged")]
    Damaged,
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// Seals what is written to it.
pub struct Writer<W: Write> {
    out: W,
    seal: ChunkKey,
    chunk: Vec<u8>,
    number: u64,
}

/// Opens what was sealed; reads from anywhere.
pub struct AgeReader<R: Read + Seek> {
    from: R,
    seal: ChunkKey,
    /// Where the chunks begin.
    start: u64,
    /// How long the text is.
    length: u64,
    at: u64,
    chunk: Vec<u8>,
    number: Option<u64>,
}

/// The key of the chunks.
struct ChunkKey(ChaCha20Poly1305);

impl ChunkKey {
    fn of(file_key: &[u8], nonce: &[u8]) -> ChunkKey {
        ChunkKey(ChaCha20Poly1305::new(&derived(file_key, nonce, b"payload").into()))
    }

    fn nonce(number: u64, is_last: bool) -> Nonce {
        let mut nonce = [0; 12];
        nonce[3..11].copy_from_slice(&number.to_be_bytes());
        nonce[11] = is_last.into();
        nonce.into()
    }

    fn close(&self, number: u64, is_last: bool, text: &[u8]) -> io::Result<Vec<u8>> {
        self.0.encrypt(&ChunkKey::nonce(number, is_last), text).map_err(|_| io::Error::other("chunk"))
    }

    fn open(&self, number: u64, is_last: bool, sealed: &[u8]) -> io::Result<Vec<u8>> {
        self.0.decrypt(&ChunkKey::nonce(number, is_last), sealed).map_err(|_| altered())
    }
}

fn altered() -> io::Error {
    io::Error::new(ErrorKind::InvalidData, AgeError::Damaged)
}

fn derived(secret: &[u8], salt: &[u8], purpose: &[u8]) -> [u8; 32] {
    let mut key = [0; 32];
    // The only refusal is that of a key of more than 8 KiB.
    let _ = Hkdf::<Sha256>::new(Some(salt), secret).expand(purpose, &mut key);
    key
}

/// Computes the sum over a header, up to and with its `---`.
fn sum(file_key: &[u8], header: &str) -> Option<Hmac<Sha256>> {
    let mut sum = <Hmac<Sha256> as KeyInit>::new_from_slice(&derived(file_key, b"", b"header")).ok()?;
    sum.update(header.as_bytes());
    Some(sum)
}

/// Makes the key that locks the file's own key.
fn lock(passphrase: &str, salt: &[u8], cost: u8) -> Option<ChaCha20Poly1305> {
    let salt = [b"age-encryption.org/v1/scrypt", salt].concat();
    let mut key = [0; 32];
    let costs = scrypt::Params::new(cost, 8, 1).ok()?;
    scrypt::scrypt(passphrase.as_bytes(), &salt, &costs, &mut key).ok()?;
    Some(ChaCha20Poly1305::new(&key.into()))
}

fn random<const N: usize>() -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    let mut filled = 0;
    while filled < N {
        filled += rustix::rand::getrandom(&mut bytes[filled..], rustix::rand::GetRandomFlags::empty())?;
    }
    Ok(bytes)
}

impl<W: Write> Writer<W> {
    /// Begins a file that the passphrase opens.
    pub fn new(mut out: W, passphrase: &str) -> io::Result<Writer<W>> {
        let (file_key, salt, nonce) = (random::<16>()?, random::<16>()?, random::<16>()?);
        let unmade = || io::Error::other("key");
        let lock = lock(passphrase, &salt, COST).ok_or_else(unmade)?;
        // The key is used once, for this file's own key alone.
        let locked = lock.encrypt(&Nonce::default(), &file_key[..]).map_err(|_| unmade())?;
        let header = format!("{INTRO}\n-> scrypt {} {COST}\n{}\n---", BASE64.encode(salt), BASE64.encode(locked));
        let sum = sum(&file_key, &header).ok_or_else(unmade)?.finalize().into_bytes();
        writeln!(out, "{header} {}", BASE64.encode(sum))?;
        out.write_all(&nonce)?;
        Ok(Writer { out, seal: ChunkKey::of(&file_key, &nonce), chunk: Vec::with_capacity(CHUNK), number: 0 })
    }

    /// Seals the last chunk; without it the file counts as cut off.
    pub fn finish(mut self) -> io::Result<W> {
        self.put(true)?;
        Ok(self.out)
    }

    fn put(&mut self, is_last: bool) -> io::Result<()> {
        let sealed = self.seal.close(self.number, is_last, &self.chunk)?;
        self.out.write_all(&sealed)?;
        self.chunk.clear();
        self.number += 1;
        Ok(())
    }
}

impl<W: Write> Write for Writer<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // Whether a full chunk is the last one is known when more comes.
        if self.chunk.len() == CHUNK && !bytes.is_empty() {
            self.put(false)?;
        }
        let count = bytes.len().min(CHUNK - self.chunk.len());
        self.chunk.extend_from_slice(&bytes[..count]);
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

impl<R: Read + Seek> AgeReader<R> {
    /// Reads the header and tries the passphrase.
    pub fn new(mut from: R, passphrase: &str) -> Result<AgeReader<R>, AgeError> {
        let end = from.seek(SeekFrom::End(0))?;
        from.rewind()?;
        let mut lines = BufReader::with_capacity(512, &mut from);
        let mut read = 0;
        let mut line = || -> Result<String, AgeError> {
            let mut text = Vec::new();
            (&mut lines).take(LINE).read_until(b'\n', &mut text)?;
            read += text.len() as u64;
            let text = String::from_utf8(text).map_err(|_| AgeError::Damaged)?;
            Ok(text.strip_suffix('\n').ok_or(AgeError::Damaged)?.to_string())
        };
        let (intro, stanza) = (line()?, line()?);
        if intro != INTRO {
            return Err(AgeError::Damaged);
        }
        let words: Vec<&str> = stanza.split(' ').collect();
        let ["->", "scrypt", salt, cost] = words[..] else { return Err(AgeError::OtherKind) };
        let (body, end_line) = (line()?, line()?);
        let given = end_line.strip_prefix("--- ").ok_or(AgeError::Damaged)?;
        let decoded = |text: &str| BASE64.decode(text).map_err(|_| AgeError::Damaged);
        let (salt, locked, given) = (decoded(salt)?, decoded(&body)?, decoded(given)?);
        let cost: u8 = cost.parse().map_err(|_| AgeError::Damaged)?;
        if MOST < cost {
            return Err(AgeError::Costly(cost));
        }
        if cost == 0 || salt.len() != 16 || locked.len() != 16 + TAG {
            return Err(AgeError::Damaged);
        }
        let lock = lock(passphrase, &salt, cost).ok_or(AgeError::Damaged)?;
        let file_key = lock.decrypt(&Nonce::default(), &locked[..]).map_err(|_| AgeError::Passphrase)?;
        let header = format!("{intro}\n{stanza}\n{body}\n---");
        sum(&file_key, &header).ok_or(AgeError::Damaged)?.verify_slice(&given).map_err(|_| AgeError::Damaged)?;
        let mut nonce = [0; 16];
        from.seek(SeekFrom::Start(read))?;
        from.read_exact(&mut nonce).map_err(|_| AgeError::Damaged)?;
        let start = read + 16;
        let (full, rest) = ((end - start) / (CHUNK + TAG) as u64, (end - start) % (CHUNK + TAG) as u64);
        // Every chunk has its tag, the last one too; only an empty text has an empty chunk.
        let is_odd = 0 < rest && rest < TAG as u64 || rest == TAG as u64 && full != 0 || full == 0 && rest == 0;
        if is_odd {
            return Err(AgeError::Damaged);
        }
        let length = full * CHUNK as u64 + rest.saturating_sub(TAG as u64);
        let seal = ChunkKey::of(&file_key, &nonce);
        let mut reader = AgeReader { from, seal, start, length, at: 0, chunk: Vec::new(), number: None };
        // That nothing was cut off shows at the last chunk alone.
        reader.load(length.saturating_sub(1) / CHUNK as u64).map_err(|_| AgeError::Damaged)?;
        Ok(reader)
    }

    fn load(&mut self, number: u64) -> io::Result<()> {
        if self.number == Some(number) {
            return Ok(());
        }
        let is_last = self.length <= (number + 1) * CHUNK as u64;
        let count = if is_last { self.length - number * CHUNK as u64 } else { CHUNK as u64 };
        let mut sealed = vec![0; count as usize + TAG];
        self.from.seek(SeekFrom::Start(self.start + number * (CHUNK + TAG) as u64))?;
        self.from.read_exact(&mut sealed)?;
        self.number = None;
        self.chunk = self.seal.open(number, is_last, &sealed)?;
        self.number = Some(number);
        Ok(())
    }
}

impl<R: Read + Seek> Read for AgeReader<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.length <= self.at {
            return Ok(0);
        }
        self.load(self.at / CHUNK as u64)?;
        let from = &self.chunk[(self.at % CHUNK as u64) as usize..];
        let count = from.len().min(into.len());
        into[..count].copy_from_slice(&from[..count]);
        self.at += count as u64;
        Ok(count)
    }
}

impl<R: Read + Seek> Seek for AgeReader<R> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let at = match to {
            SeekFrom::Start(at) => i128::from(at),
            SeekFrom::End(by) => i128::from(self.length) + i128::from(by),
            SeekFrom::Current(by) => i128::from(self.at) + i128::from(by),
        };
        self.at = u64::try_from(at).map_err(|_| io::Error::from(ErrorKind::InvalidInput))?;
        Ok(self.at)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::io::Cursor;

    use super::*;

    fn sealed(text: &[u8]) -> Vec<u8> {
        let mut writer = Writer::new(Vec::new(), "三人成虎 tiger").unwrap();
        writer.write_all(text).unwrap();
        writer.finish().unwrap()
    }

    fn opened(sealed: &[u8], passphrase: &str) -> Result<Vec<u8>, AgeError> {
        let mut text = Vec::new();
        AgeReader::new(Cursor::new(sealed), passphrase)?.read_to_end(&mut text)?;
        Ok(text)
    }

    #[test]
    fn comes_back_whole_at_every_length_around_a_chunk() {
        for length in [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 2 * CHUNK + 7] {
            let text: Vec<u8> = (0..length).map(|i| (i * 31 % 251) as u8).collect();
            assert_eq!(opened(&sealed(&text), "三人成虎 tiger").unwrap(), text, "{length}");
        }
    }

    #[test]
    fn reads_from_anywhere() {
        let text: Vec<u8> = (0..CHUNK * 2 + 100).map(|i| (i % 253) as u8).collect();
        let sealed = sealed(&text);
        let mut reader = AgeReader::new(Cursor::new(&sealed), "三人成虎 tiger").unwrap();
        for at in [CHUNK * 2 + 99, 0, CHUNK - 1, CHUNK, 5] {
            reader.seek(SeekFrom::Start(at as u64)).unwrap();
            let mut byte = [0];
            reader.read_exact(&mut byte).unwrap();
            assert_eq!(byte[0], text[at], "{at}");
        }
        assert_eq!(reader.seek(SeekFrom::End(-1)).unwrap(), text.len() as u64 - 1);
        assert!(reader.seek(SeekFrom::Start(0)).is_ok() && reader.seek(SeekFrom::Current(-1)).is_err());
    }

    #[test]
    fn another_passphrase_a_cut_and_an_altered_byte_are_told_apart() {
        let whole = sealed(&vec![7; CHUNK + 10]);
        assert!(matches!(opened(&whole, "tiger"), Err(AgeError::Passphrase)));
        // Whole chunks taken off the end, and a part of one.
        for cut in [whole.len() - 10 - TAG, whole.len() - 1, 200, 30, 0] {
            assert!(opened(&whole[..cut], "三人成虎 tiger").is_err(), "{cut}");
        }
        let mut bent = whole.clone();
        *bent.last_mut().unwrap() ^= 1;
        assert!(matches!(opened(&bent, "三人成虎 tiger"), Err(AgeError::Damaged)));
        let mut bent = whole.clone();
        bent[400] ^= 1;
        assert!(opened(&bent, "三人成虎 tiger").is_err());
        let text = String::from_utf8_lossy(&whole[..40]).into_owned();
        assert!(text.starts_with("age-encryption.org/v1\n-> scrypt "), "{text}");
        assert!(matches!(
            opened(b"age-encryption.org/v1\n-> X25519 abc\nabc\n--- abc\n", "x"),
            Err(AgeError::OtherKind)
        ));
        let costly = b"age-encryption.org/v1\n-> scrypt AAAAAAAAAAAAAAAAAAAAAA 30\nAAAA\n--- AAAA\n";
        assert!(matches!(opened(costly, "x"), Err(AgeError::Costly(30))));
    }

    /// Made by another program of the format (the crate `age` 0.12, cost 2^10), of the text below.
    #[test]
    fn reads_what_another_program_wrote() {
        let file = include_bytes!("../../tests/fixtures/passphrase.age");
        assert_eq!(opened(file, "correct horse").unwrap(), "证书台账备份\n".repeat(3600).into_bytes());
    }
}
