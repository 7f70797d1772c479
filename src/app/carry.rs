//! Corrections that come along to the organiser's next version (带过去): what both changed is decided, then one change.

use super::App;
use super::context::context;
use super::intent::{Intent, Preview};
use super::msg::BesideAsk;
use super::overlay::{ChoosePane, Choosing, Overlay};
use crate::domain::batch::Batch;
use crate::domain::ledger::BatchId;
use crate::domain::matching::CarryOver;
use crate::domain::roster::Change;
use crate::words::Locale;

/// So many corrections whose rows are gone are listed one by one.
const LISTED: usize = 200;

/// What is chosen besides single cells.
const PREVIEW: &str = "preview";
const ALL_MINE: &str = "mine";
const ALL_THEIRS: &str = "theirs";

/// What is being carried over.
#[derive(Debug)]
pub(super) struct CarryInHand {
    from: BatchId,
    found: Option<(Batch, CarryOver)>,
    /// Of each cell that both changed, whether what was made of it here stays.
    is_mine: Vec<bool>,
    at: usize,
}

impl App {
    /// Has it found out what becomes of the corrections of a batch in the one on screen.
    pub(super) fn carry_over(&mut self, from: BatchId) {
        if self.roster.id() == Some(from) {
            let words = self.locale.fill("carry.same", &[("batch", &from.to_string())]);
            return context!(self).complain(words);
        }
        let Some(batch) = self.roster.batch() else { return };
        let ask = BesideAsk::CarryOver { from, batch: batch.clone() };
        self.carrying = Some(CarryInHand { from, found: None, is_mine: Vec::new(), at: 0 });
        self.work_beside(self.locale.carry_title(from), Choosing::Carry, ask);
    }

    pub(super) fn take_carried(&mut self, before: Batch, found: CarryOver) {
        let Some(hand) = &mut self.carrying else { return };
        hand.is_mine = vec![false; found.conflicts.len()];
        let has_conflicts = !found.conflicts.is_empty();
        hand.found = Some((before, found));
        if has_conflicts { self.show_conflicts() } else { self.preview_carried() }
    }

    /// Lists what both changed; a line turns whose text stays.
    fn show_conflicts(&mut self) {
        let (Some(hand), Some(batch)) = (&self.carrying, self.roster.batch()) else { return };
        let Some((_, found)) = &hand.found else { return };
        let locale = &self.locale;
        let own = |name: &str| (name.to_string(), locale.text(&format!("carry.{name}")).to_string());
        let mut options = [PREVIEW, ALL_MINE, ALL_THEIRS].map(own).to_vec();
        options.extend(found.conflicts.iter().zip(&hand.is_mine).enumerate().map(|(at, (cell, is_mine))| {
            let mark = locale.text(if *is_mine { "carry.stays-mine" } else { "carry.stays-theirs" });
            let what = locale.conflict_told(cell, batch, true);
            (at.to_string(), locale.fill("fill.check", &[("mark", mark), ("what", &what)]))
        }));
        let pane = ChoosePane::new(locale.carry_summed(found), Choosing::Carry, options, hand.at);
        self.overlays.lay(Overlay::Choose(pane));
    }

    /// Takes a line of what both changed.
    pub(super) fn carry_step(&mut self, name: &str) {
        let Some(hand) = &mut self.carrying else { return };
        match name {
            PREVIEW => return self.preview_carried(),
            ALL_MINE | ALL_THEIRS => {
                hand.is_mine.fill(name == ALL_MINE);
                hand.at = 0;
            }
            _ => {
                let Some(at) = name.parse::<usize>().ok().filter(|at| *at < hand.is_mine.len()) else { return };
                hand.is_mine[at] = !hand.is_mine[at];
                hand.at = at + 3;
            }
        }
        self.show_conflicts();
    }

    fn preview_carried(&mut self) {
        let batch = self.roster.batch().filter(|_| self.is_beside());
        let (Some(hand), Some(batch)) = (self.carrying.take(), batch) else { return };
        let Some((before, found)) = hand.found else { return };
        let summary = self.locale.carry_summed(&found);
        let cells = batch.change(self.locale.carry_title(hand.from), found.cells(|at| hand.is_mine[at]));
        let change = Change { rows: found.said.clone(), ..cells };
        if change.is_empty() {
            let words = self.locale.fill("carry.nothing", &[("summary", &summary)]);
            return context!(self).say(words);
        }
        let mut kinds = Locale::edits_by_column(&change.edits, batch);
        let lost = self.locale.lost_told(&found, &before, true).take(LISTED);
        kinds.extend(
            lost.chain(self.locale.sayings_lost_told(&found, &before, true).take(LISTED)).map(|told| (told, 0)),
        );
        self.fulfil(Intent::Preview(Preview { change, kinds, note: summary, ..Preview::default() }));
    }
}
