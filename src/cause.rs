//! Why the system, the database or this program's own look at a file said no (原因). Errors carry it in place of words, and
//! the locales have the words: what a library says is English.

use std::fmt;
use std::io;

/// What stood in the way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cause {
    /// The operating system refused.
    System(System),
    /// `SQLite` refused: its result code, and its own words.
    Sqlite(i32, String),
    /// This program found it out.
    Found(OwnFileFault),
}

/// A refusal of the operating system: the name of its kind, and its number where it has one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct System {
    kind: &'static str,
    number: Option<i32>,
}

/// The kinds of refusal with words of their own. Each has a text in the locales under `cause.system.<name>`.
const KINDS: [(io::ErrorKind, &str); 22] = [
    (io::ErrorKind::NotFound, "not-found"),
    (io::ErrorKind::PermissionDenied, "denied"),
    (io::ErrorKind::AlreadyExists, "exists"),
    (io::ErrorKind::IsADirectory, "is-folder"),
    (io::ErrorKind::NotADirectory, "not-folder"),
    (io::ErrorKind::DirectoryNotEmpty, "not-empty"),
    (io::ErrorKind::StorageFull, "full"),
    (io::ErrorKind::QuotaExceeded, "quota"),
    (io::ErrorKind::FileTooLarge, "too-large"),
    (io::ErrorKind::ReadOnlyFilesystem, "read-only"),
    (io::ErrorKind::InvalidFilename, "bad-name"),
    (io::ErrorKind::InvalidInput, "bad-input"),
    (io::ErrorKind::InvalidData, "bad-data"),
    (io::ErrorKind::UnexpectedEof, "cut-off"),
    (io::ErrorKind::BrokenPipe, "broken-pipe"),
    (io::ErrorKind::ResourceBusy, "busy"),
    (io::ErrorKind::ExecutableFileBusy, "busy"),
    (io::ErrorKind::StaleNetworkFileHandle, "stale"),
    (io::ErrorKind::TimedOut, "timed-out"),
    (io::ErrorKind::OutOfMemory, "no-memory"),
    (io::ErrorKind::Unsupported, "unsupported"),
    (io::ErrorKind::Interrupted, "interrupted"),
];

/// Numbers of Linux that have no kind of their own in the standard library, or not on every release.
const NUMBERS: [(i32, &str); 4] = [(5, "hardware"), (24, "too-many-open"), (PIPE, "pipe"), (40, "loop")];

/// What the system says of a pipe in which somebody wants to go to and fro.
const PIPE: i32 = 29;

/// Every other refusal: it has its number, if it has one.
const OTHER: &str = "other";

impl System {
    /// Takes an error apart.
    pub fn of(error: &io::Error) -> System {
        let number = error.raw_os_error();
        let by_number = NUMBERS.iter().find(|(n, _)| Some(*n) == number).map(|(_, kind)| *kind);
        let by_kind = || KINDS.iter().find(|(kind, _)| *kind == error.kind()).map(|(_, name)| *name);
        System { kind: by_number.or_else(by_kind).unwrap_or(OTHER), number }
    }

    /// Reads what [`System`] writes itself as.
    pub fn read(text: &str) -> Option<System> {
        let (kind, number) = text.split_once(' ').map_or((text, None), |(kind, number)| (kind, Some(number)));
        let kind = System::kinds().find(|known| *known == kind)?;
        Some(System { kind, number: number.map(str::parse).transpose().ok()? })
    }

    /// Lists the names of all kinds; those that several share come more than once.
    pub fn kinds() -> impl Iterator<Item = &'static str> {
        let kinds = KINDS.iter().map(|(_, name)| *name);
        kinds.chain(NUMBERS.iter().map(|(_, name)| *name)).chain([OTHER])
    }

    /// Gives the name of the kind.
    pub fn kind(self) -> &'static str {
        self.kind
    }

    /// Gives the system's own number.
    pub fn number(self) -> Option<i32> {
        self.number
    }
}

/// The name of the kind and the number, such as `full 28`.
impl fmt::Display for System {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind)?;
        self.number.map_or(Ok(()), |number| write!(f, " {number}"))
    }
}

/// Refuses what is read or written as a file and is a pipe or a device: it would keep us waiting, or not be there a second time.
pub fn no_file() -> io::Error {
    io::Error::from_raw_os_error(PIPE)
}

