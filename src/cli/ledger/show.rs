//! Looking into the ledger: series, gaps, the next number, one certificate.

use serde_json::{Value, json};

use super::{SeriesArgs, answer, level, year};
use crate::cli::json::{self, document};
use crate::cli::load::find_profile;
use crate::cli::table::{Cells, table};
use crate::data;
use crate::domain::code::{compose, decode};
use crate::domain::ledger::{SeriesKey, SeriesState, TakeError};
use crate::domain::level::Level;
use crate::domain::profile::Profile;
use crate::domain::rules::Tables;
use crate::domain::text;
use crate::failure::Failure;
use crate::store::{Store, StoreError};
use crate::words::Locale;

/// Lists series with how many of their numbers are used, reserved, void, missing and left.
pub fn series(prefix: &str, json: bool, store: &Store, locale: &Locale) -> Result<u8, Failure> {
    let all = store.series(prefix).map_err(|e| locale.store_failure(&e))?;
    let value = document(json::SERIES, json!({ "series": all.iter().map(state_json).collect::<Vec<_>>() }));
    answer(locale, json, &value, |w| {
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
        write!(w, "{}", table(&rows, Cells::Numbers, ""))
    })?;
    Ok(0)
}

/// Tells a series as JSON.
pub fn state_json(s: &SeriesState) -> Value {
    json!({
        "series": s.key.as_str(), "profile": s.profile, "first": s.first, "last": s.last, "high": s.high,
        "used": s.used, "reserved": s.reserved, "void": s.void, "gaps": s.gaps, "left": s.left(), "next": s.next(),
    })
}

/// A series that is named on the command line, as it stands or would begin.
pub struct Named {
    pub profile: std::sync::Arc<Profile>,
    pub prefix: String,
    pub year: u8,
    pub level: Level,
    pub state: SeriesState,
}

/// Finds the series that is named by prefix, year and level; refuses a retired prefix, and a series begun under other rules.
pub fn named(args: &SeriesArgs, store: &Store, locale: &Locale) -> Result<Named, Failure> {
    let told = |e| locale.store_failure(&e);
    let (year, level) = (year(&args.year, locale)?, level(&args.level, locale)?);
    let prefix: String = text::compact(&args.prefix).to_ascii_uppercase();
    if store.registry().map_err(told)?.get(&prefix).is_some_and(|institution| institution.retired.is_some()) {
        return Err(told(StoreError::Refused(TakeError::Retired(prefix))));
    }
    let tables = data::tables([]);
    let profile = match &args.profile {
        Some(id) => find_profile(id, locale)?,
        None => {
            let known = store.series(&prefix).map_err(told)?.into_iter().find_map(|s| data::profile(&s.profile));
            known
                .or_else(|| guessed(&prefix, year, level, &tables))
                .ok_or_else(|| super::super::usage(locale, "ledger.no-profile", &[("prefix", &prefix)]))?
        }
    };
    if !reads(&profile, &prefix, year, level, &tables) {
        let id = profile.id.as_str();
        return Err(super::super::usage(locale, "ledger.prefix-unread", &[("prefix", &prefix), ("id", id)]));
    }
    let key = SeriesKey::new(&profile, &prefix, year, level).map_err(|e| told(StoreError::Refused(e.into())))?;
    let (first, last) = SeriesKey::range(&profile);
    let state = store.series_state(key).map_err(told)?.unwrap_or_else(|| SeriesState {
        key,
        profile: profile.id.clone(),
        first,
        last,
        high: first.saturating_sub(1),
        used: 0,
        reserved: 0,
        void: 0,
        gaps: 0,
    });
    if !state.is_counted_by(&profile) {
        let other = TakeError::OtherProfile(state.profile, state.first, state.last);
        return Err(told(StoreError::Refused(other)));
    }
    Ok(Named { profile, prefix, year, level, state })
}

/// Tells whether the first code of a series reads under a profile.
fn reads(profile: &Profile, prefix: &str, year: u8, level: Level, tables: &Tables) -> bool {
    let first = SeriesKey::range(profile).0;
    let regions = |table: &str, code: &str| tables.regions.name(table, code);
    compose(&profile.layout, prefix, year, level, first)
        .is_ok_and(|code| decode(&profile.layout, code.as_str(), &regions).complete())
}

/// Guesses the profile whose fixed segments say most about the prefix; `None` when no code of it would read anywhere.
fn guessed(prefix: &str, year: u8, level: Level, tables: &Tables) -> Option<std::sync::Arc<Profile>> {
    let fixed = |p: &Profile| {
        let code = compose(&p.layout, prefix, year, level, SeriesKey::range(p).0).ok()?;
        p.claims(code.as_str())
    };
    let all = data::profiles().iter().filter(|p| reads(p, prefix, year, level, tables));
    all.max_by_key(|p| fixed(p)).cloned()
}

/// Tells the next number of a series. Exit code 1 when it is full.
pub fn next(args: &SeriesArgs, store: &Store, locale: &Locale) -> Result<u8, Failure> {
    let Named { profile, prefix, year, level, state } = named(args, store, locale)?;
    let code = state.next().and_then(|serial| compose(&profile.layout, &prefix, year, level, serial).ok());
    let value = document(json::NEXT, json!({ "code": code.map(|c| c.to_string()), "series": state_json(&state) }));
    answer(locale, args.json, &value, |w| match code {
        Some(code) => writeln!(w, "{code}"),
        None => writeln!(w, "{}", locale.fill("ledger.full", &[("series", state.key.as_str())])),
    })?;
    Ok(u8::from(code.is_none()))
}

/// Lists the serials of which nothing is known but why.
pub fn gaps(prefix: &str, json: bool, store: &Store, locale: &Locale) -> Result<u8, Failure> {
    let told = |e| locale.store_failure(&e);
    let mut all = Vec::new();
    for state in store.series(prefix).map_err(told)? {
        all.extend(store.gaps(state.key).map_err(told)?.into_iter().map(|gap| (state.key, gap)));
    }
    let list: Vec<Value> = all
        .iter()
        .map(|(key, gap)| {
            json!({ "series": key.as_str(), "first": gap.first, "last": gap.last, "entry": gap.entry, "reason": gap.reason })
        })
        .collect();
    answer(locale, json, &document(json::GAPS, json!({ "gaps": list })), |w| {
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
