//! The choice between a batch and a file that is in it, or was with another content.

use std::path::Path;

use super::{BatchLine, Import, ImportStep};
use crate::app::context::Context;
use crate::domain::batch::versions::VersionDifference;
use crate::domain::ledger::BatchId;
use crate::words::Locale;

/// What is known of a file that is about to be opened.
#[derive(Debug, Clone, Copy)]
pub enum KnownAs {
    /// Its path held something else, which differs so.
    Changed(VersionDifference),
    /// It is the further file of this number of a batch.
    Part(u32),
}

/// The batch that a file is in, and as what.
#[derive(Debug)]
pub(super) struct Versions {
    older: BatchLine,
    known_as: KnownAs,
}

impl Import {
    /// Tells what differs: the sentences above the choice.
    pub fn version_lines(&self, locale: &Locale) -> Vec<String> {
        let Some(Versions { older, known_as }) = &self.versions else { return Vec::new() };
        let name = self.path.as_deref().and_then(|path| path.file_name()).unwrap_or_default().to_string_lossy();
        let place = locale.file_place(&name, self.sheet.as_deref().unwrap_or_default());
        let batch = older.batch.to_string();
        let VersionDifference { rows_before, rows_now, gone, new, changed } = match *known_as {
            KnownAs::Changed(difference) => difference,
            KnownAs::Part(number) => {
                let (number, parts) = ((number + 1).to_string(), (older.parts + 1).to_string());
                let places = [("file", &*place), ("batch", &batch), ("number", &number), ("parts", &parts)];
                return vec![locale.fill("ui.versions.part", &places)];
            }
        };
        let counts = [rows_before, rows_now, new, gone, changed].map(|n| n.to_string());
        let names = ["before", "now", "new", "gone", "changed"];
        let places: Vec<(&str, &str)> = names.into_iter().zip(counts.iter().map(String::as_str)).collect();
        vec![
            locale.fill("ui.versions.other", &[("file", &place), ("batch", &batch)]),
            locale.fill("ui.versions.differs", &places),
        ]
    }

    /// Gives the answers.
    pub fn version_choices(&self, locale: &Locale) -> Vec<String> {
        let older = self.versions.as_ref().map_or_else(String::new, |versions| versions.older.told(locale));
        let is_part = self.versions.as_ref().is_some_and(|versions| matches!(versions.known_as, KnownAs::Part(_)));
        let anew = if is_part { "ui.versions.alone" } else { "ui.versions.anew" };
        let mut choices = vec![locale.fill("ui.versions.older", &[("batch", &older)]), locale.text(anew).to_string()];
        if self.may_carry() {
            choices.push(locale.text("ui.versions.carry").to_string());
        }
        choices
    }

    /// Counts the answers: the batch, the file anew, the same with the corrections of the batch.
    pub(super) fn count_versions(&self) -> usize {
        if self.may_carry() { 3 } else { 2 }
    }

    /// Tells whether the file is another version of one that was corrected.
    fn may_carry(&self) -> bool {
        self.versions.as_ref().is_some_and(|v| matches!(v.known_as, KnownAs::Changed(_)) && v.older.edits != 0)
    }

    /// Gives the batch whose corrections come along to what was read from a file.
    pub(in crate::app) fn take_carries(&mut self, from: Option<&Path>) -> Option<BatchId> {
        let (path, batch) = self.carries.take()?;
        (from == Some(&*path)).then_some(batch)
    }

    /// Takes what is to be chosen between; the work that is there stands first.
    pub(in crate::app) fn take_versions(&mut self, older: BatchLine, known_as: KnownAs) {
        self.versions = Some(Versions { older, known_as });
        (self.step, self.at, self.opening) = (ImportStep::Versions, 0, false);
    }

    pub(super) fn choose_version(&mut self, to: &mut Context<'_>) {
        match (self.at, &self.versions, self.path.clone()) {
            (0, Some(versions), _) => {
                let batch = versions.older.batch;
                self.open_batch(Some(batch), to);
            }
            (at, Some(versions), Some(path)) => {
                self.carries = (at == 2).then(|| (path.clone(), versions.older.batch));
                self.read_as((path, self.sheet.clone()), None, true, to);
            }
            _ => {}
        }
    }
}
