//! Cells filled from another table by a key (按关键列补填), such as the ID numbers that a spreadsheet ate.

use std::collections::HashMap;
use std::sync::Arc;

use foldhash::fast::RandomState;

use super::{MatchedTable, key};
use crate::domain::identity::IdTypes;
use crate::domain::roster::RowId;
use crate::domain::rules::means_as;
use crate::domain::sheet::Field;

/// What is filled, and by what.
#[derive(Debug, Clone, Copy)]
pub struct FillOrder<'a> {
    /// What a row is known by: the first of these of which it has all parts.
    pub keys: &'a [&'a [Field]],
    pub fields: &'a [Field],
    /// Whether cells that hold something are written over. One whose digits a spreadsheet ate is as good as empty.
    pub also_filled: bool,
    /// Whether several rows that are known by a key may have what one row of the source says in a column.
    pub is_common: fn(&[Field], Field) -> bool,
    pub types: &'a IdTypes,
}

/// What a key is made of where nobody chose one: the ID number, else the code, else name and employer.
pub const USUAL_KEYS: [&[Field]; 3] = [&[Field::IdNumber], &[Field::Code], &[Field::Name, Field::Employer]];

/// So many rows are looked at before it is asked whether to stop.
const STEP: RowId = 1024;

/// What filling would do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FillPlan {
    pub cells: Vec<(RowId, Field, Arc<str>)>,
    /// The rows that have one counterpart, and those that have none.
    pub matched: Vec<RowId>,
    pub unmatched: Vec<RowId>,
    /// Rows whose key stands in the source more than once with different contents, or in the table: nothing is filled in them.
    pub ambiguous: Vec<RowId>,
    /// Those of them that others share their row of the source with.
    pub shared: Vec<RowId>,
    /// The rows of the source of which that is so.
    pub repeated: Vec<RowId>,
    /// Cells that hold something else than the source, and what that has; they stay, unless they are to be written over.
    pub differing: Vec<(RowId, Field, Arc<str>)>,
    /// Rows of the table and of the source that are not known by their ID number, as it lost its last digits.
    pub lost: [usize; 2],
    /// Rows that lack an ID number for which the source has such a one, which is not filled.
    pub eaten: Vec<RowId>,
    /// Cells for which the source has only a masked text, which is never filled, and what that is.
    pub masked: Vec<(RowId, Field, Arc<str>)>,
}

/// What the source has under a key.
enum Source {
    One(RowId),
    /// Rows that say different things of the columns to fill.
    Several(Vec<RowId>),
}

/// What becomes of a cell for which the source has something else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Filling {
    /// It holds nothing, or as good as nothing, and is filled.
    Open,
    WrittenOver,
    Kept,
    /// It holds nothing, and the source has a number that lost its last digits.
    Eaten,
    /// It would be filled, and the source has only what was masked.
    Masked,
}

/// Tells whether stars stand for letters in a text of a column.
fn is_masked(field: Field, text: &str) -> bool {
    const STARS: [char; 2] = ['*', '＊'];
    if field.is_personal() || matches!(field, Field::Code | Field::OldCode) {
        return text.contains(STARS);
    }
    text.contains("**") || text.contains("＊＊")
}

/// Gives the key of a row; none where a part of it is masked: others have the same stars.
fn whole_key(table: &MatchedTable, row: RowId, way: &[Field]) -> Option<u64> {
    let is_whole = way.iter().all(|field| !is_masked(*field, table.cell(row, *field)));
    is_whole.then(|| key(table, row, way)).flatten()
}

