//! `skillcert merge FILE... -o F`: one roster out of several files, or several sheets, each row with where it came from.

use std::io::{self, Write};
use std::path::PathBuf;

use chrono::NaiveDate;
use clap::Args;
use serde_json::{Value, json};

use super::io::Io;
use super::json::{self, document};
use super::many::shown;
use super::typed::{Encoding, TextOrJson, day, table_format};
use super::usage::unknown_ending;
use crate::domain::rules::Severity;
use crate::failure::Failure;
use crate::office::{MergeOrder, Merged, MergedPart, Office, RosterReading};
use crate::words::Locale;

#[derive(Debug, Args)]
pub struct MergeArgs {
    #[arg(id = "file", value_name = "FILE", help = "merge-files", required = true, num_args = 1..)]
    files: Vec<PathBuf>,
    #[arg(long, short, value_name = "FILE")]
    output: PathBuf,
    #[arg(long, value_name = "NAME", help = "merge-sheet")]
    sheet: Vec<String>,
    #[arg(long, value_name = "ID")]
    profile: Option<String>,
    #[arg(long, value_name = "DATE", value_parser = day)]
    today: Option<NaiveDate>,
    #[arg(long, value_enum, default_value_t)]
    output_encoding: Encoding,
    #[arg(long)]
    force: bool,
    #[arg(long, value_enum, default_value_t)]
    format: TextOrJson,
}

/// Puts the files together, all or none.
pub fn run(args: &MergeArgs, io: &mut Io, office: &Office) -> Result<u8, Failure> {
    let locale = office.locale();
    let format =
        table_format(None, &args.output, args.output_encoding).ok_or_else(|| unknown_ending(locale, &args.output))?;
    let named = super::many::found((&args.files, true), io, office)?;
    let files = named.as_ref().map_or(&args.files, |named| &named.files);
    let reading = RosterReading { profile: args.profile.clone(), today: args.today, ..RosterReading::default() };
    let order = MergeOrder {
        files,
        sheets: &args.sheet,
        reading: &reading,
        target: &args.output,
        format,
        overwrite: args.force,
    };
    let mut told = Vec::new();
    let merged =
        office.merge(&order, &mut |at, file| super::many::begin(io, locale, (at, files.len()), file), &mut |words| {
            told.push(words);
        });
    io.about(None);
    told.sort();
    told.dedup();
    told.iter().for_each(|words| io.message(words));
    let merged = merged?;
    for part in &merged.parts {
        io.about(Some(&part.file));
        io.tell_beside(&part.batch, locale);
    }
    io.about(None);
    match args.format {
        TextOrJson::Json => io.json_line(locale, &to_json(args, &merged, locale))?,
        TextOrJson::Text => io.answer(locale, |w| text_of(w, args, &merged, locale))?,
    }
    if merged.made_safe != 0 {
        io.note(&locale.fill("fix.made-safe", &[("number", &merged.made_safe.to_string())]));
    }
    if !merged.shared.is_empty() {
        let errors = merged.shared.iter().filter(|one| one.rule.spec().severity == Severity::Error).count();
        let places =
            [("n", &*merged.shared.len().to_string()), ("errors", &errors.to_string()), ("file", &shown(&args.output))];
        io.message(&locale.fill("merge.shared", &places));
    }
    Ok(0)
}

fn last_line(part: &MergedPart) -> u32 {
    part.first_line + part.batch.roster().len().saturating_sub(1)
}

fn text_of(w: &mut dyn Write, args: &MergeArgs, merged: &Merged, locale: &Locale) -> io::Result<()> {
    for part in &merged.parts {
        let rows = part.batch.roster().len();
        let places = [
            ("file", &*locale.file_place(&part.file.to_string_lossy(), &part.batch.origin.sheet)),
            ("rows", &rows.to_string()),
            ("first", &part.first_line.to_string()),
            ("last", &last_line(part).to_string()),
        ];
        writeln!(w, "{}", locale.fill(if rows == 0 { "merge.part-empty" } else { "merge.part" }, &places))?;
        for run in part.batch.skipped_runs(0) {
            writeln!(w, "  {}", locale.skipped_told(&part.batch, &run, true))?;
        }
    }
    let places = [
        ("n", &*merged.parts.len().to_string()),
        ("rows", &merged.rows.to_string()),
        ("file", &shown(&args.output)),
        ("sha256", &merged.sha256),
    ];
    writeln!(w, "{}", locale.fill("merge.written", &places))
}

fn to_json(args: &MergeArgs, merged: &Merged, locale: &Locale) -> Value {
    let part = |part: &MergedPart| {
        json!({
            "file": part.file.to_string_lossy(), "sheet": part.batch.origin.sheet, "sha256": part.sha256,
            "row_count": part.batch.roster().len(), "first_row": part.first_line, "skipped_rows": json::skipped_rows(&part.batch, true, locale),
            "other_sheets": json::other_sheets(&part.batch.origin.beside.others),
            "hidden_rows": part.batch.hidden_lines(), "workbook": json::workbook(&part.batch),
        })
    };
    let context = merged.parts.first().map(|part| part.batch.context());
    let body = json!({
        "file": args.output.to_string_lossy(), "sha256": merged.sha256, "row_count": merged.rows,
        "profile": context.map(|context| context.profile().id.clone()),
        "form": context.map(|context| context.sheet().id.clone()), "columns": merged.labels,
        "parts": merged.parts.iter().map(part).collect::<Vec<Value>>(), "repeated": merged.shared.len(),
    });
    document(json::MERGE, body)
}
