//! Files that the store knows (认得的文件): by what is in them, wherever they lie and whenever they were written.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::Path;

use super::{
    BatchTaken, BatchWork, HeaderRows, Office, Opening, RosterReading, RosterRefused, Session, StoredBatch, WorkedBatch,
};
use crate::domain::batch::versions::{VersionDifference, VersionPeople, fields_of_both};
use crate::domain::ledger::BatchId;
use crate::domain::profile_choice::{ChosenBy, FileStamp};
use crate::domain::sheet::{ColumnsBy, HeaderBy, HowRead};
use crate::failure::{Failure, FailureKind};
use crate::store::{SourceFile, StoredPart};

/// What the store knows of a file that is to be opened.
#[derive(Debug, Default)]
pub enum KnownFile {
    /// Nothing that somebody has worked on.
    #[default]
    New,
    /// It is this batch.
    Same(Box<WorkedBatch>),
    /// Its rows are in these batches, the one to go on with first. A verb is told of one; in the workbench the user chooses.
    In(Vec<KnownPart>),
    /// What was read from its path last had another content, and its batch was worked on.
    Changed(Box<KnownPart>),
}

/// A batch that a file is in, and the number of its part; 0 for the file that the batch was made of.
pub type KnownPart = (WorkedBatch, u32);

/// Tells whether somebody's work is in a batch.
fn is_worked(work: &BatchWork) -> bool {
    work.edits != 0 || work.numbers != 0 || work.aside != 0 || work.notes != 0
}

/// Orders batches that hold the same file: open ones before others, then those with somebody's work, then the newest.
fn rank((batch, work): &WorkedBatch) -> impl Ord + use<> {
    (!batch.closed, is_worked(work), batch.id)
}

/// Tells whether a batch is more than its file: somebody has worked on it, or has put several files together.
fn is_more(batch: &StoredBatch, work: &BatchWork) -> bool {
    batch.parts != 0 || is_worked(work)
}

/// What the store holds that has to do with a file that was looked at.
#[derive(Debug)]
pub(super) struct LookedAt {
    source: SourceFile,
    /// The digest of what is in it; empty where nothing that is held can be the same.
    sha256: String,
    /// The batches that were made of it, or of what lay in its place before.
    firsts: Vec<StoredBatch>,
    /// The same among the files that were added to a batch.
    parts: Vec<(BatchId, StoredPart)>,
}

impl LookedAt {
    /// Tells whether a batch was made of these very bytes.
    fn is_first(&self, batch: &StoredBatch) -> bool {
        is_same(batch, &self.source, &self.sha256)
    }

    /// The same of a part of a batch.
    fn is_part(&self, part: &StoredPart) -> bool {
        part.sha256.as_deref().map_or(part.source == self.source, |noted| noted == self.sha256)
    }

    /// Leaves out what lay in its place with another content.
    fn same_bytes(&self) -> (impl Iterator<Item = &StoredBatch>, impl Iterator<Item = &(BatchId, StoredPart)>) {
        let firsts = self.firsts.iter().filter(|batch| self.is_first(batch));
        (firsts, self.parts.iter().filter(|(_, part)| self.is_part(part)))
    }
}

impl Session {
    /// Looks at a file, and at what the store holds of it; nothing where it holds nothing, or the file cannot be looked at, which
    /// is told by whoever reads it. This alone reads the file through for its digest.
    pub(super) fn look_at(&self, path: &Path) -> Result<Option<LookedAt>, Failure> {
        let Ok(source) = self.office.source_of(path) else { return Ok(None) };
        let firsts = self.once(|store| store.batches_like(&source))?;
        let parts = self.once(|store| store.parts_like(&source))?;
        let mut sizes = firsts.iter().map(|b| b.source.size).chain(parts.iter().map(|(_, part)| part.source.size));
        let sha256 = if sizes.any(|size| size == source.size) { self.office.digest(path)? } else { String::new() };
        let is_something = !firsts.is_empty() || !parts.is_empty();
        Ok(is_something.then_some(LookedAt { source, sha256, firsts, parts }))
    }

    /// Looks for the batch that a file is, or is one of the files of: one of the same bytes and of the same sheet. Where a profile
    /// is given, one under that profile comes first; one under another is gone on with in the workbench (`asks`), where somebody
    /// worked on it or picked its profile. In the workbench every batch is given where there is one to choose, and a workbook
    /// with several sheets is none until one of them was chosen.
    pub fn known_file(&self, path: &Path, reading: &RosterReading, asks: bool) -> Result<KnownFile, Failure> {
        match self.look_at(path)? {
            Some(seen) => self.known_as(&seen, path, reading, asks),
            None => Ok(KnownFile::New),
        }
    }

