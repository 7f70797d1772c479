//! Blank certificates (空白证书) in the store: each act one transaction with its entries in the audit chain. That no blank is used
//! twice, and none is unaccounted for, the tables themselves see to.

mod correct;
#[cfg(test)]
mod correct_tests;
mod count;
mod print;
mod read;
mod spoil;
#[cfg(test)]
mod tests;

use chrono::NaiveDate;
use rusqlite::{Connection, OptionalExtension, Transaction, params};

pub(super) use read::tables;

use super::Store;
use super::error::{Result, StoreError};
use crate::domain::code::CertCode;
use crate::domain::ledger::SeriesKey;
use crate::domain::ledger::action::{Act, Action, BlanksMoved};
use crate::domain::ledger::stock::{
    BlankKind, BlankMove, BlankNumber, BlankRun, BlankState, Passing, SeriesNumber, Standing, StockRefusal, union,
};

pub use count::{CountEnd, CountOrder};
pub use print::Printed;
pub(super) use print::blank_with;
pub use read::{BlankFilter, BlankLife, BlankStep, KeeperSpoilage, NotedDemand, Stocktake};
pub(super) use read::{counted_day, first_receipt};

/// What every act about blanks says.
#[derive(Debug, Clone, Copy)]
pub struct BlankAct<'a> {
    pub kind: BlankKind,
    /// The day on which it is done.
    pub on: NaiveDate,
    /// Why; may be empty.
    pub reason: &'a str,
}

/// What was done to blanks: its entry, and what became of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlanksDone {
    pub entry: u64,
    pub moved: BlanksMoved,
}

/// A move, and the one before it as the store numbers it.
#[derive(Debug, Clone)]
struct Step {
    told: BlankMove,
    before: Option<i64>,
    /// The move as which the blanks stand again, and since when, where it is a correction.
    restored: Option<(i64, NaiveDate)>,
}

/// The columns of [`standing_of`], and the tables they are of.
const STANDING: &str = "
    SELECT b.first, b.last, m.state, m.keeper, m.place, s.key, b.certificate & 1073741823, m.day, b.move, f.keeper, f.place,
           m.before IS NULL AND n.restores IS NULL
    FROM blank b JOIN blank_move n ON n.id = b.move JOIN blank_move m ON m.id = coalesce(n.restores, n.id)
    JOIN audit a ON a.seq = m.entry LEFT JOIN blank_move f ON f.id = m.before AND a.action = 'stock.draw'
    LEFT JOIN series s ON s.id = b.certificate >> 30";

/// The pieces of a kind that reach into a run.
const MEETING: &str = "
    WHERE b.kind = ?1 AND b.first <= ?3 AND ?2 <= b.last
      AND coalesce((SELECT max(first) FROM blank WHERE kind = ?1 AND first <= ?2), ?2) <= b.first ORDER BY b.first";

impl Store {
    /// Receives blanks from outside.
    pub fn receive_blanks(
        &self,
        act: &BlankAct<'_>,
        run: BlankRun,
        (keeper, place): (&str, &str),
    ) -> Result<BlanksDone> {
        self.write_latest(|tx| {
            let there = pieces(tx, act.kind, run).map_err(|e| self.error(&e))?;
            if let Some(piece) = there.first() {
                return Err(StockRefusal::Received(piece.within(run).run).into());
            }
            let step = Step { told: BlankMove::receipt(run, keeper, place), before: None, restored: None };
            self.moved(tx, act, Action::StockReceive, (vec![step], |_| {}))
        })
    }

    /// Takes back receipts, or the parts of them to which nothing has happened: their numbers may be received again.
    pub fn take_back_blanks(&self, act: &BlankAct<'_>, runs: &[BlankRun]) -> Result<BlanksDone> {
        self.write_latest(|tx| {
            let day = |piece: &Standing| BlankAct { on: act.on.max(piece.since), ..*act };
            let pieces = self.covered(tx, act.kind, runs)?;
            let act = pieces.iter().map(day).max_by_key(|act| act.on).unwrap_or(*act);
            let steps = pieces.iter().map(|piece| self.step(tx, act.kind, piece, piece.taken_back()));
            let steps = steps.collect::<Result<Vec<_>>>()?;
            self.moved(tx, &act, Action::StockTakeBack, (steps, |_| {}))
        })
    }

