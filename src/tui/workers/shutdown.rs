//! What is left to be done when the loop does not end by itself (遗留事项): the store is brought to its end without it.

use std::sync::Weak;
use std::sync::mpsc::{Sender, channel};
use std::time::Duration;

use super::Task;

/// The way to the store for whoever must end the program without the loop. It keeps no store open.
#[derive(Clone)]
pub struct Shutdown {
    pub(super) to_store: Weak<Sender<Task>>,
}

impl Shutdown {
    /// Has the store write the view that waits and give the batch back; waits no longer than patience lasts.
    pub fn carry_out(&self, patience: Duration) {
        let Some(to_store) = self.to_store.upgrade() else { return };
        let (done, is_done) = channel();
        if to_store.send(Task::Finish(done)).is_ok() {
            // The store may hang as well; what it has told the screen is on disk.
            let _ = is_done.recv_timeout(patience);
        }
    }
}
