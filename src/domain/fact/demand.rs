//! What a notice demands of facts (应备资料): which must stand, and what they must agree with.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde::Deserialize;

use super::{FactType, FactValues, ThingKind};
use crate::domain::vocabulary::vocabulary;

/// What a profile says of one fact. Of a fact that is not built in it says what it is, too.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FactDemand {
    pub id: String,
    /// What it is called; of a built-in fact the locales say it.
    #[serde(default)]
    pub label: String,
    #[serde(default)]
    pub label_en: String,
    /// What it is a fact of; only of one that is not built in.
    pub of: Option<ThingKind>,
    /// What its value is; only of one that is not built in, a text where nothing is said.
    pub kind: Option<FactType>,
    /// The longest value.
    pub most: Option<usize>,
    /// What may be chosen.
    #[serde(default)]
    pub choices: Vec<String>,
    /// What happens where it is missing or disagrees.
    #[serde(default)]
    pub strength: Strength,
    /// Only where another fact of the thing has a value.
    pub when: Option<FactCondition>,
    /// The value it must have; empty for any.
    #[serde(default)]
    pub must_be: String,
    /// What a year must be.
    pub year_of: Option<CodeYears>,
    /// Which day of the certificates it may not be after.
    pub not_after: Option<CertificateDay>,
    /// What it may be, by the category of the institution: position 1 of the codes.
    #[serde(default)]
    pub among: Vec<OfCategory>,
    /// The clause by which the notice leaves room: who has a reason may go on (原则上); empty where it leaves none.
    #[serde(default)]
    pub room_clause: String,
    pub clause: String,
}

vocabulary! {
    /// What happens where a fact is missing or disagrees.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Deserialize)]
    #[serde(rename_all = "kebab-case")]
    pub enum Strength {
        /// It is asked for, and nothing else.
        #[default]
        Ask = "ask",
        /// It is told, and nothing stops.
        Warn = "warn",
        /// Nothing is exported.
        Refuse = "refuse",
    }
}

/// A value that another fact must have.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FactCondition {
    pub fact: String,
    pub is: String,
}

vocabulary! {
    /// Which year a year must be.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
    #[serde(rename_all = "kebab-case")]
    pub enum CodeYears {
        /// That of the codes, positions 14 and 15.
        Codes = "codes",
    }
}

vocabulary! {
    /// A day of the certificates.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
    #[serde(rename_all = "kebab-case")]
    pub enum CertificateDay {
        /// The first one that they bear (发证日期).
        Issued = "issued",
    }
}

/// What a choice may be for institutions of a category.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OfCategory {
    /// What stands at position 1.
    pub category: String,
    pub choices: Vec<String>,
}

/// What is known of a thing besides its facts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FactTerms {
    /// The years of its codes, two digits.
    pub years: BTreeSet<u8>,
    /// What stands at position 1 of its codes.
    pub categories: BTreeSet<char>,
    /// The first day that its certificates bear.
    pub issued: Option<NaiveDate>,
}

/// A fact that is missing, or disagrees with what is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FactLack {
    /// Which.
    pub id: String,
    pub what: LackKind,
    pub strength: Strength,
    pub clause: String,
    /// The clause that leaves room; may be empty.
    pub room_clause: String,
}

vocabulary! {
    /// What is wrong with a fact.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub enum LackKind {
        Missing = "missing",
        /// The codes are of other years than the fact says.
        OtherYear { years: Vec<u8> } = "other-year",
        /// It is a day after the first one that the certificates bear.
        AfterIssued(NaiveDate) = "after-issued",
        /// It has another value than the one it must have.
        Other { must: String } = "other",
        /// It is none of those that institutions of the category may choose.
        NotAmong { category: char } = "not-among",
    }
}

impl FactDemand {
    /// Tells whether anything is demanded while the other facts stand so.
    pub fn holds(&self, values: &FactValues) -> bool {
        self.when.as_ref().is_none_or(|when| values.get(&when.fact).is_some_and(|value| *value == when.is))
    }

