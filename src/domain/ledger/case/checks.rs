//! Who may open, approve, refuse and close which case: pure, and one refusal at a time.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::{
    Application, Approval, Case, CaseKind, CaseRefusal, CaseRequest, CaseState, Day, Item, NewValue, ValueFault,
    WhyCaseRefused, corrected,
};
use crate::domain::ledger::{Certificate, Holder, Status};
use crate::domain::profile::Profile;
use crate::domain::sheet::{Field, SheetSpec};

/// What the checks depend on besides the certificate and its cases.
pub struct CaseContext<'a> {
    pub profile: &'a Profile,
    /// The day that counts as today.
    pub today: NaiveDate,
    /// Finds the first error the rules of a roster see in a corrected record that was not in the one before.
    pub fault: &'a dyn Fn(&Holder, &Holder) -> Option<ValueFault>,
}

impl std::fmt::Debug for CaseContext<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Desk {{ {}, {} }}", self.profile.id, self.today)
    }
}

fn refused<T>(why: WhyCaseRefused, clause: &str) -> Result<T, CaseRefusal> {
    Err(CaseRefusal { why, clause: clause.to_string() })
}

impl CaseContext<'_> {
    fn not_future(&self, day: Day, on: NaiveDate) -> Result<(), CaseRefusal> {
        if self.today < on { refused(WhyCaseRefused::Future(day), "") } else { Ok(()) }
    }
}

/// Tells whether a case may be opened. `others` are the certificate's cases so far, whatever became of them.
pub fn may_open(
    application: &Application,
    certificate: &Certificate,
    others: &[Case],
    context: &CaseContext,
) -> Result<(), CaseRefusal> {
    may_ask(application.request.kind(), certificate, others, context.profile)?;
    asks_rightly(application, certificate, others, context)
}

/// Tells whether a kind of case may be opened at all, whatever is asked for.
pub fn may_ask(
    kind: CaseKind,
    certificate: &Certificate,
    others: &[Case],
    profile: &Profile,
) -> Result<(), CaseRefusal> {
    status_allows(kind, certificate.status, profile)?;
    match others.iter().find(|c| c.state.is_live() && c.kind() == kind) {
        Some(live) => refused(WhyCaseRefused::Live(live.id), ""),
        None => Ok(()),
    }
}

/// Tells whether a certificate has come as far as a kind of case needs, and has not ended.
fn status_allows(kind: CaseKind, status: Status, profile: &Profile) -> Result<(), CaseRefusal> {
    let clause = kind.clause(profile);
    match (kind, status) {
        (_, Status::Void | Status::Revoked) => refused(WhyCaseRefused::Ended(status), clause),
        (CaseKind::Revoke, _) if status.may_become(Status::Revoked) => Ok(()),
        (CaseKind::Revoke, Status::Returned) => refused(WhyCaseRefused::SentBack, clause),
        (CaseKind::Revoke, _) => refused(WhyCaseRefused::NotOnRecord(status), clause),
        (_, Status::Exported | Status::Submitted | Status::Accepted | Status::Published) => Ok(()),
        // What came back is the roster's again.
        (_, Status::Returned) => refused(WhyCaseRefused::SentBack, ""),
        (_, Status::Reserved | Status::Allocated) => refused(WhyCaseRefused::NotHandedIn(status), ""),
    }
}

