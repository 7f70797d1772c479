//! The facts that are built in, and with them those that a profile adds.

use std::sync::LazyLock;

use serde::Deserialize;

use crate::domain::fact::{FactDef, FactType, ThingKind, USUAL_MOST};
use crate::domain::profile::Profile;
use crate::domain::sheet::Field;

/// A row of the table.
#[derive(Debug, Deserialize)]
pub(super) struct FactRow {
    id: String,
    of: ThingKind,
    kind: FactType,
    most: Option<usize>,
    choices: String,
    personal: Option<Field>,
}

static FACTS: LazyLock<Vec<FactDef>> = LazyLock::new(|| {
    let rows: Vec<FactRow> = super::rows(include_str!("../../data/tables/facts.csv"));
    let def = |row: FactRow| FactDef {
        most: row.most.unwrap_or(match row.kind {
            FactType::Text => USUAL_MOST,
            _ => usize::MAX,
        }),
        choices: row.choices.split_whitespace().map(String::from).collect(),
        id: row.id,
        of: row.of,
        kind: row.kind,
        personal: row.personal,
        label: None,
    };
    rows.into_iter().map(def).collect()
});

/// Lists the facts that are built in.
pub fn facts() -> &'static [FactDef] {
    &FACTS
}

/// Lists the facts of a kind of things, in the order they are shown: those that are built in, and what the profile adds.
pub fn facts_of(kind: ThingKind, profile: Option<&Profile>) -> Vec<FactDef> {
    let own = profile.into_iter().flat_map(Profile::own_facts);
    let is_new = |def: &FactDef| !facts().iter().any(|known| known.id == def.id && known.of == def.of);
    facts().iter().cloned().chain(own.filter(is_new)).filter(|def| def.of == kind).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{clause, profiles};

    #[test]
    fn every_row_of_the_table_reads_and_no_fact_stands_twice() {
        let text = include_str!("../../data/tables/facts.csv");
        assert_eq!(facts().len(), text.lines().filter(|line| !line.starts_with('#')).count() - 1);
        for (at, fact) in facts().iter().enumerate() {
            assert!(!facts()[..at].iter().any(|other| other.id == fact.id && other.of == fact.of), "{}", fact.id);
            assert_eq!(fact.kind == FactType::Choice, !fact.choices.is_empty(), "{}", fact.id);
            let is_number = matches!(fact.kind, FactType::Telephone);
            assert!(!is_number || fact.personal == Some(Field::IdNumber), "{}", fact.id);
        }
    }

    #[test]
    fn what_a_profile_demands_is_a_fact_and_stands_on_a_clause() {
        for profile in profiles() {
            for demand in &profile.facts {
                let found: Vec<FactDef> = ThingKind::ALL
                    .into_iter()
                    .flat_map(|kind| facts_of(kind, Some(profile)))
                    .filter(|def| def.id == demand.id)
                    .collect();
                assert_eq!(found.len(), 1, "{}: {}", profile.id, demand.id);
                assert!(clause(&demand.clause).is_some(), "{}: {}", profile.id, demand.clause);
            }
        }
    }
}
