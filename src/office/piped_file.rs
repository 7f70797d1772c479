//! What comes through a pipe (管道): `-` names it, and wherever the bytes of a file that is named are read they are read from here.

use std::borrow::Cow;
use std::fs::File;
use std::io::{self, Read};
use std::os::fd::AsRawFd;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use rustix::fs::{MemfdFlags, memfd_create};

use super::Office;
use crate::failure::Failure;
use crate::formats::limits::Limits;
use crate::formats::{FileRefusal, RefusalKind};
use crate::store::SourceFile;

/// What stands for stdin and stdout where a file is named.
pub const PIPE: &str = "-";

/// What came through a pipe, as a file that nobody else can name.
#[derive(Debug)]
pub(super) struct PipedFile(File);

impl PipedFile {
    fn take(pipe: &mut dyn Read, limits: Limits) -> Result<PipedFile, FileRefusal> {
        let held = memfd_create("roster", MemfdFlags::CLOEXEC).map_err(|e| FileRefusal::from_io(&e.into()))?;
        let mut held = File::from(held);
        let count =
            io::copy(&mut pipe.take(limits.file_bytes() + 1), &mut held).map_err(|e| FileRefusal::from_io(&e))?;
        if limits.file_bytes() < count {
            return Err(FileRefusal::new(RefusalKind::TooLarge, format!("{} file", limits.file_mb)));
        }
        Ok(PipedFile(held))
    }

    /// Gives the name under which this process can open it, as often as it likes.
    fn path(&self) -> PathBuf {
        format!("/proc/self/fd/{}", self.0.as_raw_fd()).into()
    }
}

impl Office {
    /// Takes what comes through the pipe to its end; `-` names it from now on. It is kept in memory, since a roster is read in
    /// places and more than once, and personal data have no business in a temporary file.
    ///
    /// # Errors
    /// It is larger than a file may be, or breaks off.
    pub fn take_pipe(&self, pipe: &mut dyn Read) -> Result<(), Failure> {
        let piped =
            PipedFile::take(pipe, self.settings().limits).map_err(|refusal| self.refused(&refusal, PIPE).failure())?;
        let _ = self.0.piped.set(piped);
        Ok(())
    }

    fn piped(&self, named: &Path) -> Option<&PipedFile> {
        self.0.piped.get().filter(|_| named == Path::new(PIPE))
    }

    /// Tells whether a file that is named is what came through the pipe.
    pub(super) fn is_piped(&self, named: &Path) -> bool {
        self.piped(named).is_some()
    }

    /// Gives where the bytes of a file that is named lie.
    pub(super) fn place_of<'a>(&self, named: &'a Path) -> Cow<'a, Path> {
        self.piped(named).map_or(Cow::Borrowed(named), |piped| Cow::Owned(piped.path()))
    }

    /// Looks at a file that is named.
    pub(super) fn source_of(&self, named: &Path) -> io::Result<SourceFile> {
        let Some(PipedFile(file)) = self.piped(named) else { return SourceFile::of(named) };
        let about = file.metadata()?;
        let modified = about.modified()?.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_nanos());
        let whole = |n: u128| i64::try_from(n).unwrap_or(i64::MAX);
        Ok(SourceFile { path: PIPE.into(), size: whole(about.len().into()), modified: whole(modified) })
    }
}
