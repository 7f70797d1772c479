//! The choice between a file and the batches that it is in, or the one that was made of another content of it.

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
    /// Its rows are in batches.
    Held,
}

/// The batches that a file is in, each with the number of the part that it is there, and as what.
#[derive(Debug)]
pub(super) struct Versions {
    batches: Vec<(BatchLine, u32)>,
    known_as: KnownAs,
}

impl Import {
    /// Tells what is known: the sentences above the choice.
    pub fn version_lines(&self, locale: &Locale) -> Vec<String> {
        let Some(Versions { batches, known_as }) = &self.versions else { return Vec::new() };
        let name = self.path.as_deref().and_then(|path| path.file_name()).unwrap_or_default().to_string_lossy();
        let place = locale.file_place(&name, self.sheet.as_deref().unwrap_or_default());
        let Some((first, number)) = batches.first() else { return Vec::new() };
        let batch = first.batch.to_string();
        let VersionDifference { rows_before, rows_now, gone, new, changed } = match *known_as {
            KnownAs::Changed(difference) => difference,
            KnownAs::Held if 1 < batches.len() => {
                let places = [("file", &*place), ("n", &batches.len().to_string())];
                return vec![locale.fill("ui.versions.in-several", &places)];
            }
            KnownAs::Held => {
                let (number, parts) = numbers(first, *number);
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
        let Some(Versions { batches, known_as }) = &self.versions else { return Vec::new() };
        let is_of_several = 1 < batches.len();
        let older = |(line, number): &(BatchLine, u32)| {
            let told = line.told(locale);
            if !is_of_several || line.parts == 0 {
                return locale.fill("ui.versions.older", &[("batch", &told)]);
            }
            let (number, parts) = numbers(line, *number);
            locale.fill("ui.versions.older-part", &[("batch", &told), ("number", &number), ("parts", &parts)])
        };
        let anew = match known_as {
            KnownAs::Changed(_) => "ui.versions.anew",
            KnownAs::Held if is_of_several => "ui.versions.apart",
            KnownAs::Held => "ui.versions.alone",
        };
        let mut choices: Vec<String> = batches.iter().map(older).collect();
        choices.push(locale.text(anew).to_string());
        if self.may_carry().is_some() {
            choices.push(locale.text("ui.versions.carry").to_string());
        }
        choices
    }

    /// Counts the answers: the batches, the file anew, the same with the corrections of the batch.
    pub(super) fn count_versions(&self) -> usize {
        let batches = self.versions.as_ref().map_or(0, |versions| versions.batches.len());
        batches + 1 + usize::from(self.may_carry().is_some())
    }

    /// Gives the batch whose corrections may come along: the file is another version of one that was corrected.
    fn may_carry(&self) -> Option<BatchId> {
        let Versions { batches, known_as: KnownAs::Changed(_) } = self.versions.as_ref()? else { return None };
        let (older, _) = batches.first()?;
        (older.edits != 0 || older.said != 0).then_some(older.batch)
    }

    /// Gives the batch whose corrections come along to what was read from a file.
    pub(in crate::app) fn take_carries(&mut self, from: Option<&Path>) -> Option<BatchId> {
        let (path, batch) = self.carries.take()?;
        (from == Some(&*path)).then_some(batch)
    }

    /// Takes what is to be chosen between; the work that is there stands first.
    pub(in crate::app) fn take_versions(&mut self, batches: Vec<(BatchLine, u32)>, known_as: KnownAs) {
        self.versions = Some(Versions { batches, known_as });
        (self.step, self.at, self.opening) = (ImportStep::Versions, 0, false);
    }

    pub(super) fn choose_version(&mut self, to: &mut Context<'_>) {
        let Some(Versions { batches, known_as }) = &self.versions else { return };
        if let Some((line, number)) = batches.get(self.at) {
            // Its rows lie where they were opened from now, unless that is another content.
            let is_first = matches!(known_as, KnownAs::Held) && *number == 0;
            let (batch, file) = (line.batch, self.path.clone().filter(|_| is_first));
            return self.open_batch_of(Some(batch), file, to);
        }
        let carried = self.may_carry().filter(|_| batches.len() < self.at);
        let Some(path) = self.path.clone() else { return };
        // What was asked for before the file was known stays so.
        let asked = self.carries.take().filter(|(of, _)| *of == path);
        self.carries = carried.map(|batch| (path.clone(), batch)).or(asked);
        self.read_as((path, self.sheet.clone()), None, true, to);
    }
}

/// Gives which of the files of a batch a part is, counted from 1, and how many there are.
fn numbers(line: &BatchLine, part: u32) -> (String, String) {
    ((part + 1).to_string(), (line.parts + 1).to_string())
}
