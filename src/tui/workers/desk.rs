//! The store's desk: what the one thread that holds the store does with an order.

use std::io::Read;
use std::path::Path;
use std::sync::Arc;

use super::trouble::failed;
use super::{Reports, Setup, user};
use crate::app::msg::{Msg, Opened, ReadEnd, ReadJob, StoreJob};
use crate::data;
use crate::domain::roster::Change;
use crate::domain::sheet::SkipReason;
use crate::failure::{Failure, FailureKind};
use crate::locale::Locale;
use crate::store::{BatchId, Claim, NewBatch, Places, Skipped, Source, Store, StoreError, StoredBatch};

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
            let places = Places::from_environment(self.setup.home.as_deref()).map_err(|e| failed(&self.locale, &e))?;
            self.store = Some(Store::open(&places, &user(), "tui").map_err(|e| failed(&self.locale, &e))?);
        }
        self.store.as_ref().ok_or_else(|| Failure::new(FailureKind::Bug, "store", ""))
    }

    /// Finds the stored batch of a file that has not changed since.
    pub(super) fn batch_of(&mut self, job: &ReadJob) -> Option<StoredBatch> {
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
    pub(super) fn load(&mut self, stored: &StoredBatch, reports: &Reports) -> Result<(), Failure> {
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
    pub(super) fn run(&mut self, job: StoreJob) -> Result<Option<Msg>, Failure> {
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
    pub(super) fn save_view(&mut self, json: &str) -> Result<(), Failure> {
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
            0 => {
                let hex = |out: String, byte: &u8| out + &format!("{byte:02x}");
                return Some(hash.finalize().iter().fold(String::new(), hex));
            }
            n => hash.update(&buffer[..n]),
        }
    }
}
