//! Files that are added to the batch on screen, and sheets that wait to be.

use std::path::PathBuf;

use super::{BackTo, Import, ImportStep};
use crate::app::context::Context;
use crate::app::msg::{Effect, JobId};
use crate::domain::roster::Part;
use crate::domain::sheet::GivenReading;
use crate::domain::text;
use crate::words::Locale;

/// What is to become parts of the batch on screen.
#[derive(Debug, Default)]
pub(super) struct Adding {
    /// How the batch is called that the file in hand is added to; nothing where a file is opened by itself.
    to: Option<String>,
    /// The file and the sheets of it that follow.
    queue: (PathBuf, Vec<String>),
    /// Whether the sheet in hand is one of several that were chosen together.
    goes_on: bool,
    /// Whether the reading of the one in hand is to be stopped.
    stops: bool,
    /// Which of them were not read, and why where that is known.
    left: Vec<(String, String)>,
    /// What else is to be told of them in the end.
    notes: Vec<String>,
    /// The first part of those that come one after the other.
    first: Option<usize>,
}

impl Adding {
    /// Drops what waits, which is told.
    pub fn drop_waiting(&mut self) {
        let waiting = std::mem::take(&mut self.queue.1);
        self.left.extend(waiting.into_iter().map(|sheet| (sheet, String::new())));
        self.first = None;
    }
}

impl Import {
    /// Tells how the batch is called that the file in hand is added to.
    pub fn adds_to(&self) -> Option<&str> {
        self.adding.to.as_deref()
    }

    /// Shows the file list for a file that is to be added to a batch.
    pub(in crate::app) fn add_to(&mut self, batch: String, to: &mut Context<'_>) {
        self.stop_adding();
        self.browse(to);
        self.adding.to = Some(batch);
    }

    /// Opens files by themselves again; what waits is dropped, and told as not read.
    pub(in crate::app) fn stop_adding(&mut self) {
        self.stop_queue();
        self.adding.to = None;
    }

    /// Gives the sheets up that were chosen together, the one in hand among them unless its rows have come.
    pub(super) fn stop_queue(&mut self) {
        if self.adding.goes_on && (self.opening || self.is_asked_of_sheet()) {
            self.leave_out(String::new());
            // What was told as not read must not come after all.
            if self.opening {
                self.outdate();
                self.opening = false;
                self.adding.stops = true;
            }
        }
        self.adding.drop_waiting();
        self.adding.goes_on = false;
    }

    /// Tells whether sheets that were chosen together are still being read.
    pub(in crate::app) fn reads_several(&self) -> bool {
        self.adding.goes_on
    }

    /// Tells whether the first of several sheets is in hand, which a batch is to begin with.
    pub(in crate::app) fn begins_several(&self) -> bool {
        self.adding.goes_on && self.adding.to.is_none()
    }

    /// Counts the sheets that wait.
    pub(in crate::app) fn waiting(&self) -> usize {
        self.adding.queue.1.len()
    }

    /// Has the chosen sheets of a file read into one batch: a new one, or that on screen where the file is added to it. The
    /// others follow the first one by one.
    pub(super) fn read_sheets(&mut self, path: PathBuf, sheets: Vec<String>, to: &mut Context<'_>) {
        self.stop_queue();
        self.adding.left.retain(|(left, _)| !sheets.contains(left));
        let goes_on = 1 < sheets.len();
        let mut sheets = sheets.into_iter();
        let Some(first) = sheets.next() else { return };
        self.adding.queue = (path.clone(), sheets.collect());
        self.adding.goes_on = goes_on;
        self.read(path, Some(first), None, to);
    }

    /// Has the next sheet that waits read, now that the batch is there that it is added to; where no batch could begin yet, it
    /// begins one.
    pub(in crate::app) fn read_next_sheet(&mut self, batch: Option<String>, to: &mut Context<'_>) -> bool {
        let (path, waiting) = &mut self.adding.queue;
        if waiting.is_empty() {
            self.adding.goes_on = false;
            return false;
        }
        let (path, sheet) = (path.clone(), waiting.remove(0));
        self.adding.to = batch;
        // The profile that was picked for the first holds for the others too, where the batch does not say it.
        if self.adding.to.is_some() {
            self.answered = None;
        }
        self.given = GivenReading::default();
        self.header_row = None;
        self.read(path, Some(sheet), None, to);
        true
    }

