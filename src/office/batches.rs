//! Batches of the store (批次): a file imported once, or a batch by its number, with its history in force.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;

use super::batch_list::{self, WorkedBatch};
use super::import::BatchImport;
use super::roster::sorted_keys;
use super::{
    BatchWork, InHand, KeptRows, KnownFile, KnownPart, LoadedRoster, Office, RosterReading, RosterRefused, Session,
};
use crate::domain::batch::Batch;
use crate::domain::ledger::{BatchId, Certificate, Status};
use crate::domain::profile::Profile;
use crate::domain::profile_choice::{ChosenBy, ProfileChoice};
use crate::domain::roster::{Block, Change, History, Origin, Part};
use crate::domain::rules::{BlockReport, CheckContext, Checker};
use crate::domain::sheet::SkippedRun;
use crate::failure::Failure;
use crate::formats::read::SAMPLE_ROWS;
use crate::formats::read_back::digest;
use crate::store::{
    ChangedReading, Claim, HandIn, NewBatch, Skipped, SourceFile, Steps, Store, StoreError, StoredBatch,
};

/// How often an import is begun again that another one of the same file has cleared away.
const TRIES: usize = 3;

/// What is worked on, before anything is stored.
pub enum OpenedRoster {
    /// A batch of the store, with its history in force.
    Stored(BatchId, Batch),
    /// A file that is none yet.
    New(Imported),
}

impl OpenedRoster {
    pub fn batch(&self) -> &Batch {
        match self {
            OpenedRoster::Stored(_, batch) => batch,
            OpenedRoster::New(file) => &file.batch,
        }
    }

    pub fn into_batch(self) -> Batch {
        match self {
            OpenedRoster::Stored(_, batch) => batch,
            OpenedRoster::New(file) => file.batch,
        }
    }

    /// Gives the batch's number, if it has one.
    pub fn id(&self) -> Option<BatchId> {
        match self {
            OpenedRoster::Stored(id, _) => Some(*id),
            OpenedRoster::New(_) => None,
        }
    }
}

/// What a stored batch is opened for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// To be looked at: where its profile is gone the first one is taken, which is told.
    Look,
    /// To take numbers or to write what is handed in: it stays closed until its profile is there, or another one is named.
    Work,
}

/// A batch as it is listed.
#[derive(Debug)]
pub struct ListedBatch {
    pub batch: StoredBatch,
    pub work: BatchWork,
    /// How many of its certificates stand how.
    pub numbers: BTreeMap<Status, u32>,
    /// What came back of the one batch that is shown, each with why.
    pub returned: Vec<(Certificate, String)>,
    /// The files that it holds the rows of, where they are several; of the one batch that is shown as well.
    pub parts: Vec<Part>,
    /// What its notice demands to be known and is missing or disagrees, in words; of the one batch that is shown as well.
    pub lacks: Vec<String>,
    /// What was handed in of the one batch that is shown, and what the replies said.
    pub handed: Vec<HandIn>,
}

/// What comes after the rows of a stored batch.
#[derive(Debug)]
pub struct StoredEnd {
    pub skipped: Vec<SkippedRun>,
    pub steps: Vec<Arc<Change>>,
    /// How many of the steps are applied.
    pub applied: usize,
    mark: Steps,
}

impl StoredEnd {
    /// Notes for the batch in hand that these are the steps that were told.
    pub fn note(&self, hand: &mut InHand) {
        hand.set_mark(self.mark);
    }
}

/// A file that was read, and what tells it apart from others.
pub struct Imported {
    pub profile_by: Option<ChosenBy>,
    pub(super) batch: Batch,
    source: SourceFile,
    /// Nothing where the file was written over while it was read.
    pub(super) sha256: Option<String>,
}

impl Session {
    /// Opens a roster file as the batch that it is already, with its history in force, or as a new one. Nothing is stored.
    pub(super) fn open_file(
        &self,
        path: &Path,
        reading: &RosterReading,
        tell: &mut dyn FnMut(String),
    ) -> Result<OpenedRoster, Failure> {
        if let Some(seen) = self.look_at(path)? {
            match self.known_as(&seen, path, reading, false)? {
                KnownFile::Same(found) => {
                    self.tell_others(&seen, &found.0, tell)?;
                    return self.go_on_with((*found, 0), reading, tell);
                }
                KnownFile::In(held) => {
                    if let Some(part) = held.into_iter().next() {
                        return self.go_on_with(part, reading, tell);
                    }
                }
                KnownFile::Changed(other) => self.tell_changed(&other, tell),
                KnownFile::New => {}
            }
            self.must_not_leave_out(&seen, path, reading)?;
        }
        let source = self.office.source_of(path);
        let loaded = self.office.load(path, reading, KeptRows::All, tell).map_err(RosterRefused::failure)?;
        let LoadedRoster { batch, profile_by, .. } = loaded;
        // What keeps a file from being looked at is told better by whoever reads it.
        let source = source.map_err(|e| self.office.locale().unread(path, &e))?;
        let sha256 = self.office.digest_as_read(&source)?;
        Ok(OpenedRoster::New(Imported { profile_by, batch, source, sha256 }))
    }

