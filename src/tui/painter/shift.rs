//! Lines that the terminal moves sooner than they are painted anew.

use ratatui::buffer::{Buffer, Cell};

use super::look::{CellStyle, is_blank};

/// Lines of the screen that move up or down together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shift {
    pub top: u16,
    pub bottom: u16,
    pub by: u16,
    pub up: bool,
}

/// So many lines at most; a page is cheaper painted.
const MOST: u16 = 4;

/// What a scroll costs, in cells that could be painted instead.
const PRICE: usize = 30;

impl Shift {
    /// Finds the shift after which least is left to paint, if any saves more than it costs.
    pub fn best(old: &Buffer, new: &Buffer) -> Option<Shift> {
        let height = new.area.height;
        let differs = |y: u16| 0 < painted(old, y, new, y);
        let first = (0..height).find(|y| differs(*y))?;
        let last = (0..height).rev().find(|y| differs(*y))?;
        let mut best: Option<(usize, Shift)> = None;
        for by in 1..=MOST.min((last - first) / 2) {
            for up in [true, false] {
                let source = |y: u16| if up { y.checked_add(by) } else { y.checked_sub(by) };
                let moved =
                    |y: u16| source(y).filter(|s| (first..=last).contains(s)).filter(|s| is_line(old, *s, new, y));
                let Some(top) = (first..=last).find(|y| moved(*y).is_some()) else { continue };
                let Some(bottom) = (first..=last).rev().find(|y| moved(*y).is_some()) else { continue };
                let (top, bottom) = if up { (top, bottom + by) } else { (top - by, bottom) };
                let shift = Shift { top, bottom, by, up };
                let after = shift.applied(old);
                let cost = |from: &Buffer| (top..=bottom).map(|y| painted(from, y, new, y)).sum::<usize>();
                let (now, then) = (cost(old), cost(&after) + PRICE);
                if then < now && best.is_none_or(|(saved, _)| saved < now - then) {
                    best = Some((now - then, shift));
                }
            }
        }
        best.map(|(_, shift)| shift)
    }

    /// Gives the screen after the move; lines that came in are blank.
    pub fn applied(self, old: &Buffer) -> Buffer {
        let mut after = old.clone();
        for y in self.top..=self.bottom {
            let source = if self.up { Some(y + self.by) } else { y.checked_sub(self.by) };
            let source = source.filter(|s| (self.top..=self.bottom).contains(s));
            for x in 0..old.area.width {
                after[(x, y)] = source.map_or_else(Cell::default, |s| old[(x, s)].clone());
            }
        }
        after
    }
}

/// Counts the cells of a line that have to be painted.
pub fn painted(old: &Buffer, from: u16, new: &Buffer, to: u16) -> usize {
    let differ = |x: &u16| {
        let (a, b) = (&old[(*x, from)], &new[(*x, to)]);
        a.symbol() != b.symbol() || CellStyle::of(a) != CellStyle::of(b)
    };
    (0..new.area.width).filter(differ).count()
}

/// Tells whether a line is another one moved, the gutter and the cursor's cell apart, and not blank.
fn is_line(old: &Buffer, from: u16, new: &Buffer, to: u16) -> bool {
    let width = new.area.width;
    let same = (0..width).filter(|x| old[(*x, from)].symbol() == new[(*x, to)].symbol()).count();
    let inked = (0..width).filter(|x| !is_blank(&new[(*x, to)])).count();
    8 < inked && usize::from(width) - same < 4
}
