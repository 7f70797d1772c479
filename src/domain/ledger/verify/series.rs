//! A series held against itself and against the chain, certificate by certificate.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::replay::REISSUED_ON;
use super::{ProblemKind, Replay, VerifyReport, run};
use crate::domain::code::CertCode;
use crate::domain::ledger::action::ActionName;
use crate::domain::ledger::{BatchId, Holder, SeriesKey, Status, TextsDigest};
use crate::domain::sheet::Field;
use crate::domain::sound::initials_are;

/// A series as its table has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeriesFacts {
    pub key: SeriesKey,
    /// The id of the profile it is counted under.
    pub profile: String,
    /// The smallest serial that may be given.
    pub first: i64,
    /// The largest serial that may be given.
    pub last: i64,
    /// The largest serial taken so far.
    pub high: i64,
    /// When its prefix was retired.
    pub retired_on: Option<NaiveDate>,
    /// Its gaps, in order of their first serial.
    pub gaps: Vec<GapFacts>,
}

/// A gap as its table has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GapFacts {
    pub first: i64,
    pub last: i64,
    /// The entry that left it.
    pub entry: u64,
    /// Why there is one.
    pub reason: String,
}

/// A certificate as its table has it.
#[derive(Debug, Clone, Copy)]
pub struct CertificateRow<'a> {
    pub code: &'a str,
    pub serial: i64,
    pub status: &'a str,
    /// The day it came to that, as it is stored.
    pub status_on: &'a str,
    /// The entry that took the number.
    pub taken: u64,
    /// The batch that it was given to a row of.
    pub batch: Option<BatchId>,
    /// That row.
    pub row: Option<u32>,
    /// The texts of the record, in the order of [`Holder::COLUMNS`], in which the digest of an allocation goes over them.
    pub record: [&'a str; Holder::COUNT],
    /// The first letters of the name, by which it is found.
    pub letters: &'a str,
    /// The day of the last reissue as it is stored, which is held against the chain; empty when there was none.
    pub reissued_on: &'a str,
}

impl<'a> CertificateRow<'a> {
    /// Lists the texts of the record by the names used in JSON.
    fn texts(&self) -> impl Iterator<Item = (&'static str, &'a str)> {
        Holder::COLUMNS.iter().map(|column| column.field.key()).zip(self.record)
    }

    fn cell(&self, field: Field) -> &'a str {
        let cells = Holder::COLUMNS.iter().zip(self.record);
        cells.filter(|(column, _)| column.field == field).map(|(_, text)| text).next().unwrap_or_default()
    }
}

/// What an entry took, as it stands in the ledger.
#[derive(Clone, Default)]
pub struct TakenDigests {
    records: TextsDigest,
    rows: TextsDigest,
}

/// Checks one series; certificates come in order of their serials, series in order of their keys.
pub struct SeriesCheck<'a> {
    facts: &'a SeriesFacts,
    replay: &'a Replay,
    report: &'a mut VerifyReport,
    digests: &'a mut BTreeMap<u64, TakenDigests>,
    object: String,
    previous: Option<i64>,
    /// The first serial that has not been accounted for.
    next: i64,
    gap: usize,
}

