//! The ledger pane (台账): series, certificates, cases, audit, institutions; what was asked of the store and what came back.

mod answers;
pub mod ask;
mod asking;
mod form;
mod paged;
pub mod plan;
mod question;
mod verbs;

use std::collections::BTreeMap;

pub use form::{Form, SeriesSubject, Subject};
pub use paged::Paged;
pub use question::{Question, Verb, column_key};

use ask::{AuditLine, CaseFile, CaseLine, CertificateFile, SeriesLine, Slot, Verified};

use super::Screen;
use super::command::Place;
use super::prompt::Prompt;
use crate::domain::code::CertCode;
use crate::domain::ledger::case::CaseId;
use crate::domain::ledger::{Certificate, Gap, SeriesKey};
use crate::domain::registry::Institution;

/// The lists of the pane.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Tab {
    /// 序列
    #[default]
    Series,
    /// 证书
    Certificates,
    /// 个案
    Cases,
    /// 审计
    Audit,
    /// 机构
    Institutions,
}

impl Tab {
    /// Every tab, in order.
    pub const ALL: [Tab; 5] = [Tab::Series, Tab::Certificates, Tab::Cases, Tab::Audit, Tab::Institutions];
}

/// A list that comes in one piece.
#[derive(Debug)]
pub struct Listed<T> {
    pub at: usize,
    /// The lines; `None` until they are here.
    pub rows: Option<Vec<T>>,
    is_stale: bool,
}

impl<T> Default for Listed<T> {
    fn default() -> Listed<T> {
        Listed { at: 0, rows: None, is_stale: true }
    }
}

impl<T> Listed<T> {
    /// Gives the lines that are here.
    pub fn lines(&self) -> &[T] {
        self.rows.as_deref().unwrap_or_default()
    }

    /// Gives the line under the cursor.
    pub fn current(&self) -> Option<&T> {
        self.lines().get(self.at)
    }

    fn take(&mut self, rows: Vec<T>, is_same: impl Fn(&T, &T) -> bool) {
        let kept = self.current().and_then(|old| rows.iter().position(|row| is_same(row, old)));
        self.at = kept.unwrap_or(self.at).min(rows.len().saturating_sub(1));
        self.rows = Some(rows);
        self.is_stale = false;
    }
}

/// One thing in full, over the tab it was opened from.
#[derive(Debug)]
pub enum Page {
    /// A series: its gaps and its certificates.
    Series(Box<SeriesPage>),
    Certificate(Box<CertificatePage>),
    Case(Box<CasePage>),
    /// An entry of the audit chain.
    Entry(Box<AuditLine>, usize),
    Institution(Box<Institution>, usize),
}

/// A series in full.
#[derive(Debug)]
pub struct SeriesPage {
    pub line: SeriesLine,
    pub gaps: Listed<Gap>,
    pub certificates: Paged<Certificate>,
}

/// A certificate in full.
#[derive(Debug)]
pub struct CertificatePage {
    pub code: CertCode,
    /// The record, its life and its cases; one at most.
    pub file: Listed<CertificateFile>,
    /// The cursor among what happened and the cases.
    pub at: usize,
}

/// A case in full.
#[derive(Debug)]
pub struct CasePage {
    pub id: CaseId,
    /// The case; one at most.
    pub file: Listed<CaseFile>,
    /// The cursor among what is asked for and what happened.
    pub at: usize,
}

/// How an ask stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Asked {
    Waiting(u64),
    Failed,
}

/// The state of the pane.
#[derive(Debug, Default)]
pub struct Ledger {
    /// The list on screen.
    pub tab: Tab,
    /// What lies over it, the last one on top.
    pub pages: Vec<Page>,
    pub series: Listed<SeriesLine>,
    /// What certificates are searched by.
    pub search: Prompt,
    /// Whether keys go into the search.
    pub is_searching: bool,
    pub certificates: Paged<Certificate>,
    pub cases: Paged<CaseLine>,
    /// Whether only cases are listed that are not closed or refused.
    pub open_only: bool,
    /// The audit chain, newest first.
    pub audit: Paged<AuditLine>,
    /// What came of verifying it.
    pub verified: Option<Verified>,
    pub institutions: Listed<Institution>,
    /// The one certificate whose personal data is shown in full.
    pub unmasked: Option<Box<Certificate>>,
    /// The questions that are being answered.
    pub form: Option<Form>,
    /// The questions whose deed is being done, and the screen they were asked on.
    doing: Option<(Screen, Form)>,
    /// The plan that waits for an institution to be registered.
    pub replan: Option<plan::Replan>,
    from: Screen,
    seq: u64,
    asked: BTreeMap<Slot, Asked>,
}

