//! How two versions of a roster differ (两版差异): rows added, missing and moved, and cells changed.

use std::collections::HashSet;

use super::{MatchedTable, RowMatches};
use crate::domain::roster::{Roster, RowId};
use crate::domain::sheet::{Field, SheetSpec};
use crate::domain::text;

/// A cell that the two versions have otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangedCell {
    /// The row in the version before, and in this one.
    pub rows: (RowId, RowId),
    pub field: Field,
    pub before: String,
    pub after: String,
}

/// A cell that the two versions have otherwise in a column that the form does not have; those are known by their labels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangedAside {
    pub rows: (RowId, RowId),
    /// The places of the column among those of the file: in the version before, and in this one.
    pub columns: (usize, usize),
    pub before: String,
    pub after: String,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RosterDifference {
    /// What is in the version before only is missing, what is in this one only is added.
    pub matches: RowMatches,
    /// In the order of this version, then of the columns.
    pub changed: Vec<ChangedCell>,
    pub changed_aside: Vec<ChangedAside>,
    /// The columns beside the form that hold something and are in the version before only, and in this one only.
    pub only_columns: [Vec<usize>; 2],
    /// Pairs that stand elsewhere among the others, as few as can be.
    pub moved: Vec<(RowId, RowId)>,
}

impl RosterDifference {
    /// Tells whether the two say the same of the same people. That rows were moved is no difference in what they say.
    pub fn is_none(&self) -> bool {
        let RowMatches { only, ambiguous, .. } = &self.matches;
        let are_columns = self.only_columns.iter().all(Vec::is_empty);
        self.changed_cells() == 0 && are_columns && only.iter().all(Vec::is_empty) && ambiguous.is_empty()
    }

    /// Counts the rows of which cells are changed.
    pub fn changed_rows(&self) -> usize {
        let of_form = self.changed.iter().map(|cell| cell.rows.1);
        of_form.chain(self.changed_aside.iter().map(|cell| cell.rows.1)).collect::<HashSet<RowId>>().len()
    }

    pub fn changed_cells(&self) -> usize {
        self.changed.len() + self.changed_aside.len()
    }

    /// Compares the columns that the form does not have.
    fn compare_aside(&mut self, [before, now]: [&Roster; 2], form: &SheetSpec) {
        let mut theirs = labelled(before, form);
        let mut pairs = Vec::new();
        for (label, at) in labelled(now, form) {
            match theirs.iter().position(|(other, _)| *other == label) {
                Some(place) => pairs.push((theirs.remove(place).1, at)),
                None => self.only_columns[1].push(at),
            }
        }
        self.only_columns[0] = theirs.into_iter().map(|(_, at)| at).collect();
        for (roster, columns) in [before, now].into_iter().zip(&mut self.only_columns) {
            columns.retain(|at| roster.left().any(|row| !roster.source_cell(row, *at).trim().is_empty()));
        }
        for rows in &self.matches.pairs {
            for columns in &pairs {
                let cells = (before.source_cell(rows.0, columns.0), now.source_cell(rows.1, columns.1));
                if cells.0 != cells.1 {
                    let (before, after) = (cells.0.into(), cells.1.into());
                    self.changed_aside.push(ChangedAside { rows: *rows, columns: *columns, before, after });
                }
            }
        }
    }
}

/// Lists the columns of a roster that its form does not have. What numbers the rows says nothing of anybody.
fn labelled(roster: &Roster, form: &SheetSpec) -> Vec<(String, usize)> {
    let numbers = form.row_numbers(&roster.columns);
    let aside = roster.columns.source.iter().enumerate().filter(|(at, c)| c.field.is_none() && Some(*at) != numbers);
    aside.map(|(at, column)| (text::compact(&column.label).into_owned(), at)).collect()
}

/// Finds how this version differs from the one before, in the columns of the form and in those beside it.
pub fn difference(before: MatchedTable<'_>, now: MatchedTable<'_>, form: &SheetSpec) -> RosterDifference {
    let mut found = of_fields(before, now, &form.fields);
    found.compare_aside([before.roster, now.roster], form);
    found
}

fn of_fields(before: MatchedTable<'_>, now: MatchedTable<'_>, fields: &[Field]) -> RosterDifference {
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
    RosterDifference { matches, changed, moved, ..RosterDifference::default() }
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
        of_fields(table(&first), table(&second), &FIELDS)
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
