//! `skillcert stock count | close | compare`: what is there held against what must be.

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::Args;
use clap::builder::TypedValueParser;
use serde_json::{Value, json};

use super::acts::{moves_json, told_so};
use super::{ActArgs, KindArgs};
use crate::cli::consent::{ConsentArgs, Told};
use crate::cli::io::{Io, sign_on};
use crate::cli::json::{self, document};
use crate::cli::typed::{TextOrJson, day, filled, number};
use crate::domain::ledger::stock::{BlankRun, BlankState, CountId};
use crate::failure::Failure;
use crate::office::{ComparedState, CountEnd, Office, Session, Stocktake};

#[derive(Debug, Args)]
pub struct StockCountArgs {
    #[arg(value_name = "FILE", help = "stock-file", required_unless_present = "number")]
    file: Option<PathBuf>,
    #[arg(long, value_name = "RANGE", help = "stock-number")]
    number: Vec<String>,
    #[arg(long, value_name = "NAME", help = "stock-count-keeper", value_parser = filled("blank-keeper"))]
    keeper: Option<String>,
    #[arg(long, value_name = "PREFIX", help = "stock-institution")]
    institution: Option<String>,
    #[command(flatten)]
    act: ActArgs,
}

#[derive(Debug, Args)]
pub struct StockCloseArgs {
    #[arg(value_name = "N", help = "stock-count-number", value_parser = number(1_i64, None).map(CountId))]
    count: CountId,
    #[arg(long, value_name = "TEXT", help = "stock-explain", value_parser = filled("blank-reason"))]
    reason: String,
    #[arg(long, value_name = "DATE", help = "stock-on", value_parser = day)]
    on: Option<NaiveDate>,
    #[arg(long, value_enum, default_value_t)]
    format: TextOrJson,
    #[command(flatten)]
    consent: ConsentArgs,
}

#[derive(Debug, Args)]
pub struct StockCompareArgs {
    #[arg(value_name = "FILE", help = "stock-file")]
    file: PathBuf,
    #[arg(long, value_name = "NAME", help = "stock-count-keeper", value_parser = filled("blank-keeper"))]
    keeper: Option<String>,
    #[command(flatten)]
    kind: KindArgs,
    #[arg(long, value_enum, default_value_t)]
    format: TextOrJson,
}

/// Notes a stocktake. Exit code 1 while a difference is to be explained.
pub fn count(args: &StockCountArgs, io: &mut Io, office: &Office) -> Result<u8, Failure> {
    let act = args.act.act(office)?;
    let mut runs = office.blank_runs(&args.number)?;
    let session = sign_on(io, office, "stock")?;
    if let Some(file) = &args.file {
        runs.extend(office.blank_list(file, act.kind)?.runs());
    }
    let locale = office.locale();
    let take =
        |session: &Session| session.count_blanks(&act, args.keeper.as_deref(), args.institution.as_deref(), &runs);
    let told = |count: &Stocktake| Told {
        lines: locale.stocktake_lines(&count.told, count.id, count.closed.is_some()),
        is_far: false,
    };
    let count = args.act.consent.act_told(io, &session, take, told)?;
    let is_tried = args.act.consent.is_only_tried();
    match args.act.format {
        TextOrJson::Json => io.json_line(locale, &document(json::STOCK_COUNT, counted(&count, is_tried)))?,
        TextOrJson::Text if is_tried => {
            told_so(&told(&count).lines, 0, is_tried, io, locale)?;
        }
        TextOrJson::Text => {
            let mut lines = locale.stocktake_lines(&count.told, count.id, count.closed.is_some());
            if count.closed.is_none() {
                lines.push(format!("  {}", locale.fill("stock.count.close-so", &[("count", &count.id.to_string())])));
            }
            io.print(locale, &lines.join("\n"))?;
        }
    }
    Ok(u8::from(count.closed.is_none()))
}

pub fn close(args: &StockCloseArgs, io: &mut Io, office: &Office) -> Result<u8, Failure> {
    let on = office.or_today(args.on)?;
    let locale = office.locale();
    let session = sign_on(io, office, "stock")?;
    let close = |session: &Session| {
        let end = session.close_count(args.count, on, &args.reason)?;
        Ok((end, session.stocktake(args.count)?))
    };
    // What is lost is used no more; a stocktake that brings nothing but what was found again is closed as it is.
    let told = |(end, _): &(CountEnd, Stocktake)| Told {
        lines: locale.count_end(args.count, &end.lost, &end.left),
        is_far: end.lost.moves.iter().any(|told| told.state == BlankState::Lost),
    };
    let done = args.consent.act_told(io, &session, close, told)?;
    let is_tried = args.consent.is_only_tried();
    if args.format == TextOrJson::Json {
        return io.json_line(locale, &document(json::STOCK_COUNT, counted(&done.1, is_tried))).map(|()| 0);
    }
    told_so(&told(&done).lines, done.0.entry, is_tried, io, locale)
}

/// Compares with another system's list. Exit code 1 where they differ.
pub fn compare(args: &StockCompareArgs, io: &mut Io, office: &Office) -> Result<u8, Failure> {
    let locale = office.locale();
    let compared = office.compare_blanks(args.kind.kind, args.keeper.as_deref(), &args.file)?;
    let differ = compared.iter().any(|of| !of.difference.is_none() || !of.difference.doubled.is_empty());
    match args.format {
        TextOrJson::Json => {
            let states: Vec<Value> = compared.iter().map(compared_json).collect();
            let told =
                json!({ "kind": args.kind.kind.key(), "keeper": args.keeper, "same": !differ, "states": states });
            io.json_line(locale, &document(json::STOCK_COMPARE, told))?;
        }
        TextOrJson::Text => {
            let lines: Vec<String> =
                compared.iter().flat_map(|of| locale.compared_blanks(of.state, &of.difference)).collect();
            io.print(locale, &lines.join("\n"))?;
        }
    }
    Ok(u8::from(differ))
}

fn runs_json(runs: &[BlankRun]) -> Value {
    runs.iter().map(|run| json!({ "first": run.first.to_string(), "last": run.last.to_string() })).collect()
}

fn compared_json(of: &ComparedState) -> Value {
    let found = &of.difference;
    json!({
        "state": of.state.key(), "ours": found.held, "theirs": found.counted, "only_ours": runs_json(&found.missing),
        "only_theirs": runs_json(&found.surplus), "doubled": runs_json(&found.doubled),
    })
}

/// Writes a stocktake, or what one would be.
pub(super) fn counted(count: &Stocktake, is_tried: bool) -> Value {
    let mut told = count_json(count);
    told["dry_run"] = is_tried.into();
    told
}

pub(super) fn count_json(count: &Stocktake) -> Value {
    let told = &count.told;
    let closed = count.closed.as_ref().map(|(entry, lost)| {
        json!({ "entry": entry.seq, "time": entry.time, "user": entry.user, "reason": entry.reason, "on": lost.on, "lost": moves_json(lost) })
    });
    let withdrawn = count
        .withdrawn
        .as_ref()
        .map(|entry| json!({ "entry": entry.seq, "time": entry.time, "user": entry.user, "reason": entry.reason }));
    json!({
        "id": count.id.0, "kind": told.kind.key(), "keeper": told.keeper, "institution": told.institution, "on": told.on,
        "counted": told.counted, "held": told.held, "missing": runs_json(&told.missing),
        "surplus": runs_json(&told.surplus), "doubled": runs_json(&told.doubled), "entry": count.entry.seq,
        "closed": closed, "withdrawn": withdrawn,
    })
}
