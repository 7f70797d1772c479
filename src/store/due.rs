//! What the store knows that deadlines are about: read in groups, never certificate by certificate.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;
use rusqlite::{Connection, Transaction, TransactionBehavior, params};

use super::error::Result;
use super::{Store, StoreReader, events, registry};
use crate::domain::code::{CertCode, PREFIX_LENGTH};
use crate::domain::date;
use crate::domain::due::{CertificateGroup, KnownBatch, KnownCase, KnownThings};
use crate::domain::ledger::action::ActionName;
use crate::domain::ledger::case::{CaseId, CaseKind};
use crate::domain::ledger::{BatchId, Selection, Status};

/// How the certificates of batches stand; the series is told by the id, so that no other table is looked into for each.
const GROUPS: &str = "
    SELECT c.batch, c.id >> 30, c.status, c.assessment, min(c.status_on), count(*) FROM certificate c
    WHERE c.batch IS NOT NULL AND (?1 IS NULL OR c.batch = ?1) GROUP BY 1, 2, 3, 4";

/// Certificates that are to be handed in: of one profile and issue date.
pub type ToSubmit = BTreeMap<(String, NaiveDate), Vec<CertCode>>;

impl Store {
    /// Reads what deadlines are about.
    pub fn known_things(&self) -> Result<KnownThings> {
        self.read(|db| known_things(db, None))
    }

    /// Reads what the deadlines of one batch are about.
    pub fn known_batch(&self, batch: BatchId) -> Result<KnownThings> {
        self.read(|db| known_things(db, Some(batch)))
    }

    /// Lists the certificates among some that can be handed in, by profile and issue date. Those whose date is none are left out.
    pub fn to_submit(&self, selection: &Selection) -> Result<ToSubmit> {
        let found = self.list_certificates(&self.db, selection, false)?;
        let profiles: HashMap<String, String> = self.read(|db| {
            db.prepare("SELECT key, profile FROM series")?.query_map([], |r| Ok((r.get(0)?, r.get(1)?)))?.collect()
        })?;
        let mut all = ToSubmit::new();
        for certificate in found.into_iter().filter(|one| one.status.may_become(Status::Submitted)) {
            let profile = profiles.get(certificate.series.as_str()).cloned().unwrap_or_default();
            if let Some(day) = date::read(&certificate.holder.issue_date).day() {
                all.entry((profile, day)).or_default().push(certificate.code);
            }
        }
        Ok(all)
    }
}

impl StoreReader {
    /// As [`Store::known_things`].
    pub fn known_things(&self) -> Result<KnownThings> {
        self.read(|db| known_things(db, None))
    }

    /// As [`Store::known_batch`].
    pub fn known_batch(&self, batch: BatchId) -> Result<KnownThings> {
        self.read(|db| known_things(db, Some(batch)))
    }
}

/// Reads everything, or of one batch alone, at one moment.
fn known_things(db: &Connection, only: Option<BatchId>) -> rusqlite::Result<KnownThings> {
    let tx = Transaction::new_unchecked(db, TransactionBehavior::Deferred)?;
    let (batches, events) = (batches(&tx, only)?, events::noted(&tx)?);
    if only.is_some() {
        return Ok(KnownThings { batches, events, ..KnownThings::default() });
    }
    Ok(KnownThings { batches, events, cases: cases(&tx)?, registry: registry::read_in(&tx)?, since: since(&tx)? })
}

