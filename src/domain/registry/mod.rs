//! The institution registry (评价机构登记): who may issue under which prefix, under which name, and within which scope.
//!
//! [`Registry`] answers, [`InstitutionEvent`]s change it; nothing is ever taken out of it.

mod event;
mod institution;
mod prefix;
mod standing;

use std::collections::BTreeMap;

use chrono::NaiveDate;

pub use event::{Changes, EventKind, Filing, InstitutionEvent, InstitutionRefusal};
pub use institution::{DatedName, Institution, Retired, ScopeItem, Seal};
pub use prefix::{FiledPrefix, PrefixFault, known_prefix, typed_prefix};
pub use standing::{AFFILIATES, Rectification, Standing, Standings, affiliates_of};

/// Every institution there is or was, by its prefix.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Registry {
    institutions: BTreeMap<String, Institution>,
    standings: Standings,
}

impl Registry {
    /// Makes a registry of institutions as they are on record; of two with one prefix the later one counts.
    pub fn new(institutions: impl IntoIterator<Item = Institution>) -> Registry {
        let institutions = institutions.into_iter().map(|i| (i.prefix.clone(), i)).collect();
        Registry { institutions, standings: Standings::new() }
    }

    /// Takes besides what is noted of them.
    #[must_use]
    pub fn with_standings(self, standings: Standings) -> Registry {
        Registry { standings, ..self }
    }

    /// Gives the order to put things right that stands for a prefix (BJ-70).
    pub fn rectification(&self, prefix: &str) -> Option<&Rectification> {
        self.standings.get(prefix)?.rectification.as_ref()
    }

    /// Tells whether any institution puts things right.
    pub fn has_rectifications(&self) -> bool {
        self.standings.values().any(|standing| standing.rectification.is_some())
    }

    /// Lists the employers that belong to the institution of a prefix.
    pub fn affiliates(&self, prefix: &str) -> &[String] {
        self.standings.get(prefix).map_or(&[], |standing| &standing.affiliates)
    }

    /// Tells whether there is no institution at all.
    pub fn is_empty(&self) -> bool {
        self.institutions.is_empty()
    }

    /// Lists all institutions in the order of their prefixes, those with a retired prefix among them.
    pub fn institutions(&self) -> impl Iterator<Item = &Institution> {
        self.institutions.values()
    }

    /// Finds the institution of a prefix, retired or not.
    pub fn get(&self, prefix: &str) -> Option<&Institution> {
        self.institutions.get(prefix)
    }

    /// Finds the institution of a certificate code by the code's first 13 characters.
    pub fn of_code(&self, code: &str) -> Option<&Institution> {
        self.get(code.get(..crate::domain::code::PREFIX_LENGTH)?)
    }

    /// Lists the institutions whose filed name was this one on a day.
    pub fn named(&self, name: &str, day: NaiveDate) -> impl Iterator<Item = &Institution> {
        self.institutions().filter(move |i| i.name_on(day) == Some(name))
    }

    /// Tells whether a profile has institutions here, so that one that is missing says something.
    pub fn covers(&self, profile: &str) -> bool {
        self.institutions().any(|i| i.profile == profile)
    }

    /// Tells whether the filed scope of any institution is known.
    pub fn has_scope(&self) -> bool {
        self.institutions().any(|i| !i.scope.is_empty())
    }

    /// Lists the prefixes that went into another one (BJ-51).
    pub fn predecessors<'a>(&'a self, prefix: &'a str) -> impl Iterator<Item = &'a Institution> {
        self.institutions().filter(move |i| i.retired.as_ref().is_some_and(|r| r.successor.as_deref() == Some(prefix)))
    }
}
