//! `skillcert stock receive | draw | hand-over | return | use | spoil | destroy`.

use clap::Args;
use clap::builder::TypedValueParser;
use serde_json::{Value, json};

use super::count::count_json;
use super::{ActArgs, BlankAct};
use crate::cli::io::{Io, begin, sign_on};
use crate::cli::json::{self, document};
use crate::cli::typed::{TextOrJson, code, filled, number};
use crate::domain::code::CertCode;
use crate::domain::ledger::BatchId;
use crate::domain::ledger::action::BlanksMoved;
use crate::domain::ledger::case::CaseId;
use crate::domain::ledger::stock::{AfterSpoiling, BlankMove, BlankRun, BlankState, CountId, Passing, Printing};
use crate::failure::Failure;
use crate::office::{BlanksDone, Office, Printed, WhichBlanks};

#[derive(Debug, Args)]
pub struct StockReceiveArgs {
    #[arg(value_name = "RANGE", help = "stock-range")]
    range: String,
    #[arg(long, value_name = "NAME", help = "stock-keeper", value_parser = filled("blank-keeper"))]
    keeper: Option<String>,
    #[arg(long, value_name = "TEXT", help = "stock-place")]
    place: Option<String>,
    #[command(flatten)]
    act: ActArgs,
}

#[derive(Debug, Args)]
pub struct StockDrawArgs {
    #[arg(value_name = "RANGE", help = "stock-ranges", required = true)]
    ranges: Vec<String>,
    #[arg(long, value_name = "NAME", help = "stock-to", value_parser = filled("blank-keeper"))]
    to: String,
    #[arg(long, value_name = "TEXT", help = "stock-place")]
    place: Option<String>,
    #[command(flatten)]
    act: ActArgs,
}

#[derive(Debug, Args)]
pub struct StockHandOverArgs {
    #[arg(value_name = "RANGE", help = "stock-ranges", required_unless_present = "all_of", conflicts_with = "all_of")]
    ranges: Vec<String>,
    #[arg(long, value_name = "NAME", help = "stock-all-of")]
    all_of: Option<String>,
    #[arg(long, value_name = "NAME", help = "stock-to", value_parser = filled("blank-keeper"))]
    #[arg(required_unless_present = "place")]
    to: Option<String>,
    #[arg(long, value_name = "TEXT", help = "stock-place")]
    place: Option<String>,
    #[command(flatten)]
    act: ActArgs,
}

#[derive(Debug, Args)]
pub struct StockReturnArgs {
    #[arg(value_name = "RANGE", help = "stock-ranges", required = true)]
    ranges: Vec<String>,
    #[arg(long, value_name = "NAME", help = "stock-back-to", value_parser = filled("blank-keeper"))]
    to: Option<String>,
    #[arg(long, value_name = "TEXT", help = "stock-place")]
    place: Option<String>,
    #[command(flatten)]
    act: ActArgs,
}

#[derive(Debug, Args)]
pub struct StockUseArgs {
    #[arg(value_name = "NUMBER", help = "stock-from")]
    from: String,
    #[arg(value_name = "CODE", help = "stock-code", value_parser = code)]
    #[arg(required_unless_present_any = ["batch", "case"], conflicts_with_all = ["batch", "case"])]
    code: Option<CertCode>,
    #[arg(long, value_name = "N", help = "stock-batch", value_parser = number(1_i64, None).map(BatchId))]
    batch: Option<BatchId>,
    #[arg(long, value_name = "N", help = "stock-case", conflicts_with = "batch", value_parser = number(1_i64, None).map(CaseId))]
    case: Option<CaseId>,
    #[arg(long, value_name = "RANGE", help = "stock-spoiled", requires = "reason")]
    spoiled: Vec<String>,
    #[command(flatten)]
    act: ActArgs,
}

#[derive(Debug, Args)]
pub struct StockSpoilArgs {
    #[arg(value_name = "RANGE", help = "stock-ranges", required = true)]
    ranges: Vec<String>,
    #[arg(long, help = "stock-again")]
    again: bool,
    #[arg(long, help = "stock-shift", conflicts_with = "again")]
    shift: bool,
    #[command(flatten)]
    act: ActArgs,
}

