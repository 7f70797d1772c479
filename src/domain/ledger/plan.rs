//! Planning an allocation (赋号计划): which row gets which number, or why none. Nothing is taken here.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use chrono::{Datelike, NaiveDate};

use super::stock::{BlankNumber, BlankRun, BlankStart, SeriesNumber};
use super::{BatchId, Run, SeriesKey, SeriesState, runs};
use crate::domain::code::{CertCode, ComposeError, compose};
use crate::domain::date::{self, DateReading};
use crate::domain::fact::CertificateKind;
use crate::domain::level::Level;
use crate::domain::profile::Profile;
use crate::domain::roster::RowId;
use crate::domain::sheet::Field;
use crate::domain::vocabulary::vocabulary;

vocabulary! {
    /// In which order the rows of a batch get their numbers; rows that are equal keep the order of the roster.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
    pub enum RowOrder {
        /// As in the roster.
        #[default]
        Roster = "roster",
        /// By the sound of the name.
        Name = "name",
        /// By the ID number.
        IdNumber = "id-number",
        /// By the sound of the occupation, then by level, the highest first.
        Occupation = "occupation",
    }
}

/// Which numbers the rows of a batch are to have, and which rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PlanWish {
    /// In which order the rows are counted.
    pub order: RowOrder,
    /// Whether reserved numbers are given instead of new ones.
    pub reserved: bool,
    /// Whether those get a number, too, who hold the certificate already or whose ID number has another name elsewhere.
    pub also_held: bool,
    /// Whether rows get a number, too, that have errors on which it does not depend.
    pub also_errors: bool,
    /// From which blank on the certificates are printed, in the order of their numbers; none is laid beside them when not given.
    pub blanks: Option<BlankStart>,
}

impl PlanWish {
    /// Tells whether a row is numbered in spite of what speaks against it.
    pub fn overrules(self, why: &RowRefusal) -> bool {
        (self.also_held && why.is_held()) || (self.also_errors && why.is_error())
    }
}

vocabulary! {
    /// Why a row gets no number.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub enum RowRefusal {
        /// Its certificate is of a kind without a code; by which clause.
        OtherKind(CertificateKind, String) = "other-kind",
        /// It has a code already.
        HasCode = "has-code",
        /// A column that the number depends on has an error.
        Faulty(Field) = "faulty",
        /// 职业技能等级 is none of the five.
        NoLevel = "no-level",
        /// 评价机构 is empty.
        NoInstitution = "no-institution",
        /// Nobody in the registry has that name, and no code of the batch tells its prefix; the name, and one there like it.
        UnknownInstitution(String, Option<String>) = "unknown-institution",
        /// An institution has that name only from a later day on: the name, its prefix, that day, and its name before.
        NamedLater(String, String, NaiveDate, String) = "named-later",
        /// Several institutions have that name.
        SeveralInstitutions = "several-institutions",
        /// The registry has the institution under another prefix than the one that was given; that other one.
        OtherPrefix(String) = "other-prefix",
        /// The committee issues, and the prefix is not the one for that: the prefix, what it must have, by which clause.
        NotStamped(String, String, String) = "not-stamped",
        /// A filed body issues, and the prefix is that of committees: the prefix, what it has, by which clause.
        Stamped(String, String, String) = "stamped",
        /// The prefix is not that of the filed body that issues: the prefix, that body, by which clause.
        OtherBody(String, String, String) = "other-body",
        /// The series was begun under other rules: the profile's id and the numbers it may have, first to last.
        OtherProfile(String, u32, u32) = "other-profile",
        /// The institution's prefix went to the retired codes (BJ-50); since when.
        Retired(NaiveDate) = "retired",
        /// 发证日期 is empty.
        NoIssueDate = "no-issue-date",
        /// 发证日期 cannot be read as a day.
        DateUnread = "date-unread",
        /// 发证日期 is after today.
        DateInFuture = "date-in-future",
        /// 发证日期 is before there were such certificates; the first year.
        DateTooEarly(i32) = "date-too-early",
        /// The series has no number left; its last one.
        Full(u32) = "full",
        /// The code stands in another line of the roster, though the ledger does not know it.
        Written(CertCode, u32) = "written",
        /// No number is reserved for its institution, year and level, or all of them are used.
        NoneReserved = "none-reserved",
        /// The code would not read under the profile: the prefix is none of it.
        Unreadable = "unreadable",
        /// No code can be composed.
        NotComposed(ComposeError) = "not-composed",
        /// The ledger has a certificate of the same person, occupation and level (U06); its code.
        AwardOnRecord(CertCode) = "award-on-record",
        /// The same person, occupation and level stand in another line (U02).
        AwardTwice(u32) = "award-twice",
        /// The same ID number stands in another line with another name (U03).
        IdTwoNames(u32) = "id-two-names",
        /// A column that the number does not depend on has an error.
        HasError(Field) = "has-error",
    }
}

