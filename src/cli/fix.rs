//! `skillcert fix FILE --output F`: the organiser's own table with the safe fixes applied.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::PathBuf;

use clap::Args;

use super::io::Io;
use super::reading::{ReadingArgs, load};
use super::values::{Encoding, table_format};
use crate::cli::usage::usage;
use crate::domain::batch::{Batch, FixPlan};
use crate::domain::roster::Change;
use crate::domain::rules::Severity;
use crate::domain::text;
use crate::failure::Failure;
use crate::office::{KeptRows, Office, RosterRefused};
use crate::words::Locale;

/// How many changed cells are listed.
const SHOWN: usize = 20;

#[derive(Debug, Args)]
pub struct FixArgs {
    file: PathBuf,
    #[command(flatten)]
    reading: ReadingArgs,
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    #[arg(long = "unsafe", id = "unsafe")]
    also_unsafe: bool,
    #[arg(long)]
    dry_run: bool,
    #[arg(long)]
    force: bool,
    #[arg(long)]
    unmask: bool,
}

/// Applies fixes and writes the table. Exit code 1 when errors remain.
pub fn run(args: &FixArgs, io: &mut Io, office: &Office) -> Result<u8, Failure> {
    let locale = office.locale();
    if args.output.is_none() && !args.dry_run {
        return Err(usage(locale, "cli.fix-needs-output", &[]));
    }
    office.spare_source(&args.file, args.output.as_deref())?;
    let loaded = load(&args.file, &args.reading.reading(), KeptRows::All, io, office);
    let mut batch = loaded.map_err(RosterRefused::failure)?.batch;
    let plan = batch.plan_fixes(args.also_unsafe, |_| true);
    let title = locale.text("fix.title").to_string();
    // What is told of as changed is on the disk by then.
    let mut told = Vec::new();
    tell(&mut told, &batch, &plan, !args.unmask, locale).map_err(|e| locale.stdout_refused(&e))?;
    batch.apply(Change { title, edits: plan.edits, lasting: false });
    let target = args.output.as_deref().filter(|_| !args.dry_run);
    let written = match target {
        Some(target) => {
            let format =
                table_format(None, target, Encoding::Utf8).ok_or_else(|| usage(locale, "cli.unknown-format", &[]))?;
            Some((target, office.write_fixed(&batch, (target, format), args.force, &args.file)?))
        }
        None => None,
    };
    io.answer(locale, |w| w.write_all(&told))?;
    if let Some((target, made_safe)) = written {
        if 0 < made_safe {
            io.note(&locale.fill("fix.made-safe", &[("number", &made_safe.to_string())]));
        }
        io.note(&locale.fill("fix.written", &[("file", &target.to_string_lossy())]));
    }
    Ok(u8::from(0 < batch.findings().count(Severity::Error)))
}

fn tell(w: &mut impl Write, batch: &Batch, plan: &FixPlan, masked: bool, locale: &Locale) -> io::Result<()> {
    writeln!(w, "{}", locale.fill("fix.changed", &[("number", &plan.edits.len().to_string())]))?;
    let by_rule: BTreeMap<&str, usize> = plan.cells_by_rule.iter().map(|(rule, n)| (rule.spec().code, *n)).collect();
    for (code, number) in by_rule {
        let title = locale.rule(code).map_or(code, |p| p.title.as_str());
        writeln!(w, "  {number:>7}  {code} {title}")?;
    }
    for edit in plan.edits.iter().take(SHOWN) {
        let shown = |value: &str| {
            let value = if masked { edit.field.masked(value) } else { value.to_string() };
            text::visible(&value).into_owned()
        };
        let places = [
            ("row", batch.roster().line(edit.row).to_string()),
            ("column", batch.context().sheet().label(edit.field).to_string()),
            ("before", shown(&edit.before)),
            ("after", shown(&edit.after)),
        ];
        writeln!(w, "  {}", locale.fill("fix.edit", &places.each_ref().map(|(k, v)| (*k, v.as_str()))))?;
    }
    if SHOWN < plan.edits.len() {
        let places = [("shown", SHOWN.to_string()), ("total", plan.edits.len().to_string())];
        writeln!(w, "  {}", locale.fill("check.showing", &places.each_ref().map(|(k, v)| (*k, v.as_str()))))?;
    }
    Ok(())
}
