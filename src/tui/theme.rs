//! Colours (配色): the 16 of every terminal or none, and never a meaning by colour alone.

use ratatui::style::{Color, Modifier, Style};

use crate::data::Background;
use crate::domain::rules::Severity;

/// What a piece of text is, for its style.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// Ordinary text.
    Plain,
    /// The top line.
    Title,
    /// Column labels and headings.
    Heading,
    /// The cursor's row.
    Current,
    /// The cursor's cell or line.
    Cursor,
    /// An edited cell.
    Edited,
    /// Less important text.
    Dim,
    /// Something did not work.
    Bad,
    /// All is well.
    Good,
    /// A key.
    Key,
    /// A text that is being typed.
    Typing,
    /// A finding of a severity.
    Of(Severity),
}

/// The styles in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Theme {
    /// What the colours have to stand out from; without one bold, reversed and underlined remain.
    pub background: Background,
    /// Whether the terminal draws `·`, `—` and their kin two columns wide.
    pub wide_signs: bool,
}

impl Theme {
    /// Gives the style of a tone.
    pub fn of(self, tone: Tone) -> Style {
        let plain = Style::new();
        // Of the 16, cyan and yellow are hard to read on white, and blue on black.
        let is_light = self.background == Background::Light;
        let on = |dark, light| Some(if is_light { light } else { dark });
        let (colour, modifier) = match tone {
            Tone::Plain => (None, Modifier::empty()),
            Tone::Title | Tone::Current => (None, Modifier::BOLD),
            Tone::Heading | Tone::Key => (on(Color::Cyan, Color::Blue), Modifier::BOLD),
            Tone::Cursor => (None, Modifier::REVERSED),
            Tone::Edited | Tone::Good => (Some(Color::Green), Modifier::empty()),
            Tone::Dim => (Some(Color::DarkGray), Modifier::empty()),
            Tone::Bad | Tone::Of(Severity::Error) => (Some(Color::Red), Modifier::BOLD),
            Tone::Typing => (None, Modifier::UNDERLINED),
            Tone::Of(Severity::Warning) => (on(Color::Yellow, Color::Magenta), Modifier::empty()),
            Tone::Of(Severity::Notice) => (Some(Color::Blue), Modifier::empty()),
        };
        let plain = plain.add_modifier(modifier);
        match colour.filter(|_| self.background != Background::None) {
            Some(colour) => plain.fg(colour),
            None => plain,
        }
    }
}

/// Gives the sign that stands for a severity beside its colour.
pub fn sign(severity: Severity) -> char {
    match severity {
        Severity::Error => '!',
        Severity::Warning => '?',
        Severity::Notice => 'i',
    }
}
