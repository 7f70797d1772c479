//! What the store answers the ledger pane: each [`LedgerRequest`] and the taking of numbers, in one place.
//!
//! Answers leave here masked and worded; the pane only lays them out.

mod acts;
mod bars;
mod pages;
mod papers;
mod reached;
mod stock;

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::Sender;
use std::thread;

use super::desk::StoreDesk;
use super::{LoopEvent, guarded};
use crate::app::ledger::paper::PaperAct;
use crate::app::ledger::request::{
    LedgerAct, LedgerAnswer, LedgerRequest, ListPage, PAGE, PageKey, RequestKind, SeriesLine, Verified, masked,
};
use crate::app::ledger::shares::ShareLine;
use crate::app::msg::Msg;
use crate::domain::batch::Batch;
use crate::domain::ledger::event::Thing;
use crate::domain::ledger::plan::{Plan, PlanWish};
use crate::domain::ledger::search::CertificateQuery;
use crate::domain::ledger::verify::{ProblemKind, VerifyReport};
use crate::domain::ledger::{Certificate, SeriesState};
use crate::domain::roster::Change;
use crate::failure::{Failure, FailureKind};
use crate::office::{Cursor, DueList, NotTaken, NumberOrder, Office, WantedDue, WantedShares};
use crate::words::Locale;

/// The latest ask of each kind: while a search is being typed only the last letter's is worth an answer.
#[derive(Debug, Default)]
pub(super) struct Latest([AtomicU64; RequestKind::COUNT]);

impl Latest {
    /// Takes note of an ask before it is queued.
    pub(super) fn note(&self, seq: u64, ask: &LedgerRequest) {
        self.0[ask.kind() as usize].store(seq, Ordering::Relaxed);
    }

    /// Tells whether an ask is still to be answered; what is to be done always is.
    pub(super) fn is_wanted(&self, seq: u64, ask: &LedgerRequest) -> bool {
        matches!(ask, LedgerRequest::Do(_) | LedgerRequest::PaperAct(_))
            || self.0[ask.kind() as usize].load(Ordering::Relaxed) == seq
    }
}

/// Where the pages of one list begin: a page is named by the place of its cursor here. One for another search begins anew.
#[derive(Debug, Default)]
struct Pages {
    query: CertificateQuery,
    begin: Vec<Cursor>,
}

impl Pages {
    fn find(&self, key: &PageKey) -> Option<&Cursor> {
        self.begin.get(key.0.parse::<usize>().ok()?)
    }

    /// Names a page; the same one by the same name each time it is come to.
    fn name(&mut self, cursor: Cursor) -> PageKey {
        let place = self.begin.iter().rposition(|known| *known == cursor).unwrap_or_else(|| {
            self.begin.push(cursor);
            self.begin.len() - 1
        });
        PageKey(place.to_string())
    }
}

/// The two lists of certificates.
#[derive(Debug, Clone, Copy)]
enum CertificateList {
    Whole,
    OfSeries,
}

/// The pages of both lists.
#[derive(Debug, Default)]
pub(super) struct CertificatePages([Pages; 2]);

