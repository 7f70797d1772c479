//! Asking what a form of the ledger must know, one question after the other: who is asked, and where backing out leads.

use super::command::Command;
use super::context::context;
use super::intent::Confirm;
use super::ledger::request::{Bars, RefusedAct};
use super::ledger::{
    FormField, FormKind, FormQuestion, FormStep, FormSubject, LedgerForm, Replan, WhyRefused, read_start,
};
use super::overlay::{ChoosePane, Choosing, Overlay};
use super::prompt::Prompt;
use super::typed_line::{LinePurpose, LineQuestion};
use super::{App, Screen, StatusLine};
use crate::domain::ledger::plan::PlanWish;

impl App {
    /// Begins to ask what must be known before something is done to the ledger. From a plan that lacks an institution its
    /// name is proposed, and the plan is made anew once it is there.
    pub(super) fn begin_form(&mut self, kind: FormKind, subject: FormSubject) {
        // What the store alone knows to stand against it is told before anything is asked.
        // Over a roster it is known here by what a prefix is checked.
        let is_known = kind == FormKind::Register && self.roster.tables().is_some();
        if !is_known && self.ledger.ask_bars(kind, subject, context!(self)) {
            return;
        }
        let replan = if kind == FormKind::Register { self.overlays.leave_plan(&self.roster) } else { None };
        self.ledger.begin(kind, subject, replan);
        self.ask_next();
    }

    /// Asks for a fact of what is in hand: of the batch on screen or in the list, of the line of the ledger.
    pub(super) fn ask_fact(&mut self) {
        let subject = match self.screen {
            Screen::Ledger => self.ledger.content().thing().map(|_| FormSubject::Thing),
            Screen::Import => self.import.batch_in_hand().map(|line| FormSubject::Batch(line.batch)),
            _ => self.roster.id().map(FormSubject::Batch),
        };
        match subject {
            Some(subject) => self.begin_form(FormKind::Fact, subject),
            None => context!(self).warn("status.nothing-chosen"),
        }
    }

    /// Begins to ask now that it is known what stands against it; whoever went on to something else is asked nothing.
    pub(super) fn begin_barred(&mut self, kind: FormKind, subject: FormSubject, bars: Bars) {
        // Facts are noted wherever a batch is in hand.
        let is_of_batch = matches!(subject, FormSubject::Batch(_));
        if (self.screen != Screen::Ledger && !is_of_batch) || !self.is_bare() {
            return;
        }
        if let Some(failure) = &bars.refused {
            return context!(self).fail(failure);
        }
        self.ledger.begin_with(kind, subject, bars);
        self.ask_next();
    }

    /// Lists the fields of the form that is being filled in.
    pub fn form_fields(&self) -> Vec<FormField> {
        self.ledger.form_fields(&self.locale, &self.profiles)
    }

    /// Asks again what something else, such as the help, has been laid over.
    pub(super) fn ask_what_was_covered(&mut self) {
        if !self.overlays.is_open() && self.line_question.is_none() {
            self.ask_next();
        }
    }

    /// Forgets the questions of whoever went on to something else.
    pub(super) fn leave_unasked(&mut self) {
        if !self.overlays.is_open() && self.line_question.is_none() {
            self.ledger.stop_asking();
        }
    }

