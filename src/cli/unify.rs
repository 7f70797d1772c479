//! `skillcert unify FILE --column COLUMN -o F`: the values of a column that mean the same become one, each group as it is
//! proposed, in a copy of the organiser's own file; with `--batch N` as a step of the batch.

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Args;

use super::changing::{Changing, ChangingArgs};
use super::io::Io;
use super::reading::ReadingArgs;
use super::replace::{shown, tell_cells, tell_values};
use super::usage::usage;
use super::values::column_named;
use crate::domain::batch::Batch;
use crate::domain::roster::Change;
use crate::domain::text;
use crate::domain::values::groups::has_spellings;
use crate::failure::Failure;
use crate::office::{Office, UnifyFault, Unifying};
use crate::words::Locale;

#[derive(Debug, Args)]
#[command(mut_arg("sheet", |arg| arg.help("changing-sheet")))]
pub struct UnifyArgs {
    #[arg(value_name = "FILE", help = "replace-file", required_unless_present = "batch", conflicts_with = "batch")]
    file: Option<PathBuf>,
    #[arg(long, value_name = "NAME", help = "values-column")]
    column: String,
    #[arg(long, value_name = "VALUE", help = "unify-without")]
    without: Vec<String>,
    #[arg(long, value_name = "VALUE", help = "unify-only")]
    only: Vec<String>,
    #[command(flatten)]
    to: ChangingArgs,
    #[command(flatten)]
    reading: ReadingArgs,
    #[arg(long)]
    unmask: bool,
}

/// Makes the groups uniform and writes the table. Exit code 1 when errors remain.
pub fn run(args: &UnifyArgs, io: &mut Io, office: &Office) -> Result<u8, Failure> {
    let locale = office.locale();
    let file = args.file.as_deref().unwrap_or(Path::new(""));
    let changing =
        Changing { verb: "unify", file, reading: &args.reading, assigned: &[], to: &args.to, is_quiet: false };
    changing.check(office)?;
    args.to.must_stay_masked(args.unmask, locale)?;
    let plan = |batch: &Batch| {
        let sheet = batch.context().sheet();
        let field = column_named(sheet, &args.column, locale)?;
        if !has_spellings(field) {
            return Err(usage(locale, "values.no-spellings", &[("column", sheet.label(field))]));
        }
        let wish = Unifying { field, without: &args.without, only: &args.only };
        let replaced = office.unify(batch, &wish)?.map_err(|fault| refused(&fault, locale))?;
        let values = shown(&replaced, batch, !args.unmask);
        let left = locale.rows_left(&replaced, batch);
        let title = locale.fill("ui.change.merge", &[("column", sheet.label(field))]);
        Ok((Change { title, edits: replaced.edits, ..Change::default() }, (values, left)))
    };
    let key = if args.to.is_only_tried() { "replace.would" } else { "replace.found" };
    changing.run_to_code(io, office, plan, |w, batch, (values, left)| {
        tell_cells(w, (key, values), locale)?;
        left.iter().try_for_each(|line| writeln!(w, "{line}"))?;
        tell_values(w, batch, values, locale)
    })
}

fn refused(UnifyFault::NoValue(value): &UnifyFault, locale: &Locale) -> Failure {
    usage(locale, "unify.no-value", &[("value", &text::visible(value))])
}
