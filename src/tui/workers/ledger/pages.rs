//! Certificates, cases and the audit chain as the pane shows them: times on the user's clock, acts in words, persons masked.

use super::super::desk::StoreDesk;
use crate::app::ledger::request::{
    AuditLine, CaseDetail, CaseLine, CertificateDetail, LifeEvent, ListPage, PAGE, PageKey, masked,
};
use crate::domain::code::CertCode;
use crate::domain::ledger::audit::AuditEntry;
use crate::domain::ledger::case::{CaseFilter, CaseId, StoredCase};
use crate::domain::ledger::life::CertificateEvent;
use crate::failure::Failure;
use crate::words::Locale;

/// Gives a certificate, all that happened to it, and its cases.
pub(super) fn certificate(desk: &mut StoreDesk, code: CertCode) -> Result<CertificateDetail, Failure> {
    let locale = desk.locale.clone();
    let session = desk.session()?;
    let life = session.ledger()?.life(code)?.ok_or_else(|| session.office().unknown_certificate(code))?;
    let mut cases = session.cases(&CaseFilter { code: Some(code), ..CaseFilter::default() })?;
    cases.reverse();
    let blank = session.ledger()?.blank_of(code)?;
    Ok(CertificateDetail {
        blank: blank.map(|(kind, number)| format!("{number}  {}", locale.blank_kind(kind))).unwrap_or_default(),
        id_type: session.office().id_type_in_words(&life.certificate.holder.id_type),
        given: life.given_by(),
        certificate: masked(life.certificate),
        life: life.events.iter().map(|event| happened(event, &locale)).collect(),
        cases: cases.into_iter().map(|stored| line(stored, true, &locale)).collect(),
    })
}

fn happened(event: &CertificateEvent, locale: &Locale) -> LifeEvent {
    LifeEvent {
        when: locale.moment(&event.time),
        user: event.user.clone(),
        what: locale.life_event(&event.without_digests()),
        reason: event.reason.clone(),
    }
}

/// Lists cases, newest first; a page is named by the case before it.
pub(super) fn cases(desk: &mut StoreDesk, live: bool, from: &PageKey) -> Result<ListPage<CaseLine>, Failure> {
    let locale = desk.locale.clone();
    let before = from.0.parse().ok().map(CaseId);
    let filter = CaseFilter { live, before, limit: Some(PAGE as u32), ..CaseFilter::default() };
    let found = desk.session()?.cases(&filter)?;
    let next = found.last().filter(|_| found.len() == PAGE).map(|last| PageKey(last.case.id.to_string()));
    Ok(ListPage { rows: found.into_iter().map(|stored| line(stored, true, &locale)).collect(), next })
}

/// Gives a case, what is asked for, and all that happened to it.
pub(super) fn case(desk: &mut StoreDesk, id: CaseId) -> Result<CaseDetail, Failure> {
    let locale = desk.locale.clone();
    let session = desk.session()?;
    let (stored, entries) = (session.case(id)?, session.ledger()?.entries_of_case(id)?);
    let code = stored.case.code;
    let life = entries.iter().map(|entry| happened(&CertificateEvent::of_entry(entry, code), &locale)).collect();
    let blank = session.blank_to_replace(id)?.map(|blank| blank.to_string());
    let places = |number: &str| locale.fill("stock.case-asks-here", &[("number", number), ("case", &id.to_string())]);
    let asks = blank.map(|number| places(&number)).unwrap_or_default();
    let line = line(stored, true, &locale);
    Ok(CaseDetail { line, asks, life })
}

fn line(stored: StoredCase, masked: bool, locale: &Locale) -> CaseLine {
    let opened = locale.moment(&stored.opened.time);
    let request = locale.case_request(&stored.case, masked);
    let case = if masked { stored.masked().case } else { stored.case };
    CaseLine { case, request, opened, user: stored.opened.user }
}

/// Gives a case in full, once that is an audit entry.
pub(super) fn unmasked_case(desk: &mut StoreDesk, id: CaseId) -> Result<CaseLine, Failure> {
    let locale = desk.locale.clone();
    let stored = desk.session()?.unmask_case(id, "")?;
    Ok(line(stored, false, &locale))
}

/// Lists entries of the audit chain, newest first; a page is named by the entry before it.
pub(super) fn audit(desk: &mut StoreDesk, from: &PageKey) -> Result<ListPage<AuditLine>, Failure> {
    let locale = desk.locale.clone();
    let before = from.0.parse().ok();
    let session = desk.session()?;
    let found = session.entries_before(before, PAGE)?;
    let profile = |id: &str| session.office().name_of_profile(id);
    let side = |json: &str| locale.entry_side(json, &profile).join("\n");
    let next = found.last().filter(|last| 1 < last.seq).map(|last| PageKey(last.seq.to_string()));
    let shown = |entry: AuditEntry| AuditLine {
        when: locale.moment(&entry.time),
        what: locale.audit_action(&entry.action),
        entry: AuditEntry { before: side(&entry.before), after: side(&entry.after), ..entry },
    };
    Ok(ListPage { rows: found.into_iter().map(shown).collect(), next })
}
