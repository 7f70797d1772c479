//! The batch in hand (手中的批次): who may change it, what is stored of it, and what others make of it meanwhile.

use std::path::Path;
use std::sync::Arc;

use super::import::BatchImport;
use super::{Session, bug};
use crate::domain::ledger::BatchId;
use crate::domain::ledger::audit::Head;
use crate::domain::profile_choice::{FileStamp, OpenedFile};
use crate::domain::roster::{Block, Change, StepMade};
use crate::domain::rules::Tables;
use crate::domain::sheet::SkippedRun;
use crate::failure::Failure;
use crate::store::{BatchHolder, Claim, NewBatch, Steps, Store, StoreError};

/// The batch that somebody works on. While somebody else holds it, it is watched and nothing is changed.
#[derive(Debug, Default)]
pub struct InHand {
    batch: Option<BatchId>,
    /// The import that it comes from, while its rows are being stored.
    import: Option<BatchImport>,
    claim: Option<Claim>,
    watched: Option<(BatchId, BatchHolder)>,
    /// How the change log stood when it was last told of.
    mark: Option<Steps>,
    /// How it stood when its rows were read.
    loaded: Option<Steps>,
    /// Where the audit chain stood when others' changes were last looked for.
    head: Head,
}

/// What has become of the batch in hand, or of the store.
#[derive(Debug)]
pub enum BatchNews {
    /// The batch has these steps now, so many of them applied.
    Steps(Vec<Arc<Change>>, usize),
    /// Files were added to the batch: it is to be read again.
    Rows(BatchId),
    /// Who else holds the batch; nobody if none.
    Held(Option<BatchHolder>),
    /// Others have written to the store.
    Store,
    /// Something became of certificates.
    Ledger,
    /// The registry is another one.
    Registry(Arc<Tables>),
}

/// What became of a batch that is let go of before it is whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Discarded {
    Gone,
    /// It stays, with so many steps.
    Kept(usize),
}

impl InHand {
    /// Gives the batch that may be changed.
    pub fn id(&self) -> Option<BatchId> {
        self.batch
    }

    /// Gives the batch, whoever holds it.
    pub fn shown(&self) -> Option<BatchId> {
        self.batch.or(self.watched.as_ref().map(|(batch, _)| *batch))
    }

    /// Begins to look for others' changes.
    pub fn begin(&mut self, session: &Session) -> Result<(), Failure> {
        self.head = session.with(Store::audit_head)?;
        Ok(())
    }

    /// Makes a batch of a file and claims it; gives the steps that an import which was cut off has left, and how many of them
    /// are applied.
    pub fn create(
        &mut self,
        session: &Session,
        path: &Path,
        opened: OpenedFile,
    ) -> Result<(Vec<Arc<Change>>, usize), Failure> {
        let OpenedFile { origin, profile, profile_by, fingerprint, columns, matched, seen } = opened;
        (self.batch, self.watched, self.import) = (None, None, None);
        let mut source = session.office.source_of(path).map_err(|e| session.office.locale().unread(path, &e))?;
        // What was put there since is another file, whose rows are not those that were read.
        if let Some(FileStamp { size, modified }) = seen {
            (source.size, source.modified) = (size, modified);
        }
        let new = NewBatch { source, origin, profile, profile_by, fingerprint, columns, matched };
        let import = session.with(|store| BatchImport::begin(store, &new))?;
        let batch = import.batch;
        self.import = Some(import);
        self.set_mark(session.with(|store| store.steps_of(batch))?);
        self.take(session, batch, false)?;
        session.steps(batch)
    }

    /// Has the batch checked under another profile from now on, which is remembered for such files; under none that one is
    /// forgotten, and the rows tell again. Its columns are matched to the form of that profile.
    pub fn change_profile(&mut self, session: &Session, profile: Option<&str>) -> Result<BatchId, Failure> {
        let batch = self.batch.ok_or_else(|| bug("no batch"))?;
        session.change_profile(batch, profile)?;
        Ok(batch)
    }

    /// Goes on with a stored batch.
    pub fn go_on(&mut self, session: &Session, batch: BatchId) -> Result<Vec<BatchNews>, Failure> {
        self.import = None;
        self.take(session, batch, false)
    }

    /// Takes the batch over from whoever holds it.
    pub fn take_over(&mut self, session: &Session) -> Result<Vec<BatchNews>, Failure> {
        match &self.watched {
            Some((batch, _)) => self.take(session, *batch, true),
            None => Ok(Vec::new()),
        }
    }

