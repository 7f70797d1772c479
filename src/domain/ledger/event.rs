//! Events (期限事件): what happens to institutions, batches and cases on a day, and starts or ends a deadline.

use std::fmt;

use chrono::NaiveDate;

use super::BatchId;
use super::case::CaseId;
pub use crate::domain::fact::ThingKind;
use crate::domain::vocabulary::vocabulary;

vocabulary! {
    /// What happens, by the name that profiles use.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
    pub enum DatedEvent {
        /// The institution was put on file; the registry has it.
        Filed = "filed",
        /// 备案回执 came.
        Receipt = "receipt",
        /// The specimen was handed in.
        Specimen = "specimen",
        /// Name, seal or style changed.
        Changed = "changed",
        /// What changed was filed again.
        Refiled = "refiled",
        /// Blank certificates were ordered and reported.
        Ordered = "ordered",
        /// Blank certificates were counted.
        Counted = "counted",
        /// Blank certificates were bought.
        Purchased = "purchased",
        /// The authority ordered it to put things right (整改); nothing of it is filed meanwhile (BJ-70).
        Rectifying = "rectifying",
        /// What was put right was accepted (整改验收).
        Rectified = "rectified",
        /// The plan of the examination was handed in.
        Planned = "planned",
        /// The day of the examination.
        Exam = "exam",
        /// The assessment is over.
        Evaluated = "evaluated",
        /// The certificates are dated; the ledger has it.
        Issued = "issued",
        /// The data were handed in; the ledger has it.
        Submitted = "submitted",
        /// The data were accepted; the ledger has it.
        Accepted = "accepted",
        /// The data came back; the ledger has it.
        Returned = "returned",
        /// The certificates were published; the ledger has it.
        Published = "published",
        /// The data stand on the platform.
        Uploaded = "uploaded",
        /// The public can look the results up.
        Queryable = "queryable",
        /// The certificates were handed out.
        Delivered = "delivered",
        /// The application was received.
        Received = "received",
        /// The case ended; the ledger has it.
        Closed = "closed",
    }
}

/// A thing that events happen to.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Thing {
    /// An institution, by its prefix.
    Institution(String),
    Batch(BatchId),
    Case(CaseId),
}

/// The latest word on an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotedEvent {
    pub thing: Thing,
    pub event: DatedEvent,
    pub day: NaiveDate,
}

impl DatedEvent {
    /// Gives what it happens to.
    pub fn happens_to(self) -> ThingKind {
        use DatedEvent::{
            Changed, Closed, Counted, Filed, Ordered, Purchased, Receipt, Received, Rectified, Rectifying, Refiled,
            Specimen,
        };
        match self {
            Filed | Receipt | Specimen | Changed | Refiled | Ordered | Counted | Purchased | Rectifying | Rectified => {
                ThingKind::Institution
            }
            Received | Closed => ThingKind::Case,
            _ => ThingKind::Batch,
        }
    }

    /// Tells whether somebody has to note it, for nothing else in the ledger tells it.
    pub fn is_noted(self) -> bool {
        DatedEvent::NOTED.contains(&self)
    }

    /// Tells whether its day may be one that is still to come.
    pub fn is_planned_ahead(self) -> bool {
        self == DatedEvent::Exam
    }

    /// Tells whether the paper that says so is named with its day: the reason is that paper.
    pub fn names_paper(self) -> bool {
        matches!(self, DatedEvent::Rectifying | DatedEvent::Rectified)
    }

    /// Those that are noted.
    pub const NOTED: [DatedEvent; 16] = [
        DatedEvent::Receipt,
        DatedEvent::Specimen,
        DatedEvent::Changed,
        DatedEvent::Refiled,
        DatedEvent::Ordered,
        DatedEvent::Counted,
        DatedEvent::Purchased,
        DatedEvent::Rectifying,
        DatedEvent::Rectified,
        DatedEvent::Planned,
        DatedEvent::Exam,
        DatedEvent::Evaluated,
        DatedEvent::Uploaded,
        DatedEvent::Queryable,
        DatedEvent::Delivered,
        DatedEvent::Received,
    ];

    /// Lists those that are noted of a kind of things.
    pub fn noted_of(kind: ThingKind) -> impl Iterator<Item = DatedEvent> {
        DatedEvent::NOTED.into_iter().filter(move |event| event.happens_to() == kind)
    }
}

impl Thing {
    pub fn kind(&self) -> ThingKind {
        match self {
            Thing::Institution(_) => ThingKind::Institution,
            Thing::Batch(_) => ThingKind::Batch,
            Thing::Case(_) => ThingKind::Case,
        }
    }

    /// Finds what the audit chain names.
    pub fn read(text: &str) -> Option<Thing> {
        let (kind, name) = text.split_once(':')?;
        let thing = match kind {
            "institution" => Thing::Institution(name.to_string()),
            "batch" => Thing::Batch(BatchId(name.parse().ok()?)),
            "case" => Thing::Case(CaseId(name.parse().ok()?)),
            _ => return None,
        };
        // A number that is written in another way than ours is none of ours.
        (thing.to_string() == text).then_some(thing)
    }
}

impl fmt::Display for Thing {
    /// Names it as the audit chain does.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Thing::Institution(prefix) => write!(f, "institution:{prefix}"),
            Thing::Batch(batch) => write!(f, "batch:{batch}"),
            Thing::Case(case) => write!(f, "case:{case}"),
        }
    }
}
