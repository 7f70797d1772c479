//! `skillcert audit show|verify|export|accept`: the audit chain (审计链).

mod export;
mod show;

use std::path::{Path, PathBuf};

use clap::{ArgMatches, Command};

use super::shape::Shape;
use super::{open_store, usage};
use crate::domain::ledger::audit::{Entry, EntryFilter, Head};
use crate::domain::ledger::masked;
use crate::failure::Failure;
use crate::store::Store;
use crate::words::Locale;

/// `skillcert audit`
#[derive(Debug)]
pub enum AuditVerb {
    /// Lists the newest entries.
    Show {
        wanted: Wanted,
        /// How many at most.
        limit: usize,
        /// text or json.
        format: String,
    },
    /// Follows the chain and compares its end.
    Verify {
        /// The end as an export printed it, `COUNT:HASH`.
        head: Option<String>,
        /// text or json.
        format: String,
    },
    /// Writes the entries to a file.
    Export {
        wanted: Wanted,
        output: PathBuf,
        /// Whether an existing file is replaced.
        force: bool,
    },
    /// Goes on with a database that is not the latest.
    Accept {
        reason: String,
        /// text or json.
        format: String,
    },
}

/// Which entries, and how they are shown.
#[derive(Debug, Default)]
pub struct Wanted {
    object: Option<String>,
    since: Option<String>,
    user: Option<String>,
    unmask: bool,
    reason: Option<String>,
}

/// Builds the shape of the family.
pub fn shape(shape: Shape<'_>) -> Command {
    let text_or_json = || shape.choice("format", &["text", "json"]).default_value("text");
    let reason = || shape.reason();
    let wanted = |name: &'static str| {
        shape
            .verb_of("audit", name)
            .args([shape.option("object", "OBJECT"), shape.option("since", "DATE"), shape.option("user", "NAME")])
            .args(shape.unmask_with_reason())
    };
    let limit = shape.option("limit", "N").value_parser(shape.number(1_u32, None)).default_value("20");
    let verbs = [
        wanted("show").args([limit, text_or_json()]),
        shape.verb_of("audit", "verify").args([shape.option("head", "COUNT:HASH"), text_or_json()]),
        wanted("export").args([shape.output().required(true), shape.flag("force")]),
        shape.verb_of("audit", "accept").args([reason().required(true), text_or_json()]),
    ];
    shape.family("audit", verbs)
}

/// Reads what was asked for.
pub fn read(mut m: ArgMatches) -> AuditVerb {
    let Some((name, mut m)) = m.remove_subcommand() else {
        return AuditVerb::Show { wanted: Wanted::default(), limit: 20, format: "text".into() };
    };
    let format = |m: &mut ArgMatches| m.remove_one("format").unwrap_or_default();
    match name.as_str() {
        "verify" => AuditVerb::Verify { head: m.remove_one("head"), format: format(&mut m) },
        "export" => AuditVerb::Export {
            output: m.remove_one("output").unwrap_or_default(),
            force: m.get_flag("force"),
            wanted: wanted(&mut m),
        },
        "accept" => AuditVerb::Accept { reason: m.remove_one("reason").unwrap_or_default(), format: format(&mut m) },
        _ => AuditVerb::Show {
            limit: m.remove_one::<u32>("limit").unwrap_or(20) as usize,
            format: format(&mut m),
            wanted: wanted(&mut m),
        },
    }
}

fn wanted(m: &mut ArgMatches) -> Wanted {
    Wanted {
        object: m.remove_one("object"),
        since: m.remove_one("since"),
        user: m.remove_one("user"),
        unmask: m.get_flag("unmask"),
        reason: m.remove_one("reason"),
    }
}

/// Does what was asked for. Exit code 1 when the chain is broken or its end is not the one noted.
pub fn run(verb: AuditVerb, home: Option<&Path>, locale: &Locale) -> Result<u8, Failure> {
    let given = match &verb {
        AuditVerb::Verify { head: Some(text), .. } => {
            Some(Head::read(text).ok_or_else(|| usage(locale, "cli.bad-head", &[("value", text)]))?)
        }
        _ => None,
    };
    let store = open_store(home, "audit", locale)?;
    match verb {
        AuditVerb::Show { wanted, limit, format } => show::list(&store, &wanted, limit, format == "json", locale),
        AuditVerb::Verify { format, .. } => show::verify(&store, given.as_ref(), format == "json", locale),
        AuditVerb::Export { wanted, output, force } => export::write(&store, &wanted, &output, force, locale),
        AuditVerb::Accept { reason, format } => show::accept(&store, &reason, format == "json", locale),
    }
}

impl Wanted {
    /// Gives the filter, and notes in the chain when personal values will be shown.
    fn prepare(&self, store: &Store, locale: &Locale) -> Result<EntryFilter, Failure> {
        let since = self.since.as_deref().map(|day| start_of(day, locale)).transpose()?;
        if self.unmask {
            let object = self.object.as_deref().unwrap_or("audit");
            store
                .note_unmask(object, self.reason.as_deref().unwrap_or_default())
                .map_err(|e| locale.store_failure(&e))?;
        }
        Ok(EntryFilter { object: self.object.clone(), since, user: self.user.clone() })
    }

    /// Gives an entry as it may be seen.
    fn shown(&self, entry: Entry) -> Entry {
        if self.unmask {
            return entry;
        }
        Entry { before: masked(&entry.before), after: masked(&entry.after), ..entry }
    }
}

/// Gives the beginning of a day here as the chain writes times.
fn start_of(day: &str, locale: &Locale) -> Result<String, Failure> {
    let bad = || usage(locale, "cli.bad-date", &[("value", day)]);
    let midnight =
        chrono::NaiveDate::parse_from_str(day, "%Y-%m-%d").ok().and_then(|d| d.and_hms_opt(0, 0, 0)).ok_or_else(bad)?;
    let here = midnight.and_local_timezone(chrono::Local).earliest().ok_or_else(bad)?;
    Ok(here.with_timezone(&chrono::Utc).format("%Y-%m-%dT%H:%M:%SZ").to_string())
}
