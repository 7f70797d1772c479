//! Worker threads: what [`Effect`]s ask for is done here, away from the keys.
//!
//! The rooms `formats` and `store` are named in this file only: [`list_folder`], [`read_file`], [`write_file`], [`Desk`].

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use super::events::Event;
use crate::app::msg::{Effect, Entry, ExportJob, JobId, Msg, ReadJob, StoreJob};
use crate::failure::{Failure, FailureKind};
use crate::locale::Locale;

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
fn read_file(_job: &ReadJob, _reports: &Reports, locale: &Locale) -> Result<(), Failure> {
    Err(not_wired(locale))
}

/// Writes a file beside its target, reads it back and puts it in place.
fn write_file(_job: &ExportJob, locale: &Locale) -> Result<Written, Failure> {
    Err(not_wired(locale))
}

/// The store as its one thread holds it.
struct Desk {
    locale: Arc<Locale>,
}

impl Desk {
    /// Opens the store.
    fn open(locale: Arc<Locale>) -> Desk {
        Desk { locale }
    }

    /// Loads the batch that was open last: [`Msg::Opened`] with its view, [`Msg::Rows`], [`Msg::ReadDone`] with its steps.
    /// Tells whether there was one.
    fn load_latest(&mut self, _reports: &Reports) -> Result<bool, Failure> {
        let _ = &self.locale;
        Ok(false)
    }

    /// Does a job; on disk when this returns.
    fn run(&mut self, _job: StoreJob) -> Result<(), Failure> {
        Err(not_wired(&self.locale))
    }

    /// Stores the view beside the batch.
    fn save_view(&mut self, _json: &str) -> Result<(), Failure> {
        Err(not_wired(&self.locale))
    }
}

fn not_wired(locale: &Locale) -> Failure {
    Failure::new(FailureKind::Bug, locale.text("status.not-wired"), "")
}

/// Does work and turns a panic into a failure: one bad file must not take the workbench down.
fn guarded<T>(locale: &Locale, work: impl FnOnce() -> Result<T, Failure>) -> Result<T, Failure> {
    catch_unwind(AssertUnwindSafe(work))
        .unwrap_or_else(|_| Err(Failure::new(FailureKind::Bug, locale.text("status.broke-off"), "")))
}

enum Order {
    Load(Reports),
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
    pub fn start(locale: &Locale, to_loop: Sender<Event>) -> std::io::Result<Workers> {
        let locale = Arc::new(locale.clone());
        let (to_store, orders) = channel();
        let (reports, words) = (to_loop.clone(), Arc::clone(&locale));
        let store = thread::Builder::new().name("store".into()).spawn(move || keep_store(&words, &orders, &reports))?;
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
                self.spawn(move |locale| match guarded(locale, || read_file(&job, &reports, locale)) {
                    Ok(()) => None,
                    Err(failure) => Some(Msg::ReadFailed { job: reports.job, failure }),
                });
            }
            Effect::Export(job) => self.spawn(move |locale| match guarded(locale, || write_file(&job, locale)) {
                Ok(Written::Done(rows)) => Some(Msg::Exported { path: job.path, rows }),
                Ok(Written::Exists) => Some(Msg::ExportExists),
                Err(failure) => Some(Msg::ExportFailed(failure)),
            }),
            Effect::StopReading => self.latest.store(0, Ordering::Relaxed),
            Effect::Resume { job } => self.order(Order::Load(self.reports(job))),
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
fn keep_store(locale: &Arc<Locale>, orders: &Receiver<Order>, to: &Sender<Event>) {
    let mut desk = Desk::open(Arc::clone(locale));
    let mut view: Option<String> = None;
    let mut failed = false;
    loop {
        let order = match &view {
            Some(_) => orders.recv_timeout(VIEW_REST),
            None => orders.recv().map_err(|_| RecvTimeoutError::Disconnected),
        };
        match order {
            Ok(Order::View(json)) => view = Some(json),
            Ok(Order::Load(reports)) => {
                let msg = match guarded(locale, || desk.load_latest(&reports)) {
                    Ok(true) => continue,
                    Ok(false) => Msg::NothingStored,
                    Err(failure) => Msg::ReadFailed { job: reports.job, failure },
                };
                let _ = to.send(Event::Msg(msg));
            }
            Ok(Order::Job(seq, job)) => {
                // A new batch begins anew; until then nothing may be stored on top of what is missing.
                failed &= !matches!(job, StoreJob::Create { .. });
                if failed {
                    continue;
                }
                let msg = match guarded(locale, || desk.run(job)) {
                    Ok(()) => Msg::Saved(seq),
                    Err(failure) => {
                        failed = true;
                        Msg::StoreFailed { seq, failure }
                    }
                };
                let _ = to.send(Event::Msg(msg));
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