/// Answers an ask; nothing where the answer comes later, from another thread.
pub(super) fn answer(
    desk: &mut StoreDesk,
    seq: u64,
    ask: LedgerRequest,
    to: &Sender<LoopEvent>,
) -> Result<Option<LedgerAnswer>, Failure> {
    Ok(Some(match ask {
        LedgerRequest::Series => LedgerAnswer::Series(series(desk)?),
        LedgerRequest::Gaps(key) => LedgerAnswer::Gaps(desk.session()?.gaps(key)?),
        LedgerRequest::Certificates { query, from } => {
            let query = desk.session()?.certificates_meant(&query.text)?;
            let parts = desk.locale.query_parts(&query);
            LedgerAnswer::Certificates(certificates(desk, CertificateList::Whole, &query, &from)?, parts)
        }
        LedgerRequest::OfSeries { key, from } => {
            let query = CertificateQuery { series: Some(key), ..CertificateQuery::default() };
            LedgerAnswer::OfSeries(certificates(desk, CertificateList::OfSeries, &query, &from)?)
        }
        LedgerRequest::Certificate(code) => LedgerAnswer::Certificate(Box::new(pages::certificate(desk, code)?)),
        LedgerRequest::Unmask(code) => LedgerAnswer::Unmasked(Box::new(desk.session()?.unmask_certificate(code, "")?)),
        LedgerRequest::UnmaskCase(id) => LedgerAnswer::CaseUnmasked(Box::new(pages::unmasked_case(desk, id)?)),
        LedgerRequest::Cases { open_only, text, from } => {
            LedgerAnswer::Cases(pages::cases(desk, open_only, &text, &from)?)
        }
        LedgerRequest::Case(id) => LedgerAnswer::Case(Box::new(pages::case(desk, id)?)),
        LedgerRequest::Audit { text, from } => LedgerAnswer::Audit(pages::audit(desk, &text, &from)?),
        LedgerRequest::Verify => {
            verify_beside(desk, seq, to);
            return Ok(None);
        }
        LedgerRequest::Decode(code) => {
            let held = desk.session()?.ledger()?.held(code)?;
            LedgerAnswer::Decoded(code, held.map(|held| Box::new(held.masked())))
        }
        LedgerRequest::Institutions => LedgerAnswer::Institutions(desk.session()?.registry()?),
        LedgerRequest::Shares => {
            let office = desk.session()?.office().clone();
            let wanted = WantedShares { all: true, ..WantedShares::default() };
            let line = |(share, state)| ShareLine { told: office.locale().share_told(&share, state), share, state };
            LedgerAnswer::Shares(office.shares(wanted)?.into_iter().map(line).collect())
        }
        LedgerRequest::Screening(of) => {
            let session = desk.session()?;
            let (office, limits) = (session.office(), session.office().screening_limits());
            let found = match of {
                Some(batch) => session.screen_batch(batch, limits, &mut |_| ())?,
                None => office.screen(limits)?,
            };
            LedgerAnswer::Screening(of, found.findings)
        }
        LedgerRequest::Deadlines => {
            let DueList { on, items } = desk.session()?.office().due(&WantedDue::default())?;
            LedgerAnswer::Deadlines(on, items)
        }
        LedgerRequest::Counted(item) => LedgerAnswer::Counted(desk.session()?.office().due_told(&item)),
        LedgerRequest::Stock => {
            let (lines, told) = stock::sheet(desk)?;
            LedgerAnswer::Stock(lines, told)
        }
        LedgerRequest::CompareBlanks { kind, keeper, file } => {
            let (title, told) = stock::compared(desk, kind, keeper.as_deref(), &file)?;
            LedgerAnswer::Compared(title, told)
        }
        LedgerRequest::Draft { thing, why, file } => {
            let office = desk.session()?.office();
            office.draft_lateness(&thing, why.as_deref(), (&file, false))?;
            LedgerAnswer::Drafted(office.locale().lateness_written(&file, why.is_some()))
        }
        LedgerRequest::Proof { subject, columns } => LedgerAnswer::Proof(pages::proof(desk, &subject, columns)?),
        LedgerRequest::PrintData(wish) => LedgerAnswer::Printed(pages::print_data(desk, &wish)?),
        LedgerRequest::Blank(number) => LedgerAnswer::Blank(stock::way(desk, number)?),
        LedgerRequest::Plan { mut batch, wish } => {
            let session = desk.session()?;
            let order = NumberOrder { wish, prefix: None };
            let id = batch.context().known().batch;
            let (plan, blanks) = match session.plan_afresh((id, &mut batch), &order) {
                Ok(plan) => (plan, None),
                // Blanks that cannot be used bar the plan, which is shown without them.
                Err(failure) if wish.blanks.is_some() => {
                    let without = NumberOrder { wish: PlanWish { blanks: None, ..wish }, ..order };
                    (session.plan(&batch, &without)?, Some(failure))
                }
                Err(failure) => return Err(failure),
            };
            let jump = session.day_jump(batch.context().today())?;
            LedgerAnswer::Planned(Box::new(plan), session.may_take_numbers().err().or(blanks), jump)
        }
        LedgerRequest::Bars { kind, subject, text } => {
            let bars = bars::told(desk.session()?, kind, subject, &text)?;
            LedgerAnswer::Barred(kind, subject, bars)
        }
        LedgerRequest::Judge(answers) => LedgerAnswer::Judged(pages::refused_answer(desk.session()?, answers)),
        LedgerRequest::Reach(LedgerAct::Stock(order)) => LedgerAnswer::Reached(stock::ahead(desk.session()?, &order)),
        LedgerRequest::Reach(act) => {
            let session = desk.session()?;
            let jump = match act {
                LedgerAct::Reserve { .. } => session.day_jump(session.office().today()?)?,
                _ => None,
            };
            let refused = acts::refused(session, &act)?;
            let reach = acts::reach(session, &act)?;
            let owed = acts::lateness_owed(session, &act)?;
            let of_reply = acts::told_of_reply(session, &act)?;
            let mut reached = reach.map(|reach| reached::told(&reach, &desk.locale)).unwrap_or_default();
            if let Some(owed) = owed {
                reached.warning = format!("{} {owed}", reached.warning).trim().to_string();
            }
            if !of_reply.is_empty() {
                reached.warning = of_reply.join("\n");
            }
            reached.refused = refused;
            if let Some(jump) = jump {
                reached.warning = format!("{} {}", reached.warning, desk.locale.day_jump(jump)).trim().to_string();
            }
            LedgerAnswer::Reached(reached)
        }
        LedgerRequest::Paper(ask) => {
            papers::look_beside(desk, seq, ask, to)?;
            return Ok(None);
        }
        LedgerRequest::PaperAct(act) => match *act {
            PaperAct::WriteStatistics { ask, file, replaces } => {
                papers::write_beside(desk, seq, (ask, file, replaces), to);
                return Ok(None);
            }
            act => LedgerAnswer::PaperDone(papers::done(desk.session()?, &act)?),
        },
        LedgerRequest::Do(act) => {
            let done = acts::done(desk, &act)?;
            let is_of_registry = match &act {
                LedgerAct::Register { .. } => true,
                LedgerAct::NoteEvent { thing, .. } | LedgerAct::NoteFact { thing, .. } => {
                    matches!(thing, Thing::Institution(_))
                }
                _ => false,
            };
            if is_of_registry {
                // Before the answer: what is planned or checked because of it is to know the institution.
                desk.renew_registry().into_iter().for_each(|msg| drop(to.send(LoopEvent::Msg(msg))));
            }
            count_pressing(&desk.setup.office, to);
            match done {
                acts::Done::Entry(entry, opened, told) => LedgerAnswer::Done(entry, opened, told),
                acts::Done::Refused(refused) => LedgerAnswer::Refused(refused),
            }
        }
    }))
}

