//! The bytes that go down the line: few of them, and right on terminals that draw `·` or `“` two columns wide.

use std::io::{self, Write};

use crossterm::cursor::{Hide, Show};
use crossterm::queue;
use crossterm::terminal::{BeginSynchronizedUpdate, Clear, ClearType as Part, EndSynchronizedUpdate, size};
use ratatui::backend::{Backend, ClearType, WindowSize};
use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::{Position, Rect, Size};
use unicode_width::UnicodeWidthStr;

use super::painter::Painter;
use super::theme::SignWidth;

/// Writes screens by a [`Painter`].
///
/// The painter moves the cursor after every character whose width terminals disagree about, so that no column drifts; after
/// all others, 汉字 included, it knows where the cursor stands and nothing is sent.
pub struct ScreenWriter<W: Write> {
    out: W,
    painter: Painter,
    /// Whether the terminal shows its cursor; `None` until it was told.
    cursor: Option<bool>,
    queued: Vec<u8>,
    /// Sequences that go out before the frame.
    ahead: Vec<u8>,
    /// How many bytes went out since this was asked last.
    sent: usize,
    /// How wide the terminal draws `·`, `—` and their kin.
    signs: SignWidth,
    /// Whether the terminal erases with the background that is in force.
    fills: bool,
}

/// A frame of so many bytes may arrive in two pieces over a slow line: then the terminal is asked to wait for its end.
const SHORT: usize = 512;

impl<W: Write> ScreenWriter<W> {
    /// Makes a backend over a writer.
    pub fn new(out: W, fills: bool) -> io::Result<ScreenWriter<W>> {
        Ok(ScreenWriter {
            out,
            painter: Painter::new(empty()?, SignWidth::Unknown, fills),
            cursor: None,
            queued: Vec::new(),
            ahead: Vec::new(),
            sent: 0,
            signs: SignWidth::Unknown,
            fills,
        })
    }

    /// Learns how wide the terminal draws `·`, `—` and their kin.
    pub fn learn(&mut self, signs: SignWidth) {
        self.signs = signs;
        self.painter.learn(signs);
    }

    /// Gives how many bytes went out since this was asked last.
    pub fn take_sent(&mut self) -> usize {
        std::mem::take(&mut self.sent)
    }

    /// Puts a sequence before the next frame that leaves screen and cursor alone.
    pub fn send(&mut self, sequence: &[u8]) {
        self.ahead.extend_from_slice(sequence);
    }
}

fn empty() -> io::Result<Buffer> {
    size().map(|(width, height)| Buffer::empty(Rect::new(0, 0, width, height)))
}

impl<W: Write> Backend for ScreenWriter<W> {
    type Error = io::Error;

