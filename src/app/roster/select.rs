//! Choosing rows: filters, the order in which they are shown, and marks.

use std::sync::Arc;

use super::RosterPane;
use super::grid::{self, FindingLine};
use crate::app::command::Command;
use crate::app::context::Context;
use crate::app::intent::Intent;
use crate::app::layout::Focus;
use crate::app::msg::Effect;
use crate::app::overlay::{ChoosePane, Choosing};
use crate::app::reshape::RowReach;
use crate::domain::ledger::Status;
use crate::domain::roster::{CellSource, RowId, RowWhat};
use crate::domain::rules::Severity;
use crate::domain::selection::{Condition, Marks, RowSelection, Selecting, Shown, SortBy, unknown_column};
use crate::domain::text;
use crate::words::Locale;

/// Of so many rows nobody notices how long it takes.
const AT_ONCE: RowId = 20_000;

impl RosterPane {
    /// Runs a command that is about which rows are shown or marked; `None` where it is about something else.
    pub(super) fn select(&mut self, command: Command, to: &mut Context<'_>) -> Option<Intent> {
        match command {
            Command::FilterChosen => self.filter_chosen(to),
            Command::FilterFinding => self.filter_finding(to),
            Command::FilterValue => self.filter_value(to),
            Command::FilterErrors => self.add_filter(Condition::Errors, to),
            Command::FilterEdited => self.add_filter(Condition::Edited, to),
            Command::FilterMarked => self.add_filter(Condition::Marked, to),
            Command::FilterAside => self.add_filter(Condition::Said(RowWhat::Aside), to),
            Command::FilterNoted => self.add_filter(Condition::Said(RowWhat::Note), to),
            Command::FilterPart => return Some(self.ask_for_part(to)),
            Command::FilterStatus => return Some(ask_for_status(to)),
            Command::ClearFilter => self.clear_filter(to),
            Command::DropFilter => self.drop_filter(usize::MAX, to),
            Command::Filters => return Some(self.list_filters(to)),
            Command::KeptColumns => return Some(self.list_kept_columns(to)),
            Command::Sort => self.sort(to),
            Command::FileOrder => self.sort_by(None, to),
            Command::MarkRow => self.mark_row(to),
            Command::MarkShown => self.mark_shown(to),
            Command::UnmarkAll => self.unmark_all(to),
            _ => return None,
        }
        Some(Intent::Nothing)
    }

    /// Filters by what was typed, besides what is filtered by already.
    pub(in crate::app) fn filter_typed(&mut self, typed: &str, to: &mut Context<'_>) {
        self.filter_typed = Some(typed.to_string());
        let Some(batch) = &self.batch else { return };
        match to.locale.read_filter(typed, batch) {
            Ok(condition) => self.add_filter(condition, to),
            Err(fault) => to.complain(to.locale.filter_fault(&fault, batch)),
        }
    }

    /// Filters by a condition more.
    pub(in crate::app) fn add_filter(&mut self, condition: Condition, to: &mut Context<'_>) {
        let mut selection = self.grid.selection();
        selection.add(condition);
        self.choose(selection, to);
    }

    /// Takes all filters away; the order stays.
    pub(in crate::app) fn clear_filter(&mut self, to: &mut Context<'_>) {
        self.choose(RowSelection { conditions: Vec::new(), ..self.grid.selection() }, to);
    }

    /// Takes one filter away, the last one where there are not so many.
    pub(in crate::app) fn drop_filter(&mut self, at: usize, to: &mut Context<'_>) {
        let mut selection = self.grid.selection();
        let Some(last) = selection.conditions.len().checked_sub(1) else { return };
        selection.conditions.remove(at.min(last));
        self.choose(selection, to);
    }

    /// Begins to work out which rows a selection shows; a small roster is done at once.
    pub(super) fn choose(&mut self, selection: RowSelection, to: &mut Context<'_>) {
        let Some(batch) = &self.batch else { return };
        if selection.is_empty() {
            self.selecting = None;
            return self.take_shown(None, to);
        }
        let is_small = batch.roster().len() <= AT_ONCE;
        self.selecting = Some(Selecting::new(selection, self.grid.chosen(batch)));
        if is_small {
            return self.choose_at_once(to);
        }
        self.go_on_choosing(to);
        if self.selecting.is_some() {
            to.say(to.told("status.choosing", &[]));
        }
    }

    /// Goes on by one step, and has itself called again after the keys that came meanwhile.
    pub(super) fn go_on_choosing(&mut self, to: &mut Context<'_>) {
        let (Some(batch), Some(mut selecting)) = (&self.batch, self.selecting.take()) else { return };
        let of = self.grid.chosen(batch);
        if selecting.step(of) {
            return self.take_shown(Some(selecting.done()), to);
        }
        self.selecting = Some(selecting);
        to.push(Effect::GoOn);
    }

