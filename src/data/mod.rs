//! The tables, profiles and forms: those built into the program and those of the user.
//!
//! Built in are the files under `data`. A user's files lie in the state folder, under `profiles`, `sheets` and `tables`; they
//! add to what is built in or take its place, and one that is wrong stays out and is told of ([`DataProblem`]). How the
//! program behaves for a person is in [`Settings`].

mod catalogue;
mod certificate;
mod clauses;
mod facts;
#[cfg(test)]
mod figure_tests;
mod inspect;
mod keys;
mod limits;
mod lookup;
mod problem;
#[cfg(test)]
mod row_tests;
mod settings;
#[cfg(test)]
mod spelling_tests;
mod toml_fault;
mod user_tables;

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use serde::de::DeserializeOwned;

pub use catalogue::{Catalogue, FOLDERS, ProfileSource, is_valid_id};
pub use clauses::{Carrier, Clause, ClauseKind, NOTICES, clause, clauses};
pub use facts::{facts, facts_of};
pub use inspect::inspect;
pub use keys::WrittenKeys;
use lookup::special_days;
pub use lookup::{Contact, GlossaryTerm, SpecialDay, SpecialDayKind, divisions, glossary, id_types, neighbours};
pub use problem::{DataFault, DataProblem, KeysFault};
pub use settings::{AmbiguousWidth, Background, CurrentRow, Settings};
pub use toml_fault::{TomlFault, WantedValue};
pub use user_tables::{CalendarDay, Occupation, RegionRow, UserTables};

use crate::domain::calendar::Calendar;
use crate::domain::identity::{Divisions, IdType, IdTypes, Neighbour};
use crate::domain::ledger::reply::{ReplyColumn, ReplyTerms, ReplyWord};
use crate::domain::ledger::screening::Watched;
use crate::domain::leftovers::{LeftoverTables, Leftovers};
use crate::domain::name_list::NameList;
use crate::domain::profile::{Profile, Regions};
use crate::domain::registry::Registry;
use crate::domain::rules::{DoubtLimits, SexWords, Tables};
use crate::domain::sheet::{Field, GroupTitles, HeaderWords, OtherKind, RowWords, SheetSpec, Surnames};
use crate::domain::spelling::{SpellingKind, Spellings};

const PROFILES: [&str; 6] = [
    include_str!("../../data/profiles/gansu-competition.toml"),
    include_str!("../../data/profiles/sichuan-competition.toml"),
    include_str!("../../data/profiles/guangdong-technical.toml"),
    include_str!("../../data/profiles/beijing.toml"),
    include_str!("../../data/profiles/guizhou.toml"),
    include_str!("../../data/profiles/national.toml"),
];

const SHEETS: [&str; 20] = [
    include_str!("../../data/sheets/upload-11.toml"),
    include_str!("../../data/sheets/sichuan-summary-9.toml"),
    include_str!("../../data/sheets/sichuan-other-certificates.toml"),
    include_str!("../../data/sheets/beijing-data-9.toml"),
    include_str!("../../data/sheets/beijing-correction-14.toml"),
    include_str!("../../data/sheets/beijing-correction-request.toml"),
    include_str!("../../data/sheets/beijing-filing.toml"),
    include_str!("../../data/sheets/beijing-lateness.toml"),
    include_str!("../../data/sheets/guangdong-blank-demand.toml"),
    include_str!("../../data/sheets/guangdong-reissue-request.toml"),
    include_str!("../../data/sheets/guangdong-receipt.toml"),
    include_str!("../../data/sheets/guangdong-proof.toml"),
    include_str!("../../data/sheets/guizhou-filing.toml"),
    include_str!("../../data/sheets/proof-guangdong.toml"),
    include_str!("../../data/sheets/proof-beijing.toml"),
    include_str!("../../data/sheets/proof-guizhou.toml"),
    include_str!("../../data/sheets/proof-plain.toml"),
    include_str!("../../data/sheets/sichuan-upload-11.toml"),
    include_str!("../../data/sheets/hand-out-list.toml"),
    include_str!("../../data/sheets/online-query-list.toml"),
];

/// The id in the template.
const TEMPLATE_ID: &str = "new-profile";

/// What `profile new` writes: a profile that reads, with a comment on every key.
const TEMPLATE: &str = include_str!("../../data/templates/profile.toml");

/// What is built in, read once.
static BUILT_IN: LazyLock<Catalogue> = LazyLock::new(Catalogue::read_built_in);

