//! Files: listing folders, reading rosters and writing what is exported, on threads of their own.

use std::cell::RefCell;
use std::io::Write;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::mpsc::Sender;
use std::thread;

use chrono::Local;

use super::desk::Desk;
use super::meter::Meter;
use super::{Event, Order, Reports, Setup, guarded};
use crate::app::msg::{
    ExportEncoding, ExportFormat, ExportJob, ExportWhat, FolderEntry, Msg, Opened, ReadEnd, ReadJob,
};
use crate::data;
use crate::domain::ledger::BatchId;
use crate::domain::ledger::audit::Head;
use crate::domain::profile::Choice;
use crate::domain::roster::Block;
use crate::domain::rules::{BlockReport, Finding};
use crate::domain::sheet::SheetSpec;
use crate::domain::upload;
use crate::domain::upload::TableFormat;
use crate::failure::{Failure, FailureKind};
use crate::formats::atomic::{self, WriteError};
use crate::formats::read::{self, ReadOptions};
use crate::formats::watch::Watch;
use crate::formats::write_public::write_public;
use crate::formats::write_report::{ReportOptions, Words, write_report};
use crate::formats::write_upload::{Manifest, UploadOptions, write_upload};
use crate::formats::{Piece, Refusal, csv_text};
use crate::store::{self, Places, Store};
use crate::words::Locale;

/// A file that was written.
pub(super) struct Written {
    pub(super) job: Box<ExportJob>,
    /// The batch it is of.
    pub(super) of: Option<BatchId>,
    /// How many rows were read back.
    pub(super) rows: usize,
    /// What goes with it; `None` for anything but an upload file.
    pub(super) manifest: Option<Box<Manifest>>,
    /// Where the audit chain stood.
    pub(super) audit: Option<Head>,
}

/// Lists a folder: folders first, then files, by name.
pub(super) fn list_folder(path: &Path, locale: &Locale) -> Result<(PathBuf, Vec<FolderEntry>), Failure> {
    let failed = |error: std::io::Error| {
        let path = path.to_string_lossy();
        let message = locale.fill("status.folder-failed", &[("path", &path), ("error", &locale.io(&error))]);
        Failure::new(FailureKind::File, message, "")
    };
    let path = path.canonicalize().map_err(failed)?;
    atomic::clear(&path);
    let mut entries: Vec<FolderEntry> = path
        .read_dir()
        .map_err(failed)?
        .flatten()
        .filter_map(|entry| {
            let meta = entry.path().metadata().ok()?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let is_folder = meta.is_dir();
            Some(FolderEntry { name, is_folder, size: if is_folder { 0 } else { meta.len() } })
        })
        .collect();
    entries.sort_by(|a, b| (!a.is_folder, &a.name).cmp(&(!b.is_folder, &b.name)));
    Ok((path, entries))
}

fn open(path: &Path, sheet: Option<&str>, spec: &SheetSpec, setup: &Setup) -> Result<read::Opened, Refusal> {
    let threads = thread::available_parallelism().map_or(1, usize::from);
    read::open(path, &ReadOptions { sheet, spec, program: &setup.program, threads })
}

fn visible_sheets(opened: &read::Opened) -> Vec<String> {
    opened.sheets.iter().filter(|s| s.visible).map(|s| s.name.clone()).collect()
}

/// Names the sheet of a workbook that is read without asking; nothing when one must be chosen or the file is refused.
pub(super) fn only_sheet(path: &Path, setup: &Setup) -> Option<String> {
    let (_, spec) = setup.first_form()?;
    let opened = open(path, None, &spec, setup).ok()?;
    (visible_sheets(&opened).len() <= 1).then_some(opened.origin.sheet)
}

