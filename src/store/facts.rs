//! Facts of institutions, batches and cases (资料), as somebody noted them; the latest word on each counts.

use rusqlite::{Connection, OptionalExtension, Transaction, params};

use super::error::Result;
use super::{Store, StoreReader};
use crate::domain::fact::{CertificateKind, FactTerms, FactValues, Route};
use crate::domain::ledger::BatchId;
use crate::domain::ledger::action::{Act, Action, FactsNoted, Pairs};
use crate::domain::ledger::event::Thing;
use crate::domain::ledger::two_people::CHECKED_BY;
use crate::domain::ledger::verify::NotedRow;

/// The first version of the file that holds facts.
pub(super) const WITH_FACTS: i64 = 7;

/// The fact of a batch that is the workbook made of it, and the fact of the batch that was read from that.
const BRIDGE: &str = "bridge";
const BRIDGED_FROM: &str = "bridged-from";

/// A value that is noted of a fact; an empty one takes it back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewFact {
    pub id: String,
    pub value: String,
    /// Whether the value is somebody's.
    pub is_personal: bool,
}

impl Store {
    /// Notes facts of a thing, all of them or none, in the place of what was noted before. Gives the entry's place; nothing where
    /// all of it stood so already.
    ///
    /// # Errors
    /// The thing is not on record.
    pub fn note_facts(&self, thing: &Thing, facts: &[NewFact], reason: &str) -> Result<Option<u64>> {
        self.write_latest(|tx| self.note_facts_in(tx, thing, facts, reason))
    }

    fn note_facts_in(&self, tx: &Transaction, thing: &Thing, facts: &[NewFact], reason: &str) -> Result<Option<u64>> {
        let sql = |e: rusqlite::Error| self.error(&e);
        let about = thing.to_string();
        self.must_be_there(tx, thing)?;
        let (mut before, mut after) = (nothing(), nothing());
        // What a batch has of another one is taken back by a word of its own.
        let of_other = match origin(tx, thing).map_err(sql)? {
            Some(of) => own(tx, &Thing::Batch(of)).map_err(sql)?,
            None => FactValues::new(),
        };
        for fact in facts {
            let noted = stands(tx, &about, &fact.id).map_err(sql)?;
            let in_force = noted.as_ref().or_else(|| of_other.get(&fact.id)).map_or("", String::as_str);
            let (is_other, stands) = (in_force != fact.value, noted.clone().unwrap_or_default());
            if is_other {
                let side = |told: &mut FactsNoted, value: &str| {
                    let of = if fact.is_personal { &mut told.people } else { &mut told.facts };
                    of.0.push((fact.id.clone(), value.to_string()));
                };
                side(&mut before, &stands);
                side(&mut after, &fact.value);
            }
        }
        if after == nothing() {
            return Ok(None);
        }
        if let (Thing::Batch(batch), Some(checker)) = (thing, after.all().find(|(id, _)| *id == CHECKED_BY)) {
            self.must_be_checker(tx, *batch, &checker.1)?;
        }
        let action = Action::FactNote(Act { object: thing.clone(), before, after: after.clone() });
        let entry = self.append(tx, &action, reason.trim()).map_err(sql)?;
        for (id, value) in after.all() {
            tx.execute(
                "INSERT INTO fact VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO UPDATE SET value = ?3, entry = ?4",
                params![about, id, value, entry as i64],
            )
            .map_err(sql)?;
        }
        Ok(Some(entry))
    }

    /// Reads the facts of a thing; a batch has those of the one it was made of as well.
    pub fn facts(&self, thing: &Thing) -> Result<FactValues> {
        self.read(|db| of_thing(db, thing))
    }

    /// Notes of a batch which other its file was made of, where the file is one that the program wrote so.
    pub(super) fn link_bridge(&self, tx: &Transaction, batch: BatchId, sha256: &str) -> Result<()> {
        let of = made_of(tx, sha256).map_err(|e| self.error(&e))?.filter(|of| *of != batch);
        let Some(of) = of else { return Ok(()) };
        let fact = NewFact { id: BRIDGED_FROM.to_string(), value: of.to_string(), is_personal: false };
        self.note_facts_in(tx, &Thing::Batch(batch), &[fact], "").map(drop)
    }

