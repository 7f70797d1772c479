//! What is said of facts.

use serde::{Deserialize, Serialize};

use super::wire::Pairs;

/// The values of facts, each by the fact's id; an empty one where it was taken back, or nothing stood before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FactsNoted {
    pub facts: Pairs<String, String>,
    /// Those whose values are somebody's: names and telephone numbers.
    #[serde(default = "nobodys", skip_serializing_if = "is_nobodys")]
    pub people: Pairs<String, String>,
}

impl FactsNoted {
    /// Lists every fact with its value.
    pub fn all(&self) -> impl Iterator<Item = &(String, String)> {
        self.facts.0.iter().chain(&self.people.0)
    }
}

fn nobodys() -> Pairs<String, String> {
    Pairs(Vec::new())
}

fn is_nobodys(people: &Pairs<String, String>) -> bool {
    people.0.is_empty()
}
