//! Two versions of a roster (两版名册): how many people are in one only, and of how many the rows differ.

use std::collections::HashMap;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};

use super::asked;
use crate::domain::roster::Block;
use crate::domain::sheet::{ColumnMap, Field};
use crate::domain::text;

/// How a version differs from the one before, counted in people.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct VersionDifference {
    pub rows_before: u32,
    pub rows_now: u32,
    /// People who are in the version before only.
    pub gone: u32,
    /// People who are in this one only.
    pub new: u32,
    /// People of whom the two say different things.
    pub changed: u32,
}

/// The people of one version and what it says of them, as digests. Who has no ID number is known by the code, then the name.
#[derive(Debug, Default)]
pub struct VersionPeople {
    rows: u32,
    people: HashMap<u64, u64>,
}

impl VersionPeople {
    /// Takes rows as they stand in the file; of each what stands in `fields`.
    pub fn add(&mut self, block: &Block, columns: &ColumnMap, fields: &[Field]) {
        for row in 0..block.len() {
            let cell = |field: Field| columns.of(field).map_or("", |column| block.cell(row, column));
            let told: Vec<_> = fields.iter().map(|field| text::trimmed(cell(*field))).collect();
            let mut keys = [Field::IdNumber, Field::Code].map(|field| asked(field, cell(field))).into_iter();
            let who = keys.find(|key| !key.is_empty()).unwrap_or_else(|| text::trimmed(cell(Field::Name)));
            // The order of a person's rows says nothing.
            let said = self.people.entry(hashed(&who)).or_default();
            *said = said.wrapping_add(hashed(&told));
            self.rows += 1;
        }
    }

    /// Tells how this version differs from the one before.
    pub fn since(&self, before: &VersionPeople) -> VersionDifference {
        let only = |here: &VersionPeople, there: &VersionPeople| {
            here.people.keys().filter(|who| !there.people.contains_key(who)).count() as u32
        };
        let is_changed = |(who, said): &(&u64, &u64)| before.people.get(who).is_some_and(|then| then != *said);
        VersionDifference {
            rows_before: before.rows,
            rows_now: self.rows,
            gone: only(before, self),
            new: only(self, before),
            changed: self.people.iter().filter(is_changed).count() as u32,
        }
    }
}

/// Lists the fields that two versions both have.
pub fn fields_of_both(before: &ColumnMap, now: &ColumnMap) -> Vec<Field> {
    Field::ALL.into_iter().filter(|field| before.of(*field).is_some() && now.of(*field).is_some()).collect()
}

fn hashed(what: &(impl Hash + ?Sized)) -> u64 {
    let mut hasher = DefaultHasher::new();
    what.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::roster::BlockBuilder;
    use crate::domain::sheet::SourceColumn;

    const FIELDS: [Field; 3] = [Field::Name, Field::IdNumber, Field::Employer];

    fn version(rows: &[[&str; 3]]) -> VersionPeople {
        let mut builder = BlockBuilder::new();
        for (i, row) in rows.iter().enumerate() {
            row.iter().for_each(|cell| builder.cell(cell));
            builder.end_row(i as u32);
        }
        let column = |field: Field| SourceColumn { field: Some(field), ..SourceColumn::default() };
        let columns = ColumnMap::new(FIELDS.map(column).to_vec());
        let mut people = VersionPeople::default();
        people.add(&builder.finish(rows.len() as u32), &columns, &FIELDS);
        people
    }

    #[test]
    fn people_who_came_who_left_and_of_whom_something_else_is_said() {
        let before = version(&[
            ["张伟", "11010519491231002X", "甲厂"],
            ["李娜", "620102197501010010", "甲厂"],
            ["王芳", "620102197501010029", "甲厂"],
            ["无证", "", "甲厂"],
        ]);
        let now = version(&[
            ["李娜", "620102197501010010 ", "乙厂"],
            ["张伟", "11010519491231002x", "甲厂"],
            ["无证", "", "甲厂"],
            ["赵敏", "620102197501010037", "甲厂"],
            ["赵敏", "620102197501010037", "乙厂"],
        ]);
        let difference = now.since(&before);
        assert_eq!((difference.rows_before, difference.rows_now), (4, 5));
        // The letter of the ID number is another text, and the same person.
        assert_eq!((difference.new, difference.gone, difference.changed), (1, 1, 2));
        assert_eq!(before.since(&before), VersionDifference { rows_before: 4, rows_now: 4, ..Default::default() });
    }
}
