//! `skillcert ledger …`: the numbers of the ledger (台账): adopting, giving, reserving, voiding them, what became of them, and
//! the ledger shown, checked and written down.

mod allocate;
pub mod change;
mod import;
mod reply;
mod series;
mod show;
mod verify;
mod year;

use std::io::{self, Write};

use clap::{Args, Subcommand};
use serde_json::Value;

use super::io::Io;
use super::typed::{TextOrJson, level, prefix, year};
use crate::domain::level::Level;
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
    Reply(reply::LedgerReplyArgs),
    Show(show::LedgerShowArgs),
    Verify(verify::LedgerVerifyArgs),
    Export(year::LedgerExportArgs),
}

#[derive(Debug, Args)]
pub struct PrefixArgs {
    #[arg(long, value_enum, default_value_t)]
    format: TextOrJson,
    #[arg(long, value_name = "PREFIX", value_parser = prefix())]
    prefix: Option<String>,
}

/// What names a series.
#[derive(Debug, Args)]
pub struct LedgerSeriesArgs {
    #[arg(long, value_enum, default_value_t)]
    format: TextOrJson,
    #[arg(value_name = "PREFIX", help = "ledger-prefix", value_parser = prefix())]
    prefix: String,
    #[arg(long, value_name = "YEAR", value_parser = year)]
    year: u8,
    #[arg(long, value_name = "LEVEL", value_parser = level)]
    level: Level,
    #[arg(long, value_name = "ID")]
    profile: Option<String>,
}

pub fn run(verb: LedgerVerb, io: &mut Io, office: &Office) -> Result<u8, Failure> {
    match verb {
        LedgerVerb::Import(args) => import::run(&args, io, office),
        LedgerVerb::Series(args) => series::list(&args, io, office),
        LedgerVerb::Next(args) => series::next(&args, io, office),
        LedgerVerb::Allocate(args) => allocate::run(args, io, office),
        LedgerVerb::Reserve(args) => change::reserve(&args, io, office),
        LedgerVerb::Void(args) => change::void(&args, io, office),
        LedgerVerb::Gaps(args) => series::gaps(&args, io, office),
        LedgerVerb::Mark(args) => change::mark(&args, io, office),
        LedgerVerb::Reply(args) => reply::run(&args, io, office),
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
    match format {
        TextOrJson::Json => io.json_line(locale, value),
        TextOrJson::Text => io.answer(locale, lines),
    }
}

impl LedgerSeriesArgs {
    fn find(&self, session: &Session) -> Result<NumberSeries, Failure> {
        session.find_series(&self.prefix, self.year, self.level, self.profile.as_deref())
    }
}
