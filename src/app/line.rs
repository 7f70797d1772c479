//! What a front without keys (逐行对话) asks of the screen state: a command by its name, another profile, and whether
//! anything is still under way.

use super::command::Command;
use super::msg::Effect;
use super::overlay::Overlay;
use super::{App, Prompt};

impl App {
    /// Runs a command; one that cannot be used now says so in the status.
    pub fn order(&mut self, command: Command) -> Vec<Effect> {
        self.run_if_possible(command);
        self.settle();
        std::mem::take(&mut self.out)
    }

    /// Has the files to come read under a profile, and the file of the batch on screen at once. Its rows become a batch of
    /// their own; what was changed in the one on screen stays there.
    pub fn read_under(&mut self, profile: String) -> Vec<Effect> {
        self.import.read_under(profile);
        if let (Some(path), Some(batch)) = (self.roster.source(), self.roster.batch()) {
            let sheet = Some(batch.origin.sheet.clone()).filter(|s| !s.is_empty());
            self.read(path.to_path_buf(), sheet);
        }
        self.settle();
        std::mem::take(&mut self.out)
    }

    /// Puts a text into the line of the overlay, in place of what stands there.
    pub fn type_over(&mut self, text: &str) -> Vec<Effect> {
        if let Some(prompt) = self.overlay.as_mut().and_then(Overlay::prompt) {
            *prompt = Prompt::default();
            prompt.insert(text);
        }
        self.look_again();
        self.settle();
        std::mem::take(&mut self.out)
    }

    /// Tells whether something that was begun is still under way: a file, a change, numbers, an export, a list.
    pub fn is_busy(&self) -> bool {
        let waits = match &self.overlay {
            Some(Overlay::Plan(pane)) => pane.plan.is_none(),
            Some(Overlay::Lookup(_)) => self.lookup.is_none(),
            _ => false,
        };
        let is_saving = !self.roster.saving().is_done() && !self.roster.saving().failed;
        self.import.is_opening()
            || self.roster.is_reading()
            || is_saving
            || self.roster.is_allocating()
            || self.export.is_busy()
            || waits
    }
}