impl Filling {
    fn of(
        ((table, row), (source, from)): ((&MatchedTable, RowId), (&MatchedTable, RowId)),
        field: Field,
        order: &FillOrder<'_>,
    ) -> Option<Filling> {
        let [there, text] = [table.cell(row, field), source.cell(from, field)];
        let is_number = field == Field::IdNumber;
        let is_open = there.trim().is_empty() || (is_number && table.is_lost(row));
        if text.trim().is_empty() {
            None
        } else if is_masked(field, text) {
            (is_open || order.also_filled).then_some(Filling::Masked)
        } else if is_number && source.is_lost(from) {
            is_open.then_some(Filling::Eaten)
        } else if means_as(order.types, field, there, text) {
            None
        } else if is_open {
            Some(Filling::Open)
        } else {
            Some(if order.also_filled { Filling::WrittenOver } else { Filling::Kept })
        }
    }
}

/// A row, the one of the source that it is, and by which key.
type Pair<'a> = (RowId, RowId, &'a [Field]);

/// Plans the filling; nothing is changed yet. Nothing is given where `stop` says so on the way.
pub fn fill(
    table: MatchedTable<'_>,
    source: MatchedTable<'_>,
    order: &FillOrder<'_>,
    stop: &dyn Fn() -> bool,
) -> Option<FillPlan> {
    let mut plan = FillPlan { lost: [table.lost.len(), source.lost.len()], ..FillPlan::default() };
    let mut by_key: HashMap<u64, Source, RandomState> = HashMap::default();
    let is_stopped = |row: RowId| row.is_multiple_of(STEP) && stop();
    let says_the_same = |a: RowId, b: RowId| {
        order.fields.iter().all(|f| means_as(order.types, *f, source.cell(a, *f), source.cell(b, *f)))
    };
    // A row is found by each of its keys: the table may know it by another than the first.
    for way in order.keys {
        for row in source.roster.left() {
            if is_stopped(row) {
                return None;
            }
            let Some(key) = whole_key(&source, row, way) else { continue };
            let known = by_key.entry(key).or_insert(Source::One(row));
            match known {
                Source::One(first) if says_the_same(*first, row) => {}
                Source::One(first) => *known = Source::Several(vec![*first, row]),
                Source::Several(rows) => rows.push(row),
            }
        }
    }
    let mut pairs: Vec<Pair> = Vec::new();
    for row in table.roster.left() {
        if is_stopped(row) {
            return None;
        }
        let mut found = order.keys.iter().filter_map(|way| Some((*way, by_key.get(&whole_key(&table, row, way)?)?)));
        match found.next() {
            None => plan.unmatched.push(row),
            Some((way, Source::One(from))) => pairs.push((row, *from, way)),
            Some((_, Source::Several(rows))) => {
                // Several certificates of one person are told apart by their codes.
                let told = found.find_map(|(way, other)| match other {
                    Source::One(from) if rows.contains(from) => Some((row, *from, way)),
                    _ => None,
                });
                match told {
                    Some(pair) => pairs.push(pair),
                    None => {
                        plan.ambiguous.push(row);
                        plan.repeated.extend(rows);
                    }
                }
            }
        }
    }
    let mut sharing: HashMap<RowId, u32, RandomState> = HashMap::default();
    pairs.iter().for_each(|(_, from, _)| *sharing.entry(*from).or_default() += 1);
    for (row, from, way) in pairs {
        let filled = |field: &Field| Filling::of(((&table, row), (&source, from)), *field, order);
        // What is one person's or one certificate's is not given to several rows.
        let is_of_one = |field: &Field| {
            !(order.is_common)(way, *field) && matches!(filled(field), Some(Filling::Open | Filling::WrittenOver))
        };
        if sharing.get(&from) != Some(&1) && order.fields.iter().any(is_of_one) {
            plan.ambiguous.push(row);
            plan.shared.push(row);
            continue;
        }
        plan.matched.push(row);
        for field in order.fields {
            if let Some(filling) = filled(field) {
                plan.take(row, (*field, source.cell(from, *field)), filling);
            }
        }
    }
    plan.ambiguous.sort_unstable();
    plan.repeated.sort_unstable();
    plan.repeated.dedup();
    Some(plan)
}

