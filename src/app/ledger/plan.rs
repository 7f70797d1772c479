//! Giving numbers to the rows of a batch (赋号): the plan over the pane, its question, and what comes of it.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::ask::LedgerAsk;
use crate::app::msg::StoreJob;
use crate::app::overlay::Overlay;
use crate::app::{App, Screen};
use crate::domain::ledger::plan::{Order, Plan, Refusal};
use crate::domain::numbering;
use crate::domain::roster::Change;
use crate::domain::sheet::SheetSpec;
use crate::failure::Failure;
use crate::words::Locale;

/// Gives the locale key of the words for an order.
pub fn order_key(order: Order) -> &'static str {
    match order {
        Order::Roster => "ui.plan.order.roster",
        Order::Name => "ui.plan.order.name",
        Order::IdNumber => "ui.plan.order.id-number",
        Order::Occupation => "ui.plan.order.occupation",
    }
}

/// The plan as it lies over the pane.
#[derive(Debug, Default)]
pub struct PlanPane {
    /// The order that was chosen.
    pub order: Order,
    /// Whether reserved numbers are given instead of new ones.
    pub reserved: bool,
    /// The plan; `None` until it is here.
    pub plan: Option<Plan>,
    /// Why rows are refused and how many for each reason, in the user's language, the most frequent first.
    pub reasons: Vec<(String, usize)>,
    /// The first line shown.
    pub at: usize,
    /// Whether an earlier plan was overtaken by somebody else.
    pub again: bool,
    /// Why the numbers are taken; may be empty.
    pub reason: String,
    /// Why the store gives no numbers now, in the user's language.
    pub barred: Option<String>,
}

/// A plan that is made anew once an institution is registered.
#[derive(Debug)]
pub struct Replan {
    /// The order that was chosen.
    pub order: Order,
    /// Whether reserved numbers are given instead of new ones.
    pub reserved: bool,
    /// The name of the institution that is not registered.
    pub name: String,
}

impl PlanPane {
    /// Counts the lines: a line per series, a line per refused row.
    pub fn count(&self) -> usize {
        self.plan.as_ref().map_or(0, |plan| plan.series.len() + plan.refused.len())
    }

    /// Tells whether rows get no number because their institution is not registered.
    pub fn lacks_institution(&self) -> bool {
        let mut refused = self.plan.iter().flat_map(|plan| &plan.refused);
        refused.any(|(_, why)| *why == Refusal::UnknownInstitution)
    }
}

/// Numbers that are being taken: until the store answers no cell changes.
#[derive(Debug)]
pub(in crate::app) struct Allocating {
    seq: u64,
    change: Change,
    order: Order,
    reserved: bool,
}

impl Allocating {
    /// Tells whether a store job is the one that takes them.
    pub(in crate::app) fn is(&self, seq: u64) -> bool {
        self.seq == seq
    }
}

impl App {
    /// Asks for a plan and shows it once it is there.
    pub(in crate::app) fn allocate(&mut self) {
        self.plan(Order::default(), false, false);
    }

    fn plan(&mut self, order: Order, reserved: bool, again: bool) {
        let Some(batch) = &self.batch else { return };
        if !batch.complete {
            return self.warn_incomplete();
        }
        let batch = Box::new(batch.clone());
        self.is_yes = false;
        self.overlay = Some(Overlay::Plan(Box::new(PlanPane { order, reserved, again, ..PlanPane::default() })));
        self.ask_ledger(LedgerAsk::Plan { batch, order, reserved });
    }

    /// Plans in the next order.
    pub(in crate::app) fn next_order(&mut self) {
        let Some(Overlay::Plan(pane)) = &self.overlay else { return };
        let at = Order::ALL.iter().position(|order| *order == pane.order).unwrap_or(0);
        self.plan(Order::ALL[(at + 1) % Order::ALL.len()], pane.reserved, pane.again);
    }

    /// Plans with reserved numbers in place of new ones, or the other way round.
    pub(in crate::app) fn switch_numbers(&mut self) {
        let Some(Overlay::Plan(pane)) = &self.overlay else { return };
        self.plan(pane.order, !pane.reserved, pane.again);
    }

    /// Plans anew where the plan lacked an institution that is registered now.
    pub(super) fn plan_again(&mut self) {
        if let Some(Replan { order, reserved, .. }) = self.ledger.replan.take()
            && self.screen == Screen::Roster
            && self.overlay.is_none()
        {
            self.plan(order, reserved, false);
        }
    }

    pub(super) fn planned(&mut self, plan: Plan, barred: Option<&Failure>) {
        let barred = barred.map(|failure| self.locale.fill("ui.plan.barred", &[("why", &self.told_failure(failure))]));
        if let (Some(Overlay::Plan(pane)), Some(batch)) = (&mut self.overlay, &self.batch) {
            // Whoever said yes meant what was shown before.
            self.is_yes = false;
            pane.at = 0;
            pane.reasons = reasons(&plan, &self.locale, batch.context().sheet());
            pane.plan = Some(plan);
            pane.barred = barred;
        }
    }

    /// Takes the numbers as planned; they show in the grid once the store says they are taken.
    pub(in crate::app) fn confirm_plan(&mut self, pane: PlanPane) {
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
        if !self.is_editable() {
            return self.refuse_change();
        }
        let Some(batch) = &self.batch else { return };
        let title = self.locale.fill("ui.change.allocate", &[("n", &plan.rows.len().to_string())]);
        let change = numbering::change(batch, &plan, &title);
        let batch = Box::new(batch.clone());
        self.say(self.locale.text("status.allocating").to_string());
        let PlanPane { order, reserved, reason, .. } = pane;
        self.store(StoreJob::Allocate { batch, plan: Arc::new(plan), change: Arc::new(change.clone()), reason });
        self.allocating = Some(Allocating { seq: self.saving.sent, change, order, reserved });
    }

    /// The store has taken the numbers: they become a change that cannot be undone.
    pub(in crate::app) fn allocated(&mut self, seq: u64, entry: u64) {
        let Some(allocating) = self.allocating.take_if(|a| a.seq == seq) else { return };
        let Some(batch) = &mut self.batch else { return };
        let title = allocating.change.title.clone();
        let (change, _) = batch.apply(allocating.change);
        self.ask_known_about(&change);
        self.say(self.locale.fill("status.allocated", &[("title", &title), ("entry", &entry.to_string())]));
        self.ledger.renew();
    }

    /// The store has not taken the numbers; when the ledger has moved since the plan a new one is asked for.
    pub(in crate::app) fn not_allocated(&mut self, seq: u64, moved: bool, failure: &Failure) {
        let Some(allocating) = self.allocating.take_if(|a| a.seq == seq) else { return };
        // Whoever is elsewhere by now is told, and asks again.
        if moved && self.screen == Screen::Roster && self.overlay.is_none() {
            self.plan(allocating.order, allocating.reserved, true);
        }
        self.fail(failure);
    }
}

/// Counts the reasons why rows are refused.
fn reasons(plan: &Plan, locale: &Locale, sheet: &SheetSpec) -> Vec<(String, usize)> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for (_, why) in &plan.refused {
        *counts.entry(locale.plan_refusal(why, sheet)).or_default() += 1;
    }
    let mut counts: Vec<(String, usize)> = counts.into_iter().collect();
    counts.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
    counts
}
