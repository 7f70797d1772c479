//! Sentences about findings and columns that are told as one.

use super::Locale;
use super::finding::of_column;
use crate::domain::batch::{Batch, Folded, FoldedBy};
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
        let lines = folded.lines(batch);
        let run = |(from, to): &(u32, u32)| self.run(&from.to_string(), &to.to_string());
        let mut rows: Vec<String> = lines.iter().take(NAMED).map(run).collect();
        if NAMED < lines.len() {
            rows.push("…".to_string());
        }
        let value = batch.roster().cell(first.row, first.field);
        let value = if masked { first.field.masked(value) } else { value.to_string() };
        let message = self.finding(batch, first, masked);
        let places = [
            ("rows", &*rows.join(self.text("finding.comma"))),
            ("row", &*batch.roster().line(first.row).to_string()),
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

    /// Refers to the row in which a finding is told for others as well.
    pub fn as_above(&self, batch: &Batch, first: &Finding) -> String {
        let (column, row) = (batch.context().sheet().label(first.field), batch.roster().line(first.row).to_string());
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
