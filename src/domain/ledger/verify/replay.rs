//! What the audit chain says must stand in the ledger.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;

use super::register::{CaseRow, NotedRow, Register, ToldGaps};
use super::{ProblemKind, VerifyReport};
use crate::domain::code::CertCode;
use crate::domain::date;
use crate::domain::ledger::action::{
    Act, Action, ActionName, CaseEffect, FileWritten, NumbersGiven, Pairs, SeriesRun, StatusNoted, Subject,
};
use crate::domain::ledger::audit::{AuditEntry, Head};
use crate::domain::ledger::case::CaseId;
use crate::domain::ledger::stock::Stock;
use crate::domain::ledger::{BatchId, SeriesKey, Status};
use crate::domain::registry::Institution;
use crate::domain::sheet::Field;

/// No code has more digits for its serial: larger numbers in an entry were put there by hand.
const LARGEST: u32 = 9_999_999;

/// A number as the chain leaves it.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct NumberFate {
    /// What became of it; `None` where no entry took it.
    pub status: Option<Status>,
    /// The entry that took it.
    pub taken: u64,
    /// The entry that gave it its status.
    pub at: u64,
    /// The day it came to that; `None` where the entry does not tell.
    pub on: Option<NaiveDate>,
}

/// What an entry of the ledger says of numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryNumbers {
    pub action: ActionName,
    /// The day, UTC; `None` where the entry's time is none.
    pub day: Option<NaiveDate>,
    /// The numbers: series, first and last serial.
    pub numbers: Vec<(SeriesKey, u32, u32)>,
    /// The batch that it is about.
    pub batch: Option<BatchId>,
    /// The digest over the records that were taken.
    pub digest: Option<String>,
    /// The digest over the rows that they were given to.
    pub rows_digest: Option<String>,
}

impl EntryNumbers {
    /// Tells whether the entry gave numbers of our own, rather than taking over old ones.
    pub fn gives(&self) -> bool {
        matches!(self.action, ActionName::LedgerAllocate | ActionName::LedgerReserve)
    }

    /// Gives the batch to whose rows the entry gave numbers.
    pub fn given_to(&self) -> Option<BatchId> {
        self.batch.filter(|_| self.action == ActionName::LedgerAllocate)
    }
}

/// The name that the day of the last reissue has among the columns of a record.
pub(super) const REISSUED_ON: &str = "reissued-on";

/// Texts of a record by column.
pub(super) type Texts = BTreeMap<&'static str, String>;

/// What an entry does to numbers.
struct Taking {
    numbers: Vec<SeriesRun>,
    status: Status,
    /// How many the entry says they are.
    count: u64,
    /// Whether it takes them, or only says what became of them.
    takes: bool,
    /// Whether they are reserved ones that are given to the rows of a batch.
    fills: bool,
    on: Option<NaiveDate>,
    batch: Option<BatchId>,
    digest: Option<String>,
    rows_digest: Option<String>,
}

/// The chain, followed entry by entry.
#[derive(Debug, Default)]
pub struct Replay {
    head: Head,
    time: String,
    entries: BTreeMap<u64, EntryNumbers>,
    series: BTreeMap<SeriesKey, Vec<NumberFate>>,
    /// The entries that gave reserved numbers to somebody: to rows of a batch, or by the file in which they were used.
    filled: HashMap<(SeriesKey, u32), u64>,
    /// What records said before the chain first changed them, and what they say since it last did.
    pub(super) first: HashMap<CertCode, Texts>,
    pub(super) last: HashMap<CertCode, Texts>,
    /// What a case left, by the entry of its end.
    cases: HashMap<CertCode, NumberFate>,
    /// The blank certificates.
    stock: Stock,
    /// What else the chain says must stand in the tables.
    pub(super) register: Register,
}

