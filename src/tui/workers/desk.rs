//! The store's desk: what the one thread that holds the store does with an order.

use std::sync::Arc;

use super::files::{Written, only_sheet};
use super::meter::Meter;
use super::{Reports, Setup};
use crate::app::msg::{Msg, Opened, ReadEnd, ReadJob, StoreJob, Stored};
use crate::data;
use crate::domain::ledger::BatchId;
use crate::domain::ledger::audit::Head;
use crate::domain::profile::Choice;
use crate::domain::roster::Change;
use crate::domain::upload;
use crate::failure::{Failure, FailureKind};
use crate::formats::read_back::digest;
use crate::office::Session;
use crate::store::{Claim, HeldBy, NewBatch, Places, Skipped, Source, Steps, Store, StoreError, StoredBatch};
use crate::words::Locale;

/// How often the store is tried while it is busy.
const TRIES: usize = 3;

/// The store as its one thread holds it.
pub(super) struct Desk {
    pub(super) locale: Arc<Locale>,
    pub(super) setup: Arc<Setup>,
    session: Option<Session>,
    /// The pages of the lists that the ledger pane turns.
    pub(super) lists: super::ledger::Lists,
    pub(super) batch: Option<BatchId>,
    blocks: u32,
    claim: Option<Claim>,
    /// The batch on screen while somebody else holds it.
    watched: Option<(BatchId, HeldBy)>,
    /// How the change log of the batch on screen stood when the screen was last told.
    pub(super) mark: Option<Steps>,
    /// The store job that brought the batch on screen.
    switched: u64,
    /// What is wrong with the store as a whole, until the screen has been told.
    trouble: Option<Msg>,
    /// Where the audit chain stood when others' changes were last looked for.
    head: Head,
}

impl Desk {
    pub(super) fn new(locale: Arc<Locale>, setup: Arc<Setup>) -> Desk {
        Desk {
            locale,
            setup,
            session: None,
            lists: super::ledger::Lists::default(),
            batch: None,
            blocks: 0,
            claim: None,
            watched: None,
            mark: None,
            switched: 0,
            trouble: None,
            head: Head::default(),
        }
    }

    /// Signs on when the store is needed first.
    pub(super) fn session(&mut self) -> Result<&Session, Failure> {
        if self.session.is_none() {
            let session = self.setup.office.sign_on("tui")?.patient();
            self.head = session.audit_head()?;
            // Work goes on in an old copy, for no edit may be lost, but whoever works in it must know.
            self.trouble = session.store.must_be_latest().err().map(|e| {
                let Failure { message, hint, .. } = self.locale.store_failure(&e);
                Msg::Trouble(self.locale.fill("status.failure", &[("message", &message), ("hint", &hint)]))
            });
            if self.trouble.is_none() {
                self.trouble = session.reminder().map(Msg::Trouble);
            }
            self.session = Some(session);
        }
        self.session.as_ref().ok_or_else(|| Failure::new(FailureKind::Bug, "store", ""))
    }

    /// Opens the store when it is needed first.
    pub(super) fn store(&mut self) -> Result<&Store, Failure> {
        self.session().map(|session| &session.store)
    }

    /// Gives the batch on screen, whoever holds it.
    pub(super) fn on_screen(&self) -> Option<BatchId> {
        self.batch.or(self.watched.as_ref().map(|(batch, _)| *batch))
    }

    /// Takes note in the ledger of an upload file of the batch on screen; gives how many certificates are exported by it.
    pub(super) fn note_export(&mut self, written: &Written) -> Result<u64, Failure> {
        let (Some(id), Some(manifest)) = (written.of, &written.manifest) else { return Ok(0) };
        let upload = upload::part_of(&written.job.batch, written.job.what.part());
        let file = (manifest.file.as_str(), manifest.sha256.as_str(), manifest.rows);
        self.patiently(|store| Ok(store.note_export(id, upload, file, "")?.marked))
    }

    /// Finds the stored batch of a file that has not changed since. Of a workbook without a given sheet only when there is
    /// no sheet to choose: else the choice comes first.
    pub(super) fn batch_of(&mut self, job: &ReadJob) -> Option<StoredBatch> {
        let source = Source::of(&job.path.canonicalize().ok()?).ok()?;
        if job.columns.is_some() {
            return None;
        }
        let given = job.profile.as_deref().or(self.setup.profile.as_ref().map(|p| p.id.as_str()));
        let wanted = |b: &StoredBatch| {
            let profile = given.is_none_or(|id| id == b.profile);
            b.complete && b.source == source && profile
        };
        let mut found = self.session.as_ref()?.store.batches().ok()?;
        found.retain(wanted);
        let sheet = match &job.sheet {
            Some(sheet) => sheet.clone(),
            // A text file has no sheet; a workbook is asked only when there is a batch it may be about.
            None if found.iter().all(|b| b.origin.sheet.is_empty()) => String::new(),
            None => only_sheet(&job.path, &self.setup)?,
        };
        found.into_iter().find(|b| b.origin.sheet == sheet)
    }