/// What this program can find wrong with a file of its own. Each has a text in the locales under `cause.found.<key>`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OwnFileFault {
    /// A folder, or anything else that is no file.
    NotAFile,
    /// A symbolic link, or a file that has other names besides.
    Linked,
    /// No file, or an empty one, though the end of its audit chain is noted beside it.
    Lost,
    /// Not whole pages: cut off, or lengthened by something else.
    Size,
    /// A database that another program made.
    OtherProgram,
    /// There is no permission to write.
    Unwritable,
    /// The lock could not be tried.
    Untried,
    /// What was written reads back differently.
    ReadsBack,
    /// The database's own look through its file found faults.
    Content,
    /// A value is of another type than it must be.
    Value,
    /// A column map cannot be read.
    Columns,
    /// An edit cannot be read, or the edits are out of order.
    Change,
    /// A block of rows is missing or cannot be read.
    Rows,
    /// A series cannot be read.
    Series,
    /// A certificate cannot be read.
    Certificate,
    /// A case or its certificate cannot be read.
    Case,
    /// An event of the institution registry touches nothing.
    Event,
    /// The audit chain is broken, or does not end as was noted.
    Chain,
    /// No archive, or one that was cut off or altered.
    Archive,
    /// The list in front of a backup is missing or cannot be read.
    List,
    /// A part of a backup is missing, altered or unknown.
    Part(String),
    /// A table, index or trigger is not as this program makes it.
    Schema(String),
    /// What was to be written contradicts what stands there: the tables are not as this program leaves them.
    Contradiction,
}

impl OwnFileFault {
    /// Gives the stable name used in the locales.
    pub fn key(&self) -> &'static str {
        match self {
            OwnFileFault::NotAFile => "not-a-file",
            OwnFileFault::Linked => "linked",
            OwnFileFault::Lost => "lost",
            OwnFileFault::Size => "size",
            OwnFileFault::OtherProgram => "other-program",
            OwnFileFault::Unwritable => "unwritable",
            OwnFileFault::Untried => "untried",
            OwnFileFault::ReadsBack => "reads-back",
            OwnFileFault::Content => "content",
            OwnFileFault::Value => "value",
            OwnFileFault::Columns => "columns",
            OwnFileFault::Change => "change",
            OwnFileFault::Rows => "rows",
            OwnFileFault::Series => "series",
            OwnFileFault::Certificate => "certificate",
            OwnFileFault::Case => "case",
            OwnFileFault::Event => "event",
            OwnFileFault::Chain => "chain",
            OwnFileFault::Archive => "archive",
            OwnFileFault::List => "list",
            OwnFileFault::Part(_) => "part",
            OwnFileFault::Schema(_) => "schema",
            OwnFileFault::Contradiction => "contradiction",
        }
    }
}

impl From<&io::Error> for Cause {
    fn from(error: &io::Error) -> Cause {
        Cause::System(System::of(error))
    }
}

impl From<OwnFileFault> for Cause {
    fn from(found: OwnFileFault) -> Cause {
        Cause::Found(found)
    }
}

/// For logs and tests; people are told by the locales.
impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Cause::System(system) => system.fmt(f),
            Cause::Sqlite(code, words) => write!(f, "SQLite {code}: {words}"),
            Cause::Found(found @ (OwnFileFault::Part(name) | OwnFileFault::Schema(name))) => {
                write!(f, "{} {name}", found.key())
            }
            Cause::Found(found) => f.write_str(found.key()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_of_the_system_is_its_kind_and_number_and_reads_back() {
        let os = |number| System::of(&io::Error::from_raw_os_error(number)).to_string();
        assert_eq!([os(2), os(13), os(21), os(28)], ["not-found 2", "denied 13", "is-folder 21", "full 28"]);
        assert_eq!([os(5), os(24), os(40), os(95)], ["hardware 5", "too-many-open 24", "loop 40", "unsupported 95"]);
        assert_eq!(os(6), "other 6");
        for number in 1..134 {
            let system = System::of(&io::Error::from_raw_os_error(number));
            assert_eq!(System::read(&system.to_string()), Some(system));
        }
        let unnumbered = System::of(&io::Error::other("words"));
        assert_eq!((unnumbered.to_string(), System::read("other")), ("other".into(), Some(unnumbered)));
        assert_eq!([System::read("words"), System::read("full x"), System::read("")], [None; 3]);
    }
}
