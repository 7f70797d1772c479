//! `skillcert stock demand`: how many blanks a year needs, and what the institutions need together.

use chrono::NaiveDate;
use clap::Args;
use serde_json::{Value, json};

use super::KindArgs;
use crate::cli::io::{Io, sign_on};
use crate::cli::json::{self, document};
use crate::cli::table::{Alignment, table};
use crate::cli::typed::{TextOrJson, day, filled, level, number};
use crate::cli::usage::usage;
use crate::domain::ledger::stock::Demand;
use crate::domain::level::{Level, LevelForm};
use crate::failure::Failure;
use crate::office::{CalculatedDemand, DemandOrder, NotedDemand, Office};
use crate::words::Locale;

#[derive(Debug, Args)]
pub struct StockDemandArgs {
    #[arg(long, value_name = "YEAR", help = "stock-year", value_parser = number(2000, Some(2099)))]
    year: i32,
    #[arg(long, value_name = "LEVEL=N", help = "stock-estimate")]
    estimate: Vec<String>,
    #[arg(long, value_name = "PREFIX", help = "stock-institution")]
    institution: Option<String>,
    #[arg(long, value_name = "N", help = "stock-allowance", value_parser = number(0_u32, Some(100)))]
    allowance: Option<u32>,
    #[arg(long, value_name = "DATE", help = "stock-as-of", value_parser = day)]
    as_of: Option<NaiveDate>,
    #[arg(long, help = "stock-note", requires = "estimate")]
    note: bool,
    #[arg(long, value_name = "DATE", help = "stock-ordered", requires = "note", value_parser = day)]
    ordered: Option<NaiveDate>,
    #[arg(long, value_name = "TEXT", help = "stock-reason", value_parser = filled("blank-reason"))]
    reason: Option<String>,
    #[command(flatten)]
    kind: KindArgs,
    #[arg(long, value_enum, default_value_t)]
    format: TextOrJson,
}

/// Calculates a demand; without estimates those that are noted are listed and added up.
pub fn run(args: &StockDemandArgs, io: &mut Io, office: &Office) -> Result<u8, Failure> {
    let locale = office.locale();
    if args.estimate.is_empty() {
        let mut noted = office.demands(args.year)?;
        noted.retain(|one| one.told.kind == args.kind.kind);
        match args.format {
            TextOrJson::Json => io.json_line(locale, &document(json::STOCK_DEMAND, noted_json(args.year, &noted)))?,
            TextOrJson::Text => io.text(locale, &noted_text(args.year, &noted, locale))?,
        }
        return Ok(0);
    }
    let calculated = office.demand(DemandOrder {
        kind: args.kind.kind,
        year: args.year,
        institution: args.institution.clone(),
        estimates: estimates(&args.estimate, locale)?,
        allowance: args.allowance,
        as_of: args.as_of,
    })?;
    let entry = if args.note {
        let session = sign_on(io, office, "stock")?;
        Some(session.note_demand(&calculated, args.ordered, args.reason.as_deref().unwrap_or_default())?)
    } else {
        None
    };
    match args.format {
        TextOrJson::Json => {
            let told = calculated_json(&calculated, entry);
            io.json_line(locale, &document(json::STOCK_DEMAND, told))?;
        }
        TextOrJson::Text => {
            let mut lines = calculated_lines(&calculated, locale);
            lines.extend(entry.map(|entry| locale.fill("stock.demand.noted", &[("entry", &entry.to_string())])));
            io.print(locale, &lines.join("\n"))?;
        }
    }
    Ok(0)
}

/// The level whose passes stand at a place of the estimates: annex 1 begins with the lowest.
fn level_at(at: usize) -> Option<Level> {
    Level::new(5 - at as u8)
}

/// Reads `3=150` or `三级=150`.
fn estimates(typed: &[String], locale: &Locale) -> Result<[u32; 5], Failure> {
    let mut all = [0; 5];
    for pair in typed.iter().flat_map(|typed| typed.split([',', '，'])) {
        let bad = || usage(locale, "stock.bad-estimate", &[("typed", pair)]);
        let (of, count) = pair.split_once(['=', '＝']).ok_or_else(bad)?;
        let of = level(of.trim()).map_err(|_| bad())?;
        all[usize::from(5 - of.digit())] = count.trim().parse().map_err(|_| bad())?;
    }
    Ok(all)
}

fn estimate_rows(estimates: &[u32; 5]) -> Vec<(String, String)> {
    let row = |(at, count): (usize, &u32)| Some((level_at(at)?.written(LevelForm::Grade), count.to_string()));
    estimates.iter().enumerate().filter_map(row).collect()
}

