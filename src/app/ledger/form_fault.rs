//! What is wrong with an answer of a form, as far as the pane knows it: told at its field, before anything is asked of the store.

use super::form::{self, LedgerForm};
use super::form_question::FormQuestion;
use crate::app::context::Context;
use crate::domain::ledger::Certificate;
use crate::domain::ledger::case::{self, Case, CaseKind, CaseRefusal, Day, Item, NewValue, WhyCaseRefused};
use crate::domain::ledger::event::DatedEvent;
use crate::domain::ledger::share::ShareRefusal;
use crate::domain::registry::{self, FiledPrefix};
use crate::domain::rules::{Tables, fault_of_change};
use crate::failure::{Failure, FailureKind};

/// Words a refusal as what is wrong with an answer.
fn told(why: WhyCaseRefused, clause: &str, to: &Context<'_>) -> Failure {
    let told = to.locale.case_refusal(&CaseRefusal { why, clause: clause.to_string() });
    Failure::new(FailureKind::Rule, told, "")
}

/// Tells what is wrong with a day: it is to come, or before what must come first.
pub(super) fn day_fault(
    form: &LedgerForm,
    typed: &str,
    (certificate, case): (Option<&Certificate>, Option<&Case>),
    to: &Context<'_>,
) -> Option<Failure> {
    let (on, today) = (form::day(typed.trim())?, to.today?);
    let question = form.question()?;
    if question == FormQuestion::Day {
        return day_of_status_fault((on, today), certificate, to);
    }
    if question == FormQuestion::Expires {
        return (on < today).then(|| to.locale.share_refusal(&ShareRefusal::Passed(on)));
    }
    if question == FormQuestion::Ordered {
        let told = to.locale.fill("ledger.future", &[("day", &on.to_string())]);
        return (today < on).then(|| Failure::new(FailureKind::Rule, told, ""));
    }
    if question == FormQuestion::EventDay {
        // What is planned may lie ahead.
        let is_planned = DatedEvent::read(form.answer(FormQuestion::Event)).is_some_and(DatedEvent::is_planned_ahead);
        let told = to.locale.fill("ledger.future", &[("day", &on.to_string())]);
        return (today < on && !is_planned).then(|| Failure::new(FailureKind::Rule, told, ""));
    }
    let day = question.day_of_case()?;
    if today < on {
        return Some(told(WhyCaseRefused::Future(day), "", to));
    }
    let (first, since, clause) = first_before(form, day, (certificate, case))?;
    (on < since).then(|| told(WhyCaseRefused::Before(day, first), &clause, to))
}

/// Tells which day must not be after a day of a case, and by which clause.
fn first_before(
    form: &LedgerForm,
    day: Day,
    (certificate, case): (Option<&Certificate>, Option<&Case>),
) -> Option<(Day, chrono::NaiveDate, String)> {
    let answered = |question| form::day(form.answer(question));
    let rules = form.rules.as_ref().map(|rules| rules.profile());
    match day {
        Day::Application => {
            let revocation = rules.map(|profile| &profile.revocation).filter(|rules| rules.benefits_first)?;
            Some((Day::Benefits, answered(FormQuestion::Cancelled)?, revocation.clause.clone()))
        }
        Day::Reissue => {
            let issued = certificate.and_then(|one| one.reissued_on.max(form::day(&one.holder.issue_date)));
            let issued = issued.map(|on| (Day::Issue, on, String::new()));
            let applied = answered(FormQuestion::Applied).map(|on| (Day::Application, on, String::new()));
            applied.into_iter().chain(issued).max_by_key(|(_, on, _)| *on)
        }
        Day::Approval => Some((Day::Application, case?.application.applied_on, String::new())),
        Day::Benefits | Day::Withdrawal | Day::Issue => None,
    }
}

/// Tells what is wrong with the day of a status.
fn day_of_status_fault(
    (on, today): (chrono::NaiveDate, chrono::NaiveDate),
    certificate: Option<&Certificate>,
    to: &Context<'_>,
) -> Option<Failure> {
    let told = if today < on {
        to.locale.fill("ledger.future", &[("day", &on.to_string())])
    } else {
        // A day that is to come itself was written by a clock that was ahead, and bars nothing.
        let since = certificate?.status_on.filter(|day| on < *day && *day <= today)?;
        to.locale.fill("ledger.before-status", &[("since", &since.to_string())])
    };
    Some(Failure::new(FailureKind::Rule, told, ""))
}

