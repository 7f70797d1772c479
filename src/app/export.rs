//! The export pane (导出).

use std::path::{Path, PathBuf};

use super::command::Command;
use super::context::Context;
use super::intent::Intent;
use super::key::{Chord, Key};
use super::msg::{Effect, ExportEncoding, ExportFormat, ExportJob, ExportWhat, LackLine, Msg, Progress, WrittenFile};
use super::place::Screen;
use super::prompt::Prompt;
use super::ring::ring;
use super::roster::RosterPane;
use super::typed_line::masked;
use crate::domain::fact::Strength;
use crate::domain::roster::RowId;
use crate::domain::sheet::Field;
use crate::domain::text;
use crate::domain::upload::{self, Upload, UploadPart};
use crate::words::{ANSWERS_MASKED_TAIL, ANSWERS_TAIL, FINDINGS_TAIL, Lang, Locale, PUBLIC_TAIL, SUMMARY_TAIL};

ring! {
    /// The lines of the export pane, from the top.
    pub enum ExportLine {
        What,
        /// As which kind of file.
        Format,
        Encoding,
        Path,
    }
}

#[derive(Debug, Default)]
pub struct Export {
    /// The line the cursor is on, by its place in [`ExportLine::ALL`].
    at: usize,
    what: ExportWhat,
    /// As which kind of file.
    format: ExportFormat,
    /// In which encoding, for text.
    encoding: ExportEncoding,
    path: Prompt,
    /// Whether the user changed the path; it follows the choices until then.
    typed: bool,
    /// Whether a file is being written.
    busy: bool,
    /// How far it is.
    progress: Option<Progress>,
    /// How many rows the upload table will hold, counted when it was chosen, for a count goes through all of them.
    rows: u32,
    /// How many errors keep it from being written, counted likewise.
    blocking: usize,
    /// What is to be said of rows among them that came back before.
    returned: Option<String>,
    /// The header and the first rows of the upload table, personal data masked; nothing where something else is written.
    first: Vec<Vec<String>>,
    /// The language of the names that files are proposed: organisers get them.
    names_in: Lang,
    /// What the notice demands to be known of the batch and is missing or disagrees.
    lacks: Vec<LackLine>,
}

impl Export {
    /// Tells which rows an upload table holds.
    pub fn part(&self, roster: &RosterPane) -> UploadPart {
        match self.what {
            ExportWhat::UploadPart => UploadPart::WithoutErrors,
            ExportWhat::UploadReturned => UploadPart::Returned,
            ExportWhat::UploadUnexported => UploadPart::Unexported,
            ExportWhat::UploadShown => match &roster.grid().shown {
                Some(shown) if roster.grid().is_filtered() => UploadPart::Shown(shown.in_file_order().into()),
                _ => UploadPart::Whole,
            },
            _ => UploadPart::Whole,
        }
    }

    /// Gives how many rows the upload table will hold.
    pub fn rows(&self) -> u32 {
        self.rows
    }

    /// Gives how many errors keep the upload table from being written.
    pub fn blocking(&self) -> usize {
        self.blocking
    }

    /// Says what there is to know of rows in the upload table that came back before.
    pub fn returned(&self) -> Option<&str> {
        self.returned.as_deref()
    }

    /// Gives the header and the first rows of the upload table, personal data masked; nothing where something else is written.
    pub fn first(&self) -> &[Vec<String>] {
        &self.first
    }

    /// Lists what the notice demands to be known of the batch and is missing or disagrees, without what is only asked for.
    pub fn lacks(&self) -> &[LackLine] {
        &self.lacks
    }

    /// Counts what of it keeps an upload table from being written.
    pub fn barring(&self) -> usize {
        self.lacks.iter().filter(|lack| lack.strength == Strength::Refuse).count()
    }

    pub(super) fn take_lacks(&mut self, lacks: Vec<LackLine>) {
        self.lacks = lacks;
    }

    /// Lists what may be written.
    pub fn contents(&self, roster: &RosterPane) -> impl Iterator<Item = ExportWhat> {
        let is_filtered = roster.grid().is_filtered();
        ExportWhat::ALL.into_iter().filter(move |what| is_filtered || *what != ExportWhat::UploadShown)
    }

    /// Tells whether a filter is in force that what is written does not heed.
    pub fn overlooks_filter(&self, roster: &RosterPane) -> bool {
        self.what != ExportWhat::UploadShown && roster.grid().is_filtered()
    }

    /// Tells whether the rows that a filter shows are to be written, and there is none.
    fn is_of_no_filter(&self, roster: &RosterPane) -> bool {
        self.what == ExportWhat::UploadShown && !roster.grid().is_filtered()
    }

    /// Gives the line the cursor is on.
    pub fn line(&self) -> ExportLine {
        ExportLine::ALL[self.at.min(ExportLine::ALL.len() - 1)]
    }

    pub fn at(&self) -> usize {
        self.at
    }

    pub fn what(&self) -> ExportWhat {
        self.what
    }

