//! `skillcert institution …`: the registry of evaluation institutions (评价机构登记).

mod args;
mod scope;
mod show;

use chrono::NaiveDate;
use serde_json::json;

pub use args::InstitutionArgs;

use super::io::Io;
use super::json::{self, document};
use super::typed::TextOrJson;
use crate::cli::consent::{ConsentArgs, preview};
use crate::cli::io::begin;
use crate::cli::usage::usage;
use crate::domain::ledger::action::ActionName;
use crate::domain::ledger::event::DatedEvent;
use crate::domain::registry::{Changes, Filing, InstitutionEvent, Seal};
use crate::domain::text;
use crate::failure::Failure;
use crate::office::Office;
use args::{ChangeAnswerArgs, InstitutionFacts, InstitutionListArgs, InstitutionVerb, RectificationArgs};

/// Runs a verb about institutions. Exit code 1 when a scope table has errors.
pub fn run(args: InstitutionArgs, io: &mut Io, office: &Office) -> Result<u8, Failure> {
    let locale = office.locale();
    let none = ConsentArgs::default();
    let (event, answered, consent) = match args.verb.unwrap_or(InstitutionVerb::List(InstitutionListArgs::default())) {
        InstitutionVerb::List(args) => {
            let page = show::list(&office.registry()?, args.all, args.format, office);
            return io.page(locale, args.format, &page).map(|()| 0);
        }
        InstitutionVerb::Show(args) => {
            let page = show::page(&office.institution(&args.prefix)?, args.format, office);
            return io.page(locale, args.format, &page).map(|()| 0);
        }
        InstitutionVerb::Rectify(args) => return rectification(&args.word, DatedEvent::Rectifying, io, office),
        InstitutionVerb::Rectified(args) => return rectification(&args.word, DatedEvent::Rectified, io, office),
        InstitutionVerb::Add(args) => {
            let filing = office.filing(&args.prefix, &args.profile, args.name)?;
            (InstitutionEvent::Add(with(filing, args.from, args.facts)), args.answered, none)
        }
        InstitutionVerb::Change(args) => {
            if args.name.is_none() && args.from.is_some() {
                return Err(usage(locale, "institution.from-needs-name", &[]));
            }
            let from = office.or_today(args.from)?;
            let InstitutionFacts { kind, filed_on, contact } = args.facts;
            let changes = Changes { name: args.name.map(|name| (name, from)), kind, filed_on, contact, seal: None };
            (InstitutionEvent::Change { prefix: args.prefix, changes }, args.answered, none)
        }
        InstitutionVerb::Seal(args) => {
            let seal = Seal { name: args.name, from: args.from, electronic_from: args.electronic_from };
            let changes = Changes { seal: Some(seal), ..Changes::default() };
            (InstitutionEvent::Change { prefix: args.prefix, changes }, args.answered, none)
        }
        InstitutionVerb::Merge(args) => {
            let profile = args.profile.map_or_else(|| office.profile_of_merged(&args.of), Ok)?;
            let filing = with(office.filing(&args.prefix, &profile, args.name)?, args.from, args.facts);
            (
                InstitutionEvent::Merge { filing, of: args.of, on: office.or_today(args.on)? },
                args.answered,
                args.consent,
            )
        }
        InstitutionVerb::Absorb(args) => (
            InstitutionEvent::Absorb { prefix: args.prefix, of: args.of, on: office.or_today(args.on)? },
            args.answered,
            args.consent,
        ),
        InstitutionVerb::Cancel(args) => {
            (InstitutionEvent::Cancel { prefix: args.prefix, on: args.on }, args.answered, args.consent)
        }
        InstitutionVerb::Scope(args) => {
            let table = office.scope_table(&args.file, args.sheet.as_deref())?;
            if !table.problems.is_empty() {
                let format = args.answered.format;
                return io.page(locale, format, &scope::refused(&table, format, locale)).map(|()| 1);
            }
            (InstitutionEvent::Scope { prefix: args.prefix, items: table.items }, args.answered, none)
        }
    };
    apply_event(&event, (&answered, &consent), io, office).map(|()| 0)
}

/// Notes a word on a rectification and tells it.
fn rectification(args: &RectificationArgs, event: DatedEvent, io: &mut Io, office: &Office) -> Result<u8, Failure> {
    let (locale, day) = (office.locale(), args.on);
    let session = begin(io, office, true, "institution")?;
    let (prefix, entry) = session.note_rectification(&args.prefix, event, day, &args.paper)?;
    let paper = text::visible(args.paper.trim());
    if args.format == TextOrJson::Json {
        let thing = format!("institution:{prefix}");
        let value = json!({ "thing": thing, "event": event.key(), "day": day, "paper": paper, "entry": entry });
        return io.json_line(locale, &document(json::RECTIFICATION, value)).map(|()| 0);
    }
    let (day, entry) = (day.to_string(), entry.to_string());
    let places = [
        ("prefix", &*prefix),
        ("event", locale.dated_event(event)),
        ("day", &day),
        ("paper", &paper),
        ("entry", &entry),
    ];
    io.text(locale, &(locale.fill("institution.rectified-now", &places) + "\n")).map(|()| 0)
}

/// Lets an event happen and tells what stands in the registry now.
fn apply_event(
    event: &InstitutionEvent,
    (answered, consent): (&ChangeAnswerArgs, &ConsentArgs),
    io: &mut Io,
    office: &Office,
) -> Result<(), Failure> {
    let locale = office.locale();
    // The first institution may be the first thing there is; all else happens to one that is on record.
    let is_first = matches!(event, InstitutionEvent::Add(_));
    let session = begin(io, office, !is_first || consent.is_only_tried(), "institution")?;
    let reach = session.reach_of_event(event)?;
    let reason = answered.reason.as_deref().unwrap_or_default();
    let entry = consent.act(&reach, io, &session, |session| session.institution_event(event, reason))?;
    if consent.is_only_tried() {
        return preview(&reach, answered.format, io, locale).map(drop);
    }
    let registry = session.registry()?;
    if let Some(doubt) = office.seal_doubt(event, &registry) {
        io.message(&doubt);
    }
    let action = ActionName::of_event(event.kind()).key();
    let touched: Vec<_> = event.prefixes().into_iter().filter_map(|prefix| registry.get(prefix)).collect();
    if answered.format == TextOrJson::Json {
        let value = json!({ "action": action, "entry": entry, "institutions": touched });
        return io.json_line(locale, &document(json::INSTITUTION_CHANGE, value));
    }
    let action = locale.institution_action(action).to_string();
    let mut told = locale.fill("institution.done", &[("action", &action), ("entry", &entry.to_string())]) + "\n";
    for institution in touched {
        told += &format!("  {}  {}\n", institution.prefix, locale.institution(institution));
    }
    if let InstitutionEvent::Scope { items, .. } = event {
        told += &format!("  {}\n", locale.fill("institution.scope-taken", &[("n", &items.len().to_string())]));
    }
    io.text(locale, &told)
}

/// Adds to a filing what else is known.
fn with(filing: Filing, from: Option<NaiveDate>, facts: InstitutionFacts) -> Filing {
    let InstitutionFacts { kind, filed_on, contact } = facts;
    Filing { from, kind: kind.unwrap_or_default(), filed_on, contact: contact.unwrap_or_default(), ..filing }
}
