//! Where cells are, as workbooks write it: `B3`, `B3:D9`.

use std::collections::BTreeMap;

use crate::domain::sheet::column_letters;

/// Row and column, from 0.
pub type Place = (u32, u32);

/// What a sheet has.
const ROWS: u32 = 1 << 20;
const COLUMNS: u32 = 1 << 14;

/// A rectangle of cells, its corners included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CellRange {
    pub from: Place,
    pub to: Place,
}

/// Reads `B3`.
pub fn place(text: &str) -> Option<Place> {
    let digits = text.find(|c: char| c.is_ascii_digit())?;
    let (letters, digits) = text.split_at(digits);
    if !(1..=3).contains(&letters.len()) || !letters.bytes().all(|b| b.is_ascii_alphabetic()) {
        return None;
    }
    let column = letters.bytes().fold(0, |column, b| column * 26 + u32::from(b.to_ascii_uppercase() - b'A') + 1);
    let row: u32 = digits.parse().ok()?;
    ((1..=ROWS).contains(&row) && column <= COLUMNS).then(|| (row - 1, column - 1))
}

/// Writes `B3`.
pub fn name((row, column): Place) -> String {
    format!("{}{}", column_letters(column as usize), row + 1)
}

impl CellRange {
    /// Reads `B3:D9`, or `B3` alone.
    pub fn read(text: &str) -> Option<CellRange> {
        let (from, to) = text.split_once(':').unwrap_or((text, text));
        let (from, to) = (place(from)?, place(to)?);
        (from.0 <= to.0 && from.1 <= to.1).then_some(CellRange { from, to })
    }

    pub fn name(self) -> String {
        if self.from == self.to { name(self.from) } else { format!("{}:{}", name(self.from), name(self.to)) }
    }

    pub fn has(self, (row, column): Place) -> bool {
        (self.from.0..=self.to.0).contains(&row) && (self.from.1..=self.to.1).contains(&column)
    }

    /// Gives the smallest one that also has a place.
    #[must_use]
    pub fn with(self, (row, column): Place) -> CellRange {
        let from = (self.from.0.min(row), self.from.1.min(column));
        CellRange { from, to: (self.to.0.max(row), self.to.1.max(column)) }
    }

    /// Lists the places of texts in it.
    pub fn places<T>(self, texts: &BTreeMap<Place, T>) -> impl Iterator<Item = Place> {
        let rows = texts.range((self.from.0, 0)..=(self.to.0, u32::MAX));
        rows.map(|(place, _)| *place).filter(move |place| self.has(*place))
    }

    /// Takes a merged range apart where cells under it get a text of their own: such a cell must be seen. What is left merged
    /// is listed: the rows above, between and below as blocks, and in a row of such a cell what lies left and right of it.
    /// Nothing where no cell but the first gets a text.
    pub fn apart(self, texts: &BTreeMap<Place, &str>) -> Option<Vec<CellRange>> {
        let mut own: Vec<Place> = self.places(texts).filter(|place| *place != self.from).collect();
        own.retain(|place| texts.get(place).is_some_and(|text| !text.is_empty()));
        if own.is_empty() {
            return None;
        }
        let mut left = Vec::new();
        let mut keep = |from: Place, to: Place| {
            if from.0 <= to.0 && from.1 <= to.1 && from != to {
                left.push(CellRange { from, to });
            }
        };
        let mut next = self.from.0;
        for row in own.chunk_by(|a, b| a.0 == b.0) {
            let at = row[0].0;
            if next < at {
                keep((next, self.from.1), (at - 1, self.to.1));
            }
            let mut from = self.from.1;
            for (_, column) in row {
                if from < *column {
                    keep((at, from), (at, column - 1));
                }
                from = *column;
            }
            keep((at, from), (at, self.to.1));
            next = at + 1;
        }
        keep((next, self.from.1), self.to);
        Some(left)
    }
}