#[derive(Debug, Args)]
pub struct StockDestroyArgs {
    #[arg(value_name = "RANGE", help = "stock-ranges", required_unless_present = "all", conflicts_with = "all")]
    ranges: Vec<String>,
    #[arg(long, help = "stock-all-spoiled")]
    all: bool,
    #[arg(long, value_name = "NAME", help = "stock-witness")]
    witness: String,
    #[arg(long, value_name = "TEXT", help = "stock-record")]
    record: Option<String>,
    #[command(flatten)]
    act: ActArgs,
}

#[derive(Debug, Args)]
pub struct StockTakeBackArgs {
    #[arg(value_name = "RANGE", help = "stock-ranges", required_unless_present = "count", conflicts_with = "count")]
    ranges: Vec<String>,
    #[arg(long, value_name = "N", help = "stock-count-number", requires = "reason", value_parser = number(1_i64, None).map(CountId))]
    count: Option<CountId>,
    #[command(flatten)]
    act: ActArgs,
}

/// Receives a range: with it the books of blanks may begin.
pub fn receive(args: &StockReceiveArgs, io: &mut Io, office: &Office) -> Result<u8, Failure> {
    let run = BlankRun::read(&args.range);
    let run = match run {
        Ok(run) => run,
        Err(_) => office.blank_runs(std::slice::from_ref(&args.range))?.remove(0),
    };
    let act = args.act.act(office)?;
    let keeper = args.keeper.clone().unwrap_or_else(|| office.user().to_string());
    let session = begin(io, office, false, "stock")?;
    let done = session.receive_blanks(&act, run, (&keeper, args.place.as_deref().unwrap_or_default()))?;
    tell("receive", &act, &done, args.act.format, io, office)
}

pub fn draw(args: &StockDrawArgs, io: &mut Io, office: &Office) -> Result<u8, Failure> {
    let runs = office.blank_runs(&args.ranges)?;
    let to = (Some(args.to.as_str()), args.place.as_deref());
    pass(Passing::Draw, WhichBlanks::Runs(&runs), to, &args.act, io, office)
}

pub fn hand_over(args: &StockHandOverArgs, io: &mut Io, office: &Office) -> Result<u8, Failure> {
    let runs = office.blank_runs(&args.ranges)?;
    let which = args.all_of.as_deref().map_or(WhichBlanks::Runs(&runs), WhichBlanks::AllOf);
    pass(Passing::HandOver, which, (args.to.as_deref(), args.place.as_deref()), &args.act, io, office)
}

pub fn give_back(args: &StockReturnArgs, io: &mut Io, office: &Office) -> Result<u8, Failure> {
    let runs = office.blank_runs(&args.ranges)?;
    let to = (args.to.as_deref(), args.place.as_deref());
    pass(Passing::Return, WhichBlanks::Runs(&runs), to, &args.act, io, office)
}

fn pass(
    way: Passing,
    which: WhichBlanks<'_>,
    to: (Option<&str>, Option<&str>),
    args: &ActArgs,
    io: &mut Io,
    office: &Office,
) -> Result<u8, Failure> {
    let act = args.act(office)?;
    let done = sign_on(io, office, "stock")?.pass_blanks(&act, way, which, to)?;
    tell(way.key(), &act, &done, args.format, io, office)
}

/// Uses blanks from a number on.
pub fn print(args: &StockUseArgs, io: &mut Io, office: &Office) -> Result<u8, Failure> {
    let locale = office.locale();
    let (from, spoiled) = (office.blank_number(&args.from)?, office.blank_runs(&args.spoiled)?);
    let whom = match (args.code, args.batch, args.case) {
        (_, Some(batch), _) => Printing::Batch(batch),
        (_, _, Some(case)) => Printing::Case(case),
        (Some(code), ..) => Printing::Certificate(code),
        (None, None, None) => return Err(crate::cli::usage::usage(locale, "stock.nobody", &[])),
    };
    let act = args.act.act(office)?;
    let session = sign_on(io, office, "stock")?;
    let printed = session.use_blanks(&act, from, whom, &spoiled)?;
    let note = session.other_blank_kind(act.kind, &printed)?;
    let Printed { spoiled, used, pairs } = &printed;
    if args.act.format == TextOrJson::Json {
        let mut told = moved_json("use", &act, used);
        let of = |(number, code): &(_, CertCode)| json!({ "number": format!("{number}"), "code": code.as_str() });
        told["pairs"] = pairs.iter().map(of).collect();
        told["note"] = note.into();
        told["spoiled"] = spoiled.as_ref().map(|done| moves_json(&done.moved)).unwrap_or_default();
        return io.json_line(locale, &document(json::STOCK_MOVE, told)).map(|()| 0);
    }
    let mut told = locale.blanks_printed((act.kind, spoiled.as_ref().map(|done| &done.moved)), &used.moved, pairs);
    told.extend(note);
    io.print(locale, &locale.with_entry(&told, used.entry)).map(|()| 0)
}

