//! What comes back to an overlay from the outside.

use std::sync::Arc;

use super::{Overlay, Overlays};
use crate::app::context::Context;
use crate::app::intent::{Confirm, Preview};
use crate::app::ledger::request::Reached;
use crate::app::msg::{ColumnAnswer, ColumnAsk, Effect, JobId};
use crate::app::roster::RosterPane;
use crate::domain::code::CertCode;
use crate::domain::ledger::KnownCertificate;
use crate::domain::ledger::plan::Plan;
use crate::domain::ledger::reach::DayJump;
use crate::domain::lookup::Index;
use crate::domain::replace::{MaskedValue, Replaced};
use crate::domain::roster::Change;
use crate::failure::Failure;

impl Overlays {
    pub(in crate::app) fn take_index(&mut self, index: Arc<Index>) {
        if let Some(Overlay::Lookup(pane)) = &mut self.open {
            pane.take_index(Arc::clone(&index));
        }
        self.index = Some(index);
    }

    /// Takes what the ledger has under a code.
    pub(in crate::app) fn take_decoded(&mut self, code: CertCode, held: Option<Box<KnownCertificate>>) {
        if let Some(Overlay::Decoder(pane)) = &mut self.open {
            pane.take(code, held);
        }
    }

    /// Takes how far it reaches what is asked about.
    pub(in crate::app) fn take_reach(&mut self, reach: &Reached) {
        if let Some(Overlay::Confirm(asked)) = &mut self.open
            && asked.is_about(Confirm::Ledger)
        {
            // Whoever said yes meant what was shown before.
            self.is_yes = false;
            asked.take_reach(reach);
        }
    }

    /// Takes the plan that was asked for, why the store would give no numbers now, and why the day may be wrong.
    pub(in crate::app) fn take_plan(
        &mut self,
        plan: Plan,
        (barred, jump): (Option<&Failure>, Option<DayJump>),
        roster: &RosterPane,
        to: &Context<'_>,
    ) {
        if let (Some(Overlay::Plan(pane)), Some(batch)) = (&mut self.open, roster.batch()) {
            // Whoever said yes meant what was shown before.
            self.is_yes = false;
            pane.take(plan, (barred, jump), batch, to);
        }
    }

    /// Marks some of the values that are listed, and no others.
    pub fn mark_values(&mut self, listed: impl Iterator<Item = usize>) {
        if let Some(Overlay::Values(pane)) = &mut self.open {
            pane.mark(listed);
        }
    }

    /// Has the group of values in hand offer one of its forms.
    pub fn choose_form(&mut self, form: usize) {
        if let Some(Overlay::Values(pane)) = &mut self.open {
            pane.choose_form(form);
        }
    }

    /// Takes what is looked for as an expression, or as it stands.
    pub fn look_for_expression(&mut self, is_expression: bool) {
        if let Some(Overlay::Replace(pane)) = &mut self.open {
            pane.look_for_expression(is_expression);
        }
    }

    /// Has work on columns done.
    pub(in crate::app) fn ask_column(&mut self, ask: ColumnAsk, to: &mut Context<'_>) {
        self.work += 1;
        to.push(Effect::Work { seq: self.work, ask });
    }

    /// Stops waiting for the latest work where that is its number; tells whether it was waited for.
    pub(in crate::app) fn end_waiting(&mut self, seq: JobId) -> bool {
        let is_awaited = seq == self.work && matches!(&self.open, Some(Overlay::Choose(pane)) if pane.is_waiting());
        if is_awaited {
            self.close();
        }
        is_awaited
    }

    /// Takes what came of the work on columns; nothing where it was stopped or broke off. What is not waited for any more is
    /// dropped.
    pub(in crate::app) fn take_work(
        &mut self,
        seq: JobId,
        answer: Option<ColumnAnswer>,
        roster: &RosterPane,
        to: &mut Context<'_>,
    ) {
        if seq != self.work || !self.is_waiting() {
            return;
        }
        let answer = match (answer, &mut self.open) {
            (Some(ColumnAnswer::Counted(values, narrowing, mask)), Some(Overlay::Values(pane))) => {
                return pane.take_values(values, narrowing, *mask);
            }
            (Some(ColumnAnswer::Grouped(groups, apart)), Some(Overlay::Values(pane))) => {
                return pane.take_groups(groups, &apart, to);
            }
            (Some(ColumnAnswer::Summed(summary)), Some(Overlay::Summary(pane))) => return pane.take(*summary),
            (answer, _) => answer,
        };
        match &mut self.open {
            Some(Overlay::Values(pane)) => pane.stop_waiting(),
            Some(Overlay::Replace(pane)) => pane.stop_waiting(),
            // Without what was counted there is nothing to show.
            Some(Overlay::Summary(_)) => drop(self.close()),
            Some(Overlay::Choose(_)) => drop(self.close()),
            _ => return,
        }
        match answer {
            Some(ColumnAnswer::Replaced(replaced, values)) => self.preview_replaced(replaced, values, roster, to),
            Some(ColumnAnswer::Failed(failure)) => to.fail(&failure),
            _ => to.warn("status.broke-off"),
        }
    }

    /// Shows what would be replaced; whoever does not want it comes back to where it was asked for.
    fn preview_replaced(
        &mut self,
        replaced: Replaced,
        values: Vec<MaskedValue>,
        roster: &RosterPane,
        to: &mut Context<'_>,
    ) {
        if !roster.is_editable() {
            return roster.refuse_change(to);
        }
        let Some(batch) = roster.batch() else { return };
        let (key, field) = match &self.open {
            Some(Overlay::Replace(pane)) if pane.in_every_column() => ("ui.change.replace-all", None),
            Some(Overlay::Replace(pane)) => ("ui.change.replace", Some(pane.field())),
            Some(Overlay::Values(pane)) if pane.groups().is_some() => ("ui.change.merge", pane.column().field()),
            Some(Overlay::Values(pane)) => ("ui.change.values", pane.column().field()),
            _ => return,
        };
        let open = to.locale.rows_left(&replaced, batch);
        if replaced.edits.is_empty() && !open.is_empty() {
            let why = open.join(to.locale.text("finding.semicolon"));
            return to.complain(to.locale.fill("reshape.nothing-but", &[("why", &why)]));
        }
        if replaced.edits.is_empty() {
            return to.miss_key(if key.starts_with("ui.change.replace") {
                "status.nothing-replaced"
            } else {
                "status.unchanged"
            });
        }
        let column = field.map_or("", |field| batch.context().sheet().label(field));
        let title = to.locale.fill(key, &[("column", column)]);
        let change = Change { title, edits: replaced.edits, ..Change::default() };
        let kept = self.open.take();
        self.preview(Preview { change, open, values, ..Preview::default() }, roster, to.locale);
        self.kept.extend(kept);
    }
}
