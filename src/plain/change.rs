//! A change before it is made, a question, and the steps so far.

use std::sync::Arc;

use super::Talk;
use crate::app::overlay::Overlay;
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
            let value = |text: &str| self.value_words(&self.app.roster.shown(edit.row, edit.field, text));
            let (before, after) = (value(&edit.before), value(&edit.after));
            let line = batch.roster().line(edit.row).to_string();
            let column = batch.context().sheet().label(edit.field);
            let places = [("line", &*line), ("column", column), ("before", &before), ("after", &after)];
            // A change of what is masked is told as one.
            let key = if before == after { "plain.edit-masked" } else { "plain.edit" };
            self.app.locale.fill(key, &places)
        };
        self.edits().iter().skip(from).take(page).map(line).collect()
    }

    /// Lists what may be taken of an organiser's answers.
    pub(super) fn kinds_of_answers(&self) -> Vec<String> {
        match self.app.overlays.open() {
            Some(Overlay::Choose(pane)) => pane.options().iter().map(|(_, words)| words.clone()).collect(),
            _ => Vec::new(),
        }
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
