//! `skillcert ledger show TERM`: a code shows the certificate's whole life, anything else lists what it finds.

use std::io::{self, Write};
use std::path::Path;

use serde_json::{Map, Value, json};

use super::{ShowArgs, local, reader};
use crate::cli::json::{self, document};
use crate::cli::out;
use crate::cli::table::{Cells, table};
use crate::domain::code::CertCode;
use crate::domain::ledger::life::{Event, Fact, Life};
use crate::domain::ledger::search::Query;
use crate::domain::ledger::{Certificate, Holder};
use crate::domain::rules::cleaned_code;
use crate::domain::sheet::Field;
use crate::domain::text;
use crate::failure::Failure;
use crate::store::{Reader, StoreError};
use crate::words::Locale;

/// The columns of a record with their names in JSON, in the order of the upload form.
const RECORD: [(Field, &str); 10] = [
    (Field::Name, "name"),
    (Field::IdType, "id-type"),
    (Field::IdNumber, "id-number"),
    (Field::Employer, "employer"),
    (Field::Occupation, "occupation"),
    (Field::WorkType, "work-type"),
    (Field::Level, "level"),
    (Field::IssueDate, "issue-date"),
    (Field::Institution, "institution"),
    (Field::IssuingBody, "issuing-body"),
];

/// Shows what the term names. Exit code 1 when nothing is found, 2 when it is a whole code that no certificate has.
pub fn run(args: &ShowArgs, home: Option<&Path>, locale: &Locale) -> Result<u8, Failure> {
    let told = |e: StoreError| locale.store_failure(&e);
    let code = CertCode::new(&cleaned_code(&args.term));
    let nothing = || match code {
        // A name that nothing has, as it would be for any other verb.
        Some(code) => Err(told(StoreError::NoCertificate(code))),
        None => {
            crate::cli::note::note(&locale.fill("book.nothing", &[("term", &text::visible(&args.term))]));
            Ok(1)
        }
    };
    let Some(reader) = reader(home, locale)? else { return nothing() };
    let note = |object: &str| {
        if args.unmask {
            crate::cli::open_store(home, "ledger show", locale)?.note_unmask(object, &args.reason).map_err(told)?;
        }
        Ok(())
    };
    let mut stdout = out::stdout();
    let written = if let Some(life) = code.map(|code| reader.life(code)).transpose().map_err(told)?.flatten() {
        note(&format!("certificate:{}", life.certificate.code))?;
        if args.json {
            life_json(&life, !args.unmask, &mut stdout)
        } else {
            life_text(&life, args, locale, &mut stdout)
        }
    } else {
        let (found, more) = found(&reader, args).map_err(told)?;
        if found.is_empty() {
            return nothing();
        }
        // What was looked for may itself be somebody's name, so the entry does not repeat it.
        note("ledger")?;
        if args.json {
            let list: Vec<Value> = found.iter().map(|c| certificate_json(c, !args.unmask)).collect();
            writeln!(stdout, "{}", document(json::CERTIFICATES, json!({ "certificates": list, "more": more })))
        } else {
            list_text(&found, more, args, locale, &mut stdout)
        }
    };
    let written = written.and_then(|()| stdout.flush());
    out::settled(written).map_err(|e| locale.untold(&e))?;
    Ok(0)
}

/// Finds as many as were asked for, and whether there are more.
fn found(reader: &Reader, args: &ShowArgs) -> Result<(Vec<Certificate>, bool), StoreError> {
    let query = Query { status: args.status, batch: args.batch, ..Query::new(&args.term) };
    let (mut all, mut next) = (Vec::new(), None);
    while all.len() < args.limit {
        let page = reader.search(&query, next.as_ref(), args.limit - all.len())?;
        all.extend(page.found);
        next = page.next;
        if next.is_none() {
            return Ok((all, false));
        }
    }
    let more = reader.search(&query, next.as_ref(), 1)?;
    Ok((all, !more.found.is_empty() || more.next.is_some()))
}

