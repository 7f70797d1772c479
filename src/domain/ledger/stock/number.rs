//! The numbers of blanks, and runs of them: eight digits, zeros in front included.

use std::fmt;

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::StockRefusal;
use crate::domain::text;

/// How many digits the number of a blank has (GD-57, BJ-66).
pub const BLANK_DIGITS: usize = 8;

/// The number of a blank.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct BlankNumber(u32);

/// Numbers of blanks, first and last included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct BlankRun {
    pub first: BlankNumber,
    pub last: BlankNumber,
}

impl BlankNumber {
    /// The largest number that eight digits hold.
    pub const LARGEST: BlankNumber = BlankNumber(99_999_999);

    /// Makes a number of what the store holds; nothing for one that eight digits cannot hold.
    pub fn new(number: i64) -> Option<BlankNumber> {
        u32::try_from(number).ok().map(BlankNumber).filter(|number| *number <= BlankNumber::LARGEST)
    }

    /// Reads a number as it was typed: `NO.` may stand before it, and full-width digits are taken.
    ///
    /// # Errors
    /// [`StockRefusal::NoNumber`]: whoever leaves a zero out may mean another sheet.
    pub fn read(typed: &str) -> Result<BlankNumber, StockRefusal> {
        let plain: String = typed.trim().chars().map(text::half_width).collect();
        let upper = plain.to_ascii_uppercase();
        let digits = ["NO.", "NO", "№"].iter().find_map(|mark| upper.strip_prefix(mark)).unwrap_or(&upper).trim();
        let is_number = digits.len() == BLANK_DIGITS && digits.bytes().all(|b| b.is_ascii_digit());
        let number = digits.parse().ok().filter(|_| is_number).map(BlankNumber);
        number.ok_or_else(|| StockRefusal::NoNumber(typed.trim().to_string()))
    }

    pub fn value(self) -> u32 {
        self.0
    }

    /// Gives the number so many places further on; nothing behind the last one.
    pub fn further(self, by: u32) -> Option<BlankNumber> {
        BlankNumber::new(i64::from(self.0) + i64::from(by))
    }

    pub fn before(self) -> Option<BlankNumber> {
        self.0.checked_sub(1).map(BlankNumber)
    }

    /// Tells how many places it stands behind another, which is not behind it.
    pub fn places_after(self, first: BlankNumber) -> u32 {
        self.0 - first.0
    }
}

impl fmt::Display for BlankNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:0width$}", self.0, width = BLANK_DIGITS)
    }
}

impl Serialize for BlankNumber {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for BlankNumber {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<BlankNumber, D::Error> {
        let text = String::deserialize(deserializer)?;
        let read = BlankNumber::read(&text).ok().filter(|number| number.to_string() == text);
        read.ok_or_else(|| D::Error::custom("no number of a blank"))
    }
}

impl BlankRun {
    /// Makes a run.
    ///
    /// # Errors
    /// [`StockRefusal::Backwards`].
    pub fn new(first: BlankNumber, last: BlankNumber) -> Result<BlankRun, StockRefusal> {
        if first <= last { Ok(BlankRun { first, last }) } else { Err(StockRefusal::Backwards(first, last)) }
    }

    pub fn of_one(number: BlankNumber) -> BlankRun {
        BlankRun { first: number, last: number }
    }

    /// Reads `00011881`, or `00011881-00012000` with any of the signs that stand for "to".
    pub fn read(typed: &str) -> Result<BlankRun, StockRefusal> {
        let signs = ['-', '－', '–', '—', '~', '～', '至', '到'];
        match typed.split_once(signs) {
            None => BlankNumber::read(typed).map(BlankRun::of_one),
            Some((first, last)) => {
                let last = last.trim_start_matches(signs);
                BlankRun::new(BlankNumber::read(first)?, BlankNumber::read(last)?)
            }
        }
    }

    pub fn count(self) -> u64 {
        u64::from(self.last.0 - self.first.0) + 1
    }

    pub fn holds(self, number: BlankNumber) -> bool {
        self.first <= number && number <= self.last
    }

    pub fn covers(self, other: BlankRun) -> bool {
        self.first <= other.first && other.last <= self.last
    }

    pub fn meets(self, other: BlankRun) -> bool {
        self.first <= other.last && other.first <= self.last
    }
}

impl fmt::Display for BlankRun {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.first == self.last { self.first.fmt(f) } else { write!(f, "{}-{}", self.first, self.last) }
    }
}

/// Reads runs with blanks, commas or line breaks between them.
///
/// # Errors
/// Those of [`BlankRun::read`], of the first that is none.
pub fn typed_runs(typed: &str) -> Result<Vec<BlankRun>, StockRefusal> {
    let parts = typed.split(|c: char| c.is_whitespace() || matches!(c, ',' | '，' | '、' | ';' | '；'));
    parts.filter(|part| !part.is_empty()).map(BlankRun::read).collect()
}

/// Joins numbers, in ascending order, into runs.
pub fn runs_of_numbers(numbers: impl IntoIterator<Item = BlankNumber>) -> Vec<BlankRun> {
    let mut runs: Vec<BlankRun> = Vec::new();
    for number in numbers {
        match runs.last_mut() {
            Some(run) if run.last.further(1) == Some(number) => run.last = number,
            _ => runs.push(BlankRun::of_one(number)),
        }
    }
    runs
}
