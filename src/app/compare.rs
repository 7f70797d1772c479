//! The roster on screen against an earlier version (两版比对): a list of differences, and from one to the next in the grid.

use super::App;
use super::command::Command;
use super::context::context;
use super::import::WantedFor;
use super::layout::Focus;
use super::msg::{BesideAsk, EarlierVersion};
use super::overlay::{ChoosePane, Choosing, Overlay};
use super::place::Screen;
use crate::domain::batch::Batch;
use crate::domain::matching::RosterDifference;
use crate::domain::roster::RowId;
use crate::domain::sheet::Field;

/// What the roster on screen has otherwise.
#[derive(Debug, Default)]
pub(super) struct Differences {
    /// The store job that brought the roster on screen.
    switched: u64,
    /// Each in words, and where it is, unless only the earlier version has it.
    lines: Vec<(String, Option<(RowId, Field)>)>,
    at: usize,
}

impl App {
    /// Asks what the roster is compared with, or which file is its next version.
    pub(super) fn ask_what_to_compare(&mut self) {
        if !self.roster.batch().is_some_and(|batch| batch.complete) {
            return context!(self).warn("status.still-reading");
        }
        let words = |name: &str| (name.to_string(), self.locale.text(&format!("compare.with.{name}")).to_string());
        let options = ["file", "batch", "next"].map(words).to_vec();
        let title = self.locale.text(&Command::CompareWith.title_key()).to_string();
        self.overlays.lay(Overlay::Choose(ChoosePane::new(title, Choosing::CompareWith, options, 0)));
    }

    pub(super) fn choose_version_to_compare(&mut self, name: &str) {
        let (to, id) = (context!(self), self.roster.id());
        match (name, id) {
            ("batch", _) => self.import.list_for(WantedFor::Comparing, to),
            ("next", Some(id)) => self.import.browse_for(WantedFor::NextVersion(id), to),
            ("next", None) => return to.warn("carry.no-batch"),
            _ => self.import.browse_for(WantedFor::Comparing, to),
        }
        self.screen = Screen::Import;
    }

    pub(super) fn compare_with(&mut self, with: EarlierVersion) {
        self.screen = Screen::Roster;
        self.differences = None;
        let Some(batch) = self.roster.batch() else { return };
        let ask = BesideAsk::Compare { with, batch: batch.clone() };
        let title = self.locale.text(&Command::CompareWith.title_key()).to_string();
        self.work_beside(title, Choosing::Difference, ask);
    }

    pub(super) fn take_difference(&mut self, before: &Batch, difference: &RosterDifference) {
        let Some(now) = self.roster.batch() else { return };
        let title = self.locale.difference_summed(difference);
        let lines = self.locale.difference_lines(before, now, difference, true);
        if lines.is_empty() {
            return context!(self).say_key("compare.none");
        }
        let told = lines.iter().map(|line| {
            let places =
                [("kind", &*self.locale.difference_kind(line.kind)), ("what", &self.locale.difference_told(line))];
            (self.locale.fill("compare.line", &places), line.at)
        });
        let lines: Vec<_> = told.collect();
        let options = lines.iter().enumerate().map(|(at, (words, _))| (at.to_string(), words.clone())).collect();
        self.differences = Some(Differences { switched: self.roster.switched(), lines, at: 0 });
        self.overlays.lay(Overlay::Choose(ChoosePane::new(title, Choosing::Difference, options, 0)));
    }

    /// Tells whether the next difference is gone to with the keys for the next finding.
    pub(super) fn has_differences(&self) -> bool {
        self.differences.as_ref().is_some_and(|found| self.roster.was_switched_by(found.switched))
    }

    /// Ends going from difference to difference.
    pub(super) fn stop_comparing(&mut self) {
        self.differences = None;
        context!(self).say_key("compare.ended");
    }

    /// Shows a difference in the roster.
    pub(super) fn go_to_difference(&mut self, at: usize) {
        let Some(found) = &mut self.differences else { return };
        let Some((words, place)) = found.lines.get(at) else { return };
        found.at = at;
        let words = words.clone();
        if let Some((row, field)) = *place {
            self.screen = Screen::Roster;
            self.roster.focus(Focus::Grid);
            self.roster.go_to_cell(row, field);
        }
        context!(self).say(words);
    }

    /// Goes on to the next difference; tells whether the command was about one.
    pub(super) fn step_difference(&mut self, command: Command) -> bool {
        let is_step = matches!(command, Command::NextFinding | Command::PreviousFinding);
        if !is_step || self.overlays.is_open() || self.screen != Screen::Roster || !self.has_differences() {
            return false;
        }
        let Some(found) = &self.differences else { return false };
        let (at, all) = (found.at, found.lines.len());
        let by = if command == Command::NextFinding { 1 } else { all - 1 };
        self.go_to_difference((at + by) % all);
        true
    }
}
