//! The parent's side: starts the child, reads its frames, and turns whatever becomes of it into a refusal.

use super::{LIMITS, OtherTab, SHEET, SheetCell, SheetInfo, SheetRow, VERB, frames};
use crate::cause::System;
use crate::domain::roster::Beside;
use crate::domain::sheet::TabState;
use crate::formats::limits::Limits;
use crate::formats::sniff::FileKind;
use crate::formats::{FileRefusal, RefusalKind};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::Signal;
use std::io::{self, Read};
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Child, ChildStderr, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

/// How long our own binary may take to start, from a slow disk or on a busy machine.
const START: Duration = Duration::from_secs(20);
/// How long the child may give no sign of life, and how many bytes of a file that is first read into memory add a second.
const SILENCE: Duration = Duration::from_millis(1600);
const BYTES_PER_SECOND: u64 = if cfg!(debug_assertions) { 512 << 10 } else { 32 << 20 };

/// What the pipe may hold: some thousand rows.
const PIPE: usize = 1 << 20;
const BUFFER: usize = 256 << 10;

/// Reads the rows of one sheet of a workbook (工作簿).
#[derive(Debug)]
pub struct WorkbookReader {
    child: Child,
    pipe: ChildStdout,
    /// Where the child gives signs of life, until it has ended.
    signs: Option<ChildStderr>,
    limits: Limits,
    buffer: Vec<u8>,
    at: usize,
    end: usize,
    silence: Duration,
    header: frames::Header,
    sheets: Vec<SheetInfo>,
    cells: Vec<SheetCell>,
    outcome: Option<Result<(), FileRefusal>>,
}

