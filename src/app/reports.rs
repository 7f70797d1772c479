//! Reports from the outside: to which pane each goes, and what of it concerns more than one.

use super::context::context;
use super::ledger::Outcome;
use super::ledger::request::{LedgerAnswer, RequestKind};
use super::msg::{Effect, Msg, Opened, ReadEnd};
use super::overlay::{Confirm, Overlay};
use super::{App, Screen, StatusLine, import};

impl App {
    /// Takes a report; one of a job that is neither the latest nor that of the batch on screen is dropped.
    pub(super) fn report(&mut self, msg: Msg) {
        match msg {
            Msg::Opened(opened) if self.import.is_latest(opened.job) => self.opened(*opened),
            Msg::Rows { job, block, report, skipped } if self.roster.is_read_by(job) => {
                self.roster.rows(block, report, &skipped, context!(self));
            }
            Msg::Rows { job, block, .. } if self.import.is_sampling(job) => {
                self.import.take_sample(block, context!(self));
            }
            Msg::Recovered { steps, applied } => self.roster.recover(steps, applied),
            Msg::Reading { job, progress } if self.roster.is_read_by(job) => self.roster.take_progress(progress),
            Msg::ReadDone(end) if self.roster.is_read_by(end.job) => self.read_done(end),
            Msg::ReadFailed { job, failure } if self.import.is_latest(job) || self.roster.is_read_by(job) => {
                self.import.fail(job);
                self.roster.break_off(job);
                self.fail(&failure);
            }
            Msg::Trouble(words) => {
                self.complain(words.clone());
                self.trouble = Some(words);
            }
            Msg::NothingStored => {
                self.import.end_opening();
                // Whoever has work to go on with is not led away from it.
                if self.is_new {
                    self.start_tour();
                }
            }
            Msg::Saved(seq) => self.roster.saved(seq),
            Msg::StoreFailed { seq, failure } => {
                self.roster.store_failed(seq);
                self.fail(&failure);
            }
            Msg::Held { switched, holder } if self.roster.was_switched_by(switched) => {
                self.roster.take_holder(holder, context!(self));
            }
            Msg::Followed { switched, steps, applied } if self.roster.was_switched_by(switched) => {
                self.roster.follow(steps, applied, context!(self));
            }
            Msg::Exported { path, rows, left_out, audit, noted } => {
                self.exported(&path, (rows, left_out), audit.as_ref(), noted);
            }
            Msg::Exporting(progress) => self.export.take_progress(progress),
            Msg::ExportExists => self.ask_to_replace(),
            Msg::ExportStopped => self.export_stopped(None),
            Msg::ExportFailed(failure) => self.export_stopped(Some(&failure)),
            Msg::Compared { job, is_all, known } if self.roster.is_read_by(job) => {
                self.roster.take_comparison(known, is_all, context!(self));
            }
            Msg::LedgerChanged => self.roster.compare(context!(self)),
            Msg::LookupReady(index) => self.lookup = Some(index),
            Msg::Ledger { seq, answer } => self.ledger_answered(seq, answer),
            Msg::StoreChanged => self.ledger.renew(),
            Msg::RegistryChanged(tables) => self.roster.take_tables(tables),
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

    fn opened(&mut self, opened: Opened) {
        let is_stored = opened.stored.is_some();
        let missing = !import::missing(opened.context.sheet(), &opened.columns).is_empty();
        if missing && !self.import.is_confirmed() && !is_stored {
            return self.ask_for_columns(opened);
        }
        let n = opened.columns.matched_count().to_string();
        let all = opened.context.sheet().columns.len().to_string();
        let aside = opened.columns.source.iter().filter(|c| c.field.is_none()).count().to_string();
        self.status = StatusLine {
            text: self.told("status.matched", &[("n", &n), ("all", &all), ("aside", &aside)]),
            is_bad: missing,
        };
        // A question about the roster before is none about this one.
        self.overlay.take_if(|overlay| matches!(overlay, Overlay::Confirm { then: Confirm::Discard, .. }));
        self.question = None;
        self.export.renew();
        self.roster.begin(opened, context!(self));
        self.show(Screen::Roster);
        self.import.rest();
    }

    fn read_done(&mut self, end: ReadEnd) {
        let Some(arrived) = self.roster.finish(end) else { return };
        let (rows, skipped) = (arrived.rows.to_string(), arrived.skipped.to_string());
        // In the import pane the status is about another file.
        let is_on_screen = self.screen != Screen::Import;
        if arrived.is_stored {
            if is_on_screen {
                self.say(self.locale.fill("status.resumed", &[("n", &rows)]));
            }
        } else {
            if is_on_screen {
                let before = std::mem::take(&mut self.status);
                let text = self.locale.fill("status.read", &[("n", &rows), ("skipped", &skipped)]);
                let text = if self.is_new && !before.is_bad {
                    self.has_met();
                    self.told("status.first-time", &[("text", &text)])
                } else {
                    format!("{text}{}", before.text)
                };
                self.status = StatusLine { text, ..before };
            }
            self.roster.complete(arrived.rows, context!(self));
        }
        if !self.status.is_bad && std::mem::take(&mut self.mouse_is_news) {
            let places = [("text", self.status.text.trim_end_matches(['；', ';', ' ']))];
            let text = self.locale.fill("status.mouse-was-on", &places);
            self.say(text);
        }
        self.roster.check_with_tables();
        self.roster.compare(context!(self));
        if let Some(words) = self.trouble.take() {
            self.complain(words);
        }
    }

    fn ledger_answered(&mut self, seq: u64, answer: LedgerAnswer) {
        match self.ledger.answered(seq, answer, context!(self)) {
            Outcome::ForOverlay(LedgerAnswer::Decoded(code, held)) => self.decoded(code, held),
            Outcome::ForOverlay(LedgerAnswer::Planned(plan, barred)) => self.planned(*plan, barred.as_ref()),
            Outcome::Taken | Outcome::ForOverlay(_) => {}
            Outcome::Done(entry) => {
                self.roster.compare(context!(self));
                self.plan_again();
                self.say(self.locale.fill("status.ledger-done", &[("entry", &entry.to_string())]));
            }
            Outcome::Failed(kind, failure) => {
                if kind == RequestKind::Plan {
                    self.overlay.take_if(|overlay| matches!(overlay, Overlay::Plan(_)));
                }
                if kind == RequestKind::Do {
                    self.ask_again();
                }
                self.fail(&failure);
            }
        }
    }

    /// Has the state folder backed up, one backup at a time.
    pub(super) fn back_up(&mut self) {
        if !std::mem::replace(&mut self.backing_up, true) {
            self.out.push(Effect::BackUp);
        }
        self.say(self.locale.text("status.backing-up").to_string());
    }
}
