//! What a person is asked: a line of text, `y` or no, and one question after the other before something is done to the ledger.

use super::App;
use super::context::context;
use super::ledger::plan::Replan;
use super::ledger::{Asking, Subject, Verb, Why};
use super::line_question::{LineQuestion, Purpose};
use super::msg::StoreJob;
use super::overlay::{Confirm, Overlay};
use super::prompt::Prompt;
use super::roster::grid::Filter;
use crate::domain::ledger::plan::RowRefusal;
use crate::domain::sheet::Field;

impl App {
    pub(super) fn ask(&mut self, purpose: Purpose, text: &str) {
        self.question = Some(LineQuestion { purpose, prompt: Prompt::new(text) });
    }

    pub(super) fn ask_for_column(&mut self) {
        let field = self.roster.grid().field();
        let value = self.roster.row().map(|row| self.roster.shown_cell(row, field).into_owned()).unwrap_or_default();
        // A masked value must never be written into cells.
        self.ask(Purpose::SetColumn(field), if field.is_personal() { "" } else { &value });
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
                Err(_) => self.warn("status.no-number"),
            },
            Purpose::SetColumn(field) => {
                let preview = self.roster.preview_column(field, typed, context!(self));
                self.lay_preview(preview);
            }
            Purpose::Ledger(_) => self.answer_form(typed),
        }
    }

    /// Takes the answer that was chosen with the arrows. Enter alone never says yes.
    pub(super) fn take_answer(&mut self) {
        if std::mem::take(&mut self.is_yes) {
            self.say_yes();
        } else {
            self.warn("status.answer-is-no");
        }
    }

    /// Says yes to a preview or a question.
    pub(super) fn say_yes(&mut self) {
        match self.overlay.take() {
            Some(Overlay::Preview(preview)) => self.roster.apply(preview.change, context!(self)),
            Some(Overlay::Confirm { then: Confirm::Quit, .. }) => self.leave(),
            Some(Overlay::Confirm { then: Confirm::Replace, .. }) => self.start_export(true),
            Some(Overlay::Confirm { then: Confirm::Discard, .. }) => self.discard(),
            Some(Overlay::Confirm { then: Confirm::TakeOver, .. }) => {
                self.roster.store(StoreJob::TakeOver, context!(self));
            }
            Some(Overlay::Confirm { then: Confirm::Ledger, .. }) => self.ledger.carry_out(self.screen, context!(self)),
            Some(Overlay::Plan(pane)) => self.confirm_plan(*pane),
            other => self.overlay = other,
        }
    }

    /// Begins to ask what a verb needs to know. From a plan that lacks an institution its name is proposed, and the plan is
    /// made anew once it is there.
    pub(super) fn begin_form(&mut self, verb: Verb, subject: Subject) {
        let replan = if verb == Verb::Register { self.leave_plan() } else { None };
        self.ledger.begin(verb, subject, replan);
        self.ask_next();
    }

    fn leave_plan(&mut self) -> Option<Replan> {
        let Some(Overlay::Plan(pane)) = self.overlay.take() else { return None };
        let mut refused = pane.plan.iter().flat_map(|plan| &plan.refused);
        let row = refused.find(|(_, why)| *why == RowRefusal::UnknownInstitution).map(|(row, _)| *row);
        let name = row.zip(self.roster.batch()).map(|(row, b)| b.roster().cell(row, Field::Institution).trim());
        Some(Replan { order: pane.order, reserved: pane.reserved, name: name.unwrap_or_default().to_string() })
    }

    /// Asks again what something else, such as the help, has been laid over.
    pub(super) fn ask_what_was_covered(&mut self) {
        if self.overlay.is_none() && self.question.is_none() {
            self.ask_next();
        }
    }

    /// Forgets the questions of whoever went on to something else.
    pub(super) fn leave_unasked(&mut self) {
        if self.overlay.is_none() && self.question.is_none() {
            self.ledger.stop_asking();
        }
    }

    /// Asks the question whose turn it is, or whether all is right.
    fn ask_next(&mut self) {
        let ours = self.roster.batch().map(|batch| batch.context().profile().id.clone());
        let to = context!(self);
        match self.ledger.asking(ours.as_deref(), to) {
            None => {}
            Some(Asking::Sure(question)) => {
                self.overlay = Some(Overlay::Confirm { question, then: Confirm::Ledger });
            }
            Some(Asking::Choice(choose)) => self.overlay = Some(Overlay::Choose(Box::new(choose))),
            Some(Asking::Line(question, proposed)) => self.ask(Purpose::Ledger(question), &proposed),
        }
    }

    /// Takes the line that was chosen from a list.
    pub(super) fn take_choice(&mut self) {
        let Some(Overlay::Choose(choose)) = self.overlay.take() else { return };
        if let Some((key, _)) = choose.options.get(choose.at) {
            self.answer_form(key);
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
            Why::Key(key) => self.warn(key),
            Why::Failure(failure) => self.fail(&failure),
        }
    }

    /// Goes back to the question before, with what was answered there; from the first to where the asking began. Tells
    /// whether anything was being asked.
    pub(super) fn ask_back(&mut self) -> bool {
        // Another overlay, such as the look-up, lies over the question and is left first.
        let is_in_sight = match &self.overlay {
            Some(overlay) => matches!(overlay, Overlay::Choose(_) | Overlay::Confirm { then: Confirm::Ledger, .. }),
            None => matches!(self.question, Some(LineQuestion { purpose: Purpose::Ledger(_), .. })),
        };
        if !is_in_sight || self.ledger.form().is_none() {
            return false;
        }
        self.overlay = None;
        let typed = self.question.take();
        if self.ledger.ask_before(typed.as_ref().map(|question| question.prompt.text())) {
            self.ask_next();
        } else {
            self.plan_again();
        }
        true
    }

    /// An act was not done: its last question is there again.
    pub(super) fn ask_again(&mut self) {
        let is_free = self.overlay.is_none() && self.question.is_none() && self.roster.edit().is_none();
        if self.ledger.recall(Some(self.screen).filter(|_| is_free)) {
            self.is_yes = false;
            self.ask_next();
        }
    }

    /// Asks before the batch is taken over.
    pub(super) fn ask_to_take_over(&mut self) {
        let Some(holder) = self.roster.holder() else { return };
        let question = self.locale.fill("ui.confirm.take-over", &[("holder", holder)]);
        self.overlay = Some(Overlay::Confirm { question, then: Confirm::TakeOver });
    }
}
