//! Rules about 发证日期 (A): whether it is a day, and which.

use chrono::Datelike;

use super::catalogue::{BLANK, RuleSpec};
use super::checks::{Check, when};
use super::repair::Repair;
use super::{Safety, Severity};
use crate::domain::date::DateReading;
use crate::domain::sheet::Field;

pub(super) const RULES: &[RuleSpec] = &[
    // The issue date is no `YYYY-MM-DD`, but can mean only one day.
    RuleSpec {
        code: "A01",
        name: "date-form",
        severity: Severity::Error,
        clause: "GS-41",
        reads: DATE,
        checks: &[Check::Date(|cell| when(matches!(cell.reading, DateReading::Other(_) | DateReading::Serial(_))))],
        repair: Some(Repair::Either {
            because: "A date with year, month and day keeps its meaning; a day number may have been something else.",
            to: |cell| {
                let reading = cell.context.date(cell.raw);
                let safety = if matches!(reading, DateReading::Serial(_)) { Safety::Unsafe } else { Safety::Safe };
                Some((reading.day()?.format("%Y-%m-%d").to_string(), safety))
            },
        }),
        ..BLANK
    },
    // There is no such day.
    RuleSpec {
        code: "A02",
        name: "date-impossible",
        severity: Severity::Error,
        reads: DATE,
        checks: &[Check::Date(|cell| when(cell.reading == DateReading::Impossible))],
        ..BLANK
    },
    RuleSpec {
        code: "A03",
        name: "date-future",
        severity: Severity::Error,
        reads: DATE,
        checks: &[Check::Date(|cell| when(cell.reading.day().is_some_and(|day| cell.context.today < day)))],
        ..BLANK
    },
    // The day lies before the coding rule.
    RuleSpec {
        code: "A04",
        name: "date-early",
        severity: Severity::Warning,
        clause: "X-17",
        reads: DATE,
        checks: &[Check::Date(|cell| {
            when(cell.past_day().is_some_and(|day| day.year() < cell.context.profile.year.first))
        })],
        ..BLANK
    },
    // Day, month or century cannot be told apart.
    RuleSpec {
        code: "A05",
        name: "date-ambiguous",
        severity: Severity::Error,
        reads: DATE,
        checks: &[Check::Date(|cell| when(cell.reading == DateReading::Ambiguous))],
        ..BLANK
    },
    // No date at all.
    RuleSpec {
        code: "A06",
        name: "date-unreadable",
        severity: Severity::Error,
        reads: DATE,
        checks: &[Check::Date(|cell| when(cell.reading == DateReading::Unknown))],
        ..BLANK
    },
    RuleSpec {
        code: "A07",
        name: "date-weekend",
        severity: Severity::Notice,
        reads: DATE,
        checks: &[Check::Date(|cell| {
            when(cell.chosen_day().is_some_and(|day| cell.context.tables.calendar.day_surely_off(day).is_some()))
        })],
        ..BLANK
    },
];

const DATE: &[Field] = &[Field::IssueDate];
