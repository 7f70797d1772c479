//! The terminal (终端): taken over and given back, whatever happens in between.

use std::io::{self, IsTerminal, Write};
use std::time::{Duration, Instant};

use crossterm::event::{DisableBracketedPaste, EnableBracketedPaste};
use crossterm::terminal::{EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode};
use crossterm::{cursor, queue};
use rustix::fs::{Mode, OFlags};

use super::backend::ScreenWriter;
use super::cells::ClickArea;
use super::draw;
use super::osc52::{self, Through};
use super::outlet::Outlet;
use super::theme::{SignWidth, Theme};
use crate::app::App;
use crate::app::mouse::MouseTarget;
use crate::office::AmbiguousWidth;

/// The screen and the terminal behind it.
pub struct Terminal {
    screen: ratatui::Terminal<ScreenWriter<Outlet>>,
    outlet: Outlet,
    through: Through,
    pace: Pace,
    /// Whether the answer to [`PROBE`] is missing.
    is_probing: bool,
    has_mouse: bool,
    /// What can be pointed at on the last screen.
    hits: Vec<ClickArea>,
}

/// Draws a character whose width terminals disagree about in the corner and asks where the cursor stands behind it.
const PROBE: &[u8] = "\x1b[H·\x1b[6n\x1b[H\x1b[K".as_bytes();

/// How far the terminal has come with what was sent: over a slow line a screen waits until the one before has arrived,
/// so that what is shown is the last state and not every one in between.
struct Pace {
    /// Bytes since the terminal was last asked how far it is.
    sent: usize,
    /// When it was asked, while its answer is missing.
    asked: Option<Instant>,
    /// Questions without an answer; after two the terminal is taken for one that never answers.
    unanswered: u8,
}

impl Pace {
    fn behind_for(&self, now: Instant) -> Option<Duration> {
        let left = PATIENCE.saturating_sub(now.saturating_duration_since(self.asked?));
        (!left.is_zero()).then_some(left)
    }

    /// Notes an answer; tells whether it was slow to come. Where one was given up before, it is that, and the last is still due.
    fn has_come(&mut self, now: Instant) -> bool {
        if std::mem::take(&mut self.unanswered) != 0 {
            return true;
        }
        self.asked.take().is_some_and(|asked| SLOW < now.saturating_duration_since(asked))
    }

    fn takes_more(&mut self, now: Instant) -> bool {
        if self.behind_for(now).is_some() {
            return false;
        }
        if self.asked.take().is_some() {
            self.unanswered = self.unanswered.saturating_add(1);
        }
        true
    }
}

/// Buttons and the wheel, with places beyond column 223.
const MOUSE_ON: &[u8] = b"\x1b[?1000h\x1b[?1006h";
const MOUSE_OFF: &[u8] = b"\x1b[?1006l\x1b[?1000l";

/// After so many bytes the terminal is asked: two seconds of a line of 9,600 baud.
const WINDOW: usize = 2_048;

/// So long an answer is waited for.
const PATIENCE: Duration = Duration::from_millis(1_500);

/// An answer that takes longer came over a slow line.
const SLOW: Duration = Duration::from_millis(400);

/// Has keys and lines come from the terminal itself, where stdin was something else.
pub fn take_keys() -> io::Result<()> {
    let terminal = rustix::fs::open("/dev/tty", OFlags::RDWR | OFlags::NOCTTY | OFlags::CLOEXEC, Mode::empty())?;
    Ok(rustix::stdio::dup2_stdin(&terminal)?)
}

/// Tells whether a terminal erases with the background that is in force, as those that call themselves xterm do; what others do is
/// not known by their names alone.
fn erases_in_colour(term: &str) -> bool {
    let family = term.split(['-', '+']).next().unwrap_or_default();
    term != "xterm-kitty" && ["xterm", "alacritty", "foot", "wezterm", "vte", "konsole"].contains(&family)
}

