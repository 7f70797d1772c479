//! The ledger pane (台账): its tabs, what is opened from them, and the requests that are under way.
//!
//! Each tab has its list, its page, its places, its commands and its answers in a file of its own, and one line in
//! `each_tab`.

pub mod audit;
pub mod cases;
pub mod certificates;
pub mod content;
pub mod deadlines;
pub(in crate::app) mod form;
mod form_act;
mod form_fault;
mod form_judge;
mod form_page;
pub(in crate::app) mod form_question;
mod form_step;
mod form_subject;
mod full_list;
pub mod institutions;
mod paged;
pub mod paper;
pub mod request;
pub mod screening;
pub mod series;
pub mod shares;
pub mod stock;
mod stock_form;
mod stock_order;
pub mod tab;
mod unmasked;

use std::collections::BTreeMap;

pub use form::{FormSubject, LedgerForm, SeriesSubject, form_day};
pub use form_judge::{AskedAnswer, JudgedAnswer};
pub use form_page::FormField;
pub use form_question::{FormKind, FormQuestion, column_key};
pub use form_step::{FormStep, RefusedAnswer, Replan, WhyRefused};
pub use full_list::FullList;
pub use paged::Paged;
pub use stock_form::read_start;
pub use tab::Tab;

use content::Content;
use request::{CaseLine, LedgerAnswer, LedgerRequest, RefusedAct, RequestKind};

use super::command::Command;
use super::context::Context;
use super::intent::Intent;
use super::layout;
use super::msg::Effect;
use super::place::Screen;
use super::privacy::Shown;
use super::typed_line::LinePurpose;
use crate::domain::code::CertCode;
use crate::domain::ledger::case::CaseId;
use crate::domain::ledger::share::ShareState;
use crate::domain::ledger::{Certificate, Status};
use crate::words::Locale;

macro_rules! lists_and_pages {
    ($($tab:ident $module:ident $title:literal,)*) => {
        /// The list of every tab.
        #[derive(Debug, Default)]
        pub struct TabLists {
            $(pub $module: $module::List,)*
        }

        /// One thing in full, over the tab it was opened from.
        #[derive(Debug)]
        pub enum OpenPage {
            $($tab(Box<$module::Page>),)*
        }

        impl TabLists {
            fn of(&self, tab: Tab) -> &dyn Content {
                match tab {
                    $(Tab::$tab => &self.$module,)*
                }
            }

            fn of_mut(&mut self, tab: Tab) -> &mut dyn Content {
                match tab {
                    $(Tab::$tab => &mut self.$module,)*
                }
            }
        }

        impl OpenPage {
            fn content(&self) -> &dyn Content {
                match self {
                    $(OpenPage::$tab(page) => &**page,)*
                }
            }

            fn content_mut(&mut self) -> &mut dyn Content {
                match self {
                    $(OpenPage::$tab(page) => &mut **page,)*
                }
            }
        }

        impl Tab {
            /// Gives the command that shows it.
            pub fn shown_by(self) -> Command {
                match self {
                    $(Tab::$tab => $module::SHOWN_BY,)*
                }
            }
        }

        /// Has the tab that a command is of run it.
        fn run_in_tab(ledger: &mut Ledger, command: Command, to: &mut Context<'_>) -> Option<Intent> {
            None$(.or_else(|| $module::run(ledger, command, to)))*
        }
    };
}
tab::each_tab!(lists_and_pages);

impl OpenPage {
    fn certificate(code: CertCode) -> OpenPage {
        OpenPage::Certificates(Box::new(certificates::Page::new(code)))
    }

    fn case(id: CaseId) -> OpenPage {
        OpenPage::Cases(Box::new(cases::Page::new(id)))
    }

    fn is_same(&self, other: &OpenPage) -> bool {
        match (self, other) {
            (OpenPage::Series(a), OpenPage::Series(b)) => a.line.state.key == b.line.state.key,
            (OpenPage::Certificates(a), OpenPage::Certificates(b)) => a.code == b.code,
            (OpenPage::Cases(a), OpenPage::Cases(b)) => a.id == b.id,
            // Nothing leads from one of the others to another.
            _ => false,
        }
    }
}

