//! The tables, profiles and forms built into the program.

mod lookup;

use std::sync::{Arc, LazyLock};

use serde::de::DeserializeOwned;

pub use lookup::{
    DayStatus, GlossaryTerm, RegionRow, SpecialDay, SpecialDayKind, divisions, glossary, id_types, neighbours,
    region_rows, special_days,
};

use crate::domain::identity::{Division, Divisions, IdType, IdTypes, Neighbour};
use crate::domain::profile::{Profile, Regions};
use crate::domain::rules::Tables;
use crate::domain::sheet::SheetSpec;

/// A clause of a notice that rules and profiles cite.
#[derive(Debug, Clone, serde::Deserialize)]
pub struct Clause {
    /// Its id, such as `GS-37`.
    pub id: String,
    /// The document's number.
    pub document: String,
    /// The notice's own words.
    pub quote: String,
}

static PROFILES: LazyLock<Vec<Arc<Profile>>> = LazyLock::new(|| {
    [include_str!("../data/profiles/gansu-competition.toml")]
        .iter()
        .filter_map(|text| Profile::parse(text).ok())
        .map(Arc::new)
        .collect()
});

static SHEETS: LazyLock<Vec<Arc<SheetSpec>>> = LazyLock::new(|| {
    [include_str!("../data/sheets/upload-11.toml")]
        .iter()
        .filter_map(|text| SheetSpec::parse(text).ok())
        .map(Arc::new)
        .collect()
});

static CLAUSES: LazyLock<Vec<Clause>> = LazyLock::new(|| rows(include_str!("../data/tables/clauses.csv")));

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

/// Finds a clause by its id.
pub fn clause(id: &str) -> Option<&'static Clause> {
    CLAUSES.iter().find(|c| c.id == id)
}

/// Lists the clauses.
pub fn clauses() -> &'static [Clause] {
    &CLAUSES
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
        assert_eq!((profiles().len(), SHEETS.len()), (1, 1));
    }

    /// Each profile cites clauses that exist, names a form that exists, and reads its notice's own examples as it says.
    #[test]
    fn profiles_agree_with_their_notices() {
        let tables = tables([]);
        for profile in profiles() {
            let sheet = sheet(&profile.sheet).expect("the profile's form");
            let cited =
                profile.layout.segments().iter().map(|s| &s.clause).chain(sheet.columns.iter().map(|c| &c.clause));
            for id in cited {
                assert!(clause(id).is_some(), "{}: {id}", profile.id);
            }
            for example in &profile.examples {
                let decoding = decode(&profile.layout, &example.code, &|table, code| tables.regions.name(table, code));
                assert_eq!(decoding.complete(), example.reads, "{}: {}", profile.id, example.code);
            }
        }
    }
}
