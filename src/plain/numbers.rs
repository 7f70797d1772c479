//! Numbers for rows (赋号): the plan told, a reason asked for, a word that takes them.

use super::topic::Topic;
use super::{Talk, folded};
use crate::app::command::Command;
use crate::app::overlay::{PlanPane, order_key};
use crate::domain::text;

impl Talk {
    pub(super) fn tell_plan(&mut self) {
        let Some(pane) = self.app.overlays.plan() else { return };
        let (Some(plan), locale) = (pane.plan(), &self.app.locale) else { return };
        let mut lines = Vec::new();
        if pane.is_overtaken() {
            lines.push(locale.text("ui.plan.again").to_string());
        }
        if plan.rows.is_empty() && plan.refused.is_empty() {
            lines.push(locale.text("ui.plan.nothing").to_string());
        } else {
            let (n, refused) = (plan.rows.len().to_string(), plan.refused.len().to_string());
            let order = locale.text(order_key(pane.order()));
            let numbers = locale.text(if pane.is_reserved() { "ui.plan.reserved" } else { "ui.plan.new" });
            let places = [("n", &*n), ("refused", &*refused), ("numbers", numbers), ("order", order)];
            lines.push(locale.fill("plain.plan", &places));
        }
        for taken in &plan.series {
            let places = [
                ("key", taken.key.to_string()),
                ("from", taken.from().to_string()),
                ("to", taken.to().to_string()),
                ("n", taken.count().to_string()),
                ("left", taken.left.to_string()),
            ];
            let places = places.each_ref().map(|(name, text)| (*name, text.as_str()));
            lines.push(locale.fill("plain.plan-series", &places));
        }
        let is_told_below = pane.refused().len() == pane.reasons().len();
        for (why, n) in pane.reasons().iter().filter(|_| !is_told_below) {
            lines.push(locale.fill("plain.plan-reason", &[("why", why), ("n", &n.to_string())]));
        }
        lines.extend(pane.notes().iter().cloned());
        if let Some(why) = pane.barred() {
            lines.push(locale.fill("plain.note", &[("text", text::unstopped(why))]));
        }
        for line in lines {
            self.say(&line);
        }
    }

    /// Tells whether the numbers of the plan can be taken as things stand.
    pub(super) fn can_take(&self) -> bool {
        self.app.overlays.plan().is_some_and(PlanPane::can_be_taken)
    }

    /// Lists why which rows get no number, as the screen does.
    pub(super) fn refused_lines(&self) -> &[String] {
        self.app.overlays.plan().map_or(&[], PlanPane::refused)
    }

    /// Takes the reason; then the word is asked for.
    pub(super) fn take_reason(&mut self, typed: &str) {
        if self.app.overlays.give_reason(typed.trim()) {
            self.taking = Topic::Word;
        }
    }

    /// Gives the word that takes the numbers.
    pub(super) fn word(&self) -> &str {
        self.app.locale.text("plain.act.word")
    }

    /// Takes the numbers where the word is right.
    pub(super) fn take_word(&mut self, typed: &str) {
        let typed = folded(typed);
        if typed != self.word().to_lowercase() && typed != Command::Allocate.spec().name {
            self.repeating = true;
            return self.say_key("plain.not-the-word");
        }
        self.taking = Topic::Plan;
        self.order(Command::Apply);
    }
}
