//! Worker threads: what [`Effect`]s ask for is done here, away from the keys.
//!
//! The rooms `formats` and `store` are named in this file only: [`list_folder`], [`read_file`], [`write_file`], [`Desk`].

use std::io::Read;
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, OnceLock};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use chrono::{Local, NaiveDate};

use super::events::Event;
use super::trouble::failed;
use crate::app::msg::{
    Effect, Entry, ExportEncoding, ExportFormat, ExportJob, ExportWhat, JobId, Msg, Opened, ReadEnd, ReadJob, StoreJob,
};
use crate::data;
use crate::domain::profile::Profile;
use crate::domain::roster::Change;
use crate::domain::rules::{BlockReport, CheckContext, Finding, Tables};
use crate::domain::sheet::{SheetSpec, SkipReason};
use crate::failure::{Failure, FailureKind};
use crate::formats::atomic::WriteError;
use crate::formats::read::{self, ReadOptions};
use crate::formats::write_report::{ReportOptions, Words, write_report};
use crate::formats::write_table::TableFormat;
use crate::formats::write_upload::{UploadOptions, write_upload};
use crate::formats::{Piece, Refusal};
use crate::locale::Locale;
use crate::store::{BatchId, Claim, NewBatch, Places, Skipped, Source, Store, StoreError, StoredBatch};

/// Where a reading job sends its reports.
#[derive(Debug, Clone)]
pub struct Reports {
    /// The job.
    pub job: JobId,
    latest: Arc<AtomicU64>,
    to: Sender<Event>,
}

impl Reports {
    /// Tells whether anybody still waits for the job; a job that is not wanted should end soon.
    pub fn is_wanted(&self) -> bool {
        self.latest.load(Ordering::Relaxed) == self.job
    }

    /// Sends a report; tells whether the job should go on.
    pub fn send(&self, msg: Msg) -> bool {
        self.is_wanted() && self.to.send(Event::Msg(msg)).is_ok()
    }
}

/// What came of an order to write a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Written {
    /// The file is there; so many rows were read back.
    Done(usize),
    /// There is such a file already and it may not be replaced.
    Exists,
}

/// Lists a folder: folders first, then files, by name.
fn list_folder(path: &Path, locale: &Locale) -> Result<(PathBuf, Vec<Entry>), Failure> {
    let failed = |error: std::io::Error| {
        let path = path.to_string_lossy();
        let message = locale.fill("status.folder-failed", &[("path", &path), ("error", &error.to_string())]);
        Failure::new(FailureKind::File, message, "")
    };
    let path = path.canonicalize().map_err(failed)?;
    let mut entries: Vec<Entry> = path
        .read_dir()
        .map_err(failed)?
        .flatten()
        .filter_map(|entry| {
            let meta = entry.path().metadata().ok()?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let is_folder = meta.is_dir();
            Some(Entry { name, is_folder, size: if is_folder { 0 } else { meta.len() } })
        })
        .collect();
    entries.sort_by(|a, b| (!a.is_folder, &a.name).cmp(&(!b.is_folder, &b.name)));
    Ok((path, entries))
}

