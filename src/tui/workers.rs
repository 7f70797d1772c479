//! Worker threads: what [`Effect`]s ask for is done here, away from the keys.
//!
//! What is done is the office's; here it gets its threads, and its answers become reports: `desk` is the store's thread, `files`
//! reads and writes, `ledger` answers its pane, `batches` lists what there is to go on with.

mod batches;
mod columns;
mod compare;
mod desk;
mod files;
mod ledger;
mod making;
mod meter;
mod shutdown;
mod today;
mod wanted;

use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use chrono::NaiveDate;

use compare::ask_beside;
use desk::{StoreDesk, switches};
use files::{ToNote, add_beside, compare_beside, folder, read_answers, read_beside, write_beside};
use making::Beside;
pub use shutdown::Shutdown;
pub use wanted::Reports;
use wanted::WantedJobs;

use super::events::LoopEvent;
use crate::app::ledger::request::{LedgerAnswer, LedgerRequest};
use crate::app::msg::{Effect, ExportJob, JobId, Msg, ReadJob, StoreJob, ToCompare};
use crate::domain::ledger::BatchId;
use crate::domain::profile::Profile;
use crate::domain::sheet::GivenReading;
use crate::failure::{Failure, FailureKind};
use crate::office::{KnownFile, Office, ReadPart, RosterReading};
use crate::words::Locale;

/// What the workers know of the start besides the orders.
#[derive(Debug, Clone)]
pub struct Setup {
    pub office: Office,
    /// The profile from the command line.
    pub profile: Option<Arc<Profile>>,
    /// The day that counts as today.
    pub today: NaiveDate,
}

impl Setup {
    /// Tells how the file of a job is read: a profile that the job names and that is gone does not count.
    fn reading(&self, job: &ReadJob) -> RosterReading {
        let named = job.profile.clone().filter(|id| self.office.profile(id).is_ok());
        let profile = named.or_else(|| self.profile.as_ref().map(|profile| profile.id.clone()));
        let is_answered = job.is_answered && profile.is_some() && profile == job.profile;
        RosterReading {
            profile,
            sheet: job.sheet.clone(),
            today: Some(self.today),
            is_answered,
            given: job.given.clone(),
            ..RosterReading::default()
        }
    }
}

/// Does work and turns a panic into a failure: one bad file must not take the workbench down.
fn guarded<T>(locale: &Locale, work: impl FnOnce() -> Result<T, Failure>) -> Result<T, Failure> {
    catch_unwind(AssertUnwindSafe(work))
        .unwrap_or_else(|_| Err(Failure::new(FailureKind::Bug, locale.text("status.broke-off"), "")))
}

enum Task {
    Resume(Option<BatchId>, Option<PathBuf>, Reports),
    ChangeProfile(Option<String>, Reports),
    ListBatches,
    PutAway(BatchId, bool),
    ForgetColumns(String),
    Read(ReadJob, Reports),
    /// A file for the batch on screen; the sender takes what was read back.
    Add(ReadJob, Reports, Sender<Task>),
    Added(Box<ReadPart>, Reports),
    Job(u64, StoreJob),
    Compare(JobId, ToCompare),
    View(String),
    Ledger(u64, LedgerRequest),
    Export(Box<ExportJob>, Arc<AtomicBool>, Sender<Task>),
    Exported(Box<ToNote>),
    Remember(&'static str, &'static str),
    /// Write what waits and let go of everything.
    Finish(Sender<()>),
}

/// The workers and the way to them.
pub struct Workers {
    locale: Arc<Locale>,
    wanted: Arc<WantedJobs>,
    to_loop: Sender<LoopEvent>,
    latest: Arc<ledger::Latest>,
    to_store: Option<Arc<Sender<Task>>>,
    store: Option<JoinHandle<()>>,
    setup: Arc<Setup>,
    backup: RefCell<Option<JoinHandle<()>>>,
    /// Whether the latest export is to stop.
    stop_export: RefCell<Arc<AtomicBool>>,
    beside: Beside,
}

