//! The steps of a form: which question comes next, what is proposed, and what becomes of an answer.

use std::sync::Arc;

use super::Ledger;
use super::form::{self, EventSubject, FormSubject, LedgerForm};
use super::form_fault::{day_fault, fact_fault, missing_fault, papers_fault, prefix_fault, value_fault};
use super::form_question::{FormKind, FormQuestion};
use super::request::{Bars, LedgerRequest};
use super::shares::share_field;
use super::stock_form;
use crate::app::context::Context;
use crate::app::place::Screen;
use crate::domain::date;
use crate::domain::ledger::Certificate;
use crate::domain::ledger::case::{Case, Item};
use crate::domain::ledger::event::{DatedEvent, NotedEvent, Thing, ThingKind};
use crate::domain::ledger::plan::PlanWish;
use crate::domain::registry;
use crate::domain::rules::Tables;
use crate::domain::text;
use crate::failure::Failure;

/// So many forms that were left half filled in are kept, the latest.
const MOST_LEFT: usize = 20;

/// A plan that is made anew once an institution is registered.
#[derive(Debug)]
pub struct Replan {
    /// How the rows are to be numbered.
    pub wish: PlanWish,
    /// The name of the institution that is not registered.
    pub name: String,
}

/// What is asked next.
#[derive(Debug)]
pub enum FormStep {
    /// A line of text, and what stands in it.
    Line {
        question: FormQuestion,
        text: String,
        /// Whether nobody typed that, so that what is typed takes its place.
        is_proposed: bool,
    },
    /// A line of a list.
    Choice {
        /// What is about to be done.
        title: String,
        /// What is to be known before; may be empty.
        note: String,
        question: FormQuestion,
        /// The answers: the name each is known by, and its words.
        options: Vec<(String, String)>,
        /// Why each of them cannot be given; empty for one that can.
        barred: Vec<String>,
        /// The one that is proposed.
        at: usize,
    },
    /// Lines of a list, each taken or not.
    Ticks {
        /// What is about to be done.
        title: String,
        question: FormQuestion,
        /// What there is to tick.
        texts: Vec<String>,
        /// Which of them are ticked.
        ticked: Vec<bool>,
    },
    /// Whether all is right.
    Sure(String),
    /// Nothing: it is only looked up.
    Ready,
}

/// Why an answer is not taken, and what stands in its line when it is asked for again.
#[derive(Debug)]
pub struct RefusedAnswer {
    pub typed: String,
    pub why: WhyRefused,
}

#[derive(Debug)]
pub enum WhyRefused {
    /// The locale key of a sentence.
    Key(&'static str),
    Failure(Failure),
}

impl Ledger {
    /// Gives the questions that are being answered.
    pub fn form(&self) -> Option<&LedgerForm> {
        self.form.as_ref()
    }

    /// Gives the plan that waits for an institution to be registered.
    pub fn replan(&self) -> Option<&Replan> {
        self.replan.as_ref()
    }

    pub fn take_replan(&mut self) -> Option<Replan> {
        self.replan.take()
    }

    /// Begins to ask what a form needs to know; a plan that lacks an institution waits until it is registered.
    pub fn begin(&mut self, kind: FormKind, subject: FormSubject, replan: Option<Replan>) {
        // A plan proposes a name of its own.
        let thing = self.thing_of(subject);
        let is_it = |left: &LedgerForm| left.is_about(kind, subject) && left.thing == thing && replan.is_none();
        let left = self.left_forms.iter().position(is_it);
        let left = left.map(|at| self.left_forms.remove(at));
        let mut form = left.unwrap_or_else(|| LedgerForm::new(kind, subject));
        form.thing = thing;
        self.form = Some(form);
        self.replan = replan;
    }

    /// Leaves the form with what stands in the line of its question, where anything was typed there. Tells whether what was
    /// filled in is kept for when the same is begun anew.
    pub(in crate::app) fn leave_form(&mut self, typed: Option<String>) -> bool {
        let Some(mut form) = self.form.take() else { return false };
        if let Some(typed) = typed {
            form.keep(&typed);
        }
        let is_filled = form.is_filled();
        if is_filled {
            self.left_forms.retain(|left| !left.is_same_as(&form));
            self.left_forms.push(form);
            if MOST_LEFT < self.left_forms.len() {
                self.left_forms.remove(0);
            }
        }
        is_filled
    }

