//! Rows of two tables that stand for the same (对应行): matched by the ID number, else the code, else name and employer.

mod carry_over;
mod difference;
mod fill;
mod source;

use std::collections::HashMap;
use std::hash::{BuildHasher as _, Hash};

use foldhash::fast::{FixedState, RandomState};

pub use carry_over::{CarriedCell, CarryOver, carry_over};
pub use difference::{ChangedAside, ChangedCell, RosterDifference, difference};
pub use fill::{FillOrder, FillPlan, USUAL_KEYS, fill};
pub use source::{FillKind, FillSource, FillWish};

use super::batch::asked;
use super::roster::{Roster, RowId};
use super::sheet::Field;
use super::text;

/// One of two tables.
#[derive(Debug, Clone, Copy)]
pub struct MatchedTable<'a> {
    pub roster: &'a Roster,
    /// Whether the cells are looked at as they were read, not as they stand now.
    pub as_imported: bool,
    /// The rows, in ascending order, whose ID number lost its last digits to a spreadsheet: they are known by something else.
    pub lost: &'a [RowId],
}

impl<'a> MatchedTable<'a> {
    /// Lists the rows: as it was read all of them, as it stands those that were not put aside.
    fn rows(&self) -> impl Iterator<Item = RowId> {
        (0..self.roster.len()).filter(|row| self.as_imported || !self.roster.is_aside(*row))
    }

    pub fn cell(&self, row: RowId, field: Field) -> &'a str {
        if self.as_imported { self.roster.imported(row, field) } else { self.roster.cell(row, field) }
    }

    fn is_lost(&self, row: RowId) -> bool {
        self.lost.binary_search(&row).is_ok()
    }
}

/// Which rows of two tables stand for the same.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RowMatches {
    /// A row of the first and one of the second, in the order of the second.
    pub pairs: Vec<(RowId, RowId)>,
    /// Rows that are in the first only, and in the second only.
    pub only: [Vec<RowId>; 2],
    /// Rows that have a key in common, but nothing tells which of them belong together: of the first and of the second. They are
    /// not among the others.
    pub ambiguous: Vec<[Vec<RowId>; 2]>,
}

/// What two rows must share to be the same, the surest first; no key where any of it is empty.
const WAYS: [&[Field]; 5] = [
    &[Field::IdNumber, Field::Code],
    &[Field::IdNumber, Field::Occupation, Field::Level],
    &[Field::IdNumber],
    &[Field::Code],
    &[Field::Name, Field::Employer],
];

/// Rows of both tables by a key.
type ByKey = HashMap<u64, [Vec<RowId>; 2], RandomState>;

