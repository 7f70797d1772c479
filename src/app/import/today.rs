//! The front page (今天): what there is to go on with when the workbench begins without a file. A line leads where it is about.

use std::collections::BTreeSet;

use super::{Import, ImportStep};
use crate::app::command::Command;
use crate::app::context::Context;
use crate::app::import::BatchLine;
use crate::app::intent::Intent;
use crate::app::ledger::request::SeriesLine;
use crate::app::msg::Effect;
use crate::domain::due::Standing;
use crate::domain::ledger::BatchId;
use crate::domain::text;
use crate::failure::Failure;
use crate::words::Locale;

/// So many batches are shown at least; the list of batches has them all.
const BATCHES: usize = 8;

/// So many lines of the screen are no lines of the page: the title, the status, the keys, and what is told in full.
const BESIDE_PAGE: usize = 8;

/// So many series, those with the fewest numbers left first; the ledger has them all.
const SERIES: usize = 4;

/// An open batch as the page shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TodayBatch {
    pub line: BatchLine,
    /// How much of what was found is mended, where that is known.
    pub mended: Option<(u32, u32)>,
    /// Who else holds it, in the user's language.
    pub holder: Option<String>,
}

/// What is to be done with a batch next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NextStep {
    /// Nobody has looked at it since it was read.
    Open,
    /// So many errors are left.
    Mend(u32),
    /// So many rows have no certificate number.
    Number(u32),
    /// So many facts are missing without which it is not exported.
    Facts(u32),
    Export,
    /// It was changed after it was exported.
    ExportAnew,
    Nothing,
}

impl NextStep {
    /// Says it in a word or two.
    pub fn told(self, locale: &Locale) -> String {
        let count = |key: &str, n: u32| locale.fill(key, &[("n", &n.to_string())]);
        match self {
            NextStep::Open => locale.fill("ui.today.errors", &[("n", "?")]),
            NextStep::Mend(n) => count("ui.today.errors", n),
            NextStep::Number(n) => count("ui.today.unnumbered", n),
            NextStep::Facts(n) => count("ui.today.lacking", n),
            NextStep::Export => locale.text("ui.today.ready").to_string(),
            NextStep::ExportAnew => locale.text("ui.today.changed-since").to_string(),
            NextStep::Nothing => locale.text("ui.today.exported").to_string(),
        }
    }
}

/// When the store was backed up last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TodayBackup {
    /// In the user's time zone; nothing where it never was.
    pub when: Option<String>,
    /// Whole days since then, or since the store was begun.
    pub days: i64,
    pub is_old: bool,
}

/// Something that is due, in the user's language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TodayDue {
    pub standing: Standing,
    /// The day on which it ends.
    pub day: String,
    /// How many days are left, or passed.
    pub left: String,
    /// Of what, and which deadline.
    pub told: String,
}

/// What is to be known before the work begins.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TodayFacts {
    /// What presses most, the worst first.
    pub due: Vec<TodayDue>,
    /// How many deadlines stand how; empty where there are none.
    pub due_counts: String,
    /// The open batches, the one that was worked on last first.
    pub batches: Vec<TodayBatch>,
    /// How many more there are.
    pub others: usize,
    /// The one that this user had in hand last.
    pub latest: Option<BatchId>,
    pub series: Vec<SeriesLine>,
    /// How many cases wait.
    pub cases: usize,
    /// How many shares have expired or lack something.
    pub shares: usize,
    pub backup: Option<TodayBackup>,
}

/// A line of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TodayLine {
    /// How the deadlines stand.
    DueCounts,
    /// One that presses, by its place.
    Due(usize),
    /// A batch, by its place.
    Batch(usize),
    /// So many more batches.
    MoreBatches(usize),
    /// A series, by its place.
    Series(usize),
    MoreSeries(usize),
    Cases,
    Shares,
    Backup,
}

impl TodayLine {
    /// Gives the locale key of the block it stands in.
    pub fn block_key(self) -> &'static str {
        match self {
            TodayLine::DueCounts | TodayLine::Due(_) => "ui.today.due",
            TodayLine::Batch(_) | TodayLine::MoreBatches(_) => "ui.today.batches",
            TodayLine::Series(_) | TodayLine::MoreSeries(_) => "ui.today.series",
            TodayLine::Cases => "ui.today.cases",
            TodayLine::Shares => "ui.today.shares",
            TodayLine::Backup => "ui.today.backup",
        }
    }
}

impl TodayFacts {
    /// So many deadlines that press are shown; the ledger has them all.
    pub const DUE: usize = 3;

    /// Puts the series first that have the fewest numbers left.
    pub fn sorted(mut self) -> TodayFacts {
        self.series.sort_by_key(|line| line.state.left());
        self
    }