    /// The same, now that it is known what stands against it, and by which rules.
    pub fn begin_with(&mut self, kind: FormKind, subject: FormSubject, bars: Bars) {
        self.begin(kind, subject, None);
        if let Some(form) = &mut self.form {
            (form.bars, form.rules, form.tables) = (bars.choices, bars.rules, bars.tables);
            (form.found, form.takers, form.facts) = (bars.found, bars.takers, bars.facts);
            form.open_count = bars.open_count;
            let is_of_thing = |one: &NotedEvent| form.thing.as_ref().is_some_and(|subject| subject.thing == one.thing);
            form.noted = bars.noted.into_iter().filter(is_of_thing).collect();
        }
    }

    /// Gives what an event or a fact is noted of.
    fn thing_of(&self, subject: FormSubject) -> Option<EventSubject> {
        match subject {
            FormSubject::Thing => self.content().thing(),
            FormSubject::Batch(batch) => Some(EventSubject {
                thing: Thing::Batch(batch),
                profile: String::new(),
                meant: None,
                may_be_explained: false,
            }),
            _ => None,
        }
    }

    /// Asks what stands against something before its form begins; `false` where the pane knows all there is to know.
    pub fn ask_bars(&mut self, kind: FormKind, subject: FormSubject, to: &mut Context<'_>) -> bool {
        let is_asked = matches!(
            (kind, subject),
            (FormKind::Open, FormSubject::Certificate(..))
                | (FormKind::Reserve, FormSubject::Series(_))
                | (FormKind::Mark, FormSubject::Found(..))
                | (FormKind::Close | FormKind::CloseRevocation, FormSubject::Case(_))
                | (FormKind::Register, FormSubject::Registry)
                | (FormKind::Stock | FormKind::Blanks(_), FormSubject::Stock)
                | (FormKind::Event, FormSubject::Thing)
                | (FormKind::Submit, FormSubject::Batch(_))
                | (FormKind::Fact, _)
        );
        if is_asked {
            let thing = self.thing_of(subject).filter(|_| kind == FormKind::Fact);
            let text = thing.map_or_else(|| self.searched().to_string(), |of| of.thing.to_string());
            self.request(LedgerRequest::Bars { kind, subject, text }, to);
        }
        is_asked
    }

    /// Forgets the questions of whoever went on to something else.
    pub fn stop_asking(&mut self) {
        if self.form.take().is_some() {
            self.replan = None;
        }
    }

    /// Gives the question whose turn it is, or whether all is right; `ours` is the profile of the batch on screen.
    pub fn asking(&self, ours: Option<&str>, to: &Context<'_>) -> Option<FormStep> {
        let form = self.form.as_ref()?;
        let Some(question) = form.question() else {
            if form.kind.is_look() {
                return Some(FormStep::Ready);
            }
            return Some(FormStep::Sure(form.sure(to.locale)));
        };
        let notice = form.rules.as_ref().map(|rules| rules.profile());
        let title = form.title(to.locale);
        if let Some(profile) = notice.filter(|_| question == FormQuestion::Papers)
            && !profile.reissue.papers.is_empty()
        {
            // A checklist is ticked off: what must match to the letter is not typed.
            let texts = profile.reissue.papers.clone();
            let shown = form.kept().map(form::papers_of).unwrap_or_default();
            let ticked = texts.iter().map(|text| shown.contains(&text.as_str())).collect();
            return Some(FormStep::Ticks { title, question, texts, ticked });
        }
        let mut options = form.choices(to.locale, to.profiles);
        let mut note = String::new();
        if let Some(profile) = notice.filter(|_| question == FormQuestion::Column) {
            let rules = &profile.correction;
            options.retain(|(name, _)| Item::read(name).is_some_and(|item| item.may_change(rules)));
            let key = if rules.text.is_empty() { "ui.ledger.only-these" } else { "ui.ledger.notice-says" };
            let says_something = !rules.text.is_empty() || !rules.fields.is_empty();
            if !rules.clause.is_empty() && says_something {
                note = to.locale.fill(key, &[("text", &rules.text), ("clause", &rules.clause)]);
            }
        }
        if !options.is_empty() {
            let meant = form.thing.as_ref().and_then(|subject| subject.meant).map(DatedEvent::key);
            let meant = meant.filter(|_| question == FormQuestion::Event);
            let is_batch = form.thing.as_ref().is_some_and(|subject| subject.thing.kind() == ThingKind::Batch);
            if question == FormQuestion::Event && is_batch {
                note = to.locale.text("ui.ledger.event-note").to_string();
            }
            let first = form.kept().or(ours.filter(|_| question == FormQuestion::Profile)).or(meant);
            let barred: Vec<String> = options.iter().map(|(key, _)| form.bar(key).to_string()).collect();
            let at = first.and_then(|id| options.iter().position(|(key, _)| key == id));
            let lacking = form.facts.iter().position(|line| !line.lack.is_empty());
            let at = at.or(lacking.filter(|_| question == FormQuestion::Fact));
            let at = at.or_else(|| barred.iter().position(String::is_empty)).unwrap_or(0);
            return Some(FormStep::Choice { title, note, question, options, barred, at });
        }
        let proposed = match question {
            // What is noted already is mended.
            FormQuestion::EventDay => form.noted_day().or(to.today).map(|day| day.to_string()),
            FormQuestion::Day | FormQuestion::Reissued | FormQuestion::Approved | FormQuestion::Applied => {
                to.today.map(|day| day.to_string())
            }
            FormQuestion::DemandYear => to.today.map(|day| stock_form::proposed_year(day).to_string()),
            FormQuestion::CountNumber => form.open_count.map(|count| count.to_string()),
            FormQuestion::Ranges | FormQuestion::From => stock_form::proposed_numbers(
                form.kind,
                self.content().stock(),
                self.lists.stock.lines.lines(),
                to.locale,
            ),
            FormQuestion::Year => to.today.map(|day| day.format("%Y").to_string()),
            FormQuestion::Prefix => known_of_prefix(form, to),
            FormQuestion::File if form.kind == FormKind::Lateness => {
                let batch = form.thing.as_ref().map(|subject| &subject.thing);
                let file = |thing: &Thing| match thing {
                    Thing::Batch(batch) => Some(to.locale.fill("lateness.file", &[("batch", &batch.to_string())])),
                    _ => None,
                };
                batch.and_then(file)
            }
            FormQuestion::File if form.kind == FormKind::PrintData => {
                let which = match form.subject {
                    FormSubject::Certificate(code, _) => code.to_string(),
                    FormSubject::Batch(batch) => batch.to_string(),
                    _ => String::new(),
                };
                Some(to.locale.fill("print.file", &[("which", &which)]))
            }
            question if form.kind == FormKind::ChangeShare => self.said_of_share(form.subject, question),
            FormQuestion::FactValue => {
                let chosen = form.answer(FormQuestion::Fact);
                let line = form.facts.iter().find(|line| line.def.id == chosen);
                line.map(|line| line.proposed.clone()).filter(|proposed| !proposed.is_empty())
            }
            FormQuestion::Name => self.replan.as_ref().map(|replan| replan.name.clone()),
            _ => None,
        };
        let proposed = proposed.filter(|_| !form.is_emptied());
        let text = form.kept().map(String::from).or_else(|| proposed.clone()).unwrap_or_default();
        // What a prefix begins with is typed on behind.
        let is_proposed = question != FormQuestion::Prefix && proposed.is_some_and(|proposed| proposed == text);
        Some(FormStep::Line { question, text, is_proposed })
    }