fn asks_rightly(
    application: &Application,
    certificate: &Certificate,
    others: &[Case],
    context: &CaseContext,
) -> Result<(), CaseRefusal> {
    let kind = application.request.kind();
    if kind.needs_reason(context.profile) && application.reason.trim().is_empty() {
        return refused(WhyCaseRefused::NoReason, kind.approval_clause(context.profile));
    }
    context.not_future(Day::Application, application.applied_on)?;
    match &application.request {
        CaseRequest::Correct(values) => corrects_rightly(values, certificate, others, context),
        CaseRequest::Reissue { on, papers, .. } => {
            reissues_rightly((*on, application.applied_on), papers, certificate, context)
        }
        CaseRequest::Revoke { benefits_cancelled_on, authority } => {
            let revocation = &context.profile.revocation;
            match benefits_cancelled_on {
                None if revocation.benefits_first => return refused(WhyCaseRefused::NoBenefitsDay, &revocation.clause),
                Some(day) if revocation.benefits_first && application.applied_on < *day => {
                    return refused(WhyCaseRefused::Before(Day::Application, Day::Benefits), &revocation.clause);
                }
                Some(day) => context.not_future(Day::Benefits, *day)?,
                None => {}
            }
            if revocation.authority && authority.trim().is_empty() {
                return refused(WhyCaseRefused::NoAuthority, &revocation.clause);
            }
            Ok(())
        }
    }
}

fn corrects_rightly(
    values: &[NewValue],
    certificate: &Certificate,
    others: &[Case],
    context: &CaseContext,
) -> Result<(), CaseRefusal> {
    let rules = &context.profile.correction;
    if values.is_empty() {
        return refused(WhyCaseRefused::Nothing, "");
    }
    let mut items = BTreeSet::new();
    for value in values {
        let item = value.item;
        if !items.insert(item) {
            return refused(WhyCaseRefused::Twice(item), "");
        }
        let may_change = match item {
            Item::Photo => item.may_change(rules),
            // The code, above all, is no part of the record: it is what the record is about.
            Item::Field(field) => certificate.holder.cell(field).is_some() && item.may_change(rules),
        };
        if !may_change {
            return refused(WhyCaseRefused::Never(item), &rules.clause);
        }
    }
    only_one(&items, others, context)?;
    let after = corrected(&certificate.holder, values);
    for item in &items {
        if let Item::Field(field) = item
            && certificate.holder.cell(*field) == after.cell(*field)
        {
            return refused(WhyCaseRefused::Same(*item), "");
        }
    }
    match (context.fault)(&certificate.holder, &after) {
        Some(fault) => refused(WhyCaseRefused::Value(fault.field, fault.rule), &fault.clause),
        None => Ok(()),
    }
}

/// Of some columns only one may change over the life of a certificate: in one case or in several (BJ-25).
fn only_one(items: &BTreeSet<Item>, others: &[Case], context: &CaseContext) -> Result<(), CaseRefusal> {
    let rules = &context.profile.correction;
    let clause = rules.only_one_clause();
    let asked: Vec<Field> = rules.only_one_of.iter().copied().filter(|f| items.contains(&Item::Field(*f))).collect();
    let Some(&field) = asked.first() else { return Ok(()) };
    if let Some(&second) = asked.get(1) {
        return refused(WhyCaseRefused::OnlyOne(second, field), clause);
    }
    for case in others.iter().filter(|c| c.state != CaseState::Refused) {
        let changes = |f: &Field| case.application.request.values().iter().any(|v| v.item == Item::Field(*f));
        if let Some(other) = rules.only_one_of.iter().find(|f| **f != field && changes(f)) {
            return refused(WhyCaseRefused::OnlyOneEver(field, *other, case.id), clause);
        }
    }
    Ok(())
}

fn reissues_rightly(
    (on, applied_on): (NaiveDate, NaiveDate),
    papers: &[String],
    certificate: &Certificate,
    context: &CaseContext,
) -> Result<(), CaseRefusal> {
    let rules = &context.profile.reissue;
    if let Some(missing) = rules.papers.iter().find(|p| !papers.iter().any(|shown| shown.trim() == p.as_str())) {
        return refused(WhyCaseRefused::NoPaper(missing.clone()), rules.papers_clause());
    }
    context.not_future(Day::Reissue, on)?;
    if on < applied_on {
        return refused(WhyCaseRefused::Before(Day::Reissue, Day::Application), "");
    }
    // A record keeps the day of issue as it was written: what is no day is compared as a text, an empty one comes first.
    if on.to_string() < certificate.holder.issue_date || certificate.reissued_on.is_some_and(|last| on < last) {
        return refused(WhyCaseRefused::Before(Day::Reissue, Day::Issue), "");
    }
    Ok(())
}

