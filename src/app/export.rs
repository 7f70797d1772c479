//! The export pane (导出).

use std::path::PathBuf;

use super::key::{Chord, Key};
use super::msg::{Effect, ExportEncoding, ExportFormat, ExportJob, ExportWhat, Progress};
use super::prompt::Prompt;
use super::{App, Confirm, Overlay, Screen, StatusLine};
use crate::domain::rules::Severity;
use crate::domain::upload::{self, Part};

/// The lines of the export pane.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Line {
    #[default]
    What,
    /// As which kind of file.
    Format,
    Encoding,
    Path,
}

impl Line {
    /// Every line, from the top.
    pub const ALL: [Line; 4] = [Line::What, Line::Format, Line::Encoding, Line::Path];
}

#[derive(Debug, Default)]
pub struct ExportPane {
    /// The line the cursor is on, by its place in [`Line::ALL`].
    pub at: usize,
    pub what: ExportWhat,
    /// As which kind of file.
    pub format: ExportFormat,
    /// In which encoding, for text.
    pub encoding: ExportEncoding,
    pub path: Prompt,
    /// Whether the user changed the path; it follows the choices until then.
    pub typed: bool,
    /// Whether a file is being written.
    pub busy: bool,
    /// How far it is.
    pub progress: Option<Progress>,
}

impl ExportPane {
    /// Gives the line the cursor is on.
    pub fn line(&self) -> Line {
        Line::ALL[self.at.min(Line::ALL.len() - 1)]
    }

    /// Takes note that nothing is being written any more.
    pub(super) fn end(&mut self) {
        (self.busy, self.progress) = (false, None);
    }
}

impl App {
    /// Opens the export pane.
    pub(super) fn open_export(&mut self) {
        self.screen = Screen::Export;
        self.propose_path();
    }

    fn propose_path(&mut self) {
        let Some(batch) = &self.batch else { return };
        if self.export.typed && !self.export.path.text().is_empty() {
            return;
        }
        let stem = std::path::Path::new(&batch.origin.file).file_stem().map(|s| s.to_string_lossy().into_owned());
        let tail = match self.export.what {
            ExportWhat::Upload => "ui.export.upload-tail",
            ExportWhat::UploadPart => "ui.export.part-tail",
            ExportWhat::Findings => "ui.export.findings-tail",
            ExportWhat::Public => "public.tail",
        };
        let ending = match self.export.format {
            ExportFormat::Xlsx => "xlsx",
            ExportFormat::Csv => "csv",
        };
        let name = format!("{}{}.{ending}", stem.unwrap_or_default(), self.locale.text(tail));
        let folder = self.source.as_ref().and_then(|p| p.parent()).unwrap_or(&self.import.folder);
        self.export.path.set(folder.join(name).to_string_lossy());
    }

    /// Takes the next (or previous) choice on the cursor's line.
    pub(super) fn turn_choice(&mut self, backwards: bool) {
        let pane = &mut self.export;
        match pane.line() {
            Line::What => {
                let at = ExportWhat::ALL.iter().position(|what| *what == pane.what).unwrap_or_default();
                let step = if backwards { ExportWhat::ALL.len() - 1 } else { 1 };
                pane.what = ExportWhat::ALL[(at + step) % ExportWhat::ALL.len()];
            }
            Line::Format => {
                pane.format = match pane.format {
                    ExportFormat::Xlsx => ExportFormat::Csv,
                    ExportFormat::Csv => ExportFormat::Xlsx,
                }
            }
            Line::Encoding => {
                pane.encoding = match pane.encoding {
                    ExportEncoding::Utf8Bom => ExportEncoding::Gb18030,
                    ExportEncoding::Gb18030 => ExportEncoding::Utf8Bom,
                }
            }
            Line::Path => {}
        }
        self.propose_path();
    }

    /// Takes a key that is no command.
    pub(super) fn export_key(&mut self, chord: Chord) {
        if self.export.line() == Line::Path {
            self.export.typed |= self.export.path.key(chord);
            return;
        }
        match chord.key {
            Key::Left => self.turn_choice(true),
            Key::Right | Key::Char(' ') => self.turn_choice(false),
            _ => {}
        }
    }

    /// Writes the file, unless findings stand in the way: then goes to the first.
    pub(super) fn start_export(&mut self, replace: bool) {
        let Some(batch) = &self.batch else { return };
        if self.export.busy {
            return;
        }
        if !batch.complete {
            return self.warn_incomplete();
        }
        let is_blocked = match self.export.what {
            ExportWhat::Upload => true,
            ExportWhat::UploadPart => upload::part_of(batch, Part::WithoutErrors).count() == 0,
            ExportWhat::Findings | ExportWhat::Public => false,
        };
        if let (true, Some(first)) = (is_blocked, batch.first_blocking()) {
            let n = batch.findings().count(Severity::Error).to_string();
            let line = batch.roster().line(first.row).to_string();
            let text = self.locale.fill("status.export-blocked", &[("n", &n), ("line", &line)]);
            self.screen = Screen::Roster;
            self.grid.focus = super::layout::Focus::Grid;
            self.go_to_finding(&first);
            return self.complain(text);
        }
        let path = self.export.path.text().trim();
        if path.is_empty() {
            return self.warn("status.no-path");
        }
        let job = ExportJob {
            path: self.import.folder.join(PathBuf::from(path)),
            what: self.export.what,
            format: self.export.format,
            encoding: self.export.encoding,
            replace,
            source: self.source.clone(),
            batch: batch.clone(),
        };
        self.export.busy = true;
        self.say(self.locale.text("status.exporting").to_string());
        self.out.push(Effect::Export(Box::new(job)));
    }

    /// Asks before an existing file is replaced.
    pub(super) fn ask_to_replace(&mut self) {
        // Nothing is being written while the question stands.
        self.status = StatusLine::default();
        let question = self.locale.fill("ui.confirm.replace", &[("path", self.export.path.text())]);
        self.is_yes = false;
        self.overlay = Some(Overlay::Confirm { question, then: Confirm::Replace });
    }
}
