//! What an exported file says, taken into the ledger.

use chrono::NaiveDate;
use rusqlite::Transaction;

use super::super::Store;
use super::super::error::Result;
use super::certificates::update_holder;
use super::mark::{joined, noted, set_status, statuses};
use super::{Runs, count_of, series_runs, touch};
use crate::domain::code::CertCode;
use crate::domain::ledger::action::{
    Act, Action, FileWritten, Pairs, RecordTexts, RecordsSynced, Subject, UploadWritten,
};
use crate::domain::ledger::two_people::SecondAct;
use crate::domain::ledger::{BatchId, Certificate, Holder, Marking, Status, UploadChanges};
use crate::domain::numbering;
use crate::domain::roster::RowId;
use crate::domain::sheet::Field;
use crate::domain::upload::Upload;

/// An upload file that was written.
#[derive(Debug, Clone, Copy)]
pub struct ExportFile<'a> {
    /// Its name without its folder.
    pub name: &'a str,
    /// Its SHA-256 in hexadecimal.
    pub sha256: &'a str,
    /// How many rows it holds.
    pub rows: u32,
    /// Where it stands, whole.
    pub path: &'a str,
    /// The SHA-256 of the manifest beside it.
    pub manifest_sha256: &'a str,
    pub on: NaiveDate,
    /// Why; may be empty.
    pub reason: &'a str,
}

/// A row of a batch as it stands: its code and what it says of the holder.
pub type Row = (RowId, CertCode, Holder);

impl Store {
    /// Takes what the rows of a batch say now into the records of its certificates, where those are not yet the
    /// authority's (BJ-27). Returns how many changed.
    pub fn sync(&self, batch: BatchId, rows: &[Row], reason: &str) -> Result<u64> {
        self.write_much(|tx| {
            self.must_exist(tx, batch)?;
            let (own, _) = self.certificates_of(tx, batch, rows)?;
            self.sync_own(tx, batch, &own, reason)
        })
    }

    /// Notes that the upload file of a batch was written; see [`Store::exported`].
    pub fn note_export(&self, id: BatchId, upload: Upload<'_>, file: &ExportFile<'_>) -> Result<UploadChanges> {
        self.exported(id, &numbering::coded_rows(upload), file)
    }

    /// Notes that a file with the rows of a batch was written: [`Store::sync`], then its certificates are exported.
    ///
    /// Codes from elsewhere, and certificates that are on record already, are left alone.
    pub fn exported(&self, batch: BatchId, rows: &[Row], file: &ExportFile<'_>) -> Result<UploadChanges> {
        self.write_much(|tx| {
            self.must_exist(tx, batch)?;
            self.must_be_second_of(tx, SecondAct::Export, batch)?;
            let (own, unknown) = self.certificates_of(tx, batch, rows)?;
            let changed = self.sync_own(tx, batch, &own, file.reason)?;
            let marked: Vec<Certificate> =
                own.iter().filter(|(c, _)| c.status.is_open()).map(|(c, _)| c.clone()).collect();
            let by_status = self.by_status(tx, &marked)?;
            let all = joined(&by_status);
            let marking = Marking::new(Status::Exported, file.on, file.reason);
            let write = || -> rusqlite::Result<()> {
                let after = UploadWritten {
                    file: file.name.to_string(),
                    sha256: file.sha256.to_string(),
                    rows: file.rows,
                    path: file.path.to_string(),
                    manifest_sha256: file.manifest_sha256.to_string(),
                    now: noted(tx, &all, &marking)?,
                };
                let before = Some(statuses(tx, &by_status)?);
                let act = Act { object: Subject::Batch(batch), before, after: FileWritten::Upload(after) };
                let entry = self.append(tx, &Action::LedgerExport(act), file.reason)?;
                set_status(tx, &all, &marking)?;
                touch(tx, &all, entry, Some(batch), false)
            };
            write().map_err(|e| self.error(&e))?;
            Ok(UploadChanges { marked: count_of(&all), changed, unknown })
        })
    }

    /// Finds the certificates of rows: those given to that row, or to the same person elsewhere, as when a file that was
    /// written is read again; and counts the codes under which there is none.
    fn certificates_of<'a>(
        &self,
        tx: &Transaction,
        batch: BatchId,
        rows: &'a [Row],
    ) -> Result<(Vec<(Certificate, &'a Holder)>, u64)> {
        let (mut own, mut unknown) = (Vec::new(), 0);
        for (row, code, holder) in rows {
            let Some(certificate) = self.find_certificate(tx, *code)? else {
                unknown += 1;
                continue;
            };
            let known = &certificate.holder;
            let is_same = known.name == holder.name && known.id_number == holder.id_number;
            if certificate.row == Some((batch, *row)) || is_same {
                own.push((certificate, holder));
            }
        }
        Ok((own, unknown))
    }

    fn sync_own(&self, tx: &Transaction, batch: BatchId, own: &[(Certificate, &Holder)], reason: &str) -> Result<u64> {
        let differs = |(c, now): &&(Certificate, &Holder)| c.status.is_open() && c.holder != **now;
        let changed: Vec<&(Certificate, &Holder)> = own.iter().filter(differs).collect();
        if changed.is_empty() {
            return Ok(0);
        }
        let all: Vec<Certificate> = changed.iter().map(|(c, _)| c.clone()).collect();
        let runs: Runs = joined(&self.by_status(tx, &all)?);
        let records = changed.iter().map(|(certificate, now)| {
            let (old, new) = differences(&certificate.holder, now);
            ((certificate.code, Pairs(old)), (certificate.code, Pairs(new)))
        });
        let (before, after): (Vec<_>, Vec<_>) = records.unzip();
        let write = || -> rusqlite::Result<()> {
            let before = RecordTexts { records: Pairs(before) };
            let after = RecordsSynced { records: Pairs(after), numbers: series_runs(tx, &runs)? };
            let entry = self.append(tx, &Action::LedgerSync(Act { object: batch, before, after }), reason)?;
            for (certificate, now) in &changed {
                update_holder(tx, certificate.code, now)?;
            }
            touch(tx, &runs, entry, Some(batch), false)
        };
        write().map_err(|e| self.error(&e))?;
        Ok(changed.len() as u64)
    }
}

/// Texts of a record by their columns.
type Texts = Vec<(Field, String)>;

/// Lists the columns in which two records differ, with what the one and the other says.
fn differences(old: &Holder, new: &Holder) -> (Texts, Texts) {
    let texts = Holder::fields().zip(old.columns()).zip(new.columns());
    let differing = texts.filter(|((_, (_, a)), (_, b))| a != b);
    differing.map(|((field, (_, a)), (_, b))| ((field, a.to_string()), (field, b.to_string()))).unzip()
}
