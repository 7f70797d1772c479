//! `skillcert due`: what is due, and how a deadline is counted.

use std::collections::BTreeMap;
use std::path::PathBuf;

use chrono::NaiveDate;
use clap::builder::TypedValueParser;
use clap::{Args, ValueEnum};
use serde_json::{Value, json};

use super::escape::Written;
use super::io::Io;
use super::json::{self, document};
use super::table::{Alignment, table};
use super::typed::{ReportLangArgs, day, number, prefix};
use super::usage::usage;
use crate::domain::calendar::DayOff;
use crate::domain::date;
use crate::domain::deadline::{DayStep, DueDay};
use crate::domain::due::{DueItem, Standing, counts};
use crate::domain::ledger::BatchId;
use crate::domain::ledger::event::DatedEvent;
use crate::domain::profile::{Deadline, Duty};
use crate::domain::text;
use crate::failure::Failure;
use crate::office::{CountedDeadline, DueFile, DueList, Office, WantedDue};
use crate::words::Locale;

#[derive(Debug, Args)]
pub struct DueArgs {
    #[arg(long, value_name = "DATE", help = "due-on", value_parser = day)]
    on: Option<NaiveDate>,
    #[arg(long, value_name = "N", value_parser = number(0_u32, None))]
    within: Option<u32>,
    #[arg(long, value_name = "PREFIX", help = "prefix", value_parser = prefix())]
    institution: Option<String>,
    #[arg(long, value_name = "N", value_parser = number(1_i64, None).map(BatchId))]
    batch: Option<BatchId>,
    #[arg(long, help = "due-steps")]
    steps: bool,
    #[arg(long, value_name = "CLAUSE", help = "due-rule", requires = "due_from")]
    #[arg(conflicts_with_all = ["on", "within", "institution", "batch", "output"])]
    rule: Option<String>,
    #[arg(id = "due_from", long = "from", value_name = "DATE", requires = "rule", value_parser = day)]
    from: Option<NaiveDate>,
    #[arg(long, value_enum, default_value_t)]
    format: DueFormat,
    #[arg(long, short, value_name = "FILE", help = "due-output")]
    output: Option<PathBuf>,
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    report_lang: ReportLangArgs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
enum DueFormat {
    #[default]
    Text,
    Json,
    Csv,
    Ics,
}

impl DueFormat {
    /// Gives the file that is made; nothing for what is read on the spot.
    fn file(self) -> Option<DueFile> {
        match self {
            DueFormat::Text | DueFormat::Json => None,
            DueFormat::Csv => Some(DueFile::Csv),
            DueFormat::Ics => Some(DueFile::Ics),
        }
    }
}

/// Lists what is due, or counts one deadline. Exit code 1 where something has passed that the clerk should have done.
pub fn run(args: &DueArgs, io: &mut Io, office: &Office) -> Result<u8, Failure> {
    let locale = office.locale();
    if let (Some(rule), Some(from)) = (&args.rule, args.from) {
        let counted = office.count_deadline(rule, from)?;
        match args.format {
            DueFormat::Text => io.text(locale, &counted_text(&counted, office))?,
            DueFormat::Json => io.json(locale, &counted_json(&counted, office))?,
            DueFormat::Csv | DueFormat::Ics => return Err(usage(locale, "due.rule-format", &[])),
        }
        return Ok(0);
    }
    if args.output.is_some() && args.format.file().is_none() {
        return Err(usage(locale, "due.output-format", &[]));
    }
    let wanted =
        WantedDue { on: args.on, within: args.within, institution: args.institution.clone(), batch: args.batch };
    let list = office.due(&wanted)?;
    match (args.format.file(), &args.output) {
        (Some(kind), Some(path)) => {
            office.write_due(&office.due_file(&list, kind)?, path, args.force)?;
            // What waits for its event has no day in a calendar.
            let n = list.items.iter().filter(|item| kind == DueFile::Csv || item.end.is_some()).count();
            let places = [("file", &*path.to_string_lossy()), ("n", &n.to_string())];
            io.note(&locale.fill("due.written", &places));
        }
        (Some(kind), None) => {
            let file = office.due_file(&list, kind)?;
            io.answer_as(Written::File, locale, |w| w.write_all(&file))?;
        }
        (None, _) if args.format == DueFormat::Json => io.json(locale, &to_json(&list, args.steps, office))?,
        (None, _) => io.text(locale, &to_text(&list, args.steps, office))?,
    }
    let is_late = list.items.iter().any(|item| item.standing <= Standing::Overdue);
    Ok(u8::from(is_late))
}

/// Tells what is due, in blocks, the worst first; what waits for the same event of many things is told on one line.
fn to_text(list: &DueList, with_steps: bool, office: &Office) -> String {
    let locale = office.locale();
    let mut told = locale.fill("due.title", &[("day", &list.on.to_string())]) + "\n";
    if list.items.is_empty() {
        return told + locale.text("due.nothing") + "\n";
    }
    for (standing, count) in counts(&list.items) {
        let places = [("standing", locale.due_standing(standing)), ("n", &count.to_string())];
        told += &format!("\n{}\n", locale.fill("due.block", &places));
        let items: Vec<&DueItem> = list.items.iter().filter(|item| item.standing == standing).collect();
        if standing == Standing::Waiting {
            told += &table(&waiting(&items, locale), Alignment::Texts, "  ");
        } else if with_steps {
            for item in items {
                told += &table(&[row(item, list.on, locale)], Alignment::Texts, "  ");
                told += &indented("      ", &office.due_told(item));
            }
        } else {
            let rows: Vec<Vec<String>> = items.iter().map(|item| row(item, list.on, locale)).collect();
            let rows = table(&rows, Alignment::Texts, "  ");
            for (line, item) in rows.lines().zip(items) {
                told += &format!("{line}\n{}", indented("      ", &Vec::from_iter(other_days(item, locale))));
            }
        }
    }
    if list.items.iter().any(DueItem::is_provisional) {
        told += &format!("\n{}\n", locale.text("due.provisional"));
    }
    told
}

/// Tells the day it counts from and those beside the end, where they are others: the safe one, and the one it may be put off to; of
/// one that bars that it is not put off, and the other reading.
fn other_days(item: &DueItem, locale: &Locale) -> Option<String> {
    let end = item.end?;
    let day = |key: &str, day: NaiveDate| locale.fill(key, &[("day", &day.to_string())]);
    let is_hard = item.deadline().hard;
    let told = [
        end.start.map(|start| day("due.days.start", start)),
        (end.safe != end.due).then(|| day("due.days.safe", end.safe)),
        is_hard.then(|| locale.text("due.days.hard").to_string()),
        end.put_off.filter(|_| !is_hard).map(|put_off| day("due.days.put-off", put_off)),
        item.second.map(|second| day("due.days.second", second.due)),
    ];
    let told: Vec<String> = told.into_iter().flatten().collect();
    (!told.is_empty()).then(|| told.join(locale.text("finding.comma")))
}

/// Puts lines below each other.
fn indented(indent: &str, lines: &[String]) -> String {
    lines.iter().flat_map(|line| [indent, line, "\n"]).collect()
}

/// Tells what is due of one thing, a line for each, where that is told of something else.
pub fn lines(list: &DueList, locale: &Locale) -> String {
    let row = |item: &DueItem| {
        let mut cells = row(item, list.on, locale);
        // Of what it is is told above.
        cells.drain(2..4);
        cells.insert(0, locale.due_standing_short(item.standing).to_string());
        cells
    };
    table(&list.items.iter().map(row).collect::<Vec<_>>(), Alignment::Texts, "  ")
}

fn row(item: &DueItem, on: NaiveDate, locale: &Locale) -> Vec<String> {
    let deadline = item.deadline();
    let mark = if item.is_provisional() { "*" } else { "" };
    vec![
        format!("{}{mark}", date::written(item.end.map(|end| end.due))),
        locale.days_left(item, on),
        locale.thing(&item.thing),
        locale.due_title(item),
        text::visible(&deadline.clause).into_owned(),
        text::visible(locale.deadline_name(deadline)).into_owned(),
    ]
}

/// Tells what waits: for each deadline its event, and the things that wait for it.
fn waiting(items: &[&DueItem], locale: &Locale) -> Vec<Vec<String>> {
    const NAMED: usize = 3;
    let mut all: BTreeMap<&str, Vec<&DueItem>> = BTreeMap::new();
    items.iter().for_each(|item| all.entry(&item.deadline().clause).or_default().push(item));
    let line = |(clause, items): (&str, Vec<&DueItem>)| {
        let first = items[0];
        let mut named: Vec<String> = items.iter().take(NAMED).map(|item| locale.thing(&item.thing)).collect();
        if NAMED < items.len() {
            named.push(locale.fill("due.and-more", &[("n", &(items.len() - NAMED).to_string())]));
        }
        let event = first.waits_for().map_or("", |event| locale.dated_event(event));
        vec![
            locale.fill("due.left.waits", &[("event", event)]),
            text::visible(clause).into_owned(),
            text::visible(locale.deadline_name(first.deadline())).into_owned(),
            named.join(locale.text("finding.comma")),
        ]
    };
    all.into_iter().map(line).collect()
}

fn counted_text(counted: &CountedDeadline, office: &Office) -> String {
    let (locale, calendar) = (office.locale(), office.calendar());
    let CountedDeadline { deadline, end, second, .. } = counted;
    let places = [
        ("clause", &*text::visible(&deadline.clause)),
        ("name", &*text::visible(locale.deadline_name(deadline))),
        ("length", &locale.deadline_length(deadline)),
        ("day", &end.due.to_string()),
    ];
    let mut told = locale.fill("due.counted", &places) + "\n";
    let beside = locale.beside_due(deadline, end, second.as_ref());
    told += &indented("  ", &beside);
    let steps = locale.due_steps(deadline, &deadline.steps(end, &calendar));
    told + &indented("  ", &steps)
}

fn counted_json(counted: &CountedDeadline, office: &Office) -> Value {
    let CountedDeadline { profile, deadline, end, second } = counted;
    let steps = deadline.steps(end, &office.calendar()).iter().map(step_json).collect::<Vec<_>>();
    let mut all = json!({ "profile": profile.id });
    join(&mut all, deadline_json(deadline, office.locale()));
    join(&mut all, end_json(Some(end), second.as_ref()));
    all["steps"] = steps.into();
    document(json::DUE_DAY, all)
}

fn to_json(list: &DueList, with_steps: bool, office: &Office) -> Value {
    let (locale, calendar) = (office.locale(), office.calendar());
    let item = |item: &DueItem| {
        let mut all = item_json(item, list.on, locale);
        if let Some(end) = item.end.filter(|_| with_steps) {
            all["steps"] = item.deadline().steps(&end, &calendar).iter().map(step_json).collect::<Vec<_>>().into();
        }
        all
    };
    let counted: serde_json::Map<String, Value> =
        counts(&list.items).into_iter().map(|(standing, n)| (standing.key().to_string(), n.into())).collect();
    let items: Vec<Value> = list.items.iter().map(item).collect();
    document(json::DUE, json!({ "on": list.on, "counts": counted, "items": items }))
}

/// Tells of something that is due all that stands in columns.
pub fn item_json(item: &DueItem, on: NaiveDate, locale: &Locale) -> Value {
    let mut all = json!({
        "standing": item.standing.key(), "thing": item.thing.to_string(), "title": item.title,
        "outside": item.is_outside, "from_first_receipt": item.is_from_receipt,
        "profile": item.profile.id, "certificates": item.certificates,
        "days_left": item.days_left(on), "waits_for": item.waits_for().map(DatedEvent::key),
    });
    join(&mut all, deadline_json(item.deadline(), locale));
    join(&mut all, end_json(item.end.as_ref(), item.second.as_ref()));
    all
}

fn join(all: &mut Value, more: Value) {
    if let (Value::Object(all), Value::Object(more)) = (all, more) {
        all.extend(more);
    }
}

fn deadline_json(deadline: &Deadline, locale: &Locale) -> Value {
    json!({
        "clause": deadline.clause, "name": locale.deadline_name(deadline), "event": deadline.from,
        "until": deadline.until, "length": deadline.length, "hard": deadline.hard, "renews": deadline.renews,
        "duty": if deadline.duty == Duty::Authority { "authority" } else { "own" },
    })
}

fn end_json(end: Option<&DueDay>, second: Option<&DueDay>) -> Value {
    let of = |day: fn(&DueDay) -> Option<NaiveDate>| end.and_then(day);
    json!({
        "start": of(|end| end.start), "due": of(|end| Some(end.due)), "safe": of(|end| Some(end.safe)),
        "put_off": of(|end| end.put_off), "clear": of(|end| end.clear),
        "source": end.map(|end| end.source.key()), "provisional": end.is_some_and(|end| end.source.is_provisional()),
        "second": second.map(|end| json!({ "start": end.start, "due": end.due, "put_off": end.put_off })),
    })
}

fn step_json(step: &DayStep<'_>) -> Value {
    let off = step.off.map(|off| match off {
        DayOff::Saturday => "saturday",
        DayOff::Sunday => "sunday",
        DayOff::Holiday(name) => name,
    });
    json!({ "day": step.day, "number": step.number, "off": off })
}
