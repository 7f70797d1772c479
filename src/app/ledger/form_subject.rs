//! What a form of the ledger is about: a series, a certificate, a case, or what events happen to.

use std::sync::Arc;

use crate::domain::code::CertCode;
use crate::domain::ledger::case::CaseId;
use crate::domain::ledger::event::{DatedEvent, Thing};
use crate::domain::ledger::share::ShareId;
use crate::domain::ledger::{BatchId, SeriesKey, Status};
use crate::domain::profile::Profile;

/// What it is done to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FormSubject {
    /// A series that numbers are reserved in.
    Series(SeriesSubject),
    /// A certificate and its status.
    Certificate(CertCode, Status),
    Case(CaseId),
    /// All certificates that the list shows: how many are known of, and whether more follow.
    Found(usize, bool),
    /// The registry of institutions.
    Registry,
    /// What a deadline is of, which the form has.
    Thing,
    /// A batch of the store.
    Batch(BatchId),
    /// Blank certificates.
    Stock,
    /// Whatever the reply of a site is about.
    Reply,
    /// The share register.
    Shares,
    Share(ShareId),
}

/// A series as it is asked about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SeriesSubject {
    pub key: SeriesKey,
    /// How many numbers it has left.
    pub left: u32,
    /// Whether it runs over several years, so that the year must be asked.
    pub asks_year: bool,
    /// Whether it runs over several levels, so that the level must be asked.
    pub asks_level: bool,
}

/// What an event is noted of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventSubject {
    pub thing: Thing,
    /// The id of the profile it stands under; empty where that does not matter.
    pub profile: String,
    /// The event that is likely meant.
    pub meant: Option<DatedEvent>,
    /// Whether a notice may ask why its data are late.
    pub may_be_explained: bool,
}

impl EventSubject {
    /// Lists the events that may be noted of it: those that its notice counts from or waits for, or all where it has none.
    pub(super) fn events(&self, profiles: &[Arc<Profile>]) -> Vec<DatedEvent> {
        let all = || DatedEvent::noted_of(self.thing.kind());
        let profile = profiles.iter().find(|profile| profile.id == self.profile);
        let deadlines = || profile.into_iter().flat_map(|profile| &profile.deadlines);
        let named = |event: &DatedEvent| deadlines().any(|one| [&*one.from, &*one.until].contains(&event.key()));
        if !all().any(|event| named(&event)) {
            return all().collect();
        }
        // That an institution puts things right starts no deadline, and is noted of any.
        all().filter(|event| event.names_paper() || named(event)).collect()
    }
}
