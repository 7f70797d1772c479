//! `skillcert reshape ACT FILE --column COLUMN -o F`: columns cut in two, joined, or written otherwise, in a copy of the
//! organiser's own file; with `--batch N` as a step of the batch.

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Args;

use super::changing::{Changing, ChangingArgs};
use super::filtered::FilterArgs;
use super::io::Io;
use super::reading::ReadingArgs;
use super::replace::{tell_cells, tell_values};
use super::typed::one_of;
use super::usage::usage;
use super::values::{column_named, source_named};
use crate::domain::batch::Batch;
use crate::domain::reshape::{ReshapeAct, ReshapeMasks, Reshaping};
use crate::domain::roster::Change;
use crate::domain::sheet::Field;
use crate::domain::spared::Spared;
use crate::failure::Failure;
use crate::office::Office;
use crate::words::Locale;

#[derive(Debug, Args)]
#[command(mut_arg("sheet", |arg| arg.help("changing-sheet")))]
pub struct ReshapeArgs {
    #[arg(value_name = "ACT", help = "reshape-act", value_parser = one_of(&ReshapeAct::ALL, ReshapeAct::key))]
    act: ReshapeAct,
    #[arg(value_name = "FILE", help = "reshape-file", required_unless_present = "batch", conflicts_with = "batch")]
    file: Option<PathBuf>,
    #[arg(long, value_name = "NAME", help = "reshape-column", required = true)]
    column: Vec<String>,
    #[arg(long, value_name = "NAME", help = "reshape-into")]
    into: Vec<String>,
    #[arg(long, value_name = "TEXT", help = "reshape-text", allow_hyphen_values = true)]
    text: Option<String>,
    #[arg(long, help = "reshape-also-filled")]
    also_filled: bool,
    #[command(flatten)]
    only: FilterArgs,
    #[command(flatten)]
    to: ChangingArgs,
    #[command(flatten)]
    reading: ReadingArgs,
    #[arg(long)]
    unmask: bool,
}

/// Reshapes and writes the table. Exit code 1 when errors remain.
pub fn run(args: &ReshapeArgs, io: &mut Io, office: &Office) -> Result<u8, Failure> {
    let locale = office.locale();
    let file = args.file.as_deref().unwrap_or(Path::new(""));
    let changing =
        Changing { verb: "reshape", file, reading: &args.reading, assigned: &[], to: &args.to, is_quiet: false };
    changing.check(office)?;
    args.to.must_stay_masked(args.unmask, locale)?;
    let plan = |batch: &Batch| {
        let reshaping = wanted(args, batch, locale)?;
        let of = (batch.roster(), &Spared::of(batch));
        let reshaped = reshaping.plan(of, args.only.rows(batch, locale)?.as_deref(), &|| false).unwrap_or_default();
        let masks = (!args.unmask).then(|| ReshapeMasks::of(&reshaping, batch));
        let values = match &masks {
            Some(masks) => masks.told(&reshaped.replaced),
            None => reshaped.replaced.in_full(),
        };
        let left = locale.reshape_left((&reshaping, &reshaped), batch, masks.as_ref());
        let title = locale.reshape_title(&reshaping, batch);
        Ok((Change { title, edits: reshaped.replaced.edits, ..Change::default() }, (values, left)))
    };
    let key = if args.to.is_only_tried() { "reshape.would" } else { "reshape.done" };
    changing.run_to_code(io, office, plan, |w, batch, (values, left)| {
        tell_cells(w, (key, values), locale)?;
        left.iter().try_for_each(|line| writeln!(w, "{line}"))?;
        tell_values(w, batch, values, locale)
    })
}

/// Reads what is wanted of a roster.
fn wanted(args: &ReshapeArgs, batch: &Batch, locale: &Locale) -> Result<Reshaping, Failure> {
    let sheet = batch.context().sheet();
    let from = args.column.iter().map(|name| source_named(batch, name, locale)).collect::<Result<Vec<_>, Failure>>()?;
    let into = args.into.iter().map(|name| column_named(sheet, name, locale));
    let into = into.collect::<Result<Vec<Field>, Failure>>()?;
    let text = args.text.as_deref().unwrap_or_default();
    Reshaping::new(args.act, from, into, text, args.also_filled)
        .map_err(|fault| usage(locale, "reshape.refused", &[("why", &locale.reshape_fault(fault))]))
}
