//! Cases (更正、补发、撤销): opening, approving, refusing and closing them, and what they change.

use std::path::Path;
use std::sync::Arc;

use chrono::{Local, NaiveDate, SecondsFormat};
use serde_json::json;

use super::{Office, Session};
use crate::domain::code::CertCode;
use crate::domain::ledger::action::UnmaskedObject;
use crate::domain::ledger::audit::Head;
use crate::domain::ledger::case::{
    Application, Approval, Case, CaseContext, CaseFilter, CaseId, CaseKind, CaseRefusal, StoredCase, may_approve,
    may_ask, may_close, may_end, may_export, may_open,
};
use crate::domain::ledger::share::Share;
use crate::domain::ledger::{Certificate, Holder};
use crate::domain::rules::{CheckContext, fault_of_change};
use crate::domain::upload::{TableFormat, correction_row};
use crate::failure::{Failure, FailureKind};
use crate::formats::write_rows::{RowsFile, write_rows};
use crate::store::{Store, StoreError};

/// The document that stands beside the rows of corrections.
const CORRECTION: &str = "skillcert-correction-manifest-1";

/// Why an act about a case was not done.
#[derive(Debug)]
pub enum CaseRefused {
    /// A rule stands against it.
    Rule(CaseRefusal),
    Failed(Failure),
}

impl CaseRefused {
    /// Words it as a failure, a refusal with its clause.
    pub fn failure(self, office: &Office) -> Failure {
        match self {
            CaseRefused::Rule(refusal) => office.told(&StoreError::Case(refusal)),
            CaseRefused::Failed(failure) => failure,
        }
    }
}

/// What stands against a case before anything is asked for.
#[derive(Debug)]
pub struct BarsToOpen {
    /// The kinds that cannot be opened whatever would be asked for, each with why.
    pub kinds: Vec<(CaseKind, CaseRefusal)>,
    /// The rules that what is asked for must keep.
    pub rules: Arc<CheckContext>,
}

/// The file that the rows of corrections are written to.
#[derive(Debug, Clone, Copy)]
pub struct CorrectionsFile<'a> {
    pub path: &'a Path,
    pub format: TableFormat,
    /// Whether a file of that name is replaced.
    pub overwrite: bool,
}

/// What was written of corrections.
#[derive(Debug)]
pub struct CasesWritten {
    pub rows: usize,
    pub sha256: String,
    /// Where the audit chain stood before.
    pub audit: Head,
    /// The entry of the share register under which corrections went out; what was returned goes the way of the upload.
    pub share: Option<Share>,
}

impl From<Failure> for CaseRefused {
    fn from(failure: Failure) -> CaseRefused {
        CaseRefused::Failed(failure)
    }
}

