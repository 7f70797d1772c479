//! `skillcert ledger …`: the numbers of the ledger (台账): adopting, giving, reserving, voiding them, what became of them, and
//! the ledger shown, checked and written down.

mod allocate;
mod change;
mod import;
mod series;
mod show;
mod verify;
mod year;

use std::io::{self, Write};

use chrono::NaiveDate;
use clap::{Args, Subcommand};
use serde_json::Value;

use super::io::Io;
use super::values::TextOrJson;
use crate::cli::usage::usage;
use crate::domain::code::CertCode;
use crate::domain::level::{self, Level, LevelReading};
use crate::domain::text;
use crate::failure::Failure;
use crate::office::{NumberSeries, Office, Session};
use crate::words::Locale;

#[derive(Debug, Subcommand)]
#[command(subcommand_required = true)]
pub enum LedgerVerb {
    Import(import::LedgerImportArgs),
    Series(PrefixArgs),
    Next(LedgerSeriesArgs),
    Allocate(allocate::LedgerAllocateArgs),
    Reserve(change::LedgerReserveArgs),
    Void(change::LedgerVoidArgs),
    Gaps(PrefixArgs),
    Mark(change::LedgerMarkArgs),
    Show(show::LedgerShowArgs),
    Verify(verify::LedgerVerifyArgs),
    Export(year::LedgerExportArgs),
}

#[derive(Debug, Args)]
pub struct PrefixArgs {
    #[arg(long, value_enum, default_value_t)]
    format: TextOrJson,
    #[arg(long, value_name = "PREFIX")]
    prefix: Option<String>,
}

/// What names a series.
#[derive(Debug, Args)]
pub struct LedgerSeriesArgs {
    #[arg(long, value_enum, default_value_t)]
    format: TextOrJson,
    #[arg(value_name = "PREFIX", help = "ledger-prefix")]
    prefix: String,
    #[arg(long, value_name = "YEAR")]
    year: String,
    #[arg(long, value_name = "LEVEL")]
    level: String,
    #[arg(long, value_name = "ID")]
    profile: Option<String>,
}

pub fn run(verb: LedgerVerb, io: &mut Io, office: &Office) -> Result<u8, Failure> {
    match verb {
        LedgerVerb::Import(args) => import::run(&args, io, office),
        LedgerVerb::Series(args) => series::list(&args, io, office),
        LedgerVerb::Next(args) => series::next(&args, io, office),
        LedgerVerb::Allocate(args) => allocate::run(&args, io, office),
        LedgerVerb::Reserve(args) => change::reserve(&args, io, office),
        LedgerVerb::Void(args) => change::void(&args, io, office),
        LedgerVerb::Gaps(args) => series::gaps(&args, io, office),
        LedgerVerb::Mark(args) => change::mark(&args, io, office),
        LedgerVerb::Show(args) => show::run(&args, io, office),
        LedgerVerb::Verify(args) => verify::run(&args, io, office),
        LedgerVerb::Export(args) => year::run(&args, io, office),
    }
}

/// Prints an answer: as JSON, or in lines.
fn answer(
    io: &mut Io,
    locale: &Locale,
    format: TextOrJson,
    value: &Value,
    lines: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<(), Failure> {
    io.answer(locale, |w| match format {
        TextOrJson::Json => writeln!(w, "{value}"),
        TextOrJson::Text => lines(w),
    })
}

impl LedgerSeriesArgs {
    fn find(&self, session: &Session) -> Result<NumberSeries, Failure> {
        let locale = session.office().locale();
        let (year, level) = (year(&self.year, locale)?, level(&self.level, locale)?);
        session.find_series(&self.prefix, year, level, self.profile.as_deref())
    }
}

fn or_today(day: Option<NaiveDate>, office: &Office) -> Result<NaiveDate, Failure> {
    day.map_or_else(|| office.today(), Ok)
}

/// Reads a code as it is typed: blanks and hyphens are left out.
fn code(typed: &str, locale: &Locale) -> Result<CertCode, Failure> {
    let tidy: String = text::compact(typed).chars().filter(|c| *c != '-').collect::<String>().to_ascii_uppercase();
    CertCode::new(&tidy).ok_or_else(|| usage(locale, "ledger.bad-code", &[("code", typed)]))
}

/// Reads a year: two digits, or four.
fn year(typed: &str, locale: &Locale) -> Result<u8, Failure> {
    let digits = typed.strip_prefix("20").filter(|rest| rest.len() == 2).unwrap_or(typed);
    let year = digits.parse::<u8>().ok().filter(|_| digits.len() == 2);
    year.ok_or_else(|| usage(locale, "ledger.bad-year", &[("value", typed)]))
}

/// Reads a level in any of its forms.
fn level(typed: &str, locale: &Locale) -> Result<Level, Failure> {
    match level::read(typed) {
        LevelReading::Exact(level) | LevelReading::Short(level) | LevelReading::Other(level) => Ok(level),
        _ => Err(usage(locale, "ledger.bad-level", &[("value", typed)])),
    }
}
