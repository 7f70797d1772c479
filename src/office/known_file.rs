//! Files that the store knows (认得的文件): by what is in them, wherever they lie and whenever they were written.

use std::ops::ControlFlow;
use std::path::Path;

use super::{BatchWork, HeaderRows, Office, Opening, RosterReading, RosterRefused, Session, StoredBatch, WorkedBatch};
use crate::domain::batch::versions::{VersionDifference, VersionPeople, fields_of_both};
use crate::domain::ledger::BatchId;
use crate::domain::profile_choice::{ChosenBy, FileStamp};
use crate::domain::sheet::{ColumnsBy, HeaderBy, HowRead};
use crate::failure::{Failure, FailureKind};
use crate::store::SourceFile;

/// What the store knows of a file that is to be opened.
#[derive(Debug, Default)]
pub enum KnownFile {
    /// Nothing that somebody has worked on.
    #[default]
    New,
    /// It is this batch.
    Same(Box<WorkedBatch>),
    /// The batch that was read from its path last had another content, and was worked on.
    Changed(Box<WorkedBatch>),
}

/// A batch that a file was added to, and the number of its part; 0 for the file that the batch was made of.
pub type KnownPart = (WorkedBatch, u32);

/// Tells whether somebody's work is in a batch.
fn is_worked(work: &BatchWork) -> bool {
    work.edits != 0 || work.numbers != 0
}

impl Session {
    /// Looks for the batch that a file is: one of the same bytes and of the same sheet. Where a profile is given, one under that
    /// profile comes first; one under another is gone on with in the workbench (`asks`), where somebody worked on it or picked
    /// its profile. In the workbench a workbook with several sheets is none until one of them was chosen.
    pub fn known_file(&self, path: &Path, reading: &RosterReading, asks: bool) -> Result<KnownFile, Failure> {
        // What cannot be looked at is told by whoever reads it.
        let Ok(source) = SourceFile::of(path) else { return Ok(KnownFile::New) };
        let mut found = self.once(|store| store.batches_like(&source))?;
        let is_alike = found.iter().any(|b| b.source.size == source.size);
        let sha256 = if is_alike { self.office.digest(path)? } else { String::new() };
        found.retain(|b| is_same(b, &source, &sha256) || b.source.path == source.path);
        // A text file has no sheet; a workbook is asked only when there is a batch it may be about.
        let is_text = found.iter().all(|b| b.origin.sheet.is_empty());
        let Some(sheet) = self.sheet_meant(path, reading, (is_text, asks)) else { return Ok(KnownFile::New) };
        found.retain(|b| b.origin.sheet == sheet);
        let is_asked = |b: &StoredBatch| reading.profile.as_deref().is_none_or(|id| id == b.profile);
        let (asked, others): (Vec<_>, Vec<_>) = found.into_iter().partition(is_asked);
        if let Some(same) = self.same_of(&asked, &source, &sha256)? {
            return Ok(KnownFile::Same(Box::new(same)));
        }
        // A verb that names a profile means a batch of that profile.
        let other = if asks { self.same_of(&others, &source, &sha256)? } else { None };
        if let Some(same) = other.filter(|(batch, work)| is_worked(work) || self.is_picked(batch)) {
            return Ok(KnownFile::Same(Box::new(same)));
        }
        let found = asked;
        // Only the latest content of the path: whoever opened that anew has done with those before.
        let Some(other) = found.into_iter().find(|b| !b.closed) else { return Ok(KnownFile::New) };
        let work = self.once(|store| store.work_of(&other))?;
        Ok(if is_worked(&work) { KnownFile::Changed(Box::new((other, work))) } else { KnownFile::New })
    }

    /// Finds the batch of a file that somebody has worked on, under whatever profile, and tells of it: that it is `taken` in the
    /// place of the file, or that it is not.
    pub fn worked_on(
        &self,
        path: &Path,
        reading: &RosterReading,
        taken: bool,
        tell: &mut dyn FnMut(String),
    ) -> Result<Option<BatchId>, Failure> {
        let of_any = RosterReading { profile: None, ..reading.clone() };
        match self.known_file(path, &of_any, false)? {
            // A batch has more rows than one of its files: nobody gets those unasked.
            KnownFile::Same(found) if found.0.parts != 0 => {
                self.tell_part("ledger.one-of-batch", &(*found, 0), tell);
                Ok(None)
            }
            KnownFile::Same(found) => {
                let key = match (is_worked(&found.1), taken) {
                    (true, true) => "ledger.export-of-batch",
                    (true, false) => "ledger.not-the-batch",
                    (false, _) if !self.is_settled_by_hand(&found.0, path, &of_any) => return Ok(None),
                    (false, true) => "ledger.export-of-settled",
                    (false, false) => "ledger.not-the-settled",
                };
                self.tell_known(key, &found, tell);
                if taken {
                    self.tell_not_read(&found, reading, tell);
                }
                Ok(Some(found.0.id))
            }
            KnownFile::Changed(other) => {
                self.tell_known("ledger.other-content", &other, tell);
                Ok(None)
            }
            KnownFile::New => {
                if let Some(part) = self.part_known(path, &of_any)? {
                    self.tell_part("ledger.one-of-batch", &part, tell);
                }
                Ok(None)
            }
        }
    }

