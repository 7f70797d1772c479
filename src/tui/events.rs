//! What wakes the loop: keys, signals, a terminal that is gone, reports of the workers. One channel for all.

use std::sync::mpsc::Sender;
use std::thread;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use signal_hook::consts::{SIGCONT, SIGHUP, SIGTERM, SIGTSTP, SIGWINCH};
use signal_hook::iterator::Signals;

use super::input::{Input, Mouse, Reader};
use super::terminal;
use crate::app::mouse::Pointed;
use crate::app::msg::Msg;

/// Something that wakes the loop.
#[derive(Debug)]
pub enum Event {
    /// A message for the screen state.
    Msg(Msg),
    /// The terminal has come to the end of what was sent.
    Ready,
    /// The column in which the terminal's cursor stood when it was asked, from 0.
    Column(u16),
    /// The left button was pressed at a column and row, from 0; whether for the second time at once.
    Press(u16, u16, bool),
    /// The shell asks the program to stop.
    Stop,
    /// The shell has continued the program.
    Continue,
}

/// How long the loop may take to end by itself after the terminal has gone.
const LAST_GRACE: Duration = Duration::from_secs(10);

/// How long a lone `Esc` waits for what may follow it: over a slow line the bytes of one key arrive apart.
const KEY_PAUSE: Timespec = Timespec { tv_sec: 0, tv_nsec: 50_000_000 };

/// Two presses at one place within this time are a double click; over a slow line they arrive apart.
const TWICE: Duration = Duration::from_millis(600);

/// Starts the threads that read the terminal and the signals.
pub fn listen(to: &Sender<Event>) -> std::io::Result<()> {
    let mut signals = Signals::new([SIGHUP, SIGTERM, SIGTSTP, SIGCONT, SIGWINCH])?;
    let keys = to.clone();
    thread::Builder::new().name("keys".into()).spawn(move || {
        read_terminal(&keys);
        let _ = keys.send(Event::Msg(Msg::HangUp));
        end_at_last();
    })?;
    let to = to.clone();
    thread::Builder::new().name("signals".into()).spawn(move || {
        for signal in signals.forever() {
            let event = match signal {
                SIGTSTP => Event::Stop,
                SIGCONT => Event::Continue,
                SIGWINCH => {
                    let Some((columns, rows)) = terminal::size() else { continue };
                    Event::Msg(Msg::Resize(columns, rows))
                }
                _ => Event::Msg(Msg::HangUp),
            };
            let is_last = matches!(event, Event::Msg(Msg::HangUp));
            if to.send(event).is_err() || is_last {
                return end_at_last();
            }
        }
    })?;
    Ok(())
}

/// Reads the terminal until it is gone. Between keys the thread sleeps; with SIGHUP ignored (nohup) it is the one that
/// learns that nobody is there any more.
fn read_terminal(to: &Sender<Event>) {
    let input = std::io::stdin();
    let mut reader = Reader::default();
    let mut pressed: Option<(Instant, u16, u16)> = None;
    let mut bytes = [0; 4096];
    loop {
        let mut fds = [PollFd::new(&input, PollFlags::IN)];
        let inputs = match poll(&mut fds, reader.is_waiting().then_some(&KEY_PAUSE)) {
            Ok(0) => reader.settle(),
            Ok(_) => match rustix::io::read(&input, &mut bytes) {
                Ok(0) => return,
                Ok(count) => reader.take(&bytes[..count]),
                Err(Errno::INTR) => continue,
                Err(_) => return,
            },
            Err(Errno::INTR) => continue,
            Err(_) => return,
        };
        for input in inputs {
            let event = match input {
                Input::Key(chord) => Event::Msg(Msg::Key(chord)),
                Input::Paste(text) => Event::Msg(Msg::Paste(text)),
                Input::Mouse(Mouse::Wheel(up)) => Event::Msg(Msg::Mouse(Pointed::Wheel { up })),
                Input::Mouse(Mouse::Press(x, y)) => {
                    let is_second = |(when, a, b): (Instant, u16, u16)| (a, b) == (x, y) && when.elapsed() < TWICE;
                    let is_double = pressed.take().is_some_and(is_second);
                    pressed = (!is_double).then(|| (Instant::now(), x, y));
                    Event::Press(x, y, is_double)
                }
                Input::Ready => Event::Ready,
                Input::At(column, _) => Event::Column(column),
            };
            if to.send(event).is_err() {
                return;
            }
        }
    }
}

/// Ends the process when the loop hangs on a dead terminal; everything the store confirmed is on disk by then.
pub fn end_at_last() {
    thread::sleep(LAST_GRACE);
    std::process::exit(1);
}
