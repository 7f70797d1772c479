//! Blanks used for certificates: one, a whole batch in the order of its rows, or the new paper of a case.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior, params};

use super::{BlankAct, MEETING, STANDING, Step, pieces, standing_of};
use crate::domain::code::CertCode;
use crate::domain::ledger::action::Action;
use crate::domain::ledger::case::{CaseId, CaseKind, CaseState};
use crate::domain::ledger::stock::{
    self as stock, BlankKind, BlankNumber, BlankRun, BlankState, Printing, SeriesNumber, Standing, StockRefusal,
    runs_of_numbers, without,
};
use crate::domain::ledger::{Certificate, Selection, Status};
use crate::store::error::{Result, StoreError};
use crate::store::{BlanksDone, Store};

/// What was printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Printed {
    /// What was spoiled over it.
    pub spoiled: Option<BlanksDone>,
    pub used: BlanksDone,
    /// Each blank with its certificate.
    pub pairs: Vec<(BlankNumber, CertCode)>,
}

/// Where a certificate stands in the chain.
pub(super) fn number_of(certificate: &Certificate) -> SeriesNumber {
    SeriesNumber { series: certificate.series, serial: certificate.serial }
}

impl Store {
    /// Uses blanks from a number on: those in stock with the keeper who has it, in order, without those that were `spoiled` over it.
    pub fn use_blanks(
        &self,
        act: &BlankAct<'_>,
        from: BlankNumber,
        whom: Printing,
        spoiled: &[BlankRun],
    ) -> Result<Printed> {
        self.write_latest(|tx| {
            let (certificates, old) = self.to_print(tx, whom)?;
            self.must_have_been_given(tx, &certificates, act)?;
            let case = if let Printing::Case(id) = whom { Some(id.0) } else { None };
            let keeper = self.covered(tx, act.kind, &[BlankRun::of_one(from)])?.remove(0).keeper;
            let spoilt = match spoiled {
                [] => None,
                runs => {
                    let steps = self.each(tx, act.kind, runs, |piece| piece.turned(BlankState::Spoiled, act.on))?;
                    Some(self.moved(tx, act, Action::StockSpoil, (steps, |_| {}))?)
                }
            };
            let wanted: Vec<SeriesNumber> = certificates.iter().map(number_of).collect();
            if !spoiled.iter().any(|run| run.holds(from)) {
                self.must_be_free(tx, act, from, wanted[0])?;
            }
            let free = self.free(tx, act, (from, &keeper), (certificates.len(), &[]))?;
            let pairs: Vec<(BlankNumber, SeriesNumber)> = free.iter().flat_map(numbers_of).zip(wanted).collect();
            let mut steps = Vec::new();
            if let Some((kind, piece)) = old {
                if kind != act.kind {
                    return Err(StockRefusal::HasBlank(certificates[0].code, piece.run.first).into());
                }
                let judged = piece.turned(BlankState::Spoiled, act.on);
                steps.push(self.step(tx, act.kind, &piece, judged)?);
            }
            steps.extend(self.laid(tx, act, &pairs, &free)?);
            // Why something was spoiled is not why the others were used.
            let reason = if spoiled.is_empty() { act.reason } else { "" };
            let of_use = BlankAct { reason, ..*act };
            let used = self.moved(tx, &of_use, Action::StockUse, (steps, |moved| moved.case = case))?;
            let pairs = pairs.iter().map(|(number, _)| *number).zip(certificates.iter().map(|one| one.code)).collect();
            Ok(Printed { spoiled: spoilt, used, pairs })
        })
    }

    /// Lists the certificates among some that have a blank.
    pub fn codes_with_blanks(&self, selection: &Selection) -> Result<Vec<CertCode>> {
        let sql = |e: rusqlite::Error| self.error(&e);
        let mut codes = Vec::new();
        for certificate in self.list_certificates(&self.db, selection, true)? {
            if blank_of(&self.db, number_of(&certificate)).map_err(sql)?.is_some() {
                codes.push(certificate.code);
            }
        }
        Ok(codes)
    }

