//! `skillcert ledger export --year YEAR --output F`: the yearly ledger (GZ-14), a line for every number.

use std::io;
use std::path::Path;

use super::{YearArgs, local, reader};
use crate::cli::export_old;
use crate::cli::note::note;
use crate::data;
use crate::domain::ledger::case::{CaseKind, CaseState};
use crate::domain::ledger::year_export::{Line, year_place};
use crate::failure::Failure;
use crate::formats::atomic::WriteError;
use crate::formats::write_year_export::{YearExportOptions, write_year_export};
use crate::store::{Reader, StoreError, YearFile};
use crate::words::Locale;

/// How often the file is written anew when the ledger changes meanwhile.
const TRIES: usize = 3;

/// Writes the yearly ledger and notes it in the audit chain. Exit code 1 when there is no number of the year.
pub fn run(args: &YearArgs, home: Option<&Path>, locale: &Locale) -> Result<u8, Failure> {
    let told = |e: StoreError| locale.store_failure(&e);
    let format = export_old::format_of(None, &args.output, "utf-8")
        .ok_or_else(|| crate::cli::usage(locale, "cli.unknown-format", &[]))?;
    let year = format!("{:02}", args.year.rem_euclid(100));
    let Some(reader) = reader(home, locale)? else { return Ok(nothing(args, locale)) };
    let series: Vec<_> = reader
        .year_series()
        .map_err(told)?
        .into_iter()
        .map(|series| {
            let place = year_place(data::profile(&series.profile).as_deref());
            (series, place)
        })
        .filter(|(series, place)| {
            let digits = &series.key.as_str()[place.clone()];
            digits == year || digits.contains('?')
        })
        .collect();
    let numbers = series.iter().map(|(series, _)| series.numbers).fold(0u32, u32::saturating_add);
    if numbers == 0 {
        return Ok(nothing(args, locale));
    }
    let sheet = locale.fill("book.sheet", &[("year", &args.year.to_string())]);
    let options = YearExportOptions {
        format,
        overwrite: args.force,
        masked: !args.unmask,
        lines: numbers,
        sheet: &sheet,
        created: export_old::now(),
        status: &|status| locale.status(status).to_string(),
        case: &|[kind, state, reason]| {
            let kind = CaseKind::read(kind).map_or("", |kind| locale.case_kind(kind));
            let state = CaseState::read(state).map_or("", |state| locale.case_state(state));
            format!("{kind} {state} {reason}").trim_end().to_string()
        },
        time: &|time| if time.is_empty() { String::new() } else { local(time) },
        gap: locale.text("book.gap"),
    };
    let store = crate::cli::open_store(home, "ledger export", locale)?;
    if args.unmask {
        store.note_unmask("ledger", &args.reason).map_err(told)?;
    }
    let (lines, sha256, head) = write(&reader, args, &options, &series, &year, locale)?;
    let file = YearFile {
        name: &args.output.file_name().unwrap_or_default().to_string_lossy(),
        sha256: &sha256,
        year: args.year,
        lines,
        is_whole: args.unmask,
        head: &head,
        reason: &args.reason,
    };
    let entry = store.note_year_export(&file).map_err(told)?;
    let places = [
        ("file", args.output.display().to_string()),
        ("lines", lines.to_string()),
        ("sha256", sha256.clone()),
        ("entry", entry.to_string()),
        ("count", head.count.to_string()),
        ("hash", head.hash.clone()),
    ];
    note(&locale.fill("book.written", &places.each_ref().map(|(k, v)| (*k, v.as_str()))));
    Ok(0)
}

fn nothing(args: &YearArgs, locale: &Locale) -> u8 {
    note(&locale.fill("book.no-numbers", &[("year", &args.year.to_string())]));
    1
}

/// Writes the file; again when somebody changed the ledger between the writing and the comparison.
fn write(
    reader: &Reader,
    args: &YearArgs,
    options: &YearExportOptions<'_>,
    series: &[(crate::store::YearSeries, std::ops::Range<usize>)],
    year: &str,
    locale: &Locale,
) -> Result<(u64, String, crate::domain::ledger::audit::Head), Failure> {
    let told_of = |e: &StoreError| locale.store_failure(e);
    let told = |e: StoreError| told_of(&e);
    // A ledger that cannot be read ends the file; what the store says of it reaches the user whole.
    let as_write = |e: StoreError| WriteError::io(&args.output)(io::Error::other(e));
    let lines = || -> Result<_, WriteError> {
        let lines = reader.year_lines(series.to_vec(), year).map_err(as_write)?;
        Ok(lines.map(move |line: Result<Line, StoreError>| line.map_err(as_write)))
    };
    let mut tries = 0;
    loop {
        tries += 1;
        let (version, head) = (reader.data_version().map_err(told)?, reader.head().map_err(told)?);
        match write_year_export(&args.output, options, lines) {
            Ok((lines, sha256)) => return Ok((lines, sha256, head)),
            Err(WriteError::ReadBack { .. }) if tries < TRIES && reader.data_version().map_err(told)? != version => {}
            Err(error) => {
                let of_store = match &error {
                    WriteError::Io { source, .. } => source.get_ref().and_then(|e| e.downcast_ref::<StoreError>()),
                    _ => None,
                };
                return Err(of_store.map_or_else(|| locale.write_failure(&error), told_of));
            }
        }
    }
}