/// Reads a file. Sends [`Msg::Sheets`] and returns when a sheet must be chosen; else [`Msg::Opened`], then [`Msg::Rows`] in
/// file order, then [`Msg::ReadDone`]. Stops when [`Reports::send`] says so.
fn read_file(job: &ReadJob, reports: &Reports, setup: &Setup, locale: &Locale) -> Result<(), Failure> {
    let name = job.path.file_name().unwrap_or(job.path.as_os_str()).to_string_lossy();
    let refused = |refusal: Refusal| locale.refusal(&refusal, &name);
    let first = setup.profile.clone().or_else(|| data::profiles().first().cloned());
    let (Some(first), Some(spec)) = (first.clone(), first.and_then(|p| data::sheet(&p.sheet))) else { return Ok(()) };
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let options = ReadOptions { sheet: job.sheet.as_deref(), spec: &spec, program: &setup.program, threads };
    let opened = read::open(&job.path, &options).map_err(refused)?;
    let visible: Vec<String> = opened.sheets.iter().filter(|s| s.visible).map(|s| s.name.clone()).collect();
    if job.sheet.is_none() && 1 < visible.len() {
        reports.send(Msg::Sheets { job: job.job, sheets: visible });
        return Ok(());
    }
    let guessed = || Profile::claimed_most(data::profiles(), &opened.sample_codes);
    let profile = setup.profile.clone().or_else(guessed).unwrap_or(first);
    let columns = job.columns.clone().unwrap_or_else(|| opened.columns.clone());
    let head = Opened {
        job: job.job,
        origin: opened.origin.clone(),
        columns: columns.clone(),
        sheets: opened.sheets.iter().map(|s| s.name.clone()).collect(),
        first_line: opened.first_line,
        context: setup.context(profile, spec.clone()),
        stored_view: None,
    };
    let checker = head.checker();
    if !reports.send(Msg::Opened(Box::new(head))) {
        return Ok(());
    }
    let rows = &mut |piece: Piece, report: BlockReport| {
        let msg = Msg::Rows { job: job.job, block: Arc::new(piece.block), report, skipped: piece.skipped };
        if reports.send(msg) { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    };
    opened.read(&columns, &|block| checker.check_block(block), rows).map_err(refused)?;
    reports.send(Msg::ReadDone(ReadEnd { job: job.job, ..ReadEnd::default() }));
    Ok(())
}

/// Writes a file beside its target, reads it back and puts it in place.
fn write_file(job: &ExportJob, locale: &Locale) -> Result<Written, Failure> {
    let created_at = Local::now().fixed_offset();
    let format = match (job.format, job.encoding) {
        (ExportFormat::Xlsx, _) => TableFormat::Xlsx,
        (ExportFormat::Csv, ExportEncoding::Utf8Bom) => TableFormat::CsvUtf8,
        (ExportFormat::Csv, ExportEncoding::Gb18030) => TableFormat::CsvGb18030,
    };
    let batch = &job.batch;
    let written = match job.what {
        ExportWhat::Upload => {
            let user = user();
            let options = UploadOptions { format, overwrite: job.replace, created_at, user: &user };
            write_upload(batch, &job.path, &options).map(|summary| summary.manifest.rows as usize)
        }
        ExportWhat::Findings => {
            let message = |f: &Finding| locale.finding(batch, f, false);
            let clause = |f: &Finding| batch.context().clause(f.rule, f.field, f.detail).to_string();
            let words = Words { message: &message, clause: &clause };
            let options = ReportOptions { format, severities: &ReportOptions::ASKED, masked: false, created_at };
            write_report(batch, &job.path, job.replace, &options, &words).map(|summary| summary.rows)
        }
    };
    match written {
        Ok(rows) => Ok(Written::Done(rows)),
        Err(WriteError::Exists(_)) => Ok(Written::Exists),
        Err(error) => Err(locale.write_failure(&error)),
    }
}

/// Gives the name of the user who is at work, for the manifest and the store.
fn user() -> String {
    ["USER", "LOGNAME"].iter().find_map(|name| std::env::var(name).ok()).unwrap_or_default()
}

/// What the workers know of the start besides the orders.
#[derive(Debug, Clone)]
pub struct Setup {
    /// The state folder from the command line.
    pub home: Option<PathBuf>,
    /// The profile from the command line.
    pub profile: Option<Arc<Profile>>,
    /// The day that counts as today.
    pub today: NaiveDate,
    /// Our own program, which reads workbooks as a child process.
    pub program: PathBuf,
    /// The tables, read once by whoever needs them first.
    pub tables: Arc<OnceLock<Arc<Tables>>>,
}

impl Setup {
    fn context(&self, profile: Arc<Profile>, sheet: Arc<SheetSpec>) -> CheckContext {
        let tables = Arc::clone(self.tables.get_or_init(|| Arc::new(data::tables([]))));
        CheckContext { profile, sheet, tables, today: self.today }
    }
}

/// The store as its one thread holds it.
struct Desk {
    locale: Arc<Locale>,
    setup: Arc<Setup>,
    store: Option<Store>,
    batch: Option<BatchId>,
    blocks: u32,
    claim: Option<Claim>,
}

impl Desk {
    fn new(locale: Arc<Locale>, setup: Arc<Setup>) -> Desk {
        Desk { locale, setup, store: None, batch: None, blocks: 0, claim: None }
    }

    /// Opens the store when it is needed first.
    fn store(&mut self) -> Result<&Store, Failure> {
        if self.store.is_none() {
            let places = Places::from_environment(self.setup.home.as_deref()).map_err(|e| failed(&self.locale, &e))?;
            self.store = Some(Store::open(&places, &user(), "tui").map_err(|e| failed(&self.locale, &e))?);
        }
        self.store.as_ref().ok_or_else(|| Failure::new(FailureKind::Bug, "store", ""))
    }

    /// Finds the stored batch of a file that has not changed since.
    fn batch_of(&mut self, job: &ReadJob) -> Option<StoredBatch> {
        let source = Source::of(&job.path.canonicalize().ok()?).ok()?;
        let wanted = |b: &StoredBatch| {
            let sheet = job.sheet.as_ref().is_none_or(|s| *s == b.origin.sheet);
            let profile = self.setup.profile.as_ref().is_none_or(|p| p.id == b.profile);
            b.complete && b.source == source && sheet && profile
        };
        let found = self.store.as_ref()?.batches().ok()?.into_iter().find(wanted);
        found.filter(|_| job.columns.is_none())
    }

    /// Loads a stored batch: [`Msg::Opened`] with its view, [`Msg::Rows`], [`Msg::ReadDone`] with its steps.
    fn load(&mut self, stored: &StoredBatch, reports: &Reports) -> Result<(), Failure> {
        let locale = Arc::clone(&self.locale);
        let told = |e: StoreError| failed(&locale, &e);
        self.take(stored.id)?;
        let setup = Arc::clone(&self.setup);
        let store = self.store()?;
        let profile = data::profile(&stored.profile).or_else(|| data::profiles().first().cloned());
        let (Some(profile), Some(spec)) = (profile.clone(), profile.and_then(|p| data::sheet(&p.sheet))) else {
            return Ok(());
        };
        let view = store.view(stored.id).map_err(told)?.unwrap_or_default();
        let head = Opened {
            job: reports.job,
            origin: stored.origin.clone(),
            columns: stored.columns.clone(),
            sheets: Vec::new(),
            first_line: stored.origin.header_row + 1,
            context: setup.context(profile, spec),
            stored_view: Some(view),
        };
        let checker = head.checker();
        reports.send(Msg::Opened(Box::new(head)));
        let skipped = store.skipped(stored.id).map_err(told)?;
        let skipped: Vec<_> =
            skipped.iter().flat_map(|s| (s.line..s.line + s.count).map(|line| (line, s.reason))).collect();
        for block in store.blocks(stored.id) {
            let block = Arc::new(block.map_err(told)?);
            let report = checker.check_block(&block);
            if !reports.send(Msg::Rows { job: reports.job, block, report, skipped: Vec::new() }) {
                return Ok(());
            }
        }
        let (steps, applied) = store.history(stored.id).map_err(told)?;
        let steps = steps.into_iter().map(Arc::new).collect();
        reports.send(Msg::ReadDone(ReadEnd { job: reports.job, skipped, steps, applied }));
        Ok(())
    }

    /// Claims a batch for this workbench.
    fn take(&mut self, batch: BatchId) -> Result<(), Failure> {
        self.claim = None;
        let locale = Arc::clone(&self.locale);
        self.claim = Some(self.store()?.claim(batch).map_err(|e| failed(&locale, &e))?);
        self.batch = Some(batch);
        Ok(())
    }

    /// Does a job; on disk when this returns. A batch that takes over what a cut-off import left reports the steps.
    fn run(&mut self, job: StoreJob) -> Result<Option<Msg>, Failure> {
        let locale = Arc::clone(&self.locale);
        let told = |e: StoreError| failed(&locale, &e);
        if let StoreJob::Create { origin, path, columns, profile } = job {
            let path = path.canonicalize().unwrap_or(path);
            let source = Source::of(&path).map_err(|e| Failure::new(FailureKind::File, e.to_string(), ""))?;
            let batch = self.store()?.create_batch(&NewBatch { source, origin, profile, columns }).map_err(told)?;
            self.take(batch)?;
            self.blocks = 0;
            let (steps, applied) = self.store()?.history(batch).map_err(told)?;
            let steps: Vec<Arc<Change>> = steps.into_iter().map(Arc::new).collect();
            return Ok((!steps.is_empty()).then_some(Msg::Recovered { steps, applied }));
        }
        let (Some(batch), blocks) = (self.batch, self.blocks) else { return Ok(None) };
        let store = self.store()?;
        match job {
            StoreJob::Create { .. } => {}
            StoreJob::AddBlock { block, skipped } => {
                store.add_block(batch, blocks, &block, &runs(&skipped)).map_err(told)?;
                self.blocks += 1;
            }
            StoreJob::Complete { rows } => {
                let source = store.batch(batch).map_err(told)?.source.path;
                store.complete_batch(batch, rows, digest(&source).as_deref()).map_err(told)?;
            }
            StoreJob::Record { change } => store.record(batch, &change).map_err(told)?,
            StoreJob::Undo => drop(store.undo(batch).map_err(told)?),
            StoreJob::Redo => drop(store.redo(batch).map_err(told)?),
        }
        Ok(None)
    }

    /// Stores the view beside the batch.
    fn save_view(&mut self, json: &str) -> Result<(), Failure> {
        let locale = Arc::clone(&self.locale);
        match self.batch {
            Some(batch) => self.store()?.save_view(batch, json).map_err(|e| failed(&locale, &e)),
            None => Ok(()),
        }
    }
}

/// Joins neighbouring skipped rows with one reason into runs.
fn runs(skipped: &[(u32, SkipReason)]) -> Vec<Skipped> {
    let chained = |a: &(u32, SkipReason), b: &(u32, SkipReason)| a.1 == b.1 && a.0 + 1 == b.0;
    let run = |run: &[(u32, SkipReason)]| Skipped {
        line: run[0].0,
        count: run.len() as u32,
        reason: run[0].1,
        text: String::new(),
    };
    skipped.chunk_by(chained).map(run).collect()
}

/// Computes a file's SHA-256; nothing when it cannot be read any more.
fn digest(path: &Path) -> Option<String> {
    use sha2::{Digest, Sha256};
    let mut file = std::fs::File::open(path).ok()?;
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 1 << 16];
    loop {
        match file.read(&mut buffer).ok()? {
            0 => return Some(hash.finalize().iter().map(|b| format!("{b:02x}")).collect()),
            n => hash.update(&buffer[..n]),
        }
    }
}