    /// Loads a stored batch: [`Msg::Opened`] with its view, [`Msg::Rows`], [`Msg::ReadDone`] with its steps.
    ///
    /// What is on screen stays the batch in hand until [`StoreJob::Continue`] comes: the user may have turned back.
    pub(super) fn load(&mut self, stored: &StoredBatch, reports: &Reports) -> Result<(), Failure> {
        if !reports.is_wanted() {
            return Ok(());
        }
        let locale = Arc::clone(&self.locale);
        let told = |e: StoreError| locale.store_failure(&e);
        let setup = Arc::clone(&self.setup);
        let store = self.store()?;
        let profile = data::profile(&stored.profile).or_else(|| data::profiles().first().cloned());
        // The form is known again by the columns.
        let labels = stored.columns.labels();
        let choice = Choice::of(data::profiles(), &data::sheet, profile.as_ref(), &labels, &[]);
        let Some(Choice { profile, form: spec, .. }) = choice else { return Ok(()) };
        if profile.id != stored.profile {
            let places = [("id", stored.profile.as_str()), ("profile", &profile.name)];
            reports.send(Msg::Trouble(locale.fill("status.profile-gone", &places)));
        }
        let view = store.view(stored.id).map_err(told)?.unwrap_or_default();
        let head = Opened {
            job: reports.job,
            path: stored.source.path.clone(),
            origin: stored.origin.clone(),
            columns: stored.columns.clone(),
            sheets: Vec::new(),
            first_line: stored.origin.header_row + 1,
            context: setup.context(profile, spec, reports, &locale),
            stored: Some(Stored { batch: stored.id.0, view }),
        };
        let checker = head.checker();
        if !reports.send(Msg::Opened(Box::new(head))) {
            return Ok(());
        }
        let whole = store.batch(stored.id).map_err(told)?.rows;
        let (mut meter, mut count) = (Meter::new(), 0);
        let skipped = store.skipped(stored.id).map_err(told)?;
        let skipped: Vec<_> =
            skipped.iter().flat_map(|s| (s.line..s.line + s.count).map(|line| (line, s.reason))).collect();
        for block in store.blocks(stored.id) {
            let block = Arc::new(block.map_err(told)?);
            let report = checker.check_block(&block);
            count += block.len() as u64;
            if let Some(progress) = meter.at(count, Some((count, u64::from(whole)))) {
                reports.send(Msg::Reading { job: reports.job, progress });
            }
            if !reports.send(Msg::Rows { job: reports.job, block, report, skipped: Vec::new() }) {
                return Ok(());
            }
        }
        // The mark first: what is changed between the two is told once more, and nothing is missed.
        let mark = store.steps_of(stored.id).map_err(told)?;
        let (steps, applied) = store.history(stored.id).map_err(told)?;
        self.mark = Some(mark);
        let steps = steps.into_iter().map(Arc::new).collect();
        reports.send(Msg::ReadDone(ReadEnd { job: reports.job, skipped, steps, applied }));
        Ok(())
    }

    /// Claims the batch on screen; from now on orders are about it. While somebody else holds it they are about none, and
    /// the batch is watched.
    fn take(&mut self, batch: BatchId, by_force: bool) -> Result<Vec<Msg>, Failure> {
        (self.claim, self.batch, self.watched) = (None, None, None);
        let claimed =
            self.patiently(|store| match if by_force { store.take_over(batch) } else { store.claim(batch) } {
                Ok(claim) => Ok(Ok(claim)),
                Err(StoreError::Held(by)) => Ok(Err(by)),
                Err(error) => Err(error),
            })?;
        match claimed {
            Ok(claim) => {
                (self.claim, self.batch) = (Some(claim), Some(batch));
                let mut told = self.follow(batch)?;
                told.push(Msg::Held { switched: self.switched, holder: None });
                Ok(told)
            }
            Err(by) => self.watch(batch, by),
        }
    }

    /// Notes that somebody else holds the batch on screen, and what they have made of it.
    fn watch(&mut self, batch: BatchId, by: HeldBy) -> Result<Vec<Msg>, Failure> {
        let holder = Some(self.locale.holder(&by));
        (self.claim, self.batch, self.watched) = (None, None, Some((batch, by)));
        let mut told = self.follow(batch)?;
        told.push(Msg::Held { switched: self.switched, holder });
        Ok(told)
    }

