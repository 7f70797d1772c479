//! What happens to institutions (BJ-37): they are added, change, merge, are absorbed and are cancelled.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::{DatedName, FiledPrefix, Institution, PrefixFault, Registry, Retired, ScopeItem, Seal};
use crate::domain::code::{PREFIX_LENGTH, RegionName};
use crate::domain::profile::Profile;
use crate::domain::text;

/// An institution as it is filed for the first time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filing {
    /// Its prefix, which no institution has or had.
    pub prefix: FiledPrefix,
    /// Its name as filed, branch included.
    pub name: String,
    /// Since when it has the name; `None` for ever since.
    pub from: Option<NaiveDate>,
    /// What kind of body it is; may be empty.
    pub kind: String,
    /// When it was filed.
    pub filed_on: Option<NaiveDate>,
    /// Persons and telephone numbers; may be empty.
    pub contact: String,
}

impl Filing {
    /// Makes a filing of a prefix and a name as they were typed; what else is known of it, whoever knows it adds.
    ///
    /// # Errors
    /// [`InstitutionRefusal::Prefix`]: the prefix does not read under the profile.
    pub fn read(
        (prefix, name): (&str, String),
        profile: &Profile,
        regions: &RegionName<'_>,
    ) -> Result<Filing, InstitutionRefusal> {
        let prefix = FiledPrefix::read(prefix, profile, regions).map_err(InstitutionRefusal::Prefix)?;
        Ok(Filing { prefix, name, from: None, kind: String::new(), filed_on: None, contact: String::new() })
    }
}

/// What changes about an institution; `None` stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes {
    /// A new name, and the first day it is valid; the name before ends the day before (GD-21).
    pub name: Option<(String, NaiveDate)>,
    /// What kind of body it is.
    pub kind: Option<String>,
    /// When it was filed.
    pub filed_on: Option<NaiveDate>,
    /// Persons and telephone numbers.
    pub contact: Option<String>,
    /// A seal; one with the same text gets the days that are given (BJ-55).
    pub seal: Option<Seal>,
}

/// Something that happens to institutions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InstitutionEvent {
    /// A new institution (新增).
    Add(Filing),
    /// An institution changes (调整).
    Change { prefix: String, changes: Changes },
    /// The filed scope is replaced by another.
    Scope { prefix: String, items: Vec<ScopeItem> },
    /// Several institutions become a new one with a new prefix; theirs are retired (合并, BJ-51).
    Merge {
        filing: Filing,
        /// The prefixes of the old ones.
        of: Vec<String>,
        /// The last day of the old ones.
        on: NaiveDate,
    },
    /// An institution takes others over and keeps its prefix; theirs are retired (并入, BJ-51).
    Absorb {
        /// The one that stays.
        prefix: String,
        /// The prefixes of the others.
        of: Vec<String>,
        /// The last day of the others.
        on: NaiveDate,
    },
    /// An institution is struck off; its prefix is retired (取消, BJ-50).
    Cancel { prefix: String, on: NaiveDate },
}

/// What kind of event it is. The audit chain has a name for each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EventKind {
    Add,
    Change,
    Scope,
    Merge,
    Absorb,
    Cancel,
}

/// Why an event cannot be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InstitutionRefusal {
    /// The prefix does not read under its profile.
    Prefix(PrefixFault),
    /// Another institution has the prefix.
    Taken(String),
    /// The prefix is retired: never given again, never changed (BJ-50).
    Retired(String),
    /// No institution has the prefix.
    Unknown(String),
    /// A name, of the institution or of a seal, is empty.
    EmptyName,
    /// The new name is the one in force.
    SameName,
    /// The new name would begin before the one in force does, or on the same day (GD-21).
    NameOrder {
        /// When the new one would begin.
        from: NaiveDate,
        /// Since when the other one is in force.
        since: NaiveDate,
    },
    /// An institution would end before its name began.
    EndOrder {
        prefix: String,
        on: NaiveDate,
        /// Since when its name is in force.
        since: NaiveDate,
    },
    /// A prefix would be retired on a day that is still to come, and be refused from now on.
    Ahead(NaiveDate),
    NothingChanges,
    /// A scope without a single occupation.
    EmptyScope,
    /// Fewer institutions are named than the event needs (BJ-51).
    TooFew {
        /// How many it needs.
        needed: usize,
    },
    /// An institution is named twice, or is to go into itself.
    Twice(String),
    /// An institution of another profile.
    OtherProfile(String),
    /// A prefix is retired without a reason (BJ-50).
    NoReason,
    /// The institution puts things right: nothing of it is filed until that is accepted (BJ-70).
    Rectifying {
        prefix: String,
        since: NaiveDate,
    },
    /// Nothing is ordered that could be accepted.
    NotRectifying(String),
    /// It would be accepted before it was ordered.
    RectifiedBefore {
        on: NaiveDate,
        since: NaiveDate,
    },
    /// The paper is not named that orders or accepts it.
    NoPaper,
}

