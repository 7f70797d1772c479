//! The summary of a roster as a table (汇总表).

use std::borrow::Cow;
use std::convert::Infallible;

use super::export::now;
use super::{ExportTarget, NotWritten, Office};
use crate::domain::batch::Batch;
use crate::domain::summary::Summary;
use crate::domain::upload::{self, neutral};
use crate::formats::atomic;
use crate::formats::write_table::{TableCell, TableHead, write_table};

impl Office {
    /// Writes a line for each thing that is counted in a batch; tells how many lines these are.
    pub fn export_summary(
        &self,
        summary: &Summary,
        batch: &Batch,
        target: &ExportTarget<'_>,
    ) -> Result<u32, NotWritten> {
        let locale = self.report_locale();
        let labels = ["by", "name", "rows", "errors"];
        let all = [
            ("summary.rows", summary.rows),
            ("summary.people", summary.people),
            ("summary.wrong", summary.wrong),
            ("summary.without", summary.without_code),
        ];
        let of_all = all.map(|(key, n)| [String::new(), locale.text(key).to_string(), n.to_string(), String::new()]);
        let of_tables = summary.tables.iter().flat_map(|table| {
            table.lines.iter().map(|line| {
                let title = locale.summary_title(table.by);
                [title, locale.summary_name(table.by, line), line.rows.to_string(), line.errors.to_string()]
            })
        });
        let rows: Vec<[String; 4]> = of_all.into_iter().chain(of_tables).collect();
        let head = TableHead {
            format: target.format,
            sheet: locale.text("summary.sheet"),
            labels: labels.map(|key| Cow::Owned(locale.text(&format!("summary.column.{key}")).to_string())).to_vec(),
            widths: vec![14.0, 40.0, 10.0, 10.0],
            rows: rows.len() as u32,
            created: now(),
            is_filtered: false,
        };
        let rows = rows.iter().map(|row| {
            let cells = row.each_ref().map(|cell| TableCell::from(neutral(cell, target.format)));
            Ok::<Vec<TableCell<'_>>, Infallible>(cells.to_vec())
        });
        let written = self.spare_state(target.path).and_then(|()| {
            atomic::write(target.path, target.overwrite, target.source, |out| {
                write_table(out, target.path, &head, rows)
            })
        });
        written.map(|()| head.rows).map_err(|e| self.not_written(&e, upload::of(batch)))
    }
}
