//! What the pane has done to the ledger, each act one entry of the audit chain.

use std::path::Path;

use chrono::NaiveDate;

use super::super::desk::StoreDesk;
use crate::app::ledger::FormQuestion;
use crate::app::ledger::request::{LedgerAct, RefusedAct, SubmitOrder};
use crate::app::ledger::shares::ShareAct;
use crate::domain::code::CertCode;
use crate::domain::ledger::audit::Stamp;
use crate::domain::ledger::case::CaseId;
use crate::domain::ledger::reach::Reach;
use crate::domain::ledger::reply::{ReplyOrder, TakenReply};
use crate::domain::ledger::search::CertificateQuery;
use crate::domain::ledger::{
    BarredCertificate, BatchId, Certificate, Handed, Marked, Marking, Selection, SeriesKey, Status, WantedNumbers,
};
use crate::domain::level::Level;
use crate::failure::{Failure, FailureKind};
use crate::office::{CaseRefused, ReplyReading, Session, SiteReply};

/// What came of an act.
pub(super) enum Done {
    /// The audit entry's place, the case that was opened, and what there is to tell of it; may be empty.
    Entry(u64, Option<CaseId>, String),
    Refused(RefusedAct),
}

/// Does something to the ledger.
pub(super) fn done(desk: &mut StoreDesk, act: &LedgerAct) -> Result<Done, Failure> {
    let session = desk.session()?;
    let refused = |refused: CaseRefused| {
        let question = match &refused {
            CaseRefused::Rule(refusal) => FormQuestion::of_refusal(&refusal.why),
            CaseRefused::Failed(_) => None,
        };
        Done::Refused(RefusedAct { why: refused.failure(session.office()), question })
    };
    match carried_out(session, act) {
        Ok((entry, opened, told)) => Ok(Done::Entry(entry, opened, told)),
        Err(CaseRefused::Failed(failure)) => Err(failure),
        Err(rule) => Ok(refused(rule)),
    }
}

/// Does something; gives the audit entry's place, the case that was opened, and what there is to tell of it.
fn carried_out(session: &Session, act: &LedgerAct) -> Result<(u64, Option<CaseId>, String), CaseRefused> {
    let office = session.office();
    let entry_of = |stamp: Option<Stamp>| stamp.map_or(0, |stamp| stamp.entry);
    let entry = match act {
        LedgerAct::Reserve { key, year, level, count, reason } => {
            reserve(session, (*key, *year, *level), *count, reason)?
        }
        LedgerAct::Stock(order) => {
            let done = super::stock::done(session, order)?;
            // The status has one line.
            let told: Vec<&str> = done.told.iter().map(|line| line.trim()).collect();
            let told = office.locale().with_entry(&[told.join(office.locale().text("stock.done.between"))], done.entry);
            return Ok((done.entry, None, told));
        }
        LedgerAct::Reply { file, on } => {
            let (reply, order) = reply(session, file, *on)?;
            let taken = session.take_reply(&reply, order)?;
            if !taken.may_be_taken(order) {
                return Err(does_not_fit(session, &taken).into());
            }
            match taken.entries.last() {
                Some(entry) => *entry,
                None => {
                    return Err(Failure::new(FailureKind::Rule, office.locale().text("reply.nothing-new"), "").into());
                }
            }
        }
        LedgerAct::Share(act) => match &**act {
            ShareAct::Add { terms, reason } => session.add_share(terms, None, reason)?.1,
            ShareAct::Change { share, parts, reason } => {
                session.change_share(*share, parts, None, reason)?.last().copied().unwrap_or_default()
            }
            ShareAct::End { share, on, reason } => session.end_share(*share, *on, reason)?,
        },
        LedgerAct::Submit(order) => return submit(session, order).map_err(CaseRefused::from),
        LedgerAct::Register { prefix, profile, name, reason } => session.register(prefix, profile, name, reason)?,
        LedgerAct::NoteEvent { thing, event, day, reason } => session.note_event(thing, *event, *day, reason)?,
        LedgerAct::NoteFact { thing, fact, value, reason } => {
            session.note_facts(thing, &[(fact.clone(), value.clone())], reason)?.unwrap_or_default()
        }
        LedgerAct::Void { code, reason } => mark(session, *code, &Marking::new(Status::Void, office.today()?, reason))?,
        LedgerAct::Mark { code, status, on, reason, insists } => {
            mark(session, *code, &marking((*status, *on), reason, *insists))?
        }
        LedgerAct::MarkFound { text, status, on, reason, insists } => {
            let marking = marking((*status, *on), reason, *insists);
            match session.mark(&found(session, text, *status)?, &marking)? {
                Marked::Done(_, entry, _) => entry,
                Marked::Refused(_) | Marked::Nothing => return Err(none_may(session, *status).into()),
            }
        }
        LedgerAct::Open { code, application } => {
            let stored = session.open_case(*code, application)?;
            return Ok((stored.opened.entry, Some(stored.case.id), String::new()));
        }
        LedgerAct::Approve { case, approval } => entry_of(session.approve_case(*case, approval, "")?.approved),
        LedgerAct::Refuse { case, reason } => entry_of(session.refuse_case(*case, reason)?.ended),
        LedgerAct::Close { case, withdrawn_on, reason } => {
            entry_of(session.close_case(*case, *withdrawn_on, reason)?.ended)
        }
    };
    Ok((entry, None, String::new()))
}

