//! The yearly ledger, read line by line; and the entry of the chain that says it was written.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::ops::Range;

use chrono::NaiveDate;
use rusqlite::{Connection, params};

use super::audit::{ENTRY_COLUMNS, entry_of};
use super::error::{Result, StoreError};
use super::records::{TABLES, certificate_of, columns};
use super::{Store, StoreReader};
use crate::cause::OwnFileFault;
use crate::domain::ledger::action::{Act, Action, FileWritten, StatusNoted, Subject, YearWritten};
use crate::domain::ledger::audit::{AuditEntry, Head};
use crate::domain::ledger::year_export::{DAYS, GapLine, NumberLine, YearLine};
use crate::domain::ledger::{BatchId, Certificate, SeriesKey, Status};

/// How many certificates are read at once.
const PIECE: i64 = 2000;

/// A series of the yearly ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct YearSeries {
    id: i64,
    pub key: SeriesKey,
    pub profile: String,
    /// How many numbers it has at most.
    pub numbers: u32,
}

/// A yearly ledger that was written.
#[derive(Debug, Clone, Copy)]
pub struct YearFile<'a> {
    /// Its name without its folder.
    pub name: &'a str,
    /// Its SHA-256 in hexadecimal.
    pub sha256: &'a str,
    pub year: i32,
    /// How many lines it holds.
    pub lines: u64,
    /// Whether personal data stands in it whole.
    pub is_whole: bool,
    /// The end of the chain it was read at.
    pub head: &'a Head,
    /// Why; may be empty.
    pub reason: &'a str,
}

/// What an entry of the ledger tells of its numbers.
#[derive(Debug, Default)]
struct EntryFacts {
    time: String,
    user: String,
    file: String,
    reason: String,
    status: Option<Status>,
    on: Option<NaiveDate>,
}

/// The lines of a yearly ledger, in the order of series and serial.
pub struct YearLines<'a> {
    reader: &'a StoreReader,
    series: VecDeque<(YearSeries, Range<usize>)>,
    /// The two digits of the year, for series that run over years.
    year: String,
    noted: HashMap<i64, EntryFacts>,
    cases: HashMap<String, Vec<[String; 3]>>,
    files: HashMap<BatchId, String>,
    /// Of the series that is being read: the entries about numbers that are still to come, by first and last serial, those
    /// about the number in hand, by last serial, the gaps, and the id of the last certificate read.
    touched: VecDeque<(u32, u32, i64)>,
    open: Vec<(u32, i64)>,
    gaps: VecDeque<GapLine>,
    last: Option<i64>,
    ready: VecDeque<YearLine>,
}

impl StoreReader {
    /// Lists the series in the order of their keys.
    pub fn year_series(&self) -> Result<Vec<YearSeries>> {
        let found: Option<Vec<YearSeries>> = self.read(|db| {
            db.prepare("SELECT id, key, profile, max(high - first + 1, 0) FROM series ORDER BY key")?
                .query_map([], |r| {
                    let key = SeriesKey::read(r.get_ref(1)?.as_str()?);
                    let (id, profile, numbers) = (r.get(0)?, r.get(2)?, r.get(3)?);
                    Ok(key.map(|key| YearSeries { id, key, profile, numbers }))
                })?
                .collect()
        })?;
        found.ok_or_else(|| StoreError::damaged(&self.path, OwnFileFault::Series))
    }

    /// Reads the lines of series, each with the place of the year in its codes; of a series that runs over years those of
    /// the year, given by its two digits.
    pub fn year_lines(&self, series: Vec<(YearSeries, Range<usize>)>, year: &str) -> Result<YearLines<'_>> {
        let (noted, cases, files) = self.read(|db| Ok((number_entries(db)?, cases(db)?, files(db)?)))?;
        Ok(YearLines {
            reader: self,
            series: series.into(),
            year: year.to_string(),
            noted,
            cases,
            files,
            touched: VecDeque::new(),
            open: Vec::new(),
            gaps: VecDeque::new(),
            last: None,
            ready: VecDeque::new(),
        })
    }

    /// Gives the end of the audit chain.
    pub fn head(&self) -> Result<Head> {
        self.read(super::audit::head)
    }

    /// Gives a number that changes when another process has changed the store.
    pub fn data_version(&self) -> Result<i64> {
        self.read(|db| db.pragma_query_value(None, "data_version", |r| r.get(0)))
    }
}

impl Store {
    /// Notes that a yearly ledger was written; returns the entry's place in the chain.
    pub fn note_year_export(&self, file: &YearFile<'_>) -> Result<u64> {
        let after = YearWritten {
            file: file.name.to_string(),
            sha256: file.sha256.to_string(),
            year: file.year,
            lines: file.lines,
            masked: !file.is_whole,
            head: file.head.clone(),
        };
        let action = Action::LedgerYearExport(Act { object: Subject::Ledger, before: (), after });
        self.write(|tx| self.append(tx, &action, file.reason))
    }
}

