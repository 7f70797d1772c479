//! The mouse (鼠标): off until it is asked for, and never the only way to anything. What can be pointed at is what was drawn.

use super::command::{Command, Place};

/// Something drawn that can be pointed at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MouseTarget {
    /// A cell of the grid: the line of the grid, and the column by its place there.
    Cell(usize, usize),
    /// A line of the list in a place.
    Line(Place, usize),
    /// A key of the footer, or a tab.
    Run(Command),
}

/// What the mouse did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pointed {
    /// The left button was pressed on something.
    Click(MouseTarget),
    /// And at once again.
    Double(MouseTarget),
    /// The wheel was turned by one notch.
    Wheel {
        /// Whether towards the beginning.
        up: bool,
    },
}
