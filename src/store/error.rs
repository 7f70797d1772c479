//! What can go wrong with the store; the caller finds the words by [`StoreError::key`].

use std::io;
use std::path::{Path, PathBuf};

use rusqlite::ErrorCode;
use thiserror::Error;

use super::session::BatchHolder;
use crate::cause::{Cause, OwnFileFault, System};
use crate::domain::code::CertCode;
use crate::domain::ledger::audit::Head;
use crate::domain::ledger::case::{self, CaseId};
use crate::domain::ledger::share::ShareRefusal;
use crate::domain::ledger::stock::StockRefusal;
use crate::domain::ledger::two_people::SamePerson;
use crate::domain::ledger::{BatchId, SeriesKey, TakeError};
use crate::domain::registry;

/// Why the store does not do what was asked.
///
/// Carries paths and names of people at work, never a cell's text: an error may end up in a report that is sent away.
#[derive(Debug, Error)]
pub enum StoreError {
    /// Another process is writing and did not finish in time.
    #[error("the store is busy{}", .holder.as_deref().map(|h| format!(", in use by {h}")).unwrap_or_default())]
    Busy {
        /// Who has the store open, as `user@host (pid 123)`, several joined by commas; none when it cannot be told.
        holder: Option<String>,
    },
    /// Another session has the batch open for editing.
    #[error("the batch is being edited by {0}")]
    Held(BatchHolder),
    /// The file is no store, or its inside contradicts itself; it is left as it is.
    #[error("{} is damaged or not a store: {cause}", .path.display())]
    Damaged { path: PathBuf, cause: Cause },
    /// A newer release of the program wrote the file; it is left as it is.
    #[error("{} has version {found}, this program knows versions up to {known}", .path.display())]
    Newer {
        path: PathBuf,
        found: i64,
        /// The newest version this program knows.
        known: i64,
    },
    /// The state folder or the file cannot be written.
    #[error("{} cannot be written: {cause}", .path.display())]
    ReadOnly {
        /// The folder or file.
        path: PathBuf,
        /// What stood in the way.
        cause: Cause,
    },
    /// There is no room left on the disk; nothing of the last step was stored.
    #[error("no room left on the disk of {}", .path.display())]
    Full { path: PathBuf },
    /// There is no place for the state folder: no argument, no `SKILLCERT_HOME`, no home directory.
    #[error("no state folder: no --home, no SKILLCERT_HOME, and no home directory")]
    NoHome,
    /// There is no store in the state folder, and whoever only looks makes none.
    #[error("there is no store in {}", .home.display())]
    NoStore { home: PathBuf },
    /// Whoever would approve something has prepared it, and two people are asked for.
    #[error("who prepared it cannot {}", .0.act.key())]
    SamePerson(Box<SamePerson>),
    /// Where two people are asked for, whoever has checked something says so: as whom the user is signed in.
    #[error("whoever checked it says so: {0} is signed in")]
    OtherChecker(String),
    /// There is no such batch.
    #[error("there is no batch {0}")]
    NoBatch(BatchId),
    /// Somebody else has held the batch meanwhile and has changed it.
    #[error("batch {0} was changed meanwhile")]
    BatchMoved(BatchId),
    /// The change gave numbers, which the ledger keeps: it cannot be undone.
    #[error("the change gave numbers and stays")]
    Lasting,
    /// Numbers of the ledger were given to the batch: it cannot be removed.
    #[error("batch {0} has numbers of the ledger")]
    HasNumbers(BatchId),
    /// Numbers were given to another batch of the same file and sheet; which.
    #[error("the same file has its numbers as batch {0}")]
    SameFile(BatchId),
    /// The rows of the batch are not all there yet.
    #[error("batch {0} is not complete")]
    Unfinished(BatchId),
    /// The ledger is not as the plan found it: a new plan is due.
    #[error("the series {0} has moved since the plan was made")]
    LedgerMoved(SeriesKey),
    /// The ledger's rules refuse.
    #[error(transparent)]
    Refused(#[from] TakeError),
    /// The institution registry does not allow the event; nothing was stored.
    #[error("the registry refuses: {}", .0.key())]
    Registry(registry::InstitutionRefusal),
    /// The ledger has no certificate of this code.
    #[error("there is no certificate {0}")]
    NoCertificate(CertCode),
    /// There is no such case.
    #[error("there is no case {0}")]
    NoCase(CaseId),
    /// The rules of cases refuse it; nothing was stored.
    #[error("the case is refused: {}", .0.why.key())]
    Case(case::CaseRefusal),
    /// The rules of blank certificates refuse it; nothing was stored.
    #[error("the blanks are refused: {}", .0.key())]
    Stock(StockRefusal),
    /// The share register refuses it; nothing was stored.
    #[error("the share is refused: {}", .0.key())]
    Share(ShareRefusal),
    /// The database is older than the end of its audit chain noted outside, or another: numbers might be given twice.
    #[error("{} ends at {found}, but {noted} was noted", .path.display())]
    OldCopy {
        path: PathBuf,
        /// The end noted outside.
        noted: Head,
        /// The end of the chain in the database.
        found: Head,
    },
    /// The end of the audit chain is not noted outside, or what is noted there is none: whether the database is the latest
    /// cannot be told.
    #[error("{} holds no end of the chain, which ends at {found}", .path.display())]
    NoNote {
        /// Where it should be noted.
        path: PathBuf,
        /// The end of the chain in the database.
        found: Head,
    },
    /// The file in which the end of the audit chain is noted cannot be read.
    #[error("{} cannot be read: {cause}", .path.display())]
    NoteUnread { path: PathBuf, cause: Cause },
    /// A backup was put back, and nobody knows which numbers were given after it: they might be given twice.
    #[error("a backup of {since} was put back: what was given since is unknown")]
    Unsure {
        /// When the backup was made, UTC.
        since: String,
    },
    /// Somebody has the store open, which is to be replaced.
    #[error("the store is open: {}", .holders.iter().map(BatchHolder::to_string).collect::<Vec<_>>().join(", "))]
    InUse {
        /// Who has it open, as far as anybody can tell.
        holders: Vec<BatchHolder>,
    },
    /// The clock stands before the last entry of the audit chain.
    #[error("the clock says {now}, but the last entry was made at {last}")]
    ClockBack {
        /// The time of the last entry, UTC.
        last: String,
        /// The time now, UTC.
        now: String,
    },
    /// What stands in the place of the store is not the one that was opened: another file, an older copy, or one in which
    /// nobody knows of this session any more.
    #[error("{} is not the store that was opened", .path.display())]
    Replaced { path: PathBuf },
    /// A folder that is to be shared holds other things, which would be opened to the group.
    #[error("{} holds other things", .path.display())]
    NotOurs { path: PathBuf },
    /// Two processes can hold the same lock in the state folder: each would take the same numbers.
    #[error("locks do not work in {}", .path.display())]
    NoLocks { path: PathBuf },
    /// Anything else the system or `SQLite` refuses.
    #[error("{}: {cause}", .path.display())]
    Io {
        /// The folder or file.
        path: PathBuf,
        /// What stood in the way.
        cause: Cause,
    },
}

/// What the store's functions return.
pub type Result<T> = std::result::Result<T, StoreError>;

impl StoreError {
    /// Gives the stable name used in JSON and in the locales.
    pub fn key(&self) -> &'static str {
        match self {
            StoreError::Busy { .. } => "busy",
            StoreError::Held(_) => "held",
            StoreError::Damaged { .. } => "damaged",
            StoreError::Newer { .. } => "newer",
            StoreError::ReadOnly { .. } => "read-only",
            StoreError::Full { .. } => "full",
            StoreError::NoHome => "no-home",
            StoreError::NoStore { .. } => "no-store",
            StoreError::SamePerson(_) => "same-person",
            StoreError::OtherChecker(_) => "other-checker",
            StoreError::NoBatch(_) => "no-batch",
            StoreError::BatchMoved(_) => "batch-moved",
            StoreError::Lasting => "lasting",
            StoreError::HasNumbers(_) => "has-numbers",
            StoreError::SameFile(_) => "same-file",
            StoreError::Unfinished(_) => "unfinished",
            StoreError::LedgerMoved(_) => "ledger-moved",
            StoreError::Refused(refusal) => refusal.key(),
            StoreError::Registry(_) => "refused",
            StoreError::NoCertificate(_) => "no-certificate",
            StoreError::NoCase(_) => "no-case",
            StoreError::Case(_) => "case",
            StoreError::Stock(_) => "stock",
            StoreError::Share(_) => "share",
            StoreError::OldCopy { .. } => "old-copy",
            StoreError::NoNote { .. } => "no-note",
            StoreError::NoteUnread { .. } => "note-unread",
            StoreError::Unsure { .. } => "unsure",
            StoreError::InUse { .. } => "in-use",
            StoreError::ClockBack { .. } => "clock-back",
            StoreError::Replaced { .. } => "replaced",
            StoreError::NotOurs { .. } => "not-ours",
            StoreError::NoLocks { .. } => "no-locks",
            StoreError::Io { .. } => "io",
        }
    }