impl InstitutionRefusal {
    /// Gives the stable name used in JSON and in the locales.
    pub fn key(&self) -> &'static str {
        match self {
            InstitutionRefusal::Prefix(PrefixFault::Shape { length: PREFIX_LENGTH }) => "prefix-signs",
            InstitutionRefusal::Prefix(PrefixFault::Shape { .. }) => "prefix-shape",
            InstitutionRefusal::Prefix(PrefixFault::Segment { .. }) => "prefix-segment",
            InstitutionRefusal::Taken(_) => "taken",
            InstitutionRefusal::Retired(_) => "retired",
            InstitutionRefusal::Unknown(_) => "unknown",
            InstitutionRefusal::EmptyName => "empty-name",
            InstitutionRefusal::SameName => "same-name",
            InstitutionRefusal::NameOrder { .. } => "name-order",
            InstitutionRefusal::EndOrder { .. } => "end-order",
            InstitutionRefusal::Ahead(_) => "ahead",
            InstitutionRefusal::NothingChanges => "nothing-changes",
            InstitutionRefusal::EmptyScope => "empty-scope",
            InstitutionRefusal::TooFew { .. } => "too-few",
            InstitutionRefusal::Twice(_) => "twice",
            InstitutionRefusal::OtherProfile(_) => "other-profile",
            InstitutionRefusal::NoReason => "no-reason",
            InstitutionRefusal::Rectifying { .. } => "rectifying",
            InstitutionRefusal::NotRectifying(_) => "not-rectifying",
            InstitutionRefusal::RectifiedBefore { .. } => "rectified-before",
            InstitutionRefusal::NoPaper => "no-paper",
        }
    }

    /// Names the clause of the institution's notice that forbids it; empty where plain sense does, or where the notice is
    /// silent.
    pub fn clause<'a>(&'a self, profile: &Profile) -> &'a str {
        let notices: &[&str] = match self {
            // A segment is cited from the layout it was read by.
            InstitutionRefusal::Prefix(PrefixFault::Segment { clause, .. }) => return clause,
            InstitutionRefusal::Prefix(PrefixFault::Shape { .. }) | InstitutionRefusal::Taken(_) => &["BJ-54"],
            InstitutionRefusal::Retired(_) | InstitutionRefusal::NoReason => &["BJ-50"],
            InstitutionRefusal::EmptyName => &["GD-20", "BJ-09"],
            InstitutionRefusal::SameName | InstitutionRefusal::NameOrder { .. } => &["GD-21", "BJ-12"],
            InstitutionRefusal::TooFew { .. } | InstitutionRefusal::Twice(_) | InstitutionRefusal::OtherProfile(_) => {
                &["BJ-51"]
            }
            InstitutionRefusal::EmptyScope => &["GZ-30", "GD-16", "BJ-09"],
            InstitutionRefusal::Rectifying { .. }
            | InstitutionRefusal::NotRectifying(_)
            | InstitutionRefusal::RectifiedBefore { .. }
            | InstitutionRefusal::NoPaper => &["BJ-70"],
            InstitutionRefusal::Unknown(_)
            | InstitutionRefusal::EndOrder { .. }
            | InstitutionRefusal::Ahead(_)
            | InstitutionRefusal::NothingChanges => &[],
        };
        profile.known_of(notices)
    }
}

impl From<PrefixFault> for InstitutionRefusal {
    fn from(fault: PrefixFault) -> InstitutionRefusal {
        InstitutionRefusal::Prefix(fault)
    }
}

