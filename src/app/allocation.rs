//! Giving numbers to the rows of a batch (赋号): the plan over the pane, its question, and what comes of it.

use super::context::{context, told_failure};
use super::ledger::plan::{PlanPane, Replan};
use super::ledger::request::LedgerRequest;
use super::overlay::Overlay;
use super::{App, Screen};
use crate::domain::ledger::plan::{Plan, RowOrder};
use crate::failure::Failure;

impl App {
    /// Asks for a plan and shows it once it is there.
    pub(super) fn allocate(&mut self) {
        self.plan(RowOrder::default(), false, false);
    }

    fn plan(&mut self, order: RowOrder, reserved: bool, again: bool) {
        let Some(batch) = self.roster.batch() else { return };
        if !batch.complete {
            return self.warn_incomplete();
        }
        let batch = Box::new(batch.clone());
        self.is_yes = false;
        self.overlay = Some(Overlay::Plan(Box::new(PlanPane { order, reserved, again, ..PlanPane::default() })));
        self.ledger.request(LedgerRequest::Plan { batch, order, reserved }, context!(self));
    }

    /// Plans in the next order.
    pub(super) fn next_order(&mut self) {
        let Some(Overlay::Plan(pane)) = &self.overlay else { return };
        let at = RowOrder::ALL.iter().position(|order| *order == pane.order).unwrap_or(0);
        self.plan(RowOrder::ALL[(at + 1) % RowOrder::ALL.len()], pane.reserved, pane.again);
    }

    /// Plans with reserved numbers in place of new ones, or the other way round.
    pub(super) fn switch_numbers(&mut self) {
        let Some(Overlay::Plan(pane)) = &self.overlay else { return };
        self.plan(pane.order, !pane.reserved, pane.again);
    }

    /// Plans anew where the plan lacked an institution that is registered now.
    pub(super) fn plan_again(&mut self) {
        if let Some(Replan { order, reserved, .. }) = self.ledger.take_replan()
            && self.screen == Screen::Roster
            && self.overlay.is_none()
        {
            self.plan(order, reserved, false);
        }
    }

    pub(super) fn planned(&mut self, plan: Plan, barred: Option<&Failure>) {
        let why = |failure| self.locale.fill("ui.plan.barred", &[("why", &told_failure(&self.locale, failure))]);
        let barred = barred.map(why);
        if let (Some(Overlay::Plan(pane)), Some(batch)) = (&mut self.overlay, self.roster.batch()) {
            // Whoever said yes meant what was shown before.
            self.is_yes = false;
            pane.take(plan, barred, &self.locale, batch.context().sheet());
        }
    }

    /// Takes the numbers as planned; they show in the grid once the store says they are taken.
    pub(super) fn confirm_plan(&mut self, pane: PlanPane) {
        if let Some(why) = &pane.barred {
            let why = why.clone();
            self.overlay = Some(Overlay::Plan(Box::new(pane)));
            return self.complain(why);
        }
        let plan = match pane.plan {
            Some(plan) if !plan.rows.is_empty() => plan,
            plan => {
                let key = if plan.is_none() { "status.planning" } else { "status.nothing-to-allocate" };
                self.overlay = Some(Overlay::Plan(Box::new(PlanPane { plan, ..pane })));
                return self.warn(key);
            }
        };
        if !self.roster.is_editable() {
            return self.roster.refuse_change(context!(self));
        }
        let PlanPane { order, reserved, reason, .. } = pane;
        self.roster.take_numbers(plan, (order, reserved), reason, context!(self));
    }

    pub(super) fn allocated(&mut self, seq: u64, entry: u64) {
        if self.roster.allocated(seq, entry, context!(self)) {
            self.ledger.renew();
        }
    }

    /// The store has not taken the numbers; when the ledger has moved since the plan a new one is asked for.
    pub(super) fn not_allocated(&mut self, seq: u64, moved: bool, failure: &Failure) {
        let Some((order, reserved)) = self.roster.not_allocated(seq) else { return };
        // Whoever is elsewhere by now is told, and asks again.
        if moved && self.screen == Screen::Roster && self.overlay.is_none() {
            self.plan(order, reserved, true);
        }
        self.fail(failure);
    }
}
