//! A change before it is made, a question, and the steps so far.

use std::sync::Arc;

use super::Talk;
use crate::app::overlay::Overlay;
use crate::domain::replace::MaskedValue;
use crate::domain::roster::{CellEdit, Change};
use crate::domain::text;

impl Talk {
    pub(super) fn tell_preview(&mut self) {
        let Some(Overlay::Preview(pane)) = self.app.overlays.open() else { return };
        let preview = pane.preview();
        let n = preview.change.edits.len().to_string();
        let locale = &self.app.locale;
        let mut lines = vec![locale.fill("plain.preview", &[("title", &preview.change.title), ("n", &n)])];
        let note = Some(&preview.note).filter(|note| !note.is_empty());
        lines.extend(note.map(|note| locale.fill("plain.done", &[("text", text::unstopped(note))])));
        if 1 < preview.kinds.len() {
            let kind = |(kind, n): &(String, usize)| {
                locale.fill("plain.preview-kind", &[("kind", kind), ("n", &n.to_string())])
            };
            lines.extend(preview.kinds.iter().map(kind));
        }
        for line in lines {
            self.say(&line);
        }
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

    pub(super) fn edit_lines(&self, from: usize, page: usize) -> Vec<String> {
        let Some(batch) = self.app.roster.batch() else { return Vec::new() };
        let line = |edit: &CellEdit| {
            let is_masked = self.app.roster.is_masked(edit.row);
            let shown = self.app.locale.change_shown(edit.field, [&edit.before, &edit.after], is_masked);
            let [before, after] = shown.map(|text| self.value_words(&text));
            let line = batch.roster().line(edit.row).to_string();
            let column = batch.context().sheet().label(edit.field);
            let places = [("line", &*line), ("column", column), ("before", &before), ("after", &after)];
            // A change of what is masked is told as one.
            let key = if before == after { "plain.edit-masked" } else { "plain.edit" };
            self.app.locale.fill(key, &places)
        };
        let values = self.previewed();
        if !values.is_empty() {
            return values.iter().skip(from).take(page).map(|value| self.value_line(value)).collect();
        }
        self.edits().iter().skip(from).take(page).map(line).collect()
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
        let [before, after] = value.shown.each_ref().map(|text| self.value_words(text));
        let n = value.cells.to_string();
        let places = [("n", &*n), ("column", column), ("before", &before), ("after", &after)];
        self.app.locale.fill("plain.edit-value", &places)
    }

    pub(super) fn tell_question(&mut self) {
        if let Some(Overlay::Confirm(asked)) = self.app.overlays.open() {
            let question = asked.question().to_string();
            self.say(&question);
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
            let (number, n) = ((all - i).to_string(), step.edits.len().to_string());
            let key = if *done { "plain.step" } else { "plain.step-undone" };
            locale.fill(key, &[("number", &number), ("title", &step.title), ("n", &n)])
        };
        steps.iter().enumerate().skip(from).take(page).map(line).collect()
    }
}
