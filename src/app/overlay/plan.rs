//! Numbers for the rows of a batch before they are taken (赋号): the plan as it lies over a pane.

use std::collections::BTreeMap;

use crate::app::command::Command;
use crate::app::context::{Context, told_failure};
use crate::app::intent::Intent;
use crate::app::ledger::Replan;
use crate::app::ledger::request::LedgerRequest;
use crate::app::roster::RosterPane;
use crate::domain::ledger::plan::{Plan, RowOrder, RowRefusal};
use crate::domain::roster::RowId;
use crate::domain::sheet::{Field, SheetSpec};
use crate::failure::Failure;
use crate::words::Locale;

/// Gives the locale key of the words for an order.
pub fn order_key(order: RowOrder) -> &'static str {
    match order {
        RowOrder::Roster => "ui.plan.order.roster",
        RowOrder::Name => "ui.plan.order.name",
        RowOrder::IdNumber => "ui.plan.order.id-number",
        RowOrder::Occupation => "ui.plan.order.occupation",
    }
}

/// The plan as it lies over the pane.
#[derive(Debug, Default)]
pub struct PlanPane {
    /// The order that was chosen.
    order: RowOrder,
    /// Whether reserved numbers are given instead of new ones.
    reserved: bool,
    /// The plan; `None` until it is here.
    plan: Option<Plan>,
    /// Why rows are refused and how many for each reason, in the user's language, the most frequent first.
    reasons: Vec<(String, usize)>,
    /// The first line shown.
    at: usize,
    /// Whether an earlier plan was overtaken by somebody else.
    is_overtaken: bool,
    /// Why the numbers are taken; may be empty.
    reason: String,
    /// Why the store gives no numbers now, in the user's language.
    barred: Option<String>,
}

impl PlanPane {
    /// Makes the request for a plan, and the pane that waits for it; not before every row is there.
    pub(super) fn ask(
        order: RowOrder,
        reserved: bool,
        is_overtaken: bool,
        roster: &RosterPane,
        to: &mut Context<'_>,
    ) -> Option<(PlanPane, LedgerRequest)> {
        let batch = roster.batch()?;
        if !batch.complete {
            roster.warn_incomplete(to);
            return None;
        }
        let request = LedgerRequest::Plan { batch: Box::new(batch.clone()), order, reserved };
        Some((PlanPane { order, reserved, is_overtaken, ..PlanPane::default() }, request))
    }

    pub fn order(&self) -> RowOrder {
        self.order
    }

    /// Tells whether reserved numbers are given instead of new ones.
    pub fn is_reserved(&self) -> bool {
        self.reserved
    }

    /// Gives the plan once it is here.
    pub fn plan(&self) -> Option<&Plan> {
        self.plan.as_ref()
    }

    /// Gives why rows are refused and how many for each reason, in the user's language, the most frequent first.
    pub fn reasons(&self) -> &[(String, usize)] {
        &self.reasons
    }

    /// Gives the first line shown.
    pub fn at(&self) -> usize {
        self.at
    }

    /// Tells whether an earlier plan was overtaken by somebody else.
    pub fn is_overtaken(&self) -> bool {
        self.is_overtaken
    }

    /// Says why the store gives no numbers now, in the user's language.
    pub fn barred(&self) -> Option<&str> {
        self.barred.as_deref()
    }

    pub(super) fn cursor(&mut self) -> &mut usize {
        &mut self.at
    }

    /// Says why the numbers are taken.
    pub(super) fn give_reason(&mut self, reason: &str) {
        self.reason = reason.to_string();
    }

    /// Takes a plan that has come, and why the store would give no numbers now.
    pub(super) fn take(&mut self, plan: Plan, barred: Option<&Failure>, locale: &Locale, sheet: &SheetSpec) {
        self.at = 0;
        self.reasons = reasons(&plan, locale, sheet);
        self.plan = Some(plan);
        self.barred = barred.map(|failure| locale.fill("ui.plan.barred", &[("why", &told_failure(locale, failure))]));
    }

    /// Counts the lines: a line per series, a line per refused row.
    pub fn count(&self) -> usize {
        self.plan.as_ref().map_or(0, |plan| plan.series.len() + plan.refused.len())
    }

    /// Tells whether rows get no number because their institution is not registered.
    pub fn lacks_institution(&self) -> bool {
        self.without_institution().is_some()
    }

    fn without_institution(&self) -> Option<RowId> {
        let mut refused = self.plan.iter().flat_map(|plan| &plan.refused);
        refused.find(|(_, why)| *why == RowRefusal::UnknownInstitution).map(|(row, _)| *row)
    }

    /// Gives what the plan is to be made from again once its institution is registered.
    pub(super) fn replan(&self, roster: &RosterPane) -> Replan {
        let row = self.without_institution().zip(roster.batch());
        let name = row.map_or("", |(row, batch)| batch.roster().cell(row, Field::Institution).trim());
        Replan { order: self.order, reserved: self.reserved, name: name.to_string() }
    }

    pub(super) fn update(&mut self, command: Command, roster: &RosterPane, to: &mut Context<'_>) -> Option<Intent> {
        let (order, reserved) = match command {
            Command::NextOrder => {
                let at = RowOrder::ALL.iter().position(|order| *order == self.order).unwrap_or(0);
                (RowOrder::ALL[(at + 1) % RowOrder::ALL.len()], self.reserved)
            }
            Command::SwitchNumbers => (self.order, !self.reserved),
            Command::Apply => return Some(self.take_numbers(to)),
            _ => return None,
        };
        let asked = PlanPane::ask(order, reserved, self.is_overtaken, roster, to);
        Some(asked.map_or(Intent::Nothing, |(pane, request)| {
            *self = pane;
            Intent::Ask(Box::new(request))
        }))
    }

    /// Has the numbers taken as planned, where there are any to take.
    fn take_numbers(&mut self, to: &mut Context<'_>) -> Intent {
        if let Some(why) = &self.barred {
            to.complain(why.clone());
            return Intent::Nothing;
        }
        let Some(plan) = self.plan.take_if(|plan| !plan.rows.is_empty()) else {
            to.warn(if self.plan.is_none() { "status.planning" } else { "status.nothing-to-allocate" });
            return Intent::Nothing;
        };
        let (order, reserved, reason) = (self.order, self.reserved, std::mem::take(&mut self.reason));
        Intent::TakeNumbers { plan: Box::new(plan), order, reserved, reason }
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
