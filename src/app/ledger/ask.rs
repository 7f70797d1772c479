//! What the pane asks of the ledger and what it is answered: closed lists, built on the domain's records.
//!
//! Personal data in an answer is masked already, but for [`LedgerAnswer::Unmasked`], which is an audit entry before it comes.

use chrono::NaiveDate;

use crate::domain::batch::Batch;
use crate::domain::code::CertCode;
use crate::domain::ledger::audit::{Entry, Head};
use crate::domain::ledger::{Certificate, Holder, SeriesKey, SeriesState, Status};
use crate::domain::registry::Institution;
use crate::domain::sheet::Field;
use crate::failure::Failure;

use super::plan::{Order, Plan};

/// How many lines a page holds at most.
pub const PAGE: usize = 50;

/// Where a page begins, as the store names it; empty for the first page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PageKey(pub String);

/// A page of a long list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rows<T> {
    /// The lines: at most [`PAGE`]; fewer, even none, although more follow, where many were looked at and few found.
    pub rows: Vec<T>,
    /// Where the next page begins; `None` on the last page.
    pub next: Option<PageKey>,
}

/// Which certificates are listed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query {
    /// The beginning of a code, a name, a name's pinyin initials or an ID number; empty for every certificate.
    pub text: String,
    /// Only those of a series.
    pub series: Option<SeriesKey>,
}

/// A series with the name of the institution its prefix belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeriesLine {
    /// The series.
    pub state: SeriesState,
    /// The institution's name in force; empty when the prefix is not registered.
    pub institution: String,
}

/// Serials nothing is known of but why (缺号).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gap {
    /// The first of them.
    pub first: u32,
    /// The last of them.
    pub last: u32,
    /// Why.
    pub reason: String,
}

/// One thing that happened to a certificate or a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LifeEvent {
    /// When, in the user's time zone: `YYYY-MM-DD HH:MM`.
    pub when: String,
    /// Who.
    pub user: String,
    /// What, in the user's language.
    pub what: String,
    /// Why; may be empty.
    pub reason: String,
}

/// A certificate and its whole life.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertificateFile {
    /// The record, masked.
    pub certificate: Certificate,
    /// What happened to it, oldest first.
    pub life: Vec<LifeEvent>,
    /// The cases about it, oldest first.
    pub cases: Vec<Case>,
}

/// What a case is about (更正、补发、撤销).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CaseKind {
    /// A wrong record is put right.
    Correct,
    /// A lost or damaged certificate is handed out again.
    Reissue,
    /// A certificate is revoked.
    Revoke,
}

impl CaseKind {
    /// Every kind.
    pub const ALL: [CaseKind; 3] = [CaseKind::Correct, CaseKind::Reissue, CaseKind::Revoke];

    /// Gives the name used in the store.
    pub fn key(self) -> &'static str {
        match self {
            CaseKind::Correct => "correct",
            CaseKind::Reissue => "reissue",
            CaseKind::Revoke => "revoke",
        }
    }
}

/// How far a case has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CaseState {
    /// Opened, not decided.
    Open,
    /// Approved, not carried out.
    Approved,
    /// Carried out.
    Closed,
    /// Refused.
    Refused,
}

/// A case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    /// Its number.
    pub id: i64,
    /// What it is about.
    pub kind: CaseKind,
    /// How far it has come.
    pub state: CaseState,
    /// The certificate.
    pub code: CertCode,
    /// The holder's name, masked.
    pub name: String,
    /// When it was opened, in the user's time zone: `YYYY-MM-DD HH:MM`.
    pub opened: String,
    /// Who opened it.
    pub user: String,
    /// Why.
    pub reason: String,
    /// The approval's reference; empty until it is approved.
    pub approval: String,
    /// The day of the approval, `YYYY-MM-DD`; empty until it is approved.
    pub approved_on: String,
}

/// A case and all that was written about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseFile {
    /// The case.
    pub case: Case,
    /// What is asked for: label and value, personal data masked.
    pub request: Vec<(String, String)>,
    /// What happened to it, oldest first.
    pub life: Vec<LifeEvent>,
}