impl Terminal {
    /// Takes the terminal over. A panic from now on gives it back before the message is printed. `signs` tells whether the
    /// terminal has to be asked how wide it draws ambiguous signs.
    pub fn take(signs: AmbiguousWidth, mut outlet: Outlet) -> io::Result<Terminal> {
        if !io::stdin().is_terminal() || !io::stdout().is_terminal() {
            return Err(io::Error::other("not a terminal"));
        }
        let before = std::panic::take_hook();
        let (screen_thread, last_words) = (std::thread::current().id(), outlet.clone());
        std::panic::set_hook(Box::new(move |info| {
            // A worker's panic becomes a line in the status; only the screen's own ends the program.
            if std::thread::current().id() == screen_thread {
                give_back(&last_words);
            }
            before(info);
        }));
        enter(&outlet)?;
        let is_probing = signs == AmbiguousWidth::Ask;
        if is_probing {
            outlet.write_all(PROBE).inspect_err(|_| give_back(&outlet))?;
        }
        let named = |name: &str| std::env::var(name).unwrap_or_default();
        let line = ScreenWriter::new(outlet.clone(), erases_in_colour(&named("TERM")));
        let mut screen = line.and_then(ratatui::Terminal::new).inspect_err(|_| give_back(&outlet))?;
        screen.backend_mut().learn(SignWidth::of(signs));
        let pace = Pace { sent: 0, asked: None, unanswered: 0 };
        Ok(Terminal {
            screen,
            outlet,
            through: Through::of(&named("TMUX"), &named("TERM")),
            pace,
            is_probing,
            has_mouse: false,
            hits: Vec::new(),
        })
    }

    /// Gives columns and rows.
    pub fn size(&self) -> (u16, u16) {
        self.screen.size().map_or((80, 24), |s| (s.width, s.height))
    }

    /// Paints what has changed since the last frame.
    pub fn draw(&mut self, app: &App, theme: Theme) -> io::Result<()> {
        let mut hits = Vec::new();
        self.screen.draw(|frame| hits = draw::draw_for_mouse(frame, app, theme))?;
        self.hits = hits;
        self.pace.sent += self.screen.backend_mut().take_sent();
        if WINDOW <= self.pace.sent && self.pace.asked.is_none() && self.pace.unanswered < 2 {
            self.outlet.write_all(b"\x1b[5n")?;
            (self.pace.sent, self.pace.asked) = (0, Some(Instant::now()));
        }
        Ok(())
    }

    /// Learns from the first answer to [`PROBE`] how wide such characters are here, and forgets the screen where they are wide.
    pub fn learns_width(&mut self, column: u16) -> io::Result<Option<SignWidth>> {
        if !std::mem::take(&mut self.is_probing) {
            return Ok(None);
        }
        let signs = match column {
            1 => SignWidth::Narrow,
            2 => SignWidth::Wide,
            _ => return Ok(None),
        };
        self.screen.backend_mut().learn(signs);
        if signs == SignWidth::Wide {
            self.forget()?;
        }
        Ok(Some(signs))
    }

    /// Notes that the terminal has come as far as it was asked; tells whether that took so long that the line must be slow.
    pub fn has_come(&mut self) -> bool {
        self.pace.has_come(Instant::now())
    }

    /// Tells whether something has not gone out yet; once it has, the loop is told.
    pub fn is_sending(&self) -> bool {
        !self.outlet.is_empty()
    }

    /// Gives how long its answer is still waited for; `None` when none is, or no longer.
    pub fn is_behind_for(&self) -> Option<Duration> {
        self.pace.behind_for(Instant::now())
    }

    /// Tells whether the next screen may be sent.
    pub fn takes_more(&mut self) -> bool {
        !self.is_sending() && self.pace.takes_more(Instant::now())
    }

    /// Puts a text into the clipboard of the user's terminal, before the next frame; tells whether it was short enough.
    pub fn copy(&mut self, text: &str) -> bool {
        let Some(bytes) = osc52::sequence(text, self.through) else { return false };
        self.screen.backend_mut().send(bytes.as_bytes());
        true
    }

