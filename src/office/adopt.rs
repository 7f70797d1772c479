//! Adopting numbers that were issued before (旧号入账): each file whole, or not at all.

use std::path::Path;

use super::{KeptRows, RosterReading, RosterRefused, Session};
use crate::domain::batch::Batch;
use crate::domain::ledger::Status;
use crate::domain::ledger::adopt::{AdoptLeave, Adopted};
use crate::domain::numbering;
use crate::failure::{Failure, FailureKind};
use crate::store::AdoptFile;

/// How the numbers of a file are adopted.
#[derive(Debug, Clone, Copy)]
pub struct AdoptOrder<'a> {
    /// What became of its certificates.
    pub status: Status,
    pub leave: AdoptLeave,
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
        order: &AdoptOrder<'_>,
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
        let holder = |row| numbering::holder(&batch, row);
        let adopted = self.with(|store| store.adopt(&file, numbering::issued_rows(&batch), &holder, order.leave))?;
        Ok(AdoptedFile { adopted, batch })
    }
}
