//! The commands of the pane, and what is reported to it.

use super::RosterPane;
use crate::app::command::Command;
use crate::app::context::Context;
use crate::app::intent::Intent;
use crate::app::msg::Msg;
use crate::app::typed_line::LinePurpose;

impl RosterPane {
    /// Runs a command of the pane; `None` where it is about something else.
    pub(in crate::app) fn update(&mut self, command: Command, to: &mut Context<'_>) -> Option<Intent> {
        if let Some(intent) = self.select(command, to) {
            return Some(intent);
        }
        if self.look(command, to) {
            return Some(Intent::Nothing);
        }
        match command {
            Command::Edit => self.start_edit(to),
            Command::NextFinding => self.next_finding(false, to),
            Command::PreviousFinding => self.next_finding(true, to),
            Command::NextPane => self.turn_pane(false),
            Command::PreviousPane => self.turn_pane(true),
            Command::Undo => self.step(false, to),
            Command::Redo => self.step(true, to),
            Command::RestoreCell => self.restore_cell(to),
            Command::Unmask => self.unmask(to),
            Command::PutAside => return Some(self.put_aside(false, to)),
            Command::PutAllAside => return Some(self.put_aside(true, to)),
            Command::Note => return Some(self.ask_for_note(to)),
            Command::Fix => return Some(Intent::preview(self.preview_fix(to))),
            Command::FixAll => return Some(self.preview_all_fixes(to)),
            Command::FillDown => return Some(self.fill(false, to)),
            Command::FillAll => return Some(self.fill(true, to)),
            Command::CopyAbove => self.copy_above(to),
            Command::Search => return Some(Intent::AskLine(LinePurpose::Search, String::new())),
            Command::Filter => {
                return Some(Intent::AskLine(LinePurpose::Filter, self.filter_typed.clone().unwrap_or_default()));
            }
            Command::GoTo => return Some(Intent::AskLine(LinePurpose::GoTo, String::new())),
            Command::SaveRecipe => return Some(Intent::AskLine(LinePurpose::RecipeName, String::new())),
            Command::SetColumn => return Some(self.ask_for_column()),
            Command::CopyCell | Command::CopyRow | Command::CopyRowCode | Command::CopyFindings => {
                match self.copied(command, to.locale) {
                    Some(copied) => return Some(Intent::Copy(copied)),
                    None => to.warn("status.not-now"),
                }
            }
            _ => return None,
        }
        Some(Intent::Nothing)
    }

    fn ask_for_column(&self) -> Intent {
        let field = self.grid.field();
        let value = self.row().map(|row| self.shown_cell(row, field).into_owned()).unwrap_or_default();
        // A masked value must never be written into cells.
        Intent::AskLine(LinePurpose::SetColumn(field), if field.is_personal() { String::new() } else { value })
    }

    /// Takes a report about the batch on screen; one about another batch is dropped.
    pub(in crate::app) fn report(&mut self, msg: Msg, to: &mut Context<'_>) {
        match msg {
            Msg::Rows { job, block, report, skipped } if self.is_read_by(job) => {
                self.rows(block, *report, &skipped, to);
            }
            Msg::Created { switched, batch } if self.was_switched_by(switched) => self.id = Some(batch),
            Msg::Recovered { steps, applied } => self.recover(steps, applied),
            Msg::Reading { job, progress } if self.is_read_by(job) => self.progress = Some(progress),
            Msg::StepsMade(made) => self.steps_made = made,
            Msg::Saved(seq) => self.saved(seq),
            Msg::StoreFailed { seq, failure } => {
                self.store_failed(seq);
                to.fail(&failure);
            }
            Msg::TakenBack { seq, change, failure } => self.taken_back(seq, change.as_deref(), &failure, to),
            Msg::Held { switched, holder } if self.was_switched_by(switched) => self.take_holder(holder, to),
            Msg::Followed { switched, steps, applied } if self.was_switched_by(switched) => {
                self.follow(steps, applied, to);
            }
            Msg::Compared { job, is_all, known } if self.is_read_by(job) => self.take_comparison(known, is_all, to),
            Msg::Making { seq, progress } => self.take_making(seq, progress),
            Msg::Made { seq, made } => self.take_made(seq, made.map(|made| *made), to),
            Msg::LedgerChanged => self.compare(to),
            Msg::GoOn => self.go_on_choosing(to),
            Msg::RegistryChanged(tables) => self.take_tables(tables),
            _ => {}
        }
    }
}