impl RowMatches {
    /// Matches the rows of two tables. Rows that are equal in all of `fields` go first, in their order: of two rows of one person
    /// those that say the same belong together.
    pub fn of(tables: [MatchedTable<'_>; 2], fields: &[Field]) -> RowMatches {
        let mut found = RowMatches { only: tables.map(|table| table.rows().collect()), ..RowMatches::default() };
        let whole = |table: &MatchedTable, row: RowId| {
            let told = fields.iter().map(|field| table.cell(row, *field));
            told.clone().any(|cell| !cell.is_empty()).then(|| hash(&told.collect::<Vec<_>>()))
        };
        for [first, second] in found.by_key(&tables, whole).into_values() {
            found.pairs.extend(first.into_iter().zip(second));
        }
        found.drop_paired();
        for way in WAYS {
            for sides in found.by_key(&tables, |table, row| key(table, row, way)).into_values() {
                if let [&[first], &[second]] = sides.each_ref().map(Vec::as_slice) {
                    found.pairs.push((first, second));
                }
            }
            found.drop_paired();
        }
        for way in [WAYS[2], WAYS[3], WAYS[4]] {
            let by_key = found.by_key(&tables, |table, row| key(table, row, way)).into_values();
            found.ambiguous.extend(by_key.filter(|sides| sides.iter().all(|rows| !rows.is_empty())));
            for (side, only) in found.only.iter_mut().enumerate() {
                let mut doubtful: Vec<RowId> = found.ambiguous.iter().flat_map(|sides| &sides[side]).copied().collect();
                doubtful.sort_unstable();
                only.retain(|row| doubtful.binary_search(row).is_err());
            }
        }
        found.ambiguous.sort_unstable();
        found.pairs.sort_unstable_by_key(|(_, second)| *second);
        found
    }

    fn by_key(&self, tables: &[MatchedTable<'_>; 2], key: impl Fn(&MatchedTable, RowId) -> Option<u64>) -> ByKey {
        let mut rows = ByKey::default();
        for (side, (table, only)) in tables.iter().zip(&self.only).enumerate() {
            for row in only {
                if let Some(key) = key(table, *row) {
                    rows.entry(key).or_default()[side].push(*row);
                }
            }
        }
        rows
    }

    fn drop_paired(&mut self) {
        let mut paired = [Vec::new(), Vec::new()];
        for (first, second) in &self.pairs {
            paired[0].push(*first);
            paired[1].push(*second);
        }
        for (only, mut paired) in self.only.iter_mut().zip(paired) {
            paired.sort_unstable();
            only.retain(|row| paired.binary_search(row).is_err());
        }
    }
}

/// Gives the hash of what a row is known by in one way.
fn key(table: &MatchedTable, row: RowId, way: &[Field]) -> Option<u64> {
    let mut parts = Vec::with_capacity(way.len());
    for field in way {
        if *field == Field::IdNumber && table.is_lost(row) {
            return None;
        }
        let cell = table.cell(row, *field);
        let part = match field {
            Field::Code | Field::IdNumber => asked(*field, cell),
            _ => text::compact(cell),
        };
        if part.is_empty() {
            return None;
        }
        parts.push(part);
    }
    Some(hash(&(way, parts)))
}

fn hash(of: &impl Hash) -> u64 {
    FixedState::default().hash_one(of)
}

#[cfg(test)]
pub(super) mod samples {
    use std::sync::Arc;

    use crate::domain::roster::{BlockBuilder, Roster};
    use crate::domain::sheet::{ColumnMap, Field, SourceColumn};

    pub const FIELDS: [Field; 6] =
        [Field::Name, Field::IdNumber, Field::Employer, Field::Occupation, Field::Level, Field::Code];

    /// Makes a roster of rows with cells in the order of [`FIELDS`], parted by blanks; `-` is an empty cell.
    pub fn roster(rows: &[&str]) -> Roster {
        let column = |field| SourceColumn { field: Some(field), ..SourceColumn::default() };
        let mut roster = Roster::new(ColumnMap::new(FIELDS.map(column).to_vec()), 2);
        let mut block = BlockBuilder::new();
        for (at, row) in (0..).zip(rows) {
            row.split(' ').for_each(|cell| block.cell(if cell == "-" { "" } else { cell }));
            block.end_row(at);
        }
        roster.append(Arc::new(block.finish(rows.len() as u32)));
        roster
    }
}

#[cfg(test)]
mod tests {
    use super::samples::{FIELDS, roster};
    use super::*;

    fn matched(first: &[&str], second: &[&str], lost: &[RowId]) -> RowMatches {
        let (first, second) = (roster(first), roster(second));
        let table = |roster, lost| MatchedTable { roster, as_imported: false, lost };
        RowMatches::of([table(&first, lost), table(&second, &[])], &FIELDS)
    }

    #[test]
    fn rows_are_matched_by_what_is_surest() {
        let first = [
            "甲 620102199001011006 一厂 车工 3 C1",
            "乙 - 一厂 车工 3 C2",
            "丙 - 二厂 车工 3 -",
            "丁 1 一厂 车工 3 C4",
        ];
        let second = [
            "丙 - 二厂 钳工 3 -",
            "乙 - 三厂 车工 3 C2",
            "甲 620102199001011006 一厂 车工 4 C9",
            "戊 2 一厂 车工 3 C5",
        ];
        let found = matched(&first, &second, &[]);
        assert_eq!(found.pairs, [(2, 0), (1, 1), (0, 2)]);
        assert_eq!((found.only, found.ambiguous), ([vec![3], vec![3]], vec![]));
    }

    #[test]
    fn several_certificates_of_one_person_are_told_apart() {
        let first = ["甲 1 一厂 车工 3 C1", "甲 1 一厂 钳工 3 C2", "甲 1 一厂 焊工 3 -"];
        let second = ["甲 1 一厂 焊工 3 C3", "甲 1 一厂 钳工 4 C2", "甲 1 一厂 车工 3 C1"];
        assert_eq!(matched(&first, &second, &[]).pairs, [(2, 0), (1, 1), (0, 2)]);
    }

    #[test]
    fn what_nothing_tells_apart_is_ambiguous_and_copies_are_not() {
        let first = ["甲 1 一厂 车工 3 -", "甲 1 一厂 车工 4 -", "乙 2 一厂 车工 3 -", "乙 2 一厂 车工 3 -"];
        let second = ["甲 1 一厂 车工 2 -", "甲 1 一厂 车工 1 -", "乙 2 一厂 车工 3 -", "乙 2 一厂 车工 3 -"];
        let found = matched(&first, &second, &[]);
        assert_eq!(found.pairs, [(2, 2), (3, 3)]);
        assert_eq!((found.only, found.ambiguous), ([vec![], vec![]], vec![[vec![0, 1], vec![0, 1]]]));
    }

    #[test]
    fn a_number_that_lost_its_digits_names_nobody() {
        let first = ["甲 620102199001011000 一厂 车工 3 -", "乙 620102199001011000 一厂 车工 3 -"];
        let second = ["乙 620102199001011006 一厂 车工 3 -", "甲 620102199001011014 一厂 车工 3 -"];
        assert_eq!(matched(&first, &second, &[0, 1]).pairs, [(1, 0), (0, 1)]);
    }
}