    /// Asks the question whose turn it is, or whether all is right.
    fn ask_next(&mut self) {
        let ours = self.roster.batch().map(|batch| batch.context().profile().id.clone());
        let to = context!(self);
        match self.ledger.asking(ours.as_deref(), to) {
            None => {}
            Some(FormStep::Ready) => {
                let folder = self.import.folder().to_path_buf();
                self.ledger.look(self.screen, &folder, context!(self));
            }
            Some(FormStep::Sure(question)) => {
                let is_looked_up = self.ledger.ask_reach(context!(self));
                let awaits = is_looked_up.then(|| self.locale.text("status.reach-awaited").to_string());
                let answered = self.form_fields().into_iter().map(|field| field.fact);
                let facts = self.ledger.subject_facts(&self.locale).into_iter().chain(answered);
                let facts = facts.filter(|fact| !fact.to.is_empty()).collect();
                self.overlays.confirm_act(question, facts, awaits);
            }
            Some(FormStep::Choice { title, note, question, options, barred, at }) => {
                let pane = ChoosePane::new(title, Choosing::Form(question), options, at);
                let pane = pane.with_barred(barred).with_note(note);
                self.overlays.lay(Overlay::Choose(pane));
            }
            Some(FormStep::Ticks { title, question, texts, ticked }) => {
                let options = texts.into_iter().map(|text| (text.clone(), text)).collect();
                let pane = ChoosePane::new(title, Choosing::Form(question), options, 0).with_ticks(ticked);
                self.overlays.lay(Overlay::Choose(pane));
            }
            Some(FormStep::Line { question, text, is_proposed }) => {
                self.ask_line(LinePurpose::Ledger(question), &text, is_proposed);
            }
        }
    }

    /// Takes an answer; a refused one is asked for again.
    pub(super) fn answer_form(&mut self, typed: &str) {
        let tables = self.roster.tables().cloned();
        let given = self.ledger.form().and_then(LedgerForm::question);
        let to = context!(self);
        let refused = self.ledger.take_answer(typed, tables, to).err();
        if let Some(given) = given.filter(|_| refused.is_none()) {
            let folder = self.import.folder().to_path_buf();
            self.ledger.ask_judgement(given, &folder, context!(self));
        }
        self.ask_next();
        let Some(refused) = refused else { return };
        if let Some(question) = &mut self.line_question {
            question.prompt = Prompt::new(refused.typed);
        }
        match refused.why {
            WhyRefused::Key(key) => context!(self).warn(key),
            WhyRefused::Failure(failure) => context!(self).fail(&failure),
        }
    }

    /// What was wrong with an answer is said no longer once it is mended.
    pub(super) fn recheck_answer(&mut self) {
        let Some(LineQuestion { purpose: LinePurpose::Ledger(_), prompt }) = &self.line_question else { return };
        if !self.status.is_bad {
            return;
        }
        let (typed, tables) = (prompt.text().to_string(), self.roster.tables().cloned());
        let to = context!(self);
        if self.ledger.would_take(&typed, tables, to) {
            self.status = StatusLine::default();
        }
    }

    /// Goes to the field of a form before the one that is asked for.
    pub(super) fn previous_field(&mut self) {
        if self.ledger.is_at_first() || !self.ask_back() {
            context!(self).warn("status.not-now");
        }
    }

    /// Goes to the field of a form before or behind the one that is typed into.
    pub(super) fn step_field(&mut self, command: Command) {
        let is_form = matches!(self.line_question, Some(LineQuestion { purpose: LinePurpose::Ledger(_), .. }));
        match command {
            Command::Down if is_form => self.accept(),
            Command::Up if is_form && !self.ledger.is_at_first() => {
                self.ask_back();
            }
            _ => {}
        }
    }

    /// Tells whether a question of a form is in sight. Another overlay, such as the look-up, that lies over it is left first.
    fn is_form_in_sight(&self) -> bool {
        let is_asked = match self.overlays.open() {
            Some(Overlay::Choose(pane)) => matches!(pane.about(), Choosing::Form(_)),
            Some(Overlay::Confirm(asked)) => asked.is_about(Confirm::Ledger),
            Some(_) => false,
            None => matches!(self.line_question, Some(LineQuestion { purpose: LinePurpose::Ledger(_), .. })),
        };
        is_asked && self.ledger.form().is_some()
    }

