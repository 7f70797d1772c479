//! `skillcert fix FILE --output F`: the organiser's own table with the safe fixes applied.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::convert::Infallible;
use std::io::{self, Write};

use super::args::FixArgs;
use super::load::{Keep, LoadError, load};
use super::note::note;
use super::{export, out, spare_source, usage};
use crate::domain::batch::{Batch, FixPlan};
use crate::domain::roster::Change;
use crate::domain::rules::Severity;
use crate::domain::sheet::Field;
use crate::domain::text;
use crate::domain::upload::{TableFormat, neutral};
use crate::failure::Failure;
use crate::formats::atomic;
use crate::formats::write_report::label;
use crate::formats::write_table::{TableCell, TableHead, write_table};
use crate::words::Locale;

/// How many changed cells are listed.
const SHOWN: usize = 20;

/// Applies fixes and writes the table. Exit code 1 when errors remain.
pub fn run(args: &FixArgs, locale: &Locale) -> Result<u8, Failure> {
    let target = match (&args.output, args.dry_run) {
        (None, false) => return Err(usage(locale, "cli.fix-needs-output", &[])),
        (target, _) => target.as_deref(),
    };
    spare_source(&args.source.file, target, locale)?;
    let mut batch = match load(&args.source, Keep::All, locale) {
        Ok(loaded) => loaded.batch,
        Err(LoadError::Failed(failure)) => return Err(failure),
        Err(LoadError::Refused(refusal)) => return Err(locale.refusal(&refusal, &args.source.file.to_string_lossy())),
    };
    let plan = batch.plan_fixes(args.also_unsafe, |_| true);
    let title = locale.text("fix.title").to_string();
    // What is told of as changed is on the disk by then.
    let mut told = Vec::new();
    tell(&mut told, &batch, &plan, !args.unmask, locale).map_err(|e| locale.untold(&e))?;
    batch.apply(Change { title, edits: plan.edits, lasting: false });
    let mut made_safe = None;
    if let (Some(target), false) = (target, args.dry_run) {
        let format =
            export::format_of(None, target, "utf-8").ok_or_else(|| usage(locale, "cli.unknown-format", &[]))?;
        made_safe = Some(write(&batch, target, args, format).map_err(|e| locale.write_failure(&e))?);
    }
    let mut stdout = out::stdout();
    let shown = stdout.write_all(&told).and_then(|()| stdout.flush());
    out::settled(shown).map_err(|e| locale.untold(&e))?;
    if let (Some(made_safe), Some(target)) = (made_safe, target) {
        if 0 < made_safe {
            note(&locale.fill("fix.made-safe", &[("number", &made_safe.to_string())]));
        }
        note(&locale.fill("fix.written", &[("file", &target.to_string_lossy())]));
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

/// Writes the table in the organiser's own columns; a column that was missing and has been filled comes after them, then
/// the cells that stand beyond the header: without a label, so that they are found again. Counts the cells that could not
/// be written as they are.
fn write(
    batch: &Batch,
    target: &std::path::Path,
    args: &FixArgs,
    format: TableFormat,
) -> Result<usize, atomic::WriteError> {
    let roster = batch.roster();
    let form = batch.context().sheet().columns.iter().map(|c| c.field);
    let added: Vec<Field> = form
        .filter(|f| roster.columns.of(*f).is_none() && (0..roster.len()).any(|row| !roster.cell(row, *f).is_empty()))
        .collect();
    let mut labels: Vec<Cow<'_, str>> = roster.columns.source.iter().map(|c| label(&c.label, format)).collect();
    labels.extend(added.iter().map(|f| Cow::Borrowed(batch.context().sheet().label(*f))));
    let head =
        TableHead { format, sheet: "名册", labels, widths: Vec::new(), rows: roster.len(), created: export::now() };
    let mut made_safe = 0;
    let rows = (0..roster.len()).map(|row| {
        let own = roster.columns.source.iter().enumerate().map(|(column, source)| match source.field {
            Some(field) => roster.cell(row, field),
            None => roster.source_cell(row, column),
        });
        let added = added.iter().map(|f| roster.cell(row, *f));
        let beyond = (roster.columns.source.len()..roster.source_width(row)).map(|c| roster.source_cell(row, c));
        let safe = |cell| {
            let safe = neutral(cell, format);
            made_safe += usize::from(safe != cell);
            safe.into()
        };
        Ok::<Vec<TableCell<'_>>, Infallible>(own.chain(added).chain(beyond).map(safe).collect())
    });
    atomic::write(target, args.force, Some(&args.source.file), |out| write_table(out, target, &head, rows))?;
    Ok(made_safe)
}
