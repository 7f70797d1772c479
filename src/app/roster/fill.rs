//! Filling (填充): a text goes into other cells of its column, or a block that was copied elsewhere into those from the cursor on.

use std::sync::Arc;

use super::RosterPane;
use super::changes::cell_title;
use super::paste;
use crate::app::context::Context;
use crate::app::intent::{Intent, Preview};
use crate::app::msg::{BesideAsk, SameTold};
use crate::domain::batch::{SamePlan, SameText};
use crate::domain::roster::Change;
use crate::domain::sheet::Field;
use crate::words::Locale;

impl RosterPane {
    /// Shows what filling the current value down, or into every row shown, would change. Where some of the cells are blank and
    /// others are not, filling down is about the blank ones first and filling everywhere about all; either can be turned.
    pub(super) fn fill(&self, everywhere: bool, to: &mut Context<'_>) -> Intent {
        let (Some(batch), Some(row)) = (&self.batch, self.row()) else { return Intent::Nothing };
        let field = self.grid.field();
        let value: Arc<str> = batch.roster().cell(row, field).into();
        let title = cell_title("ui.change.fill", batch, row, field, to.locale);
        // What is filled down goes by place, what is filled in everywhere by marks where there are any.
        let down = || (self.grid.at + 1..self.grid.count(batch)).filter_map(|at| self.grid.row_at(batch, at)).collect();
        let rows = if everywhere { self.rows_to_set() } else { down() };
        let words = match everywhere {
            true => self.acted_words(to.locale),
            false if self.grid.marks.is_empty() => self.filtered_words(to.locale),
            false => {
                noted([self.filtered_words(to.locale), to.locale.text("ui.preview.marks-aside").to_string()], to.locale)
            }
        };
        let told = SameTold { field, title, words, blank_first: Some(!everywhere) };
        self.plan_same(SameText { field, value, rows }, told, to)
    }

    /// Shows what setting a column for the marked rows, or for all rows shown, would change.
    pub(in crate::app) fn set_column(&self, field: Field, text: &str, to: &mut Context<'_>) -> Intent {
        let Some(batch) = &self.batch else { return Intent::Nothing };
        let label = batch.context().sheet().label(field);
        let title = to.locale.fill("ui.change.column", &[("column", label)]);
        let told = SameTold { field, title, words: self.acted_words(to.locale), blank_first: None };
        self.plan_same(SameText { field, value: text.into(), rows: self.rows_to_set() }, told, to)
    }

    /// Works out what a text for a column changes; of very many rows that is done beside the roster.
    fn plan_same(&self, wish: SameText, told: SameTold, to: &mut Context<'_>) -> Intent {
        if !self.is_editable() {
            self.refuse_change(to);
            return Intent::Nothing;
        }
        let Some(batch) = &self.batch else { return Intent::Nothing };
        if Self::are_very_many(wish.rows.len()) {
            let ask = BesideAsk::PlanSame { batch: batch.clone(), wish, told: told.clone() };
            return Intent::Await(told.title, Box::new(ask));
        }
        let plan = batch.plan_same(&wish, &|| false).unwrap_or_default();
        Intent::preview(self.preview_same(told, plan, to))
    }

    /// Shows what a text for a column changes.
    pub(in crate::app) fn preview_same(&self, told: SameTold, plan: SamePlan, to: &mut Context<'_>) -> Option<Preview> {
        let SameTold { field, title, words, blank_first } = told;
        let is_one_each = matches!(field, Field::Code | Field::IdNumber)
            && plan.edits.first().is_some_and(|edit| !edit.after.trim().is_empty());
        let one_each = if is_one_each { to.locale.text("ui.preview.one-each") } else { "" };
        let note = noted([one_each.to_string(), words, aside_words(plan.aside, to.locale)], to.locale);
        let change = |edits| Change { title: title.clone(), edits, ..Change::default() };
        let Some(blank_first) = blank_first.filter(|_| !plan.blank.is_empty()) else {
            // Whoever fills down looks for blank cells.
            let places = [("n", &*plan.edits.len().to_string())];
            let none = blank_first.map_or_else(String::new, |_| to.told("ui.preview.no-blank", &places));
            return self.preview_one_column(change(plan.edits), field, noted([none, note], to.locale), to);
        };
        let (of_blank, of_all) = (plan.blank.len(), plan.edits.len());
        let (n, kept, all_cells) = (of_blank.to_string(), (of_all - of_blank).to_string(), of_all.to_string());
        let places = [("n", &*n), ("kept", &*kept), ("all", &*all_cells)];
        let told = |key| noted([to.told(key, &places), note.clone()], to.locale);
        let (blank_note, all_note) = (told("ui.preview.blank-only"), told("ui.preview.blank-and-all"));
        let blank = self.preview_one_column(change(plan.blank), field, blank_note, to)?;
        let all = self.preview_one_column(change(plan.edits), field, all_note, to)?;
        let (mut first, other) = if blank_first { (blank, all) } else { (all, blank) };
        first.other = Some(Box::new(other));
        Some(first)
    }

