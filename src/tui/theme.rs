//! Colours (配色): the 16 of every terminal or none, and never a meaning by colour alone.

use ratatui::style::{Color, Modifier, Style};

use crate::app::prompt::Prompt;
pub use crate::app::roster::record::sign;
use crate::domain::rules::Severity;
use crate::office::{AmbiguousWidth, Background};

/// What a piece of text is, for its style.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    Plain,
    Title,
    /// Column labels and headings.
    Heading,
    Current,
    /// The cursor's cell or line.
    Cursor,
    /// The row of the cursor's cell.
    Row,
    Edited,
    Dim,
    /// Something did not work.
    Bad,
    Good,
    Key,
    /// A text that is being typed.
    Typing,
    /// A finding of a severity.
    Of(Severity),
    /// The title bar and the bar of the keys.
    Bar,
    /// A key on its bar.
    BarKey,
    /// A count of a severity, or a bad cell, on a bar or in the cursor's row.
    Badge(Severity),
}

/// How wide the terminal draws `·`, `—`, `─` and their kin, as far as is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SignWidth {
    #[default]
    Unknown,
    Narrow,
    Wide,
}

impl SignWidth {
    /// Gives what is known before the terminal was asked.
    pub fn of(setting: AmbiguousWidth) -> SignWidth {
        match setting {
            AmbiguousWidth::Ask => SignWidth::Unknown,
            AmbiguousWidth::Narrow => SignWidth::Narrow,
            AmbiguousWidth::Wide => SignWidth::Wide,
        }
    }
}

/// What frames, rules and bars are drawn with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Strokes {
    pub across: char,
    pub down: char,
    /// Where a line down begins in one across.
    pub tee: char,
    /// Top left, top right, bottom left, bottom right.
    pub corners: [char; 4],
    /// What a bar is filled with, and what is left of it.
    pub full: char,
    pub rest: char,
}

const ASCII: Strokes = Strokes { across: '-', down: '|', tee: '+', corners: ['+'; 4], full: '#', rest: '.' };

const LINES: Strokes =
    Strokes { across: '─', down: '│', tee: '┬', corners: ['┌', '┐', '└', '┘'], full: '█', rest: '░' };

/// The styles in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Theme {
    /// What the colours have to stand out from; without one bold, reversed and underlined remain.
    pub background: Background,
    pub signs: SignWidth,
    /// Whether frames may be drawn with more than ASCII.
    pub lines: bool,
    /// Whether the cursor's row is shown over its whole width.
    pub whole_row: bool,
}

impl Theme {
    /// Gives the styles for a background, on a terminal of which nothing is known yet.
    pub fn new(background: Background) -> Theme {
        Theme { background, signs: SignWidth::Unknown, lines: true, whole_row: false }
    }

    /// Gives what frames are drawn with: lines are two columns wide on some terminals, and break every frame there.
    pub fn strokes(self) -> Strokes {
        if self.lines && self.signs == SignWidth::Narrow { LINES } else { ASCII }
    }

    /// Gives what a part of a bar is filled with: where its colour tells what it is, all parts are alike, else each has its sign.
    pub fn filled(self, sign: char) -> char {
        let full = self.strokes().full;
        if self.background == Background::None || full.is_ascii() { sign } else { full }
    }

    /// Gives the next background, the text that names it, and its name in settings.
    pub fn turned(self) -> (Background, &'static str, &'static str) {
        match self.background {
            Background::Dark => (Background::Light, "status.theme-light", "\"light\""),
            Background::Light => (Background::None, "status.theme-none", "\"none\""),
            Background::None => (Background::Dark, "status.theme-dark", "\"dark\""),
        }
    }

    /// Gives the style of a line of text that is typed, or that gives way to what is typed.
    pub fn of_prompt(self, prompt: &Prompt) -> Style {
        self.of(if prompt.is_chosen() { Tone::Cursor } else { Tone::Typing })
    }