/// The lines of a long list of gaps that are shown above a series' certificates.
pub const GAPS_SHOWN: usize = 3;

impl Ledger {
    /// Gives the place whose keys count.
    pub fn place(&self) -> Place {
        match (self.pages.last(), self.tab) {
            (Some(Page::Series(_)), _) => Place::SeriesPage,
            (Some(Page::Certificate(_)), _) => Place::CertificatePage,
            (Some(Page::Case(_)), _) => Place::CasePage,
            (Some(Page::Entry(..) | Page::Institution(..)), _) => Place::DetailPage,
            (None, Tab::Certificates) if self.is_searching => Place::Find,
            (None, Tab::Series) => Place::Series,
            (None, Tab::Certificates) => Place::Certificates,
            (None, Tab::Cases) => Place::Cases,
            (None, Tab::Audit) => Place::Audit,
            (None, Tab::Institutions) => Place::Institutions,
        }
    }

    /// Counts the lines between the tabs and the list.
    pub fn above(&self) -> u16 {
        match (self.pages.last(), self.tab) {
            (Some(Page::Series(page)), _) => {
                let gaps = page.gaps.lines().len();
                3 + gaps.min(GAPS_SHOWN) as u16 + u16::from(GAPS_SHOWN < gaps)
            }
            (Some(Page::Certificate(_)), _) => 9,
            (Some(Page::Case(_) | Page::Entry(..)), _) => 6,
            (Some(Page::Institution(..)), _) => 5,
            (None, Tab::Certificates | Tab::Audit) => 2,
            (None, _) => 1,
        }
    }

    /// Counts the lines of the list on screen.
    pub fn count(&self) -> usize {
        match (self.pages.last(), self.tab) {
            (Some(Page::Series(page)), _) => page.certificates.count(),
            (Some(Page::Certificate(page)), _) => {
                page.file.lines().first().map_or(0, |file| file.life.len() + file.cases.len())
            }
            (Some(Page::Case(page)), _) => {
                page.file.lines().first().map_or(0, |file| file.request.len() + file.life.len())
            }
            (Some(Page::Entry(line, _)), _) => line.entry.before.lines().count() + line.entry.after.lines().count(),
            (Some(Page::Institution(one, _)), _) => one.names.len() + one.seals.len() + one.scope.len(),
            (None, Tab::Series) => self.series.lines().len(),
            (None, Tab::Certificates) => self.certificates.count(),
            (None, Tab::Cases) => self.cases.count(),
            (None, Tab::Audit) => self.audit.count(),
            (None, Tab::Institutions) => self.institutions.lines().len(),
        }
    }

    /// Gives the cursor of the list on screen.
    pub fn at(&self) -> usize {
        match (self.pages.last(), self.tab) {
            (Some(Page::Series(page)), _) => page.certificates.at,
            (Some(Page::Certificate(page)), _) => page.at,
            (Some(Page::Case(page)), _) => page.at,
            (Some(Page::Entry(_, at) | Page::Institution(_, at)), _) => *at,
            (None, Tab::Series) => self.series.at,
            (None, Tab::Certificates) => self.certificates.at,
            (None, Tab::Cases) => self.cases.at,
            (None, Tab::Audit) => self.audit.at,
            (None, Tab::Institutions) => self.institutions.at,
        }
    }

