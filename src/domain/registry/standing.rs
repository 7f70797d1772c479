//! What is noted of institutions beside their filing: that one puts things right (整改), and which employers belong to it.

use std::collections::BTreeMap;

use chrono::NaiveDate;

/// The fact of an institution that lists the employers which belong to it.
pub const AFFILIATES: &str = "affiliates";

/// An order to put things right (责令整改) that stands: until it is accepted nothing of the institution is filed (BJ-70).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rectification {
    pub since: NaiveDate,
    /// The paper that orders it; empty where nobody named one.
    pub paper: String,
}

/// What is noted of one institution.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Standing {
    pub rectification: Option<Rectification>,
    /// The employers that belong to it (关联单位), as they were typed.
    pub affiliates: Vec<String>,
}

/// What is noted of institutions, by their prefixes.
pub type Standings = BTreeMap<String, Standing>;

impl Standing {
    /// Takes the latest order and the latest acceptance; one of the day of the order, or later, ends it.
    pub fn take_rectification(&mut self, ordered: Rectification, accepted: Option<NaiveDate>) {
        self.rectification = Some(ordered).filter(|ordered| accepted.is_none_or(|day| day < ordered.since));
    }
}

/// Reads the names that the fact of affiliates lists.
pub fn affiliates_of(value: &str) -> Vec<String> {
    let names = value.split(['；', ';', '、', '\n']).map(str::trim).filter(|name| !name.is_empty());
    names.map(String::from).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_stands_until_it_is_accepted_and_a_later_one_stands_anew() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        for (since, accepted, stands) in [
            ("2026-11-01", None, true),
            ("2026-11-01", Some("2026-11-20"), false),
            ("2026-11-01", Some("2026-11-01"), false),
            ("2026-11-21", Some("2026-11-20"), true),
        ] {
            let mut standing = Standing::default();
            let ordered = Rectification { since: day(since), paper: String::new() };
            standing.take_rectification(ordered, accepted.map(day));
            assert_eq!(standing.rectification.is_some(), stands, "{since} {accepted:?}");
        }
    }

    #[test]
    fn affiliates_are_listed_with_the_usual_signs_between_them() {
        assert_eq!(affiliates_of("甲公司；乙公司; 丙公司、丁公司\n"), ["甲公司", "乙公司", "丙公司", "丁公司"]);
        assert!(affiliates_of(" ； ").is_empty());
    }
}