    /// Refuses to print a certificate on a day before its number was given.
    fn must_have_been_given(&self, tx: &Transaction, all: &[Certificate], act: &BlankAct<'_>) -> Result<()> {
        let mut known: BTreeMap<u64, Option<NaiveDate>> = BTreeMap::new();
        for certificate in all {
            let given = match known.get(&certificate.taken) {
                Some(given) => *given,
                None => *known
                    .entry(certificate.taken)
                    .or_insert(given_on(tx, certificate.taken).map_err(|e| self.error(&e))?),
            };
            if let Some(given) = given.filter(|given| act.on < *given) {
                return Err(StockRefusal::BeforeNumber(certificate.code, given).into());
            }
        }
        Ok(())
    }

    /// Uses blanks for certificates that are numbered just now, in their order, from a number on.
    ///
    /// # Errors
    /// [`StoreError::LedgerMoved`] where they are not those that were planned: others have used or spoiled some meanwhile.
    pub(in crate::store) fn use_for_numbers(
        &self,
        tx: &Transaction,
        act: &BlankAct<'_>,
        (from, wanted): (BlankNumber, &[BlankRun]),
        numbers: &[SeriesNumber],
    ) -> Result<BlanksDone> {
        let Some(first) = numbers.first() else { return Err(StockRefusal::NothingToPrint.into()) };
        let keeper = self.must_be_free(tx, act, from, *first)?;
        let free = self.free(tx, act, (from, &keeper), (numbers.len(), &[]))?;
        let pairs: Vec<_> = free.iter().flat_map(numbers_of).zip(numbers.iter().copied()).collect();
        if runs_of_numbers(pairs.iter().map(|(number, _)| *number)) != wanted {
            return Err(StoreError::LedgerMoved(first.series));
        }
        let steps = self.laid(tx, act, &pairs, &free)?;
        self.moved(tx, act, Action::StockUse, (steps, |_| {}))
    }

    /// Tells on which blanks certificates would be printed, from a number on.
    pub fn blanks_ahead(
        &self,
        act: &BlankAct<'_>,
        from: BlankNumber,
        numbers: &[SeriesNumber],
    ) -> Result<Vec<BlankRun>> {
        let Some(first) = numbers.first() else { return Ok(Vec::new()) };
        let tx = Transaction::new_unchecked(&self.db, TransactionBehavior::Deferred).map_err(|e| self.error(&e))?;
        let keeper = self.must_be_free(&tx, act, from, *first)?;
        let free = self.free(&tx, act, (from, &keeper), (numbers.len(), &[]))?;
        Ok(runs_of_numbers(free.iter().flat_map(numbers_of).take(numbers.len())))
    }

    /// Refuses a first blank that cannot be used: whoever names one has it in hand. Gives who keeps it.
    fn must_be_free(
        &self,
        tx: &Transaction,
        act: &BlankAct<'_>,
        from: BlankNumber,
        certificate: SeriesNumber,
    ) -> Result<String> {
        let first = self.covered(tx, act.kind, &[BlankRun::of_one(from)])?.remove(0);
        let judged = first.used_for(certificate, act.on);
        self.step(tx, act.kind, &first, judged)?;
        Ok(first.keeper)
    }