    /// Lists the lines for a screen of so many; a block of which there is nothing has none.
    pub fn lines(&self, height: u16) -> Vec<TodayLine> {
        let (batches, series) = (self.batches.len(), self.series.len());
        let more = |n: usize, shown: usize, line: fn(usize) -> TodayLine| (shown < n).then(|| line(n - shown));
        let mut lines: Vec<TodayLine> = Vec::new();
        lines.extend((!self.due_counts.is_empty()).then_some(TodayLine::DueCounts));
        lines.extend((0..self.due.len().min(TodayFacts::DUE)).map(TodayLine::Due));
        let before = lines.len();
        lines.extend((0..series.min(SERIES)).map(TodayLine::Series));
        lines.extend(more(series, SERIES, TodayLine::MoreSeries));
        lines.extend((self.cases != 0).then_some(TodayLine::Cases));
        lines.extend((self.shares != 0).then_some(TodayLine::Shares));
        lines.extend(self.backup.is_some().then_some(TodayLine::Backup));
        // What the other blocks and their headings, those of the batches and the line of how many more there are leave.
        let blocks: BTreeSet<&str> = lines.iter().map(|line| line.block_key()).collect();
        let beside = BESIDE_PAGE + lines.len() + blocks.len() + 2;
        let shown = usize::from(height).saturating_sub(beside).max(BATCHES);
        let shown = batches.min(shown);
        let rest = more(batches + self.others, shown, TodayLine::MoreBatches);
        let of_batches = (0..shown).map(TodayLine::Batch).chain(rest);
        lines.splice(before..before, of_batches.collect::<Vec<_>>());
        lines
    }

    /// Tells a line in a sentence, or what of it stands in no column.
    pub fn told(&self, line: TodayLine, locale: &Locale) -> String {
        let count = |key: &str, n: usize| locale.fill(key, &[("n", &n.to_string())]);
        match line {
            TodayLine::DueCounts => self.due_counts.clone(),
            TodayLine::Due(at) => self.due.get(at).map(TodayDue::told).unwrap_or_default(),
            TodayLine::Batch(at) => self.batches.get(at).map(|one| one.told(locale)).unwrap_or_default(),
            TodayLine::Series(at) => self.series.get(at).map(|one| told_of_series(one, locale)).unwrap_or_default(),
            TodayLine::MoreBatches(n) => count("ui.today.more-batches", n),
            TodayLine::MoreSeries(n) => count("ui.today.more-series", n),
            TodayLine::Cases => count("ui.today.cases-wait", self.cases),
            TodayLine::Shares => count("ui.today.shares-wait", self.shares),
            TodayLine::Backup => self.backup.as_ref().map(|one| one.told(locale)).unwrap_or_default(),
        }
    }
}

impl TodayDue {
    fn told(&self) -> String {
        format!("{} {}  {}", self.day, self.left, self.told)
    }
}

impl TodayBatch {
    /// Tells what is to be done with it next.
    pub fn next_step(&self) -> NextStep {
        let unnumbered = self.line.unnumbered.unwrap_or(0);
        match (self.line.errors, &self.line.exported) {
            (None, _) => NextStep::Open,
            // A row that waits for its number counts among the errors.
            (Some(errors), _) if unnumbered < errors => NextStep::Mend(errors),
            _ if unnumbered != 0 => NextStep::Number(unnumbered),
            (_, exported) if self.line.lacking != 0 && (exported.is_none() || self.line.is_changed_since) => {
                NextStep::Facts(self.line.lacking)
            }
            (_, None) => NextStep::Export,
            (_, Some(_)) if self.line.is_changed_since => NextStep::ExportAnew,
            (_, Some(_)) => NextStep::Nothing,
        }
    }

    /// Says it in a word or two, with a question mark where the institution registry has changed since it was counted.
    pub fn next_told(&self, locale: &Locale) -> String {
        let step = self.next_step();
        let is_sure = matches!(step, NextStep::Open | NextStep::Nothing) || !self.line.is_outdated;
        step.told(locale) + if is_sure { "" } else { "?" }
    }

    /// Tells how many of its errors are left, and how many rows wait for their numbers.
    fn errors_told(&self, locale: &Locale) -> String {
        let told = self.line.errors_told(locale);
        match self.line.unnumbered.filter(|_| self.line.errors.is_some()) {
            None | Some(0) => told,
            Some(n) => {
                let unnumbered = locale.fill("ledger.batch-unnumbered", &[("n", &n.to_string())]);
                [told, unnumbered].join(locale.text("finding.semicolon"))
            }
        }
    }

    /// Tells how much of what was found is mended, by the sentence of a key; nothing where that is not known, or nothing was found.
    pub fn mended_told(&self, locale: &Locale, key: &str) -> String {
        let Some((gone, found)) = self.mended.filter(|(_, found)| *found != 0) else { return String::new() };
        locale.fill(key, &[("n", &gone.to_string()), ("found", &found.to_string())])
    }

    /// Tells who has it, else who had it last and when.
    pub fn who_told(&self, locale: &Locale) -> String {
        match &self.holder {
            Some(holder) => locale.fill("ui.today.held", &[("holder", holder)]),
            None => text::visible(&format!("{} {}", self.line.when, self.line.user)).into_owned(),
        }
    }

