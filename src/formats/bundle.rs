//! Several files in one (打包): a zip that ordinary tools open, its first entry a text that lists the others.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};
use zip::write::{SimpleFileOptions, ZipWriter};
use zip::{CompressionMethod, ZipArchive};

/// The most bytes of the entry that lists the others.
const LIST: u64 = 16 << 20;

/// A file above this size takes the longer form of a zip's entry.
const LARGE: u64 = 1 << 31;

/// A file to be packed.
#[derive(Debug, Clone)]
pub struct BundlePart {
    /// Its name in the bundle, folders divided by `/`.
    pub name: String,
    pub path: PathBuf,
    /// How long it is.
    pub size: u64,
}

/// Gives a file's size and its SHA-256 in hexadecimal.
pub fn digest(path: &Path) -> io::Result<(u64, String)> {
    let mut sum = SummingWriter::new(io::sink());
    io::copy(&mut BufReader::with_capacity(1 << 18, super::plain_file::open(path)?), &mut sum)?;
    Ok(sum.finish())
}

/// Writes a list, given as name and text, and the files after it.
pub fn pack<W: Write + Send>(mut out: W, list: (&str, &[u8]), parts: &[BundlePart]) -> io::Result<W> {
    fill(&mut out, list, parts)?;
    Ok(out)
}

/// Writes to what workbooks are written to as well: what packs would be in the program once more for any other kind of target.
fn fill(out: &mut (dyn Write + Send), (name, list): (&str, &[u8]), parts: &[BundlePart]) -> io::Result<()> {
    let mut zip = ZipWriter::new_stream(out);
    // Stores are large and their backups frequent: the fastest level packs them to a quarter.
    let packed = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .compression_level(Some(1))
        .unix_permissions(0o600);
    // Not packed, so that the list can be read even where the rest is damaged.
    zip.start_file(name, packed.compression_method(CompressionMethod::Stored).compression_level(None))?;
    zip.write_all(list)?;
    for part in parts {
        zip.start_file(part.name.as_str(), packed.large_file(LARGE < part.size))?;
        io::copy(&mut File::open(&part.path)?, &mut zip)?;
    }
    zip.finish()?;
    Ok(())
}

/// A bundle that is read.
pub struct Bundle<R: Read + Seek> {
    zip: ZipArchive<R>,
}

impl<R: Read + Seek> Bundle<R> {
    /// Opens a bundle; the error is that of a file that is none, or damaged.
    pub fn open(from: R) -> io::Result<Bundle<R>> {
        Ok(Bundle { zip: ZipArchive::new(from)? })
    }

    /// Gives the text of the entry that lists the others.
    pub fn list(&mut self, name: &str) -> io::Result<Vec<u8>> {
        let mut text = Vec::new();
        self.zip.by_name(name)?.take(LIST).read_to_end(&mut text)?;
        Ok(text)
    }

    /// Lists the names of all entries.
    pub fn names(&self) -> Vec<String> {
        self.zip.file_names().map(|name| name.map_or_else(|_| String::new(), |name| name.to_string())).collect()
    }

    /// Writes an entry out, at most one byte more than it is said to have; gives its size and its SHA-256 in hexadecimal.
    pub fn extract(&mut self, name: &str, size: u64, out: impl Write) -> io::Result<(u64, String)> {
        let mut sum = SummingWriter::new(out);
        io::copy(&mut self.zip.by_name(name)?.take(size.saturating_add(1)), &mut sum)?;
        sum.out.flush()?;
        Ok(sum.finish())
    }
}

/// Counts and sums what goes through.
struct SummingWriter<W: Write> {
    out: W,
    size: u64,
    hash: Sha256,
}

impl<W: Write> SummingWriter<W> {
    fn new(out: W) -> SummingWriter<W> {
        SummingWriter { out, size: 0, hash: Sha256::new() }
    }

    fn finish(self) -> (u64, String) {
        let hash =
            self.hash.finalize().iter().fold(String::with_capacity(64), |hex, byte| hex + &format!("{byte:02x}"));
        (self.size, hash)
    }
}

impl<W: Write> Write for SummingWriter<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let count = self.out.write(bytes)?;
        self.hash.update(&bytes[..count]);
        self.size += count as u64;
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::io::Cursor;

    use super::*;

    #[test]
    fn what_is_packed_comes_out_and_no_more_than_was_said() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a");
        std::fs::write(&path, vec![b'x'; 100_000]).unwrap();
        let (size, hash) = digest(&path).unwrap();
        let parts = [BundlePart { name: "profiles/甲.toml".into(), path, size }];
        let bytes = pack(Vec::new(), ("list.json", b"{}"), &parts).unwrap();
        assert!(bytes.len() < 2_000, "{}", bytes.len());
        let mut bundle = Bundle::open(Cursor::new(&bytes)).unwrap();
        assert_eq!(bundle.list("list.json").unwrap(), b"{}");
        let mut out = Vec::new();
        assert_eq!(bundle.extract("profiles/甲.toml", size, &mut out).unwrap(), (size, hash));
        assert_eq!(out, vec![b'x'; 100_000]);
        assert_eq!(bundle.extract("profiles/甲.toml", 10, io::sink()).unwrap().0, 11);
        assert!(bundle.extract("other", 10, io::sink()).is_err());
        for cut in [0, 10, bytes.len() / 2, bytes.len() - 1] {
            assert!(Bundle::open(Cursor::new(&bytes[..cut])).is_err(), "{cut}");
        }
    }
}
