//! What an exported file says, taken into the ledger.

use chrono::NaiveDate;
use rusqlite::Transaction;
use serde_json::{Map, Value, json};

use super::super::Store;
use super::super::error::Result;
use super::certificates::update_holder;
use super::mark::{joined, set_status};
use super::{Runs, count_of, runs_to_json, touch};
use crate::domain::code::CertCode;
use crate::domain::ledger::audit::Deed;
use crate::domain::ledger::{BatchId, Certificate, Exported, Holder, Marking, Status};
use crate::domain::numbering;
use crate::domain::roster::RowId;
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
            let own = self.own(tx, batch, rows)?;
            self.sync_own(tx, batch, &own, reason)
        })
    }

    /// Notes that the upload file of a batch was written, of which name, digest and rows are given; see
    /// [`Store::exported`].
    pub fn note_export(
        &self,
        id: BatchId,
        upload: Upload<'_>,
        (name, sha256, rows): (&str, &str, u32),
        reason: &str,
    ) -> Result<Exported> {
        let file = ExportFile { name, sha256, rows, on: upload.batch().context().today(), reason };
        self.exported(id, &numbering::coded_rows(upload), &file)
    }

    /// Notes that a file with the rows of a batch was written: [`Store::sync`], then its certificates are exported.
    ///
    /// Codes from elsewhere, and certificates that are on record already, are left alone.
    pub fn exported(&self, batch: BatchId, rows: &[Row], file: &ExportFile<'_>) -> Result<Exported> {
        self.write_much(|tx| {
            self.must_exist(tx, batch)?;
            let own = self.own(tx, batch, rows)?;
            let changed = self.sync_own(tx, batch, &own, file.reason)?;
            let open = |(c, _): &(Certificate, &Holder)| c.status.may_become(Status::Exported);
            let marked: Vec<Certificate> = own.iter().filter(|o| open(o)).map(|(c, _)| c.clone()).collect();
            let by_status = self.by_status(tx, &marked)?;
            let all = joined(&by_status);
            let marking = Marking { status: Status::Exported, on: file.on, reason: file.reason };
            let more = json!({ "file": file.name, "sha256": file.sha256, "rows": file.rows });
            let more = if let Value::Object(more) = more { more } else { Map::new() };
            let write = || -> rusqlite::Result<()> {
                let object = format!("batch:{}", batch.0);
                let entry = self.append_marking(tx, "ledger.export", object, (&by_status, &all), &marking, more)?;
                set_status(tx, &all, &marking)?;
                touch(tx, &all, entry, Some(batch), false)
            };
            write().map_err(|e| self.error(&e))?;
            Ok(Exported { marked: count_of(&all), changed })
        })
    }

    /// Finds the certificates of rows: those given to that row, or to the same person elsewhere, as when a file that was
    /// written is read again.
    fn own<'a>(&self, tx: &Transaction, batch: BatchId, rows: &'a [Row]) -> Result<Vec<(Certificate, &'a Holder)>> {
        let mut own = Vec::new();
        for (row, code, holder) in rows {
            let Some(certificate) = self.find_certificate(tx, *code)? else { continue };
            let known = &certificate.holder;
            let is_same = known.name == holder.name && known.id_number == holder.id_number;
            if certificate.row == Some((batch.0, *row)) || is_same {
                own.push((certificate, holder));
            }
        }
        Ok(own)
    }

    fn sync_own(&self, tx: &Transaction, batch: BatchId, own: &[(Certificate, &Holder)], reason: &str) -> Result<u64> {
        let is_open = |c: &Certificate| matches!(c.status, Status::Allocated | Status::Exported | Status::Returned);
        let differs = |(c, now): &&(Certificate, &Holder)| is_open(c) && c.holder != **now;
        let changed: Vec<&(Certificate, &Holder)> = own.iter().filter(differs).collect();
        if changed.is_empty() {
            return Ok(0);
        }
        let all: Vec<Certificate> = changed.iter().map(|(c, _)| c.clone()).collect();
        let runs: Runs = joined(&self.by_status(tx, &all)?);
        let (mut before, mut after) = (Map::new(), Map::new());
        for (certificate, now) in &changed {
            let (old, new) = differences(&certificate.holder, now);
            before.insert(certificate.code.to_string(), old.into());
            after.insert(certificate.code.to_string(), new.into());
        }
        let write = || -> rusqlite::Result<()> {
            let numbers = runs_to_json(tx, &runs)?;
            let deed = Deed {
                action: "ledger.sync",
                object: format!("batch:{}", batch.0),
                before: json!({ "records": before }).to_string(),
                after: json!({ "records": after, "numbers": numbers }).to_string(),
                reason: reason.to_string(),
            };
            let entry = self.append(tx, &deed)?;
            for (certificate, now) in &changed {
                update_holder(tx, certificate.code, now)?;
            }
            touch(tx, &runs, entry, Some(batch), false)
        };
        write().map_err(|e| self.error(&e))?;
        Ok(changed.len() as u64)
    }
}

/// Lists the columns in which two records differ, with what the one and the other says.
fn differences(old: &Holder, new: &Holder) -> (Map<String, Value>, Map<String, Value>) {
    let differing = old.columns().into_iter().zip(new.columns()).filter(|(a, b)| a.1 != b.1);
    differing.map(|((key, a), (_, b))| ((key.to_string(), a.into()), (key.to_string(), b.into()))).unzip()
}
