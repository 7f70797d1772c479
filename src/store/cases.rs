//! Cases (更正、补发、撤销) in the store: each step one transaction with its entry in the audit chain.
//!
//! Whether a step may be taken is decided inside the transaction, by the domain, on what stands in the file then.

mod rows;

use chrono::NaiveDate;
use rusqlite::{Connection, OptionalExtension, Transaction, params};

use super::Store;
use super::error::{Result, StoreError};
use super::ledger::touch_one;
use crate::cause::OwnFileFault;
use crate::domain::code::CertCode;
use crate::domain::ledger::action::{Act, Action, CaseApproved, CaseEffect, CaseOpened, InState, RowWritten};
use crate::domain::ledger::case::{
    self, Application, Approval, Case, CaseContext, CaseFilter, CaseId, CaseState, StoredCase,
};
use crate::domain::ledger::two_people::SecondAct;
use crate::domain::ledger::verify::record_digest;
use crate::domain::ledger::{Certificate, Holder};
use crate::domain::rules::{CheckContext, fault_of_change};

impl Store {
    /// Opens a case about a certificate; refused with [`StoreError::Case`].
    pub fn open_case(&self, code: CertCode, application: &Application, context: &CheckContext) -> Result<CaseId> {
        self.write_latest(|tx| {
            let certificate = self.certificate_of(tx, code)?;
            let others = self.cases_of(tx, code)?;
            judged(&certificate, context, |context| case::may_open(application, &certificate, &others, context))?;
            let sql = |e: rusqlite::Error| self.error(&e);
            // Cases are never deleted, so the next number is one that never was.
            let id: i64 =
                tx.query_row("SELECT coalesce(max(id), 0) + 1 FROM case_file", [], |r| r.get(0)).map_err(sql)?;
            let id = CaseId(id);
            let after = CaseOpened {
                state: CaseState::Open,
                certificate: code,
                kind: application.request.kind(),
                applied_on: application.applied_on,
                request: application.request.clone(),
                snapshot_sha256: Some(record_digest(&certificate.holder)),
            };
            let action = Action::CaseOpen(Act { object: id, before: (), after });
            let entry = self.append_case_step(tx, code, &action, &application.reason)?;
            tx.execute(
                "INSERT INTO case_file (id, kind, state, certificate, snapshot, request, applied_on, reason, opened)
                 VALUES (?1, ?2, ?3, (SELECT id FROM certificate WHERE code = ?4), ?5, ?6, ?7, ?8, ?9)",
                params![
                    id.0,
                    application.request.kind().key(),
                    CaseState::Open.key(),
                    code.as_str(),
                    rows::json(&certificate.holder),
                    rows::json(&application.request),
                    application.applied_on.to_string(),
                    application.reason,
                    entry as i64,
                ],
            )
            .map_err(sql)?;
            Ok(id)
        })
    }

    /// Notes the authority's consent; refused with [`StoreError::Case`].
    pub fn approve_case(&self, id: CaseId, approval: &Approval, reason: &str, context: &CheckContext) -> Result<()> {
        self.write_latest(|tx| {
            let stored = self.stored(tx, id)?;
            let certificate = self.certificate_of(tx, stored.case.code)?;
            judged(&certificate, context, |context| case::may_approve(&stored.case, approval, context))?;
            self.must_be_second_of_case(tx, SecondAct::Approve, id)?;
            let after =
                CaseApproved { state: CaseState::Approved, reference: approval.reference.clone(), on: approval.on };
            let before = InState { state: stored.case.state };
            let action = Action::CaseApprove(Act { object: id, before, after });
            let entry = self.append_case_step(tx, certificate.code, &action, reason)?;
            tx.execute(
                "UPDATE case_file SET state = 'approved', approval = ?2, approved_on = ?3, approved = ?4 WHERE id = ?1",
                params![id.0, approval.reference, approval.on.to_string(), entry as i64],
            )
            .map_err(|e| self.error(&e))?;
            Ok(())
        })
    }

    /// Turns a case down; the certificate stays as it is. Refused with [`StoreError::Case`].
    pub fn refuse_case(&self, id: CaseId, reason: &str) -> Result<()> {
        self.write_latest(|tx| {
            let stored = self.stored(tx, id)?;
            case::may_refuse(&stored.case, reason).map_err(StoreError::Case)?;
            let (before, after) = (InState { state: stored.case.state }, InState { state: CaseState::Refused });
            let action = Action::CaseRefuse(Act { object: id, before, after });
            let entry = self.append_case_step(tx, stored.case.code, &action, reason)?;
            tx.execute("UPDATE case_file SET state = 'refused', ended = ?2 WHERE id = ?1", params![id.0, entry as i64])
                .map_err(|e| self.error(&e))?;
            Ok(())
        })
    }

