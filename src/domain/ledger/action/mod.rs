//! What the audit chain says was done (审计动作): every action with what it was done to, what stood before and what stands after.
//!
//! [`Action`] is what the store appends and what is read back; the bytes that an entry's hash goes over are made here and
//! nowhere else. The table below joins the name of each action in the chain with its payload: a new action is a line of it,
//! and whoever tells, follows or checks entries does not compile until it is dealt with there too.

mod batch;
mod case;
mod chain;
mod event;
mod fact;
mod numbers;
mod print;
mod share;
mod site;
mod stock;
mod wire;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::audit::{AuditEntry, Head};
use super::case::CaseId;
use super::event::Thing;
use super::share::{ShareId, ShareTerms, SharedFile};
use super::stock::{BlankKind, CountId, DemandYear};
use super::{BatchId, SeriesKey};
use crate::domain::registry::{EventKind, Institution};
pub use batch::{
    BatchAdded, BatchCreated, BatchDeleted, BatchProfile, BatchRead, CellsChanged, ColumnMatch, ColumnMatches,
    FileDigest, HeldFrom, ReplacedBy, StepMoved, TakenBy,
};
pub use case::{CaseApproved, CaseEffect, CaseOpened, InState, RowWritten};
pub use chain::{BackupPutBack, ChainAccepted};
pub use event::EventDay;
pub use fact::FactsNoted;
pub use numbers::{
    CountedRun, FileWritten, High, Highs, NumbersAdopted, NumbersGiven, NumbersReserved, RecordTexts, RecordsSynced,
    ReplyFile, SeriesHigh, SeriesRun, SeriesTerms, StatusNoted, StatusesBefore, UploadWritten, YearWritten,
};
pub use print::CertificatesPrinted;
pub use share::ShareEnded;
pub use site::TwoPeopleSaid;
pub use stock::{BlanksCounted, BlanksDemanded, BlanksMoved, CountClosed, CountWithdrawn};
use wire::Object;
pub use wire::{Pairs, Prefix, Subject, TheChain, TheLedger, TheSite, UnmaskedObject};

/// What was done to an object: what stood before, and what stands after; `()` for nothing to say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Act<O, B = (), A = ()> {
    pub object: O,
    pub before: B,
    pub after: A,
}

macro_rules! actions {
    ($($key:literal $variant:ident($object:ty, $before:ty, $after:ty);)*) => {
        /// What was done, as an entry of the chain tells it.
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub enum Action {
            $($variant(Act<$object, $before, $after>),)*
        }

        /// The name of an action; the part before the point is the room it belongs to.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum ActionName {
            $($variant,)*
        }

        impl ActionName {
            pub const ALL: [ActionName; [$($key),*].len()] = [$(ActionName::$variant),*];

            /// Gives the name as the chain has it.
            pub fn key(self) -> &'static str {
                match self {
                    $(ActionName::$variant => $key,)*
                }
            }
        }

        impl Action {
            pub fn name(&self) -> ActionName {
                match self {
                    $(Action::$variant(_) => ActionName::$variant,)*
                }
            }

            /// Reads what the chain says under a name; `None` for a name of a later release and for what no release writes.
            pub fn read(name: &str, object: &str, before: &str, after: &str) -> Option<Action> {
                Some(match ActionName::read(name)? {
                    $(ActionName::$variant => Action::$variant(Act::read(object, before, after)?),)*
                })
            }

            /// Gives what the chain says: the object, what stood before and what stands after.
            pub fn written(&self) -> [String; 3] {
                match self {
                    $(Action::$variant(act) => act.written(),)*
                }
            }
        }
    };
}