    /// Hands blanks from one keeper to another. Nobody named as who gets them: what goes back goes to whom it was drawn from.
    pub fn pass_blanks(
        &self,
        act: &BlankAct<'_>,
        way: Passing,
        runs: &[BlankRun],
        to: (Option<&str>, Option<&str>),
    ) -> Result<BlanksDone> {
        let action: fn(Moving) -> Action = match way {
            Passing::Draw => Action::StockDraw,
            Passing::HandOver => Action::StockHandOver,
            Passing::Return => Action::StockReturn,
        };
        self.write_latest(|tx| {
            let steps = self.each(tx, act.kind, runs, |piece| piece.passed(way, to, act.on))?;
            self.moved(tx, act, action, (steps, |_| {}))
        })
    }

    /// Notes that spoiled blanks were destroyed before a witness.
    pub fn destroy_blanks(
        &self,
        act: &BlankAct<'_>,
        runs: &[BlankRun],
        (witness, record): (&str, &str),
    ) -> Result<BlanksDone> {
        self.write_latest(|tx| {
            let steps = self.each(tx, act.kind, runs, |piece| piece.turned(BlankState::Destroyed, act.on))?;
            let told = |moved: &mut BlanksMoved| {
                (moved.witness, moved.record) = (witness.to_string(), record.to_string());
            };
            self.moved(tx, act, Action::StockDestroy, (steps, told))
        })
    }

    /// Has each piece of some runs judged.
    fn each(
        &self,
        tx: &Transaction,
        kind: BlankKind,
        runs: &[BlankRun],
        judge: impl Fn(&Standing) -> std::result::Result<BlankMove, StockRefusal>,
    ) -> Result<Vec<Step>> {
        let pieces = self.covered(tx, kind, runs)?;
        pieces.iter().map(|piece| self.step(tx, kind, piece, judge(piece))).collect()
    }

    /// Makes a step of what was judged; a refusal that a certificate is behind names it.
    fn step(
        &self,
        tx: &Transaction,
        kind: BlankKind,
        piece: &Standing,
        judged: std::result::Result<BlankMove, StockRefusal>,
    ) -> Result<Step> {
        match judged {
            Ok(told) => Ok(Step { told, before: Some(piece.by), restored: None }),
            Err(StockRefusal::Used(number, None)) => {
                let code = certificate_on(tx, kind, number).map_err(|e| self.error(&e))?;
                Err(StockRefusal::Used(number, code).into())
            }
            Err(refusal) => Err(refusal.into()),
        }
    }

    /// Gives how the blanks of some runs stand, in the order of their numbers.
    ///
    /// # Errors
    /// One was never received, or is named twice.
    fn covered(&self, tx: &Transaction, kind: BlankKind, runs: &[BlankRun]) -> Result<Vec<Standing>> {
        let (once, doubled) = union(runs);
        if let Some(twice) = doubled.first() {
            return Err(StockRefusal::Twice(twice.first).into());
        }
        let mut all = Vec::new();
        for run in once {
            let found = pieces(tx, kind, run).map_err(|e| self.error(&e))?;
            let mut next = Some(run.first);
            for piece in found.iter().map(|piece| piece.within(run)) {
                if next != Some(piece.run.first) {
                    break;
                }
                next = piece.run.last.further(1);
                all.push(piece);
            }
            if let Some(unknown) = next.filter(|next| *next <= run.last) {
                return Err(StockRefusal::NeverReceived(unknown).into());
            }
        }
        Ok(all)
    }

    /// Appends an entry of the chain with what happens to blanks, and has it happen.
    fn moved(
        &self,
        tx: &Transaction,
        act: &BlankAct<'_>,
        action: fn(Moving) -> Action,
        (steps, tell): (Vec<Step>, impl FnOnce(&mut BlanksMoved)),
    ) -> Result<BlanksDone> {
        let mut moved = BlanksMoved::new(act.on, steps.iter().map(|step| step.told.clone()).collect());
        tell(&mut moved);
        let object = act.kind;
        let entry = self.append(tx, &action(Act { object, before: (), after: moved.clone() }), act.reason.trim());
        let entry = entry.map_err(|e| self.error(&e))?;
        self.keep(tx, (act.kind, act.on), entry, &steps)?;
        Ok(BlanksDone { entry, moved })
    }

