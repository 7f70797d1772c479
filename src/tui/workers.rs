//! Worker threads: what [`Effect`]s ask for is done here, away from the keys.
//!
//! The rooms `formats` and `store` are named only here and in `desk`: [`list_folder`], [`read_file`], [`write_file`], [`Desk`].

mod desk;
mod ledger;

use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use chrono::{Local, NaiveDate};

use desk::Desk;

use super::events::Event;
use crate::app::ledger::ask::{LedgerAnswer, LedgerAsk};
use crate::app::msg::{
    Effect, Entry, ExportEncoding, ExportFormat, ExportJob, ExportWhat, JobId, KnownAsk, Msg, Opened, ReadEnd, ReadJob,
    StoreJob,
};
use crate::data;
use crate::domain::batch::all_asked;
use crate::domain::ledger::Known;
use crate::domain::ledger::audit::Head;
use crate::domain::lookup::Index;
use crate::domain::profile::{Choice, Profile};
use crate::domain::registry::Registry;
use crate::domain::roster::Block;
use crate::domain::rules::{BlockReport, CheckContext, Finding, Tables};
use crate::domain::sheet::SheetSpec;
use crate::failure::{Failure, FailureKind};
use crate::formats::atomic::WriteError;
use crate::formats::read::{self, ReadOptions};
use crate::formats::write_report::{ReportOptions, Words, write_report};
use crate::formats::write_table::TableFormat;
use crate::formats::write_upload::{Manifest, UploadOptions, write_upload};
use crate::formats::{Piece, Refusal, csv_text};
use crate::locale::{Locale, lookup_entries};
use crate::store::{self, BatchId, Places, Reader, Store, StoreError};

/// The jobs somebody waits for; 0 is none.
#[derive(Debug, Default)]
struct Wanted {
    latest: AtomicU64,
    /// The job of the batch on screen: it goes on until another batch takes its place.
    shown: AtomicU64,
}

/// Where a reading job sends its reports.
#[derive(Debug, Clone)]
pub struct Reports {
    /// The job.
    pub job: JobId,
    wanted: Arc<Wanted>,
    to: Sender<Event>,
}

impl Reports {
    /// Tells whether anybody still waits for the job; a job that is not wanted should end soon.
    pub fn is_wanted(&self) -> bool {
        let Wanted { latest, shown } = &*self.wanted;
        [latest, shown].iter().any(|job| job.load(Ordering::Relaxed) == self.job)
    }

    /// Sends a report; tells whether the job should go on.
    pub fn send(&self, msg: Msg) -> bool {
        self.is_wanted() && self.to.send(Event::Msg(msg)).is_ok()
    }
}

