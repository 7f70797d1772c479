//! What several rosters share (跨文件): a code in two of them, a person in two of them. Found as within one roster, by the same
//! keys and rules; only the keys of the rows are kept, so that the rosters themselves can go.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use foldhash::fast::FixedState;

use super::Batch;
use crate::domain::roster::{KeyIndex, RowId};
use crate::domain::rules::{CheckContext, Checker, Detail, DoubtCounts, Elsewhere, Finding, RuleId, award};
use crate::domain::sheet::Field;

/// Which keys have been met, which are hashes already.
type Seen = HashSet<u64, FixedState>;

/// The rows of several rosters by their keys.
#[derive(Debug, Default)]
pub struct Across {
    /// The first row of each roster among all, and the roster's number.
    parts: Vec<(RowId, usize)>,
    keys: [Vec<u64>; 3],
    names: Vec<u64>,
    lines: Vec<u32>,
    seen: [Seen; 2],
    /// The codes and ID numbers that were met again, in their clean form.
    texts: [HashMap<u64, String, FixedState>; 2],
    checker: Option<Checker>,
}

/// What rows of several rosters share and should not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SharedRows {
    pub rule: RuleId,
    pub field: Field,
    pub detail: Detail,
    /// The clause it breaks; may be empty.
    pub clause: String,
    /// The code or ID number in its clean form.
    pub value: String,
    /// The rows, in order of roster and row.
    pub rows: Vec<SharedRow>,
}

/// A row of one of several rosters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SharedRow {
    /// The roster's number.
    pub part: usize,
    pub row: RowId,
    /// The row as the spreadsheet numbers it.
    pub line: u32,
}

const FIELDS: [Field; 2] = [Field::Code, Field::IdNumber];

impl Across {
    /// Takes the rows of a roster that was read to its end; `part` is its number among all, which grows.
    pub fn take(&mut self, part: usize, batch: &Batch) {
        let roster = batch.roster();
        self.parts.push((self.lines.len() as RowId, part));
        for row in 0..roster.len() {
            let keys = batch.keys_of(row);
            for (kind, field) in FIELDS.into_iter().enumerate() {
                if keys[kind] != 0 && self.seen[kind].contains(&keys[kind]) {
                    let text = || super::asked(field, roster.cell(row, field)).into_owned();
                    self.texts[kind].entry(keys[kind]).or_insert_with(text);
                }
            }
            keys.into_iter().zip(&mut self.keys).for_each(|(key, all)| all.push(key));
            self.names.push(batch.name(row));
            self.lines.push(roster.line(row));
        }
        let first = self.lines.len() - roster.len() as usize;
        for (seen, keys) in self.seen.iter_mut().zip(&self.keys) {
            seen.extend(&keys[first..]);
        }
        self.checker = Some(batch.checker().clone());
    }

    /// Compares all rows and lists what those of different rosters share, worst first.
    pub fn finish(&self) -> Vec<SharedRows> {
        let Some(checker) = &self.checker else { return Vec::new() };
        let mut found = Vec::new();
        for group in KeyIndex::build(self.keys[0].clone()).groups().filter(|group| self.is_apart(group)) {
            found.extend(self.shared(checker, 0, group));
        }
        for group in KeyIndex::build(self.keys[1].clone()).groups().filter(|group| self.is_apart(group)) {
            let named: Vec<RowId> = group.iter().copied().filter(|row| self.names[*row as usize] != 0).collect();
            // Of names that differ at all, two of different rosters do.
            if named.windows(2).any(|pair| self.names[pair[0] as usize] != self.names[pair[1] as usize])
                && self.is_apart(&named)
            {
                found.extend(self.shared(checker, 1, &named));
            }
            let award = |row: &RowId| Some((self.keys[2][*row as usize], *row)).filter(|(key, _)| *key != 0);
            let mut awards: Vec<(u64, RowId)> = group.iter().filter_map(award).collect();
            self.doubted(checker, &mut awards, &mut found);
            awards.iter_mut().for_each(|(key, _)| *key = award::what(*key));
            awards.sort_unstable();
            for same in awards.chunk_by(|a, b| a.0 == b.0) {
                let rows: Vec<RowId> = same.iter().map(|(_, row)| *row).collect();
                if self.is_apart(&rows) {
                    found.extend(self.shared(checker, 2, &rows));
                }
            }
        }
        let first = |shared: &SharedRows| shared.rows.first().map(|at| (at.part, at.row));
        found.sort_by_key(|shared| (shared.rule.spec().severity, shared.rule.spec().code, first(shared)));
        found
    }

    /// Tells whether rows, which are in order, are of more than one roster.
    fn is_apart(&self, rows: &[RowId]) -> bool {
        let part = |row: Option<&RowId>| row.map(|row| self.part(*row));
        part(rows.first()) != part(rows.last())
    }

    fn part(&self, row: RowId) -> (RowId, usize) {
        let at = self.parts.partition_point(|(first, _)| *first <= row);
        self.parts.get(at.wrapping_sub(1)).copied().unwrap_or_default()
    }

