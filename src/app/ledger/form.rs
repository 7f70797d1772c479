//! What is to be known before something is done to the ledger: the questions of each form, and what their answers come to.

use std::sync::Arc;

use chrono::NaiveDate;

use super::form_fault::missing;
use super::form_question::{FormKind, FormQuestion, StockVerb, item_key};
pub use super::form_subject::{EventSubject, FormSubject, SeriesSubject};
use super::request::FactLine;
use super::stock_form;
use crate::domain::date::{self, DateReading};
use crate::domain::fact::{FactDef, FactFault, FactType, NO, YES};
use crate::domain::ledger::case::{CaseKind, CaseRefusal, Item, ReissueCause};
use crate::domain::ledger::event::{DatedEvent, NotedEvent};
use crate::domain::ledger::stock::CountId;
use crate::domain::ledger::{Holder, Status};
use crate::domain::level::{Level, LevelForm};
use crate::domain::profile::Profile;
use crate::domain::registry::Institution;
use crate::domain::rules::{CheckContext, Tables};
use crate::domain::text;
use crate::words::{Locale, choice_words};

/// The questions of a form, and how far they are answered.
#[derive(Clone)]
pub struct LedgerForm {
    /// What is to be done.
    pub kind: FormKind,
    /// What it is done to.
    pub subject: FormSubject,
    /// The answers, in the order of the questions; behind the question whose turn it is, those given before going back.
    answers: Vec<String>,
    /// The place of the question whose turn it is.
    at: usize,
    /// Answers of the first question that cannot be given, each with why.
    pub(super) bars: Vec<(String, String)>,
    /// The rules that a case about a certificate must keep.
    pub(super) rules: Option<Arc<CheckContext>>,
    /// The tables and institutions that a prefix is looked up in; those of the roster where none.
    pub(super) tables: Option<Arc<Tables>>,
    /// How many certificates a search finds, once they are counted.
    pub(super) found: Option<usize>,
    /// The stocktake that is likely meant.
    pub(super) open_count: Option<CountId>,
    pub(super) thing: Option<EventSubject>,
    /// What is noted of it.
    pub(super) noted: Vec<NotedEvent>,
    /// The facts that may be noted of it.
    pub(super) facts: Vec<FactLine>,
    /// Whether it was refused for its day alone: who answers again and says why insists.
    pub(super) insists: bool,
    /// Which statuses what a search finds may take, and how many of it may each.
    pub(super) takers: Vec<(Status, usize)>,
}

impl std::fmt::Debug for LedgerForm {
    // Among the answers of a correction is a name or an ID number.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "LedgerForm {{ {:?} {:?} .. }}", self.kind, self.subject)
    }
}

/// The signs between the papers that were shown; the papers' names have commas and enumeration commas in them.
const PAPERS_BETWEEN: [char; 2] = [';', '；'];

/// Lists the papers that an answer names.
pub(super) fn papers_of(answer: &str) -> Vec<&str> {
    answer.split(PAPERS_BETWEEN).map(str::trim).filter(|paper| !paper.is_empty()).collect()
}

/// Writes a fact on a line: what it is called and what is noted, or what is missing.
fn fact_told(line: &FactLine, locale: &Locale) -> String {
    let label = locale.fact_label(&line.def);
    match (&*line.shown, &*line.lack) {
        ("", "") => label,
        ("", lack) => format!("{label}  {lack}"),
        (shown, "") => format!("{label}  {shown}"),
        (shown, lack) => format!("{label}  {shown}  {lack}"),
    }
}

/// Reads a day as it must be written.
pub(super) fn day(text: &str) -> Option<NaiveDate> {
    NaiveDate::parse_from_str(text, "%Y-%m-%d").ok().filter(|day| day.to_string() == text)
}

/// Reads a day as it is typed, where that can be one day only.
pub(super) fn day_typed(text: &str) -> Option<NaiveDate> {
    match date::read(text.trim()) {
        DateReading::Iso(day) | DateReading::Other(day) => Some(day),
        _ => None,
    }
}

