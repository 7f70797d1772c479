//! Files that are added to the batch on screen, and files and sheets that wait to be.

use std::collections::VecDeque;
use std::path::{Path, PathBuf};

use super::{BackTo, Import, ImportStep};
use crate::app::context::Context;
use crate::app::intent::Intent;
use crate::app::msg::{Effect, JobId};
use crate::domain::batch::Batch;
use crate::domain::ledger::BatchId;
use crate::domain::roster::{Origin, Part};
use crate::domain::sheet::Field;
use crate::domain::sheet::{ColumnMap, GivenReading};
use crate::domain::text;
use crate::words::Locale;

/// A file, or a sheet of one, that is to be read.
#[derive(Debug, Clone, Default)]
pub(super) struct ToRead {
    pub path: PathBuf,
    pub sheet: Option<String>,
    pub given: GivenReading,
    /// Its columns, where they are settled.
    pub columns: Option<ColumnMap>,
}

impl ToRead {
    /// Lists what a batch was read from, each as it was read; `source` is where its first file lies now.
    pub fn of_batch(batch: &Batch, source: &Path) -> Vec<ToRead> {
        let one = |path: &Path, origin: &Origin, columns: &ColumnMap| ToRead {
            path: path.to_path_buf(),
            sheet: Some(origin.sheet.clone()).filter(|sheet| !sheet.is_empty()),
            given: origin.as_given(),
            columns: Some(columns.clone()),
        };
        let parts = batch.roster().parts();
        let Some(first) = parts.first() else { return vec![one(source, &batch.origin, &batch.roster().columns)] };
        let path = |part: &Part| if part.is_of_file(first) { source.to_path_buf() } else { part.path.clone() };
        parts.iter().map(|part| one(&path(part), &part.origin, &part.columns)).collect()
    }

    fn is_same(&self, other: &ToRead) -> bool {
        self.path == other.path && self.sheet == other.sheet
    }

    fn is_part(&self, part: &Part) -> bool {
        self.sheet.as_deref().unwrap_or_default() == part.origin.sheet && part.is_of(&self.path)
    }
}

/// What is to become parts of the batch on screen.
#[derive(Debug, Default)]
pub(super) struct Adding {
    /// How the batch is called that the file in hand is added to; nothing where a file is opened by itself.
    to: Option<String>,
    /// The file that it is asked about.
    asked: Option<PathBuf>,
    /// What follows the one in hand.
    queue: VecDeque<ToRead>,
    /// Whether the one in hand is one of several that were chosen together.
    goes_on: bool,
    /// Whether the reading of the one in hand is to be stopped.
    stops: bool,
    /// Which of them were not read, and why where that is known.
    left: Vec<(ToRead, String)>,
    /// What else is to be told of them in the end.
    notes: Vec<String>,
    /// The first part of those that come one after the other.
    first: Option<usize>,
    /// What the batch on screen was read from, and the part that is looked at, to be read otherwise.
    again: Option<(Vec<ToRead>, usize)>,
    /// The batch that is read again as another one, where its files are several.
    before: Option<BatchId>,
    /// The file in hand as it was said that it is read, until that is begun.
    otherwise: Option<ToRead>,
    /// What is to be told of the batch that stays as it is, once its file is read as another one.
    stays: Option<String>,
}

