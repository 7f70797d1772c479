//! What an organiser has answered (收回答复): read, shown with what is not taken and why, then put in as one change.

use std::path::PathBuf;

use super::App;
use super::command::Command;
use super::context::context;
use super::intent::{Intent, Preview};
use super::msg::{AnswersJob, AnswersRead, Effect};
use super::overlay::{ChoosePane, Choosing, Overlay};
use super::place::Screen;
use crate::domain::answers::Answers;
use crate::domain::roster::Change;
use crate::words::Locale;

/// The answers that were read last.
#[derive(Debug, Default)]
pub(super) struct AnswersInHand {
    is_reading: bool,
    read: Option<(PathBuf, Answers)>,
}

impl AnswersInHand {
    pub fn is_reading(&self) -> bool {
        self.is_reading
    }
}

impl App {
    /// Has a list read that came back, for the batch on screen.
    pub(super) fn read_answers(&mut self, path: PathBuf) {
        self.screen = Screen::Roster;
        if !self.holds(Command::Answers.spec().when) {
            return self.roster.refuse(Command::Answers, context!(self));
        }
        if let Some(batch) = self.roster.batch().filter(|_| !self.answers.is_reading) {
            let (id, switched) = (self.roster.id(), self.roster.switched());
            let job = AnswersJob { path, switched, id, batch: batch.clone() };
            self.answers = AnswersInHand { is_reading: true, read: None };
            self.out.push(Effect::ReadAnswers(Box::new(job)));
            context!(self).say_key("status.reading-answers");
        }
    }

    /// Takes what was read; asks what is taken besides where something stands against answers that could be.
    pub(super) fn take_answers(&mut self, AnswersRead { path, switched, answers }: AnswersRead) {
        self.answers.is_reading = false;
        let answers = match answers {
            Ok(answers) if self.roster.was_switched_by(switched) => answers,
            // They are of a batch that is not on screen any more.
            Ok(_) => return,
            Err(failure) => return context!(self).fail(&failure),
        };
        let Some(batch) = self.roster.batch() else { return };
        let kinds = self.locale.answers_to_accept(&answers);
        if kinds.is_empty() {
            self.answers.read = Some((path, answers));
            return self.preview_answers("");
        }
        let n = answers.edits(&[], batch).len().to_string();
        let only = (String::new(), self.locale.fill("answers.only", &[("n", &n)]));
        let options = std::iter::once(only).chain(kinds.into_iter().map(|kind| (kind.name, kind.words)));
        let title = self.locale.answers_summed(&answers);
        self.overlays.lay(Overlay::Choose(ChoosePane::new(title, Choosing::Answers, options.collect(), 0)));
        self.answers.read = Some((path, answers));
    }

    /// Shows what the answers would change, and below what is not taken; `also` is the kind that is accepted besides.
    pub(super) fn preview_answers(&mut self, also: &str) {
        let (Some((path, answers)), Some(batch)) = (self.answers.read.take(), self.roster.batch()) else { return };
        let accepted = self.locale.answers_to_accept(&answers).into_iter().find(|kind| kind.name == also);
        let accepted: Vec<_> = accepted.map(|kind| kind.accepted).into_iter().collect();
        let summary = self.locale.answers_summed(&answers);
        let edits = answers.edits(&accepted, batch);
        let kinds = Locale::edits_by_column(&edits, batch);
        let open = answers.cells.iter().filter(|a| !a.is_taken && !a.is_accepted(&accepted, batch));
        let open = open.map(|answer| self.locale.answer_told(answer, batch));
        let unknown = self.locale.unknown_answers_told(&answers).into_iter().map(|(told, _)| told);
        let unread = answers.unread.iter().map(|part| self.locale.unread_told(part));
        let told = unknown.chain(unread).chain(open);
        let open: Vec<String> = told.map(|told| self.locale.fill("answers.not-taken", &[("what", &told)])).collect();
        if edits.is_empty() {
            let mut told = self.locale.fill("answers.none", &[("summary", &summary)]);
            if let Some(first) = open.first() {
                told = [told, first.clone()].join(self.locale.text("finding.semicolon"));
            }
            return context!(self).complain(told);
        }
        let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
        let change = Change { title: self.locale.answers_title(&name), edits, ..Change::default() };
        self.fulfil(Intent::Preview(Preview { change, kinds, open, note: summary, ..Preview::default() }));
    }
}
