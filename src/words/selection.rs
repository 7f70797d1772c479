//! What rows are filtered and sorted by, in words.

use super::Locale;
use crate::domain::batch::Batch;
use crate::domain::ledger::Status;
use crate::domain::roster::{CellSource, RowWhat};
use crate::domain::rules::RuleId;
use crate::domain::selection::{Condition, SeveralColumns, ValueTest, read_condition, read_source};
use crate::domain::sheet::Field;
use crate::domain::text;

/// How many of several values are named.
const NAMED: usize = 2;

/// Words for what is filtered by without a column, as they are typed in any language.
const WORDS: [(&str, Condition); 5] = [
    ("errors", Condition::Errors),
    ("edited", Condition::Edited),
    ("marked", Condition::Marked),
    ("aside", Condition::Said(RowWhat::Aside)),
    ("note", Condition::Said(RowWhat::Note)),
];

/// Why it is not known what is to be filtered by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FilterFault {
    /// Several columns begin as was typed.
    Columns(SeveralColumns),
    /// There is no such status in the ledger.
    NoStatus(String),
    /// No file or sheet of the roster is called so, or several are.
    NoPart(String),
}

impl Locale {
    /// Finds what is filtered by without a column: `errors`, `edited`, `marked`, `aside`, `note`.
    pub fn filter_word(&self, typed: &str) -> Option<Condition> {
        let is_it = |word: &str| typed == word || typed == self.text(&format!("filter.{word}")).to_lowercase();
        WORDS.iter().find(|(word, _)| is_it(word)).map(|(_, condition)| condition.clone())
    }

    /// Reads what is filtered by: a status in the ledger, a file or sheet of several, else what stands in a column or anywhere.
    pub fn read_filter(&self, typed: &str, batch: &Batch) -> Result<Condition, FilterFault> {
        let (form, columns) = (batch.context().sheet(), &batch.roster().columns);
        // As it is shown that nothing stands there it may be typed.
        let blank = self.text("ui.preview.blank");
        let is_blank = |word: &str| word == blank || word == blank.trim_matches(['（', '）', '(', ')']);
        let emptied = typed.rsplit_once(['=', '＝']).filter(|(_, value)| is_blank(value.trim()));
        let emptied = emptied.map(|(column, _)| format!("{column}="));
        let typed = emptied.as_deref().unwrap_or(typed);
        let half: String = typed.chars().map(text::half_width).collect();
        if let Some((word, _)) = half.split_once('=').filter(|(word, _)| read_source(word, form, columns) == Ok(None)) {
            let (is_word, value) = (word.trim().to_lowercase(), typed.chars().skip(word.chars().count() + 1));
            let value: String = value.collect();
            let is = |name: &str| is_word == name || is_word == self.text(&format!("filter.by-{name}")).to_lowercase();
            if is("status") {
                return self.status_named(value.trim()).ok_or(FilterFault::NoStatus(value));
            }
            if is("origin") {
                return self.part_named(value.trim(), batch).map(Condition::Part).ok_or(FilterFault::NoPart(value));
            }
        }
        read_condition(typed, form, columns).map_err(FilterFault::Columns)
    }

    /// Finds a status by its name or its words, that of what the ledger does not have among them.
    fn status_named(&self, typed: &str) -> Option<Condition> {
        if typed == "none" || typed == self.text("filter.no-status") {
            return Some(Condition::Status(None));
        }
        let named = Status::ALL.into_iter().find(|status| status.key() == typed || self.status(*status) == typed);
        named.map(|status| Condition::Status(Some(status)))
    }

    /// Finds a part of the roster by its number, or by what its file and sheet alone are called. Where nothing tells rows of
    /// one origin from those of another, none is found: all rows would pass.
    fn part_named(&self, typed: &str, batch: &Batch) -> Option<usize> {
        if batch.roster().parts().is_empty() {
            return None;
        }
        let all = self.part_names(batch);
        let number = typed.parse::<usize>().ok().filter(|n| (1..=all.len()).contains(n));
        let mut named = (0..all.len()).filter(|part| !typed.is_empty() && all[*part].contains(typed));
        number.map(|n| n - 1).or(named.next().filter(|_| named.next().is_none()))
    }

    /// Names the parts of a roster, in their order.
    pub fn part_names(&self, batch: &Batch) -> Vec<String> {
        let name = |part: usize| self.condition(batch, &Condition::Part(part), true);
        (0..batch.roster().parts().len().max(1)).map(name).collect()
    }

