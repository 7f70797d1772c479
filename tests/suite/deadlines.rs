//! Deadlines: the notices' own examples, and a second way of counting.

use std::sync::Arc;

use chrono::{Datelike, NaiveDate, Weekday};
use proptest::prelude::*;
use skillcert::data;
use skillcert::domain::calendar::{Calendar, DaySource};
use skillcert::domain::deadline::DueDay;
use skillcert::domain::profile::{Deadline, LengthUnit, Profile};

use crate::support::root;

fn calendar() -> Calendar {
    data::tables([]).calendar
}

/// Finds the rule of a clause, in the profile that has it.
fn rule(clause: &str) -> (Arc<Profile>, Deadline) {
    let found = data::profiles().iter().find_map(|profile| {
        let deadline = profile.deadlines.iter().find(|deadline| deadline.clause == clause)?;
        Some((Arc::clone(profile), deadline.clone()))
    });
    found.unwrap_or_else(|| panic!("{clause} is in no profile"))
}

/// Reads a day, or a year as its first day.
fn day(text: &str) -> NaiveDate {
    text.parse().or_else(|_| format!("{text}-01-01").parse()).unwrap_or_else(|_| panic!("{text} is no day"))
}

fn second_reading(clause: &str, start: NaiveDate, calendar: &Calendar) -> DueDay {
    let (profile, deadline) = rule(clause);
    let other = profile.deadlines.iter().find(|other| other.clause == deadline.or_after).expect("another deadline");
    deadline.due_after(&other.due(start, calendar).expect("a day"), calendar).expect("a day")
}

#[test]
fn every_example_ends_on_its_day() {
    let calendar = calendar();
    let text = std::fs::read_to_string(root("tests/cases/deadlines.csv")).expect("the examples");
    let mut count = 0;
    for line in text.lines().filter(|line| !line.starts_with('#')).skip(1) {
        let cells: Vec<&str> = line.splitn(5, ',').collect();
        let [clause, event, start, wanted, note] = cells[..] else { panic!("{line}") };
        let (_, deadline) = rule(clause);
        if !event.is_empty() {
            assert_eq!(deadline.from, event, "{line}");
        }
        let start = day(start);
        let due = if note.starts_with("second reading") {
            second_reading(clause, start, &calendar)
        } else {
            deadline.due(start, &calendar).expect("a day")
        };
        assert_eq!(due.due, day(wanted), "{line}");
        // The notices of the years up to 2026 are out.
        assert_eq!(due.source.is_provisional(), 2027 <= due.due.year(), "{line}");
        assert!(due.source.is_provisional() || !note.contains("provisional"), "{line}");
        count += 1;
    }
    assert_eq!(count, 27);
}

#[test]
fn what_the_examples_note_is_shown_beside() {
    let calendar = calendar();
    let ends = |clause: &str, start: &str| rule(clause).1.due(day(start), &calendar).expect("a day");
    // Months end where they end: what the law puts off is told, and does not bar.
    assert_eq!(ends("BJ-22", "2025-09-30").put_off, None, "it is worked on that Saturday");
    assert_eq!(ends("BJ-22", "2025-08-31").put_off, Some(day("2026-02-02")));
    assert_eq!(second_reading("BJ-22", day("2025-09-30"), &calendar).start, Some(day("2025-11-18")));
    assert_eq!(second_reading("BJ-22", day("2025-09-30"), &calendar).put_off, Some(day("2026-04-20")));
    // A fixed day is never put off.
    for (clause, year, safe) in
        [("GD-05", "2025", "2025-01-24"), ("GD-05", "2026", "2026-01-23"), ("SC-33", "2022", "2022-07-29")]
    {
        let due = ends(clause, year);
        assert_eq!((due.put_off, due.safe, due.start), (None, day(safe), None), "{clause} {year}");
    }
    // Seven days before, and seven whole days before.
    assert_eq!(ends("GZ-09", "2026-10-12").clear, Some(day("2026-09-23")));
    assert_eq!(ends("BJ-16", "2026-11-28").source, DaySource::Computed);
    assert_eq!(ends("BJ-16", "2028-11-28").source, DaySource::Weekday);
}

/// Counts days as one does on paper: one by one, looking each of them up in the table as it is printed.
fn on_paper(deadline: &Deadline, start: NaiveDate, table: &str) -> NaiveDate {
    let is_worked = |day: NaiveDate| {
        let line = table.lines().find(|line| line.starts_with(&day.to_string()));
        let kind = line.and_then(|line| line.split(',').nth(1));
        kind.map_or(!matches!(day.weekday(), Weekday::Sat | Weekday::Sun), |kind| kind == "work")
    };
    let mut at = start;
    if deadline.unit == LengthUnit::WorkingDays {
        let mut left = deadline.length;
        while left != 0 {
            at = if 0 < left { at.succ_opt() } else { at.pred_opt() }.expect("a day");
            if is_worked(at) {
                left -= left.signum();
            }
        }
        return at;
    }
    let months = deadline.length * if deadline.unit == LengthUnit::Years { 12 } else { 1 };
    let month = start.year() * 12 + start.month0() as i32 + months;
    let (year, month) = (month.div_euclid(12), month.rem_euclid(12) as u32 + 1);
    (1..=start.day()).rev().find_map(|day| NaiveDate::from_ymd_opt(year, month, day)).expect("a month has days")
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    /// 200 days a rule.
    #[test]
    fn counting_on_paper_gives_the_same(days in 0..3_650_u64) {
        let calendar = calendar();
        let table = std::fs::read_to_string(root("data/tables/calendar.csv")).expect("the table");
        let start = day("2018-01-01") + chrono::Days::new(days);
        for profile in data::profiles() {
            for deadline in profile.deadlines.iter().filter(|deadline| !deadline.is_fixed()) {
                let due = deadline.due(start, &calendar).expect("a day");
                prop_assert_eq!(due.due, on_paper(deadline, start, &table), "{} from {}", deadline.clause, start);
                prop_assert!(calendar.is_working_day(due.safe) && due.safe <= due.due);
                let steps = deadline.steps(&due, &calendar);
                prop_assert_eq!(steps.first().map(|step| step.day), Some(start));
                prop_assert_eq!(steps.last().map(|step| (step.day, step.number)), Some((due.due, Some(deadline.length.unsigned_abs()))));
            }
        }
    }
}