fn batches(db: &Connection, only: Option<BatchId>) -> rusqlite::Result<Vec<KnownBatch>> {
    let only = only.map(|batch| batch.0);
    let prefixes: HashMap<i64, String> = db
        .prepare("SELECT id, substr(key, 1, ?1) FROM series")?
        .query_map([PREFIX_LENGTH as i64], |r| Ok((r.get(0)?, r.get(1)?)))?
        .collect::<rusqlite::Result<_>>()?;
    let issued: HashMap<i64, Option<NaiveDate>> = db
        .prepare("SELECT id, issue_date FROM assessment")?
        .query_map([], |r| Ok((r.get(0)?, date::read(r.get_ref(1)?.as_str()?).day())))?
        .collect::<rusqlite::Result<_>>()?;
    let mut groups: HashMap<i64, Vec<CertificateGroup>> = HashMap::new();
    let mut statement = db.prepare(GROUPS)?;
    let mut rows = statement.query([only])?;
    while let Some(row) = rows.next()? {
        let Some(status) = Status::read(row.get_ref(2)?.as_str()?) else { continue };
        let group = CertificateGroup {
            prefix: prefixes.get(&row.get(1)?).cloned().unwrap_or_default(),
            status,
            issued: issued.get(&row.get(3)?).copied().flatten(),
            since: row.get_ref(4)?.as_str()?.parse().ok(),
            count: row.get(5)?,
        };
        groups.entry(row.get(0)?).or_default().push(group);
    }
    db.prepare("SELECT id, file, profile, closed FROM batch WHERE complete AND (?1 IS NULL OR id = ?1) ORDER BY id")?
        .query_map(params![only], |r| {
            let id: i64 = r.get(0)?;
            let groups = groups.remove(&id).unwrap_or_default();
            Ok(KnownBatch { id: BatchId(id), file: r.get(1)?, profile: r.get(2)?, is_closed: r.get(3)?, groups })
        })?
        .collect()
}

fn cases(db: &Connection) -> rusqlite::Result<Vec<KnownCase>> {
    let read = |r: &rusqlite::Row| -> rusqlite::Result<Option<KnownCase>> {
        let (kind, day) = (CaseKind::read(r.get_ref(1)?.as_str()?), r.get_ref(4)?.as_str()?.parse());
        let (Some(kind), Ok(applied_on)) = (kind, day) else { return Ok(None) };
        Ok(Some(KnownCase { id: CaseId(r.get(0)?), kind, code: r.get(2)?, profile: r.get(3)?, applied_on }))
    };
    let found: Vec<Option<KnownCase>> = db
        .prepare(
            "SELECT f.id, f.kind, c.code, s.profile, f.applied_on FROM case_file f
             JOIN certificate c ON c.id = f.certificate JOIN series s ON s.id = c.series
             WHERE f.state IN ('open', 'approved') ORDER BY f.id",
        )?
        .query_map([], read)?
        .collect::<rusqlite::Result<_>>()?;
    Ok(found.into_iter().flatten().collect())
}

/// Tells since when institutions are on record.
fn since(db: &Connection) -> rusqlite::Result<HashMap<String, NaiveDate>> {
    let mut statement = db.prepare(
        "SELECT substr(object, length('institution:') + 1), min(time) FROM audit
         WHERE 'institution:' < object AND object < 'institution;' AND action IN (?1, ?2) GROUP BY object",
    )?;
    let named = [ActionName::InstitutionAdd, ActionName::InstitutionMerge].map(ActionName::key);
    let rows = statement.query_map(named, |r| {
        let time: String = r.get(1)?;
        Ok((r.get(0)?, time.get(..10).and_then(|day| day.parse().ok())))
    })?;
    let all: Vec<(String, Option<NaiveDate>)> = rows.collect::<rusqlite::Result<_>>()?;
    Ok(all.into_iter().filter_map(|(prefix, day)| Some((prefix, day?))).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::batches::samples::open;
    use crate::store::records::samples::plan;

    /// Certificates are looked through once, and nothing is looked up for each of them.
    #[test]
    fn the_certificates_are_read_once_and_in_groups() {
        let dir = tempfile::tempdir().unwrap();
        let store = open(dir.path(), "u");
        let plan = plan(&store, GROUPS);
        assert_eq!((plan.matches("SCAN").count(), plan.matches("SEARCH").count()), (1, 0), "{plan}");
    }
}
