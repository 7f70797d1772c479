//! What a person is asked: a line of text, `y` or no, and one question after the other before something is done to the ledger.

use super::context::context;
use super::intent::Intent;
use super::layout::Focus;
use super::ledger::{Asking, FormKind, FormSubject, Replan, WhyRefused};
use super::line_question::{LineQuestion, Purpose};
use super::msg::StoreJob;
use super::overlay::{ChoosePane, Confirm, Overlay};
use super::prompt::Prompt;
use super::roster::grid::Filter;
use super::{App, Screen};
use crate::domain::text;

impl App {
    fn ask(&mut self, purpose: Purpose, text: &str) {
        self.question = Some(LineQuestion { purpose, prompt: Prompt::new(text) });
    }

    /// Takes the line of text that was typed.
    pub(super) fn accept(&mut self) {
        if self.roster.edit().is_some() {
            return self.roster.finish_edit(context!(self));
        }
        let Some(question) = self.question.take() else { return };
        let typed = question.prompt.text();
        match question.purpose {
            Purpose::Search => self.roster.search(typed, context!(self)),
            Purpose::Filter if typed.is_empty() => self.roster.set_filter(None, context!(self)),
            Purpose::Filter => self.roster.set_filter(Some(Filter::Text(typed.to_string())), context!(self)),
            Purpose::GoTo => match typed.trim().parse() {
                Ok(line) => self.roster.go_to_line(line, context!(self)),
                Err(_) => context!(self).warn("status.no-number"),
            },
            Purpose::SetColumn(field) => {
                let preview = self.roster.preview_column(field, typed, context!(self));
                self.fulfil(Intent::preview(preview));
            }
            Purpose::Ledger(_) => self.answer_form(typed),
        }
    }

    /// Does what a pane or an overlay wants done.
    pub(super) fn fulfil(&mut self, intent: Intent) {
        match intent {
            Intent::Nothing | Intent::Leave => {}
            Intent::Ask(request) => self.ledger.request(*request, context!(self)),
            Intent::Run(command) => self.run_if_possible(command),
            Intent::Show(screen) => self.screen = screen,
            Intent::AskLine(purpose, proposed) => self.ask(purpose, &proposed),
            Intent::AskForm(kind, subject) => self.begin_form(kind, subject),
            Intent::Preview(preview) => self.overlays.preview(preview),
            Intent::ShowCell(row, field) => {
                self.screen = Screen::Roster;
                self.roster.focus(Focus::Grid);
                self.roster.go_to_cell(row, field);
            }
            Intent::Apply(change) => self.roster.apply(change, context!(self)),
            Intent::Confirmed(Confirm::Quit) => self.leave(),
            Intent::Confirmed(Confirm::Replace) => {
                let intent = self.export.start(&self.roster, self.import.folder(), true, context!(self));
                self.fulfil(intent);
            }
            Intent::Confirmed(Confirm::Discard) => self.discard(),
            Intent::Confirmed(Confirm::TakeOver) => self.roster.store(StoreJob::TakeOver, context!(self)),
            Intent::Confirmed(Confirm::Ledger) => self.ledger.carry_out(self.screen, context!(self)),
            Intent::TakeNumbers { plan, order, reserved, reason } => {
                self.roster.take_numbers(*plan, (order, reserved), reason, context!(self));
            }
            Intent::Answer(name) => self.answer_form(&name),
            Intent::Insert(text) => self.insert(text),
            Intent::Copy(text) => self.clipboard.copy(text, context!(self)),
            Intent::EndTour => {
                // What is wrong with the settings was told when the tour began, and its keys took it away.
                if let Some(words) = self.trouble.clone() {
                    context!(self).complain(words);
                }
                self.has_met();
            }
        }
    }

    /// Puts a text into the line that is being typed, or else copies it.
    fn insert(&mut self, taken: String) {
        let line = match (self.roster.edit_prompt(), &mut self.question) {
            (Some(prompt), _) => prompt,
            (None, Some(question)) => &mut question.prompt,
            (None, None) => return self.clipboard.copy(taken, context!(self)),
        };
        line.insert(&taken);
        self.roster.show_typed(context!(self));
        let inserted = self.locale.fill("status.inserted", &[("text", &text::visible(&taken))]);
        context!(self).say(inserted);
    }