impl RowRefusal {
    /// Tells whether the person may hold the certificate already: [`PlanWish::also_held`] overrules it.
    pub fn is_held(&self) -> bool {
        matches!(self, RowRefusal::AwardOnRecord(_) | RowRefusal::AwardTwice(_) | RowRefusal::IdTwoNames(_))
    }

    /// Tells whether the row has an error that can wait: [`PlanWish::also_errors`] overrules it.
    pub fn is_error(&self) -> bool {
        matches!(self, RowRefusal::HasError(_))
    }
}

/// A row that asks for a number.
#[derive(Debug, Clone)]
pub struct NumberRequest<'a> {
    pub row: RowId,
    /// The institution's prefix, or why the row gets no number whatever else it says.
    pub prefix: Result<Arc<str>, RowRefusal>,
    /// The level; `None` where 职业技能等级 does not read as one.
    pub level: Option<Level>,
    /// 发证日期 as it stands.
    pub issue_date: &'a str,
    /// What speaks against a number although the row could have one.
    pub doubt: Option<RowRefusal>,
    /// What speaks against a number and was overruled.
    pub overruled: Option<RowRefusal>,
    /// What the rows are sorted by; equal texts keep the order of the requests.
    pub sort: String,
}

/// What an allocation is planned with.
pub struct Setting<'a> {
    pub profile: &'a Profile,
    /// The series as they stand; one that is not among them has no number taken.
    pub series: &'a [SeriesState],
    /// The codes that are reserved, in their order, where they are to be given instead of new ones.
    pub reserved: Option<&'a [CertCode]>,
    /// The codes that stand in the roster, each with its line: whoever wrote one there has given it, whatever the ledger says.
    pub written: &'a HashMap<CertCode, u32>,
    /// Tells whether a code reads under the profile; the caller holds the tables.
    pub reads: &'a dyn Fn(CertCode) -> bool,
    /// The day that counts as today.
    pub today: NaiveDate,
}

/// Which row gets which number.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plan {
    pub profile: String,
    /// Whether the numbers are reserved ones that become certificates; else they are new.
    pub reserved: bool,
    /// The series that numbers are taken from, in the order of their keys.
    pub series: Vec<SeriesPlan>,
    /// The rows that get a number, in the order of the numbers of each series.
    pub rows: Vec<Planned>,
    /// The rows that get none, in the order of the roster.
    pub refused: Vec<(RowId, RowRefusal)>,
    /// The rows that get a number in spite of what speaks against it, in the order of the roster.
    pub overruled: Vec<(RowId, RowRefusal)>,
    /// The other open batches in which numbers of the plan stand, though the ledger does not know them.
    pub elsewhere: Vec<WrittenElsewhere>,
    /// From which blank on the certificates are printed.
    pub blanks: Option<BlankStart>,
    /// The blanks that they are printed on, in the order of the rows.
    pub blank_runs: Vec<BlankRun>,
    /// From which blank on they could be printed: the next one in stock, where one keeper alone has some.
    pub next_blank: Option<BlankStart>,
}

/// Numbers of a plan that stand in another batch: whoever sent that one gave them himself, and one of the two has to give way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrittenElsewhere {
    pub batch: BatchId,
    /// The name of its file.
    pub file: String,
    pub count: usize,
    /// The smallest of them.
    pub first: CertCode,
}

/// What is taken from one series.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeriesPlan {
    pub key: SeriesKey,
    /// The largest serial taken when the plan was made; [`SeriesState::high`].
    pub high: u32,
    /// The smallest and the largest serial the series may have.
    pub range: (u32, u32),
    /// The serials it takes, in order; new ones are one run, that begins after the largest one taken.
    pub runs: Vec<Run>,
    /// How many numbers are left over afterwards: of the series, or of those that are reserved.
    pub left: u32,
}