    fn choose_at_once(&mut self, to: &mut Context<'_>) {
        let (Some(batch), Some(mut selecting)) = (&self.batch, self.selecting.take()) else { return };
        while !selecting.step(self.grid.chosen(batch)) {}
        self.take_shown(Some(selecting.done()), to);
    }

    /// Begins anew what is being worked out: cells have changed meanwhile.
    pub(super) fn choose_anew(&mut self, to: &mut Context<'_>) {
        let (Some(batch), Some(selecting)) = (&self.batch, &self.selecting) else { return };
        self.selecting = Some(Selecting::new(selecting.selection().clone(), self.grid.chosen(batch)));
        to.push(Effect::GoOn);
    }

    /// Stops what is being worked out; tells whether anything was.
    pub(in crate::app) fn stop_choosing(&mut self) -> bool {
        self.selecting.take().is_some()
    }

    /// Tells whether it is being worked out which rows are shown.
    pub fn is_choosing(&self) -> bool {
        self.selecting.is_some()
    }

    /// Puts rows in force that were worked out; the cursor stays on its row where it can.
    fn take_shown(&mut self, shown: Option<Shown>, to: &mut Context<'_>) {
        let Some(batch) = &self.batch else { return };
        if shown.as_ref().is_some_and(|shown| shown.rows().is_empty() && !shown.conditions().is_empty()) {
            let typed = shown.iter().flat_map(Shown::conditions).last().and_then(unknown_column);
            return match typed.map(text::visible) {
                Some(column) => to.miss(to.told("status.filter-no-column", &[("column", &column)])),
                None => to.miss_key("status.filter-empty"),
            };
        }
        self.filter_typed = None;
        let row = self.row().unwrap_or(0);
        let before = self.grid.selection();
        self.grid.shown = shown;
        self.grid.at = self.grid.place_of(row);
        let n = self.grid.count(batch).to_string();
        match self.grid.selection().order {
            Some(by) if before.order != Some(by) => {
                let label = to.locale.cell_source(by.column, batch);
                let key = if by.is_descending { "status.sorted-down" } else { "status.sorted" };
                to.say(to.told(key, &[("column", &label)]));
            }
            None if before.order.is_some() => to.say_key("status.file-order"),
            _ if self.grid.is_filtered() => to.say(to.told("status.filtered", &[("n", &n)])),
            _ => to.say_key("status.filter-off"),
        }
    }

    /// Filters by what the cursor's cell holds.
    fn filter_value(&mut self, to: &mut Context<'_>) {
        let (Some(batch), Some(row)) = (&self.batch, self.row()) else { return };
        let field = self.grid.field();
        let value = Arc::<str>::from(batch.roster().cell(row, field));
        self.add_filter(Condition::is(field, [value]), to);
    }

    /// Filters by the finding under the cursor.
    fn filter_finding(&mut self, to: &mut Context<'_>) {
        let (Some(batch), Some(row)) = (&self.batch, self.row()) else { return };
        let field = self.grid.field();
        let of_row = batch.findings().of_row(row);
        if let Some(finding) = of_row.iter().find(|f| f.field == field).or(of_row.first()).copied() {
            self.grid.column = self.grid.reveal(finding.field);
            self.add_filter(Condition::Findings { rule: Some(finding.rule), field: Some(finding.field) }, to);
        }
    }

    /// Filters by the line under the cursor of the findings pane, and goes to the first finding of it.
    fn filter_chosen(&mut self, to: &mut Context<'_>) {
        let Some(batch) = &self.batch else { return };
        let entries = grid::entries(batch);
        let (rule, field) = match entries.get(self.grid.chosen) {
            Some(FindingLine::Rule(rule, _)) => (Some(*rule), None),
            Some(FindingLine::Folded(rule, field, ..)) => (Some(*rule), Some(*field)),
            Some(FindingLine::Column(field, _)) => (None, Some(*field)),
            Some(FindingLine::Table(fault, _)) => {
                let found = batch.table_findings();
                let of_fault = found.iter().filter(|f| f.fault == *fault);
                let told =
                    of_fault.map(|f| to.locale.table_finding(batch.context().sheet(), &batch.roster().columns, f));
                let told = told.collect::<Vec<_>>().join(to.locale.text("finding.semicolon"));
                return if fault.severity() == Severity::Error { to.complain(told) } else { to.say(told) };
            }
            Some(FindingLine::All(_)) => (None, None),
            None => return,
        };
        self.add_filter(Condition::Findings { rule, field }, to);
        self.grid.focus = Focus::Grid;
        let (Some(batch), Some(row)) = (&self.batch, self.row()) else { return };
        let first = batch.findings().of_row(row).iter().find(|f| self.grid.shows_finding(f)).map(|f| f.field);
        if let Some(field) = first {
            self.grid.column = self.grid.reveal(field);
        }
    }

