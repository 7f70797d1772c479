//! A form on one page: every field with its label, what it is now, and what was answered.

use std::sync::Arc;

use super::Ledger;
use super::form::{FormSubject, LedgerForm, level};
use super::form_question::{FormKind, FormQuestion, item_key};
use super::stock_form;
use crate::app::overlay::Fact;
use crate::domain::ledger::case::{Item, ReissueCause};
use crate::domain::ledger::event::DatedEvent;
use crate::domain::ledger::{Certificate, Status};
use crate::domain::level::LevelForm;
use crate::domain::profile::Profile;
use crate::words::Locale;

/// A field of a form.
#[derive(Debug)]
pub struct FormField {
    pub fact: Fact,
    /// Whether its question is being asked.
    pub is_here: bool,
}

impl LedgerForm {
    /// Asks whether all is right, and says what comes of it: a case that is opened is only asked for.
    pub(super) fn sure(&self, locale: &Locale) -> String {
        let needs_approval = || {
            let rules = self.rules.as_ref().map(|rules| rules.profile());
            self.case_kind().zip(rules).is_some_and(|(kind, profile)| kind.needs_approval(profile))
        };
        let key = match self.case_kind() {
            Some(_) if needs_approval() => "ui.ledger.sure-open-approval",
            Some(_) => "ui.ledger.sure-open",
            // What is noted of an event is taken back by a later word.
            None if matches!(self.kind, FormKind::Event | FormKind::Fact) => "ui.ledger.sure-event",
            None => "ui.ledger.sure",
        };
        locale.fill(key, &[("what", &self.title(locale))])
    }

    /// Names what is to be done and to what.
    pub fn title(&self, locale: &Locale) -> String {
        let subject = match self.subject {
            FormSubject::Series(series) => series.key.to_string(),
            FormSubject::Certificate(code, _) => code.to_string(),
            FormSubject::Case(case) => locale.fill("ui.ledger.case-number", &[("n", &case.to_string())]),
            FormSubject::Found(known, more) => {
                let listed = || format!("{known}{}", if more { "+" } else { "" });
                let n = self.found.map_or_else(listed, |found| found.to_string());
                locale.fill("ui.ledger.all-found", &[("n", &n)])
            }
            FormSubject::Registry | FormSubject::Stock | FormSubject::Reply | FormSubject::Shares => String::new(),
            FormSubject::Share(share) => share.to_string(),
            FormSubject::Thing | FormSubject::Batch(_) => {
                self.thing.as_ref().map_or_else(String::new, |subject| locale.thing(&subject.thing))
            }
        };
        format!("{} {subject}", locale.text(self.kind.key())).trim_end().to_string()
    }
}

impl Ledger {
    /// Tells whether the first field of a form is being asked, before which there is none.
    pub fn is_at_first(&self) -> bool {
        self.form.clone().is_some_and(|mut form| !form.back())
    }

    /// Gives the profile that is chosen in a form.
    pub fn form_profile<'a>(&self, profiles: &'a [Arc<Profile>]) -> Option<&'a Arc<Profile>> {
        let id = self.form.as_ref()?.answer(FormQuestion::Profile);
        profiles.iter().find(|profile| profile.id == id)
    }

    /// Tells whom a form is about, and what the case it is about asks for, as masked as in the list behind it.
    pub fn subject_facts(&self, locale: &Locale) -> Vec<Fact> {
        let fact = |(what, to)| Fact { what, from: None, to };
        let person = |name: &str| fact((locale.text("ui.ledger.label.person").to_string(), name.to_string()));
        if let Some(certificate) = self.in_form() {
            return vec![person(&self.shown(certificate).holder.name)];
        }
        let Some(FormSubject::Case(id)) = self.form.as_ref().map(|form| form.subject) else { return Vec::new() };
        let Some(line) = self.content().case().filter(|line| line.case.id == id) else { return Vec::new() };
        let shown = self.shown_case(line);
        std::iter::once(person(&shown.case.snapshot.name)).chain(shown.request.iter().cloned().map(fact)).collect()
    }

    /// Lists the fields of the form that is being filled in, in the order they are asked.
    pub fn form_fields(&self, locale: &Locale, profiles: &[Arc<Profile>]) -> Vec<FormField> {
        let Some(form) = &self.form else { return Vec::new() };
        let certificate = self.in_form();
        let fields = form.questions().map(|(question, answer)| {
            let fact = Fact {
                what: locale.text(question.label_key()).to_string(),
                from: form.stands(question, certificate, locale),
                to: answered(question, answer, locale, profiles),
            };
            FormField { fact, is_here: form.question() == Some(question) }
        });
        fields.collect()
    }
}

impl LedgerForm {
    /// Writes what the form changes as it stands now, where that is known.
    fn stands(&self, question: FormQuestion, certificate: Option<&Certificate>, locale: &Locale) -> Option<String> {
        match (self.kind, question, self.subject) {
            (FormKind::Mark, FormQuestion::Status, FormSubject::Certificate(_, now)) => {
                Some(locale.status(now).to_string())
            }
            (FormKind::Correct, FormQuestion::Value, _) => {
                let Some(Item::Field(field)) = Item::read(self.answer(FormQuestion::Column)) else { return None };
                // As masked as in the list behind it.
                certificate?.holder.cell(field).map(String::from)
            }
            _ => None,
        }
    }
}

/// Writes an answer as it is read.
fn answered(question: FormQuestion, answer: &str, locale: &Locale, profiles: &[Arc<Profile>]) -> String {
    let shown = match question {
        FormQuestion::Status => Status::read(answer).map(|status| locale.status(status).to_string()),
        FormQuestion::Cause => ReissueCause::read(answer).map(|cause| locale.case_cause(cause).to_string()),
        FormQuestion::Column => Item::read(answer).map(|item| locale.text(item_key(item)).to_string()),
        FormQuestion::Profile => {
            let profile = profiles.iter().find(|profile| profile.id == answer);
            profile.map(|profile| locale.profile_name(profile).to_string())
        }
        FormQuestion::Event => DatedEvent::read(answer).map(|event| locale.dated_event(event).to_string()),
        FormQuestion::Fact => locale.find(&format!("fact.name.{answer}")).map(String::from),
        FormQuestion::FactValue => Some(locale.fact_choice(answer)),
        FormQuestion::Level => level(answer).map(|level| level.written(LevelForm::Grade)),
        other => stock_form::answered(other, answer, locale),
    };
    shown.unwrap_or_else(|| answer.to_string())
}
