//! `skillcert stock receive | draw | hand-over | return | use | spoil | destroy`.

use clap::Args;
use clap::builder::TypedValueParser;
use serde_json::{Value, json};

use super::count::counted;
use super::{ActArgs, BlankAct};
use crate::cli::consent::Told;
use crate::cli::io::{Io, begin, sign_on};
use crate::cli::json::{self, document};
use crate::cli::typed::{OneOfWords, TextOrJson, code, filled, number};
use crate::domain::code::CertCode;
use crate::domain::ledger::BatchId;
use crate::domain::ledger::action::BlanksMoved;
use crate::domain::ledger::case::CaseId;
use crate::domain::ledger::stock::{
    AfterSpoiling, BlankMove, BlankRun, BlankState, CountId, Passing, Printing, TakenBack,
};
use crate::failure::Failure;
use crate::office::{BlanksDone, Office, Printed, Session, Stocktake, WhichBlanks};
use crate::words::Locale;

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
    #[arg(long, value_name = "ACT", help = "stock-of", default_value = "receive", value_parser = taken_back())]
    of: TakenBack,
    #[arg(long, value_name = "N", help = "stock-count-number", requires = "reason", value_parser = number(1_i64, None).map(CountId))]
    count: Option<CountId>,
    #[command(flatten)]
    act: ActArgs,
}

/// Reads what is taken back, by its name or its words.
fn taken_back() -> OneOfWords<TakenBack> {
    OneOfWords { all: &TakenBack::ALL, key: TakenBack::key, words: Locale::taken_back }
}

/// What is done: its name, whether it must be agreed to, and what is told of it.
type Deed<'a> = (&'a str, bool, &'a dyn Fn(&BlanksDone) -> Vec<String>);

/// Receives a range: with it the books of blanks may begin.
pub fn receive(args: &StockReceiveArgs, io: &mut Io, office: &Office) -> Result<u8, Failure> {
    let run = BlankRun::read(&args.range);
    let run = match run {
        Ok(run) => run,
        Err(_) => office.blank_runs(std::slice::from_ref(&args.range))?.remove(0),
    };
    let act = args.act.act(office)?;
    let keeper = args.keeper.clone().unwrap_or_else(|| office.user().to_string());
    let session = begin(io, office, args.act.consent.is_only_tried(), "stock")?;
    let place = args.place.as_deref().unwrap_or_default();
    let note = office.new_keeper(&keeper)?;
    let receive = |session: &Session| session.receive_blanks(&act, run, (&keeper, place));
    let told = |done: &BlanksDone| {
        let told = office.locale().blanks_done("receive", act.kind, &done.moved);
        told.into_iter().chain(note.clone()).collect()
    };
    moved(("receive", false, &told), receive, &args.act, io, &session)
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
    let session = sign_on(io, office, "stock")?;
    let note = to.0.map_or(Ok(None), |to| office.new_keeper(to))?;
    let told = |done: &BlanksDone| {
        let told = office.locale().blanks_done(way.key(), act.kind, &done.moved);
        told.into_iter().chain(note.clone()).collect()
    };
    let pass = |session: &Session| session.pass_blanks(&act, way, which, to);
    moved((way.key(), way == Passing::HandOver, &told), pass, args, io, &session)
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
    let lines = |(printed, note): &(Printed, Option<String>)| {
        let spoiled = printed.spoiled.as_ref().map(|done| &done.moved);
        let mut told = locale.blanks_printed((act.kind, spoiled), &printed.used.moved, &printed.pairs);
        told.extend(note.clone());
        told
    };
    let print = |session: &Session| {
        let printed = session.use_blanks(&act, from, whom, &spoiled)?;
        let note = session.other_blank_kind(act.kind, &printed)?;
        Ok((printed, note))
    };
    let told = |done: &(Printed, Option<String>)| Told { lines: lines(done), is_far: true };
    let done = args.act.consent.act_told(io, &session, print, told)?;
    let is_tried = args.act.consent.is_only_tried();
    let (Printed { spoiled, used, pairs }, note) = &done;
    if args.act.format == TextOrJson::Json {
        let mut told = moved_json("use", &act, used, is_tried);
        let of = |(number, code): &(_, CertCode)| json!({ "number": format!("{number}"), "code": code.as_str() });
        told["pairs"] = pairs.iter().map(of).collect();
        told["note"] = note.clone().into();
        told["spoiled"] = spoiled.as_ref().map(|done| moves_json(&done.moved)).unwrap_or_default();
        return io.json_line(locale, &document(json::STOCK_MOVE, told)).map(|()| 0);
    }
    told_so(&lines(&done), used.entry, is_tried, io, locale)
}

pub fn spoil(args: &StockSpoilArgs, io: &mut Io, office: &Office) -> Result<u8, Failure> {
    let runs = office.blank_runs(&args.ranges)?;
    let act = args.act.act(office)?;
    let after = match (args.again, args.shift) {
        (true, _) => AfterSpoiling::Again,
        (_, true) => AfterSpoiling::Shift,
        _ => AfterSpoiling::Nothing,
    };
    let session = sign_on(io, office, "stock")?;
    let told = |done: &BlanksDone| {
        let mut told = office.locale().blanks_done("spoil", act.kind, &done.moved);
        if after == AfterSpoiling::Nothing && done.moved.moves.iter().any(|one| one.had.is_some()) {
            told.push(office.locale().text("stock.done.freed-next").to_string());
        }
        told
    };
    let spoil = |session: &Session| session.spoil_blanks(&act, &runs, after);
    moved(("spoil", true, &told), spoil, &args.act, io, &session)
}

