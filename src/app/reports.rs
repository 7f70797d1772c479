//! Reports from the outside: rows that arrive, what the store and the exporter say.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::grid::{Filter, Filtered, Grid};
use super::known::Knowing;
use super::layout::Focus;
use super::msg::{Effect, Msg, Opened, ReadEnd, StoreJob};
use super::prompt::Prompt;
use super::view::View;
use super::{App, Confirm, Edit, Overlay, Screen, Status, export::ExportPane, import};
use crate::domain::batch::Batch;
use crate::domain::ledger::audit::Head;
use crate::domain::roster::{Block, Change, History, KeyIndex};
use crate::domain::rules::BlockReport;
use crate::domain::sheet::{Field, SkipReason};
use crate::failure::Failure;

impl App {
    /// Takes a report; one of a job that is neither the latest nor that of the batch on screen is dropped.
    pub(super) fn report(&mut self, msg: Msg) {
        match msg {
            Msg::Opened(opened) if opened.job == self.job => self.opened(*opened),
            Msg::Rows { job, block, report, skipped } if job == self.batch_job => self.rows(block, report, &skipped),
            Msg::Rows { job, block, .. } if job == self.job && self.matching => self.sample(block),
            Msg::Recovered { steps, applied } => self.recover(steps, applied),
            Msg::Reading { job, progress } if job == self.batch_job => self.progress = Some(progress),
            Msg::ReadDone(end) if end.job == self.batch_job => self.read_done(end),
            Msg::ReadFailed { job, failure } if job == self.job || job == self.batch_job => {
                self.import.opening &= job != self.job;
                self.broke_off |= job == self.batch_job && self.batch.is_some();
                self.fail(&failure);
            }
            Msg::Trouble(words) => {
                self.complain(words.clone());
                self.trouble = Some(words);
            }
            Msg::NothingStored => {
                self.import.opening = false;
                // Whoever has work to go on with is not led away from it.
                if self.is_new {
                    self.start_tour();
                }
            }
            Msg::Saved(seq) => self.saving.saved = self.saving.saved.max(seq),
            Msg::StoreFailed { seq, failure } => {
                self.saving.fail(seq, self.continued);
                self.allocating.take_if(|allocating| allocating.is(seq));
                self.fail(&failure);
            }
            Msg::Held { switched, holder } if switched == self.saving.switched => self.take_holder(holder),
            Msg::Followed { switched, steps, applied } if switched == self.saving.switched => {
                self.follow(steps, applied);
            }
            Msg::Exported { path, rows, left_out, audit, noted } => {
                self.exported(&path, (rows, left_out), audit.as_ref(), noted);
            }
            Msg::Exporting(progress) => self.export.progress = Some(progress),
            Msg::ExportExists => {
                self.export.end();
                self.ask_to_replace();
            }
            Msg::ExportStopped => {
                self.export.end();
                self.say(self.locale.text("status.export-stopped").to_string());
            }
            Msg::ExportFailed(failure) => {
                self.export.end();
                self.fail(&failure);
            }
            Msg::LedgerKnown { job, is_all, known } if job == self.batch_job => self.learn(known, is_all),
            Msg::LedgerChanged => self.ask_known(),
            Msg::LookupReady(index) => self.lookup = Some(index),
            Msg::Ledger { seq, answer } => self.ledger_answered(seq, answer),
            Msg::StoreChanged => self.store_changed(),
            Msg::RegistryChanged(tables) => {
                self.tables = Some(tables);
                self.check_with_tables();
            }
            Msg::Allocated { seq, entry } => self.allocated(seq, entry),
            Msg::NotAllocated { seq, moved, failure } => self.not_allocated(seq, moved, &failure),
            Msg::Told(words) => self.say(words),
            Msg::BackedUp(done) => {
                self.backing_up = false;
                match done {
                    Ok(words) => self.say(words),
                    Err(failure) => self.fail(&failure),
                }
            }
            Msg::NotCopied => self.keep_copy(),
            Msg::CopyKept(Ok(path)) => {
                let text = self.locale.fill("copy.kept", &[("path", &path.to_string_lossy())]);
                self.say(text);
            }
            Msg::CopyKept(Err(failure)) => self.fail(&failure),
            other => self.import_report(other),
        }
    }

    /// Tells of a written file: where, how many rows it holds and how many were left out, and what the ledger made of it.
    fn exported(
        &mut self,
        path: &Path,
        (rows, left_out): (usize, u32),
        audit: Option<&Head>,
        noted: Result<u64, Failure>,
    ) {
        self.export.end();
        let (path, rows, left) = (path.to_string_lossy(), rows.to_string(), left_out.to_string());
        let key = if left_out == 0 { "status.exported" } else { "status.exported-part" };
        let mut text = self.locale.fill(key, &[("path", &path), ("n", &rows), ("left", &left)]);
        if let Some(head) = audit {
            let head = self.locale.audit_head(head);
            text = self.locale.fill("status.exported-audit", &[("text", &text), ("head", &head)]);
        }
        match noted {
            Ok(marked) => {
                if marked != 0 {
                    self.ask_known();
                    text += &self.locale.fill("status.export-noted", &[("n", &marked.to_string())]);
                }
                self.say(text);
            }
            Err(failure) => {
                let why = self.told_failure(&failure);
                self.complain(self.locale.fill("status.export-not-noted", &[("path", &path), ("why", &why)]));
            }
        }
        if self.screen == Screen::Export {
            self.screen = Screen::Roster;
        }
        self.ledger.renew();
    }

    /// Has the state folder backed up, one backup at a time.
    pub(super) fn back_up(&mut self) {
        if !std::mem::replace(&mut self.backing_up, true) {
            self.out.push(Effect::BackUp);
        }
        self.say(self.locale.text("status.backing-up").to_string());
    }

