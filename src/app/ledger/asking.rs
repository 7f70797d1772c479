//! Asking one question after the other before something is done to the ledger.

use super::ask::LedgerAsk;
use super::form::{Form, Subject};
use super::plan::Replan;
use super::question::{Question, Verb};
use crate::app::overlay::{Choose, Confirm, Overlay};
use crate::app::prompt::Prompt;
use crate::app::{App, Ask, AskKind};
use crate::domain::ledger::plan::Refusal;
use crate::domain::registry::{self, FiledPrefix};
use crate::domain::sheet::Field;
use crate::domain::text;
use crate::failure::Failure;

impl App {
    pub(super) fn begin_form(&mut self, verb: Verb, subject: Subject) {
        self.ledger.form = Some(Form::new(verb, subject));
        self.ledger.replan = None;
        self.ask_next();
    }

    /// Begins to ask about an institution that is not registered. From a plan that lacks one its name is proposed, and the
    /// plan is made anew once it is there.
    pub(super) fn begin_filing(&mut self) {
        let replan = match self.overlay.take() {
            Some(Overlay::Plan(pane)) => {
                let refused = pane.plan.iter().flat_map(|plan| &plan.refused);
                let row = refused.filter(|(_, why)| *why == Refusal::UnknownInstitution).map(|(row, _)| *row).next();
                let name = row.zip(self.batch.as_ref()).map(|(row, b)| b.roster().cell(row, Field::Institution).trim());
                let name = name.unwrap_or_default().to_string();
                Some(Replan { order: pane.order, reserved: pane.reserved, name })
            }
            _ => None,
        };
        self.begin_form(Verb::Register, Subject::Registry);
        self.ledger.replan = replan;
    }

    /// Tells what is wrong with the prefix that was typed.
    fn prefix_fault(&self, typed: &str) -> Option<Failure> {
        let form = self.ledger.form.as_ref().filter(|_| !typed.is_empty())?;
        let profile = self.profiles.iter().find(|profile| profile.id == form.answer(Question::Profile))?;
        let tables = self.tables.as_ref().or(self.batch.as_ref().map(|batch| batch.context().tables()))?;
        let refusal = match FiledPrefix::read(typed, profile, &|table, code| tables.regions.name(table, code)) {
            Err(fault) => registry::Refusal::Prefix(fault),
            Ok(_) if tables.registry.get(typed).is_some() => registry::Refusal::Taken(typed.to_string()),
            Ok(_) => return None,
        };
        Some(self.locale.registry_refusal(&refusal))
    }

    /// Asks again what something else, such as the help, has been laid over.
    pub(in crate::app) fn ask_what_was_covered(&mut self) {
        if self.overlay.is_none() && self.ask.is_none() {
            self.ask_next();
        }
    }

    /// Forgets the questions of whoever went on to something else.
    pub(in crate::app) fn leave_unasked(&mut self) {
        if self.ledger.form.is_some() && self.overlay.is_none() && self.ask.is_none() {
            (self.ledger.form, self.ledger.replan) = (None, None);
        }
    }

    /// Asks the question whose turn it is, or whether all is right.
    fn ask_next(&mut self) {
        let Some(form) = &self.ledger.form else { return };
        let Some(question) = form.question() else {
            let question = form.sure(&self.locale, &self.profiles);
            self.overlay = Some(Overlay::Confirm { question, then: Confirm::Ledger });
            return;
        };
        let options = form.choices(&self.locale, &self.profiles);
        if !options.is_empty() {
            let title = form.title(&self.locale);
            let ours = self.batch.as_ref().filter(|_| question == Question::Profile);
            let first = form.kept().or(ours.map(|batch| batch.context().profile().id.as_str()));
            let at = first.and_then(|id| options.iter().position(|(key, _)| key == id)).unwrap_or(0);
            self.overlay = Some(Overlay::Choose(Box::new(Choose { title, question, options, at })));
            return;
        }
        let proposed = form.kept().map(String::from).or_else(|| match question {
            Question::Day | Question::Applied => self.today.map(|day| day.to_string()),
            Question::Year => self.today.map(|day| day.format("%Y").to_string()),
            Question::Papers => self.papers(form.subject),
            Question::Name => self.ledger.replan.as_ref().map(|replan| replan.name.clone()),
            _ => None,
        });
        self.ask = Some(Ask { kind: AskKind::Ledger(question), prompt: Prompt::new(proposed.unwrap_or_default()) });
    }

