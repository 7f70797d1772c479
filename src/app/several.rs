//! Several sheets of a workbook that become one batch (几张工作表): one is read after the other, and what is not is told.

use super::context::{context, told_failure};
use super::msg::{Effect, JobId, RosterHead, Stored};
use super::{App, Screen};
use crate::domain::text;
use crate::failure::Failure;

impl App {
    /// Has the next sheet read that was chosen for the batch on screen.
    pub(super) fn add_next_sheet(&mut self) {
        let before = self.status.clone();
        let to = context!(self);
        let is_read = match self.roster.to_be_added_to(to.locale) {
            Ok(batch) => self.import.read_next_sheet(Some(batch), to),
            Err(_) => {
                self.import.stop_adding();
                false
            }
        };
        if is_read {
            // Nobody changes the batch until it is there again.
            self.roster.recheck();
            self.status = if before.is_bad { before } else { std::mem::take(&mut self.status) };
        }
    }

    /// Goes on behind a sheet that could not be read; the first that can be begins the batch.
    pub(super) fn sheet_failed(&mut self, job: JobId, failure: &Failure) {
        self.import.leave_out(told_failure(&self.locale, failure));
        let has_begun = self.import.adds_to().is_some();
        if has_begun || self.roster.is_read_by(job) {
            self.add_next_sheet();
            // Nothing is asked of a sheet that is done with.
            if has_begun {
                self.show(Screen::Roster);
            }
            if !self.import.reads_several() {
                self.import.rest();
            }
        } else {
            let before = self.status.clone();
            self.import.read_next_sheet(None, context!(self));
            self.status = before;
        }
    }

    /// Looks what the batch is with which several sheets begin. The first of them may be a batch that is known: to somebody's
    /// work nothing is joined that nobody has asked to be there.
    pub(super) fn begin_several(&mut self, opened: &RosterHead) {
        let Some(Stored { batch, found: Some(work), .. }) = &opened.stored else { return };
        let sheet = text::visible(&opened.origin.sheet);
        let places = [("sheet", &*sheet), ("batch", &*batch.to_string())];
        let is_worked = work.edits != 0 || work.numbers != 0 || !opened.parts.is_empty();
        if is_worked {
            self.import.keep_out();
        }
        let key = if is_worked { "status.several-known" } else { "status.several-joined" };
        let words = self.told(key, &places);
        self.import.note(words);
    }

    /// Says which sheets of those that were chosen together were not read, behind what is said already.
    pub(super) fn tell_of_several(&mut self) {
        if self.import.take_stop() {
            // Before whatever is read in its place.
            self.out.insert(0, Effect::StopReading);
        }
        let parts = self.roster.batch().map_or(&[][..], |batch| batch.roster().parts());
        let Some(words) = self.import.told_of_several(parts, self.roster.id(), &self.locale) else { return };
        let before = text::unstopped(&self.status.text);
        let text = match before {
            "" => words,
            _ if words.contains(before) => words,
            before => format!("{before}{}{words}", self.locale.text("finding.semicolon")),
        };
        context!(self).complain(text);
    }
}
