//! The store's desk: what the one thread that holds the store does with an order.

use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::Arc;

use super::meter::Meter;
use super::{Reports, Setup};
use crate::app::context::told_failure;
use crate::app::msg::{Msg, ReadEnd, ReadJob, RosterHead, StoreJob, Stored, WorkDone};
use crate::domain::ledger::action::UnmaskedObject;
use crate::domain::rules::Checker;
use crate::failure::{Failure, FailureKind};
use crate::office::{
    BatchNews, Discarded, InHand, KnownFile, Purpose, ReadPart, RosterReading, Session, StoredBatch, StoredEnd,
    WorkedBatch,
};
use crate::words::Locale;

/// The store as its one thread holds it.
pub(super) struct StoreDesk {
    pub(super) locale: Arc<Locale>,
    pub(super) setup: Arc<Setup>,
    session: Option<Session>,
    /// The pages of the lists that the ledger pane turns.
    pub(super) lists: super::ledger::CertificatePages,
    /// The batch on screen.
    pub(super) hand: InHand,
    /// The store job that brought the batch on screen.
    switched: u64,
    /// What is wrong with the store as a whole, until the screen has been told.
    trouble: Option<Msg>,
}

impl StoreDesk {
    pub(super) fn new(locale: Arc<Locale>, setup: Arc<Setup>) -> StoreDesk {
        let lists = super::ledger::CertificatePages::default();
        let hand = InHand::default();
        StoreDesk { locale, setup, session: None, lists, hand, switched: 0, trouble: None }
    }

    /// Signs on when the store is needed first.
    pub(super) fn session(&mut self) -> Result<&Session, Failure> {
        if self.session.is_none() {
            let session = self.setup.office.sign_on("tui")?.patient();
            self.hand.begin(&session)?;
            // Work goes on in an old copy, for no edit may be lost, but whoever works in it must know.
            let trouble = session.must_be_latest().err();
            self.trouble = trouble.map(|failure| Msg::Trouble(told_failure(&self.locale, &failure)));
            if self.trouble.is_none() {
                self.trouble = session.reminder().map(Msg::Trouble);
            }
            self.session = Some(session);
        }
        self.session.as_ref().ok_or_else(|| Failure::new(FailureKind::Bug, "store", ""))
    }

    /// Looks into the store, without signing on where nobody has: on a slow disk that takes seconds, and what is looked at is to
    /// be on the screen meanwhile. Where there is nothing to look at the store is begun.
    pub(super) fn look<T>(&mut self, work: impl FnOnce(&Session) -> Result<T, Failure>) -> Result<T, Failure> {
        if self.session.is_none()
            && let Ok(session) = self.setup.office.look()
        {
            return work(&session.patient());
        }
        work(self.session()?)
    }

    /// Has something done with the batch on screen.
    pub(super) fn with_hand<T>(
        &mut self,
        work: impl FnOnce(&mut InHand, &Session) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        self.session()?;
        match &self.session {
            Some(session) => work(&mut self.hand, session),
            None => Err(Failure::new(FailureKind::Bug, "store", "")),
        }
    }

    /// Tells what the store knows of a file that is to be read; looking needs no session.
    pub(super) fn known(&self, job: &ReadJob) -> Result<KnownFile, Failure> {
        // Whoever matched the columns otherwise, or chose to, has it read.
        if job.columns.is_some() || job.points_at_header || job.lists_sheets || !job.given.is_empty() {
            return Ok(KnownFile::New);
        }
        let reading = self.setup.reading(job);
        let known = match &self.session {
            Some(session) => session.known_file(&job.path, &reading, true)?,
            None => self.setup.office.look()?.patient().known_file(&job.path, &reading, true)?,
        };
        Ok(match known {
            KnownFile::Changed(_) | KnownFile::In(_) if job.anew => KnownFile::New,
            known => known,
        })
    }

    /// Tells that a file which was to be read under a profile is a batch under another one.
    pub(super) fn told_other_profile(&self, job: &ReadJob, stored: &StoredBatch) -> Option<String> {
        let given = self.setup.reading(job).profile.filter(|given| *given != stored.profile)?;
        let name = |id: &str| match self.setup.office.profile(id) {
            Ok(profile) => self.locale.profile_name(&profile).to_string(),
            Err(_) => id.to_string(),
        };
        let (own, given) = (name(&stored.profile), name(&given));
        let places = [("batch", &*stored.id.to_string()), ("profile", &own), ("given", &given)];
        Some(self.locale.fill("status.other-profile", &places))
    }

