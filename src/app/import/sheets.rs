//! The sheets of a workbook (工作表): one is chosen, or several are marked that become one batch.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::header::shown;
use super::{Import, ImportStep};
use crate::app::command::Command;
use crate::app::context::Context;
use crate::app::msg::{Effect, ReadJob};
use crate::domain::ledger::BatchId;
use crate::domain::sheet::{GivenReading, SheetKind, SheetLine, TabState};

/// Where backing out of the list leads, where it was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum AskedFrom {
    Roster,
    Step(ImportStep),
}

/// The sheets among which one chooses.
#[derive(Debug, Default)]
pub(super) struct SheetList {
    lines: Vec<SheetLine>,
    /// Those that are marked, in the order of their tabs.
    marked: BTreeSet<usize>,
    /// The batches that hold rows of them already, by their names; the one on screen first.
    held: BTreeMap<String, Vec<BatchId>>,
    /// The batch on screen.
    on_screen: Option<BatchId>,
    asked_from: Option<AskedFrom>,
}

impl Import {
    /// Gives the sheets to choose from.
    pub fn sheets(&self) -> &[SheetLine] {
        &self.sheets.lines
    }

    pub fn is_marked(&self, at: usize) -> bool {
        self.sheets.marked.contains(&at)
    }

    /// Gives the batch that holds the rows of a sheet already: the one on screen before others, then the newest.
    pub fn sheet_held(&self, sheet: &SheetLine) -> Option<BatchId> {
        self.sheets.held.get(&sheet.name)?.first().copied()
    }

    /// Tells whether a sheet is in the batch that sheets are being added to.
    fn is_added(&self, sheet: &str) -> bool {
        let held = self.sheets.held.get(sheet).and_then(|held| held.first());
        self.adds_to().is_some() && held.is_some() && held == self.sheets.on_screen.as_ref()
    }

    /// Gives the sheet under the cursor.
    pub fn sheet_in_hand(&self) -> Option<&SheetLine> {
        self.sheets.lines.get(self.at).filter(|_| self.step == ImportStep::Sheets)
    }

    /// Counts the sheets that are marked, and their rows, of which there may be more.
    pub fn marked_rows(&self) -> (usize, u32, bool) {
        let lines = self.sheets.marked.iter().filter_map(|at| self.sheets.lines.get(*at));
        let rows = lines.clone().fold(0_u32, |all, line| all.saturating_add(line.rows));
        (self.sheets.marked.len(), rows, lines.into_iter().any(|line| line.has_more))
    }

    /// Lists the first rows of the sheet under the cursor, as those of a file are shown.
    pub fn sheet_rows(&self) -> Vec<String> {
        self.sheet_in_hand().map_or_else(Vec::new, |sheet| shown(&sheet.first_rows))
    }

    /// Takes the sheets to choose from; the cursor stands on the first that is shown and looks like a roster.
    pub(in crate::app) fn take_sheets(
        &mut self,
        lines: Vec<SheetLine>,
        mut held: BTreeMap<String, Vec<BatchId>>,
        on_screen: Option<BatchId>,
    ) {
        held.values_mut().for_each(|held| held.sort_by_key(|held| Some(*held) != on_screen));
        (self.sheets.held, self.sheets.on_screen) = (held, on_screen);
        let is_shown = |line: &SheetLine| line.tab == TabState::Visible;
        let roster = lines.iter().position(|line| is_shown(line) && line.kind == SheetKind::Roster);
        self.at = roster.or_else(|| lines.iter().position(is_shown)).unwrap_or(0);
        (self.sheets.lines, self.sheets.marked) = (lines, BTreeSet::new());
        (self.step, self.opening) = (ImportStep::Sheets, false);
    }

    /// Has the sheets of a workbook listed that is on screen or in hand.
    pub(in crate::app) fn list_sheets(&mut self, source: Option<&Path>, to: &mut Context<'_>) {
        let asked_from = match source {
            // Who looks at the list stops nothing.
            Some(_) if self.reads_several() => {
                return to.complain(to.told("status.reads-several", &[("n", &self.waiting().to_string())]));
            }
            Some(_) => {
                self.stop_adding();
                AskedFrom::Roster
            }
            None if self.has_encoding() => return to.warn("status.no-sheets"),
            None => AskedFrom::Step(self.step),
        };
        let Some(path) = source.map(Path::to_path_buf).or_else(|| self.path.clone()) else { return };
        let job = self.outdate();
        let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        to.say(to.locale.fill("status.opening", &[("file", &name)]));
        (self.opening, self.path) = (true, Some(path.clone()));
        self.sheets.asked_from = Some(asked_from);
        to.push(Effect::Read(ReadJob { lists_sheets: true, adds: false, ..self.order(job, path) }));
    }

    /// Gives up a list that was asked for; tells where that leads.
    pub(super) fn leave_sheets(&mut self) -> Option<AskedFrom> {
        self.sheets.asked_from.take().filter(|_| self.step == ImportStep::Sheets)
    }

    pub(super) fn sheet_command(&mut self, command: Command, to: &mut Context<'_>) {
        match command {
            Command::MarkSheet => {
                if !self.sheets.marked.remove(&self.at) {
                    self.sheets.marked.insert(self.at);
                }
            }
            Command::MarkRosters => self.mark_rosters(to),
            _ => self.choose_sheets(to),
        }
    }

    /// Marks some of the sheets, and no others.
    pub fn mark_sheets(&mut self, marked: impl IntoIterator<Item = usize>) {
        let count = self.sheets.lines.len();
        self.sheets.marked = marked.into_iter().filter(|at| *at < count).collect();
    }

    /// Lists the sheets that look like a roster and are not in the batch yet that they would be added to; of hidden ones nobody says
    /// that they are meant.
    pub fn rosters(&self) -> Vec<usize> {
        let is_one = |line: &SheetLine| {
            line.kind == SheetKind::Roster && line.tab == TabState::Visible && !self.is_added(&line.name)
        };
        (0..self.sheets.lines.len()).filter(|at| is_one(&self.sheets.lines[*at])).collect()
    }

    /// Marks the sheets that look like a roster; none where they are marked already.
    fn mark_rosters(&mut self, to: &mut Context<'_>) {
        let all = self.rosters();
        if all.is_empty() {
            return to.warn("status.no-roster-sheet");
        }
        let are_marked = self.sheets.marked.iter().copied().eq(all.iter().copied());
        self.mark_sheets(if are_marked { Vec::new() } else { all });
    }

    /// Has the sheets read that are marked, else the one under the cursor.
    fn choose_sheets(&mut self, to: &mut Context<'_>) {
        let Some(path) = self.path.clone() else { return };
        let marked = &self.sheets.marked;
        let chosen: Vec<usize> = if marked.is_empty() { vec![self.at] } else { marked.iter().copied().collect() };
        let names: Vec<String> =
            chosen.iter().filter_map(|at| Some(self.sheets.lines.get(*at)?.name.clone())).collect();
        if names.is_empty() {
            return;
        }
        let (known, names): (Vec<_>, Vec<_>) = names.into_iter().partition(|name| self.is_added(name));
        let batch = self.sheets.on_screen.map_or_else(String::new, |batch| batch.to_string());
        let why = to.locale.fill("ui.sheets.held", &[("batch", &batch)]);
        self.leave_sheets_out(known, &why);
        if names.is_empty() {
            return;
        }
        // What was said of another sheet is not said of this one.
        self.given = GivenReading::default();
        self.header_row = None;
        self.read_sheets(&path, names, to);
    }
}