    fn wrong(&self, value: Option<&String>, terms: &FactTerms) -> Option<LackKind> {
        let Some(value) = value else {
            // That it is missing is said where it is demanded.
            return self.not_after.is_none().then_some(LackKind::Missing);
        };
        if self.not_after == Some(CertificateDay::Issued) {
            let issued = terms.issued.filter(|issued| value.parse::<NaiveDate>().is_ok_and(|day| *issued < day));
            return issued.map(LackKind::AfterIssued);
        }
        let others = || terms.years.iter().copied().filter(|year| !value.ends_with(&format!("{year:02}")));
        if self.year_of == Some(CodeYears::Codes) && others().next().is_some() {
            return Some(LackKind::OtherYear { years: others().collect() });
        }
        if !self.must_be.is_empty() && *value != self.must_be {
            return Some(LackKind::Other { must: self.must_be.clone() });
        }
        let is_barred = |category: &&char| {
            let of = self.among.iter().find(|of| of.category.starts_with(**category));
            of.is_some_and(|of| !of.choices.contains(value))
        };
        terms.categories.iter().find(is_barred).map(|category| LackKind::NotAmong { category: *category })
    }
}

/// Lists what of the demands on a thing is not met, the gravest first.
pub fn lacks<'a>(
    demands: impl IntoIterator<Item = &'a FactDemand>,
    values: &FactValues,
    terms: &FactTerms,
) -> Vec<FactLack> {
    let lack = |demand: &FactDemand| {
        let what = demand.wrong(values.get(&demand.id), terms)?;
        Some(FactLack {
            id: demand.id.clone(),
            what,
            strength: demand.strength,
            clause: demand.clause.clone(),
            room_clause: demand.room_clause.clone(),
        })
    };
    let mut all: Vec<FactLack> = demands.into_iter().filter(|d| d.holds(values)).filter_map(lack).collect();
    all.sort_by_key(|lack| std::cmp::Reverse(lack.strength));
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn demand(text: &str) -> FactDemand {
        toml::from_str(text).expect("a demand")
    }

    #[test]
    fn what_is_missing_or_disagrees_is_told_by_clause() {
        let demands = [
            demand("id = 'plan-year'\nstrength = 'warn'\nyear_of = 'codes'\nclause = 'GS-03'"),
            demand("id = 'award-number'\nstrength = 'refuse'\nclause = 'GS-02'"),
            demand("id = 'route'\nwhen = { fact = 'contest-class', is = 'class-two' }\nclause = 'GS-08'"),
            demand("id = 'evaluation-method'\namong = [{ category = 'S', choices = ['exam'] }]\nclause = 'GZ-37'"),
        ];
        let mut values = FactValues::from([("plan-year".into(), "2025".into())]);
        let terms =
            FactTerms { years: [26].into(), categories: ['S'].into(), issued: NaiveDate::from_ymd_opt(2026, 3, 1) };
        let told = |values: &FactValues| -> Vec<String> {
            lacks(&demands, values, &terms).iter().map(|l| format!("{} {}", l.clause, l.what.key())).collect()
        };
        assert_eq!(told(&values), ["GS-02 missing", "GS-03 other-year", "GZ-37 missing"]);
        for (id, value) in [("contest-class", "class-two"), ("award-number", "1号"), ("plan-year", "2026")] {
            values.insert(id.into(), value.into());
        }
        values.insert("evaluation-method".into(), "direct".into());
        assert_eq!(told(&values), ["GS-08 missing", "GZ-37 not-among"]);
        let later = [demand("id = 'award-date'\nnot_after = 'issued'\nclause = 'GS-02'")];
        let told = |day: Option<&str>| {
            let values: FactValues = day.map(|day| ("award-date".to_string(), day.to_string())).into_iter().collect();
            lacks(&later, &values, &terms).iter().map(|lack| lack.what.key()).collect::<Vec<_>>()
        };
        assert_eq!(
            (told(None), told(Some("2026-03-01")), told(Some("2026-03-02"))),
            (vec![], vec![], vec!["after-issued"])
        );
    }
}