    /// Loads a stored batch: [`Msg::Opened`] with its view, [`Msg::Rows`], [`Msg::ReadDone`] with its steps.
    ///
    /// What is on screen stays the batch in hand until [`StoreJob::Continue`] comes: the user may have turned back.
    /// `found` is the file that was opened, and what was done in the batch before, where it is opened by its file; `added` the part
    /// that has just been added to it.
    pub(super) fn load(
        &mut self,
        stored: &StoredBatch,
        (found, added): (Option<(PathBuf, WorkDone)>, Option<usize>),
        reports: &Reports,
    ) -> Result<(), Failure> {
        if !reports.is_wanted() {
            return Ok(());
        }
        let reading = RosterReading { today: Some(self.setup.today), ..RosterReading::default() };
        let end = self.look(|session| load(session, stored, (&reading, found, added), reports))?;
        let Some(end) = end else { return Ok(()) };
        end.note(&mut self.hand);
        let (skipped, steps, applied) = (end.skipped, end.steps, end.applied);
        reports.send(Msg::ReadDone(ReadEnd { job: reports.job, skipped, steps, applied }));
        Ok(())
    }

    /// Loads a stored batch that is gone on with, where it was chosen for a file by that.
    pub(super) fn resume(
        &mut self,
        stored: &StoredBatch,
        file: Option<PathBuf>,
        reports: &Reports,
    ) -> Result<(), Failure> {
        let Some(file) = file else { return self.load(stored, (None, None), reports) };
        let found = self.look(|session| session.with_work(stored.id))?;
        self.load_of_file(found, file, reports)
    }

    /// Loads the batch that a file is.
    pub(super) fn load_of_file(
        &mut self,
        (stored, work): WorkedBatch,
        file: PathBuf,
        reports: &Reports,
    ) -> Result<(), Failure> {
        let when = self.locale.moment(&work.at);
        let done = WorkDone { when, edits: work.edits, numbers: work.numbers };
        self.load(&stored, (Some((file, done)), None), reports)
    }

    /// Adds what was read of a file to the batch on screen, and loads that anew.
    pub(super) fn add(&mut self, part: &ReadPart, reports: &Reports) -> Result<(), Failure> {
        // Whoever has turned back wants nothing added.
        if !reports.is_wanted() {
            return Ok(());
        }
        let (batch, number) = self.with_hand(|hand, session| hand.add_part(session, part))?;
        let stored = self.session()?.batch(batch)?;
        self.load(&stored, (None, Some(number)), reports)
    }

    /// Tells the screen what has become of its batch.
    fn told(&self, news: Vec<BatchNews>) -> Vec<Msg> {
        let switched = self.switched;
        let told = |one| match one {
            BatchNews::Steps(steps, applied) => Msg::Followed { switched, steps, applied },
            BatchNews::Rows(batch) => Msg::Grown { switched, batch },
            BatchNews::Held(by) => Msg::Held { switched, holder: by.map(|by| self.locale.holder(&by)) },
            BatchNews::Store => Msg::StoreChanged,
            BatchNews::Ledger => Msg::LedgerChanged,
            BatchNews::Registry(tables) => Msg::RegistryChanged(tables),
        };
        news.into_iter().map(told).collect()
    }

    /// Gives the batch on screen up when a change of it failed because somebody else has taken it over: what the screen shows
    /// is what is stored again. Nothing when it failed for another reason.
    pub(super) fn give_up(&mut self) -> Result<Vec<Msg>, Failure> {
        let news = self.with_hand(InHand::give_up)?;
        Ok(self.told(news))
    }

    /// Tells whether the store is not the one that was signed on to any more.
    pub(super) fn is_replaced(&self) -> Option<Failure> {
        self.session.as_ref().and_then(Session::is_replaced)
    }

    /// Keeps a setting of the person for the next start, beside the store.
    pub(super) fn remember(&mut self, name: &str, value: &str) -> Result<(), Failure> {
        self.session()?.office().remember(name, value)
    }

    /// Looks whether others have changed the store, and unless its last change failed how the batch on screen stands.
    pub(super) fn look_around(&mut self, failed: bool) -> Result<Vec<Msg>, Failure> {
        let Some(session) = &self.session else { return Ok(Vec::new()) };
        let mut msgs: Vec<Msg> = self.trouble.take().into_iter().collect();
        let news = self.hand.look_around(session, failed)?;
        msgs.extend(self.told(news));
        Ok(msgs)
    }

    /// Takes the registry anew after a change of our own, which [`StoreDesk::look_around`] does not see.
    pub(super) fn renew_registry(&mut self) -> Option<Msg> {
        self.session().ok()?.renew_registry().map(Msg::RegistryChanged)
    }

