//! Whether locks work in the state folder: on some network file systems every process is told that it has the lock.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::time::Duration;

use rusqlite::{Connection, ErrorCode};

use super::error::{Result, StoreError};
use super::places::{self, StatePaths};
use super::{Store, schema};
use crate::cause::OwnFileFault;

/// The hidden first argument that makes our binary the child that tries a lock.
pub const VERB: &str = "__try-lock";

/// The child was kept out, as it must be.
const KEPT_OUT: u8 = 10;

/// The child got the lock that its parent holds.
const LET_IN: u8 = 11;

/// Acts as the child: tries to lock the file that the parent has locked.
pub fn serve(arguments: impl Iterator<Item = OsString>) -> ExitCode {
    let Some(path) = arguments.last().map(PathBuf::from) else { return ExitCode::FAILURE };
    let tried = schema::connect(&path, Duration::ZERO).map(|db| lock(&db));
    match tried {
        Ok(Ok(())) => LET_IN.into(),
        Ok(Err(error)) if is_busy(&error) => KEPT_OUT.into(),
        _ => ExitCode::FAILURE,
    }
}

fn lock(db: &Connection) -> rusqlite::Result<()> {
    db.execute_batch("BEGIN EXCLUSIVE")
}

fn is_busy(error: &rusqlite::Error) -> bool {
    matches!(error.sqlite_error_code(), Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked))
}

impl Store {
    /// Refuses where two processes can hold the same lock. Tried once for each open store, at a file of its own; whoever only
    /// looks makes none.
    pub(super) fn must_have_locks(&self) -> Result<()> {
        if self.session != 0 && !self.locks_work.get() {
            self.locks_work.set(probe(&self.places)?);
        }
        Ok(())
    }
}

/// Tries whether locks work in a state folder, at a file of its own; false where it cannot be tried.
///
/// # Errors
/// [`StoreError::NoLocks`] where two processes can hold the same lock.
pub fn probe(places: &StatePaths) -> Result<bool> {
    let Some(program) = places.program() else { return Ok(false) };
    let file = places.lock_probe();
    places::private_file(&file)?;
    let db = schema::connect(&file, Duration::ZERO)?;
    match lock(&db) {
        // Another process is trying this very moment, and kept us out.
        Err(error) if is_busy(&error) => Ok(true),
        Err(error) => Err(StoreError::from_sql(&file, &error)),
        Ok(()) if keeps_out(program, &file)? => Ok(true),
        Ok(()) => Err(StoreError::NoLocks { path: places.home().to_path_buf() }),
    }
}

/// Names a program as the system does once its file is gone.
fn deleted(program: &Path) -> OsString {
    let mut name = program.as_os_str().to_os_string();
    name.push(" (deleted)");
    name
}

/// Has a child try the lock that this process holds.
fn keeps_out(program: &Path, file: &Path) -> Result<bool> {
    // Where it is the running program, that one, even if another has been put in its place since it was started.
    let own = Path::new("/proc/self/exe");
    let is_own = |link: &Path| link == program || link.as_os_str() == &*deleted(program);
    let program = if own.read_link().is_ok_and(|link| is_own(&link)) { own } else { program };
    let mut child = Command::new(program);
    child.arg(VERB).arg(file).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let code = child.status().map_err(|e| StoreError::from_io(file, &e))?.code();
    match code {
        Some(code) if code == i32::from(KEPT_OUT) => Ok(true),
        Some(code) if code == i32::from(LET_IN) => Ok(false),
        _ => Err(StoreError::Io { path: file.to_path_buf(), cause: OwnFileFault::Untried.into() }),
    }
}
