//! Why something about a case is refused: arguments, never sentences.

use super::{CaseId, CaseState, Item};
use crate::domain::ledger::Status;
use crate::domain::sheet::Field;

/// A day that a request or a decision names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Day {
    Application,
    Approval,
    /// The issue of the certificate, or the last reissue of it.
    Issue,
    Reissue,
    /// The cancelling of what was granted.
    Benefits,
    /// The taking back of the certificate.
    Withdrawal,
}

impl Day {
    pub const ALL: [Day; 6] =
        [Day::Application, Day::Approval, Day::Issue, Day::Reissue, Day::Benefits, Day::Withdrawal];

    /// Gives the name used in JSON and in the locales.
    pub fn key(self) -> &'static str {
        match self {
            Day::Application => "application",
            Day::Approval => "approval",
            Day::Issue => "issue",
            Day::Reissue => "reissue",
            Day::Benefits => "benefits",
            Day::Withdrawal => "withdrawal",
        }
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

/// Why something about a case is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// The certificate is void or revoked already.
    Ended(Status),
    /// The record has not been handed in: the roster is edited.
    NotHandedIn(Status),
    /// The authority has not accepted the record: there is nothing to revoke.
    NotOnRecord(Status),
    /// Another case of the kind is still open.
    Live(CaseId),
    NoReason,
    /// A day that has not come.
    Future(Day),
    /// A day that stands before one that must come first.
    Before(Day, Day),
    /// A correction of nothing.
    Nothing,
    /// The same item twice.
    Twice(Item),
    /// Not to be corrected.
    Never(Item),
    /// Of these two only one may change, and the second did already: in the same request, or in another case.
    OnlyOne(Field, Field, Option<CaseId>),
    /// The new value is the old one.
    Same(Item),
    /// The rules of a roster find an error.
    Value(Field, &'static str),
    /// The holder has not shown this.
    NoPaper(String),
    /// What was granted has not been cancelled.
    NoBenefitsDay,
    /// The certificate must be taken back; neither the day is given nor why it could not be.
    NoWithdrawal,
    /// Nobody is named who declares it void.
    NoAuthority,
    /// The case is past that.
    State(CaseState),
    /// No reference of the approval.
    NoReference,
    NotApproved,
    /// The record is no longer the one the case was opened about.
    Outdated,
    /// Only a revocation takes a certificate back.
    NotARevocation,
    /// Only a correction has a row to hand in.
    NotACorrection,
}

impl Why {
    /// Gives the name used in JSON and in the locales.
    pub fn key(&self) -> &'static str {
        match self {
            Why::Ended(_) => "ended",
            Why::NotHandedIn(_) => "not-handed-in",
            Why::NotOnRecord(_) => "not-on-record",
            Why::Live(_) => "live",
            Why::NoReason => "no-reason",
            Why::Future(_) => "future",
            Why::Before(..) => "before",
            Why::Nothing => "nothing",
            Why::Twice(_) => "twice",
            Why::Never(_) => "never",
            Why::OnlyOne(_, _, None) => "only-one",
            Why::OnlyOne(_, _, Some(_)) => "only-one-ever",
            Why::Same(_) => "same",
            Why::Value(..) => "value",
            Why::NoPaper(_) => "no-paper",
            Why::NoBenefitsDay => "no-benefits-day",
            Why::NoWithdrawal => "no-withdrawal",
            Why::NoAuthority => "no-authority",
            Why::State(_) => "state",
            Why::NoReference => "no-reference",
            Why::NotApproved => "not-approved",
            Why::Outdated => "outdated",
            Why::NotARevocation => "not-a-revocation",
            Why::NotACorrection => "not-a-correction",
        }
    }
}

/// A refusal and the clause it rests on; an empty one for what no notice needs to say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    pub why: Why,
    pub clause: String,
}