    fn told(&self, locale: &Locale) -> String {
        let rows = locale.fill("ui.strip.rows", &[("n", &self.line.rows.to_string())]);
        let name = format!("{} {}", self.line.batch, self.line.full_name(locale));
        let mended = self.mended_told(locale, "ui.strip.mended");
        let parts = [name, rows, self.errors_told(locale), mended, self.who_told(locale)];
        let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        parts.join(locale.text("finding.semicolon"))
    }
}

impl TodayBackup {
    fn told(&self, locale: &Locale) -> String {
        let days = self.days.to_string();
        let told = match &self.when {
            Some(when) if self.days == 0 => locale.fill("ui.today.backed-up-today", &[("when", when)]),
            Some(when) => locale.fill("ui.today.backed-up", &[("when", when), ("days", &days)]),
            None if self.days == 0 => locale.text("ui.today.begun-today").to_string(),
            None => locale.fill("ui.today.never-backed-up", &[("days", &days)]),
        };
        if self.is_old { told + locale.text("ui.today.backup-old") } else { told }
    }
}

fn told_of_series(line: &SeriesLine, locale: &Locale) -> String {
    let full = || locale.text("ui.ledger.full").to_string();
    let next = line.state.next().map_or_else(full, |n| n.to_string());
    let places = [
        ("key", line.state.key.to_string()),
        ("name", text::visible(&line.institution).into_owned()),
        ("used", line.state.used.to_string()),
        ("left", line.state.left().to_string()),
        ("next", next),
    ];
    locale.fill("ui.today.series-told", &places.each_ref().map(|(name, text)| (*name, text.as_str())))
}

impl Import {
    /// Gives what the page tells, once that is here.
    pub fn today(&self) -> Option<&TodayFacts> {
        self.today.as_ref()
    }

    /// Tells whether the page is still being asked for.
    pub(in crate::app) fn awaits_today(&self) -> bool {
        self.asked_today
    }

    pub(super) fn count_today(&self, height: u16) -> usize {
        self.today.as_ref().map_or(0, |facts| facts.lines(height).len())
    }

    /// Shows the page and asks for what it tells.
    pub(in crate::app) fn show_today(&mut self, to: &mut Context<'_>) {
        self.stop_adding();
        (self.step, self.at, self.opening, self.asked_today) = (ImportStep::Today, 0, false, true);
        to.push(Effect::Today);
    }

    /// Has the page read anew where it is on screen: something that it tells has changed.
    pub(in crate::app) fn renew_today(&mut self, to: &mut Context<'_>) {
        if self.step == ImportStep::Today {
            self.asked_today = true;
            to.push(Effect::Today);
        }
    }

    /// Takes what the page tells; tells whether it is on screen and has nothing to tell.
    pub(in crate::app) fn take_today(
        &mut self,
        told: Result<Option<Box<TodayFacts>>, Failure>,
        to: &mut Context<'_>,
    ) -> bool {
        self.asked_today = false;
        let is_read = told.is_ok();
        self.today = told.ok().flatten().map(|facts| facts.sorted());
        if self.step != ImportStep::Today {
            return false;
        }
        if !is_read {
            // What is wrong with the store is told where the batch of the last time is opened, if it cannot be.
            self.browse(to);
            self.open_batch(None, to);
            return false;
        }
        let Some(facts) = &self.today else { return true };
        let lines = facts.lines(to.size.1);
        // The batch in hand last is gone on with at one key.
        let is_latest = |at: usize| facts.batches.get(at).is_some_and(|one| Some(one.line.batch) == facts.latest);
        let latest = lines.iter().position(|line| matches!(line, TodayLine::Batch(at) if is_latest(*at)));
        self.at = if self.at == 0 { latest.unwrap_or(0) } else { self.at.min(lines.len().saturating_sub(1)) };
        false
    }

    /// Goes where the line under the cursor leads.
    pub(super) fn open_today(&mut self, to: &mut Context<'_>) -> Intent {
        let line = self.today.as_ref().and_then(|facts| facts.lines(to.size.1).get(self.at).copied());
        let Some((line, facts)) = line.zip(self.today.as_ref()) else {
            to.warn(if self.asked_today { "status.today-coming" } else { "status.nothing-chosen" });
            return Intent::Nothing;
        };
        match line {
            TodayLine::Batch(at) => {
                let Some(one) = facts.batches.get(at) else { return Intent::Nothing };
                let (batch, name) = (one.line.batch, one.line.name());
                to.say(to.locale.fill("status.opening", &[("file", &name)]));
                self.open_batch(Some(batch), to);
                Intent::Nothing
            }
            TodayLine::MoreBatches(_) => Intent::Run(Command::Batches),
            TodayLine::Series(_) | TodayLine::MoreSeries(_) => Intent::ShowTab(Command::ShowSeries),
            TodayLine::DueCounts | TodayLine::Due(_) => Intent::ShowTab(Command::ShowDeadlines),
            TodayLine::Cases => Intent::ShowTab(Command::ShowCases),
            TodayLine::Shares => Intent::ShowTab(Command::ShowShares),
            TodayLine::Backup => Intent::Run(Command::Backup),
        }
    }
}
