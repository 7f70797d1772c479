//! Privacy on screen (屏幕隐私): what was unmasked is masked again after a while, and a screen nobody sits at goes blank.
//!
//! Time is a message like all others: the state knows no clock, only how long the workbench has been running.

use std::time::Duration;

use crate::domain::code::CertCode;
use crate::domain::ledger::case::CaseId;
use crate::domain::roster::RowId;

/// What of personal data is shown, since when, and when the last key came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Privacy {
    /// How long what was unmasked is shown.
    pub unmask_for: Duration,
    /// How long no key may come until the screen goes blank; `None` for ever.
    pub idle_for: Option<Duration>,
    /// How long the workbench has been running.
    now: Duration,
    /// When the last key came.
    used: Duration,
    /// What is shown unmasked, and since when.
    shown: Option<(Shown, Duration)>,
    /// A cell that is being typed into shows personal data.
    is_typed: bool,
    is_blank: bool,
}

/// What has been in sight for long enough.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Due {
    /// The cell that is being typed into is to be masked.
    pub typed: bool,
    /// What is shown unmasked is to be masked.
    pub shown: bool,
    /// The screen is to go blank.
    pub blank: bool,
}

/// Something that is shown unmasked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    Row(RowId),
    Certificate(CertCode),
    Case(CaseId),
    /// A form as it is handed in.
    Form,
}

impl Default for Privacy {
    fn default() -> Privacy {
        Privacy {
            unmask_for: Duration::from_secs(30),
            idle_for: Some(Duration::from_mins(10)),
            now: Duration::ZERO,
            used: Duration::ZERO,
            shown: None,
            is_typed: false,
            is_blank: false,
        }
    }
}

impl Privacy {
    /// Tells whether nothing is shown until a key comes.
    pub fn is_blank(&self) -> bool {
        self.is_blank
    }

    /// Tells whether somebody's data is shown unmasked.
    pub fn is_unmasked(&self) -> bool {
        self.shown.is_some() || self.is_typed
    }

    /// Gives how long the workbench will have been running when the screen changes by itself: [`Msg::Time`] is due then.
    ///
    /// [`Msg::Time`]: super::msg::Msg::Time
    pub fn wakes_at(&self) -> Option<Duration> {
        let masks = self.shown.map(|(_, since)| since + self.unmask_for);
        let masks_typed = self.is_typed.then_some(self.used + self.unmask_for);
        let blanks = self.idle_for.filter(|_| !self.is_blank).map(|idle| self.used + idle);
        masks.into_iter().chain(masks_typed).chain(blanks).min()
    }

    /// Takes the time; tells what is due.
    pub(super) fn pass(&mut self, now: Duration) -> Due {
        self.now = now;
        Due {
            typed: self.is_typed && self.used + self.unmask_for <= now,
            shown: self.shown.is_some_and(|(_, since)| since + self.unmask_for <= now),
            blank: !self.is_blank && self.idle_for.is_some_and(|idle| self.used + idle <= now),
        }
    }

    /// Shows nothing until a key comes.
    pub(super) fn blank(&mut self) {
        self.is_blank = true;
    }

    /// Notes that somebody is there. Tells whether that only brings the screen back.
    pub(super) fn wake(&mut self) -> bool {
        self.used = self.now;
        std::mem::take(&mut self.is_blank)
    }

    /// Takes note of what is shown unmasked; its time begins with what has just been unmasked.
    pub(super) fn show(&mut self, shown: Option<Shown>, is_typed: bool) {
        self.is_typed = is_typed;
        if self.shown.map(|(shown, _)| shown) != shown {
            self.shown = shown.map(|shown| (shown, self.now));
        }
    }
}
