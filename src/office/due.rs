//! What is due (到期): deadlines of batches, cases and institutions, the events that start and end them, and the files made of them.

use std::convert::Infallible;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use chrono::NaiveDate;

use super::export::now;
use super::{LedgerReader, Office, Session, bug};
use crate::domain::calendar::Calendar;
use crate::domain::code::PREFIX_LENGTH;
use crate::domain::deadline::DueDay;
use crate::domain::due::{self, DueItem, KnownThings};
use crate::domain::ledger::case::CaseId;
use crate::domain::ledger::event::{DatedEvent, NotedEvent, Thing, ThingKind};
use crate::domain::ledger::{BatchId, Certificate};
use crate::domain::profile::{Deadline, Profile};
use crate::domain::registry::{InstitutionRefusal, typed_prefix};
use crate::domain::upload::{TableFormat, neutral};
use crate::failure::Failure;
use crate::formats::atomic;
use crate::formats::ics::{CalendarDay, calendar_file};
use crate::formats::write_table::{TableCell, TableHead, write_table};
use crate::store::{Store, StoreError, StoreReader};

/// What is due on a day.
#[derive(Debug, Clone)]
pub struct DueList {
    pub on: NaiveDate,
    pub items: Vec<DueItem>,
}

/// Which of it is wanted.
#[derive(Debug, Clone, Default)]
pub struct WantedDue {
    /// The day it is looked at on; today when not given.
    pub on: Option<NaiveDate>,
    /// Only what ends within so many days, or has ended.
    pub within: Option<u32>,
    /// Only what concerns institutions whose prefix begins like this.
    pub institution: Option<String>,
    /// Only what concerns a batch.
    pub batch: Option<BatchId>,
}

/// A deadline that was counted from a day by itself.
#[derive(Debug, Clone)]
pub struct CountedDeadline {
    pub profile: Arc<Profile>,
    pub deadline: Deadline,
    pub end: DueDay,
    pub second: Option<DueDay>,
}

/// A file that is made of what is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DueFile {
    Csv,
    Ics,
}

impl DueList {
    /// Counts what presses: what has passed, and what will within days.
    pub fn pressing(&self) -> usize {
        self.items.iter().filter(|item| item.is_pressing(self.on)).count()
    }

    /// Takes what is wanted of everything.
    pub(super) fn of(office: &Office, known: &KnownThings, wanted: &WantedDue) -> Result<DueList, Failure> {
        let on = office.or_today(wanted.on)?;
        let mut items = due::due(known, &|id| office.catalogue().profile(id).cloned(), &office.calendar(), on);
        let is_near = |item: &DueItem| match (wanted.within, item.days_left(on)) {
            (Some(within), left) => left.is_some_and(|left| left <= i64::from(within)),
            (None, _) => true,
        };
        let institution = wanted.institution.as_deref().map(typed_prefix);
        let is_of = |item: &DueItem| institution.as_deref().is_none_or(|prefix| item.concerns(prefix));
        items.retain(|item| is_near(item) && is_of(item));
        Ok(DueList { on, items })
    }
}

impl Office {
    /// Gives the calendar of working days: built in, and the user's.
    pub fn calendar(&self) -> Calendar {
        self.tables_in_use().0.calendar.clone()
    }

    /// Lists what is due, the worst first.
    ///
    /// # Errors
    /// There is no store; no institution's prefix begins as that which is wanted.
    pub fn due(&self, wanted: &WantedDue) -> Result<DueList, Failure> {
        let known = match (self.ledger()?, wanted.batch) {
            (None, Some(batch)) => return Err(self.told(&StoreError::NoBatch(batch))),
            (None, _) => KnownThings::default(),
            (Some(ledger), None) => ledger.with(StoreReader::known_things)?,
            (Some(ledger), Some(batch)) => ledger.known_batch(batch)?,
        };
        let list = DueList::of(self, &known, wanted)?;
        let typed = wanted
            .institution
            .as_deref()
            .map(typed_prefix)
            .filter(|prefix| list.items.is_empty() && prefix.len() == PREFIX_LENGTH);
        match typed {
            Some(prefix) if !known.registry.institutions().any(|one| one.prefix.starts_with(&prefix)) => {
                Err(self.unknown_institution(&prefix, &known.registry))
            }
            _ => Ok(list),
        }
    }

    /// Tells of something that is due what is to be known of it, and how it was counted day by day.
    pub fn due_told(&self, item: &DueItem) -> Vec<String> {
        let (locale, calendar) = (self.locale(), self.calendar());
        let mut told = locale.due_told(item);
        if let Some(end) = &item.end {
            told.extend(locale.due_steps(item.deadline(), &item.deadline().steps(end, &calendar)));
        }
        told
    }