/// Tells whether a case may be approved.
pub fn may_approve(case: &Case, approval: &Approval, context: &CaseContext) -> Result<(), CaseRefusal> {
    let clause = case.kind().approval_clause(context.profile);
    moves(case, CaseState::Approved)?;
    if approval.reference.trim().is_empty() {
        return refused(WhyCaseRefused::NoReference, clause);
    }
    context.not_future(Day::Approval, approval.on)?;
    if approval.on < case.application.applied_on {
        return refused(WhyCaseRefused::Before(Day::Approval, Day::Application), clause);
    }
    Ok(())
}

/// Tells whether a case may be turned down.
pub fn may_refuse(case: &Case, reason: &str) -> Result<(), CaseRefusal> {
    moves(case, CaseState::Refused)?;
    if reason.trim().is_empty() { refused(WhyCaseRefused::NoReason, "") } else { Ok(()) }
}

/// Tells whether a case may take effect on a certificate as it stands now. `others` are the certificate's other cases.
///
/// Where the notice has a revoked certificate taken back (BJ-38), either its day is given or `reason` says why it was not.
pub fn may_close(
    case: &Case,
    withdrawn_on: Option<NaiveDate>,
    reason: &str,
    certificate: &Certificate,
    others: &[Case],
    context: &CaseContext,
) -> Result<(), CaseRefusal> {
    let kind = case.kind();
    may_end(case, certificate, context.profile)?;
    if let Some(day) = withdrawn_on {
        if kind != CaseKind::Revoke {
            return refused(WhyCaseRefused::NotARevocation, "");
        }
        context.not_future(Day::Withdrawal, day)?;
    } else if kind == CaseKind::Revoke && reason.trim().is_empty() {
        let clause = &context.profile.revocation.withdraw_clause;
        if !clause.is_empty() {
            return refused(WhyCaseRefused::NoWithdrawal, clause);
        }
    }
    asks_rightly(&case.application, certificate, others, context)
}

/// Tells whether a case may take effect at all, whatever is said of how.
pub fn may_end(case: &Case, certificate: &Certificate, profile: &Profile) -> Result<(), CaseRefusal> {
    let kind = case.kind();
    moves(case, CaseState::Closed)?;
    if kind.needs_approval(profile) && case.state != CaseState::Approved {
        return refused(WhyCaseRefused::NotApproved, kind.approval_clause(profile));
    }
    status_allows(kind, certificate.status, profile)?;
    if kind == CaseKind::Correct && case.snapshot != certificate.holder {
        return refused(WhyCaseRefused::Outdated, "");
    }
    Ok(())
}

/// Tells whether a case has a row to hand in, now that its certificate has this status. `form` is that of the corrections, where
/// the profile has one: it is what one asks for the consent with, and repeats what the public can look up. Without such a form the
/// record is handed in once more as it is after the correction, and that takes the consent first.
pub fn may_export(case: &Case, status: Status, form: Option<&SheetSpec>, profile: &Profile) -> Result<(), CaseRefusal> {
    if case.kind() != CaseKind::Correct {
        return refused(WhyCaseRefused::NotACorrection, "");
    }
    match (case.state, form) {
        (CaseState::Refused, _) => refused(WhyCaseRefused::State(case.state), ""),
        (_, Some(form)) if status != Status::Published => {
            let repeated = form.columns.iter().find(|column| column.field == Field::OldCode);
            refused(WhyCaseRefused::NotOnline(status), repeated.map_or(form.clause.as_str(), |column| &column.clause))
        }
        (CaseState::Open, None) if profile.correction.approval => {
            refused(WhyCaseRefused::NotApproved, profile.correction.approval_clause())
        }
        _ => Ok(()),
    }
}

fn moves(case: &Case, next: CaseState) -> Result<(), CaseRefusal> {
    if case.state.may_become(next) { Ok(()) } else { refused(WhyCaseRefused::State(case.state), "") }
}
