//! The values of a column, those that mean the same, and what is replaced by what.

use super::Talk;
use super::answer::folded;
use super::sheets::numbers;
use super::topic::Topic;
use crate::app::command::Command;
use crate::app::overlay::{GroupList, Overlay, ReplacePane, ValuesPane};
use crate::domain::roster::CellSource;
use crate::domain::text;

/// Commands behind which a column may be named, with what else they are called.
const OF_COLUMN: [(Command, &str); 5] = [
    (Command::Values, "values"),
    (Command::GroupValues, "groups"),
    (Command::Replace, "replace"),
    (Command::Reshape, "reshape"),
    (Command::HideColumn, "hide"),
];

impl Talk {
    /// Takes a command with a column behind it, such as `values 所在单位`; tells whether it was one.
    pub(super) fn take_with_column(&mut self, line: &str) -> bool {
        let line = text::trimmed(line);
        let Some((word, column)) = line.trim().split_once(char::is_whitespace) else { return false };
        let word = folded(word);
        let is_meant = |(command, name): &&(Command, &str)| {
            [*name, command.spec().name, self.app.locale.text(&command.title_key())].contains(&word.as_str())
        };
        let Some((command, _)) = OF_COLUMN.iter().find(is_meant) else { return false };
        let field = self.app.roster.batch().and_then(|batch| batch.context().sheet().field_of(column));
        let kept = || self.app.roster.batch()?.roster().columns.aside_named(column.trim());
        if let (None, Command::Values, Some(kept)) = (field, command, kept()) {
            let effects = self.app.show_values_of(CellSource::Aside(kept));
            self.effects.extend(effects);
            return true;
        }
        let Some(field) = field else {
            let name = text::visible(column.trim()).into_owned();
            self.say_filled("plain.no-column", &[("name", &name)]);
            self.repeating = true;
            return true;
        };
        self.app.roster.go_to_field(field);
        self.settle_app();
        self.wants_groups = *command == Command::GroupValues;
        self.order(if self.wants_groups { Command::Values } else { *command });
        true
    }

    pub(super) fn values(&self) -> Option<&ValuesPane> {
        match self.app.overlays.open() {
            Some(Overlay::Values(pane)) => Some(pane),
            _ => None,
        }
    }

    pub(super) fn groups(&self) -> Option<&GroupList> {
        self.values()?.groups()
    }

    /// Tells a text of the column whose values are open, masked where it is somebody's.
    fn masked_words(&self, text: &str, rows: u32) -> String {
        self.value_words(&self.values().map_or_else(String::new, |pane| pane.masked(text, rows)))
    }

    fn replacing(&self) -> Option<&ReplacePane> {
        match self.app.overlays.open() {
            Some(Overlay::Replace(pane)) => Some(pane),
            _ => None,
        }
    }

    /// Gives what is asked about values, or about what is replaced.
    pub(super) fn value_topic(&self) -> Option<Topic> {
        if let Some(pane) = self.replacing() {
            return Some(if pane.at() == 0 { Topic::ReplaceWhat } else { Topic::ReplaceBy });
        }
        let pane = self.values()?;
        Some(match (pane.line(), pane.groups()) {
            (Some(_), _) => Topic::ValueText,
            (None, Some(_)) => Topic::ValueGroup,
            (None, None) => Topic::Values,
        })
    }

    fn column_label(&self) -> String {
        let replacing = || self.replacing().map(|pane| CellSource::Field(pane.field()));
        let column = self.values().map(ValuesPane::column).or_else(replacing);
        let label =
            self.app.roster.batch().zip(column).map(|(batch, column)| self.app.locale.cell_source(column, batch));
        label.unwrap_or_default()
    }

    pub(super) fn tell_values(&mut self, topic: Topic) {
        let column = self.column_label();
        match topic {
            Topic::Values => {
                let n = self.values().and_then(ValuesPane::values).map_or(0, |values| values.all().len()).to_string();
                self.say_filled("values.title", &[("column", &column), ("n", &n)]);
                let facts = self.values().and_then(ValuesPane::values).map(|v| self.app.locale.column_facts(v.facts()));
                if let Some(facts) = facts {
                    self.say_filled("plain.said", &[("what", &facts)]);
                }
            }
            Topic::ValueGroup => {
                let Some(groups) = self.groups() else { return };
                let (at, all) = ((groups.at() + 1).to_string(), groups.groups().len().to_string());
                let open = groups.open_count().to_string();
                self.say_filled(
                    "plain.value-group",
                    &[("at", &at), ("all", &all), ("open", &open), ("column", &column)],
                );
                let apart =
                    self.groups().and_then(|groups| groups.groups().get(groups.at())).map_or_else(Vec::new, |g| {
                        g.kept_apart
                            .iter()
                            .map(|(text, rows)| (self.masked_words(text, *rows), rows.to_string()))
                            .collect()
                    });
                for (value, rows) in apart {
                    self.say_filled("values.apart", &[("rows", &rows), ("value", &value)]);
                }
            }
            Topic::ReplaceWhat | Topic::ReplaceBy => {
                let told =
                    self.replacing().and_then(ReplacePane::fault).map(|(_, bad)| self.app.locale.pattern_fault(&bad));
                if let Some(told) = told {
                    self.say_filled("plain.note", &[("text", &told)]);
                }
                self.say_filled("plain.replace-in", &[("column", &column)]);
            }
            _ => {}
        }
    }