/// A file that was written.
struct Written {
    job: Box<ExportJob>,
    /// The batch it is of.
    of: Option<BatchId>,
    /// How many rows were read back.
    rows: usize,
    /// What goes with it; `None` for anything but an upload file.
    manifest: Option<Manifest>,
    /// Where the audit chain stood.
    audit: Option<Head>,
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

fn open(path: &Path, sheet: Option<&str>, spec: &SheetSpec, setup: &Setup) -> Result<read::Opened, Refusal> {
    let threads = thread::available_parallelism().map_or(1, usize::from);
    read::open(path, &ReadOptions { sheet, spec, program: &setup.program, threads })
}

fn visible_sheets(opened: &read::Opened) -> Vec<String> {
    opened.sheets.iter().filter(|s| s.visible).map(|s| s.name.clone()).collect()
}

/// Names the sheet of a workbook that is read without asking; nothing when one must be chosen or the file is refused.
fn only_sheet(path: &Path, setup: &Setup) -> Option<String> {
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
    let choice = Choice::of(data::profiles(), &data::sheet, setup.profile.as_ref(), &labels, &opened.sample_codes);
    let Some(Choice { profile, form: own, .. }) = choice else { return Ok(()) };
    if own.id != spec.id {
        opened = open(&job.path, job.sheet.as_deref(), &own, setup).map_err(refused)?;
    }
    let columns = job.columns.clone().unwrap_or_else(|| opened.columns.clone());
    let head = Opened {
        job: job.job,
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
    let rows = &mut |piece: Piece, report: BlockReport| {
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

/// Writes a file beside its target, reads it back and puts it in place.
///
/// Gives the rows read back and what goes with an upload file; nothing where there is such a file that may not be replaced.
fn write_file(
    job: &ExportJob,
    audit: Option<&Head>,
    locale: &Locale,
) -> Result<Option<(usize, Option<Manifest>)>, Failure> {
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
    let written = match job.what {
        ExportWhat::Upload => {
            let user = store::user();
            let options = UploadOptions { format, overwrite: job.replace, source, created_at, user: &user, audit };
            write_upload(batch, &job.path, &options)
                .map(|summary| (summary.manifest.rows as usize, Some(summary.manifest)))
        }
        ExportWhat::Findings => {
            let message = |f: &Finding| locale.finding(batch, f, false);
            let clause = |f: &Finding| batch.context().clause(f.rule, f.field, f.detail).to_string();
            let words = Words { message: &message, clause: &clause };
            let options =
                ReportOptions { format, source, severities: &ReportOptions::ASKED, masked: false, created_at };
            write_report(batch, &job.path, job.replace, &options, &words).map(|summary| (summary.rows, None))
        }
    };
    match written {
        Ok(written) => Ok(Some(written)),
        Err(WriteError::Exists(_)) => Ok(None),
        Err(error) => Err(locale.write_failure(&error)),
    }
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
    /// The tables, read by whoever needs them first; the registry among them again when others have changed it.
    pub tables: Arc<Mutex<Option<Arc<Tables>>>>,
}

impl Setup {
    /// Gives the profile that was asked for, or the first there is, and its form.
    fn first_form(&self) -> Option<(Arc<Profile>, Arc<SheetSpec>)> {
        let profile = self.profile.clone().or_else(|| data::profiles().first().cloned())?;
        let form = data::sheet(profile.upload_sheet())?;
        Some((profile, form))
    }

    /// Gives what a check depends on. A registry that cannot be read is told of and stops nothing.
    fn context(
        &self,
        profile: Arc<Profile>,
        sheet: Arc<SheetSpec>,
        reports: &Reports,
        locale: &Locale,
    ) -> CheckContext {
        let read = || {
            let registry = Reader::registry_of(self.home.as_deref()).unwrap_or_else(|error| {
                reports.send(Msg::Trouble(locale.registry_not_read(&error)));
                Registry::default()
            });
            Arc::new(Tables { registry, ..data::tables([]) })
        };
        let mut tables = self.tables.lock().unwrap_or_else(PoisonError::into_inner);
        let tables = Arc::clone(tables.get_or_insert_with(read));
        CheckContext { profile, sheet, tables, today: self.today, known: Arc::default() }
    }
}

impl Setup {
    /// Takes the registry as it is now; gives the tables with it where they were in use with another one.
    fn renew(&self, registry: Registry) -> Option<Arc<Tables>> {
        let mut tables = self.tables.lock().unwrap_or_else(PoisonError::into_inner);
        if tables.as_ref().is_none_or(|tables| tables.registry == registry) {
            return None;
        }
        let new = Arc::new(Tables { registry, ..data::tables([]) });
        *tables = Some(Arc::clone(&new));
        Some(new)
    }
}

/// Prepares the look-up, the user's tables with it.
fn prepare_lookup(locale: &Locale) -> Msg {
    let occupations = &data::catalogue().user_tables.occupations;
    Msg::LookupReady(Arc::new(Index::build(lookup_entries(locale, occupations))))
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
    Ask(JobId, KnownAsk),
    View(String),
    Ledger(u64, LedgerAsk),
    Export(Box<ExportJob>, Sender<Order>),
    Exported(Box<Written>),
}

/// The workers and the way to them.
pub struct Workers {
    locale: Arc<Locale>,
    wanted: Arc<Wanted>,
    to_loop: Sender<Event>,
    latest: Arc<ledger::Latest>,
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
        let latest = Arc::<ledger::Latest>::default();
        let asks = Arc::clone(&latest);
        let keep = move || keep_store(desk, &words, &orders, &reports, &asks);
        let store = thread::Builder::new().name("store".into()).spawn(keep)?;
        let wanted = Arc::default();
        Ok(Workers { locale, wanted, to_loop, latest, to_store: Some(to_store), store: Some(store) })
    }

    /// Has an effect done; those about the terminal and the end are left to the loop.
    pub fn take(&self, effect: Effect) {
        match effect {
            Effect::ListFolder(path) => {
                self.spawn(move |locale| match guarded(locale, || list_folder(&path, locale)) {
                    Ok((path, entries)) => Some(Msg::Folder { path, entries }),
                    Err(failure) => Some(Msg::FolderFailed(failure)),
                });
            }
            Effect::Read(job) => {
                let reports = self.reports(job.job);
                self.order(Order::Read(job, reports));
            }
            Effect::Export(job) => {
                // Whoever leaves now waits until the ledger has taken note.
                if let Some(back) = self.to_store.clone() {
                    self.order(Order::Export(job, back));
                }
            }
            Effect::StopReading => self.wanted.latest.store(0, Ordering::Relaxed),
            Effect::Resume { job } => self.order(Order::Resume(self.reports(job))),
            Effect::Store { seq, job } => {
                if switches(&job) {
                    self.wanted.shown.store(self.wanted.latest.load(Ordering::Relaxed), Ordering::Relaxed);
                }
                self.order(Order::Job(seq, job));
            }
            Effect::AskKnown { job, ask } => self.order(Order::Ask(job, ask)),
            Effect::Ledger { seq, ask } => {
                self.latest.note(seq, &ask);
                self.order(Order::Ledger(seq, ask));
            }
            Effect::SaveView(json) => self.order(Order::View(json)),
            Effect::PrepareLookup => {
                self.spawn(|locale| Some(prepare_lookup(locale)));
            }
            Effect::Copy(_) | Effect::Repaint | Effect::Suspend | Effect::Quit => {}
        }
    }

    /// Waits until the store has done what was asked.
    pub fn finish(mut self) {
        self.wanted.latest.store(0, Ordering::Relaxed);
        self.wanted.shown.store(0, Ordering::Relaxed);
        self.to_store = None;
        if let Some(store) = self.store.take() {
            let _ = store.join();
        }
    }

    fn reports(&self, job: JobId) -> Reports {
        self.wanted.latest.store(job, Ordering::Relaxed);
        Reports { job, wanted: Arc::clone(&self.wanted), to: self.to_loop.clone() }
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

/// How often the store is looked at for others' changes; they are to be seen within a second.
const LOOK_EVERY: Duration = Duration::from_millis(500);

/// The store's thread: orders in the order they came; of the views only the last before a rest is written.
fn keep_store(
    mut desk: Desk,
    locale: &Arc<Locale>,
    orders: &Receiver<Order>,
    to: &Sender<Event>,
    asks: &ledger::Latest,
) {
    let mut view: Option<String> = None;
    let mut failed = false;
    let mut looked = Instant::now();
    loop {
        if LOOK_EVERY <= looked.elapsed() {
            // Others' changes are a comfort as well: what cannot be seen now is seen the next time.
            let seen = guarded(locale, || desk.look_around(failed)).unwrap_or_default();
            seen.into_iter().for_each(|msg| drop(to.send(Event::Msg(msg))));
            looked = Instant::now();
        }
        let rest = if view.is_some() { VIEW_REST } else { LOOK_EVERY.saturating_sub(looked.elapsed()) };
        match orders.recv_timeout(rest) {
            Ok(Order::View(json)) => view = Some(json),
            Ok(Order::Ask(job, ask)) => ask_beside(&desk, job, ask, to),
            Ok(Order::Export(job, back)) => write_beside(&desk, job, back, to),
            Ok(Order::Exported(written)) => {
                let noted = guarded(locale, || desk.note_export(&written));
                let Written { job, rows, audit, .. } = *written;
                let _ = to.send(Event::Msg(Msg::Exported { path: job.path, rows, audit, noted }));
            }
            Ok(Order::Ledger(seq, ask)) if asks.is_wanted(seq, &ask) => {
                let answer = guarded(locale, || ledger::answer(&mut desk, seq, ask, to));
                if let Some(answer) = answer.unwrap_or_else(|failure| Some(LedgerAnswer::Failed(failure))) {
                    let _ = to.send(Event::Msg(Msg::Ledger { seq, answer }));
                }
            }
            // More was typed meanwhile: nobody waits for this any more.
            Ok(Order::Ledger(..)) => {}
            Ok(Order::Resume(reports)) => {
                let latest = guarded(locale, || {
                    let told = |e: StoreError| locale.store_failure(&e);
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
                match guarded(locale, || Ok(desk.batch_of(&job))).unwrap_or_default() {
                    None => read_beside(&desk, job, reports),
                    Some(stored) => {
                        if let Err(failure) = guarded(locale, || desk.load(&stored, &reports)) {
                            let _ = to.send(Event::Msg(Msg::ReadFailed { job: reports.job, failure }));
                        }
                    }
                }
            }
            Ok(Order::Job(seq, job)) => {
                if switches(&job) {
                    // A view that still waits belongs to the batch before.
                    if let Some(json) = view.take().filter(|_| !failed) {
                        let _ = guarded(locale, || desk.save_view(&json));
                    }
                    // Another batch begins anew; until then nothing may be stored on top of what is missing.
                    failed = false;
                }
                if failed {
                    // Cells must not wait for numbers that nobody takes.
                    if let StoreJob::Allocate { .. } = job {
                        let failure = Failure::new(FailureKind::Store, locale.text("status.not-stored-yet"), "");
                        let _ = to.send(Event::Msg(Msg::NotAllocated { seq, moved: false, failure }));
                    }
                    continue;
                }
                let done = guarded(locale, || desk.run(seq, job)).or_else(|failure| {
                    match guarded(locale, || desk.give_up()).unwrap_or_default() {
                        given_up if given_up.is_empty() => Err(failure),
                        given_up => Ok(given_up),
                    }
                });
                match done {
                    Ok(told) => {
                        told.into_iter().for_each(|msg| drop(to.send(Event::Msg(msg))));
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

/// Tells whether a job brings another batch on screen.
fn switches(job: &StoreJob) -> bool {
    matches!(job, StoreJob::Create { .. } | StoreJob::Continue { .. })
}

/// Asks the ledger on a thread of its own. A ledger that cannot be read says so when something is to be stored.
fn ask_beside(desk: &Desk, job: JobId, ask: KnownAsk, to: &Sender<Event>) {
    let (batch, home, to) = (desk.batch(), desk.setup.home.clone(), to.clone());
    thread::spawn(move || {
        let known = || -> Result<Option<Known>, StoreError> {
            let places = Places::from_environment(home.as_deref())?;
            let Some(reader) = Reader::open(&places)? else { return Ok(None) };
            if !reader.has_certificates()? {
                return Ok(None);
            }
            let (codes, id_numbers) = match ask {
                KnownAsk::All(roster) => all_asked(&roster),
                KnownAsk::Some { codes, id_numbers } => (codes, id_numbers),
            };
            reader.known(batch, codes, id_numbers).map(Some)
        };
        if let Ok(Some(known)) = known() {
            let _ = to.send(Event::Msg(Msg::LedgerKnown { job, known: Arc::new(known) }));
        }
    });
}

/// Writes a file on a thread of its own; `back` takes it to the ledger.
fn write_beside(desk: &Desk, job: Box<ExportJob>, back: Sender<Order>, to: &Sender<Event>) {
    let (locale, home, of, to) = (Arc::clone(&desk.locale), desk.setup.home.clone(), desk.on_screen(), to.clone());
    thread::spawn(move || {
        // The file needs nothing of the store: one that does not answer only leaves its line out.
        let places = Places::from_environment(home.as_deref()).ok();
        let audit = places.and_then(|places| Store::head_of(&places).ok().flatten());
        let msg = match guarded(&locale, || write_file(&job, audit.as_ref(), &locale)) {
            Ok(Some((rows, manifest))) => {
                let _ = back.send(Order::Exported(Box::new(Written { job, of, rows, manifest, audit })));
                return;
            }
            Ok(None) => Msg::ExportExists,
            Err(failure) => Msg::ExportFailed(failure),
        };
        let _ = to.send(Event::Msg(msg));
    });
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
