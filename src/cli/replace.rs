//! `skillcert replace FILE FROM TO -o F`: a copy of the organiser's own file in which a text or an expression is replaced; with
//! `--batch N` a step of the batch.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::Args;

use super::changing::{Changing, ChangingArgs};
use super::filtered::FilterArgs;
use super::io::Io;
use super::reading::ReadingArgs;
use super::usage::usage;
use super::values::column_named;
use crate::domain::batch::Batch;
use crate::domain::replace::{MaskedValue, Reach, Replaced, Replacing};
use crate::domain::roster::Change;
use crate::domain::sheet::Field;
use crate::domain::spared::Spared;
use crate::failure::Failure;
use crate::office::Office;
use crate::words::Locale;

/// How many changed values are listed.
const SHOWN: usize = 50;

#[derive(Debug, Args)]
#[command(mut_arg("sheet", |arg| arg.help("changing-sheet")))]
pub struct ReplaceArgs {
    // With `--batch` there is no file, and these three are two.
    #[arg(value_name = "FILE", help = "replace-file")]
    file: PathBuf,
    #[arg(value_name = "FROM", help = "replace-from", allow_hyphen_values = true)]
    from: String,
    #[arg(value_name = "TO", help = "replace-to", allow_hyphen_values = true, required_unless_present = "batch")]
    to: Option<String>,
    #[arg(long, value_name = "NAME", help = "replace-column")]
    column: Vec<String>,
    #[arg(long)]
    regex: bool,
    #[command(flatten)]
    only: FilterArgs,
    #[command(flatten)]
    into: ChangingArgs,
    #[command(flatten)]
    reading: ReadingArgs,
    #[arg(long)]
    unmask: bool,
}

impl ReplaceArgs {
    /// Gives the file, what is looked for, and what takes its place.
    fn named(&self, locale: &Locale) -> Result<(&Path, &str, &str), Failure> {
        match (&self.to, self.into.is_batch()) {
            (Some(to), false) => Ok((&self.file, &self.from, to)),
            (None, true) => {
                let from = self.file.to_str().ok_or_else(|| usage(locale, "cli.replace-batch", &[]))?;
                Ok((Path::new(""), from, &self.from))
            }
            _ => Err(usage(locale, "cli.replace-batch", &[])),
        }
    }
}

/// Replaces and writes the table. Exit code 1 when errors remain.
pub fn run(args: &ReplaceArgs, io: &mut Io, office: &Office) -> Result<u8, Failure> {
    let locale = office.locale();
    let (file, from, to) = args.named(locale)?;
    let changing =
        Changing { verb: "replace", file, reading: &args.reading, assigned: &[], to: &args.into, is_quiet: false };
    changing.check(office)?;
    args.into.must_stay_masked(args.unmask, locale)?;
    let made = if args.regex { Replacing::expression } else { Replacing::text };
    let replacing =
        made(from, to).map_err(|bad| usage(locale, "cli.bad-pattern", &[("why", &locale.pattern_fault(&bad))]))?;
    let plan = |batch: &Batch| {
        let sheet = batch.context().sheet();
        let named = args.column.iter().map(|name| column_named(sheet, name, locale));
        let named = named.collect::<Result<Vec<Field>, Failure>>()?;
        let fields = if named.is_empty() { sheet.fields.clone() } else { named };
        let of = (batch.roster(), &Spared::of(batch));
        let replaced = replacing
            .plan(of, &Reach { fields, rows: args.only.rows(batch, locale)?.map(Into::into) }, &|| false)
            .unwrap_or_default();
        let values = shown(&replaced, batch, !args.unmask);
        let left = locale.rows_left(&replaced, batch);
        let title = locale.text("replace.title").to_string();
        Ok((Change { title, edits: replaced.edits, ..Change::default() }, (values, left)))
    };
    let key = if args.into.is_only_tried() { "replace.would" } else { "replace.found" };
    changing.run_to_code(io, office, plan, |w, batch, (values, left)| {
        tell_cells(w, (key, values), locale)?;
        left.iter().try_for_each(|line| writeln!(w, "{line}"))?;
        tell_values(w, batch, values, locale)
    })
}

/// Gives what becomes of which value, as it is shown.
pub(super) fn shown(replaced: &Replaced, batch: &Batch, masked: bool) -> Vec<MaskedValue> {
    if !masked {
        return replaced.in_full();
    }
    let mut fields: Vec<Field> = replaced.values.iter().map(|value| value.field).collect();
    fields.sort_unstable();
    fields.dedup();
    replaced.masked(&fields.into_iter().map(|field| batch.column_mask(field)).collect::<Vec<_>>())
}

/// Tells how many cells are changed.
pub(super) fn tell_cells(w: &mut dyn Write, (key, values): (&str, &[MaskedValue]), locale: &Locale) -> io::Result<()> {
    let cells: u64 = values.iter().map(|value| u64::from(value.cells)).sum();
    writeln!(w, "{}", locale.fill(key, &[("number", &cells.to_string())]))
}

/// Tells what becomes of which value.
pub(super) fn tell_values(w: &mut dyn Write, batch: &Batch, values: &[MaskedValue], locale: &Locale) -> io::Result<()> {
    for value in values.iter().take(SHOWN) {
        let [before, after] = &value.shown.texts;
        let unseen = locale.changed_unseen(&value.shown);
        let label = batch.context().sheet().label(value.field);
        let cells = format!("{:>7}", value.cells);
        let places = [("cells", &*cells), ("column", label), ("before", before), ("after", after), ("unseen", &unseen)];
        writeln!(w, "{}", locale.fill("replace.line", &places))?;
    }
    if SHOWN < values.len() {
        let places = [("shown", &*SHOWN.to_string()), ("total", &values.len().to_string())];
        writeln!(w, "  {}", locale.fill("check.showing", &places))?;
    }
    Ok(())
}
