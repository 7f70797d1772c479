//! Files: listing folders, reading rosters and writing what is exported, on threads of their own.

use std::cell::RefCell;
use std::collections::HashSet;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::SystemTime;

use chrono::{DateTime, Local};

use super::desk::StoreDesk;
use super::meter::Meter;
use super::{LoopEvent, Reports, Setup, Task, guarded};
use crate::app::import::FirstRows;
use crate::app::msg::{
    AnswersJob, AnswersRead, ExportEncoding, ExportFormat, ExportJob, ExportWhat, FolderEntry, Msg, ReadEnd, ReadJob,
    RosterHead, WrittenFile,
};
use crate::domain::ledger::{BatchId, UploadChanges};
use crate::domain::profile_choice::FileStamp;
use crate::domain::rules::BlockReport;
use crate::domain::summary::Summary;
use crate::domain::upload::{self, TableFormat};
use crate::failure::{Failure, FailureKind};
use crate::office::{
    AnswerOrder, ExportTarget, Exported, HeaderRows, KnownPart, Office, Opening, PartOpening, PartOrder, Piece,
    RosterFile, RosterRefused, Session, UnnotedUpload, UploadSummary, Watch, WhyNotWritten, manifest_path,
};
use crate::words::{Lang, Locale};

/// The upload file of a batch of the store that was written and is to be noted.
pub(super) struct ToNote {
    job: Box<ExportJob>,
    upload: Box<UnnotedUpload>,
    /// What is missing or disagrees and did not keep it from being written.
    warnings: Vec<String>,
}

impl ToNote {
    /// Has the ledger take note.
    pub(super) fn note(self, office: &Office, session: Result<&Session, Failure>) -> WrittenFile {
        let done = self.upload.note(office, session, &self.job.batch, "");
        WrittenFile { noted: done.noted, warnings: self.warnings, ..upload_written(self.job.path, done.written) }
    }
}

fn upload_written(path: PathBuf, Exported { summary, .. }: Exported<UploadSummary>) -> WrittenFile {
    let (rows, left_out) = (summary.manifest.rows as usize, summary.manifest.rows_left_out);
    WrittenFile { path, rows, left_out, noted: Ok(UploadChanges::default()), warnings: Vec::new() }
}

/// Tells what a folder holds.
pub(super) fn folder(path: &Path, office: &Office) -> Msg {
    match guarded(office.locale(), || list_folder(path, office)) {
        Ok((path, entries)) => Msg::Folder { path, entries },
        Err(failure) => Msg::FolderFailed(failure),
    }
}

/// Lists a folder: folders first, then files, by name.
fn list_folder(path: &Path, office: &Office) -> Result<(PathBuf, Vec<FolderEntry>), Failure> {
    let failed = |error: std::io::Error| {
        let path = path.to_string_lossy();
        let locale = office.locale();
        let message = locale.fill("status.folder-failed", &[("path", &path), ("error", &locale.io(&error))]);
        Failure::new(FailureKind::File, message, "")
    };
    let path = path.canonicalize().map_err(failed)?;
    office.clear_leftovers(&path);
    let mut entries: Vec<FolderEntry> = path
        .read_dir()
        .map_err(failed)?
        .flatten()
        .filter_map(|entry| {
            let meta = entry.path().metadata().ok()?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let is_folder = meta.is_dir();
            let changed = meta.modified().map_or_else(|_| String::new(), day_of);
            Some(FolderEntry { name, is_folder, size: if is_folder { 0 } else { meta.len() }, changed, is_ours: false })
        })
        .collect();
    let names: HashSet<String> = entries.iter().map(|entry| entry.name.clone()).collect();
    let tails = [Lang::Zh, Lang::En].map(|lang| Locale::load(lang).tails_of_written());
    for entry in entries.iter_mut().filter(|entry| !entry.is_folder) {
        let stem = Path::new(&entry.name).file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let has_manifest = names.contains(&*manifest_path(Path::new(&entry.name)).to_string_lossy());
        entry.is_ours = has_manifest || tails.iter().flatten().any(|tail| stem.ends_with(&**tail));
    }
    entries.sort_by(|a, b| (!a.is_folder, &a.name).cmp(&(!b.is_folder, &b.name)));
    Ok((path, entries))
}