/// Takes back what was noted by mistake: a receipt, a use, a spoilage, a destruction, or a stocktake that was wrong.
pub fn take_back(args: &StockTakeBackArgs, io: &mut Io, office: &Office) -> Result<u8, Failure> {
    let locale = office.locale();
    let runs = office.blank_runs(&args.ranges)?;
    let act = args.act.act(office)?;
    let session = sign_on(io, office, "stock")?;
    let Some(id) = args.count else {
        let told = |done: &BlanksDone| locale.blanks_taken_back(args.of, act.kind, &done.moved);
        let take = |session: &Session| session.take_back_blanks(&act, args.of, &runs);
        return moved(("take-back", false, &told), take, &args.act, io, &session);
    };
    let is_tried = args.act.consent.is_only_tried();
    let withdraw = |session: &Session| {
        let done = session.withdraw_count(id, act.on, act.reason)?;
        Ok((done, session.stocktake(id)?))
    };
    let told = |((_, back), _): &((u64, BlanksMoved), Stocktake)| Told {
        lines: locale.count_withdrawn(id, back),
        is_far: false,
    };
    let ((entry, back), count) = args.act.consent.act_told(io, &session, withdraw, told)?;
    match args.act.format {
        TextOrJson::Json => io.json_line(locale, &document(json::STOCK_COUNT, counted(&count, is_tried))).map(|()| 0),
        TextOrJson::Text => told_so(&locale.count_withdrawn(id, &back), entry, is_tried, io, locale),
    }
}

pub fn destroy(args: &StockDestroyArgs, io: &mut Io, office: &Office) -> Result<u8, Failure> {
    let locale = office.locale();
    let runs = office.blank_runs(&args.ranges)?;
    let act = args.act.act(office)?;
    let which = if args.all { WhichBlanks::Spoiled } else { WhichBlanks::Runs(&runs) };
    let by = (args.witness.as_str(), args.record.as_deref().unwrap_or_default());
    let session = sign_on(io, office, "stock")?;
    let lines = |(done, away): &(BlanksDone, Vec<(BlankRun, CaseId)>)| {
        let mut told = locale.blanks_done("destroy", act.kind, &done.moved);
        told.extend(Some(locale.blanks_away(away)).filter(|told| !told.is_empty()));
        told
    };
    let destroy = |session: &Session| session.destroy_blanks(&act, which, by);
    let told = |done: &(BlanksDone, Vec<(BlankRun, CaseId)>)| Told { lines: lines(done), is_far: true };
    let done = args.act.consent.act_told(io, &session, destroy, told)?;
    let is_tried = args.act.consent.is_only_tried();
    if args.act.format == TextOrJson::Json {
        let mut told = moved_json("destroy", &act, &done.0, is_tried);
        let of = |(run, case): &(BlankRun, CaseId)| json!({ "first": run.first.to_string(), "last": run.last.to_string(), "case": case.0 });
        told["left_out"] = done.1.iter().map(of).collect();
        return io.json_line(locale, &document(json::STOCK_MOVE, told)).map(|()| 0);
    }
    told_so(&lines(&done), done.0.entry, is_tried, io, locale)
}

/// Does something with blanks and tells what was done, or would be.
fn moved(
    (what, is_far, lines): Deed<'_>,
    act: impl Fn(&Session) -> Result<BlanksDone, Failure>,
    args: &ActArgs,
    io: &mut Io,
    session: &Session,
) -> Result<u8, Failure> {
    let locale = session.office().locale();
    let told = |done: &BlanksDone| Told { lines: lines(done), is_far };
    let done = args.consent.act_told(io, session, act, told)?;
    let is_tried = args.consent.is_only_tried();
    if args.format == TextOrJson::Json {
        let told = moved_json(what, &args.act(session.office())?, &done, is_tried);
        return io.json_line(locale, &document(json::STOCK_MOVE, told)).map(|()| 0);
    }
    told_so(&lines(&done), done.entry, is_tried, io, locale)
}

/// Tells what was done, and where the audit chain has it; or what would be done.
pub(super) fn told_so(
    told: &[String],
    entry: u64,
    is_tried: bool,
    io: &mut Io,
    locale: &Locale,
) -> Result<u8, Failure> {
    let told = if is_tried {
        format!("{}\n{}", locale.blanks_ahead(told), locale.text("reach.dry"))
    } else {
        locale.with_entry(told, entry)
    };
    io.print(locale, &told).map(|()| 0)
}

fn moved_json(what: &str, act: &BlankAct<'_>, done: &BlanksDone, is_tried: bool) -> Value {
    json!({
        "act": what, "kind": act.kind.key(), "on": act.on, "reason": act.reason, "dry_run": is_tried,
        "entry": (!is_tried).then_some(done.entry), "count": done.moved.count, "moves": moves_json(&done.moved),
    })
}

pub(super) fn moves_json(moved: &BlanksMoved) -> Value {
    let of = |told: &BlankMove| {
        json!({
            "first": told.run.first.to_string(), "last": told.run.last.to_string(), "count": told.run.count(),
            "was": told.was.map(BlankState::key), "from": told.keeper_before(), "state": told.state.key(),
            "keeper": told.keeper, "place": told.place, "withdrawn": told.withdrawn, "corrected": told.corrected,
        })
    };
    moved.moves.iter().map(of).collect()
}
