//! `skillcert decode`: what codes and numbers say; from arguments, lines of stdin, or a column of a file.

mod answer;
mod mask;
mod write;

use std::io::{self, Read, Write};
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;

use super::args::DecodeArgs;
use super::load::told;
use super::{find_profile, out, today, usage};
use crate::data;
use crate::domain::decoder::Decoder;
use crate::domain::roster::Block;
use crate::domain::rules::{Tables, cleaned_code};
use crate::domain::text;
use crate::failure::{Failure, FailureKind};
use crate::formats::csv_text::Desk;
use crate::formats::read::{self, ReadOptions};
use crate::store::{Places, Reader as StoreReader};
use crate::words::Locale;
use answer::Reader;
use write::Format;

/// How much of stdin is read at once, bytes.
const BLOCK: usize = 1 << 18;
/// How much of a line is kept, bytes; no number is as long.
const LONGEST_LINE: usize = 4096;
/// How much output is collected before it is written, bytes.
const FULL: usize = 1 << 16;

/// Up to so many inputs are looked for in the ledger; a stream of codes is answered without it, as fast as before.
const FEW: usize = 1000;

/// Answers one input after another, into a buffer.
struct Session<'a, W: Write> {
    reader: Reader<'a>,
    /// The ledger, as long as there are few inputs.
    ledger: Option<StoreReader>,
    /// The inputs so far, each with its row in a file, until it is known whether they are few.
    waiting: Vec<(Vec<u8>, Option<u32>)>,
    format: Format,
    buffer: Vec<u8>,
    out: W,
    all_ok: bool,
}

impl<W: Write> Session<'_, W> {
    fn answer(&mut self, input: &[u8], row: Option<u32>) -> io::Result<()> {
        if self.ledger.is_some() {
            if self.waiting.len() < FEW {
                self.waiting.push((input[..input.len().min(LONGEST_LINE)].to_vec(), row));
                return Ok(());
            }
            self.ledger = None;
            self.answer_waiting()?;
        }
        self.answer_now(input, row)
    }

    /// Answers what has waited, with what the ledger has of it where it was asked.
    fn answer_waiting(&mut self) -> io::Result<()> {
        let waiting = std::mem::take(&mut self.waiting);
        if let Some(ledger) = self.ledger.take() {
            let codes = waiting.iter().map(|(input, _)| cleaned_code(&String::from_utf8_lossy(input)).into_owned());
            // A ledger that cannot be read was told of with the registry, and leaves its words out.
            self.reader.known = ledger.known(None, codes.collect(), Vec::new()).unwrap_or_default();
        }
        waiting.iter().try_for_each(|(input, row)| self.answer_now(input, *row))
    }

    fn answer_now(&mut self, input: &[u8], row: Option<u32>) -> io::Result<()> {
        let answer = self.reader.answer(input);
        self.all_ok &= answer.ok;
        self.format.write(&mut self.buffer, &answer, row);
        if FULL <= self.buffer.len() { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.write_all(&self.buffer)?;
        self.buffer.clear();
        self.out.flush()
    }

    /// Answers every line of a stream; blank lines ask nothing. Bytes that are no text become U+FFFD.
    fn lines(&mut self, mut from: impl Read) -> io::Result<()> {
        let mut block = vec![0; BLOCK];
        let mut begun: Vec<u8> = Vec::new();
        loop {
            let count = match from.read(&mut block) {
                Ok(0) => break,
                Ok(count) => count,
                Err(e) if e.kind() == io::ErrorKind::Interrupted => continue,
                Err(e) => return Err(e),
            };
            let mut rest = &block[..count];
            while let Some(end) = memchr::memchr(b'\n', rest) {
                let line = &rest[..end];
                rest = &rest[end + 1..];
                if begun.is_empty() {
                    self.line(line)?;
                } else {
                    keep(&mut begun, line);
                    let line = std::mem::take(&mut begun);
                    self.line(&line)?;
                }
            }
            keep(&mut begun, rest);
        }
        self.line(&begun)
    }

    fn line(&mut self, line: &[u8]) -> io::Result<()> {
        match line.trim_ascii() {
            [] => Ok(()),
            line => self.answer(line, None),
        }
    }
}

/// Adds to a line that is not complete yet; what no number needs is dropped.
fn keep(begun: &mut Vec<u8>, more: &[u8]) {
    let room = LONGEST_LINE.saturating_sub(begun.len());
    begun.extend_from_slice(&more[..more.len().min(room)]);
}