    /// Says why it is not known what is to be filtered by.
    pub fn filter_fault(&self, fault: &FilterFault, batch: &Batch) -> String {
        let comma = self.text("finding.comma");
        match fault {
            FilterFault::Columns(SeveralColumns(fields)) => {
                let labels: Vec<&str> = fields.iter().map(|field| batch.context().sheet().label(*field)).collect();
                self.fill("status.several-columns", &[("columns", &labels.join(comma))])
            }
            FilterFault::NoStatus(typed) => {
                let none = ["none", self.text("filter.no-status")].join(" ");
                let name = |status: Status| [status.key(), self.status(status)].join(" ");
                let all: Vec<String> = Status::ALL.into_iter().map(name).chain([none]).collect();
                let typed = text::visible(typed.trim()).into_owned();
                self.fill("filter.unknown-status", &[("status", &typed), ("all", &all.join(comma))])
            }
            FilterFault::NoPart(typed) => {
                let names = self.part_names(batch);
                let all: Vec<String> = names.iter().zip(1..).map(|(name, n)| format!("{n} {name}")).collect();
                let typed = text::visible(typed.trim()).into_owned();
                self.fill("filter.unknown-origin", &[("origin", &typed), ("all", &all.join(comma))])
            }
        }
    }

    /// Names a rule: its severity as a word, its code and its title.
    pub fn rule_words(&self, rule: RuleId) -> String {
        let spec = rule.spec();
        let title = self.rule(spec.code).map_or(spec.name, |page| page.title.as_str());
        format!("{} {} {title}", self.severity(spec.severity), spec.code)
    }

    /// Says what rows are filtered by; personal data is masked unless that is wanted.
    pub fn condition(&self, batch: &Batch, condition: &Condition, masked: bool) -> String {
        let label = |field: &Field| batch.context().sheet().label(*field);
        match condition {
            Condition::Text { text, field: None } => {
                let words = if masked { text::masked_sentence(text) } else { text.clone() };
                self.fill("filter.text", &[("text", &text::visible(&words))])
            }
            Condition::Text { text, field: Some(field) } => {
                self.tested(label(field), "contains", &shown(batch, CellSource::Field(*field), text, masked))
            }
            Condition::Value { column, test, negated } => {
                let (key, text) = match (test, negated) {
                    (ValueTest::Is(values), false) => ("is", self.values(batch, *column, values, masked)),
                    (ValueTest::Is(values), true) => ("is-not", self.values(batch, *column, values, masked)),
                    (ValueTest::Contains(text), false) => ("contains", shown(batch, *column, text, masked)),
                    (ValueTest::Contains(text), true) => ("lacks", shown(batch, *column, text, masked)),
                    (ValueTest::Empty, false) => ("empty", String::new()),
                    (ValueTest::Empty, true) => ("filled", String::new()),
                };
                self.tested(&self.cell_source(*column, batch), key, &text)
            }
            Condition::Findings { rule, field } => {
                match (rule.map(|rule| self.rule_words(rule)), field.as_ref().map(|f| label(f).to_string())) {
                    (Some(rule), Some(label)) => format!("{label} {rule}"),
                    (Some(words), None) | (None, Some(words)) => words,
                    (None, None) => self.text("ui.findings.all").to_string(),
                }
            }
            Condition::Errors => self.text("filter.errors").to_string(),
            Condition::Edited => self.text("filter.edited").to_string(),
            Condition::Marked => self.text("filter.marked").to_string(),
            Condition::Said(what) => self.text(&format!("filter.{}", what.key())).to_string(),
            Condition::Part(part) => match batch.roster().parts().get(*part) {
                Some(part) => self.file_place(&part.origin.file, &part.origin.sheet),
                None => self.file_place(&batch.origin.file, &batch.origin.sheet),
            },
            Condition::Status(Some(status)) => self.fill("filter.status", &[("status", self.status(*status))]),
            Condition::Status(None) => self.text("filter.no-status").to_string(),
        }
    }

    /// Says by which conditions rows are filtered.
    pub fn conditions(&self, batch: &Batch, conditions: &[Condition], masked: bool) -> String {
        let all: Vec<String> = conditions.iter().map(|one| self.condition(batch, one, masked)).collect();
        all.join(self.text("filter.and"))
    }

    fn tested(&self, column: &str, key: &str, text: &str) -> String {
        self.fill(&format!("filter.{key}"), &[("column", column), ("text", text)])
    }

    /// Names values, of many the first and how many there are.
    fn values(&self, batch: &Batch, column: CellSource, values: &[impl AsRef<str>], masked: bool) -> String {
        let one = |value: &str| match value {
            "" => self.text("ui.preview.blank").to_string(),
            value => shown(batch, column, value, masked),
        };
        let named: Vec<String> = values.iter().take(NAMED).map(|value| one(value.as_ref())).collect();
        let named = named.join(self.text("finding.comma"));
        if values.len() <= NAMED {
            return named;
        }
        self.fill("filter.several", &[("values", &named), ("n", &values.len().to_string())])
    }
}

fn shown(batch: &Batch, column: CellSource, text: &str, masked: bool) -> String {
    if !masked {
        return text::visible(text).into_owned();
    }
    // Where nobody knows of which rows a text is, it is masked as of those that have moved.
    text::visible(&batch.column_mask(column).shown(text, 0)).into_owned()
}
