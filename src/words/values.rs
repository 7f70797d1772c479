//! What a column holds, in words.

use super::Locale;
use crate::domain::values::ColumnFacts;

impl Locale {
    /// Says how many rows a column is filled in, how long its texts are, and from where to where days or numbers go.
    pub fn column_facts(&self, facts: &ColumnFacts) -> String {
        let mut told =
            vec![self.fill("values.filled", &[("n", &facts.filled.to_string()), ("blank", &facts.blank.to_string())])];
        let between = |key: &str, from: &str, to: &str| self.fill(key, &[("from", from), ("to", to)]);
        if let Some((shortest, longest)) = facts.lengths {
            told.push(between("values.lengths", &shortest.to_string(), &longest.to_string()));
        }
        if let Some((first, last)) = facts.days {
            told.push(between("values.days", &first.to_string(), &last.to_string()));
        }
        if let Some((least, greatest)) = &facts.numbers {
            told.push(between("values.numbers", least, greatest));
        }
        told.join(self.text("finding.comma"))
    }
}
