//! `skillcert carry-over NEW --batch N -o F`: the organiser's next version with the corrections of the batch before.

use std::io::{self, Write};
use std::path::PathBuf;

use chrono::NaiveDate;
use clap::Args;
use clap::builder::TypedValueParser;
use serde_json::{Value, json};

use super::copy::{CopyArgs, CorrectedCopy};
use super::io::{Io, look};
use super::json::{CARRY_OVER, document};
use super::reading::load;
use super::typed::{TextOrJson, day, number};
use crate::domain::batch::Batch;
use crate::domain::ledger::BatchId;
use crate::domain::matching::{CarriedCell, CarryOver};
use crate::domain::text;
use crate::failure::Failure;
use crate::office::{KeptRows, Office, RosterReading, RosterRefused};
use crate::words::Locale;

/// How many lines are listed of each kind.
const SHOWN: usize = 50;

#[derive(Debug, Args)]
pub struct CarryOverArgs {
    #[arg(value_name = "NEW", help = "carry-new")]
    new: PathBuf,
    #[arg(long, value_name = "N", required = true, help = "carry-batch", value_parser = number(1_i64, None).map(BatchId))]
    batch: BatchId,
    #[arg(long, conflicts_with = "theirs")]
    mine: bool,
    #[arg(long)]
    theirs: bool,
    #[arg(long, value_name = "NAME", help = "carry-sheet")]
    sheet: Option<String>,
    #[arg(long, value_name = "DATE", value_parser = day)]
    today: Option<NaiveDate>,
    #[command(flatten)]
    copy: CopyArgs,
    #[arg(long, value_enum, default_value_t)]
    format: TextOrJson,
    #[arg(long)]
    unmask: bool,
}

/// Carries over and writes the table. Exit code 1 when cells are left that both changed and nobody decided.
pub fn run(args: &CarryOverArgs, io: &mut Io, office: &Office) -> Result<u8, Failure> {
    let locale = office.locale();
    args.copy.must_be_named(locale)?;
    office.spare_source(&args.new, args.copy.output())?;
    // Refused where there is no such batch before the file is read.
    look(io, office, false, "carry-over")?.batch(args.batch)?;
    let before = office.stored_aside(args.batch)?;
    let reading = RosterReading {
        profile: Some(before.context().profile().id.clone()),
        sheet: args.sheet.clone(),
        today: args.today,
        ..RosterReading::default()
    };
    let loaded = load(&args.new, &reading, KeptRows::All, io, office).map_err(RosterRefused::failure)?;
    let mut now = loaded.batch;
    io.tell_left_out(&now, locale);
    let found = office.carry_over(&before, &now)?;
    let change = now.change(locale.carry_title(args.batch), found.cells(|_| args.mine));
    let is_json = args.format == TextOrJson::Json;
    let document = is_json.then(|| to_json(args, (&before, &now), &found, change.edits.len()));
    let mut told = Vec::new();
    if !is_json {
        let cells = Locale::edits_by_column(&change.edits, &now);
        tell(&mut told, args, (&before, &now), (&found, &cells), locale).map_err(|e| locale.stdout_refused(&e))?;
    }
    now.apply(change);
    let copy = CorrectedCopy { is_quiet: is_json, ..args.copy.of(&args.new) };
    copy.write(&now, told, io, office)?;
    if let Some(document) = &document {
        io.json(locale, document)?;
    }
    Ok(u8::from(!found.conflicts.is_empty() && !args.mine && !args.theirs))
}

fn tell(
    w: &mut dyn Write,
    args: &CarryOverArgs,
    (before, now): (&Batch, &Batch),
    (found, cells): (&CarryOver, &[(String, usize)]),
    locale: &Locale,
) -> io::Result<()> {
    writeln!(w, "{}", locale.carry_summed(found))?;
    for (label, n) in cells {
        writeln!(w, "  {n:>7}  {}", text::visible(label))?;
    }
    let conflicts = found.conflicts.iter().map(|cell| locale.conflict_told(cell, now, !args.unmask));
    let lost = locale.lost_told(found, before, !args.unmask);
    for (total, lines) in [
        (found.conflicts.len(), &mut conflicts.collect::<Vec<_>>().into_iter() as &mut dyn Iterator<Item = String>),
        (found.lost.len(), &mut lost.into_iter()),
    ] {
        if total != 0 {
            writeln!(w)?;
        }
        for line in lines.take(SHOWN) {
            writeln!(w, "{line}")?;
        }
        if SHOWN < total {
            let places = [("shown", &*SHOWN.to_string()), ("total", &total.to_string())];
            writeln!(w, "  {}", locale.fill("check.showing", &places))?;
        }
    }
    if !found.conflicts.is_empty() && !args.mine && !args.theirs {
        writeln!(w, "\n{}", locale.text("carry.decide"))?;
    }
    for line in locale.sayings_lost_told(found, before, !args.unmask).take(SHOWN) {
        writeln!(w, "{line}")?;
    }
    if !found.said.is_empty() {
        writeln!(w, "{}", locale.text("carry.said-stays"))?;
    }
    Ok(())
}

fn to_json(args: &CarryOverArgs, (before, now): (&Batch, &Batch), found: &CarryOver, cells: usize) -> Value {
    let label = |field| now.context().sheet().label(field);
    let conflict = |cell: &CarriedCell| {
        let [imported, mine, theirs] = Locale::carried_texts(cell, !args.unmask);
        json!({ "row_before": before.roster().line(cell.rows.0), "row_now": now.roster().line(cell.rows.1),
                "column": label(cell.field), "imported": imported, "mine": mine, "theirs": theirs })
    };
    let lost = found
        .lost
        .iter()
        .map(|(row, field)| json!({ "row_before": before.roster().line(*row), "column": label(*field) }));
    document(
        CARRY_OVER,
        json!({
            "file": args.new.to_string_lossy(), "batch": args.batch.0, "dry_run": args.copy.is_only_tried(),
            "carried": found.carried.len(), "done": found.done, "changed_cells": cells,
            "conflicts": found.conflicts.iter().map(conflict).collect::<Vec<_>>(),
            "lost": lost.collect::<Vec<_>>(),
            "said": found.said.len(), "said_lost": found.said_lost.len(),
        }),
    )
}
