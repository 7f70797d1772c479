//! What a pane or an overlay wants done that is not its own.

use super::App;
use super::command::Command;
use super::context::context;
use super::layout::Focus;
use super::ledger::request::LedgerRequest;
use super::ledger::{FormKind, FormSubject};
use super::msg::StoreJob;
use super::overlay::Confirm;
use super::place::Screen;
use super::roster::Preview;
use super::typed_line::Purpose;
use crate::domain::code::CertCode;
use crate::domain::ledger::plan::{Plan, PlanWish};
use crate::domain::roster::{Change, RowId};
use crate::domain::sheet::Field;
use crate::domain::text;

/// What is wanted; an overlay ends with whatever it wants but [`Intent::Nothing`] and [`Intent::Ask`].
#[derive(Debug)]
pub enum Intent {
    Nothing,
    /// The ledger is to be asked; the answer comes back to the overlay.
    Ask(Box<LedgerRequest>),
    /// The overlay is left.
    Leave,
    Run(Command),
    Show(Screen),
    /// A line of text is to be typed: what for, and what is proposed.
    AskLine(Purpose, String),
    /// The questions of a form are to be asked.
    AskForm(FormKind, FormSubject),
    Preview(Preview),
    Apply(Change),
    /// The cell of a roster that stands in the way is to be shown.
    ShowCell(RowId, Field),
    /// A question was answered with yes.
    Confirmed(Confirm),
    /// Numbers are to be taken as planned.
    TakeNumbers {
        plan: Box<Plan>,
        wish: PlanWish,
        reason: String,
    },
    /// The line of a list that answers a question, by its name.
    Answer(String),
    /// A text goes into the line that is typed below, or else is copied.
    Insert(String),
    Copy(String),
    EndTour,
}

impl Intent {
    /// Has the ledger asked what it holds under a code, if there is one.
    pub(super) fn decode(code: Option<CertCode>) -> Intent {
        code.map_or(Intent::Nothing, |code| Intent::Ask(Box::new(LedgerRequest::Decode(code))))
    }

    /// Has a change shown before it is made, if there is one.
    pub(super) fn preview(preview: Option<Preview>) -> Intent {
        preview.map_or(Intent::Nothing, Intent::Preview)
    }
}

impl App {
    /// Does what a pane or an overlay wants done.
    pub(super) fn fulfil(&mut self, intent: Intent) {
        match intent {
            Intent::Nothing | Intent::Leave => {}
            Intent::Ask(request) => self.ledger.request(*request, context!(self)),
            Intent::Run(command) => self.run_if_possible(command),
            Intent::Show(screen) => self.screen = screen,
            Intent::AskLine(purpose, proposed) => self.ask_line(purpose, &proposed),
            Intent::AskForm(kind, subject) => self.begin_form(kind, subject),
            Intent::Preview(preview) => self.overlays.preview(preview),
            Intent::ShowCell(row, field) => {
                self.screen = Screen::Roster;
                self.roster.focus(Focus::Grid);
                self.roster.go_to_cell(row, field);
            }
            Intent::Apply(change) => self.roster.apply(change, context!(self)),
            Intent::Confirmed(Confirm::Quit) => self.leave(),
            Intent::Confirmed(Confirm::Replace) => {
                let intent = self.export.start(&self.roster, self.import.folder(), true, context!(self));
                self.fulfil(intent);
            }
            Intent::Confirmed(Confirm::Discard) => self.discard(),
            Intent::Confirmed(Confirm::TakeOver) => self.roster.store(StoreJob::TakeOver, context!(self)),
            Intent::Confirmed(Confirm::Ledger) => self.ledger.carry_out(self.screen, context!(self)),
            Intent::TakeNumbers { plan, wish, reason } => {
                self.roster.take_numbers(*plan, wish, reason, context!(self));
            }
            Intent::Answer(name) => self.answer_form(&name),
            Intent::Insert(text) => self.insert(text),
            Intent::Copy(text) => self.clipboard.copy(text, context!(self)),
            Intent::EndTour => {
                // What is wrong with the settings was told when the tour began, and its keys took it away.
                if let Some(words) = self.trouble.clone() {
                    context!(self).complain(words);
                }
                self.has_met();
            }
        }
    }

    /// Puts a text into the line that is being typed, or else copies it.
    fn insert(&mut self, taken: String) {
        let line = match (self.roster.edit_prompt(), &mut self.line_question) {
            (Some(prompt), _) => prompt,
            (None, Some(question)) => &mut question.prompt,
            (None, None) => return self.clipboard.copy(taken, context!(self)),
        };
        line.insert(&taken);
        self.roster.show_typed(context!(self));
        let inserted = self.locale.fill("status.inserted", &[("text", &text::visible(&taken))]);
        context!(self).say(inserted);
    }
}
