//! Cases (个案): corrections, reissues and revocations, listed and each in full.

use std::collections::BTreeSet;

use super::content::{Content, stale};
use super::form::{EventSubject, FormSubject};
use super::form_question::FormKind;
use super::full_list::FullList;
use super::paged::Paged;
use super::request::{CaseDetail, CaseLine, LedgerAnswer, LedgerRequest, RequestKind};
use super::{Ledger, OpenPage};
use crate::app::command::{Command, Place};
use crate::app::context::Context;
use crate::app::intent::Intent;
use crate::domain::ledger::case::{CaseId, CaseKind, CaseState};
use crate::domain::ledger::event::Thing;

pub const SHOWN_BY: Command = Command::ShowCases;

#[derive(Debug, Default)]
pub struct List {
    pub lines: Paged<CaseLine>,
    /// Whether only cases are listed that are not closed or refused.
    pub open_only: bool,
    /// What each case that is listed has to hold; empty for nothing.
    pub text: String,
    /// Those that are marked, to stand on one form.
    pub marks: BTreeSet<CaseId>,
}

/// A case in full.
#[derive(Debug)]
pub struct Page {
    pub id: CaseId,
    /// The case; one at most.
    pub file: FullList<CaseDetail>,
    /// The cursor among what is asked for and what happened.
    pub at: usize,
}

impl Content for List {
    fn place(&self) -> Place {
        Place::Cases
    }

    fn above(&self) -> u16 {
        1 + u16::from(!self.text.is_empty())
    }

    fn count(&self) -> usize {
        self.lines.count()
    }

    fn known(&self) -> (usize, bool) {
        self.lines.known()
    }

    fn at(&self) -> usize {
        self.lines.at
    }

    fn cursor(&mut self) -> &mut usize {
        &mut self.lines.at
    }

    fn case(&self) -> Option<&CaseLine> {
        self.lines.current()
    }

    fn thing(&self) -> Option<EventSubject> {
        self.case().map(subject)
    }

    fn opens(&self) -> Option<OpenPage> {
        self.case().map(|line| OpenPage::case(line.case.id))
    }

    fn seek_end(&mut self, is_sought: bool) {
        self.lines.seek_end(is_sought);
    }

    fn take_stop(&mut self) -> bool {
        self.lines.take_stop()
    }

    fn renew(&mut self) {
        self.lines.renew();
    }

    fn wants(&mut self, height: usize, is_free: &dyn Fn(RequestKind) -> bool) -> Option<LedgerRequest> {
        let from = if is_free(RequestKind::Cases) { self.lines.wanted(height)? } else { return None };
        Some(LedgerRequest::Cases { open_only: self.open_only, text: self.text.clone(), from })
    }

    fn take(&mut self, answer: &LedgerAnswer, height: usize) {
        if let LedgerAnswer::Cases(rows) = answer {
            self.lines.take(rows.clone(), height, |a, b| a.case.id == b.case.id);
        }
    }
}

impl Page {
    pub(super) fn new(id: CaseId) -> Page {
        Page { id, file: FullList::default(), at: 0 }
    }

    fn file(&self) -> Option<&CaseDetail> {
        self.file.lines().first()
    }
}

impl Content for Page {
    fn place(&self) -> Place {
        Place::CasePage
    }

    fn above(&self) -> u16 {
        6
    }

    fn count(&self) -> usize {
        self.file().map_or(0, |file| file.line.request.len() + file.life.len())
    }

    fn at(&self) -> usize {
        self.at
    }

    fn cursor(&mut self) -> &mut usize {
        &mut self.at
    }

    fn case(&self) -> Option<&CaseLine> {
        self.file().map(|file| &file.line)
    }

    fn thing(&self) -> Option<EventSubject> {
        self.case().map(subject)
    }

    fn opens(&self) -> Option<OpenPage> {
        self.case().map(|line| OpenPage::certificate(line.case.code))
    }

    fn renew(&mut self) {
        self.file.is_stale = true;
    }

    fn wants(&mut self, _height: usize, is_free: &dyn Fn(RequestKind) -> bool) -> Option<LedgerRequest> {
        stale(&self.file, is_free, LedgerRequest::Case(self.id))
    }

    fn take(&mut self, answer: &LedgerAnswer, _height: usize) {
        if let LedgerAnswer::Case(file) = answer
            && file.line.case.id == self.id
        {
            self.file.take(vec![CaseDetail::clone(file)], |_, _| true);
        }
    }
}

/// Gives the case as what an event is noted of.
fn subject(line: &CaseLine) -> EventSubject {
    EventSubject { thing: Thing::Case(line.case.id), profile: String::new(), meant: None, may_be_explained: false }
}

impl Ledger {
    pub(super) fn list_cases_anew(&mut self) {
        self.lists.cases.lines = Paged::default();
        self.pending.remove(&RequestKind::Cases);
    }

    /// Gives the cases that are marked in the list, where that is on screen.
    pub(in crate::app) fn marked_cases(&self) -> Vec<CaseId> {
        let is_list = self.content().place() == Place::Cases;
        self.lists.cases.marks.iter().copied().filter(|_| is_list).collect()
    }
}

/// Tells whether a case of a state can be brought further by a command.
pub(super) fn fits(command: Command, state: CaseState) -> bool {
    match command {
        Command::ApproveCase => state == CaseState::Open,
        Command::RefuseCase => matches!(state, CaseState::Open | CaseState::Approved),
        Command::CloseCase => state == CaseState::Approved,
        _ => true,
    }
}

/// Runs a command about cases; `None` where it is about something else.
pub(super) fn run(ledger: &mut Ledger, command: Command, to: &mut Context<'_>) -> Option<Intent> {
    match command {
        Command::OpenCasesOnly => {
            ledger.lists.cases.open_only = !ledger.lists.cases.open_only;
            ledger.list_cases_anew();
            return Some(Intent::Nothing);
        }
        Command::MarkCase => {
            let Some(id) = ledger.content().case().map(|line| line.case.id) else { return Some(Intent::Nothing) };
            let marks = &mut ledger.lists.cases.marks;
            if !marks.remove(&id) {
                marks.insert(id);
            }
            let n = marks.len().to_string();
            match marks.len() {
                0 => to.say(String::new()),
                _ => to.say(to.told("status.cases-marked", &[("n", &n)])),
            }
            ledger.lists.cases.lines.at += 1;
            return Some(Intent::Nothing);
        }
        Command::ApproveCase | Command::RefuseCase | Command::CloseCase => {}
        _ => return None,
    }
    let Some(CaseLine { case, .. }) = ledger.content().case() else { return Some(Intent::Nothing) };
    let kind = match command {
        Command::ApproveCase => FormKind::Approve,
        Command::RefuseCase => FormKind::Refuse,
        _ if case.kind() == CaseKind::Revoke => FormKind::CloseRevocation,
        _ => FormKind::Close,
    };
    if fits(command, case.state) {
        return Some(Intent::AskForm(kind, FormSubject::Case(case.id)));
    }
    let (state, verb) = (to.locale.case_state(case.state), to.locale.text(kind.key()));
    let told = match (kind, case.state) {
        (FormKind::Close | FormKind::CloseRevocation, CaseState::Open) => {
            to.locale.text("status.case-approve-first").to_string()
        }
        _ => to.locale.fill("status.case-is", &[("state", state), ("verb", verb)]),
    };
    to.complain(told);
    Some(Intent::Nothing)
}
