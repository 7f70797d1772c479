//! The files of the state folder one by one: plain files with one name, whatever stands in their place.

use std::fs::{self, Metadata, OpenOptions, Permissions};
use std::io::ErrorKind;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::Path;

use rustix::fs::OFlags;

use super::error::{Result, StoreError};
use super::places::Access;
use crate::cause::OwnFileFault;

/// Creates a file for its owner alone, or in a shared folder for the group, before `SQLite` does: its journals take over
/// the mode. The mode of a file that is there stays: it may be another's, brought here by a link.
///
/// An existing file is never opened here: closing it would drop the locks another connection of this process holds.
pub(super) fn private_file(file: &Path) -> Result<()> {
    let mode = file.parent().map_or(Access::Owner, Access::of).file();
    match OpenOptions::new().write(true).create_new(true).mode(0o600).open(file) {
        Ok(made) => made.set_permissions(Permissions::from_mode(mode)).map_err(|e| StoreError::from_io(file, &e)),
        Err(e) if e.kind() == ErrorKind::AlreadyExists => must_be_plain(file),
        Err(e) => Err(StoreError::from_io(file, &e)),
    }
}

/// Tells which file stands under a name.
pub(super) fn identity(file: &Path) -> Option<(u64, u64)> {
    fs::metadata(file).ok().map(|found| (found.dev(), found.ino()))
}

/// Refuses what stands in the place of a file of ours and is none: in a shared folder it may be a colleague's link to what is
/// not the colleague's, or a pipe at which everybody waits. Nothing is opened; what is not there is no harm.
pub(super) fn must_be_plain(file: &Path) -> Result<()> {
    match fs::symlink_metadata(file) {
        Ok(found) if found.is_symlink() => Err(StoreError::damaged(file, OwnFileFault::Linked)),
        Ok(found) => plain(file, &found),
        Err(e) if matches!(e.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => Ok(()),
        Err(e) => Err(StoreError::from_io(file, &e)),
    }
}

fn plain(file: &Path, found: &Metadata) -> Result<()> {
    match (found.is_file(), found.nlink()) {
        (false, _) => Err(StoreError::damaged(file, OwnFileFault::NotAFile)),
        // None is left of a file that has just been removed.
        (true, 0 | 1) => Ok(()),
        (true, _) => Err(StoreError::damaged(file, OwnFileFault::Linked)),
    }
}

/// Opens a small file of ours; not the database, whose locks would go with it.
pub(super) fn open_plain(file: &Path, options: &mut OpenOptions) -> Result<fs::File> {
    must_be_plain(file)?;
    let flags = (OFlags::NOFOLLOW | OFlags::NONBLOCK).bits() as i32;
    let failed = |e: std::io::Error| StoreError::from_io(file, &e);
    let opened = options.custom_flags(flags).open(file).map_err(failed)?;
    plain(file, &opened.metadata().map_err(failed)?)?;
    Ok(opened)
}