impl FillPlan {
    fn take(&mut self, row: RowId, (field, text): (Field, &str), filling: Filling) {
        if filling == Filling::Eaten {
            self.eaten.push(row);
            return;
        }
        let text: Arc<str> = Arc::from(text);
        if filling == Filling::Masked {
            self.masked.push((row, field, text));
            return;
        }
        if filling != Filling::Open {
            self.differing.push((row, field, Arc::clone(&text)));
        }
        if filling != Filling::Kept {
            self.cells.push((row, field, text));
        }
    }

    /// Takes for the rows that this plan does not match what another plan has of them.
    pub(super) fn join(&mut self, other: FillPlan) {
        let open = std::mem::take(&mut self.unmatched);
        let is_open = |row: &RowId| open.binary_search(row).is_ok();
        let of_open = |rows: Vec<RowId>| rows.into_iter().filter(is_open).collect::<Vec<RowId>>();
        self.unmatched = of_open(other.unmatched);
        self.matched.extend(of_open(other.matched));
        self.ambiguous.extend(of_open(other.ambiguous));
        self.repeated.extend(other.repeated);
        self.shared.extend(of_open(other.shared));
        self.eaten.extend(of_open(other.eaten));
        self.cells.extend(other.cells.into_iter().filter(|(row, ..)| is_open(row)));
        self.differing.extend(other.differing.into_iter().filter(|(row, ..)| is_open(row)));
        for rows in [&mut self.matched, &mut self.ambiguous, &mut self.shared, &mut self.repeated, &mut self.eaten] {
            rows.sort_unstable();
            rows.dedup();
        }
        self.masked.extend(other.masked.into_iter().filter(|(row, ..)| is_open(row)));
        self.masked.sort_by_key(|(row, field, _)| (*row, *field));
        self.cells.sort_by_key(|(row, field, _)| (*row, *field));
        self.differing.sort_by_key(|(row, field, _)| (*row, *field));
    }