    fn ask_for_part(&self, to: &mut Context<'_>) -> Intent {
        let parts = self.batch.as_ref().map_or(&[][..], |batch| batch.roster().parts());
        if parts.len() < 2 {
            to.warn("status.one-file");
            return Intent::Nothing;
        }
        let words = |(at, part): (usize, &crate::domain::roster::Part)| {
            (at.to_string(), to.locale.file_place(&part.origin.file, &part.origin.sheet))
        };
        let at = self.batch.as_ref().zip(self.row()).map_or(0, |(batch, row)| batch.roster().part_of(row));
        let options = parts.iter().enumerate().map(words).collect();
        let title = to.locale.text("command.filter-part.title").to_string();
        Intent::Choose(Box::new(ChoosePane::new(title, Choosing::Part, options, at)))
    }

    /// Lists what is filtered by, so that one of it can be taken away.
    fn list_filters(&self, to: &mut Context<'_>) -> Intent {
        let (Some(batch), Some(shown)) = (&self.batch, &self.grid.shown) else { return Intent::Nothing };
        let words = |(at, (condition, left)): (usize, (&Condition, &usize))| {
            let told = to.locale.condition(batch, condition, self.grid.unmasked.is_none());
            (at.to_string(), to.locale.fill("filter.leaves", &[("filter", &told), ("n", &left.to_string())]))
        };
        let options: Vec<(String, String)> =
            shown.conditions().iter().zip(shown.left()).enumerate().map(words).collect();
        let last = options.len().saturating_sub(1);
        let title = to.locale.text("command.filters.title").to_string();
        Intent::Choose(Box::new(ChoosePane::new(title, Choosing::Filters, options, last)))
    }

    /// Sorts by the cursor's column; again the other way round, and again as the file has it.
    fn sort(&mut self, to: &mut Context<'_>) {
        self.turn_order(self.grid.field().into(), to);
    }

    /// Sorts by a column, which the form need not have; again the other way round, and again as the file has it.
    pub(in crate::app) fn turn_order(&mut self, column: CellSource, to: &mut Context<'_>) {
        let by = match self.grid.selection().order.filter(|by| by.column == column) {
            None => Some(SortBy { column, is_descending: false }),
            Some(SortBy { is_descending: false, .. }) => Some(SortBy { column, is_descending: true }),
            Some(_) => None,
        };
        self.sort_by(by, to);
    }

    pub(in crate::app) fn sort_by(&mut self, order: Option<SortBy>, to: &mut Context<'_>) {
        if order.is_some() && self.is_incomplete() {
            return self.warn_incomplete(to);
        }
        self.choose(RowSelection { order, ..self.grid.selection() }, to);
    }

    /// Marks the cursor's row, or takes its mark away, and goes on to the next.
    fn mark_row(&mut self, to: &mut Context<'_>) {
        let Some(row) = self.row() else { return };
        self.grid.marks.set(row, !self.grid.marks.has(row));
        self.grid.at += 1;
        self.tell_marks(to);
    }

    fn mark_shown(&mut self, to: &mut Context<'_>) {
        let Some(batch) = &self.batch else { return };
        match &self.grid.shown {
            Some(shown) => shown.rows().iter().for_each(|row| self.grid.marks.set(*row, true)),
            None => (0..batch.roster().len()).for_each(|row| self.grid.marks.set(row, true)),
        }
        self.tell_marks(to);
    }

    fn unmark_all(&mut self, to: &mut Context<'_>) {
        self.grid.marks = Marks::default();
        self.tell_marks(to);
    }

    fn tell_marks(&mut self, to: &mut Context<'_>) {
        self.grid.marked = self.grid.marks.runs();
        match self.grid.marks.len() {
            0 => to.say_key("status.none-marked"),
            n => to.say(to.told("status.marked", &[("n", &n.to_string())])),
        }
    }

    /// Gives the rows that something is done to: the marked ones, in the order of the file, or else that of the cursor.
    pub fn acted_rows(&self) -> Vec<RowId> {
        if self.grid.marks.is_empty() { self.row().into_iter().collect() } else { self.grid.marks.iter().collect() }
    }

    /// Gives the rows of which a whole column is set: the marked ones, or else all that are shown.
    pub(super) fn rows_to_set(&self) -> Vec<RowId> {
        let Some(batch) = &self.batch else { return Vec::new() };
        if !self.grid.marks.is_empty() {
            return self.acted_rows();
        }
        (0..self.grid.count(batch)).filter_map(|at| self.grid.row_at(batch, at)).collect()
    }

    /// Tells whether there are rows that something can be done to: marked ones, or fewer shown than there are.
    pub(in crate::app) fn has_reach(&self, reach: RowReach) -> bool {
        match reach {
            RowReach::Marked => !self.grid.marks.is_empty(),
            RowReach::Shown => self.grid.is_filtered(),
            RowReach::All => true,
        }
    }