/// An entry of the audit chain as it is shown: `before` and `after` masked, each value on a line of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditLine {
    /// When, in the user's time zone: `YYYY-MM-DD HH:MM`.
    pub when: String,
    /// What was done, in the user's language.
    pub what: String,
    /// The entry.
    pub entry: Entry,
}

/// What came of verifying the chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// The end of the chain.
    pub head: Head,
    /// What is wrong with it, in the user's language; empty when it is whole.
    pub problems: Vec<String>,
}

/// What a correction changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Corrected {
    /// A column of the record.
    Column(Field),
    /// The photo, which no record holds.
    Photo,
}

/// What a case is opened for.
#[derive(Clone, PartialEq, Eq)]
pub enum Request {
    /// A correction.
    Correct {
        /// What changes.
        what: Corrected,
        /// What it becomes; empty for the photo.
        value: String,
    },
    /// A reissue.
    Reissue {
        /// Whether it was lost; else it is damaged.
        is_lost: bool,
        /// The day it is issued again.
        on: NaiveDate,
        /// The papers shown.
        papers: String,
    },
    /// A revocation.
    Revoke {
        /// Who decided it; may be empty.
        authority: String,
        /// When benefits drawn on it were cancelled.
        cancelled_on: Option<NaiveDate>,
    },
}

impl std::fmt::Debug for Request {
    // A correction's value is personal data.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Request { .. }")
    }
}

/// What is done to the ledger; each is one audit entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LedgerDeed {
    /// Reserves the next numbers of a series for a paper list.
    Reserve {
        /// The series.
        key: SeriesKey,
        /// How many.
        count: u32,
        /// Why.
        reason: String,
    },
    /// Makes a number void for good.
    Void {
        /// The number.
        code: CertCode,
        /// Why.
        reason: String,
    },
    /// Notes what became of a certificate.
    Mark {
        /// The certificate.
        code: CertCode,
        /// What became of it.
        status: Status,
        /// The day.
        on: NaiveDate,
        /// Why; may be empty.
        reason: String,
    },
    /// Opens a case.
    Open {
        /// The certificate.
        code: CertCode,
        /// What for.
        request: Request,
        /// The day it was asked for.
        applied_on: NaiveDate,
        /// Why.
        reason: String,
    },
    /// Notes that a case was approved.
    Approve {
        /// The case.
        case: i64,
        /// The approval's reference.
        reference: String,
        /// The day.
        on: NaiveDate,
    },
    /// Refuses a case.
    Refuse {
        /// The case.
        case: i64,
        /// Why.
        reason: String,
    },
    /// Carries an approved case out.
    Close {
        /// The case.
        case: i64,
        /// When the paper of a revoked certificate was taken back, where that is known.
        withdrawn_on: Option<NaiveDate>,
        /// A remark.
        reason: String,
    },
}

/// What is asked.
#[derive(Debug)]
pub enum LedgerAsk {
    /// Every series: [`LedgerAnswer::Series`].
    Series,
    /// The gaps of a series: [`LedgerAnswer::Gaps`].
    Gaps(SeriesKey),
    /// A page of certificates, in the order of their codes: [`LedgerAnswer::Certificates`].
    Certificates {
        /// Which.
        query: Query,
        /// Where the page begins.
        from: PageKey,
    },
    /// A certificate with its whole life: [`LedgerAnswer::Certificate`].
    Certificate(CertCode),
    /// A certificate's record in full, once that is an audit entry: [`LedgerAnswer::Unmasked`].
    Unmask(CertCode),
    /// A page of cases, newest first: [`LedgerAnswer::Cases`].
    Cases {
        /// Only those that are not closed or refused.
        open_only: bool,
        /// Where the page begins.
        from: PageKey,
    },
    /// A case: [`LedgerAnswer::Case`].
    Case(i64),
    /// A page of the audit chain, newest first: [`LedgerAnswer::Audit`].
    Audit {
        /// Where the page begins.
        from: PageKey,
    },
    /// Whether the chain is whole: [`LedgerAnswer::Verified`].
    Verify,
    /// Every institution: [`LedgerAnswer::Institutions`].
    Institutions,
    /// Numbers for the rows of a batch that have none: [`LedgerAnswer::Planned`].
    Plan {
        /// The batch as it stands now.
        batch: Box<Batch>,
        /// In which order the rows are counted.
        order: Order,
    },
    /// Something to be done: [`LedgerAnswer::Done`].
    Do(LedgerDeed),
}

