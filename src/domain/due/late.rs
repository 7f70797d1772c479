//! Data that are late: what of a batch must be explained, and what nobody accepts any more.

use chrono::NaiveDate;

use super::{CertificateGroup, ends};
use crate::domain::calendar::Calendar;
use crate::domain::deadline::DueDay;
use crate::domain::ledger::Status;
use crate::domain::ledger::event::{DatedEvent, Thing};
use crate::domain::profile::{Deadline, Profile};

/// Certificates of a batch that were handed in after their day, or were not by now.
#[derive(Debug, Clone)]
pub struct Late<'a> {
    pub thing: Thing,
    pub file: String,
    pub deadline: &'a Deadline,
    pub end: DueDay,
    /// The earliest issue date among them.
    pub issued: NaiveDate,
    /// When they came back, where it is their being handed in anew that is late.
    pub returned: Option<NaiveDate>,
    /// When they were handed in; `None` where some are not yet.
    pub handed_in: Option<NaiveDate>,
    pub count: u32,
    /// The prefixes of their institutions.
    pub prefixes: Vec<String>,
}

/// A day from which nothing is accepted any more.
#[derive(Debug, Clone, Copy)]
pub struct HardStop<'a> {
    pub deadline: &'a Deadline,
    pub end: DueDay,
    /// When it ends as it may also be read.
    pub second: Option<DueDay>,
}

/// Finds the deadlines of which their notice asks why they were missed: of handing in for the first time, or anew what came back.
pub fn explained(profile: &Profile) -> impl Iterator<Item = &Deadline> {
    let is_of_submission = |deadline: &Deadline| is_from_issue_to_submission(deadline) || is_from_return(deadline);
    profile.deadlines.iter().filter(move |deadline| !deadline.late_clause.is_empty() && is_of_submission(deadline))
}

/// Finds what of certificates is late and must be explained by their notice: those of a batch, or of an institution that belong to
/// none; where several days were missed, the latest. `title` is the batch's file or the institution's name.
pub fn late<'a>(
    (thing, title, groups): (&Thing, &str, &[CertificateGroup]),
    profile: &'a Profile,
    calendar: &Calendar,
    on: NaiveDate,
) -> Option<Late<'a>> {
    let all = explained(profile).filter_map(|deadline| late_for((thing, title, groups), deadline, calendar, on));
    all.max_by_key(|late| late.end.due)
}

fn late_for<'a>(
    (thing, title, groups): (&Thing, &str, &[CertificateGroup]),
    deadline: &'a Deadline,
    calendar: &Calendar,
    on: NaiveDate,
) -> Option<Late<'a>> {
    let late = groups.iter().filter_map(|group| {
        if is_from_return(deadline) {
            let again = group.handed_in.and_then(|handed_in| Some((handed_in.answered?, Some(handed_in.last))));
            let (came_back, handed_in) = group.came_back().map(|day| (day, None)).or(again)?;
            let end = deadline.due(came_back, calendar)?;
            return (end.due < handed_in.unwrap_or(on)).then_some((group, group.issued?, end, handed_in));
        }
        // The first time counts: what came back and is handed in anew has a day of its own.
        let first = group.handed_in.map(|handed_in| handed_in.first);
        let handed_in = match group.status {
            Status::Allocated | Status::Exported => first,
            Status::Submitted => Some(first.or(group.since)?),
            Status::Returned | Status::Accepted | Status::Published => Some(first?),
            Status::Reserved | Status::Void | Status::Revoked => return None,
        };
        let end = deadline.due(group.issued?, calendar)?;
        (end.due < handed_in.unwrap_or(on)).then_some((group, group.issued?, end, handed_in))
    });
    let late: Vec<_> = late.collect();
    let (.., end, _) = *late.iter().min_by_key(|(.., end, _)| end.due)?;
    let issued = late.iter().map(|(_, issued, ..)| *issued).min()?;
    let mut prefixes: Vec<String> = late.iter().map(|(group, ..)| group.prefix.clone()).collect();
    prefixes.sort_unstable();
    prefixes.dedup();
    let is_open = late.iter().any(|(.., handed_in)| handed_in.is_none());
    Some(Late {
        thing: thing.clone(),
        file: title.to_string(),
        deadline,
        end,
        issued,
        returned: end.start.filter(|_| is_from_return(deadline)),
        handed_in: late.iter().filter_map(|(.., handed_in)| *handed_in).max().filter(|_| !is_open),
        count: late.iter().map(|(group, ..)| group.count).sum(),
        prefixes,
    })
}

/// Lists the days from which certificates of an issue date are not accepted any more: the strict ones, not put off; of a day that
/// comes once, those it was meant for.
pub fn hard_stops<'a>(
    profile: &'a Profile,
    issued: NaiveDate,
    calendar: &'a Calendar,
) -> impl Iterator<Item = HardStop<'a>> {
    let hard = profile.deadlines.iter().filter(|deadline| deadline.hard);
    hard.filter_map(move |deadline| {
        let (end, second) = ends(profile, deadline, issued, calendar);
        let stop = HardStop { deadline, end: end?, second };
        let is_meant = if deadline.is_once() { issued <= stop.end.due } else { is_from_issue_to_submission(deadline) };
        is_meant.then_some(stop)
    })
}

fn is_from_return(deadline: &Deadline) -> bool {
    deadline.from == DatedEvent::Returned.key() && deadline.until == DatedEvent::Submitted.key()
}

fn is_from_issue_to_submission(deadline: &Deadline) -> bool {
    deadline.from == DatedEvent::Issued.key() && deadline.until == DatedEvent::Submitted.key()
}
