//! What is known of one thing, as its deadlines ask for it.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::{CertificateGroup, KnownBatch, KnownCase, KnownOutside};
use crate::domain::deadline::{ONCE, YEAR};
use crate::domain::ledger::Status;
use crate::domain::ledger::event::{DatedEvent, Thing, ThingKind};
use crate::domain::profile::{Deadline, Duty};
use crate::domain::registry::Institution;

#[derive(Debug)]
pub(super) struct Facts {
    pub thing: Thing,
    pub title: String,
    pub prefixes: Vec<String>,
    /// Since which day an institution is on record.
    pub since: Option<NaiveDate>,
    /// The kind of a case.
    case_kind: &'static str,
    days: BTreeMap<DatedEvent, NaiveDate>,
    /// The certificates that are neither reserved, void nor revoked.
    live: Vec<CertificateGroup>,
    /// Whether it waits for nothing: a batch that is archived, certificates that belong to none.
    is_closed: bool,
    pub is_outside: bool,
    /// Whether the day of the count is that of the first receipt.
    is_uncounted: bool,
}

impl Facts {
    pub fn of_batch(batch: &KnownBatch, noted: BTreeMap<DatedEvent, NaiveDate>) -> Facts {
        let title = batch.file.clone();
        let thing = Thing::Batch(batch.id);
        let facts = Facts { is_closed: batch.is_closed, ..Facts::bare(thing, title, String::new(), noted) };
        facts.with_certificates(&batch.groups)
    }

    /// What happened to a batch of theirs nobody knows here, so that they wait for nothing.
    pub fn of_outside(outside: &KnownOutside, name: &str) -> Facts {
        let thing = Thing::Institution(outside.prefix.clone());
        let bare = Facts::bare(thing, name.to_string(), String::new(), BTreeMap::new());
        Facts { is_closed: true, is_outside: true, ..bare }.with_certificates(&outside.groups)
    }

    fn with_certificates(self, groups: &[CertificateGroup]) -> Facts {
        let is_live = |status: Status| !matches!(status, Status::Reserved | Status::Void | Status::Revoked);
        let live: Vec<CertificateGroup> = groups.iter().filter(|g| is_live(g.status)).cloned().collect();
        let prefixes: BTreeSet<String> = live.iter().map(|group| group.prefix.clone()).collect();
        let mut facts = Facts { prefixes: prefixes.into_iter().collect(), live, ..self };
        // What the ledger tells: the day that counts is that of the certificate which has been waiting longest.
        let issued = facts.earliest_unsent();
        let since = |status: Status| facts.live.iter().filter(|g| g.status == status).filter_map(|g| g.since).min();
        let accepted = facts.live.iter().filter(|g| g.status == Status::Accepted).filter_map(|g| g.handed_in);
        let accepted = accepted.map(|handed_in| handed_in.last).min();
        let published = since(Status::Published);
        let told = [
            (DatedEvent::Issued, issued),
            (DatedEvent::Submitted, since(Status::Submitted).into_iter().chain(accepted).min()),
            (DatedEvent::Accepted, since(Status::Accepted)),
            (DatedEvent::Returned, facts.live.iter().filter_map(CertificateGroup::came_back).min()),
            (DatedEvent::Published, published),
        ];
        facts.days.extend(told.into_iter().filter_map(|(event, day)| Some((event, day?))));
        if let Some(day) = published {
            facts.days.entry(DatedEvent::Queryable).or_insert(day);
        }
        // What was uploaded before they were handed in anew was what came back.
        if facts.day(DatedEvent::Uploaded) < facts.day(DatedEvent::Submitted) {
            facts.days.remove(&DatedEvent::Uploaded);
        }
        facts
    }

    pub fn of_case(case: &KnownCase, mut days: BTreeMap<DatedEvent, NaiveDate>) -> Facts {
        days.entry(DatedEvent::Received).or_insert(case.applied_on);
        let prefix = case.code.get(..13).unwrap_or_default().to_string();
        Facts { case_kind: case.kind.key(), ..Facts::bare(Thing::Case(case.id), case.code.clone(), prefix, days) }
    }

    pub fn of_institution(
        institution: &Institution,
        (since, blanks_since): (Option<NaiveDate>, Option<NaiveDate>),
        mut days: BTreeMap<DatedEvent, NaiveDate>,
    ) -> Facts {
        // What was never counted is counted half a year after it came.
        let first_receipt = blanks_since.filter(|_| !days.contains_key(&DatedEvent::Counted));
        days.extend(first_receipt.map(|day| (DatedEvent::Counted, day)));
        days.extend(institution.filed_on.map(|day| (DatedEvent::Filed, day)));
        let prefix = institution.prefix.clone();
        let thing = Thing::Institution(prefix.clone());
        let is_uncounted = first_receipt.is_some();
        Facts { since, is_uncounted, ..Facts::bare(thing, institution.name().to_string(), prefix, days) }
    }

