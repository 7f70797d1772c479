//! Taking the reply of a site into the ledger: all of it, or nothing.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::NaiveDate;
use rusqlite::Transaction;

use super::super::Store;
use super::super::error::Result;
use crate::domain::code::CertCode;
use crate::domain::ledger::action::{Action, ReplyFile};
use crate::domain::ledger::reply::{BarredRow, ReplyFault, ReplyOrder, ReplyRow, ReplyWord, TakenReply, code_in};
use crate::domain::ledger::{Bar, BatchId, Certificate, Handed, Marking, Selection, Status};

/// The certificates that a reply may be about, as far as they were asked for: of a batch all at once.
#[derive(Default)]
struct Known {
    by_code: HashMap<CertCode, Certificate>,
    by_person: HashMap<(String, String), Vec<CertCode>>,
    batches: HashSet<BatchId>,
}

/// Certificates by the status they take, their batch, and why.
type Steps = BTreeMap<(Status, Option<BatchId>, String), Vec<Certificate>>;

impl Store {
    /// Takes what a reply says of certificates: each that may takes the status it says, with why it came back. Where a row stands
    /// against it nothing is stored, and what would have come of it is told.
    pub fn take_reply(&self, rows: &[ReplyRow], order: ReplyOrder, file: &ReplyFile) -> Result<TakenReply> {
        self.must_be_latest()?;
        self.write_if(
            |taken: &TakenReply| taken.may_be_taken(order),
            |tx| {
                let (mut taken, steps) = self.judge_reply(tx, rows, order)?;
                if !taken.may_be_taken(order) {
                    return Ok(taken);
                }
                for ((status, batch, why), certificates) in &steps {
                    let handed = Handed { reply: Some(file), ..Handed::default() };
                    let marking = Marking { handed, ..Marking::new(*status, order.on, why) };
                    let entry = self.note_marking(tx, Action::LedgerMark, *batch, certificates, &marking)?;
                    taken.entries.push(entry);
                }
                Ok(taken)
            },
        )
    }

    fn judge_reply(&self, tx: &Transaction, rows: &[ReplyRow], order: ReplyOrder) -> Result<(TakenReply, Steps)> {
        // A day by a clock that was ahead bars nothing.
        let ahead = Store::day_since_clock_was_ahead(tx).map_err(|e| self.error(&e))?;
        let (mut known, mut taken, mut steps) = (Known::default(), TakenReply::default(), Steps::new());
        let mut told: HashMap<CertCode, (Option<ReplyWord>, u32)> = HashMap::new();
        if let Some(batch) = order.batch {
            self.know_batch(tx, &mut known, batch)?;
        }
        for row in rows {
            let meant = self.certificate_meant(tx, &mut known, row, order)?;
            let code = meant.as_ref().map_or_else(|_| code_in(&row.code), |one| Some(one.code));
            let mut bar = |fault| taken.barred.push(BarredRow { line: row.line, code, fault });
            let certificate = match meant {
                Ok(certificate) => certificate,
                Err(fault) => {
                    bar(fault);
                    continue;
                }
            };
            let Some(word) = row.word else {
                bar(ReplyFault::Word(row.result.clone()));
                continue;
            };
            if let Some((earlier, line)) = told.get(&certificate.code) {
                if *earlier != row.word {
                    bar(ReplyFault::Contradicts(*line));
                }
                continue;
            }
            told.insert(certificate.code, (row.word, row.line));
            let batch = certificate.row.map(|(batch, _)| batch);
            match verdict(&certificate, word, order.on, ahead) {
                Verdict::Waits => taken.waiting += 1,
                Verdict::IsSo => taken.same += 1,
                Verdict::Barred(why, status) => {
                    bar(ReplyFault::Barred(why, status));
                    continue;
                }
                Verdict::Takes(status) => {
                    let why = if status == Status::Returned { row.why().to_string() } else { String::new() };
                    *taken.taken.entry(status).or_default() += 1;
                    if status == Status::Returned {
                        *taken.reasons.entry(why.clone()).or_default() += 1;
                    }
                    steps.entry((status, batch, why)).or_default().push(certificate);
                }
            }
            taken.batches.extend(batch);
        }
        let is_silent = |one: &&Certificate| {
            one.status == Status::Submitted
                && !told.contains_key(&one.code)
                && one.row.is_some_and(|(batch, _)| taken.batches.contains(&batch))
        };
        taken.silent = known.by_code.values().filter(is_silent).count() as u64;
        Ok((taken, steps))
    }

