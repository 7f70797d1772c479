//! What the pane asks for to show what is on screen, and what it does with the answers. An answer nobody waits for any more
//! is dropped.

use super::ask::{LedgerAnswer, LedgerAsk, PageKey, Slot};
use super::{Asked, Ledger, Page, Paged, Tab};
use crate::app::msg::Effect;
use crate::app::{App, Screen, layout};
use crate::domain::ledger::Certificate;
use crate::domain::ledger::search::Query;

impl App {
    /// Asks; what was asked of the same kind before is out of date from now on.
    pub(in crate::app) fn ask_ledger(&mut self, ask: LedgerAsk) {
        self.ledger.seq += 1;
        let seq = self.ledger.seq;
        self.ledger.asked.insert(ask.slot(), Asked::Waiting(seq));
        self.out.push(Effect::Ledger { seq, ask });
    }

    /// Counts the lines of the pane's list.
    pub fn ledger_height(&self) -> usize {
        usize::from(layout::ledger(self.size, self.ledger.above()).list.height).max(1)
    }

    /// Asks for what is on screen and not here, and masks what the cursor has left.
    pub(in crate::app) fn settle_ledger(&mut self) {
        if self.screen != Screen::Ledger {
            self.ledger.unmasked = None;
            return;
        }
        let in_hand = self.ledger.certificate_in_hand().map(|c| c.code);
        if self.ledger.unmasked.as_ref().is_some_and(|full| Some(full.code) != in_hand) {
            self.ledger.unmasked = None;
        }
        let last = self.ledger.count().saturating_sub(1);
        let at = self.ledger.cursor();
        *at = (*at).min(last);
        let height = self.ledger_height();
        while let Some(ask) = self.ledger.next_ask(height) {
            self.ask_ledger(ask);
        }
    }

    /// The store was changed by somebody else: what is on screen is asked for again.
    pub(in crate::app) fn store_changed(&mut self) {
        self.ledger.renew();
    }

    pub(in crate::app) fn ledger_answered(&mut self, seq: u64, answer: LedgerAnswer) {
        let slot = self.ledger.asked.iter().find(|(_, asked)| **asked == Asked::Waiting(seq)).map(|(slot, _)| *slot);
        let Some(slot) = slot else { return };
        self.ledger.asked.remove(&slot);
        let height = self.ledger_height();
        let ledger = &mut self.ledger;
        let is_same = |a: &Certificate, b: &Certificate| a.code == b.code;
        match (answer, ledger.pages.last_mut()) {
            (LedgerAnswer::Series(rows), _) => {
                ledger.series.take(rows, |a, b| super::series_key(a) == super::series_key(b));
                let lines = ledger.series.rows.iter().flatten();
                for line in lines {
                    for page in &mut ledger.pages {
                        if let Page::Series(page) = page
                            && super::series_key(&page.line) == super::series_key(line)
                        {
                            page.line = line.clone();
                        }
                    }
                }
            }
            (LedgerAnswer::Institutions(rows), _) => {
                ledger.institutions.take(rows, |a, b| a.prefix == b.prefix);
                for page in &mut ledger.pages {
                    if let Page::Institution(one, _) = page
                        && let Some(new) = ledger.institutions.lines().iter().find(|new| new.prefix == one.prefix)
                    {
                        **one = new.clone();
                    }
                }
            }
            (LedgerAnswer::Gaps(gaps), Some(Page::Series(page))) => {
                page.gaps.take(gaps, |a, b| a.first == b.first);
            }
            (LedgerAnswer::Certificates(rows), Some(Page::Series(page))) if slot == Slot::OfSeries => {
                page.certificates.take(rows, height, is_same);
            }
            (LedgerAnswer::Certificates(rows), _) if slot == Slot::Certificates => {
                ledger.certificates.take(rows, height, is_same);
            }
            (LedgerAnswer::Certificate(file), Some(Page::Certificate(page))) if page.code == file.certificate.code => {
                page.file.take(vec![*file], |_, _| true);
            }
            (LedgerAnswer::Unmasked(full), _) => ledger.unmasked = Some(full),
            (LedgerAnswer::Cases(rows), _) => ledger.cases.take(rows, height, |a, b| a.case.id == b.case.id),
            (LedgerAnswer::Case(file), Some(Page::Case(page))) if page.id == file.line.case.id => {
                page.file.take(vec![*file], |_, _| true);
            }
            (LedgerAnswer::Audit(rows), _) => ledger.audit.take(rows, height, |a, b| a.entry.seq == b.entry.seq),
            (LedgerAnswer::Verified(verified), _) => {
                let is_whole = verified.problems.is_empty();
                ledger.verified = Some(verified);
                if is_whole {
                    self.say(self.locale.text("status.chain-whole").to_string());
                } else {
                    self.warn("status.chain-broken");
                }
            }
            (LedgerAnswer::Decoded(code, held), _) => self.decoded(code, held),
            (LedgerAnswer::Planned(plan, barred), _) => self.planned(*plan, barred.as_ref()),
            (LedgerAnswer::Done(entry), _) => {
                ledger.doing = None;
                ledger.renew();
                self.ask_known();
                self.plan_again();
                self.say(self.locale.fill("status.ledger-done", &[("entry", &entry.to_string())]));
            }
            // A ledger that cannot be read leaves its line in the decoder out.
            (LedgerAnswer::Failed(_), _) if slot == Slot::Decode => {}
            (LedgerAnswer::Failed(failure), _) => {
                ledger.asked.insert(slot, Asked::Failed);
                if slot == Slot::Plan {
                    self.overlay.take_if(|o| matches!(o, crate::app::overlay::Overlay::Plan(_)));
                }
                if slot == Slot::Do {
                    self.ask_again();
                }
                self.fail(&failure);
            }
            // The page it was asked for is gone.
            _ => {}
        }
    }
}

