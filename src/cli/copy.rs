//! The corrected copy of a roster's own file, as every verb writes it that changes cells: what it would lack is told first, and
//! asked about.

use std::io::{self, BufRead, BufReader, Write};
use std::path::{Path, PathBuf};

use clap::Args;

use super::io::Io;
use super::typed::{Encoding, table_format};
use super::usage::{unknown_ending, usage};
use crate::domain::batch::Batch;
use crate::domain::text;
use crate::failure::Failure;
use crate::office::{FixedLack, FixedWritten, Loss, Office};
use crate::words::Locale;

/// Where a corrected copy goes, and what was agreed to: of every verb that writes one.
#[derive(Debug, Args)]
pub struct CopyArgs {
    #[arg(long, short, value_name = "FILE", help = "replace-output")]
    output: Option<PathBuf>,
    #[arg(long)]
    dry_run: bool,
    #[arg(long)]
    force: bool,
    #[arg(long)]
    yes: bool,
}

impl CopyArgs {
    pub fn output(&self) -> Option<&Path> {
        self.output.as_deref()
    }

    /// Tells whether nothing is to be written.
    pub fn is_only_tried(&self) -> bool {
        self.dry_run
    }

    /// Refuses a call that writes a copy and names no file for it.
    pub fn must_be_named(&self, locale: &Locale) -> Result<(), Failure> {
        if self.output.is_none() && !self.dry_run { Err(usage(locale, "cli.fix-needs-output", &[])) } else { Ok(()) }
    }

    /// Gives the copy of a file, which is read again from `source`.
    pub fn of<'a>(&'a self, source: &'a Path) -> CorrectedCopy<'a> {
        CorrectedCopy {
            source,
            target: self.output(),
            is_only_tried: self.dry_run,
            overwrite: self.force,
            may_lose: self.yes,
            is_quiet: false,
        }
    }
}

/// What is written, and where.
#[derive(Debug)]
pub struct CorrectedCopy<'a> {
    /// Where the file is read again.
    pub source: &'a Path,
    /// Where the copy goes; it need not be named where it is only tried.
    pub target: Option<&'a Path>,
    pub is_only_tried: bool,
    pub overwrite: bool,
    /// Whether what the copy would lack was agreed to.
    pub may_lose: bool,
    /// Whether only what went otherwise is told: the copy is one of several.
    pub is_quiet: bool,
}

impl CorrectedCopy<'_> {
    /// Writes the copy, then tells what was changed in it. What is told of as changed is on the disk by then.
    pub fn write(&self, batch: &Batch, mut told: Vec<u8>, io: &mut Io, office: &Office) -> Result<(), Failure> {
        let locale = office.locale();
        let format = self.target.and_then(|target| table_format(None, target, Encoding::Utf8));
        let unknown = || unknown_ending(locale, self.target.unwrap_or(Path::new("")));
        let keep = if batch.origin.encoding == "xlsx" { "fix.keep-by-name" } else { "fix.keep-all" };
        let mut voids_signature = false;
        let written = match self.target.filter(|_| !self.is_only_tried) {
            Some(target) => {
                let copy =
                    office.fixed_copy(batch, (self.source, target), format, self.overwrite)?.ok_or_else(unknown)?;
                if !self.may_lose && !copy.lack().losses.is_empty() {
                    ask_to_lose(&copy.lack().losses, target, keep, io, locale)?;
                }
                voids_signature = copy.lack().voids_signature;
                Some((target, office.write_fixed(copy)?))
            }
            None => {
                let lack = office.fixed_lack(batch, self.source, self.target, format)?.ok_or_else(unknown)?;
                tell_lack(&mut told, &lack, keep, locale).map_err(|e| locale.stdout_refused(&e))?;
                None
            }
        };
        if !self.is_quiet {
            io.answer(locale, |w| w.write_all(&told))?;
        }
        let Some((target, written)) = written else { return Ok(()) };
        self.tell_written((target, &written), voids_signature, io, locale);
        Ok(())
    }

    /// Writes a copy in which cells of several sheets are others; it is done only where all else stays as it is.
    pub fn write_sheets(&self, batches: &[Batch], told: &[u8], io: &mut Io, office: &Office) -> Result<(), Failure> {
        let locale = office.locale();
        let mut voids_signature = false;
        let mut written = None;
        match self.target.filter(|_| !self.is_only_tried) {
            Some(target) => {
                let made = office.write_fixed_sheets(batches, (self.source, target), self.overwrite)?;
                (written, voids_signature) = (Some((target, made.0)), made.1);
            }
            None => office.sheets_can_be_copied(batches, self.source, self.target)?,
        }
        if !self.is_quiet {
            io.answer(locale, |w| w.write_all(told))?;
        }
        if let Some((target, written)) = written {
            self.tell_written((target, &written), voids_signature, io, locale);
        }
        Ok(())
    }

    /// Tells what else became of the copy that was written.
    fn tell_written(
        &self,
        (target, written): (&Path, &FixedWritten),
        voids_signature: bool,
        io: &mut Io,
        locale: &Locale,
    ) {
        let number = |key: &str, number: usize| locale.fill(key, &[("number", &number.to_string())]);
        if 0 < written.made_safe {
            io.note(&number("fix.made-safe", written.made_safe));
        }
        if 0 < written.apart {
            io.note(&number("fix.apart", written.apart));
        }
        if written.replaced_formulas {
            io.note(locale.text("fix.formulas"));
        }
        if voids_signature {
            io.note(locale.text("fix.signature-void"));
        }
        if !self.is_quiet {
            let key = if written.is_copy { "fix.copied" } else { "fix.written" };
            io.note(&locale.fill(key, &[("file", &target.to_string_lossy())]));
        }
    }
}