/// Does work and turns a panic into a failure: one bad file must not take the workbench down.
fn guarded<T>(locale: &Locale, work: impl FnOnce() -> Result<T, Failure>) -> Result<T, Failure> {
    catch_unwind(AssertUnwindSafe(work))
        .unwrap_or_else(|_| Err(Failure::new(FailureKind::Bug, locale.text("status.broke-off"), "")))
}

enum Order {
    Resume(Reports),
    Read(ReadJob, Reports),
    Job(u64, StoreJob),
    View(String),
}

/// The workers and the way to them.
pub struct Workers {
    locale: Arc<Locale>,
    latest: Arc<AtomicU64>,
    to_loop: Sender<Event>,
    to_store: Option<Sender<Order>>,
    store: Option<JoinHandle<()>>,
}

impl Workers {
    /// Starts the store's thread.
    pub fn start(locale: &Locale, setup: Setup, to_loop: Sender<Event>) -> std::io::Result<Workers> {
        let locale = Arc::new(locale.clone());
        let (to_store, orders) = channel();
        let (reports, words) = (to_loop.clone(), Arc::clone(&locale));
        let desk = Desk::new(Arc::clone(&locale), Arc::new(setup));
        let keep = move || keep_store(desk, &words, &orders, &reports);
        let store = thread::Builder::new().name("store".into()).spawn(keep)?;
        Ok(Workers { locale, latest: Arc::default(), to_loop, to_store: Some(to_store), store: Some(store) })
    }

