//! What the pane asks of the ledger and what it is answered: each request is one line of the table below, with its answer and
//! what it is for.
//!
//! Personal data in an answer is masked already, but for [`LedgerAnswer::Unmasked`] and [`LedgerAnswer::CaseUnmasked`], which are
//! audit entries before they come.

use std::path::PathBuf;
use std::sync::Arc;

use chrono::NaiveDate;

use super::form::FormSubject;
use super::form_judge::AskedAnswer;
use super::form_question::{FormKind, FormQuestion};
use super::paper::{PaperAct, PaperAsk, PaperDone, PaperPage};
use super::shares::{ShareAct, ShareLine};
pub use super::stock_order::{StockDeed, StockFound, StockOrder, StockWhich};
use crate::app::overlay::Fact;
use crate::app::proof::{PrintWish, ProofSubject};
use crate::domain::batch::Batch;
use crate::domain::code::CertCode;
use crate::domain::due::DueItem;
use crate::domain::fact::FactDef;
use crate::domain::ledger::audit::{AuditEntry, Head};
use crate::domain::ledger::case::{Application, Approval, Case, CaseId};
use crate::domain::ledger::event::{DatedEvent, NotedEvent, Thing};
use crate::domain::ledger::plan::{Plan, PlanWish};
use crate::domain::ledger::reach::DayJump;
use crate::domain::ledger::screening::ScreeningFinding;
use crate::domain::ledger::search::CertificateQuery;
use crate::domain::ledger::stock::{BlankKind, BlankNumber, CountId, Standing as BlankStanding};
use crate::domain::ledger::{BatchId, Certificate, Gap, KnownCertificate, SeriesKey, SeriesState, Status};
use crate::domain::level::Level;
use crate::domain::registry::Registry;
use crate::domain::rules::{CheckContext, Tables};
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
    /// The institution's name in force, or that several share the prefix; empty when it is not registered.
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
    /// The type of the document in words, with its code.
    pub id_type: String,
    /// The blank that it is printed on, in words; empty where none is known.
    pub blank: String,
    /// The entry that gave the number to whoever has it.
    pub given: u64,
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
    /// What is asked for: label and value, as masked; what changes unseen is told.
    pub request: Vec<(String, String)>,
    /// When it was opened, in the user's time zone: `YYYY-MM-DD HH:MM`.
    pub opened: String,
    pub user: String,
}

/// A case and all that was written about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseDetail {
    pub line: CaseLine,
    /// That new paper is due; empty where it is not.
    pub asks: String,
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
        /// Whether it was refused before: with a reason it is done past the day from which nothing is accepted.
        insists: bool,
    },
    /// Notes what became of all that a search finds and that may come to it.
    MarkFound {
        /// What was searched for.
        text: String,
        status: Status,
        on: NaiveDate,
        /// Why; may be empty.
        reason: String,
        /// As of one certificate.
        insists: bool,
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
    /// Notes the day of an event; none takes it back.
    NoteEvent {
        thing: Thing,
        event: DatedEvent,
        day: Option<NaiveDate>,
        /// Why; may be empty.
        reason: String,
    },
    /// Notes a fact by its id, as it was typed; an empty text takes it back.
    NoteFact {
        thing: Thing,
        fact: String,
        value: String,
        /// Why; may be empty.
        reason: String,
    },
    /// Something is done with blank certificates.
    Stock(Box<StockOrder>),
    /// Something is done with the share register.
    Share(Box<ShareAct>),
    /// Takes what a site says became of certificates, whole or not at all.
    Reply {
        file: PathBuf,
        on: NaiveDate,
    },
    /// Notes that a batch was handed in: those of its certificates that may be.
    Submit(Box<SubmitOrder>),
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

/// A batch that was handed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SubmitOrder {
    pub batch: BatchId,
    pub on: NaiveDate,
    /// The site or the office; may be empty.
    pub to: String,
    /// The number of its receipt; may be empty.
    pub receipt: String,
    /// Why; may be empty.
    pub reason: String,
    /// As of one certificate.
    pub insists: bool,
}

/// A line of the stock: blanks that one move has left so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StockLine {
    pub kind: BlankKind,
    pub piece: BlankStanding,
    /// The certificate that is printed on the first one.
    pub code: Option<CertCode>,
}

