//! Work that is done beside the roster on screen, waited for in a list that is to be chosen from.

use super::App;
use super::context::context;
use super::intent::Intent;
use super::msg::{BesideAnswer, BesideAsk, ColumnAnswer, ColumnAsk, JobId};
use super::overlay::{ChoosePane, Choosing, Overlay};

impl App {
    /// Has something worked out and waits for it; whoever leaves stops it.
    pub(super) fn work_beside(&mut self, title: String, about: Choosing, ask: BesideAsk) {
        self.beside_of = self.roster.switched();
        self.overlays.lay(Overlay::Choose(ChoosePane::waiting(title, about)));
        self.overlays.ask_column(ColumnAsk::Beside(Box::new(ask)), context!(self));
    }

    /// Tells whether the roster on screen is the one that was worked beside last.
    pub(super) fn is_beside(&self) -> bool {
        self.roster.was_switched_by(self.beside_of)
    }

    /// Takes what came of work on columns or beside the roster.
    pub(super) fn take_work(&mut self, seq: JobId, answer: Option<ColumnAnswer>) {
        let Some(ColumnAnswer::Beside(answer)) = answer else {
            return self.overlays.take_work(seq, answer, &self.roster, context!(self));
        };
        if !self.overlays.end_waiting(seq) || !self.is_beside() {
            return;
        }
        match answer {
            BesideAnswer::FillSource(source) => self.take_source(source),
            BesideAnswer::FillPlan(plan) => self.preview_filled(&plan),
            BesideAnswer::Difference(before, difference) => self.take_difference(&before, &difference),
            BesideAnswer::Reshaped(reshaped, values, masks) => self.preview_reshaped(*reshaped, values, &masks),
            BesideAnswer::Fixes(plan) => {
                let intent = Intent::preview(self.roster.preview_fixes(plan, context!(self)));
                self.fulfil(intent);
            }
            BesideAnswer::Same(told, plan) => {
                let intent = Intent::preview(self.roster.preview_same(told, plan, context!(self)));
                self.fulfil(intent);
            }
            BesideAnswer::Said(saying, rows, numbers, note) => {
                let intent = self.roster.preview_said(&saying, (rows, numbers), note, context!(self));
                self.fulfil(intent);
            }
            BesideAnswer::Back(step, back) => {
                let intent = Intent::preview(self.roster.preview_back(step, back, context!(self)));
                self.show_back(step, intent);
            }
            BesideAnswer::CarryOver(before, found) => self.take_carried(*before, found),
        }
    }
}