    /// Has an effect done; those about the terminal and the end are left to the loop.
    pub fn take(&self, effect: Effect) {
        match effect {
            Effect::ListFolder(path) => {
                self.spawn(move |locale| match guarded(locale, || list_folder(&path, locale)) {
                    Ok((path, entries)) => Some(Msg::Folder { path, entries }),
                    Err(failure) => Some(Msg::FolderFailed(failure)),
                })
            }
            Effect::Read(job) => {
                let reports = self.reports(job.job);
                self.order(Order::Read(job, reports));
            }
            Effect::Export(job) => self.spawn(move |locale| match guarded(locale, || write_file(&job, locale)) {
                Ok(Written::Done(rows)) => Some(Msg::Exported { path: job.path, rows }),
                Ok(Written::Exists) => Some(Msg::ExportExists),
                Err(failure) => Some(Msg::ExportFailed(failure)),
            }),
            Effect::StopReading => self.latest.store(0, Ordering::Relaxed),
            Effect::Resume { job } => self.order(Order::Resume(self.reports(job))),
            Effect::Store { seq, job } => self.order(Order::Job(seq, job)),
            Effect::SaveView(json) => self.order(Order::View(json)),
            Effect::Repaint | Effect::Suspend | Effect::Quit => {}
        }
    }

    /// Waits until the store has done what was asked.
    pub fn finish(mut self) {
        self.latest.store(0, Ordering::Relaxed);
        self.to_store = None;
        if let Some(store) = self.store.take() {
            let _ = store.join();
        }
    }

