//! Which rows are shown, and in which order (筛选与排序): conditions that must all hold, and a column that is sorted by.
//!
//! Where there is neither, nothing is held for any row. What there is to work out goes on [by steps](Selecting), so that a front
//! answers keys in between and may stop it.

mod condition;
mod marks;
mod needle;
mod order;
mod shown;
mod typed;

pub use condition::{Condition, ValueTest};
pub use marks::Marks;
pub use needle::Needle;
pub use order::{SortBy, SortKind};
pub use shown::{Selecting, Shown};
pub use typed::{SeveralColumns, completed, read_condition, read_source, unknown_column};

use super::batch::Batch;

/// What rows are chosen by: conditions that must all hold, and the order in which they are shown; the file's where there is none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RowSelection {
    pub conditions: Vec<Condition>,
    pub order: Option<SortBy>,
}

impl RowSelection {
    /// Tells whether every row is shown where it stands.
    pub fn is_empty(&self) -> bool {
        self.conditions.is_empty() && self.order.is_none()
    }

    /// Adds a condition, in place of those beside which it would leave nothing, or say nothing.
    pub fn add(&mut self, condition: Condition) {
        self.conditions.retain(|old| !condition.replaces(old));
        self.conditions.push(condition);
    }
}

/// What conditions are held against.
#[derive(Debug, Clone, Copy)]
pub struct Chosen<'a> {
    pub batch: &'a Batch,
    /// The rows that somebody has marked.
    pub marks: &'a Marks,
}
