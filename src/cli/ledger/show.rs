//! `skillcert ledger show TERM`: a code shows the certificate's whole life, anything else lists what it finds.

use std::io::{self, Write};

use clap::Args;
use clap::builder::TypedValueParser;
use serde_json::{Map, Value, json};

use super::answer;
use crate::cli::due;
use crate::cli::io::{Io, sign_on};
use crate::cli::json::{self, document};
use crate::cli::table::{Alignment, table};
use crate::cli::typed::{TextOrJson, UnmaskArgs, number, status};
use crate::domain::date;
use crate::domain::ledger::action::UnmaskedObject;
use crate::domain::ledger::life::{CertificateEvent, Fact, Life};
use crate::domain::ledger::search::CertificateQuery;
use crate::domain::ledger::stock::{BlankKind, BlankNumber};
use crate::domain::ledger::{BatchId, Certificate, Holder, Status};
use crate::domain::rules::typed_code;
use crate::domain::sheet::Field;
use crate::domain::text;
use crate::failure::Failure;
use crate::locale::local_time;
use crate::office::Office;
use crate::words::Locale;

#[derive(Debug, Args)]
pub struct LedgerShowArgs {
    #[arg(value_name = "TERM", help = "find-term", required_unless_present_any = ["status", "batch"], default_value = "", hide_default_value = true)]
    term: String,
    #[arg(long, value_name = "STATUS", help = "find-status", value_parser = status(&Status::ALL))]
    status: Option<Status>,
    #[arg(long, value_name = "N", help = "find-batch", value_parser = number(1_i64, None).map(BatchId))]
    batch: Option<BatchId>,
    #[arg(long, value_name = "N", default_value = "50", value_parser = number(1_u32, None))]
    limit: u32,
    #[arg(long, value_enum, default_value_t)]
    format: TextOrJson,
    #[command(flatten)]
    unmask: UnmaskArgs,
}

/// Shows what the term names. Exit code 1 when nothing is found, 2 when it is a whole code that no certificate has.
pub fn run(args: &LedgerShowArgs, io: &mut Io, office: &Office) -> Result<u8, Failure> {
    let (locale, masked) = (office.locale(), args.unmask.reason().is_none());
    let code = typed_code(&args.term);
    let ledger = office.ledger()?;
    if let (Some(ledger), Some(code)) = (&ledger, code)
        && let Some(life) = ledger.life(code)?
    {
        note(args, &UnmaskedObject::Certificate(life.certificate.code), io, office)?;
        let due = ledger.due_of_certificate(&life.certificate)?;
        let mut value = life_json(&life, masked);
        value["due"] = due.items.iter().map(|item| due::item_json(item, due.on, locale)).collect();
        let (blank, left) = (ledger.blank_of(life.certificate.code)?, ledger.blank_left(life.certificate.code)?);
        let told = left.as_ref().map(|left| locale.blank_left(left.number, left.status, &left.clause, false));
        let of = |(kind, number): (BlankKind, BlankNumber)| json!({ "kind": kind.key(), "number": number.to_string(), "to_spoil": left.is_some() });
        value["blank"] = blank.map(of).into();
        let beside = (&*due::lines(&due, locale), blank, told);
        answer(io, locale, args.format, &value, |w| life_text(&life, beside, masked, locale, w))?;
        return Ok(0);
    }
    let query = CertificateQuery { status: args.status, batch: args.batch, ..CertificateQuery::new(&args.term) };
    let (found, more) = match &ledger {
        Some(ledger) => ledger.find(&query, args.limit as usize)?,
        None => Default::default(),
    };
    match code {
        // A name that nothing has, as it would be for any other verb.
        Some(code) if found.is_empty() => Err(office.unknown_certificate(code)),
        None if found.is_empty() => {
            io.note(&locale.fill("found.nothing", &[("term", &text::visible(&args.term))]));
            Ok(1)
        }
        _ => {
            // What was looked for may itself be somebody's name, so the entry does not repeat it.
            note(args, &UnmaskedObject::Ledger, io, office)?;
            let list: Vec<Value> = found.iter().map(|c| certificate_json(c, masked)).collect();
            let value = document(json::CERTIFICATES, json!({ "certificates": list, "more": more }));
            answer(io, locale, args.format, &value, |w| list_text(&found, more, masked, locale, w))?;
            Ok(0)
        }
    }
}

/// Notes that personal data is shown whole, where it is.
fn note(args: &LedgerShowArgs, object: &UnmaskedObject, io: &mut Io, office: &Office) -> Result<(), Failure> {
    args.unmask.reason().map_or(Ok(()), |reason| sign_on(io, office, "ledger show")?.unmask(object, reason))
}

