//! Rules about what a notice calls doubtful data (B): one person with more at once than people usually get, and days with
//! more certificates than an institution usually issues. They are only for a look; the limits are settings.

use super::catalogue::{BLANK, RuleSpec};
use super::checks::Check;
use super::{Detail, Severity};
use crate::domain::roster::RowId;
use crate::domain::sheet::Field;

/// From how many on something is doubtful; 0 for never.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DoubtLimits {
    /// Levels of one person on one day.
    pub day_levels: u16,
    /// Occupations of one person on one day.
    pub day_occupations: u16,
    /// Certificates of one person in one roster.
    pub certificates: u16,
    /// Certificates of one day in one roster.
    pub day_certificates: u16,
}

impl Default for DoubtLimits {
    fn default() -> DoubtLimits {
        DoubtLimits { day_levels: 2, day_occupations: 2, certificates: 4, day_certificates: 1000 }
    }
}

pub(super) const RULES: &[RuleSpec] = &[
    // One person with several levels on one day.
    RuleSpec {
        code: "B01",
        name: "levels-on-a-day",
        severity: Severity::Warning,
        clause: "BJ-33",
        reads: &[Field::IdNumber, Field::Level, Field::IssueDate],
        checks: &[Check::Doubt(|counts, limits| reached(counts.day_levels, limits.day_levels))],
        ..BLANK
    },
    // One person with several occupations on one day.
    RuleSpec {
        code: "B02",
        name: "occupations-on-a-day",
        severity: Severity::Warning,
        clause: "BJ-33",
        reads: &[Field::IdNumber, Field::Occupation, Field::IssueDate],
        checks: &[Check::Doubt(|counts, limits| reached(counts.day_occupations, limits.day_occupations))],
        ..BLANK
    },
    // One person with many certificates.
    RuleSpec {
        code: "B03",
        name: "many-certificates",
        severity: Severity::Warning,
        clause: "BJ-33",
        reads: &[Field::IdNumber, Field::Occupation, Field::Level],
        checks: &[Check::Doubt(|counts, limits| reached(counts.certificates, limits.certificates))],
        ..BLANK
    },
    // Many certificates on one day.
    RuleSpec {
        code: "B04",
        name: "burst",
        severity: Severity::Warning,
        clause: "BJ-33",
        reads: &[Field::IssueDate],
        checks: &[Check::Day(|count, limits| reached(count, limits.day_certificates))],
        ..BLANK
    },
];

/// What there is of one person; of a day, that of one certificate.
#[derive(Debug, Clone, Copy, Default)]
pub struct DoubtCounts {
    pub day_levels: usize,
    pub day_occupations: usize,
    pub certificates: usize,
}

impl DoubtCounts {
    /// Counts a person's certificates, each given by its key; sorts them by their days, and tells for each day what holds for all
    /// that are of it.
    pub fn by_day(awards: &mut [(u64, RowId)]) -> impl Iterator<Item = (&[(u64, RowId)], DoubtCounts)> {
        // Within a day they are in the order of their occupations, so that equal ones stand together.
        awards.sort_unstable_by_key(|(key, row)| (award::day(*key), *key, *row));
        let awards = &*awards;
        let certificates = runs(awards.iter().map(|(key, _)| *key));
        awards.chunk_by(|a, b| award::day(a.0) == award::day(b.0)).map(move |of_day| {
            let mut counts = DoubtCounts { certificates, ..DoubtCounts::default() };
            if award::day(of_day[0].0) != 0 {
                let levels = of_day.iter().fold(0u16, |levels, (key, _)| levels | 1 << award::level(*key));
                counts.day_levels = levels.count_ones() as usize;
                counts.day_occupations = runs(of_day.iter().map(|(key, _)| award::occupation(*key)));
            }
            (of_day, counts)
        })
    }
}

/// Counts different values of which equal ones follow each other.
fn runs(values: impl Iterator<Item = u64>) -> usize {
    let mut last = None;
    values.filter(|value| last.replace(*value) != Some(*value)).count()
}

