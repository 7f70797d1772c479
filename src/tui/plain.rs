//! The conversation (逐行模式) on standard input and output: lines in, lines out, and nothing between. What is said is decided in
//! [`crate::plain`].

use std::io::{self, IsTerminal, Write};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

use super::events::{LoopEvent, end_at_last};
use super::workers::{Shutdown, Workers};
use super::{Options, new_home, opened};
use crate::app::msg::{Effect, Msg};
use crate::failure::Failure;
use crate::plain::Talk;
use crate::words::Locale;

/// Whoever waits is told so this often.
const PROGRESS_EVERY: Duration = Duration::from_secs(5);

/// The longest line that is taken, in bytes.
const LONGEST: usize = 1 << 16;

/// Stands before an answer where a person types it.
const PROMPT: &[u8] = b"> ";

/// Something that wakes the conversation.
#[allow(clippy::large_enum_variant, reason = "one at a time goes through a channel, and nearly all are reports")]
enum Woken {
    /// A report of the workers.
    Report(Msg),
    /// A line, without its end.
    Line(Vec<u8>),
    /// Nothing more will be typed.
    End,
}

/// What stands on a line that has not ended.
type Unfinished = Arc<Mutex<Vec<u8>>>;

/// Talks until the user leaves or the input ends; `remark` says why, where nobody asked for it.
pub fn talk(locale: &Locale, options: Options, remark: Option<&str>) -> Result<(), Failure> {
    let failed = |error: io::Error| locale.bug(&error);
    let mut voice = Voice { is_typed: io::stdin().is_terminal() && io::stdout().is_terminal(), is_waiting: false };
    if let Some(remark) = remark {
        // Whoever cannot be told leaves with the first question.
        let _ = voice.say(&format!("{remark}\n"));
    }
    if let Some(told) = new_home(locale, &options.setup.office) {
        let _ = voice.say(&locale.fill("plain.said", &[("what", &told)])).and_then(|()| voice.say("\n"));
    }
    let (to_talk, woken) = channel();
    let (to_reader, wishes) = channel();
    let unfinished = Unfinished::default();
    let workers = Workers::start(locale, options.setup.clone(), forward(&to_talk).map_err(failed)?).map_err(failed)?;
    listen(&to_talk, workers.shutdown()).map_err(failed)?;
    read(to_talk, wishes, Arc::clone(&unfinished), workers.shutdown()).map_err(failed)?;
    let (app, trouble) = opened(locale, &options);
    let (mut talk, effects) = match options.batch {
        Some(batch) => Talk::start_with(app, batch),
        None => Talk::start(app, options.file, options.sheet),
    };
    effects.into_iter().for_each(|effect| workers.take(effect));
    if let Some(trouble) = trouble {
        talk.report(trouble).into_iter().for_each(|effect| workers.take(effect));
    }
    turn(&mut talk, &mut voice, &workers, (&woken, &to_reader), &unfinished);
    workers.finish();
    Ok(())
}

/// The loop: say, ask for a line once it can be taken, wait.
fn turn(
    talk: &mut Talk,
    voice: &mut Voice,
    workers: &Workers,
    (woken, to_reader): (&Receiver<Woken>, &Sender<()>),
    unfinished: &Unfinished,
) {
    let mut is_asked = false;
    let begun = Instant::now();
    let mut silence = Silence::default();
    loop {
        let words = talk.take_said();
        if !words.is_empty() {
            silence.breaks(begun.elapsed());
        }
        let is_heard = voice.say(&words).is_ok();
        if is_heard && talk.is_ready() && !is_asked {
            is_asked = to_reader.send(()).is_ok() && voice.wait().is_ok();
        }
        let next = match (is_heard, talk.is_ready()) {
            (false, _) => Ok(Woken::End),
            (_, true) => woken.recv().map_err(|_| RecvTimeoutError::Disconnected),
            (_, false) => match silence.may_last(begun.elapsed()) {
                // However many reports there are, they must not keep whoever waits from being told.
                Duration::ZERO => Err(RecvTimeoutError::Timeout),
                pause => woken.recv_timeout(pause),
            },
        };
        let effects = match next {
            Ok(Woken::Report(msg)) => talk.report(msg),
            Ok(Woken::Line(bytes)) => {
                is_asked = false;
                voice.is_waiting = false;
                match String::from_utf8(bytes) {
                    Ok(line) if line.len() < LONGEST => talk.hear(&line),
                    _ => talk.hear_garbled(),
                }
            }
            Err(RecvTimeoutError::Timeout) => {
                talk.tell_progress();
                continue;
            }
            Ok(Woken::End) | Err(RecvTimeoutError::Disconnected) => {
                await_reader();
                let rest = unfinished.lock().unwrap_or_else(PoisonError::into_inner).clone();
                talk.end(&String::from_utf8(rest).unwrap_or_default()).into_iter().for_each(|e| workers.take(e));
                let _ = voice.say(&talk.take_said());
                return;
            }
        };
        for effect in effects {
            if matches!(effect, Effect::Quit) {
                talk.say_good_bye();
                let _ = voice.say(&talk.take_said());
                return;
            }
            workers.take(effect);
        }
    }
}