    fn draw<'a, I>(&mut self, content: I) -> io::Result<()>
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        let mut next = self.painter.shown().clone();
        for (x, y, cell) in content {
            let wide = cell.symbol().width() as u16;
            if let Some(place) = next.cell_mut((x, y)) {
                *place = cell.clone();
            }
            // Nothing is said about the second half of a wide character: what stood there is gone.
            for half in x + 1..x + wide {
                next.cell_mut((half, y)).into_iter().for_each(Cell::reset);
            }
        }
        let bytes = self.painter.paint(next);
        self.queued.extend_from_slice(&bytes);
        Ok(())
    }

    fn hide_cursor(&mut self) -> io::Result<()> {
        if self.cursor.replace(false) != Some(false) {
            queue!(self.queued, Hide)?;
        }
        Ok(())
    }

    fn show_cursor(&mut self) -> io::Result<()> {
        if self.cursor.replace(true) != Some(true) {
            queue!(self.queued, Show)?;
        }
        Ok(())
    }

    /// Gives the corner: asking the terminal would wait for an answer that the thread of the keys takes away.
    fn get_cursor_position(&mut self) -> io::Result<Position> {
        Ok(Position::ORIGIN)
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> io::Result<()> {
        let Position { x, y } = position.into();
        self.painter.go((x, y), &mut self.queued);
        Ok(())
    }

    fn clear(&mut self) -> io::Result<()> {
        self.painter = Painter::new(empty()?, self.signs, self.fills);
        self.cursor = None;
        queue!(self.queued, Clear(Part::All))
    }

    fn clear_region(&mut self, _region: ClearType) -> io::Result<()> {
        self.clear()
    }

    fn size(&self) -> io::Result<Size> {
        let area = self.painter.shown().area;
        Ok(size().map_or(Size { width: area.width, height: area.height }, |(width, height)| Size { width, height }))
    }

    fn window_size(&mut self) -> io::Result<WindowSize> {
        Ok(WindowSize { columns_rows: self.size()?, pixels: Size::default() })
    }

    /// Sends the frame in one write.
    fn flush(&mut self) -> io::Result<()> {
        let mut frame = std::mem::take(&mut self.ahead);
        let is_long = SHORT < self.queued.len();
        if is_long {
            queue!(frame, BeginSynchronizedUpdate)?;
        }
        frame.append(&mut self.queued);
        if is_long {
            queue!(frame, EndSynchronizedUpdate)?;
        }
        self.sent += frame.len();
        self.out.write_all(&frame)?;
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::num::NonZero;

    use proptest::prelude::*;
    use ratatui::style::Style;

    const SIZE: (u16, u16) = (20, 3);

    fn of_lines(lines: &[String]) -> Buffer {
        let mut buffer = Buffer::empty(Rect::new(0, 0, SIZE.0, SIZE.1));
        for (y, line) in lines.iter().enumerate() {
            buffer.set_stringn(0, y as u16, line, usize::from(SIZE.0), Style::new());
        }
        buffer
    }

    fn over_memory() -> ScreenWriter<Vec<u8>> {
        let painter = Painter::new(of_lines(&[]), SignWidth::Unknown, true);
        ScreenWriter {
            out: Vec::new(),
            painter,
            cursor: None,
            queued: Vec::new(),
            ahead: Vec::new(),
            sent: 0,
            signs: SignWidth::Unknown,
            fills: true,
        }
    }

    fn lines() -> impl Strategy<Value = Vec<String>> {
        let parts = prop::sample::select(vec!["张", "a", " ", "    ", "省·", "Enter"]);
        let line = prop::collection::vec(parts, 0..12).prop_map(|parts| parts.concat());
        prop::collection::vec(line, usize::from(SIZE.1))
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

        /// Frame after frame, by the differences ratatui finds: the terminal shows the last one.
        #[test]
        fn the_terminal_follows_the_frames(frames in prop::collection::vec(lines(), 2..8)) {
            let mut terminal = vt100::Parser::new(NonZero::new(SIZE.1).unwrap(), NonZero::new(SIZE.0).unwrap(), 0);
            let mut line = over_memory();
            let mut before = of_lines(&[]);
            for frame in frames {
                let after = of_lines(&frame);
                line.draw(before.diff(&after).into_iter()).unwrap();
                line.flush().unwrap();
                terminal.process(&std::mem::take(&mut line.out));
                let rows: Vec<String> = terminal.screen().rows(0, SIZE.0).map(|r| r.trim_end().to_string()).collect();
                let mut fresh = vt100::Parser::new(NonZero::new(SIZE.1).unwrap(), NonZero::new(SIZE.0).unwrap(), 0);
                fresh.process(&Painter::new(of_lines(&[]), SignWidth::Unknown, true).paint(after.clone()));
                let meant: Vec<String> = fresh.screen().rows(0, SIZE.0).map(|r| r.trim_end().to_string()).collect();
                prop_assert_eq!(rows, meant);
                before = after;
            }
        }
    }

    #[test]
    fn the_cursor_is_shown_and_hidden_once() {
        let mut line = over_memory();
        line.hide_cursor().unwrap();
        line.hide_cursor().unwrap();
        line.flush().unwrap();
        assert_eq!(std::mem::take(&mut line.out), b"\x1b[?25l");
        line.show_cursor().unwrap();
        line.set_cursor_position((2, 1)).unwrap();
        line.set_cursor_position((2, 1)).unwrap();
        line.flush().unwrap();
        assert_eq!(line.out, b"\x1b[?25h\x1b[2;3H");
    }
}
