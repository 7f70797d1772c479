//! The entries of the look-up: every table in one list, with remarks in the user's language.
//!
//! This is the one place that says what can be looked up.

use std::collections::HashMap;

use chrono::{Datelike, NaiveDate, Weekday};

use super::ListedRule;
use crate::data::{self, Catalogue, DayStatus, SpecialDay, SpecialDayKind};
use crate::domain::code::{Segment, SegmentReader};
use crate::domain::identity::Division;
use crate::domain::level::{Level, LevelForm};
use crate::domain::lookup::{EntryKind, LookupEntry};
use crate::domain::profile::Profile;
use crate::words::{Lang, Locale};

impl Locale {
    /// Names a kind of entry.
    pub fn entry_kind(&self, kind: EntryKind) -> &str {
        self.text(match kind {
            EntryKind::Region => "lookup.kind.region",
            EntryKind::IdType => "lookup.kind.id-type",
            EntryKind::Neighbour => "lookup.kind.neighbour",
            EntryKind::Level => "lookup.kind.level",
            EntryKind::Range => "lookup.kind.range",
            EntryKind::Division => "lookup.kind.division",
            EntryKind::Occupation => "lookup.kind.occupation",
            EntryKind::Rule => "lookup.kind.rule",
            EntryKind::Term => "lookup.kind.term",
            EntryKind::Clause => "lookup.kind.clause",
            EntryKind::Contact => "lookup.kind.contact",
            EntryKind::Day => "lookup.kind.day",
        })
    }
}

/// Lists everything that can be looked up; days before this year come last of them.
pub fn lookup_entries(locale: &Locale, catalogue: &Catalogue, today: Option<NaiveDate>) -> Vec<LookupEntry> {
    let mut all = regions(locale, catalogue);
    all.extend(id_types());
    all.extend(neighbours(locale));
    all.extend(levels());
    all.extend(catalogue.profiles.iter().flat_map(|profile| ranges(profile, locale)));
    all.extend(divisions(locale));
    let occupations = &catalogue.user_tables.occupations;
    all.extend(occupations.iter().map(|o| entry(EntryKind::Occupation, "occupations", &o.code, &o.name, &o.work_type)));
    all.extend(rules(locale));
    all.extend(terms(locale));
    all.extend(catalogue.clauses().iter().map(|c| entry(EntryKind::Clause, "clauses", &c.id, &c.quote, &c.document)));
    all.extend(contacts(locale));
    all.extend(days(locale, catalogue, today));
    all
}

fn entry(kind: EntryKind, table: &str, code: &str, text: &str, note: &str) -> LookupEntry {
    let [code, text, note, table] = [code, text, note, table].map(String::from);
    LookupEntry { kind, code, text, note, also: Vec::new(), table, is_past: false }
}

/// Fills a text that tells where in the code of a profile a segment stands.
fn placed(locale: &Locale, key: &str, profile: &Profile, segment: &Segment) -> String {
    let name = if locale.lang == Lang::Zh { &segment.name } else { &segment.name_en };
    let profile = if locale.lang == Lang::Zh { &profile.name } else { &profile.name_en };
    let (from, to) = (segment.from.to_string(), segment.to.to_string());
    let places = [("profile", profile.as_str()), ("segment", name), ("from", &from), ("to", &to)];
    locale.fill(key, &places)
}

/// Gives the regions as printed, in the order of the profiles that read them.
fn regions(locale: &Locale, catalogue: &Catalogue) -> Vec<LookupEntry> {
    let mut notes: HashMap<&str, String> = HashMap::new();
    for profile in &catalogue.profiles {
        for segment in profile.layout.segments() {
            if let SegmentReader::Region { table, .. } = &segment.reader {
                notes.entry(table).or_insert_with(|| placed(locale, "lookup.region", profile, segment));
            }
        }
    }
    let note = |table: &str| notes.get(table).map_or("", String::as_str);
    let rows = catalogue.region_rows();
    rows.iter().map(|r| entry(EntryKind::Region, &r.table, &r.code, &r.name, note(&r.table))).collect()
}

fn id_types() -> Vec<LookupEntry> {
    let types = data::id_types();
    types.iter().map(|t| entry(EntryKind::IdType, "id_types", &t.code, &t.name, &t.aliases.join(" / "))).collect()
}

