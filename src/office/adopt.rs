//! Adopting numbers that were issued before (旧号入账): each file whole, or not at all.

use std::path::Path;

use super::{KeptRows, RosterReading, RosterRefused, Session};
use crate::domain::batch::Batch;
use crate::domain::ledger::Status;
use crate::domain::ledger::adopt::{AdoptLeave, Adopted};
use crate::domain::numbering;
use crate::failure::{Failure, FailureKind};
use crate::store::{AdoptFile, Store, StoreError, TriedFiles};

/// How the numbers of a file are adopted.
#[derive(Debug, Clone, Copy)]
pub struct AdoptOrder<'a> {
    /// What became of its certificates.
    pub status: Status,
    /// Why; may be empty.
    pub reason: &'a str,
}

/// What became of the numbers of a file, and the roster they were read from.
#[derive(Debug)]
pub struct AdoptedFile {
    pub adopted: Adopted,
    pub batch: Batch,
}

impl Session {
    /// Reads a file and adopts its numbers; nothing of one that has conflicts, or that reaches further than it may.
    pub fn adopt(
        &self,
        path: &Path,
        reading: &RosterReading,
        (order, leave): (&AdoptOrder<'_>, AdoptLeave),
        tell: &mut dyn FnMut(String),
    ) -> Result<AdoptedFile, Failure> {
        let adopt = |store: &Store, file: &AdoptFile<'_>, batch: &Batch| {
            store.adopt(file, numbering::issued_rows(batch), &|row| numbering::holder(batch, row), leave)
        };
        self.read_to_adopt(path, reading, order, adopt, tell)
    }

    /// Reads a file and tells what would come of adopting its numbers after those of the files that were tried before it.
    pub fn try_adopt(
        &self,
        path: &Path,
        reading: &RosterReading,
        (order, tried): (&AdoptOrder<'_>, &mut TriedFiles),
        tell: &mut dyn FnMut(String),
    ) -> Result<AdoptedFile, Failure> {
        let mut adopt = |store: &Store, file: &AdoptFile<'_>, batch: &Batch| {
            store.try_adopt(file, numbering::issued_rows(batch), &|row| numbering::holder(batch, row), tried)
        };
        self.read_to_adopt(path, reading, order, &mut adopt, tell)
    }

    fn read_to_adopt(
        &self,
        path: &Path,
        reading: &RosterReading,
        order: &AdoptOrder<'_>,
        mut adopt: impl FnMut(&Store, &AdoptFile<'_>, &Batch) -> Result<Adopted, StoreError>,
        tell: &mut dyn FnMut(String),
    ) -> Result<AdoptedFile, Failure> {
        let source = self.office.source_of(path);
        let batch = self.office.load(path, reading, KeptRows::All, tell).map_err(RosterRefused::failure)?.batch;
        self.office.is_settled(&batch)?;
        let locale = self.office.locale();
        let source = source.map_err(|e| locale.unread(path, &e))?;
        // The chain names the file by its digest for good.
        let sha256 = self.office.digest_as_read(&source)?.ok_or_else(|| {
            let message = locale.fill("cause.written-over", &[("path", &path.to_string_lossy())]);
            Failure::new(FailureKind::File, message, locale.text("cause.written-over-hint"))
        })?;
        let file = AdoptFile {
            name: &batch.origin.file,
            sha256: &sha256,
            profile: batch.context().profile(),
            status: order.status,
            on: reading.day(&self.office)?,
            reason: order.reason,
        };
        let adopted = self.with(|store| adopt(store, &file, &batch))?;
        Ok(AdoptedFile { adopted, batch })
    }
}