    /// Backs out of a form: who is not sure yet is at its last field again, who is at a field leaves it, and what was filled
    /// in is there when the same is begun anew. Tells whether anything was being asked.
    pub(super) fn back_from_form(&mut self) -> bool {
        if matches!(self.overlays.open(), Some(Overlay::Confirm(_))) || !self.is_form_in_sight() {
            return self.ask_back();
        }
        let typed = self.line_question.take().map(|question| question.prompt.text().to_string());
        let to = context!(self);
        let proposed = match self.ledger.asking(None, to) {
            Some(FormStep::Line { text, .. }) => Some(text),
            _ => None,
        };
        self.overlays.close();
        if self.ledger.leave_form(typed.filter(|typed| proposed.as_ref() != Some(typed))) {
            context!(self).say_key("status.form-kept");
        }
        self.plan_again();
        true
    }

    /// Goes back to the question before, with what was answered there; from the first to where the asking began. Tells
    /// whether anything was being asked.
    pub(super) fn ask_back(&mut self) -> bool {
        if !self.is_form_in_sight() {
            return false;
        }
        self.overlays.close();
        let typed = self.line_question.take();
        if self.ledger.ask_before(typed.as_ref().map(|question| question.prompt.text())) {
            self.ask_next();
        } else {
            self.plan_again();
        }
        true
    }

    /// Plans anew where the plan lacked an institution that is registered now.
    pub(super) fn plan_again(&mut self) {
        if let Some(Replan { wish, .. }) = self.ledger.take_replan()
            && self.screen == Screen::Roster
            && !self.overlays.is_open()
        {
            let intent = self.overlays.ask_for_plan(wish, false, &self.roster, context!(self));
            self.fulfil(intent);
        }
    }

    /// Plans anew with the blank from which on the certificates are printed; what is no number is asked for once more.
    pub(super) fn take_plan_blanks(&mut self, wish: PlanWish, typed: &str) {
        match read_start(typed, &self.locale) {
            Ok(blanks) => {
                let wish = PlanWish { blanks, ..wish };
                let intent = self.overlays.ask_for_plan(wish, false, &self.roster, context!(self));
                self.fulfil(intent);
            }
            Err(refusal) => {
                let failure = self.locale.stock_refusal(&refusal);
                self.ask_line(LinePurpose::PlanBlanks(wish), typed, false);
                context!(self).fail(&failure);
            }
        }
    }

    /// Leaves the line in which the first blank of a plan is typed: the plan is there again as it was.
    pub(super) fn back_to_plan(&mut self) -> bool {
        let Some(LineQuestion { purpose: LinePurpose::PlanBlanks(wish), .. }) = &self.line_question else {
            return false;
        };
        let wish = *wish;
        self.line_question = None;
        let intent = self.overlays.ask_for_plan(wish, false, &self.roster, context!(self));
        self.fulfil(intent);
        true
    }

    /// An act was not done: the question that stands against it is there again, else its last one. `may_insist` tells that it is done
    /// with a reason.
    pub(super) fn ask_again(&mut self, question: Option<FormQuestion>, may_insist: bool) {
        let is_free = self.is_bare();
        if self.ledger.recall(Some(self.screen).filter(|_| is_free), question, may_insist) {
            self.ask_next();
        }
    }

    /// An act would not be done: it is not asked whether all is right, but once more what stands against it.
    pub(super) fn ask_anew(&mut self, question: Option<FormQuestion>) {
        self.overlays.close();
        self.ledger.go_to_question(question);
        self.ask_next();
    }

    /// An answer that was judged elsewhere is refused: it is asked for again.
    pub(super) fn refuse_answer(&mut self, refused: &RefusedAct) {
        if !self.is_form_in_sight() {
            return;
        }
        let typed = self.line_question.as_ref().map(|question| question.prompt.text().to_string());
        if self.ledger.refuse_answer(refused, typed.as_deref()) {
            self.overlays.close();
            self.ask_next();
        }
        context!(self).fail(&refused.why);
    }

    /// Asks before the batch is taken over.
    pub(super) fn ask_to_take_over(&mut self) {
        let Some(holder) = self.roster.holder() else { return };
        let question = self.locale.fill("ui.confirm.take-over", &[("holder", holder)]);
        self.overlays.confirm(question, Confirm::TakeOver);
    }
}
