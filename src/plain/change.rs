//! A change before it is made, a question, and the steps so far.

use std::sync::Arc;

use super::Talk;
use crate::app::overlay::{Overlay, PapersPane};
use crate::domain::replace::MaskedValue;
use crate::domain::roster::{CellEdit, Change, RowEdit, RowWhat};
use crate::domain::text;

impl Talk {
    pub(super) fn tell_preview(&mut self) {
        let Some(Overlay::Preview(pane)) = self.app.overlays.open() else { return };
        let preview = pane.preview();
        let (key, n) = match preview.change.edits.len() {
            0 => ("plain.preview-rows", preview.change.rows.len().to_string()),
            cells => ("plain.preview", cells.to_string()),
        };
        let locale = &self.app.locale;
        let mut lines = vec![locale.fill(key, &[("title", &preview.change.title), ("n", &n)])];
        let note = Some(&preview.note).filter(|note| !note.is_empty());
        lines.extend(note.map(|note| locale.fill("plain.done", &[("text", text::unstopped(note))])));
        // One kind is what the first line counts, but what is only told stands nowhere else.
        if 1 < preview.kinds.len() || preview.kinds.iter().any(|(_, n)| *n == 0) {
            let kind = |(kind, n): &(String, usize)| {
                if *n == 0 {
                    return kind.clone();
                }
                locale.fill("plain.preview-kind", &[("kind", kind), ("n", &n.to_string())])
            };
            lines.extend(preview.kinds.iter().map(kind));
        }
        lines.extend(preview.open.iter().cloned());
        for line in lines {
            self.say(&line);
        }
    }

    /// Tells whether the previewed change can be turned to another reach.
    pub(super) fn has_other_reach(&self) -> bool {
        matches!(self.app.overlays.open(), Some(Overlay::Preview(pane)) if pane.preview().other.is_some())
    }

    /// Counts what is told of the previewed change.
    pub(super) fn count_previewed(&self) -> usize {
        match self.app.overlays.open() {
            Some(Overlay::Preview(pane)) => pane.count(),
            _ => 0,
        }
    }

    /// Gives the cells that the previewed change would change.
    pub(super) fn edits(&self) -> &[CellEdit] {
        match self.app.overlays.open() {
            Some(Overlay::Preview(pane)) => &pane.preview().change.edits,
            _ => &[],
        }
    }

    /// Gives what the previewed change would say of rows.
    pub(super) fn said(&self) -> &[RowEdit] {
        match self.app.overlays.open() {
            Some(Overlay::Preview(pane)) => &pane.preview().change.rows,
            _ => &[],
        }
    }

    fn said_lines(&self) -> impl Iterator<Item = String> {
        self.said().iter().map(|edit| {
            let place = self.place_words(edit.row);
            let what = match &edit.after {
                Some(text) => self.said_words(edit.what, &self.app.roster.shown_said(edit.row, text)),
                None => self.app.locale.said_of_row(edit.what, None),
            };
            self.app.locale.fill("plain.row-said", &[("place", &place), ("what", &what)])
        })
    }

    /// Says what is said of a row.
    pub(super) fn said_words(&self, what: RowWhat, text: &str) -> String {
        self.app.locale.said_of_row(what, Some(text))
    }

    pub(super) fn edit_lines(&self, from: usize, page: usize) -> Vec<String> {
        let Some(batch) = self.app.roster.batch() else { return Vec::new() };
        let line = |edit: &CellEdit| {
            let is_masked = self.app.roster.is_masked(edit.row);
            let shown =
                self.app.locale.edit_shown((batch, edit.row), edit.field, [&edit.before, &edit.after], is_masked);
            let unseen = self.app.locale.changed_unseen(&shown);
            let [before, after] = shown.texts.map(|text| self.value_words(&text));
            let after = after + &unseen;
            let place = self.place_words(edit.row);
            let column = batch.context().sheet().label(edit.field);
            let places = [("place", &*place), ("column", column), ("before", &before), ("after", &after)];
            self.app.locale.fill("plain.edit", &places)
        };
        let values = self.previewed();
        if !values.is_empty() {
            return values.iter().skip(from).take(page).map(|value| self.value_line(value)).collect();
        }
        self.edits().iter().map(line).chain(self.said_lines()).skip(from).take(page).collect()
    }

    /// Gives what becomes of which value, where the previewed change is told by these.
    fn previewed(&self) -> &[MaskedValue] {
        match self.app.overlays.open() {
            Some(Overlay::Preview(pane)) => &pane.preview().values,
            _ => &[],
        }
    }

    fn value_line(&self, value: &MaskedValue) -> String {
        let column = self.app.roster.batch().map_or("", |batch| batch.context().sheet().label(value.field));
        let [before, after] = value.shown.texts.each_ref().map(|text| self.value_words(text));
        let after = after + &self.app.locale.changed_unseen(&value.shown);
        let n = value.cells.to_string();
        let places = [("n", &*n), ("column", column), ("before", &before), ("after", &after)];
        self.app.locale.fill("plain.edit-value", &places)
    }

    /// Lists what may be chosen of a question that a list asks.
    pub(super) fn choice_lines(&self) -> Vec<String> {
        match self.app.overlays.open() {
            Some(Overlay::Choose(pane)) => pane.options().iter().map(|(_, words)| words.clone()).collect(),
            _ => Vec::new(),
        }
    }

    pub(super) fn tell_question(&mut self) {
        if let Some(question) = self.app.overlays.papers().and_then(PapersPane::question).map(String::from) {
            return self.say(&question);
        }
        if let Some(Overlay::Confirm(asked)) = self.app.overlays.open() {
            let told = asked
                .facts()
                .iter()
                .map(|fact| self.app.locale.fill("plain.answer", &[("label", &fact.what), ("answer", &fact.told())]));
            let told: Vec<String> = told.chain(asked.question().lines().map(String::from)).collect();
            told.iter().for_each(|line| self.say(line));
        }
    }

    /// Lists the steps, the latest first, and whether each is in force.
    pub(super) fn steps(&self) -> Vec<(&Arc<Change>, bool)> {
        let Some(batch) = self.app.roster.batch() else { return Vec::new() };
        let undone = batch.history().undone_steps().iter().rev().map(|step| (step, false));
        undone.chain(batch.history().applied().iter().rev().map(|step| (step, true))).collect()
    }

    pub(super) fn history_lines(&self, from: usize, page: usize) -> Vec<String> {
        let steps = self.steps();
        let (all, locale) = (steps.len(), &self.app.locale);
        let line = |(i, (step, done)): (usize, &(&Arc<Change>, bool))| {
            let (number, told) = ((all - i).to_string(), locale.step_told(step));
            let mut places = vec![("number", &*number), ("title", &*told)];
            let made = self.app.roster.steps_made().get(all - i - 1);
            places.extend(made.into_iter().flat_map(|made| [("at", &*made.at), ("user", text::signed_by(&made.user))]));
            let key = match (made, done) {
                (Some(_), true) => "plain.step-made",
                (Some(_), false) => "plain.step-made-undone",
                (None, true) => "plain.step",
                (None, false) => "plain.step-undone",
            };
            locale.fill(key, &places)
        };
        steps.iter().enumerate().skip(from).take(page).map(line).collect()
    }
}