    /// Makes the steps by which certificates are printed on blanks, or laid beside others.
    pub(super) fn laid(
        &self,
        tx: &Transaction,
        act: &BlankAct<'_>,
        pairs: &[(BlankNumber, SeriesNumber)],
        on: &[Standing],
    ) -> Result<Vec<Step>> {
        let mut steps = Vec::new();
        let mut on = on.iter();
        let mut piece = on.next();
        let mut at = 0;
        while let Some((number, certificate)) = pairs.get(at).copied() {
            while piece.is_some_and(|piece| piece.run.last < number) {
                piece = on.next();
            }
            let Some(piece) = piece.filter(|piece| piece.run.holds(number)) else {
                return Err(StockRefusal::NeverReceived(number).into());
            };
            let goes_on = |step: u32, pair: &(BlankNumber, SeriesNumber)| {
                number.further(step) == Some(pair.0) && certificate.further(step) == pair.1 && piece.run.holds(pair.0)
            };
            let length = (0_u32..).zip(&pairs[at..]).take_while(|(step, pair)| goes_on(*step, pair)).count();
            let last = number.further(length as u32 - 1).unwrap_or(number);
            let part = piece.within(BlankRun { first: number, last });
            let judged = match part.state {
                BlankState::Used => Ok(part.used_instead(certificate)),
                _ => part.used_for(certificate, act.on),
            };
            steps.push(self.step(tx, act.kind, &part, judged)?);
            at += length;
        }
        Ok(steps)
    }

    /// Gives so many blanks that a keeper has in stock, from a number on and without some.
    pub(super) fn free(
        &self,
        tx: &Transaction,
        act: &BlankAct<'_>,
        (from, keeper): (BlankNumber, &str),
        (wanted, but): (usize, &[BlankRun]),
    ) -> Result<Vec<Standing>> {
        let whole = BlankRun { first: from, last: BlankNumber::LARGEST };
        let read = || -> rusqlite::Result<Vec<Standing>> {
            let mut statement = tx.prepare_cached(&format!("{STANDING} {MEETING}"))?;
            let mut rows = statement.query(params![act.kind.key(), whole.first.value(), whole.last.value()])?;
            let (mut found, mut count) = (Vec::new(), 0);
            while let Some(row) = rows.next()? {
                let piece = standing_of(row)?.within(whole);
                if piece.state != BlankState::Stock || piece.keeper != keeper {
                    continue;
                }
                let left = without(&[piece.run], but);
                count += stock::count(&left);
                found.extend(left.into_iter().map(|run| piece.within(run)));
                if wanted as u64 <= count {
                    break;
                }
            }
            Ok(found)
        };
        let found = read().map_err(|e| self.error(&e))?;
        let there: u64 = found.iter().map(|piece| piece.run.count()).sum();
        if there < wanted as u64 { Err(StockRefusal::TooFew(wanted as u64, there).into()) } else { Ok(found) }
    }

    /// Lists the certificates that are to be printed, and the blank that the only one of them has.
    #[allow(clippy::type_complexity)]
    fn to_print(&self, tx: &Transaction, whom: Printing) -> Result<(Vec<Certificate>, Option<(BlankKind, Standing)>)> {
        let sql = |e: rusqlite::Error| self.error(&e);
        let of_code = |code: CertCode| self.find_certificate(tx, code)?.ok_or(StoreError::NoCertificate(code));
        match whom {
            Printing::Certificate(code) => {
                let certificate = of_code(code)?;
                must_be_printed(&certificate)?;
                if let Some((_, piece)) = blank_of(tx, number_of(&certificate)).map_err(sql)? {
                    return Err(StockRefusal::HasBlank(code, piece.run.first).into());
                }
                Ok((vec![certificate], None))
            }
            Printing::Case(id) => {
                let case = self.stored(tx, id)?.case;
                let certificate = of_code(case.code)?;
                if case.kind() == CaseKind::Revoke {
                    return Err(StockRefusal::OtherCase(id).into());
                }
                if !matches!(case.state, CaseState::Approved | CaseState::Closed) {
                    return Err(StockRefusal::CaseNotApproved(id).into());
                }
                must_be_printed(&certificate)?;
                let number = number_of(&certificate);
                if let Some(done) = printed_for(tx, number, id).map_err(sql)? {
                    return Err(StockRefusal::CaseDone(id, done).into());
                }
                let old = blank_of(tx, number).map_err(sql)?;
                Ok((vec![certificate], old))
            }
            Printing::Batch(batch) => {
                self.batch(batch)?;
                let found = self.list_certificates(tx, &Selection::Batch(batch), false)?;
                let (mut found, _) = self.part_aside(tx, batch, found)?;
                found.retain(|one| must_be_printed(one).is_ok());
                let mut left = Vec::new();
                for certificate in found {
                    if blank_of(tx, number_of(&certificate)).map_err(sql)?.is_none() {
                        left.push(certificate);
                    }
                }
                left.sort_by_key(|one| one.row);
                if left.is_empty() { Err(StockRefusal::NothingToPrint.into()) } else { Ok((left, None)) }
            }
        }
    }
}