/// Reads what the entries about numbers tell.
fn number_entries(db: &Connection) -> rusqlite::Result<HashMap<i64, EntryFacts>> {
    let mut statement =
        db.prepare(&format!("SELECT {ENTRY_COLUMNS} FROM audit WHERE action LIKE 'ledger.%' ORDER BY seq"))?;
    let mut rows = statement.query([])?;
    let mut all = HashMap::new();
    while let Some(row) = rows.next()? {
        let entry = entry_of(row)?;
        let (file, status) = Action::of_entry(&entry).map_or_else(Default::default, file_and_status);
        let AuditEntry { seq, time, user, reason, .. } = entry;
        let (status, on) = status.map_or((None, None), |(status, on)| (Some(status), on));
        all.insert(seq as i64, EntryFacts { time, user, file, reason, status, on });
    }
    Ok(all)
}

/// Gives the file that an action names, and what became of its numbers on which day.
fn file_and_status(action: Action) -> (String, Option<(Status, Option<NaiveDate>)>) {
    let day = |now: &StatusNoted| Some((now.status, Some(now.on)));
    match action {
        Action::LedgerAllocate(Act { after, .. }) => (after.file, None),
        Action::LedgerImport(Act { after, .. }) => (after.file, Some((after.status, None))),
        Action::LedgerMark(Act { after, .. }) | Action::LedgerVoid(Act { after, .. }) => (String::new(), day(&after)),
        Action::LedgerExport(Act { after: FileWritten::Upload(file), .. }) => (file.file, day(&file.now)),
        Action::LedgerExport(Act { after: FileWritten::Year(_), .. }) => Default::default(),
        // The others are about no number, or say nothing of it that a line tells.
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
        | Action::AuditUnmask(_)
        | Action::AuditAccept(_)
        | Action::AuditRestore(_)
        | Action::InstitutionAdd(_)
        | Action::InstitutionChange(_)
        | Action::InstitutionScope(_)
        | Action::InstitutionMerge(_)
        | Action::InstitutionAbsorb(_)
        | Action::InstitutionCancel(_)
        | Action::LedgerReserve(_)
        | Action::LedgerSync(_)
        | Action::LedgerPrint(_)
        | Action::LedgerYearExport(_)
        | Action::CaseOpen(_)
        | Action::CaseApprove(_)
        | Action::CaseRefuse(_)
        | Action::CaseClose(_)
        | Action::CaseExport(_)
        | Action::StockReceive(_)
        | Action::StockDraw(_)
        | Action::StockHandOver(_)
        | Action::StockReturn(_)
        | Action::StockUse(_)
        | Action::StockSpoil(_)
        | Action::StockDestroy(_)
        | Action::StockCount(_)
        | Action::StockClose(_)
        | Action::StockTakeBack(_)
        | Action::StockCorrect(_)
        | Action::StockWithdraw(_)
        | Action::StockDemand(_)
        | Action::FactNote(_)
        | Action::SiteTwoPeople(_)
        | Action::ShareAdd(_)
        | Action::ShareChange(_)
        | Action::ShareHandOut(_)
        | Action::ShareEnd(_)
        | Action::EventNote(_) => Default::default(),
    }
}

/// Reads the cases by the code of their certificate.
fn cases(db: &Connection) -> rusqlite::Result<HashMap<String, Vec<[String; 3]>>> {
    let mut statement = db.prepare(
        "SELECT c.code, f.kind, f.state, f.reason FROM case_file f JOIN certificate c ON c.id = f.certificate ORDER BY f.id",
    )?;
    let mut rows = statement.query([])?;
    let mut all: HashMap<String, Vec<[String; 3]>> = HashMap::new();
    while let Some(row) = rows.next()? {
        all.entry(row.get(0)?).or_default().push([row.get(1)?, row.get(2)?, row.get(3)?]);
    }
    Ok(all)
}

/// Reads the names of the batches' files.
fn files(db: &Connection) -> rusqlite::Result<HashMap<BatchId, String>> {
    db.prepare("SELECT id, file FROM batch")?.query_map([], |r| Ok((BatchId(r.get(0)?), r.get(1)?)))?.collect()
}

