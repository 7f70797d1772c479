//! The institution registry in the store: read whole, changed by [`InstitutionEvent`]s, each with its entries in the audit chain.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use rusqlite::types::Type;
use rusqlite::{Connection, Row, Transaction, TransactionBehavior, params};

use super::error::{Result, StoreError};
use super::events::has_events;
use super::{Store, facts};
use crate::cause::OwnFileFault;
use crate::domain::code::{CertCode, PREFIX_LENGTH};
use crate::domain::ledger::action::Action;
use crate::domain::ledger::event::{DatedEvent, Thing};
use crate::domain::level::Level;
use crate::domain::registry::{
    AFFILIATES, DatedName, Institution, InstitutionEvent, InstitutionRefusal, Rectification, Registry, Retired,
    ScopeItem, Seal, Standing, Standings, affiliates_of,
};

/// Names an institution in the audit chain.
pub fn object_of(prefix: &str) -> String {
    format!("institution:{prefix}")
}

impl Store {
    /// Reads the institution registry.
    pub fn registry(&self) -> Result<Registry> {
        self.read(read)
    }

    /// Lets something happen to institutions today, against what the registry is now. One entry of the audit chain for each
    /// institution it happens to; gives the place of the first.
    ///
    /// # Errors
    /// [`StoreError::Registry`] where the registry does not allow it, and the store's own; nothing is stored then.
    pub fn institution_event(&self, event: &InstitutionEvent, reason: &str, today: NaiveDate) -> Result<u64> {
        self.write_latest(|tx| {
            let sql = |e: rusqlite::Error| self.error(&e);
            let mut registry = read_some(tx, &event.prefixes()).map_err(sql)?;
            let before = registry.clone();
            let touched = registry.apply(event, reason, today).map_err(StoreError::Registry)?;
            let mut first = None;
            for institution in touched.iter().filter_map(|prefix| registry.get(prefix)) {
                write(tx, institution).map_err(sql)?;
                let before = before.get(&institution.prefix).cloned();
                let action = Action::of_event(event.kind(), before, institution.clone());
                let seq = self.append(tx, &action, reason.trim()).map_err(sql)?;
                first.get_or_insert(seq);
            }
            first.ok_or_else(|| StoreError::damaged(&self.path, OwnFileFault::Event))
        })
    }
}

/// Reads every institution, as they stand at one moment.
pub(super) fn read(db: &Connection) -> rusqlite::Result<Registry> {
    let tx = Transaction::new_unchecked(db, TransactionBehavior::Deferred)?;
    read_in(&tx)
}

/// Reads every institution within a transaction.
pub(super) fn read_in(tx: &Transaction) -> rusqlite::Result<Registry> {
    Ok(read_where(tx, "", &[])?.with_standings(standings(tx)?))
}

/// Reads what is noted of institutions; a store from before there were events or facts says nothing.
fn standings(db: &Connection) -> rusqlite::Result<Standings> {
    let mut all = Standings::new();
    for (prefix, (ordered, accepted)) in rectifications(db)? {
        let standing = all.entry(prefix).or_default();
        if let Some(ordered) = ordered {
            standing.take_rectification(ordered, accepted);
        }
    }
    for row in facts::rows(db)?.into_iter().filter(|row| row.key.1 == AFFILIATES) {
        if let Some(Thing::Institution(prefix)) = Thing::read(&row.key.0) {
            all.entry(prefix).or_default().affiliates = affiliates_of(&row.value);
        }
    }
    Ok(all)
}

/// The latest order to put things right, and the latest acceptance.
type Ordered = (Option<Rectification>, Option<NaiveDate>);

fn rectifications(db: &Connection) -> rusqlite::Result<BTreeMap<String, Ordered>> {
    let mut all: BTreeMap<String, Ordered> = BTreeMap::new();
    if !has_events(db)? {
        return Ok(all);
    }
    let mut statement = db.prepare_cached(
        "SELECT e.about, e.event, e.day, a.reason FROM event e JOIN audit a ON a.seq = e.entry
         WHERE e.event IN ('rectifying', 'rectified') AND e.day <> ''",
    )?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let about: String = row.get(0)?;
        let (Some(Thing::Institution(prefix)), Some(day)) = (Thing::read(&about), day(row, 2)?) else { continue };
        let of = all.entry(prefix).or_default();
        match DatedEvent::read(row.get_ref(1)?.as_str()?) {
            Some(DatedEvent::Rectifying) => of.0 = Some(Rectification { since: day, paper: row.get(3)? }),
            _ => of.1 = Some(day),
        }
    }
    Ok(all)
}

