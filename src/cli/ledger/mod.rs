//! `skillcert ledger`: the numbers of the ledger (台账): adopting, giving, reserving, voiding them, and what became of them.

mod allocate;
mod change;
mod import;
mod show;

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::builder::PossibleValuesParser;
use clap::{Arg, ArgMatches, Command};
use serde_json::Value;

use super::args::{SourceArgs, source};
use super::book::{self, BookVerb};
use super::out;
use super::shape::Shape;
use crate::domain::code::CertCode;
use crate::domain::ledger::Status;
use crate::domain::ledger::plan::Order;
use crate::domain::level::{self, Level, LevelReading};
use crate::domain::text;
use crate::failure::Failure;
use crate::words::Locale;

/// Statuses that a file's or a batch's certificates can be given by hand.
const MARKS: [Status; 5] = [Status::Exported, Status::Submitted, Status::Accepted, Status::Returned, Status::Published];

/// `skillcert ledger`
#[derive(Debug)]
pub enum LedgerVerb {
    /// Adopt numbers that were issued before.
    Import(ImportArgs),
    Series {
        /// The beginning of the prefix.
        prefix: String,
        /// Whether JSON is printed.
        json: bool,
    },
    /// Tell the next number of a series.
    Next(SeriesArgs),
    /// Give numbers to the rows of a batch.
    Allocate(AllocateArgs),
    Reserve(ReserveArgs),
    Void(MarkArgs),
    Gaps {
        /// The beginning of the prefix.
        prefix: String,
        /// Whether JSON is printed.
        json: bool,
    },
    /// Say what became of certificates.
    Mark(MarkArgs),
    /// Look into the ledger.
    Book(BookVerb),
}

/// `skillcert ledger import`
#[derive(Debug)]
pub struct ImportArgs {
    files: Vec<PathBuf>,
    profile: Option<String>,
    sheet: Option<String>,
    today: Option<String>,
    status: Status,
    dry_run: bool,
    reason: String,
    json: bool,
}

/// What names a series.
#[derive(Debug)]
pub struct SeriesArgs {
    prefix: String,
    year: String,
    level: String,
    profile: Option<String>,
    json: bool,
}

/// `skillcert ledger allocate`
#[derive(Debug)]
pub struct AllocateArgs {
    source: SourceArgs,
    order: Order,
    reserved: bool,
    prefix: Option<String>,
    dry_run: bool,
    output: Option<PathBuf>,
    encoding: String,
    force: bool,
    reason: String,
    json: bool,
}

/// `skillcert ledger reserve`
#[derive(Debug)]
pub struct ReserveArgs {
    series: SeriesArgs,
    count: Option<u32>,
    from: Option<u32>,
    to: Option<u32>,
    today: Option<String>,
    reason: String,
}

/// `skillcert ledger mark` and `void`
#[derive(Debug)]
pub struct MarkArgs {
    status: Status,
    codes: Vec<String>,
    to: Option<String>,
    batch: Option<i64>,
    date: Option<String>,
    reason: String,
    json: bool,
}

