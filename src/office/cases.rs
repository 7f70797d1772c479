//! Cases (更正、补发、撤销): opening, approving, refusing and closing them, and what they change.

use chrono::NaiveDate;

use super::Session;
use crate::domain::code::CertCode;
use crate::domain::ledger::case::{Application, Approval, CaseFilter, CaseId, Refusal, StoredCase};
use crate::domain::rules::CheckContext;
use crate::failure::Failure;
use crate::store::{Store, StoreError};

/// Why an act about a case was not done.
#[derive(Debug)]
pub enum CaseRefused {
    /// A rule stands against it.
    Rule(Refusal),
    Failed(Failure),
}

impl From<Failure> for CaseRefused {
    fn from(failure: Failure) -> CaseRefused {
        CaseRefused::Failed(failure)
    }
}

impl Session {
    /// Opens a case about a certificate.
    ///
    /// # Errors
    /// [`CaseRefused::Rule`] with the clause that forbids it, such as a value that breaks a rule of the record.
    pub fn open_case(&self, code: CertCode, application: &Application) -> Result<StoredCase, CaseRefused> {
        let (_, profile) = self.with(|store| store.certificate_with_profile(code))?;
        let context = self.context_of(&profile)?;
        let id = self.judged(|store| store.open_case(code, application, &context))?;
        Ok(self.case(id)?)
    }

    /// Notes that the authority agreed to a case.
    pub fn approve_case(&self, id: CaseId, approval: &Approval, reason: &str) -> Result<StoredCase, CaseRefused> {
        let context = self.context_of_case(id)?;
        self.judged(|store| store.approve_case(id, approval, reason, &context))?;
        Ok(self.case(id)?)
    }

    /// Refuses a case.
    pub fn refuse_case(&self, id: CaseId, reason: &str) -> Result<StoredCase, CaseRefused> {
        self.judged(|store| store.refuse_case(id, reason))?;
        Ok(self.case(id)?)
    }

    /// Carries an approved case out. `withdrawn_on` is the day on which the paper of a revoked certificate was taken back.
    pub fn close_case(
        &self,
        id: CaseId,
        withdrawn_on: Option<NaiveDate>,
        reason: &str,
    ) -> Result<StoredCase, CaseRefused> {
        let context = self.context_of_case(id)?;
        self.judged(|store| store.close_case(id, withdrawn_on, reason, &context))?;
        Ok(self.case(id)?)
    }

    /// Gives a case.
    pub fn case(&self, id: CaseId) -> Result<StoredCase, Failure> {
        self.with(|store| store.case(id))
    }

    /// Lists cases, newest first.
    pub fn cases(&self, filter: &CaseFilter) -> Result<Vec<StoredCase>, Failure> {
        self.with(|store| store.cases(filter))
    }

    /// Notes that the rows of cases were written to a file.
    pub fn note_case_export(&self, cases: &[CaseId], file: &str, sha256: &str) -> Result<(), Failure> {
        self.with(|store| store.note_case_export(cases, file, sha256).map(drop))
    }

    /// Gives what a record under a profile is checked with: its form, the registry, the day.
    pub fn context_of(&self, profile: &str) -> Result<CheckContext, Failure> {
        let profile = self.office.profile(profile)?;
        let form = self.office.upload_form(&profile)?;
        let registry = self.with(Store::registry)?;
        Ok(self.office.context(profile, form, registry, self.office.today()?))
    }

    fn context_of_case(&self, id: CaseId) -> Result<CheckContext, Failure> {
        self.context_of(&self.case(id)?.profile)
    }

    fn judged<T>(&self, work: impl Fn(&Store) -> Result<T, StoreError>) -> Result<T, CaseRefused> {
        self.try_with(work).map_err(|error| match error {
            StoreError::Case(refusal) => CaseRefused::Rule(refusal),
            other => CaseRefused::Failed(self.office.told(&other)),
        })
    }
}