/// What is shown in full.
#[derive(Debug)]
enum Unmasked {
    Certificate(Box<Certificate>),
    Case(Box<CaseLine>),
}

impl Unmasked {
    fn what(&self) -> Shown {
        match self {
            Unmasked::Certificate(full) => Shown::Certificate(full.code),
            Unmasked::Case(full) => Shown::Case(full.case.id),
        }
    }
}

/// How a request stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Pending {
    Waiting(u64),
    Failed,
}

/// The state of the pane.
#[derive(Debug, Default)]
pub struct Ledger {
    /// The list on screen.
    tab: Tab,
    lists: TabLists,
    /// What lies over it, the last one on top.
    pages: Vec<OpenPage>,
    /// The one certificate or case whose personal data is shown in full.
    unmasked: Option<Unmasked>,
    /// The questions that are being answered.
    form: Option<LedgerForm>,
    /// The forms that were left half filled in, one for each thing that is done to something.
    left_forms: Vec<LedgerForm>,
    /// The questions whose act is being carried out, and the screen they were asked on.
    acting: Option<(Screen, LedgerForm)>,
    /// The plan that waits for an institution to be registered.
    replan: Option<Replan>,
    /// The screen below.
    from: Screen,
    seq: u64,
    pending: BTreeMap<RequestKind, Pending>,
}

/// What an answer leaves to be done outside the pane.
#[derive(Debug)]
pub enum FollowUp {
    /// It was about the pane alone, or comes too late.
    Taken,
    /// An answer for what lies over the pane: [`LedgerAnswer::Decoded`], [`LedgerAnswer::Planned`],
    /// [`LedgerAnswer::Barred`], [`LedgerAnswer::Reached`], [`LedgerAnswer::Paper`] or [`LedgerAnswer::PaperDone`].
    ForOverlay(LedgerAnswer),
    /// An act is done: the audit entry's place, the case that was opened, and which status all that was listed has now, where it
    /// was marked.
    Done { entry: u64, opened: Option<CaseId>, marked: Option<Status>, told: String },
    /// An act is not done as it was answered.
    Refused(RefusedAct),
    /// A request of a kind failed, as [`Context::fail`] is to say.
    Failed(RequestKind, crate::failure::Failure),
}

impl Ledger {
    /// Gives what is on screen: the topmost page, or the list of the tab.
    pub fn content(&self) -> &dyn Content {
        self.pages.last().map_or_else(|| self.lists.of(self.tab), OpenPage::content)
    }

    fn content_mut(&mut self) -> &mut dyn Content {
        match self.pages.last_mut() {
            Some(page) => page.content_mut(),
            None => self.lists.of_mut(self.tab),
        }
    }

    /// Lists everything there is: the lists, and the pages from the lowest to the topmost.
    fn all(&mut self, mut visit: impl FnMut(&mut dyn Content)) {
        Tab::ALL.iter().for_each(|tab| visit(self.lists.of_mut(*tab)));
        self.pages.iter_mut().for_each(|page| visit(page.content_mut()));
    }

    pub fn tab(&self) -> Tab {
        self.tab
    }

    pub fn lists(&self) -> &TabLists {
        &self.lists
    }

    /// Gives what lies over the list, the last one on top.
    pub fn pages(&self) -> &[OpenPage] {
        &self.pages
    }

    /// Gives the cursor of the list on screen.
    pub fn cursor(&mut self) -> &mut usize {
        self.content_mut().cursor()
    }

    /// Has the cursor go on to the last line of a list that is not all here, or no longer.
    pub fn seek_end(&mut self, is_sought: bool) {
        self.content_mut().seek_end(is_sought);
    }

    /// Counts the lines that the pane's list has on a screen.
    pub fn height(&self, size: (u16, u16)) -> usize {
        usize::from(layout::ledger(size, self.content().above()).list.height).max(1)
    }

    /// Tells whether something could not be found out.
    pub fn has_failed(&self) -> bool {
        self.pending.values().any(|pending| *pending == Pending::Failed)
    }

    /// Has everything asked for anew; what is here stays in sight until it comes.
    pub fn renew(&mut self) {
        self.all(|content| content.renew());
        // Whatever is under way may tell of before the change, and what failed may do better now; acts go on.
        self.pending.retain(|kind, _| !kind.is_about_view());
    }

