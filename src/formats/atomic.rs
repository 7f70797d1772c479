//! Files that appear whole or not at all: written without a name where the system can, else under a temporary one beside the
//! target, synced, put in place, the folder synced.

use std::convert::Infallible;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::os::fd::AsRawFd;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rustix::fs::{AtFlags, CWD, Mode, OFlags};
use tempfile::TempPath;
use thiserror::Error;

use super::plain_file;
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
    /// No row was returned, of those that were asked for.
    #[error("no row was returned")]
    NoneReturned,
    /// Every row has been exported before.
    #[error("every row was exported before")]
    NoneUnexported,
    /// The target is the roster that was read, which is never replaced.
    #[error("{} is the roster itself", .0.display())]
    Source(PathBuf),
    /// The target is the state folder's own, which is never replaced.
    #[error("{} is the state folder's", .0.display())]
    State(PathBuf),
    /// There is a file of that name, and overwriting was not asked for.
    #[error("{} exists already", .0.display())]
    Exists(PathBuf),
    /// The operating system refused.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file that was to be written.
        path: PathBuf,
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
        column: String,
    },
    /// It was stopped as asked; the target is what it was.
    #[error("stopped")]
    Stopped,
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
            WriteError::NoneReturned => "none-returned",
            WriteError::NoneUnexported => "none-unexported",
            WriteError::Source(_) => "source",
            WriteError::State(_) => "state",
            WriteError::Exists(_) => "exists",
            WriteError::Io { .. } => "io",
            WriteError::ReadBack { .. } => "read-back",
            WriteError::Formula { .. } => "formula",
            WriteError::Stopped => "stopped",
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

/// A file on its way: without a name, or under a temporary one, which is removed unless it is committed. A program that is
/// killed leaves nothing of the first kind, and of the second what the next one clears away.
///
/// Only the user can read it, also after the commit: rosters hold personal data.
#[derive(Debug)]
pub struct StagedFile {
    file: File,
    /// Where it can be opened.
    path: PathBuf,
    name: Option<TempPath>,
    target: PathBuf,
    overwrite: bool,
}

/// How the name of a file on its way begins and ends.
const PART: (&str, &str) = (".skillcert-", ".part");

/// A file on its way that has not changed for so long and that nobody has locked is a left-over.
const STALE: Duration = Duration::from_mins(10);

impl StagedFile {
    /// Opens a file beside the target; refuses a target that is there already unless `overwrite`, and always the roster that
    /// was read: the organiser's file is the only proof of what was sent.
    pub fn new(target: &Path, overwrite: bool, source: Option<&Path>) -> Result<StagedFile, WriteError> {
        if source.is_some_and(|source| is_same_file(source, target)) {
            return Err(WriteError::Source(target.to_path_buf()));
        }
        if !overwrite && target.symlink_metadata().is_ok() {
            return Err(WriteError::Exists(target.to_path_buf()));
        }
        // The file would take the place of the device itself.
        if let Ok(found) = target.metadata() {
            plain_file::must_not_be_special(&found).map_err(WriteError::io(target))?;
        }
        clear(folder(target));
        let (file, path, name) = match without_name(folder(target)) {
            Some((file, path)) => (file, path, None),
            None => under_temporary_name(folder(target)).map_err(WriteError::io(target))?,
        };
        Ok(StagedFile { file, path, name, target: target.to_path_buf(), overwrite })
    }

    /// Writes the content and syncs it to the disk.
    pub fn write(
        &mut self,
        put: impl FnOnce(&mut BufWriter<&mut File>) -> Result<(), WriteError>,
    ) -> Result<(), WriteError> {
        let mut out = BufWriter::with_capacity(1 << 18, &mut self.file);
        put(&mut out)?;
        out.flush().map_err(WriteError::io(&self.target))?;
        drop(out);
        self.file.sync_all().map_err(WriteError::io(&self.target))
    }

    /// Gives the path for now, to read back what was written.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Gives the path the file will have.
    pub fn target(&self) -> &Path {
        &self.target
    }

    /// Puts the file under its name and syncs the folder.
    pub fn commit(self) -> Result<(), WriteError> {
        let StagedFile { file, path, name, target, overwrite } = self;
        // Another program may have made the file since the first look: the system itself refuses then.
        let refused = |error: io::Error| match error.kind() {
            io::ErrorKind::AlreadyExists => WriteError::Exists(target.clone()),
            _ => WriteError::io(&target)(error),
        };
        let put = match name {
            None if !overwrite => link(&path, &target),
            // A name cannot be given in the place of another file; a temporary one can.
            None => part()
                .make_in(folder(&target), |name| link(&path, name))
                .and_then(|temp| Ok(temp.persist(&target).map(drop)?)),
            Some(name) if overwrite => name.persist(&target).map_err(io::Error::from),
            Some(name) => name.persist_noclobber(&target).map_err(io::Error::from),
        };
        put.map_err(refused)?;
        drop(file);
        match File::open(folder(&target)).and_then(|f| f.sync_all()) {
            // Some network file systems cannot sync a folder; the file itself is safe by then.
            Err(e) if !matches!(e.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported) => {
                Err(WriteError::io(&target)(e))
            }
            _ => Ok(()),
        }
    }
}