    /// Lets the terminal send what the mouse does, or no longer.
    pub fn set_mouse(&mut self, is_on: bool) -> io::Result<()> {
        self.has_mouse = is_on;
        self.outlet.write_all(if is_on { MOUSE_ON } else { MOUSE_OFF })
    }

    /// Gives what was drawn at a place last, as far as it can be pointed at.
    pub fn target_at(&self, x: u16, y: u16) -> Option<MouseTarget> {
        // What was drawn later lies over the rest.
        self.hits.iter().rev().find(|hit| hit.holds(x, y)).and_then(|hit| hit.target)
    }

    /// Forgets what is on the screen, so that the next frame paints all of it.
    pub fn forget(&mut self) -> io::Result<()> {
        self.screen.clear()
    }

    /// Gives the terminal back for a while.
    pub fn give_back(&self) {
        give_back(&self.outlet);
    }

    /// Takes the terminal over again after [`Terminal::give_back`].
    pub fn take_again(&mut self) -> io::Result<()> {
        enter(&self.outlet)?;
        // Whoever had the terminal meanwhile may have taken the answer.
        self.pace.asked = None;
        if self.has_mouse {
            self.set_mouse(true)?;
        }
        self.forget()
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        give_back(&self.outlet);
    }
}

/// Gives columns and rows of the terminal.
pub fn size() -> Option<(u16, u16)> {
    crossterm::terminal::size().ok()
}

fn enter(outlet: &Outlet) -> io::Result<()> {
    outlet.set_taken(true);
    outlet.guard.tell(true);
    enable_raw_mode()?;
    let mut bytes = Vec::new();
    queue!(bytes, EnterAlternateScreen, EnableBracketedPaste, cursor::Hide)
        .and_then(|()| outlet.clone().write_all(&bytes))
        .inspect_err(|_| give_back(outlet))
}

/// What may be open in the middle of a frame is closed, and the screen wiped: where there is no alternate screen, what it
/// showed of people would stay.
const WIPED: &[u8] = b"\x1b[?2026l\x1b[r\x1b[m\x1b[H\x1b[J";

/// How long the last bytes may take; a terminal that is stopped does not take them.
const FAREWELL: Duration = Duration::from_millis(300);

/// Gives the terminal back as it was found, once. A terminal that is gone cannot complain.
pub fn give_back(outlet: &Outlet) {
    if !outlet.set_taken(false) {
        return;
    }
    let _ = outlet.clone().write_all(&farewell());
    outlet.wait(FAREWELL);
    let _ = disable_raw_mode();
    outlet.guard.tell(false);
}

/// Gives the bytes after which the terminal is as it was found, but for its modes.
pub fn farewell() -> Vec<u8> {
    let mut bytes = [MOUSE_OFF, WIPED].concat();
    let _ = queue!(bytes, DisableBracketedPaste, LeaveAlternateScreen, cursor::Show);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_that_never_comes_is_waited_for_once_and_then_no_longer() {
        let asked = Instant::now();
        let mut pace = Pace { sent: 0, asked: Some(asked), unanswered: 0 };
        assert_eq!(pace.behind_for(asked), Some(PATIENCE));
        assert!(!pace.takes_more(asked + PATIENCE / 2));
        // Nothing has to be drawn: whoever waits for something else waits for that alone.
        assert_eq!(pace.behind_for(asked + PATIENCE), None);
        assert_eq!(pace.behind_for(asked + PATIENCE * 9), None);
        assert!(pace.takes_more(asked + PATIENCE));
        assert_eq!((pace.asked, pace.unanswered), (None, 1));
    }
    #[test]
    fn an_answer_that_was_given_up_is_a_slow_one_however_soon_after_the_next_question() {
        let asked = Instant::now();
        let mut pace = Pace { sent: 0, asked: Some(asked), unanswered: 1 };
        assert!(pace.has_come(asked));
        // That of the question itself comes at once.
        assert!(pace.asked.is_some() && !pace.has_come(asked + SLOW));
        pace.asked = Some(asked);
        assert!(pace.has_come(asked + SLOW * 2) && !pace.has_come(asked + SLOW * 3));
    }
}
