//! What every pane works with besides its own state: words, keys and the day to read, the status line and effects to write.

use std::sync::Arc;

use chrono::NaiveDate;

use super::command::{Keymap, Place};
use super::msg::Effect;
use crate::domain::profile::Profile;
use crate::domain::text;
use crate::failure::Failure;
use crate::words::Locale;

/// The left part of the status line.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StatusLine {
    /// The text; may be empty.
    pub text: String,
    /// Whether something did not work.
    pub is_bad: bool,
    /// Whether that is nobody's fault: there was nothing of what was looked for.
    pub is_miss: bool,
}

/// What a pane is given for the time of one call.
#[derive(Debug)]
pub struct Context<'a> {
    pub locale: &'a Locale,
    pub keymap: &'a Keymap,
    /// The profiles there are.
    pub profiles: &'a [Arc<Profile>],
    pub today: Option<NaiveDate>,
    /// Columns and rows of the terminal.
    pub size: (u16, u16),
    /// The place whose keys count, and the one below what lies over it: texts name keys as seen from there.
    pub places: [Place; 2],
    pub status: &'a mut StatusLine,
    pub out: &'a mut Vec<Effect>,
}

/// Lends everything but the panes, so that one of them can be called.
macro_rules! context {
    ($app:expr) => {
        &mut crate::app::context::Context {
            locale: &$app.locale,
            keymap: &$app.keymap,
            profiles: &$app.profiles,
            today: $app.today,
            size: $app.size,
            places: [$app.place(), $app.base_place()],
            status: &mut $app.status,
            out: &mut $app.out,
        }
    };
}
pub(super) use context;

impl Context<'_> {
    /// Names a profile in the user's language.
    pub fn profile_name(&self, id: &str) -> Option<String> {
        let profile = self.profiles.iter().find(|profile| profile.id == id)?;
        Some(self.locale.profile_name(profile).to_string())
    }

    pub fn say(&mut self, text: String) {
        *self.status = StatusLine { text, ..StatusLine::default() };
    }

    /// Says a text without places.
    pub fn say_key(&mut self, key: &str) {
        self.say(self.locale.text(key).to_string());
    }

    /// Gives a text with its places filled; `{key:NAME}` stands for the key of a command.
    pub fn told(&self, key: &str, places: &[(&str, &str)]) -> String {
        self.keymap.told(self.locale, key, places, &self.places)
    }

    /// Says what is so and no fault of anybody's.
    pub fn remark(&mut self, key: &str) {
        self.say(self.told(key, &[]));
    }

    pub fn warn(&mut self, key: &str) {
        self.complain(self.told(key, &[]));
    }

    /// Says that there is nothing of what was looked for, which bears no mark of an error.
    pub fn miss(&mut self, text: String) {
        *self.status = StatusLine { text, is_bad: true, is_miss: true };
    }

    /// The same of a text without places of its own.
    pub fn miss_key(&mut self, key: &str) {
        self.miss(self.told(key, &[]));
    }

    pub fn complain(&mut self, text: String) {
        *self.status = StatusLine { text, is_bad: true, is_miss: false };
    }

    pub fn fail(&mut self, failure: &Failure) {
        self.complain(told_failure(self.locale, failure));
    }

    pub fn push(&mut self, effect: Effect) {
        self.out.push(effect);
    }
}

/// Gives what happened and what to do as one line.
pub fn told_failure(locale: &Locale, failure: &Failure) -> String {
    // What stands in several lines elsewhere has one here.
    let message = failure.message.replace('\n', " ");
    let hint = if failure.here.is_empty() { &failure.hint } else { &failure.here };
    match &*hint.replace('\n', " ") {
        "" => message,
        hint => locale.fill("status.failure", &[("message", text::unstopped(&message)), ("hint", hint)]),
    }
}
