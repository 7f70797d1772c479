//! Numbers for the rows of a batch before they are taken (赋号): the plan as it lies over a pane.

use std::collections::BTreeMap;

use crate::domain::ledger::plan::{Plan, RowOrder, RowRefusal};
use crate::domain::sheet::SheetSpec;
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
    pub order: RowOrder,
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
    pub order: RowOrder,
    /// Whether reserved numbers are given instead of new ones.
    pub reserved: bool,
    /// The name of the institution that is not registered.
    pub name: String,
}

impl PlanPane {
    /// Takes a plan that has come, and why the store would give no numbers now.
    pub fn take(&mut self, plan: Plan, barred: Option<String>, locale: &Locale, sheet: &SheetSpec) {
        self.at = 0;
        self.reasons = reasons(&plan, locale, sheet);
        self.plan = Some(plan);
        self.barred = barred;
    }

    /// Counts the lines: a line per series, a line per refused row.
    pub fn count(&self) -> usize {
        self.plan.as_ref().map_or(0, |plan| plan.series.len() + plan.refused.len())
    }

    /// Tells whether rows get no number because their institution is not registered.
    pub fn lacks_institution(&self) -> bool {
        let mut refused = self.plan.iter().flat_map(|plan| &plan.refused);
        refused.any(|(_, why)| *why == RowRefusal::UnknownInstitution)
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