    /// Gives the style of a tone.
    pub fn of(self, tone: Tone) -> Style {
        // Of the 16, cyan, green and yellow are hard to read on white, and so is the dark grey; red and blue are on black, where
        // the dark grey is the background itself in some palettes.
        let is_light = self.background == Background::Light;
        let on = |dark, light| if is_light { light } else { dark };
        let bold = Modifier::BOLD;
        let none = Modifier::empty();
        let (colour, behind, modifier) = match tone {
            Tone::Plain => (None, None, none),
            Tone::Title | Tone::Current => (None, None, bold),
            Tone::Heading | Tone::Key => (on(Some(Color::Cyan), Some(Color::Blue)), None, bold),
            Tone::Cursor => (None, None, Modifier::REVERSED),
            Tone::Row if self.whole_row && is_light => (Some(Color::Black), Some(Color::Cyan), none),
            Tone::Row if self.whole_row => (Some(Color::White), Some(Color::Blue), none),
            Tone::Row => (None, None, none),
            Tone::Edited | Tone::Good => (on(Some(Color::Green), Some(Color::Blue)), None, none),
            Tone::Dim => (on(Some(Color::Gray), None), None, none),
            Tone::Bad | Tone::Of(Severity::Error) => (on(Some(Color::LightRed), Some(Color::Red)), None, bold),
            Tone::Typing => (None, None, Modifier::UNDERLINED),
            Tone::Of(Severity::Warning) => (on(Some(Color::Yellow), Some(Color::Magenta)), None, none),
            Tone::Of(Severity::Notice) => (on(Some(Color::Cyan), Some(Color::Blue)), None, none),
            Tone::Bar => (Some(Color::White), Some(Color::Blue), none),
            Tone::BarKey => (Some(Color::Yellow), Some(Color::Blue), bold),
            Tone::Badge(Severity::Error) => (Some(Color::White), Some(Color::Red), bold),
            Tone::Badge(Severity::Warning) => (Some(Color::Black), Some(Color::Yellow), none),
            Tone::Badge(Severity::Notice) => (Some(Color::Black), Some(Color::Cyan), none),
        };
        if self.background == Background::None {
            // What a background would tell is told by its being reversed.
            let is_bar = behind.is_some() && tone != Tone::Row;
            // The cell under the cursor is reversed; its row stands out beside it.
            let modifier = if tone == Tone::Row && self.whole_row { bold } else { modifier };
            return Style::new().add_modifier(if is_bar { modifier | Modifier::REVERSED } else { modifier });
        }
        let style = Style::new().add_modifier(modifier);
        let style = colour.map_or(style, |colour| style.fg(colour));
        behind.map_or(style, |behind| style.bg(behind))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TONES: [Tone; 20] = [
        Tone::Plain,
        Tone::Title,
        Tone::Heading,
        Tone::Cursor,
        Tone::Row,
        Tone::Current,
        Tone::Edited,
        Tone::Dim,
        Tone::Bad,
        Tone::Good,
        Tone::Key,
        Tone::Typing,
        Tone::Bar,
        Tone::BarKey,
        Tone::Of(Severity::Error),
        Tone::Of(Severity::Warning),
        Tone::Of(Severity::Notice),
        Tone::Badge(Severity::Error),
        Tone::Badge(Severity::Warning),
        Tone::Badge(Severity::Notice),
    ];

    fn theme(background: Background) -> Theme {
        Theme { whole_row: true, ..Theme::new(background) }
    }

    /// The colours we use as xterm shows them: the palest and the darkest palettes are better or shift both sides.
    fn rgb(colour: Color) -> [u8; 3] {
        match colour {
            Color::Black => [0, 0, 0],
            Color::Red => [205, 0, 0],
            Color::Green => [0, 205, 0],
            Color::Yellow => [205, 205, 0],
            Color::Blue => [0, 0, 238],
            Color::Magenta => [205, 0, 205],
            Color::Cyan => [0, 205, 205],
            Color::Gray => [229, 229, 229],
            Color::LightRed => [255, 0, 0],
            Color::White => [255, 255, 255],
            other => panic!("{other:?} is none of the 16 colours in use"),
        }
    }

    /// The relative luminance of WCAG 2, section 1.4.3.
    fn luminance(rgb: [u8; 3]) -> f64 {
        let linear = |c: u8| {
            let c = f64::from(c) / 255.0;
            if c <= 0.03928 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * linear(rgb[0]) + 0.7152 * linear(rgb[1]) + 0.0722 * linear(rgb[2])
    }

    #[test]
    fn every_pair_of_colours_is_of_the_16_and_can_be_read() {
        let mut grounds = std::collections::HashSet::new();
        for (background, behind) in [(Background::Dark, [0; 3]), (Background::Light, [255; 3])] {
            for tone in TONES {
                let style = theme(background).of(tone);
                let behind = style.bg.map_or(behind, rgb);
                // What says nothing of its letters has those of the terminal.
                assert!(style.bg.is_none() || style.fg.is_some(), "{tone:?}");
                let Some(colour) = style.fg else { continue };
                grounds.extend(style.bg.map(|behind| (colour, behind)));
                let (a, b) = (luminance(rgb(colour)), luminance(behind));
                let contrast = (a.max(b) + 0.05) / (a.min(b) + 0.05);
                assert!(4.5 <= contrast, "{background:?} {tone:?}: {contrast:.1}");
            }
        }
        assert!(grounds.len() <= 8, "{grounds:?}");
    }

    #[test]
    fn without_colours_nothing_that_matters_is_lost() {
        let theme = theme(Background::None);
        assert!(TONES.iter().all(|tone| theme.of(*tone).fg.is_none() && theme.of(*tone).bg.is_none()));
        // What no sign on the screen tells has a look of its own.
        for tone in [Tone::Cursor, Tone::Heading, Tone::Typing, Tone::Bad, Tone::Key, Tone::Bar, Tone::BarKey] {
            assert!(!theme.of(tone).add_modifier.is_empty(), "{tone:?}");
        }
        let mut signs = Severity::ALL.map(sign).to_vec();
        signs.dedup();
        assert_eq!(signs.len(), Severity::ALL.len());
    }

    #[test]
    fn the_command_goes_round_all_themes_with_names_that_settings_know() {
        let mut theme = Theme::new(Background::Dark);
        for (background, value) in
            [(Background::Light, "light"), (Background::None, "none"), (Background::Dark, "dark")]
        {
            let (next, key, written) = theme.turned();
            assert_eq!((next, written), (background, format!("\"{value}\"").as_str()));
            assert!(key.ends_with(value));
            theme.background = next;
        }
    }
}
