//! What became of numbers: handed in, accepted, returned, published, void.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use rusqlite::{Transaction, params};

use super::super::Store;
use super::super::error::Result;
use super::{Runs, count_of, id_of, runs_of, series_runs, subject_of, touch};
use crate::domain::code::CertCode;
use crate::domain::ledger::action::{Act, Action, StatusNoted, StatusesBefore, Subject};
use crate::domain::ledger::two_people::SecondAct;
use crate::domain::ledger::{BarredCertificate, BatchId, Certificate, Handed, Marked, Marking, Selection, Status};

/// What is said of numbers that are marked or made void.
type Noting = Act<Subject, StatusesBefore, StatusNoted>;

impl Store {
    /// Gives certificates a status that came no earlier than the one they have: all or none of them, but of a batch those
    /// that may take it.
    pub fn mark(&self, selection: &Selection, marking: &Marking<'_>) -> Result<Marked> {
        self.mark_as(Action::LedgerMark, selection, marking)
    }

    /// Makes numbers void; they are never given again (BJ-29).
    pub fn void(&self, selection: &Selection, on: NaiveDate, reason: &str) -> Result<Marked> {
        self.mark_as(Action::LedgerVoid, selection, &Marking::new(Status::Void, on, reason))
    }

    fn mark_as(&self, action: fn(Noting) -> Action, selection: &Selection, marking: &Marking<'_>) -> Result<Marked> {
        self.write_much(|tx| {
            let found = self.list_certificates(tx, selection, false)?;
            let mut refused: Vec<BarredCertificate> = Vec::new();
            if let Selection::Codes(codes) = selection {
                let known: std::collections::HashSet<CertCode> = found.iter().map(|c| c.code).collect();
                let unknown = codes.iter().filter(|code| !known.contains(code));
                refused.extend(unknown.map(|code| BarredCertificate { code: *code, stands: None, is_aside: false }));
            }
            let barred = |c: Certificate, is_aside| BarredCertificate {
                code: c.code,
                stands: Some((c.status, c.status_on)),
                is_aside,
            };
            // A number that is not wanted any more is made void with its row where that is.
            let (found, aside) = match (selection, marking.status) {
                (Selection::Batch(batch), status) if status != Status::Void => self.part_aside(tx, *batch, found)?,
                _ => (found, Vec::new()),
            };
            refused.extend(aside.into_iter().map(|c| barred(c, true)));
            if found.is_empty() && refused.is_empty() {
                return Ok(Marked::Nothing);
            }
            // A day by a clock that was ahead bars nothing.
            let known = Store::day_since_clock_was_ahead(tx).map_err(|e| self.error(&e))?;
            let is_before =
                |c: &Certificate| c.status_on <= Some(marking.on) || known.is_some_and(|day| Some(day) < c.status_on);
            let may = |c: &Certificate| c.status.may_become(marking.status) && is_before(c);
            let (found, bars): (Vec<_>, Vec<_>) = found.into_iter().partition(may);
            refused.extend(bars.into_iter().map(|c| barred(c, false)));
            let batch = if let Selection::Batch(batch) = selection { Some(*batch) } else { None };
            if found.is_empty() || (batch.is_none() && !refused.is_empty()) {
                return Ok(Marked::Refused(refused));
            }
            if matches!(marking.status, Status::Exported | Status::Submitted) {
                self.must_not_be_rectifying(tx, found.iter().map(|one| &one.code))?;
            }
            if marking.status == Status::Exported {
                let batches: BTreeSet<BatchId> = found.iter().filter_map(|one| one.row).map(|(of, _)| of).collect();
                batches.into_iter().try_for_each(|of| self.must_be_second_of(tx, SecondAct::Export, of))?;
            }
            let entry = self.note_marking(tx, action, batch, &found, marking)?;
            Ok(Marked::Done(found.len() as u64, entry, refused))
        })
    }

    /// Gives certificates that may take it a status, with its entry; returns that.
    pub(super) fn note_marking(
        &self,
        tx: &Transaction,
        action: fn(Noting) -> Action,
        batch: Option<BatchId>,
        found: &[Certificate],
        marking: &Marking<'_>,
    ) -> Result<u64> {
        let by_status = self.by_status(tx, found)?;
        let all = joined(&by_status);
        let write = || -> rusqlite::Result<u64> {
            let object = subject_of(tx, batch, &all)?;
            let (before, after) = (statuses(tx, &by_status)?, noted(tx, &all, marking)?);
            let entry = self.append(tx, &action(Act { object, before, after }), marking.reason)?;
            set_status(tx, &all, marking)?;
            touch(tx, &all, entry, batch, false)?;
            Ok(entry)
        };
        write().map_err(|e| self.error(&e))
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
}

/// Tells what numbers are before they are marked.
pub(super) fn statuses(tx: &Transaction, before: &BTreeMap<Status, Runs>) -> rusqlite::Result<StatusesBefore> {
    before.iter().map(|(status, runs)| Ok((*status, series_runs(tx, runs)?))).collect()
}

/// Tells what becomes of numbers.
pub(super) fn noted(tx: &Transaction, runs: &Runs, marking: &Marking<'_>) -> rusqlite::Result<StatusNoted> {
    let (status, on) = (marking.status, marking.on);
    let Handed { to, receipt, past, reply } = marking.handed;
    Ok(StatusNoted {
        status,
        on,
        count: count_of(runs),
        numbers: series_runs(tx, runs)?,
        to: to.to_string(),
        receipt: receipt.to_string(),
        past: past.to_string(),
        reply: reply.cloned(),
    })
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
