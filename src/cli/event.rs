//! `skillcert event`: the events that start and end deadlines, entered once on the thing they belong to.

use chrono::NaiveDate;
use clap::{Args, Subcommand};
use serde_json::json;

use super::io::{Io, sign_on};
use super::json::{self, document};
use super::table::{Alignment, table};
use super::typed::{OneOfWords, TextOrJson, day, filled};
use crate::domain::date;
use crate::domain::ledger::event::{DatedEvent, NotedEvent};
use crate::failure::Failure;
use crate::office::Office;
use crate::words::Locale;

/// The verb; the list when none is given.
#[derive(Debug, Args)]
pub struct EventArgs {
    #[command(subcommand)]
    verb: Option<EventVerb>,
}

#[derive(Debug, Subcommand)]
enum EventVerb {
    List(EventListArgs),
    Note(EventNoteArgs),
    TakeBack(EventTakeBackArgs),
}

#[derive(Debug, Default, Args)]
pub struct EventListArgs {
    #[arg(long, value_enum, default_value_t)]
    format: TextOrJson,
}

/// Which event of which thing.
#[derive(Debug, Args)]
pub struct EventOfArgs {
    #[arg(value_name = "EVENT", help = "event-name", value_parser = events())]
    event: DatedEvent,
    #[arg(value_name = "WHICH", help = "event-which")]
    which: String,
}

/// Notes the day of an event.
#[derive(Debug, Args)]
pub struct EventNoteArgs {
    #[command(flatten)]
    of: EventOfArgs,
    #[arg(value_name = "DATE", help = "event-day", value_parser = day)]
    day: NaiveDate,
    #[arg(long, value_name = "TEXT", value_parser = filled("blank-reason"))]
    reason: Option<String>,
    #[arg(long, value_enum, default_value_t)]
    format: TextOrJson,
}

/// Takes back what was noted.
#[derive(Debug, Args)]
pub struct EventTakeBackArgs {
    #[command(flatten)]
    of: EventOfArgs,
    #[arg(long, value_name = "TEXT", value_parser = filled("blank-reason"))]
    reason: String,
    #[arg(long, value_enum, default_value_t)]
    format: TextOrJson,
}

/// Reads an event by its name or its words.
fn events() -> OneOfWords<DatedEvent> {
    OneOfWords { all: &DatedEvent::NOTED, key: DatedEvent::key, words: Locale::dated_event }
}

pub fn run(args: &EventArgs, io: &mut Io, office: &Office) -> Result<u8, Failure> {
    let list = EventVerb::List(EventListArgs::default());
    match args.verb.as_ref().unwrap_or(&list) {
        EventVerb::List(args) => {
            let page = listed(&office.events()?, args.format, office.locale());
            io.page(office.locale(), args.format, &page)?;
            Ok(0)
        }
        EventVerb::Note(args) => {
            note(&args.of, Some(args.day), (args.reason.as_deref().unwrap_or_default(), args.format), io, office)
        }
        EventVerb::TakeBack(args) => note(&args.of, None, (&args.reason, args.format), io, office),
    }
}

fn note(
    of: &EventOfArgs,
    day: Option<NaiveDate>,
    (reason, format): (&str, TextOrJson),
    io: &mut Io,
    office: &Office,
) -> Result<u8, Failure> {
    let locale = office.locale();
    let thing = office.thing_of(of.event, &of.which)?;
    let entry = sign_on(io, office, "event")?.note_event(&thing, of.event, day, reason)?;
    if format == TextOrJson::Json {
        let value = json!({ "thing": thing.to_string(), "event": of.event.key(), "day": day, "entry": entry });
        io.json_line(locale, &document(json::EVENT, value))?;
        return Ok(0);
    }
    let (thing, written, entry) = (locale.thing(&thing), date::written(day), entry.to_string());
    let places = [("thing", &*thing), ("event", locale.dated_event(of.event)), ("day", &written), ("entry", &entry)];
    let key = if day.is_some() { "due.noted" } else { "due.taken-back" };
    io.text(locale, &(locale.fill(key, &places) + "\n"))?;
    Ok(0)
}

fn listed(events: &[NotedEvent], format: TextOrJson, locale: &Locale) -> String {
    if format == TextOrJson::Json {
        let of = |one: &NotedEvent| json!({ "thing": one.thing.to_string(), "event": one.event.key(), "day": one.day });
        let all: Vec<_> = events.iter().map(of).collect();
        return format!("{}\n", document(json::EVENTS, json!({ "events": all })));
    }
    if events.is_empty() {
        return locale.text("due.no-events").to_string() + "\n";
    }
    let row = |one: &NotedEvent| {
        vec![locale.thing(&one.thing), locale.dated_event(one.event).to_string(), one.day.to_string()]
    };
    table(&events.iter().map(row).collect::<Vec<_>>(), Alignment::Texts, "")
}
