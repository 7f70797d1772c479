//! Numbers that are being taken for the rows (赋号).

use std::sync::Arc;

use super::RosterPane;
use super::making::Asked;
use crate::app::context::Context;
use crate::app::msg::StoreJob;
use crate::domain::batch::Making;
use crate::domain::ledger::plan::{Plan, PlanWish};
use crate::domain::numbering;
use crate::domain::roster::Change;

/// Numbers that are being taken: until the store answers no cell changes.
#[derive(Debug)]
pub struct Allocating {
    seq: u64,
    change: Change,
    wish: PlanWish,
}

impl Allocating {
    /// Tells whether a store job is the one that takes them.
    pub(super) fn is(&self, seq: u64) -> bool {
        self.seq == seq
    }
}

impl RosterPane {
    /// Has the numbers of a plan taken; they show in the grid once the store says they are.
    pub(in crate::app) fn take_numbers(&mut self, plan: Plan, wish: PlanWish, reason: String, to: &mut Context<'_>) {
        if !self.is_editable() {
            return self.refuse_change(to);
        }
        let Some(batch) = &self.batch else { return };
        let title = to.locale.numbering_title(batch, &plan);
        let change = numbering::change(batch, &plan, &title);
        let batch = Box::new(batch.clone());
        to.say_key("status.allocating");
        self.store(StoreJob::Allocate { batch, plan: Arc::new(plan), change: Arc::new(change.clone()), reason }, to);
        self.allocating = Some(Allocating { seq: self.saving.sent, change, wish });
    }

    /// The store has taken the numbers: they become a change that cannot be undone. Tells whether they were waited for.
    pub(in crate::app) fn allocated(&mut self, seq: u64, entry: u64, to: &mut Context<'_>) -> bool {
        let Some(allocating) = self.allocating.take_if(|a| a.seq == seq) else { return false };
        self.begin_making(Making::Change(allocating.change), Asked::Numbers(entry), to);
        true
    }

    /// The store has not taken the numbers; gives how they were planned, where they were waited for.
    pub(in crate::app) fn not_allocated(&mut self, seq: u64) -> Option<PlanWish> {
        self.allocating.take_if(|a| a.seq == seq).map(|allocating| allocating.wish)
    }
}
