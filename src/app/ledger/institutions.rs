//! Institutions (机构): the registry, and each institution with its names, seals and scope.

use super::content::{Content, stale};
use super::form::{EventSubject, FormSubject};
use super::form_question::FormKind;
use super::full_list::{FullList, one_piece};
use super::request::{LedgerAnswer, LedgerRequest, RequestKind};
use super::{Ledger, OpenPage};
use crate::app::command::{Command, Place};
use crate::app::context::Context;
use crate::app::intent::Intent;
use crate::domain::ledger::event::Thing;
use crate::domain::registry::{Institution, Rectification, Registry};

pub const SHOWN_BY: Command = Command::ShowInstitutions;

#[derive(Debug, Default)]
pub struct List {
    pub lines: FullList<Institution>,
    /// The registry that they are of.
    registry: Registry,
}

impl List {
    /// Gives the order to put things right that stands for one of them.
    pub fn rectification(&self, one: &Institution) -> Option<&Rectification> {
        self.registry.rectification(&one.prefix)
    }
}

/// An institution in full.
#[derive(Debug)]
pub struct Page {
    pub institution: Institution,
    /// The order to put things right that stands for it.
    pub rectification: Option<Rectification>,
    /// The cursor among names, seals and scope.
    pub at: usize,
}

impl Content for List {
    fn place(&self) -> Place {
        Place::Institutions
    }

    fn above(&self) -> u16 {
        1
    }

    one_piece!();

    fn thing(&self) -> Option<EventSubject> {
        self.lines.current().map(subject)
    }

    fn opens(&self) -> Option<OpenPage> {
        let institution = self.lines.current()?.clone();
        let rectification = self.rectification(&institution).cloned();
        Some(OpenPage::Institutions(Box::new(Page { institution, rectification, at: 0 })))
    }

    fn wants(&mut self, _height: usize, is_free: &dyn Fn(RequestKind) -> bool) -> Option<LedgerRequest> {
        stale(&self.lines, is_free, LedgerRequest::Institutions)
    }

    fn take(&mut self, answer: &LedgerAnswer, _height: usize) {
        if let LedgerAnswer::Institutions(registry) = answer {
            self.lines.take(registry.institutions().cloned().collect(), |a, b| a.prefix == b.prefix);
            self.registry = registry.clone();
        }
    }
}

impl Content for Page {
    fn place(&self) -> Place {
        Place::DetailPage
    }

    fn above(&self) -> u16 {
        5
    }

    fn count(&self) -> usize {
        let one = &self.institution;
        one.names.len() + one.seals.len() + one.scope.len()
    }

    fn at(&self) -> usize {
        self.at
    }

    fn cursor(&mut self) -> &mut usize {
        &mut self.at
    }

    fn thing(&self) -> Option<EventSubject> {
        Some(subject(&self.institution))
    }

    fn take(&mut self, answer: &LedgerAnswer, _height: usize) {
        if let LedgerAnswer::Institutions(registry) = answer
            && let Some(new) = registry.get(&self.institution.prefix)
        {
            self.institution = new.clone();
            self.rectification = registry.rectification(&new.prefix).cloned();
        }
    }
}

fn subject(institution: &Institution) -> EventSubject {
    let thing = Thing::Institution(institution.prefix.clone());
    EventSubject { thing, profile: institution.profile.clone(), meant: None, may_be_explained: false }
}

/// Runs a command about the registry; `None` where it is about something else.
pub(super) fn run(_ledger: &mut Ledger, command: Command, _to: &mut Context<'_>) -> Option<Intent> {
    (command == Command::AddInstitution).then_some(Intent::AskForm(FormKind::Register, FormSubject::Registry))
}
