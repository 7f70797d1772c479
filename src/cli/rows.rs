//! `skillcert rows ACT [ROW]... --batch N`: rows of a batch put aside with a reason, brought back, or noted upon, as one step of it.

use std::io::{self, Write};

use clap::builder::TypedValueParser;
use clap::{Args, ValueEnum};

use super::filtered::FilterArgs;
use super::io::{Io, look, sign_on};
use super::typed::{filled, number};
use super::usage::usage;
use crate::domain::batch::{Batch, Saying};
use crate::domain::ledger::BatchId;
use crate::domain::roster::{Change, RowEdit, RowId, RowWhat};
use crate::domain::text;
use crate::failure::Failure;
use crate::office::{Office, RosterReading};
use crate::words::Locale;

/// How many rows are listed.
const SHOWN: usize = 50;

/// What is done to rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum RowsAct {
    Aside,
    Back,
    Note,
}

#[derive(Debug, Args)]
pub struct RowsArgs {
    #[arg(value_name = "ACT", help = "rows-act", value_enum)]
    act: RowsAct,
    #[arg(value_name = "ROW", help = "rows-row", value_parser = number(1_u32, None))]
    lines: Vec<u32>,
    #[command(flatten)]
    only: FilterArgs,
    #[arg(long, conflicts_with_all = ["lines", "filters", "doubles"], help = "rows-feet")]
    feet: bool,
    #[arg(long, conflicts_with_all = ["lines", "filters"], help = "rows-doubles")]
    doubles: bool,
    #[arg(long, value_name = "TEXT", value_parser = filled("blank-reason"), help = "rows-text")]
    text: Option<String>,
    #[arg(long, value_name = "N", required = true, help = "history-batch", value_parser = number(1_i64, None).map(BatchId))]
    batch: BatchId,
    #[arg(long)]
    dry_run: bool,
}

/// Says it of the rows, and tells of which.
pub fn run(args: &RowsArgs, io: &mut Io, office: &Office) -> Result<u8, Failure> {
    let locale = office.locale();
    let finds_rows = args.feet || args.doubles;
    if finds_rows && args.act != RowsAct::Aside {
        return Err(usage(locale, "rows.only-aside", &[]));
    }
    if args.lines.is_empty() && !args.only.is_given() && !finds_rows {
        return Err(usage(locale, "rows.no-rows", &[]));
    }
    let needs_text = args.act == RowsAct::Aside && !finds_rows;
    if needs_text && args.text.is_none() || args.act == RowsAct::Back && args.text.is_some() {
        return Err(usage(locale, if needs_text { "rows.needs-text" } else { "rows.back-has-no-text" }, &[]));
    }
    let session = if args.dry_run { look(io, office, false, "rows")? } else { sign_on(io, office, "rows")? };
    let plan = |batch: &Batch| {
        let (mut rows, mut numbers) = (Vec::new(), 0);
        for saying in sayings(args, batch, locale)? {
            let (edits, its) = batch.plan_said(&saying, &|| false).unwrap_or_default();
            rows.extend(edits);
            numbers += its;
        }
        let key = match args.act {
            RowsAct::Aside => "ui.change.aside-rows",
            RowsAct::Back => "ui.change.back-rows",
            RowsAct::Note => "ui.change.note-rows",
        };
        let title = match rows.as_slice() {
            [edit] => {
                let line = batch.roster().line(edit.row).to_string();
                locale.fill(key.trim_end_matches("-rows"), &[("line", &line)])
            }
            _ => locale.text(key).to_string(),
        };
        Ok((Change { title, rows: rows.clone(), ..Change::default() }, (rows, numbers)))
    };
    let reading = RosterReading::default();
    let changed = session.change_batch(args.batch, args.dry_run, &reading, &mut |words| io.message(&words), plan)?;
    let (rows, numbers) = &changed.found;
    io.answer(locale, |w| tell(w, args, (&changed.before, rows), locale))?;
    if *numbers != 0 {
        io.note(&locale.fill("rows.numbers", &[("n", &numbers.to_string())]));
    }
    Ok(0)
}

/// Gives what is said of which rows.
fn sayings(args: &RowsArgs, batch: &Batch, locale: &Locale) -> Result<Vec<Saying>, Failure> {
    let what = if args.act == RowsAct::Note { RowWhat::Note } else { RowWhat::Aside };
    let saying = |rows: Vec<RowId>, text: Option<&str>| Saying { what, text: text.map(Into::into), rows };
    let given = args.text.as_deref();
    if args.feet {
        let why = given.unwrap_or_else(|| locale.text("aside.foot"));
        return Ok(vec![saying(batch.feet().collect(), Some(why))]);
    }
    if args.doubles {
        let told = |(row, of): (RowId, RowId)| {
            let line = batch.roster().line(of).to_string();
            saying(vec![row], Some(given.unwrap_or(&locale.fill("aside.double", &[("line", &line)]))))
        };
        return Ok(batch.doubles().map(told).collect());
    }
    let mut rows = args.only.rows(batch, locale)?;
    if !args.lines.is_empty() {
        let among = rows.take();
        let named = args.lines.iter().map(|line| row_named(*line, among.as_deref(), batch, locale));
        rows = Some(named.collect::<Result<Vec<RowId>, Failure>>()?);
    }
    Ok(vec![saying(rows.unwrap_or_default(), given)])
}

/// Finds the row with a number in its sheet among those that are meant.
fn row_named(line: u32, among: Option<&[RowId]>, batch: &Batch, locale: &Locale) -> Result<RowId, Failure> {
    let roster = batch.roster();
    let parts = 0..roster.parts().len().max(1);
    let found = parts.filter_map(|part| roster.row_at_line_in(part, line).filter(|row| roster.line(*row) == line));
    let is_meant = |row: &RowId| among.is_none_or(|rows| rows.binary_search(row).is_ok());
    let found: Vec<RowId> = found.filter(is_meant).collect();
    let places = [("line", line.to_string()), ("n", found.len().to_string())];
    let places = places.each_ref().map(|(name, value)| (*name, value.as_str()));
    match found.as_slice() {
        [row] => Ok(*row),
        [] => Err(usage(locale, "rows.no-such-row", &places)),
        _ => Err(usage(locale, "rows.several-rows", &places)),
    }
}

/// Tells what is said of which rows.
fn tell(w: &mut dyn Write, args: &RowsArgs, (batch, rows): (&Batch, &[RowEdit]), locale: &Locale) -> io::Result<()> {
    let key = if args.dry_run { "rows.would" } else { "rows.done" };
    writeln!(w, "{}", locale.fill(key, &[("n", &rows.len().to_string())]))?;
    for edit in rows.iter().take(SHOWN) {
        let words = edit.after.as_ref().map(|said| text::visible(&batch.masked_said(edit.row, said)).into_owned());
        let place = locale.row_named(batch.roster(), edit.row);
        let what = locale.said_of_row(edit.what, words.as_deref());
        writeln!(w, "  {}", locale.fill("rows.line", &[("row", &place), ("what", &what)]))?;
    }
    if SHOWN < rows.len() {
        let places = [("shown", &*SHOWN.to_string()), ("total", &rows.len().to_string())];
        writeln!(w, "  {}", locale.fill("check.showing", &places))?;
    }
    Ok(())
}
