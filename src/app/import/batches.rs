//! The list of batches (批次列表): which work there is to go on with. Letters narrow it.

use std::path::PathBuf;

use super::{BackTo, Import, ImportStep, WantedFor};
use crate::app::context::Context;
use crate::app::msg::Effect;
use crate::app::place::Screen;
use crate::app::prompt::Prompt;
use crate::app::ring::ring;
use crate::domain::ledger::BatchId;
use crate::domain::text;
use crate::failure::Failure;
use crate::words::Locale;

/// A batch as it is listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BatchLine {
    pub batch: BatchId,
    pub file: String,
    /// Empty for text files.
    pub sheet: String,
    /// What its profile is called; its id where that is gone.
    pub profile: String,
    /// When somebody worked on it last, in the user's time zone: `YYYY-MM-DD HH:MM`.
    pub when: String,
    /// Who that was; may be empty.
    pub user: String,
    pub rows: u32,
    /// Whether all rows are stored.
    pub is_complete: bool,
    /// How many errors it had when that was seen last.
    pub errors: Option<u32>,
    /// How many cells stand otherwise than in the file.
    pub edits: u32,
    /// How many rows are put aside, and how many notes there are.
    pub said: u32,
    /// How many numbers were given to its rows.
    pub numbers: u32,
    /// How many of its rows had no number when that was seen last.
    pub unnumbered: Option<u32>,
    /// When its upload file was written last, in the user's time zone.
    pub exported: Option<String>,
    /// Whether its rows stand otherwise since.
    pub is_changed_since: bool,
    /// Whether the institution registry has changed since its errors were counted.
    pub is_outdated: bool,
    /// How many facts it lacks without which it is not exported.
    pub lacking: u32,
    pub is_archived: bool,
    /// How many files were added to it.
    pub parts: u32,
    /// How many of its certificates nobody has handed in.
    pub unsent: u32,
    /// How many came back.
    pub returned: u32,
    /// Whether a deadline of it has passed, where that was looked up.
    pub is_late: bool,
    /// What it waits for, in words by which the list is narrowed: to be handed in, to be checked by another person.
    pub waits: Vec<String>,
}

impl BatchLine {
    /// Names the file and the sheet.
    pub fn name(&self) -> String {
        let sheet = if self.sheet.is_empty() { String::new() } else { format!(" [{}]", self.sheet) };
        text::visible(&format!("{}{sheet}", self.file)).into_owned()
    }

    /// The same, with how many files it holds where there are several.
    pub fn full_name(&self, locale: &Locale) -> String {
        let name = self.name();
        if self.parts == 0 {
            return name;
        }
        locale.fill("ui.batches.of-files", &[("file", &name), ("n", &(self.parts + 1).to_string())])
    }

    /// Tells all that is known of it in a sentence.
    pub fn told(&self, locale: &Locale) -> String {
        let count = |n: u32| n.to_string();
        let errors = self.errors_told(locale);
        let exported = match &self.exported {
            Some(when) if self.is_changed_since => locale.fill("ui.batches.changed-since", &[("when", when)]),
            Some(when) => locale.fill("ui.batches.exported-on", &[("when", when)]),
            None => locale.text("ui.batches.not-exported").to_string(),
        };
        let mut places = vec![
            ("batch", self.batch.to_string()),
            ("file", self.full_name(locale)),
            ("profile", self.profile.clone()),
        ];
        places.extend([("when", self.when.clone()), ("user", text::visible(&self.user).into_owned())]);
        places.extend([("n", count(self.rows)), ("edits", count(self.edits)), ("numbers", count(self.numbers))]);
        places.extend([("errors", errors), ("exported", exported)]);
        let places: Vec<(&str, &str)> = places.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let mut told = locale.fill("ui.batches.told", &places);
        if self.lacking != 0 {
            told += locale.text("finding.semicolon");
            told += &locale.fill("ui.batches.lacking", &[("n", &count(self.lacking))]);
        }
        for (is_so, key) in [(!self.is_complete, "ui.batches.cut-off"), (self.is_archived, "ui.batches.is-archived")] {
            if is_so {
                told += locale.text("finding.semicolon");
                told += locale.text(key);
            }
        }
        for waits in &self.waits {
            told += locale.text("finding.semicolon");
            told += waits;
        }
        told
    }

