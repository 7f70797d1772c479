//! What is due (到期): which deadlines of its profile each batch, case and institution has, and how they stand on a day.

mod facts;
mod late;

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use chrono::{Datelike, NaiveDate};

use super::calendar::Calendar;
use super::deadline::DueDay;
use super::ledger::case::{CaseId, CaseKind};
use super::ledger::event::{DatedEvent, NotedEvent, Thing};
use super::ledger::{BatchId, Status};
use super::profile::{Deadline, Duty, Profile};
use super::registry::{Institution, Registry};
use super::vocabulary::vocabulary;
use facts::Facts;
pub use late::{HardStop, Late, explained, hard_stops, late};

/// What ends within so many days is soon.
pub const SOON: i64 = 7;

/// What ends within so many days is looked ahead to.
pub const AHEAD: i64 = 30;

vocabulary! {
    /// How a deadline stands, the worst first.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
    pub enum Standing {
        /// It has passed, and nothing is accepted any more.
        TooLate = "too-late",
        Overdue = "overdue",
        /// The authority's duty, and its day has passed: ask.
        Ask = "ask",
        Due = "due",
        /// The authority's duty.
        Expected = "expected",
        /// It goes on by itself on that day.
        Renews = "renews",
        /// It begins with an event that is not noted.
        Waiting = "waiting",
    }
}

/// A deadline of a thing.
#[derive(Debug, Clone)]
pub struct DueItem {
    pub standing: Standing,
    pub thing: Thing,
    /// The batch's file, the institution's name, the code of the case's certificate.
    pub title: String,
    /// Whether it is about certificates of the institution that belong to no batch.
    pub is_outside: bool,
    pub profile: Arc<Profile>,
    /// Which of the profile's deadlines.
    at: usize,
    /// The prefixes of the institutions it concerns.
    pub prefixes: Vec<String>,
    /// How many certificates; 0 where it is not about certificates.
    pub certificates: u32,
    /// Whether blanks were never counted: it counts from their first receipt.
    pub is_from_receipt: bool,
    /// When it ends; `None` while it waits for its event.
    pub end: Option<DueDay>,
    /// When it ends as it may also be read.
    pub second: Option<DueDay>,
}

/// What the store knows that deadlines are about.
#[derive(Debug, Clone, Default)]
pub struct KnownThings {
    pub batches: Vec<KnownBatch>,
    pub outside: Vec<KnownOutside>,
    pub cases: Vec<KnownCase>,
    pub registry: Registry,
    /// Since which day an institution is on record.
    pub since: HashMap<String, NaiveDate>,
    pub events: Vec<NotedEvent>,
    /// The day of the first receipt of ordinary blanks: from it on they are counted.
    pub blanks_since: Option<NaiveDate>,
}

/// A batch, and how its certificates stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownBatch {
    pub id: BatchId,
    pub file: String,
    /// The profile's id.
    pub profile: String,
    /// Whether it was archived.
    pub is_closed: bool,
    pub groups: Vec<CertificateGroup>,
}

/// Certificates of an institution that belong to no batch, as far as anything is to come of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownOutside {
    pub prefix: String,
    /// The profile's id.
    pub profile: String,
    pub groups: Vec<CertificateGroup>,
}

/// Certificates of a batch that are of one institution, status and issue date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertificateGroup {
    pub prefix: String,
    pub status: Status,
    pub issued: Option<NaiveDate>,
    /// The day the first of them came to its status.
    pub since: Option<NaiveDate>,
    /// When they were handed in before they came to their status, where that was asked.
    pub handed_in: Option<HandedIn>,
    pub count: u32,
}

/// When certificates were handed in, and came back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct HandedIn {
    /// The first time: it meets the days that count from the issue date.
    pub first: NaiveDate,
    pub last: NaiveDate,
    /// When they came back after that last time.
    pub returned: Option<NaiveDate>,
    /// When they had come back before that last time.
    pub answered: Option<NaiveDate>,
}

/// A case that is neither closed nor refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownCase {
    pub id: CaseId,
    pub kind: CaseKind,
    pub code: String,
    /// The profile's id.
    pub profile: String,
    pub applied_on: NaiveDate,
}

/// Counts deadlines, the same ones only once: many batches are of one day.
struct Counting<'a> {
    calendar: &'a Calendar,
    on: NaiveDate,
    counted: HashMap<(String, usize, NaiveDate), Ends>,
}

/// The day on which a deadline ends, and the one of its second reading.
type Ends = (Option<DueDay>, Option<DueDay>);

impl DueItem {
    pub fn deadline(&self) -> &Deadline {
        &self.profile.deadlines[self.at]
    }

    /// Tells whether it is the same deadline of the same thing; a clause may set several.
    pub fn is_same(&self, other: &DueItem) -> bool {
        self.thing == other.thing && self.at == other.at && self.profile.id == other.profile.id
    }

