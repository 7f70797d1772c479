//! What an organiser has answered (收回答复): read, shown with what is not taken and why, then put in as one change.

use std::path::PathBuf;

use super::App;
use super::command::Command;
use super::context::context;
use super::intent::{Intent, Preview};
use super::msg::{AnswersJob, AnswersRead, Effect};
use super::overlay::{ChoosePane, Choosing, Overlay};
use super::place::Screen;
use crate::domain::answers::{AcceptedAnswers, Answers};
use crate::domain::roster::Change;
use crate::words::{AnswersToAccept, Locale};

/// The answers that were read last.
#[derive(Debug, Default)]
pub(super) struct AnswersInHand {
    is_reading: bool,
    read: Option<(PathBuf, Answers)>,
    /// What is taken although something stands against it.
    accepted: Vec<AcceptedAnswers>,
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
            self.answers = AnswersInHand { is_reading: true, ..AnswersInHand::default() };
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
        let is_asked = !self.locale.answers_to_accept(&answers).is_empty();
        self.answers.read = Some((path, answers));
        if is_asked { self.ask_for_answers(0) } else { self.preview_answers() }
    }

    /// Lists what may be taken besides: kinds of answers and single rows of the list, each with whether it is.
    fn ask_for_answers(&mut self, at: usize) {
        let (Some((_, answers)), Some(batch)) = (&self.answers.read, self.roster.batch()) else { return };
        let (locale, accepted) = (&self.locale, &self.answers.accepted);
        let key = if accepted.is_empty() { "answers.only" } else { "answers.chosen" };
        let n = answers.edits(accepted, batch).len().to_string();
        let own = (String::new(), locale.fill(key, &[("n", &n)]));
        let kinds = locale.answers_to_accept(answers).into_iter().chain(locale.answered_rows(answers, batch));
        let check = |kind: AnswersToAccept| {
            let mark = locale.text(if accepted.contains(&kind.accepted) { "fill.on" } else { "fill.off" });
            (kind.name, locale.fill("fill.check", &[("mark", mark), ("what", &kind.words)]))
        };
        let options: Vec<_> = std::iter::once(own).chain(kinds.map(check)).collect();
        let title = locale.answers_summed(answers);
        self.overlays.lay(Overlay::Choose(ChoosePane::new(title, Choosing::Answers, options, at)));
    }

    /// Takes a line of that list: what is to be taken besides is turned, or all is shown that would be put in.
    pub(super) fn answers_step(&mut self, name: &str) {
        let (Some((_, answers)), Some(batch)) = (&self.answers.read, self.roster.batch()) else { return };
        let mut kinds = self.locale.answers_to_accept(answers);
        kinds.extend(self.locale.answered_rows(answers, batch));
        let Some(at) = kinds.iter().position(|kind| kind.name == name) else { return self.preview_answers() };
        let accepted = kinds[at].accepted;
        match self.answers.accepted.iter().position(|known| *known == accepted) {
            Some(known) => drop(self.answers.accepted.remove(known)),
            None => self.answers.accepted.push(accepted),
        }
        self.ask_for_answers(at + 1);
    }

    /// Shows what the answers would change, and below what is not taken.
    fn preview_answers(&mut self) {
        let (Some((path, answers)), Some(batch)) = (self.answers.read.take(), self.roster.batch()) else { return };
        let accepted = std::mem::take(&mut self.answers.accepted);
        let summary = self.locale.answers_summed(&answers);
        let edits = answers.edits(&accepted, batch);
        let cleaned = answers.cleaned().map(|(answer, written)| self.locale.answer_cleaned((answer, written), batch));
        let cleaned = cleaned.map(|told| (told, 0));
        let kinds = Locale::edits_by_column(&edits, batch).into_iter().chain(cleaned).collect();
        let open = answers.cells.iter().filter(|a| !a.is_taken && !a.is_accepted(&accepted, batch));
        let open = open.map(|answer| self.locale.answer_told(answer, batch));
        let unknown = self.locale.unknown_answers_told(&answers).into_iter().map(|(told, _)| told);
        let unread = answers.unread.iter().map(|part| self.locale.unread_told(part));
        let told = unknown.chain(unread).chain(open);
        let told = told.map(|told| self.locale.fill("answers.not-taken", &[("what", &told)]));
        let open: Vec<String> = told.chain(self.locale.unanswered_told(&answers)).collect();
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