/// Finds the order to put things right that stands for an institution.
pub(super) fn rectification(db: &Connection, prefix: &str) -> rusqlite::Result<Option<Rectification>> {
    let found = rectifications(db)?.remove(prefix).unwrap_or_default();
    let mut standing = Standing::default();
    if let (Some(ordered), accepted) = found {
        standing.take_rectification(ordered, accepted);
    }
    Ok(standing.rectification)
}

impl Store {
    /// Refuses certificates of an institution that puts things right (BJ-70).
    pub(super) fn must_not_be_rectifying<'c>(
        &self,
        tx: &Transaction,
        codes: impl IntoIterator<Item = &'c CertCode>,
    ) -> Result<()> {
        let prefixes: BTreeSet<&str> = codes.into_iter().map(|code| &code.as_str()[..PREFIX_LENGTH]).collect();
        for prefix in prefixes {
            if let Some(order) = rectification(tx, prefix).map_err(|e| self.error(&e))? {
                let refusal = InstitutionRefusal::Rectifying { prefix: prefix.to_string(), since: order.since };
                return Err(StoreError::Registry(refusal));
            }
        }
        Ok(())
    }

    /// Refuses a word on a rectification that names no paper, or accepts what was not ordered before.
    pub(super) fn must_follow(
        &self,
        tx: &Transaction,
        (prefix, event): (&str, DatedEvent),
        day: NaiveDate,
        paper: &str,
    ) -> Result<()> {
        if paper.trim().is_empty() {
            return Err(StoreError::Registry(InstitutionRefusal::NoPaper));
        }
        if event != DatedEvent::Rectified {
            return Ok(());
        }
        let ordered = rectifications(tx).map_err(|e| self.error(&e))?.remove(prefix).and_then(|(ordered, _)| ordered);
        match ordered {
            None => Err(StoreError::Registry(InstitutionRefusal::NotRectifying(prefix.to_string()))),
            Some(Rectification { since, .. }) if day < since => {
                Err(StoreError::Registry(InstitutionRefusal::RectifiedBefore { on: day, since }))
            }
            Some(_) => Ok(()),
        }
    }
}

/// Reads the institutions of some prefixes.
fn read_some(tx: &Transaction, prefixes: &[&str]) -> rusqlite::Result<Registry> {
    let mut found = Vec::new();
    for prefix in prefixes {
        found.extend(read_where(tx, "WHERE prefix = ?1", &[prefix])?.institutions().cloned());
    }
    Ok(Registry::new(found))
}

fn read_where(db: &Connection, condition: &str, prefix: &[&str]) -> rusqlite::Result<Registry> {
    let of = |columns: &str, table: &str, order: &str| format!("SELECT {columns} FROM {table} {condition} {order}");
    let values = || rusqlite::params_from_iter(prefix);
    let mut all = db
        .prepare_cached(&of(
            "prefix, profile, kind, filed_on, contact, retired_on, retired_reason, successor",
            "institution",
            "",
        ))?
        .query_map(values(), |r| institution(r).map(|i| (i.prefix.clone(), i)))?
        .collect::<rusqlite::Result<BTreeMap<String, Institution>>>()?;
    let by_number = "ORDER BY prefix, number";
    let mut names = db.prepare_cached(&of("prefix, name, valid_from, valid_to", "institution_name", by_number))?;
    let mut rows = names.query(values())?;
    while let Some(r) = rows.next()? {
        let name = DatedName { name: r.get(1)?, from: day(r, 2)?, to: day(r, 3)? };
        all.get_mut(r.get_ref(0)?.as_str()?).into_iter().for_each(|i| i.names.push(name.clone()));
    }
    let mut seals =
        db.prepare_cached(&of("prefix, name, used_from, electronic_from", "institution_seal", by_number))?;
    let mut rows = seals.query(values())?;
    while let Some(r) = rows.next()? {
        let seal = Seal { name: r.get(1)?, from: day(r, 2)?, electronic_from: day(r, 3)? };
        all.get_mut(r.get_ref(0)?.as_str()?).into_iter().for_each(|i| i.seals.push(seal.clone()));
    }
    let columns = "prefix, occupation, occupation_code, work_type, levels, standard";
    let mut scope = db.prepare_cached(&of(columns, "institution_scope", by_number))?;
    let mut rows = scope.query(values())?;
    while let Some(r) = rows.next()? {
        let item = ScopeItem {
            occupation: r.get(1)?,
            occupation_code: r.get(2)?,
            work_type: r.get(3)?,
            levels: levels(r, 4)?,
            standard: r.get(5)?,
        };
        all.get_mut(r.get_ref(0)?.as_str()?).into_iter().for_each(|i| i.scope.push(item.clone()));
    }
    Ok(Registry::new(all.into_values()))
}

