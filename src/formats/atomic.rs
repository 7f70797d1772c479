//! Files that appear whole or not at all: a temporary file beside the target, synced, renamed, the folder synced.

use std::convert::Infallible;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;
use thiserror::Error;

use crate::domain::rules::Finding;

/// Why a file was not written. Each has a message in the locales under its key.
#[derive(Debug, Error)]
pub enum WriteError {
    /// A finding blocks the export; the screen jumps to it.
    #[error("row {} is blocked by {}", .0.row, .0.rule.spec().code)]
    Blocking(Finding),
    /// Rows are still being read: the file would lack them.
    #[error("the source has not been read to its end")]
    Incomplete,
    /// The roster has no rows.
    #[error("the roster has no data rows")]
    Empty,
    /// The target is the roster that was read, which is never replaced.
    #[error("{} is the roster itself", .0.display())]
    Source(PathBuf),
    /// There is a file of that name, and overwriting was not asked for.
    #[error("{} exists already", .0.display())]
    Exists(PathBuf),
    /// The operating system refused.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file that was to be written.
        path: PathBuf,
        /// The refusal.
        source: io::Error,
    },
    /// What was read back is not what was written.
    #[error("row {row}, column {column} reads back differently")]
    ReadBack {
        /// The row of the written file, from 1, the header being 1.
        row: u32,
        /// The column's label; empty when the row is missing or one too many.
        column: String,
    },
    /// A cell that a spreadsheet would take for a formula; upload data is refused rather than altered.
    #[error("row {row}, column {column} begins like a formula")]
    Formula {
        /// The row as the source spreadsheet numbers it.
        row: u32,
        /// The column's label.
        column: String,
    },
    /// A workbook cannot hold it, as with more rows than a sheet has.
    #[error("xlsx: {0}")]
    Xlsx(String),
}

impl WriteError {
    /// Gives the stable name used in JSON and in the locales.
    pub fn key(&self) -> &'static str {
        match self {
            WriteError::Blocking(_) => "blocking",
            WriteError::Incomplete => "incomplete",
            WriteError::Empty => "empty",
            WriteError::Source(_) => "source",
            WriteError::Exists(_) => "exists",
            WriteError::Io { .. } => "io",
            WriteError::ReadBack { .. } => "read-back",
            WriteError::Formula { .. } => "formula",
            WriteError::Xlsx(_) => "xlsx",
        }
    }

    /// Turns an operating system's error about a file into a write error.
    pub fn io(path: &Path) -> impl Fn(io::Error) -> WriteError {
        move |source| WriteError::Io { path: path.to_path_buf(), source }
    }
}

/// Rows that cannot fail need no error of their own.
impl From<Infallible> for WriteError {
    fn from(never: Infallible) -> WriteError {
        match never {}
    }
}

/// A file on its way: written under a temporary name, which is removed unless it is committed.
///
/// Only the user can read it, also after the commit: rosters hold personal data.
#[derive(Debug)]
pub struct Staged {
    temp: NamedTempFile,
    target: PathBuf,
    overwrite: bool,
}

impl Staged {
    /// Opens a temporary file beside the target; refuses a target that is there already unless `overwrite`, and always
    /// the roster that was read: the organiser's file is the only proof of what was sent.
    pub fn new(target: &Path, overwrite: bool, source: Option<&Path>) -> Result<Staged, WriteError> {
        if source.is_some_and(|source| is_same_file(source, target)) {
            return Err(WriteError::Source(target.to_path_buf()));
        }
        if !overwrite && target.symlink_metadata().is_ok() {
            return Err(WriteError::Exists(target.to_path_buf()));
        }
        let temp = tempfile::Builder::new()
            .prefix(".skillcert-")
            .suffix(".part")
            .tempfile_in(folder(target))
            .map_err(WriteError::io(target))?;
        Ok(Staged { temp, target: target.to_path_buf(), overwrite })
    }

    /// Writes the content and syncs it to the disk.
    pub fn write(
        &mut self,
        put: impl FnOnce(&mut BufWriter<&mut File>) -> Result<(), WriteError>,
    ) -> Result<(), WriteError> {
        let mut out = BufWriter::with_capacity(1 << 18, self.temp.as_file_mut());
        put(&mut out)?;
        out.flush().map_err(WriteError::io(&self.target))?;
        drop(out);
        self.temp.as_file().sync_all().map_err(WriteError::io(&self.target))
    }

    /// Gives the temporary path, to read back what was written.
    pub fn path(&self) -> &Path {
        self.temp.path()
    }

    /// Gives the path the file will have.
    pub fn target(&self) -> &Path {
        &self.target
    }

    /// Puts the file under its name and syncs the folder.
    pub fn commit(self) -> Result<(), WriteError> {
        let Staged { temp, target, overwrite } = self;
        if overwrite {
            temp.persist(&target).map_err(|e| WriteError::io(&target)(e.error))?;
        } else {
            // Another program may have made the file since the first look: the system itself refuses then.
            temp.persist_noclobber(&target).map_err(|e| match e.error.kind() {
                io::ErrorKind::AlreadyExists => WriteError::Exists(target.clone()),
                _ => WriteError::io(&target)(e.error),
            })?;
        }
        match File::open(folder(&target)).and_then(|f| f.sync_all()) {
            // Some network file systems cannot sync a folder; the file itself is safe by then.
            Err(e) if !matches!(e.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported) => {
                Err(WriteError::io(&target)(e))
            }
            _ => Ok(()),
        }
    }
}

/// Writes a file that appears whole or not at all.
pub fn write(
    target: &Path,
    overwrite: bool,
    source: Option<&Path>,
    put: impl FnOnce(&mut BufWriter<&mut File>) -> Result<(), WriteError>,
) -> Result<(), WriteError> {
    let mut staged = Staged::new(target, overwrite, source)?;
    staged.write(put)?;
    staged.commit()
}

/// Tells whether two paths lead to one file that is there.
pub fn is_same_file(a: &Path, b: &Path) -> bool {
    let identity = |path: &Path| path.metadata().ok().map(|m| (m.dev(), m.ino()));
    identity(a).is_some_and(|a| identity(b) == Some(a))
}

/// Gives the folder a file lies in.
pub fn folder(target: &Path) -> &Path {
    target.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."))
}