/// Gives an entry for each type a wrong code or name may mean: the text is always one that may be uploaded.
fn neighbours(locale: &Locale) -> Vec<LookupEntry> {
    let types = data::id_types();
    let mut all = Vec::new();
    for neighbour in data::neighbours() {
        for meant in types.iter().filter(|t| neighbour.meant.contains(&t.code)) {
            let places = [("typed", neighbour.typed.as_str()), ("code", &meant.code), ("name", &meant.name)];
            let note = locale.fill("lookup.not-in-upload", &places);
            all.push(entry(EntryKind::Neighbour, "id_type_neighbours", &neighbour.typed, &meant.name, &note));
        }
    }
    all
}

/// Gives each level twice, so that both of its names can be taken.
fn levels() -> Vec<LookupEntry> {
    let forms = [(LevelForm::Title, LevelForm::Grade), (LevelForm::Grade, LevelForm::Title)];
    let all = (1..=5).filter_map(Level::new).flat_map(|level| {
        forms.map(|(text, note)| {
            let code = level.written(LevelForm::Digit);
            entry(EntryKind::Level, "levels", &code, &level.written(text), &level.written(note))
        })
    });
    all.collect()
}

/// Gives the ranges of numbers a profile sets: serials, and those assigned to kinds of institution.
fn ranges(profile: &Profile, locale: &Locale) -> Vec<LookupEntry> {
    let mut all = Vec::new();
    for segment in profile.layout.segments() {
        let width = segment.range().len();
        let note = || placed(locale, "lookup.range", profile, segment);
        let mut add = |first: u32, last: u32, name: &str| {
            let numbers = format!("{first:0width$}-{last:0width$}");
            all.push(entry(EntryKind::Range, &profile.id, &numbers, name, &note()));
        };
        match &segment.reader {
            SegmentReader::Serial { first, last, .. } => add(*first, *last, &segment.name),
            SegmentReader::Ranges { ranges, .. } => ranges.iter().for_each(|r| add(r.first, r.last, &r.name)),
            _ => {}
        }
    }
    all
}

/// Gives the divisions, each with what it lies in and the years of its code.
fn divisions(locale: &Locale) -> Vec<LookupEntry> {
    let mut all = data::divisions();
    // Of several names of a code the one in use counts.
    all.sort_by_key(|d| d.last_year.is_some());
    let mut names: HashMap<u32, &str> = HashMap::new();
    for division in &all {
        names.entry(division.code).or_insert(&division.name);
    }
    let entries = all.iter().map(|division| {
        let code = division.code;
        let above = [code / 10_000 * 10_000, code / 100 * 100];
        let above = above.iter().filter(|c| **c != code).filter_map(|c| names.get(c).copied());
        // Some divisions stand below a heading that is no place.
        let above: Vec<&str> =
            above.filter(|name| !matches!(*name, "市辖区" | "县") && !name.contains("直辖县")).collect();
        let also = placed_names(&above, &division.name);
        let note: Vec<String> = above.into_iter().map(String::from).chain(years(division, locale)).collect();
        let entry = entry(EntryKind::Division, "divisions", &code.to_string(), &division.name, &note.join(" "));
        LookupEntry { is_past: division.last_year.is_some(), also, ..entry }
    });
    entries.collect()
}

/// Writes a division behind what it lies in, as one writes an address: the next place above alone, in short and in full, and
/// all of them.
fn placed_names(above: &[&str], name: &str) -> Vec<String> {
    let Some(next) = above.last() else { return Vec::new() };
    let short = next.strip_suffix(['省', '市', '州', '盟']).filter(|short| 2 <= short.chars().count());
    let whole = (1 < above.len()).then(|| format!("{}{name}", above.concat()));
    let ways = short.map(|short| format!("{short}{name}"));
    ways.into_iter().chain([format!("{next}{name}")]).chain(whole).collect()
}

fn years(division: &Division, locale: &Locale) -> Option<String> {
    let [from, to] = [division.first_year, division.last_year].map(|year| year.map(|y| y.to_string()));
    match (from, to) {
        (None, None) => None,
        (Some(from), None) => Some(locale.fill("lookup.since", &[("from", &from)])),
        (None, Some(to)) => Some(locale.fill("lookup.abolished", &[("to", &to)])),
        (Some(from), Some(to)) => Some(locale.fill("lookup.abolished-years", &[("from", &from), ("to", &to)])),
    }
}

