//! Giving numbers to the rows of a batch (赋号): the plan over the pane, its question, and what comes of it.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveDate;

use super::ask::LedgerAsk;
use crate::app::msg::StoreJob;
use crate::app::overlay::Overlay;
use crate::app::{App, Screen};
use crate::domain::code::CertCode;
use crate::domain::ledger::SeriesKey;
use crate::domain::roster::{Change, RowId};
use crate::domain::sheet::Field;
use crate::failure::Failure;

/// In which order rows get their numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Order {
    /// As in the roster.
    #[default]
    Roster,
    /// By name.
    Name,
    /// By ID number.
    IdNumber,
    /// By occupation, then level.
    Occupation,
}

impl Order {
    /// Every order, in the order they are turned through.
    pub const ALL: [Order; 4] = [Order::Roster, Order::Name, Order::IdNumber, Order::Occupation];
}

/// The numbers rows would get.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plan {
    /// The profile's id.
    pub profile: String,
    /// What is taken of each series.
    pub series: Vec<SeriesPlan>,
    /// The rows that get a number.
    pub rows: Vec<Planned>,
    /// The rows that get none, and why, in the user's language.
    pub refused: Vec<(RowId, String)>,
}

/// What a plan takes of a series.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeriesPlan {
    /// The series.
    pub key: SeriesKey,
    /// The largest serial taken when the plan was made.
    pub high: u32,
    /// The smallest and the largest serial that may be given.
    pub range: (u32, u32),
    /// The first serial that is taken.
    pub from: u32,
    /// The last serial that is taken.
    pub to: u32,
}

impl SeriesPlan {
    /// Counts the serials that are taken.
    pub fn count(&self) -> u32 {
        self.to - self.from + 1
    }

    /// Counts the serials that can still be given afterwards.
    pub fn left(&self) -> u32 {
        self.range.1.saturating_sub(self.to)
    }
}

/// A row and the number it gets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planned {
    /// The row.
    pub row: RowId,
    /// Its number.
    pub code: CertCode,
    /// The serial in it.
    pub serial: u32,
    /// The series, by its place in [`Plan::series`].
    pub series: usize,
    /// The 发证日期 it gets, where that is the day of the number (BJ-17).
    pub issue_date: Option<NaiveDate>,
}

/// The plan as it lies over the pane.
#[derive(Debug, Default)]
pub struct PlanPane {
    /// The order that was chosen.
    pub order: Order,
    /// The plan; `None` until it is here.
    pub plan: Option<Plan>,
    /// The first line shown.
    pub at: usize,
    /// Whether an earlier plan was overtaken by somebody else.
    pub again: bool,
}

impl PlanPane {
    /// Counts the lines: a line per series, a line per refused row.
    pub fn count(&self) -> usize {
        self.plan.as_ref().map_or(0, |plan| plan.series.len() + plan.refused.len())
    }

    /// Counts the reasons why rows are refused, the most frequent first.
    pub fn reasons(&self) -> Vec<(&str, usize)> {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for (_, why) in self.plan.iter().flat_map(|plan| &plan.refused) {
            *counts.entry(why).or_default() += 1;
        }
        let mut counts: Vec<(&str, usize)> = counts.into_iter().collect();
        counts.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
        counts
    }
}

/// Numbers that are being taken: until the store answers no cell changes.
#[derive(Debug)]
pub(in crate::app) struct Allocating {
    seq: u64,
    change: Change,
    order: Order,
}

impl App {
    /// Asks for a plan and shows it once it is there.
    pub(in crate::app) fn allocate(&mut self) {
        self.plan(Order::default(), false);
    }

    fn plan(&mut self, order: Order, again: bool) {
        let Some(batch) = &self.batch else { return };
        if !batch.complete {
            return self.warn("status.still-reading");
        }
        let batch = Box::new(batch.clone());
        self.overlay = Some(Overlay::Plan(Box::new(PlanPane { order, again, ..PlanPane::default() })));
        self.ask_ledger(LedgerAsk::Plan { batch, order });
    }

    /// Plans in the next order.
    pub(in crate::app) fn next_order(&mut self) {
        let Some(Overlay::Plan(pane)) = &self.overlay else { return };
        let at = Order::ALL.iter().position(|order| *order == pane.order).unwrap_or(0);
        self.plan(Order::ALL[(at + 1) % Order::ALL.len()], pane.again);
    }

    pub(super) fn planned(&mut self, plan: Plan) {
        if let Some(Overlay::Plan(pane)) = &mut self.overlay {
            pane.at = 0;
            pane.plan = Some(plan);
        }
    }

    /// Takes the numbers as planned; they show in the grid once the store says they are taken.
    pub(in crate::app) fn confirm_plan(&mut self, pane: PlanPane) {
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
        let edits = plan.rows.iter().flat_map(|planned| {
            let code = (planned.row, Field::Code, Arc::from(planned.code.as_str()));
            let date = planned.issue_date.map(|day| (planned.row, Field::IssueDate, Arc::from(day.to_string())));
            std::iter::once(code).chain(date)
        });
        let change = batch.change(title, edits);
        self.say(self.locale.text("status.allocating").to_string());
        self.store(StoreJob::Allocate { plan: Arc::new(plan), change: Arc::new(change.clone()) });
        self.allocating = Some(Allocating { seq: self.saving.sent, change, order: pane.order });
    }

    /// The store has taken the numbers: they become a change that cannot be undone.
    pub(in crate::app) fn allocated(&mut self, seq: u64, entry: u64) {
        let Some(allocating) = self.allocating.take_if(|a| a.seq == seq) else { return };
        let Some(batch) = &mut self.batch else { return };
        let title = allocating.change.title.clone();
        batch.apply(allocating.change);
        self.say(self.locale.fill("status.allocated", &[("title", &title), ("entry", &entry.to_string())]));
        self.ledger.renew();
    }

    /// The store has not taken the numbers; when the ledger has moved since the plan a new one is asked for.
    pub(in crate::app) fn not_allocated(&mut self, seq: u64, moved: bool, failure: &Failure) {
        let Some(allocating) = self.allocating.take_if(|a| a.seq == seq) else { return };
        // Whoever is elsewhere by now is told, and asks again.
        if moved && self.screen == Screen::Roster && self.overlay.is_none() {
            self.plan(allocating.order, true);
        }
        self.fail(failure);
    }
}