    /// Tells whether rows are left that nothing could be filled in.
    pub fn leaves_rows(&self) -> bool {
        let rows = [&self.unmatched, &self.ambiguous, &self.eaten];
        !self.masked.is_empty() || rows.into_iter().any(|rows| !rows.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples::roster;
    use std::sync::LazyLock;

    use super::*;

    static TYPES: LazyLock<IdTypes> = LazyLock::new(IdTypes::default);

    const FROM: [&str; 5] = [
        "甲 620102199001011006 一厂 车工 3 C1",
        "乙 620102199001011014 二厂 钳工 4 C2",
        "丙 620102199001011022 三厂 钳工 4 C3",
        "丙 620102199001011030 三厂 钳工 4 C4",
        "丁 620102199001011049 四厂 - 4 C5",
    ];

    fn is_common(way: &[Field], field: Field) -> bool {
        way == [Field::IdNumber] && field != Field::Code && field != Field::Level
    }

    fn filled(rows: &[&str], lost: &[RowId], order: &FillOrder) -> FillPlan {
        let (table, source) = (roster(rows), roster(&FROM));
        let table = MatchedTable { roster: &table, as_imported: false, lost };
        fill(table, MatchedTable { roster: &source, as_imported: true, lost: &[] }, order, &|| false).expect("a plan")
    }

    #[test]
    fn only_empty_cells_are_filled_and_what_differs_is_said() {
        let order = FillOrder {
            keys: &USUAL_KEYS,
            fields: &[Field::Occupation, Field::Level],
            also_filled: false,
            is_common,
            types: &TYPES,
        };
        let rows = ["甲 620102199001011006 一厂 - 5 -", "乙 - 二厂 - - C2", "戊 1 五厂 - - -", "丁 - 四厂 - - -"];
        let found = filled(&rows, &[], &order);
        let cells: Vec<_> = found.cells.iter().map(|(row, field, text)| (*row, *field, &**text)).collect();
        assert_eq!(
            cells,
            [
                (0, Field::Occupation, "车工"),
                (1, Field::Occupation, "钳工"),
                (1, Field::Level, "4"),
                (3, Field::Level, "4"),
            ]
        );
        assert_eq!(
            (found.matched, found.unmatched, found.differing),
            (vec![0, 1, 3], vec![2], vec![(0, Field::Level, Arc::from("3"))])
        );
        let all = filled(&rows, &[], &FillOrder { also_filled: true, ..order });
        assert!(all.cells.contains(&(0, Field::Level, Arc::from("3"))) && all.differing.len() == 1);
    }

    #[test]
    fn a_key_that_stands_twice_fills_nothing() {
        let keys: [&[Field]; 1] = [&[Field::Name, Field::Employer]];
        let order = FillOrder { keys: &keys, fields: &[Field::IdNumber], also_filled: false, is_common, types: &TYPES };
        let found = filled(&["丙 - 三厂 钳工 4 -", "甲 - 一厂 钳工 4 -"], &[], &order);
        assert_eq!((found.ambiguous, found.repeated, found.matched), (vec![0], vec![2, 3], vec![1]));
        // Where the columns to fill agree, it does not matter which row is taken.
        let level = FillOrder { fields: &[Field::Level], ..order };
        assert_eq!(filled(&["丙 - 三厂 - - -"], &[], &level).cells, [(0, Field::Level, Arc::from("4"))]);
    }

    #[test]
    fn rows_that_share_a_row_of_the_source_take_of_it_what_their_key_tells_alone() {
        let id =
            FillOrder { keys: &USUAL_KEYS, fields: &[Field::IdNumber], also_filled: false, is_common, types: &TYPES };
        let found = filled(&["甲 - 一厂 车工 3 -", "乙 - 二厂 车工 3 -", "甲 - 一厂 钳工 4 -"], &[], &id);
        assert_eq!((found.ambiguous, found.shared, found.matched), (vec![0, 2], vec![0, 2], vec![1]));
        assert_eq!(
            (found.cells, found.repeated),
            (vec![(1, Field::IdNumber, Arc::from("620102199001011014"))], vec![])
        );
        // One that is known by the number itself stays known, and the other may be another person.
        let found = filled(&["甲 620102199001011006 一厂 车工 3 -", "甲 - 一厂 钳工 4 -"], &[], &id);
        assert_eq!((found.matched, found.ambiguous, found.cells), (vec![0], vec![1], vec![]));
        // Two certificates of one person: the employer is the person's, the level is not.
        let rows = ["甲 620102199001011006 - 车工 3 -", "甲 620102199001011006 - 钳工 - -"];
        let employer = FillOrder { fields: &[Field::Employer], ..id };
        assert_eq!(filled(&rows, &[], &employer).cells.len(), 2);
        let both = FillOrder { fields: &[Field::Employer, Field::Level], ..id };
        let found = filled(&rows, &[], &both);
        assert_eq!((found.matched, found.ambiguous, found.cells.len()), (vec![0], vec![1], 1));
        let over = filled(&rows, &[], &FillOrder { fields: &[Field::Level], also_filled: true, ..id });
        assert_eq!((over.ambiguous, over.matched), (vec![1], vec![0]));
    }

    #[test]
    fn a_number_that_lost_its_digits_is_never_filled() {
        let (table, source) = (
            roster(&["甲 - 一厂 - 3 -", "乙 620102199001011000 二厂 - 3 -", "丙 620102199001011022 三厂 - 3 -"]),
            roster(&[
                "甲 620102199001011000 一厂 车工 - -",
                "乙 6.2E+17 二厂 - - -",
                "丙 620102199001011000 三厂 - - -",
            ]),
        );
        let table = MatchedTable { roster: &table, as_imported: false, lost: &[1] };
        let source = MatchedTable { roster: &source, as_imported: false, lost: &[0, 1, 2] };
        for also_filled in [false, true] {
            let fields = &[Field::IdNumber, Field::Occupation];
            let order = FillOrder { keys: &USUAL_KEYS, fields, also_filled, is_common, types: &TYPES };
            let found = fill(table, source, &order, &|| false).expect("a plan");
            assert_eq!(found.cells, [(0, Field::Occupation, Arc::from("车工"))]);
            assert_eq!((found.eaten, found.differing, found.matched), (vec![0, 1], vec![], vec![0, 1, 2]));
        }
    }

    #[test]
    fn what_is_masked_in_the_source_is_neither_filled_nor_a_key() {
        let table = roster(&["甲 - 一厂 - 3 C1", "乙 620102199001011014 二厂 - 3 C2", "丙 6201**********1022 - - - -"]);
        let source = roster(&[
            "张* 6201**********1006 一厂 车工 - C1",
            "乙 6201**********1014 二厂** 钳工 - C2",
            "丙 6201**********1022 三厂 钳工 - -",
        ]);
        let [table, source] = [&table, &source].map(|roster| MatchedTable { roster, as_imported: false, lost: &[] });
        let fields = &[Field::Name, Field::IdNumber, Field::Employer, Field::Occupation];
        let order = FillOrder { keys: &USUAL_KEYS, fields, also_filled: false, is_common, types: &TYPES };
        let masked = |found: &FillPlan| found.masked.iter().map(|(row, field, _)| (*row, *field)).collect::<Vec<_>>();
        let found = fill(table, source, &order, &|| false).expect("a plan");
        let jobs = [0, 1].map(|row| (row, Field::Occupation, Arc::from(["车工", "钳工"][row as usize])));
        assert_eq!((found.cells.as_slice(), masked(&found)), (&jobs[..], vec![(0, Field::IdNumber)]));
        assert_eq!((found.unmatched, found.differing), (vec![2], vec![]));
        let over = fill(table, source, &FillOrder { also_filled: true, ..order }, &|| false).expect("a plan");
        let all = [(0, Field::Name), (0, Field::IdNumber), (1, Field::IdNumber), (1, Field::Employer)];
        assert_eq!((over.cells.as_slice(), masked(&over)), (&jobs[..], all.to_vec()));
    }

    #[test]
    fn a_number_that_lost_its_digits_is_filled_by_something_else() {
        let order =
            FillOrder { keys: &USUAL_KEYS, fields: &[Field::IdNumber], also_filled: false, is_common, types: &TYPES };
        let found =
            filled(&["甲 620102199001011000 一厂 车工 3 -", "乙 620102199001011000 二厂 车工 3 -"], &[0], &order);
        assert_eq!(found.cells, [(0, Field::IdNumber, Arc::from("620102199001011006"))]);
        assert_eq!(
            (found.differing, found.lost),
            (vec![(1, Field::IdNumber, Arc::from("620102199001011014"))], [1, 0])
        );
    }

    #[test]
    fn a_code_is_given_to_one_row_and_tells_the_certificates_of_one_person_apart() {
        let rows =
            ["甲 620102199001011006 一厂 - - -", "甲 620102199001011006 一厂 - - -", "乙 620102199001011014 - - - -"];
        let order =
            FillOrder { keys: &USUAL_KEYS, fields: &[Field::Code], also_filled: false, is_common, types: &TYPES };
        let found = filled(&rows, &[], &order);
        assert_eq!((found.cells, found.ambiguous), (vec![(2, Field::Code, Arc::from("C2"))], vec![0, 1]));
        let two = roster(&["甲 620102199001011006 一厂 车工 3 C1", "甲 620102199001011006 一厂 钳工 4 C2"]);
        let table = roster(&["甲 620102199001011006 - - - C2"]);
        let [table, source] = [&table, &two].map(|roster| MatchedTable { roster, as_imported: false, lost: &[] });
        let order =
            FillOrder { keys: &USUAL_KEYS, fields: &[Field::Occupation], also_filled: false, is_common, types: &TYPES };
        let found = fill(table, source, &order, &|| false).expect("a plan");
        assert_eq!(found.cells, [(0, Field::Occupation, Arc::from("钳工"))]);
        assert_eq!(fill(table, source, &order, &|| true), None);
    }
}
