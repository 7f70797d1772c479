//! Why something about a case is refused: arguments, never sentences.

use super::{CaseId, CaseState, Item};
use crate::domain::ledger::Status;
use crate::domain::sheet::Field;
use crate::domain::vocabulary::vocabulary;

vocabulary! {
    /// A day that a request or a decision names.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum Day {
        Application = "application",
        Approval = "approval",
        /// The issue of the certificate, or the last reissue of it.
        Issue = "issue",
        Reissue = "reissue",
        /// The cancelling of what was granted.
        Benefits = "benefits",
        /// The taking back of the certificate.
        Withdrawal = "withdrawal",
    }
}

/// An error the rules of a roster find in a new value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ValueFault {
    pub field: Field,
    /// The rule's code, such as `D05`.
    pub rule: &'static str,
    pub clause: String,
}

vocabulary! {
    /// Why something about a case is refused.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub enum WhyCaseRefused {
        /// The certificate is void or revoked already.
        Ended(Status) = "ended",
        /// The record has not been handed in: the roster is edited.
        NotHandedIn(Status) = "not-handed-in",
        /// The record came back: the roster is edited, and handed in once more.
        SentBack = "sent-back",
        /// The authority has not accepted the record: there is nothing to revoke.
        NotOnRecord(Status) = "not-on-record",
        /// Another case of the kind is still open.
        Live(CaseId) = "live",
        NoReason = "no-reason",
        /// A day that has not come.
        Future(Day) = "future",
        /// A day that stands before one that must come first.
        Before(Day, Day) = "before",
        /// A correction of nothing.
        Nothing = "nothing",
        /// The same item twice.
        Twice(Item) = "twice",
        /// Not to be corrected.
        Never(Item) = "never",
        /// Of these two only one may change, and the second does in the same request.
        OnlyOne(Field, Field) = "only-one",
        /// Of these two only one may change, and the second did already, in another case.
        OnlyOneEver(Field, Field, CaseId) = "only-one-ever",
        /// The new value is the old one.
        Same(Item) = "same",
        /// The rules of a roster find an error.
        Value(Field, &'static str) = "value",
        /// The holder has not shown this.
        NoPaper(String) = "no-paper",
        /// What was granted has not been cancelled.
        NoBenefitsDay = "no-benefits-day",
        /// The certificate must be taken back; neither the day is given nor why it could not be.
        NoWithdrawal = "no-withdrawal",
        /// Nobody is named who declares it void.
        NoAuthority = "no-authority",
        /// The case is past that.
        State(CaseState) = "state",
        /// No reference of the approval.
        NoReference = "no-reference",
        NotApproved = "not-approved",
        /// The public cannot look the record up, or no longer: the form would repeat what nobody finds.
        NotOnline(Status) = "not-online",
        /// The record is no longer the one the case was opened about.
        Outdated = "outdated",
        /// Only a revocation takes a certificate back.
        NotARevocation = "not-a-revocation",
        /// Only a correction has a row to hand in.
        NotACorrection = "not-a-correction",
    }
}

/// A refusal and the clause it rests on; an empty one for what no notice needs to say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseRefusal {
    pub why: WhyCaseRefused,
    pub clause: String,
}