/// Writes the day that is typed in a form, where it stands there in another form than it is kept.
pub fn form_day(question: FormQuestion, typed: &str) -> Option<String> {
    let day = day_typed(typed).filter(|_| question.is_day())?.to_string();
    (day != typed.trim()).then_some(day)
}

/// Lists the statuses given by hand that fit; the one that undoes what was done stands last, where nobody takes it unawares.
fn in_order(fits: impl Fn(Status) -> bool) -> Vec<Status> {
    let mut all: Vec<Status> = Status::BY_HAND.into_iter().filter(|status| fits(*status)).collect();
    all.sort_by_key(|status| *status == Status::Returned);
    all
}

pub(super) fn level(digit: &str) -> Option<Level> {
    digit.parse().ok().and_then(Level::new)
}

impl LedgerForm {
    pub(super) fn new(kind: FormKind, subject: FormSubject) -> LedgerForm {
        let mut form = LedgerForm {
            kind,
            subject,
            answers: Vec::new(),
            at: 0,
            bars: Vec::new(),
            rules: None,
            tables: None,
            found: None,
            open_count: None,
            thing: None,
            noted: Vec::new(),
            facts: Vec::new(),
            insists: false,
            takers: Vec::new(),
        };
        form.pass_over();
        form
    }

    /// Tells whether anything was answered.
    pub(super) fn is_filled(&self) -> bool {
        self.answers.iter().any(|answer| !answer.is_empty())
    }

    /// Gives the status that all certificates of a list are to have.
    pub(super) fn marks_found(&self) -> Option<Status> {
        let is_of_all = matches!(self.subject, FormSubject::Found(..)) && self.kind == FormKind::Mark;
        Status::read(self.answer(FormQuestion::Status)).filter(|_| is_of_all)
    }

    /// Tells whether it is what such a form becomes: of a case the kind is its first question.
    pub(super) fn is_about(&self, kind: FormKind, subject: FormSubject) -> bool {
        let is_of_stock = matches!(self.kind, FormKind::Blanks(_));
        let is_part =
            (kind == FormKind::Open && self.case_kind().is_some()) || (kind == FormKind::Stock && is_of_stock);
        self.subject == subject && (self.kind == kind || is_part)
    }

    /// Tells whether another form is about the same: what is left of it gives way.
    pub(super) fn is_same_as(&self, other: &LedgerForm) -> bool {
        let opens = |form: &LedgerForm| form.kind == FormKind::Open || form.case_kind().is_some();
        let stocks = |form: &LedgerForm| matches!(form.kind, FormKind::Stock | FormKind::Blanks(_));
        let is_one = self.kind == other.kind || (opens(self) && opens(other)) || (stocks(self) && stocks(other));
        self.subject == other.subject && self.thing == other.thing && is_one
    }

    /// Tells which kind of case its questions are about, where they are about one that is to be opened.
    pub(super) fn case_kind(&self) -> Option<CaseKind> {
        match self.kind {
            FormKind::Correct => Some(CaseKind::Correct),
            FormKind::Reissue => Some(CaseKind::Reissue),
            FormKind::Revoke => Some(CaseKind::Revoke),
            _ => None,
        }
    }

    /// Tells whether a question has an answer of its own here.
    fn asks(&self, question: FormQuestion) -> bool {
        match (question, self.subject) {
            (FormQuestion::Year, FormSubject::Series(series)) => series.asks_year,
            (FormQuestion::Level, FormSubject::Series(series)) => series.asks_level,
            // Taking something back is said why.
            (FormQuestion::Reason, _) if self.kind == FormKind::Fact => self.answer(FormQuestion::FactValue).is_empty(),
            (FormQuestion::Value, _) => self.answer(FormQuestion::Column) != Item::Photo.key(),
            // All that somebody has, or a list in a file, instead of numbers that are typed.
            (FormQuestion::AllOf, _) => self.answer(FormQuestion::Ranges).is_empty(),
            (FormQuestion::File, _) => self.answer(FormQuestion::Found).is_empty(),
            _ => true,
        }
    }

