//! Corrections brought over to the organiser's next version (带过去): imported, mine, theirs.

use std::sync::Arc;

use super::{MatchedTable, RowMatches};
use crate::domain::roster::{Roster, RowEdit, RowId, RowWhat};
use crate::domain::sheet::Field;

/// A cell that was corrected in the version before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CarriedCell {
    /// The row in the version before, and in the new one.
    pub rows: (RowId, RowId),
    pub field: Field,
    /// As the version before had it when it was imported.
    pub imported: String,
    /// As it was corrected.
    pub mine: String,
    /// As the new version has it.
    pub theirs: String,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CarryOver {
    /// What the organiser left as it was: the correction comes along.
    pub carried: Vec<CarriedCell>,
    /// What the organiser changed as well, to something else: somebody decides.
    pub conflicts: Vec<CarriedCell>,
    /// What the organiser has corrected in the same way.
    pub done: usize,
    /// Corrected cells of rows that the new version does not have, or of which nothing tells which they are.
    pub lost: Vec<(RowId, Field)>,
    /// Which rows of the new version are put aside as well, and the notes that come along.
    pub said: Vec<RowEdit>,
    /// The same of rows that the new version does not have.
    pub said_lost: Vec<(RowId, RowWhat)>,
    pub matches: RowMatches,
}

impl CarryOver {
    /// Lists the cells that come along, and those that both changed where `is_mine` tells so, by their place among the conflicts.
    pub fn cells(&self, is_mine: impl Fn(usize) -> bool) -> Vec<(RowId, Field, Arc<str>)> {
        let mine = self.conflicts.iter().enumerate().filter(|(at, _)| is_mine(*at)).map(|(_, cell)| cell);
        let mut cells: Vec<_> =
            self.carried.iter().chain(mine).map(|cell| (cell.rows.1, cell.field, Arc::from(&*cell.mine))).collect();
        cells.sort_by_key(|(row, field, _)| (*row, *field));
        cells
    }
}

/// Finds what becomes of the corrections of a roster in the organiser's new version. Rows are known by what was imported first,
/// then by what stands there now: a corrected ID number may be the one that the new version has.
pub fn carry_over(before: &Roster, (now, lost): (&Roster, &[RowId]), fields: &[Field]) -> CarryOver {
    let new = MatchedTable { roster: now, as_imported: true, lost };
    let [imported, corrected] = [true, false]
        .map(|as_imported| RowMatches::of([MatchedTable { roster: before, as_imported, lost: &[] }, new], fields));
    let mut theirs: Vec<Option<RowId>> = vec![None; before.len() as usize];
    let mut is_taken = vec![false; now.len() as usize];
    for (first, second) in imported.pairs.iter().chain(&corrected.pairs) {
        if theirs[*first as usize].is_none() && !is_taken[*second as usize] {
            theirs[*first as usize] = Some(*second);
            is_taken[*second as usize] = true;
        }
    }
    let mut found = CarryOver::default();
    for row in before.left() {
        for field in fields.iter().copied().filter(|field| before.is_edited(row, *field)) {
            let Some(there) = theirs[row as usize] else {
                found.lost.push((row, field));
                continue;
            };
            let cell = CarriedCell {
                rows: (row, there),
                field,
                imported: before.imported(row, field).into(),
                mine: before.cell(row, field).into(),
                theirs: now.imported(there, field).into(),
            };
            if cell.theirs == cell.mine {
                found.done += 1;
            } else if cell.theirs == cell.imported {
                found.carried.push(cell);
            } else {
                found.conflicts.push(cell);
            }
        }
    }
    for what in RowWhat::ALL {
        for (row, text) in before.all_said(what) {
            match theirs[row as usize] {
                Some(there) if now.said(there, what).is_none() => {
                    found.said.push(RowEdit { row: there, what, before: None, after: Some(text.into()) });
                }
                Some(_) => {}
                None => found.said_lost.push((row, what)),
            }
        }
    }
    let pairs = theirs.iter().enumerate().filter_map(|(first, second)| Some((first as RowId, (*second)?)));
    found.matches.pairs = pairs.collect();
    found.matches.pairs.sort_unstable_by_key(|(_, second)| *second);
    let without =
        |rows: &[RowId], is_there: &dyn Fn(RowId) -> bool| rows.iter().copied().filter(|row| !is_there(*row)).collect();
    let everywhere: [Vec<RowId>; 2] = [before.left().collect(), now.left().collect()];
    found.matches.only = [
        without(&everywhere[0], &|row| theirs[row as usize].is_some()),
        without(&everywhere[1], &|row| is_taken[row as usize]),
    ];
    found
}

#[cfg(test)]
mod tests {
    use super::super::samples::{FIELDS, roster};
    use super::*;

    #[test]
    fn corrections_come_along_and_what_both_changed_is_asked() {
        let mut before = roster(&[
            "甲 1 一厂 车工 3 C1",
            "乙 2X 一厂 车工 3 C2",
            "丙 3 一厂 车工 3 C3",
            "丁 4 一厂 车工 3 C4",
            "戊 5 一厂 车工 3 -",
        ]);
        for (row, field, text) in [
            (0, Field::Employer, "第一厂"),
            (1, Field::IdNumber, "2"),
            (2, Field::Level, "4"),
            (3, Field::Employer, "第一厂"),
            (4, Field::Employer, "第五厂"),
        ] {
            before.set(row, field, &Arc::from(text));
        }
        // 丙 was put aside as well, and of 戊, who is gone, something was noted.
        before.say(2, RowWhat::Aside, Some(&Arc::from("重复")));
        before.say(0, RowWhat::Note, Some(&Arc::from("缺照片")));
        before.say(4, RowWhat::Note, Some(&Arc::from("问单位")));
        let now = roster(&[
            "丙 3 一厂 车工 5 C3",
            "乙 2 一厂 车工 3 -",
            "丁 4 第一厂 车工 3 C4",
            "甲 1 一厂 车工 3 C1",
            "己 6 一厂 车工 3 C6",
        ]);
        let found = carry_over(&before, (&now, &[]), &FIELDS);
        let told = |cells: &[CarriedCell]| {
            cells.iter().map(|c| (c.rows, c.mine.clone(), c.theirs.clone())).collect::<Vec<_>>()
        };
        assert_eq!(told(&found.carried), [((0, 3), "第一厂".into(), "一厂".into())]);
        assert_eq!(told(&found.conflicts), []);
        let said: Vec<_> = found.said.iter().map(|said| (said.row, said.what, said.after.as_deref())).collect();
        assert_eq!(said, [(0, RowWhat::Aside, Some("重复")), (3, RowWhat::Note, Some("缺照片"))]);
        assert_eq!(found.said_lost, [(4, RowWhat::Note)]);
        // 乙 is known by the corrected number, which the organiser has corrected as well.
        assert_eq!(found.cells(|_| false), [(3, Field::Employer, Arc::from("第一厂"))]);
        assert_eq!((found.done, found.lost.as_slice()), (2, &[(4, Field::Employer)][..]));
        assert_eq!(found.matches.only, [vec![4], vec![4]]);
    }
}