    /// Opens the batch that a file is, or is one of the files of.
    fn go_on_with(
        &self,
        part: KnownPart,
        reading: &RosterReading,
        tell: &mut dyn FnMut(String),
    ) -> Result<OpenedRoster, Failure> {
        self.tell_work("ledger.found-again", &part.0, tell);
        if part.0.0.parts != 0 {
            self.tell_part("ledger.whole-batch", &part, tell);
        }
        self.tell_not_read(&part.0, reading, tell);
        let (stored, _) = part.0;
        Ok(OpenedRoster::Stored(stored.id, self.reopen(&stored, reading, Purpose::Work, tell)?))
    }

    /// Opens a batch of the store by its number, with its history in force.
    pub(super) fn open_batch(
        &self,
        id: BatchId,
        reading: &RosterReading,
        tell: &mut dyn FnMut(String),
    ) -> Result<OpenedRoster, Failure> {
        Ok(OpenedRoster::Stored(id, self.reopen(&self.batch(id)?, reading, Purpose::Work, tell)?))
    }

    /// Makes what is worked on a batch of the store where it is none: the one that another process has made of the file
    /// meanwhile, or a new one.
    pub fn keep(
        &self,
        opened: OpenedRoster,
        reading: &RosterReading,
        tell: &mut dyn FnMut(String),
    ) -> Result<(BatchId, Batch), Failure> {
        let file = match opened {
            OpenedRoster::Stored(id, batch) => return Ok((id, batch)),
            OpenedRoster::New(file) => file,
        };
        let mut tried = 0;
        loop {
            let sheet = &file.batch.origin.sheet;
            if let Some(same) =
                self.same_batch(&file.source, sheet, file.sha256.as_deref().unwrap_or_default(), reading)?
            {
                return Ok((same.id, self.reopen(&same, reading, Purpose::Work, tell)?));
            }
            tried += 1;
            match file.put(&self.store) {
                Ok(id) => return Ok((id, file.batch)),
                Err(StoreError::NoBatch(_)) if tried < TRIES => {}
                Err(error) => return Err(self.office.told(&error)),
            }
        }
    }

    /// Lists the batches, newest first; with `all` the archived ones among them.
    pub fn list_batches(&self, all: bool) -> Result<Vec<ListedBatch>, Failure> {
        let listed = |(batch, work): WorkedBatch| {
            let numbers = self.with(|store| store.statuses_of_batch(batch.id))?;
            Ok(ListedBatch {
                batch,
                work,
                numbers,
                returned: Vec::new(),
                parts: Vec::new(),
                lacks: Vec::new(),
                handed: Vec::new(),
            })
        };
        self.with(|store| batch_list::list(&self.office, store, all))?.into_iter().map(listed).collect()
    }

    /// Gives a batch with what came back of it.
    pub fn list_batch(&self, id: BatchId) -> Result<ListedBatch, Failure> {
        let (batch, work) = self.with_work(id)?;
        let numbers = self.with(|store| store.statuses_of_batch(id))?;
        let has_returned = numbers.contains_key(&Status::Returned);
        let returned = if has_returned { self.with(|store| store.returned_of_batch(id))? } else { Vec::new() };
        let parts = self.parts_of(&batch)?;
        let lacks = self.lacks_of(id)?;
        let handed = self.with(|store| store.handed_in(id))?;
        Ok(ListedBatch { batch, work, numbers, returned, parts, lacks, handed })
    }

    pub fn batch(&self, id: BatchId) -> Result<StoredBatch, Failure> {
        self.with(|store| store.batch(id))
    }

