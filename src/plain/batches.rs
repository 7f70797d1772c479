//! The list of batches, and the one that is gone on with.

use super::Talk;
use crate::app::command::Command;
use crate::app::import::TodayFacts;

impl Talk {
    pub(super) fn batch_lines(&self, from: usize, page: usize) -> Vec<String> {
        let shown = self.app.import.batches();
        shown.into_iter().skip(from).take(page).map(|line| line.told(&self.app.locale)).collect()
    }

    /// Says why no batch is listed, or that some are not.
    pub(super) fn tell_batches(&mut self) {
        let hidden = self.app.import.hidden_batches().to_string();
        match (self.app.import.batches().is_empty(), hidden.as_str()) {
            (true, "0") => self.say_key("ui.batches.none"),
            (_, "0") => {}
            (_, n) => self.say_filled("plain.archived", &[("n", n)]),
        }
    }

    /// Tells what there is to go on with, a line for each.
    pub(super) fn tell_today(&mut self, facts: &TodayFacts) {
        let mut block = "";
        for line in facts.lines(self.app.size.1) {
            if std::mem::replace(&mut block, line.block_key()) != line.block_key() {
                let title = self.app.locale.text(block).to_string();
                self.say(&title);
            }
            let told = facts.told(line, &self.app.locale);
            self.say(&format!("  {told}"));
        }
    }

    /// Opens a line of the list.
    pub(super) fn take_batch(&mut self, at: usize) {
        *self.app.import.cursor() = at;
        self.order(Command::OpenBatch);
    }
}
