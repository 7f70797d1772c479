//! Why something cannot be done with blanks.

use chrono::NaiveDate;

use super::{BlankNumber, BlankRun, CountId, TakenBack};
use crate::domain::code::CertCode;
use crate::domain::ledger::Status;
use crate::domain::ledger::case::CaseId;
use crate::domain::vocabulary::vocabulary;

vocabulary! {
    /// Why something cannot be done with blanks; each names the first one that it is about.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub enum StockRefusal {
        /// What was typed is no number of eight digits.
        NoNumber(String) = "no-number",
        /// A range ends before it begins.
        Backwards(BlankNumber, BlankNumber) = "backwards",
        /// Blanks of these numbers were received before.
        Received(BlankRun) = "received",
        NeverReceived(BlankNumber) = "never-received",
        /// A certificate is printed on it; which.
        Used(BlankNumber, Option<CertCode>) = "used",
        Spoiled(BlankNumber) = "spoiled",
        Destroyed(BlankNumber) = "destroyed",
        Lost(BlankNumber) = "lost",
        /// Only what is spoiled is destroyed.
        NotSpoiled(BlankNumber) = "not-spoiled",
        /// What goes back was not drawn.
        NotDrawn(BlankNumber) = "not-drawn",
        /// Somebody has drawn it, and has it in hand.
        Drawn(BlankNumber, String) = "drawn",
        /// The stocktake was on that day.
        BeforeCount(CountId, NaiveDate) = "before-count",
        /// The keeper has it already.
        SameKeeper(BlankNumber, String) = "same-keeper",
        /// Something happened to it later, on that day.
        Early(BlankNumber, NaiveDate) = "early",
        /// The number stands twice in one order.
        Twice(BlankNumber) = "twice",
        /// The certificate has a blank.
        HasBlank(CertCode, BlankNumber) = "has-blank",
        /// Nothing is printed for a certificate of this status.
        NoPaper(CertCode, Status) = "no-paper",
        /// The keeper has fewer blanks from there on than are wanted.
        TooFew(u64, u64) = "too-few",
        /// Every certificate of the batch has its blank, or there is none to be printed.
        NothingToPrint = "nothing-to-print",
        /// The case is about another certificate, or asks for no new paper.
        OtherCase(CaseId) = "other-case",
        /// The case is not approved.
        CaseNotApproved(CaseId) = "case-not-approved",
        /// The new paper of the case is printed already.
        CaseDone(CaseId, BlankNumber) = "case-done",
        /// A keeper has none of them.
        NothingThere(String) = "nothing-there",
        NoCount(CountId) = "no-count",
        CountClosed(CountId) = "count-closed",
        /// The stocktake is withdrawn.
        CountWithdrawn(CountId) = "count-withdrawn",
        /// Something happened to it since it was received.
        NotFresh(BlankNumber) = "not-fresh",
        /// The case is about a proof in place of a certificate, by the clause.
        Proof(CaseId, String) = "proof",
        /// What was noted of it last is something else than what is to be corrected: which action.
        NothingToCorrect(BlankNumber, TakenBack, String) = "nothing-to-correct",
        /// It was noted together with another blank, to which something happened since.
        MovedOn(BlankNumber, BlankNumber) = "moved-on",
        /// No certificate was printed on what is spoiled.
        NothingOn(BlankNumber) = "nothing-on",
        /// The number of the certificate was given later, on that day.
        BeforeNumber(CertCode, NaiveDate) = "before-number",
        /// Stock was taken later, on that day.
        CountedLater(NaiveDate) = "counted-later",
    }
}