/// Tells which of the papers that the notice asks for is not among those shown.
pub(super) fn papers_fault(form: &LedgerForm, typed: &str, to: &Context<'_>) -> Option<Failure> {
    let rules = form.rules.as_ref().filter(|_| form.question() == Some(FormQuestion::Papers))?;
    let (reissue, shown) = (&rules.profile().reissue, form::papers_of(typed));
    let missing = reissue.papers.iter().find(|paper| !shown.contains(&paper.as_str()))?;
    Some(told(WhyCaseRefused::NoPaper(missing.clone()), reissue.papers_clause(), to))
}

/// Tells why the question whose turn it is must not be left without an answer, where the notice says so.
pub(super) fn missing(form: &LedgerForm) -> Option<CaseRefusal> {
    let profile = form.rules.as_ref()?.profile();
    let revocation = &profile.revocation;
    let (why, clause) = match form.question()? {
        FormQuestion::Authority if revocation.authority => (WhyCaseRefused::NoAuthority, revocation.clause.clone()),
        FormQuestion::Cancelled if revocation.benefits_first => {
            (WhyCaseRefused::NoBenefitsDay, revocation.clause.clone())
        }
        FormQuestion::Reason => {
            let kind = form.case_kind().filter(|kind| kind.needs_reason(profile))?;
            (WhyCaseRefused::NoReason, CaseKind::approval_clause(kind, profile).to_string())
        }
        _ => return None,
    };
    Some(CaseRefusal { why, clause })
}

/// Tells what is missing where the notice asks for an answer and none is given.
pub(super) fn missing_fault(form: &LedgerForm, typed: &str, to: &Context<'_>) -> Option<Failure> {
    let CaseRefusal { why, clause } = missing(form).filter(|_| typed.trim().is_empty())?;
    Some(told(why, &clause, to))
}

/// Tells why what was typed is no value of the fact that it is noted of.
pub(super) fn fact_fault(form: &LedgerForm, typed: &str, to: &Context<'_>) -> Option<Failure> {
    let (def, fault) = form.fact_fault(typed)?;
    Some(Failure::new(FailureKind::Usage, to.locale.fact_fault(def, &fault), ""))
}

/// Tells which rule a corrected value breaks. Of what is masked here nothing is said: that the store compares.
pub(super) fn value_fault(
    form: &LedgerForm,
    typed: &str,
    certificate: &Certificate,
    to: &Context<'_>,
) -> Option<Failure> {
    let rules =
        form.rules.as_ref().filter(|_| form.question() == Some(FormQuestion::Value) && !typed.trim().is_empty())?;
    let item = Item::read(form.answer(FormQuestion::Column))?;
    let after = case::corrected(&certificate.holder, &[NewValue { item, to: typed.trim().to_string() }]);
    let fault = fault_of_change(rules, certificate.code, &certificate.holder, &after)?;
    let refusal = CaseRefusal { why: WhyCaseRefused::Value(fault.field, fault.rule), clause: fault.clause };
    (item == Item::Field(fault.field)).then(|| Failure::new(FailureKind::Rule, to.locale.case_refusal(&refusal), ""))
}

/// Tells what is wrong with the prefix that was typed.
pub(super) fn prefix_fault(form: &LedgerForm, typed: &str, tables: &Tables, to: &Context<'_>) -> Option<Failure> {
    if typed.is_empty() {
        return None;
    }
    let profile = to.profiles.iter().find(|profile| profile.id == form.answer(FormQuestion::Profile))?;
    let refusal = match FiledPrefix::read(typed, profile, &|table, code| tables.regions.name(table, code)) {
        Err(fault) => registry::InstitutionRefusal::Prefix(fault),
        Ok(_) if tables.registry.get(typed).is_some() => registry::InstitutionRefusal::Taken(typed.to_string()),
        Ok(_) => return None,
    };
    Some(to.locale.registry_refusal(&refusal, Some(profile)))
}