actions! {
    "batch.create" BatchCreate(BatchId, (), BatchCreated);
    "batch.complete" BatchComplete(BatchId, (), BatchRead);
    "batch.add" BatchAdd(BatchId, (), BatchAdded);
    "batch.digest" BatchDigest(BatchId, (), FileDigest);
    "batch.columns" BatchColumns(BatchId, ColumnMatches, ColumnMatches);
    "batch.profile" BatchProfile(BatchId, BatchProfile, BatchProfile);
    "batch.change" BatchChange(BatchId, (), CellsChanged);
    "batch.undo" BatchUndo(BatchId, (), StepMoved);
    "batch.redo" BatchRedo(BatchId, (), StepMoved);
    "batch.close" BatchClose(BatchId, (), ());
    "batch.reopen" BatchReopen(BatchId, (), ());
    "batch.delete" BatchDelete(BatchId, BatchDeleted, Option<ReplacedBy>);
    "batch.take-over" BatchTakeOver(BatchId, HeldFrom, TakenBy);
    "audit.unmask" AuditUnmask(Subject, (), ());
    "audit.accept" AuditAccept(TheChain, Option<Head>, ChainAccepted);
    "audit.restore" AuditRestore(TheChain, Option<Head>, BackupPutBack);
    "institution.add" InstitutionAdd(Prefix, Option<Institution>, Institution);
    "institution.change" InstitutionChange(Prefix, Option<Institution>, Institution);
    "institution.scope" InstitutionScope(Prefix, Option<Institution>, Institution);
    "institution.merge" InstitutionMerge(Prefix, Option<Institution>, Institution);
    "institution.absorb" InstitutionAbsorb(Prefix, Option<Institution>, Institution);
    "institution.cancel" InstitutionCancel(Prefix, Option<Institution>, Institution);
    "ledger.import" LedgerImport(TheLedger, (), NumbersAdopted);
    "ledger.allocate" LedgerAllocate(BatchId, Highs, NumbersGiven);
    "ledger.reserve" LedgerReserve(SeriesKey, High, NumbersReserved);
    "ledger.void" LedgerVoid(Subject, StatusesBefore, StatusNoted);
    "ledger.mark" LedgerMark(Subject, StatusesBefore, StatusNoted);
    "ledger.sync" LedgerSync(BatchId, RecordTexts, RecordsSynced);
    "ledger.export" LedgerExport(Subject, Option<StatusesBefore>, FileWritten);
    "ledger.year-export" LedgerYearExport(Subject, (), YearWritten);
    "ledger.print" LedgerPrint(Subject, (), CertificatesPrinted);
    "case.open" CaseOpen(CaseId, (), CaseOpened);
    "case.approve" CaseApprove(CaseId, InState, CaseApproved);
    "case.refuse" CaseRefuse(CaseId, InState, InState);
    "case.close" CaseClose(CaseId, CaseEffect, CaseEffect);
    "case.export" CaseExport(CaseId, (), RowWritten);
    "event.note" EventNote(Thing, Option<EventDay>, EventDay);
    "fact.note" FactNote(Thing, FactsNoted, FactsNoted);
    "stock.receive" StockReceive(BlankKind, (), BlanksMoved);
    "stock.draw" StockDraw(BlankKind, (), BlanksMoved);
    "stock.hand-over" StockHandOver(BlankKind, (), BlanksMoved);
    "stock.return" StockReturn(BlankKind, (), BlanksMoved);
    "stock.use" StockUse(BlankKind, (), BlanksMoved);
    "stock.spoil" StockSpoil(BlankKind, (), BlanksMoved);
    "stock.destroy" StockDestroy(BlankKind, (), BlanksMoved);
    "stock.count" StockCount(CountId, (), BlanksCounted);
    "stock.close" StockClose(CountId, (), CountClosed);
    "stock.take-back" StockTakeBack(BlankKind, (), BlanksMoved);
    "stock.withdraw" StockWithdraw(CountId, (), CountWithdrawn);
    "site.two-people" SiteTwoPeople(TheSite, Option<TwoPeopleSaid>, TwoPeopleSaid);
    "stock.correct" StockCorrect(BlankKind, (), BlanksMoved);
    "stock.demand" StockDemand(DemandYear, (), BlanksDemanded);
    "share.add" ShareAdd(ShareId, (), ShareTerms);
    "share.change" ShareChange(ShareId, ShareTerms, ShareTerms);
    "share.hand-out" ShareHandOut(ShareId, (), SharedFile);
    "share.end" ShareEnd(ShareId, (), ShareEnded);
}

macro_rules! events {
    ($($kind:ident $name:ident;)*) => {
        impl ActionName {
            /// Names what the chain calls an event of the registry.
            pub fn of_event(kind: EventKind) -> ActionName {
                match kind {
                    $(EventKind::$kind => ActionName::$name,)*
                }
            }

            /// Tells which event of the registry it is of; `None` for what does not happen to institutions.
            pub fn event(self) -> Option<EventKind> {
                match self {
                    $(ActionName::$name => Some(EventKind::$kind),)*
                    _ => None,
                }
            }
        }

        impl Action {
            /// Makes what an event does to one institution.
            pub fn of_event(kind: EventKind, before: Option<Institution>, after: Institution) -> Action {
                let act = Act { object: Prefix(after.prefix.clone()), before, after };
                match kind {
                    $(EventKind::$kind => Action::$name(act),)*
                }
            }
        }
    };
}

events! {
    Add InstitutionAdd;
    Change InstitutionChange;
    Scope InstitutionScope;
    Merge InstitutionMerge;
    Absorb InstitutionAbsorb;
    Cancel InstitutionCancel;
}

impl ActionName {
    /// Finds an action by its name in the chain.
    pub fn read(key: &str) -> Option<ActionName> {
        ActionName::ALL.into_iter().find(|name| name.key() == key)
    }
}

impl Action {
    /// Gives what happened to blank certificates, and of which kind they are.
    pub fn blanks(&self) -> Option<(BlankKind, &BlanksMoved)> {
        match self {
            Action::StockReceive(act)
            | Action::StockDraw(act)
            | Action::StockHandOver(act)
            | Action::StockReturn(act)
            | Action::StockUse(act)
            | Action::StockSpoil(act)
            | Action::StockDestroy(act)
            | Action::StockCorrect(act)
            | Action::StockTakeBack(act) => Some((act.object, &act.after)),
            Action::StockClose(Act { after, .. }) => Some((after.kind, &after.lost)),
            Action::StockWithdraw(Act { after, .. }) => Some((after.kind, &after.back)),
            _ => None,
        }
    }

    /// Reads what an entry says; `None` as [`Action::read`].
    pub fn of_entry(entry: &AuditEntry) -> Option<Action> {
        Action::read(&entry.action, &entry.object, &entry.before, &entry.after)
    }
}

impl<O: Object, B: Serialize + DeserializeOwned, A: Serialize + DeserializeOwned> Act<O, B, A> {
    fn read(object: &str, before: &str, after: &str) -> Option<Act<O, B, A>> {
        Some(Act { object: O::read(object)?, before: wire::read(before)?, after: wire::read(after)? })
    }

    fn written(&self) -> [String; 3] {
        [self.object.written(), wire::written(&self.before), wire::written(&self.after)]
    }
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
