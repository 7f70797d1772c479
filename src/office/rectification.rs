//! Institutions that put things right (整改): until that is accepted nothing of them is exported or handed in (BJ-70).

use std::collections::BTreeSet;

use super::{Office, Session};
use crate::domain::batch::Batch;
use crate::domain::code::PREFIX_LENGTH;
use crate::domain::ledger::event::{DatedEvent, Thing};
use crate::domain::registry::{Institution, InstitutionRefusal, Registry, typed_prefix};
use crate::domain::roster::RowId;
use crate::domain::rules::typed_code;
use crate::domain::sheet::Field;
use crate::domain::text;
use crate::failure::Failure;

impl Office {
    /// Refuses a file with rows of an institution that puts things right, as the registry has it now.
    pub(super) fn must_not_be_rectifying(&self, batch: &Batch) -> Result<(), Failure> {
        let Some(reader) = self.reader().map_err(|e| self.told(&e))? else { return Ok(()) };
        let registry = reader.registry().map_err(|e| self.told(&e))?;
        let Some(refusal) = refused(&registry, batch) else { return Ok(()) };
        Err(self.locale().registry_refusal(&refusal, Some(batch.context().profile())))
    }
}

impl Session {
    /// Notes that an institution is to put things right, or that this was accepted, with the day and the paper that says so.
    /// Gives the prefix as it is written, and the entry's place in the audit chain.
    ///
    /// # Errors
    /// The institution is not on record, the day is still to come, no paper is named, or nothing was ordered before.
    pub fn note_rectification(
        &self,
        prefix: &str,
        event: DatedEvent,
        day: chrono::NaiveDate,
        paper: &str,
    ) -> Result<(String, u64), Failure> {
        let prefix = typed_prefix(prefix);
        let entry = self.note_event(&Thing::Institution(prefix.clone()), event, Some(day), paper)?;
        Ok((prefix, entry))
    }
}

/// Finds the first institution of a batch for which an order stands: by the code of a row, or by the name of its institution where
/// it has none yet.
fn refused(registry: &Registry, batch: &Batch) -> Option<InstitutionRefusal> {
    if !registry.has_rectifications() {
        return None;
    }
    let roster = batch.roster();
    let named = |row: RowId| {
        let name = text::trimmed(roster.cell(row, batch.context().sheet().institution_field()));
        let is_it = |one: &&Institution| !name.is_empty() && one.name() == name;
        registry.institutions().filter(is_it).map(|one| one.prefix.clone()).collect::<Vec<_>>()
    };
    let mut seen: BTreeSet<String> = BTreeSet::new();
    for row in roster.left() {
        match typed_code(roster.cell(row, Field::Code)) {
            Some(code) => {
                let prefix = &code.as_str()[..PREFIX_LENGTH];
                if !seen.contains(prefix) {
                    seen.insert(prefix.to_string());
                }
            }
            None => seen.extend(named(row)),
        }
    }
    seen.into_iter().find_map(|prefix| {
        let since = registry.rectification(&prefix)?.since;
        Some(InstitutionRefusal::Rectifying { prefix, since })
    })
}
