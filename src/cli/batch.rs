//! `skillcert batch`: the batches of the store.

use clap::builder::TypedValueParser;
use clap::{Args, Subcommand};
use serde_json::{Map, Value, json};

use super::io::Io;
use super::json::{self, document};
use super::values::{TextOrJson, number};
use crate::cli::io::look;
use crate::domain::date;
use crate::domain::ledger::{BatchId, Certificate};
use crate::domain::sheet::Field;
use crate::domain::text;
use crate::failure::Failure;
use crate::office::{ListedBatch, Office};
use crate::words::Locale;

/// Without a verb the batches are listed.
#[derive(Debug, Args)]
pub struct BatchArgs {
    #[command(subcommand)]
    verb: Option<BatchVerb>,
}

#[derive(Debug, Subcommand)]
enum BatchVerb {
    List {
        #[arg(long, value_enum, default_value_t)]
        format: TextOrJson,
    },
    Show {
        #[arg(long, value_enum, default_value_t)]
        format: TextOrJson,
        #[arg(value_name = "N", value_parser = number(1_i64, None).map(BatchId))]
        batch: BatchId,
    },
}

/// Does what a verb says.
pub fn run(args: &BatchArgs, io: &mut Io, office: &Office) -> Result<u8, Failure> {
    let locale = office.locale();
    let session = look(io, office, false, "batch")?;
    let (all, format, single) = match args.verb {
        None => (session.list_batches()?, TextOrJson::Text, false),
        Some(BatchVerb::List { format }) => (session.list_batches()?, format, false),
        Some(BatchVerb::Show { batch, format }) => (vec![session.list_batch(batch)?], format, true),
    };
    let answer = if format == TextOrJson::Json {
        let mut list: Vec<Value> = all.iter().map(to_json).collect();
        let value = if let (true, Some(one)) = (single, all.first()) {
            document(json::BATCH, json!({ "batch": list.pop(), "returned": returned_to_json(one) }))
        } else {
            document(json::BATCHES, json!({ "batches": list }))
        };
        value.to_string()
    } else {
        let lines: Vec<String> = all.iter().flat_map(|one| lines(one, locale)).collect();
        let none = locale.text("ledger.no-batches").to_string();
        if lines.is_empty() { none } else { lines.join("\n") }
    };
    io.answer_as(format.into(), locale, |w| writeln!(w, "{answer}"))?;
    Ok(0)
}

fn to_json(ListedBatch { batch, numbers, .. }: &ListedBatch) -> Value {
    let numbers: Map<String, Value> = numbers.iter().map(|(s, n)| (s.key().to_string(), (*n).into())).collect();
    json!({
        "batch": batch.id.0, "created": batch.created_at, "file": batch.origin.file, "sheet": batch.origin.sheet,
        "sha256": batch.sha256, "profile": batch.profile, "rows": batch.rows, "complete": batch.complete,
        "closed": batch.closed, "numbers": numbers,
    })
}

/// Lists what came back: code, masked name, day and reason.
fn returned_to_json(one: &ListedBatch) -> Value {
    let told = |(certificate, why): &(Certificate, String)| {
        json!({
            "code": certificate.code.as_str(), "name": Field::Name.masked(&certificate.holder.name),
            "since": date::written(certificate.status_on), "reason": Locale::reason(why, true),
        })
    };
    one.returned.iter().map(told).collect()
}

/// Writes a batch on a line, and below it what came back of it.
fn lines(ListedBatch { batch, numbers, returned }: &ListedBatch, locale: &Locale) -> Vec<String> {
    let numbers: Vec<String> = numbers.iter().map(|(status, n)| format!("{} {n}", locale.status(*status))).collect();
    let places = [
        ("batch", batch.id.to_string()),
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
            ("day", &date::written(certificate.status_on)),
            ("reason", &why),
        ];
        locale.fill("ledger.batch-returned", &places)
    };
    std::iter::once(head).chain(returned.iter().map(told)).collect()
}