    /// Reads what the codes of a batch say of what is demanded of its facts.
    pub fn fact_terms(&self, batch: BatchId) -> Result<FactTerms> {
        self.read(|db| terms(db, batch))
    }
}

impl StoreReader {
    /// As [`Store::facts`]; none where the store is from before there were any.
    pub fn facts(&self, thing: &Thing) -> Result<FactValues> {
        self.read(|db| of_thing(db, thing))
    }

    /// Finds the batch of which the program made a file, by the file's digest; none where it made no such file.
    pub fn bridged_from(&self, sha256: &str) -> Result<Option<BatchId>> {
        self.read(|db| if has_facts(db)? { made_of(db, sha256) } else { Ok(None) })
    }

    /// Reads who issues the certificates of a batch, where that is noted.
    pub fn route(&self, batch: Option<BatchId>) -> Result<Option<Route>> {
        Ok(self.fact_of_batch(batch, Route::FACT)?.and_then(|value| Route::read(&value)))
    }

    /// Reads which filed body issues the certificates of a batch, where that is noted.
    pub fn filed_body(&self, batch: Option<BatchId>) -> Result<Option<String>> {
        self.fact_of_batch(batch, Route::FILED_BODY)
    }

    /// Reads of which kind the certificates of a batch are, where that is noted.
    pub fn kind(&self, batch: Option<BatchId>) -> Result<Option<CertificateKind>> {
        Ok(self.fact_of_batch(batch, CertificateKind::FACT)?.and_then(|value| CertificateKind::read(&value)))
    }

    /// Lists the batches that are the same people: the one a batch was made of, and those that were made of it.
    pub fn same_people(&self, batch: Option<BatchId>) -> Result<Vec<BatchId>> {
        let Some(batch) = batch else { return Ok(Vec::new()) };
        self.read(|db| {
            if !has_facts(db)? {
                return Ok(Vec::new());
            }
            let mut all: Vec<BatchId> = origin(db, &Thing::Batch(batch))?.into_iter().collect();
            let mut statement = db.prepare_cached("SELECT about FROM fact WHERE fact = ?1 AND value = ?2")?;
            let made = statement.query_map([BRIDGED_FROM, &batch.to_string()], |r| r.get::<_, String>(0))?;
            for about in made {
                all.extend(batch_of(&about?));
            }
            Ok(all)
        })
    }

    fn fact_of_batch(&self, batch: Option<BatchId>, fact: &str) -> Result<Option<String>> {
        let Some(batch) = batch else { return Ok(None) };
        Ok(self.facts(&Thing::Batch(batch))?.remove(fact))
    }
}

fn nothing() -> FactsNoted {
    FactsNoted { facts: Pairs(Vec::new()), people: Pairs(Vec::new()) }
}

fn stands(db: &Connection, about: &str, fact: &str) -> rusqlite::Result<Option<String>> {
    db.query_row("SELECT value FROM fact WHERE about = ?1 AND fact = ?2", [about, fact], |r| r.get(0)).optional()
}

fn of_thing(db: &Connection, thing: &Thing) -> rusqlite::Result<FactValues> {
    if !has_facts(db)? {
        return Ok(FactValues::new());
    }
    let mut values = match origin(db, thing)? {
        Some(of) => own(db, &Thing::Batch(of))?,
        None => FactValues::new(),
    };
    values.remove(BRIDGE);
    values.remove(BRIDGED_FROM);
    // What was taken back of this one is not what the other has.
    values.extend(own(db, thing)?);
    values.retain(|_, value| !value.is_empty());
    Ok(values)
}

fn own(db: &Connection, thing: &Thing) -> rusqlite::Result<FactValues> {
    db.prepare_cached("SELECT fact, value FROM fact WHERE about = ?1")?
        .query_map([thing.to_string()], |r| Ok((r.get(0)?, r.get(1)?)))?
        .collect()
}

