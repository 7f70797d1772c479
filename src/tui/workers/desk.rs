//! The store's desk: what the one thread that holds the store does with an order.

use std::io::Read;
use std::path::Path;
use std::sync::Arc;

use super::{Reports, Setup};
use crate::app::msg::{Msg, Opened, ReadEnd, ReadJob, StoreJob, Stored};
use crate::data;
use crate::domain::profile::Choice;
use crate::domain::roster::Change;
use crate::domain::sheet::SkipReason;
use crate::failure::{Failure, FailureKind};
use crate::locale::Locale;
use crate::store::{BatchId, Claim, NewBatch, Places, Skipped, Source, Store, StoreError, StoredBatch};

/// How often the store is tried while it is busy.
const TRIES: usize = 3;

/// The store as its one thread holds it.
pub(super) struct Desk {
    pub(super) locale: Arc<Locale>,
    pub(super) setup: Arc<Setup>,
    store: Option<Store>,
    batch: Option<BatchId>,
    blocks: u32,
    claim: Option<Claim>,
}

impl Desk {
    pub(super) fn new(locale: Arc<Locale>, setup: Arc<Setup>) -> Desk {
        Desk { locale, setup, store: None, batch: None, blocks: 0, claim: None }
    }

    /// Opens the store when it is needed first.
    pub(super) fn store(&mut self) -> Result<&Store, Failure> {
        if self.store.is_none() {
            let places =
                Places::from_environment(self.setup.home.as_deref()).map_err(|e| self.locale.store_failure(&e))?;
            self.store =
                Some(Store::open(&places, &crate::store::user(), "tui").map_err(|e| self.locale.store_failure(&e))?);
        }
        self.store.as_ref().ok_or_else(|| Failure::new(FailureKind::Bug, "store", ""))
    }

    /// Finds the stored batch of a file that has not changed since. Of a workbook without a given sheet only when there is
    /// no sheet to choose: else the choice comes first.
    pub(super) fn batch_of(&mut self, job: &ReadJob) -> Option<StoredBatch> {
        let source = Source::of(&job.path.canonicalize().ok()?).ok()?;
        if job.columns.is_some() {
            return None;
        }
        let wanted = |b: &StoredBatch| {
            let profile = self.setup.profile.as_ref().is_none_or(|p| p.id == b.profile);
            b.complete && b.source == source && profile
        };
        let mut found = self.store.as_ref()?.batches().ok()?;
        found.retain(wanted);
        let sheet = match &job.sheet {
            Some(sheet) => sheet.clone(),
            // A text file has no sheet; a workbook is asked only when there is a batch it may be about.
            None if found.iter().all(|b| b.origin.sheet.is_empty()) => String::new(),
            None => super::only_sheet(&job.path, &self.setup)?,
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

    /// Claims a batch for this workbench; from now on orders are about it. Without the claim they are about none.
    fn take(&mut self, batch: BatchId) -> Result<(), Failure> {
        (self.claim, self.batch, self.blocks) = (None, None, 0);
        self.claim = Some(self.patiently(|store| store.claim(batch))?);
        self.batch = Some(batch);
        Ok(())
    }

    /// Has the store do something, again while another process keeps it busy.
    fn patiently<T>(&mut self, work: impl Fn(&Store) -> Result<T, StoreError>) -> Result<T, Failure> {
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

    /// Does a job; on disk when this returns. A batch that takes over what a cut-off import left reports the steps.
    pub(super) fn run(&mut self, job: StoreJob) -> Result<Option<Msg>, Failure> {
        match job {
            StoreJob::Create { origin, path, columns, profile } => {
                self.batch = None;
                let path = path.canonicalize().unwrap_or(path);
                let source = Source::of(&path).map_err(|e| Failure::new(FailureKind::File, e.to_string(), ""))?;
                let new = NewBatch { source, origin, profile, columns };
                let batch = self.patiently(|store| store.create_batch(&new))?;
                self.take(batch)?;
                let (steps, applied) = self.patiently(|store| store.history(batch))?;
                let steps: Vec<Arc<Change>> = steps.into_iter().map(Arc::new).collect();
                return Ok((!steps.is_empty()).then_some(Msg::Recovered { steps, applied }));
            }
            StoreJob::Continue { batch } => self.take(BatchId(batch))?,
            job => self.run_in_batch(&job)?,
        }
        Ok(None)
    }

    fn run_in_batch(&mut self, job: &StoreJob) -> Result<(), Failure> {
        let (Some(batch), blocks) = (self.batch, self.blocks) else { return Ok(()) };
        match job {
            StoreJob::Create { .. } | StoreJob::Continue { .. } => {}
            StoreJob::AddBlock { block, skipped } => {
                let skipped = runs(skipped);
                self.patiently(|store| store.add_block(batch, blocks, block, &skipped))?;
                self.blocks += 1;
            }
            StoreJob::Complete { rows } => {
                let source = self.patiently(|store| store.batch(batch))?.source.path;
                let digest = digest(&source);
                self.patiently(|store| store.complete_batch(batch, *rows, digest.as_deref()))?;
            }
            StoreJob::Record { change } => self.patiently(|store| store.record(batch, change))?,
            StoreJob::Undo => drop(self.patiently(|store| store.undo(batch))?),
            StoreJob::Redo => drop(self.patiently(|store| store.redo(batch))?),
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
            0 => {
                let hex = |out: String, byte: &u8| out + &format!("{byte:02x}");
                return Some(hash.finalize().iter().fold(String::new(), hex));
            }
            n => hash.update(&buffer[..n]),
        }
    }
}