/// Decodes what was given. Exit code 1 when anything of it does not read.
pub fn run(args: &DecodeArgs, locale: &Locale) -> Result<u8, Failure> {
    let now = today(None, locale)?;
    let profiles = match &args.profile {
        Some(id) => vec![find_profile(id, locale)?],
        None => data::profiles().to_vec(),
    };
    let registry = told(StoreReader::registry_of(args.home.as_deref()), locale);
    let decoder = Decoder::new(profiles, Arc::new(Tables { registry, ..data::tables([]) }), now);
    let is_alone = args.column.is_none() && args.codes.len() == 1;
    let format = match args.format.as_str() {
        "json" => Format::Json,
        "csv" => Format::Csv,
        _ if is_alone => Format::Ruler,
        _ => Format::Line,
    };
    let mut session = Session {
        reader: Reader::new(&decoder, locale, !args.unmask, format),
        ledger: if format == Format::Csv { None } else { ledger(args.home.as_deref()) },
        waiting: Vec::new(),
        format,
        buffer: Vec::with_capacity(FULL * 2),
        out: io::stdout().lock(),
        all_ok: true,
    };
    format.head(&mut session.buffer, args.column.is_some());
    let result = match (&args.column, args.codes.as_slice()) {
        (Some(column), [file]) => return column_of(&mut session, Path::new(file), column, args, locale),
        (Some(_), _) => return Err(usage(locale, "cli.column-needs-file", &[])),
        (None, []) => session.lines(io::stdin().lock()),
        (None, codes) => codes.iter().try_for_each(|code| session.answer(code.as_bytes(), None)),
    };
    finish(&mut session, result, locale)
}

/// Opens the ledger where there is a certificate in it.
fn ledger(home: Option<&Path>) -> Option<StoreReader> {
    let reader = StoreReader::open(&Places::from_environment(home).ok()?).ok()??;
    reader.has_certificates().is_ok_and(|has| has).then_some(reader)
}

fn finish<W: Write>(session: &mut Session<'_, W>, result: io::Result<()>, locale: &Locale) -> Result<u8, Failure> {
    let result = result.and_then(|()| session.answer_waiting()).and_then(|()| session.flush());
    out::settled(result).map_err(|e| locale.untold(&e))?;
    Ok(u8::from(!session.all_ok))
}

/// Answers every cell of a column; blank ones ask nothing.
fn column_of<W: Write>(
    session: &mut Session<'_, W>,
    file: &Path,
    column: &str,
    args: &DecodeArgs,
    locale: &Locale,
) -> Result<u8, Failure> {
    let bug = |what: &str| Failure::new(FailureKind::Bug, what, "");
    let sheet = data::profiles().first().and_then(|p| data::sheet(p.upload_sheet())).ok_or_else(|| bug("no form"))?;
    let program = std::env::current_exe().map_err(|e| locale.bug(&e))?;
    let options = ReadOptions { sheet: args.sheet.as_deref(), spec: &sheet, program: &program, threads: 1 };
    let refused = |refusal| locale.refusal(&refusal, &file.to_string_lossy());
    let opened = read::open(file, &options).map_err(refused)?;
    let columns = opened.columns.clone();
    let by_label = columns.source.iter().position(|c| text::trimmed(&c.label) == column.trim());
    let Some(at) = by_label.or_else(|| columns.of(Some(sheet.field_of(column)?)?)) else {
        let known: Vec<String> = columns.source.iter().map(|c| text::trimmed(&c.label).into_owned()).collect();
        return Err(usage(locale, "cli.unknown-column", &[("column", column), ("known", &known.join(", "))]));
    };
    session.reader.field = columns.source.get(at).and_then(|c| c.field);
    let mut first = opened.first_line;
    let mut result = Ok(());
    let check = |block: Block, _: &mut Desk| (block, ());
    let read = opened.read(&columns, &check, &mut |piece, ()| {
        for row in 0..piece.block.len() {
            let cell = piece.block.bytes(row, at);
            if cell.trim_ascii().is_empty() {
                continue;
            }
            result = session.answer(cell, Some(first + piece.block.line(row)));
            if result.is_err() {
                return ControlFlow::Break(());
            }
        }
        first += piece.block.line_count();
        ControlFlow::Continue(())
    });
    read.map_err(refused)?;
    finish(session, result, locale)
}
