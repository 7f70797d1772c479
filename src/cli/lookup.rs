//! `skillcert lookup TERM`: one search over every table.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::json;

use super::args::LookupArgs;
use super::json::{self, document};
use super::note::note;
use super::out;
use super::table::{Cells, table};
use crate::domain::lookup::{Entry, EntryKind, Index};
use crate::failure::Failure;
use crate::locale::lookup_entries;
use crate::words::Locale;

/// One line of the answer.
#[derive(Debug, Serialize)]
struct Found<'a> {
    kind: &'static str,
    code: &'a str,
    text: &'a str,
    note: &'a str,
    table: &'a str,
}

/// Looks a term up. Exit code 1 when nothing is found.
pub fn run(args: &LookupArgs, locale: &Locale) -> Result<u8, Failure> {
    let index = Index::build(lookup_entries(locale, &crate::data::catalogue().user_tables.occupations));
    let kind = EntryKind::ALL.into_iter().find(|k| args.kind.as_deref() == Some(k.key()));
    let hits = index.search(&args.term, kind, args.limit);
    let found: Vec<&Entry> = hits.iter().filter_map(|hit| index.entry(hit.at)).collect();
    let mut stdout = out::stdout();
    let written =
        if args.format == "json" { write_json(&found, &mut stdout) } else { write_lines(&found, locale, &mut stdout) };
    let written = written.and_then(|()| stdout.flush());
    out::settled(written).map_err(|e| locale.untold(&e))?;
    if found.is_empty() {
        note(locale.text("ui.lookup.nothing"));
    }
    Ok(u8::from(found.is_empty()))
}

fn write_json(found: &[&Entry], out: &mut impl Write) -> io::Result<()> {
    let lines = found.iter().map(|e| Found {
        kind: e.kind.key(),
        code: &e.code,
        text: &e.text,
        note: &e.note,
        table: &e.table,
    });
    let all = json!({ "entries": lines.collect::<Vec<_>>() });
    serde_json::to_writer_pretty(&mut *out, &document(json::LOOKUP, all))?;
    writeln!(out)
}

/// Writes a line for each entry: kind, code, text and remark in columns as wide as a terminal draws them.
fn write_lines(found: &[&Entry], locale: &Locale, out: &mut impl Write) -> io::Result<()> {
    let line = |e: &&Entry| [locale.entry_kind(e.kind), &e.code, &e.text, &e.note].map(String::from).to_vec();
    write!(out, "{}", table(&found.iter().map(line).collect::<Vec<_>>(), Cells::Texts, ""))
}
