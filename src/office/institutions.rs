//! Institutions (评价机构): what the registry has of them, and what happens to them.

use std::path::Path;
use std::sync::Arc;

use super::{ListedFact, Office, Session};
use crate::domain::fact::TICK_SIGN;
use crate::domain::ledger::SeriesState;
use crate::domain::ledger::audit::AuditEntry;
use crate::domain::ledger::event::Thing;
use crate::domain::ledger::search::CertificateQuery;
use crate::domain::profile::Profile;
use crate::domain::registry::{Filing, Institution, InstitutionEvent, InstitutionRefusal, Rectification, Registry};
use crate::domain::text;
use crate::failure::Failure;
use crate::formats::scope_table::{self, ScopeTable};
use crate::store::{Store, StoreError, object_of};

/// An institution, and everything that ever happened to it.
#[derive(Debug)]
pub struct InstitutionFile {
    pub institution: Institution,
    /// The prefixes that went into it.
    pub predecessors: Vec<String>,
    /// The order to put things right that stands.
    pub rectification: Option<Rectification>,
    /// The employers that belong to it.
    pub affiliates: Vec<String>,
    /// What is noted of it besides, masked where it is somebody's.
    pub facts: Vec<ListedFact>,
    /// Its entries of the audit chain, oldest first.
    pub entries: Vec<AuditEntry>,
}

impl Office {
    /// Names the institution of a series as a registry has it, or that several share its prefix; empty when it is not registered.
    pub fn institution_of(&self, registry: &Registry, state: &SeriesState) -> String {
        let profile = self.catalogue().profile(&state.profile);
        if profile.is_some_and(|profile| profile.layout.is_shared(state.key.prefix())) {
            return self.locale().text("ui.ledger.shared").to_string();
        }
        registry.get(state.key.prefix()).map_or_else(String::new, |one| one.name().to_string())
    }

    /// Reads the registry without a trace; an empty one where the store is from before there was one.
    ///
    /// # Errors
    /// There is no store: somebody has mistyped its folder.
    pub fn registry(&self) -> Result<Registry, Failure> {
        let reader = self.ledger()?.map(|ledger| ledger.reader);
        reader.map_or_else(|| Ok(Registry::default()), |reader| reader.registry().map_err(|e| self.told(&e)))
    }

    /// Gives an institution with its history.
    pub fn institution(&self, prefix: &str) -> Result<InstitutionFile, Failure> {
        let found = match self.ledger()?.map(|ledger| ledger.reader) {
            Some(reader) => reader.registry().and_then(|all| Ok((all, reader.entries_of(&object_of(prefix))?))),
            None => Ok(Default::default()),
        };
        let (registry, entries) = found.map_err(|e| self.told(&e))?;
        let institution = registry.get(prefix).ok_or_else(|| self.unknown_institution(prefix, &registry))?;
        let predecessors = registry.predecessors(prefix).map(|one| one.prefix.clone()).collect();
        let rectification = registry.rectification(prefix).cloned();
        let affiliates = registry.affiliates(prefix).to_vec();
        let facts = self.noted_of(prefix)?;
        let institution = institution.clone();
        Ok(InstitutionFile { institution, predecessors, rectification, affiliates, facts, entries })
    }

    /// Lists the facts that are noted of an institution; what belongs to it stands by itself, and ticks stand on their lists.
    fn noted_of(&self, prefix: &str) -> Result<Vec<ListedFact>, Failure> {
        let sheet = self.look()?.fact_sheet(&Thing::Institution(prefix.to_string()))?;
        let is_shown = |fact: &ListedFact| {
            !fact.value.is_empty() && fact.def.id != "affiliates" && !fact.def.id.contains(TICK_SIGN)
        };
        Ok(sheet.facts.into_iter().filter(is_shown).collect())
    }

    /// Makes a filing of a prefix and a name as they were typed; what else is known of it, whoever knows it adds.
    ///
    /// # Errors
    /// The prefix does not read under the profile.
    pub fn filing(&self, prefix: &str, profile: &str, name: String) -> Result<Filing, Failure> {
        let (profile, tables) = (self.profile(profile)?, self.catalogue().tables());
        Filing::read((prefix, name), &profile, &|table, code| tables.regions.name(table, code))
            .map_err(|refusal| self.0.locale.registry_refusal(&refusal, Some(&profile)))
    }

    /// Gives the profile that institutions are merged under where none is named: that of the old ones.
    pub fn profile_of_merged(&self, of: &[String]) -> Result<String, Failure> {
        let registry = self.registry()?;
        let first = of.first().map_or("", String::as_str);
        let found = registry.get(first).map(|institution| institution.profile.clone());
        found.ok_or_else(|| self.unknown_institution(first, &registry))
    }

