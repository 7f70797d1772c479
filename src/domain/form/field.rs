//! What a form asks for beyond what is stored as rows (资料项): one value with a label, and what it may be.

use serde::Deserialize;

use super::About;
use crate::domain::date::{self, DateReading};
use crate::domain::decoder::credit_check;
use crate::domain::text;
use crate::domain::vocabulary::vocabulary;

vocabulary! {
    /// What kind of value a field takes.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
    #[serde(rename_all = "kebab-case")]
    pub enum FieldKind {
        #[default]
        Text = "text",
        Date = "date",
        Number = "number",
        Choice = "choice",
        Telephone = "telephone",
        /// 统一社会信用代码
        CreditCode = "credit-code",
    }
}

/// A field of a form.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FormField {
    /// Its id, by which the value is kept.
    pub id: String,
    /// What the form calls it.
    pub label: String,
    /// The thing that the value belongs to; that of the form where nothing else is said.
    #[serde(default)]
    pub of: Option<About>,
    #[serde(default, rename = "type")]
    pub kind: FieldKind,
    /// The most characters.
    #[serde(default = "most")]
    pub max: usize,
    /// The values of a choice.
    #[serde(default)]
    pub values: Vec<String>,
    /// Whether the form is complete without it.
    #[serde(default)]
    pub optional: bool,
    /// Whether the form is not written without it, not even to be filled in by hand.
    #[serde(default)]
    pub strict: bool,
    /// Whether it is of a person: masked where it is shown.
    #[serde(default)]
    pub personal: bool,
    /// The clause that asks for it.
    #[serde(default)]
    pub clause: String,
}

/// Why a value is not what a field takes. Each has a text under `form.value.<key>`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ValueFault {
    Empty,
    /// It has characters that nobody sees.
    Hidden,
    /// It is longer than this.
    TooLong(usize),
    NotADate,
    NotANumber,
    /// It is none of these.
    NotOneOf(Vec<String>),
    NotATelephone,
    /// The check character should be this one; nothing where it has not 18 characters that such a code has.
    NotACreditCode(Option<char>),
}

impl FormField {
    /// Reads a value as it is typed.
    pub fn read(&self, typed: &str) -> Result<String, ValueFault> {
        let value = typed.trim_matches(text::is_blank);
        if value.is_empty() {
            return Err(ValueFault::Empty);
        }
        if value.chars().any(text::is_hidden) {
            return Err(ValueFault::Hidden);
        }
        if self.max < value.chars().count() {
            return Err(ValueFault::TooLong(self.max));
        }
        let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        match self.kind {
            FieldKind::Text => Ok(value.to_string()),
            FieldKind::Date => match date::read(value) {
                DateReading::Iso(day) | DateReading::Other(day) => Ok(day.format("%Y-%m-%d").to_string()),
                _ => Err(ValueFault::NotADate),
            },
            FieldKind::Number if is_digits(&text::compact(value)) => Ok(text::compact(value).into_owned()),
            FieldKind::Number => Err(ValueFault::NotANumber),
            FieldKind::Choice if self.values.iter().any(|one| one == value) => Ok(value.to_string()),
            FieldKind::Choice => Err(ValueFault::NotOneOf(self.values.clone())),
            FieldKind::Telephone => {
                let is_of_one = |c: char| c.is_ascii_digit() || "+-()（）、,，/ 转".contains(c);
                let digits = value.chars().filter(char::is_ascii_digit).count();
                if value.chars().all(is_of_one) && 7 <= digits {
                    Ok(value.to_string())
                } else {
                    Err(ValueFault::NotATelephone)
                }
            }
            FieldKind::CreditCode => {
                let code = text::compact(value).to_ascii_uppercase();
                let expected = if code.len() == 18 { credit_check(code.as_bytes()) } else { None };
                if expected.is_some() && code.chars().last() == expected {
                    Ok(code)
                } else {
                    Err(ValueFault::NotACreditCode(expected))
                }
            }
        }
    }

    /// Gives the value as it is shown to whoever may not see it whole.
    pub fn masked(&self, value: &str) -> String {
        match self.kind {
            _ if !self.personal && self.kind != FieldKind::Telephone => text::masked_sentence(value),
            FieldKind::Telephone | FieldKind::Number => text::masked_number(value),
            _ => text::masked_name(value),
        }
    }
}

fn most() -> usize {
    100
}
