//! Giving numbers to the rows of a batch.

use std::collections::HashSet;

use chrono::NaiveDate;
use rusqlite::{OptionalExtension, Transaction, params};

use super::super::error::Result;
use super::super::{BlankAct, Store, StoreError};
use super::certificates::{Inserter, NamedHolder, NewCertificate, OF_BATCH};
use super::fill::fill;
use super::{Runs, id_of, make_ahead, series, touch};
use crate::domain::ledger::action::{Act, Action, CountedRun, Highs, NumbersGiven, SeriesHigh, SeriesRun, SeriesTerms};
use crate::domain::ledger::plan::{Plan, Planned};
use crate::domain::ledger::two_people::SecondAct;
use crate::domain::ledger::{BatchId, Holder, Status, TextsDigest};
use crate::domain::roster::{Change, RowId};

/// Numbers for the rows of a batch, as they are to be taken.
pub struct Allocation<'a> {
    /// Which row gets which number.
    pub plan: &'a Plan,
    /// What the numbers change in the rows; it is recorded as a lasting one.
    pub change: &'a Change,
    /// What a row's certificate says of its holder, once the change is made.
    pub holder: &'a (dyn Fn(&Planned) -> Holder + Sync + 'a),
    pub on: NaiveDate,
    /// Why; may be empty.
    pub reason: &'a str,
}

impl Store {
    /// Takes the numbers of a plan: certificates, the rows' change and the audit entry are stored, or nothing is. Returns the
    /// entry's place in the chain. Where the plan begins at a blank, blanks are used for the certificates in the same moment, as an
    /// entry of their own.
    ///
    /// # Errors
    /// [`StoreError::LedgerMoved`] when a series is no longer as the plan found it, a reserved number is used, or a row has got a number since; then a
    /// new plan is due. [`StoreError::Held`] while another process edits the batch, [`StoreError::Refused`] for a retired
    /// prefix, [`StoreError::Unfinished`] for a batch that is still being read.
    pub fn allocate(&self, batch: BatchId, allocation: &Allocation<'_>) -> Result<u64> {
        let plan = allocation.plan;
        let change = Change { lasting: true, ..allocation.change.clone() };
        self.take_numbers(
            |_| true,
            |tx| {
                let sql = |e: rusqlite::Error| self.error(&e);
                self.must_exist(tx, batch)?;
                self.must_not_be_held(tx, batch)?;
                let file = self.must_be_complete(tx, batch)?;
                self.must_be_second_of(tx, SecondAct::TakeNumbers, batch)?;
                self.keep_profile(tx, batch, plan)?;
                self.must_be_the_only_one(tx, batch)?;
                self.must_have_no_number(tx, batch, plan)?;
                let mut ids = Vec::with_capacity(plan.series.len());
                let (mut states, mut runs) = (Vec::new(), Runs::new());
                for wanted in &plan.series {
                    self.must_not_be_retired(tx, wanted.key.prefix())?;
                    let (id, state) = self.series_to_take(tx, wanted.key, &plan.profile, wanted.range)?;
                    if plan.reserved {
                        self.must_be_reserved(tx, (id, &wanted.runs), wanted.key)?;
                    } else if state.high != wanted.high {
                        return Err(StoreError::LedgerMoved(wanted.key));
                    }
                    runs.insert(id, wanted.runs.clone());
                    ids.push(id);
                    states.push(state);
                }
                let entry = Store::next_entry(tx).map_err(sql)?;
                let digests = write_certificates(tx, (batch, &ids), allocation, entry).map_err(sql)?;
                let write = || -> rusqlite::Result<()> {
                    self.append(tx, &allocation_action(batch, file, allocation, digests), allocation.reason)?;
                    for ((id, state), wanted) in ids.iter().zip(&states).zip(&plan.series).filter(|_| !plan.reserved) {
                        let serials: Vec<u32> = wanted.runs.iter().flat_map(|(first, last)| *first..=*last).collect();
                        series::take(tx, (*id, state), &serials, entry, "-")?;
                    }
                    touch(tx, &runs, entry, Some(batch), true)?;
                    self.insert_change(tx, batch, &change, Some(entry))
                };
                write().map_err(sql)?;
                if let Some(start) = plan.blanks.filter(|_| !plan.rows.is_empty()) {
                    let act = BlankAct { kind: start.kind, on: allocation.on, reason: allocation.reason };
                    self.use_for_numbers(tx, &act, (start.from, &plan.blank_runs), &plan.numbers())?;
                }
                Ok(entry)
            },
        )
    }

