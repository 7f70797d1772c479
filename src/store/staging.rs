//! A folder for unfinished work inside the state folder, on the same disk and as closed to others.

use std::fs;
use std::path::{Path, PathBuf};

use rustix::fs::{FlockOperation, flock};

use super::error::{Result, StoreError};
use super::places::{Access, StatePaths, create_folder, set_mode};

/// What its name begins with.
const STAGING: &str = "skillcert.staging-";

/// A folder for unfinished work inside the state folder; it goes when this is dropped.
#[derive(Debug)]
pub struct StagingFolder {
    path: PathBuf,
    /// Locked as long as the work goes on, so that what a killed process left behind can be told from it.
    _lock: fs::File,
}

impl StagingFolder {
    /// Gives the folder, which is its owner's alone.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for StagingFolder {
    fn drop(&mut self) {
        // What cannot be cleared away now is when the next one is made.
        let _ = fs::remove_dir_all(&self.path);
    }
}

impl StatePaths {
    /// Makes a folder for unfinished work, and clears away what killed processes left of theirs.
    pub fn staging(&self) -> Result<StagingFolder> {
        let failed = |e: std::io::Error| StoreError::from_io(self.home(), &e);
        create_folder(self.home(), Access::Owner)?;
        let lock = |path: &Path| -> std::io::Result<fs::File> {
            let folder = fs::File::open(path)?;
            flock(&folder, FlockOperation::NonBlockingLockExclusive)?;
            Ok(folder)
        };
        for entry in fs::read_dir(self.home()).map_err(failed)?.flatten() {
            let is_staging = entry.file_name().to_str().is_some_and(|name| name.starts_with(STAGING));
            if is_staging && lock(&entry.path()).is_ok() {
                // A colleague's is the colleague's to clear away.
                let _ = fs::remove_dir_all(entry.path());
            }
        }
        let made = tempfile::Builder::new().prefix(STAGING).tempdir_in(self.home()).map_err(failed)?;
        set_mode(made.path(), Access::Owner.folder())?;
        let lock = lock(made.path()).or_else(|_| fs::File::open(made.path())).map_err(failed)?;
        Ok(StagingFolder { path: made.keep(), _lock: lock })
    }
}
