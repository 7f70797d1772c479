//! `skillcert fix FILE --output F`: a copy of the organiser's own file with the safe fixes applied; of several files a copy
//! each.

use std::collections::BTreeMap;
use std::io::{self, BufRead, BufReader, Write};
use std::path::{Path, PathBuf};

use clap::Args;

use super::io::Io;
use super::many::{self, Total};
use super::reading::{ReadingArgs, load, tell_worked_on};
use super::typed::{Encoding, table_format};
use crate::cli::usage::{unknown_ending, usage};
use crate::domain::batch::{Batch, FixPlan};
use crate::domain::roster::Change;
use crate::domain::rules::Severity;
use crate::domain::text;
use crate::failure::Failure;
use crate::office::{FixedLack, KeptRows, Loss, Office, RosterRefused};
use crate::words::{FIXED_TAIL, Locale};

/// How many changed cells are listed.
const SHOWN: usize = 20;

#[derive(Debug, Args)]
pub struct FixArgs {
    #[arg(id = "file", value_name = "FILE", help = "files", required = true, num_args = 1..)]
    files: Vec<PathBuf>,
    #[command(flatten)]
    reading: ReadingArgs,
    #[arg(long, short, value_name = "FILE", help = "fix-output")]
    output: Option<PathBuf>,
    #[arg(long = "unsafe", id = "unsafe")]
    also_unsafe: bool,
    #[arg(long)]
    dry_run: bool,
    #[arg(long)]
    force: bool,
    #[arg(long)]
    yes: bool,
    #[arg(long)]
    unmask: bool,
}

/// Applies fixes and writes the table. Exit code 1 when errors remain.
pub fn run(args: &FixArgs, io: &mut Io, office: &Office) -> Result<u8, Failure> {
    let locale = office.locale();
    args.reading.must_be_of_one_sheet(office)?;
    if let Some(named) = many::named(&args.files, &args.reading, io, office)? {
        return each(args, &named.files, io, office);
    }
    if args.output.is_none() && !args.dry_run {
        return Err(usage(locale, "cli.fix-needs-output", &[]));
    }
    let file = args.files.first().map_or(Path::new(""), PathBuf::as_path);
    office.spare_source(file, args.output.as_deref())?;
    Ok(one(args, (file, args.output.as_deref()), false, io, office)?.code())
}

/// Corrects several files, each into a file of its own, with a line for each, and goes on past those that cannot be.
fn each(args: &FixArgs, files: &[PathBuf], io: &mut Io, office: &Office) -> Result<u8, Failure> {
    let locale = office.locale();
    let targets = many::targets(files, args.output.as_deref(), office, |file| copy_name(file, locale))?;
    let mut total = Total::default();
    for (at, (file, target)) in files.iter().zip(&targets).enumerate() {
        many::begin(io, locale, (at, files.len()), file);
        let line = match one(args, (file, Some(target)), true, io, office) {
            Ok(done) => {
                total.add(file, done.rows, (done.errors, done.warnings));
                total.worse(done.code());
                let key = if args.dry_run { "many.would-fix" } else { "many.fixed" };
                let places = [
                    ("file", &*many::shown(file)),
                    ("cells", &done.cells.to_string()),
                    ("errors", &done.errors.to_string()),
                    ("target", &many::shown(target)),
                ];
                locale.fill(key, &places)
            }
            Err(failure) => {
                total.fail(file, failure.exit_code());
                io.complain(&failure);
                locale.fill("many.line-failed", &[("file", &many::shown(file))])
            }
        };
        io.print(locale, &line)?;
    }
    io.about(None);
    io.print(locale, &total.lines(locale).join("\n"))?;
    Ok(total.code)
}

/// Names the copy of a file: a workbook that can be copied and a text keep their kind, the others are written anew.
fn copy_name(file: &Path, locale: &Locale) -> String {
    let name = file.file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
    let ending = file.extension().map(|ending| ending.to_string_lossy().to_ascii_lowercase()).unwrap_or_default();
    let ending = match ending.as_str() {
        "xlsm" | "xltx" | "xltm" => ending.as_str(),
        "csv" | "txt" => "csv",
        _ => "xlsx",
    };
    locale.written_name(&name, FIXED_TAIL, ending)
}

/// What came of a file.
struct Fixed {
    rows: u32,
    cells: usize,
    errors: usize,
    warnings: usize,
}

impl Fixed {
    fn code(&self) -> u8 {
        u8::from(0 < self.errors)
    }
}

