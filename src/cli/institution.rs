//! `skillcert institution …`: the registry of evaluation institutions (评价机构登记).

mod args;
mod scope;
mod show;

use std::io::Write;
use std::path::Path;

use chrono::NaiveDate;
use serde_json::json;

pub use args::{InstitutionVerb, read, shape};

use super::json::{self, document};
use super::{find_profile, open_store, out, today, usage};
use crate::data;
use crate::domain::registry::{Changes, Event, Filing, Refusal, Registry, Seal};
use crate::failure::Failure;
use crate::store::{Reader, StoreError};
use crate::words::Locale;
use args::{Answered, Facts, New};

/// Runs a verb about institutions. Exit code 1 when the registry refuses it, or a scope table has errors.
pub fn run(verb: InstitutionVerb, home: Option<&Path>, locale: &Locale) -> Result<u8, Failure> {
    let stored = |e: StoreError| locale.store_failure(&e);
    let day = |text: &Option<String>| text.as_deref().map(|t| day(t, locale)).transpose();
    let or_today = |text: &Option<String>| day(text)?.map_or_else(|| today(None, locale), Ok);
    let (event, answered) = match verb {
        InstitutionVerb::List { all, format } => {
            let registry = Reader::registry_of(home).map_err(stored)?;
            return print(&show::list(&registry, all, &format, locale), locale);
        }
        InstitutionVerb::Show { prefix, format } => {
            let page = show::page(home, &prefix, &format, locale)?;
            return print(&page, locale);
        }
        InstitutionVerb::Add { prefix, profile, new, answered } => {
            (Event::Add(filing(&prefix, &profile, new, locale)?), answered)
        }
        InstitutionVerb::Change { prefix, name, from, facts, answered } => {
            if name.is_none() && from.is_some() {
                return Err(usage(locale, "institution.from-needs-name", &[]));
            }
            let from = or_today(&from)?;
            let Facts { kind, filed_on, contact } = facts;
            let name = name.map(|name| (name, from));
            let changes = Changes { name, kind, filed_on: day(&filed_on)?, contact, seal: None };
            (Event::Change { prefix, changes }, answered)
        }
        InstitutionVerb::Seal { prefix, name, from, electronic_from, answered } => {
            let seal = Seal { name, from: day(&from)?, electronic_from: day(&electronic_from)? };
            let changes = Changes { seal: Some(seal), ..Changes::default() };
            (Event::Change { prefix, changes }, answered)
        }
        InstitutionVerb::Merge { prefix, profile, new, of, on, answered } => {
            let profile = match profile {
                Some(profile) => profile,
                None => profile_of(home, &of, locale)?,
            };
            (Event::Merge { filing: filing(&prefix, &profile, new, locale)?, of, on: or_today(&on)? }, answered)
        }
        InstitutionVerb::Absorb { prefix, of, on, answered } => {
            (Event::Absorb { prefix, of, on: or_today(&on)? }, answered)
        }
        InstitutionVerb::Cancel { prefix, on, answered } => {
            (Event::Cancel { prefix, on: or_today(&Some(on))? }, answered)
        }
        InstitutionVerb::Scope { prefix, file, sheet, answered } => {
            match scope::items(&file, sheet.as_deref(), &answered.format, locale)? {
                Some(items) => (Event::Scope { prefix, items }, answered),
                None => return Ok(1),
            }
        }
    };
    happen(&event, &answered, home, locale)
}

/// Lets an event happen and tells what stands in the registry now.
fn happen(event: &Event, answered: &Answered, home: Option<&Path>, locale: &Locale) -> Result<u8, Failure> {
    let stored = |e: StoreError| locale.store_failure(&e);
    let store = open_store(home, "institution", locale)?;
    let reason = answered.reason.as_deref().unwrap_or_default();
    let entry = match store.institution_event(event, reason, today(None, locale)?) {
        Ok(entry) => entry,
        Err(StoreError::Registry(Refusal::Unknown(prefix))) => {
            return Err(unknown(&prefix, &store.registry().map_err(stored)?, locale));
        }
        Err(error) => return Err(stored(error)),
    };
    let registry = store.registry().map_err(stored)?;
    let touched: Vec<_> = event.prefixes().into_iter().filter_map(|prefix| registry.get(prefix)).collect();
    if answered.format == "json" {
        let value = json!({ "action": event.action(), "entry": entry, "institutions": touched });
        return print(&format!("{}\n", document(json::INSTITUTION_CHANGE, value)), locale);
    }
    let action = locale.institution_action(event.action()).to_string();
    let mut told = locale.fill("institution.done", &[("action", &action), ("entry", &entry.to_string())]) + "\n";
    for institution in touched {
        told += &format!("  {}  {}\n", institution.prefix, locale.institution(institution));
    }
    if let Event::Scope { items, .. } = event {
        told += &format!("  {}\n", locale.fill("institution.scope-taken", &[("n", &items.len().to_string())]));
    }
    print(&told, locale)
}

/// Makes a filing of what was typed; the prefix must read under the profile.
fn filing(prefix: &str, profile: &str, new: New, locale: &Locale) -> Result<Filing, Failure> {
    let profile = find_profile(profile, locale)?;
    let tables = data::tables([]);
    let New { name, from, facts: Facts { kind, filed_on, contact } } = new;
    let read = Filing::read((prefix, name), &profile, &|table, code| tables.regions.name(table, code))
        .map_err(|refusal| locale.registry_refusal(&refusal))?;
    let day = |text: Option<String>| text.map(|t| day(&t, locale)).transpose();
    let (kind, contact) = (kind.unwrap_or_default(), contact.unwrap_or_default());
    Ok(Filing { from: day(from)?, kind, filed_on: day(filed_on)?, contact, ..read })
}

/// Gives the profile of the institutions that are merged: the new one stands under the same rules.
fn profile_of(home: Option<&Path>, of: &[String], locale: &Locale) -> Result<String, Failure> {
    let registry = Reader::registry_of(home).map_err(|e| locale.store_failure(&e))?;
    let first = of.first().map_or("", String::as_str);
    let found = registry.get(first).map(|institution| institution.profile.clone());
    found.ok_or_else(|| unknown(first, &registry, locale))
}

/// Tells that no institution has a prefix, and which come near.
fn unknown(prefix: &str, registry: &Registry, locale: &Locale) -> Failure {
    let told = locale.registry_refusal(&Refusal::Unknown(prefix.to_string()));
    let prefixes = registry.institutions().map(|i| i.prefix.as_str());
    Failure { hint: locale.near(prefix, prefixes, "name.institutions"), ..told }
}

fn day(text: &str, locale: &Locale) -> Result<NaiveDate, Failure> {
    NaiveDate::parse_from_str(text, "%Y-%m-%d").map_err(|_| usage(locale, "cli.bad-date", &[("value", text)]))
}

fn print(text: &str, locale: &Locale) -> Result<u8, Failure> {
    let mut stdout = out::stdout();
    let written = stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush());
    out::settled(written).map_err(|e| locale.untold(&e))?;
    Ok(0)
}