    /// Tells the same of the question whose turn it is.
    fn is_asked(&self) -> bool {
        self.question().is_none_or(|question| self.asks(question))
    }

    /// Leaves out the questions that have no answer of their own here.
    fn pass_over(&mut self) {
        while !self.is_asked() {
            self.keep("");
            self.at += 1;
        }
    }

    /// Gives the question whose turn it is; `None` when all are answered.
    pub fn question(&self) -> Option<FormQuestion> {
        self.kind.questions().get(self.at).copied()
    }

    /// Keeps what stands in the line of the question whose turn it is, right or not.
    pub(super) fn keep(&mut self, typed: &str) {
        match self.answers.get_mut(self.at) {
            Some(answer) => *answer = typed.to_string(),
            None => self.answers.push(typed.to_string()),
        }
    }

    /// Gives what was answered to the question whose turn it is before it was gone back from.
    pub(super) fn kept(&self) -> Option<&str> {
        self.answers.get(self.at).map(String::as_str).filter(|answer| !answer.is_empty())
    }

    /// Tells whether its answer was taken away, so that nothing is proposed again.
    pub(super) fn is_emptied(&self) -> bool {
        self.is_optional() && self.answers.get(self.at).is_some_and(String::is_empty)
    }

    /// Goes back to the question before; `false` at the first one.
    pub(super) fn back(&mut self) -> bool {
        while 0 < self.at {
            self.at -= 1;
            if self.is_asked() {
                return true;
            }
        }
        // Before the questions about a case comes the one of which kind it is, and so it is with blanks.
        if let FormKind::Blanks(verb) = self.kind {
            (self.kind, self.answers) = (FormKind::Stock, vec![verb.key().to_string()]);
            return true;
        }
        let Some(case_kind) = self.case_kind() else { return false };
        (self.kind, self.answers) = (FormKind::Open, vec![case_kind.key().to_string()]);
        true
    }

    /// Goes back to a question, or to the last one where it is none that is asked here.
    pub(super) fn go_to(&mut self, question: Option<FormQuestion>) {
        let asked = question.filter(|question| self.asks(*question));
        match asked.and_then(|asked| self.kind.questions().iter().position(|question| *question == asked)) {
            Some(at) if at < self.at => self.at = at,
            _ => {
                self.back();
            }
        }
    }

    pub(super) fn answer(&self, question: FormQuestion) -> &str {
        let place = self.kind.questions().iter().position(|q| *q == question);
        place.and_then(|place| self.answers.get(place)).map_or("", String::as_str)
    }