    /// Gives the steps of a batch if they are not those on screen any more.
    fn follow(&mut self, batch: BatchId) -> Result<Vec<Msg>, Failure> {
        let mark = Some(self.patiently(|store| store.steps_of(batch))?);
        if mark == self.mark {
            return Ok(Vec::new());
        }
        let (steps, applied) = self.patiently(|store| store.history(batch))?;
        self.mark = mark;
        let steps = steps.into_iter().map(Arc::new).collect();
        Ok(vec![Msg::Followed { switched: self.switched, steps, applied }])
    }

    /// Gives the batch on screen up when a change of it failed because somebody else has taken it over: what the screen shows
    /// is what is stored again. Nothing when it failed for another reason.
    pub(super) fn give_up(&mut self) -> Result<Vec<Msg>, Failure> {
        let Some(batch) = self.batch else { return Ok(Vec::new()) };
        match self.patiently(|store| store.holder(batch))? {
            None => Ok(Vec::new()),
            Some(by) => {
                self.mark = None;
                self.watch(batch, by)
            }
        }
    }

    /// Keeps a setting of the person for the next start, beside the store.
    pub(super) fn remember(&mut self, name: &str, value: &str) -> Result<(), Failure> {
        self.store()?;
        let places = Places::from_environment(self.setup.home.as_deref());
        places
            .and_then(|places| crate::store::remember(&places, name, value))
            .map_err(|e| self.locale.store_failure(&e))
    }

    /// Looks whether others have changed the store, and unless its last change failed how the batch on screen stands.
    pub(super) fn look_around(&mut self, failed: bool) -> Result<Vec<Msg>, Failure> {
        let Some(Session { store, .. }) = &self.session else { return Ok(Vec::new()) };
        let locale = Arc::clone(&self.locale);
        let told = |e: StoreError| locale.store_failure(&e);
        let mut msgs: Vec<Msg> = self.trouble.take().into_iter().collect();
        let changed = store.changed().map_err(told)?;
        if changed {
            let head = store.audit_head().map_err(told)?;
            if head != self.head {
                msgs.push(Msg::StoreChanged);
                if store.ledger_moved_since(&self.head).map_err(told)? {
                    msgs.push(Msg::LedgerChanged);
                }
                msgs.extend(registry_change(store, &self.setup).map_err(told)?);
            }
            self.head = head;
        }
        let batch = match (self.batch, &self.watched) {
            (Some(batch), _) if changed && !store.holds(batch).map_err(told)? => batch,
            (None, Some((batch, _))) => *batch,
            _ => return Ok(msgs),
        };
        if failed {
            return Ok(msgs);
        }
        // That a holder has died is no change of the store, so this is asked each time.
        let holder = store.holder(batch).map_err(told)?;
        let known = self.watched.as_ref().map(|(_, by)| by);
        msgs.extend(match holder {
            // Also after somebody took it over and has left it since.
            None => self.take(batch, false)?,
            Some(by) if Some(&by) != known => self.watch(batch, by)?,
            Some(_) if changed => self.follow(batch)?,
            Some(_) => Vec::new(),
        });
        Ok(msgs)
    }

    /// Takes the registry anew after a change of our own, which [`Desk::look_around`] does not see.
    pub(super) fn renew_registry(&mut self) -> Option<Msg> {
        let setup = Arc::clone(&self.setup);
        // The change is made: whoever cannot read it now has what was in force before, and is told nothing wrong by it.
        self.patiently(|store| registry_change(store, &setup)).ok().flatten()
    }

    /// Has the store do something, again while another process keeps it busy.
    pub(super) fn patiently<T>(&mut self, work: impl Fn(&Store) -> Result<T, StoreError>) -> Result<T, Failure> {
        let locale = Arc::clone(&self.locale);
        let store = self.store()?;
        let mut result = work(store);
        // Each try has waited for the store by itself.
        for _ in 1..TRIES {
            match &result {
                Err(error) if error.key() == "busy" => result = work(store),
                _ => break,
            }
        }
        result.map_err(|e| locale.store_failure(&e))
    }