impl Workers {
    /// Starts the store's thread.
    pub fn start(locale: &Locale, setup: Setup, to_loop: Sender<LoopEvent>) -> std::io::Result<Workers> {
        let locale = Arc::new(locale.clone());
        let (to_store, orders) = channel();
        let (reports, words) = (to_loop.clone(), Arc::clone(&locale));
        let setup = Arc::new(setup);
        let desk = StoreDesk::new(Arc::clone(&locale), Arc::clone(&setup));
        let latest = Arc::<ledger::Latest>::default();
        let asks = Arc::clone(&latest);
        let keep = move || keep_store(desk, &words, &orders, &reports, &asks);
        let store = thread::Builder::new().name("store".into()).spawn(keep)?;
        let wanted = Arc::default();
        let (to_store, store) = (Some(Arc::new(to_store)), Some(store));
        let (backup, stop_export, beside) = Default::default();
        Ok(Workers { locale, wanted, to_loop, latest, to_store, store, setup, backup, stop_export, beside })
    }

    /// Counts what presses, for the title. Without a store nothing does.
    pub fn count_pressing(&self) {
        ledger::count_pressing(&self.setup.office, &self.to_loop);
    }

    /// Has an effect done; those about the terminal and the end are left to the loop.
    pub fn take(&self, effect: Effect) {
        match effect {
            Effect::ListFolder(path) => self.ask(move |office| folder(&path, office)),
            Effect::Read(job) => {
                let reports = self.reports(job.job);
                match self.to_store.as_deref().cloned() {
                    Some(back) if job.adds => self.order(Task::Add(job, reports, back)),
                    _ => self.order(Task::Read(job, reports)),
                }
            }
            Effect::Export(job) => {
                // Whoever leaves now waits until the ledger has taken note.
                if let Some(back) = self.to_store.as_deref().cloned() {
                    let stop = Arc::<AtomicBool>::default();
                    self.stop_export.replace(Arc::clone(&stop));
                    self.order(Task::Export(job, stop, back));
                }
            }
            Effect::StopExport => self.stop_export.borrow().store(true, Ordering::Relaxed),
            Effect::StopReading => self.wanted.latest.store(0, Ordering::Relaxed),
            Effect::Resume { job, batch, file } => self.order(Task::Resume(batch, file, self.reports(job))),
            Effect::ChangeProfile { job, profile } => {
                let reports = self.reports(job);
                self.order(Task::ChangeProfile(profile, reports));
            }
            Effect::Today => today::read(&self.setup.office, &self.to_loop),
            Effect::ListBatches => self.order(Task::ListBatches),
            Effect::PutAway { batch, archives } => self.order(Task::PutAway(batch, archives)),
            Effect::ForgetColumns { fingerprint } => self.order(Task::ForgetColumns(fingerprint)),
            Effect::Store { seq, job } => {
                if switches(&job) {
                    self.wanted.shown.store(self.wanted.latest.load(Ordering::Relaxed), Ordering::Relaxed);
                }
                if let StoreJob::Discard { .. } = job {
                    self.wanted.latest.store(0, Ordering::Relaxed);
                    self.wanted.shown.store(0, Ordering::Relaxed);
                }
                self.order(Task::Job(seq, job));
            }
            Effect::Lacks { batch, roster } => compare::lacks_beside(&self.setup.office, batch, *roster, &self.to_loop),
            Effect::Compare { job, what } => self.order(Task::Compare(job, what)),
            Effect::Ledger { seq, request } => {
                self.latest.note(seq, &request);
                self.order(Task::Ledger(seq, request));
            }
            Effect::SaveView(json) => self.order(Task::View(json)),
            Effect::Work { seq, ask } => {
                let (office, stop) = (self.setup.office.clone(), self.beside.columns.begin());
                self.spawn(move |locale| {
                    let answer = guarded(locale, || Ok(columns::answer(ask, &office, &stop)));
                    Some(Msg::Worked { seq, answer: answer.unwrap_or_default() })
                });
            }
            Effect::StopWork => self.beside.columns.stop(),
            Effect::Make { seq, batch, making } => {
                let (stop, to) = (self.beside.making.begin(), self.to_loop.clone());
                self.spawn(move |locale| Some(making::make((seq, batch, making), locale, &stop, &to)));
            }
            Effect::StopMaking => self.beside.making.stop(),
            Effect::PrepareLookup => self.ask(|office| Msg::LookupReady(Arc::new(office.lookup_index()))),
            Effect::PlanRecipes(ask) => self.ask(move |office| columns::recipes(*ask, office)),
            Effect::KeepRecipe { name, roster, form } => self.ask(move |office| {
                Msg::RecipeKept(guarded(office.locale(), || office.learn_recipe(&name, &roster, &form)))
            }),
            Effect::ReadAnswers(job) => self.ask(move |office| read_answers(*job, office)),
            Effect::KeepCopy { folder, text } => {
                self.ask(move |office| Msg::CopyKept(guarded(office.locale(), || office.keep_copy(&folder, &text))));
            }
            Effect::Remember { name, value } => self.order(Task::Remember(name, value)),
            Effect::BackUp => {
                let office = self.setup.office.clone();
                let back_up = move || {
                    let made = office.back_up(None, None)?;
                    office.locale().backup_unsound(&made).map_or_else(|| Ok(office.locale().backup_made(&made)), Err)
                };
                let work = move |locale: &Locale| Some(Msg::BackedUp(guarded(locale, back_up)));
                self.backup.replace(Some(self.spawn(work)));
            }
            Effect::GoOn => drop(self.to_loop.send(LoopEvent::Msg(Msg::GoOn))),
            Effect::Copy(_)
            | Effect::TurnTheme
            | Effect::Mouse(_)
            | Effect::Repaint
            | Effect::Suspend
            | Effect::Quit => {}
        }
    }