static DIVISIONS: LazyLock<Arc<LazyLock<Divisions>>> =
    LazyLock::new(|| Arc::new(LazyLock::new(|| Divisions::new(lookup::division_codes(), divisions))));

static SPELLINGS: LazyLock<Arc<LazyLock<Spellings>>> = LazyLock::new(|| {
    Arc::new(LazyLock::new(|| {
        Spellings::new(
            rows::<(char, char)>(include_str!("../../data/tables/han_variants.csv")),
            rows::<(String, SpellingKind)>(include_str!("../../data/tables/name_spellings.csv")),
        )
    }))
});

static GROUP_TITLES: LazyLock<GroupTitles> =
    LazyLock::new(|| GroupTitles::new(rows(include_str!("../../data/tables/group_titles.csv"))));

static SURNAMES: LazyLock<Arc<Surnames>> =
    LazyLock::new(|| Arc::new(Surnames::new(rows(include_str!("../../data/tables/surnames.csv")))));

static ROW_WORDS: LazyLock<Arc<LazyLock<RowWords>>> = LazyLock::new(|| {
    Arc::new(LazyLock::new(|| {
        RowWords::new(rows(include_str!("../../data/tables/row_words.csv")), Arc::clone(&SURNAMES))
    }))
});

/// Gives the words that tell the rows between and below people from them.
pub fn row_words() -> &'static RowWords {
    &ROW_WORDS
}

/// Gives what is known of how differently names are written.
pub fn spellings() -> &'static Spellings {
    &SPELLINGS
}

/// Gives what titles over several columns say of them.
pub fn group_titles() -> &'static GroupTitles {
    &GROUP_TITLES
}

static HEADER_WORDS: LazyLock<HeaderWords> = LazyLock::new(|| {
    HeaderWords::new(
        [
            rows::<(Field, String)>(include_str!("../../data/tables/header_labels.csv")),
            rows::<(Field, String)>(include_str!("../../data/tables/doubtful_labels.csv")),
        ],
        rows::<(String, OtherKind)>(include_str!("../../data/tables/other_labels.csv")),
        group_titles().clone(),
        IdTypes::new(id_types(), neighbours()),
        (Arc::clone(&SURNAMES), Arc::clone(&ROW_WORDS)),
    )
});

/// Gives what is known of header cells, whatever the form.
pub fn header_words() -> &'static HeaderWords {
    &HEADER_WORDS
}

static REPLY_TERMS: LazyLock<ReplyTerms> = LazyLock::new(|| reply_terms(&[]));

/// Gives the terms of replies that are built in.
fn built_in_reply_terms() -> &'static ReplyTerms {
    &REPLY_TERMS
}

/// Gives how sites name the columns of their replies and what their words say; those of the user go before what is built in.
fn reply_terms(own: &[(String, ReplyWord)]) -> ReplyTerms {
    let words = rows::<(String, ReplyWord)>(include_str!("../../data/tables/reply_words.csv"));
    ReplyTerms::new(
        rows::<(ReplyColumn, String)>(include_str!("../../data/tables/reply_labels.csv")),
        words.into_iter().chain(own.iter().cloned()),
    )
}

/// Gives what is built in; what a person works with, the user's files among it, is the office's.
pub fn built_in() -> &'static Catalogue {
    &BUILT_IN
}

/// Writes a new profile of an id, with a comment on every key; its region table has the id for its name.
pub fn template(id: &str) -> String {
    TEMPLATE.replace(&format!("\"{TEMPLATE_ID}\""), &format!("\"{id}\""))
}

/// Gives the text of a profile another id; everything else stays as it is.
pub fn with_id(text: &str, id: &str) -> String {
    match problem::value_range(text, "id", None) {
        Some(range) => format!("{}\"{id}\"{}", &text[..range.start], &text[range.end..]),
        None => text.to_string(),
    }
}

pub fn profiles() -> &'static [Arc<Profile>] {
    &built_in().profiles
}

/// Finds a profile by its id.
pub fn profile(id: &str) -> Option<Arc<Profile>> {
    built_in().profile(id).cloned()
}

/// Finds a form by its id.
pub fn sheet(id: &str) -> Option<Arc<SheetSpec>> {
    built_in().sheet(id).cloned()
}

/// Reads the tables the rules look things up in, the user's included. `occupations` are further occupation names.
pub fn tables(occupations: impl IntoIterator<Item = String>) -> Tables {
    let mut tables = built_in().tables();
    tables.occupations.extend(occupations);
    tables
}

