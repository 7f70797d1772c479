//! Cases (个案): what happens to a certificate once its record has left the house — 更正, 补发, 撤销.
//!
//! The rules are the profile's ([`Correction`] and its neighbours); a refusal names the
//! clause it rests on. [`may_open`] and [`may_close`] decide, [`outcome`] says what the certificate is afterwards.

mod checks;
mod refusal;

use std::fmt;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::audit::Stamp;
use super::{Certificate, Holder, Status};
use crate::domain::code::CertCode;
use crate::domain::level::{self, LevelReading};
use crate::domain::profile::{Correction, Profile, ReissueDocument};
use crate::domain::sheet::Field;
use crate::domain::text;
use crate::domain::vocabulary::vocabulary;

pub use checks::{CaseContext, may_approve, may_ask, may_close, may_end, may_export, may_open, may_refuse};
pub use refusal::{CaseRefusal, Day, ValueFault, WhyCaseRefused};

/// A case's number in the store; never used again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CaseId(pub i64);

impl fmt::Display for CaseId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

vocabulary! {
    /// What is asked for.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
    pub enum CaseKind {
        /// 更正
        Correct = "correct",
        /// 补发、补(换)发
        Reissue = "reissue",
        /// 撤销
        Revoke = "revoke",
    }
}

impl CaseKind {
    /// Gives the clause of a profile that regulates it; empty where the notice is silent.
    pub fn clause(self, profile: &Profile) -> &str {
        match self {
            CaseKind::Correct => &profile.correction.clause,
            CaseKind::Reissue => &profile.reissue.clause,
            CaseKind::Revoke => &profile.revocation.clause,
        }
    }

    /// Tells whether a profile asks for an approval.
    pub fn needs_approval(self, profile: &Profile) -> bool {
        match self {
            CaseKind::Correct => profile.correction.approval,
            CaseKind::Reissue => profile.reissue.approval,
            CaseKind::Revoke => profile.revocation.approval,
        }
    }

    /// Gives the clause of a profile that asks for approval and reason.
    pub fn approval_clause(self, profile: &Profile) -> &str {
        match self {
            CaseKind::Correct => profile.correction.approval_clause(),
            other => other.clause(profile),
        }
    }

    /// Tells whether a profile asks for a reason.
    pub fn needs_reason(self, profile: &Profile) -> bool {
        match self {
            CaseKind::Correct => profile.correction.reason,
            CaseKind::Reissue => profile.reissue.reason,
            CaseKind::Revoke => profile.revocation.reason,
        }
    }
}

vocabulary! {
    /// How far a case has come, in the order of its life.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
    pub enum CaseState {
        Open = "open",
        /// Agreed to; not in effect yet.
        Approved = "approved",
        Closed = "closed",
        Refused = "refused",
    }
}

impl CaseState {
    /// Tells whether a case in this state may take another next; never back.
    pub fn may_become(self, next: CaseState) -> bool {
        use CaseState::{Approved, Closed, Open, Refused};
        match self {
            Open => matches!(next, Approved | Closed | Refused),
            Approved => matches!(next, Closed | Refused),
            Closed | Refused => false,
        }
    }

    /// Tells whether something is still to be decided or done.
    pub fn is_live(self) -> bool {
        matches!(self, CaseState::Open | CaseState::Approved)
    }
}

/// What a correction changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Item {
    /// A column of the record.
    Field(Field),
    /// The photo, of which the ledger knows no more than the name of the new file.
    Photo,
}

impl Item {
    /// Tells whether a notice lets it be corrected; one that lists no columns lets all of them.
    pub fn may_change(self, rules: &Correction) -> bool {
        match self {
            Item::Photo => rules.photo,
            Item::Field(field) => rules.fields.is_empty() || rules.fields.contains(&field),
        }
    }
}

impl Item {
    /// Gives the name used in the store, in JSON and on the command line.
    pub fn key(self) -> &'static str {
        match self {
            Item::Field(field) => field.key(),
            Item::Photo => "photo",
        }
    }

    /// Finds an item by its name.
    pub fn read(key: &str) -> Option<Item> {
        if key == "photo" { Some(Item::Photo) } else { Field::read(key).map(Item::Field) }
    }
}

