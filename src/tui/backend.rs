//! The bytes that go down the line: few of them, and right on terminals that draw `·` or `“` two columns wide.

use std::io::{self, Write};

use crossterm::cursor::{Hide, MoveTo, Show};
use crossterm::queue;
use crossterm::terminal::{Clear, ClearType as Part, size};
use ratatui::backend::{Backend, ClearType, WindowSize};
use ratatui::buffer::Cell;
use ratatui::layout::{Position, Size};
use ratatui::style::{Color, Modifier};
use unicode_width::UnicodeWidthStr;

/// Writes cells as escape sequences.
///
/// The cursor is moved after every character whose width terminals disagree about, so that no column drifts; after all others,
/// 汉字 included, it is known where the cursor stands and nothing is sent.
pub struct Line<W: Write> {
    out: W,
}

impl<W: Write> Line<W> {
    /// Makes a backend over a writer.
    pub fn new(out: W) -> Line<W> {
        Line { out }
    }
}

impl<W: Write> Write for Line<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.out.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// Writes a cell's style as one sequence that does not build on the style before.
fn style(cell: &Cell) -> String {
    let mut codes = String::from("\x1b[0");
    for (modifier, code) in [(Modifier::BOLD, ";1"), (Modifier::UNDERLINED, ";4"), (Modifier::REVERSED, ";7")] {
        if cell.modifier.contains(modifier) {
            codes += code;
        }
    }
    codes += match cell.fg {
        Color::Red => ";31",
        Color::Green => ";32",
        Color::Yellow => ";33",
        Color::Blue => ";34",
        Color::Cyan => ";36",
        Color::DarkGray => ";90",
        _ => "",
    };
    codes + "m"
}

impl<W: Write> Backend for Line<W> {
    type Error = io::Error;

    fn draw<'a, I>(&mut self, content: I) -> io::Result<()>
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        let mut at = None;
        let mut last = String::new();
        for (x, y, cell) in content {
            if at != Some((x, y)) {
                queue!(self.out, MoveTo(x, y))?;
            }
            let style = style(cell);
            if style != last {
                self.out.write_all(style.as_bytes())?;
                last = style;
            }
            let symbol = cell.symbol();
            self.out.write_all(symbol.as_bytes())?;
            let wide = symbol.width();
            at = (wide == symbol.width_cjk()).then_some((x + wide as u16, y));
        }
        if last.is_empty() { Ok(()) } else { self.out.write_all(b"\x1b[0m") }
    }

    fn hide_cursor(&mut self) -> io::Result<()> {
        queue!(self.out, Hide)
    }

    fn show_cursor(&mut self) -> io::Result<()> {
        queue!(self.out, Show)
    }

    /// Gives the corner: asking the terminal would wait for an answer that the thread of the keys takes away.
    fn get_cursor_position(&mut self) -> io::Result<Position> {
        Ok(Position::ORIGIN)
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> io::Result<()> {
        let Position { x, y } = position.into();
        queue!(self.out, MoveTo(x, y))
    }

    fn clear(&mut self) -> io::Result<()> {
        queue!(self.out, Clear(Part::All))
    }

    fn clear_region(&mut self, _region: ClearType) -> io::Result<()> {
        self.clear()
    }

    fn size(&self) -> io::Result<Size> {
        size().map(|(width, height)| Size { width, height })
    }

    fn window_size(&mut self) -> io::Result<WindowSize> {
        Ok(WindowSize { columns_rows: self.size()?, pixels: Size::default() })
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ratatui::buffer::Buffer;

    fn sent(text: &str) -> String {
        let buffer = Buffer::with_lines([text]);
        let blank = Buffer::empty(buffer.area);
        let mut line = Line::new(Vec::new());
        line.draw(blank.diff(&buffer).into_iter()).expect("memory");
        String::from_utf8(line.out).expect("text")
    }

    #[test]
    fn moves_only_after_characters_of_doubtful_width() {
        assert_eq!(sent("张伟a1"), "\x1b[1;1H\x1b[0m张伟a1\x1b[0m");
        assert_eq!(sent("提·艾"), "\x1b[1;1H\x1b[0m提·\x1b[1;4H艾\x1b[0m");
    }
}
