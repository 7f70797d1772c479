//! The end of the chain outside the database: a small file of two places that are written in turn, so that a write that
//! breaks off leaves the other one.

use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::FileExt;
use std::path::PathBuf;
use std::thread::sleep;
use std::time::Duration;

use rustix::fs::{FlockOperation, flock};
use sha2::{Digest, Sha256};

use crate::domain::ledger::audit::Head;
use crate::store::error::{Result, StoreError};
use crate::store::places;

/// How many bytes a place takes.
const PLACE: usize = 256;

/// What a place begins with.
const MARK: &str = "skillcert-head-1";

/// How often the lock is tried, a millisecond apart: whoever holds it writes some bytes only.
const TRIES: usize = 200;

/// The file and the way to it.
#[derive(Debug)]
pub(in crate::store) struct HeadFile {
    path: PathBuf,
}

/// What a place says.
#[derive(Debug, Clone, PartialEq, Eq)]
struct HeadNote {
    /// Counts up with each writing; the larger one holds.
    turn: u64,
    head: Head,
}

impl HeadNote {
    /// Writes the note as one line with a sum over it, filled up to a place.
    fn to_bytes(&self) -> Vec<u8> {
        let text = format!("{MARK} {} {} {}", self.turn, self.head.count, self.head.hash);
        let sum = sum(&text);
        let mut bytes = format!("{text} {sum}").into_bytes();
        bytes.resize(PLACE - 1, b' ');
        bytes.push(b'\n');
        bytes
    }

    /// Reads a place; nothing when it was not written to its end.
    fn of(bytes: &[u8]) -> Option<HeadNote> {
        let line = std::str::from_utf8(bytes).ok()?.trim_end();
        let (text, given) = line.rsplit_once(' ')?;
        let mut words = text.split(' ');
        let (mark, turn, count, hash) = (words.next()?, words.next()?, words.next()?, words.next()?);
        let head = Head { count: count.parse().ok()?, hash: hash.to_string() };
        (mark == MARK && given == sum(text)).then_some(HeadNote { turn: turn.parse().ok()?, head })
    }
}

fn sum(text: &str) -> String {
    let digest = Sha256::digest(text);
    digest.iter().take(8).fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"))
}

impl HeadFile {
    pub(in crate::store) fn new(path: PathBuf) -> HeadFile {
        HeadFile { path }
    }

    /// Reads the end that is noted; nothing when there is no file or nothing in it can be read.
    pub(in crate::store) fn read(&self) -> Option<Head> {
        let file = places::open_plain(&self.path, OpenOptions::new().read(true)).ok()?;
        last(&file).map(|note| note.head)
    }

    /// Refuses a file that is there and cannot be read: what it says is known to somebody, and is not to be taken for nothing.
    ///
    /// # Errors
    /// [`StoreError::NoteUnread`], and what is no file of ours.
    pub(in crate::store) fn must_open(&self) -> Result<()> {
        match places::open_plain(&self.path, OpenOptions::new().read(true)) {
            Ok(_) => Ok(()),
            Err(StoreError::ReadOnly { path, cause } | StoreError::Io { path, cause }) => {
                let is_there = self.path.symlink_metadata().is_ok();
                if is_there { Err(StoreError::NoteUnread { path, cause }) } else { Ok(()) }
            }
            Err(error) => Err(error),
        }
    }

    /// Moves the noted end forward from `from` to `to`. It never goes back, and stays where the chain in the database is
    /// another than the noted one; `hash_at` tells the chain's hash at a place.
    pub(super) fn advance(&self, from: &Head, to: &Head, hash_at: impl FnOnce(u64) -> Option<String>) {
        // What is not noted now is noted with the next change.
        let Ok(file) = self.locked() else { return };
        let Some(HeadNote { turn, head }) = last(&file) else { return };
        let follows = || {
            head == *from
                || (head.count == 0 && head == Head::default())
                || hash_at(head.count).is_some_and(|hash| hash == head.hash)
        };
        if head.count < to.count && follows() {
            let _ = write(&file, &HeadNote { turn: turn + 1, head: to.clone() });
        }
    }