    /// Tells how many deadlines of the same clause stand before it in its profile.
    pub fn nth_of_clause(&self) -> usize {
        let before = &self.profile.deadlines[..self.at];
        before.iter().filter(|other| other.clause.eq_ignore_ascii_case(&self.deadline().clause)).count()
    }

    /// Gives the event that it waits for.
    pub fn waits_for(&self) -> Option<DatedEvent> {
        DatedEvent::read(&self.deadline().from).filter(|_| self.standing == Standing::Waiting)
    }

    /// Counts the days that are left; negative when the day has passed.
    pub fn days_left(&self, on: NaiveDate) -> Option<i64> {
        Some((self.end?.due - on).num_days())
    }

    /// Tells whether it is about certificates like these.
    pub fn is_about(&self, group: &CertificateGroup) -> bool {
        facts::is_about(self.deadline(), group)
    }

    /// Tells whether its day may still turn out otherwise.
    pub fn is_provisional(&self) -> bool {
        self.end.is_some_and(|end| end.source.is_provisional())
    }

    /// Tells whether the clerk has to do something about it now: it has passed, or will within days.
    pub fn is_pressing(&self, on: NaiveDate) -> bool {
        self.urgency(on).is_some_and(|urgency| urgency < 5)
    }

    /// Tells how urgent it is for the clerk, the most urgent first: what nobody accepts any more, what nobody will in some days,
    /// what is late, what is to be done soon, what is only to be asked, what comes within weeks; `None` for all else.
    pub fn urgency(&self, on: NaiveDate) -> Option<u8> {
        let is_within = |days: i64| self.days_left(on).is_some_and(|left| left <= days);
        match self.standing {
            Standing::TooLate => Some(0),
            Standing::Due if self.deadline().hard && is_within(SOON) => Some(1),
            Standing::Overdue => Some(2),
            Standing::Due if is_within(SOON) => Some(3),
            Standing::Ask => Some(4),
            Standing::Due if is_within(AHEAD) => Some(5),
            _ => None,
        }
    }

    /// Tells whether it concerns institutions whose prefix begins like this.
    pub fn concerns(&self, prefix: &str) -> bool {
        self.prefixes.iter().any(|one| one.starts_with(prefix))
    }
}

/// Counts what is due by how it stands, the worst first.
pub fn counts<'a>(items: impl IntoIterator<Item = &'a DueItem>) -> BTreeMap<Standing, usize> {
    let mut counts = BTreeMap::new();
    items.into_iter().for_each(|item| *counts.entry(item.standing).or_default() += 1);
    counts
}

/// Finds the day on which a deadline ends, and the one of its second reading.
pub fn ends(profile: &Profile, deadline: &Deadline, start: NaiveDate, calendar: &Calendar) -> Ends {
    let end = deadline.due(start, calendar);
    let other =
        profile.deadlines.iter().find(|other| !deadline.or_after.is_empty() && other.clause == deadline.or_after);
    let second = other.and_then(|other| deadline.due_after(&other.due(start, calendar)?, calendar));
    (end, second)
}

/// Finds the year whose day is meant by what was done: the nearest, late for the one, or early for the next. `None` where the deadline
/// is no day of every year.
pub fn meant_year(deadline: &Deadline, done: NaiveDate, calendar: &Calendar) -> Option<i32> {
    if !deadline.is_fixed() || deadline.is_once() {
        return None;
    }
    let end = |year: i32| Some((year, deadline.due(NaiveDate::from_ymd_opt(year, 1, 1)?, calendar)?.due));
    let ends = [end(done.year()), end(done.year() + 1)];
    let nearest = ends.into_iter().flatten().min_by_key(|(_, end)| (*end - done).num_days().abs())?;
    Some(nearest.0)
}

/// Lists everything that is due, the worst first, then what ends first. `profile` finds one by its id.
pub fn due(
    known: &KnownThings,
    profile: &dyn Fn(&str) -> Option<Arc<Profile>>,
    calendar: &Calendar,
    on: NaiveDate,
) -> Vec<DueItem> {
    let mut noted: HashMap<&Thing, BTreeMap<DatedEvent, NaiveDate>> = HashMap::new();
    for event in &known.events {
        noted.entry(&event.thing).or_default().insert(event.event, event.day);
    }
    let noted = |thing: &Thing| noted.get(thing).cloned().unwrap_or_default();
    let mut counting = Counting { calendar, on, counted: HashMap::new() };
    let mut all = Vec::new();
    for batch in &known.batches {
        let Some(profile) = profile(&batch.profile).filter(|profile| !profile.deadlines.is_empty()) else { continue };
        all.extend(counting.of(&profile, &Facts::of_batch(batch, noted(&Thing::Batch(batch.id)))));
    }
    for outside in &known.outside {
        let Some(profile) = profile(&outside.profile).filter(|profile| !profile.deadlines.is_empty()) else { continue };
        let name = known.registry.get(&outside.prefix).map_or(outside.prefix.as_str(), Institution::name);
        all.extend(counting.of(&profile, &Facts::of_outside(outside, name)));
    }
    for case in &known.cases {
        let Some(profile) = profile(&case.profile) else { continue };
        all.extend(counting.of(&profile, &Facts::of_case(case, noted(&Thing::Case(case.id)))));
    }
    for institution in known.registry.institutions().filter(|institution| institution.retired.is_none()) {
        let Some(profile) = profile(&institution.profile) else { continue };
        let since = known.since.get(&institution.prefix).copied();
        let noted = noted(&Thing::Institution(institution.prefix.clone()));
        all.extend(counting.of(&profile, &Facts::of_institution(institution, (since, known.blanks_since), noted)));
    }
    all.sort_by_cached_key(|item| {
        let day = item.end.map(|end| end.due);
        (item.standing, day, item.deadline().clause.clone(), item.thing.clone())
    });
    all
}