fn institution(r: &Row) -> rusqlite::Result<Institution> {
    let retired = match day(r, 5)? {
        Some(on) => Some(Retired { on, reason: r.get(6)?, successor: r.get(7)? }),
        None => None,
    };
    Ok(Institution {
        prefix: r.get(0)?,
        profile: r.get(1)?,
        kind: r.get(2)?,
        filed_on: day(r, 3)?,
        contact: r.get(4)?,
        retired,
        ..Institution::default()
    })
}

/// Reads a column that holds a day or nothing.
fn day(r: &Row, column: usize) -> rusqlite::Result<Option<NaiveDate>> {
    let text: Option<String> = r.get(column)?;
    let read = |t: String| t.parse().map_err(|e| unreadable(column, e));
    text.map(read).transpose()
}

/// Reads a column that holds the digits of levels.
fn levels(r: &Row, column: usize) -> rusqlite::Result<Vec<Level>> {
    let text = r.get_ref(column)?.as_str()?;
    let level = |b: u8| Level::new(b.wrapping_sub(b'0')).ok_or_else(|| unreadable(column, std::fmt::Error));
    text.bytes().map(level).collect()
}

fn unreadable(column: usize, error: impl std::error::Error + Send + Sync + 'static) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(column, Type::Text, Box::new(error))
}

/// Writes an institution as it stands now.
pub(super) fn write(tx: &Transaction, institution: &Institution) -> rusqlite::Result<()> {
    let Institution { prefix, profile, kind, filed_on, contact, names, seals, scope, retired } = institution;
    let written = |day: Option<NaiveDate>| day.map(|d| d.to_string());
    tx.prepare_cached(
        "INSERT INTO institution (prefix, profile, kind, filed_on, contact, retired_on, retired_reason, successor)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
         ON CONFLICT (prefix) DO UPDATE SET kind = ?3, filed_on = ?4, contact = ?5, retired_on = ?6, retired_reason = ?7,
                                            successor = ?8",
    )?
    .execute(params![
        prefix,
        profile,
        kind,
        written(*filed_on),
        contact,
        written(retired.as_ref().map(|r| r.on)),
        retired.as_ref().map_or("", |r| r.reason.as_str()),
        retired.as_ref().and_then(|r| r.successor.as_deref()),
    ])?;
    // Names and seals are only added to; of those that are there only the days change.
    let mut statement = tx.prepare_cached(
        "INSERT INTO institution_name VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (prefix, number) DO UPDATE SET valid_from = ?4, valid_to = ?5",
    )?;
    for (number, n) in names.iter().enumerate() {
        statement.execute(params![prefix, number as i64, n.name, written(n.from), written(n.to)])?;
    }
    let mut statement = tx.prepare_cached(
        "INSERT INTO institution_seal VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (prefix, number) DO UPDATE SET used_from = ?4, electronic_from = ?5",
    )?;
    for (number, s) in seals.iter().enumerate() {
        statement.execute(params![prefix, number as i64, s.name, written(s.from), written(s.electronic_from)])?;
    }
    tx.prepare_cached("DELETE FROM institution_scope WHERE prefix = ?1")?.execute([prefix])?;
    let mut statement = tx.prepare_cached("INSERT INTO institution_scope VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")?;
    for (number, item) in scope.iter().enumerate() {
        let levels: String = item.levels.iter().map(|l| char::from(b'0' + l.digit())).collect();
        let ScopeItem { occupation, occupation_code, work_type, standard, .. } = item;
        statement.execute(params![prefix, number as i64, occupation, occupation_code, work_type, levels, standard])?;
    }
    Ok(())
}

#[cfg(test)]
#[path = "registry_tests.rs"]
mod tests;
