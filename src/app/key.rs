//! Keys (按键): what a plain terminal over SSH can send, in full-width forms too.

use std::fmt;

use crate::domain::text;

/// A key without its modifiers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Key {
    /// A character, shift already applied.
    Char(char),
    /// Enter (回车).
    Enter,
    Esc,
    Tab,
    BackTab,
    /// Backspace (退格).
    Backspace,
    /// Delete (删除).
    Delete,
    Up,
    Down,
    Left,
    Right,
    Home,
    End,
    PageUp,
    PageDown,
    F(u8),
}

/// A key with control held or not (组合键).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Chord {
    pub key: Key,
    /// Whether control is held.
    pub ctrl: bool,
}

const NAMED: [(&str, Key); 15] = [
    ("enter", Key::Enter),
    ("esc", Key::Esc),
    ("tab", Key::Tab),
    ("shift-tab", Key::BackTab),
    ("backspace", Key::Backspace),
    ("delete", Key::Delete),
    ("up", Key::Up),
    ("down", Key::Down),
    ("left", Key::Left),
    ("right", Key::Right),
    ("home", Key::Home),
    ("end", Key::End),
    ("pgup", Key::PageUp),
    ("pgdn", Key::PageDown),
    ("space", Key::Char(' ')),
];

impl Chord {
    /// Makes a chord of a bare key.
    pub fn of(key: Key) -> Chord {
        Chord { key, ctrl: false }
    }

    /// Tells whether a text may hold what it sends: characters, ends of lines, tabs.
    pub fn is_text(self) -> bool {
        !self.ctrl && matches!(self.key, Key::Char(_) | Key::Enter | Key::Tab)
    }

    /// Makes a chord of a character.
    pub fn char(c: char) -> Chord {
        Chord::of(Key::Char(c))
    }

    /// Reads a chord as the command table writes it: `x`, `ctrl-d`, `pgdn`.
    pub fn read(text: &str) -> Option<Chord> {
        if let Some(rest) = text.strip_prefix("ctrl-") {
            return Chord::read(rest).map(|c| Chord { ctrl: true, ..c });
        }
        if let Some((_, key)) = NAMED.iter().find(|(name, _)| *name == text) {
            return Some(Chord::of(*key));
        }
        if let Some(n) = text.strip_prefix('f').and_then(|n| n.parse().ok()).filter(|n| (1..=12).contains(n)) {
            return Some(Chord::of(Key::F(n)));
        }
        let mut chars = text.chars();
        let c = chars.next()?;
        chars.next().is_none().then(|| Chord::char(c))
    }

    /// Reads a row of keys such as `g g` or `ctrl-r`.
    pub fn read_all(text: &str) -> Vec<Chord> {
        text.split(' ').filter_map(Chord::read).collect()
    }

    /// Writes the chord as [`Chord::read`] reads it.
    pub fn written(self) -> String {
        let name = NAMED.iter().find(|(_, key)| *key == self.key).map(|(name, _)| (*name).to_string());
        let name = name.unwrap_or_else(|| match self.key {
            Key::Char(c) => c.to_string(),
            Key::F(n) => format!("f{n}"),
            _ => String::new(),
        });
        if self.ctrl { format!("ctrl-{name}") } else { name }
    }

    /// Turns the full-width form that a Chinese input method sends into its ASCII twin.
    #[must_use]
    pub fn folded(self) -> Chord {
        let Key::Char(c) = self.key else { return self };
        let twin = match c {
            '、' => '/',
            '。' => '.',
            c => text::half_width(c),
        };
        Chord { key: Key::Char(twin), ..self }
    }

    /// Tells whether a terminal over SSH can send the chord: no control with digits, Tab, Enter, arrows or other keys.
    pub fn reaches_over_ssh(self) -> bool {
        match (self.ctrl, self.key) {
            (false, Key::Char(c)) => c == ' ' || c.is_ascii_graphic(),
            // Ctrl-I is Tab, Ctrl-M and Ctrl-J are Enter, Ctrl-H is Backspace; Ctrl-S and Ctrl-Q hold the line.
            (true, Key::Char(c)) => c.is_ascii_lowercase() && !matches!(c, 'i' | 'm' | 'j' | 'h' | 's' | 'q'),
            (true, _) => false,
            (false, _) => true,
        }
    }
}

impl fmt::Display for Chord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.ctrl {
            f.write_str("Ctrl-")?;
        }
        match self.key {
            Key::Char(' ') => f.write_str("Space"),
            Key::Char(c) if self.ctrl => write!(f, "{}", c.to_ascii_uppercase()),
            Key::Char(c) => write!(f, "{c}"),
            Key::Enter => f.write_str("Enter"),
            Key::Esc => f.write_str("Esc"),
            Key::Tab => f.write_str("Tab"),
            Key::BackTab => f.write_str("Shift-Tab"),
            Key::Backspace => f.write_str("Backspace"),
            Key::Delete => f.write_str("Del"),
            Key::Up => f.write_str("Up"),
            Key::Down => f.write_str("Down"),
            Key::Left => f.write_str("Left"),
            Key::Right => f.write_str("Right"),
            Key::Home => f.write_str("Home"),
            Key::End => f.write_str("End"),
            Key::PageUp => f.write_str("PgUp"),
            Key::PageDown => f.write_str("PgDn"),
            Key::F(n) => write!(f, "F{n}"),
        }
    }
}