    /// Lists what may be chosen: the name it is known by and the words; nothing for a question that is answered by a text.
    pub(super) fn choices(&self, locale: &Locale, profiles: &[Arc<Profile>]) -> Vec<(String, String)> {
        let words = |key: &str, text: &str| (key.to_string(), text.to_string());
        match (self.question(), self.subject) {
            (Some(FormQuestion::Status), FormSubject::Certificate(_, now)) => {
                let next = in_order(|s| now.may_become(s));
                next.into_iter().map(|s| words(s.key(), locale.status(s))).collect()
            }
            (Some(FormQuestion::Status), FormSubject::Found(..)) => {
                let takers = |status| self.takers.iter().find(|(taken, n)| *taken == status && 0 < *n).map(|(_, n)| *n);
                let told = |status: Status| {
                    let places = [("status", locale.status(status)), ("n", &takers(status)?.to_string())];
                    Some(words(status.key(), &locale.fill("ui.ledger.takers", &places)))
                };
                in_order(|s| takers(s).is_some()).into_iter().filter_map(told).collect()
            }
            (Some(FormQuestion::Kind), _) => {
                CaseKind::ALL.into_iter().map(|k| words(k.key(), locale.case_kind(k))).collect()
            }
            (Some(FormQuestion::Level), _) => {
                let levels = (1..=5).filter_map(Level::new);
                levels.map(|level| (level.digit().to_string(), level.written(LevelForm::Grade))).collect()
            }
            (Some(FormQuestion::Cause), _) => {
                ReissueCause::ALL.into_iter().map(|c| words(c.key(), locale.case_cause(c))).collect()
            }
            (Some(FormQuestion::Profile), _) => {
                profiles.iter().map(|profile| words(&profile.id, locale.profile_name(profile))).collect()
            }
            (Some(FormQuestion::Event), _) => {
                let events = self.thing.iter().flat_map(|subject| subject.events(profiles));
                let told = |event: DatedEvent| match self.day_of(event) {
                    Some(day) => {
                        let places = [("event", locale.dated_event(event)), ("day", &day.to_string())];
                        words(event.key(), &locale.fill("ui.ledger.noted", &places))
                    }
                    None => words(event.key(), locale.dated_event(event)),
                };
                events.map(told).collect()
            }
            (Some(FormQuestion::Fact), _) => {
                self.facts.iter().map(|line| (line.def.id.clone(), fact_told(line, locale))).collect()
            }
            (Some(FormQuestion::FactValue), _) => self.fact_choices(locale),
            (Some(FormQuestion::Institution), FormSubject::Stock) => self.institutions(),
            (Some(question), FormSubject::Stock) => stock_form::choices(question, locale),
            // Which of the columns a notice allows, the case's rules say.
            (Some(FormQuestion::Column), _) => {
                let items = Holder::fields().map(Item::Field).chain([Item::Photo]);
                items.map(|item| words(item.key(), locale.text(item_key(item)))).collect()
            }
            _ => Vec::new(),
        }
    }

    fn day_of(&self, event: DatedEvent) -> Option<NaiveDate> {
        self.noted.iter().find(|noted| noted.event == event).map(|noted| noted.day)
    }

    /// Gives the day that is noted of the event which was chosen.
    pub(super) fn noted_day(&self) -> Option<NaiveDate> {
        self.day_of(DatedEvent::read(self.answer(FormQuestion::Event))?)
    }

    /// Gives the fact that was chosen.
    pub fn fact(&self) -> Option<&FactDef> {
        let id = self.answer(FormQuestion::Fact);
        self.facts.iter().map(|line| &line.def).find(|def| def.id == id)
    }

    /// Tells why what was typed is no value of the fact that was chosen; a file only the office looks at.
    pub(super) fn fact_fault(&self, typed: &str) -> Option<(&FactDef, FactFault)> {
        let def =
            self.fact().filter(|def| self.question() == Some(FormQuestion::FactValue) && def.kind != FactType::File)?;
        def.read(typed, &choice_words).err().map(|fault| (def, fault))
    }

    fn fact_choices(&self, locale: &Locale) -> Vec<(String, String)> {
        let words = |choice: &str| (choice.to_string(), locale.fact_choice(choice));
        match self.fact() {
            Some(def) if def.kind == FactType::YesNo => [YES, NO].map(words).to_vec(),
            Some(def) => def.choices.iter().map(|choice| words(choice)).collect(),
            None => Vec::new(),
        }
    }

    /// Lists the institutions that may be meant; nothing where there is no choice.
    fn institutions(&self) -> Vec<(String, String)> {
        let all = self.tables.iter().flat_map(|tables| tables.registry.institutions());
        let all: Vec<_> = all.filter(|one| one.retired.is_none()).collect();
        let line = |one: &&Institution| (one.prefix.clone(), format!("{}  {}", one.prefix, text::visible(one.name())));
        if all.len() < 2 { Vec::new() } else { all.iter().map(line).collect() }
    }

    /// Tells why an answer of the first question cannot be given; empty for one that can.
    pub(super) fn bar(&self, answer: &str) -> &str {
        self.bars.iter().find(|(name, _)| self.at == 0 && name == answer).map_or("", |(_, why)| why)
    }

    /// Tells why the question whose turn it is must be answered, where the notice says so.
    pub fn demand(&self) -> Option<CaseRefusal> {
        missing(self)
    }