    /// Begins to ask what must be known before something is done to the ledger. From a plan that lacks an institution its
    /// name is proposed, and the plan is made anew once it is there.
    fn begin_form(&mut self, kind: FormKind, subject: FormSubject) {
        let replan = if kind == FormKind::Register { self.overlays.leave_plan(&self.roster) } else { None };
        self.ledger.begin(kind, subject, replan);
        self.ask_next();
    }

    /// Asks again what something else, such as the help, has been laid over.
    pub(super) fn ask_what_was_covered(&mut self) {
        if !self.overlays.is_open() && self.question.is_none() {
            self.ask_next();
        }
    }

    /// Forgets the questions of whoever went on to something else.
    pub(super) fn leave_unasked(&mut self) {
        if !self.overlays.is_open() && self.question.is_none() {
            self.ledger.stop_asking();
        }
    }

    /// Asks the question whose turn it is, or whether all is right.
    fn ask_next(&mut self) {
        let ours = self.roster.batch().map(|batch| batch.context().profile().id.clone());
        let to = context!(self);
        match self.ledger.asking(ours.as_deref(), to) {
            None => {}
            Some(Asking::Sure(question)) => self.overlays.confirm(question, Confirm::Ledger),
            Some(Asking::Choice { title, question, options, at }) => {
                self.overlays.lay(Overlay::Choose(ChoosePane::new(title, question, options, at)));
            }
            Some(Asking::Line(question, proposed)) => self.ask(Purpose::Ledger(question), &proposed),
        }
    }

    /// Takes an answer; a refused one is asked for again.
    fn answer_form(&mut self, typed: &str) {
        let tables = self.roster.tables().cloned();
        let to = context!(self);
        let refused = self.ledger.take_answer(typed, tables.as_deref(), to).err();
        self.ask_next();
        let Some(refused) = refused else { return };
        if let Some(question) = &mut self.question {
            question.prompt = Prompt::new(refused.typed);
        }
        match refused.why {
            WhyRefused::Key(key) => context!(self).warn(key),
            WhyRefused::Failure(failure) => context!(self).fail(&failure),
        }
    }

    /// Goes back to the question before, with what was answered there; from the first to where the asking began. Tells
    /// whether anything was being asked.
    pub(super) fn ask_back(&mut self) -> bool {
        // Another overlay, such as the look-up, lies over the question and is left first.
        let is_in_sight = match self.overlays.open() {
            Some(Overlay::Choose(_)) => true,
            Some(Overlay::Confirm(asked)) => asked.is_about(Confirm::Ledger),
            Some(_) => false,
            None => matches!(self.question, Some(LineQuestion { purpose: Purpose::Ledger(_), .. })),
        };
        if !is_in_sight || self.ledger.form().is_none() {
            return false;
        }
        self.overlays.close();
        let typed = self.question.take();
        if self.ledger.ask_before(typed.as_ref().map(|question| question.prompt.text())) {
            self.ask_next();
        } else {
            self.plan_again();
        }
        true
    }

    /// Plans anew where the plan lacked an institution that is registered now.
    pub(super) fn plan_again(&mut self) {
        if let Some(Replan { order, reserved, .. }) = self.ledger.take_replan()
            && self.screen == Screen::Roster
            && !self.overlays.is_open()
        {
            let intent = self.overlays.ask_for_plan(order, reserved, false, &self.roster, context!(self));
            self.fulfil(intent);
        }
    }

    /// An act was not done: its last question is there again.
    pub(super) fn ask_again(&mut self) {
        let is_free = self.is_bare();
        if self.ledger.recall(Some(self.screen).filter(|_| is_free)) {
            self.ask_next();
        }
    }

    /// Asks before the batch is taken over.
    pub(super) fn ask_to_take_over(&mut self) {
        let Some(holder) = self.roster.holder() else { return };
        let question = self.locale.fill("ui.confirm.take-over", &[("holder", holder)]);
        self.overlays.confirm(question, Confirm::TakeOver);
    }
}