/// Finds the batch of which a file with this digest was made last.
fn made_of(db: &Connection, sha256: &str) -> rusqlite::Result<Option<BatchId>> {
    let sql = "SELECT about FROM fact WHERE fact = ?1 AND substr(value, 1, ?3 + 1) = ?2 || ' ' ORDER BY entry DESC";
    let found: Option<String> =
        db.query_row(sql, params![BRIDGE, sha256, sha256.len() as i64], |r| r.get(0)).optional()?;
    Ok(found.as_deref().and_then(batch_of))
}

/// Finds the batch that one was made of.
fn origin(db: &Connection, thing: &Thing) -> rusqlite::Result<Option<BatchId>> {
    let Thing::Batch(batch) = thing else { return Ok(None) };
    let noted = stands(db, &thing.to_string(), BRIDGED_FROM)?;
    Ok(noted.and_then(|number| number.parse().ok()).map(BatchId).filter(|of| of != batch))
}

/// Reads the number of a batch off what the audit chain calls it.
fn batch_of(about: &str) -> Option<BatchId> {
    about.strip_prefix("batch:")?.parse().ok().map(BatchId)
}

fn terms(db: &Connection, batch: BatchId) -> rusqlite::Result<FactTerms> {
    let mut statement = db.prepare_cached(
        "SELECT DISTINCT substr(code, 14, 2), substr(code, 1, 1) FROM certificate WHERE batch = ?1 AND status <> 'void'",
    )?;
    let mut rows = statement.query([batch.0])?;
    let mut terms = FactTerms::default();
    while let Some(row) = rows.next()? {
        let (year, category): (String, String) = (row.get(0)?, row.get(1)?);
        terms.years.extend(year.parse::<u8>());
        terms.categories.extend(category.chars().next());
    }
    let first: Option<String> = db.query_row(
        "SELECT min(a.issue_date) FROM certificate c JOIN assessment a ON a.id = c.assessment
         WHERE c.batch = ?1 AND c.status <> 'void' AND a.issue_date <> ''",
        [batch.0],
        |r| r.get(0),
    )?;
    terms.issued = first.and_then(|day| day.parse().ok());
    Ok(terms)
}

fn has_facts(db: &Connection) -> rusqlite::Result<bool> {
    let version: i64 = db.pragma_query_value(None, "user_version", |r| r.get(0))?;
    Ok(WITH_FACTS <= version)
}

/// Reads the table as it stands.
pub(super) fn rows(db: &Connection) -> rusqlite::Result<Vec<NotedRow>> {
    if !has_facts(db)? {
        return Ok(Vec::new());
    }
    db.prepare("SELECT about, fact, value, entry FROM fact ORDER BY about, fact")?
        .query_map([], |r| {
            Ok(NotedRow { key: (r.get(0)?, r.get(1)?), value: r.get(2)?, entry: r.get::<_, i64>(3)? as u64 })
        })?
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::batches::samples::{new_batch, open};

    /// The digest of a file that the program made of a batch is known at its end, or later: either way the batch goes by the facts
    /// of the other one.
    #[test]
    fn a_bridged_batch_is_linked_whenever_its_digest_comes() {
        let fact = |id: &str, value: &str| NewFact { id: id.into(), value: value.into(), is_personal: false };
        for is_later in [false, true] {
            let dir = tempfile::tempdir().unwrap();
            let store = open(dir.path(), "wang");
            let summary = store.create_batch(&new_batch("汇总.csv")).unwrap();
            let facts = [fact(BRIDGE, "ab12 上报.xlsx"), fact(Route::FACT, "committee")];
            store.note_facts(&Thing::Batch(summary), &facts, "").unwrap();
            let made = store.create_batch(&new_batch("上报.xlsx")).unwrap();
            store.complete_batch(made, 0, (!is_later).then_some("ab12")).unwrap();
            if is_later {
                assert!(store.facts(&Thing::Batch(made)).unwrap().is_empty());
                store.set_digest(made, "ab12").unwrap();
            }
            let known = store.facts(&Thing::Batch(made)).unwrap();
            assert_eq!(known.get(Route::FACT).map(String::as_str), Some("committee"), "{is_later}");
            assert_eq!(known.get(BRIDGED_FROM).map(String::as_str), Some("1"));
        }
    }
}
