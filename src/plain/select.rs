//! Filters, order and marks, each with what it is about on one line: `filter 所在单位=某厂`, `sort 发证日期`, `mark 12`.

use super::answer::folded;
use super::{REPEATED, Talk};
use crate::app::command::Command;
use crate::domain::roster::CellSource;
use crate::domain::selection::{SeveralColumns, read_source};
use crate::domain::text;

/// The commands after which a line may go on.
const VERBS: [Command; 5] = [Command::Filter, Command::Search, Command::Sort, Command::MarkRow, Command::SaveRecipe];

impl Talk {
    /// Takes a line that names a command and what it is about; tells whether it was one.
    pub(super) fn take_verb(&mut self, line: &str) -> bool {
        let line = line.trim_matches(text::is_blank);
        let Some((verb, about)) = line.split_once(text::is_blank) else { return false };
        let (verb, about) = (folded(verb), about.trim_matches(text::is_blank));
        let is_so = |command: &Command| {
            let name = command.spec().name;
            let title = self.app.locale.text(&command.title_key()).to_lowercase();
            let short = match command {
                Command::Search => "find",
                Command::MarkRow => "mark",
                _ => name,
            };
            verb == name || verb == title || verb == short
        };
        let Some(command) = VERBS.into_iter().find(is_so) else { return false };
        match command {
            Command::Sort => self.take_order(about),
            Command::MarkRow => self.take_mark(about),
            Command::Filter => match self.filter_named(&folded(about)) {
                Some(command) => self.order(command),
                None => self.take_asked(Command::Filter, about),
            },
            _ => self.take_asked(command, about),
        }
        true
    }

    /// Asks the question of a command and answers it at once.
    fn take_asked(&mut self, command: Command, about: &str) {
        self.order(command);
        if self.app.line_question.is_some() {
            self.take_typed(about);
        }
    }

    fn is_word(&self, typed: &str, word: &str) -> bool {
        typed == word || typed == folded(self.app.locale.text(&format!("filter.{word}")))
    }

    /// Finds the command for what is filtered by without a column, or taken away.
    fn filter_named(&self, typed: &str) -> Option<Command> {
        let named = [
            ("off", Command::ClearFilter),
            ("back", Command::DropFilter),
            ("errors", Command::FilterErrors),
            ("edited", Command::FilterEdited),
            ("marked", Command::FilterMarked),
            ("aside", Command::FilterAside),
            ("note", Command::FilterNoted),
        ];
        named.into_iter().find(|(word, _)| self.is_word(typed, word)).map(|(_, command)| command)
    }

    fn take_order(&mut self, typed: &str) {
        let Some(batch) = self.app.roster.batch() else { return };
        if self.is_word(&folded(typed), "off") {
            return self.order(Command::FileOrder);
        }
        let form = batch.context().sheet();
        match read_source(typed, form, &batch.roster().columns) {
            Ok(Some(CellSource::Field(field))) => {
                self.app.roster.go_to_field(field);
                self.order(Command::Sort);
            }
            Ok(Some(kept)) => {
                let effects = self.app.sort_by_column(kept);
                self.effects.extend(effects);
            }
            Ok(None) => self.say_unknown(typed),
            Err(SeveralColumns(fields)) => {
                let labels: Vec<&str> = fields.iter().map(|field| form.label(*field)).collect();
                let labels = labels.join(self.app.locale.text("finding.comma"));
                self.say_filled("status.several-columns", &[("columns", &labels)]);
                self.repeating = true;
            }
        }
    }

    fn take_mark(&mut self, typed: &str) {
        let typed = folded(typed);
        if self.is_word(&typed, "off") {
            return self.order(Command::UnmarkAll);
        }
        if self.is_word(&typed, "shown") {
            return self.order(Command::MarkShown);
        }
        let line = typed.parse::<u32>().ok();
        let row = line.zip(self.app.roster.batch()).and_then(|(line, batch)| {
            let part = self.app.roster.row().map_or(0, |row| batch.roster().part_of(row));
            // The next row below would be another than was meant.
            batch.roster().row_at_line_in(part, line).filter(|row| batch.roster().line(*row) == line)
        });
        match row.filter(|row| self.app.roster.grid().shows(*row)) {
            Some(row) => {
                self.app.roster.go_to_place(self.app.roster.grid().place_of(row));
                self.order(Command::MarkRow);
            }
            None => self.say_unknown(&typed),
        }
    }

    /// Says that nothing is called so, or not here.
    pub(super) fn say_unknown(&mut self, line: &str) {
        let typed: String = line.trim().chars().take(REPEATED).collect();
        self.say_filled("plain.unknown", &[("typed", &typed)]);
        self.repeating = true;
    }
}
