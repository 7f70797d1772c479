//! A question that only `y` says yes to (确认).

use crate::app::command::Command;
use crate::app::context::Context;
use crate::app::intent::{Confirm, Intent};
use crate::app::ledger::request::Reached;

/// A line of what is about to be done: what it is about, what stands there now where that is known, what it becomes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    pub what: String,
    pub from: Option<String>,
    pub to: String,
}

impl Fact {
    /// Writes what becomes of what; only what it becomes where nothing else stood there.
    pub fn told(&self) -> String {
        let from = self.from.as_deref().filter(|from| *from != self.to && !self.to.is_empty());
        from.map_or_else(|| self.to.clone(), |from| format!("{from} -> {}", self.to))
    }
}

#[derive(Debug)]
pub struct Confirmation {
    question: String,
    /// What yes does, where more than the question says.
    facts: Vec<Fact>,
    then: Confirm,
    /// It is not known yet how far that reaches: what is said in place of the question.
    awaits_reach: Option<String>,
}

impl Confirmation {
    pub(super) fn new(question: String, then: Confirm) -> Confirmation {
        Confirmation { question, facts: Vec::new(), then, awaits_reach: None }
    }

    pub(super) fn with_facts(self, facts: Vec<Fact>) -> Confirmation {
        Confirmation { facts, ..self }
    }

    /// Keeps the question back until it is known how far that reaches; nobody says yes to it before.
    pub(super) fn awaiting(self, said: String) -> Confirmation {
        Confirmation { awaits_reach: Some(said), ..self }
    }

    pub fn question(&self) -> &str {
        self.awaits_reach.as_deref().unwrap_or(&self.question)
    }

    pub fn facts(&self) -> &[Fact] {
        &self.facts
    }

    /// Tells whether it is still being looked up how far that reaches.
    pub(super) fn awaits_reach(&self) -> bool {
        self.awaits_reach.is_some()
    }

    /// Asks, now that it is known how far that reaches: what is found out stands in place of what was only answered.
    pub(super) fn take_reach(&mut self, reached: &Reached) {
        self.awaits_reach = None;
        let is_told = |fact: &Fact| reached.facts.iter().any(|found| found.what == fact.what);
        self.facts.retain(|fact| !is_told(fact));
        self.facts.splice(0..0, reached.facts.iter().cloned());
        // What is told in several lines has its own, and the question the last one.
        let between = if reached.warning.contains('\n') { '\n' } else { ' ' };
        self.question = format!("{}{between}{}", reached.warning, self.question).trim().to_string();
    }

    /// Tells whether it asks before such a thing.
    pub(in crate::app) fn is_about(&self, what: Confirm) -> bool {
        self.then == what
    }

    pub(super) fn update(&self, command: Command, to: &mut Context<'_>) -> Option<Intent> {
        if command != Command::Apply {
            return None;
        }
        if let Some(said) = &self.awaits_reach {
            to.complain(said.clone());
            return Some(Intent::Nothing);
        }
        Some(Intent::Confirmed(self.then))
    }
}