fn reached(count: usize, limit: u16) -> Option<Detail> {
    (limit != 0 && usize::from(limit) <= count).then_some(Detail::Number(count as u32))
}

/// What a certificate is for, as a key: the hash of the occupation, the level, and the day of issue. 0 for a row that does not
/// tell.
pub mod award {
    use chrono::NaiveDate;

    use crate::domain::level::Level;

    const DAY_BITS: u32 = 16;
    const LEVEL_BITS: u32 = 4;

    /// Puts a key together. Days are counted from 2000 on; 0 stands for a day that is not known or lies outside.
    pub fn key(occupation: u64, level: Level, day: Option<NaiveDate>) -> u64 {
        let since = NaiveDate::from_ymd_opt(1999, 12, 31).unwrap_or_default();
        let day = day.and_then(|day| u16::try_from(day.signed_duration_since(since).num_days()).ok()).unwrap_or(0);
        let occupation = occupation >> (DAY_BITS + LEVEL_BITS) << (DAY_BITS + LEVEL_BITS);
        occupation | u64::from(level.digit()) << DAY_BITS | u64::from(day)
    }

    /// Gives occupation and level, which make two certificates of a person the same.
    pub fn what(key: u64) -> u64 {
        key >> DAY_BITS
    }

    pub fn occupation(key: u64) -> u64 {
        key >> (DAY_BITS + LEVEL_BITS)
    }

    pub fn level(key: u64) -> u64 {
        what(key) & ((1 << LEVEL_BITS) - 1)
    }

    /// Gives the number of the day; 0 for none.
    pub fn day(key: u64) -> u16 {
        key as u16
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use chrono::{Days, NaiveDate};

    use super::*;
    use crate::domain::level::Level;

    fn key(occupation: u64, level: u8, day: Option<u64>) -> u64 {
        let first = NaiveDate::from_ymd_opt(2024, 11, 8).unwrap();
        award::key(occupation << 20, Level::try_from(level).unwrap(), day.map(|day| first + Days::new(day)))
    }

    #[test]
    fn certificates_are_counted_by_day_as_if_each_were_compared_with_all() {
        let mut awards: Vec<(u64, RowId)> = (0..120u32)
            .map(|row| {
                let n = u64::from(row) * 7919 % 60;
                (key(n % 5, 1 + row as u8 % 3, (n % 4 != 0).then_some(n % 4)), row)
            })
            .collect();
        let all = awards.clone();
        let different = |of: &dyn Fn(u64) -> bool, what: fn(u64) -> u64| {
            all.iter().map(|(key, _)| *key).filter(|key| of(*key)).map(what).collect::<BTreeSet<u64>>().len()
        };
        let mut rows = 0;
        for (of_day, counts) in DoubtCounts::by_day(&mut awards) {
            let day = award::day(of_day[0].0);
            assert!(of_day.iter().all(|(key, _)| award::day(*key) == day));
            let is_that = |key: u64| day != 0 && award::day(key) == day;
            assert_eq!(counts.day_levels, different(&is_that, award::level));
            assert_eq!(counts.day_occupations, different(&is_that, award::occupation));
            assert_eq!(counts.certificates, different(&|_| true, |key| key));
            rows += of_day.len();
        }
        assert_eq!(rows, all.len());
    }

    /// An ID number that was filled down a whole file. Whoever compares each row with each does not come back from here.
    #[test]
    fn a_person_with_two_hundred_thousand_rows_is_counted_once_per_day() {
        let mut awards: Vec<(u64, RowId)> =
            (0..200_000).map(|row| (key(u64::from(row % 2), 3, Some(u64::from(row % 3))), row)).collect();
        let days: Vec<(usize, DoubtCounts)> =
            DoubtCounts::by_day(&mut awards).map(|(of_day, counts)| (of_day.len(), counts)).collect();
        assert_eq!(days.iter().map(|(rows, _)| rows).sum::<usize>(), 200_000);
        assert_eq!(days.len(), 3);
        for (_, counts) in days {
            assert_eq!((counts.day_levels, counts.day_occupations, counts.certificates), (1, 2, 6));
        }
    }
}
