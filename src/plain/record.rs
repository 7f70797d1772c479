//! A row: one cell with its findings, all cells, a new text for a cell.

use super::acts::PlainAct;
use super::topic::Topic;
use super::{Lent, Talk};
use crate::app::command::Command;
use crate::app::ledger::{FormQuestion, LedgerForm};
use crate::app::{LinePurpose, LineQuestion};
use crate::domain::roster::RowWhat;

impl Talk {
    /// Tells the cell at the cursor, what was found in it, and how many findings the row has elsewhere.
    pub(super) fn tell_cell(&mut self) {
        let (Some(batch), Some(row)) = (self.app.roster.batch(), self.app.roster.row()) else {
            return self.say_key("ui.grid.empty");
        };
        let (locale, field) = (&self.app.locale, self.app.roster.grid().field());
        let numbers = [batch.roster().line(row).to_string(), (self.app.roster.grid().at + 1).to_string()];
        let all = self.app.roster.grid().count(batch).to_string();
        let cell = self.cell_words(row, field);
        let places = [("line", &*numbers[0]), ("at", &*numbers[1]), ("all", &*all), ("cell", &*cell)];
        let origin = Some(batch.roster()).filter(|roster| !roster.parts().is_empty());
        let origin = origin.and_then(|roster| roster.origin_of(row));
        let place = origin.map(|origin| locale.row_place(&origin.file, &origin.sheet, origin.line));
        let mut lines = vec![match &place {
            Some(place) => locale.fill("plain.cell-at-from", &[&places[..], &[("place", place.as_str())]].concat()),
            None => locale.fill("plain.cell-at", &places),
        }];
        if let Some(imported) = self.app.roster.shown_imported(row, field, locale) {
            let imported = self.value_words(&imported);
            lines.push(locale.fill("plain.imported", &[("value", &imported)]));
        }
        for what in RowWhat::ALL {
            let said = self.app.roster.said(row, what).map(|text| self.said_words(what, &text));
            lines.extend(said.map(|what| locale.fill("plain.said", &[("what", &what)])));
        }
        let (here, elsewhere): (Vec<_>, Vec<_>) = batch.findings().of_row(row).iter().partition(|f| f.field == field);
        lines.extend(here.iter().map(|f| self.finding_line(f, false)));
        if here.is_empty() {
            lines.push(locale.text("plain.no-finding-here").to_string());
        }
        if !elsewhere.is_empty() {
            let mut labels: Vec<&str> = elsewhere.iter().map(|f| batch.context().sheet().label(f.field)).collect();
            labels.dedup();
            let n = elsewhere.len().to_string();
            let columns = labels.join(locale.text("finding.comma"));
            lines.push(locale.fill("plain.elsewhere", &[("n", &n), ("columns", &columns)]));
        }
        for line in lines {
            self.say(&line);
        }
    }

    pub(super) fn tell_record(&mut self) {
        let (Some(batch), Some(row)) = (self.app.roster.batch(), self.app.roster.row()) else {
            return self.say_key("ui.grid.empty");
        };
        let line = batch.roster().line(row).to_string();
        self.say_filled("ui.record.title", &[("line", &line)]);
        let Some(batch) = self.app.roster.batch() else { return };
        let columns = batch.roster().columns.source.iter().enumerate().filter(|(_, c)| c.field.is_none());
        let aside = columns.map(|(at, column)| (column.label_in_line(), self.app.roster.shown_aside(row, at)));
        let aside = aside
            .filter(|(_, cell)| !cell.is_empty())
            .map(|(label, shown)| self.app.locale.fill("plain.aside-cell", &[("column", &label), ("value", &shown)]));
        for line in aside.collect::<Vec<_>>() {
            self.say(&line);
        }
    }

    /// Lists the cells of the row, each with what was found in it.
    pub(super) fn record_lines(&self) -> Vec<String> {
        let (Some(batch), Some(row)) = (self.app.roster.batch(), self.app.roster.row()) else { return Vec::new() };
        let found = batch.findings().of_row(row);
        let line = |field: &crate::domain::sheet::Field| {
            let mut line = self.cell_words(row, *field);
            for finding in found.iter().filter(|f| f.field == *field) {
                line += self.app.locale.text("plain.stop");
                line += &self.finding_line(finding, false);
            }
            line
        };
        self.app.roster.grid().fields.iter().map(line).collect()
    }

    /// Goes to the next row shown, or the one before.
    pub(super) fn step_row(&mut self, forwards: bool) {
        let Some(batch) = self.app.roster.batch() else { return };
        let (at, last) = (self.app.roster.grid().at, self.app.roster.grid().count(batch).saturating_sub(1));
        let next = if forwards { (at + 1).min(last) } else { at.saturating_sub(1) };
        if next == at {
            return self.say_key("plain.no-more-rows");
        }
        self.app.roster.go_to_place(next);
        self.settle_app();
    }

    pub(super) fn tell_edit(&mut self, topic: Topic) {
        let (Some(batch), Some(edit)) = (self.app.roster.batch(), self.app.roster.edit()) else { return };
        let (line, cell) = (batch.roster().line(edit.row).to_string(), self.cell_words(edit.row, edit.field));
        let place = self.place_words(edit.row);
        let typed = self.value_words(&self.app.roster.shown(edit.row, edit.field, edit.prompt.text()));
        let key = if topic == Topic::Resumed { "plain.half-typed" } else { "plain.value-of" };
        self.say_filled(key, &[("line", &line), ("place", &place), ("cell", &cell), ("typed", &typed)]);
    }

