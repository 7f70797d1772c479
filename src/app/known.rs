//! What the ledger and the registry know of the batch on screen: asked once every row is there, for what is edited, and anew
//! whenever either of them has changed.

use std::borrow::Cow;
use std::sync::Arc;

use super::App;
use super::msg::{Effect, KnownAsk};
use crate::domain::batch::asked;
use crate::domain::ledger::Known;
use crate::domain::roster::Change;
use crate::domain::sheet::Field;

/// What the ledger has been asked about the batch and has not answered.
#[derive(Debug, Default)]
pub(super) struct Knowing {
    asked: usize,
    /// Whether one of the asks is about every row.
    all: bool,
    /// Whether an answer that is under way may be older than the ledger or the rows: then every row is asked about again.
    again: bool,
}

impl App {
    /// Asks the ledger about every row; while an answer is under way, once it has come.
    pub(super) fn ask_known(&mut self) {
        let Some(batch) = self.batch.as_ref().filter(|b| b.complete) else { return };
        if self.knowing.asked != 0 {
            self.knowing.again = true;
            return;
        }
        let ask = KnownAsk::All(batch.roster().clone());
        self.knowing = Knowing { asked: 1, all: true, again: false };
        self.out.push(Effect::AskKnown { job: self.batch_job, ask });
    }

    /// Asks the ledger about codes and persons that have just come into the roster.
    pub(super) fn ask_known_about(&mut self, change: &Change) {
        let Some(batch) = self.batch.as_ref().filter(|b| b.complete) else { return };
        let now = |field: Field| {
            let rows = change
                .edits
                .iter()
                .filter(|e| e.field == field)
                .map(|e| asked(field, batch.roster().cell(e.row, field)));
            rows.filter(|text| !text.is_empty()).map(Cow::into_owned).collect::<Vec<String>>()
        };
        let (codes, id_numbers) = (now(Field::Code), now(Field::IdNumber));
        if !codes.is_empty() || !id_numbers.is_empty() {
            let ask = KnownAsk::Some { codes, id_numbers };
            self.knowing.asked += 1;
            // The answer about every row does not know of these.
            self.knowing.again |= self.knowing.all;
            self.out.push(Effect::AskKnown { job: self.batch_job, ask });
        }
    }

    /// Takes an answer; `None` where the ledger could not be read.
    pub(super) fn learn(&mut self, known: Option<Arc<Known>>, is_all: bool) {
        if let (Some(batch), Some(known)) = (&mut self.batch, known) {
            if is_all && !self.knowing.again { batch.renew_known(known) } else { batch.set_known(known) }
        }
        self.knowing.asked = self.knowing.asked.saturating_sub(1);
        self.knowing.all &= !is_all;
        if self.knowing.asked == 0 && self.knowing.again {
            self.ask_known();
        }
    }

    /// Checks the rows with the newest tables once all are there: those that arrive were checked with the ones their reading
    /// began with.
    pub(super) fn check_with_tables(&mut self) {
        let (Some(tables), Some(batch)) = (&self.tables, &mut self.batch) else { return };
        if batch.complete && !Arc::ptr_eq(tables, batch.context().tables()) {
            batch.set_tables(Arc::clone(tables));
        }
    }
}