/// Since when nothing has been said, by the time the conversation has been going on.
#[derive(Debug, Default)]
struct Silence(Duration);

impl Silence {
    /// Takes note that something is said.
    fn breaks(&mut self, now: Duration) {
        self.0 = now;
    }

    /// Gives how much longer nothing may be said to whoever waits.
    fn may_last(&self, now: Duration) -> Duration {
        (self.0 + PROGRESS_EVERY).saturating_sub(now)
    }
}

/// Waits until the reader has what was sent before the end: a signal may overtake it.
fn await_reader() {
    let input = io::stdin();
    for _ in 0..20 {
        let mut fds = [PollFd::new(&input, PollFlags::IN)];
        let is_pending = poll(&mut fds, Some(&Timespec::default())).is_ok_and(|count| 0 < count);
        thread::sleep(Duration::from_millis(5));
        if !is_pending {
            return;
        }
    }
}

/// Writes what is said.
struct Voice {
    /// A person types and sees what is typed.
    is_typed: bool,
    /// The cursor stands behind the prompt.
    is_waiting: bool,
}

impl Voice {
    fn say(&mut self, words: &str) -> io::Result<()> {
        if words.is_empty() {
            return Ok(());
        }
        let mut out = io::stdout().lock();
        if std::mem::take(&mut self.is_waiting) {
            out.write_all(b"\n")?;
        }
        out.write_all(words.as_bytes()).and_then(|()| out.flush())
    }

    fn wait(&mut self) -> io::Result<()> {
        if !self.is_typed || self.is_waiting {
            return Ok(());
        }
        self.is_waiting = true;
        let mut out = io::stdout().lock();
        out.write_all(PROMPT).and_then(|()| out.flush())
    }
}

/// Gives the workers a way to the conversation.
fn forward(to: &Sender<Woken>) -> io::Result<Sender<LoopEvent>> {
    let (from_workers, events) = channel();
    let to = to.clone();
    thread::Builder::new().name("reports".into()).spawn(move || {
        for event in events {
            if let LoopEvent::Msg(msg) = event
                && to.send(Woken::Report(msg)).is_err()
            {
                return;
            }
        }
    })?;
    Ok(from_workers)
}

/// Starts the thread that hears of signals.
fn listen(to: &Sender<Woken>, shutdown: Shutdown) -> io::Result<()> {
    let mut signals = Signals::new([SIGHUP, SIGTERM, SIGINT])?;
    let to = to.clone();
    thread::Builder::new().name("signals".into()).spawn(move || {
        if signals.forever().next().is_some() {
            let _ = to.send(Woken::End);
            end_at_last(&shutdown);
            std::process::exit(1);
        }
    })?;
    Ok(())
}

/// Starts the thread that reads a line for each wish; more is not read, so that an answer is never taken for a question that
/// nobody has seen yet, and a long script waits where it is.
fn read(to: Sender<Woken>, wishes: Receiver<()>, unfinished: Unfinished, shutdown: Shutdown) -> io::Result<()> {
    thread::Builder::new().name("lines".into()).spawn(move || {
        let mut ahead = Vec::new();
        for () in wishes {
            let Some(line) = next_line(&mut ahead, &unfinished) else {
                let _ = to.send(Woken::End);
                end_at_last(&shutdown);
                std::process::exit(1);
            };
            if to.send(Woken::Line(line)).is_err() {
                return;
            }
        }
    })?;
    Ok(())
}

/// Reads on to the end of a line; `None` at the end of the input. Of a line that is too long only the beginning is kept.
fn next_line(ahead: &mut Vec<u8>, unfinished: &Unfinished) -> Option<Vec<u8>> {
    let input = io::stdin();
    let mut bytes = [0; 4096];
    loop {
        if let Some(end) = memchr::memchr(b'\n', ahead) {
            let rest = ahead.split_off(end + 1);
            ahead.pop();
            unfinished.lock().unwrap_or_else(PoisonError::into_inner).clear();
            return Some(std::mem::replace(ahead, rest));
        }
        ahead.truncate(LONGEST);
        unfinished.lock().unwrap_or_else(PoisonError::into_inner).clone_from(ahead);
        match rustix::io::read(&input, &mut bytes) {
            Ok(0) => return None,
            Ok(count) => ahead.extend_from_slice(&bytes[..count]),
            Err(Errno::INTR) => {}
            Err(_) => return None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_waits_is_told_so_every_five_seconds_and_no_more_often() {
        let mut silence = Silence::default();
        let mut told = Vec::new();
        // Something is reported every tenth of a second, and at 7 s something else is said.
        for now in (0..200).map(|tenth| Duration::from_millis(tenth * 100)) {
            let is_due = silence.may_last(now).is_zero();
            if is_due {
                told.push(now.as_millis());
            }
            if is_due || now == Duration::from_secs(7) {
                silence.breaks(now);
            }
        }
        assert_eq!(told, [5000, 12_000, 17_000]);
    }
}
