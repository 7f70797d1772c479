//! Stocktakes (盘点), which close once every difference is explained and may be withdrawn, and the demand of a year.

use chrono::NaiveDate;
use rusqlite::{Connection, OptionalExtension, Transaction};

use super::read::{self, Stocktake};
use super::{BlankAct, Step, pieces};
use crate::domain::ledger::action::{
    Act, Action, BlanksCounted, BlanksDemanded, BlanksMoved, CountClosed, CountWithdrawn,
};
use crate::domain::ledger::event::{DatedEvent, Thing};
use crate::domain::ledger::stock::{
    BlankKind, BlankRun, BlankState, CountId, DemandYear, Difference, NotLost, StockRefusal, common, without,
};
use crate::store::Store;
use crate::store::error::Result;

/// What was counted.
#[derive(Debug, Clone, Copy)]
pub struct CountOrder<'a> {
    /// Whose blanks; empty for everybody's.
    pub keeper: &'a str,
    /// The institution whose stocktake it is; empty where that is not told, or it is none of an institution's.
    pub institution: &'a str,
    /// The numbers that were found, in any order.
    pub list: &'a [BlankRun],
}

/// How a stocktake ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CountEnd {
    pub entry: u64,
    /// What is lost, and what was lost and is in stock again.
    pub lost: BlanksMoved,
    /// What was missing and is not lost, each with why.
    pub left: Vec<(BlankRun, NotLost)>,
}

/// What the end of a stocktake changes.
struct Ending {
    steps: Vec<Step>,
    left: Vec<(BlankRun, NotLost)>,
}

impl Store {
    /// Notes a stocktake, held against the books of its day; one without a difference is closed at once.
    pub fn count_blanks(&self, act: &BlankAct<'_>, order: &CountOrder<'_>) -> Result<Stocktake> {
        self.write_latest(|tx| {
            let sql = |e: rusqlite::Error| self.error(&e);
            let keeper = Some(order.keeper).filter(|keeper| !keeper.is_empty());
            let held = read::held_on(tx, act.kind, keeper, act.on).map_err(sql)?;
            let difference = Difference::between(order.list, &held);
            let is_even = difference.is_none();
            let Difference { counted, held, missing, surplus, doubled } = difference;
            let after = BlanksCounted {
                on: act.on,
                kind: act.kind,
                keeper: order.keeper.to_string(),
                institution: order.institution.to_string(),
                counted,
                held,
                missing,
                surplus,
                doubled,
            };
            let id = CountId(read::last_count(tx).map_err(sql)? + 1);
            let action = Action::StockCount(Act { object: id, before: (), after: after.clone() });
            self.append(tx, &action, act.reason.trim()).map_err(sql)?;
            if is_even {
                self.end_count(tx, id, &after, (act.on, ""))?;
            }
            read::count(tx, id).map_err(sql)?.ok_or_else(|| StockRefusal::NoCount(id).into())
        })
    }

    /// Closes a stocktake whose difference is explained: what is still missing is lost, what was lost before and was found is in
    /// stock again.
    pub fn close_count(&self, id: CountId, on: NaiveDate, reason: &str) -> Result<CountEnd> {
        self.write_latest(|tx| {
            let told = self.open_count(tx, id)?.told;
            if on < told.on {
                return Err(StockRefusal::BeforeCount(id, told.on).into());
            }
            self.end_count(tx, id, &told, (on, reason))
        })
    }

    /// Gives a stocktake that is neither closed nor withdrawn.
    fn open_count(&self, tx: &Transaction, id: CountId) -> Result<Stocktake> {
        let found = read::count(tx, id).map_err(|e| self.error(&e))?.ok_or(StockRefusal::NoCount(id))?;
        match found {
            Stocktake { withdrawn: Some(_), .. } => Err(StockRefusal::CountWithdrawn(id).into()),
            Stocktake { closed: Some(_), .. } => Err(StockRefusal::CountClosed(id).into()),
            open => Ok(open),
        }
    }

    /// Tells what becomes of the difference of a stocktake: of what was missing only that is lost which nobody has seen since.
    fn ending(&self, tx: &Transaction, id: CountId, told: &BlanksCounted, on: NaiveDate) -> Result<Ending> {
        let sql = |e: rusqlite::Error| self.error(&e);
        let mut ending = Ending { steps: Vec::new(), left: Vec::new() };
        let mut missing = told.missing.clone();
        for (later, runs) in read::found_later(tx, id, told).map_err(sql)? {
            let found = common(&missing, &runs);
            missing = without(&missing, &found);
            ending.left.extend(found.into_iter().map(|run| (run, NotLost::Found(later))));
        }
        for run in missing {
            let there = pieces(tx, told.kind, run).map_err(sql)?;
            let there: Vec<_> = there.into_iter().map(|piece| piece.within(run)).collect();
            let known: Vec<BlankRun> = there.iter().map(|piece| piece.run).collect();
            ending.left.extend(without(&[run], &known).into_iter().map(|run| (run, NotLost::TakenBack)));
            for piece in there {
                let is_theirs = told.keeper.is_empty() || piece.keeper == told.keeper;
                if piece.state == BlankState::Stock && is_theirs && piece.since <= told.on {
                    ending.steps.push(self.step(tx, told.kind, &piece, piece.turned(BlankState::Lost, on))?);
                } else {
                    ending.left.push((piece.run, NotLost::Moved(piece.state, piece.since)));
                }
            }
        }
        for run in &told.surplus {
            for piece in pieces(tx, told.kind, *run).map_err(sql)? {
                let piece = piece.within(*run);
                if piece.state == BlankState::Lost && piece.since <= told.on {
                    ending.steps.push(Step { told: piece.found_again(), before: Some(piece.by), restored: None });
                }
            }
        }
        ending.left.sort_unstable_by_key(|(run, _)| *run);
        Ok(ending)
    }

