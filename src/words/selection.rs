//! What rows are filtered and sorted by, in words.

use super::Locale;
use crate::domain::batch::Batch;
use crate::domain::rules::RuleId;
use crate::domain::selection::{Condition, ValueTest};
use crate::domain::sheet::Field;
use crate::domain::text;

/// How many of several values are named.
const NAMED: usize = 2;

impl Locale {
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
                self.tested(label(field), "contains", &shown(batch, *field, text, masked))
            }
            Condition::Value { field, test, negated } => {
                let (key, text) = match (test, negated) {
                    (ValueTest::Is(values), false) => ("is", self.values(batch, *field, values, masked)),
                    (ValueTest::Is(values), true) => ("is-not", self.values(batch, *field, values, masked)),
                    (ValueTest::Contains(text), false) => ("contains", shown(batch, *field, text, masked)),
                    (ValueTest::Contains(text), true) => ("lacks", shown(batch, *field, text, masked)),
                    (ValueTest::Empty, false) => ("empty", String::new()),
                    (ValueTest::Empty, true) => ("filled", String::new()),
                };
                self.tested(label(field), key, &text)
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
    fn values(&self, batch: &Batch, field: Field, values: &[impl AsRef<str>], masked: bool) -> String {
        let one = |value: &str| match value {
            "" => self.text("ui.preview.blank").to_string(),
            value => shown(batch, field, value, masked),
        };
        let named: Vec<String> = values.iter().take(NAMED).map(|value| one(value.as_ref())).collect();
        let named = named.join(self.text("finding.comma"));
        if values.len() <= NAMED {
            return named;
        }
        self.fill("filter.several", &[("values", &named), ("n", &values.len().to_string())])
    }
}

fn shown(batch: &Batch, field: Field, text: &str, masked: bool) -> String {
    if !masked {
        return text::visible(text).into_owned();
    }
    // Where nobody knows of which rows a text is, it is masked as of those that have moved.
    text::visible(&batch.column_mask(field).shown(text, 0)).into_owned()
}