/// Corrects a file; of one of several only what went otherwise is told here.
fn one(
    args: &FixArgs,
    (file, target): (&Path, Option<&Path>),
    is_one_of_several: bool,
    io: &mut Io,
    office: &Office,
) -> Result<Fixed, Failure> {
    let locale = office.locale();
    tell_worked_on(file, &args.reading.reading(), io, office);
    let loaded = load(file, &args.reading.reading(), KeptRows::All, io, office);
    let loaded = loaded.map_err(RosterRefused::failure)?;
    let source = loaded.source(file);
    let mut batch = loaded.batch;
    io.tell_left_out(&batch, locale);
    let plan = batch.plan_fixes(args.also_unsafe, |_| true);
    let title = locale.text("fix.title").to_string();
    let cells = plan.edits.len();
    // What is told of as changed is on the disk by then.
    let mut told = Vec::new();
    tell(&mut told, &batch, &plan, !args.unmask, locale).map_err(|e| locale.stdout_refused(&e))?;
    batch.apply(Change { title, edits: plan.edits, lasting: false });
    let order = CopyOrder {
        source: &source,
        target,
        is_tried: args.dry_run,
        overwrite: args.force,
        is_agreed: args.yes,
        is_one_of_several,
    };
    write_copy(&order, &batch, told, io, office)?;
    let [errors, warnings, _] = Severity::ALL.map(|severity| batch.findings().count(severity));
    Ok(Fixed { rows: batch.roster().len(), cells, errors, warnings })
}

/// How a changed table is written into a copy of its file.
pub(super) struct CopyOrder<'a> {
    /// Where the file is read again.
    pub source: &'a Path,
    pub target: Option<&'a Path>,
    /// Whether nothing is written, and only what the copy would lack is told.
    pub is_tried: bool,
    pub overwrite: bool,
    /// Whether somebody has agreed to what is lost.
    pub is_agreed: bool,
    /// Whether only what went otherwise is told.
    pub is_one_of_several: bool,
}

/// Writes a copy of the file with the cells that changed; `told` is what is told of them.
pub(super) fn write_copy(
    order: &CopyOrder<'_>,
    batch: &Batch,
    mut told: Vec<u8>,
    io: &mut Io,
    office: &Office,
) -> Result<(), Failure> {
    let CopyOrder { source, target, is_tried, overwrite, is_agreed, is_one_of_several } = *order;
    let locale = office.locale();
    let format = target.and_then(|target| table_format(None, target, Encoding::Utf8));
    let unknown = || unknown_ending(locale, target.unwrap_or(Path::new("")));
    let keep = if batch.origin.encoding == "xlsx" { "fix.keep-by-name" } else { "fix.keep-all" };
    let mut voids_signature = false;
    let written = match target.filter(|_| !is_tried) {
        Some(target) => {
            let copy = office.fixed_copy(batch, (source, target), format, overwrite)?.ok_or_else(unknown)?;
            if !is_agreed && !copy.lack().losses.is_empty() {
                ask_to_lose(&copy.lack().losses, target, keep, io, locale)?;
            }
            voids_signature = copy.lack().voids_signature;
            Some((target, office.write_fixed(copy)?))
        }
        None => {
            let lack = office.fixed_lack(batch, source, target, format)?.ok_or_else(unknown)?;
            tell_lack(&mut told, &lack, keep, locale).map_err(|e| locale.stdout_refused(&e))?;
            None
        }
    };
    if !is_one_of_several {
        io.answer(locale, |w| w.write_all(&told))?;
    }
    if let Some((target, written)) = written {
        let number = |number: usize| [("number", number.to_string())];
        if 0 < written.made_safe {
            io.note(
                &locale.fill("fix.made-safe", &number(written.made_safe).each_ref().map(|(k, v)| (*k, v.as_str()))),
            );
        }
        if 0 < written.apart {
            io.note(&locale.fill("fix.apart", &number(written.apart).each_ref().map(|(k, v)| (*k, v.as_str()))));
        }
        if written.replaced_formulas {
            io.note(locale.text("fix.formulas"));
        }
        if voids_signature {
            io.note(locale.text("fix.signature-void"));
        }
        if !is_one_of_several {
            let key = if written.is_copy { "fix.copied" } else { "fix.written" };
            io.note(&locale.fill(key, &[("file", &target.to_string_lossy())]));
        }
    }
    Ok(())
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

fn tell(w: &mut impl Write, batch: &Batch, plan: &FixPlan, masked: bool, locale: &Locale) -> io::Result<()> {
    writeln!(w, "{}", locale.fill("fix.changed", &[("number", &plan.edits.len().to_string())]))?;
    let by_rule: BTreeMap<&str, usize> = plan.cells_by_rule.iter().map(|(rule, n)| (rule.spec().code, *n)).collect();
    for (code, number) in by_rule {
        let title = locale.rule(code).map_or(code, |p| p.title.as_str());
        writeln!(w, "  {number:>7}  {code} {title}")?;
    }
    for edit in plan.edits.iter().take(SHOWN) {
        let [before, after] = locale.change_shown(edit.field, [&edit.before, &edit.after], masked);
        let places = [
            ("row", batch.roster().line(edit.row).to_string()),
            ("column", batch.context().sheet().label(edit.field).to_string()),
            ("before", before),
            ("after", after),
        ];
        writeln!(w, "  {}", locale.fill("fix.edit", &places.each_ref().map(|(k, v)| (*k, v.as_str()))))?;
    }
    if SHOWN < plan.edits.len() {
        let places = [("shown", SHOWN.to_string()), ("total", plan.edits.len().to_string())];
        writeln!(w, "  {}", locale.fill("check.showing", &places.each_ref().map(|(k, v)| (*k, v.as_str()))))?;
    }
    Ok(())
}
