//! What a notice demands to be known of a batch before its data leave, noted for the tests that are about something else.

use std::path::Path;

use skillcert::data::{facts_of, profile};
use skillcert::domain::fact::{FactType, Strength, ThingKind};
use skillcert::domain::ledger::event::Thing;
use skillcert::store::{NewFact, StatePaths, Store};

/// Notes for every batch of a store what its notice demands and nobody has noted.
pub fn note_demanded(home: &Path) {
    let Ok(places) = StatePaths::at(home) else { return };
    if !places.database().is_file() {
        return;
    }
    // A store that is no store, or another program's, is what some tests are about.
    let Ok(Some(seen)) = Store::look(&places, "wang") else { return };
    let Ok(batches) = seen.batches() else { return };
    for batch in batches {
        let (thing, Some(profile)) = (Thing::Batch(batch.id), profile(&batch.profile)) else { continue };
        let noted = seen.facts(&thing).unwrap_or_default();
        let defs = facts_of(ThingKind::Batch, Some(&profile));
        let wanted = profile.facts.iter().filter(|d| d.strength == Strength::Refuse && !noted.contains_key(&d.id));
        let facts: Vec<NewFact> = wanted
            .filter_map(|demand| defs.iter().find(|def| def.id == demand.id))
            .map(|def| NewFact {
                id: def.id.clone(),
                value: if def.kind == FactType::Date { "2024-01-02".into() } else { "样例〔2024〕1号".into() },
                is_personal: def.personal.is_some(),
            })
            .collect();
        if !facts.is_empty()
            && let Ok(store) = Store::open(&places, "wang", "test")
        {
            let _ = store.note_facts(&thing, &facts, "");
        }
    }
}
