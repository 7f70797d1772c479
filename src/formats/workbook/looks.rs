//! How cells look: rows struck out or greyed, which is how people put somebody out of a roster and keep the row;
//! and cells that show something else than they hold.

use calamine::{Color, DataRef, Fill, Font, Style, XlsxCellReader, XlsxError};
use std::collections::BTreeMap;
use std::io::{Read, Seek};

use super::hidden::{Runs, joined};
use super::shape::{Shape, Shown};

/// More places than this are not told one by one.
pub const MAX_PLACES: usize = 1000;
/// More runs of rows than this are a pattern.
const MAX_RUNS: usize = 10_000;

/// The rows, from 1, that look as if somebody was put out, and the single cells that are struck out.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Looks {
    pub struck: Runs,
    pub greyed: Runs,
    pub struck_cells: Vec<(u32, u32)>,
    /// The cells whose format is to be applied, and which style they have, in the order of the sheet.
    pub shaped: Vec<(u32, u32, usize)>,
    /// The columns, from 1, with cells that a format adds to, and with cells that it hides, and how many they are.
    pub formatted: BTreeMap<u32, u32>,
    pub blanked: BTreeMap<u32, u32>,
}

/// What a style does to a cell.
#[derive(Debug, Default)]
pub struct Kind {
    is_struck: bool,
    is_greyed: bool,
    shape: Option<Shape>,
}

impl Kind {
    /// Gives the value as the cell shows it, where that is not what it holds.
    pub fn shown(&self, value: &DataRef<'_>, date_1904: bool) -> Option<DataRef<'static>> {
        match self.shape.as_ref()?.show(value)? {
            Shown::Text(text) => Some(DataRef::String(text)),
            Shown::Day(number) => Some(Shape::day(number, date_1904)),
            Shown::Nothing => None,
        }
    }
}

/// The cells of a row that are filled, and what places those have that are struck out; how many are greyed.
#[derive(Default)]
struct RowLook {
    row: u32,
    filled: usize,
    struck: Vec<u32>,
    greyed: usize,
}

/// Tells what each style does; nothing where none does anything.
pub fn kinds(styles: &[Style]) -> Option<Vec<Kind>> {
    let kind = |style: &Style| {
        let font = style.font.as_ref();
        let is_grey_text = font.and_then(|font| font.color).is_some_and(|color| is_grey_text(parts(color)));
        let is_grey_ground = style
            .fill
            .as_ref()
            .filter(|fill| fill.is_visible())
            .and_then(Fill::get_color)
            .is_some_and(|color| is_grey_ground(parts(color)));
        Kind {
            is_struck: font.is_some_and(Font::has_strikethrough),
            is_greyed: is_grey_text || is_grey_ground,
            shape: style.number_format.as_ref().and_then(|format| Shape::of(&format.format_code)),
        }
    };
    let kinds: Vec<Kind> = styles.iter().map(kind).collect();
    kinds.iter().any(|kind| kind.is_struck || kind.is_greyed || kind.shape.is_some()).then_some(kinds)
}

fn parts(color: Color) -> [u8; 3] {
    [color.red, color.green, color.blue]
}

/// Tells whether a colour, by its red, green and blue, is the grey of letters that are not to be read.
pub fn is_grey_text(parts: [u8; 3]) -> bool {
    is_grey(parts, 0x60, 0xC8)
}

/// Tells whether a colour is the grey of a cell that is not to be read.
pub fn is_grey_ground(parts: [u8; 3]) -> bool {
    is_grey(parts, 0x80, 0xE0)
}

fn is_grey(parts: [u8; 3], from: u8, to: u8) -> bool {
    let (low, high) = (parts.iter().min().copied().unwrap_or(0), parts.iter().max().copied().unwrap_or(0));
    high - low <= 6 && from <= low && high <= to
}

/// Takes the filled cells of a sheet, row by row.
#[derive(Default)]
pub struct Looker {
    looks: Looks,
    row: RowLook,
}

impl Looker {
    /// Takes a filled cell; row and column count from 0.
    pub fn filled(&mut self, (row, column): (u32, u32), is_struck: bool, is_greyed: bool) {
        if self.row.row != row {
            self.looks.take(&mut self.row);
            self.row = RowLook { row, ..RowLook::default() };
        }
        self.row.filled += 1;
        self.row.greyed += usize::from(is_greyed);
        if is_struck {
            self.row.struck.push(column);
        }
    }

