//! How fast something long goes on, told a few times a second.

use std::time::{Duration, Instant};

use crate::app::msg::Progress;

/// Told at most this often: every report may become a frame on a slow line.
const TOLD_EVERY: Duration = Duration::from_millis(250);

/// Before this a rate says nothing.
const SURE_AFTER: Duration = Duration::from_secs(1);

/// Measures (进度) a reading or a writing.
pub struct Meter {
    began: Instant,
    told: Instant,
}

impl Meter {
    pub fn new() -> Meter {
        let now = Instant::now();
        Meter { began: now, told: now }
    }

    /// Gives what is to be told now, if anything: `rows` are done, and `part` of `whole`, in whatever unit, where that is known.
    pub fn at(&mut self, rows: u64, part: Option<(u64, u64)>) -> Option<Progress> {
        if self.told.elapsed() < TOLD_EVERY {
            return None;
        }
        self.told = Instant::now();
        Some(progress(self.began.elapsed(), rows, part))
    }
}

fn progress(elapsed: Duration, rows: u64, part: Option<(u64, u64)>) -> Progress {
    let part = part.map(|(part, whole)| (part.min(whole), whole)).filter(|(part, _)| *part != 0);
    let is_sure = SURE_AFTER <= elapsed;
    let percent = part.map(|(part, whole)| (u128::from(part) * 100 / u128::from(whole)) as u8);
    Progress {
        rows,
        percent,
        rate: is_sure.then(|| (rows as f64 / elapsed.as_secs_f64()) as u64),
        left: part
            .filter(|_| is_sure && percent != Some(0))
            .map(|(part, whole)| elapsed.mul_f64((whole - part) as f64 / part as f64)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn share_rate_and_what_is_left_follow_from_what_is_done() {
        let seconds = Duration::from_secs;
        let half = Progress { rows: 1_000, percent: Some(25), rate: Some(500), left: Some(seconds(6)) };
        assert_eq!(progress(seconds(2), 1_000, Some((50, 200))), half);
        // Nothing is guessed from a moment, or from no part.
        let early = Progress { rows: 1_000, percent: Some(25), rate: None, left: None };
        assert_eq!(progress(seconds(0), 1_000, Some((50, 200))), early);
        let unknown = Progress { rows: 10, percent: None, rate: Some(1), left: None };
        assert_eq!(progress(seconds(10), 10, None), unknown);
        assert_eq!(progress(seconds(10), 10, Some((0, 0))), unknown);
        let begun = Progress { rows: 1, percent: Some(0), rate: Some(0), left: None };
        assert_eq!(progress(seconds(9), 1, Some((1, 1_000))), begun);
        // A file that grew under our hands.
        assert_eq!(progress(seconds(1), 1, Some((9, 3))).percent, Some(100));
    }
}
