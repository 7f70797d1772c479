//! What the store answers the ledger pane: each [`LedgerAsk`] and the taking of numbers, in one place.
//!
//! Answers leave here masked and worded; the pane only lays them out.

use std::sync::atomic::{AtomicU64, Ordering};

use super::desk::Desk;
use crate::app::ledger::ask::{LedgerAnswer, LedgerAsk, LedgerDeed, Rows, Slot};
use crate::app::ledger::plan::{Order, Plan};
use crate::app::msg::Msg;
use crate::domain::batch::Batch;
use crate::domain::roster::Change;
use crate::failure::{Failure, FailureKind};

/// The latest ask of each kind: while a search is being typed only the last letter's is worth an answer.
#[derive(Debug, Default)]
pub(super) struct Latest([AtomicU64; Slot::COUNT]);

impl Latest {
    /// Takes note of an ask before it is queued.
    pub(super) fn note(&self, seq: u64, ask: &LedgerAsk) {
        self.0[ask.slot() as usize].store(seq, Ordering::Relaxed);
    }

    /// Tells whether an ask is still to be answered; what is to be done always is.
    pub(super) fn is_wanted(&self, seq: u64, ask: &LedgerAsk) -> bool {
        matches!(ask, LedgerAsk::Do(_)) || self.0[ask.slot() as usize].load(Ordering::Relaxed) == seq
    }
}

/// Answers an ask.
pub(super) fn answer(desk: &mut Desk, ask: LedgerAsk) -> Result<LedgerAnswer, Failure> {
    // A store that cannot be opened says why, whatever was asked.
    desk.store()?;
    Ok(match ask {
        // Until the store keeps them there are none.
        LedgerAsk::Series => LedgerAnswer::Series(Vec::new()),
        LedgerAsk::Gaps(_) => LedgerAnswer::Gaps(Vec::new()),
        LedgerAsk::Certificates { .. } => LedgerAnswer::Certificates(none()),
        LedgerAsk::Cases { .. } => LedgerAnswer::Cases(none()),
        LedgerAsk::Audit { .. } => LedgerAnswer::Audit(none()),
        LedgerAsk::Institutions => LedgerAnswer::Institutions(Vec::new()),
        LedgerAsk::Certificate(_) | LedgerAsk::Unmask(_) | LedgerAsk::Case(_) | LedgerAsk::Verify => {
            return Err(cannot(desk));
        }
        LedgerAsk::Plan { batch, order } => LedgerAnswer::Planned(Box::new(plan(desk, &batch, order)?)),
        LedgerAsk::Do(deed) => LedgerAnswer::Done(done(desk, &deed)?),
    })
}

/// Plans numbers for the rows of a batch that have none.
fn plan(desk: &mut Desk, _batch: &Batch, _order: Order) -> Result<Plan, Failure> {
    Err(cannot(desk))
}

/// Does something to the ledger; gives the audit entry's place.
fn done(desk: &mut Desk, deed: &LedgerDeed) -> Result<u64, Failure> {
    match deed {
        LedgerDeed::Reserve { .. }
        | LedgerDeed::Void { .. }
        | LedgerDeed::Mark { .. }
        | LedgerDeed::Open { .. }
        | LedgerDeed::Approve { .. }
        | LedgerDeed::Refuse { .. }
        | LedgerDeed::Close { .. } => Err(cannot(desk)),
    }
}

/// Takes the numbers of a plan and records them in the rows of the batch in hand, both or neither.
///
/// Nothing is left undone when that fails: the orders behind it go on, so it is no failure of the store's.
pub(super) fn allocate(desk: &mut Desk, seq: u64, _plan: &Plan, _change: &Change) -> Msg {
    let failure = cannot(desk);
    Msg::NotAllocated { seq, moved: false, failure }
}

fn none<T>() -> Rows<T> {
    Rows { rows: Vec::new(), next: None }
}

fn cannot(desk: &Desk) -> Failure {
    Failure::new(FailureKind::Store, desk.locale.text("status.ledger-cannot"), "")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::ledger::ask::{PageKey, Query};
    use crate::domain::code::CertCode;

    #[test]
    fn only_the_last_letter_typed_is_answered_and_every_deed_is_done() {
        let latest = Latest::default();
        let search = || LedgerAsk::Certificates { query: Query::default(), from: PageKey::default() };
        let code = CertCode::new("S000062010001242J00001").unwrap();
        let void = || LedgerAsk::Do(LedgerDeed::Void { code, reason: "x".into() });
        for (seq, ask) in [(1, search()), (2, search()), (3, LedgerAsk::Series), (4, void()), (5, void())] {
            latest.note(seq, &ask);
        }
        assert!(!latest.is_wanted(1, &search()) && latest.is_wanted(2, &search()));
        assert!(latest.is_wanted(3, &LedgerAsk::Series));
        assert!(latest.is_wanted(4, &void()) && latest.is_wanted(5, &void()));
    }
}