/// What is answered; a failure and a refusal alike are [`LedgerAnswer::Failed`].
#[derive(Debug)]
pub enum LedgerAnswer {
    /// Every series, by key.
    Series(Vec<SeriesLine>),
    /// The gaps of a series, in order.
    Gaps(Vec<Gap>),
    /// A page of certificates, masked.
    Certificates(Rows<Certificate>),
    /// A certificate with its life, masked.
    Certificate(Box<CertificateFile>),
    /// A certificate's record in full.
    Unmasked(Box<Certificate>),
    /// A page of cases.
    Cases(Rows<Case>),
    /// A case.
    Case(Box<CaseFile>),
    /// A page of the audit chain.
    Audit(Rows<AuditLine>),
    /// Whether the chain is whole.
    Verified(Verified),
    /// Every institution, by prefix.
    Institutions(Vec<Institution>),
    /// Numbers for rows.
    Planned(Box<Plan>),
    /// It was done; the audit entry's place.
    Done(u64),
    /// It could not be done, or not be found out.
    Failed(Failure),
}

/// What may be asked for at one time; a new ask of the same kind makes the one before out of date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Slot {
    /// [`LedgerAsk::Series`]
    Series,
    /// [`LedgerAsk::Gaps`]
    Gaps,
    /// [`LedgerAsk::Certificates`] of the whole ledger
    Certificates,
    /// [`LedgerAsk::Certificates`] of one series
    OfSeries,
    /// [`LedgerAsk::Certificate`]
    Certificate,
    /// [`LedgerAsk::Unmask`]
    Unmask,
    /// [`LedgerAsk::Cases`]
    Cases,
    /// [`LedgerAsk::Case`]
    Case,
    /// [`LedgerAsk::Audit`]
    Audit,
    /// [`LedgerAsk::Verify`]
    Verify,
    /// [`LedgerAsk::Institutions`]
    Institutions,
    /// [`LedgerAsk::Plan`]
    Plan,
    /// [`LedgerAsk::Do`]
    Do,
}

impl Slot {
    /// How many there are.
    pub const COUNT: usize = Slot::Do as usize + 1;
}

impl LedgerAsk {
    /// Gives the kind.
    pub fn slot(&self) -> Slot {
        match self {
            LedgerAsk::Series => Slot::Series,
            LedgerAsk::Gaps(_) => Slot::Gaps,
            LedgerAsk::Certificates { query, .. } if query.series.is_some() => Slot::OfSeries,
            LedgerAsk::Certificates { .. } => Slot::Certificates,
            LedgerAsk::Certificate(_) => Slot::Certificate,
            LedgerAsk::Unmask(_) => Slot::Unmask,
            LedgerAsk::Cases { .. } => Slot::Cases,
            LedgerAsk::Case(_) => Slot::Case,
            LedgerAsk::Audit { .. } => Slot::Audit,
            LedgerAsk::Verify => Slot::Verify,
            LedgerAsk::Institutions => Slot::Institutions,
            LedgerAsk::Plan { .. } => Slot::Plan,
            LedgerAsk::Do(_) => Slot::Do,
        }
    }
}

/// Masks what a record says of its holder.
pub fn masked(mut certificate: Certificate) -> Certificate {
    let holder = &certificate.holder;
    certificate.holder = Holder {
        name: Field::Name.masked(&holder.name),
        id_number: Field::IdNumber.masked(&holder.id_number),
        ..holder.clone()
    };
    certificate
}
