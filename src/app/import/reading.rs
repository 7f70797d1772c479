//! Orders to read a file, as far as somebody has said how.

use std::path::PathBuf;

use super::Import;
use crate::app::context::Context;
use crate::app::msg::{Effect, JobId, ReadJob};
use crate::domain::sheet::{ColumnMap, GivenReading};

impl Import {
    /// Has a file read of which nothing is said yet.
    pub(in crate::app) fn open(&mut self, path: PathBuf, sheet: Option<String>, to: &mut Context<'_>) {
        self.stop_queue();
        self.carries = None;
        self.answered = None;
        self.given = GivenReading::default();
        self.header_row = None;
        self.read(path, sheet, None, to);
    }

    /// Has a file read; of earlier jobs only that of the batch on screen still counts.
    pub(super) fn read(
        &mut self,
        path: PathBuf,
        sheet: Option<String>,
        columns: Option<ColumnMap>,
        to: &mut Context<'_>,
    ) {
        // What a batch was read from is known, and meant.
        let anew = self.rereads();
        self.read_as((path, sheet), columns, anew, to);
    }

    /// The same; `anew` also where the path held something else that was worked on.
    pub(super) fn read_as(
        &mut self,
        (path, sheet): (PathBuf, Option<String>),
        columns: Option<ColumnMap>,
        anew: bool,
        to: &mut Context<'_>,
    ) {
        let job = self.outdate();
        if self.path.as_ref() != Some(&path) {
            self.answered = None;
        }
        (self.returns, self.before) = (false, None);
        self.leave_sheets();
        self.path = Some(path.clone());
        self.sheet.clone_from(&sheet);
        self.opening = true;
        self.is_confirmed = columns.is_some();
        self.is_matching = false;
        self.sample = None;
        let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        to.say(to.locale.fill("status.opening", &[("file", &name)]));
        let is_unremembered = columns.as_ref().is_some_and(|columns| self.is_forgotten(columns));
        self.forgotten = None;
        to.push(Effect::Read(ReadJob { sheet, columns, is_unremembered, anew, ..self.order(job, path) }));
    }

    /// Makes the order to read a file under the profile and in the way that were said; nothing else is said of it.
    pub(super) fn order(&self, job: JobId, path: PathBuf) -> ReadJob {
        ReadJob {
            job,
            path,
            sheet: None,
            columns: None,
            is_unremembered: false,
            anew: false,
            profile: self.answered.clone().or_else(|| self.profile.clone()),
            is_answered: self.answered.is_some(),
            given: self.given.clone(),
            points_at_header: false,
            lists_sheets: false,
            adds: self.adds_to().is_some(),
        }
    }
}
