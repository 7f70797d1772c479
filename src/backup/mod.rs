//! Backups (备份) of the state folder: one file with the store, the end of its audit chain and the user's own files; and the way
//! back.
//!
//! The file is a zip, or with a passphrase a zip in an `age` file, so that it opens without this program too. A list in front
//! names every part with its size and digest. It is read back before it gets its name.

mod keep;
mod make;
mod restore;

use std::io::{self, BufReader, Read, Seek, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use thiserror::Error;

pub use keep::MONTHS;
pub use make::{BackupOrder, MadeBackup, make};
pub use restore::{PreparedRestore, RestoreConsent, Restored, open};

use crate::cause::{Cause, OwnFileFault};
use crate::domain::ledger::audit::Head;
use crate::domain::ledger::verify::VerifyReport;
use crate::formats::age::{self, AgeError};
use crate::formats::atomic::WriteError;
use crate::formats::bundle::Bundle;
use crate::formats::plain_file;
use crate::store::{Counts, StoreError};

/// The entry that lists the others.
const LIST: &str = "skillcert-backup.json";

/// The names of the store's two files in a bundle.
const DATABASE: &str = "skillcert.sqlite3";
const HEAD: &str = "skillcert.head";

/// The newest form of a bundle that is read.
const FORM: u32 = 1;

/// What a backup says of itself (清单).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BackupManifest {
    /// The form of the bundle.
    pub form: u32,
    /// The release that made it.
    pub program: String,
    /// When, UTC.
    pub made: String,
    /// The version of the database.
    pub schema: i64,
    /// How much it holds.
    pub counts: Counts,
    /// The end of its audit chain: how many entries.
    pub head_count: u64,
    /// And the hash of the last.
    pub head_hash: String,
    pub files: Vec<BackupFile>,
}

/// A file of a backup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BackupFile {
    /// Its name, folders divided by `/`.
    pub name: String,
    /// Its size in bytes.
    pub size: u64,
    /// Its SHA-256 in hexadecimal.
    pub sha256: String,
}

impl BackupManifest {
    /// Gives the end of the audit chain.
    pub fn head(&self) -> Head {
        Head { count: self.head_count, hash: self.head_hash.clone() }
    }
}

/// Why a backup is not made, or not put back.
#[derive(Debug, Error)]
pub enum BackupError {
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The file cannot be written.
    #[error(transparent)]
    Write(#[from] WriteError),
    /// The file cannot be read.
    #[error("{}: {cause}", .path.display())]
    Unread {
        path: PathBuf,
        /// What stood in the way.
        cause: Cause,
    },
    /// The file is no backup, or damaged.
    #[error("{} is no backup, or damaged: {cause}", .path.display())]
    Damaged { path: PathBuf, cause: Cause },
    /// The file is locked, and no passphrase was given.
    #[error("{} needs a passphrase", .0.display())]
    Locked(PathBuf),
    /// The passphrase is another.
    #[error("the passphrase does not open {}", .0.display())]
    Passphrase(PathBuf),
    /// It is locked in a way that this program does not open.
    #[error("{} is locked in another way", .0.display())]
    OtherLock(PathBuf),
    /// A newer release made it.
    #[error("{} was made by {program}", .path.display())]
    Newer { path: PathBuf, program: String },
    /// The ledger in it is not as its audit chain says.
    #[error("the ledger in {} is not sound", .path.display())]
    Unsound { path: PathBuf, problems: VerifyReport },
}

impl BackupError {
    /// Gives the stable name used in JSON and in the locales; none where the store or the writer has one.
    pub fn key(&self) -> Option<&'static str> {
        match self {
            BackupError::Store(_) | BackupError::Write(_) => None,
            BackupError::Unread { .. } => Some("unread"),
            BackupError::Damaged { .. } => Some("damaged"),
            BackupError::Locked(_) => Some("locked"),
            BackupError::Passphrase(_) => Some("passphrase"),
            BackupError::OtherLock(_) => Some("other-lock"),
            BackupError::Newer { .. } => Some("newer"),
            BackupError::Unsound { .. } => Some("unsound"),
        }
    }
}

/// Something that can be read from anywhere.
trait Source: Read + Seek {}
impl<T: Read + Seek> Source for T {}

/// A backup that is read.
struct OpenedBackup {
    path: PathBuf,
    bundle: Bundle<Box<dyn Source>>,
    manifest: BackupManifest,
}

