//! What wakes the loop: keys, signals, a terminal that is gone, reports of the workers. One channel for all.

use std::sync::mpsc::Sender;
use std::thread;
use std::time::Duration;

use crossterm::event::{self, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use signal_hook::consts::{SIGCONT, SIGHUP, SIGTERM, SIGTSTP};
use signal_hook::iterator::Signals;

use crate::app::key::{Chord, Key};
use crate::app::msg::Msg;

/// Something that wakes the loop.
#[derive(Debug)]
pub enum Event {
    /// A message for the screen state.
    Msg(Msg),
    /// The shell asks the program to stop.
    Stop,
    /// The shell has continued the program.
    Continue,
}

/// How long the loop may take to end by itself after the terminal has gone.
const LAST_GRACE: Duration = Duration::from_secs(10);

/// Starts the threads that read keys and signals and watch the terminal.
pub fn listen(to: &Sender<Event>) -> std::io::Result<()> {
    let mut signals = Signals::new([SIGHUP, SIGTERM, SIGTSTP, SIGCONT])?;
    let keys = to.clone();
    thread::Builder::new().name("keys".into()).spawn(move || read_keys(&keys))?;
    let gone = to.clone();
    thread::Builder::new().name("line".into()).spawn(move || watch_line(&gone))?;
    let to = to.clone();
    thread::Builder::new().name("signals".into()).spawn(move || {
        for signal in signals.forever() {
            let event = match signal {
                SIGTSTP => Event::Stop,
                SIGCONT => Event::Continue,
                _ => Event::Msg(Msg::HangUp),
            };
            let is_last = matches!(event, Event::Msg(_));
            if to.send(event).is_err() || is_last {
                return end_at_last();
            }
        }
    })?;
    Ok(())
}

fn read_keys(to: &Sender<Event>) {
    while let Ok(event) = event::read() {
        for msg in messages(event) {
            if to.send(Event::Msg(msg)).is_err() {
                return;
            }
        }
    }
    let _ = to.send(Event::Msg(Msg::HangUp));
}

/// Waits, asleep, until the terminal is gone: with SIGHUP ignored (nohup) nothing else would tell.
fn watch_line(to: &Sender<Event>) {
    use rustix::event::{PollFd, PollFlags, poll};
    let input = std::io::stdin();
    loop {
        let mut fds = [PollFd::new(&input, PollFlags::empty())];
        match poll(&mut fds, None) {
            Ok(_) => break,
            Err(rustix::io::Errno::INTR) => {}
            Err(_) => return,
        }
    }
    let _ = to.send(Event::Msg(Msg::HangUp));
    end_at_last();
}

/// Ends the process when the loop hangs on a dead terminal; everything the store confirmed is on disk by then.
fn end_at_last() {
    thread::sleep(LAST_GRACE);
    std::process::exit(1);
}

/// Translates a terminal event into messages.
pub fn messages(event: event::Event) -> Vec<Msg> {
    match event {
        event::Event::Key(key) if key.kind != KeyEventKind::Release => chords(key).into_iter().map(Msg::Key).collect(),
        event::Event::Paste(text) => vec![Msg::Paste(text)],
        event::Event::Resize(columns, rows) => vec![Msg::Resize(columns, rows)],
        _ => Vec::new(),
    }
}

fn chords(event: KeyEvent) -> Vec<Chord> {
    let key = match event.code {
        KeyCode::Char(c) => Key::Char(c),
        KeyCode::Enter => Key::Enter,
        KeyCode::Esc => Key::Esc,
        KeyCode::Tab => Key::Tab,
        KeyCode::BackTab => Key::BackTab,
        KeyCode::Backspace => Key::Backspace,
        KeyCode::Delete => Key::Delete,
        KeyCode::Up => Key::Up,
        KeyCode::Down => Key::Down,
        KeyCode::Left => Key::Left,
        KeyCode::Right => Key::Right,
        KeyCode::Home => Key::Home,
        KeyCode::End => Key::End,
        KeyCode::PageUp => Key::PageUp,
        KeyCode::PageDown => Key::PageDown,
        KeyCode::F(n) => Key::F(n),
        _ => return Vec::new(),
    };
    let is_char = matches!(key, Key::Char(_));
    let ctrl = is_char && event.modifiers.contains(KeyModifiers::CONTROL);
    let chord = match (ctrl, key) {
        // Some terminals send Ctrl-H for Backspace and a line feed for Enter.
        (true, Key::Char('h')) => Chord::of(Key::Backspace),
        (true, Key::Char('j')) => Chord::of(Key::Enter),
        _ => Chord { key, ctrl },
    };
    // On a slow line Escape and the key after it arrive as one: they are two keys.
    if event.modifiers.contains(KeyModifiers::ALT) { vec![Chord::of(Key::Esc), chord] } else { vec![chord] }
}