    /// Reads a stored batch with its history in force and compares it with the ledger.
    pub fn reopen(
        &self,
        stored: &StoredBatch,
        reading: &RosterReading,
        purpose: Purpose,
        tell: &mut dyn FnMut(String),
    ) -> Result<Batch, Failure> {
        let office = &self.office;
        let told = |e: StoreError| office.told(&e);
        if !stored.complete {
            return Err(told(StoreError::Unfinished(stored.id)));
        }
        let context = self.stored_context(stored, reading, purpose, tell)?;
        let first_line = stored.origin.header_row + 1;
        let columns = context.sheet().with_people(&stored.columns);
        let parts = self.parts_of(stored)?.into_iter();
        let parts = parts.map(|part| Part { columns: context.sheet().with_people(&part.columns), ..part });
        let parts: Vec<Part> = parts.collect();
        let mut batch = Batch::new(self.provenance(stored)?.0, columns, first_line, context);
        batch.set_parts(parts);
        let checker = batch.checker().clone();
        let end = self.read_stored(stored.id, &checker, &mut |block, report| {
            batch.append(block, report);
            ControlFlow::Continue(())
        })?;
        batch.finish(sorted_keys);
        if let Some(end) = end {
            batch.take_skipped(end.skipped);
            batch.restore(History::restored(end.steps, end.applied));
        }
        let compared = match office.ledger_to_compare() {
            Ok(Some(ledger)) => office.compare(&mut batch, &ledger, Some(stored.id)),
            Ok(None) => {
                let known = office.known(Some(stored.id), Default::default);
                known.map(|known| batch.set_known(Arc::new(known)))
            }
            Err(error) => Err(told(error)),
        };
        compared.unwrap_or_else(|failure| tell(failure.to_string()));
        Ok(batch)
    }

    /// Makes what a stored batch is checked with: the profile and the day that are given, else its own profile and today.
    pub fn stored_context(
        &self,
        stored: &StoredBatch,
        reading: &RosterReading,
        purpose: Purpose,
        tell: &mut dyn FnMut(String),
    ) -> Result<CheckContext, Failure> {
        let office = &self.office;
        let profile = match (&reading.profile, office.profile(&stored.profile)) {
            (Some(given), _) => office.profile(given)?,
            (None, Err(_)) if purpose == Purpose::Look => {
                let first = office.first_profile()?;
                let places = [("id", stored.profile.as_str()), ("profile", &first.name)];
                tell(office.locale().fill("status.profile-gone", &places));
                first
            }
            (None, own) => own?,
        };
        // The form is known again by the columns.
        let form = office.form_of(&profile, &stored.columns.labels())?;
        Ok(office.check_context((profile, form), reading.day(office)?, tell))
    }

    /// Reads and checks the rows of a stored batch, in order, until `deliver` says to stop; nothing is given then.
    pub fn read_stored(
        &self,
        id: BatchId,
        checker: &Checker,
        deliver: &mut dyn FnMut(Arc<Block>, BlockReport) -> ControlFlow<()>,
    ) -> Result<Option<StoredEnd>, Failure> {
        let told = |e: StoreError| self.office.told(&e);
        let skipped = self.once(|store| store.skipped(id))?;
        let skipped = skipped.into_iter().map(Skipped::run).collect();
        for block in self.store.blocks(id) {
            let block = Arc::new(block.map_err(told)?);
            let report = checker.check_block(&block);
            if deliver(block, report).is_break() {
                return Ok(None);
            }
        }
        // The mark first: what is changed between the two is told once more, and nothing is missed.
        let mark = self.once(|store| store.steps_of(id))?;
        let (steps, applied) = self.once(|store| store.history(id))?;
        Ok(Some(StoredEnd { skipped, steps: steps.into_iter().map(Arc::new).collect(), applied, mark }))
    }

    /// Gives where a batch came from, with what stood beside its rows when they were read, and what its profile was chosen by,
    /// where that is known.
    pub fn provenance(&self, stored: &StoredBatch) -> Result<(Origin, Option<ChosenBy>), Failure> {
        let (beside, profile_by) = self.once(|store| store.provenance(stored.id))?;
        Ok((Origin { beside: Arc::new(beside), ..stored.origin.clone() }, profile_by))
    }