    /// Makes a request; the one of the same kind before is out of date from now on.
    pub fn request(&mut self, request: LedgerRequest, to: &mut Context<'_>) {
        self.seq += 1;
        let seq = self.seq;
        self.pending.insert(request.kind(), Pending::Waiting(seq));
        to.push(Effect::Ledger { seq, request });
    }

    /// Asks for what is on screen and not here, and masks what the cursor has left.
    pub fn settle(&mut self, screen: Screen, to: &mut Context<'_>) {
        if screen != Screen::Ledger {
            self.unmasked = None;
            return;
        }
        if self.unmasked.is_some() && self.unmasked() != self.in_hand() {
            self.unmasked = None;
        }
        let last = self.content().count().saturating_sub(1);
        let at = self.cursor();
        *at = (*at).min(last);
        let height = self.height(to.size);
        while let Some(request) = self.next_request(height) {
            self.request(request, to);
        }
    }

    fn next_request(&mut self, height: usize) -> Option<LedgerRequest> {
        let Ledger { pages, lists, tab, pending, .. } = self;
        let content = match pages.last_mut() {
            Some(page) => page.content_mut(),
            None => lists.of_mut(*tab),
        };
        content.wants(height, &|kind| !pending.contains_key(&kind))
    }

    /// Takes an answer; one that nobody waits for any more is dropped.
    pub fn answered(&mut self, seq: u64, answer: LedgerAnswer, to: &mut Context<'_>) -> FollowUp {
        let kind = self.pending.iter().find(|(_, pending)| **pending == Pending::Waiting(seq)).map(|(kind, _)| *kind);
        let Some(kind) = kind else { return FollowUp::Taken };
        self.pending.remove(&kind);
        match answer {
            LedgerAnswer::Unmasked(full) => self.unmasked = Some(Unmasked::Certificate(full)),
            LedgerAnswer::CaseUnmasked(full) => self.unmasked = Some(Unmasked::Case(full)),
            LedgerAnswer::Decoded(..)
            | LedgerAnswer::Planned(..)
            | LedgerAnswer::Barred(..)
            | LedgerAnswer::Proof(_)
            | LedgerAnswer::Paper(_)
            | LedgerAnswer::PaperDone(_)
            | LedgerAnswer::Judged(_)
            | LedgerAnswer::Reached(_) => {
                return FollowUp::ForOverlay(answer);
            }
            LedgerAnswer::Refused(refused) => return FollowUp::Refused(refused),
            LedgerAnswer::Compared(title, told) => {
                self.acting = None;
                self.pages.push(OpenPage::Stock(Box::new(stock::Page::of_comparison(title, told))));
                to.say(String::new());
            }
            LedgerAnswer::Printed(_) => {
                self.acting = None;
                return FollowUp::ForOverlay(answer);
            }
            LedgerAnswer::Drafted(words) => {
                self.acting = None;
                to.say(words);
            }
            LedgerAnswer::Done(entry, opened, told) => {
                let marked = self.acting.take().and_then(|(_, form)| form.marks_found());
                self.lists.certificates.marked = marked;
                self.renew();
                return FollowUp::Done { entry, opened, marked, told };
            }
            // A ledger that cannot be read leaves its line in the decoder out.
            LedgerAnswer::Failed(_) if kind == RequestKind::Decode => {}
            LedgerAnswer::Failed(failure) => {
                self.pending.insert(kind, Pending::Failed);
                return FollowUp::Failed(kind, failure);
            }
            answer => {
                let height = self.height(to.size);
                self.all(|content| content.take(&answer, height));
                if self.content_mut().take_stop() {
                    let n = self.content().known().0.to_string();
                    to.say(to.told("status.more-to-the-end", &[("n", &n)]));
                }
                if let LedgerAnswer::Verified(verified) = &answer {
                    audit::tell(verified, to);
                }
            }
        }
        FollowUp::Taken
    }

    /// Opens the pane over a screen.
    pub fn open(&mut self, from: Screen) {
        if from != Screen::Ledger {
            self.from = from;
        }
        self.renew();
    }

    /// Changes the screen below the pane.
    pub fn put_below(&mut self, screen: Screen) {
        self.from = screen;
    }