    /// Gives what an entry of the share register says already.
    fn said_of_share(&self, subject: FormSubject, question: FormQuestion) -> Option<String> {
        let FormSubject::Share(id) = subject else { return None };
        let line = self.lists.shares.lines.lines().iter().find(|line| line.share.id == id)?;
        let said = line.share.terms.text(share_field(question)?);
        (!said.is_empty()).then_some(said)
    }

    /// Takes an answer to the question whose turn it is.
    pub fn take_answer(
        &mut self,
        typed: &str,
        tables: Option<Arc<Tables>>,
        to: &Context<'_>,
    ) -> Result<(), RefusedAnswer> {
        let (certificate, case) = (self.in_form().cloned(), self.case_in_form().cloned());
        let about = About { tables, certificate: certificate.as_ref(), case: case.as_ref() };
        self.form.as_mut().map_or(Ok(()), |form| answer(form, typed, about, to))
    }

    /// Tells whether an answer to the question whose turn it is would be taken.
    pub fn would_take(&self, typed: &str, tables: Option<Arc<Tables>>, to: &Context<'_>) -> bool {
        let about = About { tables, certificate: self.in_form(), case: self.case_in_form() };
        self.form.clone().is_some_and(|mut form| answer(&mut form, typed, about, to).is_ok())
    }

    /// Gives the certificate that a form is about, where the pane has it.
    pub(super) fn in_form(&self) -> Option<&Certificate> {
        let FormSubject::Certificate(code, _) = self.form.as_ref()?.subject else { return None };
        self.content().certificate().filter(|one| one.code == code)
    }

    /// Gives the case that a form is about, where the pane has it.
    fn case_in_form(&self) -> Option<&Case> {
        let FormSubject::Case(id) = self.form.as_ref()?.subject else { return None };
        self.content().case().map(|line| &line.case).filter(|case| case.id == id)
    }

    /// Goes back to the question before, with what stands in the line of this one; `false` from the first, which ends the
    /// asking.
    pub fn ask_before(&mut self, typed: Option<&str>) -> bool {
        let Some(form) = &mut self.form else { return false };
        if let Some(typed) = typed {
            form.keep(typed);
        }
        let is_left = form.back();
        if !is_left {
            self.form = None;
        }
        is_left
    }

