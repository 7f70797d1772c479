//! The working week as it is lived: weekends, holidays on weekdays, and weekends that are worked.

use std::collections::HashMap;

use chrono::{Datelike, NaiveDate, Weekday};

/// The days that are not what their weekday says.
#[derive(Debug, Clone, Default)]
pub struct Calendar {
    /// The name of the holiday; nothing for a day that is worked.
    special: HashMap<NaiveDate, Option<String>>,
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
    pub fn new(special: impl IntoIterator<Item = (NaiveDate, Option<String>)>) -> Calendar {
        Calendar { special: special.into_iter().collect() }
    }

    /// Tells why a day is off; `None` for a working day.
    pub fn day_off(&self, day: NaiveDate) -> Option<DayOff<'_>> {
        match (self.special.get(&day), day.weekday()) {
            (Some(holiday), _) => holiday.as_deref().map(DayOff::Holiday),
            (None, Weekday::Sat) => Some(DayOff::Saturday),
            (None, Weekday::Sun) => Some(DayOff::Sunday),
            (None, _) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_published_stands_over_the_weekday() {
        let day = |m, d| NaiveDate::from_ymd_opt(2026, m, d).expect("a real day");
        let calendar = Calendar::new([(day(10, 1), Some("国庆节".to_string())), (day(10, 10), None)]);
        assert_eq!(calendar.day_off(day(10, 1)), Some(DayOff::Holiday("国庆节")));
        assert_eq!(calendar.day_off(day(10, 10)), None);
        assert_eq!(calendar.day_off(day(10, 17)), Some(DayOff::Saturday));
        assert_eq!(calendar.day_off(day(10, 18)), Some(DayOff::Sunday));
        assert_eq!(calendar.day_off(day(10, 19)), None);
    }
}
