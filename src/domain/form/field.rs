//! What a form asks for beyond what is stored as rows: a fact (资料) of its thing, by a label of the form's own.

use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::domain::fact::{FactDef, FactType, ThingKind};
use crate::domain::sheet::Field;

/// A field of a form.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FormField {
    /// The id of the fact.
    pub id: String,
    /// What the form calls it.
    pub label: String,
    /// What else organisers call it where they fill the form in themselves; read with the columns.
    #[serde(default, rename = "synonyms")]
    _synonyms: IgnoredAny,
    /// The kind of thing that the fact is of; that of the form where nothing else is said.
    #[serde(default)]
    pub of: Option<ThingKind>,
    #[serde(default, rename = "type")]
    pub kind: FactType,
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
    /// Whether it names somebody.
    #[serde(default)]
    pub personal: bool,
    /// The clause that asks for it.
    #[serde(default)]
    pub clause: String,
}

impl FormField {
    /// Gives the fact as the form alone defines it, where no table has one of its id.
    pub fn def(&self, of: ThingKind) -> FactDef {
        let personal = match self.kind {
            FactType::Telephone => Some(Field::IdNumber),
            _ => self.personal.then_some(Field::Name),
        };
        FactDef {
            id: self.id.clone(),
            of: self.of.unwrap_or(of),
            kind: self.kind,
            most: self.max,
            choices: self.values.clone(),
            personal,
            label: Some([self.label.clone(), self.label.clone()]),
        }
    }

    /// Tells whether it is of a person.
    pub fn is_personal(&self) -> bool {
        self.personal || self.kind == FactType::Telephone
    }
}

fn most() -> usize {
    100
}
