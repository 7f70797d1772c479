//! Changes (大批修改): few cells are changed at once, very many on a copy of the batch and away from the keys. Until the copy takes
//! the batch's place nothing else changes it, and what is stopped before has changed nothing.

use std::sync::Arc;

use super::RosterPane;
use super::steps::counted;
use crate::app::context::Context;
use crate::app::msg::{Effect, JobId, Progress, StoreJob};
use crate::domain::batch::{Batch, Made, Making};
use crate::domain::ledger::KnownCertificates;

/// So many cells are changed at once: nobody notices how long it takes.
const AT_ONCE: usize = 2_000;

/// What a change is told as.
#[derive(Debug, Clone, Copy)]
pub(super) enum Asked {
    Change,
    /// The ledger has given them, by such an entry: they are stored, and nobody gives them up.
    Numbers(u64),
    Undo,
    Redo,
    /// So many steps are to be in force; and so many were.
    Steps {
        wanted: usize,
        before: usize,
    },
}

/// A change that is being made on a copy.
#[derive(Debug)]
pub(super) struct UnderWay {
    seq: JobId,
    asked: Asked,
    progress: Option<Progress>,
    /// What the ledger told meanwhile, and whether it is about every row.
    news: Vec<(Arc<KnownCertificates>, bool)>,
}

impl RosterPane {
    /// Makes a change, or has it made where it is a very large one.
    pub(super) fn begin_making(&mut self, making: Making, asked: Asked, to: &mut Context<'_>) {
        let Some(batch) = &mut self.batch else { return };
        let cells = making.size(batch);
        if cells <= AT_ONCE || !batch.complete {
            if let Some(made) = batch.make(making, &|_, _| false) {
                self.take_steps(&made, asked, to);
            }
            return;
        }
        self.makings += 1;
        self.making = Some(UnderWay { seq: self.makings, asked, progress: None, news: Vec::new() });
        match asked {
            Asked::Numbers(_) => to.say_key("status.allocating"),
            _ => to.say(to.told("status.making-began", &[("n", &cells.to_string())])),
        }
        to.push(Effect::Make { seq: self.makings, batch: Box::new(batch.clone()), making });
    }

    /// Tells whether a very large change is being made.
    pub fn is_making(&self) -> bool {
        self.making.is_some()
    }

    /// Tells how far that has come.
    pub fn making_progress(&self) -> Option<Progress> {
        self.making.as_ref()?.progress
    }

    /// Stops it, and the batch stays as it is; tells whether there was anything to stop. What the ledger gave is not given up.
    pub(in crate::app) fn stop_making(&mut self, to: &mut Context<'_>) -> bool {
        let is_given = |making: &UnderWay| matches!(making.asked, Asked::Numbers(_));
        !self.making.as_ref().is_some_and(is_given) && self.leave_making(to)
    }

    /// Stops it whatever it is: another batch comes, or this one as somebody else has it.
    pub(super) fn leave_making(&mut self, to: &mut Context<'_>) -> bool {
        let Some(UnderWay { news, .. }) = self.making.take() else { return false };
        to.push(Effect::StopMaking);
        self.take_news(news);
        true
    }

    pub(super) fn take_making(&mut self, seq: JobId, progress: Progress) {
        if let Some(making) = self.making.as_mut().filter(|making| making.seq == seq) {
            making.progress = Some(progress);
        }
    }

    /// Puts the copy in the place of the batch; without one it broke off.
    pub(super) fn take_made(&mut self, seq: JobId, made: Option<(Batch, Made)>, to: &mut Context<'_>) {
        let Some(UnderWay { asked, news, .. }) = self.making.take_if(|making| making.seq == seq) else { return };
        let made = made.map(|(batch, made)| {
            self.batch = Some(batch);
            made
        });
        self.take_news(news);
        match made {
            Some(made) => self.take_steps(&made, asked, to),
            None => to.warn("status.broke-off"),
        }
    }

    /// Keeps what the ledger knows until the copy is there; gives it back where none is being made.
    pub(super) fn put_off(
        &mut self,
        known: Arc<KnownCertificates>,
        is_all: bool,
    ) -> Option<(Arc<KnownCertificates>, bool)> {
        let Some(making) = &mut self.making else { return Some((known, is_all)) };
        making.news.push((known, is_all));
        None
    }

    fn take_news(&mut self, news: Vec<(Arc<KnownCertificates>, bool)>) {
        if let Some(batch) = &mut self.batch {
            news.into_iter().for_each(
                |(known, is_all)| {
                    if is_all { batch.renew_known(known) } else { batch.set_known(known) }
                },
            );
        }
        self.check_with_tables();
    }

    /// Has what was made stored and told.
    fn take_steps(&mut self, made: &Made, asked: Asked, to: &mut Context<'_>) {
        for (change, forward) in &made.steps {
            self.compare_changed(change, to);
            if let Asked::Numbers(entry) = asked {
                let places = [("title", &*change.title), ("entry", &entry.to_string())];
                to.say(to.locale.fill("status.allocated", &places));
                return;
            }
            let job = match (asked, forward) {
                (Asked::Change, _) => StoreJob::Record { change: Arc::clone(change) },
                (_, true) => StoreJob::Redo,
                (_, false) => StoreJob::Undo,
            };
            self.store(job, to);
        }
        let last = made.steps.last().map(|(change, _)| change);
        if let Some(change) = last.filter(|_| !matches!(asked, Asked::Change)) {
            match (change.edits.first(), change.rows.first()) {
                (Some(first), _) => self.go_to_cell(first.row, first.field),
                (None, Some(first)) => self.go_to_cell(first.row, self.grid.field()),
                (None, None) => {}
            }
        }
        self.choose_anew(to);
        let keys = match asked {
            Asked::Change | Asked::Numbers(_) => ["status.changed", "status.changed-rows"],
            Asked::Undo => ["status.undone", "status.undone-rows"],
            Asked::Redo => ["status.redone", "status.redone-rows"],
            Asked::Steps { wanted, before } => return self.tell_at_step(wanted, before, to),
        };
        let Some(change) = last else { return };
        let mut text = counted(to.locale, keys, change);
        if made.dropped != 0 {
            text += &to.locale.fill("status.dropped", &[("n", &made.dropped.to_string())]);
        }
        to.say(text);
    }

    fn tell_at_step(&self, wanted: usize, before: usize, to: &mut Context<'_>) {
        let now = self.batch.as_ref().map_or(0, |batch| batch.history().applied().len());
        let places = [("n", &*now.to_string()), ("steps", &*now.abs_diff(before).to_string())];
        if now == before {
            if now == wanted {
                to.remark("status.unchanged");
            } else {
                to.warn("status.lasting");
            }
        } else if now == wanted {
            to.say(to.locale.fill("status.at-step", &places));
        } else {
            to.complain(to.locale.fill("status.at-step-lasting", &places));
        }
    }

    /// Tells whether so many cells are too many to be gone through while keys wait.
    pub(super) fn are_very_many(cells: usize) -> bool {
        AT_ONCE < cells
    }
}
