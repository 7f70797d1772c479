//! What was issued, counted for whoever it is handed upward to (汇总统计、逐级上报, GD-66).

use std::collections::BTreeMap;

use super::Status;
use crate::domain::vocabulary::vocabulary;

/// Certificates that are counted together.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct CountedGroup {
    /// The institution's prefix.
    pub prefix: String,
    /// Its name as the certificates have it; empty for numbers without a holder.
    pub institution: String,
    pub occupation: String,
    /// The level's digit; empty where there is none.
    pub level: String,
    /// The month of issue, `YYYY-MM`; empty where there is no date.
    pub month: String,
    pub status: Status,
}

/// What an institution issued in a month: nobody counts it twice.
pub type Period = (String, String, String);

vocabulary! {
    /// What certificates are added up by.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
    pub enum CountedBy {
        Institution = "institution",
        Level = "level",
        Occupation = "occupation",
        Month = "month",
        Status = "status",
    }
}

/// Certificates by what they are counted by, each period from one source.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Statistics {
    groups: BTreeMap<CountedGroup, u64>,
    sources: BTreeMap<Period, String>,
}

/// A period that two sources count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CountedTwice {
    pub period: Period,
    pub sources: [String; 2],
}

/// A line of a sum: its name, and how many certificates stand how.
pub type Sum = (String, BTreeMap<Status, u64>);

impl CountedGroup {
    pub fn period(&self) -> Period {
        (self.prefix.clone(), self.institution.clone(), self.month.clone())
    }

    /// Gives what it is called by one of its parts.
    fn named(&self, by: CountedBy) -> String {
        match by {
            CountedBy::Institution if self.institution.is_empty() => self.prefix.clone(),
            CountedBy::Institution => format!("{} {}", self.prefix, self.institution),
            CountedBy::Level => self.level.clone(),
            CountedBy::Occupation => self.occupation.clone(),
            CountedBy::Month => self.month.clone(),
            CountedBy::Status => self.status.key().to_string(),
        }
    }
}

impl Statistics {
    /// Adds what a source counts.
    ///
    /// # Errors
    /// Another source has counted the same institution and month.
    pub fn add(
        &mut self,
        source: &str,
        groups: impl IntoIterator<Item = (CountedGroup, u64)>,
    ) -> Result<(), CountedTwice> {
        let groups: Vec<(CountedGroup, u64)> = groups.into_iter().collect();
        let before = groups.iter().map(|(group, _)| group.period());
        for period in before {
            if let Some(first) = self.sources.get(&period) {
                let sources = [first.clone(), source.to_string()];
                return Err(CountedTwice { period, sources });
            }
        }
        for (group, count) in groups {
            self.sources.insert(group.period(), source.to_string());
            *self.groups.entry(group).or_default() += count;
        }
        Ok(())
    }

    pub fn groups(&self) -> impl Iterator<Item = (&CountedGroup, u64)> {
        self.groups.iter().map(|(group, count)| (group, *count))
    }

    pub fn is_empty(&self) -> bool {
        self.groups.is_empty()
    }

    pub fn total(&self) -> u64 {
        self.groups.values().sum()
    }

    /// Adds up by one part, in its order.
    pub fn sums(&self, by: CountedBy) -> Vec<Sum> {
        let mut sums: BTreeMap<String, BTreeMap<Status, u64>> = BTreeMap::new();
        for (group, count) in &self.groups {
            *sums.entry(group.named(by)).or_default().entry(group.status).or_default() += count;
        }
        let mut sums: Vec<Sum> = sums.into_iter().collect();
        if by == CountedBy::Status {
            sums.sort_by_key(|(key, _)| Status::read(key));
        }
        sums
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn group(prefix: &str, month: &str, level: &str, status: Status) -> CountedGroup {
        CountedGroup {
            prefix: prefix.into(),
            institution: "校".into(),
            occupation: "焊工".into(),
            level: level.into(),
            month: month.into(),
            status,
        }
    }

    #[test]
    fn sources_are_added_up_and_none_counts_a_period_again() {
        let mut all = Statistics::default();
        let own = [
            (group("A", "2026-01", "3", Status::Accepted), 2),
            (group("A", "2026-01", "4", Status::Returned), 1),
            (group("A", "2026-02", "3", Status::Accepted), 4),
        ];
        all.add("own", own).unwrap();
        all.add("b.csv", [(group("B", "2026-01", "3", Status::Accepted), 5)]).unwrap();
        let before = all.clone();
        let twice = all.add(
            "c.csv",
            [(group("C", "2026-01", "3", Status::Accepted), 9), (group("B", "2026-01", "5", Status::Published), 1)],
        );
        let period = ("B".into(), "校".into(), "2026-01".into());
        assert_eq!(twice, Err(CountedTwice { period, sources: ["b.csv".into(), "c.csv".into()] }));
        assert_eq!(all, before, "nothing of it is added");
        assert_eq!(all.total(), 12);
        let sums =
            |by| all.sums(by).into_iter().map(|(name, n)| (name, n.values().sum())).collect::<Vec<(String, u64)>>();
        assert_eq!(sums(CountedBy::Level), [("3".into(), 11), ("4".into(), 1)]);
        assert_eq!(sums(CountedBy::Month), [("2026-01".into(), 8), ("2026-02".into(), 4)]);
        assert_eq!(sums(CountedBy::Institution), [("A 校".into(), 7), ("B 校".into(), 5)]);
        assert_eq!(sums(CountedBy::Status), [("returned".into(), 1), ("accepted".into(), 11)]);
    }
}