/// One change that a correction asks for.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewValue {
    pub item: Item,
    /// The value it should have; for the photo the name of a file, which may be empty.
    pub to: String,
}

impl fmt::Debug for NewValue {
    // Personal data: an error text or a log must not show it by accident.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ..", self.item.key())
    }
}

impl NewValue {
    /// Masks personal data. The name of a photo's file often is that of the person.
    pub fn masked(&self) -> NewValue {
        let to = match self.item {
            Item::Field(field) => field.masked(&self.to),
            Item::Photo => text::masked_number(&self.to),
        };
        NewValue { item: self.item, to }
    }
}

vocabulary! {
    /// Why a certificate is issued again.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum ReissueCause {
        /// 遗失
        Lost = "lost",
        /// 损坏
        Damaged = "damaged",
    }
}

/// What a case asks for, in detail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged, rename_all_fields = "kebab-case")]
pub enum CaseRequest {
    /// Other values in the record.
    Correct(#[serde(with = "values")] Vec<NewValue>),
    /// The certificate, or a proof of it, once more.
    Reissue {
        /// The day it is issued (补(换)发时间).
        on: NaiveDate,
        cause: ReissueCause,
        /// What the holder showed, in the words of the profile.
        papers: Vec<String>,
    },
    /// The end of the certificate.
    Revoke {
        /// The day on which what was granted for it was cancelled.
        benefits_cancelled_on: Option<NaiveDate>,
        /// Who declares it void; may be empty.
        authority: String,
    },
}

/// The new values of a correction stand under a name of their own.
mod values {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use super::NewValue;

    #[derive(Serialize, Deserialize)]
    struct Values<T> {
        values: T,
    }

    pub fn serialize<S: Serializer>(values: &[NewValue], serializer: S) -> Result<S::Ok, S::Error> {
        Values { values }.serialize(serializer)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<NewValue>, D::Error> {
        Values::deserialize(deserializer).map(|v| v.values)
    }
}

impl CaseRequest {
    /// Tells which kind it is.
    pub fn kind(&self) -> CaseKind {
        match self {
            CaseRequest::Correct(_) => CaseKind::Correct,
            CaseRequest::Reissue { .. } => CaseKind::Reissue,
            CaseRequest::Revoke { .. } => CaseKind::Revoke,
        }
    }

    /// Lists what it changes; nothing unless it is a correction.
    pub fn values(&self) -> &[NewValue] {
        if let CaseRequest::Correct(values) = self { values } else { &[] }
    }
}

/// A request as it is handed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Application {
    pub request: CaseRequest,
    pub applied_on: NaiveDate,
    /// Why, in the user's words.
    pub reason: String,
}

/// The consent of the authority.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Approval {
    /// Number or name of the document.
    pub reference: String,
    pub on: NaiveDate,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    pub id: CaseId,
    pub code: CertCode,
    /// How far it has come.
    pub state: CaseState,
    /// What was asked for.
    pub application: Application,
    /// The record as it was when the case was opened; never changed afterwards (BJ-60).
    pub snapshot: Holder,
    /// The consent, once there is one.
    pub approval: Option<Approval>,
    /// The day a revoked certificate was taken back (BJ-38), where that is known.
    pub withdrawn_on: Option<NaiveDate>,
}

/// Which cases to list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CaseFilter {
    /// Only those that are not closed or refused.
    pub live: bool,
    /// Only those of a kind.
    pub kind: Option<CaseKind>,
    /// Only those about a certificate.
    pub code: Option<CertCode>,
    /// Only those opened before this one.
    pub before: Option<CaseId>,
    /// At most so many.
    pub limit: Option<u32>,
}

/// A case as it stands in the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredCase {
    pub case: Case,
    /// The profile's id, that of the certificate's series.
    pub profile: String,
    /// When and by whom it was opened.
    pub opened: Stamp,
    /// The same of the approval, once there is one.
    pub approved: Option<Stamp>,
    /// The same of its end, once it is closed or refused.
    pub ended: Option<Stamp>,
}

impl StoredCase {
    /// Gives the case with personal data masked, as it is shown.
    pub fn masked(&self) -> StoredCase {
        let mut masked = self.clone();
        let case = &mut masked.case;
        if let CaseRequest::Correct(values) = &mut case.application.request {
            *values = values.iter().map(NewValue::masked).collect();
        }
        case.snapshot = case.snapshot.masked();
        masked
    }
}

