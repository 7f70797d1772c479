//! Which reading somebody still waits for, and where it reports.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::Sender;

use super::LoopEvent;
use crate::app::msg::{JobId, Msg};

/// The jobs somebody waits for; 0 is none.
#[derive(Debug, Default)]
pub(super) struct WantedJobs {
    pub(super) latest: AtomicU64,
    /// The job of the batch on screen: it goes on until another batch takes its place.
    pub(super) shown: AtomicU64,
}

/// Where a reading job sends its reports.
#[derive(Debug, Clone)]
pub struct Reports {
    pub job: JobId,
    pub(super) wanted: Arc<WantedJobs>,
    pub(super) to: Sender<LoopEvent>,
}

impl Reports {
    /// Tells whether anybody still waits for the job; a job that is not wanted should end soon.
    pub fn is_wanted(&self) -> bool {
        let WantedJobs { latest, shown } = &*self.wanted;
        [latest, shown].iter().any(|job| job.load(Ordering::Relaxed) == self.job)
    }

    /// Sends a report; tells whether the job should go on.
    pub fn send(&self, msg: Msg) -> bool {
        self.is_wanted() && self.to.send(LoopEvent::Msg(msg)).is_ok()
    }
}
