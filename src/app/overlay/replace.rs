//! Replacing (替换): what is looked for, what takes its place, and where.

use std::sync::Arc;

use crate::app::command::Command;
use crate::app::context::Context;
use crate::app::intent::Intent;
use crate::app::key::{Chord, Key};
use crate::app::msg::{ColumnAsk, Effect};
use crate::app::prompt::Prompt;
use crate::app::ring::ring;
use crate::app::roster::RosterPane;
use crate::domain::replace::{BadPattern, PatternFault, Reach, Replacing};
use crate::domain::sheet::Field;

ring! {
    /// The lines of the pane, from the top.
    pub enum ReplaceLine {
        What,
        By,
        /// As it stands, or as an expression.
        How,
        Columns,
        Rows,
    }
}

/// The state of the pane.
#[derive(Debug)]
pub struct ReplacePane {
    at: usize,
    field: Field,
    what: Prompt,
    by: Prompt,
    is_expression: bool,
    in_every_column: bool,
    in_every_row: bool,
    /// Why nothing can be replaced so.
    fault: Option<BadPattern>,
    is_waiting: bool,
}

impl ReplacePane {
    /// Begins with the cursor's column and the rows shown.
    pub(super) fn new(roster: &RosterPane) -> ReplacePane {
        ReplacePane {
            at: 0,
            field: roster.grid().field(),
            what: Prompt::default(),
            by: Prompt::default(),
            is_expression: false,
            in_every_column: false,
            in_every_row: !roster.grid().is_filtered(),
            fault: None,
            is_waiting: false,
        }
    }

    pub fn at(&self) -> usize {
        self.at
    }

    pub fn field(&self) -> Field {
        self.field
    }

    /// Gives the line the cursor is on.
    pub fn line(&self) -> ReplaceLine {
        ReplaceLine::ALL[self.at.min(ReplaceLine::ALL.len() - 1)]
    }

    /// Gives the text of a line that is typed.
    pub fn typed(&self, line: ReplaceLine) -> Option<&Prompt> {
        match line {
            ReplaceLine::What => Some(&self.what),
            ReplaceLine::By => Some(&self.by),
            ReplaceLine::How | ReplaceLine::Columns | ReplaceLine::Rows => None,
        }
    }

    pub fn is_expression(&self) -> bool {
        self.is_expression
    }

    pub fn in_every_column(&self) -> bool {
        self.in_every_column
    }

    pub fn in_every_row(&self) -> bool {
        self.in_every_row
    }

    /// Gives what is wrong, and the line in which it is.
    pub fn fault(&self) -> Option<(ReplaceLine, BadPattern)> {
        let line = |bad: &BadPattern| {
            if bad.fault == PatternFault::Group { ReplaceLine::By } else { ReplaceLine::What }
        };
        self.fault.map(|bad| (line(&bad), bad))
    }

    pub fn is_waiting(&self) -> bool {
        self.is_waiting
    }

    pub(super) fn cursor(&mut self) -> &mut usize {
        &mut self.at
    }

    pub(super) fn type_in(&mut self, change: impl FnOnce(&mut Prompt)) -> bool {
        let prompt = match self.line() {
            ReplaceLine::What => &mut self.what,
            ReplaceLine::By => &mut self.by,
            _ => return false,
        };
        self.fault = None;
        change(prompt);
        true
    }

    /// Turns the choice under the cursor by an arrow; tells whether it was one.
    pub(super) fn turn_by(&mut self, chord: Chord, roster: &RosterPane) -> bool {
        let is_turn = matches!(chord.key, Key::Left | Key::Right | Key::Char(' '));
        is_turn && self.typed(self.line()).is_none() && self.turn(roster)
    }

    fn turn(&mut self, roster: &RosterPane) -> bool {
        let choice = match self.line() {
            ReplaceLine::How => &mut self.is_expression,
            ReplaceLine::Columns => &mut self.in_every_column,
            // Without a filter the rows shown are all there are.
            ReplaceLine::Rows if roster.grid().is_filtered() => &mut self.in_every_row,
            _ => return false,
        };
        *choice = !*choice;
        self.fault = None;
        true
    }

    /// Takes what is looked for as an expression, or as it stands.
    pub(super) fn look_for_expression(&mut self, is_expression: bool) {
        self.is_expression = is_expression;
    }

    pub(super) fn stop_waiting(&mut self) {
        self.is_waiting = false;
    }

    pub(super) fn update(&mut self, command: Command, roster: &RosterPane, to: &mut Context<'_>) -> Option<Intent> {
        match command {
            Command::Back if self.is_waiting => {
                to.push(Effect::StopWork);
                self.is_waiting = false;
            }
            Command::NextLine | Command::PreviousLine => {
                let lines = ReplaceLine::ALL.len();
                let by = if command == Command::PreviousLine { lines - 1 } else { 1 };
                self.at = (self.at + by) % lines;
            }
            Command::StartReplace if self.is_waiting => to.warn("status.counting"),
            Command::StartReplace => return Some(self.start(roster)),
            _ => return None,
        }
        Some(Intent::Nothing)
    }

    fn start(&mut self, roster: &RosterPane) -> Intent {
        let Some(batch) = roster.batch() else { return Intent::Leave };
        let (what, by) = (self.what.text(), self.by.text());
        let made = if self.is_expression { Replacing::expression(what, by) } else { Replacing::text(what, by) };
        let replacing = match made {
            Ok(replacing) => replacing,
            Err(bad) => {
                self.fault = Some(bad);
                self.at = self.fault().map_or(0, |(line, _)| line as usize);
                return Intent::Nothing;
            }
        };
        let fields = if self.in_every_column { roster.grid().fields.clone() } else { vec![self.field] };
        let shown = roster.grid().shown.as_ref().filter(|_| !self.in_every_row);
        let reach = Reach { fields, rows: shown.map(|shown| Arc::from(shown.rows())) };
        self.is_waiting = true;
        Intent::Work(ColumnAsk::Replace { batch: Box::new(batch.clone()), replacing, reach })
    }
}