    /// Gives the way to the store for whoever must end the program without the loop.
    pub fn shutdown(&self) -> Shutdown {
        Shutdown { to_store: self.to_store.as_ref().map(Arc::downgrade).unwrap_or_default() }
    }

    /// Waits until the store has done what was asked.
    pub fn finish(mut self) {
        self.wanted.latest.store(0, Ordering::Relaxed);
        self.wanted.shown.store(0, Ordering::Relaxed);
        self.to_store = None;
        // A backup that was begun is brought to its end.
        for worker in [self.store.take(), self.backup.take()].into_iter().flatten() {
            let _ = worker.join();
        }
    }

    fn reports(&self, job: JobId) -> Reports {
        self.wanted.latest.store(job, Ordering::Relaxed);
        Reports { job, wanted: Arc::clone(&self.wanted), to: self.to_loop.clone() }
    }

    fn order(&self, order: Task) {
        if let Some(to_store) = &self.to_store {
            // A store thread that is gone has said why before.
            let _ = to_store.send(order);
        }
    }

    /// Has the office asked on a thread of its own, and reports the answer.
    fn ask(&self, work: impl FnOnce(&Office) -> Msg + Send + 'static) {
        let office = self.setup.office.clone();
        self.spawn(move |_| Some(work(&office)));
    }

    /// Runs work on a thread of its own and reports what comes of it.
    fn spawn(&self, work: impl FnOnce(&Locale) -> Option<Msg> + Send + 'static) -> JoinHandle<()> {
        let (locale, to) = (Arc::clone(&self.locale), self.to_loop.clone());
        thread::spawn(move || {
            if let Some(msg) = work(&locale) {
                let _ = to.send(LoopEvent::Msg(msg));
            }
        })
    }
}

/// How long a view waits for the next one before it is written: a held arrow key must not become a write per row.
const VIEW_REST: Duration = Duration::from_millis(400);

/// How long the store waits at most until a file is open.
const OPENING: Duration = Duration::from_secs(2);

/// How often the store is looked at for others' changes; they are to be seen within a second.
const LOOK_EVERY: Duration = Duration::from_millis(500);

