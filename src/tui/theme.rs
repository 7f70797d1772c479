//! Colours (配色): the 16 of every terminal or none, and never a meaning by colour alone.

use ratatui::style::{Color, Modifier, Style};

use crate::domain::rules::Severity;
use crate::office::Background;

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
    /// Gives the next background, the text that names it, and its name in settings.
    pub fn turned(self) -> (Background, &'static str, &'static str) {
        match self.background {
            Background::Dark => (Background::Light, "status.theme-light", "\"light\""),
            Background::Light => (Background::None, "status.theme-none", "\"none\""),
            Background::None => (Background::Dark, "status.theme-dark", "\"dark\""),
        }
    }

    /// Gives the style of a tone.
    pub fn of(self, tone: Tone) -> Style {
        let plain = Style::new();
        // Of the 16, cyan, green and yellow are hard to read on white, and blue on black; the dark grey is the background
        // itself in some palettes for dark ones.
        let is_light = self.background == Background::Light;
        let on = |dark, light| Some(if is_light { light } else { dark });
        let (colour, modifier) = match tone {
            Tone::Plain => (None, Modifier::empty()),
            Tone::Title | Tone::Current => (None, Modifier::BOLD),
            Tone::Heading | Tone::Key => (on(Color::Cyan, Color::Blue), Modifier::BOLD),
            Tone::Cursor => (None, Modifier::REVERSED),
            Tone::Edited | Tone::Good => (on(Color::Green, Color::Blue), Modifier::empty()),
            Tone::Dim => (on(Color::Gray, Color::DarkGray), Modifier::empty()),
            Tone::Bad | Tone::Of(Severity::Error) => (Some(Color::Red), Modifier::BOLD),
            Tone::Typing => (None, Modifier::UNDERLINED),
            Tone::Of(Severity::Warning) => (on(Color::Yellow, Color::Magenta), Modifier::empty()),
            Tone::Of(Severity::Notice) => (on(Color::Cyan, Color::Blue), Modifier::empty()),
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

#[cfg(test)]
mod tests {
    use super::*;

    const TONES: [Tone; 14] = [
        Tone::Plain,
        Tone::Title,
        Tone::Heading,
        Tone::Cursor,
        Tone::Current,
        Tone::Edited,
        Tone::Dim,
        Tone::Bad,
        Tone::Good,
        Tone::Key,
        Tone::Typing,
        Tone::Of(Severity::Error),
        Tone::Of(Severity::Warning),
        Tone::Of(Severity::Notice),
    ];

    /// The colours we use as xterm shows them: the palest and the darkest palettes are better or shift both sides.
    fn rgb(colour: Color) -> [u8; 3] {
        match colour {
            Color::Red => [205, 0, 0],
            Color::Green => [0, 205, 0],
            Color::Yellow => [205, 205, 0],
            Color::Blue => [0, 0, 238],
            Color::Magenta => [205, 0, 205],
            Color::Cyan => [0, 205, 205],
            Color::Gray => [229, 229, 229],
            Color::DarkGray => [127, 127, 127],
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
    fn every_colour_is_one_of_16_and_stands_out_from_its_background() {
        for (background, behind) in [(Background::Dark, [0; 3]), (Background::Light, [255; 3])] {
            for tone in TONES {
                let style = Theme { background, wide_signs: false }.of(tone);
                assert_eq!(style.bg, None, "{tone:?}: the terminal's own background stays");
                let Some(colour) = style.fg else { continue };
                let (a, b) = (luminance(rgb(colour)), luminance(behind));
                let contrast = (a.max(b) + 0.05) / (a.min(b) + 0.05);
                assert!(3.0 <= contrast, "{background:?} {tone:?}: {contrast:.1}");
            }
        }
    }

    #[test]
    fn without_colours_nothing_that_matters_is_lost() {
        let theme = Theme { background: Background::None, wide_signs: false };
        assert!(TONES.iter().all(|tone| theme.of(*tone).fg.is_none()));
        // What no sign on the screen tells has a look of its own.
        for tone in [Tone::Cursor, Tone::Heading, Tone::Typing, Tone::Bad, Tone::Key] {
            assert!(!theme.of(tone).add_modifier.is_empty(), "{tone:?}");
        }
        let mut signs = Severity::ALL.map(sign).to_vec();
        signs.dedup();
        assert_eq!(signs.len(), Severity::ALL.len());
    }

    #[test]
    fn the_command_goes_round_all_themes_with_names_that_settings_know() {
        let mut theme = Theme { background: Background::Dark, wide_signs: false };
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
