//! What is asked of the ledger: which certificates, which status, which numbers; and what came of it.

use std::fmt;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::action::ReplyFile;
use super::{Run, SeriesKey, Status, WantedNumbers};
use crate::domain::code::CertCode;
use crate::domain::level::Level;
use crate::domain::profile::Profile;

/// A batch's number in the store; never used again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct BatchId(pub i64);

impl fmt::Display for BatchId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Which certificates something is done to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Selection {
    /// Those with these codes.
    Codes(Vec<CertCode>),
    /// Those given to the rows of a batch, void and revoked ones apart.
    Batch(BatchId),
    /// A run of a series.
    Run(SeriesKey, Run),
}

/// A status that certificates are to take.
#[derive(Debug, Clone, Copy)]
pub struct Marking<'a> {
    pub status: Status,
    /// The day it came to that.
    pub on: NaiveDate,
    /// Why; may be empty.
    pub reason: &'a str,
    /// Whether it is agreed to that the day from which nothing is accepted has passed; `reason` says why.
    pub past_deadline: bool,
    pub handed: Handed<'a>,
}

/// Where certificates were handed in, and what is in hand for it (上报、回执).
#[derive(Debug, Clone, Copy, Default)]
pub struct Handed<'a> {
    /// The site or the office; may be empty.
    pub to: &'a str,
    /// The number of its receipt; may be empty.
    pub receipt: &'a str,
    /// The clauses, with their days, after which nothing is accepted and in spite of which they were handed in; mostly empty.
    pub past: &'a str,
    /// The reply that says what became of them.
    pub reply: Option<&'a ReplyFile>,
}

impl<'a> Marking<'a> {
    /// Makes one of which there is no more to say.
    pub fn new(status: Status, on: NaiveDate, reason: &'a str) -> Marking<'a> {
        Marking { status, on, reason, past_deadline: false, handed: Handed::default() }
    }
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Marked {
    /// So many were marked, by the entry of this place in the chain; these of the batch may not be and stay as they are.
    Done(u64, u64, Vec<BarredCertificate>),
    /// Nothing was, because of these.
    Refused(Vec<BarredCertificate>),
    /// Nothing was: there is no such certificate.
    Nothing,
}

/// A certificate that may not take a status, or not on that day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BarredCertificate {
    pub code: CertCode,
    /// What it is, and since which day; `None` where it is not in the ledger.
    pub stands: Option<(Status, Option<NaiveDate>)>,
    /// Its row was put aside in the batch: whoever marks that does not mean it.
    pub is_aside: bool,
}

/// Why a certificate does not take a status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Bar {
    /// It is in no ledger.
    Unknown,
    /// Its row was put aside.
    Aside,
    /// The one it has leads to others.
    Status(Status),
    /// It took the one it has later than that day.
    Day(Status, Option<NaiveDate>),
}

impl BarredCertificate {
    /// Tells why it does not become `next`.
    pub fn bar(&self, next: Status) -> Bar {
        match self.stands {
            None => Bar::Unknown,
            Some(_) if self.is_aside => Bar::Aside,
            Some((is, _)) if !is.may_become(next) => Bar::Status(is),
            Some((is, since)) => Bar::Day(is, since),
        }
    }
}

/// Numbers to be reserved.
#[derive(Debug, Clone, Copy)]
pub struct Reservation<'a> {
    pub profile: &'a Profile,
    pub prefix: &'a str,
    /// The last two digits of the year.
    pub year: u8,
    pub level: Level,
    pub wanted: WantedNumbers,
    pub on: NaiveDate,
    pub reason: &'a str,
}

/// What an upload file changed in the ledger.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct UploadChanges {
    /// How many certificates are exported now.
    pub marked: u64,
    /// How many of them say something else of their holder than before.
    pub changed: u64,
    /// How many rows of the file have a number under which the ledger has nothing.
    pub unknown: u64,
}
