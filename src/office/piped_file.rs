//! Files from a pipe (管道): what is read from stdin, kept in memory so that it can be read more than once.

use std::fs::File;
use std::io::{self, Read};
use std::os::fd::AsRawFd;
use std::path::PathBuf;

use rustix::fs::{MemfdFlags, memfd_create};

use crate::formats::limits::Limits;
use crate::formats::{FileRefusal, RefusalKind};

/// What came through a pipe, as a file that nobody else can name.
#[derive(Debug)]
pub struct PipedFile(File);

impl PipedFile {
    pub(super) fn take(pipe: &mut dyn Read, limits: Limits) -> Result<PipedFile, FileRefusal> {
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
    pub(super) fn path(&self) -> PathBuf {
        format!("/proc/self/fd/{}", self.0.as_raw_fd()).into()
    }
}
