//! Batches of the store (批次): a file imported once, or a batch by its number, with its history in force.

use std::path::Path;
use std::sync::Arc;

use super::roster::sorted_keys;
use super::{Input, Keep, Loaded, Office, Reading, RosterRefused, Session};
use crate::domain::batch::Batch;
use crate::domain::ledger::BatchId;
use crate::domain::profile::Choice;
use crate::domain::roster::History;
use crate::failure::Failure;
use crate::formats::read_back::digest;
use crate::store::{Claim, NewBatch, Skipped, Source, Store, StoreError, StoredBatch};

/// How often an import is begun again that another one of the same file has cleared away.
const TRIES: usize = 3;

/// What is worked on, before anything is stored.
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
}

/// A file that was read, and what tells it apart from others.
pub struct Imported {
    /// Whether its codes told the profile, so that it is no guess.
    pub profile_from_codes: bool,
    batch: Batch,
    source: Source,
    sha256: String,
}

impl Session {
    /// Opens a roster file as the batch that it is already, with its history in force, or as a new one. Nothing is stored.
    pub fn open_file(
        &self,
        input: Input<'_>,
        reading: &Reading,
        tell: &mut dyn FnMut(String),
    ) -> Result<Opened, Failure> {
        let path = input.path();
        let loaded = self.office.load(input, reading, Keep::All, tell).map_err(RosterRefused::failure)?;
        let Loaded { batch, profile_from_codes, .. } = loaded;
        let source = Source::of(path).map_err(|e| self.office.locale().unread(path, &e))?;
        let sha256 = self.office.digest(path)?;
        let file = Imported { profile_from_codes, batch, source, sha256 };
        Ok(match self.known(&file, reading, tell)? {
            Some((id, batch)) => Opened::Stored(id, batch),
            None => Opened::New(file),
        })
    }

    /// Opens a batch of the store by its number, with its history in force.
    pub fn open_batch(&self, id: BatchId, reading: &Reading, tell: &mut dyn FnMut(String)) -> Result<Opened, Failure> {
        Ok(Opened::Stored(id, self.reopen(&self.batch(id)?, reading, tell)?))
    }

    /// Makes what is worked on a batch of the store where it is none: the one that another process has made of the file
    /// meanwhile, or a new one.
    pub fn keep(
        &self,
        opened: Opened,
        reading: &Reading,
        tell: &mut dyn FnMut(String),
    ) -> Result<(BatchId, Batch), Failure> {
        let file = match opened {
            Opened::Stored(id, batch) => return Ok((id, batch)),
            Opened::New(file) => file,
        };
        let mut tried = 0;
        loop {
            if let Some(known) = self.known(&file, reading, tell)? {
                return Ok(known);
            }
            tried += 1;
            match file.put(&self.store) {
                Ok(id) => return Ok((id, file.batch)),
                Err(StoreError::NoBatch(_)) if tried < TRIES => {}
                Err(error) => return Err(self.office.told(&error)),
            }
        }
    }

    /// Gives a batch as it is listed.
    pub fn batch(&self, id: BatchId) -> Result<StoredBatch, Failure> {
        self.with(|store| store.batch(id))
    }

    /// Reads a stored batch with its history in force, with the profile and the day that are given, and compares it with the
    /// ledger.
    pub fn reopen(
        &self,
        stored: &StoredBatch,
        reading: &Reading,
        tell: &mut dyn FnMut(String),
    ) -> Result<Batch, Failure> {
        let office = &self.office;
        let told = |e: StoreError| office.told(&e);
        if !stored.complete {
            return Err(told(StoreError::Unfinished(stored.id.0)));
        }
        let profile = office.profile(reading.profile.as_deref().unwrap_or(&stored.profile))?;
        // The form is known again by the columns.
        let Choice { profile, form, .. } = office.choose(Some(&profile), &stored.columns.labels(), &[])?;
        let today = reading.day(office)?;
        let context = office.context(profile, form, self.with(Store::registry)?, today);
        let first_line = stored.origin.header_row + 1;
        let mut batch = Batch::new(stored.origin.clone(), stored.columns.clone(), first_line, context);
        let checker = batch.checker().clone();
        for block in self.store.blocks(stored.id) {
            let block = Arc::new(block.map_err(told)?);
            let report = checker.check_block(&block);
            batch.append(block, report);
        }
        let skipped = self.with(|store| store.skipped(stored.id))?;
        batch.skipped = skipped.iter().flat_map(|s| (s.line..s.line + s.count).map(|line| (line, s.reason))).collect();
        batch.finish(sorted_keys);
        let (steps, applied) = self.with(|store| store.history(stored.id))?;
        batch.restore(History::restored(steps.into_iter().map(Arc::new).collect(), applied));
        let compared = match office.ledger_to_compare() {
            Ok(Some(ledger)) => office.compare(&mut batch, &ledger, Some(stored.id.0)),
            Ok(None) => Ok(()),
            Err(error) => Err(told(error)),
        };
        compared.unwrap_or_else(|failure| tell(failure.to_string()));
        Ok(batch)
    }

    /// Claims a batch, so that nobody else changes it until the claim is dropped, and reads it again where somebody changed it
    /// before.
    pub fn claim_as_read(
        &self,
        id: BatchId,
        batch: Batch,
        reading: &Reading,
        tell: &mut dyn FnMut(String),
    ) -> Result<(Claim, Batch), Failure> {
        let claim = self.with(|store| store.claim(id))?;
        let (steps, applied) = self.with(|store| store.history(id))?;
        if steps.iter().take(applied).eq(batch.history().applied().iter().map(|step| &**step)) {
            return Ok((claim, batch));
        }
        let batch = self.reopen(&self.batch(id)?, reading, tell)?;
        Ok((claim, batch))
    }

    /// Finds the batch that a file is already, with its history in force.
    fn known(
        &self,
        file: &Imported,
        reading: &Reading,
        tell: &mut dyn FnMut(String),
    ) -> Result<Option<(BatchId, Batch)>, Failure> {
        let sheet = &file.batch.origin.sheet;
        let same = self.with(|store| store.find_same_source(&file.source, sheet, Some(&file.sha256)))?;
        let Some(id) = same else { return Ok(None) };
        Ok(Some((id, self.reopen(&self.batch(id)?, reading, tell)?)))
    }
}

impl Office {
    /// Gives the digest of a file, SHA-256 in hexadecimal.
    pub fn digest(&self, path: &Path) -> Result<String, Failure> {
        digest(path).map(|(sha256, _)| sha256).map_err(|e| self.locale().unread(path, &e))
    }
}

impl Imported {
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
