//! Certificates as they stand, and writing new ones.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::NaiveDate;
use foldhash::fast::RandomState;
use rusqlite::types::{ToSqlOutput, Value};
use rusqlite::{CachedStatement, Connection, OptionalExtension, Transaction, params, params_from_iter};

use super::super::batch_work::ROWS_ASIDE;
use super::super::error::Result;
use super::super::records::{TABLES, certificate_of, columns, names, texts};
use super::super::{Store, StoreError};
use super::id_of;
use crate::cause::OwnFileFault;
use crate::domain::code::CertCode;
use crate::domain::ledger::{BatchId, Certificate, Holder, RecordPart, Selection, Status, TextsDigest};
use crate::domain::roster::RowId;
use crate::domain::sound::initials;

/// The certificates of the batch `?1`.
pub(super) const OF_BATCH: &str = "WHERE c.batch = ?1";

/// Begins a query of certificates as [`certificate_of`] reads them.
fn certificates(rest: &str) -> String {
    format!("SELECT {} FROM {TABLES} {rest}", columns())
}

impl Store {
    /// Gives what is known of a code; `None` when its number was never taken.
    pub fn certificate(&self, code: CertCode) -> Result<Option<Certificate>> {
        self.find_certificate(&self.db, code)
    }

    pub(in crate::store) fn find_certificate(&self, db: &Connection, code: CertCode) -> Result<Option<Certificate>> {
        let found = db
            .prepare_cached(&certificates("WHERE c.code = ?1"))
            .and_then(|mut s| s.query_row([code.as_str()], certificate_of).optional())
            .map_err(|e| self.error(&e))?;
        match found {
            Some(None) => Err(self.damaged_certificate()),
            found => Ok(found.flatten()),
        }
    }

    /// Lists the certificates of a person that are neither void nor revoked.
    pub(super) fn certificates_of_person(
        &self,
        tx: &Transaction,
        name: &str,
        id_number: &str,
    ) -> Result<Vec<Certificate>> {
        let statement = certificates(
            "WHERE c.id_number = ?1 AND c.name = ?2 AND c.status NOT IN ('void', 'revoked') ORDER BY c.id",
        );
        let found: Option<Vec<Certificate>> = tx
            .prepare_cached(&statement)
            .and_then(|mut s| s.query_map([id_number, name], certificate_of)?.collect())
            .map_err(|e| self.error(&e))?;
        found.ok_or_else(|| self.damaged_certificate())
    }

    /// Lists the certificates given to the rows of a batch, in the order of series and serial.
    pub fn certificates_of_batch(&self, batch: BatchId) -> Result<Vec<Certificate>> {
        self.list_certificates(&self.db, &Selection::Batch(batch), true)
    }

    /// Counts the certificates given to the rows of a batch by what became of them.
    pub fn statuses_of_batch(&self, batch: BatchId) -> Result<BTreeMap<Status, u32>> {
        let statement = format!("SELECT c.status, count(*) FROM certificate c {OF_BATCH} GROUP BY c.status");
        let found: Option<BTreeMap<Status, u32>> = self.read(|db| {
            db.prepare_cached(&statement)?
                .query_map([batch.0], |r| Ok(Status::read(r.get_ref(0)?.as_str()?).zip(Some(r.get(1)?))))?
                .collect()
        })?;
        found.ok_or_else(|| self.damaged_certificate())
    }

    /// Gives the status of each selected certificate.
    pub fn statuses_of(&self, selection: &Selection) -> Result<Vec<Status>> {
        let mut found = self.list_certificates(&self.db, selection, false)?;
        if let Selection::Batch(batch) = selection {
            found = self.part_aside(&self.db, *batch, found)?.0;
        }
        Ok(found.into_iter().map(|c| c.status).collect())
    }

    /// Parts certificates of a batch from those whose rows were put aside in it.
    pub(in crate::store) fn part_aside(
        &self,
        db: &Connection,
        batch: BatchId,
        all: Vec<Certificate>,
    ) -> Result<(Vec<Certificate>, Vec<Certificate>)> {
        let rows = |db: &Connection| -> rusqlite::Result<HashSet<RowId>> {
            db.prepare_cached(ROWS_ASIDE)?.query_map([batch.0], |r| r.get(0))?.collect()
        };
        let rows = rows(db).map_err(|e| self.error(&e))?;
        let is_left = |c: &Certificate| c.row.is_none_or(|(of, row)| of != batch || !rows.contains(&row));
        Ok(all.into_iter().partition(is_left))
    }

    /// Lists certificates in the order of series and serial; of a batch only with `ended` those that are void or revoked.
    pub(in crate::store) fn list_certificates(
        &self,
        db: &Connection,
        selection: &Selection,
        ended: bool,
    ) -> Result<Vec<Certificate>> {
        let sql = |e: rusqlite::Error| self.error(&e);
        let all: Option<Vec<Certificate>> = match selection {
            Selection::Codes(codes) => {
                let mut all = Vec::new();
                for code in codes {
                    all.extend(self.find_certificate(db, *code)?);
                }
                all.sort_by_key(|c| (c.series, c.serial));
                Some(all)
            }
            Selection::Run(key, (first, last)) => {
                let Some((series, _)) = self.find_series(db, *key)? else { return Ok(Vec::new()) };
                db.prepare_cached(&certificates("WHERE c.id BETWEEN ?1 AND ?2 ORDER BY c.id"))
                    .and_then(|mut s| {
                        let ids = [id_of(series, *first), id_of(series, *last)];
                        s.query_map(ids, certificate_of)?.collect()
                    })
                    .map_err(sql)?
            }
            Selection::Batch(batch) => {
                let rest = format!("{OF_BATCH} AND (?2 OR c.status NOT IN ('void', 'revoked')) ORDER BY c.id");
                let statement = certificates(&rest);
                db.prepare_cached(&statement)
                    .and_then(|mut s| s.query_map(params![batch.0, ended], certificate_of)?.collect())
                    .map_err(sql)?
            }
        };
        all.ok_or_else(|| self.damaged_certificate())
    }