impl Replay {
    /// Takes the next entry.
    pub fn take(&mut self, entry: &AuditEntry, report: &mut VerifyReport) {
        self.follow(entry, report);
        let object = || format!("entry:{}", entry.seq);
        let Some(name) = ActionName::read(&entry.action) else {
            report.add(ProblemKind::Action, object(), entry.action.clone());
            return;
        };
        if Action::of_entry(entry).and_then(|action| self.take_action(entry, name, action, report)).is_none() {
            report.add(ProblemKind::Entry, object(), entry.action.clone());
        }
    }

    /// Takes what an entry says; `None` when it cannot be.
    fn take_action(
        &mut self,
        entry: &AuditEntry,
        name: ActionName,
        action: Action,
        report: &mut VerifyReport,
    ) -> Option<()> {
        self.register.take(entry, &action);
        let batch = batch_of(&action);
        let taking = match action {
            Action::LedgerAllocate(Act { after, .. }) => Taking::of_allocation(after),
            Action::LedgerReserve(Act { object, after, .. }) => Taking {
                numbers: vec![SeriesRun::new(object, (after.first, after.last))],
                takes: true,
                on: after.on,
                ..Taking::of(Status::Reserved, after.count)
            },
            Action::LedgerImport(Act { after, .. }) => Taking {
                numbers: after.numbers,
                takes: true,
                on: after.on,
                digest: after.records_sha256,
                ..Taking::of(after.status, after.count)
            },
            Action::LedgerMark(Act { after, .. }) | Action::LedgerVoid(Act { after, .. }) => Taking::of_marking(after),
            Action::LedgerExport(Act { after: FileWritten::Upload(file), .. }) => Taking::of_marking(file.now),
            // A list of the ledger that was written names no numbers.
            Action::LedgerExport(Act { after: FileWritten::Year(_), .. }) | Action::LedgerYearExport(_) => {
                return Some(());
            }
            Action::LedgerSync(Act { before, after, .. }) => {
                for (code, texts) in before.records.0 {
                    self.note(code, texts, true);
                }
                for (code, texts) in after.records.0 {
                    self.note(code, texts, false);
                }
                let numbers = sound(&after.numbers)?;
                self.entries.insert(entry.seq, EntryNumbers { numbers, batch, ..EntryNumbers::of(entry, name) });
                return Some(());
            }
            Action::LedgerPrint(Act { after, .. }) => {
                let numbers = sound(&after.numbers)?;
                self.entries.insert(entry.seq, EntryNumbers { numbers, batch, ..EntryNumbers::of(entry, name) });
                return Some(());
            }
            Action::CaseOpen(Act { object, .. })
            | Action::CaseApprove(Act { object, .. })
            | Action::CaseRefuse(Act { object, .. })
            | Action::CaseExport(Act { object, .. }) => return self.take_case(entry, name, object),
            Action::CaseClose(Act { object, before, after }) => {
                self.take_case(entry, name, object)?;
                self.take_effect(entry, before, after);
                return Some(());
            }
            Action::StockReceive(_)
            | Action::StockDraw(_)
            | Action::StockHandOver(_)
            | Action::StockReturn(_)
            | Action::StockUse(_)
            | Action::StockSpoil(_)
            | Action::StockDestroy(_)
            | Action::StockTakeBack(_)
            | Action::StockCorrect(_)
            | Action::StockWithdraw(_)
            | Action::StockClose(_) => return self.take_blanks(entry, name, &action, report),
            // What is done to batches and institutions, the days of events, facts, and what the chain says of itself, changes no number.
            Action::BatchCreate(_)
            | Action::BatchComplete(_)
            | Action::BatchAdd(_)
            | Action::BatchDigest(_)
            | Action::BatchColumns(_)
            | Action::BatchProfile(_)
            | Action::BatchChange(_)
            | Action::BatchUndo(_)
            | Action::BatchRedo(_)
            | Action::BatchClose(_)
            | Action::BatchReopen(_)
            | Action::BatchDelete(_)
            | Action::BatchTakeOver(_)
            | Action::InstitutionAdd(_)
            | Action::InstitutionChange(_)
            | Action::InstitutionScope(_)
            | Action::InstitutionMerge(_)
            | Action::InstitutionAbsorb(_)
            | Action::InstitutionCancel(_)
            | Action::EventNote(_)
            | Action::FactNote(_)
            | Action::StockCount(_)
            | Action::StockDemand(_)
            | Action::SiteTwoPeople(_)
            | Action::ShareAdd(_)
            | Action::ShareChange(_)
            | Action::ShareHandOut(_)
            | Action::ShareEnd(_)
            | Action::AuditUnmask(_)
            | Action::AuditAccept(_)
            | Action::AuditRestore(_) => return Some(()),
        };
        self.take_numbers(entry, name, Taking { batch, ..taking }, report)
    }

