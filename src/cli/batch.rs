//! `skillcert batch`: the batches of the store.

use std::collections::BTreeMap;
use std::path::Path;

use clap::{ArgMatches, Command};
use serde_json::{Map, Value, json};

use super::json::{self, document};
use super::out;
use super::shape::Shape;
use crate::domain::ledger::{BatchId, Certificate, Status};
use crate::domain::sheet::Field;
use crate::domain::text;
use crate::failure::Failure;
use crate::store::{StoreError, StoredBatch};
use crate::words::Locale;

/// `skillcert batch`
#[derive(Debug)]
pub enum BatchVerb {
    List {
        /// Whether JSON is printed.
        json: bool,
    },
    Show {
        batch: i64,
        /// Whether JSON is printed.
        json: bool,
    },
}

/// A batch as it is listed.
struct Listed {
    batch: StoredBatch,
    numbers: BTreeMap<Status, u32>,
    /// What came back of the one batch that is shown, each with why.
    returned: Vec<(Certificate, String)>,
}

/// Builds the family's shape.
pub fn shape(shape: Shape) -> Command {
    let verb = |name| shape.verb_of("batch", name).arg(shape.choice("format", &["text", "json"]).default_value("text"));
    let number = shape.argument("batch", "N", "batch").value_parser(shape.number(1_i64, None)).required(true);
    shape.family("batch", [verb("list"), verb("show").arg(number)])
}

/// Reads a verb of the family; without one the batches are listed.
pub fn read(verb: Option<(String, ArgMatches)>) -> BatchVerb {
    let Some((name, mut m)) = verb else { return BatchVerb::List { json: false } };
    let json = m.get_one::<String>("format").is_some_and(|f| f == "json");
    match name.as_str() {
        "show" => BatchVerb::Show { batch: m.remove_one("batch").unwrap_or_default(), json },
        _ => BatchVerb::List { json },
    }
}

/// Does what a verb says.
pub fn run(verb: &BatchVerb, home: Option<&Path>, locale: &Locale) -> Result<u8, Failure> {
    let store = super::open_store(home, "batch", locale)?;
    let told = |e: StoreError| locale.store_failure(&e);
    let (batches, json, single) = match verb {
        BatchVerb::List { json } => (store.batches().map_err(told)?, *json, false),
        BatchVerb::Show { batch, json } => (vec![store.batch(BatchId(*batch)).map_err(told)?], *json, true),
    };
    let mut all = Vec::new();
    for batch in batches {
        let numbers = store.statuses_of_batch(batch.id).map_err(told)?;
        let has_returned = single && numbers.contains_key(&Status::Returned);
        let returned = if has_returned { store.returned_of_batch(batch.id).map_err(told)? } else { Vec::new() };
        all.push(Listed { batch, numbers, returned });
    }
    let mut stdout = out::stdout();
    let written = if json {
        let mut list: Vec<Value> = all.iter().map(to_json).collect();
        let value = if let (true, Some(one)) = (single, all.first()) {
            document(json::BATCH, json!({ "batch": list.pop(), "returned": returned_to_json(one) }))
        } else {
            document(json::BATCHES, json!({ "batches": list }))
        };
        writeln_to(&mut stdout, &value.to_string())
    } else {
        let lines: Vec<String> = all.iter().flat_map(|one| lines(one, locale)).collect();
        let none = locale.text("ledger.no-batches").to_string();
        writeln_to(&mut stdout, &if lines.is_empty() { none } else { lines.join("\n") })
    };
    out::settled(written).map_err(|e| locale.untold(&e))?;
    Ok(0)
}

fn writeln_to(w: &mut impl std::io::Write, text: &str) -> std::io::Result<()> {
    writeln!(w, "{text}").and_then(|()| w.flush())
}

fn to_json(Listed { batch, numbers, .. }: &Listed) -> Value {
    let numbers: Map<String, Value> = numbers.iter().map(|(s, n)| (s.key().to_string(), (*n).into())).collect();
    json!({
        "batch": batch.id.0, "created": batch.created_at, "file": batch.origin.file, "sheet": batch.origin.sheet,
        "sha256": batch.sha256, "profile": batch.profile, "rows": batch.rows, "complete": batch.complete,
        "closed": batch.closed, "numbers": numbers,
    })
}

/// Lists what came back: code, masked name, day and reason.
fn returned_to_json(one: &Listed) -> Value {
    let told = |(certificate, why): &(Certificate, String)| {
        json!({
            "code": certificate.code.as_str(), "name": Field::Name.masked(&certificate.holder.name),
            "since": certificate.status_on, "reason": Locale::reason(why, true),
        })
    };
    one.returned.iter().map(told).collect()
}

/// Writes a batch on a line, and below it what came back of it.
fn lines(Listed { batch, numbers, returned }: &Listed, locale: &Locale) -> Vec<String> {
    let numbers: Vec<String> = numbers.iter().map(|(status, n)| format!("{} {n}", locale.status(*status))).collect();
    let places = [
        ("batch", batch.id.0.to_string()),
        ("file", text::visible(&batch.origin.file).into_owned()),
        ("sheet", text::visible(&batch.origin.sheet).into_owned()),
        ("created", locale.moment(&batch.created_at)),
        ("id", batch.profile.clone()),
        ("rows", batch.rows.to_string()),
        ("numbers", numbers.join(locale.text("finding.comma"))),
    ];
    let head = locale.fill("ledger.batch", &places.each_ref().map(|(k, v)| (*k, v.as_str()))).trim_end().to_string();
    let told = |(certificate, why): &(Certificate, String)| {
        let name = Field::Name.masked(&certificate.holder.name);
        let why = if why.is_empty() { locale.text("finding.no-reason").to_string() } else { Locale::reason(why, true) };
        let places = [
            ("code", certificate.code.as_str()),
            ("name", &text::visible(&name)),
            ("day", &certificate.status_on),
            ("reason", &why),
        ];
        locale.fill("ledger.batch-returned", &places)
    };
    std::iter::once(head).chain(returned.iter().map(told)).collect()
}
