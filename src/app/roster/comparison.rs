//! What the ledger and the registry know of the batch on screen: asked once every row is there, for what is edited, and anew
//! whenever either of them has changed.

use std::borrow::Cow;
use std::sync::Arc;

use super::RosterPane;
use crate::app::context::Context;
use crate::app::msg::{Effect, ToCompare};
use crate::domain::batch::asked;
use crate::domain::ledger::KnownCertificates;
use crate::domain::roster::{CellEdit, Change};
use crate::domain::rules::Tables;
use crate::domain::sheet::Field;

/// What the ledger has been asked about the batch and has not answered.
#[derive(Debug, Default)]
pub(in crate::app) struct Comparing {
    asked: usize,
    /// Whether one of the asks is about every row.
    all: bool,
    /// Whether an answer that is under way may be older than the ledger or the rows: then every row is asked about again.
    again: bool,
}

impl RosterPane {
    /// Asks the ledger about every row; while an answer is under way, once it has come.
    pub(in crate::app) fn compare(&mut self, to: &mut Context<'_>) {
        let Some(batch) = self.batch.as_ref().filter(|b| b.complete) else { return };
        if self.comparing.asked != 0 {
            self.comparing.again = true;
            return;
        }
        let what = ToCompare::All(Box::new(batch.roster().clone()));
        self.comparing = Comparing { asked: 1, all: true, again: false };
        to.push(Effect::Compare { job: self.job, what });
    }

    /// Asks the ledger about codes and persons that have just come into the roster.
    pub(in crate::app) fn compare_changed(&mut self, change: &Change, to: &mut Context<'_>) {
        let Some(batch) = self.batch.as_ref().filter(|b| b.complete) else { return };
        let is_asked = |e: &&CellEdit| matches!(e.field, Field::Code | Field::IdNumber);
        if RosterPane::are_very_many(change.edits.iter().filter(is_asked).count()) {
            return self.compare(to);
        }
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
            let what = ToCompare::Some { codes, id_numbers };
            self.comparing.asked += 1;
            // The answer about every row does not know of these.
            self.comparing.again |= self.comparing.all;
            to.push(Effect::Compare { job: self.job, what });
        }
    }

    /// Takes an answer; `None` where the ledger could not be read.
    pub(super) fn take_comparison(
        &mut self,
        known: Option<Arc<KnownCertificates>>,
        is_all: bool,
        to: &mut Context<'_>,
    ) {
        let known = known.and_then(|known| self.put_off(known, is_all && !self.comparing.again));
        if let (Some(batch), Some((known, is_all))) = (&mut self.batch, known) {
            if is_all { batch.renew_known(known) } else { batch.set_known(known) }
        }
        self.comparing.asked = self.comparing.asked.saturating_sub(1);
        self.comparing.all &= !is_all;
        if self.comparing.asked == 0 && self.comparing.again {
            self.compare(to);
        }
    }

    /// Checks the rows with the newest tables once all are there: those that arrive were checked with the ones their reading
    /// began with.
    pub(in crate::app) fn check_with_tables(&mut self) {
        // A copy that is being changed is checked with them when it is there.
        let (Some(tables), Some(batch), None) = (&self.tables, &mut self.batch, &self.making) else { return };
        if batch.complete && !Arc::ptr_eq(tables, batch.context().tables()) {
            batch.set_tables(Arc::clone(tables));
        }
    }

    /// Takes tables whose registry has changed.
    pub(super) fn take_tables(&mut self, tables: Arc<Tables>) {
        self.tables = Some(tables);
        self.check_with_tables();
    }
}