    /// Does a job; on disk when this returns. Gives what the screen must know: the steps that a cut-off import left, and who
    /// else holds the batch.
    pub(super) fn run(&mut self, seq: u64, job: StoreJob) -> Result<Vec<Msg>, Failure> {
        match job {
            StoreJob::Create { path, opened } => {
                self.switched = seq;
                let (steps, applied) = self.with_hand(|hand, session| hand.create(session, &path, *opened))?;
                let created = self.hand.shown().map(|batch| Msg::Created { switched: seq, batch });
                if steps.is_empty() {
                    return Ok(created.into_iter().collect());
                }
                // Its digest is noted once a file is read to the end, which that one was not.
                let told = self.locale.fill("status.cut-off-found", &[("n", &steps.len().to_string())]);
                Ok(created.into_iter().chain([Msg::Recovered { steps, applied }, Msg::Trouble(told)]).collect())
            }
            StoreJob::Continue { batch } => {
                self.switched = seq;
                let news = self.with_hand(|hand, session| hand.go_on(session, batch))?;
                Ok(self.told(news))
            }
            StoreJob::TakeOver => {
                let news = self.with_hand(InHand::take_over)?;
                Ok(self.told(news))
            }
            StoreJob::Discard { is_told } => {
                // Nothing in hand needs no store.
                let discarded = match self.hand.shown() {
                    Some(_) => self.with_hand(InHand::discard)?,
                    None => None,
                };
                let words = match discarded {
                    Some(Discarded::Kept(n)) => self.locale.fill("status.stopped-kept", &[("n", &n.to_string())]),
                    Some(Discarded::Gone) | None => self.locale.text("status.discarded").to_string(),
                };
                Ok(is_told.then_some(Msg::Told(words)).into_iter().collect())
            }
            StoreJob::Allocate { batch, plan, change, reason } => {
                Ok(vec![super::ledger::allocate(self, seq, &batch, (&plan, &change), &reason)])
            }
            StoreJob::TellSteps => {
                let Some(batch) = self.hand.shown() else { return Ok(Vec::new()) };
                let mut made = self.session()?.steps_made(batch)?;
                made.iter_mut().for_each(|step| step.at = self.locale.moment(&step.at));
                Ok(vec![Msg::StepsMade(made)])
            }
            StoreJob::NoteUnmask { row } => {
                if let Some(batch) = self.hand.shown() {
                    self.session()?.unmask(&UnmaskedObject::Row(batch, row), "")?;
                }
                Ok(Vec::new())
            }
            job => self.run_in_batch(&job).map(|()| Vec::new()),
        }
    }

    fn run_in_batch(&mut self, job: &StoreJob) -> Result<(), Failure> {
        if self.hand.id().is_none() {
            return Ok(());
        }
        self.with_hand(|hand, session| match job {
            StoreJob::Create { .. }
            | StoreJob::Continue { .. }
            | StoreJob::Allocate { .. }
            | StoreJob::NoteUnmask { .. }
            | StoreJob::Discard { .. }
            | StoreJob::TellSteps
            | StoreJob::TakeOver => Ok(()),
            StoreJob::AddBlock { block, skipped } => hand.add_block(session, block, skipped),
            StoreJob::Complete { rows } => hand.complete(session, *rows),
            StoreJob::Record { change } => hand.record(session, change),
            StoreJob::Undo => hand.undo(session),
            StoreJob::Redo => hand.redo(session),
        })
    }

    /// Stores the view beside the batch.
    pub(super) fn save_view(&mut self, json: &str) -> Result<(), Failure> {
        match self.hand.id() {
            Some(_) => self.with_hand(|hand, session| hand.save_view(session, json)),
            None => Ok(()),
        }
    }
}

/// Tells whether a job brings another batch on screen.
pub(super) fn switches(job: &StoreJob) -> bool {
    matches!(job, StoreJob::Create { .. } | StoreJob::Continue { .. })
}

/// Reads a stored batch for the screen, whose rows go there as they are read; nothing where nobody waits for them any more.
fn load(
    session: &Session,
    stored: &StoredBatch,
    (reading, found, added): (&RosterReading, Option<(PathBuf, WorkDone)>, Option<usize>),
    reports: &Reports,
) -> Result<Option<StoredEnd>, Failure> {
    let mut tell = |words| {
        reports.send(Msg::Trouble(words));
    };
    let context = session.stored_context(stored, reading, Purpose::Look, &mut tell)?;
    let (path, found) = found.map_or_else(|| (stored.source.path.clone(), None), |(path, done)| (path, Some(done)));
    let (origin, profile_by) = session.provenance(stored)?;
    let head = RosterHead {
        job: reports.job,
        path,
        origin,
        columns: context.sheet().with_people(&stored.columns),
        sheets: Vec::new(),
        first_line: stored.origin.header_row + 1,
        context,
        profile_by,
        fingerprint: String::new(),
        matched: None,
        seen: None,
        parts: session.parts_of(stored)?,
        doubt: String::new(),
        stored: Some(Stored { batch: stored.id, view: session.view(stored.id)?, found, added }),
    };
    let context = head.context.clone().counting_from_1904(head.origin.date_1904);
    let checker = Checker::new(context, head.columns.clone());
    if !reports.send(Msg::Opened(Box::new(head))) {
        return Ok(None);
    }
    let whole = session.batch(stored.id)?.rows;
    let (mut meter, mut count) = (Meter::new(), 0);
    session.read_stored(stored.id, &checker, &mut |block, report| {
        count += block.len() as u64;
        if let Some(progress) = meter.at(count, Some((count, u64::from(whole)))) {
            reports.send(Msg::Reading { job: reports.job, progress });
        }
        let goes_on =
            reports.send(Msg::Rows { job: reports.job, block, report: Box::new(report), skipped: Vec::new() });
        if goes_on { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    })
}
