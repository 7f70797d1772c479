//! Screening (筛查): what in the ledger and in a batch asks for a second look, never a refusal (BJ-69). Only the centre suspends.

use std::collections::BTreeSet;

use chrono::{Days, NaiveDate};

use super::BatchId;
use crate::domain::code::CertCode;
use crate::domain::vocabulary::vocabulary;

/// The clause that asks for it.
pub const SCREENING_CLAUSE: &str = "BJ-69";

/// From how many on something is doubtful; 0 for never.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ScreeningLimits {
    /// Levels of one person on one day.
    pub day_levels: u16,
    /// Occupations of one person on one day.
    pub day_occupations: u16,
    /// Certificates of one institution within [`ScreeningLimits::burst_days`].
    pub burst: u16,
    pub burst_days: u16,
}

/// A certificate of somebody, as it is screened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldCertificate {
    /// The ID number in its clean form.
    pub person: String,
    pub name: String,
    pub day: String,
    pub level: String,
    pub occupation: String,
    /// Nothing where it has no number yet.
    pub code: Option<CertCode>,
    /// The line of the batch that is screened, where it stands there.
    pub line: Option<u32>,
}

/// What of one person is of one day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SameDay {
    pub person: String,
    pub name: String,
    pub day: String,
    pub certificates: u32,
    pub levels: BTreeSet<String>,
    pub occupations: BTreeSet<String>,
    pub codes: Vec<CertCode>,
    pub lines: Vec<u32>,
}

vocabulary! {
    /// What a notice has watched most closely (重点环节).
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
    pub enum Watched {
        /// 破格晋升
        ExceptionalPromotion = "exceptional-promotion",
        /// 直接认定
        DirectRecognition = "direct-recognition",
    }
}

/// What asks for a second look.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ScreeningFinding {
    /// One person has several levels or occupations on one day.
    SameDay(SameDay),
    /// An institution has very many certificates of few days.
    Burst { prefix: String, institution: String, from: NaiveDate, to: NaiveDate, certificates: u64 },
    /// A batch is noted as such, or rows of it are marked so.
    Watched { what: Watched, batch: BatchId, file: String, lines: Vec<u32> },
}

impl ScreeningFinding {
    /// Gives the name of what it is.
    pub fn key(&self) -> &'static str {
        match self {
            ScreeningFinding::SameDay(_) => "same-day",
            ScreeningFinding::Burst { .. } => "burst",
            ScreeningFinding::Watched { what, .. } => what.key(),
        }
    }
}

/// Takes certificates one after the other, those of a person together, and keeps what of a day is too much.
#[derive(Debug)]
pub struct SameDays {
    limits: ScreeningLimits,
    /// Those of the person in hand.
    open: Vec<SameDay>,
    found: Vec<SameDay>,
}

impl SameDays {
    pub fn new(limits: ScreeningLimits) -> SameDays {
        SameDays { limits, open: Vec::new(), found: Vec::new() }
    }

    pub fn take(&mut self, one: HeldCertificate) {
        if self.open.first().is_some_and(|open| open.person != one.person) {
            self.close();
        }
        let at = self.open.iter().position(|open| open.day == one.day).unwrap_or_else(|| {
            self.open.push(SameDay {
                person: one.person.clone(),
                name: one.name.clone(),
                day: one.day.clone(),
                certificates: 0,
                levels: BTreeSet::new(),
                occupations: BTreeSet::new(),
                codes: Vec::new(),
                lines: Vec::new(),
            });
            self.open.len() - 1
        });
        let open = &mut self.open[at];
        open.certificates += 1;
        open.levels.insert(one.level);
        open.occupations.insert(one.occupation);
        open.codes.extend(one.code);
        open.lines.extend(one.line);
    }

