//! How a cell looks, and the shortest way from one look to the next.

use ratatui::buffer::Cell;
use ratatui::style::{Color, Modifier};

/// The part of a cell's style that shows, as codes of `ESC [ … m` behind a reset; `None` for plain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct CellStyle {
    pub modifier: Modifier,
    pub colour: Option<&'static str>,
    pub behind: Option<&'static str>,
}

const SHOWN: [(Modifier, &str); 3] = [(Modifier::BOLD, "1"), (Modifier::UNDERLINED, "4"), (Modifier::REVERSED, "7")];

impl CellStyle {
    pub fn of(cell: &Cell) -> CellStyle {
        let colour = match cell.fg {
            Color::Black => Some("30"),
            Color::Red => Some("31"),
            Color::Green => Some("32"),
            Color::Yellow => Some("33"),
            Color::Blue => Some("34"),
            Color::Magenta => Some("35"),
            Color::Cyan => Some("36"),
            Color::LightRed => Some("91"),
            Color::White => Some("97"),
            _ => None,
        };
        let behind = match cell.bg {
            Color::Red => Some("41"),
            Color::Yellow => Some("43"),
            Color::Blue => Some("44"),
            Color::Cyan => Some("46"),
            _ => None,
        };
        let mut modifier = SHOWN.iter().map(|(m, _)| *m).fold(Modifier::empty(), |all, m| all | (cell.modifier & m));
        if cell.symbol() != " " {
            return CellStyle { modifier, colour, behind };
        }
        // A blank shows neither its colour nor that it is bold, unless it is reversed or underlined.
        modifier.remove(Modifier::BOLD);
        if modifier.is_empty() {
            CellStyle { behind, ..CellStyle::default() }
        } else {
            CellStyle { modifier, colour, behind }
        }
    }

    /// Tells whether this one looks, on a blank, as the one before does.
    pub fn is_as_blank(self, before: CellStyle) -> bool {
        let blank = |style: CellStyle| (style.modifier - Modifier::BOLD, style.behind);
        self.modifier.is_empty() && self.colour.is_none() && blank(self) == blank(before)
    }

    /// Writes what leads from the look before to this one.
    pub fn follow(self, before: CellStyle, out: &mut Vec<u8>) {
        if self == before {
            return;
        }
        let mut codes: Vec<&str> = Vec::new();
        let goes_on = |was: Option<&str>, is: Option<&str>| was.is_none() || is.is_some();
        let is_more = self.modifier.contains(before.modifier)
            && goes_on(before.colour, self.colour)
            && goes_on(before.behind, self.behind);
        if !is_more {
            if self == CellStyle::default() {
                out.extend_from_slice(b"\x1b[m");
                return;
            }
            codes.push("0");
        }
        let had = if is_more { before.modifier } else { Modifier::empty() };
        codes.extend(SHOWN.iter().filter(|(m, _)| self.modifier.contains(*m) && !had.contains(*m)).map(|(_, c)| *c));
        codes.extend(self.colour.filter(|c| !is_more || before.colour != Some(c)));
        codes.extend(self.behind.filter(|c| !is_more || before.behind != Some(c)));
        out.extend_from_slice(format!("\x1b[{}m", codes.join(";")).as_bytes());
    }
}

/// Tells whether a cell looks like one that was cleared.
pub fn is_blank(cell: &Cell) -> bool {
    cell.symbol() == " " && CellStyle::of(cell) == CellStyle::default()
}