    fn opened(&mut self, opened: Opened) {
        let is_stored = opened.stored.is_some();
        let missing = !import::missing(opened.context.sheet(), &opened.columns).is_empty();
        if missing && !self.confirmed && !is_stored {
            return self.ask_for_columns(opened);
        }
        let n = opened.columns.matched_count().to_string();
        let all = opened.context.sheet().columns.len().to_string();
        let aside = opened.columns.source.iter().filter(|c| c.field.is_none()).count().to_string();
        self.status = Status {
            text: self.told("status.matched", &[("n", &n), ("all", &all), ("aside", &aside)]),
            is_bad: missing,
        };
        self.matching = false;
        self.batch_job = opened.job;
        (self.progress, self.broke_off) = (None, false);
        // A question about the roster before is none about this one.
        self.overlay.take_if(|overlay| matches!(overlay, Overlay::Confirm { then: Confirm::Discard, .. }));
        (self.restoring, self.continued) = (is_stored, is_stored);
        self.resumed = opened.stored.as_ref().map(|s| View::from_json(&s.view));
        self.source = match &self.resumed {
            Some(view) => Some(PathBuf::from(&view.path)).filter(|p| !p.as_os_str().is_empty()),
            None => Some(opened.path.clone()),
        };
        self.stored_view = View::default();
        self.held = None;
        self.recovered = None;
        self.grid = Grid::default();
        // A file that is being written goes on.
        let (busy, progress) = (self.export.busy, self.export.progress);
        self.export = ExportPane { busy, progress, ..ExportPane::default() };
        (self.edit, self.ask) = (None, None);
        self.allocating = None;
        self.knowing = Knowing::default();
        self.store(match opened.stored {
            Some(stored) => StoreJob::Continue { batch: stored.batch },
            None => StoreJob::Create {
                origin: opened.origin.clone(),
                path: self.source.clone().unwrap_or_default(),
                columns: opened.columns.clone(),
                profile: opened.context.profile().id.clone(),
            },
        });
        self.grid.fields.clone_from(&opened.context.sheet().fields);
        self.batch = Some(Batch::new(opened.origin, opened.columns, opened.first_line, opened.context));
        self.show_roster();
    }

    /// Takes the first rows of a file whose columns are to be matched; more are not needed.
    fn sample(&mut self, block: Arc<Block>) {
        if self.import.sample.is_none() {
            self.import.sample = Some(block);
            self.out.push(Effect::StopReading);
        }
    }

    fn rows(&mut self, block: Arc<Block>, report: BlockReport, skipped: &[(u32, SkipReason)]) {
        let Some(batch) = &mut self.batch else { return };
        let known = batch.skipped.len();
        batch.skip(skipped);
        let new = batch.skipped[known..].to_vec();
        batch.append(Arc::clone(&block), report);
        if !self.restoring {
            self.store(StoreJob::AddBlock { block, skipped: new });
        }
        let Some(batch) = &self.batch else { return };
        if let Some(filtered) = &mut self.grid.filter {
            filtered.extend(batch);
        }
        self.resume_place(false);
    }

    fn read_done(&mut self, end: ReadEnd) {
        let stored = std::mem::take(&mut self.restoring);
        let Some(batch) = &mut self.batch else { return };
        batch.finish(|keys| keys.map(KeyIndex::build));
        batch.skipped.extend(&end.skipped);
        let total = batch.roster().len();
        let rows = total.to_string();
        let skipped = batch.skipped.len().to_string();
        if stored {
            batch.restore(History::restored(end.steps, end.applied));
            self.resume_place(true);
            if self.screen != Screen::Import {
                self.say(self.locale.fill("status.resumed", &[("n", &rows)]));
            }
        } else {
            // In the import pane the status is about another file.
            if self.screen != Screen::Import {
                let before = std::mem::take(&mut self.status);
                let text = self.locale.fill("status.read", &[("n", &rows), ("skipped", &skipped)]);
                let text = if self.is_new && !before.is_bad {
                    self.has_met();
                    self.told("status.first-time", &[("text", &text)])
                } else {
                    format!("{text}{}", before.text)
                };
                self.status = Status { text, ..before };
            }
            self.store(StoreJob::Complete { rows: total });
            if let Some((steps, applied)) = self.recovered.take() {
                self.recover(steps, applied);
            }
        }
        if !self.status.is_bad && std::mem::take(&mut self.mouse_is_news) {
            let places = [("text", self.status.text.trim_end_matches(['；', ';', ' ']))];
            let text = self.locale.fill("status.mouse-was-on", &places);
            self.say(text);
        }
        self.check_with_tables();
        self.ask_known();
        if let Some(words) = self.trouble.take() {
            self.complain(words);
        }
    }

    /// Puts the steps of an import that was cut off in force, below what was changed since.
    fn recover(&mut self, mut steps: Vec<Arc<Change>>, applied: usize) {
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

    /// Goes where the user was: to the row as soon as it is there, all the rest once every row is (`at_end`).
    fn resume_place(&mut self, at_end: bool) {
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
        let filter = view.filter.as_ref().and_then(Filter::restored);
        let edit = view.edit.as_ref().filter(|e| e.row < batch.roster().len()).and_then(|e| {
            let mut prompt = Prompt::new(e.text.as_str());
            prompt.set_caret(e.caret);
            Some(Edit { row: e.row, field: *Field::ALL.get(e.column)?, prompt, is_masked: true })
        });
        let row = self.row();
        let is_there = row == Some(view.row);
        let above = view.above;
        if let Some(filter) = filter {
            self.grid.filter = Some(Filtered::new(filter, batch)).filter(|f| !f.rows.is_empty());
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
