//! What is due, in the user's words.

use std::path::Path;

use chrono::{Datelike, NaiveDate, Weekday};

use super::{Lang, Locale};
use crate::domain::calendar::{DayOff, DaySource};
use crate::domain::deadline::{DayStep, DueDay};
use crate::domain::due::{DueItem, Standing, counts};
use crate::domain::ledger::event::{DatedEvent, Thing, ThingKind};
use crate::domain::profile::{Deadline, LengthUnit};
use crate::domain::text;

/// The columns of the table that is written.
const COLUMNS: [&str; 13] = [
    "standing", "thing", "title", "clause", "name", "event", "start", "due", "left", "safe", "put-off", "second",
    "source",
];

impl Locale {
    /// Says that the draft of an explanation was written, and what is left to fill in.
    pub fn lateness_written(&self, file: &Path, has_reason: bool) -> String {
        let key = if has_reason { "lateness.written-with-reason" } else { "lateness.written" };
        self.fill(key, &[("file", &file.to_string_lossy())])
    }

    pub fn dated_event(&self, event: DatedEvent) -> &str {
        self.text(match event {
            DatedEvent::Filed => "due.event.filed",
            DatedEvent::Receipt => "due.event.receipt",
            DatedEvent::Specimen => "due.event.specimen",
            DatedEvent::Changed => "due.event.changed",
            DatedEvent::Refiled => "due.event.refiled",
            DatedEvent::Ordered => "due.event.ordered",
            DatedEvent::Counted => "due.event.counted",
            DatedEvent::Purchased => "due.event.purchased",
            DatedEvent::Rectifying => "due.event.rectifying",
            DatedEvent::Rectified => "due.event.rectified",
            DatedEvent::Planned => "due.event.planned",
            DatedEvent::Exam => "due.event.exam",
            DatedEvent::Evaluated => "due.event.evaluated",
            DatedEvent::Issued => "due.event.issued",
            DatedEvent::Submitted => "due.event.submitted",
            DatedEvent::Accepted => "due.event.accepted",
            DatedEvent::Returned => "due.event.returned",
            DatedEvent::Published => "due.event.published",
            DatedEvent::Uploaded => "due.event.uploaded",
            DatedEvent::Queryable => "due.event.queryable",
            DatedEvent::Delivered => "due.event.delivered",
            DatedEvent::Received => "due.event.received",
            DatedEvent::Closed => "due.event.closed",
        })
    }

    pub fn due_standing(&self, standing: Standing) -> &str {
        self.text(match standing {
            Standing::TooLate => "due.standing.too-late",
            Standing::Overdue => "due.standing.overdue",
            Standing::Ask => "due.standing.ask",
            Standing::Due => "due.standing.due",
            Standing::Expected => "due.standing.expected",
            Standing::Renews => "due.standing.renews",
            Standing::Waiting => "due.standing.waiting",
        })
    }

    /// The same in a word.
    pub fn due_standing_short(&self, standing: Standing) -> &str {
        self.text(match standing {
            Standing::TooLate => "due.short.too-late",
            Standing::Overdue => "due.short.overdue",
            Standing::Ask => "due.short.ask",
            Standing::Due => "due.short.due",
            Standing::Expected => "due.short.expected",
            Standing::Renews => "due.short.renews",
            Standing::Waiting => "due.short.waiting",
        })
    }