/// Counts on a thread of its own what presses, for the title.
pub(super) fn count_pressing(office: &Office, to: &Sender<LoopEvent>) {
    let (office, to) = (office.clone(), to.clone());
    thread::spawn(move || {
        if let Ok(count) = guarded(office.locale(), || office.pressing()) {
            let _ = to.send(LoopEvent::Msg(Msg::Pressing(count)));
        }
    });
}

fn series(desk: &mut StoreDesk) -> Result<Vec<SeriesLine>, Failure> {
    let session = desk.session()?;
    let (all, registry) = (session.series("")?, session.registry()?);
    let name = |state: &SeriesState| session.office().institution_of(&registry, state);
    Ok(all.into_iter().map(|state| SeriesLine { institution: name(&state), state }).collect())
}

fn certificates(
    desk: &mut StoreDesk,
    list: CertificateList,
    query: &CertificateQuery,
    from: &PageKey,
) -> Result<ListPage<Certificate>, Failure> {
    let list = list as usize;
    let pages = &mut desk.lists.0[list];
    if pages.query != *query {
        *pages = Pages { query: query.clone(), begin: Vec::new() };
    }
    let cursor = pages.find(from).cloned();
    // A page of a search that was given up meanwhile is nobody's any more.
    if cursor.is_none() && !from.0.is_empty() {
        return Ok(ListPage { rows: Vec::new(), next: None });
    }
    let page = desk.session()?.ledger()?.page(query, cursor.as_ref(), PAGE)?;
    let next = page.next.map(|cursor| desk.lists.0[list].name(cursor));
    Ok(ListPage { rows: page.found.into_iter().map(masked).collect(), next })
}

