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
use crate::domain::level::Level;
use crate::failure::Failure;
use crate::office::{CalculatedDemand, DemandOrder, DemandPage, NotedDemand, Office, demand_of};
use crate::words::{Locale, level_at};

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
        let page = office.demands(args.year, args.kind.kind)?;
        match args.format {
            TextOrJson::Json => io.json_line(locale, &document(json::STOCK_DEMAND, noted_json(args.year, &page)))?,
            TextOrJson::Text => io.text(locale, &noted_text(args.year, &page, locale))?,
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
            let mut lines = locale.demand_lines(&calculated.told());
            lines.extend(entry.map(|entry| locale.fill("stock.demand.noted", &[("entry", &entry.to_string())])));
            io.print(locale, &lines.join("\n"))?;
        }
    }
    Ok(0)
}

/// Reads `3=150` or `三级=150`.
fn estimates(typed: &[String], locale: &Locale) -> Result<[u32; 5], Failure> {
    let (mut all, mut named) = ([0; 5], [false; 5]);
    for pair in typed.iter().flat_map(|typed| typed.split([',', '，'])) {
        let bad = || usage(locale, "stock.bad-estimate", &[("typed", pair)]);
        let (of, count) = pair.split_once(['=', '＝']).ok_or_else(bad)?;
        let of = level(of.trim()).map_err(|_| bad())?;
        let at = usize::from(5 - of.digit());
        if std::mem::replace(&mut named[at], true) {
            return Err(usage(locale, "stock.estimate-twice", &[("level", &locale.blank_level(of))]));
        }
        all[at] = count.trim().parse().map_err(|_| bad())?;
    }
    Ok(all)
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

fn noted_text(year: i32, page: &DemandPage, locale: &Locale) -> String {
    if page.noted.is_empty() {
        return locale.fill("stock.demand.none", &[("year", &year.to_string())]) + "\n";
    }
    let mut head = vec![locale.text("stock.demand.column.institution").to_string()];
    head.extend((0..5).filter_map(level_at).map(|level| locale.blank_level(level)));
    let columns = ["passes", "spoiled", "stock", "order"];
    head.extend(columns.map(|key| locale.text(&format!("stock.demand.column.{key}")).to_string()));
    let row = |name: String, estimates: &[u32; 5], numbers: [u64; 4]| {
        let mut row = vec![name];
        row.extend(estimates.iter().map(ToString::to_string));
        row.extend(numbers.map(|number| number.to_string()));
        row
    };
    let mut rows = vec![head];
    rows.extend(page.noted.iter().map(|(one, is_retired)| {
        let demand = demand_of(one);
        let name = one.told.institution.clone();
        let name = if *is_retired { locale.fill("stock.demand.retired", &[("institution", &name)]) } else { name };
        row(name, &demand.estimates, [demand.passes(), demand.spoiled(), demand.stock, one.told.order])
    }));
    let sum = locale.text("stock.demand.sum").to_string();
    rows.push(row(sum, &page.estimates, [page.passes, page.spoiled, page.stock, page.order]));
    let mut told = table(&rows, Alignment::Texts, "");
    if 1 < page.noted.len() {
        told += &(locale.text("stock.demand.once").to_string() + "\n");
    }
    told
}

fn noted_json(year: i32, page: &DemandPage) -> Value {
    let of = |(one, is_retired): &(NotedDemand, bool)| {
        let demand = demand_of(one);
        json!({
            "institution": one.told.institution, "kind": one.told.kind.key(),
            "estimates": estimates_json(&demand.estimates), "passes": demand.passes(), "allowance": demand.allowance,
            "stock": demand.stock, "as_of": one.told.stock_on, "order": one.told.order, "entry": one.entry,
            "retired": is_retired,
        })
    };
    json!({
        "year": year, "demands": page.noted.iter().map(of).collect::<Vec<_>>(),
        "sum": {
            "estimates": estimates_json(&page.estimates), "passes": page.passes, "spoiled": page.spoiled,
            "stock": page.stock, "as_of": page.stock_on, "order": page.order,
        },
    })
}
