//! The pane's commands: from tab to tab, from a line to its page, and what is done to what is in hand.

use super::ask::{CaseLine, LedgerAsk};
use super::form::{SeriesSubject, Subject};
use super::question::Verb;
use super::{Asked, CasePage, CertificatePage, Ledger, Listed, Page, Paged, SeriesPage, Slot, Tab};
use crate::app::command::Command;
use crate::app::prompt::Prompt;
use crate::app::{App, Screen};
use crate::domain::code::CertCode;
use crate::domain::ledger::Status;
use crate::domain::ledger::case::{CaseKind, CaseState};

impl App {
    /// Opens the pane over the screen that is there.
    pub(in crate::app) fn open_ledger(&mut self) {
        if self.screen != Screen::Ledger {
            self.ledger.from = self.screen;
        }
        self.screen = Screen::Ledger;
        self.ledger.renew();
    }

    /// Changes the screen below the ledger, or the one on screen.
    pub(in crate::app) fn show(&mut self, screen: Screen) {
        match self.screen {
            Screen::Ledger => self.ledger.from = screen,
            _ => self.screen = screen,
        }
    }

    /// Backs out of the pane by one step.
    pub(in crate::app) fn ledger_back(&mut self) {
        let ledger = &mut self.ledger;
        if ledger.pages.pop().is_some() || std::mem::take(&mut ledger.is_searching) {
            return;
        }
        if ledger.tab == Tab::Certificates && !ledger.search.text().is_empty() {
            ledger.search = Prompt::default();
            return self.search_ledger();
        }
        self.screen = ledger.from;
    }

    /// Runs a command of the pane.
    pub(in crate::app) fn run_ledger(&mut self, command: Command) {
        match command {
            Command::ShowSeries => self.show_tab(Tab::Series),
            Command::ShowCertificates => self.show_tab(Tab::Certificates),
            Command::ShowCases => self.show_tab(Tab::Cases),
            Command::ShowAudit => self.show_tab(Tab::Audit),
            Command::ShowInstitutions => self.show_tab(Tab::Institutions),
            Command::NextTab => self.turn_tab(1),
            Command::PreviousTab => self.turn_tab(Tab::ALL.len() - 1),
            Command::OpenLine => self.open_line(),
            Command::FindCertificate => self.ledger.is_searching = true,
            Command::KeepSearch => self.ledger.is_searching = false,
            Command::UnmaskCertificate => self.unmask_certificate(),
            Command::OpenCasesOnly => {
                self.ledger.open_only = !self.ledger.open_only;
                self.ledger.cases = Paged::default();
                self.ledger.asked.remove(&Slot::Cases);
            }
            Command::VerifyChain => {
                self.ledger.verified = None;
                self.say(self.locale.text("status.verifying").to_string());
                self.ask_ledger(LedgerAsk::Verify);
            }
            Command::NextOrder => self.next_order(),
            Command::SwitchNumbers => self.switch_numbers(),
            Command::TakeChoice => self.take_choice(),
            Command::Refresh => self.ledger.renew(),
            Command::CopyCertificate => self.copy_certificate(),
            Command::AddInstitution => self.begin_filing(),
            verb => self.begin_verb(verb),
        }
    }

    fn show_tab(&mut self, tab: Tab) {
        self.ledger.tab = tab;
        self.ledger.pages.clear();
        self.ledger.is_searching = false;
        // What failed before is tried again by whoever comes back to it.
        self.ledger.asked.retain(|_, asked| *asked != Asked::Failed);
    }

    fn turn_tab(&mut self, by: usize) {
        let at = Tab::ALL.iter().position(|tab| *tab == self.ledger.tab).unwrap_or(0);
        self.show_tab(Tab::ALL[(at + by) % Tab::ALL.len()]);
    }