/// Checks the ledger on a thread of its own: a large one takes many seconds.
fn verify_beside(desk: &StoreDesk, seq: u64, to: &Sender<LoopEvent>) {
    let (locale, office, to) = (desk.locale.clone(), desk.setup.office.clone(), to.clone());
    thread::spawn(move || {
        let answer = guarded(&locale, || verified(&office)).map_or_else(LedgerAnswer::Failed, LedgerAnswer::Verified);
        let _ = to.send(LoopEvent::Msg(Msg::Ledger { seq, answer }));
    });
}

fn verified(office: &Office) -> Result<Verified, Failure> {
    let (check, locale) = (office.verify_ledger()?, office.locale());
    let fault = check.fault.iter().map(|fault| locale.audit_fault(fault));
    let problems = fault.chain(problems(&check.report, locale)).collect();
    Ok(Verified { head: check.head, problems })
}

/// Tells each kind of problem with how often it was found and where first.
fn problems(report: &VerifyReport, locale: &Locale) -> Vec<String> {
    let told = |kind: ProblemKind| {
        let count = report.counts().get(&kind)?;
        let first = report.problems().iter().find(|p| p.kind == kind);
        let place = first.map(|p| format!("{} {}", p.object, p.detail)).unwrap_or_default();
        let key = format!("verify.{}.title", kind.key());
        Some(format!("{} ({count}) {place}", locale.text(&key)).trim_end().to_string())
    };
    ProblemKind::ALL.into_iter().filter_map(told).collect()
}

/// Takes the numbers of a plan and records them in the rows of the batch in hand, both or neither.
///
/// Nothing is left undone when that fails: the orders behind it go on, so it is no failure of the store's.
pub(super) fn allocate(
    desk: &mut StoreDesk,
    seq: u64,
    batch: &Batch,
    (plan, change): (&Plan, &Change),
    reason: &str,
) -> Msg {
    let Some(id) = desk.hand.id() else {
        let failure = Failure::new(FailureKind::Store, desk.locale.text("status.read-only"), "");
        return Msg::NotAllocated { seq, moved: false, failure };
    };
    let taken = match desk.session() {
        Ok(session) => session.take_numbers(id, batch, (plan, change), reason),
        Err(failure) => Err(NotTaken::Failed(failure)),
    };
    match taken {
        Ok(entry) => {
            // The screen makes the change itself.
            let _ = desk.with_hand(|hand, session| {
                hand.note_steps(session);
                Ok(())
            });
            Msg::Allocated { seq, entry }
        }
        Err(NotTaken::Moved(failure)) => Msg::NotAllocated { seq, moved: true, failure },
        Err(NotTaken::Failed(failure)) => Msg::NotAllocated { seq, moved: false, failure },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::code::CertCode;

    #[test]
    fn only_the_last_letter_typed_is_answered_and_every_act_is_done() {
        let latest = Latest::default();
        let search = || LedgerRequest::Certificates { query: CertificateQuery::default(), from: PageKey::default() };
        let code = CertCode::new("S000062010001242J00001").unwrap();
        let void = || LedgerRequest::Do(LedgerAct::Void { code, reason: "x".into() });
        for (seq, ask) in [(1, search()), (2, search()), (3, LedgerRequest::Series), (4, void()), (5, void())] {
            latest.note(seq, &ask);
        }
        assert!(!latest.is_wanted(1, &search()) && latest.is_wanted(2, &search()));
        assert!(latest.is_wanted(3, &LedgerRequest::Series));
        assert!(latest.is_wanted(4, &void()) && latest.is_wanted(5, &void()));
    }
}
