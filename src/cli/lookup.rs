//! `skillcert lookup TERM`: one search over every table.

use clap::Args;
use serde::Serialize;
use serde_json::{Value, json};

use super::io::Io;
use super::json::{self, document};
use super::table::{Alignment, table};
use super::typed::{TextOrJson, number, one_of};
use crate::domain::lookup::{EntryKind, LookupEntry};
use crate::failure::Failure;
use crate::office::Office;
use crate::words::Locale;

#[derive(Debug, Args)]
pub struct LookupArgs {
    #[arg(value_name = "TERM")]
    term: String,
    #[arg(long, value_name = "KIND", value_parser = one_of(&EntryKind::ALL, EntryKind::key))]
    kind: Option<EntryKind>,
    #[arg(long, value_name = "N", default_value = "20", value_parser = number(1_u32, None))]
    limit: u32,
    #[arg(long, value_enum, default_value_t)]
    format: TextOrJson,
}

/// One line of the answer.
#[derive(Debug, Serialize)]
struct FoundEntry<'a> {
    kind: &'static str,
    code: &'a str,
    text: &'a str,
    note: &'a str,
    table: &'a str,
}

/// Looks a term up. Exit code 1 when nothing is found.
pub fn run(args: &LookupArgs, io: &mut Io, office: &Office) -> Result<u8, Failure> {
    let locale = office.locale();
    let index = office.lookup_index();
    let hits = index.search(&args.term, args.kind, args.limit as usize);
    let found: Vec<&LookupEntry> = hits.iter().filter_map(|hit| index.entry(hit.at)).collect();
    match args.format {
        TextOrJson::Json => io.json(locale, &as_json(&found))?,
        TextOrJson::Text => io.text(locale, &lines(&found, locale))?,
    }
    if found.is_empty() {
        io.note(locale.text("ui.lookup.nothing"));
    }
    Ok(u8::from(found.is_empty()))
}

fn as_json(found: &[&LookupEntry]) -> Value {
    let lines = found.iter().map(|e| FoundEntry {
        kind: e.kind.key(),
        code: &e.code,
        text: &e.text,
        note: &e.note,
        table: &e.table,
    });
    document(json::LOOKUP, json!({ "entries": lines.collect::<Vec<_>>() }))
}

/// Gives a line for each entry: kind, code, text and remark in columns as wide as a terminal draws them.
fn lines(found: &[&LookupEntry], locale: &Locale) -> String {
    let line = |e: &&LookupEntry| [locale.entry_kind(e.kind), &e.code, &e.text, &e.note].map(String::from).to_vec();
    table(&found.iter().map(line).collect::<Vec<_>>(), Alignment::Texts, "")
}
