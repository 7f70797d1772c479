//! What became of numbers: handed in, accepted, returned, published, void.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rusqlite::{Transaction, params};
use serde_json::{Map, Value};

use super::super::Store;
use super::super::error::Result;
use super::{Runs, count_of, id_of, object_of, runs_of, runs_to_json, touch};
use crate::domain::code::CertCode;
use crate::domain::ledger::audit::Deed;
use crate::domain::ledger::{Barred, Certificate, Marked, Marking, Selection, Status};

impl Store {
    /// Gives certificates a status that came no earlier than the one they have: all or none of them, but of a batch those
    /// that may take it.
    pub fn mark(&self, selection: &Selection, marking: &Marking<'_>) -> Result<Marked> {
        self.mark_as("ledger.mark", selection, marking)
    }

    /// Makes numbers void; they are never given again (BJ-29).
    pub fn void(&self, selection: &Selection, on: NaiveDate, reason: &str) -> Result<Marked> {
        self.mark_as("ledger.void", selection, &Marking { status: Status::Void, on, reason })
    }

    fn mark_as(&self, action: &'static str, selection: &Selection, marking: &Marking<'_>) -> Result<Marked> {
        self.write_much(|tx| {
            let found = self.list_certificates(tx, selection, false)?;
            let mut refused: Vec<Barred> = Vec::new();
            if let Selection::Codes(codes) = selection {
                let known: std::collections::HashSet<CertCode> = found.iter().map(|c| c.code).collect();
                let unknown = codes.iter().filter(|code| !known.contains(code));
                refused.extend(unknown.map(|code| Barred { code: *code, stands: None }));
            }
            if found.is_empty() && refused.is_empty() {
                return Ok(Marked::Nothing);
            }
            let on = marking.on.format("%Y-%m-%d").to_string();
            let may = |c: &Certificate| c.status.may_become(marking.status) && c.status_on <= on;
            let (found, bars): (Vec<_>, Vec<_>) = found.into_iter().partition(may);
            refused.extend(bars.into_iter().map(|c| Barred { code: c.code, stands: Some((c.status, c.status_on)) }));
            let batch = if let Selection::Batch(batch) = selection { Some(*batch) } else { None };
            if found.is_empty() || (batch.is_none() && !refused.is_empty()) {
                return Ok(Marked::Refused(refused));
            }
            let by_status = self.by_status(tx, &found)?;
            let all = joined(&by_status);
            let write = || -> rusqlite::Result<u64> {
                let object = object_of(tx, batch, &all)?;
                let entry = self.append_marking(tx, action, object, (&by_status, &all), marking, Map::new())?;
                set_status(tx, &all, marking)?;
                touch(tx, &all, entry, batch, false)?;
                Ok(entry)
            };
            Ok(Marked::Done(count_of(&all), write().map_err(|e| self.error(&e))?, refused))
        })
    }

    /// Sorts certificates into runs by status.
    pub(super) fn by_status(&self, tx: &Transaction, all: &[Certificate]) -> Result<BTreeMap<Status, Runs>> {
        let mut ids: BTreeMap<Status, Vec<i64>> = BTreeMap::new();
        let mut series = BTreeMap::new();
        for certificate in all {
            let id = match series.get(&certificate.series) {
                Some(id) => *id,
                None => {
                    let (id, _) = self.find_series(tx, certificate.series)?.ok_or_else(|| self.damaged_series())?;
                    series.insert(certificate.series, id);
                    id
                }
            };
            ids.entry(certificate.status).or_default().push(id_of(id, certificate.serial));
        }
        let sorted = |mut ids: Vec<i64>| {
            ids.sort_unstable();
            runs_of(ids)
        };
        Ok(ids.into_iter().map(|(status, ids)| (status, sorted(ids))).collect())
    }

    /// Appends the entry of a marking, with every status before it; `more` comes first in what stands after it.
    pub(super) fn append_marking(
        &self,
        tx: &Transaction,
        action: &'static str,
        object: String,
        (before, after): (&BTreeMap<Status, Runs>, &Runs),
        marking: &Marking<'_>,
        more: Map<String, Value>,
    ) -> rusqlite::Result<u64> {
        let mut old = Map::new();
        for (status, runs) in before {
            old.insert(status.key().to_string(), runs_to_json(tx, runs)?);
        }
        let mut new = more;
        new.insert("status".into(), marking.status.key().into());
        new.insert("on".into(), marking.on.format("%Y-%m-%d").to_string().into());
        new.insert("count".into(), count_of(after).into());
        new.insert("numbers".into(), runs_to_json(tx, after)?);
        let deed = Deed {
            action,
            object,
            before: Value::from(old).to_string(),
            after: Value::from(new).to_string(),
            reason: marking.reason.to_string(),
        };
        self.append(tx, &deed)
    }
}

/// Joins runs of several statuses.
pub(super) fn joined(by_status: &BTreeMap<Status, Runs>) -> Runs {
    let mut ids: Vec<i64> = by_status
        .values()
        .flatten()
        .flat_map(|(series, runs)| runs.iter().flat_map(|(first, last)| (*first..=*last).map(|s| id_of(*series, s))))
        .collect();
    ids.sort_unstable();
    runs_of(ids)
}

/// Writes a status into runs of certificates.
pub(super) fn set_status(tx: &Transaction, runs: &Runs, marking: &Marking<'_>) -> rusqlite::Result<()> {
    let mut update =
        tx.prepare_cached("UPDATE certificate SET status = ?3, status_on = ?4 WHERE id BETWEEN ?1 AND ?2")?;
    let on = marking.on.format("%Y-%m-%d").to_string();
    for (series, runs) in runs {
        for (first, last) in runs {
            let status = marking.status.key();
            update.execute(params![id_of(*series, *first), id_of(*series, *last), status, on])?;
        }
    }
    Ok(())
}