impl<'a> SeriesCheck<'a> {
    /// Begins a series. `digests` goes from series to series, for [`SeriesCheck::compare`].
    pub fn new(
        facts: &'a SeriesFacts,
        replay: &'a Replay,
        report: &'a mut VerifyReport,
        digests: &'a mut BTreeMap<u64, TakenDigests>,
    ) -> SeriesCheck<'a> {
        let object = format!("series:{}", facts.key);
        let mut check =
            SeriesCheck { facts, replay, report, digests, object, previous: None, next: facts.first, gap: 0 };
        check.gaps();
        replay.register.compare_terms(facts.key, &facts.profile, (facts.first, facts.last), check.report);
        check
    }

    /// Takes the next certificate.
    pub fn take(&mut self, row: &CertificateRow<'_>) {
        let facts = self.facts;
        let object = format!("certificate:{}", row.code);
        let serial = row.serial;
        if self.previous == Some(serial) {
            self.report.add(ProblemKind::SerialTwice, &self.object, serial.to_string());
        }
        let code = CertCode::new(row.code);
        let small = u32::try_from(serial).ok();
        if !code.zip(small).is_some_and(|(code, serial)| facts.key.holds(code, serial)) {
            self.report.add(ProblemKind::Shape, &object, format!("{} {serial}", facts.key));
        }
        let is_ours = self.replay.numbers_of(row.taken).is_some_and(super::EntryNumbers::gives);
        // A file from before may hold what the notice only foresees (GZ-21); it is never given.
        if serial < facts.first || ((row.batch.is_some() || is_ours) && facts.last < serial) {
            self.report.add(ProblemKind::Outside, &object, format!("{}-{}", facts.first, facts.last));
        }
        if facts.high < serial {
            self.report.add(ProblemKind::AboveHigh, &object, facts.high.to_string());
        }
        self.status_and_entry(row, code, small, &object);
        self.record(row, code, &object);
        if let Some(retired_on) = facts.retired_on {
            let told = self.replay.numbers_of(row.taken).filter(|told| told.gives());
            let given_late = told.and_then(|told| told.day).is_some_and(|day| retired_on < day);
            let retired_on = retired_on.to_string();
            // The record keeps the day of issue as it was written, so that it is compared as a text.
            let issued_late = retired_on.as_str() < row.cell(Field::IssueDate);
            if row.status != Status::Void.key() && (issued_late || given_late) {
                self.report.add(ProblemKind::Retired, &object, retired_on);
            }
        }
        self.account(serial);
        self.previous = Some(serial);
    }

    pub fn finish(mut self) {
        self.leave_out(self.facts.high + 1);
    }

    /// Compares what entries took with what stands in the ledger, once every series is through.
    pub fn compare(replay: &Replay, mut digests: BTreeMap<u64, TakenDigests>, report: &mut VerifyReport) {
        for (seq, told) in replay.entries() {
            let TakenDigests { records, rows } = digests.remove(&seq).unwrap_or_default();
            for (what, told, found) in
                [("records-sha256", &told.digest, records), ("rows-sha256", &told.rows_digest, rows)]
            {
                if told.as_ref().is_some_and(|told| *told != found.finish()) {
                    report.add(ProblemKind::RecordDiffers, format!("entry:{seq}"), what);
                }
            }
        }
    }

    fn status_and_entry(
        &mut self,
        row: &CertificateRow<'_>,
        code: Option<CertCode>,
        serial: Option<u32>,
        object: &str,
    ) {
        let status = Status::read(row.status);
        if status.is_none() {
            self.report.add(ProblemKind::Status, object, row.status.chars().take(20).collect::<String>());
        }
        if status == Some(Status::Reserved) && row.record.iter().any(|text| !text.is_empty()) {
            self.report.add(ProblemKind::ReservedHeld, object, "");
        }
        let slot = serial.map(|serial| self.replay.slot(self.facts.key, serial)).unwrap_or_default();
        if slot.status.is_none() || slot.taken != row.taken {
            let told = if slot.status.is_none() { String::new() } else { slot.taken.to_string() };
            self.report.add(ProblemKind::NoEntry, object, format!("{} / {told}", row.taken));
            return;
        }
        let fate = self.replay.fate(code, slot);
        if let (Some(status), Some(told)) = (status, fate.status)
            && status != told
        {
            self.report.add(ProblemKind::StatusDiffers, object, format!("{} / {}", status.key(), told.key()));
        }
        if fate.on.is_some_and(|on| on.to_string() != row.status_on) {
            self.report.add(ProblemKind::StatusDiffers, object, "status_on");
        }
    }

    /// Compares the record with what the chain last said of it, and adds its first form to its allocation's digest.
    fn record(&mut self, row: &CertificateRow<'_>, code: Option<CertCode>, object: &str) {
        let changed = code.and_then(|code| self.replay.last.get(&code));
        if !initials_are(row.cell(Field::Name), row.letters) {
            // A search for the name would pass by.
            self.report.add(ProblemKind::RecordDiffers, object, "pinyin");
        }
        for (column, text) in row.texts().chain([(REISSUED_ON, row.reissued_on)]) {
            let told = changed.and_then(|texts| texts.get(column)).map(String::as_str);
            // Only a case issues again.
            let told = told.or_else(|| (column == REISSUED_ON).then_some(""));
            if told.is_some_and(|told| told != text) {
                self.report.add(ProblemKind::RecordDiffers, object, column);
            }
        }
        let filled = u32::try_from(row.serial).ok().and_then(|serial| self.replay.filled(self.facts.key, serial));
        let given = filled.unwrap_or(row.taken);
        let Some(told) = self.replay.numbers_of(given) else { return };
        if row.batch != told.given_to() || row.row.is_some() != row.batch.is_some() {
            self.report.add(ProblemKind::RecordDiffers, object, "batch");
        }
        let is_nobodys = told.action == ActionName::LedgerReserve && row.status != Status::Reserved.key();
        if is_nobodys && row.texts().any(|(_, text)| !text.is_empty()) {
            self.report.add(ProblemKind::ReservedHeld, object, "");
        }
        if told.digest.is_none() {
            return;
        }
        let before = code.and_then(|code| self.replay.first.get(&code));
        let TakenDigests { records, rows } = self.digests.entry(given).or_default();
        let record = row.texts().map(|(column, now)| before.and_then(|b| b.get(column)).map_or(now, String::as_str));
        std::iter::once(row.code).chain(record).for_each(|text| records.add(text));
        rows.add(row.code);
        rows.add_number(row.row.unwrap_or(u32::MAX));
    }

    /// Checks the gaps among themselves.
    fn gaps(&mut self) {
        let mut before = self.facts.first - 1;
        for gap in &self.facts.gaps {
            let is_odd = gap.last < gap.first || gap.first <= before || self.facts.high < gap.last;
            if is_odd || gap.reason.is_empty() || !self.replay.register.has_left(self.facts.key, gap) {
                self.report.add(ProblemKind::Gap, &self.object, format!("{}-{}", gap.first, gap.last));
            }
            before = before.max(gap.last);
        }
    }

    /// Accounts for the serials up to and including one that has a certificate.
    fn account(&mut self, serial: i64) {
        self.leave_out(serial);
        let gaps = &self.facts.gaps;
        let held = gaps.iter().skip(self.gap.saturating_sub(1)).take_while(|gap| gap.first <= serial);
        if held.into_iter().any(|gap| serial <= gap.last) {
            self.report.add(ProblemKind::Gap, &self.object, serial.to_string());
        }
        self.next = self.next.max(serial + 1);
    }

    /// Accounts for the serials before one that have no certificate: by the gaps, else by nothing.
    fn leave_out(&mut self, end: i64) {
        while self.next < end {
            let gaps = &self.facts.gaps;
            while gaps.get(self.gap).is_some_and(|gap| gap.last < self.next) {
                self.gap += 1;
            }
            match gaps.get(self.gap).filter(|gap| gap.first < end) {
                Some(gap) if gap.first <= self.next => self.next = (gap.last + 1).min(end),
                gap => {
                    let end = gap.map_or(end, |gap| gap.first);
                    self.unknown(self.next, end - 1);
                    self.next = end;
                }
            }
        }
    }

    /// Reports numbers without a certificate or a gap: those that an entry took are lost, of the others nothing is known.
    fn unknown(&mut self, first: i64, last: i64) {
        let (Ok(first), Ok(last)) = (u32::try_from(first), u32::try_from(last)) else { return };
        let mut at = first;
        while at <= last {
            let was_taken = |serial: u32| self.replay.slot(self.facts.key, serial).status.is_some();
            let is_lost = was_taken(at);
            // Beyond the chain's largest number there is nothing to tell apart, however far the run reaches.
            let told = last.min(self.replay.largest(self.facts.key));
            let end = (at..=told).find(|serial| was_taken(*serial) != is_lost);
            let end = end.unwrap_or(if is_lost { told } else { last } + 1);
            let kind = if is_lost { ProblemKind::Lost } else { ProblemKind::Unexplained };
            self.report.add(kind, &self.object, run(at, end - 1));
            at = end;
        }
    }
}
