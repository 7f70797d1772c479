//! Asking one question after the other before something is done to the ledger.

use super::ask::LedgerAsk;
use super::form::{Form, Question, Subject, Verb};
use crate::app::overlay::{Choose, Confirm, Overlay};
use crate::app::prompt::Prompt;
use crate::app::{App, Ask, AskKind};

impl App {
    /// Begins to ask.
    pub(super) fn begin_form(&mut self, verb: Verb, subject: Subject) {
        self.ledger.form = Some(Form::new(verb, subject));
        self.ask_next();
    }

    /// Asks the question whose turn it is, or whether all is right.
    fn ask_next(&mut self) {
        let Some(form) = &self.ledger.form else { return };
        let Some(question) = form.question() else {
            let question = form.sure(&self.locale);
            self.overlay = Some(Overlay::Confirm { question, then: Confirm::Ledger });
            return;
        };
        let options = form.choices(&self.locale);
        if !options.is_empty() {
            let title = form.title(&self.locale);
            self.overlay = Some(Overlay::Choose(Box::new(Choose { title, question, options, at: 0 })));
            return;
        }
        let proposed = match question {
            Question::Day | Question::Applied => self.today.map(|day| day.to_string()),
            Question::Year => self.today.map(|day| day.format("%Y").to_string()),
            Question::Papers => self.papers(form.subject),
            _ => None,
        };
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

    /// Does what was asked about, now that the user is sure.
    pub(in crate::app) fn do_deed(&mut self) {
        let deed = self.ledger.form.take().and_then(|form| form.deed());
        if let Some(deed) = deed {
            self.say(self.locale.text("status.ledger-doing").to_string());
            self.ask_ledger(LedgerAsk::Do(deed));
        }
    }
}