    /// Claims a batch. While somebody else holds it, it is watched.
    fn take(&mut self, session: &Session, batch: BatchId, by_force: bool) -> Result<Vec<BatchNews>, Failure> {
        (self.claim, self.batch, self.watched) = (None, None, None);
        let claim = session.try_with(|store| if by_force { store.take_over(batch) } else { store.claim(batch) });
        match claim {
            Ok(claim) => {
                (self.claim, self.batch) = (Some(claim), Some(batch));
                let mut news = self.follow(session, batch)?;
                news.push(BatchNews::Held(None));
                Ok(news)
            }
            Err(StoreError::Held(by)) => self.watch(session, batch, by),
            Err(error) => Err(session.office.told(&error)),
        }
    }

    /// Notes that somebody else holds the batch, and what they have made of it.
    fn watch(&mut self, session: &Session, batch: BatchId, by: BatchHolder) -> Result<Vec<BatchNews>, Failure> {
        let holder = Some(by.clone());
        (self.claim, self.batch, self.watched) = (None, None, Some((batch, by)));
        let mut news = self.follow(session, batch)?;
        news.push(BatchNews::Held(holder));
        Ok(news)
    }

    /// Gives the steps of a batch if they are not those that were told.
    fn follow(&mut self, session: &Session, batch: BatchId) -> Result<Vec<BatchNews>, Failure> {
        let mark = Some(session.with(|store| store.steps_of(batch))?);
        if mark == self.mark {
            return Ok(Vec::new());
        }
        if let (Some(mark), Some(loaded)) = (&mark, &self.loaded)
            && mark.has_more_rows(loaded)
        {
            self.mark = Some(*mark);
            return Ok(vec![BatchNews::Rows(batch)]);
        }
        let (steps, applied) = session.steps(batch)?;
        self.mark = mark;
        Ok(vec![BatchNews::Steps(steps, applied)])
    }

    /// Gives up what a change of the batch has failed at because somebody else has taken it over, or has changed it meanwhile:
    /// what is stored counts again. Nothing when it failed for another reason.
    pub fn give_up(&mut self, session: &Session) -> Result<Vec<BatchNews>, Failure> {
        let Some(batch) = self.shown() else { return Ok(Vec::new()) };
        // In another store somebody else may hold a batch of this number.
        session.with(Store::must_be_the_same)?;
        let holder = session.with(|store| store.holder(batch))?;
        if holder.is_none() && session.with(|store| store.holds(batch))? {
            return Ok(Vec::new());
        }
        // The screen shows what was not stored: it is told how the batch stands whatever it was told before.
        self.mark = None;
        match holder {
            Some(by) => self.watch(session, batch, by),
            None => self.take(session, batch, false),
        }
    }

    /// Lets go of the batch, and deletes it if it is ours and nothing was done in it yet. Nothing when there is none.
    pub fn discard(&mut self, session: &Session) -> Result<Option<Discarded>, Failure> {
        let Some(batch) = self.shown() else { return Ok(None) };
        // Whoever holds a batch keeps it from being deleted, ourselves as well.
        let is_ours = self.claim.take().is_some();
        (self.batch, self.watched, self.mark) = (None, None, None);
        let (steps, _) = session.with(|store| store.history(batch))?;
        let is_complete = session.batch(batch)?.complete;
        if !is_ours || is_complete || !steps.is_empty() {
            return Ok(Some(Discarded::Kept(steps.len())));
        }
        session.with(|store| store.delete_batch(batch))?;
        Ok(Some(Discarded::Gone))
    }

    pub fn add_block(&mut self, session: &Session, block: &Block, skipped: &[SkippedRun]) -> Result<(), Failure> {
        let (Some(_), Some(import)) = (self.batch, &mut self.import) else { return Ok(()) };
        session.with(|store| import.add(store, block, skipped))
    }

    /// Notes that all rows are stored. A file that cannot be read any more, or that is another one by now, leaves its digest
    /// out.
    pub fn complete(&self, session: &Session, rows: u32) -> Result<(), Failure> {
        let (Some(batch), Some(import)) = (self.batch, &self.import) else { return Ok(()) };
        let source = session.batch(batch)?.source;
        let digest = session.office.digest_as_read(&source).ok().flatten();
        session.with(|store| import.complete(store, rows, digest.as_deref()))
    }

    pub fn record(&mut self, session: &Session, change: &Change) -> Result<(), Failure> {
        self.change(session, |store, batch| store.record(batch, change))
    }

    pub fn undo(&mut self, session: &Session) -> Result<(), Failure> {
        self.change(session, |store, batch| store.undo(batch).map(drop))
    }