    /// Gives the blank certificates as the chain leaves them.
    pub fn stock(&self) -> &Stock {
        &self.stock
    }

    /// Gives the end of the chain so far.
    pub fn head(&self) -> &Head {
        &self.head
    }

    /// Gives what an entry of the ledger says; `None` for one about something else.
    pub fn numbers_of(&self, seq: u64) -> Option<&EntryNumbers> {
        self.entries.get(&seq)
    }

    /// Lists the entries of the ledger that name numbers.
    pub fn entries(&self) -> impl Iterator<Item = (u64, &EntryNumbers)> {
        self.entries.iter().map(|(seq, told)| (*seq, told))
    }

    /// Lists the institutions as the chain leaves them.
    pub fn institutions(&self) -> impl Iterator<Item = &Institution> {
        self.register.institutions()
    }

    /// Compares the cases with what the chain says of them.
    pub fn compare_cases(&self, rows: &[CaseRow], report: &mut VerifyReport) {
        self.register.compare_cases(rows, report);
    }

    /// Compares the events with what the chain says of them.
    pub fn compare_events(&self, rows: &[NotedRow], report: &mut VerifyReport) {
        self.register.compare_events(rows, report);
    }

    /// Compares the facts with what the chain says of them.
    pub fn compare_facts(&self, rows: &[NotedRow], report: &mut VerifyReport) {
        self.register.compare_facts(rows, report);
    }

    /// Compares the share register with what the chain says of it.
    pub fn compare_shares(&self, rows: &[NotedRow], report: &mut VerifyReport) {
        self.register.compare_shares(rows, report);
    }

    /// Lists the series that numbers were taken of.
    pub fn series(&self) -> impl Iterator<Item = &SeriesKey> {
        self.series.keys()
    }

    pub(super) fn slot(&self, key: SeriesKey, serial: u32) -> NumberFate {
        self.series.get(&key).and_then(|slots| slots.get(serial as usize)).copied().unwrap_or_default()
    }

    /// Gives the entry that gave a reserved number to a row of a batch.
    pub(super) fn filled(&self, key: SeriesKey, serial: u32) -> Option<u64> {
        self.filled.get(&(key, serial)).copied()
    }

    /// Gives the largest serial that an entry took; 0 where none did.
    pub(super) fn largest(&self, key: SeriesKey) -> u32 {
        self.series.get(&key).map_or(0, |slots| slots.len().saturating_sub(1) as u32)
    }

    /// Gives what a certificate must have come to: what its number did, or later a case made of it.
    pub(super) fn fate(&self, code: Option<CertCode>, slot: NumberFate) -> NumberFate {
        match code.and_then(|code| self.cases.get(&code)) {
            Some(end) if slot.at < end.at => *end,
            _ => slot,
        }
    }

    /// Gives the place of a number whose series is not at hand.
    fn slot_of(&self, code: CertCode) -> NumberFate {
        let number = |key: &SeriesKey| key.serial_of(code).map(|serial| self.slot(*key, serial));
        self.series.keys().filter_map(number).find(|slot| slot.status.is_some()).unwrap_or_default()
    }

