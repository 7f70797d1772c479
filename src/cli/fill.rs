//! `skillcert fill FILE --from OTHER -o F`: a copy of the organiser's own file with cells filled from elsewhere by a key; with
//! `--batch N` a step of the batch.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use serde_json::{Value, json};

use super::changing::{Changing, ChangingArgs};
use super::io::Io;
use super::json::{FILL, document};
use super::reading::{ReadingArgs, load};
use super::typed::TextOrJson;
use super::usage::usage;
use super::values::column_named;
use crate::domain::batch::Batch;
use crate::domain::matching::{FillPlan, FillSource, FillWish};
use crate::domain::roster::RowId;
use crate::domain::sheet::{Field, SheetSpec};
use crate::domain::text;
use crate::failure::Failure;
use crate::office::{KeptRows, Office, RosterReading, RosterRefused};
use crate::words::{FillLine, FillTrouble, Locale};

/// How many lines are listed of each kind.
const SHOWN: usize = 50;

#[derive(Debug, Args)]
#[command(mut_arg("sheet", |arg| arg.help("changing-sheet")))]
#[command(group(clap::ArgGroup::new("source").required(true).args(["from", "from_ledger", "from_registry"])))]
pub struct FillArgs {
    #[arg(value_name = "FILE", help = "fill-file", required_unless_present = "batch", conflicts_with = "batch")]
    file: Option<PathBuf>,
    #[arg(long, value_name = "OTHER", help = "fill-from")]
    from: Option<PathBuf>,
    #[arg(long)]
    from_ledger: bool,
    #[arg(long)]
    from_registry: bool,
    #[arg(long, value_name = "NAME", help = "fill-from-sheet", requires = "from")]
    from_sheet: Option<String>,
    #[arg(long, value_name = "NAME+NAME", help = "fill-key")]
    key: Vec<String>,
    #[arg(long, value_name = "NAME", help = "fill-column")]
    column: Vec<String>,
    #[arg(long)]
    also_filled: bool,
    #[command(flatten)]
    to: ChangingArgs,
    #[command(flatten)]
    reading: ReadingArgs,
    #[arg(long, value_enum, default_value_t)]
    format: TextOrJson,
    #[arg(long)]
    unmask: bool,
}

/// What came of a table.
struct Filled {
    told: Vec<u8>,
    document: Option<Value>,
    leaves_rows: bool,
}

/// Fills and writes the table. Exit code 1 when rows are left that match nothing, or more than one thing.
pub fn run(args: &FillArgs, io: &mut Io, office: &Office) -> Result<u8, Failure> {
    let locale = office.locale();
    let file = args.file.as_deref().unwrap_or(Path::new(""));
    let is_json = args.format == TextOrJson::Json;
    let changing =
        Changing { verb: "fill", file, reading: &args.reading, assigned: &[], to: &args.to, is_quiet: is_json };
    changing.check(office)?;
    args.to.must_stay_masked(args.unmask, locale)?;
    if let Some(from) = &args.from {
        office.spare_source(from, args.to.output())?;
    }
    let plan = |batch: &Batch, io: &mut Io| {
        let source = source(args, batch, io, office)?;
        let wish = wish(args, &source, batch.context().sheet(), locale)?;
        let plan = source.plan(batch, &wish, &|| false).unwrap_or_default();
        let of = (&source, &wish, &plan);
        let document = is_json.then(|| to_json(args, batch, of, locale));
        let mut told = Vec::new();
        if !is_json {
            tell(&mut told, args, batch, of, locale).map_err(|e| locale.stdout_refused(&e))?;
        }
        let change = batch.change(locale.fill_title(&source), plan.cells.iter().cloned());
        Ok((change, Filled { told, document, leaves_rows: plan.leaves_rows() }))
    };
    let all = changing.run(io, office, plan, |w, _, filled| w.write_all(&filled.told))?;
    for (_, filled) in &all {
        if let Some(document) = &filled.document {
            if all.len() == 1 { io.json(locale, document) } else { io.json_line(locale, document) }?;
        }
    }
    Ok(u8::from(all.iter().any(|(_, filled)| filled.leaves_rows)))
}

/// Reads what is filled from; another file under the profile of the roster.
fn source(args: &FillArgs, batch: &Batch, io: &mut Io, office: &Office) -> Result<FillSource, Failure> {
    let Some(from) = &args.from else {
        return if args.from_ledger { office.fill_from_ledger(None, batch) } else { office.fill_from_registry(batch) };
    };
    let reading = RosterReading {
        profile: Some(batch.context().profile().id.clone()),
        sheet: args.from_sheet.clone(),
        today: Some(batch.context().today()),
        ..RosterReading::default()
    };
    io.about(Some(from));
    let other = load(from, &reading, KeptRows::All, io, office).map_err(RosterRefused::failure)?;
    io.tell_beside(&other.batch, office.locale());
    io.about(None);
    office.fill_from_file(from, &other.batch, batch)
}

