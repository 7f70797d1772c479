//! Events that start and end deadlines (期限事件), as somebody noted them; the latest word on each counts.

use chrono::NaiveDate;
use rusqlite::{Connection, OptionalExtension, Transaction, params};

use super::error::{Result, StoreError};
use super::stock::counted_day;
use super::{Store, StoreReader};
use crate::domain::date;
use crate::domain::ledger::action::{Act, Action, EventDay};
use crate::domain::ledger::event::{DatedEvent, NotedEvent, Thing};
use crate::domain::ledger::stock::StockRefusal;
use crate::domain::ledger::verify::NotedRow;
use crate::domain::registry::InstitutionRefusal;

/// The first version of the file that holds events.
const WITH_EVENTS: i64 = 5;

/// What the table has of an event.
const ONE: &str = "SELECT day FROM event WHERE about = ?1 AND event = ?2";

impl Store {
    /// Notes the day of an event, in the place of what was noted before; none takes it back. Gives the entry's place.
    ///
    /// # Errors
    /// The thing is not on record; an order to put things right or its acceptance names no paper, or comes before its time.
    pub fn note_event(&self, thing: &Thing, event: DatedEvent, day: Option<NaiveDate>, reason: &str) -> Result<u64> {
        self.write_latest(|tx| {
            let mut day = day;
            // A stocktake that is closed counts by itself: a note moves its day on, and what is taken back is the note alone.
            if let (Thing::Institution(prefix), DatedEvent::Counted) = (thing, event) {
                let counted = counted_day(tx, prefix).map_err(|e| self.error(&e))?;
                match (day, counted) {
                    (Some(noted), Some(counted)) if noted < counted => {
                        return Err(StockRefusal::CountedLater(counted).into());
                    }
                    (None, counted) => day = counted,
                    _ => {}
                }
            }
            if let (Thing::Institution(prefix), Some(day), true) = (thing, day, event.names_paper()) {
                self.must_be_there(tx, thing)?;
                self.must_follow(tx, (prefix, event), day, reason)?;
            }
            self.note_event_in(tx, thing, event, (day, reason))
        })
    }

    /// Gives the day that is noted of an event.
    pub(super) fn noted_day(&self, tx: &Transaction, thing: &Thing, event: DatedEvent) -> Result<Option<NaiveDate>> {
        let day = stands(tx, &thing.to_string(), event).map_err(|e| self.error(&e))?;
        Ok(day.and_then(|day| day.parse().ok()))
    }

    /// The same within a transaction.
    pub(super) fn note_event_in(
        &self,
        tx: &Transaction,
        thing: &Thing,
        event: DatedEvent,
        (day, reason): (Option<NaiveDate>, &str),
    ) -> Result<u64> {
        let sql = |e: rusqlite::Error| self.error(&e);
        let about = thing.to_string();
        self.must_be_there(tx, thing)?;
        let before = stands(tx, &about, event).map_err(sql)?;
        let before = before.map(|day| EventDay { event, day: day.parse().ok() });
        let action = Action::EventNote(Act { object: thing.clone(), before, after: EventDay { event, day } });
        let entry = self.append(tx, &action, reason.trim()).map_err(sql)?;
        tx.execute(
            "INSERT INTO event VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO UPDATE SET day = ?3, entry = ?4",
            params![about, event.key(), date::written(day), entry as i64],
        )
        .map_err(sql)?;
        Ok(entry)
    }

    /// Refuses a thing that is not on record.
    pub(super) fn must_be_there(&self, tx: &Connection, thing: &Thing) -> Result<()> {
        match thing {
            _ if is_there(tx, thing).map_err(|e| self.error(&e))? => Ok(()),
            Thing::Institution(prefix) => Err(StoreError::Registry(InstitutionRefusal::Unknown(prefix.clone()))),
            Thing::Batch(batch) => Err(StoreError::NoBatch(*batch)),
            Thing::Case(case) => Err(StoreError::NoCase(*case)),
        }
    }

    /// Lists the events that are noted and not taken back.
    pub fn events(&self) -> Result<Vec<NotedEvent>> {
        self.read(noted)
    }
}

impl StoreReader {
    /// As [`Store::events`]; none where the store is from before there were any.
    pub fn events(&self) -> Result<Vec<NotedEvent>> {
        self.read(noted)
    }
}

fn is_there(db: &Connection, thing: &Thing) -> rusqlite::Result<bool> {
    let found = |table: &str, column: &str, value: &dyn rusqlite::ToSql| {
        db.query_row(&format!("SELECT EXISTS (SELECT 1 FROM {table} WHERE {column} = ?1)"), [value], |r| r.get(0))
    };
    match thing {
        Thing::Institution(prefix) => found("institution", "prefix", prefix),
        Thing::Batch(batch) => found("batch", "id", &batch.0),
        Thing::Case(case) => found("case_file", "id", &case.0),
    }
}

fn stands(db: &Connection, about: &str, event: DatedEvent) -> rusqlite::Result<Option<String>> {
    db.query_row(ONE, [about, event.key()], |r| r.get(0)).optional()
}

pub(super) fn noted(db: &Connection) -> rusqlite::Result<Vec<NotedEvent>> {
    let all = rows(db)?.into_iter();
    // What a later release notes says nothing to this one.
    let known = |row: NotedRow| {
        let (about, event) = row.key;
        Some(NotedEvent { thing: Thing::read(&about)?, event: DatedEvent::read(&event)?, day: row.value.parse().ok()? })
    };
    Ok(all.filter_map(known).collect())
}

/// Tells whether the store is not from before there were events.
pub(super) fn has_events(db: &Connection) -> rusqlite::Result<bool> {
    let version: i64 = db.pragma_query_value(None, "user_version", |r| r.get(0))?;
    Ok(WITH_EVENTS <= version)
}

/// Reads the table as it stands.
pub(super) fn rows(db: &Connection) -> rusqlite::Result<Vec<NotedRow>> {
    if !has_events(db)? {
        return Ok(Vec::new());
    }
    db.prepare("SELECT about, event, day, entry FROM event ORDER BY about, event")?
        .query_map([], |r| {
            Ok(NotedRow { key: (r.get(0)?, r.get(1)?), value: r.get(2)?, entry: r.get::<_, i64>(3)? as u64 })
        })?
        .collect()
}