    pub fn format(&self) -> ExportFormat {
        self.format
    }

    pub fn encoding(&self) -> ExportEncoding {
        self.encoding
    }

    pub fn path(&self) -> &Prompt {
        &self.path
    }

    /// Tells whether a file is being written.
    pub fn is_busy(&self) -> bool {
        self.busy
    }

    /// Tells how far the file is that is being written.
    pub fn progress(&self) -> Option<Progress> {
        self.progress
    }

    pub fn cursor(&mut self) -> &mut usize {
        &mut self.at
    }

    /// Puts the cursor on a line.
    pub fn choose(&mut self, line: ExportLine) {
        self.at = line as usize;
    }

    /// Puts another choice of what is written.
    pub(super) fn choose_what(&mut self, what: ExportWhat) {
        self.what = what;
        self.forget_path();
    }

    /// Gives a choice up: the next file is not written as what this one was not, for that marks certificates as exported.
    pub(super) fn give_up(&mut self) {
        self.choose_what(ExportWhat::default());
    }

    /// Has the path follow the choices again.
    pub fn forget_path(&mut self) {
        self.typed = false;
    }

    /// Takes a path in place of the one that stands there.
    pub fn type_path(&mut self, path: &str) {
        self.path.set("");
        self.path.insert(path);
        self.typed = true;
    }

    /// Takes pasted text into the path, wherever the cursor was.
    pub(super) fn paste(&mut self, text: &str) {
        self.choose(ExportLine::Path);
        self.typed = true;
        self.path.insert(text);
    }

    /// Begins anew for another batch; a file that is being written goes on.
    pub(super) fn renew(&mut self) {
        let (busy, progress) = (self.busy, self.progress);
        *self = Export { busy, progress, ..Export::default() };
    }

    /// Runs a command of the pane; `None` where it is about something else. `folder` is the one that is listed.
    pub(super) fn update(
        &mut self,
        command: Command,
        roster: &RosterPane,
        folder: &Path,
        to: &mut Context<'_>,
    ) -> Option<Intent> {
        match command {
            Command::Export => {
                if self.is_of_no_filter(roster) {
                    self.choose_what(ExportWhat::default());
                }
                self.propose_path(roster, folder, to);
                // Somebody else may have noted some of it.
                if let Some((id, batch)) = roster.id().zip(roster.batch()) {
                    to.push(Effect::Lacks { batch: id, roster: Box::new(batch.roster().clone()) });
                }
                return Some(Intent::Show(Screen::Export));
            }
            Command::NextChoice => self.turn_choice(false, roster, folder, to),
            Command::PreviousChoice => self.turn_choice(true, roster, folder, to),
            Command::StartExport => return Some(self.start(roster, folder, false, to)),
            _ => return None,
        }
        Some(Intent::Nothing)
    }

    /// Takes a report about the file that is being written.
    pub(super) fn report(&mut self, msg: Msg, to: &mut Context<'_>) {
        match msg {
            Msg::Exporting(progress) => self.progress = Some(progress),
            Msg::ExportStopped => {
                self.end();
                to.say_key("status.export-stopped");
            }
            Msg::ExportFailed(failure) => {
                self.end();
                to.fail(&failure);
            }
            _ => {}
        }
    }

    /// Takes note that nothing is being written any more.
    pub(super) fn end(&mut self) {
        (self.busy, self.progress) = (false, None);
    }

    /// Has the export that is under way stopped.
    pub(super) fn stop(to: &mut Context<'_>) {
        to.say_key("status.stopping-export");
        to.push(Effect::StopExport);
    }

    /// Tells of a written file: where, how many rows it holds and how many were left out, and what the ledger made of it.
    pub(super) fn written(&mut self, file: &WrittenFile, to: &mut Context<'_>) {
        self.end();
        let (path, rows) = (file.path.to_string_lossy(), file.rows.to_string());
        let key = if file.left_out == 0 { "status.exported" } else { "status.exported-part" };
        let left = file.left_out.to_string();
        let mut text = to.locale.fill(key, &[("path", &path), ("n", &rows), ("left", &left)]);
        match &file.noted {
            Ok(noted) if noted.marked == 0 => to.say(text + &warned(file, to)),
            Ok(noted) => {
                text += &to.locale.fill("status.export-noted", &[("n", &noted.marked.to_string())]);
                if noted.unknown != 0 {
                    text += &to.locale.fill("status.export-unknown", &[("n", &noted.unknown.to_string())]);
                }
                to.say(text + &warned(file, to));
            }
            Err(failure) => to.fail(failure),
        }
    }

