//! Rows that arrive, and where the user was among them.

use std::path::PathBuf;
use std::sync::Arc;

use super::RosterPane;
use super::grid::Grid;
use super::view::View;
use crate::app::context::Context;
use crate::app::layout::Focus;
use crate::app::msg::{JobId, ReadEnd, RosterHead, StoreJob, WorkDone};
use crate::app::prompt::Prompt;
use crate::app::typed_line::Edit;
use crate::domain::batch::Batch;
use crate::domain::profile_choice::OpenedFile;
use crate::domain::roster::{Block, Change, History, KeyIndex};
use crate::domain::rules::BlockReport;
use crate::domain::selection::{Chosen, Marks};
use crate::domain::sheet::{Field, SkipReason};

/// What has come of a reading.
#[derive(Debug, Clone)]
pub(in crate::app) struct Arrived {
    /// How many rows there are, and how many lines were not taken as data.
    pub rows: u32,
    pub skipped: usize,
    /// Whether the batch was stored before.
    pub is_stored: bool,
    /// What was done in it before, where its file was opened.
    pub found: Option<WorkDone>,
    /// The part that has just been added to it.
    pub added: Option<usize>,
}

impl RosterPane {
    /// Begins with a source whose header has been found; nothing of the batch before stays.
    pub(in crate::app) fn begin(&mut self, opened: RosterHead, to: &mut Context<'_>) {
        let is_stored = opened.stored.is_some();
        let resumed = opened.stored.as_ref().map(|s| View::from_json(&s.view));
        let found = opened.stored.as_ref().and_then(|s| s.found.clone());
        let (id, added) = opened.stored.as_ref().map_or((None, None), |s| (Some(s.batch), s.added));
        let source = match &resumed {
            // The file lies where it was opened now.
            Some(_) if found.is_some() => Some(opened.path.clone()),
            Some(view) => Some(PathBuf::from(&view.path)).filter(|p| !p.as_os_str().is_empty()),
            None => Some(opened.path.clone()),
        };
        self.leave_making(to);
        *self = RosterPane {
            source,
            job: opened.job,
            restoring: is_stored,
            continued: is_stored,
            resumed,
            profile_by: opened.profile_by,
            found,
            id,
            added,
            saving: self.saving,
            makings: self.makings,
            tables: self.tables.take(),
            ..RosterPane::default()
        };
        let job = match opened.stored {
            Some(stored) => StoreJob::Continue { batch: stored.batch },
            None => StoreJob::Create {
                path: self.source.clone().unwrap_or_default(),
                opened: Box::new(OpenedFile {
                    origin: opened.origin.clone(),
                    columns: opened.columns.clone(),
                    profile: opened.context.profile().id.clone(),
                    profile_by: opened.profile_by,
                    fingerprint: opened.fingerprint,
                    matched: opened.matched,
                    seen: opened.seen,
                }),
            },
        };
        self.store(job, to);
        self.grid = Grid::default();
        let columns = self.resumed.as_ref().map(|view| view.columns.clone()).unwrap_or_default();
        self.grid.arrange(&opened.context.sheet().fields, &columns);
        let mut batch = Batch::new(opened.origin, opened.columns, opened.first_line, opened.context);
        batch.set_parts(opened.parts);
        self.batch = Some(batch);
    }

    /// Takes note that a job has broken off; tells whether nothing of a new batch has come.
    pub(in crate::app) fn break_off(&mut self, job: JobId) -> bool {
        self.rechecking = false;
        let Some(batch) = self.batch.as_ref().filter(|_| job == self.job) else { return false };
        self.broke_off = true;
        batch.roster().is_empty() && !self.restoring && self.count_steps() == 0
    }

    pub(super) fn rows(
        &mut self,
        block: Arc<Block>,
        report: BlockReport,
        skipped: &[(u32, SkipReason)],
        to: &mut Context<'_>,
    ) {
        let Some(batch) = &mut self.batch else { return };
        let known = batch.skipped.len();
        batch.skip(skipped, block.skipped_texts());
        let new = batch.skipped_runs(known);
        batch.append(Arc::clone(&block), report);
        if !self.restoring {
            self.store(StoreJob::AddBlock { block, skipped: new }, to);
        }
        let Some(batch) = &self.batch else { return };
        let Grid { shown, marks, .. } = &mut self.grid;
        if let Some(shown) = shown {
            shown.extend(Chosen { batch, marks });
        }
        self.resume_place(false);
    }

    /// Takes the end of the reading.
    pub(in crate::app) fn finish(&mut self, end: ReadEnd) -> Option<Arrived> {
        let is_stored = std::mem::take(&mut self.restoring);
        let batch = self.batch.as_mut()?;
        batch.finish(|keys| keys.map(KeyIndex::build));
        batch.take_skipped(end.skipped);
        let (found, added) = (self.found.take(), self.added.take());
        let arrived = Arrived { rows: batch.roster().len(), skipped: batch.skipped.len(), is_stored, found, added };
        if is_stored {
            batch.restore(History::restored(end.steps, end.applied));
            self.resume_place(true);
        }
        Some(arrived)
    }