/// Builds the family's shape.
pub fn shape(shape: Shape) -> Command {
    let verb = |name| shape.verb_of("ledger", name).arg(format(shape));
    let reads = || [shape.option("profile", "ID"), shape.option("sheet", "NAME"), today(shape)];
    let series = || {
        [
            shape.argument("prefix", "PREFIX", "ledger-prefix").required(true),
            shape.option("year", "YEAR").required(true),
            shape.option("level", "LEVEL").required(true),
            shape.option("profile", "ID"),
        ]
    };
    let prefix = || shape.option("prefix", "PREFIX");
    let codes = || shape.argument("codes", "CODE", "ledger-codes").num_args(1..);
    let number = |name| shape.option(name, "N").value_parser(shape.number(1_u32, None));
    let verbs = [
        verb("import")
            .arg(shape.file().num_args(1..).required(true).help(shape.text("ledger-files")))
            .args(reads())
            .args([shape.option("status", "STATUS").value_parser(statuses(&MARKS)).default_value("published")])
            .args([shape.flag("dry-run"), reason(shape)]),
        verb("series").arg(prefix()),
        verb("next").args(series()),
        verb("allocate")
            .arg(shape.file().required_unless_present("batch").conflicts_with("batch"))
            .args(reads())
            .args([batch(shape), prefix()])
            .arg(shape.option("sort", "ORDER").value_parser(orders()).default_value("roster"))
            .args([shape.flag("reserved"), shape.flag("dry-run"), shape.output().help(shape.text("ledger-output"))])
            .arg(shape.choice("encoding", &["utf-8", "gb18030"]).default_value("utf-8").value_name("ENCODING"))
            .args([shape.flag("force"), reason(shape)]),
        verb("reserve")
            .args(series())
            .args([number("count").conflicts_with_all(["from", "to"]).required_unless_present("from")])
            .args([number("from").requires("to").help(shape.text("ledger-from")), number("to").requires("from")])
            .args([today(shape), reason(shape).required(true)]),
        verb("void").arg(codes().required(true)).args([
            shape.option("to", "CODE").help(shape.text("ledger-to-code")),
            shape.option("date", "DATE"),
            reason(shape).required(true),
        ]),
        verb("gaps").arg(prefix()),
        verb("mark")
            .arg(shape.argument("status", "STATUS", "ledger-status").value_parser(statuses(&MARKS)).required(true))
            .arg(codes().required_unless_present("batch").conflicts_with("batch"))
            .args([batch(shape), shape.option("date", "DATE")])
            // Whoever fixes the row must know why it came back.
            .arg(reason(shape).required_if_eq("status", Status::Returned.key())),
    ];
    shape.family("ledger", verbs.into_iter().chain(book::shapes(shape))).subcommand_required(true)
}

fn format(shape: Shape) -> Arg {
    shape.choice("format", &["text", "json"]).default_value("text")
}

fn today(shape: Shape) -> Arg {
    shape.option("today", "DATE")
}

fn reason(shape: Shape) -> Arg {
    shape.reason()
}

/// Makes the option for a batch of the store.
fn batch(shape: Shape) -> Arg {
    shape.option("batch", "N").value_parser(shape.number(1_i64, None))
}

fn statuses(all: &[Status]) -> PossibleValuesParser {
    PossibleValuesParser::new(all.iter().map(|s| s.key()).collect::<Vec<_>>())
}

fn orders() -> PossibleValuesParser {
    PossibleValuesParser::new(Order::ALL.map(Order::key))
}

/// Reads a verb of the family.
pub fn read(name: &str, mut m: ArgMatches) -> LedgerVerb {
    if let Some(verb) = book::read(name, &mut m) {
        return LedgerVerb::Book(verb);
    }
    let json = m.get_one::<String>("format").is_some_and(|f| f == "json");
    match name {
        "import" => LedgerVerb::Import(ImportArgs {
            files: m.remove_many("file").map(Iterator::collect).unwrap_or_default(),
            profile: m.remove_one("profile"),
            sheet: m.remove_one("sheet"),
            today: m.remove_one("today"),
            status: status(&mut m).unwrap_or(Status::Published),
            dry_run: m.get_flag("dry-run"),
            reason: m.remove_one("reason").unwrap_or_default(),
            json,
        }),
        "series" => LedgerVerb::Series { prefix: m.remove_one("prefix").unwrap_or_default(), json },
        "next" => LedgerVerb::Next(series(&mut m, json)),
        "allocate" => LedgerVerb::Allocate(AllocateArgs {
            order: m.get_one::<String>("sort").and_then(|o| Order::read(o)).unwrap_or_default(),
            reserved: m.get_flag("reserved"),
            prefix: m.remove_one("prefix"),
            dry_run: m.get_flag("dry-run"),
            output: m.remove_one("output"),
            encoding: m.remove_one("encoding").unwrap_or_default(),
            force: m.get_flag("force"),
            reason: m.remove_one("reason").unwrap_or_default(),
            source: source(&mut m),
            json,
        }),
        "reserve" => LedgerVerb::Reserve(ReserveArgs {
            count: m.remove_one("count"),
            from: m.remove_one("from"),
            to: m.remove_one("to"),
            today: m.remove_one("today"),
            reason: m.remove_one("reason").unwrap_or_default(),
            series: series(&mut m, json),
        }),
        "gaps" => LedgerVerb::Gaps { prefix: m.remove_one("prefix").unwrap_or_default(), json },
        name => {
            let is_void = name == "void";
            let args = MarkArgs {
                status: if is_void { Status::Void } else { status(&mut m).unwrap_or(Status::Void) },
                codes: m.remove_many("codes").map(Iterator::collect).unwrap_or_default(),
                to: if is_void { m.remove_one("to") } else { None },
                batch: if is_void { None } else { m.remove_one("batch") },
                date: m.remove_one("date"),
                reason: m.remove_one("reason").unwrap_or_default(),
                json,
            };
            if is_void { LedgerVerb::Void(args) } else { LedgerVerb::Mark(args) }
        }
    }
}