    /// Backs out by one step; from the outermost to the screen below.
    pub fn back(&mut self) -> Option<Screen> {
        let has_left = self.pages.pop().is_some()
            || (self.tab == Tab::Cases && !std::mem::take(&mut self.lists.cases.marks).is_empty())
            || match self.tab {
                Tab::Certificates => self.leave_search(),
                _ => self.text_of_list().is_some_and(|text| !std::mem::take(text).is_empty()) && self.list_anew(),
            };
        (!has_left).then_some(self.from)
    }

    /// Gives what the list on screen is narrowed by, where it can be.
    fn text_of_list(&mut self) -> Option<&mut String> {
        match self.tab {
            Tab::Cases => Some(&mut self.lists.cases.text),
            Tab::Audit => Some(&mut self.lists.audit.text),
            Tab::Deadlines => Some(&mut self.lists.deadlines.text),
            _ => None,
        }
    }

    fn list_anew(&mut self) -> bool {
        match self.tab {
            Tab::Cases => self.list_cases_anew(),
            Tab::Deadlines => self.lists.deadlines.renew(),
            _ => self.list_entries_anew(),
        }
        true
    }

    /// Narrows the list on screen to what holds all words of a text; an empty one lists everything.
    pub(in crate::app) fn find_in_list(&mut self, typed: &str) {
        if let Some(text) = self.text_of_list() {
            *text = typed.trim().to_string();
            self.list_anew();
        }
    }

    /// Runs a command of the pane; `None` where it is about something else.
    pub(super) fn update(&mut self, command: Command, to: &mut Context<'_>) -> Option<Intent> {
        if let Some(tab) = Tab::ALL.iter().find(|tab| tab.shown_by() == command) {
            self.show(*tab);
            return Some(Intent::Nothing);
        }
        match command {
            Command::NextTab => self.show(self.tab.turned(1)),
            Command::PreviousTab => self.show(self.tab.turned(Tab::ALL.len() - 1)),
            Command::OpenLine => self.open_line(to),
            Command::FindInList => {
                let text = self.text_of_list().map(|text| text.clone()).unwrap_or_default();
                return Some(Intent::AskLine(LinePurpose::FindInList, text));
            }
            Command::Refresh => self.renew(),
            Command::UnmaskCertificate | Command::UnmaskCase => self.unmask(to),
            command => return run_in_tab(self, command, to),
        }
        Some(Intent::Nothing)
    }

    /// Tells whether a command can do nothing with what is in hand, so that its key is not offered.
    pub fn is_idle(&self, command: Command, locale: &Locale) -> bool {
        let content = self.content();
        match command {
            Command::OpenLine => content.opens().is_none(),
            Command::EndShare | Command::ChangeShare => {
                self.lists.shares.lines.current().is_none_or(|line| line.state == ShareState::Ended)
            }
            Command::DraftLateness => content.thing().is_none_or(|subject| !subject.may_be_explained),
            Command::Reserve => content.series().is_some_and(|line| line.state.left() == 0),
            Command::ApproveCase | Command::RefuseCase | Command::CloseCase => {
                content.case().is_none_or(|line| !cases::fits(command, line.case.state))
            }
            Command::VoidCertificate | Command::MarkCertificate | Command::OpenCase => {
                content.certificate().is_none_or(|one| !certificates::fits(command, one.status, locale))
            }
            _ => false,
        }
    }

    fn show(&mut self, tab: Tab) {
        self.tab = tab;
        self.pages.clear();
        self.lists.certificates.is_searching = false;
        // What failed before is tried again by whoever comes back to it.
        self.pending.retain(|_, pending| *pending != Pending::Failed);
    }

    /// Opens the line under the cursor in full.
    fn open_line(&mut self, to: &mut Context<'_>) {
        let Some(page) = self.content().opens() else { return to.remark("status.nothing-behind") };
        // A page that is open already is gone back to: no way leads round and round.
        match self.pages.iter().position(|open| open.is_same(&page)) {
            Some(at) => self.pages.truncate(at + 1),
            None => self.pages.push(page),
        }
        // What was asked for pages may have been about others.
        self.pending.retain(|kind, _| !kind.is_about_page());
    }
}