impl Plan {
    /// Lists the numbers that are given, in the order in which their certificates are printed.
    pub fn numbers(&self) -> Vec<SeriesNumber> {
        self.rows.iter().map(|row| SeriesNumber { series: self.series[row.series].key, serial: row.serial }).collect()
    }

    /// Gives the blank that the row at a place of [`Plan::rows`] is printed on.
    pub fn blank_of(&self, at: usize) -> Option<BlankNumber> {
        let mut left = at as u64;
        for run in &self.blank_runs {
            if left < run.count() {
                return run.first.further(u32::try_from(left).ok()?);
            }
            left -= run.count();
        }
        None
    }
}

impl SeriesPlan {
    /// Gives the first serial it takes.
    pub fn from(&self) -> u32 {
        self.runs.first().map_or(0, |run| run.0)
    }

    /// Gives the last serial it takes.
    pub fn to(&self) -> u32 {
        self.runs.last().map_or(0, |run| run.1)
    }

    /// Counts the numbers it takes.
    pub fn count(&self) -> u32 {
        self.runs.iter().map(|(first, last)| last + 1 - first).sum()
    }
}

/// A row and its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Planned {
    pub row: RowId,
    pub code: CertCode,
    /// The serial in it.
    pub serial: u32,
    /// The place of its series in [`Plan::series`].
    pub series: usize,
    /// 发证日期, where the profile says that it is the day the number is made (BJ-17).
    pub issue_date: Option<NaiveDate>,
}

/// A series while the plan is made.
struct Counter {
    plan: SeriesPlan,
    rows: Vec<Planned>,
    /// The next new number.
    next: Option<u32>,
}

/// The numbers that are left of what is reserved for a prefix, year and level.
type Queue = VecDeque<u32>;

/// Where the numbers of a prefix, year and level come from: the place of the series among the counters, and that of the
/// queue of reserved ones where such are given.
type Origin = (usize, Option<usize>);

/// The plan while it is made.
#[derive(Default)]
struct Planner {
    counters: Vec<Counter>,
    queues: Vec<Queue>,
    /// What a row's prefix, year and level lead to: most rows of a batch share it.
    known: HashMap<(Arc<str>, u8, Level), Result<Origin, RowRefusal>>,
}