impl Case {
    /// Tells which kind it is.
    pub fn kind(&self) -> CaseKind {
        self.application.request.kind()
    }

    /// Gives the record as the case was opened for it to be.
    pub fn corrected(&self) -> Holder {
        corrected(&self.snapshot, self.application.request.values())
    }
}

/// Gives a record with other values; a level is kept as its digit, however it is written.
pub fn corrected(holder: &Holder, values: &[NewValue]) -> Holder {
    let mut holder = holder.clone();
    for value in values {
        if let Item::Field(field) = value.item
            && let Some(cell) = holder.cell_mut(field)
        {
            *cell = match (field, level::read(&value.to)) {
                (Field::Level, LevelReading::Exact(level)) => level.digit().to_string(),
                _ => value.to.clone(),
            };
        }
    }
    holder
}

/// Gives what a certificate is once a case about it is closed.
pub fn outcome(case: &Case, certificate: &Certificate, profile: &Profile) -> Certificate {
    let mut after = certificate.clone();
    match &case.application.request {
        CaseRequest::Correct(values) => after.holder = corrected(&certificate.holder, values),
        // A proof leaves the certificate as it is (GD-48).
        CaseRequest::Reissue { on, .. } if profile.reissue.document == ReissueDocument::SameCode => {
            after.reissued_on = Some(*on);
        }
        CaseRequest::Reissue { .. } => {}
        CaseRequest::Revoke { .. } => after.status = Status::Revoked,
    }
    after
}

/// Something to be done or known beside a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Remark {
    /// The notice is silent about this kind of case; the program's own rules stand.
    Silent(CaseKind),
    /// This goes with the request.
    Attach(String, String),
    /// The certificate keeps its code and states the day of the reissue, under this clause.
    SameCode(String),
    /// A proof is handed out; there is no new code, under this clause.
    Proof(String),
    /// The certificate is to be taken back, under this clause.
    TakeBack(String),
}

/// Lists what is to be done or known beside a request.
pub fn remarks(profile: &Profile, request: &CaseRequest) -> Vec<Remark> {
    let kind = request.kind();
    let mut remarks = Vec::new();
    if kind.clause(profile).is_empty() {
        remarks.push(Remark::Silent(kind));
    }
    match kind {
        CaseKind::Correct => {
            let changes = |item| request.values().iter().any(|v| v.item == item);
            let attach = profile.correction.attach.iter().filter(|a| {
                let always = a.fields.is_empty() && !a.photo;
                always || a.photo && changes(Item::Photo) || a.fields.iter().any(|f| changes(Item::Field(*f)))
            });
            remarks.extend(attach.map(|a| Remark::Attach(a.text.clone(), a.clause.clone())));
        }
        CaseKind::Reissue => {
            let clause = profile.reissue.clause.clone();
            remarks.push(match profile.reissue.document {
                ReissueDocument::SameCode => Remark::SameCode(clause),
                ReissueDocument::Proof => Remark::Proof(clause),
            });
        }
        CaseKind::Revoke => {
            let clause = &profile.revocation.withdraw_clause;
            remarks.extend((!clause.is_empty()).then(|| Remark::TakeBack(clause.clone())));
        }
    }
    remarks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_read_back_and_states_only_move_forward() {
        assert!(CaseKind::ALL.iter().all(|k| CaseKind::read(k.key()) == Some(*k)));
        assert!(CaseState::ALL.iter().all(|s| CaseState::read(s.key()) == Some(*s)));
        assert!(ReissueCause::ALL.iter().all(|c| ReissueCause::read(c.key()) == Some(*c)));
        for item in Field::ALL.map(Item::Field).into_iter().chain([Item::Photo]) {
            assert_eq!(Item::read(item.key()), Some(item));
        }
        for from in CaseState::ALL {
            for next in CaseState::ALL.into_iter().filter(|next| from.may_become(*next)) {
                assert!(from < next && from.is_live());
            }
            assert_eq!(from.is_live(), CaseState::ALL.iter().any(|next| from.may_become(*next)));
        }
    }
}