    /// Asks how far it reaches what is about to be done, if anything is; tells whether it was asked.
    pub fn ask_reach(&mut self, to: &mut Context<'_>) -> bool {
        let act = self.form.as_ref().and_then(|form| form.act(self.searched()));
        let is_act = act.is_some();
        act.into_iter().for_each(|act| self.request(LedgerRequest::Reach(act), to));
        is_act
    }

    /// Has what was asked about carried out, now that the user is sure.
    pub fn carry_out(&mut self, screen: Screen, to: &mut Context<'_>) {
        let Some(form) = self.form.take() else { return };
        if let Some(act) = form.act(self.searched()) {
            to.say_key("status.ledger-doing");
            self.acting = Some((screen, form));
            self.request(LedgerRequest::Do(act), to);
        }
    }

    /// It is not to be done as it was answered: the question that this is about is there again, else the last one.
    pub fn go_to_question(&mut self, question: Option<FormQuestion>) {
        if let Some(form) = &mut self.form {
            form.go_to(question);
        }
    }

    /// It was not done: the question that this is about is there again, else the last one, and behind it every answer, unless
    /// whoever was asked is elsewhere by now (`screen` is where they are, if nothing else is in hand there). `may_insist` tells
    /// that it is done with a reason. Tells whether it is to be asked again.
    pub fn recall(&mut self, screen: Option<Screen>, question: Option<FormQuestion>, may_insist: bool) -> bool {
        let Some((asked_on, mut form)) = self.acting.take() else { return false };
        form.insists = may_insist;
        let is_there = screen == Some(asked_on);
        if is_there {
            // Why something is printed once more is another reason, and blanks go with it: it is never the one that stands there.
            let says_anew = may_insist && form.kind == FormKind::PrintData;
            self.form = Some(form);
            self.go_to_question(question.or(says_anew.then_some(FormQuestion::Reason)));
            if let Some(form) = self.form.as_mut().filter(|_| says_anew) {
                form.keep("");
            }
        } else {
            self.replan = None;
        }
        is_there
    }
}

/// What an answer is judged by.
struct About<'a> {
    /// What a prefix is looked up in over a roster.
    tables: Option<Arc<Tables>>,
    certificate: Option<&'a Certificate>,
    case: Option<&'a Case>,
}

/// Gives a form an answer to the question whose turn it is.
fn answer(form: &mut LedgerForm, typed: &str, about: About<'_>, to: &Context<'_>) -> Result<(), RefusedAnswer> {
    let mut typed = typed.to_string();
    if form.question().is_some_and(FormQuestion::is_day)
        && let Some(day) = form::day_typed(&typed)
    {
        typed = date::written(Some(day));
    }
    if form.question() == Some(FormQuestion::Prefix) {
        typed = typed.trim().chars().map(text::half_width).collect::<String>().to_uppercase();
        // What is known of a prefix stands in the line already; one that was copied whole is pasted behind it.
        if let Some(known) = known_of_prefix(form, to)
            && typed.strip_prefix(&known).is_some_and(|rest| rest.starts_with(&known))
        {
            typed.drain(..known.len());
        }
        let tables = form.tables.clone();
        if let Some(failure) = tables.or(about.tables).and_then(|tables| prefix_fault(form, &typed, &tables, to)) {
            return Err(RefusedAnswer { typed, why: WhyRefused::Failure(failure) });
        }
    }
    let fault = stock_form::number_fault(form, &typed, to.locale)
        .or_else(|| day_fault(form, &typed, (about.certificate, about.case), to))
        .or_else(|| about.certificate.and_then(|certificate| value_fault(form, &typed, certificate, to)))
        .or_else(|| papers_fault(form, &typed, to))
        .or_else(|| fact_fault(form, &typed, to))
        .or_else(|| missing_fault(form, &typed, to));
    if let Some(failure) = fault {
        // A list that is asked for again keeps its ticks.
        if form.question() == Some(FormQuestion::Papers) {
            form.keep(&typed);
        }
        return Err(RefusedAnswer { typed, why: WhyRefused::Failure(failure) });
    }
    form.take(&typed).map_err(|key| RefusedAnswer { typed, why: WhyRefused::Key(key) })
}

/// Gives what the prefixes of the chosen profile begin with, where that is one thing.
fn known_of_prefix(form: &LedgerForm, to: &Context<'_>) -> Option<String> {
    let profile = to.profiles.iter().find(|profile| profile.id == form.answer(FormQuestion::Profile))?;
    Some(registry::known_prefix(&profile.layout)).filter(|known| !known.is_empty())
}
