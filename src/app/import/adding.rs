//! Files that are added to the batch on screen, and sheets that wait to be.

use std::path::PathBuf;

use super::Import;
use crate::app::context::Context;
use crate::app::msg::JobId;

/// What is to become parts of the batch on screen.
#[derive(Debug, Default)]
pub(super) struct Adding {
    /// How the batch is called that the file in hand is added to; nothing where a file is opened by itself.
    to: Option<String>,
    /// The file and the sheets of it that follow.
    queue: (PathBuf, Vec<String>),
    /// The first part of those that come one after the other.
    first: Option<usize>,
}

impl Adding {
    /// Drops what waits.
    pub fn drop_waiting(&mut self) {
        self.queue.1.clear();
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
        self.browse(to);
        self.adding = Adding { to: Some(batch), ..Adding::default() };
    }

    /// Opens files by themselves again; what waits is dropped.
    pub(in crate::app) fn stop_adding(&mut self) {
        self.adding = Adding::default();
    }

    /// Has the chosen sheets of a file read into one batch: a new one, or that on screen where the file is added to it. The
    /// others follow the first one by one.
    pub(super) fn read_sheets(&mut self, path: PathBuf, sheets: Vec<String>, to: &mut Context<'_>) {
        let mut sheets = sheets.into_iter();
        let Some(first) = sheets.next() else { return };
        self.adding.queue = (path.clone(), sheets.collect());
        self.read(path, Some(first), None, to);
    }

    /// Has the next sheet that waits read, now that the batch is there that it is added to.
    pub(in crate::app) fn read_next_sheet(&mut self, batch: String, to: &mut Context<'_>) -> bool {
        let (path, waiting) = &mut self.adding.queue;
        if waiting.is_empty() {
            return false;
        }
        let (path, sheet) = (path.clone(), waiting.remove(0));
        self.adding.to = Some(batch);
        self.answered = None;
        self.given = crate::domain::sheet::GivenReading::default();
        self.read(path, Some(sheet), None, to);
        true
    }

    /// Takes note that nothing is added any more, or only what waits.
    pub(super) fn end_adding(&mut self) {
        self.adding.to = None;
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

    /// Tells whether a failed job was to add a sheet after which others wait.
    pub(in crate::app) fn is_followed(&self, job: JobId) -> bool {
        self.job == job && self.adding.to.is_some() && !self.adding.queue.1.is_empty()
    }
}
