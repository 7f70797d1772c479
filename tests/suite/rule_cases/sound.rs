//! Nobody who is right is told to be wrong.

use std::collections::BTreeMap;

use skillcert::domain::rules::Severity;

use super::sound_people::{Person, residents, sound_people};
use super::{Case, batch_of};

/// The codes of counties that are no more.
fn abolished() -> Vec<u32> {
    let table = include_str!("../../../data/tables/divisions.csv");
    let rows = table.lines().filter_map(|line| {
        let (code, last_year) = (line.split(',').next()?.parse::<u32>().ok()?, line.rsplit(',').next()?);
        (!last_year.is_empty() && code % 100 != 0).then_some(code)
    });
    rows.collect()
}

fn assert_sound(people: &[Person]) {
    let row = |[name, id_type, number]: &Person| {
        let cells = [("姓名", name), ("证件类型", id_type), ("证件号码", number)];
        cells.map(|(label, text)| (label.to_string(), text.clone())).into_iter().collect::<BTreeMap<_, _>>()
    };
    let batch = batch_of(&Case { rows: people.iter().map(row).collect(), ..Case::default() });
    let told: Vec<String> = batch
        .findings()
        .iter()
        .map(|f| format!("{} {:?}", f.rule.spec().code, batch.roster().cell(f.row, f.field)))
        .collect();
    assert_eq!(batch.count(Severity::Error), 0, "{told:?}");
    // All of them are of one day.
    assert!(told.len() == 1 && told[0].starts_with("B04"), "{told:?}");
}

#[test]
fn two_thousand_names_of_every_kind_are_sound() {
    assert_sound(&sound_people(&abolished()));
}

#[test]
fn residents_of_every_abolished_county_are_sound() {
    let abolished = abolished();
    assert!(4_000 < abolished.len(), "{}", abolished.len());
    assert_sound(&residents(&abolished));
}

/// Names of occupations and work types of the national catalogue that have a sign, a blank or a word for "and" within.
#[test]
fn names_of_occupations_that_have_signs_in_them_are_one() {
    let names = include_str!("../../cases/joined_names.txt").lines().filter(|name| !name.contains('/'));
    let row = |name: &str| {
        let cells = [("职业名称", name), ("工种/职业方向", name)];
        cells.map(|(label, text)| (label.to_string(), text.to_string())).into_iter().collect::<BTreeMap<_, _>>()
    };
    let batch = batch_of(&Case { rows: names.map(row).collect(), ..Case::default() });
    let several = batch.findings().iter().filter(|f| matches!(f.rule.spec().code, "W06" | "W12" | "W14" | "W16"));
    let told: Vec<&str> = several.map(|f| batch.roster().cell(f.row, f.field)).collect();
    assert!(batch.roster().len() > 100 && told.is_empty(), "{told:?}");
}
