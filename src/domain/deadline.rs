//! Deadlines (期限): the day on which one ends, and how it was counted.
//!
//! The day of the event never counts (民法典 第二百零一条). Working days are counted one by one. Months and years end on the day of
//! the same number, or on the month's last where it has no such day (第二百零二条); where that is a day off, the next working day
//! (第二百零三条) is given beside it, and the day itself stays the one that bars. A fixed day is never put off.

use chrono::{Days, Months, NaiveDate};

use super::calendar::{Calendar, DayOff, DaySource};
use super::profile::{Deadline, LengthUnit};

/// The word for a day of every year.
pub const YEAR: &str = "year";

/// The word for a day that comes once.
pub const ONCE: &str = "once";

/// No deadline is further from its event: what is longer is a slip in a profile.
const FURTHEST: u64 = 40_000;

/// The day on which a deadline ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DueDay {
    /// The day of the event; `None` for a fixed day.
    pub start: Option<NaiveDate>,
    /// The last day on which it is met.
    pub due: NaiveDate,
    /// The next working day, where months or years end on a day off.
    pub put_off: Option<NaiveDate>,
    /// The last working day that is no later: on it whoever receives the papers is there.
    pub safe: NaiveDate,
    /// Before an event: the day with so many whole working days in between, which is one earlier.
    pub clear: Option<NaiveDate>,
    /// How sure the least sure of the days is that were counted.
    pub source: DaySource,
}

/// A day between an event and the end of a deadline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DayStep<'a> {
    pub day: NaiveDate,
    /// The how many-th it is; `None` for one that does not count.
    pub number: Option<u32>,
    /// Why it does not count; nothing for the day of the event.
    pub off: Option<DayOff<'a>>,
}

impl Deadline {
    /// The words that stand for no event: a day of every year, and one day.
    pub const NO_EVENTS: [&'static str; 2] = [YEAR, ONCE];

    /// Tells whether it ends on a day that stands in the notice, whatever happens.
    pub fn is_fixed(&self) -> bool {
        !self.on.is_empty()
    }

    /// Tells whether that day comes once.
    pub fn is_once(&self) -> bool {
        self.from == ONCE
    }

    /// Finds the day on which it ends. `start` is the day of the event; of a day of every year, any day of the year that is
    /// meant. `None` for what is no day: a profile's own mistake, or beyond the dates there are.
    pub fn due(&self, start: NaiveDate, calendar: &Calendar) -> Option<DueDay> {
        if self.is_fixed() {
            let day = self.fixed_day(start)?;
            return self.ends(None, day, calendar);
        }
        let due = match self.unit {
            LengthUnit::WorkingDays => counted_days(start, self.length, calendar).last()?,
            LengthUnit::Months => moved_by(start, self.length)?,
            LengthUnit::Years => moved_by(start, self.length.checked_mul(12)?)?,
        };
        self.ends(Some(start), due, calendar)
    }

    /// Finds the day on which it ends where it is read as counting from the end of another (`or_after`).
    pub fn due_after(&self, other: &DueDay, calendar: &Calendar) -> Option<DueDay> {
        let due = self.due(other.due, calendar)?;
        Some(DueDay { start: Some(other.due), source: due.source.max(other.source), ..due })
    }

    fn ends(&self, start: Option<NaiveDate>, due: NaiveDate, calendar: &Calendar) -> Option<DueDay> {
        let is_counted = !self.is_fixed() && self.unit == LengthUnit::WorkingDays;
        let put_off = (!self.is_fixed() && !is_counted).then(|| calendar.working_day_from(due)).flatten();
        let clear = || counted_days(start?, self.length.checked_sub(1)?, calendar).last();
        let least_sure = |days: &mut dyn Iterator<Item = NaiveDate>| days.map(|day| calendar.source(day)).max();
        let first = start.unwrap_or(due);
        Some(DueDay {
            start,
            due,
            put_off: put_off.filter(|day| *day != due),
            safe: calendar.working_day_upto(due)?,
            clear: (is_counted && self.length < 0).then(clear).flatten(),
            source: if is_counted {
                // The years between are full of counted days.
                least_sure(&mut first.min(due).iter_days().take_while(|day| *day <= first.max(due)))?
            } else {
                calendar.source(due)
            },
        })
    }

    /// Gives the day that stands in the notice, of the year of a day where it comes back every year.
    fn fixed_day(&self, within: NaiveDate) -> Option<NaiveDate> {
        let once = NaiveDate::parse_from_str(&self.on, "%Y-%m-%d").ok();
        once.or_else(|| NaiveDate::parse_from_str(&format!("{}-{}", within.format("%Y"), self.on), "%Y-%m-%d").ok())
    }

    /// Lists the days from the event to the end, as they were counted; of months, years and fixed days the two ends alone.
    pub fn steps<'a>(&self, due: &DueDay, calendar: &'a Calendar) -> Vec<DayStep<'a>> {
        let Some(start) = due.start else { return Vec::new() };
        let first = DayStep { day: start, number: None, off: None };
        if self.unit != LengthUnit::WorkingDays {
            return vec![first, DayStep { day: due.due, number: Some(self.length.unsigned_abs()), off: None }];
        }
        let mut number = 0;
        let step = |day: NaiveDate| {
            let off = calendar.day_off(day);
            number += u32::from(off.is_none());
            DayStep { day, number: off.is_none().then_some(number), off }
        };
        let is_there = |day: &NaiveDate| if due.due < start { due.due <= *day } else { *day <= due.due };
        std::iter::once(first).chain(days_from(start, self.length < 0).take_while(is_there).map(step)).collect()
    }
}

