//! The tables as lists, for looking things up.

use std::sync::LazyLock;

use chrono::{Datelike, NaiveDate};
use serde::Deserialize;

use super::{Catalogue, RegionRow, UserTables, rows};
use crate::domain::calendar::{DaySource, whole_years};
use crate::domain::date;
use crate::domain::identity::{Division, IdType, Neighbour};
use crate::packed;

/// A day that breaks the working week.
#[derive(Debug, Clone, Deserialize)]
pub struct SpecialDay {
    #[serde(deserialize_with = "day")]
    pub date: NaiveDate,
    /// Off or worked.
    #[serde(deserialize_with = "kind")]
    pub kind: SpecialDayKind,
    /// The holiday it belongs to.
    pub name: String,
    pub status: DaySource,
}

/// How a day breaks the working week.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SpecialDayKind {
    /// A weekday that is off.
    Off,
    /// A weekend day that is worked.
    Work,
}

const WORK: [&str; 6] = ["work", "workday", "工作日", "上班", "补班", "调休上班"];
const OFF: [&str; 7] = ["off", "holiday", "节假日", "法定节假日", "放假", "休息", "休息日"];

impl SpecialDayKind {
    /// Reads the word of a table, the program's or a user's, in any case.
    pub fn read(word: &str) -> Option<SpecialDayKind> {
        let word = word.to_lowercase();
        let is_in = |words: &[&str]| words.contains(&word.as_str());
        if is_in(&WORK) { Some(SpecialDayKind::Work) } else { is_in(&OFF).then_some(SpecialDayKind::Off) }
    }
}

/// A term of the field.
#[derive(Debug, Clone, Deserialize)]
pub struct GlossaryTerm {
    pub term: String,
    pub english: String,
    /// What it means, in Chinese.
    pub explanation: String,
    /// What it means, in English.
    pub explanation_en: String,
}

/// An office for questions and papers (联系方式); no names of people.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Contact {
    /// The province it is of.
    pub place: String,
    pub office: String,
    /// What it is asked about.
    pub about: String,
    pub phone: String,
    /// Postal and mail addresses, as printed; may be empty.
    pub address: String,
    /// The clause that names it; empty for the user's own.
    pub clause: String,
}

fn day<'de, D: serde::Deserializer<'de>>(source: D) -> Result<NaiveDate, D::Error> {
    String::deserialize(source)?.parse().map_err(serde::de::Error::custom)
}

fn kind<'de, D: serde::Deserializer<'de>>(source: D) -> Result<SpecialDayKind, D::Error> {
    let word = String::deserialize(source)?;
    SpecialDayKind::read(&word).ok_or_else(|| serde::de::Error::custom(word))
}

/// Of the tables this is the long one: it has no quotation mark, so that its lines are taken apart as they are.
static DIVISIONS: LazyLock<&str> = LazyLock::new(|| packed::text!("tables-divisions.csv"));

/// Lists the administrative divisions, abolished ones included.
pub fn divisions() -> Vec<Division> {
    DIVISIONS.lines().filter_map(division).collect()
}

/// Lists their codes alone, for which every check waits.
pub(super) fn division_codes() -> impl Iterator<Item = u32> {
    let text = DIVISIONS.as_bytes();
    let line_ends = memchr::memchr_iter(b'\n', text);
    line_ends.filter_map(|end| date::digits(text.get(end + 1..end + 7)?))
}

/// Reads a line of the divisions; the comments and the names of the columns have no code.
fn division(line: &str) -> Option<Division> {
    let mut cells = line.split(',');
    let mut next = || cells.next();
    let (code, name) = (next()?.parse().ok()?, next()?.to_string());
    let mut year = || next().filter(|cell| !cell.is_empty()).map(str::parse).transpose().ok();
    Some(Division { code, name, first_year: year()?, last_year: year()? })
}

/// Lists the ID types.
pub fn id_types() -> Vec<IdType> {
    rows(include_str!("../../data/tables/id_types.csv"))
}

