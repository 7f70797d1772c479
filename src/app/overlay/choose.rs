//! A question answered by a line of a list.

use crate::app::command::Command;
use crate::app::context::Context;
use crate::app::fill;
use crate::app::intent::Intent;
use crate::app::ledger::FormQuestion;
use crate::app::msg::Effect;
use crate::domain::ledger::Status;
use crate::domain::selection::Condition;
use crate::domain::sheet::TextEncoding;

/// What a choice is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choosing {
    Form(FormQuestion),
    /// The profile of the file that is being opened.
    FileProfile,
    /// The profile of the batch on screen.
    BatchProfile,
    /// The encoding of the file in hand.
    Encoding,
    /// The part of the roster whose rows are shown.
    Part,
    /// The status of the certificates whose rows are shown.
    LedgerStatus,
    /// The filter that is taken away.
    Filters,
    /// Which answers of an organiser are taken.
    Answers,
    /// Which recipe is done.
    Recipe,
    /// Where cells are filled from.
    FillFrom,
    /// By what and which cells are filled.
    Fill,
    /// What is done to which columns.
    Reshape,
    /// What is compared with.
    CompareWith,
    /// What is done with a column that the form does not have.
    KeptColumn,
    /// Which difference is shown.
    Difference,
    /// What stays of what both versions changed.
    Carry,
    /// Nothing: a change is worked out that will be shown.
    Change,
}

impl Choosing {
    /// Tells whether it is about what is done with the rows on screen from elsewhere.
    pub fn is_of_rows(self) -> bool {
        use Choosing::{Carry, Change, CompareWith, Difference, Fill, FillFrom, Reshape};
        matches!(self, FillFrom | Fill | Reshape | CompareWith | Difference | Carry | Change)
    }

    /// Tells whether it is about which rows are shown.
    pub fn is_of_filters(self) -> bool {
        matches!(self, Choosing::Part | Choosing::LedgerStatus | Choosing::Filters | Choosing::KeptColumn)
    }
}

#[derive(Debug)]
pub struct ChoosePane {
    title: String,
    about: Choosing,
    /// The answers: the name each is known by, and its words.
    options: Vec<(String, String)>,
    at: usize,
    /// Why each of them cannot be chosen; empty for one that can, and where all can.
    barred: Vec<String>,
    /// What is to be known before one is chosen; may be empty.
    note: String,
    /// Which of them are ticked, where any number of them may be.
    ticked: Option<Vec<bool>>,
    /// What there is to choose is still being worked out.
    is_waiting: bool,
}

impl ChoosePane {
    pub(in crate::app) fn new(title: String, about: Choosing, options: Vec<(String, String)>, at: usize) -> ChoosePane {
        let (barred, note) = (Vec::new(), String::new());
        ChoosePane { title, about, options, at, barred, note, ticked: None, is_waiting: false }
    }

    /// Has some of the answers shown that cannot be given, each with why.
    pub(in crate::app) fn with_barred(self, barred: Vec<String>) -> ChoosePane {
        ChoosePane { barred, ..self }
    }

    /// Has something told above the answers.
    pub(in crate::app) fn with_note(self, note: String) -> ChoosePane {
        ChoosePane { note, ..self }
    }

    /// Gives what is to be known before one is chosen; may be empty.
    pub fn note(&self) -> &str {
        &self.note
    }

    /// Tells why an answer cannot be given.
    pub fn bar(&self, at: usize) -> Option<&str> {
        self.barred.get(at).map(String::as_str).filter(|why| !why.is_empty())
    }

    /// Has any number of the answers taken, some of them ticked already.
    pub(in crate::app) fn with_ticks(self, ticked: Vec<bool>) -> ChoosePane {
        ChoosePane { ticked: Some(ticked), ..self }
    }

    /// Tells whether an answer is ticked; nothing where only one is taken.
    pub fn tick(&self, at: usize) -> Option<bool> {
        self.ticked.as_ref().map(|ticked| ticked.get(at).copied().unwrap_or_default())
    }

    /// Waits for work of which there will be something to choose.
    pub(in crate::app) fn waiting(title: String, about: Choosing) -> ChoosePane {
        ChoosePane { is_waiting: true, ..ChoosePane::new(title, about, Vec::new(), 0) }
    }

    pub fn is_waiting(&self) -> bool {
        self.is_waiting
    }

    /// Names what is about to be done.
    pub fn title(&self) -> &str {
        &self.title
    }

    pub fn about(&self) -> Choosing {
        self.about
    }

