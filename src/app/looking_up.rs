//! What is looked up: where the chosen entry goes.

use super::command::Command;
use super::context::context;
use super::msg::Effect;
use super::overlay::Overlay;
use super::{App, Purpose};
use crate::domain::lookup::LookupEntry;
use crate::domain::sheet::Field;
use crate::domain::text;

impl App {
    /// Runs a command of the pane, or the one that opens it.
    pub(super) fn run_lookup(&mut self, command: Command) {
        match command {
            Command::TakeEntry => self.take_entry(),
            Command::CopyCode => self.copy_code(),
            Command::NextKind | Command::PreviousKind => {
                if let Some(Overlay::Lookup(pane)) = &mut self.overlay {
                    pane.turn_kind(command == Command::PreviousKind);
                }
            }
            _ => self.open_lookup(),
        }
    }

    /// Opens the pane; the entries are prepared away from the keys, the first time it is opened.
    fn open_lookup(&mut self) {
        if self.lookup.is_none() {
            self.out.push(Effect::PrepareLookup);
        }
        self.overlay = Some(Overlay::Lookup(Box::default()));
    }

    /// Gives the entry under the cursor.
    pub fn chosen_entry(&self) -> Option<&LookupEntry> {
        let Some(Overlay::Lookup(pane)) = &self.overlay else { return None };
        self.lookup.as_ref()?.entry(pane.hits.get(pane.at)?.at)
    }

    /// Puts the chosen entry into the line that is being typed below the pane, or else copies it; the pane closes.
    fn take_entry(&mut self) {
        let Some(entry) = self.chosen_entry() else { return self.warn("status.nothing-chosen") };
        let field = match (self.roster.edit(), &self.question) {
            (Some(edit), _) => Some(edit.field),
            (None, Some(question)) => match question.purpose {
                Purpose::SetColumn(field) => Some(field),
                _ => None,
            },
            (None, None) => None,
        };
        let wants_code =
            matches!(&self.overlay, Some(Overlay::Lookup(pane)) if pane.takes_code) && !entry.code.is_empty();
        let called = || field.map_or(entry.text.as_str(), |field: Field| entry.fitting(field));
        let taken = if wants_code { entry.code.clone() } else { called().to_string() };
        let below = match (self.roster.edit_prompt(), &mut self.question) {
            (Some(prompt), _) => prompt,
            (None, Some(question)) => &mut question.prompt,
            (None, None) => {
                self.overlay = None;
                return self.copy(taken);
            }
        };
        below.insert(&taken);
        self.overlay = None;
        self.roster.show_typed(context!(self));
        self.say(self.locale.fill("status.inserted", &[("text", &text::visible(&taken))]));
    }

    /// Copies the code of the chosen entry, or its text when it has none; the pane closes.
    fn copy_code(&mut self) {
        let Some(entry) = self.chosen_entry() else { return self.warn("status.nothing-chosen") };
        let taken = if entry.code.is_empty() { entry.text.clone() } else { entry.code.clone() };
        self.overlay = None;
        self.copy(taken);
    }
}
