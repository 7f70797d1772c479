//! What the sentences say of a day: why nobody works on it, and what stands against it.

use chrono::{Datelike, Weekday};

use super::FindingFacts;
use crate::domain::calendar::DayOff;
use crate::domain::{date, text};

impl FindingFacts<'_> {
    /// Tells why nobody works on the day in the cell.
    pub(super) fn day_off(&self) -> Option<String> {
        let day = self.context.date(self.cell(self.finding.field)).day()?;
        Some(match self.context.tables().calendar.day_surely_off(day)? {
            DayOff::Saturday => self.locale.text("finding.day-off.saturday").to_string(),
            DayOff::Sunday => self.locale.text("finding.day-off.sunday").to_string(),
            DayOff::Holiday("") => self.locale.text("finding.day-off.unnamed").to_string(),
            DayOff::Holiday(name) => self.locale.fill("finding.day-off.holiday", &[("name", &text::visible(name))]),
        })
    }

    /// Names the other day that a number of days may mean in a workbook that counts from 1904, and a weekday in the cell that
    /// is not that of the day.
    pub(super) fn beside_day(&self) -> String {
        let cell = self.cell(self.finding.field);
        let (here, elsewhere) = (self.context.date(cell).day(), date::read(cell).day());
        if here != elsewhere {
            return self.locale.fill("finding.epoch", &[("day", &date::written(elsewhere))]);
        }
        let (Some(day), Some(written)) = (here, date::other_weekday(cell)) else { return String::new() };
        let places = [("written", self.weekday(written)), ("weekday", self.weekday(day.weekday()))];
        self.locale.fill("finding.other-weekday", &places)
    }

    fn weekday(&self, weekday: Weekday) -> &str {
        let all = self.locale.text("lookup.weekdays");
        all.split(' ').nth(weekday.num_days_from_monday() as usize).unwrap_or_default()
    }
}
