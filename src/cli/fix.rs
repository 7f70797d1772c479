//! `skillcert fix FILE --output F`: a copy of the organiser's own file with the safe fixes applied; of several files a copy
//! each.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::Args;

use super::copy::{CopyArgs, CorrectedCopy};
use super::io::Io;
use super::many::{self, Total};
use super::reading::{ReadingArgs, load, tell_worked_on};
use crate::domain::batch::{Batch, FixPlan};
use crate::domain::roster::Change;
use crate::domain::rules::Severity;
use crate::failure::Failure;
use crate::office::{KeptRows, Office, RosterRefused};
use crate::words::{FIXED_TAIL, Locale};

/// How many changed cells are listed.
const SHOWN: usize = 20;

#[derive(Debug, Args)]
#[command(mut_arg("output", |arg| arg.help("fix-output")))]
pub struct FixArgs {
    #[arg(id = "file", value_name = "FILE", help = "files", required = true, num_args = 1..)]
    files: Vec<PathBuf>,
    #[command(flatten)]
    reading: ReadingArgs,
    #[command(flatten)]
    copy: CopyArgs,
    #[arg(long = "unsafe", id = "unsafe")]
    also_unsafe: bool,
    #[arg(long)]
    unmask: bool,
}

/// Applies fixes and writes the table. Exit code 1 when errors remain.
pub fn run(args: &FixArgs, io: &mut Io, office: &Office) -> Result<u8, Failure> {
    if let Some(named) = many::named(&args.files, &args.reading, io, office)? {
        return each(args, &named.files, io, office);
    }
    args.copy.must_be_named(office.locale())?;
    let file = args.files.first().map_or(Path::new(""), PathBuf::as_path);
    office.spare_source(file, args.copy.output())?;
    Ok(one(args, (file, args.copy.output()), false, io, office)?.code())
}

