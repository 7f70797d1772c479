//! Batches of the store for headless verbs: a file imported once, or a batch by its number, with its history in force.

use std::sync::Arc;

use super::args::SourceArgs;
use super::load::{LoadError, Loaded, compare, find_profile, ledger_of, load, sorted_keys, today};
use crate::data;
use crate::domain::batch::Batch;
use crate::domain::ledger::BatchId;
use crate::domain::profile::Choice;
use crate::domain::roster::History;
use crate::domain::rules::{CheckContext, Tables};
use crate::failure::{Failure, FailureKind};
use crate::formats::read_back::digest;
use crate::store::{NewBatch, Skipped, Source, Store, StoreError, StoredBatch};
use crate::words::Locale;

/// How often an import is begun again that another one of the same file has cleared away.
const TRIES: usize = 3;

/// What a verb works on, before anything is stored.
pub enum Opened {
    /// A batch of the store, with its history in force.
    Stored(BatchId, Batch),
    /// A file that is none yet.
    New(Imported),
}

impl Opened {
    pub fn batch(&self) -> &Batch {
        match self {
            Opened::Stored(_, batch) => batch,
            Opened::New(file) => &file.batch,
        }
    }

    /// Gives the batch's number, if it has one.
    pub fn id(&self) -> Option<BatchId> {
        match self {
            Opened::Stored(id, _) => Some(*id),
            Opened::New(_) => None,
        }
    }

    /// Makes it a batch of the store where it is none: the one that another process has made of the file meanwhile, or a
    /// new one.
    pub fn keep(self, store: &Store, args: &SourceArgs, locale: &Locale) -> Result<(BatchId, Batch), Failure> {
        let file = match self {
            Opened::Stored(id, batch) => return Ok((id, batch)),
            Opened::New(file) => file,
        };
        let mut tried = 0;
        loop {
            if let Some(known) = file.known(store, args, locale)? {
                return Ok(known);
            }
            tried += 1;
            match file.put(store) {
                Ok(id) => return Ok((id, file.batch)),
                Err(StoreError::NoBatch(_)) if tried < TRIES => {}
                Err(error) => return Err(locale.store_failure(&error)),
            }
        }
    }
}

/// Opens the batch that a verb works on: the one it names, else the file's. Nothing is stored.
pub fn open(store: &Store, args: &SourceArgs, locale: &Locale) -> Result<Opened, Failure> {
    if let Some(id) = args.batch.map(BatchId) {
        let stored = store.batch(id).map_err(|e| locale.store_failure(&e))?;
        return Ok(Opened::Stored(id, reopen(store, &stored, args, locale)?));
    }
    let file = Imported::read(args, locale)?;
    Ok(match file.known(store, args, locale)? {
        Some((id, batch)) => Opened::Stored(id, batch),
        None => Opened::New(file),
    })
}

/// Reads a stored batch with its history in force, with the profile and the day that are given.
pub fn reopen(store: &Store, stored: &StoredBatch, args: &SourceArgs, locale: &Locale) -> Result<Batch, Failure> {
    let told = |e: StoreError| locale.store_failure(&e);
    if !stored.complete {
        return Err(told(StoreError::Unfinished(stored.id.0)));
    }
    let profile = find_profile(args.profile.as_deref().unwrap_or(&stored.profile), locale)?;
    // The form is known again by the columns.
    let labels = stored.columns.labels();
    let choice = Choice::of(data::profiles(), &data::sheet, Some(&profile), &labels, &[]);
    let Choice { profile, form, .. } = choice.ok_or_else(|| Failure::new(FailureKind::Bug, "no form", ""))?;
    let today = today(args.today.as_deref(), locale)?;
    let tables = Arc::new(Tables { registry: store.registry().map_err(told)?, ..data::tables([]) });
    let context = CheckContext::new(profile, form, tables, today);
    let first_line = stored.origin.header_row + 1;
    let mut batch = Batch::new(stored.origin.clone(), stored.columns.clone(), first_line, context);
    let checker = batch.checker().clone();
    for block in store.blocks(stored.id) {
        let block = Arc::new(block.map_err(told)?);
        let report = checker.check_block(&block);
        batch.append(block, report);
    }
    let skipped = store.skipped(stored.id).map_err(told)?;
    batch.skipped = skipped.iter().flat_map(|s| (s.line..s.line + s.count).map(|line| (line, s.reason))).collect();
    batch.finish(sorted_keys);
    let (steps, applied) = store.history(stored.id).map_err(told)?;
    batch.restore(History::restored(steps.into_iter().map(Arc::new).collect(), applied));
    if let Some(ledger) = ledger_of(args, locale) {
        compare(&mut batch, &ledger, Some(stored.id.0), locale);
    }
    Ok(batch)
}

/// A file that was read, and what tells it apart from others.
pub struct Imported {
    /// Whether its codes told the profile, so that it is no guess.
    pub profile_from_codes: bool,
    batch: Batch,
    source: Source,
    sha256: String,
}

impl Imported {
    fn read(args: &SourceArgs, locale: &Locale) -> Result<Imported, Failure> {
        let name = args.file.to_string_lossy();
        let Loaded { batch, profile_from_codes, .. } = match load(args, locale) {
            Ok(loaded) => loaded,
            Err(LoadError::Failed(failure)) => return Err(failure),
            Err(LoadError::Refused(refusal)) => return Err(locale.refusal(&refusal, &name)),
        };
        let unread = |e: std::io::Error| locale.unread(&args.file, &e);
        let source = Source::of(&args.file).map_err(unread)?;
        let (sha256, _) = digest(&args.file).map_err(unread)?;
        Ok(Imported { profile_from_codes, batch, source, sha256 })
    }

    /// Finds the batch that the file is already, with its history in force.
    fn known(&self, store: &Store, args: &SourceArgs, locale: &Locale) -> Result<Option<(BatchId, Batch)>, Failure> {
        let told = |e: StoreError| locale.store_failure(&e);
        let sheet = &self.batch.origin.sheet;
        let Some(id) = store.find_same_source(&self.source, sheet, Some(&self.sha256)).map_err(told)? else {
            return Ok(None);
        };
        let stored = store.batch(id).map_err(told)?;
        Ok(Some((id, reopen(store, &stored, args, locale)?)))
    }

    /// Makes the file a batch of the store.
    fn put(&self, store: &Store) -> Result<BatchId, StoreError> {
        let roster = self.batch.roster();
        let id = store.create_batch(&NewBatch {
            source: self.source.clone(),
            origin: self.batch.origin.clone(),
            profile: self.batch.context().profile().id.clone(),
            columns: roster.columns.clone(),
        })?;
        let runs = Skipped::runs(&self.batch.skipped);
        for (number, (_, block)) in roster.blocks().enumerate() {
            let skipped = if number == 0 { runs.as_slice() } else { &[] };
            store.add_block(id, number as u32, block, skipped)?;
        }
        store.complete_batch(id, roster.len(), Some(&self.sha256))?;
        Ok(id)
    }
}