    /// Finds the certificate that a row is about.
    fn certificate_meant(
        &self,
        tx: &Transaction,
        known: &mut Known,
        row: &ReplyRow,
        order: ReplyOrder,
    ) -> Result<std::result::Result<Certificate, ReplyFault>> {
        if !row.code.is_empty() {
            let Some(code) = code_in(&row.code) else { return Ok(Err(ReplyFault::NotCode)) };
            let Some(certificate) = self.known_by_code(tx, known, code)? else { return Ok(Err(ReplyFault::Unknown)) };
            return Ok(if row.is_of(&certificate) {
                of_batch(certificate, order.batch)
            } else {
                Err(ReplyFault::OtherPerson)
            });
        }
        if row.name.is_empty() || row.id_number.is_empty() {
            return Ok(Err(ReplyFault::Nobody));
        }
        let mut found = match order.batch {
            Some(_) => {
                let person = (row.name.clone(), row.id_number.clone());
                let codes = known.by_person.get(&person).into_iter().flatten();
                codes.filter_map(|code| known.by_code.get(code).cloned()).collect()
            }
            None => self.certificates_of_person(tx, &row.name, &row.id_number)?,
        };
        // Of several those count that wait for an answer.
        if 1 < found.len() {
            let waits = |one: &Certificate| one.status == Status::Submitted;
            if found.iter().any(waits) {
                found.retain(waits);
            }
        }
        Ok(match (found.pop(), found.is_empty()) {
            (Some(certificate), true) => {
                if let Some((batch, _)) = certificate.row {
                    self.know_batch(tx, known, batch)?;
                }
                Ok(certificate)
            }
            (Some(_), false) => Err(ReplyFault::Several),
            (None, _) => Err(ReplyFault::Unknown),
        })
    }

    fn known_by_code(&self, tx: &Transaction, known: &mut Known, code: CertCode) -> Result<Option<Certificate>> {
        if let Some(found) = known.by_code.get(&code) {
            return Ok(Some(found.clone()));
        }
        let found = self.find_certificate(tx, code)?;
        // The next rows are likely of the same batch.
        if let Some((batch, _)) = found.as_ref().and_then(|one| one.row) {
            self.know_batch(tx, known, batch)?;
        }
        Ok(found)
    }

    fn know_batch(&self, tx: &Transaction, known: &mut Known, batch: BatchId) -> Result<()> {
        if known.batches.insert(batch) {
            for one in self.list_certificates(tx, &Selection::Batch(batch), true)? {
                let person = (one.holder.name.clone(), one.holder.id_number.clone());
                known.by_person.entry(person).or_default().push(one.code);
                known.by_code.insert(one.code, one);
            }
        }
        Ok(())
    }
}

/// What a row says comes to.
enum Verdict {
    Takes(Status),
    IsSo,
    Waits,
    Barred(Bar, Status),
}

fn verdict(certificate: &Certificate, word: ReplyWord, on: NaiveDate, ahead: Option<NaiveDate>) -> Verdict {
    let Some(next) = word.status() else { return Verdict::Waits };
    let is = certificate.status;
    // What can be looked up has been accepted.
    if is == next || (next, is) == (Status::Accepted, Status::Published) {
        return Verdict::IsSo;
    }
    let since = certificate.status_on;
    if !is.may_become(next) {
        return Verdict::Barred(Bar::Status(is), next);
    }
    if since <= Some(on) || ahead.is_some_and(|day| Some(day) < since) {
        Verdict::Takes(next)
    } else {
        Verdict::Barred(Bar::Day(is, since), next)
    }
}

fn of_batch(certificate: Certificate, batch: Option<BatchId>) -> std::result::Result<Certificate, ReplyFault> {
    let own = certificate.row.map(|(batch, _)| batch);
    if batch.is_some() && own != batch { Err(ReplyFault::OtherBatch(own)) } else { Ok(certificate) }
}