    /// Gives what was seen.
    pub fn done(mut self) -> Looks {
        self.looks.take(&mut self.row);
        let Looks { struck, greyed, .. } = &mut self.looks;
        (*struck, *greyed) = (joined(std::mem::take(struck)), joined(std::mem::take(greyed)));
        self.looks
    }
}

/// Goes once through the sheet's cells.
pub fn look<RS: Read + Seek>(cells: &mut XlsxCellReader<'_, RS>, kinds: &[Kind]) -> Result<Looks, XlsxError> {
    let mut looker = Looker::default();
    while let Some((cell, style)) = cells.next_cell_with_style_id()? {
        let (at, column) = cell.get_position();
        let is_blank = match cell.get_value() {
            DataRef::Empty => true,
            DataRef::String(text) => text.trim().is_empty(),
            DataRef::SharedString(text) => text.trim().is_empty(),
            _ => false,
        };
        if is_blank {
            continue;
        }
        let kind = kinds.get(style);
        looker.filled((at, column), kind.is_some_and(|kind| kind.is_struck), kind.is_some_and(|kind| kind.is_greyed));
        let shape = kind.and_then(|kind| kind.shape.as_ref());
        let Some(shown) = shape.and_then(|shape| shape.show(cell.get_value())) else { continue };
        let looks = &mut looker.looks;
        match shown {
            Shown::Text(_) => *looks.formatted.entry(column + 1).or_default() += 1,
            Shown::Nothing => *looks.blanked.entry(column + 1).or_default() += 1,
            Shown::Day(_) => {}
        }
        if shown != Shown::Nothing {
            looks.shaped.push((at, column, style));
        }
    }
    Ok(looker.done())
}

impl Looks {
    fn take(&mut self, row: &mut RowLook) {
        let line = row.row + 1;
        // Who strikes out name and number means the row; who strikes out one cell may only mean it.
        if 2 <= row.struck.len() && row.filled <= 2 * row.struck.len() {
            put(&mut self.struck, line);
        } else if self.struck_cells.len() < MAX_PLACES {
            self.struck_cells.extend(row.struck.drain(..).map(|column| (line, column + 1)));
        }
        if 2 <= row.greyed && row.filled <= row.greyed + 1 {
            put(&mut self.greyed, line);
        }
    }
}

fn put(runs: &mut Runs, line: u32) {
    let is_full = MAX_RUNS <= runs.len();
    match runs.last_mut().filter(|last| last.1 + 1 == line) {
        Some(last) => last.1 = line,
        None if is_full => {}
        None => runs.push((line, line)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_a_row_that_is_struck_out_from_a_cell() {
        let mut looks = Looks::default();
        let mut row = |row, filled, struck: &[u32], greyed| {
            looks.take(&mut RowLook { row, filled, struck: struck.to_vec(), greyed });
        };
        row(2, 4, &[0, 1, 2, 3], 0);
        row(3, 11, &[0, 1, 2, 3, 4, 5], 0);
        row(6, 11, &[2], 0);
        row(8, 11, &[], 11);
        row(9, 11, &[], 3);
        let expected =
            Looks { struck: vec![(3, 4)], greyed: vec![(9, 9)], struck_cells: vec![(7, 3)], ..Looks::default() };
        assert_eq!(looks, expected);
    }

    #[test]
    fn grey_is_neither_black_nor_white_nor_a_colour() {
        let told = |r, g, b| is_grey_ground([r, g, b]);
        assert!(told(0xD9, 0xD9, 0xD9) && told(0xA6, 0xA6, 0xA6));
        assert!(!told(0, 0, 0) && !told(0xFF, 0xFF, 0xFF) && !told(0xF2, 0xF2, 0xF2) && !told(0xFF, 0xC0, 0x80));
    }
}