impl Counting<'_> {
    /// Lists the deadlines of a thing that are open.
    fn of(&mut self, profile: &Arc<Profile>, facts: &Facts) -> Vec<DueItem> {
        let of_thing = profile.deadlines.iter().enumerate().filter(|(_, deadline)| facts.concerns(deadline));
        let mut all = Vec::new();
        for (at, deadline) in of_thing {
            let (standing, (end, second)) = match facts.start(deadline) {
                _ if deadline.is_fixed() => match self.fixed(deadline, facts) {
                    Some(end) => (self.standing(deadline, &end), (Some(end), None)),
                    None => continue,
                },
                Some(start) if facts.is_met(deadline, start) => continue,
                Some(start) => {
                    let (end, second) = self.ends(profile, at, start);
                    // What cannot be counted is no day, and the profile's own mistake.
                    let Some(end) = end else { continue };
                    let end = if deadline.renews { self.renewed(deadline, end) } else { end };
                    (self.standing(deadline, &end), (Some(end), second))
                }
                None if facts.waits(deadline) => (Standing::Waiting, (None, None)),
                None => continue,
            };
            all.push(DueItem {
                standing,
                thing: facts.thing.clone(),
                title: facts.title.clone(),
                is_outside: facts.is_outside,
                profile: Arc::clone(profile),
                at,
                prefixes: facts.prefixes.clone(),
                certificates: facts.certificates(deadline),
                is_from_receipt: facts.is_from_receipt(deadline),
                end,
                second,
            });
        }
        all
    }

    fn ends(&mut self, profile: &Profile, at: usize, start: NaiveDate) -> Ends {
        let calendar = self.calendar;
        let count = || ends(profile, &profile.deadlines[at], start, calendar);
        *self.counted.entry((profile.id.clone(), at, start)).or_insert_with(count)
    }

    fn standing(&self, deadline: &Deadline, end: &DueDay) -> Standing {
        let has_passed = end.due < self.on;
        match (deadline.duty, has_passed) {
            _ if deadline.renews => Standing::Renews,
            (Duty::Authority, false) => Standing::Expected,
            (Duty::Authority, true) => Standing::Ask,
            (Duty::Own, false) => Standing::Due,
            (Duty::Own, true) if deadline.hard => Standing::TooLate,
            (Duty::Own, true) => Standing::Overdue,
        }
    }

    /// Gives the end that is still to come of what goes on by itself.
    fn renewed(&self, deadline: &Deadline, first: DueDay) -> DueDay {
        let next = |end: &DueDay| deadline.due(end.due, self.calendar).filter(|next| end.due < next.due);
        let mut all = std::iter::successors(Some(first), next);
        all.find(|end| self.on <= end.due).unwrap_or(first)
    }

    /// Gives the end of what is due on a fixed day; `None` where it is met or does not concern the thing.
    fn fixed(&self, deadline: &Deadline, facts: &Facts) -> Option<DueDay> {
        let now = deadline.due(self.on, self.calendar)?;
        if deadline.is_once() {
            // It concerns what was there when it ended.
            return facts.earliest_unsent().is_some_and(|issued| issued <= now.due).then_some(now);
        }
        let in_year = |year: i32| deadline.due(NaiveDate::from_ymd_opt(year, 1, 1)?, self.calendar);
        let next = in_year(now.due.year() + 1)?;
        let done = DatedEvent::read(&deadline.until).and_then(|event| facts.day(event));
        let meant = done.and_then(|done| Some(in_year(meant_year(deadline, done, self.calendar)?)?.due));
        if meant.is_some_and(|meant| now.due <= meant) {
            return Some(next).filter(|next| meant.is_none_or(|meant| meant < next.due));
        }
        // An institution that came later was not meant.
        let was_there = facts.since.is_none_or(|since| since <= now.due);
        Some(if now.due < self.on && !was_there { next } else { now })
    }
}

#[cfg(test)]
mod tests;
