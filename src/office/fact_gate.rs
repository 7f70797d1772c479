//! What a notice demands to be known of a batch before its data leave (应备资料): counted for the lists, told and refused at the export.

use super::{LedgerReader, Office};
use crate::data::facts_of;
use crate::domain::batch::Batch;
use crate::domain::code::CertCode;
use crate::domain::date;
use crate::domain::fact::{FactLack, FactTerms, FactValues, Strength, ThingKind, lacks};
use crate::domain::ledger::BatchId;
use crate::domain::ledger::event::Thing;
use crate::domain::profile::Profile;
use crate::domain::roster::Roster;
use crate::domain::sheet::Field;
use crate::failure::{Failure, FailureKind};
use crate::store::{Store, StoreError, StoreReader, StoredBatch};

impl Office {
    /// Counts the facts without which a batch of the store is not exported.
    pub(super) fn count_lacking(&self, store: &Store, batch: &StoredBatch) -> Result<u32, StoreError> {
        let demands = |profile: &&std::sync::Arc<Profile>| profile.facts.iter().any(|d| d.strength == Strength::Refuse);
        let Some(profile) = self.catalogue().profile(&batch.profile).filter(demands) else { return Ok(0) };
        let values = store.facts(&Thing::Batch(batch.id))?;
        let barring = batch_lacks(profile, &values, &FactTerms::default());
        Ok(barring.iter().filter(|lack| lack.strength == Strength::Refuse).count() as u32)
    }

    /// Tells that a file which is no batch has no facts, where its notice demands any.
    pub fn facts_unknown(&self, batch: &Batch) -> Option<&str> {
        let profile = batch.context().profile();
        let demands = profile.facts.iter().any(|demand| is_of_batch(profile, &demand.id));
        demands.then(|| self.locale().text("fact.bare-file"))
    }

    /// Refuses an export for which the notice demands facts that are not noted, and tells of the others that are missing or
    /// disagree. Where the notice leaves room, a reason is enough; a file that is no batch has none.
    pub(super) fn facts_to_export(
        &self,
        id: Option<BatchId>,
        batch: &Batch,
        reason: &str,
        tell: &mut dyn FnMut(String),
    ) -> Result<(), Failure> {
        let Some(id) = id else { return Ok(()) };
        let all = self.lacks_told(Some(id), batch.context().profile(), batch.roster())?;
        let is_barring = |lack: &FactLack| lack.strength == Strength::Refuse && !may_pass(lack, reason);
        let (barring, others): (Vec<_>, Vec<_>) = all.into_iter().partition(|(lack, _)| is_barring(lack));
        for (_, told) in others.iter().filter(|(lack, _)| lack.strength != Strength::Ask) {
            tell(told.clone());
        }
        self.refused_for(Some(id), &barring)
    }

    /// Lists in words what is missing or disagrees of a batch of the store whose rows stand so, the gravest first; what is only
    /// asked for is left out.
    pub fn facts_lacking(&self, id: BatchId, roster: &Roster) -> Result<Vec<(Strength, String)>, Failure> {
        let profile = self.look()?.patient().batch(id)?.profile;
        let Some(profile) = self.catalogue().profile(&profile).cloned() else { return Ok(Vec::new()) };
        let all = self.lacks_told(Some(id), &profile, roster)?.into_iter();
        let mut told: Vec<(Strength, String)> = all.map(|(lack, told)| (lack.strength, told)).collect();
        told.retain(|(strength, _)| *strength != Strength::Ask);
        told.sort_by_key(|(strength, _)| std::cmp::Reverse(*strength));
        Ok(told)
    }

    /// Refuses numbers for a file that could not be written afterwards, before any is taken.
    pub(super) fn facts_to_write(&self, id: Option<BatchId>, batch: &Batch, reason: &str) -> Result<(), Failure> {
        self.must_not_be_rectifying(batch)?;
        let all = self.lacks_told(id, batch.context().profile(), batch.roster())?.into_iter();
        let barring: Vec<_> =
            all.filter(|(lack, _)| lack.strength == Strength::Refuse && !may_pass(lack, reason)).collect();
        self.refused_for(id, &barring)
    }

    fn refused_for(&self, id: Option<BatchId>, barring: &[(FactLack, String)]) -> Result<(), Failure> {
        if barring.is_empty() {
            return Ok(());
        }
        let locale = self.locale();
        let told: Vec<&str> = barring.iter().map(|(_, told)| told.as_str()).collect();
        let places = [("n", &*barring.len().to_string()), ("lacks", &told.join(" "))];
        let mut hint = match id {
            Some(id) => {
                let first = barring.first().map_or("", |(lack, _)| &lack.id);
                locale.fill("fact.barred-hint", &[("batch", &id.to_string()), ("fact", first)])
            }
            None => locale.text("fact.barred-file-hint").to_string(),
        };
        // Who has a reason may go on where all that bars leaves room.
        if barring.iter().all(|(lack, _)| !lack.room_clause.is_empty()) {
            let clauses: Vec<&str> = barring.iter().map(|(lack, _)| &*lack.room_clause).collect();
            hint += &format!("\n{}", locale.fill("fact.room-hint", &[("clause", &clauses.join(" "))]));
        }
        Err(Failure::new(FailureKind::Rule, locale.fill("fact.barred", &places), hint))
    }

    /// Lists what is missing or disagrees of a batch as it is worked on, each in words.
    fn lacks_told(
        &self,
        id: Option<BatchId>,
        profile: &Profile,
        roster: &Roster,
    ) -> Result<Vec<(FactLack, String)>, Failure> {
        let values = match (id, self.ledger()?) {
            (Some(id), Some(ledger)) => ledger.batch_facts(id)?,
            _ => FactValues::new(),
        };
        let defs = facts_of(ThingKind::Batch, Some(profile));
        let told = |lack: FactLack| {
            let def = defs.iter().find(|def| def.id == lack.id)?;
            let told = self.locale().fact_lack(def, &lack);
            Some((lack, told))
        };
        Ok(batch_lacks(profile, &values, &terms(roster)).into_iter().filter_map(told).collect())
    }
}

impl LedgerReader {
    /// Reads the facts of a batch.
    pub(super) fn batch_facts(&self, id: BatchId) -> Result<FactValues, Failure> {
        self.with(|reader: &StoreReader| reader.facts(&Thing::Batch(id)))
    }
}

/// Tells whether a reason is enough.
fn may_pass(lack: &FactLack, reason: &str) -> bool {
    !lack.room_clause.is_empty() && !reason.trim().is_empty()
}

fn is_of_batch(profile: &Profile, id: &str) -> bool {
    facts_of(ThingKind::Batch, Some(profile)).iter().any(|def| def.id == id)
}

fn batch_lacks(profile: &Profile, values: &FactValues, terms: &FactTerms) -> Vec<FactLack> {
    let defs = facts_of(ThingKind::Batch, Some(profile));
    lacks(profile.facts.iter().filter(|demand| defs.iter().any(|def| def.id == demand.id)), values, terms)
}

/// Reads what the codes of a roster say of what is demanded of its facts.
fn terms(roster: &Roster) -> FactTerms {
    let mut terms = FactTerms::default();
    for row in roster.left() {
        let issued = date::read(roster.cell(row, Field::IssueDate)).day();
        terms.issued = terms.issued.into_iter().chain(issued).min();
        if let Some(code) = CertCode::new(roster.cell(row, Field::Code).trim()) {
            let code = code.as_str();
            terms.years.extend(code[13..15].parse::<u8>());
            terms.categories.extend(code.chars().next());
        }
    }
    terms
}