fn status(m: &mut ArgMatches) -> Option<Status> {
    m.remove_one::<String>("status").and_then(|s| Status::read(&s))
}

fn series(m: &mut ArgMatches, json: bool) -> SeriesArgs {
    SeriesArgs {
        prefix: m.remove_one("prefix").unwrap_or_default(),
        year: m.remove_one("year").unwrap_or_default(),
        level: m.remove_one("level").unwrap_or_default(),
        profile: m.remove_one("profile"),
        json,
    }
}

/// Does what a verb says.
pub fn run(verb: LedgerVerb, home: Option<&Path>, locale: &Locale) -> Result<u8, Failure> {
    let store = || super::open_store(home, "ledger", locale);
    match verb {
        LedgerVerb::Book(verb) => book::run(verb, home, locale),
        LedgerVerb::Import(args) => import::run(&args, &store()?, locale),
        LedgerVerb::Series { prefix, json } => show::series(&prefix, json, &store()?, locale),
        LedgerVerb::Next(args) => show::next(&args, &store()?, locale),
        LedgerVerb::Allocate(args) => allocate::run(&args, &store()?, locale),
        LedgerVerb::Reserve(args) => change::reserve(&args, &store()?, locale),
        LedgerVerb::Void(args) | LedgerVerb::Mark(args) => change::mark(&args, &store()?, locale),
        LedgerVerb::Gaps { prefix, json } => show::gaps(&prefix, json, &store()?, locale),
    }
}

/// Prints an answer: as JSON, or in lines.
fn answer(
    locale: &Locale,
    json: bool,
    value: &Value,
    lines: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<(), Failure> {
    let mut stdout = out::stdout();
    let written = if json { writeln!(stdout, "{value}") } else { lines(&mut stdout) };
    let written = written.and_then(|()| stdout.flush());
    out::settled(written).map_err(|e| locale.untold(&e))
}

/// Reads a code as it is typed: blanks and hyphens are left out.
fn code(typed: &str, locale: &Locale) -> Result<CertCode, Failure> {
    let tidy: String = text::compact(typed).chars().filter(|c| *c != '-').collect::<String>().to_ascii_uppercase();
    CertCode::new(&tidy).ok_or_else(|| super::usage(locale, "ledger.bad-code", &[("code", typed)]))
}

/// Reads a year: two digits, or four.
fn year(typed: &str, locale: &Locale) -> Result<u8, Failure> {
    let digits = typed.strip_prefix("20").filter(|rest| rest.len() == 2).unwrap_or(typed);
    let year = digits.parse::<u8>().ok().filter(|_| digits.len() == 2);
    year.ok_or_else(|| super::usage(locale, "ledger.bad-year", &[("value", typed)]))
}

/// Reads a level in any of its forms.
fn level(typed: &str, locale: &Locale) -> Result<Level, Failure> {
    match level::read(typed) {
        LevelReading::Exact(level) | LevelReading::Short(level) | LevelReading::Other(level) => Ok(level),
        _ => Err(super::usage(locale, "ledger.bad-level", &[("value", typed)])),
    }
}