    /// Tells how many errors are left, as far as that is known.
    pub(super) fn errors_told(&self, locale: &Locale) -> String {
        let key = if self.is_outdated { "ui.batches.errors-outdated" } else { "ui.batches.errors-left" };
        let told = |n: u32| locale.fill(key, &[("n", &n.to_string())]);
        self.errors.map_or_else(|| locale.text("ui.batches.errors-unknown").to_string(), told)
    }

    /// Tells whether every typed word stands somewhere in it.
    fn holds(&self, words: &[String]) -> bool {
        let waits = self.waits.join(" ");
        let all = [&self.batch.to_string(), &self.file, &self.sheet, &self.when, &self.user, &self.profile, &waits];
        let all = all.map(|part| part.to_lowercase());
        words.iter().all(|word| all.iter().any(|part| part.contains(word)))
    }
}

ring! {
    /// On what the listed batches wait.
    #[derive(Default)]
    pub enum Waiting {
        /// Whatever, or nothing.
        #[default]
        Any,
        /// They have certificates that nobody has handed in.
        Unsent,
        /// A deadline of them has passed.
        Late,
        /// Something of them came back.
        Returned,
    }
}

impl Waiting {
    /// Gives the locale key of its words; nothing where all are shown.
    pub fn key(self) -> Option<&'static str> {
        match self {
            Waiting::Any => None,
            Waiting::Unsent => Some("ui.batches.waiting-unsent"),
            Waiting::Late => Some("ui.batches.waiting-late"),
            Waiting::Returned => Some("ui.batches.waiting-returned"),
        }
    }

    fn takes(self, line: &BatchLine) -> bool {
        match self {
            Waiting::Any => true,
            Waiting::Unsent => line.unsent != 0,
            Waiting::Late => line.is_late,
            Waiting::Returned => line.returned != 0,
        }
    }
}

/// What the list holds.
#[derive(Debug, Default)]
pub(super) struct BatchList {
    /// Every batch, newest first; nothing while they have not come.
    lines: Option<Vec<BatchLine>>,
    /// Whether the archived ones are shown among them.
    has_all: bool,
    /// Which of them are shown.
    waiting: Waiting,
}

impl Import {
    /// Lists the batches that are shown: those that hold what was typed.
    pub fn batches(&self) -> Vec<&BatchLine> {
        let typed = self.narrow.text().to_lowercase();
        let words: Vec<String> = typed.split_whitespace().map(String::from).collect();
        let lines = self.batches.lines.iter().flatten();
        let is_shown = |line: &&BatchLine| {
            (self.batches.has_all || !line.is_archived) && self.batches.waiting.takes(line) && line.holds(&words)
        };
        lines.filter(is_shown).collect()
    }

    /// Tells on what the listed batches wait.
    pub fn batches_waiting(&self) -> Waiting {
        self.batches.waiting
    }

    /// Shows only those that wait for the next thing, in the end all again.
    pub(super) fn turn_waiting(&mut self) {
        let before = self.batch_in_hand().map(|line| line.batch);
        self.batches.waiting = self.batches.waiting.turned(false);
        self.stay_on(before);
    }

    /// Has the batches listed anew where they are on screen.
    pub(in crate::app) fn renew_batches(&self, screen: Screen, to: &mut Context<'_>) {
        if screen == Screen::Import && self.step == ImportStep::Batches {
            to.push(Effect::ListBatches);
        }
    }

    /// Tells whether the batches have come.
    pub fn knows_batches(&self) -> bool {
        self.batches.lines.is_some()
    }

