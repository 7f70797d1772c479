//! A roster that comes through a pipe (标准输入): kept in memory, since what is read is read in places and more than once,
//! and personal data have no business in a temporary file.

use std::fs::File;
use std::io::{self, Read};
use std::os::fd::AsRawFd;
use std::path::{Path, PathBuf};

use rustix::fs::{MemfdFlags, memfd_create};

use crate::formats::{Refusal, RefusalKind};

/// What stands for stdin and stdout where a file is named.
pub const PIPE: &str = "-";

/// The largest roster that is taken from a pipe.
const MOST: u64 = 1 << 30;

/// What came through stdin, as a file that nobody else can name.
#[derive(Debug)]
pub struct Piped(File);

impl Piped {
    /// Reads stdin to its end, where it is what is meant.
    pub fn take(named: &Path) -> Result<Option<Piped>, Refusal> {
        if named != Path::new(PIPE) {
            return Ok(None);
        }
        let held = memfd_create("roster", MemfdFlags::CLOEXEC).map_err(|e| Refusal::from_io(&e.into()))?;
        let mut held = File::from(held);
        let count = io::copy(&mut io::stdin().lock().take(MOST + 1), &mut held).map_err(|e| Refusal::from_io(&e))?;
        if MOST < count {
            return Err(Refusal::new(RefusalKind::TooLarge, format!("{} MiB", MOST >> 20)));
        }
        Ok(Some(Piped(held)))
    }

    /// Gives the name under which this process can open it, as often as it likes.
    pub fn path(&self) -> PathBuf {
        format!("/proc/self/fd/{}", self.0.as_raw_fd()).into()
    }
}
