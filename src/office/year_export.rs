//! The yearly ledger (年度台账, GZ-14), a line for every number of the year, written to a file.

use std::io;
use std::ops::Range;
use std::path::Path;

use chrono::Local;

use super::shares::HandOut;
use super::{LedgerReader, Office};
use crate::domain::ledger::action::UnmaskedObject;
use crate::domain::ledger::audit::Head;
use crate::domain::ledger::case::{CaseKind, CaseState};
use crate::domain::ledger::share::{Share, ShareId};
use crate::domain::ledger::year_export::year_place;
use crate::domain::upload::TableFormat;
use crate::failure::Failure;
use crate::formats::atomic::WriteError;
use crate::formats::write_year_export::{YearExportOptions, write_year_export};
use crate::locale::local_time;
use crate::store::{StoreError, StoreReader, YearFile, YearSeries};

/// How often the file is written anew when the ledger changes meanwhile.
const TRIES: usize = 3;

/// A yearly ledger that is to be written.
#[derive(Debug, Clone, Copy)]
pub struct YearOrder<'a> {
    pub year: i32,
    pub path: &'a Path,
    pub format: TableFormat,
    /// Whether a file of that name is replaced.
    pub overwrite: bool,
    /// Whether personal data stands in it whole.
    pub unmask: bool,
    /// Why; may be empty.
    pub reason: &'a str,
    /// The entry of the share register under which it goes out whole; one is made where none is named.
    pub share: Option<ShareId>,
}

/// A yearly ledger that was written.
#[derive(Debug)]
pub struct YearLedgerFile {
    pub lines: u64,
    pub sha256: String,
    /// Where the audit chain stood when it was read.
    pub head: Head,
    /// The place of the entry that says so.
    pub entry: u64,
    /// The entry of the share register under which it went out, where it is whole.
    pub share: Option<Share>,
}

/// The series of a year, each with the place of the year in its codes.
type SeriesOfYear = Vec<(YearSeries, Range<usize>)>;

impl Office {
    /// Writes the yearly ledger and notes it in the audit chain; nothing where there is no number of the year. `tell` is told
    /// that others can see what is the state folder's.
    pub fn export_year(
        &self,
        order: &YearOrder<'_>,
        tell: &mut dyn FnMut(&str),
    ) -> Result<Option<YearLedgerFile>, Failure> {
        let locale = self.locale();
        let year = format!("{:02}", order.year.rem_euclid(100));
        let Some(ledger) = self.ledger()? else { return Ok(None) };
        let series = ledger.series_of_year(&year)?;
        let numbers = series.iter().map(|(series, _)| series.numbers).fold(0u32, u32::saturating_add);
        if numbers == 0 {
            return Ok(None);
        }
        self.spare_state(order.path).map_err(|e| locale.write_failure(&e))?;
        let session = self.enter("ledger export")?;
        if let Some(words) = self.exposed_warning() {
            tell(&words);
        }
        if order.unmask {
            session.may_hand_out(order.share)?;
            session.unmask(&UnmaskedObject::Ledger, order.reason)?;
        }
        let words = self.report_locale();
        let sheet = words.fill("year-export.sheet", &[("year", &order.year.to_string())]);
        let options = YearExportOptions {
            format: order.format,
            overwrite: order.overwrite,
            masked: !order.unmask,
            lines: numbers,
            sheet: &sheet,
            created: Local::now().fixed_offset(),
            status: &|status| words.status(status).to_string(),
            case: &|[kind, state, reason]| {
                let kind = CaseKind::read(kind).map_or("", |kind| words.case_kind(kind));
                let state = CaseState::read(state).map_or("", |state| words.case_state(state));
                format!("{kind} {state} {reason}").trim_end().to_string()
            },
            time: &|time| if time.is_empty() { String::new() } else { local_time(time) },
            gap: words.text("year-export.gap"),
        };
        let (lines, sha256, head) = ledger.write_year(order.path, &options, &series, &year)?;
        let name = order.path.file_name().unwrap_or_default().to_string_lossy();
        let file = YearFile {
            name: &name,
            sha256: &sha256,
            year: order.year,
            lines,
            is_whole: order.unmask,
            head: &head,
            reason: order.reason,
        };
        let entry = session.with(|store| store.note_year_export(&file))?;
        let out = HandOut { share: order.share, path: order.path, holds: &sheet, purpose: order.reason, receiver: "" };
        let share = order.unmask.then(|| session.hand_out(out)).transpose()?;
        let share = share.map(|id| session.share(id)).transpose()?.map(|(share, _)| share);
        Ok(Some(YearLedgerFile { lines, sha256, head, entry, share }))
    }
}

impl LedgerReader {
    /// Lists the series that may have numbers of a year, given by its two digits.
    fn series_of_year(&self, year: &str) -> Result<SeriesOfYear, Failure> {
        let catalogue = self.office.catalogue();
        let placed = self.with(StoreReader::year_series)?.into_iter().map(|series| {
            let place = year_place(catalogue.profile(&series.profile).map(|profile| &**profile));
            (series, place)
        });
        let is_of_year = |(series, place): &(YearSeries, Range<usize>)| {
            let digits = &series.key.as_str()[place.clone()];
            digits == year || digits.contains('?')
        };
        Ok(placed.filter(is_of_year).collect())
    }

    /// Writes the file; again when somebody changed the ledger between the writing and the comparison.
    fn write_year(
        &self,
        target: &Path,
        options: &YearExportOptions<'_>,
        series: &SeriesOfYear,
        year: &str,
    ) -> Result<(u64, String, Head), Failure> {
        let office = &self.office;
        // A ledger that cannot be read ends the file; what the store says of it reaches the user whole.
        let as_write = |e: StoreError| WriteError::io(target)(io::Error::other(e));
        let lines = || -> Result<_, WriteError> {
            let lines = self.reader.year_lines(series.clone(), year).map_err(as_write)?;
            Ok(lines.map(move |line| line.map_err(as_write)))
        };
        let mut tries = 0;
        loop {
            tries += 1;
            let (version, head) = (self.with(StoreReader::data_version)?, self.with(StoreReader::head)?);
            match write_year_export(target, options, lines) {
                Ok((lines, sha256)) => return Ok((lines, sha256, head)),
                Err(WriteError::ReadBack { .. })
                    if tries < TRIES && self.with(StoreReader::data_version)? != version => {}
                Err(error) => {
                    let of_store = match &error {
                        WriteError::Io { source, .. } => source.get_ref().and_then(|e| e.downcast_ref::<StoreError>()),
                        _ => None,
                    };
                    return Err(of_store.map_or_else(|| office.locale().write_failure(&error), |e| office.told(e)));
                }
            }
        }
    }
}
