//! Signs of life: the child reads the file through a meter, and says on its standard error that it gets on. Whoever waits for it then
//! need not guess from the size how long a file may take: one that is read on and on without end says nothing.

use std::fs::File;
use std::io::{self, Cursor, Read, Seek, SeekFrom, Write};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

/// How many bytes were read.
static READ: AtomicU64 = AtomicU64::new(0);

/// Whether nothing more is to be read.
static IS_OVER: AtomicBool = AtomicBool::new(false);

/// How often a sign is given.
const BEAT: Duration = Duration::from_millis(200);

/// The bytes of a file; what is read of them counts.
#[derive(Debug, Clone)]
pub struct Metered<'a>(Cursor<&'a [u8]>);

impl<'a> Metered<'a> {
    pub fn new(bytes: &'a [u8]) -> Metered<'a> {
        Metered(Cursor::new(bytes))
    }

    pub fn position(&self) -> u64 {
        self.0.position()
    }
}

impl Read for Metered<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if IS_OVER.load(Ordering::Relaxed) {
            return Err(io::Error::other("over"));
        }
        let count = self.0.read(buffer)?;
        READ.fetch_add(count as u64, Ordering::Relaxed);
        Ok(count)
    }
}

impl Seek for Metered<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.0.seek(to)
    }
}

/// Ends all reading of the file: it is refused, and whatever reads it besides need not go on.
pub fn end() {
    IS_OVER.store(true, Ordering::Relaxed);
}

/// Gives a sign through `out` as long as more is read, on a thread of its own.
pub fn begin(mut out: File) {
    let beat = move || {
        let mut before = 0;
        loop {
            std::thread::sleep(BEAT);
            let now = READ.load(Ordering::Relaxed);
            if now != std::mem::replace(&mut before, now) && out.write_all(b".").is_err() {
                return;
            }
        }
    };
    // Without it the child is only waited for less long.
    drop(std::thread::Builder::new().spawn(beat));
}
