//! What the pane asks of the ledger and what it is answered: closed lists, built on the domain's records.
//!
//! Personal data in an answer is masked already, but for [`LedgerAnswer::Unmasked`], which is an audit entry before it comes.

use chrono::NaiveDate;

use crate::domain::batch::Batch;
use crate::domain::code::CertCode;
use crate::domain::ledger::audit::{AuditEntry, Head};
use crate::domain::ledger::case::{Application, Approval, Case, CaseId};
use crate::domain::ledger::plan::{Plan, RowOrder};
use crate::domain::ledger::search::CertificateQuery;
use crate::domain::ledger::{Certificate, Gap, KnownCertificate, SeriesKey, SeriesState, Status};
use crate::domain::level::Level;
use crate::domain::registry::Institution;
use crate::failure::Failure;

/// How many lines a page holds at most.
pub const PAGE: usize = 50;

/// Where a page begins, as the store names it; empty for the first page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PageKey(pub String);

/// A page of a long list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListPage<T> {
    /// The lines: at most [`PAGE`]; fewer, even none, although more follow, where many were looked at and few found.
    pub rows: Vec<T>,
    /// Where the next page begins; `None` on the last page.
    pub next: Option<PageKey>,
}

/// A series with the name of the institution its prefix belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeriesLine {
    pub state: SeriesState,
    /// The institution's name in force; empty when the prefix is not registered.
    pub institution: String,
}

/// One thing that happened to a certificate or a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LifeEvent {
    /// When, in the user's time zone: `YYYY-MM-DD HH:MM`.
    pub when: String,
    pub user: String,
    /// What, in the user's language.
    pub what: String,
    /// Why; may be empty.
    pub reason: String,
}

/// A certificate and its whole life.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertificateDetail {
    pub certificate: Certificate,
    /// What happened to it, oldest first.
    pub life: Vec<LifeEvent>,
    /// The cases about it, oldest first.
    pub cases: Vec<CaseLine>,
}

/// A case as it is listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseLine {
    /// The case, personal data masked.
    pub case: Case,
    /// When it was opened, in the user's time zone: `YYYY-MM-DD HH:MM`.
    pub opened: String,
    pub user: String,
}

/// A case and all that was written about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseDetail {
    pub line: CaseLine,
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
    pub entry: AuditEntry,
}

/// What came of verifying the ledger and its audit chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// The end of the chain.
    pub head: Head,
    /// What is wrong, in the user's language; empty when all is well.
    pub problems: Vec<String>,
}

/// What is done to the ledger; each is one audit entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LedgerAct {
    /// Reserves the next numbers of a series for a paper list.
    Reserve {
        key: SeriesKey,
        /// The last two digits of the year, where the series runs over several.
        year: Option<u8>,
        /// The level, where the series runs over several.
        level: Option<Level>,
        count: u32,
        reason: String,
    },
    /// Makes a number void for good.
    Void {
        code: CertCode,
        reason: String,
    },
    /// Notes what became of a certificate.
    Mark {
        code: CertCode,
        /// What became of it.
        status: Status,
        on: NaiveDate,
        /// Why; may be empty.
        reason: String,
    },
    Open {
        code: CertCode,
        /// What for, when and why.
        application: Application,
    },
    /// Notes that a case was approved.
    Approve {
        case: CaseId,
        approval: Approval,
    },
    Refuse {
        case: CaseId,
        reason: String,
    },
    /// Carries an approved case out.
    Close {
        case: CaseId,
        /// When the paper of a revoked certificate was taken back, where that is known.
        withdrawn_on: Option<NaiveDate>,
        reason: String,
    },
    Register {
        prefix: String,
        /// The profile it stands under.
        profile: String,
        /// Its name as filed.
        name: String,
        /// Why; may be empty.
        reason: String,
    },
}

