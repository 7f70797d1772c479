//! `skillcert fact`: what is known of institutions, batches and cases besides rosters, entered once and listed with what is missing.

use clap::{Args, Subcommand, ValueEnum};
use serde_json::json;

use super::io::{Io, look, sign_on};
use super::json::{self, document};
use super::table::{Alignment, table};
use super::typed::{TextOrJson, UnmaskArgs, filled};
use crate::cli::check::csv_cell;
use crate::cli::usage::usage;
use crate::domain::fact::{FactDef, FactLack, TICK_SIGN};
use crate::domain::ledger::action::UnmaskedObject;
use crate::domain::text;
use crate::failure::Failure;
use crate::office::{FactSheet, ListedFact, Office};
use crate::words::Locale;

#[derive(Debug, Args)]
#[command(subcommand_required = true, arg_required_else_help = true)]
pub struct FactArgs {
    #[command(subcommand)]
    verb: FactVerb,
}

#[derive(Debug, Subcommand)]
enum FactVerb {
    List(FactListArgs),
    Set(FactSetArgs),
}

/// Lists the facts of a thing.
#[derive(Debug, Args)]
pub struct FactListArgs {
    #[arg(value_name = "THING", help = "fact-thing")]
    thing: String,
    /// Those that nobody demands and nobody noted, too.
    #[arg(long, help = "fact-all")]
    all: bool,
    #[arg(long, value_enum, default_value_t)]
    format: FactsFormat,
    #[command(flatten)]
    unmask: UnmaskArgs,
}

/// Notes facts of a thing.
#[derive(Debug, Args)]
pub struct FactSetArgs {
    #[arg(value_name = "THING", help = "fact-thing")]
    thing: String,
    #[arg(value_name = "FACT=VALUE", help = "fact-values", required_unless_present = "from_head")]
    facts: Vec<String>,
    /// What the organiser has written above the table, where nothing is noted.
    #[arg(long, help = "fact-from-head")]
    from_head: bool,
    #[arg(long, value_name = "TEXT", value_parser = filled("blank-reason"))]
    reason: Option<String>,
    #[arg(long, value_enum, default_value_t)]
    format: TextOrJson,
}

/// What a list is written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
enum FactsFormat {
    #[default]
    Text,
    Json,
    Csv,
}

pub fn run(args: &FactArgs, io: &mut Io, office: &Office) -> Result<u8, Failure> {
    match &args.verb {
        FactVerb::List(args) => list(args, io, office),
        FactVerb::Set(args) => set(args, io, office),
    }
}

fn list(args: &FactListArgs, io: &mut Io, office: &Office) -> Result<u8, Failure> {
    let locale = office.locale();
    let thing = office.thing_typed(&args.thing)?;
    let masked = args.unmask.reason().is_none();
    let session = look(io, office, !masked, "fact")?;
    let sheet = session.fact_sheet(&thing)?;
    if let Some(reason) = args.unmask.reason() {
        session.unmask(&UnmaskedObject::Facts(thing), reason)?;
    }
    // Ticks stand on their checklists.
    let is_tick = |fact: &&ListedFact| fact.def.id.contains(TICK_SIGN);
    let is_shown = |fact: &&ListedFact| {
        args.all || !fact.value.is_empty() || !fact.proposed.is_empty() || !fact.clauses.is_empty()
    };
    let shown: Vec<&ListedFact> = sheet.facts.iter().filter(|fact| !is_tick(fact)).filter(is_shown).collect();
    match args.format {
        FactsFormat::Json => io.json_line(locale, &as_json(&sheet, &shown, masked, locale))?,
        FactsFormat::Csv => io.print(locale, &csv(&shown, masked, &office.report_locale()))?,
        FactsFormat::Text => io.print(locale, &page(&sheet, &shown, masked, locale))?,
    }
    Ok(0)
}

fn set(args: &FactSetArgs, io: &mut Io, office: &Office) -> Result<u8, Failure> {
    let locale = office.locale();
    let thing = office.thing_typed(&args.thing)?;
    let pair = |typed: &String| {
        let found = typed.split_once(['=', '＝']).map(|(fact, value)| (fact.trim().to_string(), value.to_string()));
        found.ok_or_else(|| usage(locale, "fact.no-equals", &[]))
    };
    let typed = args.facts.iter().map(pair).collect::<Result<Vec<_>, _>>()?;
    let session = sign_on(io, office, "fact")?;
    let reason = args.reason.as_deref().unwrap_or_default();
    // What is typed goes before what is proposed.
    let mut entry = if typed.is_empty() { None } else { session.note_facts(&thing, &typed, reason)? };
    if args.from_head {
        let taken = session.take_head(&thing, reason)?;
        let key = if taken.is_empty() { "fact.nothing-in-head" } else { "fact.from-head" };
        io.message(&locale.fill(key, &[("facts", &taken.join(locale.text("finding.comma")))]));
        entry = entry.or(session.audit_head().ok().map(|head| head.count).filter(|_| !taken.is_empty()));
    }
    let sheet = session.fact_sheet(&thing)?;
    if args.format == TextOrJson::Json {
        let value = json!({ "thing": thing.to_string(), "entry": entry, "missing": sheet.missing() });
        io.json_line(locale, &document(json::FACT, value))?;
        return Ok(0);
    }
    let places = [("thing", &*locale.thing(&thing)), ("entry", &entry.unwrap_or_default().to_string())];
    let mut told = locale.fill(if entry.is_some() { "fact.noted" } else { "fact.stands-already" }, &places);
    told.extend(sheet.lacks().iter().map(|(def, lack)| format!("\n{}", locale.fact_lack(def, lack))));
    io.print(locale, &told)?;
    Ok(0)
}