    fn shared(&self, checker: &Checker, kind: usize, rows: &[RowId]) -> Option<SharedRows> {
        let finding = checker.shared(kind, *rows.first()?, *rows.last()?, || true)?;
        Some(self.of_rows(checker, Finding { detail: Detail::None, ..finding }, rows))
    }

    fn of_rows(&self, checker: &Checker, finding: Finding, rows: &[RowId]) -> SharedRows {
        let Finding { rule, field, detail, .. } = finding;
        let kind = usize::from(field != Field::Code);
        let key = rows.first().map_or(0, |row| self.keys[kind][*row as usize]);
        let place = |row: &RowId| {
            let (first, part) = self.part(*row);
            SharedRow { part, row: row - first, line: self.lines[*row as usize] }
        };
        SharedRows {
            rule,
            field,
            detail,
            clause: checker.context().clause(rule, field, detail).to_string(),
            value: self.texts[kind].get(&key).cloned().unwrap_or_default(),
            rows: rows.iter().map(place).collect(),
        }
    }

    /// Finds a person's certificates that are more at once than people usually get, once for each rule and day.
    fn doubted(&self, checker: &Checker, awards: &mut [(u64, RowId)], found: &mut Vec<SharedRows>) {
        let mut told: Vec<SharedRows> = Vec::new();
        for (of_day, counts) in DoubtCounts::by_day(awards).take_while(|(_, counts)| 1 < counts.certificates) {
            let mut rows: Vec<RowId> = of_day.iter().map(|(_, row)| *row).collect();
            rows.sort_unstable();
            for doubt in checker.doubtful(0, &counts) {
                // What is found of the person on each day is told once.
                match told.iter_mut().find(|known| known.rule == doubt.rule && doubt.rule == RuleId::ManyCertificates) {
                    Some(known) => known.rows.extend(self.of_rows(checker, doubt, &rows).rows),
                    None => told.push(self.of_rows(checker, doubt, &rows)),
                }
            }
        }
        told.iter_mut().for_each(|known| known.rows.sort_by_key(|at| (at.part, at.row)));
        told.retain(|known| known.rows.first().map(|at| at.part) != known.rows.last().map(|at| at.part));
        found.extend(told);
    }
}

impl Batch {
    /// Gives the keys of a row: of its code, its ID number, and what the certificate is for.
    fn keys_of(&self, row: RowId) -> [u64; 3] {
        let [codes, ids] = &self.index;
        [codes.key(row), ids.key(row), self.keys[2].get(row as usize).copied().unwrap_or(0)]
    }

    /// Takes what the rows share with rows of other rosters, as it would be found within one: each row names the nearest in
    /// another roster, one before it if there is one. `part` is this roster's number; `named` tells how the others are called.
    pub fn set_shared(&mut self, part: usize, shared: &[SharedRows], named: impl Fn(usize) -> (String, String)) {
        let mut places = Vec::new();
        let mut found: Vec<Finding> = Vec::new();
        // Of what is doubtful only the count would differ, and that is told with all of them.
        for one in shared.iter().filter(|one| one.detail == Detail::None) {
            for here in one.rows.iter().filter(|at| at.part == part) {
                let before = one.rows.iter().rfind(|at| at.part < part);
                let Some(other) = before.or_else(|| one.rows.iter().find(|at| part < at.part)) else { continue };
                let (file, sheet) = named(other.part);
                let detail = Detail::Elsewhere(places.len() as u32);
                places.push(Elsewhere { file, sheet, line: other.line });
                found.push(Finding { row: here.row, field: one.field, rule: one.rule, detail });
            }
        }
        let context = CheckContext { elsewhere: Arc::new(places), ..self.context().clone() };
        self.checker = self.checker.with(context);
        for finding in found.into_iter().filter(|finding| finding.row < self.roster.len()) {
            let mut findings = self.findings.of_row(finding.row).to_vec();
            findings.push(finding);
            findings.sort_unstable();
            self.findings.replace(finding.row, &findings);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Three rosters: code and ID number as keys, the second of them without anybody.
    fn across(rows: &[&[(u64, u64, u64)]]) -> Across {
        let mut across = Across::default();
        for (part, rows) in rows.iter().enumerate() {
            across.parts.push((across.lines.len() as RowId, part));
            for (row, (code, id, name)) in rows.iter().enumerate() {
                across.keys[0].push(*code);
                across.keys[1].push(*id);
                across.keys[2].push(0);
                across.names.push(*name);
                across.lines.push(row as u32 + 2);
            }
        }
        across
    }

    #[test]
    fn rows_know_their_roster_and_groups_whether_they_are_of_several() {
        let across = across(&[&[(5, 7, 1), (6, 0, 0)], &[], &[(5, 7, 2)]]);
        assert_eq!((across.part(0), across.part(1), across.part(2)), ((0, 0), (0, 0), (2, 2)));
        assert!(across.is_apart(&[0, 2]) && !across.is_apart(&[0, 1]) && !across.is_apart(&[]));
        assert!(across.finish().is_empty(), "without rules nothing is found");
    }
}
