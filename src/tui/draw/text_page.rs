//! The page of bare text: lines from the first column on, broken only where the terminal is narrower, and the keys below.

use super::super::cells::{self, Canvas};
use super::super::theme::{Theme, Tone};
use crate::app::App;
use crate::app::layout::Area;
use crate::app::text_page::TextOf;

/// Draws the page over the whole screen.
pub fn draw(canvas: &mut Canvas<'_>, app: &App, theme: Theme, of: TextOf, at: usize) {
    let (width, height) = app.size;
    let area = Area { x: 0, y: 0, width, height };
    let room = usize::from(height.saturating_sub(1));
    let lines = app.text_lines(of, at, room);
    let mut lines = lines.iter().flat_map(|line| cells::wrap(line, usize::from(width)));
    for row in 0..height.saturating_sub(1) {
        canvas.line(area, row, &lines.next().unwrap_or_default(), theme.of(Tone::Plain));
    }
    canvas.line(area, height.saturating_sub(1), &app.told("ui.text.keys", &[]), theme.of(Tone::Key));
}
