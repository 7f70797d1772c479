//! The terminal (终端): taken over and given back, whatever happens in between.

use std::io::{self, IsTerminal, Stdout};

use crossterm::event::{DisableBracketedPaste, EnableBracketedPaste};
use crossterm::terminal::{EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode};
use crossterm::{cursor, execute};

use super::backend::Line;
use super::draw;
use super::osc52::{self, Through};
use super::theme::Theme;
use crate::app::App;

/// The screen and the terminal behind it.
pub struct Terminal {
    screen: ratatui::Terminal<Line<Stdout>>,
    through: Through,
}

impl Terminal {
    /// Takes the terminal over. A panic from now on gives it back before the message is printed.
    pub fn take() -> io::Result<Terminal> {
        if !io::stdin().is_terminal() || !io::stdout().is_terminal() {
            return Err(io::Error::other("not a terminal"));
        }
        let before = std::panic::take_hook();
        let screen_thread = std::thread::current().id();
        std::panic::set_hook(Box::new(move |info| {
            // A worker's panic becomes a line in the status; only the screen's own ends the program.
            if std::thread::current().id() == screen_thread {
                give_back();
                before(info);
            }
        }));
        enter()?;
        let screen = Line::new(io::stdout()).and_then(ratatui::Terminal::new).inspect_err(|_| give_back())?;
        let named = |name: &str| std::env::var(name).unwrap_or_default();
        Ok(Terminal { screen, through: Through::of(&named("TMUX"), &named("TERM")) })
    }

    /// Gives columns and rows.
    pub fn size(&self) -> (u16, u16) {
        self.screen.size().map_or((80, 24), |s| (s.width, s.height))
    }

    /// Paints what has changed since the last frame.
    pub fn draw(&mut self, app: &App, theme: Theme) -> io::Result<()> {
        self.screen.draw(|frame| draw::draw(frame, app, theme)).map(|_| ())
    }

    /// Puts a text into the clipboard of the user's terminal, before the next frame; tells whether it was short enough.
    pub fn copy(&mut self, text: &str) -> io::Result<bool> {
        let Some(bytes) = osc52::sequence(text, self.through) else { return Ok(false) };
        self.screen.backend_mut().send(bytes.as_bytes());
        Ok(true)
    }

    /// Forgets what is on the screen, so that the next frame paints all of it.
    pub fn forget(&mut self) -> io::Result<()> {
        self.screen.clear()
    }

    /// Takes the terminal over again after [`give_back`].
    pub fn take_again(&mut self) -> io::Result<()> {
        enter()?;
        self.forget()
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        give_back();
    }
}

fn enter() -> io::Result<()> {
    enable_raw_mode()?;
    execute!(io::stdout(), EnterAlternateScreen, EnableBracketedPaste, cursor::Hide).inspect_err(|_| give_back())
}

/// Gives the terminal back as it was found. A terminal that is gone cannot complain.
pub fn give_back() {
    let _ = execute!(io::stdout(), DisableBracketedPaste, LeaveAlternateScreen, cursor::Show);
    let _ = disable_raw_mode();
}