    /// Reads a filed scope out of a table; what is wrong inside it is told with it.
    pub fn scope_table(&self, file: &Path, sheet: Option<&str>) -> Result<ScopeTable, Failure> {
        scope_table::read(file, self.program()?, sheet)
            .map_err(|refusal| self.0.locale.refusal(&refusal, &file.to_string_lossy()))
    }

    /// Tells what a seal that was noted should say by the notice of its institution, where it says something else; the clause
    /// stands with it.
    pub fn seal_doubt(&self, event: &InstitutionEvent, registry: &Registry) -> Option<String> {
        let InstitutionEvent::Change { prefix, changes } = event else { return None };
        let (seal, institution) = (changes.seal.as_ref()?, registry.get(prefix)?);
        let profile = self.profile(&institution.profile).ok()?;
        let words = profile.organisations.seal.as_ref()?;
        let name = seal.from.and_then(|day| institution.name_on(day)).unwrap_or_else(|| institution.name());
        let due = format!("{name}{}", words.words);
        let places = [("due", &*text::visible(&due)), ("clause", &words.clause)];
        (text::trimmed(&seal.name) != due).then(|| self.locale().fill("institution.seal-doubt", &places))
    }

    /// Tells that no institution has a prefix, and which come near.
    pub(super) fn unknown_institution(&self, prefix: &str, registry: &Registry) -> Failure {
        let locale = &self.0.locale;
        let told = locale.registry_refusal(&InstitutionRefusal::Unknown(prefix.to_string()), None);
        let prefixes = registry.institutions().map(|i| i.prefix.as_str());
        Failure { hint: locale.near(prefix, prefixes, "name.institutions"), ..told }
    }
}

impl Session {
    /// Registers an institution of which only the name is known; gives the entry's place in the audit chain.
    pub fn register(&self, prefix: &str, profile: &str, name: &str, reason: &str) -> Result<u64, Failure> {
        let filing = self.office.filing(prefix, profile, name.to_string())?;
        self.institution_event(&InstitutionEvent::Add(filing), reason)
    }

    /// Lets something happen to institutions; gives the place of its first entry in the audit chain.
    pub fn institution_event(&self, event: &InstitutionEvent, reason: &str) -> Result<u64, Failure> {
        let today = self.office.today()?;
        match self.try_with(|store| store.institution_event(event, reason, today)) {
            Err(StoreError::Registry(InstitutionRefusal::Unknown(prefix))) => {
                Err(self.office.unknown_institution(&prefix, &self.registry()?))
            }
            Err(StoreError::Registry(refusal)) => {
                let profile = self.profile_of(event)?;
                Err(self.office.0.locale.registry_refusal(&refusal, profile.as_deref()))
            }
            done => done.map_err(|e| self.office.told(&e)),
        }
    }

    /// Finds the profile of the institution an event is mainly about; nothing where the data has lost it.
    fn profile_of(&self, event: &InstitutionEvent) -> Result<Option<Arc<Profile>>, Failure> {
        let of_filed = |prefix: &str| Ok::<_, Failure>(self.registry()?.get(prefix).map(|i| i.profile.clone()));
        let id = match event {
            InstitutionEvent::Add(filing) | InstitutionEvent::Merge { filing, .. } => {
                Some(filing.prefix.profile().to_string())
            }
            InstitutionEvent::Change { prefix, .. }
            | InstitutionEvent::Scope { prefix, .. }
            | InstitutionEvent::Absorb { prefix, .. }
            | InstitutionEvent::Cancel { prefix, .. } => of_filed(prefix)?,
        };
        Ok(id.and_then(|id| self.office.profile(&id).ok()))
    }

    pub fn registry(&self) -> Result<Registry, Failure> {
        self.with(Store::registry)
    }

    /// Reads what certificates are searched by: a status, a year, a batch and an institution by their words, the rest as text.
    pub fn certificates_meant(&self, typed: &str) -> Result<CertificateQuery, Failure> {
        let (registry, ledger) = (self.registry()?, self.ledger()?);
        let named = |text: &str| {
            let has_name = |i: &&Institution| i.names.iter().any(|name| name.name.contains(text));
            let prefixes: Vec<String> = registry.institutions().filter(has_name).map(|i| i.prefix.clone()).collect();
            let is_named = !prefixes.is_empty() || ledger.names_institution(text).unwrap_or(false);
            is_named.then_some(prefixes)
        };
        Ok(self.office.locale().certificate_query(typed, &named))
    }
}