/// Corrects several files, each into a file of its own, with a line for each, and goes on past those that cannot be.
fn each(args: &FixArgs, files: &[PathBuf], io: &mut Io, office: &Office) -> Result<u8, Failure> {
    let (locale, words) = (office.locale(), office.report_locale());
    let targets = many::targets(files, args.copy.output(), office, |file| copy_name(file, &words))?;
    let mut total = Total::default();
    for (at, (file, target)) in files.iter().zip(&targets).enumerate() {
        many::begin(io, locale, (at, files.len()), file);
        let line = match one(args, (file, Some(target)), true, io, office) {
            Ok(done) => {
                total.add(file, done.rows, (done.errors, done.warnings), done.code());
                let key = if args.copy.is_only_tried() { "many.would-fix" } else { "many.fixed" };
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
    io.print(locale, &total.line(locale))?;
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
#[derive(Default)]
struct Fixed {
    rows: u32,
    cells: usize,
    errors: usize,
    warnings: usize,
}

impl Fixed {
    /// Counts a roster of it.
    fn add(&mut self, batch: &Batch, cells: usize) {
        let [errors, warnings, _] = Severity::ALL.map(|severity| batch.findings().count(severity));
        self.rows += batch.roster().len();
        self.cells += cells;
        self.errors += errors;
        self.warnings += warnings;
    }

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
    if !args.reading.several_sheets().is_empty() {
        return sheets(args, (file, target), is_one_of_several, io, office);
    }
    tell_worked_on(file, &args.reading.reading(), io, office);
    let loaded = load(file, &args.reading.reading(), KeptRows::All, io, office);
    let loaded = loaded.map_err(RosterRefused::failure)?;
    let mut batch = loaded.batch;
    io.tell_left_out(&batch, locale);
    let mut told = Vec::new();
    let cells = correct(args, &mut batch, &mut told, locale)?;
    let copy = CorrectedCopy { target, is_quiet: is_one_of_several, ..args.copy.of(file) };
    copy.write(&batch, told, io, office)?;
    let mut done = Fixed::default();
    done.add(&batch, cells);
    Ok(done)
}

/// Corrects several sheets of a workbook, each checked as a roster of its own, in one copy.
fn sheets(
    args: &FixArgs,
    (file, target): (&Path, Option<&Path>),
    is_one_of_several: bool,
    io: &mut Io,
    office: &Office,
) -> Result<Fixed, Failure> {
    let locale = office.locale();
    let (reading, names) = (args.reading.reading(), args.reading.several_sheets());
    let loaded = office.load_sheets(file, names, &reading, &mut |words| io.message(&words));
    let loaded = loaded.map_err(RosterRefused::failure)?;
    io.tell_beside(&loaded.batch, locale);
    let (mut told, mut done, mut batches) = (Vec::new(), Fixed::default(), Vec::new());
    for part in loaded.sheets {
        let mut batch = part.batch;
        locale.notes_of_sheet(&batch, false, true).iter().for_each(|note| io.message(note));
        let place = locale.file_place(&batch.origin.file, &batch.origin.sheet);
        writeln!(told, "{place}").map_err(|e| locale.stdout_refused(&e))?;
        let cells = correct(args, &mut batch, &mut told, locale)?;
        done.add(&batch, cells);
        batches.push(batch);
    }
    let copy = CorrectedCopy { target, is_quiet: is_one_of_several, ..args.copy.of(file) };
    copy.write_sheets(&batches, &told, io, office)?;
    Ok(done)
}

/// Applies the fixes to a roster and tells them; gives how many cells are others.
fn correct(args: &FixArgs, batch: &mut Batch, told: &mut Vec<u8>, locale: &Locale) -> Result<usize, Failure> {
    let plan = batch.plan_fixes(args.also_unsafe, |_| true);
    let title = locale.text("fix.title").to_string();
    let cells = plan.edits.len();
    tell(told, batch, &plan, !args.unmask, locale)
        .and_then(|()| tell_feet(told, batch, locale))
        .map_err(|e| locale.stdout_refused(&e))?;
    batch.apply(Change { title, edits: plan.edits, ..Change::default() });
    Ok(cells)
}

/// Names the rows that were read as people and may be the foot of the table. They stay in a copy of the file.
fn tell_feet(w: &mut impl Write, batch: &Batch, locale: &Locale) -> io::Result<()> {
    let feet: Vec<String> = batch.feet().map(|row| batch.roster().line(row).to_string()).collect();
    if feet.is_empty() {
        return Ok(());
    }
    let places = [("n", &*feet.len().to_string()), ("rows", &locale.listed(&feet))];
    writeln!(w, "{}", locale.fill("fix.feet", &places))
}

fn tell(w: &mut impl Write, batch: &Batch, plan: &FixPlan, masked: bool, locale: &Locale) -> io::Result<()> {
    writeln!(w, "{}", locale.fill("fix.changed", &[("number", &plan.edits.len().to_string())]))?;
    let by_rule: BTreeMap<&str, usize> = plan.cells_by_rule.iter().map(|(rule, n)| (rule.spec().code, *n)).collect();
    for (code, number) in by_rule {
        let title = locale.rule(code).map_or(code, |p| p.title.as_str());
        writeln!(w, "  {number:>7}  {code} {title}")?;
    }
    for edit in plan.edits.iter().take(SHOWN) {
        let change = locale.edit_shown((batch, edit.row), edit.field, [&edit.before, &edit.after], masked);
        let unseen = locale.changed_unseen(&change);
        let [before, after] = change.texts;
        let places = [
            ("row", batch.roster().line(edit.row).to_string()),
            ("column", batch.context().sheet().label(edit.field).to_string()),
            ("before", before),
            ("after", after),
            ("unseen", unseen),
        ];
        writeln!(w, "  {}", locale.fill("fix.edit", &places.each_ref().map(|(k, v)| (*k, v.as_str()))))?;
    }
    if SHOWN < plan.edits.len() {
        let places = [("shown", SHOWN.to_string()), ("total", plan.edits.len().to_string())];
        writeln!(w, "  {}", locale.fill("check.showing", &places.each_ref().map(|(k, v)| (*k, v.as_str()))))?;
    }
    Ok(())
}
