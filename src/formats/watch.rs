//! Long writing, watched (导出进度): whoever waits is told of each row, and may stop it.

use std::sync::atomic::{AtomicBool, Ordering};

use super::atomic::WriteError;

static NEVER: AtomicBool = AtomicBool::new(false);

/// Who waits for a file that is being written.
#[derive(Clone, Copy)]
pub struct Watch<'a> {
    /// Called with every row that is written, and again when it is compared with what was written.
    pub step: &'a dyn Fn(),
    /// Whether to stop; once set it stays so.
    pub stop: &'a AtomicBool,
}

impl Watch<'static> {
    /// Makes the watch of a file that nobody can stop.
    pub fn nobody() -> Watch<'static> {
        Watch { step: &|| {}, stop: &NEVER }
    }
}

impl Watch<'_> {
    /// Passes rows on until they are stopped. Whoever takes them asks [`Watch::ended`] whether those were all.
    pub fn rows<I: IntoIterator>(self, rows: I) -> impl Iterator<Item = I::Item> {
        rows.into_iter().take_while(move |_| {
            (self.step)();
            !self.stop.load(Ordering::Relaxed)
        })
    }

    /// Tells whether the rows came to their end.
    ///
    /// # Errors
    /// [`WriteError::Stopped`] where they were stopped: what was written of them is to be thrown away.
    pub fn ended(self) -> Result<(), WriteError> {
        if self.stop.load(Ordering::Relaxed) { Err(WriteError::Stopped) } else { Ok(()) }
    }
}