pub fn spoil(args: &StockSpoilArgs, io: &mut Io, office: &Office) -> Result<u8, Failure> {
    let runs = office.blank_runs(&args.ranges)?;
    let act = args.act.act(office)?;
    let after = match (args.again, args.shift) {
        (true, _) => AfterSpoiling::Again,
        (_, true) => AfterSpoiling::Shift,
        _ => AfterSpoiling::Nothing,
    };
    let done = sign_on(io, office, "stock")?.spoil_blanks(&act, &runs, after)?;
    tell("spoil", &act, &done, args.act.format, io, office)
}

/// Takes back a receipt that was mistyped, or a stocktake that was wrong.
pub fn take_back(args: &StockTakeBackArgs, io: &mut Io, office: &Office) -> Result<u8, Failure> {
    let locale = office.locale();
    let runs = office.blank_runs(&args.ranges)?;
    let act = args.act.act(office)?;
    let session = sign_on(io, office, "stock")?;
    let Some(id) = args.count else {
        let done = session.take_back_blanks(&act, &runs)?;
        return tell("take-back", &act, &done, args.act.format, io, office);
    };
    let (entry, back) = session.withdraw_count(id, act.on, act.reason)?;
    match args.act.format {
        TextOrJson::Json => io.json_line(locale, &document(json::STOCK_COUNT, count_json(&session.stocktake(id)?)))?,
        TextOrJson::Text => io.print(locale, &locale.with_entry(&locale.count_withdrawn(id, &back), entry))?,
    }
    Ok(0)
}

pub fn destroy(args: &StockDestroyArgs, io: &mut Io, office: &Office) -> Result<u8, Failure> {
    let runs = office.blank_runs(&args.ranges)?;
    let act = args.act.act(office)?;
    let which = if args.all { WhichBlanks::Spoiled } else { WhichBlanks::Runs(&runs) };
    let told = (args.witness.as_str(), args.record.as_deref().unwrap_or_default());
    let done = sign_on(io, office, "stock")?.destroy_blanks(&act, which, told)?;
    tell("destroy", &act, &done, args.act.format, io, office)
}

/// Tells what was done.
fn tell(
    what: &str,
    act: &BlankAct<'_>,
    done: &BlanksDone,
    format: TextOrJson,
    io: &mut Io,
    office: &Office,
) -> Result<u8, Failure> {
    match format {
        TextOrJson::Json => {
            io.json_line(office.locale(), &document(json::STOCK_MOVE, moved_json(what, act, done)))?;
        }
        TextOrJson::Text => {
            let locale = office.locale();
            let mut told = locale.blanks_done(what, act.kind, &done.moved);
            let is_left = |told: &BlankMove| told.state == BlankState::Used;
            if what == "spoil"
                && !done.moved.moves.iter().any(is_left)
                && done.moved.moves.iter().any(|m| m.had.is_some())
            {
                told.push(locale.text("stock.done.freed-next").to_string());
            }
            io.print(locale, &locale.with_entry(&told, done.entry))?;
        }
    }
    Ok(0)
}

fn moved_json(what: &str, act: &BlankAct<'_>, done: &BlanksDone) -> Value {
    json!({
        "act": what, "kind": act.kind.key(), "on": act.on, "reason": act.reason, "entry": done.entry,
        "count": done.moved.count, "moves": moves_json(&done.moved),
    })
}

pub(super) fn moves_json(moved: &BlanksMoved) -> Value {
    let of = |told: &BlankMove| {
        json!({
            "first": told.run.first.to_string(), "last": told.run.last.to_string(), "count": told.run.count(),
            "was": told.was.map(BlankState::key), "from": told.keeper_before(), "state": told.state.key(),
            "keeper": told.keeper, "place": told.place, "withdrawn": told.withdrawn,
        })
    };
    moved.moves.iter().map(of).collect()
}
