//! What is done where the mouse points.

use super::command::{COMMANDS, Command, CommandSpec, Place};
use super::layout::Focus;
use super::mouse::{Pointed, Target};
use super::msg::Effect;
use super::overlay::Overlay;
use super::{App, Screen};

/// How many lines a notch of the wheel goes.
const NOTCH: usize = 3;

impl App {
    /// Turns the mouse on or off, and says what that means for selecting text.
    pub(super) fn turn_mouse(&mut self) {
        self.has_mouse = !self.has_mouse;
        self.say(self.told(if self.has_mouse { "status.mouse-on" } else { "status.mouse-off" }, &[]));
    }

    /// Leaves the mouse to the terminal while there is text to be selected.
    pub(super) fn settle_mouse(&mut self) {
        let wants = self.has_mouse && !matches!(self.overlay, Some(Overlay::Text { .. }));
        if wants != std::mem::replace(&mut self.sends_mouse, wants) {
            self.out.push(Effect::Mouse(wants));
        }
    }

    pub(super) fn point(&mut self, pointed: Pointed) {
        match pointed {
            Pointed::Wheel { up } => {
                let command = if up { Command::Up } else { Command::Down };
                if self.place() != Place::Prompt && command.spec().is_in(self.place()) {
                    (0..NOTCH).for_each(|_| self.go(command));
                }
            }
            Pointed::Click(target) => drop(self.point_at(target)),
            Pointed::Double(target) => {
                if self.point_at(target)
                    && let Some(command) = opens(self.place())
                {
                    self.run_if_possible(command);
                }
            }
        }
        self.keys.clear();
        self.number = None;
    }

    /// Goes where the mouse points, or runs the command there; tells whether something can be opened now.
    fn point_at(&mut self, target: Target) -> bool {
        match target {
            Target::Run(command) => {
                if command.spec().is_in(self.place()) {
                    self.run_if_possible(command);
                }
                false
            }
            Target::Cell(at, column) => {
                // A cell that is being typed into, or a question, comes first.
                let is_free = self.overlay.is_none() && self.roster.edit().is_none() && self.question.is_none();
                if !is_free || self.screen != Screen::Roster {
                    return false;
                }
                self.roster.focus(Focus::Grid);
                self.roster.go_to_place(at);
                self.roster.go_to_column(column);
                true
            }
            Target::Line(place, at) => {
                let in_roster = [Place::Grid, Place::Record, Place::Findings];
                if place == Place::Findings && in_roster.contains(&self.place()) {
                    self.roster.focus(Focus::Findings);
                }
                if self.place() != place {
                    return false;
                }
                if place == Place::Export && self.export.at() == at {
                    self.turn_choice(false);
                }
                self.set_list_cursor(at);
                true
            }
        }
    }
}

/// Gives the command that Enter is in a place as long as nobody changes it; never one that says yes or writes a file.
fn opens(place: Place) -> Option<Command> {
    let opens = |c: &&CommandSpec| c.keys_in(place).contains(&"enter");
    COMMANDS.iter().find(opens).map(|c| c.id).filter(|c| !matches!(c, Command::TakeAnswer | Command::StartExport))
}