/// Reads the built-in tables and adds the user's; a region that both name is the user's.
fn joined_tables(user: &UserTables) -> Tables {
    let regions: Vec<RegionRow> = rows(include_str!("../../data/tables/regions.csv"));
    let regions = regions.iter().chain(&user.regions);
    let special = special_days(user).into_iter();
    Tables {
        id_types: IdTypes::new(
            rows::<IdType>(include_str!("../../data/tables/id_types.csv")),
            rows::<Neighbour>(include_str!("../../data/tables/id_type_neighbours.csv")),
        ),
        divisions: Arc::clone(&DIVISIONS),
        regions: Regions::new(regions.map(|r| (r.table.clone(), r.code.clone(), [r.name.clone(), r.name_en.clone()]))),
        occupations: user.occupations.iter().map(|o| o.name.clone()).collect(),
        work_types: user.occupations.iter().map(|o| o.work_type.clone()).collect(),
        work_types_of: work_types_of(&user.occupations),
        occupation_codes: (user.occupations.iter().filter(|o| !o.code.is_empty()))
            .map(|o| (o.name.clone(), o.code.clone()))
            .collect(),
        controlled: user.controlled.iter().cloned().collect(),
        qualifications: user.qualifications.iter().cloned().collect(),
        special_skills: user.special_skills.iter().cloned().collect(),
        scope: user.scope.clone(),
        calendar: Calendar::new(
            special.map(|day| (day.date, (day.kind == SpecialDayKind::Off).then_some(day.name), day.status)),
        ),
        leftovers: Leftovers::new(LeftoverTables {
            nothing: rows(include_str!("../../data/tables/nothing.csv")),
            signs: rows(include_str!("../../data/tables/markup.csv")),
            hints: rows(include_str!("../../data/tables/hints.csv")),
            beside_names: rows(include_str!("../../data/tables/beside_names.csv")),
            private_use: rows(include_str!("../../data/tables/private_use.csv")),
        }),
        sexes: SexWords::new(rows(include_str!("../../data/tables/sexes.csv"))),
        row_words: Arc::clone(&ROW_WORDS),
        spellings: Arc::clone(&SPELLINGS),
        doubt: DoubtLimits::default(),
        registry: Registry::default(),
    }
}

fn work_types_of(listed: &[Occupation]) -> HashMap<String, NameList> {
    let mut by_occupation: HashMap<String, NameList> = HashMap::new();
    for one in listed.iter().filter(|one| !one.work_type.is_empty()) {
        by_occupation.entry(one.name.clone()).or_default().insert(one.work_type.clone());
    }
    by_occupation
}

