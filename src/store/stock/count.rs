//! Stocktakes (盘点), which close once every difference is explained, and the demand of a year.

use chrono::NaiveDate;
use rusqlite::Transaction;

use super::read::{self, Stocktake};
use super::{BlankAct, BlankFilter};
use crate::domain::ledger::action::{Act, Action, BlanksCounted, BlanksDemanded, BlanksMoved, CountClosed};
use crate::domain::ledger::event::{DatedEvent, Thing};
use crate::domain::ledger::stock::{BlankRun, BlankState, CountId, DemandYear, Difference, StockRefusal, union};
use crate::store::Store;
use crate::store::error::Result;

/// What was counted.
#[derive(Debug, Clone, Copy)]
pub struct CountOrder<'a> {
    /// Whose blanks; empty for everybody's.
    pub keeper: &'a str,
    /// The institution whose stocktake it is; empty where that is not told.
    pub institution: &'a str,
    /// The numbers that were found, in any order.
    pub list: &'a [BlankRun],
}

/// How a stocktake ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CountEnd {
    pub entry: u64,
    pub lost: BlanksMoved,
}

impl Store {
    /// Notes a stocktake; one without a difference is closed at once. Gives its number.
    pub fn count_blanks(&self, act: &BlankAct<'_>, order: &CountOrder<'_>) -> Result<CountId> {
        self.write_latest(|tx| {
            let sql = |e: rusqlite::Error| self.error(&e);
            let filter = BlankFilter {
                kind: Some(act.kind),
                keeper: Some(order.keeper.to_string()).filter(|keeper| !keeper.is_empty()),
                states: vec![BlankState::Stock],
                within: None,
            };
            let held: Vec<BlankRun> =
                read::pieces(tx, &filter).map_err(sql)?.into_iter().map(|(_, piece)| piece.run).collect();
            let difference = Difference::between(order.list, &union(&held).0);
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
            Ok(id)
        })
    }

    /// Closes a stocktake whose difference is explained: what is still missing is lost.
    pub fn close_count(&self, id: CountId, on: NaiveDate, reason: &str) -> Result<CountEnd> {
        self.write_latest(|tx| {
            let found = read::count(tx, id).map_err(|e| self.error(&e))?;
            let Stocktake { told, closed, .. } = found.ok_or(StockRefusal::NoCount(id))?;
            if closed.is_some() {
                return Err(StockRefusal::CountClosed(id).into());
            }
            self.end_count(tx, id, &told, (on.max(told.on), reason))
        })
    }

    fn end_count(
        &self,
        tx: &Transaction,
        id: CountId,
        told: &BlanksCounted,
        (on, reason): (NaiveDate, &str),
    ) -> Result<CountEnd> {
        let mut steps = Vec::new();
        for piece in self.covered(tx, told.kind, &told.missing)? {
            let is_still = piece.state == BlankState::Stock && (told.keeper.is_empty() || piece.keeper == told.keeper);
            if is_still {
                steps.push(self.step(tx, told.kind, &piece, piece.turned(BlankState::Lost, on))?);
            }
        }
        let lost = BlanksMoved::new(on, steps.iter().map(|step| step.told.clone()).collect());
        let after = CountClosed { kind: told.kind, lost: lost.clone() };
        let action = Action::StockClose(Act { object: id, before: (), after });
        let entry = self.append(tx, &action, reason.trim()).map_err(|e| self.error(&e))?;
        self.keep(tx, (told.kind, on), entry, &steps)?;
        // What one keeper has is not what the notice has counted every half year.
        if !told.institution.is_empty() && told.keeper.is_empty() {
            let thing = Thing::Institution(told.institution.clone());
            self.note_event_in(tx, &thing, DatedEvent::Counted, (Some(told.on), reason))?;
        }
        Ok(CountEnd { entry, lost })
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