impl OpenedBackup {
    /// Opens a file, with a passphrase where it has one, and reads what it says of itself.
    fn of(path: &Path, passphrase: Option<&str>) -> Result<OpenedBackup, BackupError> {
        let unread = |e: &io::Error| BackupError::Unread { path: path.to_path_buf(), cause: e.into() };
        let damaged = |found: OwnFileFault| BackupError::Damaged { path: path.to_path_buf(), cause: found.into() };
        let file = plain_file::open(path).map_err(|e| unread(&e))?;
        if !file.metadata().map_err(|e| unread(&e))?.is_file() {
            return Err(damaged(OwnFileFault::NotAFile));
        }
        let source: Box<dyn Source> = if is_locked(path).map_err(|e| unread(&e))? {
            let Some(passphrase) = passphrase else { return Err(BackupError::Locked(path.to_path_buf())) };
            Box::new(age::AgeReader::new(BufReader::new(file), passphrase).map_err(|e| match e {
                AgeError::Passphrase => BackupError::Passphrase(path.to_path_buf()),
                AgeError::OtherKind | AgeError::Costly(_) => BackupError::OtherLock(path.to_path_buf()),
                AgeError::Damaged => damaged(OwnFileFault::Archive),
                AgeError::Io(e) => unread(&e),
            })?)
        } else {
            Box::new(BufReader::new(file))
        };
        // What the system refuses has its number; what the archive is not has none.
        let either = |e: &io::Error, found| if e.raw_os_error().is_some() { unread(e) } else { damaged(found) };
        let mut bundle = Bundle::open(source).map_err(|e| either(&e, OwnFileFault::Archive))?;
        let list = bundle.list(LIST).map_err(|e| either(&e, OwnFileFault::List))?;
        let form: AnyManifest = serde_json::from_slice(&list).map_err(|_| damaged(OwnFileFault::List))?;
        if FORM < form.form {
            return Err(BackupError::Newer { path: path.to_path_buf(), program: form.program });
        }
        let manifest: BackupManifest = serde_json::from_slice(&list).map_err(|_| damaged(OwnFileFault::List))?;
        Ok(OpenedBackup { path: path.to_path_buf(), bundle, manifest })
    }

    /// Writes a file of the backup out, to `to` as errors call it, and compares it with the list.
    fn extract(&mut self, listed: &BackupFile, out: impl Write, to: &Path) -> Result<(), BackupError> {
        let path = || self.path.clone();
        let damaged = || BackupError::Damaged { path: path(), cause: OwnFileFault::Part(listed.name.clone()).into() };
        let mut out = Noting { out, has_failed: false };
        match self.bundle.extract(&listed.name, listed.size, &mut out) {
            Ok((size, sha256)) if (size, &sha256) == (listed.size, &listed.sha256) => Ok(()),
            Err(e) if out.has_failed => Err(WriteError::io(to)(e).into()),
            Err(e) if e.raw_os_error().is_some() => Err(BackupError::Unread { path: path(), cause: (&e).into() }),
            _ => Err(damaged()),
        }
    }
}

/// Tells a target that cannot be written from a backup that cannot be read: copying gives one error for both.
struct Noting<W> {
    out: W,
    has_failed: bool,
}

impl<W: Write> Write for Noting<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // What was interrupted is tried again.
        let note = |e: &io::Error| self.has_failed = e.kind() != io::ErrorKind::Interrupted;
        self.out.write(bytes).inspect_err(note)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush().inspect_err(|_| self.has_failed = true)
    }
}

/// What every form of the list has.
#[derive(Deserialize)]
struct AnyManifest {
    form: u32,
    program: String,
}

/// Tells whether a file needs a passphrase.
pub fn is_locked(path: &Path) -> io::Result<bool> {
    let mut head = vec![0; age::INTRO.len()];
    match plain_file::open(path)?.read_exact(&mut head) {
        Ok(()) => Ok(head == age::INTRO.as_bytes()),
        Err(e) if e.kind() == io::ErrorKind::UnexpectedEof => Ok(false),
        Err(e) => Err(e),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::io::{BufWriter, Cursor};

    use super::*;
    use crate::formats::bundle::{BundlePart, digest, pack};

    #[test]
    fn a_target_that_cannot_be_written_is_named_and_not_the_backup() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a");
        std::fs::write(&path, vec![b'x'; 100_000]).unwrap();
        let (size, sha256) = digest(&path).unwrap();
        let listed = BackupFile { name: "a".into(), size, sha256 };
        let bytes = pack(Vec::new(), (LIST, b"{}"), &[BundlePart { name: "a".into(), path, size }]).unwrap();
        let source: Box<dyn Source> = Box::new(Cursor::new(bytes));
        let head = Head { count: 0, hash: String::new() };
        let mut opened = OpenedBackup {
            path: "b.zip".into(),
            bundle: Bundle::open(source).unwrap(),
            manifest: BackupManifest {
                form: FORM,
                program: String::new(),
                made: String::new(),
                schema: 1,
                counts: Counts::default(),
                head_count: head.count,
                head_hash: head.hash,
                files: Vec::new(),
            },
        };
        let full = || std::fs::File::options().write(true).open("/dev/full").unwrap();
        let to = Path::new("state/skillcert.sqlite3");
        // The second is told only when the last of it is put out.
        let ends = [
            opened.extract(&listed, full(), to),
            opened.extract(&listed, BufWriter::with_capacity(1 << 20, full()), to),
        ];
        for end in ends {
            let Err(BackupError::Write(WriteError::Io { path, source })) = end else { panic!("{end:?}") };
            assert_eq!((path.as_path(), source.kind()), (to, io::ErrorKind::StorageFull));
        }
        let other = BackupFile { sha256: "0".into(), ..listed };
        assert!(matches!(opened.extract(&other, io::sink(), to), Err(BackupError::Damaged { .. })));
    }
}