    /// Counts the archived batches that are not shown.
    pub fn hidden_batches(&self) -> usize {
        let is_hidden = |line: &&BatchLine| line.is_archived && !self.batches.has_all;
        self.batches.lines.iter().flatten().filter(is_hidden).count()
    }

    /// Gives the batch under the cursor.
    pub fn batch_in_hand(&self) -> Option<&BatchLine> {
        self.batches().get(self.at).copied()
    }

    /// Shows the list, all of it but the archived ones.
    pub(super) fn list_batches(&mut self, to: &mut Context<'_>) {
        self.narrow = Prompt::default();
        (self.step, self.at, self.opening) = (ImportStep::Batches, 0, false);
        self.batches = BatchList::default();
        self.wanted = WantedFor::Opening;
        to.push(Effect::ListBatches);
    }

    /// Shows the list for something else than opening a batch.
    pub(in crate::app) fn list_for(&mut self, wanted: WantedFor, to: &mut Context<'_>) {
        self.stop_adding();
        self.list_batches(to);
        self.wanted = wanted;
    }

    /// Takes the batches; the cursor stays on the one it stood on.
    pub(super) fn take_batches(&mut self, listed: Result<Vec<BatchLine>, Failure>, to: &mut Context<'_>) {
        match listed {
            Ok(lines) => {
                let before = self.batch_in_hand().map(|line| line.batch);
                self.batches.lines = Some(lines);
                self.stay_on(before);
            }
            Err(failure) => {
                self.batches.lines.get_or_insert_default();
                to.fail(&failure);
            }
        }
    }

    /// Puts the cursor on a batch; one that is not shown any more leaves it where it is.
    fn stay_on(&mut self, batch: Option<BatchId>) {
        let (found, count) = {
            let shown = self.batches();
            (shown.iter().position(|line| Some(line.batch) == batch), shown.len())
        };
        self.at = found.unwrap_or(self.at).min(count.saturating_sub(1));
    }

    /// Shows the archived batches as well, or no longer.
    pub(super) fn turn_archived(&mut self) {
        let before = self.batch_in_hand().map(|line| line.batch);
        self.batches.has_all = !self.batches.has_all;
        self.stay_on(before);
    }

    /// Has the batch under the cursor archived, or brought back.
    pub(super) fn put_away(&mut self, to: &mut Context<'_>) {
        match self.batch_in_hand() {
            Some(line) => to.push(Effect::PutAway { batch: line.batch, archives: !line.is_archived }),
            None => to.warn("status.nothing-chosen"),
        }
    }

    /// Opens the batch under the cursor.
    pub(super) fn open_listed(&mut self, to: &mut Context<'_>) {
        match self.batch_in_hand() {
            Some(line) => {
                let (batch, name) = (line.batch, line.name());
                to.say(to.locale.fill("status.opening", &[("file", &name)]));
                self.open_batch(Some(batch), to);
            }
            None => to.warn("status.nothing-chosen"),
        }
    }

    /// Has a batch of the store loaded, or the one that was open last.
    pub(in crate::app) fn open_batch(&mut self, batch: Option<BatchId>, to: &mut Context<'_>) {
        self.open_batch_of(batch, None, to);
    }

    /// The same, where the batch was chosen for a file that is its first.
    pub(super) fn open_batch_of(&mut self, batch: Option<BatchId>, file: Option<PathBuf>, to: &mut Context<'_>) {
        self.stop_adding();
        self.carries = None;
        (self.opening, self.is_confirmed, self.is_matching, self.path) = (true, false, false, None);
        to.push(Effect::Resume { job: self.outdate(), batch, file });
    }

    /// Tells where backing out of the list leads.
    pub(super) fn back_from_batches(&mut self, has_batch: bool) -> BackTo {
        if has_batch {
            return BackTo::Roster;
        }
        if self.today.is_none() {
            return BackTo::Files;
        }
        // The front page is where it was begun.
        (self.step, self.at) = (ImportStep::Today, 0);
        BackTo::Here
    }
}