    /// Gives the papers that the notice of a certificate asks for, where the pane knows which notice that is.
    fn papers(&self, subject: Subject) -> Option<String> {
        let Subject::Certificate(code, _) = subject else { return None };
        let series = &self.ledger.series;
        let line = series.lines().iter().find(|line| {
            let (prefix, all) = (line.state.key.prefix(), code.as_str());
            all.starts_with(prefix)
        })?;
        let profile = self.profiles.iter().find(|p| p.id == line.state.profile)?;
        Some(profile.reissue.papers.join("；"))
    }

    /// Takes the line that was chosen from a list.
    pub(in crate::app) fn take_choice(&mut self) {
        let Some(Overlay::Choose(choose)) = self.overlay.take() else { return };
        if let Some((key, _)) = choose.options.get(choose.at) {
            self.answered(key);
        }
    }

    /// Takes an answer; a refused one is asked again.
    pub(in crate::app) fn answered(&mut self, typed: &str) {
        let Some(form) = &mut self.ledger.form else { return };
        if form.question() == Some(Question::Prefix) {
            let typed: String = typed.trim().chars().map(text::half_width).collect::<String>().to_uppercase();
            if let Some(failure) = self.prefix_fault(&typed) {
                self.ask = Some(Ask { kind: AskKind::Ledger(Question::Prefix), prompt: Prompt::new(typed) });
                return self.fail(&failure);
            }
            return self.take_answer_of_form(&typed);
        }
        self.take_answer_of_form(typed);
    }

    fn take_answer_of_form(&mut self, typed: &str) {
        let Some(form) = &mut self.ledger.form else { return };
        match form.take(typed) {
            Ok(()) => self.ask_next(),
            Err(key) => {
                self.ask_next();
                if let Some(ask) = &mut self.ask {
                    ask.prompt = Prompt::new(typed);
                }
                self.warn(key);
            }
        }
    }

    /// Goes back to the question before, with what was answered there; from the first to where the asking began. Tells
    /// whether anything was being asked.
    pub(in crate::app) fn ask_back(&mut self) -> bool {
        // Another overlay, such as the look-up, lies over the question and is left first.
        let is_in_sight = match &self.overlay {
            Some(overlay) => {
                matches!(overlay, Overlay::Choose(_) | Overlay::Confirm { then: Confirm::Ledger, .. })
            }
            None => matches!(self.ask, Some(Ask { kind: AskKind::Ledger(_), .. })),
        };
        let Some(form) = self.ledger.form.as_mut().filter(|_| is_in_sight) else { return false };
        self.overlay = None;
        if let Some(ask) = self.ask.take() {
            form.keep(ask.prompt.text());
        }
        if form.back() {
            self.ask_next();
        } else {
            self.ledger.form = None;
            self.plan_again();
        }
        true
    }

    /// Does what was asked about, now that the user is sure.
    pub(in crate::app) fn do_deed(&mut self) {
        let Some(form) = self.ledger.form.take() else { return };
        if let Some(deed) = form.deed() {
            self.say(self.locale.text("status.ledger-doing").to_string());
            self.ledger.doing = Some((self.screen, form));
            self.ask_ledger(LedgerAsk::Do(deed));
        }
    }

    /// It was not done: the last question is there again, and behind it every answer.
    pub(super) fn ask_again(&mut self) {
        let Some((screen, form)) = self.ledger.doing.take() else { return };
        // Whoever is elsewhere by now is told, and begins anew.
        let is_free = self.overlay.is_none() && self.ask.is_none() && self.edit.is_none();
        if is_free && self.screen == screen {
            self.is_yes = false;
            self.ledger.form = Some(form);
            self.ask_next();
        } else {
            self.ledger.replan = None;
        }
    }
}