impl WorkbookReader {
    /// Opens a workbook and the sheet of a name, or the first visible sheet that has cells.
    ///
    /// `program` is our own binary, which runs again as the child.
    pub fn open(
        program: &Path,
        file: &Path,
        kind: FileKind,
        (sheet, limits): (Option<&str>, Limits),
    ) -> Result<WorkbookReader, FileRefusal> {
        let source = crate::formats::plain_file::open(file).map_err(|error| FileRefusal::from_io(&error))?;
        let about = source.metadata().map_err(|error| FileRefusal::from_io(&error))?;
        if !about.is_file() {
            return Err(FileRefusal::from_io(&io::ErrorKind::InvalidInput.into()));
        }
        let unstarted = |error: &io::Error| FileRefusal::new(RefusalKind::Program, System::of(error).to_string());
        let mut child = Command::new(program)
            .arg(VERB)
            .arg(kind.key())
            // A sheet may be named after somebody, and everybody can read the arguments of a process.
            .env_remove(SHEET)
            .envs(sheet.map(|sheet| (SHEET, sheet)))
            .env(LIMITS, limits.written())
            .env_remove("RUST_BACKTRACE")
            // Every thread takes room of its own in advance, and which of them got it first would decide what is refused.
            .env("MALLOC_ARENA_MAX", "1")
            .stdin(source)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| unstarted(&error))?;
        let Some(pipe) = child.stdout.take() else { return Err(unstarted(&io::ErrorKind::BrokenPipe.into())) };
        // So that the child goes on while this side checks a block; where the system refuses, it only waits longer.
        let _ = rustix::pipe::fcntl_setpipe_size(&pipe, PIPE);
        let signs = child.stderr.take();
        let mut reader = WorkbookReader {
            child,
            pipe,
            signs,
            limits,
            buffer: vec![0; BUFFER],
            at: 0,
            end: 0,
            silence: START,
            header: frames::Header::default(),
            sheets: Vec::new(),
            cells: Vec::new(),
            outcome: None,
        };
        reader.read_header(kind, about.len())?;
        Ok(reader)
    }

    /// Gives the workbook's kind: `xlsx`, `xls`, `xlsb` or `ods`.
    pub fn kind(&self) -> &str {
        &self.header.kind
    }

    /// Lists the sheets in the order of their tabs.
    pub fn sheets(&self) -> &[SheetInfo] {
        &self.sheets
    }

    /// Gives the name of the sheet that is read.
    pub fn sheet(&self) -> &str {
        &self.header.sheet
    }

    /// Tells what the sheet has besides its rows: what it hides, what is struck out, which cells have remarks.
    pub fn beside(&self) -> &Beside {
        &self.header.beside
    }

    /// Tells whether a column, counted from 0, is not shown.
    pub fn hides_column(&self, column: usize) -> bool {
        let runs = &self.header.beside.hidden_columns;
        runs.iter().any(|(from, to)| (*from as usize..=*to as usize).contains(&(column + 1)))
    }

    /// Lists what stands on the sheets that are not read.
    pub fn others(&self) -> &[OtherTab] {
        &self.header.others
    }

    /// Tells whether the workbook counts its days from 1904.
    pub fn date_1904(&self) -> bool {
        self.header.date_1904
    }

    /// Gives the next row that has a cell, or nothing behind the last one.
    pub fn next_row(&mut self) -> Result<Option<SheetRow<'_>>, FileRefusal> {
        if let Some(outcome) = &self.outcome {
            return outcome.clone().map(|()| None);
        }
        match self.read_row() {
            Ok(Some((line, width))) => Ok(Some(SheetRow { line, cells: &self.cells[..width] })),
            Ok(None) => {
                self.outcome = Some(Ok(()));
                let _ = self.child.wait();
                Ok(None)
            }
            Err(refusal) => {
                self.outcome = Some(Err(refusal.clone()));
                Err(refusal)
            }
        }
    }

    fn read_header(&mut self, kind: FileKind, size: u64) -> Result<(), FileRefusal> {
        match self.tag() {
            Ok(frames::STARTED) => {}
            // Not our binary, or one that does not know the verb: it says something else, or ends without a word.
            Ok(_) => return Err(FileRefusal::new(RefusalKind::Program, "")),
            Err(ended) if ended.kind == RefusalKind::Damaged => return Err(FileRefusal::new(RefusalKind::Program, "")),
            Err(refusal) => return Err(refusal),
        }
        // The parts of the others are read as they are unpacked.
        let is_held = matches!(kind, FileKind::Xls | FileKind::Ods);
        self.silence = SILENCE + Duration::from_secs(if is_held { size / BYTES_PER_SECOND } else { 0 });
        match self.tag()? {
            frames::HEADER => self.header = self.json()?,
            frames::REFUSED => return Err(self.json::<frames::RefusalFrame>()?.into()),
            _ => return Err(damaged("header")),
        }
        let info = |tab: &frames::SheetTab| SheetInfo {
            name: tab.name.clone(),
            tab: TabState::read(&tab.visible).unwrap_or_default(),
        };
        self.sheets = self.header.sheets.iter().map(info).collect();
        Ok(())
    }

    /// Reads a row into the cells; gives its line and width.
    fn read_row(&mut self) -> Result<Option<(u32, usize)>, FileRefusal> {
        match self.tag()? {
            frames::ROW => {}
            frames::DONE => return Ok(None),
            frames::REFUSED => return Err(self.json::<frames::RefusalFrame>()?.into()),
            _ => return Err(damaged("row")),
        }
        let head = self.take(frames::ROW_HEAD)?;
        let line = number(&head[..4]);
        let width = usize::from(u16::from_le_bytes([head[4], head[5]]));
        let length = number(&head[6..]) as usize;
        if width > self.limits.columns as usize || length > frames::MAX_ROW_TEXT {
            return Err(damaged("row"));
        }
        if self.cells.len() < width {
            self.cells.resize_with(width, SheetCell::default);
        }
        self.fill(width * frames::CELL_HEAD + length)?;
        let frame = &self.buffer[self.at..self.at + width * frames::CELL_HEAD + length];
        self.at += frame.len();
        let (heads, text) = frame.split_at(width * frames::CELL_HEAD);
        let mut rest = simdutf8::basic::from_utf8(text).map_err(|_| damaged("text"))?;
        for (cell, head) in self.cells.iter_mut().zip(heads.chunks_exact(frames::CELL_HEAD)) {
            let (text, behind) = rest.split_at_checked(number(&head[1..]) as usize).ok_or_else(|| damaged("text"))?;
            rest = behind;
            cell.text.clear();
            cell.text.push_str(text);
            cell.mark = frames::mark_of(head[0]);
            cell.is_counted = head[0] & frames::COUNTED != 0;
        }
        Ok(Some((line, width)))
    }

    fn tag(&mut self) -> Result<u8, FileRefusal> {
        self.take(1).map(|tag| tag[0])
    }

    fn json<T: serde::de::DeserializeOwned>(&mut self) -> Result<T, FileRefusal> {
        let length = number(self.take(4)?) as usize;
        if length > frames::MAX_JSON {
            return Err(damaged("frame"));
        }
        serde_json::from_slice(self.take(length)?).map_err(|_| damaged("frame"))
    }

    fn take(&mut self, length: usize) -> Result<&[u8], FileRefusal> {
        self.fill(length)?;
        self.at += length;
        Ok(&self.buffer[self.at - length..self.at])
    }

    /// Waits until so many bytes are there.
    fn fill(&mut self, length: usize) -> Result<(), FileRefusal> {
        if self.end - self.at >= length {
            return Ok(());
        }
        self.buffer.copy_within(self.at..self.end, 0);
        self.end -= self.at;
        self.at = 0;
        if self.buffer.len() < length {
            self.buffer.resize(length, 0);
        }
        while self.end < length {
            if !self.is_ready()? {
                let _ = self.child.kill();
                let _ = self.child.wait();
                return Err(FileRefusal::new(RefusalKind::TooLarge, "time"));
            }
            match self.pipe.read(&mut self.buffer[self.end..]) {
                Ok(0) => return Err(self.post_mortem()),
                Ok(read) => self.end += read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(FileRefusal::from_io(&error)),
            }
        }
        Ok(())
    }

    /// Waits for the child to say something or to end; false when it gives no sign of life for too long.
    fn is_ready(&mut self) -> Result<bool, FileRefusal> {
        let mut until = Instant::now() + self.silence;
        loop {
            let left = until.saturating_duration_since(Instant::now());
            let timeout = Timespec { tv_sec: left.as_secs() as i64, tv_nsec: left.subsec_nanos().into() };
            let mut waited = vec![PollFd::new(&self.pipe, PollFlags::IN)];
            waited.extend(self.signs.as_ref().map(|signs| PollFd::new(signs, PollFlags::IN)));
            match poll(&mut waited, Some(&timeout)) {
                Ok(0) => return Ok(false),
                Ok(_) if !waited[0].revents().is_empty() => return Ok(true),
                Ok(_) => {
                    until = Instant::now() + self.silence;
                    let ended =
                        self.signs.as_mut().is_none_or(|signs| matches!(signs.read(&mut [0; 64]), Ok(0) | Err(_)));
                    self.signs.take_if(|_| ended);
                }
                Err(rustix::io::Errno::INTR) => {}
                Err(error) => return Err(FileRefusal::from_io(&error.into())),
            }
        }
    }

    /// Says why a child ended without its last frame.
    fn post_mortem(&mut self) -> FileRefusal {
        let signal = self.child.wait().ok().and_then(|status| status.signal()).and_then(Signal::from_named_raw);
        match signal {
            Some(Signal::XCPU) => FileRefusal::new(RefusalKind::TooLarge, "time"),
            // A failed allocation aborts; the system kills when memory runs out elsewhere.
            Some(Signal::ABORT | Signal::KILL) => FileRefusal::new(RefusalKind::TooLarge, "memory"),
            _ => damaged(""),
        }
    }
}

impl Drop for WorkbookReader {
    fn drop(&mut self) {
        // Both fail on a child that has ended, which is what is wanted.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn damaged(detail: &str) -> FileRefusal {
    FileRefusal::new(RefusalKind::Damaged, detail)
}

fn number(bytes: &[u8]) -> u32 {
    bytes.iter().rev().fold(0, |n, byte| n << 8 | u32::from(*byte))
}