/// Gives the day of a time where the user is.
fn day_of(time: SystemTime) -> String {
    DateTime::<Local>::from(time).format("%Y-%m-%d").to_string()
}

/// Reads a file. Sends [`Msg::Sheets`] and returns when a sheet must be chosen; else [`Msg::Opened`], then [`Msg::Rows`] in
/// file order, then [`Msg::ReadDone`]. Stops when [`Reports::send`] says so.
fn read_file(job: &ReadJob, reports: &Reports, setup: &Setup, opening: Sender<()>) -> Result<(), RosterRefused> {
    let (office, reading) = (&setup.office, setup.reading(job));
    let name = job.path.file_name().unwrap_or(job.path.as_os_str()).to_string_lossy();
    let mut tell = |words| {
        reports.send(Msg::Trouble(words));
    };
    let seen = office.seen(&job.path);
    let found = if job.lists_sheets {
        Opening::Sheets(office.sheets(&job.path, &name)?)
    } else if job.points_at_header {
        office.header_rows(&job.path, &name, &reading)?
    } else {
        office.open_roster(&job.path, &name, &reading, true, &mut tell)?
    };
    let Some(mut file) = asked(job, reports, found, office) else { return Ok(()) };
    if let Some(columns) = &job.columns {
        file.match_columns(columns.clone());
    }
    let is_wanted = reports.send(Msg::Opened(Box::new(head_of(job, &file, seen))));
    drop(opening);
    if !is_wanted {
        return Ok(());
    }
    let size = file.size();
    let (mut meter, mut count) = (Meter::new(), 0);
    let rows = &mut |piece: Piece, report: BlockReport| {
        count += piece.block.len() as u64;
        if let Some(progress) = meter.at(count, size.map(|size| (piece.bytes.end, size))) {
            reports.send(Msg::Reading { job: job.job, progress });
        }
        if reports.send(rows_of(job, piece, report)) { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    };
    file.read(office, rows)?;
    reports.send(Msg::ReadDone(ReadEnd { job: job.job, ..ReadEnd::default() }));
    Ok(())
}

/// Has the user asked what is to be settled before the rows are read; gives the file where nothing is.
fn asked(job: &ReadJob, reports: &Reports, found: Opening, office: &Office) -> Option<Box<RosterFile>> {
    let msg = match found {
        Opening::Sheets(sheets) => Msg::Sheets { job: job.job, sheets, held: office.sheets_held(&job.path) },
        Opening::Header(HeaderRows { rows, sheet, encoding }) => {
            Msg::HeaderRows { job: job.job, rows: FirstRows { rows, sheet, encoding } }
        }
        Opening::Profiles { .. } => Msg::Profiles { job: job.job },
        Opening::Roster(file) => return Some(file),
    };
    reports.send(msg);
    None
}

fn head_of(job: &ReadJob, file: &RosterFile, seen: Option<FileStamp>) -> RosterHead {
    RosterHead {
        job: job.job,
        path: job.path.clone(),
        origin: file.origin().clone(),
        columns: file.columns().clone(),
        sheets: file.sheets(),
        first_line: file.first_line(),
        context: file.context().clone(),
        profile_by: Some(file.chosen_by()),
        fingerprint: file.fingerprint().to_string(),
        matched: file.matched().filter(|_| !job.is_unremembered),
        seen,
        parts: Vec::new(),
        doubt: String::new(),
        stored: None,
    }
}

fn rows_of(job: &ReadJob, piece: Piece, report: BlockReport) -> Msg {
    Msg::Rows { job: job.job, block: Arc::new(piece.block), report: Box::new(report), skipped: piece.skipped }
}

/// Reads a file for the batch on screen, on a thread of its own; `back` takes it to the store. What nothing tells the user is
/// asked as where a file is opened: [`Msg::Opened`] with the first rows is about its columns.
pub(super) fn add_beside(desk: &StoreDesk, job: ReadJob, reports: Reports, back: Sender<Task>) {
    let (setup, batch) = (Arc::clone(&desk.setup), desk.hand.id());
    // One that is only watched is somebody else's by now.
    let not_in_hand = if desk.hand.shown().is_some() { "add.taken-over" } else { "status.not-now" };
    thread::spawn(move || {
        let office = &setup.office;
        let order = PartOrder {
            path: job.path.clone(),
            reading: setup.reading(&job),
            columns: job.columns.clone(),
            is_unremembered: job.is_unremembered,
            points_at_header: job.points_at_header,
            is_again: job.anew,
        };
        let read = || {
            let Some(batch) = batch else {
                return Err(Failure::new(FailureKind::Store, office.locale().text(not_in_hand), ""));
            };
            let mut tell = |words| {
                reports.send(Msg::Trouble(words));
            };
            let part = office.read_part(batch, &order, true, &mut tell, &|| reports.is_wanted())?;
            let found = match part {
                Some(PartOpening::Read(part)) => {
                    let _ = back.send(Task::Added(part, reports.clone()));
                    return Ok(());
                }
                Some(PartOpening::Asks(found)) => found,
                None => return Ok(()),
            };
            let Some(file) = asked(&job, &reports, found, office) else { return Ok(()) };
            let doubt = office.other_place_in(&file).unwrap_or_default();
            reports.send(Msg::Opened(Box::new(RosterHead { doubt, ..head_of(&job, &file, None) })));
            let first = &mut |piece: Piece, report: BlockReport| {
                reports.send(rows_of(&job, piece, report));
                ControlFlow::Break(())
            };
            file.read(office, first).map_err(RosterRefused::failure)
        };
        if let Err(failure) = guarded(office.locale(), read) {
            reports.send(Msg::ReadFailed { job: reports.job, failure });
        }
    });
}

/// What came of an order to write a file.
enum WriteOutcome {
    Written(WrittenFile),
    /// The ledger is to take note of it; what is missing or disagrees besides.
    ToNote(Box<UnnotedUpload>, Vec<String>),
    /// There is such a file, and it may not be replaced.
    Exists,
    /// It was stopped as asked.
    Stopped,
}

/// Writes a file beside its target, reads it back and puts it in place. `of` is the batch of the store that it is of.
fn write_file(
    job: &ExportJob,
    of: Option<BatchId>,
    watch: Watch<'_>,
    office: &Office,
) -> Result<WriteOutcome, Failure> {
    let format = match (job.format, job.encoding) {
        (ExportFormat::Xlsx, _) => TableFormat::Xlsx,
        (ExportFormat::Csv, ExportEncoding::Utf8Bom) => TableFormat::CsvUtf8,
        (ExportFormat::Csv, ExportEncoding::Gb18030) => TableFormat::CsvGb18030,
    };
    let batch = &job.batch;
    // A batch from an earlier session may be known by its file's name alone: then no file of that name is replaced.
    let mut source = job.source.clone().unwrap_or_else(|| job.path.with_file_name(&batch.origin.file));
    let name = job.path.file_name();
    let is_called_so = |path: &Path| name.is_some() && path.file_name() == name;
    if batch.roster().parts().iter().any(|p| is_called_so(&p.path) || is_called_so(Path::new(&p.origin.file))) {
        source.clone_from(&job.path);
    }
    let (overwrite, source) = (job.replace, Some(source.as_path()));
    let target = ExportTarget { path: &job.path, format, overwrite, source, watch };
    // The file needs nothing of the store: one that does not answer only leaves the line of its audit chain out.
    let mut warnings = Vec::new();
    let mut tell = |told| warnings.push(told);
    let path = || job.path.clone();
    let noted = || Ok(UploadChanges::default());
    let written = |rows| WrittenFile { path: path(), rows, left_out: 0, noted: noted(), warnings: Vec::new() };
    let done = match (job.what, of) {
        (what, Some(id)) if what.is_upload() => office
            .write_batch((id, batch), &job.part, (&target, ""), &mut tell)
            .map(|upload| WriteOutcome::ToNote(Box::new(upload), Vec::new())),
        (ExportWhat::Public, _) => office
            .export_public(batch, &target, &mut tell)
            .map(|done| WriteOutcome::Written(written(done.summary.rows))),
        (ExportWhat::Findings, _) => {
            let done = office.export_findings(batch, false, &target);
            done.map(|summary| WriteOutcome::Written(written(summary.rows)))
        }
        (ExportWhat::Answers | ExportWhat::AnswersMasked, id) => {
            let done = office.export_for_answers((id, batch), job.what == ExportWhat::AnswersMasked, &target);
            done.map(|summary| WriteOutcome::Written(written(summary.rows)))
        }
        (ExportWhat::Summary, _) => office
            .export_summary(&Summary::of(batch), batch, &target)
            .map(|rows| WriteOutcome::Written(written(rows as usize))),
        _ => office
            .export_roster(batch, &job.part, &target, &mut tell)
            .map(|done| WriteOutcome::Written(upload_written(path(), done))),
    };
    let done = done.map(|outcome| match outcome {
        WriteOutcome::ToNote(upload, _) => WriteOutcome::ToNote(upload, warnings),
        other => other,
    });
    done.or_else(|not| match not.why {
        WhyNotWritten::Exists => Ok(WriteOutcome::Exists),
        WhyNotWritten::Stopped => Ok(WriteOutcome::Stopped),
        _ => Err(not.failure),
    })
}

/// Writes a file on a thread of its own; `back` takes it to the ledger.
pub(super) fn write_beside(
    desk: &StoreDesk,
    job: Box<ExportJob>,
    stop: Arc<AtomicBool>,
    back: Sender<Task>,
    to: &Sender<LoopEvent>,
) {
    let (office, of, to) = (desk.setup.office.clone(), desk.hand.shown(), to.clone());
    thread::spawn(move || {
        // Every row is written once and compared once; an error list is not compared.
        let is_short = job.what.is_list() || job.what == ExportWhat::Summary;
        let passes = if is_short { 1 } else { 2 };
        let count = || u64::from(upload::part_of(&job.batch, &job.part).count()) * passes;
        let whole = (!is_short).then(count);
        let state = RefCell::new((Meter::new(), 0));
        let step = || {
            let (meter, done) = &mut *state.borrow_mut();
            *done += 1;
            if let Some(progress) = meter.at(*done / passes, whole.map(|whole| (*done, whole))) {
                let _ = to.send(LoopEvent::Msg(Msg::Exporting(progress)));
            }
        };
        let watch = Watch { step: &step, stop: &stop };
        let msg = match guarded(office.locale(), || write_file(&job, of, watch, &office)) {
            Ok(WriteOutcome::ToNote(upload, warnings)) => {
                let _ = back.send(Task::Exported(Box::new(ToNote { job, upload, warnings })));
                return;
            }
            Ok(WriteOutcome::Written(file)) => Msg::Exported(file),
            Ok(WriteOutcome::Exists) => Msg::ExportExists,
            Ok(WriteOutcome::Stopped) => Msg::ExportStopped,
            Err(failure) => Msg::ExportFailed(failure),
        };
        let _ = to.send(LoopEvent::Msg(msg));
    });
}

/// Reads what an organiser has answered.
pub(super) fn read_answers(AnswersJob { path, switched, id, batch }: AnswersJob, office: &Office) -> Msg {
    let order = AnswerOrder { path: &path, sheet: None, accepted: &[] };
    let answers = guarded(office.locale(), || office.read_answers((id, &batch), &order));
    Msg::Answers(Box::new(AnswersRead { path, switched, answers }))
}

/// Reads a file on a thread of its own, so that the store stays free for changes. Nothing more comes from what is given back
/// once the table is found and what it is checked with has been read.
pub(super) fn read_beside(desk: &StoreDesk, job: ReadJob, reports: Reports) -> Receiver<()> {
    let setup = Arc::clone(&desk.setup);
    let (opening, opened) = channel();
    thread::spawn(move || {
        let read = || read_file(&job, &reports, &setup, opening).map_err(RosterRefused::failure);
        if let Err(failure) = guarded(setup.office.locale(), read) {
            reports.send(Msg::ReadFailed { job: reports.job, failure });
        }
    });
    opened
}

/// Compares what a path holds with what was read from it into a batch, on a thread of its own, and has the user asked.
pub(super) fn compare_beside(desk: &StoreDesk, job: ReadJob, older: KnownPart, reports: Reports) {
    let setup = Arc::clone(&desk.setup);
    thread::spawn(move || {
        let office = &setup.office;
        let compare = || {
            let reading = setup.reading(&job);
            office.compare_versions(&older, &job.path, &reading, &|| reports.is_wanted())
        };
        match guarded(office.locale(), compare) {
            Ok(Some(difference)) => {
                let older = Box::new(super::batches::line(older.0, office));
                reports.send(Msg::OtherContent { job: reports.job, older, difference });
            }
            Ok(None) => {}
            Err(failure) => drop(reports.send(Msg::ReadFailed { job: reports.job, failure })),
        }
    });
}