/// Tells what the new file will lack and how it is kept, and asks whether that is meant; only a `y` says so.
fn ask_to_lose(losses: &[Loss], target: &Path, keep: &str, io: &mut Io, locale: &Locale) -> Result<(), Failure> {
    let file = text::visible(&target.to_string_lossy()).into_owned();
    io.message(&locale.fill("fix.loses", &[("file", &file)]));
    for line in loss_lines(losses, keep, locale) {
        io.message(&line);
    }
    if !io.may_ask() || !io.is_answered() {
        return Err(usage(locale, "fix.say-yes", &[]));
    }
    io.message(locale.text("fix.agree"));
    let mut answer = String::new();
    let read = BufReader::new(io.input()).read_line(&mut answer);
    if read.is_ok() && matches!(answer.trim(), "y" | "Y" | "ｙ" | "Ｙ") {
        return Ok(());
    }
    Err(usage(locale, "fix.not-written", &[]))
}

/// Lists what will be lost, and how it is kept.
fn loss_lines(losses: &[Loss], keep: &str, locale: &Locale) -> Vec<String> {
    let line = |loss: &Loss| {
        let (number, names) = match loss {
            Loss::Sheets(names) => (names.len(), names.join(locale.text("finding.comma"))),
            Loss::Above(rows) => (*rows as usize, String::new()),
            Loss::NoData(rows) => (*rows, String::new()),
            Loss::Looks | Loss::Separators | Loss::Signature => (0, String::new()),
        };
        let places = [("number", number.to_string()), ("names", names)];
        let key = format!("fix.loss.{}", loss.key());
        format!("  {}", locale.fill(&key, &places.each_ref().map(|(k, v)| (*k, v.as_str()))))
    };
    let mut lines: Vec<String> = losses.iter().map(line).collect();
    if losses.contains(&Loss::Looks) {
        lines.push(locale.text(keep).to_string());
    }
    lines
}

/// Tells before anything is written what the new file would not have.
fn tell_lack(w: &mut impl Write, lack: &FixedLack, keep: &str, locale: &Locale) -> io::Result<()> {
    if !lack.losses.is_empty() {
        writeln!(w, "{}", locale.text("fix.would-lose"))?;
    }
    for line in loss_lines(&lack.losses, keep, locale) {
        writeln!(w, "{}", text::visible(&line))?;
    }
    if lack.voids_signature {
        writeln!(w, "{}", locale.text("fix.signature-void"))?;
    }
    Ok(())
}