fn calculated_lines(calculated: &CalculatedDemand, locale: &Locale) -> Vec<String> {
    let CalculatedDemand { order, institution, as_of, demand } = calculated;
    let places =
        [("year", &*order.year.to_string()), ("kind", locale.blank_kind(order.kind)), ("institution", institution)];
    let mut lines = vec![locale.fill("stock.demand.title", &places).trim_end().to_string()];
    lines.extend(estimate_rows(&demand.estimates).into_iter().map(|(level, count)| format!("  {level}  {count}")));
    let (passes, spoiled) = (demand.passes().to_string(), demand.spoiled().to_string());
    let (stock, order) = (demand.stock.to_string(), demand.order().to_string());
    let places = [
        ("passes", &*passes),
        ("allowance", &demand.allowance.to_string()),
        ("spoiled", &spoiled),
        ("stock", &stock),
        ("day", &as_of.to_string()),
        ("order", &order),
    ];
    lines.push(locale.fill("stock.demand.passes", &places));
    if demand.allowance != 0 {
        lines.push(locale.fill("stock.demand.allowance", &places));
    }
    lines.push(locale.fill("stock.demand.stock", &places));
    lines.push(locale.fill("stock.demand.order", &places));
    lines
}

fn calculated_json(calculated: &CalculatedDemand, entry: Option<u64>) -> Value {
    let CalculatedDemand { order, institution, as_of, demand } = calculated;
    json!({
        "year": order.year, "kind": order.kind.key(), "institution": institution,
        "estimates": estimates_json(&demand.estimates), "passes": demand.passes(), "allowance": demand.allowance,
        "spoiled": demand.spoiled(), "stock": demand.stock, "as_of": as_of, "order": demand.order(), "entry": entry,
    })
}

fn estimates_json(estimates: &[u32; 5]) -> Value {
    let of = |(at, count): (usize, &u32)| json!({ "level": level_at(at).map(Level::digit), "passes": count });
    estimates.iter().enumerate().map(of).collect()
}

/// Gives the demand that was noted.
fn demand_of(noted: &NotedDemand) -> Demand {
    let told = &noted.told;
    Demand { estimates: told.estimates, stock: told.stock, allowance: told.allowance }
}

/// Adds up what several institutions expect and order.
fn sums(noted: &[NotedDemand]) -> ([u32; 5], u64) {
    let mut all = [0; 5];
    for one in noted {
        one.told.estimates.iter().zip(&mut all).for_each(|(count, sum)| *sum += count);
    }
    (all, noted.iter().map(|one| one.told.order).sum())
}

fn noted_text(year: i32, noted: &[NotedDemand], locale: &Locale) -> String {
    if noted.is_empty() {
        return locale.fill("stock.demand.none", &[("year", &year.to_string())]) + "\n";
    }
    let mut head = vec![locale.text("stock.demand.column.institution").to_string()];
    head.extend((0..5).filter_map(level_at).map(|level| level.written(LevelForm::Grade)));
    head.extend(["passes", "stock", "order"].map(|key| locale.text(&format!("stock.demand.column.{key}")).to_string()));
    let row = |name: String, estimates: &[u32; 5], stock: String, order: u64| {
        let mut row = vec![name];
        row.extend(estimates.iter().map(ToString::to_string));
        let passes: u64 = estimates.iter().map(|count| u64::from(*count)).sum();
        row.extend([passes.to_string(), stock, order.to_string()]);
        row
    };
    let mut rows = vec![head];
    rows.extend(noted.iter().map(|one| {
        let demand = demand_of(one);
        row(one.told.institution.clone(), &demand.estimates, demand.stock.to_string(), one.told.order)
    }));
    let (all, order) = sums(noted);
    rows.push(row(locale.text("stock.demand.sum").to_string(), &all, String::new(), order));
    table(&rows, Alignment::Texts, "")
}

fn noted_json(year: i32, noted: &[NotedDemand]) -> Value {
    let of = |one: &NotedDemand| {
        let demand = demand_of(one);
        json!({
            "institution": one.told.institution, "kind": one.told.kind.key(),
            "estimates": estimates_json(&demand.estimates), "passes": demand.passes(), "allowance": demand.allowance,
            "stock": demand.stock, "as_of": one.told.stock_on, "order": one.told.order, "entry": one.entry,
        })
    };
    let (all, order) = sums(noted);
    json!({
        "year": year, "demands": noted.iter().map(of).collect::<Vec<_>>(),
        "sum": { "estimates": estimates_json(&all), "order": order },
    })
}
