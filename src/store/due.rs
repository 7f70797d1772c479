//! What the store knows that deadlines are about: read in groups, never certificate by certificate.

use std::collections::hash_map::Entry;
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

/// How the certificates of batches stand, from the index alone and in its order; the last is the first of their serials.
const GROUPS: &str = "
    SELECT c.batch, c.series, c.status, c.assessment, min(c.status_on), count(*), min(c.id) & 1073741823 FROM certificate c
    WHERE ?1 <= c.batch AND c.batch <= ?2 GROUP BY c.batch, c.status, c.assessment, c.series";

/// When runs of a series were handed in, the latest word first.
const HANDED_IN: &str = "
    SELECT t.first, t.last, json_extract(a.after, '$.on') FROM touched t JOIN audit a ON a.seq = t.entry
    WHERE t.series = ?1 AND a.action = ?2 AND json_extract(a.after, '$.status') = ?3 ORDER BY t.entry DESC";

/// The runs of a series, by its id, and when each was handed in, the latest word first.
type HandedIn = HashMap<i64, Vec<(u32, u32, Option<NaiveDate>)>>;

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
    let (first, last) = only.map_or((0, i64::MAX), |batch| (batch.0, batch.0));
    let prefixes: HashMap<i64, String> = db
        .prepare("SELECT id, substr(key, 1, ?1) FROM series")?
        .query_map([PREFIX_LENGTH as i64], |r| Ok((r.get(0)?, r.get(1)?)))?
        .collect::<rusqlite::Result<_>>()?;
    let issued: HashMap<i64, Option<NaiveDate>> = db
        .prepare("SELECT id, issue_date FROM assessment")?
        .query_map([], |r| Ok((r.get(0)?, date::read(r.get_ref(1)?.as_str()?).day())))?
        .collect::<rusqlite::Result<_>>()?;
    let mut groups: HashMap<i64, Vec<CertificateGroup>> = HashMap::new();
    let mut handed_in: HandedIn = HashMap::new();
    let mut statement = db.prepare(GROUPS)?;
    let mut rows = statement.query([first, last])?;
    while let Some(row) = rows.next()? {
        let Some(status) = Status::read(row.get_ref(2)?.as_str()?) else { continue };
        // With the authority since is not when they were handed in; what is done with is asked about of one batch alone.
        let asks = status == Status::Accepted || (status == Status::Published && first == last);
        let handed_in = if asks { handed_in_on(db, &mut handed_in, (row.get(1)?, row.get(6)?))? } else { None };
        let group = CertificateGroup {
            prefix: prefixes.get(&row.get(1)?).cloned().unwrap_or_default(),
            status,
            issued: issued.get(&row.get(3)?).copied().flatten(),
            since: row.get_ref(4)?.as_str()?.parse().ok(),
            handed_in,
            count: row.get(5)?,
        };
        groups.entry(row.get(0)?).or_default().push(group);
    }
    db.prepare("SELECT id, file, profile, closed FROM batch WHERE complete AND ?1 <= id AND id <= ?2 ORDER BY id")?
        .query_map([first, last], |r| {
            let id: i64 = r.get(0)?;
            let groups = groups.remove(&id).unwrap_or_default();
            Ok(KnownBatch { id: BatchId(id), file: r.get(1)?, profile: r.get(2)?, is_closed: r.get(3)?, groups })
        })?
        .collect()
}

/// Tells when a number was handed in the last time; what is noted of its series is read once.
fn handed_in_on(
    db: &Connection,
    known: &mut HandedIn,
    (series, serial): (i64, u32),
) -> rusqlite::Result<Option<NaiveDate>> {
    if let Entry::Vacant(new) = known.entry(series) {
        let named = params![series, ActionName::LedgerMark.key(), Status::Submitted.key()];
        let runs = db
            .prepare_cached(HANDED_IN)?
            .query_map(named, |r| Ok((r.get(0)?, r.get(1)?, r.get::<_, String>(2)?.parse().ok())))?
            .collect::<rusqlite::Result<_>>()?;
        new.insert(runs);
    }
    let run = known[&series].iter().find(|(first, last, _)| (*first..=*last).contains(&serial));
    Ok(run.and_then(|(.., on)| *on))
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

    /// Certificates are counted in the order of one index, once, and none of them is read.
    #[test]
    fn the_certificates_are_read_once_and_in_groups() {
        let dir = tempfile::tempdir().unwrap();
        let store = open(dir.path(), "u");
        let of = |statement| plan(&store, statement);
        assert_eq!(of(GROUPS), "SEARCH c USING INDEX certificate_of_batch (batch>? AND batch<?)");
        let plan = of(HANDED_IN);
        assert!(!plan.contains("SCAN"), "{plan}");
    }
}
