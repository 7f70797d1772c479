//! Sentences about findings and columns that are told as one.

use super::Locale;
use super::finding::of_column;
use crate::domain::batch::{Batch, Folded, FoldedBy};
use crate::domain::ledger::runs;
use crate::domain::roster::RowId;
use crate::domain::rules::Finding;
use crate::domain::sheet::column_letters;
use crate::domain::text;

/// So many runs of rows are named.
const NAMED: usize = 6;

/// A value is cut to this many characters.
const SHOWN: usize = 40;

impl Locale {
    /// Tells findings that are told as one: a range of merged cells, or what nearly every cell of a column has.
    pub fn folded(&self, batch: &Batch, folded: &Folded, masked: bool) -> String {
        let first = &folded.first;
        let comma = self.text("finding.comma");
        let run = |(from, to): &(u32, u32)| self.run(&from.to_string(), &to.to_string());
        let some = |lines: &[(u32, u32)]| {
            let mut rows: Vec<String> = lines.iter().take(NAMED).map(run).collect();
            if NAMED < lines.len() {
                rows.push("…".to_string());
            }
            rows.join(comma)
        };
        let of_part = |(part, lines): &(usize, Vec<(u32, u32)>)| {
            let origin = &batch.roster().parts()[*part].origin;
            let place = self.file_place(&origin.file, &origin.sheet);
            self.fill("folded.of-part", &[("rows", &some(lines)), ("place", &place)])
        };
        let rows = match folded.lines_by_part(batch) {
            parts if parts.is_empty() => some(&folded.lines(batch)),
            parts => parts.iter().map(of_part).collect::<Vec<_>>().join(comma),
        };
        let value = batch.roster().cell(first.row, first.field);
        let value = if masked { batch.masked(first.row, first.field, value) } else { value.into() };
        let message = self.finding(batch, first, masked);
        let places = [
            ("rows", &*rows),
            ("row", &*self.row_in_part(batch, first.row)),
            ("column", batch.context().sheet().label(first.field)),
            ("value", &*text::visible(&value).chars().take(SHOWN).collect::<String>()),
            ("message", message.trim_end_matches('。')),
            ("n", &*folded.count.to_string()),
            ("of", &*folded.of.to_string()),
        ];
        let told = self.fill(
            match folded.by {
                FoldedBy::Range => "folded.range",
                FoldedBy::Column => "folded.column",
            },
            &places,
        );
        match of_column(first.rule) {
            Some(key) => told + self.text("finding.semicolon") + &self.fill(key, &places),
            None => told,
        }
    }

    /// Lists rows as the spreadsheet numbers them, in runs and at most so many of these; of several files those of each with it.
    pub fn rows_in_parts(&self, batch: &Batch, rows: &[RowId], most: usize) -> String {
        let (roster, comma) = (batch.roster(), self.text("finding.comma"));
        let mut rows = rows.to_vec();
        rows.sort_unstable();
        let mut left = most;
        let mut told = Vec::new();
        for of_part in rows.chunk_by(|a, b| roster.part_of(*a) == roster.part_of(*b)) {
            let mut lines: Vec<u32> = of_part.iter().map(|row| roster.line(*row)).collect();
            lines.sort_unstable();
            let runs = runs(&lines);
            let named: Vec<String> = runs.iter().take(left).map(|(first, last)| line_run(*first, *last)).collect();
            let is_cut = named.len() < runs.len();
            left -= named.len();
            let named = named.join(comma);
            told.extend(match roster.parts().get(roster.part_of(of_part[0])) {
                _ if named.is_empty() => None,
                Some(part) => {
                    let place = self.file_place(&part.origin.file, &part.origin.sheet);
                    Some(self.fill("folded.of-part", &[("rows", &named), ("place", &place)]))
                }
                None => Some(named),
            });
            if is_cut {
                told.push("..".to_string());
                break;
            }
        }
        told.join(comma)
    }

    /// Gives the number of a row; of several files with the file and the sheet.
    pub fn row_in_part(&self, batch: &Batch, row: RowId) -> String {
        let (roster, line) = (batch.roster(), batch.roster().line(row).to_string());
        match roster.parts().get(roster.part_of(row)) {
            Some(part) => {
                let place = self.file_place(&part.origin.file, &part.origin.sheet);
                self.fill("folded.of-part", &[("rows", &line), ("place", &place)])
            }
            None => line,
        }
    }

    /// Refers to the row in which a finding is told for others as well.
    pub fn as_above(&self, batch: &Batch, first: &Finding) -> String {
        let (column, row) = (batch.context().sheet().label(first.field), self.row_in_part(batch, first.row));
        self.fill("folded.as-above", &[("column", column), ("row", &row)])
    }

    /// Names the columns that have no label and are not used, in one line.
    pub fn unnamed_columns(&self, batch: &Batch) -> Option<String> {
        let source = &batch.roster().columns.source;
        let runs = batch.column_runs().into_iter();
        let runs: Vec<(usize, usize)> =
            runs.filter(|(at, _)| source[*at].field.is_none() && source[*at].label.trim().is_empty()).collect();
        let n: usize = runs.iter().map(|(from, to)| to - from + 1).sum();
        let columns: Vec<String> =
            runs.iter().map(|(from, to)| self.run(&column_letters(*from), &column_letters(*to))).collect();
        let places = [("columns", &*columns.join(self.text("finding.comma"))), ("n", &*n.to_string())];
        (n != 0).then(|| self.fill("folded.unnamed", &places))
    }

    /// Names what lies between two ends, or the one thing there is.
    fn run(&self, from: &str, to: &str) -> String {
        if from == to { from.to_string() } else { self.fill("folded.run", &[("from", from), ("to", to)]) }
    }
}

/// Writes a run of rows.
fn line_run(first: u32, last: u32) -> String {
    if first == last { first.to_string() } else { format!("{first}-{last}") }
}
