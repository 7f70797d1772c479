//! Rules about what a notice calls doubtful data (B): one person with more at once than people usually get, and days with
//! more certificates than an institution usually issues. They are only for a look; the limits are settings.

use super::catalogue::{BLANK, RuleSpec};
use super::checks::Check;
use super::{Detail, Severity};
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
