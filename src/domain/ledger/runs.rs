//! Runs of serials: what is taken, what is missing between, and which run of numbers may be taken next.

use thiserror::Error;

use super::SeriesState;
use crate::domain::code::ComposeError;
use crate::domain::vocabulary::vocabulary;

/// Serials of one series, first and last included.
pub type Run = (u32, u32);

/// Serials up to the largest one taken, of which nothing is known but why (缺号).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gap {
    pub first: u32,
    pub last: u32,
    /// The audit entry that left it.
    pub entry: u64,
    pub reason: String,
}

/// Which numbers of a series are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WantedNumbers {
    /// So many after the largest one taken.
    Next(u32),
    /// A run received from outside (DOMAIN: numbers can be assigned elsewhere).
    Run(Run),
}

vocabulary! {
    /// Why numbers cannot be taken.
    #[derive(Debug, Clone, PartialEq, Eq, Error)]
    pub enum TakeError {
        /// The prefix went to the retired codes (BJ-50).
        #[error("the prefix {0} is retired")]
        Retired(String) = "retired",
        /// The series has fewer numbers left; how many.
        #[error("only {0} numbers are left")]
        Full(u32) = "series-full",
        /// A number of the run is taken already; its serial.
        #[error("the number {0} is taken")]
        Taken(u32) = "taken",
        /// The run is empty or lies outside the series' numbers, first to last.
        #[error("the numbers run from {0} to {1}")]
        Outside(u32, u32) = "outside-series",
        /// No code can be composed.
        #[error(transparent)]
        NotComposed(#[from] ComposeError) = "not-composed",
        /// The series, or the batch, has numbers under other rules: the profile's id, and the numbers first to last.
        #[error("numbered under {0}, {1} to {2}")]
        OtherProfile(String, u32, u32) = "other-profile",
        /// The year is still to come, four digits.
        #[error("the year {0} is still to come")]
        YearAhead(i32) = "year-ahead",
        /// The prefix does not read under the profile.
        #[error("the prefix does not read under the profile")]
        Unreadable = "unreadable",
    }
}

/// Lists the runs of sorted serials; a serial may stand twice.
pub fn runs(serials: &[u32]) -> Vec<Run> {
    let mut all: Vec<Run> = Vec::new();
    for serial in serials {
        match all.last_mut() {
            Some((_, last)) if *serial <= *last + 1 => *last = *serial,
            _ => all.push((*serial, *serial)),
        }
    }
    all
}

/// Lists the runs within a run that sorted serials leave out.
pub fn missing(within: Run, taken: &[u32]) -> Vec<Run> {
    let (mut next, mut all) = (within.0, Vec::new());
    for serial in taken.iter().filter(|s| (within.0..=within.1).contains(s)) {
        if next < *serial {
            all.push((next, serial - 1));
        }
        next = next.max(serial + 1);
    }
    if next <= within.1 {
        all.push((next, within.1));
    }
    all
}

/// Finds the run of numbers to take: after the largest one taken, or one received from outside, which may also lie in a gap
/// that is known.
///
/// # Errors
/// [`TakeError::Full`], [`TakeError::Taken`], [`TakeError::Outside`].
pub fn run_to_take(state: &SeriesState, gaps: &[Gap], wanted: WantedNumbers) -> Result<Run, TakeError> {
    let (first, last) = match wanted {
        WantedNumbers::Next(0) => return Err(TakeError::Outside(state.first, state.last)),
        WantedNumbers::Next(count) => match state.next().filter(|_| count <= state.left()) {
            Some(next) => return Ok((next, next + (count - 1))),
            None => return Err(TakeError::Full(state.left())),
        },
        WantedNumbers::Run(run) => run,
    };
    if last < first || first < state.first || state.last < last {
        return Err(TakeError::Outside(state.first, state.last));
    }
    let is_free = |gap: &&Gap| gap.first <= first && last <= gap.last;
    if state.high < first || gaps.iter().any(|gap| is_free(&gap)) {
        return Ok((first, last));
    }
    let in_gap = |serial: u32| gaps.iter().find(|g| (g.first..=g.last).contains(&serial));
    let mut serial = first;
    while let Some(gap) = in_gap(serial) {
        serial = gap.last + 1;
    }
    Err(TakeError::Taken(serial.min(last)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ledger::SeriesKey;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn what_is_taken_and_what_is_missing_make_the_whole(
            taken in prop::collection::btree_set(1..40_u32, 0..20), last in 1..45_u32,
        ) {
            let taken: Vec<u32> = taken.into_iter().collect();
            let inside: Vec<u32> = taken.iter().copied().filter(|s| *s <= last).collect();
            let of = |runs: Vec<Run>| runs.into_iter().flat_map(|(a, b)| a..=b).collect::<Vec<u32>>();
            prop_assert_eq!(of(runs(&taken)), taken.clone());
            let mut all = [of(missing((1, last), &taken)), inside].concat();
            all.sort_unstable();
            prop_assert_eq!(all, (1..=last).collect::<Vec<u32>>());
        }
    }

    #[test]
    fn numbers_follow_the_largest_or_fill_a_known_gap() {
        let key = SeriesKey::read("S000062010001243J*****").unwrap();
        let state = SeriesState {
            key,
            profile: String::new(),
            first: 1,
            last: 100,
            high: 50,
            used: 0,
            reserved: 0,
            void: 0,
            gaps: 10,
        };
        let gap = Gap { first: 11, last: 20, entry: 1, reason: String::new() };
        let take = |wanted| run_to_take(&state, std::slice::from_ref(&gap), wanted);
        assert_eq!(take(WantedNumbers::Next(3)), Ok((51, 53)));
        assert_eq!(take(WantedNumbers::Next(50)), Ok((51, 100)));
        assert_eq!(take(WantedNumbers::Next(51)), Err(TakeError::Full(50)));
        assert_eq!(take(WantedNumbers::Next(0)), Err(TakeError::Outside(1, 100)));
        assert_eq!(take(WantedNumbers::Run((60, 70))), Ok((60, 70)), "what lies between becomes a gap");
        assert_eq!(take(WantedNumbers::Run((12, 20))), Ok((12, 20)));
        assert_eq!(take(WantedNumbers::Run((12, 21))), Err(TakeError::Taken(21)));
        assert_eq!(take(WantedNumbers::Run((5, 12))), Err(TakeError::Taken(5)));
        assert_eq!(take(WantedNumbers::Run((50, 60))), Err(TakeError::Taken(50)));
        for run in [(0, 5), (90, 101), (60, 59)] {
            assert_eq!(take(WantedNumbers::Run(run)), Err(TakeError::Outside(1, 100)));
        }
    }
}