/// Plans an allocation. New numbers follow the largest one taken: a gap is never filled (GD-43, BJ-49). Reserved ones are
/// given from the smallest on.
pub fn plan(requests: &[NumberRequest<'_>], setting: &Setting<'_>) -> Plan {
    let mut places: Vec<usize> = (0..requests.len()).collect();
    places.sort_by(|a, b| requests[*a].sort.cmp(&requests[*b].sort));
    let mut planner = Planner::default();
    let (mut refused, mut overruled) = (Vec::new(), Vec::new());
    for request in places.into_iter().map(|place| &requests[place]) {
        match planner.plan_row(request, setting) {
            Ok((series, planned)) => {
                planner.counters[series].rows.push(planned);
                overruled.extend(request.overruled.clone().map(|doubt| (request.row, doubt)));
            }
            Err(refusal) => refused.push((request.row, refusal)),
        }
    }
    refused.sort_by_key(|(row, _)| *row);
    overruled.sort_by_key(|(row, _)| *row);
    let Planner { mut counters, .. } = planner;
    counters.retain(|c| !c.rows.is_empty());
    counters.sort_by_key(|c| c.plan.key);
    let (profile, reserved) = (setting.profile.id.clone(), setting.reserved.is_some());
    let mut plan = Plan { profile, reserved, refused, overruled, ..Plan::default() };
    for (series, mut counter) in counters.into_iter().enumerate() {
        // Reserved numbers of several levels lie among each other in one series.
        counter.rows.sort_by_key(|row| row.serial);
        let serials: Vec<u32> = counter.rows.iter().map(|row| row.serial).collect();
        counter.plan.runs = runs(&serials);
        counter.plan.left -= counter.plan.count();
        plan.series.push(counter.plan);
        plan.rows.extend(counter.rows.into_iter().map(|row| Planned { series, ..row }));
    }
    plan
}

impl Planner {
    fn plan_row(&mut self, request: &NumberRequest<'_>, setting: &Setting<'_>) -> Result<(usize, Planned), RowRefusal> {
        let prefix = request.prefix.clone()?;
        let level = request.level.ok_or(RowRefusal::NoLevel)?;
        let issued = issue_date(request.issue_date, setting)?;
        let year = (issued.year().rem_euclid(100)) as u8;
        let (series, queue) = match self.known.get(&(Arc::clone(&prefix), year, level)) {
            Some(known) => known.clone()?,
            None => {
                let origin = self.origin(&prefix, year, level, setting);
                self.known.insert((Arc::clone(&prefix), year, level), origin.clone());
                origin?
            }
        };
        // Last: what no wish overrules is told first.
        if let Some(doubt) = &request.doubt {
            return Err(doubt.clone());
        }
        let counter = &mut self.counters[series];
        let code_of =
            |serial| compose(&setting.profile.layout, &prefix, year, level, serial).map_err(RowRefusal::NotComposed);
        let (serial, code) = loop {
            let serial = match queue {
                Some(queue) => self.queues[queue].pop_front().ok_or(RowRefusal::NoneReserved)?,
                None => counter.next.ok_or(RowRefusal::Full(counter.plan.range.1))?,
            };
            let code = code_of(serial)?;
            match (setting.written.get(&code), queue) {
                (None, _) => break (serial, code),
                // A reserved number that somebody wrote down is used; new ones may not leave a gap.
                (Some(_), Some(_)) => {}
                (Some(line), None) => return Err(RowRefusal::Written(code, *line)),
            }
        };
        if queue.is_none() {
            counter.next = Some(serial + 1).filter(|next| *next <= counter.plan.range.1);
        }
        let stamped = !setting.profile.numbering.issue_date_clause.is_empty();
        Ok((series, Planned { row: request.row, code, serial, series, issue_date: stamped.then_some(issued) }))
    }

    /// Finds where the numbers of a prefix, year and level come from; refuses a prefix that no code could have.
    fn origin(&mut self, prefix: &str, year: u8, level: Level, setting: &Setting<'_>) -> Result<Origin, RowRefusal> {
        let profile = setting.profile;
        let range @ (first, last) = SeriesKey::range(profile);
        let sample = compose(&profile.layout, prefix, year, level, first).map_err(RowRefusal::NotComposed)?;
        if !(setting.reads)(sample) {
            return Err(RowRefusal::Unreadable);
        }
        let (key, _) = SeriesKey::of(profile, sample).ok_or(RowRefusal::Unreadable)?;
        let series = match self.counters.iter().position(|c| c.plan.key == key) {
            Some(place) => place,
            None => {
                let state = setting.series.iter().find(|s| s.key == key);
                if let Some(state) = state.filter(|s| !s.is_counted_by(profile)) {
                    return Err(RowRefusal::OtherProfile(state.profile.clone(), state.first, state.last));
                }
                let high = state.map_or(first.saturating_sub(1), |s| s.high);
                let from = high.max(first.saturating_sub(1)) + 1;
                let left = match setting.reserved {
                    None => (last + 1).saturating_sub(from),
                    Some(codes) => codes.iter().filter(|code| key.serial_of(**code).is_some()).count() as u32,
                };
                let plan = SeriesPlan { key, high, range, runs: Vec::new(), left };
                self.counters.push(Counter { plan, rows: Vec::new(), next: (from <= last).then_some(from) });
                self.counters.len() - 1
            }
        };
        let Some(codes) = setting.reserved else { return Ok((series, None)) };
        let serial_of = |code: &CertCode| {
            let serial = key.serial_of(*code)?;
            (compose(&profile.layout, prefix, year, level, serial) == Ok(*code)).then_some(serial)
        };
        self.queues.push(codes.iter().filter_map(serial_of).collect());
        Ok((series, Some(self.queues.len() - 1)))
    }
}

/// Gives the day the certificate bears: today where the profile says so, else what stands in the row.
fn issue_date(text: &str, setting: &Setting<'_>) -> Result<NaiveDate, RowRefusal> {
    if !setting.profile.numbering.issue_date_clause.is_empty() {
        return Ok(setting.today);
    }
    if text.trim().is_empty() {
        return Err(RowRefusal::NoIssueDate);
    }
    let (DateReading::Iso(day) | DateReading::Other(day)) = date::read(text) else {
        return Err(RowRefusal::DateUnread);
    };
    if setting.today < day {
        return Err(RowRefusal::DateInFuture);
    }
    let first = setting.profile.year.first;
    if day.year() < first { Err(RowRefusal::DateTooEarly(first)) } else { Ok(day) }
}

#[cfg(test)]
#[path = "plan_tests.rs"]
mod tests;
