//! `skillcert stock show` and `list`: balances and spoilage, the way of one blank, and every piece of the stock.

use chrono::NaiveDate;
use clap::{Args, ValueEnum};
use serde_json::{Value, json};

use super::count::count_json;
use super::kinds;
use crate::cli::io::Io;
use crate::cli::json::{self, document};
use crate::cli::table::{Alignment, table};
use crate::cli::typed::{OneOfWords, TextOrJson, day, filled};
use crate::domain::code::CertCode;
use crate::domain::ledger::stock::{Balance, BlankKind, BlankState, Standing};
use crate::domain::text;
use crate::failure::Failure;
use crate::office::{BlankFilter, BlankLife, Office, StockPage};
use crate::words::Locale;

#[derive(Debug, Default, Args)]
pub struct StockShowArgs {
    #[arg(value_name = "NUMBER", help = "stock-show-number")]
    number: Option<String>,
    #[arg(long, value_name = "DATE", help = "stock-period-from", conflicts_with = "number", value_parser = day)]
    from: Option<NaiveDate>,
    #[arg(long, value_name = "DATE", help = "stock-period-to", conflicts_with = "number", value_parser = day)]
    to: Option<NaiveDate>,
    #[arg(long, value_enum, default_value_t)]
    format: TextOrJson,
}

#[derive(Debug, Args)]
pub struct StockListArgs {
    #[arg(value_name = "RANGE", help = "stock-list-range")]
    range: Option<String>,
    #[arg(long, value_name = "KIND", help = "stock-list-kind", value_parser = kinds())]
    kind: Option<BlankKind>,
    #[arg(long, value_name = "NAME", help = "stock-list-keeper", value_parser = filled("blank-keeper"))]
    keeper: Option<String>,
    #[arg(long, value_name = "STATE", help = "stock-list-state", value_parser = states())]
    state: Vec<BlankState>,
    #[arg(long, value_enum, default_value_t, help = "stock-list-format")]
    format: ListFormat,
}

/// What a list is written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
enum ListFormat {
    #[default]
    Text,
    Json,
    Csv,
}

/// Reads a state by its name or its words.
fn states() -> OneOfWords<BlankState> {
    OneOfWords { all: &BlankState::ALL, key: BlankState::key, words: Locale::blank_state }
}

pub fn show(args: &StockShowArgs, io: &mut Io, office: &Office) -> Result<u8, Failure> {
    let locale = office.locale();
    if let Some(number) = &args.number {
        let lives = office.blank_lives(office.blank_number(number)?)?;
        match args.format {
            TextOrJson::Json => {
                let told: Vec<Value> = lives.iter().map(life_json).collect();
                io.json_line(locale, &document(json::BLANK, json!({ "blanks": told })))?;
            }
            TextOrJson::Text => {
                let pages: Vec<String> = lives.iter().map(|life| life_text(life, locale)).collect();
                io.print(locale, &pages.join("\n\n"))?;
            }
        }
        return Ok(0);
    }
    let page = office.stock_page((args.from, args.to))?;
    match args.format {
        TextOrJson::Json => io.json_line(locale, &document(json::STOCK, page_json(&page)))?,
        TextOrJson::Text => io.print(locale, &page_text(&page, locale))?,
    }
    Ok(0)
}

