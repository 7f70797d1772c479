//! Certificates, cases and the audit chain as the pane shows them: times on the user's clock, acts in words, persons masked.

use std::path::Path;

use super::super::desk::StoreDesk;
use crate::app::ledger::request::{
    AuditLine, CaseDetail, CaseLine, CertificateDetail, LifeEvent, ListPage, PAGE, PageKey, RefusedAct, masked,
};
use crate::app::ledger::{AskedAnswer, JudgedAnswer};
use crate::app::proof::{PrintWish, PrintedThing, ProofSubject};
use crate::domain::code::CertCode;
use crate::domain::ledger::audit::AuditEntry;
use crate::domain::ledger::case::{CaseFilter, CaseId, StoredCase};
use crate::domain::ledger::life::CertificateEvent;
use crate::domain::ledger::printed::Medium;
use crate::domain::upload::TableFormat;
use crate::failure::Failure;
use crate::office::{PrintDataOrder, PrintOf, ProofOf, Purpose, RosterReading, Session};
use crate::words::Locale;

/// Gives a certificate, all that happened to it, and its cases.
pub(super) fn certificate(desk: &mut StoreDesk, code: CertCode) -> Result<CertificateDetail, Failure> {
    let locale = desk.locale.clone();
    let session = desk.session()?;
    let life = session.ledger()?.life(code)?.ok_or_else(|| session.office().unknown_certificate(code))?;
    let mut cases = session.cases(&CaseFilter { code: Some(code), ..CaseFilter::default() })?;
    cases.reverse();
    let ledger = session.ledger()?;
    let (blank, left) = (ledger.blank_of(code)?, ledger.blank_left(code)?);
    let left = left.map(|left| format!("  {}", locale.blank_left(left.number, left.status, &left.clause, true)));
    Ok(CertificateDetail {
        blank: blank
            .map(|(kind, number)| format!("{number}  {}{}", locale.blank_kind(kind), left.unwrap_or_default()))
            .unwrap_or_default(),
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

/// So many cases or entries are looked at for one page that is narrowed by a text: it may come short or empty with more behind.
const LOOKED_AT: usize = 20 * PAGE;

/// Lists cases that hold all words of a text, newest first; a page is named by the case before it.
pub(super) fn cases(
    desk: &mut StoreDesk,
    live: bool,
    text: &str,
    from: &PageKey,
) -> Result<ListPage<CaseLine>, Failure> {
    let locale = desk.locale.clone();
    let session = desk.session()?;
    let mut before = from.0.parse().ok().map(CaseId);
    let is_wanted = |stored: &StoredCase| {
        let case = &stored.case;
        let (id, opened) = (case.id.to_string(), locale.moment(&stored.opened.time));
        let kind_and_state = [locale.case_kind(case.kind()), locale.case_state(case.state)];
        let told =
            [&*id, &opened, &stored.opened.user, case.code.as_str(), &case.snapshot.name, &case.application.reason];
        holds_all(text, &[&told[..], &kind_and_state].concat())
    };
    let mut rows = Vec::new();
    for looked in (PAGE..=LOOKED_AT).step_by(PAGE) {
        let filter = CaseFilter { live, before, limit: Some(PAGE as u32), ..CaseFilter::default() };
        let found = session.cases(&filter)?;
        let is_last = found.len() < PAGE;
        before = found.last().map(|last| last.case.id);
        rows.extend(found.into_iter().filter(|stored| is_wanted(stored)).map(|stored| line(stored, true, &locale)));
        if is_last {
            return Ok(ListPage { rows, next: None });
        }
        if PAGE <= rows.len() || looked == LOOKED_AT {
            break;
        }
    }
    Ok(ListPage { rows, next: before.map(|last| PageKey(last.to_string())) })
}

/// Tells whether each word of a text stands in one of several, in whatever case.
fn holds_all(text: &str, told: &[&str]) -> bool {
    let told: Vec<String> = told.iter().map(|one| one.to_lowercase()).collect();
    text.to_lowercase().split_whitespace().all(|word| told.iter().any(|one| one.contains(word)))
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

/// Lists entries of the audit chain that hold all words of a text, newest first; a page is named by the entry before it.
pub(super) fn audit(desk: &mut StoreDesk, text: &str, from: &PageKey) -> Result<ListPage<AuditLine>, Failure> {
    let locale = desk.locale.clone();
    let mut before = from.0.parse().ok();
    let session = desk.session()?;
    let profile = |id: &str| session.office().name_of_profile(id);
    let side = |json: &str| locale.entry_side(json, &profile).join("\n");
    let shown = |entry: AuditEntry| AuditLine {
        when: locale.moment(&entry.time),
        what: locale.audit_action(&entry.action),
        entry: AuditEntry { before: side(&entry.before), after: side(&entry.after), ..entry },
    };
    let is_wanted = |entry: &AuditEntry| {
        if text.is_empty() {
            return true;
        }
        let (seq, when) = (entry.seq.to_string(), locale.moment(&entry.time));
        let (what, object) = (locale.audit_action(&entry.action), locale.audit_object(&entry.object));
        holds_all(text, &[&seq, &when, &entry.user, &what, &object, &entry.object, &entry.reason])
    };
    let mut rows = Vec::new();
    for looked in (PAGE..=LOOKED_AT).step_by(PAGE) {
        let found = session.entries_before(before, PAGE)?;
        let last = found.last().map(|last| last.seq).filter(|last| 1 < *last);
        rows.extend(found.into_iter().filter(is_wanted).map(shown));
        before = last;
        if last.is_none() || PAGE <= rows.len() || looked == LOOKED_AT {
            break;
        }
    }
    Ok(ListPage { rows, next: before.map(|last| PageKey(last.to_string())) })
}

/// Draws the proof of a certificate in so many columns.
pub(super) fn proof(desk: &mut StoreDesk, subject: &ProofSubject, columns: usize) -> Result<Vec<String>, Failure> {
    let session = desk.session()?;
    let of = match &subject.row {
        None => ProofOf::Code(subject.code),
        Some(row) => ProofOf::Holder(subject.code, &row.holder, (row.batch, &row.profile)),
    };
    let proof = session.proof(&of, true, session.office().locale())?;
    Ok(proof.filled.drawn(columns.max(80)))
}

/// Writes print data of a batch, or of one certificate; what was left out or deserves a look is told with it.
pub(super) fn print_data(desk: &mut StoreDesk, wish: &PrintWish) -> Result<Vec<String>, Failure> {
    let session = desk.session()?;
    with_printed(session, wish.of, |of, source| {
        let order = PrintDataOrder {
            of,
            path: &wish.file,
            format: TableFormat::of_name(&wish.file),
            overwrite: false,
            source,
            medium: Medium::Paper,
            photos: wish.photos.as_deref(),
            photo_size: wish.photo_size.as_deref(),
            reason: &wish.reason,
            again: wish.again,
            share: None,
        };
        let written = session.write_print_data(&order)?;
        Ok(session.office().print_data_told(&wish.file, &written).lines().map(String::from).collect())
    })
}

/// Finds what is printed, and the file that it was read from.
fn with_printed<T>(
    session: &Session,
    thing: PrintedThing,
    act: impl FnOnce(PrintOf<'_>, Option<&Path>) -> Result<T, Failure>,
) -> Result<T, Failure> {
    match thing {
        PrintedThing::Certificate(code) => act(PrintOf::Codes(&[code]), None),
        PrintedThing::Batch(id) => {
            let stored = session.batch(id)?;
            let batch = session.reopen(&stored, &RosterReading::default(), Purpose::Look, &mut |_| ())?;
            act(PrintOf::Rows(Some(id), &batch), Some(&stored.source.path))
        }
    }
}

/// Finds the first answer of a form with which its act would be refused.
pub(super) fn refused_answer(session: &Session, answers: Vec<AskedAnswer>) -> Option<RefusedAct> {
    let office = session.office();
    answers.into_iter().find_map(|AskedAnswer { question, what }| {
        let judged = match what {
            JudgedAnswer::Read(file) => office.can_read(&file),
            JudgedAnswer::Write(file) => office.can_write(&file),
            JudgedAnswer::PhotoSize(thing, size) => {
                with_printed(session, thing, |of, _| session.can_print_in_size(&of, &size))
            }
            JudgedAnswer::Fact(def, value) => office.can_be_noted(&def, &value),
            JudgedAnswer::Photos(thing, folder) => {
                with_printed(session, thing, |of, _| session.can_print_with(&of, &folder))
            }
        };
        judged.err().map(|why| RefusedAct { why, question: Some(question) })
    })
}
