//! `skillcert replace FILE FROM TO -o F`: a copy of the organiser's own file in which a text or an expression is replaced.

use std::io::{self, Write};
use std::path::PathBuf;

use clap::Args;

use super::copy::CorrectedCopy;
use super::io::Io;
use super::reading::{ReadingArgs, load, tell_worked_on};
use super::usage::usage;
use super::values::column_named;
use crate::domain::batch::Batch;
use crate::domain::replace::{Reach, Replaced, Replacing};
use crate::domain::roster::Change;
use crate::domain::rules::Severity;
use crate::domain::sheet::Field;
use crate::failure::Failure;
use crate::office::{KeptRows, Office, RosterRefused};
use crate::words::Locale;

/// How many changed values are listed.
const SHOWN: usize = 50;

#[derive(Debug, Args)]
pub struct ReplaceArgs {
    #[arg(value_name = "FILE")]
    file: PathBuf,
    #[arg(value_name = "FROM", help = "replace-from", allow_hyphen_values = true)]
    from: String,
    #[arg(value_name = "TO", help = "replace-to", allow_hyphen_values = true)]
    to: String,
    #[arg(long, value_name = "NAME", help = "replace-column")]
    column: Vec<String>,
    #[arg(long)]
    regex: bool,
    #[arg(long, short, value_name = "FILE", help = "replace-output")]
    output: Option<PathBuf>,
    #[command(flatten)]
    reading: ReadingArgs,
    #[arg(long)]
    dry_run: bool,
    #[arg(long)]
    force: bool,
    #[arg(long)]
    yes: bool,
    #[arg(long)]
    unmask: bool,
}

/// Replaces and writes the table. Exit code 1 when errors remain.
pub fn run(args: &ReplaceArgs, io: &mut Io, office: &Office) -> Result<u8, Failure> {
    let locale = office.locale();
    args.reading.must_be_of_one_sheet(office)?;
    if args.output.is_none() && !args.dry_run {
        return Err(usage(locale, "cli.fix-needs-output", &[]));
    }
    let made = if args.regex { Replacing::expression } else { Replacing::text };
    let replacing = made(&args.from, &args.to)
        .map_err(|bad| usage(locale, "cli.bad-pattern", &[("why", &locale.pattern_fault(&bad))]))?;
    office.spare_source(&args.file, args.output.as_deref())?;
    tell_worked_on(&args.file, &args.reading.reading(), io, office);
    let loaded = load(&args.file, &args.reading.reading(), KeptRows::All, io, office);
    let loaded = loaded.map_err(RosterRefused::failure)?;
    let mut batch = loaded.batch;
    io.tell_left_out(&batch, locale);
    let sheet = batch.context().sheet();
    let named: Result<Vec<Field>, Failure> = args.column.iter().map(|name| column_named(sheet, name, locale)).collect();
    let named = named?;
    let fields = if named.is_empty() { sheet.fields.clone() } else { named };
    let Some(replaced) = replacing.plan(batch.roster(), &Reach { fields, rows: None }, &|| false) else {
        return Ok(0);
    };
    let mut told = Vec::new();
    tell(&mut told, &batch, &replaced, (!args.unmask, args.dry_run), locale).map_err(|e| locale.stdout_refused(&e))?;
    let title = locale.text("replace.title").to_string();
    batch.apply(Change { title, edits: replaced.edits, ..Change::default() });
    let copy = CorrectedCopy {
        source: &args.file,
        target: args.output.as_deref(),
        is_only_tried: args.dry_run,
        overwrite: args.force,
        may_lose: args.yes,
        is_quiet: false,
    };
    copy.write(&batch, told, io, office)?;
    Ok(u8::from(0 < batch.findings().count(Severity::Error)))
}

/// Tells what becomes of which value, and of how many cells.
fn tell(
    w: &mut dyn Write,
    batch: &Batch,
    replaced: &Replaced,
    (masked, is_only_tried): (bool, bool),
    locale: &Locale,
) -> io::Result<()> {
    let key = if is_only_tried { "replace.would" } else { "replace.found" };
    writeln!(w, "{}", locale.fill(key, &[("number", &replaced.edits.len().to_string())]))?;
    let values = if masked {
        let mut fields: Vec<Field> = replaced.values.iter().map(|value| value.field).collect();
        fields.sort_unstable();
        fields.dedup();
        replaced.masked(&fields.into_iter().map(|field| batch.column_mask(field)).collect::<Vec<_>>())
    } else {
        replaced.in_full()
    };
    for value in values.iter().take(SHOWN) {
        let [before, after] = &value.shown;
        let label = batch.context().sheet().label(value.field);
        let cells = format!("{:>7}", value.cells);
        let places = [("cells", &*cells), ("column", label), ("before", before), ("after", after)];
        writeln!(w, "{}", locale.fill("replace.line", &places))?;
    }
    if SHOWN < values.len() {
        let places = [("shown", &*SHOWN.to_string()), ("total", &values.len().to_string())];
        writeln!(w, "  {}", locale.fill("check.showing", &places))?;
    }
    Ok(())
}
