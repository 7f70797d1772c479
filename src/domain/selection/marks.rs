//! Rows that somebody has marked (标记).

use std::ops::Range;

use crate::domain::roster::RowId;

/// How many rows a word holds.
const BITS: u32 = u64::BITS;

/// A set of rows, small however many are marked.
#[derive(Debug, Clone, Default)]
pub struct Marks {
    words: Vec<u64>,
    count: usize,
}

impl Marks {
    /// Makes the set of the rows in some runs, each with its first row and the one behind its last; at most `len` rows.
    pub fn from_runs(runs: &[(RowId, RowId)], len: RowId) -> Marks {
        let mut marks = Marks::default();
        let rows = runs.iter().flat_map(|(from, to)| *from..(*to).min(len));
        rows.for_each(|row| marks.set(row, true));
        marks
    }

    pub fn has(&self, row: RowId) -> bool {
        self.words.get((row / BITS) as usize).is_some_and(|word| word >> (row % BITS) & 1 == 1)
    }

    /// Marks a row, or takes its mark away.
    pub fn set(&mut self, row: RowId, is_marked: bool) {
        let (at, bit) = ((row / BITS) as usize, 1 << (row % BITS));
        if self.has(row) == is_marked {
            return;
        }
        if self.words.len() <= at {
            self.words.resize(at + 1, 0);
        }
        self.words[at] ^= bit;
        if is_marked { self.count += 1 } else { self.count -= 1 }
    }

    /// Counts the marked rows.
    pub fn len(&self) -> usize {
        self.count
    }

    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Lists the marked rows, in ascending order.
    pub fn iter(&self) -> impl Iterator<Item = RowId> {
        self.within(0..RowId::MAX)
    }

    /// Lists the marked rows of a run, in ascending order.
    pub fn within(&self, rows: Range<RowId>) -> impl Iterator<Item = RowId> {
        let from = (rows.start / BITS) as usize;
        let words = self.words.iter().enumerate().skip(from).filter(|(_, word)| **word != 0);
        let of_word = |(at, word): (usize, &u64)| {
            let word = *word;
            (0..BITS).filter(move |bit| word >> bit & 1 == 1).map(move |bit| at as RowId * BITS + bit)
        };
        let end = rows.end;
        words.flat_map(of_word).skip_while(move |row| *row < rows.start).take_while(move |row| *row < end)
    }

    /// Lists the runs of marked rows, each with its first row and the one behind its last.
    pub fn runs(&self) -> Vec<(RowId, RowId)> {
        let mut runs: Vec<(RowId, RowId)> = Vec::new();
        for row in self.iter() {
            match runs.last_mut() {
                Some((_, end)) if *end == row => *end += 1,
                _ => runs.push((row, row + 1)),
            }
        }
        runs
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_set_counted_and_given_as_runs() {
        let mut marks = Marks::default();
        [3, 4, 63, 64, 65, 200].into_iter().for_each(|row| marks.set(row, true));
        marks.set(4, true);
        marks.set(3, false);
        marks.set(9000, false);
        assert_eq!((marks.len(), marks.has(4), marks.has(3), marks.has(9000)), (5, true, false, false));
        assert_eq!(marks.iter().collect::<Vec<_>>(), [4, 63, 64, 65, 200]);
        assert_eq!(marks.within(64..200).collect::<Vec<_>>(), [64, 65]);
        assert_eq!(marks.runs(), [(4, 5), (63, 66), (200, 201)]);
        assert_eq!(Marks::from_runs(&marks.runs(), 65).runs(), [(4, 5), (63, 65)]);
    }
}
