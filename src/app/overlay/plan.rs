//! Numbers for the rows of a batch before they are taken (赋号): the plan as it lies over a pane.

use std::collections::{BTreeMap, HashMap};

use crate::app::command::Command;
use crate::app::context::{Context, told_failure};
use crate::app::intent::Intent;
use crate::app::ledger::Replan;
use crate::app::ledger::request::LedgerRequest;
use crate::app::roster::RosterPane;
use crate::app::typed_line::LinePurpose;
use crate::domain::batch::Batch;
use crate::domain::ledger::plan::{Plan, PlanWish, RowOrder, RowRefusal};
use crate::domain::ledger::reach::DayJump;
use crate::domain::roster::RowId;
use crate::domain::sheet::{Field, SheetSpec};
use crate::failure::Failure;
use crate::words::{Locale, NameOfProfile};

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
    /// How the rows are to be numbered.
    wish: PlanWish,
    /// The plan; `None` until it is here.
    plan: Option<Plan>,
    /// Why rows are refused and how many for each reason, in the user's language, the most frequent first.
    reasons: Vec<(String, usize)>,
    /// The rows that are refused, those for the same reason in one line.
    refused: Vec<String>,
    /// What is to be known before numbers are taken, in the user's language.
    notes: Vec<String>,
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
        wish: PlanWish,
        is_overtaken: bool,
        roster: &RosterPane,
        to: &mut Context<'_>,
    ) -> Option<(PlanPane, LedgerRequest)> {
        let batch = roster.batch()?;
        if !batch.complete {
            roster.warn_incomplete(to);
            return None;
        }
        let request = LedgerRequest::Plan { batch: Box::new(batch.clone()), wish };
        Some((PlanPane { wish, is_overtaken, ..PlanPane::default() }, request))
    }

    pub fn order(&self) -> RowOrder {
        self.wish.order
    }

    /// Tells whether reserved numbers are given instead of new ones.
    pub fn is_reserved(&self) -> bool {
        self.wish.reserved
    }

    /// Gives the plan once it is here.
    pub fn plan(&self) -> Option<&Plan> {
        self.plan.as_ref()
    }

    /// Gives why rows are refused and how many for each reason, in the user's language, the most frequent first.
    pub fn reasons(&self) -> &[(String, usize)] {
        &self.reasons
    }

    /// Gives what is to be known before numbers are taken: whose rows are left out or were let in, which days are written over.
    pub fn notes(&self) -> &[String] {
        &self.notes
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

    /// Takes a plan that has come, why the store would give no numbers now, and why the day may be wrong.
    pub(super) fn take(
        &mut self,
        plan: Plan,
        (barred, jump): (Option<&Failure>, Option<DayJump>),
        batch: &Batch,
        to: &Context<'_>,
    ) {
        let locale = to.locale;
        let profile = |id: &str| to.profile_name(id);
        self.at = 0;
        self.reasons = reasons(&plan, locale, batch.context().sheet(), &profile);
        self.refused = refused(&plan, locale, batch, &profile);
        self.notes = jump.map(|jump| locale.day_jump(jump)).into_iter().collect();
        if !plan.blank_runs.is_empty() {
            self.notes.push(locale.planned_blanks(&plan));
            let kind = plan.blanks.map(|start| start.kind);
            self.notes.extend(kind.and_then(|kind| locale.other_blank_kind(kind, batch.context().profile())));
        }
        self.notes.extend(notes(&plan, self.wish, locale, batch));
        self.plan = Some(plan);
        self.barred = barred.map(|failure| locale.fill("ui.plan.barred", &[("why", &told_failure(locale, failure))]));
    }

    /// Lists which rows are refused and why, those for the same reason in one line.
    pub fn refused(&self) -> &[String] {
        &self.refused
    }

    /// Tells whether there are numbers to take, and the store gives them.
    pub fn can_be_taken(&self) -> bool {
        self.barred.is_none() && self.plan.as_ref().is_some_and(|plan| !plan.rows.is_empty())
    }

    /// Tells whether a key of the pane would change anything, as far as the plan is here.
    pub fn has_use_for(&self, command: Command) -> bool {
        let Some(plan) = &self.plan else { return command != Command::Apply };
        let bars = |of: fn(&RowRefusal) -> bool| plan.refused.iter().any(|(_, why)| of(why));
        match command {
            Command::Apply => self.can_be_taken(),
            Command::NextOrder => 1 < plan.rows.len(),
            Command::PlanBlanks => self.wish.blanks.is_some() || !plan.rows.is_empty(),
            Command::SwitchNumbers => self.wish.reserved || !plan.rows.is_empty(),
            Command::AlsoHeld => self.wish.also_held || bars(RowRefusal::is_held),
            Command::AlsoErrors => self.wish.also_errors || bars(RowRefusal::is_error),
            _ => true,
        }
    }

    /// Counts the lines: a line per series, a line per reason, and one per row that gets a number.
    pub fn count(&self) -> usize {
        self.plan.as_ref().map_or(0, |plan| plan.series.len() + self.refused.len() + plan.rows.len())
    }

    /// Tells whether rows get no number because their institution is not registered.
    pub fn lacks_institution(&self) -> bool {
        self.without_institution().is_some()
    }

    fn without_institution(&self) -> Option<RowId> {
        let mut refused = self.plan.iter().flat_map(|plan| &plan.refused);
        refused.find(|(_, why)| matches!(why, RowRefusal::UnknownInstitution(..))).map(|(row, _)| *row)
    }

    /// Gives what the plan is to be made from again once its institution is registered.
    pub(super) fn replan(&self, roster: &RosterPane) -> Replan {
        let row = self.without_institution().zip(roster.batch());
        let name = row.map_or("", |(row, batch)| batch.roster().cell(row, Field::Institution).trim());
        Replan { wish: self.wish, name: name.to_string() }
    }

    pub(super) fn update(&mut self, command: Command, roster: &RosterPane, to: &mut Context<'_>) -> Option<Intent> {
        let mut wish = self.wish;
        match command {
            Command::NextOrder => {
                let at = RowOrder::ALL.iter().position(|order| *order == wish.order).unwrap_or(0);
                wish.order = RowOrder::ALL[(at + 1) % RowOrder::ALL.len()];
            }
            Command::SwitchNumbers => wish.reserved = !wish.reserved,
            Command::AlsoHeld => wish.also_held = !wish.also_held,
            Command::AlsoErrors => wish.also_errors = !wish.also_errors,
            Command::Apply => return Some(self.take_numbers(to)),
            Command::PlanBlanks => {
                let next = self.plan.as_ref().and_then(|plan| plan.next_blank);
                let typed = wish.blanks.or(next).map_or_else(String::new, |start| to.locale.blank_start(start));
                return Some(Intent::AskLine(LinePurpose::PlanBlanks(wish), typed));
            }
            _ => return None,
        }
        let asked = PlanPane::ask(wish, self.is_overtaken, roster, to);
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
            to.remark(if self.plan.is_none() { "status.planning" } else { "status.nothing-to-allocate" });
            return Intent::Nothing;
        };
        Intent::TakeNumbers { plan: Box::new(plan), wish: self.wish, reason: std::mem::take(&mut self.reason) }
    }
}

