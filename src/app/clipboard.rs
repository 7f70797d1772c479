//! Copying (复制): into the clipboard of the user's terminal, or to a file where that takes nothing. What is masked on screen
//! is masked in the copy.

use std::path::Path;

use super::context::{Context, StatusLine};
use super::msg::Effect;
use crate::domain::text;
use crate::words::Locale;

/// So much of what was copied is told.
const TOLD: usize = 40;

/// What was copied last.
#[derive(Debug, Default)]
pub struct Clipboard {
    copied: String,
}

impl Clipboard {
    /// Tells what was copied last, the beginning of it.
    fn words(&self, locale: &Locale) -> String {
        let line = self.copied.replace(['\t', '\n'], " ");
        let mut told: String = text::visible(&line).chars().take(TOLD).collect();
        if told.len() < line.len() {
            told.push('~');
        }
        locale.fill("status.copied", &[("text", &told)])
    }

    /// Takes what was copied off the status line: it may have been unmasked when it was.
    pub fn hide(&self, to: &mut Context<'_>) {
        if !self.copied.is_empty() && to.status.text == self.words(to.locale) {
            *to.status = StatusLine::default();
        }
    }

    /// Copies a text and says so.
    pub fn copy(&mut self, copied: String, to: &mut Context<'_>) {
        if copied.is_empty() {
            return to.warn("copy.nothing");
        }
        self.copied.clone_from(&copied);
        to.say(self.words(to.locale));
        to.push(Effect::Copy(copied));
    }

    /// Writes what was copied last to a file, for a terminal that takes no clipboard or not so much.
    pub fn keep(&self, folder: &Path, to: &mut Context<'_>) {
        if self.copied.is_empty() {
            return to.warn("copy.nothing");
        }
        to.push(Effect::KeepCopy { folder: folder.to_path_buf(), text: self.copied.clone() });
    }
}