impl Ledger {
    fn is_free(&self, slot: Slot) -> bool {
        !self.asked.contains_key(&slot)
    }

    /// Gives what is on screen and neither here nor asked for; `height` is the list's.
    fn next_ask(&mut self, height: usize) -> Option<LedgerAsk> {
        let shows_series = match self.pages.last() {
            Some(page) => matches!(page, Page::Series(_)),
            None => self.tab == Tab::Series,
        };
        if shows_series && self.series.is_stale && self.is_free(Slot::Series) {
            return Some(LedgerAsk::Series);
        }
        let has_page = !self.pages.is_empty();
        let open_only = self.open_only;
        let (gaps, of_series) = (self.is_free(Slot::Gaps), self.is_free(Slot::OfSeries));
        let (certificate, case) = (self.is_free(Slot::Certificate), self.is_free(Slot::Case));
        if let Some(page) = self.pages.last_mut() {
            let ask = match page {
                Page::Series(page) if page.gaps.is_stale && gaps => Some(LedgerAsk::Gaps(page.line.state.key)),
                Page::Series(page) if of_series => page.certificates.wanted(height).map(|from| {
                    let query = Query { series: Some(page.line.state.key), ..Query::default() };
                    LedgerAsk::Certificates { query, from }
                }),
                Page::Certificate(page) if page.file.is_stale && certificate => Some(LedgerAsk::Certificate(page.code)),
                Page::Case(page) if page.file.is_stale && case => Some(LedgerAsk::Case(page.id)),
                _ => None,
            };
            if ask.is_some() {
                return ask;
            }
        }
        match self.tab {
            _ if has_page => None,
            Tab::Series => None,
            Tab::Certificates => {
                let query = Query::new(self.search.text().trim());
                let is_free = self.is_free(Slot::Certificates);
                page_of(&mut self.certificates, is_free, height).map(|from| LedgerAsk::Certificates { query, from })
            }
            Tab::Cases => {
                let is_free = self.is_free(Slot::Cases);
                page_of(&mut self.cases, is_free, height).map(|from| LedgerAsk::Cases { open_only, from })
            }
            Tab::Audit => {
                let is_free = self.is_free(Slot::Audit);
                page_of(&mut self.audit, is_free, height).map(|from| LedgerAsk::Audit { from })
            }
            Tab::Institutions => {
                (self.institutions.is_stale && self.is_free(Slot::Institutions)).then_some(LedgerAsk::Institutions)
            }
        }
    }
}

/// Gives the page of a list to be asked for, where nothing of it is under way.
fn page_of<T>(list: &mut Paged<T>, is_free: bool, height: usize) -> Option<PageKey> {
    if is_free { list.wanted(height) } else { None }
}
