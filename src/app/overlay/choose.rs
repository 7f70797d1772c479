//! A question answered by a line of a list.

use crate::app::command::Command;
use crate::app::intent::Intent;
use crate::app::ledger::FormQuestion;

#[derive(Debug)]
pub struct ChoosePane {
    title: String,
    question: FormQuestion,
    /// The answers: the name each is known by, and its words.
    options: Vec<(String, String)>,
    at: usize,
}

impl ChoosePane {
    pub(in crate::app) fn new(
        title: String,
        question: FormQuestion,
        options: Vec<(String, String)>,
        at: usize,
    ) -> ChoosePane {
        ChoosePane { title, question, options, at }
    }

    /// Names what is about to be done.
    pub fn title(&self) -> &str {
        &self.title
    }

    pub fn question(&self) -> FormQuestion {
        self.question
    }

    /// Gives the answers: the name each is known by, and its words.
    pub fn options(&self) -> &[(String, String)] {
        &self.options
    }

    pub fn at(&self) -> usize {
        self.at
    }

    pub(super) fn cursor(&mut self) -> &mut usize {
        &mut self.at
    }

    pub(super) fn update(&mut self, command: Command) -> Option<Intent> {
        let chosen = self.options.get(self.at);
        (command == Command::TakeChoice).then(|| chosen.map_or(Intent::Leave, |(name, _)| Intent::Answer(name.clone())))
    }
}