    pub(super) fn value_lines(&self, from: usize, page: usize) -> Vec<String> {
        let Some(pane) = self.values() else { return Vec::new() };
        let line = |at: usize| {
            let (value, _) = pane.shown(at)?;
            let (rows, errors) = (value.rows.to_string(), value.errors.to_string());
            let shown = self.value_words(&pane.masked(&value.text, value.rows));
            let places = [("value", &*shown), ("rows", &rows), ("errors", &errors)];
            Some(self.app.locale.fill("plain.value-line", &places))
        };
        (from..pane.count_shown()).take(page).filter_map(line).collect()
    }

    /// Lists the forms of the group in hand, the one first that is proposed.
    pub(super) fn form_lines(&self) -> Vec<String> {
        let Some((groups, group)) = self.groups().and_then(|all| Some((all, all.groups().get(all.at())?))) else {
            return Vec::new();
        };
        let line = |form: &std::sync::Arc<str>| {
            let rows = group.rows_of(form).to_string();
            let (value, standing) = (self.masked_words(form, group.rows_of(form)), self.app.locale.standing(group.by));
            let key = match groups.is_out(groups.at(), form) {
                true => "plain.form-out",
                false if *form == group.proposed => "plain.form-proposed",
                false => "plain.form",
            };
            self.app.locale.fill(key, &[("value", &value), ("rows", &rows), ("standing", &standing)])
        };
        groups.forms(groups.at()).into_iter().map(line).collect()
    }

    /// Takes the numbers of several values, which become one text, or behind `filter` those of the values whose rows are shown;
    /// tells whether it was that.
    pub(super) fn take_several_values(&mut self, typed: &str) -> bool {
        let title = Command::Filter.title_key();
        let filter = [Command::Filter.spec().name, self.app.locale.text(&title)];
        let behind = filter.iter().find_map(|word| typed.strip_prefix(word)).map(str::trim);
        let (from, count) = (self.first(Topic::Values), self.count(Topic::Values));
        let Some(chosen) = numbers(behind.unwrap_or(typed), count.saturating_sub(from)) else { return false };
        if chosen.len() < if behind.is_some() { 1 } else { 2 } {
            return false;
        }
        self.app.overlays.mark_values(chosen.into_iter().map(|at| from + at));
        self.order(if behind.is_some() { Command::FilterByValues } else { Command::SetValues });
        if behind.is_some() {
            self.go(Topic::Rows);
        }
        true
    }

    pub(super) fn take_value_line(&mut self, at: usize) {
        self.app.overlays.choose_line(at);
        self.order(Command::SetValues);
    }

    /// Takes `out 2`: the second form stays as it is, or belongs to its group again; tells whether it was that.
    pub(super) fn take_form_out(&mut self, line: &str) -> bool {
        let line = folded(line);
        let Some((word, number)) = line.split_once(char::is_whitespace) else { return false };
        let is_it = self.app.locale.text("plain.word.out").split(' ').any(|known| known == word);
        let count = self.groups().map_or(0, |groups| groups.forms(groups.at()).len());
        let form = number.trim().parse::<usize>().ok().filter(|n| (1..=count).contains(n));
        let Some(form) = form.filter(|_| is_it) else { return false };
        self.app.overlays.choose_form(form - 1);
        self.order(Command::LeaveFormOut);
        true
    }

    pub(super) fn take_form(&mut self, form: usize) {
        self.app.overlays.choose_form(form);
        self.order(Command::AcceptGroup);
    }

    pub(super) fn take_value_text(&mut self, typed: &str) {
        let effects = self.app.type_over(typed);
        self.effects.extend(effects);
        self.order(Command::TakeLine);
    }

    /// Takes what is looked for: an expression stands between strokes.
    pub(super) fn take_replace_what(&mut self, typed: &str) {
        let expression = typed.strip_prefix('/').and_then(|rest| rest.strip_suffix('/'));
        self.app.overlays.look_for_expression(expression.is_some());
        let effects = self.app.type_over(expression.unwrap_or(typed));
        self.effects.extend(effects);
        self.app.overlays.choose_line(1);
    }

    pub(super) fn take_replace_by(&mut self, typed: &str) {
        let effects = self.app.type_over(typed);
        self.effects.extend(effects);
        self.order(Command::StartReplace);
    }
}
