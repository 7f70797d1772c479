//! Work on columns: on a thread of its own, one at a time; whoever asks again or leaves stops what is under way.

use std::cell::RefCell;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::guarded;
use crate::app::msg::{
    BesideAnswer, BesideAsk, ColumnAnswer, ColumnAsk, EarlierVersion, Msg, RecipeAsk, RecipesPlanned,
};
use crate::app::overlay::Narrowing;
use crate::domain::batch::ColumnMask;
use crate::domain::matching::FillKind;
use crate::domain::replace::{Replaced, taking_back};
use crate::domain::reshape::ReshapeMasks;
use crate::domain::rules::Finding;
use crate::domain::sheet::Field;
use crate::domain::spared::Spared;
use crate::domain::summary::Summary;
use crate::domain::values::{ColumnValues, wrong_rows};
use crate::failure::Failure;
use crate::office::Office;

/// Whether the work under way is to stop.
#[derive(Debug, Default)]
pub(super) struct ColumnWork(RefCell<Arc<AtomicBool>>);

impl ColumnWork {
    pub(super) fn stop(&self) {
        self.0.borrow().store(true, Ordering::Relaxed);
    }

    /// Stops what is under way; gives what stops the next.
    pub(super) fn begin(&self) -> Arc<AtomicBool> {
        self.stop();
        let next = Arc::<AtomicBool>::default();
        self.0.replace(Arc::clone(&next));
        next
    }
}

/// Works out what recipes would do to a batch.
pub(super) fn recipes(RecipeAsk { roster, spared, form, switched, is_offer }: RecipeAsk, office: &Office) -> Msg {
    let planned = guarded(office.locale(), || office.plan_recipes((&roster, &spared), &form));
    Msg::Recipes(Box::new(RecipesPlanned { switched, is_offer, planned }))
}

/// Does the work; nothing where it was stopped.
pub(super) fn answer(ask: ColumnAsk, office: &Office, stop: &AtomicBool) -> Option<ColumnAnswer> {
    let stop = || stop.load(Ordering::Relaxed);
    let replaced = |replaced: Replaced, masks: &[ColumnMask]| {
        let values = replaced.masked(masks);
        ColumnAnswer::Replaced(replaced, values)
    };
    match ask {
        ColumnAsk::Count { batch, column } => {
            let values = ColumnValues::of(batch.roster(), column, &wrong_rows(&batch, column), &stop)?;
            let (narrowing, mask) = (Narrowing::of(&values), Box::new(batch.column_mask(column)));
            Some(ColumnAnswer::Counted(Arc::new(values), Arc::new(narrowing), mask))
        }
        ColumnAsk::Group(values) => match office.value_groups(&values, &stop) {
            Ok(groups) => groups.map(|groups| {
                let apart = office.kept_apart(&values, &groups);
                ColumnAnswer::Grouped(groups, apart)
            }),
            Err(failure) => Some(ColumnAnswer::Failed(failure)),
        },
        ColumnAsk::Sum { roster, findings, form } => {
            Some(ColumnAnswer::Summed(Box::new(Summary::unless((&roster, &findings), &form, &stop)?)))
        }
        ColumnAsk::Beside(ask) => match beside(*ask, office, &stop) {
            Ok(answer) => answer.map(ColumnAnswer::Beside),
            Err(failure) => Some(ColumnAnswer::Failed(failure)),
        },
        ColumnAsk::Set { values, to, spared, mask } => Some(replaced(Replaced::set(&values, &spared, &to), &[mask])),
        ColumnAsk::Replace { batch, replacing, reach } => {
            let all = replacing.plan((batch.roster(), &Spared::of(&batch)), &reach, &stop)?;
            let is_met = |field: &&Field| all.values.iter().any(|value| value.field == **field);
            let masks: Vec<_> = reach.fields.iter().filter(is_met).map(|field| batch.column_mask(*field)).collect();
            Some(replaced(all, &masks))
        }
    }
}

/// Does what is wanted beside the roster; nothing where it was stopped.
fn beside(ask: BesideAsk, office: &Office, stop: &dyn Fn() -> bool) -> Result<Option<BesideAnswer>, Failure> {
    match ask {
        BesideAsk::FillSource { kind, path, id, batch } => {
            let source = match kind {
                FillKind::File => match office.read_aside(&path, &batch, stop)? {
                    Some(from) => office.fill_from_file(&path, &from, &batch)?,
                    None => return Ok(None),
                },
                FillKind::Ledger => office.fill_from_ledger(id, &batch)?,
                FillKind::Registry => office.fill_from_registry(&batch)?,
            };
            Ok(Some(BesideAnswer::FillSource(Arc::new(source))))
        }
        BesideAsk::Compare { with, batch } => {
            let before = match with {
                EarlierVersion::File(path) => office.read_aside(&path, &batch, stop)?,
                EarlierVersion::Batch(id) => Some(office.stored_aside(id)?),
            };
            let Some(before) = before.filter(|_| !stop()) else { return Ok(None) };
            let difference = office.difference(&before, &batch)?;
            Ok(Some(BesideAnswer::Difference(Box::new(before), difference)))
        }
        BesideAsk::CarryOver { from, batch } => {
            let before = office.stored_aside(from)?;
            if stop() {
                return Ok(None);
            }
            let found = office.carry_over(&before, &batch)?;
            Ok(Some(BesideAnswer::CarryOver(Box::new(before), found)))
        }
        BesideAsk::PlanReshape { reshaping, batch, rows } => {
            let reshaped = reshaping.plan((batch.roster(), &Spared::of(&batch)), rows.as_deref(), stop);
            Ok(reshaped.map(|reshaped| {
                let masks = ReshapeMasks::of(&reshaping, &batch);
                let values = masks.told(&reshaped.replaced);
                BesideAnswer::Reshaped(Box::new(reshaped), values, masks)
            }))
        }
        BesideAsk::PlanFixes { mut batch, shown } => {
            let is_shown = |f: &Finding| shown.as_ref().is_none_or(|shown| shown.wants(f) && shown.has(f.row));
            Ok(batch.plan_fixes_unless(false, is_shown, stop).map(BesideAnswer::Fixes))
        }
        BesideAsk::PlanSame { batch, wish, told } => {
            Ok(batch.plan_same(&wish, stop).map(|plan| BesideAnswer::Same(told, plan)))
        }
        BesideAsk::PlanSaid { batch, saying, note } => {
            let planned = batch.plan_said(&saying, stop);
            Ok(planned.map(|(rows, numbers)| BesideAnswer::Said(saying, rows, numbers, note)))
        }
        BesideAsk::PlanBack { batch, step, only } => {
            Ok(taking_back(&batch, step, only, stop).map(|back| BesideAnswer::Back(step, back)))
        }
        BesideAsk::PlanFill { source, wish, batch } => Ok(source.plan(&batch, &wish, stop).map(BesideAnswer::FillPlan)),
    }
}