fn rules(locale: &Locale) -> Vec<LookupEntry> {
    let page = |code: &str| locale.rule(code).map_or(("", ""), |page| (page.title.as_str(), page.why.as_str()));
    let rule = |spec: &ListedRule| {
        let (title, why) = page(spec.code);
        entry(EntryKind::Rule, "rules", spec.code, title, &format!("{} {why}", spec.name))
    };
    ListedRule::all().iter().map(rule).collect()
}

fn terms(locale: &Locale) -> Vec<LookupEntry> {
    let terms = data::glossary();
    let term = |t: &data::GlossaryTerm| {
        let note = if locale.lang == Lang::Zh { &t.explanation } else { &t.explanation_en };
        // The English word is no code: it stands where the remark is read, and finds the term.
        let note = locale.fill("lookup.term", &[("english", &t.english), ("explanation", note)]);
        let entry = entry(EntryKind::Term, "glossary", "", &t.term, &note);
        LookupEntry { also: vec![t.english.clone()], ..entry }
    };
    terms.iter().map(term).collect()
}

/// Gives the offices that notices name, by their telephone numbers.
fn contacts(locale: &Locale) -> Vec<LookupEntry> {
    let contacts = data::contacts();
    let contact = |c: &data::Contact| {
        let office = format!("{}{}", c.place, c.office);
        let about = [&c.about, &c.address].into_iter().filter(|part| !part.is_empty());
        let about = about.map(String::as_str).collect::<Vec<_>>().join(locale.text("lookup.between"));
        let note = locale.fill("lookup.contact", &[("about", &about), ("clause", &c.clause)]);
        // Who looks for a number types what it is, not whose.
        let words = locale.text("lookup.contact-words").split(' ').map(String::from);
        LookupEntry {
            also: words.chain([c.office.clone()]).collect(),
            ..entry(EntryKind::Contact, "contacts", &c.phone, &office, &note)
        }
    };
    contacts.iter().map(contact).collect()
}

/// Gives every day of the years the calendar covers.
fn days(locale: &Locale, catalogue: &Catalogue, today: Option<NaiveDate>) -> Vec<LookupEntry> {
    let special = catalogue.special_days();
    let (Some(first), Some(last)) = (special.first(), special.last()) else { return Vec::new() };
    let first = NaiveDate::from_ymd_opt(first.date.year(), 1, 1).unwrap_or(first.date);
    let last = NaiveDate::from_ymd_opt(last.date.year(), 12, 31).unwrap_or(last.date);
    let weekdays: Vec<&str> = locale.text("lookup.weekdays").split(' ').collect();
    let is_computed = |year: i32| special.iter().any(|d| d.date.year() == year && d.status == DayStatus::Computed);
    let computed: Vec<i32> = (first.year()..=last.year()).filter(|year| is_computed(*year)).collect();
    let by_date: HashMap<NaiveDate, &SpecialDay> = special.iter().map(|d| (d.date, d)).collect();
    let named = |key: &str, day: &SpecialDay| locale.fill(key, &[("name", &day.name)]);
    // What people call a holiday behind what the calendar calls it.
    let words: Vec<Vec<&str>> =
        locale.text("lookup.holiday-words").split(';').map(|words| words.split(',').collect()).collect();
    let called = |day: &SpecialDay| {
        let words = words.iter().find(|words| words.first().is_some_and(|name| day.name.starts_with(name)));
        words.into_iter().flatten().map(ToString::to_string).collect::<Vec<_>>()
    };
    let entries = first.iter_days().take_while(|date| *date <= last).map(|date| {
        let is_weekend = matches!(date.weekday(), Weekday::Sat | Weekday::Sun);
        let what = match by_date.get(&date) {
            Some(day) if day.kind == SpecialDayKind::Off => named("lookup.holiday", day),
            Some(day) => named("lookup.worked", day),
            None if is_weekend => locale.text("lookup.day-off").to_string(),
            None => locale.text("lookup.working-day").to_string(),
        };
        let weekday = weekdays.get(date.weekday().num_days_from_monday() as usize).copied().unwrap_or("");
        let note = if computed.contains(&date.year()) { locale.text("lookup.computed") } else { "" };
        let entry = entry(EntryKind::Day, "calendar", &date.to_string(), &format!("{weekday} {what}"), note);
        LookupEntry {
            is_past: today.is_some_and(|today| date.year() < today.year()),
            also: by_date.get(&date).map(|day| called(day)).unwrap_or_default(),
            ..entry
        }
    });
    let mut all: Vec<LookupEntry> = entries.collect();
    all.sort_by_key(|day| day.is_past);
    all
}
