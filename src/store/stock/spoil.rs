//! Blanks that are spoiled, and what becomes of the certificates that were to be printed on them.

use rusqlite::{Transaction, params};

use super::print::numbers_of;
use super::{BlankAct, BlanksDone, MEETING, STANDING, standing_of};
use crate::domain::ledger::action::Action;
use crate::domain::ledger::stock::{
    AfterSpoiling, BlankNumber, BlankRun, BlankState, SeriesNumber, Standing, StockRefusal, union,
};
use crate::store::Store;
use crate::store::error::Result;

impl Store {
    /// Notes that blanks are spoiled.
    pub fn spoil_blanks(&self, act: &BlankAct<'_>, runs: &[BlankRun], after: AfterSpoiling) -> Result<BlanksDone> {
        self.write_latest(|tx| self.spoil_in(tx, act, runs, after))
    }

    /// The same within a transaction.
    pub(in crate::store) fn spoil_in(
        &self,
        tx: &Transaction,
        act: &BlankAct<'_>,
        runs: &[BlankRun],
        after: AfterSpoiling,
    ) -> Result<BlanksDone> {
        let pieces = self.covered(tx, act.kind, runs)?;
        let mut steps = Vec::new();
        for piece in &pieces {
            steps.push(self.step(tx, act.kind, piece, piece.turned(BlankState::Spoiled, act.on))?);
        }
        let mut freed: Vec<(BlankNumber, SeriesNumber)> = pairs_of(&pieces);
        if after == AfterSpoiling::Nothing {
            return self.moved(tx, act, Action::StockSpoil, (steps, |_| {}));
        }
        let (Some((first, certificate)), Some(last)) = (freed.first().copied(), freed.last().map(|pair| pair.0)) else {
            let first = pieces.first().map_or(BlankNumber::LARGEST, |piece| piece.run.first);
            return Err(StockRefusal::NothingOn(first).into());
        };
        let keeper = pieces.iter().find(|p| p.run.holds(first)).map_or("", |piece| &piece.keeper);
        let mut laid: Vec<Standing> = match after {
            AfterSpoiling::Shift => self.behind(tx, act, (first, keeper), (certificate, runs))?,
            _ => Vec::new(),
        };
        freed.extend(pairs_of(&laid));
        freed.sort_unstable_by_key(|(number, _)| *number);
        let behind = laid.last().map_or(last, |piece| piece.run.last.max(last));
        let missing = freed.len() - laid.iter().map(|piece| piece.run.count() as usize).sum::<usize>();
        let next = behind.further(1).ok_or(StockRefusal::TooFew(missing as u64, 0))?;
        // Those that are spoiled now are in stock until it is written.
        laid.extend(self.free(tx, act, (next, keeper), (missing, &union(runs).0))?);
        let numbers = laid.iter().flat_map(numbers_of);
        let pairs: Vec<_> = numbers.zip(freed.iter().map(|pair| pair.1)).collect();
        steps.extend(self.laid(tx, act, &pairs, &laid)?);
        self.moved(tx, act, Action::StockSpoil, (steps, |_| {}))
    }

    /// Lists the blanks behind a number that a keeper has used for certificates of the same batch, in order, without those that
    /// are spoiled.
    fn behind(
        &self,
        tx: &Transaction,
        act: &BlankAct<'_>,
        (number, keeper): (BlankNumber, &str),
        (certificate, spoiled): (SeriesNumber, &[BlankRun]),
    ) -> Result<Vec<Standing>> {
        let Some(first) = number.further(1) else { return Ok(Vec::new()) };
        let whole = BlankRun { first, last: BlankNumber::LARGEST };
        let read = || -> rusqlite::Result<Vec<Standing>> {
            let batch: Option<i64> = tx
                .prepare_cached("SELECT batch FROM certificate WHERE id = ?1")?
                .query_row([super::id_of(tx, certificate)?], |r| r.get(0))?;
            let Some(batch) = batch else { return Ok(Vec::new()) };
            let mut of_batch =
                tx.prepare_cached("SELECT id FROM certificate WHERE id BETWEEN ?1 AND ?2 AND batch = ?3 ORDER BY id")?;
            let mut statement = tx.prepare_cached(&format!("{STANDING} {MEETING}"))?;
            let mut rows = statement.query(params![act.kind.key(), whole.first.value(), whole.last.value()])?;
            let mut found = Vec::new();
            while let Some(row) = rows.next()? {
                let piece = standing_of(row)?.within(whole);
                let Some(start) = piece.certificate.filter(|_| piece.keeper == keeper) else { continue };
                let start = super::id_of(tx, start)?;
                let end = start + piece.run.count() as i64 - 1;
                let places = of_batch.query_map([start, end, batch], |r| Ok(r.get::<_, i64>(0)? - start))?;
                for place in places {
                    let number = piece.run.first.further(place? as u32);
                    if let Some(number) = number.filter(|number| !spoiled.iter().any(|run| run.holds(*number))) {
                        found.push(piece.within(BlankRun::of_one(number)));
                    }
                }
            }
            Ok(found)
        };
        Ok(joined(read().map_err(|e| self.error(&e))?))
    }
}

/// Lists the numbers that are used, each with its certificate.
fn pairs_of(pieces: &[Standing]) -> Vec<(BlankNumber, SeriesNumber)> {
    let of_piece = |piece: &Standing| {
        let start = piece.certificate;
        let pair = move |(place, number): (u32, BlankNumber)| Some((number, start?.further(place)));
        (0_u32..).zip(numbers_of(piece)).filter_map(pair).collect::<Vec<_>>()
    };
    pieces.iter().flat_map(of_piece).collect()
}

/// Joins neighbours that one move has left so.
fn joined(pieces: Vec<Standing>) -> Vec<Standing> {
    let mut all: Vec<Standing> = Vec::new();
    for piece in pieces {
        match all.last_mut() {
            Some(before) if before.by == piece.by && before.run.last.further(1) == Some(piece.run.first) => {
                before.run.last = piece.run.last;
            }
            _ => all.push(piece),
        }
    }
    all
}