fn cell(holder: &Holder, field: Field, masked: bool) -> String {
    let value = holder.cell(field).unwrap_or_default();
    if masked { field.masked(value) } else { value.to_string() }
}

/// Writes a line for each certificate, in columns as wide as a terminal draws them.
fn list_text(found: &[Certificate], more: bool, masked: bool, locale: &Locale, out: &mut dyn Write) -> io::Result<()> {
    let lines: Vec<Vec<String>> = found
        .iter()
        .map(|c| {
            let shown = |field| cell(&c.holder, field, masked);
            let mut line = vec![c.code.to_string(), locale.status(c.status).to_string(), date::written(c.status_on)];
            line.extend([Field::Name, Field::IdNumber, Field::Occupation, Field::Level].map(shown));
            line
        })
        .collect();
    write!(out, "{}", table(&lines, Alignment::Texts, ""))?;
    if more {
        writeln!(out, "{}", locale.fill("found.more", &[("number", &found.len().to_string())]))?;
    }
    Ok(())
}

fn life_text(
    life: &Life,
    (due, blank, left): (&str, Option<(BlankKind, BlankNumber)>, Option<String>),
    masked: bool,
    locale: &Locale,
    out: &mut dyn Write,
) -> io::Result<()> {
    let c = &life.certificate;
    writeln!(out, "{}  {}  {}", c.code, locale.status(c.status), date::written(c.status_on))?;
    for field in Holder::fields().filter(|field| !c.holder.cell(*field).unwrap_or_default().is_empty()) {
        let value = cell(&c.holder, field, masked);
        writeln!(out, "  {}", locale.labelled(&locale.fact_name(field.key()), &text::visible(&value)))?;
    }
    if let Some(reissued_on) = c.reissued_on {
        writeln!(out, "  {}", locale.labelled(&locale.fact_name("reissued-on"), &reissued_on.to_string()))?;
    }
    if let Some((kind, number)) = blank {
        writeln!(out, "  {}", locale.labelled(locale.blank_kind(kind), &number.to_string()))?;
    }
    if let Some(left) = left {
        writeln!(out, "  {left}")?;
    }
    if !due.is_empty() {
        write!(out, "\n{}\n{due}", locale.text("due.of-certificate"))?;
    }
    writeln!(out)?;
    for event in &life.events {
        event_text(event, masked, locale, out)?;
    }
    Ok(())
}

fn event_text(event: &CertificateEvent, masked: bool, locale: &Locale, out: &mut dyn Write) -> io::Result<()> {
    let action = locale.life_action(&event.action);
    let entry = event
        .entry
        .map_or(String::new(), |seq| format!("  {}", locale.fill("life.entry", &[("entry", &seq.to_string())])));
    writeln!(out, "{}  {}  {action}{entry}", local_time(&event.time), text::visible(&event.user))?;
    if !event.reason.is_empty() {
        writeln!(out, "    {}", text::visible(&event.reason))?;
    }
    for fact in &event.facts {
        let fact = if masked { locale.masked_fact(fact) } else { fact.clone() };
        writeln!(out, "    {}", locale.life_fact(&fact))?;
    }
    Ok(())
}

fn certificate_json(c: &Certificate, masked: bool) -> Value {
    let record = Holder::fields().map(|field| (field.key().to_string(), Value::from(cell(&c.holder, field, masked))));
    json!({
        "code": c.code.as_str(),
        "series": c.series.as_str(),
        "serial": c.serial,
        "status": c.status.key(),
        "status_on": date::written(c.status_on),
        "batch": c.row.map(|(batch, _)| batch),
        "row": c.row.map(|(_, row)| row),
        "taken": c.taken,
        "reissued_on": date::written(c.reissued_on),
        "record": record.collect::<Map<_, _>>(),
    })
}

fn life_json(life: &Life, masked: bool) -> Value {
    let fact = |fact: &Fact| {
        let fact = if masked { fact.masked() } else { fact.clone() };
        json!({ "key": json::field(&fact.key), "before": fact.before, "after": fact.after })
    };
    let event = |event: &CertificateEvent| {
        let facts: Vec<Value> = event.facts.iter().map(fact).collect();
        json!({
            "time": event.time, "user": event.user, "entry": event.entry, "action": event.action, "reason": event.reason,
            "facts": facts,
        })
    };
    let events: Vec<Value> = life.events.iter().map(event).collect();
    document(json::LIFE, json!({ "certificate": certificate_json(&life.certificate, masked), "events": events }))
}