/// Tells what of that which is watched most closely a remark names.
pub fn watched_in(remark: &str) -> Vec<Watched> {
    static WORDS: LazyLock<Vec<(String, String)>> =
        LazyLock::new(|| rows(include_str!("../../data/tables/watched_words.csv")));
    if remark.trim().is_empty() {
        return Vec::new();
    }
    let found = WORDS.iter().filter(|(word, _)| remark.contains(word.as_str()));
    let mut all: Vec<Watched> = found.filter_map(|(_, what)| Watched::read(what)).collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// Reads a built-in table; a test proves that every row of every table reads.
fn rows<T: DeserializeOwned>(text: &str) -> Vec<T> {
    csv::ReaderBuilder::new().comment(Some(b'#')).from_reader(text.as_bytes()).deserialize().flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::code::{ReadingState, decode};
    use crate::domain::identity::Division;
    use crate::domain::leftovers::{BesideName, HintKind};
    use crate::domain::rules::Sex;
    use crate::domain::sheet::{RowWord, SurnameKind, TitleKind};

    /// Comments and the name of the column; words may begin with # as well.
    const HEAD_OF_NOTHING: usize = 5;

    const LABELS: &str = include_str!("../../data/tables/header_labels.csv");
    const DOUBTFUL: &str = include_str!("../../data/tables/doubtful_labels.csv");
    const REPLY_LABELS: &str = include_str!("../../data/tables/reply_labels.csv");
    const REPLY_WORDS: &str = include_str!("../../data/tables/reply_words.csv");
    const OTHERS: &str = include_str!("../../data/tables/other_labels.csv");

    #[test]
    fn every_built_in_row_reads() {
        let count = |text: &str| text.lines().filter(|l| !l.starts_with('#')).count() - 1;
        assert_eq!(rows::<IdType>(include_str!("../../data/tables/id_types.csv")).len(), 12);
        assert_eq!(
            divisions(),
            rows::<Division>(include_str!("../../data/tables/divisions.csv")),
            "taken apart as a reader of CSV does"
        );
        assert_eq!(divisions().len(), count(include_str!("../../data/tables/divisions.csv")));
        assert!(lookup::division_codes().eq(divisions().iter().map(|division| division.code)));
        assert_eq!(
            rows::<Neighbour>(include_str!("../../data/tables/id_type_neighbours.csv")).len(),
            count(include_str!("../../data/tables/id_type_neighbours.csv"))
        );
        let nothing = rows::<String>(include_str!("../../data/tables/nothing.csv"));
        assert_eq!(nothing.len(), include_str!("../../data/tables/nothing.csv").lines().count() - HEAD_OF_NOTHING);
        assert!(nothing.iter().all(|word| *word == crate::domain::text::compact(word).to_lowercase()));
        assert_eq!(
            rows::<(String, String)>(include_str!("../../data/tables/markup.csv")).len(),
            count(include_str!("../../data/tables/markup.csv"))
        );
        let hints = rows::<(String, HintKind)>(include_str!("../../data/tables/hints.csv"));
        assert_eq!(hints.len(), count(include_str!("../../data/tables/hints.csv")));
        assert!(hints.iter().all(|(word, _)| *word == crate::domain::text::compact(word).to_lowercase()));
        assert_eq!(
            rows::<(String, BesideName)>(include_str!("../../data/tables/beside_names.csv")).len(),
            count(include_str!("../../data/tables/beside_names.csv"))
        );
        let drawn = rows::<(String, char)>(include_str!("../../data/tables/private_use.csv"));
        assert_eq!(drawn.len(), count(include_str!("../../data/tables/private_use.csv")));
        assert!(drawn.iter().all(|(code, meant)| {
            u32::from_str_radix(code, 16).ok().and_then(char::from_u32).is_some_and(crate::domain::text::is_private_use)
                && crate::domain::text::is_han(*meant)
        }));
        assert_eq!(
            rows::<(String, TitleKind)>(include_str!("../../data/tables/group_titles.csv")).len(),
            count(include_str!("../../data/tables/group_titles.csv"))
        );
        let variants = rows::<(char, char)>(include_str!("../../data/tables/han_variants.csv"));
        assert_eq!(variants.len(), count(include_str!("../../data/tables/han_variants.csv")));
        assert_eq!(
            rows::<(String, SpellingKind)>(include_str!("../../data/tables/name_spellings.csv")).len(),
            count(include_str!("../../data/tables/name_spellings.csv"))
        );
        let words = rows::<(String, RowWord)>(include_str!("../../data/tables/row_words.csv"));
        assert_eq!(words.len(), count(include_str!("../../data/tables/row_words.csv")));
        assert!(words.iter().all(|(word, _)| *word == crate::domain::text::compact(word).to_lowercase()));
        let (sexes, surnames) =
            (include_str!("../../data/tables/sexes.csv"), include_str!("../../data/tables/surnames.csv"));
        for (read, there) in [
            (rows::<(String, Sex, char)>(sexes).len(), count(sexes)),
            (rows::<(String, SurnameKind)>(surnames).len(), count(surnames)),
            (rows::<(Field, String)>(LABELS).len(), count(LABELS)),
            (rows::<(Field, String)>(DOUBTFUL).len(), count(DOUBTFUL)),
            (rows::<(ReplyColumn, String)>(REPLY_LABELS).len(), count(REPLY_LABELS)),
            (rows::<(String, ReplyWord)>(REPLY_WORDS).len(), count(REPLY_WORDS)),
            (rows::<(String, OtherKind)>(OTHERS).len(), count(OTHERS)),
        ] {
            assert_eq!(read, there);
        }
        assert_eq!(clauses().len(), count(include_str!("../../data/tables/clauses.csv")));
        assert_eq!((profiles().len(), built_in().sheets.len()), (6, 4));
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
                let doubtful = decoding.readings.iter().any(|r| matches!(r.state, ReadingState::Doubtful(_)));
                assert_eq!(doubtful && example.reads, example.warns, "{}: {}", profile.id, example.code);
                let completed = profile.short_forms.iter().find_map(|form| form.completed(&example.code));
                assert_eq!(completed, example.proposal, "{}: {}", profile.id, example.code);
            }
        }
    }
}