impl Adding {
    /// Drops what waits, which is told.
    pub fn drop_waiting(&mut self) {
        let waiting = std::mem::take(&mut self.queue);
        self.left.extend(waiting.into_iter().map(|waits| (waits, String::new())));
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

    /// Takes note of the file that is to be added once the user has said yes; gives the question.
    pub(in crate::app) fn ask_to_add(&mut self, path: PathBuf, locale: &Locale) -> String {
        let file = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let batch = self.adding.to.clone().unwrap_or_default();
        self.adding.asked = Some(path);
        locale.fill("ui.confirm.add-file", &[("file", &locale.file_name(&file)), ("batch", &batch)])
    }

    /// Has the file read that was asked about.
    pub(in crate::app) fn add_asked(&mut self, to: &mut Context<'_>) {
        if let Some(path) = self.adding.asked.take() {
            self.open(path, None, to);
        }
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
        (self.adding.goes_on, self.adding.again, self.adding.stays) = (false, None, None);
    }

    /// Tells whether sheets that were chosen together are still being read.
    pub(in crate::app) fn reads_several(&self) -> bool {
        self.adding.goes_on
    }

    /// Tells whether the first of several sheets is in hand, which a batch is to begin with.
    pub(in crate::app) fn begins_several(&self) -> bool {
        self.adding.goes_on && self.adding.to.is_none()
    }

    /// Tells whether what the batch on screen was read from is read again as another batch.
    pub(super) fn rereads(&self) -> bool {
        self.adding.goes_on && self.adding.before.is_some()
    }

    /// Counts the sheets that wait.
    pub(in crate::app) fn waiting(&self) -> usize {
        self.adding.queue.len()
    }

    /// Has the chosen sheets of a file read into one batch: a new one, or that on screen where the file is added to it.
    pub(super) fn read_sheets(&mut self, path: &Path, sheets: Vec<String>, to: &mut Context<'_>) {
        let of = |sheet: String| ToRead { path: path.to_path_buf(), sheet: Some(sheet), ..ToRead::default() };
        self.adding.before = None;
        self.read_all(sheets.into_iter().map(of).collect(), to);
    }

    /// Has what a batch was read from read again as another batch.
    pub(super) fn read_again(&mut self, all: Vec<ToRead>, batch: Option<BatchId>, to: &mut Context<'_>) {
        self.adding.before = batch.filter(|_| 1 < all.len());
        self.read_all(all.into(), to);
    }

    /// Has one read; the others follow it one by one.
    fn read_all(&mut self, mut all: VecDeque<ToRead>, to: &mut Context<'_>) {
        self.stop_queue();
        self.adding.left.retain(|(left, _)| !all.iter().any(|one| one.is_same(left)));
        // What is known to stay out is told in the end as well.
        let goes_on = 1 < all.len() || !self.adding.left.is_empty();
        let Some(first) = all.pop_front() else { return };
        (self.adding.queue, self.adding.goes_on) = (all, goes_on);
        self.given = first.given;
        self.read(first.path, first.sheet, first.columns, to);
    }

    /// Takes note of what the batch on screen was read from, where that is several files: the part that is looked at may be read
    /// otherwise.
    pub(super) fn look_at_part(&mut self, all: Vec<ToRead>, part: usize, batch: Option<BatchId>) {
        self.adding.again = (1 < all.len()).then_some((all, part));
        self.adding.before = batch;
    }

    /// Gives the columns of the part that is looked at, as they are in the batch on screen.
    pub(super) fn columns_of_part(&self) -> Option<&ColumnMap> {
        let (all, part) = self.adding.again.as_ref()?;
        all.get(*part)?.columns.as_ref()
    }

    /// Takes note how the file in hand is to be read; whoever has the batch on screen asks before it is.
    pub(super) fn read_otherwise(&mut self, one: ToRead) -> Intent {
        self.adding.otherwise = Some(one);
        Intent::ReadOtherwise
    }

    /// Lists the required fields that are missing where the file is to be read by a matching.
    pub(in crate::app) fn missing_otherwise(&self) -> Vec<Field> {
        let columns = self.adding.otherwise.as_ref().and_then(|one| one.columns.as_ref());
        self.form.as_ref().zip(columns).map(|(form, columns)| form.missing(columns)).unwrap_or_default()
    }

    /// Tells whether what is to be read otherwise is in a batch; one whose columns are being asked for was begun with already.
    pub(in crate::app) fn is_otherwise_of(&self, batch: &Batch, source: &Path) -> bool {
        let one = self.adding.otherwise.as_ref().filter(|_| !self.is_matching);
        one.is_some_and(|one| ToRead::of_batch(batch, source).iter().any(|own| own.is_same(one)))
    }

    /// Has the file in hand read in the way that was said; where it is one of several of the batch on screen, all of them anew.
    pub(in crate::app) fn read_as_said(&mut self, to: &mut Context<'_>) {
        let Some(one) = self.adding.otherwise.take() else { return };
        let before = self.before_reading();
        (self.sheet, self.given) = (one.sheet.clone(), one.given.clone());
        match self.adding.again.take() {
            Some((mut all, part)) if all.get(part).is_some_and(|before| before.is_same(&one)) => {
                all[part] = one;
                let batch = self.adding.before;
                self.read_again(all, batch, to);
            }
            _ => {
                self.read(one.path, one.sheet, one.columns, to);
                self.before = before;
            }
        }
    }

    /// Takes note of what is to be told of the batch whose file is being read as another one.
    pub(in crate::app) fn note_staying(&mut self, words: String) {
        self.adding.stays = Some(words);
    }

    /// Gives what is told of the batch that stays, once its file was read; of several it stands with what is told in the end.
    pub(in crate::app) fn take_staying(&mut self) -> Option<String> {
        let words = self.adding.stays.take()?;
        if self.reads_several() {
            self.note(words);
            return None;
        }
        Some(words)
    }

    /// Has the next one read that waits, now that the batch is there that it is added to; where no batch could begin yet, it
    /// begins one.
    pub(in crate::app) fn read_next_sheet(&mut self, batch: Option<String>, to: &mut Context<'_>) -> bool {
        let Some(next) = self.adding.queue.pop_front() else {
            self.adding.goes_on = false;
            return false;
        };
        self.adding.to = batch;
        // The profile that was picked for the first holds for the others too, where the batch does not say it.
        if self.adding.to.is_some() {
            self.answered = None;
        }
        self.given = next.given;
        self.header_row = None;
        self.read(next.path, next.sheet, next.columns, to);
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
        let in_hand = |path| ToRead { path, sheet: self.sheet.clone(), ..ToRead::default() };
        self.adding.left.extend(self.path.clone().map(|path| (in_hand(path), why)));
    }

    /// Takes note that sheets of the file in hand are not read.
    pub(super) fn leave_sheets_out(&mut self, sheets: Vec<String>, why: &str) {
        let Some(path) = self.path.clone() else { return };
        let of = |sheet| ToRead { path: path.clone(), sheet: Some(sheet), ..ToRead::default() };
        self.adding.left.extend(sheets.into_iter().map(|sheet| (of(sheet), why.to_string())));
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
    pub(in crate::app) fn told_of_several(
        &mut self,
        parts: &[Part],
        on_screen: Option<BatchId>,
        locale: &Locale,
    ) -> Option<String> {
        if self.adding.goes_on {
            return None;
        }
        let (left, notes) = (std::mem::take(&mut self.adding.left), std::mem::take(&mut self.adding.notes));
        // What was on its way when it was given up may have come; the batch that was read again has them all.
        let is_before = self.adding.before.is_some() && self.adding.before == on_screen;
        let is_there = |left: &ToRead| !is_before && parts.iter().any(|part| left.is_part(part));
        let is_again = self.adding.before.is_some();
        let left: Vec<String> = left
            .into_iter()
            .filter(|(left, why)| !(why.is_empty() && is_there(left)))
            .map(|(left, why)| {
                let sheet = left.sheet.as_deref().unwrap_or_default();
                let name = left.path.file_name().unwrap_or_default().to_string_lossy();
                let named = if is_again { locale.file_place(&name, sheet) } else { text::visible(sheet).into_owned() };
                let places = [("sheet", &*named), ("why", text::unstopped(&why))];
                locale.fill(if why.is_empty() { "status.sheet-left" } else { "status.sheet-left-why" }, &places)
            })
            .collect();
        let mut words = notes;
        if !left.is_empty() {
            let places = [("n", &*left.len().to_string()), ("sheets", &left.join(locale.text("finding.comma")))];
            let key = if is_again { "status.files-left" } else { "status.sheets-left" };
            words.insert(0, locale.fill(key, &places));
        }
        (!words.is_empty()).then(|| words.join(locale.text("finding.semicolon")))
    }

    /// Gives the first of the parts that have come one after the other, the latest of which is `last`.
    pub(in crate::app) fn first_added(&mut self, last: usize) -> usize {
        *self.adding.first.get_or_insert(last)
    }

    /// Takes note that what came was told; what follows a batch that `is_new` is told with its first sheet.
    pub(in crate::app) fn told_added(&mut self, is_new: bool) {
        if self.adding.queue.is_empty() {
            self.adding.first = None;
        } else if is_new {
            self.adding.first = Some(0);
        }
    }
}