    fn close(&mut self) {
        let ScreeningLimits { day_levels, day_occupations, .. } = self.limits;
        let is_much = |n: usize, limit: u16| limit != 0 && usize::from(limit) <= n;
        let is_found = |open: &SameDay| {
            !open.day.is_empty()
                && (is_much(open.levels.len(), day_levels) || is_much(open.occupations.len(), day_occupations))
        };
        self.found.extend(self.open.drain(..).filter(is_found));
    }

    /// Gives what was found, the most certificates first.
    pub fn finish(mut self) -> Vec<SameDay> {
        self.close();
        self.found.sort_by(|a, b| (b.certificates, &a.person, &a.day).cmp(&(a.certificates, &b.person, &b.day)));
        self.found
    }
}

/// Finds the spans of few days on which there are very many; `days` in their order, each once. Spans do not overlap.
pub fn bursts(days: &[(NaiveDate, u64)], limits: ScreeningLimits) -> Vec<(NaiveDate, NaiveDate, u64)> {
    let (most, within) = (u64::from(limits.burst), u64::from(limits.burst_days.max(1)));
    let mut found = Vec::new();
    let mut at = 0;
    while most != 0 && at < days.len() {
        let first = days[at].0;
        let last = first.checked_add_days(Days::new(within - 1)).unwrap_or(first);
        let span = days[at..].iter().take_while(|(day, _)| *day <= last);
        let (n, sum, to) = span.fold((0, 0, first), |(n, sum, _), (day, count)| (n + 1, sum + count, *day));
        if most <= sum {
            found.push((first, to, sum));
            at += n;
        } else {
            at += 1;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: ScreeningLimits = ScreeningLimits { day_levels: 2, day_occupations: 2, burst: 10, burst_days: 3 };

    fn held(person: &str, day: &str, level: &str, occupation: &str) -> HeldCertificate {
        let [person, day, level, occupation] = [person, day, level, occupation].map(String::from);
        HeldCertificate { person, name: String::new(), day, level, occupation, code: None, line: None }
    }

    #[test]
    fn one_person_with_eight_certificates_of_four_levels_and_five_occupations_on_a_day_is_found() {
        let mut days = SameDays::new(LIMITS);
        for n in 0..8 {
            days.take(held(
                "A",
                "2026-03-01",
                ["1", "2", "3", "4"][n % 4],
                ["电工", "焊工", "钳工", "车工", "铣工"][n % 5],
            ));
        }
        days.take(held("B", "2026-03-01", "3", "电工"));
        days.take(held("B", "2026-03-02", "4", "焊工"));
        days.take(held("C", "", "4", "焊工"));
        days.take(held("C", "", "3", "焊工"));
        let found = days.finish();
        let [one] = &found[..] else { panic!("{found:?}") };
        assert_eq!((one.person.as_str(), one.certificates, one.levels.len(), one.occupations.len()), ("A", 8, 4, 5));
    }

    #[test]
    fn a_limit_of_none_finds_nothing() {
        let mut days = SameDays::new(ScreeningLimits { day_levels: 0, day_occupations: 0, ..LIMITS });
        days.take(held("A", "2026-03-01", "3", "电工"));
        days.take(held("A", "2026-03-01", "4", "焊工"));
        assert!(days.finish().is_empty());
    }

    #[test]
    fn many_of_few_days_are_a_burst_and_spans_do_not_overlap() {
        let day = |text: &str| -> NaiveDate { text.parse().unwrap() };
        let days =
            [("2026-03-01", 4), ("2026-03-03", 6), ("2026-03-04", 9), ("2026-03-09", 10)].map(|(d, n)| (day(d), n));
        let found = bursts(&days, LIMITS);
        let expected = [("2026-03-01", "2026-03-03", 10), ("2026-03-09", "2026-03-09", 10)];
        assert_eq!(found, expected.map(|(from, to, n)| (day(from), day(to), n)));
        assert!(bursts(&days, ScreeningLimits { burst: 0, ..LIMITS }).is_empty());
        let one_day = ScreeningLimits { burst_days: 1, burst: 9, ..LIMITS };
        assert_eq!(bursts(&days, one_day).len(), 2);
    }
}