/// Lists the days after a day, or before it, nearest first.
fn days_from(start: NaiveDate, back: bool) -> impl Iterator<Item = NaiveDate> {
    let next = move |n: u64| {
        if back { start.checked_sub_days(Days::new(n)) } else { start.checked_add_days(Days::new(n)) }
    };
    (1..=FURTHEST).map_while(next)
}

/// Lists the working days after a day that a length counts, or before it; none where there are not so many.
fn counted_days(start: NaiveDate, length: i32, calendar: &Calendar) -> impl Iterator<Item = NaiveDate> {
    let wanted = length.unsigned_abs() as usize;
    let days: Vec<NaiveDate> =
        days_from(start, length < 0).filter(|day| calendar.is_working_day(*day)).take(wanted).collect();
    let is_whole = days.len() == wanted;
    days.into_iter().filter(move |_| is_whole)
}

fn moved_by(start: NaiveDate, months: i32) -> Option<NaiveDate> {
    let length = Months::new(months.unsigned_abs());
    if months < 0 { start.checked_sub_months(length) } else { start.checked_add_months(length) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a real day")
    }

    fn deadline(text: &str) -> Deadline {
        toml::from_str(&format!("name = \"a\"\nname_en = \"a\"\nclause = \"X-1\"\n{text}")).expect("a deadline")
    }

    fn calendar() -> Calendar {
        Calendar::new([
            (day("2026-02-16"), Some("春节".into()), DaySource::Published),
            (day("2026-02-14"), None, DaySource::Published),
        ])
    }

    #[test]
    fn every_day_is_told_that_was_counted() {
        let five = deadline("from = \"received\"\nlength = 2");
        let calendar = calendar();
        let due = five.due(day("2026-02-13"), &calendar).expect("a day");
        let told = |step: &DayStep<'_>| format!("{} {:?} {:?}", step.day, step.number, step.off);
        let steps: Vec<String> = five.steps(&due, &calendar).iter().map(told).collect();
        assert_eq!(
            steps,
            [
                "2026-02-13 None None",
                "2026-02-14 Some(1) None",
                "2026-02-15 None Some(Sunday)",
                "2026-02-16 None Some(Holiday(\"春节\"))",
                "2026-02-17 Some(2) None",
            ]
        );
        assert_eq!((due.due, due.safe, due.put_off), (day("2026-02-17"), day("2026-02-17"), None));
    }

    #[test]
    fn what_is_no_day_is_none() {
        let calendar = calendar();
        let start = day("2026-02-13");
        assert_eq!(deadline("from = \"year\"\non = \"02-30\"").due(start, &calendar), None);
        assert_eq!(deadline("from = \"a\"\nlength = 2000000000").due(start, &calendar), None);
        assert_eq!(deadline("from = \"a\"\nlength = -2147483648").due(start, &calendar), None);
        assert_eq!(deadline("from = \"a\"\nlength = 2000000000\nunit = \"years\"").due(start, &calendar), None);
        assert_eq!(deadline("from = \"a\"").due(start, &calendar), None, "it has no length");
    }
}