impl InstitutionEvent {
    pub fn kind(&self) -> EventKind {
        match self {
            InstitutionEvent::Add(_) => EventKind::Add,
            InstitutionEvent::Change { .. } => EventKind::Change,
            InstitutionEvent::Scope { .. } => EventKind::Scope,
            InstitutionEvent::Merge { .. } => EventKind::Merge,
            InstitutionEvent::Absorb { .. } => EventKind::Absorb,
            InstitutionEvent::Cancel { .. } => EventKind::Cancel,
        }
    }

    /// Lists the prefixes the event is about, first the one that it is mainly about.
    pub fn prefixes(&self) -> Vec<&str> {
        let (first, others): (&str, &[String]) = match self {
            InstitutionEvent::Add(filing) => (filing.prefix.as_str(), &[]),
            InstitutionEvent::Merge { filing, of, .. } => (filing.prefix.as_str(), of),
            InstitutionEvent::Absorb { prefix, of, .. } => (prefix, of),
            InstitutionEvent::Change { prefix, .. }
            | InstitutionEvent::Scope { prefix, .. }
            | InstitutionEvent::Cancel { prefix, .. } => (prefix, &[]),
        };
        std::iter::once(first).chain(others.iter().map(String::as_str)).collect()
    }
}

impl Registry {
    /// Lets an event happen today. Gives the prefixes of those it happened to, first the one it is mainly about.
    ///
    /// # Errors
    /// [`InstitutionRefusal`]; nothing has changed then.
    pub fn apply(
        &mut self,
        event: &InstitutionEvent,
        reason: &str,
        today: NaiveDate,
    ) -> Result<Vec<String>, InstitutionRefusal> {
        if let InstitutionEvent::Merge { on, .. }
        | InstitutionEvent::Absorb { on, .. }
        | InstitutionEvent::Cancel { on, .. } = event
            && today < *on
        {
            return Err(InstitutionRefusal::Ahead(*on));
        }
        match event {
            InstitutionEvent::Add(filing) => {
                let new = self.newcomer(filing)?;
                self.put(new);
            }
            InstitutionEvent::Change { prefix, changes } => {
                let changed = changed(self.active(prefix)?, changes)?;
                self.put(changed);
            }
            InstitutionEvent::Scope { prefix, items } => {
                let before = self.active(prefix)?;
                if items.is_empty() {
                    return Err(InstitutionRefusal::EmptyScope);
                }
                if before.scope == *items {
                    return Err(InstitutionRefusal::NothingChanges);
                }
                let after = Institution { scope: items.clone(), ..before.clone() };
                self.put(after);
            }
            InstitutionEvent::Merge { filing, of, on } => {
                let new = self.newcomer(filing)?;
                let ended = self.ended(&new, of, 2, *on, reason)?;
                self.put(new);
                ended.into_iter().for_each(|old| self.put(old));
            }
            InstitutionEvent::Absorb { prefix, of, on } => {
                let ended = self.ended(self.active(prefix)?, of, 1, *on, reason)?;
                // The one that stays is as it was; yet it happened to it too.
                ended.into_iter().for_each(|old| self.put(old));
            }
            InstitutionEvent::Cancel { prefix, on } => {
                let reason = text::trimmed(reason);
                if reason.is_empty() {
                    return Err(InstitutionRefusal::NoReason);
                }
                let retired = Retired { on: *on, reason: reason.into_owned(), successor: None };
                let ended = end(self.active(prefix)?, retired)?;
                self.put(ended);
            }
        }
        Ok(event.prefixes().into_iter().map(String::from).collect())
    }

    fn put(&mut self, institution: Institution) {
        self.institutions.insert(institution.prefix.clone(), institution);
    }

    /// Finds an institution that may still change.
    fn active(&self, prefix: &str) -> Result<&Institution, InstitutionRefusal> {
        match self.get(prefix) {
            None => Err(InstitutionRefusal::Unknown(prefix.to_string())),
            Some(institution) if institution.retired.is_some() => Err(InstitutionRefusal::Retired(prefix.to_string())),
            Some(institution) => Ok(institution),
        }
    }