/// The store's thread: orders in the order they came; of the views only the last before a rest is written.
fn keep_store(
    mut desk: StoreDesk,
    locale: &Arc<Locale>,
    orders: &Receiver<Task>,
    to: &Sender<LoopEvent>,
    asks: &ledger::Latest,
) {
    let mut view: Option<String> = None;
    let mut failed = false;
    let mut latest = 0;
    let mut looked = Instant::now();
    loop {
        if LOOK_EVERY <= looked.elapsed() {
            // Whoever edits on would edit for nothing: told at once, and what is on the screen stays there.
            if let Ok(Some(failure)) = guarded(locale, || Ok(desk.is_replaced().filter(|_| !failed))) {
                failed = true;
                let _ = to.send(LoopEvent::Msg(Msg::StoreFailed { seq: latest, failure }));
            }
            // Others' changes are a comfort as well: what cannot be seen now is seen the next time.
            let seen = guarded(locale, || desk.look_around(failed)).unwrap_or_default();
            seen.into_iter().for_each(|msg| drop(to.send(LoopEvent::Msg(msg))));
            looked = Instant::now();
        }
        let rest = if view.is_some() { VIEW_REST } else { LOOK_EVERY.saturating_sub(looked.elapsed()) };
        match orders.recv_timeout(rest) {
            Ok(Task::View(json)) => view = Some(json),
            // A choice that cannot be kept is made again the next time.
            Ok(Task::Remember(name, value)) => drop(guarded(locale, || desk.remember(name, value))),
            Ok(Task::Compare(job, ask)) => ask_beside(&desk, job, ask, to),
            Ok(Task::Export(job, stop, back)) => write_beside(&desk, job, stop, back, to),
            Ok(Task::Exported(written)) => {
                let office = desk.setup.office.clone();
                let msg = match guarded(locale, || Ok(written.note(&office, desk.session()))) {
                    Ok(file) => Msg::Exported(file),
                    Err(failure) => Msg::ExportFailed(failure),
                };
                let _ = to.send(LoopEvent::Msg(msg));
            }
            Ok(Task::Ledger(seq, ask)) if asks.is_wanted(seq, &ask) => {
                let answer = guarded(locale, || ledger::answer(&mut desk, seq, ask, to));
                if let Some(answer) = answer.unwrap_or_else(|failure| Some(LedgerAnswer::Failed(failure))) {
                    let _ = to.send(LoopEvent::Msg(Msg::Ledger { seq, answer }));
                }
            }
            // More was typed meanwhile: nobody waits for this any more.
            Ok(Task::Ledger(..)) => {}
            Ok(Task::ListBatches) => {
                // How many errors the batch on screen has comes with its view.
                if let Some(json) = view.take().filter(|_| !failed) {
                    let _ = guarded(locale, || desk.save_view(&json));
                }
                batches::list_beside(&desk, to);
            }
            Ok(Task::PutAway(batch, archives)) => {
                let words = guarded(locale, || batches::put_away(&mut desk, batch, archives));
                let msg = words.map_or_else(|failure| Msg::Batches(Err(failure)), Msg::Told);
                let was_done = matches!(msg, Msg::Told(_));
                let _ = to.send(LoopEvent::Msg(msg));
                if was_done {
                    batches::list_beside(&desk, to);
                }
            }
            Ok(Task::ForgetColumns(fingerprint)) => {
                let forgotten = guarded(locale, || desk.session()?.forget_columns(&fingerprint));
                let told = forgotten.map(|was_known| {
                    let key = if was_known { "status.columns-forgotten" } else { "status.columns-not-remembered" };
                    locale.text(key).to_string()
                });
                let _ = to.send(LoopEvent::Msg(Msg::Forgotten(told)));
            }
            Ok(Task::Resume(batch, file, reports)) => {
                let latest = guarded(locale, || match batch {
                    Some(batch) => desk.look(|session| session.batch(batch).map(Some)),
                    None => desk.look(crate::office::Session::latest_batch),
                });
                let msg = match latest {
                    Ok(Some(stored)) if stored.complete => {
                        match guarded(locale, || desk.resume(&stored, file, &reports)) {
                            Ok(()) => continue,
                            Err(failure) => Msg::ReadFailed { job: reports.job, failure },
                        }
                    }
                    // An import that was cut off is done again; what was changed meanwhile is taken over.
                    Ok(Some(stored)) => {
                        let given = desk
                            .look(|session| session.provenance(&stored))
                            .map_or_else(|_| GivenReading::default(), |(origin, _)| origin.as_given());
                        let job = ReadJob {
                            job: reports.job,
                            path: stored.source.path,
                            sheet: Some(stored.origin.sheet).filter(|s| !s.is_empty()),
                            columns: Some(stored.columns),
                            is_unremembered: false,
                            anew: true,
                            profile: Some(stored.profile),
                            is_answered: false,
                            given,
                            points_at_header: false,
                            lists_sheets: false,
                            adds: false,
                        };
                        drop(read_beside(&desk, job, reports));
                        continue;
                    }
                    Ok(None) => Msg::NothingStored,
                    Err(failure) => Msg::ReadFailed { job: reports.job, failure },
                };
                let _ = to.send(LoopEvent::Msg(msg));
            }
            Ok(Task::ChangeProfile(profile, reports)) => {
                // Where the user is comes back with the batch.
                if let Some(json) = view.take().filter(|_| !failed) {
                    let _ = guarded(locale, || desk.save_view(&json));
                }
                let changed = guarded(locale, || {
                    // What is not stored would not come back.
                    if failed {
                        return Err(Failure::new(FailureKind::Store, locale.text("status.not-stored-yet"), ""));
                    }
                    let batch = desk.with_hand(|hand, session| hand.change_profile(session, profile.as_deref()))?;
                    let stored = desk.session()?.batch(batch)?;
                    desk.load(&stored, (None, None), &reports)
                });
                if let Err(failure) = changed {
                    let _ = to.send(LoopEvent::Msg(Msg::ReadFailed { job: reports.job, failure }));
                }
            }
            Ok(Task::Add(job, reports, back)) => add_beside(&desk, job, reports, back),
            Ok(Task::Added(part, reports)) => {
                // Where the user is comes back with the batch.
                if let Some(json) = view.take().filter(|_| !failed) {
                    let _ = guarded(locale, || desk.save_view(&json));
                }
                let added = guarded(locale, || {
                    if failed {
                        return Err(Failure::new(FailureKind::Store, locale.text("status.not-stored-yet"), ""));
                    }
                    desk.add(&part, &reports)
                });
                if let Err(failure) = added {
                    let _ = to.send(LoopEvent::Msg(Msg::ReadFailed { job: reports.job, failure }));
                }
            }
            Ok(Task::Read(job, reports)) => {
                match guarded(locale, || desk.known(&job)).unwrap_or_default() {
                    KnownFile::New => {
                        let opened = read_beside(&desk, job, reports);
                        // On a slow disk signing on takes seconds, and the rows are there meanwhile. By then the tables are
                        // read: nobody reads a store that is being made.
                        let _ = opened.recv_timeout(OPENING);
                        // A store that cannot be opened says so when the batch is to be stored; reading goes on without it.
                        let _ = guarded(locale, || desk.session().map(drop));
                    }
                    KnownFile::Changed(older) => compare_beside(&desk, job, *older, reports),
                    KnownFile::In(held) => batches::ask_which(held, &reports, &desk.setup.office),
                    KnownFile::Same(found) => {
                        if let Some(words) = desk.told_other_profile(&job, &found.0) {
                            reports.send(Msg::Trouble(words));
                        }
                        if let Err(failure) = guarded(locale, || desk.load_of_file(*found, job.path, &reports)) {
                            let _ = to.send(LoopEvent::Msg(Msg::ReadFailed { job: reports.job, failure }));
                        }
                    }
                }
            }
            Ok(Task::Job(seq, job)) => {
                latest = seq;
                if switches(&job) {
                    // A view that still waits belongs to the batch before.
                    if let Some(json) = view.take().filter(|_| !failed) {
                        let _ = guarded(locale, || desk.save_view(&json));
                    }
                    // Another batch begins anew; until then nothing may be stored on top of what is missing.
                    failed = false;
                }
                // What a full disk has kept from being stored is still let go of.
                if failed && !matches!(job, StoreJob::Discard { .. }) {
                    // Cells must not wait for numbers that nobody takes.
                    if let StoreJob::Allocate { .. } = job {
                        let failure = Failure::new(FailureKind::Store, locale.text("status.not-stored-yet"), "");
                        let _ = to.send(LoopEvent::Msg(Msg::NotAllocated { seq, moved: false, failure }));
                    }
                    continue;
                }
                let change = match &job {
                    StoreJob::Record { change } => Some(Arc::clone(change)),
                    _ => None,
                };
                let (told, end) = match guarded(locale, || desk.run(seq, job)) {
                    Ok(told) => (told, Msg::Saved(seq)),
                    Err(failure) => match guarded(locale, || desk.give_up()).unwrap_or_default() {
                        told if told.is_empty() => {
                            failed = true;
                            (told, Msg::StoreFailed { seq, failure })
                        }
                        told => (told, Msg::TakenBack { seq, change, failure }),
                    },
                };
                told.into_iter().chain([end]).for_each(|msg| drop(to.send(LoopEvent::Msg(msg))));
            }
            end => {
                if let Some(json) = view.take().filter(|_| !failed) {
                    // The place on screen is a comfort: losing it must not disturb the work.
                    let _ = guarded(locale, || desk.save_view(&json));
                }
                match end {
                    Err(RecvTimeoutError::Timeout) => {}
                    Ok(Task::Finish(done)) => {
                        drop(desk);
                        let _ = done.send(());
                        return;
                    }
                    _ => return,
                }
            }
        }
    }
}