    /// Gives the rows that something is done to; nothing where it is all of them.
    pub(in crate::app) fn rows_in(&self, reach: RowReach) -> Option<Arc<[RowId]>> {
        match reach {
            RowReach::Marked => Some(self.grid.marks.iter().collect()),
            RowReach::Shown => self.grid.shown.as_ref().map(|shown| Arc::from(shown.rows())),
            RowReach::All => None,
        }
    }

    /// Says which rows those are; nothing of all of them.
    pub(in crate::app) fn reach_words(&self, reach: RowReach, locale: &Locale) -> String {
        match reach {
            RowReach::Marked => self.acted_words(locale),
            RowReach::Shown => self.filtered_words(locale),
            RowReach::All => String::new(),
        }
    }

    /// Says which rows something is done to, where that is not simply all of them.
    pub fn acted_words(&self, locale: &Locale) -> String {
        let marks = &self.grid.marks;
        if marks.is_empty() {
            return self.filtered_words(locale);
        }
        let hidden =
            if self.grid.is_filtered() { marks.iter().filter(|row| !self.grid.shows(*row)).count() } else { 0 };
        let n = marks.len().to_string();
        match hidden {
            0 => locale.fill("ui.preview.marked", &[("n", &n)]),
            hidden => locale.fill("ui.preview.marked-hidden", &[("n", &n), ("hidden", &hidden.to_string())]),
        }
    }

    /// Says to how many rows a filter limits what is done, and which; nothing without one.
    pub(super) fn filtered_words(&self, locale: &Locale) -> String {
        let (Some(batch), true) = (&self.batch, self.grid.is_filtered()) else { return String::new() };
        let filter = locale.conditions(batch, self.grid.conditions(), self.grid.unmasked.is_none());
        locale.fill("ui.preview.filtered", &[("n", &self.grid.count(batch).to_string()), ("filter", &filter)])
    }

    /// Says what the rows on screen are filtered and sorted by, and how many are marked; nothing where there is none of it.
    pub fn selection_words(&self, locale: &Locale) -> Option<(String, String)> {
        let batch = self.batch.as_ref()?;
        let mut parts = Vec::new();
        if let Some(by) = self.grid.selection().order {
            let key = if by.is_descending { "ui.grid.sorted-down" } else { "ui.grid.sorted" };
            parts.push(locale.fill(key, &[("column", &locale.cell_source(by.column, batch))]));
        }
        if !self.grid.marks.is_empty() {
            parts.push(locale.fill("ui.grid.marked", &[("n", &self.grid.marks.len().to_string())]));
        }
        let filter = self.grid.is_filtered().then(|| {
            let (n, all) = (self.grid.count(batch).to_string(), batch.roster().len().to_string());
            parts.insert(0, locale.fill("ui.grid.left", &[("n", &n), ("all", &all)]));
            let filter = locale.conditions(batch, self.grid.conditions(), self.grid.unmasked.is_none());
            locale.fill("ui.grid.filter", &[("filter", &filter)])
        });
        (!parts.is_empty()).then(|| (filter.unwrap_or_default(), parts.join(locale.text("filter.beside"))))
    }

    /// Says the same in few words: how many rows are left, by what they are sorted, the column's label cut by `cut`, and how many
    /// are marked.
    pub fn selection_in_short(&self, locale: &Locale, cut: impl Fn(&str) -> String) -> [Option<String>; 3] {
        let Some(batch) = &self.batch else { return [None, None, None] };
        let left = self.grid.is_filtered().then(|| {
            let (n, all) = (self.grid.count(batch).to_string(), batch.roster().len().to_string());
            locale.fill("ui.grid.left", &[("n", &n), ("all", &all)])
        });
        let sorted = self.grid.selection().order.map(|by| {
            let key = if by.is_descending { "ui.grid.sorted-down-short" } else { "ui.grid.sorted-short" };
            locale.fill(key, &[("column", &cut(&locale.cell_source(by.column, batch)))])
        });
        let marks = self.grid.marks.len();
        let marked = (marks != 0).then(|| locale.fill("ui.grid.marked", &[("n", &marks.to_string())]));
        [left, sorted, marked]
    }
}

fn ask_for_status(to: &mut Context<'_>) -> Intent {
    let none = (String::new(), to.locale.text("filter.no-status").to_string());
    let words = |status: Status| (status.key().to_string(), to.locale.status(status).to_string());
    let options = std::iter::once(none).chain(Status::ALL.into_iter().map(words)).collect();
    let title = to.locale.text("command.filter-status.title").to_string();
    Intent::Choose(Box::new(ChoosePane::new(title, Choosing::LedgerStatus, options, 0)))
}