/// Reads a reply that somebody named.
fn reply(session: &Session, file: &Path, on: NaiveDate) -> Result<(SiteReply, ReplyOrder), Failure> {
    let reply = session.office().read_reply(file, &ReplyReading::default())?;
    Ok((reply, ReplyOrder { batch: None, on, leaves: false }))
}

/// Names the first row that stands against a reply, and how many do.
fn does_not_fit(session: &Session, taken: &TakenReply) -> Failure {
    let locale = session.office().locale();
    let n = locale.fill("reply.rows-against", &[("n", &taken.barred.len().to_string())]);
    let first = taken.barred.first().map_or_else(String::new, |row| locale.barred_row(row));
    Failure::new(FailureKind::Rule, format!("{n} {first}"), locale.text("reply.by-verb"))
}

/// Tells what would come of a reply: each line that the verb tells of it.
pub(super) fn told_of_reply(session: &Session, act: &LedgerAct) -> Result<Vec<String>, Failure> {
    let LedgerAct::Reply { file, on } = act else { return Ok(Vec::new()) };
    let (reply, order) = reply(session, file, *on)?;
    let taken = session.tried(|session| session.take_reply(&reply, order))?;
    if !taken.may_be_taken(order) {
        return Err(does_not_fit(session, &taken));
    }
    let mut told = session.office().locale().reply_told(&reply.file.file, &taken, (true, true));
    // That it is only tried, whoever is asked knows.
    told.pop();
    Ok(told)
}

/// Tells why something would not be done as it was answered.
pub(super) fn refused(session: &Session, act: &LedgerAct) -> Result<Option<RefusedAct>, Failure> {
    let refusal = match act {
        LedgerAct::Open { code, application } => session.bar_to_application(*code, application)?,
        LedgerAct::Approve { case, approval } => session.bar_to_approval(*case, approval)?,
        LedgerAct::Close { case, withdrawn_on, reason } => session.bar_to_closing(*case, *withdrawn_on, reason)?,
        _ => None,
    };
    Ok(refusal.map(|refusal| {
        let why = Failure::new(FailureKind::Rule, session.office().locale().case_refusal(&refusal), "");
        RefusedAct { why, question: FormQuestion::of_refusal(&refusal.why) }
    }))
}

/// Whoever insists and says why agrees that the day has passed from which nothing is accepted.
fn marking((status, on): (Status, NaiveDate), reason: &str, insists: bool) -> Marking<'_> {
    Marking { past_deadline: insists && !reason.trim().is_empty(), ..Marking::new(status, on, reason) }
}

/// Tells how far something would reach; nothing for what can be taken back or ends nothing.
pub(super) fn reach(session: &Session, act: &LedgerAct) -> Result<Option<Reach>, Failure> {
    let of_one = |code: &CertCode, status| session.reach_of_mark(&Selection::Codes(vec![*code]), status);
    Ok(match act {
        LedgerAct::Reserve { key, year, level, count, .. } => match session.series_of(*key, *year, *level)? {
            Some(series) => Some(session.reach_of_reserve(&series, WantedNumbers::Next(*count))?),
            None => None,
        },
        LedgerAct::Void { code, .. } => Some(of_one(code, Status::Void)?),
        LedgerAct::Mark { code, status, .. } => Some(of_one(code, *status)?).filter(Reach::is_far),
        LedgerAct::MarkFound { text, status, .. } => {
            Some(session.reach_of_mark(&found(session, text, *status)?, *status)?)
        }
        LedgerAct::Close { case, .. } => Some(session.reach_of_close(*case)?),
        LedgerAct::Submit(order) => Some(session.reach_of_mark(&Selection::Batch(order.batch), Status::Submitted)?),
        LedgerAct::Open { .. }
        | LedgerAct::Approve { .. }
        | LedgerAct::Refuse { .. }
        | LedgerAct::Register { .. }
        | LedgerAct::Stock(_)
        | LedgerAct::Share(_)
        | LedgerAct::NoteFact { .. }
        | LedgerAct::Reply { .. }
        | LedgerAct::NoteEvent { .. } => None,
    })
}

/// Tells what must be explained in writing if something is done.
pub(super) fn lateness_owed(session: &Session, act: &LedgerAct) -> Result<Option<String>, Failure> {
    match act {
        LedgerAct::Mark { code, status, on, reason, insists } => {
            session.lateness_owed(&Selection::Codes(vec![*code]), &marking((*status, *on), reason, *insists))
        }
        LedgerAct::MarkFound { text, status, on, reason, insists } if *status == Status::Submitted => {
            session.lateness_owed(&found(session, text, *status)?, &marking((*status, *on), reason, *insists))
        }
        LedgerAct::Submit(order) => session.lateness_owed(&Selection::Batch(order.batch), &handing_in(order)),
        _ => Ok(None),
    }
}

