//! What the status line says (状态行), and texts that name keys as they are now.

use super::layout::{Focus, ROOMY};
use super::msg::Progress;
use super::{App, Screen};
use crate::domain::wrap::wrap;

/// The most rows below the page of bare text.
const FOOT: usize = 5;

impl App {
    /// Gives a text with its places filled; `{key:NAME}` stands for the key of a command.
    /// Names a profile in the user's language.
    pub fn profile_name(&self, id: &str) -> Option<String> {
        let profile = self.profiles.iter().find(|profile| profile.id == id)?;
        Some(self.locale.profile_name(profile).to_string())
    }

    pub fn told(&self, key: &str, places: &[(&str, &str)]) -> String {
        self.keymap.told(&self.locale, key, places, &[self.place(), self.base_place()])
    }

    /// Gives what was told of the batch that stays beside the one that has come of its file.
    pub fn take_stays(&mut self) -> Option<String> {
        self.stays.take()
    }

    /// Says how far the export, a very large change or the reading on screen has come, and how to stop it; nothing when none goes on.
    pub fn progress_words(&self) -> Option<String> {
        let (doing, progress) = if self.export.is_busy() {
            ("status.writing", self.export.progress())
        } else if self.roster.is_making() {
            ("status.making", self.roster.making_progress())
        } else if self.roster.is_reading() {
            ("status.reading", self.roster.progress())
        } else {
            return None;
        };
        let doing = self.locale.text(doing);
        let Some(Progress { rows, percent, rate, left }) = progress else { return Some(doing.to_string()) };
        let with = |key: &str, n: u64| self.told(key, &[("doing", doing), ("n", &n.to_string())]);
        let mut parts = vec![match percent {
            Some(percent) => {
                self.locale.fill("status.progress", &[("doing", doing), ("percent", &percent.to_string())])
            }
            None => with("status.progress-rows", rows),
        }];
        parts.extend(rate.filter(|_| ROOMY <= self.size.0).map(|rate| with("status.progress-rate", rate)));
        parts.extend(left.map(|left| match left.as_secs() {
            seconds @ 0..100 => with("status.progress-seconds", seconds + 1),
            seconds => with("status.progress-minutes", seconds.div_ceil(60)),
        }));
        if self.esc_stops() {
            parts.push(self.told("status.progress-stop", &[]));
        }
        Some(parts.join("  "))
    }

    /// Tells whether the next step back is to stop what goes on.
    fn esc_stops(&self) -> bool {
        self.is_bare()
            && match self.screen {
                Screen::Export => self.export.is_busy(),
                Screen::Roster => {
                    let is_bottom = self.roster.grid().focus == Focus::Grid && !self.roster.grid().is_filtered();
                    let stops_reading = is_bottom && self.roster.is_reading() && !self.roster.is_restoring();
                    (self.roster.is_making() || stops_reading) && !self.export.is_busy()
                }
                Screen::Import | Screen::Ledger => false,
            }
    }

    /// Tells whether the foot of the page of bare text has to say what must not be missed.
    pub fn text_warns(&self) -> bool {
        self.status.is_bad || self.roster.saving().failed || self.privacy.is_unmasked()
    }

    /// Gives the rows below the page of bare text: the keys, and what must not be missed even there.
    pub fn text_foot(&self) -> Vec<String> {
        let mut told = Vec::new();
        if self.roster.saving().failed {
            told.push(self.locale.text("status.not-saved").to_string());
        }
        if self.privacy.is_unmasked() {
            told.push(self.locale.text("ui.privacy.unmasked").to_string());
        }
        told.push(match &self.status {
            status if status.is_miss => status.text.clone(),
            status if status.is_bad => format!("! {}", status.text),
            _ => self.told("ui.text.keys", &[]),
        });
        let broken = |line: &str| wrap(line, usize::from(self.size.0));
        let mut rows = broken(&told.join("  "));
        if 1 < rows.len() {
            rows = told.iter().flat_map(|one| broken(one)).collect();
        }
        rows.truncate(FOOT);
        rows
    }
}