    /// The same of a file that was looked at.
    pub(super) fn known_as(
        &self,
        seen: &LookedAt,
        path: &Path,
        reading: &RosterReading,
        asks: bool,
    ) -> Result<KnownFile, Failure> {
        // Whatever came through a pipe before has nothing to do with this.
        let is_at_path = |other: &SourceFile| other.path == seen.source.path && !self.office.is_piped(path);
        let is_meant = |b: &&StoredBatch| seen.is_first(b) || is_at_path(&b.source);
        let mut found: Vec<StoredBatch> = seen.firsts.iter().filter(is_meant).cloned().collect();
        let is_meant = |(_, part): &&(BatchId, StoredPart)| seen.is_part(part) || is_at_path(&part.source);
        let mut parts: Vec<(BatchId, StoredPart)> = seen.parts.iter().filter(is_meant).cloned().collect();
        // A text file has no sheet; a workbook is asked only when there is a batch it may be about.
        let is_text = found.iter().all(|b| b.origin.sheet.is_empty())
            && parts.iter().all(|(_, part)| part.origin.sheet.is_empty());
        let Some(sheet) = self.sheet_meant(path, reading, (is_text, asks)) else { return Ok(KnownFile::New) };
        found.retain(|b| b.origin.sheet == sheet);
        parts.retain(|(_, part)| part.origin.sheet == sheet);
        let is_asked = |b: &StoredBatch| reading.profile.as_deref().is_none_or(|id| id == b.profile);
        let (same_parts, changed_parts): (Vec<_>, Vec<_>) = parts.into_iter().partition(|(_, part)| seen.is_part(part));
        if asks {
            let firsts = found.iter().filter(|b| seen.is_first(b)).map(|b| (b.id, 0));
            let further = same_parts.iter().map(|(batch, part)| (*batch, part.number));
            let mut held = self.open_of(firsts.chain(further))?;
            held.retain(|((b, work), number)| *number != 0 || is_asked(b) || is_worked(work) || self.is_picked(b));
            // One that is just this file, untouched, is the file over again.
            let is_several = 1 < held.len();
            if held.iter().any(|((b, work), _)| b.parts != 0 || is_several && is_worked(work)) {
                return Ok(KnownFile::In(held));
            }
        }
        let (asked, others): (Vec<_>, Vec<_>) = found.into_iter().partition(is_asked);
        let same = self.same_of(&asked, &seen.source, &seen.sha256)?;
        // A verb that names a profile means a batch of that profile.
        let is_of_profile = |batch: &StoredBatch| asks || is_asked(batch);
        let part = self.part_of(same_parts, &is_of_profile)?;
        // What was put away counts where nothing else does.
        if let Some(same) = same.filter(|(batch, _)| !batch.closed || part.as_ref().is_none_or(|((b, _), _)| b.closed))
        {
            return Ok(KnownFile::Same(Box::new(same)));
        }
        let other = if asks { self.same_of(&others, &seen.source, &seen.sha256)? } else { None };
        if let Some(same) = other.filter(|(batch, work)| is_worked(work) || self.is_picked(batch)) {
            return Ok(KnownFile::Same(Box::new(same)));
        }
        if let Some(part) = part {
            return Ok(KnownFile::In(vec![part]));
        }
        // Only the latest content of the path: whoever opened that anew has done with those before.
        let other = match asked.into_iter().find(|b| !b.closed) {
            Some(other) => {
                let work = self.once(|store| store.work_of(&other))?;
                Some(((other, work), 0))
            }
            None => self.part_of(changed_parts, &|batch: &StoredBatch| !batch.closed && is_of_profile(batch))?,
        };
        let other = other.filter(|((batch, work), _)| is_more(batch, work));
        Ok(other.map_or(KnownFile::New, |other| KnownFile::Changed(Box::new(other))))
    }

