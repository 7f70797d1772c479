//! `skillcert statistics`: what was issued, counted for whoever it is handed upward to, and added up with what others counted.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::escape::Written;
use super::io::Io;
use super::json::{self, document};
use super::table::{Alignment, table};
use super::typed::{RefusedValue, ReportLangArgs, prefix};
use super::usage::{unknown_ending, usage};
use crate::domain::ledger::statistics::{CountedBy, Statistics};
use crate::domain::upload::TableFormat;
use crate::failure::Failure;
use crate::office::{Office, StatisticsOrder, is_month};
use crate::words::Locale;

#[derive(Debug, Args)]
pub struct StatisticsArgs {
    #[arg(value_name = "FILE", help = "statistics-files")]
    counted: Vec<PathBuf>,
    #[arg(long, requires = "counted")]
    files_only: bool,
    #[arg(long, value_name = "YEAR", help = "statistics-year", conflicts_with_all = ["from_month", "to_month"])]
    #[arg(value_parser = year)]
    year: Option<String>,
    #[arg(id = "from_month", long = "from", value_name = "MONTH", value_parser = month)]
    from: Option<String>,
    #[arg(id = "to_month", long = "to", value_name = "MONTH", value_parser = month)]
    to: Option<String>,
    #[arg(long, value_name = "PREFIX", help = "prefix", value_parser = prefix())]
    prefix: Option<String>,
    #[arg(long, value_enum, default_value_t)]
    format: StatisticsFormat,
    #[arg(long, short, value_name = "FILE", help = "statistics-output")]
    output: Option<PathBuf>,
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    report_lang: ReportLangArgs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
enum StatisticsFormat {
    #[default]
    Text,
    Json,
    Csv,
}

/// Counts and adds up.
pub fn run(args: &StatisticsArgs, io: &mut Io, office: &Office) -> Result<u8, Failure> {
    let locale = office.locale();
    let (first, last) = match &args.year {
        Some(year) => (Some(format!("{year}-01")), Some(format!("{year}-12"))),
        None => (args.from.clone(), args.to.clone()),
    };
    if first.as_ref().zip(last.as_ref()).is_some_and(|(first, last)| last < first) {
        return Err(usage(locale, "statistics.months-turned", &[]));
    }
    if let Some(path) = &args.output
        && !path.extension().is_some_and(|e| ["json", "csv", "xlsx"].iter().any(|own| e.eq_ignore_ascii_case(own)))
    {
        return Err(unknown_ending(locale, path));
    }
    let order = StatisticsOrder {
        files: &args.counted,
        files_only: args.files_only,
        from: first.as_deref(),
        to: last.as_deref(),
        prefix: args.prefix.as_deref(),
    };
    let all = office.statistics(&order)?;
    if let Some(path) = &args.output {
        office.write_statistics(&all, path, args.force)?;
        let n = all.groups().count().to_string();
        io.note(&locale.fill("statistics.written", &[("file", &path.to_string_lossy()), ("n", &n)]));
        return Ok(0);
    }
    match args.format {
        StatisticsFormat::Text => io.text(locale, &told(&all, locale))?,
        StatisticsFormat::Json => io.json(locale, &document(json::STATISTICS, office.statistics_document(&all)))?,
        StatisticsFormat::Csv => {
            let file = office.statistics_table(&all, TableFormat::CsvUtf8)?;
            io.answer_as(Written::File, locale, |w| w.write_all(&file))?;
        }
    }
    Ok(0)
}

/// Tells the sums, one after the other.
fn told(all: &Statistics, locale: &Locale) -> String {
    if all.is_empty() {
        return locale.text("statistics.nothing").to_string() + "\n";
    }
    let mut told = locale.fill("statistics.total", &[("n", &all.total().to_string())]) + "\n";
    for by in CountedBy::ALL {
        let rows: Vec<Vec<String>> = all.sums(by).iter().map(|sum| locale.counted_cells(by, sum).to_vec()).collect();
        told += &format!("\n{}\n{}", locale.counted_by(by), table(&rows, Alignment::Texts, "  "));
    }
    told
}

/// Reads a month, `YYYY-MM`.
fn month(typed: &str) -> Result<String, RefusedValue> {
    let typed = typed.trim().to_string();
    if is_month(&typed) { Ok(typed) } else { Err(RefusedValue { key: "cli.needs-month".into(), places: Vec::new() }) }
}

/// Reads a year, `YYYY`.
fn year(typed: &str) -> Result<String, RefusedValue> {
    let typed = typed.trim().to_string();
    let is_year = typed.len() == 4 && typed.bytes().all(|b| b.is_ascii_digit());
    if is_year { Ok(typed) } else { Err(RefusedValue { key: "cli.needs-year".into(), places: Vec::new() }) }
}