    fn end_count(
        &self,
        tx: &Transaction,
        id: CountId,
        told: &BlanksCounted,
        (on, reason): (NaiveDate, &str),
    ) -> Result<CountEnd> {
        let Ending { steps, left } = self.ending(tx, id, told, on)?;
        let lost = BlanksMoved::new(on, steps.iter().map(|step| step.told.clone()).collect());
        let after = CountClosed { kind: told.kind, lost: lost.clone() };
        let action = Action::StockClose(Act { object: id, before: (), after });
        let entry = self.append(tx, &action, reason.trim()).map_err(|e| self.error(&e))?;
        self.keep(tx, (told.kind, on), entry, &steps)?;
        if is_halfyearly(told) {
            let thing = Thing::Institution(told.institution.clone());
            let noted = self.noted_day(tx, &thing, DatedEvent::Counted)?;
            // One that is closed after a later one moves no day back.
            if noted.is_none_or(|day| day < told.on) {
                self.note_event_in(tx, &thing, DatedEvent::Counted, (Some(told.on), reason))?;
            }
        }
        Ok(CountEnd { entry, lost, left })
    }

    /// Withdraws a stocktake that was wrong: what its end changed and still stands so is as it was before. Gives its entry.
    pub fn withdraw_count(&self, id: CountId, on: NaiveDate, reason: &str) -> Result<(u64, BlanksMoved)> {
        self.write_latest(|tx| {
            let sql = |e: rusqlite::Error| self.error(&e);
            let found = read::count(tx, id).map_err(sql)?.ok_or(StockRefusal::NoCount(id))?;
            if found.withdrawn.is_some() {
                return Err(StockRefusal::CountWithdrawn(id).into());
            }
            let (told, mut steps) = (found.told, Vec::new());
            let mut on = on.max(told.on);
            if let Some((entry, lost)) = &found.closed {
                on = on.max(lost.on);
                for run in lost.moves.iter().map(|told| told.run) {
                    for piece in pieces(tx, told.kind, run).map_err(sql)? {
                        let piece = piece.within(run);
                        if entry_of_move(tx, piece.by).map_err(sql)? != Some(entry.seq as i64) {
                            continue;
                        }
                        let judged = match piece.state {
                            BlankState::Lost => Ok(piece.found_again()),
                            _ => piece.turned(BlankState::Lost, on),
                        };
                        steps.push(self.step(tx, told.kind, &piece, judged)?);
                    }
                }
            }
            let back = BlanksMoved::new(on, steps.iter().map(|step| step.told.clone()).collect());
            let after = CountWithdrawn { kind: told.kind, back: back.clone() };
            let action = Action::StockWithdraw(Act { object: id, before: (), after });
            let entry = self.append(tx, &action, reason.trim()).map_err(sql)?;
            self.keep(tx, (told.kind, on), entry, &steps)?;
            if is_halfyearly(&told) && found.closed.is_some() {
                let thing = Thing::Institution(told.institution.clone());
                if self.noted_day(tx, &thing, DatedEvent::Counted)? == Some(told.on) {
                    let before = read::counted_day(tx, &told.institution).map_err(sql)?;
                    self.note_event_in(tx, &thing, DatedEvent::Counted, (before, reason))?;
                }
            }
            Ok((entry, back))
        })
    }

    /// Notes what an institution needs in a year, and since when it is ordered, where it is.
    pub fn demand_blanks(
        &self,
        year: DemandYear,
        demanded: &BlanksDemanded,
        ordered: Option<NaiveDate>,
        reason: &str,
    ) -> Result<u64> {
        self.write_latest(|tx| {
            let action = Action::StockDemand(Act { object: year, before: (), after: demanded.clone() });
            let entry = self.append(tx, &action, reason.trim()).map_err(|e| self.error(&e))?;
            if let Some(day) = ordered {
                let thing = Thing::Institution(demanded.institution.clone());
                self.note_event_in(tx, &thing, DatedEvent::Ordered, (Some(day), reason))?;
            }
            Ok(entry)
        })
    }
}

/// Tells whether a stocktake is the one that the notice asks for every half year (GD-14): of all ordinary blanks of an institution.
/// Competition blanks are another notice's (SC-13), which names no such day.
pub(super) fn is_halfyearly(told: &BlanksCounted) -> bool {
    !told.institution.is_empty() && told.keeper.is_empty() && told.kind == BlankKind::Ordinary
}

fn entry_of_move(db: &Connection, id: i64) -> rusqlite::Result<Option<i64>> {
    db.prepare_cached("SELECT entry FROM blank_move WHERE id = ?1")?.query_row([id], |r| r.get(0)).optional()
}