fn handing_in(order: &SubmitOrder) -> Marking<'_> {
    let handed = Handed { to: &order.to, receipt: &order.receipt, ..Handed::default() };
    Marking { handed, ..marking((Status::Submitted, order.on), &order.reason, order.insists) }
}

/// Notes that a batch was handed in; tells how many certificates were not, for they have been before.
fn submit(session: &Session, order: &SubmitOrder) -> Result<(u64, Option<CaseId>, String), Failure> {
    let locale = session.office().locale();
    match session.mark(&Selection::Batch(order.batch), &handing_in(order))? {
        Marked::Done(count, entry, left) => {
            let places =
                [("n", &*count.to_string()), ("entry", &*entry.to_string()), ("left", &*left.len().to_string())];
            let key = if left.is_empty() { "papers.handed-in" } else { "papers.handed-in-some" };
            Ok((entry, None, locale.fill(key, &places)))
        }
        Marked::Refused(_) | Marked::Nothing => Err(none_may(session, Status::Submitted)),
    }
}

/// Reserves the next numbers of a series; a year or level that is not the series' own is given with it.
fn reserve(
    session: &Session,
    (key, year, level): (SeriesKey, Option<u8>, Option<Level>),
    count: u32,
    reason: &str,
) -> Result<u64, Failure> {
    let office = session.office();
    let Some(series) = session.series_of(key, year, level)? else {
        return Err(Failure::new(FailureKind::Rule, office.locale().text("status.ledger-cannot"), ""));
    };
    session.reserve(&series, WantedNumbers::Next(count), office.today()?, reason).map(|(_, entry)| entry)
}

/// So many certificates are marked at once.
const MOST_MARKED: usize = 200_000;

/// Selects those of what a search finds that may come to a status; of a batch as the shell does, rows put aside apart.
fn found(session: &Session, text: &str, status: Status) -> Result<Selection, Failure> {
    let certificates = match listed(session, text)? {
        Listed::Batch(batch) => return Ok(Selection::Batch(batch)),
        Listed::Certificates(certificates) => certificates,
    };
    let codes: Vec<CertCode> =
        certificates.into_iter().filter(|one| one.status.may_become(status)).map(|one| one.code).collect();
    if codes.is_empty() {
        return Err(none_may(session, status));
    }
    Ok(Selection::Codes(codes))
}

/// What a search lists.
pub(super) enum Listed {
    /// A batch, and nothing but that.
    Batch(BatchId),
    Certificates(Vec<Certificate>),
}

/// Lists what a search finds.
pub(super) fn listed(session: &Session, text: &str) -> Result<Listed, Failure> {
    let office = session.office();
    let query = session.certificates_meant(text)?;
    if let Some(batch) = query.batch
        && query == (CertificateQuery { batch: Some(batch), ..CertificateQuery::default() })
    {
        return Ok(Listed::Batch(batch));
    }
    let Some(ledger) = office.ledger()? else { return Ok(Listed::Certificates(Vec::new())) };
    let (found, more) = ledger.find(&query, MOST_MARKED)?;
    if more {
        let told = office.locale().fill("ledger.too-many-found", &[("most", &MOST_MARKED.to_string())]);
        return Err(Failure::new(FailureKind::Usage, told, ""));
    }
    Ok(Listed::Certificates(found))
}

/// Counts the certificates among what a search lists: a number that is only reserved is none.
pub(super) fn count(session: &Session, listed: &Listed) -> Result<usize, Failure> {
    let is_certificate = |one: &&Certificate| one.status != Status::Reserved;
    match listed {
        Listed::Certificates(all) => Ok(all.iter().filter(is_certificate).count()),
        Listed::Batch(batch) => {
            let query = CertificateQuery { batch: Some(*batch), ..CertificateQuery::default() };
            let Some(ledger) = session.office().ledger()? else { return Ok(0) };
            Ok(ledger.find(&query, MOST_MARKED)?.0.iter().filter(is_certificate).count())
        }
    }
}

fn none_may(session: &Session, status: Status) -> Failure {
    let locale = session.office().locale();
    let told = locale.fill("ledger.none-may", &[("status", locale.status(status))]);
    Failure::new(FailureKind::Rule, told, "")
}

/// Marks one certificate; gives the entry, or says why there is none.
fn mark(session: &Session, code: CertCode, marking: &Marking<'_>) -> Result<u64, Failure> {
    let (office, locale) = (session.office(), session.office().locale());
    match session.mark(&Selection::Codes(vec![code]), marking)? {
        Marked::Done(_, entry, _) => Ok(entry),
        Marked::Refused(refused) => match refused.first() {
            Some(barred @ BarredCertificate { stands: Some(_), .. }) => {
                let why = locale.barred(code.as_str(), barred.bar(marking.status), marking.status);
                Err(Failure::new(FailureKind::Rule, why, ""))
            }
            _ => Err(office.unknown_certificate(code)),
        },
        Marked::Nothing => Err(office.unknown_certificate(code)),
    }
}