    /// Writes the moves of an entry, and which certificates it is about.
    fn keep(&self, tx: &Transaction, (kind, on): (BlankKind, NaiveDate), entry: u64, steps: &[Step]) -> Result<()> {
        let write = || -> rusqlite::Result<()> {
            let mut insert = tx.prepare_cached(
                "INSERT INTO blank_move SELECT coalesce(max(id), 0) + 1, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12
                 FROM blank_move",
            )?;
            for Step { told, before, restored } in steps {
                let certificate = told.certificate.map(|number| id_of(tx, number)).transpose()?;
                insert.execute(params![
                    entry as i64,
                    kind.key(),
                    told.run.first.value(),
                    told.run.last.value(),
                    told.state.key(),
                    told.keeper,
                    told.place,
                    certificate,
                    restored.map_or(on, |(_, since)| since).to_string(),
                    before,
                    told.withdrawn,
                    restored.map(|(id, _)| id),
                ])?;
            }
            let moved = BlanksMoved::new(on, steps.iter().map(|step| step.told.clone()).collect());
            let mut touch =
                tx.prepare_cached("INSERT INTO touched SELECT id, ?2, ?3, ?4, NULL, 0 FROM series WHERE key = ?1")?;
            for run in moved.certificates() {
                touch.execute(params![run.series.as_str(), run.first, run.last, entry as i64])?;
            }
            Ok(())
        };
        write().map_err(|e| self.error(&e))
    }
}

/// What is said of blanks that something happens to.
type Moving = Act<BlankKind, (), BlanksMoved>;

impl From<StockRefusal> for StoreError {
    fn from(refusal: StockRefusal) -> StoreError {
        StoreError::Stock(refusal)
    }
}

/// Reads the pieces that reach into a run, whole.
fn pieces(db: &Connection, kind: BlankKind, run: BlankRun) -> rusqlite::Result<Vec<Standing>> {
    db.prepare_cached(&format!("{STANDING} {MEETING}"))?
        .query_map(params![kind.key(), run.first.value(), run.last.value()], standing_of)?
        .collect()
}

/// Reads how the blanks of a piece stand.
fn standing_of(row: &rusqlite::Row) -> rusqlite::Result<Standing> {
    let number = |at: usize| BlankNumber::new(row.get(at)?).ok_or_else(|| not_ours(at));
    let series = row.get_ref(5)?.as_str_or_null()?.and_then(SeriesKey::read);
    let certificate = match series {
        Some(series) => Some(SeriesNumber { series, serial: row.get(6)? }),
        None => None,
    };
    Ok(Standing {
        run: BlankRun { first: number(0)?, last: number(1)? },
        state: BlankState::read(row.get_ref(2)?.as_str()?).ok_or_else(|| not_ours(2))?,
        keeper: row.get(3)?,
        place: row.get(4)?,
        certificate,
        since: row.get_ref(7)?.as_str()?.parse().map_err(|_| not_ours(7))?,
        by: row.get(8)?,
        drawn_from: row.get::<_, Option<String>>(9)?.zip(row.get(10)?),
        is_fresh: row.get(11)?,
    })
}

fn not_ours(column: usize) -> rusqlite::Error {
    rusqlite::Error::InvalidColumnType(column, "blank".to_string(), rusqlite::types::Type::Text)
}

/// Gives the certificate that is printed on a blank.
fn certificate_on(db: &Connection, kind: BlankKind, number: BlankNumber) -> rusqlite::Result<Option<CertCode>> {
    let code: Option<String> = db
        .prepare_cached(
            "SELECT c.code FROM blank b JOIN certificate c ON c.id = b.certificate + ?2 - b.first
             WHERE b.kind = ?1 AND b.first = (SELECT max(first) FROM blank WHERE kind = ?1 AND first <= ?2)",
        )?
        .query_row(params![kind.key(), number.value()], |r| r.get(0))
        .optional()?;
    Ok(code.as_deref().and_then(CertCode::new))
}

/// Gives the id of a certificate.
fn id_of(db: &Connection, number: SeriesNumber) -> rusqlite::Result<i64> {
    let series: i64 =
        db.prepare_cached("SELECT id FROM series WHERE key = ?1")?.query_row([number.series.as_str()], |r| r.get(0))?;
    Ok(series << 30 | i64::from(number.serial))
}