    /// Takes a cell's new text.
    pub(super) fn take_value(&mut self, typed: &str) {
        self.app.roster.type_over(typed);
        self.order(Command::Accept);
    }

    /// Takes the text that was half typed when the session before ended, or has it typed anew.
    pub(super) fn take_resumed(&mut self, act: PlainAct) {
        self.resumed = false;
        self.go(Topic::Row);
        if act == PlainAct::Command(Command::Accept) {
            self.order(Command::Accept);
        }
    }

    /// Asks for the value that all rows with the finding at the cursor are given.
    pub(super) fn ask_same_value(&mut self) {
        let before = self.app.roster.grid().selection();
        self.order(Command::FilterFinding);
        if !self.app.status.is_bad {
            self.lent = Some(Lent(before));
            self.order_quietly(Command::SetColumn);
        }
    }

    /// Runs a command behind another one whose words are to be said.
    fn order_quietly(&mut self, command: Command) {
        let status = std::mem::take(&mut self.app.status);
        self.order(command);
        if self.app.status.text.is_empty() {
            self.app.status = status;
        }
    }

    /// Gives the question of a line of text.
    pub(super) fn typed_question(&self) -> String {
        let locale = &self.app.locale;
        let key = match self.app.line_question.as_ref().map(|question| question.purpose) {
            Some(LinePurpose::SetColumn(field)) => {
                let label = self.app.roster.batch().map_or("", |b| b.context().sheet().label(field));
                return locale.fill("plain.ask.set-column", &[("column", label)]);
            }
            Some(LinePurpose::Search) if !self.app.roster.grid().search.is_empty() => {
                return locale.fill("plain.ask.search-again", &[("text", &self.app.roster.grid().search)]);
            }
            Some(LinePurpose::Search) => "plain.ask.search",
            Some(LinePurpose::Filter) => "plain.ask.filter",
            Some(LinePurpose::PutAside { .. }) => "plain.ask.aside",
            Some(LinePurpose::Note) => "plain.ask.note",
            Some(LinePurpose::PlanBlanks(_)) => "plain.ask.plan-blanks",
            Some(LinePurpose::RecipeName) => "plain.ask.recipe-name",
            Some(LinePurpose::ReshapeText) => "plain.ask.reshape-text",
            Some(LinePurpose::Ledger(question)) => return self.form_question(question),
            _ => "plain.ask.go-to-row",
        };
        locale.text(key).to_string()
    }

    /// Tells whether Enter alone is an answer to the question in hand.
    /// Asks a question of a form of the ledger, with what Enter alone takes.
    fn form_question(&self, question: FormQuestion) -> String {
        let locale = &self.app.locale;
        let title = self.app.ledger.form().map_or_else(String::new, |form| form.title(locale));
        let fact = self.app.ledger.form().and_then(LedgerForm::fact).filter(|_| question == FormQuestion::FactValue);
        let label = fact.map_or_else(|| locale.text(question.label_key()).to_string(), |def| locale.fact_label(def));
        let proposed = self.app.line_question.as_ref().map_or("", |question| question.prompt.text());
        let may_leave = self.app.ledger.form().is_some_and(LedgerForm::is_optional);
        let key = match (proposed.is_empty(), may_leave) {
            (false, _) => "plain.ask.form-or",
            (true, true) => "plain.ask.form-optional",
            (true, false) => "plain.ask.form",
        };
        locale.fill(key, &[("title", &title), ("what", &label), ("text", proposed)])
    }

    pub(super) fn may_be_empty(&self) -> bool {
        match self.app.line_question.as_ref().map(|question| question.purpose) {
            Some(LinePurpose::Search) => !self.app.roster.grid().search.is_empty(),
            Some(LinePurpose::Filter | LinePurpose::ReshapeText | LinePurpose::PlanBlanks(_)) => true,
            // What is proposed is taken, and what may be left out is.
            Some(LinePurpose::Ledger(_)) => true,
            _ => false,
        }
    }

    /// Takes a line of text.
    pub(super) fn take_typed(&mut self, typed: &str) {
        let Some(LineQuestion { purpose, prompt }) = &mut self.app.line_question else { return };
        let purpose = *purpose;
        // A number may be typed in full width; every other text is what it is.
        let half = super::folded(typed);
        let is_kept = typed.is_empty() && matches!(purpose, LinePurpose::Ledger(_));
        if !is_kept {
            prompt.set("");
            prompt.insert(if purpose == LinePurpose::GoTo { &half } else { typed });
        }
        self.order(Command::Accept);
        match purpose {
            LinePurpose::Search if !self.app.status.is_bad => self.go(Topic::Row),
            LinePurpose::GoTo if !self.app.status.is_bad => self.go(Topic::Row),
            LinePurpose::Filter if self.app.roster.grid().is_filtered() && !self.app.status.is_bad => {
                self.go(Topic::Rows);
            }
            _ => {}
        }
    }
}
