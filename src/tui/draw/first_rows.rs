//! The first rows of what is read or will be written, as a table below what is told of them.

use super::super::cells::{self, Canvas};
use super::super::theme::{Theme, Tone};
use crate::app::layout::Area;
use crate::domain::text;

/// A column is that wide at most, as long as others need the room.
const WIDEST: usize = 24;

/// Shows rows, their header first, with what they are above them; nothing where there is no room for one of them.
pub fn draw(canvas: &mut Canvas<'_>, theme: Theme, area: Area, (title, rows): (&str, &[Vec<String>])) {
    if rows.len() < 2 || area.height < 3 {
        return;
    }
    canvas.line(area, 0, title, theme.of(Tone::Dim));
    let rows = &rows[..rows.len().min(usize::from(area.height) - 1)];
    let columns = rows.iter().map(Vec::len).max().unwrap_or_default();
    let widest =
        |i: usize| rows.iter().filter_map(|row| row.get(i)).map(|cell| cells::width(&text::visible(cell))).max();
    let whole: Vec<usize> = (0..columns).map(|i| widest(i).unwrap_or_default()).collect();
    let fits = whole.iter().sum::<usize>() + columns <= usize::from(area.width);
    for (y, row) in (1..).zip(rows) {
        let tone = if y == 1 { Tone::Heading } else { Tone::Plain };
        let cell = |(cell, wide): (&String, &usize)| {
            cells::fit(&text::visible(cell), if fits { *wide } else { (*wide).min(WIDEST) })
        };
        let line: Vec<String> = row.iter().zip(&whole).map(cell).collect();
        canvas.line(area, y, &line.join(" "), theme.of(tone));
    }
}
