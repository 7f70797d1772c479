//! What was noted of blanks by mistake, a use, a spoilage or a destruction: corrected by an entry of its own, after which they stand
//! as if it had never been.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use rusqlite::{Connection, OptionalExtension, Transaction, params};

use super::{BlankAct, BlanksDone, Step, pieces};
use crate::domain::code::CertCode;
use crate::domain::ledger::SeriesKey;
use crate::domain::ledger::action::Action;
use crate::domain::ledger::stock::{
    BlankKind, BlankNumber, BlankRun, BlankState, SeriesNumber, Standing, StockRefusal, TakenBack,
};
use crate::store::Store;
use crate::store::error::Result;

/// The move by which blanks stand, what they stood by before, and the entry that has it.
struct Wrong {
    id: i64,
    former: i64,
    entry: i64,
    action: String,
    /// Whether the entry moved several blanks for the sake of each other, so that no one of them is corrected alone.
    is_bound: bool,
}

impl Store {
    /// Corrects what was noted of blanks last.
    pub fn correct_blanks(&self, act: &BlankAct<'_>, what: TakenBack, runs: &[BlankRun]) -> Result<BlanksDone> {
        self.write_latest(|tx| {
            let sql = |e: rusqlite::Error| self.error(&e);
            let (mut steps, mut whole) = (Vec::new(), BTreeSet::new());
            for piece in self.covered(tx, act.kind, runs)? {
                let (first, wrong) = (piece.run.first, wrong(tx, piece.by).map_err(sql)?);
                let action = wrong.as_ref().map_or(String::new(), |wrong| wrong.action.clone());
                let Some(wrong) = wrong.filter(|wrong| wrong.action == what.action()) else {
                    return Err(StockRefusal::NothingToCorrect(first, what, action).into());
                };
                if !wrong.is_bound {
                    let step = corrected(tx, &piece, &wrong).map_err(sql)?;
                    if let Some((code, number)) = taken(tx, &step).map_err(sql)? {
                        return Err(StockRefusal::HasBlank(code, number).into());
                    }
                    steps.push(step);
                } else if whole.insert(wrong.entry) {
                    steps.extend(self.entry_corrected(tx, act.kind, (first, wrong.entry))?);
                }
            }
            self.moved(tx, act, Action::StockCorrect, (steps, |_| {}))
        })
    }

    /// Corrects all that an entry moved, the last first, so that each certificate finds its blank free again.
    fn entry_corrected(
        &self,
        tx: &Transaction,
        kind: BlankKind,
        (asked, entry): (BlankNumber, i64),
    ) -> Result<Vec<Step>> {
        let sql = |e: rusqlite::Error| self.error(&e);
        let mut steps = Vec::new();
        for (id, run) in moves_of(tx, entry).map_err(sql)? {
            for piece in pieces(tx, kind, run).map_err(sql)?.into_iter().map(|piece| piece.within(run)) {
                match wrong(tx, piece.by).map_err(sql)?.filter(|wrong| wrong.id == id) {
                    Some(wrong) => steps.push(corrected(tx, &piece, &wrong).map_err(sql)?),
                    None => return Err(StockRefusal::MovedOn(asked, piece.run.first).into()),
                }
            }
        }
        Ok(steps)
    }
}

/// Finds by which move blanks stand, where it has another one before it: what a correction restored stands for itself.
fn wrong(db: &Connection, by: i64) -> rusqlite::Result<Option<Wrong>> {
    db.prepare_cached(
        "SELECT o.id, coalesce(p.restores, p.id, 0), o.entry, a.action,
                (a.action = 'stock.spoil' AND EXISTS (SELECT 1 FROM blank_move s WHERE s.entry = a.seq AND s.state = 'used'))
                OR (a.action = 'stock.use' AND json_extract(a.after, '$.case') IS NOT NULL)
         FROM blank_move m JOIN blank_move o ON o.id = coalesce(m.restores, m.id) JOIN audit a ON a.seq = o.entry
         LEFT JOIN blank_move p ON p.id = o.before WHERE m.id = ?1",
    )?
    .query_row([by], |r| {
        Ok(Wrong { id: r.get(0)?, former: r.get(1)?, entry: r.get(2)?, action: r.get(3)?, is_bound: r.get(4)? })
    })
    .optional()
}

/// Lists what an entry moved, the last first.
fn moves_of(db: &Connection, entry: i64) -> rusqlite::Result<Vec<(i64, BlankRun)>> {
    db.prepare_cached("SELECT id, first, last FROM blank_move WHERE entry = ?1 ORDER BY id DESC")?
        .query_map([entry], |r| {
            let number = |at: usize| BlankNumber::new(r.get(at)?).ok_or_else(|| super::not_ours(at));
            Ok((r.get(0)?, BlankRun { first: number(1)?, last: number(2)? }))
        })?
        .collect()
}

/// Makes the step by which blanks stand as before.
fn corrected(db: &Connection, piece: &Standing, wrong: &Wrong) -> rusqlite::Result<Step> {
    let former = db
        .prepare_cached(
            "SELECT r.state, r.keeper, r.place, r.day, s.key, (r.certificate & 1073741823) + ?2 - r.first
             FROM blank_move r LEFT JOIN series s ON s.id = r.certificate >> 30 WHERE r.id = ?1",
        )?
        .query_row(params![wrong.former, piece.run.first.value()], |r| {
            let series = r.get_ref(4)?.as_str_or_null()?.and_then(SeriesKey::read);
            let since: NaiveDate = r.get_ref(3)?.as_str()?.parse().map_err(|_| super::not_ours(3))?;
            Ok(Standing {
                state: BlankState::read(r.get_ref(0)?.as_str()?).ok_or_else(|| super::not_ours(0))?,
                keeper: r.get(1)?,
                place: r.get(2)?,
                certificate: match series {
                    Some(series) => Some(SeriesNumber { series, serial: r.get(5)? }),
                    None => None,
                },
                since,
                ..piece.clone()
            })
        })?;
    let told = piece.corrected(&former);
    Ok(Step { told, before: Some(piece.by), restored: Some((wrong.former, former.since)) })
}

/// Finds a certificate that a step would give its blank back, and that has another one by now.
fn taken(db: &Connection, step: &Step) -> rusqlite::Result<Option<(CertCode, BlankNumber)>> {
    let Some(start) = step.told.certificate else { return Ok(None) };
    let id = super::id_of(db, start)?;
    let found: Option<(i64, i64)> = db
        .prepare_cached(
            "SELECT max(certificate, ?1), first + max(certificate, ?1) - certificate FROM blank
             WHERE certificate <= ?2 AND ?1 <= certificate + last - first LIMIT 1",
        )?
        .query_row([id, id + step.told.run.count() as i64 - 1], |r| Ok((r.get(0)?, r.get(1)?)))
        .optional()?;
    let Some((certificate, number)) = found else { return Ok(None) };
    let code = u32::try_from(certificate - id).ok().and_then(|by| start.series.code(start.serial + by));
    Ok(code.zip(BlankNumber::new(number)))
}