/// Counts the reasons why rows are refused.
fn reasons(plan: &Plan, locale: &Locale, sheet: &SheetSpec, profile: NameOfProfile<'_>) -> Vec<(String, usize)> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for (_, why) in &plan.refused {
        *counts.entry(locale.plan_reason(why, sheet, profile)).or_default() += 1;
    }
    let mut counts: Vec<(String, usize)> = counts.into_iter().collect();
    counts.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
    counts
}

/// Lists the reasons with the rows they are for, in the order of their first rows.
fn refused(plan: &Plan, locale: &Locale, batch: &Batch, profile: NameOfProfile<'_>) -> Vec<String> {
    let mut kinds: Vec<(String, Vec<RowId>)> = Vec::new();
    let mut place: HashMap<String, usize> = HashMap::new();
    for (row, why) in &plan.refused {
        let why = locale.plan_refusal(why, batch.context().sheet(), profile);
        let at = *place.entry(why.clone()).or_insert_with(|| {
            kinds.push((why, Vec::new()));
            kinds.len() - 1
        });
        kinds[at].1.push(*row);
    }
    let line = |(why, rows): &(String, Vec<RowId>)| match rows.as_slice() {
        [row] => {
            let name = Field::Name.masked(batch.roster().cell(*row, Field::Name));
            let line = locale.row_in_part(batch, *row);
            locale.fill("ui.plan.refused", &[("line", &line), ("name", &name), ("why", why)])
        }
        rows => {
            let n = rows.len().to_string();
            locale.fill(
                "ui.plan.refused-many",
                &[("n", &n), ("why", why), ("lines", &locale.rows_in_parts(batch, rows, RUNS))],
            )
        }
    };
    kinds.iter().map(line).collect()
}

/// So many runs of rows are named.
const RUNS: usize = 8;

/// Tells what is to be known before numbers are taken, and how rows that are left out are let in.
fn notes(plan: &Plan, wish: PlanWish, locale: &Locale, batch: &Batch) -> Vec<String> {
    let count = |is: fn(&RowRefusal) -> bool| plan.refused.iter().filter(|(_, why)| is(why)).count();
    let said = |key: &str, n: usize, lets_in: Command| {
        let (n_told, title) = (n.to_string(), lets_in.title_key());
        (n != 0).then(|| locale.fill(key, &[("n", &n_told), ("command", locale.text(&title))]))
    };
    // How many are let in, and that none is where only such rows are left as no wish lets in.
    let let_in = |[key, none]: [&str; 2], is_wished: bool, is: fn(&RowRefusal) -> bool| {
        is_wished.then(|| match plan.overruled.iter().filter(|(_, why)| is(why)).count() {
            0 => locale.text(none).to_string(),
            n => locale.fill(key, &[("n", &n.to_string())]),
        })
    };
    let aside = batch.roster().count_aside();
    let notes = [
        (aside != 0).then(|| locale.fill("ui.plan.aside", &[("n", &aside.to_string())])),
        locale.restamp(batch, plan),
        said("ui.plan.held", count(RowRefusal::is_held), Command::AlsoHeld),
        said("ui.plan.errors", count(RowRefusal::is_error), Command::AlsoErrors),
        let_in(["ui.plan.also-held", "ui.plan.also-held-none"], wish.also_held, RowRefusal::is_held),
        let_in(["ui.plan.also-errors", "ui.plan.also-errors-none"], wish.also_errors, RowRefusal::is_error),
    ];
    locale.written_elsewhere(plan).into_iter().chain(notes.into_iter().flatten()).collect()
}
