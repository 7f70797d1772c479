//! What the status line says (状态行), and texts that name keys as they are now.

use super::{App, Status};
use crate::failure::Failure;

impl App {
    pub(super) fn say(&mut self, text: String) {
        self.status = Status { text, is_bad: false };
    }

    /// Gives a text with its places filled; `{key:NAME}` stands for the key of a command.
    pub fn told(&self, key: &str, places: &[(&str, &str)]) -> String {
        self.keymap.told(&self.locale, key, places, &[self.place(), self.base_place()])
    }

    pub(super) fn warn(&mut self, key: &str) {
        self.complain(self.told(key, &[]));
    }

    pub(super) fn complain(&mut self, text: String) {
        self.status = Status { text, is_bad: true };
    }

    pub(super) fn fail(&mut self, failure: &Failure) {
        let text = match failure.hint.as_str() {
            "" => failure.message.clone(),
            hint => self.locale.fill("status.failure", &[("message", &failure.message), ("hint", hint)]),
        };
        self.complain(text);
    }
}
