//! `skillcert ledger series`, `next` and `gaps`.

use serde_json::{Value, json};

use super::{LedgerSeriesArgs, PrefixArgs, answer};
use crate::cli::io::{Io, look};
use crate::cli::json::{self, document};
use crate::cli::table::{Alignment, table};
use crate::domain::ledger::SeriesState;
use crate::domain::text;
use crate::failure::Failure;
use crate::office::Office;

/// Lists series with how many of their numbers are used, reserved, void, missing and left.
pub fn list(args: &PrefixArgs, io: &mut Io, office: &Office) -> Result<u8, Failure> {
    let (locale, prefix) = (office.locale(), args.prefix.as_deref().unwrap_or_default());
    let all = look(io, office, false, "ledger")?.series(prefix)?;
    let value = document(json::SERIES, json!({ "series": all.iter().map(state_json).collect::<Vec<_>>() }));
    answer(io, locale, args.format, &value, |w| {
        if all.is_empty() {
            let none = if prefix.is_empty() { "ledger.no-series" } else { "ledger.no-series-of" };
            return writeln!(w, "{}", locale.fill(none, &[("prefix", &text::visible(prefix))]));
        }
        let heads = ["series", "high", "used", "reserved", "void", "gaps", "left"];
        let heads = heads.map(|key| locale.text(&format!("ledger.column.{key}")).to_string()).to_vec();
        let line = |s: &SeriesState| {
            let numbers = [s.high, s.used, s.reserved, s.void, s.gaps, s.left()].map(|n| n.to_string());
            [&[s.key.to_string()], numbers.as_slice()].concat()
        };
        let rows: Vec<Vec<String>> = std::iter::once(heads).chain(all.iter().map(line)).collect();
        write!(w, "{}", table(&rows, Alignment::Numbers, ""))
    })?;
    Ok(0)
}

fn state_json(s: &SeriesState) -> Value {
    json!({
        "series": s.key.as_str(), "profile": s.profile, "first": s.first, "last": s.last, "high": s.high,
        "used": s.used, "reserved": s.reserved, "void": s.void, "gaps": s.gaps, "left": s.left(), "next": s.next(),
    })
}

/// Tells the next number of a series. Exit code 1 when it is full.
pub fn next(args: &LedgerSeriesArgs, io: &mut Io, office: &Office) -> Result<u8, Failure> {
    let locale = office.locale();
    let series = args.find(&look(io, office, false, "ledger")?)?;
    let (code, state) = (series.next_code(), &series.state);
    let value = document(json::NEXT, json!({ "code": code.map(|c| c.to_string()), "series": state_json(state) }));
    answer(io, locale, args.format, &value, |w| match code {
        Some(code) => writeln!(w, "{code}"),
        None => writeln!(w, "{}", locale.fill("ledger.full", &[("series", state.key.as_str())])),
    })?;
    Ok(u8::from(code.is_none()))
}

/// Lists the serials of which nothing is known but why.
pub fn gaps(args: &PrefixArgs, io: &mut Io, office: &Office) -> Result<u8, Failure> {
    let locale = office.locale();
    let session = look(io, office, false, "ledger")?;
    let mut all = Vec::new();
    for state in session.series(args.prefix.as_deref().unwrap_or_default())? {
        all.extend(session.gaps(state.key)?.into_iter().map(|gap| (state.key, gap)));
    }
    let list: Vec<Value> = all
        .iter()
        .map(|(key, gap)| {
            json!({ "series": key.as_str(), "first": gap.first, "last": gap.last, "entry": gap.entry, "reason": gap.reason })
        })
        .collect();
    answer(io, locale, args.format, &document(json::GAPS, json!({ "gaps": list })), |w| {
        if all.is_empty() {
            writeln!(w, "{}", locale.text("ledger.no-gaps"))?;
        }
        for (key, gap) in &all {
            let places = [
                ("series", key.to_string()),
                ("first", gap.first.to_string()),
                ("last", gap.last.to_string()),
                ("number", (gap.last - gap.first + 1).to_string()),
                ("entry", gap.entry.to_string()),
                ("reason", text::visible(&gap.reason).into_owned()),
            ];
            writeln!(w, "{}", locale.fill("ledger.gap", &places.each_ref().map(|(k, v)| (*k, v.as_str()))))?;
        }
        Ok(())
    })?;
    Ok(0)
}
