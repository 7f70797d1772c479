//! The audit chain (审计): its entries, newest first, and whether it is whole.

use super::content::Content;
use super::paged::Paged;
use super::request::{AuditLine, LedgerAnswer, LedgerRequest, RequestKind, Verified};
use super::{Ledger, OpenPage};
use crate::app::command::{Command, Place};
use crate::app::context::Context;
use crate::app::intent::Intent;

pub const SHOWN_BY: Command = Command::ShowAudit;

#[derive(Debug, Default)]
pub struct List {
    pub entries: Paged<AuditLine>,
    /// The place of the newest entry, once it was here.
    newest: Option<usize>,
    /// What came of verifying the chain.
    pub verified: Option<Verified>,
    /// What each entry that is listed has to hold; empty for nothing.
    pub text: String,
}

/// An entry in full.
#[derive(Debug)]
pub struct Page {
    pub line: AuditLine,
    /// The cursor among what stood before and what stood after.
    pub at: usize,
}

impl Content for List {
    fn place(&self) -> Place {
        Place::Audit
    }

    fn above(&self) -> u16 {
        2 + u16::from(!self.text.is_empty())
    }

    fn count(&self) -> usize {
        self.entries.count()
    }

    fn known(&self) -> (usize, bool) {
        self.entries.known()
    }

    fn at(&self) -> usize {
        self.entries.at
    }

    fn cursor(&mut self) -> &mut usize {
        &mut self.entries.at
    }

    fn opens(&self) -> Option<OpenPage> {
        let line = self.entries.current()?.clone();
        Some(OpenPage::Audit(Box::new(Page { line, at: 0 })))
    }

    fn seek_end(&mut self, is_sought: bool) {
        self.entries.seek_end(is_sought);
    }

    fn take_stop(&mut self) -> bool {
        self.entries.take_stop()
    }

    /// All entries together are numbered without a gap.
    fn whole(&self) -> Option<usize> {
        self.newest.filter(|_| self.text.is_empty())
    }

    fn renew(&mut self) {
        self.entries.renew();
    }

    fn wants(&mut self, height: usize, is_free: &dyn Fn(RequestKind) -> bool) -> Option<LedgerRequest> {
        let from = if is_free(RequestKind::Audit) { self.entries.wanted(height)? } else { return None };
        Some(LedgerRequest::Audit { text: self.text.clone(), from })
    }

    fn take(&mut self, answer: &LedgerAnswer, height: usize) {
        match answer {
            LedgerAnswer::Audit(rows) => {
                self.entries.take(rows.clone(), height, |a, b| a.entry.seq == b.entry.seq);
                if self.text.is_empty() {
                    self.newest = self.entries.get(0).map(|line| line.entry.seq as usize).or(self.newest);
                }
            }
            LedgerAnswer::Verified(verified) => self.verified = Some(verified.clone()),
            _ => {}
        }
    }
}

impl Content for Page {
    fn place(&self) -> Place {
        Place::DetailPage
    }

    fn above(&self) -> u16 {
        6
    }

    fn count(&self) -> usize {
        self.line.entry.before.lines().count() + self.line.entry.after.lines().count()
    }

    fn at(&self) -> usize {
        self.at
    }

    fn cursor(&mut self) -> &mut usize {
        &mut self.at
    }
}

impl Ledger {
    pub(super) fn list_entries_anew(&mut self) {
        self.lists.audit.entries = Paged::default();
        self.pending.remove(&RequestKind::Audit);
    }
}

/// Runs a command about the chain; `None` where it is about something else.
pub(super) fn run(ledger: &mut Ledger, command: Command, to: &mut Context<'_>) -> Option<Intent> {
    if command != Command::VerifyChain {
        return None;
    }
    ledger.lists.audit.verified = None;
    to.say_key("status.verifying");
    ledger.request(LedgerRequest::Verify, to);
    Some(Intent::Nothing)
}

/// Says whether the chain was found whole.
pub(super) fn tell(verified: &Verified, to: &mut Context<'_>) {
    if verified.problems.is_empty() { to.say_key("status.chain-whole") } else { to.warn("status.chain-broken") }
}
