//! How two versions of a roster differ, in words: a line for each row or cell.

use super::Locale;
use crate::domain::batch::Batch;
use crate::domain::masked_change::ShownChange;
use crate::domain::matching::RosterDifference;
use crate::domain::roster::RowId;
use crate::domain::sheet::{Field, SourceColumn};
use crate::domain::text;
use crate::domain::vocabulary::vocabulary;

vocabulary! {
    /// What became of a row or a column.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum DifferenceKind {
        Added = "added",
        Missing = "missing",
        Changed = "changed",
        /// Columns that the form does not have, and only one of the versions.
        ColumnAdded = "column-added",
        ColumnMissing = "column-missing",
        /// Rows of both have a key in common, and nothing tells which of them belong together.
        Ambiguous = "ambiguous",
        Moved = "moved",
    }
}

/// What is told of a row or a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DifferenceLine {
    pub kind: DifferenceKind,
    /// The rows as the spreadsheets number them, where there is one: before, and now.
    pub rows: [Option<u32>; 2],
    pub name: String,
    pub code: String,
    /// The label of the column, and what stands there: before, and now.
    pub cell: Option<(String, ShownChange)>,
    /// Where it is in the version of now; nowhere for what that does not have.
    pub at: Option<(RowId, Field)>,
}

impl DifferenceLine {
    /// The keys of the columns in which it is written.
    pub const COLUMNS: [&'static str; 8] = ["kind", "row-before", "row-now", "name", "code", "column", "before", "now"];

    pub fn cells(&self, locale: &Locale) -> [String; 8] {
        let [before, now] = self.rows.map(|row| row.map_or_else(String::new, |row| row.to_string()));
        let (label, change) = self.cell.clone().unwrap_or_default();
        let [was, is] = change.texts;
        [locale.difference_kind(self.kind), before, now, self.name.clone(), self.code.clone(), label, was, is]
    }
}

impl Locale {
    pub fn difference_kind(&self, kind: DifferenceKind) -> String {
        self.text(&format!("versions.kind.{}", kind.key())).to_string()
    }

    /// Lists what differs: added, missing, changed, columns that only one has, what nothing tells apart, moved.
    pub fn difference_lines(
        &self,
        before: &Batch,
        now: &Batch,
        difference: &RosterDifference,
        masked: bool,
    ) -> Vec<DifferenceLine> {
        let shown = |batch: &Batch, row: RowId, field: Field| {
            let cell = batch.roster().cell(row, field);
            text::visible(&if masked { batch.masked(row, field, cell) } else { cell.into() }).into_owned()
        };
        let line = |kind, (first, second): (Option<RowId>, Option<RowId>)| {
            let (batch, row) = match (first, second) {
                (_, Some(row)) => (now, row),
                (row, None) => (before, row.unwrap_or_default()),
            };
            let rows = [first.map(|row| before.roster().line(row)), second.map(|row| now.roster().line(row))];
            let [name, code] = [Field::Name, Field::Code].map(|field| shown(batch, row, field));
            DifferenceLine { kind, rows, name, code, cell: None, at: second.map(|row| (row, Field::Name)) }
        };
        let mut lines = Vec::new();
        let [missing, added] = &difference.matches.only;
        lines.extend(added.iter().map(|row| line(DifferenceKind::Added, (None, Some(*row)))));
        lines.extend(missing.iter().map(|row| line(DifferenceKind::Missing, (Some(*row), None))));
        for changed in &difference.changed {
            let label = now.context().sheet().label(changed.field).to_string();
            let (first, second) = changed.rows;
            // Whichever of the rows has moved says how its texts are masked.
            let (batch, row) = if before.has_moved(first) { (before, first) } else { (now, second) };
            let texts = self.edit_shown((batch, row), changed.field, [&changed.before, &changed.after], masked);
            let rows = (Some(changed.rows.0), Some(changed.rows.1));
            let at = Some((changed.rows.1, changed.field));
            lines.push(DifferenceLine { cell: Some((label, texts)), at, ..line(DifferenceKind::Changed, rows) });
        }
        let aside = |batch: &Batch, at: usize| {
            let column = batch.roster().columns.source.get(at);
            column.map_or_else(String::new, SourceColumn::label_in_line)
        };
        for changed in &difference.changed_aside {
            let (rows, at) = ((Some(changed.rows.0), Some(changed.rows.1)), changed.columns.1);
            let texts = [changed.before.as_str(), &changed.after];
            let texts = if masked {
                now.masked_change_aside(changed.rows.1, at, texts)
            } else {
                texts.map(|text| text::visible(text).into_owned()).into()
            };
            lines.push(DifferenceLine { cell: Some((aside(now, at), texts)), ..line(DifferenceKind::Changed, rows) });
        }
        let only = |kind, batch, at: usize| {
            let cell = Some((aside(batch, at), ShownChange::default()));
            DifferenceLine { kind, rows: [None; 2], name: String::new(), code: String::new(), cell, at: None }
        };
        let [missing, added] = &difference.only_columns;
        lines.extend(added.iter().map(|at| only(DifferenceKind::ColumnAdded, now, *at)));
        lines.extend(missing.iter().map(|at| only(DifferenceKind::ColumnMissing, before, *at)));
        for [first, second] in &difference.matches.ambiguous {
            lines.extend(first.iter().map(|row| line(DifferenceKind::Ambiguous, (Some(*row), None))));
            lines.extend(second.iter().map(|row| line(DifferenceKind::Ambiguous, (None, Some(*row)))));
        }
        let moved = difference.moved.iter();
        lines.extend(moved.map(|(first, second)| line(DifferenceKind::Moved, (Some(*first), Some(*second)))));
        lines
    }

    /// Says in one sentence how much differs.
    pub fn difference_summed(&self, difference: &RosterDifference) -> String {
        let [missing, added] = &difference.matches.only;
        let ambiguous: usize = difference.matches.ambiguous.iter().flatten().map(Vec::len).sum();
        let places = [
            ("added", added.len()),
            ("missing", missing.len()),
            ("rows", difference.changed_rows()),
            ("cells", difference.changed_cells()),
            ("moved", difference.moved.len()),
            ("columns-added", difference.only_columns[1].len()),
            ("columns-missing", difference.only_columns[0].len()),
            ("ambiguous", ambiguous),
        ]
        .map(|(place, n)| (place, n.to_string()));
        let places = places.each_ref().map(|(place, n)| (*place, n.as_str()));
        let mut told = self.fill("versions.summed", &places);
        if difference.only_columns.iter().any(|columns| !columns.is_empty()) {
            told += &self.fill("versions.summed-columns", &places);
        }
        if ambiguous != 0 {
            told += &self.fill("versions.summed-ambiguous", &places);
        }
        told
    }

    /// Writes what is told of a row or a cell in one line.
    pub fn difference_told(&self, line: &DifferenceLine) -> String {
        if let ([None, None], Some((label, _))) = (line.rows, &line.cell) {
            return label.clone();
        }
        let row = |key: &str, row: u32| self.fill(key, &[("row", &row.to_string())]);
        let place = match line.rows {
            [Some(before), Some(now)] => {
                let places = [("now", &*now.to_string()), ("before", &before.to_string())];
                self.fill("versions.rows", &places)
            }
            [Some(before), None] => row("versions.row-before", before),
            [None, now] => row("versions.row-now", now.unwrap_or_default()),
        };
        let who = [&*line.name, &line.code].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
        match &line.cell {
            None => format!("{place} {who}"),
            Some((label, change)) => {
                let [before, now] = self.becomes(change);
                format!("{place} {who}  {label} {before} -> {now}")
            }
        }
    }
}