/// Gives the day on which an entry gave numbers to rows; nothing where it is another kind of entry, or does not tell.
fn given_on(db: &Connection, entry: u64) -> rusqlite::Result<Option<NaiveDate>> {
    let day: Option<Option<String>> = db
        .prepare_cached("SELECT json_extract(after, '$.on') FROM audit WHERE seq = ?1 AND action = 'ledger.allocate'")?
        .query_row([entry as i64], |r| r.get(0))
        .optional()?;
    Ok(day.flatten().and_then(|day| day.parse().ok()))
}

/// Lists the numbers of a piece.
pub(super) fn numbers_of(piece: &Standing) -> impl Iterator<Item = BlankNumber> + use<> {
    let run = piece.run;
    (run.first.value()..=run.last.value()).filter_map(|number| BlankNumber::new(i64::from(number)))
}

fn must_be_printed(certificate: &Certificate) -> std::result::Result<(), StockRefusal> {
    match certificate.status {
        status @ (Status::Reserved | Status::Void | Status::Revoked) => {
            Err(StockRefusal::NoPaper(certificate.code, status))
        }
        _ => Ok(()),
    }
}

/// Gives the blank that a certificate is printed on.
pub(super) fn blank_of(db: &Connection, certificate: SeriesNumber) -> rusqlite::Result<Option<(BlankKind, Standing)>> {
    let Some((kind, number)) = blank_with(db, super::id_of(db, certificate)?)? else { return Ok(None) };
    let run = BlankRun::of_one(number);
    Ok(pieces(db, kind, run)?.first().map(|piece| (kind, piece.within(run))))
}

/// The same by the certificate's id; only which it is.
pub(in crate::store) fn blank_with(db: &Connection, id: i64) -> rusqlite::Result<Option<(BlankKind, BlankNumber)>> {
    let found: Option<(String, i64)> = db
        .prepare_cached(
            "SELECT kind, first + ?1 - certificate FROM
             (SELECT kind, first, last, certificate FROM blank WHERE certificate <= ?1 ORDER BY certificate DESC LIMIT 1)
             WHERE ?1 <= certificate + last - first",
        )?
        .query_row([id], |r| Ok((r.get(0)?, r.get(1)?)))
        .optional()?;
    let Some((kind, number)) = found else { return Ok(None) };
    Ok(BlankKind::read(&kind).zip(BlankNumber::new(number)))
}

/// Gives the blank on which the new paper of a case is printed.
pub(super) fn printed_for(
    db: &Connection,
    certificate: SeriesNumber,
    case: CaseId,
) -> rusqlite::Result<Option<BlankNumber>> {
    let found: Option<i64> = db
        .prepare_cached(
            "SELECT m.first FROM touched t JOIN audit a ON a.seq = t.entry JOIN blank_move m ON m.entry = a.seq
             WHERE t.series = (SELECT id FROM series WHERE key = ?1) AND t.first <= ?2 AND ?2 <= t.last
               AND a.action = 'stock.use' AND json_extract(a.after, '$.case') = ?3 AND m.certificate IS NOT NULL
               AND NOT EXISTS (SELECT 1 FROM blank_move c WHERE c.before = m.id AND c.restores IS NOT NULL)",
        )?
        .query_row(params![certificate.series.as_str(), certificate.serial, case.0], |r| r.get(0))
        .optional()?;
    Ok(found.and_then(BlankNumber::new))
}