    /// Counts what presses: what has passed, and what will within days.
    pub fn pressing(&self) -> Result<usize, Failure> {
        Ok(self.due(&WantedDue::default())?.pressing())
    }

    /// Counts a deadline from a day, whatever the store holds.
    ///
    /// # Errors
    /// No profile has a deadline of the clause; the hint names those that come near.
    pub fn count_deadline(&self, clause: &str, from: NaiveDate) -> Result<CountedDeadline, Failure> {
        let all = || self.catalogue().profiles.iter().flat_map(|p| p.deadlines.iter().map(move |d| (p, d)));
        let named = |of: &Deadline| of.clause.eq_ignore_ascii_case(clause.trim());
        let Some((profile, deadline)) = all().find(|(_, deadline)| named(deadline)) else {
            let failure = self.usage("due.no-rule", &[("rule", clause)]);
            let clauses = all().map(|(_, deadline)| deadline.clause.as_str());
            return Err(Failure { hint: self.locale().near(clause, clauses, "name.deadlines"), ..failure });
        };
        let (end, second) = due::ends(profile, deadline, from, &self.calendar());
        let end = end.ok_or_else(|| self.usage("due.no-day", &[("rule", clause), ("day", &from.to_string())]))?;
        Ok(CountedDeadline { profile: Arc::clone(profile), deadline: deadline.clone(), end, second })
    }

    /// Finds what an event happens to as it was typed: a prefix, or the number of a batch or a case.
    ///
    /// # Errors
    /// It is neither; or nobody notes such an event, for the ledger has it.
    pub fn thing_of(&self, event: DatedEvent, typed: &str) -> Result<Thing, Failure> {
        let locale = self.locale();
        let name = locale.dated_event(event);
        if !event.is_noted() {
            return Err(self.usage("due.not-noted", &[("event", name)]));
        }
        let typed = typed.trim();
        let number = || typed.trim_start_matches('#').parse::<i64>().ok().filter(|number| 0 < *number);
        let found = match event.happens_to() {
            ThingKind::Institution => Some(Thing::Institution(typed_prefix(typed))),
            ThingKind::Batch => number().map(|number| Thing::Batch(BatchId(number))),
            ThingKind::Case => number().map(|number| Thing::Case(CaseId(number))),
        };
        found.ok_or_else(|| {
            let kind = locale.thing_kind(event.happens_to());
            self.usage("due.no-number", &[("event", name), ("kind", kind), ("typed", typed)])
        })
    }

    /// Lists the events that are noted.
    pub fn events(&self) -> Result<Vec<NotedEvent>, Failure> {
        self.ledger()?.map_or_else(|| Ok(Vec::new()), |ledger| ledger.with(StoreReader::events))
    }

    /// Makes a file of what is due: a table, or days of a calendar. People's names and files are in neither calendar.
    pub fn due_file(&self, list: &DueList, kind: DueFile) -> Result<Vec<u8>, Failure> {
        match kind {
            DueFile::Csv => self.due_table(list),
            DueFile::Ics => Ok(self.due_calendar(list).into_bytes()),
        }
    }

    /// Writes such a file under a name.
    pub fn write_due(&self, bytes: &[u8], path: &Path, overwrite: bool) -> Result<(), Failure> {
        write_bytes(self, bytes, path, overwrite)
    }

    fn due_table(&self, list: &DueList) -> Result<Vec<u8>, Failure> {
        let locale = self.report_locale();
        let rows: Vec<Vec<String>> = list.items.iter().map(|item| locale.due_cells(item, list.on)).collect();
        let labels = locale.due_columns();
        let head = TableHead {
            format: TableFormat::CsvUtf8,
            sheet: "",
            widths: vec![10.0; labels.len()],
            labels: labels.into_iter().map(Into::into).collect(),
            rows: rows.len() as u32,
            created: now(),
            is_filtered: false,
        };
        let cells = rows.iter().map(|row| {
            // A day that has passed is a negative number, and no formula.
            let cells = row.iter().map(|cell| {
                let is_number = cell.parse::<i64>().is_ok();
                TableCell::from(if is_number { cell.into() } else { neutral(cell, TableFormat::CsvUtf8) })
            });
            Ok::<Vec<TableCell<'_>>, Infallible>(cells.collect())
        });
        let mut out = Vec::new();
        write_table(&mut out, Path::new("due.csv"), &head, cells).map_err(|e| self.locale().write_failure(&e))?;
        Ok(out)
    }