    fn reports(&self, job: JobId) -> Reports {
        self.latest.store(job, Ordering::Relaxed);
        Reports { job, latest: Arc::clone(&self.latest), to: self.to_loop.clone() }
    }

    fn order(&self, order: Order) {
        if let Some(to_store) = &self.to_store {
            // A store thread that is gone has said why before.
            let _ = to_store.send(order);
        }
    }

    /// Runs work on a thread of its own and reports what comes of it.
    fn spawn(&self, work: impl FnOnce(&Locale) -> Option<Msg> + Send + 'static) {
        let (locale, to) = (Arc::clone(&self.locale), self.to_loop.clone());
        thread::spawn(move || {
            if let Some(msg) = work(&locale) {
                let _ = to.send(Event::Msg(msg));
            }
        });
    }
}

/// How long a view waits for the next one before it is written: a held arrow key must not become a write per row.
const VIEW_REST: Duration = Duration::from_millis(400);

/// The store's thread: orders in the order they came; of the views only the last before a rest is written.
fn keep_store(mut desk: Desk, locale: &Arc<Locale>, orders: &Receiver<Order>, to: &Sender<Event>) {
    let mut view: Option<String> = None;
    let mut failed = false;
    loop {
        let order = match &view {
            Some(_) => orders.recv_timeout(VIEW_REST),
            None => orders.recv().map_err(|_| RecvTimeoutError::Disconnected),
        };
        match order {
            Ok(Order::View(json)) => view = Some(json),
            Ok(Order::Resume(reports)) => {
                let latest = guarded(locale, || {
                    let told = |e: StoreError| self::failed(locale, &e);
                    desk.store()?.latest_batch().map_err(told)
                });
                let msg = match latest {
                    Ok(Some(stored)) if stored.complete => match guarded(locale, || desk.load(&stored, &reports)) {
                        Ok(()) => continue,
                        Err(failure) => Msg::ReadFailed { job: reports.job, failure },
                    },
                    // An import that was cut off is done again; what was changed meanwhile is taken over.
                    Ok(Some(stored)) => {
                        let job = ReadJob {
                            job: reports.job,
                            path: stored.source.path,
                            sheet: Some(stored.origin.sheet).filter(|s| !s.is_empty()),
                            columns: Some(stored.columns),
                        };
                        read_beside(&desk, job, reports);
                        continue;
                    }
                    Ok(None) => Msg::NothingStored,
                    Err(failure) => Msg::ReadFailed { job: reports.job, failure },
                };
                let _ = to.send(Event::Msg(msg));
            }
            Ok(Order::Read(job, reports)) => {
                // A store that cannot be opened says so when the batch is to be stored; reading goes on without it.
                let _ = guarded(locale, || desk.store().map(|_| ()));
                match desk.batch_of(&job) {
                    None => read_beside(&desk, job, reports),
                    Some(stored) => {
                        if let Err(failure) = guarded(locale, || desk.load(&stored, &reports)) {
                            let _ = to.send(Event::Msg(Msg::ReadFailed { job: reports.job, failure }));
                        }
                    }
                }
            }
            Ok(Order::Job(seq, job)) => {
                // A new batch begins anew; until then nothing may be stored on top of what is missing.
                failed &= !matches!(job, StoreJob::Create { .. });
                if failed {
                    continue;
                }
                match guarded(locale, || desk.run(job)) {
                    Ok(recovered) => {
                        if let Some(msg) = recovered {
                            let _ = to.send(Event::Msg(msg));
                        }
                        let _ = to.send(Event::Msg(Msg::Saved(seq)));
                    }
                    Err(failure) => {
                        failed = true;
                        let _ = to.send(Event::Msg(Msg::StoreFailed { seq, failure }));
                    }
                }
            }
            Err(end) => {
                if let Some(json) = view.take().filter(|_| !failed) {
                    // The place on screen is a comfort: losing it must not disturb the work.
                    let _ = guarded(locale, || desk.save_view(&json));
                }
                if end == RecvTimeoutError::Disconnected {
                    return;
                }
            }
        }
    }
}

/// Reads a file on a thread of its own, so that the store stays free for changes.
fn read_beside(desk: &Desk, job: ReadJob, reports: Reports) {
    let (locale, setup) = (Arc::clone(&desk.locale), Arc::clone(&desk.setup));
    thread::spawn(move || {
        if let Err(failure) = guarded(&locale, || read_file(&job, &reports, &setup, &locale)) {
            reports.send(Msg::ReadFailed { job: reports.job, failure });
        }
    });
}