    fn follow(&mut self, entry: &AuditEntry, report: &mut VerifyReport) {
        let object = || format!("entry:{}", entry.seq);
        if entry.seq != self.head.count + 1 {
            report.add(ProblemKind::Chain, object(), format!("{} -> {}", self.head.count, entry.seq));
        }
        if entry.previous != self.head.hash {
            report.add(ProblemKind::Chain, object(), "previous");
        }
        if entry.hash != entry.computed_hash() {
            report.add(ProblemKind::Chain, object(), "hash");
        }
        if entry.time < self.time && !entry.sets_clock_back() {
            report.add(ProblemKind::Chain, object(), "time");
        }
        self.head = Head { count: entry.seq, hash: entry.hash.clone() };
        self.time.clone_from(&entry.time);
    }

    /// Takes an entry that names runs of numbers; `None` when they are none.
    fn take_numbers(
        &mut self,
        entry: &AuditEntry,
        name: ActionName,
        taking: Taking,
        report: &mut VerifyReport,
    ) -> Option<()> {
        let Taking { status, takes, fills, .. } = taking;
        let numbers = sound(&taking.numbers)?;
        if takes && !fills {
            for (key, ..) in &numbers {
                let known = self.largest(*key);
                let upto = numbers.iter().filter(|(k, ..)| k == key).map(|(.., last)| *last).max().unwrap_or(0);
                self.register.leave_gap(entry.seq, *key, ToldGaps { above: known, upto });
            }
        }
        for (key, first, last) in &numbers {
            let slots = self.series.entry(*key).or_default();
            if slots.len() <= *last as usize {
                slots.resize(*last as usize + 1, NumberFate::default());
            }
            for (serial, slot) in slots.iter_mut().enumerate().take(*last as usize + 1).skip(*first as usize) {
                let is_free = slot.status.is_none();
                // Only what was reserved is taken a second time: by the file in which it was used, or for a batch.
                let may_take = match slot.status {
                    None => !fills,
                    Some(status) => status == Status::Reserved && (fills || name == ActionName::LedgerImport),
                };
                if takes && !may_take {
                    let detail = format!("{serial}: {}, {}", slot.taken, entry.seq);
                    report.add(ProblemKind::SerialTwice, format!("series:{key}"), detail);
                }
                let taken = if is_free { entry.seq } else { slot.taken };
                if fills || (takes && !is_free) {
                    self.filled.insert((*key, serial as u32), entry.seq);
                }
                *slot = NumberFate { status: Some(status), taken, at: entry.seq, on: taking.on };
            }
        }
        let count: u64 = numbers.iter().map(|(_, first, last)| u64::from(last - first) + 1).sum();
        if taking.count != count {
            report.add(ProblemKind::Count, format!("entry:{}", entry.seq), count.to_string());
        }
        let Taking { batch, digest, rows_digest, .. } = taking;
        let told = EntryNumbers { numbers, batch, digest, rows_digest, ..EntryNumbers::of(entry, name) };
        self.entries.insert(entry.seq, told);
        Some(())
    }

    /// Takes a step of a case: it is about the certificate that its first one names.
    fn take_case(&mut self, entry: &AuditEntry, name: ActionName, case: CaseId) -> Option<()> {
        let code = self.register.certificate_of(case)?;
        let number = |key: &SeriesKey| key.serial_of(code).map(|serial| (*key, serial, serial));
        let numbers = self.series.keys().filter_map(number).collect();
        self.entries.insert(entry.seq, EntryNumbers { numbers, ..EntryNumbers::of(entry, name) });
        Some(())
    }

    /// Takes what happened to blank certificates; what the certificates on them are is not changed by it.
    fn take_blanks(
        &mut self,
        entry: &AuditEntry,
        name: ActionName,
        action: &Action,
        report: &mut VerifyReport,
    ) -> Option<()> {
        let (kind, moved) = action.blanks()?;
        let count: u64 = moved.moves.iter().map(|told| told.run.count()).sum();
        if moved.count != count {
            report.add(ProblemKind::Count, format!("entry:{}", entry.seq), count.to_string());
        }
        if !self.stock.take(entry.seq, kind, moved.on, &moved.moves) {
            report.add(ProblemKind::StockDiffers, format!("entry:{}", entry.seq), kind.key());
        }
        let numbers = sound(&moved.certificates())?;
        if !numbers.is_empty() {
            self.entries.insert(entry.seq, EntryNumbers { numbers, ..EntryNumbers::of(entry, name) });
        }
        Some(())
    }

