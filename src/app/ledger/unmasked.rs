//! Whose personal data the ledger pane shows in full.

use super::request::{CaseLine, LedgerRequest};
use super::{Ledger, Unmasked};
use crate::app::context::Context;
use crate::app::privacy::Shown;
use crate::domain::ledger::Certificate;

impl Ledger {
    /// Gives a certificate as it is shown: in full where that was asked for.
    pub fn shown<'a>(&'a self, certificate: &'a Certificate) -> &'a Certificate {
        match &self.unmasked {
            Some(Unmasked::Certificate(full)) if full.code == certificate.code => full,
            _ => certificate,
        }
    }

    /// Gives a case as it is shown, for what it asks and whom it is about: in full where that was asked for.
    pub fn shown_case<'a>(&'a self, line: &'a CaseLine) -> &'a CaseLine {
        match &self.unmasked {
            Some(Unmasked::Case(full)) if full.case.id == line.case.id => full,
            _ => line,
        }
    }

    /// Tells whose personal data is shown in full.
    pub fn unmasked(&self) -> Option<Shown> {
        self.unmasked.as_ref().map(Unmasked::what)
    }

    /// Tells whose personal data would be shown in full.
    pub(super) fn in_hand(&self) -> Option<Shown> {
        let content = self.content();
        let certificate = content.certificate().map(|one| Shown::Certificate(one.code));
        certificate.or_else(|| content.case().map(|line| Shown::Case(line.case.id)))
    }

    /// Has what is in hand shown in full once that is an audit entry, or masks it again.
    pub(super) fn unmask(&mut self, to: &mut Context<'_>) {
        let Some(in_hand) = self.in_hand() else { return };
        if self.unmasked.take().is_some_and(|full| full.what() == in_hand) {
            return;
        }
        match in_hand {
            Shown::Certificate(code) => self.request(LedgerRequest::Unmask(code), to),
            Shown::Case(id) => self.request(LedgerRequest::UnmaskCase(id), to),
            Shown::Row(_) | Shown::Form => {}
        }
    }

    pub fn mask(&mut self) {
        self.unmasked = None;
    }
}