    /// Takes note that nothing is added any more, or only what waits.
    pub(super) fn end_adding(&mut self) {
        self.adding.to = None;
    }

    /// Tells whether a job was to read one of several sheets that were chosen together.
    pub(in crate::app) fn is_of_several(&self, job: JobId) -> bool {
        self.job == job && self.adding.goes_on
    }

    /// Takes note that the sheet in hand is not read.
    pub(in crate::app) fn leave_out(&mut self, why: String) {
        self.adding.left.extend(self.sheet.clone().map(|sheet| (sheet, why)));
    }

    /// Keeps the sheets that wait out of a batch, and says why in the end.
    pub(in crate::app) fn keep_out(&mut self) {
        self.adding.drop_waiting();
    }

    /// Tells whether the reading of a sheet is to be stopped that was given up.
    pub(in crate::app) fn take_stop(&mut self) -> bool {
        std::mem::take(&mut self.adding.stops)
    }

    /// Takes note of what is to be told of the sheets in the end.
    pub(in crate::app) fn note(&mut self, words: String) {
        if !self.adding.notes.contains(&words) {
            self.adding.notes.push(words);
        }
    }

    /// Tells whether something is asked of the sheet in hand: where its header stands, or what its columns are.
    fn is_asked_of_sheet(&self) -> bool {
        self.step == ImportStep::Header || self.is_matching
    }

    /// Leaves the sheet in hand out that something is asked of, and goes on with the next; nothing where it came alone.
    pub(super) fn skip_sheet(&mut self, to: &mut Context<'_>) -> Option<BackTo> {
        let adds = self.adding.to.is_some();
        if !self.adding.goes_on || !(self.is_asked_of_sheet() || adds && self.opening) {
            return None;
        }
        self.leave_out(String::new());
        self.outdate();
        (self.opening, self.is_matching, self.step) = (false, false, ImportStep::Sheets);
        to.push(Effect::StopReading);
        let batch = self.adding.to.clone();
        Some(match (self.read_next_sheet(batch, to), adds) {
            (false, false) => BackTo::Files,
            (true, false) => BackTo::Here,
            (goes_on, true) => {
                if !goes_on {
                    self.rest();
                }
                BackTo::Next
            }
        })
    }

    /// Says which of the sheets that were chosen together are not in the batch, once none waits any more.
    pub(in crate::app) fn told_of_several(&mut self, parts: &[Part], locale: &Locale) -> Option<String> {
        if self.adding.goes_on {
            return None;
        }
        let (left, notes) = (std::mem::take(&mut self.adding.left), std::mem::take(&mut self.adding.notes));
        // What was on its way when it was given up may have come.
        let is_there =
            |sheet: &str| parts.iter().any(|part| part.origin.sheet == sheet && part.is_of(&self.adding.queue.0));
        let left: Vec<String> = left
            .into_iter()
            .filter(|(sheet, _)| !is_there(sheet))
            .map(|(sheet, why)| {
                let places = [("sheet", &*text::visible(&sheet)), ("why", text::unstopped(&why))];
                locale.fill(if why.is_empty() { "status.sheet-left" } else { "status.sheet-left-why" }, &places)
            })
            .collect();
        let mut words = notes;
        if !left.is_empty() {
            let places = [("n", &*left.len().to_string()), ("sheets", &left.join(locale.text("finding.comma")))];
            words.insert(0, locale.fill("status.sheets-left", &places));
        }
        (!words.is_empty()).then(|| words.join(locale.text("finding.semicolon")))
    }

    /// Gives the first of the parts that have come one after the other, the latest of which is `last`.
    pub(in crate::app) fn first_added(&mut self, last: usize) -> usize {
        *self.adding.first.get_or_insert(last)
    }

    /// Takes note that what came was told; what follows a batch that `is_new` is told with its first sheet.
    pub(in crate::app) fn told_added(&mut self, is_new: bool) {
        if self.adding.queue.1.is_empty() {
            self.adding.first = None;
        } else if is_new {
            self.adding.first = Some(0);
        }
    }
}
