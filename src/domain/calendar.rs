//! The working week as it is lived: weekends, holidays on weekdays, and weekends that are worked.

use std::collections::{BTreeSet, HashMap, HashSet};

use chrono::{Datelike, Days, NaiveDate, Weekday};
use serde::Deserialize;

/// The days that are not what their weekday says.
#[derive(Debug, Clone, Default)]
pub struct Calendar {
    special: HashMap<NaiveDate, SpecialDay>,
    /// Per year, how sure its days are.
    years: HashMap<i32, DaySource>,
}

/// Lists the years whose whole calendar is among days off: whoever copies the State Council's notice has the Spring Festival and
/// the first days of October in it, and who notes days of their own has not.
pub fn whole_years(off: impl IntoIterator<Item = NaiveDate>) -> HashSet<i32> {
    let (mut spring, mut october) = (HashSet::new(), HashSet::new());
    for day in off {
        match (day.month(), day.day()) {
            (1 | 2, _) => spring.insert(day.year()),
            (10, 1..=8) => october.insert(day.year()),
            _ => continue,
        };
    }
    spring.intersection(&october).copied().collect()
}

#[derive(Debug, Clone)]
struct SpecialDay {
    /// The name of the holiday; nothing for a day that is worked.
    holiday: Option<String>,
    source: DaySource,
}

/// Where a day of the calendar is from (日历来源), surest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DaySource {
    /// The user's own calendar has the days of its year.
    User,
    /// The State Council's notice of the year.
    Published,
    /// The holidays as the law has them; the notice of the year may still move them.
    Computed,
    /// The weekday alone: nothing is known of the year.
    Weekday,
}

impl DaySource {
    pub const ALL: [DaySource; 4] = [DaySource::User, DaySource::Published, DaySource::Computed, DaySource::Weekday];

    /// Gives the stable name.
    pub fn key(self) -> &'static str {
        match self {
            DaySource::User => "user",
            DaySource::Published => "published",
            DaySource::Computed => "computed",
            DaySource::Weekday => "weekday",
        }
    }

    /// Tells whether a day may still turn out otherwise.
    pub fn is_provisional(self) -> bool {
        DaySource::Computed <= self
    }
}

/// Why nobody works on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DayOff<'a> {
    Saturday,
    Sunday,
    /// A holiday of this name, which may be empty.
    Holiday(&'a str),
}

impl Calendar {
    /// Takes the days off, each with the name of its holiday, and the days worked, which have none.
    pub fn new(special: impl IntoIterator<Item = (NaiveDate, Option<String>, DaySource)>) -> Calendar {
        let special: HashMap<NaiveDate, SpecialDay> =
            special.into_iter().map(|(date, holiday, source)| (date, SpecialDay { holiday, source })).collect();
        let own = special.iter().filter(|(_, day)| day.source == DaySource::User && day.holiday.is_some());
        let whole = whole_years(own.map(|(date, _)| *date));
        let mut sources: HashMap<i32, BTreeSet<DaySource>> = HashMap::new();
        special.iter().for_each(|(date, day)| {
            sources.entry(date.year()).or_default().insert(day.source);
        });
        // Single days that somebody knows make a year no surer than it was.
        let of_year = |(year, sources): (i32, BTreeSet<DaySource>)| {
            let source = match sources.first() {
                _ if sources.contains(&DaySource::Computed) => DaySource::Computed,
                Some(DaySource::User) if sources.len() == 1 && !whole.contains(&year) => DaySource::Weekday,
                first => first.copied().unwrap_or(DaySource::Weekday),
            };
            (year, source)
        };
        Calendar { years: sources.into_iter().map(of_year).collect(), special }
    }

