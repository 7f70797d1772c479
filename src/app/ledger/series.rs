//! Series (序列): how far each is used, its gaps and its certificates.

use super::content::{Content, stale};
use super::form::{FormSubject, SeriesSubject};
use super::form_question::FormKind;
use super::full_list::{FullList, one_piece};
use super::paged::Paged;
use super::request::{LedgerAnswer, LedgerRequest, RequestKind, SeriesLine};
use super::{Ledger, OpenPage, certificates};
use crate::app::command::{Command, Place};
use crate::app::context::Context;
use crate::app::intent::Intent;
use crate::domain::ledger::{Certificate, Gap};

pub const SHOWN_BY: Command = Command::ShowSeries;

/// The lines of a long list of gaps that are shown above a series' certificates.
pub const GAPS_SHOWN: usize = 3;

#[derive(Debug, Default)]
pub struct List {
    pub lines: FullList<SeriesLine>,
}

/// A series in full.
#[derive(Debug)]
pub struct Page {
    pub line: SeriesLine,
    pub gaps: FullList<Gap>,
    pub certificates: Paged<Certificate>,
    is_stale: bool,
}

impl Content for List {
    fn place(&self) -> Place {
        Place::Series
    }

    fn above(&self) -> u16 {
        1
    }

    one_piece!();

    fn series(&self) -> Option<&SeriesLine> {
        self.lines.current()
    }

    fn opens(&self) -> Option<OpenPage> {
        let line = self.lines.current()?.clone();
        let (gaps, certificates) = (FullList::default(), Paged::default());
        Some(OpenPage::Series(Box::new(Page { line, gaps, certificates, is_stale: false })))
    }

    fn wants(&mut self, _height: usize, is_free: &dyn Fn(RequestKind) -> bool) -> Option<LedgerRequest> {
        stale(&self.lines, is_free, LedgerRequest::Series)
    }

    fn take(&mut self, answer: &LedgerAnswer, _height: usize) {
        if let LedgerAnswer::Series(rows) = answer {
            self.lines.take(rows.clone(), |a, b| a.state.key == b.state.key);
        }
    }
}

impl Content for Page {
    fn place(&self) -> Place {
        Place::SeriesPage
    }

    fn above(&self) -> u16 {
        let gaps = self.gaps.lines().len();
        3 + gaps.min(GAPS_SHOWN) as u16 + u16::from(GAPS_SHOWN < gaps)
    }

    fn count(&self) -> usize {
        self.certificates.count()
    }

    fn known(&self) -> (usize, bool) {
        self.certificates.known()
    }

    fn at(&self) -> usize {
        self.certificates.at
    }

    fn cursor(&mut self) -> &mut usize {
        &mut self.certificates.at
    }

    fn series(&self) -> Option<&SeriesLine> {
        Some(&self.line)
    }

    fn certificate(&self) -> Option<&Certificate> {
        self.certificates.current()
    }

    fn opens(&self) -> Option<OpenPage> {
        self.certificate().map(|one| OpenPage::certificate(one.code))
    }

    fn seek_end(&mut self, is_sought: bool) {
        self.certificates.seek_end(is_sought);
    }

    fn take_stop(&mut self) -> bool {
        self.certificates.take_stop()
    }

    fn whole(&self) -> Option<usize> {
        let state = &self.line.state;
        Some([state.used, state.void, state.reserved].map(|n| n as usize).into_iter().sum())
    }

    fn renew(&mut self) {
        (self.is_stale, self.gaps.is_stale) = (true, true);
        self.certificates.renew();
    }

    fn wants(&mut self, height: usize, is_free: &dyn Fn(RequestKind) -> bool) -> Option<LedgerRequest> {
        let key = self.line.state.key;
        if self.is_stale && is_free(RequestKind::Series) {
            return Some(LedgerRequest::Series);
        }
        if let Some(request) = stale(&self.gaps, is_free, LedgerRequest::Gaps(key)) {
            return Some(request);
        }
        let from = if is_free(RequestKind::OfSeries) { self.certificates.wanted(height)? } else { return None };
        Some(LedgerRequest::OfSeries { key, from })
    }

    fn take(&mut self, answer: &LedgerAnswer, height: usize) {
        match answer {
            LedgerAnswer::Series(rows) => {
                self.is_stale = false;
                if let Some(line) = rows.iter().find(|line| line.state.key == self.line.state.key) {
                    self.line = line.clone();
                }
            }
            LedgerAnswer::Gaps(gaps) => self.gaps.take(gaps.clone(), |a, b| a.first == b.first),
            LedgerAnswer::OfSeries(rows) => self.certificates.take(rows.clone(), height, certificates::is_same),
            _ => {}
        }
    }
}

/// Runs a command about a series; `None` where it is about something else.
pub(super) fn run(ledger: &mut Ledger, command: Command, to: &mut Context<'_>) -> Option<Intent> {
    if command != Command::Reserve {
        return None;
    }
    let Some(state) = ledger.content().series().map(|line| &line.state) else { return Some(Intent::Nothing) };
    let (key, left) = (state.key, state.left());
    let profile = to.profiles.iter().find(|profile| profile.id == state.profile);
    let asks_year = profile.is_some_and(|profile| key.year(profile).is_none());
    let asks_level = profile.is_some_and(|profile| key.level(profile).is_none());
    if left == 0 {
        to.warn("status.series-full");
        return Some(Intent::Nothing);
    }
    Some(Intent::AskForm(FormKind::Reserve, FormSubject::Series(SeriesSubject { key, left, asks_year, asks_level })))
}