pub fn list(args: &StockListArgs, io: &mut Io, office: &Office) -> Result<u8, Failure> {
    let locale = office.locale();
    let keeper = args.keeper.as_deref().map(|keeper| office.must_be_keeper(args.kind, keeper)).transpose()?;
    let within = args.range.clone().map(|range| office.blank_runs(&[range])).transpose()?;
    let filter = BlankFilter {
        kind: args.kind,
        keeper,
        states: args.state.clone(),
        within: within.and_then(|runs| runs.first().copied()),
    };
    let pieces = office.blanks(&filter)?;
    match args.format {
        ListFormat::Json => {
            let told: Vec<Value> = pieces.iter().map(piece_json).collect();
            io.json_line(locale, &document(json::BLANKS, json!({ "blanks": told })))?;
        }
        ListFormat::Csv => {
            let table = office.blank_table(&pieces)?;
            io.answer_as(crate::cli::escape::Written::File, locale, |out| out.write_all(&table))?;
        }
        ListFormat::Text if pieces.is_empty() => {
            let key = if filter == BlankFilter::default() { "stock.none" } else { "stock.none-such" };
            io.text(locale, &(locale.text(key).to_string() + "\n"))?;
        }
        ListFormat::Text => {
            let row = |(kind, piece, code): &(BlankKind, Standing, Option<CertCode>)| {
                vec![
                    locale.blank_kind(*kind).to_string(),
                    piece.run.to_string(),
                    piece.run.count().to_string(),
                    locale.blank_state(piece.state).to_string(),
                    text::visible(&piece.keeper).into_owned(),
                    text::visible(&piece.place).into_owned(),
                    piece.since.to_string(),
                    code.map(|code| code.to_string()).unwrap_or_default(),
                ]
            };
            io.text(locale, &table(&pieces.iter().map(row).collect::<Vec<_>>(), Alignment::Texts, ""))?;
        }
    }
    Ok(0)
}

fn page_text(page: &StockPage, locale: &Locale) -> String {
    let lines = locale.stock_summary(&page.told());
    if lines.is_empty() { locale.text("stock.none").to_string() } else { lines.join("\n") }
}

fn life_text(life: &BlankLife, locale: &Locale) -> String {
    let head = locale.blank_line(life.kind, life.number, &life.standing);
    let steps = life.steps.iter().flat_map(|step| locale.blank_step(&step.told()));
    std::iter::once(head).chain(steps).collect::<Vec<_>>().join("\n")
}

fn page_json(page: &StockPage) -> Value {
    let balance = |(kind, keeper, of): &(BlankKind, String, Balance)| {
        let Balance { received, came, went, stock, used, spoiled, destroyed, lost } = *of;
        json!({
            "kind": kind.key(), "keeper": keeper, "received": received, "came": came, "went": went, "stock": stock,
            "used": used, "spoiled": spoiled, "destroyed": destroyed, "lost": lost,
        })
    };
    let spoilage: Vec<Value> = page
        .spoilage
        .iter()
        .map(|one| {
            let rate = one.spoilage.rate().map(|rate| format!("{}.{:02}", rate / 100, rate % 100));
            json!({
                "kind": one.kind.key(), "keeper": one.keeper, "good": one.spoilage.good, "spoiled": one.spoilage.spoiled,
                "per_cent": rate,
                "above": page.most_spoiled.as_ref().is_some_and(|(most, _)| one.spoilage.is_above(*most)),
            })
        })
        .collect();
    json!({
        "balances": page.balances.iter().map(balance).collect::<Vec<_>>(), "from": page.period.map(|period| period.0),
        "to": page.period.map(|period| period.1), "spoilage": spoilage,
        "most_spoiled": page.most_spoiled.as_ref().map(|(most, _)| most),
        "open_counts": page.open.iter().map(count_json).collect::<Vec<_>>(),
    })
}

fn piece_json((kind, piece, code): &(BlankKind, Standing, Option<CertCode>)) -> Value {
    json!({
        "kind": kind.key(), "first": piece.run.first.to_string(), "last": piece.run.last.to_string(),
        "count": piece.run.count(), "state": piece.state.key(), "keeper": piece.keeper, "place": piece.place,
        "since": piece.since, "code": code.map(|code| code.to_string()),
    })
}

fn life_json(life: &BlankLife) -> Value {
    let steps: Vec<Value> = life
        .steps
        .iter()
        .map(|step| {
            let told = step.told();
            json!({
                "on": step.on, "action": step.entry.action, "state": step.state.key(), "keeper": step.keeper,
                "place": step.place, "code": step.code.map(|code| code.to_string()), "entry": step.entry.seq,
                "time": step.entry.time, "user": step.entry.user, "reason": step.entry.reason,
                "witness": told.witness, "record": told.record, "instead": told.instead.map(|number| number.to_string()),
            })
        })
        .collect();
    json!({
        "number": life.number.to_string(), "kind": life.kind.key(), "state": life.standing.state.key(),
        "keeper": life.standing.keeper, "place": life.standing.place, "since": life.standing.since, "steps": steps,
    })
}