    /// Lets a case take effect on its certificate; refused with [`StoreError::Case`].
    ///
    /// The record before and after stands whole in the audit entry; `withdrawn_on` is the day a revoked certificate was
    /// taken back.
    pub fn close_case(
        &self,
        id: CaseId,
        withdrawn_on: Option<NaiveDate>,
        reason: &str,
        context: &CheckContext,
    ) -> Result<()> {
        self.write_latest(|tx| {
            let stored = self.stored(tx, id)?;
            let code = stored.case.code;
            let certificate = self.certificate_of(tx, code)?;
            let mut others = self.cases_of(tx, code)?;
            others.retain(|c| c.id != id);
            judged(&certificate, context, |context| {
                case::may_close(&stored.case, withdrawn_on, reason, &certificate, &others, context)
            })?;
            self.must_be_second_of_case(tx, SecondAct::Close, id)?;
            let changed = case::outcome(&stored.case, &certificate, context.profile());
            let said = |state: CaseState, certificate: &Certificate, withdrawn_on: Option<NaiveDate>| CaseEffect {
                state,
                certificate: code,
                status: certificate.status,
                reissued_on: certificate.reissued_on,
                record: certificate.holder.clone(),
                withdrawn_on,
                on: None,
            };
            let before = said(stored.case.state, &certificate, None);
            let after = CaseEffect { on: Some(context.today()), ..said(CaseState::Closed, &changed, withdrawn_on) };
            let entry =
                self.append_case_step(tx, code, &Action::CaseClose(Act { object: id, before, after }), reason)?;
            let withdrawn_on = withdrawn_on.map(|day| day.to_string());
            let store = || -> rusqlite::Result<()> {
                rows::change_certificate(tx, &changed, context.today())?;
                tx.execute(
                    "UPDATE case_file SET state = 'closed', withdrawn_on = ?2, ended = ?3 WHERE id = ?1",
                    params![id.0, withdrawn_on, entry as i64],
                )?;
                Ok(())
            };
            store().map_err(|e| self.error(&e))
        })
    }

    /// Notes that the rows of cases were written to a file.
    pub fn note_case_export(&self, cases: &[CaseId], file: &str, sha256: &str) -> Result<()> {
        self.write_latest(|tx| {
            for id in cases {
                let after = RowWritten { file: file.to_string(), sha256: sha256.to_string() };
                let code = self.stored(tx, *id)?.case.code;
                self.append_case_step(tx, code, &Action::CaseExport(Act { object: *id, before: (), after }), "")?;
            }
            Ok(())
        })
    }

    pub fn case(&self, id: CaseId) -> Result<StoredCase> {
        self.stored(&self.db, id)
    }

    /// Lists cases, the latest first.
    pub fn cases(&self, filter: &CaseFilter) -> Result<Vec<StoredCase>> {
        let found = self.read(|db| rows::listed(db, filter))?;
        self.whole(found)
    }

    /// Gives a certificate and the id of the profile its series is counted under.
    pub fn certificate_with_profile(&self, code: CertCode) -> Result<(Certificate, String)> {
        let certificate = self.certificate_of(&self.db, code)?;
        let profile = "SELECT profile FROM series WHERE key = ?1";
        let profile = self.read(|db| db.query_row(profile, [certificate.series.as_str()], |r| r.get(0)))?;
        Ok((certificate, profile))
    }

    fn certificate_of(&self, db: &Connection, code: CertCode) -> Result<Certificate> {
        self.find_certificate(db, code)?.ok_or(StoreError::NoCertificate(code))
    }

    fn cases_of(&self, tx: &Transaction, code: CertCode) -> Result<Vec<Case>> {
        let filter = CaseFilter { code: Some(code), ..CaseFilter::default() };
        let found = rows::listed(tx, &filter).map_err(|e| self.error(&e))?;
        Ok(self.whole(found)?.into_iter().map(|stored| stored.case).collect())
    }

    pub(super) fn stored(&self, db: &Connection, id: CaseId) -> Result<StoredCase> {
        let found = rows::read_case(db, id).optional().map_err(|e| self.error(&e))?;
        self.sound(found.ok_or(StoreError::NoCase(id))?)
    }

    fn whole(&self, found: Vec<Option<StoredCase>>) -> Result<Vec<StoredCase>> {
        found.into_iter().map(|case| self.sound(case)).collect()
    }

    fn sound<T>(&self, read: Option<T>) -> Result<T> {
        read.ok_or_else(|| StoreError::damaged(&self.path, OwnFileFault::Case))
    }

    /// Appends a step of a case; it is about the certificate too.
    fn append_case_step(&self, tx: &Transaction, code: CertCode, action: &Action, reason: &str) -> Result<u64> {
        let entry = self.append(tx, action, reason).map_err(|e| self.error(&e))?;
        touch_one(tx, code, entry).map_err(|e| self.error(&e))?;
        Ok(entry)
    }
}

/// Asks the domain, with the rules of a roster at hand for new values.
fn judged(
    certificate: &Certificate,
    context: &CheckContext,
    ask: impl FnOnce(&CaseContext) -> std::result::Result<(), case::CaseRefusal>,
) -> Result<()> {
    let fault = |before: &Holder, after: &Holder| fault_of_change(context, certificate.code, before, after);
    let case_context = CaseContext { profile: context.profile(), today: context.today(), fault: &fault };
    ask(&case_context).map_err(StoreError::Case)
}

#[cfg(test)]
#[path = "cases/tests.rs"]
mod tests;