    /// Has a new batch marked as complete, and puts the steps of an import that was cut off in force.
    pub(in crate::app) fn complete(&mut self, rows: u32, to: &mut Context<'_>) {
        self.store(StoreJob::Complete { rows }, to);
        if let Some((steps, applied)) = self.recovered.take() {
            self.recover(steps, applied);
        }
    }

    /// Lets go of a batch that is still being read; rows under way belong to nothing from now on.
    pub(in crate::app) fn discard(&mut self, job: JobId, is_told: bool, to: &mut Context<'_>) {
        self.store(StoreJob::Discard { is_told }, to);
        self.job = job;
        (self.batch, self.progress, self.recovered, self.resumed) = (None, None, None, None);
        self.edit = None;
    }

    /// Counts the steps that the user has made, undone ones among them.
    pub(in crate::app) fn count_steps(&self) -> usize {
        let own = self.batch.as_ref().map_or(0, |b| b.history().applied().len() + b.history().undone_steps().len());
        own + self.recovered.as_ref().map_or(0, |(steps, _)| steps.len())
    }

    /// Puts the steps of an import that was cut off in force, below what was changed since.
    pub(super) fn recover(&mut self, mut steps: Vec<Arc<Change>>, applied: usize) {
        let Some(batch) = self.batch.as_mut().filter(|b| b.complete) else {
            self.recovered = Some((steps, applied));
            return;
        };
        let done = batch.history().applied().len();
        let since = [batch.history().applied(), batch.history().undone_steps()].concat();
        while batch.undo().is_some() {}
        // Recording a step dropped the undone ones below it, even if it was taken back since: the store holds it so.
        if !since.is_empty() {
            steps.truncate(applied);
        }
        let applied = applied + done;
        steps.extend(since);
        batch.restore(History::restored(steps, applied));
    }

    /// Puts the steps in force that another workbench has made of the batch on screen.
    pub(super) fn follow(&mut self, steps: Vec<Arc<Change>>, applied: usize, to: &mut Context<'_>) {
        self.leave_making(to);
        let Some(batch) = self.batch.as_mut().filter(|b| b.complete) else { return };
        while batch.undo().is_some() {}
        batch.restore(History::restored(steps, applied));
        if let (Some(shown), Some(batch)) = (&self.grid.shown, &self.batch) {
            self.grid.shown = self.grid.choose(shown.selection().clone(), batch);
        }
        if let Some(holder) = &self.held {
            to.say(to.locale.fill("status.followed", &[("holder", holder)]));
        }
    }

    /// Goes where the user was: to the row as soon as it is there, all the rest once every row is (`at_end`).
    pub(super) fn resume_place(&mut self, at_end: bool) {
        let (Some(view), Some(batch)) = (&self.resumed, &self.batch) else { return };
        if at_end || view.row < batch.roster().len() {
            // The user may have moved on already.
            if self.grid.at == 0 && self.grid.column == 0 {
                self.grid.at = self.grid.place_of(view.row);
                self.grid.column = view.column;
                (self.grid.left, self.grid.chosen) = (view.left, view.chosen);
                self.grid.top = self.grid.at.saturating_sub(view.above);
                self.grid.focus = match view.pane.as_str() {
                    "record" => Focus::Record,
                    "findings" => Focus::Findings,
                    _ => Focus::Grid,
                };
            }
            self.grid.search.clone_from(&view.search);
        }
        if !at_end {
            return;
        }
        let selection = view.selection();
        // Rows are filtered by marks, too.
        self.grid.marks = Marks::from_runs(&view.marked, batch.roster().len());
        self.grid.marked = self.grid.marks.runs();
        let edit = view.edit.as_ref().filter(|e| e.row < batch.roster().len()).and_then(|e| {
            let mut prompt = Prompt::new(e.text.as_str());
            prompt.set_caret(e.caret);
            Some(Edit { row: e.row, field: *Field::ALL.get(e.column)?, prompt, is_masked: true })
        });
        let row = self.row();
        let is_there = row == Some(view.row);
        let above = view.above;
        if !selection.is_empty() {
            self.grid.shown = self.grid.choose(selection, batch);
            self.grid.at = self.grid.place_of(row.unwrap_or(0));
        }
        if let Some(edit) = edit {
            self.go_to_cell(edit.row, edit.field);
            self.edit = Some(edit);
        }
        // Only now are there all the rows that stand above and below it.
        if is_there {
            self.grid.top = self.grid.at.saturating_sub(above);
        }
        self.resumed = None;
    }
}