    /// Opens the line under the cursor in full.
    fn open_line(&mut self) {
        let ledger = &self.ledger;
        let page = match (ledger.pages.last(), ledger.tab) {
            (Some(Page::Case(page)), _) => page.file.lines().first().map(|file| certificate_page(file.line.case.code)),
            (Some(Page::Certificate(_)), _) | (None, Tab::Cases) => ledger
                .case_in_hand()
                .map(|line| Page::Case(Box::new(CasePage { id: line.case.id, file: Listed::default(), at: 0 }))),
            (Some(Page::Series(_)), _) | (None, Tab::Certificates) => {
                ledger.certificate_in_hand().map(|certificate| certificate_page(certificate.code))
            }
            (None, Tab::Series) => ledger.series.current().map(|line| {
                let (gaps, certificates) = (Listed::default(), Paged::default());
                Page::Series(Box::new(SeriesPage { line: line.clone(), gaps, certificates }))
            }),
            (None, Tab::Audit) => ledger.audit.current().map(|line| Page::Entry(Box::new(line.clone()), 0)),
            (None, Tab::Institutions) => {
                ledger.institutions.current().map(|one| Page::Institution(Box::new(one.clone()), 0))
            }
            (Some(Page::Entry(..) | Page::Institution(..)), _) => None,
        };
        match page {
            Some(page) => {
                // A page that is open already is gone back to: no way leads round and round.
                let same = self.ledger.pages.iter().position(|open| is_same_page(open, &page));
                match same {
                    Some(at) => self.ledger.pages.truncate(at + 1),
                    None => self.ledger.pages.push(page),
                }
                self.ledger.forget_pages();
            }
            None => self.warn("status.nothing-chosen"),
        }
    }

    /// Shows the personal data of the certificate in hand once that is an audit entry, or masks it again.
    fn unmask_certificate(&mut self) {
        let Some(code) = self.ledger.certificate_in_hand().map(|c| c.code) else { return };
        if self.ledger.unmasked.take().is_some_and(|full| full.code == code) {
            return;
        }
        self.ask_ledger(LedgerAsk::Unmask(code));
    }

    fn copy_certificate(&mut self) {
        let Some(code) = self.ledger.certificate_in_hand().map(|c| c.code.to_string()) else { return };
        self.copy(code);
    }

    /// Begins to ask what a verb needs to know, unless it cannot be done to what is in hand.
    fn begin_verb(&mut self, command: Command) {
        match command {
            Command::Reserve => {
                let Some(state) = self.ledger.series_in_hand().map(|line| &line.state) else { return };
                let (key, left) = (state.key, state.left());
                let profile = self.profiles.iter().find(|profile| profile.id == state.profile);
                let asks_year = profile.is_some_and(|profile| key.year(profile).is_none());
                let asks_level = profile.is_some_and(|profile| key.level(profile).is_none());
                if left == 0 {
                    return self.warn("status.series-full");
                }
                let series = SeriesSubject { key, left, asks_year, asks_level };
                self.begin_form(Verb::Reserve, Subject::Series(series));
            }
            Command::VoidCertificate | Command::MarkCertificate | Command::OpenCase => {
                let Some(certificate) = self.ledger.certificate_in_hand() else { return };
                let (code, status) = (certificate.code, certificate.status);
                let can_be_marked =
                    Status::ALL.iter().any(|s| status.may_become(*s) && !matches!(s, Status::Void | Status::Revoked))
                        && status != Status::Reserved;
                match command {
                    Command::VoidCertificate if !status.may_become(Status::Void) => self.warn("status.cannot-be-void"),
                    Command::VoidCertificate => self.begin_form(Verb::Void, Subject::Certificate(code, status)),
                    Command::MarkCertificate if !can_be_marked => self.warn("status.no-next-status"),
                    Command::MarkCertificate => self.begin_form(Verb::Mark, Subject::Certificate(code, status)),
                    _ if matches!(status, Status::Reserved | Status::Void | Status::Revoked) => {
                        self.warn("status.no-case");
                    }
                    _ => self.begin_form(Verb::Open, Subject::Certificate(code, status)),
                }
            }
            Command::ApproveCase | Command::RefuseCase | Command::CloseCase => {
                let Some(CaseLine { case, .. }) = self.ledger.case_in_hand() else { return };
                let (id, kind, state) = (case.id, case.kind(), case.state);
                let (verb, fits) = match command {
                    Command::ApproveCase => (Verb::Approve, state == CaseState::Open),
                    Command::RefuseCase => (Verb::Refuse, matches!(state, CaseState::Open | CaseState::Approved)),
                    _ if kind == CaseKind::Revoke => (Verb::CloseRevocation, state == CaseState::Approved),
                    _ => (Verb::Close, state == CaseState::Approved),
                };
                if fits { self.begin_form(verb, Subject::Case(id)) } else { self.warn("status.case-not-there") }
            }
            _ => {}
        }
    }

    /// Searches anew for what is typed.
    pub(in crate::app) fn search_ledger(&mut self) {
        self.ledger.certificates = Paged::default();
        self.ledger.asked.remove(&Slot::Certificates);
    }
}

fn certificate_page(code: CertCode) -> Page {
    Page::Certificate(Box::new(CertificatePage { code, file: Listed::default(), at: 0 }))
}

fn is_same_page(a: &Page, b: &Page) -> bool {
    Ledger::key_of(a) == Ledger::key_of(b)
}
