//! What the rules say of several rows together: rows with the same key, all of a person's, all of a day's, a whole column.

use std::sync::Arc;

use super::{Checker, Sink, hash, text};
use crate::domain::roster::{Roster, RowId};
use crate::domain::rules::persons::DoubtCounts;
use crate::domain::rules::usual::{Unusual, UsualTexts};
use crate::domain::rules::{ColumnWays, Detail, Finding, clean, names};
use crate::domain::sheet::Field;

impl Checker {
    /// Tells whether two rows with equal keys have equal texts behind them.
    pub fn same_key(&self, kind: usize, roster: &Roster, a: RowId, b: RowId) -> bool {
        let same_id =
            || clean::id_number(roster.cell(a, Field::IdNumber)) == clean::id_number(roster.cell(b, Field::IdNumber));
        match kind {
            0 => clean::code(roster.cell(a, Field::Code)) == clean::code(roster.cell(b, Field::Code)),
            1 => same_id(),
            _ => same_id() && roster.cell(a, Field::Occupation) == roster.cell(b, Field::Occupation),
        }
    }

    /// Gives what it means for a row that it shares a key with another.
    pub fn shared(&self, kind: usize, other: RowId, row: RowId, names_differ: impl Fn() -> bool) -> Option<Finding> {
        let field = if kind == 0 { Field::Code } else { Field::IdNumber };
        let judges = self.judges.shared.iter().filter(|(_, (of, _))| *of == kind);
        let mut found = judges.filter(|(_, (_, judge))| judge(&names_differ));
        found.next().map(|(rule, _)| Finding { row, field, rule: *rule, detail: Detail::Row(other) })
    }

    /// Gives what it means for a row that its person has so much.
    pub fn doubtful(&self, row: RowId, counts: &DoubtCounts) -> Vec<Finding> {
        let mut found = Vec::new();
        let mut sink = Sink { row, out: &mut found };
        sink.judge(&self.judges.doubt, Field::IdNumber, |judge| judge(counts, &self.context.tables.doubt));
        found
    }

    /// Gives what it means that there are so many certificates of the day that is first met in a row.
    pub fn burst(&self, row: RowId, count: usize) -> Option<Finding> {
        let limits = &self.context.tables.doubt;
        let mut judged = self.judges.day.iter().filter_map(|(rule, judge)| Some((*rule, judge(count, limits)?)));
        judged.next().map(|(rule, detail)| Finding { row, field: Field::IssueDate, rule, detail })
    }

    /// Gives what it means that a cell is unlike the others of its column; `place` is that of the usual text.
    pub fn unusual(&self, row: RowId, field: Field, what: Unusual, place: u32) -> Option<Finding> {
        let (rule, _) = self.judges.usual.iter().find(|(_, of)| *of == what)?;
        Some(Finding { row, field, rule: *rule, detail: Detail::Usual(place) })
    }

    /// Takes what the columns usually say.
    pub fn set_usual(&mut self, usual: Arc<UsualTexts>) {
        self.context.usual = usual;
    }

    /// Takes the way the columns are written.
    pub fn set_ways(&mut self, ways: ColumnWays) {
        self.context.ways = ways;
    }

    /// Has the names and the whole rows hashed, for rosters whose text is not kept.
    pub fn hashing_rows(self) -> Checker {
        Checker { hashes_rows: true, ..self }
    }

    /// Gives the hash of a name that was just read; 0 for none.
    pub(super) fn name_read(name: &[u8], is_plain: bool) -> u64 {
        if is_plain {
            return hash(name);
        }
        match comparable_name(text(name)) {
            name if name.is_empty() => 0,
            name => hash(name.as_bytes()),
        }
    }

    /// Gives the hash of a row's name; 0 for none.
    pub fn name(roster: &Roster, row: RowId) -> u64 {
        Checker::name_read(roster.cell(row, Field::Name).as_bytes(), false)
    }
}

/// Gives the form in which two names are compared: separators unified, no blanks.
pub(in crate::domain::rules) fn comparable_name(name: &str) -> String {
    names::with_standard_separator(&clean::words(Field::Name, name)).replace(' ', "")
}
