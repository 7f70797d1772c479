//! Opening what is to be a file: a pipe or a device in its place is refused, and keeps nobody waiting.

use std::fs::{File, Metadata};
use std::io;
use std::os::unix::fs::FileTypeExt;
use std::path::Path;

use rustix::fs::{Mode, OFlags};

use crate::cause;

/// Opens a file for reading. A folder opens as well, and says what it is when it is read.
///
/// # Errors
/// [`cause::no_file`] for a pipe, a socket or a device, and what the system refuses.
pub fn open(path: &Path) -> io::Result<File> {
    // Looked at before it is opened: opening alone sets some devices going.
    must_not_be_special(&path.metadata()?)?;
    let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::CLOEXEC;
    let file = File::from(rustix::fs::open(path, flags, Mode::empty())?);
    must_not_be_special(&file.metadata()?)?;
    Ok(file)
}

/// Refuses what is neither file nor folder.
pub fn must_not_be_special(found: &Metadata) -> io::Result<()> {
    let kind = found.file_type();
    let is_special = kind.is_fifo() || kind.is_socket() || kind.is_char_device() || kind.is_block_device();
    if is_special { Err(cause::no_file()) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rustix::fs::CWD;

    #[test]
    fn a_pipe_or_device_is_refused_at_once() {
        let dir = tempfile::tempdir().unwrap();
        let pipe = dir.path().join("pipe");
        rustix::fs::mkfifoat(CWD, &pipe, Mode::RUSR | Mode::WUSR).unwrap();
        for path in [&*pipe, Path::new("/dev/null")] {
            assert_eq!(open(path).unwrap_err().raw_os_error(), cause::no_file().raw_os_error());
        }
        let file = dir.path().join("file");
        std::fs::write(&file, "x").unwrap();
        std::os::unix::fs::symlink(&file, dir.path().join("link")).unwrap();
        assert!(open(&dir.path().join("link")).is_ok());
        assert_eq!(open(&dir.path().join("none")).unwrap_err().kind(), io::ErrorKind::NotFound);
    }
}
