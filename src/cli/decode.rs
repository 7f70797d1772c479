//! `skillcert decode`: what codes and numbers say; from arguments, lines of stdin, or a column of a file.

mod answer;
mod held;
mod mask;
mod write;

use std::io::{self, Read, Write};
use std::ops::ControlFlow;
use std::path::Path;

use clap::{Args, ValueEnum};

use super::escape::Written;
use super::io::Io;
use super::reading::ReadingArgs;
use crate::cli::usage::usage;
use crate::domain::ledger::stock::BlankNumber;
use crate::domain::rules::cleaned_code;
use crate::domain::sheet::UPLOAD_FORM;
use crate::failure::Failure;
use crate::office::{FileColumn, LedgerReader, Office};
use answer::NumberReader;
use held::LedgerMatch;
use write::AnswerFormat;

#[derive(Debug, Args)]
pub struct DecodeArgs {
    /// Lines of stdin when there are none. With `column` the file.
    #[arg(id = "codes", value_name = "CODE", help = "codes", num_args = 0..)]
    codes: Vec<String>,
    #[arg(long, value_enum, default_value_t)]
    format: DecodeFormat,
    #[arg(long, value_name = "NAME")]
    column: Option<String>,
    /// Of the file, but for the profile and the day.
    #[command(flatten)]
    reading: ReadingArgs,
    #[arg(long)]
    unmask: bool,
}

/// The form of output that is asked for.
#[derive(Debug, Clone, Copy, Default, ValueEnum)]
enum DecodeFormat {
    #[default]
    Text,
    Json,
    Csv,
}

/// How much of stdin is read at once, bytes.
const BLOCK: usize = 1 << 18;
/// How much of a line is kept, bytes; no number is as long.
const LONGEST_LINE: usize = 4096;
/// How much output is collected before it is written, bytes.
const FULL: usize = 1 << 16;

/// Up to so many inputs are looked for in the ledger; a stream of codes is answered without it, as fast as before.
const FEW: usize = 1000;

/// Answers one input after another, into a buffer.
struct Answers<'a> {
    reader: NumberReader<'a>,
    /// The ledger, as long as there are few inputs.
    ledger: Option<LedgerReader>,
    /// The inputs so far, each with its row in a file, until it is known whether they are few.
    waiting: Vec<(Vec<u8>, Option<u32>)>,
    format: AnswerFormat,
    buffer: Vec<u8>,
    out: &'a mut dyn Write,
    all_ok: bool,
}

impl Answers<'_> {
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
            let codes: Vec<String> = codes.collect();
            self.reader.known = ledger.known(&codes).unwrap_or_default();
            for number in codes.iter().filter_map(|code| BlankNumber::read(code).ok()) {
                let lives = ledger.blanks_of(number).unwrap_or_default();
                let found = LedgerMatch::blanks(&lives, self.reader.locale());
                self.reader.blanks.extend(found.map(|found| (number.to_string(), found)));
            }
        }
        waiting.iter().try_for_each(|(input, row)| self.answer_now(input, *row))
    }

    fn answer_now(&mut self, input: &[u8], row: Option<u32>) -> io::Result<()> {
        let answer = self.reader.answer(input);
        self.all_ok &= answer.ok;
        self.format.write(&mut self.buffer, &answer, row);
        if FULL <= self.buffer.len() { self.flush() } else { Ok(()) }
    }

    /// Answers and writes what is left.
    fn end(&mut self) -> io::Result<()> {
        self.answer_waiting()?;
        self.flush()
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
pub fn run(args: &DecodeArgs, io: &mut Io, office: &Office) -> Result<u8, Failure> {
    let locale = office.locale();
    let reading = args.reading.reading();
    let decoder = office.decoder(&reading, &mut |words| io.message(&words))?;
    let column = match (&args.column, args.codes.as_slice()) {
        (None, _) => {
            args.reading.is_of_no_file(locale)?;
            None
        }
        (Some(column), [file]) => {
            args.reading.must_be_of_one_sheet(office)?;
            Some(office.file_column(Path::new(file), &reading, column)?)
        }
        (Some(_), _) => return Err(usage(locale, "cli.column-needs-file", &[])),
    };
    let format = match args.format {
        DecodeFormat::Json => AnswerFormat::Json,
        DecodeFormat::Csv => AnswerFormat::Csv,
        DecodeFormat::Text if column.is_none() && args.codes.len() == 1 => AnswerFormat::Ruler,
        DecodeFormat::Text => AnswerFormat::Line,
    };
    let mut reader = NumberReader::new(&decoder, locale, !args.unmask, format);
    reader.form = office.sheet(UPLOAD_FORM);
    reader.field = column.as_ref().and_then(FileColumn::field);
    let mut refused = None;
    let mut all_ok = true;
    let ledger = match format {
        AnswerFormat::Csv => None,
        _ => office.ledger_or_told(&mut |words| io.message(&words)),
    };
    let written = match format {
        AnswerFormat::Json => Written::Json,
        // It begins with a mark of byte order; its cells are made safe one by one.
        AnswerFormat::Csv => Written::File,
        AnswerFormat::Ruler | AnswerFormat::Line => Written::Text,
    };
    io.pass(written, locale, |input, out| {
        let mut answers = Answers {
            reader,
            ledger,
            waiting: Vec::new(),
            format,
            buffer: Vec::with_capacity(FULL * 2),
            out,
            all_ok: true,
        };
        format.head(&mut answers.buffer, column.is_some());
        let answered = match (column, args.codes.as_slice()) {
            (Some(column), _) => {
                let mut written = Ok(());
                let read = column.read(&mut |row, cell| {
                    written = answers.answer(cell, Some(row));
                    if written.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
                });
                if let Err(failure) = read {
                    refused = Some(failure);
                    return Ok(());
                }
                written
            }
            (None, []) => answers.lines(input),
            (None, codes) => codes.iter().try_for_each(|code| answers.answer(code.as_bytes(), None)),
        };
        let ended = answered.and_then(|()| answers.end());
        all_ok = answers.all_ok;
        ended
    })?;
    refused.map_or_else(|| Ok(u8::from(!all_ok)), Err)
}