/// Lists what is typed for an ID type by mistake.
pub fn neighbours() -> Vec<Neighbour> {
    rows(include_str!("../../data/tables/id_type_neighbours.csv"))
}

/// Lists the terms of the field.
pub fn glossary() -> Vec<GlossaryTerm> {
    rows(include_str!("../../data/tables/glossary.csv"))
}

impl Catalogue {
    /// Lists the region tables as printed, then the user's additions.
    pub fn region_rows(&self) -> Vec<RegionRow> {
        let mut all: Vec<RegionRow> = rows(include_str!("../../data/tables/regions.csv"));
        let own = &self.user_tables.regions;
        all.retain(|row| !own.iter().any(|o| (&o.table, &o.code) == (&row.table, &row.code)));
        all.extend(own.iter().cloned());
        all
    }

    /// Lists the offices that notices name; those of a province of which the user has any give way to them.
    pub fn contacts(&self) -> Vec<Contact> {
        let mut all: Vec<Contact> = rows(include_str!("../../data/tables/contacts.csv"));
        let own = &self.user_tables.contacts;
        all.retain(|printed| !own.iter().any(|one| one.place == printed.place));
        all.extend(own.iter().cloned());
        all
    }

    /// Lists the days that break the working week, by date. The user's stand for themselves, and a year of which the user has
    /// the whole calendar is no longer computed.
    pub fn special_days(&self) -> Vec<SpecialDay> {
        special_days(&self.user_tables)
    }
}

/// As [`Catalogue::special_days`], for the tables of a user.
pub(super) fn special_days(user: &UserTables) -> Vec<SpecialDay> {
    let mut all: Vec<SpecialDay> = rows(include_str!("../../data/tables/calendar.csv"));
    let own = &user.calendar;
    let off = own.iter().filter(|day| day.kind == SpecialDayKind::Off);
    let whole = whole_years(off.map(|day| day.date));
    all.retain(|day| {
        let is_guess = day.status == DaySource::Computed && whole.contains(&day.date.year());
        !is_guess && !own.iter().any(|o| o.date == day.date)
    });
    all.extend(own.iter().map(|day| SpecialDay {
        date: day.date,
        kind: day.kind,
        name: day.name.clone(),
        status: DaySource::User,
    }));
    all.sort_by_key(|day| day.date);
    all
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use chrono::Weekday;

    use super::*;

    fn lines(text: &str) -> usize {
        text.lines().filter(|l| !l.starts_with('#')).count() - 1
    }

    #[test]
    fn every_row_reads() {
        assert_eq!(Catalogue::built_in().special_days().len(), lines(include_str!("../../data/tables/calendar.csv")));
        assert_eq!(Catalogue::built_in().contacts().len(), lines(include_str!("../../data/tables/contacts.csv")));
        assert_eq!(glossary().len(), lines(include_str!("../../data/tables/glossary.csv")));
        assert_eq!(Catalogue::built_in().region_rows().len(), lines(include_str!("../../data/tables/regions.csv")));
    }

    #[test]
    fn the_calendar_holds_exceptions_only() {
        let days = Catalogue::built_in().special_days();
        assert!(days.is_sorted_by(|a, b| a.date < b.date));
        for day in days {
            let is_weekend = matches!(day.date.weekday(), Weekday::Sat | Weekday::Sun);
            assert_eq!(day.kind == SpecialDayKind::Work, is_weekend, "{}", day.date);
            assert_eq!(day.status == DaySource::Computed, 2027 <= day.date.year(), "{}", day.date);
        }
    }

    #[test]
    fn every_term_is_explained_once_in_both_languages() {
        let mut seen = HashSet::new();
        for GlossaryTerm { term, english, explanation, explanation_en } in glossary() {
            assert!(![&english, &explanation, &explanation_en].iter().any(|t| t.is_empty()), "{term}");
            assert!(seen.insert(term.clone()), "{term} stands twice");
        }
    }
}