    /// Finds the batch of a file that somebody has worked on, under whatever profile, and tells of it: that it is `taken` in the
    /// place of the file, or that it is not.
    pub fn worked_on(
        &self,
        path: &Path,
        reading: &RosterReading,
        taken: BatchTaken,
        tell: &mut dyn FnMut(String),
    ) -> Result<Option<BatchId>, Failure> {
        let of_any = RosterReading { profile: None, ..reading.clone() };
        let Some(seen) = self.look_at(path)? else { return Ok(None) };
        match self.known_as(&seen, path, &of_any, false)? {
            // A batch has more rows than one of its files: nobody gets those unasked.
            KnownFile::Same(found) if found.0.parts != 0 => {
                self.tell_part("ledger.one-of-batch", &(*found, 0), tell);
                Ok(None)
            }
            KnownFile::Same(found) => {
                self.tell_others(&seen, &found.0, tell)?;
                let (worked, settled) = taken.keys();
                if !is_worked(&found.1) && !self.is_settled_by_hand(&found.0, path, &of_any) {
                    return Ok(None);
                }
                let key = if is_worked(&found.1) { worked } else { settled };
                self.tell_known(key, &found, tell);
                if taken != BatchTaken::No {
                    self.tell_not_read(&found, reading, tell);
                }
                Ok(Some(found.0.id))
            }
            KnownFile::In(held) => {
                held.iter().for_each(|part| self.tell_part("ledger.one-of-batch", part, tell));
                Ok(None)
            }
            KnownFile::Changed(other) => {
                self.tell_changed(&other, tell);
                Ok(None)
            }
            KnownFile::New => Ok(None),
        }
    }

    /// Tells of the further batches that hold the rows of a batch's file and that somebody has worked on.
    pub(super) fn tell_others(
        &self,
        seen: &LookedAt,
        same: &StoredBatch,
        tell: &mut dyn FnMut(String),
    ) -> Result<(), Failure> {
        let others = self.worked_of(seen, Some(&same.origin.sheet))?;
        let others = others.iter().filter(|(batch, _)| batch.id != same.id);
        others.for_each(|other| self.tell_known("ledger.also-in", other, tell));
        Ok(())
    }

    /// Lists the batches that hold rows of a file, of whichever of its sheets or of one of them, and that somebody has worked on.
    pub fn worked_batches(&self, path: &Path, sheet: Option<&str>) -> Result<Vec<WorkedBatch>, Failure> {
        self.look_at(path)?.map_or_else(|| Ok(Vec::new()), |seen| self.worked_of(&seen, sheet))
    }