    /// Tells why a day is off; `None` for a working day.
    pub fn day_off(&self, day: NaiveDate) -> Option<DayOff<'_>> {
        match (self.special.get(&day), day.weekday()) {
            (Some(special), _) => special.holiday.as_deref().map(DayOff::Holiday),
            (None, Weekday::Sat) => Some(DayOff::Saturday),
            (None, Weekday::Sun) => Some(DayOff::Sunday),
            (None, _) => None,
        }
    }

    /// Tells why a day is off, where that is sure: a holiday that may still move says nothing against a date.
    pub fn day_surely_off(&self, day: NaiveDate) -> Option<DayOff<'_>> {
        let is_sure = !self.special.get(&day).is_some_and(|special| special.source.is_provisional());
        self.day_off(day).filter(|_| is_sure)
    }

    pub fn is_working_day(&self, day: NaiveDate) -> bool {
        self.day_off(day).is_none()
    }

    /// Tells how sure the days of a day's year are.
    pub fn source(&self, day: NaiveDate) -> DaySource {
        self.years.get(&day.year()).copied().unwrap_or(DaySource::Weekday)
    }

    /// Gives the first working day from a day on; `None` beyond the last date there is.
    pub fn working_day_from(&self, day: NaiveDate) -> Option<NaiveDate> {
        day.iter_days().find(|day| self.is_working_day(*day))
    }

    /// Gives the last working day up to a day; `None` before the first date there is.
    pub fn working_day_upto(&self, day: NaiveDate) -> Option<NaiveDate> {
        std::iter::successors(Some(day), |day| day.checked_sub_days(Days::new(1))).find(|day| self.is_working_day(*day))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(y: i32, m: u32, d: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(y, m, d).expect("a real day")
    }

    fn calendar() -> Calendar {
        let holiday = |name: &str| Some(name.to_string());
        Calendar::new([
            (day(2026, 10, 1), holiday("国庆节"), DaySource::Published),
            (day(2026, 10, 10), None, DaySource::Published),
            (day(2027, 10, 1), holiday("国庆节"), DaySource::Computed),
            (day(2027, 3, 1), holiday("校庆"), DaySource::User),
            (day(2028, 1, 25), holiday("春节"), DaySource::User),
            (day(2028, 10, 2), holiday("国庆节"), DaySource::User),
            (day(2029, 10, 2), holiday("国庆节"), DaySource::User),
        ])
    }

    #[test]
    fn what_is_published_stands_over_the_weekday() {
        let calendar = calendar();
        let off = |m, d| calendar.day_off(day(2026, m, d));
        assert_eq!(off(10, 1), Some(DayOff::Holiday("国庆节")));
        assert_eq!(off(10, 10), None);
        assert_eq!(off(10, 17), Some(DayOff::Saturday));
        assert_eq!(off(10, 18), Some(DayOff::Sunday));
        assert_eq!(off(10, 19), None);
        assert_eq!(calendar.working_day_from(day(2026, 10, 1)), Some(day(2026, 10, 2)));
        assert_eq!(calendar.working_day_upto(day(2026, 10, 11)), Some(day(2026, 10, 10)));
    }

    #[test]
    fn a_day_is_as_sure_as_the_calendar_of_its_year() {
        use DaySource::{Computed, Published, User, Weekday};
        let calendar = calendar();
        let sources = [2025, 2026, 2027, 2028, 2029].map(|year| calendar.source(day(year, 3, 3)));
        assert_eq!(sources, [Weekday, Published, Computed, User, Weekday], "a single day makes no year surer");
        assert_eq!(sources.map(DaySource::is_provisional), [true, false, true, false, true]);
        assert_eq!(calendar.day_off(day(2027, 3, 1)), Some(DayOff::Holiday("校庆")));
        assert_eq!(calendar.day_off(day(2027, 10, 1)), Some(DayOff::Holiday("国庆节")));
        assert_eq!(calendar.day_surely_off(day(2027, 10, 1)), None);
        assert_eq!(calendar.day_surely_off(day(2027, 10, 2)), Some(DayOff::Saturday));
        assert_eq!(calendar.day_surely_off(day(2026, 10, 1)), Some(DayOff::Holiday("国庆节")));
    }
}
