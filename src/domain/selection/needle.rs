//! A text that is searched for in cells.

use std::ops::Range;

use memchr::memmem::Finder;

use crate::domain::batch::Batch;
use crate::domain::roster::{Block, RowId};
use crate::domain::sheet::Field;
use crate::domain::{sound, text};

/// A text that is searched for, in half width as well when it was typed in full width.
#[derive(Debug)]
pub struct Needle {
    spellings: Vec<Finder<'static>>,
    /// The letters, where a text may be meant whose characters they begin (拼音首字母).
    initials: Option<String>,
}

impl Needle {
    pub fn new(text: &str) -> Needle {
        let half: String = text.chars().map(text::half_width).collect();
        let mut spellings = vec![Finder::new(text).into_owned()];
        if half != text {
            spellings.push(Finder::new(&half).into_owned());
        }
        Needle { spellings, initials: None }
    }

    /// Makes a text for which the first letters of the sounds at the beginning of a cell stand as well.
    pub fn heard(text: &str) -> Needle {
        let letters: String = text.chars().map(|c| text::half_width(c).to_ascii_lowercase()).collect();
        // One letter would stand for almost anything.
        let is_heard = 2 <= letters.len() && letters.bytes().all(|b| b.is_ascii_lowercase());
        Needle { initials: is_heard.then_some(letters), ..Needle::new(text) }
    }

    pub fn is_in(&self, cell: &str) -> bool {
        self.spellings.iter().any(|text| text.find(cell.as_bytes()).is_some())
            || self.initials.as_ref().is_some_and(|letters| sound::initials_begin(cell, letters))
    }

    /// Finds the first column from `from` on in which a row holds the text.
    pub fn field_in(&self, batch: &Batch, row: RowId, from: usize) -> Option<Field> {
        let fields = batch.context().sheet().fields.iter().copied();
        fields.skip(from).find(|field| self.is_in(batch.roster().cell(row, *field)))
    }

    /// Lists the rows of a run that hold the text in any column. `edited` are the edited rows, in ascending order.
    pub(super) fn rows_in(&self, batch: &Batch, rows: Range<RowId>, edited: &[RowId]) -> Vec<RowId> {
        let (roster, fields) = (batch.roster(), &batch.context().sheet().fields);
        let is_shown: Vec<bool> =
            roster.columns.source.iter().map(|c| c.field.is_some_and(|f| fields.contains(&f))).collect();
        let mut found = Vec::new();
        for (first, block, span) in roster.blocks_in(rows) {
            found.extend(span.filter_map(|at| {
                let row = first + at as RowId;
                let is_edited = !edited.is_empty() && edited.binary_search(&row).is_ok();
                let whole = || self.field_in(batch, row, 0).is_some();
                // All cells at once first: most rows do not have it anywhere.
                let is_in = if is_edited || self.initials.is_some() {
                    whole()
                } else {
                    let places = || self.spellings.iter().filter_map(|text| text.find(block.whole(at)));
                    let is_seen = |place| is_shown.get(column_at(block, at, place)).is_some_and(|is_shown| *is_shown);
                    places().next().is_some() && (places().any(is_seen) || whole())
                };
                is_in.then_some(row)
            }));
        }
        found
    }
}

/// Finds the column in which a byte of a row lies.
fn column_at(block: &Block, row: usize, byte: usize) -> usize {
    let mut end = 0;
    (0..block.width(row))
        .find(|column| {
            end += block.bytes(row, *column).len() + 1;
            byte < end
        })
        .unwrap_or(usize::MAX)
}