/// Asks the domain, with the rules of a roster at hand for new values.
fn judged(
    certificate: &Certificate,
    context: &CheckContext,
    ask: impl FnOnce(&CaseContext) -> Result<(), CaseRefusal>,
) -> Option<CaseRefusal> {
    let fault = |before: &Holder, after: &Holder| fault_of_change(context, certificate.code, before, after);
    ask(&CaseContext { profile: context.profile(), today: context.today(), fault: &fault }).err()
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

    /// Tells what is known of a case about a certificate before anything is asked for.
    pub fn bars_to_open(&self, code: CertCode) -> Result<BarsToOpen, Failure> {
        let (certificate, profile) = self.with(|store| store.certificate_with_profile(code))?;
        let rules = self.context_of(&profile)?;
        let others = self.others(code, None)?;
        let bar = |kind| may_ask(kind, &certificate, &others, rules.profile()).err().map(|refusal| (kind, refusal));
        Ok(BarsToOpen { kinds: CaseKind::ALL.into_iter().filter_map(bar).collect(), rules: Arc::new(rules) })
    }

    /// Tells why a case cannot be carried out whatever would be said of it.
    pub fn bar_to_close(&self, id: CaseId) -> Result<Option<CaseRefusal>, Failure> {
        let StoredCase { case, profile, .. } = self.case(id)?;
        let (certificate, _) = self.with(|store| store.certificate_with_profile(case.code))?;
        Ok(may_end(&case, &certificate, &*self.office.profile(&profile)?).err())
    }

    /// Tells why a case would not be opened as it is asked for.
    pub fn bar_to_application(
        &self,
        code: CertCode,
        application: &Application,
    ) -> Result<Option<CaseRefusal>, Failure> {
        let (certificate, profile) = self.with(|store| store.certificate_with_profile(code))?;
        let others = self.others(code, None)?;
        let context = self.context_of(&profile)?;
        Ok(judged(&certificate, &context, |context| may_open(application, &certificate, &others, context)))
    }

    /// Tells why a case would not be approved so.
    pub fn bar_to_approval(&self, id: CaseId, approval: &Approval) -> Result<Option<CaseRefusal>, Failure> {
        let StoredCase { case, profile, .. } = self.case(id)?;
        let (certificate, _) = self.with(|store| store.certificate_with_profile(case.code))?;
        let context = self.context_of(&profile)?;
        Ok(judged(&certificate, &context, |context| may_approve(&case, approval, context)))
    }

    /// Tells why a case would not be carried out so.
    pub fn bar_to_closing(
        &self,
        id: CaseId,
        withdrawn_on: Option<NaiveDate>,
        reason: &str,
    ) -> Result<Option<CaseRefusal>, Failure> {
        let StoredCase { case, profile, .. } = self.case(id)?;
        let (certificate, _) = self.with(|store| store.certificate_with_profile(case.code))?;
        let others = self.others(case.code, Some(id))?;
        let context = self.context_of(&profile)?;
        Ok(judged(&certificate, &context, |context| {
            may_close(&case, withdrawn_on, reason, &certificate, &others, context)
        }))
    }

    /// Lists the cases about a certificate but one.
    fn others(&self, code: CertCode, but: Option<CaseId>) -> Result<Vec<Case>, Failure> {
        let all = self.cases(&CaseFilter { code: Some(code), ..CaseFilter::default() })?;
        Ok(all.into_iter().map(|stored| stored.case).filter(|case| Some(case.id) != but).collect())
    }

    /// Notes that the authority agreed to a case.
    pub fn approve_case(&self, id: CaseId, approval: &Approval, reason: &str) -> Result<StoredCase, CaseRefused> {
        let context = self.context_of_case(id)?;
        self.judged(|store| store.approve_case(id, approval, reason, &context))?;
        Ok(self.case(id)?)
    }

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

    pub fn case(&self, id: CaseId) -> Result<StoredCase, Failure> {
        self.with(|store| store.case(id))
    }

    /// Gives a case to whoever sees it in full, once that is an audit entry.
    pub fn unmask_case(&self, id: CaseId, reason: &str) -> Result<StoredCase, Failure> {
        // What is not there is shown to nobody.
        let stored = self.case(id)?;
        self.unmask(&UnmaskedObject::Case(id), reason)?;
        Ok(stored)
    }

    /// Lists cases, newest first.
    pub fn cases(&self, filter: &CaseFilter) -> Result<Vec<StoredCase>, Failure> {
        self.with(|store| store.cases(filter))
    }

    /// Writes the rows of corrections to a file: in the form the profile names for them, or in the upload form once more.
    /// The cases are of one profile, none of them twice.
    ///
    /// # Errors
    /// [`CaseRefused::Rule`] for a case that has no row to hand in.
    pub fn export_cases(&self, ids: &[CaseId], file: &CorrectionsFile<'_>) -> Result<CasesWritten, CaseRefused> {
        let locale = self.office.locale();
        let refused =
            |key: &str, places: &[(&str, &str)]| Failure::new(FailureKind::Usage, locale.fill(key, places), "");
        let cases = ids.iter().map(|id| self.case(*id)).collect::<Result<Vec<StoredCase>, Failure>>()?;
        let Some(first) = cases.first() else { return Err(refused("case.none", &[]).into()) };
        for (at, stored) in cases.iter().enumerate() {
            let id = stored.case.id.to_string();
            if stored.profile != first.profile {
                let places = [("first", &*first.case.id.to_string()), ("other", &id)];
                return Err(refused("case.mixed", &places).into());
            }
            if cases[..at].iter().any(|earlier| earlier.case.id == stored.case.id) {
                return Err(refused("case.twice", &[("id", &id)]).into());
            }
        }
        let context = self.context_of(&first.profile)?;
        let profile = context.profile();
        let of_corrections = profile.correction.sheet.as_str();
        let (purpose, form_id) = if of_corrections.is_empty() {
            ("resubmit", profile.upload_sheet())
        } else {
            ("correction", of_corrections)
        };
        let form = self.office.sheet(form_id).ok_or_else(|| refused("case.no-row-form", &[("id", form_id)]))?;
        for StoredCase { case, .. } in &cases {
            let (certificate, _) = self.with(|store| store.certificate_with_profile(case.code))?;
            let of_corrections = Some(&*form).filter(|_| purpose == "correction");
            may_export(case, certificate.status, of_corrections, profile).map_err(CaseRefused::Rule)?;
        }
        let rows: Vec<Vec<String>> = cases.iter().map(|c| correction_row(&c.case, &form, &context)).collect();
        let created = Local::now().fixed_offset();
        let words = self.office.report_locale();
        let written = RowsFile {
            format: file.format,
            overwrite: file.overwrite,
            sheet: words.text(if purpose == "resubmit" { "case.sheet-resubmit" } else { "case.sheet-correction" }),
            columns: &form.columns,
            rows: &rows,
            empty_work_type: &profile.empty_work_type.text,
            created,
        };
        let name = file.path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let audit = self.audit_head()?;
        let manifest = |sha256: &str, bytes: u64| {
            json!({
                "schema": CORRECTION, "file": name, "format": file.format.key(), "encoding": file.format.encoding(),
                "rows": rows.len(), "bytes": bytes, "sha256": sha256, "profile": profile.id,
                "document": profile.document, "sheet": form.id, "purpose": purpose,
                "clause": if purpose == "resubmit" { &profile.correction.resubmit_clause } else { &form.clause },
                "cases": cases.iter().map(|c| json!({
                    "id": c.case.id.0, "code": c.case.code.as_str(), "state": c.case.state.key(),
                    // The record was compared with what is published when the case was opened.
                    "record_as_of": c.opened.time,
                    "reference": c.case.approval.as_ref().map(|a| a.reference.as_str()),
                })).collect::<Vec<_>>(),
                "audit": audit,
                "created_at": created.to_rfc3339_opts(SecondsFormat::Secs, false), "user": self.office.user(),
            })
        };
        self.office.spare_state(file.path).map_err(|e| CaseRefused::Failed(locale.write_failure(&e)))?;
        let sha256 = write_rows(file.path, &written, manifest).map_err(|e| locale.write_failure(&e))?;
        self.with(|store| store.note_case_export(ids, &name, &sha256))?;
        let holds = words.text("case.sheet-correction");
        let out = || self.note_handed_out(file.path, (holds, holds), None);
        let share = (purpose == "correction").then(out).transpose()?;
        Ok(CasesWritten { rows: rows.len(), sha256, audit, share })
    }

    /// Gives what a record under a profile is checked with: its form, the registry, the day.
    pub(super) fn context_of(&self, profile: &str) -> Result<CheckContext, Failure> {
        let profile = self.office.profile(profile)?;
        let form = self.office.upload_form(&profile)?;
        let registry = self.registry()?;
        Ok(Office::context((profile, form), self.office.tables(registry), self.office.today()?))
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
