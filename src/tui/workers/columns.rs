//! Work on columns: on a thread of its own, one at a time; whoever asks again or leaves stops what is under way.

use std::cell::RefCell;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::app::msg::{ColumnAnswer, ColumnAsk};
use crate::app::overlay::Narrowing;
use crate::domain::batch::ColumnMask;
use crate::domain::replace::Replaced;
use crate::domain::values::ColumnValues;
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

/// Does the work; nothing where it was stopped.
pub(super) fn answer(ask: ColumnAsk, office: &Office, stop: &AtomicBool) -> Option<ColumnAnswer> {
    let stop = || stop.load(Ordering::Relaxed);
    let replaced = |replaced: Replaced, masks: &[ColumnMask]| {
        let values = replaced.masked(masks);
        ColumnAnswer::Replaced(replaced, values)
    };
    match ask {
        ColumnAsk::Count { roster, field, wrong } => {
            let values = ColumnValues::of(&roster, field, &wrong, &stop)?;
            let narrowing = Narrowing::of(&values);
            Some(ColumnAnswer::Counted(Arc::new(values), Arc::new(narrowing)))
        }
        ColumnAsk::Group(values) => match office.value_groups(&values, &stop) {
            Ok(groups) => groups.map(ColumnAnswer::Grouped),
            Err(failure) => Some(ColumnAnswer::Failed(failure)),
        },
        ColumnAsk::Set(values, to, mask) => Some(replaced(Replaced::set(&values, &to), &[mask])),
        ColumnAsk::Replace { roster, replacing, reach, masks } => {
            replacing.plan(&roster, &reach, &stop).map(|all| replaced(all, &masks))
        }
    }
}