    /// Tells how many there are of each standing; empty where nothing is due.
    pub fn due_counts<'a>(&self, items: impl IntoIterator<Item = &'a DueItem>) -> String {
        let told = counts(items).into_iter().filter(|(standing, _)| *standing != Standing::Waiting);
        let told = told.map(|(standing, n)| format!("{} {n}", self.due_standing_short(standing)));
        told.collect::<Vec<_>>().join(self.text("finding.comma"))
    }

    /// Tells on one line what is due: of what, and which deadline.
    pub fn due_line(&self, item: &DueItem) -> String {
        let deadline = item.deadline();
        let places = [
            ("thing", self.thing(&item.thing)),
            ("title", self.due_title(item)),
            ("clause", text::visible(&deadline.clause).into_owned()),
            ("name", text::visible(self.deadline_name(deadline)).into_owned()),
        ];
        self.fill("due.line", &places.each_ref().map(|(name, text)| (*name, text.as_str())))
    }

    /// Names what a deadline is of: the batch's file, the institution, the code.
    pub fn due_title(&self, item: &DueItem) -> String {
        let title = text::visible(&item.title);
        if item.is_outside { self.fill("due.outside", &[("title", &title)]) } else { title.into_owned() }
    }

    pub fn thing_kind(&self, kind: ThingKind) -> &str {
        self.text(match kind {
            ThingKind::Institution => "audit.object.institution",
            ThingKind::Batch => "audit.object.batch",
            ThingKind::Case => "audit.object.case",
        })
    }

    /// Names a thing, as the audit chain is told.
    pub fn thing(&self, thing: &Thing) -> String {
        self.audit_object(&thing.to_string())
    }

    pub fn deadline_name<'a>(&self, deadline: &'a Deadline) -> &'a str {
        if self.lang == Lang::Zh { &deadline.name } else { &deadline.name_en }
    }

    /// Tells how many days are left, or for how many it has been too late.
    pub fn days_left(&self, item: &DueItem, on: NaiveDate) -> String {
        match item.days_left(on) {
            None => {
                let event = item.waits_for().map_or("", |event| self.dated_event(event));
                self.fill("due.left.waits", &[("event", event)])
            }
            Some(0) => self.text("due.left.today").to_string(),
            Some(left) if left < 0 => self.fill("due.left.passed", &[("n", &(-left).to_string())]),
            Some(left) => self.fill("due.left.days", &[("n", &left.to_string())]),
        }
    }

    /// Tells when a deadline ends, from which day on and after how long.
    pub fn deadline_length(&self, deadline: &Deadline) -> String {
        let unit = match deadline.unit {
            LengthUnit::WorkingDays => "profile.fact.working-days",
            LengthUnit::Months => "profile.fact.months",
            LengthUnit::Years => "profile.fact.years",
        };
        let event = DatedEvent::read(&deadline.from).map(|event| self.dated_event(event));
        let from = event.map_or_else(|| text::visible(&deadline.from).into_owned(), str::to_string);
        let length = deadline.length.unsigned_abs().to_string();
        let places = [("from", &*from), ("length", &length), ("unit", self.text(unit)), ("on", &deadline.on)];
        let key = match (deadline.is_fixed(), deadline.length < 0) {
            (true, _) if deadline.is_once() => "profile.fact.once",
            (true, _) => "profile.fact.on",
            (false, true) => "profile.fact.before",
            (false, false) => "profile.fact.after",
        };
        self.fill(key, &places)
    }

    /// Lists what is to be known of an end beside its day: the other readings, the safe day, how sure it is.
    pub fn beside_due(&self, deadline: &Deadline, end: &DueDay, second: Option<&DueDay>) -> Vec<String> {
        let day = |key: &str, day: NaiveDate| self.fill(key, &[("day", &day.to_string())]);
        let mut told = Vec::new();
        told.extend((end.safe != end.due).then(|| day("due.beside.safe", end.safe)));
        told.extend(end.put_off.map(|put_off| day("due.beside.put-off", put_off)));
        let length = deadline.length.unsigned_abs().to_string();
        let clear = |clear: NaiveDate| self.fill("due.beside.clear", &[("day", &clear.to_string()), ("n", &length)]);
        told.extend(end.clear.map(clear));
        if let Some(second) = second {
            let from = second.start.map_or_else(String::new, |day| day.to_string());
            let places = [("clause", &*deadline.or_after), ("from", &from), ("day", &second.due.to_string())];
            told.push(self.fill("due.beside.second", &places));
            told.extend(second.put_off.map(|put_off| day("due.beside.second-put-off", put_off)));
        }
        told.extend(deadline.hard.then(|| self.text("due.beside.hard").to_string()));
        told.extend(deadline.renews.then(|| self.text("due.beside.renews").to_string()));
        told.push(self.text(day_source_key(end.source)).to_string());
        told
    }

    /// Tells what is to be known of something that is due, in one sentence each: start and length, then what stands beside.
    pub fn due_told(&self, item: &DueItem) -> Vec<String> {
        let deadline = item.deadline();
        let mut told = vec![self.deadline_length(deadline)];
        if let Some(end) = &item.end {
            if let Some(start) = end.start {
                told.push(self.fill("due.start", &[("event", self.started_by(item)), ("day", &start.to_string())]));
            }
            if 0 < item.certificates {
                told.push(self.fill("due.certificates", &[("n", &item.certificates.to_string())]));
            }
            told.extend(self.beside_due(deadline, end, item.second.as_ref()));
        }
        if item.standing == Standing::Ask {
            told.push(self.text("due.beside.ask").to_string());
        }
        if matches!(item.standing, Standing::Overdue | Standing::TooLate) && !deadline.late_clause.is_empty() {
            told.push(self.fill("due.beside.explain", &[("clause", &deadline.late_clause)]));
        }
        told
    }

    /// Names the event from which something that is due counts.
    fn started_by(&self, item: &DueItem) -> &str {
        match DatedEvent::read(&item.deadline().from) {
            Some(_) if item.is_from_receipt => self.text("due.first-receipt"),
            event => event.map_or("", |event| self.dated_event(event)),
        }
    }

    /// Tells how a deadline was counted, a line for each day.
    pub fn due_steps(&self, deadline: &Deadline, steps: &[DayStep<'_>]) -> Vec<String> {
        let line = |(at, step): (usize, &DayStep<'_>)| {
            let day = format!("{} {}", step.day, self.weekday(step.day));
            match (step.number, step.off) {
                (Some(n), _) if deadline.unit == LengthUnit::WorkingDays => {
                    let is_weekend = matches!(step.day.weekday(), Weekday::Sat | Weekday::Sun);
                    let key = if is_weekend { "due.step.worked" } else { "due.step.counts" };
                    self.fill(key, &[("day", &day), ("n", &n.to_string())])
                }
                (Some(_), _) => self.fill("due.step.ends", &[("day", &day)]),
                (None, Some(off)) => self.fill("due.step.off", &[("day", &day), ("why", &self.day_off_name(off))]),
                (None, None) if at == 0 => self.fill("due.step.starts", &[("day", &day)]),
                (None, None) => day,
            }
        };
        steps.iter().enumerate().map(line).collect()
    }

    /// Names the columns of the table that is written.
    pub fn due_columns(&self) -> Vec<String> {
        COLUMNS.map(|column| self.text(&format!("due.column.{column}")).to_string()).to_vec()
    }

    /// Gives the cells of a row of it.
    pub fn due_cells(&self, item: &DueItem, on: NaiveDate) -> Vec<String> {
        let (deadline, end) = (item.deadline(), item.end.as_ref());
        let day = |day: Option<NaiveDate>| day.map_or_else(String::new, |day| day.to_string());
        let event = self.started_by(item);
        vec![
            self.due_standing(item.standing).to_string(),
            self.thing(&item.thing),
            self.due_title(item),
            deadline.clause.clone(),
            self.deadline_name(deadline).to_string(),
            event.to_string(),
            day(end.and_then(|end| end.start)),
            day(end.map(|end| end.due)),
            item.days_left(on).map_or_else(String::new, |left| left.to_string()),
            day(end.map(|end| end.safe)),
            day(end.and_then(|end| end.put_off)),
            day(item.second.map(|second| second.due)),
            end.map_or_else(String::new, |end| self.text(day_source_key(end.source)).to_string()),
        ]
    }

    /// Tells in a calendar what ends: no name of a file or a person.
    pub fn due_summary(&self, item: &DueItem) -> String {
        let deadline = item.deadline();
        let places = [
            ("clause", &*deadline.clause),
            ("name", self.deadline_name(deadline)),
            ("thing", &self.thing(&item.thing)),
        ];
        self.fill("due.summary", &places)
    }

    /// Tells in a calendar what else is to be known.
    pub fn due_description(&self, item: &DueItem) -> String {
        self.due_told(item).join("\n")
    }

    fn weekday(&self, day: NaiveDate) -> &str {
        let all = self.text("lookup.weekdays");
        all.split(' ').nth(day.weekday().num_days_from_monday() as usize).unwrap_or_default()
    }

    fn day_off_name(&self, off: DayOff<'_>) -> String {
        match off {
            DayOff::Saturday => self.text("finding.day-off.saturday").to_string(),
            DayOff::Sunday => self.text("finding.day-off.sunday").to_string(),
            DayOff::Holiday("") => self.text("finding.day-off.unnamed").to_string(),
            DayOff::Holiday(name) => self.fill("finding.day-off.holiday", &[("name", &text::visible(name))]),
        }
    }
}

fn day_source_key(source: DaySource) -> &'static str {
    match source {
        DaySource::User => "due.source.user",
        DaySource::Published => "due.source.published",
        DaySource::Computed => "due.source.computed",
        DaySource::Weekday => "due.source.weekday",
    }
}