    /// Gives the sheet of a file that is meant; nothing where nobody has said which.
    fn sheet_meant(&self, path: &Path, reading: &RosterReading, (is_text, asks): (bool, bool)) -> Option<String> {
        match &reading.sheet {
            Some(sheet) => Some(sheet.clone()),
            None if is_text => Some(String::new()),
            None => match self.office.open_roster(path, "", reading, asks, &mut |_| ()) {
                Ok(Opening::Roster(file)) => Some(file.origin().sheet.clone()),
                Ok(Opening::Profiles { sheet } | Opening::Header(HeaderRows { sheet, .. })) => Some(sheet),
                Ok(Opening::Sheets(_)) | Err(_) => None,
            },
        }
    }

    /// Finds the batch to which a file of these bytes, and the sheet of it that is meant, was added, with the number of the part:
    /// the newest, one that is not archived before others.
    pub(super) fn part_known(&self, path: &Path, reading: &RosterReading) -> Result<Option<KnownPart>, Failure> {
        let Ok(source) = SourceFile::of(path) else { return Ok(None) };
        let mut found = self.once(|store| store.parts_like(&source))?;
        if found.is_empty() {
            return Ok(None);
        }
        let sha256 = self.office.digest(path)?;
        found.retain(|(_, part)| part.sha256.as_deref().map_or(part.source == source, |noted| noted == sha256));
        let is_text = found.iter().all(|(_, part)| part.origin.sheet.is_empty());
        let Some(sheet) = self.sheet_meant(path, reading, (is_text, false)) else { return Ok(None) };
        let mut best: Option<KnownPart> = None;
        for (batch, part) in found.into_iter().filter(|(_, part)| part.origin.sheet == sheet) {
            let batch = self.once(|store| store.batch(batch))?;
            if best.as_ref().is_none_or(|((known, _), _)| known.closed && !batch.closed) {
                let work = self.once(|store| store.work_of(&batch))?;
                best = Some(((batch, work), part.number));
            }
        }
        Ok(best)
    }

    /// Tells that a file is one of several of a batch.
    pub(super) fn tell_part(&self, key: &str, ((batch, work), number): &KnownPart, tell: &mut dyn FnMut(String)) {
        let places = [
            ("batch", batch.id.to_string()),
            ("number", (number + 1).to_string()),
            ("parts", (batch.parts + 1).to_string()),
            ("rows", batch.rows.to_string()),
            ("n", work.edits.to_string()),
            ("numbers", work.numbers.to_string()),
        ];
        tell(self.office.locale().fill(key, &places.each_ref().map(|(name, value)| (*name, value.as_str()))));
    }

    /// Refuses a file of which there is a batch under another profile than the one named, with somebody's work in it: what is
    /// done under this one would leave that work out.
    pub(super) fn must_not_leave_out(&self, path: &Path, reading: &RosterReading) -> Result<(), Failure> {
        let Some(given) = &reading.profile else { return Ok(()) };
        let of_any = RosterReading { profile: None, ..reading.clone() };
        let KnownFile::Same(found) = self.known_file(path, &of_any, false)? else { return Ok(()) };
        let (batch, work) = *found;
        if batch.closed || batch.profile == *given || !is_worked(&work) {
            return Ok(());
        }
        let locale = self.office.locale();
        let name = |id: &str| self.office.profile(id).map_or(id.to_string(), |p| locale.profile_name(&p).to_string());
        let (own, given) = (name(&batch.profile), name(given));
        let places = [
            ("batch", &*batch.id.to_string()),
            ("profile", &own),
            ("given", &given),
            ("n", &work.edits.to_string()),
            ("numbers", &work.numbers.to_string()),
        ];
        let told = locale.fill("ledger.worked-under-another", &places);
        let hint = locale.fill("ledger.worked-under-another-hint", &places);
        Err(Failure::new(FailureKind::Usage, told, hint))
    }

    /// Tells whether somebody chose a batch's profile, or matched its columns otherwise than they are found in its file.
    fn is_settled_by_hand(&self, batch: &StoredBatch, path: &Path, reading: &RosterReading) -> bool {
        let reading =
            RosterReading { sheet: Some(batch.origin.sheet.clone()).filter(|s| !s.is_empty()), ..reading.clone() };
        let is_said =
            |how: &HowRead| how.columns != ColumnsBy::Labels || how.header != HeaderBy::Found || !how.kept.is_empty();
        self.is_picked(batch)
            || self.provenance(batch).is_ok_and(|(origin, _)| is_said(&origin.beside.how))
            || matches!(self.office.open_roster(path, "", &reading, false, &mut |_| ()),
                Ok(Opening::Roster(file)) if !file.columns().holds_as(&batch.columns))
    }