    /// Gives the key of the question.
    pub fn question_key(&self) -> &'static str {
        match self.about {
            _ if self.is_waiting => "ui.replace.working",
            Choosing::Change => "ui.replace.working",
            Choosing::Form(question) => question.key(),
            Choosing::FileProfile => "ui.profile.ask-file",
            Choosing::BatchProfile => "ui.profile.ask-batch",
            Choosing::Encoding => "ui.encoding.ask",
            Choosing::Part => "filter.ask-part",
            Choosing::LedgerStatus => "filter.ask-status",
            Choosing::Filters => "filter.ask-drop",
            Choosing::Answers => "answers.ask",
            Choosing::Recipe => "recipe.ask",
            Choosing::FillFrom => "fill.ask-from",
            Choosing::Fill => "fill.ask",
            Choosing::Reshape => "reshape.ask",
            Choosing::CompareWith => "compare.ask-with",
            Choosing::Difference => "compare.ask",
            Choosing::Carry => "carry.ask",
            Choosing::KeptColumn => "kept.ask",
        }
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

    pub(super) fn update(&mut self, command: Command, to: &mut Context<'_>) -> Option<Intent> {
        if self.is_waiting {
            if command == Command::Back {
                to.push(Effect::StopWork);
            }
            return None;
        }
        let answer = |name: &String| match self.about {
            Choosing::Form(_) => Intent::Answer(name.clone()),
            Choosing::FileProfile => Intent::ReadUnder(name.clone()),
            Choosing::BatchProfile => Intent::CheckUnder(name.clone()),
            Choosing::Encoding => Intent::ReadIn(TextEncoding::read(name)),
            Choosing::Part => Intent::FilterBy(Condition::Part(name.parse().unwrap_or_default())),
            Choosing::LedgerStatus => Intent::FilterBy(Condition::Status(Status::read(name))),
            Choosing::Filters => Intent::DropFilter(name.parse().unwrap_or_default()),
            Choosing::Answers => Intent::TakeAnswers(name.clone()),
            Choosing::Recipe => Intent::TakeRecipe(name.clone()),
            Choosing::FillFrom => Intent::ChooseSource(name.clone()),
            Choosing::Fill => Intent::FillStep(name.clone()),
            Choosing::Reshape => Intent::ReshapeStep(name.clone()),
            Choosing::CompareWith => Intent::ChooseVersion(name.clone()),
            Choosing::Difference => Intent::ShowDifference(name.parse().unwrap_or_default()),
            Choosing::Carry => Intent::CarryStep(name.clone()),
            Choosing::KeptColumn => Intent::TakeKeptColumn(name.clone()),
            Choosing::Change => Intent::Leave,
        };
        // Of a form the next field is asked; elsewhere there is nothing behind the list.
        let is_form = matches!(self.about, Choosing::Form(_));
        let command = if command == Command::NextOption && is_form { Command::TakeChoice } else { command };
        let by = match command {
            Command::NextOption => 1,
            Command::FieldBefore if !is_form => self.options.len().saturating_sub(1),
            _ => 0,
        };
        if by != 0 {
            self.at = (self.at + by) % self.options.len().max(1);
            return Some(Intent::Nothing);
        }
        // A line that says whether something is so is turned by Enter and by Space alike.
        let is_turned =
            self.about == Choosing::Fill && self.options.get(self.at).is_some_and(|(name, _)| name != fill::PREVIEW);
        let command = if command == Command::TickChoice && is_turned { Command::TakeChoice } else { command };
        if command == Command::TickChoice {
            if let Some(tick) = self.ticked.as_mut().and_then(|ticked| ticked.get_mut(self.at)) {
                *tick = !*tick;
                // What was wrong with none of them is said no longer.
                to.say(String::new());
            }
            return Some(Intent::Nothing);
        }
        if let Some(ticked) = self.ticked.as_ref().filter(|_| command == Command::TakeChoice) {
            let taken =
                self.options.iter().zip(ticked).filter(|(_, ticked)| **ticked).map(|((name, _), _)| name.as_str());
            return Some(Intent::Answer(taken.collect::<Vec<_>>().join("；")));
        }
        if let Some(why) = self.bar(self.at).filter(|_| command == Command::TakeChoice) {
            to.complain(why.to_string());
            return Some(Intent::Nothing);
        }
        let chosen = self.options.get(self.at);
        (command == Command::TakeChoice).then(|| chosen.map_or(Intent::Leave, |(name, _)| answer(name)))
    }
}