    /// Stores another profile for a batch, and how its columns fit that profile's form; without one what the rows tell, and
    /// what was picked before is forgotten.
    pub(super) fn change_profile(&self, id: BatchId, profile: Option<&str>) -> Result<(), Failure> {
        let office = &self.office;
        let stored = self.batch(id)?;
        if !stored.complete {
            return Err(office.told(&StoreError::Unfinished(id)));
        }
        let first = self.with(|store| store.blocks(id).next().transpose())?;
        // As many rows as are looked at where a file is opened.
        let rows = |block: &Block| {
            (0..block.len()).take_while(|row| block.line(*row) + stored.origin.header_row < SAMPLE_ROWS as u32).count()
        };
        let evidence = office.evidence(&stored.columns, |at| {
            let cells = |block: &Block| (0..rows(block)).map(|row| block.cell(row, at).to_string()).collect();
            first.as_ref().map_or_else(Vec::new, cells)
        })?;
        let own = office.profile(&stored.profile).or_else(|_| office.first_profile())?;
        let (tables, _) = office.tables_in_use();
        let form_of = |profile: &Profile| office.form_of(profile, &evidence.labels);
        let given = profile.map(|id| office.profile(id)).transpose()?;
        let chosen = match &given {
            Some(profile) => ProfileChoice {
                profile: Arc::clone(profile),
                form: form_of(profile)?,
                by: ChosenBy::Answered,
                votes: Vec::new(),
            },
            None => office.choose_anew(&evidence, &tables.registry)?,
        };
        let columns = stored.columns.fitted(&*form_of(&own)?, &chosen.form);
        let reading = ChangedReading {
            profile: &chosen.profile.id,
            by: chosen.by,
            columns: Some(&columns).filter(|columns| **columns != stored.columns),
            fingerprint: &evidence.fingerprint(),
            is_remembered: profile.is_some(),
        };
        self.with(|store| store.change_reading(id, &reading))
    }

    /// Forgets how the columns of a header were matched; tells whether that was known.
    pub fn forget_columns(&self, fingerprint: &str) -> Result<bool, Failure> {
        self.with(|store| store.forget_columns(fingerprint))
    }

    /// Gives where the user was in a batch; empty where that is not known.
    pub fn view(&self, id: BatchId) -> Result<String, Failure> {
        Ok(self.once(|store| store.view(id))?.unwrap_or_default())
    }

    /// Gives the newest batch.
    pub fn latest_batch(&self) -> Result<Option<StoredBatch>, Failure> {
        self.once(Store::latest_batch)
    }

    /// Claims a batch, so that nobody else changes it until the claim is dropped, and reads it again where somebody changed it
    /// before.
    pub(super) fn claim_as_read(
        &self,
        id: BatchId,
        batch: Batch,
        reading: &RosterReading,
        tell: &mut dyn FnMut(String),
    ) -> Result<(Claim, Batch), Failure> {
        let claim = self.with(|store| store.claim(id))?;
        let (steps, applied) = self.with(|store| store.history(id))?;
        let has_all_rows = self.batch(id)?.rows == batch.roster().len();
        if has_all_rows && steps.iter().take(applied).eq(batch.history().applied().iter().map(|step| &**step)) {
            return Ok((claim, batch));
        }
        let batch = self.reopen(&self.batch(id)?, reading, Purpose::Work, tell)?;
        Ok((claim, batch))
    }
}

impl Office {
    /// Gives the digest of a file, SHA-256 in hexadecimal.
    pub fn digest(&self, path: &Path) -> Result<String, Failure> {
        digest(&self.place_of(path)).map(|(sha256, _)| sha256).map_err(|e| self.locale().unread(path, &e))
    }

    /// Gives the digest of a file whose rows were read after it was looked at; nothing where it has been written over since:
    /// the digest would be that of other rows.
    pub(super) fn digest_as_read(&self, source: &SourceFile) -> Result<Option<String>, Failure> {
        let sha256 = self.digest(&source.path)?;
        Ok(Some(sha256).filter(|_| self.source_of(&source.path).is_ok_and(|now| now == *source)))
    }
}

impl Imported {
    /// Makes the file a batch of the store.
    fn put(&self, store: &Store) -> Result<BatchId, StoreError> {
        let roster = self.batch.roster();
        let new = NewBatch {
            source: self.source.clone(),
            origin: self.batch.origin.clone(),
            profile: self.batch.context().profile().id.clone(),
            profile_by: self.profile_by,
            fingerprint: String::new(),
            columns: roster.columns.clone(),
            matched: None,
        };
        let mut import = BatchImport::begin(store, &new)?;
        for (number, (_, block)) in roster.blocks().enumerate() {
            let skipped = if number == 0 { self.batch.skipped_runs(0) } else { Vec::new() };
            import.add(store, block, &skipped)?;
        }
        import.complete(store, roster.len(), self.sha256.as_deref())?;
        Ok(import.batch)
    }
}