    /// Notes an end whatever was noted before.
    pub(in crate::store) fn force(&self, head: &Head) -> Result<()> {
        places::private_file(&self.path)?;
        let failed = |e: io::Error| StoreError::from_io(&self.path, &e);
        let file = self.locked()?;
        let turn = last(&file).map_or(1, |note| note.turn + 1);
        write(&file, &HeadNote { turn, head: head.clone() }).map_err(failed)
    }

    /// Opens the file and locks it against other processes; the lock ends with the file.
    fn locked(&self) -> Result<File> {
        let file = places::open_plain(&self.path, OpenOptions::new().read(true).write(true))?;
        let failed = |e: io::Error| StoreError::from_io(&self.path, &e);
        for _ in 0..TRIES {
            match flock(&file, FlockOperation::NonBlockingLockExclusive) {
                Err(rustix::io::Errno::WOULDBLOCK | rustix::io::Errno::INTR) => sleep(Duration::from_millis(1)),
                Err(error) => return Err(failed(error.into())),
                Ok(()) => return Ok(file),
            }
        }
        Err(failed(io::ErrorKind::WouldBlock.into()))
    }
}

/// Reads the place that was written last.
fn last(file: &File) -> Option<HeadNote> {
    let place = |number: usize| {
        let mut bytes = [0; PLACE];
        file.read_exact_at(&mut bytes, (number * PLACE) as u64).ok()?;
        HeadNote::of(&bytes)
    };
    [place(0), place(1)].into_iter().flatten().max_by_key(|note| note.turn)
}

/// Writes the place that does not hold the last note. Nothing is synced: what a power cut takes away is only behind.
fn write(file: &File, note: &HeadNote) -> io::Result<()> {
    file.write_all_at(&note.to_bytes(), note.turn % 2 * PLACE as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(count: u64) -> Head {
        Head { count, hash: format!("{count:064}") }
    }

    #[test]
    fn goes_forward_only_and_only_along_its_chain() {
        let dir = tempfile::tempdir().unwrap();
        let file = HeadFile::new(dir.path().join("skillcert.head"));
        assert_eq!(file.read(), None);
        file.advance(&head(0), &head(1), |_| None);
        assert_eq!(file.read(), None, "it is made by `force` alone");
        file.force(&head(3)).unwrap();
        file.advance(&head(3), &head(4), |_| None);
        file.advance(&head(1), &head(2), |_| None);
        assert_eq!(file.read(), Some(head(4)));
        file.advance(&head(6), &head(7), |at| Some(head(at).hash));
        assert_eq!(file.read(), Some(head(7)), "another process was killed in between");
        file.advance(&head(8), &head(9), |_| Some("another".into()));
        assert_eq!(file.read(), Some(head(7)), "another chain");
        file.force(&head(2)).unwrap();
        assert_eq!(file.read(), Some(head(2)));
    }

    #[test]
    fn a_write_that_breaks_off_anywhere_leaves_the_end_before() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("skillcert.head");
        let file = HeadFile::new(path.clone());
        file.force(&head(1)).unwrap();
        file.force(&head(2)).unwrap();
        let before = std::fs::read(&path).unwrap();
        let next = HeadNote { turn: 3, head: head(3) };
        for cut in 0..PLACE {
            let mut torn = before.clone();
            torn[PLACE..PLACE + cut].copy_from_slice(&next.to_bytes()[..cut]);
            std::fs::write(&path, &torn).unwrap();
            let found = file.read();
            let whole = torn[PLACE..] == next.to_bytes();
            assert!(found == Some(head(2)) || (whole && found == Some(head(3))), "{cut}: {found:?}");
        }
    }
}
