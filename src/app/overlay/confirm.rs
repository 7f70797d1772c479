//! A question that only `y` says yes to (确认).

use crate::app::command::Command;
use crate::app::intent::{Confirm, Intent};

#[derive(Debug)]
pub struct Confirmation {
    question: String,
    then: Confirm,
}

impl Confirmation {
    pub(super) fn new(question: String, then: Confirm) -> Confirmation {
        Confirmation { question, then }
    }

    pub fn question(&self) -> &str {
        &self.question
    }

    /// Tells something before the question.
    pub(super) fn put_before(&mut self, told: &str) {
        self.question = format!("{told} {}", self.question);
    }

    /// Tells whether it asks before such a thing.
    pub(in crate::app) fn is_about(&self, what: Confirm) -> bool {
        self.then == what
    }

    pub(super) fn update(&self, command: Command) -> Option<Intent> {
        (command == Command::Apply).then_some(Intent::Confirmed(self.then))
    }
}