    pub(super) fn damaged_certificate(&self) -> StoreError {
        StoreError::damaged(&self.path, OwnFileFault::Certificate)
    }
}

/// What a certificate says, with what it is found by.
pub(super) struct NamedHolder {
    pub(super) holder: Holder,
    pinyin: String,
}

impl NamedHolder {
    pub(super) fn new(holder: Holder) -> NamedHolder {
        NamedHolder { pinyin: initials(&holder.name), holder }
    }

    /// Adds the certificate of a code to the digest over all that are taken.
    pub(super) fn digest(&self, code: CertCode, records: &mut TextsDigest) {
        records.add(code.as_str());
        self.holder.columns().into_iter().for_each(|(_, text)| records.add(text));
    }
}

/// A certificate that is written for the first time.
pub(super) struct NewCertificate<'a> {
    pub(super) id: i64,
    pub(super) code: CertCode,
    pub(super) status: Status,
    pub(super) on: NaiveDate,
    pub(super) row: Option<(BatchId, u32)>,
    pub(super) taken: u64,
    pub(super) named: &'a NamedHolder,
}

pub(super) struct Inserter<'a> {
    tx: &'a Transaction<'a>,
    statement: CachedStatement<'a>,
    /// The assessments met so far, by what they say: few for many certificates.
    assessments: HashMap<Vec<u8>, i64, RandomState>,
    /// Room for what the certificate in hand says of its assessment.
    key: Vec<u8>,
}

impl<'a> Inserter<'a> {
    pub(super) fn new(tx: &'a Transaction<'a>) -> rusqlite::Result<Inserter<'a>> {
        let record: Vec<&str> = names(RecordPart::Person).collect();
        let statement = tx.prepare_cached(&format!(
            "INSERT INTO certificate (id, code, status, status_on, batch, row, taken, pinyin, assessment, {})
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?{})",
            record.join(", "),
            ", ?".repeat(record.len())
        ))?;
        Ok(Inserter { tx, statement, assessments: HashMap::default(), key: Vec::new() })
    }

    pub(super) fn insert(&mut self, new: &NewCertificate) -> rusqlite::Result<()> {
        let NamedHolder { holder: h, pinyin } = new.named;
        self.key.clear();
        for part in texts(h, RecordPart::Assessment) {
            self.key.extend((part.len() as u32).to_be_bytes());
            self.key.extend(part.as_bytes());
        }
        let assessment = match self.assessments.get(&self.key) {
            Some(id) => *id,
            None => *self.assessments.entry(self.key.clone()).or_insert(assessment(self.tx, h)?),
        };
        let own: [ToSqlOutput; 9] = [
            new.id.into(),
            new.code.as_str().into(),
            new.status.key().into(),
            new.on.to_string().into(),
            ToSqlOutput::Owned(Value::from(new.row.map(|(batch, _)| batch.0))),
            ToSqlOutput::Owned(Value::from(new.row.map(|(_, row)| row))),
            (new.taken as i64).into(),
            pinyin.as_str().into(),
            assessment.into(),
        ];
        let values = own.into_iter().chain(texts(h, RecordPart::Person).map(ToSqlOutput::from));
        self.statement.execute(params_from_iter(values))?;
        Ok(())
    }
}

/// Gives the id of the assessment that a certificate comes of; a new one where nothing says the same.
fn assessment(tx: &Transaction, h: &Holder) -> rusqlite::Result<i64> {
    let key = || params_from_iter(texts(h, RecordPart::Assessment));
    let record: Vec<&str> = names(RecordPart::Assessment).collect();
    let found = tx
        .prepare_cached(&format!("SELECT id FROM assessment WHERE {} = ?", record.join(" = ? AND ")))?
        .query_row(key(), |r| r.get(0))
        .optional()?;
    if let Some(id) = found {
        return Ok(id);
    }
    let blanks = vec!["?"; record.len()].join(", ");
    tx.prepare_cached(&format!("INSERT INTO assessment ({}) VALUES ({blanks})", record.join(", ")))?.insert(key())
}

/// Writes what a certificate says of its holder, in place of what it said.
pub(in crate::store) fn update_holder(tx: &Transaction, code: CertCode, h: &Holder) -> rusqlite::Result<()> {
    let record: Vec<&str> = names(RecordPart::Person).collect();
    let pinyin = initials(&h.name);
    let own: [ToSqlOutput; 2] = [pinyin.as_str().into(), assessment(tx, h)?.into()];
    let values = own.into_iter().chain(texts(h, RecordPart::Person).map(ToSqlOutput::from));
    let record = record.join(" = ?, ");
    tx.prepare_cached(&format!("UPDATE certificate SET pinyin = ?, assessment = ?, {record} = ? WHERE code = ?"))?
        .execute(params_from_iter(values.chain([code.as_str().into()])))?;
    Ok(())
}