    /// Proposes where the file is to be written, unless the user has said so.
    fn propose_path(&mut self, roster: &RosterPane, folder: &Path, to: &Context<'_>) {
        let Some(batch) = roster.batch() else { return };
        let part = self.part(roster);
        let upload = upload::part_of(batch, &part);
        self.rows = upload.count();
        self.blocking = if self.what.is_upload() { upload.blocking() } else { 0 };
        self.first = if self.what.is_upload() { first_rows(upload) } else { Vec::new() };
        self.returned = to.locale.of_returned(upload, &part, false).filter(|_| self.what.is_upload());
        if self.typed && !self.path.text().is_empty() {
            return;
        }
        let tail = match self.what {
            ExportWhat::Findings => FINDINGS_TAIL,
            ExportWhat::Answers => ANSWERS_TAIL,
            ExportWhat::AnswersMasked => ANSWERS_MASKED_TAIL,
            ExportWhat::Public => PUBLIC_TAIL,
            ExportWhat::Summary => SUMMARY_TAIL,
            ExportWhat::UploadShown => "ui.export.shown-tail",
            _ => Locale::tail_of(&self.part(roster)),
        };
        let name = Locale::load(self.names_in).written_name(&batch.origin.file, tail, self.format.ending());
        let folder = roster.source().and_then(Path::parent).unwrap_or(folder);
        self.path.set(folder.join(name).to_string_lossy());
    }

    /// Takes the next (or previous) choice on the cursor's line; the proposed path follows.
    pub(super) fn turn_choice(&mut self, backwards: bool, roster: &RosterPane, folder: &Path, to: &Context<'_>) {
        self.turn(backwards);
        // Without a filter the rows that one shows are all.
        if self.is_of_no_filter(roster) {
            self.turn(backwards);
        }
        self.propose_path(roster, folder, to);
    }

    /// Has files named in a language.
    pub fn name_in(&mut self, lang: Lang) {
        self.names_in = lang;
    }

    fn turn(&mut self, backwards: bool) {
        match self.line() {
            ExportLine::What => self.what = self.what.turned(backwards),
            ExportLine::Format => self.format = self.format.turned(backwards),
            ExportLine::Encoding => self.encoding = self.encoding.turned(backwards),
            ExportLine::Path => {}
        }
    }

    /// Takes a key that is no command.
    pub(super) fn key(&mut self, chord: Chord, roster: &RosterPane, folder: &Path, to: &Context<'_>) {
        if self.line() == ExportLine::Path {
            self.typed |= self.path.key(chord);
            return;
        }
        match chord.key {
            Key::Left => self.turn_choice(true, roster, folder, to),
            Key::Right | Key::Char(' ') => self.turn_choice(false, roster, folder, to),
            _ => {}
        }
    }

    /// Has the file written, unless findings stand in the way: then has the first shown.
    pub(super) fn start(&mut self, roster: &RosterPane, folder: &Path, replace: bool, to: &mut Context<'_>) -> Intent {
        let Some(batch) = roster.batch().filter(|_| !self.busy) else { return Intent::Nothing };
        if !batch.complete {
            roster.warn_incomplete(to);
            return Intent::Nothing;
        }
        let part = self.part(roster);
        let upload = upload::part_of(batch, &part);
        if let Some(first) = upload.first_blocking().filter(|_| self.what.is_upload()) {
            let n = upload.blocking().to_string();
            let line = batch.roster().line(first.row).to_string();
            let told = to.locale.fill("status.export-blocked", &[("n", &n), ("line", &line)]);
            let origin = to.locale.row_origin(batch, first.row).unwrap_or_default();
            to.complain(told + &origin);
            return Intent::ShowCell(first.row, first.field);
        }
        let path = self.path.text().trim();
        if path.is_empty() {
            to.warn("status.no-path");
            return Intent::Nothing;
        }
        let path = folder.join(PathBuf::from(path));
        let ending = self.format.ending();
        if !path.extension().is_some_and(|named| named.eq_ignore_ascii_case(ending)) {
            self.choose(ExportLine::Path);
            to.complain(to.locale.fill("status.other-ending", &[("ending", ending)]));
            return Intent::Nothing;
        }
        let job = ExportJob {
            path,
            what: self.what,
            part,
            format: self.format,
            encoding: self.encoding,
            replace,
            source: roster.source().map(Path::to_path_buf),
            batch: batch.clone(),
        };
        self.busy = true;
        to.say_key("status.exporting");
        to.push(Effect::Export(Box::new(job)));
        Intent::Nothing
    }
}

/// Tells what is missing or disagrees although the file was written.
fn warned(file: &WrittenFile, to: &Context<'_>) -> String {
    let semicolon = to.locale.text("finding.semicolon");
    let told = file.warnings.iter().flat_map(|told| [semicolon, text::unstopped(told)]);
    told.collect()
}

/// So many rows of what will be written are shown.
const FIRST: usize = 20;

/// Lists the header and the first rows of an upload table, personal data masked.
fn first_rows(upload: Upload<'_>) -> Vec<Vec<String>> {
    let header = upload.columns().iter().map(|column| column.label.clone()).collect();
    let row = |row: RowId| {
        let cell = |field: Field| masked(field, &upload.cell(row, field)).into_owned();
        upload.columns().iter().map(|column| cell(column.field)).collect()
    };
    std::iter::once(header).chain(upload.row_ids().take(FIRST).map(row)).collect()
}