fn part() -> tempfile::Builder<'static, 'static> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(PART.0).suffix(PART.1);
    builder
}

/// Opens a file without a name, which is gone with the program; nothing where the file system has none such.
fn without_name(folder: &Path) -> Option<(File, PathBuf)> {
    let flags = OFlags::TMPFILE | OFlags::RDWR | OFlags::CLOEXEC;
    let file = File::from(rustix::fs::open(folder, flags, Mode::RUSR | Mode::WUSR).ok()?);
    // Whatever the umask.
    rustix::fs::fchmod(&file, Mode::RUSR | Mode::WUSR).ok()?;
    let path = PathBuf::from(format!("/proc/self/fd/{}", file.as_raw_fd()));
    path.exists().then_some((file, path))
}

/// Opens a file under a temporary name, locked: a left-over is locked by nobody.
fn under_temporary_name(folder: &Path) -> io::Result<(File, PathBuf, Option<TempPath>)> {
    let (file, name) = part().tempfile_in(folder)?.into_parts();
    // Where locks do not work its age protects it.
    let _ = file.try_lock();
    Ok((file, name.to_path_buf(), Some(name)))
}

/// Gives a file without a name one.
fn link(file: &Path, name: &Path) -> io::Result<()> {
    Ok(rustix::fs::linkat(CWD, file, CWD, name, AtFlags::SYMLINK_FOLLOW)?)
}

/// Removes from a folder what programs that were killed have left on its way: it holds people's data. What cannot be removed
/// stays; the next one tries again.
pub fn clear(folder: &Path) {
    let Ok(entries) = folder.read_dir() else { return };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let is_part = name.to_str().is_some_and(|name| name.starts_with(PART.0) && name.ends_with(PART.1));
        let is_old = || {
            let about = entry.metadata().ok().filter(std::fs::Metadata::is_file);
            about.and_then(|m| m.modified().ok()?.elapsed().ok()).is_some_and(|age| STALE < age)
        };
        if is_part && is_old() && File::open(entry.path()).is_ok_and(|file| file.try_lock().is_ok()) {
            let _ = std::fs::remove_file(entry.path());
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
    let mut staged = StagedFile::new(target, overwrite, source)?;
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

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;
    use std::time::SystemTime;

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> =
            folder.read_dir().unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    fn staged(target: &Path, overwrite: bool, is_named: bool) -> StagedFile {
        let mut staged = StagedFile::new(target, overwrite, None).unwrap();
        if is_named {
            (staged.file, staged.path, staged.name) = under_temporary_name(folder(target)).unwrap();
        }
        staged.write(|out| out.write_all("新".as_bytes()).map_err(WriteError::io(target))).unwrap();
        assert_eq!(std::fs::read_to_string(staged.path()).unwrap(), "新");
        staged
    }

    #[test]
    fn a_file_appears_whole_or_not_at_all_with_a_name_or_without() {
        for is_named in [false, true] {
            let folder = tempfile::tempdir().unwrap();
            let target = folder.path().join("a.csv");
            drop(staged(&target, false, is_named));
            assert!(names(folder.path()).is_empty());
            staged(&target, false, is_named).commit().unwrap();
            assert_eq!(std::fs::read_to_string(&target).unwrap(), "新");
            assert_eq!(target.metadata().unwrap().permissions().mode() & 0o777, 0o600);
            std::fs::write(&target, "旧").unwrap();
            assert!(matches!(StagedFile::new(&target, false, None), Err(WriteError::Exists(_))));
            staged(&target, true, is_named).commit().unwrap();
            assert_eq!(std::fs::read_to_string(&target).unwrap(), "新");
            let other = folder.path().join("b.csv");
            let late = staged(&other, false, is_named);
            std::fs::write(&other, "先").unwrap();
            assert!(matches!(late.commit(), Err(WriteError::Exists(_))));
            assert_eq!(names(folder.path()), ["a.csv", "b.csv"]);
        }
    }

    #[test]
    fn left_overs_are_cleared_away_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let file = |name: &str, age: u64| {
            let file = File::create(folder.path().join(name)).unwrap();
            file.set_modified(SystemTime::now() - Duration::from_secs(age)).unwrap();
            file
        };
        let locked = file(".skillcert-b.part", 900);
        locked.try_lock().unwrap();
        for (name, age) in
            [(".skillcert-a.part", 900), (".skillcert-c.part", 1), (".skillcert-d", 900), ("e.part", 900)]
        {
            file(name, age);
        }
        clear(folder.path());
        assert_eq!(names(folder.path()), [".skillcert-b.part", ".skillcert-c.part", ".skillcert-d", "e.part"]);
    }
}
