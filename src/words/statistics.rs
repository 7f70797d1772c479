//! Statistics, in the user's words.

use super::Locale;
use crate::domain::ledger::Status;
use crate::domain::ledger::statistics::{CountedBy, Sum};
use crate::domain::level::{Level, LevelForm};

impl Locale {
    pub fn counted_by(&self, by: CountedBy) -> &str {
        self.text(match by {
            CountedBy::Institution => "statistics.by.institution",
            CountedBy::Level => "statistics.by.level",
            CountedBy::Occupation => "statistics.by.occupation",
            CountedBy::Month => "statistics.by.month",
            CountedBy::Status => "statistics.by.status",
        })
    }

    /// Writes a level that is kept as its digit.
    pub fn counted_level(&self, digit: &str) -> String {
        let level = digit.parse().ok().and_then(Level::new);
        level.map_or_else(|| digit.to_string(), |level| level.written(LevelForm::Grade))
    }

    /// Names a line of a sum.
    pub fn counted_name(&self, by: CountedBy, name: &str) -> String {
        match by {
            _ if name.is_empty() => self.text("statistics.none").to_string(),
            CountedBy::Level => self.counted_level(name),
            CountedBy::Status => Status::read(name).map_or_else(|| name.to_string(), |s| self.status(s).to_string()),
            _ => name.to_string(),
        }
    }

    /// Writes a line of a sum in cells: its name, how many, and how they stand.
    pub fn counted_cells(&self, by: CountedBy, (name, statuses): &Sum) -> [String; 3] {
        let count: u64 = statuses.values().sum();
        let all = statuses.iter().map(|(status, n)| format!("{} {n}", self.status(*status)));
        let all = if by == CountedBy::Status { Vec::new() } else { all.collect() };
        [self.counted_name(by, name), count.to_string(), all.join(self.text("finding.comma"))]
    }
}
