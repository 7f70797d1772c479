//! A filled form drawn as text, as it is read on a terminal before it is written.

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use super::fill::lines_of;
use super::{Filled, FilledCell, Look};
use crate::domain::text;

const UP: u8 = 1;
const DOWN: u8 = 2;
const LEFT: u8 = 4;
const RIGHT: u8 = 8;

/// The lines by the directions they go to.
const LINES: [&str; 16] = [" ", "│", "│", "│", "─", "┘", "┐", "┤", "─", "└", "┌", "├", "─", "┴", "┬", "┼"];

/// One place of the page.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Spot {
    Line(u8),
    Text(String),
    /// The second half of a wide character.
    Taken,
}

impl Filled {
    /// Draws the form in so many columns, at least as many as it needs for its lines.
    pub fn drawn(&self, columns: usize) -> Vec<String> {
        let x = self.edges(columns);
        let inside = |cell: &FilledCell| x[cell.column + cell.columns] - x[cell.column] - 1;
        let texts: Vec<Vec<String>> =
            self.cells.iter().map(|cell| lines_of(&text::harmless(&cell.text), inside(cell))).collect();
        let y = self.levels(&texts);
        let (wide, high) = (x[x.len() - 1] + 1, y[y.len() - 1] + 1);
        let mut page = vec![vec![Spot::Line(0); wide]; high];
        for cell in self.cells.iter().filter(|cell| cell.look.has_border()) {
            let (left, right) = (x[cell.column], x[cell.column + cell.columns]);
            let (top, bottom) = (y[cell.row], y[cell.row + cell.rows]);
            for row in [top, bottom] {
                for at in left..right {
                    join(&mut page[row][at], RIGHT);
                    join(&mut page[row][at + 1], LEFT);
                }
            }
            for column in [left, right] {
                for at in top..bottom {
                    join(&mut page[at][column], DOWN);
                    join(&mut page[at + 1][column], UP);
                }
            }
        }
        for (cell, lines) in self.cells.iter().zip(&texts) {
            let has_line = |at: usize| self.has_line(at);
            let first = y[cell.row] + usize::from(has_line(cell.row));
            let high = y[cell.row + cell.rows] - first;
            let above = if cell.look == Look::Area { 0 } else { high.saturating_sub(lines.len()) / 2 };
            for (at, line) in lines.iter().enumerate() {
                let room = inside(cell);
                let free = room.saturating_sub(line.width());
                let before = match cell.look {
                    Look::Title | Look::Head | Look::Box => free / 2,
                    Look::Right => free,
                    _ => 0,
                };
                let Some(row) = page.get_mut(first + above + at) else { continue };
                let mut place = x[cell.column] + 1 + before;
                for one in text::visible(line).graphemes(true) {
                    let wide = one.width();
                    if wide == 0 || row.len() < place + wide {
                        continue;
                    }
                    row[place] = Spot::Text(one.to_string());
                    row[place + 1..place + wide].fill(Spot::Taken);
                    place += wide;
                }
            }
        }
        // Below the last line there may be room for a line that is none.
        let drawn = page.iter().map(|row| line(row));
        let mut drawn: Vec<String> = drawn.collect();
        while drawn.last().is_some_and(String::is_empty) {
            drawn.pop();
        }
        drawn
    }

    /// Gives where the columns begin, and the last ends.
    fn edges(&self, columns: usize) -> Vec<usize> {
        let count = self.widths.len();
        let room = columns.saturating_sub(count + 1).max(2 * count);
        let all: f64 = self.widths.iter().sum();
        let mut edges = vec![0];
        let mut before = 0.0;
        for (nth, width) in self.widths.iter().enumerate() {
            before += width;
            let least = edges[nth] + 3;
            let end = (before / all * room as f64) as usize + nth + 1;
            edges.push(end.max(least));
        }
        edges
    }

    /// Tells whether a line is drawn above a row.
    fn has_line(&self, row: usize) -> bool {
        let touches = |cell: &FilledCell| cell.row == row || cell.row + cell.rows == row;
        let near = self.near(row);
        near.iter().any(|cell| cell.look.has_border() && touches(cell))
    }

    /// Gives the cells that can touch the upper edge of a row.
    fn near(&self, row: usize) -> &[FilledCell] {
        let first = self.cells.partition_point(|cell| cell.row + 64 < row);
        let last = self.cells.partition_point(|cell| cell.row <= row);
        &self.cells[first..last]
    }

    /// Gives where the rows begin, each with the line above it where there is one, and where the last ends.
    fn levels(&self, texts: &[Vec<String>]) -> Vec<usize> {
        let mut high = vec![1; self.rows.len()];
        for (cell, lines) in self.cells.iter().zip(texts).filter(|(cell, _)| cell.rows == 1) {
            high[cell.row] = high[cell.row].max(lines.len());
        }
        let lines: Vec<usize> = (0..=self.rows.len()).map(|row| usize::from(self.has_line(row))).collect();
        for (cell, text) in self.cells.iter().zip(texts).filter(|(cell, _)| 1 < cell.rows) {
            let rows = cell.row..cell.row + cell.rows;
            let there = high[rows.clone()].iter().sum::<usize>() + lines[cell.row + 1..rows.end].iter().sum::<usize>();
            if let Some(last) = high.get_mut(rows.end - 1) {
                *last += text.len().saturating_sub(there);
            }
        }
        let mut levels = vec![0];
        for (row, high) in high.iter().enumerate() {
            levels.push(levels[row] + lines[row] + high);
        }
        levels
    }
}

fn join(spot: &mut Spot, to: u8) {
    if let Spot::Line(lines) = spot {
        *lines |= to;
    }
}

/// Gives a line of the page, without blanks at its end.
fn line(row: &[Spot]) -> String {
    let mut line = String::new();
    for spot in row {
        match spot {
            Spot::Line(lines) => line += LINES[usize::from(*lines)],
            Spot::Text(text) => line += text,
            Spot::Taken => {}
        }
    }
    line.truncate(line.trim_end().len());
    line
}
