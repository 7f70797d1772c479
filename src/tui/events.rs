//! What wakes the loop: keys, signals, a terminal that is gone, reports of the workers. One channel for all.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use signal_hook::consts::{SIGCONT, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP, SIGWINCH};
use signal_hook::iterator::Signals;

use super::burst::KeyBurst;
use super::input::{InputReader, MouseReport, TerminalInput};
use super::outlet::Outlet;
use super::terminal;
use super::workers::Shutdown;
use crate::app::mouse::Pointed;
use crate::app::msg::Msg;

/// Something that wakes the loop.
#[derive(Debug)]
#[allow(clippy::large_enum_variant, reason = "one at a time goes through a channel, and nearly all are messages")]
pub enum LoopEvent {
    /// A message for the screen state.
    Msg(Msg),
    /// Something has gone out to the terminal.
    Sent,
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
    /// A test wants the loop to break, or else to stand still.
    #[cfg(debug_assertions)]
    Try(bool),
}

/// How long the loop may take to end by itself after the terminal has gone, and then the store.
const GRACE: [Duration; 2] = [Duration::from_millis(900), Duration::from_millis(500)];

/// How long a lone `Esc` waits for what may follow it: over a slow line the bytes of one key arrive apart.
const KEY_PAUSE: Duration = Duration::from_millis(50);

/// Two presses at one place within this time are a double click; over a slow line they arrive apart.
const TWICE: Duration = Duration::from_millis(600);

/// In builds for tests: has the loop break, or stand still.
#[cfg(debug_assertions)]
const TRIED: [i32; 2] = [signal_hook::consts::SIGUSR1, signal_hook::consts::SIGUSR2];

/// Starts the threads that read the terminal and the signals, and the one that ends the program if the loop does not.
pub fn listen(to: &Sender<LoopEvent>, outlet: Outlet, shutdown: Shutdown) -> std::io::Result<()> {
    let mut signals = Signals::new([SIGHUP, SIGTERM, SIGINT, SIGQUIT, SIGTSTP, SIGCONT, SIGWINCH])?;
    #[cfg(debug_assertions)]
    TRIED.iter().try_for_each(|signal| signals.add_signal(*signal))?;
    let (gone, is_gone) = channel();
    let (keys, key_end) = (to.clone(), gone.clone());
    thread::Builder::new().name("keys".into()).spawn(move || {
        // A program that hears no key any more is as lost as one without a terminal.
        let _ = catch_unwind(AssertUnwindSafe(|| read_terminal(&keys)));
        let _ = keys.send(LoopEvent::Msg(Msg::HangUp));
        let _ = key_end.send(());
    })?;
    let to = to.clone();
    thread::Builder::new().name("signals".into()).spawn(move || {
        for signal in signals.forever() {
            let event = match signal {
                SIGTSTP => LoopEvent::Stop,
                SIGCONT => LoopEvent::Continue,
                SIGWINCH => {
                    let Some((columns, rows)) = terminal::size() else { continue };
                    LoopEvent::Msg(Msg::Resize(columns, rows))
                }
                #[cfg(debug_assertions)]
                signal if TRIED.contains(&signal) => LoopEvent::Try(signal == TRIED[0]),
                _ => LoopEvent::Msg(Msg::HangUp),
            };
            if matches!(event, LoopEvent::Msg(Msg::HangUp)) {
                let _ = gone.send(());
            }
            if to.send(event).is_err() {
                return;
            }
        }
    })?;
    thread::Builder::new().name("watchdog".into()).spawn(move || {
        if is_gone.recv().is_ok() {
            end_at_last(&shutdown);
            terminal::give_back(&outlet);
            std::process::exit(1);
        }
    })?;
    Ok(())
}

/// Reads the terminal until it is gone. Between keys the thread sleeps; with SIGHUP ignored (nohup) it is the one that
/// learns that nobody is there any more.
fn read_terminal(to: &Sender<LoopEvent>) {
    let input = std::io::stdin();
    let mut reader = InputReader::default();
    let mut burst = KeyBurst::default();
    let mut pressed: Option<(Instant, u16, u16)> = None;
    let mut bytes = [0; 4096];
    loop {
        let mut fds = [PollFd::new(&input, PollFlags::IN)];
        let pause = if reader.is_waiting() { Some(KEY_PAUSE) } else { burst.patience() };
        let pause = pause.and_then(|pause| Timespec::try_from(pause).ok());
        let mut msgs = Vec::new();
        let inputs = match poll(&mut fds, pause.as_ref()) {
            Ok(0) if reader.is_waiting() => reader.settle(),
            Ok(0) => {
                msgs = burst.settle();
                Vec::new()
            }
            Ok(_) => match rustix::io::read(&input, &mut bytes) {
                Err(Errno::INTR) => continue,
                Ok(0) | Err(_) => {
                    // Whoever typed it and left meant it.
                    burst.settle().into_iter().for_each(|msg| drop(to.send(LoopEvent::Msg(msg))));
                    return;
                }
                Ok(count) => reader.take(&bytes[..count]),
            },
            Err(Errno::INTR) => continue,
            Err(_) => return,
        };
        let now = Instant::now();
        let mut events: Vec<LoopEvent> = msgs.into_iter().map(LoopEvent::Msg).collect();
        for input in inputs {
            if matches!(input, TerminalInput::Paste(_) | TerminalInput::Mouse(_)) {
                events.extend(burst.settle().into_iter().map(LoopEvent::Msg));
            }
            match input {
                TerminalInput::Key(chord) => events.extend(burst.take(chord, now).into_iter().map(LoopEvent::Msg)),
                TerminalInput::Paste(text) => events.push(LoopEvent::Msg(Msg::Paste(text))),
                TerminalInput::Mouse(MouseReport::Wheel(up)) => {
                    events.push(LoopEvent::Msg(Msg::Mouse(Pointed::Wheel { up })));
                }
                TerminalInput::Mouse(MouseReport::Press(x, y)) => {
                    let is_second = |(when, a, b): (Instant, u16, u16)| (a, b) == (x, y) && when.elapsed() < TWICE;
                    let is_double = pressed.take().is_some_and(is_second);
                    pressed = (!is_double).then_some((now, x, y));
                    events.push(LoopEvent::Press(x, y, is_double));
                }
                TerminalInput::Ready => events.push(LoopEvent::Ready),
                TerminalInput::At(column, _) => events.push(LoopEvent::Column(column)),
            }
        }
        if events.into_iter().any(|event| to.send(event).is_err()) {
            return;
        }
    }
}

/// Waits for the loop to end by itself, and then for the store; whoever calls it ends the process. Everything the store
/// confirmed is on disk by then.
pub fn end_at_last(shutdown: &Shutdown) {
    thread::sleep(GRACE[0]);
    shutdown.carry_out(GRACE[1]);
}