    /// Does a job; on disk when this returns. Gives what the screen must know: the steps that a cut-off import left, and who
    /// else holds the batch.
    pub(super) fn run(&mut self, seq: u64, job: StoreJob) -> Result<Vec<Msg>, Failure> {
        match job {
            StoreJob::Create { origin, path, columns, profile } => {
                (self.batch, self.watched, self.switched, self.blocks) = (None, None, seq, 0);
                let path = path.canonicalize().unwrap_or(path);
                let source = Source::of(&path).map_err(|e| self.locale.unread(&path, &e))?;
                let new = NewBatch { source, origin, profile, columns };
                let batch = self.patiently(|store| store.create_batch(&new))?;
                self.mark = Some(self.patiently(|store| store.steps_of(batch))?);
                self.take(batch, false)?;
                let (steps, applied) = self.patiently(|store| store.history(batch))?;
                let steps: Vec<Arc<Change>> = steps.into_iter().map(Arc::new).collect();
                Ok(if steps.is_empty() { Vec::new() } else { vec![Msg::Recovered { steps, applied }] })
            }
            StoreJob::Continue { batch } => {
                (self.switched, self.blocks) = (seq, 0);
                self.take(BatchId(batch), false)
            }
            StoreJob::TakeOver => match self.watched.clone() {
                Some((batch, _)) => self.take(batch, true),
                None => Ok(Vec::new()),
            },
            StoreJob::Discard => {
                let Some(batch) = self.batch.or(self.watched.as_ref().map(|(batch, _)| *batch)) else {
                    return Ok(vec![Msg::Told(self.locale.text("status.discarded").to_string())]);
                };
                // Whoever holds a batch keeps it from being deleted, ourselves as well.
                let is_ours = self.claim.take().is_some();
                (self.batch, self.watched, self.mark) = (None, None, None);
                let (steps, _) = self.patiently(|store| store.history(batch))?;
                let is_complete = self.patiently(|store| store.batch(batch))?.complete;
                if !is_ours || is_complete || !steps.is_empty() {
                    let n = steps.len().to_string();
                    return Ok(vec![Msg::Told(self.locale.fill("status.stopped-kept", &[("n", &n)]))]);
                }
                self.patiently(|store| store.delete_batch(batch))?;
                Ok(vec![Msg::Told(self.locale.text("status.discarded").to_string())])
            }
            StoreJob::Allocate { batch, plan, change, reason } => {
                Ok(vec![super::ledger::allocate(self, seq, &batch, (&plan, &change), &reason)])
            }
            StoreJob::NoteUnmask { row } => {
                if let Some(BatchId(batch)) = self.on_screen() {
                    self.patiently(|store| store.note_unmask(&format!("batch:{batch} {row}"), ""))?;
                }
                Ok(Vec::new())
            }
            job => self.run_in_batch(&job).map(|()| Vec::new()),
        }
    }

    fn run_in_batch(&mut self, job: &StoreJob) -> Result<(), Failure> {
        let (Some(batch), blocks) = (self.batch, self.blocks) else { return Ok(()) };
        match job {
            StoreJob::Create { .. }
            | StoreJob::Continue { .. }
            | StoreJob::Allocate { .. }
            | StoreJob::NoteUnmask { .. }
            | StoreJob::Discard
            | StoreJob::TakeOver => {}
            StoreJob::AddBlock { block, skipped } => {
                let skipped = Skipped::runs(skipped);
                self.patiently(|store| store.add_block(batch, blocks, block, &skipped))?;
                self.blocks += 1;
            }
            StoreJob::Complete { rows } => {
                let source = self.patiently(|store| store.batch(batch))?.source.path;
                // A file that cannot be read any more leaves its digest out.
                let digest = digest(&source).ok().map(|(sha256, _)| sha256);
                self.patiently(|store| store.complete_batch(batch, *rows, digest.as_deref()))?;
            }
            StoreJob::Record { change } => self.patiently(|store| store.record(batch, change))?,
            StoreJob::Undo => drop(self.patiently(|store| store.undo(batch))?),
            StoreJob::Redo => drop(self.patiently(|store| store.redo(batch))?),
        }
        if matches!(job, StoreJob::Record { .. } | StoreJob::Undo | StoreJob::Redo) {
            self.mark = Some(self.patiently(|store| store.steps_of(batch))?);
        }
        Ok(())
    }

    /// Stores the view beside the batch.
    pub(super) fn save_view(&mut self, json: &str) -> Result<(), Failure> {
        let locale = Arc::clone(&self.locale);
        match self.batch {
            Some(batch) => self.store()?.save_view(batch, json).map_err(|e| locale.store_failure(&e)),
            None => Ok(()),
        }
    }
}

/// Takes the registry as it is now; gives what the screen must know where that is another one.
fn registry_change(store: &Store, setup: &Setup) -> Result<Option<Msg>, StoreError> {
    Ok(setup.renew(store.registry()?).map(Msg::RegistryChanged))
}