/// What stands against an act whatever would be answered, so that nobody fills in a form for nothing.
#[derive(Debug, Clone, Default)]
pub struct Bars {
    /// Why it cannot be done at all.
    pub refused: Option<Failure>,
    /// Which answers of its first question cannot be given, and why, in the user's language.
    pub choices: Vec<(String, String)>,
    /// The rules that a case about a certificate must keep: which papers, which columns, which values.
    pub rules: Option<Arc<CheckContext>>,
    /// What the prefix of an institution is looked up in.
    pub tables: Option<Arc<Tables>>,
    /// The oldest stocktake that is open.
    pub open_count: Option<CountId>,
    /// How many certificates a search finds.
    pub found: Option<usize>,
    /// Which statuses what a search finds may take, and how many of it may each.
    pub takers: Vec<(Status, usize)>,
    /// The events that are noted, of whatever.
    pub noted: Vec<NotedEvent>,
    /// The facts of a thing, in the order they are asked for.
    pub facts: Vec<FactLine>,
}

/// A fact as it is chosen from a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FactLine {
    pub def: FactDef,
    /// What is noted, in words and masked; may be empty.
    pub shown: String,
    /// What is missing or disagrees, in words; may be empty.
    pub lack: String,
    /// What stands above the table of the batch's file; may be empty.
    pub proposed: String,
}

/// Why something is not done as it was answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusedAct {
    pub why: Failure,
    /// The question whose answer stands against it, where it is one.
    pub question: Option<FormQuestion>,
}

/// How far something would reach, in the user's language.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reached {
    /// What would become of what.
    pub facts: Vec<Fact>,
    /// What is to be thought of before; may be empty.
    pub warning: String,
    /// Why it would not be done as it was answered.
    pub refused: Option<RefusedAct>,
}

/// What a request is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Aim {
    /// A list of the pane.
    List,
    /// Something that is opened from a list.
    Page,
    /// What a person does.
    Person,
}