impl YearLines<'_> {
    /// Reads the next certificates of the series in hand; begins and ends series.
    fn read_on(&mut self) -> Result<bool> {
        let Some((series, place)) = self.series.front().cloned() else { return Ok(false) };
        let from = match self.last {
            Some(last) => last,
            None => {
                self.begin(&series)?;
                (series.id << 30) - 1
            }
        };
        let statement = format!(
            "SELECT {} FROM {TABLES}
             WHERE ?1 < c.id AND c.id < ?2 ORDER BY c.id LIMIT ?3",
            columns()
        );
        let (lines, last, is_whole) = self.reader.read(|db| {
            let mut statement = db.prepare_cached(&statement)?;
            let mut rows = statement.query(params![from, (series.id + 1) << 30, PIECE])?;
            let (mut lines, mut last) = (Vec::new(), None);
            while let Some(row) = rows.next()? {
                let Some(certificate) = certificate_of(row)? else { return Ok((lines, last, false)) };
                last = Some(row.get(19)?);
                lines.push(certificate);
            }
            Ok((lines, last, true))
        })?;
        if !is_whole {
            return Err(StoreError::damaged(&self.reader.path, OwnFileFault::Certificate));
        }
        let runs_over_years = series.key.as_str()[place.clone()].contains('?');
        for certificate in lines {
            while let Some(gap) = self.gaps.pop_front_if(|gap| gap.first < certificate.serial) {
                self.ready.push_back(YearLine::Gap(gap));
            }
            if !runs_over_years || certificate.code.as_str()[place.clone()] == self.year {
                let line = self.line(certificate);
                self.ready.push_back(YearLine::Number(Box::new(line)));
            }
        }
        self.last = last;
        if last.is_none() {
            self.ready.extend(self.gaps.drain(..).map(YearLine::Gap));
            self.series.pop_front();
        }
        Ok(true)
    }

    /// Reads what there is to know of a series besides its certificates.
    fn begin(&mut self, series: &YearSeries) -> Result<()> {
        let key = series.key;
        let (touched, gaps) = self.reader.read(|db| {
            let touched = db
                .prepare_cached("SELECT first, last, entry FROM touched WHERE series = ?1 ORDER BY first, entry")?
                .query_map([series.id], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)))?
                .collect::<rusqlite::Result<VecDeque<_>>>()?;
            let gaps = db
                .prepare_cached(
                    "SELECT g.first, g.last, g.reason, a.time, a.user FROM gap g JOIN audit a ON a.seq = g.entry
                     WHERE g.series = ?1 ORDER BY g.first",
                )?
                .query_map([series.id], |r| {
                    let (first, last, reason) = (r.get(0)?, r.get(1)?, r.get(2)?);
                    Ok(GapLine { series: key, first, last, reason, noted_at: r.get(3)?, noted_by: r.get(4)? })
                })?
                .collect::<rusqlite::Result<VecDeque<_>>>()?;
            Ok((touched, gaps))
        })?;
        (self.touched, self.gaps) = (touched, gaps);
        self.open.clear();
        Ok(())
    }

    /// Tells everything about a number. Certificates come in order, so that runs behind are done with.
    fn line(&mut self, certificate: Certificate) -> NumberLine {
        let serial = certificate.serial;
        while let Some((_, last, entry)) = self.touched.pop_front_if(|(first, ..)| *first <= serial) {
            self.open.push((last, entry));
        }
        self.open.retain(|(last, _)| serial <= *last);
        // Later entries come later, whatever run they are about.
        let mine: BTreeMap<i64, &EntryFacts> =
            self.open.iter().filter_map(|(_, entry)| Some((*entry, self.noted.get(entry)?))).collect();
        let mut days = [None; 5];
        let mut reason = String::new();
        for noted in mine.values() {
            if let Some(place) = DAYS.iter().position(|status| noted.status == Some(*status)) {
                days[place] = noted.on;
            }
            // Why a certificate came back is told of one that was handed in again, too.
            if matches!(noted.status, Some(Status::Void | Status::Returned)) {
                reason.clone_from(&noted.reason);
            }
        }
        let cases = self.cases.get(certificate.code.as_str()).cloned().unwrap_or_default();
        if certificate.status == Status::Revoked {
            reason = cases.iter().rev().find(|[kind, ..]| kind == "revoke").map_or(reason, |[.., why]| why.clone());
        }
        let taken = self.noted.get(&(certificate.taken as i64));
        let file = match certificate.row {
            Some((batch, _)) => self.files.get(&batch).cloned().unwrap_or_default(),
            None => taken.map_or(String::new(), |noted| noted.file.clone()),
        };
        NumberLine {
            file,
            taken_at: taken.map_or(String::new(), |noted| noted.time.clone()),
            taken_by: taken.map_or(String::new(), |noted| noted.user.clone()),
            days,
            cases,
            reason,
            certificate,
        }
    }
}

impl Iterator for YearLines<'_> {
    type Item = Result<YearLine>;

    fn next(&mut self) -> Option<Result<YearLine>> {
        while self.ready.is_empty() {
            match self.read_on() {
                Ok(true) => {}
                Ok(false) => return None,
                Err(e) => {
                    // Nothing comes after an error.
                    self.series.clear();
                    return Some(Err(e));
                }
            }
        }
        self.ready.pop_front().map(Ok)
    }
}