    /// Tells whether somebody picked the profile of a batch.
    fn is_picked(&self, batch: &StoredBatch) -> bool {
        self.provenance(batch).is_ok_and(|(_, by)| by == Some(ChosenBy::Answered))
    }

    /// Finds the batch of a file that was read: one that another process has made of it meanwhile.
    pub(super) fn same_batch(
        &self,
        source: &SourceFile,
        sheet: &str,
        sha256: &str,
        reading: &RosterReading,
    ) -> Result<Option<StoredBatch>, Failure> {
        let mut found = self.with(|store| store.batches_like(source))?;
        found.retain(|b| b.origin.sheet == sheet && reading.profile.as_deref().is_none_or(|id| id == b.profile));
        Ok(self.same_of(&found, source, sha256)?.map(|(batch, _)| batch))
    }

    /// Finds the batch of the same bytes. Where there are several, the one with somebody's work is meant, then the newest.
    fn same_of(
        &self,
        found: &[StoredBatch],
        source: &SourceFile,
        sha256: &str,
    ) -> Result<Option<WorkedBatch>, Failure> {
        let mut best: Option<WorkedBatch> = None;
        for batch in found.iter().filter(|b| is_same(b, source, sha256)) {
            let work = self.once(|store| store.work_of(batch))?;
            let rank = |(batch, work): &WorkedBatch| (!batch.closed, is_worked(work), batch.id);
            let next = (batch.clone(), work);
            if best.as_ref().is_none_or(|best| rank(best) < rank(&next)) {
                best = Some(next);
            }
        }
        Ok(best)
    }

    /// Tells of work that is gone on with, if there is any.
    pub(super) fn tell_work(&self, key: &str, found: &WorkedBatch, tell: &mut dyn FnMut(String)) {
        if is_worked(&found.1) {
            self.tell_known(key, found, tell);
        }
    }

    /// Tells that a batch is taken whose rows were read before, where somebody has said how the file is to be read.
    pub(super) fn tell_not_read(&self, found: &WorkedBatch, reading: &RosterReading, tell: &mut dyn FnMut(String)) {
        if !reading.given.is_empty() {
            self.tell_known("ledger.reading-not-used", found, tell);
        }
    }

    /// Tells of a batch that a file is or was.
    pub(super) fn tell_known(&self, key: &str, (batch, work): &WorkedBatch, tell: &mut dyn FnMut(String)) {
        let locale = self.office.locale();
        let places = [
            ("batch", batch.id.to_string()),
            ("when", locale.moment(&work.at)),
            ("n", work.edits.to_string()),
            ("numbers", work.numbers.to_string()),
        ];
        tell(locale.fill(key, &places.each_ref().map(|(name, value)| (*name, value.as_str()))));
    }
}

impl Office {
    /// Tells how a file stands before it is opened; nothing where it cannot be looked at.
    pub fn seen(&self, path: &Path) -> Option<FileStamp> {
        SourceFile::of(path).ok().map(|SourceFile { size, modified, .. }| FileStamp { size, modified })
    }

    /// Compares what a file holds now with what it held when a batch was made of it. It stops when `goes_on` says so; nothing is
    /// given then.
    pub fn compare_versions(
        &self,
        before: &StoredBatch,
        path: &Path,
        reading: &RosterReading,
        goes_on: &dyn Fn() -> bool,
    ) -> Result<Option<VersionDifference>, Failure> {
        let reading =
            RosterReading { sheet: Some(before.origin.sheet.clone()).filter(|s| !s.is_empty()), ..reading.clone() };
        let name = path.to_string_lossy();
        let opened = self.open_roster(path, &name, &reading, false, &mut |_| ()).map_err(RosterRefused::failure)?;
        let Opening::Roster(file) = opened else { return Ok(None) };
        let columns = file.columns().clone();
        let fields = fields_of_both(&before.columns, &columns);
        let (mut then, mut now) = (VersionPeople::default(), VersionPeople::default());
        // Over a connection of its own.
        let session = self.look()?;
        // What was added to the batch is none of this file's.
        let own =
            session.once(|store| store.parts(before.id))?.first().map_or(usize::MAX, |part| part.first_block as usize);
        for block in session.store.blocks(before.id).take(own) {
            then.add(&block.map_err(|e| self.told(&e))?, &before.columns, &fields);
            if !goes_on() {
                return Ok(None);
            }
        }
        file.read(self, &mut |piece, _| {
            now.add(&piece.block, &columns, &fields);
            if goes_on() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        })
        .map_err(RosterRefused::failure)?;
        Ok(goes_on().then(|| now.since(&then)))
    }
}

/// Tells whether a batch was made of these bytes; of one without a digest path and time must do.
fn is_same(batch: &StoredBatch, source: &SourceFile, sha256: &str) -> bool {
    batch.sha256.as_deref().map_or(batch.source == *source, |noted| noted == sha256)
}