    /// Turns an operating system's error about a folder or file into the store's.
    pub(crate) fn from_io(path: &Path, error: &io::Error) -> StoreError {
        let (path, cause) = (path.to_path_buf(), Cause::System(System::of(error)));
        match error.kind() {
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => StoreError::ReadOnly { path, cause },
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => StoreError::Full { path },
            _ => StoreError::Io { path, cause },
        }
    }

    /// Turns `SQLite`'s error into the store's; the holder of a busy store is found by the caller.
    pub(super) fn from_sql(path: &Path, error: &rusqlite::Error) -> StoreError {
        let path = path.to_path_buf();
        // A constraint's or a parser's message names tables and columns, never what is in them.
        let words = error.to_string();
        if let rusqlite::Error::FromSqlConversionFailure(..) | rusqlite::Error::InvalidColumnType(..) = error {
            return StoreError::Damaged { path, cause: OwnFileFault::Value.into() };
        }
        // All tables were there when the file was opened first, or made: somebody has changed them since.
        let lost = ["no such table: ", "no such column: "].iter().find_map(|told| words.split_once(told));
        if let Some((_, named)) = lost {
            let named = named.split_whitespace().next().unwrap_or_default().to_string();
            return StoreError::Damaged { path, cause: OwnFileFault::Schema(named).into() };
        }
        let cause = Cause::Sqlite(error.sqlite_error().map_or(0, |e| e.extended_code), words);
        match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => StoreError::Busy { holder: None },
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => StoreError::Damaged { path, cause },
            // What is asked for was looked at before: it can only be that the tables contradict each other.
            Some(ErrorCode::ConstraintViolation) => {
                StoreError::Damaged { path, cause: OwnFileFault::Contradiction.into() }
            }
            _ if error.sqlite_error().is_some_and(|e| e.extended_code == rusqlite::ffi::SQLITE_READONLY_DBMOVED) => {
                StoreError::Replaced { path }
            }
            Some(ErrorCode::DiskFull) => StoreError::Full { path },
            // SQLite cannot open its journal where the folder is not writable.
            Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied | ErrorCode::CannotOpen) => {
                StoreError::ReadOnly { path, cause }
            }
            _ => StoreError::Io { path, cause },
        }
    }

    /// Makes the error for content that cannot be what this program stored.
    pub(super) fn damaged(path: &Path, found: OwnFileFault) -> StoreError {
        StoreError::Damaged { path: path.to_path_buf(), cause: found.into() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rusqlite::{Connection, ffi};

    #[test]
    fn names_what_sqlite_means() {
        let path = Path::new("/x/skillcert.sqlite3");
        let key = |code| StoreError::from_sql(path, &rusqlite::Error::SqliteFailure(ffi::Error::new(code), None)).key();
        assert_eq!(key(ffi::SQLITE_BUSY), "busy");
        assert_eq!(key(ffi::SQLITE_CORRUPT), "damaged");
        assert_eq!(key(ffi::SQLITE_NOTADB), "damaged");
        assert_eq!(key(ffi::SQLITE_FULL), "full");
        let gone = Connection::open_in_memory().unwrap().prepare("SELECT 1 FROM gone").map(drop).unwrap_err();
        assert_eq!(StoreError::from_sql(path, &gone).key(), "damaged");
        assert_eq!(key(ffi::SQLITE_READONLY), "read-only");
        assert_eq!(key(ffi::SQLITE_CANTOPEN), "read-only");
        assert_eq!(key(ffi::SQLITE_IOERR), "io");
        assert_eq!(key(ffi::SQLITE_CONSTRAINT_PRIMARYKEY), "damaged");
        let io = |kind| StoreError::from_io(path, &io::Error::from(kind)).key();
        assert_eq!(io(io::ErrorKind::PermissionDenied), "read-only");
        assert_eq!(io(io::ErrorKind::StorageFull), "full");
        assert_eq!(io(io::ErrorKind::NotADirectory), "io");
    }
}