    /// Makes the institution of a filing.
    fn newcomer(&self, filing: &Filing) -> Result<Institution, InstitutionRefusal> {
        let prefix = filing.prefix.as_str();
        match self.active(prefix) {
            Err(InstitutionRefusal::Unknown(_)) => {}
            Err(retired) => return Err(retired),
            Ok(_) => return Err(InstitutionRefusal::Taken(prefix.to_string())),
        }
        let name = DatedName { name: named(&filing.name)?, from: filing.from, to: None };
        Ok(Institution {
            prefix: prefix.to_string(),
            profile: filing.prefix.profile().to_string(),
            kind: text::trimmed(&filing.kind).into_owned(),
            filed_on: filing.filed_on,
            contact: text::trimmed(&filing.contact).into_owned(),
            names: vec![name],
            ..Institution::default()
        })
    }

    /// Ends the institutions that go into another one.
    fn ended(
        &self,
        into: &Institution,
        of: &[String],
        needed: usize,
        on: NaiveDate,
        reason: &str,
    ) -> Result<Vec<Institution>, InstitutionRefusal> {
        if of.len() < needed {
            return Err(InstitutionRefusal::TooFew { needed });
        }
        let mut seen = BTreeSet::from([into.prefix.as_str()]);
        if let Some(again) = of.iter().find(|prefix| !seen.insert(prefix)) {
            return Err(InstitutionRefusal::Twice(again.clone()));
        }
        let one = |prefix: &String| {
            let old = self.active(prefix)?;
            if old.profile != into.profile {
                return Err(InstitutionRefusal::OtherProfile(prefix.clone()));
            }
            let reason = text::trimmed(reason).into_owned();
            end(old, Retired { on, reason, successor: Some(into.prefix.clone()) })
        };
        of.iter().map(one).collect()
    }
}

/// Reads a name as it is filed: as written, without blanks around it and without what nobody can see.
fn named(name: &str) -> Result<String, InstitutionRefusal> {
    let name = text::trimmed(name);
    if name.is_empty() { Err(InstitutionRefusal::EmptyName) } else { Ok(name.into_owned()) }
}

/// Retires the prefix of an institution.
fn end(institution: &Institution, retired: Retired) -> Result<Institution, InstitutionRefusal> {
    let since = institution.names.last().and_then(|n| n.from);
    if let Some(since) = since.filter(|since| retired.on < *since) {
        return Err(InstitutionRefusal::EndOrder { prefix: institution.prefix.clone(), on: retired.on, since });
    }
    Ok(Institution { retired: Some(retired), ..institution.clone() })
}

fn changed(before: &Institution, changes: &Changes) -> Result<Institution, InstitutionRefusal> {
    let mut after = before.clone();
    if let Some((name, from)) = &changes.name {
        rename(&mut after, named(name)?, *from)?;
    }
    if let Some(kind) = &changes.kind {
        after.kind = text::trimmed(kind).into_owned();
    }
    if let Some(contact) = &changes.contact {
        after.contact = text::trimmed(contact).into_owned();
    }
    after.filed_on = changes.filed_on.or(after.filed_on);
    if let Some(seal) = &changes.seal {
        let name = named(&seal.name)?;
        match after.seals.iter_mut().find(|known| known.name == name) {
            Some(known) => {
                known.from = seal.from.or(known.from);
                known.electronic_from = seal.electronic_from.or(known.electronic_from);
            }
            None => after.seals.push(Seal { name, ..seal.clone() }),
        }
    }
    if after == *before { Err(InstitutionRefusal::NothingChanges) } else { Ok(after) }
}

/// Gives an institution a new name; the one before is kept and ends the day before (GD-21).
fn rename(institution: &mut Institution, name: String, from: NaiveDate) -> Result<(), InstitutionRefusal> {
    if let Some(current) = institution.names.last_mut() {
        if current.name == name {
            return Err(InstitutionRefusal::SameName);
        }
        if let Some(since) = current.from.filter(|since| from <= *since) {
            return Err(InstitutionRefusal::NameOrder { from, since });
        }
        current.to = from.pred_opt();
    }
    institution.names.push(DatedName { name, from: Some(from), to: None });
    Ok(())
}

#[cfg(test)]
#[path = "event_tests.rs"]
mod tests;
