//! Copying (复制): into the clipboard of the user's terminal, or to a file where that takes nothing. What is masked on screen
//! is masked in the copy.

use super::command::Command;
use super::msg::Effect;
use super::{App, StatusLine};
use crate::domain::text;

impl App {
    /// Runs a command that copies something of the roster, or keeps what was copied.
    pub(super) fn run_copy(&mut self, command: Command) {
        if self.roster.row().is_none() {
            return self.warn("status.not-now");
        }
        if command == Command::KeepCopy {
            return self.keep_copy();
        }
        if let Some(copied) = self.roster.copied(command, &self.locale) {
            self.copy(copied);
        }
    }

    /// Tells what was copied last, the beginning of it.
    fn copied_words(&self) -> String {
        let line = self.copied.replace(['\t', '\n'], " ");
        let mut told: String = text::visible(&line).chars().take(TOLD).collect();
        if told.len() < line.len() {
            told.push('~');
        }
        self.locale.fill("status.copied", &[("text", &told)])
    }

    /// Takes what was copied off the status line: it may have been unmasked when it was.
    pub(super) fn hide_copied(&mut self) {
        if !self.copied.is_empty() && self.status.text == self.copied_words() {
            self.status = StatusLine::default();
        }
    }

    /// Copies a text and says so.
    pub(super) fn copy(&mut self, copied: String) {
        if copied.is_empty() {
            return self.warn("copy.nothing");
        }
        self.copied.clone_from(&copied);
        self.say(self.copied_words());
        self.out.push(Effect::Copy(copied));
    }

    /// Writes what was copied last to a file, for a terminal that takes no clipboard or not so much.
    pub(super) fn keep_copy(&mut self) {
        if self.copied.is_empty() {
            return self.warn("copy.nothing");
        }
        self.out.push(Effect::KeepCopy { folder: self.import.folder().to_path_buf(), text: self.copied.clone() });
    }
}

/// So much of what was copied is told.
const TOLD: usize = 40;
