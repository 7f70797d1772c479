//! How far an act reaches that cannot be taken back (不能收回的事): told, and agreed to, before it is done.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::case::{CaseId, CaseKind};
use super::{Run, SeriesKey, Status};
use crate::domain::code::CertCode;

/// What an act does for good.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reach {
    /// Numbers are reserved, and so many before them passed over.
    Reserved { series: SeriesKey, run: Run, passed_over: u32 },
    /// Numbers that were issued before are taken over from a file, and so many before them passed over.
    Adopted { file: String, numbers: u32, passed_over: u32 },
    /// Numbers take a status: how many of each they have.
    Marked { status: Status, numbers: BTreeMap<Status, u32> },
    /// Prefixes are retired.
    Retired(Vec<RetiredPrefix>),
    /// A case takes effect on a certificate.
    Closed { id: CaseId, kind: CaseKind, code: CertCode },
}

/// A prefix under which nothing will be issued any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RetiredPrefix {
    pub prefix: String,
    pub name: String,
    /// How many of its numbers are used.
    pub used: u32,
}

/// A day that numbers would be of, and that may be wrong: numbers of it, or taken while the clock says so, stay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DayJump {
    /// It was named, and is after today.
    Named { on: NaiveDate, today: NaiveDate },
    /// The clock says so; by how long the machine has been up, or by the clock of the disk, it is another day.
    Doubted { today: NaiveDate, told: NaiveDate },
    /// The clock says so, and the last entry of the chain is of long before.
    Clock { today: NaiveDate, last: NaiveDate },
}

impl Reach {
    /// Tells whether it must be agreed to: what is done every day and reaches nobody outside need not.
    pub fn is_far(&self) -> bool {
        match self {
            Reach::Reserved { passed_over, .. } | Reach::Adopted { passed_over, .. } => *passed_over != 0,
            Reach::Marked { status, numbers } => status.is_for_good() && !numbers.is_empty(),
            Reach::Retired(prefixes) => !prefixes.is_empty(),
            Reach::Closed { .. } => true,
        }
    }

    /// Counts the numbers that have gone into a file or to the authority.
    pub fn outside(&self) -> u32 {
        match self {
            Reach::Marked { numbers, .. } => {
                numbers.iter().filter(|(status, _)| is_outside(**status)).map(|(_, n)| n).sum()
            }
            _ => 0,
        }
    }
}

fn is_outside(status: Status) -> bool {
    !matches!(status, Status::Reserved | Status::Allocated)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_for_good_must_be_agreed_to() {
        let marked = |status, now: &[Status]| Reach::Marked { status, numbers: now.iter().map(|s| (*s, 2)).collect() };
        let void = |now: &[Status]| marked(Status::Void, now);
        // A number that is void is never given again, whoever has seen it.
        assert!(!void(&[]).is_far() && void(&[Status::Reserved]).is_far() && void(&[Status::Allocated]).is_far());
        assert!(void(&[Status::Allocated, Status::Exported]).is_far());
        assert_eq!(void(&[Status::Allocated, Status::Exported, Status::Submitted]).outside(), 4);
        // What was handed in comes back; what is published ends by a revocation only.
        assert!(!marked(Status::Submitted, &[Status::Exported]).is_far());
        assert!(marked(Status::Published, &[Status::Accepted]).is_far());
        let adopted = |passed_over| Reach::Adopted { file: "2023.xls".into(), numbers: 3, passed_over };
        assert!(!adopted(0).is_far() && adopted(1).is_far());
        let series = SeriesKey::read("S000062010001242J*****").unwrap();
        let reserved = |passed_over| Reach::Reserved { series, run: (9, 9), passed_over };
        assert!(!reserved(0).is_far() && reserved(8).is_far());
    }
}
