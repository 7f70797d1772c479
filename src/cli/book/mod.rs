//! `skillcert ledger show|verify|export`: looking into the ledger, checking all of it, and writing a year of it down.

mod show;
mod verify;
mod year;

use std::path::{Path, PathBuf};

use chrono::{DateTime, Local};
use clap::builder::PossibleValuesParser;
use clap::{ArgMatches, Command};

use super::shape::Shape;
use crate::domain::ledger::Status;
use crate::failure::Failure;
use crate::store::{Places, Reader};
use crate::words::Locale;

/// A verb that reads the ledger.
#[derive(Debug)]
pub enum BookVerb {
    /// Show a certificate's whole life, or what a text finds.
    Show(ShowArgs),
    Verify {
        /// Whether JSON is printed.
        json: bool,
    },
    /// Write the yearly ledger.
    Export(YearArgs),
}

/// `skillcert ledger show`
#[derive(Debug)]
pub struct ShowArgs {
    term: String,
    status: Option<Status>,
    batch: Option<i64>,
    limit: usize,
    unmask: bool,
    reason: String,
    json: bool,
}

/// `skillcert ledger export`
#[derive(Debug)]
pub struct YearArgs {
    year: i32,
    output: PathBuf,
    unmask: bool,
    force: bool,
    reason: String,
}

/// Builds the shapes of the verbs.
pub fn shapes(shape: Shape) -> [Command; 3] {
    let format = || shape.choice("format", &["text", "json"]).default_value("text");
    let statuses = PossibleValuesParser::new(Status::ALL.map(Status::key));
    [
        shape
            .verb_of("ledger", "show")
            .arg(shape.argument("term", "TERM", "book-term").required(true))
            .args([
                shape.option("status", "STATUS").value_parser(statuses).help(shape.text("book-status")),
                shape.option("batch", "N").value_parser(shape.number(1_i64, None)).help(shape.text("book-batch")),
                shape.option("limit", "N").value_parser(shape.number(1_u32, None)).default_value("50"),
                format(),
            ])
            .args(shape.unmask_with_reason()),
        shape.verb_of("ledger", "verify").arg(format()),
        shape
            .verb_of("ledger", "export")
            .args([
                shape
                    .option("year", "YEAR")
                    .value_parser(shape.number(2000_i32, Some(2099)))
                    .required(true)
                    .help(shape.text("book-year")),
                shape.output().required(true),
                shape.flag("force"),
            ])
            .args(shape.unmask_with_reason()),
    ]
}

/// Reads a verb; `None` for one of another family.
pub fn read(name: &str, m: &mut ArgMatches) -> Option<BookVerb> {
    let json = |m: &ArgMatches| m.get_one::<String>("format").is_some_and(|f| f == "json");
    match name {
        "show" => Some(BookVerb::Show(ShowArgs {
            json: json(m),
            term: m.remove_one("term").unwrap_or_default(),
            status: m.remove_one::<String>("status").and_then(|s| Status::read(&s)),
            batch: m.remove_one("batch"),
            limit: m.remove_one::<u32>("limit").unwrap_or_default() as usize,
            unmask: m.get_flag("unmask"),
            reason: m.remove_one("reason").unwrap_or_default(),
        })),
        "verify" => Some(BookVerb::Verify { json: json(m) }),
        "export" => Some(BookVerb::Export(YearArgs {
            year: m.remove_one("year").unwrap_or_default(),
            output: m.remove_one("output").unwrap_or_default(),
            unmask: m.get_flag("unmask"),
            force: m.get_flag("force"),
            reason: m.remove_one("reason").unwrap_or_default(),
        })),
        _ => None,
    }
}

/// Does what a verb says.
pub fn run(verb: BookVerb, home: Option<&Path>, locale: &Locale) -> Result<u8, Failure> {
    match verb {
        BookVerb::Show(args) => show::run(&args, home, locale),
        BookVerb::Verify { json } => verify::run(json, home, locale),
        BookVerb::Export(args) => year::run(&args, home, locale),
    }
}

/// Opens the ledger where there is one.
fn reader(home: Option<&Path>, locale: &Locale) -> Result<Option<Reader>, Failure> {
    let opened = Places::from_environment(home).and_then(|places| Reader::open(&places));
    opened.map_err(|e| locale.store_failure(&e))
}

/// Tells a time of the store, UTC, by the clock on the wall.
fn local(time: &str) -> String {
    let read = DateTime::parse_from_rfc3339(time);
    read.map_or_else(|_| time.to_string(), |t| t.with_timezone(&Local).format("%Y-%m-%d %H:%M:%S").to_string())
}
