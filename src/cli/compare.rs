//! `skillcert compare OLD NEW`: how two versions of a roster differ, as text, JSON or xlsx. Exit code 1 when they do.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use clap::{Args, ValueEnum};
use serde_json::{Value, json};

use super::io::Io;
use super::json::{COMPARE, document};
use super::reading::load;
use super::typed::{ReportLangArgs, day};
use super::usage::usage;
use crate::domain::batch::Batch;
use crate::domain::upload::TableFormat;
use crate::failure::Failure;
use crate::office::{
    ComparedVersions, ExportTarget, KeptRows, LoadedRoster, Office, RosterReading, RosterRefused, Watch,
};
use crate::words::{DifferenceLine, Locale};

#[derive(Debug, Args)]
pub struct CompareArgs {
    #[arg(value_name = "OLD", help = "compare-old")]
    old: PathBuf,
    #[arg(value_name = "NEW", help = "compare-new")]
    new: PathBuf,
    #[arg(long, value_name = "ID")]
    profile: Option<String>,
    #[arg(long, value_name = "NAME", help = "compare-sheet")]
    sheet: Option<String>,
    #[arg(long, value_name = "DATE", value_parser = day)]
    today: Option<NaiveDate>,
    #[arg(long, value_enum, default_value_t)]
    format: CompareFormat,
    #[arg(long, short, value_name = "FILE", help = "output")]
    output: Option<PathBuf>,
    #[arg(long)]
    unmask: bool,
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    report_lang: ReportLangArgs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
enum CompareFormat {
    #[default]
    Text,
    Json,
    Xlsx,
}

/// Compares the two and prints what differs.
pub fn run(args: &CompareArgs, io: &mut Io, office: &Office) -> Result<u8, Failure> {
    let locale = office.locale();
    if (args.format == CompareFormat::Xlsx) != args.output.is_some() {
        let key = if args.output.is_some() { "cli.compare-output" } else { "cli.xlsx-needs-output" };
        return Err(usage(locale, key, &[]));
    }
    for file in [&args.old, &args.new] {
        office.spare_source(file, args.output.as_deref())?;
    }
    let reading = |profile: Option<String>| RosterReading {
        profile,
        sheet: args.sheet.clone(),
        today: args.today,
        ..RosterReading::default()
    };
    let mut read = |file: &Path, profile: Option<String>| {
        io.about(Some(file));
        let loaded = load(file, &reading(profile), KeptRows::All, io, office).map_err(RosterRefused::failure)?;
        io.tell_beside(&loaded.batch, locale);
        Ok::<LoadedRoster, Failure>(loaded)
    };
    let mut before = read(&args.old, args.profile.clone())?;
    let mut now = read(&args.new, args.profile.clone())?;
    // What one of them says of its profile holds for both.
    if let Some((which, profile)) = office.profile_of_both([&before, &now]) {
        let (file, again) = if which == 0 { (&args.old, &mut before) } else { (&args.new, &mut now) };
        let name = again.batch.origin.file.clone();
        let read = read(file, Some(profile))?;
        again.batch = read.batch;
        again.batch.origin.file = name;
    }
    io.about(None);
    let compared = office.difference_of((&args.old, before), (&args.new, now))?;
    match (args.format, &args.output) {
        (CompareFormat::Json, _) => io.json(locale, &to_json(args, &compared, locale))?,
        (CompareFormat::Xlsx, Some(path)) => {
            let (format, overwrite, source) = (TableFormat::Xlsx, args.force, Some(&*args.new));
            let target = ExportTarget { path, format, overwrite, source, watch: Watch::nobody() };
            let lines = office.export_differences(&compared, !args.unmask, &target)?;
            let places = [("file", &*path.to_string_lossy()), ("n", &lines.to_string())];
            io.note(&locale.fill("versions.written", &places));
            io.answer(locale, |w| writeln!(w, "{}", locale.difference_summed(&compared.difference)))?;
        }
        _ => io.answer(locale, |w| to_text(w, args, &compared, locale))?,
    }
    Ok(u8::from(!compared.difference.is_none()))
}

fn lines(args: &CompareArgs, compared: &ComparedVersions, locale: &Locale) -> Vec<DifferenceLine> {
    locale.difference_lines(&compared.before.batch, &compared.now.batch, &compared.difference, !args.unmask)
}

fn to_text(w: &mut dyn Write, args: &CompareArgs, compared: &ComparedVersions, locale: &Locale) -> io::Result<()> {
    for (key, file, batch) in
        [("versions.before", &args.old, &compared.before.batch), ("versions.now", &args.new, &compared.now.batch)]
    {
        let file = locale.file_place(&file.to_string_lossy(), &batch.origin.sheet);
        let places = [("file", &*file), ("rows", &batch.roster().len().to_string())];
        writeln!(w, "{}", locale.fill(key, &places))?;
        let lost = batch.lost_numbers().len();
        if lost != 0 {
            writeln!(w, "  {}", locale.fill("versions.lost", &[("n", &lost.to_string())]))?;
        }
    }
    writeln!(w, "{}", locale.difference_summed(&compared.difference))?;
    for of_kind in lines(args, compared, locale).chunk_by(|a, b| a.kind == b.kind) {
        writeln!(w, "\n{}", locale.difference_kind(of_kind[0].kind))?;
        for line in of_kind {
            writeln!(w, "  {}", locale.difference_told(line))?;
        }
    }
    Ok(())
}

fn to_json(args: &CompareArgs, compared: &ComparedVersions, locale: &Locale) -> Value {
    let side = |file: &Path, batch: &Batch| {
        json!({ "file": file.to_string_lossy(), "sheet": batch.origin.sheet, "row_count": batch.roster().len(),
                "lost_id_numbers": batch.lost_numbers().len() })
    };
    let line = |line: &DifferenceLine| {
        let mut told = json!({ "kind": line.kind.key(), "row_before": line.rows[0], "row_now": line.rows[1],
                               "name": line.name, "code": line.code });
        if let (Some((label, change)), Some(told)) = (&line.cell, told.as_object_mut()) {
            let [before, now] = &change.texts;
            told.insert("column".into(), json!(label));
            told.insert("before".into(), json!(before));
            told.insert("now".into(), json!(now));
        }
        told
    };
    let difference = &compared.difference;
    let body = json!({
        "before": side(&args.old, &compared.before.batch), "now": side(&args.new, &compared.now.batch),
        "profile": compared.now.batch.context().profile().id, "form": compared.now.batch.context().sheet().id,
        "differs": !difference.is_none(),
        "added": difference.matches.only[1].len(), "missing": difference.matches.only[0].len(),
        "changed_rows": difference.changed_rows(), "changed_cells": difference.changed_cells(),
        "columns_added": difference.only_columns[1].len(), "columns_missing": difference.only_columns[0].len(),
        "moved": difference.moved.len(), "ambiguous": difference.matches.ambiguous.len(),
        "differences": lines(args, compared, locale).iter().map(line).collect::<Vec<Value>>(),
    });
    document(COMPARE, body)
}