    pub(super) fn cursor(&mut self) -> &mut usize {
        match (self.pages.last_mut(), self.tab) {
            (Some(Page::Series(page)), _) => &mut page.certificates.at,
            (Some(Page::Certificate(page)), _) => &mut page.at,
            (Some(Page::Case(page)), _) => &mut page.at,
            (Some(Page::Entry(_, at) | Page::Institution(_, at)), _) => at,
            (None, Tab::Series) => &mut self.series.at,
            (None, Tab::Certificates) => &mut self.certificates.at,
            (None, Tab::Cases) => &mut self.cases.at,
            (None, Tab::Audit) => &mut self.audit.at,
            (None, Tab::Institutions) => &mut self.institutions.at,
        }
    }

    /// Gives the series in hand: that of the page, or under the cursor.
    pub fn series_in_hand(&self) -> Option<&SeriesLine> {
        match (self.pages.last(), self.tab) {
            (Some(Page::Series(page)), _) => Some(&page.line),
            (None, Tab::Series) => self.series.current(),
            _ => None,
        }
    }

    /// Gives the certificate in hand, masked: that of the page, or under the cursor.
    pub fn certificate_in_hand(&self) -> Option<&Certificate> {
        match (self.pages.last(), self.tab) {
            (Some(Page::Certificate(page)), _) => page.file.lines().first().map(|file| &file.certificate),
            (Some(Page::Series(page)), _) => page.certificates.current(),
            (None, Tab::Certificates) => self.certificates.current(),
            _ => None,
        }
    }

    /// Gives a certificate as it is shown: in full where that was asked for.
    pub fn shown<'a>(&'a self, certificate: &'a Certificate) -> &'a Certificate {
        self.unmasked.as_deref().filter(|full| full.code == certificate.code).unwrap_or(certificate)
    }

    /// Gives the case in hand: that of the page, under the cursor, or among a certificate's.
    pub fn case_in_hand(&self) -> Option<&CaseLine> {
        match (self.pages.last(), self.tab) {
            (Some(Page::Case(page)), _) => page.file.lines().first().map(|file| &file.line),
            (Some(Page::Certificate(page)), _) => {
                let file = page.file.lines().first()?;
                file.cases.get(page.at.checked_sub(file.life.len())?)
            }
            (None, Tab::Cases) => self.cases.current(),
            _ => None,
        }
    }

    /// Tells whether something could not be found out.
    pub fn has_failed(&self) -> bool {
        self.asked.values().any(|asked| *asked == Asked::Failed)
    }

    /// Has everything asked for anew; what is here stays in sight until it comes.
    pub(super) fn renew(&mut self) {
        self.series.is_stale = true;
        self.institutions.is_stale = true;
        self.certificates.renew();
        self.cases.renew();
        self.audit.renew();
        for page in &mut self.pages {
            match page {
                Page::Series(page) => {
                    page.gaps.is_stale = true;
                    page.certificates.renew();
                }
                Page::Certificate(page) => page.file.is_stale = true,
                Page::Case(page) => page.file.is_stale = true,
                Page::Entry(..) | Page::Institution(..) => {}
            }
        }
        // Whatever is under way may tell of before the change, and what failed may do better now; deeds go on.
        self.asked.retain(|slot, _| matches!(slot, Slot::Do | Slot::Plan | Slot::Unmask | Slot::Verify | Slot::Decode));
    }
}

impl Ledger {
    /// Drops asks about pages: what they are about may have changed.
    fn forget_pages(&mut self) {
        let of_pages = [Slot::Gaps, Slot::OfSeries, Slot::Certificate, Slot::Case];
        self.asked.retain(|slot, _| !of_pages.contains(slot));
    }

    fn key_of(page: &Page) -> (u8, String) {
        match page {
            Page::Series(page) => (0, page.line.state.key.to_string()),
            Page::Certificate(page) => (1, page.code.to_string()),
            Page::Case(page) => (2, page.id.to_string()),
            Page::Entry(line, _) => (3, line.entry.seq.to_string()),
            Page::Institution(one, _) => (4, one.prefix.clone()),
        }
    }
}

/// Gives the key of a series as it is compared.
fn series_key(line: &SeriesLine) -> SeriesKey {
    line.state.key
}
