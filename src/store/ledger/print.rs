//! Print data that was written of certificates: an event of each, and where blanks are kept, a new one for what is printed again.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;
use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior, params};

use super::super::Store;
use super::super::error::Result;
use super::super::stock::{BlankAct, BlanksDone, blank_with};
use super::mark::joined;
use super::{count_of, id_of, series_runs, subject_of, touch};
use crate::domain::code::CertCode;
use crate::domain::ledger::action::{Act, Action, ActionName, CertificatesPrinted};
use crate::domain::ledger::printed::{LastPrint, Medium};
use crate::domain::ledger::stock::{AfterSpoiling, BlankKind, BlankNumber, BlankRun};
use crate::domain::ledger::{BatchId, Certificate};

/// A certificate on its way to the printer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrintState {
    pub certificate: Certificate,
    /// When it was printed last on the same medium.
    pub printed: Option<LastPrint>,
    /// The blank it is to be printed on; always none on another medium than paper.
    pub blank: Option<BlankNumber>,
    /// Whether that blank was there when it was printed last: it is spoiled if it is printed again.
    pub is_used_up: bool,
    /// The kind of that blank.
    kind: Option<BlankKind>,
}

/// What is written, and why.
#[derive(Debug, Clone, Copy)]
pub struct PrintOrder<'a> {
    /// Those that the ledger knows.
    pub codes: &'a [CertCode],
    pub batch: Option<BatchId>,
    pub medium: Medium,
    pub on: NaiveDate,
    pub reason: &'a str,
    /// How many rows the file has, and its name without its folder.
    pub rows: u32,
    pub file: &'a str,
}

/// What was noted of print data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrintedData {
    pub entry: u64,
    /// The blanks that were spoiled for those that were printed again, with what took their place.
    pub spoiled: Vec<(BlankKind, BlanksDone)>,
}

impl Store {
    /// Tells of each code that the ledger knows how it stands before it is printed.
    pub fn print_states(&self, codes: &[CertCode], medium: Medium) -> Result<HashMap<CertCode, PrintState>> {
        let tx = Transaction::new_unchecked(&self.db, TransactionBehavior::Deferred).map_err(|e| self.error(&e))?;
        self.print_states_in(&tx, codes, medium)
    }

    fn print_states_in(
        &self,
        tx: &Transaction,
        codes: &[CertCode],
        medium: Medium,
    ) -> Result<HashMap<CertCode, PrintState>> {
        let mut prints = HashMap::new();
        let mut states = HashMap::new();
        for code in codes {
            let Some(certificate) = self.find_certificate(tx, *code)? else { continue };
            let Some((series, _)) = self.find_series(tx, certificate.series)? else {
                return Err(self.damaged_series());
            };
            let mut read = || -> rusqlite::Result<_> {
                let prints = match prints.entry(series) {
                    Entry::Occupied(known) => known.into_mut(),
                    Entry::Vacant(free) => free.insert(prints_of(tx, series, medium)?),
                };
                let serial = certificate.serial;
                let of_it = |(first, last, _): &&(u32, u32, LastPrint)| (*first..=*last).contains(&serial);
                let printed = prints.iter().rev().find(of_it).map(|(.., print)| *print);
                let id = id_of(series, serial);
                let blank = if medium == Medium::Paper { blank_with(tx, id)? } else { None };
                let since = blank.map(|_| laid_by(tx, id)).transpose()?.flatten();
                Ok((printed, blank, since))
            };
            let (printed, blank, since) = read().map_err(|e| self.error(&e))?;
            let is_used_up = printed.is_some_and(|print| since.is_some_and(|since| since < print.entry));
            let kind = blank.map(|(kind, _)| kind);
            let blank = blank.map(|(_, number)| number);
            states.insert(*code, PrintState { certificate, printed, blank, is_used_up, kind });
        }
        Ok(states)
    }

    /// Notes that the data of certificates are written to be printed, and has `write` write them, which is told their blanks and
    /// gives the digest of the file. What cannot be written is not noted either: neither that it was printed nor a blank that was
    /// spoiled for it.
    pub fn print<E>(
        &self,
        order: &PrintOrder<'_>,
        write: impl FnOnce(&HashMap<CertCode, PrintState>) -> std::result::Result<String, E>,
    ) -> Result<std::result::Result<PrintedData, E>> {
        self.must_be_latest()?;
        self.write_if(std::result::Result::is_ok, |tx| {
            let before = self.print_states_in(tx, order.codes, order.medium)?;
            let spoiled = self.spoil_used_up(tx, order, &before)?;
            let now =
                if spoiled.is_empty() { before.clone() } else { self.print_states_in(tx, order.codes, order.medium)? };
            let sha256 = match write(&now) {
                Ok(sha256) => sha256,
                Err(refused) => return Ok(Err(refused)),
            };
            let of = |is_wanted: &dyn Fn(&PrintState) -> bool| -> Vec<Certificate> {
                before.values().filter(|state| is_wanted(state)).map(|state| state.certificate.clone()).collect()
            };
            let all = joined(&self.by_status(tx, &of(&|_| true))?);
            let again = joined(&self.by_status(tx, &of(&|state| state.printed.is_some()))?);
            let note = || -> rusqlite::Result<u64> {
                let after = CertificatesPrinted {
                    file: order.file.to_string(),
                    sha256,
                    rows: order.rows,
                    on: order.on,
                    medium: order.medium,
                    count: count_of(&all),
                    numbers: series_runs(tx, &all)?,
                    again: series_runs(tx, &again)?,
                };
                let object = subject_of(tx, order.batch, &all)?;
                let action = Action::LedgerPrint(Act { object, before: (), after });
                let entry = self.append(tx, &action, order.reason.trim())?;
                touch(tx, &all, entry, order.batch, false)?;
                Ok(entry)
            };
            let entry = note().map_err(|e| self.error(&e))?;
            Ok(Ok(PrintedData { entry, spoiled }))
        })
    }