    fn worked_of(&self, seen: &LookedAt, sheet: Option<&str>) -> Result<Vec<WorkedBatch>, Failure> {
        let is_meant = |of: &str| sheet.is_none_or(|sheet| sheet == of);
        let (firsts, parts) = seen.same_bytes();
        let mut found: Vec<StoredBatch> = firsts.filter(|batch| is_meant(&batch.origin.sheet)).cloned().collect();
        for (id, _) in parts.filter(|(_, part)| is_meant(&part.origin.sheet)) {
            if found.iter().all(|batch| batch.id != *id) {
                found.push(self.once(|store| store.batch(*id))?);
            }
        }
        let mut worked = Vec::new();
        for batch in found.into_iter().filter(|batch| !batch.closed) {
            let work = self.once(|store| store.work_of(&batch))?;
            if is_worked(&work) {
                worked.push((batch, work));
            }
        }
        worked.sort_by_key(|(batch, _)| batch.id);
        Ok(worked)
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

    /// Chooses among the batches that a file was added to.
    fn part_of(
        &self,
        found: Vec<(BatchId, StoredPart)>,
        is_meant: &dyn Fn(&StoredBatch) -> bool,
    ) -> Result<Option<KnownPart>, Failure> {
        let mut best: Option<KnownPart> = None;
        for (batch, part) in found {
            let batch = self.once(|store| store.batch(batch))?;
            if is_meant(&batch) {
                let work = self.once(|store| store.work_of(&batch))?;
                let next = ((batch, work), part.number);
                if best.as_ref().is_none_or(|best| rank(&best.0) < rank(&next.0)) {
                    best = Some(next);
                }
            }
        }
        Ok(best)
    }

    /// Gives those of the batches that are not archived, the one to go on with first.
    fn open_of(&self, found: impl Iterator<Item = (BatchId, u32)>) -> Result<Vec<KnownPart>, Failure> {
        let mut open: Vec<KnownPart> = Vec::new();
        for (batch, number) in found {
            // Somebody may have it twice in one.
            if open.iter().any(|((known, _), _)| known.id == batch) {
                continue;
            }
            let batch = self.once(|store| store.batch(batch))?;
            if !batch.closed {
                let work = self.once(|store| store.work_of(&batch))?;
                open.push(((batch, work), number));
            }
        }
        open.sort_by_key(|(worked, _)| std::cmp::Reverse(rank(worked)));
        Ok(open)
    }

    fn sheets_held(&self, path: &Path) -> Result<BTreeMap<String, Vec<BatchId>>, Failure> {
        let mut held = BTreeMap::<String, Vec<BatchId>>::new();
        let Some(seen) = self.look_at(path)? else { return Ok(held) };
        let (firsts, parts) = seen.same_bytes();
        let firsts = firsts.map(|batch| (batch.id, batch.origin.sheet.clone()));
        let parts = parts.map(|(batch, part)| (*batch, part.origin.sheet.clone()));
        let mut of_file: Vec<(BatchId, String)> = firsts.chain(parts).collect();
        of_file.sort_by_key(|(batch, _)| std::cmp::Reverse(*batch));
        for (batch, sheet) in of_file {
            if !self.once(|store| store.batch(batch))?.closed {
                held.entry(sheet).or_default().push(batch);
            }
        }
        Ok(held)
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

    /// Tells that what was read from the path of a file is another content.
    pub(super) fn tell_changed(&self, other: &KnownPart, tell: &mut dyn FnMut(String)) {
        match other {
            (batch, 0) => self.tell_known("ledger.other-content", batch, tell),
            _ => self.tell_part("ledger.other-part-content", other, tell),
        }
    }

    /// Refuses a file of which there is a batch under another profile than the one named, with somebody's work in it: what is
    /// done under this one would leave that work out.
    pub(super) fn must_not_leave_out(
        &self,
        seen: &LookedAt,
        path: &Path,
        reading: &RosterReading,
    ) -> Result<(), Failure> {
        let Some(given) = &reading.profile else { return Ok(()) };
        let of_any = RosterReading { profile: None, ..reading.clone() };
        let (batch, work) = match self.known_as(seen, path, &of_any, false)? {
            KnownFile::Same(found) => *found,
            KnownFile::In(held) => match held.into_iter().next() {
                Some((found, _)) => found,
                None => return Ok(()),
            },
            KnownFile::Changed(_) | KnownFile::New => return Ok(()),
        };
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
    /// Lists for the sheets of a workbook, by their names, the batches that hold their rows: the newest first, none that was put
    /// away. Where the store cannot be looked at there are none.
    pub fn sheets_held(&self, path: &Path) -> BTreeMap<String, Vec<BatchId>> {
        self.look().and_then(|session| session.sheets_held(path)).unwrap_or_default()
    }

    /// Tells how a file stands before it is opened; nothing where it cannot be looked at.
    pub fn seen(&self, path: &Path) -> Option<FileStamp> {
        self.source_of(path).ok().map(|SourceFile { size, modified, .. }| FileStamp { size, modified })
    }

    /// Compares what a file holds now with what it held when a batch was made of it, or when it was added to one. It stops when
    /// `goes_on` says so; nothing is given then.
    pub fn compare_versions(
        &self,
        ((before, _), number): &KnownPart,
        path: &Path,
        reading: &RosterReading,
        goes_on: &dyn Fn() -> bool,
    ) -> Result<Option<VersionDifference>, Failure> {
        // Over a connection of its own.
        let session = self.look()?;
        let parts = session.once(|store| store.parts(before.id))?;
        let own = parts.iter().find(|part| part.number == *number);
        let (sheet, first) = own.map_or((&before.origin.sheet, 0), |part| (&part.origin.sheet, part.first_block));
        // What was added to the batch behind it is none of this file's.
        let end = parts.iter().map(|part| part.first_block).find(|at| first < *at).unwrap_or(u32::MAX);
        let reading = RosterReading { sheet: Some(sheet.clone()).filter(|s| !s.is_empty()), ..reading.clone() };
        let name = path.to_string_lossy();
        let opened = self.open_roster(path, &name, &reading, false, &mut |_| ()).map_err(RosterRefused::failure)?;
        let Opening::Roster(file) = opened else { return Ok(None) };
        let columns = file.columns().clone();
        let fields = fields_of_both(&before.columns, &columns);
        let (mut then, mut now) = (VersionPeople::default(), VersionPeople::default());
        for block in session.store.blocks(before.id).take(end as usize).skip(first as usize) {
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