    fn bare(thing: Thing, title: String, prefix: String, days: BTreeMap<DatedEvent, NaiveDate>) -> Facts {
        let (live, prefixes) = (Vec::new(), vec![prefix]);
        Facts {
            thing,
            title,
            prefixes,
            since: None,
            case_kind: "",
            days,
            live,
            is_closed: false,
            is_outside: false,
            is_uncounted: false,
        }
    }

    /// Tells whether a deadline counts from the first receipt of blanks, for they were never counted.
    pub fn is_from_receipt(&self, deadline: &Deadline) -> bool {
        self.is_uncounted && DatedEvent::read(&deadline.from) == Some(DatedEvent::Counted)
    }

    /// Tells whether a deadline is one of such a thing.
    pub fn concerns(&self, deadline: &Deadline) -> bool {
        let own = if self.is_outside { ThingKind::Batch } else { self.thing.kind() };
        let kind = match deadline.from.as_str() {
            YEAR => Some(ThingKind::Institution),
            ONCE => Some(ThingKind::Batch),
            event => DatedEvent::read(event).map(DatedEvent::happens_to),
        };
        kind == Some(own) && (deadline.of_case.is_empty() || deadline.of_case == self.case_kind)
    }

    pub fn day(&self, event: DatedEvent) -> Option<NaiveDate> {
        self.days.get(&event).copied()
    }

    /// Gives the day that a deadline counts from.
    pub fn start(&self, deadline: &Deadline) -> Option<NaiveDate> {
        self.day(DatedEvent::read(&deadline.from)?)
    }

    /// Tells whether what must be done was done.
    pub fn is_met(&self, deadline: &Deadline, start: NaiveDate) -> bool {
        let Some(until) = DatedEvent::read(&deadline.until) else { return false };
        let all = |of: fn(&CertificateGroup) -> bool| !self.live.is_empty() && self.live.iter().all(of);
        match until {
            // The ledger's own events begin a deadline only while certificates wait for what ends it.
            DatedEvent::Submitted | DatedEvent::Closed => false,
            DatedEvent::Uploaded if deadline.duty == Duty::Own && all(|group| !group.is_unsent()) => true,
            DatedEvent::Queryable if all(|group| group.status == Status::Published) => true,
            // What is to be done before an event may have been done at any time.
            event => self.day(event).is_some_and(|day| deadline.length < 0 || start <= day),
        }
    }

    /// Tells whether the event that begins a deadline is still to come and will.
    pub fn waits(&self, deadline: &Deadline) -> bool {
        let until = DatedEvent::read(&deadline.until);
        let is_done = until.is_some_and(|event| self.day(event).is_some());
        let has = |of: fn(&CertificateGroup) -> bool| self.live.iter().any(of);
        let is_with_authority = || has(|group| matches!(group.status, Status::Submitted | Status::Accepted));
        !is_done
            && match DatedEvent::read(&deadline.from) {
                Some(DatedEvent::Exam | DatedEvent::Evaluated) => {
                    !self.is_closed && (self.live.is_empty() || has(CertificateGroup::is_unsent))
                }
                Some(DatedEvent::Uploaded | DatedEvent::Queryable) => !self.is_closed && is_with_authority(),
                Some(DatedEvent::Receipt | DatedEvent::Filed | DatedEvent::Counted | DatedEvent::Purchased) => true,
                // The others happen or not, or the ledger has them.
                _ => false,
            }
    }

    /// Gives the earliest issue date of those that were not handed in.
    pub fn earliest_unsent(&self) -> Option<NaiveDate> {
        self.live.iter().filter(|group| group.is_unsent()).filter_map(|group| group.issued).min()
    }

    /// Counts the certificates that a deadline is about.
    pub fn certificates(&self, deadline: &Deadline) -> u32 {
        self.live.iter().filter(|group| is_about(deadline, group)).map(|group| group.count).sum()
    }
}

/// Tells whether a deadline is about certificates like these.
pub(super) fn is_about(deadline: &Deadline, group: &CertificateGroup) -> bool {
    if deadline.is_once() {
        return group.is_unsent();
    }
    match DatedEvent::read(&deadline.from) {
        Some(DatedEvent::Issued) => group.is_unsent(),
        Some(DatedEvent::Submitted) => matches!(group.status, Status::Submitted | Status::Accepted),
        Some(DatedEvent::Accepted) => group.status == Status::Accepted,
        Some(DatedEvent::Returned) => group.came_back().is_some(),
        _ => true,
    }
}

impl CertificateGroup {
    /// Tells whether they were never handed in.
    fn is_unsent(&self) -> bool {
        self.is_in_hand() && self.handed_in.is_none()
    }

    /// Tells since when they are back and not handed in anew, whatever was done about it.
    pub(super) fn came_back(&self) -> Option<NaiveDate> {
        match self.status {
            Status::Returned => self.since,
            _ if self.is_in_hand() => self.handed_in?.returned,
            _ => None,
        }
    }

    fn is_in_hand(&self) -> bool {
        matches!(self.status, Status::Allocated | Status::Exported)
    }
}
