//! Deadlines (期限): what is due of batches, cases and institutions, and how each was counted.

use chrono::NaiveDate;

use super::content::{Content, stale};
use super::form::{EventSubject, FormSubject};
use super::form_question::FormKind;
use super::full_list::{FullList, one_piece};
use super::request::{LedgerAnswer, LedgerRequest, RequestKind};
use super::{Ledger, OpenPage};
use crate::app::command::{Command, Place};
use crate::app::context::Context;
use crate::app::intent::Intent;
use crate::domain::due::{DueItem, explained};
use crate::domain::ledger::event::{DatedEvent, Thing};

pub const SHOWN_BY: Command = Command::ShowDeadlines;

#[derive(Debug, Default)]
pub struct List {
    pub lines: FullList<DueItem>,
    /// What each that is listed has to hold; empty for nothing.
    pub text: String,
    /// The day on which it stands so.
    pub on: Option<NaiveDate>,
}

/// A deadline, counted day by day.
#[derive(Debug)]
pub struct Page {
    pub item: DueItem,
    /// What is to be known of it, and a line for each day; `None` until that is here.
    pub told: Option<Vec<String>>,
    pub at: usize,
}

impl Content for List {
    fn place(&self) -> Place {
        Place::Deadlines
    }

    fn above(&self) -> u16 {
        1 + u16::from(!self.text.is_empty())
    }

    one_piece!();

    fn thing(&self) -> Option<EventSubject> {
        self.lines.current().map(subject)
    }

    fn opens(&self) -> Option<OpenPage> {
        let item = self.lines.current()?.clone();
        Some(OpenPage::Deadlines(Box::new(Page { item, told: None, at: 0 })))
    }

    fn wants(&mut self, _height: usize, is_free: &dyn Fn(RequestKind) -> bool) -> Option<LedgerRequest> {
        stale(&self.lines, is_free, LedgerRequest::Deadlines)
    }

    fn take(&mut self, answer: &LedgerAnswer, _height: usize) {
        if let LedgerAnswer::Deadlines(on, items) = answer {
            self.on = Some(*on);
            let words: Vec<String> = self.text.split_whitespace().map(str::to_lowercase).collect();
            let holds = |item: &&DueItem| words.iter().all(|word| searched(item).contains(word));
            self.lines.take(items.iter().filter(holds).cloned().collect(), DueItem::is_same);
        }
    }
}

impl Content for Page {
    fn place(&self) -> Place {
        Place::DeadlinePage
    }

    fn above(&self) -> u16 {
        2
    }

    fn count(&self) -> usize {
        self.told.as_ref().map_or(0, Vec::len)
    }

    fn at(&self) -> usize {
        self.at
    }

    fn cursor(&mut self) -> &mut usize {
        &mut self.at
    }

    fn thing(&self) -> Option<EventSubject> {
        Some(subject(&self.item))
    }

    fn renew(&mut self) {
        self.told = None;
    }

    fn wants(&mut self, _height: usize, is_free: &dyn Fn(RequestKind) -> bool) -> Option<LedgerRequest> {
        let is_wanted = self.told.is_none() && is_free(RequestKind::Counted);
        is_wanted.then(|| LedgerRequest::Counted(Box::new(self.item.clone())))
    }

    fn take(&mut self, answer: &LedgerAnswer, _height: usize) {
        match answer {
            LedgerAnswer::Counted(told) => self.told = Some(told.clone()),
            LedgerAnswer::Deadlines(_, items) => {
                if let Some(new) = items.iter().find(|new| new.is_same(&self.item)) {
                    self.item = new.clone();
                }
            }
            _ => {}
        }
    }
}

/// Gives what is searched of a deadline, in small letters: clause, name, what it is of.
fn searched(item: &DueItem) -> String {
    let (deadline, prefixes) = (item.deadline(), item.prefixes.join(" "));
    let thing = item.thing.to_string().replace(':', " ");
    [&deadline.clause, &deadline.name, &deadline.name_en, &item.title, &thing, &prefixes]
        .map(|text| text.to_lowercase())
        .join(" ")
}

/// Gives what a deadline is of, and the event that somebody probably wants to note there: the one it waits for, else the one that
/// meets it.
fn subject(item: &DueItem) -> EventSubject {
    let until = DatedEvent::read(&item.deadline().until).filter(|event| event.is_noted());
    // What comes again and again begins anew with the event that it counts from.
    let from = DatedEvent::read(&item.deadline().from).filter(|event| event.is_noted());
    let meant = item.waits_for().or(until).or(from).filter(|event| event.happens_to() == item.thing.kind());
    let is_of_certificates = matches!(item.thing, Thing::Batch(_)) || item.is_outside;
    let may_be_explained = is_of_certificates && explained(&item.profile).next().is_some();
    EventSubject { thing: item.thing.clone(), profile: item.profile.id.clone(), meant, may_be_explained }
}

/// Runs a command about a deadline; `None` where it is about something else.
pub(super) fn run(ledger: &mut Ledger, command: Command, to: &mut Context<'_>) -> Option<Intent> {
    let kind = match command {
        Command::NoteEvent => FormKind::Event,
        // Only the data of a batch are late.
        Command::DraftLateness if ledger.is_idle(command, to.locale) => {
            to.warn("status.not-now");
            return Some(Intent::Nothing);
        }
        Command::DraftLateness => FormKind::Lateness,
        _ => return None,
    };
    Some(Intent::AskForm(kind, FormSubject::Thing))
}