    pub fn redo(&mut self, session: &Session) -> Result<(), Failure> {
        self.change(session, |store, batch| store.redo(batch).map(drop))
    }

    fn change(
        &mut self,
        session: &Session,
        work: impl Fn(&Store, BatchId) -> Result<(), StoreError>,
    ) -> Result<(), Failure> {
        if self.shown().is_none() {
            return Ok(());
        }
        let batch = self.for_change(session)?;
        session.with(|store| work(store, batch))?;
        self.mark = Some(session.with(|store| store.steps_of(batch))?);
        Ok(())
    }

    /// Gives the batch in hand, which is ours to change.
    pub(super) fn for_change(&mut self, session: &Session) -> Result<BatchId, Failure> {
        let Some(batch) = self.batch else {
            // Typed before the news was on the screen.
            let held = |(_, by): &(BatchId, BatchHolder)| session.office.told(&StoreError::Held(by.clone()));
            return Err(self.watched.as_ref().map_or_else(|| bug("no batch"), held));
        };
        self.hold(session, batch)?;
        Ok(batch)
    }

    /// Claims the batch again where the claim is gone and nobody has changed anything since; whoever has it now is found by the
    /// change itself.
    fn hold(&mut self, session: &Session, batch: BatchId) -> Result<(), Failure> {
        let is_ours = session.with(|store| Ok(store.holds(batch)? || store.holder(batch)?.is_some()))?;
        if is_ours {
            return Ok(());
        }
        if Some(session.with(|store| store.steps_of(batch))?) != self.mark {
            return Err(session.office.told(&StoreError::BatchMoved(batch)));
        }
        // The old one, given back later, would take the new one along.
        self.claim = None;
        self.claim = Some(session.with(|store| store.claim(batch))?);
        Ok(())
    }

    /// Notes that the steps as they stand are known, those of others too.
    pub fn note_steps(&mut self, session: &Session) {
        // Without the mark they are told once more, which changes nothing.
        self.mark = self.batch.and_then(|batch| session.with(|store| store.steps_of(batch)).ok());
    }

    pub(super) fn set_mark(&mut self, mark: Steps) {
        (self.mark, self.loaded) = (Some(mark), Some(mark));
    }

    /// Keeps where the user is in the batch.
    pub fn save_view(&self, session: &Session, json: &str) -> Result<(), Failure> {
        self.batch.map_or(Ok(()), |batch| session.once(|store| store.save_view(batch, json)))
    }

    /// Looks whether others have changed the store, and how the batch stands. After a change that `failed` the batch is left
    /// as it is.
    pub fn look_around(&mut self, session: &Session, failed: bool) -> Result<Vec<BatchNews>, Failure> {
        let mut news = Vec::new();
        let changed = session.once(Store::changed)?;
        if changed {
            let head = session.once(Store::audit_head)?;
            if head != self.head {
                news.push(BatchNews::Store);
                if session.once(|store| store.ledger_moved_since(&self.head))? {
                    news.push(BatchNews::Ledger);
                }
                let registry = session.once(Store::registry)?;
                news.extend(session.office.renew_tables(registry).map(BatchNews::Registry));
            }
            self.head = head;
        }
        let batch = match (self.batch, &self.watched) {
            (Some(batch), _) if changed && !session.once(|store| store.holds(batch))? => batch,
            (None, Some((batch, _))) => *batch,
            _ => return Ok(news),
        };
        if failed {
            return Ok(news);
        }
        // That a holder has died is no change of the store, so this is asked each time.
        let holder = session.once(|store| store.holder(batch))?;
        let known = self.watched.as_ref().map(|(_, by)| by);
        news.extend(match holder {
            // Also after somebody took it over and has left it since.
            None => self.take(session, batch, false)?,
            Some(by) if Some(&by) != known => self.watch(session, batch, by)?,
            Some(_) if changed => self.follow(session, batch)?,
            Some(_) => Vec::new(),
        });
        Ok(news)
    }
}

impl Session {
    /// Tells who made the steps of a batch, undone ones among them, and when.
    pub fn steps_made(&self, batch: BatchId) -> Result<Vec<StepMade>, Failure> {
        self.with(|store| store.steps_made(batch))
    }

    fn steps(&self, batch: BatchId) -> Result<(Vec<Arc<Change>>, usize), Failure> {
        let (steps, applied) = self.with(|store| store.history(batch))?;
        Ok((steps.into_iter().map(Arc::new).collect(), applied))
    }
}