/// Reads what is wanted of it.
fn wish(args: &FillArgs, source: &FillSource, form: &SheetSpec, locale: &Locale) -> Result<FillWish, Failure> {
    let usual = source.usual_wish();
    let has = |field: &Field| source.fields.contains(field) || *field == Field::Code;
    let named = |name: &str| {
        let field = column_named(form, name, locale)?;
        let refused = || usage(locale, "cli.fill-no-column", &[("column", form.label(field))]);
        has(&field).then_some(field).ok_or_else(refused)
    };
    let key = |typed: &String| typed.split(['+', '＋']).map(named).collect::<Result<Vec<Field>, Failure>>();
    let keys = args.key.iter().map(key).collect::<Result<Vec<_>, Failure>>()?;
    let fields = args.column.iter().map(|name| named(name)).collect::<Result<Vec<_>, Failure>>()?;
    if let Some(field) = fields.iter().find(|field| !source.fields.contains(field)) {
        return Err(usage(locale, "cli.fill-no-column", &[("column", form.label(*field))]));
    }
    let keys = if keys.is_empty() { usual.keys } else { keys };
    if keys.is_empty() {
        return Err(usage(locale, "cli.fill-no-key", &[]));
    }
    let fields = if fields.is_empty() { usual.fields } else { fields };
    Ok(FillWish { keys, fields, also_filled: args.also_filled })
}

fn tell(
    w: &mut dyn Write,
    args: &FillArgs,
    batch: &Batch,
    (source, wish, plan): (&FillSource, &FillWish, &FillPlan),
    locale: &Locale,
) -> io::Result<()> {
    let keys = locale.fill_keys(&wish.keys, batch.context().sheet());
    writeln!(w, "{}", locale.fill("fill.by", &[("source", &locale.fill_source(source)), ("keys", &keys)]))?;
    writeln!(w, "{}", locale.fill_summed(plan, wish.also_filled))?;
    writeln!(w, "{}", locale.fill("fill.cells", &[("n", &plan.cells.len().to_string())]))?;
    for (label, n) in by_column(batch, plan) {
        writeln!(w, "  {n:>7}  {}", text::visible(&label))?;
    }
    let lines: Vec<FillLine> = locale.fill_lines(plan, source, batch, !args.unmask).collect();
    for of_kind in lines.chunk_by(|a, b| a.trouble == b.trouble) {
        writeln!(w)?;
        for line in of_kind.iter().take(SHOWN) {
            writeln!(w, "{}", locale.fill_told(line))?;
        }
        if SHOWN < of_kind.len() {
            let places = [("shown", &*SHOWN.to_string()), ("total", &of_kind.len().to_string())];
            writeln!(w, "  {}", locale.fill("check.showing", &places))?;
        }
    }
    Ok(())
}

fn by_column(batch: &Batch, plan: &FillPlan) -> Vec<(String, usize)> {
    Locale::edits_by_column(&batch.change("", plan.cells.iter().cloned()).edits, batch)
}

fn to_json(
    args: &FillArgs,
    batch: &Batch,
    (source, wish, plan): (&FillSource, &FillWish, &FillPlan),
    locale: &Locale,
) -> Value {
    let form = batch.context().sheet();
    let lines = |rows: &[RowId]| rows.iter().map(|row| batch.roster().line(*row)).collect::<Vec<u32>>();
    let labels = |fields: &[Field]| fields.iter().map(|field| form.label(*field)).collect::<Vec<_>>();
    let lines_of = locale.fill_lines(plan, source, batch, !args.unmask);
    let differing = lines_of.filter(|line| line.trouble == FillTrouble::Differing).filter_map(|line| {
        let (label, change) = line.cell?;
        let [here, theirs] = change.texts;
        Some(json!({ "row": line.row, "column": label, "here": here, "theirs": theirs }))
    });
    let masked = |(row, field, _): &(RowId, Field, Arc<str>)| json!({ "row": batch.roster().line(*row), "column": form.label(*field) });
    let columns = by_column(batch, plan).into_iter().map(|(label, n)| json!({ "column": label, "cells": n }));
    document(
        FILL,
        json!({
            "file": args.file.as_ref().map(|file| file.to_string_lossy()), "batch": args.to.batch().map(|batch| batch.0),
            "sheet": batch.origin.sheet, "dry_run": args.to.is_only_tried(),
            "source": source.kind.key(), "from": args.from.as_ref().map(|from| from.to_string_lossy()),
            "keys": wish.keys.iter().map(|key| labels(key)).collect::<Vec<_>>(),
            "also_filled": wish.also_filled,
            "matched": plan.matched.len(), "changed_cells": plan.cells.len(), "columns": columns.collect::<Vec<_>>(),
            "unmatched": lines(&plan.unmatched), "ambiguous": lines(&plan.ambiguous),
            "repeated": plan.repeated.iter().map(|row| source.line(*row)).collect::<Vec<_>>(),
            "differing": differing.collect::<Vec<_>>(), "digits_lost": lines(&plan.eaten),
            "masked": plan.masked.iter().map(masked).collect::<Vec<_>>(),
            "lost_id_numbers": { "here": plan.lost[0], "there": plan.lost[1] },
        }),
    )
}
