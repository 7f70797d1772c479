//! Institutions (评价机构): what the registry has of them, and what happens to them.

use super::{Office, Session};
use crate::domain::registry::{Event, Filing, Registry};
use crate::failure::Failure;
use crate::store::Store;

impl Office {
    /// Makes a filing of a prefix and a name as they were typed; what else is known of it, whoever knows it adds.
    ///
    /// # Errors
    /// The prefix does not read under the profile.
    pub fn filing(&self, prefix: &str, profile: &str, name: String) -> Result<Filing, Failure> {
        let (profile, tables) = (self.profile(profile)?, self.catalogue().tables());
        Filing::read((prefix, name), &profile, &|table, code| tables.regions.name(table, code))
            .map_err(|refusal| self.0.locale.registry_refusal(&refusal))
    }
}

impl Session {
    /// Registers an institution of which only the name is known; gives the entry's place in the audit chain.
    pub fn register(&self, prefix: &str, profile: &str, name: &str, reason: &str) -> Result<u64, Failure> {
        let filing = self.office.filing(prefix, profile, name.to_string())?;
        self.institution_event(&Event::Add(filing), reason)
    }

    /// Lets something happen to institutions; gives the place of its first entry in the audit chain.
    pub fn institution_event(&self, event: &Event, reason: &str) -> Result<u64, Failure> {
        let today = self.office.today()?;
        self.with(|store| store.institution_event(event, reason, today))
    }

    /// Reads the registry.
    pub fn registry(&self) -> Result<Registry, Failure> {
        self.with(Store::registry)
    }
}
