//! Privacy on screen (屏幕隐私): what was unmasked is masked again after a while, and a screen nobody sits at goes blank.
//!
//! Time is a message like all others: the state knows no clock, only how long the workbench has been running.

use std::time::Duration;

use crate::domain::code::CertCode;
use crate::domain::roster::RowId;

/// What of personal data is shown, since when, and when the last key came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Privacy {
    /// How long what was unmasked is shown.
    pub unmask_for: Duration,
    /// How long no key may come until the screen goes blank; `None` for ever.
    pub idle_for: Option<Duration>,
    /// How long the workbench has been running.
    pub(super) now: Duration,
    /// When the last key came.
    pub(super) used: Duration,
    /// What is shown unmasked, and since when.
    pub(super) shown: Option<(Shown, Duration)>,
    /// A cell that is being typed into shows personal data.
    pub(super) is_typed: bool,
    pub(super) is_blank: bool,
}

/// Something that is shown unmasked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shown {
    Row(RowId),
    Certificate(CertCode),
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
}
