//! The choice between a batch and what its path holds now.

use super::{BatchLine, Import, ImportStep};
use crate::app::context::Context;
use crate::domain::batch::versions::VersionDifference;
use crate::words::Locale;

/// How many answers there are: the batch, and the file anew.
pub(super) const CHOICES: usize = 2;

/// The batch that was made of a path, and how that differs from what the path holds now.
#[derive(Debug)]
pub(super) struct Versions {
    older: BatchLine,
    difference: VersionDifference,
}

impl Import {
    /// Tells what differs: the sentences above the choice.
    pub fn version_lines(&self, locale: &Locale) -> Vec<String> {
        let Some(Versions { older, difference }) = &self.versions else { return Vec::new() };
        let VersionDifference { rows_before, rows_now, gone, new, changed } = *difference;
        let name = self.path.as_deref().and_then(|path| path.file_name()).unwrap_or_default().to_string_lossy();
        let counts = [rows_before, rows_now, new, gone, changed].map(|n| n.to_string());
        let names = ["before", "now", "new", "gone", "changed"];
        let places: Vec<(&str, &str)> = names.into_iter().zip(counts.iter().map(String::as_str)).collect();
        vec![
            locale.fill("ui.versions.other", &[("file", &name), ("batch", &older.batch.to_string())]),
            locale.fill("ui.versions.differs", &places),
        ]
    }

    /// Gives the answers.
    pub fn version_choices(&self, locale: &Locale) -> [String; CHOICES] {
        let older = self.versions.as_ref().map_or_else(String::new, |versions| versions.older.told(locale));
        [locale.fill("ui.versions.older", &[("batch", &older)]), locale.text("ui.versions.anew").to_string()]
    }

    /// Takes what is to be chosen between; the work that is there stands first.
    pub(in crate::app) fn take_versions(&mut self, older: BatchLine, difference: VersionDifference) {
        self.versions = Some(Versions { older, difference });
        (self.step, self.at, self.opening) = (ImportStep::Versions, 0, false);
    }

    pub(super) fn choose_version(&mut self, to: &mut Context<'_>) {
        match (self.at, &self.versions, self.path.clone()) {
            (0, Some(versions), _) => {
                let batch = versions.older.batch;
                self.open_batch(Some(batch), to);
            }
            (_, Some(_), Some(path)) => self.read_as((path, self.sheet.clone()), None, true, to),
            _ => {}
        }
    }
}