/// Reads a file. Sends [`Msg::Sheets`] and returns when a sheet must be chosen; else [`Msg::Opened`], then [`Msg::Rows`] in
/// file order, then [`Msg::ReadDone`]. Stops when [`Reports::send`] says so.
fn read_file(job: &ReadJob, reports: &Reports, setup: &Setup, locale: &Locale) -> Result<(), Failure> {
    let name = job.path.file_name().unwrap_or(job.path.as_os_str()).to_string_lossy();
    let refused = |refusal: Refusal| locale.refusal(&refusal, &name);
    let Some((_, spec)) = setup.first_form() else { return Ok(()) };
    let mut opened = open(&job.path, job.sheet.as_deref(), &spec, setup).map_err(refused)?;
    let visible = visible_sheets(&opened);
    if job.sheet.is_none() && 1 < visible.len() {
        reports.send(Msg::Sheets { job: job.job, sheets: visible });
        return Ok(());
    }
    let labels = opened.columns.labels();
    let given = job.profile.as_deref().and_then(data::profile).or_else(|| setup.profile.clone());
    let choice = Choice::of(data::profiles(), &data::sheet, given.as_ref(), &labels, &opened.sample_codes);
    let Some(Choice { profile, form: own, .. }) = choice else { return Ok(()) };
    if own.id != spec.id {
        opened = open(&job.path, job.sheet.as_deref(), &own, setup).map_err(refused)?;
    }
    let columns = job.columns.clone().unwrap_or_else(|| opened.columns.clone());
    let head = Opened {
        job: job.job,
        path: job.path.clone(),
        origin: opened.origin.clone(),
        columns: columns.clone(),
        sheets: opened.sheets.iter().map(|s| s.name.clone()).collect(),
        first_line: opened.first_line,
        context: setup.context(profile, own, reports, locale),
        stored: None,
    };
    let checker = head.checker();
    if !reports.send(Msg::Opened(Box::new(head))) {
        return Ok(());
    }
    let size = opened.size();
    let (mut meter, mut count) = (Meter::new(), 0);
    let rows = &mut |piece: Piece, report: BlockReport| {
        count += piece.block.len() as u64;
        if let Some(progress) = meter.at(count, size.map(|size| (piece.bytes.end, size))) {
            reports.send(Msg::Reading { job: job.job, progress });
        }
        let msg = Msg::Rows { job: job.job, block: Arc::new(piece.block), report, skipped: piece.skipped };
        if reports.send(msg) { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    };
    let check = |block: Block, desk: &mut csv_text::Desk| {
        let report = checker.check_next(&block, &mut desk.memo);
        (block, report)
    };
    opened.read(&columns, &check, rows).map_err(refused)?;
    reports.send(Msg::ReadDone(ReadEnd { job: job.job, ..ReadEnd::default() }));
    Ok(())
}

/// What came of an order to write a file.
enum Outcome {
    /// So many rows were read back; and what goes with an upload file.
    Written(usize, Option<Box<Manifest>>),
    /// There is such a file, and it may not be replaced.
    Exists,
    /// It was stopped as asked.
    Stopped,
}

/// Writes a file beside its target, reads it back and puts it in place.
///
fn write_file(job: &ExportJob, audit: Option<&Head>, watch: Watch<'_>, locale: &Locale) -> Result<Outcome, Failure> {
    let created_at = Local::now().fixed_offset();
    let format = match (job.format, job.encoding) {
        (ExportFormat::Xlsx, _) => TableFormat::Xlsx,
        (ExportFormat::Csv, ExportEncoding::Utf8Bom) => TableFormat::CsvUtf8,
        (ExportFormat::Csv, ExportEncoding::Gb18030) => TableFormat::CsvGb18030,
    };
    let batch = &job.batch;
    // A batch from an earlier session may be known by its file's name alone: then no file of that name is replaced.
    let source = job.source.clone().unwrap_or_else(|| job.path.with_file_name(&batch.origin.file));
    let source = Some(source.as_path());
    let user = store::user();
    let upload = UploadOptions {
        format,
        overwrite: job.replace,
        source,
        created_at,
        user: &user,
        audit,
        part: job.what.part(),
        watch,
    };
    let written = match job.what {
        ExportWhat::Upload | ExportWhat::UploadPart => write_upload(batch, &job.path, &upload)
            .map(|summary| (summary.manifest.rows as usize, Some(Box::new(summary.manifest)))),
        ExportWhat::Public => write_public(batch, &job.path, &upload).map(|summary| (summary.rows, None)),
        ExportWhat::Findings => {
            let message = |f: &Finding| locale.finding(batch, f, false);
            let clause = |f: &Finding| batch.context().clause(f.rule, f.field, f.detail).to_string();
            let words = Words { message: &message, clause: &clause };
            let options =
                ReportOptions { format, source, severities: &ReportOptions::ASKED, masked: false, created_at, watch };
            write_report(batch, &job.path, job.replace, &options, &words).map(|summary| (summary.rows, None))
        }
    };
    match written {
        Ok((rows, manifest)) => Ok(Outcome::Written(rows, manifest)),
        Err(WriteError::Exists(_)) => Ok(Outcome::Exists),
        Err(WriteError::Stopped) => Ok(Outcome::Stopped),
        Err(error) => Err(locale.write_failure(&error)),
    }
}

/// Writes what was copied to a file of its own, named by the time.
pub(super) fn keep_copy(folder: &Path, text: &str, locale: &Locale) -> Result<PathBuf, Failure> {
    let name = Local::now().format("skillcert-%Y%m%d-%H%M%S%.3f.txt");
    let path = folder.join(name.to_string());
    let written =
        atomic::write(&path, false, None, |out| out.write_all(text.as_bytes()).map_err(WriteError::io(&path)));
    written.map(|()| path.clone()).map_err(|error| locale.write_failure(&error))
}

/// Writes a file on a thread of its own; `back` takes it to the ledger.
pub(super) fn write_beside(
    desk: &Desk,
    job: Box<ExportJob>,
    stop: Arc<AtomicBool>,
    back: Sender<Order>,
    to: &Sender<Event>,
) {
    let (locale, home, of, to) = (Arc::clone(&desk.locale), desk.setup.home.clone(), desk.on_screen(), to.clone());
    thread::spawn(move || {
        // The file needs nothing of the store: one that does not answer only leaves its line out.
        let places = Places::from_environment(home.as_deref()).ok();
        let audit = places.and_then(|places| Store::head_of(&places).ok().flatten());
        // Every row is written once and compared once; an error list is not compared.
        let passes = if job.what == ExportWhat::Findings { 1 } else { 2 };
        let whole = match job.what {
            ExportWhat::Findings => None,
            what => Some(u64::from(upload::part_of(&job.batch, what.part()).count()) * passes),
        };
        let state = RefCell::new((Meter::new(), 0));
        let step = || {
            let (meter, done) = &mut *state.borrow_mut();
            *done += 1;
            if let Some(progress) = meter.at(*done / passes, whole.map(|whole| (*done, whole))) {
                let _ = to.send(Event::Msg(Msg::Exporting(progress)));
            }
        };
        let watch = Watch { step: &step, stop: &stop };
        let msg = match guarded(&locale, || write_file(&job, audit.as_ref(), watch, &locale)) {
            Ok(Outcome::Written(rows, manifest)) => {
                let _ = back.send(Order::Exported(Box::new(Written { job, of, rows, manifest, audit })));
                return;
            }
            Ok(Outcome::Exists) => Msg::ExportExists,
            Ok(Outcome::Stopped) => Msg::ExportStopped,
            Err(failure) => Msg::ExportFailed(failure),
        };
        let _ = to.send(Event::Msg(msg));
    });
}

/// Reads a file on a thread of its own, so that the store stays free for changes.
pub(super) fn read_beside(desk: &Desk, job: ReadJob, reports: Reports) {
    let (locale, setup) = (Arc::clone(&desk.locale), Arc::clone(&desk.setup));
    thread::spawn(move || {
        if let Err(failure) = guarded(&locale, || read_file(&job, &reports, &setup, &locale)) {
            reports.send(Msg::ReadFailed { job: reports.job, failure });
        }
    });
}
