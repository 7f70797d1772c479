//! The way to the terminal (输出): a thread of its own writes, so that a terminal that takes nothing keeps nobody unsent.

use std::io::{self, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use super::events::LoopEvent;
use super::guard::TerminalGuard;
use crate::app::msg::Msg;

/// The way to the terminal; whoever holds a copy may write, what is written goes out in that order.
#[derive(Debug, Clone)]
pub struct Outlet {
    to: Sender<Vec<u8>>,
    unsent: Arc<Unsent>,
    is_taken: Arc<AtomicBool>,
    /// Who gives the terminal back where this program cannot.
    pub guard: TerminalGuard,
}

/// How many pieces have not gone out yet.
#[derive(Debug, Default)]
struct Unsent {
    pieces: Mutex<usize>,
    changed: Condvar,
}

impl Outlet {
    /// Starts the thread. It tells the loop of each piece that has gone out, and when the terminal takes no more.
    pub fn open(to_loop: Sender<LoopEvent>, guard: TerminalGuard) -> io::Result<Outlet> {
        let (to, pieces) = channel();
        let unsent = Arc::<Unsent>::default();
        let counted = Arc::clone(&unsent);
        thread::Builder::new().name("screen".into()).spawn(move || write(&pieces, &counted, &to_loop))?;
        Ok(Outlet { to, unsent, is_taken: Arc::default(), guard })
    }

    /// Notes whether the terminal is ours; tells whether it was.
    pub fn set_taken(&self, is_taken: bool) -> bool {
        self.is_taken.swap(is_taken, Ordering::SeqCst)
    }

    /// Tells whether everything has gone out.
    pub fn is_empty(&self) -> bool {
        *self.unsent.pieces.lock().unwrap_or_else(PoisonError::into_inner) == 0
    }

    /// Waits until everything has gone out, or until patience ends: the terminal may be one that is stopped.
    pub fn wait(&self, patience: Duration) {
        let pieces = self.unsent.pieces.lock().unwrap_or_else(PoisonError::into_inner);
        // Whether it was enough changes nothing for whoever waits.
        drop(self.unsent.changed.wait_timeout_while(pieces, patience, |pieces| *pieces != 0));
    }
}

impl Unsent {
    fn count(&self, change: impl Fn(&mut usize)) {
        change(&mut self.pieces.lock().unwrap_or_else(PoisonError::into_inner));
        self.changed.notify_all();
    }
}

fn write(pieces: &Receiver<Vec<u8>>, unsent: &Unsent, to_loop: &Sender<LoopEvent>) {
    let mut is_gone = false;
    for piece in pieces {
        if !is_gone {
            let mut out = io::stdout().lock();
            is_gone = out.write_all(&piece).and_then(|()| out.flush()).is_err();
        }
        unsent.count(|pieces| *pieces -= 1);
        // A loop that has ended needs no news.
        let _ = to_loop.send(if is_gone { LoopEvent::Msg(Msg::HangUp) } else { LoopEvent::Sent });
    }
}

impl Write for Outlet {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.unsent.count(|pieces| *pieces += 1);
        if self.to.send(bytes.to_vec()).is_err() {
            self.unsent.count(|pieces| *pieces -= 1);
            return Err(io::ErrorKind::BrokenPipe.into());
        }
        Ok(bytes.len())
    }

    /// Does nothing: what is written goes out by itself.
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