fn cell(holder: &Holder, field: Field, masked: bool) -> String {
    let value = holder.cell(field).unwrap_or_default();
    if masked { field.masked(value) } else { value.to_string() }
}

/// Writes a line for each certificate, in columns as wide as a terminal draws them.
fn list_text(
    found: &[Certificate],
    more: bool,
    args: &ShowArgs,
    locale: &Locale,
    out: &mut impl Write,
) -> io::Result<()> {
    let lines: Vec<Vec<String>> = found
        .iter()
        .map(|c| {
            let shown = |field| cell(&c.holder, field, !args.unmask);
            let mut line = vec![c.code.to_string(), locale.status(c.status).to_string(), c.status_on.clone()];
            line.extend([Field::Name, Field::IdNumber, Field::Occupation, Field::Level].map(shown));
            line
        })
        .collect();
    write!(out, "{}", table(&lines, Cells::Texts, ""))?;
    if more {
        writeln!(out, "{}", locale.fill("book.more", &[("number", &found.len().to_string())]))?;
    }
    Ok(())
}

fn life_text(life: &Life, args: &ShowArgs, locale: &Locale, out: &mut impl Write) -> io::Result<()> {
    let c = &life.certificate;
    writeln!(out, "{}  {}  {}", c.code, locale.status(c.status), c.status_on)?;
    for (field, key) in RECORD.into_iter().filter(|(field, _)| !c.holder.cell(*field).unwrap_or_default().is_empty()) {
        let value = cell(&c.holder, field, !args.unmask);
        writeln!(out, "  {}: {}", locale.life_name(key), text::visible(&value))?;
    }
    if !c.reissued_on.is_empty() {
        writeln!(out, "  {}: {}", locale.life_name("reissued-on"), c.reissued_on)?;
    }
    writeln!(out)?;
    for event in &life.events {
        event_text(event, args, locale, out)?;
    }
    Ok(())
}

fn event_text(event: &Event, args: &ShowArgs, locale: &Locale, out: &mut impl Write) -> io::Result<()> {
    let action = locale.life_action(&event.action);
    let entry = event
        .entry
        .map_or(String::new(), |seq| format!("  {}", locale.fill("book.entry", &[("entry", &seq.to_string())])));
    writeln!(out, "{}  {}  {action}{entry}", local(&event.time), text::visible(&event.user))?;
    if !event.reason.is_empty() {
        writeln!(out, "    {}", text::visible(&event.reason))?;
    }
    for fact in &event.facts {
        let fact = if args.unmask { fact.clone() } else { fact.masked() };
        writeln!(out, "    {}", locale.life_fact(&fact))?;
    }
    Ok(())
}

fn certificate_json(c: &Certificate, masked: bool) -> Value {
    let record = RECORD.map(|(field, key)| (key.to_string(), Value::from(cell(&c.holder, field, masked))));
    json!({
        "code": c.code.as_str(),
        "series": c.series.as_str(),
        "serial": c.serial,
        "status": c.status.key(),
        "status_on": c.status_on,
        "batch": c.row.map(|(batch, _)| batch),
        "row": c.row.map(|(_, row)| row),
        "taken": c.taken,
        "reissued_on": c.reissued_on,
        "record": Map::from_iter(record),
    })
}

fn life_json(life: &Life, masked: bool, out: &mut impl Write) -> io::Result<()> {
    let fact = |fact: &Fact| {
        let fact = if masked { fact.masked() } else { fact.clone() };
        json!({ "key": json::field(&fact.key), "before": fact.before, "after": fact.after })
    };
    let event = |event: &Event| {
        let facts: Vec<Value> = event.facts.iter().map(fact).collect();
        json!({
            "time": event.time, "user": event.user, "entry": event.entry, "action": event.action, "reason": event.reason,
            "facts": facts,
        })
    };
    let events: Vec<Value> = life.events.iter().map(event).collect();
    let told = json!({ "certificate": certificate_json(&life.certificate, masked), "events": events });
    writeln!(out, "{}", document(json::LIFE, told))
}