    /// Takes the end of a case that had an effect.
    fn take_effect(&mut self, entry: &AuditEntry, before: CaseEffect, after: CaseEffect) {
        let code = after.certificate;
        let before_it = self.fate(Some(code), self.slot_of(code));
        // A status that stays does so with its day.
        let on = if before.status == after.status { before_it.on } else { after.on };
        let end = NumberFate { status: Some(after.status), taken: before_it.taken, at: entry.seq, on };
        self.cases.insert(code, end);
        for (told, is_before) in [(before, true), (after, false)] {
            let texts = told.record.columns().map(|(column, text)| (column, text.to_string()));
            let reissued_on = date::written(told.reissued_on);
            self.note_texts(code, texts.into_iter().chain([(REISSUED_ON, reissued_on)]), is_before);
        }
    }

    fn note(&mut self, code: CertCode, texts: Pairs<Field, String>, is_before: bool) {
        self.note_texts(code, texts.0.into_iter().map(|(field, text)| (field.key(), text)), is_before);
    }

    fn note_texts(&mut self, code: CertCode, texts: impl IntoIterator<Item = (&'static str, String)>, is_before: bool) {
        let known = if is_before { &mut self.first } else { &mut self.last }.entry(code).or_default();
        for (column, text) in texts {
            if is_before {
                known.entry(column).or_insert(text);
            } else {
                known.insert(column, text);
            }
        }
    }
}

impl EntryNumbers {
    fn of(entry: &AuditEntry, action: ActionName) -> EntryNumbers {
        let day = entry.time.get(..10).and_then(|day| day.parse().ok());
        EntryNumbers { action, day, numbers: Vec::new(), batch: None, digest: None, rows_digest: None }
    }
}

impl Taking {
    fn of(status: Status, count: u64) -> Taking {
        let (numbers, on, batch) = (Vec::new(), None, None);
        Taking { numbers, status, count, takes: false, fills: false, on, batch, digest: None, rows_digest: None }
    }

    fn of_allocation(given: NumbersGiven) -> Taking {
        Taking {
            numbers: given.series.iter().map(|counted| counted.run).collect(),
            takes: true,
            fills: given.reserved,
            on: given.on,
            digest: given.records_sha256,
            rows_digest: given.rows_sha256,
            ..Taking::of(Status::Allocated, given.count)
        }
    }

    fn of_marking(now: StatusNoted) -> Taking {
        Taking { numbers: now.numbers, on: Some(now.on), ..Taking::of(now.status, now.count) }
    }
}

/// Gives the batch that an entry about numbers is about.
fn batch_of(action: &Action) -> Option<BatchId> {
    match action {
        Action::LedgerAllocate(Act { object, .. }) | Action::LedgerSync(Act { object, .. }) => Some(*object),
        Action::LedgerMark(Act { object: Subject::Batch(batch), .. })
        | Action::LedgerVoid(Act { object: Subject::Batch(batch), .. })
        | Action::LedgerExport(Act { object: Subject::Batch(batch), .. })
        | Action::LedgerPrint(Act { object: Subject::Batch(batch), .. }) => Some(*batch),
        _ => None,
    }
}

/// Reads runs; `None` for one that runs backwards or beyond what a code can hold.
fn sound(runs: &[SeriesRun]) -> Option<Vec<(SeriesKey, u32, u32)>> {
    let sound =
        |run: &SeriesRun| (run.first <= run.last && run.last <= LARGEST).then_some((run.series, run.first, run.last));
    runs.iter().map(sound).collect()
}