    fn due_calendar(&self, list: &DueList) -> String {
        let locale = self.report_locale();
        let days = list.items.iter().filter_map(|item| {
            let end = item.end?;
            // A day of every year is another one each year; else the next one takes the place of the last.
            let year = end.start.map_or_else(|| format!(".{}", end.due.format("%Y")), |_| String::new());
            let clause = item.deadline().clause.to_ascii_lowercase();
            let thing = item.thing.to_string().replace(':', "-");
            let nth = match item.nth_of_clause() {
                0 => String::new(),
                nth => format!("-{}", nth + 1),
            };
            Some(CalendarDay {
                // The same deadline of the same thing stays one entry, however its day moves.
                uid: format!("{clause}{nth}.{thing}{year}@skillcert"),
                day: end.due,
                summary: locale.due_summary(item),
                description: locale.due_description(item),
            })
        });
        calendar_file(locale.text("due.calendar"), &days.collect::<Vec<_>>(), now().to_utc())
    }
}

/// Writes a text under a name.
pub(super) fn write_text(office: &Office, text: &str, path: &Path, overwrite: bool) -> Result<(), Failure> {
    write_bytes(office, text.as_bytes(), path, overwrite)
}

fn write_bytes(office: &Office, bytes: &[u8], path: &Path, overwrite: bool) -> Result<(), Failure> {
    let written = office.spare_state(path).and_then(|()| {
        atomic::write(path, overwrite, None, |out| out.write_all(bytes).map_err(atomic::WriteError::io(path)))
    });
    written.map_err(|e| office.locale().write_failure(&e))
}

impl LedgerReader {
    /// Lists what is due of one batch.
    pub fn due_of_batch(&self, batch: BatchId) -> Result<DueList, Failure> {
        DueList::of(&self.office, &self.known_batch(batch)?, &WantedDue::default())
    }

    /// Lists what is due of a certificate: of its batch as far as it is about one like it, and of its cases.
    pub fn due_of_certificate(&self, certificate: &Certificate) -> Result<DueList, Failure> {
        let known = self.with(StoreReader::known_things)?;
        let mut list = DueList::of(&self.office, &known, &WantedDue::default())?;
        let batch = certificate.row.map(|(batch, _)| Thing::Batch(batch));
        let group = self.with(|reader| reader.group_of(certificate))?;
        list.items.retain(|item| match &item.thing {
            Thing::Batch(_) => Some(&item.thing) == batch.as_ref() && item.is_about(&group),
            Thing::Case(_) => item.title == certificate.code.as_str(),
            Thing::Institution(prefix) => {
                item.is_outside && batch.is_none() && group.prefix == *prefix && item.is_about(&group)
            }
        });
        Ok(list)
    }

    /// Reads what the deadlines of a batch are about.
    ///
    /// # Errors
    /// There is no such batch.
    pub(super) fn known_batch(&self, batch: BatchId) -> Result<KnownThings, Failure> {
        let known = self.with(|reader| reader.known_batch(batch))?;
        if known.batches.is_empty() { Err(self.office.told(&StoreError::NoBatch(batch))) } else { Ok(known) }
    }
}

impl Session {
    /// Notes the day of an event, in the place of an earlier word; none takes it back. Gives the entry's place in the audit chain.
    ///
    /// # Errors
    /// A day that is still to come, a thing that is not on record, a word that says what stands already.
    pub fn note_event(
        &self,
        thing: &Thing,
        event: DatedEvent,
        day: Option<NaiveDate>,
        reason: &str,
    ) -> Result<u64, Failure> {
        let (office, locale) = (&self.office, self.office.locale());
        if day.is_none() && reason.trim().is_empty() {
            return Err(office.usage("cli.blank-reason", &[]));
        }
        if !event.is_noted() || event.happens_to() != thing.kind() {
            return Err(bug("event"));
        }
        if let Some(day) = day
            && !event.is_planned_ahead()
            && office.today()? < day
        {
            return Err(office.usage("ledger.future", &[("day", &day.to_string())]));
        }
        let stands = self.with(Store::events)?;
        let stands = stands.iter().find(|noted| noted.thing == *thing && noted.event == event).map(|noted| noted.day);
        if stands == day {
            let told = day.map_or_else(|| locale.text("due.none").to_string(), |day| day.to_string());
            let thing = locale.thing(thing);
            let places = [("thing", &*thing), ("event", locale.dated_event(event)), ("day", &told)];
            return Err(office.usage("due.stands-already", &places));
        }
        match self.try_with(|store| store.note_event(thing, event, day, reason)) {
            Err(StoreError::Registry(InstitutionRefusal::Unknown(prefix))) => {
                Err(office.unknown_institution(&prefix, &office.registry()?))
            }
            Err(StoreError::Registry(refusal)) => {
                let Thing::Institution(prefix) = thing else { return Err(bug("event")) };
                let profile = office.registry()?.get(prefix).and_then(|one| office.profile(&one.profile).ok());
                Err(locale.registry_refusal(&refusal, profile.as_deref()))
            }
            done => done.map_err(|e| office.told(&e)),
        }
    }
}