    fn preview_one_column(&self, change: Change, field: Field, note: String, to: &mut Context<'_>) -> Option<Preview> {
        let Some(batch) = &self.batch else { return None };
        let kinds = vec![(batch.context().sheet().label(field).to_string(), change.edits.len())];
        self.preview(change, kinds, note, to)
    }

    /// Gives the current cell the text of the one above it among the rows shown.
    pub(super) fn copy_above(&mut self, to: &mut Context<'_>) {
        let (Some(batch), Some(row)) = (&self.batch, self.row()) else { return };
        let field = self.grid.field();
        let above = (0..self.grid.at).rev().filter_map(|at| self.grid.row_at(batch, at));
        let Some(above) = above.into_iter().find(|row| !batch.roster().is_aside(*row)) else {
            return to.warn("status.nothing-above");
        };
        let value: Arc<str> = batch.roster().cell(above, field).into();
        let title = cell_title("ui.change.above", batch, row, field, to.locale);
        let change = batch.change(title, [(row, field, value)]);
        self.apply_to_cell(change, to);
    }

    /// Shows what a pasted block would change: its lines go down the rows shown, from the cell that is typed into or else the
    /// cursor's, its columns across. Rows put aside are skipped, and what finds no place is told.
    pub(in crate::app) fn preview_pasted(&self, text: &str, to: &mut Context<'_>) -> Option<Preview> {
        let (Some(batch), Some(row)) = (&self.batch, self.row()) else { return None };
        let (row, field) = self.edit.as_ref().map_or((row, self.grid.field()), |edit| (edit.row, edit.field));
        let fields = &self.grid.fields[self.grid.place_of_field(field).min(self.grid.fields.len())..];
        let block = paste::block(text);
        let mut lines = block.iter();
        let (mut cells, mut aside) = (Vec::new(), 0);
        for row in (self.grid.place_of(row)..self.grid.count(batch)).filter_map(|at| self.grid.row_at(batch, at)) {
            if lines.len() == 0 {
                break;
            }
            if batch.roster().is_aside(row) {
                aside += 1;
            } else if let Some(line) = lines.next() {
                cells.extend(fields.iter().zip(line).map(|(field, cell)| (row, *field, Arc::from(cell.as_str()))));
            }
        }
        let widest = block.iter().map(Vec::len).max().unwrap_or(0);
        let counted = |key, n: usize| match n {
            0 => String::new(),
            n => to.locale.fill(key, &[("n", &n.to_string())]),
        };
        let note = [
            counted("ui.preview.no-row", lines.len()),
            counted("ui.preview.no-column", widest.saturating_sub(fields.len())),
            aside_words(aside, to.locale),
            self.filtered_words(to.locale),
        ];
        let note = noted(note, to.locale);
        let change = batch.change(cell_title("ui.change.paste", batch, row, field, to.locale), cells);
        let kinds = Locale::edits_by_column(&change.edits, batch);
        self.preview(change, kinds, note, to)
    }
}

/// Says how many rows are left out because they are put aside.
fn aside_words(n: usize, locale: &Locale) -> String {
    if n == 0 { String::new() } else { locale.fill("ui.preview.not-aside", &[("n", &n.to_string())]) }
}

fn noted<const N: usize>(words: [String; N], locale: &Locale) -> String {
    let told: Vec<String> = words.into_iter().filter(|words| !words.is_empty()).collect();
    told.join(locale.text("filter.beside"))
}