#[derive(Debug)]
pub enum LedgerRequest {
    /// Every series: [`LedgerAnswer::Series`].
    Series,
    /// The gaps of a series: [`LedgerAnswer::Gaps`].
    Gaps(SeriesKey),
    /// A page of certificates, in the order of their codes: [`LedgerAnswer::Certificates`].
    Certificates {
        query: CertificateQuery,
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
    Case(CaseId),
    /// A page of the audit chain, newest first: [`LedgerAnswer::Audit`].
    Audit {
        /// Where the page begins.
        from: PageKey,
    },
    /// Whether the ledger and its chain are whole: [`LedgerAnswer::Verified`].
    Verify,
    /// What the ledger has under a code that is decoded: [`LedgerAnswer::Decoded`].
    Decode(CertCode),
    /// Every institution: [`LedgerAnswer::Institutions`].
    Institutions,
    /// Numbers for the rows of a batch that have none: [`LedgerAnswer::Planned`].
    Plan {
        /// The batch as it stands now.
        batch: Box<Batch>,
        /// In which order the rows are counted.
        order: RowOrder,
        /// Whether reserved numbers are given instead of new ones.
        reserved: bool,
    },
    /// Something to be done: [`LedgerAnswer::Done`].
    Do(LedgerAct),
}

/// What is answered; a failure and a refusal alike are [`LedgerAnswer::Failed`].
#[derive(Debug)]
pub enum LedgerAnswer {
    /// Every series, by key.
    Series(Vec<SeriesLine>),
    /// The gaps of a series, in order.
    Gaps(Vec<Gap>),
    /// A page of certificates, masked.
    Certificates(ListPage<Certificate>),
    /// A certificate with its life, masked.
    Certificate(Box<CertificateDetail>),
    /// A certificate's record in full.
    Unmasked(Box<Certificate>),
    /// A page of cases.
    Cases(ListPage<CaseLine>),
    Case(Box<CaseDetail>),
    /// A page of the audit chain.
    Audit(ListPage<AuditLine>),
    /// Whether the ledger and its chain are whole.
    Verified(Verified),
    /// What the ledger has under a code, masked; nothing when it was never taken.
    Decoded(CertCode, Option<Box<KnownCertificate>>),
    /// Every institution, by prefix.
    Institutions(Vec<Institution>),
    /// Numbers for rows, and why the store would give none now.
    Planned(Box<Plan>, Option<Failure>),
    /// It was done; the audit entry's place.
    Done(u64),
    /// It could not be done, or not be found out.
    Failed(Failure),
}

/// What may be asked for at one time; a new ask of the same kind makes the one before out of date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum RequestKind {
    /// [`LedgerRequest::Series`]
    Series,
    /// [`LedgerRequest::Gaps`]
    Gaps,
    /// [`LedgerRequest::Certificates`] of the whole ledger
    Certificates,
    /// [`LedgerRequest::Certificates`] of one series
    OfSeries,
    /// [`LedgerRequest::Certificate`]
    Certificate,
    /// [`LedgerRequest::Unmask`]
    Unmask,
    /// [`LedgerRequest::Cases`]
    Cases,
    /// [`LedgerRequest::Case`]
    Case,
    /// [`LedgerRequest::Audit`]
    Audit,
    /// [`LedgerRequest::Verify`]
    Verify,
    /// [`LedgerRequest::Decode`]
    Decode,
    /// [`LedgerRequest::Institutions`]
    Institutions,
    /// [`LedgerRequest::Plan`]
    Plan,
    /// [`LedgerRequest::Do`]
    Do,
}

impl RequestKind {
    /// How many there are.
    pub const COUNT: usize = RequestKind::Do as usize + 1;

    /// Tells whether it is for something that is opened from a list.
    pub fn is_about_page(self) -> bool {
        use RequestKind::{Case, Certificate, Gaps, OfSeries};
        matches!(self, Gaps | OfSeries | Certificate | Case)
    }

    /// Tells whether it is for what the pane shows, and so is made again when that has changed; all others are for what a
    /// person does.
    pub fn is_about_view(self) -> bool {
        use RequestKind::{Audit, Cases, Certificates, Institutions, Series};
        self.is_about_page() || matches!(self, Series | Certificates | Cases | Audit | Institutions)
    }
}

impl LedgerRequest {
    pub fn kind(&self) -> RequestKind {
        match self {
            LedgerRequest::Series => RequestKind::Series,
            LedgerRequest::Gaps(_) => RequestKind::Gaps,
            LedgerRequest::Certificates { query, .. } if query.series.is_some() => RequestKind::OfSeries,
            LedgerRequest::Certificates { .. } => RequestKind::Certificates,
            LedgerRequest::Certificate(_) => RequestKind::Certificate,
            LedgerRequest::Unmask(_) => RequestKind::Unmask,
            LedgerRequest::Cases { .. } => RequestKind::Cases,
            LedgerRequest::Case(_) => RequestKind::Case,
            LedgerRequest::Audit { .. } => RequestKind::Audit,
            LedgerRequest::Verify => RequestKind::Verify,
            LedgerRequest::Decode(_) => RequestKind::Decode,
            LedgerRequest::Institutions => RequestKind::Institutions,
            LedgerRequest::Plan { .. } => RequestKind::Plan,
            LedgerRequest::Do(_) => RequestKind::Do,
        }
    }
}

/// Masks what a certificate says of its holder.
pub fn masked(mut certificate: Certificate) -> Certificate {
    certificate.holder = certificate.holder.masked();
    certificate
}