fn as_json(sheet: &FactSheet, shown: &[&ListedFact], masked: bool, locale: &Locale) -> serde_json::Value {
    let of = |fact: &&ListedFact| {
        let lacks: Vec<_> = fact
            .lacks
            .iter()
            .map(|lack| {
                json!({ "what": lack.what.key(), "strength": lack.strength.key(), "clause": lack.clause,
                        "room_clause": lack.room_clause, "message": locale.fact_lack(&fact.def, lack) })
            })
            .collect();
        let value = if masked { fact.def.masked(&fact.value) } else { fact.value.clone() };
        let proposed = if masked { fact.def.masked(&fact.proposed) } else { fact.proposed.clone() };
        json!({ "id": fact.def.id, "label": locale.fact_label(&fact.def), "type": fact.def.kind.key(),
                "choices": fact.def.choices, "value": value, "proposed": proposed, "clauses": fact.clauses, "lacks": lacks })
    };
    let facts: Vec<_> = shown.iter().map(of).collect();
    let profile = sheet.profile.as_ref().map(|profile| profile.id.as_str());
    let value = json!({ "thing": sheet.thing.to_string(), "title": sheet.title, "profile": profile,
                        "missing": sheet.missing(), "facts": facts });
    document(json::FACTS, value)
}

fn csv(shown: &[&ListedFact], masked: bool, locale: &Locale) -> String {
    let head = ["id", "label", "value", "clause", "lack"].map(|key| locale.text(&format!("fact.column.{key}")).into());
    let row = |fact: &&ListedFact| {
        let lacks: Vec<String> = fact.lacks.iter().map(|lack| locale.fact_lack(&fact.def, lack)).collect();
        let value = locale.fact_value(&fact.def, &fact.value, masked);
        [fact.def.id.clone(), locale.fact_label(&fact.def), value, fact.clauses.join(" "), lacks.join(" ")]
    };
    let line = |cells: [String; 5]| cells.map(|cell| csv_cell(&cell)).join(",");
    std::iter::once(head).chain(shown.iter().map(row)).map(line).collect::<Vec<_>>().join("\r\n")
}

fn page(sheet: &FactSheet, shown: &[&ListedFact], masked: bool, locale: &Locale) -> String {
    let profile = sheet.profile.as_ref().map_or("", |profile| profile.id.as_str());
    let title = text::visible(&sheet.title);
    let places = [("thing", &*locale.thing(&sheet.thing)), ("title", &title), ("profile", profile)];
    let mut told = locale.fill("fact.head", &places) + "\n";
    if shown.is_empty() {
        return told + locale.text("fact.none");
    }
    let row = |fact: &&ListedFact| {
        let value = match &*fact.value {
            "" if !fact.proposed.is_empty() => {
                let value = locale.fact_value(&fact.def, &fact.proposed, masked);
                locale.fill("fact.in-head", &[("value", &value)])
            }
            "" => locale.text(if fact.lacks.is_empty() { "fact.empty" } else { "fact.missing" }).to_string(),
            value => locale.fact_value(&fact.def, value, masked),
        };
        vec![locale.fact_label(&fact.def), fact.def.id.clone(), value, fact.clauses.join(" ")]
    };
    told += &table(&shown.iter().map(row).collect::<Vec<_>>(), Alignment::Texts, "  ");
    if shown.iter().any(|fact| !fact.proposed.is_empty()) {
        told += &(locale.text("fact.take-head").to_string() + "\n");
    }
    let lacks = sheet.lacks();
    if !lacks.is_empty() {
        told += &(locale.fill("fact.lacks", &[("n", &lacks.len().to_string())]) + "\n");
        let line = |(def, lack): &(&FactDef, &FactLack)| {
            format!("  [{}] {}", locale.fact_strength(lack.strength), locale.fact_lack(def, lack))
        };
        told += &lacks.iter().map(line).collect::<Vec<_>>().join("\n");
    }
    told.trim_end().to_string()
}
