//! How two versions of a roster differ (两版差异): rows added, missing and moved, and cells changed.

use super::{MatchedTable, RowMatches};
use crate::domain::roster::RowId;
use crate::domain::sheet::Field;

/// A cell that the two versions have otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangedCell {
    /// The row in the version before, and in this one.
    pub rows: (RowId, RowId),
    pub field: Field,
    pub before: String,
    pub after: String,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RosterDifference {
    /// What is in the version before only is missing, what is in this one only is added.
    pub matches: RowMatches,
    /// In the order of this version, then of the columns.
    pub changed: Vec<ChangedCell>,
    /// Pairs that stand elsewhere among the others, as few as can be.
    pub moved: Vec<(RowId, RowId)>,
}

impl RosterDifference {
    /// Tells whether the two say the same of the same people. That rows were moved is no difference in what they say.
    pub fn is_none(&self) -> bool {
        let RowMatches { only, ambiguous, .. } = &self.matches;
        self.changed.is_empty() && only.iter().all(Vec::is_empty) && ambiguous.is_empty()
    }

    /// Counts the rows of which cells are changed.
    pub fn changed_rows(&self) -> usize {
        self.changed.chunk_by(|a, b| a.rows == b.rows).count()
    }
}

/// Finds how this version differs from the one before, in the columns of `fields`.
pub fn difference(before: MatchedTable<'_>, now: MatchedTable<'_>, fields: &[Field]) -> RosterDifference {
    let matches = RowMatches::of([before, now], fields);
    let mut changed = Vec::new();
    for rows in &matches.pairs {
        for field in fields {
            let cells = (before.cell(rows.0, *field), now.cell(rows.1, *field));
            if cells.0 != cells.1 {
                changed.push(ChangedCell { rows: *rows, field: *field, before: cells.0.into(), after: cells.1.into() });
            }
        }
    }
    let moved = moved(&matches.pairs);
    RosterDifference { matches, changed, moved }
}

/// Gives the pairs that do not stand in the longest run of rows that kept their order.
fn moved(pairs: &[(RowId, RowId)]) -> Vec<(RowId, RowId)> {
    // The last row of the best run of each length, and for each pair the one before it in its run.
    let mut ends: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = Vec::with_capacity(pairs.len());
    for (at, (first, _)) in pairs.iter().enumerate() {
        let length = ends.partition_point(|end| pairs[*end].0 < *first);
        before.push(length.checked_sub(1).map(|shorter| ends[shorter]));
        if length == ends.len() { ends.push(at) } else { ends[length] = at }
    }
    let mut kept = vec![false; pairs.len()];
    let mut next = ends.last().copied();
    while let Some(at) = next {
        kept[at] = true;
        next = before[at];
    }
    pairs.iter().zip(kept).filter(|(_, kept)| !kept).map(|(pair, _)| *pair).collect()
}

#[cfg(test)]
mod tests {
    use super::super::samples::{FIELDS, roster};
    use super::*;

    fn differs(first: &[&str], second: &[&str]) -> RosterDifference {
        let (first, second) = (roster(first), roster(second));
        let table = |roster| MatchedTable { roster, as_imported: false, lost: &[] };
        difference(table(&first), table(&second), &FIELDS)
    }

    #[test]
    fn cells_rows_and_places_are_told_apart() {
        let first = ["甲 1 一厂 车工 3 C1", "乙 2 一厂 车工 3 C2", "丙 3 一厂 车工 3 C3", "丁 4 一厂 车工 3 C4"];
        let second = ["乙 2 一厂 车工 3 C2", "丙 3 二厂 车工 4 C3", "戊 5 一厂 车工 3 C5", "甲 1 一厂 车工 3 C1"];
        let found = differs(&first, &second);
        assert_eq!(found.matches.only, [vec![3], vec![2]]);
        let changed: Vec<_> = found.changed.iter().map(|c| (c.rows, c.field, &*c.before, &*c.after)).collect();
        assert_eq!(changed, [((2, 1), Field::Employer, "一厂", "二厂"), ((2, 1), Field::Level, "3", "4")]);
        assert_eq!((found.moved.as_slice(), found.changed_rows(), found.is_none()), (&[(0, 3)][..], 1, false));
    }

    #[test]
    fn the_same_in_another_order_is_no_difference() {
        let found =
            differs(&["甲 1 一厂 车工 3 C1", "乙 2 一厂 车工 3 C2"], &["乙 2 一厂 车工 3 C2", "甲 1 一厂 车工 3 C1"]);
        assert!(found.is_none() && found.moved.len() == 1);
        assert!(!differs(&["甲 1 一厂 车工 3 C1"], &[]).is_none());
    }
}
