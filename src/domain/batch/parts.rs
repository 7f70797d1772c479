//! Batches of several files (多份文件): what is told of each by itself, and what the rows of one share with those of the others.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::Batch;
use crate::domain::roster::{Block, BlockBuilder, Origin, OtherSheet, Part, PartLayout, RowId};
use crate::domain::rules::{Detail, Severity};
use crate::domain::sheet::Field;

/// What came of the rows of a part.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PartFound {
    pub rows: u32,
    /// How many errors stand in them.
    pub errors: usize,
    /// The rows whose code stands in another part, and those whose person does with the same certificate or another name.
    pub codes: Vec<RowId>,
    pub persons: Vec<RowId>,
}

impl Batch {
    /// Says of which parts the rows are that are about to be appended, the first one among them.
    pub fn set_parts(&mut self, parts: Vec<Part>) {
        self.roster.set_parts(parts);
    }

    /// Gives a part as a batch of its own: how it was read, and what stands beside its rows. Nothing is found in it.
    pub fn part_alone(&self, number: usize) -> Batch {
        let part = self.roster.parts().get(number).cloned().unwrap_or_default();
        let mut alone = Batch::new(self.own_origin(number, &part), part.columns.clone(), 1, self.context().clone());
        alone.roster = self.roster.part_alone(number);
        alone.take_skipped(part.skipped);
        alone.complete = self.complete;
        let layout = PartLayout::new(&part.columns, &self.roster.columns, (0, 0), self.context().sheet());
        let own = self.cleaned.iter().filter(|cleaned| cleaned.part == number).copied();
        alone.cleaned = own
            .filter_map(|mut cleaned| {
                (cleaned.part, cleaned.column) = (0, layout.own(cleaned.column)?);
                Some(cleaned)
            })
            .collect();
        alone
    }

    /// Gives the first rows of a part under the columns of its file: of one of several files the first alone.
    pub fn first_block_of(&self, number: usize) -> Option<Arc<Block>> {
        let Some(part) = self.roster.parts().get(number) else {
            return self.roster.blocks().next().map(|(_, block)| Arc::clone(block));
        };
        let layout = PartLayout::new(&part.columns, &self.roster.columns, (0, 0), self.context().sheet());
        let mut block = BlockBuilder::new();
        for at in 0..part.columns.source.len() {
            block.cell(layout.place(at).map_or("", |place| self.roster.source_cell(part.first, place)));
        }
        block.end_row(0);
        Some(Arc::new(block.finish(1)))
    }

    /// Gives where a part came from. Sheets of its file that are parts as well are none that were not read, and those that were
    /// not are told with the first part of the file.
    fn own_origin(&self, number: usize, part: &Part) -> Origin {
        let parts = self.roster.parts();
        let of_file: Vec<usize> = (0..parts.len()).filter(|at| parts[*at].is_of_file(part)).collect();
        let mut origin = part.origin.clone();
        if 1 < of_file.len() && !origin.beside.others.is_empty() {
            let is_first = of_file.first() == Some(&number);
            let is_read = |name: &str| of_file.iter().any(|at| parts[*at].origin.sheet == name);
            Arc::make_mut(&mut origin.beside).others.retain(|other| is_first && !is_read(&other.name));
        }
        origin
    }

    /// Lists the sheets of the first file that are in no part of the batch.
    pub fn other_sheets(&self) -> Vec<OtherSheet> {
        let first = self.roster.parts().first().map(|part| self.own_origin(0, part));
        first.as_ref().unwrap_or(&self.origin).beside.others.clone()
    }

    /// Tells what was found in the rows of a part, and what they share with those of other parts and should not.
    pub fn found_in(&self, number: usize) -> PartFound {
        let (first, end) = self.roster.rows_of(number);
        let mut found = PartFound {
            rows: self.roster.left().filter(|row| (first..end).contains(row)).count() as u32,
            ..PartFound::default()
        };
        let (mut codes, mut persons) = (BTreeSet::new(), BTreeSet::new());
        for finding in (first..end).flat_map(|row| self.findings.of_row(row)) {
            found.errors += usize::from(finding.severity() == Severity::Error);
            let other = match finding.detail {
                Detail::Row(other) if finding.rule.key_kind().is_some() => other,
                _ => continue,
            };
            // The nearest one may be of this part, though one of another is the same.
            let field = if finding.field == Field::Code { Field::Code } else { Field::IdNumber };
            let text = super::asked(field, self.roster.cell(finding.row, field));
            let is_elsewhere = |row: &RowId| !(first..end).contains(row);
            if is_elsewhere(&other) || self.rows_with(field, &text).iter().any(is_elsewhere) {
                if field == Field::Code { &mut codes } else { &mut persons }.insert(finding.row);
            }
        }
        (found.codes, found.persons) = (codes.into_iter().collect(), persons.into_iter().collect());
        found
    }
}