/// Declares the requests: what each is for, what it carries, and its answer.
macro_rules! requests {
    ($(
        $(#[$about:meta])*
        $aim:ident $name:ident $(($($carried:tt)*))? $({$($named:tt)*})?
            => $answer:ident($($owned:ty),+);
    )*) => {
        #[derive(Debug)]
        pub enum LedgerRequest {
            $($(#[$about])* $name $(($($carried)*))? $({$($named)*})?,)*
        }

        /// What is answered; a failure and a refusal alike are [`LedgerAnswer::Failed`].
        #[derive(Debug)]
        pub enum LedgerAnswer {
            $($answer($($owned),+),)*
            /// It is not done as it was answered.
            Refused(RefusedAct),
            /// It could not be done, or not be found out.
            Failed(Failure),
        }

        /// What may be asked for at one time; a new ask of the same kind makes the one before out of date.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum RequestKind {
            $($name,)*
        }

        impl RequestKind {
            pub const COUNT: usize = [$(RequestKind::$name),*].len();

            fn aim(self) -> Aim {
                match self {
                    $(RequestKind::$name => Aim::$aim,)*
                }
            }
        }

        impl LedgerRequest {
            pub fn kind(&self) -> RequestKind {
                match self {
                    $(LedgerRequest::$name { .. } => RequestKind::$name,)*
                }
            }
        }
    };
}

requests! {
    /// Every series, by key.
    List Series => Series(Vec<SeriesLine>);
    /// The gaps of a series, in order.
    Page Gaps(SeriesKey) => Gaps(Vec<Gap>);
    /// A page of certificates from a place on, in the order of their codes, masked; and what was searched for, part by part.
    List Certificates { query: CertificateQuery, from: PageKey } => Certificates(ListPage<Certificate>, Vec<String>);
    /// A page of the certificates of one series, masked.
    Page OfSeries { key: SeriesKey, from: PageKey } => OfSeries(ListPage<Certificate>);
    /// A certificate with its whole life, masked.
    Page Certificate(CertCode) => Certificate(Box<CertificateDetail>);
    /// A certificate's record in full, once that is an audit entry.
    Person Unmask(CertCode) => Unmasked(Box<Certificate>);
    /// A page of cases, newest first; of all, or only of those that are not closed or refused, and that hold all words of a text.
    List Cases { open_only: bool, text: String, from: PageKey } => Cases(ListPage<CaseLine>);
    Page Case(CaseId) => Case(Box<CaseDetail>);
    /// What a case asks for in full, once that is an audit entry.
    Person UnmaskCase(CaseId) => CaseUnmasked(Box<CaseLine>);
    /// A page of the audit chain, newest first; of the entries that hold all words of a text.
    List Audit { text: String, from: PageKey } => Audit(ListPage<AuditLine>);
    /// Whether the ledger and its chain are whole.
    Person Verify => Verified(Verified);
    /// What the ledger has under a code that is decoded, masked; nothing when it was never taken.
    Person Decode(CertCode) => Decoded(CertCode, Option<Box<KnownCertificate>>);
    /// Every institution, by prefix.
    List Institutions => Institutions(Registry);
    /// What is due, the worst first, and the day on which it stands so.
    List Deadlines => Deadlines(NaiveDate, Vec<DueItem>);
    /// How a deadline was counted, a line for each day, below what else is to be known of it.
    Page Counted(Box<DueItem>) => Counted(Vec<String>);
    /// Every piece of the blank certificates, and what is to be known of them altogether: balances, open stocktakes.
    List Stock => Stock(Vec<StockLine>, Vec<String>);
    /// The share register, the newest first.
    List Shares => Shares(Vec<ShareLine>);
    /// What in the ledger or in a batch asks for a second look, people masked.
    List Screening(Option<BatchId>) => Screening(Option<BatchId>, Vec<ScreeningFinding>);
    /// Where a blank is and was, a line for each step.
    Page Blank(BlankNumber) => Blank(Vec<String>);
    /// How the blanks differ from another system's list: the title, and a line for each difference.
    Person CompareBlanks { kind: BlankKind, keeper: Option<String>, file: PathBuf } => Compared(String, Vec<String>);
    /// The draft of the explanation why a batch is late; what is told of it.
    Person Draft { thing: Thing, why: Option<String>, file: PathBuf } => Drafted(String);
    /// The proof of a certificate as a page of so many columns, masked.
    Person Proof { subject: Box<ProofSubject>, columns: usize } => Proof(Vec<String>);
    /// Print data; what is told of them, line by line.
    Person PrintData(Box<PrintWish>) => Printed(Vec<String>);
    /// Numbers for the rows of a batch that have none, new or reserved ones; why the store would give none now, and why the
    /// day may be wrong.
    Person Plan { batch: Box<Batch>, wish: PlanWish } => Planned(Box<Plan>, Option<Failure>, Option<DayJump>);
    /// What stands against something that a form would ask about; `text` is what the list is searched for.
    Person Bars { kind: FormKind, subject: FormSubject, text: String } => Barred(FormKind, FormSubject, Bars);
    /// Answers of a form that only the disk, the tables or the store can judge; the first that is refused.
    Person Judge(Vec<AskedAnswer>) => Judged(Option<RefusedAct>);
    /// How far something would reach; nothing where it reaches no further than it says.
    Person Reach(LedgerAct) => Reached(Reached);
    /// What is handed in of a thing, as a page: forms, checklists, submissions, statistics.
    Person Paper(PaperAsk) => Paper(Box<PaperPage>);
    /// Something to be done from such a page.
    Person PaperAct(Box<PaperAct>) => PaperDone(PaperDone);
    /// Something to be done; the audit entry's place, the case that was opened, and what there is to tell of it.
    Person Do(LedgerAct) => Done(u64, Option<CaseId>, String);
}

impl RequestKind {
    pub fn is_about_page(self) -> bool {
        self.aim() == Aim::Page
    }

    /// Tells whether it is for what the pane shows, and so is made again when that has changed.
    pub fn is_about_view(self) -> bool {
        self.aim() != Aim::Person
    }
}

/// Masks what a certificate says of its holder.
pub fn masked(mut certificate: Certificate) -> Certificate {
    certificate.holder = certificate.holder.masked();
    certificate
}