    /// Refuses a batch whose rows are not all there; gives its file's name.
    fn must_be_complete(&self, tx: &Transaction, batch: BatchId) -> Result<String> {
        let (complete, file): (bool, String) = tx
            .query_row("SELECT complete, file FROM batch WHERE id = ?1", [batch.0], |r| Ok((r.get(0)?, r.get(1)?)))
            .map_err(|e| self.error(&e))?;
        if complete { Ok(file) } else { Err(StoreError::Unfinished(batch)) }
    }

    /// Makes the plan's profile the batch's, so that its rows are checked as they were numbered; refuses another one than
    /// the batch has numbers under.
    fn keep_profile(&self, tx: &Transaction, batch: BatchId, plan: &Plan) -> Result<()> {
        self.must_keep_profile(tx, batch, &plan.profile)?;
        let update = "UPDATE batch SET profile = ?2 WHERE id = ?1 AND profile <> ?2";
        tx.execute(update, params![batch.0, plan.profile]).map(drop).map_err(|e| self.error(&e))
    }

    /// Refuses a batch when another one of the same file and sheet has numbers: its people would get a second one each.
    fn must_be_the_only_one(&self, tx: &Transaction, batch: BatchId) -> Result<()> {
        let other: Option<BatchId> = tx
            .query_row(
                "SELECT o.id FROM batch b JOIN batch o ON o.sha256 = b.sha256 AND o.sheet = b.sheet AND o.id <> b.id
                 WHERE b.id = ?1 AND EXISTS (SELECT 1 FROM touched t WHERE t.batch = o.id AND t.gives = 1) LIMIT 1",
                [batch.0],
                |r| r.get(0).map(BatchId),
            )
            .optional()
            .map_err(|e| self.error(&e))?;
        other.map_or(Ok(()), |other| Err(StoreError::SameFile(other)))
    }

    /// Refuses a plan for a row that has a number by now.
    fn must_have_no_number(&self, tx: &Transaction, batch: BatchId, plan: &Plan) -> Result<()> {
        let with: HashSet<RowId> = tx
            .prepare_cached(&format!("SELECT c.row FROM certificate c {OF_BATCH} AND c.status <> 'void'"))
            .and_then(|mut s| s.query_map(params![batch.0], |r| r.get(0))?.collect())
            .map_err(|e| self.error(&e))?;
        match plan.rows.iter().find(|planned| with.contains(&planned.row)) {
            Some(planned) => Err(StoreError::LedgerMoved(plan.series[planned.series].key)),
            None => Ok(()),
        }
    }
}

/// Writes the certificates of a plan, or makes reserved numbers certificates of its rows. They come in the order of their numbers: so pages are filled one after the other.
/// Returns the digests of the records that are taken, code and holder of each, and of the rows they are given to.
fn write_certificates(
    tx: &Transaction,
    (batch, ids): (BatchId, &[i64]),
    allocation: &Allocation<'_>,
    entry: u64,
) -> rusqlite::Result<[String; 2]> {
    let mut inserter = Inserter::new(tx)?;
    let (mut records, mut rows) = (TextsDigest::default(), TextsDigest::default());
    let make = |planned: &Planned| {
        let named = NamedHolder::new((allocation.holder)(planned));
        named.digest(planned.code, &mut records);
        rows.add(planned.code.as_str());
        rows.add_number(planned.row);
        named
    };
    make_ahead(&allocation.plan.rows, make, |planned, named| {
        let id = id_of(ids[planned.series], planned.serial);
        if allocation.plan.reserved {
            return fill(tx, id, (batch, planned), &named.holder, allocation.on);
        }
        inserter.insert(&NewCertificate {
            id,
            code: planned.code,
            status: Status::Allocated,
            on: allocation.on,
            row: Some((batch, planned.row)),
            taken: entry,
            named,
        })
    })?;
    Ok([records.finish(), rows.finish()])
}

/// Tells what an allocation takes.
fn allocation_action(batch: BatchId, file: String, allocation: &Allocation<'_>, digests: [String; 2]) -> Action {
    let plan = allocation.plan;
    let counted = |run: SeriesRun| CountedRun { run, count: run.last - run.first + 1 };
    let taken = plan.series.iter().flat_map(|s| s.runs.iter().map(move |run| counted(SeriesRun::new(s.key, *run))));
    let before = plan.series.iter().map(|s| SeriesHigh { series: s.key, high: s.high });
    let [records, rows] = digests;
    let after = NumbersGiven {
        file,
        profile: plan.profile.clone(),
        count: plan.rows.len() as u64,
        series: taken.collect(),
        records_sha256: Some(records),
        reserved: plan.reserved,
        rows_sha256: Some(rows),
        on: Some(allocation.on),
        terms: plan.series.iter().map(|s| SeriesTerms::new(s.key, &plan.profile, s.range)).collect(),
    };
    Action::LedgerAllocate(Act { object: batch, before: Highs { series: before.collect() }, after })
}