    /// Tells whether the question whose turn it is may be left without an answer.
    pub fn is_optional(&self) -> bool {
        if missing(self).is_some() {
            return false;
        }
        match (self.kind, self.question()) {
            (FormKind::Mark, Some(FormQuestion::Reason)) => {
                !Status::read(self.answer(FormQuestion::Status)).is_some_and(Status::needs_reason)
            }
            // Taking something back is said why.
            (FormKind::Event, Some(FormQuestion::Reason)) => {
                let is_paper = DatedEvent::read(self.answer(FormQuestion::Event)).is_some_and(DatedEvent::names_paper);
                !self.answer(FormQuestion::EventDay).is_empty() && !is_paper
            }
            (FormKind::Blanks(verb), _) => self.may_leave_out(verb),
            (FormKind::CompareBlanks, Some(FormQuestion::Counted))
            | (FormKind::Lateness, Some(FormQuestion::Reason))
            | (FormKind::PrintData, Some(FormQuestion::Photos | FormQuestion::PhotoSize))
            | (FormKind::Submit, Some(FormQuestion::HandedTo | FormQuestion::Receipt | FormQuestion::Reason)) => true,
            // The cause says it, unless the notice asks for more.
            (FormKind::Register | FormKind::Reissue, Some(FormQuestion::Reason))
            | (FormKind::Event, Some(FormQuestion::EventDay))
            | (FormKind::Fact, Some(FormQuestion::FactValue))
            | (FormKind::Share, Some(FormQuestion::Scope))
            // What is not known yet is said later.
            | (FormKind::ChangeShare, _)
            | (_, Some(FormQuestion::Cancelled | FormQuestion::Withdrawn | FormQuestion::Authority)) => true,
            _ => false,
        }
    }

    /// Takes an answer; a refused one gives the locale key that says why.
    pub(super) fn take(&mut self, typed: &str) -> Result<(), &'static str> {
        let typed = typed.trim();
        match self.question() {
            None => return Ok(()),
            Some(_) if typed.is_empty() => {
                if !self.is_optional() {
                    return Err("status.answer-needed");
                }
            }
            Some(FormQuestion::Count) => {
                let FormSubject::Series(series) = self.subject else { return Ok(()) };
                match typed.parse::<u32>() {
                    Ok(count) if 0 < count && count <= series.left => {}
                    Ok(count) if 0 < count => return Err("status.more-than-left"),
                    _ => return Err("status.no-count"),
                }
            }
            Some(FormQuestion::Year) => {
                if date::year(typed).is_none() {
                    return Err("status.no-year");
                }
            }
            Some(question) if question.is_day() => {
                if day(typed).is_none() {
                    return Err("status.no-day");
                }
            }
            Some(FormQuestion::Kind) => {
                self.kind = match CaseKind::read(typed) {
                    Some(CaseKind::Correct) => FormKind::Correct,
                    Some(CaseKind::Reissue) => FormKind::Reissue,
                    _ => FormKind::Revoke,
                };
                self.answers.clear();
                self.pass_over();
                return Ok(());
            }
            Some(FormQuestion::StockVerb) => {
                self.kind = FormKind::Blanks(StockVerb::read(typed).ok_or("status.answer-needed")?);
                self.answers.clear();
                return Ok(());
            }
            Some(question) => {
                if let Some(key) = stock_form::refused(question, typed) {
                    return Err(key);
                }
            }
        }
        self.keep(typed);
        self.at += 1;
        self.pass_over();
        Ok(())
    }

    /// Lists the questions before the one whose turn it is.
    pub(super) fn questions_before(&self) -> impl Iterator<Item = FormQuestion> {
        self.kind.questions().iter().take(self.at).copied()
    }

    /// Lists the questions that are asked here, each with its answer, which is empty where there is none yet.
    pub(super) fn questions(&self) -> impl Iterator<Item = (FormQuestion, &str)> {
        let all = self.kind.questions().iter().enumerate();
        let answer = |at: usize| self.answers.get(at).map_or("", String::as_str);
        all.filter(|(_, question)| self.asks(**question)).map(move |(at, question)| (*question, answer(at)))
    }
}
