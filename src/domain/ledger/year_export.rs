//! The yearly ledger (年度台账): a line for every number of a year, with everything that became of it.

use std::ops::Range;

use chrono::NaiveDate;

use super::{Certificate, SeriesKey, Status};
use crate::domain::code::{PREFIX_LENGTH, SegmentReader};
use crate::domain::profile::Profile;

/// A line of the yearly ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum YearLine {
    /// A number that was taken.
    Number(Box<NumberLine>),
    /// Numbers that nobody took.
    Gap(GapLine),
}

/// A number that was taken, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NumberLine {
    pub certificate: Certificate,
    /// The file of the batch it was given to, or of the file it was adopted from; may be empty.
    pub file: String,
    /// When the number was taken, UTC; empty when that is not known.
    pub taken_at: String,
    pub taken_by: String,
    /// The last day of each status it came to: exported, submitted, returned, accepted, published.
    pub days: [Option<NaiveDate>; 5],
    /// Its cases, oldest first: kind, state and reason, by their names in JSON.
    pub cases: Vec<[String; 3]>,
    /// Why it is void or revoked, else why it was returned last; may be empty.
    pub reason: String,
}

/// Numbers up to the largest one taken of which nothing is known but why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GapLine {
    pub series: SeriesKey,
    pub first: u32,
    pub last: u32,
    pub reason: String,
    /// When that was noted, UTC.
    pub noted_at: String,
    pub noted_by: String,
}

/// The statuses whose days stand in a line, in the order of [`NumberLine::days`].
pub const DAYS: [Status; 5] =
    [Status::Exported, Status::Submitted, Status::Returned, Status::Accepted, Status::Published];

/// Where the two digits of the year stand in codes of a profile; one that is not known any more is taken to be as all are.
pub fn year_place(profile: Option<&Profile>) -> Range<usize> {
    let found = profile.and_then(|p| p.layout.find(|reader| matches!(reader, SegmentReader::Year)));
    found.map_or(PREFIX_LENGTH..PREFIX_LENGTH + 2, |(_, segment)| segment.range())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_year_stands_where_the_profile_says() {
        let profile = Profile::parse(include_str!("../../../data/profiles/gansu-competition.toml")).unwrap();
        assert_eq!(&"S000062010001243J00017"[year_place(Some(&profile))], "24");
        assert_eq!(&"Y000111020001225000001"[year_place(None)], "22");
    }
}
