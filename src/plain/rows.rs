//! Acts on a row or a step that are named by their number in one line: `aside 12 重复`, `undo to 3`.

use super::Talk;
use super::answer::folded;
use super::topic::Topic;
use crate::app::command::Command;

/// What a line that begins with a known word asks for.
enum Named {
    Aside,
    Back,
    Note,
}

impl Talk {
    /// Takes a line that names a row or a step; tells whether it does.
    pub(super) fn take_named(&mut self, line: &str) -> bool {
        let mut words = line.trim().splitn(2, char::is_whitespace);
        let (verb, rest) = (words.next().unwrap_or_default(), words.next().unwrap_or_default().trim());
        let verb = folded(verb);
        if self.is_row_word("undo", &verb) {
            return self.take_undo(rest);
        }
        let named = match () {
            () if self.is_row_word("aside", &verb) => Named::Aside,
            () if self.is_row_word("back", &verb) => Named::Back,
            () if self.is_row_word("note", &verb) => Named::Note,
            () => return false,
        };
        let mut words = rest.splitn(2, char::is_whitespace);
        let number = folded(words.next().unwrap_or_default());
        let text = words.next().unwrap_or_default().trim();
        let Ok(line) = number.parse::<u32>() else { return false };
        if !self.go_to_spreadsheet_row(line) {
            self.say_filled("plain.no-such-row", &[("line", &number)]);
            self.repeating = true;
            return true;
        }
        let (batch, row) = (self.app.roster.batch(), self.app.roster.row());
        let is_aside = batch.zip(row).is_some_and(|(batch, row)| batch.roster().is_aside(row));
        match named {
            Named::Aside if is_aside => self.say_key("status.unchanged"),
            Named::Back if !is_aside => self.say_key("status.unchanged"),
            Named::Aside => self.order_with(Command::PutAside, text),
            Named::Back => self.order(Command::PutAside),
            Named::Note => self.order_with(Command::Note, text),
        }
        true
    }

    /// Runs a command that asks for a line of text, and answers it where there is an answer.
    fn order_with(&mut self, command: Command, text: &str) {
        self.order(command);
        if !text.is_empty() && self.app.line_question.is_some() {
            self.take_typed(text);
        }
    }

    /// Takes `to N`, `step N`, and `step N LINE COLUMN` for one cell of it.
    fn take_undo(&mut self, rest: &str) -> bool {
        let rest = folded(rest);
        let at = rest.find(|c: char| c.is_ascii_digit()).unwrap_or(rest.len());
        let (word, number) = rest.split_at(at);
        let Some((number, behind)) = leading_number(number) else { return false };
        let effects = if self.is_row_word("to", word.trim()) {
            self.app.go_to_step(number)
        } else if self.is_row_word("step", word.trim()) && number != 0 {
            match behind.find(|c: char| c.is_ascii_digit()).and_then(|at| leading_number(&behind[at..])) {
                Some((line, column)) => {
                    let form = self.app.roster.batch().map(|batch| batch.context().sheet());
                    let Some(field) = form.and_then(|form| form.field_of(column)) else { return false };
                    if !u32::try_from(line).is_ok_and(|line| self.go_to_spreadsheet_row(line)) {
                        self.say_filled("plain.no-such-row", &[("line", &line.to_string())]);
                        self.repeating = true;
                        return true;
                    }
                    self.app.revert_cell(number - 1, field)
                }
                None => self.app.revert_step(number - 1),
            }
        } else {
            return false;
        };
        self.effects.extend(effects);
        if self.topic() == Topic::History {
            let effects = self.app.ask_for_steps();
            self.effects.extend(effects);
        }
        true
    }

    /// Tells whether a word is one of those of a kind, which the locale has beside each other.
    fn is_row_word(&self, kind: &str, word: &str) -> bool {
        self.app.locale.text(&format!("plain.word.{kind}")).split(' ').any(|known| known == word)
    }

    /// Goes to the row that the spreadsheet shows under a number, in the file of the cursor's row.
    fn go_to_spreadsheet_row(&mut self, line: u32) -> bool {
        let Some(batch) = self.app.roster.batch() else { return false };
        let roster = batch.roster();
        let part = self.app.roster.row().map_or(0, |row| roster.part_of(row));
        let Some(row) = roster.row_at_line_in(part, line).filter(|row| roster.line(*row) == line) else { return false };
        if !self.app.roster.grid().shows(row) {
            return false;
        }
        let at = self.app.roster.grid().place_of(row);
        self.app.roster.go_to_place(at);
        self.settle_app();
        self.go(Topic::Row);
        true
    }
}

/// Reads the number that a text begins with; gives what stands behind it, without the word that counts.
fn leading_number(text: &str) -> Option<(usize, &str)> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    Some((text[..end].parse().ok()?, text[end..].trim_start_matches(['步', '行']).trim()))
}
