//! The page of bare text: lines from the first column on, broken only where the terminal is narrower, and the keys below.

use super::super::cells::Canvas;
use super::super::theme::{Theme, Tone};
use crate::app::App;
use crate::app::layout::Area;
use crate::app::overlay::TextPage;

/// Draws the page over the whole screen.
pub fn draw(canvas: &mut Canvas<'_>, app: &App, theme: Theme, page: &TextPage) {
    let (width, height) = app.size;
    let area = Area { x: 0, y: 0, width, height };
    let foot = app.text_foot();
    let tone = if app.text_warns() { Tone::Bad } else { Tone::Key };
    let top = height.saturating_sub(foot.len() as u16);
    let mut rows = page.rows(usize::from(width), usize::from(top), &app.roster, &app.locale).into_iter();
    for y in 0..top {
        canvas.line(area, y, &rows.next().unwrap_or_default(), theme.of(Tone::Plain));
    }
    for (y, row) in (top..height).zip(&foot) {
        canvas.line(area, y, row, theme.of(tone));
    }
}
