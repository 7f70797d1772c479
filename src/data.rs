//! The tables, profiles and forms built into the program.

mod clauses;
mod lookup;

use std::sync::{Arc, LazyLock};

pub use clauses::{Carrier, Clause, ClauseKind, NOTICES, clause, clauses, clauses_of, find_clause};
use serde::de::DeserializeOwned;

pub use lookup::{
    DayStatus, GlossaryTerm, RegionRow, SpecialDay, SpecialDayKind, divisions, glossary, id_types, neighbours,
    region_rows, special_days,
};

use crate::domain::identity::{Division, Divisions, IdType, IdTypes, Neighbour};
use crate::domain::profile::{Profile, Regions};
use crate::domain::rules::Tables;
use crate::domain::sheet::SheetSpec;

/// The profile files, in the order they are tried.
const PROFILE_FILES: [&str; 6] = [
    include_str!("../data/profiles/gansu-competition.toml"),
    include_str!("../data/profiles/sichuan-competition.toml"),
    include_str!("../data/profiles/guangdong-technical.toml"),
    include_str!("../data/profiles/beijing.toml"),
    include_str!("../data/profiles/guizhou.toml"),
    include_str!("../data/profiles/national.toml"),
];

static PROFILES: LazyLock<Vec<Arc<Profile>>> =
    LazyLock::new(|| PROFILE_FILES.iter().filter_map(|text| Profile::parse(text).ok()).map(Arc::new).collect());

static PROFILE_TABLES: LazyLock<Vec<toml::Table>> =
    LazyLock::new(|| PROFILE_FILES.iter().filter_map(|text| text.parse().ok()).collect());

static SHEETS: LazyLock<Vec<Arc<SheetSpec>>> = LazyLock::new(|| {
    [
        include_str!("../data/sheets/upload-11.toml"),
        include_str!("../data/sheets/sichuan-summary-9.toml"),
        include_str!("../data/sheets/beijing-data-9.toml"),
        include_str!("../data/sheets/beijing-correction-14.toml"),
    ]
    .iter()
    .filter_map(|text| SheetSpec::parse(text).ok())
    .map(Arc::new)
    .collect()
});

/// Lists the profiles.
pub fn profiles() -> &'static [Arc<Profile>] {
    &PROFILES
}

/// Finds a profile by its id.
pub fn profile(id: &str) -> Option<Arc<Profile>> {
    PROFILES.iter().find(|p| p.id == id).cloned()
}

/// Finds a form by its id.
pub fn sheet(id: &str) -> Option<Arc<SheetSpec>> {
    SHEETS.iter().find(|s| s.id == id).cloned()
}

/// Gives what a profile's file says under a dotted key, such as `words.forbidden`.
pub fn profile_value(id: &str, key: &str) -> Option<&'static toml::Value> {
    let table = PROFILE_TABLES.iter().find(|t| t.get("id").and_then(toml::Value::as_str) == Some(id))?;
    let mut keys = key.split('.');
    let first = table.get(keys.next()?)?;
    keys.try_fold(first, |value, key| value.get(key))
}

/// Reads the tables the rules look things up in. `occupations` are the user's occupation names; may be empty.
pub fn tables(occupations: impl IntoIterator<Item = String>) -> Tables {
    #[derive(serde::Deserialize)]
    struct Region {
        table: String,
        code: String,
        name: String,
    }
    let regions: Vec<Region> = rows(include_str!("../data/tables/regions.csv"));
    Tables {
        id_types: IdTypes::new(
            rows::<IdType>(include_str!("../data/tables/id_types.csv")),
            rows::<Neighbour>(include_str!("../data/tables/id_type_neighbours.csv")),
        ),
        divisions: Divisions::new(rows::<Division>(include_str!("../data/tables/divisions.csv"))),
        regions: Regions::new(regions.into_iter().map(|r| (r.table, r.code, r.name))),
        occupations: occupations.into_iter().collect(),
    }
}

/// Reads a built-in table; a test proves that every row of every table reads.
fn rows<T: DeserializeOwned>(text: &str) -> Vec<T> {
    csv::ReaderBuilder::new().comment(Some(b'#')).from_reader(text.as_bytes()).deserialize().flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::code::decode;

    #[test]
    fn every_built_in_row_reads() {
        let count = |text: &str| text.lines().filter(|l| !l.starts_with('#')).count() - 1;
        assert_eq!(rows::<IdType>(include_str!("../data/tables/id_types.csv")).len(), 12);
        assert_eq!(
            rows::<Division>(include_str!("../data/tables/divisions.csv")).len(),
            count(include_str!("../data/tables/divisions.csv"))
        );
        assert_eq!(
            rows::<Neighbour>(include_str!("../data/tables/id_type_neighbours.csv")).len(),
            count(include_str!("../data/tables/id_type_neighbours.csv"))
        );
        assert_eq!(clauses().len(), count(include_str!("../data/tables/clauses.csv")));
        assert_eq!((profiles().len(), SHEETS.len()), (6, 4));
    }

    /// Each profile cites clauses that exist, names a form that exists, and reads its notice's own examples as it says.
    #[test]
    fn profiles_agree_with_their_notices() {
        let tables = tables([]);
        for profile in profiles() {
            let sheet = sheet(profile.upload_sheet()).expect("the profile's form");
            let cited =
                profile.layout.segments().iter().map(|s| &s.clause).chain(sheet.columns.iter().map(|c| &c.clause));
            for id in cited {
                assert!(clause(id).is_some(), "{}: {id}", profile.id);
            }
            for example in &profile.examples {
                let decoding = decode(&profile.layout, &example.code, &|table, code| tables.regions.name(table, code));
                assert_eq!(decoding.complete(), example.reads, "{}: {}", profile.id, example.code);
                let completed = profile.short_forms.iter().find_map(|form| form.completed(&example.code));
                assert_eq!(completed, example.proposal, "{}: {}", profile.id, example.code);
            }
        }
    }
}