    /// Spoils the blanks that an earlier print has used up; the next ones in stock with the same keeper take their place.
    fn spoil_used_up(
        &self,
        tx: &Transaction,
        order: &PrintOrder<'_>,
        states: &HashMap<CertCode, PrintState>,
    ) -> Result<Vec<(BlankKind, BlanksDone)>> {
        let mut runs: BTreeMap<&str, (BlankKind, Vec<BlankNumber>)> = BTreeMap::new();
        for state in states.values().filter(|state| state.is_used_up) {
            if let (Some(kind), Some(number)) = (state.kind, state.blank) {
                runs.entry(kind.key()).or_insert_with(|| (kind, Vec::new())).1.push(number);
            }
        }
        let mut all = Vec::new();
        for (kind, mut numbers) in runs.into_values() {
            numbers.sort_unstable();
            let act = BlankAct { kind, on: order.on, reason: order.reason };
            for runs in self.by_keeper(tx, kind, &numbers)? {
                all.push((kind, self.spoil_in(tx, &act, &runs, AfterSpoiling::Again)?));
            }
        }
        Ok(all)
    }

    /// Parts blanks by who keeps them.
    fn by_keeper(&self, tx: &Transaction, kind: BlankKind, numbers: &[BlankNumber]) -> Result<Vec<Vec<BlankRun>>> {
        let mut all: BTreeMap<String, Vec<BlankRun>> = BTreeMap::new();
        for number in numbers {
            let keeper = keeper_of(tx, kind, *number).map_err(|e| self.error(&e))?;
            let runs = all.entry(keeper.unwrap_or_default()).or_default();
            match runs.last_mut() {
                Some(run) if run.last.further(1) == Some(*number) => run.last = *number,
                _ => runs.push(BlankRun::of_one(*number)),
            }
        }
        Ok(all.into_values().collect())
    }
}

/// Lists the numbers of a series that were printed on a medium, in the order of the chain.
fn prints_of(db: &Connection, series: i64, medium: Medium) -> rusqlite::Result<Vec<(u32, u32, LastPrint)>> {
    let found: Vec<(u32, u32, i64, String)> = db
        .prepare_cached(
            "SELECT t.first, t.last, t.entry, json_extract(a.after, '$.on') FROM touched t JOIN audit a ON a.seq = t.entry
             WHERE t.series = ?1 AND a.action = ?2 AND json_extract(a.after, '$.medium') = ?3 ORDER BY t.entry",
        )?
        .query_map(params![series, ActionName::LedgerPrint.key(), medium.key()], |r| {
            Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?))
        })?
        .collect::<rusqlite::Result<_>>()?;
    let print = |(first, last, entry, on): (u32, u32, i64, String)| {
        Some((first, last, LastPrint { entry: entry as u64, on: on.parse().ok()? }))
    };
    Ok(found.into_iter().filter_map(print).collect())
}

/// Gives the entry by which the blank of a certificate came to it.
fn laid_by(db: &Connection, id: i64) -> rusqlite::Result<Option<u64>> {
    let entry: Option<i64> = db
        .prepare_cached(
            "SELECT m.entry FROM blank b JOIN blank_move m ON m.id = b.move WHERE b.certificate <= ?1
             ORDER BY b.certificate DESC LIMIT 1",
        )?
        .query_row([id], |r| r.get(0))
        .optional()?;
    Ok(entry.map(|entry| entry as u64))
}

/// Gives who keeps a blank.
fn keeper_of(db: &Connection, kind: BlankKind, number: BlankNumber) -> rusqlite::Result<Option<String>> {
    db.prepare_cached(
        "SELECT m.keeper FROM blank b JOIN blank_move m ON m.id = b.move
         WHERE b.kind = ?1 AND b.first <= ?2 ORDER BY b.first DESC LIMIT 1",
    )?
    .query_row(params![kind.key(), number.value()], |r| r.get(0))
    .optional()
}
